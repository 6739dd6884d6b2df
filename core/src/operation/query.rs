//! Query and Scan.

use std::ops::{Bound, RangeBounds};

use super::item::projection;
use super::parameters::filter;
use crate::api::message::{Problem, table as text};
use crate::api::{
    Enumeration, Error, Open, QueryInput, QueryOutput, Result, ScanInput, ScanOutput, Select, Valid,
};
use crate::engine::Call;
use crate::expression::{Condition, KeyCondition, KeyRange, Placeholders, Projection, SortCondition, legacy};
use crate::limits::PAGE_MAX_BYTES;
use crate::store::{Budget, RowRange};
use crate::table::{Access, HashRange, KeyAttribute, Schema, Table, consumed, read_units};
use crate::value::key::{RowKey, hash_of, write_key_bytes};
use crate::value::{AttributeType, Checked, Item, ValueFault, ValueRef};

/// Rows read from the store at a time, so that no lock is held while filters run.
pub(super) const CHUNK: usize = 128;

/// Query.
pub(crate) fn query(call: &Call<'_>, input: &Valid<'_, QueryInput>) -> Result<QueryOutput> {
    legacy::refuse_mixing(
        &[
            ("AttributesToGet", input.attributes_to_get.is_some()),
            ("QueryFilter", input.query_filter.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
            // Beside the other expressions it may stand: object mappers send it so.
            ("KeyConditions", input.key_conditions.is_some() && input.key_condition_expression.is_some()),
        ],
        &[
            ("ProjectionExpression", input.projection_expression.is_some()),
            ("FilterExpression", input.filter_expression.is_some()),
            ("KeyConditionExpression", input.key_condition_expression.is_some()),
        ],
    )?;
    let counting = select(&input.select, &input.attributes_to_get, &input.projection_expression)?;
    let mut placeholders = Placeholders::new(
        input.expression_attribute_names.as_ref(),
        input.expression_attribute_values.as_ref(),
        input.key_condition_expression.is_some()
            || input.filter_expression.is_some()
            || input.projection_expression.is_some(),
    )?;
    let projection = projection(&input.attributes_to_get, &input.projection_expression, &mut placeholders)?;
    let filter = filter(
        ("QueryFilter", input.query_filter.as_ref()),
        input.conditional_operator.as_ref(),
        input.filter_expression.as_ref(),
        &mut placeholders,
    )?;
    let condition = match (&input.key_condition_expression, &input.key_conditions) {
        (Some(expression), _) => KeyCondition::parse(expression, &mut placeholders)?,
        (None, Some(conditions)) => legacy::key_conditions(conditions)?,
        (None, None) => return Err(Error::validation(text::key_condition_required())),
    };
    placeholders.finish()?;
    let start = starting_key(&input.exclusive_start_key)?;
    let table = call.catalog.for_data(input.table_name, call.now())?;
    let schema = &table.schema;
    refuse_index(&input.index_name)?;
    if let Some(filter) = &filter {
        filter.refuse_keys(&schema.names())?;
    }
    if let Some(projection) = &projection {
        projection.refuse_steps_below_keys(&schema.names())?;
    }
    let keys = condition.resolve(typed(&schema.hash), schema.range.as_ref().map(typed))?;
    let mut range = row_range(&keys);
    range.descending = input.scan_index_forward == Some(false);
    if let Some(start) = start {
        let after = start_of(schema, start, text::starting_key_invalid())?;
        if !contains(&range, &after) {
            return Err(Error::validation(text::starting_key_outside_query()));
        }
        resume(&mut range, after);
    }
    let reading = Reading { filter, projection, counting, sort: keys.sort, limit: limit(input.limit) };
    let meter = call.admit(&table, Access::Read, RowKey::partition_hash(keys.partition))?;
    let page = read_page(call, &table, range, &reading)?;
    let units = read_units(page.bytes, input.consistent_read == Some(true));
    call.charge(&table, meter, units);
    Ok(QueryOutput {
        items: page.items,
        count: Some(page.count),
        scanned_count: Some(page.scanned),
        last_evaluated_key: page.last,
        consumed_capacity: consumed(input.return_consumed_capacity.as_ref(), input.table_name, units),
    })
}

/// Scan.
pub(crate) fn scan(call: &Call<'_>, input: &Valid<'_, ScanInput>) -> Result<ScanOutput> {
    legacy::refuse_mixing(
        &[
            ("AttributesToGet", input.attributes_to_get.is_some()),
            ("ScanFilter", input.scan_filter.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
        ],
        &[
            ("ProjectionExpression", input.projection_expression.is_some()),
            ("FilterExpression", input.filter_expression.is_some()),
        ],
    )?;
    let segment = segment(input.segment, input.total_segments)?;
    let counting = select(&input.select, &input.attributes_to_get, &input.projection_expression)?;
    let mut placeholders = Placeholders::new(
        input.expression_attribute_names.as_ref(),
        input.expression_attribute_values.as_ref(),
        input.filter_expression.is_some() || input.projection_expression.is_some(),
    )?;
    let projection = projection(&input.attributes_to_get, &input.projection_expression, &mut placeholders)?;
    let filter = filter(
        ("ScanFilter", input.scan_filter.as_ref()),
        input.conditional_operator.as_ref(),
        input.filter_expression.as_ref(),
        &mut placeholders,
    )?;
    placeholders.finish()?;
    let start = starting_key(&input.exclusive_start_key)?;
    let table = call.catalog.for_data(input.table_name, call.now())?;
    refuse_index(&input.index_name)?;
    let mut range = hash_rows(segment);
    if let Some(start) = start {
        let after = start_of(&table.schema, start, text::scan_starting_key_invalid())?;
        if !(segment.first..=segment.last).contains(&hash_of(&after)) {
            return Err(Error::validation(text::starting_key_outside_segment()));
        }
        resume(&mut range, after);
    }
    let reading = Reading { filter, projection, counting, sort: None, limit: limit(input.limit) };
    let (page, units) = scan_partitions(call, &table, &range, &reading, input.consistent_read == Some(true))?;
    Ok(ScanOutput {
        items: page.items,
        count: Some(page.count),
        scanned_count: Some(page.scanned),
        last_evaluated_key: page.last,
        consumed_capacity: consumed(input.return_consumed_capacity.as_ref(), input.table_name, units),
    })
}

// ---- parameters

/// Whether only numbers are asked for.
fn select(
    select: &Option<Open<Select>>,
    names: &Option<Vec<String>>,
    expression: &Option<String>,
) -> Result<bool> {
    let given = match (expression, names) {
        (Some(_), _) => Some("ProjectionExpression"),
        (None, Some(_)) => Some("AttributesToGet"),
        (None, None) => None,
    };
    match (select.as_ref().and_then(Open::known), given) {
        (Some(Select::AllProjectedAttributes), _) => Err(Error::validation(text::projected_without_index())),
        (Some(Select::SpecificAttributes), None) => Err(Error::validation(text::select_needs_projection())),
        (Some(select @ (Select::AllAttributes | Select::Count)), Some(parameter)) => {
            Err(Error::validation(text::select_with_projection(select.name(), parameter)))
        }
        (select, _) => Ok(select == Some(Select::Count)),
    }
}

fn segment(segment: Option<i32>, total: Option<i32>) -> Result<HashRange> {
    match (segment, total) {
        (None, None) => Ok(HashRange::ALL),
        (Some(_), None) => Err(Error::validation(text::total_segments_required())),
        (None, Some(_)) => Err(Error::validation(text::segment_required())),
        (Some(segment), Some(total)) if segment >= total => {
            Err(Error::validation(text::segment_too_large(segment, total)))
        }
        (Some(segment), Some(total)) => {
            // The check has refused negative ones.
            Ok(HashRange::ALL.part(segment.unsigned_abs() as usize, total.unsigned_abs() as usize))
        }
    }
}

fn starting_key(given: &Option<Checked<Item>>) -> Result<Option<&Item>> {
    let refuse = |fault: &ValueFault| Error::validation(Problem::StartingKey(fault.problem.clone()));
    given.as_ref().map(|Checked(key)| key.as_ref().map_err(refuse)).transpose()
}

/// The row key of a starting key. Wrong names and wrong types have messages of their own (facts B9).
fn start_of(schema: &Schema, key: &Item, not_the_tables: impl Into<Problem>) -> Result<Vec<u8>> {
    let names = schema.names();
    let named = names.iter().all(|name| key.get(name).is_some()) && key.attributes().len() == names.len();
    if !named {
        return Err(Error::validation(not_the_tables));
    }
    Ok(schema.key_of_parameter(key)?.as_bytes().to_vec())
}

fn refuse_index(index: &Option<String>) -> Result<()> {
    match index {
        Some(index) => Err(Error::validation(text::no_such_index(index))),
        None => Ok(()),
    }
}

fn limit(given: Option<i32>) -> usize {
    // The check has refused limits below 1.
    given.map_or(usize::MAX, |limit| limit.unsigned_abs() as usize)
}

fn typed(part: &KeyAttribute) -> (&str, AttributeType) {
    (&part.name, part.attribute_type())
}

// ---- ranges of rows

/// The rows a key condition matches.
pub(super) fn row_range(keys: &KeyRange<'_>) -> RowRange {
    let prefix = RowKey::partition_prefix(keys.partition);
    let with = |value: ValueRef<'_>| {
        let mut bytes = prefix.clone();
        write_key_bytes(value, &mut bytes);
        bytes
    };
    let start = Bound::Included(prefix.clone());
    let end = after_prefix(prefix.clone());
    let (from, to) = match keys.sort {
        None => (start, end),
        Some(SortCondition::Eq(value)) => (Bound::Included(with(value)), Bound::Included(with(value))),
        Some(SortCondition::Lt(value)) => (start, Bound::Excluded(with(value))),
        Some(SortCondition::Le(value)) => (start, Bound::Included(with(value))),
        Some(SortCondition::Gt(value)) => (Bound::Excluded(with(value)), end),
        Some(SortCondition::Ge(value)) => (Bound::Included(with(value)), end),
        Some(SortCondition::Between(low, high)) => (Bound::Included(with(low)), Bound::Included(with(high))),
        Some(SortCondition::BeginsWith(value)) => (Bound::Included(with(value)), after_prefix(with(value))),
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

pub(super) fn hash_rows(hashes: HashRange) -> RowRange {
    let to = match hashes.last.checked_add(1) {
        Some(end) => Bound::Excluded(end.to_be_bytes().to_vec()),
        None => Bound::Unbounded,
    };
    RowRange { from: Bound::Included(hashes.first.to_be_bytes().to_vec()), to, descending: false }
}

fn contains(range: &RowRange, key: &[u8]) -> bool {
    let bounds = (range.from.as_ref().map(Vec::as_slice), range.to.as_ref().map(Vec::as_slice));
    <(Bound<&[u8]>, Bound<&[u8]>) as RangeBounds<[u8]>>::contains(&bounds, key)
}

/// Goes on behind a row, in the direction of the range.
pub(super) fn resume(range: &mut RowRange, after: Vec<u8>) {
    let edge = if range.descending { &mut range.to } else { &mut range.from };
    *edge = Bound::Excluded(after);
}

// ---- pages

/// What is done with the rows of a page.
struct Reading<'a> {
    filter: Option<Condition<'a>>,
    projection: Option<Projection<'a>>,
    counting: bool,
    sort: Option<SortCondition<'a>>,
    limit: usize,
}

#[derive(Default)]
struct Page {
    items: Option<Vec<Item>>,
    count: i32,
    scanned: i32,
    bytes: usize,
    /// Where the next page starts.
    last: Option<Item>,
}

impl Page {
    fn of(reading: &Reading<'_>) -> Page {
        Page { items: (!reading.counting).then(Vec::new), ..Page::default() }
    }

    fn is_full(&self, limit: usize) -> bool {
        self.scanned as usize >= limit || self.bytes >= PAGE_MAX_BYTES
    }
}

/// Reads the partitions of a range one after the other. Each that is come by costs a unit at least (facts B14): why a scan of a few items
/// costs 4 units, or 2, in a new table of the service, which has four partitions.
fn scan_partitions(
    call: &Call<'_>,
    table: &Table,
    range: &RowRange,
    reading: &Reading<'_>,
    consistent: bool,
) -> Result<(Page, f64)> {
    let mut page = Page::of(reading);
    let mut units = 0.0;
    for partition in table.partitions() {
        let Some(rows) = overlap(range, hash_rows(partition.range)) else { continue };
        let meter = call.admit(table, Access::Read, partition.range.first)?;
        let before = page.bytes;
        let full = read_rows(call, table, rows, reading, &mut page)?;
        let used = read_units(page.bytes - before, consistent);
        call.charge(table, meter, used);
        units += used;
        if full {
            break;
        }
    }
    Ok((page, units))
}

/// What two ranges of ascending rows have in common.
fn overlap(one: &RowRange, other: RowRange) -> Option<RowRange> {
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

/// Evaluates rows up to the limit or 1 MB; the row that crosses the megabyte still belongs to the page (facts B9).
fn read_page(call: &Call<'_>, table: &Table, range: RowRange, reading: &Reading<'_>) -> Result<Page> {
    let mut page = Page::of(reading);
    read_rows(call, table, range, reading, &mut page)?;
    Ok(page)
}

/// Goes on with a page; tells whether it is full.
fn read_rows(
    call: &Call<'_>,
    table: &Table,
    mut range: RowRange,
    reading: &Reading<'_>,
    page: &mut Page,
) -> Result<bool> {
    let keys = table.schema.names();
    loop {
        let budget = Budget {
            rows: CHUNK.min(reading.limit - page.scanned as usize),
            bytes: PAGE_MAX_BYTES - page.bytes,
        };
        let rows = call.store.rows(table.id, &range, budget)?;
        for item in &rows.items {
            take(page, item, &table.schema, reading);
            if page.is_full(reading.limit) {
                // Whether anything follows is not looked up: the service names a last key here even at the end (facts B9).
                page.last = Some(item.project(&keys));
                return Ok(true);
            }
        }
        match rows.last {
            Some(last) => resume(&mut range, last),
            None => return Ok(false),
        }
    }
}

fn take(page: &mut Page, item: &Item, schema: &Schema, reading: &Reading<'_>) {
    page.scanned += 1;
    page.bytes += item.size();
    debug_assert!(
        schema
            .range
            .as_ref()
            .zip(reading.sort)
            .is_none_or(|(part, sort)| item.get(&part.name).is_some_and(|value| sort.holds(value))),
        "the range of rows is exactly the key condition"
    );
    if let Some(filter) = &reading.filter
        && !filter.holds(item)
    {
        return;
    }
    page.count += 1;
    if let Some(items) = &mut page.items {
        items.push(match &reading.projection {
            Some(projection) => projection.apply(item),
            None => item.clone(),
        });
    }
}
