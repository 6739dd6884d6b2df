//! CreateQueue, GetQueueUrl, GetQueueAttributes, SetQueueAttributes, ListQueues, DeleteQueue, PurgeQueue.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{find, in_range, invalid, lock, not_found, queue_of, url_of};
use crate::api::message::queue as text;
use crate::api::{
    Error, ErrorCode, Result, SqsCreateQueueInput, SqsCreateQueueOutput, SqsDeleteQueueInput,
    SqsDeleteQueueOutput, SqsGetQueueAttributesInput, SqsGetQueueAttributesOutput, SqsGetQueueUrlInput,
    SqsGetQueueUrlOutput, SqsListQueuesInput, SqsListQueuesOutput, SqsPurgeQueueInput, SqsPurgeQueueOutput,
    SqsSetQueueAttributesInput, SqsSetQueueAttributesOutput, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::{QUEUE_NAME_MAX_CHARS, QUEUES_PAGE_MAX};
use crate::queue::{ATTRIBUTES, OrderEntry, Queue, QueueState, hidden_behind, last_visible};
use crate::store::{Batch, Budget, Removal};

/// Rows of the order that are looked at together.
const LOOK: Budget = Budget { rows: 1_000, bytes: usize::MAX };

/// CreateQueue.
pub(crate) fn create(
    call: &Call<'_>,
    input: &Valid<'_, SqsCreateQueueInput>,
) -> Result<SqsCreateQueueOutput> {
    let name = input.queue_name;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > QUEUE_NAME_MAX_CHARS || !name.chars().all(is_name) {
        return Err(invalid(text::bad_name()));
    }
    let attributes = read_attributes(input.attributes.as_ref())?;
    let _naming = call.catalog.naming.lock();
    if let Some(queue) = find(call, name) {
        let state = lock(&queue)?;
        let other = attributes.iter().find(|(name, value)| state.attribute(name) != **value);
        return match other {
            None => Ok(SqsCreateQueueOutput { queue_url: Some(url_of(call, name)) }),
            Some((attribute, _)) => {
                Err(Error::new(ErrorCode::QueueNameExists, text::exists_otherwise(attribute)))
            }
        };
    }
    let now = call.now();
    let state = QueueState::new((call.next_table_id(), call.next_table_id()), attributes, now);
    let queue = Arc::new(Queue::new(call.next_table_id().0, name.to_owned(), now, state));
    let entry = queue.entry(&queue.state.lock());
    call.commit_catalog(Batch { meta: vec![entry], ..Batch::default() })?;
    queue.changed.raise(call.store.seen());
    call.queues.add(queue);
    Ok(SqsCreateQueueOutput { queue_url: Some(url_of(call, name)) })
}

/// # Errors
/// `InvalidAttributeName`, `InvalidAttributeValue`.
fn read_attributes(given: Option<&BTreeMap<String, String>>) -> Result<BTreeMap<String, u64>> {
    let read = |(name, value): (&String, &String)| {
        let known = ATTRIBUTES.iter().find(|known| known.0 == name).ok_or_else(|| unknown(name))?;
        let number = value.parse().ok().filter(|number| (known.1..=known.2).contains(number));
        let number =
            number.ok_or_else(|| Error::new(ErrorCode::InvalidAttributeValue, text::bad_value(name)))?;
        Ok((name.clone(), number))
    };
    given.into_iter().flatten().map(read).collect()
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorCode::InvalidAttributeName, text::unknown_attribute(name))
}

/// GetQueueUrl.
pub(crate) fn url(call: &Call<'_>, input: &Valid<'_, SqsGetQueueUrlInput>) -> Result<SqsGetQueueUrlOutput> {
    let owner = input.queue_owner_account.as_ref();
    let is_ours = owner.is_none_or(|owner| *owner == call.catalog.place.account);
    let queue = find(call, input.queue_name).filter(|_| is_ours).ok_or_else(not_found)?;
    Ok(SqsGetQueueUrlOutput { queue_url: Some(url_of(call, &queue.name)) })
}

/// GetQueueAttributes.
pub(crate) fn get_attributes(
    call: &Call<'_>,
    input: &Valid<'_, SqsGetQueueAttributesInput>,
) -> Result<SqsGetQueueAttributesOutput> {
    let queue = queue_of(call, input.queue_url)?;
    let names = input.attribute_names.as_deref().unwrap_or(&[]);
    if names.is_empty() {
        return Ok(SqsGetQueueAttributesOutput { attributes: None });
    }
    let all = told(call, &queue)?;
    if let Some(name) = names.iter().find(|name| *name != "All" && !all.contains_key(name.as_str())) {
        return Err(unknown(name));
    }
    let is_asked = |name: &str| names.iter().any(|asked| asked == name || asked == "All");
    let asked = all.into_iter().filter(|(name, _)| is_asked(name));
    Ok(SqsGetQueueAttributesOutput {
        attributes: Some(asked.map(|(name, value)| (name.to_owned(), value)).collect()),
    })
}

/// Everything that is told of a queue.
fn told(call: &Call<'_>, queue: &Queue) -> Result<BTreeMap<&'static str, String>> {
    let state = lock(queue)?.clone();
    let (delayed, in_flight) = hidden(call, &state, call.now())?;
    let (all, _) = call.store.totals(state.messages)?;
    let visible = all.max(0).unsigned_abs().saturating_sub(delayed + in_flight);
    let mut told: BTreeMap<&str, String> =
        ATTRIBUTES.iter().map(|known| (known.0, state.attribute(known.0).to_string())).collect();
    told.extend([
        ("ApproximateNumberOfMessages", visible.to_string()),
        ("ApproximateNumberOfMessagesDelayed", delayed.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", in_flight.to_string()),
        ("CreatedTimestamp", (queue.created_at / 1000).to_string()),
        ("LastModifiedTimestamp", (state.modified_at / 1000).to_string()),
        ("QueueArn", call.catalog.place.queue_arn(&queue.name)),
    ]);
    Ok(told)
}

/// How many messages are delayed, and how many have been received and are hidden.
fn hidden(call: &Call<'_>, state: &QueueState, now: Millis) -> Result<(u64, u64)> {
    let (mut delayed, mut in_flight) = (0, 0);
    let mut behind = last_visible(now);
    loop {
        let page = call.store.rows(state.order, &hidden_behind(&behind), LOOK)?;
        for entry in page.items.iter().map(OrderEntry::read) {
            if entry.received == 0 { delayed += 1 } else { in_flight += 1 }
        }
        match page.last {
            Some(last) if page.items.len() >= LOOK.rows => behind = last,
            _ => return Ok((delayed, in_flight)),
        }
    }
}

/// SetQueueAttributes.
pub(crate) fn set_attributes(
    call: &Call<'_>,
    input: &Valid<'_, SqsSetQueueAttributesInput>,
) -> Result<SqsSetQueueAttributesOutput> {
    let attributes = read_attributes(Some(input.attributes))?;
    let queue = queue_of(call, input.queue_url)?;
    let mut state = lock(&queue)?;
    let mut next = state.clone();
    next.attributes.extend(attributes);
    next.modified_at = call.now();
    change(call, &queue, &mut state, next, Batch::default())?;
    Ok(SqsSetQueueAttributesOutput {})
}

/// Commits a change of a locked queue, and shows it.
fn change(
    call: &Call<'_>,
    queue: &Queue,
    state: &mut QueueState,
    next: QueueState,
    mut batch: Batch,
) -> Result<()> {
    batch.meta.push(queue.entry(&next));
    call.commit_catalog(batch)?;
    queue.changed.raise(call.store.seen());
    *state = next;
    Ok(())
}

/// ListQueues.
pub(crate) fn list(call: &Call<'_>, input: &Valid<'_, SqsListQueuesInput>) -> Result<SqsListQueuesOutput> {
    let limit = in_range(input.max_results, "MaxResults", (1, QUEUES_PAGE_MAX))?;
    let page = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(QUEUES_PAGE_MAX as usize);
    let prefix = input.queue_name_prefix.as_deref().unwrap_or("");
    call.catalog.saw_all();
    let after = call.queues.after(input.next_token.as_deref());
    let mut names = after.iter().map(|queue| queue.name.as_str()).filter(|name| name.starts_with(prefix));
    let shown: Vec<&str> = names.by_ref().take(page).collect();
    // Without a limit the service gives one page, and no way on.
    let has_more = limit.is_some() && names.next().is_some();
    let urls: Vec<String> = shown.iter().map(|name| url_of(call, name)).collect();
    Ok(SqsListQueuesOutput {
        queue_urls: (!urls.is_empty()).then_some(urls),
        next_token: shown.last().filter(|_| has_more).map(|last| (*last).to_owned()),
    })
}

/// DeleteQueue.
pub(crate) fn delete(
    call: &Call<'_>,
    input: &Valid<'_, SqsDeleteQueueInput>,
) -> Result<SqsDeleteQueueOutput> {
    let _naming = call.catalog.naming.lock();
    let queue = queue_of(call, input.queue_url)?;
    let mut state = lock(&queue)?;
    let removals = vec![Removal::Rows(state.messages), Removal::Rows(state.order)];
    let meta = vec![queue.removed_entry()];
    call.commit_catalog(Batch { meta, removals, ..Batch::default() })?;
    state.is_gone = true;
    call.queues.remove(&queue.name);
    Ok(SqsDeleteQueueOutput {})
}

/// PurgeQueue.
pub(crate) fn purge(call: &Call<'_>, input: &Valid<'_, SqsPurgeQueueInput>) -> Result<SqsPurgeQueueOutput> {
    let queue = queue_of(call, input.queue_url)?;
    let mut state = lock(&queue)?;
    let removals = vec![Removal::Rows(state.messages), Removal::Rows(state.order)];
    let mut next = state.clone();
    (next.messages, next.order) = (call.next_table_id(), call.next_table_id());
    change(call, &queue, &mut state, next, Batch { removals, ..Batch::default() })?;
    Ok(SqsPurgeQueueOutput {})
}
