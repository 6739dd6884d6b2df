//! The store in memory: ordered maps of rows, and segments of records per log, sharing the items.
//!
//! ```text
//! contents ──► tables ──► 16 stripes ──► layers of rows      newest first, shared with forks but for the newest
//!          ──► logs   ──► segments and a tail                segments shared with forks
//!          ──► meta
//! ```
//! A table's rows are cut into stripes by the first bits of their hash, each under its own lock, so that writes to different partitions
//! run side by side; stripes are in key order, so a scan goes through them one by one.
//!
//! A fork copies the lists of tables and logs. Both sides then own none of them: the first write to a table or log makes one of their own,
//! which shares all it has with the one that is left behind. What nobody shares any more is merged again by later writes (`layered.rs`).

mod by_id;
mod layered;
mod records;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use smallvec::SmallVec;

use self::by_id::ById;
use self::layered::Layered;
use self::records::Records;
use super::{
    Batch, Budget, HighWater, LogBounds, LogId, LogRecord, Logs, Lsn, Meta, MetaChange, Removal, RowChange,
    RowPage, RowRange, Rows, Seen, Sequence, Store, TableId, Upkeep, Wanted, is_empty_range,
};
use crate::api::Result;
use crate::clock::Millis;
use crate::value::Item;
use crate::value::key::RowKey;

const STRIPES: usize = 16;
/// Rows that a page has room for at the start: what most queries ask for, in half a KB.
const FIRST_ROWS: usize = 32;

/// Who may write to a table or log: the contents with the same one. A fork gives both sides a new one.
type Owner = Arc<()>;

/// The rows of a table, or of a space derived from one.
#[derive(Debug)]
struct TableRows {
    owner: Owner,
    stripes: [RwLock<Stripe>; STRIPES],
}

/// Rows whose hashes begin with the same bits.
#[derive(Debug, Default)]
struct Stripe {
    rows: Layered<RowKey, Item>,
    items: i64,
    bytes: i64,
}

#[derive(Debug)]
struct Log {
    owner: Owner,
    records: RwLock<Records>,
}

/// Everything. Commits hold it for reading; a change of the catalog, a new table or log, and a fork have a moment between commits.
#[derive(Debug, Default)]
struct Contents {
    owner: Owner,
    tables: ById<Arc<TableRows>>,
    logs: ById<Arc<Log>>,
    meta: Layered<String, String>,
    /// Of the logs that are gone.
    removed: HighWater,
}

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub(crate) struct MemoryStore(RwLock<Contents>);

fn newest(a: HighWater, b: HighWater) -> HighWater {
    HighWater { at: a.at.max(b.at), commit: a.commit.max(b.commit) }
}

fn stripe_of(key: &[u8]) -> usize {
    usize::from(key.first().copied().unwrap_or(0) >> 4)
}

impl TableRows {
    fn new(owner: Owner) -> TableRows {
        TableRows { owner, stripes: Default::default() }
    }

    /// The same rows for another owner.
    fn succeed(&self, owner: Owner) -> TableRows {
        let stripes = std::array::from_fn(|at| {
            let mut stripe = self.stripes[at].write();
            RwLock::new(Stripe { rows: stripe.rows.hand_over(), items: stripe.items, bytes: stripe.bytes })
        });
        TableRows { owner, stripes }
    }
}

impl Stripe {
    /// Returns what is only to be dropped, where no lock is held: the old image may be the last reference to a large item.
    fn apply(&mut self, row: RowChange) -> (Option<Item>, Option<Item>) {
        let measure = |item: &Option<Item>| item.as_ref().map_or((0, 0), |item| (1, item.size() as i64));
        let ((items_before, bytes_before), (items, bytes)) = (measure(&row.before), measure(&row.after));
        self.items += items - items_before;
        self.bytes += bytes - bytes_before;
        let replaced = match row.after {
            Some(item) => self.rows.insert(row.key, item),
            None => self.rows.remove(row.key),
        };
        (replaced, row.before)
    }
}

impl Contents {
    /// A table that these contents may write to.
    fn own_rows(&self, table: TableId) -> Option<&TableRows> {
        let rows = self.tables.get(table.0)?;
        Arc::ptr_eq(&rows.owner, &self.owner).then_some(rows)
    }

    /// A log that these contents may write to.
    fn own_log(&self, log: LogId) -> Option<&Log> {
        let log = self.logs.get(log.0)?;
        Arc::ptr_eq(&log.owner, &self.owner).then_some(log)
    }

    fn make_own_rows(&mut self, table: TableId) {
        if self.own_rows(table).is_none() {
            let owner = self.owner.clone();
            let rows = match self.tables.get(table.0) {
                Some(shared) => shared.succeed(owner),
                None => TableRows::new(owner),
            };
            self.tables.insert(table.0, Arc::new(rows));
        }
    }

    fn make_own_log(&mut self, log: LogId) {
        if self.own_log(log).is_none() {
            let owner = self.owner.clone();
            let records = match self.logs.get(log.0) {
                Some(shared) => shared.records.write().share(),
                None => Records::default(),
            };
            self.logs.insert(log.0, Arc::new(Log { owner, records: RwLock::new(records) }));
        }
    }

    /// Makes everything that a batch writes to the contents' own.
    fn make_own(&mut self, batch: &Batch) {
        batch.rows.iter().for_each(|row| self.make_own_rows(row.table));
        batch.records.iter().for_each(|append| self.make_own_log(append.log));
    }

    /// Changes the catalog and takes out tables and logs, which are returned to be dropped where no lock is held.
    fn rearrange(&mut self, batch: &mut Batch) -> (Vec<Arc<TableRows>>, Vec<Arc<Log>>) {
        let (mut tables, mut logs) = (Vec::new(), Vec::new());
        for removal in &batch.removals {
            match removal {
                Removal::Rows(table) => tables.extend(self.tables.remove(table.0)),
                Removal::Log(log) => {
                    if let Some(log) = self.logs.remove(log.0) {
                        self.removed = newest(self.removed, log.records.read().high_water());
                        logs.push(log);
                    }
                }
                // Records go afterwards, in portions. Whoever keeps nothing beyond its end has a clock that begins anew.
                Removal::Records(..) | Removal::Later(_) => {}
            }
        }
        for MetaChange { name, text } in batch.meta.drain(..) {
            match text {
                Some(text) => drop(self.meta.insert(name, text)),
                None => drop(self.meta.remove(name)),
            }
        }
        (tables, logs)
    }

    /// Applies rows and records. False when something is not the contents' own; then nothing has happened.
    #[inline]
    fn apply(&self, batch: &mut Batch) -> bool {
        if batch.rows.len() == 1 && batch.records.len() <= 1 {
            return self.apply_one(batch).is_some();
        }
        self.apply_many(batch).is_some()
    }

    /// The common batch, a row and its record.
    fn apply_one(&self, batch: &mut Batch) -> Option<()> {
        let rows = self.own_rows(batch.rows.first()?.table)?;
        let log = match batch.records.first() {
            Some(append) => Some(self.own_log(append.log)?),
            None => None,
        };
        let row = batch.rows.pop()?;
        let mut stripe = rows.stripes[stripe_of(row.key.as_bytes())].write();
        let replaced = stripe.apply(row);
        if let Some((log, append)) = log.zip(batch.records.pop()) {
            log.records.write().push(append.record);
        }
        drop(stripe);
        drop(replaced);
        Some(())
    }

    /// Several rows show at once: all their locks are held, taken in one fixed order.
    fn apply_many(&self, batch: &mut Batch) -> Option<()> {
        let logs: Option<SmallVec<[&Log; 4]>> =
            batch.records.iter().map(|append| self.own_log(append.log)).collect();
        let logs = logs?;
        let mut places: SmallVec<[(TableId, usize); 4]> =
            batch.rows.iter().map(|row| place_of(row.table, &row.key)).collect();
        places.sort_unstable();
        places.dedup();
        let mut stripes: SmallVec<[RwLockWriteGuard<'_, Stripe>; 4]> = SmallVec::new();
        for (table, at) in &places {
            stripes.push(self.own_rows(*table)?.stripes[*at].write());
        }
        let mut replaced: SmallVec<[_; 4]> = SmallVec::with_capacity(batch.rows.len());
        for row in batch.rows.drain(..) {
            let at = places.binary_search(&place_of(row.table, &row.key)).expect("each has its place");
            replaced.push(stripes[at].apply(row));
        }
        for (log, append) in logs.into_iter().zip(batch.records.drain(..)) {
            log.records.write().push(append.record);
        }
        drop(stripes);
        drop(replaced);
        Some(())
    }
}

/// Which stripe of which table a row is in: the order that several are locked in.
fn place_of(table: TableId, key: &RowKey) -> (TableId, usize) {
    (table, stripe_of(key.as_bytes()))
}

impl MemoryStore {
    fn table(&self, table: TableId) -> Option<Arc<TableRows>> {
        self.0.read().tables.get(table.0).cloned()
    }

    fn log(&self, log: LogId) -> Option<Arc<Log>> {
        self.0.read().logs.get(log.0).cloned()
    }

    /// Frees records in portions that are dropped while no lock is held, so that nobody waits for long.
    fn trim(&self, log: LogId, upto: Sequence) {
        loop {
            let contents = self.0.read();
            let removed = match contents.own_log(log) {
                Some(log) => log.records.write().trim_some(upto),
                None if contents.logs.get(log.0).is_none() => return,
                None => {
                    drop(contents);
                    self.0.write().make_own_log(log);
                    continue;
                }
            };
            drop(contents);
            if removed.is_none() {
                return;
            }
        }
    }
}

impl Rows for MemoryStore {
    fn get(&self, table: TableId, key: &RowKey) -> Result<Seen<Option<Item>>> {
        let contents = self.0.read();
        let Some(rows) = contents.tables.get(table.0) else { return Ok(Seen::default()) };
        let stripe = rows.stripes[stripe_of(key.as_bytes())].read();
        Ok(Seen::settled(stripe.rows.get(key).cloned()))
    }

    fn get_many(&self, wanted: &[Wanted<'_>]) -> Result<Seen<Vec<Option<Item>>>> {
        let contents = self.0.read();
        let mut stripes: BTreeMap<(TableId, usize), Option<RwLockReadGuard<'_, Stripe>>> =
            wanted.iter().map(|(table, key)| (place_of(*table, key), None)).collect();
        for ((table, at), guard) in &mut stripes {
            *guard = contents.tables.get(table.0).map(|rows| rows.stripes[*at].read());
        }
        let items = wanted.iter().map(|(table, key)| {
            let stripe = stripes.get(&place_of(*table, key)).and_then(Option::as_ref);
            stripe?.rows.get(*key).cloned()
        });
        Ok(Seen::settled(items.collect()))
    }

    fn rows(&self, table: TableId, range: &RowRange, budget: Budget) -> Result<Seen<RowPage>> {
        let (mut page, mut bytes) = (RowPage::default(), 0);
        let bounds = (range.from.as_ref().map(Vec::as_slice), range.to.as_ref().map(Vec::as_slice));
        let Some(rows) = self.table(table).filter(|_| !is_empty_range(&bounds)) else {
            return Ok(Seen::default());
        };
        let keys = (bounds.0.map(RowKey::from_bytes), bounds.1.map(RowKey::from_bytes));
        let bounds = (keys.0.as_ref(), keys.1.as_ref());
        let edge = |bound: &Bound<Vec<u8>>, open: usize| match bound {
            Bound::Included(key) | Bound::Excluded(key) => stripe_of(key),
            Bound::Unbounded => open,
        };
        let (first, last) = (edge(&range.from, 0), edge(&range.to, STRIPES - 1));
        for step in first..=last {
            let at = if range.descending { last - (step - first) } else { step };
            for (key, item) in rows.stripes[at].read().rows.range::<RowKey>(bounds, range.descending) {
                if page.items.is_empty() {
                    page.items.reserve(budget.rows.min(FIRST_ROWS));
                }
                bytes += item.size();
                page.items.push(item.clone());
                if budget.is_spent(page.items.len(), bytes) {
                    page.last = Some(key.as_bytes().to_vec());
                    return Ok(Seen::settled(page));
                }
            }
        }
        Ok(Seen::settled(page))
    }

    fn totals(&self, table: TableId) -> Result<(i64, i64)> {
        let Some(rows) = self.table(table) else { return Ok((0, 0)) };
        let (mut items, mut bytes) = (0, 0);
        for stripe in &rows.stripes {
            let stripe = stripe.read();
            items += stripe.items;
            bytes += stripe.bytes;
        }
        Ok((items, bytes))
    }
}

impl Logs for MemoryStore {
    fn records(
        &self,
        log: LogId,
        from: Bound<Sequence>,
        _retention: Millis,
        take: &mut dyn FnMut(&LogRecord) -> bool,
    ) -> Result<Seen<Vec<LogRecord>>> {
        let Some(log) = self.log(log) else { return Ok(Seen::default()) };
        let records = log.records.read();
        Ok(Seen::settled(records.from(from).take_while(|record| take(record)).cloned().collect()))
    }

    fn bounds(&self, log: LogId, horizon: Millis) -> Result<Seen<LogBounds>> {
        let Some(log) = self.log(log) else { return Ok(Seen::default()) };
        let records = log.records.read();
        let old = records.newest(|record| record.at <= horizon).map(|record| record.sequence);
        Ok(Seen::settled(LogBounds {
            last: records.last(),
            trimmed: old.max(records.trimmed()),
            oldest_at: records.from(Bound::Unbounded).next().map(|record| record.at),
        }))
    }

    fn newest_before(&self, log: LogId, moment: Millis) -> Result<Seen<Option<Sequence>>> {
        let Some(log) = self.log(log) else { return Ok(Seen::default()) };
        let records = log.records.read();
        Ok(Seen::settled(records.newest(|record| record.at < moment).map(|record| record.sequence)))
    }

    fn high_water(&self) -> HighWater {
        let contents = self.0.read();
        contents.logs.values().map(|log| log.records.read().high_water()).fold(contents.removed, newest)
    }
}

impl Meta for MemoryStore {
    fn meta(&self) -> Result<Vec<(String, String)>> {
        let contents = self.0.read();
        Ok(contents.meta.iter().map(|(name, text)| (name.clone(), text.clone())).collect())
    }
}

impl Upkeep for MemoryStore {
    fn maintain(&self, _now: Millis) -> Result<()> {
        Ok(())
    }

    fn fork(&self) -> Result<Arc<dyn Store>> {
        let mut contents = self.0.write();
        contents.owner = Owner::default();
        let fork = Contents {
            owner: Owner::default(),
            tables: contents.tables.clone(),
            logs: contents.logs.clone(),
            meta: contents.meta.share(),
            removed: contents.removed,
        };
        Ok(Arc::new(MemoryStore(RwLock::new(fork))))
    }

    fn is_in_memory(&self) -> bool {
        true
    }

    fn close(&self) -> Result<()> {
        Ok(())
    }
}

impl Store for MemoryStore {
    fn commit(&self, mut batch: Batch) -> Result<Lsn> {
        let is_rearranged = batch.removals.iter().any(|removal| !matches!(removal, Removal::Records(..)));
        let (mut contents, gone) = if is_rearranged || !batch.meta.is_empty() {
            let mut contents = self.0.write();
            let gone = contents.rearrange(&mut batch);
            contents.make_own(&batch);
            (RwLockWriteGuard::downgrade(contents), Some(gone))
        } else {
            (self.0.read(), None)
        };
        if !contents.apply(&mut batch) {
            // The first write to a table or log, or the first after a fork.
            drop(contents);
            let mut alone = self.0.write();
            alone.make_own(&batch);
            contents = RwLockWriteGuard::downgrade(alone);
            let is_applied = contents.apply(&mut batch);
            debug_assert!(is_applied, "nobody takes it back before the contents are let go");
        }
        drop(contents);
        drop(gone);
        for removal in batch.removals {
            if let Removal::Records(log, upto) = removal {
                self.trim(log, upto);
            }
        }
        Ok(Lsn::default())
    }

    fn settle(&self, _upto: Lsn) -> Result<()> {
        Ok(())
    }

    fn is_settled(&self, _upto: Lsn) -> bool {
        true
    }
}
