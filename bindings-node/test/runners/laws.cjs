'use strict'
// What holds in every test runner. Each gives its own `test`, `expect` and fake timers.

const { open } = require('streamtable')

const TableName = 'Orders'

function changes() {
  const db = open({ clock: 'manual', seed: 1 })
  const { LatestStreamArn } = db.createTableSync({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  }).TableDescription
  db.putItemSync({ TableName, Item: { id: { S: '1' }, bytes: { B: new Uint8Array([1, 2]) } } })
  db.deleteItemSync({ TableName, Key: { id: { S: '1' } } })
  const [{ ShardId }] = db.stream(LatestStreamArn).shards()
  const { ShardIterator } = db.getShardIteratorSync({ StreamArn: LatestStreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
  return { lazy: db.stream(LatestStreamArn).records().toArray(), plain: db.getRecordsSync({ ShardIterator }).Records }
}

module.exports = ({ test, expect, fake }) => {
  test('fake timers drive the database, and do not stop it', async () => {
    fake.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') })
    try {
      const db = open({ clock: () => Date.now() })
      db.createTableSync({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      })
      fake.advanceTimersByTime(3_600_000)
      expect(db.clock.now().toISOString()).toBe('2026-01-01T01:00:00.000Z')
      // Far more than a millisecond of awaited calls, and an answer that always waits for the next turn.
      for (let i = 0; i < 2000; i++) await db.putItem({ TableName, Item: { id: { S: String(i) } } })
      const { response } = await db.clientConfig().requestHandler.handle({ headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' }, body: '{}' })
      expect(response.statusCode).toBe(200)
    } finally {
      fake.useRealTimers()
    }
  })

  test('records are told apart', () => {
    const [insert, remove] = changes().lazy
    for (const [one, other] of [[insert, remove], [insert, {}], [remove.dynamodb, insert.dynamodb], [insert.dynamodb, {}]]) {
      expect(one).not.toEqual(other)
      expect(one).not.toStrictEqual(other)
    }
  })

  test('records equal what they are, bytes and dates included', () => {
    const { lazy, plain } = changes()
    expect(lazy).toEqual(plain)
    expect(lazy).toStrictEqual(plain)
    expect(lazy[0].dynamodb.NewImage).toStrictEqual({ id: { S: '1' }, bytes: { B: new Uint8Array([1, 2]) } })
    expect(lazy[0].dynamodb.ApproximateCreationDateTime).toBeInstanceOf(Date)
    expect({ ...lazy[1] }).toStrictEqual(plain[1])
    expect(lazy[0]).toMatchObject({ eventName: 'INSERT', dynamodb: { NewImage: { id: { S: '1' } } } })
    expect(lazy[0]).not.toMatchObject({ eventName: 'INSERT', dynamodb: { NewImage: { id: { S: '2' } } } })
    expect(lazy[0].dynamodb).toHaveProperty('NewImage.id.S', '1')
  })
}
