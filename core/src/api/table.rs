//! Shapes of the table operations.

use super::backup::RestoreSummary;
use super::index::{
    GlobalSecondaryIndex, GlobalSecondaryIndexDescription, GlobalSecondaryIndexUpdate, LocalSecondaryIndex,
    LocalSecondaryIndexDescription,
};
use super::replica::ReplicationGroupUpdate;
use super::resource::Tag;
use super::shape::{Open, Timestamp, enumeration, shape};

enumeration! {
    /// The part an attribute plays in a key.
    pub enum KeyType {
        /// Partition key.
        Hash = "HASH",
        /// Sort key.
        Range = "RANGE",
    }

    /// The type of a key attribute.
    pub enum ScalarAttributeType {
        /// Binary.
        B = "B",
        /// Number.
        N = "N",
        /// String.
        S = "S",
    }

    /// How capacity is paid for.
    pub enum BillingMode {
        /// Capacity bought ahead.
        Provisioned = "PROVISIONED",
        /// Paid by request.
        PayPerRequest = "PAY_PER_REQUEST",
    }

    /// What a change record holds.
    pub enum StreamViewType {
        /// The item before the change.
        OldImage = "OLD_IMAGE",
        /// The key only.
        KeysOnly = "KEYS_ONLY",
        /// Both.
        NewAndOldImages = "NEW_AND_OLD_IMAGES",
        /// The item after the change.
        NewImage = "NEW_IMAGE",
    }

    /// Where a table is in its life.
    pub enum TableStatus {
        /// Being created; not usable yet.
        Creating = "CREATING",
        /// Being changed; usable.
        Updating = "UPDATING",
        /// Being deleted.
        Deleting = "DELETING",
        /// Usable.
        Active = "ACTIVE",
    }

    /// The kind of key that a table is encrypted with.
    pub enum SseType {
        /// The service's own. Not admitted where a kind is named.
        Aes256 = "AES256",
        /// A key of the account.
        Kms = "KMS",
    }

    /// Where encryption with a key of the account is.
    pub enum SseStatus {
        /// Being turned on.
        Enabling = "ENABLING",
        /// On.
        Enabled = "ENABLED",
        /// Being turned off.
        Disabling = "DISABLING",
        /// Off.
        Disabled = "DISABLED",
        /// Being changed.
        Updating = "UPDATING",
    }

    /// Storage class of a table.
    pub enum TableClass {
        /// Standard.
        Standard = "STANDARD",
        /// Infrequent access.
        StandardInfrequentAccess = "STANDARD_INFREQUENT_ACCESS",
    }
}

shape! {
    /// A key attribute and its type.
    pub struct AttributeDefinition {
        /// The attribute's name.
        attribute_name: String = "AttributeName" [REQUIRED, length(1, KEY_NAME_MAX_BYTES)],
        /// The attribute's type.
        attribute_type: Open<ScalarAttributeType> = "AttributeType" [REQUIRED],
    }

    /// A part of a key.
    pub struct KeySchemaElement {
        /// The attribute's name.
        attribute_name: String = "AttributeName" [REQUIRED, length(1, KEY_NAME_MAX_BYTES)],
        /// Partition or sort key.
        key_type: Open<KeyType> = "KeyType" [REQUIRED],
    }

    /// Capacity bought ahead, in units a second.
    pub struct ProvisionedThroughput {
        /// Reads of up to 4 KB a second.
        read_capacity_units: i64 = "ReadCapacityUnits" [REQUIRED, range(1, i64::MAX)],
        /// Writes of up to 1 KB a second.
        write_capacity_units: i64 = "WriteCapacityUnits" [REQUIRED, range(1, i64::MAX)],
    }

    /// Ceilings of an on-demand table. Kept and answered, not enforced.
    pub struct OnDemandThroughput {
        /// Most read request units a second.
        max_read_request_units: i64 = "MaxReadRequestUnits",
        /// Most write request units a second.
        max_write_request_units: i64 = "MaxWriteRequestUnits",
    }

    /// Whether changes of a table are recorded, and what a record holds.
    pub struct StreamSpecification {
        /// Whether the stream is on.
        stream_enabled: bool = "StreamEnabled" [REQUIRED],
        /// What a record holds; named when the stream is on.
        stream_view_type: Open<StreamViewType> = "StreamViewType",
    }

    /// Encryption at rest. Kept and answered: nothing is encrypted.
    pub struct SseSpecification {
        /// Whether a key of the account is used.
        enabled: bool = "Enabled",
        /// The kind of key.
        sse_type: Open<SseType> = "SSEType",
        /// The key.
        kms_master_key_id: String = "KMSMasterKeyId",
    }

    /// Encryption at rest as it stands.
    pub struct SseDescription {
        /// Where it is.
        status: Open<SseStatus> = "Status",
        /// The kind of key.
        sse_type: Open<SseType> = "SSEType",
        /// The key.
        kms_master_key_arn: String = "KMSMasterKeyArn",
        /// Since when the key cannot be used. Never there.
        inaccessible_encryption_date_time: Timestamp = "InaccessibleEncryptionDateTime",
    }

    /// Throughput a table is made ready for.
    pub struct WarmThroughput {
        /// Reads a second.
        read_units_per_second: i64 = "ReadUnitsPerSecond",
        /// Writes a second.
        write_units_per_second: i64 = "WriteUnitsPerSecond",
    }

    /// Makes a table.
    ///
    /// Errors: `ValidationException`, `ResourceInUseException` when the table exists.
    pub struct CreateTableInput {
        /// Name of the new table, 3 to 255 of `a-z A-Z 0-9 _ . -`.
        table_name: String = "TableName",
        /// Types of the attributes in keys of the table and of its indexes, and of no others.
        attribute_definitions: Vec<AttributeDefinition> = "AttributeDefinitions" [REQUIRED],
        /// Partition key, and sort key if there is one.
        key_schema: Vec<KeySchemaElement> = "KeySchema" [REQUIRED, length(1, KEY_MAX_PARTS)],
        /// Indexes with the table's partition key, at most 5; the table has a sort key then.
        local_secondary_indexes: Vec<LocalSecondaryIndex> = "LocalSecondaryIndexes",
        /// Indexes with keys of their own, at most 20.
        global_secondary_indexes: Vec<GlobalSecondaryIndex> = "GlobalSecondaryIndexes",
        /// How capacity is paid for; `PROVISIONED` when absent.
        billing_mode: Open<BillingMode> = "BillingMode",
        /// Capacity of a provisioned table.
        provisioned_throughput: ProvisionedThroughput = "ProvisionedThroughput",
        /// Whether changes are recorded.
        stream_specification: StreamSpecification = "StreamSpecification",
        /// Encryption at rest; kept and answered.
        sse_specification: SseSpecification = "SSESpecification",
        /// Labels, at most 50.
        tags: Vec<Tag> = "Tags",
        /// Storage class.
        table_class: Open<TableClass> = "TableClass",
        /// Whether DeleteTable is refused.
        deletion_protection_enabled: bool = "DeletionProtectionEnabled",
        /// Throughput the table is made ready for.
        warm_throughput: WarmThroughput = "WarmThroughput",
        /// Ceilings of an on-demand table.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
        /// A policy; kept and answered.
        resource_policy: String = "ResourcePolicy",
    }

    /// Capacity of a table as it stands.
    pub struct ProvisionedThroughputDescription {
        /// When it was last raised.
        last_increase_date_time: Timestamp = "LastIncreaseDateTime",
        /// When it was last lowered.
        last_decrease_date_time: Timestamp = "LastDecreaseDateTime",
        /// How often it was lowered today.
        number_of_decreases_today: i64 = "NumberOfDecreasesToday",
        /// Reads a second.
        read_capacity_units: i64 = "ReadCapacityUnits",
        /// Writes a second.
        write_capacity_units: i64 = "WriteCapacityUnits",
    }

    /// How a table's capacity is paid for.
    pub struct BillingModeSummary {
        /// The mode.
        billing_mode: Open<BillingMode> = "BillingMode",
        /// When the table was last switched to on-demand.
        last_update_to_pay_per_request_date_time: Timestamp = "LastUpdateToPayPerRequestDateTime",
    }

    /// Throughput a table is ready for.
    pub struct TableWarmThroughputDescription {
        /// Reads a second.
        read_units_per_second: i64 = "ReadUnitsPerSecond",
        /// Writes a second.
        write_units_per_second: i64 = "WriteUnitsPerSecond",
        /// State of the last change.
        status: Open<TableStatus> = "Status",
    }

    /// A table's storage class.
    pub struct TableClassSummary {
        /// The class.
        table_class: Open<TableClass> = "TableClass",
        /// When it was last changed.
        last_update_date_time: Timestamp = "LastUpdateDateTime",
    }

    /// A table as it stands.
    pub struct TableDescription {
        /// Types of the key attributes.
        attribute_definitions: Vec<AttributeDefinition> = "AttributeDefinitions",
        /// The table's name.
        table_name: String = "TableName",
        /// The table's key.
        key_schema: Vec<KeySchemaElement> = "KeySchema",
        /// Where the table is in its life.
        table_status: Open<TableStatus> = "TableStatus",
        /// When it was created.
        creation_date_time: Timestamp = "CreationDateTime",
        /// Its capacity.
        provisioned_throughput: ProvisionedThroughputDescription = "ProvisionedThroughput",
        /// Summed size of its items.
        table_size_bytes: i64 = "TableSizeBytes",
        /// Number of its items.
        item_count: i64 = "ItemCount",
        /// Its ARN.
        table_arn: String = "TableArn",
        /// Its identity, new for each creation.
        table_id: String = "TableId",
        /// How capacity is paid for.
        billing_mode_summary: BillingModeSummary = "BillingModeSummary",
        /// Its local indexes.
        local_secondary_indexes: Vec<LocalSecondaryIndexDescription> = "LocalSecondaryIndexes",
        /// Its global indexes.
        global_secondary_indexes: Vec<GlobalSecondaryIndexDescription> = "GlobalSecondaryIndexes",
        /// The live stream's settings; absent when there is none.
        stream_specification: StreamSpecification = "StreamSpecification",
        /// Label of the live or last stream.
        latest_stream_label: String = "LatestStreamLabel",
        /// ARN of the live or last stream.
        latest_stream_arn: String = "LatestStreamArn",
        /// What it is being restored from; only while it is.
        restore_summary: RestoreSummary = "RestoreSummary",
        /// Its storage class.
        table_class_summary: TableClassSummary = "TableClassSummary",
        /// Encryption with a key of the account; absent with the service's own.
        sse_description: SseDescription = "SSEDescription",
        /// Whether DeleteTable is refused.
        deletion_protection_enabled: bool = "DeletionProtectionEnabled",
        /// Ceilings of an on-demand table.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
        /// Throughput the table is ready for.
        warm_throughput: TableWarmThroughputDescription = "WarmThroughput",
    }

    /// Answer of CreateTable.
    pub struct CreateTableOutput {
        /// The new table.
        table_description: TableDescription = "TableDescription",
    }

    /// Describes a table.
    ///
    /// Errors: `ResourceNotFoundException`.
    pub struct DescribeTableInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
    }

    /// Answer of DescribeTable.
    pub struct DescribeTableOutput {
        /// The table.
        table: TableDescription = "Table",
    }

    /// Changes a table's stream, global indexes, capacity or protection.
    ///
    /// Errors: `ValidationException`, `ResourceNotFoundException`, `ResourceInUseException` while another change runs,
    /// `LimitExceededException` for a second index to create or delete at a time, or one too many.
    pub struct UpdateTableInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
        /// Types of the key attributes of an index to create.
        attribute_definitions: Vec<AttributeDefinition> = "AttributeDefinitions",
        /// How capacity is paid for.
        billing_mode: Open<BillingMode> = "BillingMode",
        /// Capacity of a provisioned table.
        provisioned_throughput: ProvisionedThroughput = "ProvisionedThroughput",
        /// Changes of global indexes; at most one of them creates or deletes one.
        global_secondary_index_updates: Vec<GlobalSecondaryIndexUpdate> = "GlobalSecondaryIndexUpdates",
        /// Turns the stream on or off.
        stream_specification: StreamSpecification = "StreamSpecification",
        /// Encryption at rest; kept and answered.
        sse_specification: SseSpecification = "SSESpecification",
        /// Storage class.
        table_class: Open<TableClass> = "TableClass",
        /// Whether DeleteTable is refused.
        deletion_protection_enabled: bool = "DeletionProtectionEnabled",
        /// Ceilings of an on-demand table.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
        /// Throughput the table is made ready for.
        warm_throughput: WarmThroughput = "WarmThroughput",
        /// Changes of replicas. Refused: the regions of a database do not replicate.
        replica_updates: Vec<ReplicationGroupUpdate> = "ReplicaUpdates" [length(1, NO_LIMIT)],
    }

    /// Answer of UpdateTable.
    pub struct UpdateTableOutput {
        /// The table while it changes.
        table_description: TableDescription = "TableDescription",
    }

    /// Deletes a table and its items. Its stream stays readable for 24 hours.
    ///
    /// Errors: `ResourceNotFoundException`, `ResourceInUseException`, `ValidationException` when protected.
    pub struct DeleteTableInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS), TABLE_LENGTH, TABLE_PATTERN],
    }

    /// Answer of DeleteTable.
    pub struct DeleteTableOutput {
        /// The table that goes.
        table_description: TableDescription = "TableDescription",
    }

    /// Lists table names in byte order.
    pub struct ListTablesInput {
        /// Names after this one.
        exclusive_start_table_name: String = "ExclusiveStartTableName" [length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// At most this many, 1 to 100.
        limit: i32 = "Limit" [range(1, LIST_TABLES_MAX)],
    }

    /// Answer of ListTables.
    pub struct ListTablesOutput {
        /// The names.
        table_names: Vec<String> = "TableNames",
        /// Where the next page starts, when there is more.
        last_evaluated_table_name: String = "LastEvaluatedTableName",
    }
}
