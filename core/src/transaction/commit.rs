//! The one way to the store: mutations become rows, derived rows and change records, in one batch.

use std::sync::Arc;

use smallvec::SmallVec;

use super::collections::Growth;
use super::delivery::Deliveries;
use super::locking::Locks;
use crate::api::Result;
use crate::clock::Millis;
use crate::engine::{Call, Note, Token};
use crate::store::{Append, BaseRow, Batch, RowChange, Sequence};
use crate::stream::{Mutation, log_record};
use crate::table::{Cut, PartitionState, Past, Space, Table};
use crate::value::Item;
use crate::value::key::RowKey;

/// A change of one row of the partition that a lock of the transaction holds.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) table: Arc<Table>,
    pub(super) lock: usize,
    pub(super) mutation: Mutation,
}

/// What follows from a mutation once it is in the store.
#[derive(Debug)]
struct Staged {
    /// What it adds to the counts of its table.
    items: i64,
    bytes: i64,
    /// Of its row.
    hash: u64,
    /// How far the open shard has got with it, if the table has a stream.
    sequence: Option<Sequence>,
    /// When the item after it is to be deleted.
    expiring: Vec<Expiring>,
    /// What late indexes go on to show.
    note: Option<Note>,
}

impl Staged {
    /// Shows the rest of what is in the store now.
    fn show(self, call: &Call<'_>, table: &Arc<Table>) {
        table.count(self.items, self.bytes);
        if let Some(note) = self.note {
            note.keep();
        }
        call.note_growth(table, self.hash, self.bytes);
        for Expiring { space, at } in self.expiring {
            call.schedule.expiring(table, &space, at);
        }
    }
}

/// When an item that was written is to be deleted.
#[derive(Debug)]
struct Expiring {
    space: Arc<Space>,
    at: Millis,
}

/// When an item expires, in each order of expiry.
fn dues(spaces: &[Arc<Space>], item: &Item, delay: Millis) -> impl Iterator<Item = Expiring> {
    let expiries = spaces.iter().filter(|space| space.definition.is_expiry());
    expiries.filter_map(move |space| {
        let at = space.definition.expires_at(item)?.saturating_add(delay);
        Some(Expiring { space: space.clone(), at })
    })
}

/// Commits a change of one row of a locked partition, and what it makes of item collections. One that changes nothing leaves nothing (facts A8).
///
/// # Errors
/// The store's; then nothing is written.
pub(super) fn commit_one(
    call: &Call<'_>,
    partition: &mut PartitionState,
    table: &Arc<Table>,
    mutation: Mutation,
    growth: Growth,
) -> Result<()> {
    let mut batch = Batch::default();
    let mut deliveries = Deliveries::default();
    deliveries.note(call, partition, &mutation);
    let Some(staged) = stage(call, &mut batch, partition, None, table, mutation, &mut None)? else {
        return Ok(());
    };
    growth.stage(&mut batch);
    let landing = deliveries.stage(call, &mut batch)?;
    call.store.commit(batch)?;
    landing.landed(call);
    if let Some((open, sequence)) = partition.shard.as_mut().zip(staged.sequence) {
        open.appended(sequence);
        call.watches.note(std::iter::once(table.name.as_str()));
    }
    staged.show(call, table);
    Ok(())
}

/// What goes into a commit besides the writes of its intents.
#[derive(Debug, Default)]
pub(crate) struct Attached<'t> {
    /// The token they come under.
    pub(crate) token: Option<&'t Token>,
    /// What the caller writes in the same commit.
    pub(crate) batch: Batch,
}

/// Commits writes together, no two of them of one row, what they make of item collections, and what is attached: all or nothing. Records of
/// one shard are in the order of the writes.
///
/// # Errors
/// The store's; then nothing is written.
pub(super) fn commit(
    call: &Call<'_>,
    locks: &mut Locks,
    writes: Vec<Write>,
    growth: Growth,
    attached: Attached<'_>,
) -> Result<()> {
    let Attached { token, mut batch } = attached;
    let mut deliveries = Deliveries::default();
    let mut staged: Vec<(Arc<Table>, Staged)> = Vec::with_capacity(writes.len());
    // How far each open shard will have got.
    let mut cursors: Vec<Option<Sequence>> = vec![None; locks.len()];
    let mut stamp = None;
    batch.rows.reserve(writes.len());
    for Write { table, lock, mutation } in writes {
        let partition = locks.partition(lock);
        deliveries.note(call, partition, &mutation);
        if let Some(write) = stage(call, &mut batch, partition, cursors[lock], &table, mutation, &mut stamp)?
        {
            cursors[lock] = write.sequence;
            staged.push((table, write));
        }
    }
    growth.stage(&mut batch);
    batch.rows.extend(token.map(|token| call.remembered(token)));
    if batch.rows.is_empty() && batch.records.is_empty() && batch.meta.is_empty() {
        return Ok(());
    }
    let landing = deliveries.stage(call, &mut batch)?;
    call.store.commit(batch)?;
    landing.landed(call);
    for (lock, cursor) in cursors.into_iter().enumerate() {
        if let Some((open, sequence)) = locks.partition(lock).shard.as_mut().zip(cursor) {
            open.appended(sequence);
        }
    }
    let with_records = staged.iter().filter(|(_, staged)| staged.sequence.is_some());
    call.watches.note(with_records.map(|(table, _)| table.name.as_str()));
    for (table, staged) in staged {
        staged.show(call, &table);
    }
    Ok(())
}

/// Adds what a mutation writes to a batch: its row, the rows derived from it, its record, which comes after `cursor` or the shard's last one,
/// and what its row was, under the one stamp of the commit. None where it changes nothing.
///
/// # Errors
/// The store's.
fn stage(
    call: &Call<'_>,
    batch: &mut Batch,
    partition: &PartitionState,
    cursor: Option<Sequence>,
    table: &Table,
    mutation: Mutation,
    stamp: &mut Option<Cut>,
) -> Result<Option<Staged>> {
    if mutation.is_no_op() {
        return Ok(None);
    }
    let mut sequence = None;
    if let Some(open) = &partition.shard {
        // The time is read under the lock, so that records of a shard are in order of time, too.
        let now = call.now();
        let next = open.next_sequence(cursor, call.next_commit());
        let record = log_record(&open.stream, next, now, &mutation);
        batch.records.push(Append { log: open.shard.log, record, retention: open.shard.retention });
        sequence = Some(next);
    }
    let (items, bytes) = difference(&mutation);
    let Mutation { key, before, after, cause: _ } = mutation;
    let hash = key.hash();
    debug_assert!(
        batch.rows.iter().all(|row| row.table != table.id || row.key != key),
        "a commit changes a row once"
    );
    let row = RowChange { table: table.id, key, before, after, of: None };
    let mut stamp = || {
        // All locks of the commit are held: whoever sees one of its rows changed by a cut sees all of them so.
        *stamp.get_or_insert_with(|| Cut { time: call.now(), commit: call.next_commit() })
    };
    let past = partition.history.map(|history| {
        let (key, entry) = Past::entry(stamp(), &row.key, row.before.as_ref());
        RowChange { table: history, key, before: None, after: Some(entry), of: None }
    });
    let (mut expiring, mut note) = (Vec::new(), None);
    if partition.spaces.is_empty() {
        batch.rows.push(row);
    } else {
        if let Some(item) = &row.after {
            expiring.extend(dues(&partition.spaces, item, call.choices.expiry_delay));
        }
        if let Some(recent) = &call.recent
            && partition.spaces.iter().any(|space| space.is_global())
        {
            note = Some(recent.note(batch, stamp().time, &row));
        }
        let derived = derive(call, &partition.spaces, &row)?;
        // The row first: it brings the image that the others refer to.
        batch.rows.push(row);
        batch.rows.extend(derived);
    }
    if let Some(past) = past {
        batch.rows.push(past);
    }
    Ok(Some(Staged { items, bytes, hash, sequence, expiring, note }))
}

/// What a change of a row means for the rows derived from it.
///
/// # Errors
/// The store's.
pub(super) fn derive(
    call: &Call<'_>,
    spaces: &[Arc<Space>],
    row: &RowChange,
) -> Result<SmallVec<[RowChange; 1]>> {
    let mut derived = SmallVec::new();
    for space in spaces.iter().filter(|space| !space.is_sizes) {
        let entry = |key: RowKey, before: &Option<Item>, after: &Option<Item>| RowChange {
            table: space.id,
            key,
            before: before.clone(),
            after: after.clone(),
            of: Some(BaseRow::new(row.table, &row.key)),
        };
        let [old, new] = [&row.before, &row.after].map(|item| space.definition.values(item.as_ref()?));
        let stays = old.is_some() && old == new;
        if let Some(old) = old.filter(|_| !stays) {
            let key = old.key(&row.key);
            if is_built(call, space, &key)? {
                derived.push(entry(key, &row.before, &None));
            }
        }
        if let Some(new) = new {
            let key = new.key(&row.key);
            let is_there = stays && is_built(call, space, &key)?;
            derived.push(entry(key, if is_there { &row.before } else { &None }, &row.after));
        }
    }
    Ok(derived)
}

/// Whether a space has the row derived from one that is there: a build may not have come to it yet.
///
/// # Errors
/// The store's.
fn is_built(call: &Call<'_>, space: &Space, key: &RowKey) -> Result<bool> {
    Ok(space.is_complete() || call.store.get(space.id, key)?.is_some())
}

/// How many items and bytes a mutation adds.
fn difference(mutation: &Mutation) -> (i64, i64) {
    let measure = |item: &Option<Item>| item.as_ref().map_or((0, 0), |item| (1, item.size() as i64));
    let ((items_before, bytes_before), (items, bytes)) =
        (measure(&mutation.before), measure(&mutation.after));
    (items - items_before, bytes - bytes_before)
}
