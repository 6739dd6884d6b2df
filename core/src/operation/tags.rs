//! TagResource, UntagResource, ListTagsOfResource; and the tags of a new table.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::lineage;
use super::resource_arn::ResourceArn;
use crate::api::message::settings as text;
use crate::api::message::table as table_text;
use crate::api::{
    Error, ErrorCode, ListTagsOfResourceInput, ListTagsOfResourceOutput, Result, TableStatus, Tag,
    TagResourceInput, TagResourceOutput, UntagResourceInput, UntagResourceOutput, Valid,
};
use crate::engine::Call;
use crate::limits::{TAG_KEY_MAX_CHARS, TAG_VALUE_MAX_CHARS, TAGS_MAX};
use crate::table::Table;

/// TagResource.
pub(crate) fn tag(call: &Call<'_>, input: &Valid<'_, TagResourceInput>) -> Result<TagResourceOutput> {
    if input.tags.is_empty() {
        return Err(Error::validation(text::no_tags()));
    }
    let tags = checked(input.tags)?;
    change(call, input.resource_arn, |kept| kept.extend(tags))?;
    Ok(TagResourceOutput {})
}

/// UntagResource.
pub(crate) fn untag(call: &Call<'_>, input: &Valid<'_, UntagResourceInput>) -> Result<UntagResourceOutput> {
    let keys = input.tag_keys;
    if keys.is_empty() {
        return Err(Error::validation(text::no_tag_keys()));
    }
    for key in keys {
        check_key(Some(key))?;
    }
    if keys.len() > TAGS_MAX {
        return Err(Error::validation(text::too_many_tags()));
    }
    change(call, input.resource_arn, |kept| kept.retain(|key, _| !keys.contains(key)))?;
    Ok(UntagResourceOutput {})
}

/// ListTagsOfResource.
pub(crate) fn list(
    call: &Call<'_>,
    input: &Valid<'_, ListTagsOfResourceInput>,
) -> Result<ListTagsOfResourceOutput> {
    let table = find(call, input.resource_arn)?;
    let state = table.state.read();
    let tag = |(key, value): (&String, &String)| Tag { key: Some(key.clone()), value: Some(value.clone()) };
    Ok(ListTagsOfResourceOutput {
        tags: Some(state.features.tags.iter().map(tag).collect()),
        next_token: None,
    })
}

/// The tags of a request, all of them sound and none of them twice.
///
/// # Errors
/// `ValidationException`, here as below.
pub(super) fn checked(tags: &[Tag]) -> Result<BTreeMap<String, String>> {
    let mut by_key = BTreeMap::new();
    for Tag { key, value } in tags {
        let key = check_key(key.as_deref())?;
        let value = check_value(value.as_deref())?;
        if by_key.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(Error::validation(text::tag_key_twice(key)));
        }
    }
    check_count(&by_key)?;
    Ok(by_key)
}

fn check_count(tags: &BTreeMap<String, String>) -> Result<()> {
    if tags.len() > TAGS_MAX { Err(Error::validation(text::too_many_tags())) } else { Ok(()) }
}

fn check_key(key: Option<&str>) -> Result<&str> {
    match key {
        Some(key) if key.starts_with("aws:") => Err(Error::validation(text::tag_key_reserved(key))),
        Some(key) if !key.is_empty() && is_short_word(key, TAG_KEY_MAX_CHARS) => Ok(key),
        key => Err(Error::validation(text::tag_key_invalid(key))),
    }
}

fn check_value(value: Option<&str>) -> Result<&str> {
    match value {
        Some(value) if is_short_word(value, TAG_VALUE_MAX_CHARS) => Ok(value),
        value => Err(Error::validation(text::tag_value_invalid(value))),
    }
}

/// Letters and digits of any script, spaces, and a few signs.
fn is_short_word(text: &str, most: usize) -> bool {
    let is_sign = |c: char| "+-=._:/@".contains(c);
    let is_space = |c: char| c.is_whitespace() && !c.is_control();
    text.chars().count() <= most && text.chars().all(|c| c.is_alphanumeric() || is_space(c) || is_sign(c))
}

/// The table of an ARN.
fn find(call: &Call<'_>, arn: &str) -> Result<Arc<Table>> {
    let named = ResourceArn::parse(arn)?;
    let place = call.catalog.place;
    if !named.is_of_account(place) {
        return Err(Error::new(ErrorCode::AccessDenied, text::access_denied()));
    }
    if !named.is_of_region(place) {
        return Err(Error::validation(text::tags_elsewhere(arn)));
    }
    let now = call.now();
    let table = call.catalog.find(named.table, now).filter(|table| !table.is_restoring());
    // Streams have no tags, and a table that is being made has none yet.
    table
        .filter(|table| named.stream.is_none() && table.status(now) != TableStatus::Creating)
        .ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, text::resource_arn_not_found(arn)))
}

/// Changes the tags of a table, where that changes anything.
fn change(call: &Call<'_>, arn: &str, change: impl FnOnce(&mut BTreeMap<String, String>)) -> Result<()> {
    let table = find(call, arn)?;
    if table.status(call.now()) == TableStatus::Deleting {
        return Err(Error::new(ErrorCode::ResourceInUse, table_text::being_deleted(&table.name)));
    }
    let mut state = table.state.write();
    let mut next = state.clone();
    change(&mut next.features.tags);
    check_count(&next.features.tags)?;
    if next.features.tags == state.features.tags {
        return Ok(());
    }
    lineage::change(call, &table, &mut state, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_of_any_script_and_count_characters() {
        for word in ["", "ключ", "café", "表", "\u{a0}\u{3000} ", "a+b-c=d.e_f:g/h@i", "0"] {
            assert!(is_short_word(word, 20), "{word:?}");
        }
        for word in [
            "🔑", "100%", "a,b", "it's", "(x)", "a&b", "a*b", "a;b", "a?b", "a|b", "a\\b", "<a>", "~a",
            "a\nb",
        ] {
            assert!(!is_short_word(word, 20), "{word:?}");
        }
        assert!(is_short_word(&"א".repeat(128), 128));
        assert!(!is_short_word(&"א".repeat(129), 128));
    }
}
