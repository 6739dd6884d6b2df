//! Statements: the service's part of PartiQL, from text to what the operations run.
//!
//! ```text
//! text ──lexer──► parser ──► Statement ──compile──► Compiled ──key of the table──► key and condition, or reads
//!                                          ▲
//!                                 Parameters (?)
//! ```
//! The order in which the service complains (facts B15): what the parser cannot read; what the statement says that the service has not,
//! from front to back; the table is looked up; then what needs its key.
//!
//! ```text
//! Statement::parse(text) -> Result<Statement>          compile(&self, parameters) -> Result<Compiled>       is_read()
//! keys::of_write, keys::of_check, keys::of_read        which one item a condition names, and what else it says
//! plan::Reads::of                                      which keys a SELECT reads
//! point(&self, parameters)                             the one item of the most frequent SELECT, without a plan
//! ```
//! Everything borrows from the tree and the parameters. What nests in a text is bounded by [`crate::limits::STATEMENT_MAX_LEVELS`].

mod condition;
mod expression;
pub(crate) mod keys;
mod keyword;
mod lexer;
mod literal;
mod parser;
mod path;
pub(crate) mod plan;
mod point;
mod tree;
mod update;

#[cfg(test)]
mod tests;

pub(crate) use literal::Parameters;
pub(crate) use path::{Origin, Projected};
pub(crate) use tree::{Returning, Statement};

use crate::api::message::statement as text;
use crate::api::{Error, Result};
use crate::expression::Update;
use crate::expression::tree::Node;
use crate::value::Item;
use tree::{Expr, ExprKind, Inserted, ReturningElement, Select};

/// A statement that is sound, whatever the table is.
#[derive(Debug)]
pub(crate) enum Compiled<'t> {
    Select(Selection<'t>),
    Insert {
        table: &'t str,
        item: Item,
    },
    Update {
        table: &'t str,
        update: Update<'t>,
        filter: Option<Node<'t>>,
        returning: Option<Returning>,
    },
    Delete {
        table: &'t str,
        filter: Option<Node<'t>>,
        returning: Option<Returning>,
    },
    /// `EXISTS`: a condition on an item that is only looked at.
    Check {
        origin: Origin<'t>,
        filter: Option<Node<'t>>,
    },
}

/// What a SELECT reads.
#[derive(Debug)]
pub(crate) struct Selection<'t> {
    pub(crate) origin: Origin<'t>,
    /// None for all of the item.
    pub(crate) projected: Option<Projected<'t>>,
    pub(crate) filter: Option<Node<'t>>,
    /// Attributes, and whether in descending order.
    pub(crate) order: Vec<(&'t str, bool)>,
}

impl Compiled<'_> {
    pub(crate) fn table(&self) -> &str {
        match self {
            Compiled::Select(selection) => selection.origin.table,
            Compiled::Insert { table, .. }
            | Compiled::Update { table, .. }
            | Compiled::Delete { table, .. } => table,
            Compiled::Check { origin, .. } => origin.table,
        }
    }

    /// What the statement asks to be answered of a write.
    pub(crate) fn returning(&self) -> Option<Returning> {
        match self {
            Compiled::Update { returning, .. } | Compiled::Delete { returning, .. } => *returning,
            Compiled::Select(_) | Compiled::Insert { .. } | Compiled::Check { .. } => None,
        }
    }
}

impl Statement {
    /// Whether it reads items; `EXISTS` belongs to writes.
    pub(crate) fn is_read(&self) -> bool {
        matches!(self, Statement::Select(_))
    }

    /// What the statement says, with the values of its parameters.
    ///
    /// # Errors
    /// `ValidationException` for what the service has not.
    pub(crate) fn compile<'t>(&'t self, parameters: Parameters<'t>) -> Result<Compiled<'t>> {
        match self {
            Statement::Select(select) => compile_select(select, parameters).map(Compiled::Select),
            Statement::Exists(select) => {
                refuse_clauses(select)?;
                let origin = path::origin_of_select(select)?;
                let filter = filter(select.filter.as_ref(), parameters)?;
                Ok(Compiled::Check { origin, filter })
            }
            Statement::Insert(insert) => {
                let table = path::inserted_table(&insert.table)?;
                if insert.has_returning {
                    return Err(Error::validation(text::returning_in_insert()));
                }
                match &insert.item {
                    Inserted::Value(expr) => {
                        Ok(Compiled::Insert { table, item: literal::item(expr, parameters)? })
                    }
                    Inserted::At => Err(Error::validation(text::insert_at())),
                    Inserted::Several => Err(Error::validation(text::several_items_inserted())),
                }
            }
            Statement::Update(statement) => {
                let [source] = statement.sources.as_slice() else {
                    return Err(Error::validation(text::source_not_one_table()));
                };
                let table = written_table(path::origin(source)?)?;
                let update = update::update(&statement.changes, parameters)?;
                let filter = filter(statement.filter.as_ref(), parameters)?;
                let returning = returning(statement.returning.as_deref())?;
                Ok(Compiled::Update { table, update, filter, returning })
            }
            Statement::Delete(delete) => {
                let table = written_table(path::origin(&delete.source)?)?;
                let filter = filter(delete.filter.as_ref(), parameters)?;
                let returning = returning(delete.returning.as_deref())?;
                match returning {
                    None | Some(Returning::AllOld) => Ok(Compiled::Delete { table, filter, returning }),
                    Some(other) => Err(Error::validation(text::returning_in_delete(other.shown()))),
                }
            }
        }
    }
}

fn compile_select<'t>(select: &'t Select, parameters: Parameters<'t>) -> Result<Selection<'t>> {
    refuse_clauses(select)?;
    let origin = path::origin_of_select(select)?;
    let projected = Projected::of(&select.columns)?;
    let filter = filter(select.filter.as_ref(), parameters)?;
    if filter.is_none() && !select.order.is_empty() {
        return Err(Error::validation(text::order_without_where()));
    }
    let order = select.order.iter().map(|ordering| match &ordering.expr.kind {
        ExprKind::Name(name) => Ok((name.as_str(), ordering.descending)),
        _ => Err(Error::validation(text::order_by_expression())),
    });
    Ok(Selection { origin, projected, filter, order: order.collect::<Result<_>>()? })
}

fn refuse_clauses(select: &Select) -> Result<()> {
    if let Some((clause, place)) = select.unsupported {
        return Err(Error::validation(text::at(text::unsupported_clause(clause), place)));
    }
    if select.distinct {
        return Err(Error::validation(text::unsupported_token("DISTINCT")));
    }
    Ok(())
}

fn filter<'t>(expr: Option<&'t Expr>, parameters: Parameters<'t>) -> Result<Option<Node<'t>>> {
    expr.map(|expr| condition::condition(expr, parameters)).transpose()
}

fn written_table(origin: Origin<'_>) -> Result<&str> {
    match origin.index {
        None => Ok(origin.table),
        Some(_) => Err(Error::validation(text::not_on_an_index())),
    }
}

fn returning(elements: Option<&[ReturningElement]>) -> Result<Option<Returning>> {
    match elements {
        None => Ok(None),
        Some([element]) if element.is_star => Ok(Some(element.returning)),
        Some([_]) => Err(Error::validation(text::returning_column())),
        Some(_) => Err(Error::validation(text::returning_several())),
    }
}
