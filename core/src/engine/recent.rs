//! What global indexes do not show yet, where a database is opened with a delay: they are read as they were that long ago.
//!
//! A commit that changes a row of a table with global indexes notes the item before it, in memory and in the same batch. Whoever reads an index
//! puts the items of the notes that are younger than the delay in the place of those that are there now. So entries need no second copy, and
//! a database that is opened anew goes on where it was. A note that is older than the delay goes with one of the next commits.
//!
//! ```text
//! recent/<table id>     time u64 BE | number u64 BE  ->  {note: time | number | table id | row key, item: bytes of the item before, if any}
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::{Call, Engine};
use crate::api::Result;
use crate::clock::Millis;
use crate::store::{Batch, Budget, MetaChange, Removal, RowChange, RowRange, Store, TableId, unsound};
use crate::value::key::RowKey;
use crate::value::{AttributeValue, Item, ValueRef};

/// How many old notes a commit takes away for each that it makes.
const PRUNED_AT_ONCE: usize = 2;
/// Notes read from the store at a time.
const CHUNK: Budget = Budget { rows: 256, bytes: 1 << 20 };

/// The notes of a database.
#[derive(Debug)]
pub(crate) struct Recent {
    /// Of their rows in the store.
    id: TableId,
    delay: Millis,
    notes: Mutex<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    next: u64,
    /// By number, the oldest first.
    all: BTreeMap<u64, Noted>,
    /// Their numbers by row.
    by_row: BTreeMap<(TableId, RowKey), VecDeque<u64>>,
}

/// That a row was changed.
#[derive(Debug)]
struct Noted {
    at: Millis,
    row: (TableId, RowKey),
    before: Option<Item>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredRecent {}

/// The name of the catalog's entry.
fn entry_name(id: TableId) -> String {
    format!("recent/{}", id.0)
}

/// A note that a commit makes. Unless it is kept, all is as it was before.
#[derive(Debug)]
pub(crate) struct Note {
    recent: Arc<Recent>,
    number: u64,
    pruned: Vec<(u64, Noted)>,
    is_kept: bool,
}

impl Note {
    /// The commit is in the store.
    pub(crate) fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        let mut notes = self.recent.notes.lock();
        notes.take(self.number);
        for (number, noted) in std::mem::take(&mut self.pruned) {
            notes.put(number, noted);
        }
    }
}

impl Notes {
    fn put(&mut self, number: u64, noted: Noted) {
        let numbers = self.by_row.entry(noted.row.clone()).or_default();
        numbers.insert(numbers.partition_point(|other| *other < number), number);
        self.all.insert(number, noted);
        self.next = self.next.max(number + 1);
    }

    fn take(&mut self, number: u64) -> Option<Noted> {
        let noted = self.all.remove(&number)?;
        let numbers = self.by_row.get_mut(&noted.row).expect("each note is found by its row");
        numbers.retain(|other| *other != number);
        if numbers.is_empty() {
            self.by_row.remove(&noted.row);
        }
        Some(noted)
    }
}

impl Recent {
    /// The notes of a database that is opened with a delay, which are under `known` if there are any. Without a delay they are forgotten.
    ///
    /// # Errors
    /// `CorruptionException` for notes that cannot be read; the store's.
    pub(super) fn open(engine: &Engine, known: Option<TableId>) -> Result<Option<Arc<Recent>>> {
        let call = Call::new(engine);
        let delay = engine.choices.index_delay;
        match known {
            None if delay == 0 => Ok(None),
            Some(id) if delay == 0 => {
                let (meta, removals) = (vec![MetaChange::forget(entry_name(id))], vec![Removal::Rows(id)]);
                call.commit_catalog(Batch { meta, removals, ..Batch::default() })?;
                Ok(None)
            }
            None => {
                let id = engine.next_table_id();
                let meta = vec![MetaChange::keep(entry_name(id), &StoredRecent {})];
                call.commit_catalog(Batch { meta, ..Batch::default() })?;
                Ok(Some(Arc::new(Recent { id, delay, notes: Mutex::default() })))
            }
            Some(id) => {
                let notes = Mutex::new(read(&*engine.store, id)?);
                Ok(Some(Arc::new(Recent { id, delay, notes })))
            }
        }
    }

    /// Notes a change of a row, before it is committed; adds to the batch what keeps the note. The caller holds the row's partition.
    pub(crate) fn note(self: &Arc<Recent>, batch: &mut Batch, at: Millis, change: &RowChange) -> Note {
        let noted = Noted { at, row: (change.table, change.key.clone()), before: change.before.clone() };
        let mut notes = self.notes.lock();
        let number = notes.next;
        batch.rows.push(self.change(number, &noted, false));
        notes.put(number, noted);
        let over: Vec<u64> = notes
            .all
            .iter()
            .take(PRUNED_AT_ONCE)
            .filter(|(_, noted)| !self.hides(noted, at))
            .map(|(number, _)| *number)
            .collect();
        let pruned: Vec<(u64, Noted)> =
            over.into_iter().filter_map(|number| Some((number, notes.take(number)?))).collect();
        batch.rows.extend(pruned.iter().map(|(number, noted)| self.change(*number, noted, true)));
        Note { recent: self.clone(), number, pruned, is_kept: false }
    }

    /// The rows of a table that indexes show as they were, with the items that they were. To be asked after the index was read: what is
    /// committed in between is hidden, and what is not was not read.
    pub(crate) fn hidden(&self, call: &Call<'_>, table: TableId) -> BTreeMap<RowKey, Option<Item>> {
        let notes = self.notes.lock();
        let now = call.now();
        let first = (table, RowKey::from_bytes(&[]));
        let rows = notes.by_row.range(first..).take_while(|((of, _), _)| *of == table);
        let oldest = rows.filter_map(|((_, row), numbers)| {
            let hidden =
                numbers.iter().map(|number| &notes.all[number]).find(|noted| self.hides(noted, now))?;
            Some((row.clone(), hidden.before.clone()))
        });
        oldest.collect()
    }

    /// Whether indexes do not show a change yet.
    fn hides(&self, noted: &Noted, now: Millis) -> bool {
        noted.at.saturating_add(self.delay) > now
    }

    /// The row of a note, made or taken away.
    fn change(&self, number: u64, noted: &Noted, is_over: bool) -> RowChange {
        let head = [noted.at.to_be_bytes(), number.to_be_bytes()].concat();
        let key = RowKey::from_bytes(&head);
        let (table, row) = &noted.row;
        let note = AttributeValue::B([&head[..], &table.0.to_be_bytes(), row.as_bytes()].concat());
        let image = noted.before.as_ref().map(|item| AttributeValue::B(item.as_bytes().to_vec()));
        let parts = image.iter().map(|image| ("item", image)).chain([("note", &note)]);
        let item = Some(Item::new(parts).expect("bytes break no rule"));
        let (before, after) = if is_over { (item, None) } else { (None, item) };
        RowChange { table: self.id, key, before, after, of: None }
    }
}

/// All notes of a store.
fn read(store: &dyn Store, id: TableId) -> Result<Notes> {
    let mut notes = Notes::default();
    let mut range = RowRange { from: Bound::Unbounded, to: Bound::Unbounded, descending: false };
    loop {
        let page = store.rows(id, &range, CHUNK)?.value;
        for item in &page.items {
            let (number, noted) =
                parse(item).ok_or_else(|| unsound(&entry_name(id), "a row of it is no note"))?;
            notes.put(number, noted);
        }
        match page.last {
            Some(last) => range.from = Bound::Excluded(last),
            None => return Ok(notes),
        }
    }
}

fn parse(item: &Item) -> Option<(u64, Noted)> {
    let ValueRef::B(note) = item.get("note")? else { return None };
    let (at, rest) = note.split_first_chunk::<8>()?;
    let (number, rest) = rest.split_first_chunk::<8>()?;
    let (table, row) = rest.split_first_chunk::<8>()?;
    let before = match item.get("item") {
        Some(ValueRef::B(bytes)) => Some(Item::from_stored(bytes)),
        _ => None,
    };
    let row = (TableId(u64::from_be_bytes(*table)), RowKey::from_bytes(row));
    Some((u64::from_be_bytes(*number), Noted { at: u64::from_be_bytes(*at), row, before }))
}
