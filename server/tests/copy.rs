//! `streamtable copy`: tables from one database into another, over whatever doors.

mod support;

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};
use support::{Folder, Request, Server, program};

/// Keys, both kinds of indexes, time to live, a stream, tags, capacity.
fn definition(name: &str, with_stream: bool) -> Value {
    let mut made = json!({
        "TableName": name,
        "AttributeDefinitions": [
            {"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"},
            {"AttributeName": "group", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        "BillingMode": "PROVISIONED",
        "ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 8},
        "LocalSecondaryIndexes": [{
            "IndexName": "local", "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "group", "KeyType": "RANGE"}]}],
        "GlobalSecondaryIndexes": [{
            "IndexName": "global", "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["text"]},
            "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}}],
        "Tags": [{"Key": "team", "Value": "orders"}],
    });
    if with_stream {
        made["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"});
    }
    made
}

fn call(server: &Server, operation: &str, body: &Value) -> Value {
    let answer = server.ask(&Request::call(&format!("DynamoDB_20120810.{operation}"), &body.to_string()));
    let told: Value = serde_json::from_str(answer.text()).expect("JSON");
    assert!(told.get("__type").is_none(), "{operation}: {told}");
    told
}

fn put(server: &Server, table: &str, number: usize, text: &str) {
    let item = json!({
        "id": {"S": format!("{}", number % 10)}, "at": {"N": number.to_string()}, "group": {"S": "g"},
        "text": {"S": text}, "raw": {"B": "AP8="}, "set": {"NS": ["1", "2.5"]}});
    call(server, "PutItem", &json!({"TableName": table, "Item": item}));
}

fn items(server: &Server, table: &str, index: Option<&str>) -> Value {
    let mut told = call(server, "Scan", &json!({"TableName": table, "IndexName": index}));
    told["Items"].take()
}

fn copy(arguments: &[&str]) -> (bool, String) {
    let output = program().arg("copy").args(arguments).output().expect("it runs");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn url(server: &Server) -> String {
    format!("http://{}", server.address)
}

#[test]
fn a_table_is_copied_with_all_that_it_is() {
    let (from, to) = (Server::start(), Server::start());
    call(&from, "CreateTable", &definition("Orders", true));
    let expiry = json!({"TableName": "Orders", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "until"}});
    call(&from, "UpdateTimeToLive", &expiry);
    (0..300).for_each(|number| put(&from, "Orders", number, "first"));
    let (is_done, told) = copy(&[&url(&from), &url(&to), "--segments", "3"]);
    assert!(is_done, "{told}");
    assert!(told.contains("Orders: 300 items copied") && told.contains("on both sides"), "{told}");
    for index in [None, Some("local"), Some("global")] {
        assert_eq!(items(&from, "Orders", index), items(&to, "Orders", index), "{index:?}");
    }
    let described = |server: &Server| {
        let mut told = call(server, "DescribeTable", &json!({"TableName": "Orders"}))["Table"].take();
        for mine in ["TableId", "LatestStreamArn", "LatestStreamLabel", "CreationDateTime"] {
            told[mine].take();
        }
        let arn = json!({"ResourceArn": told["TableArn"]});
        let name = json!({"TableName": "Orders"});
        (told, call(server, "ListTagsOfResource", &arn), call(server, "DescribeTimeToLive", &name))
    };
    assert_eq!(described(&from), described(&to));
}

#[test]
fn a_copy_is_gone_on_with_and_brings_what_has_changed() {
    let (from, to) = (Server::start(), Server::start());
    let folder = Folder::of("copy");
    let state = folder.path("state.json");
    call(&from, "CreateTable", &definition("Orders", true));
    (0..50).for_each(|number| put(&from, "Orders", number, "first"));
    let arguments = [&url(&from), &url(&to), "Orders", "--state", &state];
    let (is_done, told) = copy(&arguments);
    assert!(is_done, "{told}");
    (25..75).for_each(|number| put(&from, "Orders", number, "second"));
    call(&from, "DeleteItem", &json!({"TableName": "Orders", "Key": {"id": {"S": "0"}, "at": {"N": "0"}}}));
    let (is_done, told) = copy(&arguments);
    assert!(is_done, "{told}");
    assert!(told.contains("Orders: 0 items copied, 51 changes since; 74 items"), "{told}");
    assert_eq!(items(&from, "Orders", None), items(&to, "Orders", None));
    // Without its state it is another copy, and there is a table already.
    let (is_done, told) = copy(&arguments[..3]);
    assert!(!is_done && told.contains("there is such a table"), "{told}");
}

#[test]
fn a_segment_that_was_left_is_read_from_where_it_was() {
    let (from, to) = (Server::start(), Server::start());
    let folder = Folder::of("copy-segments");
    let state = folder.path("state.json");
    for server in [&from, &to] {
        call(server, "CreateTable", &definition("Orders", false));
    }
    (0..20).for_each(|number| put(&from, "Orders", number, "text"));
    // Of the two halves one has been copied: the target has it, and the state says so.
    let half = json!({"TableName": "Orders", "Segment": 0, "TotalSegments": 2});
    let copied = call(&from, "Scan", &half)["Items"].take();
    for item in copied.as_array().expect("a list") {
        call(&to, "PutItem", &json!({"TableName": "Orders", "Item": item}));
    }
    let kept = json!({"Orders": {"segments": [null, {}], "place": null}});
    std::fs::write(&state, kept.to_string()).expect("written");
    let (is_done, told) = copy(&[&url(&from), &url(&to), "--state", &state]);
    let left = 20 - copied.as_array().map_or(0, Vec::len);
    assert!(is_done && told.contains(&format!("Orders: {left} items copied; 20 items")), "{told}");
    assert_eq!(items(&from, "Orders", None), items(&to, "Orders", None));
}

#[test]
fn a_directory_is_as_good_as_an_address() {
    let folder = Folder::of("copy-directories");
    let data = folder.path("data");
    let server = Server::at(&["--data", &data, "--clock", "manual"]);
    call(&server, "CreateTable", &definition("Orders", false));
    (0..30).for_each(|number| put(&server, "Orders", number, "text"));
    server.signal("TERM");
    assert!(server.end().success());
    let to = Server::start();
    let (is_done, told) = copy(&[&data, &url(&to)]);
    assert!(is_done && told.contains("Orders: 30 items copied"), "{told}");
    let (is_done, told) = copy(&["http://127.0.0.1:1", &url(&to)]);
    assert!(!is_done && told.contains("cannot be reached"), "{told}");
}

#[test]
fn a_copy_is_kept_up() {
    let (from, to) = (Server::start(), Server::start());
    call(&from, "CreateTable", &definition("Orders", true));
    put(&from, "Orders", 1, "first");
    let arguments = ["copy", &url(&from), &url(&to), "--follow"];
    let mut following = program().args(arguments).stderr(Stdio::piped()).spawn().expect("it runs");
    let told = BufReader::new(following.stderr.take().expect("piped")).lines();
    let is_following =
        told.map_while(Result::ok).any(|line| line.starts_with("following the changes of 1 tables"));
    assert!(is_following);
    put(&from, "Orders", 2, "second");
    // Each look is a request, so this does not spin.
    while items(&to, "Orders", None) != items(&from, "Orders", None) {
        assert!(following.try_wait().expect("a state").is_none(), "it goes on");
    }
    following.kill().expect("killed");
    following.wait().expect("it ends");
}
