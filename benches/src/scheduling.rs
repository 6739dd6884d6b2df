//! Threads that the scheduler does not keep waiting.
//!
//! On a loaded machine a thread that wakes up from a disk's answer waits for the scheduler's next tick, up to 4 ms, which is far longer
//! than the disk took. What is measured with the clock on the wall therefore runs in the foreground at real-time priority, both sides alike.

use std::sync::atomic::{AtomicBool, Ordering};

static REFUSED: AtomicBool = AtomicBool::new(false);

/// Asks for real-time priority for the calling thread; it stays as it is where the system does not permit that.
pub(crate) fn foreground() {
    let parameters = libc::sched_param { sched_priority: 1 };
    // SAFETY: the structure lives across the call, which only reads it; 0 is the calling thread.
    let answer = unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &raw const parameters) };
    if answer != 0 {
        REFUSED.store(true, Ordering::Relaxed);
    }
}

/// What a reader of wall-clock figures has to know.
pub(crate) fn remark() -> &'static str {
    if REFUSED.load(Ordering::Relaxed) {
        "; at NORMAL priority: real-time priority is not permitted here, so this measures the scheduler, too"
    } else {
        ""
    }
}
