// Compiled, never run: what programs may write, and what they may not.
import streamtable, { Database, StreamtableError, differences, errors, lambdaEvent, open, patch, testing, toItem, toPlain } from 'streamtable';
import type { AttributeValue, GetItemOutput, Item, OpenOptions, PutItemInput, ChangeRecord } from 'streamtable';
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type * as sdk from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

const options: OpenOptions = { clock: 'manual', now: new Date(0), seed: 1n, partitions: 4 };
const db: Database = open(options);
const durable: OpenOptions = { path: 'data', durability: 'buffered', syncEvery: 20, cacheBytes: 0 };
open(durable).close();
const same: Database = streamtable.open();
same.close();

const put: PutItemInput = { TableName: 'Orders', Item: { id: { S: '1' }, b: { B: Buffer.from('x') }, l: { L: [{ NULL: true }] } } };
await db.putItem(put);
const found: GetItemOutput = db.getItemSync({ TableName: 'Orders', Key: { id: { S: '1' } } });
const id: string | undefined = found.Item?.['id']?.S;
const bytes: Uint8Array | undefined = found.Item?.['b']?.B;
const item: Item = { a: { M: { b: { NS: ['1'] } } } };
const value: AttributeValue | undefined = item['a'];
const created: Date | undefined = (await db.describeTable({ TableName: 'Orders' })).Table.CreationDateTime;
const names: string[] = db.listTablesSync().TableNames;
const typed: string[] = [...db.callSync('ListTables').TableNames, ...(await db.call('ListTables', { Limit: 5n })).TableNames];
const advanced: Date = db.clock.advance({ hours: 24, milliseconds: 1 });

for await (const record of db.stream('arn').records({ iteratorType: 'TRIM_HORIZON', limit: 10 })) {
  const name: 'INSERT' | 'MODIFY' | 'REMOVE' = record.eventName;
  const image: Item | undefined = record.dynamodb.NewImage;
  const keys: Item = record.dynamodb.Keys;
  console.log(name, image, keys, record.dynamodb.ApproximateCreationDateTime.getTime());
}
const reading = db.stream('arn').records({ iteratorType: 'AT_TIMESTAMP', timestamp: new Date(), trimmed: 'skip' });
const place: string = reading.checkpoint;
const gaps: number = reading.gaps;
for (const { shardId } of db.stream('arn').records({ checkpoint: place })) console.log(shardId satisfies string, gaps);
for (const record of db.stream('arn').records()) console.log((record satisfies ChangeRecord).toObject().eventID, record.checkpoint satisfies string);

try {
  await db.call('PutItem', put);
} catch (error) {
  if (error instanceof errors.ConditionalCheckFailedException) {
    const code: 'ConditionalCheckFailedException' = error.name;
    console.log(code, error.Item, error.$metadata.httpStatusCode);
  } else if (error instanceof StreamtableError) console.log(error.message);
}

const client = new DynamoDBClient(db.clientConfig());
const others = new DynamoDBClient(db.clientConfig({ region: 'eu-west-1', maxAttempts: 1 }));
const streams = new DynamoDBStreamsClient(db.clientConfig());
const documents = DynamoDBDocumentClient.from(client);
const listed: string[] | undefined = (await db.send(new ListTablesCommand({}))).TableNames;
await db.send(new PutItemCommand({ TableName: 'Orders', Item: { id: { S: '1' } } }));

// @ts-expect-error a database comes from open()
new Database();
// @ts-expect-error no such option
open({ colour: 'red' });
// @ts-expect-error a clock is the system's or manual
open({ clock: 'fast' });
// @ts-expect-error TableName is required
db.putItemSync({ Item: {} });
// @ts-expect-error numbers are text
db.putItemSync({ TableName: 'Orders', Item: { n: { N: 1 } } });
// @ts-expect-error one type per value
db.putItemSync({ TableName: 'Orders', Item: { n: { N: '1', S: 'x' } } });
// @ts-expect-error no such iterator type
db.stream('arn').records({ iteratorType: 'NEWEST' });
// @ts-expect-error no such unit
db.clock.advance({ months: 1 });
// @ts-expect-error no such code
errors.NoSuchException;

console.log(id, bytes, value, created, names, typed, advanced, others, streams, documents, listed);

const filled = db.snapshot();
const forked: Database = filled.fork();
db.restore(filled);
forked.reset();
// @ts-expect-error a snapshot is not a database
db.restore(forked);

const image: Item = toItem({ id: '1', n: 2n ** 70n, tags: new Set(['a']), skipped: undefined }, { removeUndefinedValues: true });
const where: string | undefined = differences(undefined, image)[0]?.Path;
const operation: 'add' | 'remove' | 'replace' | undefined = patch(image, null)[0]?.op;
const handed: string | undefined = lambdaEvent(db.stream('arn').records(), 'arn').Records[0]?.eventSourceARN;
console.log(where, operation, handed, toPlain(image, { numbers: 'text' }), testing.insert(image, { keys: ['id'] }));
// @ts-expect-error keys are needed
testing.insert(image, {});
// @ts-expect-error a function has no place in an item
toItem({ f: () => 1 });

// What the AWS SDK gives and takes is taken and given here.
const marshalled = marshall({ id: '1', n: 1, tags: new Set(['a']) });
await db.putItem({ TableName: 'Orders', Item: marshalled });
console.log(unmarshall(db.getItemSync({ TableName: 'Orders', Key: marshall({ id: '1' }) }).Item ?? {}));
declare const inputs: {
  put: sdk.PutItemCommandInput;
  get: sdk.GetItemCommandInput;
  update: sdk.UpdateItemCommandInput;
  delete: sdk.DeleteItemCommandInput;
  query: sdk.QueryCommandInput;
  scan: sdk.ScanCommandInput;
  write: sdk.TransactWriteItemsCommandInput;
  batch: sdk.BatchWriteItemCommandInput;
  create: sdk.CreateTableCommandInput;
  change: sdk.UpdateTableCommandInput;
};
await db.putItem(inputs.put);
await db.getItem(inputs.get);
await db.updateItem(inputs.update);
await db.deleteItem(inputs.delete);
const queried: sdk.QueryCommandOutput['Items'] = (await db.query(inputs.query)).Items;
await db.scan(inputs.scan);
await db.transactWriteItems(inputs.write);
await db.batchWriteItem(inputs.batch);
await db.createTable(inputs.create);
await db.updateTable(inputs.change);
console.log(queried, db.apply('Orders', (await db.getRecords({ ShardIterator: 'x' })).Records));

// All that the README says goes in.
db.putItemSync({
  TableName: 'Orders',
  Item: {
    id: { S: '1' }, a: { B: new ArrayBuffer(1) }, b: { B: new DataView(new ArrayBuffer(1)) }, c: { B: new SharedArrayBuffer(1) }, d: { SS: new Set(['a']) },
    e: { BS: [new Uint8Array(1), Buffer.from('x')] }, f: { M: { g: { NS: new Set(['1']) } } }, h: { L: [{ BOOL: true }] },
  },
  ConditionExpression: null,
  ReturnValues: undefined,
});
db.scanSync({ TableName: 'Orders', Limit: 5n, ExclusiveStartKey: null });

// What every answer has need not be asked for.
const stream = db.describeTableSync({ TableName: 'Orders' }).Table.LatestStreamArn ?? '';
const shard: string = db.describeStreamSync({ StreamArn: stream }).StreamDescription.Shards[0]!.ShardId;
const iterator: string = db.getShardIteratorSync({ StreamArn: stream, ShardId: shard, ShardIteratorType: 'LATEST' }).ShardIterator;
const number: string | undefined = db.getRecordsSync({ ShardIterator: iterator }).Records[0]?.dynamodb.SequenceNumber;
const counted: number = db.scanSync({ TableName: 'Orders' }).Count;
console.log(number, counted);

// Following, closing, paths.
const following = db.stream(stream).follow({ signal: new AbortController().signal, checkpoint: place });
for await (const { eventName, checkpoint } of following) console.log(eventName, checkpoint satisfies string, following.checkpoint satisfies string);
await db[Symbol.asyncDispose]();
open({ path: new URL('data', import.meta.url) }).fork(new URL('copy', import.meta.url)).close();

// @ts-expect-error no such operation
db.callSync('PutItems', {});
// @ts-expect-error no such operation
await db.call('putItem', put);
// @ts-expect-error the input is needed
db.callSync('PutItem');
// @ts-expect-error no such member
db.scanSync({ TableName: 'Orders', Limt: 5 });
// @ts-expect-error a Map is no value
db.putItemSync({ TableName: 'Orders', Item: { m: { M: new Map() } } });
// @ts-expect-error a follower has no limit
db.stream(stream).follow({ limit: 5 });
// @ts-expect-error nothing is written into a record's shard
for (const record of db.stream(stream).records()) record.shardId = '';

// A clock from a function, and moving to a moment.
open({ clock: () => new Date() }).clock.advanceTo(Date.now()).getTime();
db.clock.advance({ weeks: 1 });
// @ts-expect-error text is no moment
open({ clock: () => '2026-01-01' });

// Clients that are there already.
const attached: DynamoDBDocumentClient = db.attach(documents);
db.attach(new DynamoDBClient({})).destroy();
// @ts-expect-error a database is no client
db.attach(db);
console.log(attached);
