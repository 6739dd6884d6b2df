// Cache invalidation: what is read is kept until the table says that it has changed. The mapping runs in the background, woken by each write.
import assert from 'node:assert/strict'
import { open } from 'streamtable'
import { create, idOf } from './tables.mjs'

const db = open()
create(db, 'Prices')
const cached = new Map()
let misses = 0
let changed

const price = async (goods) => {
  if (!cached.has(goods)) {
    misses += 1
    cached.set(goods, (await db.getItem({ TableName: 'Prices', Key: { id: { S: goods } } })).Item.price)
  }
  return cached.get(goods)
}
const forget = ({ Records }) => {
  for (const record of Records) cached.delete(idOf(record))
  changed()
}
const mapping = db.eventSourceMapping('Prices', forget).start()
for (const amount of ['1', '2']) {
  const seen = new Promise((resolve) => (changed = resolve))
  await db.putItem({ TableName: 'Prices', Item: { id: { S: 'tea' }, price: { N: amount } } })
  await seen
  assert.deepEqual([await price('tea'), await price('tea')], [{ N: amount }, { N: amount }])
}
await mapping.stop()
assert.equal(misses, 2)
db.close()
console.log('cache: read twice, asked for four times')
