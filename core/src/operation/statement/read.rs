//! SELECT: the runs of keys that its condition names, or all of the table or index, a page at a time.

use super::runs::{Run, is_empty, runs};
use super::token::{Request, Tokens};
use crate::api::message::{index as index_text, statement as text};
use crate::api::{Error, Result};
use crate::engine::Call;
use crate::expression::attributes_of;
use crate::expression::tree::Node;
use crate::limits::PAGE_MAX_BYTES;
use crate::operation::ranges::resume;
use crate::operation::reading::{CHUNK, Source};
use crate::statement::{Origin, Selection};
use crate::store::{Budget, RowRange};
use crate::table::{Index, IndexKind, Table, Usage, read_units};
use crate::value::{Item, Lookup};

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
    pub(super) usage: Usage,
    pub(super) next_token: Option<String>,
    pub(super) last: Option<Item>,
}

/// Reads a page.
///
/// # Errors
/// `ResourceNotFoundException`; `ValidationException` for reads that the service does not make, and tokens that are not this request's;
/// `ProvisionedThroughputExceededException`.
pub(super) fn read(
    call: &Call<'_>,
    selection: &Selection<'_>,
    request: Request<'_>,
    asking: &Asking<'_>,
) -> Result<Page> {
    let table = call.catalog.for_data(selection.origin.table, call.now())?;
    let source = source(call, &table, selection.origin)?;
    if asking.is_consistent && source.is_global() {
        return Err(Error::validation(text::consistent_read()));
    }
    let fetches = require_columns(&source, selection)?;
    let mut runs = runs(selection, &source)?;
    let tokens = Tokens::of(&call.iterators, table.id, request);
    let mut first = 0;
    if let Some(token) = asking.next_token {
        let resumed = tokens.open(token)?;
        first = resumed.run;
        if let Some(run) = runs.get_mut(first) {
            resume(&mut run.range, resumed.row);
        }
    }
    let (page, scanned, bytes, fetched) = (Page::default(), 0, 0, 0.0);
    Reader { call, source, selection, asking, tokens, fetches, page, scanned, bytes, fetched }
        .read(&runs, first)
}

/// What a SELECT names.
///
/// # Errors
/// `ValidationException` for no index of the table, and for one that statements do not read.
fn source<'t>(call: &Call<'_>, table: &'t Table, origin: Origin<'_>) -> Result<Source<'t>> {
    let Some(name) = origin.index else { return Ok(Source::of_table(table)) };
    let source = Source::of_index(call, table, name)?;
    let source = source.ok_or_else(|| Error::validation(text::no_such_index()))?;
    source.index.as_deref().map_or(Ok(()), refuse_several_attributes)?;
    Ok(source)
}

/// Statements do not read an index whose key has several attributes for its partition or for its order (facts B15).
fn refuse_several_attributes(index: &Index) -> Result<()> {
    if index.key.partition.len() > 1 || index.key.sort.len() > 1 {
        return Err(Error::validation(text::multi_attribute_index()));
    }
    Ok(())
}

/// Whether items are fetched from the table, to answer columns that a local index does not show.
///
/// # Errors
/// `ValidationException` for such columns of a global index.
fn require_columns(source: &Source<'_>, selection: &Selection<'_>) -> Result<bool> {
    let (Some(index), Some(projected)) = (&source.index, &selection.projected) else { return Ok(false) };
    let mut missing: Vec<String> = Vec::new();
    for name in projected.attributes().filter(|name| !index.projects(name)) {
        if !missing.iter().any(|known| known == name) {
            missing.push(name.to_owned());
        }
    }
    match index.kind {
        _ if missing.is_empty() => Ok(false),
        IndexKind::Local => Ok(true),
        IndexKind::Global => Err(Error::validation(index_text::not_projected(&index.name, &missing))),
    }
}

struct Reader<'a, 'c, 't> {
    call: &'a Call<'c>,
    source: Source<'a>,
    selection: &'a Selection<'t>,
    asking: &'a Asking<'a>,
    tokens: Tokens,
    fetches: bool,
    page: Page,
    scanned: usize,
    bytes: usize,
    /// Units of what was fetched from the table.
    fetched: f64,
}

impl Reader<'_, '_, '_> {
    /// Reads runs until the page is full. The item that crosses the megabyte still belongs to it, as in Query.
    fn read(mut self, runs: &[Run<'_, '_>], first: usize) -> Result<Page> {
        let table = self.source.table;
        for (at, run) in runs.iter().enumerate().skip(first) {
            if is_empty(&run.range) {
                let units = read_units(0, self.asking.is_consistent);
                self.page.usage.add(&self.source.usage(units, 0.0));
                continue;
            }
            for (mut range, hash) in run.pieces(&self.source) {
                let meter = self.source.meter(self.call, hash);
                self.call.admit(table, meter.as_ref())?;
                let (before, fetched) = (self.bytes, self.fetched);
                let is_full = self.read_run(at, &mut range, &run.filters)?;
                let units = read_units(self.bytes - before, self.asking.is_consistent);
                let usage = self.source.usage(units, self.fetched - fetched);
                self.call.charge(table, meter.as_ref(), &usage);
                self.page.usage.add(&usage);
                if is_full {
                    return Ok(self.page);
                }
            }
        }
        Ok(self.page)
    }

    /// Reads one run of rows; returns whether the page is full.
    fn read_run(&mut self, at: usize, range: &mut RowRange, filters: &[&Node<'_>]) -> Result<bool> {
        let hides = self.hides(filters);
        loop {
            let budget = Budget {
                rows: CHUNK.min(self.asking.limit - self.scanned),
                bytes: PAGE_MAX_BYTES - self.bytes,
            };
            let rows = self.source.rows(self.call, range, budget)?;
            for item in &rows.items {
                self.take(item, filters, hides);
                if self.scanned >= self.asking.limit || self.bytes >= PAGE_MAX_BYTES {
                    let row = self.source.row_of(item)?;
                    self.page.next_token = Some(self.tokens.seal(at, row.as_bytes()));
                    self.page.last = Some(self.source.position_of(item));
                    return Ok(true);
                }
            }
            match rows.last {
                Some(last) => resume(range, last),
                None => return Ok(false),
            }
        }
    }

    /// Whether filters speak of what the entries of an index do not show; to them, no item has it.
    fn hides(&self, filters: &[&Node<'_>]) -> bool {
        let Some(index) = &self.source.index else { return false };
        filters.iter().any(|filter| attributes_of(filter).into_iter().any(|name| !index.projects(name)))
    }

    fn take(&mut self, item: &Item, filters: &[&Node<'_>], hides: bool) {
        self.scanned += 1;
        self.bytes += self.source.size_of(item);
        if self.fetches {
            // Unlike a Query, a statement pays for what its filters drop.
            self.fetched += read_units(item.size(), self.asking.is_consistent);
        }
        let entry = self.source.index.as_ref().filter(|_| hides).map(|index| index.entry(item));
        let lookup = Lookup::new(entry.as_ref().unwrap_or(item));
        if filters.iter().all(|filter| filter.holds(&lookup)) {
            self.page.items.push(match (&self.selection.projected, &self.source.index) {
                (Some(projected), _) => projected.apply(item),
                (None, Some(index)) => index.entry(item),
                (None, None) => item.clone(),
            });
        }
    }
}

/// # Errors
/// What the service refuses of any SELECT of a table with this condition, whatever else it may be.
pub(super) fn refuse_reads(selection: &Selection<'_>, table: &Table) -> Result<()> {
    runs(selection, &Source::of_table(table)).map(drop)
}

/// # Errors
/// What is wrong with an index, before it matters that this SELECT may not read one.
pub(super) fn refuse_index(call: &Call<'_>, table: &Table, name: &str) -> Result<()> {
    match Source::of_index(call, table, name)?.and_then(|source| source.index) {
        Some(index) => refuse_several_attributes(&index),
        None => Ok(()),
    }
}

/// The item of a SELECT by its whole key, as it is answered.
pub(super) fn answered(selection: &Selection<'_>, item: Item) -> Item {
    match &selection.projected {
        Some(projected) => projected.apply(&item),
        None => item,
    }
}
