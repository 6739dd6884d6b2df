//! What a disk gives at best: appending bytes to a file and waiting until they are safe, alone and in groups.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Condvar, Mutex};

use rustix::fs::{FallocateFlags, fallocate};

/// A file at whose end bytes are written.
#[derive(Debug)]
pub(super) struct Append {
    file: File,
    end: u64,
}

impl Append {
    /// A new file. With `reserved` bytes set aside for it, appending does not make it longer.
    pub(super) fn create(path: &Path, reserved: u64) -> io::Result<Append> {
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
        if reserved > 0 {
            fallocate(&file, FallocateFlags::empty(), 0, reserved)?;
            file.sync_all()?;
        }
        Ok(Append { file, end: 0 })
    }

    /// Appends and waits for the disk.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, self.end)?;
        self.end += bytes.len() as u64;
        self.file.sync_data()
    }
}

/// Group commit at its barest: whoever comes while the disk is busy waits, and one of them writes for all that wait.
#[derive(Debug)]
pub(super) struct Group {
    state: Mutex<State>,
    settled: Condvar,
    file: Mutex<Append>,
}

#[derive(Debug, Default)]
struct State {
    pending: Vec<u8>,
    /// Commits that were given in, and those that are safe.
    given: u64,
    safe: u64,
    leading: bool,
}

impl Group {
    pub(super) fn new(file: Append) -> Group {
        Group { state: Mutex::default(), settled: Condvar::new(), file: Mutex::new(file) }
    }

    /// Gives in a commit and returns when it is safe.
    pub(super) fn commit(&self, bytes: &[u8]) {
        let mut state = self.state.lock().expect("no thread panics");
        state.pending.extend_from_slice(bytes);
        state.given += 1;
        let mine = state.given;
        while state.safe < mine {
            if state.leading {
                state = self.settled.wait(state).expect("no thread panics");
                continue;
            }
            state.leading = true;
            let (pending, upto) = (std::mem::take(&mut state.pending), state.given);
            drop(state);
            self.file.lock().expect("no thread panics").append(&pending).expect("the disk takes it");
            state = self.state.lock().expect("no thread panics");
            state.safe = upto;
            state.leading = false;
            self.settled.notify_all();
        }
    }
}
