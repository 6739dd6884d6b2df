//! A store in a directory of the system: made if need be, and locked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::{in_words, not_locked, refuse};
use super::index::INDEX_FOLDER;
use super::open::{FORMAT_FILE, read_format};
use super::segment::LOG_FOLDER;
use super::{DurableStore, Settings};
use crate::api::{Error, ErrorCode, Result};
use crate::clock::Millis;
use crate::store::vfs::{DiskVfs, LOCK_FILE, Lock, Overlay, make_directory, sync_directory};

impl DurableStore {
    /// Opens the database in a directory, which is made if it is not there. `new_id` is the identity of a new one, `now` is told to others
    /// who want to open it meanwhile.
    ///
    /// # Errors
    /// `OpenException` for a directory that another process has open or that cannot be used, and as [`DurableStore::open`].
    pub(crate) fn open_directory(
        path: &Path,
        settings: Settings,
        new_id: u128,
        now: Millis,
    ) -> Result<DurableStore> {
        if path.as_os_str().is_empty() {
            return Err(refuse(
                "Cannot open a path without a name; leave it out for a database in memory".into(),
            ));
        }
        make_directory(path).map_err(|e| about(path)(refuse(in_words(&e))))?;
        refuse_others(path).map_err(about(path))?;
        let lock = Lock::take(path, now).map_err(not_locked).map_err(about(path))?;
        DurableStore::open(Arc::new(DiskVfs::new(path)), Some(lock), settings, new_id).map_err(about(path))
    }

    /// Opens the database in a directory, which must hold one.
    ///
    /// # Errors
    /// As [`DurableStore::open_directory`]; `OpenException` where there is none.
    pub(crate) fn open_existing(path: &Path, settings: Settings, now: Millis) -> Result<DurableStore> {
        refuse_nothing(path)?;
        DurableStore::open_directory(path, settings, 0, now)
    }

    /// Opens the database in a directory, which must hold one, to look at it. What opening and looking change stays in memory, so that the
    /// directory may lie where nobody can write.
    ///
    /// # Errors
    /// As [`DurableStore::open_directory`]; `OpenException` where there is none.
    pub(crate) fn look_at(path: &Path, settings: Settings, now: Millis) -> Result<DurableStore> {
        refuse_nothing(path)?;
        let lock = Lock::take_to_look(path, now).map_err(not_locked).map_err(about(path))?;
        let vfs = Overlay::over(Arc::new(DiskVfs::new(path)));
        DurableStore::open(Arc::new(vfs), lock, settings, 0).map_err(about(path))
    }
}

/// The folder of a database's directory in which its other regions lie, each a database in a directory of its own.
pub(crate) const REGION_FOLDER: &str = "regions";

/// Makes the folder for the other regions of the database in a directory, if need be; where one of them lies in it.
///
/// # Errors
/// `StorageException` for the disk's.
pub(crate) fn region_below(path: &Path, region: &str) -> Result<PathBuf> {
    let folder = path.join(REGION_FOLDER);
    let made = make_directory(&folder).and_then(|()| sync_directory(path));
    made.map_err(|e| Error::new(ErrorCode::Storage, format!("{}: {}", folder.display(), in_words(&e))))?;
    Ok(folder.join(region))
}

/// The other regions of the database in a directory, by name, and where they lie.
///
/// # Errors
/// `StorageException` for the disk's.
pub(crate) fn regions_in(path: &Path) -> Result<Vec<(String, PathBuf)>> {
    let folder = path.join(REGION_FOLDER);
    let failed =
        |e: &io::Error| Error::new(ErrorCode::Storage, format!("{}: {}", folder.display(), in_words(e)));
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(failed(&e)),
    };
    let mut regions = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| failed(&e))?.path();
        // One without its format file was being made, or copied, when that ended.
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name.filter(|_| path.join(FORMAT_FILE).exists()) {
            regions.push((name.to_owned(), path.clone()));
        }
    }
    regions.sort_unstable();
    Ok(regions)
}

/// Takes away what makes a directory pass for a database.
///
/// # Errors
/// `StorageException` for the disk's.
pub(crate) fn disown(path: &Path) -> Result<()> {
    let removed = fs::remove_file(path.join(FORMAT_FILE));
    removed.map_err(|e| Error::new(ErrorCode::Storage, format!("{}: {}", path.display(), in_words(&e))))
}

/// Refuses a directory without a database.
fn refuse_nothing(path: &Path) -> Result<()> {
    if path.join(FORMAT_FILE).exists() {
        return Ok(());
    }
    Err(about(path)(refuse("it holds no streamtable database".into())))
}

/// Names the directory in errors about it as a whole.
pub(super) fn about(path: &Path) -> impl Fn(Error) -> Error + '_ {
    |error| match error.code() {
        ErrorCode::Open | ErrorCode::Corruption => {
            Error::new(error.code(), format!("Cannot open {}: {}", path.display(), error.message()))
        }
        _ => error,
    }
}

/// Refuses a directory of something else before anything is written into it. What may be ours is looked at under the lock.
fn refuse_others(path: &Path) -> Result<()> {
    let ours = [FORMAT_FILE, INDEX_FOLDER, LOCK_FILE, LOG_FOLDER];
    if ours.iter().any(|name| path.join(name).exists()) {
        return Ok(());
    }
    read_format(&DiskVfs::new(path)).map(|_| ())
}

/// Refuses a directory that holds something, and makes one that is not there.
pub(super) fn make_empty(path: &Path) -> Result<()> {
    let failed =
        |e: &io::Error| Error::new(ErrorCode::Storage, format!("{}: {}", path.display(), in_words(e)));
    make_directory(path).map_err(|e| failed(&e))?;
    let mut entries = fs::read_dir(path).map_err(|e| failed(&e))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => {
            let message = crate::api::message::table::directory_not_empty(&path.display().to_string());
            Err(Error::validation(message))
        }
    }
}
