//! Carrying out event source mappings, in the pull form: what is to be done is asked for, and told when it is done.

use std::ffi::c_char;
use std::time::Duration;

use streamtable_remote::Mappings;

use crate::border::{borrowed, cross, hand_out, optional_text, text, writable};
use crate::buffer::Buffer;
use crate::database::Database;
use crate::status::Status;

/// Carries out the event source mappings of a database. Made by streamtable_worker_open(), ended by streamtable_worker_close().
#[derive(Debug)]
pub struct Worker {
    core: Mappings,
}

/// Makes a worker. Functions are registered by the operation RegisterFunction, mappings made by CreateEventSourceMapping. What the worker leaves
/// to chance follows from `seed`.
///
/// `*out_worker` becomes the worker, or NULL on failure. `*out_error` becomes NULL, or on failure a buffer to free that tells why; `out_error`
/// may be NULL. A worker outlives its database's handle, but answers STREAMTABLE_STATUS_CLOSED from then on.
///
/// # Safety
/// `database` is a handle that is not freed, out-parameters may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_worker_open(
    database: *const Database,
    seed: u64,
    out_worker: *mut *mut Worker,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        hand_out(out_worker, "out_worker", out_error, || {
            let core = Mappings::new(&borrowed(database, "database")?.core, seed);
            Ok(Worker { core })
        })
    }
}

/// Asks what to do next, of one mapping, by its UUID, or with NULL of all. `*out` becomes a buffer to free, JSON, or the error:
///
/// {"Do": "Invoke", "Ticket", "UUID", "FunctionArn", "Function"?, "RequestId", "Attempt", "Deadline" (epoch milliseconds), "Event"}: give the function
/// its event, and tell what became of it; more may run meanwhile.
/// {"Do": "Deliver", "Ticket", "UUID", "Failures": [{"Document", "Object", "Key"}]}: tell of failures, and say so; only for mappings for which that was
/// asked for.
/// {"Do": "SleepUntil", "Moment"}: nothing before this moment of the database's clock, unless something is written.
/// {"Do": "RedriveAt", "Moment"}: nothing before this moment but failures that were asked to be given to their function again then.
/// {"Do": "Idle"}: nothing until something is written.
///
/// A worker may be used from any thread.
///
/// # Safety
/// `worker` is not closed; `mapping` is NULL or ends with NUL; `out` may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_worker_next(
    worker: *const Worker,
    mapping: *const c_char,
    out: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            let Worker { core } = borrowed(worker, "worker")?;
            Ok(Some(core.next_text(optional_text(mapping, "mapping")?)?.into_bytes()))
        })
    }
}

/// Tells a worker something, as JSON; `*out` becomes a buffer to free with its answer, or the error:
///
/// {"Do": "Complete", "Ticket", "Outcome": "Success" | "Error" | "TimedOut" | "NotInvoked", "Response"? (the function's answer, JSON in a text),
/// "Reason"? (of NotInvoked), "TransactItems"? (of Success)} gives {"Known": false} for a ticket that was told before. What is to be written, as
/// TransactWriteItems takes it, is written in the commit that settles the records, exactly once; where that cannot be, the function has failed, and
/// the answer has "Refused": {"Code", "Message", "Status", "Details"}.
/// {"Do": "Delivered", "Ticket", "Undelivered"?: [indexes]} likewise.
/// {"Do": "DeliverByHost", "UUID", "ByHost": true} asks for the failures of a mapping as "Deliver".
/// {"Do": "RedriveEvery", "UUID", "Milliseconds"} has what its queue or bucket of failures keeps given to the function again in such intervals, as "Invoke", until it
/// succeeds; without milliseconds no more.
/// {"Do": "Status", "UUID"} gives {"Status": {"Counts", "Lag", "LastProcessingResult", "Cascades"}}, or null before the mapping has begun.
/// {"Do": "Explain", "UUID", "Record"} gives {"Explanations": [...]}: what became of a record, by its sequence number or event id.
///
/// STREAMTABLE_STATUS_VALIDATION for anything else.
///
/// # Safety
/// `worker` is not closed; `told` ends with NUL; `out` may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_worker_tell(
    worker: *const Worker,
    told: *const c_char,
    out: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            let Worker { core } = borrowed(worker, "worker")?;
            Ok(Some(core.tell_text(text(told, "told")?)?.into_bytes()))
        })
    }
}

/// Waits until the count of writes is no more the one that is `known`, for some milliseconds at most; gives the count. With 0 milliseconds it gives
/// the count alone: take it before asking what to do, and wait with it after "Idle", so that nothing is missed in between.
///
/// # Safety
/// `worker` is not closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_worker_wait(
    worker: *const Worker,
    known: u64,
    milliseconds: u64,
) -> u64 {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        let mut count = 0;
        // There is nobody to tell of a panic or of NULL.
        let _: Status = cross(std::ptr::null_mut(), || {
            let core = &borrowed(worker, "worker")?.core;
            core.wait(known, Duration::from_millis(milliseconds));
            count = core.count();
            Ok(None)
        });
        count
    }
}

/// Ends a worker. No call with it may be running or follow. Does nothing for NULL.
///
/// # Safety
/// `worker` is NULL or a worker that is not closed and that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_worker_close(worker: *mut Worker) {
    if worker.is_null() {
        return;
    }
    // SAFETY: the caller's promises; workers are made by `Box::into_raw` in `streamtable_worker_open`.
    unsafe {
        let worker = Box::from_raw(worker);
        // There is nobody to tell of a panic.
        let _: Status = cross(std::ptr::null_mut(), move || {
            drop(worker);
            Ok(None)
        });
    }
}
