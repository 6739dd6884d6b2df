//! What operations of their own set on a table, beside UpdateTable.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::store::TableId;

/// Settings of a table that have operations of their own.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Features {
    #[serde(skip_serializing_if = "TimeToLive::is_untouched")]
    pub(crate) time_to_live: TimeToLive,
}

/// Which items expire, and when that was last changed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TimeToLive {
    /// None while nothing expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) live: Option<Expiring>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) changed_at: Option<Millis>,
}

/// By which attribute items expire.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expiring {
    /// A number in it is the time, epoch seconds.
    pub(crate) attribute: String,
    /// Number of the space that has the items in the order of their times.
    space: u64,
}

impl TimeToLive {
    fn is_untouched(&self) -> bool {
        *self == TimeToLive::default()
    }
}

impl Expiring {
    pub(crate) fn new(attribute: &str, space: TableId) -> Expiring {
        Expiring { attribute: attribute.to_owned(), space: space.0 }
    }

    pub(crate) fn space(&self) -> TableId {
        TableId(self.space)
    }
}

impl Features {
    /// Whether nothing was ever set.
    pub(super) fn is_untouched(&self) -> bool {
        *self == Features::default()
    }
}
