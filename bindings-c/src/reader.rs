//! Reading change streams, page by page.

use std::ffi::c_char;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use streamtable::reader::Page;
use streamtable::{ReadOptions, Watch};
use streamtable_remote::Connection;

use crate::border::{borrowed, cross, hand_out, optional_text, text, writable};
use crate::buffer::Buffer;
use crate::database::Database;
use crate::status::Status;

/// How often a database elsewhere is asked for more at most.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// A reader of a change stream. Made by streamtable_reader_open(), ended by streamtable_reader_close().
#[derive(Debug)]
pub struct Reader {
    database: Connection,
    core: Mutex<streamtable::Reader>,
    /// Made when somebody waits for the first time: writers look for it.
    watch: OnceLock<Arc<Watch>>,
    /// What the watch had counted before records were looked for last.
    seen: AtomicU64,
}

/// What a page is told as where there is none.
#[derive(Serialize)]
struct NoPage {
    #[serde(rename = "Records")]
    records: [(); 0],
}

/// Opens a change stream for reading: all its shards, parents before their children, each shard in order, each record once.
///
/// `stream_arn` is the stream, "LatestStreamArn" of a table. `options` is a JSON object, or NULL for all records that there are. Its members,
/// none of them required:
/// "iterator_type" (where to start, as GetShardIterator has it; default "TRIM_HORIZON"; "LATEST" is this call), "shard_id" (start at this shard
/// and go on with its descendants), "sequence_number" (the record to start at or after, for the types that need one; refused without
/// "shard_id" where the stream has or had several shards), "timestamp" (seconds since 1970, for "AT_TIMESTAMP"), "descendants" (false: only
/// the shard "shard_id"), "limit" (at most so many records in all), "checkpoint" (what streamtable_reader_checkpoint() gave: go on there; in
/// place of all others but "limit"), "trimmed" (what to do where records grew older than 24 hours before they were read: "fail", the default,
/// or "skip"). An unknown member is an error.
///
/// `*out_reader` becomes the reader, or NULL on failure. `*out_error` becomes NULL, or on failure a buffer to free that tells why; `out_error`
/// may be NULL. A reader outlives its database's handle, but answers STREAMTABLE_STATUS_CLOSED from then on.
///
/// # Safety
/// `database` is a handle that is not freed, texts end with NUL, out-parameters may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_reader_open(
    database: *const Database,
    stream_arn: *const c_char,
    options: *const c_char,
    out_reader: *mut *mut Reader,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        hand_out(out_reader, "out_reader", out_error, || {
            let database = borrowed(database, "database")?.core.clone();
            let stream = text(stream_arn, "stream_arn")?;
            let options = match optional_text(options, "options")? {
                Some(json) => ReadOptions::from_json(json.as_bytes())?,
                None => ReadOptions::default(),
            };
            let core = Mutex::new(streamtable::Reader::open(&database, stream, options)?);
            Ok(Reader { database, core, watch: OnceLock::new(), seen: AtomicU64::new(0) })
        })
    }
}

/// Reads the next records, at most `max` of them and at most 1,000.
///
/// `*out` becomes a buffer to free: {"ShardId": "<shard>", "Records": [<records as GetRecords has them>]}, or the error. An empty list is the
/// end of what is there now; a later call asks again. Only with "trimmed": "skip", {"ShardId": "<shard>", "Records": [], "Gap": true} says that
/// records were trimmed here before they were read; go on reading.
///
/// STREAMTABLE_STATUS_TRIMMED_DATA_ACCESS when records are gone that were not read, STREAMTABLE_STATUS_EXPIRED_ITERATOR when the reader
/// started at "LATEST" and was left alone for 15 minutes before the first record of a shard. A reader may be used from any thread; calls at
/// the same time wait for each other.
///
/// # Safety
/// `reader` is not closed; `out` may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_reader_next(
    reader: *const Reader,
    max: usize,
    out: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            let reader = borrowed(reader, "reader")?;
            let mut core = reader.core.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(watch) = reader.watch.get() {
                reader.seen.store(watch.count(), Ordering::SeqCst);
            }
            let page: Option<Page> = core.next_page(&reader.database, max)?;
            let written = match &page {
                Some(page) => serde_json::to_vec(page),
                None => serde_json::to_vec(&NoPage { records: [] }),
            };
            Ok(Some(written.expect("records are plain data with text keys")))
        })
    }
}

/// Waits until something was written since streamtable_reader_next() looked last, into whatever stream of the database, or for some milliseconds: 1
/// when there may be records, 0 when the time was over, or for NULL. It may be 1 for no reason, and is so the first time; look again then, and
/// wait when there is nothing. Of a database elsewhere nobody tells of writes: it waits for 250 milliseconds at most, and is 1. Calls of streamtable_reader_next() by other threads do not wait for this.
///
/// # Safety
/// `reader` is NULL or not closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_reader_wait(reader: *const Reader, milliseconds: u64) -> i32 {
    let mut may_have = false;
    // SAFETY: the caller's promises, throughout.
    unsafe {
        // There is nobody to tell of a panic or of NULL.
        let _: Status = cross(std::ptr::null_mut(), || {
            let reader = borrowed(reader, "reader")?;
            let Connection::Local(database) = &reader.database else {
                // Nobody tells of writes elsewhere: after a while it is time to ask.
                thread::sleep(Duration::from_millis(milliseconds).min(POLL_INTERVAL));
                may_have = true;
                return Ok(None);
            };
            let Some(watch) = reader.watch.get() else {
                // What was written before now went unnoticed.
                reader.watch.get_or_init(|| database.watch());
                may_have = true;
                return Ok(None);
            };
            let seen = reader.seen.load(Ordering::SeqCst);
            watch.wait(seen, Duration::from_millis(milliseconds));
            may_have = watch.count() != seen;
            Ok(None)
        });
    }
    i32::from(may_have)
}

/// Tells where a reader is, after all records it has given: `*out` becomes a buffer to free, a small JSON object to keep and to give to
/// streamtable_reader_open() as "checkpoint", also in a later version or another language; or the error.
///
/// # Safety
/// `reader` is not closed; `out` may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_reader_checkpoint(
    reader: *const Reader,
    out: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(out, || {
            writable(out, "out")?;
            let core = borrowed(reader, "reader")?.core.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(Some(core.checkpoint().to_string().into_bytes()))
        })
    }
}

/// Ends a reader. No call with it may be running or follow. Does nothing for NULL.
///
/// # Safety
/// `reader` is NULL or a reader that is not closed and that nobody uses any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_reader_close(reader: *mut Reader) {
    if reader.is_null() {
        return;
    }
    // SAFETY: the caller's promises; readers are made by `Box::into_raw` in `streamtable_reader_open`.
    unsafe {
        let reader = Box::from_raw(reader);
        // There is nobody to tell of a panic.
        let _: Status = cross(std::ptr::null_mut(), move || {
            drop(reader);
            Ok(None)
        });
    }
}
