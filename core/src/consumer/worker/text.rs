//! A worker as texts in and out, for hosts of every language: what it says and what it is told are JSON.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Delivery, Next, Task, Told as Completed, Worker};
use crate::api::message::mapping as message;
use crate::api::{Error, ErrorCode, Result, TransactWriteItem};
use crate::consumer::{Outcome, Response};
use crate::door::Door;

/// What a worker is told.
#[derive(Debug, Deserialize)]
#[serde(tag = "Do", rename_all_fields = "PascalCase", deny_unknown_fields)]
enum Told {
    Complete {
        ticket: u64,
        outcome: GivenOutcome,
        /// The function's answer, JSON in a text.
        #[serde(default)]
        response: String,
        #[serde(default)]
        reason: String,
        /// What the function wants to be written, as TransactWriteItems takes it.
        #[serde(default)]
        transact_items: Vec<Value>,
    },
    Delivered {
        ticket: u64,
        #[serde(default)]
        undelivered: Vec<usize>,
    },
    DeliverByHost {
        #[serde(rename = "UUID")]
        uuid: String,
        by_host: bool,
    },
    RedriveEvery {
        #[serde(rename = "UUID")]
        uuid: String,
        /// None or 0: no more.
        #[serde(default)]
        milliseconds: u64,
    },
    Status {
        #[serde(rename = "UUID")]
        uuid: String,
    },
    Explain {
        #[serde(rename = "UUID")]
        uuid: String,
        record: String,
    },
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum GivenOutcome {
    Success,
    Error,
    TimedOut,
    NotInvoked,
}

/// What to do next, as JSON: `{"Do": "Invoke", "Ticket": …, "Event": {…}, …}`, `{"Do": "Deliver", …}`, `{"Do": "SleepUntil", "Moment": …}`,
/// `{"Do": "RedriveAt", "Moment": …}` or `{"Do": "Idle"}`.
///
/// # Errors
/// As [`Worker::next`].
pub fn next(worker: &mut Worker, door: &dyn Door, only: Option<&str>) -> Result<String> {
    Ok(match worker.next(door, only)? {
        Next::Invoke(task) => invoke(&task),
        Next::Deliver(delivery) => deliver(&delivery),
        Next::SleepUntil(moment) => json!({"Do": "SleepUntil", "Moment": moment}).to_string(),
        Next::RedriveAt(moment) => json!({"Do": "RedriveAt", "Moment": moment}).to_string(),
        Next::Idle => json!({"Do": "Idle"}).to_string(),
    })
}

/// The event goes into the text as it is written: a tree of it would cost more than all the rest.
fn invoke(task: &Task) -> String {
    let Task { ticket, uuid, function, invocation, deadline } = task;
    let head = json!({
        "Do": "Invoke",
        "Ticket": ticket,
        "UUID": uuid,
        "FunctionArn": invocation.function_arn(),
        "Function": function,
        "RequestId": &*invocation.request_id,
        "Attempt": invocation.attempt,
        "Deadline": deadline,
    });
    let mut text = head.to_string().into_bytes();
    text.pop();
    text.extend_from_slice(b",\"Event\":");
    text.extend_from_slice(&invocation.event_json());
    text.push(b'}');
    String::from_utf8(text).expect("JSON is text")
}

fn deliver(delivery: &Delivery) -> String {
    let failures = delivery.failures.iter();
    let told = |failure: &crate::consumer::Failure| json!({"Document": failure.document(), "Object": failure.object(), "Key": failure.object_key()});
    let failures: Vec<Value> = failures.map(told).collect();
    json!({"Do": "Deliver", "Ticket": delivery.ticket, "UUID": delivery.uuid, "Failures": failures})
        .to_string()
}

/// Writes that cannot be read are the function's mistake, as those are that cannot be done.
fn complete_with(
    worker: &mut Worker,
    door: &dyn Door,
    ticket: u64,
    response: Response,
    writes: Value,
) -> Result<Value> {
    let told = match serde_json::from_value::<Vec<TransactWriteItem>>(writes) {
        Ok(writes) => worker.complete_with(door, ticket, response, writes)?,
        Err(e) => {
            let error = Error::new(ErrorCode::Serialization, message::unreadable_writes(&e.to_string()));
            let is_known = worker.complete(door, ticket, Outcome::Error)?;
            if is_known { Completed::Refused(error) } else { Completed::Unknown }
        }
    };
    Ok(match told {
        Completed::Taken => json!({"Known": true}),
        Completed::Unknown => json!({"Known": false}),
        Completed::Refused(error) => json!({"Known": true, "Refused": refused(&error)}),
    })
}

/// An error as hosts make their exceptions of it.
fn refused(error: &Error) -> Value {
    json!({
        "Code": error.code().name(),
        "Message": error.message(),
        "Status": error.code().status(),
        "Details": error.details(),
    })
}

/// Tells a worker something, as JSON, and gives its answer, which is JSON, too.
///
/// # Errors
/// `ValidationException` for a text that says nothing of the kind; those of [`Worker::complete`] and [`Worker::delivered`].
pub fn tell(worker: &mut Worker, door: &dyn Door, text: &str) -> Result<String> {
    let told: Told = serde_json::from_str(text)
        .map_err(|e| Error::new(ErrorCode::Validation, format!("A worker cannot be told this: {e}")))?;
    let answer = match told {
        Told::Complete { ticket, outcome: GivenOutcome::Success, response, transact_items, .. }
            if !transact_items.is_empty() =>
        {
            let response = Response::from_json(response.as_bytes());
            complete_with(worker, door, ticket, response, Value::Array(transact_items))?
        }
        Told::Complete { ticket, outcome, response, reason, .. } => {
            let outcome = match outcome {
                GivenOutcome::Success => Outcome::Success(Response::from_json(response.as_bytes())),
                GivenOutcome::Error => Outcome::Error,
                GivenOutcome::TimedOut => Outcome::TimedOut,
                GivenOutcome::NotInvoked => Outcome::NotInvoked { reason },
            };
            json!({"Known": worker.complete(door, ticket, outcome)?})
        }
        Told::Delivered { ticket, undelivered } => {
            json!({"Known": worker.delivered(door, ticket, &undelivered)?})
        }
        Told::DeliverByHost { uuid, by_host } => {
            worker.deliver_by_host(&uuid, by_host);
            json!({})
        }
        Told::RedriveEvery { uuid, milliseconds } => {
            let every = (milliseconds > 0).then(|| Duration::from_millis(milliseconds));
            worker.redrive_every(door, &uuid, every)?;
            json!({})
        }
        Told::Status { uuid } => json!({"Status": worker.status(door, &uuid)?}),
        Told::Explain { uuid, record } => json!({"Explanations": worker.explain(&uuid, &record)}),
    };
    Ok(answer.to_string())
}
