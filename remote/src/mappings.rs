//! A worker of event source mappings, of a database here or elsewhere.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use streamtable::consumer::worker::local::Local;
use streamtable::consumer::worker::{Worker, text};
use streamtable::{Database, Result};

use crate::connection::Connection;

/// How long to wait where nobody tells of writes: 4 times a second, as Lambda asks.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Carries out the event source mappings of a database, as texts in and out ([`text`]). Threads may share it.
#[derive(Debug)]
pub struct Mappings(Kind);

#[derive(Debug)]
enum Kind {
    Local(Box<(Database, Local)>),
    Remote(Box<Polling>),
}

/// A worker that nobody tells of writes.
#[derive(Debug)]
struct Polling {
    connection: Connection,
    worker: Mutex<Worker>,
    calls: Mutex<u64>,
    called: Condvar,
}

impl Mappings {
    /// A worker of a database. What it leaves to chance follows from the seed.
    pub fn new(connection: &Connection, seed: u64) -> Mappings {
        Mappings(match connection {
            Connection::Local(database) => {
                Kind::Local(Box::new((database.clone(), Local::new(database, seed))))
            }
            Connection::Remote(_) => Kind::Remote(Box::new(Polling {
                connection: connection.clone(),
                worker: Mutex::new(Worker::new(seed, false)),
                calls: Mutex::new(0),
                called: Condvar::new(),
            })),
        })
    }

    /// What to do next ([`text::next`]).
    ///
    /// # Errors
    /// As there.
    pub fn next_text(&self, only: Option<&str>) -> Result<String> {
        match &self.0 {
            Kind::Local(own) => own.1.next_text(&own.0, only),
            Kind::Remote(polling) => {
                let mut worker = polling.worker.lock().unwrap_or_else(PoisonError::into_inner);
                text::next(&mut worker, &polling.connection, only)
            }
        }
    }

    /// Tells it something ([`text::tell`]).
    ///
    /// # Errors
    /// As there.
    pub fn tell_text(&self, told: &str) -> Result<String> {
        match &self.0 {
            Kind::Local(own) => own.1.tell_text(&own.0, told),
            Kind::Remote(polling) => {
                let mut worker = polling.worker.lock().unwrap_or_else(PoisonError::into_inner);
                text::tell(&mut worker, &polling.connection, told)
            }
        }
    }

    /// How often something was written, or [`Mappings::call`] called; for [`Mappings::wait`].
    pub fn count(&self) -> u64 {
        match &self.0 {
            Kind::Local(own) => own.1.count(),
            Kind::Remote(polling) => *polling.calls.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Waits until the count is no more the one that is known, for some time at most. Of a database elsewhere nobody tells of writes: this is
    /// over when it is time to ask.
    pub fn wait(&self, known: u64, most: Duration) {
        match &self.0 {
            Kind::Local(own) => own.1.wait(known, most),
            Kind::Remote(polling) => {
                let calls = polling.calls.lock().unwrap_or_else(PoisonError::into_inner);
                let waited = polling
                    .called
                    .wait_timeout_while(calls, most.min(POLL_INTERVAL), |calls| *calls == known);
                drop(waited.unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    /// Ends the waiting.
    pub fn call(&self) {
        match &self.0 {
            Kind::Local(own) => own.1.call(),
            Kind::Remote(polling) => {
                *polling.calls.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                polling.called.notify_all();
            }
        }
    }
}
