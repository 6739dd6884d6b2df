//! Mappings that are carried out against a database in memory, under a manual clock.

mod economy;
mod once;
mod redrive;

use std::cell::{Cell, RefCell};

use serde_json::{Value, json};

use super::local::{Handler, Local};
use super::{Delivery, Next, Task};
use crate::api::AdvanceClockInput;
use crate::consumer::{Outcome, Response};
use crate::database::Database;
use crate::options::OpenOptions;

struct World {
    db: Database,
    local: Local,
}

impl World {
    fn new() -> World {
        let db = Database::memory(OpenOptions::deterministic()).expect("options");
        let local = Local::new(&db, 1);
        World { db, local }
    }

    fn call(&self, operation: &str, input: &Value) -> Value {
        let answer = self.db.call_json(operation, input.to_string().as_bytes());
        serde_json::from_slice(&answer.unwrap_or_else(|e| panic!("{operation}: {e}"))).expect("JSON")
    }

    /// A table with a stream; its ARN.
    fn table(&self, name: &str) -> Value {
        let created = self.call(
            "CreateTable",
            &json!({"TableName": name, "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}),
        );
        created["TableDescription"]["LatestStreamArn"].clone()
    }

    fn put(&self, table: &str, id: &str) {
        self.call("PutItem", &json!({"TableName": table, "Item": {"id": {"S": id}}}));
    }

    /// A mapping with these settings besides; its identity.
    fn mapping(&self, arn: &Value, settings: &Value) -> String {
        self.call("RegisterFunction", &json!({"FunctionName": "f"}));
        let mut input =
            json!({"EventSourceArn": arn, "FunctionName": "f", "StartingPosition": "TRIM_HORIZON"});
        let members = input.as_object_mut().expect("an object");
        members.extend(settings.as_object().expect("an object").clone());
        self.call("CreateEventSourceMapping", &input)["UUID"].as_str().expect("a text").to_owned()
    }

    fn run(&self, handler: &Recorder) -> usize {
        self.local.run_until_idle(&self.db, handler, 1_000).expect("no error")
    }

    fn advance(&self, milliseconds: i64) {
        self.db.call(AdvanceClockInput { milliseconds: Some(milliseconds) }).expect("a manual clock");
    }
}

/// Notes the keys of each invocation; fails where one of them is `poison`.
#[derive(Default)]
struct Recorder {
    seen: RefCell<Vec<Vec<String>>>,
    failures: RefCell<Vec<String>>,
    delivers: Cell<bool>,
}

impl Recorder {
    fn take(&self) -> Vec<Vec<String>> {
        self.seen.take()
    }
}

impl Handler for Recorder {
    fn handle(&self, task: &Task) -> Outcome {
        let event: Value = serde_json::from_slice(&task.invocation.event_json()).expect("JSON");
        let records = event["Records"].as_array().expect("a list").iter();
        let ids =
            records.map(|record| record["dynamodb"]["Keys"]["id"]["S"].as_str().expect("a key").to_owned());
        let ids: Vec<String> = ids.collect();
        let is_poisoned = ids.iter().any(|id| id == "poison");
        self.seen.borrow_mut().push(ids);
        if is_poisoned { Outcome::Error } else { Outcome::Success(Response::Nothing) }
    }

    fn failed(&self, delivery: &Delivery) -> Vec<usize> {
        self.failures.borrow_mut().extend(delivery.failures.iter().map(|failure| failure.document()));
        if self.delivers.get() { Vec::new() } else { (0..delivery.failures.len()).collect() }
    }
}

#[test]
fn records_are_handed_over_once_and_a_new_worker_goes_on() {
    let world = World::new();
    let arn = world.table("Orders");
    world.mapping(&arn, &json!({"BatchSize": 2}));
    let recorder = Recorder::default();
    for id in ["a", "b", "c"] {
        world.put("Orders", id);
    }
    assert_eq!(world.run(&recorder), 2);
    assert_eq!(recorder.take(), [vec!["a", "b"], vec!["c"]]);
    assert_eq!(world.run(&recorder), 0, "nothing is handed over twice");
    world.put("Orders", "d");
    let world = World { local: Local::new(&world.db, 2), db: world.db };
    world.run(&recorder);
    assert_eq!(recorder.take(), [vec!["d"]]);
}

#[test]
fn disabled_mappings_wait_and_go_on_where_they_were() {
    let world = World::new();
    let arn = world.table("Orders");
    let uuid = world.mapping(&arn, &json!({}));
    let recorder = Recorder::default();
    world.put("Orders", "a");
    world.run(&recorder);
    world.call("UpdateEventSourceMapping", &json!({"UUID": uuid, "Enabled": false}));
    world.put("Orders", "b");
    assert_eq!(world.run(&recorder), 0);
    world.call("UpdateEventSourceMapping", &json!({"UUID": uuid, "Enabled": true, "BatchSize": 1}));
    world.put("Orders", "c");
    world.run(&recorder);
    assert_eq!(recorder.take(), [vec!["a"], vec!["b"], vec!["c"]]);
    world.call("DeleteEventSourceMapping", &json!({"UUID": uuid}));
    world.put("Orders", "d");
    assert_eq!(world.run(&recorder), 0);
}

#[test]
fn failures_are_told_of_and_settled() {
    let world = World::new();
    let arn = world.table("Orders");
    let settings = json!({"MaximumRetryAttempts": 1, "BisectBatchOnFunctionError": true});
    let uuid = world.mapping(&arn, &settings);
    world.call("UpdateEventSourceMapping", &json!({"UUID": uuid, "BatchSize": 4}));
    world
        .local
        .tell_text(&world.db, &json!({"Do": "DeliverByHost", "UUID": uuid, "ByHost": true}).to_string())
        .expect("told");
    for id in ["a", "poison", "c", "d"] {
        world.put("Orders", id);
    }
    let recorder = Recorder::default();
    recorder.delivers.set(true);
    world.run(&recorder);
    // A second before the back-off is over.
    assert_eq!(
        recorder.take(),
        [vec!["a", "poison", "c", "d"], vec!["a", "poison"], vec!["a"], vec!["poison"]]
    );
    world.advance(1_000);
    world.run(&recorder);
    assert_eq!(recorder.take(), [vec!["poison"], vec!["c", "d"]]);
    let told = recorder.failures.take();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains(r#""condition":"RetryAttemptsExhausted","approximateInvokeCount":2"#),
        "{}",
        told[0]
    );
    let status =
        world.local.tell_text(&world.db, &json!({"Do": "Status", "UUID": uuid}).to_string()).expect("told");
    let status: Value = serde_json::from_str(&status).expect("JSON");
    assert_eq!(status["Status"]["Counts"]["OnFailureDestinationDeliveredEventCount"], 1);
    assert_eq!(status["Status"]["LastProcessingResult"], "OK");
}

#[test]
fn idle_mappings_are_not_asked_for() {
    let world = World::new();
    let arn = world.table("Orders");
    world.table("Others");
    world.mapping(&arn, &json!({}));
    assert!(matches!(world.local.next(&world.db), Ok(Next::Idle)));
    world.put("Others", "a");
    assert!(matches!(world.local.next(&world.db), Ok(Next::Idle)));
    world.put("Orders", "a");
    assert!(matches!(world.local.next(&world.db), Ok(Next::Invoke(_))));
}

/// Writes into the table whose records it is given.
struct Cascade<'a>(&'a World, Cell<u32>);

impl Handler for Cascade<'_> {
    fn handle(&self, _: &Task) -> Outcome {
        self.1.set(self.1.get() + 1);
        self.0.put("Orders", &format!("again {}", self.1.get()));
        Outcome::Success(Response::Nothing)
    }
}

#[test]
fn a_cascade_is_bounded_and_counted() {
    let world = World::new();
    let arn = world.table("Orders");
    let uuid = world.mapping(&arn, &json!({}));
    world.put("Orders", "first");
    let cascade = Cascade(&world, Cell::new(0));
    assert_eq!(world.local.run_until_idle(&world.db, &cascade, 20), Ok(20));
    let status =
        world.local.tell_text(&world.db, &json!({"Do": "Status", "UUID": uuid}).to_string()).expect("told");
    let status: Value = serde_json::from_str(&status).expect("JSON");
    assert_eq!(status["Status"]["Cascades"], 20);
}

#[test]
fn two_workers_settle_once() {
    let world = World::new();
    let arn = world.table("Orders");
    world.mapping(&arn, &json!({}));
    world.put("Orders", "a");
    let other = Local::new(&world.db, 2);
    let (Ok(Next::Invoke(one)), Ok(Next::Invoke(two))) = (world.local.next(&world.db), other.next(&world.db))
    else {
        panic!("both have it")
    };
    assert_eq!((one.invocation.records().len(), two.invocation.records().len()), (1, 1));
    for (local, task) in [(&world.local, one), (&other, two)] {
        let told = json!({"Do": "Complete", "Ticket": task.ticket, "Outcome": "Success"}).to_string();
        assert_eq!(local.tell_text(&world.db, &told), Ok(r#"{"Known":true}"#.to_owned()));
        assert!(matches!(local.next(&world.db), Ok(Next::Idle)));
    }
    assert!(world.local.tell_text(&world.db, r#"{"Do": "Nothing"}"#).is_err());
}

#[test]
fn what_no_filter_matches_is_passed_over() {
    let world = World::new();
    let arn = world.table("Orders");
    let pattern = json!({"dynamodb": {"Keys": {"id": {"S": ["b"]}}}}).to_string();
    let uuid = world.mapping(&arn, &json!({"FilterCriteria": {"Filters": [{"Pattern": pattern}]}}));
    let recorder = Recorder::default();
    for id in ["a", "b", "c"] {
        world.put("Orders", id);
    }
    world.run(&recorder);
    world.call("UpdateEventSourceMapping", &json!({"UUID": uuid, "FilterCriteria": {}}));
    world.put("Orders", "d");
    world.run(&recorder);
    assert_eq!(recorder.take(), [vec!["b"], vec!["d"]]);
}

#[test]
fn data_streams_are_handed_over_when_they_are_written() {
    let world = World::new();
    world.call("KinesisCreateStream", &json!({"StreamName": "feed", "ShardCount": 1}));
    world.mapping(&json!("arn:aws:kinesis:us-east-1:000000000000:stream/feed"), &json!({}));
    assert!(matches!(world.local.next(&world.db), Ok(Next::Idle)));
    let record = json!({"StreamName": "feed", "PartitionKey": "a", "Data": "dGV4dA=="});
    world.call("KinesisPutRecord", &record);
    let Ok(Next::Invoke(task)) = world.local.next(&world.db) else { panic!("it was written") };
    let event: Value = serde_json::from_slice(&task.invocation.event_json()).expect("JSON");
    assert_eq!(event["Records"][0]["kinesis"]["data"], "dGV4dA==");
}

#[test]
fn a_mapping_of_a_data_stream_at_latest_begins_when_it_is_made() {
    let world = World::new();
    world.call("KinesisCreateStream", &json!({"StreamName": "feed", "ShardCount": 2}));
    let put = |key: &str| {
        world.call(
            "KinesisPutRecord",
            &json!({"StreamName": "feed", "PartitionKey": key, "Data": "dGV4dA=="}),
        );
    };
    ["a", "b", "c"].into_iter().for_each(put);
    let split = json!({"StreamName": "feed", "ShardToSplit": "shardId-000000000000", "NewStartingHashKey": "85070591730234615865843651857942052864"});
    world.call("KinesisSplitShard", &split);
    world.advance(2_000);
    put("d");
    let arn = json!("arn:aws:kinesis:us-east-1:000000000000:stream/feed");
    world.mapping(&arn, &json!({"StartingPosition": "LATEST"}));
    // Nobody carries it out before an iterator would have expired.
    world.advance(20 * 60 * 1_000);
    let later: Vec<String> = (0..20).map(|n| format!("later-{n}")).collect();
    later.iter().for_each(|key| put(key));
    let mut seen = Vec::new();
    while let Ok(Next::Invoke(task)) = world.local.next(&world.db) {
        let event: Value = serde_json::from_slice(&task.invocation.event_json()).expect("JSON");
        let records = event["Records"].as_array().expect("a list").iter();
        seen.extend(
            records.map(|record| record["kinesis"]["partitionKey"].as_str().expect("a key").to_owned()),
        );
        let outcome = Outcome::Success(Response::Nothing);
        assert_eq!(world.local.complete(&world.db, task.ticket, outcome), Ok(true));
    }
    seen.sort_unstable();
    let mut expected = later.clone();
    expected.sort_unstable();
    assert_eq!(seen, expected);
}

#[test]
fn failures_are_messages_in_a_queue_of_the_database() {
    let world = World::new();
    let arn = world.table("Orders");
    let made = world.call("SqsCreateQueue", &json!({"QueueName": "dead"}));
    let destination = json!({"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:dead"}});
    world.mapping(&arn, &json!({"MaximumRetryAttempts": 0, "DestinationConfig": destination}));
    world.put("Orders", "poison");
    world.run(&Recorder::default());
    let received = world.call("SqsReceiveMessage", &json!({"QueueUrl": made["QueueUrl"]}));
    let body = received["Messages"][0]["Body"].as_str().expect("a text");
    assert!(body.contains("RetryAttemptsExhausted"), "{body}");
}

#[test]
fn what_is_written_after_a_mapping_began_with_latest_is_handed_over() {
    let world = World::new();
    let arn = world.table("Orders");
    world.put("Orders", "before");
    world.call("SplitShard", &json!({"TableName": "Orders"}));
    world.put("Orders", "then");
    world.mapping(&arn, &json!({"StartingPosition": "LATEST"}));
    for id in ["a", "b", "c", "d"] {
        world.put("Orders", id);
    }
    world.call("RollShard", &json!({"TableName": "Orders"}));
    world.put("Orders", "last");
    world.advance(20 * 60 * 1_000);
    let handler = Recorder::default();
    world.run(&handler);
    let mut seen = handler.take().concat();
    seen.sort_unstable();
    assert_eq!(seen, ["a", "b", "c", "d", "last"]);
}

#[test]
fn a_restored_database_is_read_as_it_is() {
    let world = World::new();
    let arn = world.table("Orders");
    world.mapping(&arn, &json!({}));
    let snapshot = world.db.snapshot().expect("in memory");
    let handler = Recorder::default();
    for id in ["a", "b", "c"] {
        world.put("Orders", id);
        world.run(&handler);
        assert_eq!(handler.take(), [[id]]);
        // The next record has the number of this one.
        world.db.restore(&snapshot).expect("its own");
    }
}
