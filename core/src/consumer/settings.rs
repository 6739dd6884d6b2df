//! How one event source mapping is set.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::source::is_data_stream;
use crate::api::{Error, Result};
use crate::limits::{
    KINESIS_RETENTION_MAX_HOURS, LAMBDA_BATCH_DEFAULT, LAMBDA_BATCH_MAX_RECORDS, LAMBDA_LANES_MAX,
    LAMBDA_PAYLOAD_MAX_BYTES, LAMBDA_TUMBLING_MAX_SECONDS, RETENTION,
};
use crate::pattern::Filters;

/// How long tumbling windows can be.
const LENGTHS: RangeInclusive<Duration> =
    Duration::from_millis(1)..=Duration::from_secs(LAMBDA_TUMBLING_MAX_SECONDS.unsigned_abs());

/// Where a mapping begins that has no state yet.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Start {
    /// At the oldest record.
    #[default]
    TrimHorizon,
    /// At what is written after the consumer is opened.
    Latest,
    /// At the first record of a moment, epoch milliseconds.
    AtTimestamp(u64),
}

/// How long to wait before an invocation is repeated: `first`, then twice as long each time, up to `most`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct BackOff {
    /// Before the first repetition.
    pub first: Duration,
    /// At most.
    pub most: Duration,
    /// By which part each wait is made longer or shorter by chance, 0 to 1.
    pub jitter: f64,
}

impl Default for BackOff {
    /// 200 ms to 60 s, and up to a tenth more or less.
    fn default() -> BackOff {
        BackOff { first: Duration::from_millis(200), most: Duration::from_secs(60), jitter: 0.1 }
    }
}

/// The settings of one event source mapping. [`Settings::new`] gives Lambda's defaults for streams.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The mapping's identity.
    pub uuid: String,
    /// The stream's ARN.
    pub source_arn: String,
    /// The function's ARN, as it was given: with its qualifier if it has one.
    pub function_arn: String,
    /// What `executedVersion` says in records of failures.
    pub executed_version: String,
    /// Where to begin.
    pub start: Start,
    /// `FilterCriteria`: records that none of them matches are passed over, if there are any. What is matched of a data stream's record is its `data`, read
    /// as JSON.
    pub filters: Filters,
    /// `BatchSize`: at most this many records in an invocation, 1 to 10,000.
    pub batch_size: u32,
    /// `MaximumBatchingWindowInSeconds`: for how long to gather records for an invocation.
    pub batching_window: Duration,
    /// `ParallelizationFactor`: how many invocations of a shard may run at a time, 1 to 10. Those of one item never do.
    pub parallelization_factor: u32,
    /// `BisectBatchOnFunctionError`: whether a batch that failed is split in two.
    pub bisect: bool,
    /// `MaximumRetryAttempts`: how often a batch that failed is tried again; none: until its records are too old.
    pub maximum_retries: Option<u32>,
    /// `MaximumRecordAgeInSeconds`: how old records may be when the function is given them.
    pub maximum_record_age: Option<Duration>,
    /// For how long the source keeps records. What is older counts as trimmed there.
    pub retention: Duration,
    /// `ReportBatchItemFailures`: whether the function's answer names records that failed.
    pub reports_item_failures: bool,
    /// `TumblingWindowInSeconds`: how long the windows are over which the function keeps a state.
    pub tumbling_window: Option<Duration>,
    /// For how long after its end a tumbling window waits for a later record before it is closed without one.
    pub window_grace: Duration,
    /// How many bytes an invocation's event may have, as compact JSON.
    pub payload_max: usize,
    /// `OnFailure`: where records of failures go.
    pub on_failure: Option<String>,
    /// How long to wait before a repetition.
    pub back_off: BackOff,
    /// How often to ask the source while it has nothing more; none: only after [`Consumer::wake`](super::Consumer::wake).
    pub poll_interval: Option<Duration>,
    /// For how many records [`Consumer::explain`](super::Consumer::explain) remembers what became of them.
    pub traced_records: usize,
}

impl Settings {
    /// Lambda's defaults for streams.
    pub fn new(
        uuid: impl Into<String>,
        source_arn: impl Into<String>,
        function_arn: impl Into<String>,
    ) -> Settings {
        let source_arn = source_arn.into();
        let retention = match is_data_stream(&source_arn) {
            // As long as any may keep them: one that keeps them for less has trimmed them itself.
            true => Duration::from_secs(3600 * u64::from(KINESIS_RETENTION_MAX_HOURS.unsigned_abs())),
            false => RETENTION,
        };
        Settings {
            uuid: uuid.into(),
            source_arn,
            function_arn: function_arn.into(),
            executed_version: "$LATEST".into(),
            start: Start::TrimHorizon,
            filters: Filters::default(),
            batch_size: LAMBDA_BATCH_DEFAULT,
            batching_window: Duration::ZERO,
            parallelization_factor: 1,
            bisect: false,
            maximum_retries: None,
            maximum_record_age: None,
            retention,
            reports_item_failures: false,
            tumbling_window: None,
            window_grace: Duration::from_secs(120),
            payload_max: LAMBDA_PAYLOAD_MAX_BYTES,
            on_failure: None,
            back_off: BackOff::default(),
            poll_interval: Some(Duration::from_millis(250)),
            traced_records: 1_000,
        }
    }

    /// What no machine can run. The texts and the order of Lambda's own checks are those of its operations.
    pub(super) fn check(&self) -> Result<()> {
        let refused =
            |what: &str| Err(Error::validation(format!("An event source mapping cannot have {what}")));
        match self {
            s if !(1..=LAMBDA_BATCH_MAX_RECORDS).contains(&s.batch_size.into()) => refused("this BatchSize"),
            s if !(1..=LAMBDA_LANES_MAX).contains(&s.parallelization_factor.into()) => {
                refused("this ParallelizationFactor")
            }
            s if s.tumbling_window.is_some_and(|window| !LENGTHS.contains(&window)) => {
                refused("tumbling windows of this length")
            }
            s if s.tumbling_window.is_some() && !s.filters.is_empty() => {
                refused("filters with tumbling windows")
            }
            s if s.tumbling_window.is_some() && s.parallelization_factor > 1 => {
                refused("a ParallelizationFactor with tumbling windows")
            }
            _ => Ok(()),
        }
    }

    pub(super) fn lanes(&self) -> usize {
        self.parallelization_factor as usize
    }
}
