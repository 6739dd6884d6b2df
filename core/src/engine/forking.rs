//! Snapshots and forks: the engine at one moment, and engines that go on from there.

use std::sync::Arc;

use super::load::{ClockOption, EngineOptions};
use super::{Choices, Engine};
use crate::api::Result;
use crate::store::{Batch, Store};
use crate::stream::PlaceOption;

/// An engine at one moment.
#[derive(Debug)]
pub(crate) struct Frozen {
    /// Nobody writes to it.
    store: Arc<dyn Store>,
    choices: Choices,
    is_manual: bool,
    seed: Option<u64>,
}

impl Engine {
    /// The engine as it is now: what the store has, and the clock, chance and counters that belong to it.
    ///
    /// # Errors
    /// `ValidationException` from a store that cannot be forked.
    pub(crate) fn freeze(&self) -> Result<Frozen> {
        // With the journal held the catalog, the clock and the ids that are in the store stand still. Items are written meanwhile; what they
        // use, numbers of commits and time, the store tells itself.
        let turn = self.journal.lock();
        let entry = self.state_entry(self.now());
        let store = self.store.fork()?;
        drop(turn);
        store.commit(Batch { meta: vec![entry], ..Batch::default() })?;
        let (is_manual, seed) = (self.clock.is_manual(), self.entropy.seed());
        Ok(Frozen { store, choices: self.choices.clone(), is_manual, seed })
    }
}

impl Frozen {
    /// An engine that goes on from here. A seeded one draws what the original would have drawn, any other its own.
    ///
    /// # Errors
    /// `OpenException` where the operating system gives no random numbers.
    pub(crate) fn thaw(&self) -> Result<Engine> {
        let clock = ClockOption::AsStored { is_manual: self.is_manual };
        let options = EngineOptions { clock, seed: self.seed, place: PlaceOption::default() };
        let mut engine = Engine::load(self.store.fork()?, options, self.choices.clone())?;
        if self.seed.is_none() {
            // Forks have the seals of their iterators in common, from which this comes otherwise.
            engine.shard_key = engine.entropy.next() as u32;
        }
        Ok(engine)
    }
}
