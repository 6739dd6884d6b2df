'use strict'
// Giving way. Calls that need not wait for a disk are settled at once, and a loop that awaits nothing else would never let the event loop come
// round: no timer would fire and nothing would be read. So awaited calls wait for the next turn of the loop now and then
// (docs/decisions/0005-node-promises.md).

const { performance } = require('node:perf_hooks')
const { setImmediate } = require('node:timers')

// Captured at load time: the clocks and timers of a test runner are no measure of work.
const now = performance.now.bind(performance)

/** For how long awaited calls may keep the event loop in one turn, in milliseconds. */
const LONGEST = 1

/** When the first awaited call of this turn came. */
let begun
/** The next turn, once somebody waits for it. */
let next

/** Settled in the next turn of the event loop. All who wait in one turn share the promise. */
function nextTurn() {
  return (next ??= new Promise((resolve) => {
    setImmediate(() => {
      begun = undefined
      next = undefined
      resolve()
    })
  }))
}

/** Whether awaited calls have kept the event loop in this turn for so long that they should give way. */
function isDue() {
  if (begun !== undefined) return now() - begun >= LONGEST
  begun = now()
  // A turn that comes by itself counts, too. Nobody waits for it, so it keeps no process alive.
  setImmediate(() => (begun = undefined)).unref()
  return false
}

module.exports = { isDue, nextTurn }
