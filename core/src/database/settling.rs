//! Waiting for the disk on behalf of those who cannot wait themselves: one thread waits, and wakes them.

use std::sync::{Arc, OnceLock};
use std::task::Waker;
use std::thread::JoinHandle;

use parking_lot::Mutex;

use super::{Database, Ticket};
use crate::api::Result;
use crate::monitor::Monitor;
use crate::store::{Lsn, Store};

/// Whether a commit is safe, and who wants to know.
#[derive(Debug)]
pub(crate) struct Notice {
    outcome: OnceLock<Result<()>>,
    waker: Mutex<Waker>,
}

impl Notice {
    fn new(waker: &Waker) -> Notice {
        Notice { outcome: OnceLock::new(), waker: Mutex::new(waker.clone()) }
    }

    /// What waiting has come to; none as long as it goes on.
    pub(crate) fn outcome(&self) -> Option<Result<()>> {
        self.outcome.get().cloned()
    }

    /// Has another one woken.
    pub(crate) fn set_waker(&self, waker: &Waker) {
        self.waker.lock().clone_from(waker);
        if self.outcome.get().is_some() {
            waker.wake_by_ref();
        }
    }

    fn tell(&self, outcome: Result<()>) {
        self.outcome.get_or_init(|| outcome);
        // A copy, since whoever is woken may take the lock.
        let waker = self.waker.lock().clone();
        waker.wake();
    }
}

/// The thread that waits. It starts with the first that asks, and ends with the database.
#[derive(Debug, Default)]
pub(crate) struct Settler(Mutex<Option<Running>>);

#[derive(Debug)]
struct Running {
    queue: Arc<Monitor<Queue>>,
    thread: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Queue {
    notices: Vec<(Lsn, Arc<Notice>)>,
    stopped: bool,
}

impl Settler {
    /// Has `waker` woken when everything up to `upto` is settled, or cannot be.
    pub(crate) fn notify(&self, store: &Arc<dyn Store>, upto: Lsn, waker: &Waker) -> Arc<Notice> {
        let notice = Arc::new(Notice::new(waker));
        let mut running = self.0.lock();
        if running.is_none() {
            *running = start(store.clone());
        }
        match &*running {
            Some(Running { queue, .. }) => {
                queue.lock().notices.push((upto, notice.clone()));
                queue.notify_one();
            }
            // The system has no thread to give: then the one who asks waits.
            None => notice.tell(store.settle(upto)),
        }
        notice
    }
}

/// Has `waker` woken when the answer of a call may be told that a fault delays, by a thread of its own: others are not to wait for it.
pub(super) fn notify_later(database: Database, ticket: Ticket, waker: &Waker) -> Arc<Notice> {
    let notice = Arc::new(Notice::new(waker));
    let (told, settled) = (notice.clone(), database.clone());
    let wait = move || {
        let outcome = settled.settle(ticket);
        told.tell(outcome);
    };
    let thread = std::thread::Builder::new().name("streamtable-delay".into()).spawn(wait);
    if thread.is_err() {
        // The system has no thread to give: then the one who asks waits.
        notice.tell(database.settle(ticket));
    }
    notice
}

impl Drop for Settler {
    fn drop(&mut self) {
        let Some(Running { queue, thread }) = self.0.lock().take() else { return };
        queue.lock().stopped = true;
        queue.notify_one();
        // Whoever is woken may let go of the last handle, on that very thread, which cannot wait for itself.
        if thread.thread().id() != std::thread::current().id() {
            thread.join().expect("waiting for a disk does not panic");
        }
    }
}

fn start(store: Arc<dyn Store>) -> Option<Running> {
    let queue = Arc::new(Monitor::<Queue>::default());
    let served = queue.clone();
    let thread = std::thread::Builder::new().name("streamtable-settler".into());
    thread.spawn(move || serve(&served, &*store)).ok().map(|thread| Running { queue, thread })
}

fn serve(queue: &Monitor<Queue>, store: &dyn Store) {
    loop {
        let mut asked = queue.lock();
        while asked.notices.is_empty() && !asked.stopped {
            asked = queue.wait(asked);
        }
        let mut notices = std::mem::take(&mut asked.notices);
        if notices.is_empty() {
            return;
        }
        drop(asked);
        // The newest first: one write to the disk serves them all.
        notices.sort_by_key(|(upto, _)| std::cmp::Reverse(*upto));
        for (upto, notice) in notices {
            notice.tell(store.settle(upto));
        }
    }
}
