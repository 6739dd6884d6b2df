//! Values by id, in buckets that copies share until one of them changes a bucket.
//!
//! A copy costs the list of buckets, and a change after it one bucket, so that neither grows much with the number of ids. Unlike in a
//! [`Layered`](super::layered::Layered) map, what a change replaces is gone at once where nobody else has it, without waiting for later
//! changes: these values keep whole tables alive.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// A hundred thousand shards are 1,600 in a bucket, which are copied in some ten microseconds.
const BUCKETS: u64 = 64;

#[derive(Clone, Debug)]
pub(super) struct ById<V>(Vec<Arc<HashMap<u64, V, BuildHasherDefault<IdHasher>>>>);

/// Spreads ids, which are counted up by the database and chosen by nobody.
#[derive(Clone, Copy, Default, Debug)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, id: u64) {
        // The golden ratio, as in Fibonacci hashing. Its upper half is the better one, and maps look at the lower end.
        self.0 = (self.0 ^ id).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

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
