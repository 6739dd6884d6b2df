//! `streamtable repair`.

use std::process::ExitCode;

use super::progress::Shown;
use crate::arguments::Repair;

pub(crate) fn run(arguments: &Repair) -> ExitCode {
    let mut shown = Shown::default();
    let repaired = streamtable::repair(&arguments.directory, &mut |progress| shown.update(&progress));
    shown.end();
    match repaired {
        Ok(()) => {
            println!("the index of {} is new", arguments.directory.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("streamtable: {}", error.message());
            ExitCode::FAILURE
        }
    }
}
