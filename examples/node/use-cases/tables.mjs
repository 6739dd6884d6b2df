// What the examples share: a table with a stream, and its values without type tags.
import { toPlain } from 'streamtable'

/** A table with a stream of old and new images. */
export function create(db, TableName) {
  db.createTableSync({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  })
}

/** The item before and after the change that a record tells, as plain values; undefined where there was none. */
export function images({ dynamodb: { OldImage, NewImage } }) {
  const plain = (image) => image && toPlain(image, { numbers: 'native' })
  return { old: plain(OldImage), new: plain(NewImage) }
}

/** The id of the item that a record is about. */
export const idOf = (record) => record.dynamodb.Keys.id.S

/** All items of a table, by id. */
export function items(db, TableName) {
  return Object.fromEntries(db.scanSync({ TableName }).Items.map((item) => [item.id.S, toPlain(item, { numbers: 'native' })]))
}
