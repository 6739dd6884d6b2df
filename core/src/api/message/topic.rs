//! Texts of topics, as SNS says them (its API reference, and what LocalStack has recorded of the service). Where nobody has recorded one, it is ours.

pub(crate) fn no_topic() -> String {
    "Topic does not exist".into()
}

pub(crate) fn no_subscription() -> String {
    "Subscription does not exist".into()
}

/// Of tags.
pub(crate) fn no_resource() -> String {
    "Resource does not exist".into()
}

/// Of a parameter of which nothing more is said, or what more is said.
pub(crate) fn invalid(what: &str) -> String {
    format!("Invalid parameter: {what}")
}

pub(crate) fn bad_arn(parameter: &str, elements: usize) -> String {
    invalid(&format!("{parameter} Reason: An ARN must have at least 6 elements, not {elements}"))
}

pub(crate) fn bad_name() -> String {
    invalid("Topic Name")
}

/// Ours: the service has them.
pub(crate) fn no_fifo() -> String {
    invalid("FifoTopic Reason: topics of streamtable are standard topics")
}

pub(crate) fn other_attributes() -> String {
    invalid("Attributes Reason: Topic already exists with different attributes")
}

pub(crate) fn other_tags() -> String {
    invalid("Tags Reason: Topic already exists with different tags")
}

pub(crate) fn duplicated_tags() -> String {
    invalid("Duplicated keys are not allowed.")
}

pub(crate) fn too_many_tags() -> String {
    "Could not complete request: tag quota of per resource exceeded".into()
}

pub(crate) fn unknown_attribute() -> String {
    invalid("AttributeName")
}

pub(crate) fn unknown_protocol(protocol: &str) -> String {
    invalid(&format!("Amazon SNS does not support this protocol string: {protocol}"))
}

/// Ours: the service delivers by them.
pub(crate) fn protocol_not_here(protocol: &str) -> String {
    invalid(&format!("Protocol Reason: streamtable delivers to queues, not by {protocol}"))
}

pub(crate) fn bad_queue() -> String {
    invalid("SQS endpoint ARN")
}

pub(crate) fn bad_endpoint() -> String {
    invalid("Endpoint must match the specified protocol")
}

pub(crate) fn other_subscription() -> String {
    invalid("Attributes Reason: Subscription already exists with different attributes")
}

/// What is wrong with an attribute of a subscription that is made.
pub(crate) fn of_attributes(what: &str) -> String {
    invalid(&format!("Attributes Reason: {what}"))
}

pub(crate) fn not_a_boolean(name: &str, value: &str) -> String {
    format!("{name}: Invalid value [{value}]. Must be true or false.")
}

pub(crate) fn bad_scope(value: &str) -> String {
    format!("FilterPolicyScope: Invalid value [{value}]. Please use either MessageBody or MessageAttributes")
}

pub(crate) fn no_json(name: &str, why: &str) -> String {
    format!("{name}: failed to parse JSON. {why}")
}

pub(crate) fn nested_policy() -> String {
    "Filter policy scope MessageAttributes does not support nested filter policy".into()
}

pub(crate) fn bad_dead_letter_target() -> String {
    "RedrivePolicy: deadLetterTargetArn is an invalid arn".into()
}

pub(crate) fn no_target() -> String {
    invalid("TopicArn or TargetArn Reason: no value for required parameter")
}

pub(crate) fn no_endpoint() -> String {
    invalid("TargetArn Reason: No endpoint found for the target arn specified")
}

pub(crate) fn empty_message() -> String {
    invalid("Empty message")
}

pub(crate) fn message_too_long() -> String {
    invalid("Message too long")
}

pub(crate) fn structure_is_no_json() -> String {
    invalid("Message Structure - JSON message body failed to parse")
}

pub(crate) fn structure_without_default() -> String {
    invalid("Message Structure - No default entry in JSON message body")
}

pub(crate) fn attribute_without_type(name: &str) -> String {
    format!("The message attribute '{name}' must contain non-empty message attribute type.")
}

pub(crate) fn attribute_of_unknown_type(name: &str) -> String {
    format!(
        "The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."
    )
}

pub(crate) fn attribute_without_value(name: &str, data_type: &str) -> String {
    format!(
        "The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{data_type}'."
    )
}

pub(crate) fn attribute_is_no_number(name: &str) -> String {
    format!("Could not cast message attribute '{name}' value to number.")
}

pub(crate) fn empty_batch() -> String {
    "The batch request doesn't contain any entries.".into()
}

pub(crate) fn too_many_entries() -> String {
    "The batch request contains more entries than permissible.".into()
}

pub(crate) fn same_id() -> String {
    "Two or more batch entries in the request have the same Id.".into()
}

pub(crate) fn bad_id() -> String {
    "The Id of a batch entry in a batch request doesn't abide by the specification.".into()
}

pub(crate) fn batch_too_long() -> String {
    "The length of all the batch messages put together is more than the limit.".into()
}
