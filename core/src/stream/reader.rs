//! Reading a shard: where an iterator starts, and what a page holds (facts A5, A6).

use super::{Position, Shard, Stream};
use crate::api::message::table as text;
use crate::api::{Error, ErrorCode, Result, ShardIteratorType};
use crate::clock::{Millis, millis};
use crate::limits::{RECORDS_PAGE_MAX_BYTES, RETENTION};
use crate::store::{LogRecord, Sequence, Store};

/// Records created at or before this moment are trimmed.
fn horizon(now: Millis) -> Millis {
    now.saturating_sub(millis(RETENTION))
}

/// The position a new iterator starts at.
///
/// # Errors
/// `TrimmedDataAccessException` for a sequence number older than what is kept.
pub(crate) fn resolve(
    store: &dyn Store,
    shard: &Shard,
    kind: ShardIteratorType,
    sequence: Option<Sequence>,
    now: Millis,
) -> Result<Position> {
    let bounds = store.bounds(shard.log, horizon(now))?;
    let position = match (kind, sequence) {
        (ShardIteratorType::AtSequenceNumber, Some(sequence)) => Position::At(sequence),
        (ShardIteratorType::AfterSequenceNumber, Some(sequence)) => Position::After(sequence),
        (ShardIteratorType::Latest, _) => Position::After(bounds.last.unwrap_or(shard.start)),
        // TRIM_HORIZON; the caller has refused the other types without a number.
        _ => Position::After(bounds.trimmed.unwrap_or(shard.start)),
    };
    check(position, bounds.trimmed)?;
    Ok(position)
}

fn check(position: Position, trimmed: Option<Sequence>) -> Result<()> {
    if position.is_beyond(trimmed) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::TrimmedDataAccess, text::trimmed()))
}

/// A page of records.
#[derive(Debug)]
pub(crate) struct ReadPage {
    pub(crate) records: Vec<LogRecord>,
    /// Where to go on; none at the end of a closed shard.
    pub(crate) next: Option<Position>,
}

/// Reads a page: at most `limit` records and 1 MB, but at least one record if there is one.
///
/// # Errors
/// `TrimmedDataAccessException` when trimming has overtaken the position.
pub(crate) fn read(
    store: &dyn Store,
    stream: &Stream,
    shard: &Shard,
    from: Position,
    limit: usize,
    now: Millis,
) -> Result<ReadPage> {
    check(from, store.bounds(shard.log, horizon(now))?.trimmed)?;
    // The end is looked up before the records: a shard seen closed has all its records.
    let end = shard.end();
    let (mut count, mut bytes, mut stopped) = (0, 0, false);
    let records = store.records(shard.log, from.bound(), &mut |record| {
        let size = stream.size_bytes(record);
        stopped = count == limit || (count > 0 && bytes + size > RECORDS_PAGE_MAX_BYTES);
        count += 1;
        bytes += size;
        !stopped
    })?;
    let position = records.last().map_or(from, |record| Position::After(record.sequence));
    let next = if end.is_some() && !stopped { None } else { Some(position) };
    Ok(ReadPage { records, next })
}
