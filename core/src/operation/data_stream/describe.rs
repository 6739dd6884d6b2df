//! DescribeStream, DescribeStreamSummary, ListStreams, DescribeLimits.

use std::sync::Arc;

use super::lifecycle::{in_hours, open_shards};
use super::shards::{listed_shard, shard_named};
use super::{find, invalid, name_of, not_found};
use crate::api::message::kinesis as text;
use crate::api::{
    Error, ErrorCode, KinesisDescribeLimitsInput, KinesisDescribeLimitsOutput, KinesisDescribeStreamInput,
    KinesisDescribeStreamOutput, KinesisDescribeStreamSummaryInput, KinesisDescribeStreamSummaryOutput,
    KinesisEncryptionType, KinesisEnhancedMetrics, KinesisListStreamsInput, KinesisListStreamsOutput,
    KinesisStreamDescription, KinesisStreamDescriptionSummary, KinesisStreamMode, KinesisStreamModeDetails,
    KinesisStreamSummary, Result, Timestamp, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::kinesis::{DataShard, DataStream, IteratorFault, Listing, ListingFilter, StreamState};
use crate::limits::{KINESIS_ON_DEMAND_STREAMS_MAX, KINESIS_PAGE_USUAL, KINESIS_SHARDS_MAX};

/// DescribeStream.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, KinesisDescribeStreamInput>,
) -> Result<KinesisDescribeStreamOutput> {
    let now = call.now();
    let name = name_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let after =
        input.exclusive_start_shard_id.as_deref().map(|id| shard_named(call, name, id)).transpose()?;
    let stream = find(call, name, now).ok_or_else(|| not_found(call, name))?;
    let state = stream.state.lock();
    let limit = count_of(input.limit, KINESIS_PAGE_USUAL);
    let mut shards = state.visible(now).filter(|shard| after.is_none_or(|after| shard.index > after.0));
    let page: Vec<&DataShard> = shards.by_ref().take(limit).collect();
    let description = KinesisStreamDescription {
        stream_name: Some(stream.name.clone()),
        stream_arn: Some(call.catalog.place.data_stream_arn(&stream.name)),
        stream_status: Some(state.status(now).into()),
        stream_mode_details: Some(mode_details(state.mode)),
        shards: Some(page.into_iter().map(|shard| listed_shard(shard, now)).collect()),
        has_more_shards: Some(shards.next().is_some()),
        retention_period_hours: Some(in_hours(state.retention)),
        stream_creation_timestamp: Some(created(&stream)),
        enhanced_monitoring: Some(no_metrics()),
        encryption_type: Some(KinesisEncryptionType::None.into()),
    };
    Ok(KinesisDescribeStreamOutput { stream_description: Some(description) })
}

fn mode_details(mode: KinesisStreamMode) -> KinesisStreamModeDetails {
    KinesisStreamModeDetails { stream_mode: Some(mode.into()) }
}

/// In whole seconds, as the service tells it.
fn created(stream: &DataStream) -> Timestamp {
    Timestamp((stream.created_at / 1000) as f64)
}

fn no_metrics() -> Vec<KinesisEnhancedMetrics> {
    vec![KinesisEnhancedMetrics { shard_level_metrics: Some(Vec::new()) }]
}

/// A number that the check has found to be 1 or more.
pub(super) fn count_of(given: Option<i32>, usual: usize) -> usize {
    given.map_or(usual, |given| given.unsigned_abs() as usize)
}

/// DescribeStreamSummary.
pub(crate) fn summary(
    call: &Call<'_>,
    input: &Valid<'_, KinesisDescribeStreamSummaryInput>,
) -> Result<KinesisDescribeStreamSummaryOutput> {
    let now = call.now();
    let stream = super::stream_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let state = stream.state.lock();
    let open = i32::try_from(state.open_shards(now).count()).unwrap_or(i32::MAX);
    let summary = KinesisStreamDescriptionSummary {
        stream_name: Some(stream.name.clone()),
        stream_arn: Some(call.catalog.place.data_stream_arn(&stream.name)),
        stream_status: Some(state.status(now).into()),
        stream_mode_details: Some(mode_details(state.mode)),
        retention_period_hours: Some(in_hours(state.retention)),
        stream_creation_timestamp: Some(created(&stream)),
        enhanced_monitoring: Some(no_metrics()),
        encryption_type: Some(KinesisEncryptionType::None.into()),
        open_shard_count: Some(open),
        consumer_count: Some(0),
    };
    Ok(KinesisDescribeStreamSummaryOutput { stream_description_summary: Some(summary) })
}

/// ListStreams.
pub(crate) fn list(
    call: &Call<'_>,
    input: &Valid<'_, KinesisListStreamsInput>,
) -> Result<KinesisListStreamsOutput> {
    let now = call.now();
    let after = match (&input.next_token, &input.exclusive_start_stream_name) {
        (Some(_), Some(_)) => return Err(invalid(text::token_beside("ExclusiveStartStreamName"))),
        (Some(token), None) => Some(open_token(call, token, now)?.stream),
        (None, after) => after.clone(),
    };
    let limit = count_of(input.limit, KINESIS_PAGE_USUAL);
    call.catalog.saw_all();
    let (mut names, mut summaries, mut more) = (Vec::new(), Vec::new(), false);
    for stream in call.data_streams.after(after.as_deref()) {
        let state = stream.state.lock();
        if state.is_gone(now) {
            continue;
        }
        if names.len() == limit {
            more = true;
            break;
        }
        names.push(stream.name.clone());
        summaries.push(stream_summary(call, &stream, &state, now));
    }
    let last = names.last().filter(|_| more).cloned();
    let next = last
        .map(|stream| Listing { stream, after: None, filter: ListingFilter::All }.seal(&call.iterators, now));
    Ok(KinesisListStreamsOutput {
        stream_names: Some(names),
        has_more_streams: Some(more),
        next_token: next,
        stream_summaries: Some(summaries),
    })
}

fn stream_summary(
    call: &Call<'_>,
    stream: &Arc<DataStream>,
    state: &StreamState,
    now: Millis,
) -> KinesisStreamSummary {
    KinesisStreamSummary {
        stream_name: Some(stream.name.clone()),
        stream_arn: Some(call.catalog.place.data_stream_arn(&stream.name)),
        stream_status: Some(state.status(now).into()),
        stream_mode_details: Some(mode_details(state.mode)),
        stream_creation_timestamp: Some(created(stream)),
    }
}

/// What the token of a list says.
///
/// # Errors
/// `InvalidArgumentException`, `ExpiredNextTokenException`.
pub(super) fn open_token(call: &Call<'_>, token: &str, now: Millis) -> Result<Listing> {
    Listing::open(&call.iterators, token, now).map_err(|fault| match fault {
        IteratorFault::Invalid => invalid(text::token_invalid()),
        IteratorFault::Expired(_) => Error::new(ErrorCode::ExpiredNextToken, text::token_expired()),
    })
}

/// DescribeLimits.
pub(crate) fn limits(
    call: &Call<'_>,
    _input: &Valid<'_, KinesisDescribeLimitsInput>,
) -> Result<KinesisDescribeLimitsOutput> {
    let now = call.now();
    let count = |n: usize| Some(i32::try_from(n).unwrap_or(i32::MAX));
    let is_on_demand = |stream: &Arc<DataStream>| {
        let state = stream.state.lock();
        state.mode == KinesisStreamMode::OnDemand && !state.is_gone(now)
    };
    Ok(KinesisDescribeLimitsOutput {
        shard_limit: count(KINESIS_SHARDS_MAX),
        open_shard_count: count(open_shards(call, now)),
        on_demand_stream_count: count(call.data_streams.all().iter().filter(|s| is_on_demand(s)).count()),
        on_demand_stream_count_limit: Some(KINESIS_ON_DEMAND_STREAMS_MAX),
    })
}
