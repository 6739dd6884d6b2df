// Change records are what they look like: plain objects, however they are compared, printed, copied or passed on.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { NAME, create, opened, put } from './setup.mjs'

/** Records of all three kinds with values of every type, as `records` gives them and as `getRecords` answers them. */
function both(db, arn) {
  const { ShardId } = db.stream(arn).shards()[0]
  const { ShardIterator } = db.getShardIteratorSync({ StreamArn: arn, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
  return { lazy: db.stream(arn).records().toArray(), plain: db.getRecordsSync({ ShardIterator }).Records }
}

function changed(options) {
  const { db, arn } = opened(options)
  put(db, '1', { b: { B: new Uint8Array([1, 2]) }, bs: { BS: [new Uint8Array([3])] }, l: { L: [{ NULL: true }, { BOOL: false }] } })
  put(db, '1', { n: { N: '5' }, __proto__: null, ['__proto__']: { S: 'own' } })
  db.deleteItemSync({ TableName: NAME, Key: { id: { S: '1' } } })
  return { db, arn, ...both(db, arn) }
}

describe('a record', () => {
  test('is equal to what getRecords answers, and to nothing else', () => {
    const { lazy, plain } = changed()
    assert.deepEqual(plain.map((record) => record.eventName), ['INSERT', 'MODIFY', 'REMOVE'])
    assert.deepStrictEqual(lazy, plain)
    const [insert, modify, remove] = lazy
    for (const [one, other] of [[insert, remove], [insert, modify], [insert, {}], [insert.dynamodb, remove.dynamodb], [modify.dynamodb, {}]]) {
      assert.notDeepStrictEqual(one, other)
      assert.notDeepEqual(one, other)
    }
    const wrong = structuredClone(plain[1])
    wrong.dynamodb.NewImage.n.N = '6'
    assert.notDeepStrictEqual(modify, wrong)
  })

  test('has the members it has, and the images of its view', () => {
    const { db, lazy, plain } = changed()
    for (const [i, record] of lazy.entries()) {
      assert.deepEqual(Object.keys(record), Object.keys(plain[i]))
      assert.deepEqual(Object.keys(record.dynamodb), Object.keys(plain[i].dynamodb))
      assert.equal(Object.getPrototypeOf(record), Object.prototype)
    }
    assert.equal('OldImage' in lazy[0].dynamodb, false)
    assert.equal('NewImage' in lazy[2].dynamodb, false)
    for (const [view, images] of [['KEYS_ONLY', []], ['NEW_IMAGE', ['NewImage']], ['OLD_IMAGE', ['OldImage']]]) {
      const { LatestStreamArn } = create(db, { TableName: view, StreamSpecification: { StreamEnabled: true, StreamViewType: view } })
      for (const n of ['1', '2']) db.putItemSync({ TableName: view, Item: { id: { S: '1' }, n: { N: n } } })
      const { lazy, plain } = both(db, LatestStreamArn)
      assert.deepStrictEqual(lazy, plain)
      assert.deepEqual(Object.keys(lazy[1].dynamodb).filter((name) => name.endsWith('Image')), images)
    }
  })

  test('of an expired item tells the service', () => {
    const { db, arn } = opened()
    db.updateTimeToLiveSync({ TableName: NAME, TimeToLiveSpecification: { Enabled: true, AttributeName: 'ttl' } })
    put(db, '1', { ttl: { N: String(Math.floor(db.clock.now().getTime() / 1000) + 10) } })
    db.clock.advance({ hours: 2 })
    const { lazy, plain } = both(db, arn)
    assert.equal(lazy.length, 2)
    assert.deepStrictEqual(lazy, plain)
    assert.equal(lazy[1].userIdentity.Type, 'Service')
    assert.equal('userIdentity' in lazy[0], false)
  })

  test('is spread, cloned, serialised and printed as what it is', () => {
    const copies = {
      spread: (record) => ({ ...record, dynamodb: { ...record.dynamodb } }),
      assign: (record) => Object.assign({}, record),
      entries: (record) => Object.fromEntries(Object.entries(record)),
      structuredClone: (record) => structuredClone(record),
      v8: (record) => deserialize(serialize(record)),
      frozen: (record) => (Object.freeze(record.dynamodb), Object.freeze(record)),
      toObject: (record) => record.toObject(),
    }
    for (const [name, copy] of Object.entries(copies)) {
      const { lazy, plain } = changed()
      assert.deepStrictEqual(lazy.map((record) => copy(record)), plain, name)
    }
    const { lazy, plain } = changed()
    assert.equal(JSON.stringify(lazy), JSON.stringify(plain))
    for (const options of [{}, { depth: 9 }, { depth: 0 }, { compact: false, depth: 4 }, { showHidden: false, getters: true, depth: 5 }]) {
      assert.equal(inspect(lazy[1], options), inspect(plain[1], options))
      assert.equal(inspect(lazy[1].dynamodb, options), inspect(plain[1].dynamodb, options))
    }
  })

  test('is changed as a plain object is', () => {
    const [record, other] = changed().lazy
    record.dynamodb.NewImage = { id: { S: 'mine' } }
    record.eventName = 'MODIFY'
    other.dynamodb.OldImage.id.S = 'changed inside'
    assert.deepEqual([record.eventName, record.dynamodb.NewImage], ['MODIFY', { id: { S: 'mine' } }])
    assert.equal(other.dynamodb.OldImage.id.S, 'changed inside')
    delete record.dynamodb.NewImage
    assert.equal('NewImage' in record.dynamodb, false)
    const heir = Object.create(other.dynamodb)
    assert.equal(heir.OldImage.id.S, 'changed inside')
  })

  test('gives the same objects at every look, and copies of its own', () => {
    const [record] = changed().lazy
    assert.equal(record.dynamodb.NewImage, record.dynamodb.NewImage)
    assert.equal(record.dynamodb.Keys, record.dynamodb.Keys)
    assert.notEqual(record.toObject().dynamodb, record.toObject().dynamodb)
    assert.ok(record.dynamodb.ApproximateCreationDateTime instanceof Date)
  })

  test('tells its shard and its place, which are no part of it', () => {
    const { db, arn } = opened({ partitions: 3 })
    for (let i = 0; i < 30; i++) {
      put(db, String(i))
      if (i % 7 === 0) db.rollShardSync({ TableName: NAME })
    }
    const stream = db.stream(arn)
    const records = stream.records().toArray()
    assert.equal(records.length, 30)
    const ids = records.map((record) => record.dynamodb.Keys.id.S)
    for (const [i, record] of records.entries()) {
      assert.ok(stream.shards().some((shard) => shard.ShardId === record.shardId))
      // Asked for when all is read, it is the place after this record nevertheless.
      const rest = stream.records({ checkpoint: record.checkpoint }).toArray().map((next) => next.dynamodb.Keys.id.S)
      assert.deepEqual([...ids.slice(0, i + 1), ...rest].toSorted(), ids.toSorted())
      assert.deepEqual(Object.keys(record).filter((name) => ['shardId', 'checkpoint', 'toObject'].includes(name)), [])
    }
  })
})
