// What the types say is in every answer is in every answer.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { open } from 'streamtable'
import { NAME, create, put } from './setup.mjs'

const types = readFileSync(new URL('../lib/operations.d.ts', import.meta.url), 'utf8')

/** By the name of a structure: its members, each with its type and whether it is always there. */
const structures = new Map(
  [...types.matchAll(/^export interface (\w+) \{\n([^]*?)\n\}/gm)].map(([, name, body]) => [
    name,
    [...body.matchAll(/^ {2}(\w+)(\??): (.*);$/gm)].map(([, member, open, type]) => ({ member, always: open === '', type })),
  ]),
)
const outputs = new Map([...types.matchAll(/^ {2}(\w+): \{ input: \w+; output: (\w+) \};$/gm)].map(([, operation, output]) => [operation, output]))

const seen = new Set()

/** Walks an answer along its type. */
function check(value, type, place) {
  if (value === undefined || value === null) return
  const [, element] = /^(?:Array<)?(\w+)(?:>|\[\])(?: \| undefined)?$/.exec(type) ?? []
  if (Array.isArray(value)) {
    value.forEach((one, at) => check(one, element ?? '', `${place}[${at}]`))
    return
  }
  const structure = structures.get(type.replace(' | undefined', ''))
  if (structure === undefined) return
  seen.add(type.replace(' | undefined', ''))
  for (const { member, always, type: inner } of structure) {
    if (always) assert.ok(value[member] !== undefined, `${place} has no ${member}`)
    check(value[member], inner, `${place}.${member}`)
  }
}

const room = mkdtempSync(join(tmpdir(), 'streamtable-'))
after(() => rmSync(room, { recursive: true, force: true }))

test('always', () => {
  mkdirSync(join(room, 'buckets/exports'), { recursive: true })
  const db = open({ clock: 'manual', seed: 1, path: join(room, 'data'), buckets: join(room, 'buckets'), metrics: true, callTrace: 10, controlPlaneDelay: 1000 })
  const call = (operation, input = {}) => {
    const answer = db.callSync(operation, input)
    check(answer, outputs.get(operation), operation)
    return answer
  }
  const Key = { id: { S: '1' } }
  const table = { TableName: NAME }
  const index = { IndexName: 'index', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }, { AttributeName: 'at', KeyType: 'RANGE' }], Projection: { ProjectionType: 'ALL' } }
  const attributes = ['id', 'at'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' }))
  create(db, { AttributeDefinitions: attributes, GlobalSecondaryIndexes: [index] })
  call('DescribeTable', table)
  db.clock.advance({ seconds: 1 })
  call('CreateTable', {
    TableName: 'Local', AttributeDefinitions: [...attributes, { AttributeName: 'n', AttributeType: 'N' }], BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }, KeySchema: index.KeySchema,
    LocalSecondaryIndexes: [{ ...index, KeySchema: [index.KeySchema[0], { AttributeName: 'n', KeyType: 'RANGE' }] }],
  })
  db.clock.advance({ seconds: 1 })
  call('DescribeTable', { TableName: 'Local' })
  const { Table } = call('DescribeTable', table)
  call('ListTables')
  call('UpdateTable', { ...table, DeletionProtectionEnabled: false })
  db.clock.advance({ seconds: 1 })
  put(db, '1', { at: { S: 'x' } })
  put(db, '2')
  call('UpdateTimeToLive', { ...table, TimeToLiveSpecification: { Enabled: true, AttributeName: 'ttl' } })
  call('DescribeTimeToLive', table)
  call('DescribeTimeToLive', { TableName: 'Local' })
  call('ListTagsOfResource', { ResourceArn: Table.TableArn })
  call('DescribeEndpoints')
  for (const operation of ['Query', 'Scan']) {
    const condition = operation === 'Query' ? { KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': Key.id } } : {}
    call(operation, { ...table, ...condition })
    call(operation, { ...table, ...condition, Select: 'COUNT' })
  }
  call('BatchGetItem', { RequestItems: { [NAME]: { Keys: [{ id: { S: 'none' } }] } } })
  call('BatchWriteItem', { RequestItems: { [NAME]: [{ DeleteRequest: { Key: { id: { S: 'none' } } } }] } })
  call('TransactGetItems', { TransactItems: [{ Get: { ...table, Key: { id: { S: 'none' } } } }] })
  call('ExecuteStatement', { Statement: `SELECT * FROM "${NAME}"` })
  call('ExecuteStatement', { Statement: `DELETE FROM "${NAME}" WHERE id = 'none'` })
  call('BatchExecuteStatement', { Statements: [{ Statement: `SELECT * FROM "${NAME}" WHERE id = 'none'` }] })

  const StreamArn = Table.LatestStreamArn
  call('ListStreams')
  call('RollShard', table)
  call('SplitShard', table)
  const { StreamDescription } = call('DescribeStream', { StreamArn })
  for (const { ShardId } of StreamDescription.Shards) {
    const { ShardIterator } = call('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' })
    call('GetRecords', { ShardIterator })
    call('InspectRecords', { StreamArn, ShardId })
  }
  call('InspectStream', { StreamArn })
  call('SetFaults', { Faults: [{ Effect: 'FAIL', Operations: ['ListTables'], Times: 1, Error: { Code: 'ThrottlingException' } }] })
  assert.throws(() => db.listTablesSync())
  call('DescribeFaults')

  const { BackupDetails } = call('CreateBackup', { ...table, BackupName: 'nightly' })
  const { BackupArn } = BackupDetails
  db.clock.advance({ minutes: 5 })
  call('DescribeBackup', { BackupArn })
  call('ListBackups')
  call('RestoreTableFromBackup', { BackupArn, TargetTableName: 'Restored' })
  call('DescribeContinuousBackups', table)
  call('UpdateContinuousBackups', { ...table, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })
  db.clock.advance({ minutes: 10 })
  call('DescribeContinuousBackups', table)
  call('RestoreTableToPointInTime', { SourceTableName: NAME, TargetTableName: 'Before', UseLatestRestorableTime: true })
  call('ListExports')
  call('ListImports')
  db.clock.advance({ minutes: 10 })
  call('DeleteBackup', { BackupArn })
  call('DescribeContributorInsights', table)
  call('ListContributorInsights')
  call('DescribeKinesisStreamingDestination', table)
  call('ListGlobalTables')

  const StreamName = 'changes'
  call('KinesisCreateStream', { StreamName, ShardCount: 1 })
  db.clock.advance({ seconds: 5 })
  call('KinesisListStreams')
  call('KinesisDescribeStream', { StreamName })
  call('KinesisDescribeStreamSummary', { StreamName })
  const [shard] = call('KinesisListShards', { StreamName }).Shards
  call('KinesisPutRecord', { StreamName, PartitionKey: 'a', Data: new Uint8Array([1]) })
  call('KinesisPutRecords', { StreamName, Records: [{ PartitionKey: 'a', Data: new Uint8Array([1]) }] })
  const { ShardIterator } = call('KinesisGetShardIterator', { StreamName, ShardId: shard.ShardId, ShardIteratorType: 'TRIM_HORIZON' })
  call('KinesisGetRecords', { ShardIterator })

  call('RegisterFunction', { FunctionName: 'handler' })
  call('ListRegisteredFunctions')
  const mapping = call('CreateEventSourceMapping', { EventSourceArn: StreamArn, FunctionName: 'handler', StartingPosition: 'LATEST' })
  db.clock.advance({ minutes: 5 })
  call('GetEventSourceMapping', { UUID: mapping.UUID })
  call('UpdateEventSourceMapping', { UUID: mapping.UUID, BatchSize: 5 })
  db.clock.advance({ minutes: 5 })
  call('ListEventSourceMappings')
  call('LambdaListTags', { Resource: mapping.EventSourceMappingArn })
  call('DeleteEventSourceMapping', { UUID: mapping.UUID })
  const { QueueUrl } = call('SqsCreateQueue', { QueueName: 'queue' })
  call('SqsGetQueueUrl', { QueueName: 'queue' })
  call('SqsSendMessage', { QueueUrl, MessageBody: 'x' })
  const { TopicArn } = call('SnsCreateTopic', { Name: 'topic' })
  call('SnsSubscribe', { TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:queue' })
  call('SnsPublish', { TopicArn, Message: 'x' })

  call('DescribeClock')
  call('AdvanceClock', { Milliseconds: 1 })
  call('DescribeMetrics')
  call('DescribeCalls')
  call('Backup', { Directory: join(room, 'backup') })
  call('Compact')
  call('DeleteTable', { TableName: 'Local' })
  db.close()

  const claimed = [...structures].filter(([name, members]) => name.endsWith('Output') && members.some(({ always }) => always)).map(([name]) => name)
  assert.deepEqual(claimed.filter((name) => !seen.has(name)), [], 'every structure that claims something was seen')
})
