'use strict'
// Reading a change stream as a person would: record after record, along the lineage of its shards. The engine's reader follows the lineage.

const { recordsOf } = require('./records.js')
const { isDue, nextTurn } = require('./turns.js')

/** Most records the service gives at once. */
const PAGE = 1000

const OPTIONS = ['checkpoint', 'descendants', 'iteratorType', 'limit', 'sequenceNumber', 'shardId', 'timestamp', 'trimmed']

/** A change stream. `db.stream(arn)` makes one. */
class Stream {
  #source

  /** `source` has the ways to the database: `call`, `open`, `read`, `changes`, and `start`, `isPending` and `wait` where calls wait for a disk. */
  constructor(arn, source) {
    /** The stream's ARN. */
    this.arn = arn
    this.#source = source
  }

  /** The stream's description, with all its shards. */
  describe() {
    const description = this.#describePage(undefined)
    let page = description
    while (page.LastEvaluatedShardId !== undefined) {
      page = this.#describePage(page.LastEvaluatedShardId)
      description.Shards.push(...(page.Shards ?? []))
    }
    delete description.LastEvaluatedShardId
    return description
  }

  #describePage(after) {
    return this.#source.call('DescribeStream', { StreamArn: this.arn, ExclusiveStartShardId: after }).StreamDescription
  }

  /** The stream's shards, parents before children. */
  shards() {
    return parentsFirst(this.describe().Shards ?? [])
  }

  /**
   * Splits the partition of an open shard, or the widest one: the shard closes and two children open, as the service does by itself.
   * @throws {StreamtableError} ResourceNotFoundException: no such stream or shard; ValidationException: the shard is closed, or the stream off
   */
  split(shardId) {
    return this.#source.call('SplitShard', { TableName: this.arn, ShardId: shardId })
  }

  /**
   * Closes an open shard, or all of them, each with one child in its place, as the service does every few hours.
   * @throws {StreamtableError} as `split`
   */
  roll(shardId) {
    return this.#source.call('RollShard', { TableName: this.arn, ShardId: shardId }).Successions
  }

  /**
   * The stream's records up to what is there now: parent shards before their children, each shard in order. Both `for await` and `for`
   * take the result, once. What is written while the iteration runs may be part of it.
   *
   * @param {object} [options]
   * @param {string} [options.iteratorType] where to start in the first shards, as GetShardIterator has it; `'TRIM_HORIZON'` when absent.
   *   With `'LATEST'` the iteration is of what was written after this call.
   * @param {string} [options.shardId] start at this shard and go on with its descendants; all shards when absent
   * @param {string} [options.sequenceNumber] the record to start at or after, for the types that need one. It is a place in one shard:
   *   without `shardId` it is refused where the stream has or had several
   * @param {Date | number} [options.timestamp] the moment to start at, a date or epoch seconds, for `'AT_TIMESTAMP'`
   * @param {boolean} [options.descendants] whether to go on with the shards that continue `shardId`; true when absent
   * @param {number} [options.limit] at most this many records in all
   * @param {string} [options.checkpoint] go on where other records stood, in place of all above but `limit`
   * @param {'fail' | 'skip'} [options.trimmed] what to do where records grew older than 24 hours before they were read: fail (when absent),
   *   or go on with what is left and count it in `gaps`
   * @throws {StreamtableError} ResourceNotFoundException: no such stream or shard; TrimmedDataAccessException: a position older than 24 h;
   *   ValidationException: options that contradict each other, or a checkpoint of another stream
   */
  records(options = {}) {
    // The first iterators are taken here, so that mistakes show at the call and "latest" means now.
    return new Records(this.#source, this.#source.open(checked(options)))
  }

  /**
   * The stream's records, those that are there and those that are written from then on, for `for await`. It ends when the signal is aborted, or when the
   * stream is turned off and read to its end.
   *
   * @param {object} [options] as those of `records`, without `limit`, and
   * @param {AbortSignal} [options.signal] ends the iteration
   * @throws {StreamtableError} as `records`
   */
  follow({ signal, ...options } = {}) {
    if (signal !== undefined && typeof signal?.addEventListener !== 'function') throw new TypeError('signal must be an AbortSignal')
    if ('limit' in options) throw new TypeError('follow has no limit; leave the loop instead')
    return new Followed(this.#source, this.#source.open(checked(options)), signal)
  }
}

/** What `follow` gives: iterable once, by `for await`. */
class Followed {
  #source
  #reader
  #signal
  /** The records up to what is there: those of one round. */
  #records
  #gaps = 0

  constructor(source, reader, signal) {
    this.#source = source
    this.#reader = reader
    this.#signal = signal
    this.#records = new Records(source, reader)
  }

  get checkpoint() {
    return this.#records.checkpoint
  }

  get gaps() {
    return this.#gaps + this.#records.gaps
  }

  async *[Symbol.asyncIterator]() {
    const wake = () => this.#source.changes().call()
    this.#signal?.addEventListener('abort', wake)
    try {
      while (!this.#signal?.aborted) {
        const changes = this.#source.changes()
        const known = changes.count()
        for await (const record of this.#records) {
          yield record
          if (this.#signal?.aborted) return
        }
        if (this.#reader.isFinished) return
        await changes.wait(known)
        this.#gaps += this.#records.gaps
        this.#records = new Records(this.#source, this.#reader)
      }
    } finally {
      this.#signal?.removeEventListener('abort', wake)
    }
  }
}

/** What `records` gives: iterable once, by `for` or by `for await`. */
class Records {
  #source
  #reader
  #batch
  #page = []
  /** How many records of the page were given. */
  #given = 0
  #gaps = 0
  #done = false

  constructor(source, reader) {
    this.#source = source
    this.#reader = reader
  }

  /** Where to go on after the record that was given last, in all shards: a text to keep, for `records({ checkpoint })`. */
  get checkpoint() {
    return this.#given < this.#page.length ? this.#batch.checkpoint(this.#given) : this.#reader.checkpoint
  }

  /** How often records were trimmed before they could be read; only ever above 0 with `trimmed: 'skip'`. */
  get gaps() {
    return this.#gaps
  }

  next() {
    while (this.#isRead) this.#turn(this.#source.read(this.#reader, PAGE))
    return this.#step()
  }

  return(value) {
    this.#done = true
    return { value, done: true }
  }

  throw(error) {
    this.#done = true
    throw error
  }

  [Symbol.iterator]() {
    return this
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (;;) {
        while (this.#isRead) await this.#readOn()
        if (this.#done) return
        yield this.#page[this.#given++]
        if (isDue()) await nextTurn()
      }
    } finally {
      this.#done = true
    }
  }

  /** Reads another page, not holding up the event loop to wait for a disk. */
  async #readOn() {
    const { start, read, isPending, wait } = this.#source
    if (start === undefined) {
      this.#turn(read(this.#reader, PAGE))
      return
    }
    try {
      this.#turn(start(this.#reader, PAGE))
    } finally {
      if (isPending()) await wait()
    }
  }

  /** All records that are left. */
  toArray() {
    return [...this]
  }

  /** Whether the page was given wholly, so that another one has to be read for the next record. */
  get #isRead() {
    return !this.#done && this.#given === this.#page.length
  }

  /** Goes on with another page of records; one without any is the end, unless it tells of a gap. */
  #turn(batch) {
    this.#batch = batch
    this.#page = recordsOf(batch)
    this.#given = 0
    if (batch.gap) this.#gaps++
    else if (this.#page.length === 0) this.#done = true
  }

  #step() {
    if (this.#done) return { value: undefined, done: true }
    return { value: this.#page[this.#given++], done: false }
  }
}

function checked(options) {
  if (options === null || typeof options !== 'object') throw new TypeError('records takes an object such as { limit: 10 }')
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) throw new TypeError(`${name} is no option of records; there are ${OPTIONS.join(', ')}`)
  }
  const { limit, descendants, timestamp } = options
  if (limit !== undefined && !(limit === Infinity || (Number.isSafeInteger(limit) && limit >= 0))) {
    throw new RangeError('limit must be a whole number of records, 0 or more')
  }
  if (descendants !== undefined && typeof descendants !== 'boolean') throw new TypeError('descendants must be true or false')
  const moment = timestamp instanceof Date ? timestamp.getTime() / 1000 : timestamp
  return { ...options, timestamp: moment, limit: limit === Infinity ? undefined : limit }
}

/** Shards in an order in which no child stands before its parent; a parent that is gone by age counts as read. */
function parentsFirst(shards) {
  const byId = new Map(shards.map((shard) => [shard.ShardId, shard]))
  const ordered = new Set()
  for (const shard of shards) {
    const line = []
    for (let step = shard; step !== undefined && !ordered.has(step); step = byId.get(step.ParentShardId)) line.push(step)
    for (const step of line.reverse()) ordered.add(step)
  }
  return [...ordered]
}

module.exports = { Stream }
