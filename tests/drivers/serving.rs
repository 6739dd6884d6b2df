//! A server process that a driver starts with the options of a case, and ends.

use serde_json::{Map, Value};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// What goes wrong between the driver and the server: code and message of a protocol error.
pub(crate) struct Fault(pub(crate) &'static str, pub(crate) String);

impl<E: std::error::Error> From<E> for Fault {
    fn from(error: E) -> Fault {
        Fault("HttpFault", error.to_string())
    }
}

pub(crate) fn fault(message: String) -> Fault {
    Fault("HttpFault", message)
}

/// A running server.
pub(crate) struct Process {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
}

impl Process {
    /// `{"control_plane_delay": 3000, "throttling": true}` becomes `--control-plane-delay 3000 --throttling`.
    pub(crate) fn start(program: &str, options: &Map<String, Value>) -> Result<Process, Fault> {
        let mut command = Command::new(program);
        command.args(["serve", "--port", "0"]);
        if !options.contains_key("path") {
            command.arg("--memory");
        }
        for (name, value) in options {
            let name = if name == "path" { "data" } else { name };
            let flag = format!("--{}", name.replace('_', "-"));
            match value {
                Value::Bool(true) => command.arg(flag),
                Value::Bool(false) => &mut command,
                Value::String(text) => command.arg(flag).arg(text),
                value => command.arg(flag).arg(value.to_string()),
            };
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let mut first = String::new();
        if let Some(stdout) = child.stdout.as_mut() {
            BufReader::new(stdout).read_line(&mut first)?;
        }
        let Some(address) = first.trim().strip_prefix("listening on http://") else {
            let mut said = String::new();
            child.kill().ok();
            if let Some(mut stderr) = child.stderr.take() {
                stderr.read_to_string(&mut said)?;
            }
            child.wait()?;
            return Err(Fault("OpenException", format!("the server did not start: {first}{said}")));
        };
        Ok(Process { child, address: address.to_owned() })
    }

    /// Ends the server as its operator would; it has to say that all went well.
    pub(crate) fn end(mut self) -> Result<(), Fault> {
        if cfg!(not(unix)) {
            // There are no signals: dropping it kills it.
            return Ok(());
        }
        let told = Command::new("kill").args(["-s", "TERM", &self.child.id().to_string()]).status()?;
        if !told.success() {
            return Err(fault("the server cannot be signalled".to_owned()));
        }
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(fault(format!("the server ended with {status}"))) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if the server has ended by itself, which is what is wanted.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
