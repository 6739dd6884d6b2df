//! Conditions against an item.
//!
//! What is absent compares with nothing: every comparison with it is false, except `<>`, which is true. Unlike types are unequal and
//! have no order.

use std::cmp::Ordering;

use memchr::memmem;

use super::tree::{Call, Comparator, Function, Node, Operand};
use crate::value::{AttributeType, Lookup, Number, ValueRef};

/// What an operand is at an item.
#[derive(Clone, Copy)]
enum Operated<'v> {
    Value(ValueRef<'v>),
    /// From `size`.
    Size(usize),
}

impl Node<'_> {
    /// Whether an item satisfies the condition of a statement.
    pub(crate) fn holds(&self, item: &Lookup<'_>) -> bool {
        holds(self, item, &[])
    }
}

pub(super) fn holds(node: &Node<'_>, item: &Lookup<'_>, values: &[ValueRef<'_>]) -> bool {
    let at = |operand| operate(operand, item, values);
    match node {
        Node::And(parts) => parts.iter().all(|part| holds(part, item, values)),
        Node::Or(parts) => parts.iter().any(|part| holds(part, item, values)),
        Node::Not(inner) => !holds(inner, item, values),
        Node::Compare(comparator, left, right) => compare(*comparator, at(left), at(right)),
        Node::Between(operands) => {
            let [value, lower, upper] = &**operands;
            let value = at(value);
            compare(Comparator::GreaterOrEqual, value, at(lower))
                && compare(Comparator::LessOrEqual, value, at(upper))
        }
        Node::In(value, list) => {
            let value = at(value);
            list.iter().any(|member| compare(Comparator::Equal, value, at(member)))
        }
        Node::Call(call) => call_holds(call, item, values),
    }
}

fn call_holds(call: &Call<'_>, item: &Lookup<'_>, values: &[ValueRef<'_>]) -> bool {
    let operand = |index: usize| operate(&call.operands[index], item, values);
    match call.function {
        Function::AttributeExists => operand(0).is_some(),
        Function::AttributeNotExists => operand(0).is_none(),
        Function::AttributeType => match (operand(0), operand(1)) {
            (Some(value), Some(Operated::Value(ValueRef::S(name)))) => value.kind().name() == name,
            _ => false,
        },
        Function::BeginsWith => match (operand(0), operand(1)) {
            (Some(Operated::Value(value)), Some(Operated::Value(start))) => begins_with(value, start),
            _ => false,
        },
        Function::Contains => match (operand(0), operand(1)) {
            (Some(Operated::Value(value)), Some(member)) => contains(value, member),
            _ => false,
        },
        Function::Size | Function::IfNotExists | Function::ListAppend | Function::Unknown => {
            unreachable!("the parser admits no {:?} here", call.function)
        }
    }
}

fn operate<'v>(
    operand: &'v Operand<'_>,
    item: &Lookup<'v>,
    values: &'v [ValueRef<'v>],
) -> Option<Operated<'v>> {
    match operand {
        Operand::Path(path) => item.at(path).map(Operated::Value),
        Operand::Value(literal) => Some(Operated::Value(literal.value(values))),
        Operand::Call(call) => match operate(&call.operands[0], item, values)? {
            Operated::Value(value) => size(value).map(Operated::Size),
            Operated::Size(_) => None,
        },
        Operand::Condition(node) => Some(Operated::Value(ValueRef::Bool(holds(node, item, values)))),
        Operand::Undefined => unreachable!("the parser admits no undefined placeholder"),
    }
}

/// UTF-16 units of a string (as the service counts them), bytes of a binary, members of a set, list or map; nothing for other types.
fn size(value: ValueRef<'_>) -> Option<usize> {
    Some(match value {
        ValueRef::S(text) => text.encode_utf16().count(),
        ValueRef::B(bytes) => bytes.len(),
        ValueRef::Ss(set) | ValueRef::Ns(set) | ValueRef::Bs(set) => set.len(),
        ValueRef::L(list) => list.len(),
        ValueRef::M(map) => map.len(),
        ValueRef::N(_) | ValueRef::Bool(_) | ValueRef::Null => return None,
    })
}

impl Operated<'_> {
    fn kind(&self) -> AttributeType {
        match self {
            Operated::Value(value) => value.kind(),
            Operated::Size(_) => AttributeType::N,
        }
    }

    fn number(&self) -> Option<Number> {
        match self {
            Operated::Value(value) => value.number(),
            Operated::Size(count) => {
                Some(Number::from(i64::try_from(*count).expect("values are far smaller than 2^63 bytes")))
            }
        }
    }

    fn equals(&self, other: &Operated<'_>) -> bool {
        match (self, other) {
            // Canonical bytes: equal values are equal bytes.
            (Operated::Value(a), Operated::Value(b)) => a == b,
            _ => self.number().is_some() && self.number() == other.number(),
        }
    }

    fn order(&self, other: &Operated<'_>) -> Option<Ordering> {
        match (self, other) {
            (Operated::Value(a), Operated::Value(b)) => a.compare(b),
            _ => Some(self.number()?.cmp(&other.number()?)),
        }
    }
}

fn compare(comparator: Comparator, left: Option<Operated<'_>>, right: Option<Operated<'_>>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return comparator == Comparator::NotEqual };
    match comparator {
        Comparator::Equal => left.equals(&right),
        Comparator::NotEqual => !left.equals(&right),
        Comparator::Less => left.order(&right).is_some_and(Ordering::is_lt),
        Comparator::LessOrEqual => left.order(&right).is_some_and(Ordering::is_le),
        Comparator::Greater => left.order(&right).is_some_and(Ordering::is_gt),
        Comparator::GreaterOrEqual => left.order(&right).is_some_and(Ordering::is_ge),
    }
}

/// Whether a string or binary starts with another of its type.
pub(super) fn begins_with(value: ValueRef<'_>, start: ValueRef<'_>) -> bool {
    match (value, start) {
        (ValueRef::S(value), ValueRef::S(start)) => value.starts_with(start),
        (ValueRef::B(value), ValueRef::B(start)) => value.starts_with(start),
        _ => false,
    }
}

/// Part of a string or binary, or member of a set or list.
fn contains(value: ValueRef<'_>, member: Operated<'_>) -> bool {
    match (value, member) {
        (ValueRef::S(text), Operated::Value(ValueRef::S(part))) => text.contains(part),
        (ValueRef::B(bytes), Operated::Value(ValueRef::B(part))) => memmem::find(bytes, part).is_some(),
        (ValueRef::Ss(set), Operated::Value(ValueRef::S(text))) => set.texts().any(|t| t == text),
        (ValueRef::Bs(set), Operated::Value(ValueRef::B(bytes))) => set.members().any(|m| m == bytes),
        (ValueRef::Ns(set), member) => member.number().is_some_and(|number| {
            let wanted = number.to_string();
            set.texts().any(|text| text == wanted)
        }),
        (ValueRef::L(list), member) => list.iter().any(|element| Operated::Value(element).equals(&member)),
        _ => false,
    }
}
