'use strict'
// Answers of the addon: JSON text, with dates and bytes put in where JSON has none (`src/answer.rs`, `src/outcome.rs`).

const { errorOf } = require('./errors.js')

const { parse } = JSON

const DATE = 0
const BYTES = 1
const INTEGER = 2

/**
 * The answer as an object.
 * @throws {StreamtableError} when it is an error
 */
function answer(outcome) {
  if (typeof outcome === 'string') return parse(outcome)
  if (outcome === undefined) return {}
  if (outcome.code !== undefined) throw errorOf(outcome, outcome.details && answer(outcome.details))
  return mended(outcome)
}

/** Every mend is `[kind, ...path]`; at its place stands what it is made of: seconds, a length, digits, a list. */
function mended({ text, mends, bytes }) {
  const whole = parse(text)
  let at = 0
  for (const mend of parse(`[${mends}]`)) {
    const last = mend.length - 1
    let place = whole
    for (let i = 1; i < last; i++) place = place[mend[i]]
    const step = mend[last]
    const given = place[step]
    let value
    if (mend[0] === DATE) value = new Date(Math.round(given * 1000))
    // A copy of its own: one small value must not keep all bytes of the answer alive. Of the class that programs here call Uint8Array: the
    // addon's may be that of another realm, under Jest.
    else if (mend[0] === BYTES) value = new Uint8Array(bytes.subarray(at, (at += given)))
    else value = mend[0] === INTEGER ? BigInt(given) : new Set(given)
    // Assigning to "__proto__" would do something else; the member is there already, so defining it keeps its place.
    if (step === '__proto__') Object.defineProperty(place, step, { value, enumerable: true, configurable: true, writable: true })
    else place[step] = value
  }
  return whole
}

module.exports = { answer }
