//! Streams and shards as the catalog keeps them.
//!
//! ```text
//! stream/<table name>/<label>   when created, enabled and turned off, key names, view, retention in milliseconds
//! shard/<log id>                of which stream, id, parent, start, end, hashes of its partition
//! ```

use std::sync::{Arc, OnceLock};

use parking_lot::RwLock;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{End, Off, Readers, Shard, ShardId, Stream};
use crate::api::shape::Named;
use crate::api::{RecordOrigin, Result, StreamViewType};
use crate::clock::{Millis, millis};
use crate::limits::RETENTION;
use crate::store::{LogId, MetaChange, NewestCommit, Sequence, read_meta, unsound};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredStream {
    created_at: Millis,
    enabled_at: Millis,
    key_names: Vec<String>,
    view: Named<StreamViewType>,
    #[serde(default = "usual_retention")]
    retention: Millis,
    #[serde(skip_serializing_if = "Option::is_none")]
    off: Option<Off>,
}

fn usual_retention() -> Millis {
    millis(RETENTION)
}

impl Stream {
    fn meta_name(&self) -> String {
        format!("stream/{}/{}", self.table, self.label)
    }

    /// The catalog's entry of this stream with an end of the caller's choice.
    pub(crate) fn entry(&self, off: Option<Off>) -> MetaChange {
        let stored = StoredStream {
            created_at: self.created_at,
            enabled_at: self.enabled_at,
            key_names: self.key_names.clone(),
            view: Named(self.view()),
            retention: self.retention,
            off,
        };
        MetaChange::keep(self.meta_name(), &stored)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(self.meta_name())
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// `CorruptionException` for a name or text of another form.
    pub(crate) fn restore(name: &str, text: &str, region: &str) -> Result<Stream> {
        let place = name.strip_prefix("stream/").and_then(|rest| rest.split_once('/'));
        let (table, label) = place.ok_or_else(|| unsound(name, "the name is not a stream's"))?;
        let stored: StoredStream = read_meta(name, text)?;
        Ok(Stream {
            table: table.to_owned(),
            label: label.to_owned(),
            created_at: stored.created_at,
            enabled_at: stored.enabled_at,
            key_names: stored.key_names,
            origin: Arc::new(RecordOrigin { region: region.to_owned(), view: stored.view.0 }),
            retention: stored.retention,
            off: stored.off.map_or_else(OnceLock::new, OnceLock::from),
            shards: RwLock::default(),
            changed: NewestCommit::default(),
            shards_changed: NewestCommit::default(),
        })
    }
}

/// A shard, and the stream it belongs to.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredShard {
    pub(crate) table: String,
    pub(crate) label: String,
    id: ShardId,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<ShardId>,
    start: Sequence,
    opened_at: Millis,
    hashes: (u64, u64),
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<End>,
}

impl StoredShard {
    /// Reads an entry.
    ///
    /// # Errors
    /// `CorruptionException` for a text of another form, or an end before the start.
    pub(crate) fn read(name: &str, text: &str) -> Result<StoredShard> {
        let stored: StoredShard = read_meta(name, text)?;
        if stored.end.is_some_and(|end| end.sequence < stored.start) {
            return Err(unsound(name, "the shard ends before its start"));
        }
        Ok(stored)
    }

    /// The shard, of a stream with this retention.
    pub(crate) fn shard(self, log: LogId, retention: Millis) -> Shard {
        Shard {
            retention,
            id: self.id,
            log,
            parent: self.parent,
            start: self.start,
            opened_at: self.opened_at,
            hashes: self.hashes,
            end: self.end.map_or_else(OnceLock::new, OnceLock::from),
            changed: NewestCommit::default(),
            readers: Readers::default(),
        }
    }
}

impl Shard {
    fn meta_name(&self) -> String {
        format!("shard/{}", self.log.0)
    }

    /// The catalog's entry of this shard with an end of the caller's choice.
    pub(crate) fn entry(&self, stream: &Stream, end: Option<End>) -> MetaChange {
        let stored = StoredShard {
            table: stream.table.clone(),
            label: stream.label.clone(),
            id: self.id,
            parent: self.parent,
            start: self.start,
            opened_at: self.opened_at,
            hashes: self.hashes,
            end,
        };
        MetaChange::keep(self.meta_name(), &stored)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(self.meta_name())
    }
}

impl Serialize for ShardId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ShardId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| de::Error::invalid_value(de::Unexpected::Str(&text), &"the id of a shard"))
    }
}

/// Digits in a string: more of them than most readers of JSON take for a number.
impl Serialize for Sequence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sequence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map(Sequence)
            .map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &"a sequence number"))
    }
}
