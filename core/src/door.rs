//! `Door`: where requests go. A database in this process is one; what throttles, observes or disturbs calls is one around another.

use std::fmt;

use crate::api::{Error, ErrorCode, Result};
use crate::database::Database;
use crate::registry::{Input, Request, Response};

/// Takes requests and answers them.
pub trait Door: Send + Sync + fmt::Debug {
    /// Runs a decoded request and waits until its answer may be told.
    ///
    /// # Errors
    /// The operation's.
    fn call(&self, request: Request) -> Result<Response>;
}

impl Door for Database {
    fn call(&self, request: Request) -> Result<Response> {
        self.execute(request)
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
