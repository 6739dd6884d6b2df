//! Backups of tables: rows of their own, and what the table was.
//!
//! ```text
//! backup/<table id>   its place in names, its name and kind, counts, and the table's own entry of the catalog as it was
//! copy/<table id>     rows on their way into a backup or into a table that is restored: whose they are, and how far they came
//! ```
//! A backup is a table without a name. That its rows are all there is said by there being no copy into it.

use std::sync::Arc;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use super::{Changes, Cut, Definition, Export, Schema, State, Table, hexadecimal};
use crate::api::shape::Named;
use crate::api::{BackupType, Result, StreamViewType};
use crate::clock::{Millis, millis};
use crate::limits::SYSTEM_BACKUP_LIFETIME;
use crate::store::{MetaChange, TableId, read_meta, unsound};

/// A backup.
#[derive(Debug)]
pub(crate) struct Backup {
    /// Of its rows.
    pub(crate) rows: TableId,
    /// The last part of its ARN: the milliseconds of its creation, and what tells apart those of one.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: BackupType,
    pub(crate) created_at: Millis,
    pub(crate) items: i64,
    pub(crate) bytes: i64,
    /// What the table's stream showed, if it had one.
    pub(crate) view: Option<StreamViewType>,
    /// The number of the table, and what it was.
    source: TableId,
    pub(crate) table: Definition,
    /// Its entry, which that is read from.
    definition: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredBackup {
    id: String,
    name: String,
    kind: Named<BackupType>,
    created_at: Millis,
    items: i64,
    bytes: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<Named<StreamViewType>>,
    table: u64,
    definition: String,
}

/// What a new backup is called, and when it is made.
#[derive(Debug)]
pub(crate) struct Label {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: BackupType,
    pub(crate) created_at: Millis,
}

impl Backup {
    /// Of a table in a state, with rows that come from it. The caller holds the locks of all partitions, so that what the table counts is
    /// exact.
    pub(crate) fn of(table: &Table, state: &State, rows: TableId, label: Label) -> Backup {
        let definition = table.entry(state, None).text.expect("an entry is kept");
        let Label { id, name, kind, created_at } = label;
        Backup {
            rows,
            id,
            name,
            kind,
            created_at,
            items: table.item_count(),
            bytes: table.size_bytes(),
            view: state.stream.as_ref().map(|stream| stream.view()),
            source: table.id,
            table: Definition::of(table, state),
            definition,
        }
    }

    /// When it goes by itself: only the service's own do.
    pub(crate) fn expires_at(&self) -> Option<Millis> {
        (self.kind == BackupType::System).then(|| self.created_at + millis(SYSTEM_BACKUP_LIFETIME))
    }

    fn meta_name(&self) -> String {
        format!("backup/{}", self.rows.0)
    }

    /// The catalog's entry.
    pub(crate) fn entry(&self) -> MetaChange {
        let stored = StoredBackup {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: Named(self.kind),
            created_at: self.created_at,
            items: self.items,
            bytes: self.bytes,
            view: self.view.map(Named),
            table: self.source.0,
            definition: self.definition.clone(),
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
    /// `CorruptionException` for a text of another form, here as below.
    pub(crate) fn restore(name: &str, text: &str, rows: TableId) -> Result<Backup> {
        let stored: StoredBackup = read_meta(name, text)?;
        let source = TableId(stored.table);
        let table = Definition::read(name, &stored.definition, source)?;
        Ok(Backup {
            rows,
            id: stored.id,
            name: stored.name,
            kind: stored.kind.0,
            created_at: stored.created_at,
            items: stored.items,
            bytes: stored.bytes,
            view: stored.view.map(|view| view.0),
            source,
            table,
            definition: stored.definition,
        })
    }
}

/// What rows are copied into.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Backup(Arc<Backup>),
    Table(Arc<Table>),
    Export(Arc<Export>),
}

impl Target {
    /// The key of the rows.
    pub(crate) fn schema(&self) -> &Schema {
        match self {
            Target::Backup(backup) => &backup.table.schema,
            Target::Table(table) => &table.schema,
            Target::Export(export) => &export.schema,
        }
    }

    /// Of the rows.
    pub(crate) fn rows(&self) -> TableId {
        match self {
            Target::Backup(backup) => backup.rows,
            Target::Table(table) => table.id,
            Target::Export(export) => export.rows,
        }
    }

    /// Where the only rows are named that are wanted; none where all are.
    pub(crate) fn changes(&self) -> Option<Changes> {
        match self {
            Target::Export(export) => export.changes,
            Target::Backup(_) | Target::Table(_) => None,
        }
    }
}

/// How far a copy has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Stage {
    /// Which rows have changed is being found out: in this period, from its end to this entry; empty at its end. Older periods follow.
    Changes {
        period: u64,
        #[serde(with = "hexadecimal")]
        reached: Vec<u8>,
    },
    /// Rows up to this key are there, as they were when they were read.
    Rows {
        #[serde(with = "hexadecimal")]
        reached: Vec<u8>,
    },
    /// What is younger than the cut is being undone: in this period, from its end to this entry; empty at its end. Older periods follow.
    Undo {
        period: u64,
        #[serde(with = "hexadecimal")]
        reached: Vec<u8>,
    },
}

/// Rows of a table or backup, as they are at a cut, on their way into another.
#[derive(Debug)]
pub(crate) struct RowCopy {
    pub(crate) source: TableId,
    /// None where the source stands still.
    pub(crate) cut: Option<Cut>,
    pub(crate) target: Target,
    /// When it may begin.
    pub(crate) begins_at: Millis,
    progress: RwLock<Progress>,
}

#[derive(Clone, Debug)]
struct Progress {
    stage: Stage,
    /// The periods of a source that is deleted, oldest first. It has left them, and its rows, to those who copy it.
    left: Option<Vec<u64>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredCopy {
    pub(crate) source: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<Cut>,
    begins_at: Millis,
    stage: Stage,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<Vec<u64>>,
}

impl StoredCopy {
    /// Reads an entry; what it is into is known from the rest of the catalog.
    pub(crate) fn read(name: &str, text: &str) -> Result<StoredCopy> {
        read_meta(name, text)
    }

    /// The copy, from a source that is there or has left what the copy needs.
    ///
    /// # Errors
    /// `CorruptionException` where it is not.
    pub(crate) fn copy(self, name: &str, target: Option<Target>, has_source: bool) -> Result<RowCopy> {
        if self.cut.is_some() && self.left.is_none() && !has_source {
            return Err(unsound(name, "its source is not there"));
        }
        if self.cut.is_none() && !matches!(self.stage, Stage::Rows { .. }) {
            return Err(unsound(name, "it undoes what stands still"));
        }
        let target =
            target.ok_or_else(|| unsound(name, "there is no backup, export or table of that number"))?;
        let progress = RwLock::new(Progress { stage: self.stage, left: self.left });
        Ok(RowCopy {
            source: TableId(self.source),
            cut: self.cut,
            target,
            begins_at: self.begins_at,
            progress,
        })
    }
}

impl RowCopy {
    /// A copy that is to begin.
    pub(crate) fn new(source: TableId, cut: Option<Cut>, target: Target, begins_at: Millis) -> RowCopy {
        let stage = match target.changes() {
            // The newest is before it.
            Some(_) => Stage::Changes { period: u64::MAX, reached: Vec::new() },
            None => Stage::Rows { reached: Vec::new() },
        };
        let progress = Progress { stage, left: None };
        RowCopy { source, cut, target, begins_at, progress: RwLock::new(progress) }
    }

    /// Whose rows name those that are copied.
    pub(crate) fn named_by(&self) -> TableId {
        self.target.changes().map_or(self.source, |changes| changes.rows)
    }

    /// From when on it needs the history.
    pub(crate) fn since(&self) -> Option<Cut> {
        self.target.changes().map(|changes| changes.from).or(self.cut)
    }

    pub(crate) fn stage(&self) -> Stage {
        self.progress.read().stage.clone()
    }

    /// The periods that a deleted source has left.
    pub(crate) fn left(&self) -> Option<Vec<TableId>> {
        Some(self.progress.read().left.as_ref()?.iter().copied().map(TableId).collect())
    }

    /// The catalog's entry at a stage of the caller's choice.
    pub(crate) fn entry(&self, stage: Stage) -> MetaChange {
        self.entry_with(stage, self.progress.read().left.clone())
    }

    /// The entry once the source is deleted and has left its periods.
    pub(crate) fn entry_left(&self, periods: &[TableId]) -> MetaChange {
        self.entry_with(self.stage(), Some(periods.iter().map(|period| period.0).collect()))
    }

    fn entry_with(&self, stage: Stage, left: Option<Vec<u64>>) -> MetaChange {
        let stored =
            StoredCopy { source: self.source.0, cut: self.cut, begins_at: self.begins_at, stage, left };
        MetaChange::keep(self.meta_name(), &stored)
    }

    fn meta_name(&self) -> String {
        format!("copy/{}", self.target.rows().0)
    }

    /// Removes the entry.
    pub(crate) fn removed_entry(&self) -> MetaChange {
        MetaChange::forget(self.meta_name())
    }

    /// Notes how far it came. The caller has committed that.
    pub(crate) fn reach(&self, stage: Stage) {
        self.progress.write().stage = stage;
    }

    /// Notes that the source is deleted. The caller has committed that.
    pub(crate) fn leave(&self, periods: &[TableId]) {
        self.progress.write().left = Some(periods.iter().map(|period| period.0).collect());
    }
}
