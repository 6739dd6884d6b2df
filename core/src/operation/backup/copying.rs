//! Copies of rows: begun, gone on with in the background, and ended; and what a table that is deleted leaves to them.

use std::sync::Arc;

use super::of_deleted_table;
use crate::api::Result;
use crate::clock::Millis;
use crate::engine::Call;
use crate::operation::lineage;
use crate::store::{Batch, MetaChange, Removal, TableId};
use crate::table::{Backup, Period, RowCopy, State, Table, Target};
use crate::transaction::{copy_step, record};

/// Steps of a copy that the call which asks for it does itself: a small table is there when it answers.
const STEPS_AT_ONCE: usize = 64;

/// Shows a copy whose entry is committed, and lets it begin.
pub(in crate::operation) fn begin(call: &Call<'_>, copy: &Arc<RowCopy>) {
    call.catalog.add_copy(copy.clone());
    call.schedule.copy_begun(copy, copy.begins_at);
}

/// Does the first steps of a copy, if it may begin. The rest is background work.
///
/// # Errors
/// The store's, here as below; background work goes on from there.
pub(in crate::operation) fn fill(call: &Call<'_>, copy: &Arc<RowCopy>) -> Result<()> {
    if copy.begins_at > call.now() {
        return Ok(());
    }
    // One after another with background work, which may have taken the copy up already.
    let _turn = call.upkeep.lock();
    for _ in 0..STEPS_AT_ONCE {
        if step(call, copy)? {
            return Ok(());
        }
    }
    Ok(())
}

/// One step of a copy; true when it is over. The caller does background work.
pub(crate) fn step(call: &Call<'_>, copy: &Arc<RowCopy>) -> Result<bool> {
    let is_over = !call.catalog.is_being_copied(copy.target.rows());
    if !is_over && !copy_step(call, copy)? {
        return Ok(false);
    }
    if !is_over {
        finish(call, copy)?;
    }
    call.schedule.copy_done(copy);
    Ok(true)
}

/// Ends a copy whose rows are all there: its target can be used, and the source keeps for it no longer what rows were.
fn finish(call: &Call<'_>, copy: &RowCopy) -> Result<()> {
    let mut batch = Batch { meta: vec![copy.removed_entry()], ..Batch::default() };
    // A table that is deleted has left all that it kept.
    let source = call.catalog.table_of(copy.source).filter(|_| copy.left().is_none() && copy.cut.is_some());
    // The source has the lower number, so its lock comes first.
    let mut source_state = source.as_ref().map(|source| source.state.write());
    let target = match &copy.target {
        Target::Table(table) => Some(table),
        Target::Backup(_) | Target::Export(_) => None,
    };
    let mut target_state = target.map(|table| {
        let state = table.state.write();
        let next = State { restoring: None, change: None, ..state.clone() };
        batch.meta.push(table.entry(&next, None));
        (table, state, next)
    });
    let is_last = call.catalog.copies_from(copy.source).len() == 1;
    let mut ended = None;
    if let Some(left) = copy.left().filter(|_| is_last) {
        let is_kept = call.catalog.backups().iter().any(|backup| backup.rows == copy.source);
        let rows = (!is_kept).then_some(copy.source);
        batch.removals.extend(rows.into_iter().chain(left).map(Removal::Rows));
    } else if let (Some(source), Some(state), true) = (&source, &source_state, is_last)
        && state.features.recovery.is_none()
    {
        let mut next = (**state).clone();
        batch.removals.extend(next.features.history.drain(..).map(|period| Removal::Rows(period.rows())));
        batch.meta.push(source.entry(&next, None));
        ended = Some((source, next));
    }
    match ended {
        Some((source, next)) => {
            record(call, source, None, |_| batch)?;
            let state = source_state.as_mut().expect("locked above");
            lineage::show(call, source, state, next);
        }
        None => call.commit_catalog(batch)?,
    }
    if let Some((table, state, next)) = &mut target_state {
        lineage::show(call, table, state, next.clone());
    }
    call.catalog.remove_copy(copy);
    if let Target::Export(export) = &copy.target {
        call.schedule.export_due(export, call.now());
    }
    Ok(())
}

/// What a table that is deleted leaves behind.
#[derive(Debug, Default)]
pub(in crate::operation) struct Left {
    copies: Vec<Arc<RowCopy>>,
    periods: Vec<TableId>,
    backup: Option<Arc<Backup>>,
}

impl Left {
    /// What it is to leave: its rows and what they were to those who copy them, or its rows to a backup, if it is restorable to a moment. The
    /// caller holds its state and the locks of all its partitions.
    pub(in crate::operation) fn of(call: &Call<'_>, table: &Table, state: &State, now: Millis) -> Left {
        Left {
            copies: call.catalog.copies_from(table.id),
            periods: state.features.history.iter().map(Period::rows).collect(),
            backup: (state.features.recovery.is_some())
                .then(|| Arc::new(of_deleted_table(call, table, state, now))),
        }
    }

    /// What is committed with the deletion.
    pub(in crate::operation) fn changes(&self, table: &Table) -> (Vec<MetaChange>, Vec<Removal>) {
        let mut meta: Vec<MetaChange> = self.backup.iter().map(|backup| backup.entry()).collect();
        meta.extend(self.copies.iter().map(|copy| copy.entry_left(&self.periods)));
        let mut removals = Vec::new();
        if self.copies.is_empty() {
            removals.extend(self.backup.is_none().then_some(Removal::Rows(table.id)));
            removals.extend(self.periods.iter().copied().map(Removal::Rows));
        }
        (meta, removals)
    }

    /// Shows what is committed.
    pub(in crate::operation) fn show(self, call: &Call<'_>) {
        for copy in &self.copies {
            copy.leave(&self.periods);
        }
        if let Some(backup) = self.backup {
            if let Some(at) = backup.expires_at() {
                call.schedule.backup_expires(&backup, at);
            }
            call.catalog.add_backup(backup);
        }
    }
}
