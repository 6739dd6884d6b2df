//! The index against maps that hold what it must say: through checkpoints, merges, power cuts, failures and damage.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::ops::Bound;
use std::sync::Arc;

use super::Index;
use crate::api::{ErrorCode, OperationType};
use crate::clock::millis;
use crate::entropy::Entropy;
use crate::limits::RETENTION;
use crate::store::durable::layer::{Contents, RecordEntry, RecordPlaces, RowEntry, Shows, Stored};
use crate::store::durable::place::{Base, Place, Point, RowPlace};
use crate::store::vfs::simulated::{DiskFault, SimDisk};
use crate::store::vfs::{Opened, Vfs};
use crate::store::{LogId, LogRecord, Lsn, Removal, Sequence, TableId};
use crate::value::Item;
use crate::value::key::RowKey;

const CACHE_BYTES: usize = 64 * 1024;

/// What the index must say.
#[derive(Clone, Default, PartialEq, Debug)]
struct Model {
    rows: BTreeMap<(u64, Vec<u8>), u32>,
    records: BTreeMap<(u64, u128), u32>,
    meta: BTreeMap<String, String>,
    end: u32,
}

struct World {
    entropy: Entropy,
    model: Model,
    next: u32,
}

fn place(offset: u32) -> Place {
    Place { point: Point { segment: 1, offset }, len: 10, crc: offset }
}

/// The rows of the third table are derived: each shows an item of the first.
fn row_place(table: u64, key: &[u8], offset: u32) -> RowPlace {
    let base = Base { table: TableId(1), key: RowKey::from_bytes(&key[8..]) };
    RowPlace { place: place(offset), of: (table == 3).then_some(base) }
}

impl World {
    fn new(seed: u64) -> World {
        World { entropy: Entropy::seeded(seed), model: Model::default(), next: 100 }
    }

    fn below(&self, bound: u64) -> u64 {
        self.entropy.next() % bound
    }

    /// A checkpoint's worth of changes, done in the model as well.
    fn contents(&mut self, changes: u64) -> Contents {
        let mut contents = Contents::default();
        for _ in 0..changes {
            self.next += 1;
            let (table, key) = (1 + self.below(3), self.below(5000).to_be_bytes().repeat(3));
            let row = RowKey::from_bytes(&key);
            let stored = if self.below(4) == 0 {
                self.model.rows.remove(&(table, key));
                None
            } else {
                let RowPlace { place, of } = row_place(table, &key, self.next);
                self.model.rows.insert((table, key), self.next);
                let shows = of.map_or_else(|| Shows::Own(Item::empty()), Shows::That);
                Some(Stored { shows, place })
            };
            contents.set_row(TableId(table), row, RowEntry { lsn: Lsn::default(), stored });
            if self.below(3) == 0 {
                let (log, sequence) = (self.below(3), Sequence(u128::from(self.next)));
                let record = LogRecord {
                    sequence,
                    at: self.next.into(),
                    name: OperationType::Insert,
                    keys: None,
                    new_image: None,
                    old_image: None,
                    by_service: false,
                };
                let places = RecordPlaces { new: Some(place(self.next)), ..RecordPlaces::default() };
                let lsn = Point { segment: 1, offset: self.next }.lsn();
                contents.add_record(LogId(log), millis(RETENTION), RecordEntry { lsn, record, places });
                self.model.records.insert((log, sequence.0), self.next);
            }
        }
        let name = format!("name/{}", self.below(20));
        let text = (self.below(3) > 0).then(|| "text ".repeat(self.below(3000) as usize));
        match &text {
            Some(text) => drop(self.model.meta.insert(name.clone(), text.clone())),
            None => drop(self.model.meta.remove(&name)),
        }
        contents.meta.insert(name, text);
        if self.below(3) == 0 {
            let (log, upto) = (self.below(3), u128::from(self.next) - u128::from(self.below(200)));
            contents.remove(Removal::Records(LogId(log), Sequence(upto)));
            self.model.records.retain(|(other, sequence), _| *other != log || *sequence > upto);
        }
        self.model.end = self.next;
        contents.end = Point { segment: 1, offset: self.next };
        contents
    }
}

/// The segments of a checkpoint.
fn segments(contents: &Contents) -> BTreeMap<u32, u32> {
    [(1, contents.end.offset)].into()
}

fn check(index: &Index, model: &Model, entropy: &Entropy) {
    let reading = index.reader();
    assert_eq!(reading.applied(), Point { segment: 1, offset: model.end });
    for table in 1..=3 {
        let all: Vec<_> = model.rows.iter().filter(|((other, _), _)| *other == table).collect();
        for descending in [false, true] {
            let found =
                reading.rows(TableId(table), (Bound::Unbounded, Bound::Unbounded), descending, usize::MAX);
            let mut found: Vec<_> = found.expect("sound").into_iter().collect();
            if descending {
                found.reverse();
            }
            let shown = |((_, key), at): &(&(u64, Vec<u8>), &u32)| (key.clone(), row_place(table, key, **at));
            let expected: Vec<_> = all.iter().map(shown).collect();
            assert_eq!(found, expected);
        }
        for _ in 0..50 {
            let key = (entropy.next() % 5000).to_be_bytes().repeat(3);
            let expected = model.rows.get(&(table, key.clone())).map(|at| row_place(table, &key, *at));
            assert_eq!(reading.row(TableId(table), &key).expect("sound"), expected);
            let (from, most) = (Bound::Excluded(key.as_slice()), 1 + entropy.next() as usize % 30);
            let found = reading.rows(TableId(table), (from, Bound::Unbounded), false, most).expect("sound");
            let after = all.iter().filter(|((_, other), _)| *other > key).take(most);
            assert_eq!(
                found,
                after.map(|((_, key), at)| (key.clone(), row_place(table, key, **at))).collect::<Vec<_>>()
            );
        }
    }
    let live: u64 = model.rows.values().map(|_| 10).sum();
    assert_eq!(reading.segments()[&1].live, live);
    for log in 0..3 {
        // Records that were removed may still be there; what trims them is above.
        let trimmed = reading.heads().expect("sound").get(&LogId(log)).and_then(|head| head.trimmed);
        let from = trimmed.map_or(Bound::Unbounded, Bound::Excluded);
        let found = reading.records(LogId(log), from, usize::MAX).expect("sound");
        let expected = model.records.range((log, 0)..=(log, u128::MAX));
        let expected: Vec<_> = expected.map(|((_, sequence), at)| (*sequence, Some(place(*at)))).collect();
        let found: Vec<_> = found.iter().map(|entry| (entry.record.sequence.0, entry.places.new)).collect();
        assert_eq!(found, expected);
    }
    assert_eq!(reading.meta().expect("sound"), model.meta);
    assert_eq!(index.check().expect("readable"), None);
}

fn create(disk: &Arc<dyn Vfs>) {
    let contents = Contents { end: Point { segment: 1, offset: 0 }, ..Contents::default() };
    Index::create(disk, &contents, &segments(&contents)).expect("a new index");
}

fn open(disk: &SimDisk) -> Index {
    Index::open(Arc::new(disk.clone()), CACHE_BYTES).expect("sound")
}

fn merge_all(index: &Index) {
    while index.merge().expect("a sound disk") {}
}

#[test]
fn it_says_what_was_put_in_through_merges_and_openings() {
    for seed in 1..=3 {
        let disk = SimDisk::new(seed);
        create(&(Arc::new(disk.clone()) as Arc<dyn Vfs>));
        let (mut world, mut index) = (World::new(seed), open(&disk));
        for _ in 0..30 {
            let changes = world.below(1500);
            let contents = world.contents(changes);
            index.apply(&contents, &segments(&contents)).expect("a sound disk");
            match world.below(8) {
                0 => drop(index.merge().expect("a sound disk")),
                1 => merge_all(&index),
                2 => index.compact().expect("a sound disk"),
                3 => {
                    drop(index);
                    index = open(&disk);
                }
                _ => {}
            }
            check(&index, &world.model, &world.entropy);
        }
        merge_all(&index);
        index.compact().expect("a sound disk");
        check(&index, &world.model, &world.entropy);
        assert!(disk.files().len() <= 3, "one run of rows, one of records: {:?}", disk.files());
        let entries = index.reader().view.rows[0].entries as usize;
        let others = world.model.meta.len() + 3;
        assert!(entries <= world.model.rows.len() + others, "nothing removed is kept: {entries}");
    }
}

/// Each call on the disk fails once, or the power goes there: the index is at the old point of the log or at the new one.
#[test]
fn a_failure_at_any_call_leaves_the_old_state_or_the_new_one() {
    let begin = || {
        let disk = SimDisk::new(9);
        create(&(Arc::new(disk.clone()) as Arc<dyn Vfs>));
        let (mut world, index) = (World::new(9), open(&disk));
        for _ in 0..3 {
            let contents = world.contents(300);
            index.apply(&contents, &segments(&contents)).expect("a sound disk");
        }
        (disk, world, index)
    };
    let mut failed = 0;
    for lasting in [false, true] {
        for nth in 1.. {
            let (disk, mut world, index) = begin();
            let before = world.model.clone();
            disk.plan(DiskFault { call: None, prefix: "index".into(), nth, lasting, kind: ErrorKind::Other });
            let contents = world.contents(300);
            let outcome = index.apply(&contents, &segments(&contents)).and_then(|()| index.compact());
            let crashed = disk.crash(&mut || world.entropy.next());
            disk.repair();
            let killed = open(&disk.kill());
            let found = if killed.reader().applied() == contents.end { &world.model } else { &before };
            check(&killed, found, &world.entropy);
            let after_the_cut = open(&crashed);
            let found = if after_the_cut.reader().applied() == contents.end { &world.model } else { &before };
            check(&after_the_cut, found, &world.entropy);
            // It goes on, whatever it was told.
            if index.reader().applied() != contents.end {
                index.apply(&contents, &segments(&contents)).expect("the disk works again");
            }
            check(&index, &world.model, &world.entropy);
            drop(index);
            check(&open(&disk), &world.model, &world.entropy);
            match outcome {
                Ok(()) => break,
                Err(error) => {
                    assert_eq!(error.code(), ErrorCode::Storage, "{error}");
                    failed += 1;
                }
            }
        }
    }
    assert!(failed > 30, "{failed} calls failed");
}

#[test]
fn damage_to_any_byte_is_an_error_or_does_not_matter() {
    let disk = SimDisk::new(4);
    create(&(Arc::new(disk.clone()) as Arc<dyn Vfs>));
    let (mut world, index) = (World::new(4), open(&disk));
    for _ in 0..2 {
        let contents = world.contents(200);
        index.apply(&contents, &segments(&contents)).expect("a sound disk");
    }
    drop(index);
    let everything = |disk: &SimDisk| -> crate::api::Result<()> {
        let index = Index::open(Arc::new(disk.clone()), CACHE_BYTES)?;
        let reading = index.reader();
        let rows = reading.all_rows(None, usize::MAX)?;
        let shown = |((table, key), at): (&(u64, Vec<u8>), &u32)| {
            (TableId(*table), key.clone(), row_place(*table, key, *at))
        };
        let expected = world.model.rows.iter().map(shown);
        assert_eq!(rows, expected.collect::<Vec<_>>());
        assert_eq!(reading.meta()?, world.model.meta);
        match index.check()? {
            None => Ok(()),
            Some(wrong) => Err(super::damaged(&wrong)),
        }
    };
    everything(&disk).expect("sound");
    let (mut found, mut tried) = (0, 0);
    for (name, len) in disk.files() {
        for at in (0..len).step_by(7) {
            let damaged = disk.kill();
            damaged.flip(&name, at, (at % 8) as u8).expect("a byte");
            tried += 1;
            match everything(&damaged) {
                Ok(()) => {}
                Err(error) => {
                    assert_eq!(error.code(), ErrorCode::Corruption, "{name} {at}: {error}");
                    found += 1;
                }
            }
        }
    }
    assert_eq!(found, tried, "every byte is covered by a checksum");
}

#[test]
fn rows_of_a_removed_table_leave_the_counts_and_then_the_runs() {
    let disk = SimDisk::new(5);
    create(&(Arc::new(disk.clone()) as Arc<dyn Vfs>));
    let (mut world, index) = (World::new(5), open(&disk));
    let contents = world.contents(1000);
    index.apply(&contents, &segments(&contents)).expect("a sound disk");
    let mut removal = Contents { end: contents.end, ..Contents::default() };
    removal.remove(Removal::Rows(TableId(1)));
    removal.remove(Removal::Rows(TableId(77)));
    index.apply(&removal, &segments(&removal)).expect("a sound disk");
    let mut steps = 0;
    while index.pay().expect("a sound disk") {
        steps += 1;
    }
    assert_eq!(steps, 2, "one for each table");
    world.model.rows.retain(|(table, _), _| *table != 1);
    assert_eq!(index.reader().segments()[&1].live, 10 * world.model.rows.len() as u64);
    assert_eq!(index.reader().all_rows(None, usize::MAX).expect("sound").len(), world.model.rows.len());
    assert_eq!(index.reader().view.facts.removed.len(), 1, "nothing was ever known of the other table");
    index.compact().expect("a sound disk");
    assert!(index.reader().view.facts.removed.is_empty());
    check(&index, &world.model, &world.entropy);
}

#[test]
fn runs_whose_records_were_all_removed_are_let_go_without_a_merge() {
    let disk = SimDisk::new(6);
    create(&(Arc::new(disk.clone()) as Arc<dyn Vfs>));
    let (mut world, index) = (World::new(6), open(&disk));
    for _ in 0..2 {
        let mut contents = world.contents(300);
        contents.removals.clear();
        index.apply(&contents, &segments(&contents)).expect("a sound disk");
    }
    assert_eq!(index.reader().view.records.len(), 2);
    let first = index.reader().view.records[0].id;
    let mut removal = Contents { end: Point { segment: 1, offset: world.next }, ..Contents::default() };
    for log in 0..3 {
        removal.remove(Removal::Records(LogId(log), Sequence(u128::from(world.next))));
    }
    index.apply(&removal, &segments(&removal)).expect("a sound disk");
    assert!(index.reader().view.records.is_empty());
    let vfs: &dyn Vfs = &disk;
    let gone = vfs.open(&super::file_name(first), Opened::Existing).expect_err("its file is gone");
    assert_eq!(gone.kind(), ErrorKind::NotFound);
}
