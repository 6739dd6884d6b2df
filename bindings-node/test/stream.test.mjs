// Reading change streams: along the lineage, from every start.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errors } from 'streamtable'
import { NAME, create, get, opened, put } from './setup.mjs'

const idsOf = (records) => [...records].map((record) => record.dynamodb.Keys.id.S)
const range = (from, to) => Array.from({ length: to - from }, (_, i) => String(from + i))
const putAll = (db, ids) => ids.forEach((id) => put(db, id))

describe('iteration', () => {
  test('for and for await, over more than one page', async () => {
    const { db, arn } = opened()
    const ids = range(0, 2345)
    putAll(db, ids)
    assert.deepEqual(idsOf(db.stream(arn).records()), ids)
    const found = []
    for await (const record of db.stream(arn).records()) found.push(record.dynamodb.Keys.id.S)
    assert.deepEqual(found, ids)
  })

  test('ends at the end of what is there, and can be left early', async () => {
    const { db, arn } = opened()
    assert.deepEqual(db.stream(arn).records().toArray(), [])
    putAll(db, range(0, 10))
    const records = db.stream(arn).records()
    for (const record of records) if (record.dynamodb.Keys.id.S === '3') break
    assert.deepEqual(records.next(), { value: undefined, done: true })
    for await (const record of db.stream(arn).records()) {
      assert.equal(record.dynamodb.Keys.id.S, '0')
      break
    }
  })

  test('errors in the loop come out and end it', async () => {
    const { db, arn } = opened()
    putAll(db, range(0, 3))
    const mine = new Error('mine')
    await assert.rejects(async () => {
      for await (const _ of db.stream(arn).records()) throw mine
    }, (error) => error === mine)
  })

  test('a limit is of all records', () => {
    const { db, arn } = opened()
    putAll(db, range(0, 1500))
    for (const limit of [0, 1, 999, 1000, 1001, 1500, 9999]) {
      assert.deepEqual(idsOf(db.stream(arn).records({ limit })), range(0, Math.min(limit, 1500)))
    }
  })

  test('LATEST is what is written after the call', () => {
    const { db, arn } = opened()
    putAll(db, range(0, 5))
    const records = db.stream(arn).records({ iteratorType: 'LATEST' })
    putAll(db, range(5, 8))
    assert.deepEqual(idsOf(records), range(5, 8))
    assert.deepEqual(idsOf(db.stream(arn).records({ iteratorType: 'LATEST' })), [])
  })

  test('from a sequence number', () => {
    const { db, arn } = opened()
    putAll(db, range(0, 5))
    const shardId = db.stream(arn).shards()[0].ShardId
    const sequenceNumber = db.stream(arn).records().toArray()[2].dynamodb.SequenceNumber
    const from = (iteratorType) => idsOf(db.stream(arn).records({ shardId, iteratorType, sequenceNumber }))
    assert.deepEqual(from('AT_SEQUENCE_NUMBER'), range(2, 5))
    assert.deepEqual(from('AFTER_SEQUENCE_NUMBER'), range(3, 5))
    assert.throws(() => db.stream(arn).records({ shardId, iteratorType: 'AT_SEQUENCE_NUMBER' }), errors.ValidationException)
    assert.throws(() => db.stream(arn).records({ shardId, sequenceNumber }), errors.ValidationException)
  })

  test('mistakes show at the call', () => {
    const { db, arn } = opened()
    const label = arn.slice(0, -1) + (arn.endsWith('1') ? '2' : '1')
    assert.throws(() => db.stream(label).records(), errors.ResourceNotFoundException)
    assert.throws(() => db.stream('nonsense').records(), errors.ValidationException)
    assert.throws(() => db.stream(arn).records({ shardId: 'shardId-00000000000000000000-00000000' }), errors.ResourceNotFoundException)
    assert.throws(() => db.stream(arn).records({ iteratorType: 'NEWEST' }), errors.ValidationException)
    assert.throws(() => db.stream(arn).records({ colour: 'red' }), TypeError)
    assert.throws(() => db.stream(arn).records({ limit: -1 }), RangeError)
    assert.throws(() => db.stream(arn).records({ limit: '5' }), RangeError)
    assert.throws(() => db.stream(arn).records({ descendants: 1 }), TypeError)
    assert.throws(() => db.stream(arn).records(null), TypeError)
  })
})

describe('lineage', () => {
  test('rolls: parents before children, in the order of the writes', () => {
    const { db, arn } = opened()
    for (let i = 0; i < 5; i++) {
      putAll(db, range(i * 10, i * 10 + 10))
      db.rollShardSync({ TableName: NAME })
    }
    putAll(db, range(50, 53))
    const shards = db.stream(arn).shards()
    assert.equal(shards.length, 6)
    for (let i = 1; i < 6; i++) assert.equal(shards[i].ParentShardId, shards[i - 1].ShardId)
    assert.deepEqual(idsOf(db.stream(arn).records()), range(0, 53))
    assert.deepEqual(idsOf(db.stream(arn).records({ shardId: shards[3].ShardId })), range(30, 53))
    assert.deepEqual(idsOf(db.stream(arn).records({ shardId: shards[3].ShardId, descendants: false })), range(30, 40))
  })

  test('splits: every key in its order, no record twice', () => {
    const { db, arn } = opened({ partitions: 2 })
    for (let round = 0; round < 6; round++) {
      for (let key = 0; key < 40; key++) put(db, `k${key}`, { round: { N: String(round) } })
      if (round % 2 === 0) db.splitShardSync({ TableName: NAME })
    }
    const stream = db.stream(arn)
    const known = new Set()
    for (const shard of stream.shards()) {
      if (shard.ParentShardId !== undefined) assert.ok(known.has(shard.ParentShardId))
      known.add(shard.ShardId)
    }
    const rounds = new Map()
    for (const { dynamodb } of stream.records()) {
      const key = dynamodb.Keys.id.S
      const seen = rounds.get(key) ?? []
      rounds.set(key, seen)
      seen.push(dynamodb.NewImage.round.N)
    }
    assert.equal(rounds.size, 40)
    for (const [key, seen] of rounds) assert.deepEqual(seen, ['0', '1', '2', '3', '4', '5'], key)
  })

  test('shards that close while they are read', () => {
    const { db, arn } = opened()
    putAll(db, range(0, 3))
    const records = db.stream(arn).records()
    const first = records.next().value
    db.rollShardSync({ TableName: NAME })
    putAll(db, range(3, 6))
    assert.deepEqual([first.dynamodb.Keys.id.S, ...idsOf(records)], range(0, 6))
    const latest = db.stream(arn).records({ iteratorType: 'LATEST' })
    put(db, '6')
    db.rollShardSync({ TableName: NAME })
    put(db, '7')
    assert.deepEqual(idsOf(latest), ['6', '7'])
  })

  test('more shards than one answer describes', () => {
    const { db, arn } = opened()
    for (let i = 0; i < 120; i++) {
      put(db, String(i))
      db.rollShardSync({ TableName: NAME })
    }
    const description = db.stream(arn).describe()
    assert.equal(description.Shards.length, 121)
    assert.ok(!('LastEvaluatedShardId' in description))
    assert.deepEqual(idsOf(db.stream(arn).records()), range(0, 120))
  })
})

describe('time', () => {
  test('iterators that expire between two pages are renewed', () => {
    const { db, arn } = opened()
    putAll(db, range(0, 1500))
    const records = db.stream(arn).records()
    const found = []
    for (const record of records) {
      found.push(record.dynamodb.Keys.id.S)
      if (found.length === 700) db.clock.advance({ minutes: 16 })
    }
    assert.deepEqual(found, range(0, 1500))
    const late = db.stream(arn).records()
    db.clock.advance({ minutes: 16 })
    assert.equal(late.toArray().length, 1500)
    const latest = db.stream(arn).records({ iteratorType: 'LATEST' })
    db.clock.advance({ minutes: 16 })
    assert.throws(() => latest.toArray(), errors.ExpiredIteratorException)
  })

  test('records older than a day are gone; those in hand stay', () => {
    const { db, arn } = opened()
    put(db, 'old')
    const [record] = db.stream(arn).records()
    db.clock.advance({ hours: 25 })
    put(db, 'new')
    assert.deepEqual(idsOf(db.stream(arn).records()), ['new'])
    assert.deepEqual(record.dynamodb.NewImage, { id: { S: 'old' } })
  })

  test('a stream that was turned off stays readable', () => {
    const { db, arn } = opened()
    put(db, '1')
    db.updateTableSync({ TableName: NAME, StreamSpecification: { StreamEnabled: false } })
    put(db, '2')
    assert.deepEqual(idsOf(db.stream(arn).records()), ['1'])
    assert.ok(get(db, '2'))
  })
})

describe('a checkpoint', () => {
  test('goes on after the last record, in every shard', async () => {
    const { db, arn } = opened({ partitions: 3 })
    for (let round = 0; round < 4; round++) {
      putAll(db, range(round * 10, round * 10 + 10))
      db.splitShardSync({ TableName: NAME })
    }
    const all = range(0, 40).sort()
    const stream = db.stream(arn)
    const records = stream.records()
    const begun = records.checkpoint
    const found = []
    for (const record of records) {
      found.push(record.dynamodb.Keys.id.S)
      const rest = idsOf(stream.records({ checkpoint: records.checkpoint }))
      assert.deepEqual([...found, ...rest].sort(), all)
    }
    put(db, 'later')
    assert.deepEqual(records.next(), { value: undefined, done: true })
    assert.deepEqual(idsOf(stream.records({ checkpoint: records.checkpoint })), ['later'])
    const awaited = stream.records({ checkpoint: begun, limit: 7 })
    let given = 0
    for await (const record of awaited) given += record === undefined ? 0 : 1
    assert.equal(given, 7)
    const rest = stream.records({ checkpoint: awaited.checkpoint }).toArray()
    assert.equal(rest.length, 34)
    assert.ok(rest.every((record) => stream.shards().some((shard) => shard.ShardId === record.shardId)))
  })

  test('is of one stream, and says where to start by itself', () => {
    const { db, arn } = opened()
    const { checkpoint } = db.stream(arn).records()
    assert.equal(JSON.parse(checkpoint).version, 1)
    assert.throws(() => db.stream(arn).records({ checkpoint, iteratorType: 'LATEST' }), errors.ValidationException)
    assert.throws(() => db.stream(arn).records({ checkpoint: checkpoint.replace('/stream/2', '/stream/3') }), errors.ValidationException)
    for (const wrong of ['', '{}', checkpoint.slice(1), 7]) {
      assert.throws(() => db.stream(arn).records({ checkpoint: wrong }), errors.SerializationException)
    }
  })

  test('whose records are trimmed is an error, or a gap on request', () => {
    const { db, arn } = opened()
    putAll(db, range(0, 2))
    const records = db.stream(arn).records({ limit: 1 })
    assert.deepEqual(idsOf(records), ['0'])
    const { checkpoint } = records
    db.clock.advance({ hours: 25 })
    put(db, 'new')
    assert.throws(() => db.stream(arn).records({ checkpoint }), errors.TrimmedDataAccessException)
    const rest = db.stream(arn).records({ checkpoint, trimmed: 'skip' })
    assert.deepEqual(idsOf(rest), ['new'])
    assert.deepEqual([rest.gaps, records.gaps], [1, 0])
  })

  test('takes the place of a sequence number without its shard', () => {
    const { db, arn } = opened({ partitions: 4 })
    putAll(db, range(0, 10))
    const records = db.stream(arn).records()
    const { shardId, dynamodb } = records.next().value
    const after = { iteratorType: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: dynamodb.SequenceNumber }
    assert.throws(() => db.stream(arn).records(after), errors.ValidationException)
    assert.equal(db.stream(arn).records({ checkpoint: records.checkpoint }).toArray().length, 9)
    assert.ok(db.stream(arn).records({ ...after, shardId }).toArray().length < 9)
  })

  test('may start at a moment', () => {
    const { db, arn } = opened()
    put(db, 'early')
    const moment = db.clock.advance({ minutes: 5 })
    put(db, 'late')
    for (const timestamp of [moment, moment.getTime() / 1000]) {
      assert.deepEqual(idsOf(db.stream(arn).records({ iteratorType: 'AT_TIMESTAMP', timestamp })), ['late'])
    }
  })
})

test('a stream splits and rolls its shards', () => {
  const { db, arn } = opened()
  const stream = db.stream(arn)
  const [{ ShardId }] = stream.shards()
  const split = stream.split(ShardId)
  assert.deepEqual([split.ParentShardId, split.PartitionCount], [ShardId, 2])
  const [rolled] = stream.roll(split.ChildShardIds[0])
  assert.equal(rolled.ParentShardId, split.ChildShardIds[0])
  assert.equal(stream.roll().length, 2)
  assert.throws(() => stream.split(ShardId), errors.ValidationException)
})
