//! The storage traits: what the engine asks of whatever keeps its data.
//!
//! ```text
//! rows   (table, row key)    -> item          ordered by row key
//! logs   (log, sequence)     -> record        ordered by sequence number, appended at the end, trimmed at the front
//! meta   (name)               -> text          what exists: tables, streams, shards, counters
//! ```
//! A [`Batch`] is all or nothing, and seen by readers at once: an item and its change record are never apart, nor a shard and its lineage.
//!
//! A commit is *applied* when later calls see it and *settled* when it can no longer be lost. Everything applied has a place in the order
//! of commits, its [`Lsn`]; what has been seen may be told to anyone once that place is settled. [`Session`] keeps that promise.

mod durable;
#[cfg(test)]
pub(crate) mod faulty;
mod memory;
mod meta;
mod session;
mod vfs;

use std::fmt;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use durable::{
    DurableStore, FORMAT_FILE, REGION_FOLDER, Settings, disown, region_below, regions_in, repair, restore,
};
pub(crate) use memory::MemoryStore;
pub(crate) use meta::{read_meta, unsound};
pub(crate) use session::Session;
use smallvec::SmallVec;
#[cfg(any(test, feature = "simulation"))]
#[cfg_attr(not(feature = "simulation"), allow(unreachable_pub, reason = "public with the feature"))]
pub use vfs::simulated::{DiskCall, DiskFault, SimDisk};
pub(crate) use vfs::sync_directory;
#[cfg(test)]
pub(crate) use vfs::{DiskVfs, scratch::Scratch};

use crate::api::message::table as text;
use crate::api::shape::enumeration;
use crate::api::{Error, OperationType, Result};
use crate::clock::Millis;
use crate::value::Item;
use crate::value::key::RowKey;

enumeration! {
    /// What an acknowledged write survives. In memory there is nothing to choose.
    pub enum Durability {
        /// The end of the process, and a power cut: it is on the disk before it is acknowledged. Many calls at once share one write.
        Sync = "sync",
        /// The end of the process, however violent. A power cut may take what was acknowledged in the last `sync_every`, never a part from the
        /// middle, nor half a commit.
        Buffered = "buffered",
        /// Closing. Anything else may take what was acknowledged last; what is left is whole.
        None = "none",
    }
}

/// The rows of a table, or of a space derived from one. Never reused, so a table of the same name starts empty.
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

    /// The database's part.
    pub(crate) fn commit(self) -> u64 {
        u64::try_from(self.0 % COUNTER_UNIT).unwrap_or(u64::MAX)
    }

    /// The lineage's part.
    pub(crate) fn counter(self) -> u64 {
        // The twos of both sides cut off first: what is left to divide by fits a machine word, and every write divides.
        const TWOS: u32 = COUNTER_UNIT.trailing_zeros();
        const FIVES: u64 = (COUNTER_UNIT >> TWOS) as u64;
        u64::try_from((self.0 >> TWOS) / u128::from(FIVES)).unwrap_or(u64::MAX)
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

/// One row before and after; none where there is no row.
#[derive(Debug)]
pub(crate) struct RowChange {
    pub(crate) table: TableId,
    pub(crate) key: RowKey,
    /// What the row was when its partition's lock was taken. The record of the change shares it.
    pub(crate) before: Option<Item>,
    pub(crate) after: Option<Item>,
    /// Set where the row is derived: the row whose item it shows. Its image is not written a second time.
    pub(crate) of: Option<BaseRow>,
}

/// The row whose item a derived row shows: its key is the end of the derived row's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BaseRow {
    pub(crate) table: TableId,
    /// Of its key.
    pub(crate) key_bytes: usize,
}

impl BaseRow {
    pub(crate) fn new(table: TableId, key: &RowKey) -> BaseRow {
        BaseRow { table, key_bytes: key.as_bytes().len() }
    }

    /// The key of the row, out of that of one derived from it.
    pub(crate) fn key_of<'k>(&self, derived: &'k RowKey) -> &'k [u8] {
        let bytes = derived.as_bytes();
        &bytes[bytes.len() - self.key_bytes..]
    }
}

/// A record for the end of a log.
#[derive(Debug)]
pub(crate) struct Append {
    pub(crate) log: LogId,
    pub(crate) record: LogRecord,
    /// How long records of this log can be read from their creation on. What a record shows is kept for so long, whatever becomes of the row.
    pub(crate) retention: Millis,
}

/// The new text under a name in the catalog; none forgets the name.
#[derive(Debug)]
pub(crate) struct MetaChange {
    pub(crate) name: String,
    pub(crate) text: Option<String>,
}

/// What nobody can read any more, so that its space may be given back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Removal {
    /// All rows of a deleted table.
    Rows(TableId),
    /// A forgotten shard's records.
    Log(LogId),
    /// The records of a log up to this one.
    Records(LogId, Sequence),
    /// All memory of times later than this one. Records of later times are removed before.
    Later(Millis),
}

/// Changes that happen together. Nearly all are of one row, which then needs no memory of its own.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) rows: SmallVec<[RowChange; 1]>,
    pub(crate) records: SmallVec<[Append; 1]>,
    pub(crate) meta: Vec<MetaChange>,
    pub(crate) removals: Vec<Removal>,
}

/// A place in the order of commits. What was there before the first commit is at zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(crate) struct Lsn(pub(crate) u64);

/// The newest commit that changed something which is kept in memory: raised before the change shows, read by those who look.
#[derive(Debug, Default)]
pub(crate) struct NewestCommit(AtomicU64);

impl NewestCommit {
    pub(crate) fn raise(&self, lsn: Lsn) {
        self.0.fetch_max(lsn.0, Ordering::AcqRel);
    }

    pub(crate) fn get(&self) -> Lsn {
        Lsn(self.0.load(Ordering::Acquire))
    }
}

/// What a look at the store found, and the newest commit that it shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Seen<T> {
    pub(crate) value: T,
    pub(crate) lsn: Lsn,
}

impl<T> Seen<T> {
    /// Found where nothing can be lost.
    pub(crate) fn settled(value: T) -> Seen<T> {
        Seen { value, lsn: Lsn::default() }
    }
}

/// The newest of what was ever committed, for counters that go on from there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct HighWater {
    /// Creation time of a record, epoch milliseconds.
    pub(crate) at: Millis,
    /// The part of a sequence number that rises across the database.
    pub(crate) commit: u64,
}

impl HighWater {
    pub(crate) fn newest(self, other: HighWater) -> HighWater {
        HighWater { at: self.at.max(other.at), commit: self.commit.max(other.commit) }
    }
}

/// Size of the files before and after they were compacted, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Compacted {
    pub(crate) before: u64,
    pub(crate) after: u64,
}

/// Which rows to read, by key bytes.
#[derive(Clone, Debug)]
pub(crate) struct RowRange {
    pub(crate) from: Bound<Vec<u8>>,
    pub(crate) to: Bound<Vec<u8>>,
    pub(crate) descending: bool,
}

/// Whether bounds are the wrong way round or meet without a key between them; ordered maps panic on those.
fn is_empty_range(bounds: &(Bound<&[u8]>, Bound<&[u8]>)) -> bool {
    match *bounds {
        (Bound::Included(from), Bound::Included(to)) => from > to,
        (Bound::Included(from) | Bound::Excluded(from), Bound::Excluded(to) | Bound::Included(to)) => {
            from >= to
        }
        _ => false,
    }
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
    /// When the oldest record was created that has not been removed, readable or not.
    pub(crate) oldest_at: Option<Millis>,
}

/// Who asks for a look at everything, and knows what rows must be.
pub(crate) trait Inspector {
    /// So much of a stage is done.
    fn progress(&mut self, stage: &'static str, done: u64, total: u64);

    /// Something is wrong.
    fn finding(&mut self, what: String);

    /// Whether a table is in the catalog.
    fn knows(&self, table: TableId) -> bool;

    /// What is wrong with a row whose bytes are sound, if anything.
    fn row(&mut self, table: TableId, key: &[u8], item: &Item) -> Option<String>;
}

/// How much one reading may return: it ends with the row that reaches either number, so that there is progress whatever the row's size.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Budget {
    /// Number of rows, at least 1.
    pub(crate) rows: usize,
    /// Their items' sizes (facts B1) together, in bytes.
    pub(crate) bytes: usize,
}

impl Budget {
    /// Of a number of rows, whatever their size.
    #[cfg(test)]
    pub(crate) fn of_rows(rows: usize) -> Budget {
        Budget { rows, bytes: usize::MAX }
    }

    /// Whether a reading that has returned these items ends here.
    fn is_spent(self, rows: usize, bytes: usize) -> bool {
        rows >= self.rows || bytes >= self.bytes
    }
}

/// A row that is asked for among others.
pub(crate) type Wanted<'a> = (TableId, &'a RowKey);

/// Reads rows. Errors of this and the other traits are the store's own: full disks, failed disks, corruption.
pub(crate) trait Rows: Send + Sync + fmt::Debug {
    /// One row.
    fn get(&self, table: TableId, key: &RowKey) -> Result<Seen<Option<Item>>>;

    /// Several rows, of any tables, as all of them were at one moment: each commit shows in all its rows or in none. The items come in the
    /// order of the keys.
    fn get_many(&self, wanted: &[Wanted<'_>]) -> Result<Seen<Vec<Option<Item>>>>;

    /// Rows of a range in order, within a budget; no more is read from a disk than is returned. Rows written meanwhile may or may not show.
    fn rows(&self, table: TableId, range: &RowRange, budget: Budget) -> Result<Seen<RowPage>>;

    /// Number of a table's items and their size in bytes, in time that does not depend on it.
    fn totals(&self, table: TableId) -> Result<(i64, i64)>;
}

/// Reads the records of logs.
pub(crate) trait Logs: Send + Sync + fmt::Debug {
    /// Records after a place, oldest first, until `take` says no; the record it refuses is not returned. `retention` is that of the log: a
    /// record that is gone is damage before it has passed.
    fn records(
        &self,
        log: LogId,
        from: Bound<Sequence>,
        retention: Millis,
        take: &mut dyn FnMut(&LogRecord) -> bool,
    ) -> Result<Seen<Vec<LogRecord>>>;

    /// The ends of a log, where records created at `horizon` or before count as trimmed. A removed log is empty.
    fn bounds(&self, log: LogId, horizon: Millis) -> Result<Seen<LogBounds>>;

    /// The newest record created before a moment.
    fn newest_before(&self, log: LogId, moment: Millis) -> Result<Seen<Option<Sequence>>>;

    /// The newest of what was ever committed; read when the database opens.
    fn high_water(&self) -> HighWater;
}

/// Reads the catalog.
pub(crate) trait Meta: Send + Sync + fmt::Debug {
    /// The catalog's names and texts, in order of names; read when the database opens.
    fn meta(&self) -> Result<Vec<(String, String)>>;
}

/// What is done to a store as a whole.
pub(crate) trait Upkeep: Send + Sync + fmt::Debug {
    /// Does background work that time makes possible, such as giving disk space back. Answers do not depend on it.
    fn maintain(&self, now: Millis) -> Result<()>;

    /// A store with the same contents that goes its own way from here on. What both have is shared, so the cost does not depend on how much
    /// there is.
    fn fork(&self) -> Result<Arc<dyn Store>> {
        Err(Error::validation(text::no_fork()))
    }

    /// Whether all of it goes with the process.
    fn is_in_memory(&self) -> bool {
        false
    }

    /// Makes a directory that opens as a store with the same contents, which goes its own way from here on. Files that are never written
    /// again are shared where the file system can.
    fn fork_into(&self, _directory: &Path) -> Result<()> {
        Err(Error::validation(text::no_files("forked into a directory")))
    }

    /// Copies everything, as it is at one moment, into a directory that is made and that opens like any database; commits go on meanwhile.
    /// Returns the size of the copy in bytes. A copy that is not whole does not look like a database.
    fn backup(&self, _to: &Path) -> Result<u64> {
        Err(Error::validation(text::no_files("backed up")))
    }

    /// Gives back the disk space of what nobody can read at `now`, as much as can be found.
    fn compact(&self, _now: Millis) -> Result<Compacted> {
        Err(Error::validation(text::no_files("compacted")))
    }

    /// Looks at everything that is kept, and tells what is wrong with it.
    ///
    /// # Errors
    /// What stops the look: a disk that fails, not damage that was found.
    fn inspect(&self, _inspector: &mut dyn Inspector) -> Result<()> {
        Ok(())
    }

    /// Size of all files, without room that is only reserved.
    fn disk_bytes(&self) -> Result<u64> {
        Ok(0)
    }

    /// Makes everything safe, whatever the durability, and lets go of all files. Later calls fail.
    fn close(&self) -> Result<()>;
}

/// Keeps rows, logs and the catalog.
pub(crate) trait Store: Rows + Logs + Meta + Upkeep {
    /// Applies a batch: all of it, or nothing and an error. Callers hold the locks of the partitions they write to. Does not wait for a
    /// disk: [`Store::settle`] does, after those locks are released, for everyone who is waiting.
    fn commit(&self, batch: Batch) -> Result<Lsn>;

    /// Waits until everything up to a place is safe as the database's durability promises. An error ends the store: what was not settled
    /// may be lost, and every later call fails.
    fn settle(&self, upto: Lsn) -> Result<()>;

    /// Whether [`Store::settle`] has nothing to wait for.
    fn is_settled(&self, upto: Lsn) -> bool;
}
