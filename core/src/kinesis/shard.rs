//! Shards of a data stream: a range of hash keys, a log, parents. A shard that is being replaced takes records until it closes; what opens
//! and what closes at a moment is known before, so nothing has to happen then.

use std::fmt;

use crate::clock::Millis;
use crate::store::{LogId, Sequence};

use super::number::{END, Number};

/// The hash keys of a shard, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct HashKeys {
    pub(crate) first: u128,
    pub(crate) last: u128,
}

impl HashKeys {
    /// One of `count` parts of the whole range, as the service cuts it: of one width, the last one with what is left.
    pub(crate) fn part(index: u32, count: u32) -> HashKeys {
        // 2^128 has one bit too many; only one shard is as wide as that.
        let width = if count == 1 {
            u128::MAX
        } else {
            (u128::MAX - (u128::from(count) - 1)) / u128::from(count) + 1
        };
        let first = u128::from(index) * width;
        HashKeys { first, last: if index + 1 == count { u128::MAX } else { first + (width - 1) } }
    }

    pub(crate) fn contains(self, key: u128) -> bool {
        (self.first..=self.last).contains(&key)
    }
}

/// A shard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DataShard {
    pub(crate) index: u32,
    pub(crate) log: LogId,
    pub(crate) keys: HashKeys,
    /// None of a new stream's shards, one after a split, two after a merge.
    pub(crate) parents: Vec<u32>,
    /// From when on it takes records.
    pub(crate) opened_at: Millis,
    /// The second it was opened in, as its numbers tell it: later than its parents'.
    pub(crate) second: u64,
    /// From when on it takes none.
    pub(crate) closes_at: Option<Millis>,
    /// Before its first record.
    pub(crate) start: Sequence,
    /// Its last record, or its start.
    pub(crate) last: Sequence,
}

impl DataShard {
    /// Whether anybody sees it.
    pub(crate) fn is_there(&self, now: Millis) -> bool {
        self.opened_at <= now
    }

    /// Whether it takes no more records.
    pub(crate) fn is_closed(&self, now: Millis) -> bool {
        self.closes_at.is_some_and(|at| at <= now)
    }

    pub(crate) fn is_open(&self, now: Millis) -> bool {
        self.is_there(now) && !self.is_closed(now)
    }

    /// Whether it was open at a moment or after it.
    pub(crate) fn is_open_from(&self, moment: Millis) -> bool {
        self.closes_at.is_none_or(|at| at > moment)
    }

    /// Whether all its records are too old to read.
    pub(crate) fn is_forgotten(&self, now: Millis, retention: Millis) -> bool {
        self.closes_at.is_some_and(|at| now >= at.saturating_add(retention))
    }

    /// The number of a record.
    pub(crate) fn number(&self, sequence: Sequence, at: Millis) -> Number {
        Number::new(self.second, self.index, sequence.counter().saturating_sub(self.start.counter()), at)
    }

    /// The place in the log that a number names, before its record if it has one.
    pub(crate) fn at(&self, place: u64) -> Sequence {
        Sequence::new(self.start.counter().saturating_add(place), 0)
    }

    /// The number before all its records.
    pub(crate) fn starting_number(&self) -> Number {
        Number::new(self.second, self.index, 0, self.second * 1000)
    }

    /// The number after all its records, once it is closed.
    pub(crate) fn ending_number(&self, now: Millis) -> Option<Number> {
        let at = self.closes_at.filter(|at| *at <= now)?;
        Some(Number::new(self.second, self.index, END, at))
    }

    pub(crate) fn id(&self) -> ShardName {
        ShardName(self.index)
    }
}

/// `shardId-` and the number of the shard in 12 digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ShardName(pub(crate) u32);

impl ShardName {
    /// Reads an id: what stands behind its first hyphen, or all of it, is the number. None for anything else.
    pub(crate) fn parse(text: &str) -> Option<ShardName> {
        let digits = match text.split('-').nth(1) {
            Some(behind) if !behind.is_empty() => behind,
            _ => text,
        };
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let index: u32 = is_number.then(|| digits.parse().ok())??;
        (index <= i32::MAX as u32).then_some(ShardName(index))
    }
}

impl fmt::Display for ShardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shardId-{:012}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_every_hash_key_once() {
        for count in [1, 2, 3, 7, 1000] {
            let parts: Vec<HashKeys> = (0..count).map(|index| HashKeys::part(index, count)).collect();
            assert_eq!((parts[0].first, parts[parts.len() - 1].last), (0, u128::MAX));
            assert!(parts.windows(2).all(|pair| pair[0].last + 1 == pair[1].first), "{count}");
        }
        // As the service cuts a stream of three.
        assert_eq!(HashKeys::part(0, 3).last, 113_427_455_640_312_821_154_458_202_477_256_070_484);
        assert_eq!(HashKeys::part(2, 3).first, 226_854_911_280_625_642_308_916_404_954_512_140_970);
    }

    #[test]
    fn ids_are_read_as_the_service_reads_them() {
        for (text, index) in [
            ("shardId-000000000005", Some(5)),
            ("5", Some(5)),
            ("a-00002147483647", Some(i32::MAX as u32)),
            ("-7", Some(7)),
            ("2147483648", None),
            ("ABKLFD8", None),
            ("2.14E4", None),
            ("shardId-", None),
        ] {
            assert_eq!(ShardName::parse(text).map(|name| name.0), index, "{text}");
        }
        assert_eq!(ShardName(5).to_string(), "shardId-000000000005");
    }
}
