//! UpdateContinuousBackups, DescribeContinuousBackups. The setting is kept, with the moments that the service would offer; no table is restored.

use std::sync::Arc;

use super::lineage;
use crate::api::message::settings as text;
use crate::api::{
    ContinuousBackupsDescription, ContinuousBackupsStatus, DescribeContinuousBackupsInput,
    DescribeContinuousBackupsOutput, Error, ErrorCode, PointInTimeRecoveryDescription,
    PointInTimeRecoveryStatus, Result, TableStatus, Timestamp, UpdateContinuousBackupsInput,
    UpdateContinuousBackupsOutput, Valid,
};
use crate::clock::{Millis, millis};
use crate::engine::Call;
use crate::limits::{RECOVERY_LAG, RECOVERY_PERIOD_MAX_DAYS};
use crate::table::{Recovery, Table};

const DAY: Millis = 24 * 60 * 60 * 1_000;

/// UpdateContinuousBackups.
pub(crate) fn update(
    call: &Call<'_>,
    input: &Valid<'_, UpdateContinuousBackupsInput>,
) -> Result<UpdateContinuousBackupsOutput> {
    let now = call.now();
    let asked = input.point_in_time_recovery_specification;
    let days = asked.recovery_period_in_days;
    if !asked.point_in_time_recovery_enabled && days.is_some() {
        return Err(Error::validation(text::recovery_period_while_off()));
    }
    let table = find(call, input.table_name, now)?;
    let mut state = table.state.write();
    let mut next = state.clone();
    next.features.recovery = asked.point_in_time_recovery_enabled.then(|| Recovery {
        // A change of the period does not begin anew.
        since_at: state.features.recovery.as_ref().map_or(now, |recovery| recovery.since_at),
        days: days.unwrap_or(RECOVERY_PERIOD_MAX_DAYS as i32),
    });
    if next.features.recovery != state.features.recovery {
        lineage::change(call, &table, &mut state, next)?;
    }
    let description = described(state.features.recovery.as_ref(), now);
    Ok(UpdateContinuousBackupsOutput { continuous_backups_description: Some(description) })
}

/// DescribeContinuousBackups.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, DescribeContinuousBackupsInput>,
) -> Result<DescribeContinuousBackupsOutput> {
    let now = call.now();
    let table = find(call, input.table_name, now)?;
    let state = table.state.read();
    let description = described(state.features.recovery.as_ref(), now);
    Ok(DescribeContinuousBackupsOutput { continuous_backups_description: Some(description) })
}

/// A table as the operations of backups find it: under an error of their own, and not while it is made.
fn find(call: &Call<'_>, given: &str, now: Millis) -> Result<Arc<Table>> {
    let found = call.catalog.find(given, now).filter(|table| table.status(now) != TableStatus::Creating);
    found.ok_or_else(|| {
        let name = call.catalog.place.table_name(given).unwrap_or(given);
        Error::new(ErrorCode::TableNotFound, text::table_to_back_up_not_found(name))
    })
}

fn described(recovery: Option<&Recovery>, now: Millis) -> ContinuousBackupsDescription {
    let description = match recovery {
        None => PointInTimeRecoveryDescription {
            point_in_time_recovery_status: Some(PointInTimeRecoveryStatus::Disabled.into()),
            ..PointInTimeRecoveryDescription::default()
        },
        Some(&Recovery { since_at, days }) => PointInTimeRecoveryDescription {
            point_in_time_recovery_status: Some(PointInTimeRecoveryStatus::Enabled.into()),
            recovery_period_in_days: Some(days),
            earliest_restorable_date_time: Some(Timestamp::from_millis(
                since_at.max(now.saturating_sub(DAY * u64::from(days.unsigned_abs()))),
            )),
            latest_restorable_date_time: Some(Timestamp::from_millis(
                since_at.max(now.saturating_sub(millis(RECOVERY_LAG))),
            )),
        },
    };
    ContinuousBackupsDescription {
        continuous_backups_status: Some(ContinuousBackupsStatus::Enabled.into()),
        point_in_time_recovery_description: Some(description),
    }
}
