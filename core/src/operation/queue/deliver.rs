//! Messages into queues as a part of another commit.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::Result;
use crate::engine::Call;
use crate::locks::Owned;
use crate::queue::{DELAY, Message, MessageAttribute, Queue, QueueState};
use crate::store::Batch;

/// A message on its way.
#[derive(Clone, Debug)]
pub(crate) struct Letter<'m> {
    /// The ARN of its queue.
    pub(crate) to: Cow<'m, str>,
    /// That of the queue for what has no queue.
    pub(crate) otherwise: Option<Cow<'m, str>>,
    pub(crate) body: Cow<'m, str>,
    pub(crate) attributes: BTreeMap<String, MessageAttribute>,
    /// Whether it is told if it has no queue.
    pub(crate) is_missed: bool,
}

impl<'m> Letter<'m> {
    /// A body alone, to one queue.
    pub(crate) fn new(to: &'m str, body: &'m str) -> Letter<'m> {
        Letter {
            to: Cow::Borrowed(to),
            otherwise: None,
            body: Cow::Borrowed(body),
            attributes: BTreeMap::new(),
            is_missed: true,
        }
    }
}

/// Queues that are locked until the batch is in the store; dropped then.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    /// How many messages that are missed had no queue: what their ARNs name is none of this database.
    pub(crate) undelivered: usize,
    /// Held, not looked at.
    _locked: Vec<Owned<QueueState>>,
}

/// Adds messages to a batch that the caller commits, in their order. Queues are locked from here on, in the order of their numbers, before any
/// table: keep what this returns until the commit. A message that its queue would not take for its length is delivered nevertheless: what
/// is lost here is told nowhere.
///
/// # Errors
/// The store's.
pub(crate) fn deliver<'m>(
    call: &Call<'_>,
    batch: &mut Batch,
    letters: impl IntoIterator<Item = Letter<'m>>,
) -> Result<Delivered> {
    let mut delivered = Delivered::default();
    let mut by_queue = BTreeMap::new();
    for letter in letters {
        let found = named(call, &letter.to).or_else(|| named(call, letter.otherwise.as_deref()?));
        match found {
            Some(queue) => by_queue.entry(queue.id).or_insert_with(|| (queue, Vec::new())).1.push(letter),
            None => delivered.undelivered += usize::from(letter.is_missed),
        }
    }
    for (queue, letters) in by_queue.into_values() {
        let mut state = queue.state.lock_owned();
        if state.is_gone {
            delivered.undelivered += letters.iter().filter(|letter| letter.is_missed).count();
            continue;
        }
        let now = call.now();
        let visible_at = now + state.period(DELAY);
        for letter in letters {
            let mut message = Message::new(call.entropy.uuid(), letter.body.into_owned(), now, visible_at);
            message.attributes = letter.attributes;
            state.send(&queue, &call.store, batch, &message)?;
        }
        delivered._locked.push(state);
    }
    Ok(delivered)
}

fn named(call: &Call<'_>, arn: &str) -> Option<Arc<Queue>> {
    call.catalog.place.queue_name(arn).and_then(|name| super::find(call, name))
}
