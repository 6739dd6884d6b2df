//! The files of a directory of the operating system.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::handles::{Handle, Handles};
use super::{Opened, Vfs, VfsFile};

/// Files of a directory that are open at once, beside those that are being written.
const OPEN_FILES: usize = 64;

/// A directory of the operating system. Every error names the path it is about, and keeps its [`io::ErrorKind`]. What is made here is its
/// owner's alone, whatever the process's file mode creation mask.
#[derive(Debug)]
pub(crate) struct DiskVfs {
    directory: PathBuf,
    handles: Arc<Handles>,
}

impl DiskVfs {
    /// Touches nothing: the directory may still have to be made, with [`Vfs::create_folder`] of `""`.
    pub(crate) fn new(directory: impl Into<PathBuf>) -> DiskVfs {
        let directory = directory.into();
        let handles = Handles::new(&directory, OPEN_FILES);
        DiskVfs { directory, handles }
    }

    fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.directory.clone() } else { self.directory.join(name) }
    }
}

impl Vfs for DiskVfs {
    fn open(&self, name: &str, how: Opened) -> io::Result<Arc<dyn VfsFile>> {
        let path = self.path(name);
        let is_read_only = how == Opened::Reading;
        let mut options = OpenOptions::new();
        options.read(true).write(!is_read_only).create_new(how == Opened::New);
        private(&mut options);
        let handle = self.handles.open(&path, &options, is_read_only).map_err(about("open", &path))?;
        Ok(Arc::new(DiskFile(handle)))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let path = self.path(folder);
        let failed = || about("list", &path);
        let mut names = Vec::new();
        for entry in self.handles.with_descriptor(|| fs::read_dir(&path)).map_err(failed())? {
            // Names of ours are ASCII; others are only shown, never opened.
            names.push(entry.map_err(failed())?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The directory itself (`""`) is also made safe, because no name stands for its parent.
    fn create_folder(&self, name: &str) -> io::Result<()> {
        let path = self.path(name);
        match create_private(&path) {
            Ok(()) if name.is_empty() => self.handles.with_descriptor(|| sync_directory(&parent(&path))),
            Ok(()) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                Err(about("create the folder", &path)(io::ErrorKind::NotADirectory.into()))
            }
            Err(e) => Err(about("create the folder", &path)(e)),
        }
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let (from, to) = (self.path(from), self.path(to));
        fs::rename(&from, &to).map_err(|e| {
            io::Error::new(e.kind(), format!("cannot rename {} to {}: {e}", from.display(), to.display()))
        })?;
        self.handles.renamed(&from, &to);
        Ok(())
    }

    fn link(&self, name: &str, directory: &Path) -> io::Result<()> {
        let path = self.path(name);
        fs::hard_link(&path, directory.join(name)).map_err(about("link", &path))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.path(name);
        self.handles.removing(&path);
        fs::remove_file(&path).map_err(about("remove", &path))
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        let path = self.path(folder);
        self.handles.with_descriptor(|| sync_directory(&path)).map_err(about("sync the folder", &path))
    }
}

/// A file of the operating system.
#[derive(Debug)]
struct DiskFile(Arc<Handle>);

impl DiskFile {
    fn read<T>(&self, verb: &str, read: impl FnOnce(&File) -> io::Result<T>) -> io::Result<T> {
        self.0.file().and_then(|file| read(&file)).map_err(|e| about(verb, &self.0.path())(e))
    }

    fn change(&self, verb: &str, change: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
        self.0.change(change).map_err(|e| about(verb, &self.0.path())(e))
    }
}

impl VfsFile for DiskFile {
    fn len(&self) -> io::Result<u64> {
        self.read("measure", |file| Ok(file.metadata()?.len()))
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        self.read("read", |file| positional::read(file, buffer, at))
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.change("write", |file| positional::write(file, bytes, at))
    }

    fn allocate(&self, len: u64) -> io::Result<()> {
        self.change("reserve space for", |file| reserve(file, file.metadata()?.len(), len))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change("set the length of", |file| file.set_len(len))
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync().map_err(|e| about("sync", &self.0.path())(e))
    }
}

/// Makes a directory that is its owner's alone, and those it lies in as usual. One that is there stays as it is.
pub(crate) fn make_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(parent(path))?;
    match create_private(path) {
        // Someone else may have made it meanwhile.
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        done => done,
    }
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    fs::DirBuilder::new().mode(0o700).create(path)
}

/// Windows gives a new directory the access of the one it lies in.
#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

/// A file that these options make is its owner's alone.
#[cfg(unix)]
pub(super) fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;

    options.mode(0o600);
}

/// Windows gives a new file the access of its directory.
#[cfg(not(unix))]
pub(super) fn private(_options: &mut OpenOptions) {}

/// Adds to an error what was tried and with which file.
pub(super) fn about<'p>(verb: &'p str, path: &'p Path) -> impl FnOnce(io::Error) -> io::Error + 'p {
    move |e| io::Error::new(e.kind(), format!("cannot {verb} {}: {e}", path.display()))
}

/// The directory that holds a path's last name.
fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Makes the names in a directory safe.
#[cfg(unix)]
pub(crate) fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Windows has no such call: NTFS journals names.
#[cfg(not(unix))]
pub(crate) fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a file of `now` bytes at least `len` bytes long, with space where the file system can promise it.
#[cfg(target_os = "linux")]
fn reserve(file: &File, now: u64, len: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    use rustix::io::Errno;

    if len == 0 {
        return Ok(());
    }
    loop {
        match fallocate(file, FallocateFlags::empty(), 0, len) {
            Err(Errno::INTR) => {}
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => return lengthen(file, now, len),
            other => return other.map_err(io::Error::from),
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn reserve(file: &File, now: u64, len: u64) -> io::Result<()> {
    lengthen(file, now, len)
}

fn lengthen(file: &File, now: u64, len: u64) -> io::Result<()> {
    if now < len { file.set_len(len) } else { Ok(()) }
}

/// Reads and writes at a place; both go on after an interruption or a short count.
#[cfg(unix)]
mod positional {
    use std::fs::File;
    use std::io;
    use std::os::unix::fs::FileExt;

    pub(super) fn read(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
        file.read_exact_at(buffer, at)
    }

    pub(super) fn write(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        file.write_all_at(bytes, at)
    }
}

/// Reads and writes at a place. Both move the file's own position, which nobody uses.
#[cfg(windows)]
mod positional {
    use std::fs::File;
    use std::io::{self, ErrorKind};
    use std::os::windows::fs::FileExt;

    pub(super) fn read(file: &File, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
        while !buffer.is_empty() {
            match file.seek_read(buffer, at) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(n) => {
                    buffer = &mut buffer[n..];
                    at += n as u64;
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    pub(super) fn write(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match file.seek_write(bytes, at) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(n) => {
                    bytes = &bytes[n..];
                    at += n as u64;
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::super::scratch::Scratch;
    use super::*;

    #[test]
    fn files_are_written_read_cut_and_listed() {
        let scratch = Scratch::new("disk-files");
        let disk = DiskVfs::new(scratch.path().join("data"));
        disk.create_folder("").unwrap();
        disk.create_folder("").unwrap();
        disk.create_folder("log").unwrap();
        let file = disk.open("log/1", Opened::New).unwrap();
        file.write_at(b"bread", 3).unwrap();
        file.sync().unwrap();
        assert_eq!(file.len().unwrap(), 8);
        let mut buffer = [9; 8];
        file.read_at(&mut buffer, 0).unwrap();
        assert_eq!(&buffer, b"\0\0\0bread");
        assert_eq!(file.read_at(&mut buffer, 1).unwrap_err().kind(), ErrorKind::UnexpectedEof);
        file.set_len(4).unwrap();
        assert_eq!(disk.open("log/1", Opened::Existing).unwrap().len().unwrap(), 4);
        disk.open("log/0", Opened::New).unwrap();
        disk.rename("log/1", "log/2").unwrap();
        disk.sync_folder("log").unwrap();
        disk.sync_folder("").unwrap();
        assert_eq!(disk.list("log").unwrap(), ["0", "2"]);
        disk.remove("log/2").unwrap();
        assert_eq!(disk.list("").unwrap(), ["log"]);
        assert_eq!(disk.list("log").unwrap(), ["0"]);
        if cfg!(unix) {
            file.read_at(&mut buffer[..4], 0).unwrap();
            assert_eq!(&buffer[..4], b"\0\0\0b", "whoever has a removed file open reads on");
        }
    }

    #[test]
    fn allocating_lengthens_and_never_cuts() {
        let scratch = Scratch::new("disk-allocate");
        let file = DiskVfs::new(scratch.path()).open("a", Opened::New).unwrap();
        file.allocate(0).unwrap();
        assert_eq!(file.len().unwrap(), 0);
        file.allocate(100_000).unwrap();
        assert_eq!(file.len().unwrap(), 100_000);
        file.write_at(&[7; 10], 99_990).unwrap();
        file.allocate(5_000).unwrap();
        assert_eq!(file.len().unwrap(), 100_000);
        let mut buffer = [1; 20];
        file.read_at(&mut buffer, 99_980).unwrap();
        assert_eq!(buffer[..10], [0; 10], "new bytes are zero");
        assert_eq!(buffer[10..], [7; 10], "written bytes stay");
        #[cfg(target_os = "linux")]
        {
            use std::os::unix::fs::MetadataExt;
            let blocks = fs::metadata(scratch.path().join("a")).unwrap().blocks();
            assert!(blocks * 512 >= 100_000, "{blocks} blocks are not the reserved space");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_made_is_its_owners_alone() {
        use std::os::unix::fs::MetadataExt;

        let scratch = Scratch::new("disk-modes");
        let data = scratch.path().join("on/the/way/data");
        make_directory(&data).unwrap();
        make_directory(&data).unwrap();
        let disk = DiskVfs::new(&data);
        disk.create_folder("log").unwrap();
        disk.open("log/1", Opened::New).unwrap();
        let mode = |name: &str| fs::metadata(data.join(name)).unwrap().mode() & 0o777;
        assert_eq!((mode(""), mode("log"), mode("log/1")), (0o700, 0o700, 0o600));
    }

    #[test]
    fn errors_name_the_path_and_keep_their_kind() {
        let scratch = Scratch::new("disk-errors");
        let disk = DiskVfs::new(scratch.path());
        let check = |error: io::Error, kind: ErrorKind, path: &str| {
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains(path), "{error}");
        };
        check(disk.open("none", Opened::Existing).unwrap_err(), ErrorKind::NotFound, "none");
        disk.open("one", Opened::New).unwrap();
        check(disk.open("one", Opened::New).unwrap_err(), ErrorKind::AlreadyExists, "one");
        check(disk.create_folder("one").unwrap_err(), ErrorKind::NotADirectory, "one");
        check(disk.create_folder("no/folder").unwrap_err(), ErrorKind::NotFound, "folder");
        check(disk.list("absent").unwrap_err(), ErrorKind::NotFound, "absent");
        check(disk.remove("absent").unwrap_err(), ErrorKind::NotFound, "absent");
        check(disk.rename("absent", "two").unwrap_err(), ErrorKind::NotFound, "absent");
        if cfg!(unix) {
            let below_a_file = DiskVfs::new(scratch.path().join("one"));
            check(below_a_file.list("").unwrap_err(), ErrorKind::NotADirectory, "one");
            check(below_a_file.open("x", Opened::New).unwrap_err(), ErrorKind::NotADirectory, "one");
        }
        let orphan = DiskVfs::new(scratch.path().join("no/parent"));
        check(orphan.create_folder("").unwrap_err(), ErrorKind::NotFound, "parent");
    }
}
