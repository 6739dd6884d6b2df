//! AddTagsToStream, RemoveTagsFromStream, ListTagsForStream, TagResource, UntagResource, ListTagsForResource.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::{change, invalid, not_found, stream_of};
use crate::api::message::kinesis as text;
use crate::api::{
    KinesisAddTagsToStreamInput, KinesisAddTagsToStreamOutput, KinesisListTagsForResourceInput,
    KinesisListTagsForResourceOutput, KinesisListTagsForStreamInput, KinesisListTagsForStreamOutput,
    KinesisRemoveTagsFromStreamInput, KinesisRemoveTagsFromStreamOutput, KinesisTagResourceInput,
    KinesisTagResourceOutput, KinesisUntagResourceInput, KinesisUntagResourceOutput, Result, Tag, Valid,
};
use crate::engine::Call;
use crate::kinesis::DataStream;
use crate::limits::TAGS_MAX;
use crate::store::Batch;

/// AddTagsToStream.
pub(crate) fn add_tags(
    call: &Call<'_>,
    input: &Valid<'_, KinesisAddTagsToStreamInput>,
) -> Result<KinesisAddTagsToStreamOutput> {
    let stream = stream_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    add(call, &stream, input.tags)?;
    Ok(KinesisAddTagsToStreamOutput {})
}

/// TagResource.
pub(crate) fn tag(
    call: &Call<'_>,
    input: &Valid<'_, KinesisTagResourceInput>,
) -> Result<KinesisTagResourceOutput> {
    let stream = stream_of(call, None, Some(input.resource_arn))?;
    add(call, &stream, input.tags)?;
    Ok(KinesisTagResourceOutput {})
}

/// RemoveTagsFromStream.
pub(crate) fn remove_tags(
    call: &Call<'_>,
    input: &Valid<'_, KinesisRemoveTagsFromStreamInput>,
) -> Result<KinesisRemoveTagsFromStreamOutput> {
    let stream = stream_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    remove(call, &stream, input.tag_keys)?;
    Ok(KinesisRemoveTagsFromStreamOutput {})
}

/// UntagResource.
pub(crate) fn untag(
    call: &Call<'_>,
    input: &Valid<'_, KinesisUntagResourceInput>,
) -> Result<KinesisUntagResourceOutput> {
    let stream = stream_of(call, None, Some(input.resource_arn))?;
    remove(call, &stream, input.tag_keys)?;
    Ok(KinesisUntagResourceOutput {})
}

/// ListTagsForStream.
pub(crate) fn list_tags(
    call: &Call<'_>,
    input: &Valid<'_, KinesisListTagsForStreamInput>,
) -> Result<KinesisListTagsForStreamOutput> {
    let stream = stream_of(call, input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let state = stream.state.lock();
    let limit = super::describe::count_of(input.limit, TAGS_MAX);
    let from = input.exclusive_start_tag_key.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut tags = state.tags.range::<str, _>((from, Bound::Unbounded)).map(shape);
    let page: Vec<Tag> = tags.by_ref().take(limit).collect();
    Ok(KinesisListTagsForStreamOutput { tags: Some(page), has_more_tags: Some(tags.next().is_some()) })
}

/// ListTagsForResource.
pub(crate) fn tags_of_resource(
    call: &Call<'_>,
    input: &Valid<'_, KinesisListTagsForResourceInput>,
) -> Result<KinesisListTagsForResourceOutput> {
    let stream = stream_of(call, None, Some(input.resource_arn))?;
    let tags = stream.state.lock().tags.iter().map(shape).collect();
    Ok(KinesisListTagsForResourceOutput { tags: Some(tags) })
}

fn shape((key, value): (&String, &String)) -> Tag {
    Tag { key: Some(key.clone()), value: Some(value.clone()) }
}

/// # Errors
/// `InvalidArgumentException` for more tags than a stream may have.
pub(super) fn check(tags: &BTreeMap<String, String>) -> Result<()> {
    if tags.len() > TAGS_MAX { Err(invalid(text::too_many_tags(TAGS_MAX))) } else { Ok(()) }
}

fn add(call: &Call<'_>, stream: &DataStream, tags: &BTreeMap<String, String>) -> Result<()> {
    edit(call, stream, |kept| kept.extend(tags.clone()))
}

fn remove(call: &Call<'_>, stream: &DataStream, names: &[String]) -> Result<()> {
    edit(call, stream, |kept| kept.retain(|name, _| !names.contains(name)))
}

fn edit(
    call: &Call<'_>,
    stream: &DataStream,
    edit: impl FnOnce(&mut BTreeMap<String, String>),
) -> Result<()> {
    let mut state = stream.state.lock();
    if state.is_gone(call.now()) {
        return Err(not_found(call, &stream.name));
    }
    let mut next = state.clone();
    edit(&mut next.tags);
    check(&next.tags)?;
    if next.tags == state.tags {
        return Ok(());
    }
    change(call, stream, &mut state, next, Batch::default())
}
