//! Connections: kept alive, cut off, broken, and many.

mod support;

use std::thread;

use serde_json::json;
use support::{Request, Server};

const LIST: &str = "DynamoDB_20120810.ListTables";
const LIMIT: usize = 16 * 1024 * 1024;

#[test]
fn a_connection_is_kept_alive() {
    let server = Server::start();
    let mut connection = server.connect();
    let mut ids = Vec::new();
    for i in 0..100 {
        // What is refused keeps the connection, too.
        let request = match i % 4 {
            0 => Request::of("GET /"),
            1 => Request::of("PUT /").body("something"),
            2 => Request::call(LIST, "no JSON"),
            _ => Request::call(LIST, "{}"),
        };
        let answer = connection.ask(&request);
        assert_eq!(answer.status, [200, 404, 400, 200][i % 4]);
        ids.push(answer.headers["x-amzn-requestid"].clone());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 100);
}

#[test]
fn requests_sent_ahead_are_answered_in_order() {
    let server = Server::start();
    let mut connection = server.connect();
    let ahead = [Request::of("GET /"), Request::call(LIST, "{}"), Request::of("DELETE /")];
    connection.send(&ahead.map(|request| request.bytes()).concat());
    assert_eq!([200, 200, 404].map(|_| connection.read().expect("an answer").status), [200, 200, 404]);
}

#[test]
fn a_client_may_end_the_connection() {
    let server = Server::start();
    let mut connection = server.connect();
    let answer = connection.ask(&Request::call(LIST, "{}").header("Connection", "close"));
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert_eq!(connection.read(), None);
}

#[test]
fn a_body_in_chunks() {
    let server = Server::start();
    let request = Request::call(LIST, "").header("Transfer-Encoding", "chunked");
    let mut connection = server.connect();
    connection.send(request.head().as_bytes());
    connection.send(b"1\r\n{\r\n");
    connection.send(b"c\r\n\"Limit\": 100\r\n1\r\n}\r\n0\r\n\r\n");
    assert_eq!(connection.read().expect("an answer").json(), json!({"TableNames": []}));
}

#[test]
fn a_client_that_waits_for_leave_gets_it() {
    let server = Server::start();
    let mut connection = server.connect();
    let request = Request::call(LIST, "{}").header("Expect", "100-continue");
    connection.send(request.head().as_bytes());
    assert_eq!(connection.read().expect("leave").status, 100);
    connection.send(&request.body);
    assert_eq!(connection.read().expect("an answer").status, 200);
}

/// Spaces and an empty object: valid JSON of any length.
fn padded(length: usize) -> Vec<u8> {
    let mut body = vec![b' '; length - 2];
    body.extend_from_slice(b"{}");
    body
}

#[test]
fn a_body_of_16_mib_is_accepted() {
    let server = Server::start();
    let answer = server.ask(&Request::call(LIST, "").body(padded(LIMIT)));
    assert_eq!((answer.status, answer.json()), (200, json!({"TableNames": []})));
}

#[test]
fn a_body_of_a_byte_more_is_not() {
    let server = Server::start();
    let mut connection = server.connect();
    let answer = connection.ask(&Request::call(LIST, "").body(padded(LIMIT + 1)));
    answer.check_frame();
    assert_eq!((answer.status, answer.body.len()), (413, 0));
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(connection.read(), None);
}

#[test]
fn nor_is_one_that_does_not_tell_its_length() {
    let server = Server::start();
    let mut connection = server.connect();
    connection.send(Request::call(LIST, "").header("Transfer-Encoding", "chunked").head().as_bytes());
    let mut chunk = format!("{:x}\r\n", 1024 * 1024).into_bytes();
    chunk.resize(chunk.len() + 1024 * 1024, b' ');
    chunk.extend_from_slice(b"\r\n");
    for _ in 0..17 {
        connection.send(&chunk);
    }
    connection.send(b"0\r\n\r\n");
    assert_eq!(connection.read().expect("an answer").status, 413);
}

#[test]
fn a_length_beyond_the_limit_is_refused_at_once() {
    let server = Server::start();
    for waits in [false, true] {
        let mut request = Request::call(LIST, "").header("Content-Length", "1000000000000000");
        if waits {
            request = request.header("Expect", "100-continue");
        }
        let mut connection = server.connect();
        // Not a byte of the body.
        connection.send(request.head().as_bytes());
        assert_eq!(connection.read().expect("an answer").status, 413);
    }
}

#[test]
fn a_client_that_never_stops_is_cut_off() {
    let server = Server::start();
    let mut connection = server.connect();
    connection.send(Request::call(LIST, "").header("Transfer-Encoding", "chunked").head().as_bytes());
    let mut chunk = format!("{:x}\r\n", 1024 * 1024).into_bytes();
    chunk.resize(chunk.len() + 1024 * 1024, b' ');
    chunk.extend_from_slice(b"\r\n");
    let cut = (0..10_000).find(|_| connection.send_if_wanted(&chunk).is_err());
    assert!(cut.is_some(), "ten gigabytes were read");
    assert_eq!(server.ask(&Request::of("GET /")).status, 200);
}

#[test]
fn garbage_is_refused_and_harms_nobody() {
    let server = Server::start();
    let long = [b"GET / HTTP/1.1\r\nX: ".as_slice(), &[b'a'; 200 * 1024], b"\r\n\r\n"].concat();
    let many = [b"GET / HTTP/1.1\r\n".as_slice(), &b"A: b\r\n".repeat(5_000), b"\r\n"].concat();
    let garbage: [&[u8]; 14] = [
        b"garbage\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS greeting",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/3.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\n: no name\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: sideways\r\n\r\n",
        &long,
        &many,
    ];
    for bytes in garbage {
        let mut connection = server.connect();
        // The server may hang up before all of it is sent.
        let _ = connection.send_if_wanted(bytes);
        if let Some(answer) = connection.read() {
            assert!(
                (400..500).contains(&answer.status),
                "{answer:?} to {:?}",
                String::from_utf8_lossy(bytes)
            );
            assert_eq!(
                connection.read(),
                None,
                "the connection goes on after {:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
    assert_eq!(server.ask(&Request::of("GET /")).status, 200);
}

#[test]
fn a_body_that_breaks_off_is_not_carried_out() {
    let server = Server::start();
    let create = json!({
        "TableName": "Music",
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    });
    let request = Request::call("DynamoDB_20120810.CreateTable", &create.to_string());
    let mut short = server.connect();
    // All of the input, but a byte less than was told.
    short.send(
        request.clone().header("Content-Length", &(request.body.len() + 1).to_string()).head().as_bytes(),
    );
    short.send(&request.body);
    drop(short);
    let mut broken = server.connect();
    broken.send(request.clone().header("Transfer-Encoding", "chunked").head().as_bytes());
    broken.send(format!("{:x}\r\n{create}\r\nnot a size\r\n", request.body.len()).as_bytes());
    let refused = broken.read();
    assert!(refused.as_ref().is_none_or(|answer| answer.status == 400), "{refused:?}");
    assert_eq!(server.ask(&Request::call(LIST, "{}")).json(), json!({"TableNames": []}));
}

#[test]
fn many_clients_at_once() {
    const CLIENTS: usize = 8;
    const CALLS: usize = 50;
    let server = Server::start();
    let create = json!({
        "TableName": "Shared",
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    });
    server.ask(&Request::call("DynamoDB_20120810.CreateTable", &create.to_string()));
    server.ask(&Request::call("DynamoDB_20120810.DescribeTable", r#"{"TableName": "Shared"}"#));
    let add = Request::call(
        "DynamoDB_20120810.UpdateItem",
        &json!({
            "TableName": "Shared", "Key": {"k": {"S": "counter"}},
            "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}},
        })
        .to_string(),
    );
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut connection = server.connect();
                for _ in 0..CALLS {
                    assert_eq!(connection.ask(&add).status, 200);
                }
            });
        }
    });
    let get = json!({"TableName": "Shared", "Key": {"k": {"S": "counter"}}}).to_string();
    let item = server.ask(&Request::call("DynamoDB_20120810.GetItem", &get)).json();
    assert_eq!(item["Item"]["n"]["N"], (CLIENTS * CALLS).to_string());
}
