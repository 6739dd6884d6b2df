// Forks and snapshots: a database for each test, from one that was filled once.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { Database, Snapshot, open } from 'streamtable'
import { NAME, create, get, opened, put } from './setup.mjs'

const folder = mkdtempSync(join(tmpdir(), 'streamtable-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const ids = (db) => db.scanSync({ TableName: NAME }).Items.map((item) => item.id.S).sort()

describe('forks', () => {
  test('go their own way', () => {
    const { db, arn } = opened()
    put(db, 'a')
    const fork = db.fork()
    put(db, 'b')
    put(fork, 'c')
    fork.clock.advance({ hours: 1 })
    assert.ok(fork instanceof Database)
    assert.deepEqual([ids(db), ids(fork)], [['a', 'b'], ['a', 'c']])
    assert.deepEqual(fork.stream(arn).records().toArray().map((record) => record.dynamodb.Keys.id.S), ['a', 'c'])
    assert.equal(fork.clock.now() - db.clock.now(), 3_600_000)
    db.close()
    assert.equal(get(fork, 'c').id.S, 'c')
    fork.close()
    assert.throws(() => fork.fork(), { name: 'DatabaseClosedException' })
  })

  test('in a directory', async () => {
    const db = open({ path: join(folder, 'one'), clock: 'manual' })
    create(db)
    put(db, 'a')
    const fork = db.fork(join(folder, 'two'))
    await fork.putItem({ TableName: NAME, Item: { id: { S: 'b' } } })
    assert.deepEqual([ids(db), ids(fork)], [['a'], ['a', 'b']])
    fork.close()
    const again = open({ path: join(folder, 'two'), clock: 'manual' })
    assert.deepEqual(ids(again), ['a', 'b'])
    again.close()
    assert.throws(() => db.fork(join(folder, 'two')), { name: 'ValidationException', message: /holds something already/ })
    for (const refused of ['fork', 'snapshot', 'reset']) assert.throws(() => db[refused](), { name: 'ValidationException' })
    assert.throws(() => db.restore(opened().db.snapshot()), { name: 'ValidationException' })
    assert.throws(() => opened().db.fork(join(folder, 'three')), { name: 'ValidationException' })
    assert.throws(() => db.fork(7), { name: 'OpenException' })
    db.close()
  })
})

describe('snapshots', () => {
  test('are restored and forked any number of times', async () => {
    const { db } = opened()
    put(db, 'a')
    const snapshot = db.snapshot()
    assert.ok(snapshot instanceof Snapshot)
    const before = db.clock.now()
    const client = new DynamoDBClient(db.clientConfig())
    for (let turn = 0; turn < 2; turn += 1) {
      put(db, 'b')
      await client.send(new PutItemCommand({ TableName: NAME, Item: { id: { S: 'c' } } }))
      db.clock.advance({ days: 2 })
      db.restore(snapshot)
      assert.deepEqual([ids(db), db.clock.now()], [['a'], before])
      const fork = snapshot.fork()
      put(fork, 'd')
      assert.deepEqual(ids(fork), ['a', 'd'])
    }
    db.close()
    assert.deepEqual(ids(snapshot.fork()), ['a'])
    assert.throws(() => db.restore(snapshot), { name: 'DatabaseClosedException' })
  })

  test('are made by databases alone', () => {
    assert.throws(() => new Snapshot(), { name: 'TypeError', message: /db.snapshot/ })
    assert.throws(() => opened().db.restore({}), TypeError)
  })
})

test('resetting empties a database and keeps its clients', async () => {
  const { db } = opened()
  const begun = db.clock.now()
  const client = new DynamoDBClient(db.clientConfig())
  db.clock.advance({ days: 1 })
  db.reset()
  assert.deepEqual((await client.send(new ListTablesCommand({}))).TableNames, [])
  assert.deepEqual(db.clock.now(), begun)
  create(db)
  assert.deepEqual(ids(db), [])
})
