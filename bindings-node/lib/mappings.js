'use strict'
// Functions and event source mappings: handlers of this program that are given the records of streams, as AWS Lambda does it.

const { randomUUID } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { errorOf } = require('./errors.js')
const { lambdaEvent, matchFilters } = require('./tools.js')
const { isDue, nextTurn } = require('./turns.js')

/** How long background work sleeps at most, in milliseconds: it is woken by what is written, changed or closed. */
const LONGEST_SLEEP = 3_600_000

/** What a handler is told of its invocation, as the context object of AWS Lambda. */
class Context {
  #database
  #deadline

  constructor(database, task, writes) {
    if (writes !== undefined) this.transactItems = writes
    const { Function: known, FunctionArn, RequestId, Deadline } = task
    this.#database = database
    this.#deadline = Deadline
    this.callbackWaitsForEmptyEventLoop = true
    this.awsRequestId = RequestId
    this.functionName = known.FunctionName
    this.functionVersion = versionOf(known, FunctionArn)
    this.invokedFunctionArn = FunctionArn
    this.memoryLimitInMB = String(known.MemorySize)
    this.logGroupName = `/aws/lambda/${known.FunctionName}`
    this.logStreamName = `[${this.functionVersion}]${RequestId}`
  }

  /** How long the invocation may still take, on the database's clock. */
  getRemainingTimeInMillis() {
    return Math.max(0, this.#deadline - this.#database.callSync('DescribeClock').Now)
  }
}

/** The version that the qualifier of an ARN means. */
function versionOf(known, arn) {
  const qualifier = arn.split(':')[7] ?? '$LATEST'
  return known.Aliases[qualifier] ?? qualifier
}

/** A function cannot be reached from here. */
class NoHandler extends Error {}

/** A promise of a handler took longer than its function may. */
class TimedOut extends Error {
  name = 'TimeoutError'
}

/** A function behind an emulator has failed; what it told of it. */
class Emulated extends Error {
  constructor(told, payload) {
    super(`${told.errorType}: ${told.errorMessage}`)
    this.payload = payload
  }
}

const encoder = new TextEncoder()

/** The handlers of a database in this program, and what carries out its event source mappings. */
class Functions {
  #database
  #worker
  #handlers = new Map()
  /** By the identity of the mapping: what is told of failures. */
  #sinks = new Map()
  #errors = new Map()
  /** Mappings whose functions' writes are kept with the place. */
  #once = new Set()
  /** Mappings that are carried out in the background, and the loop that does it. */
  #started = new Set()
  #serving

  /** `worker` has next, tell, count, wait and call. */
  constructor(database, worker) {
    this.#database = database
    this.#worker = worker
  }

  /** What to do next, of one mapping or of all: for programs that run functions in a way of their own. */
  next(mapping) {
    return JSON.parse(this.#worker.next(mapping))
  }

  /** Tells what became of that; the answer. */
  tell(what, members) {
    return JSON.parse(this.#worker.tell(JSON.stringify({ Do: what, ...members })))
  }

  register(name, handler, { timeout = 3, memorySize = 128, versions = [], aliases = {} } = {}) {
    if (typeof handler !== 'function') throw new TypeError('a handler is a function')
    const { Function: known } = this.#database.callSync('RegisterFunction', {
      FunctionName: name, TimeoutInSeconds: timeout, MemorySize: memorySize, Versions: versions, Aliases: aliases,
    })
    this.#handlers.set(known.FunctionName, handler)
    return handler
  }

  #nameOf(handler) {
    for (const [name, known] of this.#handlers) if (known === handler) return name
    const plain = handler.name.replace(/[^a-zA-Z0-9_-]/g, '-') || 'handler'
    let name = plain
    for (let count = 2; this.#handlers.has(name); count++) name = `${plain}-${count}`
    this.register(name, handler)
    return name
  }

  map(source, handler, options) {
    const { startingPosition = 'TRIM_HORIZON', reportBatchItemFailures = false, filters = [], onFailure, exactlyOnce = false, redriveEvery, tags = {}, ...others } = options
    if (exactlyOnce && reportBatchItemFailures) {
      throw new TypeError('a mapping that is exactlyOnce keeps all writes of an invocation or none: it takes no reportBatchItemFailures')
    }
    const db = this.#database
    const FunctionName = typeof handler === 'string' ? handler : this.#nameOf(handler)
    const arn = source?.arn ?? source
    const EventSourceArn = arn.startsWith('arn:') ? arn : db.callSync('DescribeTable', { TableName: arn }).Table.LatestStreamArn
    if (EventSourceArn === undefined) throw new TypeError(`the table ${arn} has no stream`)
    const given = parametersOf({ ...others, reportBatchItemFailures, filters })
    if (isArn(onFailure)) given.DestinationConfig = { OnFailure: { Destination: onFailure } }
    const [there] = db.callSync('ListEventSourceMappings', { EventSourceArn, FunctionName }).EventSourceMappings
    const { UUID } = there
      ? db.callSync('UpdateEventSourceMapping', { UUID: there.UUID, ...given })
      : db.callSync('CreateEventSourceMapping', { EventSourceArn, FunctionName, StartingPosition: startingPosition, Tags: tags, ...given })
    if (exactlyOnce) this.#once.add(UUID)
    else this.#once.delete(UUID)
    this.sink(UUID, isArn(onFailure) ? undefined : onFailure)
    const mapping = new EventSourceMapping(this, db, UUID)
    mapping.redriveEvery(redriveEvery)
    return mapping
  }

  sink(uuid, onFailure) {
    if (onFailure === undefined) this.#sinks.delete(uuid)
    else if (typeof onFailure === 'function') this.#sinks.set(uuid, (failure) => onFailure(JSON.parse(failure.Document)))
    else this.#sinks.set(uuid, (failure) => writeObject(onFailure, failure))
    this.tell('DeliverByHost', { UUID: uuid, ByHost: onFailure !== undefined })
  }

  /** Does what is to be done next; what it was. */
  async step(only) {
    if (isDue()) await nextTurn()
    const todo = this.next(only)
    if (todo.Do === 'Invoke') {
      const { Refused } = this.tell('Complete', { Ticket: todo.Ticket, ...(await this.#outcome(todo)) })
      if (Refused !== undefined) {
        const { Code: code, Message: message, Status: status, Details: details } = Refused
        this.#errors.set(todo.UUID, errorOf({ code, message, status }, details))
      }
    }
    if (todo.Do === 'Deliver') {
      const Undelivered = []
      for (const [index, failure] of todo.Failures.entries()) {
        try {
          const sink = this.#sinks.get(todo.UUID)
          if (sink === undefined) throw new Error('nobody is told of failures any more')
          await sink(failure)
        } catch (error) {
          this.#errors.set(todo.UUID, error)
          Undelivered.push(index)
        }
      }
      this.tell('Delivered', { Ticket: todo.Ticket, Undelivered })
    }
    return todo
  }

  async #outcome(todo) {
    const writes = this.writesOf(todo.UUID)
    let Response
    let TransactItems
    try {
      Response = await this.#run(todo, todo.Event, writes)
      TransactItems = plain(writes ?? [])
    } catch (error) {
      if (error instanceof NoHandler) return { Outcome: 'NotInvoked', Reason: error.message }
      if (error instanceof TimedOut) return this.#timedOut(todo)
      this.#errors.set(todo.UUID, error)
      return { Outcome: 'Error' }
    }
    if (this.#now() > todo.Deadline) return this.#timedOut(todo)
    return { Outcome: 'Success', Response, TransactItems }
  }

  /** Keeps what Lambda reports of a function that has not answered in time. One that gives no promise has gone on to its end. */
  #timedOut({ UUID, RequestId, Function: { TimeoutInSeconds } }) {
    const text = `RequestId: ${RequestId} Error: Task timed out after ${TimeoutInSeconds.toFixed(2)} seconds`
    this.#errors.set(UUID, new TimedOut(text))
    return { Outcome: 'TimedOut' }
  }

  /** A list for the writes of an invocation; nothing of a mapping that takes none. */
  writesOf(uuid) {
    return this.#once.has(uuid) ? [] : undefined
  }

  /** Runs a function; its answer as JSON text. What it throws is thrown here. It adds to the writes, if there may be any. */
  async #run(task, event, writes) {
    const known = task.Function
    if (known == null) throw new NoHandler(`Function not found: ${task.FunctionArn}`)
    if (known.Endpoint !== undefined) return emulated(known.Endpoint, event, known.TimeoutInSeconds)
    const handler = this.#handlers.get(known.FunctionName)
    if (handler === undefined) throw new NoHandler(`No program has a handler for ${task.FunctionArn}`)
    const answer = await this.#inTime(task, answerOf(handler, event, new Context(this.#database, task, writes)))
    return answer === undefined ? '' : JSON.stringify(answer)
  }

  /** Waits for an answer until the function's time is over; without end where the program moves the clock. What comes later is dropped. */
  async #inTime(task, answer) {
    const { Now, Mode } = this.#database.callSync('DescribeClock')
    if (Mode === 'manual' || typeof answer?.then !== 'function') return answer
    let timer
    const end = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new TimedOut('the time-out of the function is over')), Math.max(0, task.Deadline - Now))
    })
    try {
      return await Promise.race([answer, end])
    } finally {
      clearTimeout(timer)
    }
  }

  /** Runs a function for a client. Nobody waits for an event; it is run on the spot all the same, once. */
  async answer(task, payload) {
    const told = (outcome, value) => ({ outcome, payload: encoder.encode(value) })
    try {
      const answer = await this.#run(task, payload.length === 0 ? {} : JSON.parse(Buffer.from(payload).toString()))
      return told(this.#now() > task.Deadline ? 'TimedOut' : 'Answered', answer)
    } catch (error) {
      if (error instanceof NoHandler) return told('NotReached', error.message)
      if (error instanceof TimedOut) return told('TimedOut', '')
      return told('Failed', error instanceof Emulated ? error.payload : JSON.stringify(errorPayload(error)))
    }
  }

  async invoke(functionName, payload, writes) {
    const name = functionName.split(':function:').at(-1)
    const [plain] = name.split(':')
    const known = this.#database.callSync('ListRegisteredFunctions').Functions.find((one) => one.FunctionName === plain)
    if (known === undefined) throw new RangeError(`there is no function ${plain}`)
    const FunctionArn = known.FunctionArn + name.slice(plain.length)
    const task = { Function: known, FunctionArn, RequestId: randomUUID(), Deadline: this.#now() + 1000 * known.TimeoutInSeconds }
    const answer = { StatusCode: 200, ExecutedVersion: versionOf(known, FunctionArn) }
    try {
      const text = await this.#run(task, payload, writes)
      return { ...answer, Payload: text === '' ? null : JSON.parse(text) }
    } catch (error) {
      if (error instanceof NoHandler) throw new RangeError(error.message)
      return { ...answer, FunctionError: 'Unhandled', Payload: errorPayload(error) }
    }
  }

  #now() {
    return this.#database.callSync('DescribeClock').Now
  }

  async runUntilIdle(only, { advance = false, limit = 10_000 } = {}) {
    const busy = new Set()
    for (let invocations = 0; ; ) {
      const todo = await this.step(only)
      if (todo.Do === 'Invoke') {
        busy.add(todo.UUID)
        if (++invocations >= limit) throw new Error(this.#tooMany(busy, limit))
      } else if (todo.Do === 'SleepUntil' && advance) {
        this.#database.callSync('AdvanceClock', { Milliseconds: Math.max(1, todo.Moment - this.#now()) })
      } else if (todo.Do !== 'Deliver') {
        // Not moved on to redrives: a failure that fails for ever would move the clock on for ever.
        return invocations
      }
    }
  }

  #tooMany(busy, limit) {
    let text = `the event source mappings are not idle after ${limit} invocations`
    for (const UUID of busy) {
      const { Status } = this.tell('Status', { UUID })
      if (!Status?.Cascades) continue
      const { FunctionArn } = this.#database.callSync('GetEventSourceMapping', { UUID })
      text += `; ${FunctionArn} seems to write into its own source: ${Status.Cascades} times records came while it ran`
    }
    return text
  }

  errorOf(uuid) {
    return this.#errors.get(uuid)
  }

  start(uuid) {
    this.#started.add(uuid)
    this.#serving ??= this.#serve().finally(() => (this.#serving = undefined))
  }

  async stop(uuid) {
    this.#started.delete(uuid)
    this.#worker.call()
    if (this.#started.size === 0) await this.#serving
  }

  async #serve() {
    while (this.#started.size > 0) {
      const known = this.#worker.count()
      let sleep = LONGEST_SLEEP
      try {
        for (const uuid of [...this.#started]) {
          const todo = await this.step(uuid)
          if (todo.Do === 'SleepUntil' || todo.Do === 'RedriveAt') sleep = Math.min(sleep, Math.max(1, todo.Moment - this.#now()))
          else if (todo.Do !== 'Idle') sleep = 0
        }
      } catch (error) {
        if (error.name === 'DatabaseClosedException') return
        throw error
      }
      if (sleep > 0) await this.#worker.wait(known, sleep)
    }
  }
}

/**
 * A stream whose records a function is given. `db.eventSourceMapping(...)` makes one. Nothing runs by itself: `step` and `runUntilIdle` carry it
 * out, `start` does it in the background until `stop`.
 */
class EventSourceMapping {
  #functions
  #database

  constructor(functions, database, uuid) {
    this.#functions = functions
    this.#database = database
    /** The mapping's identity. */
    this.uuid = uuid
  }

  get configuration() {
    return this.#database.callSync('GetEventSourceMapping', { UUID: this.uuid })
  }

  get state() {
    return this.configuration.State
  }

  get lastProcessingResult() {
    return this.configuration.LastProcessingResult
  }

  get counts() {
    const { Status } = this.#functions.tell('Status', { UUID: this.uuid })
    return Status ? { ...Status.Counts, Cascades: Status.Cascades } : {}
  }

  get lag() {
    return this.#functions.tell('Status', { UUID: this.uuid }).Status?.Lag ?? []
  }

  get lastError() {
    return this.#functions.errorOf(this.uuid)
  }

  /** Invokes the function once, or tells of failures, if there is anything to do now; whether there was. */
  async step() {
    const { Do } = await this.#functions.step(this.uuid)
    return Do === 'Invoke' || Do === 'Deliver'
  }

  async runUntilIdle(options) {
    return this.#functions.runUntilIdle(this.uuid, options)
  }

  /** What became of a record, the first first, as far as it is remembered. */
  explain(record) {
    const Record = typeof record === 'string' ? record : (record.sequenceNumber ?? record.dynamodb.SequenceNumber)
    return this.#functions.tell('Explain', { UUID: this.uuid, Record }).Explanations
  }

  update({ onFailure, ...parameters }) {
    const given = parametersOf(parameters)
    if (isArn(onFailure)) given.DestinationConfig = { OnFailure: { Destination: onFailure } }
    else if (onFailure !== undefined) this.#functions.sink(this.uuid, onFailure)
    return this.#database.callSync('UpdateEventSourceMapping', { UUID: this.uuid, ...given })
  }

  /**
   * Runs the function once more with the records of a failure, which is a document that `onFailure` was given, or an object with the payload;
   * what it answers. The records are read again where the failure has no payload. What a function of a mapping that is `exactlyOnce` wants to be
   * written is written in one transaction then, each time that this is called.
   */
  async redrive(failure) {
    const again = () => ({ Records: this.#passing(this.#recordsOf(failure.DDBStreamBatchInfo)) })
    const event = failure.payload === undefined ? again() : JSON.parse(failure.payload)
    const writes = this.#functions.writesOf(this.uuid)
    const { FunctionError, Payload } = await this.#functions.invoke(this.configuration.FunctionArn, event, writes)
    if (FunctionError !== undefined) throw new Error(`the function failed again: ${Payload.errorType}: ${Payload.errorMessage}`)
    if (writes?.length > 0) this.#database.callSync('TransactWriteItems', { TransactItems: writes })
    return Payload
  }

  /** Has what was given up given to the function again in such intervals, in milliseconds, from now on; undefined for no more. */
  redriveEvery(milliseconds) {
    if (milliseconds === undefined) {
      this.#functions.tell('RedriveEvery', { UUID: this.uuid })
      return
    }
    const place = this.configuration.DestinationConfig?.OnFailure?.Destination ?? ''
    if (!['sqs', 's3'].includes(place.split(':')[2])) {
      throw new TypeError('failures are given to the function again from a queue or bucket of the database: name its ARN as onFailure')
    }
    // 0 would be no more of it, which nobody means who gives a number.
    this.#functions.tell('RedriveEvery', { UUID: this.uuid, Milliseconds: Math.max(milliseconds, 1) })
  }

  /** The records that the filters let pass: between those that failed there may be others. */
  #passing(records) {
    const patterns = this.configuration.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? []
    if (patterns.length === 0) return records
    const matches = matchFilters(patterns, records)
    return records.filter((_, at) => matches[at].length > 0)
  }

  #recordsOf({ streamArn: StreamArn, shardId: ShardId, startSequenceNumber: SequenceNumber, endSequenceNumber }) {
    const from = { StreamArn, ShardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber }
    const found = []
    let { ShardIterator } = this.#database.callSync('GetShardIterator', from)
    while (ShardIterator !== undefined) {
      const { Records, NextShardIterator } = this.#database.callSync('GetRecords', { ShardIterator })
      for (const record of lambdaEvent(Records, StreamArn).Records) {
        found.push(record)
        if (BigInt(record.dynamodb.SequenceNumber) >= BigInt(endSequenceNumber)) return found
      }
      ShardIterator = NextShardIterator
    }
    return found
  }

  async delete() {
    await this.stop()
    this.#database.callSync('DeleteEventSourceMapping', { UUID: this.uuid })
  }

  /** Carries the mapping out in the background, woken by what is written, until `stop`. */
  start() {
    this.#functions.start(this.uuid)
    return this
  }

  /** Ends that, after the invocation that is running. */
  async stop() {
    await this.#functions.stop(this.uuid)
  }
}

const PARAMETERS = {
  batchSize: 'BatchSize',
  maximumBatchingWindowInSeconds: 'MaximumBatchingWindowInSeconds',
  parallelizationFactor: 'ParallelizationFactor',
  bisectBatchOnFunctionError: 'BisectBatchOnFunctionError',
  maximumRetryAttempts: 'MaximumRetryAttempts',
  maximumRecordAgeInSeconds: 'MaximumRecordAgeInSeconds',
  tumblingWindowInSeconds: 'TumblingWindowInSeconds',
  enabled: 'Enabled',
}

function parametersOf({ filters, reportBatchItemFailures, ...options }) {
  const given = {}
  if (filters !== undefined) {
    const patterns = filters.map((pattern) => (typeof pattern === 'string' ? pattern : JSON.stringify(pattern)))
    given.FilterCriteria = { Filters: patterns.map((Pattern) => ({ Pattern })) }
  }
  if (reportBatchItemFailures !== undefined) given.FunctionResponseTypes = reportBatchItemFailures ? ['ReportBatchItemFailures'] : []
  for (const [name, value] of Object.entries(options)) {
    if (!(name in PARAMETERS)) throw new TypeError(`an event source mapping has no option ${name}`)
    if (value !== undefined) given[PARAMETERS[name]] = value
  }
  return given
}

/** A value as JSON has it: bytes as base64 text. */
function plain(value) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Set) return Array.from(value, plain)
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}

function isArn(place) {
  return typeof place === 'string' && place.startsWith('arn:')
}

/** Calls a handler as Lambda does: with a promise, a value, or a callback where it takes three arguments. */
function answerOf(handler, event, context) {
  if (handler.length < 3) return handler(event, context)
  return new Promise((resolve, reject) => {
    const answer = handler(event, context, (error, value) => (error == null ? resolve(value) : reject(error)))
    if (typeof answer?.then === 'function') answer.then(resolve, reject)
  })
}

/** What Lambda tells of an exception of a handler. */
function errorPayload(error) {
  return { errorType: error?.name ?? typeof error, errorMessage: error?.message ?? String(error), trace: String(error?.stack ?? '').split('\n') }
}

/** Writes a failure as the object that a bucket would get. */
function writeObject(directory, failure) {
  const file = path.join(directory, ...failure.Key.split('/'))
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, failure.Object)
}

/** Invokes a function behind a runtime interface emulator. */
async function emulated(endpoint, event, seconds) {
  const url = `${endpoint.replace(/\/$/, '')}/2015-03-31/functions/function/invocations`
  let answer
  try {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(event), signal: AbortSignal.timeout(1000 * seconds) })
    answer = await response.text()
  } catch (error) {
    throw new NoHandler(`${endpoint} cannot be reached: ${error.message}`)
  }
  const told = parsed(answer)
  if (told?.errorType !== undefined && told.errorMessage !== undefined) throw new Emulated(told, answer)
  return answer
}

/** The value of a JSON text; nothing for another text. */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

module.exports = { EventSourceMapping, Functions }
