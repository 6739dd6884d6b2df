//! Where the databases of a run lie.

use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

/// What every case of a run is played on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum Store {
    /// Databases in memory, but for cases whose steps need a directory.
    #[default]
    Memory,
    /// Each database in a fresh directory.
    Durable,
    /// The same, closed and opened again before every step.
    Reopen,
}

impl Store {
    /// All names, as cases and the command line have them.
    pub const ALL: [(&str, Store); 3] =
        [("memory", Store::Memory), ("durable", Store::Durable), ("reopen", Store::Reopen)];

    pub fn name(self) -> &'static str {
        match self {
            Store::Memory => "memory",
            Store::Durable => "durable",
            Store::Reopen => "reopen",
        }
    }
}

/// Where the databases of this run lie: in the system's memory where it has a place for files there. The suite asks what databases answer,
/// not what disks do, and opens and closes them thousands of times.
///
/// # Errors
/// The program's own place, if nothing else is left, is unknown.
pub fn folder_of_run() -> Result<PathBuf, String> {
    let name = format!("streamtable-conform-{}", process::id());
    let in_memory = Path::new("/dev/shm").join(&name);
    if fs::create_dir(&in_memory).is_ok() {
        return Ok(in_memory);
    }
    let here = env::current_exe().map_err(|e| format!("where this program lies is unknown: {e}"))?;
    Ok(here.with_file_name("conform-stores").join(name))
}

/// Names directories for the databases of a run, and removes what lies there when it goes.
#[derive(Debug)]
pub struct Directories {
    folder: PathBuf,
    taken: u64,
}

impl Directories {
    pub fn below(folder: PathBuf) -> Directories {
        Directories { folder, taken: 0 }
    }

    /// A directory that is not there yet.
    pub fn fresh(&mut self) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        self.taken += 1;
        Ok(self.folder.join(self.taken.to_string()))
    }

    /// Removes what a database left; one that was never made left nothing.
    pub fn remove(directory: &Path) -> io::Result<()> {
        match fs::remove_dir_all(directory) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }
}

impl Drop for Directories {
    fn drop(&mut self) {
        // What cannot be removed is clutter in the build folder, and no news about the target.
        Directories::remove(&self.folder).ok();
    }
}
