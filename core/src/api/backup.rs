//! Shapes of backups and of tables that are restored.

use super::index::{GlobalSecondaryIndex, LocalSecondaryIndex, Projection};
use super::shape::{Open, Timestamp, enumeration, shape};
use super::table::{
    BillingMode, KeySchemaElement, OnDemandThroughput, ProvisionedThroughput, SseDescription,
    SseSpecification, StreamSpecification, TableDescription,
};
use super::time_to_live::TimeToLiveDescription;

enumeration! {
    /// Where a backup is in its life.
    pub enum BackupStatus {
        /// Its items are still coming in.
        Creating = "CREATING",
        /// It is gone.
        Deleted = "DELETED",
        /// It can be restored.
        Available = "AVAILABLE",
    }

    /// Who made a backup.
    pub enum BackupType {
        /// CreateBackup.
        User = "USER",
        /// The service itself, of a table that was deleted while it was restorable to a moment.
        System = "SYSTEM",
        /// A service of backups. Never there.
        AwsBackup = "AWS_BACKUP",
    }

    /// Which backups are listed.
    pub enum BackupTypeFilter {
        /// Those of CreateBackup.
        User = "USER",
        /// Those of the service itself.
        System = "SYSTEM",
        /// Those of a service of backups: none.
        AwsBackup = "AWS_BACKUP",
        /// All.
        All = "ALL",
    }
}

shape! {
    /// Makes a backup of a table: its items and its keys, as all of them are at the moment of the call. Writers go on meanwhile. It is there until
    /// it is deleted, whatever becomes of the table. Its items are copied by and by; until they are, its status is `CREATING`.
    ///
    /// Errors: `ValidationException`, `TableNotFoundException`.
    pub struct CreateBackupInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
        /// Name of the backup, which others may have, too: 3 to 255 of `a-z A-Z 0-9 _ . -`.
        backup_name: String = "BackupName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
    }

    /// A backup as it stands.
    pub struct BackupDetails {
        /// Its ARN.
        backup_arn: String = "BackupArn",
        /// Its name.
        backup_name: String = "BackupName",
        /// Summed size of its items, bytes.
        backup_size_bytes: i64 = "BackupSizeBytes",
        /// Where it is in its life.
        backup_status: Open<BackupStatus> = "BackupStatus",
        /// Who made it.
        backup_type: Open<BackupType> = "BackupType",
        /// The moment whose items it has.
        backup_creation_date_time: Timestamp = "BackupCreationDateTime",
        /// When it goes by itself; only of those that the service makes.
        backup_expiry_date_time: Timestamp = "BackupExpiryDateTime",
    }

    /// Answer of CreateBackup.
    pub struct CreateBackupOutput {
        /// The new backup.
        backup_details: BackupDetails = "BackupDetails",
    }

    /// Describes a backup.
    ///
    /// Errors: `ValidationException`, `BackupNotFoundException`, `AccessDeniedException` for one of another account.
    pub struct DescribeBackupInput {
        /// ARN of the backup.
        backup_arn: String = "BackupArn" [REQUIRED, length(BACKUP_ARN_MIN_CHARS, BACKUP_ARN_MAX_CHARS)],
    }

    /// A backup's table as it was.
    pub struct SourceTableDetails {
        /// Its name.
        table_name: String = "TableName",
        /// Its identity.
        table_id: String = "TableId",
        /// Its ARN.
        table_arn: String = "TableArn",
        /// Summed size of its items, bytes.
        table_size_bytes: i64 = "TableSizeBytes",
        /// Its key.
        key_schema: Vec<KeySchemaElement> = "KeySchema",
        /// When it was created.
        table_creation_date_time: Timestamp = "TableCreationDateTime",
        /// Its capacity; zero when on demand.
        provisioned_throughput: ProvisionedThroughput = "ProvisionedThroughput",
        /// Its ceilings, if it had some.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
        /// Number of its items.
        item_count: i64 = "ItemCount",
        /// How its capacity was paid for.
        billing_mode: Open<BillingMode> = "BillingMode",
    }

    /// A local index of a backup's table.
    pub struct LocalSecondaryIndexInfo {
        /// The index's name.
        index_name: String = "IndexName",
        /// Its key.
        key_schema: Vec<KeySchemaElement> = "KeySchema",
        /// What an entry shows.
        projection: Projection = "Projection",
    }

    /// A global index of a backup's table.
    pub struct GlobalSecondaryIndexInfo {
        /// The index's name.
        index_name: String = "IndexName",
        /// Its key.
        key_schema: Vec<KeySchemaElement> = "KeySchema",
        /// What an entry shows.
        projection: Projection = "Projection",
        /// Its capacity; zero when on demand.
        provisioned_throughput: ProvisionedThroughput = "ProvisionedThroughput",
        /// Its ceilings, if it had some.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
    }

    /// What a backup's table had beside its key.
    pub struct SourceTableFeatureDetails {
        /// Its local indexes.
        local_secondary_indexes: Vec<LocalSecondaryIndexInfo> = "LocalSecondaryIndexes",
        /// Its global indexes.
        global_secondary_indexes: Vec<GlobalSecondaryIndexInfo> = "GlobalSecondaryIndexes",
        /// Its stream, if it had one.
        stream_description: StreamSpecification = "StreamDescription",
        /// By which attribute its items expired, if they did.
        time_to_live_description: TimeToLiveDescription = "TimeToLiveDescription",
        /// Its encryption with a key of the account, if it had one.
        sse_description: SseDescription = "SSEDescription",
    }

    /// A backup and its table.
    pub struct BackupDescription {
        /// The backup.
        backup_details: BackupDetails = "BackupDetails",
        /// The table as it was.
        source_table_details: SourceTableDetails = "SourceTableDetails",
        /// What the table had beside its key.
        source_table_feature_details: SourceTableFeatureDetails = "SourceTableFeatureDetails",
    }

    /// Answer of DescribeBackup.
    pub struct DescribeBackupOutput {
        /// The backup.
        backup_description: BackupDescription = "BackupDescription",
    }

    /// Deletes a backup.
    ///
    /// Errors: `ValidationException`, also for a backup of the service's own, `BackupNotFoundException`, `BackupInUseException` while it is
    /// made or restored, `AccessDeniedException` for one of another account.
    pub struct DeleteBackupInput {
        /// ARN of the backup.
        backup_arn: String = "BackupArn" [REQUIRED, length(BACKUP_ARN_MIN_CHARS, BACKUP_ARN_MAX_CHARS)],
    }

    /// Answer of DeleteBackup.
    pub struct DeleteBackupOutput {
        /// The backup that is gone.
        backup_description: BackupDescription = "BackupDescription",
    }

    /// Lists backups in the order in which they were made.
    ///
    /// Errors: `ValidationException`.
    pub struct ListBackupsInput {
        /// Name or ARN of a table, which need not be there any more; all tables when absent.
        table_name: String = "TableName" [length(1, TABLE_ARN_MAX_CHARS)],
        /// At most this many, 1 to 100; 100 when absent.
        limit: i32 = "Limit" [range(1, BACKUPS_PAGE_MAX)],
        /// Backups made at this moment or later.
        time_range_lower_bound: Timestamp = "TimeRangeLowerBound",
        /// Backups made before this moment.
        time_range_upper_bound: Timestamp = "TimeRangeUpperBound",
        /// Backups after this one.
        exclusive_start_backup_arn: String = "ExclusiveStartBackupArn" [length(BACKUP_ARN_MIN_CHARS, BACKUP_ARN_MAX_CHARS)],
        /// Whose backups; `USER` when absent.
        backup_type: Open<BackupTypeFilter> = "BackupType",
    }

    /// A backup in a list.
    pub struct BackupSummary {
        /// Name of its table.
        table_name: String = "TableName",
        /// Identity of its table.
        table_id: String = "TableId",
        /// ARN of its table.
        table_arn: String = "TableArn",
        /// Its ARN.
        backup_arn: String = "BackupArn",
        /// Its name.
        backup_name: String = "BackupName",
        /// The moment whose items it has.
        backup_creation_date_time: Timestamp = "BackupCreationDateTime",
        /// When it goes by itself; only of those that the service makes.
        backup_expiry_date_time: Timestamp = "BackupExpiryDateTime",
        /// Where it is in its life.
        backup_status: Open<BackupStatus> = "BackupStatus",
        /// Who made it.
        backup_type: Open<BackupType> = "BackupType",
        /// Summed size of its items, bytes.
        backup_size_bytes: i64 = "BackupSizeBytes",
    }

    /// Answer of ListBackups.
    pub struct ListBackupsOutput {
        /// The backups.
        backup_summaries: Vec<BackupSummary> = "BackupSummaries",
        /// Where the next page starts, when there is more.
        last_evaluated_backup_arn: String = "LastEvaluatedBackupArn",
    }

    /// Makes a table out of a backup: items, keys, indexes, billing mode, ceilings and encryption. It has no stream, no time to live, no tags, no
    /// policy, no protection, and is not restorable to a moment. Until all items are there its status is `CREATING`.
    ///
    /// Errors: `ValidationException`, `BackupNotFoundException`, `BackupInUseException` while the backup is made or restored to another
    /// table, `TableAlreadyExistsException`, `TableInUseException` for a table that is being restored, `AccessDeniedException` for a backup of
    /// another account.
    pub struct RestoreTableFromBackupInput {
        /// Name of the new table.
        target_table_name: String = "TargetTableName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// ARN of the backup.
        backup_arn: String = "BackupArn" [REQUIRED, length(BACKUP_ARN_MIN_CHARS, BACKUP_ARN_MAX_CHARS)],
        /// How capacity is paid for; as in the backup when absent.
        billing_mode_override: Open<BillingMode> = "BillingModeOverride",
        /// Global indexes with keys and projections of those in the backup, under names of their own; those of the backup when absent.
        global_secondary_index_override: Vec<GlobalSecondaryIndex> = "GlobalSecondaryIndexOverride",
        /// Local indexes, likewise.
        local_secondary_index_override: Vec<LocalSecondaryIndex> = "LocalSecondaryIndexOverride",
        /// Capacity of a provisioned table; as in the backup when absent.
        provisioned_throughput_override: ProvisionedThroughput = "ProvisionedThroughputOverride",
        /// Ceilings of an on-demand table; as in the backup when absent.
        on_demand_throughput_override: OnDemandThroughput = "OnDemandThroughputOverride",
        /// Encryption; as in the backup when absent.
        sse_specification_override: SseSpecification = "SSESpecificationOverride",
    }

    /// Answer of RestoreTableFromBackup.
    pub struct RestoreTableFromBackupOutput {
        /// The new table.
        table_description: TableDescription = "TableDescription",
    }

    /// Makes a table out of what another one was at a moment: its items then; its keys, indexes, billing mode, ceilings and encryption now. What does
    /// not come back is as with RestoreTableFromBackup. Until all items are there its status is `CREATING`.
    ///
    /// Errors: `ValidationException`, `TableNotFoundException`, `PointInTimeRecoveryUnavailableException` for a table that is not restorable,
    /// `InvalidRestoreTimeException` for a moment before or after those to which it is, `TableAlreadyExistsException`, `TableInUseException` for a
    /// table that is being restored.
    pub struct RestoreTableToPointInTimeInput {
        /// ARN of the source.
        source_table_arn: String = "SourceTableArn" [length(1, TABLE_ARN_MAX_CHARS)],
        /// Name of the source, in place of its ARN.
        source_table_name: String = "SourceTableName" [length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// Name of the new table.
        target_table_name: String = "TargetTableName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// Whether the moment is `LatestRestorableDateTime`, as DescribeContinuousBackups tells it.
        use_latest_restorable_time: bool = "UseLatestRestorableTime",
        /// The moment, otherwise; all of its millisecond.
        restore_date_time: Timestamp = "RestoreDateTime",
        /// How capacity is paid for; as in the source when absent.
        billing_mode_override: Open<BillingMode> = "BillingModeOverride",
        /// Global indexes with keys and projections of those of the source, under names of their own; those of the source when absent.
        global_secondary_index_override: Vec<GlobalSecondaryIndex> = "GlobalSecondaryIndexOverride",
        /// Local indexes, likewise.
        local_secondary_index_override: Vec<LocalSecondaryIndex> = "LocalSecondaryIndexOverride",
        /// Capacity of a provisioned table; as in the source when absent.
        provisioned_throughput_override: ProvisionedThroughput = "ProvisionedThroughputOverride",
        /// Ceilings of an on-demand table; as in the source when absent.
        on_demand_throughput_override: OnDemandThroughput = "OnDemandThroughputOverride",
        /// Encryption; as in the source when absent.
        sse_specification_override: SseSpecification = "SSESpecificationOverride",
    }

    /// Answer of RestoreTableToPointInTime.
    pub struct RestoreTableToPointInTimeOutput {
        /// The new table.
        table_description: TableDescription = "TableDescription",
    }

    /// What a table is being restored from.
    pub struct RestoreSummary {
        /// ARN of the backup, if it is one.
        source_backup_arn: String = "SourceBackupArn",
        /// ARN of the table.
        source_table_arn: String = "SourceTableArn",
        /// The moment whose items the table will have.
        restore_date_time: Timestamp = "RestoreDateTime",
        /// Whether items are still coming in: as long as this is told.
        restore_in_progress: bool = "RestoreInProgress",
    }
}
