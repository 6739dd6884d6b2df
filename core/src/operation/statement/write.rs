//! INSERT, UPDATE, DELETE and EXISTS: each becomes an intent on one row.

use std::sync::Arc;

use super::key_names;
use crate::api::message::{statement as text, value as value_text};
use crate::api::{Error, ErrorCode, Result};
use crate::engine::Call;
use crate::expression::tree::{Call as FunctionCall, Function, Node, Operand};
use crate::expression::{Condition, Update};
use crate::limits::ITEM_MAX_BYTES;
use crate::statement::keys::{self, Named};
use crate::statement::{Compiled, Returning};
use crate::stream::Cause;
use crate::table::Table;
use crate::transaction::{self, Action, Intent, Written};
use crate::value::key::RowKey;
use crate::value::{AttributeType, Item, Path};

/// The row that a statement writes.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) table: Arc<Table>,
    pub(super) row: RowKey,
    /// The item inserted, or the key.
    item: Item,
}

/// What becomes of it.
#[derive(Debug)]
pub(super) enum Act<'t> {
    Insert,
    Update(Update<'t>, Option<Node<'t>>),
    Delete(Option<Node<'t>>),
    Check(Option<Node<'t>>),
}

/// Why a statement has no row. A transaction tells each kind in a way of its own.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no such table.
    Table(Error),
    /// The statement says what no statement may say of a table.
    Statement(Error),
    /// What it names is no key of the table.
    Key(Error),
    /// The key, or what is to become of it, breaks a rule.
    Row(Error),
}

impl Trouble {
    pub(super) fn error(self) -> Error {
        match self {
            Trouble::Table(error) | Trouble::Statement(error) | Trouble::Key(error) | Trouble::Row(error) => {
                error
            }
        }
    }
}

/// The row of a statement other than SELECT.
///
/// # Errors
/// `ResourceNotFoundException`; `ValidationException` for a condition that does not name one item, keys of other types or lengths, updates
/// of keys, an item that is too large.
pub(super) fn resolve<'t>(call: &Call<'_>, compiled: Compiled<'t>) -> Result<(Target, Act<'t>)> {
    let table = call.catalog.for_data(compiled.table(), call.now())?;
    resolve_on(table, compiled).map_err(Trouble::error)
}

/// As [`resolve`], where the table is known.
///
/// # Errors
/// Likewise.
pub(super) fn resolve_on(table: Arc<Table>, compiled: Compiled<'_>) -> Result<(Target, Act<'_>), Trouble> {
    match compiled {
        Compiled::Insert { item, .. } => {
            let row = table.schema.key_of_item(&item).map_err(Trouble::Row)?;
            if item.size() > ITEM_MAX_BYTES {
                return Err(Trouble::Statement(Error::validation(value_text::item_too_large())));
            }
            Ok((Target { table, row, item }, Act::Insert))
        }
        Compiled::Update { update, filter, .. } => {
            let named = keys::of_write(filter, &key_names(&table.schema)).map_err(Trouble::Key)?;
            update.refuse_keys(&table.schema.names()).map_err(Trouble::Row)?;
            update.refuse_steps_below_keys(&table.schema.names()).map_err(Trouble::Row)?;
            let (target, rest) = name_row(table, named)?;
            Ok((target, Act::Update(update, rest)))
        }
        Compiled::Delete { filter, .. } => {
            let named = keys::of_write(filter, &key_names(&table.schema)).map_err(Trouble::Key)?;
            let (target, rest) = name_row(table, named)?;
            Ok((target, Act::Delete(rest)))
        }
        Compiled::Check { origin, filter } => {
            if origin.index.is_some() {
                return Err(Trouble::Statement(Error::validation(text::not_on_an_index())));
            }
            let named = keys::of_check(filter, &key_names(&table.schema)).map_err(Trouble::Statement)?;
            let (target, rest) = name_row(table, named)?;
            Ok((target, Act::Check(rest)))
        }
        Compiled::Select(_) => unreachable!("the callers have taken reads out"),
    }
}

/// The row of a key, and the rest of the condition.
pub(super) fn name_row(table: Arc<Table>, named: Named<'_>) -> Result<(Target, Option<Node<'_>>), Trouble> {
    use AttributeType::{B, N, S};
    let names = key_names(&table.schema);
    if let Some((name, kind)) = named.mistyped(&names) {
        let is_scalar = matches!(kind, S | N | B);
        let problem = if is_scalar { text::key_type(name) } else { text::key_kind(name, kind) };
        return Err(Trouble::Key(Error::validation(problem)));
    }
    let item = named.item(&names);
    let row = table.schema.key_of_parameter(&item).map_err(Trouble::Row)?;
    drop(names);
    Ok((Target { table, row, item }, named.rest))
}

/// The intent of a statement.
pub(super) fn intent<'r>(target: &'r Target, act: Act<'r>, answers_item: bool) -> Intent<'r> {
    let key_is = |function| {
        let operands = vec![Operand::Path(Path::top_level(&target.table.schema.hash.name))];
        Node::Call(FunctionCall { function, operands })
    };
    let (condition, action) = match act {
        Act::Insert => (Some(key_is(Function::AttributeNotExists)), Action::Put(&target.item)),
        // An update makes no item.
        Act::Update(update, rest) => {
            let exists = key_is(Function::AttributeExists);
            let condition = match rest {
                Some(rest) => Node::And(vec![exists, rest]),
                None => exists,
            };
            (Some(condition), Action::Update { key: &target.item, update: Some(update) })
        }
        // What is not there is deleted, whatever the condition.
        Act::Delete(rest) => {
            let absent = key_is(Function::AttributeNotExists);
            (rest.map(|rest| Node::Or(vec![absent, rest])), Action::Delete)
        }
        Act::Check(rest) => (rest, Action::Check),
    };
    Intent {
        table: target.table.clone(),
        key: target.row.clone(),
        condition: condition.map(Condition::of),
        answers_item,
        action,
        cause: Cause::User,
    }
}

/// Runs one statement.
///
/// # Errors
/// `ConditionalCheckFailedException`; for an INSERT of what is there, `DuplicateItemException`.
pub(super) fn run<'r>(
    call: &Call<'_>,
    target: &'r Target,
    act: Act<'r>,
    answers_item: bool,
) -> Result<Written<'r>> {
    let is_insert = matches!(act, Act::Insert);
    let answers_item = answers_item && !is_insert;
    let written = transaction::write(call, intent(target, act, answers_item));
    written.map_err(|error| if is_insert { of_insert(error) } else { error })
}

/// The one condition of an INSERT has an error of its own.
pub(super) fn of_insert(error: Error) -> Error {
    match error.code() {
        ErrorCode::ConditionalCheckFailed => Error::new(ErrorCode::DuplicateItem, text::item_exists()),
        _ => error,
    }
}

/// What RETURNING asks for, where there is any of it.
pub(super) fn returned(returning: Option<Returning>, written: Written<'_>) -> Option<Item> {
    let Written { action, before, after, spaces: _ } = written;
    let part = |item: Option<Item>| match &action {
        Action::Update { update: Some(update), .. } => update.written_part(&item?),
        _ => None,
    };
    match returning? {
        Returning::AllOld => before,
        Returning::AllNew => after,
        Returning::ModifiedOld => part(before),
        Returning::ModifiedNew => part(after),
    }
}
