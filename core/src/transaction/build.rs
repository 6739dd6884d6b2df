//! Building a space: it is attached at one moment, then filled row by row in bounded steps, each a commit of its own that notes how far it
//! came. Writers keep up what they change in the meantime, and a step that is repeated does no harm.

use std::ops::Bound;
use std::sync::Arc;

use super::locking::lock_all;
use crate::api::Result;
use crate::clock::Millis;
use crate::engine::Call;
use crate::store::{BaseRow, Batch, Budget, MetaChange, Removal, RowChange, RowRange};
use crate::table::{LockedPartition, Partition, Space, SpaceState, Table};
use crate::value::key::hash_of;

/// What one step reads: a writer of the same partition waits for so much at most.
const STEP: Budget = Budget { rows: 64, bytes: 1 << 20 };

/// Adds a space to a table, with other changes of the catalog. From here on every commit keeps it up; [`build_step`] brings in the rows that are
/// there, from a moment on. The caller holds the table's state for writing.
///
/// # Errors
/// The store's; then there is no space.
pub(crate) fn attach_space(
    call: &Call<'_>,
    table: &Arc<Table>,
    space: &Arc<Space>,
    mut meta: Vec<MetaChange>,
    from: Millis,
) -> Result<()> {
    let partitions = table.partitions();
    let mut locked = lock_all(&partitions);
    // Under the locks of all its partitions, what a table counts is exact.
    let state = if table.item_count() == 0 { SpaceState::Complete } else { SpaceState::Building(None) };
    meta.push(space.entry(&state));
    call.commit_catalog(Batch { meta, ..Batch::default() })?;
    let is_complete = state == SpaceState::Complete;
    space.reach(state);
    let spaces: Arc<[Arc<Space>]> = locked[0].spaces.iter().cloned().chain([space.clone()]).collect();
    show(&mut locked, &spaces);
    if !is_complete {
        call.schedule.space_begun(table, space, from);
    }
    Ok(())
}

/// Takes a space from its table, with other changes of the catalog. The caller holds the table's state for writing.
///
/// # Errors
/// The store's; then the space is still there.
pub(crate) fn detach_space(
    call: &Call<'_>,
    table: &Table,
    space: &Space,
    mut meta: Vec<MetaChange>,
) -> Result<()> {
    let partitions = table.partitions();
    let mut locked = lock_all(&partitions);
    meta.push(space.removed_entry());
    let removals = vec![Removal::Rows(space.id)];
    call.commit_catalog(Batch { meta, removals, ..Batch::default() })?;
    call.schedule.build_done(space);
    let spaces: Arc<[Arc<Space>]> =
        locked[0].spaces.iter().filter(|other| other.id != space.id).cloned().collect();
    show(&mut locked, &spaces);
    call.schedule.expiry_done(space);
    Ok(())
}

fn show(locked: &mut [LockedPartition], spaces: &Arc<[Arc<Space>]>) {
    for partition in locked {
        partition.spaces = spaces.clone();
    }
}

/// Brings the next rows of the table into a space; returns how far it is now.
///
/// # Errors
/// The store's; the step can be tried again.
pub(crate) fn build_step(call: &Call<'_>, table: &Table, space: &Space) -> Result<SpaceState> {
    loop {
        let SpaceState::Building(reached) = space.state() else { return Ok(SpaceState::Complete) };
        let from = reached.map_or(Bound::Unbounded, Bound::Excluded);
        let mut range = RowRange { from, to: Bound::Unbounded, descending: false };
        let next = call.store.rows(table.id, &range, Budget { rows: 1, ..STEP })?.last;
        let partition = table.partition_of(next.as_deref().map_or(0, hash_of));
        let locked = partition.state.lock();
        if locked.retired {
            continue;
        }
        // A space that was detached since is nobody's any more.
        if !locked.spaces.iter().any(|attached| attached.id == space.id) {
            return Ok(SpaceState::Complete);
        }
        // What writers have added since is in the space already.
        let Some(next) = next else {
            return settle(call, space, Batch::default(), SpaceState::Complete);
        };
        range.to = end_of(&partition);
        let mut batch = Batch::default();
        let mut reached = next;
        for item in call.store.rows(table.id, &range, STEP)?.items {
            let row = table.schema.row_key(&item)?;
            reached = row.as_bytes().to_vec();
            let Some(key) = space.definition.place(&item, &row) else { continue };
            // A writer may have brought it in already.
            if call.store.get(space.id, &key)?.is_none() {
                let of = Some(BaseRow::new(table.id, &row));
                batch.rows.push(RowChange { table: space.id, key, before: None, after: Some(item), of });
            }
        }
        return settle(call, space, batch, SpaceState::Building(Some(reached)));
    }
}

/// Commits a step, then shows how far it came.
fn settle(call: &Call<'_>, space: &Space, mut batch: Batch, state: SpaceState) -> Result<SpaceState> {
    batch.meta.push(space.entry(&state));
    call.store.commit(batch)?;
    space.reach(state.clone());
    Ok(state)
}

fn end_of(partition: &Partition) -> Bound<Vec<u8>> {
    match partition.range.last.checked_add(1) {
        Some(next) => Bound::Excluded(next.to_be_bytes().to_vec()),
        None => Bound::Unbounded,
    }
}
