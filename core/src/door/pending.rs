//! `Pending`: an answer that may be told later.

use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::api::Result;
use crate::registry::Response;

/// An answer on its way. Wait for it ([`Pending::wait`]), or await it: it is a future. The request has been started either way, and dropping
/// this does not take it back.
#[must_use = "the request has been started; what came of it is told by `wait`"]
#[derive(Debug)]
pub struct Pending(State);

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "most answers are ready, and live for one call")]
enum State {
    Ready(Result<Response>),
    Later(Box<dyn Later>),
    /// The future has given the answer away.
    Told,
}

/// What a door has to know of an answer that is not there yet.
pub trait Later: Send + fmt::Debug {
    /// Whether [`Later::wait`] would return at once.
    fn is_ready(&self) -> bool;

    /// Has `waker` woken when the answer is ready: once or more, at once where it is ready by now. Only the last waker given counts.
    fn wake_when_ready(&mut self, waker: &Waker);

    /// Waits for the answer on the calling thread.
    ///
    /// # Errors
    /// The operation's.
    fn wait(self: Box<Self>) -> Result<Response>;
}

impl Pending {
    /// An answer that is there.
    pub fn ready(answer: Result<Response>) -> Pending {
        Pending(State::Ready(answer))
    }

    /// An answer that is not.
    pub fn later(answer: impl Later + 'static) -> Pending {
        Pending(State::Later(Box::new(answer)))
    }

    /// Whether [`Pending::wait`] would return at once.
    pub fn is_ready(&self) -> bool {
        match &self.0 {
            State::Ready(_) | State::Told => true,
            State::Later(later) => later.is_ready(),
        }
    }

    /// Waits for the answer on the calling thread.
    ///
    /// # Errors
    /// The operation's.
    ///
    /// # Panics
    /// When the future has given the answer already.
    pub fn wait(self) -> Result<Response> {
        match self.0 {
            State::Ready(answer) => answer,
            State::Later(later) => later.wait(),
            State::Told => panic!("an answer is told once"),
        }
    }

    /// The same with `change` made to the answer before it is told; at once where it is there.
    pub fn map(self, change: impl FnOnce(Result<Response>) -> Result<Response> + Send + 'static) -> Pending {
        match self.0 {
            State::Ready(answer) => Pending::ready(change(answer)),
            State::Later(later) => Pending::later(Mapped { later, mapping: Mapping(Box::new(change)) }),
            State::Told => panic!("an answer is told once"),
        }
    }
}

impl Future for Pending {
    type Output = Result<Response>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<Response>> {
        if let State::Later(later) = &mut self.0
            && !later.is_ready()
        {
            later.wake_when_ready(context.waker());
            // It may have become ready in between; then nobody need be woken.
            if !later.is_ready() {
                return Poll::Pending;
            }
        }
        Poll::Ready(Pending(mem::replace(&mut self.0, State::Told)).wait())
    }
}

#[derive(Debug)]
struct Mapped {
    later: Box<dyn Later>,
    mapping: Mapping,
}

struct Mapping(Box<dyn FnOnce(Result<Response>) -> Result<Response> + Send>);

impl fmt::Debug for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mapping")
    }
}

impl Later for Mapped {
    fn is_ready(&self) -> bool {
        self.later.is_ready()
    }

    fn wake_when_ready(&mut self, waker: &Waker) {
        self.later.wake_when_ready(waker);
    }

    fn wait(self: Box<Self>) -> Result<Response> {
        (self.mapping.0)(self.later.wait())
    }
}
