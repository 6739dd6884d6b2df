//! Copies: a backup of an open database at one moment, and the way back.
//!
//! The files of the index never change and stay readable while someone has them open: they are what it was after one checkpoint, and all
//! that came later is in the log. So a copy of both up to one point of the log is the database at that point, and opening it replays the rest, as after a crash.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::Shared;
use super::directory::{about, make_empty};
use super::failure::not_locked;
use super::frame::{FrameHeader, LINK_BYTES};
use super::index::{INDEX_FOLDER, Reading};
use super::open::{FORMAT_FILE, read_format};
use super::segment::{LOG_FOLDER, Pin, Segment, file_name, segment_of};
use crate::api::{Error, ErrorCode, Result};
use crate::clock::Millis;
use crate::store::Compacted;
use crate::store::vfs::{DiskVfs, Lock, Opened, Vfs};

/// Bytes copied at once.
const CHUNK_BYTES: usize = 1 << 20;

fn failed(what: &str) -> impl Fn(io::Error) -> Error + '_ {
    move |e| Error::new(ErrorCode::Storage, format!("{what}: {e}"))
}

/// The length of a segment that is not the newest, with the link to the next one, where there is one still.
pub(super) fn whole(segment: &Segment) -> u32 {
    segment.end() + FrameHeader::frame_bytes(LINK_BYTES) as u32
}

/// The database as it is at one moment.
struct Moment {
    index: Reading,
    /// The segments up to there, and how much of each belongs to it.
    segments: Vec<(u32, u32)>,
    /// What is needed stays, though the database may need it no more.
    _pin: Pin,
}

impl Shared {
    /// Copies the database as it is at one moment. While the target is waited for, nothing is held that a call or other work waits for.
    pub(super) fn backup(&self, to: &Path) -> Result<u64> {
        make_empty(to)?;
        self.backup_into(&(Arc::new(DiskVfs::new(to)) as Arc<dyn Vfs>))
    }

    pub(super) fn backup_into(&self, target: &Arc<dyn Vfs>) -> Result<u64> {
        let moment = self.moment()?;
        let copy = Copy { from: &*self.vfs, to: &**target };
        copy.start()?;
        let mut bytes = moment.index.copy(&**target)?;
        for (id, len) in &moment.segments {
            bytes += copy.file(&file_name(*id), Some(u64::from(*len)))?;
        }
        Ok(bytes + copy.finish()?)
    }

    fn moment(&self) -> Result<Moment> {
        let _running = self.checkpoints.running.lock();
        self.checkpoint_alone()?;
        let pin = self.segments.pin();
        let index = self.index()?.reader();
        let end = self.log.sync()?;
        let segments = self.segments.all().into_iter().filter(|segment| segment.id <= end.segment);
        let len = |segment: &Segment| if segment.id == end.segment { end.offset } else { whole(segment) };
        let segments = segments.map(|segment| (segment.id, len(&segment))).collect();
        Ok(Moment { index, segments, _pin: pin })
    }

    /// Gives back all space that can be found.
    pub(super) fn compact_all(&self) -> Result<Compacted> {
        let before = self.disk_bytes()?;
        self.compact(true)?;
        {
            let _running = self.checkpoints.running.lock();
            self.index()?.compact()?;
        }
        Ok(Compacted { before, after: self.disk_bytes()? })
    }

    /// What the files hold, without the room that the log has reserved.
    pub(super) fn disk_bytes(&self) -> Result<u64> {
        let end = self.log.lock().end();
        let log: u64 = self
            .segments
            .all()
            .iter()
            .map(|segment| u64::from(if segment.id == end.segment { end.offset } else { segment.end() }))
            .sum();
        Ok(log + self.index()?.bytes())
    }
}

/// Puts a backup into a directory of its own, which is made.
///
/// # Errors
/// `ValidationException` for a directory that holds something, `OpenException` for a backup that is none or is open, `StorageException` for
/// the disk's.
pub(crate) fn restore(from: &Path, to: &Path, now: Millis) -> Result<u64> {
    let source = DiskVfs::new(from);
    if read_format(&source)?.is_none() {
        let message = format!("{} holds no streamtable database", from.display());
        return Err(Error::new(ErrorCode::Open, message));
    }
    let mut lock = Lock::take_to_look(from, now).map_err(not_locked).map_err(about(from))?;
    if let Some(lock) = &mut lock {
        lock.hold(FORMAT_FILE).map_err(not_locked).map_err(about(from))?;
    }
    make_empty(to)?;
    let target = DiskVfs::new(to);
    let copy = Copy { from: &source, to: &target };
    copy.start()?;
    let mut bytes = copy.index()?;
    for name in source.list(LOG_FOLDER).map_err(failed("The backup cannot be read"))? {
        if segment_of(&name).is_some() {
            bytes += copy.file(&format!("{LOG_FOLDER}/{name}"), None)?;
        }
    }
    Ok(bytes + copy.finish()?)
}

/// A copy being made. Its format file comes last: until then it does not pass for a database.
pub(super) struct Copy<'a> {
    pub(super) from: &'a dyn Vfs,
    pub(super) to: &'a dyn Vfs,
}

impl Copy<'_> {
    pub(super) fn start(&self) -> Result<()> {
        let folders = [LOG_FOLDER, INDEX_FOLDER].map(|folder| self.to.create_folder(folder));
        folders.into_iter().collect::<io::Result<()>>().map_err(failed("The copy cannot be made"))
    }

    /// Copies all files of an index that nobody changes meanwhile.
    fn index(&self) -> Result<u64> {
        let names = self.from.list(INDEX_FOLDER).map_err(failed("The index cannot be read"))?;
        names.iter().map(|name| self.file(&format!("{INDEX_FOLDER}/{name}"), None)).sum()
    }

    /// Copies a file, or its front, and makes it safe.
    pub(super) fn file(&self, name: &str, len: Option<u64>) -> Result<u64> {
        let what = format!("{name} cannot be copied");
        let copied = || -> io::Result<u64> {
            let from = self.from.open(name, Opened::Reading)?;
            let to = self.to.open(name, Opened::New)?;
            let len = len.map_or_else(|| from.len(), |len| Ok(len.min(from.len()?)))?;
            let mut buffer = vec![0; CHUNK_BYTES];
            let mut at = 0;
            while at < len {
                let part = &mut buffer
                    [..usize::try_from(len - at).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES))];
                from.read_at(part, at)?;
                to.write_at(part, at)?;
                at += part.len() as u64;
            }
            to.sync()?;
            Ok(len)
        };
        copied().map_err(failed(&what))
    }

    pub(super) fn finish(&self) -> Result<u64> {
        let unsafe_names = failed("The copy cannot be made safe");
        for folder in [LOG_FOLDER, INDEX_FOLDER, ""] {
            self.to.sync_folder(folder).map_err(&unsafe_names)?;
        }
        let bytes = self.file(FORMAT_FILE, None)?;
        self.to.sync_folder("").map_err(&unsafe_names)?;
        Ok(bytes)
    }
}
