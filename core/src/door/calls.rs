//! `Calls`: which calls a layer is about.

use crate::api::{Error, ErrorCode, Result};
use crate::registry::{self, Request};

/// Calls, by operation and table. The default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    operation: Option<&'static str>,
    table: Option<String>,
}

impl Calls {
    /// Every call.
    pub fn all() -> Calls {
        Calls::default()
    }

    /// The calls of one operation.
    ///
    /// # Errors
    /// `UnknownOperationException`, since a name that is wrong would match nothing and say nothing.
    pub fn of(operation: &str) -> Result<Calls> {
        let known = registry::operation(operation).ok_or_else(|| {
            Error::new(ErrorCode::UnknownOperation, format!("There is no operation {operation:?}"))
        })?;
        Ok(Calls { operation: Some(known.name), table: None })
    }

    /// Of these, those that name a table ([`Request::table_name`]).
    pub fn on_table(mut self, table: impl Into<String>) -> Calls {
        self.table = Some(table.into());
        self
    }

    /// Whether a request is one of them.
    pub fn include(&self, request: &Request) -> bool {
        self.operation.is_none_or(|operation| operation == request.operation())
            && self.table.as_deref().is_none_or(|table| request.table_name() == Some(table))
    }
}
