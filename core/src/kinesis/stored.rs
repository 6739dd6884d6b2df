//! Data streams and their shards as the catalog keeps them.
//!
//! ```text
//! kinesis/<name>             id, when created, last change, mode, retention in milliseconds, tags, the next index of a shard
//! kinesis-shard/<log id>     of which stream, index, hash keys, parents, when it opens and closes, start
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DataShard, DataStream, HashKeys, StreamChange, StreamChangeKind, StreamState};
use crate::api::shape::Named;
use crate::api::{KinesisStreamMode, Result};
use crate::clock::Millis;
use crate::store::{LogId, MetaChange, Sequence, read_meta, unsound};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredStream {
    id: u64,
    created_at: Millis,
    change: StreamChangeKind,
    until: Millis,
    mode: Named<KinesisStreamMode>,
    retention: Millis,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
    next: u32,
}

const STREAM: &str = "kinesis/";

impl DataStream {
    fn meta_name(&self) -> String {
        format!("{STREAM}{}", self.name)
    }

    /// The catalog's entry of this stream in a state of the caller's choice, its shards aside.
    pub(crate) fn entry(&self, state: &StreamState) -> MetaChange {
        let stored = StoredStream {
            id: self.id,
            created_at: self.created_at,
            change: state.change.kind,
            until: state.change.until,
            mode: Named(state.mode),
            retention: state.retention,
            tags: state.tags.clone(),
            next: state.next,
        };
        MetaChange::keep(self.meta_name(), &stored)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(self.meta_name())
    }

    /// Reads an entry: the stream without its shards.
    ///
    /// # Errors
    /// `CorruptionException` for a text of another form.
    pub(crate) fn restore(name: &str, text: &str) -> Result<DataStream> {
        let stored: StoredStream = read_meta(name, text)?;
        let state = StreamState {
            change: StreamChange { kind: stored.change, until: stored.until },
            mode: stored.mode.0,
            retention: stored.retention,
            tags: stored.tags,
            shards: BTreeMap::new(),
            next: stored.next,
        };
        let stream =
            name.strip_prefix(STREAM).ok_or_else(|| unsound(name, "the name is not a data stream's"))?;
        Ok(DataStream::new(stored.id, stream.to_owned(), stored.created_at, state))
    }

    /// The catalog's entry of a shard.
    pub(crate) fn shard_entry(&self, shard: &DataShard) -> MetaChange {
        let stored = StoredShard {
            stream: self.name.clone(),
            index: shard.index,
            keys: (shard.keys.first.to_string(), shard.keys.last.to_string()),
            parents: shard.parents.clone(),
            opened_at: shard.opened_at,
            second: shard.second,
            closes_at: shard.closes_at,
            start: shard.start,
        };
        MetaChange::keep(shard.meta_name(), &stored)
    }
}

impl DataShard {
    fn meta_name(&self) -> String {
        format!("kinesis-shard/{}", self.log.0)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(self.meta_name())
    }
}

/// A shard, and the stream it belongs to.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredShard {
    pub(crate) stream: String,
    index: u32,
    /// Digits in strings: more of them than most readers of JSON take for a number.
    keys: (String, String),
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parents: Vec<u32>,
    opened_at: Millis,
    second: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    closes_at: Option<Millis>,
    start: Sequence,
}

impl StoredShard {
    /// Reads an entry.
    ///
    /// # Errors
    /// `CorruptionException` for a text of another form.
    pub(crate) fn read(name: &str, text: &str) -> Result<StoredShard> {
        read_meta(name, text)
    }

    /// The shard, with the newest record of its log.
    ///
    /// # Errors
    /// `CorruptionException` for hash keys that are none, or a record before the start.
    pub(crate) fn shard(self, name: &str, log: LogId, newest: Option<Sequence>) -> Result<DataShard> {
        let key = |digits: &str| digits.parse().map_err(|_| unsound(name, "a hash key is no number"));
        let keys = HashKeys { first: key(&self.keys.0)?, last: key(&self.keys.1)? };
        let last = newest.unwrap_or(self.start);
        if keys.first > keys.last || last < self.start {
            return Err(unsound(name, "an end is before its start"));
        }
        Ok(DataShard {
            index: self.index,
            log,
            keys,
            parents: self.parents,
            opened_at: self.opened_at,
            second: self.second,
            closes_at: self.closes_at,
            start: self.start,
            last,
        })
    }
}
