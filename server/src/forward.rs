//! Invocations that are handed on: a server has no handlers, only functions whose process answers as a runtime interface emulator does.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::Uri;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper_util::rt::TokioIo;
use streamtable::unstable::limits::LAMBDA_ANSWER_MAX_BYTES;
use streamtable::unstable::registry::rest::RestAnswer;
use streamtable::unstable::registry::rest::invoke::{Kind, Outcome, Task};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Invocations that may run at a time, as an account of the service has it (AWS Lambda quotas: concurrent executions).
const RUNNING_MAX: usize = 1_000;

/// The path at which an emulator takes events, whatever its function is called.
const PATH: &str = "/2015-03-31/functions/function/invocations";

/// Where invocations may be handed on to, as the command line says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum InvokeEndpoint {
    /// Anywhere.
    Any,
    /// To this host, as it is written, at this port.
    At { host: String, port: u16 },
}

impl InvokeEndpoint {
    /// The address of a URL; none for another scheme.
    fn of(url: &Uri) -> Option<InvokeEndpoint> {
        let host = url.host().filter(|_| url.scheme_str() == Some("http"))?;
        Some(InvokeEndpoint::At { host: host.to_ascii_lowercase(), port: url.port_u16().unwrap_or(80) })
    }
}

impl FromStr for InvokeEndpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<InvokeEndpoint, String> {
        if text == "any" {
            return Ok(InvokeEndpoint::Any);
        }
        let url =
            text.parse::<Uri>().ok().filter(|url| matches!(url.path(), "" | "/") && url.query().is_none());
        url.as_ref()
            .and_then(InvokeEndpoint::of)
            .ok_or_else(|| "an address such as http://127.0.0.1:9000, or `any`".to_owned())
    }
}

/// Hands invocations on.
#[derive(Debug)]
pub(crate) struct Forward {
    places: Arc<Semaphore>,
    allowed: Vec<InvokeEndpoint>,
}

impl Forward {
    /// One that hands them on to these addresses alone.
    pub(crate) fn new(allowed: Vec<InvokeEndpoint>) -> Forward {
        Forward { places: Arc::new(Semaphore::new(RUNNING_MAX)), allowed }
    }

    fn may_reach(&self, endpoint: &str) -> bool {
        let named = endpoint.parse().ok().and_then(|url| InvokeEndpoint::of(&url));
        self.allowed.iter().any(|allowed| *allowed == InvokeEndpoint::Any || Some(allowed) == named.as_ref())
    }

    /// Runs a function and tells the answer; of one that nobody waits for, that it has begun. Takes no longer than the function may.
    pub(crate) async fn run(&self, task: Box<Task>, payload: &[u8]) -> RestAnswer {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return RestAnswer::throttled() };
        let Some(endpoint) = task.function.endpoint.clone() else {
            return task.finish(Outcome::NotReached("no program that has its handler is here".into()));
        };
        if !self.may_reach(&endpoint) {
            return task.finish(Outcome::NotReached(format!(
                "this server hands nothing on to {endpoint}; start it with --invoke-endpoint to allow it"
            )));
        }
        let event =
            if payload.is_empty() { Bytes::from_static(b"{}") } else { Bytes::copy_from_slice(payload) };
        let limit = Duration::from_secs(u64::from(task.timeout()));
        if task.kind == Kind::Event {
            tokio::spawn(async move {
                // Nobody is told what became of it, but the emulator's log.
                drop(timeout(limit, invoke(&endpoint, event)).await);
                drop(place);
            });
            return task.finish(Outcome::Answered(Vec::new()));
        }
        let outcome = timeout(limit, invoke(&endpoint, event)).await;
        drop(place);
        task.finish(outcome.unwrap_or(Outcome::TimedOut))
    }
}

async fn invoke(endpoint: &str, event: Bytes) -> Outcome {
    match send(endpoint, event).await {
        Ok(outcome) => outcome,
        Err(why) => Outcome::NotReached(format!("{endpoint} cannot be reached: {why}")),
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn send(endpoint: &str, event: Bytes) -> Result<Outcome, Failure> {
    let uri: Uri = endpoint.parse()?;
    let (Some("http"), Some(host)) = (uri.scheme_str(), uri.host()) else {
        return Err("it is no address such as http://127.0.0.1:9000".into());
    };
    let port = uri.port_u16().unwrap_or(80);
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with the answer, or when this is given up; what breaks it breaks the request, which says so.
    let connection = Connection(tokio::spawn(connection));
    let request = hyper::Request::post(PATH)
        .header(HOST, format!("{host}:{port}"))
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(event))?;
    let response = sender.send_request(request).await?;
    let body = Limited::new(response.into_body(), LAMBDA_ANSWER_MAX_BYTES + 1).collect().await;
    drop(connection);
    match body {
        Ok(body) => Ok(Outcome::of_emulator(body.to_bytes().to_vec())),
        // One byte too many tells the rest.
        Err(why) if why.is::<LengthLimitError>() => {
            Ok(Outcome::Answered(vec![b' '; LAMBDA_ANSWER_MAX_BYTES + 1]))
        }
        Err(why) => Err(why),
    }
}

/// A connection that ends when nobody waits for it any more.
struct Connection(tokio::task::JoinHandle<hyper::Result<()>>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_allowed_is_reached() {
        let forward = |allowed: &[&str]| {
            Forward::new(allowed.iter().map(|text| text.parse().expect("an address")).collect())
        };
        assert!(!forward(&[]).may_reach("http://127.0.0.1:9000"));
        let two = forward(&["http://127.0.0.1:9000", "http://Functions.local/"]);
        for (endpoint, expected) in [
            ("http://127.0.0.1:9000", true),
            ("http://127.0.0.1:9000/", true),
            ("http://functions.local:80", true),
            ("http://127.0.0.1:9001", false),
            ("http://127.0.0.1", false),
            ("http://127.0.0.1:9000@169.254.169.254", false),
            ("http://functions.local.example.com", false),
            ("https://127.0.0.1:9000", false),
            ("127.0.0.1:9000", false),
            ("", false),
        ] {
            assert_eq!(two.may_reach(endpoint), expected, "{endpoint}");
        }
        assert!(forward(&["any"]).may_reach("http://169.254.169.254"));
        for wrong in ["", "everywhere", "https://127.0.0.1", "http://127.0.0.1/path", "http://127.0.0.1/?a"] {
            assert!(wrong.parse::<InvokeEndpoint>().is_err(), "{wrong}");
        }
    }
}
