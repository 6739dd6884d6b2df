// Values across the border, in both directions.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { _convertIn, _convertOut, errors } from 'streamtable'
import { NAME, chance, get, opened, put } from './setup.mjs'

const { SerializationException } = errors
const { db } = opened()

function roundTrip(attributes) {
  put(db, 'r', attributes)
  const { id, ...rest } = get(db, 'r')
  assert.deepEqual(id, { S: 'r' })
  return rest
}

describe('what comes back', () => {
  test('all ten types', () => {
    const item = {
      s: { S: 'text' },
      n: { N: '12345678901234567890.123456789' },
      b: { B: new Uint8Array([0, 1, 255]) },
      t: { BOOL: true },
      f: { BOOL: false },
      z: { NULL: true },
      ss: { SS: ['a', 'b'] },
      ns: { NS: ['-1', '2.5'] },
      bs: { BS: [new Uint8Array([1]), new Uint8Array([2, 3])] },
      l: { L: [{ S: '' }, { B: new Uint8Array(0) }, { L: [] }] },
      m: { M: { deep: { M: { b: { B: new Uint8Array([9]) } } } } },
    }
    assert.deepEqual(roundTrip(item), item)
  })

  test('text of every width, cut at no boundary', () => {
    const texts = ['', 'a', 'ä', '€', '😀', 'aä€😀'.repeat(500), '\u0000', '"\\\n\u2028\u2029', '\ufffd', '\uffff', 'x'.repeat(100_000)]
    const item = Object.fromEntries(texts.map((text, i) => [`${i}${text.slice(0, 8)}`, { S: text }]))
    assert.deepEqual(roundTrip(item), item)
  })

  test('names that mean something to JavaScript', () => {
    const item = JSON.parse('{"__proto__":{"S":"p"},"constructor":{"S":"c"},"toString":{"N":"1"},"length":{"N":"2"},"0":{"S":"zero"}}')
    item.then = { M: JSON.parse('{"__proto__":{"L":[{"S":"x"}]}}') }
    const bytes = JSON.parse('{"__proto__":{"M":{}}}')
    Object.getOwnPropertyDescriptor(bytes, '__proto__').value.M['x'] = { B: new Uint8Array([7]) }
    const back = roundTrip({ ...item, p: { M: bytes } })
    assert.equal(Object.getPrototypeOf(back), Object.prototype)
    assert.deepEqual(Object.getOwnPropertyDescriptor(back, '__proto__').value, { S: 'p' })
    assert.deepEqual(back.then, item.then)
    assert.deepEqual(Object.getOwnPropertyDescriptor(back.p.M, '__proto__').value.M.x, { B: new Uint8Array([7]) })
    assert.equal({}.x, undefined, 'the prototype of all objects is as it was')
  })

  test('bytes are a copy of their own', () => {
    const buffer = new ArrayBuffer(8)
    const bytes = new Uint8Array(buffer, 2, 4).fill(7)
    put(db, 'copy', { b: { B: bytes } })
    bytes.fill(0)
    const first = get(db, 'copy').b.B
    assert.deepEqual([...first], [7, 7, 7, 7])
    assert.equal(first.buffer.byteLength, 4)
    first.fill(1)
    assert.deepEqual([...get(db, 'copy').b.B], [7, 7, 7, 7])
  })

  test('dates are Dates, to the millisecond', () => {
    db.clock.advance({ milliseconds: 123 })
    const { TableDescription } = db.createTableSync({
      TableName: 'Dates',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    })
    assert.ok(TableDescription.CreationDateTime instanceof Date)
    assert.equal(TableDescription.CreationDateTime.getTime(), db.clock.now().getTime())
  })

  test('an empty answer is an object of its own', () => {
    const first = put(db, 'e')
    assert.deepEqual(first, {})
    assert.notEqual(first, put(db, 'e'))
  })

  test('random items, 300 of them', () => {
    const random = chance(7)
    const letters = ['a', 'Z', '0', ' ', '"', '\\', 'é', '漢', '😀', '\u0001', '\u2028']
    const text = () => Array.from({ length: random(12) }, () => letters[random(letters.length)]).join('')
    const bytes = () => Uint8Array.from({ length: random(9) }, () => random(256))
    const unique = (make, key) => [...new Map(Array.from({ length: 1 + random(4) }, make).map((v) => [key(v), v])).values()]
    const value = (depth) => {
      switch (random(depth > 4 ? 8 : 10)) {
        case 0: return { S: text() }
        case 1: return { N: String(random(2 ** 31) - 2 ** 30) }
        case 2: return { B: bytes() }
        case 3: return { BOOL: random(2) === 1 }
        case 4: return { NULL: true }
        case 5: return { SS: unique(text, (v) => v) }
        case 6: return { NS: unique(() => String(random(1000)), (v) => v) }
        case 7: return { BS: unique(bytes, (v) => v.join()) }
        case 8: return { L: Array.from({ length: random(5) }, () => value(depth + 1)) }
        default: return { M: map(depth + 1) }
      }
    }
    const map = (depth) => Object.fromEntries(Array.from({ length: random(6) }, () => [`${text()}k`, value(depth)]))
    // Sets come back in the store's order.
    const sorted = (v) => {
      if (Array.isArray(v)) return v.map(sorted)
      if (v === null || typeof v !== 'object' || v instanceof Uint8Array) return v
      return Object.fromEntries(
        Object.entries(v).map(([name, member]) => [name, /^[SNB]S$/.test(name) ? [...member].map(String).sort() : sorted(member)]),
      )
    }
    for (let i = 0; i < 300; i++) {
      const item = map(0)
      const out = _convertOut(_convertIn(item))
      assert.deepEqual(sorted(out), sorted(item))
      assert.deepEqual(_convertOut(_convertIn(out)), out, 'what comes out goes in again')
    }
  })
})

describe('what may go in', () => {
  test('every kind of bytes', () => {
    const buffer = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]).buffer
    const shared = new SharedArrayBuffer(8)
    new Uint8Array(shared).set(new Uint8Array(buffer))
    const kinds = {
      uint8: new Uint8Array(buffer),
      clamped: new Uint8ClampedArray(buffer),
      view: new DataView(buffer),
      buffer: Buffer.from(buffer),
      words: new Uint16Array(buffer),
      doubles: new Float64Array(buffer),
      array: buffer,
      shared,
      sharedView: new Uint8Array(shared),
      foreign: runInNewContext('Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])'),
    }
    const back = roundTrip(Object.fromEntries(Object.entries(kinds).map(([name, B]) => [name, { B }])))
    for (const name of Object.keys(kinds)) assert.deepEqual([...back[name].B], [1, 2, 3, 4, 5, 6, 7, 8], name)
  })

  test('a view of part of a buffer', () => {
    const buffer = Uint8Array.from([1, 2, 3, 4]).buffer
    assert.deepEqual([...roundTrip({ b: { B: new DataView(buffer, 1, 2) } }).b.B], [2, 3])
  })

  test('sets of JavaScript where sets belong', () => {
    const back = roundTrip({ ss: { SS: new Set(['b', 'a']) }, ns: { NS: new Set(['1']) }, bs: { BS: new Set([Buffer.from('x')]) } })
    assert.deepEqual(back, { ss: { SS: ['a', 'b'] }, ns: { NS: ['1'] }, bs: { BS: [Uint8Array.from([120])] } })
  })

  test('undefined and null are the same as absent', () => {
    put(db, 'u', { a: { S: 'x', N: undefined, B: null } })
    assert.deepEqual(get(db, 'u'), { id: { S: 'u' }, a: { S: 'x' } })
    db.listTablesSync({ Limit: undefined, ExclusiveStartTableName: null })
  })

  test('objects without a prototype, of classes and of other realms; inherited members do not count', () => {
    class Order {
      id = { S: 'class' }
    }
    db.putItemSync(Object.assign(Object.create({ ConditionExpression: 'no(' }), { TableName: NAME, Item: new Order() }))
    assert.deepEqual(get(db, 'class'), { id: { S: 'class' } })
    db.putItemSync({ TableName: NAME, Item: Object.assign(Object.create(null), { id: { S: 'null' } }) })
    db.putItemSync(runInNewContext(`({ TableName: '${NAME}', Item: { id: { S: 'realm' }, l: { L: [{ N: '1' }] } } })`))
    assert.deepEqual(get(db, 'realm').l, { L: [{ N: '1' }] })
  })

  test('whole numbers as numbers, BigInts and boxed', () => {
    for (const Limit of [1, 1n, Object(1), 1.9]) assert.equal(db.listTablesSync({ Limit }).TableNames.length, 1)
  })

  test('proxies and getters, read once each', () => {
    const reads = []
    const Item = new Proxy({ id: { S: 'proxy' } }, { get: (target, name) => (reads.push(name), Reflect.get(target, name)) })
    db.putItemSync({ TableName: NAME, Item })
    assert.deepEqual(reads, ['id'])
  })

  test('a getter that makes a call of its own', () => {
    const Item = {
      id: { S: 'outer' },
      get seen() {
        put(db, 'inner', { text: { S: 'ä'.repeat(3000) }, b: { B: new Uint8Array(999) } })
        return { S: get(db, 'inner').id.S }
      },
      b: { B: new Uint8Array([5]) },
    }
    db.putItemSync({ TableName: NAME, Item })
    assert.deepEqual(get(db, 'outer'), { id: { S: 'outer' }, seen: { S: 'inner' }, b: { B: new Uint8Array([5]) } })
  })

  test('lists and objects that change while they are read', () => {
    const list = [
      {
        get S() {
          list.push({ S: 'late' })
          return 'first'
        },
      },
      { S: 'second' },
    ]
    const back = roundTrip({ l: { L: list } })
    assert.deepEqual(back.l, { L: [{ S: 'first' }, { S: 'second' }] })
    const shrinking = [
      {
        get S() {
          shrinking.length = 1
          return 'first'
        },
      },
      { S: 'gone' },
    ]
    assert.throws(() => roundTrip({ l: { L: shrinking } }), SerializationException)
  })
})

describe('what may not', () => {
  const refused = (make, message) => () => {
    assert.throws(() => put(db, 'bad', { a: make() }), (error) => {
      assert.ok(error instanceof SerializationException, String(error))
      assert.match(error.message, message)
      return true
    })
    assert.equal(get(db, 'bad'), undefined)
  }
  test('symbols', refused(() => ({ S: Symbol('x') }), /a symbol .* \(at Item\.a\.S\)/))
  test('functions', refused(() => ({ S: () => {} }), /a function .* \(at Item\.a\.S\)/))
  test('maps', refused(() => ({ M: new Map() }), /a Map .* \(at Item\.a\.M\)/))
  test('numbers that are none', refused(() => ({ N: NaN }), /NaN .* \(at Item\.a\.N\)/))
  test('endless numbers', refused(() => ({ L: [{ N: -Infinity }] }), /-Infinity .* \(at Item\.a\.L\.0\.N\)/))
  test('BigInts beyond 64 bits', refused(() => ({ N: 2n ** 64n }), /BigInt .* \(at Item\.a\.N\)/))
  test('BigInts below 64 bits', refused(() => ({ N: -(2n ** 63n) - 1n }), /BigInt/))
  test('invalid dates', refused(() => ({ S: new Date(NaN) }), /invalid Date/))
  test('the largest BigInt is a number, not text', refused(() => ({ N: 2n ** 64n - 1n }), /NUMBER_VALUE cannot be converted to String/))
  test('numbers where text belongs', refused(() => ({ N: 1 }), /NUMBER_VALUE cannot be converted to String/))
  test('dates where text belongs', refused(() => ({ S: new Date(500) }), /DECIMAL_VALUE cannot be converted to String/))
  test('text where bytes belong', refused(() => ({ B: 'AAAA' }), /./))
  test('bytes where text belongs', refused(() => ({ S: new Uint8Array(1) }), /./))
  test('an object that contains itself', refused(() => {
    const map = { M: {} }
    map.M.again = map
    map.M.more = map
    return map
  }, /nested deeper than 128 levels, or contains itself/))
  test('a list that contains itself', refused(() => {
    const list = { L: [] }
    list.L.push(list, list)
    return list
  }, /nested deeper/))
  test('a proxy without a bottom', refused(() => {
    const make = () => new Proxy({}, { ownKeys: () => ['M'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: make })
    return make()
  }, /nested deeper/))
  test('a list that is long and empty', refused(() => ({ L: new Array(2 ** 32 - 1) }), /too many members/))
  test('half a surrogate pair', refused(() => ({ S: 'x\ud83d' }), /surrogate/))
  test('the other half', refused(() => ({ S: '\ude00' }), /surrogate/))
  test('halves of two texts that would make a pair', refused(() => ({ L: [{ S: '\ud83d' }, { S: '\ude00' }] }), /surrogate/))
  test('half a pair beside a replacement character', refused(() => ({ L: [{ S: '\ufffd' }, { S: '\ud800' }] }), /surrogate/))

  test('values nested deeper than the service allows get its own words', () => {
    let value = { S: 'x' }
    for (let i = 0; i < 40; i++) value = { L: [value] }
    assert.throws(() => put(db, 'bad', { a: value }), errors.ValidationException)
  })

  test('what getters and proxies throw comes out as it is', () => {
    const mine = new Error('mine')
    const throwing = {
      get S() {
        throw mine
      },
    }
    assert.throws(() => put(db, 'bad', { a: throwing }), (error) => error === mine)
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    assert.throws(() => put(db, 'bad', { a: proxy }), TypeError)
    assert.equal(put(db, 'good').constructor, Object, 'the next call is well')
  })

  test('bytes that were given away', () => {
    const bytes = new Uint8Array(8)
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    assert.throws(() => put(db, 'bad', { a: { B: bytes } }), TypeError)
    assert.equal(get(db, 'bad'), undefined)
  })

  test('items larger than the service allows', () => {
    for (const a of [{ S: 'x'.repeat(400 * 1024) }, { B: new Uint8Array(400 * 1024) }, { L: Array(300_000).fill({ BOOL: true }) }]) {
      assert.throws(() => put(db, 'bad', { a }), errors.ValidationException)
    }
    assert.equal(get(db, 'bad'), undefined)
  })
})
