//! What operations of their own set on a table, beside UpdateTable. All of it stands in the table's entry of the catalog.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Period, Table};
use crate::api::shape::Named;
use crate::api::{ApproximateCreationDateTimePrecision, ContributorInsightsMode};
use crate::clock::Millis;
use crate::kinesis::{Delivery, Precision};
use crate::store::TableId;

/// Settings of a table that have operations of their own.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Features {
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) time_to_live: TimeToLive,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) tags: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<Policy>,
    /// Of the table's streams, by label.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) stream_policies: BTreeMap<String, Policy>,
    /// Of the table under the empty name, of its indexes under theirs; once they have been on.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) insights: BTreeMap<String, Insights>,
    /// The newest last.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) destinations: Vec<Destination>,
    /// None while the service's own key is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) encryption: Option<Encryption>,
    /// None while the table is not set to be restorable to a moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recovery: Option<Recovery>,
    /// What rows were before they changed, oldest first: kept while the table is restorable to a moment or is being copied.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) history: Vec<Period>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Features {
    /// Whether nothing was ever set.
    pub(super) fn is_untouched(&self) -> bool {
        is_default(self)
    }
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

impl Expiring {
    pub(crate) fn new(attribute: &str, space: TableId) -> Expiring {
        Expiring { attribute: attribute.to_owned(), space: space.0 }
    }

    pub(crate) fn space(&self) -> TableId {
        TableId(self.space)
    }
}

/// A resource policy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policy {
    /// Canonical JSON.
    pub(crate) text: String,
    /// When it was put, epoch milliseconds; a later one where that was taken.
    pub(crate) revision: u64,
}

/// Contributor insights of a table or index.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Insights {
    pub(crate) enabled: bool,
    pub(crate) mode: Named<ContributorInsightsMode>,
    pub(crate) changed_at: Millis,
}

/// A Kinesis data stream that a table is or was connected with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Destination {
    pub(crate) arn: String,
    pub(crate) change: DestinationChange,
    pub(crate) changed_at: Millis,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) precision: Option<Named<ApproximateCreationDateTimePrecision>>,
}

/// The last change of a destination.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DestinationChange {
    Enable,
    /// It was enabled without a data stream of this name.
    Fail,
    Update,
    Disable,
}

impl Destination {
    /// The way to a data stream from a table, where changes may go along it: `delay` is how long a change of it takes.
    pub(crate) fn delivery(&self, stream: &str, table: &Table, delay: Millis) -> Option<Delivery> {
        let done = self.changed_at + delay;
        let (from, until) = match self.change {
            DestinationChange::Fail => return None,
            DestinationChange::Enable => (done, None),
            DestinationChange::Update => (0, None),
            DestinationChange::Disable => (0, Some(done)),
        };
        let is_fine = self.precision == Some(Named(ApproximateCreationDateTimePrecision::Microsecond));
        Some(Delivery {
            stream: stream.to_owned(),
            table: table.name.clone(),
            key_names: table.schema.owned_names(),
            precision: if is_fine { Precision::Microsecond } else { Precision::Millisecond },
            from,
            until,
        })
    }
}

/// How far back a table is to be restorable.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recovery {
    pub(crate) since_at: Millis,
    pub(crate) days: i32,
}

/// Encryption with a key of the account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Encryption {
    pub(crate) key_arn: String,
}

impl Policy {
    /// A policy that is put at a moment, in place of another or none.
    pub(crate) fn new(text: String, now: Millis, before: Option<&Policy>) -> Policy {
        let revision = before.map_or(now, |before| now.max(before.revision + 1));
        Policy { text, revision }
    }
}
