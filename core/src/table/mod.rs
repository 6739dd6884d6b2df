//! Tables: definition and status, partitions, the catalog of all tables and streams, keys, capacity.

mod backup;
mod buckets;
mod capacity;
mod catalog;
mod definition;
mod export;
mod features;
mod hexadecimal;
mod history;
mod import;
mod index;
mod jobs;
mod loads;
mod partition;
mod schema;
mod space;
mod stored;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::RwLock;

pub(crate) use backup::{Backup, Label, RowCopy, Stage, StoredCopy, Target};
pub(crate) use buckets::{Bucket, Buckets, Owner, Rate};
pub(crate) use capacity::{Access, Usage, consumed, consumed_by, read_units, transacted, write_units};
pub(crate) use catalog::Catalog;
pub(crate) use definition::{Change, ChangeKind, Restoring, Settings};
pub(crate) use export::{About, ChangedRow, Changes, Export, ExportState};
pub(crate) use features::{
    Destination, DestinationChange, Encryption, Expiring, Features, Insights, Policy, Recovery,
};
pub(crate) use history::{Cut, Past, Period};
pub(crate) use import::{Counts, Import, ImportAbout, ImportEnd, ImportState, Position, Reading};
pub(crate) use index::{
    EntryChange, Index, IndexChange, IndexKind, IndexState, Origin, Projected, check_index_keys,
    refuse_empty_index_keys,
};
pub(crate) use jobs::{Job, JobKey, Jobs, key_of as job_key};
pub(crate) use loads::{Loads, SplitRule};
pub(crate) use partition::{HashRange, LockedPartition, Partition, PartitionState};
pub(crate) use schema::{KeyAttribute, Names, Schema};
pub(crate) use space::{Space, SpaceDefinition, SpaceState};
pub(crate) use stored::{Definition, Restored};

use crate::api::TableStatus;
use crate::clock::Millis;
use crate::kinesis::Delivery;
use crate::locks::{OrderedRw, Rank};
use crate::store::{NewestCommit, TableId};
use crate::stream::Stream;

/// One table, from its creation to its deletion.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) id: TableId,
    pub(crate) name: String,
    pub(crate) uuid: String,
    pub(crate) created_at: Millis,
    pub(crate) schema: Schema,
    pub(crate) state: OrderedRw<State>,
    /// The newest commit that changed its state.
    pub(crate) changed: NewestCommit,
    /// In hash order, covering every hash once.
    partitions: RwLock<Vec<Listed>>,
    items: AtomicI64,
    bytes: AtomicI64,
    /// What it may still read and write, where tables are throttled.
    pub(crate) buckets: Buckets,
    /// What its partitions bear, where they are split by rule.
    pub(crate) loads: Loads,
}

/// A partition in the list of its table, with its last hash beside it: a search among many touches the list alone.
#[derive(Clone, Debug)]
struct Listed {
    last: u64,
    partition: Arc<Partition>,
}

impl Listed {
    fn new(partition: Arc<Partition>) -> Listed {
        Listed { last: partition.range.last, partition }
    }
}

/// What UpdateTable and time change.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    /// What operations of their own have set.
    pub(crate) features: Features,
    /// The live stream.
    pub(crate) stream: Option<Arc<Stream>>,
    /// Label of the live or last stream, which DescribeTable goes on naming when the stream itself is forgotten.
    pub(crate) latest_label: Option<String>,
    pub(crate) change: Option<Change>,
    /// While it is being restored: from what.
    pub(crate) restoring: Option<Restoring>,
    /// In the order in which they were created.
    pub(crate) indexes: Vec<IndexState>,
}

impl State {
    /// The indexes that are there at a moment.
    pub(crate) fn indexes_at(&self, now: Millis) -> impl Iterator<Item = &IndexState> {
        self.indexes.iter().filter(move |index| !index.is_gone(now))
    }

    /// The change that still runs.
    pub(crate) fn running(&self, now: Millis) -> Option<&Change> {
        self.change.as_ref().filter(|change| now < change.until)
    }
}

impl Table {
    pub(crate) fn new(
        id: TableId,
        name: String,
        uuid: String,
        created_at: Millis,
        schema: Schema,
        settings: Settings,
        ranges: impl IntoIterator<Item = HashRange>,
    ) -> Table {
        let partition = |range| Listed::new(Arc::new(Partition::new(id, range, PartitionState::default())));
        let partitions = ranges.into_iter().map(partition).collect();
        Table {
            id,
            name,
            uuid,
            created_at,
            schema,
            state: OrderedRw::new(
                Rank::Table(id.0),
                State {
                    settings,
                    features: Features::default(),
                    stream: None,
                    latest_label: None,
                    change: None,
                    restoring: None,
                    indexes: Vec::new(),
                },
            ),
            partitions: RwLock::new(partitions),
            changed: NewestCommit::default(),
            items: AtomicI64::new(0),
            bytes: AtomicI64::new(0),
            buckets: Buckets::default(),
            loads: Loads::default(),
        }
    }

    pub(crate) fn status(&self, now: Millis) -> TableStatus {
        let state = self.state.read();
        match &state.change {
            Some(change) if change.kind == ChangeKind::Delete => TableStatus::Deleting,
            Some(change) if now < change.until => change.kind.status(),
            _ => TableStatus::Active,
        }
    }

    /// Whether the table is deleted and its time of deleting is over.
    pub(crate) fn is_gone(&self, now: Millis) -> bool {
        let state = self.state.read();
        state.change.as_ref().is_some_and(|change| change.kind == ChangeKind::Delete && now >= change.until)
    }

    /// Whether the table is being deleted, or is.
    pub(crate) fn is_deleting(&self) -> bool {
        self.state.read().change.is_some_and(|change| change.kind == ChangeKind::Delete)
    }

    /// Whether its rows are still coming in from a backup or another table.
    pub(crate) fn is_restoring(&self) -> bool {
        self.state.read().restoring.is_some()
    }

    /// Whether items can be read and written (facts B13).
    pub(crate) fn is_usable(&self, now: Millis) -> bool {
        matches!(self.status(now), TableStatus::Active | TableStatus::Updating)
    }

    /// All partitions, in hash order.
    pub(crate) fn partitions(&self) -> Vec<Arc<Partition>> {
        self.partitions.read().iter().map(|listed| listed.partition.clone()).collect()
    }

    /// What is derived from the rows.
    pub(crate) fn spaces(&self) -> Arc<[Arc<Space>]> {
        let first = self.partition_of(0);
        first.state.lock().spaces.clone()
    }

    /// Lets all partitions of a table that nobody else has seen record into its newest period.
    pub(crate) fn show_history(&self) {
        let newest = self.state.read().features.history.last().map(Period::rows);
        for partition in self.partitions() {
            partition.state.lock().history = newest;
        }
    }

    /// Shows spaces in all partitions of a table that nobody else has seen.
    pub(crate) fn show_spaces(&self, spaces: &Arc<[Arc<Space>]>) {
        for partition in self.partitions() {
            partition.state.lock().spaces = spaces.clone();
        }
    }

    /// Sets where changes are delivered, in a table that nobody uses yet.
    pub(crate) fn deliver(&self, delivery: &Arc<Delivery>) {
        for partition in self.partitions() {
            partition.state.lock().delivery = Some(delivery.clone());
        }
    }

    /// The partition of a hash.
    pub(crate) fn partition_of(&self, hash: u64) -> Arc<Partition> {
        let partitions = self.partitions.read();
        partitions[at_hash(&partitions, hash)].partition.clone()
    }

    /// The partition of a hash, locked; it may have been retired while the lock was waited for.
    pub(crate) fn lock_partition(&self, hash: u64) -> LockedPartition {
        let partitions = self.partitions.read();
        let partition = &partitions[at_hash(&partitions, hash)].partition;
        if let Some(locked) = partition.state.try_lock_owned() {
            return locked;
        }
        // Whoever splits the partition changes the list while it holds the lock: nobody waits for the lock with the list in hand.
        let partition = partition.clone();
        drop(partitions);
        partition.state.lock_owned()
    }

    /// Replaces a partition by others that cover the same hashes. The caller holds the old one's lock and has retired it.
    pub(crate) fn replace_partition(&self, old: &Arc<Partition>, new: Vec<Arc<Partition>>) {
        let mut partitions = self.partitions.write();
        let is_old = |listed: &Listed| Arc::ptr_eq(&listed.partition, old);
        let at = partitions.iter().position(is_old).expect("a live partition is listed");
        partitions.splice(at..=at, new.into_iter().map(Listed::new));
    }

    /// Counts what a commit changed.
    pub(crate) fn count(&self, items: i64, bytes: i64) {
        for (count, change) in [(&self.items, items), (&self.bytes, bytes)] {
            // Most writes replace an item by one of its size; an addition is shared with all threads, a comparison is not.
            if change != 0 {
                count.fetch_add(change, Ordering::Relaxed);
            }
        }
    }

    pub(crate) fn item_count(&self) -> i64 {
        self.items.load(Ordering::Relaxed)
    }

    pub(crate) fn size_bytes(&self) -> i64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// Where the partition of a hash stands in the list.
fn at_hash(partitions: &[Listed], hash: u64) -> usize {
    partitions.partition_point(|listed| listed.last < hash)
}
