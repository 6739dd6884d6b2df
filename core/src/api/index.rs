//! Shapes of secondary indexes.

use super::shape::{Open, enumeration, shape};
use super::table::{
    KeySchemaElement, OnDemandThroughput, ProvisionedThroughput, ProvisionedThroughputDescription,
    WarmThroughput,
};

enumeration! {
    /// What the entries of an index show of the items.
    pub enum ProjectionType {
        /// Everything.
        All = "ALL",
        /// The keys and named attributes.
        Include = "INCLUDE",
        /// The keys.
        KeysOnly = "KEYS_ONLY",
    }

    /// Where an index is in its life.
    pub enum IndexStatus {
        /// Being made or filled; not readable yet.
        Creating = "CREATING",
        /// Its throughput is being changed; readable.
        Updating = "UPDATING",
        /// Being deleted.
        Deleting = "DELETING",
        /// Readable.
        Active = "ACTIVE",
    }
}

shape! {
    /// What the entries of an index show.
    pub struct Projection {
        /// Everything, keys, or keys and named attributes.
        projection_type: Open<ProjectionType> = "ProjectionType",
        /// The named attributes.
        non_key_attributes: Vec<String> = "NonKeyAttributes" [length(1, INDEX_ATTRIBUTES_MAX)],
    }

    /// An index with the table's partition key and another sort key.
    pub struct LocalSecondaryIndex {
        /// The index's name.
        index_name: String = "IndexName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// The table's partition key, and the index's sort key.
        key_schema: Vec<KeySchemaElement> = "KeySchema" [REQUIRED, length(1, KEY_MAX_PARTS)],
        /// What an entry shows.
        projection: Projection = "Projection" [REQUIRED],
    }

    /// An index with a key of its own.
    pub struct GlobalSecondaryIndex {
        /// The index's name.
        index_name: String = "IndexName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// Its key: one to four partition attributes, then up to four sort attributes.
        key_schema: Vec<KeySchemaElement> = "KeySchema" [REQUIRED, length(1, NO_LIMIT)],
        /// What an entry shows.
        projection: Projection = "Projection" [REQUIRED],
        /// Its own capacity, on a provisioned table.
        provisioned_throughput: ProvisionedThroughput = "ProvisionedThroughput",
        /// Its own ceilings, on an on-demand table. Kept and answered, not enforced.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
        /// Throughput it is made ready for.
        warm_throughput: WarmThroughput = "WarmThroughput",
    }

    /// One change of a global index: one of its members.
    pub struct GlobalSecondaryIndexUpdate {
        /// An index to change.
        update: UpdateGlobalSecondaryIndexAction = "Update",
        /// An index to create.
        create: CreateGlobalSecondaryIndexAction = "Create",
        /// An index to delete.
        delete: DeleteGlobalSecondaryIndexAction = "Delete",
    }

    /// An index to create on a table that is there.
    pub struct CreateGlobalSecondaryIndexAction {
        /// The index's name.
        index_name: String = "IndexName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// Its key: one to four partition attributes, then up to four sort attributes.
        key_schema: Vec<KeySchemaElement> = "KeySchema" [REQUIRED, length(1, NO_LIMIT)],
        /// What an entry shows.
        projection: Projection = "Projection" [REQUIRED],
        /// Its own capacity, on a provisioned table.
        provisioned_throughput: ProvisionedThroughput = "ProvisionedThroughput",
        /// Its own ceilings, on an on-demand table. Kept and answered, not enforced.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
        /// Throughput it is made ready for.
        warm_throughput: WarmThroughput = "WarmThroughput",
    }

    /// An index to change.
    pub struct UpdateGlobalSecondaryIndexAction {
        /// The index's name.
        index_name: String = "IndexName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// Its capacity, on a provisioned table.
        provisioned_throughput: ProvisionedThroughput = "ProvisionedThroughput",
        /// Its ceilings, on an on-demand table.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
        /// Throughput it is made ready for.
        warm_throughput: WarmThroughput = "WarmThroughput",
    }

    /// An index to delete.
    pub struct DeleteGlobalSecondaryIndexAction {
        /// The index's name.
        index_name: String = "IndexName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
    }

    /// A local index as it stands.
    pub struct LocalSecondaryIndexDescription {
        /// The index's name.
        index_name: String = "IndexName",
        /// Its key.
        key_schema: Vec<KeySchemaElement> = "KeySchema",
        /// What an entry shows.
        projection: Projection = "Projection",
        /// Summed size of the items that have an entry.
        index_size_bytes: i64 = "IndexSizeBytes",
        /// Number of its entries.
        item_count: i64 = "ItemCount",
        /// Its ARN.
        index_arn: String = "IndexArn",
    }

    /// A global index as it stands.
    pub struct GlobalSecondaryIndexDescription {
        /// The index's name.
        index_name: String = "IndexName",
        /// Its key.
        key_schema: Vec<KeySchemaElement> = "KeySchema",
        /// What an entry shows.
        projection: Projection = "Projection",
        /// Where the index is in its life.
        index_status: Open<IndexStatus> = "IndexStatus",
        /// While it is created on a table that was there: whether it is being filled.
        backfilling: bool = "Backfilling",
        /// Its capacity.
        provisioned_throughput: ProvisionedThroughputDescription = "ProvisionedThroughput",
        /// Summed size of the items that have an entry.
        index_size_bytes: i64 = "IndexSizeBytes",
        /// Number of its entries.
        item_count: i64 = "ItemCount",
        /// Its ARN.
        index_arn: String = "IndexArn",
        /// Its ceilings, on an on-demand table.
        on_demand_throughput: OnDemandThroughput = "OnDemandThroughput",
        /// Throughput it is ready for.
        warm_throughput: GlobalSecondaryIndexWarmThroughputDescription = "WarmThroughput",
    }

    /// Throughput a global index is ready for.
    pub struct GlobalSecondaryIndexWarmThroughputDescription {
        /// Reads a second.
        read_units_per_second: i64 = "ReadUnitsPerSecond",
        /// Writes a second.
        write_units_per_second: i64 = "WriteUnitsPerSecond",
        /// State of the last change.
        status: Open<IndexStatus> = "Status",
    }
}
