//! A disk in memory that loses power, fills up and fails when a test says so.
//!
//! What is assumed of real disks:
//! * a power loss keeps, drops or tears each write since the last sync of its file, whatever the order they were made in, and independently of
//!   other files. A torn write is any subset of its 512-byte sectors, each old or new as a whole;
//! * a new length is kept or dropped as a whole; bytes never written are zero;
//! * names (new, renamed and removed files, new folders) are safe after a sync of their folder; of the changes since, a power loss keeps the first
//!   few in the order they were made, as file systems with a journal do, in each folder independently. A file's own sync does not make its name safe;
//! * a failed sync leaves the writes before it in doubt for good: the file shows them, a later sync succeeds, and the next power loss may still
//!   take them;
//! * a failed write has written any number of sectors from its beginning, or nothing.

mod content;
mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use parking_lot::Mutex;

use self::content::{Change, Inode};
use self::names::{Directory, FileId, NameChange, failure};
use super::{Opened, Vfs, VfsFile};
use crate::entropy::Entropy;

/// Where numbers come from.
type Random<'r> = &'r mut dyn FnMut() -> u64;

/// A kind of call to the disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DiskCall {
    /// Opening or making a file.
    Open,
    /// Reading from a file.
    Read,
    /// Writing to a file.
    Write,
    /// Making a file's content safe.
    Sync,
    /// Reserving space for a file.
    Allocate,
    /// Cutting or growing a file.
    SetLen,
    /// Renaming a file.
    Rename,
    /// Removing a file.
    Remove,
    /// Making a folder.
    CreateFolder,
    /// Making the names in a folder safe.
    SyncFolder,
    /// Listing a folder.
    List,
}

impl DiskCall {
    /// Every kind.
    pub const ALL: [DiskCall; 11] = [
        DiskCall::Open,
        DiskCall::Read,
        DiskCall::Write,
        DiskCall::Sync,
        DiskCall::Allocate,
        DiskCall::SetLen,
        DiskCall::Rename,
        DiskCall::Remove,
        DiskCall::CreateFolder,
        DiskCall::SyncFolder,
        DiskCall::List,
    ];

    fn changes(self) -> bool {
        // Files are opened for reading and writing, always.
        !matches!(self, DiskCall::Read | DiskCall::Sync | DiskCall::SyncFolder | DiskCall::List)
    }
}

/// A failure planned with [`SimDisk::plan`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DiskFault {
    /// Which calls are counted; none for all, so that with `lasting` the power goes at the n-th call.
    pub call: Option<DiskCall>,
    /// Only those about files and folders whose name begins so; `""` for all.
    pub prefix: String,
    /// Which of them fails, counted from 1 at the time of planning.
    pub nth: u64,
    /// Whether all later ones fail, too.
    pub lasting: bool,
    /// What the caller is told: `StorageFull`, `Other` for a failing device, `UnexpectedEof` for a short read, `PermissionDenied`…
    pub kind: ErrorKind,
}

/// A disk in memory. Clones are the same disk; [`SimDisk::crash`] and [`SimDisk::kill`] make another one.
#[derive(Clone)]
pub struct SimDisk {
    disk: Arc<Mutex<Disk>>,
}

impl fmt::Debug for SimDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimDisk").field("files", &self.files()).finish()
    }
}

#[derive(Debug)]
struct Disk {
    directory: Directory,
    inodes: BTreeMap<FileId, Inode>,
    next_file: FileId,
    random: Entropy,
    calls: BTreeMap<DiskCall, u64>,
    faults: Vec<DiskFault>,
    read_only: bool,
    /// Bytes; none for a disk without end.
    capacity: Option<u64>,
}

impl SimDisk {
    /// An empty disk. The seed decides how much of a failed write is written.
    #[must_use]
    pub fn new(seed: u64) -> SimDisk {
        Disk {
            directory: Directory::default(),
            inodes: BTreeMap::new(),
            next_file: 1,
            random: Entropy::seeded(seed),
            calls: BTreeMap::new(),
            faults: Vec::new(),
            read_only: false,
            capacity: None,
        }
        .shared()
    }

    /// The disk as a power loss at this moment may leave it, by the numbers of `random`. It has the same capacity, works without faults, and
    /// has nothing to do with this one, whose open files go on as if nothing had happened.
    #[must_use]
    pub fn crash(&self, random: &mut dyn FnMut() -> u64) -> SimDisk {
        let disk = self.disk.lock();
        let directory = disk.directory.crash(random);
        let inodes = disk.inodes.iter().filter(|(file, _)| directory.names(**file));
        let inodes = inodes.map(|(file, inode)| (*file, inode.crash(random))).collect();
        disk.successor(directory, inodes).shared()
    }

    /// The disk as the next process finds it after this one was killed: everything written is there, and what was not synced may still be lost
    /// by a power loss. Apart from that as [`SimDisk::crash`].
    #[must_use]
    pub fn kill(&self) -> SimDisk {
        let disk = self.disk.lock();
        let mut inodes = disk.inodes.clone();
        inodes.retain(|file, _| disk.directory.names(*file));
        inodes.values_mut().for_each(|inode| inode.handles = 0);
        disk.successor(disk.directory.clone(), inodes).shared()
    }

    /// Plans a failure. Several may be planned; each counts for itself.
    ///
    /// # Panics
    /// If `nth` is 0: there is no such call.
    pub fn plan(&self, fault: DiskFault) {
        assert!(fault.nth > 0, "calls are counted from 1");
        self.disk.lock().faults.push(fault);
    }

    /// Forgets all planned failures.
    pub fn repair(&self) {
        self.disk.lock().faults.clear();
    }

    /// From now on everything that changes the disk fails with `ReadOnlyFilesystem`, opening files too, or no longer.
    pub fn set_read_only(&self, read_only: bool) {
        self.disk.lock().read_only = read_only;
    }

    /// From now on the files may take so many bytes together, in pages of 4096 that were written or reserved; beyond, `StorageFull`.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.disk.lock().capacity = bytes;
    }

    /// Bytes that all files take together, in pages of 4096 that were written or reserved.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.disk.lock().used()
    }

    /// How many calls of a kind there were, failed ones too.
    #[must_use]
    pub fn calls(&self, call: DiskCall) -> u64 {
        self.disk.lock().calls.get(&call).copied().unwrap_or(0)
    }

    /// Names and lengths in bytes of all files, in order of names.
    #[must_use]
    pub fn files(&self) -> Vec<(String, u64)> {
        let disk = self.disk.lock();
        let files = disk.directory.now.files.iter();
        files.map(|(name, file)| (name.clone(), disk.inodes[file].now.len)).collect()
    }

    /// All bytes of a file. Counts as no call.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn contents(&self, name: &str) -> io::Result<Vec<u8>> {
        let disk = self.disk.lock();
        let content = &disk.inodes[&disk.directory.now.file(name)?].now;
        let mut bytes =
            vec![0; usize::try_from(content.len).map_err(|_| failure(ErrorKind::FileTooLarge, name))?];
        if content.read(&mut bytes, 0) { Ok(bytes) } else { Err(failure(ErrorKind::UnexpectedEof, name)) }
    }

    /// Damages a file: turns one bit of one byte. What was written to the file before counts as synced.
    ///
    /// # Errors
    /// `NotFound`; `InvalidInput` if the file has no such byte, or a byte no such bit.
    pub fn flip(&self, name: &str, byte: u64, bit: u8) -> io::Result<()> {
        self.damage(name, |inode| {
            let mut value = [0];
            if bit > 7 || !inode.now.read(&mut value, byte) {
                return Err(failure(ErrorKind::InvalidInput, name));
            }
            inode.now.apply(&Change::Write { at: byte, bytes: [value[0] ^ (1 << bit)].into() });
            Ok(())
        })
    }

    /// Damages a file: cuts it to `len` bytes, or makes it longer by zeros. What was written to the file before counts as synced.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn truncate(&self, name: &str, len: u64) -> io::Result<()> {
        self.damage(name, |inode| {
            inode.now.apply(&Change::Length(len));
            Ok(())
        })
    }

    fn damage(&self, name: &str, how: impl FnOnce(&mut Inode) -> io::Result<()>) -> io::Result<()> {
        let mut disk = self.disk.lock();
        let file = disk.directory.now.file(name)?;
        let inode = disk.inode(file);
        how(inode)?;
        inode.settle();
        Ok(())
    }
}

impl Disk {
    fn shared(self) -> SimDisk {
        SimDisk { disk: Arc::new(Mutex::new(self)) }
    }

    fn successor(&self, directory: Directory, inodes: BTreeMap<FileId, Inode>) -> Disk {
        Disk {
            directory,
            inodes,
            next_file: self.next_file,
            random: Entropy::seeded(self.random.next()),
            calls: BTreeMap::new(),
            faults: Vec::new(),
            read_only: false,
            capacity: self.capacity,
        }
    }

    fn used(&self) -> u64 {
        self.inodes.values().map(|inode| inode.now.used()).sum()
    }

    fn inode(&mut self, file: FileId) -> &mut Inode {
        self.inodes.get_mut(&file).expect("files that have a name or are open are there")
    }

    /// Counts a call and fails it if that was planned.
    fn enter(&mut self, call: DiskCall, name: &str) -> io::Result<()> {
        *self.calls.entry(call).or_insert(0) += 1;
        let mut failed = None;
        self.faults.retain_mut(|fault| {
            if fault.call.is_some_and(|counted| counted != call) || !name.starts_with(&fault.prefix) {
                return true;
            }
            if fault.nth > 1 {
                fault.nth -= 1;
                return true;
            }
            failed = Some(fault.kind);
            fault.lasting
        });
        match failed {
            Some(kind) => Err(failure(kind, name)),
            None if self.read_only && call.changes() => Err(failure(ErrorKind::ReadOnlyFilesystem, name)),
            None => Ok(()),
        }
    }

    /// Bytes that may still be taken.
    fn room(&self) -> u64 {
        self.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(self.used()))
    }

    fn change(&mut self, call: DiskCall, name: &str, file: FileId, change: Change) -> io::Result<()> {
        let room = self.room();
        let outcome = match self.enter(call, name) {
            Ok(()) if self.inode(file).now.growth(&change) > room => {
                Err(failure(ErrorKind::StorageFull, name))
            }
            outcome => outcome,
        };
        let done = match outcome {
            Ok(()) => Some(change),
            Err(_) if self.read_only => None,
            Err(_) => change.begun(&mut || self.random.next()),
        };
        let inode = self.inode(file);
        if let Some(done) = done.filter(|done| inode.now.growth(done) <= room) {
            inode.change(done);
        }
        outcome
    }

    /// Forgets a file that nobody can reach any more.
    fn collect(&mut self, file: FileId) {
        let gone = self.inodes.get(&file).is_some_and(|inode| inode.handles == 0);
        if gone && !self.directory.names(file) {
            self.inodes.remove(&file);
        }
    }

    fn collect_all(&mut self) {
        let files: Vec<FileId> = self.inodes.keys().copied().collect();
        files.into_iter().for_each(|file| self.collect(file));
    }
}

impl Vfs for SimDisk {
    fn open(&self, name: &str, how: Opened) -> io::Result<Arc<dyn VfsFile>> {
        let mut disk = self.disk.lock();
        disk.enter(DiskCall::Open, name)?;
        let file = match how {
            Opened::Existing | Opened::Reading => disk.directory.now.file(name)?,
            Opened::New => {
                disk.directory.now.check_new(name)?;
                let file = disk.next_file;
                disk.next_file += 1;
                disk.inodes.insert(file, Inode::default());
                disk.directory.change(NameChange::File(name.to_owned(), file));
                file
            }
        };
        disk.inode(file).handles += 1;
        Ok(Arc::new(SimFile { disk: self.clone(), file, name: name.to_owned() }))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut disk = self.disk.lock();
        disk.enter(DiskCall::List, folder)?;
        disk.directory.now.list(folder)
    }

    fn create_folder(&self, name: &str) -> io::Result<()> {
        let mut disk = self.disk.lock();
        disk.enter(DiskCall::CreateFolder, name)?;
        disk.directory.create_folder(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut disk = self.disk.lock();
        disk.enter(DiskCall::Rename, from)?;
        disk.directory.rename(from, to)?;
        disk.collect_all();
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut disk = self.disk.lock();
        disk.enter(DiskCall::Remove, name)?;
        disk.directory.remove(name)?;
        disk.collect_all();
        Ok(())
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        let mut disk = self.disk.lock();
        disk.enter(DiskCall::SyncFolder, folder)?;
        disk.directory.sync(folder)?;
        disk.collect_all();
        Ok(())
    }
}

/// An open file of a simulated disk.
struct SimFile {
    disk: SimDisk,
    file: FileId,
    /// As it was opened, for faults and errors.
    name: String,
}

impl fmt::Debug for SimFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SimFile").field(&self.name).finish()
    }
}

impl Drop for SimFile {
    fn drop(&mut self) {
        let mut disk = self.disk.disk.lock();
        disk.inode(self.file).handles -= 1;
        disk.collect(self.file);
    }
}

impl SimFile {
    fn change(&self, call: DiskCall, change: Change) -> io::Result<()> {
        self.disk.disk.lock().change(call, &self.name, self.file, change)
    }
}

impl VfsFile for SimFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.disk.lock().inode(self.file).now.len)
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        let mut disk = self.disk.disk.lock();
        disk.enter(DiskCall::Read, &self.name)?;
        if disk.inode(self.file).now.read(buffer, at) {
            Ok(())
        } else {
            Err(failure(ErrorKind::UnexpectedEof, &self.name))
        }
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.change(DiskCall::Write, Change::Write { at, bytes: bytes.into() })
    }

    fn allocate(&self, len: u64) -> io::Result<()> {
        self.change(DiskCall::Allocate, Change::Space(len))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change(DiskCall::SetLen, Change::Length(len))
    }

    fn sync(&self) -> io::Result<()> {
        let mut disk = self.disk.disk.lock();
        let outcome = disk.enter(DiskCall::Sync, &self.name);
        let inode = disk.inode(self.file);
        match &outcome {
            Ok(()) => inode.sync(),
            Err(_) => inode.sync_failed(),
        }
        outcome
    }
}
