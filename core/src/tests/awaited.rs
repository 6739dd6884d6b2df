//! What calls wait for: the changes of the catalog that they have seen, and no others.

use serde_json::{Value, json};

use super::world::World;
use crate::store::Lsn;

struct Waiting(World);

impl Waiting {
    /// The newest commit that a call has to wait for.
    fn seen(&self, operation: &str, input: Value) -> Lsn {
        let (_, ticket) = self.0.db.start_json(operation, input.to_string().as_bytes()).expect("open");
        ticket.seen
    }

    fn newest(&self) -> Lsn {
        Lsn(self.0.store.commits())
    }

    fn is_waited_for(&self, operation: &str, input: Value) -> bool {
        let newest = self.newest();
        let seen = self.seen(operation, input);
        assert!(seen <= newest, "{operation} changes nothing");
        seen == newest
    }
}

fn key(table: &str) -> Value {
    json!({"TableName": table, "Key": {"id": {"S": "a"}, "at": {"N": "1"}}})
}

/// Two tables with streams, and the first shard of each.
fn two() -> (Waiting, [(String, Value); 2]) {
    let mut world = World::new();
    let mut shards = Vec::new();
    for name in ["One", "Two"] {
        world.create(
            name,
            json!({"BillingMode": "PAY_PER_REQUEST", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}),
        );
        // No manual clock is moved, which every call would see.
        let later = world.db.engine().now() + 1_500;
        world.db.engine().clock.set(later);
        let arn = world.done("DescribeTable", json!({"TableName": name}))["Table"]["LatestStreamArn"].clone();
        let arn = arn.as_str().expect("a stream").to_owned();
        let described = world.done("DescribeStream", json!({"StreamArn": arn}));
        shards.push((arn, described["StreamDescription"]["Shards"][0]["ShardId"].clone()));
    }
    (Waiting(world), shards.try_into().expect("two"))
}

fn iterator((arn, shard): &(String, Value)) -> Value {
    json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"})
}

#[test]
fn a_replaced_shard_is_waited_for_by_those_who_see_it() {
    let (mut waiting, [one, two]) = two();
    let open = waiting.0.done("DescribeStream", json!({"StreamArn": one.0}));
    let other = (one.0.clone(), open["StreamDescription"]["Shards"][1]["ShardId"].clone());
    let mut records = |shard: &(String, Value)| {
        let answer = waiting.0.done("GetShardIterator", iterator(shard));
        json!({"ShardIterator": answer["ShardIterator"]})
    };
    let (of_one, of_other) = (records(&one), records(&other));
    waiting.0.done("RollShard", json!({"TableName": "One", "ShardId": one.1}));
    for (operation, input) in [
        ("DescribeStream", json!({"StreamArn": one.0})),
        ("GetShardIterator", iterator(&one)),
        ("GetRecords", of_one),
        ("ListTables", json!({})),
        ("ListStreams", json!({})),
        ("DescribeTable", json!({"TableName": "Two"})),
    ] {
        assert!(waiting.is_waited_for(operation, input.clone()), "{operation} {input}");
    }
    for (operation, input) in [
        ("GetItem", key("One")),
        ("GetItem", key("Two")),
        ("DeleteItem", key("Two")),
        ("Scan", json!({"TableName": "One"})),
        ("DescribeStream", json!({"StreamArn": two.0})),
        ("GetShardIterator", iterator(&two)),
        ("GetShardIterator", iterator(&other)),
        ("GetRecords", of_other),
    ] {
        assert!(!waiting.is_waited_for(operation, input.clone()), "{operation} {input}");
    }
}

#[test]
fn a_tables_change_is_waited_for_by_its_readers_and_by_those_who_do_not_find_it() {
    let (mut waiting, [one, two]) = two();
    waiting.0.done("UpdateTable", json!({"TableName": "One", "DeletionProtectionEnabled": false}));
    assert!(waiting.is_waited_for("GetItem", key("One")));
    assert!(!waiting.is_waited_for("GetItem", key("Two")));
    assert!(waiting.is_waited_for("GetItem", key("Three")), "it may be there after a power cut");
    waiting.0.done("DeleteTable", json!({"TableName": "Two"}));
    assert!(waiting.is_waited_for("GetItem", key("Two")), "it is gone");
    assert!(waiting.is_waited_for("GetShardIterator", iterator(&two)), "it is closed");
    assert!(!waiting.is_waited_for("GetItem", key("One")));
    assert!(!waiting.is_waited_for("GetShardIterator", iterator(&one)));
    let put = json!({"TableName": "One", "Item": {"id": {"S": "a"}, "at": {"N": "1"}}, "ConditionExpression": "attribute_exists(id)"});
    assert!(waiting.is_waited_for("PutItem", put), "a refusal tells something, too");
}

#[test]
fn a_manual_clock_is_waited_for_by_all() {
    let (waiting, [_, two]) = two();
    waiting.0.db.advance(std::time::Duration::from_secs(1)).expect("manual");
    for (operation, input) in [("GetItem", key("One")), ("GetShardIterator", iterator(&two))] {
        assert!(waiting.is_waited_for(operation, input), "{operation}");
    }
}
