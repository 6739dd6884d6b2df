//! What becomes of a request when things go wrong, with a transport that plays what it is told and a clock that waiting moves.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::*;
use crate::clock::manual::Manual;
use crate::credentials::Source;

/// 2026-01-01T00:00:00Z.
const NOW: u64 = 1_767_225_600_000;

/// A request as it was sent: its base, its headers.
type Seen = (String, Vec<(String, String)>);

/// Answers in their order.
#[derive(Debug, Default)]
struct Played {
    answers: Mutex<VecDeque<Result<Received, Broken>>>,
    seen: Mutex<Vec<Seen>>,
}

impl Transport for Arc<Played> {
    fn exchange(&self, sent: &Sent<'_>) -> Result<Received, Broken> {
        let headers =
            sent.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.seen.lock().expect("one thread").push((sent.base.to_owned(), headers));
        self.answers.lock().expect("one thread").pop_front().expect("nothing more is asked")
    }
}

struct Stage {
    client: Client,
    played: Arc<Played>,
    clock: Arc<Manual>,
}

impl Clock for Arc<Manual> {
    fn now(&self) -> u64 {
        (**self).now()
    }

    fn elapsed(&self) -> Duration {
        (**self).elapsed()
    }

    fn wait(&self, time: Duration) {
        (**self).wait(time);
    }
}

impl Stage {
    fn of(source: Source, is_service: bool, answers: Vec<Result<Received, Broken>>) -> Stage {
        let played = Arc::new(Played { answers: Mutex::new(answers.into()), ..Played::default() });
        let clock = Arc::new(Manual::at(NOW));
        let client = Client {
            transport: Box::new(Arc::clone(&played)),
            bases: Bases {
                tables: "https://tables.example".into(),
                streams: "https://streams.example".into(),
                is_service,
                region: Some("eu-west-1".into()),
            },
            shown: "dynamodb://eu-west-1".into(),
            credentials: Keeper::new(source),
            retry: Retry::new(None),
            patience: None,
            clock: Box::new(Arc::clone(&clock)),
            entropy: Entropy::seeded(1),
            skew: AtomicI64::new(0),
            is_closed: AtomicBool::new(false),
        };
        Stage { client, played, clock }
    }

    fn with(answers: Vec<Result<Received, Broken>>) -> Stage {
        Stage::of(Source::Static(Credentials::new("id", "secret")), true, answers)
    }

    fn ask(&self, operation: &str) -> Result<Vec<u8>> {
        self.client.ask(&Asked::of(operation, false), b"{}")
    }

    fn sent(&self) -> usize {
        self.played.seen.lock().expect("one thread").len()
    }

    fn header(&self, of: usize, name: &str) -> String {
        let seen = self.played.seen.lock().expect("one thread");
        let found = seen[of].1.iter().find(|(known, _)| known == name);
        found.map_or_else(String::new, |(_, value)| value.clone())
    }
}

fn answer(status: u16, body: &str) -> Result<Received, Broken> {
    with_headers(status, &[], body)
}

fn with_headers(status: u16, headers: &[(&'static str, &str)], body: &str) -> Result<Received, Broken> {
    Ok(Received::for_test(status, headers, body.as_bytes()))
}

fn lost() -> Result<Received, Broken> {
    Err(Broken::Lost("the connection was reset".into()))
}

const THROTTLED_ANSWER: &str = r#"{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "slow"}"#;

#[test]
fn what_may_not_be_repeated_is_sent_once_and_its_outcome_is_unknown() {
    let stage = Stage::with(vec![lost()]);
    let error = stage.ask("PutItem").expect_err("lost");
    assert_eq!((error.code(), stage.sent()), (ErrorCode::OutcomeUnknown, 1));
    assert!(error.message().contains("PutItem"), "{}", error.message());
    // A proxy's answer says as little about what was done.
    let stage = Stage::with(vec![answer(502, "<html>")]);
    assert_eq!(stage.ask("UpdateItem").expect_err("lost").code(), ErrorCode::OutcomeUnknown);
    // An operation that this version does not know may be anything.
    let stage = Stage::with(vec![lost()]);
    assert_eq!(stage.ask("OfTomorrow").expect_err("lost").code(), ErrorCode::OutcomeUnknown);
}

#[test]
fn what_may_be_repeated_is_sent_again() {
    let stage = Stage::with(vec![
        lost(),
        answer(500, r#"{"__type": "InternalServerError", "message": "oh"}"#),
        answer(200, "{}"),
    ]);
    assert_eq!(stage.ask("GetItem").expect("an answer"), b"{}");
    assert_eq!((stage.sent(), stage.clock.waits().len()), (3, 2));
    let stage = Stage::with(vec![lost(), lost(), lost(), lost()]);
    assert_eq!(stage.ask("Query").expect_err("lost").code(), ErrorCode::Unreachable);
    assert_eq!(stage.sent(), 4);
    let stage = Stage::with(vec![lost(), answer(200, "{}")]);
    assert!(
        stage.client.ask(&Asked::of("TransactWriteItems", true), b"{}").is_ok(),
        "its token makes it one"
    );
}

#[test]
fn what_was_not_done_is_sent_again_whatever_it_is() {
    let stage = Stage::with(vec![
        answer(400, THROTTLED_ANSWER),
        Err(Broken::Unsent("refused".into())),
        answer(200, r#"{"Attributes": {}}"#),
    ]);
    assert!(stage.ask("PutItem").is_ok());
    assert_eq!(stage.sent(), 3);
    let stage = Stage::with((0..4).map(|_| answer(400, THROTTLED_ANSWER)).collect());
    let error = stage.ask("PutItem").expect_err("throttled");
    assert_eq!((error.code(), error.message()), (ErrorCode::ProvisionedThroughputExceeded, "slow"));
    let stage = Stage::with((0..4).map(|_| Err(Broken::Unsent("refused".into()))).collect());
    let error = stage.ask("PutItem").expect_err("unreachable");
    assert_eq!(
        (error.code(), error.message()),
        (ErrorCode::Unreachable, "dynamodb://eu-west-1 cannot be reached: refused")
    );
}

#[test]
fn an_error_comes_back_as_it_is() {
    let told = r#"{"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "no", "Item": {"id": {"S": "a"}}}"#;
    let stage = Stage::with(vec![answer(400, told)]);
    let error = stage.ask("PutItem").expect_err("an error");
    assert_eq!((error.code(), error.message(), stage.sent()), (ErrorCode::ConditionalCheckFailed, "no", 1));
    assert!(error.item().is_some());
    let stage =
        Stage::with(vec![with_headers(400, &[("x-amzn-errortype", "AccessDeniedException:http://x")], "")]);
    assert_eq!(stage.ask("PutItem").expect_err("an error").code(), ErrorCode::AccessDenied);
    let stage = Stage::with(vec![answer(400, r#"{"__type": "x#NewException", "message": "of tomorrow"}"#)]);
    assert_eq!(stage.ask("PutItem").expect_err("an error").message(), "NewException: of tomorrow");
}

#[test]
fn a_wrong_clock_is_put_right_and_the_request_signed_anew() {
    let refused = || {
        with_headers(
            400,
            &[("date", "Thu, 01 Jan 2026 01:00:00 GMT")],
            r#"{"__type": "com.amazon.coral.service#InvalidSignatureException", "message": "Signature expired"}"#,
        )
    };
    let stage = Stage::with(vec![refused(), answer(200, "{}"), answer(200, "{}")]);
    assert!(stage.ask("PutItem").is_ok() && stage.ask("PutItem").is_ok());
    let dates: Vec<String> = (0..3).map(|of| stage.header(of, "x-amz-date")).collect();
    assert_eq!(dates, ["20260101T000000Z", "20260101T010000Z", "20260101T010000Z"]);
    assert!(stage.clock.waits().is_empty());
    // A clock that is right is not the reason.
    let wrong_key = with_headers(
        400,
        &[("date", "Thu, 01 Jan 2026 00:00:30 GMT")],
        r#"{"__type": "com.amazon.coral.service#InvalidSignatureException", "message": "not yours"}"#,
    );
    let stage = Stage::with(vec![wrong_key]);
    assert_eq!(stage.ask("PutItem").expect_err("refused").code(), ErrorCode::InvalidSignature);
    // Nor is it put right twice for one request.
    let stage = Stage::with(vec![
        refused(),
        with_headers(
            400,
            &[("date", "Thu, 01 Jan 2026 09:00:00 GMT")],
            r#"{"__type": "x#InvalidSignatureException"}"#,
        ),
    ]);
    assert_eq!(stage.ask("PutItem").expect_err("refused").code(), ErrorCode::InvalidSignature);
}

#[test]
fn expired_credentials_are_got_anew_once() {
    let expired = || {
        answer(400, r#"{"__type": "com.amazon.coral.service#ExpiredTokenException", "message": "expired"}"#)
    };
    let asked = Arc::new(AtomicI64::new(0));
    let count = Arc::clone(&asked);
    let callback = move || {
        let so_many = count.fetch_add(1, Ordering::Relaxed);
        Ok(Credentials::new(format!("id{so_many}"), "secret").with_token(Some("token".into())))
    };
    let stage = Stage::of(Source::Callback(Arc::new(callback)), true, vec![expired(), answer(200, "{}")]);
    assert!(stage.ask("PutItem").is_ok());
    assert!(stage.header(0, "authorization").contains("Credential=id0/"));
    assert!(stage.header(1, "authorization").contains("Credential=id1/"));
    assert_eq!(stage.header(1, "x-amz-security-token"), "token");
    assert!(stage.header(1, "authorization").contains("x-amz-security-token"));
    let stage = Stage::with(vec![expired()]);
    assert_eq!(stage.ask("PutItem").expect_err("expired").code(), ErrorCode::ExpiredToken);
}

#[test]
fn operations_go_to_where_they_are() {
    let stage = Stage::with((0..3).map(|_| answer(200, "{}")).collect());
    for operation in ["GetItem", "GetRecords", "OfTomorrow"] {
        stage.ask(operation).expect(operation);
    }
    let bases: Vec<String> =
        stage.played.seen.lock().expect("one thread").iter().map(|(base, _)| base.clone()).collect();
    assert_eq!(bases, ["https://tables.example", "https://streams.example", "https://tables.example"]);
    let targets: Vec<String> = (0..3).map(|of| stage.header(of, "x-amz-target")).collect();
    assert_eq!(
        targets,
        ["DynamoDB_20120810.GetItem", "DynamoDBStreams_20120810.GetRecords", "DynamoDB_20120810.OfTomorrow"]
    );
    for other in ["AdvanceClock", "KinesisPutRecord", "S3PutObject"] {
        let error = stage.ask(other).expect_err(other);
        assert_eq!(error.code(), ErrorCode::UnknownOperation);
        assert!(error.message().contains(other), "{}", error.message());
    }
    assert_eq!(stage.sent(), 3, "what the service does not have is not sent");
}

#[test]
fn an_operation_of_ours_is_told_as_such_where_it_is_missing() {
    let unknown = answer(400, r#"{"__type": "com.amazon.coral.service#UnknownOperationException"}"#);
    let stage = Stage::of(Source::Anybody, false, vec![unknown]);
    let error = stage.ask("AdvanceClock").expect_err("another database");
    assert!(error.message().contains("AdvanceClock is an operation of streamtable"), "{}", error.message());
}

#[test]
fn nothing_is_sent_after_the_end() {
    let stage = Stage::with(Vec::new());
    stage.client.is_closed.store(true, Ordering::Relaxed);
    assert_eq!(stage.ask("GetItem").expect_err("closed").code(), ErrorCode::Closed);
}
