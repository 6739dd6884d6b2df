//! Updates against an item. Every operand reads the item as it was; the changes are put together afterwards, so their order in the
//! expression does not matter.

use std::collections::BTreeMap;

use super::paths::{PathTree, is_within_depth};
use super::tree::{Action, Assigned, Change, Function, Operand};
use super::update::Update;
use crate::api::message::{expression as text, value};
use crate::api::{Error, Result};
use crate::value::{AttributeValue, Item, Number, NumberError, ValueRef};

/// What happens at one path.
#[derive(Debug)]
enum Effect {
    Set(AttributeValue),
    Remove,
}

impl Update<'_> {
    /// The item after the update. `old` is the item before; where there was none, the key attributes alone.
    ///
    /// # Errors
    /// The run-time errors of facts B5, arithmetic out of range, nesting too deep. The size of the item is the caller's to check.
    pub(crate) fn apply(&self, old: &Item) -> Result<Item> {
        let mut changes: BTreeMap<String, Option<AttributeValue>> = BTreeMap::new();
        let mut parts: BTreeMap<&str, PathTree<'_, Effect>> = BTreeMap::new();
        for action in &self.actions {
            let effect = self.effect(action, old)?;
            let path = &action.path;
            if path.rest.is_empty() {
                let value = match effect {
                    Effect::Set(value) => Some(value),
                    Effect::Remove => None,
                };
                changes.insert(path.root.to_owned(), value);
            } else if !is_within_depth(path) {
                return Err(invalid_path());
            } else {
                match parts.get_mut(path.root) {
                    Some(tree) => tree.insert(&path.rest, effect),
                    None => drop(parts.insert(path.root, PathTree::branch(&path.rest, effect))),
                }
            }
        }
        for (root, tree) in parts {
            let mut value: AttributeValue = old.get(root).ok_or_else(invalid_path)?.into();
            change_below(&mut value, tree)?;
            changes.insert(root.to_owned(), Some(value));
        }
        old.with_changes(&changes).map_err(|fault| Error::validation(value::value_problem(&fault.problem)))
    }

    fn effect(&self, action: &Action<'_>, old: &Item) -> Result<Effect> {
        Ok(match &action.change {
            Change::Set(assigned) => Effect::Set(assign(assigned, old)?),
            Change::Remove => Effect::Remove,
            Change::Add(added) => Effect::Set(match action.path.resolve(old) {
                None => added.value().into(),
                Some(current) => self.sum(current, added.value())?,
            }),
            Change::Delete(deleted) => match action.path.resolve(old) {
                None => Effect::Remove,
                Some(current) => self.without(current, deleted.value())?,
            },
        })
    }

    /// `ADD`: numbers are added, sets united; in `AttributeUpdates` lists are joined.
    fn sum(&self, current: ValueRef<'_>, added: ValueRef<'_>) -> Result<AttributeValue> {
        Ok(match (current, added) {
            (ValueRef::N(_), ValueRef::N(_)) => {
                AttributeValue::N(number(current)?.checked_add(&number(added)?).map_err(arithmetic)?)
            }
            (ValueRef::L(list), ValueRef::L(more)) if self.is_legacy => {
                AttributeValue::L(list.iter().chain(more.iter()).map(AttributeValue::from).collect())
            }
            _ => self.sets(current, added, true)?,
        })
    }

    /// `DELETE`: the members of a set that are not deleted. A set without members does not exist.
    fn without(&self, current: ValueRef<'_>, deleted: ValueRef<'_>) -> Result<Effect> {
        let left = self.sets(current, deleted, false)?;
        let is_empty = match &left {
            AttributeValue::Ss(members) => members.is_empty(),
            AttributeValue::Ns(members) => members.is_empty(),
            AttributeValue::Bs(members) => members.is_empty(),
            _ => false,
        };
        Ok(if is_empty { Effect::Remove } else { Effect::Set(left) })
    }

    /// The members of `current` that are not in `other`, with those of `other` or without them. Both are sorted.
    fn sets(&self, current: ValueRef<'_>, other: ValueRef<'_>, with_other: bool) -> Result<AttributeValue> {
        let ((ValueRef::Ss(a), ValueRef::Ss(b))
        | (ValueRef::Ns(a), ValueRef::Ns(b))
        | (ValueRef::Bs(a), ValueRef::Bs(b))) = (current, other)
        else {
            return Err(self.type_mismatch());
        };
        let taken: std::collections::HashSet<&[u8]> = b.members().collect();
        let members =
            a.members().filter(|member| !taken.contains(member)).chain(b.members().filter(|_| with_other));
        Ok(match current {
            ValueRef::Bs(_) => AttributeValue::Bs(members.map(<[u8]>::to_vec).collect()),
            ValueRef::Ss(_) => AttributeValue::Ss(members.map(|m| stored_text(m).to_owned()).collect()),
            _ => AttributeValue::Ns(
                members.map(|m| stored_text(m).parse().expect("stored numbers are canonical")).collect(),
            ),
        })
    }

    fn type_mismatch(&self) -> Error {
        if self.is_legacy { Error::validation(text::legacy_update_type()) } else { operand_type() }
    }
}

fn stored_text(member: &[u8]) -> &str {
    std::str::from_utf8(member).expect("members of string and number sets are UTF-8")
}

fn assign(assigned: &Assigned<'_>, old: &Item) -> Result<AttributeValue> {
    match assigned {
        Assigned::Operand(operand) => operate(operand, old),
        Assigned::Sum(left, right) => arithmetic_on(left, right, old, Number::checked_add),
        Assigned::Difference(left, right) => arithmetic_on(left, right, old, Number::checked_sub),
    }
}

fn arithmetic_on(
    left: &Operand<'_>,
    right: &Operand<'_>,
    old: &Item,
    operation: impl Fn(&Number, &Number) -> Result<Number, NumberError>,
) -> Result<AttributeValue> {
    match (operate(left, old)?, operate(right, old)?) {
        (AttributeValue::N(left), AttributeValue::N(right)) => {
            operation(&left, &right).map(AttributeValue::N).map_err(arithmetic)
        }
        _ => Err(operand_type()),
    }
}

fn operate(operand: &Operand<'_>, old: &Item) -> Result<AttributeValue> {
    let mut operand = operand;
    loop {
        match operand {
            Operand::Path(path) => {
                let value = path.resolve(old);
                return value.map(Into::into).ok_or_else(|| Error::validation(text::missing_operand()));
            }
            Operand::Value(literal) => return Ok(literal.value().into()),
            Operand::Undefined => unreachable!("the parser admits no undefined placeholder"),
            Operand::Call(call) => {
                let [first, second] = call.operands.as_slice() else {
                    unreachable!("the parser counts operands")
                };
                match call.function {
                    Function::ListAppend => return append(operate(first, old)?, operate(second, old)?),
                    // A loop and not a call: these nest as deep as the text is long.
                    Function::IfNotExists => match first.path().and_then(|path| path.resolve(old)) {
                        Some(value) => return Ok(value.into()),
                        None => operand = second,
                    },
                    other => unreachable!("the parser admits no {other:?} here"),
                }
            }
        }
    }
}

fn append(list: AttributeValue, more: AttributeValue) -> Result<AttributeValue> {
    match (list, more) {
        (AttributeValue::L(mut list), AttributeValue::L(more)) => {
            list.extend(more);
            Ok(AttributeValue::L(list))
        }
        _ => Err(operand_type()),
    }
}

/// Changes what is below a value. Positions in lists are those before the update: what is set beyond the end is appended in the
/// order of its positions, and what is removed is taken out last.
fn change_below(value: &mut AttributeValue, tree: PathTree<'_, Effect>) -> Result<()> {
    match (value, tree) {
        (AttributeValue::M(map), PathTree::Members(members)) => {
            for (name, below) in members {
                match below {
                    PathTree::Here(Effect::Set(new)) => drop(map.insert(name.to_owned(), new)),
                    PathTree::Here(Effect::Remove) => drop(map.remove(name)),
                    deeper => change_below(map.get_mut(name).ok_or_else(invalid_path)?, deeper)?,
                }
            }
            Ok(())
        }
        (AttributeValue::L(list), PathTree::Elements(elements)) => change_elements(list, elements),
        _ => Err(invalid_path()),
    }
}

fn change_elements(
    list: &mut Vec<AttributeValue>,
    elements: BTreeMap<usize, PathTree<'_, Effect>>,
) -> Result<()> {
    let length = list.len();
    let mut removed = Vec::new();
    for (index, below) in elements {
        match below {
            PathTree::Here(Effect::Set(new)) if index < length => list[index] = new,
            PathTree::Here(Effect::Set(new)) => list.push(new),
            PathTree::Here(Effect::Remove) => removed.push(index),
            deeper if index < length => change_below(&mut list[index], deeper)?,
            _ => return Err(invalid_path()),
        }
    }
    if !removed.is_empty() {
        let mut index = 0;
        list.retain(|_| {
            let stays = index >= length || removed.binary_search(&index).is_err();
            index += 1;
            stays
        });
    }
    Ok(())
}

fn number(value: ValueRef<'_>) -> Result<Number> {
    value.number().ok_or_else(operand_type)
}

fn arithmetic(error: NumberError) -> Error {
    Error::validation(value::number(&error))
}

fn invalid_path() -> Error {
    Error::validation(text::invalid_update_path())
}

fn operand_type() -> Error {
    Error::validation(text::update_operand_type())
}
