//! Changes on their way to Kinesis data streams, in the commit that makes them.

use std::sync::Arc;

use crate::engine::Call;
use crate::kinesis::{Appending, DataStream, Delivered, StreamState};
use crate::locks::Owned;
use crate::store::Batch;
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
    pub(super) fn stage(self, call: &Call<'_>, batch: &mut Batch) -> Landing {
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
            landing.0.push((stream, state, appending));
        }
        landing
    }
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
    pub(super) fn landed(self, call: &Call<'_>) {
        for (stream, mut state, appending) in self.0 {
            appending.landed(&mut state);
            call.watches.note_data_stream(&stream.name);
        }
    }
}
