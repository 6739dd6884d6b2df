//! The one way to the store: mutations become rows, derived rows and change records, in one batch.

use std::sync::Arc;

use smallvec::SmallVec;

use super::locking::Locks;
use crate::api::Result;
use crate::clock::Millis;
use crate::engine::Call;
use crate::store::{Append, Batch, RowChange, Sequence};
use crate::stream::{Mutation, log_record};
use crate::table::{Space, Table};
use crate::value::Item;
use crate::value::key::RowKey;

/// A change of one row of the partition that a lock of the transaction holds.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) table: Arc<Table>,
    pub(super) lock: usize,
    pub(super) mutation: Mutation,
}

/// What a write adds to the counts of its table.
struct Count {
    table: Arc<Table>,
    items: i64,
    bytes: i64,
}

/// When an item that was written is to be deleted.
struct Expiring {
    table: Arc<Table>,
    space: Arc<Space>,
    at: Millis,
}

/// When an item expires, in each order of expiry.
fn dues<'a>(
    table: &'a Arc<Table>,
    spaces: &'a [Arc<Space>],
    item: &'a Item,
    delay: Millis,
) -> impl Iterator<Item = Expiring> + use<'a> {
    let expiries = spaces.iter().filter(|space| space.definition.is_expiry());
    expiries.filter_map(move |space| {
        let at = space.definition.expires_at(item)?.saturating_add(delay);
        Some(Expiring { table: table.clone(), space: space.clone(), at })
    })
}

/// Commits writes together, no two of them of one row: all or nothing. Writes that change nothing leave nothing (facts A8). Records of one
/// shard are in the order of the writes.
///
/// # Errors
/// The store's; then nothing is written.
pub(super) fn commit(
    call: &Call<'_>,
    locks: &mut Locks,
    writes: impl IntoIterator<Item = Write>,
) -> Result<()> {
    let mut batch = Batch::default();
    let mut counts: SmallVec<[Count; 1]> = SmallVec::new();
    let mut expiring: SmallVec<[Expiring; 1]> = SmallVec::new();
    // How far each open shard will have got.
    let mut cursors: SmallVec<[Option<Sequence>; 1]> = SmallVec::from_elem(None, locks.len());
    for Write { table, lock, mutation } in writes {
        if mutation.is_no_op() {
            continue;
        }
        let partition = locks.partition(lock);
        if let Some(open) = &partition.shard {
            // The time is read under the lock, so that records of a shard are in order of time, too.
            let now = call.now();
            let sequence = open.next_sequence(cursors[lock], call.next_commit());
            let record = log_record(&open.stream, sequence, now, &mutation);
            batch.records.push(Append { log: open.shard.log, record, retention: open.shard.retention });
            cursors[lock] = Some(sequence);
        }
        let (items, bytes) = difference(&mutation);
        let Mutation { key, before, after, cause: _ } = mutation;
        debug_assert!(
            batch.rows.iter().all(|row| row.table != table.id || row.key != key),
            "a commit changes a row once"
        );
        let row = RowChange { table: table.id, key, before, after, of: None };
        let derived = derive(call, &partition.spaces, &row)?;
        expiring.extend(
            row.after
                .as_ref()
                .into_iter()
                .flat_map(|item| dues(&table, &partition.spaces, item, call.choices.expiry_delay)),
        );
        // The row first: it brings the image that the others refer to.
        batch.rows.push(row);
        batch.rows.extend(derived);
        counts.push(Count { table, items, bytes });
    }
    if batch.rows.is_empty() {
        return Ok(());
    }
    call.store.commit(batch)?;
    for (lock, cursor) in cursors.into_iter().enumerate() {
        if let Some((open, sequence)) = locks.partition(lock).shard.as_mut().zip(cursor) {
            open.appended(sequence);
        }
    }
    for Count { table, items, bytes } in counts {
        table.count(items, bytes);
    }
    for Expiring { table, space, at } in expiring {
        call.schedule.expiring(&table, &space, at);
    }
    Ok(())
}

/// What a change of a row means for the rows derived from it.
///
/// # Errors
/// The store's.
fn derive(call: &Call<'_>, spaces: &[Arc<Space>], row: &RowChange) -> Result<SmallVec<[RowChange; 1]>> {
    let mut derived = SmallVec::new();
    for space in spaces {
        let place = |item: &Option<Item>| space.definition.place(item.as_ref()?, &row.key);
        let (mut old, new) = (place(&row.before), place(&row.after));
        // A build may not have come to this row yet.
        if let Some(key) = &old
            && !space.is_complete()
            && call.store.get(space.id, key)?.is_none()
        {
            old = None;
        }
        let entry = |key: RowKey, before: &Option<Item>, after: &Option<Item>| RowChange {
            table: space.id,
            key,
            before: before.clone(),
            after: after.clone(),
            of: Some((row.table, row.key.clone())),
        };
        match (old, new) {
            (Some(old), Some(new)) if old == new => derived.push(entry(new, &row.before, &row.after)),
            (old, new) => {
                derived.extend(old.map(|old| entry(old, &row.before, &None)));
                derived.extend(new.map(|new| entry(new, &None, &row.after)));
            }
        }
    }
    Ok(derived)
}

/// How many items and bytes a mutation adds.
fn difference(mutation: &Mutation) -> (i64, i64) {
    let measure = |item: &Option<Item>| item.as_ref().map_or((0, 0), |item| (1, item.size() as i64));
    let ((items_before, bytes_before), (items, bytes)) =
        (measure(&mutation.before), measure(&mutation.after));
    (items - items_before, bytes - bytes_before)
}
