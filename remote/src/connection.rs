//! `Connection`: a database here or elsewhere, as hosts hold it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use streamtable::door::{Door, Pending};
use streamtable::{Database, Error, ErrorCode, OpenOptions, Request, Response, Result};

use crate::address::{Address, refuse};
use crate::remote::{Options, Remote};

/// A database in this process, or one elsewhere.
#[derive(Clone, Debug)]
pub enum Connection {
    /// In this process.
    Local(Database),
    /// Elsewhere.
    Remote(Arc<Remote>),
}

impl Connection {
    /// Opens a database: at an address, in a directory, or in memory. `are_given` says whether the caller gave any options, which a database
    /// elsewhere has from whoever opened it.
    ///
    /// # Errors
    /// `OpenException`, as [`Database::open_at`] and [`Remote::new`].
    pub fn open_at(
        place: Option<&Path>,
        options: OpenOptions,
        are_given: bool,
        remote: Options,
    ) -> Result<Connection> {
        let Some(address) = place.and_then(Path::to_str).filter(|text| Address::is_one(text)) else {
            return Ok(Connection::Local(Database::open_at(place, options)?));
        };
        let address = Address::parse(address)?;
        if are_given {
            let shown = address.shown();
            return Err(refuse(format!(
                "{shown} is opened elsewhere, with the options that it has there: an address has settings of its own, as in {shown}?attempts=8"
            )));
        }
        Ok(Connection::Remote(Arc::new(Remote::new(&address, remote)?)))
    }

    /// The database, for what only one in this process has.
    ///
    /// # Errors
    /// `ValidationException` that names what it is, for a database elsewhere.
    pub fn local(&self, what: &str) -> Result<&Database> {
        match self {
            Connection::Local(database) => Ok(database),
            Connection::Remote(remote) => Err(Error::new(
                ErrorCode::Validation,
                format!("{what} is of a database in this process, and {} is elsewhere", remote.address()),
            )),
        }
    }

    /// Runs an operation with JSON text in and out.
    ///
    /// # Errors
    /// The operation's.
    pub fn call_json(&self, operation: &str, body: &[u8]) -> Result<Vec<u8>> {
        match self {
            Connection::Local(database) => database.call_json(operation, body),
            Connection::Remote(remote) => remote.call_json(operation, body),
        }
    }

    /// Closes a database in this process, and the way to one elsewhere.
    ///
    /// # Errors
    /// The disk's.
    pub fn close(&self) -> Result<()> {
        match self {
            Connection::Local(database) => database.close(),
            Connection::Remote(remote) => {
                remote.close();
                Ok(())
            }
        }
    }

    /// The region in names and records. Of a database elsewhere whose address names none, it is asked for once.
    ///
    /// # Errors
    /// Those of asking.
    pub fn region(&self) -> Result<&str> {
        match self {
            Connection::Local(database) => Ok(database.region()),
            Connection::Remote(remote) => remote.region(),
        }
    }
}

impl Door for Connection {
    fn call(&self, request: Request) -> Result<Response> {
        match self {
            Connection::Local(database) => Door::call(database, request),
            Connection::Remote(remote) => remote.call(request),
        }
    }

    fn start(&self, request: Request) -> Pending {
        match self {
            Connection::Local(database) => Door::start(database, request),
            Connection::Remote(remote) => remote.start(request),
        }
    }

    fn elapsed(&self) -> Duration {
        match self {
            Connection::Local(database) => Door::elapsed(database),
            Connection::Remote(remote) => remote.elapsed(),
        }
    }
}
