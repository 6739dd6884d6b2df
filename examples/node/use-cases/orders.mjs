// An order pipeline: one table of orders, and three functions on its stream. One confirms, one takes the goods out of the inventory, one tells the
// warehouse. Each has its own place in the stream, its own retries, and fails for itself.
import assert from 'node:assert/strict'
import { errors, open } from 'streamtable'
import { create, idOf, images, items } from './tables.mjs'

const db = open({ clock: 'manual', seed: 1 })
for (const name of ['Orders', 'Inventory', 'Booked']) create(db, name)
await db.putItem({ TableName: 'Inventory', Item: { id: { S: 'tea' }, left: { N: '10' } } })
const confirmed = []
const warehouse = []
const soldOut = []

db.function('confirm', async ({ Records }) => void confirmed.push(...Records.map(idOf)))
db.function('ship', async ({ Records }) => void warehouse.push(...Records.map(idOf)))
// Takes the goods once for each order, however often its record comes: the booking and the mark that it was done are one write.
db.function('book', async ({ Records }) => {
  for (const order of Records.map((record) => images(record).new)) {
    const mark = { TableName: 'Booked', Item: { id: { S: order.id } }, ConditionExpression: 'attribute_not_exists(id)' }
    const goods = {
      TableName: 'Inventory',
      Key: { id: { S: order.goods } },
      UpdateExpression: 'SET #left = #left - :n',
      ConditionExpression: '#left >= :n',
      ExpressionAttributeNames: { '#left': 'left' },
      ExpressionAttributeValues: { ':n': { N: String(order.count) } },
    }
    try {
      await db.transactWriteItems({ TransactItems: [{ Put: mark }, { Update: goods }] })
    } catch (error) {
      const wasBooked = error instanceof errors.TransactionCanceledException && error.CancellationReasons[0].Code !== 'None'
      if (!wasBooked) throw error
    }
  }
})

const filters = [{ eventName: ['INSERT'] }]
db.eventSourceMapping('Orders', 'confirm', { filters })
db.eventSourceMapping('Orders', 'ship', { filters, batchSize: 1 })
db.eventSourceMapping('Orders', 'book', {
  filters,
  bisectBatchOnFunctionError: true,
  maximumRetryAttempts: 2,
  onFailure: (failure) => soldOut.push(failure),
})
for (const [id, count] of [['1', 3], ['2', 9], ['3', 7]]) {
  await db.putItem({ TableName: 'Orders', Item: { id: { S: id }, goods: { S: 'tea' }, count: { N: String(count) } } })
}
await db.runUntilIdle({ advance: true })

assert.deepEqual([confirmed, warehouse], [['1', '2', '3'], ['1', '2', '3']])
assert.deepEqual([items(db, 'Inventory').tea.left, Object.keys(items(db, 'Booked')).sort()], [0, ['1', '3']])
assert.deepEqual(soldOut.map((failure) => failure.DDBStreamBatchInfo.batchSize), [1])
db.close()
console.log('orders: three confirmed, two booked, one without goods told of')
