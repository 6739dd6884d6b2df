// Loops of awaited calls let the event loop come round: timers fire, others are served.
import assert from 'node:assert/strict'
import { stat } from 'node:fs'
import { describe, test } from 'node:test'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams'
import { NAME, opened, put } from './setup.mjs'

const Key = { id: { S: '1' } }

/** Repeats `work` until a file was looked up; a loop that lets nobody else have a turn ends by its count, and fails. */
async function untilOthersAreServed(work, most) {
  let isOver = false
  stat(import.meta.url, () => (isOver = true))
  let count = 0
  for (; !isOver && count < most; count++) await work()
  assert.ok(isOver, `nobody else was served in ${count} calls`)
}

describe('others are served in a loop of', () => {
  test('operations', async () => {
    const { db } = opened()
    put(db, '1')
    await untilOthersAreServed(() => db.getItem({ TableName: NAME, Key }), 200_000)
    await untilOthersAreServed(() => db.call('GetItem', { TableName: NAME, Key }), 200_000)
  })

  test('operations that fail', async () => {
    const { db } = opened()
    await untilOthersAreServed(() => db.getItem({ TableName: 'Missing', Key }).catch(() => {}), 200_000)
  })

  test('SDK calls', async () => {
    const { db, arn } = opened()
    put(db, '1')
    const client = new DynamoDBClient(db.clientConfig())
    await untilOthersAreServed(() => client.send(new GetItemCommand({ TableName: NAME, Key })), 20_000)
    const streams = new DynamoDBStreamsClient(db.clientConfig())
    const { ShardId } = db.stream(arn).shards()[0]
    const { ShardIterator } = db.getShardIteratorSync({ StreamArn: arn, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
    await untilOthersAreServed(() => streams.send(new GetRecordsCommand({ ShardIterator })), 20_000)
  })

  test('records', async () => {
    const { db, arn } = opened()
    for (let i = 0; i < 1000; i++) put(db, String(i % 10), { n: { N: String(i) } })
    let isOver = false
    setImmediate(() => (isOver = true))
    for (let round = 0; round < 200 && !isOver; round++) {
      for await (const record of db.stream(arn).records()) if (isOver || record.dynamodb.NewImage === undefined) break
    }
    assert.ok(isOver)
  })
})

test('every SDK call lets a turn of the event loop pass', async () => {
  const { db } = opened()
  put(db, '1')
  const client = new DynamoDBClient(db.clientConfig())
  let turns = 0
  let isOver = false
  const count = () => {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  for (let i = 0; i < 20; i++) await client.send(new GetItemCommand({ TableName: NAME, Key }))
  isOver = true
  assert.ok(turns >= 20, `${turns} turns`)
})

test('calls that are given way for keep their order and their answers', async () => {
  const { db } = opened()
  const found = await Promise.all(Array.from({ length: 3000 }, async (_, i) => {
    await db.putItem({ TableName: NAME, Item: { id: { S: 'x' }, n: { N: String(i) } } })
    return i
  }))
  assert.equal(found.length, 3000)
  assert.equal((await db.getItem({ TableName: NAME, Key: { id: { S: 'x' } } })).Item.n.N, '2999')
})
