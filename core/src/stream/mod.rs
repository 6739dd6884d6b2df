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
mod readers;
mod shard;
mod shards;
mod stored;
mod view;

use std::sync::{Arc, OnceLock};

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

pub(crate) use arn::{Place, PlaceOption, StreamArn, table_of};
pub(crate) use iterator::{IteratorKey, Position, Token};
pub(crate) use mutation::{Cause, Mutation};
pub(crate) use reader::{Start, read, resolve};
pub(crate) use readers::{Readers, SeenReader};
#[cfg(test)]
pub(crate) use shard::looks;
pub(crate) use shard::{End, OpenShard, Opening, Shard, ShardId};
pub(crate) use stored::StoredShard;
pub(crate) use view::{Presenter, log_record};

use self::shards::Shards;

use crate::api::{RecordOrigin, StreamStatus, StreamViewType};
use crate::clock::Millis;
use crate::store::{LogRecord, NewestCommit};

/// A key attribute's name; enough of a table's schema for its stream.
pub(crate) type KeyNames = Vec<String>;

/// One stream: from being turned on to the end of its retention after being turned off.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) table: String,
    pub(crate) label: String,
    pub(crate) created_at: Millis,
    /// When it shows as ENABLED.
    pub(crate) enabled_at: Millis,
    pub(crate) key_names: KeyNames,
    pub(crate) origin: Arc<RecordOrigin>,
    /// How long a record can be read from its creation on, and the stream from its end on; `limits::RETENTION` unless the catalog says
    /// otherwise.
    pub(crate) retention: Millis,
    off: OnceLock<Off>,
    shards: RwLock<Shards>,
    /// The commit that turned it on or off.
    pub(crate) changed: NewestCommit,
    /// The newest commit that opened or closed one of its shards.
    pub(crate) shards_changed: NewestCommit,
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
        retention: Millis,
    ) -> Stream {
        let shards = RwLock::default();
        Stream {
            table,
            label,
            created_at,
            enabled_at,
            key_names,
            origin: Arc::new(origin),
            retention,
            off: OnceLock::new(),
            shards,
            changed: NewestCommit::default(),
            shards_changed: NewestCommit::default(),
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
        self.off.get().map(|off| off.requested_at + self.retention)
    }

    pub(crate) fn is_forgotten(&self, now: Millis) -> bool {
        self.forgotten_at().is_some_and(|at| now >= at)
    }

    pub(crate) fn add_shard(&self, shard: Arc<Shard>) {
        self.shards.write().add(shard);
    }

    /// Whether a shard has this id.
    pub(crate) fn has_shard(&self, id: ShardId) -> bool {
        self.shards.read().get(id).is_some()
    }

    /// The shard of this id, unless it is gone with its records.
    pub(crate) fn shard(&self, id: ShardId, now: Millis) -> Option<Arc<Shard>> {
        self.shards.read().get(id).filter(|shard| !shard.is_forgotten(now)).cloned()
    }

    /// At most `most` of the shards that still exist, behind a place in the order of their ids, and whether there are more: of all, or of the
    /// children of one.
    pub(crate) fn shards_after(
        &self,
        children_of: Option<&str>,
        after: Option<&str>,
        most: usize,
        now: Millis,
    ) -> (Vec<Arc<Shard>>, bool) {
        let shards = self.shards.read();
        match children_of.map(str::parse) {
            None => shards.page(after, most, now),
            Some(Ok(parent)) => shards.page_of_children(parent, after, most, now),
            Some(Err(())) => (Vec::new(), false),
        }
    }

    /// All shards, forgotten ones included.
    pub(crate) fn all_shards(&self) -> Vec<Arc<Shard>> {
        self.shards.read().all().cloned().collect()
    }

    pub(crate) fn remove_shard(&self, id: ShardId) {
        self.shards.write().remove(id);
    }

    /// `SizeBytes` of a stored record, without presenting it.
    pub(crate) fn size_bytes(&self, record: &LogRecord) -> usize {
        view::size_bytes(self, record)
    }
}
