//! Conformance driver of the HTTP server (protocol: ../FORMAT.md). `open` starts a server process on a free port;
//! every answer's CRC, request id and content type are checked on the way. The server program is the first argument.

mod serving;

use serde_json::{Map, Value, json};
use serving::{Fault, Process, fault};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

const STREAMS: [&str; 4] = ["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"];
const CONTROL: [&str; 18] = [
    "AdvanceClock",
    "DescribeClock",
    "SplitShard",
    "RollShard",
    "Maintain",
    "SetFaults",
    "DescribeFaults",
    "InspectStream",
    "InspectRecords",
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
/// Of SNS.
const SNS: &str = "Sns";
/// Of S3.
const S3: &str = "S3";
/// What stands before those names of Lambda that other services have, too; the others tell of mappings.
const LAMBDA: &str = "Lambda";
const MAPPING: &str = "EventSourceMapping";

/// A running server, and a connection to it.
struct Server {
    process: Process,
    connection: BufReader<TcpStream>,
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
            server.process.end()?;
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

fn start(program: &str, options: &Map<String, Value>) -> Result<Server, Fault> {
    let process = Process::start(program, options)?;
    let connection = TcpStream::connect(&process.address)?;
    connection.set_nodelay(true)?;
    Ok(Server { process, connection: BufReader::new(connection) })
}

/// One request and its answer as a protocol line. The body of an error is passed on as it is.
fn post(server: &mut Server, operation: &str, body: &str) -> Result<String, Fault> {
    let family = if operation.starts_with(KINESIS) {
        "Kinesis_20131202"
    } else if operation.starts_with(SQS) {
        "AmazonSQS"
    } else if operation.starts_with(SNS) {
        "SNS_20100331"
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
            let action = [LAMBDA, SQS, SNS, S3].into_iter().find_map(|prefix| operation.strip_prefix(prefix));
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
