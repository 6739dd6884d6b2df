//! One event source mapping: the records of a stream, batch by batch, to a function, as AWS Lambda hands them out.
//!
//! ```text
//!            poll ──► Invoke ──► the host invokes the function ──► complete
//! Consumer ──  │
//!              ├────► Settle ──► the host makes it durable ──────► settled
//!              └────► SleepUntil, Idle
//! ```
//! It is a state machine: it does no I/O but reads through the [`Door`] it is given, and has no thread, no clock and no callback. Shards go on
//! independently of each other; a lane of a shard goes on when what became of its last batch is durable. So a consumer that is dropped at any
//! moment and opened anew with the state that was kept last repeats what was not settled, and loses nothing.
//!
//! ```
//! # use streamtable::api::*;
//! # use streamtable::{Database, OpenOptions};
//! use streamtable::consumer::{Consumer, Outcome, Response, Settings, State, Step};
//!
//! # let db = Database::memory(OpenOptions::deterministic())?;
//! # let create = r#"{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
//! #     "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
//! #     "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
//! #     "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}}"#;
//! # db.call_json("CreateTable", create.as_bytes())?;
//! # db.call_json("PutItem", br#"{"TableName": "Orders", "Item": {"id": {"S": "1"}}}"#)?;
//! # let streams = db.call(ListStreamsInput::default())?.streams.expect("a list");
//! # let (arn, now) = (streams[0].stream_arn.clone().expect("an ARN"), 1_767_225_600_000);
//! let mut settings = Settings::new("a uuid", arn, "arn:aws:lambda:us-east-1:000000000000:function:orders");
//! settings.batch_size = 10;
//! settings.poll_interval = None; // It is told when there is something new.
//! let mut kept: Option<String> = None;
//! let state: Option<State> = kept.as_deref().map(str::parse).transpose()?;
//! let mut consumer = Consumer::open(&db, settings, state, 1, now)?;
//! let mut handled = 0;
//! loop {
//!     match consumer.poll(&db, now) {
//!         Step::Invoke(invocation) => {
//!             handled += invocation.records().len(); // The function.
//!             consumer.complete(invocation.id, Outcome::Success(Response::Nothing), now);
//!         }
//!         Step::Settle(settlement) => {
//!             kept = Some(settlement.state.to_string()); // With `settlement.failures`, to where it lasts.
//!             consumer.settled(settlement.id, &[]);
//!         }
//!         Step::SleepUntil(_) | Step::Idle => break,
//!     }
//! }
//! assert_eq!(handled, 1);
//! assert!(kept.is_some());
//! # Ok::<(), streamtable::api::Error>(())
//! ```

mod counts;
mod data_stream;
mod failure;
mod invocation;
mod lane;
mod ledger;
mod record;
mod response;
mod settings;
mod shard;
mod source;
mod state;
mod trace;
pub mod worker;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

pub use counts::{Counts, ShardLag};
pub use failure::{Condition, Failure};
pub use invocation::{Event, Invocation, InvocationId, Outcome, Response, WindowCall};
pub use record::{DataRecord, NotANumber, SequenceNumber, SourceRecord};
pub use settings::{BackOff, Settings, Start};
pub use state::State;
pub use trace::{Became, Explanation};

use crate::api::message::reader as text;
use crate::api::{Error, ErrorCode, Result};
use crate::clock::{Millis, millis};
use crate::door::Door;
use lane::{Next, Trial};
use ledger::{Generation, Ledger};
use shard::Shard;
use source::{Source, SourcePage};
use state::{BeganLatest, StoredShard};
use trace::Mark;

/// `LastProcessingResult` before anything was processed.
const NOTHING_YET: &str = "No records processed";

/// What to do next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Invoke the function, and tell what became of it with [`Consumer::complete`]. More may run meanwhile.
    Invoke(Invocation),
    /// Make this durable, and tell it with [`Consumer::settled`]. Until then every poll says so again.
    Settle(Settlement),
    /// Nothing before this moment, epoch milliseconds, if nothing is told earlier.
    SleepUntil(u64),
    /// Nothing before something is told: by [`Consumer::complete`], [`Consumer::wake`] or [`Consumer::update`].
    Idle,
}

/// What is to become durable at once: where the mapping is, and what was given up on the way.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settlement {
    /// Names it to [`Consumer::settled`].
    pub id: u64,
    /// Where the mapping is.
    pub state: State,
    /// What was given up, for the destination.
    pub failures: Vec<Failure>,
}

/// What became of a commit with what a function has written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum TrialEnd {
    /// It is durable.
    Kept,
    /// What was written cannot be kept: the function has failed.
    Refused,
    /// It was not done, or nobody knows: it is tried again.
    Unknown,
}

/// One event source mapping at work.
#[derive(Debug)]
pub struct Consumer {
    ledger: Ledger,
    /// None until it could be opened.
    source: Option<Source>,
    /// The state to begin with, until the source is open.
    initial: Option<State>,
    began_latest: Option<BeganLatest>,
    shards: BTreeMap<Arc<str>, Shard>,
    /// What is known of shards from before that were not met yet.
    kept: BTreeMap<String, StoredShard>,
    /// Which shards the invocations are of that are running.
    running: BTreeMap<InvocationId, Arc<str>>,
    /// The shard that was served last.
    turn: Arc<str>,
    /// When to look for new shards.
    next_look: Millis,
    /// When a lane can go on.
    due: Option<Millis>,
    /// How often in a row the source could not be read, and when to try again.
    troubles: (u32, Millis),
    problem: Option<Error>,
}

impl Consumer {
    /// A consumer that goes on from a state, or begins where the settings say: at `LATEST`, with what is written after this call. A source
    /// that cannot be read yet is tried again later, as [`Consumer::problem`] tells. What the machine leaves to chance follows from the seed.
    ///
    /// # Errors
    /// `ValidationException` for settings that contradict each other, and a state of another stream.
    pub fn open(
        door: &dyn Door,
        settings: Settings,
        state: Option<State>,
        seed: u64,
        now: u64,
    ) -> Result<Consumer> {
        settings.check()?;
        let theirs = state.as_ref().map(|state| state.checkpoint.stream());
        if let Some(theirs) = theirs.filter(|theirs| *theirs != settings.source_arn) {
            return Err(Error::validation(text::checkpoint_of_another(theirs, &settings.source_arn)));
        }
        let last_result = state.as_ref().map_or(NOTHING_YET, |state| &state.last_result).to_owned();
        let mut consumer = Consumer {
            ledger: Ledger::new(Arc::new(settings), last_result, seed),
            source: None,
            initial: state,
            began_latest: None,
            shards: BTreeMap::new(),
            kept: BTreeMap::new(),
            running: BTreeMap::new(),
            turn: Arc::from(""),
            next_look: 0,
            due: None,
            troubles: (0, 0),
            problem: None,
        };
        consumer.ledger.now = now;
        if let Err(error) = consumer.open_source(door) {
            consumer.fail(error);
        }
        Ok(consumer)
    }

    /// What to do next. `now` is the time by the door's clock, epoch milliseconds.
    pub fn poll(&mut self, door: &dyn Door, now: u64) -> Step {
        self.ledger.now = self.ledger.now.max(now);
        self.read(door);
        if let Some(invocation) = self.next_invocation() {
            return Step::Invoke(invocation);
        }
        if let Some(settlement) = self.settlement() {
            return Step::Settle(settlement);
        }
        self.next_moment().map_or(Step::Idle, Step::SleepUntil)
    }

    /// Tells what became of an invocation. False when it is none that is running: it was told before.
    pub fn complete(&mut self, id: InvocationId, outcome: Outcome, now: u64) -> bool {
        self.ledger.now = self.ledger.now.max(now);
        let shard = self.running.remove(&id).and_then(|shard| self.shards.get_mut(&shard));
        shard.is_some_and(|shard| shard.complete(id, outcome, &mut self.ledger))
    }

    /// Takes an answer on trial: what is to become durable with what the function has written, if it says that all went well. Then it is told what
    /// became of that, by [`Consumer::end_trial`], before anything else. None when no such invocation is running.
    fn begin_trial(&mut self, id: InvocationId, response: Response, now: u64) -> Option<Option<Settlement>> {
        self.ledger.now = self.ledger.now.max(now);
        let shard = self.running.get(&id).and_then(|shard| self.shards.get_mut(shard))?;
        match shard.try_complete(id, response, &mut self.ledger)? {
            Trial::Open => Some(self.settlement()),
            Trial::Failed => {
                self.running.remove(&id);
                Some(None)
            }
        }
    }

    /// Tells what became of what an answer on trial is to be kept with.
    fn end_trial(&mut self, id: InvocationId, end: TrialEnd) {
        let shard = self.running.get(&id).and_then(|shard| self.shards.get_mut(shard));
        let shard = shard.expect("an invocation on trial is running");
        match end {
            TrialEnd::Kept => shard.accept(&mut self.ledger),
            TrialEnd::Refused => shard.refuse(&mut self.ledger),
            TrialEnd::Unknown => return shard.retract(),
        }
        self.running.remove(&id);
    }

    /// What is to become durable, if anything is: as [`Consumer::poll`] says it when there is nothing to invoke.
    pub fn settlement(&self) -> Option<Settlement> {
        if self.ledger.generation == self.ledger.saved {
            return None;
        }
        let failures = self.ledger.failures.iter().map(|(_, failure)| failure.clone()).collect();
        Some(Settlement { id: self.ledger.generation, state: self.state()?, failures })
    }

    /// Tells that a settlement is durable. `undelivered` says which of its failures, by their index, the destination has not taken: those
    /// records are lost to it.
    pub fn settled(&mut self, id: u64, undelivered: &[usize]) {
        let ledger = &mut self.ledger;
        let id: Generation = id.min(ledger.generation);
        let durable = ledger.failures.iter().take_while(|(generation, _)| *generation <= id).count();
        for (at, (_, failure)) in ledger.failures.drain(..durable).enumerate() {
            let count = failure.records().len() as u64;
            match failure.destination() {
                None => {}
                Some(_) if undelivered.contains(&at) => {
                    ledger.counts.dropped_event_count += count;
                    ledger.counts.destination_delivery_failures += 1;
                }
                Some(_) => ledger.counts.on_failure_destination_delivered_event_count += count,
            }
        }
        ledger.saved = ledger.saved.max(id);
    }

    /// Tells that the source may have something new, so that the next poll asks it.
    pub fn wake(&mut self) {
        self.next_look = 0;
        self.shards.values_mut().for_each(|shard| shard.next_read = 0);
    }

    /// Takes other settings of the same mapping. What is tried goes on; where records of a shard are to be spread over another number of
    /// lanes, that is first done with.
    ///
    /// # Errors
    /// `ValidationException` for settings that contradict each other, and another stream.
    pub fn update(&mut self, settings: Settings) -> Result<()> {
        settings.check()?;
        if settings.source_arn != self.ledger.settings.source_arn {
            let (theirs, ours) = (&self.ledger.settings.source_arn, &settings.source_arn);
            return Err(Error::validation(text::checkpoint_of_another(theirs, ours)));
        }
        self.ledger.trace.keep(settings.traced_records);
        self.ledger.settings = Arc::new(settings);
        self.ledger.change();
        self.wake();
        Ok(())
    }

    /// Where the mapping is now. None while its source could never be opened.
    pub fn state(&self) -> Option<State> {
        let Some(source) = &self.source else { return self.initial.clone() };
        let undone = self.shards.iter().filter_map(|(id, shard)| Some((&**id, shard.place()?.to_string())));
        let lanes = self.ledger.settings.lanes();
        let met = self.shards.values().filter_map(|shard| shard.stored(lanes));
        Some(State::new(
            source.place_before(undone),
            lanes,
            &self.ledger.last_result,
            self.began_latest,
            met.collect(),
        ))
    }

    /// `LastProcessingResult`.
    pub fn last_result(&self) -> &str {
        &self.ledger.last_result
    }

    /// Why the source could not be read when it was last tried.
    pub fn problem(&self) -> Option<&Error> {
        self.problem.as_ref()
    }

    /// What was counted since it was opened.
    pub fn counts(&self) -> &Counts {
        &self.ledger.counts
    }

    /// How far it is in each shard that it reads.
    pub fn lag(&self, now: u64) -> Vec<ShardLag> {
        self.shards.values().map(|shard| shard.lag(now)).collect()
    }

    /// What became of a record, the first first, as far as that is remembered ([`Settings::traced_records`]). It is named by its sequence number
    /// or its `eventID`.
    pub fn explain(&self, record: &str) -> Vec<Explanation> {
        self.ledger.trace.explain(record)
    }

    /// How many invocations are running.
    pub fn in_flight(&self) -> usize {
        self.running.len()
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.ledger.settings
    }

    /// Whether nothing more can come: the stream is turned off, and all of it is settled.
    pub fn is_finished(&self) -> bool {
        let saved = self.ledger.saved;
        self.source.as_ref().is_some_and(Source::is_finished)
            && self.shards.values().all(|shard| shard.is_settled(saved))
    }

    fn open_source(&mut self, door: &dyn Door) -> Result<()> {
        let settings = self.ledger.settings.clone();
        let now = self.ledger.now;
        let place = self.initial.as_ref().map(|state| state.checkpoint.clone());
        self.source = Some(Source::open(door, &settings, place, now)?);
        match self.initial.take() {
            Some(state) => {
                self.began_latest = state.began_latest;
                let kept = state.shards.into_iter();
                // Pieces of other lanes say nothing of these.
                let pieces_hold = state.lanes == settings.lanes();
                self.kept = kept
                    .map(|mut shard| {
                        shard.pieces.retain(|_| pieces_hold);
                        (shard.shard.clone(), shard)
                    })
                    .collect();
            }
            None => {
                self.began_latest =
                    (settings.start == Start::Latest).then_some(BeganLatest { at: now, expired: false });
                // Where it began is to be known when it is opened again.
                self.ledger.change();
            }
        }
        self.meet_shards();
        // What is known of shards that are read no more is of no use.
        self.kept.clear();
        Ok(())
    }

    /// Reads what there is room for.
    fn read(&mut self, door: &dyn Door) {
        if self.ledger.now < self.troubles.1 {
            return;
        }
        let opened = if self.source.is_none() { self.open_source(door) } else { Ok(()) };
        match opened.and_then(|()| self.read_pages(door)) {
            Ok(()) => (self.troubles, self.problem) = ((0, 0), None),
            Err(error) => self.fail(error),
        }
    }

    /// The source could not be read: that is told, and tried again after a while.
    fn fail(&mut self, error: Error) {
        let failures = self.troubles.0 + 1;
        self.troubles = (failures, self.ledger.back_off(failures));
        let told = format!("PROBLEM: {}", error.message());
        if self.ledger.last_result != told {
            self.ledger.last_result = told;
            self.ledger.change();
        }
        self.problem = Some(error);
    }

    fn is_reading_due(&self) -> bool {
        self.next_look <= self.ledger.now
            || self.shards.values().any(|shard| shard.room(shard.has_ended, &self.ledger) > 0)
    }

    fn read_pages(&mut self, door: &dyn Door) -> Result<()> {
        let mut read = Ok(());
        let mut is_round_over = false;
        if !self.is_reading_due() {
            return Ok(());
        }
        self.source.as_mut().expect("it is open").begin_round();
        while !is_round_over && read.is_ok() && self.is_reading_due() {
            match self.next_page(door) {
                Ok(Some(page)) => self.take(page),
                Ok(None) => is_round_over = true,
                Err(error) if error.code() == ErrorCode::ExpiredIterator && self.restart_unnamed() => {}
                Err(error) => read = Err(error),
            }
        }
        self.meet_shards();
        if is_round_over {
            self.next_look = self.next_poll();
        }
        read
    }

    fn next_page(&mut self, door: &dyn Door) -> Result<Option<SourcePage>> {
        let (shards, ledger) = (&self.shards, &self.ledger);
        let fresh = ledger.settings.batch_size as usize * ledger.settings.lanes();
        let source = self.source.as_mut().expect("it is open");
        source.next_page(door, |id, has_ended| {
            let unread = if has_ended { 1 } else { fresh };
            shards.get(id).map_or(unread, |shard| shard.room(has_ended, ledger))
        })
    }

    /// The place after `LATEST` was known by an iterator alone, which has expired: everything is read, and what is older is passed over.
    fn restart_unnamed(&mut self) -> bool {
        if let Some(began) = &mut self.began_latest {
            began.expired = true;
        }
        self.source.as_mut().is_some_and(Source::restart_unnamed)
    }

    fn take(&mut self, page: SourcePage) {
        if page.gap {
            self.ledger.counts.gaps += 1;
            self.ledger.change();
            return;
        }
        let since = self.began_latest.filter(|began| began.expired).map(|began| began.at / 1000);
        self.ledger.counts.polled_event_count += page.records.len() as u64;
        let shard = Consumer::meet(&mut self.shards, &mut self.kept, &page.shard_id, &self.ledger);
        let settings = self.ledger.settings.clone();
        let (mut too_early, mut filtered) = (Vec::new(), Vec::new());
        for record in page.records {
            if since.is_some_and(|since| record.created_at() / 1000 < since) {
                too_early.push(Mark::of(&record));
            } else if !record.passes(&settings.filters, &settings.source_arn) {
                filtered.push(Mark::of(&record));
            } else {
                shard.push(record, &self.ledger);
            }
        }
        self.ledger.counts.filtered_out_event_count += filtered.len() as u64;
        for (passed_over, became) in [(too_early, Became::TooEarly), (filtered, Became::Filtered)] {
            if !passed_over.is_empty() {
                // The place moves on.
                self.ledger.change();
                self.ledger.trace.note_page(self.ledger.now, &page.shard_id, passed_over, became);
            }
        }
    }

    fn meet<'a>(
        shards: &'a mut BTreeMap<Arc<str>, Shard>,
        kept: &mut BTreeMap<String, StoredShard>,
        id: &Arc<str>,
        ledger: &Ledger,
    ) -> &'a mut Shard {
        let lanes = ledger.settings.lanes();
        shards.entry(id.clone()).or_insert_with(|| Shard::new(id.clone(), lanes, kept.remove(&**id)))
    }

    /// Takes over from the reader which shards it reads and how far; leaves those that are read no more and settled.
    fn meet_shards(&mut self) {
        let next_poll = self.next_poll();
        let source = self.source.as_ref().expect("it is open");
        let in_reading = source.shards();
        for (id, has_ended, is_dry) in &in_reading {
            let shard = Consumer::meet(&mut self.shards, &mut self.kept, id, &self.ledger);
            (shard.has_ended, shard.is_dry) = (*has_ended, *is_dry);
            if shard.is_dry && shard.next_read <= self.ledger.now {
                shard.next_read = next_poll;
            }
        }
        if self.shards.len() > in_reading.len() {
            let read: BTreeSet<&Arc<str>> = in_reading.into_iter().map(|(id, ..)| id).collect();
            let saved = self.ledger.saved;
            let before = self.shards.len();
            self.shards.retain(|id, shard| {
                shard.has_ended |= !read.contains(id);
                read.contains(id) || !shard.is_settled(saved)
            });
            if self.shards.len() < before {
                self.ledger.change();
            }
        }
    }

    /// When the source is asked again that has nothing more.
    fn next_poll(&self) -> Millis {
        let interval = self.ledger.settings.poll_interval;
        interval.map_or(Millis::MAX, |interval| self.ledger.now.saturating_add(millis(interval).max(1)))
    }

    fn next_invocation(&mut self) -> Option<Invocation> {
        self.due = None;
        let turn = self.turn.clone();
        let after = (Bound::Excluded(turn.clone()), Bound::Unbounded);
        let before = (Bound::Unbounded, Bound::Included(turn));
        for range in [after, before] {
            for (id, shard) in self.shards.range_mut(range) {
                match shard.next(&mut self.ledger) {
                    Next::Invoke(invocation) => {
                        self.turn = id.clone();
                        self.running.insert(invocation.id, id.clone());
                        return Some(invocation);
                    }
                    Next::Wait(until) => self.due = self.due.into_iter().chain(until).min(),
                }
            }
        }
        None
    }

    /// When something can be done that cannot be done now.
    fn next_moment(&self) -> Option<Millis> {
        let now = self.ledger.now;
        let reads = self.shards.values().map(|shard| shard.next_read).chain([self.next_look]);
        let reads = reads.filter(|at| (now + 1..Millis::MAX).contains(at)).map(|at| at.max(self.troubles.1));
        let retry = Some(self.troubles.1).filter(|_| self.troubles.0 > 0);
        reads.chain(self.due).chain(retry).filter(|at| *at > now).min()
    }
}
