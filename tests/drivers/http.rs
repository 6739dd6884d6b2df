//! Conformance driver of the HTTP server (protocol: ../FORMAT.md). `open` starts a server process on a free port;
//! every answer's CRC, request id and content type are checked on the way. The server program is the first argument.

use serde_json::{Map, Value, json};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const STREAMS: [&str; 4] = ["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"];
const CONTROL: [&str; 17] = [
    "AdvanceClock",
    "DescribeClock",
    "SplitShard",
    "RollShard",
    "Maintain",
    "SetFaults",
    "DescribeFaults",
    "InspectStream",
    "DescribeMetrics",
    "DescribeCalls",
    "Backup",
    "Compact",
    "RegisterFunction",
    "DeregisterFunction",
    "ListRegisteredFunctions",
    "DescribeMappings",
    "SettleMapping",
];
/// What stands before the names of Kinesis.
const KINESIS: &str = "Kinesis";
/// Of SQS.
const SQS: &str = "Sqs";
/// Of S3.
const S3: &str = "S3";
/// What stands before those names of Lambda that other services have, too; the others tell of mappings.
const LAMBDA: &str = "Lambda";
const MAPPING: &str = "EventSourceMapping";

/// What goes wrong between the driver and the server: code and message of a protocol error.
struct Fault(&'static str, String);

impl<E: std::error::Error> From<E> for Fault {
    fn from(error: E) -> Fault {
        Fault("HttpFault", error.to_string())
    }
}

fn fault(message: String) -> Fault {
    Fault("HttpFault", message)
}

struct Server {
    process: Child,
    connection: BufReader<TcpStream>,
}

impl Server {
    /// Ends the server as its operator would; it has to say that all went well.
    fn end(mut self) -> Result<(), Fault> {
        if cfg!(not(unix)) {
            // There are no signals: dropping it kills it.
            return Ok(());
        }
        let told = Command::new("kill").args(["-s", "TERM", &self.process.id().to_string()]).status()?;
        if !told.success() {
            return Err(fault("the server cannot be signalled".to_owned()));
        }
        let status = self.process.wait()?;
        if status.success() { Ok(()) } else { Err(fault(format!("the server ended with {status}"))) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if the server has ended by itself, which is what is wanted.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn main() -> io::Result<()> {
    let program = std::env::args().nth(1).unwrap_or_else(|| "streamtable".to_owned());
    let mut server = None;
    say(r#"ready {"target":"http","protocol":1,"doors":["json"]}"#)?;
    for line in io::stdin().lock().lines() {
        match answer(&line?, &program, &mut server) {
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

fn answer(line: &str, program: &str, server: &mut Option<Server>) -> Result<String, Fault> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (operation, body) = rest.split_once(' ').unwrap_or((rest, ""));
    if verb == "open" {
        drop(server.take());
        *server = Some(start(program, &serde_json::from_str(rest)?)?);
        return Ok("ok {}".to_owned());
    }
    if verb == "close" {
        if let Some(server) = server.take() {
            server.end()?;
        }
        return Ok("ok {}".to_owned());
    }
    // The database of an HTTP client is the server: opening it is starting the server, closing it is ending it.
    let Some(server) = server else {
        return Err(Fault("DatabaseClosedException", "no server is running".to_owned()));
    };
    match verb {
        "call" => post(server, operation, body),
        "raw" => post(server, operation, &serde_json::from_str::<String>(body)?),
        "advance" => post(server, "AdvanceClock", &format!("{{\"Milliseconds\":{rest}}}"))
            .map(|line| if line.starts_with("ok ") { "ok {}".to_owned() } else { line }),
        other => Err(fault(format!("unknown verb {other}"))),
    }
}

/// `{"control_plane_delay": 3000, "throttling": true}` becomes `--control-plane-delay 3000 --throttling`.
fn start(program: &str, options: &Map<String, Value>) -> Result<Server, Fault> {
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
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut first = String::new();
    if let Some(stdout) = process.stdout.as_mut() {
        BufReader::new(stdout).read_line(&mut first)?;
    }
    let Some(address) = first.trim().strip_prefix("listening on http://") else {
        let mut said = String::new();
        process.kill().ok();
        if let Some(mut stderr) = process.stderr.take() {
            stderr.read_to_string(&mut said)?;
        }
        process.wait()?;
        return Err(Fault("OpenException", format!("the server did not start: {first}{said}")));
    };
    let connection = TcpStream::connect(address)?;
    connection.set_nodelay(true)?;
    Ok(Server { process, connection: BufReader::new(connection) })
}

/// One request and its answer as a protocol line. The body of an error is passed on as it is.
fn post(server: &mut Server, operation: &str, body: &str) -> Result<String, Fault> {
    let family = if operation.starts_with(KINESIS) {
        "Kinesis_20131202"
    } else if operation.starts_with(SQS) {
        "AmazonSQS"
    } else if operation.starts_with(S3) {
        "S3_20060301"
    } else if operation.starts_with(LAMBDA) || operation.contains(MAPPING) {
        "Lambda_20150331"
    } else if STREAMS.contains(&operation) {
        "DynamoDBStreams_20120810"
    } else if CONTROL.contains(&operation) {
        "Streamtable_20261120"
    } else {
        "DynamoDB_20120810"
    };
    let (action, content_type) = match operation.strip_prefix(KINESIS) {
        Some(action) => (action, "application/x-amz-json-1.1"),
        None => {
            let action = [LAMBDA, SQS, S3].into_iter().find_map(|prefix| operation.strip_prefix(prefix));
            (action.unwrap_or(operation), "application/x-amz-json-1.0")
        }
    };
    let request = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n\
         X-Amz-Target: {family}.{action}\r\nAuthorization: AWS4-HMAC-SHA256 Credential=any\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    server.connection.get_mut().write_all(request.as_bytes())?;
    let (status, headers) = read_head(&mut server.connection)?;
    let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let length = header("content-length").ok_or_else(|| fault("no content-length".to_owned()))?;
    let mut bytes = vec![0; length.parse()?];
    server.connection.read_exact(&mut bytes)?;

    let crc = crc32fast::hash(&bytes).to_string();
    if header("x-amz-crc32") != Some(crc.as_str()) {
        return Err(fault(format!("x-amz-crc32 is {:?}, the body has {crc}", header("x-amz-crc32"))));
    }
    let id = header("x-amzn-requestid").unwrap_or("");
    if id.len() != 52 || !id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        return Err(fault(format!("x-amzn-RequestId is {id:?}")));
    }
    if header("content-type") != Some(content_type) {
        return Err(fault(format!("content-type is {:?}", header("content-type"))));
    }
    let text = String::from_utf8(bytes)?;
    match status {
        200 => Ok(format!("ok {text}")),
        400 | 500 => Ok(format!("error {text}")),
        other => Err(fault(format!("status {other}: {text}"))),
    }
}

type Head = (u16, Vec<(String, String)>);

fn read_head(connection: &mut impl BufRead) -> Result<Head, Fault> {
    let mut lines = connection.by_ref().lines();
    let mut next = || lines.next().ok_or_else(|| fault("the server closed the connection".to_owned()));
    let first = next()??;
    let status = first.split(' ').nth(1).ok_or_else(|| fault(format!("no status in {first:?}")))?.parse()?;
    let mut headers = Vec::new();
    loop {
        let line = next()??;
        let Some((name, value)) = line.split_once(':') else { return Ok((status, headers)) };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}
