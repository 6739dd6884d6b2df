//! What a request over HTTP costs the server, against a bare server of the same HTTP library that answers the same bytes.
//!
//! Both run as processes of their own and are asked by the same client, in turns, over connections that are kept; what is compared is the
//! processor time of all threads of each.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::Scope;
use crate::claim::{Bound, Claim, interleaved};
use crate::sample::{TABLE, create, item_json};

const ROUNDS: usize = 7;
const REQUESTS: usize = 3_000;
const KEYS: usize = 1_000;
const QUERIED: usize = 20;
const LIMIT: f64 = 1.4;

/// A server that is killed when it goes.
struct Server {
    process: Child,
    stream: BufReader<TcpStream>,
}

impl Server {
    /// Starts a server whose first line says where it listens.
    fn start(command: &mut Command) -> Result<Server, String> {
        let failed = |what: &str, e: std::io::Error| format!("{what}: {e}");
        let mut process =
            command.stdout(Stdio::piped()).spawn().map_err(|e| failed("it does not start", e))?;
        let mut line = String::new();
        let stdout = process.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).map_err(|e| failed("it says nothing", e))?;
        let address = line.trim().rsplit('/').next().ok_or("it names no address")?.to_owned();
        let stream = TcpStream::connect(&address).map_err(|e| failed(&address, e))?;
        stream.set_nodelay(true).map_err(|e| failed(&address, e))?;
        Ok(Server { process, stream: BufReader::new(stream) })
    }

    /// Sends a request and reads the answer's body.
    fn ask(&mut self, request: &[u8]) -> Vec<u8> {
        self.stream.get_mut().write_all(request).expect("the server reads");
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("the server answers");
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a number");
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("the whole body");
        body
    }

    /// Processor time of all its threads so far, in microseconds.
    fn processor_micros(&self) -> f64 {
        let tasks = format!("/proc/{}/task", self.process.id());
        let time = |task: fs::DirEntry| {
            let text = fs::read_to_string(task.path().join("schedstat")).expect("the kernel counts");
            text.split(' ').next().and_then(|time| time.parse::<f64>().ok()).expect("nanoseconds first")
        };
        let tasks = fs::read_dir(tasks).expect("it runs");
        tasks.map(|task| time(task.expect("a thread"))).sum::<f64>() / 1e3
    }

    /// Microseconds of its processor time for one of some requests.
    fn cost(&mut self, requests: &[Vec<u8>]) -> f64 {
        let start = self.processor_micros();
        for request in requests {
            self.ask(request);
        }
        (self.processor_micros() - start) / requests.len() as f64
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(e) = self.process.kill().and_then(|()| self.process.wait()) {
            eprintln!("a server goes on: {e}");
        }
    }
}

/// A request as an SDK sends it.
fn request(operation: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.0\r\n\
         X-Amz-Target: DynamoDB_20120810.{operation}\r\nX-Amz-Date: 20260101T000000Z\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/dynamodb/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={:064}\r\n\
         Content-Length: {}\r\n\r\n",
        0,
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

fn key(n: usize) -> String {
    format!("customer-{:08}", n * 79 % KEYS)
}

/// The requests of one round of an operation.
fn requests(operation: &str, round: usize) -> Vec<Vec<u8>> {
    let body = |n: usize| match operation {
        "PutItem" => json!({"TableName": TABLE, "Item": item_json(n * 79 % KEYS, 1 + round * REQUESTS + n)}),
        "GetItem" => json!({"TableName": TABLE, "Key": {"id": {"S": key(n)}}}),
        _ => json!({
            "TableName": "Runs", "KeyConditionExpression": "id = :id",
            "ExpressionAttributeValues": {":id": {"S": "one"}}}),
    };
    (0..REQUESTS).map(|n| request(operation, &body(n))).collect()
}

fn prepare(server: &mut Server) {
    server.ask(&request("CreateTable", &create(false)));
    for n in 0..KEYS {
        server.ask(&request("PutItem", &json!({"TableName": TABLE, "Item": item_json(n, 0)})));
    }
    let runs = json!({
        "TableName": "Runs",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}],
        "KeySchema": [
            {"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
    });
    server.ask(&request("CreateTable", &runs));
    for n in 0..QUERIED {
        let item = json!({"id": {"S": "one"}, "at": {"N": n.to_string()}, "text": {"S": "x".repeat(100)}});
        server.ask(&request("PutItem", &json!({"TableName": "Runs", "Item": item})));
    }
}

fn measure(program: &Path, folder: &Path, operation: &str) -> Result<Claim, String> {
    let mut ours = Server::start(Command::new(program).args(["serve", "--memory", "--port", "0"]))?;
    prepare(&mut ours);
    let answer = folder.join(operation);
    let body = ours.ask(&requests(operation, 0)[0]);
    fs::write(&answer, body).map_err(|e| format!("{}: {e}", answer.display()))?;
    let this = std::env::current_exe().map_err(|e| format!("where is this program? {e}"))?;
    let mut bare = Server::start(Command::new(this).arg("--bare-server").arg(&answer))?;
    let (mut round, mut bare_round) = (0, 0);
    let (ratio, own, floor) = interleaved(
        ROUNDS,
        || {
            round += 1;
            ours.cost(&requests(operation, round))
        },
        || {
            bare_round += 1;
            bare.cost(&requests(operation, bare_round))
        },
    );
    Ok(Claim {
        name: format!("http.{}_against_bare_server", operation.to_lowercase()),
        ratio,
        bound: Bound::AtMost,
        limit: LIMIT,
        detail: format!("{own:.1} us of the server's processor time, bare {floor:.1} us"),
    })
}

/// Measures the server that lies beside this program.
///
/// # Errors
/// It is not there, or does not start.
pub(crate) fn claims(scope: &Scope) -> Result<Vec<Claim>, String> {
    let this = std::env::current_exe().map_err(|e| format!("where is this program? {e}"))?;
    let program = this.with_file_name("streamtable");
    let folder: PathBuf = this.with_file_name(format!("bench-http-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let operations = ["PutItem", "GetItem", "Query"];
    let asked =
        operations.iter().filter(|operation| scope.has(&format!("http.{}", operation.to_lowercase())));
    let claims = asked.map(|operation| measure(&program, &folder, operation)).collect();
    fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    claims
}
