//! `streamtable compact`.

use std::process::ExitCode;

use streamtable::Error;

use super::place::open_existing;
use super::size::Size;
use crate::arguments::Compact;

pub(crate) fn run(arguments: &Compact) -> ExitCode {
    match compact(arguments) {
        Ok((before, after)) => {
            println!("{} before, {} now", Size(before), Size(after));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("streamtable: {}", error.message());
            ExitCode::FAILURE
        }
    }
}

fn compact(arguments: &Compact) -> Result<(u64, u64), Error> {
    let database = open_existing(&arguments.directory)?;
    let done = database.compact();
    let closed = database.close();
    let done = done?;
    closed?;
    let size = |bytes: Option<i64>| {
        bytes.and_then(|bytes| u64::try_from(bytes).ok()).expect("Compact answers sizes")
    };
    Ok((size(done.bytes_before), size(done.bytes_after)))
}
