//! Giving space back: segments nobody needs are removed, segments hardly needed are emptied first.
//!
//! ```text
//! sealed ──mostly dead──► condemned ──next checkpoint──► known to be needed by nothing but rows ──rows moved──► removed
//! ```
//! A record refers to the images of older frames. Once a segment is condemned no new record may; after a checkpoint everything that
//! refers to it is accounted for, and when the last of those records is too old to read, only rows are left.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use parking_lot::MutexGuard;

use super::Shared;
use super::frame::{FRAME_HEADER_BYTES, SEGMENT_HEADER_BYTES};
use super::index::Use;
use super::place::Point;
use super::segment::{Segment, file_name};
use crate::api::{Error, ErrorCode, Result};

/// A segment with less live data than this share of its length is emptied: 1 / 2.
const WORTH_MOVING: u64 = 2;

impl Shared {
    /// Removes segments that nothing refers to, and closes those to new references that have little left. `condemned` were closed before
    /// the checkpoint that has just ended.
    pub(super) fn reclaim(&self, condemned: &[u32]) -> Result<()> {
        let now = self.now.load(Ordering::Relaxed);
        let (uses, applied) = self.uses()?;
        let mut dead = Vec::new();
        for (id, used) in uses.range(..applied.segment) {
            let Some(segment) = self.segments.get(*id) else { continue };
            segment.cut().map_err(|e| {
                Error::new(ErrorCode::Storage, format!("{} cannot be shortened: {e}", file_name(*id)))
            })?;
            if condemned.contains(id) && used.live == 0 && used.until <= now {
                if segment.is_carried() {
                    dead.push(*id);
                } else if !self.log.is_closed() {
                    // It goes with the next checkpoint, when what this adds to the log is safe; with the one of closing, nothing is added.
                    self.carry_all(&segment)?;
                }
            } else if !segment.is_condemned() && used.live * WORTH_MOVING < u64::from(segment.end()) {
                let _none_in_between = self.references.write();
                segment.condemn();
            }
        }
        if !dead.is_empty() {
            self.index()?.forget_segments(&dead)?;
        }
        for id in dead {
            self.segments.remove(id).map_err(|e| {
                Error::new(ErrorCode::Storage, format!("A segment of the log cannot be removed: {e}"))
            })?;
        }
        Ok(())
    }

    fn uses(&self) -> Result<(BTreeMap<u32, Use>, Point)> {
        let index = self.index()?;
        let reader = index.reader();
        Ok((reader.segments(), reader.applied()))
    }

    /// Empties and removes what is worth it. `all` means everything that is not fully live. Works in short steps, between which checkpoints
    /// are made.
    pub(super) fn compact(&self, all: bool) -> Result<()> {
        // Two at once would move the same rows.
        let _compacting = self.checkpoints.compacting.lock();
        if all {
            self.start_segment()?;
        }
        self.checkpoint()?;
        if all {
            while self.forget_some()? {}
            let (uses, applied) = self.uses()?;
            let _none_in_between = self.references.write();
            for (id, used) in uses.range(..applied.segment) {
                // The heads of frames and the keys are a small part of a segment.
                if used.live + used.live / 4 < u64::from(used.end) {
                    self.segments.get(*id).inspect(|segment| segment.condemn());
                }
            }
        }
        // What was condemned by now is accounted for after this.
        self.checkpoint()?;
        let now = self.now.load(Ordering::Relaxed);
        let (uses, applied) = self.uses()?;
        for (id, used) in uses.range(..applied.segment) {
            let Some(segment) = self.segments.get(*id).filter(|segment| segment.is_condemned()) else {
                continue;
            };
            if used.until <= now {
                if !segment.is_carried() {
                    self.empty(&segment)?;
                }
                self.checkpoint()?;
            }
        }
        Ok(())
    }

    /// Tells again what may be known from a segment alone. Nothing lives in it, so this is little.
    fn carry_all(&self, segment: &Segment) -> Result<()> {
        let mut offset = SEGMENT_HEADER_BYTES;
        while offset < segment.end() {
            offset = self.carry_some(segment, offset)?;
        }
        Ok(())
    }

    /// Forgets some of what was removed; false when nothing is left to forget.
    fn forget_some(&self) -> Result<bool> {
        let _running = self.checkpoints.running.lock();
        self.index()?.pay()
    }

    /// Leaves the newest segment, so that it can be emptied or shared, too. The frame without a change takes the index along.
    pub(super) fn start_segment(&self) -> Result<()> {
        let mut tail = self.log.lock();
        self.log.start_segment(&mut tail)?;
        self.log.append(&mut tail, &[], crc32fast::hash(&[]))?;
        let layer = self.layers.read().active.clone();
        let mut contents = layer.write();
        contents.log_bytes += FRAME_HEADER_BYTES as u64;
        contents.end = tail.end();
        Ok(())
    }

    /// Moves the rows of a segment to the end of the log, with all else that may be known from it alone.
    fn empty(&self, segment: &Segment) -> Result<()> {
        let mut offset = SEGMENT_HEADER_BYTES;
        while offset < segment.end() {
            // Moved rows are in memory, too, until the index has them.
            self.admit()?;
            let running = self.checkpoints.running.lock();
            // A checkpoint since the last step may have found that nothing needs it any more.
            if self.segments.get(segment.id).is_none() {
                return Ok(());
            }
            offset = self.carry_some(segment, offset)?;
            // To whoever waits for it, not to the next step.
            MutexGuard::unlock_fair(running);
            self.log.write_gathered()?;
            let log_bytes = self.layers.read().active.read().log_bytes;
            self.request_checkpoint(log_bytes)?;
        }
        Ok(())
    }
}
