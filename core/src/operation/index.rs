//! Secondary indexes as requests ask for them: with a new table, and on one that is there (facts B10).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::keys::{Definitions, global_key, local_key};
use crate::api::message::index as text;
use crate::api::shape::Shape;
use crate::api::{
    BillingMode, CreateGlobalSecondaryIndexAction, CreateTableInput, Enumeration, Error, OnDemandThroughput,
    Open, Projection, ProjectionType, ProvisionedThroughput, Result, WarmThroughput,
};
use crate::engine::Call;
use crate::limits::{GLOBAL_INDEXES_MAX, LOCAL_INDEXES_MAX, TABLE_INDEX_ATTRIBUTES_MAX};
use crate::store::TableId;
use crate::table::{
    Index, IndexKind, IndexState, Projected, Schema, Space, SpaceDefinition, SpaceState, State,
};

/// An index that a request asks for, checked.
#[derive(Debug)]
pub(super) struct Wanted {
    name: String,
    kind: IndexKind,
    key: SpaceDefinition,
    projected: Projected,
    units: (i64, i64),
    on_demand_throughput: Option<OnDemandThroughput>,
    warm_units: Option<(i64, i64)>,
}

/// The capacity that a request gives a global index.
#[derive(Clone, Copy)]
pub(super) struct Capacity<'a> {
    pub(super) units: Option<&'a ProvisionedThroughput>,
    pub(super) on_demand: Option<&'a OnDemandThroughput>,
    pub(super) warm: Option<&'a WarmThroughput>,
}

macro_rules! capacity_of {
    ($given:expr) => {
        Capacity {
            units: $given.provisioned_throughput.as_ref(),
            on_demand: $given.on_demand_throughput.as_ref(),
            warm: $given.warm_throughput.as_ref(),
        }
    };
}
pub(super) use capacity_of;

impl Capacity<'_> {
    pub(super) fn units(self) -> Option<(i64, i64)> {
        self.units.and_then(|units| units.read_capacity_units.zip(units.write_capacity_units))
    }

    pub(super) fn on_demand(self) -> Option<OnDemandThroughput> {
        self.on_demand.cloned()
    }

    pub(super) fn warm(self) -> (Option<i64>, Option<i64>) {
        self.warm.map_or((None, None), |warm| (warm.read_units_per_second, warm.write_units_per_second))
    }
}

impl Wanted {
    /// An index that a restored table is to have as its source had it, under a name of the caller's choice.
    pub(super) fn again(had: &IndexState, name: &str) -> Wanted {
        Wanted {
            name: name.to_owned(),
            kind: had.index.kind,
            key: had.index.key.clone(),
            projected: had.index.projected.clone(),
            units: (0, 0),
            on_demand_throughput: None,
            warm_units: None,
        }
    }

    /// The same with capacity.
    pub(super) fn with_capacity(
        self,
        units: (i64, i64),
        on_demand_throughput: Option<OnDemandThroughput>,
    ) -> Wanted {
        Wanted { units, on_demand_throughput, ..self }
    }

    /// The index, over a space of its own that holds no row yet.
    pub(super) fn state(self, call: &Call<'_>, table: TableId, schema: &Schema) -> IndexState {
        let Wanted { name, kind, key, projected, units, on_demand_throughput, warm_units } = self;
        let index = Arc::new(Index::new(name, kind, key, projected, schema));
        let space = Space::of_index(call.next_table_id(), table, index.clone(), SpaceState::Building(None));
        IndexState { units, on_demand_throughput, warm_units, ..IndexState::new(index, Arc::new(space)) }
    }
}

/// The indexes of a new table. What is checked of all of them comes in the order of the service: keys, definitions, then each index.
///
/// # Errors
/// `ValidationException`.
pub(super) fn of_new_table(
    input: &CreateTableInput,
    definitions: &Definitions<'_>,
    schema: &Schema,
    mode: BillingMode,
) -> Result<Vec<Wanted>> {
    let refuse = |problem: String| Err(Error::validation(problem));
    let locals = input.local_secondary_indexes.as_deref();
    let globals = input.global_secondary_indexes.as_deref();
    for (given, name) in [
        (locals.map(<[_]>::len), "LocalSecondaryIndexes"),
        (globals.map(<[_]>::len), "GlobalSecondaryIndexes"),
    ] {
        if given == Some(0) {
            return refuse(text::empty_list(name));
        }
    }
    let (locals, globals) = (locals.unwrap_or(&[]), globals.unwrap_or(&[]));
    if !locals.is_empty() && schema.range.is_none() {
        return refuse(text::table_without_sort_key());
    }
    let mut keys = Vec::with_capacity(locals.len() + globals.len());
    for local in locals {
        let local = local.valid()?;
        keys.push(local_key(local.index_name, local.key_schema, definitions, schema)?);
    }
    for global in globals {
        keys.push(global_key(global.valid()?.key_schema, definitions)?);
    }
    definitions.require_used(schema, &keys)?;
    let mut keys = keys.into_iter();
    let mut next_key = || keys.next().expect("a key for each index");
    let mut names = BTreeSet::new();
    let mut wanted = Vec::with_capacity(locals.len() + globals.len());
    for local in locals {
        let local = local.valid()?;
        let projected = projected(&local.projection)?;
        require_new(&mut names, local.index_name)?;
        wanted.push(Wanted {
            name: local.index_name.to_owned(),
            kind: IndexKind::Local,
            key: next_key(),
            projected,
            units: (0, 0),
            on_demand_throughput: None,
            warm_units: None,
        });
    }
    for global in globals {
        let valid = global.valid()?;
        let projected = projected(&valid.projection)?;
        let given = capacity_of!(global);
        let units = created_units(valid.index_name, given, mode)?;
        require_new(&mut names, valid.index_name)?;
        wanted.push(global_index(valid.index_name, next_key(), projected, units, given, mode)?);
    }
    if locals.len() > LOCAL_INDEXES_MAX {
        return refuse(text::too_many_local(LOCAL_INDEXES_MAX));
    }
    if globals.len() > GLOBAL_INDEXES_MAX {
        return refuse(text::too_many_global(GLOBAL_INDEXES_MAX));
    }
    require_few_attributes(wanted.iter().map(|wanted| &wanted.projected))?;
    Ok(wanted)
}

fn require_new<'a>(names: &mut BTreeSet<&'a str>, name: &'a str) -> Result<()> {
    if names.insert(name) { Ok(()) } else { Err(Error::validation(text::duplicate_name(name))) }
}

fn created_units(index: &str, given: Capacity<'_>, mode: BillingMode) -> Result<(i64, i64)> {
    match (mode, given.units()) {
        (BillingMode::PayPerRequest, Some(_)) => Err(Error::validation(text::units_on_demand(index))),
        (BillingMode::Provisioned, None) => Err(Error::validation(text::units_missing(index))),
        (_, units) => Ok(units.unwrap_or((0, 0))),
    }
}

fn global_index(
    name: &str,
    key: SpaceDefinition,
    projected: Projected,
    units: (i64, i64),
    given: Capacity<'_>,
    mode: BillingMode,
) -> Result<Wanted> {
    check_ceilings(name, given.on_demand, mode)?;
    Ok(Wanted {
        name: name.to_owned(),
        kind: IndexKind::Global,
        key,
        projected,
        units,
        on_demand_throughput: given.on_demand(),
        warm_units: given.warm().0.zip(given.warm().1),
    })
}

/// Ceilings belong to on-demand tables, and are numbers of units.
pub(super) fn check_ceilings(
    index: &str,
    given: Option<&OnDemandThroughput>,
    mode: BillingMode,
) -> Result<()> {
    let Some(given) = given else { return Ok(()) };
    let members = [
        ("MaxReadRequestUnits", given.max_read_request_units),
        ("MaxWriteRequestUnits", given.max_write_request_units),
    ];
    for (member, units) in members {
        if units.is_some() && mode == BillingMode::Provisioned {
            return Err(Error::validation(text::ceilings_on_provisioned(member, index)));
        }
        if units.is_some_and(|units| units < 1) {
            return Err(Error::validation(text::ceiling_out_of_range(member, index)));
        }
    }
    Ok(())
}

fn projected(given: &Projection) -> Result<Projected> {
    let refuse = |problem: String| Err(Error::validation(problem));
    let Some(kind) = given.projection_type.as_ref().and_then(Open::known) else {
        return refuse(text::projection_type_missing());
    };
    match (kind, &given.non_key_attributes) {
        (ProjectionType::All, None) => Ok(Projected::All),
        (ProjectionType::KeysOnly, None) => Ok(Projected::Keys),
        (ProjectionType::Include, Some(names)) => {
            let mut names = names.clone();
            names.sort_unstable();
            match names.windows(2).find(|pair| pair[0] == pair[1]) {
                Some(pair) => refuse(text::projected_twice(&pair[0])),
                None => Ok(Projected::Include(names)),
            }
        }
        (ProjectionType::Include, None) => refuse(text::include_without_attributes()),
        (kind, Some(_)) => refuse(text::attributes_without_include(kind.name())),
    }
}

fn require_few_attributes<'a>(projections: impl Iterator<Item = &'a Projected>) -> Result<()> {
    let named = |projected: &Projected| match projected {
        Projected::Include(names) => names.len(),
        Projected::All | Projected::Keys => 0,
    };
    let count: usize = projections.map(named).sum();
    if count > TABLE_INDEX_ATTRIBUTES_MAX {
        return Err(Error::validation(text::too_many_projected(TABLE_INDEX_ATTRIBUTES_MAX)));
    }
    Ok(())
}

/// The index of a creation on a table that is there.
///
/// # Errors
/// `ValidationException`.
pub(super) fn of_action(
    action: &CreateGlobalSecondaryIndexAction,
    definitions: Option<&Definitions<'_>>,
    schema: &Schema,
    state: &State,
    mode: BillingMode,
) -> Result<Wanted> {
    let refuse = |problem: String| Err(Error::validation(problem));
    let valid = action.valid()?;
    let name = valid.index_name;
    let Some(definitions) = definitions else { return refuse(text::definitions_missing(name)) };
    let key = global_key(valid.key_schema, definitions)?;
    require_same_types(&key, schema, state)?;
    let projected = projected(&valid.projection)?;
    let given = capacity_of!(action);
    let units = match (mode, given.units()) {
        (BillingMode::PayPerRequest, Some(_)) => return refuse(text::create_units_on_demand(name)),
        (BillingMode::Provisioned, None) => return refuse(text::create_units_missing(name)),
        (_, units) => units.unwrap_or((0, 0)),
    };
    let others = state.indexes.iter().map(|index| &index.index.projected);
    require_few_attributes(others.chain([&projected]))?;
    global_index(name, key, projected, units, given, mode)
}

/// An attribute has one type in all keys.
fn require_same_types(key: &SpaceDefinition, schema: &Schema, state: &State) -> Result<()> {
    let of_indexes = || state.indexes.iter().flat_map(|index| index.index.parts().map(|(part, _)| part));
    for (parts, role) in [(&key.partition, "HASH"), (&key.sort, "RANGE")] {
        for part in parts {
            let mut known = schema.parts().map(|(part, _)| part).chain(of_indexes());
            let existing = known.find(|known| known.name == part.name && known.kind != part.kind);
            if let Some(existing) = existing {
                let problem = text::redefined(&part.name, role, existing.kind.name(), part.kind.name());
                return Err(Error::validation(problem));
            }
        }
    }
    Ok(())
}
