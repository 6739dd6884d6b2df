//! Kinesis as its clients speak it: in CBOR.

mod support;

use serde_json::{Value, json};
use support::{Answer, Request, Server};

const CBOR: &str = "application/x-amz-cbor-1.1";

/// A value as a client writes it: maps and lists without counts, bytes for `{"bytes": …}`, moments for `{"millis": …}`.
fn written(value: &Value) -> Vec<u8> {
    let text = |text: &str| [&[0x78, text.len() as u8], text.as_bytes()].concat();
    let number = |number: u64| [&[0x1b], &number.to_be_bytes()[..]].concat();
    match value {
        Value::String(given) => text(given),
        Value::Number(given) => number(given.as_u64().expect("a whole number")),
        Value::Array(list) => {
            [&[0x9f], &list.iter().flat_map(written).collect::<Vec<u8>>()[..], &[0xff]].concat()
        }
        Value::Object(map) => match (map.get("bytes"), map.get("millis")) {
            (Some(Value::String(bytes)), _) => [&[0x58, bytes.len() as u8], bytes.as_bytes()].concat(),
            (_, Some(Value::Number(millis))) => {
                [vec![0xc1], number(millis.as_u64().expect("whole"))].concat()
            }
            _ => {
                let members = map.iter().flat_map(|(name, value)| [text(name), written(value)].concat());
                [&[0xbf], &members.collect::<Vec<u8>>()[..], &[0xff]].concat()
            }
        },
        other => panic!("{other} is in no request here"),
    }
}

fn ask(server: &Server, target: &str, body: Vec<u8>) -> Answer {
    let call = Request::call(target, "").without("Content-Type").header("Content-Type", CBOR);
    let answer = server.ask(&call.body(body));
    answer.check_frame();
    answer
}

fn call(server: &Server, action: &str, input: &Value) -> Vec<u8> {
    let answer = ask(server, &format!("Kinesis_20131202.{action}"), written(input));
    assert_eq!((answer.status, answer.header("content-type")), (200, Some(CBOR)), "{answer:?}");
    answer.body
}

fn contains(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

/// The text after a name.
fn text_after(body: &[u8], name: &[u8]) -> String {
    let at = body.windows(name.len()).position(|window| window == name).expect("it is there") + name.len();
    let (begin, length) = match body[at] {
        0x78 => (at + 2, usize::from(body[at + 1])),
        0x79 => (at + 3, usize::from(u16::from_be_bytes([body[at + 1], body[at + 2]]))),
        short => (at + 1, usize::from(short - 0x60)),
    };
    String::from_utf8(body[begin..begin + length].to_vec()).expect("UTF-8")
}

#[test]
fn records_go_in_and_come_out_as_bytes() {
    let server = Server::start();
    assert_eq!(call(&server, "CreateStream", &json!({"StreamName": "feed", "ShardCount": 1})), [0xa0]);
    let description = call(&server, "DescribeStreamSummary", &json!({"StreamName": "feed"}));
    assert!(contains(&description, b"StreamCreationTimestamp\xc1\x1b"), "a moment, in milliseconds");
    let record = json!({"StreamName": "feed", "PartitionKey": "a", "Data": {"bytes": "\u{0}text"}});
    let put = call(&server, "PutRecord", &record);
    assert_eq!(text_after(&put, b"SequenceNumber").len(), 56);
    let early = json!({"StreamName": "feed", "ShardId": "shardId-000000000000", "ShardIteratorType": "AT_TIMESTAMP",
                       "Timestamp": {"millis": 1_000}});
    let iterator = text_after(&call(&server, "GetShardIterator", &early), b"ShardIterator");
    let page = call(&server, "GetRecords", &json!({ "ShardIterator": iterator }));
    assert!(contains(&page, b"\x64Data\x45\x00text"), "{page:?}");
    assert!(contains(&page, b"ApproximateArrivalTimestamp\xc1\x1b"));
    assert!(contains(&page, b"MillisBehindLatest\x00"));
}

#[test]
fn errors_are_told_in_the_same_form() {
    let server = Server::start();
    let missing = ask(&server, "Kinesis_20131202.DescribeStream", written(&json!({"StreamName": "none"})));
    assert_eq!((missing.status, missing.header("content-type")), (400, Some(CBOR)));
    assert_eq!(text_after(&missing.body, b"__type"), "ResourceNotFoundException");
    assert_eq!(text_after(&missing.body, b"message"), "Stream none under account 000000000000 not found.");
    let unsound = ask(&server, "Kinesis_20131202.DescribeStream", vec![0xbf]);
    assert!(
        unsound.status == 400 && text_after(&unsound.body, b"__type").ends_with("SerializationException")
    );
    let unknown = ask(&server, "Kinesis_20131202.SubscribeToShard", written(&json!({})));
    assert_eq!(unknown.status, 400);
    assert!(text_after(&unknown.body, b"__type").ends_with("UnknownOperationException"));
    let told = "SubscribeToShard is no operation of the data streams of this database";
    assert_eq!(text_after(&unknown.body, b"message"), told);
    let other = ask(&server, "DynamoDB_20120810.ListTables", written(&json!({})));
    assert_eq!((other.status, other.text()), (404, "<UnknownOperationException/>\n"));
}
