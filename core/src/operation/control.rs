//! The operations that are this store's own: the clock, the shards, the files.

use std::path::Path;
use std::sync::Arc;

use super::counted;
use super::lineage::{self, Succession};
use super::maintenance::{self, Maintained};
use crate::api::message::table as text;
use crate::api::{
    AdvanceClockInput, AdvanceClockOutput, BackupInput, BackupOutput, CompactInput, CompactOutput,
    DescribeClockInput, DescribeClockOutput, Error, ErrorCode, MaintainInput, MaintainOutput, Result,
    RollShardInput, RollShardOutput, ShardSuccession, SplitShardInput, SplitShardOutput, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::store::Compacted;
use crate::stream::ShardId;
use crate::table::{Partition, State, Table};

/// AdvanceClock.
pub(crate) fn advance_clock(
    call: &Call<'_>,
    input: &Valid<'_, AdvanceClockInput>,
) -> Result<AdvanceClockOutput> {
    if !call.clock.is_manual() {
        return Err(Error::validation(text::clock_is_not_manual()));
    }
    // The check has refused negative ones.
    maintenance::advance(call, input.milliseconds.unsigned_abs())?;
    call.watches.call_all();
    Ok(AdvanceClockOutput { now: Some(counted(call.now())) })
}

/// DescribeClock.
pub(crate) fn describe_clock(call: &Call<'_>, _input: &DescribeClockInput) -> Result<DescribeClockOutput> {
    let mode = if call.clock.is_manual() { "manual" } else { "system" };
    Ok(DescribeClockOutput { now: Some(counted(call.now())), mode: Some(mode.to_owned()) })
}

/// Maintain.
pub(crate) fn maintain(call: &Call<'_>, _input: &MaintainInput) -> Result<MaintainOutput> {
    let Maintained {
        shards_rolled,
        partitions_split,
        records_trimmed,
        shards_removed,
        streams_removed,
        tables_removed,
        items_expired,
    } = maintenance::maintain(call)?;
    let count = |n: usize| Some(i64::try_from(n).unwrap_or(i64::MAX));
    Ok(MaintainOutput {
        shards_rolled: count(shards_rolled),
        partitions_split: count(partitions_split),
        records_trimmed: count(records_trimmed),
        shards_removed: count(shards_removed),
        streams_removed: count(streams_removed),
        tables_removed: count(tables_removed),
        items_expired: count(items_expired),
    })
}

/// Backup.
pub(crate) fn backup(call: &Call<'_>, input: &Valid<'_, BackupInput>) -> Result<BackupOutput> {
    let bytes = call.store.backup(Path::new(input.directory))?;
    Ok(BackupOutput { bytes: Some(size(bytes)) })
}

/// Compact.
pub(crate) fn compact(call: &Call<'_>, _input: &CompactInput) -> Result<CompactOutput> {
    let Compacted { before, after } = call.store.compact(call.now())?;
    Ok(CompactOutput { bytes_before: Some(size(before)), bytes_after: Some(size(after)) })
}

fn size(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// SplitShard.
pub(crate) fn split_shard(call: &Call<'_>, input: &Valid<'_, SplitShardInput>) -> Result<SplitShardOutput> {
    let now = call.now();
    let table = table_of(call, input.table_name, now)?;
    // Held to the end: one change of the partitions at a time.
    let state = table.state.write();
    let partition = match &input.shard_id {
        Some(shard) => partition_of(&table, &state, shard, now)?,
        None => {
            table.partitions().into_iter().max_by_key(|p| p.range.span()).expect("a table has partitions")
        }
    };
    if partition.range.span() == 0 {
        return Err(Error::validation(text::partition_not_divisible()));
    }
    let succession = lineage::split(call, &table, &state, &partition, now)?.map(shape);
    let (parent, children) = succession.map_or((None, None), |s| (s.parent_shard_id, s.child_shard_ids));
    let partitions = i32::try_from(table.partitions().len()).unwrap_or(i32::MAX);
    Ok(SplitShardOutput {
        parent_shard_id: parent,
        child_shard_ids: children,
        partition_count: Some(partitions),
    })
}

/// RollShard.
pub(crate) fn roll_shard(call: &Call<'_>, input: &Valid<'_, RollShardInput>) -> Result<RollShardOutput> {
    let now = call.now();
    let table = table_of(call, input.table_name, now)?;
    let state = table.state.write();
    if state.stream.is_none() {
        return Err(Error::validation(text::table_has_no_stream(&table.name)));
    }
    let partitions = match &input.shard_id {
        Some(shard) => vec![partition_of(&table, &state, shard, now)?],
        None => table.partitions(),
    };
    let successions = lineage::roll(call, &partitions, now)?.into_iter().map(shape).collect();
    Ok(RollShardOutput { successions: Some(successions) })
}

/// The table of a name, of its ARN, or of the ARN of its stream, which is on then.
fn table_of(call: &Call<'_>, given: &str, now: Millis) -> Result<Arc<Table>> {
    let stream = given.contains("/stream/").then(|| call.catalog.stream(given, now)).transpose()?;
    if stream.as_ref().is_some_and(|stream| stream.is_off()) {
        return Err(Error::validation(text::stream_is_off(given)));
    }
    let table = call.catalog.for_control(stream.as_ref().map_or(given, |stream| &stream.table), now)?;
    if table.is_usable(now) {
        return Ok(table);
    }
    Err(Error::new(ErrorCode::ResourceNotFound, text::table_not_found(&table.name)))
}

/// The partition whose open shard has this id. The caller holds the table's state.
///
/// # Errors
/// `ValidationException` when the shard is closed, `ResourceNotFoundException` when the table never had it.
fn partition_of(table: &Table, state: &State, shard: &str, now: Millis) -> Result<Arc<Partition>> {
    let id: Option<ShardId> = shard.parse().ok();
    let known = state.stream.as_ref().zip(id).and_then(|(stream, id)| stream.shard(id, now));
    match known {
        Some(known) if known.end().is_none() => Ok(table.partition_of(known.hashes.0)),
        Some(_) => Err(Error::validation(text::shard_not_open(shard))),
        None => {
            Err(Error::new(ErrorCode::ResourceNotFound, text::shard_of_table_not_found(shard, &table.name)))
        }
    }
}

fn shape(succession: Succession) -> ShardSuccession {
    ShardSuccession {
        parent_shard_id: Some(succession.parent.to_string()),
        child_shard_ids: Some(succession.children.iter().map(ToString::to_string).collect()),
    }
}
