'use strict'
// One base class, and one class for each code.

const native = require('./native.js')
const { Unwritable } = require('./tape.js')

/** What every failed call throws. `name` is the service's code. */
class StreamtableError extends Error {
  /**
   * @param {string} message the service's text; empty where it answers none
   * @param {{ name?: string, status?: number, details?: object, cause?: unknown }} [parts] the members of `details`, such as `Item`, become
   * members of the error, as the AWS SDK has them
   */
  constructor(message, { name, status = 400, details, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    // Not enumerable, as with every built-in error.
    if (name !== undefined) Object.defineProperty(this, 'name', { value: name, configurable: true, writable: true })
    /** As the AWS SDK has it. */
    this.$metadata = { httpStatusCode: status }
    /** Whose mistake it was, as the AWS SDK has it. */
    this.$fault = status >= 500 ? 'server' : 'client'
    if (details !== undefined) Object.assign(this, details)
  }
}
Object.defineProperty(StreamtableError.prototype, 'name', { value: 'StreamtableError', configurable: true, writable: true })

/** The class of each code, by its name. */
const errors = {}
for (const name of native.errorCodes()) {
  const Class = { [name]: class extends StreamtableError {} }[name]
  Object.defineProperty(Class.prototype, 'name', { value: name, configurable: true, writable: true })
  errors[name] = Class
}
Object.freeze(errors)

/** The exception for an error of the engine. */
function errorOf({ code, message, status }, details) {
  const Class = errors[code] ?? StreamtableError
  return new Class(message, { name: code, status, details })
}

/** The exception for a value that cannot be written down; others pass as they are. */
function writing(error, Class = errors.SerializationException) {
  if (!(error instanceof Unwritable)) return error
  const place = error.path.length === 0 ? '' : ` (at ${error.path.join('.')})`
  return new Class(`${error.message}${place}`)
}

module.exports = { StreamtableError, errors, errorOf, writing }
