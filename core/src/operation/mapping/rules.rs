//! What the parameters of a mapping must satisfy, of its making and of its changes.

use crate::api::message::mapping as text;
use crate::api::{
    Error, EventSourceMappingConfiguration, FunctionReference, LambdaDestinationConfig, LambdaFilterCriteria,
    LambdaOnFailure, LambdaScalingConfig, Result,
};
use crate::engine::Call;
use crate::limits::{LAMBDA_FILTERS_MAX, LAMBDA_RECORD_AGE_MAX_SECONDS, LAMBDA_RECORD_AGE_MIN_SECONDS};
use crate::mapping::Mappings;
use crate::pattern::Pattern;

use super::invalid;

/// The types of responses, which are told as a broken constraint.
///
/// # Errors
/// `ValidationException`.
pub(super) fn response_types(given: Option<&Vec<String>>) -> Result<()> {
    match given {
        Some(types) if types.iter().any(|given| given != "ReportBatchItemFailures") => {
            Err(Error::validation(text::response_types(types)))
        }
        _ => Ok(()),
    }
}

/// What no mapping of a stream has.
///
/// # Errors
/// `InvalidParameterValueException`, here as below.
pub(super) fn foreign(
    scaling: Option<&LambdaScalingConfig>,
    destinations: Option<&LambdaDestinationConfig>,
) -> Result<()> {
    if scaling.is_some() {
        return Err(invalid(text::scaling_unsupported()));
    }
    let on_success = destinations.and_then(|destinations| destinations.on_success.as_ref());
    if on_success.is_some_and(|place| place.destination.as_ref().is_some_and(|arn| !arn.is_empty())) {
        return Err(invalid(text::on_success_unsupported()));
    }
    Ok(())
}

/// Where failures go, as it is told: the place, or that there is none.
pub(super) fn destinations(given: Option<&LambdaDestinationConfig>) -> Result<LambdaDestinationConfig> {
    let on_failure = given.and_then(|given| given.on_failure.as_ref());
    let destination = on_failure.and_then(|place| place.destination.clone()).filter(|arn| !arn.is_empty());
    if let Some(arn) = destination.as_deref().filter(|arn| !is_destination(arn)) {
        return Err(invalid(text::destination_invalid(arn)));
    }
    Ok(LambdaDestinationConfig { on_success: None, on_failure: Some(LambdaOnFailure { destination }) })
}

/// Whether failures can go there: to a standard queue, a standard topic or a bucket.
fn is_destination(arn: &str) -> bool {
    let fields: Vec<&str> = arn.split(':').collect();
    match fields[..] {
        ["arn", _, "sqs" | "sns", _, _, name] => !name.is_empty() && !name.ends_with(".fifo"),
        ["arn", _, "s3", "", "", bucket] => !bucket.is_empty() && !bucket.contains('/'),
        _ => false,
    }
}

/// The patterns, if there are any.
pub(super) fn filters(given: Option<&LambdaFilterCriteria>) -> Result<Option<LambdaFilterCriteria>> {
    let Some(filters) = given.and_then(|given| given.filters.as_ref()).filter(|filters| !filters.is_empty())
    else {
        return Ok(None);
    };
    if filters.len() > LAMBDA_FILTERS_MAX {
        return Err(invalid(text::too_many_filters(LAMBDA_FILTERS_MAX)));
    }
    for filter in filters {
        let pattern = filter.pattern.as_deref();
        if pattern.is_none_or(|text| Pattern::compile(text).is_err()) {
            return Err(invalid(text::invalid_pattern()));
        }
    }
    Ok(Some(LambdaFilterCriteria { filters: Some(filters.clone()) }))
}

/// What must fit together, of a finished mapping.
pub(super) fn whole(mapping: &EventSourceMappingConfiguration) -> Result<()> {
    let age = mapping.maximum_record_age_in_seconds;
    if age.is_some_and(|age| (0..LAMBDA_RECORD_AGE_MIN_SECONDS).contains(&age)) {
        let text = text::record_age(LAMBDA_RECORD_AGE_MIN_SECONDS, LAMBDA_RECORD_AGE_MAX_SECONDS);
        return Err(invalid(text));
    }
    if mapping.tumbling_window_in_seconds.is_none_or(|seconds| seconds == 0) {
        return Ok(());
    }
    if mapping.parallelization_factor.is_some_and(|factor| factor > 1) {
        return Err(invalid(text::lanes_with_window()));
    }
    if mapping.filter_criteria.is_some() {
        return Err(invalid(text::filters_with_window()));
    }
    Ok(())
}

/// The ARN of a function that a mapping names, with the qualifier that was given.
pub(super) fn function(call: &Call<'_>, mappings: &Mappings, given: &str) -> Result<String> {
    let known = known_function(call, mappings, given);
    known.ok_or_else(|| invalid(text::no_function()))
}

fn known_function(call: &Call<'_>, mappings: &Mappings, given: &str) -> Option<String> {
    let place = call.catalog.place;
    let named = FunctionReference::parse(given)?;
    let is_here = named.region.is_none_or(|region| region == place.region)
        && named.account.is_none_or(|account| account == place.account);
    let function = mappings.functions.get(named.name).filter(|_| is_here)?;
    let arn = place.function_arn(&function.name);
    match named.qualifier {
        None => Some(arn),
        Some(qualifier) => function.has(qualifier).then(|| format!("{arn}:{qualifier}")),
    }
}

/// The ARN that a function has or would have, for comparisons.
pub(super) fn function_arn(call: &Call<'_>, given: &str) -> Option<String> {
    let named = FunctionReference::parse(given)?;
    let arn = call.catalog.place.function_arn(named.name);
    Some(named.qualifier.map_or(arn.clone(), |qualifier| format!("{arn}:{qualifier}")))
}
