//! Databases on a disk that a simulation plays.

use std::sync::Arc;

use super::Database;
use crate::api::Result;
use crate::options::OpenOptions;
use crate::store::{DurableStore, Settings, SimDisk};

/// The identity of every database on a simulated disk, so that the same seed gives the same bytes.
const IDENTITY: u128 = 0x5349_4d55_4c41_5445_4400_0000_0000_0001;

/// What a simulation chooses beyond what a caller of [`Database::open`] can.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SimulatedKeeping {
    /// Bytes of log after which a checkpoint is made.
    pub checkpoint_bytes: u64,
    /// Whether a thread makes the checkpoints; without it the commit that finds one due does, and the same seed gives the same history.
    pub background: bool,
}

impl Database {
    /// As [`Database::open`], on a simulated disk. There is no lock: nothing else may have the disk open.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn simulated(disk: &SimDisk, options: OpenOptions, keeping: SimulatedKeeping) -> Result<Database> {
        options.check()?;
        let SimulatedKeeping { checkpoint_bytes, background } = keeping;
        let settings = Settings { checkpoint_bytes, background, ..options.settings() };
        let store = DurableStore::open(Arc::new(disk.clone()), None, settings, IDENTITY)?;
        Database::over(Arc::new(store), options)
    }
}
