// The claims about Node.js, as JSON. Rounds of both sides are interleaved; ratios are medians; time is the process's processor time, which here is
// the one thread that works.

import { createRequire } from 'node:module'

const require = createRequire(new URL('../../bindings-node/package.json', import.meta.url))
const { open } = require('./index.cjs')
const { convertIn, convertOut, engine } = require('./lib/floor.js')
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb')

const ROUNDS = 9
const CALLS = 4000
const SDK_CALLS = 500

const item = {
  id: { S: 'customer-00000001' },
  name: { S: 'Mr. Example Person of Somewhere' },
  email: { S: 'example.person@example.com' },
  age: { N: '42' },
  active: { BOOL: true },
  address: {
    M: {
      street: { S: '1 Long Street With A Rather Long Name, Second Floor, Door On The Left' },
      city: { S: 'Anytown' },
      zip: { S: '12345' },
    },
  },
  tags: { SS: ['alpha', 'beta', 'gamma'] },
  scores: { L: [{ N: '1' }, { N: '2.5' }, { N: '3' }, { S: 'four' }] },
  note: { S: 'x'.repeat(640) },
  revision: { N: '1' },
}
const key = { id: item.id }

/** Microseconds of processor time of one call. */
function micros(call, count) {
  const start = process.cpuUsage()
  for (let n = 0; n < count; n++) call()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / count
}

async function microsAsync(call, count) {
  const start = process.cpuUsage()
  for (let n = 0; n < count; n++) await call()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / count
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

function claim(name, pairs, bound, limit, [first, second], ratio = ([a, b]) => a / b) {
  const side = (index) => median(pairs.map((pair) => pair[index])).toFixed(2)
  return { name, ratio: median(pairs.map(ratio)), bound, limit, detail: `${first} ${side(0)} us, ${second} ${side(1)} us` }
}

const db = open({ clock: 'manual', seed: 1 })
db.callSync('CreateTable', {
  TableName: 'Bench',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
})
db.putItemSync({ TableName: 'Bench', Item: item })

const put = () => db.putItemSync({ TableName: 'Bench', Item: item })
const get = () => db.getItemSync({ TableName: 'Bench', Key: key })
const converted = convertIn(item)

/** A call against the sum of its parts: reading the request, the engine's own work, and converting the answer where it has one. */
function callClaim(name, call, operation, input, write) {
  const round = () => {
    const read = micros(() => engine(db, operation, input(), 0), CALLS)
    const readAndEngine = micros(() => engine(db, operation, input(), 1), CALLS)
    // A part that is measured alone crosses into the addon once more than it does as part of a call.
    const crossing = micros(() => engine(db, 'ListTables', {}, 0), CALLS)
    const written = write === undefined ? 0 : micros(write, CALLS) - crossing
    return { call: micros(call, CALLS), read, engine: readAndEngine - read, written }
  }
  round()
  const rounds = Array.from({ length: ROUNDS }, round)
  const middle = (part) => median(rounds.map((times) => times[part])).toFixed(2)
  return {
    name,
    ratio: median(rounds.map((times) => times.call / (times.read + times.engine + times.written))),
    bound: 'at_most',
    limit: 1.1,
    detail: `call ${middle('call')} us; request ${middle('read')} us, engine ${middle('engine')} us, answer ${middle('written')} us`,
  }
}

const claims = [
  callClaim('node.putItemSync_against_its_parts', put, 'PutItem', () => ({ TableName: 'Bench', Item: item })),
  callClaim('node.getItemSync_against_its_parts', get, 'GetItem', () => ({ TableName: 'Bench', Key: key }), () => convertOut(converted)),
]

const client = new DynamoDBClient(db.clientConfig())
const sdkPut = () => client.send(new PutItemCommand({ TableName: 'Bench', Item: item }))
await microsAsync(sdkPut, SDK_CALLS)
const pairs = []
for (let round = 0; round < ROUNDS; round++) pairs.push([await microsAsync(sdkPut, SDK_CALLS), micros(put, SDK_CALLS)])
claims.push(
  claim('node.sdk_v3_share_of_the_sdk', pairs, 'at_least', 0.8, ['SDK call', 'put'], ([call, engine]) => 1 - engine / call),
)
// A loop of awaited calls gives way to the event loop now and then; it may not be dear.
const awaitedGet = () => db.getItem({ TableName: 'Bench', Key: key })
const awaited = []
for (let round = 0; round < ROUNDS; round++) awaited.push([await microsAsync(awaitedGet, CALLS), micros(get, CALLS)])
claims.push(claim('node.awaited_getItem_against_sync', awaited, 'at_most', 1.25, ['awaited', 'sync']))

// Records whose images nobody looks at, against the same records converted wholly.
const { LatestStreamArn: StreamArn } = db.callSync('UpdateTable', {
  TableName: 'Bench',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
}).TableDescription
const PAGE = 1000
for (let n = 0; n < PAGE; n++) db.putItemSync({ TableName: 'Bench', Item: { ...item, revision: { N: String(n + 2) } } })
const [{ ShardId }] = db.stream(StreamArn).shards()
const { ShardIterator } = db.callSync('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
const looked = () => {
  let names = 0
  for (const record of db.stream(StreamArn).records()) names += record.eventName.length
  return names
}
const converting = () => db.callSync('GetRecords', { ShardIterator }).Records
looked()
const pages = []
for (let round = 0; round < ROUNDS; round++) pages.push([micros(looked, 20) / PAGE, micros(converting, 5) / PAGE])
claims.push(claim('node.records_against_getRecords', pages, 'at_most', 0.4, ['a record', 'converted wholly']))
const rates = pages.map(([record]) => 1 / record).sort((a, b) => a - b)
const rate = rates[rates.length >> 1]
const detail = `an untouched record ${(1 / rate).toFixed(3)} us`
claims.push({ name: 'node.records_millions_a_second', ratio: rate, bound: 'at_least', limit: 0.5, detail })

// An event source mapping with a function that does nothing, and how soon it is woken, on the clock on the wall.
const RECORDS = 10_000
const WAKINGS = 200
const source = open()
source.callSync('CreateTable', {
  TableName: 'Source',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
})
let taken = 0
let woken = () => {}
const takes = (event) => {
  taken += event.Records.length
  woken()
}
const mapping = source.eventSourceMapping('Source', takes, { batchSize: 100 })
const tempos = []
for (let round = 0; round < ROUNDS; round++) {
  for (let n = 0; n < RECORDS; n++) source.putItemSync({ TableName: 'Source', Item: { id: { S: String(n) }, round: { N: String(round) } } })
  taken = 0
  const spent = await microsAsync(() => mapping.runUntilIdle(), 1)
  if (taken !== RECORDS) throw new Error('each record once')
  tempos.push((RECORDS / spent) * 1e6)
}
claims.push({
  name: 'node.mapping_records_against_100000_a_second', ratio: median(tempos) / 100_000, bound: 'at_least', limit: 1,
  detail: `${Math.round(median(tempos))} records/s in batches of 100`,
})
mapping.start()
const waits = []
for (let turn = 0; turn < WAKINGS; turn++) {
  // The one before has been settled, and the loop sleeps again.
  await new Promise((resolve) => setTimeout(resolve, 2))
  const reached = new Promise((resolve) => (woken = () => resolve(performance.now())))
  const start = performance.now()
  source.putItemSync({ TableName: 'Source', Item: { id: { S: 'wakes' }, turn: { N: String(turn) } } })
  waits.push((await reached) - start)
}
await mapping.stop()
claims.push({
  name: 'node.mapping_woken_against_100_us', ratio: median(waits) * 10, bound: 'at_most', limit: 1,
  detail: `from the write to the function, median ${(median(waits) * 1000).toFixed(0)} us on the clock on the wall`,
})
source.close()
db.close()
process.stdout.write(JSON.stringify(claims))
