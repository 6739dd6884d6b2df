//! Invocations that are handed on: a server has no handlers, only functions whose process answers as a runtime interface emulator does.

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

/// Hands invocations on.
#[derive(Debug)]
pub(crate) struct Forward {
    places: Arc<Semaphore>,
}

impl Forward {
    pub(crate) fn new() -> Forward {
        Forward { places: Arc::new(Semaphore::new(RUNNING_MAX)) }
    }

    /// Runs a function and tells the answer; of one that nobody waits for, that it has begun. Takes no longer than the function may.
    pub(crate) async fn run(&self, task: Box<Task>, payload: &[u8]) -> RestAnswer {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return RestAnswer::throttled() };
        let Some(endpoint) = task.function.endpoint.clone() else {
            return task.finish(Outcome::NotReached("no program that has its handler is here".into()));
        };
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
