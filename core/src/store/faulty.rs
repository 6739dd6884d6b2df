//! A store that fails when a test says so, over one that does not.

use std::fmt;
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crate::api::{Error, ErrorCode, Result};
use crate::clock::Millis;
use crate::store::{
    Batch, Budget, HighWater, LogBounds, LogId, LogRecord, Logs, Lsn, Meta, RowPage, RowRange, Rows, Seen,
    Sequence, Store, TableId, Upkeep, Wanted,
};
use crate::value::Item;
use crate::value::key::RowKey;

#[derive(Debug)]
pub(crate) struct Faulty {
    disk: Arc<dyn Store>,
    /// Commits that still succeed before one fails; negative when none is to fail.
    left: AtomicI64,
    is_dead: AtomicBool,
    commits: AtomicU64,
    /// Done before each read of a row or of records, and before background work.
    pub(crate) before: Before,
}

type Hook = Box<dyn Fn() + Send + Sync>;

#[derive(Default)]
pub(crate) struct Before {
    pub(crate) get: OnceLock<Hook>,
    pub(crate) records: OnceLock<Hook>,
    pub(crate) maintain: OnceLock<Hook>,
}

impl fmt::Debug for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Before")
    }
}

impl Faulty {
    pub(crate) fn over(disk: Arc<dyn Store>) -> Arc<Faulty> {
        Arc::new(Faulty {
            disk,
            left: AtomicI64::new(-1),
            is_dead: AtomicBool::new(false),
            commits: AtomicU64::new(0),
            before: Before::default(),
        })
    }

    /// Makes one commit fail, after `successes` more.
    pub(crate) fn fail_after(&self, successes: i64) {
        self.left.store(successes, Ordering::SeqCst);
    }

    /// Whether the failure asked for has not come yet; it will not come any more.
    pub(crate) fn take_back(&self) -> bool {
        self.left.swap(-1, Ordering::SeqCst) >= 0
    }

    /// How many commits were asked for.
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::SeqCst)
    }

    /// As if the process had been killed: nothing reaches the disk any more.
    pub(crate) fn kill(&self) {
        self.is_dead.store(true, Ordering::SeqCst);
    }
}

impl Rows for Faulty {
    fn get(&self, table: TableId, key: &RowKey) -> Result<Seen<Option<Item>>> {
        self.before.get.get().inspect(|hook| hook());
        self.disk.get(table, key)
    }

    fn get_many(&self, wanted: &[Wanted<'_>]) -> Result<Seen<Vec<Option<Item>>>> {
        self.disk.get_many(wanted)
    }

    fn rows(&self, table: TableId, range: &RowRange, budget: Budget) -> Result<Seen<RowPage>> {
        self.disk.rows(table, range, budget)
    }

    fn totals(&self, table: TableId) -> Result<(i64, i64)> {
        self.disk.totals(table)
    }
}

impl Store for Faulty {
    fn commit(&self, batch: Batch) -> Result<Lsn> {
        let number = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        let left = self.left.load(Ordering::SeqCst);
        if left >= 0 {
            self.left.store(left - 1, Ordering::SeqCst);
        }
        if left == 0 || self.is_dead.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorCode::Storage, "no commit, for the test"));
        }
        let lsn = self.disk.commit(batch)?;
        // Memory numbers no commits. Here they have numbers, so that tests see for which of them a call waits.
        Ok(if lsn == Lsn::default() { Lsn(number) } else { lsn })
    }

    fn settle(&self, upto: Lsn) -> Result<()> {
        self.disk.settle(upto)
    }

    fn is_settled(&self, upto: Lsn) -> bool {
        self.disk.is_settled(upto)
    }
}

impl Logs for Faulty {
    fn records(
        &self,
        log: LogId,
        from: Bound<Sequence>,
        retention: Millis,
        take: &mut dyn FnMut(&LogRecord) -> bool,
    ) -> Result<Seen<Vec<LogRecord>>> {
        self.before.records.get().inspect(|hook| hook());
        self.disk.records(log, from, retention, take)
    }

    fn bounds(&self, log: LogId, horizon: Millis) -> Result<Seen<LogBounds>> {
        self.disk.bounds(log, horizon)
    }

    fn newest_before(&self, log: LogId, moment: Millis) -> Result<Seen<Option<Sequence>>> {
        self.disk.newest_before(log, moment)
    }

    fn high_water(&self) -> HighWater {
        self.disk.high_water()
    }
}

impl Meta for Faulty {
    fn meta(&self) -> Result<Vec<(String, String)>> {
        self.disk.meta()
    }
}

impl Upkeep for Faulty {
    fn maintain(&self, now: Millis) -> Result<()> {
        self.before.maintain.get().inspect(|hook| hook());
        self.disk.maintain(now)
    }

    fn fork(&self) -> Result<Arc<dyn Store>> {
        self.disk.fork()
    }

    fn is_in_memory(&self) -> bool {
        self.disk.is_in_memory()
    }

    fn close(&self) -> Result<()> {
        if self.is_dead.load(Ordering::SeqCst) { Ok(()) } else { self.disk.close() }
    }
}
