//! One call's dealings with the store.

use std::cell::Cell;
use std::ops::Bound;
use std::path::Path;

use super::{
    Batch, Budget, Compacted, LogBounds, LogId, LogRecord, Lsn, RowPage, RowRange, Seen, Sequence, Store,
    TableId, Wanted,
};
use crate::api::Result;
use crate::clock::Millis;
use crate::value::Item;
use crate::value::key::RowKey;

/// What one call does with the store, and how new the newest is that it has seen.
///
/// Commits show before they are safe, so that a partition is not locked while a disk works. Whoever has seen such a commit, by writing it
/// or by reading it, must not tell anyone before it is safe: the call ends with [`Store::settle`] of [`Session::seen`], also when it ends
/// with an error, because a failed condition tells something, too.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    store: &'a dyn Store,
    seen: Cell<Lsn>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(store: &'a dyn Store) -> Session<'a> {
        Session { store, seen: Cell::default() }
    }

    /// The newest commit that this call has made or seen.
    pub(crate) fn seen(&self) -> Lsn {
        self.seen.get()
    }

    fn note<T>(&self, seen: Seen<T>) -> T {
        self.seen.set(self.seen.get().max(seen.lsn));
        seen.value
    }

    /// As [`Rows::get`](super::Rows::get).
    pub(crate) fn get(&self, table: TableId, key: &RowKey) -> Result<Option<Item>> {
        Ok(self.note(self.store.get(table, key)?))
    }

    /// As [`Rows::get_many`](super::Rows::get_many).
    pub(crate) fn get_many(&self, wanted: &[Wanted<'_>]) -> Result<Vec<Option<Item>>> {
        Ok(self.note(self.store.get_many(wanted)?))
    }

    /// As [`Rows::rows`](super::Rows::rows).
    pub(crate) fn rows(&self, table: TableId, range: &RowRange, budget: Budget) -> Result<RowPage> {
        Ok(self.note(self.store.rows(table, range, budget)?))
    }

    /// As [`Rows::totals`](super::Rows::totals).
    pub(crate) fn totals(&self, table: TableId) -> Result<(i64, i64)> {
        self.store.totals(table)
    }

    /// As [`Store::commit`]. In line, since a batch is large to hand on.
    #[inline]
    pub(crate) fn commit(&self, batch: Batch) -> Result<()> {
        let lsn = self.store.commit(batch)?;
        self.note(Seen { value: (), lsn });
        Ok(())
    }

    /// As [`Upkeep::maintain`](super::Upkeep::maintain).
    pub(crate) fn maintain(&self, now: Millis) -> Result<()> {
        self.store.maintain(now)
    }

    /// As [`Logs::records`](super::Logs::records).
    pub(crate) fn records(
        &self,
        log: LogId,
        from: Bound<Sequence>,
        retention: Millis,
        take: &mut dyn FnMut(&LogRecord) -> bool,
    ) -> Result<Vec<LogRecord>> {
        Ok(self.note(self.store.records(log, from, retention, take)?))
    }

    /// As [`Logs::bounds`](super::Logs::bounds).
    pub(crate) fn bounds(&self, log: LogId, horizon: Millis) -> Result<LogBounds> {
        Ok(self.note(self.store.bounds(log, horizon)?))
    }

    /// As [`Logs::newest_before`](super::Logs::newest_before).
    pub(crate) fn newest_before(&self, log: LogId, moment: Millis) -> Result<Option<Sequence>> {
        Ok(self.note(self.store.newest_before(log, moment)?))
    }

    /// As [`Upkeep::backup`](super::Upkeep::backup).
    pub(crate) fn backup(&self, to: &Path) -> Result<u64> {
        self.store.backup(to)
    }

    /// As [`Upkeep::compact`](super::Upkeep::compact).
    pub(crate) fn compact(&self, now: Millis) -> Result<Compacted> {
        self.store.compact(now)
    }
}
