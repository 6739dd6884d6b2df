//! Streams: what a table's changes leave behind, in shards with lineage, read by iterators.
//!
//! ```text
//! partition ──open shard──► log (store) ◄── reader ◄── iterator ◄── GetShardIterator
//!                │ roll, split
//!                └──► closed shard + children
//! ```

mod arn;
mod iterator;
mod mutation;
mod reader;
mod shard;
mod stored;
mod view;

use std::sync::{Arc, OnceLock};

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

pub(crate) use arn::{AskedPlace, Place, StreamArn};
pub(crate) use iterator::{IteratorKey, Position, Token};
pub(crate) use mutation::{Cause, Mutation};
pub(crate) use reader::{Start, read, resolve};
pub(crate) use shard::{End, OpenShard, Opening, Shard, ShardId};
pub(crate) use stored::StoredShard;
pub(crate) use view::log_record;

use crate::api::{Record, RecordOrigin, StreamStatus, StreamViewType};
use crate::clock::{Millis, millis};
use crate::limits::RETENTION;
use crate::store::LogRecord;

/// A key attribute's name; enough of a table's schema for its stream.
pub(crate) type KeyNames = Vec<String>;

/// One stream: from being turned on to 24 hours after being turned off.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) table: String,
    pub(crate) label: String,
    pub(crate) created_at: Millis,
    /// When it shows as ENABLED.
    pub(crate) enabled_at: Millis,
    pub(crate) key_names: KeyNames,
    pub(crate) origin: Arc<RecordOrigin>,
    off: OnceLock<Off>,
    /// In the order of their ids, which is the order of creation.
    shards: RwLock<Vec<Arc<Shard>>>,
}

/// The end of a stream.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Off {
    pub(crate) requested_at: Millis,
    /// When it shows as DISABLED.
    pub(crate) disabled_at: Millis,
}

impl Stream {
    pub(crate) fn new(
        table: String,
        label: String,
        created_at: Millis,
        enabled_at: Millis,
        key_names: KeyNames,
        origin: RecordOrigin,
    ) -> Stream {
        let shards = RwLock::default();
        Stream {
            table,
            label,
            created_at,
            enabled_at,
            key_names,
            origin: Arc::new(origin),
            off: OnceLock::new(),
            shards,
        }
    }

    pub(crate) fn view(&self) -> StreamViewType {
        self.origin.view
    }

    pub(crate) fn status(&self, now: Millis) -> StreamStatus {
        match self.off.get() {
            Some(off) if now >= off.disabled_at => StreamStatus::Disabled,
            Some(_) => StreamStatus::Disabling,
            None if now < self.enabled_at => StreamStatus::Enabling,
            None => StreamStatus::Enabled,
        }
    }

    /// Marks the stream as turned off. Its shards are closed by whoever holds their partitions.
    pub(crate) fn turn_off(&self, off: Off) {
        let first = self.off.set(off);
        debug_assert!(first.is_ok(), "a stream is turned off once");
    }

    pub(crate) fn is_off(&self) -> bool {
        self.off.get().is_some()
    }

    /// When the stream is forgotten, once it is off (facts A9).
    pub(crate) fn forgotten_at(&self) -> Option<Millis> {
        self.off.get().map(|off| off.requested_at + millis(RETENTION))
    }

    pub(crate) fn is_forgotten(&self, now: Millis) -> bool {
        self.forgotten_at().is_some_and(|at| now >= at)
    }

    pub(crate) fn add_shard(&self, shard: Arc<Shard>) {
        let mut shards = self.shards.write();
        let at = shards.partition_point(|s| s.id < shard.id);
        shards.insert(at, shard);
    }

    /// Whether a shard has this id, so that new ids differ.
    pub(crate) fn has_shard(&self, id: ShardId) -> bool {
        self.shards.read().binary_search_by(|s| s.id.cmp(&id)).is_ok()
    }

    /// The shard of this id, unless it is gone with its records.
    pub(crate) fn shard(&self, id: ShardId, now: Millis) -> Option<Arc<Shard>> {
        let shards = self.shards.read();
        let at = shards.binary_search_by(|s| s.id.cmp(&id)).ok()?;
        Some(shards[at].clone()).filter(|shard| !shard.is_forgotten(now))
    }

    /// The shards that still exist, in the order of their ids.
    pub(crate) fn shards(&self, now: Millis) -> Vec<Arc<Shard>> {
        self.shards.read().iter().filter(|shard| !shard.is_forgotten(now)).cloned().collect()
    }

    /// All shards, forgotten ones included, for clean-up.
    pub(crate) fn all_shards(&self) -> Vec<Arc<Shard>> {
        self.shards.read().clone()
    }

    pub(crate) fn remove_shard(&self, id: ShardId) {
        self.shards.write().retain(|shard| shard.id != id);
    }

    /// `SizeBytes` of a stored record, without presenting it.
    pub(crate) fn size_bytes(&self, record: &LogRecord) -> usize {
        view::size_bytes(self, record)
    }

    /// A stored record as readers see it.
    pub(crate) fn present(&self, shard: &Shard, record: LogRecord) -> Record {
        view::present(self, shard, record)
    }
}
