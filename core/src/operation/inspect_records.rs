//! InspectRecords: records of a shard, looked at without an iterator.

use super::counted;
use super::parameters::checked;
use super::stream::parse_sequence;
use crate::api::message::{filter as filter_text, table as text, value as value_text};
use crate::api::{
    Error, ErrorCode, InspectRecordsInput, InspectRecordsOutput, Record, RecordPlace, Result, Valid,
};
use crate::engine::Call;
use crate::limits::{RECORDS_PAGE_MAX, RECORDS_PAGE_MAX_BYTES};
use crate::pattern::{Event, Operators, Pattern};
use crate::store::{LogRecord, Sequence};
use crate::stream::{Position, Presenter, Shard, Stream};
use crate::value::Item;

/// InspectRecords.
pub(crate) fn inspect_records(
    call: &Call<'_>,
    input: &Valid<'_, InspectRecordsInput>,
) -> Result<InspectRecordsOutput> {
    let (arn, now) = (input.stream_arn, call.now());
    let after = input.after_sequence_number.as_deref().map(parse_sequence).transpose()?;
    let before = input.before_sequence_number.as_deref().map(parse_sequence).transpose()?;
    let stream = call.catalog.stream(arn, now)?;
    let shard = input.shard_id.parse().ok().and_then(|id| call.catalog.shard(&stream, id, now));
    let shard = shard
        .ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, text::shard_not_found(input.shard_id, arn)))?;
    let sought = Sought::read(&stream, input)?;
    // The check has refused limits below 1.
    let limit = input.limit.map_or(100, i64::from).clamp(1, RECORDS_PAGE_MAX).unsigned_abs();
    let bounds = call.store.bounds(shard.log, shard.horizon(now))?;
    let gone = bounds.trimmed.unwrap_or(shard.start).counter();
    let mut range = Range { after: gone, to: bounds.last.map_or(gone, Sequence::counter) };
    let first = after.map_or(shard.start.counter(), |after| after.counter().max(shard.start.counter()));
    let trimmed = gone.saturating_sub(first);
    if let Some(after) = after {
        range.after = range.after.max(counter_below(call, &shard, Position::After(after), range.to)?);
    }
    if let Some(before) = before {
        range.to = range.to.min(counter_below(call, &shard, Position::At(before), range.to)?);
    }
    range.to = range.to.max(range.after);
    let page = look(call, &stream, &shard, range, limit, input.newest == Some(true))?;
    let examined = page.len() as u64;
    let (first_examined, last_examined) = (page.first().map(place), page.last().map(place));
    let presenter = Presenter::new(&stream, &shard);
    let records = page.into_iter().map(|record| presenter.present(record));
    let records = records.filter(|record| sought.has(record, arn)).collect();
    Ok(InspectRecordsOutput {
        records: Some(records),
        examined_count: Some(counted(examined)),
        remaining_count: Some(counted(range.count().saturating_sub(examined))),
        trimmed_count: Some(counted(trimmed)),
        first_examined,
        last_examined,
    })
}

/// The counter of the record before the first one from a place on; that of the last, where there is none.
fn counter_below(call: &Call<'_>, shard: &Shard, from: Position, last: u64) -> Result<u64> {
    let mut is_first = true;
    let found = call.store.records(shard.log, from.bound(), shard.retention, &mut |_| {
        std::mem::replace(&mut is_first, false)
    })?;
    Ok(found.first().map_or(last, |record| record.sequence.counter() - 1))
}

fn place(record: &LogRecord) -> RecordPlace {
    RecordPlace { sequence_number: Some(record.sequence.to_string()), at: Some(counted(record.at)) }
}

/// Records of a shard by their counters, which rise by one.
#[derive(Clone, Copy)]
struct Range {
    /// Below the first.
    after: u64,
    /// The last.
    to: u64,
}

impl Range {
    fn count(self) -> u64 {
        self.to - self.after
    }
}

/// The records at one end of a range: at most `limit` and 1 MB, but at least one if there is one.
fn look(
    call: &Call<'_>,
    stream: &Stream,
    shard: &Shard,
    range: Range,
    limit: u64,
    is_newest: bool,
) -> Result<Vec<LogRecord>> {
    let mut limit = limit.min(range.count());
    if limit == 0 {
        return Ok(Vec::new());
    }
    loop {
        let after = if is_newest { range.to - limit } else { range.after };
        let (mut count, mut bytes, mut is_too_much) = (0, 0, false);
        let from = Position::At(Sequence::new(after + 1, 0));
        let records = call.store.records(shard.log, from.bound(), shard.retention, &mut |record| {
            if count == limit || record.sequence.counter() > range.to {
                return false;
            }
            bytes += stream.size_bytes(record);
            is_too_much = count > 0 && bytes > RECORDS_PAGE_MAX_BYTES;
            count += 1;
            !is_too_much
        })?;
        if !(is_newest && is_too_much) {
            return Ok(records);
        }
        // They are read towards the newest: what does not fit is at the wrong end. Each turn reads at most 1 MB.
        limit = limit.div_ceil(2);
    }
}

/// Which of the records that are looked at are told.
struct Sought<'i> {
    key: Option<&'i Item>,
    pattern: Option<Pattern>,
}

impl<'i> Sought<'i> {
    fn read(stream: &Stream, input: &'i InspectRecordsInput) -> Result<Sought<'i>> {
        let key = input.key.as_ref().map(checked).transpose()?;
        if let Some(key) = key {
            let has_all = stream.key_names.iter().all(|name| key.get(name).is_some());
            if !has_all || key.attributes().len() != stream.key_names.len() {
                return Err(Error::validation(value_text::key_not_matching()));
            }
        }
        let compiled = input.pattern.as_deref().map(|pattern| Pattern::compile_with(pattern, Operators::All));
        let pattern =
            compiled.transpose().map_err(|error| Error::validation(filter_text::refused(0, &error)))?;
        Ok(Sought { key, pattern })
    }

    fn has(&self, record: &Record, arn: &str) -> bool {
        self.key.is_none_or(|key| record.keys == *key)
            && self.pattern.as_ref().is_none_or(|pattern| pattern.matches(Event::record(record, arn)))
    }
}
