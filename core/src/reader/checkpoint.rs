//! Where a reader is, as data that can be kept.
//!
//! ```text
//! {"version":1, "stream":"arn:…", "scope":"stream", "listed":"shardId-…",
//!  "shards":[{"shard":"shardId-…", "parent":"shardId-…", "position":{"after":"1000…"}}, …]}
//! ```

use std::fmt;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tip::{Position, Shared, Tip};
use crate::api::message::reader as text;
use crate::api::{Error, Result};

const VERSION: u64 = 1;

/// Where a reader is in a stream: a small value to keep and to go on from, with [`ReadOptions::resume`](super::ReadOptions::resume). It has
/// a line for each shard that is being read, not for those that were.
///
/// As text it is JSON, and reads back in every later version. A checkpoint that was made after the start with `LATEST`, before anything was
/// read in a shard, is good for 15 minutes: only the service's iterator knows that place.
#[derive(Clone, PartialEq, Debug)]
pub struct Checkpoint(pub(super) Stored);

/// Which shards a reader reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Scope {
    /// All of the stream.
    Stream,
    /// Those it started with, and what continues them.
    Descendants,
    /// Those it started with.
    Shard,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    version: u64,
    pub(super) stream: String,
    pub(super) scope: Scope,
    /// The shard up to which the stream's list of shards was read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) listed: Option<String>,
    pub(super) shards: Vec<StoredTip>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredTip {
    pub(super) shard: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) parent: Option<String>,
    pub(super) position: Position,
    /// Whether the shard is closed and read to its end.
    #[serde(skip_serializing_if = "is_false", default)]
    pub(super) ended: bool,
    /// Whether records before the position were trimmed, and nobody was told.
    #[serde(skip_serializing_if = "is_false", default)]
    pub(super) gap: bool,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl StoredTip {
    pub(super) fn of(tip: &Tip) -> StoredTip {
        StoredTip {
            shard: tip.shard.to_string(),
            parent: tip.parent.as_deref().map(str::to_owned),
            position: tip.position.clone(),
            ended: tip.ended,
            gap: tip.gap,
        }
    }

    pub(super) fn restore(self) -> Tip {
        let mut tip = Tip::new(self.shard, self.parent, self.position);
        (tip.ended, tip.gap) = (self.ended, self.gap);
        tip
    }
}

impl Checkpoint {
    pub(super) fn new(stream: &str, scope: Scope, listed: Option<&str>, tips: &[Shared]) -> Checkpoint {
        Checkpoint(Stored {
            version: VERSION,
            stream: stream.to_owned(),
            scope,
            listed: listed.map(str::to_owned),
            shards: tips.iter().map(|tip| StoredTip::of(tip)).collect(),
        })
    }

    /// The ARN of the stream that it is of.
    pub fn stream(&self) -> &str {
        &self.0.stream
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    /// # Errors
    /// `ValidationException` for anything but the text of a checkpoint, or one of a version that is not known here.
    fn from_str(given: &str) -> Result<Checkpoint> {
        /// What every version has.
        #[derive(Deserialize)]
        struct Head {
            version: u64,
        }
        let unreadable =
            |e: serde_json::Error| Error::validation(text::checkpoint_unreadable(&e.to_string()));
        let Head { version } = serde_json::from_str(given).map_err(unreadable)?;
        if version != VERSION {
            return Err(Error::validation(text::checkpoint_version(version)));
        }
        serde_json::from_str(given).map(Checkpoint).map_err(unreadable)
    }
}

impl Serialize for Checkpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Checkpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// A checkpoint as it is, or as its text.
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Checkpoint;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a checkpoint of a stream reader")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Checkpoint, E> {
                text.parse().map_err(|error: Error| E::custom(error.message()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Checkpoint, A::Error> {
                let stored = Stored::deserialize(MapAccessDeserializer::new(map))?;
                if stored.version != VERSION {
                    return Err(de::Error::custom(text::checkpoint_version(stored.version)));
                }
                Ok(Checkpoint(stored))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
