//! Changes on their way to Kinesis data streams, in the commit that makes them.

use std::ops::Bound;
use std::sync::Arc;

use crate::api::Result;
use crate::engine::Call;
use crate::kinesis::{Appending, DataStream, Delivered, StreamState, is_delivered};
use crate::locks::Owned;
use crate::store::{Batch, LogRecord, Sequence};
use crate::stream::Mutation;
use crate::table::PartitionState;

/// What a commit delivers, in the order of its writes. Nothing of tables without a destination.
#[derive(Debug, Default)]
pub(super) struct Deliveries(Vec<(Arc<DataStream>, Delivered)>);

impl Deliveries {
    /// Adds a change of a locked partition, if its table delivers to a stream that exists.
    #[inline]
    pub(super) fn note(&mut self, call: &Call<'_>, partition: &PartitionState, mutation: &Mutation) {
        if partition.delivery.is_some() && !mutation.is_no_op() {
            self.0.extend(delivered(call, partition, mutation));
        }
    }

    /// Adds the records to the batch of the commit. Their streams are locked from here on, in the order of their ids.
    ///
    /// # Errors
    /// The store's, where a fault has records delivered once more.
    #[inline]
    pub(super) fn stage(self, call: &Call<'_>, batch: &mut Batch) -> Result<Landing> {
        if self.0.is_empty() { Ok(Landing::default()) } else { self.stage_some(call, batch) }
    }

    fn stage_some(self, call: &Call<'_>, batch: &mut Batch) -> Result<Landing> {
        let mut landing = Landing::default();
        let mut left = self.0;
        while let Some(stream) = left.iter().map(|(stream, _)| stream).min_by_key(|stream| stream.id).cloned()
        {
            let state = stream.state.lock_owned();
            let now = call.now();
            let mut appending = Appending::default();
            let (its, others): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|(other, _)| other.id == stream.id);
            left = others;
            // One that is being removed takes nothing, and the change goes on without it.
            for (_, Delivered { record, hash_key }) in its.into_iter().filter(|_| state.is_usable(now)) {
                appending.add(&state, batch, (hash_key, call.next_commit()), now, record);
            }
            repeat(call, &state, batch, &mut appending)?;
            landing.0.push((stream, state, appending));
        }
        Ok(landing)
    }
}

/// Adds the newest records of the shards that get some once more, where a fault wants that: what is delivered at least once may come again, behind
/// what came after it.
#[inline]
fn repeat(call: &Call<'_>, state: &StreamState, batch: &mut Batch, appending: &mut Appending) -> Result<()> {
    if call.repeats.wanted(|| 1) == 0 {
        return Ok(());
    }
    let now = call.now();
    let shards: Vec<u32> = appending.shards().collect();
    for shard in shards.iter().filter_map(|index| state.shards.get(index)) {
        let own = batch.records.iter().filter(|append| append.log == shard.log);
        let mut newest: Vec<LogRecord> = own.map(|append| append.record.clone()).collect();
        let most = call.repeats.wanted(|| newest.len());
        if newest.len() < most {
            let missing = (most - newest.len()) as u64;
            // In a shard the counters rise by one.
            let from = Sequence::new((shard.last.counter() + 1).saturating_sub(missing), 0);
            let before =
                call.store.records(shard.log, Bound::Included(from), state.retention, &mut |_| true)?;
            newest.splice(0..0, before);
        }
        newest.drain(..newest.len().saturating_sub(most));
        newest.retain(is_delivered);
        call.repeats.add(newest.len());
        for record in newest {
            appending.add(state, batch, (shard.keys.first, call.next_commit()), now, record);
        }
    }
    Ok(())
}

fn delivered(
    call: &Call<'_>,
    partition: &PartitionState,
    mutation: &Mutation,
) -> Option<(Arc<DataStream>, Delivered)> {
    let now = call.now();
    let delivery = partition.delivery.as_ref().filter(|delivery| delivery.is_on(now))?;
    let stream = call.data_streams.holder(&delivery.stream)?;
    let delivered = delivery.deliver(call.next_commit(), now, mutation)?;
    Some((stream, delivered))
}

/// Streams that are locked until the batch is in the store.
#[derive(Debug, Default)]
pub(super) struct Landing(Vec<(Arc<DataStream>, Owned<StreamState>, Appending)>);

impl Landing {
    /// Notes that it is.
    #[inline]
    pub(super) fn landed(self, call: &Call<'_>) {
        if !self.0.is_empty() {
            self.note(call);
        }
    }

    fn note(self, call: &Call<'_>) {
        for (stream, mut state, appending) in self.0 {
            appending.landed(&mut state);
            call.watches.note_data_stream(&stream.name);
        }
    }
}
