'use strict'
// Waiting for something to be written. However many wait for a database, one thread of the pool does.

/** For how long a wait lasts at most, in milliseconds: what comes with time alone is seen then. */
const LONGEST = 1000

class Changes {
  #worker
  #waiting

  constructor(worker) {
    this.#worker = worker
  }

  /** How often something was written, or somebody called. */
  count() {
    return this.#worker.count()
  }

  /** Settled when the count is no more the one that is known, or after a while. */
  async wait(known) {
    if (this.count() !== known) return
    this.#waiting ??= this.#worker.wait(known, LONGEST).finally(() => (this.#waiting = undefined))
    await this.#waiting
  }

  /** Ends the waiting. */
  call() {
    this.#worker.call()
  }
}

module.exports = { Changes }
