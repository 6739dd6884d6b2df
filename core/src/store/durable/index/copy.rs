//! Copying the index as it is at one moment, while it changes.

use std::ops::Bound;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use redb::{Key, TableDefinition, Value, WriteTransaction};

use super::{DEBTS, Index, LOGS, META, RECORDS, ROWS, Reading, SEGMENTS, STATE, TOTALS, failed};
use crate::api::{Error, ErrorCode, Result};

/// Entries read at once.
const ENTRIES: usize = 4096;

/// A view that is read for as long as a copy takes. When the index has to be opened anew, its file must have no readers: then the view is
/// taken back, and the copy fails.
#[derive(Debug)]
pub(in crate::store::durable) struct Snapshot(Arc<Mutex<Option<Reading>>>);

/// The snapshots that are being read.
#[derive(Debug, Default)]
pub(in crate::store::durable) struct Snapshots(Mutex<Vec<Weak<Mutex<Option<Reading>>>>>);

impl Snapshots {
    pub(in crate::store::durable) fn add(&self, reading: Reading) -> Snapshot {
        let snapshot = Arc::new(Mutex::new(Some(reading)));
        let mut all = self.0.lock();
        all.retain(|other| other.strong_count() > 0);
        all.push(Arc::downgrade(&snapshot));
        Snapshot(snapshot)
    }

    pub(in crate::store::durable) fn is_empty(&self) -> bool {
        self.0.lock().iter().all(|snapshot| snapshot.strong_count() == 0)
    }

    /// Ends all of them. Waits for what is being read from one, which is little.
    pub(in crate::store::durable) fn take_back(&self) {
        for snapshot in self.0.lock().drain(..).filter_map(|snapshot| snapshot.upgrade()) {
            *snapshot.lock() = None;
        }
    }
}

impl Snapshot {
    fn read<T>(&self, look: impl FnOnce(&Reading) -> Result<T>) -> Result<T> {
        match &*self.0.lock() {
            Some(reading) => look(reading),
            None => Err(Error::new(
                ErrorCode::Storage,
                "The disk of the index has failed while it was being copied. Nothing was lost; make the copy again.",
            )),
        }
    }

    /// Writes all of it to an index without tables.
    pub(in crate::store::durable) fn copy(&self, to: &Index) -> Result<()> {
        to.write(|txn| {
            self.copy_table(txn, ROWS)?;
            self.copy_table(txn, RECORDS)?;
            self.copy_table(txn, LOGS)?;
            self.copy_table(txn, META)?;
            self.copy_table(txn, TOTALS)?;
            self.copy_table(txn, SEGMENTS)?;
            self.copy_table(txn, DEBTS)?;
            self.copy_table(txn, STATE)
        })
    }

    /// Reads and writes by turns: while the target is waited for, nothing of the source is held but its old pages.
    fn copy_table<K: Key + 'static, V: Value + 'static>(
        &self,
        txn: &WriteTransaction,
        table: TableDefinition<'_, K, V>,
    ) -> Result<()> {
        let mut target = txn.open_table(table).map_err(failed)?;
        let mut after: Option<Vec<u8>> = None;
        loop {
            let entries = self.read(|reading| {
                let source = reading.0.open_table(table).map_err(failed)?;
                let from = match &after {
                    Some(key) => Bound::Excluded(K::from_bytes(key)),
                    None => Bound::Unbounded,
                };
                let range = source.range::<K::SelfType<'_>>((from, Bound::Unbounded)).map_err(failed)?;
                range
                    .take(ENTRIES)
                    .map(|entry| {
                        let (key, value) = entry.map_err(failed)?;
                        let (key, value) = (key.value(), value.value());
                        Ok((K::as_bytes(&key).as_ref().to_vec(), V::as_bytes(&value).as_ref().to_vec()))
                    })
                    .collect::<Result<Vec<_>>>()
            })?;
            for (key, value) in &entries {
                target.insert(K::from_bytes(key), V::from_bytes(value)).map_err(failed)?;
            }
            match entries.into_iter().next_back() {
                Some((key, _)) => after = Some(key),
                None => return Ok(()),
            }
        }
    }
}
