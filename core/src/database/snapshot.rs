//! Snapshots and forks of databases, and the way back.

use std::path::Path;
use std::sync::Arc;

use super::{Background, Database, Shared, closed, opening};
use crate::api::message::table as text;
use crate::api::{Error, Result};
use crate::clock::wall;
use crate::engine::{ClockOption, Engine, Frozen};
use crate::options::OpenOptions;
use crate::store::{DurableStore, MemoryStore};

/// A database at one moment: tables, items, streams with their records, time, chance. It does not change, and can be forked any number of
/// times, also after the database it was taken of is closed.
///
/// ```
/// use streamtable::api::*;
/// use streamtable::value::Item;
/// use streamtable::{Database, OpenOptions};
///
/// let db = Database::memory(OpenOptions::deterministic())?;
/// db.call_json("CreateTable", br#"{"TableName": "Users", "BillingMode": "PAY_PER_REQUEST",
///     "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
///     "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}"#)?;
/// let fixtures = db.snapshot()?;
///
/// // Each test gets a database of its own.
/// for _ in 0..2 {
///     let db = fixtures.fork()?;
///     let item = Item::from_json(r#"{"id": {"S": "ada"}}"#).expect("an item");
///     let put = PutItemInput { table_name: Some("Users".into()), item: Some(item.into()), ..Default::default() };
///     db.call(put)?;
///     let scan = ScanInput { table_name: Some("Users".into()), ..Default::default() };
///     assert_eq!(db.call(scan)?.count, Some(1));
/// }
/// # Ok::<(), streamtable::Error>(())
/// ```
#[derive(Debug)]
pub struct Snapshot {
    engine: Frozen,
    /// How its database was opened.
    options: OpenOptions,
}

impl Snapshot {
    /// A database in memory that goes on from here, independent of all others. What it has in common with them is shared until one of them
    /// changes it. Its cost grows with the number of tables, streams and shards, not with that of items and records.
    ///
    /// It has the clock of the database that the snapshot was taken of: a manual clock stands where that one stood, a system clock is the
    /// system's. Iterators issued before the snapshot work in it. Where that database was seeded, the fork makes the same choices as it.
    ///
    /// # Errors
    /// `OpenException` where the operating system gives no random numbers, or no thread for the background work of a system clock.
    pub fn fork(&self) -> Result<Database> {
        Database::of(self.engine.thaw()?, self.options.clone())
    }
}

impl Database {
    /// The database as it is at this moment, for forks to go on from and for [`Database::restore`]. Calls that run meanwhile are in it wholly or
    /// not at all. The cost does not depend on how much there is; writes afterwards go on at the same pace.
    ///
    /// # Errors
    /// `ValidationException` for a database in a directory, which [`Database::fork_to`] forks; `DatabaseClosedException` after
    /// [`Database::close`].
    pub fn snapshot(&self) -> Result<Snapshot> {
        let engine = self.0.run(|call| call.freeze())?;
        Ok(Snapshot { engine, options: self.0.options.clone() })
    }

    /// A database in memory that goes on from this one's present, as [`Snapshot::fork`] of [`Database::snapshot`].
    ///
    /// # Errors
    /// As there.
    pub fn fork(&self) -> Result<Database> {
        self.snapshot()?.fork()
    }

    /// A database in a directory of its own, which is made, that goes on from the present of this one, which is in a directory, too. Both have
    /// the files in common that are never written again, by hard links; what was written last is copied, and so is everything where the
    /// file system cannot link. So the cost hardly depends on how much there is. Each may be written, compacted, closed and removed
    /// whatever the other does.
    ///
    /// It has the options of this database, and its clock: a manual clock stands where this one stands. Iterators issued before work in it.
    /// Where this database was seeded, the fork makes the same choices as it.
    ///
    /// # Errors
    /// `ValidationException` for a database in memory, or a directory that holds something; `DatabaseClosedException` after
    /// [`Database::close`]; the disk's.
    pub fn fork_to(&self, directory: impl AsRef<Path>) -> Result<Database> {
        let directory = directory.as_ref();
        let is_manual = self.0.run(|call| {
            call.fork_into(directory)?;
            Ok(call.clock.is_manual())
        })?;
        let options = self.0.options.clone();
        // There is a database, so that none is made with this identity.
        let store = DurableStore::open_directory(directory, options.settings(), 0, wall())?;
        let engine = opening::on_clock(Arc::new(store), &options, ClockOption::AsStored { is_manual })?;
        Database::of(engine, options)
    }

    /// Puts the database back to where it, or a database it was forked from or into, was when the snapshot was taken: tables, items, streams,
    /// clock and chance. All handles, clients and readers of it go on with that. A call that runs meanwhile is answered by the database as
    /// it was before. The snapshot can be restored any number of times, and each costs as much as a fork.
    ///
    /// # Errors
    /// `ValidationException` for a database in a directory, and for a snapshot of a database in another region or account;
    /// `DatabaseClosedException` after [`Database::close`]; as [`Snapshot::fork`].
    pub fn restore(&self, snapshot: &Snapshot) -> Result<()> {
        self.0.replace("restored", || {
            let engine = snapshot.engine.thaw()?;
            if engine.catalog.place != self.0.place {
                return Err(Error::validation(text::snapshot_of_another_place()));
            }
            Ok(engine)
        })
    }

    /// Empties the database: it is then as it was when it was opened, or as the database was that it was forked from. All handles, clients
    /// and readers of it go on with that. A call that runs meanwhile is answered by the database as it was before.
    ///
    /// # Errors
    /// `ValidationException` for a database in a directory; `DatabaseClosedException` after [`Database::close`]; `OpenException` where the
    /// operating system gives no random numbers, or no thread for the background work of a system clock.
    pub fn reset(&self) -> Result<()> {
        self.0.replace("reset", || opening::engine(Arc::new(MemoryStore::default()), &self.0.options))
    }
}

impl Shared {
    /// Goes on with another engine.
    fn replace(self: &Arc<Shared>, done: &str, engine: impl FnOnce() -> Result<Engine>) -> Result<()> {
        // Closing waits for this lock, too: the engine that is closed is the one that is there.
        let mut background = self.background.lock();
        if self.calls.is_closed() {
            return Err(closed());
        }
        self.check_sound()?;
        if !self.engine.load().store.is_in_memory() {
            return Err(Error::validation(text::not_in_memory(done)));
        }
        let mut next = engine()?;
        // Who waits for records goes on with those of the next one.
        next.watches = self.engine.load().watches.clone();
        let (restores, version) = {
            let engine = self.engine.load();
            let known = engine.mappings.lock();
            (known.restores + 1, known.version + 1)
        };
        {
            let mut mappings = next.mappings.lock();
            (mappings.restores, mappings.version) = (restores, version);
        }
        self.engine.store(Arc::new(next));
        self.engine.load().watches.call_all();
        if let Some(thread) = background.take() {
            thread.stop();
        }
        if !self.engine.load().clock.is_manual() {
            *background = Some(Background::start(self)?);
        }
        Ok(())
    }
}
