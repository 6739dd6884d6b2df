//! Global tables and the scaling of replicas. One process has one region, so that no table has a replica; the answers are those of an account
//! without global tables.

use crate::api::message::settings as text;
use crate::api::{
    CreateGlobalTableInput, CreateGlobalTableOutput, DescribeGlobalTableInput, DescribeGlobalTableOutput,
    DescribeGlobalTableSettingsInput, DescribeGlobalTableSettingsOutput,
    DescribeTableReplicaAutoScalingInput, DescribeTableReplicaAutoScalingOutput, Error, ErrorCode,
    ListGlobalTablesInput, ListGlobalTablesOutput, ReplicationGroupUpdate, Result, Shape,
    UpdateGlobalTableInput, UpdateGlobalTableOutput, UpdateGlobalTableSettingsInput,
    UpdateGlobalTableSettingsOutput, UpdateTableReplicaAutoScalingInput, UpdateTableReplicaAutoScalingOutput,
    Valid,
};
use crate::engine::Call;
use crate::stream::Place;

/// CreateGlobalTable.
pub(crate) fn create(
    _call: &Call<'_>,
    _input: &Valid<'_, CreateGlobalTableInput>,
) -> Result<CreateGlobalTableOutput> {
    Err(Error::validation(text::global_tables_of_2017()))
}

/// UpdateGlobalTable.
pub(crate) fn update(
    _call: &Call<'_>,
    _input: &Valid<'_, UpdateGlobalTableInput>,
) -> Result<UpdateGlobalTableOutput> {
    Err(Error::validation(text::global_tables_of_2017()))
}

/// DescribeGlobalTable.
pub(crate) fn describe(
    _call: &Call<'_>,
    input: &Valid<'_, DescribeGlobalTableInput>,
) -> Result<DescribeGlobalTableOutput> {
    Err(not_there(input.global_table_name))
}

/// DescribeGlobalTableSettings.
pub(crate) fn describe_settings(
    _call: &Call<'_>,
    input: &Valid<'_, DescribeGlobalTableSettingsInput>,
) -> Result<DescribeGlobalTableSettingsOutput> {
    Err(not_there(input.global_table_name))
}

/// UpdateGlobalTableSettings.
pub(crate) fn update_settings(
    _call: &Call<'_>,
    input: &Valid<'_, UpdateGlobalTableSettingsInput>,
) -> Result<UpdateGlobalTableSettingsOutput> {
    Err(not_there(input.global_table_name))
}

/// ListGlobalTables.
pub(crate) fn list(_call: &Call<'_>, _input: &ListGlobalTablesInput) -> Result<ListGlobalTablesOutput> {
    Ok(ListGlobalTablesOutput { global_tables: Some(Vec::new()), last_evaluated_global_table_name: None })
}

/// DescribeTableReplicaAutoScaling.
pub(crate) fn describe_scaling(
    call: &Call<'_>,
    input: &Valid<'_, DescribeTableReplicaAutoScalingInput>,
) -> Result<DescribeTableReplicaAutoScalingOutput> {
    Err(without_replicas(call, input.table_name))
}

/// UpdateTableReplicaAutoScaling.
pub(crate) fn update_scaling(
    call: &Call<'_>,
    input: &Valid<'_, UpdateTableReplicaAutoScalingInput>,
) -> Result<UpdateTableReplicaAutoScalingOutput> {
    Err(without_replicas(call, input.table_name))
}

fn not_there(name: &str) -> Error {
    Error::new(ErrorCode::GlobalTableNotFound, text::no_global_table(name))
}

fn without_replicas(call: &Call<'_>, given: &str) -> Error {
    let name = call.catalog.place.table_name(given).unwrap_or(given);
    Error::new(ErrorCode::ResourceNotFound, text::no_global_table(name))
}

/// Why an UpdateTable cannot change replicas.
pub(super) fn refuse_replicas(place: &Place, updates: &[ReplicationGroupUpdate]) -> Result<()> {
    for update in updates {
        if let Some(member) = [&update.create, &update.update, &update.delete].into_iter().flatten().next() {
            let region = member.valid()?.region_name;
            return Err(Error::validation(text::no_other_region(region, &place.region)));
        }
    }
    Err(Error::validation(text::no_replica_action()))
}
