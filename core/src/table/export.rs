//! Exports: what was asked for, and how far it has come.
//!
//! ```text
//! export/<table id>   the request, the table as it was named, its key, the times, counts, where it is
//! ```
//! The items of an export come into rows of its own first, as those of a backup do; then they are written to files, in steps. An export of the
//! changes of a time notes which rows changed in it before that.

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use super::jobs::Job;
use super::stored::StoredKey;
use super::{Cut, Schema, hexadecimal};
use crate::api::{ExportTableToPointInTimeInput, Result};
use crate::clock::Millis;
use crate::store::{MetaChange, TableId, read_meta, unsound};
use crate::value::key::RowKey;
use crate::value::{AttributeValue, Item, ValueRef};

/// What an export is from its beginning to its end.
#[derive(Debug)]
pub(crate) struct Export {
    /// Of its items.
    pub(crate) rows: TableId,
    /// Of what is told of its files, a row for each.
    pub(crate) files: TableId,
    /// Of the items that changed; none in a full export.
    pub(crate) changes: Option<Changes>,
    pub(crate) schema: Schema,
    pub(crate) about: About,
    pub(crate) request: ExportTableToPointInTimeInput,
    state: RwLock<ExportState>,
}

/// The changes of a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Changes {
    /// A row for each item that changed: its key, what it was at the beginning, when it changed last.
    pub(crate) rows: TableId,
    /// The beginning; the end is the cut of the copy.
    pub(crate) from: Cut,
}

/// What does not change of an export.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    pub(crate) id: String,
    pub(crate) table: String,
    pub(crate) table_id: String,
    pub(crate) begun_at: Millis,
    /// The moment of a full export, the end of an incremental one.
    pub(crate) moment: Millis,
    /// The beginning of an incremental export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Millis>,
    /// The request as text, in JSON.
    pub(crate) request: String,
}

/// How far an export has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ExportState {
    /// Items up to this key are in so many files; none at the beginning.
    Writing {
        #[serde(with = "hexadecimal")]
        reached: Vec<u8>,
        files: u64,
        items: u64,
        bytes: u64,
    },
    Completed {
        ended_at: Millis,
        items: u64,
        bytes: u64,
    },
    Failed {
        ended_at: Millis,
        code: String,
        message: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredExport {
    files: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<(u64, Cut)>,
    hash: StoredKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<StoredKey>,
    about: About,
    state: ExportState,
}

impl Job for Export {
    fn id(&self) -> &str {
        &self.about.id
    }

    fn table(&self) -> &str {
        &self.about.table
    }

    fn token(&self) -> (Option<&str>, Millis) {
        (self.request.client_token.as_deref(), self.about.begun_at)
    }

    fn ended_at(&self) -> Option<Millis> {
        match *self.state.read() {
            ExportState::Writing { .. } => None,
            ExportState::Completed { ended_at, .. } | ExportState::Failed { ended_at, .. } => Some(ended_at),
        }
    }
}

impl Export {
    /// An export that is to begin.
    pub(crate) fn new(
        (rows, files): (TableId, TableId),
        changes: Option<Changes>,
        schema: Schema,
        about: About,
        request: ExportTableToPointInTimeInput,
    ) -> Export {
        let state = ExportState::Writing { reached: Vec::new(), files: 0, items: 0, bytes: 0 };
        Export { rows, files, changes, schema, about, request, state: RwLock::new(state) }
    }

    pub(crate) fn state(&self) -> ExportState {
        self.state.read().clone()
    }

    /// Notes how far it came. The caller has committed that.
    pub(crate) fn reach(&self, state: ExportState) {
        *self.state.write() = state;
    }

    /// All rows that are its own.
    pub(crate) fn tables(&self) -> impl Iterator<Item = TableId> {
        [self.rows, self.files].into_iter().chain(self.changes.map(|changes| changes.rows))
    }

    fn meta_name(&self) -> String {
        format!("export/{}", self.rows.0)
    }

    /// The catalog's entry in a state of the caller's choice.
    pub(crate) fn entry(&self, state: &ExportState) -> MetaChange {
        let stored = StoredExport {
            files: self.files.0,
            changes: self.changes.map(|changes| (changes.rows.0, changes.from)),
            hash: StoredKey::of(&self.schema.hash),
            range: self.schema.range.as_ref().map(StoredKey::of),
            about: self.about.clone(),
            state: state.clone(),
        };
        MetaChange::keep(self.meta_name(), &stored)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(self.meta_name())
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// `CorruptionException` for a text of another form.
    pub(crate) fn restore(name: &str, text: &str, rows: TableId) -> Result<Export> {
        let stored: StoredExport = read_meta(name, text)?;
        let request = serde_json::from_str(&stored.about.request);
        Ok(Export {
            rows,
            files: TableId(stored.files),
            changes: stored.changes.map(|(rows, from)| Changes { rows: TableId(rows), from }),
            schema: Schema { hash: stored.hash.part(), range: stored.range.map(StoredKey::part) },
            about: stored.about,
            request: request.map_err(|e| unsound(name, format_args!("its request: {e}")))?,
            state: RwLock::new(stored.state),
        })
    }
}

/// What is kept of an item that changed in the time of an export.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ChangedRow {
    pub(crate) row: RowKey,
    /// When it changed last in the time, epoch milliseconds.
    pub(crate) at: Millis,
    /// What it was at the beginning; none where there was none.
    pub(crate) was: Option<Item>,
}

const ROW: &str = "row";
const AT: &str = "at";
const WAS: &str = "was";

impl ChangedRow {
    /// As a row of the export.
    pub(crate) fn item(&self) -> Item {
        let row = AttributeValue::B(self.row.as_bytes().to_vec());
        let at = AttributeValue::B(self.at.to_be_bytes().to_vec());
        let was = self.was.as_ref().map(|item| AttributeValue::B(item.as_bytes().to_vec()));
        let members = [(ROW, &row), (AT, &at)].into_iter().chain(was.as_ref().map(|was| (WAS, was)));
        Item::new(members).expect("three binaries are an item")
    }

    /// Reads a row.
    pub(crate) fn read(row: &Item) -> ChangedRow {
        let bytes = |name| match row.get(name) {
            Some(ValueRef::B(bytes)) => Some(bytes),
            _ => None,
        };
        let at = bytes(AT).and_then(|at| at.try_into().ok()).map_or(0, u64::from_be_bytes);
        let was = bytes(WAS).map(Item::from_stored);
        ChangedRow { row: RowKey::from_bytes(bytes(ROW).expect("each row has its key")), at, was }
    }
}
