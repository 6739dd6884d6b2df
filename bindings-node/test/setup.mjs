// What several tests need: a deterministic database with one table.
import { open } from 'streamtable'

export const NAME = 'Orders'

export const TABLE = {
  TableName: NAME,
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
}

export function create(db, members = {}) {
  return db.createTableSync({ ...TABLE, ...members }).TableDescription
}

/** A database on a manual clock with the table, and the ARN of its stream. */
export function opened(options = {}) {
  const db = open({ clock: 'manual', seed: 1, ...options })
  return { db, arn: create(db).LatestStreamArn }
}

export function put(db, id, attributes = {}) {
  return db.putItemSync({ TableName: NAME, Item: { id: { S: id }, ...attributes } })
}

export function get(db, id) {
  return db.getItemSync({ TableName: NAME, Key: { id: { S: id } } }).Item
}

/** A repeatable source of chance (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}
