//! DynamoDB's HTTP protocol: which request is which operation (facts A1).
//!
//! What a request is refused for, in this order: method or path or content type (404), a body that is not JSON, an unknown target, missing
//! credentials. What is left goes to the core.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;

use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use serde::de::IgnoredAny;
use streamtable::door::{Metrics, Pending};
use streamtable::unstable::registry::rest::invoke::{Begun, Invoke};
use streamtable::unstable::registry::rest::{self, RestAnswer, Routed};
use streamtable::unstable::registry::{self, Effect, KINESIS_TARGET, OperationInfo};
use streamtable::{Error, ErrorCode, Request, Response};
use tokio::sync::Semaphore;
use tokio::task;

use crate::answer::{Answer, RequestIds, Then};
use crate::backups::Backups;
use crate::cbor;
use crate::coding::aside;
use crate::forward::Forward;
use crate::metrics;
use crate::regions::Regions;
use crate::traffic::{Client, Phase};

pub(crate) const JSON_1_0: &str = "application/x-amz-json-1.0";
/// Of Kinesis.
const JSON_1_1: &str = "application/x-amz-json-1.1";
const JSON: &str = "application/json";
/// Of Kinesis, too.
const CBOR: &str = "application/x-amz-cbor-1.1";

/// Of services that speak the query protocol.
const FORM: &str = "application/x-www-form-urlencoded";

/// Where calls are counted, if that was asked for.
pub(crate) const METRICS_PATH: &str = "/metrics";

/// Bytes of a request from which on reading it alone takes long enough to hold up what else a thread serves.
const LONG_BODY_BYTES: usize = 64 * 1024;

/// How many requests that go through many items, or are large, are worked on at a time, for each processor. The system shares these out among them.
const TURNS_PER_PROCESSOR: usize = 2;

/// How many operations that take as long as the database is large are worked on at a time.
const LONG_TURNS: usize = 4;

/// Body of answers to requests that are not of this protocol (facts A1).
const NOT_OF_THIS_PROTOCOL: &[u8] = b"<UnknownOperationException/>\n";

/// The protocol over a door.
#[derive(Debug)]
pub(crate) struct Protocol {
    regions: Regions,
    /// What requests may have written; none where there is nothing to write.
    backups: Option<Backups>,
    health: String,
    /// Where calls are counted, if they are.
    metrics: Option<Arc<Metrics>>,
    turns: Turns,
    /// Where functions are run.
    forward: Forward,
    /// Names of invocations.
    invocations: RequestIds,
}

/// Who may work for longer than others can wait for its thread. It is taken off the threads that serve connections, and others wait for their
/// turn, so that neither short requests nor the machine's memory depend on how many of them come.
#[derive(Debug)]
struct Turns {
    many: Semaphore,
    long: Semaphore,
}

impl Turns {
    fn new() -> Turns {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Turns { many: Semaphore::new(TURNS_PER_PROCESSOR * processors), long: Semaphore::new(LONG_TURNS) }
    }

    /// Whose turn a request has to wait for, if it may take long.
    fn of(&self, effect: &Effect, body: &[u8]) -> Option<&Semaphore> {
        match effect.may_block {
            true => Some(&self.long),
            false => (effect.many || body.len() >= LONG_BODY_BYTES).then_some(&self.many),
        }
    }

    /// Does work for a client, aside if it may take long.
    async fn work<T>(&self, effect: &Effect, body: &[u8], client: &Client, work: impl FnOnce() -> T) -> T {
        let Some(turns) = self.of(effect, body) else {
            client.enter(Phase::Working);
            return work();
        };
        let _turn = turns.acquire().await.expect("nobody closes the semaphore");
        client.enter(Phase::Working);
        task::block_in_place(work)
    }
}

impl Protocol {
    pub(crate) fn new(
        regions: Regions,
        backups: Option<Backups>,
        metrics: Option<Arc<Metrics>>,
        forward: Forward,
    ) -> Protocol {
        // The trailing space is the service's (facts A1).
        let health = format!("healthy: dynamodb.{}.amazonaws.com ", regions.name());
        let invocations = RequestIds::new(None);
        let turns = Turns::new();
        Protocol { regions, backups, health, metrics, turns, forward, invocations }
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, head: &Parts, body: &[u8], client: &Client) -> Answer {
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        if head.uri.path() != "/" || head.method == Method::GET || is_form(&head.headers) {
            let headers = told(&head.headers);
            let given = rest::Head { method: head.method.as_str(), target, headers: &headers };
            if let Some(routed) = rest::route(&given) {
                return match (&routed, content_type(&head.headers)) {
                    // Payloads and objects are of any type, and forms of their own.
                    (Routed::Invoke(_) | Routed::Objects(_) | Routed::Form(_), _)
                    | (_, ContentType::Json(_)) => self.routed(&routed, head, body, client).await,
                    (_, ContentType::Missing) if body.is_empty() => {
                        self.routed(&routed, head, body, client).await
                    }
                    _ => text(StatusCode::NOT_FOUND, NOT_OF_THIS_PROTOCOL),
                };
            }
        }
        let content_type = match (&head.method, head.uri.path(), content_type(&head.headers)) {
            (&Method::GET, "/", _) => return text(StatusCode::OK, self.health.as_bytes()),
            (&Method::GET, METRICS_PATH, _) => return self.metrics(),
            (&Method::POST, "/", ContentType::Json(JSON_1_1)) if !is_kinesis(&head.headers) => {
                return text(StatusCode::NOT_FOUND, NOT_OF_THIS_PROTOCOL);
            }
            (&Method::POST, "/", ContentType::Cbor) if is_kinesis(&head.headers) => {
                return self.in_cbor(head, body, client).await;
            }
            (&Method::POST, "/", ContentType::Json(name)) => name,
            (&Method::POST, "/", ContentType::Missing) if body.is_empty() => JSON,
            _ => return text(StatusCode::NOT_FOUND, NOT_OF_THIS_PROTOCOL),
        };
        match self.operation(head, body, client).await {
            Ok(body) => Answer {
                content_type: Some(content_type),
                body,
                ..Answer::empty(StatusCode::OK, Then::KeepAlive)
            },
            Err(error) => Answer::of_error(&error, content_type),
        }
    }

    /// Answers a request in CBOR, as the SDK for Java and the Kinesis client library send them.
    async fn in_cbor(&self, head: &Parts, body: &[u8], client: &Client) -> Answer {
        let outcome = match aside(body.len(), || cbor::to_json(body)) {
            Ok(json) => self.operation(head, &json, client).await,
            Err(_) => Err(Error::bare(ErrorCode::Serialization)),
        };
        let output = operation_of(&head.headers).map(|operation| operation.output);
        match outcome {
            Ok(json) => Answer {
                content_type: Some(CBOR),
                body: aside(json.len(), || cbor::of_json(&json, output)),
                ..Answer::empty(StatusCode::OK, Then::KeepAlive)
            },
            Err(error) => {
                let told = Answer::of_error(&error, CBOR);
                Answer { body: cbor::of_json(&told.body, None), ..told }
            }
        }
    }

    /// What calls came to; no path of this protocol where that is not counted.
    fn metrics(&self) -> Answer {
        let Some(metrics) = &self.metrics else { return text(StatusCode::NOT_FOUND, NOT_OF_THIS_PROTOCOL) };
        let told = text(StatusCode::OK, metrics::text(metrics).as_bytes());
        Answer { content_type: Some(metrics::CONTENT_TYPE), ..told }
    }

    /// Answers a request whose operation its path has told.
    async fn routed(&self, routed: &Routed, head: &Parts, body: &[u8], client: &Client) -> Answer {
        let request_id = self.invocations.next_text();
        let RestAnswer { status, headers, body } = match routed {
            _ if !has_credentials(head) => routed.answer(Err(without_credentials()), &request_id),
            Routed::Invoke(invoke) => {
                client.enter(Phase::Working);
                self.invoked(invoke, &head.headers, body).await
            }
            routed => {
                let start =
                    || contained(|| Ok(self.regions.door(&head.headers)?.start(routed.request(body)?)));
                let started = match routed.info(body) {
                    Some(info) => self.turns.work(&info.effect, body, client, start).await,
                    None => start(),
                };
                let outcome = match started {
                    Ok(pending) => answered(pending).await,
                    Err(error) => Err(error),
                };
                routed.answer(outcome, &request_id)
            }
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let error =
            headers.iter().find(|(name, _)| name == "x-amzn-errortype").map(|(_, value)| value.clone());
        Answer { headers, error, body, ..Answer::empty(status, Then::KeepAlive) }
    }

    async fn invoked(&self, invoke: &Invoke, headers: &HeaderMap, payload: &[u8]) -> RestAnswer {
        let begin = || {
            let door = self.regions.door(headers)?;
            Ok(invoke.begin(&|request| door.call(request), payload, self.invocations.next_text()))
        };
        match aside(payload.len(), || contained(begin)) {
            Ok(Begun::Answered(answer)) => answer,
            Ok(Begun::Run(task)) => self.forward.run(task, payload).await,
            Err(error) => rest::refusal(&error),
        }
    }

    async fn operation(&self, head: &Parts, body: &[u8], client: &Client) -> Result<Vec<u8>, Error> {
        let operation = operation_of(&head.headers).ok_or(ErrorCode::UnknownOperation).and_then(|name| {
            if has_credentials(head) { Ok(name) } else { Err(ErrorCode::MissingAuthenticationToken) }
        });
        match operation {
            Ok(operation) => self.call(&head.headers, operation, body, client).await,
            // The service reads the body before it looks at the target. Reading it twice is for refused requests only.
            Err(_) if !body.is_empty() && serde_json::from_slice::<IgnoredAny>(body).is_err() => {
                Err(Error::bare(ErrorCode::Serialization))
            }
            Err(ErrorCode::MissingAuthenticationToken) => Err(without_credentials()),
            Err(_) if is_kinesis(&head.headers) => Err(not_here(&head.headers)),
            Err(code) => Err(Error::bare(code)),
        }
    }

    /// Starts the call on the thread that serves the connection: it takes microseconds, less than the way to a thread pool and back is worth.
    /// What may take longer must not hold up what the thread has to do besides. Nobody waits here for a disk: the requests that arrive
    /// meanwhile share its next write.
    async fn call(
        &self,
        headers: &HeaderMap,
        operation: &OperationInfo,
        body: &[u8],
        client: &Client,
    ) -> Result<Vec<u8>, Error> {
        let start = || {
            contained(|| {
                let mut request = Request::from_json(operation.name, body)?;
                if let Some(backups) = &self.backups {
                    backups.admit(&mut request)?;
                }
                Ok(self.regions.door(headers)?.start(request))
            })
        };
        let pending = self.turns.work(&operation.effect, body, client, start).await?;
        let response = answered(pending).await?;
        contained(|| response.to_json())
    }
}

/// Headers as text; those that are none are not looked at.
fn told(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.to_string(), value.to_str().ok()?.to_owned()))
    };
    headers.iter().filter_map(text).collect()
}

/// Waits for an answer; a defect on the way is kept as by [`contained`].
async fn answered(pending: Pending) -> Result<Response, Error> {
    let mut pending = pin!(pending);
    poll_fn(|context| {
        catch_unwind(AssertUnwindSafe(|| pending.as_mut().poll(context)))
            .unwrap_or_else(|_| Err(defect()).into())
    })
    .await
}

/// Keeps a defect to itself: it answers one request with a 500, and leaves the others and the server alone.
fn contained<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(defect()))
}

/// What happened is nothing that a client could have done better, or so the service says.
pub(crate) fn defect() -> Error {
    Error::new(ErrorCode::InternalServer, "Internal server error")
}

fn without_credentials() -> Error {
    Error::new(ErrorCode::MissingAuthenticationToken, "Request is missing Authentication Token")
}

/// An answer that is not JSON.
fn text(status: StatusCode, body: &[u8]) -> Answer {
    Answer { body: body.to_vec(), ..Answer::empty(status, Then::KeepAlive) }
}

/// The operation that the target names.
fn operation_of(headers: &HeaderMap) -> Option<&'static OperationInfo> {
    registry::by_target(headers.get("x-amz-target")?.to_str().ok()?)
}

/// Whether the target is of Kinesis, which speaks another version of the format.
fn is_kinesis(headers: &HeaderMap) -> bool {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    target.and_then(|target| target.split_once('.')).is_some_and(|(prefix, _)| prefix == KINESIS_TARGET)
}

/// Why an operation of Kinesis is refused that is none of those here, in words: its clients know more of them.
fn not_here(headers: &HeaderMap) -> Error {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let action = target.and_then(|target| target.split_once('.')).map_or("", |(_, action)| action);
    Error::new(
        ErrorCode::UnknownOperation,
        format!("{action} is no operation of the data streams of this database"),
    )
}

/// Whether a request says who sent it, in a header or in its query. Anybody may use this database, so what it says is not looked at; that it
/// is there separates clients of the service from stray requests.
fn has_credentials(head: &Parts) -> bool {
    let in_query = |query: &str| query.split('&').any(|parameter| parameter.starts_with("X-Amz-"));
    head.headers.contains_key(AUTHORIZATION) || head.uri.query().is_some_and(in_query)
}

/// Whether a request is a form, which names its operation itself.
fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.is_some_and(|text| {
        text.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM))
    })
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ContentType {
    Json(&'static str),
    Cbor,
    Missing,
    Other,
}

fn content_type(headers: &HeaderMap) -> ContentType {
    let Some(value) = headers.get(CONTENT_TYPE) else { return ContentType::Missing };
    let Ok(text) = value.to_str() else { return ContentType::Other };
    let essence = text.split(';').next().unwrap_or(text).trim();
    match [JSON_1_0, JSON_1_1, JSON].into_iter().find(|known| essence.eq_ignore_ascii_case(known)) {
        Some(known) => ContentType::Json(known),
        None if essence.eq_ignore_ascii_case(CBOR) => ContentType::Cbor,
        None => ContentType::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc};
    use std::task::Waker;
    use std::time::Duration;

    use streamtable::door::{Door, Later};

    use super::*;
    use crate::traffic::tests::traffic;

    fn content_type_of(text: &'static str) -> ContentType {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, text.parse().expect("a header"));
        content_type(&headers)
    }

    #[test]
    fn content_types() {
        assert_eq!(content_type_of("application/json"), ContentType::Json(JSON));
        assert_eq!(
            content_type_of("Application/X-Amz-Json-1.0 ; charset=utf-8"),
            ContentType::Json(JSON_1_0)
        );
        assert_eq!(content_type_of("application/x-amz-json-1.1"), ContentType::Json(JSON_1_1));
        assert_eq!(content_type_of("application/x-amz-json-1.2"), ContentType::Other);
        assert_eq!(content_type_of(""), ContentType::Other);
        assert_eq!(content_type(&HeaderMap::new()), ContentType::Missing);
    }

    #[test]
    fn a_panic_is_an_error_of_one_request() {
        assert_eq!(contained(|| Ok(b"{}".to_vec())), Ok(b"{}".to_vec()));
        let error = contained::<()>(|| panic!("on purpose")).expect_err("a panic is no answer");
        assert_eq!((error.code().status(), error.code()), (500, ErrorCode::InternalServer));
    }

    fn is_long(effect: &Effect) -> bool {
        effect.may_block || effect.many
    }

    /// A door where an operation that may take long ends when another one has been started.
    #[derive(Debug)]
    struct Crossing {
        begun: Mutex<mpsc::Sender<()>>,
        others: Mutex<mpsc::Receiver<()>>,
    }

    impl Door for Crossing {
        fn call(&self, request: Request) -> Result<Response, Error> {
            self.start(request).wait()
        }

        fn start(&self, request: Request) -> Pending {
            if is_long(&request.info().effect) {
                // The bound is for a failure alone: without a thread to spare, the other request would never be started.
                let other = self.others.lock().expect("no panic").recv_timeout(Duration::from_secs(60));
                other.expect("another request is served meanwhile");
            } else {
                self.begun.lock().expect("no panic").send(()).expect("the other end is here, too");
            }
            Pending::ready(Err(Error::bare(ErrorCode::Closed)))
        }

        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }
    }

    #[test]
    fn what_may_take_long_holds_up_nobody() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_time()
            .build()
            .expect("threads");
        let traffic = traffic(&[]);
        for operation in registry::operations().iter().filter(|operation| is_long(&operation.effect)) {
            let (begun, others) = mpsc::channel();
            let door = Arc::new(Crossing { begun: Mutex::new(begun), others: Mutex::new(others) });
            let protocol = Arc::new(Protocol::new(
                Regions::new(door, "us-east-1", |_| unreachable!()),
                None,
                None,
                Forward::new(Vec::new()),
            ));
            let call = |name: &'static str| {
                let (protocol, place) = (protocol.clone(), traffic.clone());
                async move {
                    let operation = registry::operation(name).expect("an operation");
                    let place = place.place().await;
                    let called = protocol.call(&HeaderMap::new(), operation, b"{}", place.client()).await;
                    called.expect_err("the door refuses").code()
                }
            };
            let (blocking, other) = (call(operation.name), call("ListTables"));
            let codes = runtime.block_on(async {
                let blocking = task::spawn(blocking);
                let other = task::spawn(other);
                (blocking.await.expect("no panic"), other.await.expect("no panic"))
            });
            assert_eq!(codes, (ErrorCode::Closed, ErrorCode::Closed), "{}", operation.name);
        }
    }

    #[test]
    fn a_panic_while_an_answer_is_awaited_is_an_error_of_one_request() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a thread");
        let pending = Pending::later(Broken);
        let error = runtime.block_on(answered(pending)).expect_err("a panic is no answer");
        assert_eq!(error.code(), ErrorCode::InternalServer);
    }

    #[derive(Debug)]
    struct Broken;

    impl Later for Broken {
        fn is_ready(&self) -> bool {
            panic!("on purpose")
        }

        fn wake_when_ready(&mut self, _: &Waker) {}

        fn wait(self: Box<Self>) -> Result<Response, Error> {
            unreachable!("it is not ready")
        }
    }
}
