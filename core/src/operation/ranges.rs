//! Ranges of rows: what a key condition matches, in a table and in an index, and parts of a scan.

use std::ops::{Bound, RangeBounds};

use crate::expression::{KeyRange, SortCondition};
use crate::store::RowRange;
use crate::table::HashRange;
use crate::value::ValueRef;
use crate::value::key::{RowKey, hash_of, write_derived_front, write_derived_part, write_key_bytes};

/// The rows of a table that a key condition matches.
pub(super) fn of_table(partition: ValueRef<'_>, sort: Option<SortCondition<'_>>) -> RowRange {
    let prefix = RowKey::partition_prefix(partition);
    let with = |value: ValueRef<'_>| {
        let mut bytes = prefix.clone();
        write_key_bytes(value, &mut bytes);
        bytes
    };
    let start = || Bound::Included(prefix.clone());
    let end = || after_prefix(prefix.clone());
    let (from, to) = match sort {
        None => (start(), end()),
        Some(SortCondition::Eq(value)) => (Bound::Included(with(value)), Bound::Included(with(value))),
        Some(SortCondition::Lt(value)) => (start(), Bound::Excluded(with(value))),
        Some(SortCondition::Le(value)) => (start(), Bound::Included(with(value))),
        Some(SortCondition::Gt(value)) => (Bound::Excluded(with(value)), end()),
        Some(SortCondition::Ge(value)) => (Bound::Included(with(value)), end()),
        Some(SortCondition::Between(low, high)) => (Bound::Included(with(low)), Bound::Included(with(high))),
        Some(SortCondition::BeginsWith(value)) => (Bound::Included(with(value)), after_prefix(with(value))),
    };
    RowRange { from, to, descending: false }
}

/// The rows of a space that a key condition matches. Several rows have the same values, so each value is a run of keys.
pub(super) fn of_space(keys: &KeyRange<'_>) -> RowRange {
    let mut prefix = RowKey::derived_prefix(keys.partition.iter().copied());
    for value in &keys.equal {
        write_derived_part(*value, &mut prefix);
    }
    let with = |value: ValueRef<'_>| {
        let mut bytes = prefix.clone();
        write_derived_part(value, &mut bytes);
        bytes
    };
    let start = || Bound::Included(prefix.clone());
    let end = || after_prefix(prefix.clone());
    let from = |value| Bound::Included(with(value));
    let up_to = |value| after_prefix(with(value));
    let (from, to) = match keys.sort {
        None => (start(), end()),
        Some(SortCondition::Eq(value)) => (from(value), up_to(value)),
        Some(SortCondition::Lt(value)) => (start(), Bound::Excluded(with(value))),
        Some(SortCondition::Le(value)) => (start(), up_to(value)),
        Some(SortCondition::Gt(value)) => (behind(with(value)), end()),
        Some(SortCondition::Ge(value)) => (from(value), end()),
        Some(SortCondition::Between(low, high)) => (from(low), up_to(high)),
        Some(SortCondition::BeginsWith(value)) => {
            let mut front = prefix.clone();
            write_derived_front(value, &mut front);
            (Bound::Included(front.clone()), after_prefix(front))
        }
    };
    RowRange { from, to, descending: false }
}

/// The end of all keys that start with `prefix`.
fn after_prefix(mut prefix: Vec<u8>) -> Bound<Vec<u8>> {
    while prefix.pop_if(|byte| *byte == u8::MAX).is_some() {}
    match prefix.last_mut() {
        Some(last) => {
            *last += 1;
            Bound::Excluded(prefix)
        }
        None => Bound::Unbounded,
    }
}

/// The start of all keys behind those that start with `prefix`, which ends as a part of a derived key does.
fn behind(prefix: Vec<u8>) -> Bound<Vec<u8>> {
    match after_prefix(prefix) {
        Bound::Excluded(next) => Bound::Included(next),
        _ => unreachable!("a part ends with zeros, so there are keys behind it"),
    }
}

/// The rows whose hashes lie in a range.
pub(super) fn of_hashes(hashes: HashRange) -> RowRange {
    let to = match hashes.last.checked_add(1) {
        Some(end) => Bound::Excluded(end.to_be_bytes().to_vec()),
        None => Bound::Unbounded,
    };
    RowRange { from: Bound::Included(hashes.first.to_be_bytes().to_vec()), to, descending: false }
}

pub(super) fn contains(range: &RowRange, key: &[u8]) -> bool {
    let bounds = (range.from.as_ref().map(Vec::as_slice), range.to.as_ref().map(Vec::as_slice));
    <(Bound<&[u8]>, Bound<&[u8]>) as RangeBounds<[u8]>>::contains(&bounds, key)
}

/// The hash that a range of rows of one partition key has.
pub(super) fn hash_of_start(range: &RowRange) -> u64 {
    hash_of(key_of(&range.from))
}

/// Goes on behind a row, in the direction of the range.
pub(super) fn resume(range: &mut RowRange, after: Vec<u8>) {
    let edge = if range.descending { &mut range.to } else { &mut range.from };
    *edge = Bound::Excluded(after);
}

/// What two ranges of ascending rows have in common.
pub(super) fn overlap(one: &RowRange, other: RowRange) -> Option<RowRange> {
    let from = match (&one.from, other.from) {
        (Bound::Unbounded, from) => from,
        (from, Bound::Unbounded) => from.clone(),
        (from, edge) if key_of(from) < key_of(&edge) => edge,
        (from, _) => from.clone(),
    };
    let to = match (&one.to, other.to) {
        (Bound::Unbounded, to) => to,
        (to, Bound::Unbounded) => to.clone(),
        (to, edge) if key_of(to) > key_of(&edge) => edge,
        (to, _) => to.clone(),
    };
    let is_empty = !matches!(to, Bound::Unbounded) && key_of(&from) >= key_of(&to);
    (!is_empty).then_some(RowRange { from, to, descending: false })
}

fn key_of(edge: &Bound<Vec<u8>>) -> &[u8] {
    match edge {
        Bound::Included(key) | Bound::Excluded(key) => key,
        Bound::Unbounded => &[],
    }
}
