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
    #[cfg(test)]
    crate::value::steps::step();
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

/// Notes the first overlap and the first conflict: that of the first path with any before it, and of these with the first.
pub(super) fn check_apart(paths: &[&Path<'_>], faults: &mut Faults<'_>) {
    if paths.len() <= FEW { check_pairs(paths, faults) } else { check_by_tree(paths, faults) }
}

/// So many paths are held against each other one by one.
const FEW: usize = 6;

fn check_pairs(paths: &[&Path<'_>], faults: &mut Faults<'_>) {
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

fn check_by_tree(paths: &[&Path<'_>], faults: &mut Faults<'_>) {
    let mut seen = SeenPaths::default();
    let (mut overlap, mut conflict) = (None, None);
    for (position, two) in paths.iter().enumerate() {
        let met = seen.add(two);
        let first = |wanted| {
            let one = paths[..position].iter().find(|one| relation(one, two) == wanted);
            one.expect("the path has met one")
        };
        if met.overlap && overlap.is_none() {
            overlap = Some((first(Relation::Overlap), two));
        }
        if met.conflict && conflict.is_none() {
            conflict = Some((first(Relation::Conflict), two));
        }
    }
    if let Some((one, two)) = overlap {
        faults.note(Fault::Overlap, || text::paths_overlap(one, two));
    }
    if let Some((one, two)) = conflict {
        faults.note(Fault::Conflict, || text::paths_conflict(one, two));
    }
}

/// The paths of an expression so far, as one tree, so that a new one is held against all in the time that its own steps take.
#[derive(Default)]
struct SeenPaths<'a> {
    places: Vec<SeenPlace>,
    /// Which place follows a place, or the roots' none, by a step.
    next: BTreeMap<(Option<usize>, PathElement<'a>), usize>,
}

/// What is known of the paths that lead to a place or through it.
#[derive(Default)]
struct SeenPlace {
    is_end: bool,
    has_members: bool,
    has_elements: bool,
}

/// How a path stands to those before it.
#[derive(Default)]
struct Met {
    overlap: bool,
    conflict: bool,
}

impl<'a> SeenPaths<'a> {
    fn add(&mut self, path: &Path<'a>) -> Met {
        let mut met = Met::default();
        let mut at = self.follow(None, PathElement::Name(path.root));
        for step in &path.rest {
            let place = &mut self.places[at];
            met.overlap |= place.is_end;
            match step {
                PathElement::Name(_) => {
                    met.conflict |= place.has_elements;
                    place.has_members = true;
                }
                PathElement::Index(_) => {
                    met.conflict |= place.has_members;
                    place.has_elements = true;
                }
            }
            at = self.follow(Some(at), *step);
        }
        let end = &mut self.places[at];
        met.overlap |= end.is_end || end.has_members || end.has_elements;
        end.is_end = true;
        met
    }

    fn follow(&mut self, from: Option<usize>, step: PathElement<'a>) -> usize {
        #[cfg(test)]
        crate::value::steps::step();
        *self.next.entry((from, step)).or_insert_with(|| {
            self.places.push(SeenPlace::default());
            self.places.len() - 1
        })
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
    use crate::expression::ExpressionKind;

    fn path(steps: &[PathElement<'static>]) -> Path<'static> {
        Path { root: "a", rest: steps.to_vec() }
    }

    #[test]
    fn the_first_pair_is_that_of_all_pairs() {
        use PathElement::{Index, Name};
        let steps = [Name("b"), Name("c"), Index(0), Index(1)];
        // Every path of up to two steps below two roots, in orders that a generator draws.
        let mut all: Vec<Path<'_>> = Vec::new();
        for root in ["a", "b"] {
            all.push(Path::top_level(root));
            for one in steps {
                all.push(Path { root, rest: vec![one] });
                all.extend(steps.map(|two| Path { root, rest: vec![one, two] }));
            }
        }
        let mut drawn = 1_u64;
        let mut next = |below: usize| {
            drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (drawn >> 33) as usize % below
        };
        let mut told = 0;
        for _ in 0..20_000 {
            let count = 1 + next(6);
            let paths: Vec<&Path<'_>> = (0..count).map(|_| &all[next(all.len())]).collect();
            let [found, by_pairs] = [check_by_tree, check_pairs].map(|check| {
                let mut faults = Faults::new(ExpressionKind::Update);
                check(&paths, &mut faults);
                faults.first()
            });
            told += usize::from(found.is_some());
            assert_eq!(found, by_pairs, "{paths:?}");
        }
        assert!((1_000..19_000).contains(&told), "{told}");
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
