//! What an operation works with: the store, the catalog, the clock, chance, and the counters.

mod calls;
mod expressions;
mod faults;
mod forking;
mod load;
mod lookup;
mod metrics;
mod reading_limits;
mod recent;
mod schedule;
mod splitting;
mod state;
mod statements;
mod throttling;
mod tokens;
mod watch;

pub(crate) use calls::{Calls, EndedCall, Traced};
pub(crate) use faults::{Faults, PlannedFault, Repeats, Subject};
pub(crate) use throttling::Meter;

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use forking::Frozen;
pub(crate) use load::{ClockOption, EngineOptions};
pub(crate) use lookup::Lookup;
pub(crate) use metrics::Contents;
#[cfg(test)]
pub(crate) use metrics::NAMED_MOST;
pub use metrics::{Counts, Dimensions, Latency, Metrics};
pub(crate) use recent::{Note, Recent};
pub(crate) use schedule::{Schedule, Step};
pub(crate) use tokens::{Digest, Recalled, Token};
pub use watch::Watch;
pub(crate) use watch::Watches;

use self::expressions::KeptExpressions;
use self::reading_limits::ReadingLimits;
use self::statements::Statements;
use self::tokens::Tokens;
use crate::api::Result;
use crate::bucket::{BucketRoot, Buckets};
use crate::clock::{Clock, Millis};
use crate::entropy::Entropy;
use crate::kinesis::DataStreams;
use crate::locks::Ordered;
use crate::mapping::Mappings;
use crate::queue::Queues;
use crate::store::{Batch, LogId, Lsn, NewestCommit, Session, Store, TableId};
use crate::stream::IteratorKey;
use crate::table::{Catalog, SplitRule};
use crate::topic::Topics;

/// Choices of the one who opened the database.
#[derive(Clone, Debug)]
pub(crate) struct Choices {
    /// Partitions of a new table.
    pub(crate) partitions: usize,
    /// How long a table stays in a transitional state.
    pub(crate) control_plane_delay: Millis,
    /// Age at which an open shard is replaced; none leaves shards alone.
    pub(crate) shard_rollover: Option<Millis>,
    /// By how much that age differs from shard to shard, at most, either way.
    pub(crate) rollover_jitter: Millis,
    /// When a partition is split.
    pub(crate) split: SplitRule,
    /// Whether readers of streams have the service's limits.
    pub(crate) reader_limits: bool,
    /// How long a new stream keeps its records.
    pub(crate) stream_retention: Millis,
    /// Whether calls are counted.
    pub(crate) metrics: bool,
    /// How many of the latest calls are remembered.
    pub(crate) call_trace: usize,
    /// How long after its time an expired item is deleted.
    pub(crate) expiry_delay: Millis,
    /// Whether provisioned tables refuse what is beyond their capacity.
    pub(crate) throttling: bool,
    /// How long after a write global indexes show it.
    pub(crate) index_delay: Millis,
    /// Bytes that an item collection may have.
    pub(crate) item_collection_limit: u64,
    /// The directory of buckets, if there is one.
    pub(crate) buckets: BucketRoot,
    /// The operation of a name; who knows the operations stands above.
    pub(crate) operation_named: fn(&str) -> Option<&'static str>,
}

/// The engine's parts.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) catalog: Catalog,
    pub(crate) data_streams: DataStreams,
    pub(crate) mappings: Ordered<Mappings>,
    pub(crate) queues: Queues,
    pub(crate) buckets: Buckets,
    pub(crate) topics: Ordered<Topics>,
    /// Shared with the engines that take its place.
    pub(crate) watches: Arc<Watches>,
    pub(crate) iterators: IteratorKey,
    pub(crate) tokens: Tokens,
    pub(crate) statements: Statements,
    pub(crate) expressions: KeptExpressions,
    pub(crate) choices: Choices,
    /// What global indexes do not show yet, where they are late.
    pub(crate) recent: Option<Arc<Recent>>,
    /// Shared with the thread that waits for what falls due, and must not keep a database open.
    pub(crate) schedule: Arc<Schedule>,
    /// Held while background work runs, so that nothing is counted twice.
    pub(crate) upkeep: Ordered<()>,
    /// What is remembered of calls, where anything is.
    pub(crate) calls: Option<Box<Calls>>,
    /// What calls are to meet. It is of this opening alone: neither kept nor forked.
    pub(crate) faults: Faults,
    reading_limits: ReadingLimits,
    /// Makes the suffixes of shards differ between databases.
    shard_key: u32,
    identities: AtomicU64,
    commits: AtomicU64,
    /// Held from a look at the engine's state to its commit, so that the state in the store never goes back.
    journal: Ordered<()>,
    /// The newest commit of the catalog.
    cataloged: NewestCommit,
    /// The newest commit that moved a manual clock, whose time every call sees.
    clocked: NewestCommit,
}

impl Engine {
    /// Whether somebody may disturb calls of an operation, or remembers calls.
    #[inline]
    pub(crate) fn is_attended(&self, operation: &str) -> bool {
        self.faults.may_be_about(operation) || self.calls.is_some()
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

    /// The next number of the database-wide count of commits, part of every sequence number. A commit that fails leaves a gap.
    pub(crate) fn next_commit(&self) -> u64 {
        self.commits.fetch_add(1, Ordering::Relaxed)
    }

    /// The next `count` pairs of numbers for shards, in a row: the first of them.
    pub(crate) fn reserve_numbers(&self, count: u64) -> ShardNumbers {
        ShardNumbers {
            log: LogId(self.identities.fetch_add(count, Ordering::Relaxed)),
            commit: self.commits.fetch_add(count, Ordering::Relaxed),
        }
    }

    /// The last part of the id of a shard with this log. Numbers of logs that differ in their lower half have suffixes that differ: each step
    /// of the mixing (that of MurmurHash3) can be undone.
    pub(crate) fn shard_suffix(&self, log: LogId) -> u32 {
        let mut mixed = log.0 as u32 ^ self.shard_key;
        mixed = (mixed ^ (mixed >> 16)).wrapping_mul(0x85eb_ca6b);
        mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35);
        mixed ^ (mixed >> 16)
    }

    /// Keeps the clock and the counters as they are, and closes the store.
    ///
    /// # Errors
    /// The store's; it is closed all the same.
    pub(crate) fn close(&self) -> Result<()> {
        let kept = Call::new(self).commit_catalog(Batch::default());
        kept.and(self.store.close())
    }
}

/// What a shard takes from the counts of the database when it is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShardNumbers {
    pub(crate) log: LogId,
    pub(crate) commit: u64,
}

impl ShardNumbers {
    /// Those of the shard that is opened `count` shards later.
    pub(crate) fn plus(self, count: u64) -> ShardNumbers {
        ShardNumbers { log: LogId(self.log.0 + count), commit: self.commit + count }
    }
}

/// One call: the engine's parts, and its own dealings with the store.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    engine: &'a Engine,
    /// In place of [`Engine::store`], so that nothing is read past it.
    pub(crate) store: Session<'a>,
    /// In place of [`Engine::catalog`], likewise.
    pub(crate) catalog: Lookup<'a>,
    /// What a fault has it deliver once more.
    pub(crate) repeats: Repeats,
    /// Whether it is to leave nothing behind: no use of capacity, no count, no trace.
    is_look: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new(engine: &'a Engine) -> Call<'a> {
        let catalog = Lookup::new(&engine.catalog, &engine.cataloged);
        let store = Session::new(&*engine.store);
        Call { engine, store, catalog, repeats: Repeats::default(), is_look: false }
    }

    /// A call that leaves nothing behind, if what it runs only reads.
    pub(crate) fn look(engine: &'a Engine) -> Call<'a> {
        Call { is_look: true, ..Call::new(engine) }
    }

    /// The newest commit that this call has made or seen, in the store or in the catalog.
    pub(crate) fn seen(&self) -> Lsn {
        self.store.seen().max(self.catalog.seen()).max(self.engine.clocked.get())
    }

    /// Has the store forked into a directory, with the engine's state as it is.
    ///
    /// # Errors
    /// `ValidationException` for a store without files, or a directory that holds something; the store's.
    pub(crate) fn fork_into(&self, directory: &Path) -> Result<()> {
        // Chance and the counters are in the store only as of the last change of the catalog.
        self.commit_catalog(Batch::default())?;
        self.engine.store.fork_into(directory)
    }

    /// Commits a change of the catalog, and the engine's state with it. The caller holds the locks of what it changes, and shows the
    /// change only afterwards.
    ///
    /// # Errors
    /// The store's; then nothing is written, and nothing may be shown.
    pub(crate) fn commit_catalog(&self, batch: Batch) -> Result<()> {
        let _turn = self.engine.journal.lock();
        self.commit_with_state(batch, self.now())
    }

    /// Moves a manual clock forward.
    ///
    /// # Errors
    /// The store's; then the clock stands.
    pub(crate) fn set_clock(&self, to: Millis) -> Result<()> {
        self.commit_catalog_and_clock(Batch::default(), to)
    }

    /// Commits a change of the catalog, as [`Call::commit_catalog`], and moves a manual clock forward with it.
    ///
    /// # Errors
    /// The store's; then nothing is written, and the clock stands.
    pub(crate) fn commit_catalog_and_clock(&self, batch: Batch, to: Millis) -> Result<()> {
        let _turn = self.engine.journal.lock();
        self.commit_with_state(batch, to.max(self.now()))?;
        self.engine.clocked.raise(self.store.seen());
        self.clock.set(to);
        Ok(())
    }

    fn commit_with_state(&self, mut batch: Batch, time: Millis) -> Result<()> {
        batch.meta.push(self.engine.state_entry(time));
        self.store.commit(batch)?;
        // Before the change shows: whoever sees it then waits for it, too.
        self.engine.cataloged.raise(self.store.seen());
        Ok(())
    }
}

impl Deref for Call<'_> {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        self.engine
    }
}
