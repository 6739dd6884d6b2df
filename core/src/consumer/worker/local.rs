//! A worker of a database in this process: what is written to it wakes its mappings. Threads may share it.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::{Delivery, Next, Task, Told, Worker, text};
use crate::api::{Error, Result, TransactWriteItem};
use crate::consumer::{Outcome, Response};
use crate::database::Database;
use crate::door::Door;
use crate::engine::Watch;
use crate::registry::{Request, Response as Answer};

/// A worker, and what tells it of writes.
#[derive(Debug)]
pub struct Local {
    worker: Mutex<Worker>,
    watch: Arc<Watch>,
}

/// The database as its worker asks it: its calls are not among those that are counted and remembered.
#[derive(Debug)]
struct Unseen<'a>(&'a Database);

impl Door for Unseen<'_> {
    fn call(&self, request: Request) -> Result<Answer> {
        self.0.execute_unseen(request)
    }

    fn elapsed(&self) -> Duration {
        Door::elapsed(self.0)
    }
}

/// Functions, as a program in Rust has them.
pub trait Handler {
    /// Runs a function: [`Task::invocation`] has the event, [`Task::function`] says which.
    fn handle(&self, task: &Task) -> Outcome;

    /// As [`Handler::handle`], for functions whose effects are writes into the same database that are to be done exactly once: what is pushed into
    /// `writes` is done in the commit that settles the records ([`Worker::complete_with`]), where the function has answered.
    fn handle_once(&self, task: &Task, writes: &mut Vec<TransactWriteItem>) -> Outcome {
        let _ = writes;
        self.handle(task)
    }

    /// Tells that the writes of an invocation cannot be kept, and why.
    fn refused(&self, task: &Task, error: &Error) {
        let _ = (task, error);
    }

    /// Tells of failures; those of which it could not be told come back by their index. Only for mappings of
    /// [`Worker::deliver_by_host`].
    fn failed(&self, delivery: &Delivery) -> Vec<usize> {
        (0..delivery.failures.len()).collect()
    }
}

impl Local {
    /// A worker of a database. What it leaves to chance follows from the seed.
    pub fn new(database: &Database, seed: u64) -> Local {
        Local { worker: Mutex::new(Worker::new(seed, true)), watch: database.watch() }
    }

    /// As [`Worker::next`].
    ///
    /// # Errors
    /// As there.
    pub fn next(&self, database: &Database) -> Result<Next> {
        self.with(database, |worker, door| worker.next(door, None))
    }

    /// As [`Worker::redrive_every`].
    ///
    /// # Errors
    /// As there.
    pub fn redrive_every(&self, database: &Database, uuid: &str, every: Option<Duration>) -> Result<()> {
        self.with(database, |worker, door| worker.redrive_every(door, uuid, every))
    }

    /// As [`text::next`].
    ///
    /// # Errors
    /// As there.
    pub fn next_text(&self, database: &Database, only: Option<&str>) -> Result<String> {
        self.with(database, |worker, door| text::next(worker, door, only))
    }

    /// As [`text::tell`].
    ///
    /// # Errors
    /// As there.
    pub fn tell_text(&self, database: &Database, told: &str) -> Result<String> {
        self.with(database, |worker, door| text::tell(worker, door, told))
    }

    /// As [`Worker::complete_with`].
    ///
    /// # Errors
    /// As there.
    pub fn complete_with(
        &self,
        database: &Database,
        ticket: u64,
        response: Response,
        writes: Vec<TransactWriteItem>,
    ) -> Result<Told> {
        self.with(database, |worker, door| worker.complete_with(door, ticket, response, writes))
    }

    /// As [`Worker::complete`].
    ///
    /// # Errors
    /// As there.
    pub fn complete(&self, database: &Database, ticket: u64, outcome: Outcome) -> Result<bool> {
        self.with(database, |worker, door| worker.complete(door, ticket, outcome))
    }

    fn with<T>(
        &self,
        database: &Database,
        work: impl FnOnce(&mut Worker, &dyn Door) -> Result<T>,
    ) -> Result<T> {
        let mut worker = self.worker.lock();
        let now = database.now()?;
        let (tables, have_mappings_changed) = self.watch.take_all();
        worker.hear(now, have_mappings_changed);
        worker.wake(&tables);
        let result = work(&mut worker, &Unseen(database));
        if std::mem::take(&mut worker.has_redriven) {
            // Others may wait for their turn.
            self.watch.call();
        }
        result
    }

    /// How often something was written, or [`Local::call`] called; for [`Local::wait`].
    pub fn count(&self) -> u64 {
        self.watch.count()
    }

    /// Waits until the count is no more the one that is known, for some time at most.
    pub fn wait(&self, known: u64, most: Duration) {
        self.watch.wait(known, most);
    }

    /// Ends the waiting.
    pub fn call(&self) {
        self.watch.call();
    }

    /// Invokes functions until there is nothing to do at this moment of the database's clock; gives how often. A function that writes into its own
    /// source goes on for ever, which `most` invocations end.
    ///
    /// # Errors
    /// The database's own.
    pub fn run_until_idle(&self, database: &Database, handler: &dyn Handler, most: usize) -> Result<usize> {
        let mut invocations = 0;
        while invocations < most {
            match self.next(database)? {
                Next::Invoke(task) => {
                    self.invoke(database, handler, &task)?;
                    invocations += 1;
                }
                Next::Deliver(delivery) => {
                    let undelivered = handler.failed(&delivery);
                    self.with(database, |worker, door| {
                        worker.delivered(door, delivery.ticket, &undelivered)
                    })?;
                }
                Next::SleepUntil(_) | Next::RedriveAt(_) | Next::Idle => break,
            }
        }
        Ok(invocations)
    }

    fn invoke(&self, database: &Database, handler: &dyn Handler, task: &Task) -> Result<()> {
        let mut writes = Vec::new();
        let response = match handler.handle_once(task, &mut writes) {
            Outcome::Success(response) => response,
            outcome => {
                self.complete(database, task.ticket, outcome)?;
                return Ok(());
            }
        };
        if let Told::Refused(error) = self.complete_with(database, task.ticket, response, writes)? {
            handler.refused(task, &error);
        }
        Ok(())
    }
}
