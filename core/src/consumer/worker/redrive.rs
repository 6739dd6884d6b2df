//! Redriving on a schedule: what a mapping has given up, and what its queue or bucket of failures keeps, is given to its function again every so often, until
//! the function has done with it.
//!
//! A round looks at each failure once. From a queue it is received, and nobody else is given it until the next round; what is another mapping's
//! is given back when the round is over. Rounds of mappings come one after the other, since several may have one queue.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::{Task, Ticket, Worker, function_name, is_of_writes};
use crate::api::message::mapping as text_of;
use crate::api::{
    Error, GetRecordsInput, GetShardIteratorInput, Record, Result, S3DeleteObjectInput, S3GetObjectInput,
    S3ListObjectsV2Input, ShardIteratorType, SqsChangeMessageVisibilityInput, SqsDeleteMessageInput,
    SqsReceiveMessageInput, TransactWriteItem, TransactWriteItemsInput,
};
use crate::clock::Millis;
use crate::consumer::{Invocation, InvocationId, Outcome, Response, SequenceNumber, Settings};
use crate::door::{Door, ask};
use crate::limits::TRANSACTION_MAX;
use crate::pattern::Event;
use crate::records::lambda_event;

/// The longest time for which a message is hidden, in seconds (SQS API reference: ChangeMessageVisibility).
const HIDDEN_MAX: u64 = 43_200;
/// Failures that one call looks at: those of other mappings are passed over.
const LOOKED_AT_MAX: usize = 100;

/// When failures of a mapping are due, and the round that is going on.
#[derive(Debug)]
pub(super) struct Redrive {
    every: Millis,
    due: Millis,
    round: Option<Round>,
}

#[derive(Debug, Default)]
struct Round {
    /// Messages of other mappings: queue and receipt.
    others: Vec<(String, String)>,
    /// The last object that was looked at.
    after: Option<String>,
    /// Whether a function is running.
    is_running: bool,
}

/// Where a failure is kept.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    Message { queue: String, receipt: String },
    Object { bucket: String, key: String },
}

/// What a look at the next failure has found.
enum Found {
    /// One of this mapping, with the event for its function.
    Failure(Kept, Vec<u8>),
    /// One that is not for it, or cannot be read any more.
    Other,
    Nothing,
}

impl Redrive {
    /// The moment of the next look: of a round that has begun, any.
    fn due(&self) -> Millis {
        if self.round.is_some() { 0 } else { self.due }
    }

    fn is_running(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.is_running)
    }
}

impl Worker {
    /// Has the failures of a mapping given to its function again in such intervals of the database's clock, from now on, or no more. They are those that its
    /// queue or bucket keeps (`OnFailure`): what the function has done with is removed there, what fails again stays for the next time. Failures of a queue
    /// are read again from the table's stream, which keeps them for a day; a bucket has kept their events. The schedule is this worker's: it is not kept.
    ///
    /// # Errors
    /// `ValidationException` for less than a second; those of the door's clock.
    pub fn redrive_every(&mut self, door: &dyn Door, uuid: &str, every: Option<Duration>) -> Result<()> {
        let Some(every) = every else {
            self.redrives.remove(uuid);
            return Ok(());
        };
        let every = u64::try_from(every.as_millis()).unwrap_or(u64::MAX);
        if every < 1_000 {
            return Err(Error::validation(text_of::redrive_too_often()));
        }
        let due = self.time(door)?.saturating_add(every);
        self.redrives.insert(uuid.to_owned(), Redrive { every, due, round: None });
        Ok(())
    }

    /// When failures are due next, of one mapping or of all; none while a function has one of them, and where all mappings are disabled.
    pub(super) fn redrive_due(&self, only: Option<&str>) -> Option<Millis> {
        if self.redrives.values().any(Redrive::is_running) {
            return None;
        }
        let able = self.redrives.iter().filter(|(uuid, _)| {
            only.is_none_or(|only| only == *uuid)
                && self.members.get(*uuid).is_some_and(super::Member::is_enabled)
        });
        able.map(|(_, redrive)| redrive.due()).min()
    }

    /// The next failure that is to be given to its function; none where none is due.
    ///
    /// # Errors
    /// The door's.
    pub(super) fn redrive(
        &mut self,
        door: &dyn Door,
        only: Option<&str>,
        now: Millis,
    ) -> Result<Option<Task>> {
        while let Some(uuid) = self.redrive_next(only, now) {
            let settings = self.members[&uuid].settings().clone();
            let redrive = self.redrives.get_mut(&uuid).expect("it is due");
            if let Some((kept, event)) = redrive.next(door, &settings, now)? {
                return Ok(Some(self.redriving(&uuid, settings, kept, event, now)));
            }
            if redrive.round.is_some() {
                // There is more to look at, by the next call.
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Whose failures are looked at now: those of a round that has begun before others.
    fn redrive_next(&self, only: Option<&str>, now: Millis) -> Option<String> {
        self.redrive_due(only).filter(|due| *due <= now)?;
        let able = self.redrives.iter().filter(|(uuid, redrive)| {
            only.is_none_or(|only| only == *uuid)
                && redrive.due() <= now
                && self.members.get(*uuid).is_some_and(super::Member::is_enabled)
        });
        able.min_by_key(|(_, redrive)| redrive.due()).map(|(uuid, _)| uuid.clone())
    }

    fn redriving(&mut self, uuid: &str, settings: Settings, kept: Kept, event: Vec<u8>, now: Millis) -> Task {
        let ticket = self.next_ticket;
        let request_id = format!("redrive-{uuid}-{ticket}");
        let invocation = Invocation::again(InvocationId(ticket), &request_id, event, settings);
        let (function, deadline) = self.limits_of(invocation.function_arn(), now);
        let ticket = self.ticket(Ticket::Redrive(uuid.to_owned(), kept));
        Task { ticket, uuid: uuid.to_owned(), function, invocation, deadline }
    }

    /// Tells what became of a failure that was given to its function again.
    ///
    /// # Errors
    /// The door's; the failure is kept then.
    pub(super) fn redriven(
        &mut self,
        door: &dyn Door,
        uuid: &str,
        kept: &Kept,
        outcome: &Outcome,
    ) -> Result<()> {
        if let Some(round) = self.redrives.get_mut(uuid).and_then(|redrive| redrive.round.as_mut()) {
            round.is_running = false;
            self.has_redriven = true;
        }
        if is_done(outcome) { kept.remove(door) } else { Ok(()) }
    }

    /// Does what a function wants to be written, and is done with the failure. It is no part of a commit that could be repeated: a crash in between has it done
    /// again.
    ///
    /// # Errors
    /// The door's. Why the writes could not be done is the answer.
    pub(super) fn redriven_with(
        &mut self,
        door: &dyn Door,
        (uuid, kept): (&str, &Kept),
        response: Response,
        writes: Vec<TransactWriteItem>,
    ) -> Result<Option<Error>> {
        let refusal = if writes.len() > TRANSACTION_MAX {
            Some(Error::validation(text_of::too_many_writes(writes.len(), TRANSACTION_MAX)))
        } else {
            let input = TransactWriteItemsInput { transact_items: Some(writes), ..Default::default() };
            match ask(door, input) {
                Ok(_) => None,
                Err(error) if is_of_writes(error.code()) => Some(error),
                Err(error) => {
                    self.redriven(door, uuid, kept, &Outcome::Error)?;
                    return Err(error);
                }
            }
        };
        let outcome = if refusal.is_some() { Outcome::Error } else { Outcome::Success(response) };
        self.redriven(door, uuid, kept, &outcome)?;
        Ok(refusal)
    }
}

/// Whether a function has done with all that it was given.
fn is_done(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Success(Response::Value(answer)) => {
            let failures = answer.get("batchItemFailures").and_then(Value::as_array);
            failures.is_none_or(Vec::is_empty)
        }
        Outcome::Success(Response::Nothing) => true,
        _ => false,
    }
}

impl Redrive {
    /// The next failure of a round that is due; none where the round is over, or there is more to look at.
    fn next(&mut self, door: &dyn Door, settings: &Settings, now: Millis) -> Result<Option<(Kept, Vec<u8>)>> {
        if self.round.is_none() {
            let missed = (now - self.due) / self.every;
            self.due += (missed + 1) * self.every;
        }
        let round = self.round.get_or_insert_default();
        for _ in 0..LOOKED_AT_MAX {
            match round.look(door, settings, self.due.saturating_sub(now))? {
                Found::Failure(kept, event) => {
                    round.is_running = true;
                    return Ok(Some((kept, event)));
                }
                Found::Other => {}
                Found::Nothing => {
                    round.end(door)?;
                    self.round = None;
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }
}

impl Round {
    fn look(&mut self, door: &dyn Door, settings: &Settings, hidden: Millis) -> Result<Found> {
        let destination = settings.on_failure.as_deref().unwrap_or("");
        let fields: Vec<&str> = destination.split(':').collect();
        match fields[..] {
            ["arn", _, "sqs", _, _, queue] => self.look_into_queue(door, settings, queue, hidden),
            ["arn", _, "s3", _, _, bucket] => self.look_into_bucket(door, settings, bucket),
            _ => Ok(Found::Nothing),
        }
    }

    fn look_into_queue(
        &mut self,
        door: &dyn Door,
        settings: &Settings,
        queue: &str,
        hidden: Millis,
    ) -> Result<Found> {
        // To the second before the next round, or as long as it can be.
        let hidden = (hidden / 1_000).clamp(1, HIDDEN_MAX);
        let input = SqsReceiveMessageInput {
            queue_url: Some(queue.to_owned()),
            visibility_timeout: i32::try_from(hidden).ok(),
            ..Default::default()
        };
        let found = match ask(door, input) {
            Ok(answer) => answer.messages.into_iter().flatten().next(),
            // A queue that is not there has nothing.
            Err(error) if error.code().status() < 500 => None,
            Err(error) => return Err(error),
        };
        let Some(message) = found else { return Ok(Found::Nothing) };
        let (Some(receipt), Some(body)) = (message.receipt_handle, message.body) else {
            return Ok(Found::Other);
        };
        match event_of(door, settings, &body)? {
            Some(event) => Ok(Found::Failure(Kept::Message { queue: queue.to_owned(), receipt }, event)),
            None => {
                self.others.push((queue.to_owned(), receipt));
                Ok(Found::Other)
            }
        }
    }

    fn look_into_bucket(&mut self, door: &dyn Door, settings: &Settings, bucket: &str) -> Result<Found> {
        let input = S3ListObjectsV2Input {
            bucket: Some(bucket.to_owned()),
            prefix: Some(format!("aws/lambda/{}/", settings.uuid)),
            start_after: self.after.clone(),
            max_keys: Some(1),
            ..Default::default()
        };
        let found = match ask(door, input) {
            Ok(answer) => answer.contents.into_iter().flatten().next().and_then(|object| object.key),
            Err(error) if error.code().status() < 500 => None,
            Err(error) => return Err(error),
        };
        let Some(key) = found else { return Ok(Found::Nothing) };
        self.after = Some(key.clone());
        let input = S3GetObjectInput { bucket: Some(bucket.to_owned()), key: Some(key.clone()) };
        let object = match ask(door, input) {
            Ok(answer) => answer.body,
            // Somebody else has removed it.
            Err(error) if error.code().status() < 500 => None,
            Err(error) => return Err(error),
        };
        let body = object.and_then(|body| String::from_utf8(body.0).ok());
        let event = body.map(|body| event_of(door, settings, &body)).transpose()?.flatten();
        Ok(event.map_or(Found::Other, |event| {
            Found::Failure(Kept::Object { bucket: bucket.to_owned(), key }, event)
        }))
    }

    /// Gives messages of other mappings back.
    fn end(&self, door: &dyn Door) -> Result<()> {
        for (queue, receipt) in &self.others {
            let input = SqsChangeMessageVisibilityInput {
                queue_url: Some(queue.clone()),
                receipt_handle: Some(receipt.clone()),
                visibility_timeout: Some(0),
            };
            match ask(door, input) {
                Err(error) if error.code().status() >= 500 => return Err(error),
                // It is gone, or visible already.
                _ => {}
            }
        }
        Ok(())
    }
}

impl Kept {
    /// The function has done with it.
    fn remove(&self, door: &dyn Door) -> Result<()> {
        let removed = match self.clone() {
            Kept::Message { queue, receipt } => {
                let input = SqsDeleteMessageInput { queue_url: Some(queue), receipt_handle: Some(receipt) };
                ask(door, input).map(drop)
            }
            Kept::Object { bucket, key } => {
                ask(door, S3DeleteObjectInput { bucket: Some(bucket), key: Some(key) }).map(drop)
            }
        };
        match removed {
            Err(error) if error.code().status() >= 500 => Err(error),
            // Somebody else has removed it.
            _ => Ok(()),
        }
    }
}

/// The event of a failure of this mapping; none of another's, or one whose records cannot be read any more.
fn event_of(door: &dyn Door, settings: &Settings, document: &str) -> Result<Option<Vec<u8>>> {
    let Ok(document) = serde_json::from_str::<Value>(document) else { return Ok(None) };
    let function = document.pointer("/requestContext/functionArn").and_then(Value::as_str);
    let info = document.get("DDBStreamBatchInfo").or_else(|| document.get("KinesisBatchInfo"));
    let text = |name: &str| info.and_then(|info| info.get(name)).and_then(Value::as_str);
    let is_own = function.is_some_and(|arn| function_name(arn) == function_name(&settings.function_arn))
        && text("streamArn") == Some(&settings.source_arn);
    if !is_own {
        return Ok(None);
    }
    if let Some(payload) = document.get("payload").and_then(Value::as_str) {
        return Ok(Some(payload.as_bytes().to_vec()));
    }
    if document.get("DDBStreamBatchInfo").is_none() {
        return Ok(None);
    }
    let place = (text("shardId"), text("startSequenceNumber"), text("endSequenceNumber"));
    let (Some(shard), Some(first), Some(last)) = place else { return Ok(None) };
    let Some(records) = records(door, settings, shard, (first, last))? else { return Ok(None) };
    let passing =
        records.iter().filter(|record| settings.filters.matches(Event::record(record, &settings.source_arn)));
    let event = lambda_event(passing, &settings.source_arn);
    Ok(Some(event.to_string().into_bytes()))
}

/// The records of a shard from one to another; none where the stream does not keep them any more.
fn records(
    door: &dyn Door,
    settings: &Settings,
    shard: &str,
    range: (&str, &str),
) -> Result<Option<Vec<Record>>> {
    let last: SequenceNumber = match range.1.parse() {
        Ok(last) => last,
        Err(_) => return Ok(None),
    };
    let input = GetShardIteratorInput {
        stream_arn: Some(settings.source_arn.clone()),
        shard_id: Some(shard.to_owned()),
        shard_iterator_type: Some(ShardIteratorType::AtSequenceNumber.into()),
        sequence_number: Some(range.0.to_owned()),
        ..Default::default()
    };
    let mut iterator = match ask(door, input) {
        Ok(answer) => answer.shard_iterator,
        Err(error) if error.code().status() < 500 => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    while let Some(shard_iterator) = iterator.take() {
        let answer = match ask(door, GetRecordsInput { shard_iterator: Some(shard_iterator), limit: None }) {
            Ok(answer) => answer,
            Err(error) if error.code().status() < 500 => return Ok(None),
            Err(error) => return Err(error),
        };
        let records = answer.records.into_iter().flatten();
        let before = found.len();
        for record in records {
            let number: Option<SequenceNumber> = record.sequence_number().parse().ok();
            if number.is_none_or(|number| number > last) {
                return Ok(Some(found));
            }
            let is_last = number == Some(last);
            found.push(record);
            if is_last {
                return Ok(Some(found));
            }
        }
        // What failed was there: a page without records is the end.
        if found.len() == before {
            return Ok((!found.is_empty()).then_some(found));
        }
        iterator = answer.next_shard_iterator;
    }
    Ok(Some(found))
}

/// Schedules of mappings, by their identities.
pub(super) type Redrives = BTreeMap<String, Redrive>;
