//! SELECT: the runs of keys that its condition names, or all of the table, a page at a time.

use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::Arc;

use super::key_names;
use super::token::{Request, Tokens};
use crate::api::message::statement as text;
use crate::api::{Error, Result};
use crate::engine::Call;
use crate::expression::tree::Node;
use crate::limits::PAGE_MAX_BYTES;
use crate::operation::ranges::{self, resume};
use crate::operation::reading::CHUNK;
use crate::statement::Selection;
use crate::statement::plan::{Read, Reads};
use crate::store::{Budget, RowRange};
use crate::table::{HashRange, Table, read_units};
use crate::value::{Item, Lookup, ValueRef};

/// What a request asks besides its statement.
#[derive(Debug)]
pub(super) struct Asking<'a> {
    pub(super) is_consistent: bool,
    pub(super) limit: usize,
    pub(super) next_token: Option<&'a str>,
}

/// A page of an answer.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) items: Vec<Item>,
    pub(super) units: f64,
    pub(super) next_token: Option<String>,
    pub(super) last: Option<Item>,
}

/// A run of rows, and what their items must satisfy.
#[derive(Debug)]
struct Run<'n, 't> {
    /// None where it is no single one.
    partition: Option<ValueRef<'t>>,
    range: RowRange,
    filters: Vec<&'n Node<'t>>,
}

/// Reads a page.
///
/// # Errors
/// `ResourceNotFoundException`; `ValidationException` for reads that the service does not make, and tokens that are not this request's.
pub(super) fn read(
    call: &Call<'_>,
    selection: &Selection<'_>,
    request: Request<'_>,
    asking: &Asking<'_>,
) -> Result<Page> {
    let table = call.catalog.for_data(selection.origin.table, call.now())?;
    if selection.origin.index.is_some() {
        return Err(Error::validation(text::no_such_index()));
    }
    let mut runs = runs(selection, &table)?;
    let tokens = Tokens::of(&call.iterators, table.id, request);
    let mut first = 0;
    if let Some(token) = asking.next_token {
        let resumed = tokens.open(token)?;
        first = resumed.run;
        if let Some(run) = runs.get_mut(first) {
            resume(&mut run.range, resumed.row);
        }
    }
    Reader { call, table, selection, asking, tokens, page: Page::default(), scanned: 0, bytes: 0 }
        .read(runs, first)
}

/// What a SELECT reads, in the order in which it answers.
fn runs<'n, 't>(selection: &'n Selection<'t>, table: &Table) -> Result<Vec<Run<'n, 't>>> {
    let keys = key_names(&table.schema);
    let reads = Reads::of(selection.filter.as_ref(), &keys)?;
    let is_keyed = matches!(reads, Reads::Keys(_));
    if !selection.order.is_empty() && !is_keyed {
        return Err(Error::validation(text::order_without_key()));
    }
    if let Some((name, _)) = selection.order.iter().find(|(name, _)| keys.iter().all(|(key, _)| key != name))
    {
        return Err(Error::validation(text::order_by_other(name)));
    }
    let mut runs = match reads {
        Reads::All => {
            let filters = selection.filter.iter().collect();
            return Ok(vec![Run { partition: None, range: ranges::of_hashes(HashRange::ALL), filters }]);
        }
        Reads::Keys(reads) => reads.into_iter().map(run_of).collect::<Result<Vec<_>>>()?,
    };
    runs.sort_by(|one, two| by_partition(one, two).then_with(|| by_start(one, two)));
    refuse_overlaps(&runs)?;
    order(&mut runs, selection, keys[0].0)?;
    Ok(runs)
}

/// The rows that satisfy all of the key conditions.
fn run_of<'n, 't>(read: Read<'n, 't>) -> Result<Run<'n, 't>> {
    let of = |sort| ranges::of_table(read.partition, sort);
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
    Ok(Run { partition: Some(read.partition), range, filters: read.filters })
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

fn is_empty(range: &RowRange) -> bool {
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

struct Reader<'a, 'c, 't> {
    call: &'a Call<'c>,
    table: Arc<Table>,
    selection: &'a Selection<'t>,
    asking: &'a Asking<'a>,
    tokens: Tokens,
    page: Page,
    scanned: usize,
    bytes: usize,
}

impl Reader<'_, '_, '_> {
    /// Reads runs until the page is full. The item that crosses the megabyte still belongs to it, as in Query.
    fn read(mut self, runs: Vec<Run<'_, '_>>, first: usize) -> Result<Page> {
        for (at, mut run) in runs.into_iter().enumerate().skip(first) {
            let before = self.bytes;
            let is_full = self.read_run(at, &mut run)?;
            self.page.units += read_units(self.bytes - before, self.asking.is_consistent);
            if is_full {
                break;
            }
        }
        Ok(self.page)
    }

    /// Reads one run; returns whether the page is full.
    fn read_run(&mut self, at: usize, run: &mut Run<'_, '_>) -> Result<bool> {
        if is_empty(&run.range) {
            return Ok(false);
        }
        loop {
            let budget = Budget {
                rows: CHUNK.min(self.asking.limit - self.scanned),
                bytes: PAGE_MAX_BYTES - self.bytes,
            };
            let rows = self.call.store.rows(self.table.id, &run.range, budget)?;
            for item in &rows.items {
                self.take(item, &run.filters);
                if self.scanned >= self.asking.limit || self.bytes >= PAGE_MAX_BYTES {
                    let row = self.table.schema.row_key(item)?;
                    self.page.next_token = Some(self.tokens.seal(at, row.as_bytes()));
                    self.page.last = Some(item.project(&self.table.schema.names()));
                    return Ok(true);
                }
            }
            match rows.last {
                Some(last) => resume(&mut run.range, last),
                None => return Ok(false),
            }
        }
    }

    fn take(&mut self, item: &Item, filters: &[&Node<'_>]) {
        self.scanned += 1;
        self.bytes += item.size();
        let lookup = Lookup::new(item);
        if filters.iter().all(|filter| filter.holds(&lookup)) {
            self.page.items.push(match &self.selection.projected {
                Some(projected) => projected.apply(item),
                None => item.clone(),
            });
        }
    }
}

/// # Errors
/// What the service refuses of any SELECT with this condition, whatever else it may be.
pub(super) fn refuse_reads(selection: &Selection<'_>, table: &Table) -> Result<()> {
    runs(selection, table).map(drop)
}

/// The item of a SELECT by its whole key, as it is answered.
pub(super) fn answered(selection: &Selection<'_>, item: Item) -> Item {
    match &selection.projected {
        Some(projected) => projected.apply(&item),
        None => item,
    }
}
