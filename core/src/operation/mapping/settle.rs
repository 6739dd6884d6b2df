//! SettleMapping: how far a mapping has come, what is told of what was given up, and the handler's writes, in one commit.

use super::{lock, not_found};
use crate::api::message::mapping as text;
use crate::api::{Error, ErrorCode, Result, SettleMappingInput, SettleMappingOutput, Valid};
use crate::engine::Call;
use crate::mapping::Progress;
use crate::operation::{counted, object, queue, transact};
use crate::store::Batch;

/// SettleMapping.
pub(crate) fn settle(call: &Call<'_>, input: &Valid<'_, SettleMappingInput>) -> Result<SettleMappingOutput> {
    let mut mappings = lock(call);
    let (id, before) = {
        let mapping = mappings.find(input.uuid, call.now()).ok_or_else(not_found)?;
        (mapping.id, mapping.progress.clone())
    };
    let known = counted(before.settlements);
    if input.settlements != known {
        let message = text::settled_by_another(input.settlements, known);
        return Err(Error::new(ErrorCode::ResourceConflict, message));
    }
    let progress = Progress {
        checkpoint: Some(input.checkpoint.to_owned()),
        settlements: before.settlements + 1,
        result: input.last_processing_result.clone().or(before.result),
    };
    let mut batch = Batch { meta: vec![progress.entry(id)], ..Batch::default() };
    let failures = || input.failures.iter().flatten();
    let objects = failures().filter_map(|told| {
        Some((told.destination.as_deref()?, told.key.as_deref()?, told.document.as_deref()?))
    });
    let kept = object::deliver(call, &mut batch, objects)?;
    let messages = failures().filter(|told| told.key.is_none());
    let messages =
        messages.filter_map(|told| Some((told.destination.as_deref()?, told.document.as_deref()?)));
    let delivered = queue::deliver(call, &mut batch, messages)?;
    let undelivered = kept.undelivered + delivered.undelivered;
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
