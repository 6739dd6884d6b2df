//! CreateStream, DeleteStream, UpdateStreamMode, IncreaseStreamRetentionPeriod, DecreaseStreamRetentionPeriod.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::{change, forget, invalid, lock_active, named, not_found, stream_of, tags};
use crate::api::message::kinesis as text;
use crate::api::{
    Enumeration, Error, ErrorCode, KinesisCreateStreamInput, KinesisCreateStreamOutput,
    KinesisDecreaseStreamRetentionPeriodInput, KinesisDecreaseStreamRetentionPeriodOutput,
    KinesisDeleteStreamInput, KinesisDeleteStreamOutput, KinesisIncreaseStreamRetentionPeriodInput,
    KinesisIncreaseStreamRetentionPeriodOutput, KinesisStreamMode, KinesisStreamModeDetails,
    KinesisStreamStatus, KinesisUpdateStreamModeInput, KinesisUpdateStreamModeOutput, Open, Result, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::kinesis::{DataShard, DataStream, HashKeys, StreamChange, StreamChangeKind, StreamState};
use crate::limits::{
    KINESIS_ON_DEMAND_SHARDS, KINESIS_RETENTION_MAX_HOURS, KINESIS_RETENTION_MIN_HOURS, KINESIS_SHARDS_MAX,
};
use crate::store::{Append, Batch, LogRecord, Removal};

const HOUR: Millis = 60 * 60 * 1000;

/// CreateStream.
pub(crate) fn create(
    call: &Call<'_>,
    input: &Valid<'_, KinesisCreateStreamInput>,
) -> Result<KinesisCreateStreamOutput> {
    let now = call.now();
    let mode = mode_of(input.stream_mode_details.as_ref());
    let shards = match (mode, input.shard_count) {
        (KinesisStreamMode::OnDemand, Some(_)) => return Err(invalid(text::count_of_on_demand())),
        (KinesisStreamMode::OnDemand, None) => KINESIS_ON_DEMAND_SHARDS,
        (KinesisStreamMode::Provisioned, None) => return Err(invalid(text::count_needed())),
        // The check has refused those below 1.
        (KinesisStreamMode::Provisioned, Some(count)) => count.unsigned_abs(),
    };
    let kept_tags: BTreeMap<String, String> = input.tags.iter().flatten().map(owned).collect();
    tags::check(&kept_tags)?;
    let _naming = call.catalog.naming.lock();
    if let Some(holder) = call.data_streams.holder(input.stream_name) {
        if !holder.state.lock().is_gone(now) {
            let message = named(call, input.stream_name).exists();
            return Err(Error::new(ErrorCode::ResourceInUse, message));
        }
        forget(call, &holder)?;
    }
    if mode == KinesisStreamMode::Provisioned {
        admit_shards(call, shards as usize, now)?;
    }
    let active_at = now + call.choices.control_plane_delay;
    let mut state = StreamState {
        change: StreamChange { kind: StreamChangeKind::Create, until: active_at },
        mode,
        retention: hours(KINESIS_RETENTION_MIN_HOURS),
        tags: kept_tags,
        shards: BTreeMap::new(),
        next: 0,
    };
    for index in 0..shards {
        state.open(HashKeys::part(index, shards), &[], active_at, call.next_log_id(), call.next_commit());
    }
    let stream = Arc::new(DataStream::new(call.next_table_id().0, input.stream_name.to_owned(), now, state));
    let state = stream.state.lock();
    let mut meta: Vec<_> = state.shards.values().map(|shard| stream.shard_entry(shard)).collect();
    meta.push(stream.entry(&state));
    call.commit_catalog(Batch { meta, ..Batch::default() })?;
    stream.changed.raise(call.store.seen());
    for shard in state.shards.values() {
        call.schedule.data_shard_opened(&stream, shard, state.retention);
    }
    drop(state);
    call.data_streams.add(stream);
    Ok(KinesisCreateStreamOutput {})
}

fn owned((key, value): (&String, &String)) -> (String, String) {
    (key.clone(), value.clone())
}

fn mode_of(details: Option<&KinesisStreamModeDetails>) -> KinesisStreamMode {
    let asked = details.and_then(|details| details.stream_mode.as_ref()).and_then(Open::known);
    asked.unwrap_or(KinesisStreamMode::Provisioned)
}

/// Whether the account may have so many open shards more.
///
/// # Errors
/// `LimitExceededException`.
pub(super) fn admit_shards(call: &Call<'_>, more: usize, now: Millis) -> Result<()> {
    let open = open_shards(call, now);
    if open + more <= KINESIS_SHARDS_MAX {
        return Ok(());
    }
    let place = &call.catalog.place;
    let message = text::too_many_shards(
        (place.account.as_str(), place.region.as_str()),
        open,
        KINESIS_SHARDS_MAX,
        more,
    );
    Err(Error::new(ErrorCode::LimitExceeded, message))
}

/// Open shards of all provisioned streams.
pub(super) fn open_shards(call: &Call<'_>, now: Millis) -> usize {
    call.catalog.saw_all();
    let open = |stream: Arc<DataStream>| {
        let state = stream.state.lock();
        let counts = state.mode == KinesisStreamMode::Provisioned && !state.is_gone(now);
        if counts { state.shards.values().filter(|shard| !shard.is_closed(now)).count() } else { 0 }
    };
    call.data_streams.all().into_iter().map(open).sum()
}

/// DeleteStream.
pub(crate) fn delete(
    call: &Call<'_>,
    input: &Valid<'_, KinesisDeleteStreamInput>,
) -> Result<KinesisDeleteStreamOutput> {
    let stream = stream_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let mut state = stream.state.lock();
    let now = call.now();
    if state.is_gone(now) {
        return Err(not_found(call, &stream.name));
    }
    // A second call finds a stream that is on its way out and leaves it there.
    if state.status(now) != KinesisStreamStatus::Deleting {
        let mut next = state.clone();
        let until = now + call.choices.control_plane_delay;
        next.change = StreamChange { kind: StreamChangeKind::Delete, until };
        change(call, &stream, &mut state, next, Batch::default())?;
        call.schedule.data_stream_deleted(&stream, until);
    }
    Ok(KinesisDeleteStreamOutput {})
}

/// UpdateStreamMode.
pub(crate) fn update_mode(
    call: &Call<'_>,
    input: &Valid<'_, KinesisUpdateStreamModeInput>,
) -> Result<KinesisUpdateStreamModeOutput> {
    let mode = input.stream_mode_details.stream_mode;
    let stream = stream_of(call, None, Some(input.stream_arn))?;
    let mut state = lock_active(call, &stream)?;
    if state.mode == mode {
        return Err(invalid(text::mode_is_set(mode.name())));
    }
    let mut next = state.clone();
    next.mode = mode;
    next.change = updating(call);
    change(call, &stream, &mut state, next, Batch::default())?;
    Ok(KinesisUpdateStreamModeOutput {})
}

/// A change that begins now.
pub(super) fn updating(call: &Call<'_>) -> StreamChange {
    StreamChange { kind: StreamChangeKind::Update, until: call.now() + call.choices.control_plane_delay }
}

/// A whole number of hours.
fn hours(count: i32) -> Millis {
    Millis::from(count.unsigned_abs()) * HOUR
}

/// As requests and answers have it.
pub(super) fn in_hours(retention: Millis) -> i32 {
    i32::try_from(retention / HOUR).unwrap_or(i32::MAX)
}

/// IncreaseStreamRetentionPeriod.
pub(crate) fn increase_retention(
    call: &Call<'_>,
    input: &Valid<'_, KinesisIncreaseStreamRetentionPeriodInput>,
) -> Result<KinesisIncreaseStreamRetentionPeriodOutput> {
    let asked = checked_hours(input.retention_period_hours)?;
    let stream = stream_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let mut state = lock_active(call, &stream)?;
    if hours(asked) < state.retention {
        let message = named(call, &stream.name).retention_shorter(asked, in_hours(state.retention));
        return Err(invalid(message));
    }
    if hours(asked) > state.retention {
        keep_longer(call, &stream, &mut state, hours(asked))?;
    }
    Ok(KinesisIncreaseStreamRetentionPeriodOutput {})
}

/// DecreaseStreamRetentionPeriod.
pub(crate) fn decrease_retention(
    call: &Call<'_>,
    input: &Valid<'_, KinesisDecreaseStreamRetentionPeriodInput>,
) -> Result<KinesisDecreaseStreamRetentionPeriodOutput> {
    let asked = checked_hours(input.retention_period_hours)?;
    let stream = stream_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let mut state = lock_active(call, &stream)?;
    if hours(asked) > state.retention {
        let message = named(call, &stream.name).retention_longer(asked, in_hours(state.retention));
        return Err(invalid(message));
    }
    if hours(asked) < state.retention {
        let mut next = state.clone();
        next.retention = hours(asked);
        next.change = updating(call);
        change(call, &stream, &mut state, next, Batch::default())?;
    }
    Ok(KinesisDecreaseStreamRetentionPeriodOutput {})
}

fn checked_hours(asked: i32) -> Result<i32> {
    match asked {
        _ if asked < KINESIS_RETENTION_MIN_HOURS => {
            Err(invalid(text::retention_too_short(asked, KINESIS_RETENTION_MIN_HOURS)))
        }
        _ if asked > KINESIS_RETENTION_MAX_HOURS => {
            Err(invalid(text::retention_too_long(asked, KINESIS_RETENTION_MAX_HOURS)))
        }
        _ => Ok(asked),
    }
}

/// Keeps the records of a stream longer. A store promises to keep a record as long as it was told when the record came, so those that are
/// there come once more, into new logs, in the commit that makes the change.
fn keep_longer(
    call: &Call<'_>,
    stream: &Arc<DataStream>,
    state: &mut StreamState,
    retention: Millis,
) -> Result<()> {
    let now = call.now();
    let mut next = state.clone();
    next.retention = retention;
    next.change = updating(call);
    let mut batch = Batch::default();
    // What has gone does not come back with the longer time: neither shards nor records.
    let forgotten = |shard: &&DataShard| shard.is_forgotten(now, state.retention);
    let gone: Vec<DataShard> = next.shards.values().filter(forgotten).cloned().collect();
    for shard in gone {
        next.shards.remove(&shard.index);
        batch.meta.push(shard.removed_entry());
        batch.removals.push(Removal::Log(shard.log));
    }
    for shard in next.shards.values_mut() {
        let trimmed = call.store.bounds(shard.log, state.horizon(now))?.trimmed;
        let after = Bound::Excluded(trimmed.unwrap_or(shard.start));
        let kept = call.store.records(shard.log, after, state.retention, &mut |_| true)?;
        if kept.is_empty() {
            batch.removals.extend(trimmed.map(|cut| Removal::Records(shard.log, cut)));
            continue;
        }
        batch.meta.push(shard.removed_entry());
        batch.removals.push(Removal::Log(shard.log));
        shard.log = call.next_log_id();
        let again = |record: LogRecord| Append { log: shard.log, record, retention };
        batch.records.extend(kept.into_iter().map(again));
        batch.meta.push(stream.shard_entry(shard));
    }
    change(call, stream, state, next, batch)?;
    for shard in state.shards.values() {
        call.schedule.data_shard_opened(stream, shard, retention);
    }
    Ok(())
}
