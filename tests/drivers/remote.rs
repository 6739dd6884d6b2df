//! Conformance driver of a database elsewhere (protocol: ../FORMAT.md): a `Remote` onto a server of this project. `open` starts the server, whose
//! program is the first argument. `call` goes through the typed requests, `raw` through the JSON text door.

mod serving;

use serde_json::json;
use serving::{Fault, Process};
use std::io::{self, BufRead, Write};
use streamtable::door::{Door, ask};
use streamtable::{Error, Request, api::AdvanceClockInput};
use streamtable_remote::Remote;

/// Sent once: cases ask for what a first answer is.
const SETTINGS: &str = "attempts=1";

/// A way to a server, and the server.
struct Opened {
    remote: Remote,
    process: Process,
}

fn main() -> io::Result<()> {
    let program = std::env::args().nth(1).unwrap_or_else(|| "streamtable".to_owned());
    let mut opened = None;
    say(r#"ready {"target":"remote","protocol":1,"doors":["json"]}"#)?;
    for line in io::stdin().lock().lines() {
        match answer(&line?, &program, &mut opened) {
            Ok(output) => say(&format!("ok {output}"))?,
            Err(error) => say(&format!("error {error}"))?,
        }
    }
    Ok(())
}

fn say(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// The output or the error, each as JSON.
fn answer(line: &str, program: &str, opened: &mut Option<Opened>) -> Result<String, String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    if verb == "open" {
        drop(opened.take());
        *opened = Some(open(program, rest).map_err(told)?);
        return Ok("{}".to_owned());
    }
    let (operation, body) = rest.split_once(' ').unwrap_or((rest, ""));
    // The database is the server: closing it is ending that, and the way to it.
    if verb == "close" {
        if let Some(Opened { remote, process }) = opened.take() {
            remote.close();
            process.end().map_err(told)?;
        }
        return Ok("{}".to_owned());
    }
    let Some(Opened { remote, .. }) = opened else {
        return Err(told(Fault("DatabaseClosedException", "no server is running".to_owned())));
    };
    match verb {
        "call" => call(remote, operation, body).map_err(text),
        "raw" => {
            let body: String = serde_json::from_str(body).map_err(|e| told(e.into()))?;
            remote.call_json(operation, body.as_bytes()).map(utf8).map_err(text)
        }
        "advance" => {
            let milliseconds = rest.parse().map_err(|e: std::num::ParseIntError| told(e.into()))?;
            let input = AdvanceClockInput { milliseconds: Some(milliseconds) };
            ask(remote, input).map(|_| "{}".to_owned()).map_err(text)
        }
        other => Err(told(Fault("Driver", format!("unknown verb {other}")))),
    }
}

fn open(program: &str, options: &str) -> Result<Opened, Fault> {
    let process = Process::start(program, &serde_json::from_str(options)?)?;
    let remote = Remote::open(&format!("http://{}?{SETTINGS}", process.address))?;
    Ok(Opened { remote, process })
}

fn call(remote: &Remote, operation: &str, body: &str) -> Result<String, Error> {
    let request = Request::decode(operation, &mut serde_json::Deserializer::from_str(body))?;
    // Half of what there is to `start` is what it says when it waits.
    let response = remote.start(request).wait()?;
    response.to_json().map(utf8)
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("JSON is text")
}

fn text(error: Error) -> String {
    utf8(error.to_json())
}

fn told(Fault(code, message): Fault) -> String {
    json!({"code": code, "message": message}).to_string()
}
