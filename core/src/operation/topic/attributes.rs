//! GetTopicAttributes, SetTopicAttributes, GetSubscriptionAttributes, SetSubscriptionAttributes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::{commit, find, find_subscription, invalid, is_text, lock, subscription_arn};
use crate::api::message::topic as text;
use crate::api::{
    Result, SnsGetSubscriptionAttributesInput, SnsGetSubscriptionAttributesOutput,
    SnsGetTopicAttributesInput, SnsGetTopicAttributesOutput, SnsSetSubscriptionAttributesInput,
    SnsSetSubscriptionAttributesOutput, SnsSetTopicAttributesInput, SnsSetTopicAttributesOutput, Valid,
};
use crate::engine::Call;
use crate::topic::{Settings, Subscription, Topic, told};

/// What a topic can be set to.
const ATTRIBUTES: [&str; 6] =
    ["DisplayName", "Policy", "DeliveryPolicy", "KmsMasterKeyId", SIGNATURE_VERSION, "TracingConfig"];

pub(super) const SIGNATURE_VERSION: &str = "SignatureVersion";

/// Attributes of a topic; those without a value are as they are by themselves.
///
/// # Errors
/// `InvalidParameter`, with what is said around it.
pub(super) fn read_topic(
    given: BTreeMap<String, String>,
    told: impl Fn(&str) -> String,
) -> Result<BTreeMap<String, String>> {
    for (name, value) in &given {
        if !ATTRIBUTES.contains(&name.as_str()) {
            return Err(invalid(text::unknown_attribute()));
        }
        let is_json = || value.is_empty() || serde_json::from_str::<serde_json::Map<_, _>>(value).is_ok();
        let is_sound = match name.as_str() {
            "Policy" | "DeliveryPolicy" => is_json(),
            SIGNATURE_VERSION => value.is_empty() || value == "1" || value == "2",
            _ => is_text(value),
        };
        if !is_sound {
            return Err(invalid(told(name)));
        }
    }
    Ok(given.into_iter().filter(|(_, value)| !value.is_empty()).collect())
}

/// GetTopicAttributes.
pub(crate) fn get_attributes(
    call: &Call<'_>,
    input: &Valid<'_, SnsGetTopicAttributesInput>,
) -> Result<SnsGetTopicAttributesOutput> {
    let topics = lock(call);
    let topic = find(call, &topics, input.topic_arn)?;
    Ok(SnsGetTopicAttributesOutput { attributes: Some(told_of(call, topic)) })
}

fn told_of(call: &Call<'_>, topic: &Topic) -> BTreeMap<String, String> {
    let place = &call.catalog.place;
    let pending = topic.subscriptions.values().filter(|subscription| subscription.is_pending()).count();
    let arn = place.topic_arn(&topic.name);
    let usual = [
        ("DisplayName", String::new()),
        ("EffectiveDeliveryPolicy", delivery_policy()),
        ("Owner", place.account.clone()),
        ("Policy", policy(&arn, &place.account)),
        ("SubscriptionsConfirmed", (topic.subscriptions.len() - pending).to_string()),
        ("SubscriptionsDeleted", "0".to_owned()),
        ("SubscriptionsPending", pending.to_string()),
        ("TopicArn", arn),
    ];
    let mut told: BTreeMap<String, String> =
        usual.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    told.extend(topic.attributes.clone());
    told
}

/// How often the service would try to reach an address, as it tells it of a topic that says nothing of it.
fn delivery_policy() -> String {
    json!({"http": {
        "defaultHealthyRetryPolicy": {
            "minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0,
            "numNoDelayRetries": 0, "numMinDelayRetries": 0, "backoffFunction": "linear",
        },
        "disableSubscriptionOverrides": false,
        "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
    }})
    .to_string()
}

/// The policy that a topic has by itself.
fn policy(arn: &str, account: &str) -> String {
    const ACTIONS: [&str; 8] = [
        "GetTopicAttributes",
        "SetTopicAttributes",
        "AddPermission",
        "RemovePermission",
        "DeleteTopic",
        "Subscribe",
        "ListSubscriptionsByTopic",
        "Publish",
    ];
    json!({
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": ACTIONS.map(|action| format!("SNS:{action}")),
            "Resource": arn,
            "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
        }],
    })
    .to_string()
}

/// SetTopicAttributes.
pub(crate) fn set_attributes(
    call: &Call<'_>,
    input: &Valid<'_, SnsSetTopicAttributesInput>,
) -> Result<SnsSetTopicAttributesOutput> {
    let value = input.attribute_value.clone();
    let given = BTreeMap::from([(input.attribute_name.to_owned(), value.into_iter().collect::<String>())]);
    let read = read_topic(given, text::invalid)?;
    let mut topics = lock(call);
    let mut next = find(call, &topics, input.topic_arn)?.clone();
    next.attributes.remove(input.attribute_name);
    next.attributes.extend(read);
    commit(call, &topics, vec![next.entry()])?;
    topics.all.insert(next.name.clone(), next);
    Ok(SnsSetTopicAttributesOutput {})
}

/// Attributes of a subscription, and the same read.
///
/// # Errors
/// `InvalidParameter`, with what is said around it.
pub(super) fn read_subscription(
    mut given: BTreeMap<String, String>,
    told: impl Fn(&str) -> String,
) -> Result<(BTreeMap<String, String>, Settings)> {
    if given.iter().any(|(name, value)| !Settings::has(name) || !is_text(value)) {
        return Err(invalid(text::unknown_attribute()));
    }
    let settings = Settings::read(&given).map_err(|why| invalid(told(&why)))?;
    // A policy that is taken back is not told; the service takes an empty object for one.
    given.retain(|_, value| !value.is_empty() && value != "{}");
    Ok((given, settings))
}

/// GetSubscriptionAttributes.
pub(crate) fn get_subscription_attributes(
    call: &Call<'_>,
    input: &Valid<'_, SnsGetSubscriptionAttributesInput>,
) -> Result<SnsGetSubscriptionAttributesOutput> {
    let topics = lock(call);
    let (topic, subscription) = find_subscription(call, &topics, input.subscription_arn)?;
    let place = &call.catalog.place;
    let is_pending = subscription.is_pending();
    let own = [
        ("ConfirmationWasAuthenticated", (!is_pending).to_string()),
        ("Endpoint", subscription.endpoint.clone()),
        ("Owner", place.account.clone()),
        ("PendingConfirmation", is_pending.to_string()),
        ("Protocol", subscription.protocol.clone()),
        ("SubscriptionArn", subscription_arn(call, topic, subscription)),
        ("SubscriptionPrincipal", format!("arn:aws:iam::{}:root", place.account)),
        ("TopicArn", place.topic_arn(&topic.name)),
    ];
    let mut attributes = told(&subscription.attributes);
    attributes.extend(own.map(|(name, value)| (name.to_owned(), value)));
    Ok(SnsGetSubscriptionAttributesOutput { attributes: Some(attributes) })
}

/// SetSubscriptionAttributes.
pub(crate) fn set_subscription_attributes(
    call: &Call<'_>,
    input: &Valid<'_, SnsSetSubscriptionAttributesInput>,
) -> Result<SnsSetSubscriptionAttributesOutput> {
    if !Settings::has(input.attribute_name) {
        return Err(invalid(text::unknown_attribute()));
    }
    let mut topics = lock(call);
    let (topic, subscription) = find_subscription(call, &topics, input.subscription_arn)?;
    let mut attributes = subscription.attributes.clone();
    match &input.attribute_value {
        Some(value) => attributes.insert(input.attribute_name.to_owned(), value.clone()),
        None => attributes.remove(input.attribute_name),
    };
    let (attributes, settings) = read_subscription(attributes, text::invalid)?;
    let (name, next) =
        (topic.name.clone(), Subscription { attributes, settings, ..Subscription::clone(subscription) });
    commit(call, &topics, vec![next.entry(&name)])?;
    let topic = topics.all.get_mut(&name).expect("it was found under this lock");
    topic.subscriptions.insert(next.uuid.clone(), Arc::new(next));
    Ok(SnsSetSubscriptionAttributesOutput {})
}
