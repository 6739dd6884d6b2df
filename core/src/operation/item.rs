//! PutItem, GetItem, UpdateItem, DeleteItem.

use std::sync::Arc;

use parking_lot::MutexGuard;

use super::parameters::{checked, lone_condition, require, write_condition};
use crate::api::message::{table as text, value as value_text};
use crate::api::{
    DeleteItemInput, DeleteItemOutput, Error, ErrorCode, GetItemInput, GetItemOutput, Open, PutItemInput,
    PutItemOutput, Result, ReturnValue, UpdateItemInput, UpdateItemOutput,
};
use crate::commit::{Write, commit};
use crate::engine::Call;
use crate::expression::{Condition, Placeholders, Projection, Update, legacy};
use crate::limits::ITEM_MAX_BYTES;
use crate::stream::{Cause, Mutation};
use crate::table::{PartitionState, Table, consumed, read_units, write_units};
use crate::value::Item;
use crate::value::key::RowKey;

/// PutItem.
pub(crate) fn put(call: &Call<'_>, input: &PutItemInput) -> Result<PutItemOutput> {
    let answer_old = old_or_none(&input.return_values)?;
    let condition = lone_condition(
        input.expected.as_ref(),
        input.conditional_operator.as_ref(),
        input.condition_expression.as_ref(),
        input.expression_attribute_names.as_ref(),
        input.expression_attribute_values.as_ref(),
    )?;
    let item = checked(&input.item)?;
    let (name, table) = table_of(call, &input.table_name)?;
    let key = table.schema.key_of_item(item)?;
    refuse_below_keys(&table, condition.as_ref())?;
    if item.size() > ITEM_MAX_BYTES {
        return Err(Error::validation(value_text::item_too_large()));
    }
    let before = write(call, &table, key, |before| {
        require(condition.as_ref(), before, &input.return_values_on_condition_check_failure)?;
        Ok(Some(item.clone()))
    })?
    .before;
    let units = write_units(before.as_ref().map_or(0, Item::size), item.size());
    Ok(PutItemOutput {
        attributes: before.filter(|_| answer_old),
        consumed_capacity: consumed(input.return_consumed_capacity.as_ref(), name, units),
    })
}

/// DeleteItem.
pub(crate) fn delete(call: &Call<'_>, input: &DeleteItemInput) -> Result<DeleteItemOutput> {
    let answer_old = old_or_none(&input.return_values)?;
    let condition = lone_condition(
        input.expected.as_ref(),
        input.conditional_operator.as_ref(),
        input.condition_expression.as_ref(),
        input.expression_attribute_names.as_ref(),
        input.expression_attribute_values.as_ref(),
    )?;
    let key = checked(&input.key)?;
    let (name, table) = table_of(call, &input.table_name)?;
    let row = table.schema.key_of_parameter(key)?;
    refuse_below_keys(&table, condition.as_ref())?;
    let before = write(call, &table, row, |before| {
        require(condition.as_ref(), before, &input.return_values_on_condition_check_failure)?;
        Ok(None)
    })?
    .before;
    let units = write_units(before.as_ref().map_or(0, Item::size), 0);
    Ok(DeleteItemOutput {
        attributes: before.filter(|_| answer_old),
        consumed_capacity: consumed(input.return_consumed_capacity.as_ref(), name, units),
    })
}

/// UpdateItem.
pub(crate) fn update(call: &Call<'_>, input: &UpdateItemInput) -> Result<UpdateItemOutput> {
    legacy::refuse_mixing(
        &[
            ("AttributeUpdates", input.attribute_updates.is_some()),
            ("Expected", input.expected.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
        ],
        &[
            ("UpdateExpression", input.update_expression.is_some()),
            ("ConditionExpression", input.condition_expression.is_some()),
        ],
    )?;
    let mut placeholders = Placeholders::new(
        input.expression_attribute_names.as_ref(),
        input.expression_attribute_values.as_ref(),
        input.update_expression.is_some() || input.condition_expression.is_some(),
    )?;
    let update = parse_update(input, &mut placeholders)?;
    let condition = write_condition(
        input.expected.as_ref(),
        input.conditional_operator.as_ref(),
        input.condition_expression.as_ref(),
        &mut placeholders,
    )?;
    placeholders.finish()?;
    let key = checked(&input.key)?;
    let (name, table) = table_of(call, &input.table_name)?;
    let row = table.schema.key_of_parameter(key)?;
    if let Some(update) = &update {
        update.refuse_keys(&table.schema.names())?;
        update.refuse_steps_below_keys(&table.schema.names())?;
    }
    refuse_below_keys(&table, condition.as_ref())?;
    let written = write(call, &table, row, |before| {
        require(condition.as_ref(), before, &input.return_values_on_condition_check_failure)?;
        updated(update.as_ref(), key, before)
    })?;
    let size = |item: &Option<Item>| item.as_ref().map_or(0, Item::size);
    let units = write_units(size(&written.before), size(&written.after));
    let asked = input.return_values.as_ref().and_then(Open::known).unwrap_or(ReturnValue::None);
    Ok(UpdateItemOutput {
        attributes: returned(asked, update.as_ref(), &written),
        consumed_capacity: consumed(input.return_consumed_capacity.as_ref(), name, units),
    })
}

fn parse_update<'a>(
    input: &'a UpdateItemInput,
    placeholders: &mut Placeholders<'a>,
) -> Result<Option<Update<'a>>> {
    if let Some(expression) = &input.update_expression {
        return Update::parse(expression, placeholders).map(Some);
    }
    input.attribute_updates.as_ref().map(legacy::attribute_updates).transpose()
}

/// The item after an update; none when there was none and the update makes none (facts A8).
fn updated(update: Option<&Update<'_>>, key: &Item, before: Option<&Item>) -> Result<Option<Item>> {
    let after = match (update, before) {
        (None, before) => before.unwrap_or(key).clone(),
        (Some(update), Some(before)) => update.apply(before)?,
        // There is nothing to remove from, so nothing can be wrong with the paths either.
        (Some(update), None) if !update.creates_item() => return Ok(None),
        (Some(update), None) => update.apply(key)?,
    };
    if after.size() > ITEM_MAX_BYTES {
        return Err(Error::validation(value_text::item_to_update_too_large()));
    }
    Ok(Some(after))
}

fn returned(asked: ReturnValue, update: Option<&Update<'_>>, written: &Written) -> Option<Item> {
    let part = |item: &Option<Item>| update?.written_part(item.as_ref()?);
    match asked {
        ReturnValue::None => None,
        ReturnValue::AllOld => written.before.clone(),
        ReturnValue::AllNew => written.after.clone(),
        ReturnValue::UpdatedOld => part(&written.before),
        ReturnValue::UpdatedNew => part(&written.after),
    }
}

/// GetItem.
pub(crate) fn get(call: &Call<'_>, input: &GetItemInput) -> Result<GetItemOutput> {
    legacy::refuse_mixing(
        &[("AttributesToGet", input.attributes_to_get.is_some())],
        &[("ProjectionExpression", input.projection_expression.is_some())],
    )?;
    let mut placeholders = Placeholders::new(
        input.expression_attribute_names.as_ref(),
        None,
        input.projection_expression.is_some(),
    )?;
    let projection = projection(&input.attributes_to_get, &input.projection_expression, &mut placeholders)?;
    placeholders.finish()?;
    let key = checked(&input.key)?;
    let (name, table) = table_of(call, &input.table_name)?;
    let row = table.schema.key_of_parameter(key)?;
    if let Some(projection) = &projection {
        projection.refuse_steps_below_keys(&table.schema.names())?;
    }
    let item = call.store.get(table.id, &row)?;
    let units = read_units(item.as_ref().map_or(0, Item::size), input.consistent_read == Some(true));
    Ok(GetItemOutput {
        item: match projection {
            Some(projection) => item.map(|item| projection.apply(&item)),
            None => item,
        },
        consumed_capacity: consumed(input.return_consumed_capacity.as_ref(), name, units),
    })
}

/// `ProjectionExpression` or `AttributesToGet`, parsed.
pub(super) fn projection<'a>(
    names: &'a Option<Vec<String>>,
    expression: &'a Option<String>,
    placeholders: &mut Placeholders<'a>,
) -> Result<Option<Projection<'a>>> {
    match (expression, names) {
        (Some(expression), _) => Projection::parse(expression, placeholders).map(Some),
        (None, Some(names)) => legacy::attributes_to_get(names).map(Some),
        (None, None) => Ok(None),
    }
}

/// Keys are scalars: no path of a condition goes below one.
fn refuse_below_keys(table: &Table, condition: Option<&Condition<'_>>) -> Result<()> {
    condition.map_or(Ok(()), |condition| condition.refuse_steps_below_keys(&table.schema.names()))
}

/// Whether a put or delete answers with the old item.
fn old_or_none(asked: &Option<Open<ReturnValue>>) -> Result<bool> {
    match asked.as_ref().and_then(Open::known) {
        None | Some(ReturnValue::None) => Ok(false),
        Some(ReturnValue::AllOld) => Ok(true),
        Some(_) => Err(Error::validation(text::return_values_put())),
    }
}

/// The table, and its name as the request gave it.
pub(super) fn table_of<'a>(call: &Call<'_>, given: &'a Option<String>) -> Result<(&'a str, Arc<Table>)> {
    let name = given.as_deref().expect("the shape check has refused null");
    Ok((name, call.catalog.for_data(name, call.now())?))
}

/// An item before and after a write.
struct Written {
    before: Option<Item>,
    after: Option<Item>,
}

/// Reads a row, asks what becomes of it, and commits that, all under the lock of its partition.
fn write(
    call: &Call<'_>,
    table: &Table,
    key: RowKey,
    decide: impl FnOnce(Option<&Item>) -> Result<Option<Item>>,
) -> Result<Written> {
    with_partition(call, table, key, |partition, key| {
        let before = call.store.get(table.id, &key)?;
        let after = decide(before.as_ref())?;
        let written = Written { before: before.clone(), after: after.clone() };
        let mutation = Mutation { key, before, after, cause: Cause::User };
        commit(call, [Write { table, partition, mutation }])?;
        Ok(written)
    })
}

/// Calls `act` under the lock of the partition that holds `key`.
fn with_partition<T>(
    call: &Call<'_>,
    table: &Table,
    key: RowKey,
    act: impl FnOnce(&mut MutexGuard<'_, PartitionState>, RowKey) -> Result<T>,
) -> Result<T> {
    loop {
        let partition = table.partition_of(key.hash());
        let mut state = partition.state.lock();
        if !state.retired {
            return act(&mut state, key);
        }
        // Replaced while we waited for the lock: by its children, unless the table is gone.
        drop(state);
        if !table.is_usable(call.now()) {
            return Err(Error::new(ErrorCode::ResourceNotFound, text::resource_not_found()));
        }
    }
}
