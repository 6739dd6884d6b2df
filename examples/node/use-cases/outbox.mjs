// A transactional outbox: a service writes only its table; a relay publishes each change as an event, with the item as it is now and a JSON Patch
// (RFC 6902) that tells what changed. Events are named after their records, so that a receiver can pass over those it has seen.
import assert from 'node:assert/strict'
import { open, patch } from 'streamtable'
import { create, images } from './tables.mjs'

const OPERATIONS = { INSERT: 'C', MODIFY: 'U', REMOVE: 'D' }
const changeEvent = (record) => {
  const { old, new: item } = images(record)
  const { OldImage, NewImage } = record.dynamodb
  return { data_op: OPERATIONS[record.eventName], data: item ?? old, patch: patch(OldImage, NewImage), metadata: { eid: record.eventID } }
}
const db = open({ clock: 'manual', seed: 1 })
create(db, 'Articles')
const published = new Map()
let isDown = true
const relay = ({ Records }) => {
  for (const [at, record] of Records.entries()) {
    if (at === 1 && isDown) {
      isDown = false
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber }] }
    }
    published.set(record.eventID, changeEvent(record))
  }
}
const mapping = db.eventSourceMapping('Articles', relay, { reportBatchItemFailures: true })
const put = (size) => db.putItem({ TableName: 'Articles', Item: { id: { S: '1' }, title: { S: 'Tea' }, size: { N: size } } })
await put('1')
await put('2')
await db.deleteItem({ TableName: 'Articles', Key: { id: { S: '1' } } })
assert.equal(await mapping.runUntilIdle(), 2, 'the relay was down after the first')
const events = [...published.values()]
assert.deepEqual(events.map((event) => event.data_op), ['C', 'U', 'D'])
assert.deepEqual(events[1].patch, [{ op: 'replace', path: '/size', value: 2 }])
assert.deepEqual(events[2].data, { id: '1', title: 'Tea', size: 2 })
db.close()
console.log('outbox: three changes, three events, one interruption')
