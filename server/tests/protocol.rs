//! The protocol, row by row of facts A1.

mod support;

use serde_json::json;
use streamtable::unstable::registry;
use support::{Answer, Request, Server};

const LIST: &str = "DynamoDB_20120810.ListTables";

/// Checks an answer that is an error in JSON, with the checksum the service was seen to send for it, if one was.
fn check_error(answer: &Answer, content_type: &str, body: &str, crc32: Option<&str>) {
    answer.check_frame();
    assert_eq!((answer.status, answer.text()), (400, body));
    assert_eq!(answer.header("content-type"), Some(content_type));
    if let Some(crc32) = crc32 {
        assert_eq!(answer.header("x-amz-crc32"), Some(crc32));
    }
}

fn check_serialization(answer: &Answer) {
    let body = r#"{"__type":"com.amazon.coral.service#SerializationException"}"#;
    check_error(answer, "application/x-amz-json-1.0", body, Some("3948637019"));
}

fn check_unknown(answer: &Answer, content_type: &str) {
    let body = r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#;
    check_error(answer, content_type, body, Some("1368724161"));
}

fn check_missing(answer: &Answer) {
    let body = r#"{"__type":"com.amazon.coral.service#MissingAuthenticationTokenException","message":"Request is missing Authentication Token"}"#;
    check_error(answer, "application/x-amz-json-1.0", body, Some("2088342776"));
}

#[test]
fn health() {
    let answer = Server::start().ask(&Request::of("GET /"));
    answer.check_frame();
    assert_eq!((answer.status, answer.text()), (200, "healthy: dynamodb.us-east-1.amazonaws.com "));
    assert_eq!(answer.header("x-amz-crc32"), Some("3128867991"));

    let answer = Server::with(&["--region", "eu-central-1"]).ask(&Request::of("GET /"));
    assert_eq!(answer.text(), "healthy: dynamodb.eu-central-1.amazonaws.com ");
}

#[test]
fn what_is_not_of_the_protocol_is_404() {
    let server = Server::start();
    let post = |content_type| Request::of("POST /").header("Content-Type", content_type).body("{}");
    let requests = [
        Request::of("PUT /"),
        Request::of("DELETE /"),
        Request::of("PATCH /"),
        Request::of("OPTIONS /"),
        Request::of("GET /index.html"),
        Request::of("PUT /").header("Content-Type", "application/x-amz-json-1.0").body("{}"),
        Request::call(LIST, "{}").without("Content-Type"),
        Request { line: "POST /elsewhere HTTP/1.1".to_owned(), ..Request::call(LIST, "{}") },
        post("application/x-amz-json-1.1"),
        post("text/plain"),
        post("whatever"),
    ];
    for request in requests {
        let answer = server.ask(&request);
        answer.check_frame();
        assert_eq!((answer.status, answer.text()), (404, "<UnknownOperationException/>\n"), "{request:?}");
        assert_eq!(answer.header("content-length"), Some("29"));
        assert_eq!(answer.header("x-amz-crc32"), Some("3552371480"));
    }
    let head = server.ask(&Request::of("HEAD /"));
    assert_eq!((head.status, head.body.len()), (404, 0));
}

#[test]
fn success_and_its_content_type() {
    let server = Server::start();
    for (sent, echoed) in [
        ("application/x-amz-json-1.0", "application/x-amz-json-1.0"),
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("APPLICATION/X-AMZ-JSON-1.0", "application/x-amz-json-1.0"),
    ] {
        let answer =
            server.ask(&Request::call(LIST, "{}").without("Content-Type").header("Content-Type", sent));
        answer.check_frame();
        assert_eq!((answer.status, answer.json()), (200, json!({"TableNames": []})));
        assert_eq!(answer.header("content-type"), Some(echoed), "{sent}");
    }
}

#[test]
fn bad_json() {
    let server = Server::start();
    for body in ["hi", "{", "{\"a\":}", "{}{}", "\u{feff}{}", "[", "nul", "{'a': 1}", "{\"Limit\": 01}"] {
        check_serialization(&server.ask(&Request::call(LIST, body)));
    }
    check_serialization(&server.ask(&Request::call(LIST, "").header("Content-Length", "0")));
    check_serialization(&server.ask(&Request::call(LIST, "").body(vec![b'"', 0xff, 0xfe, b'"'])));
}

#[test]
fn bad_json_comes_before_the_target_and_the_target_before_credentials() {
    let server = Server::start();
    let bare = |body| Request::call(LIST, body).without("X-Amz-Target").without("Authorization");
    check_serialization(&server.ask(&bare("hi")));
    check_unknown(&server.ask(&bare("{}")), "application/x-amz-json-1.0");
    let unsigned = |body| Request::call(LIST, body).without("Authorization");
    check_serialization(&server.ask(&unsigned("hi")));
    check_missing(&server.ask(&unsigned("{}")));
}

#[test]
fn missing_and_unknown_targets() {
    let server = Server::start();
    // Without a body there need be no content type; the answer has one.
    check_unknown(&server.ask(&Request::of("POST /")), "application/json");
    for target in [
        "whatever",
        "",
        "DynamoDB_20120810",
        "DynamoDB_20120810.",
        "DynamoDB_20120810.ListTable",
        "DynamoDB_20120810.listTables",
        "DynamoDB_20111205.ListTables",
        "DynamoDBStreams_20120810.ListTables",
        "DynamoDB_20120810.ListStreams",
        "DynamoDB_20120810.GetRecords",
        "DynamoDB_20120810.AdvanceClock",
        "DynamoDB_20120810.ListTables.ListTables",
        "DynamoDB_20120810.\u{e9}",
    ] {
        check_unknown(&server.ask(&Request::call(target, "{}")), "application/x-amz-json-1.0");
    }
    // Whatever else is wrong with the body.
    check_unknown(
        &server.ask(&Request::call("DynamoDB_20120810.Nothing", "[1]")),
        "application/x-amz-json-1.0",
    );
}

#[test]
fn every_operation_is_there_under_its_prefix_and_no_other() {
    let server = Server::start();
    let mut connection = server.connect();
    let prefixes =
        [registry::TABLE_TARGET, registry::STREAM_TARGET, registry::KINESIS_TARGET, registry::CONTROL_TARGET];
    for operation in registry::operations() {
        for prefix in prefixes {
            // No operation takes a list.
            let action = operation.action();
            let answer = connection.ask(&Request::call(&format!("{prefix}.{action}"), "[]"));
            let unknown = answer.text().contains("UnknownOperationException");
            let is_known =
                registry::operations().iter().any(|o| o.target_prefix == prefix && o.action() == action);
            assert_eq!(unknown, !is_known, "{prefix}.{action}: {answer:?}");
        }
    }
}

#[test]
fn credentials() {
    let server = Server::start();
    let unsigned = || Request::call(LIST, "{}").without("Authorization");
    check_missing(&server.ask(&unsigned()));
    // Their value is nobody's business.
    assert_eq!(server.ask(&unsigned().header("Authorization", "whatever")).status, 200);
    let presigned = |query: &str| Request { line: format!("POST /?{query} HTTP/1.1"), ..unsigned() };
    assert_eq!(server.ask(&presigned("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0")).status, 200);
    check_missing(&server.ask(&presigned("colour=X-Amz-red")));
}

#[test]
fn errors_of_operations_are_400_in_the_services_namespaces() {
    let server = Server::start();
    let answer = server.ask(&Request::call("DynamoDB_20120810.DescribeTable", r#"{"TableName": "Missing"}"#));
    answer.check_frame();
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        json!({
            "__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
            "message": "Requested resource not found: Table: Missing not found",
        })
    );
    let answer = server.ask(&Request::call("DynamoDB_20120810.ListTables", r#"{"Limit": 0}"#));
    assert_eq!(
        (answer.status, &answer.json()["__type"]),
        (400, &json!("com.amazon.coral.validate#ValidationException"))
    );
    let answer = server.ask(&Request::call("DynamoDB_20120810.ListTables", r#"{"Limit": "1"}"#));
    assert_eq!(
        (answer.status, &answer.json()["__type"]),
        (400, &json!("com.amazon.coral.service#SerializationException"))
    );
}

#[test]
fn the_main_job() {
    let server = Server::start();
    let mut connection = server.connect();
    let mut call = |target: &str, input: serde_json::Value| {
        let answer = connection.ask(&Request::call(target, &input.to_string()));
        answer.check_frame();
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        answer.json()
    };
    let created = call(
        "DynamoDB_20120810.CreateTable",
        json!({
            "TableName": "Music",
            "AttributeDefinitions": [{"AttributeName": "Artist", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "Artist", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        }),
    );
    let item = json!({"Artist": {"S": "Arturia \u{266b}"}, "Cover": {"B": "AAEC/w=="}});
    call("DynamoDB_20120810.PutItem", json!({"TableName": "Music", "Item": item}));
    let stream = &created["TableDescription"]["LatestStreamArn"];
    let described = call("DynamoDBStreams_20120810.DescribeStream", json!({"StreamArn": stream}));
    let iterator = call(
        "DynamoDBStreams_20120810.GetShardIterator",
        json!({
            "StreamArn": stream,
            "ShardId": described["StreamDescription"]["Shards"][0]["ShardId"],
            "ShardIteratorType": "TRIM_HORIZON",
        }),
    );
    let page = call("DynamoDBStreams_20120810.GetRecords", iterator);
    assert_eq!(page["Records"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["Records"][0]["dynamodb"]["NewImage"], item);
}

#[test]
fn the_clock_is_moved_through_the_control_prefix() {
    let server = Server::with(&["--clock", "manual", "--now", "1000"]);
    let advance = |server: &Server, by: &str| {
        server
            .ask(&Request::call("Streamtable_20261120.AdvanceClock", &format!(r#"{{"Milliseconds": {by}}}"#)))
    };
    assert_eq!(advance(&server, "86400000").json(), json!({"Now": 86_401_000}));
    assert_eq!(advance(&server, "-1").status, 400);
    let told = server.ask(&Request::call("Streamtable_20261120.DescribeClock", "{}"));
    assert_eq!(told.json(), json!({"Now": 86_401_000, "Mode": "manual"}));

    let refused = advance(&Server::with(&[]), "1");
    assert_eq!(
        (refused.status, &refused.json()["__type"]),
        (400, &json!("com.amazon.coral.validate#ValidationException"))
    );
}

#[test]
fn options_reach_the_database() {
    let server = Server::with(&[
        "--clock",
        "manual",
        "--seed",
        "9",
        "--region",
        "eu-west-1",
        "--account",
        "123456789012",
        "--partitions",
        "3",
        "--control-plane-delay",
        "1000",
        "--shard-rollover",
        "0",
    ]);
    let created = server.ask(&Request::call(
        "DynamoDB_20120810.CreateTable",
        &json!({
            "TableName": "Music",
            "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
        })
        .to_string(),
    ));
    let table = &created.json()["TableDescription"];
    assert_eq!(table["TableArn"], "arn:aws:dynamodb:eu-west-1:123456789012:table/Music");
    let describe = || {
        let answer =
            server.ask(&Request::call("DynamoDB_20120810.DescribeTable", r#"{"TableName": "Music"}"#));
        answer.json()["Table"]["TableStatus"].clone()
    };
    assert_eq!(describe(), "CREATING");
    // A day, in which an open shard would have been replaced.
    server.ask(&Request::call("Streamtable_20261120.AdvanceClock", r#"{"Milliseconds": 86400000}"#));
    assert_eq!(describe(), "ACTIVE");
    let stream = json!({"StreamArn": table["LatestStreamArn"]}).to_string();
    let described = server.ask(&Request::call("DynamoDBStreams_20120810.DescribeStream", &stream)).json();
    assert_eq!(described["StreamDescription"]["Shards"].as_array().map(Vec::len), Some(3), "{described}");
}

#[test]
fn the_seed_makes_answers_repeatable() {
    let ask = || Server::start().ask(&Request::call(LIST, "{}")).headers["x-amzn-requestid"].clone();
    assert_eq!(ask(), ask());
}
