//! What falls due because of time: the moments in their order, derived from the catalog when a database opens, and kept up with each change
//! of it. Background work takes from the front, so what is not due yet costs nothing, however much there is.
//!
//! ```text
//! tasks       what a reader can see: shards replaced, items expired, shards, streams and names forgotten. A manual clock stops at each
//! trims       records too old to read: memory given back, and nobody can tell when
//! compaction  the store's own
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;

use super::tokens::TokenSpace;
use crate::clock::{Millis, millis};
use crate::kinesis::{DataShard, DataStream};
use crate::store::{LogId, TableId};
use crate::stream::{Shard, Stream};
use crate::table::{Backup, Export, Import, RowCopy, Space, Table};
use crate::workers::Signal;

/// Time between two compactions of a store in the background.
const COMPACTION_EVERY: Duration = Duration::from_secs(60);
/// Time between two rounds of trimming in the background: each log that is written to all the time has something to give back in each.
const TRIMMING_EVERY: Duration = Duration::from_secs(60);
/// Shards of one step of background work, which holds the locks of their partitions.
const STEP: usize = 256;

/// Which thing falls due; at one moment, in this order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Subject {
    /// An open shard is old enough to be replaced. In the order of their logs, which is that in which they were opened.
    Roll(LogId),
    /// A partition is to be split: its table, its first hash.
    Split(TableId, u64),
    /// A closed shard is forgotten.
    Shard(LogId),
    /// A stream that is off is forgotten, after its shards.
    Stream(String, String),
    /// The name of a deleted table is free.
    Table(TableId),
    /// A space has rows to be brought in.
    Build(TableId),
    /// Rows are to be copied into a table or backup.
    Copy(TableId),
    /// Items of an export are to be written, or it is to be forgotten.
    Export(TableId),
    /// Items of an import are to be read, or it is to be forgotten.
    Import(TableId),
    /// The history of a table is to go on in another period.
    Period(TableId),
    /// A backup is too old.
    Backup(TableId),
    /// An order of expiry is to be looked at.
    Expire(TableId),
    /// Tokens are too old to be good.
    Tokens(TableId),
    /// The name of a data stream that was removed is free.
    DataStream(u64),
}

#[derive(Clone, Debug)]
enum Task {
    Roll(Arc<Stream>, Arc<Shard>),
    Split(Arc<Table>, u64),
    Shard(Arc<Stream>, Arc<Shard>),
    Stream(Arc<Stream>),
    Table(Arc<Table>),
    Build(Arc<Table>, Arc<Space>),
    Copy(Arc<RowCopy>),
    Export(Arc<Export>),
    Import(Arc<Import>),
    Period(Arc<Table>),
    Backup(Arc<Backup>),
    Expire(Arc<Table>, Arc<Space>),
    Tokens(Arc<TokenSpace>),
    DataStream(Arc<DataStream>),
}

/// One step of what is due. It stays due until it is done.
#[derive(Debug)]
pub(crate) enum Step {
    /// Open shards of one stream are to be replaced.
    Roll(Arc<Stream>, Vec<Arc<Shard>>),
    /// The partition that begins with a hash is to be split, since a moment.
    Split(Arc<Table>, u64, Millis),
    /// Closed shards are to be forgotten.
    ForgetShards(Vec<(Arc<Stream>, Arc<Shard>)>),
    /// A stream is to be forgotten.
    ForgetStream(Arc<Stream>),
    /// A table that is gone gives its name back.
    ForgetTable(Arc<Table>),
    /// The next rows are to be brought into a space.
    Build(Arc<Table>, Arc<Space>),
    /// The next rows are to be copied.
    Copy(Arc<RowCopy>),
    /// The next items are to be written, or the export is to be forgotten.
    Export(Arc<Export>),
    /// The next items are to be read, or the import is to be forgotten.
    Import(Arc<Import>),
    /// The history of a table is to go on in another period.
    Period(Arc<Table>),
    /// A backup is to be forgotten.
    ForgetBackup(Arc<Backup>),
    /// Items are to be deleted that have expired; none of them before this moment.
    Expire(Arc<Table>, Arc<Space>, Millis),
    /// Tokens are to be forgotten.
    ForgetTokens(Arc<TokenSpace>),
    /// A data stream that is gone gives its name back.
    ForgetDataStream(Arc<DataStream>),
}

/// The moments.
#[derive(Debug)]
pub(crate) struct Schedule {
    /// Age at which an open shard is replaced; none leaves shards alone.
    rollover: Option<Millis>,
    /// By how much that age differs from shard to shard, at most, either way.
    jitter: Millis,
    queue: Mutex<Queue>,
    /// Told when something falls due earlier than anything before.
    signal: OnceLock<Signal>,
}

#[derive(Debug, Default)]
struct Queue {
    tasks: BTreeMap<(Millis, Subject), Task>,
    /// The moments of the spaces that are being built.
    builds: BTreeMap<TableId, Millis>,
    /// The moments of copies, exports, imports, periods and backups.
    kept: BTreeMap<Subject, Millis>,
    /// The moments of the orders of expiry, which stand with the spaces, too.
    expiries: BTreeSet<(Millis, TableId)>,
    /// For each log that may hold records, no later than its oldest one is due.
    trims: BTreeMap<(Millis, LogId), Arc<Shard>>,
    /// The same of data streams, whose shards have a number.
    data_trims: BTreeMap<(Millis, LogId), (Arc<DataStream>, u32)>,
    /// When the next round of trimming in the background may begin.
    trimming: Millis,
    compaction: Millis,
}

impl Queue {
    fn add(&mut self, at: Millis, subject: Subject, task: Task) {
        self.tasks.insert((at, subject), task);
    }

    /// As [`Queue::add`], in place of what is due at another moment.
    fn keep(&mut self, at: Millis, subject: Subject, task: Task) {
        self.forget(&subject);
        self.kept.insert(subject.clone(), at);
        self.add(at, subject, task);
    }

    fn forget(&mut self, subject: &Subject) {
        if let Some(at) = self.kept.remove(subject) {
            self.tasks.remove(&(at, subject.clone()));
        }
    }

    fn forget_expiry(&mut self, space: &Space) {
        let at = space.due();
        if self.expiries.remove(&(at, space.id)) {
            self.tasks.remove(&(at, Subject::Expire(space.id)));
        }
    }

    /// When background work has something to do.
    fn first(&self) -> Millis {
        let task = self.tasks.keys().next().map(|(at, _)| *at);
        let first = |at: Option<&(Millis, LogId)>| at.map(|(at, _)| self.trimming.max(*at));
        let (trim, data_trim) = (first(self.trims.keys().next()), first(self.data_trims.keys().next()));
        [task, trim, data_trim].into_iter().flatten().fold(self.compaction, Millis::min)
    }
}

impl Schedule {
    pub(crate) fn new(rollover: Option<Millis>, jitter: Millis, now: Millis) -> Schedule {
        let queue = Queue { compaction: now + millis(COMPACTION_EVERY), ..Queue::default() };
        Schedule { rollover, jitter, queue: Mutex::new(queue), signal: OnceLock::new() }
    }

    /// When a shard is old enough to be replaced, if it ever is. Shards differ by what their ids draw, which the seed decides and the store
    /// keeps.
    fn replaced_at(&self, shard: &Shard) -> Option<Millis> {
        let age = self.rollover?;
        let drawn = u64::from(shard.id.suffix) % (2 * self.jitter + 1);
        Some(shard.opened_at + (age + drawn).saturating_sub(self.jitter))
    }

    fn change(&self, change: impl FnOnce(&mut Queue)) {
        let mut queue = self.queue.lock();
        let first = queue.first();
        change(&mut queue);
        let is_earlier = queue.first() < first;
        drop(queue);
        if is_earlier && let Some(signal) = self.signal.get() {
            signal.wake();
        }
    }

    /// A shard was opened; also for one that was closed since, before [`Schedule::shard_closed`].
    pub(crate) fn shard_opened(&self, stream: &Arc<Stream>, shard: &Arc<Shard>) {
        self.change(|queue| {
            if let Some(at) = self.replaced_at(shard).filter(|_| shard.end().is_none()) {
                queue.add(at, Subject::Roll(shard.log), Task::Roll(stream.clone(), shard.clone()));
            }
            queue.trims.insert((shard.opened_at + shard.retention, shard.log), shard.clone());
        });
    }

    /// A shard was closed. Does nothing for one that is open.
    pub(crate) fn shard_closed(&self, stream: &Arc<Stream>, shard: &Arc<Shard>) {
        let Some(at) = shard.forgotten_at() else { return };
        self.roll_done(shard);
        self.change(|queue| {
            queue.add(at, Subject::Shard(shard.log), Task::Shard(stream.clone(), shard.clone()));
        });
    }

    /// A stream was turned off. Does nothing for one that is on.
    pub(crate) fn stream_off(&self, stream: &Arc<Stream>) {
        let Some(at) = stream.forgotten_at() else { return };
        let subject = Subject::Stream(stream.table.clone(), stream.label.clone());
        self.change(|queue| queue.add(at, subject, Task::Stream(stream.clone())));
    }

    /// A table was deleted; its name is free from a moment on.
    pub(crate) fn table_deleted(&self, table: &Arc<Table>, until: Millis) {
        self.change(|queue| queue.add(until, Subject::Table(table.id), Task::Table(table.clone())));
    }

    /// A space is to be built from a moment on, which is no earlier than now.
    pub(crate) fn space_begun(&self, table: &Arc<Table>, space: &Arc<Space>, at: Millis) {
        self.change(|queue| {
            queue.builds.insert(space.id, at);
            queue.add(at, Subject::Build(space.id), Task::Build(table.clone(), space.clone()));
        });
    }

    /// A step of the build of a space is done.
    pub(crate) fn build_done(&self, space: &Space) {
        let mut queue = self.queue.lock();
        if let Some(at) = queue.builds.remove(&space.id) {
            queue.tasks.remove(&(at, Subject::Build(space.id)));
        }
    }

    /// Rows are to be copied from a moment on, which is no earlier than now.
    pub(crate) fn copy_begun(&self, copy: &Arc<RowCopy>, at: Millis) {
        let subject = Subject::Copy(copy.target.rows());
        self.change(|queue| queue.keep(at, subject, Task::Copy(copy.clone())));
    }

    /// A copy is done.
    pub(crate) fn copy_done(&self, copy: &RowCopy) {
        self.queue.lock().forget(&Subject::Copy(copy.target.rows()));
    }

    /// An export has something to do from a moment on.
    pub(crate) fn export_due(&self, export: &Arc<Export>, at: Millis) {
        let subject = Subject::Export(export.rows);
        self.change(|queue| queue.keep(at, subject, Task::Export(export.clone())));
    }

    /// An export is forgotten.
    pub(crate) fn export_done(&self, export: &Export) {
        self.queue.lock().forget(&Subject::Export(export.rows));
    }

    /// An import has something to do from a moment on.
    pub(crate) fn import_due(&self, import: &Arc<Import>, at: Millis) {
        let subject = Subject::Import(import.into);
        self.change(|queue| queue.keep(at, subject, Task::Import(import.clone())));
    }

    /// An import is forgotten.
    pub(crate) fn import_done(&self, import: &Import) {
        self.queue.lock().forget(&Subject::Import(import.into));
    }

    /// A table's history is to go on in another period from a moment on.
    pub(crate) fn period_begun(&self, table: &Arc<Table>, until: Millis) {
        self.change(|queue| queue.keep(until, Subject::Period(table.id), Task::Period(table.clone())));
    }

    /// A table has no history to go on with.
    pub(crate) fn periods_done(&self, table: &Table) {
        self.queue.lock().forget(&Subject::Period(table.id));
    }

    /// A backup goes by itself at a moment.
    pub(crate) fn backup_expires(&self, backup: &Arc<Backup>, at: Millis) {
        self.change(|queue| queue.keep(at, Subject::Backup(backup.rows), Task::Backup(backup.clone())));
    }

    /// A backup is gone.
    pub(crate) fn backup_done(&self, backup: &Backup) {
        self.queue.lock().forget(&Subject::Backup(backup.rows));
    }

    /// An order of expiry is to be looked at at a moment, if not before. Nearly always it is before, and then no lock is taken.
    pub(crate) fn expiring(&self, table: &Arc<Table>, space: &Arc<Space>, at: Millis) {
        if at >= space.due() {
            return;
        }
        self.change(|queue| {
            let known = space.due();
            if at < known {
                queue.forget_expiry(space);
                space.due.store(at, Ordering::SeqCst);
                queue.expiries.insert((at, space.id));
                queue.add(at, Subject::Expire(space.id), Task::Expire(table.clone(), space.clone()));
            }
        });
    }

    /// An order of expiry is not to be looked at, until something else is told.
    pub(crate) fn expiry_done(&self, space: &Space) {
        let mut queue = self.queue.lock();
        queue.forget_expiry(space);
        space.due.store(Millis::MAX, Ordering::SeqCst);
    }

    /// When the next order of expiry is to be looked at.
    pub(crate) fn next_expiry(&self) -> Option<Millis> {
        self.queue.lock().expiries.first().map(|(at, _)| *at)
    }

    /// Tokens are put into a space from now on.
    pub(crate) fn tokens_begun(&self, space: &Arc<TokenSpace>) {
        self.change(|queue| {
            queue.add(space.forgotten_at(), Subject::Tokens(space.id), Task::Tokens(space.clone()));
        });
    }

    /// Tokens are forgotten.
    pub(crate) fn tokens_done(&self, space: &TokenSpace) {
        self.queue.lock().tasks.remove(&(space.forgotten_at(), Subject::Tokens(space.id)));
    }

    /// A partition is to be split, which its first hash names.
    pub(crate) fn split(&self, table: &Arc<Table>, first: u64, now: Millis) {
        self.change(|queue| {
            queue.add(now, Subject::Split(table.id, first), Task::Split(table.clone(), first))
        });
    }

    /// A partition was split, or is not to be.
    pub(crate) fn split_done(&self, table: &Table, first: u64, since: Millis) {
        self.queue.lock().tasks.remove(&(since, Subject::Split(table.id, first)));
    }

    /// A shard of a data stream was opened, or its records are kept for another time.
    pub(crate) fn data_shard_opened(&self, stream: &Arc<DataStream>, shard: &DataShard, retention: Millis) {
        self.data_trim_at(stream, shard.index, shard.log, shard.opened_at + retention);
    }

    /// The oldest record of a data stream's shard is due at a moment, not before.
    pub(crate) fn data_trim_at(&self, stream: &Arc<DataStream>, shard: u32, log: LogId, at: Millis) {
        self.change(|queue| drop(queue.data_trims.insert((at, log), (stream.clone(), shard))));
    }

    /// Takes a shard of a data stream whose oldest record is due, its log, and since when it is. [`Schedule::data_trim_at`] puts it back.
    pub(crate) fn take_data_trim(&self, now: Millis) -> Option<(Millis, LogId, Arc<DataStream>, u32)> {
        let mut queue = self.queue.lock();
        let first = queue.data_trims.first_entry()?;
        let (at, log) = *first.key();
        (at <= now).then(|| {
            let (stream, shard) = first.remove();
            (at, log, stream, shard)
        })
    }

    /// A data stream was removed; its name is free from a moment on.
    pub(crate) fn data_stream_deleted(&self, stream: &Arc<DataStream>, until: Millis) {
        self.change(|queue| {
            queue.add(until, Subject::DataStream(stream.id), Task::DataStream(stream.clone()));
        });
    }

    /// The name of a data stream is given back.
    pub(crate) fn data_stream_done(&self, stream: &DataStream, until: Millis) {
        self.queue.lock().tasks.remove(&(until, Subject::DataStream(stream.id)));
    }

    /// A shard is not to be replaced any more.
    pub(crate) fn roll_done(&self, shard: &Shard) {
        if let Some(at) = self.replaced_at(shard) {
            self.queue.lock().tasks.remove(&(at, Subject::Roll(shard.log)));
        }
    }

    /// A shard is forgotten.
    pub(crate) fn shard_done(&self, shard: &Shard) {
        if let Some(at) = shard.forgotten_at() {
            self.queue.lock().tasks.remove(&(at, Subject::Shard(shard.log)));
        }
    }

    /// A stream is forgotten.
    pub(crate) fn stream_done(&self, stream: &Stream) {
        if let Some(at) = stream.forgotten_at() {
            let subject = Subject::Stream(stream.table.clone(), stream.label.clone());
            self.queue.lock().tasks.remove(&(at, subject));
        }
    }

    /// The name of a deleted table is given back.
    pub(crate) fn table_done(&self, table: &Table) {
        let change = table.state.read().change;
        if let Some(change) = change {
            self.queue.lock().tasks.remove(&(change.until, Subject::Table(table.id)));
        }
    }

    /// When the next thing happens that a reader can see.
    pub(crate) fn next(&self) -> Option<Millis> {
        self.queue.lock().tasks.keys().next().map(|(at, _)| *at)
    }

    /// The first step of what is due now: things of one kind that fall due one after another.
    pub(crate) fn due(&self, now: Millis) -> Option<Step> {
        let queue = self.queue.lock();
        let at = queue.tasks.keys().next()?.0;
        let mut due =
            queue.tasks.iter().take_while(|((at, _), _)| *at <= now).map(|(_, task)| task).take(STEP);
        Some(match due.next()? {
            Task::Roll(stream, first) => {
                let mut shards = vec![first.clone()];
                shards.extend(due.map_while(|task| match task {
                    Task::Roll(other, shard) if Arc::ptr_eq(other, stream) => Some(shard.clone()),
                    _ => None,
                }));
                Step::Roll(stream.clone(), shards)
            }
            Task::Split(table, first) => Step::Split(table.clone(), *first, at),
            Task::Shard(stream, first) => {
                let mut shards = vec![(stream.clone(), first.clone())];
                shards.extend(due.map_while(|task| match task {
                    Task::Shard(stream, shard) => Some((stream.clone(), shard.clone())),
                    _ => None,
                }));
                Step::ForgetShards(shards)
            }
            Task::Stream(stream) => Step::ForgetStream(stream.clone()),
            Task::Table(table) => Step::ForgetTable(table.clone()),
            Task::Build(table, space) => Step::Build(table.clone(), space.clone()),
            Task::Copy(copy) => Step::Copy(copy.clone()),
            Task::Export(export) => Step::Export(export.clone()),
            Task::Import(import) => Step::Import(import.clone()),
            Task::Period(table) => Step::Period(table.clone()),
            Task::Backup(backup) => Step::ForgetBackup(backup.clone()),
            Task::Expire(table, space) => Step::Expire(table.clone(), space.clone(), at),
            Task::Tokens(space) => Step::ForgetTokens(space.clone()),
            Task::DataStream(stream) => Step::ForgetDataStream(stream.clone()),
        })
    }

    /// Whether it is time for a round of trimming in the background; the next one is some time later.
    pub(crate) fn begin_trimming(&self, now: Millis) -> bool {
        let mut queue = self.queue.lock();
        let is_time = queue.trimming <= now;
        if is_time {
            queue.trimming = now + millis(TRIMMING_EVERY);
        }
        is_time
    }

    /// Takes a log whose oldest record is due, and since when it is. [`Schedule::trim_at`] puts it back.
    pub(crate) fn take_trim(&self, now: Millis) -> Option<(Millis, Arc<Shard>)> {
        let mut queue = self.queue.lock();
        let first = queue.trims.first_entry()?;
        let at = first.key().0;
        (at <= now).then(|| (at, first.remove()))
    }

    /// The oldest record of a shard is due at a moment, not before.
    pub(crate) fn trim_at(&self, shard: Arc<Shard>, at: Millis) {
        self.change(|queue| drop(queue.trims.insert((at, shard.log), shard)));
    }

    /// Whether the store is to be compacted now; the next time is some time later.
    pub(crate) fn begin_compaction(&self, now: Millis) -> bool {
        let mut queue = self.queue.lock();
        let is_time = queue.compaction <= now;
        if is_time {
            queue.compaction = now + millis(COMPACTION_EVERY);
        }
        is_time
    }

    /// When something may be due.
    pub(crate) fn first(&self) -> Millis {
        self.queue.lock().first()
    }

    /// Has one woken from now on when something falls due earlier than anything before.
    pub(crate) fn tell(&self, signal: Signal) {
        self.signal.set(signal).expect("one does what falls due");
    }
}
