//! `Observed`: somebody sees every call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Door, Pending};
use crate::api::{Error, Result};
use crate::registry::{Request, Response};

/// Sees calls. It is called on the thread that is told the answer, before it is told; so it should be quick.
pub trait Observer: Send + Sync + fmt::Debug {
    /// A call has ended.
    fn observe(&self, call: &Observation<'_>);
}

/// A call that has ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observation<'a> {
    /// What was asked.
    pub request: &'a Request,
    /// What came of it.
    pub answer: Result<&'a Response, &'a Error>,
    /// From the start to the answer, on the clock of the door.
    pub duration: Duration,
}

/// A door whose calls are seen. A call whose answer nobody waits for is not.
#[derive(Debug)]
pub struct Observed<D> {
    door: Arc<D>,
    observer: Arc<dyn Observer>,
}

impl<D: Door> Observed<D> {
    /// Shows the calls of `door` to `observer`.
    pub fn new(door: D, observer: Arc<dyn Observer>) -> Observed<D> {
        Observed { door: Arc::new(door), observer }
    }
}

impl<D: Door + 'static> Door for Observed<D> {
    fn call(&self, request: Request) -> Result<Response> {
        self.start(request).wait()
    }

    fn start(&self, request: Request) -> Pending {
        let began = self.door.elapsed();
        let (door, observer, asked) = (self.door.clone(), self.observer.clone(), request.clone());
        self.door.start(request).map(move |answer| {
            let duration = door.elapsed().saturating_sub(began);
            observer.observe(&Observation { request: &asked, answer: answer.as_ref(), duration });
            answer
        })
    }

    fn elapsed(&self) -> Duration {
        self.door.elapsed()
    }
}
