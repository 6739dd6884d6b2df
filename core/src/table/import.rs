//! Imports: what was asked for, and how far it has come.
//!
//! ```text
//! import/<table id>   the request, the table's identity, the times, counts, which record of which object comes next
//! ```
//! The number is that of the table, which is there unless the import failed before there was anything to read.

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::jobs::Job;
use crate::api::{ImportTableInput, Result, TableCreationParameters};
use crate::clock::Millis;
use crate::interchange::Records;
use crate::store::{MetaChange, TableId, read_meta, unsound};

/// What an import is from its beginning to its end.
#[derive(Debug)]
pub(crate) struct Import {
    /// The table that is made.
    pub(crate) into: TableId,
    pub(crate) about: ImportAbout,
    pub(crate) request: ImportTableInput,
    state: Mutex<ImportState>,
    /// What is being read, in this process. It goes on where the state says, so it can be let go at any time.
    pub(crate) reading: Mutex<Option<Reading>>,
}

/// What does not change of an import.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportAbout {
    pub(crate) id: String,
    pub(crate) table_id: String,
    pub(crate) begun_at: Millis,
    /// When it may begin to read.
    pub(crate) begins_at: Millis,
    /// The request as text, in JSON.
    pub(crate) request: String,
}

/// What was read so far.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counts {
    pub(crate) processed: u64,
    pub(crate) imported: u64,
    pub(crate) errors: u64,
    pub(crate) bytes: u64,
    /// What was wrong first, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_error: Option<String>,
}

/// Where an import is in its objects.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    /// The key of the object that is read, or was read last; none at the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) object: Option<String>,
    /// Records of it that were read.
    pub(crate) records: u64,
    /// Bytes of the objects before it.
    pub(crate) bytes_before: u64,
}

/// How far an import has come.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportState {
    pub(crate) counts: Counts,
    pub(crate) position: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<ImportEnd>,
}

/// How an import ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportEnd {
    pub(crate) at: Millis,
    /// The code and the text of its failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<(String, String)>,
}

/// The objects that are still to be read, the next one last, and the one that is read.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) keys: Vec<String>,
    pub(crate) records: Option<Records>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredImport {
    about: ImportAbout,
    state: ImportState,
}

impl Job for Import {
    fn id(&self) -> &str {
        &self.about.id
    }

    fn table(&self) -> &str {
        self.parameters().table_name.as_deref().expect("the request was checked")
    }

    fn token(&self) -> (Option<&str>, Millis) {
        (self.request.client_token.as_deref(), self.about.begun_at)
    }

    fn ended_at(&self) -> Option<Millis> {
        self.state.lock().end.as_ref().map(|end| end.at)
    }
}

impl Import {
    /// An import that is to begin, or has ended before it could.
    pub(crate) fn new(
        into: TableId,
        about: ImportAbout,
        request: ImportTableInput,
        end: Option<ImportEnd>,
    ) -> Import {
        let state = ImportState { end, ..ImportState::default() };
        Import { into, about, request, state: Mutex::new(state), reading: Mutex::default() }
    }

    pub(crate) fn parameters(&self) -> &TableCreationParameters {
        self.request.table_creation_parameters.as_ref().expect("the request was checked")
    }

    pub(crate) fn state(&self) -> ImportState {
        self.state.lock().clone()
    }

    /// Notes how far it came. The caller has committed that.
    pub(crate) fn reach(&self, state: ImportState) {
        *self.state.lock() = state;
    }

    fn meta_name(&self) -> String {
        format!("import/{}", self.into.0)
    }

    /// The catalog's entry in a state of the caller's choice.
    pub(crate) fn entry(&self, state: &ImportState) -> MetaChange {
        let stored = StoredImport { about: self.about.clone(), state: state.clone() };
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
    pub(crate) fn restore(name: &str, text: &str, into: TableId) -> Result<Import> {
        let StoredImport { about, state } = read_meta(name, text)?;
        let request: ImportTableInput = serde_json::from_str(&about.request)
            .map_err(|e| unsound(name, format_args!("its request: {e}")))?;
        let parameters = request.table_creation_parameters.as_ref();
        if parameters.is_none_or(|parameters| parameters.table_name.is_none()) {
            return Err(unsound(name, "its request names no table"));
        }
        Ok(Import { into, about, request, state: Mutex::new(state), reading: Mutex::default() })
    }
}
