//! What the options of opening mean for an engine.

use std::path::PathBuf;
use std::sync::Arc;

use crate::api::Result;
use crate::bucket::BucketRoot;
use crate::clock::millis;
use crate::engine::{Choices, ClockOption, Engine, EngineOptions};
use crate::options::{ClockMode, OpenOptions};
use crate::registry;
use crate::store::Store;
use crate::stream::PlaceOption;
use crate::table::SplitRule;

/// The engine over a store, opened as the options say.
///
/// # Errors
/// As [`Engine::load`].
pub(super) fn engine(store: Arc<dyn Store>, options: &OpenOptions) -> Result<Engine> {
    let clock = match options.clock {
        ClockMode::System => ClockOption::System,
        ClockMode::Manual => ClockOption::Manual(options.now),
    };
    on_clock(store, options, clock)
}

/// As [`engine`], with another clock than the options name.
pub(super) fn on_clock(store: Arc<dyn Store>, options: &OpenOptions, clock: ClockOption) -> Result<Engine> {
    let choices = Choices {
        partitions: options.partitions as usize,
        control_plane_delay: millis(options.control_plane_delay),
        shard_rollover: Some(millis(options.shard_rollover)).filter(|age| *age > 0),
        rollover_jitter: millis(options.shard_rollover_jitter),
        split: SplitRule {
            bytes: options.split_bytes,
            write_units: options.split_write_units,
            read_units: options.split_read_units,
            after: millis(options.split_after),
        },
        reader_limits: options.reader_limits,
        metrics: options.metrics,
        call_trace: usize::try_from(options.call_trace).expect("its range is checked"),
        stream_retention: millis(options.stream_retention),
        expiry_delay: millis(options.lateness()),
        throttling: options.throttling,
        index_delay: millis(options.index_delay),
        item_collection_limit: options.item_collection_limit,
        buckets: BucketRoot::new(options.buckets.as_ref().map(PathBuf::from)),
        operation_named: |name| registry::operation(name).map(|operation| operation.name),
    };
    let place = PlaceOption {
        region: options.region.clone(),
        account: options.account.clone(),
        default_region: options.default_region.clone(),
    };
    Engine::load(store, EngineOptions { clock, seed: options.seed, place }, choices)
}
