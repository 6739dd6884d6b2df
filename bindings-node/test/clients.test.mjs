// What functions of AWS Lambda stand on, unchanged: Middy, Powertools for TypeScript, clients of the SDK, in-process and over a socket.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as lambda from '@aws-sdk/client-lambda'
import * as s3 from '@aws-sdk/client-s3'
import * as sns from '@aws-sdk/client-sns'
import * as sqs from '@aws-sdk/client-sqs'
import middy from '@middy/core'
import { open } from 'streamtable'
import { NAME, TABLE, create, put } from './setup.mjs'

function opened() {
  const db = open({ clock: 'manual', seed: 1 })
  const { LatestStreamArn: arn } = create(db)
  return { db, arn }
}

test('handlers with Middy', async () => {
  const { db } = opened()
  const seen = []
  const trace = (name) => ({
    before: async ({ event, context }) => void seen.push([name, 'before', event.Records.length, context.functionName]),
    after: async () => void seen.push([name, 'after']),
    onError: async ({ error }) => void seen.push([name, 'error', error.message]),
  })
  const handler = middy()
    .use(trace('a'))
    .handler(async (event) => {
      if (event.Records.some((record) => record.dynamodb.Keys.id.S === 'poison')) throw new RangeError('no such order')
    })
  db.function('orders', handler)
  const mapping = db.eventSourceMapping(NAME, 'orders', { batchSize: 1, maximumRetryAttempts: 0 })
  put(db, 'good')
  put(db, 'poison')
  await mapping.runUntilIdle({ advance: true })
  assert.deepEqual(seen, [['a', 'before', 1, 'orders'], ['a', 'after'], ['a', 'before', 1, 'orders'], ['a', 'error', 'no such order']])
  assert.equal(mapping.lastError.message, 'no such order')
  db.close()
})

test('batch processors of Powertools tell which records failed', async () => {
  const { db } = opened()
  const seen = []
  const processor = new BatchProcessor(EventType.DynamoDBStreams)
  const one = async (record) => {
    const id = record.dynamodb.NewImage.id.S
    seen.push(id)
    if (id === 'b' && seen.filter((other) => other === 'b').length === 1) throw new Error('once')
  }
  const handler = async (event, context) => processPartialResponse(event, one, processor, { context })
  const mapping = db.eventSourceMapping(NAME, handler, { reportBatchItemFailures: true })
  for (const id of ['a', 'b', 'c']) put(db, id)
  await mapping.runUntilIdle({ advance: true })
  assert.deepEqual(seen, ['a', 'b', 'c', 'b', 'c'])
  assert.equal(mapping.lastProcessingResult, 'OK')
  db.close()
})

/** The life of a mapping and of a message, by whichever way the clients are served. */
async function works(config, EventSourceArn) {
  const mappings = new lambda.LambdaClient(config)
  const made = await mappings.send(new lambda.CreateEventSourceMappingCommand({ EventSourceArn, FunctionName: 'f', StartingPosition: 'LATEST', Tags: { a: '1' } }))
  assert.equal(made.State, 'Creating')
  const { UUID } = made
  const found = []
  for await (const page of lambda.paginateListEventSourceMappings({ client: mappings }, { FunctionName: 'f' })) found.push(...page.EventSourceMappings)
  assert.deepEqual(found.map((one) => one.UUID), [UUID])
  const { Tags } = await mappings.send(new lambda.ListTagsCommand({ Resource: made.EventSourceMappingArn }))
  assert.deepEqual(Tags, { a: '1' })
  const updated = await mappings.send(new lambda.UpdateEventSourceMappingCommand({ UUID, BatchSize: 7 }))
  assert.equal(updated.BatchSize, 7)
  await mappings.send(new lambda.DeleteEventSourceMappingCommand({ UUID }))
  await assert.rejects(mappings.send(new lambda.GetEventSourceMappingCommand({ UUID })), lambda.ResourceNotFoundException)

  const queues = new sqs.SQSClient(config)
  const { QueueUrl } = await queues.send(new sqs.CreateQueueCommand({ QueueName: 'dead' }))
  await queues.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'hello' }))
  const { Messages } = await queues.send(new sqs.ReceiveMessageCommand({ QueueUrl }))
  assert.deepEqual(Messages.map(({ Body }) => Body), ['hello'])
  await queues.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0].ReceiptHandle }))
  await assert.rejects(queues.send(new sqs.GetQueueUrlCommand({ QueueName: 'none' })), sqs.QueueDoesNotExist)

  const topics = new sns.SNSClient(config)
  const { TopicArn } = await topics.send(new sns.CreateTopicCommand({ Name: 'told', Tags: [{ Key: 'a', Value: 'b & c' }] }))
  assert.deepEqual((await topics.send(new sns.ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags, [{ Key: 'a', Value: 'b & c' }])
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:dead'
  const Attributes = { FilterPolicy: JSON.stringify({ kind: ['a+b'] }) }
  const { SubscriptionArn } = await topics.send(new sns.SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }))
  await topics.send(new sns.PublishCommand({ TopicArn, Message: 'not asked for' }))
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'a+b' }, bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) } }
  const published = await topics.send(new sns.PublishCommand({ TopicArn, Message: 'ü <1>', MessageAttributes }))
  const told = await queues.send(new sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
  const bodies = told.Messages.map(({ Body }) => JSON.parse(Body))
  assert.deepEqual(bodies.map(({ MessageId, Message, MessageAttributes: { bytes } }) => [MessageId, Message, bytes.Value]), [[published.MessageId, 'ü <1>', 'AQI=']])
  assert.ok(published.$metadata.requestId)
  const listed = []
  for await (const page of sns.paginateListSubscriptions({ client: topics }, {})) listed.push(...page.Subscriptions)
  assert.deepEqual(listed.map((one) => one.SubscriptionArn), [SubscriptionArn])
  await topics.send(new sns.UnsubscribeCommand({ SubscriptionArn }))
  await topics.send(new sns.DeleteTopicCommand({ TopicArn }))
  await assert.rejects(topics.send(new sns.PublishCommand({ TopicArn, Message: 'x' })), sns.NotFoundException)
  await assert.rejects(topics.send(new sns.ListTagsForResourceCommand({ ResourceArn: TopicArn })), sns.ResourceNotFoundException)

  const buckets = new s3.S3Client(config)
  const [Bucket, Key] = ['dead', 'a/ü & <1>']
  await buckets.send(new s3.CreateBucketCommand({ Bucket }))
  assert.deepEqual((await buckets.send(new s3.ListBucketsCommand())).Buckets.map(({ Name }) => Name), [Bucket])
  await buckets.send(new s3.PutObjectCommand({ Bucket, Key, Body: 'hello', Metadata: { of: 'me' } }))
  const { ContentLength } = await buckets.send(new s3.HeadObjectCommand({ Bucket, Key }))
  assert.equal(ContentLength, 5)
  const { Body, Metadata } = await buckets.send(new s3.GetObjectCommand({ Bucket, Key }))
  assert.deepEqual([await Body.transformToString(), Metadata], ['hello', { of: 'me' }])
  const { Contents } = await buckets.send(new s3.ListObjectsV2Command({ Bucket, Prefix: 'a/' }))
  assert.deepEqual(Contents.map((object) => object.Key), [Key])
  await assert.rejects(buckets.send(new s3.GetObjectCommand({ Bucket, Key: 'none' })), s3.NoSuchKey)
  await buckets.send(new s3.DeleteObjectCommand({ Bucket, Key }))
  await buckets.send(new s3.DeleteBucketCommand({ Bucket }))
}

test('clients of Lambda, SQS, SNS and S3 in-process', async () => {
  const { db, arn } = opened()
  db.registerFunctionSync({ FunctionName: 'f' })
  await works(db.clientConfig(), arn)
  db.close()
})

test('clients of Lambda, SQS, SNS and S3 over a socket', async () => {
  const root = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url))
  const server = spawn(`${root}/debug/streamtable`, ['serve', '--memory', '--port', '0', '--clock', 'manual'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await once(createInterface(server.stdout), 'line')
    const endpoint = line.replace('listening on ', '')
    const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } }
    const headers = { 'x-amz-target': 'Streamtable_20261120.RegisterFunction', 'content-type': 'application/x-amz-json-1.0', authorization: 'any' }
    const registered = await fetch(endpoint, { method: 'POST', headers, body: '{"FunctionName":"f"}' })
    assert.equal(registered.status, 200)
    const { TableDescription } = await new DynamoDBClient(config).send(new CreateTableCommand({ ...TABLE }))
    // The SDK asks queues at their URL; one that names another host is taken for a place of its own.
    await works({ ...config, useQueueUrlAsEndpoint: false, forcePathStyle: true }, TableDescription.LatestStreamArn)
  } finally {
    server.kill()
  }
})
