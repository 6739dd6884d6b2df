//! Databases elsewhere as doors: Amazon DynamoDB, a streamtable server, and whatever else speaks the protocol.
//!
//! ```text
//! caller ──► Remote ──► retry ──► signature ──► transport ──► endpoint
//!              │          │           │             HTTP/1.1 over TLS, TCP or a Unix socket
//!              │          │           └ credentials: of the caller, the environment, files, a process, a container, an instance
//!              │          └ what may be sent again, and when
//!              └ threads that send what was started, so many at a time
//! ```
//! Bytes pass through: a request is written as the protocol's JSON, an answer read from it. [`Remote::call_json`] reads and writes nothing, so
//! that operations and members that this version does not know pass, too.
//!
//! ```no_run
//! use streamtable::api::ListTablesInput;
//! use streamtable::door::ask;
//! use streamtable_remote::Remote;
//!
//! let door = Remote::open("http://127.0.0.1:8000")?;
//! println!("{:?}", ask(&door, ListTablesInput::default())?.table_names);
//! # Ok::<(), streamtable::Error>(())
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod address;
mod capabilities;
mod client;
mod clock;
mod connection;
pub mod credentials;
pub mod endpoint;
mod mappings;
mod pool;
mod remote;
mod retry;
pub mod signature;
mod transport;
#[cfg(unix)]
mod unix;

pub use address::{Address, Settings};
pub use capabilities::Capabilities;
pub use connection::Connection;
pub use mappings::Mappings;
pub use remote::{Options, Remote};
