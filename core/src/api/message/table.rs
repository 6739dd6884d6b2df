//! Texts about tables and streams (facts A2 to A6, B9, B13).

use super::Problem;

const INVALID: &str = "One or more parameter values were invalid: ";

// ---- lookups

/// Data operations do not name the table; control operations do.
pub(crate) fn resource_not_found() -> String {
    "Requested resource not found".into()
}

pub(crate) fn table_not_found(name: &str) -> String {
    format!("Requested resource not found: Table: {name} not found")
}

pub(crate) fn stream_not_found(arn: &str) -> String {
    format!("Requested resource not found: Stream: {arn} not found")
}

pub(crate) fn shard_not_found(shard: &str, arn: &str) -> String {
    format!("Requested resource not found: Shard: {shard} in Stream: {arn} not found")
}

// ---- creating tables

pub(crate) fn parameter_required(name: &str) -> String {
    format!("The parameter '{name}' is required but was not present in the request")
}

pub(crate) fn table_exists(name: &str) -> String {
    format!("Table already exists: {name}")
}

pub(crate) fn first_key_not_hash() -> String {
    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type".into()
}

pub(crate) fn second_key_not_range() -> String {
    "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type".into()
}

pub(crate) fn same_key_twice() -> String {
    "Both the Hash Key and the Range Key element in the KeySchema have the same name".into()
}

pub(crate) fn key_without_definition(keys: &[&str], definitions: &[&str]) -> String {
    format!(
        "{INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
        keys.join(", "),
        definitions.join(", ")
    )
}

pub(crate) fn definitions_and_keys_differ() -> String {
    format!(
        "{INVALID}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
    )
}

pub(crate) fn duplicate_definition(name: &str) -> String {
    format!("Attribute Name is duplicated: {name}")
}

pub(crate) fn provisioned_without_units() -> String {
    format!(
        "{INVALID}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
    )
}

pub(crate) fn on_demand_with_units() -> String {
    format!(
        "{INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
    )
}

// ---- streams on tables (facts A2.1)

pub(crate) fn create_enabled_without_view() -> String {
    format!("{INVALID}Table is being created with a stream enabled, UpdateViewType is required")
}

pub(crate) fn create_disabled_with_view() -> String {
    format!("{INVALID}Table is being created with a stream disabled, UpdateViewType should not be specified")
}

pub(crate) fn enable_without_view() -> String {
    format!("{INVALID}If stream is being enabled then UpdateViewType is required")
}

pub(crate) fn disable_with_view() -> String {
    format!("{INVALID}If stream is being disabled, then UpdateViewType must not be specified")
}

pub(crate) fn already_enabled(table: &str) -> String {
    format!("Table already has an enabled stream: TableName: {table}")
}

pub(crate) fn nothing_to_disable(table: &str) -> String {
    format!("Table has no stream to disable: TableName: {table}")
}

pub(crate) fn stream_with_throughput() -> String {
    format!("{INVALID}You cannot modify stream status while updating table IOPS")
}

pub(crate) fn stream_with_index() -> String {
    format!("{INVALID}You cannot create or delete index while changing stream status")
}

pub(crate) fn on_demand_throughput_alone() -> String {
    format!("{INVALID}OnDemandThroughput can only be combined with BillingMode in an UpdateTable request")
}

pub(crate) fn only_operation(what: &str) -> String {
    format!("{INVALID}{what} modification must be the only operation in the request")
}

pub(crate) fn warm_throughput_alone() -> String {
    format!("{INVALID}WarmThroughput must be the only operation in the request")
}

pub(crate) fn nothing_to_update() -> String {
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, \
     ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, \
     OnDemandThroughput, WarmThroughput or TableClass is required"
        .into()
}

pub(crate) fn same_throughput(read: i64, write: i64) -> String {
    format!(
        "The provisioned throughput for the table will not change. The requested value equals the current value. Current \
         ReadCapacityUnits provisioned for the table: {read}. Requested ReadCapacityUnits: {read}. Current WriteCapacityUnits \
         provisioned for the table: {write}. Requested WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer Guide \
         for current limits and how to request higher limits."
    )
}

pub(crate) fn deletion_protected() -> String {
    "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.".into()
}

// ---- states that do not admit a change (facts A2.2)

const IN_USE: &str = "Attempt to change a resource which is still in use: ";

pub(crate) fn being_created(table: &str) -> String {
    format!("{IN_USE}Table is being created: {table}")
}

pub(crate) fn being_deleted(table: &str) -> String {
    format!("{IN_USE}Table is being deleted: {table}")
}

pub(crate) fn being_updated(table: &str) -> String {
    format!("{IN_USE}Table: {table} is in the process of being updated.")
}

pub(crate) fn stream_change_running(table: &str, label: &str, operation: &str) -> String {
    format!(
        "{IN_USE}A stream status change is currently in progress. Table: {table} Stream: {label} Operation: {operation}"
    )
}

pub(crate) fn throughput_during_stream_change(table: &str, label: &str, operation: &str) -> String {
    format!(
        "{IN_USE}Can't change table IOPS when stream status is being updated. Table: {table} Stream: {label} Operation: \
         {operation}"
    )
}

pub(crate) fn class_during_stream_change(table: &str, label: &str, operation: &str) -> String {
    format!(
        "{IN_USE}Can't update table class when stream status is being updated. Table: {table} Stream: {label} Operation: \
         {operation}"
    )
}

pub(crate) fn stream_during_throughput_change(table: &str) -> String {
    format!("{IN_USE}Can't enable or disable stream while table IOPS are being updated. Table: {table}")
}

pub(crate) fn delete_during_stream_change() -> String {
    format!("{IN_USE}Cannot delete table while stream is being enabled/disabled.")
}

// ---- reading streams (facts A3 to A6)

pub(crate) fn invalid_stream_arn() -> String {
    "Invalid StreamArn".into()
}

pub(crate) fn invalid_iterator() -> String {
    "Invalid ShardIterator".into()
}

pub(crate) fn expired_iterator() -> String {
    "Shard iterator has expired".into()
}

pub(crate) fn trimmed() -> String {
    "The data you are trying to access has been trimmed".into()
}

pub(crate) fn sequence_required() -> String {
    "SequenceNumber must be specified when ShardIteratorType is AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER"
        .into()
}

pub(crate) fn sequence_forbidden() -> String {
    "SequenceNumber must not be specified when ShardIteratorType is TRIM_HORIZON or LATEST".into()
}

pub(crate) fn timestamp_required() -> String {
    "Timestamp must be specified when ShardIteratorType is AT_TIMESTAMP".into()
}

pub(crate) fn timestamp_forbidden() -> String {
    "Timestamp must not be specified unless ShardIteratorType is AT_TIMESTAMP".into()
}

pub(crate) fn timestamp_in_future() -> String {
    "Timestamp must be a moment between 1970-01-01 and now".into()
}

pub(crate) fn invalid_sequence(given: &str) -> String {
    format!("Invalid SequenceNumber: {given}")
}

// ---- reading and writing items

pub(crate) fn condition_failed() -> String {
    "The conditional request failed".into()
}

pub(crate) fn return_values_put() -> String {
    "ReturnValues can only be ALL_OLD or NONE".into()
}

pub(crate) fn starting_key_invalid() -> String {
    "The provided starting key is invalid".into()
}

/// A starting key that is not the table's, in a scan.
pub(crate) fn scan_starting_key_invalid() -> Problem {
    Problem::Reworded {
        classic: starting_key_value(&super::value::key_not_matching()),
        current: starting_key_invalid(),
    }
}

/// A starting key with a value that breaks a rule.
pub(crate) fn starting_key_value(problem: &str) -> String {
    format!("{}: {problem}", starting_key_invalid())
}

pub(crate) fn starting_key_outside_query() -> String {
    "The provided starting key is outside query boundaries based on provided conditions".into()
}

pub(crate) fn starting_key_outside_segment() -> String {
    "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment.".into()
}

pub(crate) fn total_segments_required() -> String {
    "The TotalSegments parameter is required but was not present in the request when Segment parameter is present".into()
}

pub(crate) fn segment_required() -> String {
    "The Segment parameter is required but was not present in the request when parameter TotalSegments is present".into()
}

pub(crate) fn segment_too_large(segment: i32, total: i32) -> Problem {
    let current = "The Segment parameter is zero-based and must be less than parameter TotalSegments";
    Problem::Reworded {
        classic: format!("{current}: Segment: {segment} is not less than TotalSegments: {total}"),
        current: current.into(),
    }
}

pub(crate) fn no_such_index(index: &str) -> String {
    format!("The table does not have the specified index: {index}")
}

pub(crate) fn select_needs_projection() -> Problem {
    Problem::Selection(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
            .into(),
    )
}

pub(crate) fn select_with_projection(select: &str, parameter: &str) -> String {
    format!("Cannot specify the {parameter} when choosing to get {select}")
}

pub(crate) fn projected_without_index() -> String {
    format!("{INVALID}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
}

pub(crate) fn key_condition_required() -> String {
    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.".into()
}

// ---- calls beyond a limit

pub(crate) fn rate_exceeded() -> String {
    "Rate exceeded".into()
}

pub(crate) fn throughput_exceeded() -> String {
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with \
     the UpdateTable API."
        .into()
}

/// Of readers of one shard (facts A6).
pub(crate) fn too_many_readers() -> String {
    "Too many operations for a given subscriber".into()
}

pub(crate) fn internal_error() -> String {
    "Internal server error".into()
}

pub(crate) fn index_throughput_exceeded() -> String {
    "The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. Consider \
     increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API"
        .into()
}

pub(crate) fn ceiling_exceeded() -> String {
    "Throughput exceeds the maximum OnDemandThroughput configured on table or index".into()
}

// ---- our own operations

pub(crate) fn clock_is_not_manual() -> String {
    "The clock of this database is the system clock; open it with a manual clock to move time".into()
}

pub(crate) fn no_look(operation: &str) -> String {
    format!("{operation} leaves something behind, so that it cannot be run as a look")
}

pub(crate) fn not_observed(option: &str) -> String {
    format!("This database remembers nothing of its calls; open it with the option {option}")
}

pub(crate) fn shard_of_table_not_found(shard: &str, table: &str) -> String {
    format!("Requested resource not found: Shard: {shard} of Table: {table} not found")
}

pub(crate) fn shard_not_open(shard: &str) -> String {
    format!("Shard {shard} is closed; only an open shard can be replaced")
}

pub(crate) fn stream_is_off(arn: &str) -> String {
    format!("Stream {arn} is turned off, so it has no shard to replace")
}

pub(crate) fn table_has_no_stream(table: &str) -> String {
    format!("Table {table} has no enabled stream, so it has no shard to replace")
}

pub(crate) fn partition_not_divisible() -> String {
    "The partition covers a single hash value and cannot be split".into()
}

pub(crate) fn directory_not_empty(directory: &str) -> String {
    format!("{directory} holds something already: name an empty or a new directory")
}

pub(crate) fn no_files(done: &str) -> String {
    format!("A database in memory has no files and cannot be {done}; open it with a path")
}

pub(crate) fn no_fork() -> String {
    "Only a database in memory has snapshots and forks in memory; fork one in a directory into another directory".into()
}

pub(crate) fn not_in_memory(done: &str) -> String {
    format!(
        "Only a database in memory can be {done}; fork one in a directory into another directory, and work there"
    )
}

pub(crate) fn one_region() -> String {
    "This database has one region".into()
}

pub(crate) fn too_many_regions(most: usize) -> String {
    format!("A database has at most {most} regions beside the one it was made in")
}

pub(crate) fn snapshot_of_another_place() -> String {
    "The snapshot is of a database in another region or account".into()
}

pub(crate) fn broken() -> String {
    "A defect ended an earlier call half way; the database answers nothing more. Open it anew".into()
}

pub(crate) fn closed() -> String {
    "The database is closed".into()
}
