//! The door to databases elsewhere, onto this server: over a port and over a Unix socket.

mod support;

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::Value;
use streamtable::api::{DescribeTableInput, ListTablesInput, PutItemInput};
use streamtable::consumer::worker::{Next, Worker};
use streamtable::consumer::{Outcome, Response};
use streamtable::door::ask;
use streamtable::value::Item;
use streamtable::{Checkpoint, ErrorCode, ReadOptions, Reader};
use streamtable_remote::Remote;
use support::{Folder, Server};

const CREATE: &str = r#"{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}}"#;

fn open(server: &Server, settings: &str) -> Remote {
    Remote::open(&format!("http://{}{settings}", server.address)).expect("an address")
}

fn put(remote: &Remote, id: usize) {
    let item = Item::from_json(&format!(r#"{{"id": {{"S": "{id}"}}}}"#)).expect("an item");
    let input =
        PutItemInput { table_name: Some("Orders".into()), item: Some(item.into()), ..Default::default() };
    ask(remote, input).expect("put");
}

fn stream_of(remote: &Remote) -> String {
    let told = ask(remote, DescribeTableInput { table_name: Some("Orders".into()) }).expect("described");
    told.table.and_then(|table| table.latest_stream_arn).expect("a stream")
}

#[test]
fn a_reader_follows_shards_as_they_split_and_goes_on_from_its_checkpoint() {
    let server = Server::with(&[
        "--clock",
        "manual",
        "--seed",
        "1",
        "--partitions",
        "2",
        "--shard-rollover",
        "3600000",
    ]);
    let remote = open(&server, "");
    remote.call_json("CreateTable", CREATE.as_bytes()).expect("created");
    let stream = stream_of(&remote);
    let mut seen = BTreeSet::new();
    let mut checkpoint: Option<String> = None;
    for round in 0..5 {
        (0..20).for_each(|id| put(&remote, 20 * round + id));
        // After an hour each shard is closed, and continued by another.
        remote.call_json("AdvanceClock", br#"{"Milliseconds": 3600001}"#).expect("an hour later");
        let kept = checkpoint.as_deref().map(|text| text.parse::<Checkpoint>().expect("a checkpoint"));
        let options = kept.map_or_else(ReadOptions::default, ReadOptions::resume);
        let mut reader = Reader::open(&remote, &stream, options).expect("a reader");
        while let Some(page) = reader.next_page(&remote, 7).expect("a page") {
            for record in &page.records {
                assert!(seen.insert(record.event_id()), "each once");
            }
        }
        checkpoint = Some(reader.checkpoint().to_string());
    }
    assert_eq!(seen.len(), 100);
}

#[test]
fn a_mapping_is_carried_out_from_elsewhere() {
    let server = Server::start();
    let remote = open(&server, "");
    let call = |operation: &str, body: &str| {
        let told = remote.call_json(operation, body.as_bytes()).expect(operation);
        serde_json::from_slice::<Value>(&told).expect("JSON")
    };
    call("CreateTable", CREATE);
    call("RegisterFunction", r#"{"FunctionName": "handle"}"#);
    let stream = stream_of(&remote);
    call(
        "CreateEventSourceMapping",
        &format!(
            r#"{{"FunctionName": "handle", "EventSourceArn": "{stream}", "StartingPosition": "TRIM_HORIZON", "BatchSize": 3}}"#
        ),
    );
    (0..10).for_each(|id| put(&remote, id));
    let mut worker = Worker::new(1, false);
    let keys = RefCell::new(Vec::new());
    let mut steps = 0;
    while keys.borrow().len() < 10 {
        steps += 1;
        assert!(steps < 1_000, "it comes to an end");
        match worker.next(&remote, None).expect("a step") {
            Next::Invoke(task) => {
                let event: Value = serde_json::from_slice(&task.invocation.event_json()).expect("an event");
                let records = event["Records"].as_array().expect("records");
                assert!(records.len() <= 3);
                keys.borrow_mut()
                    .extend(records.iter().map(|record| record["dynamodb"]["Keys"]["id"]["S"].clone()));
                worker
                    .complete(&remote, task.ticket, Outcome::Success(Response::Nothing))
                    .expect("completed");
            }
            Next::SleepUntil(_) | Next::Idle => {
                call("AdvanceClock", r#"{"Milliseconds": 1000}"#);
            }
            other => panic!("{other:?}"),
        }
    }
    let expected: Vec<Value> = (0..10).map(|id| Value::from(id.to_string())).collect();
    assert_eq!(*keys.borrow(), expected);
}

#[test]
fn what_the_other_side_can_do_is_asked() {
    let server = Server::start();
    let remote = open(&server, "");
    let found = remote.capabilities().expect("it answers");
    assert!(
        found.own_operations && found.manual_clock && found.transactions && found.statements,
        "{found:?}"
    );
    assert_eq!(remote.region(), Ok("us-east-1"));
    let there = open(&server, "?region=eu-west-1");
    there.call_json("CreateTable", CREATE.as_bytes()).expect("created");
    assert!(stream_of(&there).starts_with("arn:aws:dynamodb:eu-west-1:"));
    assert_eq!(ask(&remote, ListTablesInput::default()).expect("a list").table_names, Some(Vec::new()));
}

#[test]
fn a_server_that_wants_signatures_knows_its_keys() {
    let server = Server::with(&["--access-key", "reader:s/cret"]);
    let at = |key: &str| Remote::open(&format!("http://{key}{}", server.address)).expect("an address");
    let list =
        |remote: &Remote| ask(remote, ListTablesInput::default()).map(|_| ()).map_err(|error| error.code());
    assert_eq!(list(&at("reader:s%2Fcret@")), Ok(()));
    assert_eq!(list(&at("reader:other@")), Err(ErrorCode::InvalidSignature));
    assert_eq!(list(&at("stranger:s%2Fcret@")), Err(ErrorCode::UnrecognizedClient));
    assert!(list(&at("")).is_err());
}

#[cfg(unix)]
mod sockets {
    use std::fs;
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Child, Stdio};

    use super::*;
    use support::program;

    /// A server behind a socket: what its first line says, and the server.
    fn serve(path: &str) -> (String, Child) {
        let mut child = program()
            .args(["serve", "--memory", "--socket", path])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        (line.trim_end().to_owned(), child)
    }

    fn end(mut child: Child) {
        let told = std::process::Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status();
        assert!(told.expect("kill is there").success());
        assert!(child.wait().expect("it ends").success());
    }

    #[test]
    fn a_socket_is_its_owners_and_goes_with_the_server() {
        let folder = Folder::of("sockets");
        let path = folder.path("a b.sock");
        let (line, child) = serve(&path);
        assert_eq!(line, format!("listening on unix://{path}"));
        let mode = fs::metadata(&path).expect("a socket").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let remote = Remote::open(&format!("unix://{}", path.replace(' ', "%20"))).expect("an address");
        remote.call_json("CreateTable", CREATE.as_bytes()).expect("created");
        (0..3).for_each(|id| put(&remote, id));
        let tail = program().args(["tail", &format!("unix://{path}"), "Orders", "--once", "--json"]).output();
        let tail = tail.expect("it runs");
        assert_eq!(tail.stdout.iter().filter(|byte| **byte == b'\n').count(), 3, "{tail:?}");

        let second = program().args(["serve", "--memory", "--socket", &path]).output().expect("it runs");
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(!second.status.success() && said.contains("somebody listens there"), "{said}");
        end(child);
        assert!(!fs::exists(&path).expect("a look"));
        assert_eq!(
            ask(&remote, ListTablesInput::default()).expect_err("gone").code(),
            ErrorCode::Unreachable
        );
    }

    #[test]
    fn a_socket_that_was_left_behind_is_replaced_and_nothing_else() {
        let folder = Folder::of("stale-sockets");
        let path = folder.path("x.sock");
        let (_, mut child) = serve(&path);
        child.kill().expect("killed");
        child.wait().expect("it ends");
        assert!(fs::exists(&path).expect("a look"), "it was left behind");
        let (line, child) = serve(&path);
        assert!(line.starts_with("listening on unix://"), "{line}");
        end(child);
        fs::write(&path, "mine").expect("written");
        let refused = program().args(["serve", "--memory", "--socket", &path]).output().expect("it runs");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("there is something else"), "{said}");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "mine");
    }
}
