// Compiled, never run: what programs may write, and what they may not.
import streamtable, { Database, StreamtableError, differences, errors, lambdaEvent, open, patch, testing, toItem, toPlain } from 'streamtable';
import type { AttributeValue, GetItemOutput, Item, LazyRecord, OpenOptions, PutItemInput } from 'streamtable';
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

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
const created: Date | undefined = (await db.describeTable({ TableName: 'Orders' })).Table?.CreationDateTime;
const names: string[] | undefined = db.listTablesSync().TableNames;
const typed: string[] | undefined = db.callSync('ListTables', {}).TableNames;
const untyped: unknown = db.callSync('ComesLater', {});
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
for (const record of db.stream('arn').records()) console.log((record satisfies LazyRecord).toObject().eventID);

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
db.clock.advance({ weeks: 1 });
// @ts-expect-error no such code
errors.NoSuchException;

console.log(id, bytes, value, created, names, typed, untyped, advanced, others, streams, documents, listed);

const filled = db.snapshot();
const forked: Database = filled.fork();
db.restore(filled);
forked.reset();
// @ts-expect-error a snapshot is not a database
db.restore(forked);

const image: Item = toItem({ id: '1', n: 2n ** 70n, tags: new Set(['a']), skipped: undefined });
const where: string | undefined = differences(undefined, image)[0]?.Path;
const operation: 'add' | 'remove' | 'replace' | undefined = patch(image, null)[0]?.op;
const handed: string | undefined = lambdaEvent(db.stream('arn').records(), 'arn').Records[0]?.eventSourceARN;
console.log(where, operation, handed, toPlain(image, { numbers: 'text' }), testing.insert(image, { keys: ['id'] }));
// @ts-expect-error keys are needed
testing.insert(image, {});
// @ts-expect-error a function has no place in an item
toItem({ f: () => 1 });
