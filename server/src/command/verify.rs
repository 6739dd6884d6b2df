//! `streamtable verify`.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use streamtable::{Progress, Report};

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

/// Progress on standard error: a line that changes for a person, a line per stage for a file.
#[derive(Debug, Default)]
struct Shown {
    stage: Option<&'static str>,
    percent: u64,
}

impl Shown {
    fn update(&mut self, progress: &Progress) {
        let percent = (progress.done.min(progress.total) * 100).checked_div(progress.total).unwrap_or(100);
        let is_new = self.stage != Some(progress.stage);
        if !is_new && percent == self.percent {
            return;
        }
        // Progress that nobody can be told of does not stop the check.
        let mut err = io::stderr().lock();
        let written = if err.is_terminal() {
            write!(err, "\r\x1b[K{}: {percent} %", progress.stage)
        } else if is_new {
            writeln!(err, "{}", progress.stage)
        } else {
            Ok(())
        };
        written.and_then(|()| err.flush()).ok();
        (self.stage, self.percent) = (Some(progress.stage), percent);
    }

    fn end(&mut self) {
        if self.stage.is_some() && io::stderr().is_terminal() {
            eprintln!();
        }
    }
}
