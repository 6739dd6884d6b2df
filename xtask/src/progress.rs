//! Saying what goes on: step n of m, what it does, how long it took.

use std::fmt::Display;
use std::time::Instant;

use crate::Result;

/// A run of steps.
#[derive(Debug)]
pub(crate) struct Progress {
    total: usize,
    done: usize,
    started: Instant,
}

impl Progress {
    /// A run of `total` steps.
    pub(crate) fn new(total: usize) -> Progress {
        Progress { total, done: 0, started: Instant::now() }
    }

    /// Does one step and says so before and after.
    pub(crate) fn step<T>(&mut self, what: impl Display, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.done += 1;
        let (n, m) = (self.done, self.total);
        println!("\n[{n}/{m}] {what}");
        let begun = Instant::now();
        let result = work();
        let seconds = begun.elapsed().as_secs_f64();
        match &result {
            Ok(_) => println!("[{n}/{m}] {what}: done in {seconds:.1} s"),
            Err(why) => println!("[{n}/{m}] {what}: FAILED after {seconds:.1} s\n{why}"),
        }
        result
    }

    /// Seconds since the run began.
    pub(crate) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}
