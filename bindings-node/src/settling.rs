//! Waiting for a disk without holding up the host: what is started on its thread is settled on one of the pool.

use std::cell::Cell;

use napi::{Env, Task};
use streamtable::{Database, Error, Ticket};

use crate::outcome::{Outcome, guarded};

/// What has been started and not been waited for.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// The newest place of them all.
    newest: Cell<Option<Ticket>>,
    /// Whether the last one has to wait.
    last: Cell<bool>,
}

impl Pending {
    /// A call begins: so far there is nothing to wait for.
    pub(crate) fn begin(&self) {
        self.last.set(false);
    }

    pub(crate) fn note(&self, database: &Database, ticket: Ticket) {
        if !database.is_settled(ticket) {
            self.newest.set(self.newest.get().max(Some(ticket)));
            self.last.set(true);
        }
    }

    pub(crate) fn is_pending(&self) -> bool {
        self.last.get()
    }

    /// Takes over all that was started so far.
    pub(crate) fn settling(&self, database: &Database) -> Settling {
        Settling { database: database.clone(), ticket: self.newest.take() }
    }
}

/// Waits on a thread of the pool. It holds the database, so that neither a collected handle nor a closed one takes it away.
#[derive(Debug)]
pub struct Settling {
    database: Database,
    ticket: Option<Ticket>,
}

impl Task for Settling {
    type Output = Option<Error>;
    type JsValue = Option<Outcome>;

    fn compute(&mut self) -> napi::Result<Option<Error>> {
        let Some(ticket) = self.ticket else { return Ok(None) };
        Ok(guarded(|| self.database.settle(ticket)).err())
    }

    fn resolve(&mut self, _env: Env, failure: Option<Error>) -> napi::Result<Option<Outcome>> {
        Ok(failure.map(Outcome::Error))
    }
}
