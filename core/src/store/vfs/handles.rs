//! Which files of a directory have a descriptor. A process has few of them, and shares them with its sockets: so a directory has at most so
//! many at once, however many files it has, and keeps some in reserve for the moment at which the process has none left.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, RwLock};

/// Descriptors that are kept for when the process has none left: for a new segment, and for listing and syncing its folder.
const RESERVE: usize = 3;

/// The descriptors of a directory.
#[derive(Debug)]
pub(super) struct Handles {
    directory: PathBuf,
    /// How many files may be open at once. Files that were written and not synced do not count: closed, they might lose the error of a
    /// later write to the disk.
    bound: usize,
    files: Mutex<Vec<Weak<Handle>>>,
    reserve: Mutex<Vec<File>>,
    /// Rises with each use of a file.
    uses: AtomicU64,
}

/// A file that is opened when it is used.
#[derive(Debug)]
pub(super) struct Handle {
    handles: Arc<Handles>,
    path: RwLock<PathBuf>,
    file: RwLock<Option<Arc<File>>>,
    last_use: AtomicU64,
    /// Whether it was written since it was last synced.
    is_dirty: AtomicBool,
    /// Set when its name is removed.
    stays_open: AtomicBool,
    is_read_only: bool,
}

impl Handles {
    /// Of a directory, with at most `bound` files open. Opens nothing yet.
    pub(super) fn new(directory: &Path, bound: usize) -> Arc<Handles> {
        Arc::new(Handles {
            directory: directory.to_owned(),
            bound,
            files: Mutex::default(),
            reserve: Mutex::default(),
            uses: AtomicU64::new(0),
        })
    }

    /// Opens a file with options, and again with those of an existing file when it is used later.
    pub(super) fn open(
        self: &Arc<Handles>,
        path: &Path,
        options: &OpenOptions,
        is_read_only: bool,
    ) -> io::Result<Arc<Handle>> {
        self.make_room();
        let file = self.with_descriptor(|| options.open(path))?;
        let handle = Arc::new(Handle {
            handles: self.clone(),
            path: RwLock::new(path.to_owned()),
            file: RwLock::new(Some(Arc::new(file))),
            last_use: AtomicU64::new(self.next_use()),
            is_dirty: AtomicBool::new(false),
            stays_open: AtomicBool::new(false),
            is_read_only,
        });
        let mut files = self.files.lock();
        files.retain(|other| other.strong_count() > 0);
        files.push(Arc::downgrade(&handle));
        drop(files);
        Ok(handle)
    }

    /// Does something that needs a descriptor, if need be with one of another file or of the reserve.
    pub(super) fn with_descriptor<T>(&self, open: impl Fn() -> io::Result<T>) -> io::Result<T> {
        loop {
            match open() {
                Err(e) if is_limit(&e) => {
                    if !self.close_one() && self.reserve.lock().pop().is_none() {
                        return Err(e);
                    }
                }
                done => {
                    self.fill_reserve();
                    return done;
                }
            }
        }
    }

    /// Tells the open files that one of them has a new name.
    pub(super) fn renamed(&self, from: &Path, to: &Path) {
        for handle in self.files.lock().iter().filter_map(Weak::upgrade) {
            let mut path = handle.path.write();
            if *path == from {
                to.clone_into(&mut path);
            }
        }
    }

    /// Before a file is removed: whoever has it reads on, and could not open it again.
    pub(super) fn removing(&self, path: &Path) {
        let of_path = |handle: &Arc<Handle>| *handle.path.read() == path;
        let handles: Vec<_> = self.files.lock().iter().filter_map(Weak::upgrade).filter(of_path).collect();
        for handle in handles {
            handle.stays_open.store(true, Ordering::SeqCst);
            // What cannot be opened now could not be read before either.
            drop(handle.file());
        }
    }

    /// How many files are open.
    #[cfg(test)]
    fn open_files(&self) -> usize {
        self.files
            .lock()
            .iter()
            .filter_map(Weak::upgrade)
            .filter(|handle| handle.file.read().is_some())
            .count()
    }

    fn next_use(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }

    /// Closes files until one more may be opened.
    fn make_room(&self) {
        loop {
            let count = self.files.lock().iter().filter_map(Weak::upgrade).filter(|h| h.may_close()).count();
            if count < self.bound || !self.close_one() {
                return;
            }
        }
    }

    /// Closes the file that was not used for longest; false when there is none that may be closed.
    fn close_one(&self) -> bool {
        let files = self.files.lock();
        let oldest = files.iter().filter_map(Weak::upgrade).filter(|handle| handle.may_close());
        let oldest = oldest.min_by_key(|handle| handle.last_use.load(Ordering::Relaxed));
        // Whoever works with it just now goes on with it to the end of that.
        oldest.is_some_and(|handle| handle.file.write().take().is_some())
    }

    fn fill_reserve(&self) {
        let mut reserve = self.reserve.lock();
        while reserve.len() < RESERVE {
            // Where a directory cannot be opened, or nothing is left, there is no reserve.
            let Ok(file) = File::open(&self.directory) else { return };
            reserve.push(file);
        }
    }
}

impl Handle {
    /// The open file.
    pub(super) fn file(&self) -> io::Result<Arc<File>> {
        self.last_use.store(self.handles.next_use(), Ordering::Relaxed);
        if let Some(file) = &*self.file.read() {
            return Ok(file.clone());
        }
        self.handles.make_room();
        let path = self.path();
        let mut options = OpenOptions::new();
        options.read(true).write(!self.is_read_only);
        let opened = Arc::new(self.handles.with_descriptor(|| options.open(&path))?);
        // Someone else may have opened it meanwhile.
        Ok(self.file.write().get_or_insert(opened).clone())
    }

    pub(super) fn path(&self) -> PathBuf {
        self.path.read().clone()
    }

    /// Changes the file. It stays open until it is synced.
    pub(super) fn change(&self, change: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
        self.is_dirty.store(true, Ordering::SeqCst);
        let file = self.file()?;
        let done = change(&file);
        // A sync that ran at the same time may have taken the mark away.
        self.is_dirty.store(true, Ordering::SeqCst);
        done
    }

    /// Makes what was written safe.
    pub(super) fn sync(&self) -> io::Result<()> {
        let file = self.file()?;
        self.is_dirty.store(false, Ordering::SeqCst);
        // `fdatasync`, which also makes a new length safe; `F_FULLFSYNC` on macOS; `FlushFileBuffers` on Windows.
        let done = file.sync_data().and_then(|()| self.check_named(&file));
        if done.is_err() {
            self.is_dirty.store(true, Ordering::SeqCst);
        }
        done
    }

    /// Checks that others can find the file: what is written to one that somebody else has removed goes with the process, however well it is
    /// synced.
    fn check_named(&self, file: &File) -> io::Result<()> {
        if self.stays_open.load(Ordering::SeqCst) || has_name(file)? {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::NotFound, "the file was removed while it was open"))
    }

    fn may_close(&self) -> bool {
        let stays = self.is_dirty.load(Ordering::SeqCst) || self.stays_open.load(Ordering::SeqCst);
        !stays && self.file.read().is_some()
    }
}

#[cfg(unix)]
fn has_name(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    Ok(file.metadata()?.nlink() > 0)
}

/// Windows does not let go of the name of a file that is open.
#[cfg(not(unix))]
fn has_name(_file: &File) -> io::Result<bool> {
    Ok(true)
}

/// Whether the process, or the system, has no descriptor left.
#[cfg(unix)]
fn is_limit(error: &io::Error) -> bool {
    use rustix::io::Errno;

    [Errno::MFILE, Errno::NFILE].iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

#[cfg(not(unix))]
fn is_limit(_error: &io::Error) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::scratch::Scratch;
    use super::*;

    fn new(handles: &Arc<Handles>, path: &Path) -> Arc<Handle> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        handles.open(path, &options, false).unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn many_files_have_few_descriptors_and_all_can_be_used() {
        use std::os::unix::fs::FileExt;

        let scratch = Scratch::new("handles");
        let handles = Handles::new(scratch.path(), 4);
        let path = |n: u8| scratch.path().join(n.to_string());
        let files: Vec<_> = (0..20)
            .map(|n| {
                let file = new(&handles, &path(n));
                file.change(|file| file.write_all_at(&[n], 0)).unwrap();
                file
            })
            .collect();
        assert_eq!(handles.open_files(), 20, "what is not synced stays open");
        files.iter().for_each(|file| file.sync().unwrap());
        let read = |n: u8| {
            let mut byte = [99];
            files[usize::from(n)].file().unwrap().read_exact_at(&mut byte, 0).unwrap();
            byte[0]
        };
        for round in 0..3 {
            for n in 0..20 {
                assert_eq!(read((n * 7 + round) % 20), (n * 7 + round) % 20);
            }
        }
        new(&handles, &path(99));
        assert!(handles.open_files() <= 4, "{}", handles.open_files());
        fs::rename(path(3), path(33)).unwrap();
        handles.renamed(&path(3), &path(33));
        (4..12).for_each(|n| assert_eq!(read(n), n));
        assert_eq!(read(3), 3, "under its new name");
        handles.removing(&path(5));
        fs::remove_file(path(5)).unwrap();
        (6..19).for_each(|n| assert_eq!(read(n), n));
        assert_eq!(read(5), 5, "whoever has it reads on");
    }
}
