//! What an operation works with: the store, the catalog, the clock, chance, and the counters.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::{Clock, Millis};
use crate::entropy::Entropy;
use crate::store::{LogId, Session, Store, TableId};
use crate::stream::IteratorKey;
use crate::table::Catalog;

/// Choices of the one who opened the database.
#[derive(Clone, Debug)]
pub(crate) struct Choices {
    /// Partitions of a new table.
    pub(crate) partitions: usize,
    /// How long a table stays in a transitional state.
    pub(crate) control_plane_delay: Millis,
    /// Age at which an open shard is replaced; none leaves shards alone.
    pub(crate) shard_rollover: Option<Millis>,
}

/// The engine's parts.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) store: Box<dyn Store>,
    pub(crate) catalog: Catalog,
    pub(crate) iterators: IteratorKey,
    pub(crate) choices: Choices,
    identities: AtomicU64,
    commits: AtomicU64,
}

impl Engine {
    pub(crate) fn new(
        clock: Clock,
        entropy: Entropy,
        store: Box<dyn Store>,
        catalog: Catalog,
        choices: Choices,
    ) -> Engine {
        let iterators = IteratorKey::draw(&entropy);
        let (identities, commits) = (AtomicU64::new(1), AtomicU64::new(1));
        Engine { clock, entropy, store, catalog, iterators, choices, identities, commits }
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(crate) fn next_table_id(&self) -> TableId {
        TableId(self.identities.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn next_log_id(&self) -> LogId {
        LogId(self.identities.fetch_add(1, Ordering::Relaxed))
    }

    /// The next number of the database-wide count of commits, part of every sequence number.
    pub(crate) fn next_commit(&self) -> u64 {
        self.commits.fetch_add(1, Ordering::Relaxed)
    }
}

/// One call: the engine's parts, and its own dealings with the store.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    engine: &'a Engine,
    /// In place of [`Engine::store`], so that nothing is read past it.
    pub(crate) store: Session<'a>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(engine: &'a Engine) -> Call<'a> {
        Call { engine, store: Session::new(&*engine.store) }
    }
}

impl Deref for Call<'_> {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        self.engine
    }
}
