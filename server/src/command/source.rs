//! Where a table is: in a directory that nobody has open, or elsewhere.

use std::sync::Arc;

use streamtable::api::DescribeTableInput;
use streamtable::door::{Door, ask};
use streamtable::{Database, OpenOptions, ReadOptions, Reader, Result};
use streamtable_remote::Remote;

use crate::arguments::{From, Source};

impl Source {
    /// A door that may be written through.
    pub(super) fn open(&self) -> Result<Arc<dyn Door>> {
        Ok(match self {
            Source::Server(url) => Arc::new(Remote::open(url)?),
            Source::Directory(directory) => Arc::new(Database::open(directory, OpenOptions::default())?),
        })
    }

    /// A door to look through: nothing in a directory is changed.
    pub(super) fn open_to_look(&self) -> Result<Arc<dyn Door>> {
        Ok(match self {
            Source::Server(url) => Arc::new(Remote::open(url)?),
            Source::Directory(directory) => Arc::new(Database::open_to_look(directory)?),
        })
    }

    /// Whether others may write while it is looked at.
    pub(super) fn is_live(&self) -> bool {
        matches!(self, Source::Server(_))
    }
}

/// A reader of the newest stream of a table.
///
/// # Errors
/// What to tell a person.
pub(super) fn reader(door: &dyn Door, table: &str, from: From) -> Result<Reader, String> {
    let told = ask(door, DescribeTableInput { table_name: Some(table.to_owned()) });
    let table_told = told.map_err(|error| error.message().to_owned())?.table;
    let arn = table_told.and_then(|table| table.latest_stream_arn);
    let arn = arn.ok_or_else(|| format!("{table} has no stream"))?;
    let options = match from {
        From::TrimHorizon => ReadOptions::default(),
        From::Latest => ReadOptions::latest(),
        From::At(at) => ReadOptions::since(at),
    };
    Reader::open(door, &arn, options).map_err(|error| error.message().to_owned())
}
