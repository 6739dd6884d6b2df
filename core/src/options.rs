//! How a database is opened: the options, their defaults and their ranges. Each is one entry below; every host has it from there.

mod entry;

use std::time::Duration;

pub(crate) use entry::refuse;
use entry::{Field, options};
pub use entry::{OptionInfo, OptionType, OptionValue, Unit};

use crate::api::shape::{Enumeration, enumeration};
use crate::api::{Result, Wording};
use crate::limits::{CALL_TRACE_MAX, ITEM_COLLECTION_MAX_BYTES, RETENTION, SHARD_ROLLOVER, TTL_DELAY};
use crate::store::{Durability, Settings};

/// Partitions of a new table, at most: each is a shard that a reader has to follow.
const PARTITIONS_MAX: u64 = 1_024;
/// Longest time between two writes to the disk with [`Durability::Buffered`], milliseconds: beyond a minute it would be `None` in disguise.
const SYNC_EVERY_MAX: u64 = 60_000;
/// Latest time and longest duration, milliseconds: centuries, far below where sums of them overflow.
const CENTURY: u64 = 100 * 366 * 86_400_000;

const DAY: u64 = 86_400_000;

/// Bytes of log that gather in memory before they go to the index: what has to be read again after a crash is at most a few times this.
const CHECKPOINT_BYTES: u64 = 32 * 1024 * 1024;

/// Greatest rate of units a second at which partitions are split.
const UNITS_MAX: u64 = 1_000_000_000;

enumeration! {
    /// Who moves time.
    pub enum ClockMode {
        /// The computer's clock; threads that all databases of a process share do the background work.
        System = "system",
        /// The caller, with `AdvanceClock`; background work happens then and there, in order.
        Manual = "manual",
    }
}

const fn duration(min: u64, max: u64) -> OptionType {
    OptionType::Number { unit: Unit::Millisecond, min, max }
}

const fn number(min: u64, max: u64) -> OptionType {
    OptionType::Number { unit: Unit::One, min, max }
}

options! {
    /// How to open a database: `OpenOptions::default().region("eu-west-1".to_owned())`. Durations are whole milliseconds where options are text.
    ///
    /// Those that speak of a disk (`durability`, `sync_every`, `cache_bytes`) are accepted for a database in memory, and mean nothing there, so
    /// that a program opens either with the same options. They hold for this opening; the directory does not remember them.
    pub struct OpenOptions {
        /// Who moves time.
        clock: ClockMode = ClockMode::System, OptionType::Choice(ClockMode::INFO);
        /// Where a manual clock starts. A stored clock moves forward to this time; it cannot go back.
        now: Option<u64> = None, OptionType::Number { unit: Unit::Moment, min: 0, max: 100 * CENTURY },
            absent "where the stored one is, 2026-01-01T00:00:00Z in a new database";
        /// Makes every random choice repeatable: the same calls give the same answers.
        seed: Option<u64> = None, number(0, u64::MAX), absent "the stored one, and in a new database chance";
        /// Region in names and records. Another one than is stored is refused.
        region: Option<String> = None, OptionType::Word, absent "what is stored, and in a new database `default_region`";
        /// Region of a new database where `region` names none; one that is there keeps its own. Python takes it from `AWS_DEFAULT_REGION` of the
        /// environment, as boto3 does.
        default_region: Option<String> = None, OptionType::Word, absent "`us-east-1`";
        /// Account in names. Another one than is stored is refused.
        account: Option<String> = None, OptionType::Word, absent "what is stored, `000000000000` in a new database";
        /// Whether clients of every region see the same tables, under the ARNs of the database's own region, as with one server for all of them.
        /// Otherwise each region has its own.
        share_regions: bool = false, OptionType::Flag;
        /// Partitions of a new table, each with one open shard.
        partitions: u32 = 1, number(1, PARTITIONS_MAX);
        /// How long a table stays CREATING, UPDATING or DELETING. With 0 the answer shows that state and the next call the final one.
        control_plane_delay: Duration = Duration::ZERO, duration(0, CENTURY);
        /// Age at which background work replaces an open shard by a child; 0 is never.
        shard_rollover: Duration = SHARD_ROLLOVER, duration(0, CENTURY);
        /// By how much that age differs from shard to shard, at most, either way; drawn by the seed. The service's shards live 3.5 to 4.5 hours:
        /// half an hour. With 0, moving a manual clock by years costs no more than by days.
        shard_rollover_jitter: Duration = Duration::ZERO, duration(0, CENTURY);
        /// Size at which background work splits a partition, its shard closing with two children; 0 is never. The service splits at about 10 GB. The
        /// size is an estimate: what is there when the database is opened, or the partition is split, is taken to be spread evenly.
        split_bytes: u64 = 0, OptionType::Number { unit: Unit::Byte, min: 0, max: u64::MAX };
        /// Write capacity units a second, sustained for `split_after`, at which a partition is split; 0 is never. The service's partitions take 1000.
        /// One that is used for a single partition key is left alone.
        split_write_units: u32 = 0, number(0, UNITS_MAX);
        /// The same for read capacity units, of which the service's partitions give 3000. What is read of global indexes does not count.
        split_read_units: u32 = 0, number(0, UNITS_MAX);
        /// How long a partition has to be used at such a rate, on the database's clock.
        split_after: Duration = Duration::from_secs(300), duration(1, CENTURY);
        /// Whether readers of streams have the service's limits, on the database's clock: 10 calls of GetRecords a second on a shard, which is two
        /// readers of 5 each, and 2 MB; 10 calls of DescribeStream and 5 of ListStreams a second.
        reader_limits: bool = false, OptionType::Flag;
        /// Whether calls are counted, by operation, table and outcome, for `DescribeMetrics` and for `GET /metrics` of the server, and readers of a
        /// shard that begin in one millisecond told apart.
        metrics: bool = false, OptionType::Flag;
        /// How many of the latest calls are remembered for `DescribeCalls`; 0 is none.
        call_trace: u64 = 0, number(0, CALL_TRACE_MAX);
        /// How long the records of a stream can be read that is turned on from now on. The service has 24 hours. A stream keeps the time it began with.
        stream_retention: Duration = RETENTION, duration(DAY, 365 * DAY);
        /// How long after its time an item is deleted that time to live makes expire.
        expiry_delay: Option<Duration> = None, duration(0, CENTURY), absent "0 on a manual clock, a minute on the system's";
        /// Whether tables and global indexes refuse what is beyond their provisioned capacity, or their ceilings on demand, on the database's clock:
        /// up to five minutes of units are saved, one second of a ceiling, and no partition reads more than 3000 or writes more than 1000 units a
        /// second.
        throttling: bool = false, OptionType::Flag;
        /// How long after a write global indexes show it, on the database's clock: what a program reads from one may be so old, as the service's may.
        /// With 0 they show it at once.
        index_delay: Duration = Duration::ZERO, duration(0, CENTURY);
        /// Bytes that the items of one partition key may have with their entries in local indexes, in a table that has local indexes.
        item_collection_limit: u64 = ITEM_COLLECTION_MAX_BYTES, OptionType::Number { unit: Unit::Byte, min: 1, max: u64::MAX };
        /// A directory that stands for the object store: a bucket is a folder of it. Without one, exports and imports are refused, and the buckets of
        /// S3's operations are rows of the database.
        buckets: Option<String> = None, OptionType::Directory, absent "none";
        /// What an acknowledged write survives.
        durability: Durability = Durability::Sync, OptionType::Choice(Durability::INFO);
        /// How often written data is forced to the disk with `buffered`, and so the most that a power cut takes.
        sync_every: Duration = Duration::from_millis(50), duration(1, SYNC_EVERY_MAX);
        /// Memory for items and pages that were read from the disk; 0 keeps only what is needed.
        cache_bytes: u64 = 256 * 1024 * 1024, OptionType::Number { unit: Unit::Byte, min: 0, max: u64::MAX };
        /// Which generation of the service's texts errors speak.
        wording: Wording = Wording::default(), OptionType::Choice(Wording::INFO);
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
        serde_json::from_slice(json).map_err(|e| refuse(format!("Options cannot be read: {e}")))
    }

    /// How long after its time an expired item is deleted, with this clock.
    pub(crate) fn lateness(&self) -> Duration {
        self.expiry_delay.unwrap_or(match self.clock {
            ClockMode::Manual => Duration::ZERO,
            ClockMode::System => TTL_DELAY,
        })
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
        for (info, value) in self.values() {
            value.map_or(Ok(()), |value| info.check(&value))?;
        }
        if self.now.is_some() && self.clock == ClockMode::System {
            return Err(refuse("now is the start of a manual clock; open with clock \"manual\"".into()));
        }
        if self.shard_rollover_jitter > self.shard_rollover {
            return Err(refuse("shard_rollover_jitter is more than shard_rollover: a shard cannot be replaced before it is opened".into()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorCode;

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
                OpenOptions { stream_retention: Duration::from_millis(DAY - 1), ..base.clone() },
                "stream_retention is 86399999 ms; it is 86400000 to 31536000000",
            ),
            (
                OpenOptions { stream_retention: Duration::from_millis(365 * DAY + 1), ..base.clone() },
                "stream_retention",
            ),
            (OpenOptions { expiry_delay: Some(Duration::MAX), ..base.clone() }, "expiry_delay"),
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

    #[test]
    fn what_an_option_does_not_take_is_told_with_its_name_and_in_plain_words() {
        for (text, words) in [
            (
                r#"{"partitions": "four"}"#,
                r#"partitions: invalid type: string "four", expected a whole number"#,
            ),
            (
                r#"{"partitions": 5000000000}"#,
                "partitions: invalid value: integer `5000000000`, expected a smaller whole number",
            ),
            (
                r#"{"syncEvery": -1}"#,
                "syncEvery: invalid value: integer `-1`, expected a whole number from 0 on",
            ),
            (r#"{"seed": 1.5}"#, "seed: invalid type: floating point `1.5`, expected a whole number"),
            (r#"{"throttling": 1}"#, "throttling: invalid type: integer `1`, expected a boolean"),
        ] {
            let error = OpenOptions::from_json(text.as_bytes()).expect_err(text);
            assert_eq!(error.code(), ErrorCode::Open);
            assert!(error.message().contains(words), "{}", error.message());
            assert!(error.message().contains(" at line 1 column "), "{}", error.message());
        }
    }

    #[test]
    fn a_default_is_one_that_is_taken() {
        assert_eq!(OpenOptions::default().check(), Ok(()));
        for info in OPTIONS {
            assert_eq!(
                (info.default)().is_none(),
                info.absent.is_some(),
                "{}: a default or words for none",
                info.name
            );
        }
    }

    #[test]
    fn no_option_is_given_twice() {
        let error = OpenOptions::from_json(br#"{"sync_every": 7, "syncEvery": 8}"#).expect_err("two values");
        assert!(error.message().contains("duplicate field `sync_every`"), "{}", error.message());
    }
}
