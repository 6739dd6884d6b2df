//! The catalog as one call sees it.
//!
//! Catalog changes show before they are safe, as all commits do, and whoever has seen one must not tell anyone before it is. Tables, streams
//! and shards say which commit changed them last, so that a call waits for the changes of what it has looked at, and not for those of
//! others: a shard replaced in one table delays nobody in another.

use std::cell::Cell;
use std::ops::Deref;
use std::sync::Arc;

use crate::api::Result;
use crate::clock::Millis;
use crate::store::{Lsn, NewestCommit};
use crate::stream::{Place, Shard, ShardId, Stream};
use crate::table::{Catalog, Table};

/// Looks things up and notes the newest commit that they show.
#[derive(Debug)]
pub(crate) struct Lookup<'a> {
    catalog: &'a Catalog,
    /// Of all changes of the catalog.
    newest: &'a NewestCommit,
    newest_at_first: Lsn,
    seen: Cell<Lsn>,
    /// Whether more was looked at than what is noted one by one.
    whole: Cell<bool>,
    /// Names of the database, which never change.
    pub(crate) place: &'a Place,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(catalog: &'a Catalog, newest: &'a NewestCommit) -> Lookup<'a> {
        let (seen, whole) = (Cell::default(), Cell::default());
        Lookup { catalog, newest, newest_at_first: newest.get(), seen, whole, place: &catalog.place }
    }

    /// The newest commit that what was looked up shows.
    pub(super) fn seen(&self) -> Lsn {
        let newest = self.newest.get();
        // What has changed since it was looked up may have been seen before and after.
        if self.whole.get() || newest != self.newest_at_first { newest } else { self.seen.get() }
    }

    /// Notes that something was seen which a commit has changed.
    pub(crate) fn saw(&self, changed: Lsn) {
        self.seen.set(self.seen.get().max(changed));
    }

    /// Notes that an answer may rest on anything in the catalog, such as that something is not in it.
    pub(crate) fn saw_all(&self) {
        self.whole.set(true);
    }

    /// As [`Catalog::for_data`].
    pub(crate) fn for_data(&self, given: &str, now: Millis) -> Result<Arc<Table>> {
        let table = self.catalog.for_data(given, now).inspect_err(|_| self.saw_all())?;
        self.saw(table.changed.get());
        Ok(table)
    }

    /// As [`Catalog::stream`].
    pub(crate) fn stream(&self, arn: &str, now: Millis) -> Result<Arc<Stream>> {
        let stream = self.catalog.stream(arn, now).inspect_err(|_| self.saw_all())?;
        self.saw(stream.changed.get());
        Ok(stream)
    }

    /// As [`Stream::shard`].
    pub(crate) fn shard(&self, stream: &Stream, id: ShardId, now: Millis) -> Option<Arc<Shard>> {
        let shard = stream.shard(id, now);
        match &shard {
            Some(shard) => self.saw(shard.changed.get()),
            None => self.saw_all(),
        }
        shard
    }
}

/// Everything else tells of the catalog as a whole.
impl Deref for Lookup<'_> {
    type Target = Catalog;

    fn deref(&self) -> &Catalog {
        self.saw_all();
        self.catalog
    }
}
