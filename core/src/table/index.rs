//! Secondary indexes: a name and a projection over a space of the table's rows.
//!
//! An index refers to items and holds none: its entries are read through the projection, and what a write costs it is computed from the item
//! before and after.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::schema::Names;
use super::space::value_of;
use super::{KeyAttribute, Schema, Space, SpaceDefinition};
use crate::api::message::value as text;
use crate::api::{Error, IndexStatus, KeyType, OnDemandThroughput, Result};
use crate::clock::Millis;
use crate::value::{Item, ValueRef};

/// Whose partitions an index has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IndexKind {
    /// Its own.
    Global,
    /// Those of the table.
    Local,
}

/// Which attributes an entry shows beside the keys.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Projected {
    All,
    Keys,
    /// These, sorted.
    Include(Vec<String>),
}

/// What an index is, from its creation to its deletion.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) kind: IndexKind,
    pub(crate) key: SpaceDefinition,
    pub(crate) projected: Projected,
    /// The attributes of the index's key, then those of the table's that are not among them: the place of an entry.
    pub(crate) position: Vec<String>,
    /// The attributes of an entry, sorted; none where it has them all.
    attributes: Option<Vec<String>>,
}

impl Index {
    pub(crate) fn new(
        name: String,
        kind: IndexKind,
        key: SpaceDefinition,
        projected: Projected,
        schema: &Schema,
    ) -> Index {
        let mut position: Vec<String> = Vec::new();
        for part in key.partition.iter().chain(&key.sort).chain(schema.parts().map(|(part, _)| part)) {
            if !position.contains(&part.name) {
                position.push(part.name.clone());
            }
        }
        let attributes = match &projected {
            Projected::All => None,
            Projected::Keys => Some(position.clone()),
            Projected::Include(others) => Some(position.iter().chain(others).cloned().collect()),
        };
        let attributes = attributes.map(|mut names: Vec<String>| {
            names.sort_unstable();
            names.dedup();
            names
        });
        Index { name, kind, key, projected, position, attributes }
    }

    /// The parts of the key and what they are, in the order of the key.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&KeyAttribute, KeyType)> {
        let of = |kind| move |part| (part, kind);
        self.key.partition.iter().map(of(KeyType::Hash)).chain(self.key.sort.iter().map(of(KeyType::Range)))
    }

    /// Names of the attributes of the key.
    pub(crate) fn key_names(&self) -> Names<'_> {
        self.parts().map(|(part, _)| part.name.as_str()).collect()
    }

    /// Whether entries have an attribute, where the item has it.
    pub(crate) fn projects(&self, attribute: &str) -> bool {
        let among = |names: &Vec<String>| names.binary_search_by(|name| name.as_str().cmp(attribute)).is_ok();
        self.attributes.as_ref().is_none_or(among)
    }

    /// The entry of an item.
    pub(crate) fn entry(&self, item: &Item) -> Item {
        match &self.attributes {
            None => item.clone(),
            Some(names) => item.project_sorted(&names.iter().map(String::as_str).collect::<Vec<_>>()),
        }
    }

    /// Size of the entry of an item (facts B1).
    pub(crate) fn entry_size(&self, item: &Item) -> usize {
        let Some(names) = &self.attributes else { return item.size() };
        names.iter().filter_map(|name| Some(name.len() + item.get(name)?.size())).sum()
    }

    /// Whether two items have the same entry.
    fn shows_alike(&self, one: &Item, other: &Item) -> bool {
        match &self.attributes {
            None => one == other,
            Some(names) => names.iter().all(|name| one.get(name) == other.get(name)),
        }
    }

    /// What a write is to the index: the sizes of the entry that it takes away and of the one that it puts there. None where it leaves the
    /// entry as it was, or there was none and is none (facts B14).
    pub(crate) fn change(&self, before: Option<&Item>, after: Option<&Item>) -> Option<EntryChange> {
        let is_entry = |item: &&Item| self.key.has_place(item);
        match (before.filter(is_entry), after.filter(is_entry)) {
            (None, None) => None,
            (Some(item), None) | (None, Some(item)) => Some(EntryChange::InPlace(self.entry_size(item), 0)),
            (Some(before), Some(after)) => {
                let (old, new) = (self.entry_size(before), self.entry_size(after));
                let stays = self.parts().all(|(part, _)| before.get(&part.name) == after.get(&part.name));
                match stays {
                    true if self.shows_alike(before, after) => None,
                    true => Some(EntryChange::InPlace(old, new)),
                    false => Some(EntryChange::Moved(old, new)),
                }
            }
        }
    }
}

/// Sizes of an entry before and after a write, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EntryChange {
    /// One write; a size is zero where there is no entry.
    InPlace(usize, usize),
    /// A deletion and a write, because the key has changed.
    Moved(usize, usize),
}

/// Which words tell of a value that no key can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    Put,
    Update,
    /// In a transaction, where a value of another type is told as it is of a put.
    TransactedUpdate,
}

/// Refuses values of index keys that an item about to be written cannot have (facts B3): those that differ from the item before. The index
/// that is told of is the first by name.
///
/// # Errors
/// `ValidationException`.
pub(crate) fn check_index_keys(
    spaces: &[Arc<Space>],
    schema: &Schema,
    before: Option<&Item>,
    after: &Item,
    by: Origin,
) -> Result<()> {
    let mut first: Option<(&str, Error)> = None;
    for index in spaces.iter().filter_map(|space| space.index.as_ref()) {
        if first.as_ref().is_some_and(|(name, _)| *name < index.name.as_str()) {
            continue;
        }
        if let Err(error) = check_key(index, schema, before, after, by) {
            first = Some((&index.name, error));
        }
    }
    first.map_or(Ok(()), |(_, error)| Err(error))
}

/// Refuses values without content for keys of indexes, which a transaction finds wrong before it looks at any item (facts B7): those of an item
/// that is put, or those that an update sets. `value` looks one up.
///
/// # Errors
/// `ValidationException`, in which a put names the first index by name.
pub(crate) fn refuse_empty_index_keys<'v>(
    spaces: &[Arc<Space>],
    value: impl Fn(&str) -> Option<ValueRef<'v>>,
    by: Origin,
) -> Result<()> {
    let mut indexes: Vec<&Index> = spaces.iter().filter_map(|space| space.index.as_deref()).collect();
    indexes.sort_unstable_by_key(|index| &index.name);
    for (index, part) in indexes.iter().flat_map(|index| index.parts().map(move |(part, _)| (index, part))) {
        if let Some(value @ (ValueRef::S("") | ValueRef::B([]))) = value(&part.name)
            && value.kind() == part.attribute_type()
        {
            return Err(Error::validation(match by {
                Origin::Put => text::empty_index_key(&part.name, value.kind(), &index.name),
                Origin::Update | Origin::TransactedUpdate => text::empty_index_key_update(value.kind()),
            }));
        }
    }
    Ok(())
}

fn check_key(index: &Index, schema: &Schema, before: Option<&Item>, after: &Item, by: Origin) -> Result<()> {
    if index.key.has_place(after) {
        return Ok(());
    }
    let refuse = |problem: String| Err(Error::validation(problem));
    let is_of_table = |part: &KeyAttribute| schema.parts().any(|(own, _)| own.name == part.name);
    let mut is_touched = false;
    for (part, _) in index.parts().filter(|(part, _)| !is_of_table(part)) {
        let Some(value) = after.get(&part.name) else { continue };
        if before.and_then(|before| before.get(&part.name)) == Some(value) {
            continue;
        }
        is_touched = true;
        if value.kind() != part.attribute_type() {
            return refuse(match by {
                Origin::Put | Origin::TransactedUpdate => {
                    text::index_key_type(&part.name, part.attribute_type(), value.kind(), &index.name)
                }
                Origin::Update => text::index_key_update_type(),
            });
        }
        if value_of(after, part).is_none() {
            return refuse(match by {
                Origin::Put => text::empty_index_key(&part.name, value.kind(), &index.name),
                Origin::Update | Origin::TransactedUpdate => text::empty_index_key_update(value.kind()),
            });
        }
    }
    // Parts that are all there and sound and give no place are too long together.
    let is_whole = index.parts().all(|(part, _)| value_of(after, part).is_some());
    if is_touched && is_whole {
        return refuse(match by {
            Origin::Update | Origin::TransactedUpdate => text::index_key_update_size(),
            Origin::Put if index.key.partition_fits(after) => text::sort_key_too_long(),
            Origin::Put => text::partition_key_too_long(),
        });
    }
    Ok(())
}

/// What UpdateTable changes of an index, and what is being done to it.
#[derive(Clone, Debug)]
pub(crate) struct IndexState {
    pub(crate) index: Arc<Index>,
    pub(crate) space: Arc<Space>,
    /// Read and write units; zero when on demand.
    pub(crate) units: (i64, i64),
    pub(crate) increased_at: Option<Millis>,
    pub(crate) decreased_at: Option<Millis>,
    pub(crate) decreases_today: i64,
    pub(crate) on_demand_throughput: Option<OnDemandThroughput>,
    pub(crate) warm_units: Option<(i64, i64)>,
    pub(crate) change: Option<IndexChange>,
}

/// What is being done to an index.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum IndexChange {
    /// It is created on a table that is there: its room is made until a moment, and then it is filled, not before another moment.
    Create { allocated_at: Millis, ready_at: Millis },
    /// Its throughput is changed.
    Update { until: Millis },
    /// It is deleted: its space is gone already.
    Delete { until: Millis },
}

impl IndexState {
    pub(crate) fn new(index: Arc<Index>, space: Arc<Space>) -> IndexState {
        IndexState {
            index,
            space,
            units: (0, 0),
            increased_at: None,
            decreased_at: None,
            decreases_today: 0,
            on_demand_throughput: None,
            warm_units: None,
            change: None,
        }
    }

    /// Whether the index is deleted and its time of deleting is over.
    pub(crate) fn is_gone(&self, now: Millis) -> bool {
        matches!(self.change, Some(IndexChange::Delete { until }) if now >= until)
    }

    /// When its space may be filled with the rows that are there already.
    pub(crate) fn filled_from(&self) -> Millis {
        match self.change {
            Some(IndexChange::Create { ready_at, .. }) => ready_at,
            _ => 0,
        }
    }

    /// Its status, and while it is created beside its table whether it is being filled (facts B10).
    pub(crate) fn status(&self, now: Millis) -> (IndexStatus, Option<bool>) {
        match self.change {
            Some(IndexChange::Create { allocated_at, .. }) if now < allocated_at => {
                (IndexStatus::Creating, Some(false))
            }
            Some(IndexChange::Create { ready_at, .. }) if now < ready_at || !self.space.is_complete() => {
                (IndexStatus::Creating, Some(true))
            }
            Some(IndexChange::Update { until }) if now < until => (IndexStatus::Updating, None),
            Some(IndexChange::Delete { .. }) => (IndexStatus::Deleting, None),
            _ => (IndexStatus::Active, None),
        }
    }
}

/// The values of some parts of a key.
pub(crate) type Values<'a> = SmallVec<[ValueRef<'a>; 4]>;

/// The values of parts of a key.
pub(crate) fn values_of<'a>(item: &'a Item, parts: &[KeyAttribute]) -> Option<Values<'a>> {
    parts.iter().map(|part| value_of(item, part)).collect()
}
