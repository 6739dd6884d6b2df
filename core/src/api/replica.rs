//! Shapes of global tables and of the scaling of their replicas. One process has one region: no table has replicas.

use super::shape::shape;

shape! {
    /// A region of a global table.
    pub struct Replica {
        /// Its name.
        region_name: String = "RegionName",
    }

    /// Makes a global table of the version of 2017, which the service itself does not make any more.
    ///
    /// Errors: `ValidationException`, always.
    pub struct CreateGlobalTableInput {
        /// Its name.
        global_table_name: String = "GlobalTableName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// Its regions.
        replication_group: Vec<Replica> = "ReplicationGroup" [REQUIRED],
    }

    /// Answer of CreateGlobalTable, which there is none of.
    pub struct CreateGlobalTableOutput {
    }

    /// A region to add.
    pub struct CreateReplicaAction {
        /// Its name.
        region_name: String = "RegionName" [REQUIRED],
    }

    /// A region to remove.
    pub struct DeleteReplicaAction {
        /// Its name.
        region_name: String = "RegionName" [REQUIRED],
    }

    /// A change of the regions of a global table.
    pub struct ReplicaUpdate {
        /// A region to add.
        create: CreateReplicaAction = "Create",
        /// A region to remove.
        delete: DeleteReplicaAction = "Delete",
    }

    /// Changes the regions of a global table of the version of 2017, which the service itself does not do any more.
    ///
    /// Errors: `ValidationException`, always.
    pub struct UpdateGlobalTableInput {
        /// Its name.
        global_table_name: String = "GlobalTableName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// Regions to add and remove.
        replica_updates: Vec<ReplicaUpdate> = "ReplicaUpdates" [REQUIRED],
    }

    /// Answer of UpdateGlobalTable, which there is none of.
    pub struct UpdateGlobalTableOutput {
    }

    /// Describes a global table of the version of 2017. There are none.
    ///
    /// Errors: `GlobalTableNotFoundException`, always.
    pub struct DescribeGlobalTableInput {
        /// Its name.
        global_table_name: String = "GlobalTableName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
    }

    /// Answer of DescribeGlobalTable, which there is none of.
    pub struct DescribeGlobalTableOutput {
    }

    /// Describes the settings of a global table of the version of 2017. There are none.
    ///
    /// Errors: `GlobalTableNotFoundException`, always.
    pub struct DescribeGlobalTableSettingsInput {
        /// Its name.
        global_table_name: String = "GlobalTableName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
    }

    /// Answer of DescribeGlobalTableSettings, which there is none of.
    pub struct DescribeGlobalTableSettingsOutput {
    }

    /// Changes the settings of a global table of the version of 2017. There are none.
    ///
    /// Errors: `GlobalTableNotFoundException`, always.
    pub struct UpdateGlobalTableSettingsInput {
        /// Its name.
        global_table_name: String = "GlobalTableName" [REQUIRED, length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
    }

    /// Answer of UpdateGlobalTableSettings, which there is none of.
    pub struct UpdateGlobalTableSettingsOutput {
    }

    /// Lists the global tables of the version of 2017. There are none.
    pub struct ListGlobalTablesInput {
        /// Names after this one.
        exclusive_start_global_table_name: String = "ExclusiveStartGlobalTableName" [length(NAME_MIN_CHARS, NAME_MAX_CHARS), NAME_PATTERN],
        /// At most this many.
        limit: i32 = "Limit" [range(1, i32::MAX as i64)],
        /// Those with a replica in this region.
        region_name: String = "RegionName",
    }

    /// A global table of the version of 2017.
    pub struct GlobalTable {
        /// Its name.
        global_table_name: String = "GlobalTableName",
        /// Its regions.
        replication_group: Vec<Replica> = "ReplicationGroup",
    }

    /// Answer of ListGlobalTables.
    pub struct ListGlobalTablesOutput {
        /// None.
        global_tables: Vec<GlobalTable> = "GlobalTables",
        /// Never there.
        last_evaluated_global_table_name: String = "LastEvaluatedGlobalTableName",
    }

    /// Describes how the replicas of a table scale. No table has replicas.
    ///
    /// Errors: `ResourceNotFoundException`, always.
    pub struct DescribeTableReplicaAutoScalingInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
    }

    /// Answer of DescribeTableReplicaAutoScaling, which there is none of.
    pub struct DescribeTableReplicaAutoScalingOutput {
    }

    /// Changes how the replicas of a table scale. No table has replicas.
    ///
    /// Errors: `ResourceNotFoundException`, always.
    pub struct UpdateTableReplicaAutoScalingInput {
        /// Name or ARN of the table.
        table_name: String = "TableName" [REQUIRED, length(1, TABLE_ARN_MAX_CHARS)],
    }

    /// Answer of UpdateTableReplicaAutoScaling, which there is none of.
    pub struct UpdateTableReplicaAutoScalingOutput {
    }

    /// A replica to make, change or delete in another region.
    pub struct ReplicationGroupMember {
        /// The region.
        region_name: String = "RegionName" [REQUIRED],
    }

    /// A change of the replicas of a table. Refused: the regions of a database do not replicate.
    pub struct ReplicationGroupUpdate {
        /// A replica to make.
        create: ReplicationGroupMember = "Create",
        /// A replica to change.
        update: ReplicationGroupMember = "Update",
        /// A replica to delete.
        delete: ReplicationGroupMember = "Delete",
    }
}
