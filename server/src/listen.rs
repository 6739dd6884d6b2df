//! Sockets, signals, and the end.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use streamtable::Database;
use streamtable::door::{Door, Metrics, Observed};
use streamtable_inspect::Inspector;
use tokio::time::{Instant, sleep, sleep_until};

use crate::access::Access;
use crate::answer::RequestIds;
use crate::arguments::Serve;
use crate::backups::Backups;
use crate::forward::Forward;
use crate::inspector;
use crate::log::AccessLog;
use crate::protocol::Protocol;
use crate::regions::Regions;
use crate::server::Server;
use crate::socket::{Listener, Peer, Stream};
use crate::traffic::{Place, Traffic};
use crate::wire::Wire;

/// Bytes that a request's line and headers may have, together (facts A1).
const HEAD_MAX_BYTES: usize = 16 * 1024;
/// Bytes of a connection that are read ahead.
const BUFFER_MAX_BYTES: usize = 64 * 1024;
/// Rest after the system refused to accept a connection, which it does when descriptors run out: trying at once would only heat the room.
const ACCEPT_REST: Duration = Duration::from_millis(50);
/// What closing the database gets, however long requests have taken to end.
const CLOSING_MIN: Duration = Duration::from_secs(1);

/// Why the server could not run.
#[derive(Debug)]
pub(crate) enum Failure {
    Open(streamtable::Error),
    Backups { folder: PathBuf, cause: io::Error },
    AccessLog { file: PathBuf, cause: io::Error },
    Close(streamtable::Error),
    Unfinished,
    Listen { host: String, port: u16, cause: io::Error },
    Socket { path: PathBuf, cause: io::Error },
    Runtime(io::Error),
    Announce(io::Error),
    Inspect(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Open(cause) => write!(f, "cannot open the database: {cause}"),
            Failure::Backups { folder, cause } => {
                write!(f, "cannot write backups into {}: {cause}", folder.display())
            }
            Failure::AccessLog { file, cause } => {
                write!(f, "cannot write the access log to {}: {cause}", file.display())
            }
            Failure::Close(cause) => write!(f, "the database was not closed in order: {cause}"),
            Failure::Unfinished => f.write_str(
                "the database was not closed in order: an operation was still going on; opening it again will take a little longer",
            ),
            Failure::Listen { host, port, cause } if cause.kind() == io::ErrorKind::AddrInUse => write!(
                f,
                "cannot listen on {host}:{port}: the port is in use; choose another with --port, or any free one with --port 0"
            ),
            Failure::Listen { host, port, cause } => write!(f, "cannot listen on {host}:{port}: {cause}"),
            Failure::Socket { path, cause } => write!(f, "cannot listen on {}: {cause}", path.display()),
            Failure::Inspect(cause) => write!(f, "cannot start the inspector: {cause}"),
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
    let unwritable = |cause| Failure::AccessLog { file: serve.access_log.iter().collect(), cause };
    let log = serve.access_log.as_deref().map(AccessLog::open).transpose().map_err(unwritable)?.map(Arc::new);
    let (ids, is_counting) = (RequestIds::new(options.seed), options.metrics);
    let database = Database::open_at(serve.place.directory(), options).map_err(Failure::Open)?;
    // A database in memory has nothing that could be backed up, and says so itself.
    let backups = serve.place.directory().map(|_| backups);
    let metrics = is_counting.then(Arc::<Metrics>::default);
    let inspector = serve.inspector.start(&database).map_err(Failure::Inspect)?;
    let forward = Forward::new(serve.invoke_endpoint.clone());
    let protocol = Protocol::new(regions(&database, metrics.clone()), backups, metrics, forward);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    let served = runtime.block_on(listen(serve, protocol, ids, log.clone(), inspector.as_ref()));
    // It holds the database.
    drop(inspector);
    // What the grace period left open is cut off here.
    runtime.shutdown_background();
    let left =
        served.as_ref().map_or(Duration::ZERO, |deadline| deadline.saturating_duration_since(Instant::now()));
    let closed = close_within(left.max(CLOSING_MIN), move || database.close());
    if let Some(log) = log {
        log.end();
    }
    served.map(drop).and(closed)
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

/// Closes a database, which waits for operations that are going on, for as long as there is time.
fn close_within(
    left: Duration,
    close: impl FnOnce() -> streamtable::Result<()> + Send + 'static,
) -> Result<(), Failure> {
    let (tell, told) = mpsc::channel();
    let closing = thread::Builder::new().name("streamtable-close".into()).spawn(move || {
        // Nobody listens any more where there was no time.
        let _: Result<(), mpsc::SendError<_>> = tell.send(close());
    });
    closing.map_err(Failure::Runtime)?;
    match told.recv_timeout(left) {
        Ok(closed) => closed.map_err(Failure::Close),
        Err(_) => Err(Failure::Unfinished),
    }
}

/// Serves until a signal says to end: by when all has to be over.
async fn listen(
    serve: &Serve,
    protocol: Protocol,
    ids: RequestIds,
    log: Option<Arc<AccessLog>>,
    inspector: Option<&Inspector>,
) -> Result<Instant, Failure> {
    let failed = |cause| match &serve.socket {
        Some(path) => Failure::Socket { path: path.clone(), cause },
        None => Failure::Listen { host: serve.host.clone(), port: serve.port, cause },
    };
    let listener = match &serve.socket {
        Some(path) => Listener::on_socket(path),
        None => Listener::on_port(&serve.host, serve.port).await,
    };
    let listener = listener.map_err(failed)?;
    let address = listener.address().map_err(failed)?;
    let access = Access::new(&serve.access, listener.nearness().map_err(failed)?);
    let server = Arc::new(Server { access, protocol, ids: Arc::new(ids), log });
    // Whoever reads the address may send the signal next: be ready for it first.
    let mut signals = Signals::new().map_err(Failure::Runtime)?;
    announce(&address).map_err(Failure::Announce)?;
    inspector.map_or(Ok(()), inspector::announce).map_err(Failure::Announce)?;

    let graceful = GracefulShutdown::new();
    let traffic = Traffic::new(serve.limits.clone());
    loop {
        tokio::select! {
            (stream, peer, place) = accept(&listener, &traffic) => {
                tokio::spawn(converse(&server, stream, peer, place, &graceful));
            }
            () = signals.next() => break,
        }
    }
    drop(listener);
    let deadline = Instant::now() + Duration::from_millis(serve.shutdown_grace);
    tokio::select! {
        () = graceful.shutdown() => Ok(deadline),
        () = sleep_until(deadline) => Ok(deadline),
        // Asked twice means at once.
        () = signals.next() => Ok(Instant::now()),
    }
}

/// Serves a connection until its end, or until it has to make room.
fn converse(
    server: &Arc<Server>,
    stream: Stream,
    peer: Peer,
    place: Place,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + use<> {
    let (server, client) = (Arc::clone(server), Arc::clone(place.client()));
    let wire = Wire::new(stream, Arc::clone(&client), Arc::clone(&server.ids));
    let service = service_fn(move |request| Arc::clone(&server).serve(Arc::clone(&client), peer, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(place.client().limits().head_timeout())
        .max_header_size(HEAD_MAX_BYTES)
        .max_buf_size(BUFFER_MAX_BYTES)
        // A client that has said all it will still wants its answer.
        .half_close(true)
        .serve_connection(TokioIo::new(wire), service);
    let connection = graceful.watch(connection);
    async move {
        tokio::select! {
            // A connection that breaks is the client's affair: it has been told what could be told.
            _ = connection => {}
            () = place.client().evicted() => {}
        }
    }
}

/// The first line, which tells a program that started the server where it is.
fn announce(address: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {address}")?;
    out.flush()
}

async fn accept(listener: &Listener, traffic: &Arc<Traffic>) -> (Stream, Peer, Place) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, traffic.place().await),
            Err(cause) => {
                eprintln!("streamtable: cannot accept a connection: {cause}");
                traffic.evict_one();
                sleep(ACCEPT_REST).await;
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_does_not_close_holds_up_no_end() {
        let (end, ended) = mpsc::channel::<()>();
        let stuck = close_within(Duration::ZERO, move || {
            // It ends with the test.
            let _: Result<(), mpsc::RecvError> = ended.recv();
            Ok(())
        });
        assert!(matches!(stuck, Err(Failure::Unfinished)), "{stuck:?}");
        drop(end);
        close_within(CLOSING_MIN * 60, || Ok(())).expect("closed in time");
    }
}
