//! What calls came to, as Prometheus reads it (`GET /metrics`).

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use streamtable::door::{Counts, Metrics};

/// The type of what is answered.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels = Vec<(&'static str, String)>;

/// A count of calls: its name, what it says, and where it is.
type Count = (&'static str, &'static str, fn(&Counts) -> u64);

const COUNTS: [Count; 9] = [
    ("successful_requests", "Calls that succeeded", |counts| counts.successful_request_latency.sample_count),
    ("user_errors", "Calls refused for what they asked", |counts| counts.user_errors),
    ("system_errors", "Calls that failed for no fault of theirs", |counts| counts.system_errors),
    ("throttled_requests", "Calls refused for being too many", |counts| counts.throttled_requests),
    ("conditional_check_failed_requests", "Calls whose condition was false", |counts| {
        counts.conditional_check_failed_requests
    }),
    ("transaction_conflict", "Calls that met a transaction", |counts| counts.transaction_conflict),
    ("returned_item_count", "Items that Query and Scan answered", |counts| counts.returned_item_count),
    ("returned_records_count", "Records that GetRecords answered", |counts| counts.returned_records_count),
    ("returned_bytes", "Sizes of records that GetRecords answered", |counts| counts.returned_bytes),
];

/// The counts as text.
pub(crate) fn text(metrics: &Metrics) -> String {
    let snapshot: Vec<(Labels, Counts)> = metrics
        .snapshot()
        .into_iter()
        .map(|(calls, counts)| {
            let table = calls.table_name.map(|table| ("table_name", table));
            let labels = [("operation", calls.operation.to_owned())].into_iter().chain(table);
            (labels.collect(), counts)
        })
        .collect();
    let mut registry = Registry::with_prefix("streamtable");
    for (name, help, count) in COUNTS {
        let family = Family::<Labels, Counter>::default();
        for (labels, counts) in snapshot.iter().filter(|(_, counts)| count(counts) > 0) {
            family.get_or_create(labels).inc_by(count(counts));
        }
        registry.register(name, help, family);
    }
    let seconds = Family::<Labels, Counter<f64, AtomicU64>>::default();
    for (labels, counts) in &snapshot {
        seconds.get_or_create(labels).inc_by(counts.successful_request_latency.sum.as_secs_f64());
    }
    registry.register(
        "successful_request_latency_seconds",
        "Time that calls took that succeeded, together",
        seconds,
    );
    let mut text = String::new();
    encode(&mut text, &registry).expect("a text takes whatever is written");
    text
}
