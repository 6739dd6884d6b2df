//! Values by id, in buckets that copies share until one of them changes a bucket.
//!
//! A copy costs the list of buckets, and a change after it one bucket, so that neither grows much with the number of ids. Unlike in a
//! [`Layered`](super::layered::Layered) map, what a change replaces is gone at once where nobody else has it, without waiting for later
//! changes: these values keep whole tables alive.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A hundred thousand shards are 1,600 in a bucket, which are copied in some ten microseconds.
const BUCKETS: u64 = 64;

#[derive(Clone, Debug)]
pub(super) struct ById<V>(Vec<Arc<BTreeMap<u64, V>>>);

impl<V> Default for ById<V> {
    fn default() -> Self {
        ById(vec![Arc::default(); BUCKETS as usize])
    }
}

impl<V: Clone> ById<V> {
    pub(super) fn get(&self, id: u64) -> Option<&V> {
        self.0[(id % BUCKETS) as usize].get(&id)
    }

    pub(super) fn insert(&mut self, id: u64, value: V) -> Option<V> {
        Arc::make_mut(&mut self.0[(id % BUCKETS) as usize]).insert(id, value)
    }

    pub(super) fn remove(&mut self, id: u64) -> Option<V> {
        Arc::make_mut(&mut self.0[(id % BUCKETS) as usize]).remove(&id)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().flat_map(|bucket| bucket.values())
    }
}
