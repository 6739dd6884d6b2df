//! ExportTableToPointInTime, DescribeExport, ListExports (facts B18).
//!
//! ```text
//! a moment of a table ──copy──► rows of the export ──► files of at most 4,096 items ──► manifests
//! a time of a table   ──copy──► rows of what changed in it ──┘
//! ```

mod describe;
mod write;

use std::sync::Arc;

use self::describe::description;
use super::backup::{begin_copy, fill_copy};
use super::continuous_backups::{find, restorable};
use super::jobs::{EXPORT, Kind, page_size, require_buckets};
use super::resource_arn::ResourceArn;
use crate::api::message::{backup as backup_text, settings as settings_text, transfer as text};
use crate::api::{
    DescribeExportInput, DescribeExportOutput, Error, ErrorCode, ExportSummary,
    ExportTableToPointInTimeInput, ExportTableToPointInTimeOutput, ExportType, ListExportsInput,
    ListExportsOutput, Open, Result, S3SseAlgorithm, Timestamp, Valid,
};
use crate::bucket::is_path;
use crate::clock::{Millis, millis};
use crate::engine::Call;
use crate::limits::{EXPORT_TIME_MAX, EXPORT_TIME_MIN, JOB_TOKEN_LIFETIME};
use crate::store::{Batch, Removal};
use crate::table::{About, Changes, Cut, Export, ExportState, Job, Recovery, RowCopy, Table, Target};
use crate::transaction::moment;

/// Steps of an export that the call which asks for it does itself: that of a small table is there when it answers.
const STEPS_AT_ONCE: usize = 4;

/// What is to be exported.
#[derive(Clone, Copy)]
enum Asked {
    /// All of a moment; that of the call where none is named.
    Full(Option<Millis>),
    /// Changes of a time.
    Incremental { from: Millis, to: Option<Millis> },
}

/// ExportTableToPointInTime.
pub(crate) fn begin(
    call: &Call<'_>,
    input: &Valid<'_, ExportTableToPointInTimeInput>,
) -> Result<ExportTableToPointInTimeOutput> {
    let asked = asked(input)?;
    check_places(call, input)?;
    let now = call.now();
    let table = find_table(call, input.table_arn, now)?;
    let request = serde_json::to_string(&**input).expect("a request is plain data");
    if let Some(export) = same_token(call, input, &request, now)? {
        return Ok(ExportTableToPointInTimeOutput { export_description: Some(description(call, &export)) });
    }
    // Held until the copy is there: until then nobody takes away what it needs.
    let state = table.state.write();
    if table_is_going(&state) {
        return Err(not_found(input.table_arn));
    }
    check_time(asked, &table, now)?;
    let Some(recovery) = &state.features.recovery else {
        let message = backup_text::recovery_is_off(&table.name);
        return Err(Error::new(ErrorCode::PointInTimeRecoveryUnavailable, message));
    };
    let (cut, since) = cut_of(call, asked, &table, recovery, now)?;
    let export = Arc::new(new_export(call, &table, (input, request), cut, since));
    let begins_at = now + call.choices.control_plane_delay;
    let copy = Arc::new(RowCopy::new(table.id, Some(cut), Target::Export(export.clone()), begins_at));
    let meta = vec![export.entry(&export.state()), copy.entry(copy.stage())];
    call.commit_catalog(Batch { meta, ..Batch::default() })?;
    call.catalog.exports.add(export.clone());
    begin_copy(call, &copy);
    drop(state);
    let answer = description(call, &export);
    fill_copy(call, &copy)?;
    fill(call, &export)?;
    Ok(ExportTableToPointInTimeOutput { export_description: Some(answer) })
}

fn table_is_going(state: &crate::table::State) -> bool {
    state.change.is_some_and(|change| change.kind == crate::table::ChangeKind::Delete)
}

fn not_found(arn: &str) -> Error {
    Error::new(ErrorCode::TableNotFound, backup_text::table_not_found(arn))
}

/// The table of an ARN.
fn find_table(call: &Call<'_>, arn: &str, now: Millis) -> Result<Arc<Table>> {
    if !arn.starts_with("arn:") {
        return Err(Error::validation(text::no_table_arn()));
    }
    let parsed = ResourceArn::parse(arn).ok().filter(|parsed| parsed.stream.is_none());
    let parsed = parsed.ok_or_else(|| Error::validation(text::table_arn_invalid()))?;
    if !parsed.is_of_account(call.catalog.place) {
        return Err(Error::new(ErrorCode::AccessDenied, settings_text::access_denied()));
    }
    find(call, arn, now).map_err(|_| not_found(arn))
}

/// Up to where the export reads, and from when on where it is one of changes. The beginning of a time is in it, its end is not.
fn cut_of(
    call: &Call<'_>,
    asked: Asked,
    table: &Table,
    recovery: &Recovery,
    now: Millis,
) -> Result<(Cut, Option<Millis>)> {
    let refuse = |message: String| Err(Error::new(ErrorCode::InvalidExportTime, message));
    let (earliest, latest) = restorable(recovery, now);
    let end = moment(call, table);
    let end_of = |at: Millis| if at < end.time { Cut::end_of(at) } else { end };
    match asked {
        Asked::Full(None) => Ok((end, None)),
        Asked::Full(Some(at)) if at > now || at < earliest => refuse(text::export_time_invalid()),
        Asked::Full(Some(at)) if at > latest => refuse(text::export_time_unavailable()),
        Asked::Full(Some(at)) => Ok((end_of(at), None)),
        Asked::Incremental { from, .. } if from < earliest => refuse(text::export_time_invalid()),
        Asked::Incremental { from, to: None } => Ok((end, Some(from))),
        Asked::Incremental { from, to: Some(to) } => Ok((end_of(to.saturating_sub(1)), Some(from))),
    }
}

fn new_export(
    call: &Call<'_>,
    table: &Table,
    (input, request): (&ExportTableToPointInTimeInput, String),
    cut: Cut,
    since: Option<Millis>,
) -> Export {
    let now = call.now();
    let to = input.incremental_export_specification.as_ref().and_then(|given| given.export_to_time);
    let about = About {
        id: Kind::new_id(call, now, |id| call.catalog.exports.get(&table.name, id).is_some()),
        table: table.name.clone(),
        table_id: table.uuid.clone(),
        begun_at: now,
        moment: since.and(to).map_or(cut.time, instant),
        since,
        request,
    };
    let (rows, files) = (call.next_table_id(), call.next_table_id());
    let changes = since.map(|since| Changes {
        rows: call.next_table_id(),
        from: since.checked_sub(1).map_or(Cut { time: 0, commit: 0 }, Cut::end_of),
    });
    Export::new((rows, files), changes, table.schema.clone(), about, input.clone())
}

fn instant(Timestamp(seconds): Timestamp) -> Millis {
    // What is too far in either direction is no moment of any table.
    (seconds * 1000.0).round() as Millis
}

/// Which parameters may stand together.
fn asked(input: &ExportTableToPointInTimeInput) -> Result<Asked> {
    let refuse = |problem: String| Err(Error::validation(problem));
    let kind = input.export_type.as_ref().and_then(Open::known);
    match (kind, &input.incremental_export_specification) {
        (None, Some(_)) => refuse(text::specification_without_type()),
        (Some(ExportType::FullExport), Some(_)) => refuse(text::specification_of_full()),
        (Some(ExportType::IncrementalExport), None) => refuse(text::specification_missing()),
        (Some(ExportType::IncrementalExport), Some(given)) => {
            let Some(from) = given.export_from_time else { return refuse(text::from_missing()) };
            Ok(Asked::Incremental { from: instant(from), to: given.export_to_time.map(instant) })
        }
        (None | Some(ExportType::FullExport), None) => Ok(Asked::Full(input.export_time.map(instant))),
    }
}

/// Where and how it is written.
fn check_places(call: &Call<'_>, input: &ExportTableToPointInTimeInput) -> Result<()> {
    let algorithm = input.s3_sse_algorithm.as_ref().and_then(Open::known);
    if input.s3_sse_kms_key_id.is_some() && algorithm != Some(S3SseAlgorithm::Kms) {
        return Err(Error::validation(text::key_without_kms()));
    }
    let prefix = write::prefix(input);
    if !prefix.is_empty() && !is_path(prefix.trim_end_matches('/')) {
        return Err(Error::validation(text::prefix_no_path()));
    }
    require_buckets(call)
}

/// The time of an incremental export, in the order of the service.
fn check_time(asked: Asked, table: &Table, now: Millis) -> Result<()> {
    let refuse = |message: String| Err(Error::new(ErrorCode::InvalidExportTime, message));
    let Asked::Incremental { from, to } = asked else { return Ok(()) };
    if from < table.created_at {
        return refuse(text::from_before_table(from));
    }
    let end = to.unwrap_or(now);
    if end > now {
        return refuse(text::to_in_future(end));
    }
    match end.saturating_sub(from) {
        length if length < millis(EXPORT_TIME_MIN) => refuse(text::time_too_short()),
        length if length > millis(EXPORT_TIME_MAX) => refuse(text::time_too_long()),
        _ => Ok(()),
    }
}

/// The export of a token that was used for the same request.
///
/// # Errors
/// `ExportConflictException` for another request.
fn same_token(
    call: &Call<'_>,
    input: &ExportTableToPointInTimeInput,
    request: &str,
    now: Millis,
) -> Result<Option<Arc<Export>>> {
    let Some(token) = &input.client_token else { return Ok(None) };
    match call.catalog.exports.of_token(token, now.saturating_sub(millis(JOB_TOKEN_LIFETIME))) {
        Some(export) if export.about.request != request => Err(EXPORT.conflict()),
        found => Ok(found),
    }
}

/// Does the first steps of an export whose items are there. The rest is background work.
///
/// # Errors
/// The store's, here as below.
fn fill(call: &Call<'_>, export: &Arc<Export>) -> Result<()> {
    if call.catalog.is_being_copied(export.rows) {
        return Ok(());
    }
    let _turn = call.upkeep.lock();
    for _ in 0..STEPS_AT_ONCE {
        if step(call, export)? {
            return Ok(());
        }
    }
    Ok(())
}

/// One step of an export whose items are there; true when it is over. One that has been over for long enough is forgotten. The caller does
/// background work.
pub(crate) fn step(call: &Call<'_>, export: &Arc<Export>) -> Result<bool> {
    let now = call.now();
    if export.forgotten_at().is_some_and(|at| at <= now) {
        let meta = vec![export.removed_entry()];
        call.commit_catalog(Batch { meta, ..Batch::default() })?;
        call.catalog.exports.remove(export);
        call.schedule.export_done(export);
        return Ok(true);
    }
    if let ExportState::Writing { .. } = export.state()
        && !write::step(call, export)?
    {
        // Behind what else is due.
        call.schedule.export_due(export, now);
        return Ok(false);
    }
    if let Some(at) = export.forgotten_at() {
        call.schedule.export_due(export, at);
    }
    Ok(true)
}

/// Ends an export, and gives its rows back.
fn close(call: &Call<'_>, export: &Export, state: ExportState) -> Result<()> {
    let removals = export.tables().map(Removal::Rows).collect();
    call.commit_catalog(Batch { meta: vec![export.entry(&state)], removals, ..Batch::default() })?;
    export.reach(state);
    Ok(())
}

/// DescribeExport.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, DescribeExportInput>,
) -> Result<DescribeExportOutput> {
    let arn = input.export_arn;
    let (table, id) = EXPORT.parse(call.catalog.place, arn)?;
    let export = call.catalog.exports.get(table, id).ok_or_else(|| EXPORT.not_found(arn))?;
    Ok(DescribeExportOutput { export_description: Some(description(call, &export)) })
}

/// ListExports.
pub(crate) fn list(call: &Call<'_>, input: &ListExportsInput) -> Result<ListExportsOutput> {
    let before = input.next_token.as_deref().map(|token| EXPORT.place(token)).transpose()?;
    // Exports of a table that is gone are listed with all others only.
    let table = input.table_arn.as_deref().map(|arn| call.catalog.find(arn, call.now()));
    let (page, more) =
        call.catalog.exports.before(before.as_ref(), page_size(input.max_results), |export| match &table {
            None => true,
            Some(table) => table.as_ref().is_some_and(|table| table.uuid == export.about.table_id),
        });
    let next = page.last().filter(|_| more).map(|last| EXPORT.token(&**last));
    let summary = |export: &Arc<Export>| {
        let whole = description(call, export);
        let kind = match export.changes {
            None => ExportType::FullExport,
            Some(_) => ExportType::IncrementalExport,
        };
        ExportSummary {
            export_arn: whole.export_arn,
            export_status: whole.export_status,
            export_type: Some(kind.into()),
        }
    };
    Ok(ListExportsOutput { export_summaries: Some(page.iter().map(summary).collect()), next_token: next })
}
