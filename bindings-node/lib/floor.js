'use strict'
// The parts of a call alone, for `cargo xtask bench`. No part of the package's interface.

const native = require('./native.js')
const { answer } = require('./answer.js')
const { handleOf } = require('./database.js')
const { withTape } = require('./tape.js')

const cell = new native.ItemCell()

/** Converts an item in; gives a handle for `convertOut`, good until the next call. */
function convertIn(item) {
  const failure = withTape(item, (tape) => cell.set(tape.text, tape.words, tape.bytes))
  if (failure != null) answer(failure)
  return cell
}

/** Converts the item out again. */
function convertOut(handle) {
  return answer(handle.get())
}

/** Reads a request and lets the engine run it `times` times, which may be none; its answers are not converted. */
function engine(database, operation, input, times) {
  const failure = withTape(input, (tape) => handleOf(database).repeat(operation, tape.text, tape.words, tape.bytes, times))
  if (failure != null) answer(failure)
}

module.exports = { convertIn, convertOut, engine }
