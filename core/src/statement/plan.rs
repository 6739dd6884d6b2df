//! Which keys a SELECT reads: runs of keys of single partitions where its condition names partitions in each of its alternatives, else
//! everything.

use super::keys::KeyNames;
use crate::api::message::statement as text;
use crate::api::{Error, Result};
use crate::expression::tree::{Comparator, Function, Node, Operand};
use crate::expression::{SortCondition, check_key_length};
use crate::limits::{PARTITION_KEY_MAX_BYTES, SORT_KEY_MAX_BYTES, STATEMENT_MAX_READS};
use crate::value::{Path, ValueRef};

/// One run of keys: of one partition, those that satisfy all of the conditions; of its items, those that satisfy all of the filters.
#[derive(Clone, Debug)]
pub(crate) struct Read<'n, 't> {
    pub(crate) partition: ValueRef<'t>,
    pub(crate) sort: Vec<SortCondition<'t>>,
    pub(crate) filters: Vec<&'n Node<'t>>,
}

/// What a SELECT reads.
#[derive(Debug)]
pub(crate) enum Reads<'n, 't> {
    /// All keys: the condition is a filter.
    All,
    Keys(Vec<Read<'n, 't>>),
}

/// One of the alternatives that a condition says, as far as it is known.
#[derive(Clone, Debug)]
struct Alternative<'n, 't> {
    partition: Option<ValueRef<'t>>,
    sort: Vec<SortCondition<'t>>,
    filters: Vec<&'n Node<'t>>,
    /// Whether two partitions are named, or the sort key is spoken of in a way that no run of keys has.
    is_loose: bool,
    names_two_partitions: bool,
}

impl<'n, 't> Reads<'n, 't> {
    /// The reads of a condition on items with this key.
    ///
    /// # Errors
    /// `ValidationException` for key values of other types, paths below key attributes, and more reads than the service makes.
    pub(crate) fn of(filter: Option<&'n Node<'t>>, keys: &KeyNames<'_>) -> Result<Reads<'n, 't>> {
        let Some(filter) = filter else { return Ok(Reads::All) };
        if !names_partition(filter, keys[0].0) {
            return Ok(Reads::All);
        }
        let start = Alternative {
            partition: None,
            sort: Vec::new(),
            filters: Vec::new(),
            is_loose: false,
            names_two_partitions: false,
        };
        let alternatives = Planner { keys }.expand(vec![start], filter)?;
        let is_several = alternatives.len() > 1;
        if alternatives.iter().any(|one| one.names_two_partitions || (one.is_loose && is_several)) {
            return Ok(Reads::All);
        }
        let reads = alternatives.into_iter().map(|one| Read {
            partition: one.partition.expect("each alternative names one"),
            sort: one.sort,
            filters: one.filters,
        });
        Ok(Reads::Keys(reads.collect()))
    }
}

/// Whether a condition names the partition by equality, in each of its alternatives.
fn names_partition(node: &Node<'_>, partition: &str) -> bool {
    match node {
        Node::And(parts) => parts.iter().any(|part| names_partition(part, partition)),
        Node::Or(parts) => parts.iter().all(|part| names_partition(part, partition)),
        _ => equalities(node).is_some_and(|(path, _)| path.root == partition),
    }
}

/// Whether a condition as a whole names the partition by equality, and not only each of its alternatives.
pub(crate) fn is_keyed(node: &Node<'_>, partition: &str) -> bool {
    match node {
        Node::And(parts) => parts.iter().any(|part| is_keyed(part, partition)),
        _ => equalities(node).is_some_and(|(path, _)| path.root == partition),
    }
}

/// The path that a node says is equal to one of some values.
fn equalities<'n, 't>(node: &'n Node<'t>) -> Option<(&'n Path<'t>, Vec<ValueRef<'t>>)> {
    match node {
        Node::Compare(Comparator::Equal, Operand::Path(path), Operand::Value(value))
        | Node::Compare(Comparator::Equal, Operand::Value(value), Operand::Path(path)) => {
            Some((path, vec![value.value(&[])]))
        }
        Node::In(Operand::Path(path), list) => {
            let values = list.iter().map(|member| member.literal().map(|literal| literal.value(&[])));
            Some((path, values.collect::<Option<_>>()?))
        }
        _ => None,
    }
}

struct Planner<'k> {
    keys: &'k KeyNames<'k>,
}

impl Planner<'_> {
    /// What becomes of alternatives when a condition is added to each.
    fn expand<'n, 't>(
        &self,
        alternatives: Vec<Alternative<'n, 't>>,
        node: &'n Node<'t>,
    ) -> Result<Vec<Alternative<'n, 't>>> {
        match node {
            Node::And(parts) => {
                parts.iter().try_fold(alternatives, |alternatives, part| self.expand(alternatives, part))
            }
            Node::Or(parts) if self.speaks_of_keys(node) => {
                let mut expanded = Vec::new();
                for part in parts {
                    expanded.extend(self.expand(alternatives.clone(), part)?);
                    within_reads(expanded.len())?;
                }
                Ok(expanded)
            }
            _ => self.expand_leaf(alternatives, node),
        }
    }

    fn expand_leaf<'n, 't>(
        &self,
        mut alternatives: Vec<Alternative<'n, 't>>,
        node: &'n Node<'t>,
    ) -> Result<Vec<Alternative<'n, 't>>> {
        if let Some((path, values)) = equalities(node)
            && let Some(key) = self.keys.iter().position(|(name, _)| *name == path.root)
        {
            self.refuse_values(key, path, &values)?;
            within_reads(alternatives.len() * values.len())?;
            let mut expanded = Vec::with_capacity(alternatives.len() * values.len());
            for alternative in alternatives {
                expanded.extend(values.iter().map(|value| alternative.clone().equal(key, *value)));
            }
            return Ok(expanded);
        }
        if let Some((path, condition)) = sort_condition(node)
            && self.keys.get(1).is_some_and(|(name, _)| *name == path.root)
        {
            self.refuse_values(1, path, &values_of(&condition))?;
            alternatives.iter_mut().for_each(|alternative| alternative.sort.push(condition));
            return Ok(alternatives);
        }
        let is_loose = self.speaks_of_keys(node);
        for alternative in &mut alternatives {
            alternative.filters.push(node);
            alternative.is_loose |= is_loose;
        }
        Ok(alternatives)
    }

    /// # Errors
    /// A path below a key attribute, values that it cannot have.
    fn refuse_values(&self, key: usize, path: &Path<'_>, values: &[ValueRef<'_>]) -> Result<()> {
        let (name, kind) = self.keys[key];
        if !path.rest.is_empty() {
            return Err(Error::validation(text::key_path(name)));
        }
        if values.iter().any(|value| value.kind() != kind) {
            return Err(Error::validation(text::key_type(name)));
        }
        let max = if key == 0 { PARTITION_KEY_MAX_BYTES } else { SORT_KEY_MAX_BYTES };
        values.iter().try_for_each(|value| check_key_length(*value, (name, kind), max))
    }

    /// Whether a condition compares an attribute of the key with values.
    fn speaks_of_keys(&self, node: &Node<'_>) -> bool {
        let is_key = |path: &Path<'_>| self.keys.iter().any(|(name, _)| *name == path.root);
        match node {
            Node::And(parts) | Node::Or(parts) => parts.iter().any(|part| self.speaks_of_keys(part)),
            Node::Not(inner) => self.speaks_of_keys(inner),
            Node::Compare(_, left, right) => [left, right].into_iter().filter_map(Operand::path).any(is_key),
            Node::Between(operands) => operands[0].path().is_some_and(is_key),
            Node::In(value, _) => value.path().is_some_and(is_key),
            Node::Call(call) => {
                call.function == Function::BeginsWith && call.operands[0].path().is_some_and(is_key)
            }
        }
    }
}

impl<'t> Alternative<'_, 't> {
    fn equal(mut self, key: usize, value: ValueRef<'t>) -> Self {
        match (key, self.partition) {
            (0, None) => self.partition = Some(value),
            (0, Some(first)) => self.names_two_partitions |= first != value,
            _ => self.sort.push(SortCondition::Eq(value)),
        }
        self
    }
}

fn within_reads(count: usize) -> Result<()> {
    if count > STATEMENT_MAX_READS { Err(Error::validation(text::too_many_reads())) } else { Ok(()) }
}

/// The run of sort keys that a node says, if it says one.
fn sort_condition<'n, 't>(node: &'n Node<'t>) -> Option<(&'n Path<'t>, SortCondition<'t>)> {
    match node {
        Node::Compare(comparator, left, right) => {
            let (path, value, comparator) = match (left, right) {
                (Operand::Path(path), Operand::Value(value)) => (path, value.value(&[]), *comparator),
                (Operand::Value(value), Operand::Path(path)) => {
                    (path, value.value(&[]), comparator.mirrored())
                }
                _ => return None,
            };
            let condition = match comparator {
                Comparator::Equal => SortCondition::Eq(value),
                Comparator::Less => SortCondition::Lt(value),
                Comparator::LessOrEqual => SortCondition::Le(value),
                Comparator::Greater => SortCondition::Gt(value),
                Comparator::GreaterOrEqual => SortCondition::Ge(value),
                Comparator::NotEqual => return None,
            };
            Some((path, condition))
        }
        Node::Between(operands) => match &**operands {
            [Operand::Path(path), Operand::Value(lower), Operand::Value(upper)] => {
                Some((path, SortCondition::Between(lower.value(&[]), upper.value(&[]))))
            }
            _ => None,
        },
        Node::Call(call) if call.function == Function::BeginsWith => match call.operands.as_slice() {
            [Operand::Path(path), Operand::Value(start)] => {
                Some((path, SortCondition::BeginsWith(start.value(&[]))))
            }
            _ => None,
        },
        _ => None,
    }
}

fn values_of<'t>(condition: &SortCondition<'t>) -> Vec<ValueRef<'t>> {
    match *condition {
        SortCondition::Eq(value)
        | SortCondition::Lt(value)
        | SortCondition::Le(value)
        | SortCondition::Gt(value)
        | SortCondition::Ge(value)
        | SortCondition::BeginsWith(value) => vec![value],
        SortCondition::Between(lower, upper) => vec![lower, upper],
    }
}
