//! `verify`, `restore` and `set_clock`: a database in a directory, looked at from end to end, and put back from a backup.
//!
//! Checked are, beside every checksum: each row against its table's or backup's key and the counters; each entry of an index, and of every other order that
//! is kept of a table, against its row, and that no row lacks its entry; the sizes of item collections against their items; each stream against
//! the laws of streams: records
//! rise within their shard and lie between its ends, children start above their parents' ends, each record's old image is the new image of
//! the record before it of the same key, and the newest image of a key is its row.

mod clock;
mod data_streams;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::Hasher;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use siphasher::sip128::{Hasher128, SipHasher13};

pub use self::clock::{read_clock, set_clock};
use crate::api::{ErrorCode, OperationType, Result, StreamViewType};
use crate::clock::{Millis, wall};
use crate::database::Database;
use crate::options::OpenOptions;
use crate::store::{Inspector, LogRecord, Sequence, TableId, disown, region_below, regions_in};
use crate::stream::{Shard, ShardId, Stream};
use crate::table::{Backup, Schema, Space, Table};
use crate::transaction::{bytes_of, key_of, with_entries};
use crate::value::Item;
use crate::value::key::{RowKey, hash_of};

/// How far a check has come.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Progress {
    /// What is being looked at.
    pub stage: &'static str,
    /// How much of it is done; bytes or entries, by stage.
    pub done: u64,
    /// How much there is.
    pub total: u64,
}

/// Something that is not as it must be, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding(String);

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a check has seen.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// What is wrong; empty when all is well.
    pub findings: Vec<Finding>,
    /// Number of items.
    pub rows: u64,
    /// Number of change records that can be read.
    pub records: u64,
    /// Number of tables.
    pub tables: u64,
    /// Number of streams.
    pub streams: u64,
    /// Size of the files.
    pub bytes: u64,
}

/// Checks the database in a directory, which nobody may have open. `progress` is told how far it is, often.
///
/// # Errors
/// What keeps the check from being made: `OpenException` for a directory that is open, is none or holds no database, `StorageException` for
/// a disk that fails. Damage is no error but a finding.
pub fn verify(path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Report> {
    let mut report = verify_region(path, progress)?;
    for (region, path) in regions_in(path)? {
        let Report { findings, rows, records, tables, streams, bytes } = verify_region(&path, progress)?;
        report.findings.extend(findings.into_iter().map(|found| Finding(format!("In {region}: {found}"))));
        report.rows += rows;
        report.records += records;
        report.tables += tables;
        report.streams += streams;
        report.bytes += bytes;
    }
    Ok(report)
}

fn verify_region(path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Report> {
    let mut report = Report::default();
    let db = match Database::open_for_inspection(path, OpenOptions::default()) {
        Ok(db) => db,
        Err(error) if error.code() == ErrorCode::Corruption => {
            report.findings.push(Finding(error.message().to_owned()));
            return Ok(report);
        }
        Err(error) => return Err(error),
    };
    let mut check = Check::new(&db, progress);
    let looked = db.engine().store.inspect(&mut check);
    let is_whole = looked.is_ok();
    check.accept(looked)?;
    if is_whole {
        check.orders();
    }
    check.tables();
    check.streams()?;
    check.data_streams()?;
    check.report.bytes = db.engine().store.disk_bytes()?;
    let report = check.report;
    db.close()?;
    Ok(report)
}

/// Makes the index of the database in a directory anew from its log, which has everything, so that no damage to the index costs data. Opening
/// does the same where it sees that the index is damaged; damage to a block of it is seen when that block is read. `progress` is told how far it
/// is, often.
///
/// # Errors
/// `OpenException` for a directory that is open, is none or holds no database; `CorruptionException` where the log was damaged;
/// `StorageException` for the disk's errors.
pub fn repair(path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<()> {
    let others = regions_in(path)?.into_iter().map(|(_, path)| path);
    for path in std::iter::once(path.to_owned()).chain(others) {
        crate::store::repair(&path, wall(), &mut |done, total| {
            progress(Progress { stage: "frames of the log", done, total });
        })?;
        Database::open_for_inspection(&path, OpenOptions::default())?.close()?;
    }
    Ok(())
}

/// Puts a backup into a directory, which is made, and sees that it opens. Returns its size in bytes.
///
/// # Errors
/// `ValidationException` for a directory that holds something; `OpenException` for a backup that is none; `CorruptionException` for one that
/// is damaged; `StorageException` for the disk's errors.
pub fn restore(from: &Path, to: &Path) -> Result<u64> {
    let mut bytes = crate::store::restore(from, to, wall())?;
    let restored = regions_in(from)?.into_iter().try_for_each(|(region, from)| {
        bytes += crate::store::restore(&from, &region_below(to, &region)?, wall())?;
        Ok(())
    });
    // What lacks a region is not to pass for the database.
    restored.or_else(|error| disown(to).and(Err(error)))?;
    Database::open_to_look(to)?.close()?;
    Ok(bytes)
}

/// An image, short enough to remember one of each key.
type Fingerprint = u128;

fn fingerprint(item: &Item) -> Fingerprint {
    let mut hasher = SipHasher13::new();
    hasher.write(item.as_bytes());
    hasher.finish128().as_u128()
}

/// An order that is kept of a table: how many items have a place in it, and how many entries are there.
struct Entries {
    table: Arc<Table>,
    space: Arc<Space>,
    expected: u64,
    found: u64,
    /// Where it holds the sizes of item collections: those of the items, less what is noted, by key. Nothing is left in the end.
    sizes: HashMap<Box<[u8]>, i64>,
}

impl Entries {
    fn shown(&self) -> String {
        match &self.space.index {
            Some(index) => format!("index {} of table {}", index.name, self.table.name),
            None => format!("order {} of table {}", self.space.id.0, self.table.name),
        }
    }

    /// Adds bytes to a collection, or takes them away.
    fn resize(&mut self, key: &[u8], by: i64) {
        let size = self.sizes.entry(key.into()).or_default();
        *size += by;
        if *size == 0 {
            self.sizes.remove(key);
        }
    }
}

struct Check<'a> {
    db: &'a Database,
    tables: BTreeMap<TableId, Arc<Table>>,
    orders: BTreeMap<TableId, Entries>,
    /// By the rows that are theirs.
    backups: BTreeMap<TableId, Arc<Backup>>,
    progress: &'a mut dyn FnMut(Progress),
    report: Report,
}

impl Inspector for Check<'_> {
    fn progress(&mut self, stage: &'static str, done: u64, total: u64) {
        (self.progress)(Progress { stage, done, total });
    }

    fn finding(&mut self, what: String) {
        self.report.findings.push(Finding(what));
    }

    fn knows(&self, table: TableId) -> bool {
        let known = [
            self.tables.contains_key(&table),
            self.orders.contains_key(&table),
            self.backups.contains_key(&table),
        ];
        known.contains(&true)
    }

    fn row(&mut self, table: TableId, key: &[u8], item: &Item) -> Option<String> {
        if let Some(entries) = self.orders.get_mut(&table) {
            if entries.space.is_sizes {
                entries.resize(key, -(bytes_of(item) as i64));
                return None;
            }
            entries.found += 1;
            let row = entries.table.schema.key_of_item(item).ok()?;
            let place = entries.space.definition.place(item, &row);
            let is_its_own = place.is_some_and(|place| place.as_bytes() == key);
            return (!is_its_own).then(|| "it is not where its item belongs".into());
        }
        // Rows of a deleted table are given back by and by.
        if let Some(backup) = self.backups.get(&table).filter(|_| !self.tables.contains_key(&table)) {
            return wrong_key(&backup.table.schema, key, item);
        }
        let table = self.tables.get(&table)?.clone();
        self.report.rows += 1;
        let wrong = wrong_key(&table.schema, key, item);
        if wrong.is_none() {
            self.expect_entries(&table, item);
        }
        wrong
    }
}

impl<'a> Check<'a> {
    fn new(db: &'a Database, progress: &'a mut dyn FnMut(Progress)) -> Check<'a> {
        let tables: BTreeMap<TableId, Arc<Table>> =
            db.engine().catalog.tables().into_iter().map(|table| (table.id, table)).collect();
        let backups = db.engine().catalog.backups().into_iter().map(|backup| (backup.rows, backup)).collect();
        let mut orders = BTreeMap::new();
        for table in tables.values() {
            for space in table.spaces().iter().cloned() {
                let (table, sizes) = (table.clone(), HashMap::new());
                orders.insert(space.id, Entries { table, space, expected: 0, found: 0, sizes });
            }
        }
        Check { db, tables, orders, backups, progress, report: Report::default() }
    }

    /// Counts an item with the orders in which it has a place.
    fn expect_entries(&mut self, table: &Table, item: &Item) {
        let spaces = table.spaces();
        for space in spaces.iter() {
            let Some(entries) = self.orders.get_mut(&space.id) else { continue };
            if space.is_sizes {
                let key = key_of(space, item);
                entries.resize(key.as_bytes(), with_entries(Some(item), &spaces) as i64);
            } else if space.definition.has_place(item) {
                entries.expected += 1;
            }
        }
    }

    /// Whether every item is where it has a place. Entries are of different rows, so where each is right, their number tells whether any is
    /// missing.
    fn orders(&mut self) {
        let mut wrong = Vec::new();
        for entries in self.orders.values().filter(|entries| entries.space.is_complete()) {
            let Entries { expected, found, .. } = *entries;
            if expected != found {
                let shown = entries.shown();
                wrong.push(format!("{shown}: {found} entries, but {expected} items have a place there"));
            }
            if let Some((key, by)) = entries.sizes.iter().next() {
                let (table, count) = (&entries.table.name, entries.sizes.len());
                wrong.push(format!(
                    "table {table}: the noted sizes of {count} item collections are wrong; that of hash {:016x} by {by} bytes",
                    hash_of(key)
                ));
            }
        }
        wrong.into_iter().for_each(|what| self.finding(what));
    }

    /// Damage that stopped a look is a finding; anything else stops the check.
    fn accept(&mut self, looked: Result<()>) -> Result<()> {
        match looked {
            Err(error) if error.code() == ErrorCode::Corruption => {
                self.finding(error.message().to_owned());
                Ok(())
            }
            other => other,
        }
    }

    fn tables(&mut self) {
        self.report.tables = self.tables.len() as u64;
        for table in self.tables.values().cloned().collect::<Vec<_>>() {
            let streaming = table.state.read().stream.is_some();
            for partition in table.partitions() {
                let has_shard = partition.state.lock().shard.is_some();
                if has_shard != streaming {
                    self.finding(format!(
                        "table {}: the partition from hash {:016x} has {} open shard, the table has {} stream",
                        table.name,
                        partition.range.first,
                        if has_shard { "an" } else { "no" },
                        if streaming { "a" } else { "no" },
                    ));
                }
            }
        }
    }

    fn streams(&mut self) -> Result<()> {
        let streams = self.db.engine().catalog.all_streams();
        self.report.streams = streams.len() as u64;
        let total = streams.len() as u64;
        for (done, stream) in streams.iter().enumerate() {
            self.progress("streams", done as u64, total);
            let looked = self.stream(stream);
            self.accept(looked)?;
        }
        self.progress("streams", total, total);
        Ok(())
    }

    fn stream(&mut self, stream: &Arc<Stream>) -> Result<()> {
        let mut chain = Chain::default();
        let shards = stream.all_shards();
        let ends: HashMap<ShardId, Option<Sequence>> =
            shards.iter().map(|shard| (shard.id, shard.end().map(|end| end.sequence))).collect();
        for shard in &shards {
            let shown = format!("shard {} of stream {}/{}", shard.id, stream.table, stream.label);
            if let Some(Some(parent)) = shard.parent.map(|parent| ends.get(&parent).copied().flatten())
                && parent >= shard.start
            {
                self.finding(format!("{shown}: it starts at {}, its parent ends at {parent}", shard.start));
            }
            if shard.parent.is_some_and(|parent| ends.get(&parent) == Some(&None)) {
                self.finding(format!("{shown}: its parent is still open"));
            }
            self.shard(stream, shard, &shown, &mut chain)?;
        }
        self.rows_of_chain(stream, &chain)
    }

    /// Follows the records of a shard.
    fn shard(&mut self, stream: &Stream, shard: &Shard, shown: &str, chain: &mut Chain) -> Result<()> {
        let store = &self.db.engine().store;
        let trimmed = store.bounds(shard.log, 0)?.value.trimmed;
        let mut last = trimmed.unwrap_or(shard.start);
        let mut newest: Millis = 0;
        loop {
            let mut bytes = 0;
            let records =
                store.records(shard.log, Bound::Excluded(last), shard.retention, &mut |record| {
                    // Never none: that would be the end.
                    let is_first = bytes == 0;
                    bytes += stream.size_bytes(record).max(1);
                    is_first || bytes <= RECORDS_AT_ONCE_BYTES
                })?;
            if records.value.is_empty() {
                break;
            }
            for record in records.value {
                self.report.records += 1;
                if record.sequence.counter() != last.counter() + 1 {
                    self.finding(format!("{shown}: record {} comes after {last}", record.sequence));
                }
                if record.at < newest {
                    self.finding(format!("{shown}: record {} is older than the one before", record.sequence));
                }
                (last, newest) = (record.sequence, newest.max(record.at));
                if let Some(why) = chain.follow(stream, &record) {
                    self.finding(format!("{shown}: record {}: {why}", record.sequence));
                }
            }
        }
        if let Some(end) = shard.end().filter(|end| end.sequence != last) {
            self.finding(format!("{shown}: its last record is {last}, it ends at {}", end.sequence));
        }
        Ok(())
    }

    /// The newest images of a live stream are the rows.
    fn rows_of_chain(&mut self, stream: &Arc<Stream>, chain: &Chain) -> Result<()> {
        let live = |table: &&Arc<Table>| {
            table.state.read().stream.as_ref().is_some_and(|live| Arc::ptr_eq(live, stream))
        };
        let Some(table) = self.tables.values().find(live).cloned() else { return Ok(()) };
        if !has_new_images(stream) {
            return Ok(());
        }
        for (key, image) in &chain.newest {
            let row = self.db.engine().store.get(table.id, &RowKey::from_bytes(key))?.value;
            if row.as_ref().map(fingerprint) != *image {
                self.finding(format!(
                    "table {}: the row of hash {:016x} is not the newest image of its stream",
                    table.name,
                    hash_of(key)
                ));
            }
        }
        Ok(())
    }
}

/// What is wrong with the key under which an item lies.
fn wrong_key(schema: &Schema, key: &[u8], item: &Item) -> Option<String> {
    match schema.key_of_item(item) {
        Ok(own) if own.as_bytes() == key => None,
        Ok(_) => Some("it lies under another key".into()),
        Err(error) => Some(format!("it has no key of its table: {}", error.message())),
    }
}

/// Bytes of records that are in memory at a time.
const RECORDS_AT_ONCE_BYTES: usize = 1 << 20;

fn has_new_images(stream: &Stream) -> bool {
    matches!(stream.view(), StreamViewType::NewImage | StreamViewType::NewAndOldImages)
}

/// The newest image of each key, as a stream tells it.
#[derive(Default)]
struct Chain {
    newest: HashMap<Box<[u8]>, Option<Fingerprint>>,
}

impl Chain {
    /// What is wrong with a record, by itself and after those before it.
    fn follow(&mut self, stream: &Stream, record: &LogRecord) -> Option<String> {
        let LogRecord { keys, new_image, old_image, .. } = record;
        for image in [keys, new_image, old_image].into_iter().flatten() {
            if !Item::is_sound(image.as_bytes()) {
                return Some("an image's bytes are no item".into());
            }
        }
        let Some(image) = keys.as_ref().or(new_image.as_ref()).or(old_image.as_ref()) else {
            return Some("it holds neither a key nor an image".into());
        };
        let mut parts = stream.key_names.iter().map(|name| image.get(name));
        let (Some(Some(hash)), sort) = (parts.next(), parts.next()) else {
            return Some("its key is not that of the table".into());
        };
        let key = RowKey::new(hash, sort.flatten());
        if stream.view() == StreamViewType::NewAndOldImages {
            let expected = match record.name {
                OperationType::Insert => (true, false),
                OperationType::Modify => (true, true),
                OperationType::Remove => (false, true),
            };
            if (new_image.is_some(), old_image.is_some()) != expected {
                return Some(format!("it does not hold the images of {:?}", record.name));
            }
        }
        let before = if has_new_images(stream) {
            let now = new_image.as_ref().map(fingerprint);
            self.newest.insert(key.as_bytes().into(), now)
        } else {
            None
        };
        let old = old_image.as_ref().map(fingerprint);
        match before {
            Some(before) if stream.view() == StreamViewType::NewAndOldImages && before != old => {
                Some("its old image is not the new image of the record before".into())
            }
            _ => None,
        }
    }
}
