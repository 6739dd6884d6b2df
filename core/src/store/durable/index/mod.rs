//! The index: where rows and records lie in the log. It holds no image.
//!
//! ```text
//! rows      1 | table u64 BE | row key          -> place | reference                                             16; longer for derived rows
//! logs      2 | log u64 BE                      -> last u128 | trimmed u128 (zero: none)                         32
//! meta      3 | name                            -> text
//! totals    4 | table u64 BE                    -> items i64 | bytes i64                                         16
//! records   log u64 BE | sequence u128 BE       -> at u64 | event u8 | cause u8 | which u8 | place × 1..3        other runs
//! ```
//! Each checkpoint writes what has changed to new files, in order and from front to back ([`run`]); no file is ever changed. One file that
//! is replaced as a whole names those that count ([`manifest`]), so that the index goes in one step from one point of the log to a later
//! one. What the log holds beyond that point is replayed. In the background, runs are merged ([`merging`]).

mod block;
mod copy;
mod cursor;
mod filter;
mod keys;
mod manifest;
mod merging;
mod reading;
mod run;
#[cfg(test)]
mod tests;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

use self::cursor::Blocks;
use self::keys::{ROW, head_key, meta_key, record_key, totals_key};
use self::manifest::{Facts, Manifest, Removed, RunNote};
use self::merging::{Merging, Stepped, worth_merging};
use self::run::{DAMAGED_FILE, Run, RunWriter, file_name, run_of};
use self::uses::Uses;
use super::frame::event_byte;
use super::layer::{Contents, RecordEntry, RecordPlaces};
use super::place::{PLACE_BYTES, Point, RowPlace};
use crate::api::{Error, ErrorCode, Result};
use crate::clock::millis;
use crate::limits::RETENTION;
use crate::store::vfs::Vfs;
use crate::store::{LogId, Removal, Sequence, TableId};

pub(super) use self::reading::Reading;
pub(super) use self::run::INDEX_FOLDER;
pub(super) use self::uses::Use;

/// Rows of a removed table that are taken out of the counts in one step.
const REMOVED_AT_ONCE: usize = 20_000;
/// Entries that a merge reads in one step: some milliseconds.
const MERGED_AT_ONCE: u64 = 32_768;

/// Memory for blocks of an index that is being made.
const WRITE_CACHE_BYTES: u64 = 32 << 20;

/// The ends of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Head {
    pub(super) last: Option<Sequence>,
    pub(super) trimmed: Option<Sequence>,
}

impl Head {
    /// Ends only move on.
    pub(super) fn newest(self, other: Head) -> Head {
        Head { last: self.last.max(other.last), trimmed: self.trimmed.max(other.trimmed) }
    }
}

/// The two kinds of runs. Records come in order and leave in order, so they are apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Family {
    Rows,
    Records,
}

impl Family {
    /// Records are read in ranges only, where a filter says nothing.
    fn is_filtered(self) -> bool {
        self == Family::Rows
    }
}

/// The index at one point of the log. It does not change.
#[derive(Clone, Debug, Default)]
struct View {
    rows: Vec<Arc<Run>>,
    records: Vec<Arc<Run>>,
    facts: Facts,
}

impl View {
    fn runs(&self, family: Family) -> &Vec<Arc<Run>> {
        match family {
            Family::Rows => &self.rows,
            Family::Records => &self.records,
        }
    }

    fn runs_mut(&mut self, family: Family) -> &mut Vec<Arc<Run>> {
        match family {
            Family::Rows => &mut self.rows,
            Family::Records => &mut self.records,
        }
    }

    fn all_runs(&self) -> impl Iterator<Item = &Arc<Run>> {
        self.rows.iter().chain(&self.records)
    }

    /// Removed tables whose rows are not counted any more.
    fn gone(&self) -> BTreeSet<u64> {
        let counted = self.facts.removed.iter().filter(|(_, removed)| **removed == Removed::Counted);
        counted.map(|(table, _)| *table).collect()
    }
}

/// The index. One thread at a time changes it; any number read.
#[derive(Debug)]
pub(super) struct Index {
    vfs: Arc<dyn Vfs>,
    blocks: Arc<Blocks>,
    view: RwLock<Arc<View>>,
    /// Never given out twice, also when what it was for has failed.
    next_run: AtomicU64,
    /// Runs that were begun and are in no manifest, or were replaced.
    leftovers: Mutex<Vec<u64>>,
    merging: Mutex<Option<Merging>>,
}

/// An error of the files of the index.
fn failed(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::NotFound => {
            damaged(&error.to_string())
        }
        _ => Error::new(ErrorCode::Storage, format!("The index cannot be read or written: {error}")),
    }
}

fn damaged(what: &str) -> Error {
    Error::new(
        ErrorCode::Corruption,
        format!("The index is damaged: {what}. `streamtable repair` makes it anew from the log."),
    )
}

fn place_of(value: &[u8]) -> Result<RowPlace> {
    RowPlace::from_bytes(value).ok_or_else(|| damaged("a row has a place that is none"))
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

impl Index {
    /// Makes the folder and the manifest of a new index, which is at a point of the log.
    pub(super) fn create(
        vfs: &Arc<dyn Vfs>,
        contents: &Contents,
        segments: &BTreeMap<u32, u32>,
    ) -> Result<()> {
        Index::make(vfs, Facts::default(), contents, segments).map(drop)
    }

    fn make(
        vfs: &Arc<dyn Vfs>,
        facts: Facts,
        contents: &Contents,
        segments: &BTreeMap<u32, u32>,
    ) -> Result<Index> {
        vfs.create_folder(INDEX_FOLDER).and_then(|()| vfs.sync_folder("")).map_err(failed)?;
        for name in vfs.list(INDEX_FOLDER).map_err(failed)? {
            vfs.remove(&format!("{INDEX_FOLDER}/{name}")).map_err(failed)?;
        }
        let view = View { facts, ..View::default() };
        let index = Index::with(vfs.clone(), WRITE_CACHE_BYTES, view, 1);
        index.apply(contents, segments)?;
        Ok(index)
    }

    /// Begins an index that is made from the log, and that cannot be opened before it is finished.
    pub(super) fn begin(vfs: &Arc<dyn Vfs>, start: Point) -> Result<Index> {
        let facts = Facts { unfinished: true, ..Facts::default() };
        let contents = Contents { end: start, ..Contents::default() };
        Index::make(vfs, facts, &contents, &[(start.segment, start.offset)].into())
    }

    /// Ends the making. Only these segments are there.
    pub(super) fn finish(&self, segments: &BTreeSet<u32>) -> Result<()> {
        let mut view = (**self.view.read()).clone();
        view.facts.unfinished = false;
        view.facts.segments.retain(|id, _| segments.contains(id));
        self.publish(view)
    }

    /// The segments that the index names, as far as it can be read.
    pub(super) fn known_segments(vfs: &dyn Vfs) -> Vec<u32> {
        let finished = Manifest::read(vfs).ok().filter(|manifest| !manifest.facts.unfinished);
        finished.into_iter().flat_map(|manifest| manifest.facts.segments.into_keys()).collect()
    }

    /// Opens the index.
    ///
    /// # Errors
    /// `CorruptionException` where a file is missing or was damaged, as far as that is seen without reading every block;
    /// `StorageException` where the disk fails.
    pub(super) fn open(vfs: Arc<dyn Vfs>, cache_bytes: usize) -> Result<Index> {
        let manifest = Manifest::read(&*vfs).map_err(failed)?;
        if manifest.facts.unfinished {
            return Err(damaged("it was not finished"));
        }
        if vfs.list(INDEX_FOLDER).map_err(failed)?.iter().any(|name| name == DAMAGED_FILE) {
            return Err(damaged("a block that was read did not match its checksum"));
        }
        // What names say now is what a power cut leaves: files that no name counts any more can go.
        vfs.sync_folder(INDEX_FOLDER).map_err(failed)?;
        let open = |notes: &[RunNote]| -> Result<Vec<Arc<Run>>> {
            let run = |note: &RunNote| Run::open(&vfs, note.run, note.bytes, note.entries).map(Arc::new);
            notes.iter().map(run).collect::<io::Result<_>>().map_err(failed)
        };
        let view =
            View { rows: open(&manifest.rows)?, records: open(&manifest.records)?, facts: manifest.facts };
        let known: BTreeSet<u64> = view.all_runs().map(|run| run.id).collect();
        for name in vfs.list(INDEX_FOLDER).map_err(failed)? {
            if run_of(&name).is_some_and(|run| !known.contains(&run)) {
                vfs.remove(&format!("{INDEX_FOLDER}/{name}")).map_err(failed)?;
            }
        }
        Ok(Index::with(vfs, cache_bytes as u64, view, manifest.next_run))
    }

    fn with(vfs: Arc<dyn Vfs>, cache_bytes: u64, view: View, next_run: u64) -> Index {
        Index {
            vfs,
            blocks: Arc::new(Blocks::new(cache_bytes)),
            view: RwLock::new(Arc::new(view)),
            next_run: AtomicU64::new(next_run),
            leftovers: Mutex::default(),
            merging: Mutex::default(),
        }
    }

    /// The index as it is now; what changes later does not show.
    pub(super) fn reader(&self) -> Reading {
        Reading { view: self.view.read().clone(), blocks: self.blocks.clone() }
    }

    /// Brings the index to where the contents end. `segments` are those up to there, and their ends.
    pub(super) fn apply(&self, contents: &Contents, segments: &BTreeMap<u32, u32>) -> Result<()> {
        let reading = self.reader();
        let (mut view, mut uses) = ((*reading.view).clone(), Uses::default());
        let mut written = Written::default();
        if let Some(latest) = contents.turned_back {
            view.facts.turn_back(latest);
        }
        let done = self.write_rows(&reading, contents, &mut uses, &mut written).and_then(|()| {
            self.write_records(contents, &mut uses, &mut written)?;
            uses.store(&mut view.facts, segments)
        });
        let longest =
            contents.retentions.values().copied().filter(|retention| *retention > millis(RETENTION)).max();
        view.facts.longest_retention = view.facts.longest_retention.max(longest.unwrap_or(0));
        view.rows.extend(written.rows.take());
        view.records.extend(written.records.take());
        let facts = &mut view.facts;
        facts.applied = facts.applied.max(contents.end.lsn().0);
        facts.at = facts.at.max(contents.high_water.at);
        facts.commit = facts.commit.max(contents.high_water.commit);
        for removal in &contents.removals {
            if let Removal::Rows(table) = removal {
                // It may be told again of a table whose rows were counted long ago.
                facts.removed.entry(table.0).or_insert_with(|| Removed::Counting(Vec::new()));
            }
        }
        done.and_then(|()| self.drop_dead_records(&mut view, contents)).and_then(|()| self.publish(view))
    }

    /// Writes the run of the rows, and of what there is one of per log, name and table.
    fn write_rows(
        &self,
        reading: &Reading,
        contents: &Contents,
        uses: &mut Uses,
        written: &mut Written,
    ) -> Result<()> {
        let heads = heads_after(reading, contents)?;
        let mut totals: BTreeMap<TableId, Option<[i64; 2]>> = BTreeMap::new();
        for (table, gained) in &contents.totals {
            let before = reading.totals(*table)?;
            totals.insert(*table, Some([before.items + gained.items, before.bytes + gained.bytes]));
        }
        for removal in &contents.removals {
            if let Removal::Rows(table) = removal {
                totals.insert(*table, None);
            }
        }
        let rows: usize = contents.rows.values().map(BTreeMap::len).sum();
        let expected = rows + heads.len() + contents.meta.len() + totals.len();
        if expected == 0 {
            return Ok(());
        }
        let mut writer = self.new_run(Some(expected as u64))?;
        let mut key = Vec::with_capacity(64);
        for (table, entries) in &contents.rows {
            for (row, entry) in entries {
                key.clear();
                key.push(ROW);
                key.extend_from_slice(&table.0.to_be_bytes());
                key.extend_from_slice(row.as_bytes());
                let before = reading.place(&key)?;
                before.inspect(|before| uses.loses(before.place));
                match &entry.stored {
                    Some(stored) => {
                        uses.gains(stored.place);
                        writer.add(&key, Some(&stored.row_place().to_bytes()))
                    }
                    None => writer.add(&key, None),
                }
                .map_err(failed)?;
            }
        }
        for (log, head) in &heads {
            let value = head.map(|head| {
                let number = |sequence: Option<Sequence>| sequence.map_or(0, |sequence| sequence.0);
                [number(head.last).to_le_bytes(), number(head.trimmed).to_le_bytes()].concat()
            });
            writer.add(&head_key(*log), value.as_deref()).map_err(failed)?;
        }
        for (name, text) in &contents.meta {
            writer.add(&meta_key(name), text.as_ref().map(String::as_bytes)).map_err(failed)?;
        }
        for (table, total) in &totals {
            let value = total.map(|total| total.map(i64::to_le_bytes).concat());
            writer.add(&totals_key(*table), value.as_deref()).map_err(failed)?;
        }
        written.rows = Some(Arc::new(writer.finish().map_err(failed)?));
        Ok(())
    }

    fn write_records(&self, contents: &Contents, uses: &mut Uses, written: &mut Written) -> Result<()> {
        if contents.records.values().all(Vec::is_empty) {
            return Ok(());
        }
        let mut writer = self.new_run(None)?;
        for (log, entries) in &contents.records {
            let retention = contents.retentions.get(log).copied().unwrap_or_else(|| millis(RETENTION));
            for entry in entries {
                let until = entry.record.at + retention;
                for place in entry.places.all() {
                    uses.needed(place.point.segment, until);
                }
                // The log without the index must still know the record itself.
                uses.needed(Point::of(entry.lsn).segment, until);
                let key = record_key(*log, entry.record.sequence);
                writer.add(&key, Some(&record_bytes(entry))).map_err(failed)?;
            }
        }
        written.records = Some(Arc::new(writer.finish().map_err(failed)?));
        Ok(())
    }

    /// A number for a run, and its file. Should what comes next fail, the file goes with the next manifest.
    fn new_run(&self, filtered: Option<u64>) -> Result<RunWriter> {
        let run = self.next_run.fetch_add(1, Ordering::Relaxed);
        self.leftovers.lock().push(run);
        RunWriter::create(&self.vfs, run, filtered).map_err(failed)
    }

    /// Lets go of the oldest runs of records when all in them was removed: then no merge has to copy anything.
    fn drop_dead_records(&self, view: &mut View, contents: &Contents) -> Result<()> {
        let may_be_dead =
            contents.removals.iter().any(|removal| matches!(removal, Removal::Log(_) | Removal::Records(..)));
        if !may_be_dead || self.merging.lock().is_some() {
            return Ok(());
        }
        let reading = Reading { view: Arc::new(view.clone()), blocks: self.blocks.clone() };
        let mut dead = 0;
        for run in &reading.view.records {
            if !reading.is_dead(run)? {
                break;
            }
            dead += 1;
        }
        view.records.drain(..dead);
        Ok(())
    }

    /// Makes a view the index: on the disk, then in memory.
    fn publish(&self, view: View) -> Result<()> {
        Manifest::of(&view, self.next_run.load(Ordering::Relaxed)).write(&*self.vfs).map_err(failed)?;
        let view = Arc::new(view);
        let old = std::mem::replace(&mut *self.view.write(), view.clone());
        let known: BTreeSet<u64> = view.all_runs().map(|run| run.id).collect();
        let merging = self.merging.lock().as_ref().map(|merging| merging.output);
        let mut leftovers = self.leftovers.lock();
        leftovers.extend(old.all_runs().map(|run| run.id));
        leftovers.retain(|run| !known.contains(run));
        leftovers.dedup();
        // What cannot be removed now is when the index is opened again. Who reads a removed run reads on.
        leftovers.retain(|run| {
            Some(*run) == merging
                || matches!(self.vfs.remove(&file_name(*run)), Err(e) if e.kind() != io::ErrorKind::NotFound)
        });
        Ok(())
    }

    /// Takes some rows of removed tables out of the counts; false when nothing is left to count.
    pub(super) fn pay(&self) -> Result<bool> {
        let reading = self.reader();
        let mut counting = reading.view.facts.removed.iter().filter_map(|(table, removed)| match removed {
            Removed::Counting(after) => Some((TableId(*table), after.clone())),
            Removed::Counted => None,
        });
        let Some((table, after)) = counting.next() else { return Ok(false) };
        let rows = reading.rows_after(table, &after, REMOVED_AT_ONCE)?;
        let (mut view, mut uses) = ((*reading.view).clone(), Uses::default());
        rows.iter().for_each(|(_, row)| uses.loses(row.place));
        uses.store(&mut view.facts, &BTreeMap::new())?;
        let removed = &mut view.facts.removed;
        match rows.last() {
            Some((last, _)) if rows.len() == REMOVED_AT_ONCE => {
                removed.insert(table.0, Removed::Counting(last.clone()));
            }
            // No run has a row of it.
            None if after.is_empty() => drop(removed.remove(&table.0)),
            _ => drop(removed.insert(table.0, Removed::Counted)),
        }
        self.publish(view)?;
        Ok(true)
    }

    /// Forgets segments, so that their files can be removed.
    pub(super) fn forget_segments(&self, ids: &[u32]) -> Result<()> {
        let mut view = (**self.view.read()).clone();
        view.facts.segments.retain(|id, _| !ids.contains(id));
        self.publish(view)
    }

    /// Takes a step of a merge that is worth it; false when none is.
    pub(super) fn merge(&self) -> Result<bool> {
        let under_way = self.merging.lock().take();
        let merging = match under_way {
            Some(merging) => merging,
            None => {
                let reading = self.reader();
                let wanted = [Family::Rows, Family::Records].into_iter().find_map(|family| {
                    let entries: Vec<u64> = reading.view.runs(family).iter().map(|run| run.entries).collect();
                    Some((family, worth_merging(&entries)?))
                });
                let Some((family, newest)) = wanted else { return Ok(false) };
                self.start_merge(&reading, family, newest)?
            }
        };
        self.step_merge(merging)?;
        Ok(true)
    }

    fn start_merge(&self, reading: &Reading, family: Family, newest: usize) -> Result<Merging> {
        let output = self.next_run.fetch_add(1, Ordering::Relaxed);
        self.leftovers.lock().push(output);
        Merging::start(&self.vfs, reading, family, newest, output).map_err(failed)
    }

    /// When it fails, what was written so far is left over and the next merge starts anew.
    fn step_merge(&self, merging: Merging) -> Result<()> {
        let reading = self.reader();
        let (family, inputs) = (merging.family, merging.inputs.clone());
        let gone = merging.gone.clone();
        let run = match merging.step(&reading, MERGED_AT_ONCE)? {
            Stepped::More(merging) => {
                *self.merging.lock() = Some(*merging);
                return Ok(());
            }
            Stepped::Done(run) => run,
        };
        let mut view = (*reading.view).clone();
        let runs = view.runs_mut(family);
        let first = runs.iter().position(|run| run.id == inputs[0].id).expect("runs leave by merges only");
        runs.splice(first..first + inputs.len(), run.map(Arc::new));
        view.facts.removed.retain(|table, _| !gone.contains(table));
        self.publish(view)
    }

    /// Merges everything into one run of each family, without what was removed.
    pub(super) fn compact(&self) -> Result<()> {
        *self.merging.lock() = None;
        for family in [Family::Rows, Family::Records] {
            let reading = self.reader();
            let runs = reading.view.runs(family).len();
            if runs == 0 {
                continue;
            }
            let merging = self.start_merge(&reading, family, runs)?;
            self.step_merge(merging)?;
            while let Some(merging) = self.take_merging() {
                self.step_merge(merging)?;
            }
        }
        Ok(())
    }

    fn take_merging(&self) -> Option<Merging> {
        self.merging.lock().take()
    }

    /// Reads every block of every run; what is wrong, if anything is.
    pub(super) fn check(&self) -> Result<Option<String>> {
        let reading = self.reader();
        for run in reading.view.all_runs() {
            let wrong = match run.check() {
                Ok(wrong) => wrong,
                Err(e) if e.kind() == io::ErrorKind::InvalidData => Some(e.to_string()),
                Err(e) => return Err(failed(e)),
            };
            if wrong.is_some() {
                return Ok(wrong);
            }
        }
        Ok(None)
    }

    /// Bytes of all runs.
    pub(super) fn bytes(&self) -> u64 {
        self.view.read().all_runs().map(|run| run.len).sum()
    }
}

/// The runs of one checkpoint.
#[derive(Default)]
struct Written {
    rows: Option<Arc<Run>>,
    records: Option<Arc<Run>>,
}

/// The ends of the logs that contents change; none for those they remove.
fn heads_after(reading: &Reading, contents: &Contents) -> Result<BTreeMap<LogId, Option<Head>>> {
    let mut heads: BTreeMap<LogId, Option<Head>> = BTreeMap::new();
    for (log, entries) in &contents.records {
        if let Some(last) = entries.last() {
            let trimmed = reading.head(*log)?.and_then(|head| head.trimmed);
            heads.insert(*log, Some(Head { last: Some(last.record.sequence), trimmed }));
        }
    }
    for (log, told) in &contents.heads {
        let known = match heads.get(log) {
            Some(head) => *head,
            None => reading.head(*log)?,
        };
        heads.insert(*log, Some(known.unwrap_or(Head { last: None, trimmed: None }).newest(*told)));
    }
    for removal in &contents.removals {
        match *removal {
            Removal::Rows(_) | Removal::Later(_) => {}
            Removal::Log(log) => drop(heads.insert(log, None)),
            Removal::Records(log, upto) => {
                let known = match heads.get(&log) {
                    Some(head) => *head,
                    None => reading.head(log)?,
                };
                let head = known.unwrap_or(Head { last: None, trimmed: None });
                let (last, trimmed) = (head.last.max(Some(upto)), head.trimmed.max(Some(upto)));
                heads.insert(log, Some(Head { last, trimmed }));
            }
        }
    }
    Ok(heads)
}
