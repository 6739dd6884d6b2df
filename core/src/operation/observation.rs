//! InspectStream, DescribeMetrics, DescribeCalls: what a database sees of its streams, their readers and its calls.

use std::time::Duration;

use super::counted;
use crate::api::message::table as text;
use crate::api::{
    CallCounts, CallLatency, DescribeCallsInput, DescribeCallsOutput, DescribeMetricsInput,
    DescribeMetricsOutput, Error, InspectStreamInput, InspectStreamOutput, RecordPlace, Result,
    SequenceNumberRange, ShardReader, ShardState, Timestamp, TracedCall, Valid,
};
use crate::clock::Millis;
use crate::engine::{Call, Counts, Dimensions, Latency, Traced};
use crate::limits::{CALLS_PAGE_MAX, STREAM_PAGE_MAX};
use crate::store::LogBounds;
use crate::stream::{Position, SeenReader, Shard};

/// InspectStream.
pub(crate) fn inspect_stream(
    call: &Call<'_>,
    input: &Valid<'_, InspectStreamInput>,
) -> Result<InspectStreamOutput> {
    let arn = input.stream_arn;
    let now = call.now();
    let stream = call.catalog.stream(arn, now)?;
    // The check has refused limits below 1.
    let limit = input.limit.map_or(STREAM_PAGE_MAX, i64::from).unsigned_abs() as usize;
    let (shards, more) = stream.shards_after(None, input.exclusive_start_shard_id.as_deref(), limit, now);
    call.catalog.saw(stream.shards_changed.get());
    let last = shards.last().filter(|_| more).map(|shard| shard.id.to_string());
    let states = shards.iter().map(|shard| shard_state(call, shard, now)).collect::<Result<_>>()?;
    Ok(InspectStreamOutput {
        stream_arn: Some(arn.to_owned()),
        stream_label: Some(stream.label.clone()),
        table_name: Some(stream.table.clone()),
        stream_status: Some(stream.status(now).into()),
        stream_view_type: Some(stream.view().into()),
        creation_request_date_time: Some(Timestamp::from_millis(stream.created_at)),
        retention_millis: Some(counted(stream.retention)),
        shards: Some(states),
        last_evaluated_shard_id: last,
    })
}

fn shard_state(call: &Call<'_>, shard: &Shard, now: Millis) -> Result<ShardState> {
    let bounds = call.store.bounds(shard.log, shard.horizon(now))?;
    let count = unread(shard, bounds, Position::After(shard.start));
    let newest = bounds.last.filter(|_| count > 0);
    let readers = shard.readers.alive(now);
    let readers = readers.iter().map(|reader| reader_state(call, shard, bounds, reader, now));
    Ok(ShardState {
        shard_id: Some(shard.id.to_string()),
        parent_shard_id: shard.parent.map(|id| id.to_string()),
        sequence_number_range: Some(SequenceNumberRange {
            starting_sequence_number: Some(shard.start.to_string()),
            ending_sequence_number: shard.end().map(|end| end.sequence.to_string()),
        }),
        is_open: Some(shard.end().is_none()),
        opened_at: Some(counted(shard.opened_at)),
        closed_at: shard.end().map(|end| counted(end.at)),
        starting_hash: Some(format!("{:020}", shard.hashes.0)),
        ending_hash: Some(format!("{:020}", shard.hashes.1)),
        record_count: Some(counted(count)),
        oldest: if count > 0 { first_from(call, shard, oldest(shard, bounds))? } else { None },
        newest: match newest {
            Some(newest) => first_from(call, shard, Position::At(newest))?,
            None => None,
        },
        readers: Some(readers.collect::<Result<_>>()?),
    })
}

/// Before the oldest record that can be read.
fn oldest(shard: &Shard, bounds: LogBounds) -> Position {
    Position::After(bounds.trimmed.unwrap_or(shard.start))
}

/// How many records can be read from a place on: their numbers rise by one in a shard.
fn unread(shard: &Shard, bounds: LogBounds, from: Position) -> u64 {
    let Some(last) = bounds.last else { return 0 };
    let read = match from {
        Position::At(sequence) => sequence.counter().saturating_sub(1),
        Position::After(sequence) => sequence.counter(),
    };
    let gone = bounds.trimmed.unwrap_or(shard.start).counter();
    last.counter().saturating_sub(read.max(gone))
}

/// The first record at or after a place; none where it was trimmed meanwhile.
fn first_from(call: &Call<'_>, shard: &Shard, from: Position) -> Result<Option<RecordPlace>> {
    let mut is_first = true;
    let found = call.store.records(shard.log, from.bound(), shard.retention, &mut |_| {
        std::mem::replace(&mut is_first, false)
    })?;
    Ok(found.first().map(|record| RecordPlace {
        sequence_number: Some(record.sequence.to_string()),
        at: Some(counted(record.at)),
    }))
}

fn reader_state(
    call: &Call<'_>,
    shard: &Shard,
    bounds: LogBounds,
    reader: &SeenReader,
    now: Millis,
) -> Result<ShardReader> {
    let behind = unread(shard, bounds, reader.position);
    let is_trimmed = !reader.position.is_beyond(bounds.trimmed);
    let from = if is_trimmed { oldest(shard, bounds) } else { reader.position };
    let next = if behind > 0 { first_from(call, shard, from)? } else { None };
    let written = next.and_then(|next| next.at).map_or(now, i64::unsigned_abs);
    Ok(ShardReader {
        number: Some(i64::from(reader.number)),
        read_at: Some(counted(reader.read_at)),
        iterator_age_millis: Some(counted(now.saturating_sub(reader.read_at))),
        records_read: Some(counted(reader.records)),
        records_behind: Some(counted(behind)),
        millis_behind: Some(counted(now.saturating_sub(written))),
        is_trimmed: Some(is_trimmed),
    })
}

/// DescribeMetrics.
pub(crate) fn metrics(call: &Call<'_>, _input: &DescribeMetricsInput) -> Result<DescribeMetricsOutput> {
    let metrics = call.calls.as_ref().and_then(|calls| calls.metrics.as_ref());
    let metrics = metrics.ok_or_else(|| Error::validation(text::not_observed("metrics")))?;
    Ok(DescribeMetricsOutput { metrics: Some(metrics.snapshot().into_iter().map(call_counts).collect()) })
}

fn call_counts((calls, counts): (Dimensions, Counts)) -> CallCounts {
    let Latency { sample_count, sum, minimum, maximum } = counts.successful_request_latency;
    CallCounts {
        operation: Some(calls.operation.to_owned()),
        table_name: calls.table_name,
        successful_request_latency: Some(CallLatency {
            sample_count: Some(counted(sample_count)),
            sum: Some(millis(sum)),
            minimum: Some(millis(minimum)),
            maximum: Some(millis(maximum)),
        }),
        user_errors: Some(counted(counts.user_errors)),
        throttled_requests: Some(counted(counts.throttled_requests)),
        conditional_check_failed_requests: Some(counted(counts.conditional_check_failed_requests)),
        transaction_conflict: Some(counted(counts.transaction_conflict)),
        system_errors: Some(counted(counts.system_errors)),
        returned_item_count: Some(counted(counts.returned_item_count)),
        returned_records_count: Some(counted(counts.returned_records_count)),
        returned_bytes: Some(counted(counts.returned_bytes)),
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// DescribeCalls.
pub(crate) fn calls(call: &Call<'_>, input: &DescribeCallsInput) -> Result<DescribeCallsOutput> {
    let trace = call.calls.as_ref().and_then(|calls| calls.trace.as_ref());
    let trace = trace.ok_or_else(|| Error::validation(text::not_observed("call_trace")))?;
    // The check has refused numbers out of range.
    let limit = input.limit.map_or(CALLS_PAGE_MAX, i64::from).unsigned_abs() as usize;
    let (calls, missed) = trace.after(input.after_number.unwrap_or(0).unsigned_abs(), limit);
    Ok(DescribeCallsOutput {
        calls: Some(calls.into_iter().map(traced_call).collect()),
        missed: Some(counted(missed)),
    })
}

fn traced_call(call: Traced) -> TracedCall {
    let (error, message) = call.error.unzip();
    TracedCall {
        number: Some(counted(call.number)),
        at: Some(counted(call.at)),
        operation: Some(call.operation.to_owned()),
        table_name: call.table.map(String::from),
        millis: Some(millis(call.duration)),
        error: error.map(str::to_owned),
        message: message.map(String::from),
    }
}
