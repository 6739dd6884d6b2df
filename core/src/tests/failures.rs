//! What cannot be committed has not happened.

use serde_json::{Value, json};

use super::world::{Between, World, begin};
use crate::clock::MANUAL_START;
use crate::store::Meta;

/// One change that is one commit, and the same change once more.
type Change = (&'static str, Value);

fn changes() -> Vec<Change> {
    let item = |n: u32| json!({"id": {"S": format!("k{n}")}, "at": {"N": n.to_string()}});
    let stream = |on: bool| match on {
        true => json!({"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}),
        false => json!({"StreamEnabled": false}),
    };
    let create = |stream: Value| {
        json!({
            "TableName": "Fresh", "BillingMode": "PAY_PER_REQUEST", "StreamSpecification": stream,
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        })
    };
    vec![
        ("PutItem", json!({"TableName": "Orders", "Item": item(77)})),
        ("PutItem", json!({"TableName": "Orders", "Item": item(1)})),
        ("PutItem", json!({"TableName": "Plain", "Item": item(1)})),
        ("DeleteItem", json!({"TableName": "Orders", "Key": item(1)})),
        (
            "UpdateItem",
            json!({"TableName": "Orders", "Key": item(5), "UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}),
        ),
        ("CreateTable", create(stream(true))),
        ("CreateTable", create(stream(false))),
        ("UpdateTable", json!({"TableName": "Plain", "StreamSpecification": stream(true)})),
        ("UpdateTable", json!({"TableName": "Orders", "StreamSpecification": stream(false)})),
        ("UpdateTable", json!({"TableName": "Plain", "BillingMode": "PAY_PER_REQUEST"})),
        ("UpdateTable", json!({"TableName": "Plain", "TableClass": "STANDARD"})),
        ("UpdateTable", json!({"TableName": "Plain", "DeletionProtectionEnabled": false})),
        (
            "UpdateTable",
            json!({"TableName": "Orders", "WarmThroughput": {"ReadUnitsPerSecond": 20_000, "WriteUnitsPerSecond": 9_000}}),
        ),
        ("SplitShard", json!({"TableName": "Orders"})),
        ("SplitShard", json!({"TableName": "Plain"})),
        ("RollShard", json!({"TableName": "Orders"})),
        ("DeleteTable", json!({"TableName": "Orders"})),
        ("AdvanceClock", json!({"Milliseconds": 1})),
    ]
}

#[test]
fn a_change_that_cannot_be_committed_leaves_nothing() {
    for (operation, input) in changes() {
        for between in [Between::Nothing, Between::Close, Between::Kill] {
            let mut world = World::new();
            begin(&mut world);
            let before = world.look();
            world.store.fail_after(0);
            world.refused(operation, input.clone(), "StorageException");
            assert!(!world.store.take_back(), "{operation} commits");
            assert_eq!(world.look(), before, "{operation} {input}, in memory");
            world.reopen(between);
            assert_eq!(world.look(), before, "{operation} {input}, {between:?}");
            let kept = world.store.meta().expect("memory");
            world.done(operation, input.clone());
            let after = world.look();
            let is_kept = world.store.meta().expect("memory") != kept;
            assert!(after != before || is_kept, "{operation} {input} changes something");
            world.reopen(between);
            assert_eq!(world.look(), after, "{operation} {input}, {between:?} afterwards");
            // Writers get in everywhere: no partition is left retired or without its shard.
            if operation != "DeleteTable" {
                world.put("Orders", 0..20, "on");
            }
            world.look();
        }
    }
}

/// Drops what a failed attempt may have used up: chance, and numbers of the count of commits.
fn without_chance(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with("shardId-") => text.truncate(28),
        Value::String(text) if text.len() > 20 && text.bytes().all(|b| b.is_ascii_digit()) => {
            text.truncate(text.len() - 20);
        }
        Value::Array(values) => {
            values.iter_mut().for_each(without_chance);
            // Shards opened in one millisecond, and streams' pages with them, are in an order of chance.
            values.sort_by_key(Value::to_string);
        }
        Value::Object(members) => {
            for volatile in ["eventID", "ShardIterator", "NextShardIterator", "TableId"] {
                members.remove(volatile);
            }
            members.values_mut().for_each(without_chance);
        }
        _ => {}
    }
}

#[test]
fn an_advance_that_fails_half_way_goes_on_to_the_same_history() {
    const HOURS: u64 = 30 * 3_600_000;
    let play = |failing: Option<i64>, between: Between| {
        let mut world = World::new();
        begin(&mut world);
        world.done("DeleteTable", json!({"TableName": "Doomed"}));
        world.advance(700);
        let now = |world: &mut World| world.done("DescribeClock", json!({}))["Now"].as_u64().expect("time");
        let target = now(&mut world) + HOURS;
        let mut failed = false;
        if let Some(successes) = failing {
            world.store.fail_after(successes);
            let answer = world.call("AdvanceClock", json!({ "Milliseconds": HOURS }));
            failed = !world.store.take_back();
            assert_eq!(failed, answer["__type"].is_string(), "{answer}");
            world.look();
            world.reopen(between);
        }
        let left = target - now(&mut world);
        world.advance(left);
        world.stream("Plain", Some("NEW_IMAGE"));
        world.advance(HOURS);
        let mut seen = Value::Array(world.look());
        without_chance(&mut seen);
        (seen, failed)
    };
    let (expected, _) = play(None, Between::Nothing);
    for between in [Between::Nothing, Between::Close, Between::Kill] {
        let mut failures = 0;
        loop {
            let (seen, failed) = play(Some(failures), between);
            assert_eq!(seen, expected, "{between:?} after {failures} commits");
            if !failed {
                break;
            }
            failures += 1;
        }
        assert!(failures > 10, "the advance has many commits, not {failures}");
    }
}

#[test]
fn background_work_that_fails_is_done_later_and_counted_once() {
    let play = |failing: Option<i64>| {
        let mut world = World::new();
        begin(&mut world);
        world.stream("Orders", None);
        world.done("DeleteTable", json!({"TableName": "Doomed"}));
        // The clock gets there, but its background work does not get done.
        world.db.engine().clock.set(MANUAL_START + 25 * 3_600_000);
        if let Some(successes) = failing {
            world.store.fail_after(successes);
        }
        let mut counts = [0; 5];
        let mut failed = false;
        loop {
            let answer = world.call("Maintain", json!({}));
            let members = [
                "ShardsRolled",
                "RecordsTrimmed",
                "ShardsRemoved",
                "StreamsRemoved",
                "TablesRemoved",
                "ItemsExpired",
            ];
            if answer["__type"].is_string() {
                failed = true;
                continue;
            }
            for (count, member) in counts.iter_mut().zip(members) {
                *count += answer[member].as_i64().expect("a count");
            }
            break;
        }
        world.store.take_back();
        // The name is free, and whatever is left of the table before does not stand in the way.
        world.create("Doomed", json!({"BillingMode": "PAY_PER_REQUEST"}));
        let before = world.look();
        world.reopen(Between::Kill);
        assert_eq!(world.look(), before);
        (counts, failed)
    };
    let (all, _) = play(None);
    assert_eq!(all[3..], [2, 1], "{all:?}");
    let mut failures = 0;
    while let (some, true) = play(Some(failures)) {
        // What was done before the failure is not counted by an answer that was an error.
        assert!(some.iter().zip(all).all(|(some, all)| *some <= all), "{some:?} of {all:?}");
        failures += 1;
    }
    assert!(failures >= 4, "shards, each stream and the table have a commit each: not {failures}");
}

#[test]
fn the_name_of_a_table_that_is_gone_can_be_given_again() {
    for failing in [None, Some(0), Some(1)] {
        let mut world = World::new();
        begin(&mut world);
        world.done("DeleteTable", json!({"TableName": "Doomed"}));
        // Gone, and no background work has taken the name from it.
        world.db.engine().clock.set(MANUAL_START + 10_000);
        if let Some(successes) = failing {
            world.store.fail_after(successes);
            let input = json!({
                "TableName": "Doomed", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            });
            world.refused("CreateTable", input, "StorageException");
            world.refused("DescribeTable", json!({"TableName": "Doomed"}), "ResourceNotFoundException");
        }
        world.create("Doomed", json!({"BillingMode": "PAY_PER_REQUEST"}));
        let before = world.look();
        world.reopen(Between::Kill);
        assert_eq!(world.look(), before, "{failing:?}");
    }
}

#[test]
fn a_database_whose_last_commit_fails_is_closed_all_the_same() {
    let mut world = World::new();
    begin(&mut world);
    let before = world.look();
    world.store.fail_after(0);
    let error = world.db.close().expect_err("the state cannot be kept");
    assert_eq!(error.code(), crate::api::ErrorCode::Storage);
    world.refused("ListTables", json!({}), "DatabaseClosedException");
    world.db.close().expect("it is closed already");
    world.reopen(Between::Kill);
    assert_eq!(world.look(), before);
}
