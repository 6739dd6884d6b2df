//! What tasks may rely on.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;

/// Work made of a function.
struct Doing<F>(F);

impl<F: Fn() -> Next + Send + Sync> Work for Doing<F> {
    fn run(&self) -> Next {
        (self.0)()
    }
}

fn start(pool: &Arc<Pool>, work: impl Fn() -> Next + Send + Sync + 'static) -> Task {
    let work: Arc<dyn Work> = Arc::new(Doing(work));
    let id = pool.add(&work).expect("a thread").expect("it is not over");
    Task(Signal { pool: pool.clone(), id })
}

fn pool() -> Arc<Pool> {
    Arc::new(Pool::new())
}

fn phase(pool: &Pool, task: &Task) -> Phase {
    pool.lock().jobs[&task.0.id].phase
}

/// Work that says when it begins, and ends when it is told.
fn held(pool: &Arc<Pool>) -> (Task, Receiver<()>, Sender<()>) {
    let ((began, begins), (go, goes)) = (channel(), channel());
    let (began, goes) = (Mutex::new(began), Mutex::new(goes));
    let task = start(pool, move || {
        began.lock().expect("no panic").send(()).expect("someone looks");
        // Whoever has gone away lets it go on, too.
        let _ = goes.lock().expect("no panic").recv();
        Next::WhenWoken
    });
    (task, begins, go)
}

#[test]
fn hundreds_of_tasks_share_few_threads() {
    let pool = pool();
    let seen = Arc::new(Mutex::new(HashSet::new()));
    let (done, dones) = channel();
    let tasks: Vec<Task> = (0..400)
        .map(|_| {
            let (seen, done) = (seen.clone(), Mutex::new(done.clone()));
            start(&pool, move || {
                seen.lock().expect("no panic").insert(thread::current().id());
                done.lock().expect("no panic").send(()).expect("someone counts");
                Next::WhenWoken
            })
        })
        .collect();
    tasks.iter().for_each(|_| dones.recv().expect("each is done"));
    for _ in 0..10 {
        tasks.iter().for_each(|task| task.signal().wake());
        tasks.iter().for_each(|_| dones.recv().expect("each is done again"));
    }
    // Under load there may be some that were added because others had no processor.
    assert!(seen.lock().expect("no panic").len() < 40);
}

#[test]
fn one_task_has_one_worker() {
    let pool = pool();
    let (task, begins, go) = held(&pool);
    for i in 0..100 {
        if i > 0 {
            task.signal().wake();
        }
        begins.recv().expect("it is done");
        go.send(()).expect("it waits");
        while phase(&pool, &task) != Phase::Waiting(None) {
            thread::yield_now();
        }
        assert_eq!(pool.lock().workers, 1);
    }
}

#[test]
fn tasks_that_stand_still_hold_up_nobody() {
    let pool = pool();
    let still: Vec<_> = (0..2 * FEW).map(|_| held(&pool)).collect();
    still.iter().for_each(|(_, begins, _)| begins.recv().expect("each begins, though none ends"));
    let (done, is_done) = channel();
    let done = Mutex::new(done);
    let other = start(&pool, move || {
        done.lock().expect("no panic").send(()).expect("someone waits");
        Next::After(Duration::from_secs(3600))
    });
    is_done.recv().expect("it is done beside them");
    other.signal().wake();
    is_done.recv().expect("and again");
    drop(other);
    for (task, begins, go) in still {
        drop((go, begins));
        drop(task);
    }
}

#[test]
fn whoever_stops_a_task_waits_for_what_it_is_doing() {
    let pool = pool();
    let (task, begins, go) = held(&pool);
    begins.recv().expect("it begins");
    let is_stopped = AtomicBool::new(false);
    thread::scope(|scope| {
        let stopping = scope.spawn(|| {
            drop(task);
            is_stopped.store(true, Ordering::SeqCst);
        });
        for _ in 0..1000 {
            thread::yield_now();
        }
        assert!(!is_stopped.load(Ordering::SeqCst), "it is still at it");
        go.send(()).expect("it waits");
        stopping.join().expect("no panic");
    });
    assert!(is_stopped.load(Ordering::SeqCst));
}

#[test]
fn what_is_woken_while_it_runs_runs_once_more() {
    let pool = pool();
    let (task, begins, go) = held(&pool);
    begins.recv().expect("it begins");
    task.signal().wake();
    task.signal().wake();
    go.send(()).expect("it waits");
    begins.recv().expect("once more");
    go.send(()).expect("it waits");
    // Stopped in its turn or after it: there is no third.
    drop(task);
    assert!(begins.recv().is_err());
}

#[test]
fn what_rests_is_not_woken() {
    let pool = pool();
    let (done, is_done) = channel();
    let done = Mutex::new(done);
    let task = start(&pool, move || {
        done.lock().expect("no panic").send(()).expect("someone waits");
        Next::NotBefore(Duration::from_secs(3600))
    });
    is_done.recv().expect("it is done");
    while phase(&pool, &task) != Phase::Resting {
        thread::yield_now();
    }
    task.signal().wake();
    assert_eq!(phase(&pool, &task), Phase::Resting);
}

#[test]
fn what_is_to_be_done_again_is_done_again() {
    let pool = pool();
    let (done, is_done) = channel();
    let done = Mutex::new(done);
    let task = start(&pool, move || {
        // The end of the test comes before that of the task.
        let _ = done.lock().expect("no panic").send(());
        Next::NotBefore(Duration::from_millis(1))
    });
    (0..5).for_each(|_| is_done.recv().expect("again"));
    drop(task);
}

#[test]
fn threads_end_with_the_last_task() {
    let pool = pool();
    let (first, begins, go) = held(&pool);
    let second = start(&pool, || Next::WhenWoken);
    begins.recv().expect("it begins");
    drop(go);
    drop(first);
    assert!(!pool.lock().is_over);
    let signal = second.signal();
    drop(second);
    assert!(pool.lock().is_over && pool.lock().threads.is_empty());
    signal.wake();
    drop(signal);
    assert_eq!(Arc::strong_count(&pool), 1, "no thread has it any more");
    let work: Arc<dyn Work> = Arc::new(Doing(|| Next::WhenWoken));
    assert_eq!(pool.add(&work).expect("nothing is started"), None);
}

#[test]
fn work_may_stop_itself() {
    let pool = pool();
    let own = Arc::new(Mutex::new(None::<Task>));
    let (slot, (done, is_done)) = (own.clone(), channel());
    let done = Mutex::new(done);
    let task = start(&pool, move || {
        let Some(task) = slot.lock().expect("no panic").take() else { return Next::WhenWoken };
        drop(task);
        done.lock().expect("no panic").send(()).expect("someone waits");
        Next::After(Duration::ZERO)
    });
    let signal = task.signal();
    *own.lock().expect("no panic") = Some(task);
    signal.wake();
    is_done.recv().expect("it does not wait for itself");
}

#[test]
fn work_that_panics_is_not_done_again_and_takes_nothing_with_it() {
    let pool = pool();
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let broken = start(&pool, move || {
        counted.fetch_add(1, Ordering::SeqCst);
        panic!("a defect, for the test")
    });
    while phase(&pool, &broken) != Phase::Broken {
        thread::yield_now();
    }
    broken.signal().wake();
    let (other, begins, go) = held(&pool);
    begins.recv().expect("others go on");
    go.send(()).expect("it waits");
    drop((broken, other));
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[test]
fn a_process_has_one_pool_as_long_as_there_are_tasks() {
    let one = Task::start(Doing(|| Next::WhenWoken)).expect("a thread");
    let two = Task::start(Doing(|| Next::WhenWoken)).expect("a thread");
    assert!(Arc::ptr_eq(&one.0.pool, &two.0.pool));
    drop(one);
    let three = Task::start(Doing(|| Next::WhenWoken)).expect("a thread");
    assert!(Arc::ptr_eq(&two.0.pool, &three.0.pool));
    let pool = Arc::downgrade(&three.0.pool);
    drop((two, three));
    // It is let go, unless other tests have tasks of it.
    while pool.upgrade().is_some_and(|pool| pool.lock().is_over) {
        thread::yield_now();
    }
}
