//! Data streams as the catalog has kept them, and the tables that deliver to them.

use std::sync::Arc;

use crate::api::Result;
use crate::clock::Millis;
use crate::engine::Schedule;
use crate::kinesis::{DataStream, DataStreams, StoredShard, StreamChangeKind};
use crate::store::{LogId, Store, unsound};
use crate::table::Catalog;

/// The data streams with their shards, and the largest id among them.
///
/// # Errors
/// `CorruptionException` for entries that contradict each other; the store's.
pub(super) fn restore(
    store: &dyn Store,
    streams: Vec<(String, String)>,
    shards: Vec<(String, String, LogId)>,
) -> Result<(DataStreams, u64)> {
    let known = DataStreams::default();
    let mut newest_id = 0;
    for (name, text) in streams {
        let stream = DataStream::restore(&name, &text)?;
        newest_id = newest_id.max(stream.id);
        known.add(Arc::new(stream));
    }
    for (name, text, log) in shards {
        let stored = StoredShard::read(&name, &text)?;
        let stream = known
            .holder(&stored.stream)
            .ok_or_else(|| unsound(&name, format_args!("there is no data stream {}", stored.stream)))?;
        let newest = store.bounds(log, 0)?.value.last;
        let shard = stored.shard(&name, log, newest)?;
        newest_id = newest_id.max(log.0);
        let mut state = stream.state.lock();
        if shard.index >= state.next || state.shards.insert(shard.index, shard).is_some() {
            return Err(unsound(&name, "its stream has another shard of its number, or none"));
        }
    }
    Ok((known, newest_id))
}

/// What falls due of them.
pub(super) fn plan(data_streams: &DataStreams, schedule: &Schedule) {
    for stream in data_streams.all() {
        let state = stream.state.lock();
        if state.change.kind == StreamChangeKind::Delete {
            schedule.data_stream_deleted(&stream, state.change.until);
        }
        for shard in state.shards.values() {
            schedule.data_shard_opened(&stream, shard, state.retention);
        }
    }
}

/// Connects tables with the data streams that take their changes.
pub(super) fn deliver(catalog: &Catalog, delay: Millis) {
    for table in catalog.tables() {
        let state = table.state.read();
        let delivery = state.features.destinations.iter().rev().find_map(|destination| {
            let stream = catalog.place.data_stream_name(&destination.arn)?;
            destination.delivery(stream, &table, delay)
        });
        if let Some(delivery) = delivery {
            table.deliver(&Arc::new(delivery));
        }
    }
}
