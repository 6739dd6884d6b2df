//! `Looking`: a database that is only looked at, so that nothing shows that somebody looks.

use std::time::Duration;

use super::Door;
use crate::api::Result;
use crate::database::Database;
use crate::registry::{Request, Response};

/// A door whose calls are looks: see [`Database::look`].
///
/// ```
/// use streamtable::api::{ListTablesInput, MaintainInput};
/// use streamtable::door::{Looking, ask};
/// use streamtable::{Database, OpenOptions};
///
/// let door = Looking::new(Database::memory(OpenOptions::deterministic())?);
/// ask(&door, ListTablesInput::default())?;
/// assert!(ask(&door, MaintainInput::default()).is_err());
/// # Ok::<(), streamtable::Error>(())
/// ```
#[derive(Debug)]
pub struct Looking {
    database: Database,
}

impl Looking {
    /// Looks at a database.
    pub fn new(database: Database) -> Looking {
        Looking { database }
    }
}

impl Door for Looking {
    fn call(&self, request: Request) -> Result<Response> {
        self.database.look(request)
    }

    fn elapsed(&self) -> Duration {
        self.database.elapsed()
    }
}
