// Replication: a table is kept in step in a second table. A record may come twice, or an older one after a newer; the copy minds neither.
import assert from 'node:assert/strict'
import { open } from 'streamtable'
import { create, items } from './tables.mjs'

const db = open({ clock: 'manual', seed: 1 })
create(db, 'People')
create(db, 'Copy')
db.eventSourceMapping('People', async function replicate({ Records }) {
  db.apply('Copy', Records)
}, { parallelizationFactor: 4 })
for (let number = 0; number < 50; number += 1) {
  const id = { S: `p${number % 10}` }
  if (number % 7 === 6) await db.deleteItem({ TableName: 'People', Key: { id } })
  else await db.putItem({ TableName: 'People', Item: { id, name: { S: `name ${number}` } } })
}
await db.runUntilIdle()
assert.deepEqual(items(db, 'Copy'), items(db, 'People'))
console.log(`replication: ${Object.keys(items(db, 'Copy')).length} people, twice the same`)
db.close()
