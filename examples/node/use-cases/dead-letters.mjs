// Dead letters and their requeue: what failed too often is kept in a queue and tried again every hour, on the database's clock, until it succeeds.
import assert from 'node:assert/strict'
import { open } from 'streamtable'
import { create } from './tables.mjs'

const HOUR = 3_600_000

const db = open({ clock: 'manual', seed: 1 })
create(db, 'Payments')
db.sqsCreateQueueSync({ QueueName: 'dead' })
const booked = new Set()
const unknown = new Set(['EUR'])
const book = ({ Records }) => {
  for (const { dynamodb: { NewImage } } of Records) {
    if (unknown.has(NewImage.currency.S)) throw new RangeError(`no rate for ${NewImage.currency.S}`)
    booked.add(NewImage.id.S)
  }
}
const mapping = db.eventSourceMapping('Payments', book, {
  bisectBatchOnFunctionError: true,
  maximumRetryAttempts: 0,
  onFailure: 'arn:aws:sqs:us-east-1:000000000000:dead',
  redriveEvery: HOUR,
})
for (const [id, currency] of [['1', 'USD'], ['2', 'EUR'], ['3', 'USD']]) {
  await db.putItem({ TableName: 'Payments', Item: { id: { S: id }, currency: { S: currency } } })
}
await mapping.runUntilIdle({ advance: true })
assert.deepEqual([...booked].sort(), ['1', '3'])
const tried = []
for (let hour = 1; hour <= 5; hour += 1) {
  db.clock.advance({ hours: 1 })
  if (hour === 3) unknown.clear()
  tried.push(await mapping.runUntilIdle())
}
assert.deepEqual([[...booked].sort(), tried], [['1', '2', '3'], [1, 1, 1, 0, 0]])
db.close()
console.log('dead letters: one payment booked in the third hour')
