'use strict'
// Change records that are converted when they are looked at.

const { inspect } = require('node:util')

const native = require('./native.js')
const { answer } = require('./answer.js')

// The engine's shape says which members there are; those that are items are below, each a part of its own.
const [members, changeMembers] = native.recordMembers()

// The numbers of `src/records.rs`.
const HEAD = 0
const KEYS = 1
const NEW_IMAGE = 2
const OLD_IMAGE = 3
const WHOLE = 4

/** What is to come later: a member that was not looked at yet. */
const UNREAD = Symbol('unread')

/** One record of a batch, and what of it was converted so far. */
class Source {
  #batch
  #index
  #parts = [UNREAD, UNREAD, UNREAD, UNREAD]

  constructor(batch, index) {
    this.#batch = batch
    this.#index = index
  }

  part(part) {
    const found = this.#parts[part]
    if (found !== UNREAD) return found
    const outcome = this.#batch.part(this.#index, part)
    // The addon says null where the record has no such part; undefined is an empty answer.
    return (this.#parts[part] = outcome === null ? undefined : answer(outcome))
  }

  whole() {
    return answer(this.#batch.part(this.#index, WHOLE))
  }
}

/** A change record, with the members the service gives it. Members are converted at the first look and stay the same object. */
class Record {
  #batch
  #index
  #seen
  #change

  constructor(batch, index) {
    this.#batch = batch
    this.#index = index
  }

  /** Made at the first look: most of a record that is only counted or passed on is never needed. */
  get #source() {
    return (this.#seen ??= new Source(this.#batch, this.#index))
  }

  /** The shard that has the record. */
  get shardId() {
    return this.#batch.shardId
  }

  /** The change itself. */
  get dynamodb() {
    return (this.#change ??= new Change(this.#source))
  }

  /** A plain object of its own, as `getRecords` answers. */
  toObject() {
    return this.#source.whole()
  }

  toJSON() {
    return this.toObject()
  }

  [inspect.custom](_depth, options) {
    return `Record ${inspect(this.toObject(), options)}`
  }

  static {
    for (const name of members) {
      if (Object.hasOwn(this.prototype, name)) continue
      Object.defineProperty(this.prototype, name, { get() { return this.#source.part(HEAD)[name] }, configurable: true })
    }
  }
}

/** The `dynamodb` member of a record. */
class Change {
  #source

  constructor(source) {
    this.#source = source
  }

  /** The item's key. */
  get Keys() {
    return this.#source.part(KEYS)
  }

  /** The item after the change, if the view has it. */
  get NewImage() {
    return this.#source.part(NEW_IMAGE)
  }

  /** The item before the change, if the view has it. */
  get OldImage() {
    return this.#source.part(OLD_IMAGE)
  }

  toObject() {
    return this.#source.whole().dynamodb
  }

  toJSON() {
    return this.toObject()
  }

  [inspect.custom](_depth, options) {
    return `Change ${inspect(this.toObject(), options)}`
  }

  static {
    for (const name of changeMembers) {
      if (Object.hasOwn(this.prototype, name)) continue
      Object.defineProperty(this.prototype, name, { get() { return this.#source.part(HEAD).dynamodb[name] }, configurable: true })
    }
  }
}

/** The records of a batch of the addon. */
function recordsOf(batch) {
  const { length } = batch
  const records = new Array(length)
  for (let i = 0; i < length; i++) records[i] = new Record(batch, i)
  return records
}

module.exports = { Record, recordsOf }
