// Invoke: functions of this program, called by clients of AWS Lambda; and what became of records, asserted.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { test } from 'node:test'
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { open, testing } from 'streamtable'
import { NAME, create, put } from './setup.mjs'

function opened() {
  const db = open({ clock: 'manual', seed: 1 })
  create(db)
  return { db, client: new LambdaClient(db.clientConfig({ maxAttempts: 1 })) }
}

const payloadOf = (answer) => JSON.parse(Buffer.from(answer.Payload).toString())

test('a handler answers Invoke', async () => {
  const { db, client } = opened()
  const seen = []
  db.function('orders', async (event, context) => (seen.push([event, context]), { total: 3 }), { versions: ['1'], aliases: { live: '1' } })
  const answer = await client.send(new InvokeCommand({ FunctionName: 'orders', Qualifier: 'live', Payload: JSON.stringify({ a: 1 }), LogType: 'Tail' }))
  assert.deepEqual(payloadOf(answer), { total: 3 })
  assert.deepEqual([answer.StatusCode, answer.ExecutedVersion, answer.FunctionError], [200, '1', undefined])
  const [event, context] = seen.pop()
  assert.deepEqual([event, context.functionVersion], [{ a: 1 }, '1'])
  assert.equal((await client.send(new InvokeCommand({ FunctionName: 'orders', InvocationType: 'Event' }))).StatusCode, 202)
  assert.deepEqual(seen.pop()[0], {})
  assert.equal((await client.send(new InvokeCommand({ FunctionName: 'orders:live', InvocationType: 'DryRun' }))).StatusCode, 204)
  assert.equal(seen.length, 0)
  assert.equal((await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'orders:live' }))).Version, '1')
  db.close()
})

test('failures of functions are answers, and what cannot be invoked is refused', async () => {
  const { db, client } = opened()
  const invoke = (FunctionName, members) => client.send(new InvokeCommand({ FunctionName, ...members }))
  db.function('broken', () => {
    throw new RangeError('no such order')
  })
  db.function('slow', () => void db.callSync('AdvanceClock', { Milliseconds: 3_001 }))
  const failed = await invoke('broken')
  assert.deepEqual([failed.StatusCode, failed.FunctionError], [200, 'Unhandled'])
  assert.deepEqual(payloadOf(failed).errorType, 'RangeError')
  assert.equal((await invoke('broken', { InvocationType: 'Event' })).StatusCode, 202)
  assert.equal(payloadOf(await invoke('slow')).errorType, 'Sandbox.Timedout')
  const message = 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:none'
  await assert.rejects(invoke('none'), { name: 'ResourceNotFoundException', message })
  await assert.rejects(invoke('broken', { Payload: '{' }), { name: 'InvalidRequestContentException' })
  db.registerFunctionSync({ FunctionName: 'elsewhere' })
  await assert.rejects(invoke('elsewhere'), { name: 'ResourceConflictException' })
  db.close()
})

test('functions behind an emulator are invoked', async () => {
  const { db, client } = opened()
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => response.end(JSON.stringify(JSON.parse(body).fail ? { errorType: 'Boom', errorMessage: 'no' } : { path: request.url })))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  db.registerFunctionSync({ FunctionName: 'there', Endpoint: `http://127.0.0.1:${server.address().port}/` })
  const answer = await client.send(new InvokeCommand({ FunctionName: 'there' }))
  assert.deepEqual(payloadOf(answer), { path: '/2015-03-31/functions/function/invocations' })
  const failed = await client.send(new InvokeCommand({ FunctionName: 'there', Payload: '{"fail":true}' }))
  assert.deepEqual([failed.FunctionError, payloadOf(failed)], ['Unhandled', { errorType: 'Boom', errorMessage: 'no' }])
  put(db, 'a')
  const mapping = db.eventSourceMapping(NAME, 'there')
  assert.equal(await mapping.runUntilIdle(), 1)
  assert.equal(mapping.lastProcessingResult, 'OK')
  server.closeAllConnections()
  server.close()
  db.close()
})

test('what became of records can be asserted', async () => {
  const { db } = opened()
  const records = []
  const handle = (event) => {
    records.push(...event.Records)
    if (event.Records[0].dynamodb.Keys.id.S === 'poison') throw new RangeError('no such order')
  }
  const mapping = db.eventSourceMapping(NAME, handle, { batchSize: 1, maximumRetryAttempts: 0, onFailure: () => {} })
  put(db, 'a')
  put(db, 'poison')
  await mapping.runUntilIdle({ advance: true })
  const [good, bad] = records
  testing.assertDelivered(mapping, good)
  testing.assertDeadLettered(mapping, bad)
  assert.throws(() => testing.assertDelivered(mapping, bad), { name: 'AssertionError', message: /^not delivered: / })
  assert.throws(() => testing.assertDeadLettered(mapping, good.dynamodb.SequenceNumber), { name: 'AssertionError', message: /^not given up: / })
  db.close()
})
