//! A shard that is being consumed: its lanes, and how far it is read.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::invocation::{InvocationId, Outcome, Response};
use super::lane::{Lane, Next, Trial, View};
use super::ledger::{Generation, Ledger};
use super::state::{StoredSettled, StoredShard};
use super::{SequenceNumber, ShardLag, SourceRecord};
use crate::clock::Millis;

#[derive(Debug)]
pub(super) struct Shard {
    id: Arc<str>,
    lanes: Vec<Lane>,
    /// The lane whose turn it is.
    turn: usize,
    /// The last record that it was given.
    last: Option<SequenceNumber>,
    /// By the number of lanes and a lane of as many: below which number its records are settled. What is read again of them is passed over.
    settled: BTreeMap<(usize, usize), SequenceNumber>,
    pub(super) has_ended: bool,
    pub(super) is_dry: bool,
    /// When to ask the source again.
    pub(super) next_read: Millis,
}

impl Shard {
    /// `kept` is what is known of it from before, if its records went through as many lanes.
    pub(super) fn new(id: Arc<str>, lanes: usize, kept: Option<StoredShard>) -> Shard {
        let mut pieces: Vec<VecDeque<_>> = vec![VecDeque::new(); lanes];
        let kept = kept.unwrap_or_else(|| StoredShard::new(id.to_string()));
        let StoredShard { mut window, pieces: kept_pieces, settled, .. } = kept;
        let settled =
            settled.into_iter().filter_map(|kept| Some(((kept.lanes, kept.lane), kept.before.parse().ok()?)));
        for piece in kept_pieces {
            if let Some(lane) = pieces.get_mut(piece.lane) {
                lane.push_back(piece);
            }
        }
        let lanes = pieces.into_iter().enumerate();
        let lanes = lanes.map(|(index, pieces)| Lane::new(index, pieces, window.take())).collect();
        let settled = settled.collect();
        Shard { id, lanes, turn: 0, last: None, settled, has_ended: false, is_dry: false, next_read: 0 }
    }

    pub(super) fn push(&mut self, record: SourceRecord, ledger: &Ledger) {
        let number = record.sequence_number();
        self.last = Some(number);
        if self.settled.iter().any(|((lanes, lane), before)| number < *before && record.lane(*lanes) == *lane)
        {
            return;
        }
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
        self.settled = self.settled_before();
        let mut queued: Vec<SourceRecord> = self.lanes.iter_mut().flat_map(Lane::take_queue).collect();
        queued.sort_by_key(SourceRecord::sequence_number);
        let kept = StoredShard { window, ..StoredShard::new(String::new()) };
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

    /// Takes an answer on trial ([`Lane::try_complete`]). None when no such invocation is running.
    pub(super) fn try_complete(
        &mut self,
        id: InvocationId,
        response: Response,
        ledger: &mut Ledger,
    ) -> Option<Trial> {
        let lane = self.lanes.iter_mut().find(|lane| lane.is_running_as(id))?;
        lane.try_complete(&self.id, id, response, ledger)
    }

    /// Takes the answer that is on trial.
    pub(super) fn accept(&mut self, ledger: &mut Ledger) {
        self.lanes.iter_mut().for_each(|lane| lane.accept(&self.id, ledger));
    }

    /// Takes the answer that is on trial for a failure.
    pub(super) fn refuse(&mut self, ledger: &mut Ledger) {
        self.lanes.iter_mut().for_each(|lane| lane.refuse(&self.id, ledger));
    }

    /// Has the invocation run on whose answer is on trial.
    pub(super) fn retract(&mut self) {
        self.lanes.iter_mut().for_each(|lane| {
            lane.retract();
        });
    }

    /// Below which numbers the records of lanes are settled that are after the place.
    fn settled_before(&self) -> BTreeMap<(usize, usize), SequenceNumber> {
        let unread = self.last.map(SequenceNumber::next);
        let place = self.place().or(unread);
        let mut settled = self.settled.clone();
        for (lane, before) in self.lanes.iter().map(|lane| lane.place().or(unread)).enumerate() {
            let known = settled.entry((self.lanes.len(), lane)).or_insert(SequenceNumber::from(0));
            *known = before.map_or(*known, |before| before.max(*known));
        }
        settled.retain(|_, before| *before > place.unwrap_or(SequenceNumber::from(0)));
        settled
    }

    /// What is to be kept of it besides its place, for one that has so many lanes. Nothing of pieces while it still has others.
    pub(super) fn stored(&self, lanes: usize) -> Option<StoredShard> {
        let window = self.lanes.iter().find_map(Lane::stored_window);
        let lanes = self.lanes.iter().filter(|_| self.lanes.len() == lanes);
        let pieces: Vec<_> = lanes.flat_map(Lane::stored_pieces).collect();
        let settled = self.settled_before().into_iter();
        let settled =
            settled.map(|((lanes, lane), before)| StoredSettled { lanes, lane, before: before.to_string() });
        let stored = StoredShard { shard: self.id.to_string(), window, pieces, settled: settled.collect() };
        (!stored.is_plain()).then_some(stored)
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
