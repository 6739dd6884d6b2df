// What each worker of `handles.test.mjs` and `directories.test.mjs` does: the addon in a thread of its own.
import { parentPort, workerData } from 'node:worker_threads'
import { errors } from 'streamtable'
import { get, opened, put } from './setup.mjs'

const { db, arn } = opened({ seed: workerData.seed, path: workerData.path })
if (workerData.path !== undefined) {
  // With promises in flight, and no end; every round that was told is kept.
  for (let round = 0; ; round++) {
    await Promise.all([0, 1, 2, 3].map((part) => db.putItem({ TableName: 'Orders', Item: { id: { S: `${round}/${part}` } } })))
    parentPort.postMessage(round)
  }
}
if (workerData.endless) {
  parentPort.postMessage('running')
  for (let i = 0; ; i++) put(db, String(i % 100), { n: { N: String(i) } })
}
for (let i = 0; i < workerData.writes; i++) put(db, `${workerData.seed}-${i}`, { text: { S: 'ä'.repeat(i % 50) }, b: { B: new Uint8Array(i % 9) } })
let missing = 0
for (let i = 0; i < workerData.writes; i++) if (get(db, `${workerData.seed}-${i}`) === undefined) missing += 1
let refused
try {
  db.putItemSync({})
} catch (error) {
  refused = error instanceof errors.ValidationException
}
const ids = db.stream(arn).records().toArray().map((record) => record.eventID)
parentPort.postMessage({ missing, refused, records: ids.length, digest: ids[0] })
