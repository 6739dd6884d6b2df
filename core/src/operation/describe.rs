//! Tables as answers show them.

use super::describe_index::{global_indexes, local_indexes};
use super::{encryption, throughput};
use crate::api::{
    AttributeDefinition, BillingModeSummary, KeySchemaElement, KeyType, ProvisionedThroughputDescription,
    RestoreSummary, Result, SseStatus, StreamSpecification, TableClassSummary, TableDescription, TableStatus,
    Timestamp,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::table::{KeyAttribute, Settings, State, Table};

/// Which members an answer has (facts B13).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum View {
    /// CreateTable: neither warm throughput nor the time of the billing mode.
    New,
    /// UpdateTable: no warm throughput.
    Change,
    /// DeleteTable: besides, neither the key nor the indexes nor the time of creation.
    Deleted,
    /// DescribeTable.
    Whole,
}

/// Describes a table whose state the caller has locked, in a status of the caller's choice: the answer of a change shows the
/// transition even when it is over at once.
pub(super) fn describe(
    call: &Call<'_>,
    table: &Table,
    state: &State,
    status: TableStatus,
    view: View,
) -> Result<TableDescription> {
    let settings = &state.settings;
    let place = &call.catalog.place;
    let latest = state.latest_label.as_ref();
    let is_deleted = view == View::Deleted;
    Ok(TableDescription {
        attribute_definitions: (!is_deleted).then(|| definitions(table, state, call.now())),
        table_name: Some(table.name.clone()),
        key_schema: (!is_deleted).then(|| key_schema_of(&table.schema.owned_names())),
        table_status: Some(status.into()),
        creation_date_time: (!is_deleted).then(|| Timestamp::from_millis(table.created_at)),
        provisioned_throughput: Some(provisioned(settings)),
        table_size_bytes: Some(table.size_bytes()),
        item_count: Some(table.item_count()),
        table_arn: Some(place.table_arn(&table.name)),
        table_id: Some(table.uuid.clone()),
        billing_mode_summary: settings.on_demand_since.map(|since| BillingModeSummary {
            billing_mode: Some(settings.billing_mode.into()),
            last_update_to_pay_per_request_date_time: (view != View::New)
                .then(|| Timestamp::from_millis(since)),
        }),
        stream_specification: state.stream.as_ref().map(|stream| StreamSpecification {
            stream_enabled: Some(true),
            stream_view_type: Some(stream.view().into()),
        }),
        latest_stream_label: latest.cloned(),
        latest_stream_arn: latest.map(|label| place.stream_arn(&table.name, label)),
        restore_summary: state.restoring.as_ref().map(|restoring| RestoreSummary {
            source_backup_arn: restoring.backup.clone(),
            source_table_arn: Some(restoring.table.clone()),
            restore_date_time: Some(Timestamp::from_millis(restoring.moment)),
            restore_in_progress: Some(true),
        }),
        table_class_summary: settings.table_class.map(|class| TableClassSummary {
            table_class: Some(class.into()),
            last_update_date_time: settings.class_changed_at.map(Timestamp::from_millis),
        }),
        deletion_protection_enabled: Some(settings.deletion_protection),
        on_demand_throughput: settings.on_demand_throughput.clone(),
        warm_throughput: (view == View::Whole).then(|| throughput::described(settings, TableStatus::Active)),
        sse_description: state
            .features
            .encryption
            .as_ref()
            .map(|encryption| encryption::described(encryption, SseStatus::Enabled)),
        local_secondary_indexes: if is_deleted { None } else { local_indexes(call, table, state)? },
        global_secondary_indexes: if is_deleted {
            None
        } else {
            global_indexes(call, table, state, status, view)?
        },
    })
}

fn provisioned(settings: &Settings) -> ProvisionedThroughputDescription {
    ProvisionedThroughputDescription {
        last_increase_date_time: settings.increased_at.map(Timestamp::from_millis),
        last_decrease_date_time: settings.decreased_at.map(Timestamp::from_millis),
        number_of_decreases_today: Some(settings.decreases_today),
        read_capacity_units: Some(settings.units.0),
        write_capacity_units: Some(settings.units.1),
    }
}

/// The attributes of all keys, by name.
fn definitions(table: &Table, state: &State, now: Millis) -> Vec<AttributeDefinition> {
    let of_indexes = state.indexes_at(now).flat_map(|index| index.index.parts());
    let mut parts: Vec<&KeyAttribute> =
        table.schema.parts().chain(of_indexes).map(|(part, _)| part).collect();
    parts.sort_unstable_by_key(|part| &part.name);
    parts.dedup_by_key(|part| &part.name);
    let definition = |part: &KeyAttribute| AttributeDefinition {
        attribute_name: Some(part.name.clone()),
        attribute_type: Some(part.kind.into()),
    };
    parts.into_iter().map(definition).collect()
}

/// The key as a schema: the first name is the partition key, the second the sort key.
pub(super) fn key_schema_of(names: &[String]) -> Vec<KeySchemaElement> {
    names
        .iter()
        .zip([KeyType::Hash, KeyType::Range])
        .map(|(name, kind)| KeySchemaElement {
            attribute_name: Some(name.clone()),
            key_type: Some(kind.into()),
        })
        .collect()
}
