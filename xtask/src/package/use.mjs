// Uses an installed package: puts an item and finds it in the stream.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { open } from 'streamtable';

assert.equal(typeof createRequire(import.meta.url)('streamtable').open, 'function', 'CommonJS');
const db = open();
await db.createTable({
  TableName: 'Things',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
});
await db.putItem({ TableName: 'Things', Item: { id: { S: 'a' } } });
const { Table } = await db.describeTable({ TableName: 'Things' });
const StreamArn = Table.LatestStreamArn;
const { StreamDescription } = await db.describeStream({ StreamArn });
const { ShardId } = StreamDescription.Shards[0];
const { ShardIterator } = await db.getShardIterator({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
const { Records } = await db.getRecords({ ShardIterator });
assert.deepEqual(Records.map((record) => record.dynamodb.NewImage), [{ id: { S: 'a' } }]);
db.close();
