//! Texts of queues, as SQS says them (its API reference, and what LocalStack has recorded of the service).

pub(crate) fn does_not_exist() -> String {
    "The specified queue does not exist.".into()
}

pub(crate) fn exists_otherwise(attribute: &str) -> String {
    format!("A queue already exists with the same name and a different value for attribute {attribute}")
}

pub(crate) fn bad_name() -> String {
    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length".into()
}

pub(crate) fn unknown_attribute(name: &str) -> String {
    format!("Unknown Attribute {name}.")
}

pub(crate) fn bad_value(name: &str) -> String {
    format!("Invalid value for the parameter {name}.")
}

/// Of a number outside its range.
pub(crate) fn out_of_range(value: i32, parameter: &str, range: (i32, i32)) -> String {
    let (least, most) = range;
    format!(
        "Value {value} for parameter {parameter} is invalid. Reason: Must be between {least} and {most}, if provided."
    )
}

pub(crate) fn bad_characters() -> String {
    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF".into()
}

pub(crate) fn empty_body() -> String {
    "The request must contain the parameter MessageBody.".into()
}

pub(crate) fn too_long(most: u64) -> String {
    format!("One or more parameters are invalid. Reason: Message must be shorter than {most} bytes.")
}

pub(crate) fn batch_too_long(most: usize, length: usize) -> String {
    format!("Batch requests cannot be longer than {most} bytes. You have sent {length} bytes.")
}

pub(crate) fn bad_message_attribute(name: &str) -> String {
    format!(
        "The message attribute '{name}' is invalid: it needs a type of String, Number or Binary, and a value of that type."
    )
}

pub(crate) fn too_many_message_attributes(count: usize, most: usize) -> String {
    format!("Number of message attributes [{count}] exceeds the allowed maximum [{most}].")
}

pub(crate) fn empty_batch(entry: &str) -> String {
    format!("There should be at least one {entry} in the request.")
}

pub(crate) fn too_many_entries(count: usize, most: usize) -> String {
    format!("Maximum number of entries per request are {most}. You have sent {count}.")
}

pub(crate) fn same_id(id: &str) -> String {
    format!("Id {id} repeated.")
}

pub(crate) fn bad_id() -> String {
    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.".into()
}

pub(crate) fn bad_handle(handle: &str) -> String {
    format!("The input receipt handle \"{handle}\" is not a valid receipt handle.")
}

pub(crate) fn message_is_gone(handle: &str) -> String {
    format!(
        "Value {handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout \
         change."
    )
}
