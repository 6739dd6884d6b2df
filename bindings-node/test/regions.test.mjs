// Clients of several regions on one database.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DynamoDBClient, ListTablesCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { errors, open } from 'streamtable'
import { NAME, create, put } from './setup.mjs'

test('a client works in its own region', async () => {
  const db = open({ clock: 'manual', seed: 1 })
  const home = new DynamoDBClient(db.clientConfig())
  const away = new DynamoDBClient(db.clientConfig({ region: 'eu-west-1' }))
  const later = new DynamoDBClient(db.clientConfig({ region: async () => 'eu-west-1' }))
  assert.match(create(db.inRegion('eu-west-1')).TableArn, /^arn:aws:dynamodb:eu-west-1:000000000000:table\//)
  const tables = (client) => client.send(new ListTablesCommand({})).then((answer) => answer.TableNames)
  assert.deepEqual(await Promise.all([home, away, later].map(tables)), [[], [NAME], [NAME]])
  await away.send(new PutItemCommand({ TableName: NAME, Item: { id: { S: '1' } } }))
  assert.equal((await later.send(new ScanCommand({ TableName: NAME }))).Count, 1)
  assert.deepEqual(db.regions, ['us-east-1', 'eu-west-1'])
  db.clock.advance({ seconds: 5 })
  assert.deepEqual(db.inRegion('eu-west-1').clock.now(), db.clock.now())
})

test('regions may be shared, are reset together, and closed', () => {
  const shared = open({ shareRegions: true, seed: 1, clock: 'manual' })
  create(shared)
  assert.deepEqual(shared.inRegion('eu-west-1').listTablesSync().TableNames, [NAME])

  const db = open({ seed: 1, clock: 'manual' })
  const away = db.inRegion('eu-west-1')
  create(away)
  put(away, '1')
  const snapshot = db.snapshot()
  away.reset()
  assert.deepEqual(away.listTablesSync().TableNames, [])
  db.restore(snapshot)
  assert.equal(away.scanSync({ TableName: NAME }).Count, 1)
  assert.throws(() => db.inRegion('../x'), errors.OpenException)
  assert.throws(() => db.inRegion(5), errors.OpenException)
  away.close()
  assert.throws(() => db.listTablesSync(), errors.DatabaseClosedException)
})
