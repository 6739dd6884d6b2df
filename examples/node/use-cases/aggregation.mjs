// Counters in tumbling windows: sales of each minute are added up over many batches; the state goes from invocation to invocation.
import assert from 'node:assert/strict'
import { open } from 'streamtable'
import { create, images, items } from './tables.mjs'

const db = open({ clock: 'manual', seed: 1 })
create(db, 'Sales')
create(db, 'Minutes')
const addUp = async ({ Records, state, window, isFinalInvokeForWindow }) => {
  for (const sale of Records.map((record) => images(record).new)) state[sale.goods] = (state[sale.goods] ?? 0) + sale.count
  if (isFinalInvokeForWindow) {
    const M = Object.fromEntries(Object.entries(state).map(([goods, count]) => [goods, { N: String(count) }]))
    await db.putItem({ TableName: 'Minutes', Item: { id: { S: window.start }, sums: { M } } })
  }
  return { state }
}
db.eventSourceMapping('Sales', addUp, { batchSize: 2, tumblingWindowInSeconds: 60 })
for (let number = 0; number < 9; number += 1) {
  const goods = number % 3 ? 'tea' : 'coffee'
  await db.putItem({ TableName: 'Sales', Item: { id: { S: String(number) }, goods: { S: goods }, count: { N: '1' } } })
  db.clock.advance({ seconds: 20 })
  await db.runUntilIdle()
}
// A window is closed by a record after it, or two minutes after its end.
db.clock.advance({ minutes: 3 })
await db.runUntilIdle()
const sums = Object.entries(items(db, 'Minutes')).map(([start, minute]) => [start, minute.sums])
const minute = (n) => [`2026-01-01T00:0${n}:00Z`, { coffee: 1, tea: 2 }]
assert.deepEqual(Object.fromEntries(sums), Object.fromEntries([0, 1, 2].map(minute)))
db.close()
console.log('aggregation: three minutes, each with its sums')
