//! How far a copy has come, in a file, so that it can be gone on with.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use streamtable::Checkpoint;

/// How far one table has come.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct State {
    /// Of each segment of the scan, the key after which it goes on: empty at its beginning, null at its end.
    pub(super) segments: Vec<Value>,
    /// Where its changes are; none where nothing tells them.
    pub(super) place: Option<Place>,
}

/// A place in the stream of a table.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Place {
    /// The stream.
    pub(super) stream: String,
    /// When the copy began, on the clock of this machine.
    pub(super) began: SystemTime,
    /// Up to which change all were done; none before the first.
    pub(super) checkpoint: Option<Checkpoint>,
}

/// How far all tables have come.
#[derive(Debug)]
pub(super) struct Kept {
    tables: BTreeMap<String, State>,
    file: Option<PathBuf>,
}

impl Kept {
    /// Reads what a file has, if it is there. Without a file nothing is kept.
    ///
    /// # Errors
    /// What to tell a person.
    pub(super) fn read(file: Option<&Path>) -> Result<Kept, String> {
        let Some(path) = file else { return Ok(Kept { tables: BTreeMap::new(), file: None }) };
        let tables = match fs::read(path) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|e| format!("{} is no state of a copy: {e}", path.display()))?,
            Err(e) if e.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(e) => return Err(format!("{}: {e}", path.display())),
        };
        Ok(Kept { tables, file: Some(path.to_owned()) })
    }

    pub(super) fn of(&self, table: &str) -> Option<&State> {
        self.tables.get(table)
    }

    /// Keeps how far a table has come. A process that is killed meanwhile leaves the old state or the new one.
    ///
    /// # Errors
    /// What to tell a person.
    pub(super) fn set(&mut self, table: &str, state: State) -> Result<(), String> {
        self.tables.insert(table.to_owned(), state);
        let Some(file) = &self.file else { return Ok(()) };
        let text = serde_json::to_vec(&self.tables).expect("a state is plain data");
        let beside = file.with_extension("new");
        let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, file));
        written.map_err(|e| format!("{}: {e}", file.display()))
    }
}
