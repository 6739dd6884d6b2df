//! Carries out the event source mappings of a database: which there are, whose turn it is, what is kept of them. The functions are invoked by the
//! host.
//!
//! ```text
//!          next ──► Invoke  ──► the host invokes the function ──► complete
//! Worker ──  │ ───► Deliver ──► the host tells of failures ─────► delivered
//!            └────► SleepUntil, Idle
//! ```
//! As a consumer it has no thread and no callback. It does its I/O through the door it is given: mappings are read by DescribeMappings, and
//! what was settled is kept by SettleMapping, in the commit that delivers failures to queues, topics and buckets of the database.

pub mod local;
mod member;
mod redrive;
pub mod text;
mod turns;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::member::{Answer, Member, Wait};
use self::redrive::{Kept, Redrives};
use self::turns::Turns;
use super::{
    Counts, Explanation, Failure, Invocation, Outcome, Response, Settlement, ShardLag, Step, TrialEnd,
};
use crate::api::message::mapping as text_of;
use crate::api::{
    DescribeClockInput, DescribeMappingsInput, Error, ErrorCode, ListRegisteredFunctionsInput,
    MappingDescription, MappingFailure, RegisteredFunction, Result, SettleMappingInput, SettleMappingOutput,
    TransactWriteItem,
};
use crate::clock::Millis;
use crate::door::{Door, ask};
use crate::limits::TRANSACTION_MAX;

/// How often a source is asked for more, where nobody says when there is: 4 times a second, as Lambda does.
const POLL_INTERVAL: Millis = 250;

/// What a host is to do next.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Next {
    /// Invoke a function, and tell what became of it with [`Worker::complete`]. More may run meanwhile.
    Invoke(Box<Task>),
    /// Tell of failures where the host has taken that upon itself, and say so with [`Worker::delivered`].
    Deliver(Delivery),
    /// Nothing before this moment of the database's clock, epoch milliseconds, unless something is written.
    SleepUntil(u64),
    /// Nothing before this moment but failures that are to be given to their function again then ([`Worker::redrive_every`]), unless something is
    /// written.
    RedriveAt(u64),
    /// Nothing until something is written, or told.
    Idle,
}

/// An invocation of a function.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Task {
    /// Names it to [`Worker::complete`].
    pub ticket: u64,
    /// The mapping.
    pub uuid: String,
    /// The function as it is registered; none where it is not.
    pub function: Option<RegisteredFunction>,
    /// The records and the event.
    pub invocation: Invocation,
    /// When the function is out of time, epoch milliseconds.
    pub deadline: u64,
}

/// Failures that a host tells of by itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// Names it to [`Worker::delivered`].
    pub ticket: u64,
    /// The mapping.
    pub uuid: String,
    /// What was given up.
    pub failures: Vec<Failure>,
}

/// What became of an answer with writes.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Told {
    /// It is taken, and its writes are kept; where failures are to be told of first, they are kept by [`Worker::next`] after that.
    Taken,
    /// Its writes cannot be kept: its function has failed.
    Refused(Error),
    /// Its ticket is none: it was told before, or its mapping is gone.
    Unknown,
}

/// What is told of a mapping at work.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Status {
    /// What was counted since the worker has it.
    pub counts: Counts,
    /// How far behind each shard is.
    pub lag: Vec<ShardLag>,
    /// `LastProcessingResult`.
    pub last_processing_result: String,
    /// How often its function wrote into the stream that it is given the records of, as far as that can be seen: a table got records
    /// while an invocation with records of it was running.
    pub cascades: u64,
}

/// All mappings of a database at work.
#[derive(Debug)]
pub struct Worker {
    members: BTreeMap<String, Member>,
    functions: BTreeMap<String, RegisteredFunction>,
    /// Of DescribeMappings; none when all are to be told.
    version: Option<i64>,
    /// Whether mappings may have changed since they were told.
    is_stale: bool,
    /// When a mapping changes its state because of time.
    changes_at: Millis,
    /// The time, where the one who has the worker tells it.
    told_time: Option<Millis>,
    restores: Option<i64>,
    /// Whether the one who has the worker tells of what is written ([`Worker::wake`]).
    is_told: bool,
    /// Mappings whose failures the host tells of.
    told_by_host: BTreeSet<String>,
    tickets: BTreeMap<u64, Ticket>,
    next_ticket: u64,
    turns: Turns,
    redrives: Redrives,
    /// Whether a function has answered to what was given to it again, for which others wait.
    has_redriven: bool,
    seed: u64,
}

#[derive(Clone, Debug)]
enum Ticket {
    Invocation(String, super::InvocationId),
    Delivery(String, Box<Settlement>),
    Redrive(String, Kept),
}

impl Worker {
    /// A worker. What it leaves to chance follows from the seed. Where `is_told` is true, whoever has it tells with [`Worker::wake`] what was
    /// written, and nothing is asked for in between; otherwise sources are asked 4 times a second, as Lambda does.
    pub fn new(seed: u64, is_told: bool) -> Worker {
        Worker {
            members: BTreeMap::new(),
            functions: BTreeMap::new(),
            version: None,
            is_stale: true,
            changes_at: 0,
            told_time: None,
            restores: None,
            is_told,
            told_by_host: BTreeSet::new(),
            tickets: BTreeMap::new(),
            next_ticket: 1,
            turns: Turns::default(),
            redrives: Redrives::new(),
            has_redriven: false,
            seed,
        }
    }

    /// Says whether the host tells of the failures of a mapping by itself. They are then given to it with or without a destination.
    pub fn deliver_by_host(&mut self, uuid: &str, by_host: bool) {
        if by_host {
            self.told_by_host.insert(uuid.to_owned())
        } else {
            self.told_by_host.remove(uuid)
        };
        self.version = None;
    }

    /// Tells that tables have got records, by name; data streams as `stream/<name>`.
    pub fn wake(&mut self, tables: &BTreeSet<String>) {
        for table in tables {
            let readers: Vec<_> = self.turns.readers(table).cloned().collect();
            for uuid in readers {
                self.members.get_mut(&*uuid).into_iter().for_each(Member::wake);
                self.take_turn(&uuid);
            }
        }
    }

    /// Tells the time, epoch milliseconds, and whether mappings or functions have changed: neither is asked for from then on.
    fn hear(&mut self, now: Millis, have_mappings_changed: bool) {
        self.told_time = Some(now);
        self.is_stale |= have_mappings_changed;
    }

    /// The time of the door's database, epoch milliseconds.
    fn time(&self, door: &dyn Door) -> Result<Millis> {
        match self.told_time {
            Some(now) => Ok(now),
            None => Ok(ask(door, DescribeClockInput {})?.now.map_or(0, i64::unsigned_abs)),
        }
    }

    /// What a mapping waits for may have changed.
    fn take_turn(&mut self, uuid: &str) {
        self.turns.set(uuid, self.members.get(uuid).map(Member::wait));
    }

    /// What to do next, of one mapping or of all.
    ///
    /// # Errors
    /// Those of DescribeMappings and SettleMapping: the database's own.
    pub fn next(&mut self, door: &dyn Door, only: Option<&str>) -> Result<Next> {
        let now = self.time(door)?;
        self.refresh(door, now)?;
        if let Some(task) = self.redrive(door, only, now)? {
            return Ok(Next::Invoke(Box::new(task)));
        }
        if let Some(only) = only {
            let next = self.next_of(door, only, now);
            self.take_turn(only);
            let wait = self.members.get(only).map(Member::wait);
            return Ok(next?.unwrap_or_else(|| self.sleep(Some(only), now, wait)));
        }
        while let Some(uuid) = self.turns.next(now) {
            let next = self.next_of(door, &uuid, now);
            self.take_turn(&uuid);
            if let Some(next) = next? {
                return Ok(next);
            }
            if self.members.get(&*uuid).is_some_and(|member| member.is_due(now)) {
                return Ok(Next::SleepUntil(now));
            }
        }
        let wait = self.turns.earliest().map_or(Wait::Told, Wait::Until);
        Ok(self.sleep(None, now, Some(wait)))
    }

    /// Until when there is nothing to do for one, or all, that wait so.
    fn sleep(&self, only: Option<&str>, now: Millis, wait: Option<Wait>) -> Next {
        let change = Some(self.changes_at).filter(|at| *at < Millis::MAX);
        let until = match wait {
            Some(Wait::Due) => Some(now),
            Some(Wait::Until(at)) => Some(at),
            Some(Wait::Told) | None => None,
        };
        match (until.into_iter().chain(change).min(), self.redrive_due(only)) {
            (None, None) => Next::Idle,
            (None, Some(due)) => Next::RedriveAt(due.max(now)),
            (Some(at), due) => Next::SleepUntil(due.map_or(at, |due| at.min(due.max(now)))),
        }
    }

    /// What one mapping wants; none where it waits.
    fn next_of(&mut self, door: &dyn Door, uuid: &str, now: Millis) -> Result<Option<Next>> {
        loop {
            self.keep_writes(door, uuid, now)?;
            let Some(member) = self.members.get_mut(uuid) else { return Ok(None) };
            if !member.is_due(now) {
                return Ok(None);
            }
            match member.step(door, now, self.seed)? {
                Step::Invoke(invocation) => {
                    let task = self.task(uuid, invocation, now);
                    return Ok(Some(Next::Invoke(Box::new(task))));
                }
                Step::Settle(settlement) => {
                    let is_by_host = self.told_by_host.contains(uuid);
                    if is_by_host && !settlement.failures.is_empty() {
                        let failures = settlement.failures.clone();
                        member.hold();
                        let ticket = self.ticket(Ticket::Delivery(uuid.to_owned(), Box::new(settlement)));
                        let uuid = uuid.to_owned();
                        return Ok(Some(Next::Deliver(Delivery { ticket, uuid, failures })));
                    }
                    self.settle(door, uuid, &settlement, None)?;
                }
                Step::SleepUntil(at) => {
                    member.wait_until(at);
                    return Ok(None);
                }
                Step::Idle => {
                    member.wait_to_be_told();
                    return Ok(None);
                }
            }
        }
    }

    fn task(&mut self, uuid: &str, invocation: Invocation, now: Millis) -> Task {
        let (function, deadline) = self.limits_of(invocation.function_arn(), now);
        let ticket = self.ticket(Ticket::Invocation(uuid.to_owned(), invocation.id));
        Task { ticket, uuid: uuid.to_owned(), function, invocation, deadline }
    }

    /// A function as it is registered, and when it is out of time.
    fn limits_of(&self, arn: &str, now: Millis) -> (Option<RegisteredFunction>, Millis) {
        let function = self.functions.get(function_name(arn)).cloned();
        let seconds = function.as_ref().and_then(|function| function.timeout_in_seconds).unwrap_or(3);
        (function, now.saturating_add(u64::from(seconds.unsigned_abs()) * 1000))
    }

    fn ticket(&mut self, ticket: Ticket) -> u64 {
        let number = self.next_ticket;
        self.next_ticket += 1;
        self.tickets.insert(number, ticket);
        number
    }

    /// Tells what became of an invocation. False for a ticket that is none: it was told before, or its mapping is gone.
    ///
    /// # Errors
    /// The database's own.
    pub fn complete(&mut self, door: &dyn Door, ticket: u64, outcome: Outcome) -> Result<bool> {
        let now = self.time(door)?;
        let (uuid, id) = match self.tickets.remove(&ticket) {
            Some(Ticket::Invocation(uuid, id)) => (uuid, id),
            Some(Ticket::Redrive(uuid, kept)) => {
                return self.redriven(door, &uuid, &kept, &outcome).map(|()| true);
            }
            _ => return Ok(false),
        };
        let is_known = self.members.get_mut(&uuid).is_some_and(|member| member.complete(id, outcome, now));
        self.take_turn(&uuid);
        Ok(is_known)
    }

    /// Tells that a function has answered, and what it wants to be written: that is done in the commit that settles its records, so that it is
    /// done once, whatever happens in between. Where it cannot be done, by a condition that is false for example, the function has failed, and none
    /// of it is done; neither is anything of a function that reports items as failed.
    ///
    /// # Errors
    /// The database's own. The answer is not lost by them: [`Worker::next`] tries again.
    pub fn complete_with(
        &mut self,
        door: &dyn Door,
        ticket: u64,
        response: Response,
        writes: Vec<TransactWriteItem>,
    ) -> Result<Told> {
        if writes.is_empty() {
            let is_known = self.complete(door, ticket, Outcome::Success(response))?;
            return Ok(if is_known { Told::Taken } else { Told::Unknown });
        }
        let now = self.time(door)?;
        let (uuid, id) = match self.tickets.remove(&ticket) {
            Some(Ticket::Invocation(uuid, id)) => (uuid, id),
            Some(Ticket::Redrive(uuid, kept)) => {
                let refusal = self.redriven_with(door, (&uuid, &kept), response, writes)?;
                return Ok(refusal.map_or(Told::Taken, Told::Refused));
            }
            _ => return Ok(Told::Unknown),
        };
        let Some(member) = self.members.get_mut(&uuid) else { return Ok(Told::Unknown) };
        member.push_answer(Answer { id, response, writes });
        let refusal = self.keep_writes(door, &uuid, now);
        self.take_turn(&uuid);
        Ok(refusal?.map_or(Told::Taken, Told::Refused))
    }

    /// Keeps what functions want to be written, as far as that can be done now. Gives why the last could not be.
    fn keep_writes(&mut self, door: &dyn Door, uuid: &str, now: Millis) -> Result<Option<Error>> {
        let mut refusal = None;
        loop {
            let Some(member) = self.members.get_mut(uuid) else { return Ok(refusal) };
            let Some(Answer { writes, .. }) = member.next_answer() else { return Ok(refusal) };
            let writes = writes.clone();
            let Some(settlement) = member.begin_trial(now) else { continue };
            if writes.len() > TRANSACTION_MAX {
                refusal = Some(Error::validation(text_of::too_many_writes(writes.len(), TRANSACTION_MAX)));
                member.end_trial(TrialEnd::Refused);
                continue;
            }
            match ask(door, settling(uuid, member, &settlement, true, writes)) {
                Ok(output) => {
                    member.end_trial(TrialEnd::Kept);
                    self.has_settled(uuid, &settlement, &output);
                }
                Err(error) if error.code() == ErrorCode::ResourceConflict => self.forget(uuid),
                Err(error) if is_of_writes(error.code()) => {
                    member.end_trial(TrialEnd::Refused);
                    // The mapping may be what is not there.
                    self.version = None;
                    refusal = Some(error);
                }
                Err(error) => {
                    member.end_trial(TrialEnd::Unknown);
                    return Err(error);
                }
            }
        }
    }

    /// Tells that failures were told of; `undelivered` are those, by index, that were not. False for a ticket that is none.
    ///
    /// # Errors
    /// Those of SettleMapping.
    pub fn delivered(&mut self, door: &dyn Door, ticket: u64, undelivered: &[usize]) -> Result<bool> {
        let Some(Ticket::Delivery(uuid, settlement)) = self.tickets.remove(&ticket) else { return Ok(false) };
        let Some(member) = self.members.get_mut(&uuid) else { return Ok(false) };
        member.release();
        let settled = self.settle(door, &uuid, &settlement, Some(undelivered));
        self.take_turn(&uuid);
        settled.map(|()| true)
    }

    /// Keeps what was settled.
    fn settle(
        &mut self,
        door: &dyn Door,
        uuid: &str,
        settlement: &Settlement,
        told_by_host: Option<&[usize]>,
    ) -> Result<()> {
        let Some(member) = self.members.get_mut(uuid) else { return Ok(()) };
        match ask(door, settling(uuid, member, settlement, told_by_host.is_none(), Vec::new())) {
            Ok(output) => {
                match told_by_host {
                    Some(undelivered) => {
                        member.settlements = output.settlements.unwrap_or(member.settlements + 1);
                        member.settled(settlement.id, undelivered);
                    }
                    None => self.has_settled(uuid, settlement, &output),
                }
                Ok(())
            }
            // Another worker has it, or it is gone.
            Err(error)
                if matches!(error.code(), ErrorCode::ResourceConflict | ErrorCode::ResourceNotFound) =>
            {
                self.forget(uuid);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn has_settled(&mut self, uuid: &str, settlement: &Settlement, output: &SettleMappingOutput) {
        if let Some(member) = self.members.get_mut(uuid) {
            member.settlements = output.settlements.unwrap_or(member.settlements + 1);
            member.settled(settlement.id, &undelivered(settlement, output.undelivered.unwrap_or(0)));
        }
    }

    /// What is known here of the place of a mapping is of no use.
    fn forget(&mut self, uuid: &str) {
        self.members.remove(uuid);
        self.turns.set(uuid, None);
        self.version = None;
    }

    /// Looks at which mappings there are, unless it would be told of a change.
    fn refresh(&mut self, door: &dyn Door, now: Millis) -> Result<()> {
        let known_version = self.version;
        let is_stale = self.is_stale || known_version.is_none() || self.told_time.is_none();
        if !is_stale && now < self.changes_at {
            return Ok(());
        }
        let output = ask(door, DescribeMappingsInput { known_version })?;
        self.is_stale = false;
        self.changes_at = output.changes_at.map_or(Millis::MAX, i64::unsigned_abs);
        let Some(mappings) = output.mappings else { return Ok(()) };
        if self.restores != output.restores {
            // What was read is not what there is now: all go on from what is kept.
            self.members.clear();
            self.tickets.clear();
            self.restores = output.restores;
        }
        let functions = ask(door, ListRegisteredFunctionsInput {})?.functions.into_iter().flatten();
        self.functions =
            functions.filter_map(|function| Some((function.function_name.clone()?, function))).collect();
        let mut left: BTreeMap<String, Member> = std::mem::take(&mut self.members);
        for described in mappings {
            let Some((uuid, member)) = self.renewed(&mut left, described)? else { continue };
            self.members.insert(uuid, member);
        }
        let members = &self.members;
        self.tickets.retain(|_, ticket| match ticket {
            Ticket::Invocation(uuid, _) | Ticket::Delivery(uuid, _) | Ticket::Redrive(uuid, _) => {
                members.contains_key(uuid)
            }
        });
        self.redrives.retain(|uuid, _| members.contains_key(uuid));
        self.version = output.version;
        self.turns.clear();
        for (uuid, member) in &self.members {
            self.turns.reads(uuid, member.source());
            self.turns.set(uuid, Some(member.wait()));
        }
        Ok(())
    }

    fn renewed(
        &self,
        left: &mut BTreeMap<String, Member>,
        described: MappingDescription,
    ) -> Result<Option<(String, Member)>> {
        let Some(uuid) = described.configuration.as_ref().and_then(|it| it.uuid.clone()) else {
            return Ok(None);
        };
        let interval = (!self.is_told).then_some(POLL_INTERVAL);
        let by_host = self.told_by_host.contains(&uuid);
        let member = match left.remove(&uuid) {
            Some(mut member) => {
                member.renew(&described, &self.functions, interval, by_host)?;
                Some(member)
            }
            None => Member::new(described, &self.functions, interval, by_host),
        };
        Ok(member.map(|member| (uuid, member)))
    }

    /// What is told of a mapping at work; none where it has not begun.
    ///
    /// # Errors
    /// The door's.
    pub fn status(&self, door: &dyn Door, uuid: &str) -> Result<Option<Status>> {
        let now = self.time(door)?;
        Ok(self.members.get(uuid).and_then(|member| member.status(now)))
    }

    /// What became of a record, by its sequence number or event id, as far as it is remembered.
    pub fn explain(&self, uuid: &str, record: &str) -> Vec<Explanation> {
        self.members.get(uuid).map_or_else(Vec::new, |member| member.explain(record))
    }
}

/// What keeps a settlement, with its failures where the host has not told of them.
fn settling(
    uuid: &str,
    member: &Member,
    settlement: &Settlement,
    tells: bool,
    writes: Vec<TransactWriteItem>,
) -> SettleMappingInput {
    let failures = settlement.failures.iter().filter(|_| tells).filter_map(failure);
    SettleMappingInput {
        uuid: Some(uuid.to_owned()),
        settlements: Some(member.settlements),
        checkpoint: Some(settlement.state.to_string()),
        last_processing_result: Some(settlement.state.last_result().to_owned()),
        failures: Some(failures.collect()),
        transact_items: (!writes.is_empty()).then_some(writes),
    }
}

/// Whether an error of SettleMapping is one of the writes in it.
fn is_of_writes(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::TransactionCanceled | ErrorCode::Validation | ErrorCode::ResourceNotFound)
}

/// A failure that has a destination, as SettleMapping takes it.
fn failure(failure: &Failure) -> Option<MappingFailure> {
    let destination = failure.destination()?;
    let is_bucket = destination.split(':').nth(2) == Some("s3");
    Some(MappingFailure {
        destination: Some(destination.to_owned()),
        document: Some(if is_bucket { failure.object() } else { failure.document() }),
        key: is_bucket.then(|| failure.object_key()),
    })
}

/// Which failures of a settlement were not delivered, of which the number alone is told: all or none, since a mapping has one destination.
fn undelivered(settlement: &Settlement, count: i32) -> Vec<usize> {
    if count == 0 { Vec::new() } else { (0..settlement.failures.len()).collect() }
}

/// The name in a function's ARN.
fn function_name(arn: &str) -> &str {
    arn.split(':').nth(6).unwrap_or(arn)
}
