//! Records out of a stream and into a table, and the changes of a table for people.

#![cfg(unix)]

mod support;

use std::io::Write;
use std::process::{Output, Stdio};

use support::{Folder, Request, Server, program};

const CREATE: &str = r#"{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}}"#;

fn call(server: &Server, operation: &str, body: &str) -> String {
    let answer = server.ask(&Request::call(&format!("DynamoDB_20120810.{operation}"), body));
    let text = answer.text().to_owned();
    assert_eq!(answer.status, 200, "{operation}: {text}");
    text
}

fn filled() -> Server {
    let server = Server::start();
    call(&server, "CreateTable", CREATE);
    call(
        &server,
        "PutItem",
        r#"{"TableName": "Orders", "Item": {"id": {"S": "1"}, "total": {"N": "9"}, "note": {"S": "x"}}}"#,
    );
    call(
        &server,
        "PutItem",
        r#"{"TableName": "Orders", "Item": {"id": {"S": "1"}, "total": {"N": "10"}, "tags": {"SS": ["a"]}}}"#,
    );
    call(&server, "DeleteItem", r#"{"TableName": "Orders", "Key": {"id": {"S": "1"}}}"#);
    call(&server, "PutItem", r#"{"TableName": "Orders", "Item": {"id": {"S": "2"}}}"#);
    server
}

fn run(arguments: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    let mut command = program();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A command that reads nothing closes it early.
    drop(child.stdin.take().expect("piped").write_all(input));
    let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

fn url(server: &Server) -> String {
    format!("http://{}", server.address)
}

#[test]
fn records_go_from_a_server_into_a_directory_once() {
    let server = filled();
    let folder = Folder::of("records");
    let file = folder.path("records.jsonl");
    let (code, stdout, stderr) = run(&["records", "export", &url(&server), "Orders", "--output", &file], b"");
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(0), "", "4 records\n"));
    let (_, stdout, _) = run(&["records", "export", &url(&server), "Orders"], b"");
    let lines = std::fs::read_to_string(&file).expect("written");
    assert_eq!(stdout, lines);
    assert_eq!(lines.lines().count(), 4);
    let (code, _, stderr) = run(&["records", "export", &url(&server), "Orders", "--output", &file], b"");
    assert_eq!(code, Some(1), "what is there stays: {stderr}");

    let target = Server::start();
    call(&target, "CreateTable", CREATE);
    let apply = |input: &[u8]| run(&["records", "apply", &url(&target), "Orders"], input);
    let (code, _, stderr) = apply(lines.as_bytes());
    assert_eq!((code, stderr.as_str()), (Some(0), "4 applied, 0 left out\n"));
    let (code, _, stderr) = run(&["records", "apply", &url(&target), "Orders", &file], b"");
    assert_eq!((code, stderr.as_str()), (Some(0), "0 applied, 4 left out\n"));
    let scan = r#"{"TableName": "Orders"}"#;
    assert_eq!(call(&target, "Scan", scan), call(&server, "Scan", scan));
    let (code, _, stderr) = apply(b"{}\n");
    assert_eq!(code, Some(1));
    assert!(stderr.starts_with("streamtable: line 1: "), "{stderr}");
    let (code, _, stderr) = run(&["records", "apply", &url(&target), "None"], lines.as_bytes());
    assert_eq!(code, Some(1));
    assert!(stderr.contains("not found"), "{stderr}");
}

#[test]
fn changes_are_shown_from_what_to_what() {
    let server = filled();
    let (code, stdout, stderr) = run(&["tail", &url(&server), "Orders", "--once"], b"");
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let at = "2026-01-01T00:00:00.000Z";
    let expected = format!(
        r#"{at} INSERT {{"id":"1"}}
    + /note: "x"
    + /total: 9
{at} MODIFY {{"id":"1"}}
    - /note: "x"
    + /tags: ["a"]
    /total: 9 → 10
{at} REMOVE {{"id":"1"}}
    - /tags: ["a"]
    - /total: 10
{at} INSERT {{"id":"2"}}
"#
    );
    assert_eq!(stdout, expected);
    let (_, exported, _) = run(&["records", "export", &url(&server), "Orders"], b"");
    let (_, stdout, _) = run(&["tail", &url(&server), "Orders", "--once", "--json"], b"");
    assert_eq!(stdout, exported);
    let (code, stdout, _) = run(&["tail", &url(&server), "Orders", "--once", "--from", "latest"], b"");
    assert_eq!((code, stdout.as_str()), (Some(0), ""));
    let (code, stdout, _) = run(&["tail", &url(&server), "Orders", "--once", "--from", "1767225600000"], b"");
    assert_eq!((code, stdout.lines().count()), (Some(0), expected.lines().count()));
}

#[test]
fn a_directory_is_looked_at_and_not_changed() {
    let folder = Folder::of("tail");
    let data = folder.path("data");
    let server = Server::at(&[&data, "--clock", "manual"]);
    call(&server, "CreateTable", CREATE);
    call(&server, "PutItem", r#"{"TableName": "Orders", "Item": {"id": {"S": "1"}}}"#);
    let (code, _, stderr) = run(&["tail", &data, "Orders"], b"");
    assert_eq!(code, Some(1), "the server has it open: {stderr}");
    server.signal("TERM");
    assert!(server.end().success());
    let (code, stdout, _) = run(&["tail", &data, "Orders"], b"");
    assert_eq!((code, stdout.as_str()), (Some(0), "2026-01-01T00:00:00.000Z INSERT {\"id\":\"1\"}\n"));
    let (code, _, stderr) = run(&["tail", &data, "None"], b"");
    assert_eq!(code, Some(1), "{stderr}");
    let (code, _, stderr) = run(&["tail", "http://127.0.0.1:1", "Orders"], b"");
    assert_eq!(code, Some(1));
    assert!(stderr.starts_with("streamtable: http://127.0.0.1:1 cannot be reached: "), "{stderr}");
}

#[test]
fn what_calls_come_to_is_told_where_it_is_asked_for() {
    let quiet = Server::start();
    assert_eq!(quiet.ask(&Request::of("GET /metrics")).status, 404);
    let server = Server::with(&["--clock", "manual", "--metrics"]);
    call(&server, "CreateTable", CREATE);
    for id in ["1", "2"] {
        let put = format!(r#"{{"TableName": "Orders", "Item": {{"id": {{"S": "{id}"}}}}}}"#);
        call(&server, "PutItem", &put);
    }
    let refused =
        server.ask(&Request::call("DynamoDB_20120810.PutItem", r#"{"TableName": "Orders", "Item": {}}"#));
    assert_eq!(refused.status, 400);
    let answer = server.ask(&Request::of("GET /metrics"));
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    let labels = r#"{operation="PutItem",table_name="Orders"}"#;
    for line in [
        format!("streamtable_successful_requests_total{labels} 2"),
        format!("streamtable_user_errors_total{labels} 1"),
        format!("streamtable_successful_request_latency_seconds_total{labels} 0.0"),
        r#"streamtable_successful_requests_total{operation="CreateTable",table_name="Orders"} 1"#.to_owned(),
    ] {
        assert!(answer.text().lines().any(|told| told == line), "{line} in {}", answer.text());
    }
    assert!(answer.text().ends_with("# EOF\n"), "{}", answer.text());
}
