//! What falls due because of time: the same history whatever the steps, and no more work than what is due.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::world::{Between, World, begin, options};
use crate::database::Database;
use crate::entropy::Entropy;
use crate::options::OpenOptions;
use crate::store::MemoryStore;
use crate::stream::looks;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
const CENTURY: u64 = 3_155_760_000_000;

/// A world of several tables whose shards are replaced at different times, some of them with ids ahead of their time.
fn uneven() -> World {
    let mut world = World::new();
    begin(&mut world);
    world.advance(HOUR + 17);
    world.stream("Plain", Some("NEW_IMAGE"));
    world.advance(1_500);
    for _ in 0..3 {
        world.done("RollShard", json!({"TableName": "Plain"}));
        world.done("SplitShard", json!({"TableName": "Plain"}));
    }
    world.advance(2 * HOUR);
    world.put("Orders", 0..5, "unevenly");
    world
}

/// What is there, and what comes afterwards: numbers that were taken and not seen would show.
fn outcome(world: &mut World) -> Vec<Value> {
    let mut seen = world.look();
    world.put("Orders", 0..9, "afterwards");
    world.put("Plain", 0..9, "afterwards");
    world.done("RollShard", json!({"TableName": "Plain"}));
    world.create("Later", json!({"BillingMode": "PAY_PER_REQUEST", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}}));
    seen.extend(world.look());
    seen
}

#[test]
fn a_long_way_leaves_the_history_of_many_short_ones() {
    let chance = Entropy::seeded(7);
    for days in [2, 3, 5, 30] {
        let total = days * DAY + chance.next() % DAY;
        let mut stepped = uneven();
        let mut left = total;
        while left > 0 {
            // Too short for a generation to be left out.
            let step = (chance.next() % (40 * HOUR)).clamp(1, left);
            stepped.advance(step);
            left -= step;
        }
        let expected = outcome(&mut stepped);
        let mut leapt = uneven();
        leapt.advance(total);
        assert_eq!(outcome(&mut leapt), expected, "{days} days");
        let mut parts = uneven();
        parts.advance(total / 3);
        parts.reopen(Between::Kill);
        parts.advance(total - total / 3);
        assert_eq!(outcome(&mut parts), expected, "{days} days in two parts");
    }
}

/// Tables with partitions and streams.
fn many(tables: usize, partitions: u32) -> (World, OpenOptions) {
    let options = OpenOptions { partitions, ..options() };
    let mut world = World::new();
    world.db = Database::over(world.store.clone(), options.clone()).expect("a new database");
    for n in 0..tables {
        world.create(
            &format!("Table{n}"),
            json!({"BillingMode": "PAY_PER_REQUEST", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}),
        );
        world.advance(1_500);
    }
    (world, options)
}

#[test]
fn a_century_is_no_more_work_than_a_few_days() {
    let commits = |time: u64| {
        let (mut world, _) = many(20, 64);
        let before = world.store.commits();
        world.advance(time);
        world.store.commits() - before
    };
    let (week, century) = (commits(7 * DAY), commits(CENTURY));
    assert!(century <= week + 100, "{century} commits for a century, {week} for a week");
}

#[test]
fn what_is_not_due_costs_nothing() {
    let cost = |partitions: u32| {
        let (mut world, _) = many(5, partitions);
        world.advance(9 * HOUR);
        let stream = world.done("ListStreams", json!({}))["Streams"][0].clone();
        let (commits, before) = (world.store.commits(), looks());
        world.advance(1);
        world.done("PutItem", json!({"TableName": "Table3", "Item": {"id": {"S": "a"}, "at": {"N": "1"}}}));
        let page = world.done("DescribeStream", json!({"StreamArn": stream["StreamArn"], "Limit": 10}));
        assert_eq!(page["StreamDescription"]["Shards"].as_array().map(Vec::len), Some(10));
        world.done("ListStreams", json!({"TableName": "Table4"}));
        world.done("Maintain", json!({}));
        (world.store.commits() - commits, looks() - before)
    };
    let few = cost(8);
    assert_eq!(few, cost(800), "commits, and looks at shards");
    assert!(few.1 < 20, "{few:?}");
}

#[test]
fn forgetting_looks_at_each_shard_a_few_times() {
    let (mut world, _) = many(1, 2);
    let shards = 4_000;
    for _ in 0..shards / 2 {
        world.done("RollShard", json!({"TableName": "Table0"}));
    }
    world.stream("Table0", None);
    let (commits, before) = (world.store.commits(), looks());
    world.advance(DAY);
    let (commits, looks) = (world.store.commits() - commits, looks() - before);
    assert_eq!(world.done("ListStreams", json!({}))["Streams"], json!([]));
    assert!(looks <= 4 * shards, "{looks} looks at {shards} shards");
    assert!(commits <= 40, "{commits} commits to forget {shards} shards");
}

#[test]
fn trimming_asks_logs_with_records_that_are_due() {
    let (mut world, _) = many(1, 4);
    world.put("Table0", 0..40, "one day");
    world.advance(60_000);
    world.put("Table0", 0..40, "the next minute");
    let trimmed = |world: &mut World| world.done("Maintain", json!({}))["RecordsTrimmed"].clone();
    // The clock gets there, but its background work does not get done.
    let start = world.db.engine().now();
    world.db.engine().clock.set(start + DAY - 60_000);
    assert_eq!(trimmed(&mut world), 40);
    world.db.engine().clock.set(start + DAY - 1);
    let commits = world.store.commits();
    assert_eq!(trimmed(&mut world), 0);
    assert_eq!(world.store.commits() - commits, 0, "nothing is due");
    world.db.engine().clock.set(start + DAY);
    assert_eq!(trimmed(&mut world), 40);
    // What is due is known again after a reopening.
    world.put("Table0", 0..3, "later");
    world.reopen(Between::Kill);
    world.db.engine().clock.set(start + 2 * DAY);
    assert_eq!(trimmed(&mut world), 3);
}

#[test]
fn a_table_is_created_while_the_store_is_at_work() {
    let world = World::new();
    let (db, made) = (world.db.clone(), Arc::new(AtomicUsize::new(0)));
    let count = made.clone();
    let at_work = move || {
        let naming = db.engine().catalog.naming.try_lock_owned();
        assert!(naming.is_some(), "a name cannot be given while the store is at work");
        drop(naming);
        let name = format!("Table{}", count.fetch_add(1, Ordering::SeqCst));
        let input = json!({
            "TableName": name, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        });
        db.call_json("CreateTable", input.to_string().as_bytes()).expect("a new name");
        db.call_json("AdvanceClock", br#"{"Milliseconds": 1}"#).expect("a manual clock");
    };
    assert!(world.store.before.maintain.set(Box::new(at_work)).is_ok(), "told once");
    world.db.advance(std::time::Duration::from_secs(59)).expect("nothing is due");
    assert_eq!(made.load(Ordering::SeqCst), 0, "the store rests between its turns");
    world.db.advance(std::time::Duration::from_secs(1)).expect("sound");
    world.db.maintain().expect("sound");
    assert_eq!(made.load(Ordering::SeqCst), 1);
    // The closure holds the database, and the database the closure.
    world.db.close().expect("memory");
}

#[test]
fn memory_opens_with_what_falls_due() {
    let store = Arc::new(MemoryStore::default());
    let open = || Database::over(store.clone(), options()).expect("sound options");
    let input = json!({
        "TableName": "Rolled", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
    });
    open().call_json("CreateTable", input.to_string().as_bytes()).expect("new");
    let db = open();
    let opened = db.engine().schedule.next().expect("three shards");
    assert_eq!(opened, db.engine().now() + 4 * HOUR);
    db.advance(std::time::Duration::from_millis(4 * HOUR)).expect("manual");
    assert_eq!(open().engine().schedule.next(), Some(opened + 4 * HOUR));
}
