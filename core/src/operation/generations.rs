//! Generations of shards that nobody will see: when a manual clock moves by years, open shards are replaced every few hours, and all but the
//! last of them are forgotten again before anyone can look. They are counted instead of made.
//!
//! ```text
//!         age   age   age          age   retention + age, and up to one age more
//!       ├─────┼─────┼─────┼─ ··· ─┼─────┼─────────────────────────────────────┤
//!      now    counted              landing: open shards as stepping           target: everything
//!                                  would have left them                       older is forgotten
//! ```
//! The history is the one that stepping from moment to moment leaves, ids and sequence numbers included: in each `age` every open shard is
//! replaced once, always in the same order, and without a record each replacement takes the next number of each count. Nothing else takes
//! numbers up to the target, which is no later than the next item that expires, so `count` generations take `count` times as many.

use std::sync::Arc;

use super::lineage::Plan;
use crate::api::Result;
use crate::clock::Millis;
use crate::engine::Call;
use crate::stream::{OpenShard, Opening, Shard};
use crate::table::{HashRange, Partition, Table};
use crate::transaction::lock_all;

/// How many generations can be left out on the way from `now` to `target`: none, or so many, two at least, that all shards of now are
/// forgotten where it lands, and few enough that from there on all is forgotten at `target`, too.
fn countable(now: Millis, target: Millis, age: Millis, retention: Millis) -> Option<u64> {
    let visible = retention.checked_add(age)?;
    let count = target.checked_sub(now)?.checked_sub(visible)? / age;
    (count.checked_mul(age)? >= visible).then_some(count)
}

/// Moves a manual clock over as many generations as nobody can see on the way to `target`; what was due by now has been done.
///
/// # Errors
/// The store's; then nothing has changed.
pub(super) fn skip(call: &Call<'_>, target: Millis) -> Result<()> {
    let now = call.now();
    let Some(age) = call.choices.shard_rollover else { return Ok(()) };
    if call.choices.rollover_jitter > 0 {
        // Shards have ages of their own, so generations have no moments in common.
        return Ok(());
    }
    let mut tables = call.catalog.tables();
    tables.retain(|table| table.state.read().stream.is_some());
    let retention = |table: &Arc<Table>| table.state.read().stream.as_ref().map(|stream| stream.retention);
    let Some(retention) = tables.iter().filter_map(retention).max() else { return Ok(()) };
    let Some(count) = countable(now, target, age, retention) else { return Ok(()) };
    tables.sort_unstable_by_key(|table| table.id);
    let _states: Vec<_> = tables.iter().map(|table| table.state.write()).collect();
    let partitions: Vec<Arc<Partition>> = tables.iter().flat_map(|table| table.partitions()).collect();
    let mut locks = lock_all(&partitions);
    let mut open: Vec<(HashRange, &mut OpenShard)> = partitions
        .iter()
        .zip(&mut locks)
        .filter_map(|(partition, state)| Some((partition.range, state.shard.as_mut()?)))
        .collect();
    // In the order in which they are replaced.
    open.sort_unstable_by_key(|(_, open)| (open.shard.opened_at, open.shard.log));
    let is_countable = |(_, open): &(HashRange, &mut OpenShard)| {
        let Shard { id, opened_at, .. } = *open.shard;
        // An id made in its parent's millisecond is ahead of its time, by a millisecond more with each heir, while time goes on by `age`.
        opened_at + age > now && id.created_at - opened_at <= (count - 1) * (age - 1)
    };
    if open.is_empty() || !open.iter().all(is_countable) {
        // Nothing to count, or it is made step by step: another thread may have moved the clock, too.
        return Ok(());
    }
    let plan = plan(call, &open, count, age);
    let landing = now + count * age;
    let opened = plan.commit_by(call, |batch| call.commit_catalog_and_clock(batch, landing))?;
    for ((_, shard), heir) in open.into_iter().zip(opened) {
        *shard = heir;
    }
    Ok(())
}

/// Closes each open shard when its time comes, and opens the last of its heirs.
fn plan(call: &Call<'_>, open: &[(HashRange, &mut OpenShard)], count: u64, age: Millis) -> Plan {
    let mut plan = Plan::default();
    let each = open.len() as u64;
    let first = call.reserve_numbers(count * each);
    for (nth, (range, shard)) in (0..).zip(open) {
        let opened_at = shard.shard.opened_at;
        let last = first.plus((count - 1) * each + nth);
        let before = first.plus((count - 2) * each + nth).log;
        plan.close(shard, opened_at + age);
        let opening = Opening {
            now: opened_at + count * age,
            log: last.log,
            suffix: call.shard_suffix(last.log),
            commit: last.commit,
            hashes: (range.first, range.last),
        };
        plan.add(shard.open_heir(count, age, call.shard_suffix(before), opening));
    }
    plan
}
