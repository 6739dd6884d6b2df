//! Clock, shards, maintenance: what the database offers beside the service's operations.

use std::ffi::c_char;

use serde::Serialize;
use streamtable::api::{
    AdvanceClockInput, DescribeClockInput, MaintainInput, RollShardInput, SplitShardInput,
};
use streamtable::door::ask;

use crate::border::{Failure, borrowed, cross, optional_text, text, writable};
use crate::buffer::Buffer;
use crate::database::Database;
use crate::status::Status;

/// The output of an operation as JSON.
fn json(output: &impl Serialize) -> Option<Vec<u8>> {
    Some(serde_json::to_vec(output).expect("outputs are plain data with text keys"))
}

/// Tells the database's time in `*out_now`, epoch milliseconds. `*out_error` becomes NULL, or on failure a buffer to free; `out_error` may be
/// NULL.
///
/// # Safety
/// `database` is a handle that is not freed; out-parameters may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_clock_now(
    database: *const Database,
    out_now: *mut i64,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out_error, || {
            writable(out_now, "out_now")?;
            let told = ask(&borrowed(database, "database")?.core, DescribeClockInput::default())?;
            out_now.write(told.now.expect("the clock tells the time"));
            Ok(None)
        })
    }
}

/// Moves the manual clock forward by `milliseconds`; what falls due on the way is done in order. `*out_now` becomes the new time, epoch
/// milliseconds; `out_now` may be NULL. `*out_error` becomes NULL, or on failure a buffer to free; `out_error` may be NULL.
///
/// STREAMTABLE_STATUS_VALIDATION when the database runs on the system clock, or `milliseconds` is negative or more than a hundred years.
///
/// # Safety
/// `database` is a handle that is not freed; out-parameters may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_clock_advance(
    database: *const Database,
    milliseconds: i64,
    out_now: *mut i64,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out_error, || {
            let input = AdvanceClockInput { milliseconds: Some(milliseconds) };
            let told = ask(&borrowed(database, "database")?.core, input)?;
            if !out_now.is_null() {
                out_now.write(told.now.expect("the clock tells the time"));
            }
            Ok(None)
        })
    }
}

/// The arguments the functions about shards share.
///
/// # Safety
/// Texts are NULL or end with NUL.
unsafe fn shard(
    table_name: *const c_char,
    shard_id: *const c_char,
) -> Result<(Option<String>, Option<String>), Failure> {
    // SAFETY: the caller's promises.
    let (table_name, shard_id) =
        unsafe { (text(table_name, "table_name")?, optional_text(shard_id, "shard_id")?) };
    Ok((Some(table_name.to_owned()), shard_id.map(str::to_owned)))
}

/// Splits a partition of a table: its shard closes and two children open.
///
/// `table_name` is the name or ARN of the table or the ARN of its stream, `shard_id` an open shard of its stream or NULL for the widest partition. `*out` becomes a buffer
/// to free: the output of SplitShard as JSON, or the error.
///
/// # Safety
/// `database` is a handle that is not freed, texts end with NUL, `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_shard_split(
    database: *const Database,
    table_name: *const c_char,
    shard_id: *const c_char,
    out: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            let database = borrowed(database, "database")?;
            let (table_name, shard_id) = shard(table_name, shard_id)?;
            Ok(json(&ask(&database.core, SplitShardInput { table_name, shard_id })?))
        })
    }
}

/// Closes a shard of a table's stream and opens one child in its place.
///
/// `table_name` is the name or ARN of the table or the ARN of its stream, `shard_id` an open shard of its stream or NULL for every open one. `*out` becomes a buffer to
/// free: the output of RollShard as JSON, or the error.
///
/// # Safety
/// `database` is a handle that is not freed, texts end with NUL, `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_shard_roll(
    database: *const Database,
    table_name: *const c_char,
    shard_id: *const c_char,
    out: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            let database = borrowed(database, "database")?;
            let (table_name, shard_id) = shard(table_name, shard_id)?;
            Ok(json(&ask(&database.core, RollShardInput { table_name, shard_id })?))
        })
    }
}

/// Does the background work that is due: replaces old shards, gives back the memory of what is older than the retention. Answers never depend
/// on it. On the system clock the database does it by itself. `*out` becomes a buffer to free: the output of Maintain as JSON, or the error.
///
/// # Safety
/// `database` is a handle that is not freed; `out` may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_maintain(database: *const Database, out: *mut *mut Buffer) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            Ok(json(&ask(&borrowed(database, "database")?.core, MaintainInput::default())?))
        })
    }
}
