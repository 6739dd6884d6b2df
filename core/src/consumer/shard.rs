//! A shard that is being consumed: its lanes, and how far it is read.

use std::collections::VecDeque;
use std::sync::Arc;

use super::invocation::{InvocationId, Outcome};
use super::lane::{Lane, Next, View};
use super::ledger::{Generation, Ledger};
use super::state::StoredShard;
use super::{SequenceNumber, ShardLag, SourceRecord};
use crate::clock::Millis;

#[derive(Debug)]
pub(super) struct Shard {
    id: Arc<str>,
    lanes: Vec<Lane>,
    /// The lane whose turn it is.
    turn: usize,
    pub(super) has_ended: bool,
    pub(super) is_dry: bool,
    /// When to ask the source again.
    pub(super) next_read: Millis,
}

impl Shard {
    /// `kept` is what is known of it from before, if its records went through as many lanes.
    pub(super) fn new(id: Arc<str>, lanes: usize, kept: Option<StoredShard>) -> Shard {
        let mut pieces: Vec<VecDeque<_>> = vec![VecDeque::new(); lanes];
        let (mut window, kept_pieces) = kept.map_or((None, Vec::new()), |kept| (kept.window, kept.pieces));
        for piece in kept_pieces {
            if let Some(lane) = pieces.get_mut(piece.lane) {
                lane.push_back(piece);
            }
        }
        let lanes = pieces.into_iter().enumerate();
        let lanes = lanes.map(|(index, pieces)| Lane::new(index, pieces, window.take())).collect();
        Shard { id, lanes, turn: 0, has_ended: false, is_dry: false, next_read: 0 }
    }

    pub(super) fn push(&mut self, record: SourceRecord, ledger: &Ledger) {
        let lane = record.lane(self.lanes.len());
        self.lanes[lane].push(record, ledger);
    }

    /// How many more records to read now. One that has ended has room when it can be left for its children.
    pub(super) fn room(&self, has_ended: bool, ledger: &Ledger) -> usize {
        if self.next_read > ledger.now {
            return 0;
        }
        if has_ended {
            return usize::from(self.is_settled(ledger.saved));
        }
        self.room_for_records(ledger)
    }

    /// A batch for each lane is read ahead, and no more bytes than their events can have.
    fn room_for_records(&self, ledger: &Ledger) -> usize {
        let lanes = ledger.settings.lanes();
        let bytes: usize = self.lanes.iter().map(Lane::queued_bytes).sum();
        if self.lanes.len() != lanes || bytes >= ledger.settings.payload_max.saturating_mul(lanes) {
            return 0;
        }
        let queued: usize = self.lanes.iter().map(Lane::queued).sum();
        (ledger.settings.batch_size as usize * lanes).saturating_sub(queued)
    }

    pub(super) fn is_settled(&self, saved: Generation) -> bool {
        self.lanes.iter().all(|lane| lane.is_settled(saved))
    }

    /// The first record that was read and is not settled.
    pub(super) fn place(&self) -> Option<SequenceNumber> {
        self.lanes.iter().filter_map(Lane::place).min()
    }

    /// Goes on, as far as it can.
    pub(super) fn next(&mut self, ledger: &mut Ledger) -> Next {
        let is_full = self.room_for_records(ledger) == 0;
        let spreads = self.lanes.len() != ledger.settings.lanes();
        if spreads && !self.lanes.iter().any(Lane::has_work) {
            self.spread(ledger);
            return self.next(ledger);
        }
        let view = View {
            shard_id: &self.id,
            has_ended: self.has_ended,
            is_dry: self.is_dry,
            is_full,
            may_form: !spreads,
        };
        let (count, mut due) = (self.lanes.len(), None);
        for at in (0..count).map(|n| (self.turn + n) % count) {
            match self.lanes[at].next(view, ledger) {
                Next::Invoke(invocation) => {
                    self.turn = at + 1;
                    return Next::Invoke(invocation);
                }
                Next::Wait(until) => due = due.into_iter().chain(until).min(),
            }
        }
        Next::Wait(due)
    }

    /// Spreads what is queued over another number of lanes.
    fn spread(&mut self, ledger: &Ledger) {
        let window = self.lanes.iter().find_map(Lane::stored_window);
        let mut queued: Vec<SourceRecord> = self.lanes.iter_mut().flat_map(Lane::take_queue).collect();
        queued.sort_by_key(SourceRecord::sequence_number);
        let kept = StoredShard { shard: String::new(), window, pieces: Vec::new() };
        self.lanes = Shard::new(self.id.clone(), ledger.settings.lanes(), Some(kept)).lanes;
        queued.into_iter().for_each(|record| self.push(record, ledger));
    }

    /// Takes what became of an invocation. False when it is none that is running.
    pub(super) fn complete(&mut self, id: InvocationId, outcome: Outcome, ledger: &mut Ledger) -> bool {
        match self.lanes.iter_mut().find(|lane| lane.is_running_as(id)) {
            Some(lane) => lane.complete(&self.id, id, outcome, ledger),
            None => false,
        }
    }

    /// What is to be kept of it besides its place, for one that has so many lanes. Nothing of pieces while it still has others.
    pub(super) fn stored(&self, lanes: usize) -> Option<StoredShard> {
        let window = self.lanes.iter().find_map(Lane::stored_window);
        let lanes = self.lanes.iter().filter(|_| self.lanes.len() == lanes);
        let pieces: Vec<_> = lanes.flat_map(Lane::stored_pieces).collect();
        let is_plain = window.is_none() && pieces.is_empty();
        (!is_plain).then(|| StoredShard { shard: self.id.to_string(), window, pieces })
    }

    pub(super) fn lag(&self, now: Millis) -> ShardLag {
        let unsettled = self.lanes.iter().filter_map(Lane::first_unsettled);
        let first = unsettled.min_by_key(|record| record.sequence_number());
        ShardLag {
            shard_id: self.id.clone(),
            first_unsettled: first.map(SourceRecord::sequence_number),
            lag: first.map_or(0, |record| now.saturating_sub(record.created_at())),
            unsettled: self.lanes.iter().map(Lane::unsettled).sum::<usize>() as u64,
            in_flight: self.lanes.iter().filter(|lane| lane.is_running()).count() as u64,
            attempts: self.lanes.iter().map(Lane::attempts).max().unwrap_or(0),
            has_ended: self.has_ended,
            is_caught_up: self.is_dry,
        }
    }
}
