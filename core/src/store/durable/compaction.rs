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
use super::frame::{Change, FRAME_HEADER_BYTES, FrameHeader, Part, Payload, SEGMENT_HEADER_BYTES, changes};
use super::index::Use;
use super::layer::{RowEntry, Shows, Stored};
use super::place::{Place, Point};
use super::segment::{Lying, Segment, file_name, frame_at};
use crate::api::{Error, ErrorCode, Result};
use crate::store::TableId;
use crate::value::Item;
use crate::value::key::RowKey;

/// A segment with less live data than this share of its length is emptied: 1 / 2.
const WORTH_MOVING: u64 = 2;
/// Bytes of a segment that are looked at in one step.
const STEP_BYTES: u32 = 1 << 20;

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
                dead.push(*id);
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
            if used.live > 0 && used.until <= now {
                self.empty(&segment)?;
                self.checkpoint()?;
            }
        }
        Ok(())
    }

    /// Forgets some of what was removed; false when nothing is left to forget.
    fn forget_some(&self) -> Result<bool> {
        let _running = self.checkpoints.running.lock();
        self.index()?.pay()
    }

    /// Leaves the newest segment, so that it can be emptied, too. The frame without a change takes the index along.
    fn start_segment(&self) -> Result<()> {
        let mut tail = self.log.lock();
        self.log.start_segment(&mut tail)?;
        self.log.append(&mut tail, &[], crc32fast::hash(&[]))?;
        let layer = self.layers.read().active.clone();
        let mut contents = layer.write();
        contents.log_bytes += FRAME_HEADER_BYTES as u64;
        contents.end = tail.end();
        Ok(())
    }

    /// Moves the rows of a segment to the end of the log.
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
            offset = self.empty_some(segment, offset)?;
            // To whoever waits for it, not to the next step.
            MutexGuard::unlock_fair(running);
            self.log.write_gathered()?;
            let log_bytes = self.layers.read().active.read().log_bytes;
            self.wish_checkpoint(log_bytes)?;
        }
        Ok(())
    }

    /// Moves the rows of some frames; answers where the next one is. `running` is held, so the index does not change meanwhile.
    fn empty_some(&self, segment: &Segment, from: u32) -> Result<u32> {
        let mut offset = from;
        while offset < segment.end() && offset - from < STEP_BYTES {
            let lying = frame_at(segment, offset).map_err(|e| unreadable(segment, offset, &e.to_string()))?;
            let Lying::Frame(header, payload) = lying else {
                return Err(unreadable(segment, offset, "no frame where one must be"));
            };
            let start = Point { offset: offset + FRAME_HEADER_BYTES as u32, ..header.point };
            let found = changes(&payload)
                .ok_or_else(|| unreadable(segment, offset, "a frame holds what is no change"))?;
            for change in found {
                match change {
                    Change::Put { table, key, image, .. } | Change::Moved { table, key, image, .. } => {
                        let Part::Here { offset, len, .. } = image else { continue };
                        let bytes = &payload[offset as usize..(offset + len) as usize];
                        let shows = Shows::Own(Item::from_stored(bytes));
                        self.move_row(table, key, image.place(start), shows)?;
                    }
                    Change::Derived { table, key, base, reference, .. } => {
                        self.move_row(table, key, reference.place(start), Shows::That(base))?;
                    }
                    _ => {}
                }
            }
            offset += FrameHeader::frame_bytes(payload.len()) as u32;
        }
        Ok(offset)
    }

    /// Moves a row, if this image or reference is still its newest.
    fn move_row(&self, table: TableId, key: &[u8], from: Place, shows: Shows) -> Result<()> {
        if self.index()?.reader().row(table, key)?.map(|row| row.place) != Some(from) {
            return Ok(());
        }
        let mut payload = Payload::default();
        let part = match &shows {
            Shows::Own(item) => payload.moved(table, from.point, key, item),
            Shows::That(base) => payload.derived(table, None, None, key, base),
        };
        let crc = crc32fast::hash(&payload.bytes);
        let row = RowKey::from_bytes(key);
        {
            let mut tail = self.log.lock();
            let layers = self.layers.read().clone();
            if layers.all().any(|layer| layer.row(table, key).is_some()) {
                return Ok(());
            }
            let start = self.log.append(&mut tail, &payload.bytes, crc)?;
            let end = tail.end();
            let mut contents = layers.active.write();
            let stored = Some(Stored { shows, place: part.place(start) });
            contents.set_row(table, row.clone(), RowEntry { lsn: end.lsn(), stored });
            contents.log_bytes += payload.bytes.len() as u64;
            contents.end = end;
            self.note_active(contents.log_bytes);
        }
        // The cached row names its old place, which no record may refer to; the next reader finds the new one.
        self.cache.set(table, &row, None);
        Ok(())
    }
}

fn unreadable(segment: &Segment, offset: u32, why: &str) -> Error {
    Error::new(
        ErrorCode::Corruption,
        format!(
            "Segment {} of the log is damaged at byte {offset}: {why}. Run `streamtable verify`, or restore a backup.",
            segment.id
        ),
    )
}
