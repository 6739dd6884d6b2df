//! What is counted: the metrics of event source mappings under the service's names, and how far behind each shard is.

use std::sync::Arc;

use serde::Serialize;

use super::SequenceNumber;

/// Counts since the consumer was opened. Each is a number of records if nothing else is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Counts {
    /// Read.
    pub polled_event_count: u64,
    /// Passed over, because no filter matches them.
    pub filtered_out_event_count: u64,
    /// Handed to the function, counted again at every attempt.
    pub invoked_event_count: u64,
    /// In invocations that failed; where the function reported some, those that come again.
    pub failed_invoke_event_count: u64,
    /// Given up, because they failed too often or grew too old, without a destination that has taken the record of it.
    pub dropped_event_count: u64,
    /// Given up, and reported to the destination.
    pub on_failure_destination_delivered_event_count: u64,
    /// Writes to the destination that failed.
    pub destination_delivery_failures: u64,
    /// Places where records were trimmed before they were read.
    pub gaps: u64,
    /// How old the last record of a batch was when the function had done with it, milliseconds; of the last batch.
    pub iterator_age: u64,
}

/// How far a consumer is in a shard.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ShardLag {
    /// The shard.
    #[serde(serialize_with = "super::trace::text")]
    pub shard_id: Arc<str>,
    /// The first record that was read and is not settled.
    pub first_unsettled: Option<SequenceNumber>,
    /// Its age, milliseconds; 0 when there is none.
    pub lag: u64,
    /// Records that were read and are not settled.
    pub unsettled: u64,
    /// Invocations that are running.
    pub in_flight: u64,
    /// The most attempts that failed at records which come again.
    pub attempts: u32,
    /// Whether the shard is closed and was read to its end.
    pub has_ended: bool,
    /// Whether the source had no more when it was last asked.
    pub is_caught_up: bool,
}
