//! Spaces: the rows of a table in another order, kept up by every commit.
//!
//! ```text
//! item ──definition──► (attributes of the partition, attributes of the order, key of the row)   none where it lacks one: spaces are sparse
//! ```
//! A derived row shows the item of its row and has no image of its own. A space that is added to a table with rows is built in steps beside
//! writers: from the moment it is attached, commits keep up what they change, and the build brings in what they do not.
//!
//! The sizes of item collections lie in a space, too, one row for each collection: it derives no rows from single items.
//!
//! The order of expiry is a space without attributes of a partition: one order over all rows of a table, by the number that is a row's time.
//!
//! ```text
//! space/<space id>   table, attributes, the last row that the build has reached
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use super::index::{Values, values_of};
use super::stored::StoredKey;
use super::{Index, IndexKind, KeyAttribute, hexadecimal};
use crate::api::{Result, ScalarAttributeType};
use crate::clock::Millis;
use crate::limits::{PARTITION_KEY_MAX_BYTES, SORT_KEY_MAX_BYTES};
use crate::store::{MetaChange, TableId, read_meta, unsound};
use crate::value::key::{RowKey, key_bytes_len, write_derived_part};
use crate::value::{Item, ValueRef};

/// Which rows a space shows, and in which order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SpaceDefinition {
    /// The attributes whose values are equal in a partition; none in the order of expiry.
    pub(crate) partition: Vec<KeyAttribute>,
    /// The attributes that order a partition.
    pub(crate) sort: Vec<KeyAttribute>,
}

impl SpaceDefinition {
    /// The order of expiry by an attribute.
    pub(crate) fn expiry(attribute: &str) -> SpaceDefinition {
        let part = KeyAttribute { name: attribute.to_owned(), kind: ScalarAttributeType::N };
        SpaceDefinition { partition: Vec::new(), sort: vec![part] }
    }

    /// Whether this is an order of expiry.
    pub(crate) fn is_expiry(&self) -> bool {
        self.partition.is_empty()
    }

    /// When an item expires in this order: the first millisecond after its time. None for one that has no such time, or never comes to it.
    pub(crate) fn expires_at(&self, item: &Item) -> Option<Millis> {
        let time = value_of(item, self.sort.first()?)?.number()?;
        time.whole_thousandths()?.checked_add(1)
    }

    /// Where rows begin whose first attribute of the order has a value, in a space of one partition with these attributes.
    pub(crate) fn front<'a>(
        partition: impl IntoIterator<Item = ValueRef<'a>>,
        value: ValueRef<'_>,
    ) -> Vec<u8> {
        let mut front = RowKey::derived_prefix(partition);
        write_derived_part(value, &mut front);
        front
    }

    /// The key of the row derived from an item; none where it lacks an attribute, or has one of another type, without content, or longer than
    /// a key may be.
    pub(crate) fn place(&self, item: &Item, row: &RowKey) -> Option<RowKey> {
        self.values(item).map(|values| values.key(row))
    }

    /// The values that place an item; none where it has no place.
    pub(crate) fn values<'i>(&self, item: &'i Item) -> Option<PlaceValues<'i>> {
        let (partition, sort) = (values_of(item, &self.partition)?, values_of(item, &self.sort)?);
        let fits = fit(&partition, PARTITION_KEY_MAX_BYTES) && fit(&sort, SORT_KEY_MAX_BYTES);
        fits.then_some(PlaceValues { partition, sort })
    }

    /// Whether an item has a place.
    pub(crate) fn has_place(&self, item: &Item) -> bool {
        self.values(item).is_some()
    }

    /// Whether the item has the attributes of the partition, and they are not too long together.
    pub(crate) fn partition_fits(&self, item: &Item) -> bool {
        values_of(item, &self.partition).is_some_and(|values| fit(&values, PARTITION_KEY_MAX_BYTES))
    }
}

/// The values that place an item in a space.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct PlaceValues<'i> {
    partition: Values<'i>,
    sort: Values<'i>,
}

impl PlaceValues<'_> {
    /// The key of the row derived from one with these values.
    pub(crate) fn key(&self, row: &RowKey) -> RowKey {
        RowKey::derived(&self.partition, &self.sort, row)
    }
}

/// Whether values are not too long together (facts B3).
fn fit(values: &[ValueRef<'_>], most: usize) -> bool {
    values.iter().map(|value| key_bytes_len(*value)).sum::<usize>() <= most
}

/// The value of a part of a key, if the item has one that a key can have, whatever its length.
pub(super) fn value_of<'a>(item: &'a Item, part: &KeyAttribute) -> Option<ValueRef<'a>> {
    let value = item.get(&part.name).filter(|value| value.kind() == part.attribute_type())?;
    let has_content = match value {
        ValueRef::S(text) => !text.is_empty(),
        ValueRef::B(bytes) => !bytes.is_empty(),
        _ => true,
    };
    has_content.then_some(value)
}

/// How far a space is built.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum SpaceState {
    /// The rows up to this key are in it; none at the start.
    Building(Option<Vec<u8>>),
    /// All rows are in it.
    Complete,
}

/// A space of a table.
#[derive(Debug)]
pub(crate) struct Space {
    /// Of its rows in the store, from the same numbers as tables.
    pub(crate) id: TableId,
    pub(crate) table: TableId,
    pub(crate) definition: SpaceDefinition,
    /// The index that reads it.
    pub(crate) index: Option<Arc<Index>>,
    /// Whether its rows are the sizes of item collections, and derived from no item.
    pub(crate) is_sizes: bool,
    state: RwLock<SpaceState>,
    /// In an order of expiry: when it is to be looked at, which the schedule sets; `Millis::MAX` for never.
    pub(crate) due: AtomicU64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredSpace {
    table: u64,
    partition: Vec<StoredKey>,
    sort: Vec<StoredKey>,
    /// The last row that the build has reached, in hexadecimal; empty before the first, absent when it is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<String>,
    /// Whether it holds the sizes of item collections.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    sizes: bool,
}

impl Space {
    pub(crate) fn new(id: TableId, table: TableId, definition: SpaceDefinition, state: SpaceState) -> Space {
        let due = AtomicU64::new(Millis::MAX);
        Space { id, table, definition, index: None, is_sizes: false, state: RwLock::new(state), due }
    }

    /// The space of an index.
    pub(crate) fn of_index(id: TableId, table: TableId, index: Arc<Index>, state: SpaceState) -> Space {
        Space { index: Some(index.clone()), ..Space::new(id, table, index.key.clone(), state) }
    }

    /// The space of the sizes of the item collections of a new table.
    pub(crate) fn of_sizes(id: TableId, table: TableId, partition: KeyAttribute) -> Space {
        let definition = SpaceDefinition { partition: vec![partition], sort: Vec::new() };
        Space { is_sizes: true, ..Space::new(id, table, definition, SpaceState::Complete) }
    }

    /// Whether a global index reads it.
    pub(crate) fn is_global(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.kind == IndexKind::Global)
    }

    /// When it is to be looked at.
    pub(crate) fn due(&self) -> Millis {
        self.due.load(Ordering::SeqCst)
    }

    pub(crate) fn state(&self) -> SpaceState {
        self.state.read().clone()
    }

    /// Whether every row that has a place has it.
    pub(crate) fn is_complete(&self) -> bool {
        *self.state.read() == SpaceState::Complete
    }

    /// Notes how far the build has come. The caller has committed that.
    pub(crate) fn reach(&self, state: SpaceState) {
        *self.state.write() = state;
    }

    fn meta_name(&self) -> String {
        format!("space/{}", self.id.0)
    }

    /// The catalog's entry of the space in a state of the caller's choice.
    pub(crate) fn entry(&self, state: &SpaceState) -> MetaChange {
        let stored = StoredSpace {
            table: self.table.0,
            partition: self.definition.partition.iter().map(StoredKey::of).collect(),
            sort: self.definition.sort.iter().map(StoredKey::of).collect(),
            reached: match state {
                SpaceState::Building(reached) => Some(hexadecimal::text(reached.as_deref().unwrap_or(&[]))),
                SpaceState::Complete => None,
            },
            sizes: self.is_sizes,
        };
        MetaChange::keep(self.meta_name(), &stored)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(self.meta_name())
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// `CorruptionException` for a text of another form.
    pub(crate) fn restore(name: &str, text: &str, id: TableId) -> Result<Space> {
        let stored: StoredSpace = read_meta(name, text)?;
        let parts = |parts: Vec<StoredKey>| parts.into_iter().map(StoredKey::part).collect();
        let state = match stored.reached {
            None => SpaceState::Complete,
            Some(digits) if digits.is_empty() => SpaceState::Building(None),
            Some(digits) => {
                let reached =
                    hexadecimal::bytes(&digits).ok_or_else(|| unsound(name, "its place is no key"))?;
                SpaceState::Building(Some(reached))
            }
        };
        let definition = SpaceDefinition { partition: parts(stored.partition), sort: parts(stored.sort) };
        if definition.partition.is_empty() && definition.sort.is_empty() {
            return Err(unsound(name, "it has no attribute"));
        }
        let space = Space::new(id, TableId(stored.table), definition, state);
        Ok(Space { is_sizes: stored.sizes, ..space })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ScalarAttributeType;
    use crate::value::AttributeValue;

    #[test]
    fn an_entry_reads_back_as_it_was() {
        let part = |name: &str| KeyAttribute { name: name.to_owned(), kind: ScalarAttributeType::N };
        let definition = SpaceDefinition { partition: vec![part("a")], sort: vec![part("b"), part("c")] };
        for state in
            [SpaceState::Complete, SpaceState::Building(None), SpaceState::Building(Some(vec![0, 255, 16]))]
        {
            let space = Space::new(TableId(9), TableId(4), definition.clone(), SpaceState::Complete);
            let entry = space.entry(&state);
            let text = entry.text.expect("it is kept");
            let read = Space::restore(&entry.name, &text, TableId(9)).expect("what was written");
            assert_eq!((read.state(), read.table, &read.definition), (state, TableId(4), &definition));
        }
        assert!(Space::restore("space/1", r#"{"table":1,"partition":[],"sort":[]}"#, TableId(1)).is_err());
    }

    #[test]
    fn an_item_without_the_attributes_has_no_place() {
        let part = |name: &str, kind| KeyAttribute { name: name.to_owned(), kind };
        let definition = SpaceDefinition {
            partition: vec![part("a", ScalarAttributeType::S)],
            sort: vec![part("b", ScalarAttributeType::N)],
        };
        let row = RowKey::new(ValueRef::S("id"), None);
        let item = |a: AttributeValue, b: AttributeValue| Item::new([("a", &a), ("b", &b)]).expect("an item");
        let (text, number) = (|t: &str| AttributeValue::S(t.to_owned()), AttributeValue::from);
        assert!(definition.place(&item(text("x"), number(1)), &row).is_some());
        assert!(definition.place(&item(text(""), number(1)), &row).is_none());
        assert!(definition.place(&item(number(1), number(1)), &row).is_none());
        assert!(definition.place(&Item::new([("a", &text("x"))]).expect("an item"), &row).is_none());
    }
}
