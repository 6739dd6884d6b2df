//! The storage traits: what the engine asks of whatever keeps its data.
//!
//! ```text
//! rows   (table, row key)    -> item          ordered by row key
//! logs   (log, sequence)     -> record        ordered by sequence number, appended at the end, trimmed at the front
//! ```
//! A [`Batch`] is all or nothing, and seen by readers at once: an item and its change record are never apart.

mod memory;

use std::fmt;
use std::ops::Bound;

pub(crate) use memory::MemoryStore;
use smallvec::SmallVec;

use crate::api::{OperationType, Result};
use crate::clock::Millis;
use crate::value::Item;
use crate::value::key::RowKey;

/// A table's rows. Never reused, so a table of the same name starts empty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct TableId(pub(crate) u64);

/// A shard's records. Never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct LogId(pub(crate) u64);

/// A sequence number: the place of a record, rising along a lineage of shards (facts A7.4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Sequence(pub(crate) u128);

const COUNTER_UNIT: u128 = 100_000_000_000_000_000_000;

impl Sequence {
    /// `counter` rises along the lineage, `commit` across the database; together at least 21 digits.
    pub(crate) fn new(counter: u64, commit: u64) -> Sequence {
        Sequence(u128::from(counter.max(1)) * COUNTER_UNIT + u128::from(commit))
    }

    /// The lineage's part.
    pub(crate) fn counter(self) -> u64 {
        u64::try_from(self.0 / COUNTER_UNIT).unwrap_or(u64::MAX)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A change record as stored: what the view of its stream keeps, images shared with the rows.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LogRecord {
    pub(crate) sequence: Sequence,
    pub(crate) at: Millis,
    pub(crate) name: OperationType,
    /// The key, where no kept image has it.
    pub(crate) keys: Option<Item>,
    pub(crate) new_image: Option<Item>,
    pub(crate) old_image: Option<Item>,
    pub(crate) by_service: bool,
}

/// The new state of one row; none deletes it.
#[derive(Debug)]
pub(crate) struct RowChange {
    pub(crate) table: TableId,
    pub(crate) key: RowKey,
    pub(crate) after: Option<Item>,
}

/// A record for the end of a log.
#[derive(Debug)]
pub(crate) struct Append {
    pub(crate) log: LogId,
    pub(crate) record: LogRecord,
}

/// Changes that happen together. Nearly all are of one row, which then needs no memory of its own.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) rows: SmallVec<[RowChange; 1]>,
    pub(crate) records: SmallVec<[Append; 1]>,
}

/// Which rows to read, by key bytes.
#[derive(Clone, Debug)]
pub(crate) struct RowRange {
    pub(crate) from: Bound<Vec<u8>>,
    pub(crate) to: Bound<Vec<u8>>,
    pub(crate) descending: bool,
}

/// Some rows of a range, in order, and the key of the last one.
#[derive(Debug, Default)]
pub(crate) struct RowPage {
    pub(crate) items: Vec<Item>,
    pub(crate) last: Option<Vec<u8>>,
}

/// What a log keeps in mind beyond its records.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct LogBounds {
    /// The newest record ever appended.
    pub(crate) last: Option<Sequence>,
    /// The newest record that is too old to read.
    pub(crate) trimmed: Option<Sequence>,
}

/// Keeps rows and logs. Errors are the store's own: full disks, corruption.
pub(crate) trait Store: Send + Sync + fmt::Debug {
    /// One row.
    fn get(&self, table: TableId, key: &RowKey) -> Result<Option<Item>>;

    /// At most `most` rows of a range. Rows written meanwhile may or may not show.
    fn rows(&self, table: TableId, range: &RowRange, most: usize) -> Result<RowPage>;

    /// Applies a batch: all of it, or nothing and an error. Callers hold the locks of the partitions they write to.
    fn commit(&self, batch: Batch) -> Result<()>;

    /// Records after a place, oldest first, until `take` says no; the record it refuses is not returned.
    fn records(
        &self,
        log: LogId,
        from: Bound<Sequence>,
        take: &mut dyn FnMut(&LogRecord) -> bool,
    ) -> Result<Vec<LogRecord>>;

    /// The ends of a log, where records created at `horizon` or before count as trimmed.
    fn bounds(&self, log: LogId, horizon: Millis) -> Result<LogBounds>;

    /// The newest record created before a moment.
    fn newest_before(&self, log: LogId, moment: Millis) -> Result<Option<Sequence>>;

    /// Gives back records created at `horizon` or before; returns how many.
    fn trim(&self, log: LogId, horizon: Millis) -> Result<usize>;

    /// Gives back a whole log; returns how many records it still held.
    fn remove_log(&self, log: LogId) -> Result<usize>;

    /// Gives back all rows of a table.
    fn remove_rows(&self, table: TableId) -> Result<()>;
}
