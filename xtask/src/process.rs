//! Starting other programs: their output is shown as it comes and kept, so that results can be counted.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::Result;

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Whether its status was 0.
    pub(crate) success: bool,
    /// Its status in words, such as `exit status: 1`.
    pub(crate) status: String,
    /// Both of its output streams, line by line in order of arrival.
    pub(crate) output: String,
}

/// How much a person gets to see while a program runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Show {
    /// Everything.
    All,
    /// Nothing, unless it fails.
    OnFailure,
}

/// Runs a program without standard input to its end.
///
/// # Errors
/// The program cannot be started. A program that runs and fails is an `Ok` whose `success` is false.
pub(crate) fn run(command: &mut Command, show: Show) -> Result<Finished> {
    let name = display(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("`{name}` cannot be started: {e}"))?;
    let stdout = child.stdout.take().expect("piped above");
    let stderr = child.stderr.take().expect("piped above");
    let output = Mutex::new(String::new());
    thread::scope(|scope| {
        scope.spawn(|| forward(stdout, &output, show));
        scope.spawn(|| forward(stderr, &output, show));
    });
    let status = child.wait().map_err(|e| format!("`{name}` was lost: {e}"))?;
    let finished = Finished {
        success: status.success(),
        status: status.to_string(),
        output: output.into_inner().unwrap_or_else(PoisonError::into_inner),
    };
    if show == Show::OnFailure && !finished.success {
        say(&finished.output);
    }
    Ok(finished)
}

/// Runs a program that must succeed.
///
/// # Errors
/// It cannot be started or does not end with status 0.
pub(crate) fn succeed(command: &mut Command, show: Show) -> Result<String> {
    let finished = run(command, show)?;
    if finished.success {
        Ok(finished.output)
    } else {
        Err(format!("`{}` ended with {}", display(command), finished.status))
    }
}

/// The first line a program answers with, or nothing if it is not there or fails: for looking what is installed.
pub(crate) fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let answer = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    (answer.status.success() && !text.is_empty()).then_some(text)
}

/// The command as one would type it.
pub(crate) fn display(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn forward(stream: impl Read, output: &Mutex<String>, show: Show) {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    // A stream that breaks ends like one that is closed: the child's status says what happened.
    while matches!(reader.read_until(b'\n', &mut line), Ok(n) if n > 0) {
        let text = String::from_utf8_lossy(&line);
        if show == Show::All {
            say(&text);
        }
        output.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
        line.clear();
    }
}

/// Writes to standard output; a reader that has gone away is not our failure.
fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes());
    let _ = stdout.flush();
}
