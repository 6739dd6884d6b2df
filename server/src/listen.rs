//! Sockets, signals, limits on connections, and the end.

use std::convert::Infallible;
use std::fmt;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::header::EXPECT;
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use streamtable::Database;
use streamtable::door::{Door, Metrics, Observed};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::access::{Access, Cors};
use crate::answer::{Answer, AnswerBody, RequestIds, Then};
use crate::arguments::Serve;
use crate::backups::Backups;
use crate::coding::{self, Unreadable};
use crate::protocol::{JSON_1_0, Protocol, defect};
use crate::receive::{Received, receive, turn_away};
use crate::regions::Regions;

/// Connections served at a time; more wait in the system's queue. With the limit on a request's size this bounds the memory clients can hold.
const CONNECTIONS_MAX: usize = 1_024;
/// Bytes a request's line and headers may have.
const HEAD_MAX_BYTES: usize = 64 * 1024;
/// How long a client may take to send a request's line and headers, and a kept-alive connection may say nothing.
const HEAD_TIMEOUT: Duration = Duration::from_secs(120);
/// How long a client may take to send a request's body.
const BODY_TIMEOUT: Duration = Duration::from_secs(120);
/// Rest after the system refused to accept a connection, which it does when descriptors run out: trying at once would only heat the room.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// Why the server could not run.
#[derive(Debug)]
pub(crate) enum Failure {
    Open(streamtable::Error),
    Backups { folder: PathBuf, cause: io::Error },
    Close(streamtable::Error),
    Listen { host: String, port: u16, cause: io::Error },
    Runtime(io::Error),
    Announce(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Open(cause) => write!(f, "cannot open the database: {cause}"),
            Failure::Backups { folder, cause } => {
                write!(f, "cannot write backups into {}: {cause}", folder.display())
            }
            Failure::Close(cause) => write!(f, "the database was not closed in order: {cause}"),
            Failure::Listen { host, port, cause } if cause.kind() == io::ErrorKind::AddrInUse => write!(
                f,
                "cannot listen on {host}:{port}: the port is in use; choose another with --port, or any free one with --port 0"
            ),
            Failure::Listen { host, port, cause } => write!(f, "cannot listen on {host}:{port}: {cause}"),
            Failure::Runtime(cause) => write!(f, "cannot start: {cause}"),
            Failure::Announce(cause) => write!(f, "cannot write the address to standard output: {cause}"),
        }
    }
}

/// Serves until a signal says to end.
pub(crate) fn run(serve: &Serve) -> Result<(), Failure> {
    let options = serve.database.read().map_err(Failure::Open)?;
    let unwritable = |cause| Failure::Backups { folder: serve.backups.iter().collect(), cause };
    let backups = Backups::below(serve.backups.as_deref()).map_err(unwritable)?;
    let (ids, is_counting) = (RequestIds::new(options.seed), options.metrics);
    let database = Database::open_at(serve.place.directory(), options).map_err(Failure::Open)?;
    // A database in memory has nothing that could be backed up, and says so itself.
    let backups = serve.place.directory().map(|_| backups);
    let metrics = is_counting.then(Arc::<Metrics>::default);
    let protocol = Protocol::new(regions(&database, metrics.clone()), backups, metrics);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    let served = runtime.block_on(listen(serve, protocol, ids));
    // What the grace period left open is cut off here.
    runtime.shutdown_background();
    let closed = database.close().map_err(Failure::Close);
    served.and(closed)
}

/// The regions of a database, with their calls counted, if they are, as one.
fn regions(database: &Database, metrics: Option<Arc<Metrics>>) -> Regions {
    let door = move |database: Database| -> Arc<dyn Door> {
        match &metrics {
            Some(metrics) => Arc::new(Observed::new(database, metrics.clone())),
            None => Arc::new(database),
        }
    };
    let home = database.clone();
    Regions::new(door(database.clone()), database.region(), move |region| Ok(door(home.in_region(region)?)))
}

async fn listen(serve: &Serve, protocol: Protocol, ids: RequestIds) -> Result<(), Failure> {
    let failed = |cause| Failure::Listen { host: serve.host.clone(), port: serve.port, cause };
    let listener = TcpListener::bind((serve.host.as_str(), serve.port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let access = Access::new(&serve.access, address);
    let server = Arc::new(Server { access, protocol, ids });
    // Whoever reads the address may send the signal next: be ready for it first.
    let mut signals = Signals::new().map_err(Failure::Runtime)?;
    announce(address).map_err(Failure::Announce)?;

    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        tokio::select! {
            (stream, place) = accept(&listener, &places) => {
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEAD_TIMEOUT)
                    .max_buf_size(HEAD_MAX_BYTES)
                    .serve_connection(TokioIo::new(stream), {
                        let server = Arc::clone(&server);
                        service_fn(move |request| Arc::clone(&server).serve(request))
                    });
                let connection = graceful.watch(connection);
                tokio::spawn(async move {
                    // A connection that breaks is the client's affair: it has been told what could be told.
                    let _: Result<(), hyper::Error> = connection.await;
                    drop(place);
                });
            }
            () = signals.next() => break,
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(Duration::from_millis(serve.shutdown_grace)) => {}
        // Asked twice means at once.
        () = signals.next() => {}
    }
    Ok(())
}

/// The first line, which tells a program that started the server where it is.
fn announce(address: SocketAddr) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on http://{address}")?;
    out.flush()
}

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    let place = Arc::clone(places).acquire_owned().await.expect("nobody closes the semaphore");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are written whole; waiting for more to send would only delay them. A socket that refuses is merely slower.
                if let Err(cause) = stream.set_nodelay(true) {
                    eprintln!("streamtable: cannot set TCP_NODELAY: {cause}");
                }
                return (stream, place);
            }
            Err(cause) => {
                eprintln!("streamtable: cannot accept a connection: {cause}");
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
}

#[derive(Debug)]
struct Server {
    access: Access,
    protocol: Protocol,
    ids: RequestIds,
}

impl Server {
    async fn serve(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<AnswerBody>, Infallible> {
        let (head, body) = request.into_parts();
        let waiting = head.headers.contains_key(EXPECT);
        let cors = match self.access.admit(&head) {
            Ok(cors) => cors,
            Err(refusal) => {
                turn_away(body, waiting);
                return Ok(refusal.framed(&self.ids, None));
            }
        };
        let asks = cors.is_some() && Cors::asked(&head);
        let answer =
            if asks { self.allowance(body, waiting) } else { self.answer(&head, body, waiting).await };
        let coding = coding::asked_for(&head.headers, answer.body.len());
        let mut response = answer.framed(&self.ids, coding);
        if let Some(cors) = cors {
            cors.add_to(&head, response.headers_mut());
        }
        Ok(response)
    }

    /// The answer to a browser that asks before it sends a page's request.
    fn allowance(&self, body: Incoming, waiting: bool) -> Answer {
        match body.is_end_stream() {
            true => Answer::empty(StatusCode::OK, Then::KeepAlive),
            false => {
                turn_away(body, waiting);
                Answer::empty(StatusCode::OK, Then::Close)
            }
        }
    }

    async fn answer(&self, head: &Parts, body: Incoming, waiting: bool) -> Answer {
        let empty = |status| Answer::empty(status, Then::Close);
        match timeout(BODY_TIMEOUT, receive(body, waiting)).await {
            Err(_) => empty(StatusCode::REQUEST_TIMEOUT),
            Ok(Received::TooLarge) => empty(StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Received::Broken) => empty(StatusCode::BAD_REQUEST),
            Ok(Received::Whole(body)) => match coding::unpacked(&head.headers, body) {
                Ok(body) => self.protocol.answer(head, &body).await,
                Err(Unreadable::TooLarge) => empty(StatusCode::PAYLOAD_TOO_LARGE),
                Err(Unreadable::Broken) => Answer::of_error(&defect(), JSON_1_0),
            },
        }
    }
}

/// The signals to end: SIGTERM and SIGINT, or Ctrl-C where there are none.
#[derive(Debug)]
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(windows)]
    fn new() -> io::Result<Signals> {
        Ok(Signals { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        #[cfg(windows)]
        let _: Option<()> = self.interrupt.recv().await;
    }
}
