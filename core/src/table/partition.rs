//! Partitions: a range of hashes, one lock, at most one open shard.

use std::sync::Arc;

use super::Space;
use crate::kinesis::Delivery;
use crate::locks::{Ordered, Owned, Rank};
use crate::store::TableId;
use crate::stream::OpenShard;

/// A run of hashes, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct HashRange {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl HashRange {
    pub(crate) const ALL: HashRange = HashRange { first: 0, last: u64::MAX };

    /// Cuts the range into `count` runs of about the same width.
    pub(crate) fn divide(self, count: usize) -> impl Iterator<Item = HashRange> {
        (0..count.max(1)).map(move |index| self.part(index, count))
    }

    /// One of `count` parts of about one size, from 0.
    pub(crate) fn part(self, index: usize, count: usize) -> HashRange {
        let width = u128::from(self.last - self.first) + 1;
        let edge = |index: usize| u128::from(self.first) + width * index as u128 / count.max(1) as u128;
        HashRange { first: edge(index) as u64, last: (edge(index + 1) - 1) as u64 }
    }

    /// The number of hashes less one.
    pub(crate) fn span(self) -> u64 {
        self.last - self.first
    }
}

/// A part of a table: writes to it are one after another.
#[derive(Debug)]
pub(crate) struct Partition {
    pub(crate) range: HashRange,
    pub(crate) state: Ordered<PartitionState>,
}

/// What the partition's lock guards.
#[derive(Debug, Default)]
pub(crate) struct PartitionState {
    /// Set when a split or a deletion has replaced this partition: whoever waited for the lock looks it up anew.
    pub(crate) retired: bool,
    /// Where changes are recorded, while the table has a stream.
    pub(crate) shard: Option<OpenShard>,
    /// What is derived from the rows. The same in all partitions of a table.
    pub(crate) spaces: Arc<[Arc<Space>]>,
    /// Where commits tell what rows were, while that is kept. The same in all partitions of a table.
    pub(crate) history: Option<TableId>,
    /// The data stream that takes the changes. The same in all partitions of a table.
    pub(crate) delivery: Option<Arc<Delivery>>,
}

/// A partition that is locked.
pub(crate) type LockedPartition = Owned<PartitionState>;

impl Partition {
    pub(crate) fn new(table: TableId, range: HashRange, state: PartitionState) -> Partition {
        let rank = Rank::Partition(table.0, range.first);
        Partition { range, state: Ordered::new(rank, state) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cover_every_hash_once() {
        for count in [1, 2, 3, 7, 16] {
            let parts: Vec<HashRange> = HashRange::ALL.divide(count).collect();
            assert_eq!(parts.len(), count);
            assert_eq!((parts[0].first, parts[count - 1].last), (0, u64::MAX));
            assert!(parts.windows(2).all(|pair| pair[0].last + 1 == pair[1].first));
        }
    }
}
