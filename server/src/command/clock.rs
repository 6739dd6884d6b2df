//! `streamtable clock`.

use std::process::ExitCode;

use streamtable::Error;

use crate::arguments::{Clock, Moment};

pub(crate) fn run(arguments: &Clock) -> ExitCode {
    match told(arguments) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("streamtable: {}", error.message());
            ExitCode::FAILURE
        }
    }
}

fn told(arguments: &Clock) -> Result<String, Error> {
    let Clock { directory, set } = arguments;
    let to = match set {
        None => return Ok(streamtable::read_clock(directory)?.to_string()),
        Some(Moment::Now) => None,
        Some(Moment::At(at)) => Some(*at),
    };
    let (before, now) = streamtable::set_clock(directory, to)?;
    Ok(format!("{before} before, {now} now"))
}
