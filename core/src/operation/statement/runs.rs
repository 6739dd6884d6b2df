//! The runs of rows that a SELECT reads, of a table or an index, in the order in which it answers.

use std::cmp::Ordering;
use std::ops::Bound;

use smallvec::{SmallVec, smallvec};

use crate::api::message::{index as index_text, statement as text};
use crate::api::{Error, Result};
use crate::expression::tree::Node;
use crate::expression::{KeyRange, SortCondition, attributes_of};
use crate::operation::ranges;
use crate::operation::reading::Source;
use crate::statement::Selection;
use crate::statement::plan::{Read, Reads, is_keyed};
use crate::store::RowRange;
use crate::table::{HashRange, Index};
use crate::value::ValueRef;
use crate::value::key::RowKey;

/// A run of rows, and what their items must satisfy.
#[derive(Debug)]
pub(super) struct Run<'n, 't> {
    /// None where it is no single one.
    partition: Option<ValueRef<'t>>,
    pub(super) range: RowRange,
    pub(super) filters: Vec<&'n Node<'t>>,
}

impl Run<'_, '_> {
    /// What is read of it one after the other, each with a hash of its rows.
    pub(super) fn pieces(&self, source: &Source<'_>) -> Vec<(RowRange, u64)> {
        match self.partition {
            Some(partition) => vec![(self.range.clone(), RowKey::partition_hash(partition))],
            None => source.pieces(self.range.clone()),
        }
    }
}

/// What a SELECT reads, in the order in which it answers.
///
/// # Errors
/// `ValidationException` for what the service does not read.
pub(super) fn runs<'n, 't>(selection: &'n Selection<'t>, source: &Source<'_>) -> Result<Vec<Run<'n, 't>>> {
    let (mut keys, sort) = source.key_parts();
    keys.extend(sort);
    let reads = Reads::of(selection.filter.as_ref(), &keys)?;
    let has_keys = matches!(reads, Reads::Keys(_));
    if !selection.order.is_empty() && !has_keys {
        return Err(Error::validation(text::order_without_key()));
    }
    if let Some((name, _)) = selection.order.iter().find(|(name, _)| keys.iter().all(|(key, _)| key != name))
    {
        return Err(Error::validation(text::order_by_other(name)));
    }
    let mut runs: Vec<Run<'n, 't>> = match reads {
        Reads::All => {
            let filters = selection.filter.iter().collect();
            return Ok(vec![Run { partition: None, range: ranges::of_hashes(HashRange::ALL), filters }]);
        }
        Reads::Keys(reads) => {
            if let (Some(index), Some(filter)) = (&source.index, &selection.filter)
                && is_keyed(filter, keys[0].0)
            {
                refuse_filters(index, reads.iter().flat_map(|read| &read.filters))?;
            }
            reads.into_iter().map(|read| run_of(source, read)).collect()
        }
    };
    runs.sort_by(|one, two| by_partition(one, two).then_with(|| by_start(one, two)));
    refuse_overlaps(&runs)?;
    order(&mut runs, selection, keys[0].0)?;
    Ok(runs)
}

/// Refuses filters of what an index does not show. A scan of it does not: there such an attribute is one that no item has.
///
/// # Errors
/// `ValidationException`.
fn refuse_filters<'n, 't: 'n>(index: &Index, filters: impl Iterator<Item = &'n &'n Node<'t>>) -> Result<()> {
    let mut missing: Vec<String> = Vec::new();
    for name in filters.flat_map(|filter| attributes_of(filter)).filter(|name| !index.projects(name)) {
        if !missing.iter().any(|known| known == name) {
            missing.push(name.to_owned());
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::validation(index_text::filter_not_projected(&index.name, &missing)))
}

/// The rows that satisfy all of the key conditions.
fn run_of<'n, 't>(source: &Source<'_>, read: Read<'n, 't>) -> Run<'n, 't> {
    let of = |sort: Option<SortCondition<'t>>| {
        source.range(&KeyRange { partition: smallvec![read.partition], equal: SmallVec::new(), sort })
    };
    let mut range = of(None);
    for sort in read.sort {
        let other = of(Some(sort));
        if is_later(&other.from, &range.from) {
            range.from = other.from;
        }
        if is_earlier(&other.to, &range.to) {
            range.to = other.to;
        }
    }
    Run { partition: Some(read.partition), range, filters: read.filters }
}

/// Whether a range that starts at `one` starts after one that starts at `two`.
fn is_later(one: &Bound<Vec<u8>>, two: &Bound<Vec<u8>>) -> bool {
    start_of(one) > start_of(two)
}

/// Whether a range that ends at `one` ends before one that ends at `two`.
fn is_earlier(one: &Bound<Vec<u8>>, two: &Bound<Vec<u8>>) -> bool {
    match (end_of(one), end_of(two)) {
        (Some(one), Some(two)) => one < two,
        (one, None) => one.is_some(),
        (None, Some(_)) => false,
    }
}

/// A bound at the start of a range, in the order of starts.
fn start_of(bound: &Bound<Vec<u8>>) -> (&[u8], bool) {
    match bound {
        Bound::Included(key) => (key, false),
        Bound::Excluded(key) => (key, true),
        Bound::Unbounded => (&[], false),
    }
}

/// A bound at the end of a range, in the order of ends; none for no end.
fn end_of(bound: &Bound<Vec<u8>>) -> Option<(&[u8], bool)> {
    match bound {
        Bound::Included(key) => Some((key, true)),
        Bound::Excluded(key) => Some((key, false)),
        Bound::Unbounded => None,
    }
}

/// Whether no key is in a range.
pub(super) fn is_empty(range: &RowRange) -> bool {
    let ((start, after), Some((end, through))) = (start_of(&range.from), end_of(&range.to)) else {
        return false;
    };
    match start.cmp(end) {
        Ordering::Less => false,
        Ordering::Equal => after || !through,
        Ordering::Greater => true,
    }
}

fn by_partition(one: &Run<'_, '_>, two: &Run<'_, '_>) -> Ordering {
    let compared = one.partition.zip(two.partition).and_then(|(one, two)| one.compare(&two));
    compared.unwrap_or(Ordering::Equal)
}

fn by_start(one: &Run<'_, '_>, two: &Run<'_, '_>) -> Ordering {
    start_of(&one.range.from).cmp(&start_of(&two.range.from))
}

/// # Errors
/// `ValidationException` when a key is in two of the runs, which are in order.
fn refuse_overlaps(runs: &[Run<'_, '_>]) -> Result<()> {
    let mut last: Option<&Run<'_, '_>> = None;
    for run in runs.iter().filter(|run| !is_empty(&run.range)) {
        if let Some(before) = last
            && by_partition(before, run).is_eq()
        {
            let joint =
                RowRange { from: run.range.from.clone(), to: before.range.to.clone(), descending: false };
            if !is_empty(&joint) {
                return Err(Error::validation(text::overlapping_ranges()));
            }
        }
        last = Some(run);
    }
    Ok(())
}

/// Puts the runs into the order that the statement asks for.
///
/// # Errors
/// `ValidationException` where it does not say how several partitions are ordered.
fn order(runs: &mut [Run<'_, '_>], selection: &Selection<'_>, partition: &str) -> Result<()> {
    if selection.order.is_empty() {
        return Ok(());
    }
    let term = |is_partition: bool| {
        selection.order.iter().find(|(name, _)| (*name == partition) == is_partition).map(|(_, down)| *down)
    };
    let is_several = runs.windows(2).any(|pair| by_partition(&pair[0], &pair[1]).is_ne());
    if is_several && term(true).is_none() {
        return Err(Error::validation(text::order_without_partition()));
    }
    let down = term(true) == Some(true);
    // Without a term of its own the sort key is in descending order, even behind an ascending partition key (facts B15).
    let sort_down = term(false).is_none_or(|down| down);
    runs.sort_by(|one, two| {
        let turned = |order: Ordering, down: bool| if down { order.reverse() } else { order };
        turned(by_partition(one, two), down).then_with(|| turned(by_start(one, two), sort_down))
    });
    for run in runs {
        run.range.descending = sort_down;
    }
    Ok(())
}
