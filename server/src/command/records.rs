//! `streamtable records`: change records as JSON Lines, out of a stream and into a table.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::ExitCode;

use streamtable::records::{Applied, Applier, read_lines, write_line};

use super::source::reader;
use crate::arguments::{Apply, Export, Records};

/// Records read at once.
const PAGE: usize = 1_000;

pub(crate) fn run(arguments: &Records) -> ExitCode {
    let told = match arguments {
        Records::Export(export) => exported(export).map(|count| format!("{count} records")),
        Records::Apply(apply) => applied(apply)
            .map(|Applied { applied, skipped, .. }| format!("{applied} applied, {skipped} left out")),
    };
    match told {
        Ok(text) => {
            eprintln!("{text}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("streamtable: {why}");
            ExitCode::FAILURE
        }
    }
}

fn exported(arguments: &Export) -> Result<u64, String> {
    let Export { source, table, from, output } = arguments;
    let door = source.open_to_look().map_err(|error| error.message().to_owned())?;
    let mut reader = reader(&*door, table, *from)?;
    let failed = |e: io::Error| format!("the records cannot be written: {e}");
    let mut out: Box<dyn Write> = match output {
        Some(path) => Box::new(BufWriter::new(File::create_new(path).map_err(failed)?)),
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    let mut count = 0;
    while let Some(page) = reader.next_page(&*door, PAGE).map_err(|error| error.message().to_owned())? {
        for record in &page.records {
            write_line(&mut out, record).map_err(failed)?;
            count += 1;
        }
    }
    out.flush().map_err(failed)?;
    Ok(count)
}

fn applied(arguments: &Apply) -> Result<Applied, String> {
    let Apply { source, table, input } = arguments;
    let failed = |error: streamtable::Error| error.message().to_owned();
    let lines: Box<dyn BufRead> = match input {
        Some(path) => {
            let file = File::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
            Box::new(BufReader::new(file))
        }
        None => Box::new(io::stdin().lock()),
    };
    let door = source.open().map_err(failed)?;
    Applier::new(&*door, table.as_str())
        .and_then(|applier| applier.apply_all(read_lines(lines)))
        .map_err(failed)
}
