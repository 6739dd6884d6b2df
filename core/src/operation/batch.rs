//! BatchWriteItem, BatchGetItem (facts B8).

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::action::{ConditionParameters, Parsed, Tables};
use super::collection::Collections;
use super::distinct::has_one_twice;
use super::item::{projection, usage};
use super::parameters::checked;
use crate::api::message::batch as text;
use crate::api::message::shape::Rule;
use crate::api::shape::{Echo, Member, Place, Violations, is_arn, is_name};
use crate::api::{
    BatchGetItemInput, BatchGetItemOutput, BatchWriteItemInput, BatchWriteItemOutput, ConsumedCapacity,
    Error, KeysAndAttributes, Open, Result, ReturnConsumedCapacity, Shape, Valid, WriteRequest,
};
use crate::engine::Call;
use crate::expression::{Projection, legacy};
use crate::limits::{BATCH_GET_MAX, BATCH_MAX_BYTES, BATCH_WRITE_MAX, NAME_MAX_CHARS, NAME_MIN_CHARS};
use crate::store::TableId;
use crate::table::{Access, Table, Usage, consumed_by, read_units};
use crate::transaction::{self, Intent, Refused};
use crate::value::key::RowKey;
use crate::value::{Checked, Item};

/// BatchWriteItem. The batch is one commit, of all that there is capacity for.
pub(crate) fn write(call: &Call<'_>, input: &Valid<'_, BatchWriteItemInput>) -> Result<BatchWriteItemOutput> {
    check_write_sizes(input.request_items)?;
    check_tables(input.request_items, |out| input.request_items.echo(out))?;
    let count = input.request_items.values().map(Vec::len).sum();
    let mut actions: Vec<(&str, &WriteRequest, Parsed<'_>)> = Vec::with_capacity(count);
    for (table, requests) in input.request_items {
        for request in requests {
            actions.push((table, request, parse(call, request)?));
        }
    }
    let mut names = Vec::with_capacity(actions.len());
    let mut intents: Vec<Intent<'_>> = Vec::with_capacity(actions.len());
    let mut tables = Tables::new(call);
    let looked_up = actions.into_iter().try_for_each(|(name, request, action)| {
        names.push((name, request));
        let intent = tables.get(name).and_then(|table| action.on(table));
        intents.push(intent.map_err(|error| key_error(call, name, request, error))?);
        Ok(())
    });
    require_distinct(intents.iter().map(|intent| (intent.table.id, &intent.key)))?;
    looked_up?;
    let written = transaction::run_batch(call, intents).map_err(|refused| match refused {
        Refused::Whole(error) => error,
        Refused::Each(reasons) => {
            reasons.into_iter().flatten().next().expect("refused for the reason of one of them")
        }
    })?;
    let mut used: BTreeMap<&str, Usage> = BTreeMap::new();
    let mut collections = Collections::default();
    let mut unprocessed: BTreeMap<String, Vec<WriteRequest>> = BTreeMap::new();
    for ((name, request), written) in names.into_iter().zip(&written) {
        let Some(written) = written else {
            unprocessed.entry(name.to_owned()).or_default().push(request.clone());
            continue;
        };
        if input.return_consumed_capacity.is_some() {
            used.entry(name).or_default().add(&usage(written));
        }
        if let Some(item) = item_of(request) {
            let asked = input.return_item_collection_metrics.as_ref();
            collections.add(call, asked, (name, item), written)?;
        }
    }
    Ok(BatchWriteItemOutput {
        item_collection_metrics: collections.answer(),
        unprocessed_items: Some(unprocessed),
        consumed_capacity: capacities(input.return_consumed_capacity.as_ref(), used),
    })
}

fn check_write_sizes(requests: &BTreeMap<String, Vec<WriteRequest>>) -> Result<()> {
    if requests.is_empty() {
        return Err(Error::validation(text::request_items_required("BatchWriteItem")));
    }
    if requests.values().any(|requests| !(1..=BATCH_WRITE_MAX).contains(&requests.len())) {
        let mut violations = Violations::default();
        let rule = Rule::ValueLength { min: 1, max: BATCH_WRITE_MAX };
        violations.add(&Place::WHOLE.member("RequestItems"), rule, Some(&|out| requests.echo(out)));
        return Err(violations.into_error());
    }
    if requests.values().map(Vec::len).sum::<usize>() > BATCH_WRITE_MAX {
        return Err(Error::validation(text::too_many_items("BatchWriteItem")));
    }
    Ok(())
}

/// Names of tables that can be none (facts B8).
fn check_tables<T>(requests: &BTreeMap<String, T>, echo: impl Fn(&mut Echo) -> fmt::Result) -> Result<()> {
    let is_name = |name: &String| {
        is_arn(name) || (is_name(name) && (NAME_MIN_CHARS..=NAME_MAX_CHARS).contains(&name.len()))
    };
    if requests.keys().all(is_name) {
        return Ok(());
    }
    let mut violations = Violations::default();
    violations.add(&Place::WHOLE.member("RequestItems"), Rule::TableNames, Some(&echo));
    Err(violations.into_error())
}

/// Of an item without its key, or with one of another type, a batch says what it says of such a `Key`.
fn key_error(call: &Call<'_>, name: &str, request: &WriteRequest, error: Error) -> Error {
    let item = request.put_request.as_ref().and_then(|put| put.item.as_ref()?.0.as_ref().ok());
    let Some((item, table)) = item.zip(call.catalog.for_data(name, call.now()).ok()) else { return error };
    table.schema.key_of_parameter(&item.project(&table.schema.names())).err().unwrap_or(error)
}

fn parse<'a>(call: &Call<'_>, request: &'a WriteRequest) -> Result<Parsed<'a>> {
    match (&request.put_request, &request.delete_request) {
        (Some(put), None) => Parsed::put(call, put.valid()?.item, ConditionParameters::default()),
        (None, Some(delete)) => Parsed::delete(call, delete.valid()?.key, ConditionParameters::default()),
        _ => Err(Error::validation(text::not_one_request())),
    }
}

/// What has the key of a request's item.
fn item_of(request: &WriteRequest) -> Option<&Checked<Item>> {
    let put = request.put_request.as_ref().and_then(|put| put.item.as_ref());
    put.or_else(|| request.delete_request.as_ref().and_then(|delete| delete.key.as_ref()))
}

/// What one table is asked for.
struct Asked<'a> {
    name: &'a str,
    request: &'a KeysAndAttributes,
    keys: &'a [Checked<Item>],
    projection: Option<Projection<'a>>,
}

/// BatchGetItem.
pub(crate) fn get(call: &Call<'_>, input: &Valid<'_, BatchGetItemInput>) -> Result<BatchGetItemOutput> {
    if input.request_items.is_empty() {
        return Err(Error::validation(text::request_items_required("BatchGetItem")));
    }
    check_tables(input.request_items, |out| {
        let json = serde_json::to_string(input.request_items).map_err(|_| fmt::Error)?;
        out.write_str(&json)
    })?;
    let gives = |given: fn(&KeysAndAttributes) -> bool| input.request_items.values().any(given);
    legacy::refuse_mixing(
        &[("AttributesToGet", gives(|request| request.attributes_to_get.is_some()))],
        &[("ProjectionExpression", gives(|request| request.projection_expression.is_some()))],
    )?;
    let asked = input.request_items.iter().map(|(name, request)| parse_get(call, name, request));
    let asked: Vec<Asked<'_>> = asked.collect::<Result<_>>()?;
    if asked.iter().map(|asked| asked.keys.len()).sum::<usize>() > BATCH_GET_MAX {
        return Err(Error::validation(text::too_many_items("BatchGetItem")));
    }
    let looked_up: Vec<(Arc<Table>, Vec<RowKey>)> =
        asked.iter().map(|asked| look_up(call, asked)).collect::<Result<_>>()?;
    let mut page = Page::default();
    for (asked, (table, rows)) in asked.iter().zip(looked_up) {
        page.read(call, asked, &table, rows)?;
    }
    if let Some(error) = page.throttled.filter(|_| page.used.is_empty()) {
        return Err(error);
    }
    Ok(BatchGetItemOutput {
        responses: Some(page.responses),
        unprocessed_keys: Some(page.unprocessed),
        consumed_capacity: capacities(input.return_consumed_capacity.as_ref(), page.used),
    })
}

fn parse_get<'a>(call: &Call<'_>, name: &'a str, request: &'a KeysAndAttributes) -> Result<Asked<'a>> {
    let projection = projection(
        call,
        &request.attributes_to_get,
        &request.projection_expression,
        request.expression_attribute_names.as_ref(),
    )?;
    Ok(Asked { name, request, keys: request.valid()?.keys, projection })
}

/// The rows of the keys, which must differ.
fn look_up(call: &Call<'_>, asked: &Asked<'_>) -> Result<(Arc<Table>, Vec<RowKey>)> {
    let table = call.catalog.for_data(asked.name, call.now())?;
    if let Some(projection) = &asked.projection {
        projection.refuse_steps_below_keys(&table.schema.names())?;
    }
    let mut rows = Vec::with_capacity(asked.keys.len());
    let looked_up = asked.keys.iter().try_for_each(|key| {
        rows.push(table.schema.key_of_parameter(checked(key)?)?);
        Ok(())
    });
    require_distinct(rows.iter().map(|row| (table.id, row)))?;
    looked_up?;
    Ok((table, rows))
}

/// # Errors
/// For a row twice: told before what is wrong with a later one.
fn require_distinct<'a>(rows: impl Iterator<Item = (TableId, &'a RowKey)>) -> Result<()> {
    if has_one_twice(rows) { Err(Error::validation(text::duplicate_keys())) } else { Ok(()) }
}

/// What has been read so far.
#[derive(Default)]
struct Page<'a> {
    responses: BTreeMap<String, Vec<Item>>,
    unprocessed: BTreeMap<String, KeysAndAttributes>,
    used: BTreeMap<&'a str, Usage>,
    bytes: usize,
    /// Why the last keys were left that a table had no capacity for.
    throttled: Option<Error>,
}

impl<'a> Page<'a> {
    /// Reads the rows of one table while the answer has room; the other keys are left to another request.
    fn read(&mut self, call: &Call<'_>, asked: &Asked<'a>, table: &Table, rows: Vec<RowKey>) -> Result<()> {
        let is_consistent = asked.request.consistent_read == Some(true);
        let items = self.responses.entry(asked.name.to_owned()).or_default();
        items.reserve(rows.len());
        // None while nothing was read.
        let mut units: Option<f64> = None;
        for (at, row) in rows.into_iter().enumerate() {
            let meter = call.meter(table, Access::Read, row.hash());
            let admitted = call.admit(table, meter.as_ref());
            if admitted.is_err() || self.bytes >= BATCH_MAX_BYTES {
                self.throttled = admitted.err().or(self.throttled.take());
                let keys = Some(asked.keys[at..].to_vec());
                let rest = KeysAndAttributes { keys, ..asked.request.clone() };
                self.unprocessed.insert(asked.name.to_owned(), rest);
                break;
            }
            let item = call.store.get(table.id, &row)?;
            let size = item.as_ref().map_or(0, Item::size);
            self.bytes += size;
            let of_row = read_units(size, is_consistent);
            call.charge(table, meter.as_ref(), &Usage::of_table(of_row));
            *units.get_or_insert(0.0) += of_row;
            items.extend(item.map(|item| match &asked.projection {
                Some(projection) => projection.apply(&item),
                None => item,
            }));
        }
        if let Some(units) = units {
            self.used.entry(asked.name).or_default().table += units;
        }
        Ok(())
    }
}

/// The capacity used, a table each, if it is asked for.
fn capacities(
    asked: Option<&Open<ReturnConsumedCapacity>>,
    used: BTreeMap<&str, Usage>,
) -> Option<Vec<ConsumedCapacity>> {
    asked?;
    used.into_iter().map(|(table, usage)| consumed_by(asked, table, || usage)).collect()
}
