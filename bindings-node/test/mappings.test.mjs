// Event source mappings: handlers of a program that are given the records of streams.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { open } from 'streamtable'
import { NAME, create } from './setup.mjs'

function opened() {
  const db = open({ clock: 'manual', seed: 1 })
  create(db)
  return db
}

const put = (db, ...ids) => ids.forEach((id) => db.putItemSync({ TableName: NAME, Item: { id: { S: id } } }))
const idsOf = (event) => event.Records.map((record) => record.dynamodb.Keys.id.S)

test('a handler is given events as Lambda gives them', async () => {
  const db = opened()
  const seen = []
  db.function('orders', async (event, context) => void seen.push([event, context]), { timeout: 5, versions: ['1'], aliases: { live: '1' } })
  const mapping = db.eventSourceMapping(NAME, 'orders:live', { batchSize: 2 })
  put(db, 'a', 'b', 'c')
  assert.equal(await mapping.runUntilIdle(), 2)
  assert.deepEqual(seen.map(([event]) => idsOf(event)), [['a', 'b'], ['c']])
  const [event, context] = seen[0]
  assert.equal(event.Records[0].eventSource, 'aws:dynamodb')
  assert.equal(context.functionName, 'orders')
  assert.equal(context.functionVersion, '1')
  assert.equal(context.getRemainingTimeInMillis(), 5000)
  assert.equal(context.invokedFunctionArn, 'arn:aws:lambda:us-east-1:000000000000:function:orders:live')
  assert.deepEqual(mapping.explain(event.Records[0]).map((step) => step.what), ['invoked', 'succeeded'])
  assert.equal(mapping.counts.InvokedEventCount, 3)
  assert.deepEqual([mapping.state, mapping.lastProcessingResult], ['Enabled', 'OK'])
  db.close()
})

test('what fails is tried again and told of', async () => {
  const db = opened()
  const [seen, told] = [[], []]
  const handle = (event) => {
    seen.push(idsOf(event))
    if (seen.at(-1).includes('poison')) throw new RangeError('no such order')
  }
  const mapping = db.eventSourceMapping(NAME, handle, { maximumRetryAttempts: 1, bisectBatchOnFunctionError: true, onFailure: (one) => told.push(one) })
  put(db, 'a', 'poison', 'c')
  await mapping.runUntilIdle({ advance: true })
  assert.deepEqual(seen, [['a', 'poison', 'c'], ['a'], ['poison', 'c'], ['poison'], ['poison'], ['c']])
  assert.equal(told.length, 1)
  assert.equal(told[0].requestContext.condition, 'RetryAttemptsExhausted')
  assert.equal(mapping.lastError.message, 'no such order')
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'streamtable-'))
  mapping.update({ onFailure: directory, maximumRetryAttempts: 0 })
  db.deleteItemSync({ TableName: NAME, Key: { id: { S: 'poison' } } })
  await mapping.runUntilIdle({ advance: true })
  const [file] = fs.readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const text = fs.readFileSync(path.join(file.parentPath ?? file.path, file.name), 'utf8')
  assert.deepEqual(idsOf(JSON.parse(JSON.parse(text).payload)), ['poison'])
  fs.rmSync(directory, { recursive: true })
  db.close()
})

test('filters, and what failed run once more', async () => {
  const db = opened()
  const told = []
  let heals = false
  const handle = (event) => {
    if (!heals) throw new RangeError('no such order')
    return idsOf(event)
  }
  const only = (id) => ({ dynamodb: { Keys: { id: { S: [id] } } } })
  const mapping = db.eventSourceMapping(NAME, handle, {
    filters: [only('b'), JSON.stringify(only('d'))], maximumRetryAttempts: 0, onFailure: (failure) => told.push(failure),
  })
  for (const id of ['a', 'b', 'c', 'd']) put(db, id)
  await mapping.runUntilIdle()
  assert.deepEqual([told.length, mapping.counts.FilteredOutEventCount], [1, 2])
  await assert.rejects(mapping.redrive(told[0]), /failed again: RangeError: no such order/)
  heals = true
  assert.deepEqual(await mapping.redrive(told[0]), ['b', 'd'])
  mapping.update({ filters: [only('c')] })
  db.deleteItemSync({ TableName: NAME, Key: { id: { S: 'c' } } })
  assert.equal(await mapping.runUntilIdle(), 1)
  assert.throws(() => mapping.update({ filters: ['not a pattern'] }), /Invalid filter pattern definition/)
  db.close()
})

test('what failed is tried every hour', async () => {
  const db = opened()
  db.sqsCreateQueueSync({ QueueName: 'dead' })
  let isWell = false
  const seen = []
  const handle = (event) => {
    seen.push(idsOf(event))
    if (!isWell) throw new Error('not yet')
  }
  const options = { maximumRetryAttempts: 0, onFailure: 'arn:aws:sqs:us-east-1:000000000000:dead', redriveEvery: 3_600_000 }
  const mapping = db.eventSourceMapping(NAME, handle, options)
  put(db, 'a')
  // The clock is not moved on to it: that would never end.
  assert.equal(await mapping.runUntilIdle({ advance: true }), 1)
  db.clock.advance({ hours: 1 })
  assert.equal(await mapping.runUntilIdle(), 1)
  isWell = true
  db.clock.advance({ hours: 1 })
  assert.equal(await mapping.runUntilIdle(), 1)
  db.clock.advance({ hours: 1 })
  assert.equal(await mapping.runUntilIdle(), 0)
  assert.deepEqual(seen, [['a'], ['a'], ['a']])
  mapping.redriveEvery(undefined)
  assert.throws(() => mapping.redriveEvery(0), /every second at most/)
  db.close()
})

test('background work is woken by writes', async () => {
  const db = opened()
  let done
  const last = new Promise((resolve) => (done = resolve))
  const mapping = db.eventSourceMapping(NAME, (event) => idsOf(event).includes('last') && done()).start()
  put(db, 'first')
  put(db, 'last')
  await last
  await mapping.delete()
  assert.throws(() => mapping.state, { name: 'ResourceNotFoundException' })
  db.close()
})

test('a cascade is named', async () => {
  const db = opened()
  let count = 0
  db.function('again', () => put(db, `again ${++count}`))
  db.eventSourceMapping(NAME, 'again')
  put(db, 'first')
  await assert.rejects(db.runUntilIdle({ limit: 20 }), /function:again seems to write into its own source/)
  db.close()
})

test('functions are invoked by name', async () => {
  const db = opened()
  db.function('double', (event, context, callback) => callback(null, event * 2))
  assert.deepEqual(await db.invoke('double', 21), { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: 42 })
  db.function('fails', async () => Promise.reject(new TypeError('no')))
  const { FunctionError, Payload } = await db.invoke('fails')
  assert.deepEqual([FunctionError, Payload.errorType, Payload.errorMessage], ['Unhandled', 'TypeError', 'no'])
  await assert.rejects(db.invoke('other'), RangeError)
  assert.throws(() => db.eventSourceMapping(NAME, 'double', { bachSize: 1 }), /no option bachSize/)
  db.close()
})

test('clients of Lambda are served by path', async () => {
  const db = opened()
  db.registerFunctionSync({ FunctionName: 'f' })
  const { requestHandler } = db.clientConfig()
  const send = async (method, path, { query, body } = {}) => {
    const { response } = await requestHandler.handle({ method, path, query, headers: {}, body: body && JSON.stringify(body) })
    const text = new TextDecoder().decode(response.body)
    return [response.statusCode, text === '' ? undefined : JSON.parse(text), response.headers['x-amzn-errortype']]
  }
  const mappings = '/2015-03-31/event-source-mappings'
  const EventSourceArn = db.describeTableSync({ TableName: NAME }).Table.LatestStreamArn
  const body = { EventSourceArn, FunctionName: 'f', StartingPosition: 'LATEST', Tags: { a: '1', b: '2' } }
  const [status, made] = await send('POST', mappings, { body })
  assert.deepEqual([status, made.State], [202, 'Creating'])
  const [conflict, told, name] = await send('POST', mappings, { body })
  assert.deepEqual([conflict, told.Type, name], [409, 'User', 'ResourceConflictException'])
  const [, page] = await send('GET', mappings, { query: { FunctionName: 'f', MaxItems: '1' } })
  assert.equal(page.EventSourceMappings[0].UUID, made.UUID)
  const tags = `/2017-03-31/tags/${encodeURIComponent(made.EventSourceMappingArn)}`
  assert.deepEqual(await send('DELETE', tags, { query: { tagKeys: ['a', 'c'] } }), [204, undefined, undefined])
  assert.deepEqual((await send('GET', tags))[1], { Tags: { b: '2' } })
  assert.equal((await send('GET', '/2015-03-31/functions'))[2], 'UnknownOperationException')
  db.close()
})

function withTotals() {
  const db = opened()
  db.createTableSync({
    TableName: 'Totals',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  })
  return db
}

function adds(event, context) {
  for (const id of idsOf(event)) {
    const Item = { id: { S: id }, seal: { B: new Uint8Array([1, 2]) }, seals: { BS: [Buffer.from('a')] } }
    context.transactItems.push({ Put: { TableName: 'Totals', Item, ConditionExpression: 'attribute_not_exists(id)' } })
  }
}

test('effects are kept with the place, once', async () => {
  const db = withTotals()
  const mapping = db.eventSourceMapping(NAME, adds, { exactlyOnce: true })
  put(db, 'a', 'b')
  assert.equal(await mapping.step(), true)
  const { Item } = db.getItemSync({ TableName: 'Totals', Key: { id: { S: 'b' } } })
  assert.deepEqual([...Item.seal.B], [1, 2])
  assert.equal(await mapping.runUntilIdle(), 0)
  assert.equal(mapping.lastError, undefined)
  db.close()
})

test('effects that cannot be are errors of the function', async () => {
  const db = withTotals()
  db.putItemSync({ TableName: 'Totals', Item: { id: { S: 'b' } } })
  const told = []
  const options = { exactlyOnce: true, bisectBatchOnFunctionError: true, maximumRetryAttempts: 0, onFailure: (one) => told.push(one) }
  const mapping = db.eventSourceMapping(NAME, adds, options)
  put(db, 'a', 'b', 'c')
  await mapping.runUntilIdle({ advance: true })
  assert.deepEqual(db.scanSync({ TableName: 'Totals' }).Items.map((item) => item.id.S).sort(), ['a', 'b', 'c'])
  assert.equal(told.length, 1)
  assert.equal(mapping.lastError.name, 'TransactionCanceledException')
  assert.equal(mapping.lastError.CancellationReasons[0].Code, 'ConditionalCheckFailed')
  db.deleteItemSync({ TableName: 'Totals', Key: { id: { S: 'b' } } })
  await mapping.redrive(told[0])
  assert.equal(db.scanSync({ TableName: 'Totals' }).Count, 3)
  const many = (event, context) => {
    for (let n = 0; n < 101; n++) context.transactItems.push({ Delete: { TableName: 'Totals', Key: { id: { S: String(n) } } } })
  }
  const other = db.eventSourceMapping(NAME, many, { exactlyOnce: true, maximumRetryAttempts: 0 })
  await other.runUntilIdle()
  assert.match(other.lastError.message, /101 writes/)
  assert.throws(() => db.eventSourceMapping(NAME, adds, { exactlyOnce: true, reportBatchItemFailures: true }), /reportBatchItemFailures/)
  db.close()
})

test('a promise that takes longer than its function may is a time-out', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const db = open({ seed: 1 })
  create(db)
  let begun
  const running = new Promise((resolve) => (begun = resolve))
  const handle = (event) => {
    begun(event)
    return new Promise(() => {})
  }
  const mapping = db.eventSourceMapping(NAME, handle)
  put(db, 'a')
  const step = mapping.step()
  const [record] = (await running).Records
  await new Promise(setImmediate)
  t.mock.timers.tick(3_000)
  await step
  assert.deepEqual(mapping.explain(record).map(({ what, how }) => how ?? what), ['invoked', 'timed_out'])
  assert.equal(mapping.lastError.name, 'TimeoutError')
  assert.match(mapping.lastError.message, /^RequestId: .+ Error: Task timed out after 3\.00 seconds$/)
  db.close()
})
