//! What a table is set to, and the change it is in the middle of.

use serde::{Deserialize, Serialize};

use crate::api::{BillingMode, OnDemandThroughput, TableClass, TableStatus};
use crate::clock::Millis;

/// What UpdateTable changes, apart from the stream.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) billing_mode: BillingMode,
    /// When the table last became on-demand, if it ever did.
    pub(crate) on_demand_since: Option<Millis>,
    /// Read and write units; zero when on demand.
    pub(crate) units: (i64, i64),
    pub(crate) increased_at: Option<Millis>,
    pub(crate) decreased_at: Option<Millis>,
    pub(crate) decreases_today: i64,
    pub(crate) on_demand_throughput: Option<OnDemandThroughput>,
    pub(crate) warm_units: Option<(i64, i64)>,
    pub(crate) table_class: Option<TableClass>,
    pub(crate) class_changed_at: Option<Millis>,
    pub(crate) deletion_protection: bool,
}

/// What is being done to a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeKind {
    Create,
    EnableStream,
    DisableStream,
    Throughput,
    Class,
    Index,
    Other,
    Delete,
}

impl ChangeKind {
    pub(crate) fn status(self) -> TableStatus {
        match self {
            ChangeKind::Create => TableStatus::Creating,
            ChangeKind::Delete => TableStatus::Deleting,
            _ => TableStatus::Updating,
        }
    }

    /// As messages name a stream change.
    pub(crate) fn stream_operation(self) -> Option<&'static str> {
        match self {
            ChangeKind::EnableStream => Some("ENABLE"),
            ChangeKind::DisableStream => Some("DISABLE"),
            _ => None,
        }
    }
}

/// A change and when it is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    pub(crate) kind: ChangeKind,
    pub(crate) until: Millis,
}

/// What a table is being restored from, and to which moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Restoring {
    /// ARN of the backup; none where it is another table as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) backup: Option<String>,
    /// ARN of the table.
    pub(crate) table: String,
    /// The moment at which the rows were what they will be.
    pub(crate) moment: Millis,
}
