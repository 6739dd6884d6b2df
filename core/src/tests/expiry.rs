//! Time to live: what expires is deleted, once and in order, whatever the steps, the failures and the writers beside it.

use std::thread;

use serde_json::{Value, json};

use super::world::{Between, World};
use super::{below, options};
use crate::database::Database;
use crate::database::simulated::SimulatedKeeping;
use crate::entropy::Entropy;
use crate::store::SimDisk;

const START: u64 = 1_767_225_600;
const DAY: u64 = 86_400_000;
const CENTURY: u64 = 3_155_760_000_000;

/// A world with a table whose items expire by `ttl`.
fn expiring(more: Value) -> World {
    let mut world = World::new();
    world.create("Orders", more);
    world.advance(2_000);
    enable(&mut world);
    world
}

fn enable(world: &mut World) {
    let specification = json!({"Enabled": true, "AttributeName": "ttl"});
    world.done("UpdateTimeToLive", json!({"TableName": "Orders", "TimeToLiveSpecification": specification}));
}

fn plain() -> Value {
    json!({"BillingMode": "PAY_PER_REQUEST"})
}

fn with_stream() -> Value {
    json!({"BillingMode": "PAY_PER_REQUEST", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "OLD_IMAGE"}})
}

fn put(world: &mut World, n: u64, time: u64) {
    let item = json!({"id": {"S": format!("k{n}")}, "at": {"N": "1"}, "ttl": {"N": time.to_string()}});
    world.done("PutItem", json!({"TableName": "Orders", "Item": item}));
}

fn count(world: &mut World) -> Value {
    world.done("Scan", json!({"TableName": "Orders", "Select": "COUNT"}))["Count"].clone()
}

#[test]
fn time_costs_what_expires_in_it() {
    // As many items, over a day and over a century, with shards that are replaced every few hours beside them.
    let commits = |items: u64, time: u64| {
        let mut world = expiring(with_stream());
        (0..items).for_each(|n| put(&mut world, n, START + 60 + n * (time / 1_000 / items - 1)));
        let before = world.store.commits();
        world.advance(time);
        assert_eq!(count(&mut world), 0);
        world.store.commits() - before
    };
    let (few, many) = (commits(20, CENTURY), commits(80, CENTURY));
    assert!(many < 5 * few, "{few} commits for 20 items over a century, {many} for 80");
    let day = commits(2_000, DAY);
    assert!(day < 2 * 2_000 + 200, "{day} commits for 2,000 items of a day");
}

#[test]
fn items_of_one_second_share_commits() {
    let mut world = expiring(plain());
    (0..1_000).for_each(|n| put(&mut world, n, START + 60));
    let before = world.store.commits();
    world.advance(DAY);
    assert_eq!(count(&mut world), 0);
    let commits = world.store.commits() - before;
    assert!(commits <= 1_000 / 64 + 10, "{commits} commits for 1,000 items");
}

#[test]
fn a_long_way_leaves_the_history_of_many_short_ones() {
    let outcome = |steps: &mut dyn FnMut(u64) -> u64| {
        let mut world = expiring(with_stream());
        let chance = Entropy::seeded(3);
        for n in 0..40 {
            put(&mut world, n, START + below(&chance, 12 * 86_400));
        }
        let mut left = 13 * DAY;
        while left > 0 {
            let step = steps(left).clamp(1, left);
            world.advance(step);
            left -= step;
        }
        assert_eq!(count(&mut world), 0);
        world.put("Orders", 0..3, "afterwards");
        world.look()
    };
    let leapt = outcome(&mut |left| left);
    let chance = Entropy::seeded(9);
    let stepped = outcome(&mut |_| below(&chance, 40 * 3_600_000));
    assert_eq!(leapt, stepped);
}

#[test]
fn a_commit_that_fails_leaves_the_rest_due() {
    for failing in 0..6 {
        let mut world = expiring(plain());
        (0..200).for_each(|n| put(&mut world, n, START + 60 + n / 100));
        world.store.fail_after(failing);
        world.refused("AdvanceClock", json!({"Milliseconds": DAY}), "StorageException");
        world.store.take_back();
        if failing % 2 == 0 {
            world.reopen(Between::Kill);
        }
        world.advance(DAY);
        assert_eq!(count(&mut world), 0, "after commit {failing} failed");
    }
}

/// Puts items that expire soon, later, or not at all, and deletes some.
fn write(db: &Database, random: &Entropy, now: u64) {
    let id = format!("k{}", below(random, 60));
    let mut item = json!({"id": {"S": id}, "v": {"N": below(random, 9).to_string()}});
    match below(random, 5) {
        0 => {}
        1 => item["ttl"] = json!({"S": "no time"}),
        _ => item["ttl"] = json!({"N": (now + below(random, 100)).to_string()}),
    }
    let input = json!({"TableName": "Orders", "Item": item}).to_string();
    db.call_json("PutItem", input.as_bytes()).expect("a write");
}

fn ask(db: &Database, operation: &str, input: &Value) -> Value {
    let answer = db.call_json(operation, input.to_string().as_bytes()).expect(operation);
    serde_json::from_slice(&answer).expect("JSON")
}

/// No item is left whose time is over.
fn check(db: &Database, now: u64) {
    let items = ask(db, "Scan", &json!({"TableName": "Orders"}));
    for item in items["Items"].as_array().expect("a list") {
        let time = item["ttl"]["N"].as_str().map_or(u64::MAX, |text| text.parse().expect("a number"));
        assert!(time >= now, "{item} at {now}");
    }
}

#[test]
fn what_is_due_is_found_beside_writers_and_splits() {
    for seed in 0..3 {
        let db = Database::memory(options(2)).expect("sound options");
        super::create_table(&db, "Orders");
        let specification = json!({"Enabled": true, "AttributeName": "ttl"});
        ask(
            &db,
            "UpdateTimeToLive",
            &json!({"TableName": "Orders", "TimeToLiveSpecification": specification}),
        );
        thread::scope(|scope| {
            for thread in 0..2 {
                let db = &db;
                scope.spawn(move || {
                    let random = Entropy::seeded(10 * seed + thread);
                    for n in 0..300 {
                        write(db, &random, START + n / 10);
                        if n % 100 == 50 {
                            ask(db, "SplitShard", &json!({"TableName": "Orders"}));
                        }
                    }
                });
            }
            for _ in 0..40 {
                ask(&db, "AdvanceClock", &json!({"Milliseconds": 1_000}));
            }
        });
        // What was written after the last move is due now.
        ask(&db, "AdvanceClock", &json!({"Milliseconds": 1}));
        check(&db, START + 40);
        ask(&db, "AdvanceClock", &json!({"Milliseconds": DAY}));
        check(&db, START + 86_400);
    }
}

#[test]
fn what_is_due_is_found_after_power_cuts() {
    let keeping = SimulatedKeeping { checkpoint_bytes: 16 * 1024, background: false };
    for seed in 0..6 {
        let mut disk = SimDisk::new(seed);
        let mut db = Database::simulated(&disk, options(2), keeping).expect("a new database");
        super::create_table(&db, "Orders");
        let random = Entropy::seeded(seed);
        (0..100).for_each(|_| write(&db, &random, START));
        let specification = json!({"Enabled": true, "AttributeName": "ttl"});
        ask(
            &db,
            "UpdateTimeToLive",
            &json!({"TableName": "Orders", "TimeToLiveSpecification": specification}),
        );
        for round in 1..=8 {
            (0..40).for_each(|_| write(&db, &random, START + 10 * round));
            ask(&db, "AdvanceClock", &json!({"Milliseconds": 10_000}));
            check(&db, START + 10 * round);
            let left = disk.crash(&mut || random.next());
            drop(db);
            disk = left;
            db = Database::simulated(&disk, options(2), keeping).expect("what is left opens");
            check(&db, START + 10 * round);
        }
    }
}

#[test]
fn a_fork_expires_on_its_own() {
    let mut world = expiring(plain());
    put(&mut world, 1, START + 60);
    put(&mut world, 2, START + 600);
    let mut fork = World::over(world.db.fork().expect("memory"));
    fork.advance(120_000);
    assert_eq!((count(&mut fork), count(&mut world)), (json!(1), json!(2)));
    world.advance(DAY);
    assert_eq!((count(&mut fork), count(&mut world)), (json!(1), json!(0)));
}
