//! The durable store: a log that is the truth, an index into it, and what is newer than the index in memory.
//!
//! ```text
//! commit ──► log (segments on disk) ──► layer (memory) ──checkpoint──► index (sorted runs)
//!             │ images stay here          │ newest state                 │ places of images
//! read   ◄────┴───────── cache ◄──────────┴──────────────────────────────┘
//! ```
//! An image is written once, to the log, and stays where it was written: rows and change records are places in the log. See
//! `docs/storage-format.md`.

mod background;
mod backup;
mod cache;
mod carry;
mod checkpoint;
mod compaction;
mod derived;
mod directory;
mod failure;
mod fork;
mod frame;
mod index;
mod inspect;
mod layer;
mod log;
mod open;
mod place;
mod read;
mod rebuild;
mod replay;
mod segment;
mod view;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

use self::background::Background;
use self::cache::Cache;
use self::index::{Head, Index};
use self::layer::Layer;
use self::log::Log;
use self::segment::Segments;
use super::vfs::{Lock, Vfs};
use super::{
    Batch, Budget, Compacted, HighWater, Inspector, LogBounds, LogId, LogRecord, Logs, Lsn, Meta, Removal,
    RowPage, RowRange, Rows, Seen, Sequence, Store, TableId, Upkeep, Wanted,
};
use crate::api::Result;
use crate::clock::Millis;
use crate::value::Item;
use crate::value::key::RowKey;

pub(crate) use self::backup::restore;
pub(crate) use self::directory::{REGION_FOLDER, disown, region_below, regions_in};
pub(crate) use self::open::{FORMAT_FILE, Settings};
pub(crate) use self::rebuild::repair;

/// The layers over the index, newest first.
#[derive(Clone, Debug)]
struct Layers {
    /// Takes commits.
    active: Arc<Layer>,
    /// Is being written to the index.
    frozen: Option<Arc<Layer>>,
}

/// What is known of a log without reading it.
#[derive(Clone, Copy, Debug, Default)]
struct LogState {
    head: Head,
    /// The commit of the last record.
    lsn: Lsn,
    /// The oldest record that is not removed and its time, once someone has looked.
    oldest: Option<(Sequence, Millis)>,
}

/// Keeps everything in a directory.
#[derive(Debug)]
pub(crate) struct DurableStore {
    shared: Arc<Shared>,
    background: Mutex<Option<Background>>,
}

/// What calls and background tasks work on.
#[derive(Debug)]
struct Shared {
    vfs: Arc<dyn Vfs>,
    settings: Settings,
    log: Log,
    segments: Arc<Segments>,
    layers: RwLock<Layers>,
    /// Why the index was made anew from the log when the store was opened, if it was.
    index_damage: Option<String>,
    /// None after closing.
    index: RwLock<Option<Index>>,
    cache: Cache,
    logs: RwLock<BTreeMap<LogId, LogState>>,
    checkpoints: checkpoint::Checkpoints,
    /// Read by commits while they refer to older images, written by whoever ends such references.
    references: RwLock<()>,
    /// The latest time that commits and calls have told.
    now: AtomicU64,
    high_water: HighWater,
    /// Held while the database is open. The simulated disk has none.
    lock: Mutex<Option<Lock>>,
}

/// What a removal does to the ends of logs.
fn note_removal(logs: &mut BTreeMap<LogId, LogState>, removal: Removal) {
    match removal {
        Removal::Log(log) => drop(logs.remove(&log)),
        Removal::Records(log, upto) => {
            let state = logs.entry(log).or_default();
            state.head.trimmed = state.head.trimmed.max(Some(upto));
            state.head.last = state.head.last.max(Some(upto));
            state.oldest = None;
        }
        Removal::Rows(_) | Removal::Later(_) => {}
    }
}

impl Rows for DurableStore {
    fn get(&self, table: TableId, key: &RowKey) -> Result<Seen<Option<Item>>> {
        self.shared.get(table, key)
    }

    fn get_many(&self, wanted: &[Wanted<'_>]) -> Result<Seen<Vec<Option<Item>>>> {
        self.shared.get_many(wanted)
    }

    fn rows(&self, table: TableId, range: &RowRange, budget: Budget) -> Result<Seen<RowPage>> {
        self.shared.rows(table, range, budget)
    }

    fn totals(&self, table: TableId) -> Result<(i64, i64)> {
        self.shared.totals(table)
    }
}

impl Logs for DurableStore {
    fn records(
        &self,
        log: LogId,
        from: Bound<Sequence>,
        retention: Millis,
        take: &mut dyn FnMut(&LogRecord) -> bool,
    ) -> Result<Seen<Vec<LogRecord>>> {
        self.shared.records(log, from, retention, take)
    }

    fn bounds(&self, log: LogId, horizon: Millis) -> Result<Seen<LogBounds>> {
        self.shared.bounds(log, horizon)
    }

    fn newest_before(&self, log: LogId, moment: Millis) -> Result<Seen<Option<Sequence>>> {
        self.shared.newest_before(log, moment)
    }

    fn high_water(&self) -> HighWater {
        self.shared.high_water
    }
}

impl Meta for DurableStore {
    fn meta(&self) -> Result<Vec<(String, String)>> {
        self.shared.meta()
    }
}

impl Upkeep for DurableStore {
    fn maintain(&self, now: Millis) -> Result<()> {
        self.shared.now.fetch_max(now, Ordering::Relaxed);
        self.shared.compact(false)
    }

    fn fork_into(&self, directory: &Path) -> Result<()> {
        self.shared.fork_into(directory)
    }

    fn backup(&self, to: &Path) -> Result<u64> {
        self.shared.backup(to)
    }

    fn compact(&self, now: Millis) -> Result<Compacted> {
        self.shared.now.fetch_max(now, Ordering::Relaxed);
        self.shared.compact_all()
    }

    fn inspect(&self, inspector: &mut dyn Inspector) -> Result<()> {
        self.shared.inspect(inspector)
    }

    fn disk_bytes(&self) -> Result<u64> {
        self.shared.disk_bytes()
    }

    fn close(&self) -> Result<()> {
        drop(self.background.lock().take());
        let closed = self.shared.close();
        *self.shared.index.write() = None;
        drop(self.shared.lock.lock().take());
        closed
    }
}

impl Store for DurableStore {
    fn commit(&self, batch: Batch) -> Result<Lsn> {
        self.shared.commit(batch)
    }

    fn settle(&self, upto: Lsn) -> Result<()> {
        self.shared.log.settle(upto)
    }

    fn is_settled(&self, upto: Lsn) -> bool {
        self.shared.log.is_settled(upto)
    }
}

impl Drop for DurableStore {
    fn drop(&mut self) {
        // Whoever wants to hear of a failure closes the database. What was acknowledged is in the log in any case.
        drop(self.close());
    }
}

impl Shared {
    /// Writes all to the index, so that the next opening has nothing to read again.
    fn close(&self) -> Result<()> {
        if self.log.is_closed() {
            return Ok(());
        }
        self.log.close()?;
        self.checkpoint()
    }
}
