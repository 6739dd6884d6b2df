//! A database in this process.

use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use super::{Door, Later, Pending};
use crate::api::Result;
use crate::database::{Database, Notice, Ticket};
use crate::registry::{Request, Response};

impl Door for Database {
    fn start(&self, request: Request) -> Pending {
        match Database::start(self, request) {
            Err(error) => Pending::ready(Err(error)),
            Ok((result, ticket)) if self.is_settled(ticket) => Pending::ready(result),
            Ok((result, ticket)) => {
                Pending::later(Settling { database: self.clone(), ticket, result, notice: None })
            }
        }
    }

    fn call(&self, request: Request) -> Result<Response> {
        self.execute(request)
    }

    fn elapsed(&self) -> Duration {
        Database::elapsed(self)
    }
}

/// An answer that is told when the disk has what it rests on. It holds the database, so that it can be waited for whoever closes that.
#[derive(Debug)]
struct Settling {
    database: Database,
    ticket: Ticket,
    result: Result<Response>,
    /// Set where a waker waits: a thread of the library waits for the disk then.
    notice: Option<Arc<Notice>>,
}

impl Later for Settling {
    fn is_ready(&self) -> bool {
        match &self.notice {
            Some(notice) => notice.outcome().is_some(),
            None => self.database.is_settled(self.ticket),
        }
    }

    fn wake_when_ready(&mut self, waker: &Waker) {
        match &self.notice {
            Some(notice) => notice.set_waker(waker),
            None => self.notice = Some(self.database.notify(self.ticket, waker)),
        }
    }

    fn wait(self: Box<Self>) -> Result<Response> {
        let told = self.notice.and_then(|notice| notice.outcome());
        told.unwrap_or_else(|| self.database.settle(self.ticket))?;
        self.result
    }
}
