//! Tools for items and records, by name.

use std::ffi::c_char;

use streamtable::records::{self, Replay};

use crate::border::{borrowed, bytes, cross, text, writable};
use crate::buffer::Buffer;
use crate::database::Database;
use crate::status::Status;

/// Runs a tool for items and records; no database is needed. `input` is a JSON object of `length` bytes. `*out` becomes a buffer to free: what
/// the tool makes as JSON, or the error. Items and images are in their typed form, {"id": {"S": "1"}}. Tools:
///
/// "plain": {"Item", "Numbers"?} gives the item as plain JSON values; "Numbers" is "decimal" or "text" (text, the default), "float" or
/// "native" (whole numbers of up to 64 bits exactly, others as the nearest double). Sets are sorted lists, binary values base64 text.
///
/// "differences": {"Old"?, "New"?} gives what is not the same in two images: [{"Path": "/total", "From": {"N": "1"}, "To": {"N": "2"}}].
///
/// "patch": {"Old"?, "New"?, "Numbers"?} gives the JSON Patch (RFC 6902) for the plain values, with "native" numbers by default.
///
/// "lambda_event": {"Records", "StreamArn"} gives the event that a function of AWS Lambda is handed for records as GetRecords has them.
///
/// "filter": {"FilterCriteria": {"Filters": [{"Pattern"}]}, "Records"? with "StreamArn", "Events"? (any), "Documented"? (refuse operators that AWS
/// Lambda does not document)} gives {"Matches": [[0], []]}: for each event the places of all filters that match.
///
/// "make_event": {"Changes": [{"Old"?, "New"?}], "Keys": [names], "TableName"?, "StreamViewType"?, "Region"?, "Account"?, "Now"? (epoch
/// milliseconds), "Seed"?} gives such an event for changes, for tests, with identities, sizes and sequence numbers as the service would give
/// them.
///
/// STREAMTABLE_STATUS_UNKNOWN_OPERATION for a name that is none, STREAMTABLE_STATUS_SERIALIZATION for input of another form,
/// STREAMTABLE_STATUS_VALIDATION for changes that no table would take, and for patterns that are none.
///
/// # Safety
/// `tool` ends with NUL, `input` has `length` bytes, `out` may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_tool(
    tool: *const c_char,
    input: *const c_char,
    length: usize,
    out: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            Ok(Some(records::run_json(text(tool, "tool")?, bytes(input, length, "input")?)?))
        })
    }
}

/// Replays records into a table: new images are put, removed items deleted. `input` is {"TableName", "Records"} as JSON, `length` bytes, records
/// as GetRecords has them. `*out` becomes a buffer to free: {"Applied": n, "Skipped": n}, or the error.
///
/// Each record is applied once, and never after a later one of its item, however often it comes: beside the table a second one,
/// "<TableName>.applied", keeps the sequence number of each item's last record. STREAMTABLE_STATUS_VALIDATION for a record of another key, or
/// one that does not hold the image it led to; what came before it is applied.
///
/// # Safety
/// `database` is a handle that is not freed, `input` has `length` bytes, `out` may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_apply(
    database: *const Database,
    input: *const c_char,
    length: usize,
    out: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            let database = &borrowed(database, "database")?.core;
            let replay =
                Replay::read(&mut serde_json::Deserializer::from_slice(bytes(input, length, "input")?))?;
            let done = replay.run(database)?;
            Ok(Some(serde_json::to_vec(&done).expect("two numbers are JSON")))
        })
    }
}
