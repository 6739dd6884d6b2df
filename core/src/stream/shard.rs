//! Shards: a run of records of one partition, and the lineage from parent to child (facts A4).

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::{Readers, Stream};
use crate::clock::Millis;
use crate::store::{LogId, NewestCommit, Sequence};

/// `shardId-` + creation time in 20 digits + `-` + 8 hexadecimal digits. Sorts by creation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct ShardId {
    pub(crate) created_at: Millis,
    pub(crate) suffix: u32,
}

impl ShardId {
    /// How many there are: each time, with each suffix.
    pub(super) const COUNT: u128 = 1 << 96;

    /// The id at a place in the order of all ids.
    pub(super) fn nth(place: u128) -> ShardId {
        ShardId { created_at: (place >> 32) as u64, suffix: place as u32 }
    }
}

impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shardId-{:020}-{:08x}", self.created_at, self.suffix)
    }
}

impl FromStr for ShardId {
    type Err = ();

    fn from_str(text: &str) -> Result<ShardId, ()> {
        let parts = text.strip_prefix("shardId-").and_then(|rest| rest.split_once('-')).ok_or(())?;
        let id = ShardId {
            created_at: parts.0.parse().map_err(|_| ())?,
            suffix: u32::from_str_radix(parts.1, 16).map_err(|_| ())?,
        };
        // One spelling for each id: upper case, signs and missing zeros are no id.
        if id.to_string() == text { Ok(id) } else { Err(()) }
    }
}

/// The end of a shard.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub(crate) sequence: Sequence,
    pub(crate) at: Millis,
}

/// A shard. Its records are in the store's log.
#[derive(Debug)]
pub(crate) struct Shard {
    pub(crate) id: ShardId,
    pub(crate) log: LogId,
    pub(crate) parent: Option<ShardId>,
    /// Below every record of the shard.
    pub(crate) start: Sequence,
    pub(crate) opened_at: Millis,
    /// The hashes of the partition that writes to it, first and last.
    pub(crate) hashes: (u64, u64),
    /// How long its records can be read from their creation on: that of its stream.
    pub(crate) retention: Millis,
    pub(super) end: OnceLock<End>,
    /// The commit that opened or closed it.
    pub(crate) changed: NewestCommit,
    pub(crate) readers: Readers,
}

impl Shard {
    /// The end, once the shard is closed.
    pub(crate) fn end(&self) -> Option<End> {
        self.end.get().copied()
    }

    /// Closes the shard. Its children are there already.
    pub(crate) fn close(&self, end: End) {
        let first = self.end.set(end);
        debug_assert!(first.is_ok(), "a shard is closed once");
    }

    /// Records created at or before this moment are trimmed.
    pub(crate) fn horizon(&self, now: Millis) -> Millis {
        now.saturating_sub(self.retention)
    }

    /// Closed shards go when their last record can have aged out.
    pub(crate) fn is_forgotten(&self, now: Millis) -> bool {
        self.forgotten_at().is_some_and(|at| now >= at)
    }

    pub(crate) fn forgotten_at(&self) -> Option<Millis> {
        #[cfg(test)]
        LOOKS.set(LOOKS.get() + 1);
        self.end().map(|end| end.at + self.retention)
    }
}

/// The shard that a partition writes to, owned by the partition's lock.
#[derive(Debug)]
pub(crate) struct OpenShard {
    pub(crate) stream: Arc<Stream>,
    pub(crate) shard: Arc<Shard>,
    last: Sequence,
}

/// What a new shard needs beside its parent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening {
    pub(crate) now: Millis,
    pub(crate) log: LogId,
    /// The last part of its id, which no other shard of the stream has that was opened in the same millisecond.
    pub(crate) suffix: u32,
    pub(crate) commit: u64,
    pub(crate) hashes: (u64, u64),
}

impl OpenShard {
    /// A new shard of the stream, continuing `parent` if there is one. The stream does not have it yet.
    pub(crate) fn open(stream: &Arc<Stream>, parent: Option<&OpenShard>, opening: Opening) -> OpenShard {
        // Ids sort by their time; a child opened in its parent's millisecond still sorts after it.
        let created_at = parent.map_or(opening.now, |p| opening.now.max(p.shard.id.created_at + 1));
        let counter = parent.map_or(1, |p| p.last.counter() + 1);
        OpenShard::begin(stream, parent.map(|p| p.shard.id), created_at, counter, opening)
    }

    /// The shard that takes the place of this one when it and its heirs are replaced `count` times, each at the age `age` and without a
    /// record more; `count` is 2 at least. `before` is the suffix of the last but one of them. The times in their ids are their own times.
    pub(crate) fn open_heir(&self, count: u64, age: Millis, before: u32, opening: Opening) -> OpenShard {
        let parent = ShardId { created_at: opening.now - age, suffix: before };
        OpenShard::begin(&self.stream, Some(parent), opening.now, self.last.counter() + count, opening)
    }

    fn begin(
        stream: &Arc<Stream>,
        parent: Option<ShardId>,
        created_at: Millis,
        counter: u64,
        opening: Opening,
    ) -> OpenShard {
        let Opening { now, log, suffix, commit, hashes } = opening;
        let id = ShardId { created_at, suffix };
        debug_assert!(!stream.has_shard(id), "no two shards have the same suffix in one millisecond");
        let start = Sequence::new(counter, commit);
        let shard = Arc::new(Shard {
            id,
            log,
            parent,
            start,
            opened_at: now,
            hashes,
            retention: stream.retention,
            end: OnceLock::new(),
            changed: NewestCommit::default(),
            readers: Readers::default(),
        });
        OpenShard { stream: stream.clone(), shard, last: start }
    }

    /// The open shard of a database that is opened again, with its newest record.
    pub(crate) fn resume(stream: Arc<Stream>, shard: Arc<Shard>, newest: Option<Sequence>) -> OpenShard {
        let last = newest.unwrap_or(shard.start);
        OpenShard { stream, shard, last }
    }

    /// The sequence number after `cursor`, or after the newest record. `commit` rises across the database.
    pub(crate) fn next_sequence(&self, cursor: Option<Sequence>, commit: u64) -> Sequence {
        Sequence::new(cursor.unwrap_or(self.last).counter() + 1, commit)
    }

    /// Notes that records up to this number are in the log.
    pub(crate) fn appended(&mut self, sequence: Sequence) {
        debug_assert!(self.last < sequence, "sequence numbers rise");
        self.last = sequence;
    }

    /// The end of the shard if it closes now: its last record, or its start when it has none.
    pub(crate) fn end(&self, now: Millis) -> End {
        End { sequence: self.last, at: now }
    }
}

#[cfg(test)]
thread_local! {
    static LOOKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How often this thread has looked at how long a shard exists: what tests count as steps.
#[cfg(test)]
pub(crate) fn looks() -> usize {
    LOOKS.get()
}
