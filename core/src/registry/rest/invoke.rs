//! Lambda's Invoke. A function's code is not in the database, so what is asked is read and answered here, and run by whoever has the handler: the
//! program that the client is in, or a server that forwards it to a runtime interface emulator.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::{Input, Request, Response};
use super::{ERROR_TYPE, Head, RestAnswer, header, json_type, refusal};
use crate::api::message::shape::{Rule, violation_text};
use crate::api::{
    DescribeClockInput, Error, LambdaGetFunctionConfigurationInput, ListRegisteredFunctionsInput,
    RegisteredFunction, Result,
};
use crate::limits::{LAMBDA_ANSWER_MAX_BYTES, LAMBDA_EVENT_PAYLOAD_MAX_BYTES, LAMBDA_PAYLOAD_MAX_BYTES};

const REQUEST_TOO_LARGE: &str = "RequestTooLargeException";
const NO_JSON: &str = "InvalidRequestContentException";
const NOT_NOW: &str = "ResourceConflictException";
const UNHANDLED: (&str, &str) = ("x-amz-function-error", "Unhandled");

/// Runs an operation of the database that has the functions.
pub type Caller<'a> = &'a dyn Fn(Request) -> Result<Response>;

fn ask<I: Input>(call: Caller<'_>, input: I) -> Result<I::Output> {
    let answer = I::answer_of(call(input.into_request())?);
    Ok(answer.expect("a request is answered by its own operation"))
}

/// Who waits for the function's answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Kind {
    /// The client.
    RequestResponse,
    /// Nobody.
    Event,
    /// Nobody: nothing is invoked.
    DryRun,
}

const KINDS: [(&str, Kind); 3] =
    [("Event", Kind::Event), ("RequestResponse", Kind::RequestResponse), ("DryRun", Kind::DryRun)];

/// A request to invoke a function.
#[derive(Debug)]
pub struct Invoke {
    function: String,
    qualifier: Option<String>,
    kind: Result<Kind>,
    is_log_asked_for: bool,
}

/// What comes of a request to invoke a function.
#[derive(Debug)]
pub enum Begun {
    /// The answer: nothing is to be run.
    Answered(RestAnswer),
    /// A function is to be run.
    Run(Box<Task>),
}

/// A function to be run with the payload of the request, or with `{}` where that is empty.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Task {
    /// The function as it is registered.
    pub function: RegisteredFunction,
    /// Its ARN, with the qualifier that was given.
    pub function_arn: String,
    /// The version that the qualifier means.
    pub executed_version: String,
    /// Who waits.
    pub kind: Kind,
    is_log_asked_for: bool,
    /// Names the invocation.
    pub request_id: String,
    /// When the function is out of time, epoch milliseconds of the database's clock.
    pub deadline: u64,
}

/// What became of an invocation.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The function's answer: JSON, or nothing.
    Answered(Vec<u8>),
    /// What it told of its failure: JSON.
    Failed(Vec<u8>),
    /// It was out of time.
    TimedOut,
    /// Nobody here has its handler, for a reason.
    NotReached(String),
}

impl Invoke {
    pub(super) fn new(function: String, qualifier: Option<String>, head: &Head<'_>) -> Invoke {
        let given = head.header("x-amz-invocation-type").unwrap_or("RequestResponse");
        let kind = KINDS.iter().find(|(name, _)| *name == given).map(|(_, kind)| *kind);
        let kind = kind.ok_or_else(|| {
            let rule = Rule::Enumeration(&["Event", "RequestResponse", "DryRun"]);
            let violation = violation_text("invocationType", Some(given), &rule);
            Error::validation(format!("1 validation error detected: {violation}"))
        });
        let is_log_asked_for = head.header("x-amz-log-type") == Some("Tail");
        Invoke { function, qualifier, kind, is_log_asked_for }
    }

    /// Looks for the function, by calls of the database. Requests are checked in the service's order: the payload before the function.
    pub fn begin(&self, call: Caller<'_>, payload: &[u8], request_id: String) -> Begun {
        match self.task(call, payload, request_id) {
            Ok(Begun::Run(task)) if task.kind == Kind::DryRun => Begun::Answered(RestAnswer::empty(204)),
            Ok(begun) => begun,
            Err(error) => Begun::Answered(refusal(&error)),
        }
    }

    fn task(&self, call: Caller<'_>, payload: &[u8], request_id: String) -> Result<Begun> {
        let kind = self.kind.clone()?;
        let most = match kind {
            Kind::Event => LAMBDA_EVENT_PAYLOAD_MAX_BYTES,
            _ => LAMBDA_PAYLOAD_MAX_BYTES,
        };
        if payload.len() > most {
            let text = format!("Request must be smaller than {most} bytes for the InvokeFunction operation");
            return Ok(Begun::Answered(refused(413, REQUEST_TOO_LARGE, &text)));
        }
        if let Some(Err(why)) = (!payload.is_empty()).then(|| serde_json::from_slice::<Value>(payload)) {
            let text =
                format!("Could not parse request body into json: Could not parse payload into json: {why}");
            return Ok(Begun::Answered(refused(400, NO_JSON, &text)));
        }
        let input = LambdaGetFunctionConfigurationInput {
            function_name: Some(self.function.clone()),
            qualifier: self.qualifier.clone(),
        };
        let found = ask(call, input)?;
        let known = ask(call, ListRegisteredFunctionsInput {})?.functions.into_iter().flatten();
        let name = found.function_name.as_deref();
        let Some(function) = known.into_iter().find(|function| function.function_name.as_deref() == name)
        else {
            return Ok(Begun::Answered(not_reached("it was deregistered")));
        };
        let now = ask(call, DescribeClockInput {})?.now.map_or(0, i64::unsigned_abs);
        let seconds = found.timeout.map_or(0, i32::unsigned_abs);
        Ok(Begun::Run(Box::new(Task {
            function,
            function_arn: found.function_arn.unwrap_or_else(|| self.function.clone()),
            executed_version: found.version.unwrap_or_else(|| "$LATEST".to_owned()),
            kind,
            is_log_asked_for: self.is_log_asked_for,
            request_id,
            deadline: now.saturating_add(u64::from(seconds) * 1000),
        })))
    }
}

impl Task {
    /// As [`finish`] takes it.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("a task is plain data")
    }

    /// How long the function may run, in seconds.
    pub fn timeout(&self) -> u32 {
        self.function.timeout_in_seconds.map_or(0, i32::unsigned_abs)
    }

    /// The answer. Of an invocation that nobody waits for it is the same whatever became of it, but that it has begun.
    pub fn finish(&self, outcome: Outcome) -> RestAnswer {
        if let Outcome::NotReached(why) = outcome {
            return not_reached(&format!("{}: {why}", self.function_arn));
        }
        if self.kind == Kind::Event {
            return RestAnswer::empty(202);
        }
        let (body, is_failure) = match outcome {
            Outcome::Answered(body) if body.len() > LAMBDA_ANSWER_MAX_BYTES => (too_large(), true),
            Outcome::Answered(body) if body.is_empty() => (b"null".to_vec(), false),
            Outcome::Answered(body) => (body, false),
            Outcome::Failed(body) => (body, true),
            Outcome::TimedOut | Outcome::NotReached(_) => (self.timed_out(), true),
        };
        let mut headers = vec![json_type(), header("x-amz-executed-version", &*self.executed_version)];
        if is_failure {
            headers.push(header(UNHANDLED.0, UNHANDLED.1));
        }
        if self.is_log_asked_for {
            // Base64 of the end of the log; what handlers print is not caught.
            headers.push(header("x-amz-log-result", ""));
        }
        RestAnswer { status: 200, headers, body }
    }

    fn timed_out(&self) -> Vec<u8> {
        let text = format!(
            "RequestId: {} Error: Task timed out after {}.00 seconds",
            self.request_id,
            self.timeout()
        );
        json!({"errorType": "Sandbox.Timedout", "errorMessage": text}).to_string().into_bytes()
    }
}

impl Outcome {
    /// What a runtime interface emulator answered: failures have the status of success there, and are told by what they say.
    pub fn of_emulator(body: Vec<u8>) -> Outcome {
        let told = serde_json::from_slice::<Value>(&body).ok();
        let has = |member| told.as_ref().is_some_and(|told| told.get(member).is_some());
        if has("errorType") && has("errorMessage") { Outcome::Failed(body) } else { Outcome::Answered(body) }
    }
}

/// Finishes the task of a text, as hosts keep it: `outcome` is `Answered`, `Failed`, `TimedOut` or `NotReached`, and `told` what goes with it.
pub fn finish(task: &str, outcome: &str, told: Vec<u8>) -> Result<RestAnswer> {
    let task: Task = serde_json::from_str(task)
        .map_err(|why| Error::validation(format!("That is no invocation: {why}")))?;
    let outcome = match outcome {
        "Answered" => Outcome::Answered(told),
        "Failed" => Outcome::Failed(told),
        "TimedOut" => Outcome::TimedOut,
        "NotReached" => Outcome::NotReached(String::from_utf8_lossy(&told).into_owned()),
        other => return Err(Error::validation(format!("An invocation does not end as {other}"))),
    };
    Ok(task.finish(outcome))
}

/// As of a function that is in no state to be invoked.
fn not_reached(why: &str) -> RestAnswer {
    refused(409, NOT_NOW, &format!("The operation cannot be performed at this time. {why}"))
}

fn too_large() -> Vec<u8> {
    let text = format!(
        "Response payload size exceeded maximum allowed payload size ({LAMBDA_ANSWER_MAX_BYTES} bytes)."
    );
    json!({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": text}).to_string().into_bytes()
}

/// A refusal by a name that only this operation has.
fn refused(status: u16, name: &'static str, text: &str) -> RestAnswer {
    let body = json!({"Type": "User", "message": text}).to_string().into_bytes();
    RestAnswer { status, headers: vec![json_type(), header(ERROR_TYPE, name)], body }
}
