//! What has been committed and is not in the index yet, in memory and in order.

use std::collections::BTreeMap;
use std::ops::Bound;

use parking_lot::RwLock;

use super::frame::Parts;
use super::index::Head;
use super::place::{Base, Place, Point, RowPlace};
use crate::clock::Millis;
use crate::store::{HighWater, LogId, LogRecord, Lsn, Removal, Sequence, TableId};
use crate::value::Item;
use crate::value::key::RowKey;

/// The newest state of one row.
#[derive(Clone, Debug)]
pub(super) struct RowEntry {
    /// The commit that made it so.
    pub(super) lsn: Lsn,
    /// None where the row is deleted.
    pub(super) stored: Option<Stored>,
}

/// A row that exists.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) shows: Shows,
    /// Of its image, or of its reference.
    pub(super) place: Place,
}

/// What a row shows: an item of its own, or that of another row.
#[derive(Clone, Debug)]
pub(super) enum Shows {
    Own(Item),
    That(Base),
}

impl Stored {
    /// The item, where it is the row's own, and its place.
    pub(super) fn own(self) -> Option<(Item, Place)> {
        match self.shows {
            Shows::Own(item) => Some((item, self.place)),
            Shows::That(_) => None,
        }
    }

    pub(super) fn row_place(&self) -> RowPlace {
        let of = match &self.shows {
            Shows::Own(_) => None,
            Shows::That(base) => Some(base.clone()),
        };
        RowPlace { place: self.place, of }
    }
}

/// Where the images of a record lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct RecordPlaces {
    pub(super) keys: Option<Place>,
    pub(super) new: Option<Place>,
    pub(super) old: Option<Place>,
}

impl RecordPlaces {
    pub(super) fn of(parts: Parts, payload: Point) -> RecordPlaces {
        let place = |part: Option<super::frame::Part>| part.map(|part| part.place(payload));
        RecordPlaces { keys: place(parts.keys), new: place(parts.new), old: place(parts.old) }
    }

    pub(super) fn all(self) -> impl Iterator<Item = Place> {
        [self.keys, self.new, self.old].into_iter().flatten()
    }
}

/// A record and where its images lie. Read back from a log, a record may not have its images in memory.
#[derive(Clone, Debug)]
pub(super) struct RecordEntry {
    pub(super) lsn: Lsn,
    pub(super) record: LogRecord,
    pub(super) places: RecordPlaces,
}

/// How many items and bytes a table has gained.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Totals {
    pub(super) items: i64,
    pub(super) bytes: i64,
}

impl Totals {
    pub(super) const ZERO: Totals = Totals { items: 0, bytes: 0 };
}

/// The contents of a layer.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) rows: BTreeMap<TableId, BTreeMap<RowKey, RowEntry>>,
    pub(super) records: BTreeMap<LogId, Vec<RecordEntry>>,
    /// Ends of logs that were told again.
    pub(super) heads: BTreeMap<LogId, Head>,
    /// How long the records of each of these logs are kept, in milliseconds.
    pub(super) retentions: BTreeMap<LogId, Millis>,
    pub(super) meta: BTreeMap<String, Option<String>>,
    pub(super) removals: Vec<Removal>,
    pub(super) totals: BTreeMap<TableId, Totals>,
    pub(super) high_water: HighWater,
    /// The time that nothing older than these contents is later than, once the clock was set back.
    pub(super) turned_back: Option<Millis>,
    /// Bytes of log that made these contents.
    pub(super) log_bytes: u64,
    /// Where the log ends that made these contents.
    pub(super) end: Point,
}

impl Contents {
    pub(super) fn is_empty(&self) -> bool {
        self.log_bytes == 0
    }

    pub(super) fn set_row(&mut self, table: TableId, key: RowKey, entry: RowEntry) -> Option<RowEntry> {
        self.rows.entry(table).or_default().insert(key, entry)
    }

    pub(super) fn count(&mut self, table: TableId, items: i64, bytes: i64) {
        let totals = self.totals.entry(table).or_default();
        totals.items += items;
        totals.bytes += bytes;
    }

    pub(super) fn add_record(&mut self, log: LogId, retention: Millis, entry: RecordEntry) {
        self.retentions.insert(log, retention);
        let at = entry.record.at;
        self.high_water.at = self.high_water.at.max(at);
        self.high_water.commit = self.high_water.commit.max(entry.record.sequence.commit());
        let records = self.records.entry(log).or_default();
        debug_assert!(
            records.last().is_none_or(|last| last.record.sequence < entry.record.sequence),
            "sequence numbers rise"
        );
        records.push(entry);
    }

    pub(super) fn set_head(&mut self, log: LogId, head: Head) {
        let known = self.heads.entry(log).or_default();
        *known = known.newest(head);
    }

    pub(super) fn remove(&mut self, removal: Removal) {
        match removal {
            Removal::Rows(table) => {
                self.rows.remove(&table);
                self.totals.remove(&table);
            }
            Removal::Log(log) => {
                self.records.remove(&log);
                self.heads.remove(&log);
            }
            Removal::Later(at) => {
                self.high_water.at = self.high_water.at.min(at);
                self.turned_back = Some(self.turned_back.map_or(at, |earlier| earlier.min(at)));
            }
            Removal::Records(log, upto) => {
                if let Some(records) = self.records.get_mut(&log) {
                    records.drain(..records.partition_point(|entry| entry.record.sequence <= upto));
                }
            }
        }
        self.removals.push(removal);
    }
}

/// One layer. The newest takes commits; the one before it, if any, is being written to the index and does not change.
#[derive(Debug, Default)]
pub(super) struct Layer(RwLock<Contents>);

/// A row as a layer knows it: absent from the layer, or its newest state.
pub(super) type Found = Option<RowEntry>;

impl Layer {
    pub(super) fn new(contents: Contents) -> Layer {
        Layer(RwLock::new(contents))
    }

    pub(super) fn read(&self) -> parking_lot::RwLockReadGuard<'_, Contents> {
        self.0.read()
    }

    pub(super) fn write(&self) -> parking_lot::RwLockWriteGuard<'_, Contents> {
        self.0.write()
    }

    pub(super) fn row(&self, table: TableId, key: &[u8]) -> Found {
        self.row_and_end(table, key).0
    }

    /// Whether all rows of a table were removed.
    pub(super) fn has_removed(&self, table: TableId) -> bool {
        self.0.read().removals.contains(&Removal::Rows(table))
    }

    /// As [`Layer::row`], and the newest commit that the layer has at that moment.
    pub(super) fn row_and_end(&self, table: TableId, key: &[u8]) -> (Found, Lsn) {
        let contents = self.0.read();
        (contents.rows.get(&table).and_then(|rows| rows.get(key)).cloned(), contents.end.lsn())
    }

    /// At most `most` rows of a range, deleted ones included, in the asked-for direction, and the newest commit among all that the layer
    /// has by then.
    pub(super) fn rows(
        &self,
        table: TableId,
        bounds: (Bound<&[u8]>, Bound<&[u8]>),
        descending: bool,
        most: usize,
    ) -> (Vec<(RowKey, RowEntry)>, Lsn) {
        let contents = self.0.read();
        let end = contents.end.lsn();
        let Some(rows) = contents.rows.get(&table) else { return (Vec::new(), end) };
        let range = rows.range::<[u8], _>(bounds).map(|(key, entry)| (key.clone(), entry.clone()));
        let rows = if descending { range.rev().take(most).collect() } else { range.take(most).collect() };
        (rows, end)
    }

    /// The first record at a place or after it for which nothing else is asked.
    pub(super) fn first_record(&self, log: LogId, from: Sequence) -> Option<(Sequence, Millis, Lsn)> {
        let contents = self.0.read();
        let records = contents.records.get(&log)?;
        let at = records.partition_point(|entry| entry.record.sequence < from);
        records.get(at).map(|entry| (entry.record.sequence, entry.record.at, entry.lsn))
    }

    /// At most `most` records from a place on.
    pub(super) fn records(&self, log: LogId, from: Bound<Sequence>, most: usize) -> Vec<RecordEntry> {
        let contents = self.0.read();
        let Some(records) = contents.records.get(&log) else { return Vec::new() };
        let at = records.partition_point(|entry| match from {
            Bound::Included(at) => entry.record.sequence < at,
            Bound::Excluded(after) => entry.record.sequence <= after,
            Bound::Unbounded => false,
        });
        records[at..].iter().take(most).cloned().collect()
    }
}
