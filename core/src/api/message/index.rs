//! Texts about secondary indexes (facts B10).

const INVALID: &str = "One or more parameter values were invalid: ";
const IN_USE: &str = "Attempt to change a resource which is still in use: ";
const LIMIT: &str = "Subscriber limit exceeded: ";

// ---- what a table may have

pub(crate) fn empty_list(parameter: &str) -> String {
    format!("{INVALID}List of {parameter} is empty")
}

pub(crate) fn definitions_unused(definitions: &[&str], used: &[&str]) -> String {
    format!(
        "{INVALID}Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
        definitions.join(", "),
        used.join(", ")
    )
}

pub(crate) fn duplicate_name(index: &str) -> String {
    format!("{INVALID}Duplicate index name: {index}")
}

pub(crate) fn too_many_global(most: usize) -> String {
    format!("{INVALID}GlobalSecondaryIndex count exceeds the per-table limit of {most}")
}

pub(crate) fn too_many_local(most: usize) -> String {
    format!("{INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of {most}")
}

pub(crate) fn too_many_projected(most: usize) -> String {
    format!(
        "{INVALID}Number of attributes projected by all secondary indexes exceeds per-table limit of {most}"
    )
}

// ---- keys

pub(crate) fn table_without_sort_key() -> String {
    format!(
        "{INVALID}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
    )
}

pub(crate) fn without_sort_key(index: &str) -> String {
    format!("{INVALID}Index KeySchema does not have a range key for index: {index}")
}

pub(crate) fn other_partition_key(index: &str, own: &str, table: &str) -> String {
    format!(
        "{INVALID}Index KeySchema does not have the same leading hash key as table KeySchema for index: {index}. index hash key: \
         {own}, table hash key: {table}"
    )
}

pub(crate) fn hash_after_range() -> String {
    format!("{INVALID}All HASH key attributes must precede RANGE key attributes in the KeySchema")
}

pub(crate) fn too_many_attributes(kind: &str) -> String {
    format!("{INVALID}The KeySchema exceeds the maximum allowed number of {kind} key attributes")
}

pub(crate) fn same_attribute_twice() -> String {
    "The KeySchema contains multiple key attributes with the same name".into()
}

// ---- projections

pub(crate) fn projection_type_missing() -> String {
    format!("{INVALID}Unknown ProjectionType: null")
}

pub(crate) fn attributes_without_include(projection: &str) -> String {
    format!("{INVALID}ProjectionType is {projection}, but NonKeyAttributes is specified")
}

pub(crate) fn include_without_attributes() -> String {
    format!("{INVALID}ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
}

pub(crate) fn projected_twice(attribute: &str) -> String {
    format!("{INVALID}Duplicate element in NonKeyAttributes: {attribute}")
}

// ---- throughput

pub(crate) fn units_on_demand(index: &str) -> String {
    format!(
        "{INVALID}ProvisionedThroughput should not be specified for index: {index} when BillingMode is PAY_PER_REQUEST"
    )
}

pub(crate) fn units_missing(index: &str) -> String {
    format!("{INVALID}ProvisionedThroughput is not specified for index: {index}")
}

pub(crate) fn ceilings_on_provisioned(member: &str, index: &str) -> String {
    format!(
        "{INVALID}{member} for OnDemandThroughput for index: {index} cannot be specified when table BillingMode is PROVISIONED."
    )
}

pub(crate) fn ceiling_out_of_range(member: &str, index: &str) -> String {
    format!(
        "{INVALID}Requested {member} for OnDemandThroughput for index : {index} is outside of valid range"
    )
}

pub(crate) fn update_units_on_demand(index: &str) -> String {
    format!(
        "{INVALID}The only Updates for index: {index} when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, \
         WarmThroughput"
    )
}

pub(crate) fn create_units_missing(index: &str) -> String {
    format!("{INVALID}Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {index}")
}

pub(crate) fn create_units_on_demand(index: &str) -> String {
    format!(
        "{INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: {index} when BillingMode is \
         PAY_PER_REQUEST"
    )
}

pub(crate) fn units_missing_for_mode(index: &str) -> String {
    format!("{INVALID}ProvisionedThroughput must be specified for index: {index}")
}

pub(crate) fn same_units(index: &str, read: i64, write: i64) -> String {
    format!(
        "The provisioned throughput for the index {index} will not change. The requested value equals the current value. Current \
         ReadCapacityUnits provisioned for index {index}: {read}. Requested ReadCapacityUnits: {read}. Current WriteCapacityUnits \
         provisioned for index {index}: {write}. Requested WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer Guide \
         for current limits and how to request higher limits."
    )
}

pub(crate) fn warm_lowered(member: &str, index: &str) -> String {
    format!(
        "{INVALID}Requested {member} for WarmThroughput for index {index} is lower than current WarmThroughput, decreasing \
         WarmThroughput is not supported"
    )
}

// ---- changes of indexes

pub(crate) fn no_action() -> String {
    format!(
        "{INVALID}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must \
         not be null"
    )
}

pub(crate) fn several_actions() -> String {
    format!(
        "{INVALID}Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object"
    )
}

pub(crate) fn index_twice(index: &str) -> String {
    format!(
        "{INVALID}Only one global secondary index update per index is allowed simultaneously. Index: {index}"
    )
}

pub(crate) fn with_table_units() -> String {
    format!("{INVALID}You cannot create or delete index while updating table IOPS")
}

pub(crate) fn create_with_warm_throughput() -> String {
    format!("{INVALID}Create global secondary index cannot be specified when updating WarmThroughput")
}

pub(crate) fn one_at_a_time() -> String {
    format!("{LIMIT}Only 1 online index can be created or deleted simultaneously per table")
}

pub(crate) fn too_many_added(most: usize) -> String {
    format!("{LIMIT}Number of global secondary indexes exceeds per-table limit of {most}")
}

pub(crate) fn exists() -> String {
    "Attempting to create an index which already exists".into()
}

pub(crate) fn index_not_found(index: &str, table: &str) -> String {
    format!("Requested resource not found: Index {index} for table {table}")
}

pub(crate) fn not_global(verb: &str, index: &str) -> String {
    format!("Cannot {verb} an index that is not a GlobalSecondaryIndex: {index}")
}

pub(crate) fn definitions_missing(index: &str) -> String {
    format!("{INVALID}AttributeDefinitions is not specified for index: {index}")
}

pub(crate) fn redefined(name: &str, role: &str, existing: &str, new: &str) -> String {
    format!(
        "{INVALID}Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Existing \
         schema: Schema:[SchemaElement: key{{{name}:{existing}:{role}}}] New schema: Schema:[SchemaElement: \
         key{{{name}:{new}:{role}}}]"
    )
}

pub(crate) fn being_deleted(table: &str, index: &str) -> String {
    format!("{IN_USE}Index is being deleted. Table: {table} Index: {index}")
}

pub(crate) fn being_updated(table: &str, index: &str) -> String {
    format!("{IN_USE}Index is being updated. Table: {table} Index: {index}")
}

pub(crate) fn not_filled_yet(table: &str, index: &str) -> String {
    format!("{IN_USE}Index is being created but is not backfilling yet. Table: {table} Index: {index}")
}

pub(crate) fn delete_too_early(table: &str, index: &str) -> String {
    format!(
        "{IN_USE}Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the index is \
         active. Table: {table} Index: {index}"
    )
}

pub(crate) fn table_units_while(verb: &str, table: &str, indexes: &[&str]) -> String {
    format!(
        "{IN_USE}Can't change table IOPS when an index is being {verb}. Table: {table} Indexes: [{}]",
        indexes.join(", ")
    )
}

pub(crate) fn stream_while(verb: &str, table: &str, indexes: &[&str]) -> String {
    format!(
        "{IN_USE}Can't change stream status when an index is being {verb}. Table: {table} Indexes: [{}]",
        indexes.join(", ")
    )
}

pub(crate) fn index_while_units(table: &str) -> String {
    format!("{IN_USE}Can't create or delete indexes while table IOPS are being updated. Table: {table}")
}

pub(crate) fn index_while_stream() -> String {
    format!("{IN_USE}Can't create or delete an index when stream status is being updated.")
}

pub(crate) fn index_while_class() -> String {
    format!("{IN_USE}Can't create or delete an index when a table class update is in progress.")
}

pub(crate) fn delete_table_while() -> String {
    format!("{IN_USE}Cannot delete table while indexes are being created, updated, or deleted.")
}

// ---- reading

pub(crate) fn collection_too_large() -> String {
    "Collection size exceeded.".into()
}

pub(crate) fn backfilling(index: &str) -> String {
    format!("Cannot read from backfilling global secondary index: {index}")
}

pub(crate) fn consistent_read() -> String {
    "Consistent reads are not supported on global secondary indexes".into()
}

pub(crate) fn all_attributes_of_part(index: &str) -> String {
    format!(
        "{INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index {index} because its projection type is \
         not ALL"
    )
}

pub(crate) fn not_projected(index: &str, attributes: &[String]) -> String {
    format!("{INVALID}Global secondary index {index} does not project [{}]", attributes.join(", "))
}

pub(crate) fn filter_not_projected(index: &str, attributes: &[String]) -> String {
    format!(
        "{INVALID}Secondary index {index} does not project one or more filter attributes: [{}]",
        attributes.join(", ")
    )
}

pub(crate) fn equality_needed(before: &[&str], present: &str) -> String {
    format!(
        "RANGE key attributes {} must have equality conditions specified in the query because a condition is present on key \
         attribute {present}",
        before.join(", ")
    )
}
