// `streams`: all pages of what is seen of streams, as one list.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { open } from 'streamtable'
import { create, put } from './setup.mjs'

test('all streams and all shards', () => {
  const db = open({ clock: 'manual', seed: 1, partitions: 101 })
  create(db, { TableName: 'Orders', StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } })
  create(db, { TableName: 'People', StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } })
  db.putItemSync({ TableName: 'Orders', Item: { id: { S: 'a' } } })
  const [orders, people] = db.streams()
  assert.deepEqual([orders.TableName, people.TableName], ['Orders', 'People'])
  assert.deepEqual([orders.Shards.length, people.Shards.length], [101, 101])
  assert.equal(new Set(orders.Shards.map((shard) => shard.ShardId)).size, 101)
  assert.equal(orders.Shards.reduce((sum, shard) => sum + shard.RecordCount, 0), 1)
  assert.ok(!('LastEvaluatedShardId' in orders))
  assert.deepEqual(db.streams('People'), [people])
  assert.deepEqual(db.streams('Nobody'), [])
})
