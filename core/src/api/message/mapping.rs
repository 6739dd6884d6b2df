//! Texts of event source mappings (docs/event-source-mappings.md). Those that were seen on the service are marked in the cases that play them.

use super::shape::{Rule, violation_text};

pub(crate) fn starting_position_missing() -> String {
    format!("1 validation error detected: {}.", violation_text("startingPosition", None, &Rule::NotNull))
}

pub(crate) fn starting_position_unsupported(arn: &str) -> String {
    format!("Unsupported starting position for arn type: {arn}")
}

pub(crate) fn timestamp_without_its_position() -> String {
    "Timestamp only valid with StartingPosition AT_TIMESTAMP".into()
}

pub(crate) fn timestamp_missing() -> String {
    "StartingPositionTimestamp is required for StartingPosition AT_TIMESTAMP".into()
}

pub(crate) fn record_age(min: i32, max: i64) -> String {
    format!("MaximumRecordAgeInSeconds must be either -1 (forever) or between {min} and {max} (inclusive)")
}

/// The rule is of every member of the list, which the service tells as one of the list.
pub(crate) fn response_types(given: &[String]) -> String {
    let values = Rule::Enumeration(&["ReportBatchItemFailures"]);
    let rule = format!("Member must satisfy constraint: [{values}, {}]", Rule::NotNull);
    let given = given.join(", ");
    format!(
        "1 validation error detected: Value '[{given}]' at 'functionResponseTypes' failed to satisfy constraint: {rule}"
    )
}

pub(crate) fn invalid_pattern() -> String {
    "Invalid filter pattern definition.".into()
}

pub(crate) fn too_many_filters(most: usize) -> String {
    format!("FilterCriteria may have at most {most} filters.")
}

pub(crate) fn lanes_with_window() -> String {
    "Parallelization factor must be equal to 1 when tumbling window period is configured".into()
}

pub(crate) fn filters_with_window() -> String {
    "Filter criteria cannot be used when tumbling window period is configured".into()
}

pub(crate) fn too_many_writes(given: usize, most: usize) -> String {
    format!("An invocation has given {given} writes; those of one commit are {most} at most")
}

pub(crate) fn redrive_too_often() -> String {
    "Failures are redriven every second at most".into()
}

pub(crate) fn unreadable_writes(why: &str) -> String {
    format!("The writes of an invocation cannot be read as TransactItems: {why}")
}

pub(crate) fn scaling_unsupported() -> String {
    "Unsupported ScalingConfig parameter for given event source mapping type.".into()
}

pub(crate) fn on_success_unsupported() -> String {
    "OnSuccess configuration is not supported for event source mappings.".into()
}

pub(crate) fn unrecognized_source() -> String {
    "Unrecognized event source.".into()
}

pub(crate) fn no_function() -> String {
    "Function does not exist".into()
}

pub(crate) fn qualifiers_differ() -> String {
    "The derived qualifier from the function name does not match the specified qualifier.".into()
}

pub(crate) fn destination_invalid(arn: &str) -> String {
    format!("The destination ARN {arn} is invalid.")
}

pub(crate) fn function_not_found(arn: &str) -> String {
    format!("Function not found: {arn}")
}

pub(crate) fn function_is_qualified() -> String {
    "A function is registered without a qualifier; its versions and aliases are parameters of their own."
        .into()
}

pub(crate) fn bad_qualifier(given: &str) -> String {
    format!("'{given}' is neither a version nor an alias of the function.")
}

pub(crate) fn stream_not_found(arn: &str) -> String {
    format!("Stream not found: {arn}")
}

/// The spaces inside the quotes are the service's.
pub(crate) fn exists(source: &str, function: &str, uuid: &str) -> String {
    format!(
        "The event source arn (\" {source} \") and function (\" {function} \") provided mapping already exists. Please update or delete the existing mapping with UUID {uuid}"
    )
}

pub(crate) fn not_found() -> String {
    "The resource you requested does not exist.".into()
}

pub(crate) fn tags_not_found(arn: &str) -> String {
    format!("Event source mapping not found: {arn}")
}

pub(crate) fn in_use(verb: &str) -> String {
    format!("Cannot {verb} the event source mapping because it is in use.")
}

pub(crate) fn bad_marker() -> String {
    "Invalid marker.".into()
}

pub(crate) fn too_many_tags(most: usize) -> String {
    format!("The number of tags of a resource may not exceed {most}.")
}

pub(crate) fn too_many(most: usize) -> String {
    format!("A database has at most {most} event source mappings and functions.")
}

pub(crate) fn settled_by_another(known: i64, now: i64) -> String {
    format!("The mapping was settled {now} times and not {known}: another worker carries it out, too.")
}
