// Following a stream: what is there, and what comes.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errors } from 'streamtable'
import { NAME, opened, put } from './setup.mjs'

/** What a follower was given so far, and a promise of what it ended with. */
function following(records) {
  const found = []
  const waiting = []
  const end = (async () => {
    for await (const record of records) {
      found.push(record.dynamodb.Keys.id.S)
      for (const waiter of waiting) if (found.length >= waiter.count) waiter.resolve()
    }
  })()
  const until = (count) => new Promise((resolve) => (found.length >= count ? resolve() : waiting.push({ count, resolve })))
  return { found, end, until }
}

describe('following', () => {
  test('gives what is there and what is written, until it is aborted', async () => {
    const { db, arn } = opened({ partitions: 2 })
    for (let i = 0; i < 5; i++) put(db, String(i))
    const abort = new AbortController()
    const records = db.stream(arn).follow({ signal: abort.signal })
    const follower = following(records)
    await follower.until(5)
    for (let i = 5; i < 9; i++) {
      put(db, String(i))
      if (i === 6) db.rollShardSync({ TableName: NAME })
      await follower.until(i + 1)
    }
    abort.abort()
    await follower.end
    assert.deepEqual(follower.found.toSorted(), ['0', '1', '2', '3', '4', '5', '6', '7', '8'])
    put(db, 'later')
    const rest = following(db.stream(arn).follow({ checkpoint: records.checkpoint }))
    await rest.until(1)
    assert.deepEqual(rest.found, ['later'])
    db.close()
    await assert.rejects(rest.end, errors.DatabaseClosedException)
  })

  test('starts where it is told', async () => {
    const { db, arn } = opened()
    put(db, 'before')
    const abort = new AbortController()
    const follower = following(db.stream(arn).follow({ signal: abort.signal, iteratorType: 'LATEST' }))
    put(db, 'after')
    await follower.until(1)
    abort.abort()
    await follower.end
    assert.deepEqual(follower.found, ['after'])
  })

  test('ends with a stream that is turned off, and when the loop is left', async () => {
    const { db, arn } = opened()
    put(db, '1')
    for await (const record of db.stream(arn).follow()) {
      assert.equal(record.dynamodb.Keys.id.S, '1')
      break
    }
    db.updateTableSync({ TableName: NAME, StreamSpecification: { StreamEnabled: false } })
    const follower = following(db.stream(arn).follow())
    await follower.end
    assert.deepEqual(follower.found, ['1'])
  })

  test('goes on in a database that was restored', async () => {
    const { db, arn } = opened()
    put(db, '1')
    const filled = db.snapshot()
    const abort = new AbortController()
    const follower = following(db.stream(arn).follow({ signal: abort.signal }))
    await follower.until(1)
    db.restore(filled)
    put(db, '2')
    await follower.until(2)
    abort.abort()
    await follower.end
    assert.deepEqual(follower.found, ['1', '2'])
  })

  test('is told how at the call', () => {
    const { db, arn } = opened()
    const stream = db.stream(arn)
    assert.throws(() => stream.follow({ limit: 5 }), TypeError)
    assert.throws(() => stream.follow({ signal: 5 }), TypeError)
    assert.throws(() => stream.follow({ colour: 'red' }), TypeError)
    assert.throws(() => db.stream('nonsense').follow(), errors.ValidationException)
    const abort = new AbortController()
    abort.abort()
    return following(stream.follow({ signal: abort.signal })).end
  })
})
