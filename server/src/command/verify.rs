//! `streamtable verify`.

use std::io::{self, Write};
use std::process::ExitCode;

use streamtable::Report;

use super::progress::Shown;
use super::size::Size;
use crate::arguments::Verify;

/// The database could not be checked, which is neither good news nor bad.
const CANNOT_RUN: u8 = 2;

pub(crate) fn run(arguments: &Verify) -> ExitCode {
    let mut shown = Shown::default();
    let checked = streamtable::verify(&arguments.directory, &mut |progress| shown.update(&progress));
    shown.end();
    let told = checked.map_err(|error| error.message().to_owned()).and_then(|report| {
        tell(&report).map_err(|e| format!("cannot write to standard output: {e}"))?;
        Ok(report.findings.is_empty())
    });
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("streamtable: {why}");
            ExitCode::from(CANNOT_RUN)
        }
    }
}

fn tell(report: &Report) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for finding in &report.findings {
        writeln!(out, "{finding}")?;
    }
    let Report { findings, rows, records, tables, streams, bytes, .. } = report;
    let verdict = match findings.len() {
        0 => "all is well".to_owned(),
        1 => "1 finding".to_owned(),
        n => format!("{n} findings"),
    };
    let size = Size(*bytes);
    writeln!(out, "{verdict}: {tables} tables, {rows} items, {streams} streams, {records} records, {size}")?;
    out.flush()
}
