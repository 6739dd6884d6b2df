//! Queues as the catalog has kept them.

use std::sync::Arc;

use crate::api::Result;
use crate::queue::{Queue, Queues};

/// The queues of these entries, and the largest number among them.
///
/// # Errors
/// `CorruptionException` for entries that cannot be read.
pub(super) fn restore(entries: &[(String, String)]) -> Result<(Queues, u64)> {
    let (queues, mut largest) = (Queues::default(), 0);
    for (name, text) in entries {
        let (queue, number) = Queue::restore(name, text)?;
        largest = largest.max(number);
        queues.add(Arc::new(queue));
    }
    Ok((queues, largest))
}
