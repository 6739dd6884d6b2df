//! The durable store against the store in memory: whatever one answers, the other does, also after checkpoints, removals and reopening.

mod losses;
mod reading;
mod standing_still;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{DurableStore, Settings};
use crate::api::OperationType;
use crate::clock::millis;
use crate::entropy::Entropy;
use crate::limits::RETENTION;
use crate::store::vfs::DiskVfs;
use crate::store::vfs::Vfs;
use crate::store::vfs::simulated::SimDisk;
use crate::store::{
    Append, BaseRow, Batch, Budget, Durability, LogId, LogRecord, Logs, MemoryStore, MetaChange, Removal,
    RowChange, RowRange, Rows, Sequence, Store, TableId, Upkeep, Wanted,
};
use crate::value::key::RowKey;
use crate::value::{AttributeValue, Item};

const TABLES: u64 = 3;
/// Derived from the first table.
const SPACE: TableId = TableId(100);
const LOGS: u64 = 3;

fn settings(background: bool) -> Settings {
    Settings {
        durability: if background { Durability::Sync } else { Durability::None },
        sync_every: Duration::from_millis(50),
        cache_bytes: 8 * 1024,
        checkpoint_bytes: 16 * 1024,
        background,
    }
}

fn open(path: &Path, background: bool) -> DurableStore {
    DurableStore::open(Arc::new(DiskVfs::new(path)), None, settings(background), 7)
        .expect("a sound directory")
}

struct World {
    entropy: Entropy,
    counters: [u64; LOGS as usize],
    now: u64,
    commit: u64,
    meta: BTreeMap<String, String>,
}

impl World {
    fn below(&self, bound: u64) -> u64 {
        self.entropy.next() % bound
    }

    fn item(&self, id: u64) -> Item {
        let text = "x".repeat(self.below(600) as usize);
        let (id, version) = (id as i64, self.below(1 << 40) as i64);
        Item::new([
            ("id", &AttributeValue::from(id)),
            ("text", &AttributeValue::from(text.as_str())),
            ("version", &AttributeValue::from(version)),
        ])
        .expect("an item")
    }

    /// A change of a row, as the engine would make it from what the store says.
    fn write(&mut self, store: &dyn Store) -> Batch {
        let (table, id) = (TableId(self.below(TABLES)), self.below(40));
        let key = RowKey::new(self.item(id).get("id").expect("a key"), None);
        let before = store.get(table, &key).expect("readable").value;
        let after = if self.below(4) == 0 { None } else { Some(self.item(id)) };
        let mut batch = Batch::default();
        if before.is_none() && after.is_none() {
            return batch;
        }
        let log = self.below(LOGS);
        self.counters[log as usize] += 1;
        self.commit += 1;
        let keys = (log == 0).then(|| self.item(id));
        let record = LogRecord {
            sequence: Sequence::new(self.counters[log as usize], self.commit),
            at: self.now,
            name: if before.is_some() { OperationType::Modify } else { OperationType::Insert },
            new_image: after.clone().filter(|_| keys.is_none()),
            old_image: before.clone().filter(|_| keys.is_none()),
            keys,
            by_service: self.below(2) == 0,
        };
        batch.records.push(Append { log: LogId(log), record, retention: millis(RETENTION) });
        if table == TableId(0) {
            batch.rows.extend(derived(&key, before.as_ref(), after.as_ref()));
        }
        batch.rows.push(RowChange { table, key, before, after, of: None });
        batch
    }

    /// A change of the catalog, or a removal of old records.
    fn rearrange(&mut self, store: &dyn Store) -> Batch {
        let name = format!("name/{}", self.below(5));
        let text = (self.below(3) > 0).then(|| format!("text {}", self.below(1000)));
        match &text {
            Some(text) => drop(self.meta.insert(name.clone(), text.clone())),
            None => drop(self.meta.remove(&name)),
        }
        let mut batch = Batch { meta: vec![MetaChange { name, text }], ..Batch::default() };
        let log = LogId(self.below(LOGS));
        let horizon = self.now.saturating_sub(self.below(40));
        let cut = store.bounds(log, horizon).expect("readable").value.trimmed;
        batch.removals.extend(cut.map(|upto| Removal::Records(log, upto)));
        batch
    }

    /// All records are older than a day, and removed: nothing but rows needs a segment then.
    fn grow_old(&mut self, store: &dyn Store) -> Vec<Removal> {
        self.now += 100_000_000;
        let cut = |log: u64| {
            let upto = store.bounds(LogId(log), self.now).expect("readable").value.trimmed?;
            Some(Removal::Records(LogId(log), upto))
        };
        (0..LOGS).filter_map(cut).collect()
    }

    fn step(&mut self, store: &dyn Store) -> Batch {
        self.now += self.below(3);
        if self.below(10) == 0 { self.rearrange(store) } else { self.write(store) }
    }
}

/// The key under which an item of the first table stands in the space: its length first.
fn derived_key(base: &RowKey, item: &Item) -> RowKey {
    let len = (item.as_bytes().len() as u64 / 50).to_be_bytes();
    RowKey::from_bytes(&[&len[..], base.as_bytes()].concat())
}

/// What a change of a row of the first table does to the space.
fn derived(base: &RowKey, before: Option<&Item>, after: Option<&Item>) -> Vec<RowChange> {
    let of = Some(BaseRow::new(TableId(0), base));
    let change = |key: RowKey, before: Option<&Item>, after: Option<&Item>| RowChange {
        table: SPACE,
        key,
        before: before.cloned(),
        after: after.cloned(),
        of,
    };
    let keys = [before, after].map(|item| item.map(|item| derived_key(base, item)));
    match keys {
        [Some(old), Some(new)] if old == new => vec![change(new, before, after)],
        [old, new] => {
            let old = old.map(|key| change(key, before, None));
            old.into_iter().chain(new.map(|key| change(key, None, after))).collect()
        }
    }
}

fn copy(batch: &Batch) -> Batch {
    Batch {
        rows: batch
            .rows
            .iter()
            .map(|row| RowChange {
                table: row.table,
                key: row.key.clone(),
                before: row.before.clone(),
                after: row.after.clone(),
                of: row.of,
            })
            .collect(),
        records: batch
            .records
            .iter()
            .map(|a| Append { log: a.log, record: a.record.clone(), retention: a.retention })
            .collect(),
        meta: batch
            .meta
            .iter()
            .map(|change| MetaChange { name: change.name.clone(), text: change.text.clone() })
            .collect(),
        removals: batch.removals.clone(),
    }
}

fn row_key(id: u64) -> RowKey {
    let id = AttributeValue::from(id as i64);
    RowKey::new(Item::new([("id", &id)]).expect("an item").get("id").expect("a key"), None)
}

fn all_rows(store: &dyn Store, table: TableId, descending: bool, page: usize) -> Vec<Item> {
    let mut range = RowRange { from: Bound::Unbounded, to: Bound::Unbounded, descending };
    let mut items = Vec::new();
    loop {
        let found = store.rows(table, &range, Budget::of_rows(page)).expect("readable").value;
        items.extend(found.items);
        match found.last {
            Some(last) if descending => range.to = Bound::Excluded(last),
            Some(last) => range.from = Bound::Excluded(last),
            None => return items,
        }
    }
}

fn compare(world: &World, durable: &dyn Store, memory: &dyn Store) {
    for table in (0..TABLES).map(TableId).chain([SPACE]) {
        for (descending, page) in [(false, 7), (true, 3), (false, 1000)] {
            let (ours, theirs) =
                (all_rows(durable, table, descending, page), all_rows(memory, table, descending, page));
            assert_eq!(ours, theirs, "{table:?} {descending} {page}");
        }
        assert_eq!(
            durable.totals(table).expect("readable").0,
            all_rows(memory, table, false, 100).len() as i64,
            "{table:?}"
        );
        assert_eq!(durable.totals(table).expect("readable"), memory.totals(table).expect("readable"));
    }
    for item in all_rows(memory, TableId(0), false, 1000) {
        let key = derived_key(&RowKey::new(item.get("id").expect("a key"), None), &item);
        let seen = [durable, memory].map(|store| store.get(SPACE, &key).expect("readable").value);
        assert_eq!(seen, [Some(item.clone()), Some(item)]);
    }
    for log in (0..LOGS).map(LogId) {
        let mut horizon = 0;
        while horizon <= world.now + 5 {
            if horizon + 2_000 < world.now {
                horizon = world.now - 1_000;
            }
            let (ours, theirs) = (durable.bounds(log, horizon), memory.bounds(log, horizon));
            let (ours, theirs) = (ours.expect("readable").value, theirs.expect("readable").value);
            assert_eq!(ours, theirs, "{log:?} {horizon}");
            let trimmed = memory.bounds(log, 0).expect("readable").value.trimmed;
            let before = |store: &dyn Store| store.newest_before(log, horizon).expect("readable").value;
            assert_eq!(before(durable).max(trimmed), before(memory).max(trimmed), "{log:?} {horizon}");
            horizon += 1 + world.below(30);
        }
        let trimmed = memory.bounds(log, 0).expect("readable").value.trimmed;
        let from = trimmed.map_or(Bound::Unbounded, Bound::Excluded);
        let most = world.below(500) as usize;
        let read = |store: &dyn Store| {
            let mut count = 0;
            let taken = store.records(log, from, millis(RETENTION), &mut |_| {
                count += 1;
                count <= most
            });
            taken.expect("readable").value
        };
        assert_eq!(read(durable), read(memory), "{log:?}");
    }
    let keys: Vec<RowKey> = (0..40).map(row_key).collect();
    let wanted: Vec<Wanted<'_>> =
        (0..TABLES).flat_map(|table| keys.iter().map(move |key| (TableId(table), key))).collect();
    let many = |store: &dyn Store| store.get_many(&wanted).expect("readable").value;
    let singly = wanted.iter().map(|(table, key)| memory.get(*table, key).expect("readable").value);
    assert_eq!(many(memory), singly.collect::<Vec<_>>());
    assert_eq!(many(durable), many(memory));
    let known: Vec<(String, String)> = world.meta.clone().into_iter().collect();
    assert_eq!(durable.meta().expect("readable"), known);
}

/// What happens to the disk when the store is opened anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Between {
    /// It is closed or left open first.
    Nothing,
    /// The power goes.
    PowerCut,
}

fn open_on(disk: &SimDisk, settings: Settings) -> DurableStore {
    DurableStore::open(Arc::new(disk.clone()), None, settings, 7).expect("a sound disk")
}

fn play(seed: u64, background: bool, steps: usize, between: Between) {
    let mut disk = SimDisk::new(seed);
    let settings = match between {
        Between::Nothing => settings(background),
        Between::PowerCut => Settings { durability: Durability::Sync, ..settings(background) },
    };
    let mut world = World {
        entropy: Entropy::seeded(seed),
        counters: [0; 3],
        now: 1000,
        commit: 0,
        meta: BTreeMap::new(),
    };
    let memory = MemoryStore::default();
    let mut durable = open_on(&disk, settings.clone());
    for step in 0..steps {
        let batch = world.step(&memory);
        // The engine hands a store its own items back, so that the log can refer to them.
        let mut ours = copy(&batch);
        for row in &mut ours.rows {
            let known = durable.get(row.table, &row.key).expect("readable").value;
            assert_eq!(known, row.before, "step {step}");
            if row.of.is_none() {
                for append in ours.records.iter_mut().filter(|append| append.record.old_image.is_some()) {
                    append.record.old_image = known.clone();
                }
            }
            row.before = known;
        }
        let lsn = durable.commit(ours).expect("room");
        durable.settle(lsn).expect("a sound disk");
        memory.commit(batch).expect("memory");
        match world.below(60) {
            0 => {
                compare(&world, &durable, &memory);
                if between == Between::PowerCut {
                    disk = disk.crash(&mut || world.entropy.next());
                } else if world.below(2) == 0 {
                    durable.close().expect("a sound disk");
                }
                drop(durable);
                if world.below(2) == 0 {
                    // The index is lost with it: the log has everything.
                    let vfs: &dyn Vfs = &disk;
                    vfs.remove("index/manifest").expect("it is there");
                }
                durable = open_on(&disk, settings.clone());
                assert_eq!(durable.high_water(), memory.high_water());
                compare(&world, &durable, &memory);
            }
            1 => durable.maintain(world.now + 100_000_000).expect("a sound disk"),
            4 => {
                let removals = world.grow_old(&memory);
                for store in [&durable as &dyn Store, &memory] {
                    store.commit(Batch { removals: removals.clone(), ..Batch::default() }).expect("room");
                }
                durable.compact(world.now).expect("a sound disk");
            }
            2 => durable.shared.checkpoint().expect("a sound disk"),
            3 => compare(&world, &durable, &memory),
            _ => {}
        }
    }
    compare(&world, &durable, &memory);
}

#[test]
fn both_stores_answer_alike() {
    for seed in 1..=6 {
        play(seed, false, 600, Between::Nothing);
    }
}

#[test]
fn both_stores_answer_alike_with_a_thread_behind() {
    for seed in 1..=3 {
        play(seed, true, 400, Between::Nothing);
    }
}

#[test]
fn both_stores_answer_alike_after_power_cuts() {
    for seed in 11..=16 {
        play(seed, false, 400, Between::PowerCut);
    }
}

/// A row is deleted, and the segment that says so is removed while the one with the row stays: the log alone must not bring it back.
#[test]
fn what_is_deleted_stays_so_when_the_index_is_lost() {
    let disk = SimDisk::new(21);
    let store = open_on(&disk, settings(false));
    let item = |id: u64, text: &str| {
        let (id, text) = (AttributeValue::from(id as i64), AttributeValue::from(text));
        Item::new([("id", &id), ("text", &text)]).expect("an item")
    };
    let write = |id: u64, before: Option<Item>, after: Option<Item>| {
        let row = RowChange { table: TableId(1), key: row_key(id), before, after, of: None };
        let rows = [row].into_iter().collect();
        store.commit(Batch { rows, ..Batch::default() }).expect("room");
    };
    let (large, small) = ("x".repeat(10_000), "x".repeat(100));
    (0..50).for_each(|id| write(id, None, Some(item(id, &large))));
    store.compact(0).expect("a sound disk");
    write(7, Some(item(7, &large)), None);
    for id in 100..200 {
        write(id, None, Some(item(id, &small)));
        write(id, Some(item(id, &small)), None);
    }
    let segments = |disk: &SimDisk| disk.files().iter().filter(|(name, _)| name.starts_with("log/")).count();
    let before = segments(&disk);
    store.compact(1).expect("a sound disk");
    assert!(segments(&disk) <= before, "the segment with the deletion is gone");
    store.close().expect("a sound disk");
    drop(store);
    let vfs: &dyn Vfs = &disk;
    vfs.remove("index/manifest").expect("it is there");
    let store = open_on(&disk, settings(false));
    assert_eq!(store.get(TableId(1), &row_key(7)).expect("readable").value, None);
    assert_eq!(all_rows(&store, TableId(1), false, 100).len(), 49);
    let (items, _) = store.totals(TableId(1)).expect("readable");
    assert_eq!(items, 49);
    store.close().expect("a sound disk");
}

/// Closing brings the index up to date, and may find a segment that nothing needs any more: the log takes no more frames then.
#[test]
fn closing_leaves_a_dead_segment_to_the_next_opening() {
    let disk = SimDisk::new(22);
    let store = open_on(&disk, Settings { checkpoint_bytes: 1 << 30, ..settings(false) });
    let item = Item::new([("text", &AttributeValue::from("x".repeat(100_000).as_str()))]).expect("an item");
    let write = |before: Option<Item>, after: Option<Item>| {
        let row = RowChange { table: TableId(1), key: row_key(1), before, after, of: None };
        store.commit(Batch { rows: [row].into_iter().collect(), ..Batch::default() }).expect("room");
    };
    write(None, Some(item.clone()));
    (0..30).for_each(|_| write(Some(item.clone()), Some(item.clone())));
    // Closed to new references now, and known to be dead at the next checkpoint.
    store.shared.checkpoint().expect("a sound disk");
    assert!(store.shared.segments.all().iter().any(|segment| segment.is_condemned()));
    write(Some(item.clone()), None);
    store.close().expect("nothing is wrong with the disk");
    drop(store);
    let store = open_on(&disk, settings(false));
    assert_eq!(store.get(TableId(1), &row_key(1)).expect("readable").value, None);
    store.close().expect("a sound disk");
}
