// Dead letters and their requeue: what failed too often is kept aside and tried again every hour, on the database's clock, until it succeeds.
import assert from 'node:assert/strict'
import { open } from 'streamtable'
import { create } from './tables.mjs'

const db = open({ clock: 'manual', seed: 1 })
create(db, 'Payments')
const booked = new Set()
const letters = []
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
  onFailure: (letter) => letters.push(letter),
})
for (const [id, currency] of [['1', 'USD'], ['2', 'EUR'], ['3', 'USD']]) {
  await db.putItem({ TableName: 'Payments', Item: { id: { S: id }, currency: { S: currency } } })
}
await mapping.runUntilIdle({ advance: true })
assert.deepEqual([...booked].sort(), ['1', '3'])
assert.equal(letters.length, 1)
for (let hour = 1; hour <= 5; hour += 1) {
  db.clock.advance({ hours: 1 })
  if (hour === 3) unknown.clear()
  for (const letter of [...letters]) {
    const isDone = await mapping.redrive(letter).then(() => true, () => false)
    if (isDone) letters.splice(letters.indexOf(letter), 1)
  }
}
assert.deepEqual([[...booked].sort(), letters], [['1', '2', '3'], []])
db.close()
console.log('dead letters: one payment booked in the third hour')
