//! A target as a child process that speaks the line protocol of FORMAT.md: one request per line, one answer per line.

use crate::json;
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The protocol version this runner speaks.
pub const PROTOCOL: u64 = 1;

/// How much of a driver's stderr a report shows.
const STDERR_LINES: usize = 20;
const STDERR_PATIENCE: Duration = Duration::from_secs(2);

/// How a driver is started, and how long one answer may take before the driver counts as hung. The bound is there so
/// that a hang becomes a failed case; no case depends on its length.
#[derive(Clone, Debug)]
pub struct Launch {
    pub command: Vec<String>,
    pub patience: Duration,
}

/// What the driver said of itself in its first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    pub target: String,
    pub doors: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Ok(Value),
    /// `code`, `message` and what else the error carries.
    Error(Map<String, Value>),
}

/// The driver broke the protocol, died or hung. The process is gone; its last words are kept.
#[derive(Clone, Debug)]
pub struct Fault {
    pub what: String,
    pub stderr: Vec<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.stderr.iter().try_for_each(|line| write!(f, "\nstderr: {line}"))
    }
}

#[derive(Debug)]
pub struct Driver {
    child: Child,
    ready: Ready,
    patience: Duration,
    requests: Option<Sender<String>>,
    answers: Receiver<String>,
    stderr: Arc<Mutex<VecDeque<String>>>,
    /// Disconnected once stderr has been read to its end.
    stderr_end: Receiver<()>,
}

impl Driver {
    /// Starts the process and reads its `ready` line.
    pub fn start(launch: &Launch) -> Result<Driver, Fault> {
        let fault = |what: String| Fault { what, stderr: Vec::new() };
        let (program, arguments) =
            launch.command.split_first().ok_or_else(|| fault("no driver command".into()))?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| fault(format!("cannot start the driver `{}`: {e}", launch.command.join(" "))))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(errors)) = pipes else {
            return Err(fault("the driver has no pipes".into()));
        };
        let stderr = Arc::default();
        let stderr_end = keep_tail(errors, Arc::clone(&stderr));
        let mut driver = Driver {
            child,
            ready: Ready { target: String::new(), doors: Vec::new() },
            patience: launch.patience,
            requests: Some(write_lines(stdin)),
            answers: read_lines(stdout),
            stderr,
            stderr_end,
        };
        let line = driver.receive()?;
        driver.ready = parse_ready(&line).map_err(|what| driver.fault(what))?;
        Ok(driver)
    }

    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Sends one request line (verb first, JSON after) and waits for its answer.
    pub fn ask(&mut self, request: String) -> Result<Answer, Fault> {
        // A failed send means the writer ended because the process did; the answer side then says how it ended.
        if let Some(requests) = &self.requests {
            requests.send(request).ok();
        }
        let line = self.receive()?;
        parse_answer(&line).map_err(|what| self.fault(what))
    }

    fn receive(&mut self) -> Result<String, Fault> {
        match self.answers.recv_timeout(self.patience) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => {
                Err(self
                    .fault(format!("the driver hangs: no answer within {} s", self.patience.as_secs_f64())))
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = self.wait_for_status();
                Err(self.fault(format!("the driver died ({status}) instead of answering")))
            }
        }
    }

    /// Ends the process and gathers what it wrote to stderr.
    fn fault(&mut self, what: String) -> Fault {
        self.end();
        // The process is gone, so its stderr ends; unless a process it started holds the pipe, hence the bound.
        self.stderr_end.recv_timeout(STDERR_PATIENCE).ok();
        let tail = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        Fault { what, stderr: tail.iter().cloned().collect() }
    }

    /// How the process ended, after it closed its stdout. One that closes stdout and lives on is not waited for forever.
    fn wait_for_status(&mut self) -> String {
        self.requests = None;
        let started = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return status.to_string(),
                Ok(None) if started.elapsed() < self.patience => thread::sleep(Duration::from_millis(5)),
                Ok(None) => return "still running, stdout closed".to_owned(),
                Err(e) => return e.to_string(),
            }
        }
    }

    fn end(&mut self) {
        self.requests = None;
        // Both fail only if the process has ended already, which is what is wanted.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Driver {
    /// Closing stdin is how a driver is told to end; one that does not is killed.
    fn drop(&mut self) {
        self.requests = None;
        if self.answers.recv_timeout(self.patience) != Err(RecvTimeoutError::Disconnected) {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}

/// A thread that writes, so that a driver that stops reading makes the watchdog bark and not the runner hang.
fn write_lines(mut stdin: ChildStdin) -> Sender<String> {
    let (sender, receiver) = channel::<String>();
    thread::spawn(move || {
        for mut line in receiver {
            line.push('\n');
            if stdin.write_all(line.as_bytes()).and_then(|()| stdin.flush()).is_err() {
                return;
            }
        }
    });
    sender
}

fn read_lines(stdout: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            // Bytes that are no UTF-8 become an answer that cannot be parsed: a fault of the driver, not an end of it.
            let text = String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned();
            if sender.send(text).is_err() {
                return;
            }
            line.clear();
        }
    });
    receiver
}

fn keep_tail(stderr: impl Read + Send + 'static, tail: Arc<Mutex<VecDeque<String>>>) -> Receiver<()> {
    let (end, ended) = channel();
    thread::spawn(move || {
        let _end: Sender<()> = end;
        let mut reader = BufReader::new(stderr);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
            if tail.len() == STDERR_LINES {
                tail.pop_front();
            }
            tail.push_back(String::from_utf8_lossy(&line).trim_end().to_owned());
            line.clear();
        }
    });
    ended
}

fn parse_ready(line: &str) -> Result<Ready, String> {
    let wrong = || {
        format!(
            "the first line must be `ready {{\"target\":\"…\",\"protocol\":{PROTOCOL}}}`, not `{}`",
            clip(line)
        )
    };
    let members = line.strip_prefix("ready ").and_then(|text| json::parse(text).ok()).ok_or_else(wrong)?;
    let target = members.get("target").and_then(Value::as_str).ok_or_else(wrong)?;
    let protocol = members.get("protocol").and_then(Value::as_u64).ok_or_else(wrong)?;
    if protocol != PROTOCOL {
        return Err(format!("the driver speaks protocol {protocol}, the runner {PROTOCOL}"));
    }
    let doors = match members.get("doors") {
        None => Vec::new(),
        Some(doors) => {
            serde_json::from_value(doors.clone()).map_err(|e| format!("\"doors\" in `ready`: {e}"))?
        }
    };
    Ok(Ready { target: target.to_owned(), doors })
}

fn parse_answer(line: &str) -> Result<Answer, String> {
    let wrong = |why: &str| format!("the driver answered `{}`: {why}", clip(line));
    let (verb, text) = line.split_once(' ').ok_or_else(|| wrong("an answer is `ok {…}` or `error {…}`"))?;
    let body = json::parse(text).map_err(|e| wrong(&format!("not JSON: {e}")))?;
    match (verb, body) {
        ("ok", body) => Ok(Answer::Ok(body)),
        ("error", Value::Object(mut members)) => {
            // A target whose errors are the wire's own body passes it on as it is.
            if !members.contains_key("code") {
                let kind = members.remove("__type").and_then(|kind| kind.as_str().map(str::to_owned));
                let kind = kind.ok_or_else(|| wrong("an error needs \"code\" or \"__type\""))?;
                let code = kind.rsplit_once('#').map_or(kind.as_str(), |(_, code)| code).to_owned();
                members.insert("code".to_owned(), Value::String(code));
                // Some of the service's errors spell it so.
                if let Some(message) = members.remove("Message") {
                    members.insert("message".to_owned(), message);
                }
            }
            Ok(Answer::Error(members))
        }
        _ => Err(wrong("an answer is `ok {…}` or `error {…}`")),
    }
}

fn clip(line: &str) -> String {
    let short: String = line.chars().take(200).collect();
    if short.len() < line.len() { format!("{short}…") } else { short }
}
