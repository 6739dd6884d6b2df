//! What clients may take of the server, and what a slow or hostile one takes from others: nothing.

mod support;

use serde_json::json;
use support::{Connection, Request, Server};

const LIST: &str = "DynamoDB_20120810.ListTables";
/// So long that a test that waited for it would be noticed.
const FOREVER: &str = "86400000";
const MIB: usize = 1024 * 1024;

fn call(connection: &mut Connection, operation: &str, body: &serde_json::Value) {
    let answer = connection.ask(&Request::call(&format!("DynamoDB_20120810.{operation}"), &body.to_string()));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn scan() -> Request {
    Request::call("DynamoDB_20120810.Scan", r#"{"TableName": "Large"}"#)
}

/// A server with a table whose Scan answers nearly 1 MB.
fn with_large_answers(arguments: &[&str]) -> Server {
    let server = Server::with(arguments);
    let mut client = server.connect();
    let table = json!({
        "TableName": "Large", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    });
    call(&mut client, "CreateTable", &table);
    call(&mut client, "DescribeTable", &json!({"TableName": "Large"}));
    for key in ["a", "b", "c"] {
        let text = "x".repeat(340_000);
        call(
            &mut client,
            "PutItem",
            &json!({"TableName": "Large", "Item": {"k": {"S": key}, "x": {"S": text}}}),
        );
    }
    server
}

/// A client that asks for more than the system keeps for it, and takes nothing.
fn who_takes_nothing(server: &Server) -> Connection {
    let mut client = server.connect();
    client.send(&scan().bytes().repeat(40));
    client
}

#[test]
fn idle_connections_make_room_for_new_ones() {
    let server = Server::with(&["--connections", "2", "--evict-after", "0"]);
    let mut idle = [server.connect(), server.connect()];
    assert_eq!(idle[1].ask(&Request::of("GET /")).status, 200);
    for _ in 0..5 {
        assert_eq!(server.ask(&Request::of("GET /")).status, 200);
    }
    // Whose turn it was is for the unit tests.
    assert!(idle.iter_mut().any(|connection| connection.read().is_none()));
}

#[test]
fn those_who_take_no_answers_lock_nobody_out() {
    let server =
        with_large_answers(&["--connections", "4", "--evict-after", "0", "--answer-timeout", FOREVER]);
    let stuck: Vec<Connection> = (0..8).map(|_| who_takes_nothing(&server)).collect();
    assert_eq!(server.ask(&scan()).body.len() / MIB, 0);
    assert_eq!(server.ask(&Request::of("GET /")).status, 200);
    drop(stuck);
}

#[test]
fn an_answer_that_is_not_taken_is_given_up() {
    let server =
        with_large_answers(&["--connections", "1", "--evict-after", FOREVER, "--answer-timeout", "50"]);
    let stuck = who_takes_nothing(&server);
    // There is no other place: this is answered when that one was given up.
    assert_eq!(server.ask(&Request::of("GET /")).status, 200);
    drop(stuck);
}

#[test]
fn slow_heads_and_bodies_are_given_up() {
    let server = Server::with(&["--head-timeout", "50", "--body-timeout", "50"]);
    let mut silent = server.connect();
    let mut slow = server.connect();
    slow.send(b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-");
    assert_eq!((silent.read(), slow.read()), (None, None));
    let mut broken_off = server.connect();
    broken_off.send(Request::call(LIST, "").header("Content-Length", "100").head().as_bytes());
    broken_off.send(b"{");
    let answer = broken_off.read().expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (408, Some("close")));
    answer.check_frame();
}

#[test]
fn bodies_that_do_not_come_make_room_for_those_that_do() {
    let smallest = (32 * MIB).to_string();
    let server = Server::with(&["--in-flight", &smallest, "--evict-after", "0", "--body-timeout", FOREVER]);
    let head = |bytes: usize| Request::call(LIST, "").header("Content-Length", &bytes.to_string()).head();
    let mut halves: Vec<Connection> = (0..4).map(|_| server.connect()).collect();
    for half in &mut halves {
        half.send(head(16 * MIB).as_bytes());
        // Who was sent away already need not be told more.
        let _: std::io::Result<()> = half.send_if_wanted(&vec![b' '; MIB]);
    }
    let mut body = vec![b' '; 2 * MIB];
    body.extend_from_slice(b"{}");
    assert_eq!(server.ask(&Request::call(LIST, "").body(body)).status, 200);
    // One that does not tell its length takes room as it comes.
    let mut chunked = server.connect();
    chunked.send(Request::call(LIST, "").header("Transfer-Encoding", "chunked").head().as_bytes());
    let mut chunk = format!("{MIB:x}\r\n").into_bytes();
    chunk.resize(chunk.len() + MIB, b' ');
    chunk.extend_from_slice(b"\r\n");
    (0..8).for_each(|_| chunked.send(&chunk));
    chunked.send(b"2\r\n{}\r\n0\r\n\r\n");
    assert_eq!(chunked.read().expect("an answer").status, 200);
    assert!(halves.iter_mut().all(|half| half.read().is_none()));
}

#[test]
fn heads_over_16_kb_are_refused_with_400() {
    let server = Server::start();
    let head = |line: &str, headers: &str| {
        format!("{line} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").into_bytes()
    };
    let filler = |bytes: usize| format!("X-Filler: {}\r\n", "a".repeat(bytes));
    let fits = head("GET /", &filler(16 * 1024 - 60));
    assert!(fits.len() < 16 * 1024 && fits.len() > 16_300);
    let mut connection = server.connect();
    connection.send(&fits);
    assert_eq!(connection.read().expect("an answer").status, 200);
    for refused in [
        head("GET /", &filler(16 * 1024)),
        head("GET /", &filler(200 * 1024)),
        head("GET /", &"A: b\r\n".repeat(4_000)),
        head("GET /", &"A: b\r\n".repeat(101)),
        head(&format!("GET /{}", "a".repeat(20_000)), ""),
        head(&format!("GET /{}", "a".repeat(200_000)), ""),
        head("GET  /", ""),
    ] {
        let mut connection = server.connect();
        connection.send(&refused);
        let answer = connection.read().expect("an answer");
        answer.check_frame();
        assert_eq!((answer.status, answer.text()), (400, ""), "{}", refused.len());
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(connection.read(), None);
    }
}

#[test]
fn a_client_that_has_said_all_still_gets_its_answer() {
    let server = Server::start();
    let mut connection = server.connect();
    connection.send(&Request::call(LIST, "{}").bytes());
    connection.say_no_more();
    assert_eq!(connection.read().expect("an answer").json(), json!({"TableNames": []}));
    assert_eq!(connection.read(), None);
}

/// A server that moves its clock through more time than it gets through while a test runs.
#[cfg(unix)]
fn with_endless_work(arguments: &[&str]) -> (Server, Connection) {
    const START: u64 = 1_767_225_600_000;
    let server = Server::with(
        &[&["--clock", "manual", "--partitions", "16", "--shard-rollover-jitter", "60000"], arguments]
            .concat(),
    );
    let mut client = server.connect();
    let table = json!({
        "TableName": "Streamed", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
    });
    call(&mut client, "CreateTable", &table);
    let mut endless = server.connect();
    endless.send(
        &Request::call("Streamtable_20261120.AdvanceClock", r#"{"Milliseconds": 3155760000000}"#).bytes(),
    );
    let clock = Request::call("Streamtable_20261120.DescribeClock", "{}");
    while client.ask(&clock).json()["Now"].as_u64().expect("a time") < START + 1_000_000_000 {}
    (server, endless)
}

#[cfg(unix)]
#[test]
fn long_work_holds_up_neither_others_nor_the_end() {
    let (server, endless) = with_endless_work(&["--shutdown-grace", "0"]);
    assert_eq!(server.ask(&Request::of("GET /")).status, 200);
    server.signal("TERM");
    assert_eq!(server.end().code(), Some(1), "it says that the database was not closed in order");
    drop(endless);
}
