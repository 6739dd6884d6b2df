//! Derived rows: rows that show the item of another row, their base, and keep only its key.
//!
//! A derived row and its base change in the same commits, but they are looked for one after the other. So a look at a base says whether
//! it shows the state that the derived row was found in, or something newer: then the derived row may have changed, too, and is looked
//! for again.

use super::Shared;
use super::layer::{RowEntry, Shows, Stored};
use super::place::{Base, RowPlace};
use super::read::shown_key;
use crate::api::{Error, ErrorCode, Result};
use crate::store::{Lsn, TableId};
use crate::value::Item;

/// What a look at the base of a derived row has found.
#[derive(Debug)]
pub(super) enum Resolved {
    /// Its item, and the commit that made it.
    Item(Item, Lsn),
    /// The base may have changed since the derived row was read.
    Newer,
    /// The segment of its image was given back meanwhile.
    Gone,
}

impl Shared {
    /// The item that a derived row shows, which was found where everything up to a commit shows and nothing newer.
    ///
    /// # Errors
    /// `CorruptionException` where no commit explains that its base is not there.
    pub(super) fn resolve(&self, table: TableId, key: &[u8], base: &Base, upto: Lsn) -> Result<Resolved> {
        let layers = self.layers.read().clone();
        if let Some(RowEntry { lsn, stored }) =
            layers.all().find_map(|layer| layer.row(base.table, base.key.as_bytes()))
        {
            return match stored {
                _ if lsn > upto => Ok(Resolved::Newer),
                Some(Stored { shows: Shows::Own(item), .. }) => Ok(Resolved::Item(item, lsn)),
                _ => Err(self.without_base(table, key)),
            };
        }
        let reading = self.index()?.reader();
        if reading.applied().lsn() > upto {
            return Ok(Resolved::Newer);
        }
        match reading.row(base.table, base.key.as_bytes())? {
            Some(RowPlace { place, of: None }) => {
                let item = self.image_of_row(base.table, base.key.as_bytes(), place)?;
                Ok(item.map_or(Resolved::Gone, |item| Resolved::Item(item, Lsn::default())))
            }
            _ => Err(self.without_base(table, key)),
        }
    }

    fn without_base(&self, table: TableId, key: &[u8]) -> Error {
        Error::new(
            ErrorCode::Corruption,
            format!(
                "The entry {} of index space {} shows an item that is not there. Run `streamtable verify`, or restore a backup.",
                shown_key(key),
                table.0
            ),
        )
    }
}
