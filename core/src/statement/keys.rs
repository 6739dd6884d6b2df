//! Which one item a condition names, and what else it says of it.

use crate::api::message::statement as text;
use crate::api::{Error, Result};
use crate::expression::tree::{Comparator, Node, Operand};
use crate::value::{AttributeType, Builder, Item, Path, ValueRef};

/// The attributes of a key, with their types: one or two.
pub(crate) type KeyNames<'k> = [(&'k str, AttributeType)];

/// A key, and the rest of the condition.
#[derive(Debug)]
pub(crate) struct Named<'t> {
    /// A value for each attribute of the key, whatever its type.
    values: Vec<ValueRef<'t>>,
    pub(crate) rest: Option<Node<'t>>,
}

/// The key that the condition of an UPDATE or DELETE names: each attribute by one equality.
///
/// # Errors
/// Attributes without one, or with two that differ.
pub(crate) fn of_write<'t>(filter: Option<Node<'t>>, keys: &KeyNames<'_>) -> Result<Named<'t>> {
    let incomplete = || Error::validation(text::key_incomplete());
    let mut found = Found::new(keys, false);
    let rest = found.take(filter.ok_or_else(incomplete)?)?;
    if let Some(name) = found.differing {
        return Err(Error::validation(text::key_twice_different(name)));
    }
    found.complete(rest).ok_or_else(incomplete)
}

/// The key that the condition of an EXISTS names: by the first equality for each attribute.
///
/// # Errors
/// Attributes without one; nothing besides the key.
pub(crate) fn of_check<'t>(filter: Option<Node<'t>>, keys: &KeyNames<'_>) -> Result<Named<'t>> {
    let incomplete = || Error::validation(text::exists_without_condition());
    let mut found = Found::new(keys, false);
    found.keeps_differing = true;
    let rest = found.take(filter.ok_or_else(incomplete)?)?;
    found.complete(rest).filter(|named| named.rest.is_some()).ok_or_else(incomplete)
}

/// The key that the condition of a SELECT of one item names and nothing else; none where it says more or less.
///
/// # Errors
/// A path below a key attribute.
pub(crate) fn of_read<'t>(filter: Option<Node<'t>>, keys: &KeyNames<'_>) -> Result<Option<Named<'t>>> {
    let Some(filter) = filter else { return Ok(None) };
    let mut found = Found::new(keys, true);
    let rest = found.take(filter)?;
    if found.differing.is_some() || rest.is_some() {
        return Ok(None);
    }
    Ok(found.complete(None))
}

impl<'t> Named<'t> {
    /// The first attribute whose value is not of its type.
    pub(crate) fn mistyped<'k>(&self, keys: &KeyNames<'k>) -> Option<(&'k str, AttributeType)> {
        let mut pairs = keys.iter().zip(&self.values);
        let found = pairs.find(|((_, kind), value)| value.kind() != *kind);
        found.map(|((name, _), value)| (*name, value.kind()))
    }

    /// The key as an item.
    pub(crate) fn item(&self, keys: &KeyNames<'_>) -> Item {
        let mut builder = Builder::with_capacity(256);
        let scope = builder.open_map();
        for ((name, _), value) in keys.iter().zip(&self.values) {
            let entry = builder.open_entry(name);
            let size = builder.copy(*value);
            builder.close_entry(entry, size);
        }
        let (_, size) = builder.close_map(scope);
        builder.finish(size).expect("a key of scalars breaks no rule")
    }
}

/// The equalities on a key's attributes among the parts of a condition.
struct Found<'k, 't> {
    keys: &'k KeyNames<'k>,
    values: Vec<Option<ValueRef<'t>>>,
    /// Whether `IN` with one value is an equality, which it is to reads alone.
    takes_lone_in: bool,
    /// Whether a second value for an attribute is left in the condition, where it fails.
    keeps_differing: bool,
    /// An attribute with two values.
    differing: Option<&'k str>,
}

impl<'k, 't> Found<'k, 't> {
    fn new(keys: &'k KeyNames<'k>, takes_lone_in: bool) -> Found<'k, 't> {
        let values = vec![None; keys.len()];
        Found { keys, values, takes_lone_in, keeps_differing: false, differing: None }
    }

    /// Takes the equalities out of a condition; returns what is left.
    fn take(&mut self, node: Node<'t>) -> Result<Option<Node<'t>>> {
        if let Node::And(parts) = node {
            let mut rest = Vec::new();
            for part in parts {
                rest.extend(self.take(part)?);
            }
            return Ok(match rest.len() {
                0 | 1 => rest.pop(),
                _ => Some(Node::And(rest)),
            });
        }
        let Some((path, value)) = equality(&node, self.takes_lone_in) else { return Ok(Some(node)) };
        let Some(at) = self.keys.iter().position(|(name, _)| *name == path.root) else {
            return Ok(Some(node));
        };
        if !path.rest.is_empty() {
            return Err(Error::validation(text::key_path(path.root)));
        }
        match self.values[at] {
            None => self.values[at] = Some(value),
            Some(first) if first == value => {}
            Some(_) if self.keeps_differing => return Ok(Some(node)),
            Some(_) => self.differing = self.differing.or(Some(self.keys[at].0)),
        }
        Ok(None)
    }

    fn complete(self, rest: Option<Node<'t>>) -> Option<Named<'t>> {
        let values = self.values.into_iter().collect::<Option<_>>()?;
        Some(Named { values, rest })
    }
}

/// What an equality of a path and a value says.
fn equality<'n, 't>(node: &'n Node<'t>, takes_lone_in: bool) -> Option<(&'n Path<'t>, ValueRef<'t>)> {
    match node {
        Node::Compare(Comparator::Equal, Operand::Path(path), Operand::Value(value))
        | Node::Compare(Comparator::Equal, Operand::Value(value), Operand::Path(path)) => {
            Some((path, value.value(&[])))
        }
        Node::In(Operand::Path(path), list) if takes_lone_in => match list.as_slice() {
            [Operand::Value(value)] => Some((path, value.value(&[]))),
            _ => None,
        },
        _ => None,
    }
}
