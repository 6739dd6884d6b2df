// Databases in directories: what is kept, what promises wait for, and that the event loop does not.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { errors, open } from 'streamtable'
import native from '../lib/native.js'
import { NAME, create, get, put } from './setup.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'streamtable-'))
after(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
/** A directory that is not there yet. */
const fresh = () => join(folder, String((count += 1)))

const Item = (id) => ({ TableName: NAME, Item: { id: { S: String(id) } } })

/** A database in a directory with the table, and the ARN of its stream. */
function durable(options = {}) {
  const path = fresh()
  const db = open({ path, clock: 'manual', seed: 1, ...options })
  return { db, path, arn: create(db).LatestStreamArn }
}

describe('what is kept', () => {
  for (const durability of ['sync', 'buffered', 'none']) {
    test(`an orderly end keeps everything: ${durability}`, async () => {
      const { db, path, arn } = durable({ durability })
      await db.putItem(Item(1))
      put(db, '2')
      db.close()
      assert.throws(() => get(db, '1'), { name: 'DatabaseClosedException' })
      const again = open({ path, clock: 'manual', durability })
      assert.deepEqual([get(again, '1').id.S, get(again, '2').id.S], ['1', '2'])
      assert.equal(again.stream(arn).records().toArray().length, 2)
      again.close()
    })
  }

  test('what was acknowledged before a kill', async () => {
    const path = fresh()
    const child = spawn(process.execPath, ['--input-type=module', '--eval', `
      import { open } from 'streamtable'
      import { create } from './setup.mjs'
      const db = open({ path: ${JSON.stringify(path)}, clock: 'manual' })
      create(db)
      for (let i = 0; ; i++) {
        await Promise.all([0, 1, 2, 3].map((part) => db.putItem({ TableName: 'Orders', Item: { id: { S: i + '/' + part } } })))
        process.stdout.write(i + '\\n')
      }`], { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8')
    for await (const chunk of child.stdout) {
      said += chunk
      if (said.split('\n').length > 20) child.kill('SIGKILL')
    }
    const told = said.split('\n').slice(0, -1).length
    assert.ok(told >= 20)
    const db = open({ path, clock: 'manual' })
    for (let i = 0; i < told; i++) for (const part of [0, 1, 2, 3]) assert.ok(get(db, `${i}/${part}`), `${i}/${part}`)
    db.close()
  })

  test('region and place of SDK clients', () => {
    const { db, path } = durable({ region: 'eu-west-1' })
    db.close()
    const again = open({ path, clock: 'manual' })
    assert.equal(again.clientConfig().region, 'eu-west-1')
    again.close()
    assert.throws(() => open({ path, clock: 'manual', region: 'us-west-2' }), { name: 'OpenException', message: /eu-west-1/ })
  })
})

describe('one at a time', () => {
  test('a second opening names the first', () => {
    const { db, path } = durable()
    assert.throws(() => open({ path, clock: 'manual' }), (error) => {
      assert.ok(error instanceof errors.OpenException)
      assert.match(error.message, new RegExp(`pid ${process.pid}`))
      return true
    })
    db.close()
    open({ path, clock: 'manual' }).close()
  })
})

describe('promises', () => {
  test('many in flight are all answered, each with its own answer', async () => {
    const { db } = durable()
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => db.putItem({ ...Item(i % 50), ReturnValues: 'ALL_OLD' })))
    assert.deepEqual(answers.map((answer) => answer.Attributes?.id.S), Array.from({ length: 200 }, (_, i) => (i < 50 ? undefined : String(i % 50))))
    assert.equal((await db.scan({ TableName: NAME, Select: 'COUNT' })).Count, 50)
    db.close()
  })

  test('those of one turn wait once, and those of a database that need not wait not at all', async (t) => {
    const waits = t.mock.method(native.NativeDatabase.prototype, 'settle').mock
    const { db } = durable()
    await Promise.all(Array.from({ length: 100 }, (_, i) => db.putItem(Item(i))))
    assert.equal(waits.callCount(), 1)
    await db.getItem({ TableName: NAME, Key: { id: { S: '1' } } })
    assert.equal(waits.callCount(), 1, 'what is on the disk already is told at once')
    db.close()
    for (const other of [open({ clock: 'manual' }), open({ path: fresh(), clock: 'manual', durability: 'buffered' })]) {
      create(other)
      await other.putItem(Item(1))
      other.close()
    }
    assert.equal(waits.callCount(), 1)
  })

  test('what the disk did not take is not told, through any door', async (t) => {
    const { db, arn } = durable()
    const client = new DynamoDBClient(db.clientConfig({ maxAttempts: 1 }))
    const records = db.stream(arn).records()
    t.mock.method(native.NativeDatabase.prototype, 'settle', async () => ({ code: 'StorageException', message: 'the disk is gone', status: 500 }))
    const flying = [db.putItem(Item(1)), db.send(new PutItemCommand(Item(2))), client.send(new PutItemCommand(Item(3)))]
    flying.push(db.putItem({ ...Item(1), ConditionExpression: 'attribute_not_exists(id)' }))
    flying.push(records[Symbol.asyncIterator]().next())
    for (const { reason } of await Promise.allSettled(flying)) {
      assert.equal(reason?.name, 'StorageException')
      assert.match(reason.message, /the disk is gone/)
      assert.equal(reason.$metadata.httpStatusCode, 500)
    }
    t.mock.restoreAll()
    db.close()
  })

  test('calls take effect when they are made, before anybody waits', async () => {
    const { db } = durable()
    const item = { id: { S: '1' }, v: { N: '1' } }
    const putting = db.putItem({ TableName: NAME, Item: item })
    item.v.N = '2'
    const getting = db.getItem({ TableName: NAME, Key: { id: { S: '1' } } })
    assert.deepEqual((await getting).Item.v, { N: '1' })
    await putting
    db.close()
  })

  test('the event loop goes on', async () => {
    const { db } = durable()
    let turns = 0
    let running = true
    const turn = () => {
      turns += 1
      if (running) setImmediate(turn)
    }
    setImmediate(turn)
    for (let i = 0; i < 50; i++) await db.putItem(Item(i))
    running = false
    // Each put waited for a disk, and the loop turned meanwhile.
    assert.ok(turns > 50, `${turns} turns`)
    db.close()
  })

  test('failed conditions and other errors come as rejections', async () => {
    const { db } = durable()
    const condition = { ConditionExpression: 'attribute_not_exists(id)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
    const [first, second] = await Promise.allSettled([db.putItem({ ...Item(1), ...condition }), db.putItem({ ...Item(1), ...condition })])
    assert.equal(first.status, 'fulfilled')
    assert.ok(second.reason instanceof errors.ConditionalCheckFailedException)
    assert.deepEqual(second.reason.Item, { id: { S: '1' } })
    await assert.rejects(db.getItem({ TableName: 'Missing', Key: { id: { S: '1' } } }), { name: 'ResourceNotFoundException' })
    await assert.rejects(db.call('ComesLater', {}), { name: 'UnknownOperationException' })
    await assert.rejects(db.call(5, {}), TypeError)
    db.close()
  })

  test('closing settles what is in flight', async () => {
    const { db, path } = durable()
    const flying = Array.from({ length: 20 }, (_, i) => db.putItem(Item(i)))
    db.close()
    await assert.rejects(db.putItem(Item('late')), { name: 'DatabaseClosedException' })
    assert.deepEqual(await Promise.all(flying), Array(20).fill({}))
    const again = open({ path, clock: 'manual' })
    assert.equal(again.scanSync({ TableName: NAME, Select: 'COUNT' }).Count, 20)
    again.close()
  })

  test('a database that nobody holds any more finishes what is in flight', async () => {
    const path = fresh()
    const start = () => {
      const db = open({ path, clock: 'manual' })
      create(db)
      return Array.from({ length: 20 }, (_, i) => db.putItem(Item(i)))
    }
    const flying = start()
    globalThis.gc?.()
    assert.deepEqual(await Promise.all(flying), Array(20).fill({}))
  })

  test('a worker that is stopped with promises in flight lets the directory go', async () => {
    for (let i = 0; i < 5; i++) {
      const path = fresh()
      const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { seed: i, path } })
      let told = -1
      worker.on('message', (round) => (told = round))
      while (told < 10) await once(worker, 'message')
      await worker.terminate()
      const db = open({ path, clock: 'manual' })
      for (let round = 0; round <= told; round++) for (const part of [0, 1, 2, 3]) assert.ok(get(db, `${round}/${part}`), `${round}/${part}`)
      db.close()
    }
  })

  test('a process ends when the last promise is settled', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', `
      import { open } from 'streamtable'
      import { create } from './setup.mjs'
      const db = open({ path: ${JSON.stringify(fresh())}, clock: 'manual' })
      create(db)
      for (let i = 0; i < 10; i++) db.putItem({ TableName: 'Orders', Item: { id: { S: String(i) } } }).then(() => console.log(i))`],
    { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    for await (const chunk of child.stdout) said += chunk
    if (child.exitCode === null) await once(child, 'exit')
    assert.deepEqual([child.exitCode, said.trim().split('\n').map(Number)], [0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]])
  })
})

describe('doors', () => {
  test('the AWS SDK', async () => {
    const { db } = durable()
    const client = new DynamoDBClient(db.clientConfig())
    await Promise.all(Array.from({ length: 30 }, (_, i) => client.send(new PutItemCommand(Item(i)))))
    assert.equal(db.scanSync({ TableName: NAME, Select: 'COUNT' }).Count, 30)
    const failing = new PutItemCommand({ ...Item(1), ConditionExpression: 'attribute_not_exists(id)' })
    await assert.rejects(client.send(failing), { name: 'ConditionalCheckFailedException' })
    db.close()
    await assert.rejects(client.send(new ListTablesCommand({})), { name: 'DatabaseClosedException' })
  })

  test('commands', async () => {
    const { db } = durable()
    await db.send(new PutItemCommand(Item(1)))
    assert.ok(get(db, '1'))
    db.close()
  })

  test('streams, by for and by for await', async () => {
    const { db, arn } = durable()
    for (let i = 0; i < 30; i++) void db.putItem(Item(i))
    const ids = []
    for await (const record of db.stream(arn).records()) ids.push(record.dynamodb.Keys.id.S)
    assert.deepEqual(ids, Array.from({ length: 30 }, (_, i) => String(i)))
    assert.equal(db.stream(arn).records().toArray().length, 30)
    let seen = 0
    for await (const _ of db.stream(arn).records()) if ((seen += 1) === 5) break
    assert.equal(seen, 5)
    const records = db.stream(arn).records()
    db.close()
    await assert.rejects(async () => {
      for await (const _ of records) seen += 1
    }, { name: 'DatabaseClosedException' })
    assert.equal(seen, 5)
  })
})

test('a copy opens like any database', async () => {
  const { db } = durable()
  await db.putItem(Item(1))
  const copy = fresh()
  const { Bytes } = await db.backup({ Directory: copy })
  assert.ok(Bytes > 0)
  await db.putItem(Item(2))
  await db.compact({})
  db.close()
  const restored = open({ path: copy, clock: 'manual' })
  assert.deepEqual([get(restored, '1').id.S, get(restored, '2')], ['1', undefined])
  restored.close()
})

test('hundreds of databases share their threads', { skip: process.platform !== 'linux' }, async () => {
  const ours = () =>
    readdirSync('/proc/self/task').filter((task) => {
      try {
        return readFileSync(`/proc/self/task/${task}/comm`, 'utf8').startsWith('streamtable')
      } catch {
        return false // it has ended while it was looked at
      }
    })
  const databases = Array.from({ length: 200 }, (_, n) =>
    open({ durability: 'buffered', ...(n % 4 === 0 ? { path: fresh() } : {}) }),
  )
  try {
    databases.forEach((db) => create(db))
    await Promise.all(databases.map((db) => db.putItem(Item(1))))
    // A machine under load may make work wait, which adds some.
    assert.ok(ours().length > 0 && ours().length < 50, `${ours().length} threads`)
  } finally {
    databases.forEach((db) => db.close())
  }
})
