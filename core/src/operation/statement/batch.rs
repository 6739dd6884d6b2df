//! BatchExecuteStatement: statements that are run each for itself, all reads or all writes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::write::{self, Act, Target};
use super::{key_names, parameters, read};
use crate::api::message::{batch as batch_text, statement as text};
use crate::api::{
    BatchExecuteStatementInput, BatchExecuteStatementOutput, BatchStatementError, BatchStatementRequest,
    BatchStatementResponse, Error, ErrorCode, Result, Shape, Valid,
};
use crate::engine::Call;
use crate::statement::{Compiled, Parameters, Returning, Selection, Statement, keys};
use crate::store::TableId;
use crate::table::{Access, Usage, consumed_by, read_units, write_units};
use crate::value::key::RowKey;
use crate::value::{Item, Value};

/// A statement with its values.
type Parsed<'a> = (Arc<Statement>, Vec<&'a Value>);

/// What one statement does with one row.
enum Run<'t> {
    Read { selection: Selection<'t>, is_consistent: bool },
    Write { act: Act<'t>, returning: Option<Returning>, item_bytes: usize },
}

/// A statement whose row is known.
struct Prepared<'t> {
    table: String,
    target: Target,
    run: Run<'t>,
}

/// Why a statement did not run, and the table it would have run on, where that is told.
struct Refused {
    error: Error,
    table: Option<String>,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused { error, table: None }
    }
}

/// BatchExecuteStatement.
pub(crate) fn batch(
    call: &Call<'_>,
    input: &Valid<'_, BatchExecuteStatementInput>,
) -> Result<BatchExecuteStatementOutput> {
    let parsed: Vec<Result<Parsed<'_>>> =
        input.statements.iter().map(|request| parse(call, request)).collect();
    refuse_mixture(&parsed)?;
    let prepared: Vec<Result<Prepared<'_>, Refused>> = parsed
        .iter()
        .zip(input.statements)
        .map(|(parsed, request)| match parsed {
            Ok(parsed) => prepare(call, parsed, request.consistent_read == Some(true)),
            Err(error) => Err(error.clone().into()),
        })
        .collect();
    refuse_duplicates(&prepared)?;
    let mut responses = Vec::with_capacity(prepared.len());
    let mut used = Used::default();
    for statement in prepared {
        responses.push(match statement {
            Ok(prepared) => run(call, prepared, &mut used),
            Err(Refused { error, table }) => refusal(&error, table),
        });
    }
    let asked = input.return_consumed_capacity.as_ref();
    let units = if used.is_any { used.units } else { BTreeMap::new() };
    let capacities: Option<Vec<_>> =
        units.into_iter().map(|(table, usage)| consumed_by(asked, &table, || usage)).collect();
    Ok(BatchExecuteStatementOutput {
        responses: Some(responses),
        consumed_capacity: capacities.filter(|capacities| !capacities.is_empty()),
    })
}

fn parse<'a>(call: &Call<'_>, request: &'a BatchStatementRequest) -> Result<Parsed<'a>> {
    let values = parameters(request.parameters.as_deref())?;
    Ok((call.statements.parse(request.valid()?.statement)?, values))
}

/// # Errors
/// `ValidationException` for reads and writes in one batch; statements that could not be parsed are neither.
fn refuse_mixture(parsed: &[Result<Parsed<'_>>]) -> Result<()> {
    let mut kinds = parsed.iter().flatten().map(|(statement, _)| statement.is_read());
    match kinds.next() {
        Some(first) if kinds.any(|kind| kind != first) => Err(Error::validation(text::mixed_batch())),
        _ => Ok(()),
    }
}

/// # Errors
/// `ValidationException` for two statements on one item.
fn refuse_duplicates(prepared: &[Result<Prepared<'_>, Refused>]) -> Result<()> {
    let mut rows: BTreeSet<(TableId, &RowKey)> = BTreeSet::new();
    for Prepared { target, .. } in prepared.iter().flatten() {
        if !rows.insert((target.table.id, &target.row)) {
            return Err(Error::validation(batch_text::duplicate_keys()));
        }
    }
    Ok(())
}

fn prepare<'t>(
    call: &Call<'_>,
    (statement, values): &'t Parsed<'_>,
    is_consistent: bool,
) -> Result<Prepared<'t>, Refused> {
    let compiled = statement.compile(Parameters(values))?;
    let table = compiled.table().to_owned();
    let known = |error: Error| {
        // Of a table that is not there, the name is told.
        let is_missing = error.code() == ErrorCode::ResourceNotFound;
        Refused { error, table: is_missing.then(|| table.clone()) }
    };
    match compiled {
        Compiled::Check { .. } => Err(Error::validation(text::exists_outside_transaction()).into()),
        Compiled::Select(mut selection) => {
            let target = read_target(call, &mut selection).map_err(known)?;
            Ok(Prepared { table, target, run: Run::Read { selection, is_consistent } })
        }
        write => {
            let returning = write.returning();
            let item_bytes = if let Compiled::Insert { item, .. } = &write { item.size() } else { 0 };
            let (target, act) = write::resolve(call, write).map_err(known)?;
            Ok(Prepared { table, target, run: Run::Write { act, returning, item_bytes } })
        }
    }
}

/// The row that a SELECT names by its whole key and nothing else.
fn read_target(call: &Call<'_>, selection: &mut Selection<'_>) -> Result<Target> {
    let table = call.catalog.for_data(selection.origin.table, call.now())?;
    let refused = || Error::validation(text::select_without_key("BatchExecuteStatement"));
    if let Some(index) = selection.origin.index {
        super::read::refuse_index(call, &table, index)?;
        return Err(refused());
    }
    super::read::refuse_reads(selection, &table)?;
    let named = keys::of_read(selection.filter.take(), &key_names(&table.schema))?.ok_or_else(refused)?;
    let (target, _) = write::name_row(table, named).map_err(write::Trouble::error)?;
    Ok(target)
}

/// Units used, by table.
#[derive(Default)]
struct Used {
    units: BTreeMap<String, Usage>,
    /// Whether any statement ran to its end; where none did, nothing is told.
    is_any: bool,
}

fn run(call: &Call<'_>, prepared: Prepared<'_>, used: &mut Used) -> BatchStatementResponse {
    let Prepared { table, target, run } = prepared;
    let failed_units = match &run {
        Run::Write { item_bytes, .. } => write_units(0, *item_bytes),
        Run::Read { .. } => 0.0,
    };
    match run_one(call, &target, run) {
        Ok((item, usage)) => {
            used.is_any = true;
            used.units.entry(table.clone()).or_default().add(&usage);
            BatchStatementResponse { error: None, table_name: Some(table), item }
        }
        Err(error) => {
            used.units.entry(table.clone()).or_default().table += failed_units;
            refusal(&error, Some(table))
        }
    }
}

fn run_one(call: &Call<'_>, target: &Target, run: Run<'_>) -> Result<(Option<Item>, Usage)> {
    match run {
        Run::Read { selection, is_consistent } => {
            let meter = call.meter(&target.table, Access::Read, target.row.hash());
            call.admit(&target.table, meter.as_ref())?;
            let item = call.store.get(target.table.id, &target.row)?;
            let units = read_units(item.as_ref().map_or(0, Item::size), is_consistent);
            call.charge(&target.table, meter.as_ref(), &Usage::of_table(units));
            Ok((item.map(|item| read::answered(&selection, item)), Usage::of_table(units)))
        }
        Run::Write { act, returning, .. } => {
            let written = write::run(call, target, act, false)?;
            let usage = crate::operation::item::usage(&written);
            Ok((write::returned(returning, written), usage))
        }
    }
}

fn refusal(error: &Error, table_name: Option<String>) -> BatchStatementResponse {
    let error = BatchStatementError {
        code: Some(code(error.code()).to_owned()),
        message: Some(error.message().to_owned()),
        item: None,
    };
    BatchStatementResponse { error: Some(error), table_name, item: None }
}

/// The name of an error's code within an answer.
pub(super) fn code(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Validation => "ValidationError",
        ErrorCode::Throttling => "ThrottlingError",
        ErrorCode::InternalServer => "InternalServerError",
        other => other.name().strip_suffix("Exception").unwrap_or(other.name()),
    }
}
