//! Texts about batches (facts B8).

use super::{Problem, shape};

pub(crate) fn request_items_required(operation: &str) -> Problem {
    Problem::Reworded {
        classic: format!("The requestItems parameter is required for {operation}"),
        current: shape::frame(1, &shape::unquoted_violation("RequestItems", &shape::Rule::LengthAtLeast(1))),
    }
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
