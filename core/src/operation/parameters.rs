//! The parameters that reads and writes share: conditions old and new, faults of values.

use std::collections::BTreeMap;

use crate::api::message::{table as text, value as value_text};
use crate::api::{
    Condition as LegacyCondition, ConditionalOperator, Enumeration, Error, ErrorCode, ExpectedAttributeValue,
    Open, Result, ReturnValuesOnConditionCheckFailure,
};
use crate::expression::legacy::{self, Comparison};
use crate::expression::{Condition, ExpressionKind, Placeholders};
use crate::value::{Checked, Item, SingleValue, ValueFault, ValueRef};

/// A required value parameter, or the rule it breaks.
pub(super) fn checked(parameter: &Option<Checked<Item>>) -> Result<&Item> {
    let Checked(given) = parameter.as_ref().expect("the shape check has refused null");
    given.as_ref().map_err(refuse)
}

pub(super) fn refuse(fault: &ValueFault) -> Error {
    Error::validation(value_text::value_problem(&fault.problem))
}

pub(super) fn single(value: &Checked<SingleValue>) -> Result<ValueRef<'_>> {
    value.0.as_ref().map(SingleValue::get).map_err(refuse)
}

fn singles(values: &[Checked<SingleValue>]) -> Result<Vec<ValueRef<'_>>> {
    values.iter().map(single).collect()
}

fn operator_name<E: Enumeration>(operator: &Option<Open<E>>) -> Option<&'static str> {
    operator.as_ref().and_then(Open::known).map(Enumeration::name)
}

/// `Expected` or `ConditionExpression` of a write, parsed.
pub(super) fn write_condition<'a>(
    expected: &'a Option<BTreeMap<String, ExpectedAttributeValue>>,
    operator: &Option<Open<ConditionalOperator>>,
    expression: &'a Option<String>,
    placeholders: &mut Placeholders<'a>,
) -> Result<Option<Condition<'a>>> {
    if let Some(expression) = expression {
        return Condition::parse(ExpressionKind::Condition, expression, placeholders).map(Some);
    }
    let Some(entries) = expected else { return Ok(None) };
    let mut comparisons = Vec::with_capacity(entries.len());
    for (name, entry) in entries {
        let comparison = Comparison {
            operator: operator_name(&entry.comparison_operator),
            list: entry.attribute_value_list.as_deref().map(singles).transpose()?,
            value: entry.value.as_ref().map(single).transpose()?,
            exists: entry.exists,
        };
        comparisons.push((name.as_str(), comparison));
    }
    legacy::expected(comparisons, operator_name(operator)).map(Some)
}

/// `QueryFilter`, `ScanFilter` or `KeyConditions`, as comparisons.
pub(super) fn comparisons(
    conditions: &BTreeMap<String, LegacyCondition>,
) -> Result<Vec<(&str, Comparison<'_>)>> {
    let mut comparisons = Vec::with_capacity(conditions.len());
    for (name, condition) in conditions {
        let list = condition.attribute_value_list.as_deref().map(singles).transpose()?;
        let operator = operator_name(&condition.comparison_operator);
        comparisons.push((name.as_str(), Comparison { operator, list, ..Comparison::default() }));
    }
    Ok(comparisons)
}

/// `FilterExpression`, or a legacy filter.
pub(super) fn filter<'a>(
    legacy_filter: &'a Option<BTreeMap<String, LegacyCondition>>,
    operator: &Option<Open<ConditionalOperator>>,
    expression: &'a Option<String>,
    placeholders: &mut Placeholders<'a>,
) -> Result<Option<Condition<'a>>> {
    if let Some(expression) = expression {
        return Condition::parse(ExpressionKind::Filter, expression, placeholders).map(Some);
    }
    match legacy_filter {
        Some(entries) => legacy::filter(comparisons(entries)?, operator_name(operator)).map(Some),
        None => Ok(None),
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
    if condition.holds(before.unwrap_or(&absent))? {
        return Ok(());
    }
    let asked =
        on_failure.as_ref().and_then(Open::known) == Some(ReturnValuesOnConditionCheckFailure::AllOld);
    let item = before.filter(|_| asked).cloned();
    Err(Error::new(ErrorCode::ConditionalCheckFailed, text::condition_failed()).with_item(item))
}
