//! Texts about what is set on a table by operations of its own (facts A12, B11).

const IN_USE: &str = "Attempt to change a resource which is still in use: ";

// ---- time to live (facts B11)

pub(crate) fn ttl_enabled() -> String {
    "TimeToLive is already enabled".into()
}

pub(crate) fn ttl_disabled() -> String {
    "TimeToLive is already disabled".into()
}

pub(crate) fn ttl_elsewhere(attribute: &str) -> String {
    format!("TimeToLive is active on a different AttributeName: current AttributeName is {attribute}")
}

pub(crate) fn ttl_changed_recently() -> String {
    "Time to live has been modified multiple times within a fixed interval".into()
}

pub(crate) fn ttl_not_described(status: &str) -> String {
    format!("Cannot describe time to live while table is in {status} state: Current table state is {status}")
}

/// With the words in another order than other operations have them.
pub(crate) fn table_being_created(table: &str) -> String {
    format!("{IN_USE}Table {table} is being created")
}

// ---- names of resources

const INVALID: &str = "One or more parameter values were invalid: ";

pub(crate) fn not_an_arn(given: &str) -> String {
    format!("{INVALID}ARNs must start with 'arn:': {given}")
}

pub(crate) fn not_a_resource(arn: &str) -> String {
    format!("{INVALID}Provided Arn is not a DynamoDB resource arn: {arn}")
}

pub(crate) fn only_table_or_stream(arn: &str) -> String {
    format!(
        "{INVALID}Invalid resource arn provided, only table or stream is accepted. Provided resource arn: {arn}"
    )
}

pub(crate) fn resource_arn_not_found(arn: &str) -> String {
    format!("Requested resource not found: ResourceArn: {arn} not found")
}

pub(crate) fn stream_of_table_not_found(label: &str, table: &str) -> String {
    format!("Requested resource not found: Stream: {label} not found for Table: {table}")
}

// ---- tags

pub(crate) fn access_denied() -> String {
    "Access is denied".into()
}

pub(crate) fn tags_elsewhere(arn: &str) -> String {
    format!("Invalid TableArn: Invalid ResourceArn provided as input {arn}")
}

pub(crate) fn no_tags() -> String {
    "Atleast one Tag needs to be provided as Input.".into()
}

pub(crate) fn no_tag_keys() -> String {
    "Atleast one Tag Key needs to be provided as Input.".into()
}

pub(crate) fn tag_key_invalid(key: Option<&str>) -> String {
    format!("The Tag Key provided is invalid, Key: {}", key.unwrap_or("null"))
}

pub(crate) fn tag_key_reserved(key: &str) -> String {
    format!("Tag Key cannot be prefixed with aws:, Key: {key}")
}

pub(crate) fn tag_value_invalid(value: Option<&str>) -> String {
    format!("The Tag Value provided is invalid, Value: {}", value.unwrap_or("null"))
}

pub(crate) fn tag_key_twice(key: &str) -> String {
    format!("Duplicate Tag Keys provided as input: Duplicate Tag Key found {key}")
}

pub(crate) fn too_many_tags() -> String {
    "Number of Tags exceed the current limit for the provided ResourceArn".into()
}

// ---- policies

pub(crate) fn policy_of_another_account() -> String {
    "This action is only supported by accounts that match the resource owner\u{2019}s account.".into()
}

pub(crate) fn policy_elsewhere(arn: &str) -> String {
    format!("{INVALID}Invalid resource Arn: {arn}")
}

pub(crate) fn policy_too_long(most: usize) -> String {
    format!("{INVALID}Maximum policy size of {most} bytes exceeded")
}

pub(crate) fn policy_invalid(why: &str) -> String {
    format!("{INVALID}Invalid policy document: {why}")
}

pub(crate) fn policy_unbounded() -> String {
    "Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure least-privilege form of \
     access"
        .into()
}

pub(crate) fn policy_principal() -> String {
    "Invalid principal in policy document.".into()
}

const NO_POLICY: &str = "Resource-based policy not found for the provided ResourceArn: ";

pub(crate) fn policy_not_found(arn: &str) -> String {
    format!("{NO_POLICY}{arn}")
}

pub(crate) fn policy_of_another_revision(expected: &str, table: &str, revision: u64) -> String {
    format!(
        "{NO_POLICY}Requested update for policy with revision id {expected}, but the policy associated to target table {table} has revision \
         id {revision}."
    )
}

pub(crate) fn policy_unexpected(table: &str, revision: u64) -> String {
    format!(
        "{NO_POLICY}Requested policy update expecting none to be present for table {table}, but a policy exists with revision id {revision}."
    )
}

// ---- continuous backups

pub(crate) fn table_to_back_up_not_found(name: &str) -> String {
    format!("Table not found: {name}")
}

pub(crate) fn recovery_period_while_off() -> String {
    "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.".into()
}

// ---- contributor insights

pub(crate) fn insights_while_not_active() -> String {
    "Table or Index is not in a valid state to update Key Access Insights: TableStatus must be ACTIVE to enable ContributorInsights.".into()
}

pub(crate) fn insights_while_index_not_active() -> String {
    "Table or Index is not in a valid state to update Key Access Insights: IndexStatus must be ACTIVE to enable ContributorInsights."
        .into()
}

pub(crate) fn index_of_table_not_found(index: &str, table: &str) -> String {
    format!("Requested resource not found: Index: {index} not found for table: {table}")
}

// ---- Kinesis destinations (facts A12)

const NO_STATE_FOR_IT: &str = "Table is not in a valid state to enable Kinesis Streaming Destination: ";

/// Why a destination could not be enabled.
pub(crate) fn destination_without_stream() -> String {
    "The Kinesis data stream does not exist".into()
}

pub(crate) fn destination_is_live() -> String {
    format!(
        "{NO_STATE_FOR_IT}EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation."
    )
}

pub(crate) fn destination_not_active() -> String {
    format!("{NO_STATE_FOR_IT}KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.")
}

pub(crate) fn destination_not_updatable(table: &str, arn: &str) -> String {
    format!(
        "{NO_STATE_FOR_IT}Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. TableName: {table}, kdsArn: {arn}"
    )
}

pub(crate) fn destination_unknown(table: &str, arn: &str) -> String {
    format!(
        "{NO_STATE_FOR_IT}No streaming destination with streamArn: {arn} found for table with tableName: {table}"
    )
}

pub(crate) fn destination_update_empty() -> String {
    "Streaming destination cannot be updated with given parameters: UpdateKinesisStreamingConfiguration cannot be null or contain only \
     null values"
        .into()
}

pub(crate) fn destination_disabled_with_configuration() -> String {
    "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters".into()
}

pub(crate) fn destination_precision_is_set(precision: &str, table_id: &str, arn: &str) -> String {
    format!(
        "Invalid Request: Precision is already set to the desired value of {precision} for tableId: {table_id}, kdsArn: {arn}"
    )
}

// ---- encryption

pub(crate) fn encryption_off_with(parameter: &str) -> String {
    format!("{INVALID}{parameter} can not be specified if Enabled is false")
}

pub(crate) fn encryption_key_without_type() -> String {
    format!("{INVALID}SSEType KMS is required if KMSMasterKeyId is specified")
}

pub(crate) fn encryption_type_unsupported(kind: &str) -> String {
    format!("{INVALID}SSEType {kind} is not supported")
}

pub(crate) fn encrypted_by_default() -> String {
    format!("{INVALID}Table is already encrypted by default")
}

pub(crate) fn encrypted_with_that_key() -> String {
    format!(
        "{INVALID}Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to change Master Key"
    )
}

// ---- throughput

pub(crate) fn ceiling_when_provisioned(member: &str) -> String {
    format!(
        "{INVALID}{member} for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED"
    )
}

pub(crate) fn ceiling_out_of_range(member: &str) -> String {
    format!("{INVALID}Requested {member} for OnDemandThroughput for table is outside of valid range")
}

pub(crate) fn warm_below_current(member: &str) -> String {
    format!(
        "{INVALID}Requested {member} for WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not \
         supported"
    )
}

pub(crate) fn warm_below_on_demand(member: &str) -> String {
    format!(
        "{INVALID}Requested {member} for WarmThroughput for table is lower than initial throughput for OnDemand. See: \
         https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial"
    )
}

pub(crate) fn warm_below_provisioned(member: &str, units: &str) -> String {
    format!(
        "{INVALID}Requested {member} for WarmThroughput for table is lower than {units} of ProvisionedThroughput"
    )
}

// ---- global tables

pub(crate) fn global_tables_of_2017() -> String {
    format!(
        "{INVALID}DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB global tables version \
         2019.11.21, instead of version 2017.11.29 (Legacy)."
    )
}

pub(crate) fn no_global_table(name: &str) -> String {
    format!("Global table with name: '{name}' does not exist.")
}

pub(crate) fn no_other_region(asked: &str, own: &str) -> String {
    format!(
        "Region {asked} is not supported. The latest version of global tables are only supported in the following regions: [{own}]"
    )
}

pub(crate) fn replicas_alone() -> String {
    format!("{INVALID}Replica modification must be the only operation in the request")
}

pub(crate) fn no_replica_action() -> String {
    "There are no actions specified in the Replica Update Action of the request.".into()
}
