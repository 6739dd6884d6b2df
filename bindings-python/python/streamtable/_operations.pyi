# Printed by `cargo xtask gen` from the registry of the engine. Do not edit.
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict

from typing_extensions import NotRequired, Required

class AttributeValue(TypedDict, total=False):
    """One attribute value: a dict with one member, named by its type."""

    S: str
    N: str
    B: bytes
    SS: Sequence[str]
    NS: Sequence[str]
    BS: Sequence[bytes]
    L: Sequence[AttributeValue]
    M: Mapping[str, AttributeValue]
    NULL: bool
    BOOL: bool

#: What a request may hold where an attribute value belongs: text, numbers as text, bytes in any form, and any iterable for sets and lists.
AnyAttributeValue: TypeAlias = AttributeValue | Mapping[str, Any]

class AttributeDefinitionDict(TypedDict, total=False):
    """A key attribute and its type."""

    AttributeName: Required[str]
    AttributeType: Required[Literal["B", "N", "S"]]

class KeySchemaElementDict(TypedDict, total=False):
    """A part of a key."""

    AttributeName: Required[str]
    KeyType: Required[Literal["HASH", "RANGE"]]

class ProjectionDict(TypedDict, total=False):
    """What the entries of an index show."""

    ProjectionType: Literal["ALL", "INCLUDE", "KEYS_ONLY"]
    NonKeyAttributes: Sequence[str]

class LocalSecondaryIndexDict(TypedDict, total=False):
    """An index with the table's partition key and another sort key."""

    IndexName: Required[str]
    KeySchema: Required[Sequence[KeySchemaElementDict]]
    Projection: Required[ProjectionDict]

class ProvisionedThroughputDict(TypedDict, total=False):
    """Capacity bought ahead, in units a second."""

    ReadCapacityUnits: Required[int]
    WriteCapacityUnits: Required[int]

class OnDemandThroughputDict(TypedDict, total=False):
    """Ceilings of an on-demand table. Kept and answered, not enforced."""

    MaxReadRequestUnits: int
    MaxWriteRequestUnits: int

class WarmThroughputDict(TypedDict, total=False):
    """Throughput a table is made ready for."""

    ReadUnitsPerSecond: int
    WriteUnitsPerSecond: int

class GlobalSecondaryIndexDict(TypedDict, total=False):
    """An index with a key of its own."""

    IndexName: Required[str]
    KeySchema: Required[Sequence[KeySchemaElementDict]]
    Projection: Required[ProjectionDict]
    ProvisionedThroughput: ProvisionedThroughputDict
    OnDemandThroughput: OnDemandThroughputDict
    WarmThroughput: WarmThroughputDict

class StreamSpecificationDict(TypedDict, total=False):
    """Whether changes of a table are recorded, and what a record holds."""

    StreamEnabled: Required[bool]
    StreamViewType: Literal["OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"]

class SseSpecificationDict(TypedDict, total=False):
    """Encryption at rest. Kept and answered: nothing is encrypted."""

    Enabled: bool
    SSEType: Literal["AES256", "KMS"]
    KMSMasterKeyId: str

class TagDict(TypedDict, total=False):
    """A label on a table."""

    Key: str
    Value: str

class ProvisionedThroughputDescriptionDict(TypedDict):
    """Capacity of a table as it stands."""

    LastIncreaseDateTime: datetime
    LastDecreaseDateTime: datetime
    NumberOfDecreasesToday: int
    ReadCapacityUnits: int
    WriteCapacityUnits: int

class BillingModeSummaryDict(TypedDict):
    """How a table's capacity is paid for."""

    BillingMode: Literal["PROVISIONED", "PAY_PER_REQUEST"]
    LastUpdateToPayPerRequestDateTime: datetime

class LocalSecondaryIndexDescriptionDict(TypedDict):
    """A local index as it stands."""

    IndexName: str
    KeySchema: list[KeySchemaElementDict]
    Projection: ProjectionDict
    IndexSizeBytes: int
    ItemCount: int
    IndexArn: str

class GlobalSecondaryIndexWarmThroughputDescriptionDict(TypedDict):
    """Throughput a global index is ready for."""

    ReadUnitsPerSecond: int
    WriteUnitsPerSecond: int
    Status: Literal["CREATING", "UPDATING", "DELETING", "ACTIVE"]

class GlobalSecondaryIndexDescriptionDict(TypedDict):
    """A global index as it stands."""

    IndexName: str
    KeySchema: list[KeySchemaElementDict]
    Projection: ProjectionDict
    IndexStatus: Literal["CREATING", "UPDATING", "DELETING", "ACTIVE"]
    Backfilling: bool
    ProvisionedThroughput: ProvisionedThroughputDescriptionDict
    IndexSizeBytes: int
    ItemCount: int
    IndexArn: str
    OnDemandThroughput: OnDemandThroughputDict
    WarmThroughput: GlobalSecondaryIndexWarmThroughputDescriptionDict

class RestoreSummaryDict(TypedDict):
    """What a table is being restored from."""

    SourceBackupArn: str
    SourceTableArn: str
    RestoreDateTime: datetime
    RestoreInProgress: bool

class TableClassSummaryDict(TypedDict):
    """A table's storage class."""

    TableClass: Literal["STANDARD", "STANDARD_INFREQUENT_ACCESS"]
    LastUpdateDateTime: datetime

class SseDescriptionDict(TypedDict):
    """Encryption at rest as it stands."""

    Status: Literal["ENABLING", "ENABLED", "DISABLING", "DISABLED", "UPDATING"]
    SSEType: Literal["AES256", "KMS"]
    KMSMasterKeyArn: str
    InaccessibleEncryptionDateTime: datetime

class TableWarmThroughputDescriptionDict(TypedDict):
    """Throughput a table is ready for."""

    ReadUnitsPerSecond: int
    WriteUnitsPerSecond: int
    Status: Literal["CREATING", "UPDATING", "DELETING", "ACTIVE"]

class TableDescriptionDict(TypedDict):
    """A table as it stands."""

    AttributeDefinitions: list[AttributeDefinitionDict]
    TableName: str
    KeySchema: list[KeySchemaElementDict]
    TableStatus: Literal["CREATING", "UPDATING", "DELETING", "ACTIVE"]
    CreationDateTime: datetime
    ProvisionedThroughput: ProvisionedThroughputDescriptionDict
    TableSizeBytes: int
    ItemCount: int
    TableArn: str
    TableId: str
    BillingModeSummary: BillingModeSummaryDict
    LocalSecondaryIndexes: list[LocalSecondaryIndexDescriptionDict]
    GlobalSecondaryIndexes: list[GlobalSecondaryIndexDescriptionDict]
    StreamSpecification: StreamSpecificationDict
    LatestStreamLabel: str
    LatestStreamArn: str
    RestoreSummary: RestoreSummaryDict
    TableClassSummary: TableClassSummaryDict
    SSEDescription: SseDescriptionDict
    DeletionProtectionEnabled: bool
    OnDemandThroughput: OnDemandThroughputDict
    WarmThroughput: TableWarmThroughputDescriptionDict

class CreateTableOutputDict(TypedDict):
    """Answer of CreateTable."""

    TableDescription: TableDescriptionDict

class DescribeTableOutputDict(TypedDict):
    """Answer of DescribeTable."""

    Table: TableDescriptionDict

class UpdateGlobalSecondaryIndexActionDict(TypedDict, total=False):
    """An index to change."""

    IndexName: Required[str]
    ProvisionedThroughput: ProvisionedThroughputDict
    OnDemandThroughput: OnDemandThroughputDict
    WarmThroughput: WarmThroughputDict

class CreateGlobalSecondaryIndexActionDict(TypedDict, total=False):
    """An index to create on a table that is there."""

    IndexName: Required[str]
    KeySchema: Required[Sequence[KeySchemaElementDict]]
    Projection: Required[ProjectionDict]
    ProvisionedThroughput: ProvisionedThroughputDict
    OnDemandThroughput: OnDemandThroughputDict
    WarmThroughput: WarmThroughputDict

class DeleteGlobalSecondaryIndexActionDict(TypedDict, total=False):
    """An index to delete."""

    IndexName: Required[str]

class GlobalSecondaryIndexUpdateDict(TypedDict, total=False):
    """One change of a global index: one of its members."""

    Update: UpdateGlobalSecondaryIndexActionDict
    Create: CreateGlobalSecondaryIndexActionDict
    Delete: DeleteGlobalSecondaryIndexActionDict

class ReplicationGroupMemberDict(TypedDict, total=False):
    """A replica to make, change or delete in another region."""

    RegionName: Required[str]

class ReplicationGroupUpdateDict(TypedDict, total=False):
    """A change of the replicas of a table. Refused: the regions of a database do not replicate."""

    Create: ReplicationGroupMemberDict
    Update: ReplicationGroupMemberDict
    Delete: ReplicationGroupMemberDict

class UpdateTableOutputDict(TypedDict):
    """Answer of UpdateTable."""

    TableDescription: TableDescriptionDict

class DeleteTableOutputDict(TypedDict):
    """Answer of DeleteTable."""

    TableDescription: TableDescriptionDict

class ListTablesOutputDict(TypedDict):
    """Answer of ListTables."""

    TableNames: list[str]
    LastEvaluatedTableName: NotRequired[str]

class TimeToLiveSpecificationDict(TypedDict, total=False):
    """Whether items expire, and by which attribute."""

    Enabled: Required[bool]
    AttributeName: Required[str]

class UpdateTimeToLiveOutputDict(TypedDict):
    """Answer of UpdateTimeToLive."""

    TimeToLiveSpecification: TimeToLiveSpecificationDict

class TimeToLiveDescriptionDict(TypedDict):
    """Time to live as it stands."""

    TimeToLiveStatus: Literal["ENABLING", "DISABLING", "ENABLED", "DISABLED"]
    AttributeName: str

class DescribeTimeToLiveOutputDict(TypedDict):
    """Answer of DescribeTimeToLive."""

    TimeToLiveDescription: TimeToLiveDescriptionDict

class TagResourceOutputDict(TypedDict):
    """Answer of TagResource."""

class UntagResourceOutputDict(TypedDict):
    """Answer of UntagResource."""

class ListTagsOfResourceOutputDict(TypedDict):
    """Answer of ListTagsOfResource."""

    Tags: list[TagDict]
    NextToken: NotRequired[str]

class PutResourcePolicyOutputDict(TypedDict):
    """Answer of PutResourcePolicy."""

    RevisionId: str

class GetResourcePolicyOutputDict(TypedDict):
    """Answer of GetResourcePolicy."""

    Policy: str
    RevisionId: str

class DeleteResourcePolicyOutputDict(TypedDict):
    """Answer of DeleteResourcePolicy."""

    RevisionId: str

class DescribeLimitsOutputDict(TypedDict):
    """Answer of DescribeLimits."""

    AccountMaxReadCapacityUnits: int
    AccountMaxWriteCapacityUnits: int
    TableMaxReadCapacityUnits: int
    TableMaxWriteCapacityUnits: int

class EndpointDict(TypedDict):
    """Where the service can be reached."""

    Address: str
    CachePeriodInMinutes: int

class DescribeEndpointsResponseDict(TypedDict):
    """Answer of DescribeEndpoints."""

    Endpoints: list[EndpointDict]

class BackupDetailsDict(TypedDict):
    """A backup as it stands."""

    BackupArn: str
    BackupName: str
    BackupSizeBytes: int
    BackupStatus: Literal["CREATING", "DELETED", "AVAILABLE"]
    BackupType: Literal["USER", "SYSTEM", "AWS_BACKUP"]
    BackupCreationDateTime: datetime
    BackupExpiryDateTime: datetime

class CreateBackupOutputDict(TypedDict):
    """Answer of CreateBackup."""

    BackupDetails: BackupDetailsDict

class SourceTableDetailsDict(TypedDict):
    """A backup's table as it was."""

    TableName: str
    TableId: str
    TableArn: str
    TableSizeBytes: int
    KeySchema: list[KeySchemaElementDict]
    TableCreationDateTime: datetime
    ProvisionedThroughput: ProvisionedThroughputDict
    OnDemandThroughput: OnDemandThroughputDict
    ItemCount: int
    BillingMode: Literal["PROVISIONED", "PAY_PER_REQUEST"]

class LocalSecondaryIndexInfoDict(TypedDict):
    """A local index of a backup's table."""

    IndexName: str
    KeySchema: list[KeySchemaElementDict]
    Projection: ProjectionDict

class GlobalSecondaryIndexInfoDict(TypedDict):
    """A global index of a backup's table."""

    IndexName: str
    KeySchema: list[KeySchemaElementDict]
    Projection: ProjectionDict
    ProvisionedThroughput: ProvisionedThroughputDict
    OnDemandThroughput: OnDemandThroughputDict

class SourceTableFeatureDetailsDict(TypedDict):
    """What a backup's table had beside its key."""

    LocalSecondaryIndexes: list[LocalSecondaryIndexInfoDict]
    GlobalSecondaryIndexes: list[GlobalSecondaryIndexInfoDict]
    StreamDescription: StreamSpecificationDict
    TimeToLiveDescription: TimeToLiveDescriptionDict
    SSEDescription: SseDescriptionDict

class BackupDescriptionDict(TypedDict):
    """A backup and its table."""

    BackupDetails: BackupDetailsDict
    SourceTableDetails: SourceTableDetailsDict
    SourceTableFeatureDetails: SourceTableFeatureDetailsDict

class DescribeBackupOutputDict(TypedDict):
    """Answer of DescribeBackup."""

    BackupDescription: BackupDescriptionDict

class DeleteBackupOutputDict(TypedDict):
    """Answer of DeleteBackup."""

    BackupDescription: BackupDescriptionDict

class BackupSummaryDict(TypedDict):
    """A backup in a list."""

    TableName: str
    TableId: str
    TableArn: str
    BackupArn: str
    BackupName: str
    BackupCreationDateTime: datetime
    BackupExpiryDateTime: datetime
    BackupStatus: Literal["CREATING", "DELETED", "AVAILABLE"]
    BackupType: Literal["USER", "SYSTEM", "AWS_BACKUP"]
    BackupSizeBytes: int

class ListBackupsOutputDict(TypedDict):
    """Answer of ListBackups."""

    BackupSummaries: list[BackupSummaryDict]
    LastEvaluatedBackupArn: str

class RestoreTableFromBackupOutputDict(TypedDict):
    """Answer of RestoreTableFromBackup."""

    TableDescription: TableDescriptionDict

class RestoreTableToPointInTimeOutputDict(TypedDict):
    """Answer of RestoreTableToPointInTime."""

    TableDescription: TableDescriptionDict

class IncrementalExportSpecificationDict(TypedDict, total=False):
    """Which time an incremental export is of: from 15 minutes to 24 hours."""

    ExportFromTime: datetime
    ExportToTime: datetime
    ExportViewType: Literal["NEW_IMAGE", "NEW_AND_OLD_IMAGES"]

class ExportDescriptionDict(TypedDict):
    """An export as it stands."""

    ExportArn: str
    ExportStatus: Literal["IN_PROGRESS", "COMPLETED", "FAILED"]
    StartTime: datetime
    EndTime: datetime
    ExportManifest: str
    TableArn: str
    TableId: str
    ExportTime: datetime
    ClientToken: str
    S3Bucket: str
    S3BucketOwner: str
    S3Prefix: str
    S3SseAlgorithm: Literal["AES256", "KMS"]
    S3SseKmsKeyId: str
    FailureCode: str
    FailureMessage: str
    ExportFormat: Literal["DYNAMODB_JSON", "ION"]
    BilledSizeBytes: int
    ItemCount: int
    ExportType: Literal["FULL_EXPORT", "INCREMENTAL_EXPORT"]
    IncrementalExportSpecification: IncrementalExportSpecificationDict

class ExportTableToPointInTimeOutputDict(TypedDict):
    """Answer of ExportTableToPointInTime."""

    ExportDescription: ExportDescriptionDict

class DescribeExportOutputDict(TypedDict):
    """Answer of DescribeExport."""

    ExportDescription: ExportDescriptionDict

class ExportSummaryDict(TypedDict):
    """An export in a list."""

    ExportArn: str
    ExportStatus: Literal["IN_PROGRESS", "COMPLETED", "FAILED"]
    ExportType: Literal["FULL_EXPORT", "INCREMENTAL_EXPORT"]

class ListExportsOutputDict(TypedDict):
    """Answer of ListExports."""

    ExportSummaries: list[ExportSummaryDict]
    NextToken: NotRequired[str]

class S3BucketSourceDict(TypedDict, total=False):
    """Where the files are."""

    S3BucketOwner: str
    S3Bucket: Required[str]
    S3KeyPrefix: str

class CsvOptionsDict(TypedDict, total=False):
    """How rows are read."""

    Delimiter: str
    HeaderList: Sequence[str]

class InputFormatOptionsDict(TypedDict, total=False):
    """How files are read."""

    Csv: CsvOptionsDict

class TableCreationParametersDict(TypedDict, total=False):
    """The new table."""

    TableName: Required[str]
    AttributeDefinitions: Required[Sequence[AttributeDefinitionDict]]
    KeySchema: Required[Sequence[KeySchemaElementDict]]
    BillingMode: Literal["PROVISIONED", "PAY_PER_REQUEST"]
    ProvisionedThroughput: ProvisionedThroughputDict
    OnDemandThroughput: OnDemandThroughputDict
    SSESpecification: SseSpecificationDict
    GlobalSecondaryIndexes: Sequence[GlobalSecondaryIndexDict]

class ImportTableDescriptionDict(TypedDict):
    """An import as it stands."""

    ImportArn: str
    ImportStatus: Literal["IN_PROGRESS", "COMPLETED", "CANCELLING", "CANCELLED", "FAILED"]
    TableArn: str
    TableId: str
    ClientToken: str
    S3BucketSource: S3BucketSourceDict
    ErrorCount: int
    InputFormat: Literal["DYNAMODB_JSON", "ION", "CSV"]
    InputFormatOptions: InputFormatOptionsDict
    InputCompressionType: Literal["ZSTD", "NONE", "GZIP"]
    TableCreationParameters: TableCreationParametersDict
    StartTime: datetime
    EndTime: datetime
    ProcessedSizeBytes: int
    ProcessedItemCount: int
    ImportedItemCount: int
    FailureCode: str
    FailureMessage: str

class ImportTableOutputDict(TypedDict):
    """Answer of ImportTable."""

    ImportTableDescription: ImportTableDescriptionDict

class DescribeImportOutputDict(TypedDict):
    """Answer of DescribeImport."""

    ImportTableDescription: ImportTableDescriptionDict

class ImportSummaryDict(TypedDict):
    """An import in a list."""

    ImportArn: str
    ImportStatus: Literal["IN_PROGRESS", "COMPLETED", "CANCELLING", "CANCELLED", "FAILED"]
    TableArn: str
    S3BucketSource: S3BucketSourceDict
    InputFormat: Literal["DYNAMODB_JSON", "ION", "CSV"]
    StartTime: datetime
    EndTime: datetime

class ListImportsOutputDict(TypedDict):
    """Answer of ListImports."""

    ImportSummaryList: list[ImportSummaryDict]
    NextToken: NotRequired[str]

class PointInTimeRecoverySpecificationDict(TypedDict, total=False):
    """Whether a table is to be restorable to a moment."""

    PointInTimeRecoveryEnabled: Required[bool]
    RecoveryPeriodInDays: int

class PointInTimeRecoveryDescriptionDict(TypedDict):
    """Whether a table can be restored to a moment."""

    PointInTimeRecoveryStatus: Literal["ENABLED", "DISABLED"]
    RecoveryPeriodInDays: int
    EarliestRestorableDateTime: datetime
    LatestRestorableDateTime: datetime

class ContinuousBackupsDescriptionDict(TypedDict):
    """Continuous backups of a table as they stand."""

    ContinuousBackupsStatus: Literal["ENABLED", "DISABLED"]
    PointInTimeRecoveryDescription: PointInTimeRecoveryDescriptionDict

class UpdateContinuousBackupsOutputDict(TypedDict):
    """Answer of UpdateContinuousBackups."""

    ContinuousBackupsDescription: ContinuousBackupsDescriptionDict

class DescribeContinuousBackupsOutputDict(TypedDict):
    """Answer of DescribeContinuousBackups."""

    ContinuousBackupsDescription: ContinuousBackupsDescriptionDict

class UpdateContributorInsightsOutputDict(TypedDict):
    """Answer of UpdateContributorInsights."""

    TableName: str
    IndexName: str
    ContributorInsightsStatus: Literal["ENABLING", "ENABLED", "DISABLING", "DISABLED", "FAILED"]
    ContributorInsightsMode: Literal["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"]

class FailureExceptionDict(TypedDict):
    """Why contributor insights failed. They never do here."""

    ExceptionName: str
    ExceptionDescription: str

class DescribeContributorInsightsOutputDict(TypedDict):
    """Answer of DescribeContributorInsights."""

    TableName: str
    IndexName: str
    ContributorInsightsRuleList: list[str]
    ContributorInsightsStatus: Literal["ENABLING", "ENABLED", "DISABLING", "DISABLED", "FAILED"]
    LastUpdateDateTime: datetime
    FailureException: FailureExceptionDict
    ContributorInsightsMode: Literal["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"]

class ContributorInsightsSummaryDict(TypedDict):
    """Contributor insights of a table or index."""

    TableName: str
    IndexName: str
    ContributorInsightsStatus: Literal["ENABLING", "ENABLED", "DISABLING", "DISABLED", "FAILED"]
    ContributorInsightsMode: Literal["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"]

class ListContributorInsightsOutputDict(TypedDict):
    """Answer of ListContributorInsights."""

    ContributorInsightsSummaries: list[ContributorInsightsSummaryDict]
    NextToken: NotRequired[str]

class KinesisDataStreamDestinationDict(TypedDict):
    """A Kinesis data stream that a table is or was connected with."""

    StreamArn: str
    DestinationStatus: Literal["ENABLING", "ACTIVE", "DISABLING", "DISABLED", "ENABLE_FAILED", "UPDATING"]
    DestinationStatusDescription: str
    ApproximateCreationDateTimePrecision: Literal["MILLISECOND", "MICROSECOND"]

class DescribeKinesisStreamingDestinationOutputDict(TypedDict):
    """Answer of DescribeKinesisStreamingDestination."""

    TableName: str
    KinesisDataStreamDestinations: list[KinesisDataStreamDestinationDict]

class EnableKinesisStreamingConfigurationDict(TypedDict, total=False):
    """How records are sent to a Kinesis data stream."""

    ApproximateCreationDateTimePrecision: Literal["MILLISECOND", "MICROSECOND"]

class EnableKinesisStreamingDestinationOutputDict(TypedDict):
    """Answer of EnableKinesisStreamingDestination."""

    TableName: str
    StreamArn: str
    DestinationStatus: Literal["ENABLING", "ACTIVE", "DISABLING", "DISABLED", "ENABLE_FAILED", "UPDATING"]
    EnableKinesisStreamingConfiguration: EnableKinesisStreamingConfigurationDict

class DisableKinesisStreamingDestinationOutputDict(TypedDict):
    """Answer of DisableKinesisStreamingDestination."""

    TableName: str
    StreamArn: str
    DestinationStatus: Literal["ENABLING", "ACTIVE", "DISABLING", "DISABLED", "ENABLE_FAILED", "UPDATING"]
    EnableKinesisStreamingConfiguration: EnableKinesisStreamingConfigurationDict

class UpdateKinesisStreamingConfigurationDict(TypedDict, total=False):
    """What is to change in how records are sent."""

    ApproximateCreationDateTimePrecision: Literal["MILLISECOND", "MICROSECOND"]

class UpdateKinesisStreamingDestinationOutputDict(TypedDict):
    """Answer of UpdateKinesisStreamingDestination."""

    TableName: str
    StreamArn: str
    DestinationStatus: Literal["ENABLING", "ACTIVE", "DISABLING", "DISABLED", "ENABLE_FAILED", "UPDATING"]
    UpdateKinesisStreamingConfiguration: UpdateKinesisStreamingConfigurationDict

class ReplicaDict(TypedDict):
    """A region of a global table."""

    RegionName: str

class GlobalTableDict(TypedDict):
    """A global table of the version of 2017."""

    GlobalTableName: str
    ReplicationGroup: list[ReplicaDict]

class ListGlobalTablesOutputDict(TypedDict):
    """Answer of ListGlobalTables."""

    GlobalTables: list[GlobalTableDict]
    LastEvaluatedGlobalTableName: str

class CreateGlobalTableOutputDict(TypedDict):
    """Answer of CreateGlobalTable, which there is none of."""

class CreateReplicaActionDict(TypedDict, total=False):
    """A region to add."""

    RegionName: Required[str]

class DeleteReplicaActionDict(TypedDict, total=False):
    """A region to remove."""

    RegionName: Required[str]

class ReplicaUpdateDict(TypedDict, total=False):
    """A change of the regions of a global table."""

    Create: CreateReplicaActionDict
    Delete: DeleteReplicaActionDict

class UpdateGlobalTableOutputDict(TypedDict):
    """Answer of UpdateGlobalTable, which there is none of."""

class DescribeGlobalTableOutputDict(TypedDict):
    """Answer of DescribeGlobalTable, which there is none of."""

class DescribeGlobalTableSettingsOutputDict(TypedDict):
    """Answer of DescribeGlobalTableSettings, which there is none of."""

class UpdateGlobalTableSettingsOutputDict(TypedDict):
    """Answer of UpdateGlobalTableSettings, which there is none of."""

class DescribeTableReplicaAutoScalingOutputDict(TypedDict):
    """Answer of DescribeTableReplicaAutoScaling, which there is none of."""

class UpdateTableReplicaAutoScalingOutputDict(TypedDict):
    """Answer of UpdateTableReplicaAutoScaling, which there is none of."""

class ExpectedAttributeValueDict(TypedDict, total=False):
    """A legacy condition of a write."""

    Value: AnyAttributeValue
    Exists: bool
    ComparisonOperator: Literal["IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE", "BEGINS_WITH", "GE", "CONTAINS"]
    AttributeValueList: Sequence[AnyAttributeValue]

class CapacityDict(TypedDict):
    """Capacity used by a table or index."""

    ReadCapacityUnits: float
    WriteCapacityUnits: float
    CapacityUnits: float

class ConsumedCapacityDict(TypedDict):
    """Capacity used by an operation."""

    TableName: str
    CapacityUnits: float
    ReadCapacityUnits: float
    WriteCapacityUnits: float
    Table: CapacityDict
    LocalSecondaryIndexes: dict[str, CapacityDict]
    GlobalSecondaryIndexes: dict[str, CapacityDict]

class ItemCollectionMetricsDict(TypedDict):
    """The items of one partition key in a table with local indexes, and their entries there."""

    ItemCollectionKey: dict[str, AttributeValue]
    SizeEstimateRangeGB: list[float]

class PutItemOutputDict(TypedDict):
    """Answer of PutItem."""

    Attributes: NotRequired[dict[str, AttributeValue]]
    ConsumedCapacity: NotRequired[ConsumedCapacityDict]
    ItemCollectionMetrics: NotRequired[ItemCollectionMetricsDict]

class GetItemOutputDict(TypedDict):
    """Answer of GetItem."""

    Item: NotRequired[dict[str, AttributeValue]]
    ConsumedCapacity: NotRequired[ConsumedCapacityDict]

class AttributeValueUpdateDict(TypedDict, total=False):
    """A legacy update of one attribute."""

    Value: AnyAttributeValue
    Action: Literal["ADD", "DELETE", "PUT"]

class UpdateItemOutputDict(TypedDict):
    """Answer of UpdateItem."""

    Attributes: NotRequired[dict[str, AttributeValue]]
    ConsumedCapacity: NotRequired[ConsumedCapacityDict]
    ItemCollectionMetrics: NotRequired[ItemCollectionMetricsDict]

class DeleteItemOutputDict(TypedDict):
    """Answer of DeleteItem."""

    Attributes: NotRequired[dict[str, AttributeValue]]
    ConsumedCapacity: NotRequired[ConsumedCapacityDict]
    ItemCollectionMetrics: NotRequired[ItemCollectionMetricsDict]

class PutRequestDict(TypedDict, total=False):
    """An item to be written."""

    Item: Required[Mapping[str, AnyAttributeValue]]

class DeleteRequestDict(TypedDict, total=False):
    """An item to be deleted."""

    Key: Required[Mapping[str, AnyAttributeValue]]

class WriteRequestDict(TypedDict, total=False):
    """One of two: a put or a deletion."""

    PutRequest: PutRequestDict
    DeleteRequest: DeleteRequestDict

class BatchWriteItemOutputDict(TypedDict):
    """Answer of BatchWriteItem."""

    UnprocessedItems: dict[str, list[WriteRequestDict]]
    ItemCollectionMetrics: NotRequired[dict[str, list[ItemCollectionMetricsDict]]]
    ConsumedCapacity: NotRequired[list[ConsumedCapacityDict]]

class KeysAndAttributesDict(TypedDict, total=False):
    """Items of one table to be read."""

    Keys: Required[Sequence[Mapping[str, AnyAttributeValue]]]
    AttributesToGet: Sequence[str]
    ConsistentRead: bool
    ProjectionExpression: str
    ExpressionAttributeNames: Mapping[str, str]

class BatchGetItemOutputDict(TypedDict):
    """Answer of BatchGetItem."""

    Responses: dict[str, list[dict[str, AttributeValue]]]
    UnprocessedKeys: dict[str, KeysAndAttributesDict]
    ConsumedCapacity: NotRequired[list[ConsumedCapacityDict]]

class ConditionCheckDict(TypedDict, total=False):
    """A condition on an item that the transaction leaves as it is."""

    Key: Required[Mapping[str, AnyAttributeValue]]
    TableName: Required[str]
    ConditionExpression: Required[str]
    ExpressionAttributeNames: Mapping[str, str]
    ExpressionAttributeValues: Mapping[str, AnyAttributeValue]
    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"]

class PutDict(TypedDict, total=False):
    """An item to be written, replacing what is there."""

    Item: Required[Mapping[str, AnyAttributeValue]]
    TableName: Required[str]
    ConditionExpression: str
    ExpressionAttributeNames: Mapping[str, str]
    ExpressionAttributeValues: Mapping[str, AnyAttributeValue]
    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"]

class DeleteDict(TypedDict, total=False):
    """An item to be deleted. Deleting what is not there is no error."""

    Key: Required[Mapping[str, AnyAttributeValue]]
    TableName: Required[str]
    ConditionExpression: str
    ExpressionAttributeNames: Mapping[str, str]
    ExpressionAttributeValues: Mapping[str, AnyAttributeValue]
    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"]

class UpdateDict(TypedDict, total=False):
    """An item to be changed, or made from its key if it is not there."""

    Key: Required[Mapping[str, AnyAttributeValue]]
    UpdateExpression: Required[str]
    TableName: Required[str]
    ConditionExpression: str
    ExpressionAttributeNames: Mapping[str, str]
    ExpressionAttributeValues: Mapping[str, AnyAttributeValue]
    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"]

class TransactWriteItemDict(TypedDict, total=False):
    """One action of a transaction: one of the four."""

    ConditionCheck: ConditionCheckDict
    Put: PutDict
    Delete: DeleteDict
    Update: UpdateDict

class TransactWriteItemsOutputDict(TypedDict):
    """Answer of TransactWriteItems."""

    ItemCollectionMetrics: NotRequired[dict[str, list[ItemCollectionMetricsDict]]]
    ConsumedCapacity: NotRequired[list[ConsumedCapacityDict]]

class GetDict(TypedDict, total=False):
    """An item to be read."""

    Key: Required[Mapping[str, AnyAttributeValue]]
    TableName: Required[str]
    ProjectionExpression: str
    ExpressionAttributeNames: Mapping[str, str]

class TransactGetItemDict(TypedDict, total=False):
    """One action of a reading transaction."""

    Get: Required[GetDict]

class ItemResponseDict(TypedDict):
    """What one action found."""

    Item: NotRequired[dict[str, AttributeValue]]

class TransactGetItemsOutputDict(TypedDict):
    """Answer of TransactGetItems."""

    ConsumedCapacity: NotRequired[list[ConsumedCapacityDict]]
    Responses: list[ItemResponseDict]

class ConditionDict(TypedDict, total=False):
    """A legacy condition of a read."""

    AttributeValueList: Sequence[AnyAttributeValue]
    ComparisonOperator: Required[Literal["IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE", "BEGINS_WITH", "GE", "CONTAINS"]]

class QueryOutputDict(TypedDict):
    """Answer of Query."""

    Items: list[dict[str, AttributeValue]]
    Count: int
    ScannedCount: int
    LastEvaluatedKey: NotRequired[dict[str, AttributeValue]]
    ConsumedCapacity: NotRequired[ConsumedCapacityDict]

class ScanOutputDict(TypedDict):
    """Answer of Scan."""

    Items: list[dict[str, AttributeValue]]
    Count: int
    ScannedCount: int
    LastEvaluatedKey: NotRequired[dict[str, AttributeValue]]
    ConsumedCapacity: NotRequired[ConsumedCapacityDict]

class ExecuteStatementOutputDict(TypedDict):
    """Answer of ExecuteStatement."""

    Items: list[dict[str, AttributeValue]]
    NextToken: NotRequired[str]
    ConsumedCapacity: NotRequired[ConsumedCapacityDict]
    LastEvaluatedKey: NotRequired[dict[str, AttributeValue]]

class BatchStatementRequestDict(TypedDict, total=False):
    """A statement of a batch."""

    Statement: Required[str]
    Parameters: Sequence[AnyAttributeValue]
    ConsistentRead: bool
    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"]

class BatchStatementErrorDict(TypedDict):
    """Why a statement of a batch was not run."""

    Code: str
    Message: str
    Item: NotRequired[dict[str, AttributeValue]]

class BatchStatementResponseDict(TypedDict):
    """Answer to a statement of a batch."""

    Error: BatchStatementErrorDict
    TableName: str
    Item: NotRequired[dict[str, AttributeValue]]

class BatchExecuteStatementOutputDict(TypedDict):
    """Answer of BatchExecuteStatement."""

    Responses: list[BatchStatementResponseDict]
    ConsumedCapacity: NotRequired[list[ConsumedCapacityDict]]

class ParameterizedStatementDict(TypedDict, total=False):
    """A statement of a transaction."""

    Statement: Required[str]
    Parameters: Sequence[AnyAttributeValue]
    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD", "NONE"]

class ExecuteTransactionOutputDict(TypedDict):
    """Answer of ExecuteTransaction."""

    Responses: list[ItemResponseDict]
    ConsumedCapacity: NotRequired[list[ConsumedCapacityDict]]

class StreamDict(TypedDict):
    """A stream in a list."""

    StreamArn: str
    TableName: str
    StreamLabel: str

class ListStreamsOutputDict(TypedDict):
    """Answer of ListStreams."""

    Streams: list[StreamDict]
    LastEvaluatedStreamArn: NotRequired[str]

class ShardFilterDict(TypedDict, total=False):
    """Chooses shards."""

    Type: Required[Literal["CHILD_SHARDS"]]
    ShardId: Required[str]

class SequenceNumberRangeDict(TypedDict):
    """The sequence numbers of a shard."""

    StartingSequenceNumber: str
    EndingSequenceNumber: str

class ShardDict(TypedDict):
    """A shard."""

    ShardId: str
    SequenceNumberRange: SequenceNumberRangeDict
    ParentShardId: NotRequired[str]

class StreamDescriptionDict(TypedDict):
    """A stream as it stands."""

    StreamArn: str
    StreamLabel: str
    StreamStatus: Literal["ENABLING", "ENABLED", "DISABLING", "DISABLED"]
    StreamViewType: Literal["OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"]
    CreationRequestDateTime: datetime
    TableName: str
    KeySchema: list[KeySchemaElementDict]
    Shards: list[ShardDict]
    LastEvaluatedShardId: NotRequired[str]

class DescribeStreamOutputDict(TypedDict):
    """Answer of DescribeStream."""

    StreamDescription: StreamDescriptionDict

class GetShardIteratorOutputDict(TypedDict):
    """Answer of GetShardIterator."""

    ShardIterator: str

class StreamRecordDict(TypedDict):
    """The change itself."""

    ApproximateCreationDateTime: datetime
    Keys: dict[str, AttributeValue]
    NewImage: dict[str, AttributeValue]
    OldImage: dict[str, AttributeValue]
    SequenceNumber: str
    SizeBytes: int
    StreamViewType: Literal["OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"]

class IdentityDict(TypedDict):
    """Who made a change that no user made."""

    PrincipalId: str
    Type: str

class RecordDict(TypedDict):
    """One change of one item."""

    eventID: str
    eventName: Literal["INSERT", "MODIFY", "REMOVE"]
    eventVersion: str
    eventSource: str
    awsRegion: str
    dynamodb: StreamRecordDict
    userIdentity: NotRequired[IdentityDict]

class GetRecordsOutputDict(TypedDict):
    """Answer of GetRecords."""

    Records: list[RecordDict]
    NextShardIterator: NotRequired[str]

class KinesisStreamModeDetailsDict(TypedDict, total=False):
    """Who looks after the number of shards."""

    StreamMode: Required[Literal["PROVISIONED", "ON_DEMAND"]]

class KinesisCreateStreamOutputDict(TypedDict):
    """Answer of CreateStream."""

class KinesisDeleteStreamOutputDict(TypedDict):
    """Answer of DeleteStream."""

class KinesisHashKeyRangeDict(TypedDict):
    """The hash keys of a shard, both ends included."""

    StartingHashKey: str
    EndingHashKey: str

class KinesisShardDict(TypedDict):
    """A shard of a data stream."""

    ShardId: str
    ParentShardId: NotRequired[str]
    AdjacentParentShardId: str
    HashKeyRange: KinesisHashKeyRangeDict
    SequenceNumberRange: SequenceNumberRangeDict

class KinesisEnhancedMetricsDict(TypedDict):
    """Metrics of single shards that are told."""

    ShardLevelMetrics: list[str]

class KinesisStreamDescriptionDict(TypedDict):
    """A data stream as it stands."""

    StreamName: str
    StreamARN: str
    StreamStatus: Literal["CREATING", "DELETING", "ACTIVE", "UPDATING"]
    StreamModeDetails: KinesisStreamModeDetailsDict
    Shards: list[KinesisShardDict]
    HasMoreShards: bool
    RetentionPeriodHours: int
    StreamCreationTimestamp: datetime
    EnhancedMonitoring: list[KinesisEnhancedMetricsDict]
    EncryptionType: Literal["NONE", "KMS"]

class KinesisDescribeStreamOutputDict(TypedDict):
    """Answer of DescribeStream."""

    StreamDescription: KinesisStreamDescriptionDict

class KinesisStreamDescriptionSummaryDict(TypedDict):
    """A data stream without its shards."""

    StreamName: str
    StreamARN: str
    StreamStatus: Literal["CREATING", "DELETING", "ACTIVE", "UPDATING"]
    StreamModeDetails: KinesisStreamModeDetailsDict
    RetentionPeriodHours: int
    StreamCreationTimestamp: datetime
    EnhancedMonitoring: list[KinesisEnhancedMetricsDict]
    EncryptionType: Literal["NONE", "KMS"]
    OpenShardCount: int
    ConsumerCount: int

class KinesisDescribeStreamSummaryOutputDict(TypedDict):
    """Answer of DescribeStreamSummary."""

    StreamDescriptionSummary: KinesisStreamDescriptionSummaryDict

class KinesisStreamSummaryDict(TypedDict):
    """A data stream in a list."""

    StreamName: str
    StreamARN: str
    StreamStatus: Literal["CREATING", "DELETING", "ACTIVE", "UPDATING"]
    StreamModeDetails: KinesisStreamModeDetailsDict
    StreamCreationTimestamp: datetime

class KinesisListStreamsOutputDict(TypedDict):
    """Answer of ListStreams."""

    StreamNames: list[str]
    HasMoreStreams: bool
    NextToken: NotRequired[str]
    StreamSummaries: list[KinesisStreamSummaryDict]

class KinesisShardFilterDict(TypedDict, total=False):
    """Chooses shards."""

    Type: Required[Literal["AFTER_SHARD_ID", "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST", "AT_TIMESTAMP", "FROM_TIMESTAMP"]]
    ShardId: str
    Timestamp: datetime

class KinesisListShardsOutputDict(TypedDict):
    """Answer of ListShards."""

    Shards: list[KinesisShardDict]
    NextToken: NotRequired[str]

class KinesisSplitShardOutputDict(TypedDict):
    """Answer of SplitShard."""

class KinesisMergeShardsOutputDict(TypedDict):
    """Answer of MergeShards."""

class KinesisUpdateShardCountOutputDict(TypedDict):
    """Answer of UpdateShardCount."""

    StreamName: str
    CurrentShardCount: int
    TargetShardCount: int
    StreamARN: str

class KinesisIncreaseStreamRetentionPeriodOutputDict(TypedDict):
    """Answer of IncreaseStreamRetentionPeriod."""

class KinesisDecreaseStreamRetentionPeriodOutputDict(TypedDict):
    """Answer of DecreaseStreamRetentionPeriod."""

class KinesisUpdateStreamModeOutputDict(TypedDict):
    """Answer of UpdateStreamMode."""

class KinesisPutRecordOutputDict(TypedDict):
    """Answer of PutRecord."""

    ShardId: str
    SequenceNumber: str
    EncryptionType: Literal["NONE", "KMS"]

class KinesisPutRecordsRequestEntryDict(TypedDict, total=False):
    """A record to put."""

    Data: Required[bytes]
    ExplicitHashKey: str
    PartitionKey: Required[str]

class KinesisPutRecordsResultEntryDict(TypedDict):
    """What became of one record."""

    SequenceNumber: str
    ShardId: str
    ErrorCode: str
    ErrorMessage: str

class KinesisPutRecordsOutputDict(TypedDict):
    """Answer of PutRecords."""

    FailedRecordCount: int
    Records: list[KinesisPutRecordsResultEntryDict]
    EncryptionType: Literal["NONE", "KMS"]

class KinesisGetShardIteratorOutputDict(TypedDict):
    """Answer of GetShardIterator."""

    ShardIterator: str

class KinesisRecordDict(TypedDict):
    """A record of a data stream."""

    SequenceNumber: str
    ApproximateArrivalTimestamp: datetime
    Data: bytes
    PartitionKey: str
    EncryptionType: Literal["NONE", "KMS"]

class KinesisChildShardDict(TypedDict):
    """A shard that goes on where a closed one has ended."""

    ShardId: str
    ParentShards: list[str]
    HashKeyRange: KinesisHashKeyRangeDict

class KinesisGetRecordsOutputDict(TypedDict):
    """Answer of GetRecords."""

    Records: list[KinesisRecordDict]
    NextShardIterator: NotRequired[str]
    MillisBehindLatest: int
    ChildShards: list[KinesisChildShardDict]

class KinesisAddTagsToStreamOutputDict(TypedDict):
    """Answer of AddTagsToStream."""

class KinesisRemoveTagsFromStreamOutputDict(TypedDict):
    """Answer of RemoveTagsFromStream."""

class KinesisListTagsForStreamOutputDict(TypedDict):
    """Answer of ListTagsForStream."""

    Tags: list[TagDict]
    HasMoreTags: bool

class KinesisTagResourceOutputDict(TypedDict):
    """Answer of TagResource."""

class KinesisUntagResourceOutputDict(TypedDict):
    """Answer of UntagResource."""

class KinesisListTagsForResourceOutputDict(TypedDict):
    """Answer of ListTagsForResource."""

    Tags: list[TagDict]

class KinesisDescribeLimitsOutputDict(TypedDict):
    """Answer of DescribeLimits."""

    ShardLimit: int
    OpenShardCount: int
    OnDemandStreamCount: int
    OnDemandStreamCountLimit: int

class LambdaFilterDict(TypedDict, total=False):
    """A pattern that records are held against."""

    Pattern: str

class LambdaFilterCriteriaDict(TypedDict, total=False):
    """Which records are handed over: those that any of the patterns matches."""

    Filters: Sequence[LambdaFilterDict]

class LambdaOnSuccessDict(TypedDict, total=False):
    """Where what was processed is told of. Mappings have no such place."""

    Destination: str

class LambdaOnFailureDict(TypedDict, total=False):
    """Where what was given up is told of."""

    Destination: str

class LambdaDestinationConfigDict(TypedDict, total=False):
    """Where batches are told of after they have been settled."""

    OnSuccess: LambdaOnSuccessDict
    OnFailure: LambdaOnFailureDict

class LambdaScalingConfigDict(TypedDict, total=False):
    """How many calls may run at once, of queues."""

    MaximumConcurrency: int

class LambdaMetricsConfigDict(TypedDict, total=False):
    """What is counted."""

    Metrics: Sequence[Literal["EventCount", "ErrorCount", "KafkaMetrics"]]

class EventSourceMappingConfigurationDict(TypedDict):
    """A mapping, as it is told."""

    UUID: str
    StartingPosition: Literal["LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"]
    StartingPositionTimestamp: datetime
    BatchSize: int
    MaximumBatchingWindowInSeconds: int
    ParallelizationFactor: int
    EventSourceArn: str
    FilterCriteria: LambdaFilterCriteriaDict
    FunctionArn: str
    LastModified: datetime
    LastProcessingResult: str
    State: str
    StateTransitionReason: str
    DestinationConfig: LambdaDestinationConfigDict
    MaximumRecordAgeInSeconds: int
    BisectBatchOnFunctionError: bool
    MaximumRetryAttempts: int
    TumblingWindowInSeconds: int
    FunctionResponseTypes: list[str]
    KMSKeyArn: str
    EventSourceMappingArn: str
    MetricsConfig: LambdaMetricsConfigDict

class ListEventSourceMappingsOutputDict(TypedDict):
    """Answer of ListEventSourceMappings."""

    NextMarker: str
    EventSourceMappings: list[EventSourceMappingConfigurationDict]

class LambdaFunctionConfigurationDict(TypedDict):
    """What a function is set to."""

    FunctionName: str
    FunctionArn: str
    Timeout: int
    MemorySize: int
    Version: str
    State: str
    LastUpdateStatus: str

class LambdaTagResourceOutputDict(TypedDict):
    """Answer of TagResource."""

class LambdaUntagResourceOutputDict(TypedDict):
    """Answer of UntagResource."""

class LambdaListTagsOutputDict(TypedDict):
    """Answer of ListTags."""

    Tags: dict[str, str]

class SqsCreateQueueOutputDict(TypedDict):
    """Answer of CreateQueue."""

    QueueUrl: str

class SqsGetQueueUrlOutputDict(TypedDict):
    """Answer of GetQueueUrl."""

    QueueUrl: str

class SqsGetQueueAttributesOutputDict(TypedDict):
    """Answer of GetQueueAttributes."""

    Attributes: NotRequired[dict[str, str]]

class SqsSetQueueAttributesOutputDict(TypedDict):
    """Answer of SetQueueAttributes."""

class SqsListQueuesOutputDict(TypedDict):
    """Answer of ListQueues."""

    QueueUrls: list[str]
    NextToken: NotRequired[str]

class SqsDeleteQueueOutputDict(TypedDict):
    """Answer of DeleteQueue."""

class SqsPurgeQueueOutputDict(TypedDict):
    """Answer of PurgeQueue."""

class SqsMessageAttributeValueDict(TypedDict, total=False):
    """A value beside the body of a message."""

    StringValue: str
    BinaryValue: bytes
    DataType: Required[str]

class SqsSendMessageOutputDict(TypedDict):
    """Answer of SendMessage."""

    MD5OfMessageBody: str
    MD5OfMessageAttributes: str
    MessageId: str

class SqsSendMessageBatchRequestEntryDict(TypedDict, total=False):
    """A message to send."""

    Id: Required[str]
    MessageBody: Required[str]
    DelaySeconds: int
    MessageAttributes: Mapping[str, SqsMessageAttributeValueDict]

class SqsSendMessageBatchResultEntryDict(TypedDict):
    """A message that was sent."""

    Id: str
    MessageId: str
    MD5OfMessageBody: str
    MD5OfMessageAttributes: str

class SqsBatchResultErrorEntryDict(TypedDict):
    """What was not done, and why."""

    Id: str
    SenderFault: bool
    Code: str
    Message: str

class SqsSendMessageBatchOutputDict(TypedDict):
    """Answer of SendMessageBatch."""

    Successful: list[SqsSendMessageBatchResultEntryDict]
    Failed: list[SqsBatchResultErrorEntryDict]

class SqsMessageDict(TypedDict):
    """A message."""

    MessageId: str
    ReceiptHandle: str
    MD5OfBody: str
    Body: str
    Attributes: NotRequired[dict[str, str]]
    MD5OfMessageAttributes: str
    MessageAttributes: dict[str, SqsMessageAttributeValueDict]

class SqsReceiveMessageOutputDict(TypedDict):
    """Answer of ReceiveMessage."""

    Messages: list[SqsMessageDict]

class SqsDeleteMessageOutputDict(TypedDict):
    """Answer of DeleteMessage."""

class SqsDeleteMessageBatchRequestEntryDict(TypedDict, total=False):
    """A message to remove."""

    Id: Required[str]
    ReceiptHandle: Required[str]

class SqsDeleteMessageBatchResultEntryDict(TypedDict):
    """Something that was done."""

    Id: str

class SqsDeleteMessageBatchOutputDict(TypedDict):
    """Answer of DeleteMessageBatch."""

    Successful: list[SqsDeleteMessageBatchResultEntryDict]
    Failed: list[SqsBatchResultErrorEntryDict]

class SqsChangeMessageVisibilityOutputDict(TypedDict):
    """Answer of ChangeMessageVisibility."""

class SqsChangeMessageVisibilityBatchRequestEntryDict(TypedDict, total=False):
    """A message, and for how long nobody else is given it."""

    Id: Required[str]
    ReceiptHandle: Required[str]
    VisibilityTimeout: int

class SqsChangeMessageVisibilityBatchResultEntryDict(TypedDict):
    """Something that was done."""

    Id: str

class SqsChangeMessageVisibilityBatchOutputDict(TypedDict):
    """Answer of ChangeMessageVisibilityBatch."""

    Successful: list[SqsChangeMessageVisibilityBatchResultEntryDict]
    Failed: list[SqsBatchResultErrorEntryDict]

class S3CreateBucketOutputDict(TypedDict):
    """Answer of CreateBucket."""

    Location: str

class S3BucketDict(TypedDict):
    """A bucket."""

    Name: str
    CreationDate: datetime

class S3ListBucketsOutputDict(TypedDict):
    """Answer of ListBuckets."""

    Buckets: list[S3BucketDict]

class S3HeadBucketOutputDict(TypedDict):
    """Answer of HeadBucket."""

    BucketRegion: str

class S3DeleteBucketOutputDict(TypedDict):
    """Answer of DeleteBucket."""

class S3PutObjectOutputDict(TypedDict):
    """Answer of PutObject."""

    ETag: str

class S3GetObjectOutputDict(TypedDict):
    """Answer of GetObject."""

    Body: bytes
    ContentLength: int
    ContentType: str
    ETag: str
    LastModified: datetime
    Metadata: dict[str, str]

class S3HeadObjectOutputDict(TypedDict):
    """Answer of HeadObject."""

    ContentLength: int
    ContentType: str
    ETag: str
    LastModified: datetime
    Metadata: dict[str, str]

class S3DeleteObjectOutputDict(TypedDict):
    """Answer of DeleteObject."""

class S3ObjectDict(TypedDict):
    """An object."""

    Key: str
    LastModified: datetime
    ETag: str
    Size: int
    StorageClass: str

class S3CommonPrefixDict(TypedDict):
    """What several keys begin with."""

    Prefix: str

class S3ListObjectsV2OutputDict(TypedDict):
    """Answer of ListObjectsV2."""

    Name: str
    Prefix: str
    Delimiter: str
    MaxKeys: int
    KeyCount: int
    IsTruncated: bool
    ContinuationToken: str
    NextContinuationToken: str
    StartAfter: str
    Contents: list[S3ObjectDict]
    CommonPrefixes: list[S3CommonPrefixDict]

class SnsTagDict(TypedDict, total=False):
    """A name with a text, of a topic."""

    Key: Required[str]
    Value: Required[str]

class SnsCreateTopicOutputDict(TypedDict):
    """Answer of CreateTopic."""

    TopicArn: str

class SnsDeleteTopicOutputDict(TypedDict):
    """Answer of DeleteTopic."""

class SnsTopicDict(TypedDict):
    """A topic in a list."""

    TopicArn: str

class SnsListTopicsOutputDict(TypedDict):
    """Answer of ListTopics."""

    Topics: list[SnsTopicDict]
    NextToken: NotRequired[str]

class SnsGetTopicAttributesOutputDict(TypedDict):
    """Answer of GetTopicAttributes."""

    Attributes: NotRequired[dict[str, str]]

class SnsSetTopicAttributesOutputDict(TypedDict):
    """Answer of SetTopicAttributes."""

class SnsSubscribeOutputDict(TypedDict):
    """Answer of Subscribe."""

    SubscriptionArn: str

class SnsUnsubscribeOutputDict(TypedDict):
    """Answer of Unsubscribe."""

class SnsSubscriptionDict(TypedDict):
    """A subscription in a list."""

    SubscriptionArn: str
    Owner: str
    Protocol: str
    Endpoint: str
    TopicArn: str

class SnsListSubscriptionsOutputDict(TypedDict):
    """Answer of ListSubscriptions."""

    Subscriptions: list[SnsSubscriptionDict]
    NextToken: NotRequired[str]

class SnsListSubscriptionsByTopicOutputDict(TypedDict):
    """Answer of ListSubscriptionsByTopic."""

    Subscriptions: list[SnsSubscriptionDict]
    NextToken: NotRequired[str]

class SnsGetSubscriptionAttributesOutputDict(TypedDict):
    """Answer of GetSubscriptionAttributes."""

    Attributes: NotRequired[dict[str, str]]

class SnsSetSubscriptionAttributesOutputDict(TypedDict):
    """Answer of SetSubscriptionAttributes."""

class SnsMessageAttributeValueDict(TypedDict, total=False):
    """A value beside a message."""

    DataType: Required[str]
    StringValue: str
    BinaryValue: bytes

class SnsPublishOutputDict(TypedDict):
    """Answer of Publish."""

    MessageId: str

class SnsPublishBatchRequestEntryDict(TypedDict, total=False):
    """A message of a batch."""

    Id: Required[str]
    Message: Required[str]
    Subject: str
    MessageStructure: str
    MessageAttributes: Mapping[str, SnsMessageAttributeValueDict]

class SnsPublishBatchResultEntryDict(TypedDict):
    """A message that was published."""

    Id: str
    MessageId: str

class SnsBatchResultErrorEntryDict(TypedDict):
    """What was not done, and why."""

    Id: str
    Code: str
    Message: str
    SenderFault: bool

class SnsPublishBatchOutputDict(TypedDict):
    """Answer of PublishBatch."""

    Successful: list[SnsPublishBatchResultEntryDict]
    Failed: list[SnsBatchResultErrorEntryDict]

class SnsTagResourceOutputDict(TypedDict):
    """Answer of TagResource."""

class SnsUntagResourceOutputDict(TypedDict):
    """Answer of UntagResource."""

class SnsListTagsForResourceOutputDict(TypedDict):
    """Answer of ListTagsForResource."""

    Tags: list[SnsTagDict]

class RegisteredFunctionDict(TypedDict):
    """A function that mappings may name."""

    FunctionName: str
    FunctionArn: str
    Versions: list[str]
    Aliases: dict[str, str]
    Endpoint: str
    TimeoutInSeconds: int
    MemorySize: int

class RegisterFunctionOutputDict(TypedDict):
    """Answer of RegisterFunction."""

    Function: RegisteredFunctionDict

class DeregisterFunctionOutputDict(TypedDict):
    """Answer of DeregisterFunction."""

class ListRegisteredFunctionsOutputDict(TypedDict):
    """Answer of ListRegisteredFunctions."""

    Functions: list[RegisteredFunctionDict]

class MappingDescriptionDict(TypedDict):
    """A mapping, and how far it has come."""

    Configuration: EventSourceMappingConfigurationDict
    Revision: int
    Checkpoint: str
    Settlements: int

class DescribeMappingsOutputDict(TypedDict):
    """Answer of DescribeMappings."""

    Version: int
    Restores: int
    ChangesAt: int
    Mappings: list[MappingDescriptionDict]

class MappingFailureDict(TypedDict, total=False):
    """A batch that was given up."""

    Destination: Required[str]
    Document: Required[str]
    Key: str

class SettleMappingOutputDict(TypedDict):
    """Answer of SettleMapping."""

    Settlements: int
    Undelivered: int

class AdvanceClockOutputDict(TypedDict):
    """Answer of AdvanceClock."""

    Now: int

class DescribeClockOutputDict(TypedDict):
    """Answer of DescribeClock."""

    Now: int
    Mode: str

class SplitShardOutputDict(TypedDict):
    """Answer of SplitShard."""

    ParentShardId: NotRequired[str]
    ChildShardIds: list[str]
    PartitionCount: int

class ShardSuccessionDict(TypedDict):
    """Which shards followed which."""

    ParentShardId: NotRequired[str]
    ChildShardIds: list[str]

class RollShardOutputDict(TypedDict):
    """Answer of RollShard."""

    Successions: list[ShardSuccessionDict]

class MaintainOutputDict(TypedDict):
    """Answer of Maintain: what was done."""

    ShardsRolled: int
    PartitionsSplit: int
    RecordsTrimmed: int
    ShardsRemoved: int
    StreamsRemoved: int
    TablesRemoved: int
    ItemsExpired: int

class FaultErrorDict(TypedDict, total=False):
    """The error of a call that fails on purpose."""

    Code: Required[str]
    Message: str
    CancellationReasons: Sequence[str]

class FaultDict(TypedDict, total=False):
    """A fault: which calls, and what happens to them."""

    Name: str
    Effect: Required[Literal["FAIL", "DELAY", "EXPIRE_ITERATOR", "TRIM_AHEAD", "HIDE_CHILDREN", "EMPTY_PAGE", "REPEAT_RECORDS", "HOLD_BACK_RECORDS", "REPEAT_DELIVERY"]]
    Operations: Sequence[str]
    TableName: str
    ShardId: str
    ShardIterator: str
    Skip: int
    Times: int
    Probability: float
    Error: FaultErrorDict
    Moment: Literal["BEFORE", "AFTER"]
    Milliseconds: int
    Records: int

class SetFaultsOutputDict(TypedDict):
    """Answer of SetFaults."""

class FaultDescriptionDict(TypedDict):
    """A fault as it stands."""

    Fault: FaultDict
    Calls: int
    Injected: int

class InjectionDict(TypedDict):
    """What a fault did to a call."""

    Number: int
    At: int
    Fault: int
    Name: str
    Effect: Literal["FAIL", "DELAY", "EXPIRE_ITERATOR", "TRIM_AHEAD", "HIDE_CHILDREN", "EMPTY_PAGE", "REPEAT_RECORDS", "HOLD_BACK_RECORDS", "REPEAT_DELIVERY"]
    Operation: str
    TableNames: list[str]
    ShardId: str
    Detail: str

class DescribeFaultsOutputDict(TypedDict):
    """Answer of DescribeFaults."""

    Seed: int
    Faults: list[FaultDescriptionDict]
    Trace: list[InjectionDict]

class RecordPlaceDict(TypedDict):
    """A record, by its place."""

    SequenceNumber: str
    At: int

class ShardReaderDict(TypedDict):
    """Somebody who reads a shard: an iterator and those that its pages led to. Known by its calls since the database was opened, until 15 minutes have passed without one, or the shard is read to its end; the last 16 of a shard."""

    Number: int
    ReadAt: int
    IteratorAgeMillis: int
    RecordsRead: int
    RecordsBehind: int
    MillisBehind: int
    IsTrimmed: bool

class ShardStateDict(TypedDict):
    """A shard as it stands."""

    ShardId: str
    ParentShardId: NotRequired[str]
    SequenceNumberRange: SequenceNumberRangeDict
    IsOpen: bool
    OpenedAt: int
    ClosedAt: int
    StartingHash: str
    EndingHash: str
    RecordCount: int
    Oldest: RecordPlaceDict
    Newest: RecordPlaceDict
    Readers: list[ShardReaderDict]

class InspectStreamOutputDict(TypedDict):
    """Answer of InspectStream."""

    StreamArn: str
    StreamLabel: str
    TableName: str
    StreamStatus: Literal["ENABLING", "ENABLED", "DISABLING", "DISABLED"]
    StreamViewType: Literal["OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"]
    CreationRequestDateTime: datetime
    RetentionMillis: int
    Shards: list[ShardStateDict]
    LastEvaluatedShardId: NotRequired[str]

class InspectRecordsOutputDict(TypedDict):
    """Answer of InspectRecords."""

    Records: list[RecordDict]
    ExaminedCount: int
    RemainingCount: int
    TrimmedCount: int
    FirstExamined: RecordPlaceDict
    LastExamined: RecordPlaceDict

class CallLatencyDict(TypedDict):
    """How long calls took, milliseconds on the database's clock: on a manual one 0, unless it was moved by them."""

    SampleCount: int
    Sum: float
    Minimum: float
    Maximum: float

class CallCountsDict(TypedDict):
    """What the calls of one operation on one table came to."""

    Operation: str
    TableName: str
    SuccessfulRequestLatency: CallLatencyDict
    UserErrors: int
    ThrottledRequests: int
    ConditionalCheckFailedRequests: int
    TransactionConflict: int
    SystemErrors: int
    ReturnedItemCount: int
    ReturnedRecordsCount: int
    ReturnedBytes: int

class DescribeMetricsOutputDict(TypedDict):
    """Answer of DescribeMetrics."""

    Metrics: list[CallCountsDict]

class TracedCallDict(TypedDict):
    """A call that has ended."""

    Number: int
    At: int
    Operation: str
    TableName: str
    Millis: float
    Error: str
    Message: str

class DescribeCallsOutputDict(TypedDict):
    """Answer of DescribeCalls."""

    Calls: list[TracedCallDict]
    Missed: int

class BackupOutputDict(TypedDict):
    """Answer of Backup."""

    Bytes: int

class CompactOutputDict(TypedDict):
    """Answer of Compact."""

    BytesBefore: int
    BytesAfter: int

class Operations:
    def create_table(
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

    def describe_table(
        self,
        *,
        TableName: str,
    ) -> DescribeTableOutputDict:
        """Describes a table."""

    def update_table(
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

    def delete_table(
        self,
        *,
        TableName: str,
    ) -> DeleteTableOutputDict:
        """Deletes a table and its items. Its stream stays readable for 24 hours."""

    def list_tables(
        self,
        *,
        ExclusiveStartTableName: str | None = None,
        Limit: int | None = None,
    ) -> ListTablesOutputDict:
        """Lists table names in byte order."""

    def update_time_to_live(
        self,
        *,
        TableName: str,
        TimeToLiveSpecification: TimeToLiveSpecificationDict,
    ) -> UpdateTimeToLiveOutputDict:
        """Turns time to live on or off. An item whose time is over, and was at most five years ago, is deleted by the database; its record is marked as the service's own. A change is refused for 31 minutes after the one before it."""

    def describe_time_to_live(
        self,
        *,
        TableName: str,
    ) -> DescribeTimeToLiveOutputDict:
        """Tells whether items of a table expire."""

    def tag_resource(
        self,
        *,
        ResourceArn: str,
        Tags: Sequence[TagDict],
    ) -> TagResourceOutputDict:
        """Labels a table. Tags of the same name are replaced."""

    def untag_resource(
        self,
        *,
        ResourceArn: str,
        TagKeys: Sequence[str],
    ) -> UntagResourceOutputDict:
        """Takes labels from a table. Names that it does not have are left out."""

    def list_tags_of_resource(
        self,
        *,
        ResourceArn: str,
        NextToken: str | None = None,
    ) -> ListTagsOfResourceOutputDict:
        """Lists the labels of a table."""

    def put_resource_policy(
        self,
        *,
        ResourceArn: str,
        Policy: str,
        ExpectedRevisionId: str | None = None,
        ConfirmRemoveSelfResourceAccess: bool | None = None,
    ) -> PutResourcePolicyOutputDict:
        """Keeps a policy for a table or stream. It is kept and answered, not enforced."""

    def get_resource_policy(
        self,
        *,
        ResourceArn: str,
    ) -> GetResourcePolicyOutputDict:
        """The policy of a table or stream."""

    def delete_resource_policy(
        self,
        *,
        ResourceArn: str,
        ExpectedRevisionId: str | None = None,
    ) -> DeleteResourcePolicyOutputDict:
        """Forgets the policy of a table or stream. Without one, nothing is wrong."""

    def describe_limits(self) -> DescribeLimitsOutputDict:
        """Tells the quotas of the account: those that the service gives a new one. They are not enforced."""

    def describe_endpoints(self) -> DescribeEndpointsResponseDict:
        """Tells where the service of the database's region can be reached."""

    def create_backup(
        self,
        *,
        TableName: str,
        BackupName: str,
    ) -> CreateBackupOutputDict:
        """Makes a backup of a table: its items and its keys, as all of them are at the moment of the call. Writers go on meanwhile. It is there until it is deleted, whatever becomes of the table. Its items are copied by and by; until they are, its status is ``CREATING``."""

    def describe_backup(
        self,
        *,
        BackupArn: str,
    ) -> DescribeBackupOutputDict:
        """Describes a backup."""

    def delete_backup(
        self,
        *,
        BackupArn: str,
    ) -> DeleteBackupOutputDict:
        """Deletes a backup."""

    def list_backups(
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

    def restore_table_from_backup(
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

    def restore_table_to_point_in_time(
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

    def export_table_to_point_in_time(
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

    def describe_export(
        self,
        *,
        ExportArn: str,
    ) -> DescribeExportOutputDict:
        """Describes an export that began or ended within 90 days."""

    def list_exports(
        self,
        *,
        TableArn: str | None = None,
        MaxResults: int | None = None,
        NextToken: str | None = None,
    ) -> ListExportsOutputDict:
        """Lists exports, the newest first."""

    def import_table(
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

    def describe_import(
        self,
        *,
        ImportArn: str,
    ) -> DescribeImportOutputDict:
        """Describes an import that began or ended within 90 days."""

    def list_imports(
        self,
        *,
        TableArn: str | None = None,
        PageSize: int | None = None,
        NextToken: str | None = None,
    ) -> ListImportsOutputDict:
        """Lists imports, the newest first."""

    def update_continuous_backups(
        self,
        *,
        TableName: str,
        PointInTimeRecoverySpecification: PointInTimeRecoverySpecificationDict,
    ) -> UpdateContinuousBackupsOutputDict:
        """Sets whether a table is to be restorable to a moment of the last days. While it is, what each write replaces is kept for so long, and a day more at most. Turning it off forgets that."""

    def describe_continuous_backups(
        self,
        *,
        TableName: str,
    ) -> DescribeContinuousBackupsOutputDict:
        """Tells whether a table is set to be restorable to a moment."""

    def update_contributor_insights(
        self,
        *,
        TableName: str,
        ContributorInsightsAction: Literal["ENABLE", "DISABLE"],
        IndexName: str | None = None,
        ContributorInsightsMode: Literal["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"] | None = None,
    ) -> UpdateContributorInsightsOutputDict:
        """Turns contributor insights of a table or index on or off. The setting is kept; there are no insights."""

    def describe_contributor_insights(
        self,
        *,
        TableName: str,
        IndexName: str | None = None,
    ) -> DescribeContributorInsightsOutputDict:
        """Tells whether contributor insights of a table or index are on."""

    def list_contributor_insights(
        self,
        *,
        TableName: str | None = None,
        NextToken: str | None = None,
        MaxResults: int | None = None,
    ) -> ListContributorInsightsOutputDict:
        """Lists the tables and indexes whose contributor insights are not off."""

    def describe_kinesis_streaming_destination(
        self,
        *,
        TableName: str,
    ) -> DescribeKinesisStreamingDestinationOutputDict:
        """Tells which Kinesis data streams a table is or was connected with."""

    def enable_kinesis_streaming_destination(
        self,
        *,
        TableName: str,
        StreamArn: str,
        EnableKinesisStreamingConfiguration: EnableKinesisStreamingConfigurationDict | None = None,
    ) -> EnableKinesisStreamingDestinationOutputDict:
        """Connects a table with a Kinesis data stream of this database, which then has each change in the commit that makes it."""

    def disable_kinesis_streaming_destination(
        self,
        *,
        TableName: str,
        StreamArn: str,
        EnableKinesisStreamingConfiguration: EnableKinesisStreamingConfigurationDict | None = None,
    ) -> DisableKinesisStreamingDestinationOutputDict:
        """Ends the connection of a table with a Kinesis data stream. The destination is kept; nothing more is delivered."""

    def update_kinesis_streaming_destination(
        self,
        *,
        TableName: str,
        StreamArn: str,
        UpdateKinesisStreamingConfiguration: UpdateKinesisStreamingConfigurationDict | None = None,
    ) -> UpdateKinesisStreamingDestinationOutputDict:
        """Changes how records are sent to a Kinesis data stream."""

    def list_global_tables(
        self,
        *,
        ExclusiveStartGlobalTableName: str | None = None,
        Limit: int | None = None,
        RegionName: str | None = None,
    ) -> ListGlobalTablesOutputDict:
        """Lists the global tables of the version of 2017. There are none."""

    def create_global_table(
        self,
        *,
        GlobalTableName: str,
        ReplicationGroup: Sequence[ReplicaDict],
    ) -> CreateGlobalTableOutputDict:
        """Makes a global table of the version of 2017, which the service itself does not make any more."""

    def update_global_table(
        self,
        *,
        GlobalTableName: str,
        ReplicaUpdates: Sequence[ReplicaUpdateDict],
    ) -> UpdateGlobalTableOutputDict:
        """Changes the regions of a global table of the version of 2017, which the service itself does not do any more."""

    def describe_global_table(
        self,
        *,
        GlobalTableName: str,
    ) -> DescribeGlobalTableOutputDict:
        """Describes a global table of the version of 2017. There are none."""

    def describe_global_table_settings(
        self,
        *,
        GlobalTableName: str,
    ) -> DescribeGlobalTableSettingsOutputDict:
        """Describes the settings of a global table of the version of 2017. There are none."""

    def update_global_table_settings(
        self,
        *,
        GlobalTableName: str,
    ) -> UpdateGlobalTableSettingsOutputDict:
        """Changes the settings of a global table of the version of 2017. There are none."""

    def describe_table_replica_auto_scaling(
        self,
        *,
        TableName: str,
    ) -> DescribeTableReplicaAutoScalingOutputDict:
        """Describes how the replicas of a table scale. No table has replicas."""

    def update_table_replica_auto_scaling(
        self,
        *,
        TableName: str,
    ) -> UpdateTableReplicaAutoScalingOutputDict:
        """Changes how the replicas of a table scale. No table has replicas."""

    def put_item(
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

    def get_item(
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

    def update_item(
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

    def delete_item(
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

    def batch_write_item(
        self,
        *,
        RequestItems: Mapping[str, Sequence[WriteRequestDict]],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] | None = None,
    ) -> BatchWriteItemOutputDict:
        """Writes and deletes up to 25 items of any tables, at one moment; where tables are throttled, what there is no capacity for is left to another request."""

    def batch_get_item(
        self,
        *,
        RequestItems: Mapping[str, KeysAndAttributesDict],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
    ) -> BatchGetItemOutputDict:
        """Reads up to 100 items of any tables, and up to 16 MB of them."""

    def transact_write_items(
        self,
        *,
        TransactItems: Sequence[TransactWriteItemDict],
        ClientRequestToken: str | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
        ReturnItemCollectionMetrics: Literal["SIZE", "NONE"] | None = None,
    ) -> TransactWriteItemsOutputDict:
        """Up to 100 writes and conditions on different items of any tables, 4 MB together: all of them happen, at one moment, or none."""

    def transact_get_items(
        self,
        *,
        TransactItems: Sequence[TransactGetItemDict],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
    ) -> TransactGetItemsOutputDict:
        """Reads up to 100 different items of any tables, 4 MB together, as all of them are at one moment."""

    def query(
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

    def scan(
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

    def execute_statement(
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

    def batch_execute_statement(
        self,
        *,
        Statements: Sequence[BatchStatementRequestDict],
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
    ) -> BatchExecuteStatementOutputDict:
        """Runs up to 25 statements, each for itself: all reads, or all writes."""

    def execute_transaction(
        self,
        *,
        TransactStatements: Sequence[ParameterizedStatementDict],
        ClientRequestToken: str | None = None,
        ReturnConsumedCapacity: Literal["INDEXES", "TOTAL", "NONE"] | None = None,
    ) -> ExecuteTransactionOutputDict:
        """Runs up to 100 statements on different items together: all reads, which see one moment, or all writes, all or nothing."""

    def list_streams(
        self,
        *,
        TableName: str | None = None,
        Limit: int | None = None,
        ExclusiveStartStreamArn: str | None = None,
    ) -> ListStreamsOutputDict:
        """Lists streams, live and closed, by table name and label."""

    def describe_stream(
        self,
        *,
        StreamArn: str,
        Limit: int | None = None,
        ExclusiveStartShardId: str | None = None,
        ShardFilter: ShardFilterDict | None = None,
    ) -> DescribeStreamOutputDict:
        """Describes a stream and its shards."""

    def get_shard_iterator(
        self,
        *,
        StreamArn: str,
        ShardId: str,
        ShardIteratorType: Literal["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON", "AT_TIMESTAMP"],
        SequenceNumber: str | None = None,
        Timestamp: datetime | None = None,
    ) -> GetShardIteratorOutputDict:
        """Issues an iterator, good for 15 minutes."""

    def get_records(
        self,
        *,
        ShardIterator: str,
        Limit: int | None = None,
    ) -> GetRecordsOutputDict:
        """Reads records from an iterator on."""

    def kinesis_create_stream(
        self,
        *,
        StreamName: str,
        ShardCount: int | None = None,
        StreamModeDetails: KinesisStreamModeDetailsDict | None = None,
        Tags: Mapping[str, str] | None = None,
    ) -> KinesisCreateStreamOutputDict:
        """Makes a data stream. Errors: ``ResourceInUseException`` for a name that is taken, ``LimitExceededException``, ``InvalidArgumentException``."""

    def kinesis_delete_stream(
        self,
        *,
        StreamName: str | None = None,
        EnforceConsumerDeletion: bool | None = None,
        StreamARN: str | None = None,
    ) -> KinesisDeleteStreamOutputDict:
        """Removes a data stream and its records."""

    def kinesis_describe_stream(
        self,
        *,
        Limit: int | None = None,
        ExclusiveStartShardId: str | None = None,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisDescribeStreamOutputDict:
        """Describes a data stream and its shards."""

    def kinesis_describe_stream_summary(
        self,
        *,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisDescribeStreamSummaryOutputDict:
        """Describes a data stream without its shards."""

    def kinesis_list_streams(
        self,
        *,
        Limit: int | None = None,
        ExclusiveStartStreamName: str | None = None,
        NextToken: str | None = None,
    ) -> KinesisListStreamsOutputDict:
        """Lists data streams by name."""

    def kinesis_list_shards(
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

    def kinesis_split_shard(
        self,
        *,
        NewStartingHashKey: str,
        ShardToSplit: str,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisSplitShardOutputDict:
        """Splits an open shard at a hash key: it closes, and two shards open."""

    def kinesis_merge_shards(
        self,
        *,
        ShardToMerge: str,
        AdjacentShardToMerge: str,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisMergeShardsOutputDict:
        """Merges two open shards whose hash keys meet: they close, and one shard opens."""

    def kinesis_update_shard_count(
        self,
        *,
        ScalingType: Literal["UNIFORM_SCALING"],
        TargetShardCount: int,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisUpdateShardCountOutputDict:
        """Brings a stream to a number of shards of one width: open ones close, and so many open."""

    def kinesis_increase_stream_retention_period(
        self,
        *,
        RetentionPeriodHours: int,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisIncreaseStreamRetentionPeriodOutputDict:
        """Keeps the records of a stream longer, those that are there included."""

    def kinesis_decrease_stream_retention_period(
        self,
        *,
        RetentionPeriodHours: int,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisDecreaseStreamRetentionPeriodOutputDict:
        """Keeps the records of a stream less long, at once."""

    def kinesis_update_stream_mode(
        self,
        *,
        StreamARN: str,
        StreamModeDetails: KinesisStreamModeDetailsDict,
    ) -> KinesisUpdateStreamModeOutputDict:
        """Changes who looks after the number of shards."""

    def kinesis_put_record(
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

    def kinesis_put_records(
        self,
        *,
        Records: Sequence[KinesisPutRecordsRequestEntryDict],
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisPutRecordsOutputDict:
        """Puts up to 500 records into a data stream."""

    def kinesis_get_shard_iterator(
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

    def kinesis_get_records(
        self,
        *,
        ShardIterator: str,
        Limit: int | None = None,
        StreamARN: str | None = None,
    ) -> KinesisGetRecordsOutputDict:
        """Reads records from an iterator on: at most 10,000 and 10 MiB."""

    def kinesis_add_tags_to_stream(
        self,
        *,
        Tags: Mapping[str, str],
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisAddTagsToStreamOutputDict:
        """Tags a data stream; tags of these names are replaced."""

    def kinesis_remove_tags_from_stream(
        self,
        *,
        TagKeys: Sequence[str],
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisRemoveTagsFromStreamOutputDict:
        """Takes tags away."""

    def kinesis_list_tags_for_stream(
        self,
        *,
        Limit: int | None = None,
        ExclusiveStartTagKey: str | None = None,
        StreamName: str | None = None,
        StreamARN: str | None = None,
    ) -> KinesisListTagsForStreamOutputDict:
        """Lists the tags of a data stream by name."""

    def kinesis_tag_resource(
        self,
        *,
        Tags: Mapping[str, str],
        ResourceARN: str,
    ) -> KinesisTagResourceOutputDict:
        """Tags a data stream by its ARN."""

    def kinesis_untag_resource(
        self,
        *,
        TagKeys: Sequence[str],
        ResourceARN: str,
    ) -> KinesisUntagResourceOutputDict:
        """Takes tags away from a data stream by its ARN."""

    def kinesis_list_tags_for_resource(
        self,
        *,
        ResourceARN: str,
    ) -> KinesisListTagsForResourceOutputDict:
        """Lists the tags of a data stream by its ARN."""

    def kinesis_describe_limits(self) -> KinesisDescribeLimitsOutputDict:
        """Tells the limits of the account and what is used of them."""

    def create_event_source_mapping(
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

    def get_event_source_mapping(
        self,
        *,
        UUID: str,
    ) -> EventSourceMappingConfigurationDict:
        """Tells of a mapping."""

    def list_event_source_mappings(
        self,
        *,
        EventSourceArn: str | None = None,
        FunctionName: str | None = None,
        Marker: str | None = None,
        MaxItems: int | None = None,
    ) -> ListEventSourceMappingsOutputDict:
        """Lists mappings in the order in which they were made, a hundred at a time at most."""

    def update_event_source_mapping(
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

    def delete_event_source_mapping(
        self,
        *,
        UUID: str,
    ) -> EventSourceMappingConfigurationDict:
        """Removes a mapping."""

    def lambda_get_function_configuration(
        self,
        *,
        FunctionName: str,
        Qualifier: str | None = None,
    ) -> LambdaFunctionConfigurationDict:
        """Tells of a function. Errors: ``ResourceNotFoundException``, ``InvalidParameterValueException``."""

    def lambda_tag_resource(
        self,
        *,
        Resource: str,
        Tags: Mapping[str, str],
    ) -> LambdaTagResourceOutputDict:
        """Tags a mapping; tags of these names are replaced."""

    def lambda_untag_resource(
        self,
        *,
        Resource: str,
        TagKeys: Sequence[str],
    ) -> LambdaUntagResourceOutputDict:
        """Takes tags away from a mapping."""

    def lambda_list_tags(
        self,
        *,
        Resource: str,
    ) -> LambdaListTagsOutputDict:
        """Lists the tags of a mapping."""

    def sqs_create_queue(
        self,
        *,
        QueueName: str,
        Attributes: Mapping[str, str] | None = None,
    ) -> SqsCreateQueueOutputDict:
        """Makes a queue; one that is there with the same attributes is answered."""

    def sqs_get_queue_url(
        self,
        *,
        QueueName: str,
        QueueOwnerAWSAccountId: str | None = None,
    ) -> SqsGetQueueUrlOutputDict:
        """Tells how a queue is named. Errors: ``QueueDoesNotExist``."""

    def sqs_get_queue_attributes(
        self,
        *,
        QueueUrl: str,
        AttributeNames: Sequence[str] | None = None,
    ) -> SqsGetQueueAttributesOutputDict:
        """Tells what a queue is set to, and how many messages it has. Errors: ``QueueDoesNotExist``, ``InvalidAttributeName``."""

    def sqs_set_queue_attributes(
        self,
        *,
        QueueUrl: str,
        Attributes: Mapping[str, str],
    ) -> SqsSetQueueAttributesOutputDict:
        """Sets a queue otherwise. Errors: ``QueueDoesNotExist``, ``InvalidAttributeName``, ``InvalidAttributeValue``."""

    def sqs_list_queues(
        self,
        *,
        QueueNamePrefix: str | None = None,
        NextToken: str | None = None,
        MaxResults: int | None = None,
    ) -> SqsListQueuesOutputDict:
        """Lists queues, in order of their names."""

    def sqs_delete_queue(
        self,
        *,
        QueueUrl: str,
    ) -> SqsDeleteQueueOutputDict:
        """Removes a queue and its messages. Errors: ``QueueDoesNotExist``."""

    def sqs_purge_queue(
        self,
        *,
        QueueUrl: str,
    ) -> SqsPurgeQueueOutputDict:
        """Removes all messages of a queue. Errors: ``QueueDoesNotExist``."""

    def sqs_send_message(
        self,
        *,
        QueueUrl: str,
        MessageBody: str,
        DelaySeconds: int | None = None,
        MessageAttributes: Mapping[str, SqsMessageAttributeValueDict] | None = None,
    ) -> SqsSendMessageOutputDict:
        """Sends a message."""

    def sqs_send_message_batch(
        self,
        *,
        QueueUrl: str,
        Entries: Sequence[SqsSendMessageBatchRequestEntryDict],
    ) -> SqsSendMessageBatchOutputDict:
        """Sends up to 10 messages."""

    def sqs_receive_message(
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

    def sqs_delete_message(
        self,
        *,
        QueueUrl: str,
        ReceiptHandle: str,
    ) -> SqsDeleteMessageOutputDict:
        """Removes a message. Errors: ``QueueDoesNotExist``, ``ReceiptHandleIsInvalid``."""

    def sqs_delete_message_batch(
        self,
        *,
        QueueUrl: str,
        Entries: Sequence[SqsDeleteMessageBatchRequestEntryDict],
    ) -> SqsDeleteMessageBatchOutputDict:
        """Removes up to 10 messages."""

    def sqs_change_message_visibility(
        self,
        *,
        QueueUrl: str,
        ReceiptHandle: str,
        VisibilityTimeout: int,
    ) -> SqsChangeMessageVisibilityOutputDict:
        """Says anew for how long nobody else is given a message, from now on."""

    def sqs_change_message_visibility_batch(
        self,
        *,
        QueueUrl: str,
        Entries: Sequence[SqsChangeMessageVisibilityBatchRequestEntryDict],
    ) -> SqsChangeMessageVisibilityBatchOutputDict:
        """As ChangeMessageVisibility, of up to 10 messages."""

    def s3_create_bucket(
        self,
        *,
        Bucket: str,
    ) -> S3CreateBucketOutputDict:
        """Makes a bucket."""

    def s3_list_buckets(self) -> S3ListBucketsOutputDict:
        """Lists the buckets, in order of their names."""

    def s3_head_bucket(
        self,
        *,
        Bucket: str,
    ) -> S3HeadBucketOutputDict:
        """Tells whether there is a bucket. Errors: ``NoSuchBucket``."""

    def s3_delete_bucket(
        self,
        *,
        Bucket: str,
    ) -> S3DeleteBucketOutputDict:
        """Removes a bucket, which must be empty. Errors: ``NoSuchBucket``, ``BucketNotEmpty``."""

    def s3_put_object(
        self,
        *,
        Bucket: str,
        Key: str,
        Body: bytes | None = None,
        ContentType: str | None = None,
        Metadata: Mapping[str, str] | None = None,
    ) -> S3PutObjectOutputDict:
        """Writes an object, in place of one of the same key."""

    def s3_get_object(
        self,
        *,
        Bucket: str,
        Key: str,
    ) -> S3GetObjectOutputDict:
        """Reads an object. Errors: ``NoSuchBucket``, ``NoSuchKey``."""

    def s3_head_object(
        self,
        *,
        Bucket: str,
        Key: str,
    ) -> S3HeadObjectOutputDict:
        """As GetObject, without what it holds. Errors: ``NoSuchBucket``, ``NoSuchKey``."""

    def s3_delete_object(
        self,
        *,
        Bucket: str,
        Key: str,
    ) -> S3DeleteObjectOutputDict:
        """Removes an object; nothing where there is none. Errors: ``NoSuchBucket``."""

    def s3_list_objects_v2(
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

    def sns_create_topic(
        self,
        *,
        Name: str,
        Attributes: Mapping[str, str] | None = None,
        Tags: Sequence[SnsTagDict] | None = None,
    ) -> SnsCreateTopicOutputDict:
        """Makes a topic; one that is there with the same attributes and tags is answered."""

    def sns_delete_topic(
        self,
        *,
        TopicArn: str,
    ) -> SnsDeleteTopicOutputDict:
        """Removes a topic and its subscriptions; nothing where there is none. Errors: ``InvalidParameter``."""

    def sns_list_topics(
        self,
        *,
        NextToken: str | None = None,
    ) -> SnsListTopicsOutputDict:
        """Lists topics, in order of their names, 100 on a page. Errors: ``InvalidParameter``."""

    def sns_get_topic_attributes(
        self,
        *,
        TopicArn: str,
    ) -> SnsGetTopicAttributesOutputDict:
        """Tells what a topic is set to, and how many subscriptions it has. Errors: ``NotFound``, ``InvalidParameter``."""

    def sns_set_topic_attributes(
        self,
        *,
        TopicArn: str,
        AttributeName: str,
        AttributeValue: str | None = None,
    ) -> SnsSetTopicAttributesOutputDict:
        """Sets a topic otherwise. Errors: ``NotFound``, ``InvalidParameter``."""

    def sns_subscribe(
        self,
        *,
        TopicArn: str,
        Protocol: str,
        Endpoint: str | None = None,
        Attributes: Mapping[str, str] | None = None,
        ReturnSubscriptionArn: bool | None = None,
    ) -> SnsSubscribeOutputDict:
        """Has somebody told of what is published. Queues of this database are told; what is at an address (``http``, ``https``, ``email``, ``email-json``) is kept as pending, and never told. Other protocols are refused."""

    def sns_unsubscribe(
        self,
        *,
        SubscriptionArn: str,
    ) -> SnsUnsubscribeOutputDict:
        """Ends a subscription; nothing where there is none. Errors: ``InvalidParameter``."""

    def sns_list_subscriptions(
        self,
        *,
        NextToken: str | None = None,
    ) -> SnsListSubscriptionsOutputDict:
        """Lists all subscriptions, 100 on a page. Errors: ``InvalidParameter``."""

    def sns_list_subscriptions_by_topic(
        self,
        *,
        TopicArn: str,
        NextToken: str | None = None,
    ) -> SnsListSubscriptionsByTopicOutputDict:
        """Lists the subscriptions of a topic, 100 on a page. Errors: ``NotFound``, ``InvalidParameter``."""

    def sns_get_subscription_attributes(
        self,
        *,
        SubscriptionArn: str,
    ) -> SnsGetSubscriptionAttributesOutputDict:
        """Tells what a subscription is set to. Errors: ``NotFound``, ``InvalidParameter``."""

    def sns_set_subscription_attributes(
        self,
        *,
        SubscriptionArn: str,
        AttributeName: str,
        AttributeValue: str | None = None,
    ) -> SnsSetSubscriptionAttributesOutputDict:
        """Sets a subscription otherwise. Errors: ``NotFound``, ``InvalidParameter``."""

    def sns_publish(
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

    def sns_publish_batch(
        self,
        *,
        TopicArn: str,
        PublishBatchRequestEntries: Sequence[SnsPublishBatchRequestEntryDict],
    ) -> SnsPublishBatchOutputDict:
        """Publishes up to 10 messages in one commit: all or none."""

    def sns_tag_resource(
        self,
        *,
        ResourceArn: str,
        Tags: Sequence[SnsTagDict],
    ) -> SnsTagResourceOutputDict:
        """Gives a topic tags, in place of those of the same names. Errors: ``ResourceNotFoundException``, ``TagLimitExceeded``, ``InvalidParameter``."""

    def sns_untag_resource(
        self,
        *,
        ResourceArn: str,
        TagKeys: Sequence[str],
    ) -> SnsUntagResourceOutputDict:
        """Takes tags from a topic. Errors: ``ResourceNotFoundException``, ``InvalidParameter``."""

    def sns_list_tags_for_resource(
        self,
        *,
        ResourceArn: str,
    ) -> SnsListTagsForResourceOutputDict:
        """Lists the tags of a topic. Errors: ``ResourceNotFoundException``, ``InvalidParameter``."""

    def register_function(
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

    def deregister_function(
        self,
        *,
        FunctionName: str,
    ) -> DeregisterFunctionOutputDict:
        """Forgets a function. Its mappings stay, and hand nothing over until it is there again."""

    def list_registered_functions(self) -> ListRegisteredFunctionsOutputDict:
        """Lists the functions by name."""

    def describe_mappings(
        self,
        *,
        KnownVersion: int | None = None,
    ) -> DescribeMappingsOutputDict:
        """Tells of all mappings, if anything of them or of the functions has changed."""

    def settle_mapping(
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

    def advance_clock(
        self,
        *,
        Milliseconds: int,
    ) -> AdvanceClockOutputDict:
        """Moves the manual clock forward, running whatever falls due on the way, in order."""

    def describe_clock(self) -> DescribeClockOutputDict:
        """Tells the database's time."""

    def split_shard(
        self,
        *,
        TableName: str,
        ShardId: str | None = None,
    ) -> SplitShardOutputDict:
        """Splits a partition: its shard closes and two children open."""

    def roll_shard(
        self,
        *,
        TableName: str,
        ShardId: str | None = None,
    ) -> RollShardOutputDict:
        """Closes a shard and opens one child in its place."""

    def maintain(self) -> MaintainOutputDict:
        """Does the background work that is due now."""

    def set_faults(
        self,
        *,
        Faults: Sequence[FaultDict],
        Seed: int | None = None,
    ) -> SetFaultsOutputDict:
        """Has calls disturbed from now on, until the database is closed: a program can be tried against what happens rarely. The same faults with the same seed do the same to the same calls. They take the place of those before, and begin a new trace; without any, calls go undisturbed again and the trace stays. Where several are about a call, the first of them happens that is due."""

    def describe_faults(
        self,
        *,
        AfterNumber: int | None = None,
        Limit: int | None = None,
    ) -> DescribeFaultsOutputDict:
        """Tells the faults and what they did."""

    def inspect_stream(
        self,
        *,
        StreamArn: str,
        Limit: int | None = None,
        ExclusiveStartShardId: str | None = None,
    ) -> InspectStreamOutputDict:
        """DescribeStream, with what the service keeps to itself: how many records each shard has, how old they are, and who reads them. Looking changes nothing."""

    def inspect_records(
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

    def describe_metrics(self) -> DescribeMetricsOutputDict:
        """Tells what calls came to, under the names that Amazon CloudWatch has for it, since the database was opened with the option ``metrics``."""

    def describe_calls(
        self,
        *,
        AfterNumber: int | None = None,
        Limit: int | None = None,
    ) -> DescribeCallsOutputDict:
        """Tells the latest calls, as many as the option ``call_trace`` says. Who asks again with the last number told follows them."""

    def backup(
        self,
        *,
        Directory: str,
    ) -> BackupOutputDict:
        """Copies the database, as it is at one moment, into a directory that is made; calls go on meanwhile. The copy opens like any database."""

    def compact(self) -> CompactOutputDict:
        """Gives the disk back what deleted items and trimmed records have left behind, now and thoroughly."""

