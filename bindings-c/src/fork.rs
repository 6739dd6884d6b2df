//! Forks and snapshots: databases that go on from a moment of another, and the way back to it.

use std::ffi::c_char;

use streamtable_remote::Connection;

use crate::border::{borrowed, cross, hand_out, optional_text, text};
use crate::buffer::Buffer;
use crate::database::Database;
use crate::status::Status;

/// A database in memory at one moment. Made by streamtable_snapshot_take(), ended by streamtable_snapshot_free().
#[derive(Debug)]
pub struct Snapshot {
    core: streamtable::Snapshot,
}

/// Makes a database that goes on from the present of another: tables, items, streams, iterators, clock. From then on both are independent, and
/// either may be freed first.
///
/// `path` is NULL for a database in memory; it takes microseconds then, whatever there is. For a database in a directory it is the directory
/// of the fork, which is made: files that are never written again are shared by hard links, where the file system has them.
///
/// `*out_database` becomes the handle, to be ended by streamtable_free(), or NULL on failure. `*out_error` becomes NULL, or on failure a
/// buffer to free; `out_error` may be NULL. STREAMTABLE_STATUS_VALIDATION for a path in memory, none in a directory, or a directory that
/// holds something.
///
/// # Safety
/// `database` is a handle that is not freed, `path` ends with NUL, out-parameters may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_fork(
    database: *const Database,
    path: *const c_char,
    out_database: *mut *mut Database,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        hand_out(out_database, "out_database", out_error, || {
            let database = borrowed(database, "database")?.core.local("streamtable_fork()")?;
            let core = match optional_text(path, "path")? {
                Some(path) => database.fork_to(path)?,
                None => database.fork()?,
            };
            Ok(Database::new(Connection::Local(core)))
        })
    }
}

/// Gives a handle of the database as clients of another region see it: with tables, streams, queues, mappings and ARNs of that region, which begins
/// empty when it is first asked for. All regions have one clock, and are copied, forked, put back, reset and closed together; faults and metrics
/// are those of a region. With the option `share_regions`, and for the region's own name, it is one more handle of the same database.
///
/// `*out_database` becomes the handle, to be ended by streamtable_free(), which leaves the database open; or NULL on failure. All its regions close
/// with the handle that the database was opened with. `*out_error` becomes NULL, or on failure a buffer to free; `out_error` may be NULL. STREAMTABLE_STATUS_OPEN for what is no name of a
/// region, STREAMTABLE_STATUS_VALIDATION beyond 64 others.
///
/// # Safety
/// `database` is a handle that is not freed, `region` ends with NUL, out-parameters may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_in_region(
    database: *const Database,
    region: *const c_char,
    out_database: *mut *mut Database,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        hand_out(out_database, "out_database", out_error, || {
            let database = borrowed(database, "database")?.core.local("streamtable_in_region()")?;
            let core = database.in_region(text(region, "region")?)?;
            Ok(Database::another(core))
        })
    }
}

/// Takes a database in memory as it is at this moment: to fork from it, or to come back to it with streamtable_restore(). Takes microseconds.
///
/// `*out_snapshot` becomes the snapshot, or NULL on failure. `*out_error` becomes NULL, or on failure a buffer to free; `out_error` may be NULL.
/// A snapshot outlives its database, and may be used from any thread, by several at once. STREAMTABLE_STATUS_VALIDATION for a database in a
/// directory.
///
/// # Safety
/// `database` is a handle that is not freed; out-parameters may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_snapshot_take(
    database: *const Database,
    out_snapshot: *mut *mut Snapshot,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        hand_out(out_snapshot, "out_snapshot", out_error, || {
            let core =
                borrowed(database, "database")?.core.local("streamtable_snapshot_take()")?.snapshot()?;
            Ok(Snapshot { core })
        })
    }
}

/// Makes a database in memory that goes on from a snapshot, as streamtable_fork() from the present.
///
/// # Safety
/// `snapshot` is not freed; out-parameters may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_snapshot_fork(
    snapshot: *const Snapshot,
    out_database: *mut *mut Database,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        hand_out(out_database, "out_database", out_error, || {
            let core = borrowed(snapshot, "snapshot")?.core.fork()?;
            Ok(Database::new(Connection::Local(core)))
        })
    }
}

/// Puts a database in memory back to a snapshot of it, or of one it was forked from or into: tables, items, streams, clock. Its handle and its
/// readers go on with that; a call that runs meanwhile is answered by the database as it was before. A snapshot can be restored any number of
/// times. `*out_error` becomes NULL, or on failure a buffer to free; `out_error` may be NULL.
///
/// STREAMTABLE_STATUS_VALIDATION for a database in a directory, or a snapshot of a database in another region or account.
///
/// # Safety
/// `database` is a handle and `snapshot` a snapshot that is not freed; `out_error` is NULL or may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_restore(
    database: *const Database,
    snapshot: *const Snapshot,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out_error, || {
            let database = borrowed(database, "database")?.core.local("streamtable_restore()")?;
            database.restore(&borrowed(snapshot, "snapshot")?.core)?;
            Ok(None)
        })
    }
}

/// Empties a database in memory: tables, items, streams; a manual clock stands where it stood when the database was opened, and a seeded one
/// makes the same choices again. A fork is emptied to what the database was that it comes from. Handles and readers stay valid. `*out_error`
/// becomes NULL, or on failure a buffer to free; `out_error` may be NULL.
///
/// STREAMTABLE_STATUS_VALIDATION for a database in a directory.
///
/// # Safety
/// `database` is a handle that is not freed; `out_error` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_reset(database: *const Database, out_error: *mut *mut Buffer) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out_error, || {
            borrowed(database, "database")?.core.local("streamtable_reset()")?.reset()?;
            Ok(None)
        })
    }
}

/// Ends a snapshot. No call with it may be running or follow. Does nothing for NULL.
///
/// # Safety
/// `snapshot` is NULL or a snapshot that is not freed and that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_snapshot_free(snapshot: *mut Snapshot) {
    if snapshot.is_null() {
        return;
    }
    // SAFETY: the caller's promises; snapshots are made by `Box::into_raw` in `streamtable_snapshot_take`.
    unsafe {
        let snapshot = Box::from_raw(snapshot);
        // There is nobody to tell of a panic.
        let _: Status = cross(std::ptr::null_mut(), move || {
            drop(snapshot);
            Ok(None)
        });
    }
}
