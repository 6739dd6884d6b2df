//! Opening a database that is there, for a command that works on it and goes.

use std::path::Path;

use streamtable::{ClockMode, Database, Error, ErrorCode, OpenOptions};

/// What every directory of a database holds; it is written last when one is made.
const FORMAT_FILE: &str = "format";

/// Opens the database in a directory. Unlike a server, a command makes none: a typing error would leave an empty one behind.
///
/// # Errors
/// `OpenException`, among others when the database is open elsewhere.
pub(crate) fn open_existing(directory: &Path) -> Result<Database, Error> {
    open_as(directory, OpenOptions::default())
}

/// As [`open_existing`], with a directory of buckets.
pub(crate) fn open_with_buckets(directory: &Path, buckets: &Path) -> Result<Database, Error> {
    let wrong = || Error::new(ErrorCode::Open, format!("{} is not UTF-8", buckets.display()));
    let buckets = buckets.to_str().ok_or_else(wrong)?.to_owned();
    open_as(directory, OpenOptions::default().buckets(buckets))
}

fn open_as(directory: &Path, options: OpenOptions) -> Result<Database, Error> {
    if !directory.join(FORMAT_FILE).exists() {
        return Err(Error::new(ErrorCode::Open, format!("There is no database in {}", directory.display())));
    }
    // With a manual clock the database's time stays where it is: nothing falls due because a command was run.
    Database::open(directory, options.clock(ClockMode::Manual))
}
