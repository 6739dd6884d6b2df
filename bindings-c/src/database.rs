//! Handles: open, call, close, free.

use std::ffi::c_char;
use std::path::Path;

use streamtable::OpenOptions;
use streamtable_remote::{Connection, Options};

use crate::border::{borrowed, bytes, cross, explained, hand_out, optional_text, text, writable};
use crate::buffer::Buffer;
use crate::status::Status;

/// An open database. Made by streamtable_open(), ended by streamtable_free().
#[derive(Debug)]
pub struct Database {
    pub(crate) core: Connection,
    /// Whether freeing the handle closes the database: not for one more handle of a database that has its own.
    is_owner: bool,
}

impl Database {
    /// The handle that a database is closed with.
    pub(crate) fn new(core: Connection) -> Database {
        Database { core, is_owner: true }
    }

    /// One more handle of a database.
    pub(crate) fn another(core: streamtable::Database) -> Database {
        Database { core: Connection::Local(core), is_owner: false }
    }
}

/// Opens a database.
///
/// `path` is the directory of the database, which is made if there is none, or NULL for one in memory that ends with its handle. It may be the
/// address of a database elsewhere: "dynamodb://eu-west-1", "http://127.0.0.1:8000", "unix:///path.sock"; `options` are NULL then, what there is
/// to be set stands in the address. What is of a database in this process alone (forks, snapshots, regions) is refused there. One handle at
/// a time has a directory open; for another, in whatever process, this answers STREAMTABLE_STATUS_OPEN and says who has it. A handle belongs
/// to the process that opened it: a forked child must not use it, not even to free it.
///
/// `options` is a JSON object, or NULL for all defaults: its members stand at the beginning of this header, and any other is an error.
///
/// `*out_database` becomes the handle, or NULL on failure. `*out_error` becomes NULL, or on failure a buffer to free that tells why;
/// `out_error` may be NULL.
///
/// # Safety
/// Texts end with NUL; out-parameters may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_open(
    path: *const c_char,
    options: *const c_char,
    out_database: *mut *mut Database,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        hand_out(out_database, "out_database", out_error, || {
            let path = optional_text(path, "path")?.map(Path::new);
            let given = optional_text(options, "options")?;
            // An object without members says nothing.
            let are_given = given.is_some_and(|json| !matches!(json.trim(), "" | "{}"));
            let options = match given {
                Some(json) => OpenOptions::from_json(json.as_bytes())?,
                None => OpenOptions::default(),
            };
            let core = Connection::open_at(path, options, are_given, Options::default())?;
            Ok(Database::new(core))
        })
    }
}

/// Runs an operation.
///
/// `operation` is its name, such as "PutItem"; streamtable_operation_name() lists them. `input` is the operation's input as JSON, `length` bytes
/// of UTF-8 without need of a NUL at the end, as DynamoDB's HTTP protocol has it: binary values in base64, numbers as text.
///
/// `*out` becomes a buffer to free, whatever the status: on STREAMTABLE_STATUS_OK the operation's output as JSON, otherwise the error,
/// {"__type": "<namespace>#<code>", "message": "<text>"}, for input that is no JSON with where it ceases to be, with an "Item" where ReturnValuesOnConditionCheckFailure asked for it, with
/// "CancellationReasons" for a transaction, and without a "message" where the service has none; as on the wire, it is "Message" in
/// TransactionCanceledException, TransactionInProgressException and IdempotentParameterMismatchException.
///
/// A call either takes effect whole or not at all. With durability "sync" it returns when the disk has what it wrote or saw; many calls at
/// once, from as many threads, share one write to the disk.
///
/// # Safety
/// `database` is a handle that is not freed, `operation` ends with NUL, `input` has `length` bytes, `out` may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_call(
    database: *const Database,
    operation: *const c_char,
    input: *const c_char,
    length: usize,
    out: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            let database = borrowed(database, "database")?;
            let operation = text(operation, "operation")?;
            let input = bytes(input, length, "input")?;
            #[cfg(feature = "panic-test")]
            if operation == "__panic" {
                panic!("asked to panic");
            }
            Ok(Some(database.core.call_json(operation, input).map_err(|error| explained(error, input))?))
        })
    }
}

/// Closes a database: calls that are running finish, later ones answer STREAMTABLE_STATUS_CLOSED, from whatever thread. Everything that was
/// acknowledged is made safe, whatever the durability, and the directory may be opened again. Closing it again does nothing. The handle stays
/// valid until streamtable_free().
///
/// Answers STREAMTABLE_STATUS_STORAGE when the disk failed: the database is closed nevertheless, and what was not safe before may be lost.
///
/// # Safety
/// `database` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_close(database: *const Database) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(std::ptr::null_mut(), || {
            borrowed(database, "database")?.core.close()?;
            Ok(None)
        })
    }
}

/// Closes a database, if it is open, and frees its handle. One of streamtable_in_region() is freed alone. No call with this handle may be running or follow. Buffers it gave out stay valid.
/// Does nothing for NULL. What goes wrong with the disk is told by streamtable_close() alone: call that first.
///
/// # Safety
/// `database` is NULL or a handle that is not freed and that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_free(database: *mut Database) {
    if database.is_null() {
        return;
    }
    // SAFETY: the caller's promises; handles are made by `Box::into_raw` in `streamtable_open`.
    unsafe {
        let database = Box::from_raw(database);
        // There is nobody to tell, of an error as little as of a panic, whose memory is lost.
        let _: Status = cross(std::ptr::null_mut(), move || {
            let closed = if database.is_owner { database.core.close() } else { Ok(()) };
            drop(database);
            closed?;
            Ok(None)
        });
    }
}
