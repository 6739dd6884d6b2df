'use strict'
// The package as others meet it: both module systems, types, what is packed, what is said when the addon is missing.

const assert = require('node:assert/strict')
const { execFileSync, spawnSync } = require('node:child_process')
const { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { after, describe, test } = require('node:test')

const root = join(__dirname, '..')
const addon = `streamtable.${process.platform}-${process.arch}.node`

describe('module systems', () => {
  test('require and import give the same', async () => {
    const required = require('streamtable')
    const imported = await import('streamtable')
    const tools = ['differences', 'lambdaEvent', 'matchFilters', 'patch', 'testing', 'toItem', 'toPlain']
    const names = ['Database', 'Snapshot', 'StreamtableError', 'errors', 'open', '_convertIn', '_convertOut', ...tools]
    for (const name of names) assert.equal(imported[name], required[name], name)
    assert.equal(imported.default, required)
    assert.deepEqual(Object.keys(required).toSorted(), names.toSorted())
  })

  test('require works from CommonJS', () => {
    const { open, errors } = require('streamtable')
    const db = open({ clock: 'manual' })
    assert.deepEqual(db.listTablesSync(), { TableNames: [] })
    assert.throws(() => db.describeTableSync({ TableName: 'Missing' }), errors.ResourceNotFoundException)
    db.close()
  })

  test('nothing else can be required', () => {
    assert.throws(() => require('streamtable/lib/tape.js'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
    assert.equal(require('streamtable/package.json').name, 'streamtable')
  })
})

describe('types', () => {
  test('samples compile, and what must not compile does not', () => {
    const tsc = require.resolve('typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '-p', join(__dirname, 'types')], { encoding: 'utf8' })
    assert.equal(stdout, '')
    assert.equal(status, 0)
  })

  test('name every method and error there is, and no other', () => {
    const { Database, errors } = require('streamtable')
    const types = readFileSync(join(root, 'lib/operations.d.ts'), 'utf8')
    const [, body] = /export interface OperationMethods \{\n([^]*?)\n\}/.exec(types)
    const declared = [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name)
    const own = ['constructor', 'call', 'callSync', 'send', 'stream', 'streams', 'function', 'eventSourceMapping', 'runUntilIdle', 'invoke', 'clientConfig', 'attach', 'apply', 'fork', 'inRegion', 'regions', 'functions', 'snapshot', 'restore', 'reset', 'close', 'closed']
    const found = Object.getOwnPropertyNames(Database.prototype).filter((name) => !own.includes(name))
    assert.deepEqual(found.toSorted(), declared.toSorted())
    const [, codes] = /export type ErrorCode =\n([^]*?);/.exec(types)
    assert.deepEqual([...codes.matchAll(/'(\w+)'/g)].map(([, name]) => name).toSorted(), Object.keys(errors).toSorted())
    const hand = readFileSync(join(root, 'index.d.ts'), 'utf8')
    for (const name of own.slice(1)) assert.match(hand, new RegExp(`\\b${name}\\b`))
  })
})

describe('the tarball', () => {
  test('holds what is needed and nothing else', () => {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const [{ files }] = JSON.parse(execFileSync(npm, ['pack', '--dry-run', '--json', '--silent'], { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' }))
    const paths = files.map((file) => file.path)
    const expected = ['package.json', 'README.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'index.cjs', 'index.mjs', 'index.d.ts', 'index.d.mts', addon, 'lib/operations.d.ts', 'lib/options.d.ts', 'lib/native.js', 'lib/database.js']
    for (const path of expected) assert.ok(paths.includes(path), `${path} is missing`)
    for (const path of paths) assert.match(path, /^(package\.json|README\.md|LICENSE.*|index\.\S+|lib\/\S+\.js|lib\/(operations|options)\.d\.ts|streamtable\.\S+\.node)$/)
  })

  test('needs no other package', () => {
    assert.equal(require('../package.json').dependencies, undefined)
  })

  test('says where it runs, as the loader does', () => {
    const { os, cpu, libc } = require('../package.json')
    const loader = readFileSync(join(root, 'lib/native.js'), 'utf8')
    const loaded = [...loader.matchAll(/case '(.*)':/g)].map(([, name]) => name)
    const said = os.flatMap((system) => cpu.flatMap((processor) => (system === 'linux' ? libc : ['']).map((library) => `${system}-${processor}${library === 'musl' ? '-musl' : ''}`)))
    assert.deepEqual(loaded.toSorted(), said.toSorted())
    for (const [, named, required] of loader.matchAll(/case '(.*)':\n.*require\('\.\.\/streamtable\.(.*)\.node'\)/g)) assert.equal(named, required)
  })

  test('has no link that leads out of it', () => {
    const links = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => target)
    assert.ok(links.length > 0)
    for (const link of links) assert.match(link, /^(https:\/\/|#)/)
  })
})

describe('the loader', () => {
  const room = mkdtempSync(join(tmpdir(), 'streamtable-'))
  after(() => rmSync(room, { recursive: true, force: true }))
  const load = () => spawnSync(process.execPath, ['--eval', 'require("./index.cjs")'], { cwd: room, encoding: 'utf8' })

  test('names platform, file and remedy when the addon is missing or broken', () => {
    mkdirSync(join(room, 'lib'))
    for (const path of ['lib', 'index.cjs', 'package.json']) cpSync(join(root, path), join(room, path), { recursive: true })
    const missing = load()
    assert.equal(missing.status, 1)
    assert.match(missing.stderr, new RegExp(`no addon for ${process.platform}-${process.arch}: ${addon} is missing. .*npm run build`))
    writeFileSync(join(room, addon), 'no library')
    const broken = load()
    assert.equal(broken.status, 1)
    assert.match(broken.stderr, new RegExp(`cannot load its addon for ${process.platform}-${process.arch} .*npm run build`))
  })
})
