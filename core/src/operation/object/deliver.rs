//! Objects into buckets as a part of another commit.

use std::collections::BTreeMap;

use crate::api::Result;
use crate::bucket::{BucketState, ObjectEntry};
use crate::engine::Call;
use crate::locks::Owned;
use crate::store::Batch;

/// What stands before the name of a bucket in its ARN.
const ARN: &str = "arn:aws:s3:::";

/// Buckets that are locked until the batch is in the store; dropped then.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    /// How many objects had no bucket, or a directory of buckets that did not take them.
    pub(crate) undelivered: usize,
    /// Held, not looked at.
    _locked: Vec<Owned<BucketState>>,
}

/// Adds objects, each the ARN of a bucket, a key and a body, to a batch that the caller commits. Buckets are locked from here on, in the order of their
/// numbers, before queues and tables: keep what this returns until the commit. In a directory of buckets they are written at once: after a
/// crash before the commit they are there, and come again under other keys.
///
/// # Errors
/// The store's.
pub(crate) fn deliver<'m>(
    call: &Call<'_>,
    batch: &mut Batch,
    objects: impl IntoIterator<Item = (&'m str, &'m str, &'m str)>,
) -> Result<Delivered> {
    let mut delivered = Delivered::default();
    let mut by_bucket = BTreeMap::new();
    for (arn, key, body) in objects {
        let Some(name) = arn.strip_prefix(ARN) else {
            delivered.undelivered += 1;
            continue;
        };
        if call.choices.buckets.is_there() {
            if call.choices.buckets.put(name, key, body.as_bytes()).is_err() {
                delivered.undelivered += 1;
            }
            continue;
        }
        match call.buckets.get(name) {
            Some(bucket) => {
                // Of two objects of a key in one commit the last one counts.
                by_bucket.entry(bucket.id).or_insert_with(|| (bucket, BTreeMap::new())).1.insert(key, body);
            }
            None => delivered.undelivered += 1,
        }
    }
    for (bucket, objects) in by_bucket.into_values() {
        let state = bucket.state.lock_owned();
        if state.is_gone {
            delivered.undelivered += objects.len();
            continue;
        }
        call.catalog.saw(bucket.changed.get());
        for (key, body) in objects {
            let mut entry = ObjectEntry::new(key, body.as_bytes(), call.now());
            // As the service was seen to write them (docs/event-source-mappings.md).
            entry.content_type = Some("application/octet-stream".to_owned());
            state.put(&call.store, batch, &entry, body.as_bytes())?;
        }
        delivered._locked.push(state);
    }
    Ok(delivered)
}
