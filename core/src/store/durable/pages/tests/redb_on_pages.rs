//! Pages under redb: a database of which nothing is lost, and nothing is wrong.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::*;
use crate::store::vfs::DiskVfs;
use crate::store::vfs::scratch::Scratch;

const TABLE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("rows");

type Rows = BTreeMap<u64, Vec<u8>>;
type Failure = Box<dyn std::error::Error>;

/// A small cache, so that pages are written before their commit and read from the file.
fn database(pages: Pages) -> Result<Database, Failure> {
    Ok(Database::builder().set_cache_size(1 << 16).create_with_backend(pages)?)
}

fn all_rows(database: &Database) -> Result<Rows, Failure> {
    let transaction = database.begin_read()?;
    let table = match transaction.open_table(TABLE) {
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Rows::new()),
        other => other?,
    };
    let mut rows = Rows::new();
    for entry in table.iter()? {
        let (key, value) = entry?;
        rows.insert(key.value(), value.value().to_vec());
    }
    Ok(rows)
}

/// Some rows are put and some removed.
fn change(rows: &Rows, random: &mut dyn FnMut() -> u64) -> Rows {
    let mut rows = rows.clone();
    for _ in 0..random() % 60 {
        let key = random() % 400;
        if random().is_multiple_of(3) {
            rows.remove(&key);
        } else {
            // Most fit a page, some need several.
            let most = if random().is_multiple_of(20) { 20_000 } else { 300 };
            rows.insert(key, vec![random() as u8; (random() % most) as usize]);
        }
    }
    rows
}

fn commit(database: &Database, before: &Rows, after: &Rows, quick_repair: bool) -> Result<(), Failure> {
    let mut transaction = database.begin_write()?;
    transaction.set_quick_repair(quick_repair);
    {
        let mut table = transaction.open_table(TABLE)?;
        for key in before.keys().filter(|key| !after.contains_key(key)) {
            table.remove(key)?;
        }
        for (key, value) in after.iter().filter(|(key, value)| before.get(key) != Some(value)) {
            table.insert(key, value.as_slice())?;
        }
    }
    transaction.commit()?;
    Ok(())
}

#[test]
fn redb_finds_on_disk_what_it_wrote() {
    let scratch = Scratch::new("pages-redb");
    let disk = DiskVfs::new(scratch.path());
    let mut random = random(1);
    let mut rows = Rows::new();
    let writer = database(Pages::create(disk.open(NAME, Opened::New).unwrap()).unwrap()).unwrap();
    for _ in 0..30 {
        let after = change(&rows, &mut random);
        commit(&writer, &rows, &after, true).unwrap();
        rows = after;
    }
    drop(writer);
    let reader = database(Pages::open(disk.open(NAME, Opened::Existing).unwrap()).unwrap()).unwrap();
    assert_eq!(all_rows(&reader).unwrap(), rows);
}

/// Commits until the disk fails, or for a while; then the power goes. Returns the disk, and what it may hold.
fn live(
    disk: &SimDisk,
    rows: &Rows,
    random: &mut dyn FnMut() -> u64,
    quick_repair: bool,
) -> (SimDisk, Vec<Rows>) {
    let mut rows = rows.clone();
    let (call, most) = match random() % 5 {
        0 | 1 => (None, 600),
        2 => (Some(DiskCall::Write), 400),
        3 => (Some(DiskCall::Sync), 40),
        _ => (Some(DiskCall::SetLen), 6),
    };
    fail(disk, call, 1 + random() % most, true);
    let Ok(writer) = open(disk).map_err(Failure::from).and_then(database) else {
        return (disk.crash(random), vec![rows]);
    };
    for _ in 0..random() % 25 {
        let after = change(&rows, random);
        if commit(&writer, &rows, &after, quick_repair).is_err() {
            // Not acknowledged: there or not.
            return (disk.crash(random), vec![rows, after]);
        }
        rows = after;
    }
    if random().is_multiple_of(4) {
        drop(writer);
    }
    (disk.crash(random), vec![rows])
}

fn lives(seed: u64, quick_repair: bool) {
    let mut random = random(seed);
    let mut disk = SimDisk::new(seed);
    drop(database(create(&disk)).unwrap());
    let mut rows = Rows::new();
    for life in 0..4 {
        let (after, possible) = live(&disk, &rows, &mut random, quick_repair);
        disk = after;
        let found = database(open(&disk).unwrap()).and_then(|database| all_rows(&database));
        rows = found.unwrap_or_else(|e| panic!("seed {seed}, life {life}: {e}"));
        assert!(possible.contains(&rows), "seed {seed}, life {life}: a commit is lost, or half there");
    }
}

#[test]
fn no_commit_is_lost_or_halved_by_a_power_loss() {
    (0..60).for_each(|seed| lives(seed, true));
}

#[test]
fn commits_in_one_phase_are_as_safe() {
    (1000..1040).for_each(|seed| lives(seed, false));
}

#[test]
fn a_full_disk_loses_nothing() {
    for seed in 0..20 {
        let mut random = random(seed);
        let disk = SimDisk::new(seed);
        let writer = database(create(&disk)).unwrap();
        let mut rows = Rows::new();
        commit(&writer, &rows, &rows, true).unwrap();
        disk.set_capacity(Some(disk.used() + random() % 200 * 4096));
        let mut possible = None;
        for _ in 0..200 {
            let after = change(&rows, &mut random);
            if commit(&writer, &rows, &after, true).is_err() {
                possible = Some(after);
                break;
            }
            rows = after;
        }
        drop(writer);
        let disk = disk.crash(&mut random);
        disk.set_capacity(None);
        let writer = database(open(&disk).unwrap()).unwrap();
        let found = all_rows(&writer).unwrap();
        assert!(found == rows || Some(&found) == possible.as_ref(), "seed {seed}");
        commit(&writer, &found, &rows, true).unwrap();
        assert_eq!(all_rows(&writer).unwrap(), rows);
    }
}

#[test]
fn damage_gives_an_error_or_the_right_rows_and_no_panic() {
    let mut random = random(3);
    let disk = SimDisk::new(3);
    let mut rows = Rows::new();
    let writer = database(create(&disk)).unwrap();
    for _ in 0..20 {
        let after = change(&rows, &mut random);
        commit(&writer, &rows, &after, true).unwrap();
        rows = after;
    }
    let killed = disk.kill();
    drop(writer);
    let (mut errors, mut right) = (0, 0);
    for round in 0..400 {
        let damaged = if round % 2 == 0 { disk.kill() } else { killed.kill() };
        let physical = damaged.files()[0].1;
        // Nearly half of the bytes are blocks; the front and the checksums get their share.
        let place = match round % 5 {
            0 => random() % FRONT,
            1 => checksums_at(0) + random() % 400,
            2 => {
                damaged.truncate(NAME, random() % physical).unwrap();
                0
            }
            _ => block_at(1) + random() % (physical - block_at(1)),
        };
        if round % 5 != 2 {
            damaged.flip(NAME, place, (random() % 8) as u8).unwrap();
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            open(&damaged).map_err(Failure::from).and_then(database).and_then(|database| {
                let found = all_rows(&database)?;
                let after = change(&found, &mut random);
                commit(&database, &found, &after, true)?;
                assert_eq!(all_rows(&database)?, after);
                Ok(found)
            })
        }));
        match outcome.unwrap_or_else(|_| panic!("round {round}: damage at {place} of {physical}")) {
            Ok(found) => {
                assert_eq!(found, rows, "round {round}: damage at {place} of {physical}");
                right += 1;
            }
            Err(_) => errors += 1,
        }
    }
    assert!(errors > 50 && right > 50, "{errors} errors, {right} unharmed: damage that proves nothing");
}
