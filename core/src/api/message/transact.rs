//! Texts about transactions (facts B7).

use super::{Problem, shape};

pub(crate) fn canceled<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    let codes: Vec<&str> = codes.collect();
    let codes = codes.join(", ");
    format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]")
}

pub(crate) fn several_on_one_item() -> String {
    "Transaction request cannot include multiple operations on one item".into()
}

pub(crate) fn several_in_one_action() -> String {
    "TransactItems can only contain one of Check, Put, Update or Delete".into()
}

pub(crate) fn no_action() -> Problem {
    let current = "Value '' at 'transactItems' failed to satisfy constraint: TransactWriteRequest should contain Delete or Put or Update or ConditionCheck";
    Problem::Reworded {
        classic: "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
            .into(),
        current: shape::frame(1, current),
    }
}

pub(crate) fn payload_too_large() -> String {
    "Transaction payload size cannot exceed 4 MB".into()
}

pub(crate) fn token_of_another_request() -> String {
    "DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used."
        .into()
}

pub(crate) fn conflict() -> String {
    "Transaction is ongoing for the item".into()
}
