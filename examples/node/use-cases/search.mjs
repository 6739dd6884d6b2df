// Full-text search kept in step: for each word the items that have it.
import assert from 'node:assert/strict'
import { open } from 'streamtable'
import { create, idOf, images } from './tables.mjs'

const db = open({ clock: 'manual', seed: 1 })
create(db, 'Articles')
const index = new Map()
const words = (article) => (article ? `${article.title} ${article.text}`.toLowerCase().match(/\w+/g) : [])

const update = ({ Records }) => {
  for (const record of Records) {
    const { old, new: article } = images(record)
    for (const word of words(old)) index.get(word)?.delete(idOf(record))
    for (const word of words(article)) index.set(word, (index.get(word) ?? new Set()).add(idOf(record)))
  }
}
const found = (word) => [...(index.get(word) ?? [])].sort()

db.eventSourceMapping('Articles', update, { batchSize: 1000 })
const put = (id, title, text) => db.putItem({ TableName: 'Articles', Item: { id: { S: id }, title: { S: title }, text: { S: text } } })
await put('1', 'Tea', 'green and black')
await put('2', 'Coffee', 'black')
await put('3', 'Water', 'clear')
await db.runUntilIdle()
assert.deepEqual(found('black'), ['1', '2'])
await db.deleteItem({ TableName: 'Articles', Key: { id: { S: '2' } } })
await put('3', 'Ink', 'black')
await db.runUntilIdle()
assert.deepEqual([found('black'), found('clear'), found('ink')], [['1', '3'], [], ['3']])
db.close()
console.log('search: the index follows the table')
