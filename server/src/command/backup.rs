//! `streamtable backup`: of a database that nobody has open, or by the server that has it open.

use std::path::Path;
use std::process::ExitCode;

use streamtable::api::BackupInput;
use streamtable::door::ask;
use streamtable_remote::Remote;

use super::place::open_existing;
use super::size::Size;
use crate::arguments::Backup;

pub(crate) fn run(arguments: &Backup) -> ExitCode {
    let Backup { endpoint, directory, destination } = arguments;
    let done = match (endpoint, directory) {
        (Some(url), _) => online(url, destination),
        (None, Some(directory)) => offline(directory, destination),
        (None, None) => Err("the directory of the database is missing".to_owned()),
    };
    match done {
        Ok(bytes) => {
            println!("{} in {}", Size(bytes), destination.display());
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("streamtable: {why}");
            ExitCode::FAILURE
        }
    }
}

fn offline(directory: &Path, destination: &Path) -> Result<u64, String> {
    let database = open_existing(directory).map_err(|error| {
        let message = error.message();
        // Only a directory that is open elsewhere has a holder to be named. Whether that is a server, the person knows.
        if !message.contains("pid ") {
            return message.to_owned();
        }
        let destination = destination.display();
        format!("{message}\nIf a server has it open, that one can back it up: streamtable backup --endpoint http://HOST:PORT {destination}")
    })?;
    let done = database.backup(destination);
    let closed = database.close();
    let bytes = done.map_err(|error| error.message().to_owned())?;
    closed.map_err(|error| error.message().to_owned())?;
    Ok(bytes)
}

fn online(url: &str, destination: &Path) -> Result<u64, String> {
    let destination = destination.to_str().ok_or("DEST is not UTF-8")?;
    let input = BackupInput { directory: Some(destination.to_owned()) };
    let told = Remote::open(url).and_then(|remote| ask(&remote, input));
    let bytes = told.map_err(|error| error.message().to_owned())?.bytes;
    let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok());
    bytes.ok_or_else(|| format!("{url} tells no size: that is no streamtable server"))
}
