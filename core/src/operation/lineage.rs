//! What happens to shards: opened and closed with the stream, rolled, split. The caller holds the table's state for writing, so
//! that one such change runs at a time; writers of items only ever wait for the partitions being changed.
//!
//! Every change is planned, committed and then shown, all under the locks of its partitions: no item goes into a shard that the catalog
//! does not have, and a change that cannot be committed has not happened.

use std::sync::Arc;

use super::backup::Left;
use crate::api::{RecordOrigin, Result, StreamViewType};
use crate::clock::Millis;
use crate::engine::Call;
use crate::store::{Batch, MetaChange, Removal};
use crate::stream::{End, Off, OpenShard, Opening, Shard, ShardId, Stream};
use crate::table::{
    HashRange, IndexKind, LockedPartition, Partition, PartitionState, Space, SpaceState, State, Table,
};
use crate::transaction::lock_all;

/// A shard and what came after it.
#[derive(Debug)]
pub(super) struct Succession {
    pub(super) parent: ShardId,
    pub(super) children: Vec<ShardId>,
}

/// Shards about to be opened and closed, and the batch that says so.
#[derive(Debug, Default)]
pub(super) struct Plan {
    opened: Vec<OpenShard>,
    closed: Vec<(Arc<Stream>, Arc<Shard>, End)>,
    batch: Batch,
}

impl Plan {
    fn open(
        &mut self,
        call: &Call<'_>,
        stream: &Arc<Stream>,
        parent: Option<&OpenShard>,
        range: HashRange,
        now: Millis,
    ) -> ShardId {
        let log = call.next_log_id();
        let hashes = (range.first, range.last);
        let opening =
            Opening { now, log, suffix: call.shard_suffix(log), commit: call.next_commit(), hashes };
        self.add(OpenShard::open(stream, parent, opening))
    }

    pub(super) fn add(&mut self, open: OpenShard) -> ShardId {
        let id = open.shard.id;
        self.batch.meta.push(open.shard.entry(&open.stream, None));
        self.opened.push(open);
        id
    }

    pub(super) fn close(&mut self, open: &OpenShard, now: Millis) {
        let end = open.end(now);
        self.batch.meta.push(open.shard.entry(&open.stream, Some(end)));
        self.closed.push((open.stream.clone(), open.shard.clone(), end));
    }

    fn keep(&mut self, entry: MetaChange) {
        self.batch.meta.push(entry);
    }

    /// Commits, then shows the shards to readers. Returns those for the partitions, in the order they were opened.
    fn commit(self, call: &Call<'_>) -> Result<Vec<OpenShard>> {
        self.commit_by(call, |batch| call.commit_catalog(batch))
    }

    /// As [`Plan::commit`], by a way to the store of the caller's choice.
    pub(super) fn commit_by(
        self,
        call: &Call<'_>,
        commit: impl FnOnce(Batch) -> Result<()>,
    ) -> Result<Vec<OpenShard>> {
        commit(self.batch)?;
        // Before anything shows: whoever sees it waits for this commit.
        let lsn = call.store.seen();
        let closed = self.closed.iter().map(|(stream, shard, _)| (stream, shard));
        for (stream, shard) in self.opened.iter().map(|open| (&open.stream, &open.shard)).chain(closed) {
            shard.changed.raise(lsn);
            stream.shards_changed.raise(lsn);
        }
        for open in &self.opened {
            open.stream.add_shard(open.shard.clone());
            call.schedule.shard_opened(&open.stream, &open.shard);
        }
        // Whoever sees a shard closed sees its children.
        for (stream, shard, end) in self.closed {
            shard.close(end);
            call.schedule.shard_closed(&stream, &shard);
        }
        Ok(self.opened)
    }
}

/// Changes what leaves the shards alone.
///
/// # Errors
/// The store's, here as everywhere in this file; then nothing has changed.
pub(super) fn change(call: &Call<'_>, table: &Table, state: &mut State, next: State) -> Result<()> {
    call.commit_catalog(Batch { meta: vec![table.entry(&next, None)], ..Batch::default() })?;
    show(call, table, state, next);
    Ok(())
}

/// Makes a table that nobody has seen, with its indexes and its stream, if it is to have one, and with what else is told of it.
pub(super) fn create(
    call: &Call<'_>,
    table: &Table,
    state: &mut State,
    next: State,
    view: Option<StreamViewType>,
    (now, more): (Millis, Vec<MetaChange>),
) -> Result<()> {
    let mut plan = Plan::default();
    plan.batch.meta = more;
    // There are no rows yet, so they are all there.
    let of_indexes = next.indexes.iter().map(|index| index.space.clone());
    let has_collections = next.indexes.iter().any(|index| index.index.kind == IndexKind::Local);
    let sizes = has_collections
        .then(|| Arc::new(Space::of_sizes(call.next_table_id(), table.id, table.schema.hash.clone())));
    let spaces: Arc<[Arc<Space>]> = of_indexes.chain(sizes).collect();
    for space in spaces.iter() {
        space.reach(SpaceState::Complete);
        plan.keep(space.entry(&SpaceState::Complete));
    }
    table.show_spaces(&spaces);
    match view {
        Some(view) => enable_with(call, table, state, next, (view, now), plan),
        None => {
            plan.keep(table.entry(&next, None));
            plan.commit(call)?;
            show(call, table, state, next);
            Ok(())
        }
    }
}

/// Shows a table's new state, which is committed.
pub(super) fn show(call: &Call<'_>, table: &Table, state: &mut State, next: State) {
    table.changed.raise(call.store.seen());
    *state = next;
}

/// Turns the stream on: every partition gets an open shard, and every later write is recorded.
pub(super) fn enable(
    call: &Call<'_>,
    table: &Table,
    state: &mut State,
    next: State,
    view: StreamViewType,
    now: Millis,
) -> Result<()> {
    enable_with(call, table, state, next, (view, now), Plan::default())
}

/// As [`enable`], with what else happens at once.
fn enable_with(
    call: &Call<'_>,
    table: &Table,
    state: &mut State,
    mut next: State,
    (view, now): (StreamViewType, Millis),
    mut plan: Plan,
) -> Result<()> {
    let (label, created_at) = call.catalog.next_label(&table.name, now);
    let origin = RecordOrigin { region: call.catalog.place.region.clone(), view };
    let enabled_at = now + call.choices.control_plane_delay;
    let names = table.schema.owned_names();
    let name = table.name.clone();
    let stream = Arc::new(Stream::new(
        name,
        label.clone(),
        created_at,
        enabled_at,
        names,
        origin,
        call.choices.stream_retention,
    ));
    next.latest_label = Some(label);
    next.stream = Some(stream.clone());
    let partitions = table.partitions();
    let mut locks = lock_all(&partitions);
    plan.keep(stream.entry(None));
    for partition in &partitions {
        plan.open(call, &stream, None, partition.range, now);
    }
    plan.keep(table.entry(&next, None));
    let opened = plan.commit(call)?;
    for (partition, open) in locks.iter_mut().zip(opened) {
        partition.shard = Some(open);
    }
    stream.changed.raise(call.store.seen());
    call.catalog.add_stream(stream);
    show(call, table, state, next);
    Ok(())
}

/// Turns the stream off: every open shard closes; records stay readable for their 24 hours.
pub(super) fn disable(
    call: &Call<'_>,
    table: &Table,
    state: &mut State,
    mut next: State,
    now: Millis,
) -> Result<()> {
    let partitions = table.partitions();
    let mut locks = lock_all(&partitions);
    let mut plan = Plan::default();
    let off = plan_off(call, &mut plan, &locks, &mut next, now);
    plan.keep(table.entry(&next, None));
    plan.commit(call)?;
    show_off(call, &mut locks, off);
    show(call, table, state, next);
    Ok(())
}

/// Deletes a table: its stream is off, its rows are gone or somebody else's, and no writer gets in any more.
pub(super) fn delete(
    call: &Call<'_>,
    table: &Arc<Table>,
    state: &mut State,
    mut next: State,
    now: Millis,
) -> Result<()> {
    let partitions = table.partitions();
    let mut locks = lock_all(&partitions);
    let mut plan = Plan::default();
    let off = plan_off(call, &mut plan, &locks, &mut next, now);
    let left = Left::of(call, table, state, now);
    next.features.history.clear();
    plan.keep(match next.running(now) {
        Some(_) => table.entry(&next, Some((table.item_count(), table.size_bytes()))),
        // Over at once.
        None => table.removed_entry(),
    });
    let (meta, removals) = left.changes(table);
    plan.batch.meta.extend(meta);
    plan.batch.removals.extend(removals);
    for space in locks[0].spaces.iter() {
        plan.keep(space.removed_entry());
        plan.batch.removals.push(Removal::Rows(space.id));
    }
    plan.commit(call)?;
    show_off(call, &mut locks, off);
    locks[0].spaces.iter().for_each(|space| call.schedule.expiry_done(space));
    if let Some(change) = next.running(now) {
        call.schedule.table_deleted(table, change.until);
    }
    call.schedule.periods_done(table);
    left.show(call);
    for partition in &mut locks {
        partition.retired = true;
        partition.history = None;
    }
    show(call, table, state, next);
    Ok(())
}

/// Plans the end of a table's stream, if it has one.
fn plan_off(
    call: &Call<'_>,
    plan: &mut Plan,
    locks: &[LockedPartition],
    next: &mut State,
    now: Millis,
) -> Option<(Arc<Stream>, Off)> {
    let stream = next.stream.take()?;
    for open in locks.iter().filter_map(|partition| partition.shard.as_ref()) {
        plan.close(open, now);
    }
    let off = Off { requested_at: now, disabled_at: now + call.choices.control_plane_delay };
    plan.keep(stream.entry(Some(off)));
    Some((stream, off))
}

fn show_off(call: &Call<'_>, locks: &mut [LockedPartition], off: Option<(Arc<Stream>, Off)>) {
    for partition in locks {
        partition.shard = None;
    }
    if let Some((stream, off)) = off {
        stream.changed.raise(call.store.seen());
        stream.turn_off(off);
        call.schedule.stream_off(&stream);
    }
}

/// Closes the shards of partitions, which are in hash order, and opens one child for each, the oldest shard first. Partitions without a
/// shard are left out.
pub(super) fn roll(call: &Call<'_>, partitions: &[Arc<Partition>], now: Millis) -> Result<Vec<Succession>> {
    let mut locks = lock_all(partitions);
    let mut rolled: Vec<(HashRange, &mut OpenShard)> = partitions
        .iter()
        .zip(&mut locks)
        .filter_map(|(partition, state)| Some((partition.range, state.shard.as_mut()?)))
        .collect();
    rolled.sort_unstable_by_key(|(_, open)| open.shard.log);
    let mut plan = Plan::default();
    let mut successions = Vec::new();
    for (range, parent) in &rolled {
        plan.close(parent, now);
        let child = plan.open(call, &parent.stream, Some(parent), *range, now);
        successions.push(Succession { parent: parent.shard.id, children: vec![child] });
    }
    if successions.is_empty() {
        return Ok(successions);
    }
    let opened = plan.commit(call)?;
    for ((_, shard), open) in rolled.into_iter().zip(opened) {
        *shard = open;
    }
    Ok(successions)
}

/// Replaces a partition by two halves; its shard, if there is one, closes and gets two children.
pub(super) fn split(
    call: &Call<'_>,
    table: &Table,
    state: &State,
    partition: &Arc<Partition>,
    now: Millis,
) -> Result<Option<Succession>> {
    let mut old = partition.state.lock();
    let halves: Vec<HashRange> = partition.range.divide(2).collect();
    let mut plan = Plan::default();
    let succession = old.shard.as_ref().map(|parent| {
        plan.close(parent, now);
        let children = halves.iter().map(|half| plan.open(call, &parent.stream, Some(parent), *half, now));
        Succession { parent: parent.shard.id, children: children.collect() }
    });
    let mut ranges: Vec<HashRange> = table.partitions().iter().map(|p| p.range).collect();
    let at = ranges.iter().position(|range| *range == partition.range).expect("a live partition is listed");
    ranges.splice(at..=at, halves.iter().copied());
    plan.keep(table.entry_with(state, &ranges, None));
    let mut opened = plan.commit(call)?.into_iter();
    let halves = halves.into_iter().map(|range| {
        let (spaces, history, delivery) = (old.spaces.clone(), old.history, old.delivery.clone());
        let state = PartitionState { retired: false, shard: opened.next(), spaces, history, delivery };
        Arc::new(Partition::new(table.id, range, state))
    });
    table.replace_partition(partition, halves.collect());
    table.loads.split(partition.range.first, &ranges[at..at + 2]);
    (old.retired, old.shard) = (true, None);
    Ok(succession)
}
