//! `Metrics`: what calls came to, counted under the names that Amazon CloudWatch has for it (facts A11).

use std::collections::BTreeMap;
use std::time::Duration;

use parking_lot::Mutex;

use crate::api::{Error, ErrorCode};
use crate::limits::TABLE_ARN_MAX_CHARS;

/// Tables that are counted by name, times the operations on them. More are counted together: nobody's calls take memory without end.
pub(crate) const NAMED_MOST: usize = 10_000;

/// Counts of calls. A door that is [`Observed`](crate::door::Observed) by it counts from when it was made, a database that is opened with the
/// option `metrics` counts by itself.
///
/// ```
/// use std::sync::Arc;
/// use streamtable::api::ListTablesInput;
/// use streamtable::door::{Metrics, Observed, ask};
/// use streamtable::{Database, OpenOptions};
///
/// let metrics = Arc::new(Metrics::default());
/// let door = Observed::new(Database::memory(OpenOptions::deterministic())?, metrics.clone());
/// ask(&door, ListTablesInput::default())?;
/// let (calls, counts) = metrics.snapshot().remove(0);
/// assert_eq!((calls.operation, counts.successful_request_latency.sample_count), ("ListTables", 1));
/// # Ok::<(), streamtable::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Metrics(Mutex<BTreeMap<Dimensions, Counts>>);

/// Which calls are counted together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub struct Dimensions {
    /// The operation.
    pub operation: &'static str,
    /// The table that they name, by name or ARN as they do; none for calls that name several, or none, as GetRecords, for calls that were refused
    /// for what they asked where none before them was answered, and for those beyond 10,000 pairs of an operation and a table.
    pub table_name: Option<String>,
}

/// What calls came to.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
#[non_exhaustive]
pub struct Counts {
    /// How long those took that succeeded.
    pub successful_request_latency: Latency,
    /// Calls refused for what they asked, but for those that the next three count.
    pub user_errors: u64,
    /// Calls refused for being too many.
    pub throttled_requests: u64,
    /// Calls whose condition was false, also in a transaction.
    pub conditional_check_failed_requests: u64,
    /// Calls that met a transaction.
    pub transaction_conflict: u64,
    /// Calls that failed for no fault of theirs.
    pub system_errors: u64,
    /// Items that Query and Scan answered.
    pub returned_item_count: u64,
    /// Records that GetRecords answered.
    pub returned_records_count: u64,
    /// Their sizes, `SizeBytes`.
    pub returned_bytes: u64,
}

/// Durations of calls, on the clock of the door.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Latency {
    /// How many.
    pub sample_count: u64,
    /// All together.
    pub sum: Duration,
    /// The shortest; zero without any.
    pub minimum: Duration,
    /// The longest.
    pub maximum: Duration,
}

impl Latency {
    fn add(&mut self, duration: Duration) {
        self.minimum = if self.sample_count == 0 { duration } else { self.minimum.min(duration) };
        self.maximum = self.maximum.max(duration);
        self.sum += duration;
        self.sample_count += 1;
    }
}

/// What the answer of a call has in it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Contents {
    pub(crate) items: u64,
    pub(crate) records: u64,
    /// The sizes of the records.
    pub(crate) bytes: u64,
}

/// What an error is counted as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Refusal {
    Throttled,
    ConditionFailed,
    Conflict,
    System,
    User,
}

fn refusal(error: &Error) -> Refusal {
    let reasons = error.cancellation_reasons();
    let has = |code: &str| reasons.iter().any(|reason| reason.code == code);
    match error.code() {
        ErrorCode::ProvisionedThroughputExceeded | ErrorCode::Throttling => Refusal::Throttled,
        ErrorCode::ConditionalCheckFailed => Refusal::ConditionFailed,
        ErrorCode::TransactionConflict => Refusal::Conflict,
        ErrorCode::TransactionCanceled if has("TransactionConflict") => Refusal::Conflict,
        ErrorCode::TransactionCanceled if has("ConditionalCheckFailed") => Refusal::ConditionFailed,
        code if code.status() >= 500 => Refusal::System,
        _ => Refusal::User,
    }
}

impl Counts {
    fn add(&mut self, answer: Result<Contents, &Error>, duration: Duration) {
        let error = match answer {
            Ok(contents) => {
                self.successful_request_latency.add(duration);
                self.returned_item_count += contents.items;
                self.returned_records_count += contents.records;
                self.returned_bytes += contents.bytes;
                return;
            }
            Err(error) => error,
        };
        *match refusal(error) {
            Refusal::Throttled => &mut self.throttled_requests,
            Refusal::ConditionFailed => &mut self.conditional_check_failed_requests,
            Refusal::Conflict => &mut self.transaction_conflict,
            Refusal::System => &mut self.system_errors,
            Refusal::User => &mut self.user_errors,
        } += 1;
    }
}

impl Metrics {
    /// What was counted so far, in the order of operations and tables.
    pub fn snapshot(&self) -> Vec<(Dimensions, Counts)> {
        self.0.lock().iter().map(|(calls, counts)| (calls.clone(), *counts)).collect()
    }

    /// Counts a call.
    pub(crate) fn add(
        &self,
        operation: &'static str,
        table: Option<&str>,
        answer: Result<Contents, &Error>,
        duration: Duration,
    ) {
        let is_table = |name: &&str| name.len() <= TABLE_ARN_MAX_CHARS;
        let mut calls = Dimensions { operation, table_name: table.filter(is_table).map(str::to_owned) };
        let mut counted = self.0.lock();
        // A call that is refused may name anything.
        let may_name =
            !answer.is_err_and(|error| refusal(error) == Refusal::User) && counted.len() < NAMED_MOST;
        if !may_name && !counted.contains_key(&calls) {
            calls.table_name = None;
        }
        counted.entry(calls).or_default().add(answer, duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_have_their_ends() {
        let mut latency = Latency::default();
        [5, 2, 9].iter().for_each(|millis| latency.add(Duration::from_millis(*millis)));
        let expected = [16, 2, 9].map(Duration::from_millis);
        assert_eq!((latency.sample_count, [latency.sum, latency.minimum, latency.maximum]), (3, expected));
    }
}
