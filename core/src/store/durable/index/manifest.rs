//! The manifest: which runs make up the index, and the few facts that are not in them. One file, replaced as a whole.
//!
//! ```text
//! index/manifest = JSON, one line | "crc32 " | eight digits | newline
//! ```

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::run::{INDEX_FOLDER, Run};
use super::{Use, View};
use crate::clock::{Millis, millis};
use crate::limits::RETENTION;
use crate::store::vfs::{Opened, Vfs};

const MANIFEST_FILE: &str = "index/manifest";
const NEW_MANIFEST_FILE: &str = "index/manifest.new";

/// A run as the manifest names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunNote {
    pub(super) run: u64,
    pub(super) bytes: u64,
    pub(super) entries: u64,
}

impl RunNote {
    fn of(run: &Run) -> RunNote {
        RunNote { run: run.id, bytes: run.len, entries: run.entries }
    }
}

/// How far the rows of a removed table have been taken out of the counts of live bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Removed {
    /// Up to this key.
    Counting(Vec<u8>),
    /// All; they are dropped when runs are merged.
    Counted,
}

/// What the index knows beside its runs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    /// The point of the log that the index has reached.
    pub(super) applied: u64,
    /// The newest of what was ever committed: time of a record, epoch milliseconds, and the part of sequence numbers that rises everywhere.
    pub(super) at: u64,
    pub(super) commit: u64,
    /// The longest retention of a log so far, in milliseconds; 0 while none was longer than usual.
    #[serde(default)]
    pub(super) longest_retention: Millis,
    pub(super) segments: BTreeMap<u32, Use>,
    /// Whether the index is still being made from the log. Then it is no index yet.
    pub(super) unfinished: bool,
    /// Removed tables of which a run may still have rows.
    pub(super) removed: BTreeMap<u64, Removed>,
}

impl Facts {
    /// Forgets times later than this one, which the records of this index do not have any more.
    pub(super) fn turn_back(&mut self, latest: Millis) {
        self.at = self.at.min(latest);
        let needed = latest + self.longest_retention.max(millis(RETENTION));
        self.segments.values_mut().for_each(|used| used.until = used.until.min(needed));
    }
}

/// The whole manifest. Runs are from old to new.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) next_run: u64,
    pub(super) rows: Vec<RunNote>,
    pub(super) records: Vec<RunNote>,
    pub(super) facts: Facts,
}

impl Manifest {
    pub(super) fn of(view: &View, next_run: u64) -> Manifest {
        let notes = |runs: &[Arc<Run>]| runs.iter().map(|run| RunNote::of(run)).collect();
        let facts = view.facts.clone();
        Manifest { next_run, rows: notes(&view.rows), records: notes(&view.records), facts }
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{MANIFEST_FILE} does not match its checksum"))
}

impl Manifest {
    pub(super) fn read(vfs: &dyn Vfs) -> io::Result<Manifest> {
        let file = vfs.open(MANIFEST_FILE, Opened::Existing)?;
        let mut bytes = vec![0; usize::try_from(file.len()?).map_err(|_| damaged())?];
        file.read_at(&mut bytes, 0)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| damaged())?;
        let (line, crc) = text.split_once('\n').ok_or_else(damaged)?;
        if crc != crc_line(line) {
            return Err(damaged());
        }
        serde_json::from_str(line).map_err(|e| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{MANIFEST_FILE} cannot be used: {e}"))
        })
    }

    /// Replaces the manifest. After an error either the old or the new one is there; both are whole, and so are the runs they name.
    pub(super) fn write(&self, vfs: &dyn Vfs) -> io::Result<()> {
        match vfs.remove(NEW_MANIFEST_FILE) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        let line = serde_json::to_string(self).expect("plain data");
        let text = format!("{line}\n{}", crc_line(&line));
        let file = vfs.open(NEW_MANIFEST_FILE, Opened::New)?;
        file.write_at(text.as_bytes(), 0)?;
        file.sync()?;
        // The names of the runs first: a manifest must not be there without them.
        vfs.sync_folder(INDEX_FOLDER)?;
        vfs.rename(NEW_MANIFEST_FILE, MANIFEST_FILE)?;
        vfs.sync_folder(INDEX_FOLDER)
    }
}

fn crc_line(line: &str) -> String {
    format!("crc32 {:08x}\n", crc32fast::hash(line.as_bytes()))
}
