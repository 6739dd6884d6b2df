//! Key conditions: which rows of one partition a query reads.
//!
//! The text is parsed as a condition; what of it a key cannot answer is refused here. Only when the table is known are the conditions
//! matched with its key.

use std::sync::Arc;

use smallvec::SmallVec;

use super::ExpressionKind;
use super::compiled::{BoundValues, Compiled};
use super::condition::parse_node;
use super::evaluate::begins_with;
use super::placeholders::Placeholders;
use super::tree::{Comparator, Function, Literal, Node, Operand};
use crate::api::message::{expression as text, index as index_text, value as value_text};
use crate::api::{Error, Result};
use crate::limits::{KEY_MAX_PARTS, PARTITION_KEY_MAX_BYTES, SORT_KEY_MAX_BYTES};
use crate::value::{AttributeType, ValueRef};

/// A key condition as written: conditions on attributes, not yet matched with a key.
#[derive(Debug)]
pub(crate) struct KeyCondition<'a> {
    terms: Terms<'a>,
    /// What stands at the places of the terms.
    values: BoundValues<'a>,
}

#[derive(Debug)]
enum Terms<'a> {
    Own(Vec<KeyTerm<'a>>),
    Kept(Arc<Compiled>),
}

/// The condition on one attribute.
#[derive(Debug)]
pub(super) struct KeyTerm<'a> {
    pub(super) name: &'a str,
    pub(super) test: KeyTest<'a>,
}

#[derive(Debug)]
pub(super) enum KeyTest<'a> {
    Compare(Comparator, Literal<'a>),
    Between(Literal<'a>, Literal<'a>),
    BeginsWith(Literal<'a>),
    /// A legacy comparison that no key can answer. The service finds out after it has found the table.
    NotIndexable,
}

/// The name and the type of an attribute of a key.
pub(crate) type KeyPart<'n> = (&'n str, AttributeType);

/// What a query reads.
#[derive(Clone, Debug)]
pub(crate) struct KeyRange<'k> {
    /// The values of the partition's attributes.
    pub(crate) partition: SmallVec<[ValueRef<'k>; 1]>,
    /// The values of the sort attributes before the last one with a condition.
    pub(crate) equal: SmallVec<[ValueRef<'k>; 1]>,
    /// The condition on that one.
    pub(crate) sort: Option<SortCondition<'k>>,
}

/// Which sort keys of the partition a query reads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SortCondition<'k> {
    Eq(ValueRef<'k>),
    Lt(ValueRef<'k>),
    Le(ValueRef<'k>),
    Gt(ValueRef<'k>),
    Ge(ValueRef<'k>),
    /// Both ends included.
    Between(ValueRef<'k>, ValueRef<'k>),
    BeginsWith(ValueRef<'k>),
}

impl SortCondition<'_> {
    /// Whether a sort key value satisfies the condition.
    pub(crate) fn holds(&self, key: ValueRef<'_>) -> bool {
        match self {
            SortCondition::Eq(value) => key == *value,
            SortCondition::Lt(value) => key.compare(value).is_some_and(|o| o.is_lt()),
            SortCondition::Le(value) => key.compare(value).is_some_and(|o| o.is_le()),
            SortCondition::Gt(value) => key.compare(value).is_some_and(|o| o.is_gt()),
            SortCondition::Ge(value) => key.compare(value).is_some_and(|o| o.is_ge()),
            SortCondition::Between(lower, upper) => {
                key.compare(lower).is_some_and(|o| o.is_ge()) && key.compare(upper).is_some_and(|o| o.is_le())
            }
            SortCondition::BeginsWith(start) => begins_with(key, *start),
        }
    }
}

impl<'a> KeyCondition<'a> {
    /// The key condition of the expressions of a request.
    pub(super) fn kept(compiled: Arc<Compiled>, values: BoundValues<'a>) -> KeyCondition<'a> {
        KeyCondition { terms: Terms::Kept(compiled), values }
    }

    /// Terms that have their values in them.
    pub(super) fn of(terms: Vec<KeyTerm<'a>>) -> KeyCondition<'a> {
        KeyCondition { terms: Terms::Own(terms), values: BoundValues::default() }
    }

    fn terms(&self) -> &[KeyTerm<'_>] {
        match &self.terms {
            Terms::Own(terms) => terms,
            Terms::Kept(compiled) => compiled.key_terms(),
        }
    }

    /// Matches the conditions with a key: names and types of its attributes. Each attribute of the partition needs an equality; the sort
    /// attributes are taken from the first on, and only the last of them may have another condition.
    ///
    /// # Errors
    /// Conditions that are not on exactly this key, or with values that no such key can have.
    pub(crate) fn resolve(&self, partition: &[KeyPart<'_>], sort: &[KeyPart<'_>]) -> Result<KeyRange<'_>> {
        let (terms, values) = (self.terms(), &*self.values);
        let term = |part: &KeyPart<'_>| terms.iter().find(|term| term.name == part.0);
        let missed = |part: &KeyPart<'_>| Error::validation(text::key_condition_missed(part.0));
        let not_supported = || Error::validation(text::key_condition_not_supported());
        let attributes = partition.len() + sort.len();
        if terms.len() > attributes.max(KEY_MAX_PARTS) {
            return Err(Error::validation(text::key_condition_surplus(terms.len(), attributes)));
        }
        let of_partition: SmallVec<[&KeyTerm<'_>; 1]> =
            partition.iter().map(|part| term(part).ok_or_else(|| missed(part))).collect::<Result<_>>()?;
        let of_sort: SmallVec<[Option<&KeyTerm<'_>>; 1]> = sort.iter().map(term).collect();
        let known = of_partition.len() + of_sort.iter().flatten().count();
        if known < terms.len() {
            let unmentioned = sort.iter().zip(&of_sort).find(|(_, term)| term.is_none());
            return Err(unmentioned.map_or_else(not_supported, |(part, _)| missed(part)));
        }
        if terms.iter().any(|term| matches!(term.test, KeyTest::NotIndexable)) {
            return Err(Error::validation(text::key_condition_not_indexable()));
        }
        let mut range = KeyRange { partition: SmallVec::new(), equal: SmallVec::new(), sort: None };
        for (term, part) in of_partition.into_iter().zip(partition) {
            let wanted = term.test.equality().ok_or_else(not_supported)?;
            range.partition.push(key_value(wanted, values, *part, PARTITION_KEY_MAX_BYTES)?);
        }
        let Some(last) = of_sort.iter().rposition(Option::is_some) else { return Ok(range) };
        let before = || sort.iter().zip(&of_sort).take(last);
        let equality =
            |term: &Option<&'_ KeyTerm<'_>>| term.is_some_and(|term| term.test.equality().is_some());
        let gaps: Vec<&str> = before().filter(|(_, term)| !equality(term)).map(|(part, _)| part.0).collect();
        if !gaps.is_empty() {
            return Err(Error::validation(index_text::equality_needed(&gaps, sort[last].0)));
        }
        for (part, term) in before() {
            let wanted = term.and_then(|term| term.test.equality()).ok_or_else(not_supported)?;
            range.equal.push(key_value(wanted, values, *part, SORT_KEY_MAX_BYTES)?);
        }
        if let Some(term) = of_sort[last] {
            range.sort = Some(sort_condition(&term.test, values, sort[last])?);
        }
        Ok(range)
    }
}

impl<'a> KeyTest<'a> {
    /// The value that the attribute must equal, if that is the condition.
    fn equality(&self) -> Option<&Literal<'a>> {
        match self {
            KeyTest::Compare(Comparator::Equal, wanted) => Some(wanted),
            _ => None,
        }
    }
}

fn sort_condition<'k>(
    test: &'k KeyTest<'_>,
    values: &'k [ValueRef<'k>],
    key: KeyPart<'_>,
) -> Result<SortCondition<'k>> {
    let value = |literal: &'k Literal<'_>| key_value(literal, values, key, SORT_KEY_MAX_BYTES);
    Ok(match test {
        KeyTest::Compare(comparator, literal) => {
            let value = value(literal)?;
            match comparator {
                Comparator::Equal => SortCondition::Eq(value),
                Comparator::Less => SortCondition::Lt(value),
                Comparator::LessOrEqual => SortCondition::Le(value),
                Comparator::Greater => SortCondition::Gt(value),
                Comparator::GreaterOrEqual => SortCondition::Ge(value),
                Comparator::NotEqual => return Err(Error::validation(text::key_condition_not_indexable())),
            }
        }
        KeyTest::Between(lower, upper) => SortCondition::Between(value(lower)?, value(upper)?),
        KeyTest::BeginsWith(start) => SortCondition::BeginsWith(value(start)?),
        KeyTest::NotIndexable => return Err(Error::validation(text::key_condition_not_indexable())),
    })
}

/// A value that the key attribute can have (facts B3).
fn key_value<'k>(
    literal: &'k Literal<'_>,
    values: &'k [ValueRef<'k>],
    key: KeyPart<'_>,
    max_bytes: usize,
) -> Result<ValueRef<'k>> {
    let wanted = literal.value(values);
    if wanted.kind() != key.1 {
        return Err(Error::validation(text::key_condition_type()));
    }
    check_key_length(wanted, key, max_bytes)?;
    Ok(wanted)
}

/// # Errors
/// For a value, of the key attribute's type, that is empty or too long.
pub(crate) fn check_key_length(
    value: ValueRef<'_>,
    (name, kind): (&str, AttributeType),
    max_bytes: usize,
) -> Result<()> {
    let length = match value {
        ValueRef::S(content) => content.len(),
        ValueRef::B(bytes) => bytes.len(),
        _ => return Ok(()),
    };
    if length == 0 {
        return Err(Error::validation(value_text::empty_key_value(name, kind)));
    }
    if length > max_bytes {
        let problem = if max_bytes == PARTITION_KEY_MAX_BYTES {
            value_text::partition_key_too_long()
        } else {
            value_text::sort_key_too_long()
        };
        return Err(Error::validation(problem));
    }
    Ok(())
}

/// The terms of a `KeyConditionExpression`.
///
/// # Errors
/// `Invalid KeyConditionExpression: …` for what is no condition, other texts for conditions that no key can answer.
pub(super) fn parse_terms<'a>(
    text: &'a str,
    placeholders: &mut Placeholders<'a, '_>,
) -> Result<Vec<KeyTerm<'a>>> {
    let root = parse_node(ExpressionKind::KeyCondition, text, placeholders)?;
    let mut terms = Vec::new();
    collect(root, &mut terms)?;
    Ok(terms)
}

/// Takes a condition apart into conditions on single attributes.
fn collect<'a>(node: Node<'a>, terms: &mut Vec<KeyTerm<'a>>) -> Result<()> {
    let refused = |problem: String| Err(Error::validation(problem));
    let term = match node {
        Node::And(parts) => return parts.into_iter().try_for_each(|part| collect(part, terms)),
        Node::Or(_) => return refused(text::key_condition_operator("OR")),
        Node::Not(_) => return refused(text::key_condition_operator("NOT")),
        Node::In(..) => return refused(text::key_condition_operator("IN")),
        Node::Compare(Comparator::NotEqual, ..) => return refused(text::key_condition_operator("<>")),
        Node::Compare(comparator, left, right) => {
            let (name, position, [literal]) = name_and_values([left, right])?;
            let comparator = if position == 0 { comparator } else { comparator.mirrored() };
            KeyTerm { name, test: KeyTest::Compare(comparator, literal) }
        }
        Node::Between(operands) => {
            if operands[0].path().is_none() {
                return refused(text::key_condition_first_operand("BETWEEN"));
            }
            let (name, _, [lower, upper]) = name_and_values(*operands)?;
            KeyTerm { name, test: KeyTest::Between(lower, upper) }
        }
        Node::Call(call) => match (call.function, <[Operand<'a>; 2]>::try_from(call.operands)) {
            (Function::BeginsWith, Ok(operands)) => {
                if operands[0].path().is_none() {
                    return refused(text::key_condition_first_operand(Function::BeginsWith.name()));
                }
                let (name, _, [start]) = name_and_values(operands)?;
                KeyTerm { name, test: KeyTest::BeginsWith(start) }
            }
            (function, _) => return refused(text::key_condition_operator(function.name())),
        },
    };
    if terms.iter().any(|other| other.name == term.name) {
        return Err(Error::validation(text::key_condition_twice()));
    }
    terms.push(term);
    Ok(())
}

/// The one attribute among the operands, its position, and the values that are left.
fn name_and_values<'a, const OPERANDS: usize, const VALUES: usize>(
    operands: [Operand<'a>; OPERANDS],
) -> Result<(&'a str, usize, [Literal<'a>; VALUES])> {
    let mut name = None;
    let mut values = Vec::with_capacity(VALUES);
    for (position, operand) in operands.into_iter().enumerate() {
        match operand {
            Operand::Path(_) if name.is_some() => {
                return Err(Error::validation(text::key_condition_several_names()));
            }
            Operand::Path(path) if !path.rest.is_empty() => {
                return Err(Error::validation(text::key_condition_nested_attribute()));
            }
            Operand::Path(path) => name = Some((path.root, position)),
            Operand::Value(literal) => values.push(literal),
            Operand::Call(_) | Operand::Condition(_) | Operand::Undefined => {
                return Err(Error::validation(text::key_condition_nested_operation()));
            }
        }
    }
    let Some((name, position)) = name else { return Err(Error::validation(text::key_condition_no_name())) };
    let values = values.try_into().map_err(|_| Error::validation(text::key_condition_no_name()))?;
    Ok((name, position, values))
}
