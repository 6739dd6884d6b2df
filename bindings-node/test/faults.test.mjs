// Faults: set, told and ended.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errors } from 'streamtable'
import { opened } from './setup.mjs'

const STORM = [{ Effect: 'FAIL', Operations: ['ListStreams'], Times: 1, Error: { Code: 'ThrottlingException' } }]

test('a script is taken in each form', async () => {
  for (const script of [STORM, { Faults: STORM, Seed: 7 }, JSON.stringify(STORM), JSON.stringify({ Faults: STORM })]) {
    const { db } = opened()
    db.faults(script)
    await assert.rejects(db.listStreams({ Limit: 1 }), errors.ThrottlingException)
    assert.equal((await db.listStreams({ Limit: 1 })).Streams.length, 1)
    const [entry] = db.faults.trace()
    assert.deepEqual([entry.Number, entry.Operation, entry.Detail], [1, 'ListStreams', 'ThrottlingException'])
    assert.deepEqual(db.faults.trace(1), [])
    const [fault] = db.faults.list()
    assert.deepEqual([fault.Calls, fault.Injected], [2, 1])
  }
})

test('cleared, the trace is kept', () => {
  const { db } = opened()
  db.faults(STORM)
  assert.throws(() => db.listStreamsSync(), errors.ThrottlingException)
  db.faults.clear()
  assert.deepEqual(db.faults.list(), [])
  assert.equal(db.faults.trace().length, 1)
})

test('what contradicts itself is refused', () => {
  const { db } = opened()
  assert.throws(() => db.faults([{ Effect: 'FAIL' }]), { name: 'ValidationException', message: 'Faults[0]: FAIL needs Error' })
})
