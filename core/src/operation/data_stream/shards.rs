//! ListShards, SplitShard, MergeShards, UpdateShardCount.

use std::sync::Arc;

use super::describe::{count_of, open_token};
use super::lifecycle::{admit_shards, updating};
use super::{change, find, invalid, lock_active, name_of, named, not_found};
use crate::api::message::kinesis as text;
use crate::api::{
    Enumeration, Error, ErrorCode, KinesisHashKeyRange, KinesisListShardsInput, KinesisListShardsOutput,
    KinesisMergeShardsInput, KinesisMergeShardsOutput, KinesisShard, KinesisShardFilter,
    KinesisShardFilterType, KinesisSplitShardInput, KinesisSplitShardOutput, KinesisStreamMode,
    KinesisUpdateShardCountInput, KinesisUpdateShardCountOutput, Open, Result, SequenceNumberRange,
    Timestamp, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::kinesis::{DataShard, DataStream, HashKeys, Listing, ListingFilter, ShardName, StreamState};
use crate::limits::{KINESIS_SHARDS_PAGE_USUAL, KINESIS_TARGET_SHARDS_MAX};
use crate::store::Batch;

/// A shard as lists have it.
pub(super) fn listed_shard(shard: &DataShard, now: Millis) -> KinesisShard {
    let parent = |at: usize| shard.parents.get(at).map(|index| ShardName(*index).to_string());
    KinesisShard {
        shard_id: Some(shard.id().to_string()),
        parent_shard_id: parent(0),
        adjacent_parent_shard_id: parent(1),
        hash_key_range: Some(range_of(shard.keys)),
        sequence_number_range: Some(SequenceNumberRange {
            starting_sequence_number: Some(shard.starting_number().to_string()),
            ending_sequence_number: shard.ending_number(now).map(|number| number.to_string()),
        }),
    }
}

pub(super) fn range_of(keys: HashKeys) -> KinesisHashKeyRange {
    KinesisHashKeyRange {
        starting_hash_key: Some(keys.first.to_string()),
        ending_hash_key: Some(keys.last.to_string()),
    }
}

/// The shard that an id names, whether it exists or not.
///
/// # Errors
/// `ResourceNotFoundException` for an id that no shard can have.
pub(super) fn shard_named(call: &Call<'_>, stream: &str, id: &str) -> Result<ShardName> {
    ShardName::parse(id).ok_or_else(|| no_shard(call, stream, id))
}

fn no_shard(call: &Call<'_>, stream: &str, shard: impl std::fmt::Display) -> Error {
    Error::new(ErrorCode::ResourceNotFound, named(call, stream).no_shard(shard))
}

/// ListShards.
pub(crate) fn list_shards(
    call: &Call<'_>,
    input: &Valid<'_, KinesisListShardsInput>,
) -> Result<KinesisListShardsOutput> {
    let now = call.now();
    let from = match &input.next_token {
        Some(token) => {
            refuse_beside_token(input)?;
            open_token(call, token, now)?
        }
        None => first_page(call, input, now)?,
    };
    let stream = find(call, &from.stream, now).ok_or_else(|| not_found(call, &from.stream))?;
    let is_named = |at: Timestamp| at.0 as u64 == stream.created_at / 1000;
    if input.stream_creation_timestamp.is_some_and(|at| !is_named(at)) {
        return Err(not_found(call, &from.stream));
    }
    let state = stream.state.lock();
    let limit = count_of(input.max_results, KINESIS_SHARDS_PAGE_USUAL);
    let mut shards = state.visible(now).filter(|shard| {
        let is_meant = match from.filter {
            ListingFilter::All => true,
            ListingFilter::At(moment) => shard.opened_at <= moment && shard.is_open_from(moment),
            ListingFilter::From(moment) => shard.is_open_from(moment),
        };
        is_meant && from.after.is_none_or(|after| shard.index > after)
    });
    let page: Vec<&DataShard> = shards.by_ref().take(limit).collect();
    let more = shards.next().is_some();
    let after = page.last().filter(|_| more).map(|shard| shard.index);
    let next = after.map(|after| Listing { after: Some(after), ..from.clone() }.seal(&call.iterators, now));
    let shards = page.into_iter().map(|shard| listed_shard(shard, now)).collect();
    Ok(KinesisListShardsOutput { shards: Some(shards), next_token: next })
}

/// What a token knows is not said again.
fn refuse_beside_token(input: &KinesisListShardsInput) -> Result<()> {
    let given = [
        ("StreamName", input.stream_name.is_some()),
        ("StreamARN", input.stream_arn.is_some()),
        ("ExclusiveStartShardId", input.exclusive_start_shard_id.is_some()),
        ("StreamCreationTimestamp", input.stream_creation_timestamp.is_some()),
        ("ShardFilter", input.shard_filter.is_some()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((member, _)) => Err(invalid(text::token_beside(member))),
        None => Ok(()),
    }
}

/// Which shards a request lists that continues no other.
fn first_page(call: &Call<'_>, input: &KinesisListShardsInput, now: Millis) -> Result<Listing> {
    let name = name_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let after =
        input.exclusive_start_shard_id.as_deref().map(|id| shard_named(call, name, id)).transpose()?;
    let stream = find(call, name, now).ok_or_else(|| not_found(call, name))?;
    let all =
        Listing { stream: name.to_owned(), after: after.map(|shard| shard.0), filter: ListingFilter::All };
    let Some(filter) = &input.shard_filter else { return Ok(all) };
    let horizon = stream.state.lock().horizon(now).max(stream.created_at);
    filtered(call, all, filter, horizon, now)
}

fn filtered(
    call: &Call<'_>,
    all: Listing,
    filter: &KinesisShardFilter,
    horizon: Millis,
    now: Millis,
) -> Result<Listing> {
    let kind = filter.filter_type.as_ref().and_then(Open::known).expect("checked, as it is required");
    let moment = || match filter.timestamp {
        None => Err(invalid(text::filter_needs(kind.name(), "Timestamp"))),
        // A moment before all records is that of the oldest.
        Some(Timestamp(seconds)) => Ok(((seconds * 1000.0).round() as Millis).max(horizon)),
    };
    let filter = match kind {
        KinesisShardFilterType::AfterShardId => {
            let id = filter.shard_id.as_deref();
            let id = id.ok_or_else(|| invalid(text::filter_needs(kind.name(), "ShardId")))?;
            let after = Some(shard_named(call, &all.stream, id)?.0);
            return Ok(Listing { after, ..all });
        }
        KinesisShardFilterType::AtTrimHorizon => ListingFilter::At(horizon),
        KinesisShardFilterType::FromTrimHorizon => ListingFilter::From(horizon),
        KinesisShardFilterType::AtLatest => ListingFilter::At(now),
        KinesisShardFilterType::AtTimestamp => ListingFilter::At(moment()?),
        KinesisShardFilterType::FromTimestamp => ListingFilter::From(moment()?),
    };
    Ok(Listing { filter, ..all })
}

/// An open shard of a locked stream, by its index.
///
/// # Errors
/// `ResourceNotFoundException`; `InvalidArgumentException` for one that is closed.
fn open_shard<'s>(
    call: &Call<'_>,
    stream: &DataStream,
    state: &'s StreamState,
    shard: ShardName,
) -> Result<&'s DataShard> {
    let now = call.now();
    let found = state.shard(shard.0, now).ok_or_else(|| no_shard(call, &stream.name, shard))?;
    if found.is_closed(now) {
        return Err(invalid(named(call, &stream.name).shard_is_closed(shard)));
    }
    Ok(found)
}

/// SplitShard.
pub(crate) fn split(
    call: &Call<'_>,
    input: &Valid<'_, KinesisSplitShardInput>,
) -> Result<KinesisSplitShardOutput> {
    let name = name_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let shard = shard_named(call, name, input.shard_to_split)?;
    let now = call.now();
    let stream = find(call, name, now).ok_or_else(|| not_found(call, name))?;
    // One closes, two open. Counted before the stream is locked: all streams are looked at.
    let admitted = admit_shards(call, 1, now);
    let mut state = lock_provisioned(call, &stream)?;
    let keys = open_shard(call, &stream, &state, shard)?.keys;
    let at = input.new_starting_hash_key.parse().ok();
    let inside = at.filter(|at: &u128| keys.first + 1 < *at && *at < keys.last);
    let Some(at) = inside else {
        let key = input.new_starting_hash_key;
        return Err(invalid(named(call, name).hash_key_outside(key, shard, (keys.first, keys.last))));
    };
    admitted?;
    let children = [HashKeys { first: keys.first, last: at - 1 }, HashKeys { first: at, last: keys.last }]
        .map(|keys| Opening::lasting(keys, vec![shard.0]));
    replace(call, &stream, &mut state, &[shard.0], &children)?;
    Ok(KinesisSplitShardOutput {})
}

fn lock_provisioned<'s>(
    call: &Call<'_>,
    stream: &'s DataStream,
) -> Result<crate::locks::Guarded<'s, StreamState>> {
    let state = lock_active(call, stream)?;
    if state.mode == KinesisStreamMode::OnDemand {
        return Err(Error::validation(named(call, &stream.name).is_on_demand()));
    }
    Ok(state)
}

/// MergeShards.
pub(crate) fn merge(
    call: &Call<'_>,
    input: &Valid<'_, KinesisMergeShardsInput>,
) -> Result<KinesisMergeShardsOutput> {
    let name = name_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let lower = shard_named(call, name, input.shard_to_merge)?;
    let upper = shard_named(call, name, input.adjacent_shard_to_merge)?;
    let stream = find(call, name, call.now()).ok_or_else(|| not_found(call, name))?;
    let mut state = lock_provisioned(call, &stream)?;
    let lower_keys = open_shard(call, &stream, &state, lower)?.keys;
    let upper_keys = open_shard(call, &stream, &state, upper)?.keys;
    if lower_keys.last.checked_add(1) != Some(upper_keys.first) {
        return Err(invalid(named(call, name).not_adjacent(lower, upper)));
    }
    let keys = HashKeys { first: lower_keys.first, last: upper_keys.last };
    replace(
        call,
        &stream,
        &mut state,
        &[lower.0, upper.0],
        &[Opening::lasting(keys, vec![lower.0, upper.0])],
    )?;
    Ok(KinesisMergeShardsOutput {})
}

/// UpdateShardCount.
pub(crate) fn update_shard_count(
    call: &Call<'_>,
    input: &Valid<'_, KinesisUpdateShardCountInput>,
) -> Result<KinesisUpdateShardCountOutput> {
    let target = input.target_shard_count;
    let stream = super::stream_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let mut state = lock_provisioned(call, &stream)?;
    let now = call.now();
    let open: Vec<DataShard> = state.open_shards(now).cloned().collect();
    check_target(open.len(), target)?;
    let count = target.unsigned_abs();
    if count as usize != open.len() {
        let parents: Vec<u32> = open.iter().map(|shard| shard.index).collect();
        let opened = uniform(&open, count, state.next);
        replace(call, &stream, &mut state, &parents, &opened)?;
    }
    Ok(KinesisUpdateShardCountOutput {
        stream_name: Some(stream.name.clone()),
        current_shard_count: Some(i32::try_from(open.len()).unwrap_or(i32::MAX)),
        target_shard_count: Some(target),
        stream_arn: Some(call.catalog.place.data_stream_arn(&stream.name)),
    })
}

/// A shard that is to open.
struct Opening {
    keys: HashKeys,
    parents: Vec<u32>,
    /// Whether it closes at once, and is there for its lineage only.
    is_passing: bool,
}

impl Opening {
    fn lasting(keys: HashKeys, parents: Vec<u32>) -> Opening {
        Opening { keys, parents, is_passing: false }
    }
}

/// So many shards of one width in place of those that are open; `next` is the index of the first. A shard has two parents at most, so one that takes over
/// the hash keys of more has shards between, each of which merges one more: a reader that goes from parents to children misses none.
fn uniform(open: &[DataShard], count: u32, next: u32) -> Vec<Opening> {
    let mut open: Vec<&DataShard> = open.iter().collect();
    open.sort_unstable_by_key(|shard| shard.keys.first);
    let mut opened: Vec<Opening> = Vec::new();
    for keys in (0..count).map(|index| HashKeys::part(index, count)) {
        let meets = |shard: &&&DataShard| shard.keys.first <= keys.last && keys.first <= shard.keys.last;
        let mut parents: Vec<u32> = Vec::new();
        let mut merged_to = keys.first;
        for shard in open.iter().filter(meets) {
            if parents.len() == 2 {
                let merged = HashKeys { first: keys.first, last: merged_to };
                parents = vec![pass(&mut opened, next, merged, parents)];
            }
            parents.push(shard.index);
            merged_to = shard.keys.last;
        }
        opened.push(Opening::lasting(keys, parents));
    }
    opened
}

/// Adds a shard that closes at once; its index.
fn pass(opened: &mut Vec<Opening>, next: u32, keys: HashKeys, parents: Vec<u32>) -> u32 {
    let index = next + u32::try_from(opened.len()).expect("no stream has so many shards");
    opened.push(Opening { keys, parents, is_passing: true });
    index
}

/// # Errors
/// `LimitExceededException` for a number too far from what is open.
fn check_target(open: usize, target: i32) -> Result<()> {
    let (now, asked) = (open as u64, u64::from(target.unsigned_abs()));
    let message = if target > KINESIS_TARGET_SHARDS_MAX {
        text::target_above_limit(KINESIS_TARGET_SHARDS_MAX, open, target)
    } else if asked > 2 * now {
        text::target_above_double(open, target)
    } else if 2 * asked < now {
        text::target_below_half(open, target)
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorCode::LimitExceeded, message))
}

/// Closes shards and opens others with their hash keys, when the change is through.
fn replace(
    call: &Call<'_>,
    stream: &Arc<DataStream>,
    state: &mut StreamState,
    closed: &[u32],
    opened: &[Opening],
) -> Result<()> {
    let mut next = state.clone();
    next.change = updating(call);
    let at = next.change.until;
    let mut batch = Batch::default();
    for index in closed {
        next.close(*index, at);
        batch.meta.push(stream.shard_entry(&next.shards[index]));
    }
    let first = next.next;
    for Opening { keys, parents, is_passing } in opened {
        let index = next.open(*keys, parents, at, call.next_log_id(), call.next_commit());
        if *is_passing {
            next.close(index, at);
        }
        batch.meta.push(stream.shard_entry(&next.shards[&index]));
    }
    change(call, stream, state, next, batch)?;
    for shard in state.shards.range(first..).map(|(_, shard)| shard) {
        call.schedule.data_shard_opened(stream, shard, state.retention);
    }
    Ok(())
}
