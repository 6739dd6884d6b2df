//! The one way to the store: every write becomes mutations, and here they become one batch.

use parking_lot::MutexGuard;
use smallvec::SmallVec;

use crate::api::Result;
use crate::engine::Call;
use crate::store::{Append, Batch, RowChange, Sequence};
use crate::stream::{Mutation, OpenShard, log_record};
use crate::table::{PartitionState, Table};
use crate::value::Item;

/// A write to one partition, whose lock the caller holds.
#[derive(Debug)]
pub(crate) struct Write<'a, 'p> {
    pub(crate) table: &'a Table,
    pub(crate) partition: &'a mut MutexGuard<'p, PartitionState>,
    pub(crate) mutation: Mutation,
}

/// Commits writes together: rows and change records, all or nothing. Writes that change nothing leave nothing (facts A8).
///
/// # Errors
/// The store's; then nothing is written.
pub(crate) fn commit<'a, 'p: 'a>(
    call: &Call<'_>,
    writes: impl IntoIterator<Item = Write<'a, 'p>>,
) -> Result<()> {
    let mut batch = Batch::default();
    let mut counts: SmallVec<[(&Table, (i64, i64)); 1]> = SmallVec::new();
    let mut appended: SmallVec<[(&mut OpenShard, Sequence); 1]> = SmallVec::new();
    for write in writes {
        let Write { table, partition, mutation } = write;
        debug_assert!(!partition.retired, "the caller has looked the partition up under its lock");
        if mutation.is_no_op() {
            continue;
        }
        if let Some(open) = &mut partition.shard {
            // The time is read under the lock, so that records of a shard are in order of time, too.
            let now = call.now();
            let sequence = open.next_sequence(call.next_commit());
            let record = log_record(&open.stream, sequence, now, &mutation);
            batch.records.push(Append { log: open.shard.log, record });
            appended.push((open, sequence));
        }
        counts.push((table, difference(&mutation)));
        let Mutation { key, before, after, cause: _ } = mutation;
        batch.rows.push(RowChange { table: table.id, key, before, after, of: None });
    }
    if batch.rows.is_empty() {
        return Ok(());
    }
    call.store.commit(batch)?;
    for (open, sequence) in appended {
        open.appended(sequence);
    }
    for (table, (items, bytes)) in counts {
        table.count(items, bytes);
    }
    Ok(())
}

/// How many items and bytes a mutation adds.
fn difference(mutation: &Mutation) -> (i64, i64) {
    let measure = |item: &Option<Item>| item.as_ref().map_or((0, 0), |item| (1, item.size() as i64));
    let ((items_before, bytes_before), (items, bytes)) =
        (measure(&mutation.before), measure(&mutation.after));
    (items - items_before, bytes - bytes_before)
}
