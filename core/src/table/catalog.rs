//! The catalog: every table by name, every stream by table name and label.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use parking_lot::RwLock;

use super::{Backup, Export, Import, Jobs, RowCopy, Table};
use crate::api::message::table as text;
use crate::api::{Error, ErrorCode, Result};
use crate::clock::{Millis, label};
use crate::locks::{Ordered, Rank};
use crate::store::TableId;
use crate::stream::{Place, Stream, StreamArn};

/// A stream's place in the catalog: its table's name and its label.
type StreamKey = (String, String);

/// A backup's place: the last part of its ARN, its table's name. So they are in the order in which they were made.
pub(crate) type BackupKey = (String, String);

/// What exists.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) place: Place,
    /// Held while a name is given to a table or taken from a table that is gone.
    pub(crate) naming: Ordered<()>,
    tables: RwLock<BTreeMap<String, Arc<Table>>>,
    streams: RwLock<BTreeMap<StreamKey, Arc<Stream>>>,
    backups: RwLock<BTreeMap<BackupKey, Arc<Backup>>>,
    /// By the rows that they are into.
    copies: RwLock<BTreeMap<TableId, Arc<RowCopy>>>,
    pub(crate) exports: Jobs<Export>,
    pub(crate) imports: Jobs<Import>,
}

impl Catalog {
    pub(crate) fn new(place: Place) -> Catalog {
        let naming = Ordered::new(Rank::Naming, ());
        Catalog {
            place,
            naming,
            tables: RwLock::default(),
            streams: RwLock::default(),
            backups: RwLock::default(),
            copies: RwLock::default(),
            exports: Jobs::default(),
            imports: Jobs::default(),
        }
    }

    /// The table that a request names, by name or ARN.
    pub(crate) fn find(&self, given: &str, now: Millis) -> Option<Arc<Table>> {
        let name = self.place.table_name(given)?;
        self.tables.read().get(name).filter(|table| !table.is_gone(now)).cloned()
    }

    /// The table of a data operation.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, also for a table that is being created or deleted (facts B13).
    pub(crate) fn for_data(&self, given: &str, now: Millis) -> Result<Arc<Table>> {
        // One look at the state: a table that is gone is not usable either.
        let name = self.place.table_name(given);
        let table = name.and_then(|name| self.tables.read().get(name).cloned());
        table
            .filter(|table| table.is_usable(now))
            .ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, text::resource_not_found()))
    }

    /// The table of a control operation.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(crate) fn for_control(&self, given: &str, now: Millis) -> Result<Arc<Table>> {
        let found = self.find(given, now).filter(|table| !table.is_restoring());
        self.or_not_found(found, given)
    }

    /// As [`Catalog::for_control`], also for a table that is being restored (facts B17).
    pub(crate) fn for_table_control(&self, given: &str, now: Millis) -> Result<Arc<Table>> {
        self.or_not_found(self.find(given, now), given)
    }

    fn or_not_found(&self, found: Option<Arc<Table>>, given: &str) -> Result<Arc<Table>> {
        let shown = self.place.table_name(given).unwrap_or(given);
        found.ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, text::table_not_found(shown)))
    }

    /// The table that has a name, also when it is gone and only its name is left.
    pub(crate) fn holder(&self, name: &str) -> Option<Arc<Table>> {
        self.tables.read().get(name).cloned()
    }

    /// Adds a table, in place of one of the same name that is gone.
    pub(crate) fn add(&self, table: Arc<Table>) {
        self.tables.write().insert(table.name.clone(), table);
    }

    /// Takes the name from a table that is gone, if it still has it.
    pub(crate) fn remove(&self, table: &Table) {
        let mut tables = self.tables.write();
        if tables.get(&table.name).is_some_and(|holder| holder.id == table.id) {
            tables.remove(&table.name);
        }
    }

    pub(crate) fn tables(&self) -> Vec<Arc<Table>> {
        self.tables.read().values().cloned().collect()
    }

    /// At most `most` names after `after`, in byte order, and whether there are more.
    pub(crate) fn names_after(&self, after: Option<&str>, most: usize, now: Millis) -> (Vec<String>, bool) {
        let tables = self.tables.read();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut names = tables
            .range::<str, _>((from, Bound::Unbounded))
            .filter(|(_, table)| !table.is_gone(now))
            .map(|(name, _)| name.clone());
        let page: Vec<String> = names.by_ref().take(most).collect();
        let more = names.next().is_some();
        (page, more)
    }

    /// A label for a stream turned on now: later than any other of the table's name, because labels are what tells them apart
    /// (facts A2.3).
    pub(crate) fn next_label(&self, table: &str, now: Millis) -> (String, Millis) {
        let streams = self.streams.read();
        let newest = streams
            .range((table.to_owned(), String::new())..)
            .take_while(|((name, _), _)| name == table)
            .map(|(_, stream)| stream.created_at)
            .max();
        let at = newest.map_or(now, |newest| now.max(newest + 1));
        (label(at), at)
    }

    pub(crate) fn add_stream(&self, stream: Arc<Stream>) {
        self.streams.write().insert((stream.table.clone(), stream.label.clone()), stream);
    }

    /// The stream of an ARN.
    ///
    /// # Errors
    /// `ValidationException` for text that is no ARN; `ResourceNotFoundException` for one that names no stream.
    pub(crate) fn stream(&self, arn: &str, now: Millis) -> Result<Arc<Stream>> {
        let parsed = StreamArn::parse(arn)?;
        let key = (parsed.table.to_owned(), parsed.label.to_owned());
        let found = self.streams.read().get(&key).filter(|stream| !stream.is_forgotten(now)).cloned();
        found
            .filter(|_| parsed.is_at(&self.place))
            .ok_or_else(|| Error::new(ErrorCode::ResourceNotFound, text::stream_not_found(arn)))
    }

    /// Every stream, forgotten ones included, for clean-up.
    pub(crate) fn all_streams(&self) -> Vec<Arc<Stream>> {
        self.streams.read().values().cloned().collect()
    }

    pub(crate) fn remove_stream(&self, stream: &Stream) {
        self.streams.write().remove(&(stream.table.clone(), stream.label.clone()));
    }

    /// At most `most` streams after a place, of one table or of all, in order of name and label.
    pub(crate) fn streams_after(
        &self,
        table: Option<&str>,
        after: Option<(&str, &str)>,
        most: usize,
        now: Millis,
    ) -> Vec<Arc<Stream>> {
        let streams = self.streams.read();
        let first = table.map(|name| (name.to_owned(), String::new()));
        let after = after.map(|(name, label)| (name.to_owned(), label.to_owned()));
        let from = match (first, after) {
            (Some(first), after) if after.as_ref().is_none_or(|after| *after < first) => {
                Bound::Included(first)
            }
            (_, Some(after)) => Bound::Excluded(after),
            (_, None) => Bound::Unbounded,
        };
        streams
            .range((from, Bound::Unbounded))
            .map(|(_, stream)| stream)
            .take_while(|stream| table.is_none_or(|name| stream.table == name))
            .filter(|stream| !stream.is_forgotten(now))
            .take(most)
            .cloned()
            .collect()
    }

    pub(crate) fn add_backup(&self, backup: Arc<Backup>) {
        self.backups.write().insert(key_of(&backup), backup);
    }

    pub(crate) fn remove_backup(&self, backup: &Backup) {
        self.backups.write().remove(&key_of(backup));
    }

    /// The backup of a table with the last part of an ARN.
    pub(crate) fn backup(&self, table: &str, id: &str) -> Option<Arc<Backup>> {
        self.backups.read().get(&(id.to_owned(), table.to_owned())).cloned()
    }

    /// Every backup, in the order in which they were made.
    pub(crate) fn backups(&self) -> Vec<Arc<Backup>> {
        self.backups.read().values().cloned().collect()
    }

    /// The first `most` backups after a place that a test holds for, and whether there are more.
    pub(crate) fn backups_after(
        &self,
        after: Option<&BackupKey>,
        most: usize,
        holds: impl Fn(&Backup) -> bool,
    ) -> (Vec<Arc<Backup>>, bool) {
        let backups = self.backups.read();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut found = backups.range((from, Bound::Unbounded)).map(|(_, backup)| backup);
        let mut found = found.by_ref().filter(|backup| holds(backup));
        let page = found.by_ref().take(most).cloned().collect();
        (page, found.next().is_some())
    }

    pub(crate) fn add_copy(&self, copy: Arc<RowCopy>) {
        self.copies.write().insert(copy.target.rows(), copy);
    }

    pub(crate) fn remove_copy(&self, copy: &RowCopy) {
        self.copies.write().remove(&copy.target.rows());
    }

    pub(crate) fn copies(&self) -> Vec<Arc<RowCopy>> {
        self.copies.read().values().cloned().collect()
    }

    /// The copies out of the rows of a table or backup.
    pub(crate) fn copies_from(&self, source: TableId) -> Vec<Arc<RowCopy>> {
        self.copies.read().values().filter(|copy| copy.source == source).cloned().collect()
    }

    /// Whether rows are still coming in.
    pub(crate) fn is_being_copied(&self, target: TableId) -> bool {
        self.copies.read().contains_key(&target)
    }

    /// The table of a number.
    pub(crate) fn table_of(&self, id: TableId) -> Option<Arc<Table>> {
        self.tables.read().values().find(|table| table.id == id).cloned()
    }
}

fn key_of(backup: &Backup) -> BackupKey {
    (backup.id.clone(), backup.table.name.clone())
}
