//! Calls that are started and answered later, for programs with a loop of their own.

use std::ffi::{c_char, c_void};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use streamtable::door::{self, Door};
use streamtable::{Error, Request, Response};

use crate::border::{Failure, borrowed, bytes, cross, explained, hand_out, text};
use crate::buffer::Buffer;
use crate::database::Database;
use crate::status::Status;

/// An operation that was started. Made by streamtable_start(), ended by streamtable_pending_finish().
#[derive(Debug)]
pub struct Pending {
    state: Mutex<State>,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "an answer lives for one call")]
enum State {
    Waiting(door::Pending),
    Answered(Result<Response, Error>),
}

impl Pending {
    fn is_ready(&self) -> bool {
        match &*self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Waiting(pending) => pending.is_ready(),
            State::Answered(_) => true,
        }
    }

    /// Has `waker` woken when the answer is there; at once where it is.
    fn notify(&self, waker: &Waker) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Waiting(pending) = &mut *state {
            match Pin::new(pending).poll(&mut Context::from_waker(waker)) {
                Poll::Pending => return,
                Poll::Ready(answer) => *state = State::Answered(answer),
            }
        }
        drop(state);
        waker.wake_by_ref();
    }

    fn wait(self) -> Result<Response, Error> {
        match self.state.into_inner().unwrap_or_else(PoisonError::into_inner) {
            State::Waiting(pending) => pending.wait(),
            State::Answered(answer) => answer,
        }
    }
}

/// A function of the program's, and what it is called with.
struct Callback {
    call: unsafe extern "C" fn(context: *mut c_void),
    context: *mut c_void,
}

// SAFETY: whoever gave it has promised that it may be called from any thread.
unsafe impl Send for Callback {}

/// Calls it once.
struct Alarm(Mutex<Option<Callback>>);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        let callback = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Callback { call, context }) = callback {
            // SAFETY: as above; it is called with what it was given with.
            unsafe { call(context) }
        }
    }
}

/// Starts an operation, as streamtable_call() has it, without waiting for the disk. Operations take effect in the order in which one thread starts
/// them; what one answers may be told when it is as safe as the database's durability promises, and many that wait share one write to the disk.
///
/// `*out_pending` becomes what is on its way, whatever comes of it, or NULL where the call could not be made; then `*out_error` becomes a buffer to
/// free that tells why, and else NULL. `out_error` may be NULL.
///
/// # Safety
/// `database` is a handle that is not freed, `operation` ends with NUL, `input` has `length` bytes, out-parameters may be written.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_start(
    database: *const Database,
    operation: *const c_char,
    input: *const c_char,
    length: usize,
    out_pending: *mut *mut Pending,
    out_error: *mut *mut Buffer,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        hand_out(out_pending, "out_pending", out_error, || {
            let database = borrowed(database, "database")?;
            let (operation, input) = (text(operation, "operation")?, bytes(input, length, "input")?);
            let request = Request::from_json(operation, input).map_err(|error| explained(error, input))?;
            let state = Mutex::new(State::Waiting(Door::start(&database.core, request)));
            Ok(Pending { state })
        })
    }
}

/// Whether streamtable_pending_finish() would answer at once: 1, or 0; 0 for NULL. Most operations are ready when they have been started; those that
/// write with durability "sync" wait for the disk.
///
/// # Safety
/// `pending` is NULL or not finished.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_pending_is_ready(pending: *const Pending) -> i32 {
    let mut is_ready = false;
    // SAFETY: the caller's promises, throughout.
    unsafe {
        // There is nobody to tell of a panic or of NULL.
        let _: Status = cross(std::ptr::null_mut(), || {
            is_ready = borrowed(pending, "pending")?.is_ready();
            Ok(None)
        });
    }
    i32::from(is_ready)
}

/// Calls `wake` with `context` when the operation is ready: once, from a thread of the library, or before this returns where it is ready by then. It
/// is to wake the loop of the program, by writing to a pipe for example, and to return; it may not call this library. To be asked for once.
///
/// # Safety
/// `pending` is not finished; `wake` may be called from any thread, with `context`, until it was called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_pending_notify(
    pending: *const Pending,
    wake: Option<unsafe extern "C" fn(context: *mut c_void)>,
    context: *mut c_void,
) -> Status {
    // SAFETY: the caller's promises, throughout.
    unsafe {
        cross(std::ptr::null_mut(), || {
            let pending = borrowed(pending, "pending")?;
            let call = wake.ok_or_else(|| Failure::null("wake"))?;
            let alarm = Alarm(Mutex::new(Some(Callback { call, context })));
            pending.notify(&Waker::from(Arc::new(alarm)));
            Ok(None)
        })
    }
}

/// Waits for an operation, if it is not ready, and ends what was on its way, which must not be used after this. `*out` becomes a buffer to free with
/// the output or the error, as with streamtable_call(). NULL for `out` waits all the same.
///
/// # Safety
/// `pending` is not finished and nobody uses it any more; `out` is NULL or may be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn streamtable_pending_finish(pending: *mut Pending, out: *mut *mut Buffer) -> Status {
    // SAFETY: the caller's promises; what is pending is made by `Box::into_raw` in `streamtable_start`.
    unsafe {
        cross(out, || {
            borrowed(pending, "pending")?;
            let answer = Box::from_raw(pending).wait()?;
            Ok(Some(answer.to_json()?))
        })
    }
}
