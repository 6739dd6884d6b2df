//! The work behind a store. One task makes commits safe in time, where calls do not wait for that themselves; one brings the index up to date.
//! They are two, so that a checkpoint that takes long lets nothing become older than was promised.

use std::sync::Arc;
use std::time::Duration;

use super::Shared;
use super::log::defect;
use crate::api::{Error, ErrorCode, Result};
use crate::store::Durability;
use crate::workers::{Next, Task, Work};

/// How long work rests after it has failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// The tasks of an open store, until it is dropped.
#[derive(Debug)]
pub(super) struct Background {
    _indexing: Task,
    _syncing: Option<Task>,
}

struct Indexing(Arc<Shared>);

struct Syncing(Arc<Shared>);

impl Background {
    pub(super) fn start(shared: &Arc<Shared>) -> Result<Background> {
        let indexing = started(Task::start(Indexing(shared.clone())))?;
        shared.checkpoints.wanted.set(indexing.signal()).expect("a store is opened once");
        let syncing = (shared.settings.durability != Durability::Sync)
            .then(|| started(Task::start(Syncing(shared.clone()))))
            .transpose()?;
        Ok(Background { _indexing: indexing, _syncing: syncing })
    }
}

fn started(task: std::io::Result<Task>) -> Result<Task> {
    task.map_err(|e| Error::new(ErrorCode::Open, format!("A thread for background work cannot start: {e}")))
}

impl Work for Indexing {
    fn run(&self) -> Next {
        let _fuse = Fuse(&self.0);
        self.0.bring_up_to_date()
    }
}

impl Work for Syncing {
    fn run(&self) -> Next {
        let _fuse = Fuse(&self.0);
        self.0.sync_in_time()
    }
}

/// Ends the store when work behind it ends in a panic: nobody would go on with that work, and writers would wait for it for ever.
struct Fuse<'a>(&'a Shared);

impl Drop for Fuse<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.log.fail(defect());
            self.0.checkpoints.outcome.notify_all();
        }
    }
}

impl Shared {
    /// Makes commits as safe as was promised.
    fn sync_in_time(&self) -> Next {
        let done = match self.settings.durability {
            Durability::None => self.log.write(),
            Durability::Buffered | Durability::Sync => self.log.sync().map(drop),
        };
        // What fails here fails the next commit, too, where someone hears of it.
        let done = done.and_then(|()| self.log.prepare_spare());
        Next::NotBefore(if done.is_ok() { self.settings.sync_every } else { AFTER_FAILURE })
    }

    /// Makes the checkpoint that commits have asked for, or goes on with what no call waits for.
    fn bring_up_to_date(&self) -> Next {
        let is_due = {
            let mut requests = self.checkpoints.requests.lock();
            let requested = std::mem::take(&mut requests.checkpoint);
            let tidying = std::mem::take(&mut requests.tidying);
            let is_due = requested && self.is_due();
            if !is_due && !tidying {
                return Next::WhenWoken;
            }
            is_due
        };
        // Without a segment made in advance the commit that needs one makes it, and is told if that fails. The other task does this where
        // there is one.
        if self.settings.durability == Durability::Sync {
            drop(self.log.prepare_spare());
        }
        let outcome = if is_due { self.checkpoint() } else { self.tidy() };
        let failed = outcome.is_err();
        *self.checkpoints.outcome.lock() = outcome.err();
        self.checkpoints.outcome.notify_all();
        // After a failure not again with every commit that finds the layer full.
        Next::NotBefore(if failed { AFTER_FAILURE } else { Duration::ZERO })
    }
}
