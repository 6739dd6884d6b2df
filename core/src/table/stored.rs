//! Tables as the catalog keeps them.
//!
//! ```text
//! table/<table id>   name, key, settings, the change it is in the middle of, labels of its streams, hashes of its partitions, indexes
//! ```
//! Which open shard belongs to which partition stands with the shard, so that a shard that rolls changes no table.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Change, Features, HashRange, Index, IndexChange, IndexKind, IndexState, KeyAttribute, Projected,
    Restoring, Schema, Settings, Space, SpaceDefinition, SpaceState, State, Table,
};
use crate::api::shape::Named;
use crate::api::{BillingMode, OnDemandThroughput, Result, ScalarAttributeType, TableClass};
use crate::clock::Millis;
use crate::store::{MetaChange, TableId, read_meta, unsound};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTable {
    name: String,
    uuid: String,
    created_at: Millis,
    hash: StoredKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<StoredKey>,
    settings: StoredSettings,
    #[serde(default, skip_serializing_if = "Features::is_untouched")]
    features: Features,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restoring: Option<Restoring>,
    /// Label of the live stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_stream: Option<String>,
    /// Number and bytes of the items a deleted table had; those of other tables are counted by the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_totals: Option<(i64, i64)>,
    partitions: Vec<(u64, u64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    indexes: Vec<StoredIndex>,
}

/// An index; its space has an entry of its own, unless the index is deleted.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredIndex {
    name: String,
    kind: IndexKind,
    space: u64,
    partition: Vec<StoredKey>,
    sort: Vec<StoredKey>,
    projected: Projected,
    units: (i64, i64),
    #[serde(skip_serializing_if = "Option::is_none")]
    increased_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decreased_at: Option<Millis>,
    decreases_today: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_demand_throughput: Option<StoredCeilings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warm_units: Option<(i64, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<IndexChange>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredKey {
    name: String,
    kind: Named<ScalarAttributeType>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredSettings {
    billing_mode: Named<BillingMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_demand_since: Option<Millis>,
    units: (i64, i64),
    #[serde(skip_serializing_if = "Option::is_none")]
    increased_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decreased_at: Option<Millis>,
    decreases_today: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_demand_throughput: Option<StoredCeilings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warm_units: Option<(i64, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table_class: Option<Named<TableClass>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class_changed_at: Option<Millis>,
    deletion_protection: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredCeilings {
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    write: Option<i64>,
}

/// A table out of the catalog, without its streams.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) table: Table,
    /// Label of the live stream.
    pub(crate) live: Option<String>,
    pub(crate) last_totals: Option<(i64, i64)>,
}

impl Table {
    pub(crate) fn meta_name(&self) -> String {
        format!("table/{}", self.id.0)
    }

    /// The catalog's entry of this table in a state of the caller's choice.
    pub(crate) fn entry(&self, state: &State, last_totals: Option<(i64, i64)>) -> MetaChange {
        let ranges: Vec<HashRange> = self.partitions().iter().map(|partition| partition.range).collect();
        self.entry_with(state, &ranges, last_totals)
    }

    /// The entry with other partitions, too.
    pub(crate) fn entry_with(
        &self,
        state: &State,
        ranges: &[HashRange],
        last_totals: Option<(i64, i64)>,
    ) -> MetaChange {
        let stored = StoredTable {
            name: self.name.clone(),
            uuid: self.uuid.clone(),
            created_at: self.created_at,
            hash: StoredKey::of(&self.schema.hash),
            range: self.schema.range.as_ref().map(StoredKey::of),
            settings: StoredSettings::of(&state.settings),
            features: state.features.clone(),
            change: state.change,
            restoring: state.restoring.clone(),
            stream: state.stream.as_ref().map(|stream| stream.label.clone()),
            latest_stream: state.latest_label.clone(),
            last_totals,
            partitions: ranges.iter().map(|range| (range.first, range.last)).collect(),
            indexes: state.indexes.iter().map(StoredIndex::of).collect(),
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
    /// `CorruptionException` for a text of another form, or partitions that do not cover every hash once.
    pub(crate) fn restore(name: &str, text: &str, id: TableId) -> Result<Restored> {
        let stored: StoredTable = read_meta(name, text)?;
        let ranges: Vec<HashRange> =
            stored.partitions.iter().map(|&(first, last)| HashRange { first, last }).collect();
        if !covers_all(&ranges) {
            return Err(unsound(name, "the partitions do not cover every hash once"));
        }
        let (live, last_totals) = (stored.stream.clone(), stored.last_totals);
        let Definition { name, uuid, created_at, schema, state } = stored.definition(id);
        let table = Table::new(id, name, uuid, created_at, schema, state.settings.clone(), ranges);
        *table.state.write() = state;
        Ok(Restored { table, live, last_totals })
    }
}

/// What a table is or was, apart from its partitions and its stream.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) uuid: String,
    pub(crate) created_at: Millis,
    pub(crate) schema: Schema,
    /// Without the stream.
    pub(crate) state: State,
}

impl Definition {
    /// Of a table in a state.
    pub(crate) fn of(table: &Table, state: &State) -> Definition {
        Definition {
            name: table.name.clone(),
            uuid: table.uuid.clone(),
            created_at: table.created_at,
            schema: table.schema.clone(),
            state: State { stream: None, ..state.clone() },
        }
    }

    /// Reads the entry of a table.
    ///
    /// # Errors
    /// `CorruptionException` for a text of another form.
    pub(crate) fn read(name: &str, text: &str, id: TableId) -> Result<Definition> {
        Ok(read_meta::<StoredTable>(name, text)?.definition(id))
    }
}

impl StoredTable {
    fn definition(self, id: TableId) -> Definition {
        let schema = Schema { hash: self.hash.part(), range: self.range.map(StoredKey::part) };
        let state = State {
            settings: self.settings.settings(),
            features: self.features,
            stream: None,
            latest_label: self.latest_stream,
            change: self.change,
            restoring: self.restoring,
            indexes: self.indexes.into_iter().map(|index| index.state(id, &schema)).collect(),
        };
        Definition { name: self.name, uuid: self.uuid, created_at: self.created_at, schema, state }
    }
}

fn covers_all(ranges: &[HashRange]) -> bool {
    let ends = ranges.first().map(|range| range.first).zip(ranges.last().map(|range| range.last));
    ends == Some((HashRange::ALL.first, HashRange::ALL.last))
        && ranges.iter().all(|range| range.first <= range.last)
        && ranges.windows(2).all(|pair| pair[0].last.checked_add(1) == Some(pair[1].first))
}

impl StoredKey {
    pub(super) fn of(part: &KeyAttribute) -> StoredKey {
        StoredKey { name: part.name.clone(), kind: Named(part.kind) }
    }

    pub(super) fn part(self) -> KeyAttribute {
        KeyAttribute { name: self.name, kind: self.kind.0 }
    }
}

impl StoredSettings {
    fn of(settings: &Settings) -> StoredSettings {
        // Taken apart member by member, so that a new one cannot be forgotten here.
        let Settings {
            billing_mode,
            on_demand_since,
            units,
            increased_at,
            decreased_at,
            decreases_today,
            on_demand_throughput,
            warm_units,
            table_class,
            class_changed_at,
            deletion_protection,
        } = settings.clone();
        StoredSettings {
            billing_mode: Named(billing_mode),
            on_demand_since,
            units,
            increased_at,
            decreased_at,
            decreases_today,
            on_demand_throughput: on_demand_throughput.map(StoredCeilings::of),
            warm_units,
            table_class: table_class.map(Named),
            class_changed_at,
            deletion_protection,
        }
    }

    fn settings(self) -> Settings {
        Settings {
            billing_mode: self.billing_mode.0,
            on_demand_since: self.on_demand_since,
            units: self.units,
            increased_at: self.increased_at,
            decreased_at: self.decreased_at,
            decreases_today: self.decreases_today,
            on_demand_throughput: self.on_demand_throughput.map(StoredCeilings::ceilings),
            warm_units: self.warm_units,
            table_class: self.table_class.map(|class| class.0),
            class_changed_at: self.class_changed_at,
            deletion_protection: self.deletion_protection,
        }
    }
}

impl StoredCeilings {
    fn of(ceilings: OnDemandThroughput) -> StoredCeilings {
        StoredCeilings { read: ceilings.max_read_request_units, write: ceilings.max_write_request_units }
    }

    fn ceilings(self) -> OnDemandThroughput {
        OnDemandThroughput { max_read_request_units: self.read, max_write_request_units: self.write }
    }
}

impl StoredIndex {
    fn of(state: &IndexState) -> StoredIndex {
        // Taken apart member by member, so that a new one cannot be forgotten here.
        let IndexState {
            index,
            space,
            units,
            increased_at,
            decreased_at,
            decreases_today,
            on_demand_throughput,
            warm_units,
            change,
        } = state.clone();
        StoredIndex {
            name: index.name.clone(),
            kind: index.kind,
            space: space.id.0,
            partition: index.key.partition.iter().map(StoredKey::of).collect(),
            sort: index.key.sort.iter().map(StoredKey::of).collect(),
            projected: index.projected.clone(),
            units,
            increased_at,
            decreased_at,
            decreases_today,
            on_demand_throughput: on_demand_throughput.map(StoredCeilings::of),
            warm_units,
            change,
        }
    }

    /// The index, over a space that stands for the one that is read with its own entry.
    fn state(self, table: TableId, schema: &Schema) -> IndexState {
        let parts = |parts: Vec<StoredKey>| parts.into_iter().map(StoredKey::part).collect();
        let key = SpaceDefinition { partition: parts(self.partition), sort: parts(self.sort) };
        let index = Arc::new(Index::new(self.name, self.kind, key, self.projected, schema));
        let space = Space::of_index(TableId(self.space), table, index.clone(), SpaceState::Complete);
        IndexState {
            units: self.units,
            increased_at: self.increased_at,
            decreased_at: self.decreased_at,
            decreases_today: self.decreases_today,
            on_demand_throughput: self.on_demand_throughput.map(StoredCeilings::ceilings),
            warm_units: self.warm_units,
            change: self.change,
            ..IndexState::new(index, Arc::new(space))
        }
    }
}
