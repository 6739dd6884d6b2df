//! Reading the index at one point of the log.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::Arc;

use super::cursor::{Blocks, Merged};
use super::keys::{
    HEAD, META, ROW, head_key, meta_key, number_of, record_key, record_parts, table_key, totals_key,
};
use super::run::Run;
use super::{Head, Use, View, damaged, failed, place_of};
use crate::api::Result;
use crate::clock::Millis;
use crate::store::durable::frame::{Reader, event_of};
use crate::store::durable::layer::{RecordEntry, RecordPlaces, Totals};
use crate::store::durable::place::{Point, RowPlace};
use crate::store::{HighWater, LogId, LogRecord, Lsn, Sequence, TableId};

/// One unchanging view of the index.
#[derive(Clone, Debug)]
pub(in crate::store::durable) struct Reading {
    pub(super) view: Arc<View>,
    pub(super) blocks: Arc<Blocks>,
}

/// A record without its images.
fn record_of(sequence: Sequence, bytes: &[u8]) -> Result<RecordEntry> {
    let mut reader = Reader(bytes);
    let mut read = || {
        let (at, name) = (reader.u64()?, event_of(reader.u8()?)?);
        let (by_service, which) = (reader.u8()? != 0, reader.u8()?);
        let mut place = |bit: u8| if which & bit == 0 { Some(None) } else { reader.place().map(Some) };
        let places = RecordPlaces { keys: place(1)?, new: place(2)?, old: place(4)? };
        let record =
            LogRecord { sequence, at, name, keys: None, new_image: None, old_image: None, by_service };
        Some(RecordEntry { lsn: Lsn::default(), record, places })
    };
    read().ok_or_else(|| damaged(&format!("record {sequence} cannot be read")))
}

fn head_of(bytes: &[u8]) -> Result<Head> {
    let mut reader = Reader(bytes);
    let mut read = || {
        let some = |number: u128| Some(Sequence(number)).filter(|sequence| sequence.0 > 0);
        Some(Head { last: some(reader.u128()?), trimmed: some(reader.u128()?) })
    };
    read().ok_or_else(|| damaged("the ends of a log cannot be read"))
}

fn totals_of(bytes: &[u8]) -> Result<Totals> {
    let mut reader = Reader(bytes);
    let mut read = || Some(Totals { items: reader.u64()?.cast_signed(), bytes: reader.u64()?.cast_signed() });
    read().ok_or_else(|| damaged("the totals of a table cannot be read"))
}

impl Reading {
    /// The place under the key of a row.
    pub(super) fn place(&self, key: &[u8]) -> Result<Option<RowPlace>> {
        self.blocks.get(&self.view.rows, key, place_of).map_err(failed)?.transpose()
    }

    pub(in crate::store::durable) fn row(&self, table: TableId, key: &[u8]) -> Result<Option<RowPlace>> {
        self.place(&table_key(table, key))
    }

    /// Whether the rows of a table were removed. Runs may still have some.
    pub(in crate::store::durable) fn is_removed(&self, table: TableId) -> bool {
        self.view.facts.removed.contains_key(&table.0)
    }

    /// What `read` makes of entries of a range, from one end on until there are `most`; what was removed is passed over.
    fn range<T>(
        &self,
        runs: &[Arc<Run>],
        (from, to): (Bound<&[u8]>, Bound<&[u8]>),
        descending: bool,
        most: usize,
        mut read: impl FnMut(&[u8], &[u8]) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        let (start, end) = if descending { (to, from) } else { (from, to) };
        let is_within = |key: &[u8]| match (end, descending) {
            (Bound::Included(end), false) => key <= end,
            (Bound::Excluded(end), false) => key < end,
            (Bound::Included(end), true) => key >= end,
            (Bound::Excluded(end), true) => key > end,
            (Bound::Unbounded, _) => true,
        };
        let mut merged = Merged::new(runs, Some(&self.blocks), start, descending).map_err(failed)?;
        while found.len() < most {
            let next = merged.next(Some(&self.blocks), |key, value| {
                is_within(key).then(|| value.map(|value| read(key, value)))
            });
            match next.map_err(failed)?.flatten() {
                None => break,
                Some(made) => found.extend(made.transpose()?),
            }
        }
        Ok(found)
    }

    /// At most `most` rows of a range, in the asked-for direction.
    pub(in crate::store::durable) fn rows(
        &self,
        table: TableId,
        (from, to): (Bound<&[u8]>, Bound<&[u8]>),
        descending: bool,
        most: usize,
    ) -> Result<Vec<(Vec<u8>, RowPlace)>> {
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
        self.range(&self.view.rows, bounds, descending, most, |key, value| {
            Ok((key[1 + 8..].to_vec(), place_of(value)?))
        })
    }

    /// Rows of a table after a key; from the first one on after an empty key.
    pub(super) fn rows_after(
        &self,
        table: TableId,
        after: &[u8],
        most: usize,
    ) -> Result<Vec<(Vec<u8>, RowPlace)>> {
        let from = if after.is_empty() { Bound::Unbounded } else { Bound::Excluded(after) };
        self.rows(table, (from, Bound::Unbounded), false, most)
    }

    /// Number of rows at most: overwritten and removed ones that are not merged yet are counted with the others.
    pub(in crate::store::durable) fn count_rows(&self) -> u64 {
        self.view.rows.iter().map(|run| run.entries).sum()
    }

    /// Rows of all tables after a place, for a walk over everything. Those of removed tables are none.
    pub(in crate::store::durable) fn all_rows(
        &self,
        after: Option<(TableId, &[u8])>,
        most: usize,
    ) -> Result<Vec<(TableId, Vec<u8>, RowPlace)>> {
        let gone = self.view.gone();
        let mut after = after.map_or(vec![ROW], |(table, key)| table_key(table, key));
        loop {
            let bounds = (Bound::Excluded(after.as_slice()), Bound::Excluded(&[HEAD][..]));
            let mut rows = self.range(&self.view.rows, bounds, false, most, |key, value| {
                let table = number_of(key).map(TableId).ok_or_else(|| damaged("a row without a table"))?;
                Ok((table, key[1 + 8..].to_vec(), place_of(value)?))
            })?;
            let Some((table, key, _)) = rows.last() else { return Ok(rows) };
            after = table_key(*table, key);
            rows.retain(|(table, ..)| !gone.contains(&table.0));
            if !rows.is_empty() {
                return Ok(rows);
            }
        }
    }

    /// The first record at a place or after it.
    pub(in crate::store::durable) fn first_record(
        &self,
        log: LogId,
        from: Sequence,
    ) -> Result<Option<(Sequence, Millis)>> {
        Ok(self.records(log, Bound::Included(from), 1)?.pop().map(|e| (e.record.sequence, e.record.at)))
    }

    /// At most `most` records from a place on, without their images.
    pub(in crate::store::durable) fn records(
        &self,
        log: LogId,
        from: Bound<Sequence>,
        most: usize,
    ) -> Result<Vec<RecordEntry>> {
        let from = match from {
            Bound::Unbounded => Bound::Included(record_key(log, Sequence(0))),
            bound => bound.map(|sequence| record_key(log, sequence)),
        };
        let to = record_key(log, Sequence(u128::MAX));
        let bounds = (from.as_ref().map(Vec::as_slice), Bound::Included(to.as_slice()));
        self.range(&self.view.records, bounds, false, most, |key, value| {
            record_of(record_parts(key)?.1, value)
        })
    }

    /// Whether every record of a run was removed. Asks for the last record of each log, and stops at the first that is not.
    pub(super) fn is_dead(&self, run: &Arc<Run>) -> Result<bool> {
        let run = std::slice::from_ref(run);
        let mut log = LogId(0);
        loop {
            let first = record_key(log, Sequence(0));
            let next = self.range(run, (Bound::Included(&first), Bound::Unbounded), false, 1, |key, _| {
                record_parts(key)
            })?;
            let Some((found, _)) = next.first() else { return Ok(true) };
            let end = record_key(*found, Sequence(u128::MAX));
            let last = self
                .range(run, (Bound::Unbounded, Bound::Included(&end)), true, 1, |key, _| record_parts(key))?;
            let trimmed = self.head(*found)?.map(|head| head.trimmed);
            let is_dead = trimmed.is_none_or(|trimmed| trimmed >= last.first().map(|(_, last)| *last));
            if !is_dead {
                return Ok(false);
            }
            log = LogId(found.0 + 1);
        }
    }

    pub(super) fn head(&self, log: LogId) -> Result<Option<Head>> {
        self.blocks.get(&self.view.rows, &head_key(log), head_of).map_err(failed)?.transpose()
    }

    /// What `read` makes of all entries of a kind.
    fn all<T>(&self, kind: u8, read: impl FnMut(&[u8], &[u8]) -> Result<T>) -> Result<Vec<T>> {
        let bounds = (Bound::Included(&[kind][..]), Bound::Excluded(&[kind + 1][..]));
        self.range(&self.view.rows, bounds, false, usize::MAX, read)
    }

    pub(in crate::store::durable) fn heads(&self) -> Result<BTreeMap<LogId, Head>> {
        let heads = self.all(HEAD, |key, value| {
            let log = number_of(key).map(LogId).ok_or_else(|| damaged("the ends of no log"))?;
            Ok((log, head_of(value)?))
        });
        Ok(heads?.into_iter().collect())
    }

    pub(in crate::store::durable) fn meta(&self) -> Result<BTreeMap<String, String>> {
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec()).map_err(|_| damaged("an entry of the catalog is no text"))
        };
        let meta = self.all(META, |key, value| Ok((text(&key[1..])?, text(value)?)));
        Ok(meta?.into_iter().collect())
    }

    /// The text under a name.
    pub(in crate::store::durable) fn text(&self, name: &str) -> Result<Option<String>> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec());
        let found = self.blocks.get(&self.view.rows, &meta_key(name), text).map_err(failed)?;
        found.transpose().map_err(|_| damaged("an entry of the catalog is no text"))
    }

    pub(in crate::store::durable) fn totals(&self, table: TableId) -> Result<Totals> {
        let found = self.blocks.get(&self.view.rows, &totals_key(table), totals_of).map_err(failed)?;
        found.unwrap_or(Ok(Totals::ZERO))
    }

    pub(in crate::store::durable) fn segments(&self) -> BTreeMap<u32, Use> {
        self.view.facts.segments.clone()
    }

    pub(in crate::store::durable) fn applied(&self) -> Point {
        Point::of(Lsn(self.view.facts.applied))
    }

    pub(in crate::store::durable) fn high_water(&self) -> HighWater {
        HighWater { at: self.view.facts.at, commit: self.view.facts.commit }
    }
}

impl Run {
    /// Reads every block; what is wrong, if anything is.
    ///
    /// # Errors
    /// `InvalidData` for a block that does not match its checksum; those of the disk.
    pub(super) fn check(&self) -> io::Result<Option<String>> {
        let (mut last, mut entries): (Option<Vec<u8>>, u64) = (None, 0);
        for number in 0..self.blocks() {
            let block = self.read_block(number)?;
            for entry in 0..block.entries {
                let key = block.key(entry);
                let is_known = self.may_have(super::filter::hash(key));
                let rises = last.as_deref().is_none_or(|last| last < key);
                let is_fenced = entry > 0 || self.begins_with(number, key);
                if !(is_known && rises && is_fenced) {
                    return Ok(Some(format!(
                        "{}: its blocks contradict each other",
                        super::file_name(self.id)
                    )));
                }
                last = Some(key.to_vec());
                entries += 1;
            }
        }
        let is_whole = entries == self.entries;
        Ok((!is_whole).then(|| {
            format!("{}: {entries} entries, {} are counted", super::file_name(self.id), self.entries)
        }))
    }
}
