//! UpdateContinuousBackups, DescribeContinuousBackups: what rows were is kept for as many days as asked for, in periods of a day.

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
use crate::limits::{HISTORY_PERIOD, RECOVERY_LAG, RECOVERY_PERIOD_MAX_DAYS};
use crate::store::{Batch, Removal};
use crate::table::{ChangeKind, Period, Recovery, State, Table};
use crate::transaction::record;

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
    match (asked.point_in_time_recovery_enabled, &state.features.recovery) {
        (true, _) if table_is_going(&state) => {}
        (true, None) => {
            let days = days.unwrap_or(RECOVERY_PERIOD_MAX_DAYS as i32);
            enable(call, &table, &mut state, days)?;
        }
        (true, Some(recovery)) => {
            // A change of the period does not begin anew.
            let days = days.unwrap_or(RECOVERY_PERIOD_MAX_DAYS as i32);
            let recovery = Recovery { days, ..recovery.clone() };
            let mut next = state.clone();
            next.features.recovery = Some(recovery);
            lineage::change(call, &table, &mut state, next)?;
        }
        (false, Some(_)) => disable(call, &table, &mut state)?,
        (false, None) => {}
    }
    let description = described(state.features.recovery.as_ref(), now);
    let is_going = table_is_going(&state);
    drop(state);
    if is_going && !asked.point_in_time_recovery_enabled {
        super::backup::forget_of_deleted_table(call, &table)?;
    }
    Ok(UpdateContinuousBackupsOutput { continuous_backups_description: Some(description) })
}

fn table_is_going(state: &State) -> bool {
    state.change.is_some_and(|change| change.kind == ChangeKind::Delete)
}

/// Keeps from here on what rows were.
fn enable(call: &Call<'_>, table: &Arc<Table>, state: &mut State, days: i32) -> Result<()> {
    let mut next = state.clone();
    let new = call.next_table_id();
    // Copies that run have it recorded already.
    let newest = state.features.history.last().map_or(new, Period::rows);
    record(call, table, Some(newest), |cut| {
        if next.features.history.is_empty() {
            next.features.history.push(Period::new(new, cut.time));
        }
        next.features.recovery = Some(Recovery { since_at: cut.time, days });
        Batch { meta: vec![table.entry(&next, None)], ..Batch::default() }
    })?;
    lineage::show(call, table, state, next);
    schedule_period(call, table, state);
    Ok(())
}

/// The newest period is long enough some time.
fn schedule_period(call: &Call<'_>, table: &Arc<Table>, state: &State) {
    if let Some(newest) = state.features.history.last() {
        call.schedule.period_begun(table, newest.begun_at + millis(HISTORY_PERIOD));
    }
}

/// Forgets what rows were, unless somebody copies them.
fn disable(call: &Call<'_>, table: &Arc<Table>, state: &mut State) -> Result<()> {
    let mut next = state.clone();
    next.features.recovery = None;
    if table_is_going(state) {
        return lineage::change(call, table, state, next);
    }
    let is_copied = !call.catalog.copies_from(table.id).is_empty();
    let ended = if is_copied { Vec::new() } else { std::mem::take(&mut next.features.history) };
    let removals = ended.iter().map(|period| Removal::Rows(period.rows())).collect();
    let meta = vec![table.entry(&next, None)];
    record(call, table, next.features.history.last().map(Period::rows), |_| Batch {
        meta,
        removals,
        ..Batch::default()
    })?;
    lineage::show(call, table, state, next);
    call.schedule.periods_done(table);
    Ok(())
}

/// Lets a table's history go on in another period, when the newest is long enough, and forgets those that are too old.
///
/// # Errors
/// The store's; it is tried again.
pub(super) fn begin_period(call: &Call<'_>, table: &Arc<Table>, now: Millis) -> Result<()> {
    let mut state = table.state.write();
    let Some(Recovery { days, .. }) = state.features.recovery.clone().filter(|_| !table_is_going(&state))
    else {
        call.schedule.periods_done(table);
        return Ok(());
    };
    let new = call.next_table_id();
    let copied = call.catalog.copies_from(table.id);
    let needed = copied.iter().filter_map(|copy| Some(copy.since()?.time)).min().unwrap_or(now);
    let horizon = now.saturating_sub(DAY * u64::from(days.unsigned_abs())).min(needed);
    let mut next = state.clone();
    record(call, table, Some(new), |cut| {
        let history = &mut next.features.history;
        let is_lost = history.is_empty();
        history.push(Period::new(new, cut.time));
        // Those that ended before anything that is asked for.
        let ended = history.windows(2).take_while(|pair| pair[1].begun_at < horizon).count();
        let removals = history.drain(..ended).map(|period| Removal::Rows(period.rows())).collect();
        if let Some(recovery) = next.features.recovery.as_mut().filter(|_| is_lost) {
            // The clock was set back, and what was recorded before says nothing any more.
            recovery.since_at = cut.time;
        }
        Batch { meta: vec![table.entry(&next, None)], removals, ..Batch::default() }
    })?;
    lineage::show(call, table, &mut state, next);
    schedule_period(call, table, &state);
    Ok(())
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
pub(super) fn find(call: &Call<'_>, given: &str, now: Millis) -> Result<Arc<Table>> {
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
        Some(recovery) => {
            let (earliest, latest) = restorable(recovery, now);
            PointInTimeRecoveryDescription {
                point_in_time_recovery_status: Some(PointInTimeRecoveryStatus::Enabled.into()),
                recovery_period_in_days: Some(recovery.days),
                earliest_restorable_date_time: Some(Timestamp::from_millis(earliest)),
                latest_restorable_date_time: Some(Timestamp::from_millis(latest)),
            }
        }
    };
    ContinuousBackupsDescription {
        continuous_backups_status: Some(ContinuousBackupsStatus::Enabled.into()),
        point_in_time_recovery_description: Some(description),
    }
}

/// The first and the last moment to which a table can be restored.
pub(super) fn restorable(recovery: &Recovery, now: Millis) -> (Millis, Millis) {
    let &Recovery { since_at, days } = recovery;
    let first = now.saturating_sub(DAY * u64::from(days.unsigned_abs()));
    (since_at.max(first), since_at.max(now.saturating_sub(millis(RECOVERY_LAG))))
}
