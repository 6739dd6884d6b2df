//! Several paths together: whether they get into each other's way, and the tree they form.

use std::collections::BTreeMap;

use super::faults::{Fault, Faults};
use crate::api::message::expression as text;
use crate::api::{Error, Result};
use crate::limits::NESTING_MAX_LEVELS;
use crate::value::{Path, PathElement};

/// How two paths stand to each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Relation {
    Apart,
    /// One is the other, or leads to it.
    Overlap,
    /// No item can have both: one says map where the other says list.
    Conflict,
}

fn relation(one: &Path<'_>, two: &Path<'_>) -> Relation {
    if one.root != two.root {
        return Relation::Apart;
    }
    for pair in one.rest.iter().zip(&two.rest) {
        match pair {
            (PathElement::Name(_), PathElement::Index(_)) | (PathElement::Index(_), PathElement::Name(_)) => {
                return Relation::Conflict;
            }
            (a, b) if a != b => return Relation::Apart,
            _ => {}
        }
    }
    Relation::Overlap
}

/// Notes the first overlap and the first conflict.
pub(super) fn check_apart(paths: &[&Path<'_>], faults: &mut Faults) {
    for (position, two) in paths.iter().enumerate() {
        for one in &paths[..position] {
            match relation(one, two) {
                Relation::Apart => {}
                Relation::Overlap => faults.note(Fault::Overlap, || text::paths_overlap(one, two)),
                Relation::Conflict => faults.note(Fault::Conflict, || text::paths_conflict(one, two)),
            }
        }
    }
}

/// # Errors
/// For a path that goes below a key attribute.
pub(super) fn refuse_steps_below(path: &Path<'_>, keys: &[&str]) -> Result<()> {
    if !path.rest.is_empty() && keys.contains(&path.root) { Err(key_not_scalar(path.root)) } else { Ok(()) }
}

pub(super) fn key_not_scalar(name: &str) -> Error {
    Error::validation(text::key_not_scalar(name))
}

/// Whether an item can have a value at this path at all. What recurses along a path is safe behind this check.
pub(super) fn is_within_depth(path: &Path<'_>) -> bool {
    path.rest.len() < NESTING_MAX_LEVELS
}

/// What is to be done at several places of one value, by the steps that lead there.
#[derive(Debug)]
pub(super) enum PathTree<'a, T> {
    Here(T),
    Members(BTreeMap<&'a str, PathTree<'a, T>>),
    Elements(BTreeMap<usize, PathTree<'a, T>>),
}

impl<'a, T> PathTree<'a, T> {
    /// `leaf`, at the end of these steps.
    pub(super) fn branch(steps: &[PathElement<'a>], leaf: T) -> PathTree<'a, T> {
        steps.iter().rev().fold(PathTree::Here(leaf), |below, step| match *step {
            PathElement::Name(name) => PathTree::Members(BTreeMap::from([(name, below)])),
            PathElement::Index(index) => PathTree::Elements(BTreeMap::from([(index, below)])),
        })
    }

    /// Adds a leaf. Its path must stand apart from those added before.
    pub(super) fn insert(&mut self, steps: &[PathElement<'a>], leaf: T) {
        let (step, rest) = steps.split_first().expect(APART);
        match (self, *step) {
            (PathTree::Members(members), PathElement::Name(name)) => match members.get_mut(name) {
                Some(below) => below.insert(rest, leaf),
                None => drop(members.insert(name, PathTree::branch(rest, leaf))),
            },
            (PathTree::Elements(elements), PathElement::Index(index)) => match elements.get_mut(&index) {
                Some(below) => below.insert(rest, leaf),
                None => drop(elements.insert(index, PathTree::branch(rest, leaf))),
            },
            _ => unreachable!("{APART}"),
        }
    }
}

const APART: &str = "paths neither overlap nor conflict: that is checked when they are parsed";

#[cfg(test)]
mod tests {
    use super::*;

    fn path(steps: &[PathElement<'static>]) -> Path<'static> {
        Path { root: "a", rest: steps.to_vec() }
    }

    #[test]
    fn relations() {
        use PathElement::{Index, Name};
        let b = path(&[Name("b")]);
        assert_eq!(relation(&b, &b), Relation::Overlap);
        assert_eq!(relation(&path(&[]), &b), Relation::Overlap);
        assert_eq!(relation(&path(&[Name("b"), Name("c")]), &b), Relation::Overlap);
        assert_eq!(relation(&path(&[Name("c")]), &b), Relation::Apart);
        assert_eq!(relation(&path(&[Index(0)]), &path(&[Index(1)])), Relation::Apart);
        assert_eq!(relation(&path(&[Index(0)]), &b), Relation::Conflict);
        // A name that looks like an index is a name.
        assert_eq!(relation(&path(&[Name("[0]")]), &path(&[Index(0)])), Relation::Conflict);
        assert_eq!(relation(&Path::top_level("x"), &b), Relation::Apart);
    }
}
