//! Kinesis data streams: what tables deliver, byte for byte; forks; memory given back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{create_table, options};
use crate::database::Database;
use crate::inspection::verify;
use crate::store::{Batch, Scratch};

const ARN: &str = "arn:aws:kinesis:us-east-1:000000000000:stream/feed";

fn call(db: &Database, operation: &str, input: &Value) -> Value {
    let answer = db.call_json(operation, input.to_string().as_bytes()).expect(operation);
    serde_json::from_slice(&answer).expect("JSON")
}

/// A database with a table that delivers to a data stream of one shard.
fn delivering(configuration: &Value) -> Database {
    let db = Database::memory(options(2)).expect("a database");
    create_table(&db, "Orders");
    call(&db, "KinesisCreateStream", &json!({"StreamName": "feed", "ShardCount": 1}));
    let enable = json!({
        "TableName": "Orders", "StreamArn": ARN, "EnableKinesisStreamingConfiguration": configuration,
    });
    call(&db, "EnableKinesisStreamingDestination", &enable);
    db
}

fn put(db: &Database, item: &Value) {
    call(db, "PutItem", &json!({"TableName": "Orders", "Item": item}));
}

/// The records of the data stream, oldest first.
fn records(db: &Database) -> Vec<Value> {
    let from = json!({"StreamName": "feed", "ShardId": "0", "ShardIteratorType": "TRIM_HORIZON"});
    let iterator = call(db, "KinesisGetShardIterator", &from);
    let page = call(db, "KinesisGetRecords", &json!({"ShardIterator": iterator["ShardIterator"]}));
    page["Records"].as_array().expect("a list").clone()
}

fn data(record: &Value) -> String {
    let data = STANDARD.decode(record["Data"].as_str().expect("text")).expect("base64");
    String::from_utf8(data).expect("JSON is text")
}

/// With the identity left out, whose form alone is told.
fn event(record: &Value) -> Value {
    let mut event: Value = serde_json::from_str(&data(record)).expect("JSON");
    let id = event["eventID"].take();
    let id = id.as_str().expect("text");
    assert_eq!((id.len(), id.matches('-').count()), (36, 4), "{id}");
    event
}

#[test]
fn a_change_is_delivered_in_the_service_s_form() {
    let db = delivering(&json!({}));
    put(&db, &json!({"id": {"S": "a"}, "v": {"B": "AQI="}}));
    call(&db, "AdvanceClock", &json!({"Milliseconds": 1234}));
    put(&db, &json!({"id": {"S": "a"}}));
    call(&db, "DeleteItem", &json!({"TableName": "Orders", "Key": {"id": {"S": "a"}}}));
    let records = records(&db);
    let head = r#"{"awsRegion":"us-east-1","eventID":""#;
    assert!(data(&records[0]).starts_with(head), "the members are in the service's order");
    let expected = |name: &str, at: u64, size: u64, images: Value| {
        let mut change =
            json!({"ApproximateCreationDateTime": at, "Keys": {"id": {"S": "a"}}, "SizeBytes": size});
        change.as_object_mut().expect("an object").extend(images.as_object().expect("an object").clone());
        json!({
            "awsRegion": "us-east-1", "eventID": null, "eventName": name, "userIdentity": null,
            "recordFormat": "application/json", "tableName": "Orders", "dynamodb": change, "eventSource": "aws:dynamodb",
        })
    };
    let (long, short) = (json!({"id": {"S": "a"}, "v": {"B": "AQI="}}), json!({"id": {"S": "a"}}));
    let start = 1_767_225_600_000;
    assert_eq!(event(&records[0]), expected("INSERT", start, 9, json!({"NewImage": long})));
    let changed = json!({"NewImage": short, "OldImage": long});
    assert_eq!(event(&records[1]), expected("MODIFY", start + 1234, 12, changed));
    assert_eq!(event(&records[2]), expected("REMOVE", start + 1234, 6, json!({"OldImage": short})));
    let keys: Vec<&Value> = records.iter().map(|record| &record["PartitionKey"]).collect();
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "one key for one item");
    let ids: Vec<String> = records.iter().map(|record| data(record)[head.len()..][..36].to_owned()).collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2]);
}

#[test]
fn a_precision_changes_the_unit_and_says_so() {
    let db = delivering(&json!({"ApproximateCreationDateTimePrecision": "MICROSECOND"}));
    put(&db, &json!({"id": {"S": "a"}}));
    let change = event(&records(&db)[0])["dynamodb"].clone();
    assert_eq!(change["ApproximateCreationDateTime"], json!(1_767_225_600_000_000_u64));
    assert_eq!(change["ApproximateCreationDateTimePrecision"], json!("MICROSECOND"));
}

#[test]
fn what_expires_is_the_service_s_doing() {
    let db = delivering(&json!({}));
    let ttl = json!({"Enabled": true, "AttributeName": "t"});
    call(&db, "UpdateTimeToLive", &json!({"TableName": "Orders", "TimeToLiveSpecification": ttl}));
    put(&db, &json!({"id": {"S": "a"}, "t": {"N": "1767225610"}}));
    call(&db, "AdvanceClock", &json!({"Milliseconds": 600_000}));
    let removal = event(&records(&db)[1]);
    assert_eq!(removal["eventName"], json!("REMOVE"));
    let service = json!({"type": "Service", "principalId": "dynamodb.amazonaws.com"});
    assert_eq!(removal["userIdentity"], service);
}

/// 1 MiB of data is the limit; a change whose two images are longer in JSON is left out, and its write happens.
#[test]
fn a_change_that_is_too_large_is_left_out() {
    let db = delivering(&json!({}));
    let large = |letter: &str| json!({"id": {"S": "a"}, "v": {"B": STANDARD.encode(letter.repeat(409_000))}});
    put(&db, &large("a"));
    put(&db, &large("b"));
    put(&db, &json!({"id": {"S": "a"}}));
    let events: Vec<Value> = records(&db).iter().map(event).collect();
    let names: Vec<&Value> = events.iter().map(|event| &event["eventName"]).collect();
    assert_eq!(names, [&json!("INSERT"), &json!("MODIFY")]);
    assert_eq!(events[1]["dynamodb"]["NewImage"], json!({"id": {"S": "a"}}), "the last of the three writes");
}

#[test]
fn forks_go_their_own_way() {
    let db = delivering(&json!({}));
    put(&db, &json!({"id": {"S": "a"}}));
    let fork = db.fork().expect("in memory");
    put(&fork, &json!({"id": {"S": "b"}}));
    put(&fork, &json!({"id": {"S": "c"}}));
    assert_eq!((records(&db).len(), records(&fork).len()), (1, 3));
    call(&db, "KinesisDeleteStream", &json!({"StreamName": "feed"}));
    let left = call(&fork, "KinesisDescribeStreamSummary", &json!({"StreamName": "feed"}));
    assert_eq!(left["StreamDescriptionSummary"]["StreamStatus"], json!("ACTIVE"));
}

#[test]
fn records_that_are_too_old_are_given_back() {
    let db = delivering(&json!({}));
    for i in 0..10 {
        put(&db, &json!({"id": {"S": i.to_string()}}));
    }
    let kept = |db: &Database| {
        let stream = db.engine().data_streams.holder("feed").expect("there");
        let log = stream.state.lock().shards[&0].log;
        db.engine().store.bounds(log, 0).expect("memory").value.oldest_at.is_some()
    };
    let pass = |hours: u64| {
        call(&db, "AdvanceClock", &json!({"Milliseconds": hours * 3_600_000}));
        call(&db, "Maintain", &json!({}));
    };
    pass(23);
    assert!(kept(&db) && records(&db).len() == 10);
    pass(1);
    assert!(!kept(&db) && records(&db).is_empty());
    put(&db, &json!({"id": {"S": "new"}}));
    assert_eq!(records(&db).len(), 1);
    let hours = json!({"StreamName": "feed", "RetentionPeriodHours": 48});
    call(&db, "KinesisIncreaseStreamRetentionPeriod", &hours);
    pass(24);
    assert_eq!(records(&db).len(), 1, "kept for longer than the table's own");
    pass(24);
    assert!(!kept(&db) && records(&db).is_empty());
}

/// What a check finds wrong with a database in a directory, on which something was done, and the records it saw.
fn checked(work: &dyn Fn(&Database)) -> (Vec<String>, u64) {
    let scratch = Scratch::new("data-streams");
    let path = scratch.path().join("data");
    let db = Database::open(&path, options(2)).expect("a new database");
    create_table(&db, "Orders");
    call(&db, "KinesisCreateStream", &json!({"StreamName": "feed", "ShardCount": 2}));
    call(&db, "EnableKinesisStreamingDestination", &json!({"TableName": "Orders", "StreamArn": ARN}));
    for i in 0..20 {
        put(&db, &json!({"id": {"S": i.to_string()}}));
    }
    call(&db, "AdvanceClock", &json!({"Milliseconds": 5_000}));
    let split = json!({"StreamName": "feed", "ShardToSplit": "0", "NewStartingHashKey": "7"});
    call(&db, "KinesisSplitShard", &split);
    let hours = json!({"StreamName": "feed", "RetentionPeriodHours": 48});
    call(&db, "KinesisIncreaseStreamRetentionPeriod", &hours);
    work(&db);
    db.close().expect("a sound disk");
    let report = verify(&path, &mut |_| {}).expect("it can be looked at");
    (report.findings.iter().map(ToString::to_string).collect(), report.records)
}

#[test]
fn a_check_follows_data_streams() {
    // Twenty of the table's own stream and twenty of the data stream.
    assert_eq!(checked(&|_| {}), (Vec::new(), 40));
    let (found, _) = checked(&|db| {
        let stream = db.engine().data_streams.holder("feed").expect("there");
        let lost = stream.state.lock().shards[&1].removed_entry();
        db.engine().store.commit(Batch { meta: vec![lost], ..Batch::default() }).expect("a sound disk");
    });
    assert_eq!(found, ["data stream feed: its open shards do not cover every hash key once"]);
}

#[test]
fn a_repeated_delivery_comes_behind_what_came_after_it_under_its_identity() {
    let db = delivering(&json!({}));
    put(&db, &json!({"id": {"S": "a"}}));
    call(&db, "KinesisPutRecord", &json!({"StreamName": "feed", "PartitionKey": "x", "Data": "AQ=="}));
    let fault = json!({"Effect": "REPEAT_DELIVERY", "Operations": ["PutItem", "BatchWriteItem"], "Records": 3, "Times": 1});
    call(&db, "SetFaults", &json!({"Faults": [fault, {"Effect": "REPEAT_DELIVERY"}]}));
    put(&db, &json!({"id": {"S": "b"}}));
    // The second fault is about its own records alone.
    let both = ["c", "d"].map(|id| json!({"PutRequest": {"Item": {"id": {"S": id}}}}));
    call(&db, "BatchWriteItem", &json!({"RequestItems": {"Orders": both}}));
    call(&db, "GetItem", &json!({"TableName": "Orders", "Key": {"id": {"S": "a"}}}));
    let records = records(&db);
    let told: Vec<String> = records
        .iter()
        .map(|record| match serde_json::from_str::<Value>(&data(record)) {
            Ok(change) => change["dynamodb"]["Keys"]["id"]["S"].as_str().expect("text").to_owned(),
            Err(_) => "put".to_owned(),
        })
        .collect();
    assert_eq!(told[..5], ["a", "put", "b", "a", "b"]);
    assert!(told[5..7] == told[7..9] && told.len() == 9, "{told:?}");
    assert_eq!(data(&records[0]), data(&records[3]), "the same record");
    let numbers: Vec<&str> = records.iter().filter_map(|record| record["SequenceNumber"].as_str()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "each under a number of its own");
    let trace = call(&db, "DescribeFaults", &json!({}))["Trace"].clone();
    let details: Vec<&str> =
        trace.as_array().expect("a list").iter().filter_map(|t| t["Detail"].as_str()).collect();
    assert_eq!(details, ["2 records delivered once more"; 2]);
}
