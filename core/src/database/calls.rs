//! Calls that are running, so that closing can wait for them.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::monitor::Monitor;

/// Set in the count once the database is closed.
const CLOSED: usize = 1 << (usize::BITS - 1);

thread_local! {
    /// The databases that this thread is inside, by the address of their counts, once for each call.
    static INSIDE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// The calls of a database.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// How many are running, and whether no more may begin.
    state: AtomicUsize,
    /// How many wait for the calls to end.
    waiting: Monitor<usize>,
}

/// Works on this thread's list. A thread that ends may have lost it already, and what is then done on its behalf is not listed.
fn with_inside<T>(work: impl FnOnce(&mut Vec<usize>) -> T) -> Option<T> {
    INSIDE.try_with(|inside| work(&mut inside.borrow_mut())).ok()
}

/// A call that is running.
#[derive(Debug)]
pub(super) struct Running<'a>(&'a Calls);

impl Calls {
    /// Begins a call; none after [`Calls::close`].
    pub(super) fn begin(&self) -> Option<Running<'_>> {
        let before = self.state.fetch_add(1, Ordering::SeqCst);
        with_inside(|inside| inside.push(self.address()));
        let running = Running(self);
        (before & CLOSED == 0).then_some(running)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state.load(Ordering::SeqCst) & CLOSED != 0
    }

    /// Lets no more calls begin; false when that was so already.
    pub(super) fn close(&self) -> bool {
        self.state.fetch_or(CLOSED, Ordering::SeqCst) & CLOSED == 0
    }

    /// Waits until no call is running but those that this thread is inside: for them it would wait for ever.
    pub(super) fn wait(&self) {
        let own = self.inside();
        let mut waiting = self.waiting.lock();
        *waiting += 1;
        while self.state.load(Ordering::SeqCst) & !CLOSED > own {
            waiting = self.waiting.wait(waiting);
        }
        *waiting -= 1;
    }

    /// Whether someone waits for calls to end.
    #[cfg(test)]
    pub(super) fn is_awaited(&self) -> bool {
        *self.waiting.lock() > 0
    }

    /// How many of the calls this thread is inside.
    pub(super) fn inside(&self) -> usize {
        with_inside(|inside| inside.iter().filter(|address| **address == self.address()).count()).unwrap_or(0)
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        with_inside(|inside| {
            let at = inside.iter().rposition(|address| *address == self.0.address());
            inside.swap_remove(at.expect("a call ends in the thread that has begun it"));
        });
        if self.0.state.fetch_sub(1, Ordering::SeqCst) & CLOSED != 0 {
            // With the lock, so that it falls after the look of whoever waits, or before.
            let _waiting = self.0.waiting.lock();
            self.0.waiting.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn closing_waits_for_the_calls_of_others_and_not_for_its_own() {
        let calls = Calls::default();
        let own = calls.begin().expect("open");
        let (begun, has_begun) = mpsc::channel();
        let (end, may_end) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let calls = &calls;
            scope.spawn(move || {
                let other = calls.begin().expect("open");
                begun.send(()).expect("someone waits");
                may_end.recv().expect("it is told");
                drop(other);
            });
            has_begun.recv().expect("it begins");
            assert!(calls.close());
            assert!(!calls.close(), "closed already");
            assert!(calls.begin().is_none());
            assert_eq!(calls.state.load(Ordering::SeqCst) & !CLOSED, 2);
            end.send(()).expect("someone waits");
            calls.wait();
            assert_eq!(calls.state.load(Ordering::SeqCst) & !CLOSED, 1, "its own");
        });
        drop(own);
        assert_eq!(calls.inside(), 0);
        calls.wait();
    }

    #[test]
    fn the_calls_of_one_database_are_not_those_of_another() {
        let (one, two) = (Calls::default(), Calls::default());
        let (first, second) = (one.begin(), two.begin());
        assert_eq!((one.inside(), two.inside()), (1, 1));
        drop(first);
        assert_eq!((one.inside(), two.inside()), (0, 1));
        drop(second);
    }
}
