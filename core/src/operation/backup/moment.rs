//! RestoreTableToPointInTime: a table made of what another one was at a moment.

use std::sync::Arc;

use super::copying;
use super::restore::{Overrides, Source, free_name, make, overrides_of};
use crate::api::message::{backup as text, settings as settings_text, table as table_text};
use crate::api::{
    Error, ErrorCode, Open, RestoreTableToPointInTimeInput, RestoreTableToPointInTimeOutput, Result,
    Timestamp, Valid,
};
use crate::clock::Millis;
use crate::engine::Call;
use crate::operation::continuous_backups::{find, restorable};
use crate::operation::resource_arn::ResourceArn;
use crate::table::{Cut, Restoring, Table};
use crate::transaction::moment;

/// RestoreTableToPointInTime.
pub(crate) fn to_moment(
    call: &Call<'_>,
    input: &Valid<'_, RestoreTableToPointInTimeInput>,
) -> Result<RestoreTableToPointInTimeOutput> {
    let asked = asked_moment(input)?;
    let overrides = overrides_of!(input);
    let now = call.now();
    let naming = call.catalog.naming.lock();
    let source = find_source(call, input, now)?;
    // Held until the copy is there: until then nobody takes away what it needs.
    let state = source.state.write();
    let Some(recovery) = &state.features.recovery else {
        let message = text::recovery_is_off(&source.name);
        return Err(Error::new(ErrorCode::PointInTimeRecoveryUnavailable, message));
    };
    let (earliest, latest) = restorable(recovery, now);
    let at = asked.unwrap_or(latest);
    if at < earliest || at > latest {
        let message = text::moment_out_of_range(at, earliest, latest);
        return Err(Error::new(ErrorCode::InvalidRestoreTime, message));
    }
    let plan = overrides.plan(call, &state, now, now)?;
    let name = input.target_table_name;
    if name == source.name {
        // Its state is held.
        return Err(Error::new(ErrorCode::TableAlreadyExists, text::target_exists(name)));
    }
    free_name(call, name, now)?;
    let restoring = Restoring { backup: None, table: call.catalog.place.table_arn(&source.name), moment: at };
    let from = Source { rows: source.id, schema: &source.schema, cut: Some(cut_at(call, &source, at)) };
    let (description, copy) = make(call, name, plan, restoring, &from)?;
    drop((state, naming));
    copying::fill(call, &copy)?;
    Ok(RestoreTableToPointInTimeOutput { table_description: Some(description) })
}

/// A moment of a table's history, at the end of its millisecond, as far as that is over.
fn cut_at(call: &Call<'_>, table: &Table, at: Millis) -> Cut {
    let now = moment(call, table);
    if at < now.time { Cut::end_of(at) } else { now }
}

/// The moment that a request names; none for the latest.
fn asked_moment(input: &RestoreTableToPointInTimeInput) -> Result<Option<Millis>> {
    match (input.restore_date_time, input.use_latest_restorable_time == Some(true)) {
        (Some(_), true) => Err(Error::validation(text::two_moments())),
        (None, false) => Err(Error::validation(text::no_moment())),
        // What is too far in either direction is no moment of any table.
        (Some(Timestamp(seconds)), false) => Ok(Some((seconds * 1000.0).round() as Millis)),
        (None, true) => Ok(None),
    }
}

/// The table that a request names by its name or its ARN.
fn find_source(call: &Call<'_>, input: &RestoreTableToPointInTimeInput, now: Millis) -> Result<Arc<Table>> {
    let refuse = |problem: String| Err(Error::validation(problem));
    let found = match (&input.source_table_name, &input.source_table_arn) {
        (Some(_), Some(_)) => return refuse(text::two_sources()),
        (None, None) => return refuse(table_text::parameter_required("TableName")),
        (Some(name), None) => find(call, name, now)?,
        (None, Some(arn)) => {
            let Some(parsed) = parse(arn)? else { return refuse(text::no_source_arn()) };
            if !parsed.is_of_account(call.catalog.place) {
                return refuse(settings_text::policy_of_another_account());
            }
            if !parsed.is_of_region(call.catalog.place) && input.sse_specification_override.is_none() {
                return refuse(text::of_another_region());
            }
            find(call, arn, now)?
        }
    };
    if found.is_deleting() {
        return Err(Error::new(ErrorCode::TableNotFound, text::table_not_found(&found.name)));
    }
    Ok(found)
}

/// The parts of a table's ARN; none for one of something else.
fn parse(arn: &str) -> Result<Option<ResourceArn<'_>>> {
    if !arn.starts_with("arn:") {
        return Err(Error::validation(settings_text::not_an_arn(arn)));
    }
    Ok(ResourceArn::parse(arn).ok().filter(|parsed| parsed.stream.is_none()))
}
