//! Appending to the log: frames gather in memory, one thread writes and syncs for all that wait.
//!
//! ```text
//! commit ──► tail (lock) ──frame──► pending bytes ──┐
//! commit ──► tail (lock) ──frame──► pending bytes ──┤ the first to wait takes all of it: write, sync, wake the others
//! commit ──► tail (lock) ──frame──► pending bytes ──┘
//! ```

use std::io;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, Thread};

use parking_lot::{Mutex, MutexGuard};

use super::frame::{FRAME_HEADER_BYTES, FrameHeader, Payload, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::place::Point;
use super::segment::{Segment, Segments, file_name};
use crate::api::{Error, ErrorCode, Result};
use crate::store::{Durability, Lsn};

/// The smallest and the largest room that is reserved for a segment.
const SEGMENT_MIN_BYTES: u32 = 1 << 20;
const SEGMENT_MAX_BYTES: u32 = 128 << 20;
/// A new segment reserves this share of what the log holds: 1 / 16.
const SEGMENT_SHARE: u64 = 16;
/// Without syncing, bytes gather up to this before they are written.
const UNSYNCED_BYTES: usize = 64 * 1024;

/// The end of the log, where frames are added.
#[derive(Debug)]
pub(super) struct Tail {
    segment: Arc<Segment>,
    /// Where the next frame goes.
    offset: u32,
    /// Frames not yet written, by the segment they belong to.
    pending: Vec<Pending>,
    pending_bytes: usize,
    /// A segment made in advance.
    spare: Option<Arc<Segment>>,
    closed: bool,
}

#[derive(Debug)]
struct Pending {
    segment: Arc<Segment>,
    offset: u32,
    bytes: Vec<u8>,
}

impl Tail {
    pub(super) fn end(&self) -> Point {
        Point { segment: self.segment.id, offset: self.offset }
    }

    pub(super) fn wants_spare(&self) -> bool {
        self.spare.is_none() && self.offset > self.segment.capacity / 2
    }
}

/// Who is writing.
#[derive(Debug, Default)]
struct Writing {
    busy: bool,
    /// A buffer to gather frames in, given back after each write.
    buffer: Vec<u8>,
    /// Threads that sleep until enough is written. While anyone is in this list, someone writes or is on the way to.
    waiting: Vec<Waiter>,
}

/// A thread that waits.
#[derive(Debug)]
struct Waiter {
    upto: Lsn,
    sync: bool,
    thread: Thread,
}

/// The log.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) segments: Arc<Segments>,
    durability: Durability,
    database: u128,
    tail: Mutex<Tail>,
    writing: Mutex<Writing>,
    /// Up to where the files have been written.
    written: AtomicU64,
    /// Up to where the files have been synced.
    synced: AtomicU64,
    failed: OnceLock<Error>,
}

impl Log {
    /// Goes on at the end of a log that is safe up to there.
    pub(super) fn new(
        segments: Arc<Segments>,
        durability: Durability,
        database: u128,
        segment: Arc<Segment>,
        offset: u32,
    ) -> Log {
        let end = Point { segment: segment.id, offset }.lsn().0;
        let tail =
            Tail { segment, offset, pending: Vec::new(), pending_bytes: 0, spare: None, closed: false };
        Log {
            segments,
            durability,
            database,
            tail: Mutex::new(tail),
            writing: Mutex::default(),
            written: AtomicU64::new(end),
            synced: AtomicU64::new(end),
            failed: OnceLock::new(),
        }
    }

    /// The error that ended the log, if one did.
    pub(super) fn check(&self) -> Result<()> {
        self.failed.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock()
    }

    /// Adds a frame. What it holds becomes visible while the tail is still locked, so that layers are in the order of the log. Returns
    /// where the payload starts; everything the frame holds is safe once [`Log::settle`] has passed that.
    ///
    /// # Errors
    /// `StorageException` when no room can be had; then nothing has happened.
    pub(super) fn append(&self, tail: &mut Tail, payload: &[u8], crc: u32) -> Result<Point> {
        self.check()?;
        if tail.closed {
            return Err(Error::new(ErrorCode::Closed, crate::api::message::table::closed()));
        }
        let len = FrameHeader::frame_bytes(payload.len());
        let needed = u32::try_from(len).expect("a frame is far below 4 GiB");
        if tail.segment.capacity - tail.offset < needed {
            self.rotate(tail, needed)?;
        }
        let point = tail.end();
        self.add_frame(tail, payload, crc);
        Ok(Point { offset: point.offset + FRAME_HEADER_BYTES as u32, ..point })
    }

    fn add_frame(&self, tail: &mut Tail, payload: &[u8], crc: u32) {
        let synced = Lsn(self.synced.load(Ordering::Acquire));
        let header = FrameHeader { len: payload.len() as u32, point: tail.end(), synced, crc };
        let len = FrameHeader::frame_bytes(payload.len());
        let bytes = self.pending(tail);
        let before = bytes.len();
        bytes.extend_from_slice(&header.to_bytes());
        bytes.extend_from_slice(payload);
        bytes.resize(before + len, 0);
        tail.pending_bytes += len;
        tail.offset += len as u32;
    }

    /// Says at the end of a segment that there is another one, before anything in that is acknowledged: were its file lost, the log would
    /// seem to end here. It is not needed any more once the index knows the next segment, and so is no part of what is kept of this one.
    fn add_link(&self, tail: &mut Tail, next: u32) -> Result<()> {
        let payload = Payload::continued(next).bytes;
        let end = tail.offset + FrameHeader::frame_bytes(payload.len()) as u32;
        // There is room but for segments that were copied: those end where their frames do.
        if end > tail.segment.capacity {
            let grown = tail.segment.file.allocate(u64::from(end));
            grown.map_err(|e| refused("The log cannot grow", &e))?;
        }
        self.add_frame(tail, &payload, crc32fast::hash(&payload));
        Ok(())
    }

    /// The bytes to which the next frame is added.
    fn pending<'a>(&self, tail: &'a mut Tail) -> &'a mut Vec<u8> {
        let continues = tail.pending.last().is_some_and(|last| last.segment.id == tail.segment.id);
        if !continues {
            let bytes = std::mem::take(&mut self.writing.lock().buffer);
            let (segment, offset) = (tail.segment.clone(), tail.offset);
            tail.pending.push(Pending { segment, offset, bytes });
        }
        &mut tail.pending.last_mut().expect("just made sure").bytes
    }

    /// Goes on in a new segment, unless nothing is in this one yet. What lies in the old one can then be given back.
    pub(super) fn start_segment(&self, tail: &mut Tail) -> Result<()> {
        self.check()?;
        if tail.offset == SEGMENT_HEADER_BYTES { Ok(()) } else { self.rotate(tail, 0) }
    }

    /// Goes on in a new segment.
    fn rotate(&self, tail: &mut Tail, needed: u32) -> Result<()> {
        let id = tail.segment.id.checked_add(1).ok_or_else(|| {
            Error::new(
                ErrorCode::Storage,
                "The log has used up its numbers: restore a backup into a new directory",
            )
        })?;
        let fits =
            |segment: &Arc<Segment>| segment.id == id && segment.capacity - SEGMENT_HEADER_BYTES >= needed;
        let segment = match tail.spare.take().filter(fits) {
            Some(spare) => spare,
            None => {
                let capacity = self.capacity().max(needed + SEGMENT_HEADER_BYTES);
                self.segments.create(id, capacity).map_err(|e| refused("The log cannot grow", &e))?
            }
        };
        let previous_end = tail.offset;
        self.add_link(tail, id)?;
        tail.segment.seal(previous_end);
        self.segments.add(segment.clone());
        tail.segment = segment;
        tail.offset = 0;
        let header = SegmentHeader { segment: id, database: self.database, previous_end };
        self.pending(tail).extend_from_slice(&header.to_bytes());
        tail.pending_bytes += SEGMENT_HEADER_BYTES as usize;
        tail.offset = SEGMENT_HEADER_BYTES;
        Ok(())
    }

    /// Small databases reserve little.
    fn capacity(&self) -> u32 {
        let held: u64 = self.segments.all().iter().map(|segment| u64::from(segment.end())).sum();
        let share = u32::try_from(held / SEGMENT_SHARE).unwrap_or(SEGMENT_MAX_BYTES);
        share.clamp(SEGMENT_MIN_BYTES, SEGMENT_MAX_BYTES)
    }

    /// Makes the next segment in advance, so that no commit waits for it. Not having it is no error: the commit that needs it tries again.
    pub(super) fn prepare_spare(&self) -> Result<()> {
        let (id, capacity) = {
            let tail = self.tail.lock();
            if !tail.wants_spare() || tail.closed {
                return Ok(());
            }
            (tail.segment.id.saturating_add(1), self.capacity())
        };
        let refuse = |e: io::Error| refused("The log cannot grow", &e);
        let spare = self.segments.make_spare(id, capacity).map_err(refuse)?;
        let mut tail = self.tail.lock();
        // A commit may have needed the segment before it was ready, and has made it: that file holds commits.
        if tail.closed || tail.spare.is_some() || tail.segment.id.checked_add(1) != Some(id) {
            return self.segments.drop_spare().map_err(refuse);
        }
        self.segments.name_spare(&spare).map_err(refuse)?;
        tail.spare = Some(spare);
        Ok(())
    }

    /// Whether there is nothing to wait for.
    pub(super) fn is_settled(&self, upto: Lsn) -> bool {
        let done = match self.durability {
            Durability::Sync => &self.synced,
            Durability::Buffered => &self.written,
            Durability::None => return true,
        };
        done.load(Ordering::Acquire) >= upto.0
    }

    /// Waits until everything up to a place is as safe as was promised.
    pub(super) fn settle(&self, upto: Lsn) -> Result<()> {
        match self.durability {
            _ if self.is_settled(upto) => self.check(),
            Durability::Sync => self.reach(upto, true),
            Durability::Buffered | Durability::None => self.reach(upto, false),
        }
    }

    /// Writes what has gathered where nobody waits for it.
    pub(super) fn write_unsynced(&self) -> Result<()> {
        if self.durability == Durability::None { self.write_gathered() } else { Ok(()) }
    }

    /// Writes what has gathered, if it is much.
    pub(super) fn write_gathered(&self) -> Result<()> {
        if self.tail.lock().pending_bytes < UNSYNCED_BYTES { Ok(()) } else { self.write() }
    }

    /// Writes everything so far, without making it safe from a power cut.
    pub(super) fn write(&self) -> Result<()> {
        let end = self.tail.lock().end();
        self.reach(end.lsn(), false)
    }

    /// Makes everything so far safe, whatever was promised.
    pub(super) fn sync(&self) -> Result<Point> {
        let end = self.tail.lock().end();
        self.reach(end.lsn(), true)?;
        Ok(end)
    }

    fn reach(&self, upto: Lsn, sync: bool) -> Result<()> {
        loop {
            self.check()?;
            if self.has_reached(upto, sync) {
                return Ok(());
            }
            let mut writing = self.writing.lock();
            if writing.busy {
                writing.waiting.push(Waiter { upto, sync, thread: thread::current() });
                drop(writing);
                // Whoever writes finds the waiter in the list, and wakes it, even before it sleeps.
                thread::park();
                continue;
            }
            // Someone may have written between the look and the lock.
            if self.has_reached(upto, sync) {
                continue;
            }
            writing.busy = true;
            drop(writing);
            let mut turn = Turn { log: self, outcome: None };
            turn.outcome = Some(self.write_out(sync));
        }
    }

    /// Ends the log: every call from now on gets this error, or the one that ended it before.
    pub(super) fn fail(&self, error: Error) {
        drop(self.failed.set(error));
        let woken = self.to_wake(&mut self.writing.lock());
        woken.iter().for_each(Thread::unpark);
    }

    /// Whether everything up to a place would survive a power cut.
    #[cfg(test)]
    pub(super) fn is_synced(&self, upto: Lsn) -> bool {
        self.has_reached(upto, true)
    }

    fn has_reached(&self, upto: Lsn, sync: bool) -> bool {
        let done = if sync { &self.synced } else { &self.written };
        done.load(Ordering::Acquire) >= upto.0
    }

    /// Those who have nothing to wait for any more, and one of the others, who writes for the rest. Waking them all would cost each of them
    /// two switches of the processor for nothing.
    fn to_wake(&self, writing: &mut Writing) -> Vec<Thread> {
        let failed = self.failed.get().is_some();
        let (mut woken, mut next) = (Vec::with_capacity(writing.waiting.len()), None);
        writing.waiting.retain(|waiter| {
            if failed || self.has_reached(waiter.upto, waiter.sync) {
                woken.push(waiter.thread.clone());
                return false;
            }
            if next.is_none() {
                next = Some(waiter.thread.clone());
                return false;
            }
            true
        });
        // First in line: its write takes longer than waking the others.
        next.into_iter().chain(woken).collect()
    }

    /// Writes all pending frames, and syncs the files they are in. Gives back a buffer.
    fn write_out(&self, sync: bool) -> io::Result<Vec<u8>> {
        let (pending, end, last) = {
            let mut tail = self.tail.lock();
            tail.pending_bytes = 0;
            (std::mem::take(&mut tail.pending), tail.end().lsn().0, tail.segment.clone())
        };
        let unsynced = Point::of(Lsn(self.synced.load(Ordering::Acquire))).segment;
        for part in &pending {
            part.segment.file.write_at(&part.bytes, u64::from(part.offset))?;
        }
        self.written.store(end, Ordering::Release);
        if sync {
            // Frames of earlier writes without a sync may lie in segments before those of this one.
            for id in unsynced..last.id {
                if let Some(segment) = self.segments.get(id) {
                    segment.file.sync()?;
                }
            }
            last.file.sync()?;
            self.synced.store(end, Ordering::Release);
        }
        let mut buffer = pending.into_iter().next_back().map_or_else(Vec::new, |part| part.bytes);
        buffer.clear();
        Ok(buffer)
    }

    /// Whether it takes no more frames.
    pub(super) fn is_closed(&self) -> bool {
        self.tail.lock().closed
    }

    /// Takes no more frames, and makes all of them safe.
    pub(super) fn close(&self) -> Result<Point> {
        let spare = {
            let mut tail = self.tail.lock();
            tail.closed = true;
            tail.spare.take()
        };
        let end = self.sync()?;
        if let Some(spare) = spare {
            self.segments
                .discard(&spare)
                .map_err(|e| refused(&format!("{} cannot be removed", file_name(spare.id)), &e))?;
        }
        Ok(end)
    }
}

/// One thread's turn at writing. However it ends, others get theirs.
struct Turn<'a> {
    log: &'a Log,
    /// None while the writing goes on, and when it ends in a panic.
    outcome: Option<io::Result<Vec<u8>>>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let woken = {
            let mut writing = self.log.writing.lock();
            writing.busy = false;
            match self.outcome.take() {
                Some(Ok(buffer)) => writing.buffer = buffer,
                // What the disk has kept of this is unknown, and asking it again would get a yes that means nothing.
                Some(Err(e)) => drop(self.log.failed.set(fatal(&e))),
                None => drop(self.log.failed.set(defect())),
            }
            self.log.to_wake(&mut writing)
        };
        woken.iter().for_each(Thread::unpark);
    }
}

/// The disk did not give what it must: nothing was done, and the same call may work later.
pub(super) fn refused(what: &str, error: &io::Error) -> Error {
    Error::new(ErrorCode::Storage, format!("{what}: {error}. Nothing was written."))
}

/// A panic has ended work half way: what it left is not to be trusted.
pub(super) fn defect() -> Error {
    Error::new(ErrorCode::InternalServer, crate::api::message::table::broken())
}

/// The disk has failed in the middle: nobody knows what it holds until it is read again.
fn fatal(error: &io::Error) -> Error {
    Error::new(
        ErrorCode::Storage,
        format!(
            "The log cannot be written: {error}. Close the database and open it again; what was acknowledged is there."
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::sync::Arc;

    use parking_lot::Mutex;

    use super::{Log, SEGMENT_HEADER_BYTES};
    use crate::store::Durability;
    use crate::store::durable::segment::{Lying, Segments, frame_at};
    use crate::store::vfs::scratch::Scratch;
    use crate::store::vfs::{DiskVfs, Opened, Vfs, VfsFile};

    type Interruption = Box<dyn FnOnce() + Send>;

    /// A directory in which something happens just before a file is removed.
    struct Interrupted {
        disk: DiskVfs,
        before_remove: Mutex<Option<Interruption>>,
    }

    impl fmt::Debug for Interrupted {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.disk.fmt(f)
        }
    }

    impl Vfs for Interrupted {
        fn open(&self, name: &str, how: Opened) -> std::io::Result<Arc<dyn VfsFile>> {
            self.disk.open(name, how)
        }
        fn list(&self, folder: &str) -> std::io::Result<Vec<String>> {
            self.disk.list(folder)
        }
        fn create_folder(&self, name: &str) -> std::io::Result<()> {
            self.disk.create_folder(name)
        }
        fn rename(&self, from: &str, to: &str) -> std::io::Result<()> {
            self.disk.rename(from, to)
        }
        fn remove(&self, name: &str) -> std::io::Result<()> {
            let interruption = self.before_remove.lock().take();
            if let Some(interruption) = interruption {
                interruption();
            }
            self.disk.remove(name)
        }
        fn sync_folder(&self, folder: &str) -> std::io::Result<()> {
            self.disk.sync_folder(folder)
        }
    }

    #[test]
    fn a_segment_made_in_advance_never_takes_the_place_of_one_that_holds_commits() {
        let scratch = Scratch::new("spare");
        let vfs =
            Arc::new(Interrupted { disk: DiskVfs::new(scratch.path()), before_remove: Mutex::default() });
        vfs.create_folder("log").expect("a folder");
        let segments = Arc::new(Segments::new(vfs.clone()));
        let first = segments.create(1, 4096).expect("a segment");
        segments.add(first.clone());
        let log = Arc::new(Log::new(segments, Durability::Sync, 7, first, SEGMENT_HEADER_BYTES));
        let append = |log: &Log| {
            let payload = [0x5a; 1000];
            let mut tail = log.lock();
            log.append(&mut tail, &payload, crc32fast::hash(&payload)).expect("room");
            tail.end()
        };
        while !log.lock().wants_spare() {
            append(&log);
        }
        let writer = log.clone();
        *vfs.before_remove.lock() = Some(Box::new(move || {
            while append(&writer).segment == 1 {}
            writer.sync().expect("a sound disk");
        }));
        log.prepare_spare().expect("too late is no error");
        log.sync().expect("a sound disk");
        assert_eq!(vfs.list("log").expect("a folder"), ["0000000001.log", "0000000002.log"]);
        let found = Segments::new(vfs).open(2).expect("the segment that the commit made");
        assert!(matches!(frame_at(&found, SEGMENT_HEADER_BYTES), Ok(Lying::Frame(..))));
    }
}
