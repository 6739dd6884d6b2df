//! The process: how it begins, and how it ends.

mod support;

use std::process::Output;

use serde_json::Value;
use support::{Folder, Request, Server, program};

const LIST: &str = "DynamoDB_20120810.ListTables";
/// So long that a test that waited for it would be noticed.
const FOREVER: &str = "86400000";

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = program().args(arguments).output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_port_in_use_is_told() {
    let server = Server::start();
    let port = server.address.port().to_string();
    let (code, stdout, stderr) = run(&["serve", "--memory", "--port", &port]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert_eq!(
        stderr,
        format!(
            "streamtable: cannot listen on 127.0.0.1:{port}: the port is in use; choose another with --port, or any free one with --port 0\n"
        )
    );
    // The one that has it is not disturbed.
    assert_eq!(server.ask(&Request::of("GET /")).status, 200);
}

#[test]
fn what_cannot_be_opened_is_told() {
    for (arguments, part) in [
        (&["--now", "5"][..], "now"),
        (&["--partitions", "0"], "partitions"),
        (&["--region", "no region"], "region"),
        (&["--host", "no such host"], "cannot listen on no such host:"),
    ] {
        let (code, stdout, stderr) = run(&[&["serve", "--memory", "--port", "0"], arguments].concat());
        assert_eq!((code, stdout.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(stderr.starts_with("streamtable: ") && stderr.contains(part), "{stderr}");
    }
}

#[test]
fn usage() {
    for wrong in [
        &["serve"][..],
        &["serve", "--memory", "--port", "70000"],
        &["serve", "--memory", "--clock", "sun"],
        &[],
    ] {
        let (code, stdout, stderr) = run(wrong);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(stderr.contains("--help"), "{stderr}");
    }
    let (code, stdout, _) = run(&["--version"]);
    assert_eq!((code, stdout), (Some(0), format!("streamtable {}\n", env!("CARGO_PKG_VERSION"))));
    let (code, stdout, _) = run(&["serve", "--help"]);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("Streamtable_20261120.AdvanceClock"), "{stdout}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_idle_connections_open() {
    for signal in ["TERM", "INT"] {
        let server = Server::with(&["--shutdown-grace", FOREVER]);
        let mut used = server.connect();
        assert_eq!(used.ask(&Request::call(LIST, "{}")).status, 200);
        let mut unused = server.connect();
        // The unused one is accepted: those before it in the queue are, and an answer came after it.
        assert_eq!(server.ask(&Request::of("GET /").header("Connection", "close")).status, 200);
        server.signal(signal);
        assert_eq!((used.read(), unused.read()), (None, None));
        assert!(server.end().success());
    }
}

#[cfg(unix)]
#[test]
fn a_request_on_its_way_is_still_answered() {
    let server = Server::with(&["--shutdown-grace", FOREVER]);
    let request = Request::call(LIST, "{}").header("Expect", "100-continue");
    let mut connection = server.connect();
    connection.send(request.head().as_bytes());
    // Now the server has the head and waits for the body.
    assert_eq!(connection.read().expect("leave").status, 100);
    server.signal("TERM");
    server.wait_until_deaf();
    connection.send(&request.body);
    assert_eq!(connection.read().expect("an answer").status, 200);
    assert_eq!(connection.read(), None);
    assert!(server.end().success());
}

#[cfg(unix)]
#[test]
fn a_request_that_never_comes_is_cut_off() {
    let server = Server::with(&["--shutdown-grace", "0"]);
    let mut connection = server.connect();
    connection.send(Request::call(LIST, "{}").header("Expect", "100-continue").head().as_bytes());
    assert_eq!(connection.read().expect("leave").status, 100);
    server.signal("TERM");
    assert_eq!(connection.read(), None);
    assert!(server.end().success());
}

#[cfg(unix)]
#[test]
fn each_request_is_a_line_of_the_access_log() {
    let folder = Folder::of("access-log");
    let file = folder.path("access.log");
    let server = Server::with(&["--access-log", &file]);
    let mut connection = server.connect();
    let answers = [
        Request::call(LIST, "{}"),
        Request::call("DynamoDB_20120810.GetItem", "{}"),
        Request::of("GET /nowhere").header("Host", "evil.example"),
    ]
    .map(|request| connection.ask(&request));
    server.signal("TERM");
    assert!(server.end().success());
    let text = std::fs::read_to_string(&file).expect("a file");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), answers.len());
    for (line, answer) in lines.iter().zip(&answers) {
        assert_eq!(line["requestId"].as_str(), answer.header("x-amzn-requestid"));
        assert_eq!(
            (&line["status"], &line["answerBytes"]),
            (&answer.status.into(), &answer.body.len().into())
        );
        assert!(line["time"].is_u64() && line["microseconds"].is_u64(), "{line}");
    }
    assert_eq!((&lines[0]["target"], &lines[0]["requestBytes"]), (&LIST.into(), &2.into()));
    assert_eq!((lines[0].get("error"), &lines[1]["error"]), (None, &"ValidationException".into()));
    assert_eq!((&lines[2]["path"], &lines[2]["host"]), (&"/nowhere".into(), &"evil.example".into()));
    let (code, _, stderr) = run(&["serve", "--memory", "--port", "0", "--access-log", "/no/such/folder/log"]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("access log"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_it_at_once() {
    let server = Server::with(&["--shutdown-grace", FOREVER]);
    let mut connection = server.connect();
    connection.send(Request::call(LIST, "{}").header("Expect", "100-continue").head().as_bytes());
    assert_eq!(connection.read().expect("leave").status, 100);
    server.signal("TERM");
    server.wait_until_deaf();
    server.signal("TERM");
    assert_eq!(connection.read(), None);
    assert!(server.end().success());
}
