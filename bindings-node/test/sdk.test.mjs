// Unmodified clients of the AWS SDK for JavaScript v3, in this process.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import zlib from 'node:zlib'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as streams from '@aws-sdk/client-dynamodb-streams'
import * as lib from '@aws-sdk/lib-dynamodb'
import { errors, open } from 'streamtable'
import { NAME, get, opened, put } from './setup.mjs'

const { DynamoDBClient } = dynamodb
const { DynamoDBStreamsClient } = streams
const Key = { id: { S: '1' } }

describe('DynamoDBClient', () => {
  test('creates, waits, writes and reads', async () => {
    const db = open({ clock: 'manual', seed: 1, controlPlaneDelay: 1000 })
    const client = new DynamoDBClient(db.clientConfig())
    const created = await client.send(
      new dynamodb.CreateTableCommand({
        TableName: NAME,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    )
    assert.equal(created.TableDescription.TableStatus, 'CREATING')
    assert.ok(created.TableDescription.CreationDateTime instanceof Date)
    assert.equal(created.$metadata.httpStatusCode, 200)
    assert.match(created.$metadata.requestId, /^[0-9a-f-]{36}$/)
    db.clock.advance({ seconds: 1 })
    const waited = await dynamodb.waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: NAME })
    assert.equal(waited.state, 'SUCCESS')
    const Item = { ...Key, b: { B: new Uint8Array([1, 2, 255]) }, bs: { BS: [new Uint8Array([7])] }, t: { S: 'ä€😀' }, n: { N: '1.50' } }
    await client.send(new dynamodb.PutItemCommand({ TableName: NAME, Item }))
    const found = await client.send(new dynamodb.GetItemCommand({ TableName: NAME, Key }))
    assert.deepEqual([...found.Item.b.B], [1, 2, 255])
    assert.deepEqual([...found.Item.bs.BS[0]], [7])
    assert.deepEqual([found.Item.t, found.Item.n], [{ S: 'ä€😀' }, { N: '1.5' }])
    const deleted = await client.send(new dynamodb.DeleteTableCommand({ TableName: NAME }))
    assert.equal(deleted.TableDescription.TableStatus, 'DELETING')
    db.clock.advance({ seconds: 1 })
    assert.equal((await dynamodb.waitUntilTableNotExists({ client, maxWaitTime: 30 }, { TableName: NAME })).state, 'SUCCESS')
    client.destroy()
    assert.deepEqual(db.listTablesSync(), { TableNames: [] }, 'the database outlives its clients')
  })

  test('errors are the modelled exceptions', async () => {
    const { db } = opened()
    put(db, '1', { a: { S: 'x' } })
    const client = new DynamoDBClient(db.clientConfig())
    await assert.rejects(client.send(new dynamodb.GetItemCommand({ TableName: 'Missing', Key })), (error) => {
      assert.ok(error instanceof dynamodb.ResourceNotFoundException)
      assert.equal(error.message, 'Requested resource not found')
      assert.equal(error.$metadata.httpStatusCode, 400)
      return true
    })
    const failing = { TableName: NAME, Item: Key, ConditionExpression: 'attribute_not_exists(id)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
    await assert.rejects(client.send(new dynamodb.PutItemCommand(failing)), (error) => {
      assert.ok(error instanceof dynamodb.ConditionalCheckFailedException)
      assert.deepEqual(error.Item, { ...Key, a: { S: 'x' } })
      return true
    })
    await assert.rejects(client.send(new dynamodb.PutItemCommand({ TableName: NAME, Item: {} })), { name: 'ValidationException' })
    const invented = new dynamodb.ListTablesCommand({})
    const renamed = (next) => (args) => {
      args.request.headers['x-amz-target'] = 'DynamoDB_20120810.Invented'
      return next(args)
    }
    invented.middlewareStack.add(renamed, { step: 'build' })
    await assert.rejects(client.send(invented), { name: 'UnknownOperationException' })
    db.close()
    await assert.rejects(client.send(new dynamodb.ListTablesCommand({})), { name: 'DatabaseClosedException' })
  })

  test('paginators', async () => {
    const { db } = opened()
    for (let i = 0; i < 25; i++) put(db, String(i))
    const client = new DynamoDBClient(db.clientConfig())
    let pages = 0
    const ids = new Set()
    for await (const page of dynamodb.paginateScan({ client, pageSize: 10 }, { TableName: NAME })) {
      pages += 1
      for (const item of page.Items) ids.add(item.id.S)
    }
    assert.deepEqual([pages, ids.size], [3, 25])
    const names = []
    for await (const page of dynamodb.paginateListTables({ client }, {})) names.push(...page.TableNames)
    assert.deepEqual(names, [NAME])
  })

  test('however it is configured: aggregated client, regions, account endpoints, signing', async () => {
    const { db } = opened()
    const client = new dynamodb.DynamoDB(db.clientConfig())
    assert.deepEqual((await client.listTables({})).TableNames, [NAME])
    const overrides = [
      { region: async () => 'us-east-1' },
      { endpoint: undefined },
      { endpoint: undefined, accountIdEndpointMode: 'required', credentials: { accessKeyId: 'a', secretAccessKey: 'b', accountId: '123456789012' } },
      { endpoint: undefined, useFipsEndpoint: true, useDualstackEndpoint: true },
      { endpoint: 'https://example.invalid:8443/path' },
      { signer: undefined },
      { maxAttempts: 1, retryMode: 'adaptive' },
    ]
    for (const override of overrides) {
      const other = new DynamoDBClient(db.clientConfig(override))
      assert.deepEqual((await other.send(new dynamodb.ListTablesCommand({}))).TableNames, [NAME], JSON.stringify(override))
    }
  })

  test('several databases at once', async () => {
    const databases = Array.from({ length: 4 }, () => opened().db)
    const clients = databases.map((db) => new DynamoDBClient(db.clientConfig()))
    const puts = clients.flatMap((client, i) =>
      Array.from({ length: 20 }, (_, j) => client.send(new dynamodb.PutItemCommand({ TableName: NAME, Item: { id: { S: `${i}-${j}` } } }))),
    )
    await Promise.all(puts)
    for (const [i, db] of databases.entries()) {
      const ids = db.scanSync({ TableName: NAME }).Items.map((item) => item.id.S)
      assert.equal(ids.length, 20)
      assert.ok(ids.every((id) => id.startsWith(`${i}-`)))
    }
  })

  test('requests that were given up do nothing', async () => {
    const { db } = opened()
    const client = new DynamoDBClient(db.clientConfig())
    const abort = new AbortController()
    abort.abort()
    await assert.rejects(client.send(new dynamodb.PutItemCommand({ TableName: NAME, Item: Key }), { abortSignal: abort.signal }), { name: 'AbortError' })
    assert.equal(get(db, '1'), undefined)
    await client.send(new dynamodb.PutItemCommand({ TableName: NAME, Item: Key }), { abortSignal: new AbortController().signal })
    assert.ok(get(db, '1'))
  })
})

describe('DynamoDBDocumentClient', () => {
  test('plain values, sets and bytes', async () => {
    const { db } = opened()
    const client = lib.DynamoDBDocumentClient.from(new DynamoDBClient(db.clientConfig()))
    const Item = { id: '1', n: 5, t: true, z: null, l: [1, 'x', { deep: [] }], s: new Set(['a', 'b']), b: Buffer.from('bytes') }
    await client.send(new lib.PutCommand({ TableName: NAME, Item }))
    const { Item: found } = await client.send(new lib.GetCommand({ TableName: NAME, Key: { id: '1' } }))
    assert.deepEqual({ ...found, b: Buffer.from(found.b).toString() }, { ...Item, b: 'bytes' })
    const updated = await client.send(
      new lib.UpdateCommand({ TableName: NAME, Key: { id: '1' }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': 1 }, ReturnValues: 'UPDATED_NEW' }),
    )
    assert.deepEqual(updated.Attributes, { n: 6 })
    const queried = await client.send(
      new lib.QueryCommand({ TableName: NAME, KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': '1' } }),
    )
    assert.equal(queried.Items[0].n, 6)
    const pages = []
    for await (const page of lib.paginateScan({ client }, { TableName: NAME })) pages.push(page.Items.length)
    assert.deepEqual(pages, [1])
    const { Attributes } = await client.send(new lib.DeleteCommand({ TableName: NAME, Key: { id: '1' }, ReturnValues: 'ALL_OLD' }))
    assert.equal(Attributes.id, '1')
  })
})

describe('a client that is there already', () => {
  const put = (client, id) => client.send(new dynamodb.PutItemCommand({ TableName: NAME, Item: { id: { S: id } } }))

  test('is led to the last database it was attached to', async () => {
    // As a module makes it when it is loaded: for a server, or for the service.
    const client = new DynamoDBClient({ region: 'us-east-1', endpoint: 'http://localhost:1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
    const documents = lib.DynamoDBDocumentClient.from(client)
    const [one, other] = [opened().db, opened().db]
    assert.equal(one.attach(client), client)
    await put(client, '1')
    await documents.send(new lib.PutCommand({ TableName: NAME, Item: { id: '2' } }))
    assert.equal(one.scanSync({ TableName: NAME }).Count, 2)
    other.attach(documents)
    await put(client, '3')
    await assert.rejects(client.send(new dynamodb.PutItemCommand({ TableName: NAME, Item: Key, ConditionExpression: 'attribute_exists(id)' })), dynamodb.ConditionalCheckFailedException)
    assert.deepEqual([one.scanSync({ TableName: NAME }).Count, other.scanSync({ TableName: NAME }).Count], [2, 1])
  })

  test('keeps its region, and needs neither region nor credentials', async () => {
    const db = open({ clock: 'manual' })
    const before = { ...process.env }
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) delete process.env[name]
    Object.assign(process.env, { AWS_CONFIG_FILE: '/nowhere/config', AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials' })
    try {
      await db.attach(new DynamoDBClient({})).send(new dynamodb.ListTablesCommand({}))
      const elsewhere = db.attach(new DynamoDBClient({ region: 'eu-west-1' }))
      const { TableDescription } = await elsewhere.send(
        new dynamodb.CreateTableCommand({
          TableName: NAME,
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      )
      assert.match(TableDescription.TableArn, /:eu-west-1:/)
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
      Object.assign(process.env, before)
    }
    for (const wrong of [undefined, null, {}, { config: {} }, db]) assert.throws(() => db.attach(wrong), TypeError)
  })
})

describe('DynamoDBStreamsClient', () => {
  test('reads a stream', async () => {
    const { db, arn } = opened()
    for (let i = 0; i < 5; i++) put(db, String(i), { b: { B: new Uint8Array([i]) } })
    const client = new DynamoDBStreamsClient(db.clientConfig())
    const { Streams } = await client.send(new streams.ListStreamsCommand({}))
    assert.deepEqual(Streams.map((stream) => stream.StreamArn), [arn])
    const { StreamDescription } = await client.send(new streams.DescribeStreamCommand({ StreamArn: arn }))
    const ShardId = StreamDescription.Shards[0].ShardId
    const { ShardIterator } = await client.send(new streams.GetShardIteratorCommand({ StreamArn: arn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }))
    const { Records } = await client.send(new streams.GetRecordsCommand({ ShardIterator }))
    assert.deepEqual(Records.map((record) => record.dynamodb.Keys.id.S), ['0', '1', '2', '3', '4'])
    assert.deepEqual([...Records[3].dynamodb.NewImage.b.B], [3])
    assert.ok(Records[0].dynamodb.ApproximateCreationDateTime instanceof Date)
    db.clock.advance({ minutes: 16 })
    await assert.rejects(client.send(new streams.GetRecordsCommand({ ShardIterator })), (error) => error instanceof streams.ExpiredIteratorException)
  })

  test('operations answer under their own service only', async () => {
    const { requestHandler } = opened().db.clientConfig()
    for (const target of ['DynamoDB_20120810.ListStreams', 'DynamoDBStreams_20120810.ListTables', 'ListTables', '', '.', 'DynamoDB_20120810.', 'DynamoDB_20120810.ListTables.x']) {
      const { response } = await requestHandler.handle({ headers: { 'x-amz-target': target }, body: '{}' })
      assert.equal(response.statusCode, 400)
      assert.match(Buffer.from(response.body).toString(), /UnknownOperationException/)
    }
  })
})

describe('send', () => {
  test('takes command objects', async () => {
    const { db } = opened()
    await db.send(new dynamodb.PutItemCommand({ TableName: NAME, Item: Key }))
    const found = await db.send(new dynamodb.GetItemCommand({ TableName: NAME, Key }))
    assert.deepEqual(found, { Item: Key, $metadata: { httpStatusCode: 200 } })
    assert.equal((await db.send(new streams.ListStreamsCommand({}))).Streams.length, 1)
    await assert.rejects(db.send(new dynamodb.GetItemCommand({ TableName: 'Missing', Key })), errors.ResourceNotFoundException)
    await assert.rejects(db.send(new lib.PutCommand({ TableName: NAME, Item: { id: '1' } })), /DynamoDBDocumentClient/)
    for (const command of [undefined, null, {}, { input: {} }, 5, 'x', class PutItemCommand {}]) await assert.rejects(db.send(command), TypeError)
  })
})

describe('the handler', () => {
  test('answers with checksum, id and length, whatever the body came as', async () => {
    const { db } = opened()
    const { requestHandler } = db.clientConfig()
    const text = JSON.stringify({ TableName: NAME })
    async function* parts() {
      yield text.slice(0, 5)
      yield Buffer.from(text.slice(5))
    }
    const bytes = new TextEncoder().encode(text)
    const ids = new Set()
    for (const body of [text, bytes, bytes.buffer, new DataView(bytes.buffer), parts()]) {
      const { response } = await requestHandler.handle({ headers: { 'X-Amz-Target': 'DynamoDB_20120810.DescribeTable' }, body })
      assert.equal(response.statusCode, 200)
      assert.equal(response.headers['content-length'], String(response.body.length))
      assert.equal(response.headers['content-type'], 'application/x-amz-json-1.0')
      // Newer than the first Node.js 20.
      if (zlib.crc32 !== undefined) assert.equal(Number(response.headers['x-amz-crc32']), zlib.crc32(response.body))
      assert.equal(JSON.parse(Buffer.from(response.body).toString()).Table.TableName, NAME)
      ids.add(response.headers['x-amzn-requestid'])
    }
    assert.equal(ids.size, 5)
  })

  test('bodies that are no request get the answer of the service', async () => {
    const { requestHandler } = opened().db.clientConfig()
    for (const body of [undefined, '', '{', '[]', 'null', '5', '{"TableName":5}', new Uint8Array([0xff, 0xfe]), '[['.repeat(50_000), '{} {}']) {
      const { response } = await requestHandler.handle({ headers: { 'x-amz-target': 'DynamoDB_20120810.DescribeTable' }, body })
      assert.equal(response.statusCode, 400, String(body).slice(0, 20))
      assert.match(JSON.parse(Buffer.from(response.body).toString()).__type, /#(Serialization|Validation)Exception$/)
    }
    const { response } = await requestHandler.handle({ body: '{}' })
    assert.match(Buffer.from(response.body).toString(), /UnknownOperationException/)
  })

  test('keeps what the SDK tells it', () => {
    const { requestHandler } = opened().db.clientConfig()
    requestHandler.updateHttpClientConfig('requestTimeout', 5)
    assert.deepEqual(requestHandler.httpHandlerConfigs(), { requestTimeout: 5 })
    requestHandler.destroy()
  })
})
