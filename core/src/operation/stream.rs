//! ListStreams, DescribeStream, GetShardIterator, GetRecords.

use super::describe::key_schema_of;
use crate::api::message::table as text;
use crate::api::{
    DescribeStreamInput, DescribeStreamOutput, Error, ErrorCode, GetRecordsInput, GetRecordsOutput,
    GetShardIteratorInput, GetShardIteratorOutput, ListStreamsInput, ListStreamsOutput, Result,
    SequenceNumberRange, Shard as ShardShape, ShardIteratorType, Stream as StreamShape, StreamDescription,
    Timestamp, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::{RECORDS_PAGE_MAX, STREAM_PAGE_MAX};
use crate::store::Sequence;
use crate::stream::{Presenter, Shard, ShardId, Start, StreamArn, Token, read, resolve};

/// ListStreams.
pub(crate) fn list(call: &Call<'_>, input: &ListStreamsInput) -> Result<ListStreamsOutput> {
    call.admit_listing()?;
    let limit = page_limit(input.limit, STREAM_PAGE_MAX);
    let after = input.exclusive_start_stream_arn.as_deref().map(StreamArn::parse).transpose()?;
    let place = after.map(|arn| (arn.table, arn.label));
    let streams = call.catalog.streams_after(input.table_name.as_deref(), place, limit, call.now());
    let shapes: Vec<StreamShape> = streams
        .iter()
        .map(|stream| StreamShape {
            stream_arn: Some(call.catalog.place.stream_arn(&stream.table, &stream.label)),
            table_name: Some(stream.table.clone()),
            stream_label: Some(stream.label.clone()),
        })
        .collect();
    // A full page names its last stream even when nothing follows (facts A3).
    let last = shapes.last().filter(|_| shapes.len() == limit).and_then(|s| s.stream_arn.clone());
    Ok(ListStreamsOutput { streams: Some(shapes), last_evaluated_stream_arn: last })
}

/// DescribeStream.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, DescribeStreamInput>,
) -> Result<DescribeStreamOutput> {
    let arn = input.stream_arn;
    call.admit_describing()?;
    let now = call.now();
    let stream = call.catalog.stream(arn, now)?;
    let limit = page_limit(input.limit, STREAM_PAGE_MAX);
    let children_of = input.shard_filter.as_ref().and_then(|filter| filter.shard_id.as_deref());
    let (shards, more) =
        stream.shards_after(children_of, input.exclusive_start_shard_id.as_deref(), limit, now);
    call.catalog.saw(stream.shards_changed.get());
    let last = shards.last().filter(|_| more).map(|shard| shard.id.to_string());
    let description = StreamDescription {
        stream_arn: Some(arn.to_owned()),
        stream_label: Some(stream.label.clone()),
        stream_status: Some(stream.status(now).into()),
        stream_view_type: Some(stream.view().into()),
        creation_request_date_time: Some(Timestamp::from_millis(stream.created_at)),
        table_name: Some(stream.table.clone()),
        key_schema: Some(key_schema_of(&stream.key_names)),
        shards: Some(shards.iter().map(|shard| shard_shape(shard)).collect()),
        last_evaluated_shard_id: last,
    };
    Ok(DescribeStreamOutput { stream_description: Some(description) })
}

fn shard_shape(shard: &Shard) -> ShardShape {
    ShardShape {
        shard_id: Some(shard.id.to_string()),
        sequence_number_range: Some(SequenceNumberRange {
            starting_sequence_number: Some(shard.start.to_string()),
            ending_sequence_number: shard.end().map(|end| end.sequence.to_string()),
        }),
        parent_shard_id: shard.parent.map(|id| id.to_string()),
    }
}

/// GetShardIterator.
pub(crate) fn shard_iterator(
    call: &Call<'_>,
    input: &Valid<'_, GetShardIteratorInput>,
) -> Result<GetShardIteratorOutput> {
    let arn = input.stream_arn;
    let now = call.now();
    let start = start(input.shard_iterator_type, input.sequence_number.as_deref(), input.timestamp, now)?;
    let stream = call.catalog.stream(arn, now)?;
    let id: Option<ShardId> = input.shard_id.parse().ok();
    let shard = id
        .and_then(|id| call.catalog.shard(&stream, id, now))
        .ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, text::shard_not_found(input.shard_id, arn)))?;
    let position = resolve(&call.store, &shard, start, now)?;
    let number = call.iterators.reader(arn, shard.id, position, now);
    // Answers are the same however often the database was opened anew, so what is remembered decides only where that is asked for.
    let tells_apart = call.choices.metrics;
    let reader = shard.readers.begin(number, tells_apart, position, now);
    let token = Token { shard: shard.id, position, reader, issued_at: now };
    Ok(GetShardIteratorOutput { shard_iterator: Some(call.iterators.seal(arn, &token)) })
}

/// Where to start: a sequence number or a moment is given exactly when the type needs one (facts A5).
fn start(
    kind: ShardIteratorType,
    sequence: Option<&str>,
    moment: Option<Timestamp>,
    now: Millis,
) -> Result<Start> {
    let refuse = |message: String| Err(Error::validation(message));
    if kind != ShardIteratorType::AtTimestamp && moment.is_some() {
        return refuse(text::timestamp_forbidden());
    }
    match (kind, sequence) {
        (ShardIteratorType::AtSequenceNumber, Some(digits)) => parse_sequence(digits).map(Start::At),
        (ShardIteratorType::AfterSequenceNumber, Some(digits)) => parse_sequence(digits).map(Start::After),
        (ShardIteratorType::AtSequenceNumber | ShardIteratorType::AfterSequenceNumber, None) => {
            refuse(text::sequence_required())
        }
        (_, Some(_)) => refuse(text::sequence_forbidden()),
        (ShardIteratorType::Latest, None) => Ok(Start::Latest),
        (ShardIteratorType::TrimHorizon, None) => Ok(Start::TrimHorizon),
        (ShardIteratorType::AtTimestamp, None) => match moment {
            None => refuse(text::timestamp_required()),
            Some(Timestamp(seconds)) if !(seconds >= 0.0 && seconds * 1000.0 <= now as f64) => {
                refuse(text::timestamp_in_future())
            }
            Some(Timestamp(seconds)) => Ok(Start::Moment((seconds * 1000.0).round() as Millis)),
        },
    }
}

pub(super) fn parse_sequence(digits: &str) -> Result<Sequence> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::validation(text::invalid_sequence(digits)));
    }
    // 40 digits can be more than any number this store gives out; the largest is as good.
    Ok(Sequence(digits.parse().unwrap_or(u128::MAX)))
}

/// GetRecords.
pub(crate) fn records(call: &Call<'_>, input: &Valid<'_, GetRecordsInput>) -> Result<GetRecordsOutput> {
    let now = call.now();
    let (arn, token) = call.iterators.open(input.shard_iterator, now)?;
    let stream = call.catalog.stream(arn, now)?;
    let shard = call.catalog.shard(&stream, token.shard, now).ok_or_else(|| {
        Error::new(ErrorCode::ResourceNotFound, text::shard_not_found(&token.shard.to_string(), arn))
    })?;
    call.admit_read(shard.log)?;
    let limit = page_limit(input.limit, RECORDS_PAGE_MAX);
    let page = read(&call.store, &stream, &shard, token.position, limit, now)?;
    call.charge_read(shard.log, page.bytes);
    shard.readers.note(token.reader, page.next, page.records.len(), now);
    let next =
        page.next.map(|position| call.iterators.seal(arn, &Token { position, issued_at: now, ..token }));
    let presenter = Presenter::new(&stream, &shard);
    let records = page.records.into_iter().map(|record| presenter.present(record)).collect();
    Ok(GetRecordsOutput { records: Some(records), next_shard_iterator: next })
}

fn page_limit(given: Option<i32>, most: i64) -> usize {
    // The check has refused limits below 1.
    given.map_or(most, i64::from).unsigned_abs() as usize
}
