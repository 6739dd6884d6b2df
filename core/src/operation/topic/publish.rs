//! Publish, PublishBatch, and failures of mappings that are published.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::attributes::SIGNATURE_VERSION;
use super::{find, invalid, lock, require_arn, subscription_arn};
use crate::api::message::topic as text;
use crate::api::{
    Error, ErrorCode, Result, SnsMessageAttributeValue, SnsPublishBatchInput, SnsPublishBatchOutput,
    SnsPublishBatchRequestEntry, SnsPublishBatchResultEntry, SnsPublishInput, SnsPublishOutput, Valid,
};
use crate::engine::Call;
use crate::limits::{
    QUEUE_BATCH_MAX, QUEUE_MESSAGE_ATTRIBUTES_MAX, QUEUE_NAME_MAX_CHARS, TOPIC_MESSAGE_MAX_BYTES,
    TOPIC_SUBJECT_MAX_CHARS,
};
use crate::operation::queue::{self, Letter};
use crate::queue::MessageAttribute;
use crate::store::Batch;
use crate::topic::{Published, QUEUES, Sender, Structure, Subscription, Topic, text_for};

/// A message as it was given, with its bytes that count.
struct Given<'a> {
    message: &'a str,
    subject: Option<&'a str>,
    structure: Option<&'a str>,
    attributes: BTreeMap<String, MessageAttribute>,
    length: usize,
}

impl Given<'_> {
    /// As those who are told see it.
    ///
    /// # Errors
    /// `InvalidParameter`.
    fn published(self) -> Result<Published> {
        if self.message.is_empty() {
            return Err(invalid(text::empty_message()));
        }
        let is_subject = |subject: &str| {
            let length = subject.chars().count();
            (1..=TOPIC_SUBJECT_MAX_CHARS).contains(&length) && !subject.chars().any(char::is_control)
        };
        if self.subject.is_some_and(|subject| !is_subject(subject)) {
            return Err(invalid(text::invalid("Subject")));
        }
        let message = match self.structure {
            None | Some("") => self.message.to_owned(),
            Some("json") => text_for(self.message, QUEUES).map_err(|wrong| {
                invalid(match wrong {
                    Structure::NoJson => text::structure_is_no_json(),
                    Structure::NoDefault => text::structure_without_default(),
                })
            })?,
            Some(_) => return Err(invalid(text::invalid("MessageStructure"))),
        };
        Ok(Published::new(message, self.subject.map(str::to_owned), self.attributes))
    }
}

type Attributes = BTreeMap<String, SnsMessageAttributeValue>;

/// # Errors
/// `ParameterValueInvalid`.
fn read_attributes(given: Option<&Attributes>) -> Result<(BTreeMap<String, MessageAttribute>, usize)> {
    let mut length = 0;
    let read = given.into_iter().flatten().map(|(name, given)| {
        let attribute = read_attribute(name, given)
            .map_err(|message| Error::new(ErrorCode::ParameterValueInvalid, message))?;
        length += name.len() + attribute.data_type.len() + attribute.value.len();
        Ok((name.clone(), attribute))
    });
    let read = read.collect::<Result<_>>()?;
    Ok((read, length))
}

fn read_attribute(name: &str, given: &SnsMessageAttributeValue) -> Result<MessageAttribute, String> {
    let data_type = given.data_type.clone().filter(|kind| !kind.is_empty());
    let data_type = data_type.ok_or_else(|| text::attribute_without_type(name))?;
    let value = match data_type.split('.').next() {
        Some("String" | "Number") => given.string_value.clone(),
        Some("Binary") => given.binary_value.as_ref().map(|bytes| STANDARD.encode(&bytes.0)),
        _ => return Err(text::attribute_of_unknown_type(name)),
    };
    let value = value.filter(|value| !value.is_empty());
    let value = value.ok_or_else(|| text::attribute_without_value(name, &data_type))?;
    if data_type == "Number" && value.parse::<f64>().is_ok_and(f64::is_finite).eq(&false) {
        return Err(text::attribute_is_no_number(name));
    }
    Ok(MessageAttribute { data_type, value })
}

fn given<'a>(
    message: &'a str,
    (subject, structure): (Option<&'a String>, Option<&'a String>),
    attributes: Option<&Attributes>,
) -> Result<Given<'a>> {
    let (attributes, beside) = read_attributes(attributes)?;
    let length = message.len() + beside;
    Ok(Given {
        message,
        subject: subject.map(String::as_str),
        structure: structure.map(String::as_str),
        attributes,
        length,
    })
}

/// A topic as who publishes finds it.
struct Found {
    sender: Sender,
    /// Those who are told, each with its ARN.
    told: Vec<(String, Arc<Subscription>)>,
}

/// Finds a topic; its lock is not held while queues are told, so what is changed meanwhile counts for the next message.
fn look_up(call: &Call<'_>, topic: &Topic) -> Found {
    let signature_version =
        topic.attributes.get(SIGNATURE_VERSION).cloned().unwrap_or_else(|| "1".to_owned());
    let place = &call.catalog.place;
    let sender = Sender {
        message_id: String::new(),
        topic_arn: place.topic_arn(&topic.name),
        region: place.region.clone(),
        signature_version,
        at: call.now(),
    };
    let confirmed = topic.subscriptions.values().filter(|subscription| !subscription.is_pending());
    let told = confirmed.map(|one| (subscription_arn(call, topic, one), Arc::clone(one))).collect();
    Found { sender, told }
}

impl Found {
    /// The messages for queues that tell of one, and its identity.
    fn letters(&self, call: &Call<'_>, published: &Published) -> (String, Vec<Letter<'static>>) {
        let sender = Sender { message_id: call.entropy.uuid(), ..self.sender.clone() };
        let wanted = self.told.iter().filter(|(_, subscription)| subscription.settings.wants(published));
        let letters = wanted.map(|(arn, subscription)| {
            let settings = &subscription.settings;
            let (body, attributes) = match settings.is_raw {
                true => published.raw(),
                false => (published.enveloped(&sender, arn), BTreeMap::new()),
            };
            let dead = || settings.dead_letters.clone().map(Cow::Owned);
            // A message of a queue has no room for more of them: it cannot be delivered.
            let is_too_much = attributes.len() > QUEUE_MESSAGE_ATTRIBUTES_MAX;
            let to = if is_too_much {
                dead().unwrap_or(Cow::Borrowed(""))
            } else {
                subscription.endpoint.clone().into()
            };
            Letter { to, otherwise: dead(), body: body.into(), attributes, is_missed: false }
        });
        let letters = letters.collect();
        (sender.message_id, letters)
    }
}

fn send(call: &Call<'_>, letters: Vec<Letter<'_>>) -> Result<()> {
    let mut batch = Batch::default();
    // What has no queue is lost, as it is with the service.
    let delivered = queue::deliver(call, &mut batch, letters)?;
    if !batch.rows.is_empty() {
        call.store.commit(batch)?;
    }
    drop(delivered);
    Ok(())
}

/// Publish.
pub(crate) fn publish(call: &Call<'_>, input: &Valid<'_, SnsPublishInput>) -> Result<SnsPublishOutput> {
    let arn = match (input.topic_arn.as_deref(), input.target_arn.as_deref()) {
        (Some(arn), _) => arn,
        (None, Some(arn)) => {
            require_arn(arn, "TargetArn")?;
            if arn.contains(":endpoint/") {
                return Err(invalid(text::no_endpoint()));
            }
            arn
        }
        (None, None) => return Err(invalid(text::no_target())),
    };
    require_arn(arn, "TopicArn")?;
    let told = (input.subject.as_ref(), input.message_structure.as_ref());
    let given = given(input.message, told, input.message_attributes.as_ref())?;
    if given.length > TOPIC_MESSAGE_MAX_BYTES {
        return Err(invalid(text::message_too_long()));
    }
    let published = given.published()?;
    let found = look_up(call, find(call, &lock(call), arn)?);
    let (id, letters) = found.letters(call, &published);
    send(call, letters)?;
    Ok(SnsPublishOutput { message_id: Some(id) })
}

/// PublishBatch.
pub(crate) fn publish_batch(
    call: &Call<'_>,
    input: &Valid<'_, SnsPublishBatchInput>,
) -> Result<SnsPublishBatchOutput> {
    let entries = input.publish_batch_request_entries;
    check_entries(entries)?;
    require_arn(input.topic_arn, "TopicArn")?;
    let read = |entry: &SnsPublishBatchRequestEntry| {
        let told = (entry.subject.as_ref(), entry.message_structure.as_ref());
        let given = given(entry.message.as_deref().unwrap_or(""), told, entry.message_attributes.as_ref())?;
        let length = given.length;
        Ok((given.published()?, length))
    };
    let messages = entries.iter().map(read).collect::<Result<Vec<_>>>()?;
    if messages.iter().map(|(_, length)| length).sum::<usize>() > TOPIC_MESSAGE_MAX_BYTES {
        return Err(Error::new(ErrorCode::BatchRequestTooLong, text::batch_too_long()));
    }
    let found = look_up(call, find(call, &lock(call), input.topic_arn)?);
    let (mut successful, mut letters) = (Vec::new(), Vec::new());
    for (entry, (published, _)) in entries.iter().zip(&messages) {
        let (message_id, told) = found.letters(call, published);
        letters.extend(told);
        successful.push(SnsPublishBatchResultEntry { id: entry.id.clone(), message_id: Some(message_id) });
    }
    send(call, letters)?;
    Ok(SnsPublishBatchOutput { successful: Some(successful), failed: Some(Vec::new()) })
}

/// # Errors
/// `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId`, `BatchEntryIdsNotDistinct`.
fn check_entries(entries: &[SnsPublishBatchRequestEntry]) -> Result<()> {
    if entries.is_empty() {
        return Err(Error::new(ErrorCode::EmptyBatchRequest, text::empty_batch()));
    }
    if entries.len() > QUEUE_BATCH_MAX {
        return Err(Error::new(ErrorCode::TooManyEntriesInBatchRequest, text::too_many_entries()));
    }
    let mut seen = BTreeSet::new();
    for entry in entries {
        let id = entry.id.as_deref().unwrap_or("");
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if id.is_empty() || id.len() > QUEUE_NAME_MAX_CHARS || !id.chars().all(is_letter) {
            return Err(Error::new(ErrorCode::InvalidBatchEntryId, text::bad_id()));
        }
        if !seen.insert(id) {
            return Err(Error::new(ErrorCode::BatchEntryIdsNotDistinct, text::same_id()));
        }
    }
    Ok(())
}

/// What tells of the failure of a mapping whose destination is a topic; none where there is no such topic.
pub(crate) fn letters_of_failure(call: &Call<'_>, arn: &str, document: &str) -> Option<Vec<Letter<'static>>> {
    let name = call.catalog.place.topic_name(arn)?;
    let found = look_up(call, lock(call).all.get(name)?);
    let published = Published::new(document.to_owned(), None, BTreeMap::new());
    Some(found.letters(call, &published).1)
}
