// The claims about Node.js, as JSON. Rounds of both sides are interleaved; ratios are medians; time is the process's processor time, which here is
// the one thread that works.

import { createRequire } from 'node:module'

const require = createRequire(new URL('../../bindings-node/package.json', import.meta.url))
const { open, _convertIn, _convertOut } = require('./index.cjs')
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

function rounds(first, second) {
  return Array.from({ length: ROUNDS }, () => [micros(first, CALLS), micros(second, CALLS)])
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
const converted = _convertIn(item)
micros(put, CALLS)
micros(get, CALLS)

const claims = [
  claim('node.putItemSync_against_conversion', rounds(put, () => _convertIn(item)), 'at_most', 1.6, ['put', 'conversion']),
  claim('node.getItemSync_against_conversion', rounds(get, () => _convertOut(converted)), 'at_most', 1.6, ['get', 'conversion']),
]

const client = new DynamoDBClient(db.clientConfig())
const sdkPut = () => client.send(new PutItemCommand({ TableName: 'Bench', Item: item }))
await microsAsync(sdkPut, SDK_CALLS)
const pairs = []
for (let round = 0; round < ROUNDS; round++) pairs.push([await microsAsync(sdkPut, SDK_CALLS), micros(put, SDK_CALLS)])
claims.push(
  claim('node.sdk_v3_share_of_the_sdk', pairs, 'at_least', 0.8, ['SDK call', 'put'], ([call, engine]) => 1 - engine / call),
)
db.close()
process.stdout.write(JSON.stringify(claims))
