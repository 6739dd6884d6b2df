//! State that threads wait for changes of.
//!
//! It stands on the locks of the standard library, which keep nothing outside of themselves. `parking_lot` keeps the threads that wait in one
//! table for the whole process; a forked child has a copy of that table with threads that do not exist there, whose memory the next thread of the
//! child is given. So threads of ours that wait for long wait here.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A value under a lock, and those who wait for it to change.
#[derive(Debug, Default)]
pub(crate) struct Monitor<T> {
    value: Mutex<T>,
    changed: Condvar,
}

impl<T> Monitor<T> {
    /// Waits for the lock. Who has panicked with it has ended the database, and says so elsewhere.
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the lock go until somebody notifies; now and then without a reason.
    pub(crate) fn wait<'a>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`Monitor::wait`], for some time at most; with it whether that is over.
    pub(crate) fn wait_for<'a>(&self, guard: MutexGuard<'a, T>, time: Duration) -> (MutexGuard<'a, T>, bool) {
        let (guard, result) = self.changed.wait_timeout(guard, time).unwrap_or_else(PoisonError::into_inner);
        (guard, result.timed_out())
    }

    /// Wakes all who wait.
    pub(crate) fn notify_all(&self) {
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn who_waits_is_woken_by_a_change() {
        let monitor = Monitor::<u32>::default();
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| {
                let mut value = monitor.lock();
                while *value == 0 {
                    value = monitor.wait(value);
                }
                *value
            });
            *monitor.lock() = 7;
            monitor.notify_all();
            assert_eq!(waiter.join().expect("no panic"), 7);
        });
        assert!(monitor.wait_for(monitor.lock(), Duration::ZERO).1, "nobody notifies");
    }

    #[test]
    fn a_panic_with_the_lock_leaves_it_usable() {
        let monitor = Monitor::<u32>::default();
        let unwound = catch_unwind(AssertUnwindSafe(|| {
            *monitor.lock() = 1;
            let _value = monitor.lock();
            panic!("a defect, for the test");
        }));
        assert!(unwound.is_err());
        assert_eq!(*monitor.lock(), 1);
    }
}
