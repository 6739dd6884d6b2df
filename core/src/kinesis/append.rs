//! Records on their way into a stream: each gets its place under the lock of the stream, and has it when the batch is committed.

use smallvec::SmallVec;

use super::{Number, ShardName, StreamState};
use crate::clock::Millis;
use crate::store::{Append, Batch, LogRecord, Sequence};

/// How far the shards of a locked stream will have got.
#[derive(Debug, Default)]
pub(crate) struct Appending(SmallVec<[(u32, Sequence); 2]>);

impl Appending {
    /// Adds a record to a batch, at the end of the open shard of a hash key; `commit` is a number of the database's count. Returns the shard,
    /// and the record's number.
    pub(crate) fn add(
        &mut self,
        state: &StreamState,
        batch: &mut Batch,
        (hash_key, commit): (u128, u64),
        now: Millis,
        record: LogRecord,
    ) -> (ShardName, Number) {
        let shard = state.shard_of(hash_key, now);
        let known = self.0.iter_mut().find(|(index, _)| *index == shard.index);
        let last = known.as_ref().map_or(shard.last, |(_, last)| *last);
        let sequence = Sequence::new(last.counter() + 1, commit);
        match known {
            Some((_, last)) => *last = sequence,
            None => self.0.push((shard.index, sequence)),
        }
        let record = LogRecord { sequence, at: now, ..record };
        batch.records.push(Append { log: shard.log, record, retention: state.retention });
        (shard.id(), shard.number(sequence, now))
    }

    /// The shards that have got records.
    pub(crate) fn shards(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|(index, _)| *index)
    }

    /// Notes that the batch is in the store.
    pub(crate) fn landed(self, state: &mut StreamState) {
        for (index, last) in self.0 {
            state.shards.get_mut(&index).expect("locked since").last = last;
        }
    }
}
