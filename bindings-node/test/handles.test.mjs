// The life of handles: garbage collection, threads, the end of the process.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { opened, put } from './setup.mjs'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc')
const here = dirname(fileURLToPath(import.meta.url))

/** Collects until `done`, or until it is plain that it will not be. */
async function collected(done) {
  for (let i = 0; i < 200 && !done(); i++) {
    gc()
    await setImmediate()
  }
  return done()
}

describe('garbage collection', () => {
  test('takes databases that nobody closed', async () => {
    let gone = 0
    const registry = new FinalizationRegistry(() => (gone += 1))
    const open = () => {
      const { db, arn } = opened()
      put(db, '1')
      registry.register(db, undefined)
      db.stream(arn).records().toArray()
      db.clientConfig()
    }
    for (let i = 0; i < 50; i++) open()
    assert.ok(await collected(() => gone === 50), `${gone} of 50`)
  })

  test('gives their memory back', async () => {
    const text = 'x'.repeat(100_000)
    const fill = () => {
      const { db } = opened()
      for (let i = 0; i < 100; i++) put(db, String(i), { text: { S: text } })
    }
    fill()
    await collected(() => false)
    const before = process.memoryUsage.rss()
    // 40 databases of 20 MB each: rows, records and their images.
    for (let i = 0; i < 40; i++) {
      fill()
      await collected(() => process.memoryUsage.rss() - before < 100e6)
    }
    const grown = process.memoryUsage.rss() - before
    assert.ok(grown < 200e6, `${Math.round(grown / 1e6)} MB more than before`)
  })

  test('leaves what is still in hand', async () => {
    const make = () => {
      const { db, arn } = opened()
      put(db, '1', { b: { B: new Uint8Array([1, 2, 3]) } })
      const [record] = db.stream(arn).records()
      const { requestHandler } = db.clientConfig()
      return { stream: db.stream(arn), record, requestHandler, clock: db.clock }
    }
    const { stream, record, requestHandler, clock } = make()
    await collected(() => false)
    assert.deepEqual(record.dynamodb.NewImage.b, { B: new Uint8Array([1, 2, 3]) })
    assert.equal(stream.records().toArray().length, 1)
    assert.ok(clock.now() instanceof Date)
    const { response } = await requestHandler.handle({ headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' }, body: '{}' })
    assert.equal(response.statusCode, 200)
  })
})

describe('threads', () => {
  test('several workers at once, each with a database of its own', async () => {
    const writes = 500
    const answers = await Promise.all(
      [1, 2, 3, 4, 1].map(async (seed) => {
        const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { seed, writes } })
        const [[answer]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
        return answer
      }),
    )
    for (const { missing, refused, records } of answers) assert.deepEqual([missing, refused, records], [0, true, writes])
    assert.equal(answers[0].digest, answers[4].digest, 'the same seed gives the same answers in every thread')
    assert.equal(new Set(answers.map((answer) => answer.digest)).size, 4)
  })

  test('a worker that is stopped in the middle of its work', async () => {
    for (let i = 0; i < 5; i++) {
      const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { seed: i, endless: true } })
      await once(worker, 'message')
      await worker.terminate()
    }
    const { db } = opened()
    put(db, 'still here')
  })
})

describe('the process', () => {
  const run = (script) => spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: here, encoding: 'utf8', timeout: 120_000 })

  test('ends by itself, databases open or not', () => {
    const { status, stdout, stderr } = run(`
      import { open } from 'streamtable'
      const kept = open(), closed = open()
      closed.close()
      globalThis.kept = kept
      await kept.listTables()
      console.log('end')`)
    assert.deepEqual([status, stdout, stderr], [0, 'end\n', ''])
  })

  test('ends with the error of the program where nobody catches it', () => {
    const { status, stderr } = run(`
      import { open } from 'streamtable'
      open().getItemSync({ TableName: 'Missing', Key: { id: { S: '1' } } })`)
    assert.equal(status, 1)
    assert.match(stderr, /ResourceNotFoundException: Requested resource not found/)
  })

  test('ends from within a getter', () => {
    assert.equal(execFileSync(process.execPath, ['--input-type=module', '--eval', `
      import { open } from 'streamtable'
      open().putItemSync({ get TableName() { console.log('out'); process.exit(0) } })`], { cwd: here, encoding: 'utf8' }), 'out\n')
  })
})
