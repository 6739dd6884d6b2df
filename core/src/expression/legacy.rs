//! The parameters from before expressions, translated into the same trees.

use std::collections::BTreeMap;

use super::condition::Condition;
use super::key_condition::{KeyCondition, KeyTerm, KeyTest};
use super::projection::{Projected, Projection};
use super::tree::{Action, Assigned, Call, Change, Comparator, Function, Literal, Node, Operand};
use super::update::{Source, Update};
use crate::api::message::{Problem, expression as text};
use crate::api::{
    AttributeAction, AttributeValueUpdate, ComparisonOperator, Condition as FilterEntry, ConditionalOperator,
    Enumeration, Error, ExpectedAttributeValue, Open, Result, Shape,
};
use crate::limits::KEY_MAX_PARTS;
use crate::value::{AttributeType, Checked, Path, Value, name_problem};

/// Refuses requests with both generations of parameters: each given as its name and whether the request has it, in the order the
/// service lists them.
///
/// # Errors
/// `Can not use both expression and non-expression parameters in the same request: …` (facts B5).
pub(crate) fn refuse_mixing(legacy: &[(&str, bool)], expressions: &[(&str, bool)]) -> Result<()> {
    if !legacy.iter().any(|(_, given)| *given) || !expressions.iter().any(|(_, given)| *given) {
        return Ok(());
    }
    Err(Error::validation(text::both_generations(&given(legacy), &given(expressions))))
}

fn given<'n>(parameters: &[(&'n str, bool)]) -> Vec<&'n str> {
    parameters.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect()
}

/// `Expected` with `ConditionalOperator`.
///
/// # Errors
/// Members that do not go together, values that do not fit the comparison.
pub(crate) fn expected<'a>(
    entries: Option<&'a BTreeMap<String, ExpectedAttributeValue>>,
    operator: Option<ConditionalOperator>,
) -> Result<Option<Condition<'a>>> {
    check_operator(entries.map(BTreeMap::len), operator)?;
    let Some(entries) = entries else { return Ok(None) };
    check_names(entries.keys())?;
    let parts = entries.iter().map(|(name, entry)| expectation(name, entry)).collect::<Result<Vec<_>>>()?;
    Ok(Some(combine(parts, operator, "Expected")))
}

/// `QueryFilter` or `ScanFilter` (`parameter`) with `ConditionalOperator`.
///
/// # Errors
/// Values that do not fit the comparison.
pub(crate) fn filter<'a>(
    parameter: &'static str,
    entries: Option<&'a BTreeMap<String, FilterEntry>>,
    operator: Option<ConditionalOperator>,
) -> Result<Option<Condition<'a>>> {
    check_operator(entries.map(BTreeMap::len), operator)?;
    let Some(entries) = entries else { return Ok(None) };
    check_names(entries.keys())?;
    let parts = entries
        .iter()
        .map(|(name, entry)| {
            let (operator, values) = filter_entry(entry)?;
            node(name, operator, values)
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Some(combine(parts, operator, parameter)))
}

/// `KeyConditions`.
///
/// # Errors
/// Values that do not fit the comparison, other than one or two conditions.
pub(crate) fn key_conditions(entries: &BTreeMap<String, FilterEntry>) -> Result<KeyCondition<'_>> {
    check_names(entries.keys())?;
    let terms = entries
        .iter()
        .map(|(name, entry)| {
            let (operator, values) = filter_entry(entry)?;
            Ok(KeyTerm { name, test: key_test(operator, values)? })
        })
        .collect::<Result<Vec<_>>>()?;
    if !(1..=KEY_MAX_PARTS).contains(&terms.len()) {
        return Err(parameter(text::key_condition_count()));
    }
    Ok(KeyCondition::of(terms))
}

/// `AttributeUpdates`.
///
/// # Errors
/// Actions without the value they need, or with one of a type they cannot use.
pub(crate) fn attribute_updates(entries: &BTreeMap<String, AttributeValueUpdate>) -> Result<Update<'_>> {
    check_names(entries.keys())?;
    let actions = entries
        .iter()
        .map(|(name, entry)| Ok(Action { path: Path::top_level(name), change: change(entry)? }))
        .collect::<Result<Vec<_>>>()?;
    Ok(Update::of(actions, Source::Legacy))
}

/// `AttributesToGet`.
///
/// # Errors
/// A name twice.
pub(crate) fn attributes_to_get(names: &[String]) -> Result<Projection<'_>> {
    check_names(names.iter())?;
    let mut sorted: Vec<&str> = names.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(parameter(text::legacy_name_twice(pair[0])));
    }
    let paths: Vec<Path<'_>> = sorted.into_iter().map(Path::top_level).collect();
    Ok(Projection::Own(Projected::of(paths.iter())))
}

/// A parameter that is wrong by itself.
fn parameter(problem: String) -> Error {
    Error::validation(Problem::Parameter(problem))
}

/// Names of attributes, wherever they stand (facts B3).
fn check_names<'n>(names: impl Iterator<Item = &'n String>) -> Result<()> {
    match names.filter_map(|name| name_problem(name)).next() {
        Some(problem) => Err(Error::validation(Problem::Value(problem))),
        None => Ok(()),
    }
}

fn check_operator(conditions: Option<usize>, operator: Option<ConditionalOperator>) -> Result<()> {
    match (operator, conditions) {
        (Some(_), None) => Err(parameter(text::operator_without_conditions())),
        (Some(_), Some(0 | 1)) => Err(parameter(text::operator_with_one_condition())),
        _ => Ok(()),
    }
}

fn combine<'a>(
    parts: Vec<Node<'a>>,
    operator: Option<ConditionalOperator>,
    source: &'static str,
) -> Condition<'a> {
    let root = match operator {
        Some(ConditionalOperator::Or) => Node::Or(parts),
        Some(ConditionalOperator::And) | None => Node::And(parts),
    };
    Condition::from_legacy(root, source)
}

fn expectation<'a>(name: &'a str, entry: &'a ExpectedAttributeValue) -> Result<Node<'a>> {
    let refused = |problem: String| Err(parameter(problem));
    let value = entry.value.as_ref().map(checked).transpose()?;
    let list = entry.attribute_value_list.as_ref().map(|list| checked_list(list)).transpose()?;
    if value.is_some() && list.is_some() {
        return refused(text::legacy_members_together("Value", "AttributeValueList", name));
    }
    if let Some(operator) = entry.comparison_operator.as_ref().and_then(Open::known) {
        if entry.exists.is_some() {
            return refused(text::legacy_members_together("Exists", "ComparisonOperator", name));
        }
        let needs_value = !matches!(operator, ComparisonOperator::Null | ComparisonOperator::NotNull);
        if needs_value && value.is_none() && list.is_none() {
            return refused(text::legacy_operator_without_value(operator.name(), name));
        }
        return node(name, operator, list.unwrap_or_else(|| value.into_iter().collect()));
    }
    if list.is_some() {
        return refused(text::legacy_list_without_operator(name));
    }
    match (entry.exists, value) {
        (None, None) => refused(text::legacy_value_missing(&"null", name)),
        (Some(true), None) => refused(text::legacy_value_missing(&true, name)),
        (Some(false), Some(_)) => refused(text::legacy_value_not_allowed(name)),
        (Some(false), None) => Ok(existence(name, Function::AttributeNotExists)),
        (_, Some(value)) => node(name, ComparisonOperator::Eq, vec![value]),
    }
}

fn filter_entry(entry: &FilterEntry) -> Result<(ComparisonOperator, Vec<Literal<'_>>)> {
    let operator = entry.valid()?.comparison_operator;
    let values = match &entry.attribute_value_list {
        Some(list) => checked_list(list)?,
        None => Vec::new(),
    };
    Ok((operator, values))
}

fn checked(value: &Checked<Value>) -> Result<Literal<'_>> {
    match &value.0 {
        Ok(value) => Ok(Literal::Given(value.get())),
        Err(fault) => Err(Error::validation(Problem::Value(fault.problem.clone()))),
    }
}

fn checked_list(list: &[Checked<Value>]) -> Result<Vec<Literal<'_>>> {
    list.iter().map(checked).collect()
}

/// Checks the values of a comparison: their number, types and order.
fn check_literals(operator: ComparisonOperator, literals: &[Literal<'_>]) -> Result<()> {
    let refused = |problem: String| Err(parameter(problem));
    if !has_argument_count(operator, literals.len()) {
        return refused(text::legacy_argument_count(operator.name()));
    }
    if let Some((first, rest)) = literals.split_first() {
        if rest.iter().any(|other| other.kind() != first.kind()) {
            return refused(text::legacy_mixed_types());
        }
        if !allows_type(operator, first.kind()) {
            return refused(text::legacy_operand_type(operator.name(), first.kind()));
        }
    }
    if let (ComparisonOperator::Between, [lower, upper]) = (operator, literals)
        && lower.value(&[]).compare(&upper.value(&[])).is_some_and(std::cmp::Ordering::is_gt)
    {
        return refused(text::legacy_between_order());
    }
    Ok(())
}

fn has_argument_count(operator: ComparisonOperator, count: usize) -> bool {
    match operator {
        ComparisonOperator::Null | ComparisonOperator::NotNull => count == 0,
        ComparisonOperator::Between => count == 2,
        ComparisonOperator::In => count > 0,
        _ => count == 1,
    }
}

fn allows_type(operator: ComparisonOperator, kind: AttributeType) -> bool {
    use AttributeType::{B, Bool, N, Null, S};
    match operator {
        ComparisonOperator::Eq | ComparisonOperator::Ne => true,
        ComparisonOperator::BeginsWith => matches!(kind, S | B),
        ComparisonOperator::Contains | ComparisonOperator::NotContains => {
            matches!(kind, S | N | B | Bool | Null)
        }
        _ => matches!(kind, S | N | B),
    }
}

fn node<'a>(name: &'a str, operator: ComparisonOperator, values: Vec<Literal<'a>>) -> Result<Node<'a>> {
    check_literals(operator, &values)?;
    let path = || Operand::Path(Path::top_level(name));
    let mut operands = values.into_iter().map(Operand::Value);
    let mut next = || operands.next().expect("arguments are counted");
    let compare = |comparator, value| Node::Compare(comparator, path(), value);
    let call = |function, value| Node::Call(Call { function, operands: vec![path(), value] });
    Ok(match operator {
        ComparisonOperator::Null => existence(name, Function::AttributeNotExists),
        ComparisonOperator::NotNull => existence(name, Function::AttributeExists),
        ComparisonOperator::Eq => compare(Comparator::Equal, next()),
        ComparisonOperator::Ne => compare(Comparator::NotEqual, next()),
        ComparisonOperator::Lt => compare(Comparator::Less, next()),
        ComparisonOperator::Le => compare(Comparator::LessOrEqual, next()),
        ComparisonOperator::Gt => compare(Comparator::Greater, next()),
        ComparisonOperator::Ge => compare(Comparator::GreaterOrEqual, next()),
        ComparisonOperator::Between => Node::Between(Box::new([path(), next(), next()])),
        ComparisonOperator::BeginsWith => call(Function::BeginsWith, next()),
        ComparisonOperator::Contains => call(Function::Contains, next()),
        // Unlike NOT contains(…), false of an attribute that is absent.
        ComparisonOperator::NotContains => Node::And(vec![
            existence(name, Function::AttributeExists),
            Node::Not(Box::new(call(Function::Contains, next()))),
        ]),
        ComparisonOperator::In => Node::In(path(), operands.collect()),
    })
}

fn existence(name: &str, function: Function) -> Node<'_> {
    Node::Call(Call { function, operands: vec![Operand::Path(Path::top_level(name))] })
}

fn key_test(operator: ComparisonOperator, values: Vec<Literal<'_>>) -> Result<KeyTest<'_>> {
    check_literals(operator, &values)?;
    let mut literals = values.into_iter();
    let mut next = || literals.next().expect("arguments are counted");
    Ok(match operator {
        ComparisonOperator::Eq => KeyTest::Compare(Comparator::Equal, next()),
        ComparisonOperator::Lt => KeyTest::Compare(Comparator::Less, next()),
        ComparisonOperator::Le => KeyTest::Compare(Comparator::LessOrEqual, next()),
        ComparisonOperator::Gt => KeyTest::Compare(Comparator::Greater, next()),
        ComparisonOperator::Ge => KeyTest::Compare(Comparator::GreaterOrEqual, next()),
        ComparisonOperator::Between => KeyTest::Between(next(), next()),
        ComparisonOperator::BeginsWith => KeyTest::BeginsWith(next()),
        ComparisonOperator::Ne
        | ComparisonOperator::In
        | ComparisonOperator::Null
        | ComparisonOperator::NotNull
        | ComparisonOperator::Contains
        | ComparisonOperator::NotContains => KeyTest::NotIndexable,
    })
}

fn change(entry: &AttributeValueUpdate) -> Result<Change<'_>> {
    use AttributeType::{Bs, L, N, Ns, Ss};
    let refused = |problem: String| Err(parameter(problem));
    let action = entry.action.as_ref().and_then(Open::known).unwrap_or(AttributeAction::Put);
    let value = entry.value.as_ref().map(checked).transpose()?;
    match (action, value) {
        (AttributeAction::Delete, None) => Ok(Change::Remove),
        (_, None) => refused(text::legacy_update_without_value()),
        (AttributeAction::Put, Some(value)) => Ok(Change::Set(Assigned::Operand(Operand::Value(value)))),
        (AttributeAction::Delete, Some(value)) if matches!(value.kind(), Ss | Ns | Bs) => {
            Ok(Change::Delete(value))
        }
        (AttributeAction::Delete, Some(value)) => refused(text::legacy_delete_type(value.kind())),
        (AttributeAction::Add, Some(value)) if matches!(value.kind(), N | L | Ss | Ns | Bs) => {
            Ok(Change::Add(value))
        }
        (AttributeAction::Add, Some(value)) => refused(text::legacy_add_type(value.kind())),
    }
}
