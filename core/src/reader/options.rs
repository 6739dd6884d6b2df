//! Where a reader starts, and what it does about records that were trimmed.

use serde::{Deserialize, Serialize};

use super::Checkpoint;
use crate::api::message::reader as text;
use crate::api::{Error, ErrorCode, Open, Result, ShardIteratorType, Timestamp};

/// What to do where records are gone that were not read yet: they grew older than the stream's retention.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trimmed {
    /// Fail with `TrimmedDataAccessException`, now and at every further attempt.
    #[default]
    Fail,
    /// Go on with the oldest record that is left, and tell of the gap ([`Page::gap`](super::Page::gap)).
    Skip,
}

/// How to read a stream. The default reads all shards from the oldest record on.
///
/// ```
/// use streamtable::reader::{ReadOptions, Trimmed};
///
/// let newest = ReadOptions::latest().limit(10);
/// let patient = ReadOptions::default().trimmed(Trimmed::Skip);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Start at this shard and go on with its descendants; at all shards when absent.
    #[serde(alias = "shardId")]
    pub shard_id: Option<String>,
    /// Where to start in the first shards, as GetShardIterator has it; `TRIM_HORIZON` when absent. `LATEST` is the moment of the call.
    #[serde(alias = "iteratorType")]
    pub iterator_type: Option<Open<ShardIteratorType>>,
    /// The record to start at or after, for the types that need one. It is a place in one shard: without `shard_id` it is refused where the
    /// stream has or had several.
    #[serde(alias = "sequenceNumber")]
    pub sequence_number: Option<String>,
    /// The moment to start at, seconds since 1970, for `AT_TIMESTAMP`.
    pub timestamp: Option<Timestamp>,
    /// Whether to go on with the shards that continue `shard_id`.
    pub descendants: bool,
    /// At most this many records in all.
    pub limit: Option<u64>,
    /// Go on where a reader was; stands in place of all of the above but `limit`.
    pub checkpoint: Option<Checkpoint>,
    /// What to do where records are gone that were not read yet.
    pub trimmed: Trimmed,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            shard_id: None,
            iterator_type: None,
            sequence_number: None,
            timestamp: None,
            descendants: true,
            limit: None,
            checkpoint: None,
            trimmed: Trimmed::Fail,
        }
    }
}

impl ReadOptions {
    /// What is written after the reader is opened.
    pub fn latest() -> ReadOptions {
        ReadOptions { iterator_type: Some(ShardIteratorType::Latest.into()), ..ReadOptions::default() }
    }

    /// What was written at a moment or later, epoch milliseconds; records carry whole seconds.
    pub fn since(millis: u64) -> ReadOptions {
        ReadOptions {
            iterator_type: Some(ShardIteratorType::AtTimestamp.into()),
            timestamp: Some(Timestamp::from_millis(millis)),
            ..ReadOptions::default()
        }
    }

    /// What follows a record of a shard, in this shard and its descendants.
    pub fn after(shard_id: impl Into<String>, sequence_number: u128) -> ReadOptions {
        ReadOptions {
            shard_id: Some(shard_id.into()),
            iterator_type: Some(ShardIteratorType::AfterSequenceNumber.into()),
            sequence_number: Some(sequence_number.to_string()),
            ..ReadOptions::default()
        }
    }

    /// What a reader has not handed out when it made this checkpoint.
    pub fn resume(checkpoint: Checkpoint) -> ReadOptions {
        ReadOptions { checkpoint: Some(checkpoint), ..ReadOptions::default() }
    }

    /// At most this many records in all.
    #[must_use]
    pub fn limit(self, limit: impl Into<Option<u64>>) -> ReadOptions {
        ReadOptions { limit: limit.into(), ..self }
    }

    /// Whether to go on with the shards that continue the one to start at.
    #[must_use]
    pub fn descendants(self, descendants: bool) -> ReadOptions {
        ReadOptions { descendants, ..self }
    }

    /// What to do where records are gone that were not read yet.
    #[must_use]
    pub fn trimmed(self, trimmed: Trimmed) -> ReadOptions {
        ReadOptions { trimmed, ..self }
    }

    /// Start at a shard, at a place as GetShardIterator has it.
    #[must_use]
    pub fn at(self, shard_id: impl Into<String>, iterator_type: ShardIteratorType) -> ReadOptions {
        ReadOptions { shard_id: Some(shard_id.into()), iterator_type: Some(iterator_type.into()), ..self }
    }

    /// Reads options from JSON text; empty text means all defaults. A checkpoint may stand there as it is, or as a text.
    ///
    /// # Errors
    /// `SerializationException` for text that is no JSON object, or an unknown or mistyped option.
    pub fn from_json(json: &[u8]) -> Result<ReadOptions> {
        if json.is_empty() {
            return Ok(ReadOptions::default());
        }
        // By way of an object: a structure would also be read from a list, in the order of its fields.
        serde_json::from_slice(json)
            .and_then(|object| serde_json::from_value(serde_json::Value::Object(object)))
            .map_err(|e| Error::new(ErrorCode::Serialization, text::options_unreadable(&e.to_string())))
    }

    /// Whether anything but a checkpoint says where to start.
    pub(super) fn has_start(&self) -> bool {
        self.shard_id.is_some()
            || self.iterator_type.is_some()
            || self.sequence_number.is_some()
            || self.timestamp.is_some()
    }
}
