//! ImportTable, DescribeImport, ListImports (facts B18).
//!
//! ```text
//! objects of a bucket ──unpack, read──► items ──checked as those of PutItem──► a table that is CREATING, with its indexes ──► ACTIVE
//! ```

mod describe;
mod read;

use std::sync::Arc;

use self::describe::description;
use super::jobs::{IMPORT, Kind, page_size, require_buckets};
use super::new_table::NewTable;
use crate::api::message::{backup as backup_text, transfer as text};
use crate::api::{
    CreateTableInput, DescribeImportInput, DescribeImportOutput, Enumeration, Error, ErrorCode,
    ImportTableInput, ImportTableOutput, InputFormat, ListImportsInput, ListImportsOutput, Open, Result,
    Shape, TableCreationParameters, Valid,
};
use crate::bucket::Failure;
use crate::clock::{Millis, millis};
use crate::engine::Call;
use crate::limits::JOB_TOKEN_LIFETIME;
use crate::store::Batch;
use crate::table::{Change, ChangeKind, Import, ImportAbout, ImportEnd, Job};

/// Steps of an import that the call which asks for it does itself: a small table is there when it answers.
const STEPS_AT_ONCE: usize = 64;

/// ImportTable.
pub(crate) fn begin(call: &Call<'_>, input: &Valid<'_, ImportTableInput>) -> Result<ImportTableOutput> {
    let parameters = input.table_creation_parameters;
    check_options(input)?;
    require_buckets(call)?;
    let now = call.now();
    let create = create_table(&parameters);
    let wanted = NewTable::read(call, &create.valid()?, now)?;
    // Held until the table has its name.
    let naming = call.catalog.naming.lock();
    if let Some(import) = same_token(call, input, &wanted.name, now)? {
        return Ok(ImportTableOutput { import_table_description: Some(description(call, &import)) });
    }
    wanted.require_name(call, now, |existing| {
        Error::new(ErrorCode::ResourceInUse, backup_text::target_exists(&existing.name))
    })?;
    let name = wanted.name.clone();
    let about = ImportAbout {
        id: Kind::new_id(call, now, |id| call.catalog.imports.get(&name, id).is_some()),
        table_id: String::new(),
        begun_at: now,
        begins_at: now + call.choices.control_plane_delay,
        request: serde_json::to_string(&**input).expect("a request is plain data"),
    };
    let bucket = input.s3_bucket_source.s3_bucket;
    let import = match call.choices.buckets.folder(bucket) {
        Ok(_) => with_table(call, input, wanted, about)?,
        Err(failure) => without_table(call, input, about, failure)?,
    };
    drop(naming);
    fill(call, &import)?;
    Ok(ImportTableOutput { import_table_description: Some(describe::begun(call, &import)) })
}

/// An import into a new table.
fn with_table(
    call: &Call<'_>,
    input: &ImportTableInput,
    wanted: NewTable,
    about: ImportAbout,
) -> Result<Arc<Import>> {
    // Until its rows are there.
    let change = Change { kind: ChangeKind::Create, until: Millis::MAX };
    let mut made = None;
    wanted.make(call, change, about.begun_at, |table| {
        let about = ImportAbout { table_id: table.uuid.clone(), ..about };
        let import = Import::new(table.id, about, input.clone(), None);
        let entry = import.entry(&import.state());
        made = Some(Arc::new(import));
        vec![entry]
    })?;
    let import = made.expect("made with its table");
    call.catalog.imports.add(import.clone());
    call.schedule.import_due(&import, import.about.begins_at);
    Ok(import)
}

/// An import that has failed: there is nothing to be read, and no table.
fn without_table(
    call: &Call<'_>,
    input: &ImportTableInput,
    about: ImportAbout,
    failure: Failure,
) -> Result<Arc<Import>> {
    let end = ImportEnd { at: about.begun_at, failure: Some((failure.code.to_owned(), failure.message)) };
    let about = ImportAbout { table_id: call.entropy.uuid(), ..about };
    let import = Arc::new(Import::new(call.next_table_id(), about, input.clone(), Some(end)));
    let meta = vec![import.entry(&import.state())];
    call.commit_catalog(Batch { meta, ..Batch::default() })?;
    call.catalog.imports.add(import.clone());
    if let Some(at) = import.forgotten_at() {
        call.schedule.import_due(&import, at);
    }
    Ok(import)
}

/// What CreateTable would be asked for.
fn create_table(parameters: &TableCreationParameters) -> CreateTableInput {
    let given = parameters.clone();
    CreateTableInput {
        table_name: given.table_name,
        attribute_definitions: given.attribute_definitions,
        key_schema: given.key_schema,
        billing_mode: given.billing_mode,
        provisioned_throughput: given.provisioned_throughput,
        on_demand_throughput: given.on_demand_throughput,
        sse_specification: given.sse_specification,
        global_secondary_indexes: given.global_secondary_indexes,
        ..CreateTableInput::default()
    }
}

/// Options go with one format alone.
fn check_options(input: &ImportTableInput) -> Result<()> {
    let format = input.input_format.as_ref().and_then(Open::known);
    let csv = input.input_format_options.as_ref().and_then(|options| options.csv.as_ref());
    if let (Some(format), Some(_)) = (format.filter(|format| *format != InputFormat::Csv), csv) {
        return Err(Error::validation(text::options_of_another_format(format.name())));
    }
    Ok(())
}

/// The import of a token that was used for the same table. One that is over is told of only where nobody has the name.
///
/// # Errors
/// `ImportConflictException` for another table.
fn same_token(
    call: &Call<'_>,
    input: &ImportTableInput,
    name: &str,
    now: Millis,
) -> Result<Option<Arc<Import>>> {
    let Some(token) = &input.client_token else { return Ok(None) };
    let after = now.saturating_sub(millis(JOB_TOKEN_LIFETIME));
    let Some(import) = call.catalog.imports.of_token(token, after) else { return Ok(None) };
    let is_taken = call.catalog.holder(name).is_some_and(|existing| !existing.is_gone(now));
    match import.ended_at() {
        Some(_) if is_taken => Ok(None),
        _ if import.table() == name => Ok(Some(import)),
        _ => Err(IMPORT.conflict()),
    }
}

/// Does the first steps of an import, if it may begin. The rest is background work.
///
/// # Errors
/// The store's, here as below; background work goes on from there.
fn fill(call: &Call<'_>, import: &Arc<Import>) -> Result<()> {
    if import.about.begins_at > call.now() {
        return Ok(());
    }
    // One after another with background work, which may have taken the import up already.
    let _turn = call.upkeep.lock();
    for _ in 0..STEPS_AT_ONCE {
        if step(call, import)? {
            return Ok(());
        }
    }
    Ok(())
}

/// One step of an import; true when it is over. One that has been over for long enough is forgotten. The caller does background work.
pub(crate) fn step(call: &Call<'_>, import: &Arc<Import>) -> Result<bool> {
    let now = call.now();
    if import.forgotten_at().is_some_and(|at| at <= now) {
        let meta = vec![import.removed_entry()];
        call.commit_catalog(Batch { meta, ..Batch::default() })?;
        call.catalog.imports.remove(import);
        call.schedule.import_done(import);
        return Ok(true);
    }
    if import.ended_at().is_none() && !read::step(call, import)? {
        // Behind what else is due.
        call.schedule.import_due(import, now);
        return Ok(false);
    }
    if let Some(at) = import.forgotten_at() {
        call.schedule.import_due(import, at);
    }
    Ok(true)
}

/// DescribeImport.
pub(crate) fn describe(
    call: &Call<'_>,
    input: &Valid<'_, DescribeImportInput>,
) -> Result<DescribeImportOutput> {
    let arn = input.import_arn;
    let (table, id) = IMPORT.parse(call.catalog.place, arn)?;
    let import = call.catalog.imports.get(table, id).ok_or_else(|| IMPORT.not_found(arn))?;
    Ok(DescribeImportOutput { import_table_description: Some(description(call, &import)) })
}

/// ListImports.
pub(crate) fn list(call: &Call<'_>, input: &ListImportsInput) -> Result<ListImportsOutput> {
    let before = input.next_token.as_deref().map(|token| IMPORT.place(token)).transpose()?;
    let place = call.catalog.place;
    let table = input.table_arn.as_deref().map(|given| place.table_name(given).unwrap_or(given));
    let (page, more) = call.catalog.imports.before(before.as_ref(), page_size(input.page_size), |import| {
        table.is_none_or(|table| import.table() == table)
    });
    let next = page.last().filter(|_| more).map(|last| IMPORT.token(&**last));
    let summaries = page.iter().map(|import| describe::summary(call, import)).collect();
    Ok(ListImportsOutput { import_summary_list: Some(summaries), next_token: next })
}
