//! Writing the items of an export: a file in each step, then the manifests. What is written again after a loss has the same names and contents.

use std::io::Write;
use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::super::jobs::EXPORT;
use super::close;
use crate::api::{
    Enumeration, ExportFormat, ExportTableToPointInTimeInput, ExportType, ExportViewType, Open, Result,
    S3SseAlgorithm,
};
use crate::bucket::Failure;
use crate::clock::{Millis, label};
use crate::engine::Call;
use crate::interchange::{ItemChange, write_ion_change, write_ion_item, write_json_change, write_json_item};
use crate::limits::INCREMENTAL_EXPORT_BYTES_MIN;
use crate::store::{Batch, Budget, RowChange, RowRange, TableId};
use crate::table::{ChangedRow, Export, ExportState};
use crate::value::key::RowKey;
use crate::value::{AttributeValue, Item, ValueRef};

/// What one step reads, and one file holds.
const STEP: Budget = Budget { rows: 4_096, bytes: 4 << 20 };
/// The attribute of a row that tells of a file.
const LINE: &str = "line";
/// Letters of the names of files.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Lines of a file.
#[derive(Default)]
struct Lines {
    text: Vec<u8>,
    items: u64,
    bytes: u64,
}

/// Does a step of an export whose items are there; true when it is over.
///
/// # Errors
/// The store's; the step can be tried again. That a file cannot be written is the end of the export, and no error.
pub(super) fn step(call: &Call<'_>, export: &Export) -> Result<bool> {
    let ExportState::Writing { reached, files, items, bytes } = export.state() else { return Ok(true) };
    let source = export.changes.map_or(export.rows, |changes| changes.rows);
    let from = if reached.is_empty() { Bound::Unbounded } else { Bound::Excluded(reached) };
    let page = call.store.rows(source, &RowRange { from, to: Bound::Unbounded, descending: false }, STEP)?;
    // An export of nothing has a file without lines.
    if page.items.is_empty() && files > 0 {
        return end(call, export, (items, bytes)).map(|()| true);
    }
    let mut lines = Lines::default();
    for row in &page.items {
        match export.changes {
            None => lines.item(export, row),
            Some(_) => lines.change(call, export, row)?,
        }
    }
    let line = match put_file(call, export, files, &lines) {
        Ok(line) => line,
        Err(failure) => return fail(call, export, failure).map(|()| true),
    };
    let line = Item::new([(LINE, &AttributeValue::S(line))]).expect("a line is short");
    let key = RowKey::from_bytes(&files.to_be_bytes());
    let row = RowChange { table: export.files, key, before: None, after: Some(line), of: None };
    let (items, bytes) = (items + lines.items, bytes + lines.bytes);
    let is_empty = page.last.is_none();
    let state =
        ExportState::Writing { reached: page.last.unwrap_or_else(Vec::new), files: files + 1, items, bytes };
    let mut batch = Batch { meta: vec![export.entry(&state)], ..Batch::default() };
    batch.rows.push(row);
    call.store.commit(batch)?;
    export.reach(state);
    if is_empty {
        return end(call, export, (items, bytes)).map(|()| true);
    }
    Ok(false)
}

impl Lines {
    fn item(&mut self, export: &Export, item: &Item) {
        match format(&export.request) {
            ExportFormat::DynamodbJson => write_json_item(item, &mut self.text),
            ExportFormat::Ion => write_ion_item(item, &mut self.text),
        }
        self.items += 1;
        self.bytes += item.size() as u64;
    }

    /// An item that was not there before and is not there after leaves no line.
    fn change(&mut self, call: &Call<'_>, export: &Export, row: &Item) -> Result<()> {
        let ChangedRow { row, at, was } = ChangedRow::read(row);
        let new_image = call.store.get(export.rows, &row)?;
        let Some(image) = new_image.as_ref().or(was.as_ref()) else { return Ok(()) };
        let mut names = export.schema.names();
        names.sort_unstable();
        self.items += 1;
        self.bytes += image.size() as u64;
        let keys = image.project_sorted(&names);
        let old_image = was.filter(|_| view(&export.request) == ExportViewType::NewAndOldImages);
        let change = ItemChange { keys, micros: at * 1_000, old_image, new_image };
        match format(&export.request) {
            ExportFormat::DynamodbJson => write_json_change(&change, &mut self.text),
            ExportFormat::Ion => write_ion_change(&change, &mut self.text),
        }
        Ok(())
    }
}

fn format(input: &ExportTableToPointInTimeInput) -> ExportFormat {
    input.export_format.as_ref().and_then(Open::known).unwrap_or(ExportFormat::DynamodbJson)
}

/// What an export of changes shows.
pub(super) fn view(input: &ExportTableToPointInTimeInput) -> ExportViewType {
    let given =
        input.incremental_export_specification.as_ref().and_then(|given| given.export_view_type.as_ref());
    given.and_then(Open::known).unwrap_or(ExportViewType::NewAndOldImages)
}

/// What stands in front of all paths, with the slash behind it.
pub(super) fn prefix(input: &ExportTableToPointInTimeInput) -> String {
    match input.s3_prefix.as_deref() {
        None | Some("") => String::new(),
        Some(prefix) => format!("{}/", prefix.strip_suffix('/').unwrap_or(prefix)),
    }
}

fn folder(export: &Export) -> String {
    format!("{}AWSDynamoDB/{}", prefix(&export.request), export.about.id)
}

/// Path of the summary.
pub(super) fn summary_key(export: &Export) -> String {
    format!("{}/manifest-summary.json", folder(export))
}

/// Writes a file; returns what is told of it.
fn put_file(call: &Call<'_>, export: &Export, number: u64, lines: &Lines) -> Result<String, Failure> {
    if number == 0 {
        put(call, export, &format!("{}/_started", folder(export)), b"")?;
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let packed =
        gzip.write_all(&lines.text).and_then(|()| gzip.finish()).expect("memory takes what is written");
    let data = match export.changes {
        None => format!("{}/data", folder(export)),
        // The service keeps the data of all incremental exports together.
        Some(_) => format!("{}AWSDynamoDB/data", prefix(&export.request)),
    };
    let ending = match format(&export.request) {
        ExportFormat::DynamodbJson => "json",
        ExportFormat::Ion => "ion",
    };
    let key = format!("{data}/{}.{ending}.gz", name_of(&export.about.id, number));
    put(call, export, &key, &packed)?;
    let digest = md5::compute(&packed);
    let line = json!({
        "itemCount": lines.items,
        "md5Checksum": STANDARD.encode(digest.0),
        "etag": format!("{digest:x}-1"),
        "dataFileS3Key": key,
    });
    Ok(line.to_string())
}

/// The name of a file: 26 letters of a digest of what it is.
fn name_of(id: &str, number: u64) -> String {
    let mut bits = u128::from_be_bytes(md5::compute(format!("{id}/{number}")).0);
    let mut letter = || {
        let letter = LETTERS[(bits % 32) as usize];
        bits /= 32;
        char::from(letter)
    };
    (0..26).map(|_| letter()).collect()
}

fn put(call: &Call<'_>, export: &Export, key: &str, bytes: &[u8]) -> Result<(), Failure> {
    let bucket = export.request.s3_bucket.as_deref().expect("the request was checked");
    call.choices.buckets.put(bucket, key, bytes)
}

/// Writes the manifests, and forgets the rows.
fn end(call: &Call<'_>, export: &Export, (items, bytes): (u64, u64)) -> Result<()> {
    let ended_at = call.now();
    let least = if export.changes.is_some() { INCREMENTAL_EXPORT_BYTES_MIN } else { 0 };
    let bytes = bytes.max(least);
    let files = lines_of(call, export.files)?;
    if let Err(failure) = put_manifests(call, export, &files, (items, bytes), ended_at) {
        return fail(call, export, failure);
    }
    close(call, export, ExportState::Completed { ended_at, items, bytes })
}

fn fail(call: &Call<'_>, export: &Export, failure: Failure) -> Result<()> {
    let Failure { code, message } = failure;
    close(call, export, ExportState::Failed { ended_at: call.now(), code: code.to_owned(), message })
}

/// What is told of the files, a line each.
fn lines_of(call: &Call<'_>, files: TableId) -> Result<String> {
    let mut text = String::new();
    let mut range = RowRange { from: Bound::Unbounded, to: Bound::Unbounded, descending: false };
    loop {
        let page = call.store.rows(files, &range, STEP)?;
        for row in &page.items {
            if let Some(ValueRef::S(line)) = row.get(LINE) {
                text.push_str(line);
                text.push('\n');
            }
        }
        match page.last.clone() {
            Some(last) => range.from = Bound::Excluded(last),
            None => return Ok(text),
        }
    }
}

fn put_manifests(
    call: &Call<'_>,
    export: &Export,
    files: &str,
    (items, bytes): (u64, u64),
    ended_at: Millis,
) -> Result<(), Failure> {
    let (input, about, place) = (&export.request, &export.about, call.catalog.place);
    let folder = folder(export);
    let algorithm = input.s3_sse_algorithm.as_ref().and_then(Open::known).unwrap_or(S3SseAlgorithm::Aes256);
    let moment = |at: Millis| format!("{}Z", label(at));
    let files_key = format!("{folder}/manifest-files.json");
    let mut summary = json!({
        "version": "2020-06-30",
        "exportArn": EXPORT.arn(place, export),
        "startTime": moment(about.begun_at),
        "endTime": moment(ended_at),
        "tableArn": place.table_arn(&about.table),
        "tableId": about.table_id,
        "s3Bucket": input.s3_bucket,
        "s3Prefix": input.s3_prefix,
        "s3SseAlgorithm": algorithm.name(),
        "s3SseKmsKeyId": input.s3_sse_kms_key_id,
        "manifestFilesS3Key": files_key,
        "billedSizeBytes": bytes,
        "itemCount": items,
        "outputFormat": format(input).name(),
    });
    match about.since {
        None => {
            summary["exportTime"] = moment(about.moment).into();
            summary["exportType"] = ExportType::FullExport.name().into();
        }
        Some(since) => {
            summary["version"] = "2023-08-01".into();
            summary["exportFromTime"] = moment(since).into();
            summary["exportToTime"] = moment(about.moment).into();
            summary["outputView"] = view(input).name().into();
            summary["exportType"] = ExportType::IncrementalExport.name().into();
        }
    }
    let checksum = |text: &str| STANDARD.encode(md5::compute(text).0);
    let summary = summary.to_string();
    put(call, export, &files_key, files.as_bytes())?;
    put(call, export, &format!("{folder}/manifest-files.md5"), checksum(files).as_bytes())?;
    put(call, export, &summary_key(export), summary.as_bytes())?;
    put(call, export, &format!("{folder}/manifest-summary.md5"), checksum(&summary).as_bytes())
}
