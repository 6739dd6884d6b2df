// Content moderation: what is posted is looked at by a slow, unreliable service. A post waits in its table until the verdict is there; the function
// writes that back without waking itself again, because its mapping wants only posts that have none.
import assert from 'node:assert/strict'
import { open } from 'streamtable'
import { create, images, items } from './tables.mjs'

const db = open({ clock: 'manual', seed: 1 })
create(db, 'Posts')
let outages = 2
const judge = async ({ Records }) => {
  if (outages > 0) {
    outages -= 1
    throw new Error('the model is not there')
  }
  for (const post of Records.map((record) => images(record).new)) {
    await db.updateItem({
      TableName: 'Posts',
      Key: { id: { S: post.id } },
      UpdateExpression: 'SET verdict = :v',
      ConditionExpression: '#text = :text',
      ExpressionAttributeNames: { '#text': 'text' },
      ExpressionAttributeValues: { ':v': { S: post.text.includes('spam') ? 'refused' : 'accepted' }, ':text': { S: post.text } },
    })
  }
}
const unjudged = { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { verdict: { S: [{ exists: false }] } } } }
const mapping = db.eventSourceMapping('Posts', judge, { filters: [unjudged] })
await db.putItem({ TableName: 'Posts', Item: { id: { S: '1' }, text: { S: 'hello' } } })
await db.putItem({ TableName: 'Posts', Item: { id: { S: '2' }, text: { S: 'buy spam' } } })
assert.equal(await mapping.runUntilIdle({ advance: true }), 3, 'two outages, then one batch')
const posts = items(db, 'Posts')
assert.deepEqual([posts[1].verdict, posts[2].verdict], ['accepted', 'refused'])
assert.equal(mapping.counts.FilteredOutEventCount, 2, 'its own two writes')
db.close()
console.log('moderation: two posts judged after two outages')
