//! The threads behind a store. One makes commits safe in time, where calls do not wait for that themselves; one brings the index up to date.
//! They are two, so that a checkpoint that takes long lets nothing become older than was promised.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::Shared;
use super::log::defect;
use crate::api::{Error, ErrorCode, Result};
use crate::monitor::Monitor;
use crate::store::Durability;

/// How long a thread rests after its work has failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// The threads of an open store.
#[derive(Debug)]
pub(super) struct Background {
    shared: Arc<Shared>,
    end: Arc<End>,
    threads: Vec<JoinHandle<()>>,
}

/// Tells the syncing thread that it is to end.
#[derive(Debug, Default)]
struct End(Monitor<bool>);

impl End {
    /// Waits for the end, for some time at most; true when it has come.
    fn wait(&self, time: Duration) -> bool {
        let mut come = self.0.lock();
        if !*come {
            (come, _) = self.0.wait_for(come, time);
        }
        *come
    }
}

impl Background {
    pub(super) fn start(shared: &Arc<Shared>) -> Result<Background> {
        let mut background = Background { shared: shared.clone(), end: Arc::default(), threads: Vec::new() };
        background.spawn("streamtable-index", Shared::make_checkpoints)?;
        if shared.settings.durability != Durability::Sync {
            let end = background.end.clone();
            background.spawn("streamtable-sync", move |shared| shared.sync_in_time(&end))?;
        }
        Ok(background)
    }

    fn spawn(&mut self, name: &str, work: impl FnOnce(&Shared) + Send + 'static) -> Result<()> {
        let shared = self.shared.clone();
        let thread = std::thread::Builder::new().name(name.into()).spawn(move || {
            let _fuse = Fuse(&shared);
            work(&shared);
        });
        let thread = thread
            .map_err(|e| Error::new(ErrorCode::Open, format!("A background thread cannot start: {e}")))?;
        self.threads.push(thread);
        Ok(())
    }
}

impl Drop for Background {
    /// Ends the threads and waits for them.
    fn drop(&mut self) {
        *self.end.0.lock() = true;
        self.end.0.notify_all();
        self.shared.checkpoints.requests.lock().stop = true;
        self.shared.checkpoints.requests.notify_all();
        for thread in self.threads.drain(..) {
            if thread.thread().id() != std::thread::current().id() {
                // One that has panicked has ended the store, and every call says so.
                drop(thread.join());
            }
        }
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
    /// Makes commits as safe as was promised, in time, until the end.
    fn sync_in_time(&self, end: &End) {
        let mut rest = self.settings.sync_every;
        while !end.wait(rest) {
            let done = match self.settings.durability {
                Durability::None => self.log.write(),
                Durability::Buffered | Durability::Sync => self.log.sync().map(drop),
            };
            // What fails here fails the next commit, too, where someone hears of it.
            let done = done.and_then(|()| self.log.prepare_spare());
            rest = if done.is_ok() { self.settings.sync_every } else { AFTER_FAILURE };
        }
    }

    /// Makes the checkpoints that commits ask for, until the end.
    fn make_checkpoints(&self) {
        loop {
            let is_due = {
                let mut requests = self.checkpoints.requests.lock();
                while !(requests.stop || requests.checkpoint || requests.tidying) {
                    requests = self.checkpoints.requests.wait(requests);
                }
                if requests.stop {
                    return;
                }
                let requested = std::mem::take(&mut requests.checkpoint);
                let tidying = std::mem::take(&mut requests.tidying);
                let is_due = requested && self.is_due();
                if !is_due && !tidying {
                    continue;
                }
                is_due
            };
            // Without a segment made in advance the commit that needs one makes it, and is told if that fails. The other thread does this
            // where there is one.
            if self.settings.durability == Durability::Sync {
                drop(self.log.prepare_spare());
            }
            let outcome = if is_due { self.checkpoint() } else { self.tidy() };
            let failed = outcome.is_err();
            let requests = self.checkpoints.requests.lock();
            *self.checkpoints.outcome.lock() = outcome.err();
            self.checkpoints.outcome.notify_all();
            if failed && !requests.stop {
                // Not again with every commit that finds the layer full.
                drop(self.checkpoints.requests.wait_for(requests, AFTER_FAILURE));
            }
        }
    }
}
