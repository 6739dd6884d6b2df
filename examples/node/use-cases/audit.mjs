// An audit log: what was changed, attribute by attribute, in a table of its own that only grows. A record that comes twice makes one entry.
import assert from 'node:assert/strict'
import { differences, open } from 'streamtable'
import { create } from './tables.mjs'

const db = open({ clock: 'manual', seed: 1 })
create(db, 'Accounts')
create(db, 'Audit')
const write = async ({ Records }) => {
  for (const { eventID, eventName, dynamodb } of Records) {
    const lines = differences(dynamodb.OldImage, dynamodb.NewImage).map(({ Path, From, To }) => ({
      M: { path: { S: Path }, from: From ?? { NULL: true }, to: To ?? { NULL: true } },
    }))
    await db.putItem({ TableName: 'Audit', Item: { id: { S: eventID }, what: { S: eventName }, changes: { L: lines } } })
  }
}
const mapping = db.eventSourceMapping('Accounts', write)
await db.putItem({ TableName: 'Accounts', Item: { id: { S: '1' }, limit: { N: '100' }, owner: { S: 'ada' } } })
await db.updateItem({
  TableName: 'Accounts',
  Key: { id: { S: '1' } },
  UpdateExpression: 'SET #l = :l',
  ExpressionAttributeNames: { '#l': 'limit' },
  ExpressionAttributeValues: { ':l': { N: '500' } },
})
await mapping.runUntilIdle()
const changed = db.scanSync({ TableName: 'Audit' }).Items.find((item) => item.what.S === 'MODIFY')
assert.deepEqual(changed.changes.L, [{ M: { path: { S: '/limit' }, from: { N: '100' }, to: { N: '500' } } }])
db.close()
console.log('audit: each change with what it was and what it became')
