//! Objects into buckets as a part of another commit.

use std::collections::BTreeMap;

use crate::api::Result;
use crate::bucket::{BucketState, ObjectEntry};
use crate::engine::Call;
use crate::locks::{self, Owned};
use crate::store::Batch;

/// What stands before the name of a bucket in its ARN.
const ARN: &str = "arn:aws:s3:::";

/// Buckets that are locked until the batch is in the store; dropped then.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    /// How many objects had no bucket.
    pub(crate) undelivered: usize,
    /// Held, not looked at.
    _locked: Vec<Owned<BucketState>>,
}

/// Adds objects, each the ARN of a bucket, a key and a body, to a batch that the caller commits. Buckets are locked from here on, in the order of their
/// numbers, before queues and tables: keep what this returns until the commit.
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
        match arn.strip_prefix(ARN).and_then(|name| call.buckets.get(name)) {
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

/// Objects that are files of a directory of buckets. They are there before the commit that they belong to: after a crash in between they come again under
/// other keys.
#[derive(Debug, Default)]
pub(crate) struct Files {
    are_there: bool,
    /// How many objects had no bucket, or a directory that did not take them.
    pub(crate) undelivered: usize,
    /// Bucket and key of each.
    written: Vec<(String, String)>,
}

impl Files {
    /// Writes objects, each the ARN of a bucket, a key and a body. That takes as long as the disk, so nobody may wait for a lock of the caller meanwhile.
    pub(crate) fn write<'m>(
        call: &Call<'_>,
        objects: impl IntoIterator<Item = (&'m str, &'m str, &'m str)>,
    ) -> Files {
        locks::assert_none_held();
        let mut files = Files { are_there: true, ..Files::default() };
        for (arn, key, body) in objects {
            let bucket = arn.strip_prefix(ARN);
            match bucket.filter(|name| call.choices.buckets.put(name, key, body.as_bytes()).is_ok()) {
                Some(name) => files.written.push((name.to_owned(), key.to_owned())),
                None => files.undelivered += 1,
            }
        }
        files
    }

    /// Whether there is a directory of buckets.
    pub(crate) fn are_there(&self) -> bool {
        self.are_there
    }

    /// Takes away what was written: it belongs to nothing.
    pub(crate) fn take_back(&self, call: &Call<'_>) {
        for (bucket, key) in &self.written {
            // One that stays is told of twice, which is what a crash would have done.
            drop(call.choices.buckets.remove(bucket, key));
        }
    }
}
