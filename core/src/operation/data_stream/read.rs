//! GetShardIterator, GetRecords.

use super::shards::range_of;
use super::{find, invalid, name_of, named};
use crate::api::message::kinesis as text;
use crate::api::{
    Blob, Enumeration, Error, ErrorCode, KinesisChildShard, KinesisEncryptionType, KinesisGetRecordsInput,
    KinesisGetRecordsOutput, KinesisGetShardIteratorInput, KinesisGetShardIteratorOutput, KinesisRecord,
    Result, ShardIteratorType, Timestamp, Valid,
};
use crate::clock::{Millis, java_date, millis};
use crate::engine::Call;
use crate::kinesis::{
    Content, DataShard, Given, IteratorFault, Place, ShardName, StreamState, content, weight,
};
use crate::limits::{KINESIS_ITERATOR_LIFETIME, KINESIS_PAGE_MAX, KINESIS_RECORDS_PAGE_MAX_BYTES};
use crate::store::{LogRecord, Sequence};
use crate::stream::Position;

fn no_shard(call: &Call<'_>, stream: &str, shard: ShardName) -> Error {
    Error::new(ErrorCode::ResourceNotFound, named(call, stream).shard_does_not_exist(shard))
}

/// GetShardIterator.
pub(crate) fn shard_iterator(
    call: &Call<'_>,
    input: &Valid<'_, KinesisGetShardIteratorInput>,
) -> Result<KinesisGetShardIteratorOutput> {
    let now = call.now();
    let name = name_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let id = ShardName::parse(input.shard_id)
        .ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, named(call, name).no_shard(input.shard_id)))?;
    let stream = find(call, name, now).ok_or_else(|| no_shard(call, name, id))?;
    let shard = stream.state.lock().shard(id.0, now).cloned().ok_or_else(|| no_shard(call, name, id))?;
    let kind = input.shard_iterator_type;
    let position = match (kind, input.starting_sequence_number.as_deref()) {
        (ShardIteratorType::AtSequenceNumber | ShardIteratorType::AfterSequenceNumber, Some(digits)) => {
            at_number(call, name, &shard, digits, kind)?
        }
        (ShardIteratorType::AtSequenceNumber | ShardIteratorType::AfterSequenceNumber, None) => {
            return Err(invalid(text::starting_number_needed(kind.name(), false)));
        }
        (_, Some(_)) => return Err(invalid(text::starting_number_needed(kind.name(), true))),
        (ShardIteratorType::Latest, None) => Position::After(shard.last),
        (ShardIteratorType::TrimHorizon, None) => Position::After(shard.start),
        (ShardIteratorType::AtTimestamp, None) => {
            let moment = moment_of(input.timestamp, now)?;
            let before = call.store.newest_before(shard.log, moment)?;
            Position::After(before.unwrap_or(shard.start))
        }
    };
    let place = Place { stream: name.to_owned(), shard: shard.index, second: shard.second, position };
    Ok(KinesisGetShardIteratorOutput { shard_iterator: Some(place.seal(&call.iterators, now)) })
}

/// The place of a sequence number.
///
/// # Errors
/// `InvalidArgumentException` for a number that was never given out, or by another shard.
fn at_number(
    call: &Call<'_>,
    stream: &str,
    shard: &DataShard,
    digits: &str,
    kind: ShardIteratorType,
) -> Result<Position> {
    let named = named(call, stream);
    let used = shard.id();
    let mismatch = |encoded: u32| invalid(text::starting_number_mismatch(ShardName(encoded), used));
    match Given::parse(digits) {
        None => Err(invalid(named.starting_number_invalid(digits, used, false))),
        Some(Given::Short { shard, .. }) if shard != used.0 => Err(mismatch(shard)),
        Some(Given::Long(number)) if number.shard != used.0 => Err(mismatch(number.shard)),
        Some(Given::Short { shown, .. }) => Err(invalid(named.starting_number_invalid(shown, used, true))),
        Some(Given::Long(number)) if number.opened != shard.second => {
            Err(invalid(named.starting_number_invalid(digits, used, true)))
        }
        Some(Given::Long(number)) if kind == ShardIteratorType::AtSequenceNumber => {
            Ok(Position::At(shard.at(number.place)))
        }
        // What comes after a place comes at the next one: places rise by one.
        Some(Given::Long(number)) => Ok(Position::At(shard.at(number.place.saturating_add(1)))),
    }
}

/// The moment of an iterator.
///
/// # Errors
/// `InvalidArgumentException` for none, or one that has not come.
fn moment_of(given: Option<Timestamp>, now: Millis) -> Result<Millis> {
    let Some(Timestamp(seconds)) = given else { return Err(invalid(text::timestamp_needed())) };
    let moment = (seconds * 1000.0).round();
    if !(moment >= 0.0 && moment <= now as f64) {
        return Err(invalid(text::timestamp_in_future(moment, now)));
    }
    Ok(moment as Millis)
}

/// GetRecords.
pub(crate) fn records(
    call: &Call<'_>,
    input: &Valid<'_, KinesisGetRecordsInput>,
) -> Result<KinesisGetRecordsOutput> {
    let now = call.now();
    let place = Place::open(&call.iterators, input.shard_iterator, now).map_err(|fault| match fault {
        IteratorFault::Invalid => invalid(text::iterator_invalid()),
        IteratorFault::Expired(issued_at) => {
            let lifetime = millis(KINESIS_ITERATOR_LIFETIME);
            let message = text::iterator_expired(&java_date(issued_at), &java_date(now), lifetime);
            Error::new(ErrorCode::ExpiredIterator, message)
        }
    })?;
    let gone = || no_shard(call, &place.stream, ShardName(place.shard));
    let stream = find(call, &place.stream, now).ok_or_else(gone)?;
    let (shard, retention) = {
        let state = stream.state.lock();
        (state.shard(place.shard, now).cloned().ok_or_else(gone)?, state.retention)
    };
    let limit = input.limit.map_or(KINESIS_PAGE_MAX, i64::from).unsigned_abs() as usize;
    let page = read(call, &shard, retention, &place, limit, now)?;
    let children = match page.next {
        Some(_) => None,
        None => Some(children_of(&stream.state.lock(), shard.index, now)),
    };
    let next = page.next.map(|position| {
        let place = Place { second: shard.second, position, ..place };
        place.seal(&call.iterators, now)
    });
    let region = &call.catalog.place.region;
    let shown = |record: LogRecord| {
        let Content { partition_key, data } = content(&record, region);
        KinesisRecord {
            sequence_number: Some(shard.number(record.sequence, record.at).to_string()),
            approximate_arrival_timestamp: Some(Timestamp::from_millis(record.at)),
            data: Some(Blob(data)),
            partition_key: Some(partition_key),
            encryption_type: Some(KinesisEncryptionType::None.into()),
        }
    };
    Ok(KinesisGetRecordsOutput {
        records: Some(page.records.into_iter().map(shown).collect()),
        next_shard_iterator: next,
        millis_behind_latest: Some(page.behind),
        child_shards: children,
    })
}

struct Page {
    records: Vec<LogRecord>,
    /// Where to go on; none at the end of a closed shard.
    next: Option<Position>,
    /// How far the page is behind now, in milliseconds.
    behind: i64,
}

/// Reads a page: at most `limit` records and 10 MB, but at least one record if there is one.
fn read(
    call: &Call<'_>,
    shard: &DataShard,
    retention: Millis,
    place: &Place,
    limit: usize,
    now: Millis,
) -> Result<Page> {
    let bounds = call.store.bounds(shard.log, now.saturating_sub(retention))?;
    let oldest = bounds.trimmed.unwrap_or(shard.start);
    // A place before what is kept, or in an earlier stream of the name, is that of the oldest record.
    let is_kept = place.second == shard.second && place.position.is_beyond(Some(oldest));
    let from = if is_kept { place.position } else { Position::After(oldest) };
    let (mut bytes, mut count) = (0, 0);
    let records = call.store.records(shard.log, from.bound(), retention, &mut |record| {
        bytes += weight(record);
        count += 1;
        count == 1 || (count <= limit && bytes <= KINESIS_RECORDS_PAGE_MAX_BYTES)
    })?;
    let end = call.store.bounds(shard.log, 0)?.last.unwrap_or(shard.start);
    let last: Option<(Sequence, Millis)> = records.last().map(|record| (record.sequence, record.at));
    let reached = last.map_or(from, |(sequence, _)| Position::After(sequence));
    let is_at_end = reached.is_beyond(Some(end));
    let behind = match last {
        _ if is_at_end => 0,
        Some((_, at)) => now.saturating_sub(at),
        None => 0,
    };
    let next = (!(is_at_end && shard.is_closed(now))).then_some(reached);
    Ok(Page { records, next, behind: i64::try_from(behind).unwrap_or(i64::MAX) })
}

/// The shards that go on where one has ended.
fn children_of(state: &StreamState, parent: u32, now: Millis) -> Vec<KinesisChildShard> {
    let is_child = |shard: &&DataShard| shard.parents.contains(&parent);
    let child = |shard: &DataShard| KinesisChildShard {
        shard_id: Some(shard.id().to_string()),
        parent_shards: Some(shard.parents.iter().map(|index| ShardName(*index).to_string()).collect()),
        hash_key_range: Some(range_of(shard.keys)),
    };
    state.visible(now).filter(is_child).map(child).collect()
}
