//! A SELECT of one item by its whole key, as GetItem reads it.

use crate::api::{ExecuteStatementInput, ExecuteStatementOutput, Result, Valid};
use crate::engine::Call;
use crate::statement::{Parameters, Statement};
use crate::table::{Access, Usage, consumed_by, read_units};
use crate::value::{Item, Value};

/// The answer; none where the statement is another one, or something is wrong with it.
///
/// # Errors
/// `ResourceNotFoundException`, `ProvisionedThroughputExceededException`; the store's.
pub(super) fn read(
    call: &Call<'_>,
    statement: &Statement,
    values: &[&Value],
    input: &Valid<'_, ExecuteStatementInput>,
) -> Result<Option<ExecuteStatementOutput>> {
    // A limit ends a page behind its last item, with a token for the next.
    if input.limit.is_some() || input.next_token.is_some() {
        return Ok(None);
    }
    let Some(point) = statement.point(Parameters(values)) else { return Ok(None) };
    let table = call.catalog.for_data(point.table, call.now())?;
    let Some(row) = table.schema.key_of_values(&point.equal) else { return Ok(None) };
    let meter = call.meter(&table, Access::Read, row.hash());
    call.admit(&table, meter.as_ref())?;
    let item = call.store.get(table.id, &row)?;
    let units = read_units(item.as_ref().map_or(0, Item::size), input.consistent_read == Some(true));
    call.charge(&table, meter.as_ref(), &Usage::of_table(units));
    let asked = input.return_consumed_capacity.as_ref();
    Ok(Some(ExecuteStatementOutput {
        items: Some(item.into_iter().collect()),
        consumed_capacity: consumed_by(asked, point.table, || Usage::of_table(units)),
        ..ExecuteStatementOutput::default()
    }))
}
