//! GetEventSourceMapping, ListEventSourceMappings, DescribeMappings.

use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{invalid, lock, not_found, rules, told_later};
use crate::api::message::mapping as text;
use crate::api::{
    DescribeMappingsInput, DescribeMappingsOutput, EventSourceMappingConfiguration,
    GetEventSourceMappingInput, ListEventSourceMappingsInput, ListEventSourceMappingsOutput,
    MappingDescription, Result, Valid,
};
use crate::engine::Call;
use crate::limits::{LAMBDA_MAPPINGS_MAX, LAMBDA_PAGE_MAX};
use crate::mapping::Mapping;
use crate::operation::counted;

/// GetEventSourceMapping.
pub(crate) fn get(
    call: &Call<'_>,
    input: &Valid<'_, GetEventSourceMappingInput>,
) -> Result<EventSourceMappingConfiguration> {
    let now = call.now();
    let mappings = lock(call);
    let mapping = mappings.find(input.uuid, now).ok_or_else(not_found)?;
    Ok(told_later(mapping, now))
}

/// ListEventSourceMappings.
pub(crate) fn list(
    call: &Call<'_>,
    input: &Valid<'_, ListEventSourceMappingsInput>,
) -> Result<ListEventSourceMappingsOutput> {
    let now = call.now();
    let after = input.marker.as_deref().map(read_marker).transpose()?;
    let from = after.map_or(Bound::Unbounded, Bound::Excluded);
    let function = input.function_name.as_deref().map(|given| rules::function_arn(call, given));
    let is_asked_for = |mapping: &&Mapping| {
        let source = input.event_source_arn.as_deref();
        source.is_none_or(|source| source == mapping.source())
            && function.as_ref().is_none_or(|arn| arn.as_deref() == Some(mapping.function()))
    };
    // The check has refused those below 1.
    let most =
        input.max_items.map_or(LAMBDA_PAGE_MAX, |most| most.unsigned_abs() as usize).min(LAMBDA_PAGE_MAX);
    let mappings = lock(call);
    let later = mappings.all.range((from, Bound::Unbounded)).map(|(_, mapping)| mapping);
    let mut found = later.filter(|mapping| !mapping.is_gone(now)).filter(is_asked_for);
    let page: Vec<&Mapping> = found.by_ref().take(most).collect();
    let last = page.last().map(|mapping| mapping.id);
    let next_marker = last.filter(|_| found.next().is_some()).map(marker);
    let event_source_mappings = Some(page.into_iter().map(|mapping| told_later(mapping, now)).collect());
    Ok(ListEventSourceMappingsOutput { next_marker, event_source_mappings })
}

/// The place after a mapping.
fn marker(id: u64) -> String {
    STANDARD.encode(id.to_be_bytes())
}

fn read_marker(text: &str) -> Result<u64> {
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
    bytes.map(u64::from_be_bytes).ok_or_else(|| invalid(text::bad_marker()))
}

/// DescribeMappings.
pub(crate) fn describe_all(call: &Call<'_>, input: &DescribeMappingsInput) -> Result<DescribeMappingsOutput> {
    let now = call.now();
    let mappings = lock(call);
    // A change that comes into force with time is one of the version, too: as many as are under way are still to come.
    let changing = mappings.all.values().filter(|mapping| mapping.is_changing(now)).count() as u64;
    let version = counted(mappings.version * (2 * LAMBDA_MAPPINGS_MAX as u64) - changing);
    let restores = Some(counted(mappings.restores));
    let changes = mappings.all.values().filter(|mapping| mapping.is_changing(now));
    let changes_at = changes.map(|mapping| counted(mapping.until)).min();
    if input.known_version == Some(version) {
        return Ok(DescribeMappingsOutput { version: Some(version), restores, changes_at, mappings: None });
    }
    let described = |mapping: &Mapping| MappingDescription {
        configuration: Some(told_later(mapping, now)),
        revision: Some(counted(mapping.revision)),
        checkpoint: mapping.progress.checkpoint.clone(),
        settlements: Some(counted(mapping.progress.settlements)),
    };
    let mappings = mappings.present(now).map(described).collect();
    let (version, mappings) = (Some(version), Some(mappings));
    Ok(DescribeMappingsOutput { version, restores, changes_at, mappings })
}
