//! Updates against an item. Every operand reads the item as it was; the changes are put together afterwards, so their order in the
//! expression does not matter.
//!
//! What an update assigns is a view of the item and of the request until the new item is written, in one pass over the old one: an
//! assignment costs no memory of its own, and an item that would be too large is refused before it is built.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::paths::{PathTree, is_within_depth};
use super::tree::{Action, Assigned, Change, Function, Operand};
use super::update::{Source, Update};
use crate::api::message::value::ValueTexts;
use crate::api::message::{expression as text, statement, value};
use crate::api::{Error, Result};
use crate::limits::ITEM_MAX_BYTES;
use crate::value::{
    AttributeType, Builder, Item, ListRef, Lookup, MapRef, MergedSets, Number, NumberError, Path,
    ValueProblem, ValueRef,
};

/// What happens at one path.
#[derive(Debug)]
enum Effect<'v> {
    Set(New<'v>),
    Remove,
}

/// A value that is yet to be written.
#[derive(Debug)]
enum New<'v> {
    /// One that is there.
    Copy(ValueRef<'v>),
    Number(Number),
    /// Lists, one behind the other.
    Joined(Vec<ListRef<'v>>),
    Merged(MergedSets<'v>),
}

type Effects<'v> = PathTree<'v, Effect<'v>>;

/// What happens to each attribute, sorted by name.
fn by_attribute<'v>(
    mut effects: SmallVec<[(&'v Path<'_>, Effect<'v>); 4]>,
) -> SmallVec<[(&'v str, Effects<'v>); 4]> {
    effects.sort_by_key(|(path, _)| path.root);
    let mut trees: SmallVec<[(&str, Effects<'_>); 4]> = SmallVec::new();
    for (path, effect) in effects {
        match trees.last_mut() {
            Some((name, tree)) if *name == path.root => tree.insert(&path.rest, effect),
            _ => trees.push((path.root, PathTree::branch(&path.rest, effect))),
        }
    }
    trees
}

impl Update<'_> {
    /// The item after the update. `old` is the item before; where there was none, the key attributes alone.
    ///
    /// # Errors
    /// The run-time errors of facts B5, arithmetic out of range, nesting too deep, an item that would be too large.
    pub(crate) fn apply(&self, old: &Item) -> Result<Item> {
        let mut effects: SmallVec<[(&Path<'_>, Effect<'_>); 4]> = SmallVec::new();
        let lookup = Lookup::new(old);
        let mut added = 0;
        for action in self.actions() {
            let effect = self.effect(action, &lookup)?;
            if let Effect::Set(value) = &effect {
                added += value.size();
            }
            if !is_within_depth(&action.path) {
                return Err(invalid_path());
            }
            effects.push((&action.path, effect));
        }
        let effects = by_attribute(effects);
        // All that is assigned stays in the item. Where that alone is too much, the pass only looks for what is wrong with the paths.
        let fits = added <= ITEM_MAX_BYTES;
        let room = old.as_bytes().len() + if fits { 2 * added } else { 0 };
        let mut writer = Writer { builder: Builder::with_capacity(room), fits };
        let effects = effects.iter().map(|(name, effect)| (*name, effect));
        let (_, size) = writer.map(old.attributes(), old.size(), effects)?;
        let new = writer.builder.finish(size).map_err(|fault| self.broken_rule(&fault.problem))?;
        if fits { Ok(new) } else { Err(Error::validation(value::item_to_update_too_large())) }
    }

    fn broken_rule(&self, problem: &ValueProblem) -> Error {
        Error::validation(match (self.source, problem) {
            (Source::Statement, ValueProblem::TooDeep) => statement::too_deep(),
            _ => value::value_problem(problem, ValueTexts::Older),
        })
    }

    fn effect<'v>(&'v self, action: &'v Action<'_>, old: &Lookup<'v>) -> Result<Effect<'v>> {
        Ok(match &action.change {
            Change::Set(assigned) => Effect::Set(assign(assigned, old, &self.values)?),
            Change::Remove => Effect::Remove,
            Change::Add(added) => Effect::Set(match old.at(&action.path) {
                None => New::Copy(added.value(&self.values)),
                Some(current) => self.sum(current, added.value(&self.values))?,
            }),
            Change::Delete(deleted) => match old.at(&action.path) {
                None => Effect::Remove,
                Some(current) => {
                    let left = self.sets(current, deleted.value(&self.values), false)?;
                    if left.is_empty() { Effect::Remove } else { Effect::Set(New::Merged(left)) }
                }
            },
        })
    }

    /// `ADD`: numbers are added, sets united; in `AttributeUpdates` lists are joined.
    fn sum<'v>(&self, current: ValueRef<'v>, added: ValueRef<'v>) -> Result<New<'v>> {
        Ok(match (current, added) {
            (ValueRef::N(_), ValueRef::N(_)) => {
                New::Number(number(current)?.checked_add(&number(added)?).map_err(arithmetic)?)
            }
            (ValueRef::L(list), ValueRef::L(more)) if self.source == Source::Legacy => {
                New::Joined(vec![list, more])
            }
            _ => New::Merged(self.sets(current, added, true)?),
        })
    }

    /// The members of one set, with those of another or without them.
    fn sets<'v>(
        &self,
        current: ValueRef<'v>,
        other: ValueRef<'v>,
        with_other: bool,
    ) -> Result<MergedSets<'v>> {
        let ((ValueRef::Ss(one), ValueRef::Ss(other))
        | (ValueRef::Ns(one), ValueRef::Ns(other))
        | (ValueRef::Bs(one), ValueRef::Bs(other))) = (current, other)
        else {
            return Err(self.type_mismatch());
        };
        Ok(MergedSets { kind: current.kind(), one, other, with_other })
    }

    fn type_mismatch(&self) -> Error {
        if self.source == Source::Legacy {
            Error::validation(text::legacy_update_type())
        } else {
            operand_type()
        }
    }
}

impl<'v> New<'v> {
    /// The size it will have, in bytes (facts B1).
    fn size(&self) -> usize {
        match self {
            New::Copy(value) => value.size(),
            New::Number(number) => number.size(),
            New::Joined(lists) => 3 + lists.iter().map(|list| ValueRef::L(*list).size() - 3).sum::<usize>(),
            New::Merged(sets) => sets.size(),
        }
    }

    fn number(&self) -> Option<Number> {
        match self {
            New::Copy(value) => value.number(),
            New::Number(number) => Some(*number),
            New::Joined(_) | New::Merged(_) => None,
        }
    }

    fn lists(self) -> Option<Vec<ListRef<'v>>> {
        match self {
            New::Copy(ValueRef::L(list)) => Some(vec![list]),
            New::Joined(lists) => Some(lists),
            _ => None,
        }
    }

    /// Writes it; returns its size.
    fn write(&self, builder: &mut Builder) -> usize {
        match self {
            New::Copy(value) => builder.copy(*value),
            New::Number(number) => builder.exact(number),
            New::Joined(lists) => builder.joined(lists),
            New::Merged(sets) => sets.write(builder),
        }
    }
}

fn assign<'v>(assigned: &'v Assigned<'_>, old: &Lookup<'v>, values: &'v [ValueRef<'v>]) -> Result<New<'v>> {
    match assigned {
        Assigned::Operand(operand) => operate(operand, old, values),
        Assigned::Sum(left, right) => {
            arithmetic_on(operate(left, old, values)?, operate(right, old, values)?, Number::checked_add)
        }
        Assigned::Difference(left, right) => {
            arithmetic_on(operate(left, old, values)?, operate(right, old, values)?, Number::checked_sub)
        }
    }
}

fn arithmetic_on<'v>(
    left: New<'v>,
    right: New<'v>,
    operation: impl Fn(&Number, &Number) -> Result<Number, NumberError>,
) -> Result<New<'v>> {
    let (Some(left), Some(right)) = (left.number(), right.number()) else { return Err(operand_type()) };
    operation(&left, &right).map(New::Number).map_err(arithmetic)
}

fn operate<'v>(operand: &'v Operand<'_>, old: &Lookup<'v>, values: &'v [ValueRef<'v>]) -> Result<New<'v>> {
    let mut operand = operand;
    loop {
        match operand {
            Operand::Path(path) => {
                let value = old.at(path);
                return value.map(New::Copy).ok_or_else(|| Error::validation(text::missing_operand()));
            }
            Operand::Value(literal) => return Ok(New::Copy(literal.value(values))),
            Operand::Condition(_) | Operand::Undefined => {
                unreachable!("the parsers admit neither in updates")
            }
            Operand::Call(call) => {
                let [first, second] = call.operands.as_slice() else {
                    unreachable!("the parser counts operands")
                };
                match call.function {
                    Function::ListAppend => {
                        return append(operate(first, old, values)?, operate(second, old, values)?);
                    }
                    // A loop and not a call: these nest as deep as the text is long.
                    Function::IfNotExists => match first.path().and_then(|path| old.at(path)) {
                        Some(value) => return Ok(New::Copy(value)),
                        None => operand = second,
                    },
                    other => unreachable!("the parser admits no {other:?} here"),
                }
            }
        }
    }
}

fn append<'v>(list: New<'v>, more: New<'v>) -> Result<New<'v>> {
    let (Some(mut lists), Some(more)) = (list.lists(), more.lists()) else { return Err(operand_type()) };
    lists.extend(more);
    Ok(New::Joined(lists))
}

/// Writes an item with effects in their places.
struct Writer {
    builder: Builder,
    /// Whether new values are written, or null in their places.
    fits: bool,
}

impl Writer {
    fn new_value(&mut self, value: &New<'_>) -> usize {
        if self.fits { value.write(&mut self.builder) } else { self.builder.null(true) }
    }

    /// Writes the entries of a map: those it has, of which names and values have the size `size`, and those it gets, both sorted by name.
    /// What stays is copied run by run. Returns the number of the entries and the size of their names and values.
    fn map<'e>(
        &mut self,
        old: MapRef<'_>,
        mut size: usize,
        effects: impl Iterator<Item = (&'e str, &'e Effects<'e>)>,
    ) -> Result<(usize, usize)> {
        let scope = self.builder.open_map();
        let mut effects = effects.peekable();
        let mut count = old.len();
        // What stays and is not copied yet begins at `stays`; the entry that is looked at, at `at`.
        let (mut stays, mut at) = (0, 0);
        for (name, encoded) in old.raw_entries() {
            if effects.peek().is_none() {
                break;
            }
            let start = at;
            at += 2 + name.len() + encoded.len();
            while let Some((new, effect)) = effects.next_if(|(new, _)| new.as_bytes() < name) {
                self.builder.copy_entries(old.raw_run(stays..start));
                stays = start;
                self.new_entry(new, effect, (&mut count, &mut size))?;
            }
            if let Some((name, effect)) = effects.next_if(|(new, _)| new.as_bytes() == name) {
                self.builder.copy_entries(old.raw_run(stays..start));
                stays = at;
                size -= name.len() + ValueRef::encoded(encoded).size();
                if let PathTree::Here(Effect::Remove) = effect {
                    count -= 1;
                    continue;
                }
                let entry = self.builder.open_entry(name);
                let of_value = match effect {
                    PathTree::Here(Effect::Set(value)) => self.new_value(value),
                    below => self.below(ValueRef::encoded(encoded), below)?,
                };
                self.builder.close_entry(entry, of_value);
                size += name.len() + of_value;
            }
        }
        self.builder.copy_entries(old.raw_run(stays..old.raw_len()));
        for (new, effect) in effects {
            self.new_entry(new, effect, (&mut count, &mut size))?;
        }
        self.builder.close_ordered_map(scope, count);
        Ok((count, size))
    }

    /// Writes an entry that the map did not have, and adds it to the number of entries and their size.
    fn new_entry(
        &mut self,
        name: &str,
        effect: &Effects<'_>,
        (count, size): (&mut usize, &mut usize),
    ) -> Result<()> {
        match effect {
            PathTree::Here(Effect::Remove) => {}
            PathTree::Here(Effect::Set(value)) => {
                let entry = self.builder.open_entry(name);
                let of_value = self.new_value(value);
                self.builder.close_entry(entry, of_value);
                *count += 1;
                *size += name.len() + of_value;
            }
            _ => return Err(invalid_path()),
        }
        Ok(())
    }

    /// Writes a value that has effects below it; returns its size.
    fn below(&mut self, old: ValueRef<'_>, effects: &Effects<'_>) -> Result<usize> {
        match (old, effects) {
            (ValueRef::M(map), PathTree::Members(members)) => {
                let frame = self.builder.open_value(AttributeType::M);
                let of_entries = ValueRef::M(map).size() - 3 - map.len();
                let members = members.iter().map(|(name, effect)| (*name, effect));
                let (count, size) = self.map(map, of_entries, members)?;
                self.builder.close_value(frame);
                Ok(3 + count + size)
            }
            (ValueRef::L(list), PathTree::Elements(elements)) => self.list(list, elements),
            _ => Err(invalid_path()),
        }
    }

    /// Writes a list. Positions are those before the update: what is set beyond the end is appended in the order of its positions.
    fn list(&mut self, old: ListRef<'_>, effects: &BTreeMap<usize, Effects<'_>>) -> Result<usize> {
        let frame = self.builder.open_value(AttributeType::L);
        let count_at = self.builder.open_list();
        let (mut count, mut size) = (0, 0);
        let mut effects = effects.iter().peekable();
        for (position, element) in old.iter().enumerate() {
            size += 1 + match effects.next_if(|(index, _)| **index == position) {
                None => self.builder.copy_sibling(element),
                Some((_, PathTree::Here(Effect::Remove))) => continue,
                Some((_, PathTree::Here(Effect::Set(value)))) => self.new_value(value),
                Some((_, below)) => self.below(element, below)?,
            };
            count += 1;
        }
        for (_, effect) in effects {
            match effect {
                PathTree::Here(Effect::Remove) => {}
                PathTree::Here(Effect::Set(value)) => {
                    size += 1 + self.new_value(value);
                    count += 1;
                }
                _ => return Err(invalid_path()),
            }
        }
        self.builder.close_list(count_at, count);
        self.builder.close_value(frame);
        Ok(3 + size)
    }
}

fn number(value: ValueRef<'_>) -> Result<Number> {
    value.number().ok_or_else(operand_type)
}

/// A result with too many digits is told like one that is too large (facts B2).
fn arithmetic(error: NumberError) -> Error {
    let error = if error == NumberError::TooManyDigits { NumberError::Overflow } else { error };
    Error::validation(value::number(&error))
}

fn invalid_path() -> Error {
    Error::validation(text::invalid_update_path())
}

fn operand_type() -> Error {
    Error::validation(text::update_operand_type())
}
