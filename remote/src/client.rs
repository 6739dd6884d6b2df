//! One request from its text to its answer: signed, sent, sent again where that is right, and its error read.

use std::fmt::Debug;
use std::str;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use streamtable::unstable::entropy::Entropy;
use streamtable::unstable::registry::{
    self, CONTROL_TARGET, KINESIS_TARGET, LAMBDA_TARGET, OperationInfo, S3_TARGET, SNS_TARGET, SQS_TARGET,
    STREAM_TARGET, TABLE_TARGET,
};
use streamtable::{Error, ErrorCode, Result};

use crate::clock::Clock;
use crate::credentials::{Credentials, Keeper};
use crate::retry::{Failure, Retry};
use crate::signature::{Scope, authorization, moment};
use crate::transport::{Broken, Received, Sent, Transport};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// From which difference on a clock is wrong: signatures are good for 15 minutes, either way.
const SKEW_MIN_MS: i64 = 4 * 60 * 1000;

/// Codes of calls that were not done because there were too many (the service's standard mode of retries).
const THROTTLED: [&str; 13] = [
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];
/// Codes that a wrong clock is told by.
const SKEWED: [&str; 4] =
    ["InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed", "SignatureDoesNotMatch"];
/// Codes of credentials that others may replace.
const EXPIRED: [&str; 2] = ["ExpiredToken", "ExpiredTokenException"];

/// Where the operations of a target are, and what requests to it are signed for.
#[derive(Clone, Debug)]
pub(crate) struct Bases {
    /// Scheme, host and port of the operations on tables, and of everything that one server answers.
    pub(crate) tables: String,
    /// Those of the operations on streams.
    pub(crate) streams: String,
    /// Whether these are the endpoints of Amazon DynamoDB, which answer the operations of no other service.
    pub(crate) is_service: bool,
    /// The region that requests are signed for; none where they are not.
    pub(crate) region: Option<String>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// The operation's name.
    pub(crate) operation: &'a str,
    /// What the registry knows of it; none of an operation that is newer than this.
    info: Option<&'static OperationInfo>,
    /// Whether the request has a token by which a second one is known.
    has_token: bool,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(operation: &'a str, has_token: bool) -> Asked<'a> {
        Asked { operation, info: registry::operation(operation), has_token }
    }

    fn prefix(&self) -> &'static str {
        self.info.map_or(TABLE_TARGET, |info| info.target_prefix)
    }

    fn target(&self) -> String {
        format!("{}.{}", self.prefix(), self.info.map_or(self.operation, |info| info.action()))
    }

    fn content_type(&self) -> &'static str {
        if self.prefix() == KINESIS_TARGET {
            "application/x-amz-json-1.1"
        } else {
            "application/x-amz-json-1.0"
        }
    }

    /// The service's name in signatures.
    fn service(&self) -> &'static str {
        match self.prefix() {
            KINESIS_TARGET => "kinesis",
            LAMBDA_TARGET => "lambda",
            SQS_TARGET => "sqs",
            S3_TARGET => "s3",
            SNS_TARGET => "sns",
            _ => "dynamodb",
        }
    }

    fn may_repeat(&self) -> bool {
        self.has_token || self.info.is_some_and(|info| info.effect.may_repeat)
    }

    fn may_block(&self) -> bool {
        self.info.is_some_and(|info| info.effect.may_block)
    }
}

/// Why an attempt has no answer.
#[derive(Debug)]
struct Failed {
    failure: Failure,
    error: Error,
    /// How long the endpoint asks to be left alone.
    asked: Option<Duration>,
    /// Whether something was put right, so that the same request may go well at once.
    is_mended: bool,
}

impl Failed {
    fn refused(error: Error) -> Failed {
        Failed { failure: Failure::Refused, error, asked: None, is_mended: false }
    }
}

/// All that requests of a door have in common.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) transport: Box<dyn Transport>,
    pub(crate) bases: Bases,
    /// The address, for people.
    pub(crate) shown: String,
    pub(crate) credentials: Keeper,
    pub(crate) retry: Retry,
    pub(crate) patience: Option<Duration>,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) entropy: Entropy,
    /// By how much the endpoint's clock is ahead of this one's, milliseconds.
    pub(crate) skew: AtomicI64,
    pub(crate) is_closed: AtomicBool,
}

impl Client {
    /// Runs an operation, text in and out.
    pub(crate) fn ask(&self, asked: &Asked<'_>, body: &[u8]) -> Result<Vec<u8>> {
        if self.is_closed.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorCode::Closed, "The database was closed"));
        }
        self.admit(asked)?;
        let mut attempts = self.retry.begin();
        let mut may_mend = true;
        loop {
            let failed = match self.attempt(asked, body) {
                Ok(answer) => {
                    attempts.succeeded();
                    return Ok(answer);
                }
                Err(failed) => failed,
            };
            if failed.is_mended && may_mend {
                may_mend = false;
                continue;
            }
            match attempts.again(failed.failure, asked.may_repeat(), failed.asked, &self.entropy) {
                Some(pause) => self.clock.wait(pause),
                None => return Err(self.told(failed, asked)),
            }
        }
    }

    /// Refuses what the endpoints of Amazon DynamoDB do not have, by its name.
    fn admit(&self, asked: &Asked<'_>) -> Result<()> {
        if !self.bases.is_service || [TABLE_TARGET, STREAM_TARGET].contains(&asked.prefix()) {
            return Ok(());
        }
        let text = format!("{} is no operation of {}, which is Amazon DynamoDB", asked.operation, self.shown);
        Err(Error::new(ErrorCode::UnknownOperation, text))
    }

    /// What is told of a request that is not sent again.
    fn told(&self, failed: Failed, asked: &Asked<'_>) -> Error {
        let why = failed.error.message();
        match failed.failure {
            Failure::Unsent => {
                Error::new(ErrorCode::Unreachable, format!("{} cannot be reached: {why}", self.shown))
            }
            Failure::Lost if asked.may_repeat() => {
                Error::new(ErrorCode::Unreachable, format!("{} does not answer: {why}", self.shown))
            }
            Failure::Lost => Error::new(
                ErrorCode::OutcomeUnknown,
                format!(
                    "The answer of {} to {} was lost ({why}): it was carried out, or not",
                    self.shown, asked.operation
                ),
            ),
            Failure::Refused if failed.error.code() == ErrorCode::UnknownOperation => {
                self.unknown(asked, failed.error)
            }
            Failure::Refused | Failure::Throttled | Failure::Failed => failed.error,
        }
    }

    /// An operation that the other side does not have; one of ours is told as such.
    fn unknown(&self, asked: &Asked<'_>, error: Error) -> Error {
        if asked.prefix() != CONTROL_TARGET {
            return error;
        }
        let text = format!(
            "{} is an operation of streamtable, and {} is another database",
            asked.operation, self.shown
        );
        Error::new(ErrorCode::UnknownOperation, text)
    }

    fn attempt(&self, asked: &Asked<'_>, body: &[u8]) -> Result<Vec<u8>, Failed> {
        let received = self.send(asked, body)?;
        if received.status == 200 {
            return Ok(received.body);
        }
        Err(self.read_failure(&received))
    }

    /// Signs a request and sends it.
    fn send(&self, asked: &Asked<'_>, body: &[u8]) -> Result<Received, Failed> {
        let credentials = self.credentials.get(self.clock.now()).map_err(Failed::refused)?;
        let base = if asked.prefix() == STREAM_TARGET { &self.bases.streams } else { &self.bases.tables };
        let (target, at) = (asked.target(), self.signed_time());
        let date = moment(at);
        let mut headers = vec![
            ("content-type", asked.content_type()),
            ("host", base.split_once("://").map_or("", |(_, host)| host)),
            ("x-amz-date", date.as_str()),
            ("x-amz-target", target.as_str()),
        ];
        if let Some(token) = &credentials.token {
            headers.push(("x-amz-security-token", token));
        }
        let signed = self.authorization(asked, &credentials, at, &headers, body);
        headers.push(("authorization", &signed));
        // The client's library writes the host.
        headers.retain(|(name, _)| *name != "host");
        let patience = if asked.may_block() { self.patience } else { self.patience.or(Some(PATIENCE)) };
        let sent = Sent { base, headers: &headers, body, patience };
        self.transport.exchange(&sent).map_err(|broken| {
            let (failure, why) = match broken {
                Broken::Unsent(why) => (Failure::Unsent, why),
                Broken::Lost(why) => (Failure::Lost, why),
            };
            let error = Error::new(ErrorCode::Unreachable, why);
            Failed { failure, error, asked: None, is_mended: false }
        })
    }

    /// Without a region a request names its key and is not signed: the server at an address knows its own region.
    fn authorization(
        &self,
        asked: &Asked<'_>,
        credentials: &Credentials,
        at: u64,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> String {
        match &self.bases.region {
            Some(region) => {
                let scope = Scope { at, region, service: asked.service() };
                authorization(credentials, scope, headers, body)
            }
            None => format!("AWS4-HMAC-SHA256 Credential={}", credentials.id),
        }
    }

    fn signed_time(&self) -> u64 {
        self.clock.now().saturating_add_signed(self.skew.load(Ordering::Relaxed))
    }

    fn read_failure(&self, received: &Received) -> Failed {
        let (code, error) = error_of(received);
        let is_mended = match code.as_deref() {
            Some(code) if SKEWED.contains(&code) => self.mends_clock(received),
            Some(code) if EXPIRED.contains(&code) => self.credentials.forget(),
            _ => false,
        };
        let failure = match code.as_deref() {
            Some(code) if THROTTLED.contains(&code) => Failure::Throttled,
            _ if received.status == 429 => Failure::Throttled,
            _ if received.status >= 500 && error.is_none() => Failure::Lost,
            _ if received.status >= 500 => Failure::Failed,
            _ => Failure::Refused,
        };
        let asked = received.header("x-amz-retry-after").and_then(|text| text.parse().ok());
        let error = error.unwrap_or_else(|| strange(received));
        Failed { failure, error, asked: asked.map(Duration::from_millis), is_mended }
    }

    /// Takes the endpoint's time for the right one, where the two differ by much; whether they do.
    fn mends_clock(&self, received: &Received) -> bool {
        let told = received.header("date").and_then(|text| httpdate::parse_http_date(text).ok());
        let Some(told) = told.and_then(|time: SystemTime| time.duration_since(UNIX_EPOCH).ok()) else {
            return false;
        };
        let signed = i64::try_from(self.signed_time()).unwrap_or(i64::MAX);
        let difference = i64::try_from(told.as_millis()).unwrap_or(i64::MAX).saturating_sub(signed);
        if difference.abs() < SKEW_MIN_MS {
            return false;
        }
        self.skew.fetch_add(difference, Ordering::Relaxed);
        true
    }
}

/// The code of an error, and the error; no error where the body is none, as from a proxy before the endpoint.
fn error_of(received: &Received) -> (Option<String>, Option<Error>) {
    let last = |text: &str| text.rsplit('#').next().unwrap_or(text).to_owned();
    let in_header = received.header("x-amzn-errortype").and_then(|text| text.split(':').next()).map(last);
    let told: Option<Value> = serde_json::from_slice(&received.body).ok();
    let in_body = told.as_ref().and_then(|told| told["__type"].as_str()).map(last);
    if in_body.is_some() {
        return (in_body, Some(Error::from_json(&received.body)));
    }
    let Some(code) = in_header else { return (None, None) };
    let text = told.and_then(|told| {
        let text = told["message"].as_str().or(told["Message"].as_str());
        text.map(str::to_owned)
    });
    let error = match (ErrorCode::from_name(&code), text) {
        (Some(known), Some(text)) => Error::new(known, text),
        (Some(known), None) => Error::bare(known),
        (None, text) => Error::new(
            ErrorCode::InternalServer,
            format!("{code}: {}", text.as_deref().unwrap_or("without a text")),
        ),
    };
    (Some(code), Some(error))
}

/// An answer that is no error of this protocol.
fn strange(received: &Received) -> Error {
    const SHOWN_BYTES: usize = 200;
    let shown = &received.body[..received.body.len().min(SHOWN_BYTES)];
    let shown = String::from_utf8_lossy(shown);
    let code = if received.status == 413 { ErrorCode::Validation } else { ErrorCode::InternalServer };
    Error::new(code, format!("It answered with status {} and {shown:?}", received.status))
}

#[cfg(test)]
mod tests;
