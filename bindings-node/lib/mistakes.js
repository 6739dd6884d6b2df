'use strict'
// What is wrong with an input that could not be read, in the words of JavaScript: where, what stands there, and what should. Looked for only after
// the engine has refused the input, by what it tells of its shapes (`src/shapes.rs`).

const { inspect, types } = require('node:util')

const { StreamtableError, errors } = require('./errors.js')
const native = require('./native.js')

const MOST_INTEGER = 2 ** 31 - 1

/** Shapes of operations that were asked for, by the operation. */
const shapes = new Map()

function shapeOf(operation) {
  if (!shapes.has(operation)) shapes.set(operation, JSON.parse(native.shapes(operation)))
  return shapes.get(operation)
}

/** What an attribute value holds, by its type. */
const VALUES = {
  S: 'string', N: 'number text', B: 'blob', SS: { list: 'string' }, NS: { list: 'number text' }, BS: { list: 'blob' },
  M: 'item', L: { list: 'attribute value' }, NULL: 'boolean', BOOL: 'boolean',
}

const isObject = (value) => typeof value === 'object' && value !== null
const isBytes = (value) => ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)
const isMap = (value) => isObject(value) && !Array.isArray(value) && !isBytes(value) && !types.isDate(value) && !types.isSet(value) && !types.isBoxedPrimitive(value)

/** What is not composed: whether a value is one, and how it is called. */
const SIMPLE = {
  string: [(value) => typeof value === 'string' || types.isStringObject(value), 'a string'],
  'number text': [(value) => typeof value === 'string' || types.isStringObject(value), 'a number as a string, such as "9.9"'],
  boolean: [(value) => typeof value === 'boolean' || types.isBooleanObject(value), 'true or false'],
  blob: [isBytes, 'bytes, such as a Uint8Array'],
  timestamp: [(value) => types.isDate(value) || typeof value === 'number', 'a Date, or seconds since 1970'],
  double: [(value) => typeof value === 'number' || typeof value === 'bigint', 'a number'],
  integer: [(value) => isNumberUpTo(value, MOST_INTEGER), `a whole number of at most ${MOST_INTEGER}`],
  long: [(value) => isNumberUpTo(value, Number.MAX_SAFE_INTEGER) || typeof value === 'bigint', `a whole number of at most ${Number.MAX_SAFE_INTEGER}, or a BigInt`],
}

function isNumberUpTo(value, most) {
  return (typeof value === 'number' || typeof value === 'bigint') && value <= most && value >= -most - 1
}

/** The first mistake in the input of an operation, as a text; none where there is nothing to say. */
function mistakeIn(operation, input) {
  const { root, structures } = shapeOf(operation)
  const found = inStructure(input, structures[root], structures, [])
  if (found === undefined) return undefined
  const { path, value, expected } = found
  const place = path.reduce((text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`), '')
  return `${place === '' ? 'the input' : place} is ${shown(value)}; expected ${expected}`
}

function shown(value) {
  const text = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 40, maxArrayLength: 5, customInspect: false })
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

function inStructure(value, members, structures, path) {
  if (!isMap(value)) return { path, value, expected: 'an object' }
  for (const [name, type] of Object.entries(members)) {
    // What may be absent may be null; what may not is told by the engine.
    if (value[name] == null) continue
    const found = inType(value[name], type, structures, [...path, name])
    if (found !== undefined) return found
  }
  return undefined
}

function inType(value, type, structures, path) {
  if (type === 'attribute value') return inAttributeValue(value, structures, path)
  if (type === 'item') return inMap(value, 'attribute value', structures, path)
  if (typeof type === 'string') {
    const [isOne, expected] = SIMPLE[type]
    return isOne(value) ? undefined : { path, value, expected }
  }
  if (type.structure !== undefined) return inStructure(value, structures[type.structure], structures, path)
  if (type.map !== undefined) return inMap(value, type.map, structures, path)
  if (!Array.isArray(value) && !types.isSet(value)) return { path, value, expected: 'an array' }
  for (const [at, member] of [...value].entries()) {
    const found = inType(member, type.list, structures, [...path, at])
    if (found !== undefined) return found
  }
  return undefined
}

function inMap(value, type, structures, path) {
  if (!isMap(value)) return { path, value, expected: 'an object' }
  for (const [name, member] of Object.entries(value)) {
    const found = inType(member, type, structures, [...path, name])
    if (found !== undefined) return found
  }
  return undefined
}

function inAttributeValue(value, structures, path) {
  if (!isMap(value)) return { path, value, expected: `an attribute value${suggestion(value)}` }
  const names = Object.keys(value).filter((name) => value[name] != null)
  const unknown = names.find((name) => !Object.hasOwn(VALUES, name))
  if (unknown !== undefined) return { path, value, expected: `one of ${Object.keys(VALUES).join(', ')} as the type of an attribute value, not ${unknown}` }
  if (names.length !== 1) return { path, value, expected: 'exactly one type of an attribute value, such as { S: "text" }' }
  return inType(value[names[0]], VALUES[names[0]], structures, [...path, names[0]])
}

/** What a plain value is as an attribute value. */
function suggestion(value) {
  if (value === undefined) return '; leave it out, or see removeUndefinedValues of toItem'
  if (value === null) return ', such as { NULL: true }'
  if (typeof value === 'string') return `, such as { S: ${shown(value)} }`
  if (typeof value === 'number' || typeof value === 'bigint') return `, such as { N: "${value}" }`
  if (typeof value === 'boolean') return `, such as { BOOL: ${value} }`
  if (isBytes(value)) return ', such as { B: bytes }'
  return ', such as { S: "text" }; toItem makes them of plain values'
}

/** What begins the refusal of an attribute value with no type, or with several. */
const SUPPLIED = '1 validation error detected: Supplied AttributeValue'

/** An error, with the mistake in its message where the input could not be read. The service's own text is `serviceMessage` then. */
function explained(error, operation, input) {
  if (!(error instanceof StreamtableError)) return error
  const { name, message } = error
  if (name !== 'SerializationException' && !message.startsWith(SUPPLIED)) return error
  const mistake = mistakeIn(operation, input)
  if (mistake === undefined) return error
  const told = new errors[name](message === '' ? mistake : `${message}: ${mistake}`, { name, status: error.$metadata.httpStatusCode })
  Object.defineProperty(told, 'serviceMessage', { value: message, configurable: true, writable: true })
  return told
}

module.exports = { explained }
