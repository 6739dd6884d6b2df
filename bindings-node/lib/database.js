'use strict'

const { randomUUID } = require('node:crypto')
const { fileURLToPath } = require('node:url')

const native = require('./native.js')
const { answer } = require('./answer.js')
const { Changes } = require('./changes.js')
const { Clock, momentOf } = require('./clock.js')
const { StreamtableError, errors, errorOf, writing } = require('./errors.js')
const { faultsOf } = require('./faults.js')
const { Functions } = require('./mappings.js')
const { explained } = require('./mistakes.js')
const { attach, clientConfig } = require('./sdk.js')
const { Settling } = require('./settling.js')
const { Stream } = require('./stream.js')
const { withTape } = require('./tape.js')
const { isDue, nextTurn } = require('./turns.js')

const names = native.operations()
const places = new Map(names.map((name, place) => [name, place]))

/** The handle of a database, for `lib/floor.js`. */
let handleOf

/** What a snapshot is to the addon. */
let frozenOf

/** Made by `open`, `fork` and `snapshot` alone. */
const KEY = Symbol('open')

/** A database in memory at one moment. It does not change, and outlives its database. */
class Snapshot {
  #frozen

  constructor(key, frozen) {
    if (key !== KEY) throw new TypeError('Use db.snapshot() to make a Snapshot')
    this.#frozen = frozen
  }

  /** A database of its own that goes on from here, as `Database.fork`. */
  fork() {
    return new Database(KEY, given(this.#frozen.fork()))
  }

  static {
    frozenOf = (snapshot) => snapshot.#frozen
  }
}

/**
 * An open database. Its operations are methods: `await db.putItem({...})`, or `db.putItemSync({...})`, which waits for the disk on the
 * spot. All do their work when they are called, so that calls take effect in the order in which they were made.
 */
class Database {
  #handle
  /** Absent where no call waits for a disk: then all that promises do is done on the spot. */
  #settling
  #closed = false
  /** A clock that is a function, and what it told last. */
  #time
  #told
  /** Made when they are first asked for. */
  #functions
  #changes

  constructor(key, handle, time) {
    if (key !== KEY) throw new TypeError('Use open() to make a Database')
    this.#handle = handle
    this.#time = time
    if (handle.waits) this.#settling = new Settling(handle)
    /** Tells the time and, when it is manual, moves it. */
    this.clock = new Clock(this)
    /** Sets the faults that calls meet: `db.faults(script)`; ends and tells them. */
    this.faults = faultsOf(this)
  }

  /**
   * Runs an operation by its name, on the spot: with a database in a directory it waits for the disk, and the event loop with it.
   * @throws {StreamtableError} the operation's error
   */
  callSync(operation, input = {}) {
    return this.#run(placeOf(operation), input)
  }

  /** Runs an operation by its name. Waiting for the disk is left to another thread. */
  async call(operation, input = {}) {
    return this.#begin(placeOf(operation), input)
  }

  /**
   * Runs a command object of the AWS SDK for JavaScript: `db.send(new PutItemCommand({...}))`. Commands of the document client need that
   * client, see `clientConfig`.
   */
  async send(command) {
    const operation = operationOf(command)
    return { ...(await this.call(operation, command.input)), $metadata: { httpStatusCode: 200 } }
  }

  /** The change stream of this ARN (`LatestStreamArn` of a table). */
  stream(arn) {
    const settling = this.#settling
    return new Stream(arn, {
      call: (operation, input) => this.callSync(operation, input),
      open: (options) => this.#openReader(arn, options),
      read: (reader, limit) => given(this.#handle.readPage(reader, limit)),
      // As `read`, not waiting for the disk, and whether that is due; absent where no call waits.
      start: settling && ((reader, limit) => given(this.#handle.startPage(reader, limit))),
      changes: () => (this.#changes ??= new Changes(this.#handle.openWorker(0))),
      isPending: () => this.#handle.isPending,
      wait: () => settling.wait(),
    })
  }

  /**
   * The change streams, of one table or of all, with their shards as they stand: which continues which, how many records each has and how old
   * they are, and who reads it, with how far behind it is (`inspectStream`, all pages of it). Looking changes nothing.
   */
  streams(tableName) {
    const found = []
    let more
    do {
      const page = this.callSync('ListStreams', { TableName: tableName, ExclusiveStartStreamArn: more })
      found.push(...page.Streams.map((stream) => this.#inspected(stream.StreamArn)))
      more = page.LastEvaluatedStreamArn
    } while (more !== undefined)
    return found
  }

  #inspected(StreamArn) {
    const { LastEvaluatedShardId: last, ...whole } = this.callSync('InspectStream', { StreamArn })
    for (let after = last; after !== undefined; ) {
      const page = this.callSync('InspectStream', { StreamArn, ExclusiveStartShardId: after })
      whole.Shards.push(...page.Shards)
      after = page.LastEvaluatedShardId
    }
    return whole
  }

  /**
   * Configuration with which clients of the AWS SDK for JavaScript v3 work on this database, without a socket:
   * `new DynamoDBClient(db.clientConfig())`, `new DynamoDBStreamsClient(db.clientConfig())`. Members of `overrides` win.
   */
  clientConfig(overrides = {}) {
    return clientConfig(this.#handle.region, (region) => this.#doors(region), overrides)
  }

  /**
   * Leads a client of the AWS SDK for JavaScript v3 that is there already to this database: `db.attach(client)`. The last database counts. Returns the
   * client.
   */
  attach(client) {
    attach(client, this.#handle.region, (region) => this.#doors(region))
    return client
  }

  /** What clients of a region call: by the target header, and by paths. */
  #doors(region) {
    const there = region === this.#handle.region ? this : this.inRegion(region)
    return {
      answer: (target, body) => there.#answerHttp(target, body),
      rest: (...request) => there.#answerPath(...request),
    }
  }

  /**
   * Makes a handler a function by a name, for event source mappings and `invoke`: `db.function('orders', async (event, context) => {...})`.
   * Returns the handler.
   */
  function(name, handler, options) {
    return this.#mapped().register(name, handler, options)
  }

  /** Hands the records of a stream to a function, in batches, as an event source mapping of AWS Lambda does. */
  eventSourceMapping(source, handler, options = {}) {
    return this.#mapped().map(source, handler, options)
  }

  /** Carries out all event source mappings until there is nothing to do; how often a function was invoked. */
  async runUntilIdle(options) {
    return this.#mapped().runUntilIdle(undefined, options)
  }

  /** Invokes a function of this program; what Lambda's Invoke answers, the payload as a value. */
  async invoke(functionName, payload) {
    return this.#mapped().invoke(functionName, payload)
  }

  /** What carries out event source mappings, for programs that run functions in a way of their own. */
  get functions() {
    return this.#mapped()
  }

  #mapped() {
    if (this.#functions === undefined) {
      const worker = this.#handle.openWorker(0)
      this.#functions = new Functions(this, {
        next: (only) => said(this.#handle.workerNext(worker, only)),
        tell: (text) => said(this.#handle.workerTell(worker, text)),
        count: () => worker.count(),
        wait: (known, milliseconds) => worker.wait(known, milliseconds),
        call: () => worker.call(),
      })
    }
    return this.#functions
  }

  /**
   * Replays records of a stream into a table: new images are put, removed items deleted. Each record is applied once, and never after a later
   * one of its item, however often it comes: a table beside it, `<tableName>.applied`, keeps the sequence number of each item's last record.
   * @throws {StreamtableError} ValidationException for a record of another key, or without the image it led to
   */
  apply(tableName, records) {
    const Records = Array.from(records, (record) => (typeof record?.toObject === 'function' ? record.toObject() : record))
    let outcome
    try {
      outcome = withTape({ TableName: tableName, Records }, (tape) => this.#handle.apply(tape.text, tape.words, tape.bytes))
    } catch (error) {
      throw writing(error)
    }
    return answer(outcome)
  }

  /**
   * A database that goes on from this one's present: tables, items, streams, iterators, clock. From then on both are independent.
   *
   * In memory it takes microseconds, whatever there is. A database in a directory needs a `path`, the directory of the fork, which is made.
   * @throws {StreamtableError} ValidationException for a path in memory, none in a directory, or a directory that holds something
   */
  fork(path) {
    return new Database(KEY, given(this.#handle.fork(pathOf(path))), this.#time)
  }

  /**
   * The database as clients of another region see it: with tables, streams, queues, mappings and ARNs of that region, which begins empty when it
   * is first asked for. All regions have one clock, and are copied, forked, put back, reset and closed together; faults, metrics and functions
   * are those of a region. With the option `shareRegions`, and for the region's own name, it is this database again.
   * @throws {StreamtableError} OpenException for what is no name, ValidationException beyond 64 others
   */
  inRegion(region) {
    if (typeof region !== 'string') throw new errors.OpenException('region must be a string')
    return new Database(KEY, given(this.#handle.inRegion(region)), this.#time)
  }

  /** The names of the regions that there are: that of the database itself, then the others in order. */
  get regions() {
    return this.#handle.regions()
  }

  /**
   * The database, which is in memory, at this moment: to fork from it, or to come back to it with `restore`. Takes microseconds.
   * @throws {StreamtableError} ValidationException for a database in a directory
   */
  snapshot() {
    return new Snapshot(KEY, given(this.#handle.snapshot()))
  }

  /**
   * Puts the database back to a snapshot of it, or of a database it was forked from or into: tables, items, streams, clock. The database, its
   * clients and streams go on working; a snapshot can be restored any number of times.
   * @throws {StreamtableError} ValidationException for a database in a directory, or a snapshot of another region or account
   */
  restore(snapshot) {
    if (!(snapshot instanceof Snapshot)) throw new TypeError('restore takes what snapshot() gave')
    const failure = this.#handle.restore(frozenOf(snapshot))
    if (failure != null) answer(failure)
    this.#renewed()
  }

  /**
   * Empties the database: tables, items, streams; a manual clock stands where it stood when the database was opened. The database, its
   * clients and streams go on working.
   * @throws {StreamtableError} ValidationException for a database in a directory
   */
  reset() {
    const failure = this.#handle.reset()
    if (failure != null) answer(failure)
    this.#renewed()
  }

  /** Who follows a stream is woken, and looks at the database as it is now. */
  #renewed() {
    this.#told = undefined
    this.#changes?.call()
    this.#changes = undefined
  }

  /**
   * Closes the database: what it has acknowledged is made safe, promises in flight are settled, and every later call fails with
   * DatabaseClosedException. Closing twice is no error.
   * @throws {StreamtableError} StorageException when the disk failed; the database is closed nevertheless
   */
  close() {
    this.#closed = true
    const failure = this.#handle.close()
    this.#renewed()
    if (failure != null) answer(failure)
  }

  /** Whether `close` was called. */
  get closed() {
    return this.#closed
  }

  #run(operation, input) {
    this.#keepTime()
    return this.#execute(operation, input)
  }

  #execute(operation, input) {
    let outcome
    try {
      outcome = withTape(input, (tape) => this.#handle.call(operation, tape.text, tape.words, tape.bytes))
    } catch (error) {
      throw writing(error)
    }
    return answerTo(outcome, operation, input)
  }

  /** Where the clock is a function: moves the database's to it, and does what falls due. */
  #keepTime() {
    if (this.#time === undefined) return
    const now = momentOf(this.#time())
    if (now === this.#told) return
    this.#told = now
    const behind = now - this.#execute('DescribeClock', {}).Now
    if (behind > 0) this.#execute('AdvanceClock', { Milliseconds: behind })
  }

  /**
   * Runs an operation; what it comes to, an error included, is told when it is on the disk, and in a later turn of the event loop when this one
   * has been long enough: a promise then.
   */
  #begin(operation, input) {
    if (!isDue()) return this.#started(operation, input)
    const turn = nextTurn()
    try {
      return Promise.all([this.#started(operation, input), turn]).then(([answered]) => answered)
    } catch (error) {
      return turn.then(() => {
        throw error
      })
    }
  }

  #started(operation, input) {
    this.#keepTime()
    if (this.#settling === undefined) return this.#execute(operation, input)
    let outcome
    try {
      outcome = withTape(input, (tape) => this.#handle.start(operation, tape.text, tape.words, tape.bytes))
    } catch (error) {
      throw writing(error)
    }
    if (!this.#handle.isPending) return answerTo(outcome, operation, input)
    return this.#settling.wait().then(() => answer(outcome))
  }

  /** A reader of the addon. */
  #openReader(arn, options) {
    this.#keepTime()
    // The engine finds the words for what is no text.
    if (typeof arn !== 'string') this.callSync('DescribeStream', { StreamArn: arn })
    let outcome
    try {
      outcome = withTape(options, (tape) => this.#handle.openReader(String(arn), tape.text, tape.words, tape.bytes))
    } catch (error) {
      throw writing(error)
    }
    return given(outcome)
  }

  /** A request whose operation its path tells; one to invoke a function runs its handler. */
  async #answerPath(method, target, headers, body) {
    this.#keepTime()
    const told = this.#handle.answerPath(method, target, headers, body, randomUUID())
    if (typeof told !== 'string') return told
    const { outcome, payload } = await this.#mapped().answer(JSON.parse(told), body)
    return given(native.finishInvocation(told, outcome, payload))
  }

  #answerHttp(target, body) {
    this.#keepTime()
    if (this.#settling === undefined) return this.#handle.answerHttp(target, body)
    const response = this.#handle.startHttp(target, body)
    if (!this.#handle.isPending) return response
    return this.#settling.wait().then(
      () => response,
      (error) => native.errorHttp(error.name, error.message),
    )
  }

  static {
    handleOf = (database) => database.#handle
  }

  // Every operation twice: as a promise, and on the spot.
  static {
    for (const [name, place] of places) {
      const method = name[0].toLowerCase() + name.slice(1)
      const methods = {
        async [method](input = {}) {
          return this.#begin(place, input)
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
for (const [symbol, dispose] of [
  [Symbol.dispose, function () { this.close() }],
  [Symbol.asyncDispose, async function () { this.close() }],
]) {
  if (symbol !== undefined) Object.defineProperty(Database.prototype, symbol, { value: dispose, configurable: true, writable: true })
}

/** The answer of an operation; an input that was refused is explained. */
function answerTo(outcome, operation, input) {
  try {
    return answer(outcome)
  } catch (error) {
    throw explained(error, names[operation] ?? operation, input)
  }
}

/** A path as text: file URLs are paths, too. */
function pathOf(path) {
  if (path == null) return undefined
  if (typeof path === 'string') return path
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path)
  throw new errors.OpenException('path must be a string or a file URL')
}

/** What the addon knows an operation by. */
function placeOf(operation) {
  if (typeof operation !== 'string') throw new TypeError(`the operation must be a string, not ${typeof operation}`)
  const place = places.get(operation)
  if (place === undefined) throw unknown(operation)
  return place
}

function unknown(operation) {
  const meant = names.find((name) => name.toLowerCase() === operation.toLowerCase())
  return new errors.UnknownOperationException(`${native.unknownOperation(operation)}${meant === undefined ? '' : `; there is ${meant}`}`)
}

/** The text that the addon gave, unless it is an error. */
function said(outcome) {
  return typeof outcome === 'string' ? outcome : answer(outcome)
}

/** What the addon gave, unless it is an error. */
function given(outcome) {
  return outcome.code === undefined ? outcome : answer(outcome)
}

/** The operation of a command object. Newer clients describe it in a schema; in older ones the class has its name, unless a bundler took it. */
function operationOf(command) {
  if (typeof command?.input !== 'object' || command.input === null || typeof command.resolveMiddleware !== 'function') {
    throw new TypeError('send takes a command object of the AWS SDK, such as new PutItemCommand({...})')
  }
  if (command.clientCommand !== undefined) {
    throw new TypeError('commands of the document client need DynamoDBDocumentClient.from(new DynamoDBClient(db.clientConfig()))')
  }
  const [, service, name] = Array.isArray(command.schema) ? command.schema : [0, OWN, command.constructor.name.replace(/Command$/, '')]
  const candidates = service.startsWith(OWN) ? [name] : [prefixOf(service) + name, ...(service === LAMBDA ? [name] : [])]
  const operation = candidates.find((candidate) => places.has(candidate))
  if (operation === undefined) throw unknown(name)
  return operation
}

/** The namespaces of the two services whose operations have their names here, too, and of one some of whose have. */
const OWN = 'com.amazonaws.dynamodb'
const LAMBDA = 'com.amazonaws.lambda'

/** What stands before the operations of another service: `Kinesis` for `com.amazonaws.kinesis`. */
function prefixOf(service) {
  const name = service.split('.').at(-1)
  return name[0].toUpperCase() + name.slice(1)
}

/**
 * Opens a database.
 * @throws {StreamtableError} OpenException for a directory that cannot be opened, an unknown option or one out of range
 */
function open(options = {}) {
  if (options === null || typeof options !== 'object') throw new TypeError('open takes an object such as { clock: "manual" }')
  const { path, now, ...others } = options
  const directory = pathOf(path)
  for (const name of Object.keys(others)) if (others[name] == null) delete others[name]
  if (now != null) others.now = now instanceof Date ? now.getTime() : now
  const time = typeof others.clock === 'function' ? others.clock : undefined
  if (time !== undefined) {
    others.clock = 'manual'
    others.now ??= momentOf(time())
  }
  let outcome
  try {
    outcome = withTape(others, (tape) => native.open(directory, tape.text, tape.words, tape.bytes))
  } catch (error) {
    throw writing(error, errors.OpenException)
  }
  if (outcome.code !== undefined) throw errorOf(outcome)
  return new Database(KEY, outcome, time)
}

module.exports = { Database, Snapshot, StreamtableError, errors, handleOf, open }
