//! What the other side can do: asked once, and not guessed from its address.

use streamtable::api::{BatchExecuteStatementInput, DescribeClockInput, TransactGetItemsInput};
use streamtable::door::{Door, ask};
use streamtable::{Error, ErrorCode, Input, Result};

/// What the database behind a door can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Capabilities {
    /// Whether it is a streamtable, which has operations of its own: its clock, its shards, faults, mappings.
    pub own_operations: bool,
    /// Whether its clock is moved by its users.
    pub manual_clock: bool,
    /// Whether it has transactions.
    pub transactions: bool,
    /// Whether it has statements in PartiQL.
    pub statements: bool,
}

impl Capabilities {
    /// Asks a door.
    ///
    /// # Errors
    /// That it cannot be reached, or that its credentials are refused.
    pub(crate) fn probe(door: &dyn Door) -> Result<Capabilities> {
        let clock = told(ask(door, DescribeClockInput::default()))?;
        Ok(Capabilities {
            own_operations: clock.is_some(),
            manual_clock: clock.flatten().is_some_and(|clock| clock.mode.as_deref() == Some("manual")),
            transactions: has::<TransactGetItemsInput>(door)?,
            statements: has::<BatchExecuteStatementInput>(door)?,
        })
    }
}

/// Whether an operation is there: one that is answers an empty request, if only with what is wrong with it.
fn has<I: Input + Default>(door: &dyn Door) -> Result<bool> {
    Ok(told(ask(door, I::default()))?.is_some())
}

/// The answer, if there is one; none where there is no such operation.
fn told<T>(answer: Result<T>) -> Result<Option<Option<T>>> {
    match answer {
        Ok(answer) => Ok(Some(Some(answer))),
        Err(error) => match error.code() {
            ErrorCode::UnknownOperation => Ok(None),
            ErrorCode::Validation | ErrorCode::Serialization => Ok(Some(None)),
            // Others know no such operation either, in their own words.
            _ if is_unknown(&error) => Ok(None),
            _ => Err(error),
        },
    }
}

fn is_unknown(error: &Error) -> bool {
    error.code() == ErrorCode::InternalServer
        && ["UnknownOperation", "NotImplemented", "status 404", "status 501"]
            .iter()
            .any(|text| error.message().contains(text))
}
