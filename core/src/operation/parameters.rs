//! The parameters that reads and writes share: conditions old and new, faults of values.

use std::collections::BTreeMap;

use crate::api::message::{table as text, value as value_text};
use crate::api::{
    Condition as LegacyCondition, ConditionalOperator, Error, ErrorCode, ExpectedAttributeValue, Open,
    Result, ReturnValuesOnConditionCheckFailure,
};
use crate::expression::{Condition, ExpressionKind, Placeholders, legacy};
use crate::value::{Checked, Item, ValueFault};

/// A required value parameter, or the rule it breaks.
pub(super) fn checked(parameter: &Option<Checked<Item>>) -> Result<&Item> {
    let Checked(given) = parameter.as_ref().expect("the shape check has refused null");
    given.as_ref().map_err(refuse)
}

pub(super) fn refuse(fault: &ValueFault) -> Error {
    Error::validation(value_text::value_problem(&fault.problem))
}

/// `ConditionExpression` or `Expected` of a write, parsed.
pub(super) fn write_condition<'a>(
    expected: Option<&'a BTreeMap<String, ExpectedAttributeValue>>,
    operator: Option<&Open<ConditionalOperator>>,
    expression: Option<&'a String>,
    placeholders: &mut Placeholders<'a>,
) -> Result<Option<Condition<'a>>> {
    match expression {
        Some(expression) => Condition::parse(ExpressionKind::Condition, expression, placeholders).map(Some),
        None => legacy::expected(expected, operator.and_then(Open::known)),
    }
}

/// The condition of a write that has no other expression: both generations of parameters and the placeholders, checked and parsed.
pub(super) fn lone_condition<'a>(
    expected: Option<&'a BTreeMap<String, ExpectedAttributeValue>>,
    operator: Option<&Open<ConditionalOperator>>,
    expression: Option<&'a String>,
    names: Option<&'a BTreeMap<String, String>>,
    values: Option<&'a Checked<Item>>,
) -> Result<Option<Condition<'a>>> {
    legacy::refuse_mixing(
        &[("Expected", expected.is_some()), ("ConditionalOperator", operator.is_some())],
        &[("ConditionExpression", expression.is_some())],
    )?;
    let mut placeholders = Placeholders::new(names, values, expression.is_some())?;
    let condition = write_condition(expected, operator, expression, &mut placeholders)?;
    placeholders.finish()?;
    Ok(condition)
}

/// `FilterExpression` or a legacy filter, parsed.
pub(super) fn filter<'a>(
    legacy_filter: (&'static str, Option<&'a BTreeMap<String, LegacyCondition>>),
    operator: Option<&Open<ConditionalOperator>>,
    expression: Option<&'a String>,
    placeholders: &mut Placeholders<'a>,
) -> Result<Option<Condition<'a>>> {
    match expression {
        Some(expression) => Condition::parse(ExpressionKind::Filter, expression, placeholders).map(Some),
        None => legacy::filter(legacy_filter.0, legacy_filter.1, operator.and_then(Open::known)),
    }
}

/// Checks the condition of a write against the item as it is.
///
/// # Errors
/// `ConditionalCheckFailedException`, with the item if the request asks for it.
pub(super) fn require(
    condition: Option<&Condition<'_>>,
    before: Option<&Item>,
    on_failure: &Option<Open<ReturnValuesOnConditionCheckFailure>>,
) -> Result<()> {
    let Some(condition) = condition else { return Ok(()) };
    let absent = Item::empty();
    if condition.holds(before.unwrap_or(&absent)) {
        return Ok(());
    }
    let asked =
        on_failure.as_ref().and_then(Open::known) == Some(ReturnValuesOnConditionCheckFailure::AllOld);
    let item = before.filter(|_| asked).cloned();
    Err(Error::new(ErrorCode::ConditionalCheckFailed, text::condition_failed()).with_item(item))
}
