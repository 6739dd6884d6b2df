//! Conformance driver of the Rust API (protocol: ../FORMAT.md). `call` goes through the typed requests, `raw` through
//! the JSON text door.

use serde_json::{Map, Value};
use std::io::{BufRead, Write};
use std::path::PathBuf;
use streamtable::api::AdvanceClockInput;
use streamtable::consumer::worker::local::Local;
use streamtable::{Database, Error, OpenOptions, Request, records};

fn main() -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    let (mut database, mut worker) = (None, None);
    writeln!(stdout, r#"ready {{"target":"rust","protocol":1,"doors":["json","tool","worker"]}}"#)?;
    stdout.flush()?;
    for line in std::io::stdin().lock().lines() {
        match answer(&line?, &mut database, &mut worker) {
            Ok(output) => stdout.write_all(&[b"ok ", output.as_slice(), b"\n"].concat())?,
            Err(error) => stdout.write_all(&[b"error ", error.as_slice(), b"\n"].concat())?,
        }
        stdout.flush()?;
    }
    Ok(())
}

/// The output or the error, each as JSON.
fn answer(
    line: &str,
    database: &mut Option<Database>,
    worker: &mut Option<Local>,
) -> Result<Vec<u8>, Vec<u8>> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    if verb == "open" {
        (*database, *worker) = (None, None);
        *database = Some(open(rest)?);
        return Ok(b"{}".to_vec());
    }
    let database = database.as_ref().ok_or_else(|| fault("Driver", &"no database is open"))?;
    let (operation, body) = rest.split_once(' ').unwrap_or((rest, ""));
    match verb {
        "call" => {
            call(database, operation, body).map_err(|e| e.to_json())?.map_err(|e| fault("Serialize", &e))
        }
        "raw" => {
            let text: String = serde_json::from_str(body).map_err(|e| fault("Driver", &e))?;
            database.call_json(operation, text.as_bytes()).map_err(|e| e.to_json())
        }
        "tool" => records::run_json(operation, body.as_bytes()).map_err(|e| e.to_json()),
        "advance" => {
            let milliseconds = rest.parse().map_err(|e| fault("Driver", &e))?;
            let input = AdvanceClockInput { milliseconds: Some(milliseconds) };
            database.call(input).map_err(|e| e.to_json())?;
            Ok(b"{}".to_vec())
        }
        "worker" => {
            let worker = worker.get_or_insert_with(|| Local::new(database, 0));
            work(database, worker, operation, body).map_err(|e| e.to_json())
        }
        "close" => {
            database.close().map_err(|e| e.to_json())?;
            Ok(b"{}".to_vec())
        }
        other => Err(fault("Driver", &format!("unknown verb {other}"))),
    }
}

fn work(database: &Database, worker: &Local, what: &str, members: &str) -> Result<Vec<u8>, Error> {
    if what == "Next" {
        return Ok(worker.next_text(database, None)?.into_bytes());
    }
    let mut told: Map<String, Value> = serde_json::from_str(members).expect("the runner sends an object");
    told.insert("Do".to_owned(), what.into());
    Ok(worker.tell_text(database, &Value::Object(told).to_string())?.into_bytes())
}

/// The path is an argument of its own; everything else are options.
fn open(options: &str) -> Result<Database, Vec<u8>> {
    let mut options: Map<String, Value> = serde_json::from_str(options).map_err(|e| fault("Driver", &e))?;
    let path = options.remove("path").map(|path| match path {
        Value::String(path) => Ok(PathBuf::from(path)),
        other => Err(fault("Driver", &format!("the path is {other}"))),
    });
    let path = path.transpose()?;
    let options =
        OpenOptions::from_json(Value::Object(options).to_string().as_bytes()).map_err(|e| e.to_json())?;
    Database::open_at(path.as_deref(), options).map_err(|e| e.to_json())
}

fn call(database: &Database, operation: &str, body: &str) -> Result<serde_json::Result<Vec<u8>>, Error> {
    let request = Request::decode(operation, &mut serde_json::Deserializer::from_str(body))?;
    Ok(serde_json::to_vec(&database.execute(request)?))
}

/// An error that does not come from the store's operations.
fn fault(code: &str, message: &dyn std::fmt::Display) -> Vec<u8> {
    serde_json::json!({"code": code, "message": message.to_string()}).to_string().into_bytes()
}
