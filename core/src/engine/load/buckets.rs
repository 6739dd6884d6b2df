//! Buckets as the catalog has kept them.

use std::sync::Arc;

use crate::api::Result;
use crate::bucket::{Bucket, Buckets};

/// The buckets of these entries, and the largest number among them.
///
/// # Errors
/// `CorruptionException` for entries that cannot be read.
pub(super) fn restore(entries: &[(String, String)]) -> Result<(Buckets, u64)> {
    let (buckets, mut largest) = (Buckets::default(), 0);
    for (name, text) in entries {
        let (bucket, number) = Bucket::restore(name, text)?;
        largest = largest.max(number);
        buckets.add(Arc::new(bucket));
    }
    Ok((buckets, largest))
}
