'use strict'
// Tools for items and records: plain values, differences and patches, events of AWS Lambda.

const { AssertionError } = require('node:assert')
const { types } = require('node:util')

const native = require('./native.js')
const { answer } = require('./answer.js')
const { writing } = require('./errors.js')
const { withTape } = require('./tape.js')

function run(name, input) {
  let outcome
  try {
    outcome = withTape(input, (tape) => native.tool(name, tape.text, tape.words, tape.bytes))
  } catch (error) {
    throw writing(error)
  }
  return answer(outcome)
}

/**
 * An item as plain values: `{ id: { S: '1' }, n: { N: '9.9' } }` as `{ id: '1', n: 9.9 }`.
 * @throws {StreamtableError} SerializationException for what is no item
 */
function toPlain(item, { numbers = 'native' } = {}) {
  return run('plain', { Item: item, Numbers: numbers })
}

/**
 * Plain values as an item. What is undefined is an error, or left out with `removeUndefinedValues`, as `marshall` of the AWS SDK has it.
 * @throws {TypeError} for a value that no item holds; it tells where that is
 */
function toItem(values, { removeUndefinedValues = false } = {}) {
  return itemOf(values, removeUndefinedValues, '')
}

function itemOf(values, removesUndefined, place) {
  const item = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined && removesUndefined) continue
    const inside = attribute(value, removesUndefined, place === '' ? name : `${place}.${name}`)
    // Assigning to "__proto__" would do something else.
    Object.defineProperty(item, name, { value: inside, enumerable: true, configurable: true, writable: true })
  }
  return item
}

function attribute(value, removesUndefined, place) {
  const scalar = scalarOf(value)
  if (scalar !== undefined) return scalar
  const kept = (members) => (removesUndefined ? members.filter((member) => member !== undefined) : members)
  if (Array.isArray(value)) return { L: kept(Array.from(value)).map((member, at) => attribute(member, removesUndefined, `${place}[${at}]`)) }
  if (types.isSet(value)) return setOf(kept([...value]), place)
  const prototype = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined
  // A plain object of another realm has another prototype, which has none itself.
  if (prototype === null || (prototype !== undefined && Object.getPrototypeOf(prototype) === null)) return { M: itemOf(value, removesUndefined, place) }
  if (value === undefined) throw new TypeError(`${place} is undefined; leave it out, or say removeUndefinedValues: true`)
  throw new TypeError(`a value of type ${prototype?.constructor?.name ?? typeof value} has no place in an item (at ${place})`)
}

function scalarOf(value) {
  if (value === null) return { NULL: true }
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'boolean') return { BOOL: value }
  if (typeof value === 'bigint' || Number.isFinite(value)) return { N: String(value) }
  if (ArrayBuffer.isView(value)) return { B: new Uint8Array(value.buffer, value.byteOffset, value.byteLength) }
  if (types.isAnyArrayBuffer(value)) return { B: new Uint8Array(value) }
  return undefined
}

function setOf(values, place) {
  const members = values.map((value) => scalarOf(value) ?? {})
  const [kind, ...others] = new Set(members.flatMap(Object.keys))
  if (others.length > 0 || !['S', 'N', 'B'].includes(kind) || members.some((member) => !(kind in member))) {
    throw new TypeError(`a set of an item has members of one type, texts, numbers or bytes, and at least one (at ${place})`)
  }
  return { [`${kind}S`]: members.map((member) => member[kind]) }
}

/**
 * What is not the same in two images of an item, in order of the places.
 * @throws {StreamtableError} SerializationException for what is no item
 */
function differences(old, fresh) {
  return run('differences', { Old: old, New: fresh })
}

/**
 * The JSON Patch (RFC 6902) that makes the plain JSON values of the old image into those of the new one.
 * @throws {StreamtableError} SerializationException for what is no item
 */
function patch(old, fresh, { numbers = 'native' } = {}) {
  return run('patch', { Old: old, New: fresh, Numbers: numbers })
}

/**
 * The event that a function of AWS Lambda is given for records of a stream.
 * @throws {StreamtableError} SerializationException for records of another form
 */
function lambdaEvent(records, streamArn) {
  const plain = Array.from(records, (record) => (typeof record?.toObject === 'function' ? record.toObject() : record))
  return run('lambda_event', { Records: plain, StreamArn: streamArn })
}

/**
 * Which filters of an event source mapping match each event: the places of all that do, from 0.
 * @throws {StreamtableError} ValidationException for a pattern that is none
 */
function matchFilters(patterns, events, { documented = false } = {}) {
  const filters = Array.from(patterns, (pattern) => ({ Pattern: typeof pattern === 'string' ? pattern : JSON.stringify(pattern) }))
  return run('filter', { FilterCriteria: { Filters: filters }, Events: Array.from(events), Documented: documented }).Matches
}

/**
 * The event of AWS Lambda for changes `[old, new]`, with identities, sizes and sequence numbers as the service would give them.
 * @throws {StreamtableError} ValidationException for what no table would take
 */
function event(changes, { keys, tableName, streamViewType, region, account, now, seed } = {}) {
  return run('make_event', {
    Changes: changes.map(([old, fresh]) => ({ Old: old, New: fresh })),
    Keys: keys,
    TableName: tableName,
    StreamViewType: streamViewType,
    Region: region,
    Account: account,
    Now: now instanceof Date ? now.getTime() : now,
    Seed: seed,
  })
}

/** Asserts that a function has done with a record. */
function assertDelivered(mapping, record) {
  const found = mapping.explain(record)
  if (found.some(({ what }) => what === 'succeeded')) return
  throw new AssertionError({ message: `not delivered: ${JSON.stringify(found)}`, stackStartFn: assertDelivered })
}

/** Asserts that a record was given up and its failure told of. */
function assertDeadLettered(mapping, record) {
  const found = mapping.explain(record)
  if (found.some(({ what, destination }) => (what === 'discarded' || what === 'expired') && destination)) return
  throw new AssertionError({ message: `not given up: ${JSON.stringify(found)}`, stackStartFn: assertDeadLettered })
}

/** Events for unit tests of functions that read changes, and assertions of what became of records. */
const testing = {
  assertDeadLettered,
  assertDelivered,
  event,
  insert: (fresh, options) => event([[undefined, fresh]], options),
  modify: (old, fresh, options) => event([[old, fresh]], options),
  remove: (old, options) => event([[old, undefined]], options),
}

module.exports = { differences, lambdaEvent, matchFilters, patch, run, testing, toItem, toPlain }
