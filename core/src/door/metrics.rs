//! `Metrics`: what calls came to, counted under the names that Amazon CloudWatch has for it (facts A11).

use std::collections::BTreeMap;
use std::time::Duration;

use parking_lot::Mutex;

use super::{Observation, Observer};
use crate::api::{Error, ErrorCode};
use crate::limits::TABLE_ARN_MAX_CHARS;
use crate::registry::Response;

/// Tables that are counted by name, times the operations on them. More are counted together: nobody's calls take memory without end.
const NAMED_MOST: usize = 10_000;

/// Counts of calls, for a door that is [`Observed`](super::Observed) by it. It counts from when it was made.
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

impl Counts {
    fn add_answer(&mut self, answer: &Response, duration: Duration) {
        self.successful_request_latency.add(duration);
        let count = |count: Option<i32>| u64::try_from(count.unwrap_or(0)).unwrap_or(0);
        match answer {
            Response::Query(page) => self.returned_item_count += count(page.count),
            Response::Scan(page) => self.returned_item_count += count(page.count),
            Response::GetRecords(page) => {
                let records = page.records.iter().flatten();
                self.returned_records_count += records.clone().count() as u64;
                self.returned_bytes += records.map(|record| record.size_bytes() as u64).sum::<u64>();
            }
            _ => {}
        }
    }

    fn add_error(&mut self, error: &Error) {
        *match refusal(error) {
            Refusal::Throttled => &mut self.throttled_requests,
            Refusal::ConditionFailed => &mut self.conditional_check_failed_requests,
            Refusal::Conflict => &mut self.transaction_conflict,
            Refusal::System => &mut self.system_errors,
            Refusal::User => &mut self.user_errors,
        } += 1;
    }
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

impl Metrics {
    /// What was counted so far, in the order of operations and tables.
    pub fn snapshot(&self) -> Vec<(Dimensions, Counts)> {
        self.0.lock().iter().map(|(calls, counts)| (calls.clone(), *counts)).collect()
    }
}

impl Observer for Metrics {
    fn observe(&self, call: &Observation<'_>) {
        let Observation { request, answer, duration } = *call;
        let is_table = |name: &&str| name.len() <= TABLE_ARN_MAX_CHARS;
        let table_name = request.table_name().filter(is_table).map(str::to_owned);
        let mut calls = Dimensions { operation: request.operation(), table_name };
        let mut counted = self.0.lock();
        // A call that is refused may name anything.
        let may_name =
            !answer.is_err_and(|error| refusal(error) == Refusal::User) && counted.len() < NAMED_MOST;
        if !may_name && !counted.contains_key(&calls) {
            calls.table_name = None;
        }
        let counts = counted.entry(calls).or_default();
        match answer {
            Ok(answer) => counts.add_answer(answer, duration),
            Err(error) => counts.add_error(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::super::{Calls, Door, Fault, Faulty, Moment, Observed, Occurrence};
    use super::*;
    use crate::api::CancellationReason;
    use crate::database::Database;
    use crate::options::OpenOptions;
    use crate::registry::Request;

    fn counts(metrics: &Metrics, operation: &str, table: Option<&str>) -> Counts {
        let snapshot = metrics.snapshot();
        let found = snapshot
            .iter()
            .find(|(calls, _)| calls.operation == operation && calls.table_name.as_deref() == table);
        found.unwrap_or_else(|| panic!("{operation} {table:?} in {snapshot:?}")).1
    }

    #[test]
    fn calls_are_counted_by_operation_table_and_outcome() {
        let metrics = Arc::new(Metrics::default());
        let database = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let faulty = Arc::new(Faulty::new(database, 1));
        let door = Observed::new(faulty.clone(), metrics.clone());
        let call = |operation: &str, input: Value| -> Option<Value> {
            let request = Request::from_json(operation, input.to_string().as_bytes()).expect("sound input");
            let answer = door.call(request).ok()?;
            Some(serde_json::from_slice(&answer.to_json().expect("JSON")).expect("JSON"))
        };
        let create = json!({
            "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
        });
        let arn = call("CreateTable", create).expect("new")["TableDescription"]["LatestStreamArn"].clone();
        call("DescribeTable", json!({"TableName": "Orders"})).expect("there");
        for id in ["a", "b"] {
            call("PutItem", json!({"TableName": "Orders", "Item": {"id": {"S": id}}})).expect("room");
        }
        let once = json!({"TableName": "Orders", "Item": {"id": {"S": "a"}}, "ConditionExpression": "attribute_not_exists(id)"});
        assert_eq!(call("PutItem", once), None);
        assert_eq!(call("PutItem", json!({"TableName": "Orders", "Item": {}})), None);
        let of_puts = || Calls::of("PutItem").expect("known");
        let canceled = Error::canceled(vec![CancellationReason::conflict()]);
        for error in [Error::bare(ErrorCode::Throttling), Error::bare(ErrorCode::InternalServer), canceled] {
            faulty.inject(Fault::new(of_puts(), Occurrence::Next(1), error).moment(Moment::Before));
            assert_eq!(call("PutItem", json!({"TableName": "Orders", "Item": {"id": {"S": "c"}}})), None);
        }
        let puts = counts(&metrics, "PutItem", Some("Orders"));
        assert_eq!(puts.successful_request_latency.sample_count, 2);
        let errors = [
            puts.user_errors,
            puts.throttled_requests,
            puts.conditional_check_failed_requests,
            puts.transaction_conflict,
            puts.system_errors,
        ];
        assert_eq!(errors, [1; 5]);
        call("Scan", json!({"TableName": "Orders"})).expect("there");
        assert_eq!(counts(&metrics, "Scan", Some("Orders")).returned_item_count, 2);
        let shards = call("DescribeStream", json!({ "StreamArn": arn })).expect("there");
        let shard = &shards["StreamDescription"]["Shards"][0]["ShardId"];
        let from = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
        let iterator = call("GetShardIterator", from).expect("there")["ShardIterator"].clone();
        call("GetRecords", json!({ "ShardIterator": iterator })).expect("there");
        let read = counts(&metrics, "GetRecords", None);
        assert_eq!((read.returned_records_count, read.returned_bytes), (2, 2 * 3));
    }

    #[test]
    fn names_that_nobody_has_are_not_remembered_without_end() {
        let metrics = Arc::new(Metrics::default());
        let database = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let door = Observed::new(database, metrics.clone());
        let call = |operation: &str, table: String| {
            let input = json!({ "TableName": table }).to_string();
            door.call(Request::from_json(operation, input.as_bytes()).expect("sound input")).is_ok()
        };
        assert!((0..100).all(|n| !call("DescribeTable", format!("Missing{n}"))));
        assert!(!call("DescribeTable", "x".repeat(100_000)));
        assert_eq!(counts(&metrics, "DescribeTable", None).user_errors, 101);
        assert_eq!(metrics.snapshot().len(), 1);
        // Its answer to a name that no table has is an empty list.
        assert!((0..NAMED_MOST + 100).all(|n| call("ListStreams", format!("Missing{n}"))));
        assert!(metrics.snapshot().len() <= NAMED_MOST + 1);
        let together = counts(&metrics, "ListStreams", None).successful_request_latency.sample_count;
        assert!(together >= 100, "{together}");
    }

    #[test]
    fn latencies_have_their_ends() {
        let mut latency = Latency::default();
        [5, 2, 9].iter().for_each(|millis| latency.add(Duration::from_millis(*millis)));
        let expected = [16, 2, 9].map(Duration::from_millis);
        assert_eq!((latency.sample_count, [latency.sum, latency.minimum, latency.maximum]), (3, expected));
    }
}
