//! Recording what rows were before they changed: begun, gone on with in another period, and ended at one moment of a table.

use super::locking::lock_all;
use crate::api::Result;
use crate::engine::Call;
use crate::store::{Batch, TableId};
use crate::table::{Cut, LockedPartition, Table};

/// Records into a period from here on, or nowhere, with changes of the catalog that are told the moment. The caller holds the table's state for
/// writing.
///
/// # Errors
/// The store's; then all is as it was.
pub(crate) fn record(
    call: &Call<'_>,
    table: &Table,
    period: Option<TableId>,
    changes: impl FnOnce(Cut) -> Batch,
) -> Result<Cut> {
    let partitions = table.partitions();
    let mut locked = lock_all(&partitions);
    let cut = cut(call, &locked);
    call.commit_catalog(changes(cut))?;
    for partition in &mut locked {
        partition.history = period;
    }
    Ok(cut)
}

/// A moment of a table: every commit that is stamped before it is in the store.
pub(crate) fn moment(call: &Call<'_>, table: &Table) -> Cut {
    let partitions = table.partitions();
    let locked = lock_all(&partitions);
    cut(call, &locked)
}

/// With all partitions locked, no commit has a stamp and is not in the store yet.
fn cut(call: &Call<'_>, _locked: &[LockedPartition]) -> Cut {
    Cut { time: call.now(), commit: call.next_commit() }
}
