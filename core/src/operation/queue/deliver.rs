//! Messages into queues as a part of another commit.

use std::collections::BTreeMap;

use crate::api::Result;
use crate::engine::Call;
use crate::locks::Owned;
use crate::queue::{DELAY, Message, QueueState};
use crate::store::Batch;

/// Queues that are locked until the batch is in the store; dropped then.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    /// How many messages had no queue: what their ARNs name is none of this database.
    pub(crate) undelivered: usize,
    /// Held, not looked at.
    _locked: Vec<Owned<QueueState>>,
}

/// Adds messages, each the ARN of a queue and a body, to a batch that the caller commits, in their order. Queues are locked from here on, in the
/// order of their numbers, before any table: keep what this returns until the commit. A message that its queue would not take for its
/// length is delivered nevertheless: what is lost here is told nowhere.
///
/// # Errors
/// The store's.
pub(crate) fn deliver<'m>(
    call: &Call<'_>,
    batch: &mut Batch,
    messages: impl IntoIterator<Item = (&'m str, &'m str)>,
) -> Result<Delivered> {
    let mut delivered = Delivered::default();
    let mut by_queue = BTreeMap::new();
    for (arn, body) in messages {
        match call.catalog.place.queue_name(arn).and_then(|name| super::find(call, name)) {
            Some(queue) => by_queue.entry(queue.id).or_insert_with(|| (queue, Vec::new())).1.push(body),
            None => delivered.undelivered += 1,
        }
    }
    for (queue, bodies) in by_queue.into_values() {
        let mut state = queue.state.lock_owned();
        if state.is_gone {
            delivered.undelivered += bodies.len();
            continue;
        }
        let now = call.now();
        let visible_at = now + state.period(DELAY);
        for body in bodies {
            let message = Message::new(call.entropy.uuid(), body.to_owned(), now, visible_at);
            state.send(&queue, &call.store, batch, &message)?;
        }
        delivered._locked.push(state);
    }
    Ok(delivered)
}
