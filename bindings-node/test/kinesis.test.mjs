// Unmodified Kinesis clients of the AWS SDK for JavaScript v3, in this process and over a socket.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import * as kinesis from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { open } from 'streamtable'

const { KinesisClient } = kinesis
const text = new TextDecoder()

async function records(client, StreamName) {
  const at = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }
  const { ShardIterator } = await client.send(new kinesis.GetShardIteratorCommand(at))
  return client.send(new kinesis.GetRecordsCommand({ ShardIterator }))
}

async function works(client) {
  await client.send(new kinesis.CreateStreamCommand({ StreamName: 'feed', ShardCount: 1 }))
  const waited = await kinesis.waitUntilStreamExists({ client, maxWaitTime: 30 }, { StreamName: 'feed' })
  assert.equal(waited.state, 'SUCCESS')
  const record = { StreamName: 'feed', PartitionKey: 'a', Data: new Uint8Array([0, 255]) }
  const put = await client.send(new kinesis.PutRecordCommand(record))
  assert.equal(put.SequenceNumber.length, 56)
  const page = await records(client, 'feed')
  assert.deepEqual([...page.Records[0].Data], [0, 255])
  assert.ok(page.Records[0].ApproximateArrivalTimestamp instanceof Date)
  assert.equal(page.MillisBehindLatest, 0)
  await client.send(new kinesis.DeleteStreamCommand({ StreamName: 'feed' }))
  await assert.rejects(client.send(new kinesis.DescribeStreamCommand({ StreamName: 'feed' })), (error) => {
    assert.ok(error instanceof kinesis.ResourceNotFoundException)
    assert.equal(error.message, 'Stream feed under account 000000000000 not found.')
    return true
  })
  await assert.rejects(client.send(new kinesis.GetRecordsCommand({ ShardIterator: 'made up' })), kinesis.InvalidArgumentException)
}

test('a stream from its creation to its removal', async () => {
  const db = open({ clock: 'manual', seed: 1 })
  await works(new KinesisClient(db.clientConfig()))
  db.close()
})

test('the same over a socket, where HTTP/1.1 is spoken', async () => {
  const root = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url))
  const server = spawn(`${root}/debug/streamtable`, ['serve', '--memory', '--port', '0', '--clock', 'manual'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await once(createInterface(server.stdout), 'line')
    const config = { endpoint: line.replace('listening on ', ''), region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } }
    // This client alone begins with HTTP/2.
    await works(new KinesisClient({ ...config, requestHandler: new NodeHttpHandler() }))
  } finally {
    server.kill()
  }
})

test('a table delivers', async () => {
  const db = open({ clock: 'manual', seed: 1 })
  const client = new KinesisClient(db.clientConfig())
  db.kinesisCreateStreamSync({ StreamName: 'feed', ShardCount: 1 })
  db.createTableSync({
    TableName: 'People', AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], BillingMode: 'PAY_PER_REQUEST',
  })
  const { StreamDescriptionSummary } = db.kinesisDescribeStreamSummarySync({ StreamName: 'feed' })
  db.enableKinesisStreamingDestinationSync({ TableName: 'People', StreamArn: StreamDescriptionSummary.StreamARN })
  db.putItemSync({ TableName: 'People', Item: { id: { S: 'ada' } } })
  const { Records } = await records(client, 'feed')
  const change = JSON.parse(text.decode(Records[0].Data))
  assert.deepEqual([change.eventName, change.dynamodb.NewImage], ['INSERT', { id: { S: 'ada' } }])
  const own = db.kinesisGetShardIteratorSync({ StreamName: 'feed', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' })
  const [record] = db.kinesisGetRecordsSync(own).Records
  assert.ok(record.Data instanceof Uint8Array)
})
