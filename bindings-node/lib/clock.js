'use strict'

const UNITS = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000, milliseconds: 1 }

/** Tells a database's time and, when its clock is manual, moves it. */
class Clock {
  #database

  constructor(database) {
    this.#database = database
  }

  /** The database's time. */
  now() {
    return new Date(this.#database.callSync('DescribeClock', {}).Now)
  }

  /** `'manual'` or `'system'`. */
  get mode() {
    return this.#database.callSync('DescribeClock', {}).Mode
  }

  /**
   * Moves a manual clock forward and does, in order, what falls due on the way. The parts add up and come to whole milliseconds.
   * @returns {Date} the new time
   * @throws {TypeError} for parts that are no numbers or have other names
   * @throws {RangeError} when the sum is no whole number of milliseconds, or negative
   * @throws {StreamtableError} ValidationException when the clock is the system's
   */
  advance(duration) {
    return new Date(this.#database.callSync('AdvanceClock', { Milliseconds: milliseconds(duration) }).Now)
  }

  /**
   * Moves a manual clock forward to a moment, as `advance`.
   * @param {Date | number} moment a date or epoch milliseconds
   * @returns {Date} the new time
   * @throws {TypeError} for what is no moment
   * @throws {RangeError} for one that is over
   * @throws {StreamtableError} ValidationException when the clock is the system's
   */
  advanceTo(moment) {
    const ahead = momentOf(moment) - this.#database.callSync('DescribeClock', {}).Now
    if (ahead < 0) throw new RangeError('time cannot go backwards')
    return this.advance({ milliseconds: ahead })
  }
}

/** Epoch milliseconds of a Date or a number. */
function momentOf(moment) {
  const time = moment instanceof Date || Object.prototype.toString.call(moment) === '[object Date]' ? moment.getTime() : moment
  if (typeof time !== 'number') throw new TypeError('a moment is a Date, or epoch milliseconds as a number')
  if (!Number.isFinite(time)) throw new RangeError(`${time} is no moment`)
  return Math.floor(time)
}

function milliseconds(duration) {
  if (duration === null || typeof duration !== 'object') {
    throw new TypeError('advance takes an object such as { hours: 24 }')
  }
  let total = 0
  for (const [unit, amount] of Object.entries(duration)) {
    if (amount === undefined) continue
    if (!Object.hasOwn(UNITS, unit)) throw new TypeError(`${unit} is no unit of time; there are ${Object.keys(UNITS).join(', ')}`)
    if (typeof amount !== 'number') throw new TypeError(`${unit} must be a number, not ${typeof amount}`)
    total += amount * UNITS[unit]
  }
  // 0.1 seconds and 0.2 seconds are 300 milliseconds, whatever doubles make of them.
  const whole = Math.round(total)
  if (!Number.isSafeInteger(whole) || Math.abs(total - whole) > 1e-6) throw new RangeError(`${total} milliseconds are no whole number`)
  if (whole < 0) throw new RangeError('time cannot go backwards')
  return whole
}

module.exports = { Clock, momentOf }
