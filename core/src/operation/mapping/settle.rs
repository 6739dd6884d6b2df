//! SettleMapping: how far a mapping has come, what is told of what was given up, and the handler's writes, in one commit.

use super::{lock, not_found};
use crate::api::message::mapping as text;
use crate::api::{Error, ErrorCode, MappingFailure, Result, SettleMappingInput, SettleMappingOutput, Valid};
use crate::engine::Call;
use crate::mapping::{Mapping, Mappings, Progress};
use crate::operation::object::{self, Files};
use crate::operation::queue::{self, Letter};
use crate::operation::{counted, topic, transact};
use crate::store::Batch;

/// SettleMapping. In a directory of buckets failures are files, which take as long as the disk: they are written before any lock is taken, and
/// taken away again where nothing is settled.
pub(crate) fn settle(call: &Call<'_>, input: &Valid<'_, SettleMappingInput>) -> Result<SettleMappingOutput> {
    let objects = || {
        let failures = input.failures.iter().flatten();
        failures.filter_map(|told| {
            Some((told.destination.as_deref()?, told.key.as_deref()?, told.document.as_deref()?))
        })
    };
    let files = if call.choices.buckets.is_there() {
        find(call, &lock(call), input)?;
        Files::write(call, objects())
    } else {
        Files::default()
    };
    let settled = commit(call, input, &files, objects());
    if settled.is_err() {
        files.take_back(call);
    }
    settled
}

/// The mapping, if nobody else has settled it.
///
/// # Errors
/// `ResourceNotFoundException`, `ResourceConflictException`.
fn find<'m>(
    call: &Call<'_>,
    mappings: &'m Mappings,
    input: &Valid<'_, SettleMappingInput>,
) -> Result<&'m Mapping> {
    let mapping = mappings.find(input.uuid, call.now()).ok_or_else(not_found)?;
    let known = counted(mapping.progress.settlements);
    if input.settlements != known {
        let message = text::settled_by_another(input.settlements, known);
        return Err(Error::new(ErrorCode::ResourceConflict, message));
    }
    Ok(mapping)
}

fn commit<'m>(
    call: &Call<'_>,
    input: &'m Valid<'_, SettleMappingInput>,
    files: &Files,
    objects: impl Iterator<Item = (&'m str, &'m str, &'m str)>,
) -> Result<SettleMappingOutput> {
    let mut mappings = lock(call);
    let mapping = find(call, &mappings, input)?;
    let (id, before) = (mapping.id, mapping.progress.clone());
    let progress = Progress {
        checkpoint: Some(input.checkpoint.to_owned()),
        settlements: before.settlements + 1,
        result: input.last_processing_result.clone().or(before.result),
    };
    let mut batch = Batch { meta: vec![progress.entry(id)], ..Batch::default() };
    let failures = input.failures.iter().flatten().filter(|told| told.key.is_none());
    let letters: Vec<Letter<'_>> = failures.flat_map(|told| letters(call, told)).collect();
    let kept = if files.are_there() { None } else { Some(object::deliver(call, &mut batch, objects)?) };
    let delivered = queue::deliver(call, &mut batch, letters)?;
    let undelivered =
        files.undelivered + kept.as_ref().map_or(0, |kept| kept.undelivered) + delivered.undelivered;
    match input.transact_items.as_deref() {
        Some(items) if !items.is_empty() => transact::write_with(call, items, batch)?,
        _ => call.store.commit(batch)?,
    }
    mappings.changed.raise(call.store.seen());
    let settlements = counted(progress.settlements);
    mappings.all.get_mut(&id).expect("it was found under this lock").progress = progress;
    Ok(SettleMappingOutput {
        settlements: Some(settlements),
        undelivered: Some(i32::try_from(undelivered).unwrap_or(i32::MAX)),
    })
}

/// What tells of a failure: a message for a queue, or those of who has subscribed to a topic.
fn letters<'m>(call: &Call<'_>, told: &'m MappingFailure) -> Vec<Letter<'m>> {
    let (Some(arn), Some(document)) = (told.destination.as_deref(), told.document.as_deref()) else {
        return Vec::new();
    };
    let of_topic = topic::letters_of_failure(call, arn, document);
    of_topic.unwrap_or_else(|| vec![Letter::new(arn, document)])
}
