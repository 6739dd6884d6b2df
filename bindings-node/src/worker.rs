//! A worker of event source mappings: what it says and what it is told are JSON, which `lib/mappings.js` reads and writes.

use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::{AsyncTask, Either};
use napi::{Env, Task};
use napi_derive::napi;
use streamtable::consumer::worker::local::Local;

use crate::database::NativeDatabase;
use crate::outcome::{Outcome, guarded};

/// A worker. It holds no database: each step is told which.
#[napi]
#[derive(Debug)]
pub struct NativeWorker(Arc<Local>);

#[napi]
impl NativeDatabase {
    /// A worker of this database. What it leaves to chance follows from the seed.
    #[napi]
    pub fn open_worker(&self, seed: u32) -> NativeWorker {
        NativeWorker(Arc::new(Local::new(&self.database, seed.into())))
    }

    /// What to do next, of one mapping or of all.
    #[napi]
    pub fn worker_next(&self, worker: &NativeWorker, only: Option<String>) -> Either<String, Outcome> {
        told(|| worker.0.next_text(&self.database, only.as_deref()))
    }

    /// Tells a worker something, and gives its answer.
    #[napi]
    pub fn worker_tell(&self, worker: &NativeWorker, text: String) -> Either<String, Outcome> {
        told(|| worker.0.tell_text(&self.database, &text))
    }
}

fn told(work: impl FnOnce() -> streamtable::Result<String>) -> Either<String, Outcome> {
    match guarded(work) {
        Ok(text) => Either::A(text),
        Err(error) => Either::B(Outcome::Error(error)),
    }
}

/// Waiting on a thread of the pool.
#[derive(Debug)]
pub struct Waiting {
    local: Arc<Local>,
    known: u64,
    most: Duration,
}

impl Task for Waiting {
    type Output = ();
    type JsValue = ();

    fn compute(&mut self) -> napi::Result<()> {
        self.local.wait(self.known, self.most);
        Ok(())
    }

    fn resolve(&mut self, _: Env, (): ()) -> napi::Result<()> {
        Ok(())
    }
}

#[napi]
impl NativeWorker {
    /// How often something was written, or it was called.
    #[napi]
    pub fn count(&self) -> f64 {
        self.0.count() as f64
    }

    /// Waits until the count is no more the one that is known, for some milliseconds at most.
    #[napi]
    pub fn wait(&self, known: f64, milliseconds: u32) -> AsyncTask<Waiting> {
        let most = Duration::from_millis(milliseconds.into());
        AsyncTask::new(Waiting { local: self.0.clone(), known: known as u64, most })
    }

    /// Ends the waiting.
    #[napi]
    pub fn call(&self) {
        self.0.call();
    }
}
