'use strict'
// Faults: calls that are disturbed on purpose, so that a program can be tried against what happens rarely.

/** The faults of a database: a function that sets them, with functions that end and tell them. */
function faultsOf(database) {
  /**
   * Puts these faults in the place of those there are, and begins a new trace.
   * @param {object[] | object | string} script a list of faults as SetFaults has them, an object with `Faults` and `Seed`, or either as JSON text
   * @throws {StreamtableError} ValidationException for a fault that contradicts itself
   */
  const faults = (script) => {
    const read = typeof script === 'string' ? JSON.parse(script) : script
    database.callSync('SetFaults', Array.isArray(read) ? { Faults: read } : read)
    return faults
  }
  /** Ends all faults. The trace is kept until faults are set again. */
  faults.clear = () => {
    database.callSync('SetFaults', { Faults: [] })
  }
  /** The faults in force, and how often each happened. */
  faults.list = () => database.callSync('DescribeFaults', {}).Faults
  /** What the faults did, the oldest first: of the newest 1,000 entries those after a number. */
  faults.trace = (after = 0) => database.callSync('DescribeFaults', { AfterNumber: after }).Trace
  return faults
}

module.exports = { faultsOf }
