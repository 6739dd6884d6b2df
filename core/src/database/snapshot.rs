//! Snapshots and forks of databases, and the way back.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::regions::Site;
use super::{Background, Database, Shared, closed, opening};
use crate::api::message::table as text;
use crate::api::{Error, Result};
use crate::engine::{ClockOption, Engine, Frozen};
use crate::options::OpenOptions;

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
    /// Those of the other regions, by name.
    others: BTreeMap<String, Frozen>,
    /// How its database was opened.
    options: OpenOptions,
    /// In which region it was taken.
    region: String,
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
        let database = Database::of(self.engine.thaw()?, self.options.clone(), Site::Memory)?;
        database.1.adopt(self.thaw_others()?)?;
        database.in_region(&self.region)
    }

    fn thaw_others(&self) -> Result<BTreeMap<String, Engine>> {
        self.others.iter().map(|(region, engine)| Ok((region.clone(), engine.thaw()?))).collect()
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
        let home = self.1.home();
        let engine = home.run(|call| call.freeze())?;
        let freeze = |(region, other): (String, Arc<Shared>)| Ok((region, other.run(|call| call.freeze())?));
        let others = self.1.others().into_iter().map(freeze).collect::<Result<_>>()?;
        Ok(Snapshot { engine, others, options: home.options.clone(), region: self.region().to_owned() })
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
        let home = self.1.home();
        let is_manual = home.run(|call| Ok(call.clock.is_manual()))?;
        self.1.fork_into(directory)?;
        let (options, site) = (home.options.clone(), Site::Directory(directory.to_owned()));
        let engine = opening::on_clock(site.store(&options)?, &options, ClockOption::AsStored { is_manual })?;
        let fork = Database::of(engine, options, site)?;
        fork.1.open_stored()?;
        fork.in_region(self.region())
    }

    /// Puts the database back to where it, or a database it was forked from or into, was when the snapshot was taken: tables, items, streams,
    /// clock and chance. All handles, clients and readers of it go on with that. A call that runs meanwhile is answered by the database as
    /// it was before. The snapshot can be restored any number of times, and each costs as much as a fork.
    ///
    /// # Errors
    /// `ValidationException` for a database in a directory, and for a snapshot of a database in another region or account;
    /// `DatabaseClosedException` after [`Database::close`]; as [`Snapshot::fork`].
    pub fn restore(&self, snapshot: &Snapshot) -> Result<()> {
        let home = self.1.home();
        home.replace("restored", || {
            let engine = snapshot.engine.thaw()?;
            if engine.catalog.place != home.place {
                return Err(Error::validation(text::snapshot_of_another_place()));
            }
            Ok(engine)
        })?;
        self.1.replace(snapshot.thaw_others()?)
    }

    /// Empties the database: it is then as it was when it was opened, or as the database was that it was forked from. All handles, clients
    /// and readers of it go on with that. A call that runs meanwhile is answered by the database as it was before.
    ///
    /// # Errors
    /// `ValidationException` for a database in a directory; `DatabaseClosedException` after [`Database::close`]; `OpenException` where the
    /// operating system gives no random numbers, or no thread for the background work of a system clock.
    pub fn reset(&self) -> Result<()> {
        let home = self.1.home();
        home.replace("reset", || opening::engine(Site::Memory.store(&home.options)?, &home.options))?;
        self.1.replace(BTreeMap::new())
    }
}

impl Shared {
    /// Goes on with another engine.
    pub(super) fn replace(
        self: &Arc<Shared>,
        done: &str,
        engine: impl FnOnce() -> Result<Engine>,
    ) -> Result<()> {
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
        self.engine.load().watches.note_mappings();
        drop(background.take());
        if !self.engine.load().clock.is_manual() {
            *background = Some(Background::start(self)?);
        }
        Ok(())
    }
}
