//! TransactWriteItems, TransactGetItems (facts B7).
//!
//! What is wrong with a request, whatever the items are, refuses it as a whole; what is wrong with one action cancels the transaction, with
//! a reason for each action. The service looks in this order: the shape; the expressions and values of each action; tables; keys that are
//! empty and puts that are too large, all of which refuse it; then keys that do not fit their tables, of which the first is told, alone, as
//! a reason; then two actions on one item, which refuses it again; and then conditions and updates, all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::action::{ConditionParameters, Parsed, Tables};
use super::collection::Collections;
use super::distinct::has_one_twice;
use super::item::{projection, usage};
use super::parameters::checked;
use crate::api::message::transact as text;
use crate::api::{
    CancellationReason, ConsumedCapacity, Error, ErrorCode, Get, ItemResponse, Open, Result,
    ReturnConsumedCapacity, Shape, TransactGetItem, TransactGetItemsInput, TransactGetItemsOutput,
    TransactWriteItem, TransactWriteItemsInput, TransactWriteItemsOutput, Valid,
};
use crate::engine::{Call, Digest, Meter, Recalled, Token};
use crate::expression::Projection;
use crate::limits::TRANSACTION_MAX_BYTES;
use crate::store::{Batch, TableId};
use crate::table::{Access, Table, Usage, read_units, transacted};
use crate::transaction::{self, Attached, Intent, Refused, Written};
use crate::value::key::RowKey;
use crate::value::{Checked, Item};

/// The parameters of the condition of an action; every action has them under the same names.
macro_rules! condition_of {
    ($action:expr) => {
        ConditionParameters {
            expression: $action.condition_expression.as_ref(),
            names: $action.expression_attribute_names.as_ref(),
            values: $action.expression_attribute_values.as_ref(),
            on_failure: $action.return_values_on_condition_check_failure.as_ref(),
            ..ConditionParameters::default()
        }
    };
}

/// Adds what every action has to a digest, under a number for its kind, and the update of one that has it.
macro_rules! add_action {
    ($digest:expr, $kind:expr, $action:expr, $update:expr) => {{
        let expressions = [$update, $action.condition_expression.as_ref()];
        add($digest, $kind, &$action.table_name, expressions, &$action.expression_attribute_names)
    }};
}

/// An action, and the table it names.
type Named<'a> = (&'a str, Parsed<'a>);
pub(super) type Intents<'a> = Vec<Intent<'a>>;

/// TransactWriteItems.
pub(crate) fn write(
    call: &Call<'_>,
    input: &Valid<'_, TransactWriteItemsInput>,
) -> Result<TransactWriteItemsOutput> {
    let actions: Vec<Named<'_>> =
        input.transact_items.iter().map(|item| parse(call, item)).collect::<Result<_>>()?;
    if input.transact_items.iter().map(payload_bytes).sum::<usize>() > TRANSACTION_MAX_BYTES {
        return Err(Error::validation(text::payload_too_large()));
    }
    let intents = look_up(call, actions)?;
    let token = input.client_request_token.as_ref();
    let token = token.map(|given| call.tokens.token(given, digest(call, input.transact_items)));
    let tables: Vec<Arc<Table>> = intents.iter().map(|intent| intent.table.clone()).collect();
    let asked = input.return_consumed_capacity.as_ref();
    let Carried { consumed_capacity, written } = carry_out(call, intents, token, asked, |_, error| error)?;
    let mut collections = Collections::default();
    for (item, (table, written)) in input.transact_items.iter().zip(tables.iter().zip(&written)) {
        if let Some(key) = written_key(item) {
            let asked = input.return_item_collection_metrics.as_ref();
            collections.add(call, asked, (&table.name, key), written)?;
        }
    }
    Ok(TransactWriteItemsOutput { item_collection_metrics: collections.answer(), consumed_capacity })
}

/// Does actions as TransactWriteItems does, in one commit with what the caller writes besides.
///
/// # Errors
/// As of TransactWriteItems; then nothing is written.
pub(super) fn write_with(call: &Call<'_>, items: &[TransactWriteItem], batch: Batch) -> Result<()> {
    let actions: Vec<Named<'_>> = items.iter().map(|item| parse(call, item)).collect::<Result<_>>()?;
    if items.iter().map(payload_bytes).sum::<usize>() > TRANSACTION_MAX_BYTES {
        return Err(Error::validation(text::payload_too_large()));
    }
    let attached = Attached { batch, ..Attached::default() };
    happen(call, look_up(call, actions)?, attached, None, |_, error| error)?;
    Ok(())
}

/// What a transaction did.
pub(super) struct Carried<'a> {
    pub(super) consumed_capacity: Option<Vec<ConsumedCapacity>>,
    /// Nothing, where the token says that it was done before.
    pub(super) written: Vec<Written<'a>>,
}

/// What has the key of the item that an action writes; none for a condition alone.
fn written_key(item: &TransactWriteItem) -> Option<&Checked<Item>> {
    let put = item.put.as_ref().and_then(|put| put.item.as_ref());
    let update = || item.update.as_ref().and_then(|update| update.key.as_ref());
    let delete = || item.delete.as_ref().and_then(|delete| delete.key.as_ref());
    put.or_else(update).or_else(delete)
}

/// Does what intents want, no two of them for one row: all of it, or nothing; once for each token. `told` makes
/// of what is wrong with one of them what is told of it.
///
/// # Errors
/// `TransactionCanceledException`; `IdempotentParameterMismatchException` for the token of another request; the store's.
pub(super) fn carry_out<'a>(
    call: &Call<'_>,
    intents: Intents<'a>,
    token: Option<Token>,
    asked: Option<&Open<ReturnConsumedCapacity>>,
    told: impl Fn(usize, Error) -> Error,
) -> Result<Carried<'a>> {
    let Some(token) = token else { return happen(call, intents, Attached::default(), asked, told) };
    call.prepare_tokens()?;
    let _turn = call.tokens.turn(&token);
    match call.recall(&token)? {
        Recalled::New => {
            let attached = Attached { token: Some(&token), ..Attached::default() };
            happen(call, intents, attached, asked, told)
        }
        Recalled::Done => has_happened(call, &intents, asked),
        Recalled::Other => {
            Err(Error::new(ErrorCode::IdempotentParameterMismatch, text::token_of_another_request()))
        }
    }
}

fn parse<'a>(call: &Call<'_>, item: &'a TransactWriteItem) -> Result<Named<'a>> {
    match (&item.condition_check, &item.put, &item.delete, &item.update) {
        (Some(check), None, None, None) => {
            let valid = check.valid()?;
            Ok((valid.table_name, Parsed::check(call, valid.key, condition_of!(check))?))
        }
        (None, Some(put), None, None) => {
            let valid = put.valid()?;
            Ok((valid.table_name, Parsed::put(call, valid.item, condition_of!(put))?))
        }
        (None, None, Some(delete), None) => {
            let valid = delete.valid()?;
            Ok((valid.table_name, Parsed::delete(call, valid.key, condition_of!(delete))?))
        }
        (None, None, None, Some(update)) => {
            let valid = update.valid()?;
            let expression = update.update_expression.as_ref();
            let parsed = Parsed::update(call, valid.key, expression, None, condition_of!(update))?;
            Ok((valid.table_name, parsed))
        }
        (None, None, None, None) => Err(Error::validation(text::no_action())),
        _ => Err(Error::validation(text::several_in_one_action())),
    }
}

/// The values that an action sends; a value that breaks a rule has been refused before.
fn values(item: &TransactWriteItem) -> [Option<&Checked<Item>>; 2] {
    let TransactWriteItem { condition_check, put, delete, update } = item;
    if let Some(put) = put {
        return [put.item.as_ref(), put.expression_attribute_values.as_ref()];
    }
    if let Some(update) = update {
        return [update.key.as_ref(), update.expression_attribute_values.as_ref()];
    }
    if let Some(delete) = delete {
        return [delete.key.as_ref(), delete.expression_attribute_values.as_ref()];
    }
    let check = condition_check.as_ref();
    [
        check.and_then(|check| check.key.as_ref()),
        check.and_then(|check| check.expression_attribute_values.as_ref()),
    ]
}

fn payload_bytes(item: &TransactWriteItem) -> usize {
    values(item).into_iter().flatten().filter_map(|values| values.0.as_ref().ok()).map(Item::size).sum()
}

/// The intents of actions on different items.
fn look_up<'a>(call: &Call<'_>, actions: Vec<Named<'a>>) -> Result<Intents<'a>> {
    let tables = tables(call, actions.iter().map(|(name, _)| *name))?;
    for ((_, parsed), table) in actions.iter().zip(&tables) {
        parsed.refuse_outright(table)?;
    }
    let count = actions.len();
    let mut intents: Intents<'a> = Vec::with_capacity(count);
    for (at, ((_, parsed), table)) in actions.into_iter().zip(tables).enumerate() {
        intents.push(parsed.on(table).map_err(|error| canceled_by(at, error, count))?);
    }
    require_distinct(intents.iter().map(|intent| (intent.table.id, &intent.key)))?;
    Ok(intents)
}

fn tables<'a>(call: &Call<'_>, names: impl Iterator<Item = &'a str>) -> Result<Vec<Arc<Table>>> {
    let mut tables = Tables::new(call);
    names.map(|name| tables.get(name)).collect()
}

/// Refuses two rows that are the same.
///
/// # Errors
/// `ValidationException`.
pub(super) fn require_distinct<'a>(rows: impl Iterator<Item = (TableId, &'a RowKey)>) -> Result<()> {
    if has_one_twice(rows) { Err(Error::validation(text::several_on_one_item())) } else { Ok(()) }
}

/// Does all of it, or cancels it.
fn happen<'a>(
    call: &Call<'_>,
    intents: Intents<'a>,
    attached: Attached<'_>,
    asked: Option<&Open<ReturnConsumedCapacity>>,
    told: impl Fn(usize, Error) -> Error,
) -> Result<Carried<'a>> {
    let tables: Vec<Arc<Table>> = intents.iter().map(|intent| intent.table.clone()).collect();
    let written = transaction::run_under(call, intents, attached).map_err(|refused| match refused {
        Refused::Whole(error) => error,
        Refused::Each(errors) => {
            let errors = errors.into_iter().enumerate();
            Error::canceled(errors.map(|(at, error)| reason(&error.map(|error| told(at, error)))).collect())
        }
    })?;
    let used = tables.iter().zip(&written).map(|(table, written)| (table, usage(written).doubled()));
    Ok(Carried { consumed_capacity: capacities(asked, Access::Write, used), written })
}

/// All of it was done before under the same token: nothing more is done, and what was read to find out is what it costs.
fn has_happened<'a>(
    call: &Call<'_>,
    intents: &[Intent<'_>],
    asked: Option<&Open<ReturnConsumedCapacity>>,
) -> Result<Carried<'a>> {
    let wanted: Vec<_> = intents.iter().map(|intent| (intent.table.id, &intent.key)).collect();
    let items = call.store.get_many(&wanted)?;
    let used = intents.iter().zip(&items).map(|(intent, item)| (&intent.table, item_usage(item)));
    Ok(Carried { consumed_capacity: capacities(asked, Access::Read, used), written: Vec::new() })
}

pub(super) fn item_usage(item: &Option<Item>) -> Usage {
    Usage::of_table(read_units(item.as_ref().map_or(0, Item::size), true)).doubled()
}

/// The capacity used, a table each, if it is asked for.
pub(super) fn capacities<'a>(
    asked: Option<&Open<ReturnConsumedCapacity>>,
    access: Access,
    used: impl Iterator<Item = (&'a Arc<Table>, Usage)>,
) -> Option<Vec<ConsumedCapacity>> {
    asked?;
    let mut by_table: BTreeMap<&str, Usage> = BTreeMap::new();
    for (table, usage) in used {
        by_table.entry(&table.name).or_default().add(&usage);
    }
    by_table.into_iter().map(|(table, usage)| transacted(asked, table, usage, access)).collect()
}

/// Canceled for the reason of one action, before the others were looked at.
pub(super) fn canceled_by(at: usize, error: Error, count: usize) -> Error {
    let mut reasons = vec![CancellationReason::none(); count];
    reasons[at] = reason(&Some(error));
    Error::canceled(reasons)
}

pub(super) fn reason(error: &Option<Error>) -> CancellationReason {
    let Some(error) = error else { return CancellationReason::none() };
    let code = match error.code() {
        ErrorCode::Validation => "ValidationError",
        ErrorCode::Throttling => "ThrottlingError",
        code => code.name().trim_end_matches("Exception"),
    };
    // These texts are the same in every wording.
    let message = Some(error.message().to_owned());
    CancellationReason { code: code.to_owned(), message, item: error.item().cloned() }
}

/// A hash of what is asked for: equal for equal requests, however the request was written.
fn digest(call: &Call<'_>, items: &[TransactWriteItem]) -> Digest {
    let mut digest = call.tokens.digest();
    for item in items {
        let TransactWriteItem { condition_check, put, delete, update } = item;
        condition_check.iter().for_each(|action| add_action!(&mut digest, 1, action, None));
        put.iter().for_each(|action| add_action!(&mut digest, 2, action, None));
        delete.iter().for_each(|action| add_action!(&mut digest, 3, action, None));
        update.iter().for_each(|it| add_action!(&mut digest, 4, it, it.update_expression.as_ref()));
        for values in values(item) {
            let values = values.and_then(|values| values.0.as_ref().ok());
            digest.part(values.map_or(&[], Item::as_bytes));
        }
    }
    digest
}

fn add(
    digest: &mut Digest,
    action: usize,
    table: &Option<String>,
    expressions: [Option<&String>; 2],
    names: &Option<BTreeMap<String, String>>,
) {
    digest.mark(action);
    for text in [table.as_ref()].into_iter().chain(expressions) {
        digest.part(text.map_or(&[], |text| text.as_bytes()));
    }
    let names = names.iter().flatten();
    digest.mark(names.clone().count());
    for (name, attribute) in names {
        digest.part(name.as_bytes());
        digest.part(attribute.as_bytes());
    }
}

/// An item to be read, and what of it to answer.
struct Wanted<'a> {
    table: &'a str,
    key: &'a Item,
    projection: Option<Projection<'a>>,
}

/// TransactGetItems: all items as they are at one moment.
pub(crate) fn get(
    call: &Call<'_>,
    input: &Valid<'_, TransactGetItemsInput>,
) -> Result<TransactGetItemsOutput> {
    let wanted: Vec<Wanted<'_>> =
        input.transact_items.iter().map(|item| parse_get(call, item)).collect::<Result<_>>()?;
    let tables = tables(call, wanted.iter().map(|wanted| wanted.table))?;
    for (wanted, table) in wanted.iter().zip(&tables) {
        table.schema.refuse_empty(wanted.key)?;
    }
    let mut keys: Vec<(TableId, RowKey)> = Vec::with_capacity(wanted.len());
    for (at, (wanted, table)) in wanted.iter().zip(&tables).enumerate() {
        let row = row_of(wanted, table).map_err(|error| canceled_by(at, error, tables.len()))?;
        keys.push((table.id, row));
    }
    require_distinct(keys.iter().map(|(table, key)| (*table, key)))?;
    let rows: Vec<_> = tables.iter().zip(&keys).map(|(table, (_, key))| (table, key)).collect();
    let items = read_together(call, &rows)?;
    let used = tables.iter().zip(&items).map(|(table, item)| (table, item_usage(item)));
    let consumed_capacity = capacities(input.return_consumed_capacity.as_ref(), Access::Read, used);
    let shown = wanted.iter().zip(items).map(|(wanted, item)| ItemResponse {
        item: match &wanted.projection {
            Some(projection) => item.map(|item| projection.apply(&item)),
            None => item,
        },
    });
    Ok(TransactGetItemsOutput { consumed_capacity, responses: Some(shown.collect()) })
}

/// Rows as they are at one moment.
///
/// # Errors
/// More than 4 MB; no capacity for one of them, which cancels the transaction; the store's.
pub(super) fn read_together(call: &Call<'_>, rows: &[(&Arc<Table>, &RowKey)]) -> Result<Vec<Option<Item>>> {
    let meters: Vec<Option<Meter>> =
        rows.iter().map(|(table, row)| call.meter(table, Access::Read, row.hash())).collect();
    for (at, ((table, _), meter)) in rows.iter().zip(&meters).enumerate() {
        call.admit(table, meter.as_ref()).map_err(|error| canceled_by(at, error, rows.len()))?;
    }
    let wanted: Vec<(TableId, &RowKey)> = rows.iter().map(|(table, row)| (table.id, *row)).collect();
    let items = call.store.get_many(&wanted)?;
    if items.iter().flatten().map(Item::size).sum::<usize>() > TRANSACTION_MAX_BYTES {
        return Err(Error::validation(text::payload_too_large()));
    }
    for (((table, _), meter), item) in rows.iter().zip(&meters).zip(&items) {
        call.charge(table, meter.as_ref(), &item_usage(item));
    }
    Ok(items)
}

fn parse_get<'a>(call: &Call<'_>, item: &'a TransactGetItem) -> Result<Wanted<'a>> {
    let Get { projection_expression: expression, expression_attribute_names: names, .. } =
        item.get.as_ref().expect("required, and checked");
    let valid = item.valid()?.get;
    let projection = projection(call, &None, expression, names.as_ref())?;
    Ok(Wanted { table: valid.table_name, key: checked(valid.key)?, projection })
}

fn row_of(wanted: &Wanted<'_>, table: &Table) -> Result<RowKey> {
    let row = table.schema.key_of_parameter(wanted.key)?;
    if let Some(projection) = &wanted.projection {
        projection.refuse_steps_below_keys(&table.schema.names())?;
    }
    Ok(row)
}
