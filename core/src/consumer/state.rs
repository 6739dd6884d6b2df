//! What a consumer keeps between its lives, as data.
//!
//! ```text
//! {"version":1, "checkpoint":{…}, "lanes":1, "last_result":"OK", "began_latest":{"at":…},
//!  "shards":[{"shard":"shardId-…", "window":{"start":…, "end":…, "state":{…}}, "settled":[{"lanes":2, "lane":0, "before":"1000…"}],
//!             "pieces":[{"lane":0, "first":"1000…", "last":"1000…", "attempts":1, "request_id":"…"}]}]}
//! ```

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::SequenceNumber;
use super::source::SourcePlace;
use crate::api::{Error, Result};
use crate::clock::Millis;
use crate::reader::Checkpoint;

const VERSION: u64 = 1;

/// Where a mapping is: the place in each shard before which everything is settled, the states of tumbling windows, and which records failed how
/// often. A consumer that is opened with it goes on there. As text it is JSON, and reads back in every later version.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    version: u64,
    pub(super) checkpoint: SourcePlace,
    /// Over how many lanes a shard's records were spread: where they are spread anew, nothing is known of pieces.
    pub(super) lanes: usize,
    pub(super) last_result: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) began_latest: Option<BeganLatest>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) shards: Vec<StoredShard>,
}

/// When a mapping began that began with `LATEST`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BeganLatest {
    pub(super) at: Millis,
    /// Whether the iterator that knew the place has expired. Then older records are passed over by their time.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) expired: bool,
}

/// What is kept of a shard besides its place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredShard {
    pub(super) shard: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) window: Option<StoredWindow>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) pieces: Vec<StoredPiece>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(super) settled: Vec<StoredSettled>,
}

/// Records that are settled though they are after the place of the shard, which a slower lane keeps back.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredSettled {
    /// Over how many lanes the records were spread.
    pub(super) lanes: usize,
    /// Of which of them these are.
    pub(super) lane: usize,
    /// They have numbers below this one.
    pub(super) before: String,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredWindow {
    pub(super) start: Millis,
    pub(super) end: Millis,
    pub(super) state: Map<String, Value>,
}

/// Records that belong together because they failed together, and are tried again as they are.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredPiece {
    pub(super) lane: usize,
    first: String,
    last: String,
    pub(super) attempts: u32,
    pub(super) request_id: String,
}

impl StoredShard {
    pub(super) fn new(shard: String) -> StoredShard {
        StoredShard { shard, window: None, pieces: Vec::new(), settled: Vec::new() }
    }

    /// Whether its place says all.
    pub(super) fn is_plain(&self) -> bool {
        self.window.is_none() && self.pieces.is_empty() && self.settled.is_empty()
    }
}

impl StoredPiece {
    pub(super) fn new(
        lane: usize,
        (first, last): (SequenceNumber, SequenceNumber),
        attempts: u32,
        request_id: &str,
    ) -> StoredPiece {
        let (first, last) = (first.to_string(), last.to_string());
        StoredPiece { lane, first, last, attempts, request_id: request_id.to_owned() }
    }

    /// Its first and last record.
    pub(super) fn range(&self) -> Option<(SequenceNumber, SequenceNumber)> {
        Some((self.first.parse().ok()?, self.last.parse().ok()?))
    }
}

impl State {
    pub(super) fn new(
        checkpoint: SourcePlace,
        lanes: usize,
        last_result: &str,
        began_latest: Option<BeganLatest>,
        shards: Vec<StoredShard>,
    ) -> State {
        State {
            version: VERSION,
            checkpoint,
            lanes,
            last_result: last_result.to_owned(),
            began_latest,
            shards,
        }
    }

    /// The ARN of the stream that it is of.
    pub fn source_arn(&self) -> &str {
        self.checkpoint.stream()
    }

    /// The place in each shard before which everything is settled; none for a data stream, which [`Reader`](crate::reader::Reader) does not
    /// read.
    pub fn checkpoint(&self) -> Option<&Checkpoint> {
        match &self.checkpoint {
            SourcePlace::Table(checkpoint) => Some(checkpoint),
            SourcePlace::DataStream(_) => None,
        }
    }

    /// `LastProcessingResult`.
    pub fn last_result(&self) -> &str {
        &self.last_result
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for State {
    type Err = Error;

    /// # Errors
    /// `ValidationException` for anything but the text of a state, or one of a version that is not known here.
    fn from_str(given: &str) -> Result<State> {
        /// What every version has.
        #[derive(Deserialize)]
        struct Head {
            version: u64,
        }
        let unreadable =
            |e: serde_json::Error| Error::validation(format!("This is no state of a consumer: {e}"));
        let Head { version } = serde_json::from_str(given).map_err(unreadable)?;
        if version != VERSION {
            return Err(Error::validation(format!(
                "The state has version {version}, which this library cannot read"
            )));
        }
        serde_json::from_str(given).map_err(unreadable)
    }
}
