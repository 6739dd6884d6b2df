//! Reading the objects of an import: some records in each step, which are in the table when the step is noted.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::message::{transfer as text, value as value_text};
use crate::api::{
    Error, InputCompressionType, InputFormat, Open, Result, S3BucketSource, ScalarAttributeType,
};
use crate::bucket::Failure;
use crate::engine::Call;
use crate::interchange::{Compression, ItemFormat, Records, Wrong};
use crate::limits::{IMPORT_OBJECTS_MAX, ITEM_MAX_BYTES};
use crate::operation::lineage;
use crate::store::Batch;
use crate::table::{
    Import, ImportEnd, ImportState, Origin, Position, Reading, State, Table, check_index_keys,
};
use crate::transaction::bring_in;
use crate::value::Item;
use crate::value::key::RowKey;

/// Records and bytes of items of one step, at most.
const STEP_RECORDS: usize = 256;
const STEP_BYTES: usize = 1 << 20;

/// What an import is called that did not get all items in.
const ITEM_ERROR: &str = "ItemValidationError";
/// An import of more objects than one has; the name is ours.
const LIMIT: &str = "LimitExceeded";

/// Reads the next records; true when the import is over.
///
/// # Errors
/// The store's; the step can be tried again.
pub(super) fn step(call: &Call<'_>, import: &Import) -> Result<bool> {
    let table = call.catalog.table_of(import.into).expect("its table is there until it ends");
    let mut state = import.state();
    let mut reading = import.reading.lock();
    let mut current = match reading.take() {
        Some(current) => current,
        None => match resume(call, import, &state.position) {
            Ok(current) => current,
            Err(failure) => return end(call, import, &table, state, Some(failure)).map(|()| true),
        },
    };
    let (rows, is_over) = read(call, import, &table, (&mut current, &mut state));
    let mut moved = Vec::with_capacity(rows.len());
    for (key, item) in rows {
        let before = call.store.get(table.id, &key)?;
        moved.push((key, before, Some(item)));
    }
    bring_in(call, &table, moved, import.entry(&state))?;
    import.reach(state.clone());
    if is_over {
        end(call, import, &table, state, None)?;
    } else {
        // What was read is committed, so it may go on from here.
        *reading = Some(current);
    }
    Ok(is_over)
}

/// The objects from a position on.
fn resume(call: &Call<'_>, import: &Import, position: &Position) -> Result<Reading, Failure> {
    let (bucket, prefix) = source(import);
    let keys = call.choices.buckets.list(bucket, prefix, IMPORT_OBJECTS_MAX)?;
    let too_many = || Failure { code: LIMIT, message: text::too_many_objects(IMPORT_OBJECTS_MAX) };
    let mut keys = keys.ok_or_else(too_many)?;
    if let Some(object) = &position.object {
        keys.retain(|key| key >= object);
    }
    keys.reverse();
    let mut current = Reading { keys, records: None };
    if position.object.is_some() && position.object == current.keys.last().cloned() {
        let key = current.keys.pop().expect("there is a last one");
        let mut records = open(call, import, &key).ok();
        for _ in 0..position.records {
            records.as_mut().and_then(Records::next);
        }
        current.records = records;
    }
    Ok(current)
}

fn source(import: &Import) -> (&str, &str) {
    let S3BucketSource { s3_bucket, s3_key_prefix, .. } =
        import.request.s3_bucket_source.as_ref().expect("the request was checked");
    (s3_bucket.as_deref().expect("the request was checked"), s3_key_prefix.as_deref().unwrap_or(""))
}

/// Reads records of one object after the other, up to what a step does. The last of those with one key counts.
fn read(
    call: &Call<'_>,
    import: &Import,
    table: &Table,
    (current, state): (&mut Reading, &mut ImportState),
) -> (BTreeMap<RowKey, Item>, bool) {
    let mut rows = BTreeMap::new();
    let mut bytes = 0;
    for _ in 0..STEP_RECORDS {
        if bytes >= STEP_BYTES {
            return (rows, false);
        }
        let Some(records) = &mut current.records else {
            let Some(key) = current.keys.pop() else { return (rows, true) };
            let ImportState { position, counts, .. } = state;
            *position = Position { object: Some(key.clone()), records: 0, bytes_before: counts.bytes };
            match open(call, import, &key) {
                Ok(records) => current.records = Some(records),
                Err(failure) => refuse(state, &failure.message),
            }
            continue;
        };
        let record = records.next();
        state.counts.bytes = state.position.bytes_before + records.bytes();
        match record.map(|record| record.and_then(|item| check(table, item))) {
            None => current.records = None,
            Some(Ok((key, item))) => {
                state.position.records += 1;
                state.counts.processed += 1;
                state.counts.imported += 1;
                bytes += item.size();
                rows.insert(key, item);
            }
            Some(Err(Wrong { message, .. })) => {
                state.position.records += 1;
                refuse(state, &message);
            }
        }
    }
    (rows, false)
}

/// Counts what is wrong.
fn refuse(state: &mut ImportState, message: &str) {
    let ImportState { counts, position, .. } = state;
    counts.processed += 1;
    counts.errors += 1;
    if counts.first_error.is_none() {
        let object = position.object.as_deref().unwrap_or("");
        counts.first_error = Some(format!("{object}, record {}: {message}", position.records.max(1)));
    }
}

fn open(call: &Call<'_>, import: &Import, key: &str) -> Result<Records, Failure> {
    let file = call.choices.buckets.open(source(import).0, key)?;
    let packed = import.request.input_compression_type.as_ref().and_then(Open::known);
    let compression = match packed.unwrap_or(InputCompressionType::None) {
        InputCompressionType::None => Compression::None,
        InputCompressionType::Gzip => Compression::Gzip,
        InputCompressionType::Zstd => Compression::Zstandard,
    };
    Ok(Records::new(file, compression, &format(import)))
}

fn format(import: &Import) -> ItemFormat {
    let given = import.request.input_format.as_ref().and_then(Open::known);
    match given.expect("the request was checked") {
        InputFormat::DynamodbJson => ItemFormat::Json,
        InputFormat::Ion => ItemFormat::Ion,
        InputFormat::Csv => {
            let csv = import.request.input_format_options.as_ref().and_then(|options| options.csv.as_ref());
            let delimiter = csv.and_then(|csv| csv.delimiter.as_deref()).and_then(|text| text.bytes().next());
            ItemFormat::Csv {
                delimiter: delimiter.unwrap_or(b','),
                headers: csv.and_then(|csv| csv.header_list.clone()),
                types: key_types(import),
            }
        }
    }
}

/// The types of the attributes of keys; all other columns are texts.
fn key_types(import: &Import) -> BTreeMap<String, ScalarAttributeType> {
    let definitions = import.parameters().attribute_definitions.as_deref().unwrap_or(&[]);
    let known = definitions.iter().filter_map(|given| {
        Some((given.attribute_name.clone()?, given.attribute_type.as_ref().and_then(Open::known)?))
    });
    known.collect()
}

/// An item that PutItem would take, with its key.
fn check(table: &Table, item: Item) -> Result<(RowKey, Item), Wrong> {
    let wrong = |error: Error| Wrong { message: error.message().to_owned(), is_end: false };
    let key = table.schema.key_of_item(&item).map_err(wrong)?;
    check_index_keys(&table.spaces(), &table.schema, None, &item, Origin::Put).map_err(wrong)?;
    if item.size() > ITEM_MAX_BYTES {
        return Err(wrong(Error::validation(value_text::item_too_large())));
    }
    Ok((key, item))
}

/// Ends an import: its table can be used, with what is in it.
fn end(
    call: &Call<'_>,
    import: &Import,
    table: &Arc<Table>,
    state: ImportState,
    failure: Option<Failure>,
) -> Result<()> {
    let failure = match (failure, &state.counts.first_error) {
        (Some(failure), _) => Some((failure.code.to_owned(), failure.message)),
        (None, Some(first)) => Some((ITEM_ERROR.to_owned(), text::items_failed(first))),
        (None, None) => None,
    };
    let state = ImportState { end: Some(ImportEnd { at: call.now(), failure }), ..state };
    let mut of_table = table.state.write();
    let next = State { change: None, ..of_table.clone() };
    let meta = vec![import.entry(&state), table.entry(&next, None)];
    call.commit_catalog(Batch { meta, ..Batch::default() })?;
    lineage::show(call, table, &mut of_table, next);
    import.reach(state);
    Ok(())
}
