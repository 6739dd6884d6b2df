//! The index: where rows and records lie in the log. A page store keeps it; it holds no image.
//!
//! ```text
//! rows      table u64 BE | row key              -> place                                            16
//! records   log u64 BE | sequence u128 BE       -> at u64 | event u8 | cause u8 | which u8 | place × 1..3
//! logs      log u64                             -> last u128 | trimmed u128 (zero: none)            32
//! meta      name                                -> text
//! totals    table u64                           -> items i64, bytes i64
//! segments  segment u32                         -> live bytes u64, needed until u64 (epoch ms), end u32
//! debts     kind u8, id u64                     -> sequence u128: rows and records still to be removed
//! state     name                                -> u64: applied, at, commit, format
//! ```
//! One transaction brings the index from one point of the log to a later one; `applied` says which. What the log holds beyond is replayed.

mod copy;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use redb::{
    Builder, Database, Durability, ReadTransaction, ReadableDatabase, ReadableTable, ReadableTableMetadata,
    StorageBackend, Table, TableDefinition, WriteTransaction,
};

pub(super) use self::copy::{Snapshot, Snapshots};
use super::frame::{event_byte, event_of};
use super::layer::{Contents, RecordEntry, RecordPlaces, Totals};
use super::place::{PLACE_BYTES, Place, Point};
use crate::api::{Error, ErrorCode, Result};
use crate::clock::{Millis, millis};
use crate::limits::RETENTION;
use crate::store::{HighWater, LogId, LogRecord, Lsn, Removal, Sequence, TableId};

const ROWS: TableDefinition<'_, &[u8], [u8; PLACE_BYTES]> = TableDefinition::new("rows");
const RECORDS: TableDefinition<'_, [u8; RECORD_KEY_BYTES], &[u8]> = TableDefinition::new("records");
const LOGS: TableDefinition<'_, u64, (u128, u128)> = TableDefinition::new("logs");
const META: TableDefinition<'_, &str, &str> = TableDefinition::new("meta");
const TOTALS: TableDefinition<'_, u64, (i64, i64)> = TableDefinition::new("totals");
const SEGMENTS: TableDefinition<'_, u32, (u64, u64, u32)> = TableDefinition::new("segments");
const DEBTS: TableDefinition<'_, (u8, u64), u128> = TableDefinition::new("debts");
const STATE: TableDefinition<'_, &str, u64> = TableDefinition::new("state");

const RECORD_KEY_BYTES: usize = 24;
/// Rows and records of removed tables and logs that one transaction forgets, so that it stays short.
const DEBT_PAYMENT: usize = 20_000;

/// The ends of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Head {
    pub(super) last: Option<Sequence>,
    pub(super) trimmed: Option<Sequence>,
}

/// What a segment is still needed for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Use {
    /// Bytes of images that are the newest state of a row.
    pub(super) live: u64,
    /// Until when records may refer to its images.
    pub(super) until: Millis,
    /// Where its frames end, as far as the index goes.
    pub(super) end: u32,
}

/// The index.
#[derive(Debug)]
pub(super) struct Index {
    pages: Database,
}

/// An error of the page store. Checksums fail as `InvalidData`.
pub(super) fn failed(error: impl Into<redb::Error>) -> Error {
    match error.into() {
        redb::Error::Io(e) if e.kind() == std::io::ErrorKind::InvalidData => damaged(e.to_string()),
        redb::Error::Corrupted(what) => damaged(what),
        other => Error::new(ErrorCode::Storage, format!("The index cannot be read or written: {other}")),
    }
}

fn damaged(what: String) -> Error {
    Error::new(ErrorCode::Corruption, format!("The index is damaged: {what}. Restore a backup."))
}

fn table_key(table: TableId, key: &[u8]) -> Vec<u8> {
    [&table.0.to_be_bytes(), key].concat()
}

fn record_key(log: LogId, sequence: Sequence) -> [u8; RECORD_KEY_BYTES] {
    let mut key = [0; RECORD_KEY_BYTES];
    key[..8].copy_from_slice(&log.0.to_be_bytes());
    key[8..].copy_from_slice(&sequence.0.to_be_bytes());
    key
}

fn sequence_of(key: &[u8; RECORD_KEY_BYTES]) -> Sequence {
    Sequence(u128::from_be_bytes(key[8..].try_into().expect("sixteen bytes")))
}

fn record_bytes(entry: &RecordEntry) -> Vec<u8> {
    let RecordPlaces { keys, new, old } = entry.places;
    let which = u8::from(keys.is_some()) | u8::from(new.is_some()) << 1 | u8::from(old.is_some()) << 2;
    let mut bytes = Vec::with_capacity(11 + 3 * PLACE_BYTES);
    bytes.extend_from_slice(&entry.record.at.to_le_bytes());
    bytes.extend_from_slice(&[event_byte(entry.record.name), u8::from(entry.record.by_service), which]);
    for place in entry.places.all() {
        bytes.extend_from_slice(&place.to_bytes());
    }
    bytes
}

/// A record without its images.
fn record_of(sequence: Sequence, bytes: &[u8]) -> Result<RecordEntry> {
    let mut reader = super::frame::Reader(bytes);
    let mut read = || {
        let (at, name) = (reader.u64()?, event_of(reader.u8()?)?);
        let (by_service, which) = (reader.u8()? != 0, reader.u8()?);
        let mut place = |bit: u8| if which & bit == 0 { Some(None) } else { reader.place().map(Some) };
        let places = RecordPlaces { keys: place(1)?, new: place(2)?, old: place(4)? };
        let record =
            LogRecord { sequence, at, name, keys: None, new_image: None, old_image: None, by_service };
        Some(RecordEntry { lsn: Lsn::default(), record, places })
    };
    read().ok_or_else(|| damaged(format!("record {sequence} cannot be read")))
}

impl Index {
    /// Opens the index, or makes an empty one in an empty backend.
    pub(super) fn open(backend: impl StorageBackend, cache_bytes: usize) -> Result<Index> {
        let mut builder = Builder::new();
        builder.set_cache_size(cache_bytes);
        let pages = builder.create_with_backend(backend).map_err(failed)?;
        Ok(Index { pages })
    }

    /// Makes the tables of a new index, at a point of the log.
    pub(super) fn create(&self, contents: &Contents, segments: &BTreeMap<u32, u32>) -> Result<()> {
        self.write(|txn| {
            txn.open_table(ROWS).map_err(failed)?;
            txn.open_table(RECORDS).map_err(failed)?;
            txn.open_table(LOGS).map_err(failed)?;
            txn.open_table(META).map_err(failed)?;
            txn.open_table(TOTALS).map_err(failed)?;
            txn.open_table(SEGMENTS).map_err(failed)?;
            txn.open_table(DEBTS).map_err(failed)?;
            txn.open_table(STATE).map_err(failed)?;
            bring_up_to_date(txn, contents, segments)
        })
    }

    pub(super) fn write<T>(&self, act: impl FnOnce(&WriteTransaction) -> Result<T>) -> Result<T> {
        let mut txn = self.pages.begin_write().map_err(failed)?;
        txn.set_durability(Durability::Immediate).map_err(failed)?;
        // The state of the allocator goes with each commit, so that opening after a crash does not walk the whole file.
        txn.set_quick_repair(true);
        let done = act(&txn)?;
        txn.commit().map_err(failed)?;
        Ok(done)
    }

    pub(super) fn reader(&self) -> Result<Reading> {
        self.pages.begin_read().map(Reading).map_err(failed)
    }

    /// Brings the index to where the contents end. `segments` are those up to there, and their ends.
    pub(super) fn apply(&self, contents: &Contents, segments: &BTreeMap<u32, u32>) -> Result<()> {
        self.write(|txn| bring_up_to_date(txn, contents, segments))
    }

    /// Forgets some of what was removed; false when nothing is left to forget.
    pub(super) fn pay(&self) -> Result<bool> {
        if !self.reader()?.owes()? {
            return Ok(false);
        }
        self.write(|txn| {
            let mut uses = Uses::default();
            pay_debts(txn, &mut uses)?;
            uses.store(txn, &BTreeMap::new())
        })?;
        Ok(true)
    }

    /// Forgets segments, so that their files can be removed.
    pub(super) fn forget_segments(&self, ids: &[u32]) -> Result<()> {
        self.write(|txn| {
            let mut segments = txn.open_table(SEGMENTS).map_err(failed)?;
            for id in ids {
                segments.remove(id).map_err(failed)?;
            }
            Ok(())
        })
    }

    /// Checks every page; true when all are sound.
    pub(super) fn check(&mut self) -> Result<bool> {
        self.pages.check_integrity().map_err(failed)
    }

    /// Gives free pages back to the file system; true when there were some.
    pub(super) fn compact(&mut self) -> Result<bool> {
        self.pages.compact().map_err(failed)
    }
}

fn bring_up_to_date(
    txn: &WriteTransaction,
    contents: &Contents,
    segments: &BTreeMap<u32, u32>,
) -> Result<()> {
    let mut uses = Uses::default();
    apply_rows(txn, contents, &mut uses)?;
    apply_records(txn, contents, &mut uses)?;
    apply_meta(txn, contents)?;
    pay_debts(txn, &mut uses)?;
    uses.store(txn, segments)?;
    let mut state = txn.open_table(STATE).map_err(failed)?;
    let mut raise = |name: &str, to: u64| {
        let before = state.get(name).map_err(failed)?.map_or(0, |value| value.value());
        state.insert(name, to.max(before)).map_err(failed)?;
        Ok(())
    };
    raise("applied", contents.end.lsn().0)?;
    raise("at", contents.high_water.at)?;
    raise("commit", contents.high_water.commit)
}

fn apply_rows(txn: &WriteTransaction, contents: &Contents, uses: &mut Uses) -> Result<()> {
    let mut rows = txn.open_table(ROWS).map_err(failed)?;
    let mut key = Vec::with_capacity(64);
    for (table, entries) in &contents.rows {
        for (row, entry) in entries {
            key.clear();
            key.extend_from_slice(&table.0.to_be_bytes());
            key.extend_from_slice(row.as_bytes());
            let replaced = match &entry.image {
                Some((_, place)) => {
                    uses.gains(*place);
                    rows.insert(key.as_slice(), place.to_bytes())
                }
                None => rows.remove(key.as_slice()),
            };
            if let Some(before) = replaced.map_err(failed)? {
                uses.loses(Place::from_bytes(&before.value()));
            }
        }
    }
    Ok(())
}

fn apply_records(txn: &WriteTransaction, contents: &Contents, uses: &mut Uses) -> Result<()> {
    let mut records = txn.open_table(RECORDS).map_err(failed)?;
    let mut logs = txn.open_table(LOGS).map_err(failed)?;
    for (log, entries) in &contents.records {
        for entry in entries {
            for place in entry.places.all() {
                uses.needed(place, entry.record.at + millis(RETENTION));
            }
            records
                .insert(record_key(*log, entry.record.sequence), record_bytes(entry).as_slice())
                .map_err(failed)?;
        }
        if let Some(last) = entries.last() {
            let trimmed = logs.get(log.0).map_err(failed)?.map_or(0, |head| head.value().1);
            logs.insert(log.0, (last.record.sequence.0, trimmed)).map_err(failed)?;
        }
    }
    Ok(())
}

/// The kinds of debts.
const OWED_ROWS: u8 = 1;
const OWED_LOG: u8 = 2;
const OWED_RECORDS: u8 = 3;

fn apply_meta(txn: &WriteTransaction, contents: &Contents) -> Result<()> {
    let mut meta = txn.open_table(META).map_err(failed)?;
    for (name, text) in &contents.meta {
        match text {
            Some(text) => meta.insert(name.as_str(), text.as_str()).map_err(failed)?,
            None => meta.remove(name.as_str()).map_err(failed)?,
        };
    }
    let mut totals = txn.open_table(TOTALS).map_err(failed)?;
    for (table, gained) in &contents.totals {
        let (items, bytes) = totals.get(table.0).map_err(failed)?.map_or((0, 0), |total| total.value());
        totals.insert(table.0, (items + gained.items, bytes + gained.bytes)).map_err(failed)?;
    }
    let mut debts = txn.open_table(DEBTS).map_err(failed)?;
    let mut logs = txn.open_table(LOGS).map_err(failed)?;
    for removal in &contents.removals {
        match removal {
            Removal::Rows(table) => {
                totals.remove(table.0).map_err(failed)?;
                debts.insert((OWED_ROWS, table.0), 0).map_err(failed)?;
            }
            Removal::Log(log) => {
                logs.remove(log.0).map_err(failed)?;
                debts.insert((OWED_LOG, log.0), u128::MAX).map_err(failed)?;
            }
            Removal::Records(log, upto) => {
                let head = logs.get(log.0).map_err(failed)?.map(|head| head.value());
                let (last, trimmed) = head.unwrap_or((0, 0));
                logs.insert(log.0, (last.max(upto.0), trimmed.max(upto.0))).map_err(failed)?;
                debts.insert((OWED_RECORDS, log.0), upto.0).map_err(failed)?;
            }
        }
    }
    Ok(())
}

/// Forgets some of what nobody can read.
fn pay_debts(txn: &WriteTransaction, uses: &mut Uses) -> Result<()> {
    let mut debts = txn.open_table(DEBTS).map_err(failed)?;
    let owed: Vec<((u8, u64), u128)> = debts
        .iter()
        .map_err(failed)?
        .map(|debt| debt.map(|(key, value)| (key.value(), value.value())).map_err(failed))
        .collect::<Result<_>>()?;
    let mut left = DEBT_PAYMENT;
    for ((kind, id), upto) in owed {
        if left == 0 {
            break;
        }
        let paid = if kind == OWED_ROWS {
            let mut rows = txn.open_table(ROWS).map_err(failed)?;
            let (from, to) = (table_key(TableId(id), &[]), table_key(TableId(id + 1), &[]));
            remove_some(&mut rows, from.as_slice()..to.as_slice(), left, |place: [u8; PLACE_BYTES]| {
                uses.loses(Place::from_bytes(&place));
            })?
        } else {
            let mut records = txn.open_table(RECORDS).map_err(failed)?;
            let (from, to) = (record_key(LogId(id), Sequence(0)), record_key(LogId(id), Sequence(upto)));
            let mut paid = 0;
            let mut extracted = records.extract_from_if(from..=to, |_, _| true).map_err(failed)?;
            for removed in extracted.by_ref().take(left) {
                removed.map_err(failed)?;
                paid += 1;
            }
            paid
        };
        left -= paid;
        if left > 0 {
            debts.remove((kind, id)).map_err(failed)?;
        }
    }
    Ok(())
}

/// Removes at most `most` rows of a range.
fn remove_some(
    rows: &mut Table<'_, &'static [u8], [u8; PLACE_BYTES]>,
    range: std::ops::Range<&[u8]>,
    most: usize,
    mut removed: impl FnMut([u8; PLACE_BYTES]),
) -> Result<usize> {
    let mut count = 0;
    let mut extracted = rows.extract_from_if(range, |_, _| true).map_err(failed)?;
    for row in extracted.by_ref().take(most) {
        let (_, place) = row.map_err(failed)?;
        removed(place.value());
        count += 1;
    }
    Ok(count)
}

/// How the uses of segments change.
#[derive(Debug, Default)]
struct Uses {
    live: BTreeMap<u32, i64>,
    until: BTreeMap<u32, Millis>,
}

impl Uses {
    fn gains(&mut self, place: Place) {
        *self.live.entry(place.point.segment).or_default() += i64::from(place.len);
    }

    fn loses(&mut self, place: Place) {
        *self.live.entry(place.point.segment).or_default() -= i64::from(place.len);
    }

    fn needed(&mut self, place: Place, until: Millis) {
        let known = self.until.entry(place.point.segment).or_default();
        *known = until.max(*known);
    }

    fn store(self, txn: &WriteTransaction, segments: &BTreeMap<u32, u32>) -> Result<()> {
        let mut table = txn.open_table(SEGMENTS).map_err(failed)?;
        let ids: BTreeSet<u32> =
            segments.keys().chain(self.live.keys()).chain(self.until.keys()).copied().collect();
        for id in ids {
            let (live, until, end) = table.get(id).map_err(failed)?.map_or((0, 0, 0), |used| used.value());
            let end = segments.get(&id).copied().unwrap_or(end);
            let gained = self.live.get(&id).copied().unwrap_or(0);
            let live = live.checked_add_signed(gained).ok_or_else(|| {
                damaged(format!("segment {id} has {live} live bytes and loses {}", gained.unsigned_abs()))
            })?;
            let needed = self.until.get(&id).copied().unwrap_or(0).max(until);
            table.insert(id, (live, needed, end)).map_err(failed)?;
        }
        Ok(())
    }
}

/// One unchanging view of the index.
#[derive(Debug)]
pub(super) struct Reading(ReadTransaction);

impl Reading {
    pub(super) fn row(&self, table: TableId, key: &[u8]) -> Result<Option<Place>> {
        let rows = self.0.open_table(ROWS).map_err(failed)?;
        let found = rows.get(table_key(table, key).as_slice()).map_err(failed)?;
        Ok(found.map(|place| Place::from_bytes(&place.value())))
    }

    /// At most `most` rows of a range, in the asked-for direction.
    pub(super) fn rows(
        &self,
        table: TableId,
        (from, to): (Bound<&[u8]>, Bound<&[u8]>),
        descending: bool,
        most: usize,
    ) -> Result<Vec<(Vec<u8>, Place)>> {
        let rows = self.0.open_table(ROWS).map_err(failed)?;
        let within = |key: &[u8]| table_key(table, key);
        let from = match from {
            Bound::Unbounded => Bound::Included(within(&[])),
            bound => bound.map(within),
        };
        let to = match to {
            Bound::Unbounded => Bound::Excluded(table_key(TableId(table.0 + 1), &[])),
            bound => bound.map(within),
        };
        let bounds = (from.as_ref().map(Vec::as_slice), to.as_ref().map(Vec::as_slice));
        let mut range = rows.range::<&[u8]>(bounds).map_err(failed)?;
        let mut found = Vec::new();
        while found.len() < most {
            let next = if descending { range.next_back() } else { range.next() };
            let Some(entry) = next else { break };
            let (key, place) = entry.map_err(failed)?;
            found.push((key.value()[8..].to_vec(), Place::from_bytes(&place.value())));
        }
        Ok(found)
    }

    pub(super) fn count_rows(&self) -> Result<u64> {
        self.0.open_table(ROWS).map_err(failed)?.len().map_err(failed)
    }

    /// Rows of all tables after a place, for a walk over everything.
    pub(super) fn all_rows(&self, after: &[u8], most: usize) -> Result<Vec<(Vec<u8>, Place)>> {
        let rows = self.0.open_table(ROWS).map_err(failed)?;
        let range = rows.range::<&[u8]>((Bound::Excluded(after), Bound::Unbounded)).map_err(failed)?;
        range
            .take(most)
            .map(|entry| {
                let (key, place) = entry.map_err(failed)?;
                Ok((key.value().to_vec(), Place::from_bytes(&place.value())))
            })
            .collect()
    }

    /// The first record at a place or after it.
    pub(super) fn first_record(&self, log: LogId, from: Sequence) -> Result<Option<(Sequence, Millis)>> {
        Ok(self.records(log, Bound::Included(from), 1)?.pop().map(|e| (e.record.sequence, e.record.at)))
    }

    /// At most `most` records from a place on, without their images.
    pub(super) fn records(&self, log: LogId, from: Bound<Sequence>, most: usize) -> Result<Vec<RecordEntry>> {
        let records = self.0.open_table(RECORDS).map_err(failed)?;
        let from = match from {
            Bound::Unbounded => Bound::Included(record_key(log, Sequence(0))),
            bound => bound.map(|sequence| record_key(log, sequence)),
        };
        let to = Bound::Included(record_key(log, Sequence(u128::MAX)));
        let range = records.range::<[u8; RECORD_KEY_BYTES]>((from, to)).map_err(failed)?;
        range
            .take(most)
            .map(|entry| {
                let (key, bytes) = entry.map_err(failed)?;
                record_of(sequence_of(&key.value()), bytes.value())
            })
            .collect()
    }

    pub(super) fn heads(&self) -> Result<BTreeMap<LogId, Head>> {
        let logs = self.0.open_table(LOGS).map_err(failed)?;
        let some = |number: u128| Some(Sequence(number)).filter(|s| s.0 > 0);
        logs.iter()
            .map_err(failed)?
            .map(|entry| {
                let (log, head) = entry.map_err(failed)?;
                let (last, trimmed) = head.value();
                Ok((LogId(log.value()), Head { last: some(last), trimmed: some(trimmed) }))
            })
            .collect()
    }

    pub(super) fn meta(&self) -> Result<BTreeMap<String, String>> {
        let meta = self.0.open_table(META).map_err(failed)?;
        meta.iter()
            .map_err(failed)?
            .map(|entry| {
                let (name, text) = entry.map_err(failed)?;
                Ok((name.value().to_owned(), text.value().to_owned()))
            })
            .collect()
    }

    pub(super) fn totals(&self, table: TableId) -> Result<Totals> {
        let totals = self.0.open_table(TOTALS).map_err(failed)?;
        let total = totals.get(table.0).map_err(failed)?.map_or((0, 0), |total| total.value());
        Ok(Totals { items: total.0, bytes: total.1 })
    }

    pub(super) fn segments(&self) -> Result<BTreeMap<u32, Use>> {
        let segments = self.0.open_table(SEGMENTS).map_err(failed)?;
        segments
            .iter()
            .map_err(failed)?
            .map(|entry| {
                let (id, used) = entry.map_err(failed)?;
                let (live, until, end) = used.value();
                Ok((id.value(), Use { live, until, end }))
            })
            .collect()
    }

    /// Whether removed rows or records are still to be forgotten.
    pub(super) fn owes(&self) -> Result<bool> {
        let debts = self.0.open_table(DEBTS).map_err(failed)?;
        Ok(debts.iter().map_err(failed)?.next().is_some())
    }

    pub(super) fn applied(&self) -> Result<Point> {
        Ok(Point::of(Lsn(self.state("applied")?)))
    }

    pub(super) fn high_water(&self) -> Result<HighWater> {
        Ok(HighWater { at: self.state("at")?, commit: self.state("commit")? })
    }

    fn state(&self, name: &str) -> Result<u64> {
        let state = self.0.open_table(STATE).map_err(failed)?;
        Ok(state.get(name).map_err(failed)?.map_or(0, |value| value.value()))
    }
}
