'use strict'
// Programs that a bundler put together and made small: names of classes are gone, files lie elsewhere.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { mkdtempSync, readdirSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { after, test } = require('node:test')
const esbuild = require('esbuild')

const room = mkdtempSync(join(tmpdir(), 'streamtable-'))
after(() => rmSync(room, { recursive: true, force: true }))

const program = `
import { DynamoDBClient, CreateTableCommand, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { errors, open } from 'streamtable'

const db = open({ clock: 'manual' })
const TableName = 'Orders'
await db.send(new CreateTableCommand({
  TableName,
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
}))
await db.send(new PutItemCommand({ TableName, Item: { id: { S: '1' } } }))
await new DynamoDBClient(db.clientConfig()).send(new PutItemCommand({ TableName, Item: { id: { S: '2' } } }))
const failure = await db.getItem({ TableName: 'Missing', Key: {} }).catch((error) => error)
const { TableNames } = await db.send(new ListTablesCommand({}))
console.log(JSON.stringify([TableNames, db.scanSync({ TableName }).Count, failure.name, failure instanceof errors.ResourceNotFoundException]))
`

for (const format of ['esm', 'cjs']) {
  test(`esbuild, small, as ${format}`, () => {
    const outfile = join(room, `${format}/program.${format === 'esm' ? 'mjs' : 'cjs'}`)
    // CommonJS has no await at the top.
    const contents = format === 'esm' ? program : program.replace(/\n(const db[^]*)$/, '\n(async () => {$1})()')
    const { warnings } = esbuild.buildSync({
      stdin: { contents, resolveDir: __dirname },
      bundle: true,
      minify: true,
      platform: 'node',
      format,
      outfile,
      loader: { '.node': 'copy' },
      ...(format === 'esm' ? { banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } } : {}),
      logLevel: 'silent',
    })
    assert.deepEqual(warnings.map(({ text }) => text), [])
    assert.ok(readdirSync(join(room, format)).some((name) => name.endsWith('.node')))
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', outfile], { cwd: room, encoding: 'utf8' })
    assert.equal(stderr, '')
    assert.equal(status, 0)
    assert.deepEqual(JSON.parse(stdout), [['Orders'], 2, 'ResourceNotFoundException', true])
  })
}
