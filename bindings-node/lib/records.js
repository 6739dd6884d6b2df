'use strict'
// Change records: plain objects, of which the images alone wait until they are looked at (docs/decisions/0024-records-are-plain-objects.md).

const { inspect } = require('node:util')

const { answer } = require('./answer.js')

const { defineProperty, getPrototypeOf } = Object

// The numbers of `src/records.rs`: parts of a record, and bits that tell which members it has.
const NEW_IMAGE = 0
const OLD_IMAGE = 1
const WHOLE = 2
const HAS_NEW_IMAGE = 1
const HAS_OLD_IMAGE = 2
const BY_SERVICE = 4

/** Its subclasses put private members on objects that are there already. */
class Given {
  constructor(object) {
    return object
  }
}

/**
 * Images of a change that are converted at the first look. To programs they are members like all others: enumerable, to be set and removed. An
 * object of a class would not be equal to what getRecords answers, so the accessors stand on each object; their functions are shared.
 */
class Images extends Given {
  #batch
  #index
  /** Those that were looked at, or set. */
  #seen

  constructor(change, batch, index) {
    super(change)
    this.#batch = batch
    this.#index = index
  }

  /** The change itself, for an object that inherits from it. */
  static #own(object) {
    for (let step = object; step !== null; step = getPrototypeOf(step)) if (#batch in step) return step
    throw new TypeError('the images of a change are read from the change, not from a proxy of it')
  }

  static image(name, part) {
    return {
      get() {
        const own = #batch in this ? this : Images.#own(this)
        const seen = (own.#seen ??= {})
        if (!(name in seen)) seen[name] = answer(own.#batch.part(own.#index, part))
        return seen[name]
      },
      set(value) {
        if (#batch in this) (this.#seen ??= {})[name] = value
        else defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true })
      },
      enumerable: true,
      configurable: true,
    }
  }
}

const newImage = Images.image('NewImage', NEW_IMAGE)
const oldImage = Images.image('OldImage', OLD_IMAGE)

/** Shown as what it is: accessors would be shown as such. */
const shown = {
  value() {
    return { ...this }
  },
  configurable: true,
  writable: true,
}

/** Where a record comes from. Its members are not enumerable: they are no part of the record. */
class Origin extends Given {
  #batch
  #index

  constructor(record, batch, index) {
    super(record)
    this.#batch = batch
    this.#index = index
  }

  static shardId = {
    get() {
      return this.#batch.shardId
    },
    configurable: true,
  }

  static checkpoint = {
    get() {
      return this.#batch.checkpoint(this.#index + 1)
    },
    configurable: true,
  }

  static toObject = {
    value() {
      return answer(this.#batch.part(this.#index, WHOLE))
    },
    configurable: true,
    writable: true,
  }
}

/** The records of a batch of the addon. */
function recordsOf(batch) {
  const { length } = batch
  if (length === 0) return []
  const [[region, view], ...rows] = answer(batch.heads())
  for (let i = 0; i < length; i++) rows[i] = recordOf(rows[i], region, view, batch, i)
  return rows
}

/** A record, with its members in the order in which getRecords has them. */
function recordOf([eventID, eventName, has, seconds, SequenceNumber, SizeBytes, Keys], awsRegion, StreamViewType, batch, index) {
  const dynamodb = { ApproximateCreationDateTime: new Date(1000 * seconds), Keys }
  if ((has & (HAS_NEW_IMAGE | HAS_OLD_IMAGE)) !== 0) {
    new Images(dynamodb, batch, index)
    if ((has & HAS_NEW_IMAGE) !== 0) defineProperty(dynamodb, 'NewImage', newImage)
    if ((has & HAS_OLD_IMAGE) !== 0) defineProperty(dynamodb, 'OldImage', oldImage)
    defineProperty(dynamodb, inspect.custom, shown)
  }
  dynamodb.SequenceNumber = SequenceNumber
  dynamodb.SizeBytes = SizeBytes
  dynamodb.StreamViewType = StreamViewType
  const record = { eventID, eventName, eventVersion: '1.1', eventSource: 'aws:dynamodb', awsRegion, dynamodb }
  if ((has & BY_SERVICE) !== 0) record.userIdentity = { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' }
  new Origin(record, batch, index)
  defineProperty(record, 'shardId', Origin.shardId)
  defineProperty(record, 'checkpoint', Origin.checkpoint)
  defineProperty(record, 'toObject', Origin.toObject)
  return record
}

module.exports = { recordsOf }
