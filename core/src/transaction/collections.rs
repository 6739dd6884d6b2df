//! Item collections: the items of one partition key of a table with local indexes, and their entries there, which may not become too large
//! together (facts B10).
//!
//! ```text
//! front of the rows of a partition key -> {bytes: u64 BE}
//! ```
//! The size of each is a row in a space of the table, committed with what changes it, so that nobody ever adds a collection up.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::message::index as text;
use crate::api::{Error, ErrorCode, Result};
use crate::engine::Call;
use crate::store::{Batch, RowChange, TableId};
use crate::table::{IndexKind, Space};
use crate::value::key::RowKey;
use crate::value::{AttributeValue, Item, ValueRef};

/// The attribute of a row that is the size of its collection.
const BYTES: &str = "bytes";

/// What the writes of one transaction make of collections.
#[derive(Debug, Default)]
pub(super) struct Growth(BTreeMap<(TableId, RowKey), Size>);

/// The size of a collection: as its row says, and with the writes so far.
#[derive(Debug)]
struct Size {
    stored: Option<Item>,
    bytes: u64,
}

impl Growth {
    /// Adds a write, unless its collection would grow beyond the limit. Shrinking is always possible, and so is what leaves the size as it is.
    ///
    /// # Errors
    /// `ItemCollectionSizeLimitExceededException`; the store's.
    pub(super) fn add(
        &mut self,
        call: &Call<'_>,
        spaces: &[Arc<Space>],
        before: Option<&Item>,
        after: Option<&Item>,
    ) -> Result<()> {
        self.change(call, spaces, (before, after), call.choices.item_collection_limit)
    }

    /// Adds what is not to be refused: an item on its way back.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn bring_back(
        &mut self,
        call: &Call<'_>,
        spaces: &[Arc<Space>],
        before: Option<&Item>,
        after: Option<&Item>,
    ) -> Result<()> {
        self.change(call, spaces, (before, after), u64::MAX)
    }

    fn change(
        &mut self,
        call: &Call<'_>,
        spaces: &[Arc<Space>],
        (before, after): (Option<&Item>, Option<&Item>),
        limit: u64,
    ) -> Result<()> {
        let Some(space) = sizes_among(spaces) else { return Ok(()) };
        let (less, more) = (with_entries(before, spaces), with_entries(after, spaces));
        let Some(item) = after.or(before).filter(|_| less != more) else { return Ok(()) };
        let place = (space.id, key_of(space, item));
        if !self.0.contains_key(&place) {
            let stored = call.store.get(space.id, &place.1)?;
            let bytes = stored.as_ref().map_or(0, bytes_of);
            self.0.insert(place.clone(), Size { stored, bytes });
        }
        let size = self.0.get_mut(&place).expect("it was put there");
        let bytes = size.bytes + more - less;
        if more > less && bytes > limit {
            return Err(Error::new(ErrorCode::ItemCollectionSizeLimitExceeded, text::collection_too_large()));
        }
        size.bytes = bytes;
        Ok(())
    }

    /// Adds the rows that say so to a batch. Most commits have none.
    #[inline]
    pub(super) fn stage(self, batch: &mut Batch) {
        if !self.0.is_empty() {
            batch.rows.extend(self.rows());
        }
    }

    /// The rows that say so.
    pub(super) fn rows(self) -> impl Iterator<Item = RowChange> {
        self.0.into_iter().map(|((table, key), Size { stored, bytes })| {
            let after = (bytes > 0).then(|| row(bytes));
            RowChange { table, key, before: stored, after, of: None }
        })
    }
}

/// The bytes of the collection that an item of a table with these spaces belongs to; none where there are no collections.
///
/// # Errors
/// The store's.
pub(crate) fn collection_bytes(call: &Call<'_>, spaces: &[Arc<Space>], item: &Item) -> Result<Option<u64>> {
    let Some(space) = sizes_among(spaces) else { return Ok(None) };
    let stored = call.store.get(space.id, &key_of(space, item))?;
    Ok(Some(stored.as_ref().map_or(0, bytes_of)))
}

/// The bytes of an item and of its entries in local indexes.
pub(crate) fn with_entries(item: Option<&Item>, spaces: &[Arc<Space>]) -> u64 {
    let Some(item) = item else { return 0 };
    let indexes = spaces.iter().filter_map(|space| space.index.as_ref());
    let local = indexes.filter(|index| index.kind == IndexKind::Local && index.key.has_place(item));
    (item.size() + local.map(|index| index.entry_size(item)).sum::<usize>()) as u64
}

/// What the row of a collection says.
pub(crate) fn bytes_of(row: &Item) -> u64 {
    match row.get(BYTES) {
        Some(ValueRef::B(bytes)) => u64::from_be_bytes(bytes.try_into().expect("a size has eight bytes")),
        _ => unreachable!("a row of sizes has one"),
    }
}

fn row(bytes: u64) -> Item {
    Item::new([(BYTES, &AttributeValue::B(bytes.to_be_bytes().to_vec()))]).expect("eight bytes break no rule")
}

fn sizes_among(spaces: &[Arc<Space>]) -> Option<&Arc<Space>> {
    spaces.iter().find(|space| space.is_sizes)
}

/// The row of the collection of an item.
pub(crate) fn key_of(space: &Space, item: &Item) -> RowKey {
    let partition: ValueRef<'_> =
        item.get(&space.definition.partition[0].name).expect("the key of an item has its partition key");
    RowKey::of_partition(partition)
}
