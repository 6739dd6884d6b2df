//! Calls that leave nothing behind.

use super::Database;
use crate::api::message::table as text;
use crate::api::{Error, Result};
use crate::registry::{Request, Response};

impl Database {
    /// Runs a request that only reads so that nothing is left of it: no fault meets it, it uses no capacity, and it is neither counted nor
    /// remembered. A seeded database answers everybody else as it would have without.
    ///
    /// # Errors
    /// The operation's; `ValidationException` for one that changes something, or by which somebody becomes a reader of a shard;
    /// `DatabaseClosedException` after [`Database::close`].
    pub fn look(&self, request: Request) -> Result<Response> {
        if !request.info().is_look() {
            return Err(Error::validation(text::no_look(request.operation())));
        }
        let mut seen = None;
        let mut result = self.0.start_as_look(true, &mut seen, |call| request.run(call));
        if let Some(seen) = seen {
            self.0.settle(seen)?;
        }
        self.word(&mut result, request.operation());
        result
    }
}
