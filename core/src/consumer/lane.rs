//! A lane: records of one shard that are handed to the function one batch after the other. A shard has as many as its ParallelizationFactor.
//!
//! ```text
//! read ──► queue ──► batch ──► invoked ──► settled
//!                      │  ▲       │
//!                      │  └───────┤ failed: again, after a while
//!                      └── halves ┘ or in two
//! ```

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::failure::Condition;
use super::invocation::{Batch, Event, Invocation, InvocationId, Outcome, Response, WindowCall};
use super::ledger::{Generation, GivenUp, Ledger};
use super::response::{Failing, OK, Verdict, judge};
use super::state::{StoredPiece, StoredWindow};
use super::trace::Became;
use super::{SequenceNumber, SourceRecord};
use crate::clock::{Millis, millis};
use crate::limits::LAMBDA_WINDOW_STATE_MAX_BYTES;

/// What a lane can see of its shard.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) shard_id: &'a Arc<str>,
    pub(super) has_ended: bool,
    pub(super) is_dry: bool,
    /// Whether no more is read before something is settled.
    pub(super) is_full: bool,
    /// Whether new batches may be made.
    pub(super) may_form: bool,
}

/// What comes next in a lane.
#[derive(Debug)]
pub(super) enum Next {
    Invoke(Invocation),
    /// Nothing before this moment, or before something is told.
    Wait(Option<Millis>),
}

#[derive(Debug)]
struct Queued {
    record: SourceRecord,
    /// Its part of an event, with a comma: at most, or exactly where the lane measures.
    bytes: usize,
    arrived: Millis,
}

/// A batch until it is settled.
#[derive(Clone, Debug)]
struct Work {
    batch: Batch,
    /// That it is the end of the tumbling window, and whether an early one.
    ending: Option<bool>,
    is_too_large: bool,
    /// How often the function has failed at it.
    attempts: u32,
    /// How often in a row the function was not reached.
    waits: u32,
    request_id: Arc<str>,
    not_before: Millis,
    call: Option<InvocationId>,
}

impl Work {
    fn new(batch: Batch, ledger: &Ledger) -> Work {
        Work {
            batch,
            ending: None,
            is_too_large: false,
            attempts: 0,
            waits: 0,
            request_id: ledger.request_id(),
            not_before: 0,
            call: None,
        }
    }

    /// The records are others now: what was counted for them as a whole is counted anew.
    fn begin_anew(&mut self, ledger: &Ledger) {
        (self.attempts, self.waits, self.not_before, self.request_id) = (0, 0, 0, ledger.request_id());
    }
}

/// A batch that the function has done with, and the window as it was before.
#[derive(Debug)]
struct Done {
    work: Work,
    window: Option<Window>,
}

/// What an answer comes to that is taken on trial.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Trial {
    /// It says that all went well; whether it is taken is still to be told.
    Open,
    /// It says that something failed, and is taken as that.
    Failed,
}

/// The tumbling window that is open.
#[derive(Clone, Debug)]
struct Window {
    start: Millis,
    end: Millis,
    state: Arc<Map<String, Value>>,
    /// Size of the state as JSON.
    bytes: usize,
}

impl Window {
    fn new(start: Millis, end: Millis, state: Map<String, Value>) -> Window {
        let bytes = serde_json::to_vec(&state).expect("JSON").len();
        Window { start, end, state: Arc::new(state), bytes }
    }

    fn call(&self, ending: Option<bool>) -> WindowCall {
        WindowCall {
            start: self.start,
            end: self.end,
            state: self.state.clone(),
            is_final: ending.is_some(),
            is_terminated_early: ending == Some(true),
        }
    }
}

#[derive(Debug)]
pub(super) struct Lane {
    index: usize,
    queue: VecDeque<Queued>,
    /// Of the queue.
    bytes: usize,
    /// Whether sizes are measured. They are when what bounds them does not fit into an event.
    measures: bool,
    /// What is tried, the next on top: the pieces that a batch was split into.
    work: Vec<Work>,
    /// Records that had failed when the state was kept, in their order, until they are read again.
    pieces: VecDeque<StoredPiece>,
    window: Option<Window>,
    /// Taken on trial.
    on_trial: Option<Done>,
    /// When the function was done last.
    finished_at: Millis,
    /// The last change here. The lane goes on when it is durable.
    changed: Generation,
}

impl Lane {
    pub(super) fn new(index: usize, pieces: VecDeque<StoredPiece>, window: Option<StoredWindow>) -> Lane {
        Lane {
            index,
            queue: VecDeque::new(),
            bytes: 0,
            measures: false,
            work: Vec::new(),
            pieces,
            window: window.map(|StoredWindow { start, end, state }| Window::new(start, end, state)),
            on_trial: None,
            finished_at: 0,
            changed: 0,
        }
    }

    pub(super) fn push(&mut self, record: SourceRecord, ledger: &Ledger) {
        let (arn, payload_max) = (&ledger.settings.source_arn, ledger.settings.payload_max);
        let bytes = 1 + if self.measures { record.size(arn) } else { record.size_bound(arn) };
        self.bytes += bytes;
        self.queue.push_back(Queued { record, bytes, arrived: ledger.now });
        if self.bytes > payload_max && !self.measures {
            self.measures = true;
            self.queue.iter_mut().for_each(|queued| queued.bytes = 1 + queued.record.size(arn));
            self.bytes = self.queue.iter().map(|queued| queued.bytes).sum();
        }
    }

    pub(super) fn queued(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn queued_bytes(&self) -> usize {
        self.bytes
    }

    /// Takes out what no batch has.
    pub(super) fn take_queue(&mut self) -> impl Iterator<Item = SourceRecord> {
        self.bytes = 0;
        std::mem::take(&mut self.queue).into_iter().map(|queued| queued.record)
    }

    pub(super) fn has_work(&self) -> bool {
        !self.work.is_empty()
    }

    pub(super) fn is_running(&self) -> bool {
        self.work.last().is_some_and(|work| work.call.is_some())
    }

    pub(super) fn is_running_as(&self, id: InvocationId) -> bool {
        self.work.last().is_some_and(|work| work.call == Some(id))
    }

    pub(super) fn attempts(&self) -> u32 {
        self.work.iter().map(|work| work.attempts).max().unwrap_or(0)
    }

    /// How many records are not settled.
    pub(super) fn unsettled(&self) -> usize {
        self.queue.len() + self.work.iter().map(|work| work.batch.len()).sum::<usize>()
    }

    pub(super) fn is_settled(&self, saved: Generation) -> bool {
        self.unsettled() == 0 && self.work.is_empty() && self.window.is_none() && self.changed <= saved
    }

    pub(super) fn first_unsettled(&self) -> Option<&SourceRecord> {
        let tried = self.work.iter().rev().find_map(|work| work.batch.records().first());
        tried.or_else(|| self.queue.front().map(|queued| &queued.record))
    }

    pub(super) fn stored_window(&self) -> Option<StoredWindow> {
        let Window { start, end, state, .. } = self.window.as_ref()?;
        Some(StoredWindow { start: *start, end: *end, state: (**state).clone() })
    }

    /// The records that are tried again as they are, the first first.
    pub(super) fn stored_pieces(&self) -> impl Iterator<Item = StoredPiece> {
        let is_split = self.work.len() > 1;
        let tried = self.work.iter().rev().filter(move |work| is_split || work.attempts > 0);
        let tried = tried.filter_map(|work| {
            let (first, last) = (work.batch.records().first()?, work.batch.records().last()?);
            let range = (first.sequence_number(), last.sequence_number());
            Some(StoredPiece::new(self.index, range, work.attempts, &work.request_id))
        });
        tried.chain(self.pieces.iter().cloned())
    }

    /// Goes on, as far as it can.
    pub(super) fn next(&mut self, view: View<'_>, ledger: &mut Ledger) -> Next {
        if self.changed > ledger.saved {
            return Next::Wait(None);
        }
        if self.work.is_empty() {
            match if view.may_form { self.form(view, ledger) } else { Err(None) } {
                Ok(work) => self.work.push(work),
                Err(due) => return Next::Wait(due),
            }
        }
        let top = self.work.last().expect("there is work");
        if top.call.is_some() {
            return Next::Wait(None);
        }
        if ledger.now < top.not_before {
            return Next::Wait(Some(top.not_before));
        }
        if self.expire(view.shard_id, ledger) {
            return Next::Wait(None);
        }
        if self.work.last().is_some_and(|top| top.is_too_large) {
            self.failed(view.shard_id, Failing::TooLarge, ledger);
            return Next::Wait(None);
        }
        Next::Invoke(self.invoke(view.shard_id, ledger))
    }

    fn invoke(&mut self, shard_id: &Arc<str>, ledger: &mut Ledger) -> Invocation {
        ledger.calls += 1;
        let top = self.work.last_mut().expect("there is work");
        let id = InvocationId(ledger.calls);
        top.call = Some(id);
        let attempt = top.attempts + 1;
        ledger.counts.invoked_event_count += top.batch.len() as u64;
        ledger.note(shard_id, &top.batch, Became::Invoked { request_id: top.request_id.clone(), attempt });
        Invocation {
            id,
            request_id: top.request_id.clone(),
            shard_id: shard_id.clone(),
            attempt,
            window: self.window.as_ref().map(|window| window.call(top.ending)),
            batch: top.batch.clone(),
            again: None,
            settings: ledger.settings.clone(),
        }
    }

    /// The next batch, or until when to wait for more.
    fn form(&mut self, view: View<'_>, ledger: &Ledger) -> Result<Work, Option<Millis>> {
        if let Some(piece) = self.pieces.front() {
            let count = self.piece_count(piece, view).ok_or(None)?;
            let piece = self.pieces.pop_front().expect("at the front");
            if count == 0 {
                return self.form(view, ledger);
            }
            let mut work = Work::new(self.batch(count), ledger);
            (work.attempts, work.request_id) = (piece.attempts, piece.request_id.into());
            return Ok(work);
        }
        if let Some(ending) = self.window_end(view, ledger) {
            return Ok(Work { ending: Some(ending), ..Work::new(Batch::new(Vec::new()), ledger) });
        }
        let Some(front) = self.queue.front() else {
            let grace = millis(ledger.settings.window_grace);
            return Err(self.window.as_ref().map(|window| window.end.saturating_add(grace)));
        };
        let (first_at, arrived) = (front.record.created_at(), front.arrived);
        if let (None, Some(length)) = (&self.window, ledger.settings.tumbling_window) {
            let start = first_at - first_at % millis(length);
            self.window = Some(Window::new(start, start + millis(length), Map::new()));
        }
        let (count, is_full) = self.batch_count(view.shard_id, ledger);
        let due = self.finished_at.max(arrived).saturating_add(millis(ledger.settings.batching_window));
        if !is_full && !view.has_ended && ledger.now < due {
            return Err(Some(due));
        }
        let is_too_large = count == 0;
        Ok(Work { is_too_large, ..Work::new(self.batch(count.max(1)), ledger) })
    }

    /// How many of the queue belong to a piece; none while they were not all read again.
    fn piece_count(&self, piece: &StoredPiece, view: View<'_>) -> Option<usize> {
        let Some((_, last)) = piece.range() else { return Some(0) };
        let numbers = self.queue.iter().map(|queued| queued.record.sequence_number());
        let count = numbers.take_while(|number| *number <= last).count();
        let is_whole = count < self.queue.len()
            || self.queue.back().is_some_and(|queued| queued.record.sequence_number() == last);
        (is_whole || view.has_ended || view.is_full || (view.is_dry && count > 0)).then_some(count)
    }

    /// Whether the open window is to be closed, and whether early.
    fn window_end(&self, view: View<'_>, ledger: &Ledger) -> Option<bool> {
        let window = self.window.as_ref()?;
        if window.bytes > LAMBDA_WINDOW_STATE_MAX_BYTES {
            return Some(true);
        }
        let is_over = match self.queue.front() {
            Some(front) => front.record.created_at() >= window.end,
            None if view.has_ended => true,
            None => {
                view.is_dry && ledger.now >= window.end.saturating_add(millis(ledger.settings.window_grace))
            }
        };
        (is_over || ledger.settings.tumbling_window.is_none()).then_some(false)
    }

    /// How many of the queue the next batch has at most, and whether waiting would not make it larger. None where the first is too large.
    fn batch_count(&self, shard_id: &str, ledger: &Ledger) -> (usize, bool) {
        let settings = &ledger.settings;
        let window = self.window.as_ref().map(|window| window.call(None));
        let empty =
            Event { records: &[], shard_id, source_arn: &settings.source_arn, window: window.as_ref() };
        let envelope = serde_json::to_vec(&empty).expect("an event is plain data").len();
        let end = self.window.as_ref().map_or(Millis::MAX, |window| window.end);
        let (mut count, mut bytes) = (0, envelope);
        for queued in self.queue.iter().take(settings.batch_size as usize) {
            // The first has no comma.
            bytes += queued.bytes - usize::from(count == 0);
            if bytes > settings.payload_max || queued.record.created_at() >= end {
                return (count, true);
            }
            count += 1;
        }
        (count, count == settings.batch_size as usize)
    }

    fn batch(&mut self, count: usize) -> Batch {
        let taken = self.queue.drain(..count);
        let mut bytes = 0;
        let records = taken.map(|queued| {
            bytes += queued.bytes;
            queued.record
        });
        let batch = Batch::new(records.collect());
        self.bytes -= bytes;
        batch
    }

    /// Gives up the records at the front that are too old. Says whether there are any.
    fn expire(&mut self, shard_id: &Arc<str>, ledger: &mut Ledger) -> bool {
        let now = ledger.now;
        let top = self.work.last_mut().expect("there is work");
        let older = |limit| {
            let limit = millis(limit);
            top.batch.records().iter().take_while(|record| record.age(now) >= limit).count()
        };
        let trimmed = older(ledger.settings.retention);
        let count = trimmed.max(ledger.settings.maximum_record_age.map_or(0, older));
        if count == 0 {
            return false;
        }
        let front = top.batch.split_front(if trimmed > 0 { trimmed } else { count });
        let (request_id, invoke_count) = (top.request_id.clone(), top.attempts.max(1));
        top.begin_anew(ledger);
        if top.batch.len() == 0 {
            self.work.pop();
        }
        if trimmed > 0 {
            ledger.note(shard_id, &front, Became::Trimmed);
        } else {
            ledger.give_up(GivenUp {
                condition: Condition::RecordAgeExceeded,
                shard_id,
                request_id,
                invoke_count,
                failing: None,
                batch: front,
                window: self.window.as_ref().map(|window| window.call(None)),
            });
        }
        self.changed = ledger.change();
        true
    }

    /// Takes what became of an invocation. False when it is none that is running.
    pub(super) fn complete(
        &mut self,
        shard_id: &Arc<str>,
        id: InvocationId,
        outcome: Outcome,
        ledger: &mut Ledger,
    ) -> bool {
        let Some(top) = self.work.last_mut().filter(|work| work.call == Some(id)) else { return false };
        top.call = None;
        self.finished_at = ledger.now;
        let keeps_state = self.window.is_some() && top.ending.is_none();
        match judge(outcome, top.batch.records(), keeps_state, &ledger.settings) {
            Verdict::Done(state) => self.done(shard_id, state, ledger),
            Verdict::Reported(at, state) => self.reported(shard_id, at, state, ledger),
            Verdict::Failed(how) => self.failed(shard_id, how, ledger),
            Verdict::NotInvoked(reason) => {
                top.waits += 1;
                top.not_before = ledger.back_off(top.waits);
                ledger.last_result.clone_from(&reason);
                ledger.change();
                ledger.note(shard_id, &top.batch, Became::NotInvoked { reason: reason.into() });
            }
        }
        true
    }

    /// As [`Lane::complete`], for an answer that is taken when what it has written is durable: it shows in the place as if it were. None when no
    /// such invocation is running.
    pub(super) fn try_complete(
        &mut self,
        shard_id: &Arc<str>,
        id: InvocationId,
        response: Response,
        ledger: &mut Ledger,
    ) -> Option<Trial> {
        let top = self.work.last_mut().filter(|work| work.call == Some(id))?;
        let keeps_state = self.window.is_some() && top.ending.is_none();
        let outcome = Outcome::Success(response);
        let how = match judge(outcome, top.batch.records(), keeps_state, &ledger.settings) {
            Verdict::Done(state) => {
                self.on_trial = Some(self.finish(state, ledger));
                return Some(Trial::Open);
            }
            Verdict::Failed(how) => how,
            // Which of the writes belong to the records that are done cannot be known.
            Verdict::Reported(..) | Verdict::NotInvoked(_) => Failing::Writes,
        };
        (top.call, self.finished_at) = (None, ledger.now);
        self.failed(shard_id, how, ledger);
        Some(Trial::Failed)
    }

    /// The answer on trial is taken.
    pub(super) fn accept(&mut self, shard_id: &Arc<str>, ledger: &mut Ledger) {
        if let Some(done) = self.on_trial.take() {
            self.finished_at = ledger.now;
            Lane::note_done(shard_id, &done, ledger);
        }
    }

    /// The answer on trial is not taken: its function has failed.
    pub(super) fn refuse(&mut self, shard_id: &Arc<str>, ledger: &mut Ledger) {
        if self.retract() {
            self.work.last_mut().expect("it was put back").call = None;
            self.finished_at = ledger.now;
            self.failed(shard_id, Failing::Writes, ledger);
        }
    }

    /// The answer on trial was never given: its invocation is running. Says whether there was one.
    pub(super) fn retract(&mut self) -> bool {
        let Some(Done { work, window }) = self.on_trial.take() else { return false };
        self.work.push(work);
        self.window = window;
        true
    }

    fn done(&mut self, shard_id: &Arc<str>, state: Option<Map<String, Value>>, ledger: &mut Ledger) {
        let done = self.finish(state, ledger);
        Lane::note_done(shard_id, &done, ledger);
    }

    /// Goes past the batch that is tried.
    fn finish(&mut self, state: Option<Map<String, Value>>, ledger: &mut Ledger) -> Done {
        let work = self.work.pop().expect("it was running");
        let done = Done { window: self.window.clone(), work };
        ledger.last_result = OK.to_owned();
        if done.work.ending.is_some() {
            self.window = None;
        }
        self.take_state(state);
        self.changed = ledger.change();
        done
    }

    fn note_done(shard_id: &Arc<str>, done: &Done, ledger: &mut Ledger) {
        let batch = &done.work.batch;
        ledger.note(shard_id, batch, Became::Succeeded);
        if let Some(last) = batch.records().last() {
            ledger.counts.iterator_age = ledger.now.saturating_sub(last.created_at());
        }
    }

    fn take_state(&mut self, state: Option<Map<String, Value>>) {
        if let (Some(window), Some(state)) = (&mut self.window, state) {
            *window = Window::new(window.start, window.end, state);
        }
    }

    fn reported(
        &mut self,
        shard_id: &Arc<str>,
        at: usize,
        state: Option<Map<String, Value>>,
        ledger: &mut Ledger,
    ) {
        let top = self.work.last_mut().expect("it was running");
        let done = top.batch.split_front(at);
        top.begin_anew(ledger);
        ledger.counts.failed_invoke_event_count += top.batch.len() as u64;
        ledger.note(shard_id, &done, Became::Succeeded);
        ledger.note(shard_id, &top.batch, Became::Reported);
        ledger.last_result = OK.to_owned();
        self.take_state(state);
        self.changed = ledger.change();
    }

    fn failed(&mut self, shard_id: &Arc<str>, how: Failing, ledger: &mut Ledger) {
        let mut failed = self.work.pop().expect("it was tried");
        ledger.counts.failed_invoke_event_count += failed.batch.len() as u64;
        ledger.last_result = how.result().to_owned();
        ledger.note(shard_id, &failed.batch, Became::Failed { how: how.name() });
        self.changed = ledger.change();
        if ledger.settings.bisect && failed.batch.len() > 1 {
            ledger.note(shard_id, &failed.batch, Became::Bisected);
            let left = failed.batch.split_front(failed.batch.len() / 2);
            failed.begin_anew(ledger);
            self.work.push(failed);
            self.work.push(Work::new(left, ledger));
            return;
        }
        failed.attempts += 1;
        if ledger.settings.maximum_retries.is_none_or(|retries| failed.attempts <= retries) {
            failed.not_before = ledger.back_off(failed.attempts);
            self.work.push(failed);
            return;
        }
        ledger.give_up(GivenUp {
            condition: Condition::RetryAttemptsExhausted,
            shard_id,
            request_id: failed.request_id,
            invoke_count: failed.attempts,
            failing: Some(how),
            batch: failed.batch,
            window: self.window.as_ref().map(|window| window.call(failed.ending)),
        });
        if failed.ending.is_some() {
            self.window = None;
        }
        self.changed = ledger.generation;
    }

    /// The place before which everything in this lane is settled.
    pub(super) fn place(&self) -> Option<SequenceNumber> {
        self.first_unsettled().map(SourceRecord::sequence_number)
    }
}
