// Errors, options, closing, the clock: what is the package's own.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { Database, StreamtableError, errors, open } from 'streamtable'
import { NAME, get, opened, put } from './setup.mjs'

describe('errors', () => {
  test('one class for each code, under one base', () => {
    for (const [name, Class] of Object.entries(errors)) {
      const error = new Class('text')
      assert.ok(error instanceof StreamtableError && error instanceof Error)
      assert.equal(error.name, name)
      assert.equal(Class.name, name)
      assert.equal(String(error), `${name}: text`)
    }
    assert.ok(Object.isFrozen(errors))
    assert.ok('ConditionalCheckFailedException' in errors && 'TrimmedDataAccessException' in errors)
  })

  test('have the details of the service as members', () => {
    const CancellationReasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { id: { S: '1' } } }]
    const error = new errors.TransactionCanceledException('text', { details: { CancellationReasons } })
    assert.deepEqual(error.CancellationReasons, CancellationReasons)
    assert.equal('Item' in error, false)
  })

  test('have name, message, status, item and a stack that leads to the caller', () => {
    const { db } = opened()
    put(db, '1', { b: { B: new Uint8Array([1]) } })
    function caller() {
      db.putItemSync({
        TableName: NAME,
        Item: { id: { S: '1' } },
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      })
    }
    assert.throws(caller, (error) => {
      assert.ok(error instanceof errors.ConditionalCheckFailedException)
      assert.equal(error.name, 'ConditionalCheckFailedException')
      assert.equal(error.message, 'The conditional request failed')
      assert.deepEqual(error.$metadata, { httpStatusCode: 400 })
      assert.equal(error.$fault, 'client')
      assert.deepEqual(error.Item, { id: { S: '1' }, b: { B: new Uint8Array([1]) } })
      assert.match(error.stack, /caller/)
      assert.match(inspect(error), /^ConditionalCheckFailedException: The conditional request failed/)
      return true
    })
  })

  test('have no item where none was asked for', () => {
    const { db } = opened()
    assert.throws(() => db.getItemSync({ TableName: 'Missing', Key: { id: { S: '1' } } }), (error) => {
      assert.equal(error.name, 'ResourceNotFoundException')
      assert.ok(!('Item' in error))
      return true
    })
  })

  test('promises reject, and never throw on the spot', async () => {
    const { db } = opened()
    const bad = [() => db.putItem({}), () => db.putItem(5), () => db.putItem({ TableName: Symbol('x') }), () => db.call('Nothing'), () => db.call(7), () => db.send({})]
    for (const call of bad) {
      const promise = call()
      assert.ok(promise instanceof Promise)
      await assert.rejects(promise)
    }
  })

  test('unknown operations', () => {
    const { db } = opened()
    for (const name of ['Nothing', 'putItem', '', '__proto__', 'constructor', 'x'.repeat(10_000), '😀']) {
      assert.throws(() => db.callSync(name, {}), errors.UnknownOperationException)
    }
    for (const name of [undefined, null, 0, 1, -1, {}, Symbol('x')]) assert.throws(() => db.callSync(name, {}), TypeError)
  })
})

describe('operations', () => {
  test('are methods, twice each', async () => {
    const { db } = opened()
    assert.equal(db.putItem.name, 'putItem')
    assert.equal(db.putItemSync.name, 'putItemSync')
    await db.putItem({ TableName: NAME, Item: { id: { S: 'p' } } })
    assert.deepEqual((await db.getItem({ TableName: NAME, Key: { id: { S: 'p' } } })).Item, { id: { S: 'p' } })
    assert.deepEqual(await db.call('ListTables'), db.callSync('ListTables', {}))
    assert.deepEqual(await db.listTables(), { TableNames: [NAME] })
  })

  test('promises do their work at once, so that later changes of the input do not matter', async () => {
    const { db } = opened()
    const Item = { id: { S: 'now' } }
    const promise = db.putItem({ TableName: NAME, Item })
    Item.id.S = 'later'
    assert.deepEqual(get(db, 'now'), { id: { S: 'now' } })
    await promise
    assert.equal(get(db, 'later'), undefined)
  })

  test('input of the wrong kind altogether', () => {
    const { db } = opened()
    for (const input of [null, 5, 'text', true, [], 1n, new Uint8Array(3), new Date(0), new Set()]) {
      assert.throws(() => db.putItemSync(input), StreamtableError, inspect(input))
    }
    for (const input of [Symbol('x'), () => {}, NaN, new Map()]) assert.throws(() => db.putItemSync(input), errors.SerializationException)
  })

  test('methods on something else', () => {
    const { db } = opened()
    assert.throws(() => db.putItemSync.call({}, {}), TypeError)
    assert.throws(() => Database.prototype.callSync.call(undefined, 'ListTables', {}), TypeError)
    assert.throws(() => new Database(), TypeError)
    assert.throws(() => new Database(Symbol('open'), {}), TypeError)
  })
})

describe('open', () => {
  test('takes options in camel case, and dates', () => {
    const db = open({
      clock: 'manual',
      now: new Date('2030-01-02T03:04:05.678Z'),
      seed: 2n ** 64n - 1n,
      region: 'eu-central-1',
      account: '123456789012',
      partitions: 3,
      controlPlaneDelay: 1000,
      shardRollover: 0,
      expiryDelay: 0,
      path: undefined,
    })
    assert.equal(db.clock.now().toISOString(), '2030-01-02T03:04:05.678Z')
    const { TableArn } = db.createTableSync({
      TableName: 'Arn',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    }).TableDescription
    assert.equal(TableArn, 'arn:aws:dynamodb:eu-central-1:123456789012:table/Arn')
    const status = () => db.describeTableSync({ TableName: 'Arn' }).Table.TableStatus
    assert.equal(status(), 'CREATING')
    db.clock.advance({ seconds: 1 })
    assert.equal(status(), 'ACTIVE')
    assert.equal(db.stream(db.describeTableSync({ TableName: 'Arn' }).Table.LatestStreamArn).shards().length, 3)
  })

  test('the same seed gives the same answers', () => {
    const ids = [1, 1, 2].map((seed) => {
      const { db, arn } = opened({ seed })
      put(db, '1')
      return db.stream(arn).records().next().value.eventID
    })
    assert.equal(ids[0], ids[1])
    assert.notEqual(ids[0], ids[2])
  })

  test('refuses what it does not know', () => {
    const bad = [
      { colour: 'red' }, { clock: 'fast' }, { clock: 5 }, { clock: {} }, { clock: ['manual'] }, { seed: -1 }, { seed: 'x' }, { seed: 1.5 }, { seed: NaN },
      { clock: 'manual', now: new Date(NaN) }, { now: 5 }, { clock: 'manual', now: -1 }, { region: '' }, { region: 5 }, { account: 'a b' },
      { partitions: 0 }, { partitions: 1025 }, { partitions: 2n ** 40n }, { controlPlaneDelay: -1 }, { shardRollover: Infinity }, { expiryDelay: -1 }, { path: join(process.execPath, 'below a file') }, { path: '' }, { durability: 'perhaps' }, { syncEvery: 0 }, { cacheBytes: -1 },
      { path: 5 }, { region: '\ud800' }, { seed: Symbol('x') }, { region: new Map() },
    ]
    for (const options of bad) {
      assert.throws(() => open(options), (error) => {
        assert.ok(error instanceof errors.OpenException, `${inspect(options)}: ${error}`)
        assert.notEqual(error.message, '')
        return true
      })
    }
    for (const options of [null, 5, 'memory', true]) assert.throws(() => open(options), TypeError)
  })
})

describe('close', () => {
  test('every later call fails, closing again does not', async () => {
    const { db, arn } = opened()
    put(db, '1')
    const records = db.stream(arn).records()
    const [record] = db.stream(arn).records()
    assert.equal(db.closed, false)
    db.close()
    db.close()
    assert.equal(db.closed, true)
    const closed = errors.DatabaseClosedException
    assert.throws(() => db.listTablesSync(), closed)
    await assert.rejects(db.listTables(), closed)
    await assert.rejects(db.call('PutItem', {}), closed)
    assert.throws(() => db.clock.now(), closed)
    assert.throws(() => db.clock.advance({ hours: 1 }), closed)
    assert.throws(() => db.stream(arn).records(), closed)
    assert.throws(() => db.stream(arn).describe(), closed)
    assert.throws(() => records.next(), closed)
    assert.deepEqual(record.dynamodb.Keys, { id: { S: '1' } }, 'what was read stays')
  })

  test('by the symbol that `using` calls', { skip: Symbol.dispose === undefined }, () => {
    const { db } = opened()
    db[Symbol.dispose]()
    assert.equal(db.closed, true)
  })

  test('databases are apart', () => {
    const [one, two] = [opened().db, opened().db]
    put(one, '1')
    one.close()
    assert.equal(get(two, '1'), undefined)
  })

  test('on the system clock, too', () => {
    const db = open()
    assert.equal(db.clock.mode, 'system')
    assert.ok(db.clock.now() instanceof Date)
    assert.throws(() => db.clock.advance({ hours: 1 }), errors.ValidationException)
    db.close()
  })
})

describe('the clock', () => {
  test('adds up the parts of a duration', () => {
    const { db } = opened()
    const start = db.clock.now().getTime()
    const now = db.clock.advance({ days: 1, hours: 1, minutes: 1, seconds: 1.5, milliseconds: 1 })
    assert.equal(now.getTime() - start, 86_400_000 + 3_600_000 + 60_000 + 1500 + 1)
    assert.equal(db.clock.now().getTime(), now.getTime())
    assert.equal(db.clock.advance({}).getTime(), now.getTime())
    assert.equal(db.clock.advance({ seconds: 0.1, milliseconds: 0.2 * 1000, hours: undefined }).getTime(), now.getTime() + 300)
    assert.equal(db.clock.mode, 'manual')
  })

  test('refuses what is no duration', () => {
    const { db } = opened()
    const before = db.clock.now()
    for (const duration of [undefined, null, 5, '1h', { weeks: 1 }, { hours: '1' }, { hours: 1n }, { toString: 1 }, { constructor: 1 }]) {
      assert.throws(() => db.clock.advance(duration), TypeError)
    }
    for (const duration of [{ hours: -1 }, { milliseconds: 0.5 }, { hours: NaN }, { hours: Infinity }, { days: 1e300 }]) {
      assert.throws(() => db.clock.advance(duration), RangeError)
    }
    assert.throws(() => db.clock.advance({ days: 100_000 }), errors.ValidationException)
    assert.deepEqual(db.clock.now(), before)
  })
})
