//! Conformance driver of any host over a network (protocol: ../FORMAT.md): its own driver, which is given the address of a server wherever it opens a
//! database. Arguments: the server program, the name of the target, the command of the host's driver.

mod serving;

use serde_json::{Map, Value, json};
use serving::{Fault, Process, fault};
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Sent once: cases ask for what a first answer is.
const SETTINGS: &str = "attempts=1";
/// What a worker does is told by the database's own writes, and elsewhere nobody tells of them.
const WORKER: &str = "worker";

/// The host's driver.
struct Host {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Host {
    fn start(command: &[String]) -> Result<Host, Fault> {
        let (program, arguments) =
            command.split_first().ok_or_else(|| fault("no driver is named".to_owned()))?;
        let mut process =
            Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let pipes = (process.stdin.take(), process.stdout.take());
        let (Some(requests), Some(answers)) = pipes else {
            return Err(fault("the driver has no pipes".to_owned()));
        };
        Ok(Host { process, requests, answers: BufReader::new(answers) })
    }

    fn line(&mut self) -> Result<String, Fault> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(fault("the host's driver has ended".to_owned()));
        }
        Ok(line.trim_end().to_owned())
    }

    fn ask(&mut self, line: &str) -> Result<String, Fault> {
        writeln!(self.requests, "{line}")?;
        self.requests.flush()?;
        self.line()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // Both fail only if it has ended by itself, which is what is wanted.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [program, target, command @ ..] = &arguments[..] else {
        eprintln!("usage: driver-elsewhere SERVER TARGET DRIVER…");
        std::process::exit(2);
    };
    let told = |Fault(code, message)| io::Error::other(format!("{code}: {message}"));
    let mut host = Host::start(command).map_err(told)?;
    say(&ready(&host.line().map_err(told)?, target).map_err(told)?)?;
    let mut server = None;
    for line in io::stdin().lock().lines() {
        match answer(&line?, program, &mut host, &mut server) {
            Ok(line) => say(&line)?,
            Err(Fault(code, message)) => {
                say(&format!("error {}", json!({"code": code, "message": message})))?
            }
        }
    }
    Ok(())
}

fn say(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// The host's first line, under this target's name.
fn ready(line: &str, target: &str) -> Result<String, Fault> {
    let told = line.strip_prefix("ready ").ok_or_else(|| fault(format!("{line:?} is no first line")))?;
    let mut told: Map<String, Value> = serde_json::from_str(told)?;
    told.insert("target".to_owned(), target.into());
    if let Some(Value::Array(doors)) = told.get_mut("doors") {
        doors.retain(|door| door != WORKER);
    }
    Ok(format!("ready {}", Value::Object(told)))
}

fn answer(line: &str, program: &str, host: &mut Host, server: &mut Option<Process>) -> Result<String, Fault> {
    match line.split_once(' ').map_or((line, ""), |parts| parts) {
        ("open", options) => {
            // The database is the server: another one replaces it.
            drop(server.take());
            let opened = Process::start(program, &serde_json::from_str(options)?)?;
            let address = format!("http://{}?{SETTINGS}", opened.address);
            *server = Some(opened);
            host.ask(&format!("open {}", json!({ "path": address })))
        }
        ("close", _) => {
            let told = host.ask(line)?;
            if let Some(server) = server.take() {
                server.end()?;
            }
            Ok(told)
        }
        _ => host.ask(line),
    }
}
