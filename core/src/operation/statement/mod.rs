//! ExecuteStatement, BatchExecuteStatement, ExecuteTransaction (facts B15).

mod batch;
mod point;
mod read;
mod runs;
mod token;
mod transaction;
mod write;

use crate::api::message::statement as text;
use crate::api::message::value::{ValueTexts, value_problem};
use crate::api::{
    Error, ExecuteStatementInput, ExecuteStatementOutput, Open, Result, ReturnValuesOnConditionCheckFailure,
    Valid,
};
use crate::engine::Call;
use crate::statement::{Compiled, Parameters};
use crate::table::consumed_by;
use crate::value::{AttributeType, Checked, Value, ValueFault};

pub(crate) use batch::batch;
pub(crate) use transaction::transaction;

/// ExecuteStatement.
pub(crate) fn execute(
    call: &Call<'_>,
    input: &Valid<'_, ExecuteStatementInput>,
) -> Result<ExecuteStatementOutput> {
    let values = parameters(input.parameters.as_deref())?;
    let statement = call.statements.parse(input.statement)?;
    if let Some(output) = point::read(call, &statement, &values, input)? {
        return Ok(output);
    }
    let compiled = statement.compile(Parameters(&values))?;
    let asked = input.return_consumed_capacity.as_ref();
    match compiled {
        Compiled::Check { .. } => Err(Error::validation(text::exists_outside_transaction())),
        Compiled::Select(selection) => {
            let request = token::Request { statement: input.statement, parameters: &values };
            let asking = read::Asking {
                is_consistent: input.consistent_read == Some(true),
                // The check has refused limits below 1.
                limit: input.limit.map_or(usize::MAX, |limit| limit.unsigned_abs() as usize),
                next_token: input.next_token.as_deref(),
            };
            let page = read::read(call, &selection, request, &asking)?;
            Ok(ExecuteStatementOutput {
                items: Some(page.items),
                next_token: page.next_token,
                consumed_capacity: consumed_by(asked, selection.origin.table, || page.usage),
                last_evaluated_key: page.last,
            })
        }
        write => {
            let table = write.table().to_owned();
            let returning = write.returning();
            let (target, act) = write::resolve(call, write)?;
            let answers_item = answers_item(input.return_values_on_condition_check_failure.as_ref());
            let written = write::run(call, &target, act, answers_item)?;
            Ok(ExecuteStatementOutput {
                consumed_capacity: consumed_by(asked, &table, || super::item::usage(&written)),
                items: Some(write::returned(returning, written).into_iter().collect()),
                ..ExecuteStatementOutput::default()
            })
        }
    }
}

/// The values of `?`, which are looked at before the statement is. What is wrong with them has the same text in every wording (facts B15).
fn parameters(given: Option<&[Checked<Value>]>) -> Result<Vec<&Value>> {
    let refuse = |fault: &ValueFault| Error::validation(value_problem(&fault.problem, ValueTexts::Older));
    let values = given.unwrap_or(&[]).iter().map(|Checked(value)| value.as_ref().map_err(refuse));
    values.collect()
}

fn answers_item(given: Option<&Open<ReturnValuesOnConditionCheckFailure>>) -> bool {
    given.and_then(Open::known) == Some(ReturnValuesOnConditionCheckFailure::AllOld)
}

/// The attributes of a table's key, with their types.
fn key_names(schema: &crate::table::Schema) -> Vec<(&str, AttributeType)> {
    schema.parts().map(|(part, _)| (part.name.as_str(), part.attribute_type())).collect()
}
