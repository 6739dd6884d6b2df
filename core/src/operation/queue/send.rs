//! SendMessage, SendMessageBatch.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{batch, in_range, invalid, lock, queue_of};
use crate::api::message::queue as text;
use crate::api::{
    Error, ErrorCode, Result, SqsMessageAttributeValue, SqsSendMessageBatchInput, SqsSendMessageBatchOutput,
    SqsSendMessageBatchResultEntry, SqsSendMessageInput, SqsSendMessageOutput, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::{QUEUE_BATCH_MAX_BYTES, QUEUE_MESSAGE_ATTRIBUTES_MAX};
use crate::queue::{
    DELAY, MESSAGE_SIZE, Message, MessageAttribute, QueueState, attributes_hash, body_hash, is_binary,
};
use crate::store::Batch;

type Attributes = BTreeMap<String, SqsMessageAttributeValue>;

/// What is to be sent.
struct Sending<'a> {
    body: &'a str,
    delay: Option<i32>,
    attributes: Option<&'a Attributes>,
}

impl Sending<'_> {
    /// Bytes that count.
    fn len(&self) -> usize {
        let attribute = |(name, value): (&String, &SqsMessageAttributeValue)| {
            let of = |text: &Option<String>| text.as_ref().map_or(0, String::len);
            let bytes = value.binary_value.as_ref().map_or(0, |bytes| bytes.0.len());
            name.len() + of(&value.data_type) + of(&value.string_value) + bytes
        };
        self.body.len() + self.attributes.into_iter().flatten().map(attribute).sum::<usize>()
    }

    /// The message, for a queue in this state.
    ///
    /// # Errors
    /// `InvalidMessageContents`, `InvalidParameterValueException`.
    fn message(&self, call: &Call<'_>, state: &QueueState, now: Millis) -> Result<Message> {
        if self.body.is_empty() {
            return Err(invalid(text::empty_body()));
        }
        if !self.body.chars().all(is_allowed) {
            return Err(Error::new(ErrorCode::InvalidMessageContents, text::bad_characters()));
        }
        let most = state.attribute(MESSAGE_SIZE);
        if self.len() as u64 > most {
            return Err(invalid(text::too_long(most)));
        }
        let delay = in_range(self.delay, DELAY, (0, 900))?.unwrap_or_else(|| state.attribute(DELAY));
        let mut message = Message::new(call.entropy.uuid(), self.body.to_owned(), now, now + delay * 1_000);
        message.attributes = read_attributes(self.attributes)?;
        Ok(message)
    }
}

/// Characters of XML.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// # Errors
/// `InvalidParameterValueException`.
fn read_attributes(given: Option<&Attributes>) -> Result<BTreeMap<String, MessageAttribute>> {
    let count = given.map_or(0, BTreeMap::len);
    if count > QUEUE_MESSAGE_ATTRIBUTES_MAX {
        return Err(invalid(text::too_many_message_attributes(count, QUEUE_MESSAGE_ATTRIBUTES_MAX)));
    }
    let read = |(name, given): (&String, &SqsMessageAttributeValue)| {
        let bad = || invalid(text::bad_message_attribute(name));
        let data_type = given.data_type.clone().ok_or_else(bad)?;
        let kind = data_type.split('.').next().unwrap_or("");
        let value = match (kind, &given.string_value, &given.binary_value) {
            ("String" | "Number", Some(value), None) if !value.is_empty() => value.clone(),
            ("Binary", None, Some(value)) if !value.0.is_empty() => STANDARD.encode(&value.0),
            _ => return Err(bad()),
        };
        if name.is_empty() {
            return Err(bad());
        }
        Ok((name.clone(), MessageAttribute { data_type, value }))
    };
    given.into_iter().flatten().map(read).collect()
}

/// The hash of attributes, as the answers have it.
pub(super) fn hash_of<'a>(
    attributes: impl IntoIterator<Item = (&'a String, &'a MessageAttribute)>,
) -> Option<String> {
    let bytes = |attribute: &MessageAttribute| match is_binary(&attribute.data_type) {
        true => STANDARD.decode(&attribute.value).expect("it was encoded when it was sent"),
        false => attribute.value.clone().into_bytes(),
    };
    attributes_hash(
        attributes.into_iter().map(|(name, attribute)| (name.as_str(), attribute, bytes(attribute))),
    )
}

/// SendMessage.
pub(crate) fn send(call: &Call<'_>, input: &Valid<'_, SqsSendMessageInput>) -> Result<SqsSendMessageOutput> {
    let queue = queue_of(call, input.queue_url)?;
    let mut state = lock(&queue)?;
    let attributes = input.message_attributes.as_ref();
    let sending = Sending { body: input.message_body, delay: input.delay_seconds, attributes };
    let message = sending.message(call, &state, call.now())?;
    let mut batch = Batch::default();
    state.send(&queue, &call.store, &mut batch, &message)?;
    call.store.commit(batch)?;
    Ok(SqsSendMessageOutput {
        body_hash: Some(body_hash(&message.body)),
        attributes_hash: hash_of(&message.attributes),
        message_id: Some(message.id),
    })
}

/// SendMessageBatch.
pub(crate) fn send_batch(
    call: &Call<'_>,
    input: &Valid<'_, SqsSendMessageBatchInput>,
) -> Result<SqsSendMessageBatchOutput> {
    let queue = queue_of(call, input.queue_url)?;
    batch::check("SendMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_deref()))?;
    let mut state = lock(&queue)?;
    let now = call.now();
    let sendings: Vec<(String, Sending<'_>)> = input
        .entries
        .iter()
        .map(|entry| {
            let body = entry.message_body.as_deref().unwrap_or("");
            let sending =
                Sending { body, delay: entry.delay_seconds, attributes: entry.message_attributes.as_ref() };
            (entry.id.clone().expect("checked"), sending)
        })
        .collect();
    let length: usize = sendings.iter().map(|(_, sending)| sending.len()).sum();
    if length > QUEUE_BATCH_MAX_BYTES {
        let message = text::batch_too_long(QUEUE_BATCH_MAX_BYTES, length);
        return Err(Error::new(ErrorCode::BatchRequestTooLong, message));
    }
    let mut commit = Batch::default();
    let done: Vec<_> = sendings
        .into_iter()
        .map(|(id, sending)| {
            let sent = sending.message(call, &state, now).and_then(|message| {
                state.send(&queue, &call.store, &mut commit, &message)?;
                Ok(SqsSendMessageBatchResultEntry {
                    id: Some(id.clone()),
                    body_hash: Some(body_hash(&message.body)),
                    attributes_hash: hash_of(&message.attributes),
                    message_id: Some(message.id),
                })
            });
            (id, sent)
        })
        .collect();
    let (successful, failed) = batch::divide(done.into_iter())?;
    if !commit.rows.is_empty() {
        call.store.commit(commit)?;
    }
    Ok(SqsSendMessageBatchOutput {
        successful: Some(successful),
        failed: (!failed.is_empty()).then_some(failed),
    })
}
