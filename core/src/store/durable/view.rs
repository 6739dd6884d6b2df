//! Several rows as they were at one moment.
//!
//! ```text
//! newest layer, all keys at once ──► index as of then ──► older layers ──► images
//!        └── the moment ──┘           └ still the same newest layer? else again
//! ```
//! A commit shows in the newest layer under one lock, in all its rows. What that layer does not know is in what lies below it, which stays
//! as it was before the layer began for as long as the layer takes commits.

use std::sync::Arc;

use super::layer::{Found, RowEntry};
use super::place::RowPlace;
use super::read::{LOOKS, missing_segment};
use super::{Layers, Shared};
use crate::api::Result;
use crate::store::{Lsn, Seen, TableId, Wanted};
use crate::value::Item;

const NOT_DERIVED: &str = "rows of tables are read together, not rows derived from them";

impl Shared {
    pub(super) fn get_many(&self, wanted: &[Wanted<'_>]) -> Result<Seen<Vec<Option<Item>>>> {
        for _ in 0..LOOKS {
            if let Some(seen) = self.try_get_many(wanted)? {
                return Ok(seen);
            }
        }
        let (table, key) = wanted.first().expect("nothing was missing where nothing was asked for");
        Err(self.unreadable_row(*table, key.as_bytes(), &missing_segment()))
    }

    /// None when the layers moved on, or a segment was given back, while we looked.
    fn try_get_many(&self, wanted: &[Wanted<'_>]) -> Result<Option<Seen<Vec<Option<Item>>>>> {
        let layers = self.layers.read().clone();
        let newest: Vec<Found> = {
            let contents = layers.active.read();
            wanted.iter().map(|(table, key)| contents.rows.get(table)?.get(key.as_bytes()).cloned()).collect()
        };
        let index = self.index()?;
        let reader = index.reader();
        if !Arc::ptr_eq(&layers.active, &self.layers.read().active) {
            return Ok(None);
        }
        let mut seen = Seen { value: Vec::with_capacity(wanted.len()), lsn: Lsn::default() };
        for ((table, key), known) in wanted.iter().zip(newest) {
            let item = match known.or_else(|| layers.older_row(*table, key.as_bytes())) {
                Some(RowEntry { lsn, stored }) => {
                    seen.lsn = seen.lsn.max(lsn);
                    stored.map(|stored| stored.own().expect(NOT_DERIVED).0)
                }
                None => match reader.row(*table, key.as_bytes())? {
                    None => None,
                    Some(RowPlace { place, of }) => {
                        assert!(of.is_none(), "{NOT_DERIVED}");
                        match self.image_of_row(*table, key.as_bytes(), place)? {
                            Some(item) => Some(item),
                            None => return Ok(None),
                        }
                    }
                },
            };
            seen.value.push(item);
        }
        Ok(Some(seen))
    }
}

impl Layers {
    /// A row as the layers below the newest know it.
    fn older_row(&self, table: TableId, key: &[u8]) -> Found {
        self.all().skip(1).find_map(|layer| layer.row(table, key))
    }
}
