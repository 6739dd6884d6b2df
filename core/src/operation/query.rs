//! Query and Scan.

use super::item::shown as projected;
use super::parameters::filter;
use super::ranges;
use super::reading::{Page, Reading, Shown, Source};
use crate::api::message::{Problem, table as text};
use crate::api::{
    Enumeration, Error, Open, QueryInput, QueryOutput, Result, ScanInput, ScanOutput, Select, Valid,
};
use crate::engine::Call;
use crate::expression::{ExpressionKind, Projection, Request, Texts, legacy};
use crate::table::HashRange;
use crate::value::key::hash_of;
use crate::value::{Checked, Item, ValueFault};

/// The expressions of a read; both kinds have them under the same names.
macro_rules! expressions_of {
    ($input:expr, $key_condition:expr) => {
        Request {
            texts: Texts {
                projection: $input.projection_expression.as_deref(),
                condition: $input.filter_expression.as_deref().map(|text| (ExpressionKind::Filter, text)),
                key_condition: $key_condition,
                update: None,
            },
            names: $input.expression_attribute_names.as_ref(),
            values: $input.expression_attribute_values.as_ref(),
        }
    };
}

/// Query.
pub(crate) fn query(call: &Call<'_>, input: &Valid<'_, QueryInput>) -> Result<QueryOutput> {
    legacy::refuse_mixing(
        &[
            ("AttributesToGet", input.attributes_to_get.is_some()),
            ("QueryFilter", input.query_filter.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
            // Beside the other expressions it may stand: object mappers send it so.
            ("KeyConditions", input.key_conditions.is_some() && input.key_condition_expression.is_some()),
        ],
        &[
            ("ProjectionExpression", input.projection_expression.is_some()),
            ("FilterExpression", input.filter_expression.is_some()),
            ("KeyConditionExpression", input.key_condition_expression.is_some()),
        ],
    )?;
    let select = select(
        input.index_name.is_some(),
        &input.select,
        &input.attributes_to_get,
        &input.projection_expression,
    )?;
    let expressions =
        call.expressions.parse(&expressions_of!(input, input.key_condition_expression.as_deref()))?;
    let projection = projected(&input.attributes_to_get, expressions.projection)?;
    let filter = filter(
        ("QueryFilter", input.query_filter.as_ref()),
        input.conditional_operator.as_ref(),
        expressions.condition,
    )?;
    let condition = match (expressions.key_condition, &input.key_conditions) {
        (Some(condition), _) => condition,
        (None, Some(conditions)) => legacy::key_conditions(conditions)?,
        (None, None) => return Err(Error::validation(text::key_condition_required())),
    };
    expressions.all_used?;
    let start = starting_key(&input.exclusive_start_key)?;
    let table = call.catalog.for_data(input.table_name, call.now())?;
    let is_consistent = input.consistent_read == Some(true);
    let source = Source::find(call, &table, input.index_name.as_deref(), is_consistent, start.is_some())?;
    let key_names = source.key_names();
    if let Some(filter) = &filter {
        filter.refuse_keys(&key_names)?;
    }
    if let Some(projection) = &projection {
        projection.refuse_steps_below_keys(&key_names)?;
    }
    source.require_projected(filter.as_ref(), projection.as_ref())?;
    let (partition, sort) = source.key_parts();
    let keys = condition.resolve(&partition, &sort)?;
    let mut range = source.range(&keys);
    range.descending = input.scan_index_forward == Some(false);
    if let Some(start) = start {
        let after = source.start_of(start, text::starting_key_invalid())?;
        if !ranges::contains(&range, &after) {
            return Err(Error::validation(text::starting_key_outside_query()));
        }
        ranges::resume(&mut range, after);
    }
    let shown = shown(select, projection);
    let fetches = source.fetches(&shown)?;
    let sort = keys.sort.map(|condition| (sort[keys.equal.len()].0, condition));
    let reading = Reading { filter, shown, sort, limit: limit(input.limit), is_consistent, fetches };
    let page = Page::query(call, &source, range, &reading)?;
    let asked = input.return_consumed_capacity.as_ref();
    Ok(QueryOutput {
        consumed_capacity: page.consumed(asked, input.table_name, &source),
        items: page.items,
        count: Some(page.count),
        scanned_count: Some(page.scanned),
        last_evaluated_key: page.last,
    })
}

/// Scan.
pub(crate) fn scan(call: &Call<'_>, input: &Valid<'_, ScanInput>) -> Result<ScanOutput> {
    legacy::refuse_mixing(
        &[
            ("AttributesToGet", input.attributes_to_get.is_some()),
            ("ScanFilter", input.scan_filter.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
        ],
        &[
            ("ProjectionExpression", input.projection_expression.is_some()),
            ("FilterExpression", input.filter_expression.is_some()),
        ],
    )?;
    let segment = segment(input.segment, input.total_segments)?;
    let select = select(
        input.index_name.is_some(),
        &input.select,
        &input.attributes_to_get,
        &input.projection_expression,
    )?;
    let expressions = call.expressions.parse(&expressions_of!(input, None))?;
    let projection = projected(&input.attributes_to_get, expressions.projection)?;
    let filter = filter(
        ("ScanFilter", input.scan_filter.as_ref()),
        input.conditional_operator.as_ref(),
        expressions.condition,
    )?;
    expressions.all_used?;
    let start = starting_key(&input.exclusive_start_key)?;
    let table = call.catalog.for_data(input.table_name, call.now())?;
    let is_consistent = input.consistent_read == Some(true);
    let source = Source::find(call, &table, input.index_name.as_deref(), is_consistent, start.is_some())?;
    source.require_projected(filter.as_ref(), projection.as_ref())?;
    let mut range = ranges::of_hashes(segment);
    if let Some(start) = start {
        let not_its_own = match &source.index {
            Some(_) => Problem::from(text::starting_key_invalid()),
            None => text::scan_starting_key_invalid(),
        };
        let after = source.start_of(start, not_its_own)?;
        if !(segment.first..=segment.last).contains(&hash_of(&after)) {
            return Err(Error::validation(text::starting_key_outside_segment()));
        }
        ranges::resume(&mut range, after);
    }
    let shown = shown(select, projection);
    let fetches = source.fetches(&shown)?;
    let reading = Reading { filter, shown, sort: None, limit: limit(input.limit), is_consistent, fetches };
    let page = Page::scan(call, &source, range, &reading)?;
    let asked = input.return_consumed_capacity.as_ref();
    Ok(ScanOutput {
        consumed_capacity: page.consumed(asked, input.table_name, &source),
        items: page.items,
        count: Some(page.count),
        scanned_count: Some(page.scanned),
        last_evaluated_key: page.last,
    })
}

// ---- parameters

/// What a request selects, if that goes with its other parameters.
fn select(
    has_index: bool,
    select: &Option<Open<Select>>,
    names: &Option<Vec<String>>,
    expression: &Option<String>,
) -> Result<Option<Select>> {
    let given = match (expression, names) {
        (Some(_), _) => Some("ProjectionExpression"),
        (None, Some(_)) => Some("AttributesToGet"),
        (None, None) => None,
    };
    match (select.as_ref().and_then(Open::known), given) {
        (Some(Select::AllProjectedAttributes), _) if !has_index => {
            Err(Error::validation(text::projected_without_index()))
        }
        (Some(Select::SpecificAttributes), None) => Err(Error::validation(text::select_needs_projection())),
        (
            Some(select @ (Select::AllAttributes | Select::AllProjectedAttributes | Select::Count)),
            Some(parameter),
        ) => Err(Error::validation(text::select_with_projection(select.name(), parameter))),
        (select, _) => Ok(select),
    }
}

fn shown(select: Option<Select>, projection: Option<Projection<'_>>) -> Shown<'_> {
    match (select, projection) {
        (Some(Select::Count), _) => Shown::Count,
        (_, Some(projection)) => Shown::Parts(projection),
        (Some(Select::AllAttributes), None) => Shown::Whole,
        (_, None) => Shown::Entry,
    }
}

fn segment(segment: Option<i32>, total: Option<i32>) -> Result<HashRange> {
    match (segment, total) {
        (None, None) => Ok(HashRange::ALL),
        (Some(_), None) => Err(Error::validation(text::total_segments_required())),
        (None, Some(_)) => Err(Error::validation(text::segment_required())),
        (Some(segment), Some(total)) if segment >= total => {
            Err(Error::validation(text::segment_too_large(segment, total)))
        }
        (Some(segment), Some(total)) => {
            // The check has refused negative ones.
            Ok(HashRange::ALL.part(segment.unsigned_abs() as usize, total.unsigned_abs() as usize))
        }
    }
}

fn starting_key(given: &Option<Checked<Item>>) -> Result<Option<&Item>> {
    let refuse = |fault: &ValueFault| Error::validation(Problem::StartingKey(fault.problem.clone()));
    given.as_ref().map(|Checked(key)| key.as_ref().map_err(refuse)).transpose()
}

fn limit(given: Option<i32>) -> usize {
    // The check has refused limits below 1.
    given.map_or(usize::MAX, |limit| limit.unsigned_abs() as usize)
}
