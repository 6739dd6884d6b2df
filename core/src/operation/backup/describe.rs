//! Backups as answers show them (facts B17).

use super::arn::arn_of;
use crate::api::{
    BackupDescription, BackupDetails, BackupStatus, BackupSummary, BackupType, BillingMode,
    GlobalSecondaryIndexInfo, LocalSecondaryIndexInfo, OnDemandThroughput, ProvisionedThroughput,
    SourceTableDetails, SourceTableFeatureDetails, SseStatus, StreamSpecification, TimeToLiveDescription,
    TimeToLiveStatus, Timestamp,
};
use crate::engine::Call;
use crate::operation::describe::key_schema_of;
use crate::operation::describe_index::{key_schema, projection};
use crate::operation::encryption;
use crate::table::{Backup, IndexKind, IndexState, State};

/// Where a backup is.
pub(super) fn status(call: &Call<'_>, backup: &Backup) -> BackupStatus {
    if call.catalog.is_being_copied(backup.rows) { BackupStatus::Creating } else { BackupStatus::Available }
}

/// The backup, under the ARN that a request named it by.
pub(super) fn details(backup: &Backup, arn: &str, status: BackupStatus) -> BackupDetails {
    BackupDetails {
        backup_arn: Some(arn.to_owned()),
        backup_name: Some(backup.name.clone()),
        backup_size_bytes: Some(backup.bytes),
        backup_status: Some(status.into()),
        backup_type: Some(backup.kind.into()),
        backup_creation_date_time: Some(Timestamp::from_millis(backup.created_at)),
        backup_expiry_date_time: backup.expires_at().map(Timestamp::from_millis),
    }
}

/// The backup and its table.
pub(super) fn description(
    call: &Call<'_>,
    backup: &Backup,
    arn: &str,
    status: BackupStatus,
) -> BackupDescription {
    let state = &backup.table.state;
    BackupDescription {
        backup_details: Some(details(backup, arn, status)),
        source_table_details: Some(source(call, backup, state)),
        // Of those that it makes itself the service tells nothing.
        source_table_feature_details: Some(match backup.kind {
            BackupType::System => SourceTableFeatureDetails::default(),
            BackupType::User | BackupType::AwsBackup => features(backup, state),
        }),
    }
}

fn source(call: &Call<'_>, backup: &Backup, state: &State) -> SourceTableDetails {
    let (table, settings) = (&backup.table, &state.settings);
    SourceTableDetails {
        table_name: Some(table.name.clone()),
        table_id: Some(table.uuid.clone()),
        table_arn: Some(call.catalog.place.table_arn(&table.name)),
        table_size_bytes: Some(backup.bytes),
        key_schema: Some(key_schema_of(&table.schema.owned_names())),
        table_creation_date_time: Some(Timestamp::from_millis(table.created_at)),
        provisioned_throughput: Some(units(settings.units)),
        on_demand_throughput: ceilings(settings.billing_mode, settings.on_demand_throughput.as_ref()),
        item_count: Some(backup.items),
        billing_mode: Some(settings.billing_mode.into()),
    }
}

fn units((read, write): (i64, i64)) -> ProvisionedThroughput {
    ProvisionedThroughput { read_capacity_units: Some(read), write_capacity_units: Some(write) }
}

fn ceilings(mode: BillingMode, kept: Option<&OnDemandThroughput>) -> Option<OnDemandThroughput> {
    kept.filter(|_| mode == BillingMode::PayPerRequest).cloned()
}

fn features(backup: &Backup, state: &State) -> SourceTableFeatureDetails {
    let of_kind = |kind| indexes(backup, state).filter(move |index| index.index.kind == kind);
    let locals = of_kind(IndexKind::Local).map(|state| LocalSecondaryIndexInfo {
        index_name: Some(state.index.name.clone()),
        key_schema: Some(key_schema(&state.index)),
        projection: Some(projection(&state.index)),
    });
    let mode = state.settings.billing_mode;
    let globals = of_kind(IndexKind::Global).map(|state| GlobalSecondaryIndexInfo {
        index_name: Some(state.index.name.clone()),
        key_schema: Some(key_schema(&state.index)),
        projection: Some(projection(&state.index)),
        provisioned_throughput: Some(units(state.units)),
        on_demand_throughput: ceilings(mode, state.on_demand_throughput.as_ref()),
    });
    let (locals, globals): (Vec<_>, Vec<_>) = (locals.collect(), globals.collect());
    let encryption = state.features.encryption.as_ref();
    SourceTableFeatureDetails {
        local_secondary_indexes: (!locals.is_empty()).then_some(locals),
        global_secondary_indexes: (!globals.is_empty()).then_some(globals),
        stream_description: backup.view.map(|view| StreamSpecification {
            stream_enabled: Some(true),
            stream_view_type: Some(view.into()),
        }),
        time_to_live_description: state.features.time_to_live.live.as_ref().map(|live| {
            TimeToLiveDescription {
                time_to_live_status: Some(TimeToLiveStatus::Enabled.into()),
                attribute_name: Some(live.attribute.clone()),
            }
        }),
        sse_description: encryption.map(|encryption| encryption::described(encryption, SseStatus::Enabled)),
    }
}

/// The indexes that the table had when the backup was made.
fn indexes<'a>(backup: &Backup, state: &'a State) -> impl Iterator<Item = &'a IndexState> {
    state.indexes_at(backup.created_at)
}

/// The backup in a list.
pub(super) fn summary(call: &Call<'_>, backup: &Backup) -> BackupSummary {
    let (place, table) = (&call.catalog.place, &backup.table);
    BackupSummary {
        table_name: Some(table.name.clone()),
        table_id: Some(table.uuid.clone()),
        table_arn: Some(place.table_arn(&table.name)),
        backup_arn: Some(arn_of(place, &table.name, &backup.id)),
        backup_name: Some(backup.name.clone()),
        backup_creation_date_time: Some(Timestamp::from_millis(backup.created_at)),
        backup_expiry_date_time: backup.expires_at().map(Timestamp::from_millis),
        backup_status: Some(status(call, backup).into()),
        backup_type: Some(backup.kind.into()),
        backup_size_bytes: Some(backup.bytes),
    }
}
