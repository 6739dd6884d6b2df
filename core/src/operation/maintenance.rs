//! What is due because of time alone: shards that have grown old, records and names that nobody can read any more.
//!
//! No answer depends on this having run; it opens children for old shards and gives memory back.

use super::lineage;
use crate::api::Result;
use crate::clock::{Millis, millis};
use crate::engine::Engine;
use crate::limits::RETENTION;

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Maintained {
    pub(crate) shards_rolled: usize,
    pub(crate) records_trimmed: usize,
    pub(crate) shards_removed: usize,
    pub(crate) streams_removed: usize,
    pub(crate) tables_removed: usize,
}

/// Moves a manual clock forward, stopping at each due moment on the way, so that time leaves one history whatever the steps.
pub(super) fn advance(engine: &Engine, by: Millis) -> Result<()> {
    let target = engine.now().saturating_add(by);
    while let Some(due) = next_due(engine).filter(|due| *due <= target) {
        engine.clock.set(due);
        maintain(engine)?;
    }
    engine.clock.set(target);
    maintain(engine)?;
    Ok(())
}

/// The next moment at which [`maintain`] has something to do beyond giving back records.
pub(crate) fn next_due(engine: &Engine) -> Option<Millis> {
    let now = engine.now();
    let rollover = engine.choices.shard_rollover;
    let streams = engine.catalog.all_streams();
    let of_streams = streams.iter().filter_map(|stream| stream.forgotten_at());
    let of_shards = streams
        .iter()
        .flat_map(|stream| stream.all_shards())
        .filter_map(|shard| shard.forgotten_at().or_else(|| rollover.map(|age| shard.opened_at + age)));
    let tables = engine.catalog.tables();
    let of_tables = tables.iter().filter_map(|table| table.state.read().change.map(|change| change.until));
    of_streams.chain(of_shards).chain(of_tables).filter(|due| *due > now).min()
}

/// Does what is due now.
pub(crate) fn maintain(engine: &Engine) -> Result<Maintained> {
    let now = engine.now();
    let mut done = Maintained { shards_rolled: roll_old_shards(engine, now), ..Maintained::default() };
    let horizon = now.saturating_sub(millis(RETENTION));
    for stream in engine.catalog.all_streams() {
        for shard in stream.all_shards() {
            if stream.is_forgotten(now) || shard.is_forgotten(now) {
                done.records_trimmed += engine.store.remove_log(shard.log)?;
                done.shards_removed += 1;
                stream.remove_shard(shard.id);
            } else {
                done.records_trimmed += engine.store.trim(shard.log, horizon)?;
            }
        }
        if stream.is_forgotten(now) {
            engine.catalog.remove_stream(&stream);
            done.streams_removed += 1;
        }
    }
    done.tables_removed = engine.catalog.remove_gone(now);
    Ok(done)
}

/// Replaces open shards that have reached their age (facts A4).
fn roll_old_shards(engine: &Engine, now: Millis) -> usize {
    let Some(age) = engine.choices.shard_rollover else { return 0 };
    let mut rolled = 0;
    for table in engine.catalog.tables() {
        let _state = table.state.write();
        for partition in table.partitions() {
            let is_old =
                partition.state.lock().shard.as_ref().is_some_and(|open| now >= open.shard.opened_at + age);
            if is_old && lineage::roll(engine, &partition, now).is_some() {
                rolled += 1;
            }
        }
    }
    rolled
}
