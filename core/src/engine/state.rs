//! The engine's own entry in the catalog.
//!
//! ```text
//! state   the newest time, counters, seed and progress of chance, key of iterators, region and account
//! ```
//! Written with every change of the catalog, when a manual clock moves, and at closing; a write of items does without. What those have
//! used of the count of commits, and of time, the store itself tells ([`crate::store::HighWater`]).

use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use super::Engine;
use crate::clock::Millis;
use crate::store::MetaChange;

/// Its name.
pub(super) const STATE: &str = "state";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredState {
    pub(super) time: Millis,
    /// The next id of a table or log.
    pub(super) identities: u64,
    /// The next number of the count of commits.
    pub(super) commits: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
    pub(super) chance: u64,
    pub(super) iterator_key: (u64, u64),
    pub(super) region: String,
    pub(super) account: String,
}

impl Engine {
    /// The entry at a time of the caller's choice.
    pub(super) fn state_entry(&self, time: Millis) -> MetaChange {
        let stored = StoredState {
            time,
            identities: self.identities.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
            seed: self.entropy.seed(),
            chance: self.entropy.state(),
            iterator_key: (self.iterators.0, self.iterators.1),
            region: self.catalog.place.region.clone(),
            account: self.catalog.place.account.clone(),
        };
        MetaChange::keep(STATE.to_owned(), &stored)
    }
}
