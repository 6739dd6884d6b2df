//! Kinesis data streams: shards over the hash keys, their numbers and iterators, what tables deliver. The records of a shard lie in a log of
//! the store, as those of a table's stream do.
//!
//! ```text
//! partition key ──MD5──► hash key ──► shard ──► log (store) ◄── iterator ◄── GetShardIterator
//!                                       │ split, merge
//!                                       └──► closed shards + children
//! ```
//! A stream has one lock, which is held while a record gets its number and until it is in the log: so numbers and times rise together. Nobody
//! waits for a disk under it.

mod append;
mod delivery;
mod iterator;
mod number;
mod record;
mod shard;
mod stored;
mod streams;

use std::collections::BTreeMap;

pub(crate) use append::Appending;
pub(crate) use delivery::{Delivered, Delivery, Precision};
pub(crate) use iterator::{IteratorFault, Listing, ListingFilter, Place};
pub(crate) use number::{Given, Number};
pub(crate) use record::{Content, content, is_delivered, put_record, weight};
pub(crate) use shard::{DataShard, HashKeys, ShardName};
pub(crate) use stored::StoredShard;
pub(crate) use streams::DataStreams;

use crate::api::{KinesisStreamMode, KinesisStreamStatus};
use crate::clock::Millis;
use crate::locks::{Ordered, Rank};
use crate::store::{LogId, NewestCommit, Sequence};

/// One stream, from its creation to its removal.
#[derive(Debug)]
pub(crate) struct DataStream {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) created_at: Millis,
    pub(crate) state: Ordered<StreamState>,
    /// The newest commit that changed it, records aside.
    pub(crate) changed: NewestCommit,
}

/// What the lock of a stream guards.
#[derive(Clone, Debug)]
pub(crate) struct StreamState {
    pub(crate) change: StreamChange,
    pub(crate) mode: KinesisStreamMode,
    pub(crate) retention: Millis,
    pub(crate) tags: BTreeMap<String, String>,
    /// By index. Those that were forgotten are not among them.
    pub(crate) shards: BTreeMap<u32, DataShard>,
    /// Index of the next one.
    pub(crate) next: u32,
}

/// The last change of a stream, and until when it shows as running.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StreamChange {
    pub(crate) kind: StreamChangeKind,
    pub(crate) until: Millis,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StreamChangeKind {
    Create,
    Update,
    Delete,
}

impl DataStream {
    pub(crate) fn new(id: u64, name: String, created_at: Millis, state: StreamState) -> DataStream {
        let state = Ordered::new(Rank::DataStream(id), state);
        DataStream { id, name, created_at, state, changed: NewestCommit::default() }
    }
}

impl StreamState {
    pub(crate) fn status(&self, now: Millis) -> KinesisStreamStatus {
        match self.change.kind {
            StreamChangeKind::Create if now < self.change.until => KinesisStreamStatus::Creating,
            StreamChangeKind::Update if now < self.change.until => KinesisStreamStatus::Updating,
            StreamChangeKind::Delete => KinesisStreamStatus::Deleting,
            StreamChangeKind::Create | StreamChangeKind::Update => KinesisStreamStatus::Active,
        }
    }

    /// Whether it was removed, and only its name is left.
    pub(crate) fn is_gone(&self, now: Millis) -> bool {
        self.change.kind == StreamChangeKind::Delete && self.change.until <= now
    }

    /// Whether it takes records and gives them out.
    pub(crate) fn is_usable(&self, now: Millis) -> bool {
        matches!(self.status(now), KinesisStreamStatus::Active | KinesisStreamStatus::Updating)
    }

    /// The shards that anybody sees, in the order of their ids.
    pub(crate) fn visible(&self, now: Millis) -> impl Iterator<Item = &DataShard> {
        self.shards
            .values()
            .filter(move |shard| shard.is_there(now) && !shard.is_forgotten(now, self.retention))
    }

    pub(crate) fn open_shards(&self, now: Millis) -> impl Iterator<Item = &DataShard> {
        self.shards.values().filter(move |shard| shard.is_open(now))
    }

    /// A shard that somebody sees.
    pub(crate) fn shard(&self, index: u32, now: Millis) -> Option<&DataShard> {
        let shard = self.shards.get(&index)?;
        (shard.is_there(now) && !shard.is_forgotten(now, self.retention)).then_some(shard)
    }

    /// The open shard of a hash key.
    pub(crate) fn shard_of(&self, key: u128, now: Millis) -> &DataShard {
        self.open_shards(now)
            .find(|shard| shard.keys.contains(key))
            .expect("open shards cover every hash key")
    }

    /// Adds a shard that opens at a moment in place of others; returns its index.
    pub(crate) fn open(
        &mut self,
        keys: HashKeys,
        parents: &[u32],
        at: Millis,
        log: LogId,
        commit: u64,
    ) -> u32 {
        let index = self.next;
        self.next += 1;
        // Numbers of a parent end in the second in which it closes.
        let after = parents.iter().filter_map(|parent| self.shards.get(parent));
        let second = after.map(|parent| parent.second.max(at / 1000) + 1).max().unwrap_or(at / 1000);
        let start = Sequence::new(1, commit);
        let parents = parents.to_vec();
        let shard = DataShard {
            index,
            log,
            keys,
            parents,
            opened_at: at,
            second,
            closes_at: None,
            start,
            last: start,
        };
        self.shards.insert(index, shard);
        index
    }

    /// Closes a shard at a moment.
    pub(crate) fn close(&mut self, index: u32, at: Millis) {
        let shard = self.shards.get_mut(&index).expect("the caller has it from here");
        debug_assert!(shard.closes_at.is_none(), "a shard is closed once");
        shard.closes_at = Some(at);
    }

    /// The oldest moment of which a record can be read.
    pub(crate) fn horizon(&self, now: Millis) -> Millis {
        now.saturating_sub(self.retention)
    }
}

/// The hash key of a partition key.
pub(crate) fn hash_key(partition_key: &str) -> u128 {
    u128::from_be_bytes(md5::compute(partition_key.as_bytes()).0)
}
