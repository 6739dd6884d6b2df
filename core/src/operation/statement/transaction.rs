//! ExecuteTransaction: statements that happen together, all reads or all writes.
//!
//! What is wrong with a statement, whatever its table holds, refuses the request; after that, tables that are not there cancel it, then keys
//! that are not the table's; then two statements on one item refuse it; then it runs (facts B15).

use std::sync::Arc;

use super::write::{self, Act, Target, Trouble};
use super::{answers_item, key_names, parameters, read};
use crate::api::message::{statement as text, value as value_text};
use crate::api::{
    CancellationReason, Error, ErrorCode, ExecuteTransactionInput, ExecuteTransactionOutput, ItemResponse,
    ParameterizedStatement, Result, Shape, Valid,
};
use crate::engine::{Call, Digest};
use crate::limits::TRANSACTION_MAX_BYTES;
use crate::operation::transact::{self, canceled_by};
use crate::statement::{Compiled, Parameters, Selection, Statement, keys};
use crate::table::Access;
use crate::value::Value;

/// A statement with its values.
type Parsed<'a> = (Arc<Statement>, Vec<&'a Value>);

/// What one statement does with its row.
enum Run<'t> {
    Read(Selection<'t>),
    Write(Act<'t>),
}

/// ExecuteTransaction.
pub(crate) fn transaction(
    call: &Call<'_>,
    input: &Valid<'_, ExecuteTransactionInput>,
) -> Result<ExecuteTransactionOutput> {
    let requests = input.transact_statements;
    let values: Vec<Vec<&Value>> =
        requests.iter().map(|request| parameters(request.parameters.as_deref())).collect::<Result<_>>()?;
    if values.iter().flatten().map(|value| value.get().size()).sum::<usize>() > TRANSACTION_MAX_BYTES {
        return Err(Error::validation(crate::api::message::transact::payload_too_large()));
    }
    let parsed = requests.iter().zip(values).enumerate();
    let parsed = parsed.map(|(at, (request, values))| parse(call, at, request, values));
    let parsed: Vec<Parsed<'_>> = parsed.collect::<Result<_>>()?;
    let is_read = |(statement, _): &Parsed<'_>| statement.is_read();
    if parsed.iter().any(is_read) && !parsed.iter().all(is_read) {
        return Err(Error::validation(text::mixed_transaction()));
    }
    let prepared = prepare(call, &parsed)?;
    let rows = prepared.iter().map(|(target, _)| (target.table.id, &target.row));
    transact::require_distinct(rows)?;
    if parsed.iter().all(is_read) {
        read_all(call, input, prepared)
    } else {
        write_all(call, input, prepared)
    }
}

/// What is wrong with one of the statements.
fn of_statement(at: usize, error: &Error) -> Error {
    Error::validation(text::in_transaction(at, error.message()))
}

fn parse<'a>(
    call: &Call<'_>,
    at: usize,
    request: &'a ParameterizedStatement,
    values: Vec<&'a Value>,
) -> Result<Parsed<'a>> {
    let statement = call.statements.parse(request.valid()?.statement);
    Ok((statement.map_err(|error| of_statement(at, &error))?, values))
}

/// The row of each statement.
fn prepare<'t>(call: &Call<'_>, parsed: &'t [Parsed<'_>]) -> Result<Vec<(Target, Run<'t>)>> {
    let compiled = parsed.iter().enumerate().map(|(at, (statement, values))| {
        statement.compile(Parameters(values)).map_err(|error| of_statement(at, &error))
    });
    let compiled: Vec<Compiled<'t>> = compiled.collect::<Result<_>>()?;
    let mut missing = vec![CancellationReason::none(); parsed.len()];
    let mut first_key = None;
    let mut prepared = Vec::with_capacity(parsed.len());
    for (at, compiled) in compiled.into_iter().enumerate() {
        match target(call, compiled) {
            Ok(found) => prepared.push(found),
            Err(Trouble::Table(error)) if error.code() == ErrorCode::ResourceNotFound => {
                missing[at] = transact::reason(&Some(error));
            }
            Err(Trouble::Table(error)) => return Err(error),
            Err(Trouble::Statement(error)) => return Err(of_statement(at, &error)),
            Err(Trouble::Key(_)) => {
                let error = Error::validation(value_text::key_not_matching());
                first_key.get_or_insert((at, error));
            }
            Err(Trouble::Row(error)) => {
                first_key.get_or_insert((at, error));
            }
        }
    }
    if missing.iter().any(|reason| reason.message.is_some()) {
        return Err(Error::canceled(missing));
    }
    match first_key {
        Some((at, error)) => Err(canceled_by(at, error, parsed.len())),
        None => Ok(prepared),
    }
}

fn target<'t>(call: &Call<'_>, compiled: Compiled<'t>) -> Result<(Target, Run<'t>), Trouble> {
    let table = call.catalog.for_data(compiled.table(), call.now()).map_err(Trouble::Table)?;
    let refused = |problem: String| Trouble::Statement(Error::validation(problem));
    if compiled.returning().is_some() {
        return Err(refused(text::returning_in_transaction()));
    }
    match compiled {
        Compiled::Select(mut selection) => {
            if selection.origin.index.is_some() {
                return Err(refused(text::index_in_transaction()));
            }
            let reads = read::refuse_reads(&selection, &table).map_err(Trouble::Statement);
            let named = keys::of_read(selection.filter.take(), &key_names(&table.schema));
            let Some(named) = named.map_err(Trouble::Statement)? else {
                reads?;
                return Err(refused(text::select_without_key("ExecuteTransaction")));
            };
            write::name_row(table, named).map(|(target, _)| (target, Run::Read(selection)))
        }
        write => {
            let (target, act) = write::resolve_on(table, write)?;
            Ok((target, Run::Write(act)))
        }
    }
}

fn read_all(
    call: &Call<'_>,
    input: &Valid<'_, ExecuteTransactionInput>,
    prepared: Vec<(Target, Run<'_>)>,
) -> Result<ExecuteTransactionOutput> {
    let rows: Vec<_> = prepared.iter().map(|(target, _)| (&target.table, &target.row)).collect();
    let items = transact::read_together(call, &rows)?;
    let used = prepared.iter().zip(&items);
    let used = used.map(|((target, _), item)| (&target.table, transact::item_usage(item)));
    let consumed_capacity = transact::capacities(input.return_consumed_capacity.as_ref(), Access::Read, used);
    let responses = prepared.iter().zip(items).map(|((_, run), item)| {
        let item = match run {
            Run::Read(selection) => item.map(|item| read::answered(selection, item)),
            Run::Write(_) => unreachable!("reads and writes are not mixed"),
        };
        ItemResponse { item }
    });
    Ok(ExecuteTransactionOutput { responses: Some(responses.collect()), consumed_capacity })
}

fn write_all(
    call: &Call<'_>,
    input: &Valid<'_, ExecuteTransactionInput>,
    prepared: Vec<(Target, Run<'_>)>,
) -> Result<ExecuteTransactionOutput> {
    let (targets, runs): (Vec<Target>, Vec<Run<'_>>) = prepared.into_iter().unzip();
    let mut inserts = Vec::with_capacity(runs.len());
    let mut intents = Vec::with_capacity(runs.len());
    for ((run, target), request) in runs.into_iter().zip(&targets).zip(input.transact_statements) {
        let Run::Write(act) = run else { unreachable!("reads and writes are not mixed") };
        let is_insert = matches!(act, Act::Insert);
        let asked = answers_item(request.return_values_on_condition_check_failure.as_ref());
        intents.push(write::intent(target, act, asked && !is_insert));
        inserts.push(is_insert);
    }
    let token = input.client_request_token.as_ref();
    let token = token.map(|given| call.tokens.token(given, digest(call, input)));
    let asked = input.return_consumed_capacity.as_ref();
    let refusal = |at: usize, error: Error| if inserts[at] { write::of_insert(error) } else { error };
    let carried = transact::carry_out(call, intents, token, asked, refusal)?;
    Ok(ExecuteTransactionOutput { responses: Some(Vec::new()), consumed_capacity: carried.consumed_capacity })
}

/// A hash of what is asked for.
fn digest(call: &Call<'_>, input: &Valid<'_, ExecuteTransactionInput>) -> Digest {
    let mut digest = call.tokens.digest();
    for request in input.transact_statements {
        // Other than any action of TransactWriteItems.
        digest.mark(5);
        digest.part(request.statement.as_ref().map_or(&[], |text| text.as_bytes()));
        let values = request.parameters.iter().flatten().filter_map(|value| value.0.as_ref().ok());
        digest.mark(values.clone().count());
        for value in values {
            digest.part(value.as_bytes());
        }
    }
    digest
}
