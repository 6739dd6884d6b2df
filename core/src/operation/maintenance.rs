//! What is due because of time alone: shards that have grown old, records and names that nobody can read any more.
//!
//! No answer depends on this having run; it opens children for old shards and gives memory back.

use std::sync::Arc;

use super::lineage;
use crate::api::Result;
use crate::clock::{Millis, millis};
use crate::engine::{Call, Engine};
use crate::limits::RETENTION;
use crate::store::{Batch, LogBounds, MetaChange, Removal, Sequence};
use crate::stream::Shard;
use crate::table::{Partition, SpaceState, Table};
use crate::transaction::build_step;

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
///
/// # Errors
/// The store's. The clock then stands at the last moment it reached, and advancing again goes on from there with the same history.
pub(super) fn advance(call: &Call<'_>, by: Millis) -> Result<()> {
    let target = call.now().saturating_add(by);
    // What was due at this moment may not have been done: an earlier advance failed here, or the database was lost in the middle of it.
    maintain(call)?;
    while let Some(due) = next_due(call).filter(|due| *due <= target) {
        call.set_clock(due)?;
        maintain(call)?;
    }
    call.set_clock(target)?;
    maintain(call)?;
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

/// Does what is due now, each thing in a commit of its own.
///
/// # Errors
/// The store's; what was done before stays done.
pub(crate) fn maintain(call: &Call<'_>) -> Result<Maintained> {
    let _turn = call.upkeep.lock();
    let now = call.now();
    let mut done = Maintained { shards_rolled: roll_old_shards(call, now)?, ..Maintained::default() };
    let horizon = now.saturating_sub(millis(RETENTION));
    for stream in call.catalog.all_streams() {
        for shard in stream.all_shards() {
            if stream.is_forgotten(now) || shard.is_forgotten(now) {
                let LogBounds { last, trimmed } = call.store.bounds(shard.log, 0)?;
                let first = trimmed.unwrap_or(shard.start);
                done.records_trimmed += records_between(first, last.unwrap_or(first));
                forget(call, shard.removed_entry(), Some(Removal::Log(shard.log)))?;
                done.shards_removed += 1;
                stream.remove_shard(shard.id);
            } else {
                done.records_trimmed += trim(call, &shard, horizon)?;
            }
        }
        if stream.is_forgotten(now) {
            forget(call, stream.removed_entry(), None)?;
            call.catalog.remove_stream(&stream);
            done.streams_removed += 1;
        }
    }
    build_spaces(call)?;
    let _naming = call.catalog.naming.lock();
    for table in call.catalog.tables().iter().filter(|table| table.is_gone(now)) {
        forget_table(call, table)?;
        done.tables_removed += 1;
    }
    call.store.maintain(now)?;
    Ok(done)
}

/// Brings what is derived from rows up to date, step by step.
fn build_spaces(call: &Call<'_>) -> Result<()> {
    for table in call.catalog.tables() {
        for space in table.spaces().iter() {
            while build_step(call, &table, space)? != SpaceState::Complete {}
        }
    }
    Ok(())
}

/// Forgets a table that is gone. The caller holds the naming lock.
pub(super) fn forget_table(call: &Call<'_>, table: &Table) -> Result<()> {
    forget(call, table.removed_entry(), None)?;
    call.catalog.remove(table);
    Ok(())
}

fn forget(call: &Call<'_>, entry: MetaChange, removal: Option<Removal>) -> Result<()> {
    let removals = removal.into_iter().collect();
    call.commit_catalog(Batch { meta: vec![entry], removals, ..Batch::default() })
}

/// Gives back what is too old to read; returns how many records that were.
fn trim(call: &Call<'_>, shard: &Shard, horizon: Millis) -> Result<usize> {
    let before = call.store.bounds(shard.log, 0)?.trimmed;
    let Some(cut) = call.store.bounds(shard.log, horizon)?.trimmed.filter(|cut| Some(*cut) > before) else {
        return Ok(0);
    };
    let removals = vec![Removal::Records(shard.log, cut)];
    call.store.commit(Batch { removals, ..Batch::default() })?;
    Ok(records_between(before.unwrap_or(shard.start), cut))
}

/// Counters rise by one with each record of a shard, from the one after its start.
fn records_between(after: Sequence, last: Sequence) -> usize {
    usize::try_from(last.counter() - after.counter()).unwrap_or(usize::MAX)
}

/// Replaces open shards that have reached their age (facts A4).
fn roll_old_shards(call: &Call<'_>, now: Millis) -> Result<usize> {
    let Some(age) = call.choices.shard_rollover else { return Ok(0) };
    let mut rolled = 0;
    for table in call.catalog.tables() {
        let _state = table.state.write();
        let is_old = |partition: &Arc<Partition>| {
            partition.state.lock().shard.as_ref().is_some_and(|open| now >= open.shard.opened_at + age)
        };
        let old: Vec<Arc<Partition>> = table.partitions().into_iter().filter(is_old).collect();
        rolled += lineage::roll(call, &old, now)?.len();
    }
    Ok(rolled)
}
