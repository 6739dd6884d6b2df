'use strict'
// The bare conversion of an item, for `cargo xtask bench`. No part of the package's interface.

const native = require('./native.js')
const { answer } = require('./answer.js')
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

module.exports = { convertIn, convertOut }
