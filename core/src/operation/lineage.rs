//! What happens to shards: opened and closed with the stream, rolled, split. The caller holds the table's state for writing, so
//! that one such change runs at a time; writers of items only ever wait for the one partition being changed.

use std::sync::Arc;

use crate::api::{RecordOrigin, StreamViewType};
use crate::clock::Millis;
use crate::engine::Call;
use crate::stream::{OpenShard, Opening, ShardId, Stream};
use crate::table::{Partition, State, Table};

/// A shard and what came after it.
#[derive(Debug)]
pub(super) struct Succession {
    pub(super) parent: ShardId,
    pub(super) children: Vec<ShardId>,
}

fn opening<'a>(call: &'a Call<'_>, now: Millis) -> Opening<'a> {
    Opening { now, log: call.next_log_id(), commit: call.next_commit(), entropy: &call.entropy }
}

/// Turns the stream on: every partition gets an open shard, and every later write is recorded.
pub(super) fn enable(call: &Call<'_>, table: &Table, state: &mut State, view: StreamViewType, now: Millis) {
    let (label, created_at) = call.catalog.next_label(&table.name, now);
    let origin = RecordOrigin { region: call.catalog.place.region.clone(), view };
    let enabled_at = now + call.choices.control_plane_delay;
    let names = table.schema.owned_names();
    let stream = Arc::new(Stream::new(table.name.clone(), label, created_at, enabled_at, names, origin));
    for partition in table.partitions() {
        partition.state.lock().shard = Some(OpenShard::open(&stream, None, &opening(call, now)));
    }
    call.catalog.add_stream(stream.clone());
    state.latest_stream = Some(stream.clone());
    state.stream = Some(stream);
}

/// Turns the stream off: every open shard closes; records stay readable for their 24 hours.
pub(super) fn disable(call: &Call<'_>, table: &Table, state: &mut State, now: Millis) {
    let Some(stream) = state.stream.take() else { return };
    for partition in table.partitions() {
        if let Some(open) = partition.state.lock().shard.take() {
            open.close(now);
        }
    }
    stream.turn_off(now, now + call.choices.control_plane_delay);
}

/// Closes a partition's shard and opens one child; none when the partition has no shard.
pub(super) fn roll(call: &Call<'_>, partition: &Partition, now: Millis) -> Option<Succession> {
    let mut state = partition.state.lock();
    let parent = state.shard.take()?;
    parent.close(now);
    let child = OpenShard::open(&parent.stream, Some(&parent), &opening(call, now));
    let succession = Succession { parent: parent.shard.id, children: vec![child.shard.id] };
    state.shard = Some(child);
    Some(succession)
}

/// Replaces a partition by two halves; its shard, if there is one, closes and gets two children.
pub(super) fn split(
    call: &Call<'_>,
    table: &Table,
    partition: &Arc<Partition>,
    now: Millis,
) -> Option<Succession> {
    let mut state = partition.state.lock();
    state.retired = true;
    let halves: Vec<Arc<Partition>> =
        partition.range.divide(2).map(|range| Arc::new(Partition::new(range))).collect();
    let succession = state.shard.take().map(|parent| {
        parent.close(now);
        let children = halves.iter().map(|half| {
            let child = OpenShard::open(&parent.stream, Some(&parent), &opening(call, now));
            let id = child.shard.id;
            half.state.lock().shard = Some(child);
            id
        });
        Succession { parent: parent.shard.id, children: children.collect() }
    });
    table.replace_partition(partition, halves);
    succession
}

/// Shuts a table that is being deleted: no writer gets in any more.
pub(super) fn retire(table: &Table) {
    for partition in table.partitions() {
        partition.state.lock().retired = true;
    }
}
