//! Connections and their requests.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use streamtable::door::Door;
use streamtable::unstable::entropy::secret;
use streamtable::unstable::limits::REQUEST_MAX_BYTES;
use tokio::net::{TcpListener as AsyncListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::spawn_blocking;

use crate::access::{Access, Refusal};
use crate::answer::{self, Answer};
use crate::mask::Mask;
use crate::{assets, calls, feed};

/// Calls that run at once.
pub(crate) const CALLS_MAX: usize = 4;
/// Connections at once: a browser has six to a host.
const CONNECTIONS_MAX: usize = 64;
/// Those who watch at once.
const VIEWERS_MAX: usize = 8;
/// How long a connection may take to send a head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes that a head may have.
const HEAD_MAX_BYTES: usize = 16 * 1024;
/// Rest after the system refused to accept a connection, as it does when descriptors run out.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) access: Access,
    pub(crate) looks: Arc<dyn Door>,
    /// None where commands are not taken.
    pub(crate) commands: Option<Arc<dyn Door>>,
    pub(crate) mask: Mask,
    /// Another one with each start.
    pub(crate) epoch: String,
    pub(crate) viewers: Viewers,
}

impl Shared {
    /// What is shown, and to whom.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub(crate) fn new(
        access: Access,
        looks: Arc<dyn Door>,
        commands: Option<Arc<dyn Door>>,
        mask: Mask,
    ) -> io::Result<Shared> {
        let epoch = format!("{:08x}", secret().map_err(io::Error::other)? as u32);
        Ok(Shared { access, looks, commands, mask, epoch, viewers: Viewers::default() })
    }
}

/// Those who watch.
#[derive(Debug, Default)]
pub(crate) struct Viewers(Arc<AtomicUsize>);

/// A place among those who watch.
#[derive(Debug)]
pub(crate) struct Place(Arc<AtomicUsize>);

impl Viewers {
    /// A place, if there is one left.
    pub(crate) fn enter(&self) -> Option<Place> {
        let place = Place(self.0.clone());
        (self.0.fetch_add(1, Ordering::Relaxed) < VIEWERS_MAX).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Serves until somebody ends it.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, mut ended: oneshot::Receiver<()>) {
    let listener = match AsyncListener::from_std(listener) {
        Ok(listener) => listener,
        Err(cause) => return eprintln!("streamtable: the inspector cannot listen: {cause}"),
    };
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut ended => return,
        };
        match accepted {
            Ok((stream, _)) => {
                // Beyond the limit a connection is closed at once; a browser tries again.
                if let Ok(place) = places.clone().try_acquire_owned() {
                    let connection = converse(shared.clone(), stream);
                    tokio::spawn(async move {
                        connection.await;
                        drop(place);
                    });
                }
            }
            Err(cause) => {
                eprintln!("streamtable: the inspector cannot accept a connection: {cause}");
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
}

async fn converse(shared: Arc<Shared>, stream: TcpStream) {
    let service = service_fn(move |request| {
        let shared = shared.clone();
        async move { Ok::<_, Infallible>(respond(&shared, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_MAX_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    // A connection that breaks is the browser's affair: it has been told what could be told.
    let _: Result<(), hyper::Error> = connection.await;
}

async fn respond(shared: &Arc<Shared>, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    match answered(shared, &head, body).await {
        Ok(answer) => answer,
        Err(refusal) => answer::turned_away(refusal),
    }
}

async fn answered(shared: &Arc<Shared>, head: &Parts, body: Incoming) -> Result<Answer, Refusal> {
    shared.access.admit(head)?;
    let path = head.uri.path();
    if [Method::GET, Method::HEAD].contains(&head.method) {
        if path == "/feed" {
            shared.access.unlocked(head)?;
            return Ok(feed::open(shared, head.uri.query().unwrap_or("")));
        }
        return Ok(page(path).unwrap_or_else(|| {
            answer::refused(StatusCode::NOT_FOUND, "NotFound", "There is nothing under this path")
        }));
    }
    if path == "/session" && head.method == Method::POST {
        return session(shared, body).await;
    }
    shared.access.unlocked(head)?;
    let operation = path.strip_prefix("/call/").filter(|_| head.method == Method::POST).map(str::to_owned);
    let Some(operation) = operation else {
        return Ok(answer::refused(StatusCode::NOT_FOUND, "NotFound", "There is nothing under this path"));
    };
    let Ok(body) = Limited::new(body, REQUEST_MAX_BYTES).collect().await else {
        return Ok(answer::refused(StatusCode::PAYLOAD_TOO_LARGE, "TooLarge", "The request is too large"));
    };
    let (shared, body) = (shared.clone(), body.to_bytes());
    // Away from this thread: some operations go through many items, and the others wait for a disk or a server.
    let ran = spawn_blocking(move || calls::call(&shared, &operation, &body)).await;
    Ok(ran.unwrap_or_else(|_| {
        answer::refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerError",
            "The call has ended in a defect",
        )
    }))
}

/// The page or one of its parts.
fn page(path: &str) -> Option<Answer> {
    let asset = assets::find(path)?;
    let mut answer = answer::packed(asset.content_type, Bytes::from_static(asset.packed()));
    if path == "/" {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, assets::policy());
    }
    Some(answer)
}

async fn session(shared: &Shared, body: Incoming) -> Result<Answer, Refusal> {
    let body = Limited::new(body, HEAD_MAX_BYTES).collect().await.map_err(|_| Refusal::Locked)?;
    let told: Value = serde_json::from_slice(&body.to_bytes()).map_err(|_| Refusal::Locked)?;
    let cookie = shared.access.open(told["token"].as_str().unwrap_or(""))?;
    let mut answer = answer::nothing();
    answer.headers_mut().insert(SET_COOKIE, cookie);
    Ok(answer)
}
