//! The locks of a transaction: the partitions of its rows, each once, in the order of [`crate::locks`].

use std::sync::Arc;

use super::Intent;
use crate::api::message::table as text;
use crate::api::{Error, ErrorCode, Result};
use crate::engine::Call;
use crate::store::TableId;
use crate::table::{LockedPartition, Partition, PartitionState, Table};

/// Locks the partition of a row.
///
/// # Errors
/// `ResourceNotFoundException` when the table goes while its partition is waited for.
pub(super) fn lock(call: &Call<'_>, intent: &Intent<'_>) -> Result<LockedPartition> {
    loop {
        let locked = intent.table.lock_partition(intent.key.hash());
        if !locked.retired {
            return Ok(locked);
        }
        // Replaced while the lock was waited for: by its children, unless the table is gone.
        drop(locked);
        require_usable(call, &intent.table)?;
    }
}

/// Locked partitions, none of them retired, and which of them each intent writes to.
#[derive(Debug)]
pub(super) struct Locks {
    partitions: Vec<LockedPartition>,
    of_intents: Vec<usize>,
}

impl Locks {
    /// Locks the partitions of some rows.
    ///
    /// # Errors
    /// As [`lock`].
    pub(super) fn take(call: &Call<'_>, intents: &[Intent<'_>]) -> Result<Locks> {
        loop {
            let locks = Locks::of_rows(intents);
            if let Some(locks) = locks.filter(|locks| locks.partitions.iter().all(|p| !p.retired)) {
                return Ok(locks);
            }
            for intent in intents {
                require_usable(call, &intent.table)?;
            }
        }
    }

    /// None when a partition was replaced between two looks at its table.
    fn of_rows(intents: &[Intent<'_>]) -> Option<Locks> {
        let partition = |intent: &Intent<'_>| (intent.table.id, intent.table.partition_of(intent.key.hash()));
        let wanted: Vec<(TableId, Arc<Partition>)> = intents.iter().map(partition).collect();
        let place = |at: usize| (wanted[at].0, wanted[at].1.range.first);
        let mut order: Vec<usize> = (0..wanted.len()).collect();
        order.sort_unstable_by_key(|at| place(*at));
        let mut partitions: Vec<LockedPartition> = Vec::new();
        let mut of_intents = vec![0; wanted.len()];
        let mut last: Option<usize> = None;
        for at in order {
            let is_new = last.is_none_or(|last| place(last) != place(at));
            if is_new {
                partitions.push(wanted[at].1.state.lock_owned());
            } else if last.is_some_and(|last| !Arc::ptr_eq(&wanted[last].1, &wanted[at].1)) {
                return None;
            }
            of_intents[at] = partitions.len() - 1;
            last = Some(at);
        }
        Some(Locks { partitions, of_intents })
    }

    /// Which lock an intent writes under.
    pub(super) fn of_intent(&self, at: usize) -> usize {
        self.of_intents[at]
    }

    pub(super) fn partition(&mut self, lock: usize) -> &mut PartitionState {
        &mut self.partitions[lock]
    }

    pub(super) fn len(&self) -> usize {
        self.partitions.len()
    }
}

/// Locks partitions, which are in hash order.
pub(crate) fn lock_all(partitions: &[Arc<Partition>]) -> Vec<LockedPartition> {
    partitions.iter().map(|partition| partition.state.lock_owned()).collect()
}

fn require_usable(call: &Call<'_>, table: &Table) -> Result<()> {
    if table.is_usable(call.now()) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::ResourceNotFound, text::resource_not_found()))
}
