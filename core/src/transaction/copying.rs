//! Copying the rows of a table as they are at a moment, in bounded steps beside writers.
//!
//! ```text
//! which rows changed in a time, for a target that wants no others
//! rows of the source, read at any times after the cut ──► target
//! what the history tells of after the cut, backwards  ──► target      the last that is undone of a row is the first that happened to it
//! ```
//! A row that changes while it is copied is read before the change or after it, and the history has what it was in either case: an entry is
//! committed with its change. Each step is a commit of its own that notes how far it came, so that it is done once whatever becomes of the
//! process. No lock is held: nobody else writes to the target.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::collections::Growth;
use super::commit::derive;
use crate::api::Result;
use crate::engine::Call;
use crate::store::{Batch, Budget, MetaChange, RowChange, RowRange, TableId};
use crate::table::{ChangedRow, Changes, Cut, Past, Period, RowCopy, Space, Stage, Table, Target};
use crate::value::Item;
use crate::value::key::RowKey;

/// What one step reads and writes.
const STEP: Budget = Budget { rows: 64, bytes: 1 << 20 };

/// Brings in the next rows; true when all are there.
///
/// # Errors
/// The store's; the step can be tried again.
pub(crate) fn copy_step(call: &Call<'_>, copy: &RowCopy) -> Result<bool> {
    match (copy.stage(), copy.cut) {
        (Stage::Changes { period, reached }, Some(cut)) => {
            let changes = copy.target.changes().expect("nobody else asks for changes");
            find_changes(call, copy, (changes, cut), (TableId(period), reached)).map(|()| false)
        }
        (Stage::Rows { reached }, cut) => {
            let range = RowRange { from: after(reached), to: Bound::Unbounded, descending: false };
            let items = call.store.rows(copy.named_by(), &range, STEP)?.items;
            if items.is_empty() {
                return match cut.and_then(|cut| periods(call, copy, cut).pop()) {
                    Some(newest) => settle(call, copy, Batch::default(), begin_of(newest)).map(|()| false),
                    None => Ok(true),
                };
            }
            copy_rows(call, copy, items)?;
            Ok(false)
        }
        (Stage::Undo { period, reached }, Some(cut)) => undo(call, copy, cut, (TableId(period), reached)),
        (Stage::Undo { .. } | Stage::Changes { .. }, None) => {
            unreachable!("what stands still has nothing to be undone")
        }
    }
}

fn after(reached: Vec<u8>) -> Bound<Vec<u8>> {
    if reached.is_empty() { Bound::Unbounded } else { Bound::Excluded(reached) }
}

fn begin_of(period: TableId) -> Stage {
    Stage::Undo { period: period.0, reached: Vec::new() }
}

/// Copies rows, none of which is in the target.
fn copy_rows(call: &Call<'_>, copy: &RowCopy, items: Vec<Item>) -> Result<()> {
    let schema = copy.target.schema();
    let mut rows = Vec::with_capacity(items.len());
    let mut reached = Vec::new();
    for item in items {
        let (key, item) = match copy.target.changes() {
            None => (schema.row_key(&item)?, Some(item)),
            Some(_) => {
                let key = ChangedRow::read(&item).row;
                let now = call.store.get(copy.source, &key)?;
                (key, now)
            }
        };
        reached = key.as_bytes().to_vec();
        if item.is_some() {
            rows.push((key, None, item));
        }
    }
    write(call, copy, rows, Stage::Rows { reached })
}

/// Notes the next rows that have changed in a time, the youngest change first, with what they were before it: the last that is noted of a row is
/// what it was at the beginning.
fn find_changes(
    call: &Call<'_>,
    copy: &RowCopy,
    (Changes { rows, from }, cut): (Changes, Cut),
    (period, reached): (TableId, Vec<u8>),
) -> Result<()> {
    let periods = periods(call, copy, from);
    let begin_of = |period: Option<&TableId>| match period {
        Some(period) => Stage::Changes { period: period.0, reached: Vec::new() },
        None => Stage::Rows { reached: Vec::new() },
    };
    if !periods.contains(&period) {
        return settle(call, copy, Batch::default(), begin_of(periods.last()));
    }
    let schema = copy.target.schema();
    let mut changed: BTreeMap<RowKey, ChangedRow> = BTreeMap::new();
    let mut to = if reached.is_empty() { cut.end_bytes() } else { reached };
    let mut is_end = false;
    // One at a time: when it was stands in the key of an entry.
    for _ in 0..STEP.rows {
        let bounds = (Bound::Included(from.end_bytes()), Bound::Excluded(to.clone()));
        let range = RowRange { from: bounds.0, to: bounds.1, descending: true };
        let page = call.store.rows(period, &range, Budget { rows: 1, ..STEP })?;
        let (Some(entry), Some(key)) = (page.items.first().cloned(), page.last.clone()) else {
            is_end = true;
            break;
        };
        let at = Cut::read(&key).map_or(0, |stamp| stamp.time);
        to = key;
        let (row, was) = match Past::read(entry) {
            Past::Was(item) => (schema.row_key(&item)?, Some(item)),
            Past::Nothing(row) => (row, None),
        };
        let known = match changed.get(&row) {
            Some(known) => Some(known.at),
            None => call.store.get(rows, &row)?.map(|known| ChangedRow::read(&known).at),
        };
        changed.insert(row.clone(), ChangedRow { row, at: known.unwrap_or(at), was });
    }
    let mut batch = Batch::default();
    for (key, change) in changed {
        let before = call.store.get(rows, &key)?;
        batch.rows.push(RowChange { table: rows, key, before, after: Some(change.item()), of: None });
    }
    let stage = if is_end {
        begin_of(periods.iter().rev().find(|other| **other < period))
    } else {
        Stage::Changes { period: period.0, reached: to }
    };
    settle(call, copy, batch, stage)
}

/// Undoes the next entries of a period, the youngest first; true when those of all periods are undone.
fn undo(call: &Call<'_>, copy: &RowCopy, cut: Cut, (period, reached): (TableId, Vec<u8>)) -> Result<bool> {
    let range = RowRange { from: Bound::Included(cut.end_bytes()), to: after(reached), descending: true };
    let page = call.store.rows(period, &range, STEP)?;
    let schema = copy.target.schema();
    let mut was: BTreeMap<RowKey, Option<Item>> = BTreeMap::new();
    for entry in page.items {
        match Past::read(entry) {
            Past::Was(item) => was.insert(schema.row_key(&item)?, Some(item)),
            Past::Nothing(row) => was.insert(row, None),
        };
    }
    let mut rows = Vec::with_capacity(was.len());
    for (key, after) in was {
        if let Some(changes) = copy.target.changes()
            && call.store.get(changes.rows, &key)?.is_none()
        {
            continue;
        }
        let before = call.store.get(copy.target.rows(), &key)?;
        if before != after {
            rows.push((key, before, after));
        }
    }
    // Those that came since the rows were read are of changes that were not read.
    let older = periods(call, copy, cut).into_iter().rev().find(|other| *other < period);
    let (stage, is_done) = match (page.last, older) {
        (Some(reached), _) => (Stage::Undo { period: period.0, reached }, false),
        (None, Some(older)) => (begin_of(older), false),
        (None, None) => (Stage::Undo { period: period.0, reached: cut.end_bytes() }, true),
    };
    write(call, copy, rows, stage)?;
    Ok(is_done)
}

/// The periods with entries after the cut, oldest first.
fn periods(call: &Call<'_>, copy: &RowCopy, cut: Cut) -> Vec<TableId> {
    if let Some(left) = copy.left() {
        return left;
    }
    let source = call.catalog.table_of(copy.source).expect("a source that is deleted leaves its periods");
    let state = source.state.read();
    let history = &state.features.history;
    let ends = |at: usize| history.get(at + 1).is_none_or(|next| next.begun_at >= cut.time);
    let reaching = history.iter().enumerate().filter(|(at, _)| ends(*at)).map(|(_, period)| period);
    reaching.map(Period::rows).collect()
}

/// A row as it was and is to be.
pub(crate) type Moved = (RowKey, Option<Item>, Option<Item>);

/// Writes rows as they were and are to be, with what is derived from them.
fn write(call: &Call<'_>, copy: &RowCopy, rows: Vec<Moved>, stage: Stage) -> Result<()> {
    let spaces: Arc<[Arc<Space>]> = match &copy.target {
        Target::Backup(_) | Target::Export(_) => Arc::default(),
        Target::Table(table) => table.spaces(),
    };
    let (batch, items, bytes) = with_derived(call, copy.target.rows(), &spaces, rows)?;
    settle(call, copy, batch, stage)?;
    if let Target::Table(table) = &copy.target {
        table.count(items, bytes);
    }
    Ok(())
}

/// Brings rows into a table that nobody else writes to, with a change of the catalog.
///
/// # Errors
/// The store's; then nothing has changed.
pub(crate) fn bring_in(call: &Call<'_>, table: &Table, rows: Vec<Moved>, entry: MetaChange) -> Result<()> {
    let (mut batch, items, bytes) = with_derived(call, table.id, &table.spaces(), rows)?;
    batch.meta.push(entry);
    call.store.commit(batch)?;
    table.count(items, bytes);
    Ok(())
}

/// The batch of rows and what is derived from them, and by how many items and bytes they make their table larger.
fn with_derived(
    call: &Call<'_>,
    table: TableId,
    spaces: &[Arc<Space>],
    rows: Vec<Moved>,
) -> Result<(Batch, i64, i64)> {
    let measure = |item: &Option<Item>| item.as_ref().map_or((0, 0), |item| (1, item.size() as i64));
    let (mut items, mut bytes) = (0, 0);
    let mut batch = Batch::default();
    let mut growth = Growth::default();
    for (key, before, after) in rows {
        growth.bring_back(call, spaces, before.as_ref(), after.as_ref())?;
        let (was, is) = (measure(&before), measure(&after));
        (items, bytes) = (items + is.0 - was.0, bytes + is.1 - was.1);
        let row = RowChange { table, key, before, after, of: None };
        let derived = derive(call, spaces, &row)?;
        batch.rows.push(row);
        batch.rows.extend(derived);
    }
    batch.rows.extend(growth.rows());
    Ok((batch, items, bytes))
}

/// Commits a step, then notes how far it came.
fn settle(call: &Call<'_>, copy: &RowCopy, mut batch: Batch, stage: Stage) -> Result<()> {
    batch.meta.push(copy.entry(stage.clone()));
    call.store.commit(batch)?;
    copy.reach(stage);
    Ok(())
}
