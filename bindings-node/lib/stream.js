'use strict'
// Reading a change stream as a person would: record after record, along the lineage of its shards.

const { errors } = require('./errors.js')

/** Most records the service gives at once. */
const PAGE = 1000

const OPTIONS = ['iteratorType', 'shardId', 'sequenceNumber', 'descendants', 'limit']

/** A change stream. `db.stream(arn)` makes one. */
class Stream {
  #call
  #read
  #started

  /** `started` has the same two without waiting for a disk, and says whether that is due; absent where no call waits. */
  constructor(arn, call, read, started) {
    /** The stream's ARN. */
    this.arn = arn
    this.#call = call
    this.#read = read
    this.#started = started
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
    return this.#call('DescribeStream', { StreamArn: this.arn, ExclusiveStartShardId: after }).StreamDescription
  }

  /** The stream's shards, parents before children. */
  shards() {
    return parentsFirst(this.describe().Shards ?? [])
  }

  /**
   * The stream's records up to what is there now: parent shards before their children, each shard in order. Both `for await` and `for`
   * take the result, once. What is written while the iteration runs may be part of it.
   *
   * @param {object} [options]
   * @param {string} [options.iteratorType] where to start in the first shards, as GetShardIterator has it; `'TRIM_HORIZON'` when absent.
   *   With `'LATEST'` the iteration is of what was written after this call.
   * @param {string} [options.shardId] start at this shard and go on with its descendants; all shards when absent
   * @param {string} [options.sequenceNumber] the record to start at or after, for the types that need one
   * @param {boolean} [options.descendants] whether to go on with the shards that continue the first ones; true when absent
   * @param {number} [options.limit] at most this many records in all
   * @throws {StreamtableError} ResourceNotFoundException: no such stream or shard; TrimmedDataAccessException: a position older than 24 h
   */
  records(options = {}) {
    const { iteratorType = 'TRIM_HORIZON', shardId, sequenceNumber, descendants = true, limit = Infinity } = checked(options)
    // Iterators are taken at the call, so that mistakes show here and "latest" means now.
    const readers = this.#firstShards(shardId, iteratorType).map((id) => this.#reader(id, iteratorType, sequenceNumber))
    if (this.#started === undefined) return new Records(this.#follow(readers, descendants, limit))
    // Whether to wait on the spot shows at the first record that is asked for.
    const source = new Source(this.#call, this.#read, this.#started)
    const stream = new Stream(this.arn, source.call, source.read)
    for (const reader of readers) reader.readWith(source.call, source.read)
    return new Records(stream.#follow(readers, descendants, limit), source)
  }

  #firstShards(shardId, iteratorType) {
    if (shardId != null) return [shardId]
    const shards = this.shards()
    return (iteratorType === 'LATEST' ? shards.filter(isOpen) : shards).map((shard) => shard.ShardId)
  }

  #reader(shardId, iteratorType, sequenceNumber) {
    return new ShardReader(this.arn, shardId, iteratorType, sequenceNumber, this.#call, this.#read)
  }

  *#follow(readers, descendants, limit) {
    let left = limit
    const seen = new Set()
    const ended = new Set()
    while (readers.length > 0) {
      for (const reader of readers) {
        seen.add(reader.shardId)
        while (left > 0) {
          const page = reader.page(Math.min(left, PAGE))
          if (page.length === 0) break
          left -= page.length
          yield* page
        }
        if (left === 0) return
        if (reader.ended) ended.add(reader.shardId)
      }
      readers = descendants ? this.#children(ended, seen) : []
    }
  }

  /**
   * Readers of the shards that continue those read to their end. A shard that is still open may get records before its children do, so
   * theirs are not for this iteration.
   */
  #children(ended, seen) {
    return this.shards()
      .filter((shard) => ended.has(shard.ParentShardId) && !seen.has(shard.ShardId))
      .map((shard) => this.#reader(shard.ShardId, 'TRIM_HORIZON', undefined))
  }
}

/** One shard, read page by page. */
class ShardReader {
  #arn
  #iterator
  #last
  #fromStart
  #call
  #read

  constructor(arn, shardId, iteratorType, sequenceNumber, call, read) {
    this.#arn = arn
    this.shardId = shardId
    this.readWith(call, read)
    this.#fromStart = iteratorType === 'TRIM_HORIZON'
    this.#iterator = this.#take(iteratorType, sequenceNumber)
  }

  /** Goes on with other ways to the same database. */
  readWith(call, read) {
    this.#call = call
    this.#read = read
  }

  #take(type, number) {
    const input = { StreamArn: this.#arn, ShardId: this.shardId, ShardIteratorType: type, SequenceNumber: number }
    return this.#call('GetShardIterator', input).ShardIterator
  }

  /** The next records; none at the end of what is there. */
  page(limit) {
    while (this.#iterator !== undefined) {
      let page
      try {
        page = this.#read({ ShardIterator: this.#iterator, Limit: limit })
      } catch (error) {
        this.#renew(error)
        continue
      }
      this.#iterator = page.next
      if (page.records.length > 0) {
        this.#last = page.records.at(-1)
        return page.records
      }
      if (this.#iterator !== undefined) return []
    }
    return []
  }

  /** Whether the shard is closed and read to its end. */
  get ended() {
    return this.#iterator === undefined
  }

  /** Takes an iterator for one that grew older than 15 minutes between two pages, at the same place. */
  #renew(error) {
    if (!(error instanceof errors.ExpiredIteratorException)) throw error
    if (this.#last !== undefined) {
      this.#iterator = this.#take('AFTER_SEQUENCE_NUMBER', this.#last.dynamodb.SequenceNumber)
    } else if (this.#fromStart) {
      this.#iterator = this.#take('TRIM_HORIZON', undefined)
    } else {
      throw error
    }
  }
}

/** The ways to a database whose calls wait for a disk: on the spot for `for`, on another thread for `for await`. */
class Source {
  #waits = false

  constructor(call, read, started) {
    /** Whether what was started is waited for elsewhere. */
    this.elsewhere = false
    this.wait = started.wait
    const through = (start, run) => (...parts) => {
      if (!this.elsewhere) return run(...parts)
      try {
        return start(...parts)
      } finally {
        this.#waits ||= started.isPending()
      }
    }
    this.call = through(started.call, call)
    this.read = through(started.read, read)
  }

  /** Whether something was started since the last question that has to be waited for. */
  takePending() {
    const waits = this.#waits
    this.#waits = false
    return waits
  }
}

/** What `records` gives: iterable once, by `for` or by `for await`. */
class Records {
  #records
  #source

  constructor(records, source) {
    this.#records = records
    this.#source = source
  }

  next() {
    return this.#records.next()
  }

  return(value) {
    return this.#records.return(value)
  }

  throw(error) {
    return this.#records.throw(error)
  }

  [Symbol.iterator]() {
    return this
  }

  async *[Symbol.asyncIterator]() {
    if (this.#source === undefined) return yield* this.#records
    this.#source.elsewhere = true
    try {
      for (;;) {
        let step
        try {
          step = this.#records.next()
        } finally {
          if (this.#source.takePending()) await this.#source.wait()
        }
        if (step.done) return
        yield step.value
      }
    } finally {
      this.#records.return()
    }
  }

  /** All records that are left. */
  toArray() {
    return [...this]
  }
}

function checked(options) {
  if (options === null || typeof options !== 'object') throw new TypeError('records takes an object such as { limit: 10 }')
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) throw new TypeError(`${name} is no option of records; there are ${OPTIONS.join(', ')}`)
  }
  const { limit, descendants } = options
  if (limit !== undefined && !(limit === Infinity || (Number.isSafeInteger(limit) && limit >= 0))) {
    throw new RangeError('limit must be a whole number of records, 0 or more')
  }
  if (descendants !== undefined && typeof descendants !== 'boolean') throw new TypeError('descendants must be true or false')
  return options
}

function isOpen(shard) {
  return shard.SequenceNumberRange.EndingSequenceNumber === undefined
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
