//! PutItem, GetItem, UpdateItem, DeleteItem.

use std::collections::BTreeMap;

use super::action::{ConditionParameters, Parsed};
use super::collection::metrics;
use super::parameters::checked;
use crate::api::message::table as text;
use crate::api::{
    DeleteItemInput, DeleteItemOutput, Error, GetItemInput, GetItemOutput, Open, PutItemInput, PutItemOutput,
    Result, ReturnValue, UpdateItemInput, UpdateItemOutput, Valid,
};
use crate::engine::Call;
use crate::expression::{Projection, Request, Texts, legacy};
use crate::table::{Access, Usage, consumed, consumed_by, read_units};
use crate::transaction::{self, Action, Written};
use crate::value::Item;

/// The parameters of the condition of a write; every write has them under the same names.
macro_rules! condition_of {
    ($input:expr) => {
        ConditionParameters {
            expected: $input.expected.as_ref(),
            operator: $input.conditional_operator.as_ref(),
            expression: $input.condition_expression.as_ref(),
            names: $input.expression_attribute_names.as_ref(),
            values: $input.expression_attribute_values.as_ref(),
            on_failure: $input.return_values_on_condition_check_failure.as_ref(),
        }
    };
}

/// PutItem.
pub(crate) fn put(call: &Call<'_>, input: &Valid<'_, PutItemInput>) -> Result<PutItemOutput> {
    let answers_old = old_or_none(&input.return_values)?;
    let condition = condition_of!(input);
    let intent = Parsed::put(call, input.item, condition)?.look_up(call, input.table_name)?;
    let written = transaction::write(call, intent)?;
    let collection = metrics(call, input.return_item_collection_metrics.as_ref(), input.item, &written)?;
    Ok(PutItemOutput {
        item_collection_metrics: collection,
        consumed_capacity: consumed_by(input.return_consumed_capacity.as_ref(), input.table_name, || {
            usage(&written)
        }),
        attributes: written.before.filter(|_| answers_old),
    })
}

/// DeleteItem.
pub(crate) fn delete(call: &Call<'_>, input: &Valid<'_, DeleteItemInput>) -> Result<DeleteItemOutput> {
    let answers_old = old_or_none(&input.return_values)?;
    let condition = condition_of!(input);
    let intent = Parsed::delete(call, input.key, condition)?.look_up(call, input.table_name)?;
    let written = transaction::write(call, intent)?;
    let collection = metrics(call, input.return_item_collection_metrics.as_ref(), input.key, &written)?;
    Ok(DeleteItemOutput {
        item_collection_metrics: collection,
        consumed_capacity: consumed_by(input.return_consumed_capacity.as_ref(), input.table_name, || {
            usage(&written)
        }),
        attributes: written.before.filter(|_| answers_old),
    })
}

/// UpdateItem.
pub(crate) fn update(call: &Call<'_>, input: &Valid<'_, UpdateItemInput>) -> Result<UpdateItemOutput> {
    let condition = condition_of!(input);
    let (expression, updates) = (input.update_expression.as_ref(), input.attribute_updates.as_ref());
    let parsed = Parsed::update(call, input.key, expression, updates, condition)?;
    let intent = parsed.look_up(call, input.table_name)?;
    let written = transaction::write(call, intent)?;
    let asked = input.return_values.as_ref().and_then(Open::known).unwrap_or(ReturnValue::None);
    let collection = metrics(call, input.return_item_collection_metrics.as_ref(), input.key, &written)?;
    Ok(UpdateItemOutput {
        item_collection_metrics: collection,
        consumed_capacity: consumed_by(input.return_consumed_capacity.as_ref(), input.table_name, || {
            usage(&written)
        }),
        attributes: returned(asked, written),
    })
}

/// The capacity that a write used.
pub(super) fn usage(written: &Written<'_>) -> Usage {
    let spaces = written.spaces.as_deref().unwrap_or(&[]);
    Usage::of_write(written.before.as_ref(), written.after.as_ref(), spaces)
}

fn returned(asked: ReturnValue, written: Written<'_>) -> Option<Item> {
    let Written { action, before, after, spaces: _ } = written;
    let part = |item: Option<Item>| match &action {
        Action::Update { update: Some(update), .. } => update.written_part(&item?),
        _ => None,
    };
    match asked {
        ReturnValue::None => None,
        ReturnValue::AllOld => before,
        ReturnValue::AllNew => after,
        ReturnValue::UpdatedOld => part(before),
        ReturnValue::UpdatedNew => part(after),
    }
}

/// GetItem.
pub(crate) fn get(call: &Call<'_>, input: &Valid<'_, GetItemInput>) -> Result<GetItemOutput> {
    let projection = lone_projection(
        call,
        &input.attributes_to_get,
        &input.projection_expression,
        input.expression_attribute_names.as_ref(),
    )?;
    let key = checked(input.key)?;
    let table = call.catalog.for_data(input.table_name, call.now())?;
    let row = table.schema.key_of_parameter(key)?;
    if let Some(projection) = &projection {
        projection.refuse_steps_below_keys(&table.schema.names())?;
    }
    let meter = call.meter(&table, Access::Read, row.hash());
    call.admit(&table, meter.as_ref())?;
    let item = call.store.get(table.id, &row)?;
    let units = read_units(item.as_ref().map_or(0, Item::size), input.consistent_read == Some(true));
    call.charge(&table, meter.as_ref(), &Usage::of_table(units));
    Ok(GetItemOutput {
        item: match projection {
            Some(projection) => item.map(|item| projection.apply(&item)),
            None => item,
        },
        consumed_capacity: consumed(input.return_consumed_capacity.as_ref(), input.table_name, units),
    })
}

/// The projection of a read that has no other expression: both generations of parameters and the names, checked and parsed.
fn lone_projection<'a>(
    call: &Call<'_>,
    names: &'a Option<Vec<String>>,
    expression: &'a Option<String>,
    substitutes: Option<&'a BTreeMap<String, String>>,
) -> Result<Option<Projection<'a>>> {
    if names.is_none() && expression.is_none() && substitutes.is_none() {
        return Ok(None);
    }
    legacy::refuse_mixing(
        &[("AttributesToGet", names.is_some())],
        &[("ProjectionExpression", expression.is_some())],
    )?;
    projection(call, names, expression, substitutes)
}

/// `ProjectionExpression` or `AttributesToGet` of a read that has no other expression, parsed.
pub(super) fn projection<'a>(
    call: &Call<'_>,
    names: &'a Option<Vec<String>>,
    expression: &'a Option<String>,
    substitutes: Option<&'a BTreeMap<String, String>>,
) -> Result<Option<Projection<'a>>> {
    let texts = Texts { projection: expression.as_deref(), ..Texts::default() };
    let expressions = call.expressions.parse(&Request { texts, names: substitutes, values: None })?;
    let projection = shown(names, expressions.projection)?;
    expressions.all_used?;
    Ok(projection)
}

/// `ProjectionExpression`, which is parsed, or `AttributesToGet`.
pub(super) fn shown<'a>(
    names: &'a Option<Vec<String>>,
    expression: Option<Projection<'a>>,
) -> Result<Option<Projection<'a>>> {
    match (expression, names) {
        (Some(expression), _) => Ok(Some(expression)),
        (None, Some(names)) => legacy::attributes_to_get(names).map(Some),
        (None, None) => Ok(None),
    }
}

/// Whether a put or delete answers with the old item.
fn old_or_none(asked: &Option<Open<ReturnValue>>) -> Result<bool> {
    match asked.as_ref().and_then(Open::known) {
        None | Some(ReturnValue::None) => Ok(false),
        Some(ReturnValue::AllOld) => Ok(true),
        Some(_) => Err(Error::validation(text::return_values_put())),
    }
}
