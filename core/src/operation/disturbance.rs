//! What faults do to readers of streams: trimmed ahead of them, pages that are empty, repeated or short, children that are listed late.
//!
//! Each answers what it has done in words, and nothing where there was nothing to do.

use super::maintenance;
use crate::api::{DescribeStreamOutput, FaultEffect, GetRecordsOutput, Record, Result};
use crate::clock::Millis;
use crate::engine::{Call, PlannedFault};
use crate::store::{Batch, Removal, Sequence};
use crate::stream::{Position, ShardId, Token};

/// Where an iterator of this database leads, expired or not; none for any other text.
fn place<'a>(call: &Call<'_>, iterator: &'a str) -> Option<(&'a str, Token)> {
    // Before any iterator expires.
    call.iterators.open(iterator, 0).ok()
}

/// The stream and the shard of an iterator of this database.
pub(crate) fn shard_of<'a>(call: &Call<'_>, iterator: &'a str) -> Option<(&'a str, String)> {
    place(call, iterator).map(|(stream, token)| (stream, token.shard.to_string()))
}

/// Moves a manual clock, for a call that is delayed.
///
/// # Errors
/// The store's.
pub(crate) fn pass_time(call: &Call<'_>, by: Millis) -> Result<()> {
    maintenance::advance(call, by)
}

/// Trims what an iterator would read next.
///
/// # Errors
/// The store's.
pub(crate) fn trim_ahead(call: &Call<'_>, fault: &PlannedFault, iterator: &str) -> Result<Option<String>> {
    let now = call.now();
    let Some((arn, token)) = place(call, iterator) else { return Ok(None) };
    let Ok(stream) = call.catalog.stream(arn, now) else { return Ok(None) };
    let Some(shard) = call.catalog.shard(&stream, token.shard, now) else { return Ok(None) };
    let _turn = call.upkeep.lock();
    let last = match fault.records {
        None => call.store.bounds(shard.log, shard.horizon(now))?.last,
        Some(most) => {
            let mut count = 0;
            let records =
                call.store.records(shard.log, token.position.bound(), shard.retention, &mut |_| {
                    count += 1;
                    count <= most
                })?;
            records.last().map(|record| record.sequence)
        }
    };
    let Some(cut) = last.filter(|last| token.position.is_before(*last)) else { return Ok(None) };
    call.store.commit(Batch { removals: vec![Removal::Records(shard.log, cut)], ..Batch::default() })?;
    Ok(Some(format!("trimmed up to {cut}")))
}

/// Changes a page that GetRecords has read with an iterator.
pub(crate) fn change_page(
    call: &Call<'_>,
    fault: &PlannedFault,
    iterator: &str,
    page: &mut GetRecordsOutput,
) -> Option<String> {
    let (arn, token) = place(call, iterator)?;
    let records = page.records.as_mut()?;
    let (kept, position, detail) = match fault.effect {
        FaultEffect::EmptyPage => (0, token.position, format!("{} records kept back", records.len())),
        FaultEffect::RepeatRecords => {
            let count = fault.records.unwrap_or(usize::MAX).min(records.len());
            let again = &records[records.len() - count..];
            (records.len(), at(again.first()?), format!("{count} records to be read again"))
        }
        FaultEffect::HoldBackRecords => {
            let since = call.now().saturating_sub(fault.millis);
            let kept = records.iter().take_while(|record| record.created_at <= since).count();
            (kept, at(records.get(kept)?), format!("{} records kept back", records.len() - kept))
        }
        _ => return None,
    };
    if records.is_empty() {
        return None;
    }
    records.truncate(kept);
    let next = Token { position, issued_at: call.now(), ..token };
    page.next_shard_iterator = Some(call.iterators.seal(arn, &next));
    Some(detail)
}

fn at(record: &Record) -> Position {
    Position::At(Sequence(record.sequence_number))
}

/// Takes the children that are too young to be shown out of an answer of DescribeStream.
pub(crate) fn hide_children(
    call: &Call<'_>,
    fault: &PlannedFault,
    answer: &mut DescribeStreamOutput,
) -> Option<String> {
    let shards = answer.stream_description.as_mut()?.shards.as_mut()?;
    let since = call.now().saturating_sub(fault.millis);
    let before = shards.len();
    shards.retain(|shard| {
        let id: Option<ShardId> = shard.shard_id.as_deref().and_then(|id| id.parse().ok());
        shard.parent_shard_id.is_none() || id.is_none_or(|id| id.created_at <= since)
    });
    let hidden = before - shards.len();
    (hidden > 0).then(|| format!("{hidden} shards hidden"))
}
