//! Projections: which parts of an item to answer with.

use std::collections::BTreeMap;

use super::ExpressionKind;
use super::lexer::TokenKind;
use super::parser::Parser;
use super::paths::{PathTree, check_apart, is_within_depth, key_not_scalar};
use super::placeholders::Placeholders;
use crate::api::Result;
use crate::value::{AttributeValue, Item, Path, ValueRef};

/// A projection, or `AttributesToGet`.
#[derive(Debug)]
pub(crate) struct Projection<'a> {
    /// Top-level attributes asked for as a whole.
    whole: Vec<&'a str>,
    /// Parts of others.
    parts: BTreeMap<&'a str, PathTree<'a, ()>>,
}

impl<'a> Projection<'a> {
    /// Parses a `ProjectionExpression`.
    ///
    /// # Errors
    /// `Invalid ProjectionExpression: …`, facts B5.
    pub(crate) fn parse(text: &'a str, placeholders: &mut Placeholders<'a>) -> Result<Projection<'a>> {
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
        Ok(Projection::of(paths.iter()))
    }

    /// The projection on paths that stand apart.
    pub(super) fn of<'p>(paths: impl Iterator<Item = &'p Path<'a>>) -> Projection<'a>
    where
        'a: 'p,
    {
        let mut projection = Projection { whole: Vec::new(), parts: BTreeMap::new() };
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
        projection
    }

    /// # Errors
    /// `Key attributes must be scalars; …` for a path that goes below a key attribute.
    pub(crate) fn refuse_steps_below_keys(&self, keys: &[&str]) -> Result<()> {
        match self.parts.keys().find(|root| keys.contains(root)) {
            Some(root) => Err(key_not_scalar(root)),
            None => Ok(()),
        }
    }

    /// The parts of the item that the projection names, in their places; lists close their gaps. What the item has not is left
    /// out, with the maps and lists that would hold nothing.
    pub(crate) fn apply(&self, item: &Item) -> Item {
        let whole = item.project(&self.whole);
        let parts: BTreeMap<String, Option<AttributeValue>> = self
            .parts
            .iter()
            .filter_map(|(root, tree)| Some(((*root).to_owned(), Some(select(item.get(root)?, tree)?))))
            .collect();
        if parts.is_empty() {
            return whole;
        }
        whole.with_changes(&parts).expect("parts of a stored item break no rule")
    }
}

fn select(value: ValueRef<'_>, tree: &PathTree<'_, ()>) -> Option<AttributeValue> {
    match (tree, value) {
        (PathTree::Here(()), value) => Some(value.into()),
        (PathTree::Members(members), ValueRef::M(map)) => {
            let found: BTreeMap<String, AttributeValue> = members
                .iter()
                .filter_map(|(name, below)| Some(((*name).to_owned(), select(map.get(name)?, below)?)))
                .collect();
            (!found.is_empty()).then_some(AttributeValue::M(found))
        }
        (PathTree::Elements(elements), ValueRef::L(list)) => {
            let found: Vec<AttributeValue> =
                elements.iter().filter_map(|(index, below)| select(list.get(*index)?, below)).collect();
            (!found.is_empty()).then_some(AttributeValue::L(found))
        }
        _ => None,
    }
}
