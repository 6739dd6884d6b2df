//! ReceiveMessage, DeleteMessage(Batch), ChangeMessageVisibility(Batch).

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{batch, in_range, invalid, lock, queue_of};
use crate::api::message::queue as text;
use crate::api::{
    Blob, Error, ErrorCode, Result, SqsChangeMessageVisibilityBatchInput,
    SqsChangeMessageVisibilityBatchOutput, SqsChangeMessageVisibilityBatchResultEntry,
    SqsChangeMessageVisibilityInput, SqsChangeMessageVisibilityOutput, SqsDeleteMessageBatchInput,
    SqsDeleteMessageBatchOutput, SqsDeleteMessageBatchResultEntry, SqsDeleteMessageInput,
    SqsDeleteMessageOutput, SqsMessage, SqsMessageAttributeValue, SqsReceiveMessageInput,
    SqsReceiveMessageOutput, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::queue::{
    Message, MessageAttribute, OrderEntry, Queue, QueueState, RETENTION, Receipt, VISIBILITY, body_hash,
    visible_at,
};
use crate::store::{Batch, Budget};

use super::send::hash_of;

/// The longest time for which a message is hidden, in seconds.
const HIDDEN_MAX: i32 = 43_200;
/// Messages that are looked at for those that are too old, in one call.
const LOOKED_AT_MAX: usize = 1_000;

/// ReceiveMessage.
pub(crate) fn receive(
    call: &Call<'_>,
    input: &Valid<'_, SqsReceiveMessageInput>,
) -> Result<SqsReceiveMessageOutput> {
    let most = in_range(input.max_number_of_messages, "MaxNumberOfMessages", (1, 10))?.unwrap_or(1);
    let hidden = in_range(input.visibility_timeout, VISIBILITY, (0, HIDDEN_MAX))?;
    in_range(input.wait_time_seconds, "WaitTimeSeconds", (0, 20))?;
    let queue = queue_of(call, input.queue_url)?;
    let state = lock(&queue)?;
    let now = call.now();
    let until = now + hidden.unwrap_or_else(|| state.attribute(VISIBILITY)) * 1_000;
    let mut batch = Batch::default();
    let mut received = Vec::new();
    let most = usize::try_from(most).expect("at most 10");
    // What this call has looked at stays where it is until its commit, so a longer page repeats a shorter one.
    for rows in [most, LOOKED_AT_MAX] {
        let budget = Budget { rows, bytes: usize::MAX };
        let page = call.store.rows(state.order, &visible_at(now), budget)?;
        let is_all = page.items.len() < rows;
        (batch, received) = take(call, &queue, &state, (now, until), &page.items, most)?;
        if is_all || received.len() == most {
            break;
        }
    }
    if !batch.rows.is_empty() {
        call.store.commit(batch)?;
    }
    let asked = Asked {
        system: [input.attribute_names.as_deref(), input.message_system_attribute_names.as_deref()],
        own: input.message_attribute_names.as_deref().unwrap_or(&[]),
    };
    let messages: Vec<SqsMessage> = received
        .into_iter()
        .map(|(place, message)| {
            let receipt = Receipt { queue: queue.id, place, received: message.received };
            asked.shape(call, receipt.seal(&call.iterators), message)
        })
        .collect();
    Ok(SqsReceiveMessageOutput { messages: (!messages.is_empty()).then_some(messages) })
}

type Received = Vec<(u64, Message)>;

/// Takes messages out of the front of the order: those that are too old for good, others until a time.
fn take(
    call: &Call<'_>,
    queue: &Queue,
    state: &QueueState,
    (now, until): (Millis, Millis),
    front: &[crate::value::Item],
    most: usize,
) -> Result<(Batch, Received)> {
    let (mut batch, mut received) = (Batch::default(), Vec::new());
    for entry in front.iter().map(OrderEntry::read) {
        let Some(message) = message_at(call, state, entry.place)? else {
            unreachable!("queue {}: the order has a message that is not there", queue.name)
        };
        if message.sent_at + state.period(RETENTION) <= now {
            batch.rows.extend(message.changes(state, entry.place, Some(&message), None));
        } else if received.len() < most {
            let mut taken = message.clone();
            taken.visible_at = until;
            taken.received = taken.received.saturating_add(1);
            taken.first_received_at.get_or_insert(now);
            batch.rows.extend(message.changes(state, entry.place, Some(&message), Some(&taken)));
            received.push((entry.place, taken));
        }
    }
    Ok((batch, received))
}

fn message_at(call: &Call<'_>, state: &QueueState, place: u64) -> Result<Option<Message>> {
    Ok(call.store.get(state.messages, &Message::key(place))?.as_ref().map(Message::read))
}

/// What a request asks to be told of messages.
struct Asked<'a> {
    system: [Option<&'a [String]>; 2],
    own: &'a [String],
}

impl Asked<'_> {
    fn has_system(&self, name: &str) -> bool {
        self.system
            .iter()
            .flatten()
            .flat_map(|names| names.iter())
            .any(|asked| asked == name || asked == "All")
    }

    fn has_own(&self, name: &str) -> bool {
        self.own.iter().any(|asked| match asked.strip_suffix(".*") {
            Some(prefix) => name.starts_with(prefix),
            None => asked == name || asked == "All",
        })
    }

    fn shape(&self, call: &Call<'_>, receipt_handle: String, message: Message) -> SqsMessage {
        let system = [
            ("SenderId", call.catalog.place.account.clone()),
            ("SentTimestamp", message.sent_at.to_string()),
            ("ApproximateReceiveCount", message.received.to_string()),
            (
                "ApproximateFirstReceiveTimestamp",
                message.first_received_at.unwrap_or(message.sent_at).to_string(),
            ),
        ];
        let system = system.into_iter().filter(|(name, _)| self.has_system(name));
        let system: BTreeMap<String, String> = system.map(|(name, value)| (name.to_owned(), value)).collect();
        let own: BTreeMap<String, MessageAttribute> =
            message.attributes.into_iter().filter(|(name, _)| self.has_own(name)).collect();
        SqsMessage {
            message_id: Some(message.id),
            receipt_handle: Some(receipt_handle),
            body_hash: Some(body_hash(&message.body)),
            body: Some(message.body),
            attributes: (!system.is_empty()).then_some(system),
            attributes_hash: hash_of(&own),
            message_attributes: (!own.is_empty())
                .then(|| own.into_iter().map(|(name, attribute)| (name, value_of(attribute))).collect()),
        }
    }
}

fn value_of(attribute: MessageAttribute) -> SqsMessageAttributeValue {
    let bytes = attribute
        .is_binary()
        .then(|| Blob(STANDARD.decode(&attribute.value).expect("it was encoded when it was sent")));
    SqsMessageAttributeValue {
        string_value: bytes.is_none().then_some(attribute.value),
        binary_value: bytes,
        data_type: Some(attribute.data_type),
    }
}

/// The message of a handle, if it is there and was not received once more since.
///
/// # Errors
/// `ReceiptHandleIsInvalid` for a handle that is none of this queue.
fn held(call: &Call<'_>, queue: &Queue, state: &QueueState, handle: &str) -> Result<Option<(u64, Message)>> {
    let receipt = Receipt::open(handle, &call.iterators).filter(|receipt| receipt.queue == queue.id);
    let receipt =
        receipt.ok_or_else(|| Error::new(ErrorCode::ReceiptHandleIsInvalid, text::bad_handle(handle)))?;
    let message = message_at(call, state, receipt.place)?;
    Ok(message.filter(|message| message.received == receipt.received).map(|message| (receipt.place, message)))
}

/// Removes messages by their handles, in one commit. One that is gone, or was received once more, is left as it is.
fn remove(call: &Call<'_>, queue: &Queue, handles: &[&str]) -> Result<Vec<Result<()>>> {
    let state = lock(queue)?;
    let mut batch = Batch::default();
    let mut places = Vec::new();
    let mut done = Vec::with_capacity(handles.len());
    for handle in handles {
        done.push(held(call, queue, &state, handle).map(|found| {
            if let Some((place, message)) = found.filter(|(place, _)| !places.contains(place)) {
                batch.rows.extend(message.changes(&state, place, Some(&message), None));
                places.push(place);
            }
        }));
    }
    if !batch.rows.is_empty() {
        call.store.commit(batch)?;
    }
    Ok(done)
}

/// DeleteMessage.
pub(crate) fn delete_message(
    call: &Call<'_>,
    input: &Valid<'_, SqsDeleteMessageInput>,
) -> Result<SqsDeleteMessageOutput> {
    let queue = queue_of(call, input.queue_url)?;
    remove(call, &queue, &[input.receipt_handle])?.pop().expect("one for each")?;
    Ok(SqsDeleteMessageOutput {})
}

/// DeleteMessageBatch.
pub(crate) fn delete_message_batch(
    call: &Call<'_>,
    input: &Valid<'_, SqsDeleteMessageBatchInput>,
) -> Result<SqsDeleteMessageBatchOutput> {
    let queue = queue_of(call, input.queue_url)?;
    batch::check("DeleteMessageBatchRequestEntry", input.entries.iter().map(|entry| entry.id.as_deref()))?;
    let handles: Vec<&str> =
        input.entries.iter().map(|entry| entry.receipt_handle.as_deref().unwrap_or("")).collect();
    let done = remove(call, &queue, &handles)?;
    let named = input.entries.iter().zip(done).map(|(entry, result)| {
        let id = entry.id.clone();
        let done = result.map(|()| SqsDeleteMessageBatchResultEntry { id: id.clone() });
        (id.expect("checked"), done)
    });
    let (successful, failed) = batch::divide(named)?;
    Ok(SqsDeleteMessageBatchOutput {
        successful: Some(successful),
        failed: (!failed.is_empty()).then_some(failed),
    })
}

/// Hides a message for a time from now on.
fn hide(call: &Call<'_>, queue: &Queue, handle: &str, timeout: Option<i32>) -> Result<()> {
    let timeout = in_range(timeout, VISIBILITY, (0, HIDDEN_MAX))?;
    let state = lock(queue)?;
    let now = call.now();
    let (place, message) =
        held(call, queue, &state, handle)?.ok_or_else(|| invalid(text::message_is_gone(handle)))?;
    if message.visible_at <= now {
        return Err(Error::new(ErrorCode::MessageNotInflight, text::message_is_gone(handle)));
    }
    let mut changed = message.clone();
    changed.visible_at = now + timeout.unwrap_or_else(|| state.attribute(VISIBILITY)) * 1_000;
    let rows = message.changes(&state, place, Some(&message), Some(&changed)).collect();
    call.store.commit(Batch { rows, ..Batch::default() })
}

/// ChangeMessageVisibility.
pub(crate) fn change_visibility(
    call: &Call<'_>,
    input: &Valid<'_, SqsChangeMessageVisibilityInput>,
) -> Result<SqsChangeMessageVisibilityOutput> {
    let queue = queue_of(call, input.queue_url)?;
    hide(call, &queue, input.receipt_handle, Some(input.visibility_timeout))?;
    Ok(SqsChangeMessageVisibilityOutput {})
}

/// ChangeMessageVisibilityBatch.
pub(crate) fn change_visibility_batch(
    call: &Call<'_>,
    input: &Valid<'_, SqsChangeMessageVisibilityBatchInput>,
) -> Result<SqsChangeMessageVisibilityBatchOutput> {
    let queue = queue_of(call, input.queue_url)?;
    let kind = "ChangeMessageVisibilityBatchRequestEntry";
    batch::check(kind, input.entries.iter().map(|entry| entry.id.as_deref()))?;
    let named = input.entries.iter().map(|entry| {
        let handle = entry.receipt_handle.as_deref().unwrap_or("");
        let done = hide(call, &queue, handle, entry.visibility_timeout);
        let done = done.map(|()| SqsChangeMessageVisibilityBatchResultEntry { id: entry.id.clone() });
        (entry.id.clone().expect("checked"), done)
    });
    let (successful, failed) = batch::divide(named)?;
    Ok(SqsChangeMessageVisibilityBatchOutput {
        successful: Some(successful),
        failed: (!failed.is_empty()).then_some(failed),
    })
}
