//! Reading pages of items: what of a table a Query or Scan reads, and what it makes of the rows.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use smallvec::SmallVec;

use super::ranges::{contains, hash_of_start, of_hashes, of_space, of_table as of_key, overlap, resume};
use crate::api::message::{Problem, index as index_text, table as text, value as value_text};
use crate::api::{ConsumedCapacity, Error, IndexStatus, Open, Result, ReturnConsumedCapacity};
use crate::engine::{Call, Meter};
use crate::expression::{Condition, KeyPart, KeyRange, Projection, SortCondition};
use crate::limits::PAGE_MAX_BYTES;
use crate::store::{Budget, RowPage, RowRange, TableId};
use crate::table::{
    Access, Index, IndexKind, KeyAttribute, Names, Projected, Table, Usage, consumed_by, read_units,
};
use crate::value::Item;
use crate::value::key::RowKey;

/// Rows read from the store at a time, so that no lock is held while filters run.
pub(super) const CHUNK: usize = 128;

/// The table or one of its indexes.
pub(super) struct Source<'t> {
    pub(super) table: &'t Table,
    pub(super) index: Option<Arc<Index>>,
    /// Of its rows in the store.
    rows: TableId,
}

impl<'t> Source<'t> {
    /// What a request names.
    ///
    /// # Errors
    /// `ValidationException` for an index that is not there, or cannot be read so.
    pub(super) fn find(
        call: &Call<'_>,
        table: &'t Table,
        index: Option<&str>,
        is_consistent: bool,
        has_start: bool,
    ) -> Result<Source<'t>> {
        let Some(name) = index else { return Ok(Source::of_table(table)) };
        let Some(source) = Source::of_index(call, table, name)? else {
            return Err(Error::validation(match has_start {
                true => text::starting_key_invalid(),
                false => text::no_such_index(name),
            }));
        };
        if is_consistent && source.is_global() {
            return Err(Error::validation(index_text::consistent_read()));
        }
        Ok(source)
    }

    pub(super) fn of_table(table: &'t Table) -> Source<'t> {
        Source { table, index: None, rows: table.id }
    }

    /// An index of a name, if there is one.
    ///
    /// # Errors
    /// `ValidationException` for one that is being made.
    pub(super) fn of_index(call: &Call<'_>, table: &'t Table, name: &str) -> Result<Option<Source<'t>>> {
        let now = call.now();
        let state = table.state.read();
        let Some(found) = state.indexes_at(now).find(|state| state.index.name == name) else {
            return Ok(None);
        };
        match found.status(now).0 {
            IndexStatus::Creating => Err(Error::validation(index_text::backfilling(name))),
            IndexStatus::Deleting => Ok(None),
            IndexStatus::Active | IndexStatus::Updating => {
                Ok(Some(Source { table, index: Some(found.index.clone()), rows: found.space.id }))
            }
        }
    }

    pub(super) fn is_global(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.kind == IndexKind::Global)
    }

    /// What meters reads of rows of a hash: a global index has capacity of its own.
    pub(super) fn meter(&self, call: &Call<'_>, hash: u64) -> Option<Meter> {
        match self.index.as_ref().filter(|_| self.is_global()) {
            Some(index) => call.index_meter(self.table, &index.name),
            None => call.meter(self.table, Access::Read, hash),
        }
    }

    /// The rows of a partition key that satisfy a condition on the sort key.
    pub(super) fn range(&self, keys: &KeyRange<'_>) -> RowRange {
        match &self.index {
            Some(_) => of_space(keys),
            None => of_key(keys.partition[0], keys.sort),
        }
    }

    /// A range of hashes as it is read: of a table, its partitions one after the other, each with its first hash; of an index, as a whole.
    pub(super) fn pieces(&self, range: RowRange) -> Vec<(RowRange, u64)> {
        if self.index.is_some() {
            return vec![(range, 0)];
        }
        let partitions = self.table.partitions();
        let pieces = partitions.iter().filter_map(|partition| {
            let rows = overlap(&range, of_hashes(partition.range))?;
            Some((rows, partition.range.first))
        });
        pieces.collect()
    }

    /// Rows of it, as [`Session::rows`](crate::store::Session::rows) reads them; of a late index, as it was then.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn rows(&self, call: &Call<'_>, range: &RowRange, budget: Budget) -> Result<RowPage> {
        let page = call.store.rows(self.rows, range, budget)?;
        match (&call.recent, self.index.as_ref().filter(|_| self.is_global())) {
            (Some(recent), Some(index)) => {
                let hidden = recent.hidden(call, self.table.id);
                if hidden.is_empty() { Ok(page) } else { self.as_it_was(index, range, budget, page, hidden) }
            }
            _ => Ok(page),
        }
    }

    /// A page with the items that some rows were in the place of those that they are.
    fn as_it_was(
        &self,
        index: &Index,
        range: &RowRange,
        budget: Budget,
        page: RowPage,
        hidden: BTreeMap<RowKey, Option<Item>>,
    ) -> Result<RowPage> {
        let mut looked_at = range.clone();
        if let Some(last) = &page.last {
            let edge = if range.descending { &mut looked_at.from } else { &mut looked_at.to };
            *edge = Bound::Included(last.clone());
        }
        let mut entries: Vec<(RowKey, Item)> = Vec::with_capacity(page.items.len());
        for item in page.items {
            if !hidden.contains_key(&self.table.schema.row_key(&item)?) {
                entries.push((self.row_of(&item)?, item));
            }
        }
        for (row, before) in hidden {
            let Some(before) = before else { continue };
            let place = index.key.place(&before, &row);
            entries
                .extend(place.filter(|place| contains(&looked_at, place.as_bytes())).map(|at| (at, before)));
        }
        entries.sort_unstable_by(|(one, _), (two, _)| one.cmp(two));
        if range.descending {
            entries.reverse();
        }
        let mut last = page.last;
        if entries.len() > budget.rows {
            entries.truncate(budget.rows);
            last = entries.last().map(|(place, _)| place.as_bytes().to_vec());
        }
        Ok(RowPage { items: entries.into_iter().map(|(_, item)| item).collect(), last })
    }

    /// The row of an item, behind which a later page starts.
    ///
    /// # Errors
    /// `ValidationException` for an item without the key.
    pub(super) fn row_of(&self, item: &Item) -> Result<RowKey> {
        let row = self.table.schema.row_key(item)?;
        Ok(match &self.index {
            Some(index) => index.key.place(item, &row).expect("what an index shows has a place in it"),
            None => row,
        })
    }

    /// The parts of the key by which it is queried: of the partition, of the order.
    pub(super) fn key_parts(&self) -> (KeyParts<'_>, KeyParts<'_>) {
        let schema = &self.table.schema;
        match &self.index {
            Some(index) => (typed(&index.key.partition), typed(&index.key.sort)),
            None => (typed([&schema.hash]), typed(&schema.range)),
        }
    }

    /// Names of the attributes of that key.
    pub(super) fn key_names(&self) -> Names<'_> {
        match &self.index {
            Some(index) => index.key_names(),
            None => self.table.schema.names(),
        }
    }

    /// The row behind which a page starts. Wrong names and wrong types have messages of their own (facts B9).
    ///
    /// # Errors
    /// `ValidationException` for a key that is none of this table or index.
    pub(super) fn start_of(&self, key: &Item, not_its_own: impl Into<Problem>) -> Result<Vec<u8>> {
        let names: Names<'_> = match &self.index {
            Some(index) => index.position.iter().map(String::as_str).collect(),
            None => self.table.schema.names(),
        };
        let is_named = names.iter().all(|name| key.get(name).is_some());
        if !is_named || key.attributes().len() != names.len() {
            return Err(Error::validation(not_its_own));
        }
        let schema = &self.table.schema;
        let Some(index) = &self.index else {
            return Ok(schema.key_of_parameter(key)?.as_bytes().to_vec());
        };
        let row = schema.key_of_parameter(&key.project(&schema.names()));
        let mismatch = || Error::validation(text::starting_key_value(&value_text::key_not_matching()));
        let row = row.map_err(|_| mismatch())?;
        let place = index.key.place(key, &row).ok_or_else(mismatch)?;
        Ok(place.as_bytes().to_vec())
    }

    /// Refuses filters and projections that speak of what the entries of an index do not show.
    ///
    /// # Errors
    /// `ValidationException`.
    pub(super) fn require_projected(
        &self,
        filter: Option<&Condition<'_>>,
        projection: Option<&Projection<'_>>,
    ) -> Result<()> {
        let Some(index) = &self.index else { return Ok(()) };
        let missing = |names: &mut dyn Iterator<Item = &'_ str>| -> Vec<String> {
            let mut missing: Vec<String> = Vec::new();
            for name in names.filter(|name| !index.projects(name)) {
                if !missing.iter().any(|known| known == name) {
                    missing.push(name.to_owned());
                }
            }
            missing
        };
        if let Some(filter) = filter {
            let missing = missing(&mut filter.attributes().into_iter());
            if !missing.is_empty() {
                return Err(Error::validation(index_text::filter_not_projected(&index.name, &missing)));
            }
        }
        // A local index fetches from the table what it does not show.
        if let (Some(projection), IndexKind::Global) = (projection, index.kind) {
            let missing = missing(&mut projection.attributes());
            if !missing.is_empty() {
                return Err(Error::validation(index_text::not_projected(&index.name, &missing)));
            }
        }
        Ok(())
    }

    /// Whether the items must be fetched from the table, to show more than the entries of a local index do.
    ///
    /// # Errors
    /// `ValidationException` for all attributes of a global index that shows some.
    pub(super) fn fetches(&self, shown: &Shown<'_>) -> Result<bool> {
        let Some(index) = self.index.as_ref().filter(|index| index.projected != Projected::All) else {
            return Ok(false);
        };
        match (shown, index.kind) {
            (Shown::Whole, IndexKind::Global) => {
                Err(Error::validation(index_text::all_attributes_of_part(&index.name)))
            }
            (Shown::Whole, IndexKind::Local) => Ok(true),
            (Shown::Parts(projection), IndexKind::Local) => {
                Ok(projection.attributes().any(|name| !index.projects(name)))
            }
            _ => Ok(false),
        }
    }

    /// Bytes that are read to look at an item.
    pub(super) fn size_of(&self, item: &Item) -> usize {
        self.index.as_ref().map_or_else(|| item.size(), |index| index.entry_size(item))
    }

    /// What units of what was read, and of what was fetched from the table for an index, are units of.
    pub(super) fn usage(&self, units: f64, fetched: f64) -> Usage {
        let Some(index) = &self.index else { return Usage::of_table(units) };
        let mut usage = Usage::of_table(fetched);
        usage.add_index(index.kind, &index.name, units);
        usage
    }

    /// The key with which the page after an item starts.
    pub(super) fn position_of(&self, item: &Item) -> Item {
        match &self.index {
            Some(index) => item.project(&index.position.iter().map(String::as_str).collect::<Vec<_>>()),
            None => item.project(&self.table.schema.names()),
        }
    }
}

type KeyParts<'t> = SmallVec<[KeyPart<'t>; 2]>;

fn typed<'t>(parts: impl IntoIterator<Item = &'t KeyAttribute>) -> KeyParts<'t> {
    parts.into_iter().map(|part| (part.name.as_str(), part.attribute_type())).collect()
}

/// What a page shows of an item.
pub(super) enum Shown<'a> {
    /// Nothing: items are counted.
    Count,
    /// What an entry of the index has; of a table, all.
    Entry,
    /// All, in a local index too.
    Whole,
    /// What the request names.
    Parts(Projection<'a>),
}

/// What is done with the rows of a page.
pub(super) struct Reading<'a> {
    pub(super) filter: Option<Condition<'a>>,
    pub(super) shown: Shown<'a>,
    /// The last condition on the sort key, and its attribute.
    pub(super) sort: Option<(&'a str, SortCondition<'a>)>,
    pub(super) limit: usize,
    pub(super) is_consistent: bool,
    /// From [`Source::fetches`].
    pub(super) fetches: bool,
}

#[derive(Default)]
pub(super) struct Page {
    pub(super) items: Option<Vec<Item>>,
    pub(super) count: i32,
    pub(super) scanned: i32,
    bytes: usize,
    /// Units of what was read.
    units: f64,
    /// Units of the items that were fetched from the table.
    fetched: f64,
    /// Where the next page starts.
    pub(super) last: Option<Item>,
}

impl Page {
    fn of(reading: &Reading<'_>) -> Page {
        let is_count = matches!(reading.shown, Shown::Count);
        Page { items: (!is_count).then(Vec::new), ..Page::default() }
    }

    /// Reads a page of one partition key.
    ///
    /// # Errors
    /// `ProvisionedThroughputExceededException`; the store's.
    pub(super) fn query(
        call: &Call<'_>,
        source: &Source<'_>,
        range: RowRange,
        reading: &Reading<'_>,
    ) -> Result<Page> {
        let meter = source.meter(call, hash_of_start(&range));
        call.admit(source.table, meter.as_ref())?;
        let mut page = Page::of(reading);
        page.read_rows(call, source, range, reading)?;
        page.units = read_units(page.bytes, reading.is_consistent);
        call.charge(source.table, meter.as_ref(), &source.usage(page.units, page.fetched));
        Ok(page)
    }

    /// Reads a page of a range of hashes: of a table, its partitions one after the other. Each that is come by costs a unit at least (facts
    /// B14): why a scan of a few items costs 4 units, or 2, in a new table of the service, which has four partitions.
    ///
    /// # Errors
    /// As [`Page::query`].
    pub(super) fn scan(
        call: &Call<'_>,
        source: &Source<'_>,
        range: RowRange,
        reading: &Reading<'_>,
    ) -> Result<Page> {
        let mut page = Page::of(reading);
        for (rows, hash) in source.pieces(range) {
            let meter = source.meter(call, hash);
            call.admit(source.table, meter.as_ref())?;
            let (before, fetched) = (page.bytes, page.fetched);
            let is_full = page.read_rows(call, source, rows, reading)?;
            let used = read_units(page.bytes - before, reading.is_consistent);
            call.charge(source.table, meter.as_ref(), &source.usage(used, page.fetched - fetched));
            page.units += used;
            if is_full {
                break;
            }
        }
        Ok(page)
    }

    /// Evaluates rows up to the limit or 1 MB; the row that crosses the megabyte still belongs to the page (facts B9). Tells whether it is full.
    fn read_rows(
        &mut self,
        call: &Call<'_>,
        source: &Source<'_>,
        mut range: RowRange,
        reading: &Reading<'_>,
    ) -> Result<bool> {
        loop {
            let budget = Budget {
                rows: CHUNK.min(reading.limit - self.scanned as usize),
                bytes: PAGE_MAX_BYTES - self.bytes,
            };
            let rows = source.rows(call, &range, budget)?;
            self.expect(rows.items.len(), reading);
            for item in rows.items {
                self.count(&item, source, reading);
                if self.is_full(reading.limit) {
                    // Whether anything follows is not looked up: the service names a last key here even at the end (facts B9).
                    self.last = Some(source.position_of(&item));
                    self.take(item, source, reading);
                    return Ok(true);
                }
                self.take(item, source, reading);
            }
            match rows.last {
                Some(last) => resume(&mut range, last),
                None => return Ok(false),
            }
        }
    }

    fn is_full(&self, limit: usize) -> bool {
        self.scanned as usize >= limit || self.bytes >= PAGE_MAX_BYTES
    }

    /// Makes room for so many more items, unless a filter may leave most of them out.
    fn expect(&mut self, more: usize, reading: &Reading<'_>) {
        if let (Some(items), None) = (&mut self.items, &reading.filter) {
            items.reserve(more);
        }
    }

    fn count(&mut self, item: &Item, source: &Source<'_>, reading: &Reading<'_>) {
        self.scanned += 1;
        self.bytes += source.size_of(item);
        debug_assert!(
            reading.sort.is_none_or(|(name, sort)| item.get(name).is_some_and(|value| sort.holds(value))),
            "the range of rows is exactly the key condition"
        );
    }

    fn take(&mut self, item: Item, source: &Source<'_>, reading: &Reading<'_>) {
        if let Some(filter) = &reading.filter
            && !filter.holds(&item)
        {
            return;
        }
        self.count += 1;
        if reading.fetches {
            self.fetched += read_units(item.size(), reading.is_consistent);
        }
        if let Some(items) = &mut self.items {
            items.push(match (&reading.shown, &source.index) {
                (Shown::Parts(projection), _) => projection.apply(&item),
                (Shown::Entry, Some(index)) => index.entry(&item),
                _ => item,
            });
        }
    }

    /// The capacity used, if it is asked for.
    pub(super) fn consumed(
        &self,
        asked: Option<&Open<ReturnConsumedCapacity>>,
        name: &str,
        source: &Source<'_>,
    ) -> Option<ConsumedCapacity> {
        consumed_by(asked, name, || source.usage(self.units, self.fetched))
    }
}
