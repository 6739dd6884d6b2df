//! Buckets that are folders of a directory.

use std::cell::OnceCell;
use std::ops::Bound;

use super::{Objects, failed, no_bucket};
use crate::api::message::object as text;
use crate::api::{Error, ErrorCode, Result};
use crate::bucket::{BucketRoot, Failure, ObjectEntry, is_path};
use crate::clock::Millis;
use crate::engine::Call;
use crate::limits::{IMPORT_OBJECTS_MAX, OBJECT_MAX_BYTES};

/// The directory, for one call.
pub(super) struct Folders<'c> {
    root: &'c BucketRoot,
    /// The keys of the bucket and the prefix that are listed: a list asks for them several times.
    keys: OnceCell<Vec<String>>,
}

impl<'c> Folders<'c> {
    pub(super) fn new(call: &'c Call<'_>) -> Folders<'c> {
        Folders { root: &call.choices.buckets, keys: OnceCell::new() }
    }

    fn keys(&self, bucket: &str, prefix: &str) -> Result<&[String]> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let found = self.root.list(bucket, prefix, IMPORT_OBJECTS_MAX).map_err(told)?;
        let found = found.ok_or_else(|| failed(ErrorCode::InvalidArgument, text::too_many_files()))?;
        Ok(self.keys.get_or_init(|| found))
    }
}

/// A failure of the directory as the service's errors, or as one of the disk.
fn told(failure: Failure) -> Error {
    if failure.is_no_bucket() {
        return no_bucket();
    }
    failed(ErrorCode::Storage, failure.message)
}

fn refuse_path(key: &str) -> Result<()> {
    if is_path(key) { Ok(()) } else { Err(failed(ErrorCode::InvalidArgument, text::no_path(key))) }
}

impl Objects for Folders<'_> {
    fn make(&self, bucket: &str) -> Result<bool> {
        self.root.make(bucket).map_err(told)
    }

    fn buckets(&self) -> Result<Vec<(String, Millis)>> {
        self.root.buckets().map_err(told)
    }

    fn require(&self, bucket: &str) -> Result<()> {
        self.root.folder(bucket).map(|_| ()).map_err(told)
    }

    fn remove_bucket(&self, bucket: &str) -> Result<()> {
        match self.root.remove_bucket(bucket).map_err(told)? {
            true => Ok(()),
            false => Err(failed(ErrorCode::BucketNotEmpty, text::not_empty())),
        }
    }

    fn put(&self, bucket: &str, entry: ObjectEntry, body: &[u8]) -> Result<String> {
        self.require(bucket)?;
        refuse_path(&entry.key)?;
        self.root.put(bucket, &entry.key, body).map_err(told)?;
        let written = self.root.look(bucket, &entry.key).map_err(told)?;
        Ok(written.map_or(entry.etag, |written| written.etag))
    }

    fn head(&self, bucket: &str, key: &str) -> Result<Option<ObjectEntry>> {
        self.require(bucket)?;
        if !is_path(key) {
            return Ok(None);
        }
        self.root.look(bucket, key).map_err(told)
    }

    fn get(&self, bucket: &str, key: &str) -> Result<Option<(ObjectEntry, Vec<u8>)>> {
        let Some(entry) = self.head(bucket, key)? else { return Ok(None) };
        let body = self.root.read(bucket, key, OBJECT_MAX_BYTES).map_err(told)?;
        // A file that somebody else has put there may be of any size.
        let body = body.ok_or_else(|| failed(ErrorCode::EntityTooLarge, text::too_large()))?;
        Ok(Some((ObjectEntry { size: body.len() as u64, ..entry }, body)))
    }

    fn remove(&self, bucket: &str, key: &str) -> Result<()> {
        self.require(bucket)?;
        if is_path(key) { self.root.remove(bucket, key).map_err(told) } else { Ok(()) }
    }

    fn list(
        &self,
        bucket: &str,
        prefix: &str,
        from: Bound<Vec<u8>>,
        most: usize,
    ) -> Result<Vec<ObjectEntry>> {
        let keys = self.keys(bucket, prefix)?;
        let begin = keys.partition_point(|key| match &from {
            Bound::Included(from) => key.as_bytes() < &from[..],
            Bound::Excluded(from) => key.as_bytes() <= &from[..],
            Bound::Unbounded => false,
        });
        let found = keys[begin..].iter().take(most);
        let entry = |key: &String| {
            // One that went since is told of nevertheless: the list is of the moment at which it was made.
            let look = self.root.look(bucket, key).map_err(told)?;
            Ok(look.unwrap_or_else(|| ObjectEntry::new(key, &[], 0)))
        };
        found.map(entry).collect()
    }
}
