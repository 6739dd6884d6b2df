//! How far a command has come, for whoever waits for it.

use std::io::{self, IsTerminal, Write};

use streamtable::Progress;

/// Progress on standard error: a line that changes for a person, a line per stage for a file.
#[derive(Debug, Default)]
pub(super) struct Shown {
    stage: Option<&'static str>,
    percent: u64,
}

impl Shown {
    pub(super) fn update(&mut self, progress: &Progress) {
        let percent = (progress.done.min(progress.total) * 100).checked_div(progress.total).unwrap_or(100);
        let is_new = self.stage != Some(progress.stage);
        if !is_new && percent == self.percent {
            return;
        }
        // Progress that nobody can be told of does not stop the work.
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

    pub(super) fn end(&mut self) {
        if self.stage.is_some() && io::stderr().is_terminal() {
            eprintln!();
        }
    }
}
