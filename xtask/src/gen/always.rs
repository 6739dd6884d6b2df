//! Members that every answer has. Shapes leave all members of answers open, as the service's own model does; who reads answers in a typed language
//! wants to know. `bindings-node/test/answers.test.mjs` holds answers against it.

/// Structures of answers, and their members that are always there.
const ALWAYS: &[(&str, &[&str])] = &[
    ("CreateTableOutput", &["TableDescription"]),
    ("DescribeTableOutput", &["Table"]),
    ("UpdateTableOutput", &["TableDescription"]),
    ("DeleteTableOutput", &["TableDescription"]),
    ("ListTablesOutput", &["TableNames"]),
    ("TableDescription", &["TableName", "TableStatus", "TableArn", "TableId", "TableSizeBytes", "ItemCount"]),
    ("ProvisionedThroughputDescription", &["ReadCapacityUnits", "WriteCapacityUnits"]),
    ("LocalSecondaryIndexDescription", &["IndexName", "KeySchema", "Projection", "IndexArn"]),
    ("GlobalSecondaryIndexDescription", &["IndexName", "KeySchema", "Projection", "IndexArn"]),
    ("UpdateTimeToLiveOutput", &["TimeToLiveSpecification"]),
    ("DescribeTimeToLiveOutput", &["TimeToLiveDescription"]),
    ("TimeToLiveDescription", &["TimeToLiveStatus"]),
    ("ListTagsOfResourceOutput", &["Tags"]),
    ("DescribeEndpointsResponse", &["Endpoints"]),
    ("Endpoint", &["Address", "CachePeriodInMinutes"]),
    ("CreateBackupOutput", &["BackupDetails"]),
    ("BackupDetails", &["BackupArn", "BackupName", "BackupStatus", "BackupType", "BackupCreationDateTime"]),
    ("DescribeBackupOutput", &["BackupDescription"]),
    ("BackupDescription", &["BackupDetails", "SourceTableDetails"]),
    ("DeleteBackupOutput", &["BackupDescription"]),
    ("ListBackupsOutput", &["BackupSummaries"]),
    ("RestoreTableFromBackupOutput", &["TableDescription"]),
    ("RestoreTableToPointInTimeOutput", &["TableDescription"]),
    ("ListExportsOutput", &["ExportSummaries"]),
    ("ListImportsOutput", &["ImportSummaryList"]),
    ("UpdateContinuousBackupsOutput", &["ContinuousBackupsDescription"]),
    ("DescribeContinuousBackupsOutput", &["ContinuousBackupsDescription"]),
    ("ContinuousBackupsDescription", &["ContinuousBackupsStatus", "PointInTimeRecoveryDescription"]),
    ("PointInTimeRecoveryDescription", &["PointInTimeRecoveryStatus"]),
    ("DescribeContributorInsightsOutput", &["ContributorInsightsStatus"]),
    ("ListContributorInsightsOutput", &["ContributorInsightsSummaries"]),
    ("DescribeKinesisStreamingDestinationOutput", &["TableName", "KinesisDataStreamDestinations"]),
    ("ListGlobalTablesOutput", &["GlobalTables"]),
    ("BatchWriteItemOutput", &["UnprocessedItems"]),
    ("BatchGetItemOutput", &["Responses", "UnprocessedKeys"]),
    ("TransactGetItemsOutput", &["Responses"]),
    ("QueryOutput", &["Count", "ScannedCount"]),
    ("ScanOutput", &["Count", "ScannedCount"]),
    ("ExecuteStatementOutput", &["Items"]),
    ("BatchExecuteStatementOutput", &["Responses"]),
    ("ListStreamsOutput", &["Streams"]),
    ("Stream", &["StreamArn", "TableName", "StreamLabel"]),
    ("DescribeStreamOutput", &["StreamDescription"]),
    (
        "StreamDescription",
        &[
            "StreamArn",
            "StreamLabel",
            "StreamStatus",
            "StreamViewType",
            "CreationRequestDateTime",
            "TableName",
            "KeySchema",
            "Shards",
        ],
    ),
    ("Shard", &["ShardId", "SequenceNumberRange"]),
    ("SequenceNumberRange", &["StartingSequenceNumber"]),
    ("GetShardIteratorOutput", &["ShardIterator"]),
    ("GetRecordsOutput", &["Records"]),
    ("Record", &["eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "dynamodb"]),
    (
        "StreamRecord",
        &["ApproximateCreationDateTime", "Keys", "SequenceNumber", "SizeBytes", "StreamViewType"],
    ),
    ("KinesisDescribeStreamOutput", &["StreamDescription"]),
    ("KinesisDescribeStreamSummaryOutput", &["StreamDescriptionSummary"]),
    ("KinesisListStreamsOutput", &["StreamNames", "HasMoreStreams"]),
    ("KinesisListShardsOutput", &["Shards"]),
    ("KinesisShard", &["ShardId", "HashKeyRange", "SequenceNumberRange"]),
    ("KinesisPutRecordOutput", &["ShardId", "SequenceNumber"]),
    ("KinesisPutRecordsOutput", &["FailedRecordCount", "Records"]),
    ("KinesisGetShardIteratorOutput", &["ShardIterator"]),
    ("KinesisGetRecordsOutput", &["Records", "MillisBehindLatest"]),
    ("KinesisRecord", &["SequenceNumber", "ApproximateArrivalTimestamp", "Data", "PartitionKey"]),
    (
        "EventSourceMappingConfiguration",
        &["UUID", "BatchSize", "EventSourceArn", "FunctionArn", "LastModified", "State"],
    ),
    ("ListEventSourceMappingsOutput", &["EventSourceMappings"]),
    ("LambdaListTagsOutput", &["Tags"]),
    ("SqsCreateQueueOutput", &["QueueUrl"]),
    ("SqsGetQueueUrlOutput", &["QueueUrl"]),
    ("SqsSendMessageOutput", &["MessageId", "MD5OfMessageBody"]),
    ("SnsCreateTopicOutput", &["TopicArn"]),
    ("SnsSubscribeOutput", &["SubscriptionArn"]),
    ("SnsPublishOutput", &["MessageId"]),
    ("RegisterFunctionOutput", &["Function"]),
    ("RegisteredFunction", &["FunctionName", "FunctionArn", "TimeoutInSeconds", "MemorySize"]),
    ("ListRegisteredFunctionsOutput", &["Functions"]),
    ("AdvanceClockOutput", &["Now"]),
    ("DescribeClockOutput", &["Now", "Mode"]),
    ("SplitShardOutput", &["ParentShardId", "ChildShardIds", "PartitionCount"]),
    ("RollShardOutput", &["Successions"]),
    ("ShardSuccession", &["ParentShardId", "ChildShardIds"]),
    ("DescribeFaultsOutput", &["Faults", "Trace"]),
    ("FaultDescription", &["Fault", "Calls", "Injected"]),
    ("Injection", &["Number", "At", "Effect", "Operation"]),
    (
        "InspectStreamOutput",
        &[
            "StreamArn",
            "StreamLabel",
            "TableName",
            "StreamStatus",
            "StreamViewType",
            "CreationRequestDateTime",
            "RetentionMillis",
            "Shards",
        ],
    ),
    ("ShardState", &["ShardId", "IsOpen", "RecordCount", "Readers"]),
    ("InspectRecordsOutput", &["Records", "ExaminedCount", "RemainingCount", "TrimmedCount"]),
    ("DescribeMetricsOutput", &["Metrics"]),
    ("DescribeCallsOutput", &["Calls", "Missed"]),
    ("BackupOutput", &["Bytes"]),
    ("CompactOutput", &["BytesBefore", "BytesAfter"]),
];

/// Whether every answer that has this structure has this member.
pub(crate) fn is_always_there(structure: &str, member: &str) -> bool {
    ALWAYS.iter().any(|(name, members)| *name == structure && members.contains(&member))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use streamtable::unstable::registry::operations;
    use streamtable::unstable::shape::{StructInfo, TypeInfo};

    use super::*;

    fn note(info: &'static StructInfo, found: &mut BTreeSet<(&'static str, &'static str)>) {
        for member in info.members {
            let mut ty = &member.ty;
            while let TypeInfo::List(inner) | TypeInfo::Map(inner) = ty {
                ty = inner;
            }
            if found.insert((info.name, member.wire))
                && let TypeInfo::Struct(inner) = ty
            {
                note(inner, found);
            }
        }
    }

    #[test]
    fn what_is_always_there_is_there() {
        let mut known = BTreeSet::new();
        operations().iter().for_each(|operation| note(operation.output, &mut known));
        for (structure, members) in ALWAYS {
            for member in *members {
                assert!(known.contains(&(structure, member)), "{structure} has no {member}");
            }
        }
    }
}
