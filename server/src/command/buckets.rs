//! Where an export goes or an import comes from: a folder beside a database in a directory, or one that a server knows.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use streamtable::api::MaintainInput;
use streamtable::door::{Door, ask};
use streamtable_remote::Remote;

use super::place::open_with_buckets;
use crate::arguments::Source;

/// Between two looks at how far a server has come.
const PAUSE: Duration = Duration::from_millis(200);

/// The database, and the bucket's name there.
///
/// # Errors
/// What to tell a person.
pub(super) fn open(source: &Source, bucket: &Path) -> Result<(Arc<dyn Door>, String), String> {
    let name = bucket.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| format!("{} has no name that a bucket can have", bucket.display()))?;
    let door: Arc<dyn Door> = match source {
        Source::Server(url) => Arc::new(Remote::open(url).map_err(|error| error.message().to_owned())?),
        Source::Directory(directory) => {
            let parent = match bucket.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
                _ => PathBuf::from("."),
            };
            Arc::new(open_with_buckets(directory, &parent).map_err(|error| error.message().to_owned())?)
        }
    };
    Ok((door, name.to_owned()))
}

/// Lets a database go on with its work until there is an answer.
///
/// # Errors
/// What to tell a person.
pub(super) fn finish<T>(
    door: &dyn Door,
    mut look: impl FnMut() -> Result<Option<T>, String>,
) -> Result<T, String> {
    loop {
        ask(door, MaintainInput {}).map_err(|error| error.message().to_owned())?;
        if let Some(done) = look()? {
            return Ok(done);
        }
        // Only a server may have to wait, for the time that it was told its tables take.
        thread::sleep(PAUSE);
    }
}
