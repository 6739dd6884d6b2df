//! Copies: a backup of an open database at one moment, and the way back.
//!
//! While the index is not being changed, its file is as it was after the last checkpoint, and all that came later is in the log. So a copy
//! of both up to one point of the log is the database at that point, and opening it replays the rest, as after a crash.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::Shared;
use super::directory::make_empty;
use super::open::{FORMAT_FILE, INDEX_FILE, read_format};
use super::segment::{LOG_FOLDER, file_name, segment_of};
use crate::api::{Error, ErrorCode, Result};
use crate::clock::Millis;
use crate::store::Compacted;
use crate::store::vfs::{DiskVfs, Lock, Opened, Vfs};

/// Bytes copied at once.
const CHUNK_BYTES: usize = 1 << 20;

fn failed(what: &str) -> impl Fn(io::Error) -> Error + '_ {
    move |e| Error::new(ErrorCode::Storage, format!("{what}: {e}"))
}

impl Shared {
    pub(super) fn backup(&self, to: &Path) -> Result<u64> {
        let _running = self.checkpoints.running.lock();
        self.checkpoint_alone()?;
        make_empty(to)?;
        let target: Arc<dyn Vfs> = Arc::new(DiskVfs::new(to));
        let end = self.log.sync()?;
        let copy = Copy { from: &*self.vfs, to: &*target };
        let mut bytes = copy.start()?;
        for segment in self.segments.all().iter().filter(|segment| segment.id <= end.segment) {
            let len = if segment.id == end.segment { end.offset } else { segment.end() };
            bytes += copy.file(&file_name(segment.id), Some(u64::from(len)))?;
        }
        bytes += copy.file(INDEX_FILE, None)?;
        Ok(bytes + copy.finish()?)
    }

    /// Gives back all space that can be found.
    pub(super) fn compact_all(&self) -> Result<Compacted> {
        let before = self.disk_bytes()?;
        self.compact(true)?;
        {
            let _running = self.checkpoints.running.lock();
            let mut index = self.index.write();
            if let Some(index) = index.as_mut() {
                while index.compact()? {}
            }
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
        let index = self.vfs.open(INDEX_FILE, Opened::Existing).and_then(|file| file.len());
        Ok(log + index.map_err(failed("The size of the index cannot be read"))?)
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
    // A backup may lie where nobody can write, and then nobody else writes there either.
    let _lock = Lock::take(from, now).ok();
    make_empty(to)?;
    let target = DiskVfs::new(to);
    let copy = Copy { from: &source, to: &target };
    let mut bytes = copy.start()?;
    for name in source.list(LOG_FOLDER).map_err(failed("The backup cannot be read"))? {
        if segment_of(&name).is_some() {
            bytes += copy.file(&format!("{LOG_FOLDER}/{name}"), None)?;
        }
    }
    bytes += copy.file(INDEX_FILE, None)?;
    Ok(bytes + copy.finish()?)
}

/// A copy being made. Its format file comes last: until then it does not pass for a database.
struct Copy<'a> {
    from: &'a dyn Vfs,
    to: &'a dyn Vfs,
}

impl Copy<'_> {
    fn start(&self) -> Result<u64> {
        self.to.create_folder(LOG_FOLDER).map_err(failed("The copy cannot be made"))?;
        Ok(0)
    }

    /// Copies a file, or its front, and makes it safe.
    fn file(&self, name: &str, len: Option<u64>) -> Result<u64> {
        let what = format!("{name} cannot be copied");
        let copied = || -> io::Result<u64> {
            let from = self.from.open(name, Opened::Existing)?;
            let to = self.to.open(name, Opened::New)?;
            let len = match len {
                Some(len) => len,
                None => from.len()?,
            };
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

    fn finish(&self) -> Result<u64> {
        let unsafe_names = failed("The copy cannot be made safe");
        self.to.sync_folder(LOG_FOLDER).and_then(|()| self.to.sync_folder("")).map_err(&unsafe_names)?;
        let bytes = self.file(FORMAT_FILE, None)?;
        self.to.sync_folder("").map_err(&unsafe_names)?;
        Ok(bytes)
    }
}
