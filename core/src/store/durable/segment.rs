//! The files of the log, and reading images from them.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use parking_lot::{Mutex, RwLock};

use super::frame::{FRAME_HEADER_BYTES, FrameHeader, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::place::{Place, Point};
use crate::store::vfs::{Opened, Vfs, VfsFile};
use crate::value::Item;

/// The folder of the log.
pub(super) const LOG_FOLDER: &str = "log";

/// The file that becomes the next segment.
const SPARE_FILE: &str = "log/spare";

/// The name of a segment's file.
pub(super) fn file_name(segment: u32) -> String {
    format!("{LOG_FOLDER}/{segment:010}.log")
}

/// The segment of a name in the log's folder.
pub(super) fn segment_of(name: &str) -> Option<u32> {
    let number = name.strip_suffix(".log")?.parse().ok()?;
    (file_name(number).strip_prefix(LOG_FOLDER)?.strip_prefix('/')? == name).then_some(number)
}

/// One file of the log.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) id: u32,
    pub(super) file: Arc<dyn VfsFile>,
    /// Bytes the file has room for.
    pub(super) capacity: u32,
    /// Where the frames end, once no more come; until then the capacity.
    end: AtomicU32,
    /// Set before its live images are moved away: no new record may refer to its images.
    condemned: AtomicBool,
    /// Whether room beyond the end has been given back.
    cut: AtomicBool,
    /// Whether all that might be known from this segment alone has been told again.
    carried: AtomicBool,
}

impl Segment {
    pub(super) fn new(id: u32, file: Arc<dyn VfsFile>, capacity: u32) -> Segment {
        Segment {
            id,
            file,
            capacity,
            end: AtomicU32::new(capacity),
            condemned: AtomicBool::new(false),
            cut: AtomicBool::new(false),
            carried: AtomicBool::new(false),
        }
    }

    pub(super) fn end(&self) -> u32 {
        self.end.load(Ordering::Acquire)
    }

    pub(super) fn seal(&self, end: u32) {
        self.end.store(end, Ordering::Release);
    }

    /// Gives back the room that was reserved beyond the end of a sealed segment.
    pub(super) fn cut(&self) -> io::Result<()> {
        if self.capacity > self.end() && !self.cut.swap(true, Ordering::AcqRel) {
            self.file.set_len(u64::from(self.end()))?;
        }
        Ok(())
    }

    pub(super) fn is_condemned(&self) -> bool {
        self.condemned.load(Ordering::Acquire)
    }

    pub(super) fn condemn(&self) {
        self.condemned.store(true, Ordering::Release);
    }

    pub(super) fn is_carried(&self) -> bool {
        self.carried.load(Ordering::Acquire)
    }

    pub(super) fn note_carried(&self) {
        self.carried.store(true, Ordering::Release);
    }

    /// The segment's header; an error of kind `InvalidData` for bytes that are none.
    pub(super) fn header(&self) -> io::Result<SegmentHeader> {
        let mut bytes = [0; SEGMENT_HEADER_BYTES as usize];
        self.file.read_at(&mut bytes, 0)?;
        SegmentHeader::from_bytes(&bytes)
            .ok_or_else(|| damaged(format!("{} has no valid header", file_name(self.id))))
    }
}

fn damaged(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// All segments there are.
#[derive(Debug)]
pub(super) struct Segments {
    vfs: Arc<dyn Vfs>,
    open: RwLock<BTreeMap<u32, Arc<Segment>>>,
    pinned: Mutex<Pinned>,
}

/// Files that stay while someone copies them.
#[derive(Debug, Default)]
struct Pinned {
    /// How many copies are being made.
    copies: usize,
    /// Segments that were removed meanwhile, and whose files go when the last copy is done.
    removed: Vec<u32>,
}

/// While it lives, no file of a segment is removed.
#[derive(Debug)]
pub(super) struct Pin(Arc<Segments>);

impl Drop for Pin {
    fn drop(&mut self) {
        let mut pinned = self.0.pinned.lock();
        pinned.copies -= 1;
        if pinned.copies == 0 {
            for id in pinned.removed.drain(..) {
                // The index has forgotten it: a file that cannot be removed now is removed by the next opening.
                drop(self.0.vfs.remove(&file_name(id)));
            }
        }
    }
}

impl Segments {
    pub(super) fn new(vfs: Arc<dyn Vfs>) -> Segments {
        Segments { vfs, open: RwLock::default(), pinned: Mutex::default() }
    }

    pub(super) fn get(&self, id: u32) -> Option<Arc<Segment>> {
        self.open.read().get(&id).cloned()
    }

    pub(super) fn all(&self) -> Vec<Arc<Segment>> {
        self.open.read().values().cloned().collect()
    }

    pub(super) fn add(&self, segment: Arc<Segment>) {
        self.open.write().insert(segment.id, segment);
    }

    /// Opens a segment that is on the disk.
    pub(super) fn open(&self, id: u32) -> io::Result<Arc<Segment>> {
        let file = self.vfs.open(&file_name(id), Opened::Existing)?;
        let len = u32::try_from(file.len()?)
            .map_err(|_| damaged(format!("{} is longer than a segment can be", file_name(id))))?;
        let segment = Arc::new(Segment::new(id, file, len));
        self.add(segment.clone());
        Ok(segment)
    }

    /// Makes a new file with room for `capacity` bytes, its name safe. It is no part of the log until it is added. Only one thread at a time
    /// may be making files: whoever holds the log's tail.
    pub(super) fn create(&self, id: u32, capacity: u32) -> io::Result<Arc<Segment>> {
        let name = file_name(id);
        let file = self.allocate(&name, capacity)?;
        if let Err(e) = self.vfs.sync_folder(LOG_FOLDER) {
            // Not a byte was promised to anyone; a file that cannot be removed either is removed when its number comes again.
            drop(self.vfs.remove(&name));
            return Err(e);
        }
        Ok(Arc::new(Segment::new(id, file, capacity)))
    }

    /// Makes a file for the segment after the present one, under a name that no segment has: a commit that cannot wait for it may make the
    /// segment itself meanwhile.
    pub(super) fn make_spare(&self, id: u32, capacity: u32) -> io::Result<Arc<Segment>> {
        let file = self.allocate(SPARE_FILE, capacity)?;
        Ok(Arc::new(Segment::new(id, file, capacity)))
    }

    /// Gives the spare file its segment's name, and makes that safe. For whoever holds the log's tail and has seen that there is no such
    /// segment yet: the file that has the name is lost.
    pub(super) fn name_spare(&self, spare: &Segment) -> io::Result<()> {
        self.vfs.rename(SPARE_FILE, &file_name(spare.id))?;
        self.vfs.sync_folder(LOG_FOLDER)
    }

    /// Removes the spare file that has come too late.
    pub(super) fn drop_spare(&self) -> io::Result<()> {
        self.vfs.remove(SPARE_FILE)
    }

    fn allocate(&self, name: &str, capacity: u32) -> io::Result<Arc<dyn VfsFile>> {
        // What a crash left behind under this name was never part of the log.
        match self.vfs.remove(name) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        let file = self.vfs.open(name, Opened::New)?;
        if let Err(e) = file.allocate(u64::from(capacity)) {
            drop(self.vfs.remove(name));
            return Err(e);
        }
        Ok(file)
    }

    /// Removes a segment; its file, once nobody copies it any more.
    pub(super) fn remove(&self, id: u32) -> io::Result<()> {
        self.open.write().remove(&id);
        let mut pinned = self.pinned.lock();
        if pinned.copies > 0 {
            pinned.removed.push(id);
            return Ok(());
        }
        self.vfs.remove(&file_name(id))
    }

    /// Keeps the files of all segments there are now, and of those that come.
    pub(super) fn pin(self: &Arc<Segments>) -> Pin {
        self.pinned.lock().copies += 1;
        Pin(self.clone())
    }

    /// Removes a file that was made in advance and not needed.
    pub(super) fn discard(&self, spare: &Segment) -> io::Result<()> {
        self.vfs.remove(&file_name(spare.id))
    }

    /// The image at a place; none when its segment is gone, an error of kind `InvalidData` when it is not what was written.
    pub(super) fn image(&self, place: Place) -> io::Result<Option<Item>> {
        Ok(self.bytes(place)?.map(|bytes| Item::from_stored(&bytes)))
    }

    /// As [`Segments::image`], for bytes that need be no item.
    pub(super) fn bytes(&self, place: Place) -> io::Result<Option<Vec<u8>>> {
        let Some(segment) = self.get(place.point.segment) else { return Ok(None) };
        let mut bytes = vec![0; place.len as usize];
        segment.file.read_at(&mut bytes, u64::from(place.point.offset))?;
        check(place, &bytes)?;
        Ok(Some(bytes))
    }
}

fn check(place: Place, bytes: &[u8]) -> io::Result<()> {
    if crc32fast::hash(bytes) != place.crc {
        let Point { segment, offset } = place.point;
        return Err(damaged(format!(
            "the {} bytes at {offset} of {} do not match their checksum",
            place.len,
            file_name(segment)
        )));
    }
    Ok(())
}

fn checked(place: Place, bytes: &[u8]) -> io::Result<Item> {
    check(place, bytes)?;
    Ok(Item::from_stored(bytes))
}

/// Bytes that are written over themselves at once.
const REWRITTEN_BYTES: u64 = 1 << 20;

/// Writes bytes of a file over themselves.
pub(super) fn rewrite(file: &dyn VfsFile, from: u64, to: u64) -> io::Result<()> {
    let mut buffer = vec![0; REWRITTEN_BYTES.min(to.saturating_sub(from)) as usize];
    let mut at = from;
    while at < to {
        let part = &mut buffer[..REWRITTEN_BYTES.min(to - at) as usize];
        file.read_at(part, at)?;
        file.write_at(part, at)?;
        at += part.len() as u64;
    }
    Ok(())
}

/// Reads images that lie near each other: records in order, a segment from end to end.
#[derive(Debug, Default)]
pub(super) struct Window {
    segment: u32,
    from: u32,
    bytes: Vec<u8>,
}

/// Bytes read at once.
const WINDOW_BYTES: u32 = 128 * 1024;

impl Window {
    /// As [`Segments::image`].
    pub(super) fn image(&mut self, segments: &Segments, place: Place) -> io::Result<Option<Item>> {
        if let Some(bytes) = self.part(place) {
            return checked(place, bytes).map(Some);
        }
        let Some(segment) = segments.get(place.point.segment) else { return Ok(None) };
        let left = segment.end().saturating_sub(place.point.offset);
        if place.len >= WINDOW_BYTES || left < place.len {
            return segments.image(place);
        }
        self.bytes.resize(left.min(WINDOW_BYTES) as usize, 0);
        (self.segment, self.from) = (segment.id, place.point.offset);
        if let Err(e) = segment.file.read_at(&mut self.bytes, u64::from(self.from)) {
            self.bytes.clear();
            return Err(e);
        }
        checked(place, self.part(place).expect("the window starts at the image and is longer")).map(Some)
    }

    fn part(&self, place: Place) -> Option<&[u8]> {
        let start = place.point.offset.checked_sub(self.from)? as usize;
        if self.segment != place.point.segment {
            return None;
        }
        self.bytes.get(start..start + place.len as usize)
    }
}

/// What lies at a point of a segment.
#[derive(Debug)]
pub(super) enum Lying {
    /// A whole frame.
    Frame(FrameHeader, Vec<u8>),
    /// No frame: the end of what was written, or damage.
    Nothing,
}

/// The frame at a point.
pub(super) fn frame_at(segment: &Segment, offset: u32) -> io::Result<Lying> {
    let end = segment.end();
    if offset.checked_add(FRAME_HEADER_BYTES as u32).is_none_or(|after| after > end) {
        return Ok(Lying::Nothing);
    }
    let mut head = [0; FRAME_HEADER_BYTES];
    segment.file.read_at(&mut head, u64::from(offset))?;
    let Some(header) = FrameHeader::at(Point { segment: segment.id, offset }, &head) else {
        return Ok(Lying::Nothing);
    };
    let start = offset + FRAME_HEADER_BYTES as u32;
    if header.len > end - start {
        return Ok(Lying::Nothing);
    }
    let mut payload = vec![0; header.len as usize];
    segment.file.read_at(&mut payload, u64::from(start))?;
    if crc32fast::hash(&payload) != header.crc {
        return Ok(Lying::Nothing);
    }
    Ok(Lying::Frame(header, payload))
}
