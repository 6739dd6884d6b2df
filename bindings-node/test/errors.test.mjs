// Errors, options, closing, the clock: what is the package's own.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { Database, StreamtableError, errors, open } from 'streamtable'
import { NAME, create, get, opened, put } from './setup.mjs'

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

describe('what is wrong with an input is told', () => {
  const { db } = opened()
  const told = (input, operation = 'PutItem') => {
    try {
      db.callSync(operation, { TableName: NAME, ...input })
    } catch (error) {
      assert.ok(error instanceof StreamtableError)
      return error.message
    }
    throw new Error('it was taken')
  }

  test('with its place, what stands there and what should', () => {
    const cases = [
      [{ id: { S: 1 } }, /: Item\.id\.S is 1; expected a string$/],
      [{ id: { S: '1' }, n: { N: 5 } }, /: Item\.n\.N is 5; expected a number as a string/],
      [{ id: 'x' }, /: Item\.id is "x"; expected an attribute value, such as \{ S: "x" \}$/],
      [{ id: { S: '1' }, n: 5 }, /: Item\.n is 5; expected an attribute value, such as \{ N: "5" \}$/],
      [{ id: { S: '1' }, v: null }, /^Item\.v is null; expected an attribute value, such as \{ NULL: true \}$/],
      [{ id: { S: '1' }, v: undefined }, /^Item\.v is undefined; expected an attribute value; leave it out, or see removeUndefinedValues of toItem$/],
      [{ id: { S: '1' }, v: { L: [{ S: 'a' }, , { S: 'b' }] } }, /^Item\.v\.L\[1\] is undefined; expected an attribute value/],
      [{ id: { S: '1' }, v: { M: { deep: { SS: ['a', 5] } } } }, /: Item\.v\.M\.deep\.SS\[1\] is 5; expected a string$/],
      [{ id: { S: '1' }, v: { X: '1' } }, /: Item\.v is \{ X: '1' \}; expected one of S, N, B, .* not X$/],
      [{ id: { S: '1' }, v: {} }, /: Item\.v is \{\}; expected exactly one type/],
      [{ id: { S: '1' }, v: new Date(0) }, /: Item\.v is 1970-.*; expected an attribute value/],
      [{ id: { S: '1' }, b: { B: 'text' } }, /Item\.b\.B is "text"; expected bytes/],
      [[1], /Item is \[ 1 \]; expected an object$/],
    ]
    for (const [Item, message] of cases) assert.match(told({ Item }), message)
    assert.match(told({ Limit: 2 ** 53 }, 'Scan'), /^Limit is 9007199254740992; expected a whole number of at most 2147483647$/)
    assert.match(told({ Limit: '5' }, 'Scan'), /: Limit is "5"; expected a whole number/)
    assert.match(told({ ConsistentRead: 'yes' }, 'Scan'), /ConsistentRead is "yes"; expected true or false$/)
    assert.match(told({ TableName: 5 }, 'Scan'), /TableName is 5; expected a string$/)
    assert.match(told({ RequestItems: { [NAME]: { Keys: { id: { S: '1' } } } } }, 'BatchGetItem'), /RequestItems\.Orders\.Keys is .*; expected an array$/)
  })

  test('beside the text of the service', async () => {
    const error = await db.putItem({ TableName: NAME, Item: { id: { S: 1 } } }).catch((error) => error)
    assert.equal(error.serviceMessage, 'NUMBER_VALUE cannot be converted to String')
    assert.ok(error instanceof errors.SerializationException)
    assert.ok(error.message.startsWith(error.serviceMessage) && error.message.length > error.serviceMessage.length)
    assert.equal(Object.keys(error).includes('serviceMessage'), false)
  })

  test('where it is long', () => {
    const message = told({ Item: { id: 'x'.repeat(1_000_000) } })
    assert.ok(message.length < 400, `${message.length} characters`)
  })
})

describe('an operation that is not there', () => {
  test('is told by its name, with what was meant', async () => {
    const { db } = opened()
    assert.throws(() => db.callSync('DescribeAnything'), /has no operation DescribeAnything; what it has: https:/)
    await assert.rejects(db.call('putItem', {}), /no operation putItem.*; there is PutItem$/)
    const { requestHandler } = db.clientConfig()
    const { response } = await requestHandler.handle({ headers: { 'x-amz-target': 'Kinesis_20131202.SubscribeToShard' }, body: '{}' })
    assert.match(Buffer.from(response.body).toString(), /no operation SubscribeToShard/)
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

  test('goes to a moment', () => {
    const { db } = opened()
    const start = db.clock.now().getTime()
    assert.equal(db.clock.advance({ weeks: 1 }).getTime(), start + 7 * 86_400_000)
    const moment = new Date(start + 30 * 86_400_000)
    assert.deepEqual(db.clock.advanceTo(moment), moment)
    assert.deepEqual(db.clock.advanceTo(moment.getTime() + 1), db.clock.now())
    assert.throws(() => db.clock.advanceTo(start), RangeError)
    assert.throws(() => db.clock.advanceTo(new Date(NaN)), RangeError)
    for (const wrong of [undefined, null, '2027-01-01', {}]) assert.throws(() => db.clock.advanceTo(wrong), TypeError)
    assert.deepEqual(db.clock.now(), new Date(moment.getTime() + 1))
  })

  test('is what a function tells', async () => {
    let now = Date.parse('2026-05-01T00:00:00Z')
    const db = open({ clock: () => new Date(now) })
    const { LatestStreamArn } = create(db)
    assert.deepEqual([db.clock.mode, db.clock.now().getTime()], ['manual', now])
    db.updateTimeToLiveSync({ TableName: NAME, TimeToLiveSpecification: { Enabled: true, AttributeName: 'ttl' } })
    put(db, '1', { ttl: { N: String(now / 1000 + 60) } })
    const filled = db.snapshot()
    const expiry = now + 60_000
    now += 3_600_000
    assert.equal(get(db, '1'), undefined, 'expired')
    const removed = db.stream(LatestStreamArn).records().toArray().at(-1)
    assert.equal(removed.dynamodb.ApproximateCreationDateTime.getTime(), expiry, 'what falls due on the way happens in its time')
    now -= 1000
    assert.equal(db.clock.now().getTime(), now + 1000, 'time does not go back')
    db.restore(filled)
    assert.equal((await db.call('DescribeClock')).Now, now)
    const fork = db.fork()
    now += 5000
    assert.equal(fork.clock.now().getTime(), now)
    assert.throws(() => open({ clock: () => 'soon' }), TypeError)
    assert.throws(() => open({ clock: () => NaN }), RangeError)
  })

  test('refuses what is no duration', () => {
    const { db } = opened()
    const before = db.clock.now()
    for (const duration of [undefined, null, 5, '1h', { months: 1 }, { hours: '1' }, { hours: 1n }, { toString: 1 }, { constructor: 1 }]) {
      assert.throws(() => db.clock.advance(duration), TypeError)
    }
    for (const duration of [{ hours: -1 }, { milliseconds: 0.5 }, { hours: NaN }, { hours: Infinity }, { days: 1e300 }]) {
      assert.throws(() => db.clock.advance(duration), RangeError)
    }
    assert.throws(() => db.clock.advance({ days: 100_000 }), errors.ValidationException)
    assert.deepEqual(db.clock.now(), before)
  })
})
