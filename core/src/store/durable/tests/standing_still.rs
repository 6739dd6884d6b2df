//! Disks that stand still, and work that ends in a panic: who waits for whom.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use parking_lot::Mutex;

use super::{all_rows, settings};
use crate::api::ErrorCode;
use crate::monitor::Monitor;
use crate::store::durable::{DurableStore, Settings};
use crate::store::vfs::scratch::Scratch;
use crate::store::vfs::{DiskVfs, Opened, Vfs, VfsFile};
use crate::store::{Batch, Durability, Lsn, RowChange, Store, TableId, Upkeep};
use crate::value::key::RowKey;
use crate::value::{AttributeValue, Item};

type Hook = Arc<dyn Fn(&str) + Send + Sync>;

/// A directory where something happens before each write to a file.
struct Watched {
    disk: DiskVfs,
    before_write: Hook,
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.disk.fmt(f)
    }
}

fn watched(scratch: &Scratch, before_write: impl Fn(&str) + Send + Sync + 'static) -> Arc<dyn Vfs> {
    Arc::new(Watched { disk: DiskVfs::new(scratch.path()), before_write: Arc::new(before_write) })
}

impl Vfs for Watched {
    fn open(&self, name: &str, how: Opened) -> io::Result<Arc<dyn VfsFile>> {
        let file = self.disk.open(name, how)?;
        Ok(Arc::new(WatchedFile { file, name: name.to_owned(), before_write: self.before_write.clone() }))
    }
    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.disk.list(folder)
    }
    fn create_folder(&self, name: &str) -> io::Result<()> {
        self.disk.create_folder(name)
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }
    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }
    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        self.disk.sync_folder(folder)
    }
}

struct WatchedFile {
    file: Arc<dyn VfsFile>,
    name: String,
    before_write: Hook,
}

impl fmt::Debug for WatchedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}

impl VfsFile for WatchedFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        self.file.read_at(buffer, at)
    }
    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        (self.before_write)(&self.name);
        self.file.write_at(bytes, at)
    }
    fn allocate(&self, len: u64) -> io::Result<()> {
        self.file.allocate(len)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }
    fn sync(&self) -> io::Result<()> {
        self.file.sync()
    }
}

/// Stops who comes, until it is opened.
#[derive(Default)]
struct Gate {
    open: Monitor<bool>,
}

impl Gate {
    fn pass(&self) {
        let mut open = self.open.lock();
        while !*open {
            open = self.open.wait(open);
        }
    }

    fn open(&self) {
        *self.open.lock() = true;
        self.open.notify_all();
    }
}

/// Opens a gate at the end, also when an assertion has failed: whoever stands before it is waited for.
struct Opening<'a>(&'a Gate);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.open();
    }
}

pub(super) const TABLE: TableId = TableId(1);

/// A new item of about a kilobyte; its number is its key.
pub(super) fn put(number: i64) -> Batch {
    let key = AttributeValue::from(number);
    let text = AttributeValue::from("x".repeat(1000).as_str());
    let item = Item::new([("id", &key), ("text", &text)]).expect("an item");
    let key = RowKey::new(item.get("id").expect("a key"), None);
    let row = RowChange { table: TABLE, key, before: None, after: Some(item), of: None };
    let mut batch = Batch::default();
    batch.rows.push(row);
    batch
}

pub(super) fn write(store: &DurableStore, number: i64) -> crate::api::Result<()> {
    store.settle(store.commit(put(number))?)
}

pub(super) fn open(vfs: Arc<dyn Vfs>, settings: Settings) -> DurableStore {
    DurableStore::open(vfs, None, settings, 7).expect("a sound directory")
}

#[test]
fn a_backup_to_a_disk_that_stands_still_stops_nobody() {
    let (data, copy) = (Scratch::new("still-data"), Scratch::new("still-copy"));
    let store = open(Arc::new(DiskVfs::new(data.path())), settings(true));
    (0..100).for_each(|number| write(&store, number).expect("room"));
    let gate = Arc::new(Gate::default());
    let (reached, comes) = mpsc::channel();
    let stopping = gate.clone();
    let target = watched(&copy, move |_| {
        // Only the first one is waited for.
        reached.send(()).ok();
        stopping.pass();
    });
    std::thread::scope(|scope| {
        let backup = scope.spawn(|| store.shared.backup_into(&target));
        let opening = Opening(&gate);
        comes.recv().expect("the copy has begun");
        // A checkpoint may be running in the background; one that is not made in a minute waits for the target.
        let free = store.shared.checkpoints.running.try_lock_for(Duration::from_secs(60)).is_some();
        assert!(free, "checkpoints wait for the target");
        // Many times what memory may hold without a checkpoint: the writer would wait.
        (100..500).for_each(|number| write(&store, number).expect("room"));
        store.shared.checkpoint().expect("a sound disk");
        store.shared.compact(true).expect("a sound disk");
        drop(opening);
        backup.join().expect("no panic").expect("room");
    });
    assert_eq!(all_rows(&store, TABLE, false, 1000).len(), 500);
    let copied = open(Arc::new(DiskVfs::new(copy.path())), settings(false));
    assert_eq!(all_rows(&copied, TABLE, false, 1000).len(), 100, "the moment at which the copy was begun");
}

#[test]
fn what_a_copy_needs_stays_until_it_is_made() {
    let (data, copy) = (Scratch::new("pinned-data"), Scratch::new("pinned-copy"));
    let store = open(Arc::new(DiskVfs::new(data.path())), settings(false));
    let files = || DiskVfs::new(data.path()).list("log").expect("a folder");
    (0..100).for_each(|number| write(&store, number).expect("room"));
    store.shared.compact(true).expect("a sound disk");
    let before = files();
    let gate = Arc::new(Gate::default());
    let (reached, comes) = mpsc::channel();
    let stopping = gate.clone();
    let target = watched(&copy, move |_| {
        reached.send(()).ok();
        stopping.pass();
    });
    std::thread::scope(|scope| {
        let backup = scope.spawn(|| store.shared.backup_into(&target));
        let opening = Opening(&gate);
        comes.recv().expect("the copy has begun");
        // All rows anew, so that nothing needs the old segments any more.
        for number in 0..100 {
            let mut batch = put(number);
            batch.rows[0].before = batch.rows[0].after.clone();
            store.settle(store.commit(batch).expect("room")).expect("a sound disk");
        }
        store.shared.compact(true).expect("a sound disk");
        assert!(before.iter().all(|name| files().contains(name)), "{before:?} are being copied");
        drop(opening);
        backup.join().expect("no panic").expect("room");
    });
    assert!(!files().contains(&before[0]), "given back when the copy was made: {:?}", files());
    let copied = open(Arc::new(DiskVfs::new(copy.path())), settings(false));
    assert_eq!(all_rows(&copied, TABLE, false, 1000).len(), 100);
}

#[test]
fn commits_become_safe_in_time_while_a_checkpoint_takes_long() {
    let data = Scratch::new("still-buffered");
    let buffered =
        Settings { durability: Durability::Buffered, sync_every: Duration::from_millis(1), ..settings(true) };
    let store = open(Arc::new(DiskVfs::new(data.path())), buffered);
    let _checkpoint = store.shared.checkpoints.running.lock();
    // Enough for a checkpoint to be asked for, and too little for commits to be held back.
    let newest = (0..20).map(|number| store.commit(put(number)).expect("room")).max().expect("some");
    while !store.shared.log.is_synced(newest) {
        std::thread::yield_now();
    }
}

#[test]
fn a_panic_behind_the_store_ends_it_and_nobody_waits() {
    let data = Scratch::new("panic-behind");
    let armed = Arc::new(Mutex::new(false));
    let trigger = armed.clone();
    let vfs = watched(&data, move |name| {
        assert!(!(name.starts_with("index/") && *trigger.lock()), "a defect, for the test");
    });
    let store = open(vfs, settings(true));
    write(&store, 0).expect("room");
    *armed.lock() = true;
    // Far more than memory holds while no checkpoint is made.
    let failed = (1..10_000).find_map(|number| write(&store, number).err()).expect("it ends");
    assert_eq!(failed.code(), ErrorCode::InternalServer, "{failed}");
    assert_eq!(store.settle(Lsn::default()).expect_err("every call ends so"), failed);
    assert_eq!(write(&store, 0).expect_err("every call ends so"), failed);
    *armed.lock() = false;
    assert_eq!(store.close().expect_err("not all of it is safe"), failed);
}

#[test]
fn a_panic_of_the_thread_that_writes_for_others_ends_their_waiting() {
    let data = Scratch::new("panic-writing");
    let gate = Arc::new(Gate::default());
    gate.open();
    let (stopping, armed) = (gate.clone(), Arc::new(Mutex::new(false)));
    let (reached, comes) = mpsc::channel();
    let trigger = armed.clone();
    let vfs = watched(&data, move |name| {
        if name.starts_with("log/") && *trigger.lock() {
            reached.send(()).ok();
            stopping.pass();
            panic!("a defect, for the test");
        }
    });
    let store = open(vfs, settings(true));
    *gate.open.lock() = false;
    *armed.lock() = true;
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| catch_unwind(AssertUnwindSafe(|| write(&store, 1))));
        comes.recv().expect("it writes");
        let second = store.commit(put(2)).expect("room");
        let waiting = &store;
        let waiter = scope.spawn(move || waiting.settle(second));
        gate.open();
        assert!(writer.join().expect("it was caught").is_err());
        let told = waiter.join().expect("no panic").expect_err("nobody wrote it");
        assert_eq!(told.code(), ErrorCode::InternalServer);
    });
    *armed.lock() = false;
}
