// Plain values, differences, patches, and events of AWS Lambda.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { differences, lambdaEvent, matchFilters, patch, testing, toItem, toPlain } from 'streamtable'
import { NAME, opened, put } from './setup.mjs'

const bytes = (...values) => Uint8Array.from(values)

describe('plain values', () => {
  const plain = {
    s: 'text', n: 1.5, big: 2n ** 70n, b: bytes(0, 255), t: true, z: null, ss: new Set(['a', 'b']), ns: new Set([1, 2n ** 64n]),
    bs: new Set([bytes(1), bytes(2, 3)]), l: [1, { deep: [] }], m: { k: 'v', ['__proto__x']: 1 },
  }

  test('come of items and go back', () => {
    const item = toItem({ ...plain, none: undefined }, { removeUndefinedValues: true })
    assert.deepEqual(item.big, { N: String(2n ** 70n) })
    assert.deepEqual(item.bs, { BS: [bytes(1), bytes(2, 3)] })
    assert.equal(item.none, undefined)
    assert.throws(() => toItem({ a: { b: [1, undefined] } }), /^TypeError: a\.b\[1\] is undefined; .*removeUndefinedValues/)
    const removed = toItem({ a: [1, undefined, 2], s: new Set(['x', undefined]), m: { n: undefined } }, { removeUndefinedValues: true })
    assert.deepEqual(removed, { a: { L: [{ N: '1' }, { N: '2' }] }, s: { SS: ['x'] }, m: { M: {} } })
    assert.deepEqual(toItem({ b: new ArrayBuffer(2) }), { b: { B: new Uint8Array(2) } })
    assert.deepEqual(toPlain(item), plain)
    const odd = toPlain(JSON.parse('{"__proto__": {"N": "18446744073709551616"}}'))
    assert.equal(Object.getOwnPropertyDescriptor(odd, '__proto__').value, 2n ** 64n)
  })

  test('have the numbers that were asked for', () => {
    const item = { n: { L: ['1', '0.1', '9007199254740991', '9007199254740992'].map((N) => ({ N })) } }
    assert.deepEqual(toPlain(item).n, [1, 0.1, Number.MAX_SAFE_INTEGER, 9007199254740992n])
    assert.deepEqual(toPlain(item, { numbers: 'text' }).n, ['1', '0.1', '9007199254740991', '9007199254740992'])
    assert.deepEqual(toPlain(item, { numbers: 'float' }).n, [1, 0.1, 9007199254740991, 9007199254740992])
    assert.throws(() => toPlain(item, { numbers: 'roman' }), { name: 'SerializationException', message: /roman/ })
    assert.throws(() => toPlain({ a: { N: 1 } }), { name: 'SerializationException' })
  })

  for (const value of [NaN, Infinity, new Set(), new Set([1, 'a']), new Set([null]), new Set([[1]]), new Map(), () => 1, Symbol('x')]) {
    test(`cannot be ${String(value?.constructor?.name)} ${typeof value === 'number' ? value : [...(value?.values?.() ?? [])].length}`, () => {
      assert.throws(() => toItem({ value }), TypeError)
    })
  }
})

test('differences and patches say what changed', () => {
  const [old, fresh] = [toItem({ id: '1', n: 1, tags: new Set(['a']) }), toItem({ id: '1', n: 2, more: bytes(120) })]
  assert.deepEqual(differences(old, fresh), [
    { Path: '/more', To: { B: bytes(120) } },
    { Path: '/n', From: { N: '1' }, To: { N: '2' } },
    { Path: '/tags', From: { SS: ['a'] } },
  ])
  const operations = new Map(patch(old, fresh).map((operation) => [operation.path, operation]))
  assert.deepEqual(operations.get('/n'), { op: 'replace', path: '/n', value: 2 })
  assert.deepEqual(operations.get('/more'), { op: 'add', path: '/more', value: 'eA==' })
  assert.equal(operations.get('/tags').op, 'remove')
  assert.deepEqual(patch(null, toItem({ id: '1' })), [{ op: 'add', path: '', value: { id: '1' } }])
})

test('records become events of Lambda', () => {
  const { db, arn } = opened()
  put(db, 'a', { raw: { B: bytes(0) } })
  const records = db.stream(arn).records().toArray()
  const event = lambdaEvent(records, arn)
  assert.deepEqual(event, lambdaEvent(records.map((record) => record.toObject()), arn))
  const [record] = JSON.parse(JSON.stringify(event)).Records
  assert.equal(record.eventSourceARN, arn)
  assert.deepEqual(record.dynamodb.NewImage.raw, { B: 'AA==' })
  assert.equal(record.dynamodb.ApproximateCreationDateTime, db.clock.now().getTime() / 1000)
})

test('events for tests are those of a database', () => {
  const [old, fresh] = [toItem({ id: '1', n: 1 }), toItem({ id: '1', n: 2 })]
  const options = { keys: ['id'], tableName: 'Orders', region: 'eu-west-1', now: new Date('2027-01-01T00:00:00Z') }
  const { Records } = testing.event([[null, old], [old, fresh], [fresh, fresh], [fresh, null]], options)
  assert.deepEqual(Records.map((record) => record.eventName), ['INSERT', 'MODIFY', 'REMOVE'])
  assert.deepEqual(Records[1].dynamodb.OldImage, old)
  assert.equal(Records[1].dynamodb.SizeBytes, 3 + 6 + 6)
  assert.match(Records[0].eventSourceARN, /:table\/Orders\/stream\/2027-01-01T/)
  assert.equal(testing.insert(fresh, { keys: ['id'] }).Records[0].eventName, 'INSERT')
  assert.equal(testing.modify(old, fresh, { keys: ['id'], streamViewType: 'NEW_IMAGE' }).Records[0].dynamodb.OldImage, undefined)
  assert.equal(testing.remove(old, { keys: ['id'], seed: 7 }).Records[0].eventName, 'REMOVE')
  assert.throws(() => testing.modify(old, toItem({ id: '2' }), { keys: ['id'] }), { name: 'ValidationException', message: /different keys/ })
})

test('records are replayed once', () => {
  const [{ db, arn }, { db: other }] = [opened(), opened()]
  put(db, 'a', { raw: { B: bytes(0) } })
  put(db, 'b')
  db.deleteItemSync({ TableName: NAME, Key: { id: { S: 'b' } } })
  const records = db.stream(arn).records().toArray()
  assert.deepEqual(other.apply(NAME, records.slice(0, 2)), { Applied: 2, Skipped: 0 })
  assert.deepEqual(other.apply(NAME, records.map((record) => record.toObject())), { Applied: 1, Skipped: 2 })
  assert.deepEqual(other.scanSync({ TableName: NAME }).Items, db.scanSync({ TableName: NAME }).Items)
  assert.throws(() => other.apply('Nobody', records), { name: 'ResourceNotFoundException' })
  assert.throws(() => other.apply(NAME, [{}]), { name: 'SerializationException' })
})

describe('filters', () => {
  test('say which of them match', () => {
    const event = testing.insert({ id: { S: '1' }, n: { N: '7' }, b: { B: bytes(1) } }, { keys: ['id'] })
    const patterns = ['{"eventName":["INSERT"]}', { dynamodb: { NewImage: { n: { N: ['8'] } } } }, { dynamodb: { NewImage: { b: { B: ['AQ=='] } } } }]
    assert.deepEqual(matchFilters(patterns, event.Records), [[0, 2]])
    assert.throws(() => matchFilters([{}], []), { name: 'ValidationException', message: /^Invalid filter pattern definition\./ })
    assert.throws(() => matchFilters([{ a: [{ wildcard: '*' }] }], [], { documented: true }), { name: 'ValidationException' })
  })
})
