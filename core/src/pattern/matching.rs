//! Whether an event is as a pattern says.
//!
//! Leaves of different elements of an array may not be put together, so conditions go down the event together: at an object each goes to the
//! member its path leads to, at an array all that are left must be met inside one element. A path is names joined by dots, and a name may have
//! dots itself; where two members of an object would do for a path, each is tried.

use std::cell::Cell;

use smallvec::SmallVec;

use super::node::{Node, View};
use super::test::Test;
use super::text::dots;
use super::{Condition, Pattern};
use crate::limits::PATTERN_READINGS_MAX;

/// A condition on its way down the event.
#[derive(Clone, Copy, Debug)]
struct Pending<'p> {
    /// What is left of its path; nothing when it has ended, which is not the same as an empty name.
    rest: Option<&'p str>,
    tests: &'p [Test],
}

type Some8<T> = SmallVec<[T; 8]>;

/// Whether an event is as a pattern says.
pub(super) fn matches<N: Node>(pattern: &Pattern, event: N) -> bool {
    let readings = Cell::new(0);
    if let [alternative] = pattern.alternatives.as_slice() {
        let conditions = alternative.iter().map(|place| &pattern.conditions[*place]);
        return all_met(conditions, event, &readings);
    }
    // Alternatives share conditions: one that nothing in the event meets rules out all that need it, and is looked for once.
    let mut possible: Some8<Option<bool>> = SmallVec::from_elem(None, pattern.conditions.len());
    pattern.alternatives.iter().any(|alternative| {
        let mut conditions = alternative.iter();
        conditions.all(|place| {
            *possible[*place].get_or_insert_with(|| met_alone(&pattern.conditions[*place], event))
        }) && all_met(alternative.iter().map(|place| &pattern.conditions[*place]), event, &readings)
    })
}

fn met_alone<N: Node>(condition: &Condition, event: N) -> bool {
    let path = Some(condition.path.as_str());
    some_leaf(event, path, &condition.tests)
        || condition.or_absent && !some_leaf(event, path, &[Test::Present])
}

fn all_met<'p, N: Node>(
    conditions: impl Iterator<Item = &'p Condition>,
    event: N,
    readings: &Cell<usize>,
) -> bool {
    let mut pending: Some8<Pending<'p>> = SmallVec::new();
    for Condition { path, tests, or_absent } in conditions {
        let rest = Some(path.as_str());
        if *or_absent && !some_leaf(event, rest, &[Test::Present]) {
            continue;
        }
        if tests.is_empty() {
            return false;
        }
        pending.push(Pending { rest, tests });
    }
    all(event, &pending, readings)
}

/// The names that may come next on a path, each with what is left behind it.
fn heads(rest: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    dots(rest).map(|dot| (&rest[..dot], Some(&rest[dot + 1..]))).chain([(rest, None)])
}

/// Whether a leaf under this node, at this path, passes one of the tests.
fn some_leaf<N: Node>(node: N, rest: Option<&str>, tests: &[Test]) -> bool {
    match node.view() {
        View::Leaf(leaf) => rest.is_none() && tests.iter().any(|test| test.passes(&leaf)),
        View::Array => node.any_element(|element| some_leaf(element, rest, tests)),
        View::Object => rest.is_some_and(|rest| {
            heads(rest)
                .any(|(name, rest)| node.member(name).is_some_and(|member| some_leaf(member, rest, tests)))
        }),
    }
}

/// Whether all conditions are met under this node, those inside an array by one of its elements.
fn all<N: Node>(node: N, pending: &[Pending<'_>], readings: &Cell<usize>) -> bool {
    match pending {
        [] => return true,
        [one] => return some_leaf(node, one.rest, one.tests),
        _ => {}
    }
    match node.view() {
        View::Leaf(leaf) => pending.iter().all(|condition| {
            condition.rest.is_none() && condition.tests.iter().any(|test| test.passes(&leaf))
        }),
        View::Array => {
            // Plain elements of an array bind nothing: any of them may meet a condition.
            let by_plain = |condition: &Pending<'_>| {
                condition.rest.is_none()
                    && node.any_element(|element| match element.view() {
                        View::Leaf(leaf) => condition.tests.iter().any(|test| test.passes(&leaf)),
                        _ => false,
                    })
            };
            let left: Some8<Pending<'_>> =
                pending.iter().filter(|condition| !by_plain(condition)).copied().collect();
            left.is_empty()
                || node.any_element(|element| {
                    !matches!(element.view(), View::Leaf(_)) && all(element, &left, readings)
                })
        }
        View::Object => in_members(node, pending, readings),
    }
}

/// A member of an object that does for a condition.
#[derive(Clone, Copy)]
struct Way<'p, N> {
    name: &'p str,
    member: N,
    pending: Pending<'p>,
}

fn in_members<N: Node>(node: N, pending: &[Pending<'_>], readings: &Cell<usize>) -> bool {
    let mut names: Some8<&str> = SmallVec::new();
    let mut behind: Some8<(usize, Option<&str>)> = SmallVec::new();
    for (place, condition) in pending.iter().enumerate() {
        let Some(rest) = condition.rest else { return false };
        for (name, rest) in heads(rest) {
            names.push(name);
            behind.push((place, rest));
        }
    }
    let mut ways: Some8<SmallVec<[Way<'_, N>; 1]>> = SmallVec::from_elem(SmallVec::new(), pending.len());
    node.members(&names, |at, member| {
        let (place, rest) = behind[at];
        let pending = Pending { rest, tests: pending[place].tests };
        ways[place].push(Way { name: names[at], member, pending });
    });
    for ways in ways.iter_mut().filter(|ways| ways.len() > 1) {
        ways.retain(|way| some_leaf(way.member, way.pending.rest, way.pending.tests));
    }
    if ways.iter().any(|ways| ways.is_empty()) {
        return false;
    }
    // Almost always there is one way for each, and one reading.
    let mut chosen: Some8<usize> = SmallVec::from_elem(0, ways.len());
    loop {
        if reading(ways.iter().zip(&chosen).map(|(ways, at)| ways[*at]), readings) {
            return true;
        }
        let next = chosen.iter().zip(&ways).position(|(at, ways)| at + 1 < ways.len());
        let Some(next) = next.filter(|_| readings.get() < PATTERN_READINGS_MAX) else { return false };
        readings.set(readings.get() + 1);
        chosen[next] += 1;
        chosen[..next].fill(0);
    }
}

/// Whether all conditions are met, each on one way.
fn reading<'p, N: Node>(ways: impl Iterator<Item = Way<'p, N>>, readings: &Cell<usize>) -> bool {
    let mut ways: Some8<Way<'p, N>> = ways.collect();
    ways.sort_by_key(|way| way.name);
    ways.chunk_by(|one, other| one.name == other.name).all(|same| {
        let pending: Some8<Pending<'p>> = same.iter().map(|way| way.pending).collect();
        all(same[0].member, &pending, readings)
    })
}
