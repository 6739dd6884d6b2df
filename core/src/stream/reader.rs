//! Reading a shard: where an iterator starts, and what a page holds (facts A5, A6).

use super::{Position, Shard, Stream};
use crate::api::message::table as text;
use crate::api::{Error, ErrorCode, Result};
use crate::clock::Millis;
use crate::limits::RECORDS_PAGE_MAX_BYTES;
use crate::store::{LogRecord, Sequence, Session};

/// Where a new iterator is to start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Start {
    /// At a record.
    At(Sequence),
    /// After a record.
    After(Sequence),
    /// After the newest record.
    Latest,
    /// At the oldest record.
    TrimHorizon,
    /// At the first record whose time, in the whole seconds that readers see, is this moment or later.
    Moment(Millis),
}

/// The position of a new iterator.
///
/// # Errors
/// `TrimmedDataAccessException` for a sequence number older than what is kept.
pub(crate) fn resolve(store: &Session<'_>, shard: &Shard, start: Start, now: Millis) -> Result<Position> {
    let bounds = store.bounds(shard.log, shard.horizon(now))?;
    let oldest = bounds.trimmed.unwrap_or(shard.start);
    let position = match start {
        Start::At(sequence) => Position::At(sequence),
        Start::After(sequence) => Position::After(sequence),
        Start::Latest => Position::After(bounds.last.unwrap_or(shard.start)),
        Start::TrimHorizon => Position::After(oldest),
        Start::Moment(moment) => {
            let before = store.newest_before(shard.log, moment.div_ceil(1000) * 1000)?;
            Position::After(before.map_or(oldest, |before| before.max(oldest)))
        }
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
    /// Their summed `SizeBytes`.
    pub(crate) bytes: usize,
    /// Where to go on; none at the end of a closed shard.
    pub(crate) next: Option<Position>,
}

/// Reads a page: at most `limit` records and 1 MB, but at least one record if there is one.
///
/// # Errors
/// `TrimmedDataAccessException` when trimming has overtaken the position.
pub(crate) fn read(
    store: &Session<'_>,
    stream: &Stream,
    shard: &Shard,
    from: Position,
    limit: usize,
    now: Millis,
) -> Result<ReadPage> {
    let before = store.bounds(shard.log, shard.horizon(now))?;
    check(from, before.trimmed)?;
    // The end is looked up before the records: a shard seen closed has all its records.
    let end = shard.end();
    let (mut count, mut bytes, mut stopped) = (0, 0, false);
    let records = store.records(shard.log, from.bound(), shard.retention, &mut |record| {
        let size = stream.size_bytes(record);
        stopped = count == limit || (count > 0 && bytes + size > RECORDS_PAGE_MAX_BYTES);
        count += 1;
        bytes += if stopped { 0 } else { size };
        !stopped
    })?;
    // Trimming may have passed while they were read, and the store skips what it has given back.
    let after = store.bounds(shard.log, 0)?;
    let is_forgotten = before.last.is_some() && after.last.is_none();
    check(from, if is_forgotten { before.last } else { after.trimmed })?;
    let position = records.last().map_or(from, |record| Position::After(record.sequence));
    let next = if end.is_some() && !stopped { None } else { Some(position) };
    Ok(ReadPage { records, bytes, next })
}
