//! Carrying facts on: before a segment is removed, what may be known from it alone is told again at the end of the log.
//!
//! ```text
//! rows that lie there          moved, with their image or reference
//! rows that are no more        deleted again, where an older segment may still have what the segment says has been replaced
//! catalog, ends of logs        told again as they are now
//! removals                     told again while there is an older segment
//! ```
//! So what the segments that are left say in their order is what the database holds, and the index can be made from them alone.

use std::collections::BTreeSet;

use super::frame::{Before, Change, FRAME_HEADER_BYTES, FrameHeader, Part, Payload, changes};
use super::layer::{RowEntry, Shows, Stored};
use super::place::{Place, Point};
use super::segment::{Lying, Segment, frame_at};
use super::{Layers, Shared};
use crate::api::{Error, ErrorCode, Result};
use crate::store::{HighWater, LogId, MetaChange, Removal, TableId};
use crate::value::Item;
use crate::value::key::RowKey;

/// Bytes of a segment that are looked at in one step.
const STEP_BYTES: u32 = 1 << 20;

/// A row as a frame of the segment speaks of it.
#[derive(Clone, Copy)]
struct Told<'a> {
    table: TableId,
    key: &'a [u8],
    /// Where the frame has put it; none where it says that it is deleted.
    at: Option<Place>,
    /// The segment in which it was before.
    before: Option<u32>,
}

impl Shared {
    /// Carries on what some frames of a segment say; answers where the next one is. `running` is held, so the index does not change
    /// meanwhile.
    pub(super) fn carry_some(&self, segment: &Segment, from: u32) -> Result<u32> {
        let (mut offset, mut logs) = (from, BTreeSet::new());
        while offset < segment.end() && offset - from < STEP_BYTES {
            let lying = frame_at(segment, offset).map_err(|e| unreadable(segment, offset, &e.to_string()))?;
            let Lying::Frame(header, payload) = lying else {
                return Err(unreadable(segment, offset, "no frame where one must be"));
            };
            let start = Point { offset: offset + FRAME_HEADER_BYTES as u32, ..header.point };
            let found = changes(&payload)
                .ok_or_else(|| unreadable(segment, offset, "a frame holds what is no change"))?;
            for change in found {
                self.carry(segment.id, &payload, start, change, &mut logs)?;
            }
            offset += FrameHeader::frame_bytes(payload.len()) as u32;
        }
        self.carry_ends(&logs)?;
        if offset >= segment.end() {
            segment.note_carried();
        }
        Ok(offset)
    }

    fn carry(
        &self,
        segment: u32,
        payload: &[u8],
        start: Point,
        change: Change<'_>,
        logs: &mut BTreeSet<LogId>,
    ) -> Result<()> {
        match change {
            Change::Put { table, before, key, image } => {
                let told = Told { table, key, at: Some(image.place(start)), before: before.segment };
                self.carry_row(segment, told, own(payload, image))
            }
            Change::Moved { table, from, key, image } => {
                let told = Told { table, key, at: Some(image.place(start)), before: Some(from.segment) };
                self.carry_row(segment, told, own(payload, image))
            }
            Change::Derived { table, before, key, base, reference, .. } => {
                let told = Told { table, key, at: Some(reference.place(start)), before: before.segment };
                self.carry_row(segment, told, Some(Shows::That(base)))
            }
            Change::Delete { table, before, key } => {
                self.carry_row(segment, Told { table, key, at: None, before: before.segment }, None)
            }
            Change::Record { log, .. }
            | Change::Head { log, .. }
            | Change::Removal(Removal::Records(log, _)) => {
                logs.insert(log);
                Ok(())
            }
            Change::HighWater(_) | Change::Continued(_) => Ok(()),
            Change::Removal(removal) if self.has_older(segment) => {
                let removal = match removal {
                    // Of a clock that was set back, the time that counts now.
                    Removal::Later(_) => Removal::Later(self.newest_now()?.at),
                    other => other,
                };
                let mut payload = Payload::default();
                payload.removal(removal);
                self.tell_unless(&payload, |_| false)
            }
            Change::Meta { name, text } => self.carry_meta(segment, name, text),
            Change::Removal(_) => Ok(()),
        }
    }

    /// Moves a row that lies in the segment, or says again that it is deleted.
    fn carry_row(&self, segment: u32, told: Told<'_>, shows: Option<Shows>) -> Result<()> {
        let Told { table, key, at, before } = told;
        let may_come_back =
            before.filter(|before| *before != segment && self.segments.get(*before).is_some());
        if shows.is_none() && may_come_back.is_none() {
            return Ok(());
        }
        let reading = self.index()?.reader();
        if reading.is_removed(table) {
            return Ok(());
        }
        let known = reading.row(table, key)?.map(|row| row.place);
        match (known, shows) {
            (Some(place), Some(shows)) if at == Some(place) => self.move_row(table, key, place, shows),
            (None, _) if may_come_back.is_some() => {
                let mut payload = Payload::default();
                payload.delete(table, Before { size: None, segment: may_come_back }, key);
                self.tell_unless(&payload, |layers| layers.all().any(|layer| layer.row(table, key).is_some()))
            }
            _ => Ok(()),
        }
    }

    fn move_row(&self, table: TableId, key: &[u8], from: Place, shows: Shows) -> Result<()> {
        let mut payload = Payload::default();
        let part = match &shows {
            Shows::Own(item) => payload.moved(table, from.point, key, item),
            Shows::That(base) => {
                let before = Before { size: None, segment: Some(from.point.segment) };
                payload.derived(table, before, None, key, base)
            }
        };
        let crc = crc32fast::hash(&payload.bytes);
        let row = RowKey::from_bytes(key);
        // A commit says where the row lies that it replaces, and must not be wrong when it is in the log.
        let _none_in_between = self.references.write();
        {
            let mut tail = self.log.lock();
            let layers = self.layers.read().clone();
            if layers.all().any(|layer| layer.row(table, key).is_some() || layer.has_removed(table)) {
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

    fn carry_meta(&self, segment: u32, name: &str, text: Option<&str>) -> Result<()> {
        let known = self.index()?.reader().text(name)?;
        let is_needed = text.is_some() || self.has_older(segment);
        if known.as_deref() != text || !is_needed {
            return Ok(());
        }
        let mut payload = Payload::default();
        payload.meta(&MetaChange { name: name.to_owned(), text: text.map(str::to_owned) });
        self.tell_unless(&payload, |layers| layers.all().any(|layer| layer.read().meta.contains_key(name)))
    }

    /// The ends of logs as they are now, and the newest of all that was committed.
    fn carry_ends(&self, logs: &BTreeSet<LogId>) -> Result<()> {
        let mut payload = Payload::default();
        {
            let known = self.logs.read();
            for (log, state) in logs.iter().filter_map(|log| Some((log, known.get(log)?))) {
                payload.head(*log, state.head);
            }
        }
        payload.high_water(self.newest_now()?);
        self.tell_unless(&payload, |_| false)
    }

    /// The newest of all that was committed.
    fn newest_now(&self) -> Result<HighWater> {
        let layers = self.layers.read().clone();
        let mut newest = self.index()?.reader().high_water();
        for layer in layers.frozen.iter().chain([&layers.active]) {
            let contents = layer.read();
            newest.at = contents.turned_back.map_or(newest.at, |to| newest.at.min(to));
            newest = newest.newest(contents.high_water);
        }
        Ok(newest)
    }

    /// Adds a frame that changes nothing, unless something newer is known.
    fn tell_unless(&self, payload: &Payload, is_newer: impl FnOnce(&Layers) -> bool) -> Result<()> {
        let crc = crc32fast::hash(&payload.bytes);
        let mut tail = self.log.lock();
        let layers = self.layers.read().clone();
        if is_newer(&layers) {
            return Ok(());
        }
        self.log.append(&mut tail, &payload.bytes, crc)?;
        let mut contents = layers.active.write();
        contents.log_bytes += payload.bytes.len() as u64;
        contents.end = tail.end();
        self.note_active(contents.log_bytes);
        Ok(())
    }

    fn has_older(&self, segment: u32) -> bool {
        self.segments.all().first().is_some_and(|oldest| oldest.id < segment)
    }
}

fn own(payload: &[u8], image: Part) -> Option<Shows> {
    let Part::Here { offset, len, .. } = image else { return None };
    let bytes = &payload[offset as usize..(offset + len) as usize];
    Some(Shows::Own(Item::from_stored(bytes)))
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
