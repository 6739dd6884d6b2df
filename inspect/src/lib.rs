//! The inspector: a page that shows a database as it lives. Why a reader has not seen a record is what it is for.
//!
//! ```text
//! browser ── GET /, /page/… ──────────► assets     everything is in the program; nothing is fetched from elsewhere
//!         ── POST /session ───────────► access     the token of the printed address for a cookie
//!         ── POST /call/<Operation> ──► calls      looks through one door, commands through another, if there is one
//!         ◄─ GET /feed ──────────────── feed       what changes, at most ten times a second, while somebody looks
//! ```
//! It stands on the door alone, as any host does, and so shows a database of this process as well as one behind a server. In this process looks
//! leave nothing behind ([`streamtable::door::Looking`]), and without a viewer nothing is done at all. docs/inspector.md describes the
//! feed for programs.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod access;
mod answer;
mod assets;
mod calls;
mod feed;
mod mask;
mod serve;
mod viewer;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use streamtable::Database;
use streamtable::door::{Door, Looking};
use tokio::sync::oneshot;

use access::Access;
pub use mask::Mask;
use serve::Shared;

/// How an inspector is opened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Where it listens: a free port of the loopback address by default.
    pub address: SocketAddr,
    /// Names under which browsers may ask for it, beside loopback names.
    pub hosts: Vec<String>,
    /// Whether it only shows, and takes no commands.
    pub is_read_only: bool,
    /// What is not shown of items.
    pub mask: Mask,
}

impl Default for Options {
    fn default() -> Options {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Options { address, hosts: Vec::new(), is_read_only: false, mask: Mask::default() }
    }
}

/// An inspector that listens. It ends when it is dropped.
#[derive(Debug)]
pub struct Inspector {
    url: String,
    address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Inspector {
    /// Shows a database of this process.
    ///
    /// # Errors
    /// The system's, where it cannot listen or start a thread.
    pub fn of(database: &Database, options: Options) -> io::Result<Inspector> {
        Inspector::over(Arc::new(Looking::new(database.clone())), Arc::new(database.clone()), options)
    }

    /// Shows what is behind two doors: one for looks, one for commands.
    ///
    /// # Errors
    /// As [`Inspector::of`].
    pub fn over(looks: Arc<dyn Door>, commands: Arc<dyn Door>, options: Options) -> io::Result<Inspector> {
        let listener = TcpListener::bind(options.address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let access = Access::new(&options.hosts, address)?;
        let url = format!("http://{address}/#token={}", access.token());
        let commands = (!options.is_read_only).then_some(commands);
        let shared = Arc::new(Shared::new(access, looks, commands, options.mask)?);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(serve::CALLS_MAX)
            .thread_name("streamtable-inspect")
            .build()?;
        let (end, ended) = oneshot::channel();
        let run = move || {
            runtime.block_on(serve::serve(listener, shared, ended));
            // A look that is under way ends by itself.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("streamtable-inspect".into()).spawn(run)?;
        Ok(Inspector { url, address, end: Some(end), thread: Some(thread) })
    }

    /// The address to open in a browser. Its last part lets whoever has it in.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Inspector {
    fn drop(&mut self) {
        // Both fail only where the thread has ended already.
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _: thread::Result<()> = thread.join();
        }
    }
}
