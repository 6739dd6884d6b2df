// A materialised view that is rebuilt by replay: when its logic changes, a second mapping reads the stream from its beginning into a new table, beside
// the first, which goes on; then readers change over.
import assert from 'node:assert/strict'
import { open } from 'streamtable'
import { create, images, items } from './tables.mjs'

const db = open({ clock: 'manual', seed: 1 })
for (const name of ['Orders', 'Sums1', 'Sums2']) create(db, name)

/** A handler that keeps sums of orders by customer in a table. A batch that comes again after a crash would be added again: see `orders.mjs`. */
const viewOf = (TableName, amount) => async ({ Records }) => {
  for (const record of Records) {
    const { old, new: order } = images(record)
    await db.updateItem({
      TableName,
      Key: { id: { S: (order ?? old).customer } },
      UpdateExpression: 'ADD #sum :n',
      ExpressionAttributeNames: { '#sum': 'sum' },
      ExpressionAttributeValues: { ':n': { N: String((order ? amount(order) : 0) - (old ? amount(old) : 0)) } },
    })
  }
}
const order = (id, customer, net) =>
  db.putItem({ TableName: 'Orders', Item: { id: { S: id }, customer: { S: customer }, net: { N: String(net) } } })
const sums = (name) => Object.fromEntries(Object.entries(items(db, name)).map(([id, item]) => [id, item.sum]))

db.function('net', viewOf('Sums1', ({ net }) => net))
const first = db.eventSourceMapping('Orders', 'net')
await order('1', 'ada', 10)
await order('2', 'ben', 20)
await order('1', 'ada', 15)
await db.runUntilIdle()
assert.deepEqual(sums('Sums1'), { ada: 15, ben: 20 })

db.function('gross', viewOf('Sums2', ({ net }) => Math.floor((net * 120) / 100)))
db.eventSourceMapping('Orders', 'gross', { startingPosition: 'TRIM_HORIZON' })
await order('3', 'ben', 5)
await db.runUntilIdle()
assert.deepEqual(sums('Sums2'), { ada: 18, ben: 30 })
await first.delete()
db.close()
console.log('view: the second view was rebuilt from the stream and goes on')
