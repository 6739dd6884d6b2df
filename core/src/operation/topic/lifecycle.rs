//! CreateTopic, DeleteTopic, ListTopics.

use std::collections::BTreeMap;

use super::attributes::read_topic;
use super::tags::read_tags;
use super::{commit, invalid, lock, page, require_arn};
use crate::api::message::topic as text;
use crate::api::{
    Result, SnsCreateTopicInput, SnsCreateTopicOutput, SnsDeleteTopicInput, SnsDeleteTopicOutput,
    SnsListTopicsInput, SnsListTopicsOutput, SnsTopic, Valid,
};
use crate::engine::Call;
use crate::limits::TOPIC_NAME_MAX_CHARS;
use crate::topic::Topic;

/// The ending of names of topics that keep an order.
const FIFO: &str = ".fifo";

/// CreateTopic.
pub(crate) fn create(
    call: &Call<'_>,
    input: &Valid<'_, SnsCreateTopicInput>,
) -> Result<SnsCreateTopicOutput> {
    let name = input.name;
    let mut given = input.attributes.clone().into_iter().flatten().collect::<BTreeMap<_, _>>();
    let is_fifo = given.remove("FifoTopic").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if is_fifo || name.ends_with(FIFO) {
        return Err(invalid(text::no_fifo()));
    }
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > TOPIC_NAME_MAX_CHARS || !name.chars().all(is_letter) {
        return Err(invalid(text::bad_name()));
    }
    let attributes = read_topic(given, text::of_attributes)?;
    let tags = read_tags(input.tags.as_deref().unwrap_or(&[]))?;
    let topic_arn = Some(call.catalog.place.topic_arn(name));
    let mut topics = lock(call);
    if let Some(there) = topics.all.get(name) {
        // What is not named is not asked for.
        if attributes.iter().any(|(name, value)| there.attributes.get(name) != Some(value)) {
            return Err(invalid(text::other_attributes()));
        }
        if input.tags.is_some() && there.tags != tags {
            return Err(invalid(text::other_tags()));
        }
        return Ok(SnsCreateTopicOutput { topic_arn });
    }
    let subscriptions = BTreeMap::new();
    let topic = Topic { name: name.to_owned(), created_at: call.now(), attributes, tags, subscriptions };
    commit(call, &topics, vec![topic.entry()])?;
    topics.all.insert(topic.name.clone(), topic);
    Ok(SnsCreateTopicOutput { topic_arn })
}

/// DeleteTopic.
pub(crate) fn delete(
    call: &Call<'_>,
    input: &Valid<'_, SnsDeleteTopicInput>,
) -> Result<SnsDeleteTopicOutput> {
    require_arn(input.topic_arn, "TopicArn")?;
    let mut topics = lock(call);
    let found = call.catalog.place.topic_name(input.topic_arn).and_then(|name| topics.all.get(name));
    if let Some(topic) = found {
        commit(call, &topics, topic.removed_entries())?;
        let name = topic.name.clone();
        topics.all.remove(&name);
    }
    Ok(SnsDeleteTopicOutput {})
}

/// ListTopics.
pub(crate) fn list(call: &Call<'_>, input: &SnsListTopicsInput) -> Result<SnsListTopicsOutput> {
    let topics = lock(call);
    let (found, next_token) = page(
        |from| {
            let range = topics.all.range((from, std::ops::Bound::Unbounded));
            Box::new(range.map(|(name, topic)| (name.clone(), topic)))
        },
        input.next_token.as_ref(),
    )?;
    let told = |topic: &Topic| SnsTopic { topic_arn: Some(call.catalog.place.topic_arn(&topic.name)) };
    Ok(SnsListTopicsOutput { topics: Some(found.into_iter().map(told).collect()), next_token })
}
