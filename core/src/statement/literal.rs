//! Literals and parameters: from the tree to values.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Expr, ExprKind};
use crate::api::message::{statement as text, value as value_text};
use crate::api::{Error, Result};
use crate::limits::NESTING_MAX_LEVELS;
use crate::value::{AttributeType, AttributeValue, Builder, Checked, Item, Number, Value, ValueRef};

/// The values of a request's `?`, in their order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters<'p>(pub(crate) &'p [&'p Value]);

impl<'p> Parameters<'p> {
    pub(super) fn get(self, position: usize) -> Result<ValueRef<'p>> {
        let value = self.0.get(position).ok_or_else(|| Error::validation(text::parameters_missing()))?;
        Ok(value.get())
    }
}

/// Whether it says a value by itself.
pub(super) fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Text(_)
            | ExprKind::Number(_)
            | ExprKind::Boolean(_)
            | ExprKind::Null
            | ExprKind::List(_)
            | ExprKind::Bag(_)
            | ExprKind::Struct(_)
    )
}

/// The value of a literal.
///
/// # Errors
/// What the literal has that no value can have, with its place in it.
pub(super) fn value(expr: &Expr) -> Result<ValueRef<'_>> {
    match expr.value.get() {
        Some(kept) => Ok(kept.get()),
        None => Ok(keep(expr, tree(expr, 0, &mut "root".to_owned())?)),
    }
}

/// A value that an expression implies without writing it: the type of `IS`.
pub(super) fn implied(expr: &Expr, value: AttributeValue) -> ValueRef<'_> {
    expr.value.get().map_or_else(|| keep(expr, value), Value::get)
}

/// Another thread that runs the same statement may have kept it meanwhile: the value is the same.
fn keep(expr: &Expr, tree: AttributeValue) -> ValueRef<'_> {
    let Checked(value) = Checked::<Value>::from(tree);
    let value = value.expect("what breaks a rule is refused when the tree is made");
    expr.value.get_or_init(|| value).get()
}

/// The item of an INSERT. Its attributes may be parameters, what is in them may not.
///
/// # Errors
/// As [`value`]; an item that is no struct.
pub(super) fn item(expr: &Expr, parameters: Parameters<'_>) -> Result<Item> {
    if let ExprKind::Parameter(position) = expr.kind {
        return match parameters.get(position)? {
            ValueRef::M(map) => build(map.iter()),
            _ => Err(Error::validation(text::item_not_a_struct())),
        };
    }
    let ExprKind::Struct(fields) = &expr.kind else {
        return Err(Error::validation(text::item_not_a_struct()));
    };
    let mut names = BTreeSet::new();
    let mut values = Vec::with_capacity(fields.len());
    for (name, field) in fields {
        let name = key(name, "root")?;
        if !names.insert(name) {
            return Err(Error::validation(text::key_twice(name, "root")));
        }
        let value = match field.kind {
            ExprKind::Parameter(position) => parameters.get(position)?,
            _ => value(field)?,
        };
        values.push((name, value));
    }
    build(values.into_iter())
}

fn build<'v>(values: impl Iterator<Item = (&'v str, ValueRef<'v>)>) -> Result<Item> {
    let mut builder = Builder::with_capacity(512);
    let scope = builder.open_map();
    for (name, value) in values {
        let entry = builder.open_entry(name);
        let size = builder.copy(value);
        builder.close_entry(entry, size);
    }
    let (_, size) = builder.close_map(scope);
    builder.finish(size).map_err(|fault| {
        let problem = value_text::value_problem(&fault.problem, value_text::ValueTexts::Older);
        Error::validation(problem)
    })
}

/// The name of a struct's member.
fn key<'t>(expr: &'t Expr, place: &str) -> Result<&'t str> {
    match &expr.kind {
        ExprKind::Text(name) if name.is_empty() => Err(Error::validation(text::empty_component())),
        ExprKind::Text(name) => Ok(name),
        _ => {
            let problem = text::key_not_a_string(type_name(expr), place);
            Err(Error::validation(text::at(problem, expr.span)))
        }
    }
}

/// `place` is where the value stands in the literal: `root.a[0]`.
fn tree(expr: &Expr, depth: usize, place: &mut String) -> Result<AttributeValue> {
    if depth >= NESTING_MAX_LEVELS {
        return Err(Error::validation(text::literal_too_deep(place)));
    }
    let own = place.len();
    match &expr.kind {
        ExprKind::Text(content) => Ok(AttributeValue::S(content.clone())),
        ExprKind::Number(written) => number(written, place).map(AttributeValue::N),
        ExprKind::Boolean(value) => Ok(AttributeValue::Bool(*value)),
        ExprKind::Null => Ok(AttributeValue::Null),
        ExprKind::Bag(members) => bag(members, place),
        ExprKind::List(elements) => {
            let mut values = Vec::with_capacity(elements.len());
            for (index, element) in elements.iter().enumerate() {
                place.push_str(&format!("[{index}]"));
                values.push(tree(element, depth + 1, place)?);
                place.truncate(own);
            }
            Ok(AttributeValue::L(values))
        }
        ExprKind::Struct(fields) => {
            let mut values = BTreeMap::new();
            for (name, field) in fields {
                let name = key(name, place)?;
                place.push('.');
                place.push_str(name);
                let value = tree(field, depth + 1, place)?;
                place.truncate(own);
                if values.insert(name.to_owned(), value).is_some() {
                    return Err(Error::validation(text::key_twice(name, place)));
                }
            }
            Ok(AttributeValue::M(values))
        }
        _ => Err(unsupported(expr, place)),
    }
}

fn number(written: &str, place: &str) -> Result<Number> {
    written.parse().map_err(|error| Error::validation(text::number_at(&value_text::number(&error), place)))
}

fn bag(members: &[Expr], place: &str) -> Result<AttributeValue> {
    match members.first().map(|first| &first.kind) {
        None => Err(Error::validation(text::empty_bag())),
        Some(ExprKind::Text(_)) => {
            let texts = members.iter().map(|member| match &member.kind {
                ExprKind::Text(content) => Ok(content.as_str()),
                _ => Err(Error::validation(text::mixed_bag())),
            });
            let texts: Vec<&str> = texts.collect::<Result<_>>()?;
            if texts.iter().collect::<BTreeSet<_>>().len() < texts.len() {
                return Err(Error::validation(text::string_twice(&texts)));
            }
            Ok(AttributeValue::Ss(texts.into_iter().map(str::to_owned).collect()))
        }
        Some(ExprKind::Number(_)) => {
            let mut numbers = Vec::with_capacity(members.len());
            let mut spelled = Vec::with_capacity(members.len());
            for member in members {
                let ExprKind::Number(written) = &member.kind else {
                    return Err(Error::validation(text::mixed_bag()));
                };
                numbers.push(number(written, place)?);
                spelled.push(written.as_str());
            }
            let distinct: BTreeSet<String> = numbers.iter().map(Number::to_string).collect();
            if distinct.len() < numbers.len() {
                return Err(Error::validation(text::number_twice(&spelled, place)));
            }
            Ok(AttributeValue::Ns(numbers))
        }
        Some(_) => Err(Error::validation(text::mixed_bag())),
    }
}

/// What cannot stand in a literal.
pub(super) fn unsupported(expr: &Expr, place: &str) -> Error {
    Error::validation(text::at(text::unsupported_type(type_name(expr), place), expr.span))
}

/// What an expression is, as the service tells it of a value that is none.
fn type_name(expr: &Expr) -> &str {
    match &expr.kind {
        ExprKind::Call(name, _) | ExprKind::Name(name) => name,
        ExprKind::Text(_) => "STRING",
        ExprKind::Number(written) if written.contains(['.', 'e', 'E']) => "DECIMAL",
        ExprKind::Number(_) => "INT",
        ExprKind::Boolean(_) => "BOOL",
        ExprKind::Null => "NULL",
        ExprKind::Missing => "MISSING",
        ExprKind::List(_) | ExprKind::Bag(_) => "Seq",
        ExprKind::Binary(operator, ..) => operator.symbol(),
        _ => expr.kind_name(),
    }
}

/// The set that an operand says; none where it says something else.
pub(super) fn set<'t>(expr: &'t Expr, parameters: Parameters<'t>) -> Result<Option<ValueRef<'t>>> {
    let value = match &expr.kind {
        ExprKind::Parameter(position) => parameters.get(*position)?,
        _ if is_literal(expr) => value(expr)?,
        _ => return Ok(None),
    };
    let is_set = matches!(value.kind(), AttributeType::Ss | AttributeType::Ns | AttributeType::Bs);
    Ok(is_set.then_some(value))
}
