//! Checkpoints: what is in memory goes to the index, in the background, while commits go on.
//!
//! ```text
//! active ──freeze──► frozen ──log synced──► one transaction of the index ──► gone
//!   ▲ commits                                  carries the point of the log it has reached
//! ```

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;

use super::Shared;
use super::layer::{Contents, Layer};
use crate::api::{Error, Result};
use crate::monitor::Monitor;
use crate::workers::Signal;

/// How long a commit waits at most while the index catches up, each time; many short waits instead of one long one.
const SLOWED: Duration = Duration::from_millis(2);
/// Steps of forgetting and merging that the background task takes before it looks at its other work.
const STEPS: usize = 4;

/// How checkpoints and commits meet.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    /// Held by whoever changes the index, for one step: never while a disk other than the database's own is waited for, nor from one step of a
    /// compaction to the next.
    pub(super) running: Mutex<()>,
    /// Held from the begin of a compaction to its end. Taken before `running`.
    pub(super) compacting: Mutex<()>,
    /// Log bytes of the newest layer.
    active_bytes: AtomicU64,
    pub(super) requests: Mutex<Requests>,
    /// Wakes the task that does what is requested.
    pub(super) wanted: OnceLock<Signal>,
    /// How the last checkpoint ended.
    pub(super) outcome: Monitor<Option<Error>>,
}

/// What the background task is to do.
#[derive(Debug, Default)]
pub(super) struct Requests {
    /// Enough has gathered in the newest layer.
    pub(super) checkpoint: bool,
    /// Something removed is still to be forgotten, or runs of the index are to be merged.
    pub(super) tidying: bool,
}

impl Shared {
    /// Holds a commit back while memory is full of what the index does not have yet.
    ///
    /// # Errors
    /// `StorageException` when the index cannot catch up, because its disk is full or fails; what has ended the store.
    pub(super) fn admit(&self) -> Result<()> {
        let limit = self.settings.checkpoint_bytes;
        if self.checkpoints.active_bytes.load(Ordering::Relaxed) < 2 * limit {
            return Ok(());
        }
        let mut outcome = self.checkpoints.outcome.lock();
        loop {
            self.log.check()?;
            let bytes = self.checkpoints.active_bytes.load(Ordering::Relaxed);
            if bytes < 2 * limit {
                return Ok(());
            }
            if bytes >= 4 * limit
                && let Some(error) = &*outcome
            {
                return Err(error.clone());
            }
            let timed_out;
            (outcome, timed_out) = self.checkpoints.outcome.wait_for(outcome, SLOWED);
            if timed_out && bytes < 4 * limit {
                return Ok(());
            }
        }
    }

    /// Asks for a checkpoint when enough has gathered. Without a background task it is done here and now.
    pub(super) fn request_checkpoint(&self, active_bytes: u64) -> Result<()> {
        if active_bytes < self.settings.checkpoint_bytes {
            return Ok(());
        }
        if self.settings.background {
            let is_known = std::mem::replace(&mut self.checkpoints.requests.lock().checkpoint, true);
            if !is_known && let Some(wanted) = self.checkpoints.wanted.get() {
                wanted.wake();
            }
            return Ok(());
        }
        // The commit itself stands, whatever becomes of the checkpoint; the next one that finds no room is told.
        let outcome = self.checkpoint();
        *self.checkpoints.outcome.lock() = outcome.err();
        Ok(())
    }

    /// Brings the index up to date with all that is committed now.
    pub(super) fn checkpoint(&self) -> Result<()> {
        let _running = self.checkpoints.running.lock();
        self.checkpoint_alone()
    }

    /// As [`Shared::checkpoint`], for one who holds `running`.
    pub(super) fn checkpoint_alone(&self) -> Result<()> {
        // Only what was closed to new references before this point is accounted for completely afterwards.
        let condemned: Vec<u32> =
            self.segments.all().iter().filter(|segment| segment.is_condemned()).map(|s| s.id).collect();
        // A frozen layer is left over when the last attempt failed; it goes first.
        let left_over = self.layers.read().frozen.is_some();
        if left_over {
            self.write_frozen()?;
        }
        if self.freeze() {
            self.write_frozen()?;
        }
        let tidied = self.tidy_alone();
        self.reclaim(&condemned)?;
        tidied
    }

    /// Goes on with what no call waits for.
    pub(super) fn tidy(&self) -> Result<()> {
        let _running = self.checkpoints.running.lock();
        self.tidy_alone()
    }

    /// Forgets what was removed and merges runs of the index. The background task goes on with it after it has looked at its other work.
    fn tidy_alone(&self) -> Result<()> {
        let steps = if self.settings.background { STEPS } else { usize::MAX };
        for _ in 0..steps {
            let index = self.index()?;
            if !index.pay()? && !index.merge()? {
                return Ok(());
            }
        }
        self.checkpoints.requests.lock().tidying = true;
        Ok(())
    }

    /// Notes how much the newest layer holds; called with the tail locked.
    pub(super) fn note_active(&self, log_bytes: u64) {
        self.checkpoints.active_bytes.store(log_bytes, Ordering::Relaxed);
    }

    /// Whether the newest layer is still full: commits go on asking until it is closed.
    pub(super) fn is_due(&self) -> bool {
        self.checkpoints.active_bytes.load(Ordering::Relaxed) >= self.settings.checkpoint_bytes
    }

    /// Closes the newest layer; false when there is nothing in it.
    fn freeze(&self) -> bool {
        // With the tail locked, no commit is between the log and the layer.
        let _tail = self.log.lock();
        let mut layers = self.layers.write();
        let (is_empty, end) = {
            let contents = layers.active.read();
            (contents.is_empty(), contents.end)
        };
        if is_empty {
            return false;
        }
        let fresh = Arc::new(Layer::new(Contents { end, ..Contents::default() }));
        layers.frozen = Some(std::mem::replace(&mut layers.active, fresh));
        self.checkpoints.active_bytes.store(0, Ordering::Relaxed);
        true
    }

    fn write_frozen(&self) -> Result<()> {
        let Some(frozen) = self.layers.read().frozen.clone() else { return Ok(()) };
        // The index must not know more than the log after a power cut.
        self.log.sync()?;
        {
            let contents = frozen.read();
            let reached = contents.end;
            let mut segments: BTreeMap<u32, u32> =
                self.segments.all().iter().map(|segment| (segment.id, segment.end())).collect();
            segments.retain(|id, _| *id < reached.segment);
            segments.insert(reached.segment, reached.offset);
            self.index()?.apply(&contents, &segments)?;
        }
        let written = self.layers.write().frozen.take();
        // Thousands of items go with it: nobody waits for that.
        drop(written);
        Ok(())
    }
}
