//! What a reading costs, and what it may show.

use std::io;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use super::{open, row_key, settings};
use crate::api::OperationType;
use crate::clock::millis;
use crate::limits::RETENTION;
use crate::store::durable::DurableStore;
use crate::store::vfs::scratch::Scratch;
use crate::store::vfs::{DiskVfs, Opened, Vfs, VfsFile};
use crate::store::{
    Append, Batch, Budget, LogId, LogRecord, Logs, MemoryStore, RowChange, RowRange, Rows, Sequence, Store,
    TableId, Upkeep,
};
use crate::value::{AttributeValue, Item};

const TABLE: TableId = TableId(1);

/// Counts the bytes that are read from segments of the log, where the images lie.
#[derive(Debug)]
struct Counting {
    disk: DiskVfs,
    bytes: Arc<AtomicU64>,
}

#[derive(Debug)]
struct CountingFile(Arc<dyn VfsFile>, Arc<AtomicU64>);

impl Vfs for Counting {
    fn open(&self, name: &str, how: Opened) -> io::Result<Arc<dyn VfsFile>> {
        let file = self.disk.open(name, how)?;
        if name.starts_with("log/") {
            return Ok(Arc::new(CountingFile(file, self.bytes.clone())));
        }
        Ok(file)
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

impl VfsFile for CountingFile {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        self.1.fetch_add(buffer.len() as u64, Ordering::Relaxed);
        self.0.read_at(buffer, at)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.0.write_at(bytes, at)
    }

    fn allocate(&self, len: u64) -> io::Result<()> {
        self.0.allocate(len)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync()
    }
}

fn item(id: u64, text: &str) -> Item {
    Item::new([("id", &AttributeValue::from(id as i64)), ("text", &AttributeValue::from(text))])
        .expect("an item")
}

fn write(store: &dyn Store, ids: &[u64], text: &str) {
    let rows = ids.iter().map(|id| {
        let key = row_key(*id);
        let before = store.get(TABLE, &key).expect("readable").value;
        RowChange { table: TABLE, key, before, after: Some(item(*id, text)), of: None }
    });
    let lsn = store.commit(Batch { rows: rows.collect(), ..Batch::default() }).expect("room");
    store.settle(lsn).expect("a sound disk");
}

fn everything() -> RowRange {
    RowRange { from: Bound::Unbounded, to: Bound::Unbounded, descending: false }
}

#[test]
fn a_reading_costs_what_it_returns() {
    const SIZE: usize = 390_000;
    let scratch = Scratch::new("durable-budget");
    let bytes = Arc::new(AtomicU64::new(0));
    let vfs = Arc::new(Counting { disk: DiskVfs::new(scratch.path()), bytes: bytes.clone() });
    let store = DurableStore::open(vfs, None, settings(false), 7).expect("a new directory");
    for id in 0..40 {
        write(&store, &[id], &"x".repeat(SIZE));
    }
    store.shared.checkpoint().expect("a sound disk");
    let before = bytes.load(Ordering::Relaxed);
    let page =
        store.rows(TABLE, &everything(), Budget { rows: 128, bytes: 1 << 20 }).expect("readable").value;
    let read = bytes.load(Ordering::Relaxed) - before;
    let returned: usize = page.items.iter().map(Item::size).sum();
    assert_eq!(page.items.len(), 3, "the third crosses the megabyte");
    assert!(read < returned as u64 + 4096, "{read} bytes were read for {returned}");
    assert!(page.last.is_some());
    store.close().expect("a sound disk");
}

#[test]
fn budgets_end_a_page_alike_in_memory_and_on_disk() {
    let scratch = Scratch::new("durable-pages");
    let (durable, memory) = (open(scratch.path(), false), MemoryStore::default());
    for id in 0..60 {
        let text = "x".repeat(id as usize * 37 % 400);
        write(&durable, &[id], &text);
        write(&memory, &[id], &text);
    }
    for descending in [false, true] {
        for budget in [(7, usize::MAX), (128, 1), (128, 700), (5, 700), (128, 1 << 20)] {
            let budget = Budget { rows: budget.0, bytes: budget.1 };
            let mut range = RowRange { descending, ..everything() };
            loop {
                let pages = [&durable as &dyn Store, &memory]
                    .map(|store| store.rows(TABLE, &range, budget).expect("readable").value);
                assert_eq!(pages[0].items, pages[1].items, "{budget:?}");
                assert_eq!(pages[0].last, pages[1].last, "{budget:?}");
                let sizes: Vec<usize> = pages[0].items.iter().map(Item::size).collect();
                if let [most @ .., _] = sizes.as_slice() {
                    assert!(most.iter().sum::<usize>() < budget.bytes && most.len() < budget.rows);
                }
                let [page, _] = pages;
                match page.last {
                    Some(last) if descending => range.to = Bound::Excluded(last),
                    Some(last) => range.from = Bound::Excluded(last),
                    None => break,
                }
            }
        }
    }
    durable.close().expect("a sound disk");
}

/// When the segment of the first record is not needed for records any more, as the index has it.
fn needed_until(store: &DurableStore) -> u64 {
    store.shared.checkpoint().expect("a sound disk");
    let segments = store.shared.index().expect("open").reader().segments();
    segments.values().map(|used| used.until).max().expect("a segment")
}

#[test]
fn images_of_records_are_kept_as_long_as_their_log_says() {
    const AT: u64 = 1_000_000;
    let scratch = Scratch::new("durable-retention");
    for (log, retention) in [(1, millis(RETENTION)), (2, 60 * 3_600_000), (3, 3_600_000)] {
        let store = open(scratch.path(), false);
        let keys = Some(item(log, "key"));
        let record = LogRecord {
            sequence: Sequence::new(1, log),
            at: AT,
            name: OperationType::Insert,
            keys,
            new_image: None,
            old_image: None,
            by_service: true,
        };
        let append = Append { log: LogId(log), record: record.clone(), retention };
        let records = [append].into_iter().collect();
        store.commit(Batch { records, ..Batch::default() }).expect("room");
        store.shared.log.write().expect("a sound disk");
        // As after a crash: what the log has goes to the index when it is opened again.
        std::mem::forget(store);
        let store = open(scratch.path(), false);
        let read = store
            .records(LogId(log), Bound::Unbounded, millis(RETENTION), &mut |_| true)
            .expect("readable")
            .value;
        assert_eq!(read, [record]);
        let longest = [millis(RETENTION), 60 * 3_600_000, 60 * 3_600_000][log as usize - 1];
        assert_eq!(needed_until(&store), AT + longest);
        store.close().expect("a sound disk");
    }
}

/// Writers change two rows in one commit, always to the same text; a reader of both must never see two texts.
fn no_half_commit_shows(store: &dyn Store) {
    let keys = [row_key(1), row_key(2)];
    let wanted = [(TABLE, &keys[0]), (TABLE, &keys[1])];
    write(store, &[1, 2], "first");
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..400 {
                write(store, &[1, 2], &format!("{round} {}", "x".repeat(100)));
            }
            is_over.store(true, Ordering::SeqCst);
        });
        while !is_over.load(Ordering::SeqCst) {
            let seen = store.get_many(&wanted).expect("readable").value;
            let texts: Vec<String> = seen
                .into_iter()
                .map(|item| format!("{:?}", item.expect("a row").get("text").expect("text")))
                .collect();
            assert_eq!(texts[0], texts[1]);
        }
    });
}

#[test]
fn several_rows_are_read_as_of_one_moment() {
    no_half_commit_shows(&MemoryStore::default());
    let scratch = Scratch::new("durable-moment");
    let durable = open(scratch.path(), true);
    no_half_commit_shows(&durable);
    durable.close().expect("a sound disk");
}
