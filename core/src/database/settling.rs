//! Waiting for the disk on behalf of those who cannot wait themselves: a task waits, and wakes them.

use std::sync::{Arc, OnceLock};
use std::task::Waker;

use parking_lot::Mutex;

use super::{Database, Ticket};
use crate::api::Result;
use crate::store::{Lsn, Store};
use crate::workers::{Next, Task, Work};

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

/// What waits. It begins with the first that asks, and ends with the database.
#[derive(Debug, Default)]
pub(crate) struct Settler(Mutex<Option<Running>>);

#[derive(Debug)]
struct Running {
    waiting: Waiting,
    task: Task,
}

/// Up to which commit somebody waits.
type Asked = (Lsn, Arc<Notice>);

#[derive(Clone, Debug)]
struct Waiting {
    store: Arc<dyn Store>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Settler {
    /// Has `waker` woken when everything up to `upto` is settled, or cannot be.
    pub(crate) fn notify(&self, store: &Arc<dyn Store>, upto: Lsn, waker: &Waker) -> Arc<Notice> {
        let notice = Arc::new(Notice::new(waker));
        let mut running = self.0.lock();
        if running.is_none() {
            let waiting = Waiting { store: store.clone(), asked: Arc::default() };
            *running = Task::start(waiting.clone()).ok().map(|task| Running { waiting, task });
        }
        match &*running {
            Some(Running { waiting, task }) => {
                waiting.asked.lock().push((upto, notice.clone()));
                task.signal().wake();
            }
            // The system has no thread to give: then the one who asks waits.
            None => notice.tell(store.settle(upto)),
        }
        notice
    }
}

impl Drop for Settler {
    fn drop(&mut self) {
        let Some(Running { waiting, task }) = self.0.get_mut().take() else { return };
        drop(task);
        // Nobody is left waiting.
        waiting.run();
    }
}

impl Work for Waiting {
    fn run(&self) -> Next {
        let mut asked = std::mem::take(&mut *self.asked.lock());
        // The newest first: one write to the disk serves them all.
        asked.sort_by_key(|(upto, _)| std::cmp::Reverse(*upto));
        for (upto, notice) in asked {
            notice.tell(self.store.settle(upto));
        }
        Next::WhenWoken
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
