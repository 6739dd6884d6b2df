//! The actions that write items, read out of the parameters of whatever request carries them: alone, in a batch, in a transaction.
//!
//! ```text
//! parameters ──parse──► Parsed ──look up──► Intent ──transaction──► Written ──answer
//! ```
//! Parsing sees the request alone; looking up sees tables. A request with several actions parses all of them first.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::parameters::{checked, lone_condition, write_condition};
use crate::api::message::value as value_text;
use crate::api::{
    AttributeValueUpdate, ConditionalOperator, Error, ExpectedAttributeValue, Open, Result,
    ReturnValuesOnConditionCheckFailure,
};
use crate::engine::Call;
use crate::expression::{Condition, ExpressionKind, Expressions, Request, Texts, Update, legacy};
use crate::limits::ITEM_MAX_BYTES;
use crate::stream::Cause;
use crate::table::{Origin, Table, refuse_empty_index_keys};
use crate::transaction::{Action, Intent};
use crate::value::{Checked, Item};

/// The parameters of a condition, old and new, and what they stand for.
#[derive(Clone, Copy, Default)]
pub(super) struct ConditionParameters<'a> {
    pub(super) expected: Option<&'a BTreeMap<String, ExpectedAttributeValue>>,
    pub(super) operator: Option<&'a Open<ConditionalOperator>>,
    pub(super) expression: Option<&'a String>,
    pub(super) names: Option<&'a BTreeMap<String, String>>,
    pub(super) values: Option<&'a Checked<Item>>,
    pub(super) on_failure: Option<&'a Open<ReturnValuesOnConditionCheckFailure>>,
}

impl<'a> ConditionParameters<'a> {
    /// Whether nothing is said of any condition.
    pub(super) fn is_none(&self) -> bool {
        self.expected.is_none()
            && self.operator.is_none()
            && self.expression.is_none()
            && self.names.is_none()
            && self.values.is_none()
    }

    /// What its expression and that of an update say.
    ///
    /// # Errors
    /// `ValidationException`.
    pub(super) fn parse(self, call: &Call<'_>, update: Option<&'a String>) -> Result<Expressions<'a>> {
        let condition = self.expression.map(|text| (ExpressionKind::Condition, text.as_str()));
        let texts = Texts { update: update.map(String::as_str), condition, ..Texts::default() };
        call.expressions.parse(&Request { texts, names: self.names, values: self.values })
    }

    fn answers_item(&self) -> bool {
        self.on_failure.and_then(Open::known) == Some(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

/// An action whose parameters are sound, whatever the table is.
#[derive(Debug)]
pub(super) struct Parsed<'a> {
    condition: Option<Condition<'a>>,
    answers_item: bool,
    target: Target<'a>,
}

/// What is done to which item.
#[derive(Debug)]
enum Target<'a> {
    Put(&'a Item),
    Update(&'a Item, Option<Update<'a>>),
    Delete(&'a Item),
    Check(&'a Item),
}

impl<'a> Parsed<'a> {
    /// A put, under a condition or none.
    ///
    /// # Errors
    /// `ValidationException` for parameters that cannot stand together or cannot be read, here as below.
    pub(super) fn put(
        call: &Call<'_>,
        item: &'a Checked<Item>,
        condition: ConditionParameters<'a>,
    ) -> Result<Parsed<'a>> {
        let parsed = lone_condition(call, condition)?;
        let target = Target::Put(checked(item)?);
        Ok(Parsed { condition: parsed, answers_item: condition.answers_item(), target })
    }

    /// A deletion.
    pub(super) fn delete(
        call: &Call<'_>,
        key: &'a Checked<Item>,
        condition: ConditionParameters<'a>,
    ) -> Result<Parsed<'a>> {
        let parsed = lone_condition(call, condition)?;
        let target = Target::Delete(checked(key)?);
        Ok(Parsed { condition: parsed, answers_item: condition.answers_item(), target })
    }

    /// A condition alone.
    pub(super) fn check(
        call: &Call<'_>,
        key: &'a Checked<Item>,
        condition: ConditionParameters<'a>,
    ) -> Result<Parsed<'a>> {
        let parsed = lone_condition(call, condition)?;
        let target = Target::Check(checked(key)?);
        Ok(Parsed { condition: parsed, answers_item: condition.answers_item(), target })
    }

    /// An update.
    pub(super) fn update(
        call: &Call<'_>,
        key: &'a Checked<Item>,
        expression: Option<&'a String>,
        legacy_updates: Option<&'a BTreeMap<String, AttributeValueUpdate>>,
        condition: ConditionParameters<'a>,
    ) -> Result<Parsed<'a>> {
        legacy::refuse_mixing(
            &[
                ("AttributeUpdates", legacy_updates.is_some()),
                ("Expected", condition.expected.is_some()),
                ("ConditionalOperator", condition.operator.is_some()),
            ],
            &[
                ("UpdateExpression", expression.is_some()),
                ("ConditionExpression", condition.expression.is_some()),
            ],
        )?;
        let expressions = condition.parse(call, expression)?;
        let update = match legacy_updates {
            Some(updates) => Some(legacy::attribute_updates(updates)?),
            None => expressions.update,
        };
        let parsed = write_condition(condition, expressions.condition)?;
        expressions.all_used?;
        let target = Target::Update(checked(key)?, update);
        Ok(Parsed { condition: parsed, answers_item: condition.answers_item(), target })
    }

    /// The action on the row of its table.
    ///
    /// # Errors
    /// `ResourceNotFoundException` for a table that is not there; `ValidationException` for a key that is not the table's, a path below one,
    /// or an item that is too large.
    pub(super) fn look_up(self, call: &Call<'_>, table: &str) -> Result<Intent<'a>> {
        self.on(call.catalog.for_data(table, call.now())?)
    }

    /// What a transaction refuses as a whole, because the items that are there do not matter: empty keys, of indexes too, and a put that is too
    /// large.
    ///
    /// # Errors
    /// `ValidationException`.
    pub(super) fn refuse_outright(&self, table: &Table) -> Result<()> {
        match &self.target {
            Target::Put(item) => {
                table.schema.refuse_empty(item)?;
                require_size(item)?;
                refuse_empty_index_keys(&table.spaces(), |name| item.get(name), Origin::Put)
            }
            Target::Update(key, Some(update)) => {
                table.schema.refuse_empty(key)?;
                let set = |name: &str| update.set_value(name);
                refuse_empty_index_keys(&table.spaces(), set, Origin::TransactedUpdate)
            }
            Target::Update(key, None) | Target::Delete(key) | Target::Check(key) => {
                table.schema.refuse_empty(key)
            }
        }
    }

    /// As [`Parsed::look_up`], where the table is known.
    ///
    /// # Errors
    /// `ValidationException`, likewise.
    pub(super) fn on(self, table: Arc<Table>) -> Result<Intent<'a>> {
        let key = match &self.target {
            Target::Put(item) => table.schema.key_of_item(item)?,
            Target::Update(key, _) | Target::Delete(key) | Target::Check(key) => {
                table.schema.key_of_parameter(key)?
            }
        };
        if let Target::Update(_, Some(update)) = &self.target {
            update.refuse_keys(&table.schema.names())?;
            update.refuse_steps_below_keys(&table.schema.names())?;
        }
        refuse_below_keys(&table, self.condition.as_ref())?;
        let action = match self.target {
            Target::Put(item) => {
                require_size(item)?;
                Action::Put(item)
            }
            Target::Update(key, update) => Action::Update { key, update },
            Target::Delete(_) => Action::Delete,
            Target::Check(_) => Action::Check,
        };
        let Parsed { condition, answers_item, .. } = self;
        Ok(Intent { table, key, condition, answers_item, action, cause: Cause::User })
    }
}

/// Tables by the names that the actions of a request give: most give that of the action before.
pub(super) struct Tables<'c, 'a> {
    call: &'c Call<'c>,
    last: Option<(&'a str, Arc<Table>)>,
}

impl<'c, 'a> Tables<'c, 'a> {
    pub(super) fn new(call: &'c Call<'c>) -> Tables<'c, 'a> {
        Tables { call, last: None }
    }

    /// # Errors
    /// `ResourceNotFoundException` for a table that is not there.
    pub(super) fn get(&mut self, name: &'a str) -> Result<Arc<Table>> {
        if let Some((last, table)) = &self.last
            && *last == name
        {
            return Ok(table.clone());
        }
        let table = self.call.catalog.for_data(name, self.call.now())?;
        self.last = Some((name, table.clone()));
        Ok(table)
    }
}

fn require_size(item: &Item) -> Result<()> {
    if item.size() > ITEM_MAX_BYTES {
        return Err(Error::validation(value_text::item_too_large()));
    }
    Ok(())
}

/// Keys are scalars: no path of a condition goes below one.
fn refuse_below_keys(table: &Table, condition: Option<&Condition<'_>>) -> Result<()> {
    condition.map_or(Ok(()), |condition| condition.refuse_steps_below_keys(&table.schema.names()))
}
