//! TagResource, UntagResource, ListTags of mappings.

use std::collections::BTreeMap;

use super::{invalid, keep, lock};
use crate::api::message::mapping as text;
use crate::api::{
    Error, ErrorCode, LambdaListTagsInput, LambdaListTagsOutput, LambdaTagResourceInput,
    LambdaTagResourceOutput, LambdaUntagResourceInput, LambdaUntagResourceOutput, Result, Valid,
};
use crate::engine::Call;
use crate::limits::TAGS_MAX;
use crate::mapping::{Mapping, Mappings};

/// TagResource.
pub(crate) fn tag(
    call: &Call<'_>,
    input: &Valid<'_, LambdaTagResourceInput>,
) -> Result<LambdaTagResourceOutput> {
    edit(call, input.resource, |tags| tags.extend(input.tags.clone()))?;
    Ok(LambdaTagResourceOutput {})
}

/// UntagResource.
pub(crate) fn untag(
    call: &Call<'_>,
    input: &Valid<'_, LambdaUntagResourceInput>,
) -> Result<LambdaUntagResourceOutput> {
    edit(call, input.resource, |tags| tags.retain(|key, _| !input.tag_keys.contains(key)))?;
    Ok(LambdaUntagResourceOutput {})
}

/// ListTags.
pub(crate) fn list_tags(
    call: &Call<'_>,
    input: &Valid<'_, LambdaListTagsInput>,
) -> Result<LambdaListTagsOutput> {
    let mappings = lock(call);
    let mapping = find(call, &mappings, input.resource)?;
    Ok(LambdaListTagsOutput { tags: Some(mapping.tags.clone()) })
}

fn find<'m>(call: &Call<'_>, mappings: &'m Mappings, arn: &str) -> Result<&'m Mapping> {
    let is_it = |mapping: &&Mapping| mapping.configuration.event_source_mapping_arn.as_deref() == Some(arn);
    let found = mappings.present(call.now()).find(is_it);
    found.ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, text::tags_not_found(arn)))
}

fn edit(call: &Call<'_>, arn: &str, edit: impl FnOnce(&mut BTreeMap<String, String>)) -> Result<()> {
    let mut mappings = lock(call);
    let mut next = find(call, &mappings, arn)?.clone();
    edit(&mut next.tags);
    if next.tags.len() > TAGS_MAX {
        return Err(invalid(text::too_many_tags(TAGS_MAX)));
    }
    keep(call, &mut mappings, next)
}
