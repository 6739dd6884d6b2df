//! What an outcome means for the records: which of them are done.

use serde_json::{Map, Value};

use super::invocation::{Outcome, Response};
use super::{SequenceNumber, Settings, SourceRecord};

/// `LastProcessingResult` after all was well.
pub(super) const OK: &str = "OK";
pub(super) const CALL_FAILED: &str = "PROBLEM: Function call failed";
const INVALID_NUMBER: &str =
    "PROBLEM: Sequence number in function response is invalid. Please check function implementation.";

/// What became of the records of an invocation.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// All are done. In a tumbling window with its new state.
    Done(Option<Map<String, Value>>),
    /// Those before this one are done; it and those after it are not.
    Reported(usize, Option<Map<String, Value>>),
    /// None is.
    Failed(Failing),
    /// The function was not reached.
    NotInvoked(String),
}

/// How an invocation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failing {
    /// The function has thrown.
    Thrown,
    /// The function has not answered in time.
    TimedOut,
    /// The function's answer names records that it was not given, or is none at all.
    Response,
    /// The function's answer names the first record.
    NoProgress,
    /// The function's answer has no state for the window.
    NoState,
    /// The event is too large to be sent.
    TooLarge,
    /// The function's writes could not be kept.
    Writes,
}

impl Failing {
    /// The word for it in a trace.
    pub(super) fn name(self) -> &'static str {
        match self {
            Failing::Thrown => "thrown",
            Failing::TimedOut => "timed_out",
            Failing::Response => "response",
            Failing::NoProgress => "no_progress",
            Failing::NoState => "no_state",
            Failing::TooLarge => "too_large",
            Failing::Writes => "writes",
        }
    }

    /// `functionError` of a record of a failure; none where the function has answered.
    pub(super) fn function_error(self) -> Option<&'static str> {
        match self {
            Failing::Thrown | Failing::TimedOut | Failing::Writes => Some("Unhandled"),
            Failing::Response | Failing::NoProgress | Failing::NoState | Failing::TooLarge => None,
        }
    }

    /// `LastProcessingResult`.
    pub(super) fn result(self) -> &'static str {
        match self {
            Failing::Response => INVALID_NUMBER,
            Failing::NoProgress => OK,
            Failing::Thrown | Failing::TimedOut | Failing::NoState | Failing::TooLarge | Failing::Writes => {
                CALL_FAILED
            }
        }
    }
}

/// What an outcome means. `keeps_state` where records of a tumbling window were given, for which the answer has a state.
pub(super) fn judge(
    outcome: Outcome,
    records: &[SourceRecord],
    keeps_state: bool,
    settings: &Settings,
) -> Verdict {
    let response = match outcome {
        Outcome::Success(response) => response,
        Outcome::Error => return Verdict::Failed(Failing::Thrown),
        Outcome::TimedOut => return Verdict::Failed(Failing::TimedOut),
        Outcome::NotInvoked { reason } => return Verdict::NotInvoked(reason),
    };
    let reported =
        if settings.reports_item_failures { reported(&response, records) } else { Reported::Nothing };
    let state = match (keeps_state, response) {
        (false, _) => None,
        (true, Response::Value(Value::Object(mut members))) => match members.remove("state") {
            Some(Value::Object(state)) => Some(state),
            _ => return Verdict::Failed(Failing::NoState),
        },
        (true, _) => return Verdict::Failed(Failing::NoState),
    };
    match reported {
        Reported::Nothing => Verdict::Done(state),
        // No record was got past: an attempt like any other that failed.
        Reported::From(0) => Verdict::Failed(Failing::NoProgress),
        Reported::From(at) => Verdict::Reported(at, state),
        Reported::Invalid => Verdict::Failed(Failing::Response),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Reported {
    Nothing,
    /// The records from this one on.
    From(usize),
    Invalid,
}

/// Which records an answer reports as failed. An answer that has no such member reports none; one that has an identifier of no record is invalid
/// as a whole.
fn reported(response: &Response, records: &[SourceRecord]) -> Reported {
    let value = match response {
        Response::Nothing => return Reported::Nothing,
        Response::Unreadable => return Reported::Invalid,
        Response::Value(value) => value,
    };
    let items = match value {
        Value::Null => return Reported::Nothing,
        Value::String(text) if text.is_empty() => return Reported::Nothing,
        Value::Array(items) if items.is_empty() => return Reported::Nothing,
        Value::Object(members) => match members.get("batchItemFailures") {
            None | Some(Value::Null) => return Reported::Nothing,
            Some(Value::Array(items)) => items,
            Some(_) => return Reported::Invalid,
        },
        _ => return Reported::Invalid,
    };
    let mut lowest = None;
    for item in items {
        let identifier = item.get("itemIdentifier").and_then(Value::as_str);
        let Some(at) = identifier.and_then(|identifier| place(identifier, records)) else {
            return Reported::Invalid;
        };
        lowest = Some(lowest.map_or(at, |lowest: usize| lowest.min(at)));
    }
    lowest.map_or(Reported::Nothing, Reported::From)
}

fn place(identifier: &str, records: &[SourceRecord]) -> Option<usize> {
    let number: SequenceNumber = identifier.parse().ok()?;
    records.binary_search_by_key(&number, SourceRecord::sequence_number).ok()
}
