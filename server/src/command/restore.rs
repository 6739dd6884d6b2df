//! `streamtable restore`.

use std::process::ExitCode;

use crate::arguments::Restore;

pub(crate) fn run(arguments: &Restore) -> ExitCode {
    match streamtable::restore(&arguments.backup, &arguments.directory) {
        Ok(()) => {
            println!("{} is a database again", arguments.directory.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("streamtable: {}", error.message());
            ExitCode::FAILURE
        }
    }
}
