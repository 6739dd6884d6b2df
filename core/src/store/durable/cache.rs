//! Items kept in memory, as many as fit: what is read often costs what memory costs.
//!
//! The cache is never behind: a commit puts its rows here before anyone else can lock their partition. A reader who brings a row from the
//! disk must not overwrite what a commit has put meanwhile, so each stripe of keys counts its commits, and a fill that started before the
//! last one is dropped.

use std::hash::{Hash, Hasher};

use parking_lot::Mutex;
use quick_cache::sync::Cache as Kept;
use quick_cache::{Equivalent, Weighter};

use super::place::Place;
use crate::store::TableId;
use crate::value::Item;
use crate::value::key::RowKey;

const STRIPES: usize = 64;
/// What an entry costs beside the bytes of its key and item: the entry itself, the two allocations, the place in the map.
const ENTRY_BYTES: u64 = 160;
/// For sizing the map; the weight is what limits it.
const TYPICAL_ITEM_BYTES: u64 = 512;

/// A row that exists, and where its image lies.
#[derive(Clone, Debug)]
pub(super) struct Cached {
    pub(super) item: Item,
    pub(super) place: Place,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Key(TableId, RowKey);

/// Must hash as [`LookupKey`] does.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        LookupKey(self.0, self.1.as_bytes()).hash(state);
    }
}

#[derive(Hash)]
struct LookupKey<'a>(TableId, &'a [u8]);

impl Equivalent<Key> for LookupKey<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == key.0 && self.1 == key.1.as_bytes()
    }
}

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<Key, Cached> for Weight {
    fn weight(&self, key: &Key, cached: &Cached) -> u64 {
        ENTRY_BYTES + (key.1.as_bytes().len() + cached.item.as_bytes().len()) as u64
    }
}

/// The state of a stripe when a reader went to the disk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fill(u64);

/// The cache.
pub(super) struct Cache {
    kept: Kept<Key, Cached, Weight>,
    commits: [Mutex<u64>; STRIPES],
    enabled: bool,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").field("items", &self.kept.len()).field("bytes", &self.kept.weight()).finish()
    }
}

impl Cache {
    pub(super) fn new(bytes: u64) -> Cache {
        let items = usize::try_from(bytes / (ENTRY_BYTES + TYPICAL_ITEM_BYTES)).unwrap_or(usize::MAX);
        Cache {
            kept: Kept::with_weighter(items.max(16), bytes, Weight),
            commits: std::array::from_fn(|_| Mutex::new(0)),
            enabled: bytes > 0,
        }
    }

    /// Row keys start with a hash.
    fn stripe(&self, key: &[u8]) -> &Mutex<u64> {
        &self.commits[usize::from(key.get(1).copied().unwrap_or(0)) % STRIPES]
    }

    pub(super) fn get(&self, table: TableId, key: &[u8]) -> Option<Cached> {
        if !self.enabled {
            return None;
        }
        self.kept.get(&LookupKey(table, key))
    }

    /// What a commit has made of a row; none when it is deleted, or not to be kept.
    pub(super) fn set(&self, table: TableId, key: &RowKey, cached: Option<Cached>) {
        if !self.enabled {
            return;
        }
        let mut commits = self.stripe(key.as_bytes()).lock();
        *commits += 1;
        match cached {
            Some(cached) => self.kept.insert(Key(table, key.clone()), cached),
            None => drop(self.kept.remove(&LookupKey(table, key.as_bytes()))),
        }
    }

    /// To be taken before a reader looks anywhere else.
    pub(super) fn start_fill(&self, key: &[u8]) -> Fill {
        Fill(*self.stripe(key).lock())
    }

    /// Keeps what a reader found, unless a commit came in between.
    pub(super) fn fill(&self, fill: Fill, table: TableId, key: &RowKey, cached: Cached) {
        if !self.enabled {
            return;
        }
        let commits = self.stripe(key.as_bytes()).lock();
        if *commits == fill.0 {
            self.kept.insert(Key(table, key.clone()), cached);
        }
    }
}
