//! Reading the log from where the index ends, after a crash or after being left open.
//!
//! A frame that is not whole ends the history: it was being written when the power went. But when a later frame says that the log was
//! safe beyond that point, the disk has lost what it had promised to keep, and that is an error, not an end.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use super::LogState;
use super::failure::{damaged, unreadable_segment as unreadable};
use super::frame::{
    Change, FRAME_ALIGNMENT, FRAME_HEADER_BYTES, FrameHeader, Part, Parts, Payload, SEGMENT_HEADER_BYTES,
    SegmentHeader, changes,
};
use super::index::Head;
use super::layer::{Contents, RecordEntry, RecordPlaces, RowEntry, Shows, Stored};
use super::place::Point;
use super::segment::{Lying, Segment, Segments, file_name, frame_at, rewrite};
use crate::api::{Error, Result};
use crate::store::{LogId, LogRecord, Lsn, Removal, Sequence, TableId};
use crate::value::Item;
use crate::value::key::RowKey;

/// Bytes of a segment's unused end that are read at once.
const LOOKED_AT_BYTES: u32 = 1 << 20;

/// What a replayed frame did to the ends of a log.
#[derive(Debug)]
pub(super) enum LogChange {
    Appended(LogId, Sequence, Lsn),
    Removed(Removal),
    /// What is known already, unless the index had to be made anew.
    Told(LogId, Head),
}

impl LogChange {
    pub(super) fn note(self, logs: &mut BTreeMap<LogId, LogState>) {
        match self {
            LogChange::Appended(log, last, lsn) => {
                let state = logs.entry(log).or_default();
                state.head.last = Some(last);
                state.lsn = lsn;
            }
            LogChange::Removed(removal) => super::note_removal(logs, removal),
            LogChange::Told(log, head) => {
                let state = logs.entry(log).or_default();
                state.head = state.head.newest(head);
            }
        }
    }
}

/// What a replay has found.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) contents: Contents,
    pub(super) heads: Vec<LogChange>,
    /// Where the log goes on.
    pub(super) segment: Arc<Segment>,
    pub(super) end: Point,
}

/// A replay.
#[derive(Debug)]
pub(super) struct Replay<'a> {
    segments: &'a Segments,
    database: u128,
    applied: Point,
    /// The farthest point that any frame calls safe.
    synced: Lsn,
    contents: Contents,
    heads: Vec<LogChange>,
    /// Where the segment that was read last says that the log goes on.
    link: Option<u32>,
    /// Whether the images of records are read into memory.
    with_images: bool,
}

impl<'a> Replay<'a> {
    pub(super) fn new(segments: &'a Segments, database: u128, applied: Point) -> Replay<'a> {
        let contents = Contents { end: applied, ..Contents::default() };
        Replay {
            segments,
            database,
            applied,
            synced: Lsn::default(),
            contents,
            heads: Vec::new(),
            link: None,
            with_images: true,
        }
    }

    /// For the index, which needs only their places.
    pub(super) fn without_images(segments: &'a Segments, database: u128, from: Point) -> Replay<'a> {
        Replay { with_images: false, ..Replay::new(segments, database, from) }
    }

    /// Where the segment that was read last says that the log goes on.
    pub(super) fn take_link(&mut self) -> Option<u32> {
        self.link.take()
    }

    /// What was read since the last time, up to a point.
    pub(super) fn take(&mut self, end: Point) -> Contents {
        self.heads.clear();
        let read = std::mem::replace(&mut self.contents, Contents { end, ..Contents::default() });
        Contents { end, ..read }
    }

    /// Reads to the end. `later` are the segments after the one the index has reached.
    pub(super) fn run(&mut self, later: &BTreeSet<u32>) -> Result<Replayed> {
        let mut segment = self
            .segments
            .get(self.applied.segment)
            .ok_or_else(|| damaged(&format!("The file {} is missing", file_name(self.applied.segment))))?;
        self.check_header(&segment)?;
        let mut offset = self.read_frames(&segment, self.applied.offset, u64::MAX)?;
        let mut rest = later.clone();
        while let Some(next) = self.successor(&segment, offset, &rest)? {
            segment.seal(offset);
            if self.link.take().is_none() {
                // The power went before it was written, or before it was safe.
                write_link(&segment, offset, next.id).map_err(|e| unreadable(segment.id, &e))?;
            }
            rest.remove(&next.id);
            segment = next;
            offset = self.read_frames(&segment, SEGMENT_HEADER_BYTES, u64::MAX)?;
        }
        if let Some(lost) = self.link.filter(|next| !later.contains(next)) {
            return Err(damaged(&format!("The file {} is missing", file_name(lost))));
        }
        let end = Point { segment: segment.id, offset };
        let clean = self.is_clean_end(&segment, offset, &rest)?;
        for id in rest {
            self.segments.remove(id).map_err(|e| unreadable(id, &e))?;
        }
        let contents = std::mem::take(&mut self.contents);
        let heads = std::mem::take(&mut self.heads);
        if !contents.is_empty() {
            self.make_safe(end)?;
        }
        if clean {
            return Ok(Replayed { contents, heads, segment, end });
        }
        let (segment, end) = self.start_over(&segment, end)?;
        Ok(Replayed { contents, heads, segment, end })
    }

    /// Makes what was read safe. After a kill the end of it may be in the system's memory only, and nobody is to be told of it before it is
    /// on the disk. The frames say up to where the log was safe when the last one was made.
    ///
    /// A sync alone does not make the rest safe: when one before the kill has failed, the system takes the pages that it could not write
    /// for written. So they are written again.
    pub(super) fn make_safe(&self, end: Point) -> Result<()> {
        let safe = Point::of(self.synced.max(self.applied.lsn()));
        for id in safe.segment..=end.segment {
            let Some(segment) = self.segments.get(id) else { continue };
            let from = if id == safe.segment { safe.offset } else { 0 };
            let to = if id == end.segment { end.offset } else { segment.end() };
            rewrite(&*segment.file, from.into(), to.into())
                .and_then(|()| segment.file.sync())
                .map_err(|e| unreadable(id, &e))?;
        }
        Ok(())
    }

    fn check_header(&self, segment: &Segment) -> Result<()> {
        let header = segment.header().map_err(|e| unreadable(segment.id, &e))?;
        if header.segment == segment.id && header.database == self.database {
            return Ok(());
        }
        Err(damaged(&format!(
            "The file {} belongs to another place or another database",
            file_name(segment.id)
        )))
    }

    /// The segment after this one, if this one ends where that one says.
    fn successor(&self, segment: &Segment, end: u32, later: &BTreeSet<u32>) -> Result<Option<Arc<Segment>>> {
        let id = segment.id + 1;
        if !later.contains(&id) {
            return Ok(None);
        }
        let next = self.segments.open(id).map_err(|e| unreadable(id, &e))?;
        match next.header() {
            Ok(SegmentHeader { segment, database, previous_end }) => {
                let follows = segment == id && database == self.database && previous_end == end;
                Ok(follows.then_some(next))
            }
            // Made in advance, or its first write was never finished.
            Err(e) if matches!(e.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
                Ok(None)
            }
            Err(e) => Err(unreadable(id, &e)),
        }
    }

    /// Reads frames up to the link to the next segment or the first that is none, or until so many bytes are read; returns where that is.
    pub(super) fn read_frames(&mut self, segment: &Segment, mut offset: u32, most: u64) -> Result<u32> {
        while self.contents.log_bytes < most
            && let Lying::Frame(header, payload) =
                frame_at(segment, offset).map_err(|e| unreadable(segment.id, &e))?
        {
            self.synced = self.synced.max(header.synced);
            if let Some([Change::Continued(next)]) = changes(&payload).as_deref() {
                self.link = Some(*next);
                break;
            }
            let start = Point { offset: offset + FRAME_HEADER_BYTES as u32, ..header.point };
            offset += FrameHeader::frame_bytes(payload.len()) as u32;
            let end = Point { segment: segment.id, offset };
            self.read_payload(&payload, start, end.lsn()).map_err(|why| {
                why.unwrap_or_else(|| {
                    damaged(&format!("A frame of {} holds what is no change", file_name(segment.id)))
                })
            })?;
            self.contents.log_bytes += payload.len() as u64;
            self.contents.end = end;
        }
        Ok(offset)
    }

    fn read_payload(&mut self, payload: &[u8], start: Point, lsn: Lsn) -> Result<(), Option<Error>> {
        for change in changes(payload).ok_or(None)? {
            match change {
                Change::Put { table, before, key, image } => {
                    let item = here(payload, image).ok_or(None)?;
                    let before = before.size.map_or((0, 0), |size| (1, i64::from(size)));
                    self.contents.count(table, 1 - before.0, item.size() as i64 - before.1);
                    let stored = Stored { shows: Shows::Own(item), place: image.place(start) };
                    self.set_row(table, key, lsn, Some(stored));
                }
                Change::Delete { table, before, key } => {
                    let before = before.size.map_or((0, 0), |size| (1, i64::from(size)));
                    self.contents.count(table, -before.0, -before.1);
                    self.set_row(table, key, lsn, None);
                }
                Change::Moved { table, key, image, .. } => {
                    let item = here(payload, image).ok_or(None)?;
                    let stored = Stored { shows: Shows::Own(item), place: image.place(start) };
                    self.set_row(table, key, lsn, Some(stored));
                }
                Change::Derived { table, before, size, key, base, reference } => {
                    let measure = |size: Option<u32>| size.map_or((0, 0), |size| (1, i64::from(size)));
                    let (before, after) = (measure(before.size), measure(size));
                    self.contents.count(table, after.0 - before.0, after.1 - before.1);
                    let stored = Stored { shows: Shows::That(base), place: reference.place(start) };
                    self.set_row(table, key, lsn, Some(stored));
                }
                Change::Record { log, sequence, at, name, by_service, retention, parts } => {
                    let Parts { keys, new, old } = parts;
                    let record = LogRecord {
                        sequence,
                        at,
                        name,
                        keys: self.image(payload, keys)?,
                        new_image: self.image(payload, new)?,
                        old_image: self.image(payload, old)?,
                        by_service,
                    };
                    let places = RecordPlaces::of(parts, start);
                    self.contents.add_record(log, retention, RecordEntry { lsn, record, places });
                    self.heads.push(LogChange::Appended(log, sequence, lsn));
                }
                Change::HighWater(newest) => {
                    self.contents.high_water = self.contents.high_water.newest(newest);
                }
                Change::Head { log, head } => {
                    self.contents.set_head(log, head);
                    self.heads.push(LogChange::Told(log, head));
                }
                Change::Meta { name, text } => {
                    self.contents.meta.insert(name.to_owned(), text.map(str::to_owned));
                }
                Change::Removal(removal) => {
                    self.contents.remove(removal);
                    self.heads.push(LogChange::Removed(removal));
                }
                // In a frame of its own, which is not read here.
                Change::Continued(_) => return Err(None),
            }
        }
        Ok(())
    }

    fn set_row(&mut self, table: TableId, key: &[u8], lsn: Lsn, stored: Option<Stored>) {
        self.contents.set_row(table, RowKey::from_bytes(key), RowEntry { lsn, stored });
    }

    /// The image of a record, which may lie in an older frame.
    fn image(&mut self, payload: &[u8], part: Option<Part>) -> Result<Option<Item>, Option<Error>> {
        let Some(part) = part.filter(|_| self.with_images) else { return Ok(None) };
        let Part::There(place) = part else { return here(payload, part).ok_or(None).map(Some) };
        match self.segments.image(place) {
            Ok(Some(item)) => Ok(Some(item)),
            Ok(None) => {
                Err(Some(damaged(&format!("The file {} is missing", file_name(place.point.segment)))))
            }
            Err(e) => Err(Some(unreadable(place.point.segment, &e))),
        }
    }

    /// Whether nothing was ever written beyond the end.
    ///
    /// # Errors
    /// `CorruptionException` when something was, and was safe.
    fn is_clean_end(&self, segment: &Segment, end: u32, later: &BTreeSet<u32>) -> Result<bool> {
        let reached = Point { segment: segment.id, offset: end }.lsn();
        let mut clean = self.check_rest(segment, end, reached)?;
        for id in later {
            let later = match self.segments.get(*id) {
                Some(open) => open,
                None => self.segments.open(*id).map_err(|e| unreadable(*id, &e))?,
            };
            clean &= self.check_rest(&later, 0, reached)?;
        }
        // A segment made in advance is empty, and made anew when it is needed.
        Ok(clean)
    }

    /// Looks for frames in what is left of a segment; true when there are only zeros.
    fn check_rest(&self, segment: &Segment, from: u32, reached: Lsn) -> Result<bool> {
        if is_zero(segment, from).map_err(|e| unreadable(segment.id, &e))? {
            return Ok(true);
        }
        let mut rest = vec![0; segment.capacity.saturating_sub(from) as usize];
        segment.file.read_at(&mut rest, u64::from(from)).map_err(|e| unreadable(segment.id, &e))?;
        for at in (0..rest.len()).step_by(FRAME_ALIGNMENT) {
            let point = Point { segment: segment.id, offset: from + at as u32 };
            let Some(header) = FrameHeader::at(point, &rest[at..]) else { continue };
            if header.synced > reached {
                let Point { segment, offset } = Point::of(reached);
                return Err(damaged(&format!(
                    "The log is damaged at byte {offset} of {}: commits after it were acknowledged",
                    file_name(segment)
                )));
            }
        }
        Ok(false)
    }

    /// Leaves behind what was never finished: it is cut off, and the log goes on in a new segment, so that no stale frame can ever stand
    /// where a new one ends.
    fn start_over(&self, segment: &Segment, end: Point) -> Result<(Arc<Segment>, Point)> {
        segment.seal(end.offset);
        let cut = segment.file.set_len(u64::from(end.offset)).and_then(|()| segment.file.sync());
        cut.map_err(|e| unreadable(segment.id, &e))?;
        let id = segment.id + 1;
        let made = self.segments.create(id, segment.capacity).and_then(|fresh| {
            let header = SegmentHeader { segment: id, database: self.database, previous_end: end.offset };
            fresh.file.write_at(&header.to_bytes(), 0)?;
            fresh.file.sync()?;
            Ok(fresh)
        });
        let fresh = made.map_err(|e| super::log::refused("The log cannot grow", &e))?;
        write_link(segment, end.offset, id).map_err(|e| unreadable(segment.id, &e))?;
        self.segments.add(fresh.clone());
        Ok((fresh, Point { segment: id, offset: SEGMENT_HEADER_BYTES }))
    }
}

/// Says in a segment that the log goes on in another one, and makes that safe.
fn write_link(segment: &Segment, end: u32, next: u32) -> io::Result<()> {
    let payload = Payload::continued(next).bytes;
    let point = Point { segment: segment.id, offset: end };
    let crc = crc32fast::hash(&payload);
    let header = FrameHeader { len: payload.len() as u32, point, synced: Lsn::default(), crc };
    let mut frame = header.to_bytes().to_vec();
    frame.extend_from_slice(&payload);
    frame.resize(FrameHeader::frame_bytes(payload.len()), 0);
    segment.file.write_at(&frame, u64::from(end))?;
    segment.file.sync()
}

/// Whether a segment holds nothing from a point on, as after every clean end.
pub(super) fn is_zero(segment: &Segment, mut from: u32) -> io::Result<bool> {
    let mut buffer = vec![0; LOOKED_AT_BYTES.min(segment.capacity.saturating_sub(from)) as usize];
    while from < segment.capacity {
        let part = &mut buffer[..LOOKED_AT_BYTES.min(segment.capacity - from) as usize];
        segment.file.read_at(part, u64::from(from))?;
        // In words: it is all that is done for most of the bytes that opening reads.
        let mut words = part.chunks_exact(16);
        let is_zero = |word: &[u8]| u128::from_ne_bytes(word.try_into().expect("sixteen bytes")) == 0;
        if !words.by_ref().all(is_zero) || words.remainder().iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        from += part.len() as u32;
    }
    Ok(true)
}

/// An image of this payload.
fn here(payload: &[u8], part: Part) -> Option<Item> {
    let Part::Here { offset, len, .. } = part else { return None };
    payload.get(offset as usize..(offset + len) as usize).map(Item::from_stored)
}
