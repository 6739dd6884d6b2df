//! Making the index anew from the log alone, when it was damaged or is gone.
//!
//! ```text
//! segments in order ──frames──► contents ──when they are large──► index, marked unfinished
//! segments again    ──rows that are still there──► counts of items and bytes
//! records older than a day ──► trimmed, since the segments of their images may be gone
//! ```
//! What only the removed segments would tell has been told again before they were removed ([`super::carry`]).

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use super::failure::{damaged, not_locked, unreadable_segment as unreadable};
use super::frame::{
    Change, FRAME_HEADER_BYTES, FrameHeader, Part, SEGMENT_HEADER_BYTES, SegmentHeader, changes,
};
use super::index::{Index, Reading};
use super::layer::Contents;
use super::open::{read_format, segments_present};
use super::place::{Place, Point, RowPlace};
use super::replay::{Replay, is_zero};
use super::segment::{Lying, Segment, Segments, file_name, frame_at};
use crate::api::{Error, ErrorCode, Result};
use crate::clock::{Millis, millis};
use crate::limits::RETENTION;
use crate::store::vfs::{DiskVfs, Lock, Vfs};
use crate::store::{LogId, Removal, Sequence, TableId};
use crate::value::Item;

/// Log bytes that go to the index at once.
const AT_ONCE_BYTES: u64 = 32 << 20;
/// Records looked at in one go.
const RECORDS_AT_ONCE: usize = 1024;

/// Makes the index of the database in a directory anew. `progress` is told bytes of the log, done and in all; each is read twice.
///
/// # Errors
/// `OpenException` for a directory that is open or holds no database, `CorruptionException` where the log itself was damaged,
/// `StorageException` for the disk's errors.
pub(crate) fn repair(path: &Path, now: Millis, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
    let vfs: Arc<dyn Vfs> = Arc::new(DiskVfs::new(path));
    let Some(database) = read_format(&*vfs)? else {
        let message = format!("{} holds no streamtable database", path.display());
        return Err(Error::new(ErrorCode::Open, message));
    };
    let _lock = Lock::take(path, now).map_err(not_locked)?;
    rebuild(&vfs, database, progress)
}

/// Makes the index anew.
pub(super) fn rebuild(vfs: &Arc<dyn Vfs>, database: u128, progress: &mut dyn FnMut(u64, u64)) -> Result<()> {
    let present = segments_present(&**vfs)?;
    if let Some(missing) = Index::known_segments(&**vfs).into_iter().find(|id| !present.contains(id)) {
        return Err(damaged(&format!("The file {} is missing", file_name(missing))));
    }
    let segments = Segments::new(vfs.clone());
    let mut all = Vec::new();
    for id in &present {
        all.push(segments.open(*id).map_err(|e| unreadable(*id, &e))?);
    }
    let first = all.first().ok_or_else(|| damaged("The folder log holds no file"))?;
    let start = Point { segment: first.id, offset: SEGMENT_HEADER_BYTES };
    let total = 2 * all.iter().map(|segment| u64::from(segment.capacity)).sum::<u64>();
    let mut work = Rebuild {
        index: Index::begin(vfs, start)?,
        segments: &segments,
        database,
        ends: BTreeMap::new(),
        done: 0,
        total,
        progress,
    };
    let end = work.read(&all, start)?;
    work.count(&all, end)?;
    work.index.finish(&present)
}

/// An index being made.
struct Rebuild<'a> {
    index: Index,
    segments: &'a Segments,
    database: u128,
    /// Where the segments end that were read.
    ends: BTreeMap<u32, u32>,
    done: u64,
    total: u64,
    progress: &'a mut dyn FnMut(u64, u64),
}

impl Rebuild<'_> {
    /// Brings all frames to the index; answers where they end.
    fn read(&mut self, all: &[Arc<Segment>], start: Point) -> Result<Point> {
        let mut replay = Replay::without_images(self.segments, self.database, start);
        let (mut end, mut link) = (start, None);
        for (number, segment) in all.iter().enumerate() {
            let is_last = number + 1 == all.len();
            if !self.follows(segment, end, link, is_last)? {
                break;
            }
            let mut offset = SEGMENT_HEADER_BYTES;
            loop {
                let next = replay.read_frames(segment, offset, AT_ONCE_BYTES)?;
                self.advance(u64::from(next - offset));
                end = Point { segment: segment.id, offset: next };
                self.ends.insert(end.segment, end.offset);
                segment.seal(next);
                let contents = replay.take(end);
                // They are counted when all is known.
                self.index.apply(&Contents { totals: BTreeMap::new(), ..contents }, &self.ends)?;
                link = replay.take_link();
                if next == offset || link.is_some() {
                    break;
                }
                offset = next;
            }
        }
        if let Some(lost) = link.filter(|next| all.last().is_none_or(|last| last.id < *next)) {
            return Err(damaged(&format!("The file {} is missing", file_name(lost))));
        }
        // The index must not know more than the log after a power cut.
        replay.make_safe(end)?;
        while self.index.pay()? {}
        // Without rows of removed tables, and in few files.
        self.index.compact()?;
        Ok(end)
    }

    /// Whether a segment goes on from where the one before it ends. The last one need not: it may have been made in advance, or its first
    /// write was never finished; opening sees to that.
    fn follows(&self, segment: &Segment, end: Point, link: Option<u32>, is_last: bool) -> Result<bool> {
        let header = match segment.header() {
            Ok(header) => header,
            Err(e) if is_last && segment.id > end.segment && is_no_header(&e) => return Ok(false),
            Err(e) => return Err(unreadable(segment.id, &e)),
        };
        let SegmentHeader { database, previous_end, .. } = header;
        let is_own = header.segment == segment.id && database == self.database;
        let is_next = match segment.id - end.segment {
            0 => true,
            1 => previous_end == end.offset,
            // Those in between were removed; the one before says that it is whole, or has nothing behind its last frame.
            _ if link.is_some() => true,
            _ => {
                let before = self.segments.get(end.segment).expect("all are open");
                is_zero(&before, end.offset).map_err(|e| unreadable(before.id, &e))?
            }
        };
        if is_own && is_next {
            return Ok(true);
        }
        let which = if is_own { end.segment } else { segment.id };
        Err(damaged(&format!("The file {} is damaged or belongs to another place", file_name(which))))
    }

    /// Counts the rows that are there, and trims the records that nobody can read any more.
    fn count(&mut self, all: &[Arc<Segment>], end: Point) -> Result<()> {
        let reading = self.index.reader();
        let mut contents = Contents { end, ..Contents::default() };
        for segment in all.iter().filter(|segment| segment.id <= end.segment) {
            let mut offset = SEGMENT_HEADER_BYTES;
            while let Lying::Frame(header, payload) =
                frame_at(segment, offset).map_err(|e| unreadable(segment.id, &e))?
            {
                let start = Point { offset: offset + FRAME_HEADER_BYTES as u32, ..header.point };
                for change in changes(&payload).unwrap_or_else(|| unreachable!("it was read before")) {
                    if let Some((table, size)) = self.counted(&reading, &payload, start, &change)? {
                        contents.count(table, 1, size);
                    }
                }
                let bytes = FrameHeader::frame_bytes(payload.len()) as u32;
                self.advance(bytes.into());
                offset += bytes;
            }
        }
        let horizon = reading.high_water().at.saturating_sub(millis(RETENTION));
        for log in reading.heads()?.into_keys() {
            if let Some(upto) = newest_upto(&reading, log, horizon)? {
                contents.remove(Removal::Records(log, upto));
            }
        }
        self.index.apply(&contents, &self.ends)
    }

    /// The table of a row and the size of its item, where this change has made the row what it is.
    fn counted(
        &self,
        reading: &Reading,
        payload: &[u8],
        start: Point,
        change: &Change<'_>,
    ) -> Result<Option<(TableId, i64)>> {
        let (table, key, part) = match change {
            Change::Put { table, key, image, .. } | Change::Moved { table, key, image, .. } => {
                (*table, *key, *image)
            }
            Change::Derived { table, key, reference, .. } => (*table, *key, *reference),
            _ => return Ok(None),
        };
        let known = reading.row(table, key)?;
        let Some(RowPlace { of, .. }) = known.filter(|row| row.place == part.place(start)) else {
            return Ok(None);
        };
        let size = match (of, part) {
            (Some(base), _) => match reading.row(base.table, base.key.as_bytes())? {
                Some(row) => self.size_at(row.place)?,
                None => return Err(damaged("A derived row shows an item that is not there")),
            },
            (None, Part::Here { offset, len, .. }) => {
                Item::from_stored(&payload[offset as usize..(offset + len) as usize]).size()
            }
            (None, Part::There(place)) => self.size_at(place)?,
        };
        Ok(Some((table, size as i64)))
    }

    fn size_at(&self, place: Place) -> Result<usize> {
        let segment = place.point.segment;
        let image = self.segments.image(place).map_err(|e| unreadable(segment, &e))?;
        let image = image.ok_or_else(|| damaged(&format!("The file {} is missing", file_name(segment))))?;
        Ok(image.size())
    }

    fn advance(&mut self, bytes: u64) {
        self.done += bytes;
        (self.progress)(self.done.min(self.total), self.total);
    }
}

fn is_no_header(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// The newest record of a log that was created at a moment or before.
fn newest_upto(reading: &Reading, log: LogId, moment: Millis) -> Result<Option<Sequence>> {
    let (mut newest, mut from) = (None, Bound::Unbounded);
    loop {
        let records = reading.records(log, from, RECORDS_AT_ONCE)?;
        let old = records.iter().take_while(|entry| entry.record.at <= moment);
        newest = old.map(|entry| entry.record.sequence).last().or(newest);
        match records.last() {
            Some(last) if newest == Some(last.record.sequence) => {
                from = Bound::Excluded(last.record.sequence)
            }
            _ => return Ok(newest),
        }
    }
}
