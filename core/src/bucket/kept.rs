//! Buckets that are kept in the database, where no directory stands for them.
//!
//! ```text
//! bucket/<name>   its number, when it was made, where its objects are
//!
//! entries    key                       ──► size, hash, type, when it was written, metadata
//! parts      key | 0 | part u32 BE     ──► up to 1 MiB of the body
//! ```
//! A list reads entries alone, so it costs nothing of what the objects hold. An object and its entry change in one commit.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::api::Result;
use crate::clock::Millis;
use crate::locks::{Ordered, Rank};
use crate::store::{
    Batch, Budget, MetaChange, NewestCommit, RowChange, RowRange, Session, TableId, read_meta, unsound,
};
use crate::value::key::RowKey;
use crate::value::{Item, from_item, to_item};

const BUCKET: &str = "bucket/";
/// Bytes of a body in one row.
const PART_BYTES: usize = 1 << 20;
const MADE_HERE: &str = "rows of buckets are made by this version";

/// A bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) created_at: Millis,
    /// Held from a look at its objects to the commit that changes them.
    pub(crate) state: Ordered<BucketState>,
    /// The commit that made it.
    pub(crate) changed: NewestCommit,
}

/// Where the objects of a bucket are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BucketState {
    pub(crate) entries: TableId,
    pub(crate) parts: TableId,
    pub(crate) is_gone: bool,
}

/// What is told of an object, its body aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ObjectEntry {
    #[serde(rename = "k")]
    pub(crate) key: String,
    #[serde(rename = "n")]
    pub(crate) size: u64,
    /// What tells it from others of its key: MD5 of the body, hexadecimal, or another text.
    #[serde(rename = "e")]
    pub(crate) etag: String,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(rename = "w")]
    pub(crate) modified_at: Millis,
    #[serde(rename = "m", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) metadata: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct Part {
    #[serde(rename = "b")]
    bytes: ByteBuf,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredBucket {
    id: u64,
    created_at: Millis,
    entries: u64,
    parts: u64,
}

impl ObjectEntry {
    pub(crate) fn new(key: &str, body: &[u8], modified_at: Millis) -> ObjectEntry {
        ObjectEntry {
            key: key.to_owned(),
            size: body.len() as u64,
            etag: format!("{:x}", md5::compute(body)),
            content_type: None,
            modified_at,
            metadata: BTreeMap::new(),
        }
    }

    fn parts(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        let count = usize::try_from(self.size).expect("objects fit memory").div_ceil(PART_BYTES);
        (0..count).map(|part| {
            let part = u32::try_from(part).expect("objects are bounded").to_be_bytes();
            [self.key.as_bytes(), &[0], &part].concat()
        })
    }
}

impl BucketState {
    pub(crate) fn head(&self, store: &Session<'_>, key: &str) -> Result<Option<ObjectEntry>> {
        let row = store.get(self.entries, &RowKey::from_bytes(key.as_bytes()))?;
        Ok(row.map(|row| from_item(&row).expect(MADE_HERE)))
    }

    pub(crate) fn body(&self, store: &Session<'_>, entry: &ObjectEntry) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        for key in entry.parts() {
            let row = store
                .get(self.parts, &RowKey::from_bytes(&key))?
                .expect("an entry and its parts are written together");
            body.extend_from_slice(&from_item::<Part>(&row).expect(MADE_HERE).bytes);
        }
        Ok(body)
    }

    /// Puts an object into a batch, in the place of one of its key. A batch takes one of a key.
    pub(crate) fn put(
        &self,
        store: &Session<'_>,
        batch: &mut Batch,
        entry: &ObjectEntry,
        body: &[u8],
    ) -> Result<()> {
        let old = self.rows(store, &entry.key)?;
        let parts = entry.parts().zip(body.chunks(PART_BYTES)).map(|(key, bytes)| {
            let part = Part { bytes: ByteBuf::from(bytes) };
            ((self.parts, key), to_item(&part).expect("a part is bytes"))
        });
        let own = entry.key.clone().into_bytes();
        let entry = ((self.entries, own), to_item(entry).expect("an entry is texts and numbers"));
        batch.rows.extend(changes(old, [entry].into_iter().chain(parts).collect()));
        Ok(())
    }

    /// Takes an object away, if it is there.
    pub(crate) fn remove(&self, store: &Session<'_>, batch: &mut Batch, key: &str) -> Result<()> {
        batch.rows.extend(changes(self.rows(store, key)?, BTreeMap::new()));
        Ok(())
    }

    /// All rows of an object.
    fn rows(&self, store: &Session<'_>, key: &str) -> Result<Rows> {
        let mut rows = Rows::new();
        let Some(entry) = self.head(store, key)? else { return Ok(rows) };
        let own = (self.entries, key.as_bytes().to_vec());
        for place in [own].into_iter().chain(entry.parts().map(|part| (self.parts, part))) {
            if let Some(row) = store.get(place.0, &RowKey::from_bytes(&place.1))? {
                rows.insert(place, row);
            }
        }
        Ok(rows)
    }

    /// Entries of keys from one on, in the order of their bytes, at most so many.
    pub(crate) fn entries_from(
        &self,
        store: &Session<'_>,
        from: Bound<Vec<u8>>,
        most: usize,
    ) -> Result<Vec<ObjectEntry>> {
        let range = RowRange { from, to: Bound::Unbounded, descending: false };
        let page = store.rows(self.entries, &range, Budget { rows: most, bytes: usize::MAX })?;
        Ok(page.items.iter().map(|row| from_item(row).expect(MADE_HERE)).collect())
    }
}

type Rows = BTreeMap<(TableId, Vec<u8>), Item>;

/// What makes some rows others.
fn changes(mut old: Rows, new: Rows) -> Vec<RowChange> {
    let change = |(table, key): (TableId, Vec<u8>), before, after| {
        let key = RowKey::from_bytes(&key);
        RowChange { table, key, before, after, of: None }
    };
    let mut changes: Vec<RowChange> = Vec::with_capacity(old.len() + new.len());
    for (place, row) in new {
        let before = old.remove(&place);
        changes.push(change(place, before, Some(row)));
    }
    changes.extend(old.into_iter().map(|(place, row)| change(place, Some(row), None)));
    changes
}

impl Bucket {
    pub(crate) fn new(id: u64, name: String, created_at: Millis, state: BucketState) -> Bucket {
        let state = Ordered::new(Rank::Bucket(id), state);
        Bucket { id, name, created_at, state, changed: NewestCommit::default() }
    }

    /// The catalog's entry.
    pub(crate) fn entry(&self, state: &BucketState) -> MetaChange {
        let stored = StoredBucket {
            id: self.id,
            created_at: self.created_at,
            entries: state.entries.0,
            parts: state.parts.0,
        };
        MetaChange::keep(format!("{BUCKET}{}", self.name), &stored)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(format!("{BUCKET}{}", self.name))
    }

    /// Reads an entry, and the largest number in it.
    ///
    /// # Errors
    /// `CorruptionException` for a text of another form.
    pub(crate) fn restore(name: &str, text: &str) -> Result<(Bucket, u64)> {
        let stored: StoredBucket = read_meta(name, text)?;
        let own = name.strip_prefix(BUCKET).ok_or_else(|| unsound(name, "the name is not a bucket's"))?;
        let state =
            BucketState { entries: TableId(stored.entries), parts: TableId(stored.parts), is_gone: false };
        let largest = stored.id.max(stored.entries).max(stored.parts);
        Ok((Bucket::new(stored.id, own.to_owned(), stored.created_at, state), largest))
    }
}

/// All buckets that are kept in the database, by name.
#[derive(Debug, Default)]
pub(crate) struct Buckets(RwLock<BTreeMap<String, Arc<Bucket>>>);

impl Buckets {
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Bucket>> {
        self.0.read().get(name).cloned()
    }

    pub(crate) fn add(&self, bucket: Arc<Bucket>) {
        self.0.write().insert(bucket.name.clone(), bucket);
    }

    pub(crate) fn remove(&self, name: &str) {
        self.0.write().remove(name);
    }

    pub(crate) fn all(&self) -> Vec<Arc<Bucket>> {
        self.0.read().values().cloned().collect()
    }
}
