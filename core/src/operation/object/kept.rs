//! Buckets that are rows of the database.

use std::ops::Bound;
use std::sync::Arc;

use super::{Objects, failed, no_bucket};
use crate::api::message::object as text;
use crate::api::{ErrorCode, Result};
use crate::bucket::{Bucket, BucketState, ObjectEntry};
use crate::clock::Millis;
use crate::engine::Call;
use crate::locks::Guarded;
use crate::store::{Batch, Removal};

pub(super) struct Kept<'c, 'e>(pub(super) &'c Call<'e>);

impl Kept<'_, '_> {
    fn find(&self, name: &str) -> Result<Arc<Bucket>> {
        let found = self.0.buckets.get(name);
        match &found {
            Some(bucket) => self.0.catalog.saw(bucket.changed.get()),
            None => self.0.catalog.saw_all(),
        }
        found.ok_or_else(no_bucket)
    }
}

fn lock(bucket: &Bucket) -> Result<Guarded<'_, BucketState>> {
    let state = bucket.state.lock();
    if state.is_gone { Err(no_bucket()) } else { Ok(state) }
}

/// The key behind all that begin with a text; none where there is none.
pub(super) fn behind(prefix: &str) -> Option<Vec<u8>> {
    let mut bytes = prefix.as_bytes().to_vec();
    // No byte of UTF-8 is the greatest.
    *bytes.last_mut()? += 1;
    Some(bytes)
}

impl Objects for Kept<'_, '_> {
    fn make(&self, name: &str) -> Result<bool> {
        let call = self.0;
        let _naming = call.catalog.naming.lock();
        if call.buckets.get(name).is_some() {
            return Ok(false);
        }
        let (entries, parts) = (call.next_table_id(), call.next_table_id());
        let state = BucketState { entries, parts, is_gone: false };
        let bucket = Bucket::new(call.next_table_id().0, name.to_owned(), call.now(), state);
        call.commit_catalog(Batch { meta: vec![bucket.entry(&state)], ..Batch::default() })?;
        bucket.changed.raise(call.store.seen());
        call.buckets.add(Arc::new(bucket));
        Ok(true)
    }

    fn buckets(&self) -> Result<Vec<(String, Millis)>> {
        self.0.catalog.saw_all();
        let told = |bucket: Arc<Bucket>| (bucket.name.clone(), bucket.created_at);
        Ok(self.0.buckets.all().into_iter().map(told).collect())
    }

    fn require(&self, bucket: &str) -> Result<()> {
        self.find(bucket).map(|_| ())
    }

    fn remove_bucket(&self, name: &str) -> Result<()> {
        let call = self.0;
        let _naming = call.catalog.naming.lock();
        let bucket = self.find(name)?;
        let mut state = lock(&bucket)?;
        if !state.entries_from(&call.store, Bound::Unbounded, 1)?.is_empty() {
            return Err(failed(ErrorCode::BucketNotEmpty, text::not_empty()));
        }
        let removals = vec![Removal::Rows(state.entries), Removal::Rows(state.parts)];
        let meta = vec![bucket.removed_entry()];
        call.commit_catalog(Batch { meta, removals, ..Batch::default() })?;
        state.is_gone = true;
        call.buckets.remove(name);
        Ok(())
    }

    fn put(&self, bucket: &str, entry: ObjectEntry, body: &[u8]) -> Result<String> {
        let bucket = self.find(bucket)?;
        let state = lock(&bucket)?;
        let mut batch = Batch::default();
        state.put(&self.0.store, &mut batch, &entry, body)?;
        self.0.store.commit(batch)?;
        Ok(entry.etag)
    }

    fn head(&self, bucket: &str, key: &str) -> Result<Option<ObjectEntry>> {
        let bucket = self.find(bucket)?;
        let state = lock(&bucket)?;
        state.head(&self.0.store, key)
    }

    fn get(&self, bucket: &str, key: &str) -> Result<Option<(ObjectEntry, Vec<u8>)>> {
        let bucket = self.find(bucket)?;
        let state = lock(&bucket)?;
        let Some(entry) = state.head(&self.0.store, key)? else { return Ok(None) };
        let body = state.body(&self.0.store, &entry)?;
        Ok(Some((entry, body)))
    }

    fn remove(&self, bucket: &str, key: &str) -> Result<()> {
        let bucket = self.find(bucket)?;
        let state = lock(&bucket)?;
        let mut batch = Batch::default();
        state.remove(&self.0.store, &mut batch, key)?;
        if batch.rows.is_empty() { Ok(()) } else { self.0.store.commit(batch).map(|_| ()) }
    }

    fn list(
        &self,
        bucket: &str,
        prefix: &str,
        from: Bound<Vec<u8>>,
        most: usize,
    ) -> Result<Vec<ObjectEntry>> {
        let bucket = self.find(bucket)?;
        let state = *lock(&bucket)?;
        let mut found = state.entries_from(&self.0.store, from, most)?;
        found.retain(|entry| entry.key.starts_with(prefix));
        Ok(found)
    }
}
