//! How a database is opened: the options, their defaults and their ranges.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::api::{Error, ErrorCode, Result, Wording};
use crate::clock::millis;
use crate::limits::SHARD_ROLLOVER;
use crate::store::{Durability, Settings};

/// Partitions of a new table, at most: each is a shard that a reader has to follow.
const PARTITIONS_MAX: u32 = 1_024;
/// Longest time between two writes to the disk with [`Durability::Buffered`], milliseconds: beyond a minute it would be `None` in disguise.
const SYNC_EVERY_MAX: u64 = 60_000;
/// Latest time and longest duration, milliseconds: centuries, far below where sums of them overflow.
const CENTURY: u64 = 100 * 366 * 86_400_000;

/// Bytes of log that gather in memory before they go to the index: what has to be read again after a crash is at most a few times this.
const CHECKPOINT_BYTES: u64 = 32 * 1024 * 1024;

/// Who moves time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockMode {
    /// The system's clock; one thread of the database does the background work.
    #[default]
    System,
    /// The caller, with `AdvanceClock`; background work happens then and there, in order.
    Manual,
}

/// How to open a database. Durations are whole milliseconds where options are text.
///
/// Those that speak of a disk (`durability`, `sync_every`, `cache_bytes`) are accepted for a database in memory, and mean nothing there, so
/// that a program opens either with the same options. They hold for this opening; the directory does not remember them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "snake_case")]
pub struct OpenOptions {
    /// Who moves time.
    pub clock: ClockMode,
    /// Where a manual clock starts, epoch milliseconds; 2026-01-01T00:00:00Z when absent. A stored one goes on where it was when absent,
    /// and moves forward to this time otherwise; a time before its own is refused.
    pub now: Option<u64>,
    /// Makes every random choice repeatable.
    pub seed: Option<u64>,
    /// Region in names and records: what is stored when absent, `us-east-1` in a new database. Another one than is stored is refused.
    pub region: Option<String>,
    /// Account in names: what is stored when absent, `000000000000` in a new database. Another one than is stored is refused.
    pub account: Option<String>,
    /// Partitions of a new table, each with one open shard; 1 to 1,024.
    pub partitions: u32,
    /// How long a table stays CREATING, UPDATING or DELETING. With zero, the answer shows that state and the next call the final one.
    #[serde(alias = "controlPlaneDelay", with = "milliseconds")]
    pub control_plane_delay: Duration,
    /// Age at which background work replaces an open shard by a child; zero leaves shards alone.
    #[serde(alias = "shardRollover", with = "milliseconds")]
    pub shard_rollover: Duration,
    /// What an acknowledged write survives.
    pub durability: Durability,
    /// With [`Durability::Buffered`]: how often written data is forced to the disk, and so the most that a power cut takes; 1 ms to a minute.
    #[serde(alias = "syncEvery", with = "milliseconds")]
    pub sync_every: Duration,
    /// Memory for items and pages that were read from the disk; 0 keeps only what is needed.
    #[serde(alias = "cacheBytes")]
    pub cache_bytes: u64,
    /// Which generation of the service's texts errors speak.
    pub wording: Wording,
}

impl Default for OpenOptions {
    fn default() -> OpenOptions {
        OpenOptions {
            clock: ClockMode::System,
            now: None,
            seed: None,
            region: None,
            account: None,
            partitions: 1,
            control_plane_delay: Duration::ZERO,
            shard_rollover: SHARD_ROLLOVER,
            durability: Durability::Sync,
            sync_every: Duration::from_millis(50),
            cache_bytes: 256 * 1024 * 1024,
            wording: Wording::Current,
        }
    }
}

impl OpenOptions {
    /// A manual clock and a fixed seed: the same calls give the same answers.
    pub fn deterministic() -> OpenOptions {
        OpenOptions { clock: ClockMode::Manual, seed: Some(1), ..OpenOptions::default() }
    }

    /// Reads options from JSON text; empty text means all defaults.
    ///
    /// # Errors
    /// `OpenException` for text that is no JSON object, or an unknown or mistyped option.
    pub fn from_json(json: &[u8]) -> Result<OpenOptions> {
        if json.is_empty() {
            return Ok(OpenOptions::default());
        }
        // By way of an object: a structure would also be read from a list, in the order of its fields.
        serde_json::from_slice(json)
            .and_then(|object| serde_json::from_value(serde_json::Value::Object(object)))
            .map_err(|e| refuse(format!("Options cannot be read: {e}")))
    }

    /// How a store on the disk is to be kept.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            durability: self.durability,
            sync_every: self.sync_every,
            cache_bytes: self.cache_bytes,
            checkpoint_bytes: CHECKPOINT_BYTES,
            background: true,
        }
    }

    /// Checks what can be checked before anything is looked at.
    pub(crate) fn check(&self) -> Result<()> {
        if !(1..=PARTITIONS_MAX).contains(&self.partitions) {
            return Err(refuse(format!("partitions is {}; it is 1 to {PARTITIONS_MAX}", self.partitions)));
        }
        if self.now.is_some() && self.clock == ClockMode::System {
            return Err(refuse("now is the start of a manual clock; open with clock \"manual\"".into()));
        }
        for (name, word) in [("region", &self.region), ("account", &self.account)] {
            let is_word = |text: &String| {
                !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            };
            if !word.as_ref().is_none_or(is_word) {
                return Err(refuse(format!("{name} is a word of letters, digits and hyphens")));
            }
        }
        for (name, duration) in
            [("control_plane_delay", self.control_plane_delay), ("shard_rollover", self.shard_rollover)]
        {
            let duration = millis(duration);
            if duration > CENTURY {
                return Err(refuse(format!("{name} is {duration} ms; it is at most {CENTURY}, a century")));
            }
        }
        if let Some(now) = self.now.filter(|now| *now > 100 * CENTURY) {
            return Err(refuse(format!("now is {now}; it is epoch milliseconds, at most {}", 100 * CENTURY)));
        }
        let sync_every = millis(self.sync_every);
        if !(1..=SYNC_EVERY_MAX).contains(&sync_every) {
            return Err(refuse(format!("sync_every is {sync_every} ms; it is 1 to {SYNC_EVERY_MAX}")));
        }
        Ok(())
    }
}

/// Durations as the numbers of milliseconds that options are in text.
mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        crate::clock::millis(*duration).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

/// An `OpenException`.
pub(crate) fn refuse(message: String) -> Error {
    Error::new(ErrorCode::Open, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_out_of_range_are_refused_by_name() {
        let base = OpenOptions::deterministic();
        assert_eq!(base.check(), Ok(()));
        let cases = [
            (OpenOptions { partitions: 0, ..base.clone() }, "partitions is 0"),
            (OpenOptions { partitions: 1025, ..base.clone() }, "partitions is 1025"),
            (OpenOptions { region: Some(String::new()), ..base.clone() }, "region"),
            (OpenOptions { account: Some("1:2".into()), ..base.clone() }, "account"),
            (OpenOptions { now: Some(0), clock: ClockMode::System, ..base.clone() }, "manual clock"),
            (OpenOptions { now: Some(u64::MAX), ..base.clone() }, "now is"),
            (
                OpenOptions { control_plane_delay: Duration::from_millis(CENTURY + 1), ..base.clone() },
                "control_plane_delay",
            ),
            (OpenOptions { shard_rollover: Duration::MAX, ..base.clone() }, "shard_rollover"),
            (
                OpenOptions { sync_every: Duration::ZERO, ..base.clone() },
                "sync_every is 0 ms; it is 1 to 60000",
            ),
            (OpenOptions { sync_every: Duration::from_millis(60_001), ..base.clone() }, "sync_every"),
        ];
        for (options, words) in cases {
            let error = options.check().expect_err(words);
            assert_eq!(error.code(), ErrorCode::Open);
            assert!(error.message().contains(words), "{}", error.message());
        }
        assert_eq!(
            OpenOptions { cache_bytes: 0, sync_every: Duration::from_secs(60), ..base }.check(),
            Ok(())
        );
    }

    #[test]
    fn names_of_options_are_read_in_both_spellings() {
        let read = |text: &str| OpenOptions::from_json(text.as_bytes());
        for text in [
            r#"{"durability": "buffered", "sync_every": 7, "cache_bytes": 0}"#,
            r#"{"durability": "buffered", "syncEvery": 7, "cacheBytes": 0}"#,
        ] {
            let options = read(text).expect(text);
            assert_eq!(
                (options.durability, options.sync_every, options.cache_bytes),
                (Durability::Buffered, Duration::from_millis(7), 0)
            );
        }
        assert_eq!(read("").expect("nothing is all defaults").durability, Durability::Sync);
        let error = read(r#"{"durability": "perhaps"}"#).expect_err("no such level");
        assert!(error.message().contains("`sync`, `buffered`, `none`"), "{}", error.message());
        assert!(read("[]").is_err(), "a list is no object");
    }
}
