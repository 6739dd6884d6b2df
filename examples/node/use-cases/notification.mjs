// Notification: a customer is told when an order is shipped, once, and of nothing else. The filter decides; the function never sees the rest.
import assert from 'node:assert/strict'
import { open } from 'streamtable'
import { create, idOf } from './tables.mjs'

const shipped = {
  eventName: ['MODIFY'],
  dynamodb: { NewImage: { status: { S: ['SHIPPED'] } }, OldImage: { status: { S: [{ 'anything-but': 'SHIPPED' }] } } },
}
const db = open({ clock: 'manual', seed: 1 })
create(db, 'Orders')
const told = []
const tell = ({ Records }) => void told.push(...Records.map(idOf))
const mapping = db.eventSourceMapping('Orders', tell, { filters: [shipped] })
for (const [n, status] of ['NEW', 'PAID', 'SHIPPED', 'SHIPPED', 'DELIVERED'].entries()) {
  await db.putItem({ TableName: 'Orders', Item: { id: { S: '1' }, status: { S: status }, change: { N: String(n) } } })
}
await db.runUntilIdle()
assert.deepEqual([told, mapping.counts.FilteredOutEventCount], [['1'], 4])
db.close()
console.log('notification: told once, of five changes')
