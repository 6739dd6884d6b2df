//! Projections: which parts of an item to answer with.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ExpressionKind;
use super::compiled::Compiled;
use super::lexer::TokenKind;
use super::parser::Parser;
use super::paths::{PathTree, check_apart, is_within_depth, key_not_scalar};
use super::placeholders::Placeholders;
use crate::api::Result;
use crate::value::{AttributeType, Builder, Item, Path, ValueRef};

/// A projection, or `AttributesToGet`.
#[derive(Debug)]
pub(crate) enum Projection<'a> {
    Own(Projected<'a>),
    Kept(Arc<Compiled>),
}

/// What a projection shows.
#[derive(Debug)]
pub(crate) struct Projected<'a> {
    /// Top-level attributes asked for as a whole, sorted.
    whole: Vec<&'a str>,
    /// Parts of others.
    parts: BTreeMap<&'a str, PathTree<'a, ()>>,
}

impl<'a> Projection<'a> {
    fn projected(&self) -> &Projected<'_> {
        match self {
            Projection::Own(projected) => projected,
            Projection::Kept(compiled) => compiled.projected(),
        }
    }

    /// The top-level attributes that are asked for, as a whole or in part.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        let Projected { whole, parts } = self.projected();
        whole.iter().copied().chain(parts.keys().copied())
    }

    /// # Errors
    /// `Key attributes must be scalars; …` for a path that goes below a key attribute.
    pub(crate) fn refuse_steps_below_keys(&self, keys: &[&str]) -> Result<()> {
        match self.projected().parts.keys().find(|root| keys.contains(root)) {
            Some(root) => Err(key_not_scalar(root)),
            None => Ok(()),
        }
    }

    /// As [`Projected::apply`].
    pub(crate) fn apply(&self, item: &Item) -> Item {
        self.projected().apply(item)
    }
}

impl<'a> Projected<'a> {
    /// Parses a `ProjectionExpression`.
    ///
    /// # Errors
    /// `Invalid ProjectionExpression: …`, facts B5.
    pub(super) fn parse(text: &'a str, placeholders: &mut Placeholders<'a, '_>) -> Result<Projected<'a>> {
        let mut parser = Parser::new(ExpressionKind::Projection, text, placeholders)?;
        let mut paths: Vec<Path<'a>> = Vec::new();
        loop {
            paths.extend(parser.path()?);
            if !parser.take(TokenKind::Comma) {
                break;
            }
        }
        check_apart(&paths.iter().collect::<Vec<_>>(), &mut parser.faults);
        parser.finish()?;
        Ok(Projected::of(paths.iter()))
    }

    /// The projection on paths that stand apart.
    pub(super) fn of<'p>(paths: impl Iterator<Item = &'p Path<'a>>) -> Projected<'a>
    where
        'a: 'p,
    {
        let mut projection = Projected { whole: Vec::new(), parts: BTreeMap::new() };
        for path in paths {
            if path.rest.is_empty() {
                projection.whole.push(path.root);
            } else if is_within_depth(path) {
                match projection.parts.get_mut(path.root) {
                    Some(tree) => tree.insert(&path.rest, ()),
                    None => drop(projection.parts.insert(path.root, PathTree::branch(&path.rest, ()))),
                }
            }
        }
        projection.whole.sort_unstable();
        projection
    }

    /// The parts of the item that the projection names, in their places; lists close their gaps. What the item has not is left
    /// out, with the maps and lists that would hold nothing.
    pub(super) fn apply(&self, item: &Item) -> Item {
        if self.parts.is_empty() {
            return item.project_sorted(&self.whole);
        }
        let mut builder = Builder::with_capacity(512);
        let scope = builder.open_map();
        for (name, encoded) in item.attributes().raw_entries() {
            if self.whole.binary_search_by(|whole| whole.as_bytes().cmp(name)).is_ok() {
                builder.copy_entry(name, encoded);
            } else if let Some((name, tree)) = entry_of(&self.parts, name) {
                select_entry(&mut builder, name, ValueRef::encoded(encoded), tree);
            }
        }
        let (_, size) = builder.close_map(scope);
        builder.finish(size).expect("parts of a stored item break no rule")
    }
}

type Parts<'a> = BTreeMap<&'a str, PathTree<'a, ()>>;

fn entry_of<'p, 'a>(parts: &'p Parts<'a>, name: &[u8]) -> Option<(&'a str, &'p PathTree<'a, ()>)> {
    let name = std::str::from_utf8(name).expect("names are UTF-8 by construction");
    parts.get_key_value(name).map(|(name, tree)| (*name, tree))
}

fn select_entry(builder: &mut Builder, name: &str, value: ValueRef<'_>, tree: &PathTree<'_, ()>) {
    let entry = builder.open_entry(name);
    match select(builder, value, tree) {
        Some(size) => builder.close_entry(entry, size),
        None => builder.abandon_entry(entry),
    }
}

/// Writes the parts of a value that the tree names; returns the size of what is left of it, or none and nothing written.
fn select(builder: &mut Builder, value: ValueRef<'_>, tree: &PathTree<'_, ()>) -> Option<usize> {
    match (tree, value) {
        (PathTree::Here(()), value) => Some(builder.copy_sibling(value)),
        (PathTree::Members(members), ValueRef::M(map)) => {
            let mark = builder.mark();
            let frame = builder.open_value(AttributeType::M);
            let scope = builder.open_map();
            for (name, encoded) in map.raw_entries() {
                if let Some((name, below)) = entry_of(members, name) {
                    select_entry(builder, name, ValueRef::encoded(encoded), below);
                }
            }
            match builder.close_map(scope) {
                (0, _) => {
                    builder.rewind(mark);
                    None
                }
                (count, size) => {
                    builder.close_value(frame);
                    Some(3 + count + size)
                }
            }
        }
        (PathTree::Elements(elements), ValueRef::L(list)) => {
            let mark = builder.mark();
            let frame = builder.open_value(AttributeType::L);
            let count_at = builder.open_list();
            let (mut count, mut size) = (0, 0);
            let mut elements = elements.iter().peekable();
            for (position, element) in list.iter().enumerate() {
                let Some((_, below)) = elements.next_if(|(index, _)| **index == position) else { continue };
                if let Some(selected) = select(builder, element, below) {
                    count += 1;
                    size += 1 + selected;
                }
            }
            builder.close_list(count_at, count);
            if count == 0 {
                builder.rewind(mark);
                return None;
            }
            builder.close_value(frame);
            Some(3 + size)
        }
        _ => None,
    }
}
