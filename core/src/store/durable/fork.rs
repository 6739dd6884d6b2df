//! Forks in directories of their own, which share the files that are never written again.
//!
//! ```text
//! log      sealed segments, up to where the index has come      linked
//!          what was written since                               copied
//! index    runs                                                 linked
//!          manifest                                             written
//! ```
//! A sealed segment that the index knows is not written any more: it is read, and removed when nothing in it is needed. So two directories
//! may have it under a name of their own, and each removes its name alone.

use std::path::Path;

use super::Shared;
use super::backup::{Copy, whole};
use super::directory::make_empty;
use super::segment::file_name;
use crate::api::Result;
use crate::store::vfs::DiskVfs;

/// Bytes of the newest segment up to which it is copied as it stands, not left for a new one: a fork of a database that has hardly changed
/// since the last fork adds no segment to it.
const COPIED_BYTES: u32 = 256 * 1024;

impl Shared {
    /// Makes a directory that opens as this database at one moment, and goes its own way from there.
    pub(super) fn fork_into(&self, directory: &Path) -> Result<()> {
        make_empty(directory)?;
        let target = DiskVfs::new(directory);
        let copy = Copy { from: &*self.vfs, to: &target };
        copy.start()?;
        // Nothing is given back meanwhile, neither segments nor runs: linking takes no longer than a step of other work does.
        let _running = self.checkpoints.running.lock();
        if self.log.lock().end().offset > COPIED_BYTES {
            self.start_segment()?;
        }
        self.checkpoint_alone()?;
        let index = self.index()?.reader();
        let end = self.log.sync()?;
        let link = |name: &str| self.vfs.link(name, directory);
        index.share(&target, &link)?;
        for segment in self.segments.all().into_iter().filter(|segment| segment.id <= end.segment) {
            let name = file_name(segment.id);
            // A file system that cannot link, or not between these two places: then it is a copy.
            if segment.id >= index.applied().segment || link(&name).is_err() {
                let len = if segment.id == end.segment { end.offset } else { whole(&segment) };
                copy.file(&name, Some(u64::from(len)))?;
            }
        }
        copy.finish().map(drop)
    }
}
