# Printed by `cargo xtask gen` from the registry of the engine. Do not edit.
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from ._operations import *

class AsyncOperations:
    async def create_table(
        self,
        *,
        AttributeDefinitions: Sequence[AttributeDefinitionDict],
        KeySchema: Sequence[KeySchemaElementDict],
        TableName: str | None = None,
        LocalSecondaryIndexes: Sequence[LocalSecondaryIndexDict] | None = None,
        GlobalSecondaryIndexes: Sequence[GlobalSecondaryIndexDict] | None = None,
        BillingMode: Literal["PROVISIONED", "PAY_PER_REQUEST"] | None = None,
        ProvisionedThroughput: ProvisionedThroughputDict | None = None,
        StreamSpecification: StreamSpecificationDict | None = None,
        SSESpecification: SseSpecificationDict | None = None,
        Tags: Sequence[TagDict] | None = None,
        TableClass: Literal["STANDARD", "STANDARD_INFREQUENT_ACCESS"] | None = None,
        DeletionProtectionEnabled: bool | None = None,
        WarmThroughput: WarmThroughputDict | None = None,
        OnDemandThroughput: OnDemandThroughputDict | None = None,
        ResourcePolicy: str | None = None,
    ) -> CreateTableOutputDict:
        """Makes a table."""

    async def describe_table(
        self,
        *,
        TableName: str,
    ) -> DescribeTableOutputDict:
        """Describes a table."""

    async def update_table(
        self,
        *,
        TableName: str,
        AttributeDefinitions: Sequence[AttributeDefinitionDict] | None = None,
        BillingMode: Literal["PROVISIONED", "PAY_PER_REQUEST"] | None = None,
        ProvisionedThroughput: ProvisionedThroughputDict | None = None,
        GlobalSecondaryIndexUpdates: Sequence[GlobalSecondaryIndexUpdateDict] | None = None,
        StreamSpecification: StreamSpecificationDict | None = None,
        SSESpecification: SseSpecificationDict | None = None,
        TableClass: Literal["STANDARD", "STANDARD_INFREQUENT_ACCESS"] | None = None,
        DeletionProtectionEnabled: bool | None = None,
        OnDemandThroughput: OnDemandThroughputDict | None = None,
        WarmThroughput: WarmThroughputDict | None = None,
        ReplicaUpdates: Sequence[ReplicationGroupUpdateDict] | None = None,
    ) -> UpdateTableOutputDict:
        """Changes a table's stream, global indexes, capacity or protection."""

    async def delete_table(
        self,
        *,
        TableName: str,
    ) -> DeleteTableOutputDict:
        """Deletes a table and its items. Its stream stays readable for 24 hours."""

    async def list_tables(
        self,
        *,
        ExclusiveStartTableName: str | None = None,
        Limit: int | None = None,
    ) -> ListTablesOutputDict:
        """Lists table names in byte order."""

    async def update_time_to_live(
        self,
        *,
        TableName: str,
        TimeToLiveSpecification: TimeToLiveSpecificationDict,
    ) -> UpdateTimeToLiveOutputDict:
        """Turns time to live on or off. An item whose time is over, and was at most five years ago, is deleted by the database; its record is marked as the service's own. A change is refused for 31 minutes after the one before it."""

    async def describe_time_to_live(
        self,
        *,
        TableName: str,
    ) -> DescribeTimeToLiveOutputDict:
        """Tells whether items of a table expire."""

    async def tag_resource(
        self,
        *,
        ResourceArn: str,
        Tags: Sequence[TagDict],
    ) -> TagResourceOutputDict:
        """Labels a table. Tags of the same name are replaced."""

    async def untag_resource(
        self,
        *,
        ResourceArn: str,
        TagKeys: Sequence[str],
    ) -> UntagResourceOutputDict:
        """Takes labels from a table. Names that it does not have are left out."""

    async def list_tags_of_resource(
        self,
        *,
        ResourceArn: str,
        NextToken: str | None = None,
    ) -> ListTagsOfResourceOutputDict:
        """Lists the labels of a table."""

    async def put_resource_policy(
        self,
        *,
        ResourceArn: str,
        Policy: str,
        ExpectedRevisionId: str | None = None,
        ConfirmRemoveSelfResourceAccess: bool | None = None,
    ) -> PutResourcePolicyOutputDict:
        """Keeps a policy for a table or stream. It is kept and answered, not enforced."""

    async def get_resource_policy(
        self,
        *,
        ResourceArn: str,
    ) -> GetResourcePolicyOutputDict:
        """The policy of a table or stream."""

    async def delete_resource_policy(
        self,
        *,
        ResourceArn: str,
        ExpectedRevisionId: str | None = None,
    ) -> DeleteResourcePolicyOutputDict:
        """Forgets the policy of a table or stream. Without one, nothing is wrong."""

    async def describe_limits(self) -> DescribeLimitsOutputDict:
        """Tells the quotas of the account: those that the service gives a new one. They are not enforced."""

    async def describe_endpoints(self) -> DescribeEndpointsResponseDict:
        """Tells where the service of the database's region can be reached."""

    async def create_backup(
        self,
        *,
        TableName: str,
        BackupName: str,
    ) -> CreateBackupOutputDict:
        """Makes a backup of a table: its items and its keys, as all of them are at the moment of the call. Writers go on meanwhile. It is there until it is deleted, whatever becomes of the table. Its items are copied by and by; until they are, its status is ``CREATING``."""

    async def describe_backup(
        self,
        *,
        BackupArn: str,
    ) -> DescribeBackupOutputDict:
        """Describes a backup."""

    async def delete_backup(
        self,
        *,
        BackupArn: str,
    ) -> DeleteBackupOutputDict:
        """Deletes a backup."""

    async def list_backups(
        self,
        *,
        TableName: str | None = None,
        Limit: int | None = None,
        TimeRangeLowerBound: datetime | None = None,
        TimeRangeUpperBound: datetime | None = None,
        ExclusiveStartBackupArn: str | None = None,
        BackupType: Literal["USER", "SYSTEM", "AWS_BACKUP", "ALL"] | None = None,
    ) -> ListBackupsOutputDict:
        """Lists backups in the order in which they were made."""

    async def restore_table_from_backup(
        self,
        *,
        TargetTableName: str,
        BackupArn: str,
        BillingModeOverride: Literal["PROVISIONED", "PAY_PER_REQUEST"] | None = None,
        GlobalSecondaryIndexOverride: Sequence[GlobalSecondaryIndexDict] | None = None,
        LocalSecondaryIndexOverride: Sequence[LocalSecondaryIndexDict] | None = None,
        ProvisionedThroughputOverride: ProvisionedThroughputDict | None = None,
        OnDemandThroughputOverride: OnDemandThroughputDict | None = None,
        SSESpecificationOverride: SseSpecificationDict | None = None,
    ) -> RestoreTableFromBackupOutputDict:
        """Makes a table out of a backup: items, keys, indexes, billing mode, ceilings and encryption. It has no stream, no time to live, no tags, no policy, no protection, and is not restorable to a moment. Until all items are there its status is ``CREATING``."""

    async def restore_table_to_point_in_time(
        self,
        *,
        TargetTableName: str,
        SourceTableArn: str | None = None,
        SourceTableName: str | None = None,
        UseLatestRestorableTime: bool | None = None,
        RestoreDateTime: datetime | None = None,
        BillingModeOverride: Literal["PROVISIONED", "PAY_PER_REQUEST"] | None = None,
        GlobalSecondaryIndexOverride: Sequence[GlobalSecondaryIndexDict] | None = None,
        LocalSecondaryIndexOverride: Sequence[LocalSecondaryIndexDict] | None = None,
        ProvisionedThroughputOverride: ProvisionedThroughputDict | None = None,
        OnDemandThroughputOverride: OnDemandThroughputDict | None = None,
        SSESpecificationOverride: SseSpecificationDict | None = None,
    ) -> RestoreTableToPointInTimeOutputDict:
        """Makes a table out of what another one was at a moment: its items then; its keys, indexes, billing mode, ceilings and encryption now. What does not come back is as with RestoreTableFromBackup. Until all items are there its status is ``CREATING``."""

    async def export_table_to_point_in_time(
        self,
        *,
        TableArn: str,
        S3Bucket: str,
        ExportTime: datetime | None = None,
        ClientToken: str | None = None,
        S3BucketOwner: str | None = None,
        S3Prefix: str | None = None,
        S3SseAlgorithm: Literal["AES256", "KMS"] | None = None,
        S3SseKmsKeyId: str | None = None,
        ExportFormat: Literal["DYNAMODB_JSON", "ION"] | None = None,
        ExportType: Literal["FULL_EXPORT", "INCREMENTAL_EXPORT"] | None = None,
        IncrementalExportSpecification: IncrementalExportSpecificationDict | None = None,
    ) -> ExportTableToPointInTimeOutputDict:
        """Writes a table that is restorable to a moment, as it was at one, or what has changed in a time, into a folder of the directory that the option ``buckets`` names, in the service's layout: ``AWSDynamoDB/<id>/manifest-summary.json``, ``manifest-files.json``, ``data/*.json.gz``. It is written in small steps beside writers, which go on after a restart."""

    async def describe_export(
        self,
        *,
        ExportArn: str,
    ) -> DescribeExportOutputDict:
        """Describes an export that began or ended within 90 days."""

    async def list_exports(
        self,
        *,
        TableArn: str | None = None,
        MaxResults: int | None = None,
        NextToken: str | None = None,
    ) -> ListExportsOutputDict:
        """Lists exports, the newest first."""

    async def import_table(
        self,
        *,
        S3BucketSource: S3BucketSourceDict,
        InputFormat: Literal["DYNAMODB_JSON", "ION", "CSV"],
        TableCreationParameters: TableCreationParametersDict,
        ClientToken: str | None = None,
        InputFormatOptions: InputFormatOptionsDict | None = None,
        InputCompressionType: Literal["ZSTD", "NONE", "GZIP"] | None = None,
    ) -> ImportTableOutputDict:
        """Makes a table of files in a folder of the directory that the option ``buckets`` names: an export's, or any of the formats. The table is there at once, and is ``CREATING`` until all files are read, in small steps that go on after a restart. A file that is wrong at one place is left there; an item that is wrong is left out; both are counted, and the import then ends as ``FAILED``, with all other items in the table."""

    async def describe_import(
        self,
        *,
        ImportArn: str,
    ) -> DescribeImportOutputDict:
        """Describes an import that began or ended within 90 days."""

    async def list_imports(
        self,
        *,
        TableArn: str | None = None,
        PageSize: int | None = None,
        NextToken: str | None = None,
    ) -> ListImportsOutputDict:
        """Lists imports, the newest first."""

    async def update_continuous_backups(
        self,
        *,
        TableName: str,
        PointInTimeRecoverySpecification: PointInTimeRecoverySpecificationDict,
    ) -> UpdateContinuousBackupsOutputDict:
        """Sets whether a table is to be restorable to a moment of the last days. While it is, what each write replaces is kept for so long, and a day more at most. Turning it off forgets that."""

    async def describe_continuous_backups(
        self,
        *,
        TableName: str,
    ) -> DescribeContinuousBackupsOutputDict:
        """Tells whether a table is set to be restorable to a moment."""

    async def update_contributor_insights(
        self,
        *,
        TableName: str,
        ContributorInsightsAction: Literal["ENABLE", "DISABLE"],
        IndexName: str | None = None,
        ContributorInsightsMode: Literal["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"] | None = None,
    ) -> UpdateContributorInsightsOutputDict:
        """Turns contributor insights of a table or index on or off. The setting is kept; there are no insights."""

    async def describe_contributor_insights(
        self,
        *,
        TableName: str,
        IndexName: str | None = None,
    ) -> DescribeContributorInsightsOutputDict:
        """Tells whether contributor insights of a table or index are on."""

    async def list_contributor_insights(
        self,
        *,
        TableName: str | None = None,
        NextToken: str | None = None,
        MaxResults: int | None = None,
    ) -> ListContributorInsightsOutputDict:
        """Lists the tables and indexes whose contributor insights are not off."""

    async def describe_kinesis_streaming_destination(
        self,
        *,
        TableName: str,
    ) -> DescribeKinesisStreamingDestinationOutputDict:
        """Tells which Kinesis data streams a table is or was connected with."""

    async def enable_kinesis_streaming_destination(
        self,
        *,
        TableName: str,
        StreamArn: str,
        EnableKinesisStreamingConfiguration: EnableKinesisStreamingConfigurationDict | None = None,
    ) -> EnableKinesisStreamingDestinationOutputDict:
        """Connects a table with a Kinesis data stream of this database, which then has each change in the commit that makes it."""

    async def disable_kinesis_streaming_destination(
        self,
        *,
        TableName: str,
        StreamArn: str,
        EnableKinesisStreamingConfiguration: EnableKinesisStreamingConfigurationDict | None = None,
    ) -> DisableKinesisStreamingDestinationOutputDict:
        """Ends the connection of a table with a Kinesis data stream. The destination is kept; nothing more is delivered."""

    async def update_kinesis_streaming_destination(
        self,
        *,
        TableName: str,
        StreamArn: str,
        UpdateKinesisStreamingConfiguration: UpdateKinesisStreamingConfigurationDict | None = None,
    ) -> UpdateKinesisStreamingDestinationOutputDict:
        """Changes how records are sent to a Kinesis data stream."""

    async def list_global_tables(
        self,
        *,
        ExclusiveStartGlobalTableName: str | None = None,
        Limit: int | None = None,
        RegionName: str | None = None,
    ) -> ListGlobalTablesOutputDict:
        """Lists the global tables of the version of 2017. There are none."""

    async def create_global_table(
        self,
        *,
        GlobalTableName: str,
        ReplicationGroup: Sequence[ReplicaDict],
    ) -> CreateGlobalTableOutputDict:
        """Makes a global table of the version of 2017, which the service itself does not make any more."""

    async def update_global_table(
        self,
        *,
        GlobalTableName: str,
        ReplicaUpdates: Sequence[ReplicaUpdateDict],
    ) -> UpdateGlobalTableOutputDict:
        """Changes the regions of a global table of the version of 2017, which the service itself does not do any more."""

    async def describe_global_table(
        self,
        *,
        GlobalTableName: str,
    ) -> DescribeGlobalTableOutputDict:
        """Describes a global table of the version of 2017. There are none."""

    async def describe_global_table_settings(
        self,
        *,
        GlobalTableName: str,
    ) -> DescribeGlobalTableSettingsOutputDict:
        """Describes the settings of a global table of the version of 2017. There are none."""

    async def update_global_table_settings(
        self,
        *,
        GlobalTableName: str,
    ) -> UpdateGlobalTableSettingsOutputDict:
        """Changes the settings of a global table of the version of 2017. There are none."""

    async def describe_table_replica_auto_scaling(
        self,
        *,
        TableName: str,
    ) -> DescribeTableReplicaAutoScalingOutputDict:
        """Describes how the replicas of a table scale. No table has replicas."""

    async def update_table_replica_auto_scaling(
        self,
        *,
        TableName: str,
    ) -> UpdateTableReplicaAutoScalingOutputDict:
        """Changes how the replicas of a table scale. No table has replicas."""

    async def put_item(
        self,
        *,
        TableName: str,
        Item: Mapping[str, AnyAttributeValue],
        Expected: Mapping[str, ExpectedAttributeValueDict] | None = None,
        ReturnValues: Literal["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"] | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] | None = None,
        ConditionalOperator: Literal["OR", "AND"] | None = None,
        ConditionExpression: str | None = None,
        ExpressionAttributeNames: Mapping[str, str] | None = None,
        ExpressionAttributeValues: Mapping[str, AnyAttributeValue] | None = None,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] | None = None,
    ) -> PutItemOutputDict:
        """Writes a whole item, replacing the one with the same key."""

    async def get_item(
        self,
        *,
        TableName: str,
        Key: Mapping[str, AnyAttributeValue],
        AttributesToGet: Sequence[str] | None = None,
        ConsistentRead: bool | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        ProjectionExpression: str | None = None,
        ExpressionAttributeNames: Mapping[str, str] | None = None,
    ) -> GetItemOutputDict:
        """Reads an item."""

    async def update_item(
        self,
        *,
        TableName: str,
        Key: Mapping[str, AnyAttributeValue],
        AttributeUpdates: Mapping[str, AttributeValueUpdateDict] | None = None,
        Expected: Mapping[str, ExpectedAttributeValueDict] | None = None,
        ConditionalOperator: Literal["OR", "AND"] | None = None,
        ReturnValues: Literal["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"] | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] | None = None,
        UpdateExpression: str | None = None,
        ConditionExpression: str | None = None,
        ExpressionAttributeNames: Mapping[str, str] | None = None,
        ExpressionAttributeValues: Mapping[str, AnyAttributeValue] | None = None,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] | None = None,
    ) -> UpdateItemOutputDict:
        """Changes parts of an item, creating it when absent."""

    async def delete_item(
        self,
        *,
        TableName: str,
        Key: Mapping[str, AnyAttributeValue],
        Expected: Mapping[str, ExpectedAttributeValueDict] | None = None,
        ConditionalOperator: Literal["OR", "AND"] | None = None,
        ReturnValues: Literal["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"] | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] | None = None,
        ConditionExpression: str | None = None,
        ExpressionAttributeNames: Mapping[str, str] | None = None,
        ExpressionAttributeValues: Mapping[str, AnyAttributeValue] | None = None,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] | None = None,
    ) -> DeleteItemOutputDict:
        """Deletes an item. Deleting what is not there is no error."""

    async def batch_write_item(
        self,
        *,
        RequestItems: Mapping[str, Sequence[WriteRequestDict]],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] | None = None,
    ) -> BatchWriteItemOutputDict:
        """Writes and deletes up to 25 items of any tables, at one moment; where tables are throttled, what there is no capacity for is left to another request."""

    async def batch_get_item(
        self,
        *,
        RequestItems: Mapping[str, KeysAndAttributesDict],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
    ) -> BatchGetItemOutputDict:
        """Reads up to 100 items of any tables, and up to 16 MB of them."""

    async def transact_write_items(
        self,
        *,
        TransactItems: Sequence[TransactWriteItemDict],
        ClientRequestToken: str | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] | None = None,
    ) -> TransactWriteItemsOutputDict:
        """Up to 100 writes and conditions on different items of any tables, 4 MB together: all of them happen, at one moment, or none."""

    async def transact_get_items(
        self,
        *,
        TransactItems: Sequence[TransactGetItemDict],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
    ) -> TransactGetItemsOutputDict:
        """Reads up to 100 different items of any tables, 4 MB together, as all of them are at one moment."""

    async def query(
        self,
        *,
        TableName: str,
        IndexName: str | None = None,
        Select: Literal["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"] | None = None,
        AttributesToGet: Sequence[str] | None = None,
        Limit: int | None = None,
        ConsistentRead: bool | None = None,
        KeyConditions: Mapping[str, ConditionDict] | None = None,
        QueryFilter: Mapping[str, ConditionDict] | None = None,
        ConditionalOperator: Literal["OR", "AND"] | None = None,
        ScanIndexForward: bool | None = None,
        ExclusiveStartKey: Mapping[str, AnyAttributeValue] | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        ProjectionExpression: str | None = None,
        FilterExpression: str | None = None,
        KeyConditionExpression: str | None = None,
        ExpressionAttributeNames: Mapping[str, str] | None = None,
        ExpressionAttributeValues: Mapping[str, AnyAttributeValue] | None = None,
    ) -> QueryOutputDict:
        """Reads the items of one partition key, of the table or of an index, in sort-key order."""

    async def scan(
        self,
        *,
        TableName: str,
        IndexName: str | None = None,
        AttributesToGet: Sequence[str] | None = None,
        Limit: int | None = None,
        Select: Literal["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"] | None = None,
        ScanFilter: Mapping[str, ConditionDict] | None = None,
        ConditionalOperator: Literal["OR", "AND"] | None = None,
        ExclusiveStartKey: Mapping[str, AnyAttributeValue] | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        TotalSegments: int | None = None,
        Segment: int | None = None,
        ProjectionExpression: str | None = None,
        FilterExpression: str | None = None,
        ExpressionAttributeNames: Mapping[str, str] | None = None,
        ExpressionAttributeValues: Mapping[str, AnyAttributeValue] | None = None,
        ConsistentRead: bool | None = None,
    ) -> ScanOutputDict:
        """Reads all items of a table or an index, or of one segment of it."""

    async def execute_statement(
        self,
        *,
        Statement: str,
        Parameters: Sequence[AnyAttributeValue] | None = None,
        ConsistentRead: bool | None = None,
        NextToken: str | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        Limit: int | None = None,
        ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"] | None = None,
    ) -> ExecuteStatementOutputDict:
        """Runs a statement of PartiQL: reads items, or writes one."""

    async def batch_execute_statement(
        self,
        *,
        Statements: Sequence[BatchStatementRequestDict],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
    ) -> BatchExecuteStatementOutputDict:
        """Runs up to 25 statements, each for itself: all reads, or all writes."""

    async def execute_transaction(
        self,
        *,
        TransactStatements: Sequence[ParameterizedStatementDict],
        ClientRequestToken: str | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
    ) -> ExecuteTransactionOutputDict:
        """Runs up to 100 statements on different items together: all reads, which see one moment, or all writes, all or nothing."""

    async def list_streams(
        self,
        *,
        TableName: str | None = None,
        Limit: int | None = None,
        ExclusiveStartStreamArn: str | None = None,
    ) -> ListStreamsOutputDict:
        """Lists streams, live and closed, by table name and label."""

    async def describe_stream(
        self,
        *,
        StreamArn: str,
        Limit: int | None = None,
        ExclusiveStartShardId: str | None = None,
        ShardFilter: ShardFilterDict | None = None,
    ) -> DescribeStreamOutputDict:
        """Describes a stream and its shards."""

    async def get_shard_iterator(
        self,
        *,
        StreamArn: str,
        ShardId: str,
        ShardIteratorType: Literal["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON", "AT_TIMESTAMP"],
        SequenceNumber: str | None = None,
        Timestamp: datetime | None = None,
    ) -> GetShardIteratorOutputDict:
        """Issues an iterator, good for 15 minutes."""

    async def get_records(
        self,
        *,
        ShardIterator: str,
        Limit: int | None = None,
    ) -> GetRecordsOutputDict:
        """Reads records from an iterator on."""

    async def kinesis_create_stream(
        self,
        *,
        StreamName: str,
        ShardCount: int | None = None,
        StreamModeDetails: KinesisStreamModeDetailsDict | None = None,
        Tags: Mapping[str, str] | None = None,
    ) -> KinesisCreateStreamOutputDict:
        """Makes a data stream. Errors: ``ResourceInUseException`` for a name that is taken, ``LimitExceededException``, ``InvalidArgumentException``."""

    async def kinesis_delete_stream(
        self,
        *,
        StreamName: str | None = None,
        EnforceConsumerDeletion: bool | None = None,
        StreamARN: str | None = None,
    ) -> KinesisDeleteStreamOutputDict:
        """Removes a data stream and its records."""

    async def kinesis_describe_stream(
        self,
        *,
        Limit: int | None = None,
        ExclusiveStartShardId: str | None = None,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisDescribeStreamOutputDict:
        """Describes a data stream and its shards."""

    async def kinesis_describe_stream_summary(
        self,
        *,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisDescribeStreamSummaryOutputDict:
        """Describes a data stream without its shards."""

    async def kinesis_list_streams(
        self,
        *,
        Limit: int | None = None,
        ExclusiveStartStreamName: str | None = None,
        NextToken: str | None = None,
    ) -> KinesisListStreamsOutputDict:
        """Lists data streams by name."""

    async def kinesis_list_shards(
        self,
        *,
        NextToken: str | None = None,
        MaxResults: int | None = None,
        ExclusiveStartShardId: str | None = None,
        StreamName: str | None = None,
        StreamCreationTimestamp: datetime | None = None,
        ShardFilter: KinesisShardFilterDict | None = None,
        StreamARN: str | None = None,
    ) -> KinesisListShardsOutputDict:
        """Lists the shards of a data stream."""

    async def kinesis_split_shard(
        self,
        *,
        NewStartingHashKey: str,
        ShardToSplit: str,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisSplitShardOutputDict:
        """Splits an open shard at a hash key: it closes, and two shards open."""

    async def kinesis_merge_shards(
        self,
        *,
        ShardToMerge: str,
        AdjacentShardToMerge: str,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisMergeShardsOutputDict:
        """Merges two open shards whose hash keys meet: they close, and one shard opens."""

    async def kinesis_update_shard_count(
        self,
        *,
        ScalingType: Literal["UNIFORM_SCALING"],
        TargetShardCount: int,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisUpdateShardCountOutputDict:
        """Brings a stream to a number of shards of one width: open ones close, and so many open."""

    async def kinesis_increase_stream_retention_period(
        self,
        *,
        RetentionPeriodHours: int,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisIncreaseStreamRetentionPeriodOutputDict:
        """Keeps the records of a stream longer, those that are there included."""

    async def kinesis_decrease_stream_retention_period(
        self,
        *,
        RetentionPeriodHours: int,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisDecreaseStreamRetentionPeriodOutputDict:
        """Keeps the records of a stream less long, at once."""

    async def kinesis_update_stream_mode(
        self,
        *,
        StreamARN: str,
        StreamModeDetails: KinesisStreamModeDetailsDict,
    ) -> KinesisUpdateStreamModeOutputDict:
        """Changes who looks after the number of shards."""

    async def kinesis_put_record(
        self,
        *,
        PartitionKey: str,
        Data: bytes,
        SequenceNumberForOrdering: str | None = None,
        ExplicitHashKey: str | None = None,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisPutRecordOutputDict:
        """Puts a record into a data stream."""

    async def kinesis_put_records(
        self,
        *,
        Records: Sequence[KinesisPutRecordsRequestEntryDict],
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisPutRecordsOutputDict:
        """Puts up to 500 records into a data stream."""

    async def kinesis_get_shard_iterator(
        self,
        *,
        ShardId: str,
        ShardIteratorType: Literal["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON", "AT_TIMESTAMP"],
        StartingSequenceNumber: str | None = None,
        StreamName: str | None = None,
        Timestamp: datetime | None = None,
        StreamARN: str | None = None,
    ) -> KinesisGetShardIteratorOutputDict:
        """Issues an iterator, good for 5 minutes."""

    async def kinesis_get_records(
        self,
        *,
        ShardIterator: str,
        Limit: int | None = None,
        StreamARN: str | None = None,
    ) -> KinesisGetRecordsOutputDict:
        """Reads records from an iterator on: at most 10,000 and 10 MiB."""

    async def kinesis_add_tags_to_stream(
        self,
        *,
        Tags: Mapping[str, str],
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisAddTagsToStreamOutputDict:
        """Tags a data stream; tags of these names are replaced."""

    async def kinesis_remove_tags_from_stream(
        self,
        *,
        TagKeys: Sequence[str],
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisRemoveTagsFromStreamOutputDict:
        """Takes tags away."""

    async def kinesis_list_tags_for_stream(
        self,
        *,
        Limit: int | None = None,
        ExclusiveStartTagKey: str | None = None,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisListTagsForStreamOutputDict:
        """Lists the tags of a data stream by name."""

    async def kinesis_tag_resource(
        self,
        *,
        Tags: Mapping[str, str],
        ResourceARN: str,
    ) -> KinesisTagResourceOutputDict:
        """Tags a data stream by its ARN."""

    async def kinesis_untag_resource(
        self,
        *,
        TagKeys: Sequence[str],
        ResourceARN: str,
    ) -> KinesisUntagResourceOutputDict:
        """Takes tags away from a data stream by its ARN."""

    async def kinesis_list_tags_for_resource(
        self,
        *,
        ResourceARN: str,
    ) -> KinesisListTagsForResourceOutputDict:
        """Lists the tags of a data stream by its ARN."""

    async def kinesis_describe_limits(self) -> KinesisDescribeLimitsOutputDict:
        """Tells the limits of the account and what is used of them."""

    async def create_event_source_mapping(
        self,
        *,
        FunctionName: str,
        EventSourceArn: str | None = None,
        Enabled: bool | None = None,
        BatchSize: int | None = None,
        FilterCriteria: LambdaFilterCriteriaDict | None = None,
        MaximumBatchingWindowInSeconds: int | None = None,
        ParallelizationFactor: int | None = None,
        StartingPosition: Literal["LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"] | None = None,
        StartingPositionTimestamp: datetime | None = None,
        DestinationConfig: LambdaDestinationConfigDict | None = None,
        MaximumRecordAgeInSeconds: int | None = None,
        BisectBatchOnFunctionError: bool | None = None,
        MaximumRetryAttempts: int | None = None,
        Tags: Mapping[str, str] | None = None,
        TumblingWindowInSeconds: int | None = None,
        FunctionResponseTypes: Sequence[str] | None = None,
        ScalingConfig: LambdaScalingConfigDict | None = None,
        KMSKeyArn: str | None = None,
        MetricsConfig: LambdaMetricsConfigDict | None = None,
    ) -> EventSourceMappingConfigurationDict:
        """Hands the records of a stream to a function, in batches."""

    async def get_event_source_mapping(
        self,
        *,
        UUID: str,
    ) -> EventSourceMappingConfigurationDict:
        """Tells of a mapping."""

    async def list_event_source_mappings(
        self,
        *,
        EventSourceArn: str | None = None,
        FunctionName: str | None = None,
        Marker: str | None = None,
        MaxItems: int | None = None,
    ) -> ListEventSourceMappingsOutputDict:
        """Lists mappings in the order in which they were made, a hundred at a time at most."""

    async def update_event_source_mapping(
        self,
        *,
        UUID: str,
        FunctionName: str | None = None,
        Enabled: bool | None = None,
        BatchSize: int | None = None,
        FilterCriteria: LambdaFilterCriteriaDict | None = None,
        MaximumBatchingWindowInSeconds: int | None = None,
        DestinationConfig: LambdaDestinationConfigDict | None = None,
        MaximumRecordAgeInSeconds: int | None = None,
        BisectBatchOnFunctionError: bool | None = None,
        MaximumRetryAttempts: int | None = None,
        ParallelizationFactor: int | None = None,
        TumblingWindowInSeconds: int | None = None,
        FunctionResponseTypes: Sequence[str] | None = None,
        ScalingConfig: LambdaScalingConfigDict | None = None,
        KMSKeyArn: str | None = None,
        MetricsConfig: LambdaMetricsConfigDict | None = None,
    ) -> EventSourceMappingConfigurationDict:
        """Changes a mapping. What is absent stays as it is."""

    async def delete_event_source_mapping(
        self,
        *,
        UUID: str,
    ) -> EventSourceMappingConfigurationDict:
        """Removes a mapping."""

    async def lambda_get_function_configuration(
        self,
        *,
        FunctionName: str,
        Qualifier: str | None = None,
    ) -> LambdaFunctionConfigurationDict:
        """Tells of a function. Errors: ``ResourceNotFoundException``, ``InvalidParameterValueException``."""

    async def lambda_tag_resource(
        self,
        *,
        Resource: str,
        Tags: Mapping[str, str],
    ) -> LambdaTagResourceOutputDict:
        """Tags a mapping; tags of these names are replaced."""

    async def lambda_untag_resource(
        self,
        *,
        Resource: str,
        TagKeys: Sequence[str],
    ) -> LambdaUntagResourceOutputDict:
        """Takes tags away from a mapping."""

    async def lambda_list_tags(
        self,
        *,
        Resource: str,
    ) -> LambdaListTagsOutputDict:
        """Lists the tags of a mapping."""

    async def sqs_create_queue(
        self,
        *,
        QueueName: str,
        Attributes: Mapping[str, str] | None = None,
    ) -> SqsCreateQueueOutputDict:
        """Makes a queue; one that is there with the same attributes is answered."""

    async def sqs_get_queue_url(
        self,
        *,
        QueueName: str,
        QueueOwnerAWSAccountId: str | None = None,
    ) -> SqsGetQueueUrlOutputDict:
        """Tells how a queue is named. Errors: ``QueueDoesNotExist``."""

    async def sqs_get_queue_attributes(
        self,
        *,
        QueueUrl: str,
        AttributeNames: Sequence[str] | None = None,
    ) -> SqsGetQueueAttributesOutputDict:
        """Tells what a queue is set to, and how many messages it has. Errors: ``QueueDoesNotExist``, ``InvalidAttributeName``."""

    async def sqs_set_queue_attributes(
        self,
        *,
        QueueUrl: str,
        Attributes: Mapping[str, str],
    ) -> SqsSetQueueAttributesOutputDict:
        """Sets a queue otherwise. Errors: ``QueueDoesNotExist``, ``InvalidAttributeName``, ``InvalidAttributeValue``."""

    async def sqs_list_queues(
        self,
        *,
        QueueNamePrefix: str | None = None,
        NextToken: str | None = None,
        MaxResults: int | None = None,
    ) -> SqsListQueuesOutputDict:
        """Lists queues, in order of their names."""

    async def sqs_delete_queue(
        self,
        *,
        QueueUrl: str,
    ) -> SqsDeleteQueueOutputDict:
        """Removes a queue and its messages. Errors: ``QueueDoesNotExist``."""

    async def sqs_purge_queue(
        self,
        *,
        QueueUrl: str,
    ) -> SqsPurgeQueueOutputDict:
        """Removes all messages of a queue. Errors: ``QueueDoesNotExist``."""

    async def sqs_send_message(
        self,
        *,
        QueueUrl: str,
        MessageBody: str,
        DelaySeconds: int | None = None,
        MessageAttributes: Mapping[str, SqsMessageAttributeValueDict] | None = None,
    ) -> SqsSendMessageOutputDict:
        """Sends a message."""

    async def sqs_send_message_batch(
        self,
        *,
        QueueUrl: str,
        Entries: Sequence[SqsSendMessageBatchRequestEntryDict],
    ) -> SqsSendMessageBatchOutputDict:
        """Sends up to 10 messages."""

    async def sqs_receive_message(
        self,
        *,
        QueueUrl: str,
        AttributeNames: Sequence[str] | None = None,
        MessageSystemAttributeNames: Sequence[str] | None = None,
        MessageAttributeNames: Sequence[str] | None = None,
        MaxNumberOfMessages: int | None = None,
        VisibilityTimeout: int | None = None,
        WaitTimeSeconds: int | None = None,
    ) -> SqsReceiveMessageOutputDict:
        """Receives messages, which others are then not given for a time. Answers at once, whatever ``WaitTimeSeconds`` says."""

    async def sqs_delete_message(
        self,
        *,
        QueueUrl: str,
        ReceiptHandle: str,
    ) -> SqsDeleteMessageOutputDict:
        """Removes a message. Errors: ``QueueDoesNotExist``, ``ReceiptHandleIsInvalid``."""

    async def sqs_delete_message_batch(
        self,
        *,
        QueueUrl: str,
        Entries: Sequence[SqsDeleteMessageBatchRequestEntryDict],
    ) -> SqsDeleteMessageBatchOutputDict:
        """Removes up to 10 messages."""

    async def sqs_change_message_visibility(
        self,
        *,
        QueueUrl: str,
        ReceiptHandle: str,
        VisibilityTimeout: int,
    ) -> SqsChangeMessageVisibilityOutputDict:
        """Says anew for how long nobody else is given a message, from now on."""

    async def sqs_change_message_visibility_batch(
        self,
        *,
        QueueUrl: str,
        Entries: Sequence[SqsChangeMessageVisibilityBatchRequestEntryDict],
    ) -> SqsChangeMessageVisibilityBatchOutputDict:
        """As ChangeMessageVisibility, of up to 10 messages."""

    async def s3_create_bucket(
        self,
        *,
        Bucket: str,
    ) -> S3CreateBucketOutputDict:
        """Makes a bucket."""

    async def s3_list_buckets(self) -> S3ListBucketsOutputDict:
        """Lists the buckets, in order of their names."""

    async def s3_head_bucket(
        self,
        *,
        Bucket: str,
    ) -> S3HeadBucketOutputDict:
        """Tells whether there is a bucket. Errors: ``NoSuchBucket``."""

    async def s3_delete_bucket(
        self,
        *,
        Bucket: str,
    ) -> S3DeleteBucketOutputDict:
        """Removes a bucket, which must be empty. Errors: ``NoSuchBucket``, ``BucketNotEmpty``."""

    async def s3_put_object(
        self,
        *,
        Bucket: str,
        Key: str,
        Body: bytes | None = None,
        ContentType: str | None = None,
        Metadata: Mapping[str, str] | None = None,
    ) -> S3PutObjectOutputDict:
        """Writes an object, in place of one of the same key."""

    async def s3_get_object(
        self,
        *,
        Bucket: str,
        Key: str,
    ) -> S3GetObjectOutputDict:
        """Reads an object. Errors: ``NoSuchBucket``, ``NoSuchKey``."""

    async def s3_head_object(
        self,
        *,
        Bucket: str,
        Key: str,
    ) -> S3HeadObjectOutputDict:
        """As GetObject, without what it holds. Errors: ``NoSuchBucket``, ``NoSuchKey``."""

    async def s3_delete_object(
        self,
        *,
        Bucket: str,
        Key: str,
    ) -> S3DeleteObjectOutputDict:
        """Removes an object; nothing where there is none. Errors: ``NoSuchBucket``."""

    async def s3_list_objects_v2(
        self,
        *,
        Bucket: str,
        Prefix: str | None = None,
        Delimiter: str | None = None,
        MaxKeys: int | None = None,
        ContinuationToken: str | None = None,
        StartAfter: str | None = None,
    ) -> S3ListObjectsV2OutputDict:
        """Lists objects, in the order of the bytes of their keys."""

    async def sns_create_topic(
        self,
        *,
        Name: str,
        Attributes: Mapping[str, str] | None = None,
        Tags: Sequence[SnsTagDict] | None = None,
    ) -> SnsCreateTopicOutputDict:
        """Makes a topic; one that is there with the same attributes and tags is answered."""

    async def sns_delete_topic(
        self,
        *,
        TopicArn: str,
    ) -> SnsDeleteTopicOutputDict:
        """Removes a topic and its subscriptions; nothing where there is none. Errors: ``InvalidParameter``."""

    async def sns_list_topics(
        self,
        *,
        NextToken: str | None = None,
    ) -> SnsListTopicsOutputDict:
        """Lists topics, in order of their names, 100 on a page. Errors: ``InvalidParameter``."""

    async def sns_get_topic_attributes(
        self,
        *,
        TopicArn: str,
    ) -> SnsGetTopicAttributesOutputDict:
        """Tells what a topic is set to, and how many subscriptions it has. Errors: ``NotFound``, ``InvalidParameter``."""

    async def sns_set_topic_attributes(
        self,
        *,
        TopicArn: str,
        AttributeName: str,
        AttributeValue: str | None = None,
    ) -> SnsSetTopicAttributesOutputDict:
        """Sets a topic otherwise. Errors: ``NotFound``, ``InvalidParameter``."""

    async def sns_subscribe(
        self,
        *,
        TopicArn: str,
        Protocol: str,
        Endpoint: str | None = None,
        Attributes: Mapping[str, str] | None = None,
        ReturnSubscriptionArn: bool | None = None,
    ) -> SnsSubscribeOutputDict:
        """Has somebody told of what is published. Queues of this database are told; what is at an address (``http``, ``https``, ``email``, ``email-json``) is kept as pending, and never told. Other protocols are refused."""

    async def sns_unsubscribe(
        self,
        *,
        SubscriptionArn: str,
    ) -> SnsUnsubscribeOutputDict:
        """Ends a subscription; nothing where there is none. Errors: ``InvalidParameter``."""

    async def sns_list_subscriptions(
        self,
        *,
        NextToken: str | None = None,
    ) -> SnsListSubscriptionsOutputDict:
        """Lists all subscriptions, 100 on a page. Errors: ``InvalidParameter``."""

    async def sns_list_subscriptions_by_topic(
        self,
        *,
        TopicArn: str,
        NextToken: str | None = None,
    ) -> SnsListSubscriptionsByTopicOutputDict:
        """Lists the subscriptions of a topic, 100 on a page. Errors: ``NotFound``, ``InvalidParameter``."""

    async def sns_get_subscription_attributes(
        self,
        *,
        SubscriptionArn: str,
    ) -> SnsGetSubscriptionAttributesOutputDict:
        """Tells what a subscription is set to. Errors: ``NotFound``, ``InvalidParameter``."""

    async def sns_set_subscription_attributes(
        self,
        *,
        SubscriptionArn: str,
        AttributeName: str,
        AttributeValue: str | None = None,
    ) -> SnsSetSubscriptionAttributesOutputDict:
        """Sets a subscription otherwise. Errors: ``NotFound``, ``InvalidParameter``."""

    async def sns_publish(
        self,
        *,
        Message: str,
        TopicArn: str | None = None,
        TargetArn: str | None = None,
        Subject: str | None = None,
        MessageStructure: str | None = None,
        MessageAttributes: Mapping[str, SnsMessageAttributeValueDict] | None = None,
    ) -> SnsPublishOutputDict:
        """Tells all who have subscribed to a topic, in one commit."""

    async def sns_publish_batch(
        self,
        *,
        TopicArn: str,
        PublishBatchRequestEntries: Sequence[SnsPublishBatchRequestEntryDict],
    ) -> SnsPublishBatchOutputDict:
        """Publishes up to 10 messages in one commit: all or none."""

    async def sns_tag_resource(
        self,
        *,
        ResourceArn: str,
        Tags: Sequence[SnsTagDict],
    ) -> SnsTagResourceOutputDict:
        """Gives a topic tags, in place of those of the same names. Errors: ``ResourceNotFoundException``, ``TagLimitExceeded``, ``InvalidParameter``."""

    async def sns_untag_resource(
        self,
        *,
        ResourceArn: str,
        TagKeys: Sequence[str],
    ) -> SnsUntagResourceOutputDict:
        """Takes tags from a topic. Errors: ``ResourceNotFoundException``, ``InvalidParameter``."""

    async def sns_list_tags_for_resource(
        self,
        *,
        ResourceArn: str,
    ) -> SnsListTagsForResourceOutputDict:
        """Lists the tags of a topic. Errors: ``ResourceNotFoundException``, ``InvalidParameter``."""

    async def register_function(
        self,
        *,
        FunctionName: str,
        Versions: Sequence[str] | None = None,
        Aliases: Mapping[str, str] | None = None,
        Endpoint: str | None = None,
        TimeoutInSeconds: int | None = None,
        MemorySize: int | None = None,
    ) -> RegisterFunctionOutputDict:
        """Makes a function known, so that mappings may name it; in place of one of the same name. Its code stays where it is: a handler in a program, or a process with an endpoint."""

    async def deregister_function(
        self,
        *,
        FunctionName: str,
    ) -> DeregisterFunctionOutputDict:
        """Forgets a function. Its mappings stay, and hand nothing over until it is there again."""

    async def list_registered_functions(self) -> ListRegisteredFunctionsOutputDict:
        """Lists the functions by name."""

    async def describe_mappings(
        self,
        *,
        KnownVersion: int | None = None,
    ) -> DescribeMappingsOutputDict:
        """Tells of all mappings, if anything of them or of the functions has changed."""

    async def settle_mapping(
        self,
        *,
        UUID: str,
        Settlements: int,
        Checkpoint: str,
        LastProcessingResult: str | None = None,
        Failures: Sequence[MappingFailureDict] | None = None,
        TransactItems: Sequence[TransactWriteItemDict] | None = None,
    ) -> SettleMappingOutputDict:
        """Keeps how far a mapping has come, delivers the failures, and does the handler's writes, all in one commit or not at all."""

    async def advance_clock(
        self,
        *,
        Milliseconds: int,
    ) -> AdvanceClockOutputDict:
        """Moves the manual clock forward, running whatever falls due on the way, in order."""

    async def describe_clock(self) -> DescribeClockOutputDict:
        """Tells the database's time."""

    async def split_shard(
        self,
        *,
        TableName: str,
        ShardId: str | None = None,
    ) -> SplitShardOutputDict:
        """Splits a partition: its shard closes and two children open."""

    async def roll_shard(
        self,
        *,
        TableName: str,
        ShardId: str | None = None,
    ) -> RollShardOutputDict:
        """Closes a shard and opens one child in its place."""

    async def maintain(self) -> MaintainOutputDict:
        """Does the background work that is due now."""

    async def set_faults(
        self,
        *,
        Faults: Sequence[FaultDict],
        Seed: int | None = None,
    ) -> SetFaultsOutputDict:
        """Has calls disturbed from now on, until the database is closed: a program can be tried against what happens rarely. The same faults with the same seed do the same to the same calls. They take the place of those before, and begin a new trace; without any, calls go undisturbed again and the trace stays. Where several are about a call, the first of them happens that is due."""

    async def describe_faults(
        self,
        *,
        AfterNumber: int | None = None,
        Limit: int | None = None,
    ) -> DescribeFaultsOutputDict:
        """Tells the faults and what they did."""

    async def inspect_stream(
        self,
        *,
        StreamArn: str,
        Limit: int | None = None,
        ExclusiveStartShardId: str | None = None,
    ) -> InspectStreamOutputDict:
        """DescribeStream, with what the service keeps to itself: how many records each shard has, how old they are, and who reads them. Looking changes nothing."""

    async def inspect_records(
        self,
        *,
        StreamArn: str,
        ShardId: str,
        AfterSequenceNumber: str | None = None,
        BeforeSequenceNumber: str | None = None,
        Newest: bool | None = None,
        Limit: int | None = None,
        Key: Mapping[str, AnyAttributeValue] | None = None,
        Pattern: str | None = None,
    ) -> InspectRecordsOutputDict:
        """Looks at the records of a shard: a range of them from either end, and of these those that have a key or match an event pattern. Unlike GetRecords it takes no iterator, so that nobody becomes a reader by it. What was trimmed is not told."""

    async def describe_metrics(self) -> DescribeMetricsOutputDict:
        """Tells what calls came to, under the names that Amazon CloudWatch has for it, since the database was opened with the option ``metrics``."""

    async def describe_calls(
        self,
        *,
        AfterNumber: int | None = None,
        Limit: int | None = None,
    ) -> DescribeCallsOutputDict:
        """Tells the latest calls, as many as the option ``call_trace`` says. Who asks again with the last number told follows them."""

    async def backup(
        self,
        *,
        Directory: str,
    ) -> BackupOutputDict:
        """Copies the database, as it is at one moment, into a directory that is made; calls go on meanwhile. The copy opens like any database."""

    async def compact(self) -> CompactOutputDict:
        """Gives the disk back what deleted items and trimmed records have left behind, now and thoroughly."""

