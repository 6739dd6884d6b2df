//! The process that writes and is killed, from both sides: what it does when it is written in Rust, and how it is watched in any language.
//!
//! It reads a plan from a file and prints lines, each in one write: `opening`; `open`; before each call `b <lane> <step>`, and after it has
//! returned `a <lane> <step> <outcome>`; `done`; `closed`. `failed <why>` says that it cannot go on.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;
use sim::calls::Result;
use sim::plan::Lane;
use streamtable::{Database, OpenOptions};

/// When a writer dies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Death {
    /// Killed as soon as it says that it will open the directory.
    Opening,
    /// Killed when it has printed this many lines of its work.
    Lines(u64),
    /// Does all it was told and ends by itself; the plan says whether it closes the database before.
    Natural,
}

/// What a writer said before it died.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) opened: bool,
    /// Whether all its lanes came to their end.
    pub(crate) done: bool,
    pub(crate) lanes: Vec<Lane>,
}

impl Heard {
    /// How many calls have returned.
    pub(crate) fn answered(&self) -> usize {
        self.lanes.iter().map(|lane| lane.answers.len()).sum()
    }

    /// Takes in a line; says whether it was one of work.
    fn note(&mut self, line: &str) -> Result<bool> {
        let lines_end = || format!("the writer printed `{line}`");
        let words: Vec<&str> = line.split(' ').collect();
        let number = |text: &str| text.parse::<usize>().map_err(|_| lines_end());
        match words[..] {
            ["open"] => self.opened = true,
            ["done"] => self.done = true,
            ["opening" | "closed"] => {}
            ["b", lane, step] => {
                let lane = self.lanes.get_mut(number(lane)?).ok_or_else(lines_end)?;
                if number(step)? != lane.begun || lane.begun != lane.answers.len() {
                    return Err(lines_end());
                }
                lane.begun += 1;
                return Ok(true);
            }
            ["a", lane, step, outcome] => {
                let lane = self.lanes.get_mut(number(lane)?).ok_or_else(lines_end)?;
                if number(step)? != lane.answers.len() || lane.begun != lane.answers.len() + 1 {
                    return Err(lines_end());
                }
                lane.answers.push(outcome.to_owned());
                return Ok(true);
            }
            _ => return Err(lines_end()),
        }
        Ok(false)
    }
}

/// Starts a writer, listens to it, and kills it at its time. What it had printed by then counts, whether or not it was read before.
///
/// # Errors
/// It cannot be started, says what no writer says, or ends in another way than it should.
pub(crate) fn watch(command: &mut Command, lanes: usize, death: Death) -> Result<Heard> {
    let name = command.get_program().display().to_string();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{name} cannot be started: {e}"))?;
    let mut stdout = BufReader::new(child.stdout.take().expect("piped above"));
    let mut heard = Heard { opened: false, done: false, lanes: vec![Lane::default(); lanes] };
    let (mut line, mut lines, mut killed) = (String::new(), 0, false);
    let listened = loop {
        line.clear();
        match stdout.read_line(&mut line) {
            Ok(0) => break Ok(()),
            Ok(_) => {}
            Err(e) => break Err(format!("{name}: {e}")),
        }
        // A line that was cut off by the end was never said.
        let Some(said) = line.strip_suffix('\n') else { break Ok(()) };
        match heard.note(said) {
            Ok(is_work) => lines += u64::from(is_work),
            Err(why) => break Err(why),
        }
        let is_time = match death {
            Death::Opening => true,
            Death::Lines(limit) => heard.opened && lines >= limit,
            Death::Natural => false,
        };
        if is_time && !killed {
            child.kill().map_err(|e| format!("{name} cannot be killed: {e}"))?;
            killed = true;
        }
    };
    if listened.is_err() && !killed {
        // It may be waiting for someone to read; an error here means that it has ended already.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|e| format!("{name} was lost: {e}"))?;
    listened?;
    if !killed && !heard.done {
        return Err(format!("{name} ended with {status}"));
    }
    Ok(heard)
}

#[derive(Debug, Deserialize)]
struct Orders {
    directory: String,
    options: Value,
    closes: bool,
    lanes: Vec<Vec<(String, Value)>>,
}

/// The writer in Rust.
///
/// # Errors
/// Nobody reads what it prints, or the plan cannot be read.
pub(crate) fn write(plan: &Path) -> Result<()> {
    let text = std::fs::read(plan).map_err(|e| format!("{}: {e}", plan.display()))?;
    let orders: Orders = serde_json::from_slice(&text).map_err(|e| format!("{}: {e}", plan.display()))?;
    say("opening")?;
    let db = OpenOptions::from_json(orders.options.to_string().as_bytes())
        .and_then(|options| Database::open(Path::new(&orders.directory), options));
    let db = match db {
        Ok(db) => db,
        Err(error) => {
            say(&format!("failed {error}"))?;
            return Err(format!("the directory cannot be opened: {error}"));
        }
    };
    say("open")?;
    std::thread::scope(|scope| {
        let play = |lane: usize| play(&db, lane, &orders.lanes[lane]);
        let lanes: Vec<_> = (0..orders.lanes.len()).map(|lane| scope.spawn(move || play(lane))).collect();
        lanes.into_iter().try_for_each(|lane| lane.join().map_err(|_| "a lane panicked".to_owned())?)
    })?;
    say("done")?;
    if orders.closes {
        db.close().map_err(|error| format!("it cannot be closed: {error}"))?;
        say("closed")?;
    }
    // Ends as most programs do, without a word to the database.
    std::process::exit(0)
}

fn play(db: &Database, lane: usize, steps: &[(String, Value)]) -> Result<()> {
    for (n, (operation, input)) in steps.iter().enumerate() {
        let body = input.to_string();
        say(&format!("b {lane} {n}"))?;
        let outcome = match db.call_json(operation, body.as_bytes()) {
            Ok(_) => "ok",
            Err(error) => error.code().name(),
        };
        say(&format!("a {lane} {n} {outcome}"))?;
    }
    Ok(())
}

/// One line, in one write, so that those of several lanes do not mix.
fn say(line: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    let text = format!("{line}\n");
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|e| format!("nobody listens: {e}"))
}

#[cfg(test)]
mod tests {
    use sim::plan::Lane;

    use super::Heard;

    #[test]
    fn lines_out_of_order_are_refused() {
        let mut heard = Heard { opened: false, done: false, lanes: vec![Lane::default(); 2] };
        for line in ["opening", "open", "b 0 0", "b 1 0", "a 0 0 ok", "b 0 1"] {
            heard.note(line).expect(line);
        }
        assert!(heard.opened);
        assert_eq!((heard.lanes[0].begun, heard.lanes[0].answers.len(), heard.answered()), (2, 1, 1));
        for line in ["b 0 1", "a 1 1 ok", "a 2 0 ok", "b 1 1", "failed to open", "", "a 1 x ok"] {
            assert!(heard.clone().note(line).is_err(), "{line}");
        }
    }
}
