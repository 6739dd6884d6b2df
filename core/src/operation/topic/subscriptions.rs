//! Subscribe, Unsubscribe, ListSubscriptions, ListSubscriptionsByTopic.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::attributes::read_subscription;
use super::{commit, find, invalid, is_text, lock, page, parts_of, subscription_arn};
use crate::api::message::topic as text;
use crate::api::{
    Result, SnsListSubscriptionsByTopicInput, SnsListSubscriptionsByTopicOutput, SnsListSubscriptionsInput,
    SnsListSubscriptionsOutput, SnsSubscribeInput, SnsSubscribeOutput, SnsSubscription, SnsUnsubscribeInput,
    SnsUnsubscribeOutput, Valid,
};
use crate::engine::Call;
use crate::topic::{QUEUES, Subscription, Topic};

/// What stands in the place of the ARN of a subscription that nobody has confirmed.
const PENDING: &str = "PendingConfirmation";
/// The same in the answer to who subscribes.
const PENDING_ANSWER: &str = "pending confirmation";

/// Refuses a protocol or an address that cannot be.
///
/// # Errors
/// `InvalidParameter`.
fn check_endpoint(protocol: &str, endpoint: &str) -> Result<()> {
    let is_sound = match protocol {
        QUEUES => {
            let parts: Vec<&str> = endpoint.split(':').collect();
            let is_queue = matches!(parts[..], ["arn", _, QUEUES, _, _, name] if !name.is_empty());
            return if is_queue { Ok(()) } else { Err(invalid(text::bad_queue())) };
        }
        "http" => endpoint.starts_with("http://"),
        "https" => endpoint.starts_with("https://"),
        "email" | "email-json" => {
            endpoint.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        }
        "sms" | "lambda" | "application" | "firehose" => {
            return Err(invalid(text::protocol_not_here(protocol)));
        }
        _ => return Err(invalid(text::unknown_protocol(protocol))),
    };
    if is_sound && is_text(endpoint) { Ok(()) } else { Err(invalid(text::bad_endpoint())) }
}

/// Subscribe. Who has subscribed already has that subscription again.
pub(crate) fn subscribe(call: &Call<'_>, input: &Valid<'_, SnsSubscribeInput>) -> Result<SnsSubscribeOutput> {
    let endpoint = input.endpoint.as_deref().unwrap_or("");
    check_endpoint(input.protocol, endpoint)?;
    let given: BTreeMap<String, String> = input.attributes.clone().into_iter().flatten().collect();
    let (attributes, settings) = read_subscription(given, text::of_attributes)?;
    let mut topics = lock(call);
    let topic = find(call, &topics, input.topic_arn)?;
    let is_same = |there: &&Arc<Subscription>| there.protocol == input.protocol && there.endpoint == endpoint;
    let told = |subscription: &Subscription| {
        let is_hidden = subscription.is_pending() && input.return_subscription_arn != Some(true);
        let arn =
            if is_hidden { PENDING_ANSWER.to_owned() } else { subscription_arn(call, topic, subscription) };
        SnsSubscribeOutput { subscription_arn: Some(arn) }
    };
    if let Some(there) = topic.subscriptions.values().find(is_same) {
        // What is not named is not asked for.
        if attributes.iter().any(|(name, value)| there.attributes.get(name) != Some(value)) {
            return Err(invalid(text::other_subscription()));
        }
        return Ok(told(there));
    }
    let subscription = Subscription {
        uuid: call.entropy.uuid(),
        protocol: input.protocol.to_owned(),
        endpoint: endpoint.to_owned(),
        created_at: call.now(),
        attributes,
        settings,
    };
    let (answer, name) = (told(&subscription), topic.name.clone());
    commit(call, &topics, vec![subscription.entry(&name)])?;
    let topic = topics.all.get_mut(&name).expect("it was found under this lock");
    topic.subscriptions.insert(subscription.uuid.clone(), Arc::new(subscription));
    Ok(answer)
}

/// Unsubscribe.
pub(crate) fn unsubscribe(
    call: &Call<'_>,
    input: &Valid<'_, SnsUnsubscribeInput>,
) -> Result<SnsUnsubscribeOutput> {
    let Some((name, uuid)) = parts_of(call, input.subscription_arn)? else {
        return Ok(SnsUnsubscribeOutput {});
    };
    let mut topics = lock(call);
    if topics.all.get(name).is_some_and(|topic| topic.subscriptions.contains_key(uuid)) {
        commit(call, &topics, vec![Subscription::removed_entry(uuid)])?;
        let topic = topics.all.get_mut(name).expect("it was found under this lock");
        topic.subscriptions.remove(uuid);
    }
    Ok(SnsUnsubscribeOutput {})
}

fn told(call: &Call<'_>, topic: &Topic, subscription: &Subscription) -> SnsSubscription {
    let is_pending = subscription.is_pending();
    let arn = if is_pending { PENDING.to_owned() } else { subscription_arn(call, topic, subscription) };
    SnsSubscription {
        subscription_arn: Some(arn),
        owner: Some(call.catalog.place.account.clone()),
        protocol: Some(subscription.protocol.clone()),
        endpoint: Some(subscription.endpoint.clone()),
        topic_arn: Some(call.catalog.place.topic_arn(&topic.name)),
    }
}

/// ListSubscriptionsByTopic.
pub(crate) fn list_of_topic(
    call: &Call<'_>,
    input: &Valid<'_, SnsListSubscriptionsByTopicInput>,
) -> Result<SnsListSubscriptionsByTopicOutput> {
    let topics = lock(call);
    let topic = find(call, &topics, input.topic_arn)?;
    let (found, next_token) = page(
        |from| {
            let range = topic.subscriptions.range((from, Bound::Unbounded));
            Box::new(range.map(|(uuid, subscription)| (uuid.clone(), told(call, topic, subscription))))
        },
        input.next_token.as_ref(),
    )?;
    Ok(SnsListSubscriptionsByTopicOutput { subscriptions: Some(found), next_token })
}

/// ListSubscriptions. Their places are the name of the topic and the identity, which together are in the order of both.
pub(crate) fn list_all(
    call: &Call<'_>,
    input: &SnsListSubscriptionsInput,
) -> Result<SnsListSubscriptionsOutput> {
    let topics = lock(call);
    let (found, next_token) = page(
        |from| {
            let place = match from {
                Bound::Excluded(place) => place,
                _ => String::new(),
            };
            // No name has a slash.
            let (name, uuid) = place.split_once('/').unwrap_or(("", ""));
            let (name, uuid) = (name.to_owned(), uuid.to_owned());
            let later = topics.all.range(name.clone()..).flat_map(move |(found, topic)| {
                let after = if *found == name { Bound::Excluded(uuid.clone()) } else { Bound::Unbounded };
                topic.subscriptions.range((after, Bound::Unbounded)).map(move |(uuid, subscription)| {
                    (format!("{found}/{uuid}"), told(call, topic, subscription))
                })
            });
            Box::new(later)
        },
        input.next_token.as_ref(),
    )?;
    Ok(SnsListSubscriptionsOutput { subscriptions: Some(found), next_token })
}
