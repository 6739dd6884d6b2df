// Loads a real data set into a table with the AWS SDK for JavaScript v3 and reads what its change stream says.
//
//     node demo.mjs gapminder.csv
//
// Each row is one country in one year. The first year of a country becomes an item, each later year changes it. All the clients know of
// streamtable is their configuration, the lines marked (1): with another one, the same code runs against Amazon DynamoDB.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient, NumberValue, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { open } from 'streamtable';

const TableName = 'Countries';
const LAST_YEAR = '2007';

const db = open();
const client = new DynamoDBClient(db.clientConfig()); // (1)
const streams = new DynamoDBStreamsClient(db.clientConfig()); // (1)
const documents = DynamoDBDocumentClient.from(client);

/** The rows of a CSV file whose fields may be quoted. */
function readRows(path) {
  const [names, ...rows] = readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => [...line.matchAll(/"([^"]*)"(?:,|$)|([^,]+)(?:,|$)/g)].map((found) => found[1] ?? found[2]));
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
}

/** Writes the rows; gives the number of changes. */
async function load(rows) {
  for (const { country, continent, ...row } of rows) {
    // NumberValue keeps every digit; some incomes have more than a double can tell from their neighbours.
    const values = {
      year: NumberValue.from(row.year),
      life_expectancy: NumberValue.from(row.lifeExp),
      population: NumberValue.from(row.pop),
      income: NumberValue.from(row.gdpPercap),
    };
    if (row.year === '1952') {
      await documents.send(new PutCommand({ TableName, Item: { country, continent, ...values } }));
    } else {
      await documents.send(
        new UpdateCommand({
          TableName,
          Key: { country },
          UpdateExpression: 'SET #y = :y, life_expectancy = :l, population = :p, income = :i',
          ExpressionAttributeNames: { '#y': 'year' },
          ExpressionAttributeValues: {
            ':y': values.year,
            ':l': values.life_expectancy,
            ':p': values.population,
            ':i': values.income,
          },
        }),
      );
    }
  }
  return rows.length;
}

/** Every record from an iterator to the end of what is there. */
async function read(ShardIterator) {
  const records = [];
  for (;;) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator }));
    records.push(...page.Records);
    if (page.Records.length === 0 || page.NextShardIterator === undefined) return records;
    ShardIterator = page.NextShardIterator;
  }
}

function show({ eventName, dynamodb: { NewImage, OldImage } }) {
  const change = (name) => (OldImage === undefined ? '' : `${OldImage[name].N} -> `) + NewImage[name].N;
  console.log(
    `  ${eventName} ${NewImage.country.S}, ${NewImage.year.N}: ` +
      `life expectancy ${change('life_expectancy')}, population ${change('population')}`,
  );
}

/** JSON without spaces and with sorted names. */
function canonical(value) {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** SHA-256 over a line per record: event name, keys, images and size. */
function digest(records) {
  const hash = createHash('sha256');
  for (const { eventName, dynamodb } of records) {
    const parts = ['Keys', 'OldImage', 'NewImage', 'SizeBytes'].map((name) => canonical(dynamodb[name]));
    hash.update(`${[eventName, ...parts].join(' ')}\n`);
  }
  return hash.digest('hex');
}

const rows = readRows(process.argv[2]);
const later = rows.filter((row) => row.year === LAST_YEAR);

const { TableDescription } = await client.send(
  new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'country', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'country', KeyType: 'HASH' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  }),
);
const StreamArn = TableDescription.LatestStreamArn;
let changes = await load(rows.filter((row) => row.year !== LAST_YEAR));
const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
const { ShardId } = StreamDescription.Shards[0];

async function iterator(ShardIteratorType, SequenceNumber) {
  const command = new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType, SequenceNumber });
  return (await streams.send(command)).ShardIterator;
}

const latest = await iterator('LATEST');
changes += await load(later);
const middle = Math.floor(changes / 2);

console.log('TRIM_HORIZON: everything from the beginning, such as');
const records = await read(await iterator('TRIM_HORIZON'));
assert.equal(records.length, changes, 'one record for each change');
records.slice(0, 3).forEach(show);

console.log('AT_SEQUENCE_NUMBER: from one record on, such as');
const { SequenceNumber } = records[middle].dynamodb;
const at = await read(await iterator('AT_SEQUENCE_NUMBER', SequenceNumber));
assert.deepEqual(at, records.slice(middle));
show(at[0]);

console.log('AFTER_SEQUENCE_NUMBER: from the one after it, such as');
const after = await read(await iterator('AFTER_SEQUENCE_NUMBER', SequenceNumber));
assert.deepEqual(after, records.slice(middle + 1));
show(after[0]);

console.log(`LATEST: only what came later, here the year ${LAST_YEAR}, such as`);
const last = await read(latest);
assert.deepEqual(last, records.slice(-later.length));
last.slice(0, 2).forEach(show);

console.log(`stream: ${records.length} records, sha256 ${digest(records)}`);
db.close();
