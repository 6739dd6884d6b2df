//! Packed requests and answers (facts A1).

mod support;

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::json;
use support::{Answer, Connection, Request, Server};

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("memory");
    encoder.finish().expect("memory")
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("memory");
    encoder.finish().expect("memory")
}

fn packed(operation: &str, coding: &str, body: Vec<u8>) -> Request {
    Request::call(&format!("DynamoDB_20120810.{operation}"), "").header("Content-Encoding", coding).body(body)
}

/// A server with a table, and a connection to it.
fn with_table() -> (Server, Connection) {
    let server = Server::start();
    let mut client = server.connect();
    let table = json!({
        "TableName": "tab", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}],
    });
    assert_eq!(client.ask(&Request::call("DynamoDB_20120810.CreateTable", &table.to_string())).status, 200);
    client.ask(&Request::call("DynamoDB_20120810.DescribeTable", r#"{"TableName": "tab"}"#));
    (server, client)
}

fn get(client: &mut Connection, accept: Option<&str>) -> Answer {
    let request = Request::call("DynamoDB_20120810.GetItem", r#"{"TableName":"tab","Key":{"p":{"S":"1"}}}"#);
    let request = match accept {
        Some(codings) => request.header("Accept-Encoding", codings),
        None => request,
    };
    let answer = client.ask(&request);
    answer.check_frame();
    answer
}

fn put(text: &str) -> Vec<u8> {
    json!({"TableName": "tab", "Item": {"p": {"S": "1"}, "x": {"S": text}}}).to_string().into_bytes()
}

#[test]
fn a_packed_request_is_one() {
    let (_server, mut client) = with_table();
    for (coding, body) in [
        ("gzip", gzip(&put("1"))),
        ("GZIP", gzip(&put("2"))),
        ("deflate", deflate(&put("3"))),
        ("identity", put("4")),
        ("gzip", [gzip(&put("5")[..10]), gzip(&put("5")[10..])].concat()),
        ("gzip", [gzip(&put("6")), b"junk".to_vec()].concat()),
    ] {
        let answer = client.ask(&packed("PutItem", coding, body));
        assert_eq!((answer.status, answer.text()), (200, "{}"), "{coding}");
    }
    assert_eq!(get(&mut client, None).json()["Item"]["x"], json!({"S": "6"}));
}

#[test]
fn what_cannot_be_unpacked_is_an_error_of_the_server() {
    let (_server, mut client) = with_table();
    let cut = |packed: Vec<u8>| packed[..packed.len() - 1].to_vec();
    for (coding, body) in [
        ("garbage", put("1")),
        ("gzip", put("1")),
        ("gzip", cut(gzip(&put("1")))),
        ("gzip", Vec::new()),
        ("deflate", put("1")),
        ("deflate", cut(deflate(&put("1")))),
        ("deflate", gzip(&put("1"))),
    ] {
        let answer = client.ask(&packed("PutItem", coding, body));
        answer.check_frame();
        assert_eq!(answer.status, 500, "{coding}");
        assert!(answer.json()["__type"].as_str().expect("a type").ends_with("#InternalServerError"));
    }
    assert_eq!(get(&mut client, None).text(), "{}", "nothing was put");
}

#[test]
fn a_request_that_is_too_large_unpacked_is_refused() {
    const LIMIT: usize = 16 * 1024 * 1024;
    let (server, mut client) = with_table();
    let mut body = put("1");
    body.resize(LIMIT, b' ');
    assert_eq!(client.ask(&packed("PutItem", "gzip", gzip(&body))).status, 200);
    body.push(b' ');
    let answer = client.ask(&packed("PutItem", "gzip", gzip(&body)));
    assert_eq!((answer.status, answer.body.len()), (413, 0));
    // A bomb: a thousand times as large as it looks.
    let bomb = gzip(&vec![b' '; 8 * LIMIT]);
    assert!(bomb.len() < LIMIT / 100);
    assert_eq!(server.ask(&packed("PutItem", "gzip", bomb.clone())).status, 413);
    // Each part is small enough, all of them are not.
    assert_eq!(server.ask(&packed("PutItem", "gzip", gzip(&body[..LIMIT / 2 + 1]).repeat(2))).status, 413);
    assert_eq!(server.ask(&packed("PutItem", "deflate", deflate(&body))).status, 413);
}

#[test]
fn large_answers_are_packed_for_those_who_ask() {
    let (_server, mut client) = with_table();
    // With what stands around the text, the answer has 4,096 bytes.
    let around = r#"{"Item":{"p":{"S":"1"},"x":{"S":""}}}"#.len();
    let text = "x".repeat(4096 - around);
    assert_eq!(client.ask(&packed("PutItem", "gzip", gzip(&put(&text)))).status, 200);
    let plain = get(&mut client, None);
    assert_eq!((plain.body.len(), plain.header("content-encoding")), (4096, None));
    assert_eq!(get(&mut client, Some("br, identity")).header("content-encoding"), None);

    let answer = get(&mut client, Some("gzip"));
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert!(answer.body.len() * 30 < plain.body.len());
    let mut body = Vec::new();
    GzDecoder::new(&answer.body[..]).read_to_end(&mut body).expect("gzip");
    assert_eq!(body, plain.body);

    let answer = get(&mut client, Some("deflate, gzip;q=0.5"));
    assert_eq!(answer.header("content-encoding"), Some("deflate"));
    let mut body = Vec::new();
    ZlibDecoder::new(&answer.body[..]).read_to_end(&mut body).expect("deflate");
    assert_eq!(body, plain.body);

    client.ask(&Request::call(
        "DynamoDB_20120810.PutItem",
        std::str::from_utf8(&put(&text[1..])).expect("JSON"),
    ));
    assert_eq!(
        get(&mut client, Some("gzip")).header("content-encoding"),
        None,
        "a byte less is sent as it is"
    );
}
