// Bad input of every wrong kind at each place of each operation: an error of ours or an answer, never a defect, never the end of the process.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Database, StreamtableError, errors, open } from 'streamtable'
import { NAME, create, opened, put } from './setup.mjs'

const cyclic = {}
cyclic.self = cyclic
const throwing = {
  get TableName() {
    throw new RangeError('of the getter')
  },
  get S() {
    throw new RangeError('of the getter')
  },
}

/** What may stand anywhere. */
const WRONG = [
  undefined, null, true, false, 0, -0, 1, -1, 1.5, 2 ** 53, -(2 ** 31), 2 ** 31, 1e300, NaN, Infinity, 1n, 2n ** 64n, -(2n ** 70n), '', ' ', 'x', '\u0000',
  '\ud800', 'é', '😀', 'x'.repeat(3000), Symbol('s'), () => {}, class {}, {}, [], [[]], [null], [{}], { S: 'x' }, { S: 1 }, { N: 'x' }, { N: '1e999' },
  { M: null }, { L: {} }, { x: 1 }, { S: 'x', N: '1' }, new Date(0), new Date(NaN), new Map([['a', 1]]), new Set(['a']), new Set([{}]), /x/, new Error('x'),
  new Uint8Array(2), Buffer.from('x'), new ArrayBuffer(3), new DataView(new ArrayBuffer(2)), new Float64Array(1), new SharedArrayBuffer(1),
  Promise.resolve(), new WeakMap(), new Proxy({}, {}), new Proxy([], {}), Object.create(null), new String('x'), new Number(5), new Boolean(false),
  cyclic, throwing, globalThis.process, new Array(5), Object.assign([], { extra: 1 }), new URL('http://x'), (function () { return arguments })(1, 2),
]

/** One good input for each operation, so rich that each of its places is worth breaking. */
function goodInputs(arn, shard, iterator) {
  const Key = { id: { S: '1' } }
  const table = arn.slice(0, arn.indexOf('/stream/'))
  const kinesis = 'arn:aws:kinesis:us-east-1:000000000000:stream/changes'
  const topic = 'arn:aws:sns:us-east-1:000000000000:topic'
  const uuid = '00000000-0000-4000-8000-000000000000'
  const mapping = `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${uuid}`
  const names = { ExpressionAttributeNames: { '#a': 'a' }, ExpressionAttributeValues: { ':v': { L: [{ N: '1' }, { M: { x: { SS: ['a'] } } }] } } }
  return {
    CreateTable: {
      TableName: 'New', AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }, BillingMode: 'PROVISIONED',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' }, Tags: [{ Key: 'k', Value: 'v' }],
    },
    DescribeTable: { TableName: NAME },
    UpdateTable: { TableName: NAME, DeletionProtectionEnabled: false, StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
    DeleteTable: { TableName: 'Other' },
    ListTables: { ExclusiveStartTableName: 'Aaa', Limit: 5 },
    PutItem: {
      TableName: NAME, Item: { ...Key, b: { B: new Uint8Array([1]) }, bs: { BS: [new Uint8Array([1])] }, n: { NS: ['1', '2'] }, m: { M: { l: { L: [{ NULL: true }, { BOOL: false }] } } } },
      ConditionExpression: '#a <> :v', ReturnValues: 'ALL_OLD', ReturnConsumedCapacity: 'TOTAL', ...names,
    },
    GetItem: { TableName: NAME, Key, ConsistentRead: true, ProjectionExpression: '#a', ExpressionAttributeNames: { '#a': 'a' } },
    UpdateItem: { TableName: NAME, Key, UpdateExpression: 'SET #a = :v', ReturnValues: 'ALL_NEW', ...names },
    DeleteItem: { TableName: NAME, Key, Expected: { a: { ComparisonOperator: 'NULL' } }, ReturnValues: 'ALL_OLD' },
    Query: { TableName: NAME, KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': { S: '1' } }, Limit: 2, ScanIndexForward: false, ExclusiveStartKey: Key },
    BatchGetItem: { RequestItems: { [NAME]: { Keys: [Key], ConsistentRead: true, ProjectionExpression: '#a', ExpressionAttributeNames: { '#a': 'a' } } } },
    BatchWriteItem: { RequestItems: { [NAME]: [{ PutRequest: { Item: Key } }], Other: [{ DeleteRequest: { Key } }] }, ReturnConsumedCapacity: 'TOTAL' },
    BatchExecuteStatement: { Statements: [{ Statement: `SELECT * FROM "${NAME}" WHERE id = ?`, Parameters: [Key.id], ConsistentRead: true }], ReturnConsumedCapacity: 'TOTAL' },
    ExecuteStatement: { Statement: `SELECT * FROM "${NAME}" WHERE id = ?`, Parameters: [Key.id], Limit: 2, ConsistentRead: true },
    ExecuteTransaction: { TransactStatements: [{ Statement: `SELECT * FROM "${NAME}" WHERE id = ?`, Parameters: [Key.id] }], ClientRequestToken: 't', ReturnConsumedCapacity: 'TOTAL' },
    TransactWriteItems: {
      TransactItems: [
        { Put: { TableName: NAME, Item: Key, ConditionExpression: '#a <> :v', ...names } }, { Delete: { TableName: 'Other', Key } },
        { Update: { TableName: NAME, Key: { id: { S: '2' } }, UpdateExpression: 'SET #a = :v', ...names } },
        { ConditionCheck: { TableName: NAME, Key: { id: { S: '3' } }, ConditionExpression: 'attribute_not_exists(id)' } },
      ],
      ClientRequestToken: 't', ReturnConsumedCapacity: 'TOTAL',
    },
    TransactGetItems: { TransactItems: [{ Get: { TableName: NAME, Key, ProjectionExpression: '#a', ExpressionAttributeNames: { '#a': 'a' } } }] },
    UpdateTimeToLive: { TableName: NAME, TimeToLiveSpecification: { Enabled: true, AttributeName: 'ttl' } },
    DescribeTimeToLive: { TableName: NAME },
    TagResource: { ResourceArn: table, Tags: [{ Key: 'k', Value: 'v' }] },
    UntagResource: { ResourceArn: table, TagKeys: ['k'] },
    ListTagsOfResource: { ResourceArn: table },
    PutResourcePolicy: { ResourceArn: table, Policy: '{"Version":"2012-10-17","Statement":[]}', ExpectedRevisionId: 'NO_POLICY' },
    GetResourcePolicy: { ResourceArn: table },
    DeleteResourcePolicy: { ResourceArn: table, ExpectedRevisionId: '1' },
    DescribeLimits: {},
    DescribeEndpoints: {},
    CreateBackup: { TableName: NAME, BackupName: 'nightly' },
    DescribeBackup: { BackupArn: `${table}/backup/01767225600000-01234567` },
    DeleteBackup: { BackupArn: `${table}/backup/01767225600000-01234567` },
    ListBackups: { TableName: NAME, Limit: 2, TimeRangeLowerBound: 0, TimeRangeUpperBound: 2e9, ExclusiveStartBackupArn: `${table}/backup/01767225600000-01234567`, BackupType: 'ALL' },
    RestoreTableFromBackup: {
      TargetTableName: 'Again', BackupArn: `${table}/backup/01767225600000-01234567`, BillingModeOverride: 'PROVISIONED', ProvisionedThroughputOverride: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      GlobalSecondaryIndexOverride: [{ IndexName: 'by', KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }], Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['b'] } }],
      LocalSecondaryIndexOverride: [], OnDemandThroughputOverride: { MaxReadRequestUnits: 1 }, SSESpecificationOverride: { Enabled: true },
    },
    RestoreTableToPointInTime: { SourceTableName: NAME, TargetTableName: 'Again', RestoreDateTime: 1767225600, UseLatestRestorableTime: false, BillingModeOverride: 'PAY_PER_REQUEST' },
    ExportTableToPointInTime: {
      TableArn: table, S3Bucket: 'exports', S3Prefix: 'p', ClientToken: 't', S3BucketOwner: '123456789012', S3SseAlgorithm: 'KMS', S3SseKmsKeyId: 'k', ExportFormat: 'ION',
      ExportType: 'INCREMENTAL_EXPORT', IncrementalExportSpecification: { ExportFromTime: 1767225600, ExportToTime: 1767229200, ExportViewType: 'NEW_IMAGE' },
    },
    DescribeExport: { ExportArn: `${table}/export/01767225600000-01234567` },
    ListExports: { TableArn: table, MaxResults: 2 },
    ImportTable: {
      ClientToken: 't', S3BucketSource: { S3Bucket: 'exports', S3KeyPrefix: 'data/', S3BucketOwner: '123456789012' }, InputFormat: 'CSV',
      InputFormatOptions: { Csv: { Delimiter: ';', HeaderList: ['id'] } }, InputCompressionType: 'GZIP',
      TableCreationParameters: { TableName: 'Imported', AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], BillingMode: 'PAY_PER_REQUEST' },
    },
    DescribeImport: { ImportArn: `${table}/import/01767225600000-01234567` },
    ListImports: { TableArn: table, PageSize: 2 },
    UpdateContinuousBackups: { TableName: NAME, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    DescribeContinuousBackups: { TableName: NAME },
    UpdateContributorInsights: { TableName: NAME, ContributorInsightsAction: 'ENABLE' },
    DescribeContributorInsights: { TableName: NAME },
    ListContributorInsights: { TableName: NAME, MaxResults: 2 },
    DescribeKinesisStreamingDestination: { TableName: NAME },
    EnableKinesisStreamingDestination: { TableName: NAME, StreamArn: kinesis, EnableKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: 'MILLISECOND' } },
    DisableKinesisStreamingDestination: { TableName: NAME, StreamArn: kinesis },
    UpdateKinesisStreamingDestination: { TableName: NAME, StreamArn: kinesis, UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: 'MICROSECOND' } },
    ListGlobalTables: { Limit: 2, RegionName: 'us-east-1' },
    CreateGlobalTable: { GlobalTableName: NAME, ReplicationGroup: [{ RegionName: 'us-east-1' }] },
    UpdateGlobalTable: { GlobalTableName: NAME, ReplicaUpdates: [{ Create: { RegionName: 'us-east-1' } }] },
    DescribeGlobalTable: { GlobalTableName: NAME },
    DescribeGlobalTableSettings: { GlobalTableName: NAME },
    UpdateGlobalTableSettings: { GlobalTableName: NAME },
    DescribeTableReplicaAutoScaling: { TableName: NAME },
    UpdateTableReplicaAutoScaling: { TableName: NAME },
    Scan: { TableName: NAME, FilterExpression: '#a = :v', Segment: 0, TotalSegments: 2, Select: 'ALL_ATTRIBUTES', ...names },
    ListStreams: { TableName: NAME, Limit: 3, ExclusiveStartStreamArn: arn },
    DescribeStream: { StreamArn: arn, Limit: 3, ShardFilter: { Type: 'CHILD_SHARDS', ShardId: shard } },
    GetShardIterator: { StreamArn: arn, ShardId: shard, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: '100000000000000000001' },
    GetRecords: { ShardIterator: iterator, Limit: 3 },
    KinesisCreateStream: { StreamName: 'new', ShardCount: 2, StreamModeDetails: { StreamMode: 'PROVISIONED' }, Tags: { k: 'v' } },
    KinesisDeleteStream: { StreamName: 'changes', StreamARN: kinesis, EnforceConsumerDeletion: true },
    KinesisDescribeStream: { StreamName: 'changes', Limit: 3, ExclusiveStartShardId: 'shardId-000000000000' },
    KinesisDescribeStreamSummary: { StreamARN: kinesis },
    KinesisListStreams: { Limit: 3, ExclusiveStartStreamName: 'a', NextToken: 'x' },
    KinesisListShards: { StreamName: 'changes', MaxResults: 3, ShardFilter: { Type: 'AT_TIMESTAMP', Timestamp: new Date(0), ShardId: 'shardId-000000000000' } },
    KinesisSplitShard: { StreamName: 'changes', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '7' },
    KinesisMergeShards: { StreamName: 'changes', ShardToMerge: 'shardId-000000000000', AdjacentShardToMerge: 'shardId-000000000001' },
    KinesisUpdateShardCount: { StreamName: 'changes', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' },
    KinesisIncreaseStreamRetentionPeriod: { StreamName: 'changes', RetentionPeriodHours: 25 },
    KinesisDecreaseStreamRetentionPeriod: { StreamName: 'changes', RetentionPeriodHours: 24 },
    KinesisUpdateStreamMode: { StreamARN: kinesis, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
    KinesisPutRecord: { StreamName: 'changes', PartitionKey: 'k', Data: new Uint8Array([1]), ExplicitHashKey: '7', SequenceNumberForOrdering: '0' },
    KinesisPutRecords: { StreamName: 'changes', Records: [{ PartitionKey: 'k', Data: new Uint8Array([1]), ExplicitHashKey: '7' }] },
    KinesisGetShardIterator: { StreamName: 'changes', ShardId: 'shardId-000000000000', ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0), StartingSequenceNumber: '0' },
    KinesisGetRecords: { ShardIterator: 'x', Limit: 3, StreamARN: kinesis },
    KinesisAddTagsToStream: { StreamName: 'changes', Tags: { k: 'v' } },
    KinesisRemoveTagsFromStream: { StreamName: 'changes', TagKeys: ['k'] },
    KinesisListTagsForStream: { StreamName: 'changes', Limit: 3, ExclusiveStartTagKey: 'a' },
    KinesisTagResource: { ResourceARN: kinesis, Tags: { k: 'v' } },
    KinesisUntagResource: { ResourceARN: kinesis, TagKeys: ['k'] },
    KinesisListTagsForResource: { ResourceARN: kinesis },
    CreateEventSourceMapping: {
      EventSourceArn: arn, FunctionName: 'f:1', StartingPosition: 'LATEST', BatchSize: 5, Enabled: true, FilterCriteria: { Filters: [{ Pattern: '{}' }] },
      DestinationConfig: { OnFailure: { Destination: '' } }, FunctionResponseTypes: ['ReportBatchItemFailures'], Tags: { k: 'v' }, StartingPositionTimestamp: 1,
      MetricsConfig: { Metrics: ['EventCount'] }, ScalingConfig: { MaximumConcurrency: 2 },
    },
    GetEventSourceMapping: { UUID: uuid },
    ListEventSourceMappings: { EventSourceArn: arn, FunctionName: 'f', Marker: 'AAAAAAAAAAE=', MaxItems: 2 },
    UpdateEventSourceMapping: { UUID: uuid, FunctionName: 'f', Enabled: false, FilterCriteria: { Filters: [{ Pattern: '{}' }] }, FunctionResponseTypes: [] },
    DeleteEventSourceMapping: { UUID: uuid },
    LambdaTagResource: { Resource: mapping, Tags: { k: 'v' } },
    LambdaUntagResource: { Resource: mapping, TagKeys: ['k'] },
    LambdaListTags: { Resource: mapping },
    S3CreateBucket: { Bucket: 'bucket' },
    S3ListBuckets: {},
    S3HeadBucket: { Bucket: 'bucket' },
    S3PutObject: { Bucket: 'bucket', Key: 'a', Body: new Uint8Array([1]), ContentType: 'text/plain', Metadata: { a: 'b' } },
    S3GetObject: { Bucket: 'bucket', Key: 'a' },
    S3HeadObject: { Bucket: 'bucket', Key: 'a' },
    S3ListObjectsV2: { Bucket: 'bucket', Prefix: 'a', Delimiter: '/', MaxKeys: 3, ContinuationToken: 'AGE', StartAfter: 'a' },
    S3DeleteObject: { Bucket: 'bucket', Key: 'a' },
    S3DeleteBucket: { Bucket: 'bucket' },
    SnsCreateTopic: { Name: 'topic', Attributes: { DisplayName: 'x' }, Tags: [{ Key: 'k', Value: 'v' }] },
    SnsDeleteTopic: { TopicArn: topic },
    SnsListTopics: { NextToken: 'a' },
    SnsGetTopicAttributes: { TopicArn: topic },
    SnsSetTopicAttributes: { TopicArn: topic, AttributeName: 'DisplayName', AttributeValue: 'x' },
    SnsSubscribe: { TopicArn: topic, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:queue', Attributes: { RawMessageDelivery: 'true' }, ReturnSubscriptionArn: true },
    SnsUnsubscribe: { SubscriptionArn: `${topic}:x` },
    SnsListSubscriptions: { NextToken: 'a' },
    SnsListSubscriptionsByTopic: { TopicArn: topic, NextToken: 'a' },
    SnsGetSubscriptionAttributes: { SubscriptionArn: `${topic}:x` },
    SnsSetSubscriptionAttributes: { SubscriptionArn: `${topic}:x`, AttributeName: 'RawMessageDelivery', AttributeValue: 'true' },
    SnsPublish: { TopicArn: topic, TargetArn: topic, Message: '{"default": "x"}', Subject: 's', MessageStructure: 'json', MessageAttributes: { b: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) } } },
    SnsPublishBatch: { TopicArn: topic, PublishBatchRequestEntries: [{ Id: 'a', Message: '{"default": "x"}', Subject: 's', MessageStructure: 'json', MessageAttributes: { s: { DataType: 'String', StringValue: 'x' } } }] },
    SnsTagResource: { ResourceArn: topic, Tags: [{ Key: 'k', Value: 'v' }] },
    SnsUntagResource: { ResourceArn: topic, TagKeys: ['k'] },
    SnsListTagsForResource: { ResourceArn: topic },
    LambdaGetFunctionConfiguration: { FunctionName: 'f', Qualifier: '1' },
    RegisterFunction: { FunctionName: 'f', Versions: ['1'], Aliases: { live: '1' }, Endpoint: 'http://localhost:9000', TimeoutInSeconds: 5, MemorySize: 256 },
    DeregisterFunction: { FunctionName: 'f' },
    ListRegisteredFunctions: {},
    DescribeMappings: { KnownVersion: 1 },
    SettleMapping: {
      UUID: uuid, Settlements: 0, Checkpoint: '{}', LastProcessingResult: 'OK', Failures: [{ Destination: 'd', Document: '{}', Key: 'k' }],
      TransactItems: [{ Put: { TableName: NAME, Item: Key } }],
    },
    KinesisDescribeLimits: {},
    SqsCreateQueue: { QueueName: 'new', Attributes: { DelaySeconds: '1' } },
    SqsGetQueueUrl: { QueueName: 'queue', QueueOwnerAWSAccountId: '000000000000' },
    SqsGetQueueAttributes: { QueueUrl: 'queue', AttributeNames: ['All'] },
    SqsSetQueueAttributes: { QueueUrl: 'queue', Attributes: { DelaySeconds: '1' } },
    SqsListQueues: { QueueNamePrefix: 'q', NextToken: 'a', MaxResults: 3 },
    SqsDeleteQueue: { QueueUrl: 'queue' },
    SqsPurgeQueue: { QueueUrl: 'queue' },
    SqsSendMessage: { QueueUrl: 'queue', MessageBody: 'x', DelaySeconds: 1, MessageAttributes: { b: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) } } },
    SqsSendMessageBatch: { QueueUrl: 'queue', Entries: [{ Id: 'a', MessageBody: 'x', DelaySeconds: 1, MessageAttributes: { s: { DataType: 'String', StringValue: 'x' } } }] },
    SqsReceiveMessage: { QueueUrl: 'queue', AttributeNames: ['All'], MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'], MaxNumberOfMessages: 2, VisibilityTimeout: 1, WaitTimeSeconds: 1 },
    SqsDeleteMessage: { QueueUrl: 'queue', ReceiptHandle: 'x' },
    SqsDeleteMessageBatch: { QueueUrl: 'queue', Entries: [{ Id: 'a', ReceiptHandle: 'x' }] },
    SqsChangeMessageVisibility: { QueueUrl: 'queue', ReceiptHandle: 'x', VisibilityTimeout: 1 },
    SqsChangeMessageVisibilityBatch: { QueueUrl: 'queue', Entries: [{ Id: 'a', ReceiptHandle: 'x', VisibilityTimeout: 1 }] },
    AdvanceClock: { Milliseconds: 1 },
    DescribeClock: {},
    SplitShard: { TableName: NAME, ShardId: shard },
    RollShard: { TableName: NAME, ShardId: shard },
    Maintain: {},
    SetFaults: { Faults: [{ Name: 'n', Effect: 'FAIL', Operations: ['Scan'], TableName: NAME, ShardId: shard, ShardIterator: iterator, Skip: 1, Times: 1, Probability: 0.5, Moment: 'AFTER', Error: { Code: 'TransactionCanceledException', Message: 'm', CancellationReasons: ['None'] } }], Seed: 1 },
    DescribeFaults: { AfterNumber: 1, Limit: 2 },
    InspectStream: { StreamArn: arn, Limit: 5, ExclusiveStartShardId: shard },
    InspectRecords: { StreamArn: arn, ShardId: shard, AfterSequenceNumber: '100000000000000000001', BeforeSequenceNumber: '900000000000000000001', Newest: true, Limit: 5, Key: { id: { S: 'a' } }, Pattern: '{}' },
    DescribeMetrics: {},
    DescribeCalls: { AfterNumber: 1, Limit: 2 },
    Backup: { Directory: 'copy' },
    Compact: {},
  }
}

/** The input with each of its places broken in each way. */
function* broken(value, path = []) {
  for (const wrong of WRONG) yield [path, wrong]
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return
  for (const name of Object.keys(value)) for (const [at, wrong] of broken(value[name], [...path, name])) yield [at, wrong]
}

function replaced(value, path, wrong) {
  if (path.length === 0) return wrong
  const copy = Array.isArray(value) ? [...value] : { ...value }
  copy[path[0]] = replaced(value[path[0]], path.slice(1), wrong)
  return copy
}

/** A database with what the inputs speak of. */
function prepared() {
  const { db, arn } = opened()
  create(db, { TableName: 'Other' })
  db.kinesisCreateStreamSync({ StreamName: 'changes', ShardCount: 1 })
  db.sqsCreateQueueSync({ QueueName: 'queue' })
  put(db, '1', { a: { S: 'x' } })
  const shard = db.stream(arn).shards()[0].ShardId
  const iterator = db.getShardIteratorSync({ StreamArn: arn, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }).ShardIterator
  return { db, inputs: goodInputs(arn, shard, iterator) }
}

const { inputs } = prepared()
const operations = Object.getOwnPropertyNames(Database.prototype)
  .filter((name) => name.endsWith('Sync') && name !== 'callSync')
  .map((name) => name[0].toUpperCase() + name.slice(1, -'Sync'.length))

test('every operation has a good input here', () => {
  assert.deepEqual(operations.toSorted(), Object.keys(inputs).toSorted())
})

for (const operation of operations) {
  test(operation, () => {
    const { db, inputs } = prepared()
    const good = inputs[operation]
    let count = 0
    for (const [path, wrong] of broken(good)) {
      try {
        db.callSync(operation, replaced(good, path, wrong))
      } catch (error) {
        const about = `${operation} with ${inspect(wrong)} at ${path.join('.')}: ${inspect(error)}`
        if (error.message === 'of the getter') continue
        assert.ok(error instanceof StreamtableError, about)
        assert.notEqual(error.name, 'InternalServerError', about)
        assert.ok(Object.hasOwn(errors, error.name), about)
      }
      count += 1
    }
    assert.ok(count > 50)
    put(db, 'after')
    assert.equal(db.listTablesSync().TableNames.length > 0, true)
  })
}

test('options of open, each in every wrong way', () => {
  const good = { clock: 'manual', now: 0, seed: 1, region: 'us-east-1', account: '1', partitions: 1, controlPlaneDelay: 0, shardRollover: 0, expiryDelay: 0, durability: 'none', syncEvery: 5, cacheBytes: 0 }
  for (const [path, wrong] of broken(good)) {
    if (path.length === 0) continue
    try {
      open(replaced(good, path, wrong)).close()
    } catch (error) {
      if (error.message === 'of the getter') continue
      assert.ok(error instanceof errors.OpenException, `${inspect(wrong)} at ${path}: ${inspect(error)}`)
    }
  }
})

test('records and streams, each option in every wrong way', () => {
  const { db, arn } = opened()
  put(db, '1')
  const shardId = db.stream(arn).shards()[0].ShardId
  const from = { iteratorType: 'TRIM_HORIZON', shardId, sequenceNumber: undefined, timestamp: undefined }
  const good = { ...from, descendants: true, limit: 3, checkpoint: undefined, trimmed: 'skip' }
  const fine = (error, wrong) => {
    const known = error instanceof StreamtableError || error instanceof TypeError || error instanceof RangeError
    assert.ok(known && error.name !== 'InternalServerError', `${inspect(wrong)}: ${inspect(error)}`)
  }
  for (const [path, wrong] of broken(good)) {
    try {
      db.stream(arn).records(replaced(good, path, wrong)).toArray()
    } catch (error) {
      fine(error, wrong)
    }
  }
  for (const wrong of WRONG) {
    assert.throws(() => db.stream(wrong).records(), (error) => (fine(error, wrong), true))
    assert.throws(() => db.stream(wrong).describe(), (error) => (fine(error, wrong), true))
  }
})
