//! Records of failures: what a destination is told of records that were given up.

use std::sync::Arc;

use serde::Serialize;

use super::invocation::{Batch, Bounds, Event, WindowCall, seconds};
use super::response::Failing;
use super::source::is_data_stream;
use super::{Settings, SourceRecord};
use crate::clock::label;

/// Why records were given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Condition {
    /// The function failed too often.
    RetryAttemptsExhausted,
    /// They grew too old.
    RecordAgeExceeded,
}

/// Records that were given up, and what their destination is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// Why.
    pub condition: Condition,
    /// The shard that has them.
    pub shard_id: Arc<str>,
    /// The request of the last attempt.
    pub request_id: Arc<str>,
    /// How often the function was invoked with them, 1 at least.
    pub invoke_count: u32,
    /// When they were given up, epoch milliseconds.
    pub at: u64,
    pub(super) unique: String,
    pub(super) failing: Option<Failing>,
    pub(super) batch: Batch,
    pub(super) window: Option<WindowCall>,
    pub(super) settings: Arc<Settings>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    request_context: RequestContext<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_context: Option<ResponseContext<'a>>,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    timestamp: String,
    #[serde(rename = "DDBStreamBatchInfo", skip_serializing_if = "Option::is_none")]
    table_batch_info: Option<BatchInfo<'a>>,
    #[serde(rename = "KinesisBatchInfo", skip_serializing_if = "Option::is_none")]
    data_batch_info: Option<BatchInfo<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_window_info: Option<TimeWindowInfo>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    request_id: &'a str,
    function_arn: &'a str,
    condition: Condition,
    approximate_invoke_count: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseContext<'a> {
    status_code: u16,
    executed_version: &'a str,
    function_error: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchInfo<'a> {
    shard_id: &'a str,
    #[serde(flatten)]
    records: Option<RecordsInfo>,
    stream_arn: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordsInfo {
    start_sequence_number: String,
    end_sequence_number: String,
    approximate_arrival_of_first_record: String,
    approximate_arrival_of_last_record: String,
    batch_size: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TimeWindowInfo {
    window: Bounds,
    is_final_invoke_for_window: bool,
    is_window_terminated_early: bool,
}

impl Failure {
    /// Where the record of the failure goes; nowhere without a destination.
    pub fn destination(&self) -> Option<&str> {
        self.settings.on_failure.as_deref().filter(|arn| !arn.is_empty())
    }

    /// The records that were given up. None when it was the end of a tumbling window.
    pub fn records(&self) -> &[SourceRecord] {
        self.batch.records()
    }

    /// What a queue or a topic is told: JSON, without the records.
    pub fn document(&self) -> String {
        self.written(None)
    }

    /// What a bucket is given: the same with the function's event as `payload`.
    pub fn object(&self) -> String {
        let event = Event {
            records: self.records(),
            shard_id: &self.shard_id,
            source_arn: &self.settings.source_arn,
            window: self.window.as_ref(),
        };
        self.written(Some(serde_json::to_string(&event).expect("an event is plain data")))
    }

    /// The key of that object: `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>`.
    pub fn object_key(&self) -> String {
        let (uuid, shard, at) = (&self.settings.uuid, &self.shard_id, seconds(self.at));
        let (day, time) = (&at[..10], at[..19].replace(':', "."));
        format!("aws/lambda/{uuid}/{shard}/{}/{time}-{}", day.replace('-', "/"), self.unique)
    }

    fn written(&self, payload: Option<String>) -> String {
        let is_data = is_data_stream(&self.settings.source_arn);
        let info = || BatchInfo {
            shard_id: &self.shard_id,
            records: self.records_info(is_data),
            stream_arn: &self.settings.source_arn,
        };
        let document = Document {
            request_context: RequestContext {
                request_id: &self.request_id,
                function_arn: &self.settings.function_arn,
                condition: self.condition,
                approximate_invoke_count: self.invoke_count,
            },
            response_context: self.failing.filter(|how| *how != Failing::TooLarge).map(|how| {
                ResponseContext {
                    status_code: 200,
                    executed_version: &self.settings.executed_version,
                    function_error: how.function_error(),
                }
            }),
            version: "1.0",
            payload,
            timestamp: format!("{}Z", label(self.at)),
            table_batch_info: (!is_data).then(info),
            data_batch_info: is_data.then(info),
            time_window_info: self.window.as_ref().map(|window| TimeWindowInfo {
                window: Bounds::of(window),
                is_final_invoke_for_window: window.is_final,
                is_window_terminated_early: window.is_terminated_early,
            }),
        };
        serde_json::to_string(&document).expect("a document is plain data")
    }

    fn records_info(&self, is_data: bool) -> Option<RecordsInfo> {
        // Streams of tables know whole seconds.
        let time = |at| if is_data { format!("{}Z", label(at)) } else { seconds(at) };
        let (first, last) = (self.records().first()?, self.records().last()?);
        Some(RecordsInfo {
            start_sequence_number: first.sequence_number().to_string(),
            end_sequence_number: last.sequence_number().to_string(),
            approximate_arrival_of_first_record: time(first.created_at()),
            approximate_arrival_of_last_record: time(last.created_at()),
            batch_size: self.records().len(),
        })
    }
}
