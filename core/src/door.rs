//! `Door`: where requests go. A database in this process is one; what observes, throttles or disturbs calls is one around another.
//!
//! ```text
//! caller ──► Observed ──► Throttled ──► Faulty ──► Database
//! ```
//! A layer that nobody asks for is not there, and costs nothing.

mod calls;
mod faulty;
mod local;
mod looking;
mod metrics;
mod observed;
mod pending;
mod throttled;
#[cfg(feature = "tracing")]
mod traced;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use calls::Calls;
pub use faulty::Faulty;
pub use looking::Looking;
pub use observed::{Observation, Observed, Observer};
pub use pending::{Later, Pending};
pub use throttled::{Limit, Refusal, Throttled};
#[cfg(feature = "tracing")]
pub use traced::Traced;

pub use crate::engine::{Counts, Dimensions, Latency, Metrics};

use crate::api::{Error, ErrorCode, Result};
use crate::registry::{Input, Request, Response};

/// Takes requests and answers them.
pub trait Door: Send + Sync + fmt::Debug {
    /// Runs a decoded request and waits until its answer may be told.
    ///
    /// # Errors
    /// The operation's.
    fn call(&self, request: Request) -> Result<Response>;

    /// Starts a decoded request. Requests take effect in the order in which they are started by one caller; what one answers may be told
    /// later, when a disk or another machine has done its part. A door that needs neither answers at once. A door to another machine keeps no
    /// order among those that are on their way: who needs one waits for an answer before the next request.
    fn start(&self, request: Request) -> Pending {
        Pending::ready(self.call(request))
    }

    /// Time on the clock that this door goes by, since a moment of its own choice. With a manual clock it moves only as that does; it goes
    /// back only where a database is restored to an earlier moment.
    fn elapsed(&self) -> Duration;
}

impl<D: Door + ?Sized> Door for Arc<D> {
    fn start(&self, request: Request) -> Pending {
        (**self).start(request)
    }

    fn call(&self, request: Request) -> Result<Response> {
        (**self).call(request)
    }

    fn elapsed(&self) -> Duration {
        (**self).elapsed()
    }
}

/// Runs an operation through a door.
///
/// # Errors
/// The operation's; `InternalServerError` from a door that answers what was not asked.
pub fn ask<I: Input>(door: &dyn Door, input: I) -> Result<I::Output> {
    I::answer_of(door.call(input.into_request())?).ok_or_else(|| {
        Error::new(
            ErrorCode::InternalServer,
            format!("Another answer than that of {} came back", I::OPERATION),
        )
    })
}

#[cfg(test)]
mod tests;
