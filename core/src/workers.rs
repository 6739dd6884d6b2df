//! The threads of a process for what is done behind calls, which all open databases share ([0028](../../docs/decisions/0028-threads-are-shared.md)).
//!
//! ```text
//! watcher   hands out what is due, and adds workers
//! workers   a few; one more for each time that work has waited while all of them were busy: one slow disk holds up nobody else
//! ```
//! They begin with the first task and end with the last. Waiting stands on the locks of the standard library, as in `monitor`; a forked child, which
//! has none of its parent's threads, begins anew.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{JoinHandle, ThreadId};
use std::time::{Duration, Instant};
use std::{fmt, io, mem, process, thread};

use arc_swap::ArcSwapOption;

use crate::clock::monotonic;

/// Workers that are added at once when there is work.
const FEW: usize = 4;
/// How long work waits for one of them before another one is added. Those beyond the few end when there is nothing to do.
const PATIENCE: Duration = Duration::from_millis(50);

/// What is done again and again behind calls.
pub(crate) trait Work: Send + Sync {
    /// Does what is to be done now. One thread at a time calls it; after a panic nobody does.
    fn run(&self) -> Next;
}

/// When work is to be done again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    /// When it is woken.
    WhenWoken,
    /// After some time, or when it is woken.
    After(Duration),
    /// After some time, whoever wakes it before.
    NotBefore(Duration),
}

/// Work that is known to the workers, until it is dropped.
#[derive(Debug)]
pub(crate) struct Task(Signal);

/// Wakes a task.
#[derive(Clone, Debug)]
pub(crate) struct Signal {
    pool: Arc<Pool>,
    id: u64,
}

struct Pool {
    /// A forked child has a copy of the pool without its threads.
    process: u32,
    state: Mutex<State>,
    /// What the watcher waits for.
    watched: Condvar,
    /// What workers wait for.
    given: Condvar,
    /// What those wait for who stop a task that runs.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    jobs: BTreeMap<u64, Job>,
    latest_id: u64,
    /// What is to be done now, and since when.
    ready: VecDeque<(u64, Instant)>,
    /// What is to be done at a moment.
    timed: BTreeSet<(Instant, u64)>,
    workers: usize,
    /// Workers that wait, and those that are about to begin.
    idle: usize,
    threads: Vec<JoinHandle<()>>,
    /// Its last task is gone, and its threads end.
    is_over: bool,
}

struct Job {
    work: Arc<dyn Work>,
    phase: Phase,
    /// Woken while it ran.
    is_woken: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    /// For a moment, or to be woken.
    Waiting(Option<Instant>),
    /// For a moment, and not to be woken.
    Resting,
    Ready,
    Running(ThreadId),
    /// It has panicked.
    Broken,
}

/// That of this process.
static POOL: ArcSwapOption<Pool> = ArcSwapOption::const_empty();

impl Task {
    /// Makes work known, which is done now for the first time.
    ///
    /// # Errors
    /// The operating system has no thread to give.
    pub(crate) fn start(work: impl Work + 'static) -> io::Result<Task> {
        let work: Arc<dyn Work> = Arc::new(work);
        loop {
            let known = POOL.load_full();
            if let Some(pool) = known.as_ref().filter(|pool| pool.process == process::id())
                && let Some(id) = pool.add(&work)?
            {
                return Ok(Task(Signal { pool: pool.clone(), id }));
            }
            let before = POOL.compare_and_swap(&known, Some(Arc::new(Pool::new())));
            if before.as_ref().is_some_and(|pool| pool.process != process::id()) {
                // The handles of threads that do not exist here are not to be given back.
                mem::forget(known);
            }
        }
    }

    /// What wakes it.
    pub(crate) fn signal(&self) -> Signal {
        self.0.clone()
    }
}

impl Drop for Task {
    /// Waits for the work to end that is being done, except in the thread that does it.
    fn drop(&mut self) {
        self.0.pool.remove(self.0.id);
    }
}

impl Signal {
    /// Has the work done soon; also once more where it is being done.
    pub(crate) fn wake(&self) {
        let mut state = self.pool.lock();
        let Some(job) = state.jobs.get_mut(&self.id) else { return };
        match job.phase {
            Phase::Waiting(at) => {
                if let Some(at) = at {
                    state.timed.remove(&(at, self.id));
                }
                state.make_ready(self.id, monotonic());
                self.pool.give(&state);
            }
            Phase::Running(_) => job.is_woken = true,
            Phase::Resting | Phase::Ready | Phase::Broken => {}
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("process", &self.process).finish_non_exhaustive()
    }
}

impl Pool {
    fn new() -> Pool {
        Pool {
            process: process::id(),
            state: Mutex::default(),
            watched: Condvar::new(),
            given: Condvar::new(),
            ended: Condvar::new(),
        }
    }

    /// Nothing that panics is done under this lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// None where the threads are ending already.
    fn add(self: &Arc<Pool>, work: &Arc<dyn Work>) -> io::Result<Option<u64>> {
        let mut state = self.lock();
        if state.is_over {
            return Ok(None);
        }
        if state.threads.is_empty() {
            let pool = self.clone();
            let watcher = thread::Builder::new().name("streamtable".into()).spawn(move || pool.watch())?;
            state.threads.push(watcher);
        }
        state.latest_id += 1;
        let id = state.latest_id;
        state.jobs.insert(id, Job { work: work.clone(), phase: Phase::Waiting(None), is_woken: false });
        state.make_ready(id, monotonic());
        self.give(&state);
        Ok(Some(id))
    }

    fn remove(self: &Arc<Pool>, id: u64) {
        let here = thread::current().id();
        let mut state = self.lock();
        while matches!(state.jobs.get(&id), Some(job) if matches!(job.phase, Phase::Running(thread) if thread != here))
        {
            state = self.ended.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let gone = state.forget(id);
        let mut threads = Vec::new();
        if state.jobs.is_empty() {
            state.is_over = true;
            threads = mem::take(&mut state.threads);
            self.watched.notify_all();
            self.given.notify_all();
        }
        drop(state);
        drop(gone);
        if threads.is_empty() {
            return;
        }
        for thread in threads.into_iter().filter(|thread| thread.thread().id() != here) {
            thread.join().expect("panics of work are caught");
        }
        // What is over is not kept to the end of the process.
        POOL.compare_and_swap(&Some(self.clone()), None);
    }

    /// Has a worker look, or the watcher where none is free.
    fn give(&self, state: &State) {
        if state.ready.len() <= state.idle {
            self.given.notify_one();
        } else {
            self.watched.notify_one();
        }
    }

    /// Hands out what is due, and adds workers.
    fn watch(self: &Arc<Pool>) {
        let mut state = self.lock();
        while !state.is_over {
            let now = monotonic();
            while let Some((at, id)) = state.timed.first().copied().filter(|(at, _)| *at <= now) {
                state.timed.remove(&(at, id));
                state.make_ready(id, now);
                self.given.notify_one();
            }
            let is_wanted = state.wants_worker(now).is_some_and(|from| from <= now);
            if is_wanted && !self.add_worker(&mut state) && state.workers == 0 {
                // The system has no thread to give: then nobody watches meanwhile.
                state = self.work_once(state);
                continue;
            }
            let now = monotonic();
            let moments = [state.wants_worker(now), state.timed.first().map(|(at, _)| *at)];
            state = match moments.into_iter().flatten().min() {
                // No thread is to be had: it is tried again some time later.
                Some(at) => {
                    let time = at.saturating_duration_since(now).max(Duration::from_millis(1));
                    self.watched.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.watched.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Whether there is one more.
    fn add_worker(self: &Arc<Pool>, state: &mut State) -> bool {
        let pool = self.clone();
        match thread::Builder::new().name("streamtable-work".into()).spawn(move || pool.work()) {
            Ok(worker) => {
                state.threads.retain(|thread| !thread.is_finished());
                state.threads.push(worker);
                state.workers += 1;
                state.idle += 1;
                true
            }
            Err(_) => false,
        }
    }

    /// A worker.
    fn work(&self) {
        let mut state = self.lock();
        state.idle -= 1;
        loop {
            if !state.ready.is_empty() {
                state = self.work_once(state);
            } else if state.is_over || state.workers > FEW {
                state.workers -= 1;
                return;
            } else {
                state.idle += 1;
                state = self.given.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
            }
        }
    }

    /// Does the first of what is to be done now.
    fn work_once<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let Some((id, _)) = state.ready.pop_front() else { return state };
        let job = state.jobs.get_mut(&id).expect("what is ready is known");
        job.phase = Phase::Running(thread::current().id());
        job.is_woken = false;
        let work = job.work.clone();
        drop(state);
        let next = catch_unwind(AssertUnwindSafe(|| work.run())).ok();
        // What it holds is let go before whoever stops the task goes on.
        drop(work);
        let mut state = self.lock();
        let now = monotonic();
        if let Some(job) = state.jobs.get_mut(&id) {
            let is_woken = mem::take(&mut job.is_woken);
            let moment = |time: Duration| now.checked_add(time);
            let (phase, at) = match next {
                None => (Phase::Broken, None),
                Some(Next::NotBefore(time)) => (Phase::Resting, moment(time)),
                Some(_) if is_woken => (Phase::Waiting(None), Some(now)),
                Some(Next::WhenWoken) => (Phase::Waiting(None), None),
                Some(Next::After(time)) => (Phase::Waiting(moment(time)), moment(time)),
            };
            job.phase = phase;
            match at {
                Some(at) if at <= now => state.make_ready(id, now),
                Some(at) => {
                    let is_first = state.timed.first().is_none_or(|(first, _)| at < *first);
                    state.timed.insert((at, id));
                    if is_first {
                        self.watched.notify_one();
                    }
                }
                None => {}
            }
        }
        self.ended.notify_all();
        state
    }
}

impl State {
    fn make_ready(&mut self, id: u64, now: Instant) {
        self.jobs.get_mut(&id).expect("it is known").phase = Phase::Ready;
        self.ready.push_back((id, now));
    }

    /// From when on there is to be one more worker, if ever.
    fn wants_worker(&self, now: Instant) -> Option<Instant> {
        let (_, since) = *self.ready.front()?;
        if self.ready.len() <= self.idle {
            None
        } else if self.workers < FEW {
            Some(now)
        } else {
            Some(since + PATIENCE)
        }
    }

    fn forget(&mut self, id: u64) -> Option<Job> {
        let job = self.jobs.remove(&id)?;
        self.ready.retain(|(ready, _)| *ready != id);
        self.timed.retain(|(_, timed)| *timed != id);
        Some(job)
    }
}

#[cfg(test)]
mod tests;
