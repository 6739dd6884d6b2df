//! Requests of several entries, each of which may fail by itself.

use std::collections::BTreeSet;

use crate::api::message::queue as text;
use crate::api::{Error, ErrorCode, Result, SqsBatchResultErrorEntry};
use crate::limits::{QUEUE_BATCH_MAX, QUEUE_NAME_MAX_CHARS};

/// Checks the names of a batch's entries.
///
/// # Errors
/// `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId`, `BatchEntryIdsNotDistinct`.
pub(super) fn check<'a>(kind: &str, ids: impl ExactSizeIterator<Item = Option<&'a str>>) -> Result<()> {
    let count = ids.len();
    if count == 0 {
        return Err(Error::new(ErrorCode::EmptyBatchRequest, text::empty_batch(kind)));
    }
    if count > QUEUE_BATCH_MAX {
        let message = text::too_many_entries(count, QUEUE_BATCH_MAX);
        return Err(Error::new(ErrorCode::TooManyEntriesInBatchRequest, message));
    }
    let mut seen = BTreeSet::new();
    for id in ids {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let id = id.unwrap_or("");
        if id.is_empty() || id.len() > QUEUE_NAME_MAX_CHARS || !id.chars().all(is_letter) {
            return Err(Error::new(ErrorCode::InvalidBatchEntryId, text::bad_id()));
        }
        if !seen.insert(id) {
            return Err(Error::new(ErrorCode::BatchEntryIdsNotDistinct, text::same_id(id)));
        }
    }
    Ok(())
}

/// Divides what became of each entry.
///
/// # Errors
/// What is no fault of an entry.
pub(super) fn divide<T>(
    done: impl Iterator<Item = (String, Result<T>)>,
) -> Result<(Vec<T>, Vec<SqsBatchResultErrorEntry>)> {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, result) in done {
        match result {
            Ok(entry) => successful.push(entry),
            Err(error) if error.code().status() < 500 => failed.push(SqsBatchResultErrorEntry {
                id: Some(id),
                sender_fault: Some(true),
                code: Some(error.code().name().trim_end_matches("Exception").to_owned()),
                message: Some(error.message().to_owned()),
            }),
            Err(error) => return Err(error),
        }
    }
    Ok((successful, failed))
}
