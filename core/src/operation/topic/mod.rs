//! The operations of topics, which are those of SNS.

mod attributes;
mod lifecycle;
mod publish;
mod subscriptions;
mod tags;

pub(crate) use attributes::{
    get_attributes, get_subscription_attributes, set_attributes, set_subscription_attributes,
};
pub(crate) use lifecycle::{create, delete, list};
pub(crate) use publish::{letters_of_failure, publish, publish_batch};
pub(crate) use subscriptions::{list_all, list_of_topic, subscribe, unsubscribe};
pub(crate) use tags::{list_tags, tag, untag};

use std::ops::Bound;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::api::message::topic as text;
use crate::api::{Error, ErrorCode, Result};
use crate::engine::Call;
use crate::limits::TOPICS_PAGE_MAX;
use crate::locks::Guarded;
use crate::store::{Batch, MetaChange};
use crate::topic::{Subscription, Topic, Topics};

/// Parts of an ARN.
const ARN_PARTS: usize = 6;

fn invalid(message: String) -> Error {
    Error::new(ErrorCode::InvalidParameter, message)
}

fn no_topic() -> Error {
    Error::new(ErrorCode::NotFound, text::no_topic())
}

fn no_subscription() -> Error {
    Error::new(ErrorCode::NotFound, text::no_subscription())
}

/// All of them, locked; what is seen of them is waited for.
fn lock<'c>(call: &'c Call<'_>) -> Guarded<'c, Topics> {
    let topics = call.topics.lock();
    call.catalog.saw(topics.changed.get());
    topics
}

/// Commits a change of the catalog's entries; the caller shows it then.
///
/// # Errors
/// The store's; then nothing has changed.
fn commit(call: &Call<'_>, topics: &Topics, meta: Vec<MetaChange>) -> Result<()> {
    call.commit_catalog(Batch { meta, ..Batch::default() })?;
    topics.changed.raise(call.store.seen());
    Ok(())
}

/// Refuses what is no ARN.
///
/// # Errors
/// `InvalidParameter`.
fn require_arn(arn: &str, parameter: &str) -> Result<()> {
    match arn.split(':').count() {
        count if count < ARN_PARTS => Err(invalid(text::bad_arn(parameter, count))),
        _ => Ok(()),
    }
}

/// The topic of an ARN.
///
/// # Errors
/// `InvalidParameter` for what is no ARN, `NotFound`.
fn find<'t>(call: &Call<'_>, topics: &'t Topics, arn: &str) -> Result<&'t Topic> {
    require_arn(arn, "TopicArn")?;
    let name = call.catalog.place.topic_name(arn);
    name.and_then(|name| topics.all.get(name)).ok_or_else(no_topic)
}

/// The topic and the identity of a subscription, as its ARN names them.
///
/// # Errors
/// `InvalidParameter` for what is no ARN.
fn parts_of<'a>(call: &Call<'_>, arn: &'a str) -> Result<Option<(&'a str, &'a str)>> {
    require_arn(arn, "SubscriptionArn")?;
    Ok(call.catalog.place.topic_name(arn).and_then(|rest| rest.split_once(':')))
}

/// The topic of a subscription, and the subscription.
///
/// # Errors
/// As [`parts_of`], and `NotFound`.
fn find_subscription<'t>(
    call: &Call<'_>,
    topics: &'t Topics,
    arn: &str,
) -> Result<(&'t Topic, &'t Arc<Subscription>)> {
    let found = parts_of(call, arn)?.and_then(|(name, uuid)| {
        let topic = topics.all.get(name)?;
        Some((topic, topic.subscriptions.get(uuid)?))
    });
    found.ok_or_else(no_subscription)
}

fn subscription_arn(call: &Call<'_>, topic: &Topic, subscription: &Subscription) -> String {
    format!("{}:{}", call.catalog.place.topic_arn(&topic.name), subscription.uuid)
}

/// Characters that answers can say, which are XML.
fn is_text(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..))
}

/// A page of a list that is in the order of texts: those behind the token, and the token of the next page.
fn page<'t, T>(
    from: impl FnOnce(Bound<String>) -> Box<dyn Iterator<Item = (String, T)> + 't>,
    token: Option<&String>,
) -> Result<(Vec<T>, Option<String>)> {
    let after = token.map(|token| read_token(token)).transpose()?;
    let mut found = from(after.map_or(Bound::Unbounded, Bound::Excluded));
    let mut last = None;
    let mut shown = Vec::new();
    for (place, one) in found.by_ref().take(TOPICS_PAGE_MAX) {
        shown.push(one);
        last = Some(place);
    }
    Ok((shown, last.filter(|_| found.next().is_some()).map(|last| STANDARD.encode(last))))
}

fn read_token(token: &str) -> Result<String> {
    let place = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    place.ok_or_else(|| invalid(text::invalid("nextToken")))
}
