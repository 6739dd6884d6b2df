//! What is due of data streams because of time alone: records that are too old, streams that are gone.

use crate::api::Result;
use crate::clock::Millis;
use crate::engine::Call;
use crate::kinesis::DataStream;
use crate::store::{Batch, LogBounds, LogId, Removal};

/// Forgets a stream that is gone, with its shards and their records. The caller holds the naming lock.
pub(crate) fn forget(call: &Call<'_>, stream: &DataStream) -> Result<()> {
    let mut state = stream.state.lock();
    let mut batch = Batch { meta: vec![stream.removed_entry()], ..Batch::default() };
    for shard in state.shards.values() {
        batch.meta.push(shard.removed_entry());
        batch.removals.push(Removal::Log(shard.log));
    }
    call.commit_catalog(batch)?;
    let until = state.change.until;
    state.shards.clear();
    drop(state);
    call.data_streams.remove(stream);
    call.schedule.data_stream_done(stream, until);
    Ok(())
}

/// Gives back the records of a shard that are too old, and the shard itself when it can have none any more; returns how many records that
/// were, and when there may be more.
pub(crate) fn trim(
    call: &Call<'_>,
    stream: &DataStream,
    (index, log): (u32, LogId),
    now: Millis,
) -> Result<(usize, Option<Millis>)> {
    let mut state = stream.state.lock();
    // The shard may be forgotten, or have its records in another log by now.
    let Some(shard) = state.shards.get(&index).filter(|shard| shard.log == log) else { return Ok((0, None)) };
    let LogBounds { trimmed: removed, last, .. } = call.store.bounds(shard.log, 0)?;
    let first = removed.unwrap_or(shard.start).counter();
    let count = |upto: u64| usize::try_from(upto.saturating_sub(first)).unwrap_or(usize::MAX);
    if shard.is_forgotten(now, state.retention) {
        let removals = vec![Removal::Log(shard.log)];
        let records = count(last.unwrap_or(shard.start).counter());
        call.commit_catalog(Batch { meta: vec![shard.removed_entry()], removals, ..Batch::default() })?;
        state.shards.remove(&index);
        return Ok((records, None));
    }
    let bounds = call.store.bounds(shard.log, state.horizon(now))?;
    let mut records = 0;
    let mut oldest_at = bounds.oldest_at;
    if let Some(cut) = bounds.trimmed.filter(|cut| Some(*cut) > removed) {
        let removals = vec![Removal::Records(shard.log, cut)];
        call.store.commit(Batch { removals, ..Batch::default() })?;
        records = count(cut.counter());
        oldest_at = call.store.bounds(shard.log, 0)?.oldest_at;
    }
    // An open shard without records may get one now; a closed one goes when its last record would have.
    let at = oldest_at.or(shard.closes_at).unwrap_or(now).max(now.saturating_sub(state.retention) + 1);
    Ok((records, Some(at + state.retention)))
}
