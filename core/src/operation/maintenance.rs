//! What is due because of time alone: shards that have grown old, records and names that nobody can read any more.
//!
//! No answer depends on this having run; it opens children for old shards and gives memory back. What falls due stands in
//! [`crate::engine::Schedule`], so a moment costs what is due at it.

use std::sync::Arc;

use super::{backup, continuous_backups, data_stream, export, generations, import, lineage, time_to_live};
use crate::api::Result;
use crate::clock::Millis;
use crate::engine::{Call, Step};
use crate::store::{Batch, LogBounds, MetaChange, Removal, Sequence};
use crate::stream::{Shard, Stream};
use crate::table::{Partition, SpaceState, Table};
use crate::transaction::build_step;

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Maintained {
    pub(crate) shards_rolled: usize,
    pub(crate) partitions_split: usize,
    pub(crate) records_trimmed: usize,
    pub(crate) shards_removed: usize,
    pub(crate) streams_removed: usize,
    pub(crate) tables_removed: usize,
    pub(crate) items_expired: usize,
}

/// Moves a manual clock forward, stopping at each moment at which something happens that can be seen, so that time leaves one history whatever
/// the steps.
///
/// # Errors
/// The store's. The clock then stands at the last moment it reached, and advancing again goes on from there with the same history.
pub(super) fn advance(call: &Call<'_>, by: Millis) -> Result<()> {
    let target = call.now().saturating_add(by);
    // What was due at this moment may not have been done: an earlier advance failed here, or the database was lost in the middle of it.
    act(call)?;
    loop {
        // An item that expires takes a number, so generations are counted up to it and no further.
        let stop = call.schedule.next_expiry().unwrap_or(target).clamp(call.now(), target.max(call.now()));
        generations::skip(call, stop)?;
        act(call)?;
        while let Some(due) = call.schedule.next().filter(|due| *due <= stop) {
            call.set_clock(due)?;
            act(call)?;
        }
        if stop >= target {
            break;
        }
    }
    call.set_clock(target)?;
    keep_up(call)?;
    Ok(())
}

/// Does what is due now. The next round of trimming, whose work grows with the number of logs that are written to, and the next compaction
/// come some time after the last.
///
/// # Errors
/// The store's; what was done before stays done.
pub(crate) fn keep_up(call: &Call<'_>) -> Result<Maintained> {
    let mut done = act(call)?;
    let now = call.now();
    if call.schedule.begin_trimming(now) {
        done.records_trimmed += trim_all(call, now)?;
    }
    compact(call, now)?;
    Ok(done)
}

/// Does what is due now, and trims every record that is too old.
///
/// # Errors
/// The store's; what was done before stays done.
pub(super) fn maintain(call: &Call<'_>) -> Result<Maintained> {
    let mut done = act(call)?;
    let now = call.now();
    done.records_trimmed += trim_all(call, now)?;
    compact(call, now)?;
    Ok(done)
}

/// Compacts the store when it is time. No lock is held: a disk works as long as it likes, and nobody waits for it.
fn compact(call: &Call<'_>, now: Millis) -> Result<()> {
    if call.schedule.begin_compaction(now) { call.store.maintain(now) } else { Ok(()) }
}

/// Does what is due now and can be seen, in order and in small steps, each a commit of its own.
fn act(call: &Call<'_>) -> Result<Maintained> {
    let _turn = call.upkeep.lock();
    let now = call.now();
    let mut done = Maintained::default();
    while let Some(step) = call.schedule.due(now) {
        match step {
            Step::Roll(stream, shards) => done.shards_rolled += roll(call, &stream, &shards, now)?,
            Step::Split(table, first, since) => {
                done.partitions_split += usize::from(split(call, &table, first, now)?);
                call.schedule.split_done(&table, first, since);
            }
            Step::ForgetShards(shards) => {
                done.records_trimmed += forget_shards(call, &shards)?;
                done.shards_removed += shards.len();
            }
            Step::ForgetStream(stream) => {
                // A shard that was closed while the stream was being turned off may have been closed a moment later.
                let left: Vec<_> =
                    stream.all_shards().into_iter().map(|shard| (stream.clone(), shard)).collect();
                if !left.is_empty() {
                    done.records_trimmed += forget_shards(call, &left)?;
                    done.shards_removed += left.len();
                }
                forget(call, stream.removed_entry(), None)?;
                call.catalog.remove_stream(&stream);
                call.schedule.stream_done(&stream);
                done.streams_removed += 1;
            }
            Step::ForgetTable(table) => {
                let _naming = call.catalog.naming.lock();
                if call.catalog.holder(&table.name).is_some_and(|holder| holder.id == table.id) {
                    forget_table(call, &table)?;
                    done.tables_removed += 1;
                }
                call.schedule.table_done(&table);
            }
            Step::ForgetTokens(space) => call.forget_tokens(&space)?,
            Step::ForgetDataStream(stream) => {
                let _naming = call.catalog.naming.lock();
                data_stream::forget(call, &stream)?;
                done.streams_removed += 1;
            }
            Step::Build(table, space) => {
                let state = build_step(call, &table, &space)?;
                call.schedule.build_done(&space);
                if state != SpaceState::Complete {
                    // Behind what else is due.
                    call.schedule.space_begun(&table, &space, now);
                } else if space.definition.is_expiry() {
                    call.schedule.expiring(&table, &space, 0);
                }
            }
            Step::Copy(copy) => {
                if !backup::step(call, &copy)? {
                    // Behind what else is due.
                    call.schedule.copy_begun(&copy, now);
                }
            }
            // They say themselves when they are due again.
            Step::Export(export) => drop(export::step(call, &export)?),
            Step::Import(import) => drop(import::step(call, &import)?),
            Step::Period(table) => continuous_backups::begin_period(call, &table, now)?,
            Step::ForgetBackup(backup) => backup::expire(call, &backup, now)?,
            Step::Expire(table, space, since) => {
                done.items_expired += time_to_live::expire(call, &table, &space, since)?;
            }
        }
    }
    Ok(done)
}

/// Replaces open shards that have reached their age (facts A4).
fn roll(call: &Call<'_>, stream: &Arc<Stream>, shards: &[Arc<Shard>], now: Millis) -> Result<usize> {
    let mut rolled = 0;
    if let Some(table) = call.catalog.holder(&stream.table) {
        let _state = table.state.write();
        let writes_to = |partition: &Partition, shard: &Shard| {
            partition.state.lock().shard.as_ref().is_some_and(|open| open.shard.log == shard.log)
        };
        let mut partitions: Vec<Arc<Partition>> = shards
            .iter()
            .map(|shard| (table.partition_of(shard.hashes.0), shard))
            .filter(|(partition, shard)| writes_to(partition, shard))
            .map(|(partition, _)| partition)
            .collect();
        partitions.sort_unstable_by_key(|partition| partition.range.first);
        rolled = lineage::roll(call, &partitions, now)?.len();
    }
    // Another thread may have replaced some of them, or ended the stream, since they were found due.
    shards.iter().for_each(|shard| call.schedule.roll_done(shard));
    Ok(rolled)
}

/// Splits the partition that begins with a hash, unless it is gone, or so narrow that there is nothing to split; says whether it did.
fn split(call: &Call<'_>, table: &Arc<Table>, first: u64, now: Millis) -> Result<bool> {
    let state = table.state.write();
    let partition = table.partition_of(first);
    let is_there = table.loads.is_due(first) && !partition.state.lock().retired;
    if !is_there || partition.range.span() == 0 {
        return Ok(false);
    }
    lineage::split(call, table, &state, &partition, now)?;
    Ok(true)
}

/// Forgets shards with their records; returns how many records that were.
fn forget_shards(call: &Call<'_>, shards: &[(Arc<Stream>, Arc<Shard>)]) -> Result<usize> {
    let mut batch = Batch::default();
    let mut records = 0;
    for (_, shard) in shards {
        let LogBounds { last, trimmed, .. } = call.store.bounds(shard.log, 0)?;
        let first = trimmed.unwrap_or(shard.start);
        records += records_between(first, last.unwrap_or(first));
        batch.meta.push(shard.removed_entry());
        batch.removals.push(Removal::Log(shard.log));
    }
    call.commit_catalog(batch)?;
    for (stream, shard) in shards {
        stream.remove_shard(shard.id);
        call.schedule.shard_done(shard);
    }
    Ok(records)
}

/// Forgets a table that is gone. The caller holds the naming lock.
pub(super) fn forget_table(call: &Call<'_>, table: &Table) -> Result<()> {
    forget(call, table.removed_entry(), None)?;
    call.catalog.remove(table);
    call.schedule.table_done(table);
    Ok(())
}

fn forget(call: &Call<'_>, entry: MetaChange, removal: Option<Removal>) -> Result<()> {
    let removals = removal.into_iter().collect();
    call.commit_catalog(Batch { meta: vec![entry], removals, ..Batch::default() })
}

/// Gives back all records that are too old to read; returns how many that were.
fn trim_all(call: &Call<'_>, now: Millis) -> Result<usize> {
    let _turn = call.upkeep.lock();
    let mut records = 0;
    while let Some((at, shard)) = call.schedule.take_trim(now) {
        match trim(call, &shard, now) {
            Ok((trimmed, next)) => {
                records += trimmed;
                if let Some(next) = next {
                    call.schedule.trim_at(shard, next);
                }
            }
            Err(error) => {
                call.schedule.trim_at(shard, at);
                return Err(error);
            }
        }
    }
    while let Some((at, log, stream, shard)) = call.schedule.take_data_trim(now) {
        match data_stream::trim(call, &stream, (shard, log), now) {
            Ok((trimmed, next)) => {
                records += trimmed;
                if let Some(next) = next {
                    call.schedule.data_trim_at(&stream, shard, log, next);
                }
            }
            Err(error) => {
                call.schedule.data_trim_at(&stream, shard, log, at);
                return Err(error);
            }
        }
    }
    Ok(records)
}

/// Gives back the records of a shard that are too old; returns how many, and when the next one is.
fn trim(call: &Call<'_>, shard: &Shard, now: Millis) -> Result<(usize, Option<Millis>)> {
    let LogBounds { trimmed, .. } = call.store.bounds(shard.log, 0)?;
    let bounds = call.store.bounds(shard.log, shard.horizon(now))?;
    let mut oldest_at = bounds.oldest_at;
    let mut records = 0;
    if let Some(cut) = bounds.trimmed.filter(|cut| Some(*cut) > trimmed) {
        let removals = vec![Removal::Records(shard.log, cut)];
        call.store.commit(Batch { removals, ..Batch::default() })?;
        records = records_between(trimmed.unwrap_or(shard.start), cut);
        oldest_at = call.store.bounds(shard.log, 0)?.oldest_at;
    }
    // A closed shard without records gets no more; the first one of an open shard is not written before now.
    let oldest_at = oldest_at.or_else(|| shard.end().is_none().then_some(now));
    Ok((records, oldest_at.map(|at| at + shard.retention)))
}

/// Counters rise by one with each record of a shard, from the one after its start.
fn records_between(after: Sequence, last: Sequence) -> usize {
    usize::try_from(last.counter() - after.counter()).unwrap_or(usize::MAX)
}
