//! `Mutation`: the one thing that leaves every write.

use crate::value::Item;
use crate::value::key::RowKey;

/// Who made a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cause {
    /// A caller.
    User,
    /// The service itself: an item has expired.
    Service,
}

/// One item before and after a write.
#[derive(Debug)]
pub(crate) struct Mutation {
    pub(crate) key: RowKey,
    pub(crate) before: Option<Item>,
    pub(crate) after: Option<Item>,
    pub(crate) cause: Cause,
}

impl Mutation {
    /// Whether nothing changed, by value. Such a write leaves no record (facts A8).
    pub(crate) fn is_no_op(&self) -> bool {
        self.before == self.after
    }
}
