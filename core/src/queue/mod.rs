//! Queues, shaped as those of SQS: messages that are received, hidden for a time, and removed.
//!
//! ```text
//! queue/<name>     its numbers, when it was made and set, what it is set to, how far places are given out
//!
//! messages   place u64 BE                         ──► identity, body, attributes, when sent, when visible, how often received
//! order      visible at u64 BE | place u64 BE     ──► place, how often received
//! ```
//! A message has a place for life, which rises in the order of sending. In the order it moves: what can be received now is its beginning, up to
//! the present, so receiving costs what is received. Places are given out in blocks, which the catalog knows, so that no place is
//! given out twice after a crash.

mod message;
mod receipt;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

pub(crate) use message::{Message, MessageAttribute, OrderEntry, attributes_hash, body_hash, is_binary};
pub(crate) use receipt::Receipt;

use crate::api::Result;
use crate::clock::Millis;
use crate::locks::{Ordered, Rank};
use crate::store::{Batch, MetaChange, NewestCommit, RowRange, Session, TableId, read_meta, unsound};

/// What a queue can be set to: name, least, most, and what holds otherwise (SQS API reference: CreateQueue).
pub(crate) const ATTRIBUTES: [(&str, u64, u64, u64); 5] = [
    (DELAY, 0, 900, 0),
    (MESSAGE_SIZE, 1_024, 1_048_576, 1_048_576),
    (RETENTION, 60, 1_209_600, 345_600),
    ("ReceiveMessageWaitTimeSeconds", 0, 20, 0),
    (VISIBILITY, 0, 43_200, 30),
];

pub(crate) const DELAY: &str = "DelaySeconds";
pub(crate) const MESSAGE_SIZE: &str = "MaximumMessageSize";
pub(crate) const RETENTION: &str = "MessageRetentionPeriod";
pub(crate) const VISIBILITY: &str = "VisibilityTimeout";

/// Places that are given out before the catalog is told again.
const BLOCK: u64 = 1_000;
const QUEUE: &str = "queue/";

/// A queue.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) created_at: Millis,
    /// Held from a look at its messages to the commit that changes them.
    pub(crate) state: Ordered<QueueState>,
    /// The newest commit that changed what it is set to.
    pub(crate) changed: NewestCommit,
}

/// What changes of a queue.
#[derive(Clone, Debug)]
pub(crate) struct QueueState {
    /// What it was set to by name; the others have their usual values.
    pub(crate) attributes: BTreeMap<String, u64>,
    pub(crate) modified_at: Millis,
    /// Where its messages lie, and their order.
    pub(crate) messages: TableId,
    pub(crate) order: TableId,
    /// The next place, and the first that the catalog does not know to be given out.
    next: u64,
    reserved: u64,
    pub(crate) is_gone: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredQueue {
    id: u64,
    created_at: Millis,
    modified_at: Millis,
    messages: u64,
    order: u64,
    next: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, u64>,
}

impl QueueState {
    pub(crate) fn new(
        (messages, order): (TableId, TableId),
        attributes: BTreeMap<String, u64>,
        now: Millis,
    ) -> QueueState {
        QueueState { attributes, modified_at: now, messages, order, next: 0, reserved: 0, is_gone: false }
    }

    /// What an attribute is set to.
    pub(crate) fn attribute(&self, name: &str) -> u64 {
        let usual = || ATTRIBUTES.iter().find(|known| known.0 == name).map(|known| known.3);
        self.attributes.get(name).copied().or_else(usual).expect("attributes are named above")
    }

    /// The same in milliseconds, of one in seconds.
    pub(crate) fn period(&self, name: &str) -> Millis {
        self.attribute(name) * 1_000
    }

    /// Gives a place in the order of what was sent. Where the catalog has to be told first, that is a commit of its own: whatever becomes of the
    /// message, its place is not given out again.
    ///
    /// # Errors
    /// The store's.
    fn take_place(&mut self, queue: &Queue, store: &Session<'_>) -> Result<u64> {
        if self.next == self.reserved {
            let told = QueueState { reserved: self.reserved + BLOCK, ..self.clone() };
            store.commit(Batch { meta: vec![queue.entry(&told)], ..Batch::default() })?;
            self.reserved = told.reserved;
        }
        self.next += 1;
        Ok(self.next - 1)
    }

    /// Puts a new message into the queue, in a batch.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn send(
        &mut self,
        queue: &Queue,
        store: &Session<'_>,
        batch: &mut Batch,
        message: &Message,
    ) -> Result<()> {
        let place = self.take_place(queue, store)?;
        batch.rows.extend(message.changes(self, place, None, Some(message)));
        Ok(())
    }
}

impl Queue {
    pub(crate) fn new(id: u64, name: String, created_at: Millis, state: QueueState) -> Queue {
        Queue {
            id,
            name,
            created_at,
            state: Ordered::new(Rank::Queue(id), state),
            changed: NewestCommit::default(),
        }
    }

    /// The catalog's entry of this queue in a state of the caller's choice.
    pub(crate) fn entry(&self, state: &QueueState) -> MetaChange {
        let stored = StoredQueue {
            id: self.id,
            created_at: self.created_at,
            modified_at: state.modified_at,
            messages: state.messages.0,
            order: state.order.0,
            next: state.reserved,
            attributes: state.attributes.clone(),
        };
        MetaChange::keep(self.meta_name(), &stored)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(self.meta_name())
    }

    fn meta_name(&self) -> String {
        format!("{QUEUE}{}", self.name)
    }

    /// Reads an entry, and the largest number in it.
    ///
    /// # Errors
    /// `CorruptionException` for a text of another form.
    pub(crate) fn restore(name: &str, text: &str) -> Result<(Queue, u64)> {
        let stored: StoredQueue = read_meta(name, text)?;
        let own = name.strip_prefix(QUEUE).ok_or_else(|| unsound(name, "the name is not a queue's"))?;
        let is_known = |given: &String| ATTRIBUTES.iter().any(|known| known.0 == given);
        if !stored.attributes.keys().all(is_known) {
            return Err(unsound(name, "this version knows no such attribute"));
        }
        let state = QueueState {
            attributes: stored.attributes,
            modified_at: stored.modified_at,
            messages: TableId(stored.messages),
            order: TableId(stored.order),
            next: stored.next,
            reserved: stored.next,
            is_gone: false,
        };
        let largest = stored.id.max(stored.messages).max(stored.order);
        Ok((Queue::new(stored.id, own.to_owned(), stored.created_at, state), largest))
    }
}

/// All queues, by name.
#[derive(Debug, Default)]
pub(crate) struct Queues(RwLock<BTreeMap<String, Arc<Queue>>>);

impl Queues {
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Queue>> {
        self.0.read().get(name).cloned()
    }

    pub(crate) fn add(&self, queue: Arc<Queue>) {
        self.0.write().insert(queue.name.clone(), queue);
    }

    pub(crate) fn remove(&self, name: &str) {
        self.0.write().remove(name);
    }

    /// Those after a name, in the order of their names.
    pub(crate) fn after(&self, name: Option<&str>) -> Vec<Arc<Queue>> {
        let from = name.map_or(Bound::Unbounded, Bound::Excluded);
        self.0.read().range::<str, _>((from, Bound::Unbounded)).map(|(_, queue)| queue.clone()).collect()
    }
}

/// What can be received up to a moment, in its order.
pub(crate) fn visible_at(now: Millis) -> RowRange {
    let end = (now + 1).to_be_bytes().to_vec();
    RowRange { from: Bound::Unbounded, to: Bound::Excluded(end), descending: false }
}

/// What is behind a key of the order, and cannot be received yet.
pub(crate) fn hidden_behind(key: &[u8]) -> RowRange {
    RowRange { from: Bound::Excluded(key.to_vec()), to: Bound::Unbounded, descending: false }
}

/// The last key that [`visible_at`] has room for.
pub(crate) fn last_visible(now: Millis) -> Vec<u8> {
    [now.to_be_bytes(), [u8::MAX; 8]].concat()
}
