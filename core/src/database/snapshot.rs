//! Snapshots and forks of databases.

use super::Database;
use crate::api::{Result, Wording};
use crate::engine::Frozen;

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
    /// In which errors are told, there and here.
    wording: Wording,
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
        Database::of(self.engine.thaw()?, self.wording)
    }
}

impl Database {
    /// The database as it is at this moment, for forks to go on from. Calls that run meanwhile are in it wholly or not at all. The cost does
    /// not depend on how much there is; writes afterwards go on at the same pace.
    ///
    /// # Errors
    /// `ValidationException` for a database in a directory, which [`Database::backup`] copies; `DatabaseClosedException` after
    /// [`Database::close`].
    pub fn snapshot(&self) -> Result<Snapshot> {
        let engine = self.0.run(|call| call.freeze())?;
        Ok(Snapshot { engine, wording: self.0.wording })
    }

    /// A database that goes on from this one's present, as [`Snapshot::fork`] of [`Database::snapshot`].
    ///
    /// # Errors
    /// As there.
    pub fn fork(&self) -> Result<Database> {
        self.snapshot()?.fork()
    }
}
