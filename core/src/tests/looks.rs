//! Looks leave nothing behind: a database answers everybody else as it would have without.

use serde_json::{Value, json};

use crate::database::Database;
use crate::options::OpenOptions;
use crate::registry::Request;

struct World(Database);

impl World {
    fn new() -> World {
        let options = OpenOptions {
            throttling: true,
            reader_limits: true,
            metrics: true,
            call_trace: 100,
            ..OpenOptions::deterministic()
        };
        World(Database::memory(options).expect("sound options"))
    }

    fn call(&self, operation: &str, input: Value) -> Value {
        let answer = self.0.call_json(operation, input.to_string().as_bytes());
        let text = answer.unwrap_or_else(|error| error.to_string().into_bytes());
        serde_json::from_slice(&text).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&text)))
    }

    fn look(&self, operation: &str, input: Value) -> Result<Value, String> {
        let request = Request::from_json(operation, input.to_string().as_bytes()).expect("sound");
        let answer = self.0.look(request).map_err(|error| error.message().to_owned())?;
        Ok(serde_json::from_slice(&answer.to_json().expect("JSON")).expect("JSON"))
    }
}

fn played(looks: bool) -> Vec<Value> {
    let world = World::new();
    let made = world.call(
        "CreateTable",
        json!({"TableName": "Orders", "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}),
    );
    let arn = made["TableDescription"]["LatestStreamArn"].clone();
    world.call(
        "SetFaults",
        json!({"Seed": 3, "Faults": [{"Effect": "FAIL", "Error": {"Code": "InternalServerError"}, "Operations": ["GetItem", "Scan"], "Times": 2}]}),
    );
    // 100 units of writing, 25 of reading: what was saved up is soon gone.
    let large = "x".repeat(100_000);
    let mut told = Vec::new();
    for n in 0..20 {
        told.push(world.call(
            "PutItem",
            json!({"TableName": "Orders", "Item": {"id": {"S": n.to_string()}, "text": {"S": &large}}}),
        ));
        if looks {
            let shards = world.look("InspectStream", json!({"StreamArn": arn})).expect("there");
            let shard = shards["Shards"][0]["ShardId"].clone();
            world.look("InspectRecords", json!({"StreamArn": arn, "ShardId": shard})).expect("there");
            for _ in 0..20 {
                world.look("ListStreams", json!({})).expect("no limit");
                world.look("DescribeStream", json!({"StreamArn": arn})).expect("no limit");
                world.look("Scan", json!({"TableName": "Orders"})).expect("no fault, no capacity");
                world.look("DescribeCalls", json!({})).expect("remembered");
            }
            let no_look = world.look(
                "GetShardIterator",
                json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "LATEST"}),
            );
            assert_eq!(
                no_look.unwrap_err(),
                "GetShardIterator leaves something behind, so that it cannot be run as a look"
            );
            assert!(
                world.look("PutItem", json!({"TableName": "Orders", "Item": {"id": {"S": "x"}}})).is_err()
            );
        }
        told.push(world.call("GetItem", json!({"TableName": "Orders", "Key": {"id": {"S": "0"}}, "ConsistentRead": true, "ProjectionExpression": "id"})));
        told.push(world.call("AdvanceClock", json!({"Milliseconds": 700})));
    }
    told.extend(["InspectStream", "DescribeMetrics", "DescribeCalls", "DescribeFaults"].map(|operation| {
        world
            .call(operation, if operation == "InspectStream" { json!({"StreamArn": arn}) } else { json!({}) })
    }));
    told
}

#[test]
fn a_seeded_run_is_the_same_with_looks_and_without() {
    let without = played(false);
    assert_eq!(played(true), without);
    // Not by accident: capacity ran out, and a fault happened.
    let text = serde_json::to_string(&without).expect("JSON");
    assert!(text.contains("level of configured provisioned throughput"), "capacity");
    assert!(text.contains("\"Operation\":\"GetItem\",\"TableNames\":[\"Orders\"]"), "a fault");
}
