'use strict'

const native = require('./native.js')
const { answer } = require('./answer.js')
const { Clock } = require('./clock.js')
const { StreamtableError, errors, errorOf, writing } = require('./errors.js')
const { recordsOf } = require('./records.js')
const { clientConfig } = require('./sdk.js')
const { Stream } = require('./stream.js')
const { withTape } = require('./tape.js')

const names = native.operations()
const places = new Map(names.map((name, place) => [name, place]))

/** Made by `open` alone. */
const KEY = Symbol('open')

/** An open database. Its operations are methods: `await db.putItem({...})`, or `db.putItemSync({...})`. */
class Database {
  #handle
  #closed = false

  constructor(key, handle) {
    if (key !== KEY) throw new TypeError('Use open() to make a Database')
    this.#handle = handle
    /** Tells the time and, when it is manual, moves it. */
    this.clock = new Clock(this)
  }

  /**
   * Runs an operation by its name, on the spot.
   * @throws {StreamtableError} the operation's error
   */
  callSync(operation, input = {}) {
    const place = places.get(operation)
    if (place !== undefined) return this.#run(place, input)
    if (typeof operation !== 'string') throw new TypeError(`the operation must be a string, not ${typeof operation}`)
    return this.#run(operation, input)
  }

  /** Runs an operation by its name. */
  async call(operation, input) {
    return this.callSync(operation, input)
  }

  /**
   * Runs a command object of the AWS SDK for JavaScript: `db.send(new PutItemCommand({...}))`. Commands of the document client need that
   * client, see `clientConfig`.
   */
  async send(command) {
    const operation = operationOf(command)
    return { ...this.callSync(operation, command.input), $metadata: { httpStatusCode: 200 } }
  }

  /** The change stream of this ARN (`LatestStreamArn` of a table). */
  stream(arn) {
    return new Stream(
      arn,
      (operation, input) => this.callSync(operation, input),
      (input) => this.#read(input),
    )
  }

  /**
   * Configuration with which clients of the AWS SDK for JavaScript v3 work on this database, without a socket:
   * `new DynamoDBClient(db.clientConfig())`, `new DynamoDBStreamsClient(db.clientConfig())`. Members of `overrides` win.
   */
  clientConfig(overrides = {}) {
    return clientConfig((target, body) => this.#handle.answerHttp(target, body), this.#handle.region, overrides)
  }

  /** Closes the database; every later call fails with DatabaseClosedException. Closing twice is no error. */
  close() {
    this.#closed = true
    const failure = this.#handle.close()
    if (failure != null) answer(failure)
  }

  /** Whether `close` was called. */
  get closed() {
    return this.#closed
  }

  #run(operation, input) {
    let outcome
    try {
      outcome = withTape(input, (tape) => this.#handle.call(operation, tape.text, tape.words, tape.bytes))
    } catch (error) {
      throw writing(error)
    }
    return answer(outcome)
  }

  /** GetRecords, the records left as they are. */
  #read(input) {
    const outcome = withTape(input, (tape) => this.#handle.read(tape.text, tape.words, tape.bytes))
    return outcome.code === undefined ? recordsOf(outcome) : answer(outcome)
  }

  // Every operation twice: as a promise, and on the spot.
  static {
    for (const [name, place] of places) {
      const method = name[0].toLowerCase() + name.slice(1)
      const methods = {
        async [method](input = {}) {
          return this.#run(place, input)
        },
        [`${method}Sync`](input = {}) {
          return this.#run(place, input)
        },
      }
      for (const [key, value] of Object.entries(methods)) {
        Object.defineProperty(this.prototype, key, { value, configurable: true, writable: true })
      }
    }
  }
}

// The first releases of Node.js 20 have no `using`.
if (Symbol.dispose !== undefined) {
  const dispose = {
    value() {
      this.close()
    },
    configurable: true,
    writable: true,
  }
  Object.defineProperty(Database.prototype, Symbol.dispose, dispose)
}

function operationOf(command) {
  const name = command?.constructor?.name
  if (typeof name !== 'string' || !name.endsWith('Command') || typeof command.input !== 'object' || command.input === null) {
    throw new TypeError('send takes a command object of the AWS SDK, such as new PutItemCommand({...})')
  }
  const operation = name.slice(0, -'Command'.length)
  if (!places.has(operation)) {
    throw new errors.UnknownOperationException(
      `${name} is no command of an operation here; commands of the document client need DynamoDBDocumentClient.from(new DynamoDBClient(db.clientConfig()))`,
    )
  }
  return operation
}

/**
 * Opens a database.
 * @throws {StreamtableError} OpenException for a path, an unknown option or one out of range
 */
function open(options = {}) {
  if (options === null || typeof options !== 'object') throw new TypeError('open takes an object such as { clock: "manual" }')
  const { path, now, ...others } = options
  if (path != null && typeof path !== 'string') throw new errors.OpenException('path must be a string')
  for (const name of Object.keys(others)) if (others[name] == null) delete others[name]
  if (now != null) others.now = now instanceof Date ? now.getTime() : now
  let outcome
  try {
    outcome = withTape(others, (tape) => native.open(path ?? undefined, tape.text, tape.words, tape.bytes))
  } catch (error) {
    throw writing(error, errors.OpenException)
  }
  if (outcome.code !== undefined) throw errorOf(outcome)
  return new Database(KEY, outcome)
}

module.exports = { Database, StreamtableError, errors, open }
