//! TagResource, UntagResource, ListTagsForResource of topics.

use std::collections::BTreeMap;

use super::{commit, invalid, is_text, lock, require_arn};
use crate::api::message::topic as text;
use crate::api::{
    Error, ErrorCode, Result, SnsListTagsForResourceInput, SnsListTagsForResourceOutput, SnsTag,
    SnsTagResourceInput, SnsTagResourceOutput, SnsUntagResourceInput, SnsUntagResourceOutput, Valid,
};
use crate::engine::Call;
use crate::limits::TAGS_MAX;
use crate::topic::{Topic, Topics};

/// Tags by name.
///
/// # Errors
/// `InvalidParameter` for two of one name, or what no answer can say; `TagLimitExceeded`.
pub(super) fn read_tags(given: &[SnsTag]) -> Result<BTreeMap<String, String>> {
    let mut tags = BTreeMap::new();
    for tag in given {
        let (Some(key), Some(value)) = (&tag.key, &tag.value) else { continue };
        if !is_text(key) || !is_text(value) {
            return Err(invalid(text::invalid("Tags")));
        }
        if tags.insert(key.clone(), value.clone()).is_some() {
            return Err(invalid(text::duplicated_tags()));
        }
    }
    check_count(&tags)?;
    Ok(tags)
}

fn check_count(tags: &BTreeMap<String, String>) -> Result<()> {
    if tags.len() > TAGS_MAX {
        return Err(Error::new(ErrorCode::TagLimitExceeded, text::too_many_tags()));
    }
    Ok(())
}

/// TagResource.
pub(crate) fn tag(call: &Call<'_>, input: &Valid<'_, SnsTagResourceInput>) -> Result<SnsTagResourceOutput> {
    let given = read_tags(input.tags)?;
    edit(call, input.resource_arn, |tags| tags.extend(given))?;
    Ok(SnsTagResourceOutput {})
}

/// UntagResource.
pub(crate) fn untag(
    call: &Call<'_>,
    input: &Valid<'_, SnsUntagResourceInput>,
) -> Result<SnsUntagResourceOutput> {
    edit(call, input.resource_arn, |tags| tags.retain(|key, _| !input.tag_keys.contains(key)))?;
    Ok(SnsUntagResourceOutput {})
}

/// ListTagsForResource.
pub(crate) fn list_tags(
    call: &Call<'_>,
    input: &Valid<'_, SnsListTagsForResourceInput>,
) -> Result<SnsListTagsForResourceOutput> {
    let topics = lock(call);
    let tags = find(call, &topics, input.resource_arn)?.tags.clone().into_iter();
    let told = |(key, value)| SnsTag { key: Some(key), value: Some(value) };
    Ok(SnsListTagsForResourceOutput { tags: Some(tags.map(told).collect()) })
}

fn find<'t>(call: &Call<'_>, topics: &'t Topics, arn: &str) -> Result<&'t Topic> {
    require_arn(arn, "ResourceArn")?;
    let found = call.catalog.place.topic_name(arn).and_then(|name| topics.all.get(name));
    found.ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, text::no_resource()))
}

fn edit(call: &Call<'_>, arn: &str, edit: impl FnOnce(&mut BTreeMap<String, String>)) -> Result<()> {
    let mut topics = lock(call);
    let mut next = find(call, &topics, arn)?.clone();
    edit(&mut next.tags);
    check_count(&next.tags)?;
    commit(call, &topics, vec![next.entry()])?;
    topics.all.insert(next.name.clone(), next);
    Ok(())
}
