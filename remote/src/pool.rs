//! Threads that send what was started: made when there is work for them, so many at most, and gone when there is none for a while.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::thread;
use std::time::Duration;

use streamtable::door::{Later, Pending};
use streamtable::{Error, ErrorCode, Response, Result};

/// Requests that are on their way at a time.
pub(crate) const IN_FLIGHT: u32 = 64;
/// Requests that wait for their turn, for each that is on its way. Who starts more sends the next by itself.
const WAITING_PER_THREAD: usize = 16;
/// How long a thread waits for work.
const IDLE: Duration = Duration::from_secs(10);

type Job = Box<dyn FnOnce() + Send>;

/// A pool of threads. Those that work when it goes end with their work, and with what waits.
pub(crate) struct Pool(Arc<Shared>);

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("most", &self.0.most).finish_non_exhaustive()
    }
}

struct Shared {
    most: usize,
    state: Mutex<State>,
    work: Condvar,
}

struct State {
    waiting: VecDeque<Job>,
    threads: usize,
    idle: usize,
    has_ended: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works until there is nothing to do for a while.
    fn run(&self) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.waiting.pop_front() {
                drop(state);
                job();
                state = self.lock();
                continue;
            }
            if state.has_ended {
                break;
            }
            state.idle += 1;
            let (woken, waited) = self.work.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if waited.timed_out() && state.waiting.is_empty() {
                break;
            }
        }
        state.threads -= 1;
    }
}

impl Pool {
    pub(crate) fn new(most: u32) -> Pool {
        let state = State { waiting: VecDeque::new(), threads: 0, idle: 0, has_ended: false };
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Pool(Arc::new(Shared { most, state: Mutex::new(state), work: Condvar::new() }))
    }

    /// Starts a call: what it answers comes later.
    pub(crate) fn start(&self, call: impl FnOnce() -> Result<Response> + Send + 'static) -> Pending {
        let slot = Arc::new(Slot::default());
        let told = Arc::clone(&slot);
        // A defect ends a call, and not the thread that others need.
        let job = move || {
            let answer = catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| Err(defect()));
            told.set(answer);
        };
        if let Err(job) = self.queue(Box::new(job)) {
            job();
        }
        Pending::later(Waiting(slot))
    }

    /// Puts work before the threads; gives it back where there is too much.
    fn queue(&self, job: Job) -> Result<(), Job> {
        let mut state = self.0.lock();
        if state.waiting.len() >= self.0.most.saturating_mul(WAITING_PER_THREAD) {
            return Err(job);
        }
        let needs_thread = state.waiting.len() >= state.idle && state.threads < self.0.most;
        if needs_thread {
            let shared = Arc::clone(&self.0);
            let made = thread::Builder::new().name("streamtable-remote".into()).spawn(move || shared.run());
            match made {
                Ok(_) => state.threads += 1,
                // Those that are there do it later.
                Err(_) if state.threads > 0 => {}
                Err(_) => return Err(job),
            }
        }
        state.waiting.push_back(job);
        drop(state);
        self.0.work.notify_one();
        Ok(())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.0.lock().has_ended = true;
        self.0.work.notify_all();
    }
}

fn defect() -> Error {
    Error::new(ErrorCode::InternalServer, "The call ended in a defect of this library")
}

/// Where an answer is put.
#[derive(Debug, Default)]
struct Slot {
    state: Mutex<SlotState>,
    is_set: Condvar,
}

#[derive(Debug, Default)]
struct SlotState {
    answer: Option<Result<Response>>,
    waker: Option<Waker>,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, SlotState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, answer: Result<Response>) {
        let waker = {
            let mut state = self.lock();
            state.answer = Some(answer);
            state.waker.take()
        };
        self.is_set.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// An answer that was started for.
#[derive(Debug)]
struct Waiting(Arc<Slot>);

impl Later for Waiting {
    fn is_ready(&self) -> bool {
        self.0.lock().answer.is_some()
    }

    fn wake_when_ready(&mut self, waker: &Waker) {
        let mut state = self.0.lock();
        if state.answer.is_some() {
            drop(state);
            waker.wake_by_ref();
        } else {
            state.waker = Some(waker.clone());
        }
    }

    fn wait(self: Box<Self>) -> Result<Response> {
        let mut state = self.0.lock();
        loop {
            if let Some(answer) = state.answer.take() {
                return answer;
            }
            state = self.0.is_set.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    fn answer() -> Result<Response> {
        Err(Error::bare(ErrorCode::UnknownOperation))
    }

    #[test]
    fn so_many_are_on_their_way_at_a_time_and_no_more() {
        const MOST: usize = 8;
        let pool = Pool::new(MOST as u32);
        let (here, most_here) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (arrive, arrived) = mpsc::channel();
        let (go, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let started: Vec<Pending> = (0..3 * MOST)
            .map(|_| {
                let (here, most_here, arrive, gate) =
                    (here.clone(), most_here.clone(), arrive.clone(), gate.clone());
                pool.start(move || {
                    most_here.fetch_max(here.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    arrive.send(()).expect("the test listens");
                    gate.lock().expect("no thread has panicked").recv().expect("the test lets it go");
                    here.fetch_sub(1, Ordering::SeqCst);
                    answer()
                })
            })
            .collect();
        for _ in 0..MOST {
            arrived.recv().expect("so many come at once");
        }
        assert!(started.iter().all(|pending| !pending.is_ready()));
        for _ in 0..3 * MOST {
            go.send(()).expect("they wait");
        }
        for pending in started {
            assert_eq!(pending.wait(), answer());
        }
        assert_eq!(most_here.load(Ordering::SeqCst), MOST);
    }

    #[test]
    fn a_defect_is_told_and_the_next_call_goes_on() {
        let pool = Pool::new(1);
        let error = pool.start(|| panic!("a defect, on purpose")).wait().expect_err("a defect");
        assert_eq!(error.code(), ErrorCode::InternalServer);
        assert_eq!(pool.start(answer).wait(), answer());
    }

    #[test]
    fn what_was_started_is_done_when_the_pool_goes() {
        let pool = Pool::new(1);
        let started: Vec<Pending> = (0..10).map(|_| pool.start(answer)).collect();
        drop(pool);
        for pending in started {
            assert_eq!(pending.wait(), answer());
        }
    }

    #[test]
    fn who_starts_more_than_can_wait_sends_by_itself() {
        let pool = Pool::new(1);
        let (go, gate) = mpsc::channel::<()>();
        let first = pool.start(move || {
            gate.recv().expect("the test lets it go");
            answer()
        });
        let here = thread::current().id();
        let mut waiting = Vec::new();
        let own = loop {
            let (tell, told) = mpsc::channel();
            let pending = pool.start(move || {
                tell.send(thread::current().id()).expect("the test listens");
                answer()
            });
            if let Ok(thread) = told.try_recv() {
                assert!(pending.is_ready());
                break thread;
            }
            waiting.push((pending, told));
            assert!(waiting.len() <= WAITING_PER_THREAD + 1, "the queue has an end");
        };
        assert_eq!(own, here);
        go.send(()).expect("it waits");
        assert_eq!(first.wait(), answer());
        // Who sent is told until it is done.
        for (pending, told) in waiting {
            assert_eq!(pending.wait(), answer());
            assert_ne!(told.recv().expect("it was sent"), here);
        }
    }
}
