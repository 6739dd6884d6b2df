//! UpdateEventSourceMapping, DeleteEventSourceMapping.

use super::create::refuse_second;
use super::{keep, lock, not_found, rules, told_of_change};
use crate::api::message::mapping as text;
use crate::api::{
    DeleteEventSourceMappingInput, Error, ErrorCode, EventSourceMappingConfiguration, Result,
    UpdateEventSourceMappingInput, Valid,
};
use crate::engine::Call;
use crate::mapping::{Mapping, MappingChange};

/// UpdateEventSourceMapping.
pub(crate) fn update(
    call: &Call<'_>,
    input: &Valid<'_, UpdateEventSourceMappingInput>,
) -> Result<EventSourceMappingConfiguration> {
    rules::response_types(input.function_response_types.as_ref())?;
    let now = call.now();
    let mut mappings = lock(call);
    let mapping = mappings.find(input.uuid, now).ok_or_else(not_found)?;
    rules::foreign(input.scaling_config.as_ref(), input.destination_config.as_ref())?;
    if mapping.is_changing(now) {
        return Err(Error::new(ErrorCode::ResourceInUse, text::in_use("update")));
    }
    let mut next = changed(mapping, input)?;
    rules::whole(&next.configuration)?;
    if let Some(given) = &input.function_name {
        let function = rules::function(call, &mappings, given)?;
        refuse_second(&mappings, mapping.source(), &function, Some(mapping.id), now)?;
        next.configuration.function_arn = Some(function);
    }
    next.change = match input.enabled {
        Some(true) if !mapping.is_enabled => MappingChange::Enable,
        Some(false) if mapping.is_enabled => MappingChange::Disable,
        _ => MappingChange::Update,
    };
    next.until = now.saturating_add(call.choices.control_plane_delay);
    next.modified_at = now;
    next.revision += 1;
    let answer = told_of_change(&next);
    keep(call, &mut mappings, next)?;
    Ok(answer)
}

/// A mapping with what was given in place of what was.
fn changed(mapping: &Mapping, input: &UpdateEventSourceMappingInput) -> Result<Mapping> {
    let mut next = mapping.clone();
    let kept = &mut next.configuration;
    macro_rules! replace {
        ($($member:ident)*) => {$(
            if let Some(given) = &input.$member {
                kept.$member = Some(given.clone());
            }
        )*};
    }
    replace! {
        batch_size maximum_batching_window_in_seconds parallelization_factor maximum_record_age_in_seconds
        bisect_batch_on_function_error maximum_retry_attempts tumbling_window_in_seconds function_response_types
        kms_key_arn metrics_config
    }
    if let Some(given) = &input.filter_criteria {
        kept.filter_criteria = rules::filters(Some(given))?;
    }
    if let Some(given) = &input.destination_config {
        kept.destination_config = Some(rules::destinations(Some(given))?);
    }
    next.is_enabled = input.enabled.unwrap_or(mapping.is_enabled);
    Ok(next)
}

/// DeleteEventSourceMapping. A mapping that is being made can be removed, one that is being changed cannot.
pub(crate) fn delete(
    call: &Call<'_>,
    input: &Valid<'_, DeleteEventSourceMappingInput>,
) -> Result<EventSourceMappingConfiguration> {
    let now = call.now();
    let mut mappings = lock(call);
    let mapping = mappings.find(input.uuid, now).ok_or_else(not_found)?;
    if mapping.is_changing(now) && mapping.change != MappingChange::Create {
        return Err(Error::new(ErrorCode::ResourceInUse, text::in_use("delete")));
    }
    let mut next = mapping.clone();
    next.change = MappingChange::Delete;
    next.until = now.saturating_add(call.choices.control_plane_delay);
    next.modified_at = now;
    next.revision += 1;
    let answer = told_of_change(&next);
    keep(call, &mut mappings, next)?;
    Ok(answer)
}
