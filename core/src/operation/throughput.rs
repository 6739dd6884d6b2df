//! What a table is ready for and how much it may use: warm throughput and the ceilings of on-demand tables. Kept and answered, not enforced.

use crate::api::message::settings as text;
use crate::api::{
    BillingMode, Error, OnDemandThroughput, Result, TableStatus, TableWarmThroughputDescription,
    WarmThroughput,
};
use crate::table::Settings;

/// Units that a new on-demand table is ready for (facts B13).
const ON_DEMAND_UNITS: (i64, i64) = (12_000, 4_000);
/// What takes a ceiling away.
const NO_CEILING: i64 = -1;

/// Reads and writes a second that a table is ready for: what it was made ready for, and no less than what it has.
pub(super) fn ready_units(settings: &Settings) -> (i64, i64) {
    let has = units_ready(settings.billing_mode, settings.units);
    let made = settings.warm_units.unwrap_or(has);
    (has.0.max(made.0), has.1.max(made.1))
}

/// What a table or an index is ready for by itself.
pub(super) fn units_ready(mode: BillingMode, units: (i64, i64)) -> (i64, i64) {
    match mode {
        BillingMode::PayPerRequest => ON_DEMAND_UNITS,
        BillingMode::Provisioned => units,
    }
}

/// As answers show it.
pub(super) fn described(settings: &Settings, status: TableStatus) -> TableWarmThroughputDescription {
    let (read, write) = ready_units(settings);
    TableWarmThroughputDescription {
        read_units_per_second: Some(read),
        write_units_per_second: Some(write),
        status: Some(status.into()),
    }
}

/// What a new table is made ready for.
///
/// # Errors
/// `ValidationException` for less than such a table has anyway, here as below.
pub(super) fn of_new_table(
    given: Option<&WarmThroughput>,
    mode: BillingMode,
    units: (i64, i64),
) -> Result<Option<(i64, i64)>> {
    let Some(given) = given else { return Ok(None) };
    let has = if mode == BillingMode::PayPerRequest { ON_DEMAND_UNITS } else { units };
    let below = |member: &str, units: &str| match mode {
        BillingMode::PayPerRequest => text::warm_below_on_demand(member),
        BillingMode::Provisioned => text::warm_below_provisioned(member, units),
    };
    raised(given, has, |member| {
        let units = if member == READ { "ReadCapacityUnits" } else { "WriteCapacityUnits" };
        below(member, units)
    })
    .map(Some)
}

/// What a table is made ready for by an update.
pub(super) fn raised_units(settings: &Settings, given: &WarmThroughput) -> Result<(i64, i64)> {
    raised(given, ready_units(settings), text::warm_below_current)
}

const READ: &str = "ReadUnitsPerSecond";
const WRITE: &str = "WriteUnitsPerSecond";

fn raised(given: &WarmThroughput, has: (i64, i64), below: impl Fn(&str) -> String) -> Result<(i64, i64)> {
    let unit = |asked: Option<i64>, has: i64, member: &str| match asked {
        Some(asked) if asked < has => Err(Error::validation(below(member))),
        asked => Ok(asked.unwrap_or(has)),
    };
    Ok((unit(given.read_units_per_second, has.0, READ)?, unit(given.write_units_per_second, has.1, WRITE)?))
}

/// The ceilings of a table, out of those it has and those that a request names.
pub(super) fn ceilings(
    current: Option<&OnDemandThroughput>,
    given: &OnDemandThroughput,
    mode: BillingMode,
) -> Result<Option<OnDemandThroughput>> {
    let ceiling = |asked: Option<i64>, has: Option<i64>, member: &str| match asked {
        Some(_) if mode == BillingMode::Provisioned => {
            Err(Error::validation(text::ceiling_when_provisioned(member)))
        }
        // Only what is there can be taken away.
        Some(NO_CEILING) if current.is_some() => Ok(None),
        Some(asked) if asked < 1 => Err(Error::validation(text::ceiling_out_of_range(member))),
        asked => Ok(asked.or(has)),
    };
    let has = current
        .cloned()
        .unwrap_or(OnDemandThroughput { max_read_request_units: None, max_write_request_units: None });
    let read = ceiling(given.max_read_request_units, has.max_read_request_units, "MaxReadRequestUnits")?;
    let write = ceiling(given.max_write_request_units, has.max_write_request_units, "MaxWriteRequestUnits")?;
    let is_any = read.is_some() || write.is_some();
    Ok(is_any.then_some(OnDemandThroughput { max_read_request_units: read, max_write_request_units: write }))
}
