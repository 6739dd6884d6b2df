//! Secondary indexes as answers show them.

use super::describe::View;
use super::throughput::units_ready;
use crate::api::{
    GlobalSecondaryIndexDescription, GlobalSecondaryIndexWarmThroughputDescription, IndexStatus,
    KeySchemaElement, KeyType, LocalSecondaryIndexDescription, Projection, ProjectionType,
    ProvisionedThroughputDescription, Result, TableStatus, Timestamp,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::table::{Index, IndexKind, IndexState, KeyAttribute, Projected, State, Table};

/// The local indexes of a table; none where it has none.
///
/// # Errors
/// The store's, here as below.
pub(super) fn local_indexes(
    call: &Call<'_>,
    table: &Table,
    state: &State,
) -> Result<Option<Vec<LocalSecondaryIndexDescription>>> {
    let mut shown = Vec::new();
    for IndexState { index, space, .. } in of_kind(state, IndexKind::Local, call.now()) {
        let (items, bytes) = call.store.totals(space.id)?;
        shown.push(LocalSecondaryIndexDescription {
            index_name: Some(index.name.clone()),
            key_schema: Some(key_schema(index)),
            projection: Some(projection(index)),
            index_size_bytes: Some(bytes),
            item_count: Some(items),
            index_arn: Some(index_arn(call, table, index)),
        });
    }
    Ok((!shown.is_empty()).then_some(shown))
}

/// The global indexes of a table in a status; none where it has none.
pub(super) fn global_indexes(
    call: &Call<'_>,
    table: &Table,
    state: &State,
    status: TableStatus,
    view: View,
) -> Result<Option<Vec<GlobalSecondaryIndexDescription>>> {
    // The answer of a change shows the transition even when it is over at once: what the next call will see begins with this moment.
    let at = if view == View::Whole { call.now() } else { call.now().saturating_sub(1) };
    let mut shown = Vec::new();
    for index in of_kind(state, IndexKind::Global, at) {
        let (items, bytes) = call.store.totals(index.space.id)?;
        let (index_status, backfilling) = match status {
            TableStatus::Creating => (IndexStatus::Creating, None),
            TableStatus::Deleting => (IndexStatus::Deleting, None),
            TableStatus::Active | TableStatus::Updating => index.status(at),
        };
        let warm = index.warm_units.unwrap_or(units_ready(state.settings.billing_mode, index.units));
        shown.push(GlobalSecondaryIndexDescription {
            index_name: Some(index.index.name.clone()),
            key_schema: Some(key_schema(&index.index)),
            projection: Some(projection(&index.index)),
            // While the table is being restored, the service does not say where its indexes are.
            index_status: state.restoring.is_none().then(|| index_status.into()),
            backfilling,
            provisioned_throughput: Some(throughput(index)),
            index_size_bytes: Some(bytes),
            item_count: Some(items),
            index_arn: Some(index_arn(call, table, &index.index)),
            on_demand_throughput: index.on_demand_throughput.clone(),
            warm_throughput: (view == View::Whole).then(|| GlobalSecondaryIndexWarmThroughputDescription {
                read_units_per_second: Some(warm.0),
                write_units_per_second: Some(warm.1),
                status: Some(IndexStatus::Active.into()),
            }),
        });
    }
    Ok((!shown.is_empty()).then_some(shown))
}

fn of_kind(state: &State, kind: IndexKind, at: Millis) -> impl Iterator<Item = &IndexState> {
    state.indexes_at(at).filter(move |index| index.index.kind == kind)
}

fn index_arn(call: &Call<'_>, table: &Table, index: &Index) -> String {
    format!("{}/index/{}", call.catalog.place.table_arn(&table.name), index.name)
}

pub(super) fn key_schema(index: &Index) -> Vec<KeySchemaElement> {
    let element = |(part, kind): (&KeyAttribute, KeyType)| KeySchemaElement {
        attribute_name: Some(part.name.clone()),
        key_type: Some(kind.into()),
    };
    index.parts().map(element).collect()
}

pub(super) fn projection(index: &Index) -> Projection {
    let (kind, names) = match &index.projected {
        Projected::All => (ProjectionType::All, None),
        Projected::Keys => (ProjectionType::KeysOnly, None),
        Projected::Include(names) => (ProjectionType::Include, Some(names.clone())),
    };
    Projection { projection_type: Some(kind.into()), non_key_attributes: names }
}

/// The capacity of an index.
pub(super) fn throughput(index: &IndexState) -> ProvisionedThroughputDescription {
    ProvisionedThroughputDescription {
        last_increase_date_time: index.increased_at.map(Timestamp::from_millis),
        last_decrease_date_time: index.decreased_at.map(Timestamp::from_millis),
        number_of_decreases_today: Some(index.decreases_today),
        read_capacity_units: Some(index.units.0),
        write_capacity_units: Some(index.units.1),
    }
}
