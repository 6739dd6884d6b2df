'use strict'
// The input tape: a value written down as one text, one array of words and one run of bytes, for `src/tape.rs` to read.
//
// Walking the value here is several times faster than walking it from the addon (docs/decisions/0004-node-conversion.md), and
// getters, proxies and detached buffers fail as they do anywhere in JavaScript: by an exception of their own, before the
// engine has seen anything.

const { types } = require('node:util')

// Captured at load time: what a program does to its built-ins later is no concern of the store.
const { isArray } = Array
const { keys, getPrototypeOf, prototype: plain } = Object
const { isView } = ArrayBuffer
const { isAnyArrayBuffer, isDate, isMap, isSet, isBoxedPrimitive } = types

/** Levels a value may have: DynamoDB ends at 32 levels of attribute values, which are two levels each here. */
const MAX_LEVELS = 128
/** Lengths share a word with the tag. */
const MAX_LENGTH = 2 ** 27 - 1
/** Far beyond the 16 MB of a request; stops arrays that are long and empty. */
const MAX_WORDS = 2 ** 25
/** Words that come first: words used, UTF-16 units of the text, bytes used. */
const HEADER = 3
/** What a tape keeps between calls. */
const KEPT_WORDS = 2 ** 16

const NULL = 0
const FALSE = 1
const TRUE = 2
const WHOLE = 3
const NUMBER = 4
const TEXT = 5
const BYTES = 6
const LIST = 7
const MAP = 8
const LONG = 9
const ULONG = 10

const MIN_LONG = -(2n ** 63n)
const MAX_LONG = 2n ** 63n - 1n
const MAX_ULONG = 2n ** 64n - 1n

const NO_BYTES = new Uint8Array(0)
const double = new Float64Array(1)
const long = new BigUint64Array(double.buffer)
const halves = new Int32Array(double.buffer)

/** A value that no request can hold. */
class Unwritable extends Error {
  /** Names of the members on the way to the value. */
  path = []
}

class Tape {
  words = new Int32Array(1024)
  used = HEADER
  text = ''
  bytes = NO_BYTES
  usedBytes = 0

  /** Fills in the header; the tape is ready for the addon. */
  close() {
    this.words[0] = this.used
    this.words[1] = this.text.length
    this.words[2] = this.usedBytes
    return this
  }

  clear() {
    this.used = HEADER
    this.text = ''
    this.usedBytes = 0
    if (this.words.length > KEPT_WORDS) this.words = new Int32Array(1024)
    if (this.bytes.length > KEPT_WORDS) this.bytes = NO_BYTES
    return this
  }

  /** Makes room for a collection: each member takes four words at most, what is inside it asks for itself. */
  reserve(members) {
    const needed = this.used + 4 * members + 4
    if (needed <= this.words.length) return
    if (needed > MAX_WORDS) throw new Unwritable('the value has too many members')
    const wider = new Int32Array(Math.max(needed, 2 * this.words.length))
    wider.set(this.words)
    this.words = wider
  }

  value(value, level) {
    switch (typeof value) {
      case 'string':
        this.string(value)
        return
      case 'object':
        if (value === null) this.words[this.used++] = NULL
        else this.object(value, level)
        return
      case 'undefined':
        this.words[this.used++] = NULL
        return
      case 'boolean':
        this.words[this.used++] = value ? TRUE : FALSE
        return
      case 'number':
        this.number(value)
        return
      case 'bigint':
        this.bigint(value)
        return
      default:
        throw new Unwritable(`a ${typeof value} is no value of a request`)
    }
  }

  string(value) {
    if (value.length > MAX_LENGTH - this.text.length) throw new Unwritable('the text is too long')
    this.words[this.used++] = (value.length << 4) | TEXT
    this.text += value
  }

  number(value) {
    if ((value | 0) === value && value < 2 ** 27 && value >= -(2 ** 27)) {
      this.words[this.used++] = (value << 4) | WHOLE
      return
    }
    if (Number.isSafeInteger(value)) {
      this.long(BigInt(value), LONG)
      return
    }
    if (!Number.isFinite(value)) throw new Unwritable(`${value} is no number of a request`)
    double[0] = value
    this.wide(NUMBER)
  }

  bigint(value) {
    if (value >= MIN_LONG && value <= MAX_LONG) this.long(BigInt.asUintN(64, value), LONG)
    else if (value >= 0n && value <= MAX_ULONG) this.long(value, ULONG)
    else throw new Unwritable('a BigInt beyond 64 bits is no number of a request; numbers of items are text, such as { N: "1" }')
  }

  long(value, tag) {
    long[0] = BigInt.asUintN(64, value)
    this.wide(tag)
  }

  wide(tag) {
    this.words[this.used++] = tag
    this.words[this.used++] = halves[0]
    this.words[this.used++] = halves[1]
  }

  object(value, level) {
    if (level === MAX_LEVELS) throw new Unwritable(`the value is nested deeper than ${MAX_LEVELS} levels, or contains itself`)
    if (isArray(value)) {
      this.list(value, level)
      return
    }
    const prototype = getPrototypeOf(value)
    if (prototype === plain || prototype === null) this.map(value, level)
    else if (isView(value)) this.binary(value.buffer, value.byteOffset, value.byteLength)
    else if (isAnyArrayBuffer(value)) this.binary(value, 0, value.byteLength)
    else if (isDate(value)) this.date(value)
    else if (isSet(value)) this.list(Array.from(value), level)
    else if (isMap(value)) throw new Unwritable('a Map is no value of a request; write a plain object')
    else if (isBoxedPrimitive(value)) this.value(value.valueOf(), level)
    else this.map(value, level)
  }

  list(value, level) {
    const count = value.length
    this.reserve(count)
    this.words[this.used++] = (count << 4) | LIST
    let i = 0
    try {
      for (; i < count; i++) this.value(value[i], level + 1)
    } catch (error) {
      throw on(i, error)
    }
  }

  map(value, level) {
    const names = keys(value)
    const count = names.length
    this.reserve(count)
    this.words[this.used++] = (count << 4) | MAP
    let i = 0
    try {
      for (; i < count; i++) {
        const name = names[i]
        this.string(name)
        this.value(value[name], level + 1)
      }
    } catch (error) {
      throw on(names[i], error)
    }
  }

  /** Seconds since 1970, as the service counts them. */
  date(value) {
    const milliseconds = value.getTime()
    if (Number.isNaN(milliseconds)) throw new Unwritable('an invalid Date is no value of a request')
    double[0] = milliseconds / 1000
    this.wide(NUMBER)
  }

  /** Copies, so that nobody changes the bytes under the reader's hands. */
  binary(buffer, offset, length) {
    // A view of a detached buffer looks empty; making one throws.
    const view = new Uint8Array(buffer, offset, length)
    const needed = this.usedBytes + length
    if (needed > MAX_LENGTH) throw new Unwritable('the bytes are too many')
    if (needed > this.bytes.length) {
      const wider = new Uint8Array(Math.max(needed, 2 * this.bytes.length, 256))
      wider.set(this.bytes.subarray(0, this.usedBytes))
      this.bytes = wider
    }
    this.bytes.set(view, this.usedBytes)
    this.usedBytes = needed
    this.words[this.used++] = (length << 4) | BYTES
  }
}

/** Adds a step to the place an error tells. */
function on(step, error) {
  if (error instanceof Unwritable) error.path.unshift(step)
  return error
}

/** The tape of the last call, for the next one; taken while in use, since a getter may make a call of its own. */
let spare = new Tape()

/**
 * Writes `value` down and hands the tape to `read`, whose result it returns.
 * @throws {Unwritable} for what no request can hold, and whatever getters of the value throw
 */
function withTape(value, read) {
  const tape = spare ?? new Tape()
  spare = null
  try {
    tape.value(value, 0)
    return read(tape.close())
  } finally {
    spare = tape.clear()
  }
}

module.exports = { Unwritable, withTape }
