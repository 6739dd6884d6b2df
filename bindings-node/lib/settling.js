'use strict'
// Waiting until what was started is on the disk: promises that are in flight together share one wait, and so one write to the disk.

const { answer } = require('./answer.js')

/** Waits for one database. */
class Settling {
  #handle
  #waiting = []
  #busy = false

  constructor(handle) {
    this.#handle = handle
  }

  /** Settled when everything started so far is. Rejects with the error of the disk; then nothing of it may be believed. */
  wait() {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      if (!this.#busy) this.#serve()
    })
  }

  async #serve() {
    this.#busy = true
    // Whatever else is started before the caller pauses comes along.
    await undefined
    while (this.#waiting.length > 0) {
      const served = this.#waiting
      this.#waiting = []
      try {
        const failure = await this.#handle.settle()
        if (failure != null) answer(failure)
        for (const { resolve } of served) resolve()
      } catch (error) {
        for (const { reject } of served) reject(error)
      }
    }
    this.#busy = false
  }
}

module.exports = { Settling }
