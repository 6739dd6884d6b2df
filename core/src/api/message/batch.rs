//! Texts about batches (facts B8).

use super::shape;

pub(crate) fn request_items_required(operation: &str) -> String {
    format!("The requestItems parameter is required for {operation}")
}

pub(crate) fn too_many_items(operation: &str) -> String {
    format!("Too many items requested for the {operation} call")
}

pub(crate) fn duplicate_keys() -> String {
    "Provided list of item keys contains duplicates".into()
}

/// A write that is none or two: the service says this of it.
pub(crate) fn not_one_request() -> String {
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes".into()
}

/// The rule for the number of requests of one table.
pub(crate) fn requests_of_a_table(max: usize) -> String {
    let (most, least) = (shape::length_at_most(max), shape::length_at_least(1));
    format!("Map value must satisfy constraint: [{most}, {least}]")
}
