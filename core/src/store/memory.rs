//! The store in memory: ordered maps of rows, and a queue of records per log, sharing the items.
//!
//! A table's rows are cut into stripes by the first bits of their hash, each under its own lock, so that writes to different partitions
//! run side by side; stripes are in key order, so a scan goes through them one by one.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{
    Append, Batch, Budget, HighWater, LogBounds, LogId, LogRecord, Logs, Lsn, Meta, MetaChange, Removal,
    RowChange, RowPage, RowRange, Rows, Seen, Sequence, Store, TableId, Upkeep, Wanted, is_empty_range,
};
use crate::api::Result;
use crate::clock::Millis;
use crate::value::Item;
use crate::value::key::RowKey;

const STRIPES: usize = 16;
/// Records in one segment of a log. Growing a log never moves more than this, and trimming frees whole segments.
const SEGMENT: usize = 256;

type Stripe = BTreeMap<RowKey, Item>;

#[derive(Debug, Default)]
struct TableRows {
    stripes: [RwLock<Stripe>; STRIPES],
}

impl TableRows {
    fn stripe_of(key: &[u8]) -> usize {
        usize::from(key.first().copied().unwrap_or(0) >> 4)
    }
}

/// Records in order, in segments.
#[derive(Debug, Default)]
struct Log {
    segments: VecDeque<Vec<LogRecord>>,
    last: Option<Sequence>,
    /// When the last record was created.
    last_at: Millis,
    trimmed: Option<Sequence>,
}

impl Log {
    fn push(&mut self, record: LogRecord) {
        debug_assert!(self.last < Some(record.sequence), "sequence numbers rise");
        (self.last, self.last_at) = (Some(record.sequence), record.at);
        match self.segments.back_mut() {
            Some(segment) if segment.len() < SEGMENT => segment.push(record),
            _ => {
                let mut segment = Vec::with_capacity(SEGMENT);
                segment.push(record);
                self.segments.push_back(segment);
            }
        }
    }

    /// The first place (segment, record) where `before` no longer holds; it must hold for a front part only.
    fn partition_point(&self, before: impl Fn(&LogRecord) -> bool) -> (usize, usize) {
        let segment = self.segments.partition_point(|s| s.last().is_some_and(&before));
        let record = self.segments.get(segment).map_or(0, |s| s.partition_point(&before));
        (segment, record)
    }

    fn high_water(&self) -> HighWater {
        HighWater { at: self.last_at, commit: self.last.map_or(0, Sequence::commit) }
    }

    fn iter_from(&self, (segment, record): (usize, usize)) -> impl Iterator<Item = &LogRecord> {
        let first = self.segments.get(segment).map_or(&[][..], |s| &s[record..]);
        first.iter().chain(self.segments.iter().skip(segment + 1).flatten())
    }

    fn before(&self, (segment, record): (usize, usize)) -> Option<&LogRecord> {
        match record.checked_sub(1) {
            Some(previous) => self.segments.get(segment)?.get(previous),
            None => self.segments.get(segment.checked_sub(1)?)?.last(),
        }
    }
}

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub(crate) struct MemoryStore {
    tables: RwLock<BTreeMap<TableId, Arc<TableRows>>>,
    logs: RwLock<BTreeMap<LogId, Arc<RwLock<Log>>>>,
    meta: RwLock<BTreeMap<String, String>>,
    /// Of the logs that are gone.
    removed: Mutex<HighWater>,
}

fn newest(a: HighWater, b: HighWater) -> HighWater {
    HighWater { at: a.at.max(b.at), commit: a.commit.max(b.commit) }
}

impl MemoryStore {
    fn rows_of(&self, table: TableId) -> Option<Arc<TableRows>> {
        self.tables.read().get(&table).cloned()
    }

    fn rows_for_writing(&self, table: TableId) -> Arc<TableRows> {
        self.rows_of(table).unwrap_or_else(|| self.tables.write().entry(table).or_default().clone())
    }

    fn log_of(&self, log: LogId) -> Option<Arc<RwLock<Log>>> {
        self.logs.read().get(&log).cloned()
    }

    fn log_for_writing(&self, log: LogId) -> Arc<RwLock<Log>> {
        self.log_of(log).unwrap_or_else(|| self.logs.write().entry(log).or_default().clone())
    }

    /// Gives memory back.
    fn remove(&self, removal: Removal) {
        match removal {
            // What goes is freed after the lock is: it may be millions of items, and others want theirs.
            Removal::Rows(table) => {
                let rows = self.tables.write().remove(&table);
                drop(rows);
            }
            Removal::Log(log) => {
                let log = self.logs.write().remove(&log);
                if let Some(log) = log {
                    let mut removed = self.removed.lock();
                    *removed = newest(*removed, log.read().high_water());
                }
            }
            // Whoever keeps nothing beyond its end has a clock that begins anew.
            Removal::Later(_) => {}
            Removal::Records(log, upto) => {
                if let Some(log) = self.log_of(log) {
                    trim(&log, upto);
                }
            }
        }
    }

    /// The common batch, a row and its record. The maps of tables and logs are only read, so writers do not meet on them.
    fn commit_one(&self, row: RowChange, append: Option<Append>) {
        let (tables, logs) = (self.tables.read(), self.logs.read());
        let log = append.as_ref().map(|append| logs.get(&append.log));
        let (Some(rows), None | Some(Some(_))) = (tables.get(&row.table), log) else {
            // The first write to a table or shard makes its place, then goes the same way.
            drop((tables, logs));
            self.rows_for_writing(row.table);
            append.as_ref().map(|append| self.log_for_writing(append.log));
            return self.commit_one(row, append);
        };
        let mut stripe = rows.stripes[TableRows::stripe_of(row.key.as_bytes())].write();
        let replaced = apply_row(&mut stripe, row);
        if let (Some(log), Some(append)) = (log.flatten(), append) {
            log.write().push(append.record);
        }
        drop(stripe);
        // The old image may be the last reference to a large item: free it outside the lock.
        drop(replaced);
    }
}

/// Frees one segment at a time, after the lock is let go, so that writers never wait for long.
fn trim(log: &RwLock<Log>, upto: Sequence) {
    loop {
        let mut guard = log.write();
        guard.trimmed = guard.trimmed.max(Some(upto));
        let Some(front) = guard.segments.front_mut() else { return };
        let old = front.partition_point(|record| record.sequence <= upto);
        if old == 0 {
            return;
        }
        let freed: Vec<LogRecord> = if old == front.len() {
            guard.segments.pop_front().expect("the front")
        } else {
            front.drain(..old).collect()
        };
        drop(guard);
        drop(freed);
    }
}

fn apply_row(stripe: &mut Stripe, row: RowChange) -> Option<Item> {
    match row.after {
        Some(item) => stripe.insert(row.key, item),
        None => stripe.remove(&row.key),
    }
}

impl Rows for MemoryStore {
    fn get(&self, table: TableId, key: &RowKey) -> Result<Seen<Option<Item>>> {
        let tables = self.tables.read();
        let Some(rows) = tables.get(&table) else { return Ok(Seen::default()) };
        let stripe = rows.stripes[TableRows::stripe_of(key.as_bytes())].read();
        Ok(Seen::settled(stripe.get(key).cloned()))
    }

    fn get_many(&self, wanted: &[Wanted<'_>]) -> Result<Seen<Vec<Option<Item>>>> {
        let tables: BTreeMap<TableId, Arc<TableRows>> =
            wanted.iter().filter_map(|(table, _)| Some((*table, self.rows_of(*table)?))).collect();
        let mut stripes: BTreeMap<(TableId, usize), RwLockReadGuard<'_, Stripe>> = BTreeMap::new();
        let mut places: Vec<(TableId, usize)> =
            wanted.iter().map(|(table, key)| (*table, TableRows::stripe_of(key.as_bytes()))).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            if let Some(rows) = tables.get(&place.0) {
                stripes.insert(place, rows.stripes[place.1].read());
            }
        }
        let items = wanted.iter().map(|(table, key)| {
            stripes.get(&(*table, TableRows::stripe_of(key.as_bytes())))?.get(*key).cloned()
        });
        Ok(Seen::settled(items.collect()))
    }

    fn rows(&self, table: TableId, range: &RowRange, budget: Budget) -> Result<Seen<RowPage>> {
        let (mut page, mut bytes) = (RowPage::default(), 0);
        let Some(rows) = self.rows_of(table) else { return Ok(Seen::default()) };
        let edge = |bound: &Bound<Vec<u8>>, open: usize| match bound {
            Bound::Included(key) | Bound::Excluded(key) => TableRows::stripe_of(key),
            Bound::Unbounded => open,
        };
        let stripes: Vec<usize> = (edge(&range.from, 0)..=edge(&range.to, STRIPES - 1)).collect();
        let bounds = (range.from.as_ref().map(Vec::as_slice), range.to.as_ref().map(Vec::as_slice));
        if is_empty_range(&bounds) {
            return Ok(Seen::default());
        }
        let mut last: Option<RowKey> = None;
        let mut take = |entries: &mut dyn Iterator<Item = (&RowKey, &Item)>| {
            for (key, item) in entries {
                bytes += item.size();
                page.items.push(item.clone());
                if budget.is_spent(page.items.len(), bytes) {
                    last = Some(key.clone());
                    return true;
                }
            }
            false
        };
        let mut full = false;
        if range.descending {
            for stripe in stripes.iter().rev() {
                full = full || take(&mut rows.stripes[*stripe].read().range::<[u8], _>(bounds).rev());
            }
        } else {
            for stripe in &stripes {
                full = full || take(&mut rows.stripes[*stripe].read().range::<[u8], _>(bounds));
            }
        }
        page.last = last.map(|key| key.as_bytes().to_vec());
        Ok(Seen::settled(page))
    }

    fn totals(&self, table: TableId) -> Result<(i64, i64)> {
        let Some(rows) = self.rows_of(table) else { return Ok((0, 0)) };
        let (mut items, mut bytes) = (0, 0);
        for stripe in &rows.stripes {
            let stripe = stripe.read();
            items += stripe.len() as i64;
            bytes += stripe.values().map(|item| item.size() as i64).sum::<i64>();
        }
        Ok((items, bytes))
    }
}

impl Logs for MemoryStore {
    fn records(
        &self,
        log: LogId,
        from: Bound<Sequence>,
        take: &mut dyn FnMut(&LogRecord) -> bool,
    ) -> Result<Seen<Vec<LogRecord>>> {
        let Some(log) = self.log_of(log) else { return Ok(Seen::default()) };
        let log = log.read();
        let start = log.partition_point(|record| match from {
            Bound::Included(at) => record.sequence < at,
            Bound::Excluded(after) => record.sequence <= after,
            Bound::Unbounded => false,
        });
        Ok(Seen::settled(log.iter_from(start).take_while(|record| take(record)).cloned().collect()))
    }

    fn bounds(&self, log: LogId, horizon: Millis) -> Result<Seen<LogBounds>> {
        let Some(log) = self.log_of(log) else { return Ok(Seen::default()) };
        let log = log.read();
        let cut = log.partition_point(|record| record.at <= horizon);
        let trimmed = log.before(cut).map(|record| record.sequence).max(log.trimmed);
        let oldest_at = log.iter_from((0, 0)).next().map(|record| record.at);
        Ok(Seen::settled(LogBounds { last: log.last, trimmed, oldest_at }))
    }

    fn newest_before(&self, log: LogId, moment: Millis) -> Result<Seen<Option<Sequence>>> {
        let Some(log) = self.log_of(log) else { return Ok(Seen::default()) };
        let log = log.read();
        let place = log.partition_point(|record| record.at < moment);
        Ok(Seen::settled(log.before(place).map(|record| record.sequence)))
    }

    fn high_water(&self) -> HighWater {
        let logs = self.logs.read();
        logs.values().map(|log| log.read().high_water()).fold(*self.removed.lock(), newest)
    }
}

impl Meta for MemoryStore {
    fn meta(&self) -> Result<Vec<(String, String)>> {
        Ok(self.meta.read().iter().map(|(name, text)| (name.clone(), text.clone())).collect())
    }
}

impl Upkeep for MemoryStore {
    fn maintain(&self, _now: Millis) -> Result<()> {
        Ok(())
    }

    fn close(&self) -> Result<()> {
        Ok(())
    }
}

impl Store for MemoryStore {
    fn commit(&self, mut batch: Batch) -> Result<Lsn> {
        for removal in batch.removals {
            self.remove(removal);
        }
        if !batch.meta.is_empty() {
            let mut meta = self.meta.write();
            for MetaChange { name, text } in batch.meta {
                match text {
                    Some(text) => drop(meta.insert(name, text)),
                    None => drop(meta.remove(&name)),
                }
            }
        }
        if batch.rows.len() == 1 && batch.records.len() <= 1 {
            let row = batch.rows.pop().expect("one row");
            self.commit_one(row, batch.records.pop());
            return Ok(Lsn::default());
        }
        // Several rows show at once: all their locks are held, taken in one fixed order.
        let tables: BTreeMap<TableId, Arc<TableRows>> =
            batch.rows.iter().map(|row| (row.table, self.rows_for_writing(row.table))).collect();
        let mut stripes: BTreeMap<(TableId, usize), RwLockWriteGuard<'_, Stripe>> = BTreeMap::new();
        let mut places: Vec<(TableId, usize)> =
            batch.rows.iter().map(|row| (row.table, TableRows::stripe_of(row.key.as_bytes()))).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            stripes.insert(place, tables[&place.0].stripes[place.1].write());
        }
        let mut replaced = Vec::with_capacity(batch.rows.len());
        for row in batch.rows {
            let place = (row.table, TableRows::stripe_of(row.key.as_bytes()));
            let stripe = stripes.get_mut(&place).expect("locked above");
            replaced.push(apply_row(stripe, row));
        }
        for append in batch.records {
            self.log_for_writing(append.log).write().push(append.record);
        }
        drop(stripes);
        Ok(Lsn::default())
    }

    fn settle(&self, _upto: Lsn) -> Result<()> {
        Ok(())
    }

    fn is_settled(&self, _upto: Lsn) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::OperationType;
    use crate::value::AttributeValue;

    fn item(id: i64) -> Item {
        Item::new([("id", &AttributeValue::from(id))]).expect("an item")
    }

    fn key(item: &Item) -> RowKey {
        RowKey::new(item.get("id").expect("a key"), None)
    }

    fn record(counter: u64, at: Millis) -> LogRecord {
        LogRecord {
            sequence: Sequence::new(counter, 0),
            at,
            name: OperationType::Insert,
            keys: Some(item(1)),
            new_image: None,
            old_image: None,
            by_service: false,
        }
    }

    fn put(store: &MemoryStore, ids: impl Iterator<Item = i64>) {
        let rows = ids
            .map(item)
            .map(|i| RowChange { table: TableId(1), key: key(&i), before: None, after: Some(i), of: None })
            .collect();
        store.commit(Batch { rows, ..Batch::default() }).expect("memory");
    }

    fn append(store: &MemoryStore, log: LogId, records: impl Iterator<Item = LogRecord>) {
        let records = records.map(|record| Append { log, record }).collect();
        store.commit(Batch { records, ..Batch::default() }).expect("memory");
    }

    #[test]
    fn pages_walk_every_stripe_in_both_directions() {
        let store = MemoryStore::default();
        put(&store, 0..500);
        let walk = |descending: bool| {
            let mut range = RowRange { from: Bound::Unbounded, to: Bound::Unbounded, descending };
            let mut items = Vec::new();
            loop {
                let page = store.rows(TableId(1), &range, Budget::of_rows(7)).expect("memory").value;
                items.extend(page.items);
                match page.last {
                    Some(last) if descending => range.to = Bound::Excluded(last),
                    Some(last) => range.from = Bound::Excluded(last),
                    None => return items,
                }
            }
        };
        let (up, mut down) = (walk(false), walk(true));
        assert_eq!(up.len(), 500);
        down.reverse();
        assert_eq!(up, down);
        assert!(up.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])));
    }

    #[test]
    fn a_range_the_wrong_way_round_is_empty() {
        let store = MemoryStore::default();
        put(&store, 0..10);
        let range =
            RowRange { from: Bound::Included(vec![9]), to: Bound::Included(vec![3]), descending: false };
        assert!(store.rows(TableId(1), &range, Budget::of_rows(10)).expect("memory").value.items.is_empty());
    }

    #[test]
    fn trimming_crosses_segments_and_keeps_the_ends_in_mind() {
        let (store, log) = (MemoryStore::default(), LogId(1));
        let count = 3 * SEGMENT as u64 + 10;
        append(&store, log, (1..=count).map(|n| record(n, n)));
        let cut = SEGMENT as u64 + 5;
        let bounds = |oldest| LogBounds {
            last: Some(Sequence::new(count, 0)),
            trimmed: Some(Sequence::new(cut, 0)),
            oldest_at: Some(oldest),
        };
        let seen = |horizon| store.bounds(log, horizon).expect("memory").value;
        assert_eq!(seen(cut), bounds(1), "before trimming");
        for _ in 0..2 {
            let removals = vec![Removal::Records(log, Sequence::new(cut, 0))];
            store.commit(Batch { removals, ..Batch::default() }).expect("memory");
            assert_eq!(seen(0), bounds(cut + 1), "after trimming");
        }
        let left = store.records(log, Bound::Unbounded, &mut |_| true).expect("memory").value;
        assert_eq!(left.first().map(|r| r.sequence), Some(Sequence::new(cut + 1, 0)));
        assert_eq!(left.len() as u64, count - cut);
    }

    #[test]
    fn totals_are_those_of_the_rows() {
        let store = MemoryStore::default();
        put(&store, 0..500);
        put(&store, 0..9);
        let row =
            RowChange { table: TableId(1), key: key(&item(3)), before: Some(item(3)), after: None, of: None };
        let rows = [row].into_iter().collect();
        store.commit(Batch { rows, ..Batch::default() }).expect("memory");
        let bytes: usize = (0..500).filter(|id| *id != 3).map(|id| item(id).size()).sum();
        assert_eq!(store.totals(TableId(1)), Ok((499, bytes as i64)));
        assert_eq!(store.totals(TableId(2)), Ok((0, 0)));
    }

    #[test]
    fn the_high_water_stays_when_its_records_go() {
        let (store, log) = (MemoryStore::default(), LogId(1));
        assert_eq!(store.high_water(), HighWater::default());
        let of =
            |commit: u64, at: Millis| LogRecord { sequence: Sequence::new(at, commit), ..record(at, at) };
        append(&store, log, [of(900, 40), of(901, 50)].into_iter());
        append(&store, LogId(2), [of(800, 60)].into_iter());
        let newest = HighWater { at: 60, commit: 901 };
        assert_eq!(store.high_water(), newest);
        let removals =
            [Removal::Records(log, Sequence::new(50, 901)), Removal::Log(log), Removal::Log(LogId(2))];
        for removal in removals {
            store.commit(Batch { removals: vec![removal], ..Batch::default() }).expect("memory");
            assert_eq!(store.high_water(), newest, "after {removal:?}");
        }
    }

    #[test]
    fn the_catalog_keeps_the_newest_text_of_each_name() {
        let store = MemoryStore::default();
        for (name, text) in
            [("b", Some("1")), ("a", Some("2")), ("b", Some("3")), ("c", Some("4")), ("c", None)]
        {
            let meta = vec![MetaChange { name: name.to_owned(), text: text.map(str::to_owned) }];
            store.commit(Batch { meta, ..Batch::default() }).expect("memory");
        }
        let kept = vec![("a".to_owned(), "2".to_owned()), ("b".to_owned(), "3".to_owned())];
        assert_eq!(store.meta(), Ok(kept));
    }

    #[test]
    fn reading_starts_at_after_or_between() {
        let (store, log) = (MemoryStore::default(), LogId(1));
        append(&store, log, (1..=600).map(|n| record(2 * n, n)));
        let first = |from| {
            store
                .records(log, from, &mut |_| true)
                .expect("memory")
                .value
                .first()
                .map(|r| r.sequence.counter())
        };
        assert_eq!(first(Bound::Included(Sequence::new(512, 0))), Some(512));
        assert_eq!(first(Bound::Excluded(Sequence::new(512, 0))), Some(514));
        assert_eq!(first(Bound::Included(Sequence::new(513, 0))), Some(514));
        assert_eq!(first(Bound::Excluded(Sequence::new(1200, 0))), None);
    }
}
