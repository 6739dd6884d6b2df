//! Files that are lost, and files that are given back while someone reads.

use std::fs;
use std::ops::Bound;
use std::path::PathBuf;
use std::sync::Arc;

use super::standing_still::{TABLE, open, put, write};
use super::{all_rows, settings};
use crate::api::{ErrorCode, OperationType};
use crate::clock::millis;
use crate::limits::RETENTION;
use crate::store::durable::{DurableStore, Settings};
use crate::store::vfs::DiskVfs;
use crate::store::vfs::scratch::Scratch;
use crate::store::{Append, Batch, LogId, LogRecord, Logs, Removal, Sequence, Store, Upkeep};

/// Without checkpoints, so that the index knows of no segment but the first.
fn unindexed() -> Settings {
    Settings { checkpoint_bytes: 1 << 30, durability: crate::store::Durability::Sync, ..settings(false) }
}

fn reopen(scratch: &Scratch) -> crate::api::Result<DurableStore> {
    DurableStore::open(Arc::new(DiskVfs::new(scratch.path())), None, unindexed(), 7)
}

fn segments(scratch: &Scratch) -> Vec<PathBuf> {
    let folder = fs::read_dir(scratch.path().join("log")).expect("a folder");
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
}

/// Loses the newest segment of a database that was not closed.
fn lose_newest(scratch: &Scratch, store: DurableStore) {
    // As if the process had been killed.
    std::mem::forget(store);
    let newest = segments(scratch).pop().expect("a segment");
    fs::remove_file(&newest).expect("a file");
    let error = reopen(scratch).expect_err("acknowledged writes are gone");
    assert_eq!(error.code(), ErrorCode::Corruption, "{error}");
    let name = newest.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(error.message().contains(&name), "{error}");
}

#[test]
fn the_loss_of_the_newest_segment_is_noticed() {
    let scratch = Scratch::new("newest");
    let store = open(Arc::new(DiskVfs::new(scratch.path())), unindexed());
    // A segment has a mebibyte at least.
    (0..1500).for_each(|number| write(&store, number).expect("room"));
    assert_eq!(segments(&scratch).len(), 2);
    lose_newest(&scratch, store);
}

#[test]
fn the_loss_of_a_segment_that_was_begun_after_a_torn_end_is_noticed() {
    let scratch = Scratch::new("newest-torn");
    let store = open(Arc::new(DiskVfs::new(scratch.path())), unindexed());
    write(&store, 0).expect("room");
    let end = store.shared.log.lock().end();
    std::mem::forget(store);
    let first = segments(&scratch).remove(0);
    let mut bytes = fs::read(&first).expect("the log");
    bytes[end.offset as usize..][..8].copy_from_slice(b"torn off");
    fs::write(&first, bytes).expect("the log");
    let store = reopen(&scratch).expect("a torn end is no damage");
    write(&store, 1).expect("room");
    lose_newest(&scratch, store);
}

#[test]
fn a_segment_that_was_never_written_is_no_loss() {
    let scratch = Scratch::new("newest-empty");
    let store = open(Arc::new(DiskVfs::new(scratch.path())), unindexed());
    write(&store, 0).expect("room");
    store.shared.log.start_segment(&mut store.shared.log.lock()).expect("room");
    store.shared.log.sync().expect("a sound disk");
    std::mem::forget(store);
    let second = segments(&scratch).remove(1);
    // The power went before its first sector was safe; the file and its name were.
    let len = fs::metadata(&second).expect("a file").len() as usize;
    fs::write(&second, vec![0; len]).expect("a file");
    let store = reopen(&scratch).expect("nothing was acknowledged in it");
    assert_eq!(all_rows(&store, TABLE, false, 10).len(), 1);
    write(&store, 1).expect("room");
    drop(store);
    assert_eq!(all_rows(&reopen(&scratch).expect("sound"), TABLE, false, 10).len(), 2);
}

#[test]
fn a_store_closes_with_a_segment_that_is_to_be_given_back() {
    let scratch = Scratch::new("closing-dead");
    let store = open(Arc::new(DiskVfs::new(scratch.path())), unindexed());
    (0..20).for_each(|number| write(&store, number).expect("room"));
    store.shared.log.start_segment(&mut store.shared.log.lock()).expect("room");
    for number in 0..20 {
        let mut batch = put(number);
        batch.rows[0].before = batch.rows[0].after.clone();
        store.commit(batch).expect("room");
    }
    // Nothing lives in the first segment now; it is closed to new references.
    store.shared.checkpoint().expect("a sound disk");
    store.close().expect("the log takes no more, and need not");
    assert_eq!(all_rows(&reopen(&scratch).expect("sound"), TABLE, false, 100).len(), 20);
}

/// A change with a record, at a moment.
fn change(number: i64, at: u64, retention: u64) -> Batch {
    let mut batch = put(number);
    let record = LogRecord {
        sequence: Sequence::new(number as u64 + 1, number as u64 + 1),
        at,
        name: OperationType::Insert,
        keys: None,
        new_image: batch.rows[0].after.clone(),
        old_image: None,
        by_service: false,
    };
    batch.records.push(Append { log: LogId(1), record, retention });
    batch
}

#[test]
fn records_that_are_trimmed_while_they_are_read_are_no_damage() {
    // However long their stream keeps them, told to be removed or old enough to go.
    for retention in [millis(RETENTION), 3_600_000, 60 * 3_600_000] {
        trim_while_reading(retention, true);
        trim_while_reading(retention, false);
    }
}

fn trim_while_reading(retention: u64, is_told: bool) {
    let scratch = Scratch::new("trimmed");
    let store = open(Arc::new(DiskVfs::new(scratch.path())), settings(false));
    for number in 0..4 {
        store.commit(change(number, 1000, retention)).expect("room");
        // Each in a segment of its own.
        store.shared.compact(true).expect("a sound disk");
    }
    let mut left = 1;
    let read = store.records(LogId(1), Bound::Unbounded, retention, &mut |_| {
        if left == 1 {
            let told = is_told.then(|| Removal::Records(LogId(1), Sequence::new(4, 4)));
            let removals = told.into_iter().collect();
            store.commit(Batch { removals, ..Batch::default() }).expect("room");
            for number in 0..4 {
                let mut batch = put(number);
                batch.rows[0].before = batch.rows[0].after.clone();
                store.commit(batch).expect("room");
            }
            store.maintain(1000 + retention).expect("a sound disk");
            store.shared.compact(true).expect("a sound disk");
        }
        left -= 1;
        true
    });
    let error = read.expect_err("they are gone");
    assert_eq!(error.code(), ErrorCode::TrimmedDataAccess, "{error}");
}
