//! `streamtable restore`.

use std::process::ExitCode;

use super::size::Size;
use crate::arguments::Restore;

pub(crate) fn run(arguments: &Restore) -> ExitCode {
    match streamtable::restore(&arguments.backup, &arguments.directory) {
        Ok(bytes) => {
            println!("{} is a database again: {}", arguments.directory.display(), Size(bytes));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("streamtable: {}", error.message());
            ExitCode::FAILURE
        }
    }
}
