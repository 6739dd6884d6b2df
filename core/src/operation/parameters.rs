//! The parameters that reads and writes share: conditions old and new, faults of values.

use std::collections::BTreeMap;

use super::action::ConditionParameters;
use crate::api::message::Problem;
use crate::api::{Condition as LegacyCondition, ConditionalOperator, Error, Open, Result};
use crate::engine::Call;
use crate::expression::{Condition, legacy};
use crate::value::{Checked, Item, ValueFault};

/// A value parameter, or the rule it breaks.
pub(super) fn checked(Checked(given): &Checked<Item>) -> Result<&Item> {
    given.as_ref().map_err(refuse)
}

pub(super) fn refuse(fault: &ValueFault) -> Error {
    Error::validation(Problem::Value(fault.problem.clone()))
}

/// `ConditionExpression`, which is parsed, or `Expected` of a write.
pub(super) fn write_condition<'a>(
    given: ConditionParameters<'a>,
    expression: Option<Condition<'a>>,
) -> Result<Option<Condition<'a>>> {
    match expression {
        Some(expression) => Ok(Some(expression)),
        None => legacy::expected(given.expected, given.operator.and_then(Open::known)),
    }
}

/// The condition of a write that has no other expression: both generations of parameters and the placeholders, checked and parsed.
pub(super) fn lone_condition<'a>(
    call: &Call<'_>,
    given: ConditionParameters<'a>,
) -> Result<Option<Condition<'a>>> {
    if given.is_none() {
        return Ok(None);
    }
    legacy::refuse_mixing(
        &[("Expected", given.expected.is_some()), ("ConditionalOperator", given.operator.is_some())],
        &[("ConditionExpression", given.expression.is_some())],
    )?;
    let expressions = given.parse(call, None)?;
    let condition = write_condition(given, expressions.condition)?;
    expressions.all_used?;
    Ok(condition)
}

/// `FilterExpression`, which is parsed, or a legacy filter.
pub(super) fn filter<'a>(
    legacy_filter: (&'static str, Option<&'a BTreeMap<String, LegacyCondition>>),
    operator: Option<&Open<ConditionalOperator>>,
    expression: Option<Condition<'a>>,
) -> Result<Option<Condition<'a>>> {
    match expression {
        Some(expression) => Ok(Some(expression)),
        None => legacy::filter(legacy_filter.0, legacy_filter.1, operator.and_then(Open::known)),
    }
}
