//! Closing while calls run, trimming while they read, and work that ends in a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{Database, OpenOptions};
use crate::api::ErrorCode;

use crate::store::faulty::Faulty;
use crate::store::{Batch, DurableStore, LogId, Logs, MemoryStore, Meta, Removal, Scratch, Store};

fn open(path: &Path) -> (Database, Arc<Faulty>) {
    let options = OpenOptions::deterministic();
    let disk = DurableStore::open_directory(path, options.settings(), 7, 0).expect("a sound directory");
    let store = Faulty::over(Arc::new(disk));
    (Database::over(store.clone(), options).expect("sound options"), store)
}

fn call(db: &Database, operation: &str, input: &serde_json::Value) -> crate::api::Result<Vec<u8>> {
    db.call_json(operation, input.to_string().as_bytes())
}

#[test]
fn a_read_that_is_running_ends_before_the_database_is_closed() {
    let scratch = Scratch::new("closing");
    let key = json!({"id": {"S": "a"}});
    {
        let (db, _) = open(scratch.path());
        let table = json!({
            "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        });
        call(&db, "CreateTable", &table).expect("a new table");
        call(&db, "DescribeTable", &json!({"TableName": "Orders"})).expect("a table");
        call(&db, "PutItem", &json!({"TableName": "Orders", "Item": key})).expect("room");
        db.close().expect("a sound disk");
    }
    let (db, store) = open(scratch.path());
    let (reached, comes) = mpsc::channel();
    let (go_on, waits) = mpsc::channel::<()>();
    let (reached, waits) = (Mutex::new(reached), Mutex::new(waits));
    let hook = move || {
        reached.lock().expect("one reader").send(()).expect("someone waits");
        waits.lock().expect("one reader").recv().expect("it is told");
    };
    assert!(store.before.get.set(Box::new(hook)).is_ok());
    std::thread::scope(|scope| {
        // Dropped on the way out, so that a failure here lets the reader go, too.
        let go_on = go_on;
        let reader = scope.spawn(|| call(&db, "GetItem", &json!({"TableName": "Orders", "Key": key})));
        comes.recv().expect("the read has begun");
        let closer = scope.spawn(|| db.close());
        while !db.0.calls.is_awaited() && !closer.is_finished() {
            std::thread::yield_now();
        }
        assert!(!closer.is_finished(), "a call is running");
        assert_eq!(call(&db, "ListTables", &json!({})).expect_err("no more begin").code(), ErrorCode::Closed);
        go_on.send(()).expect("the reader waits");
        let answer = reader.join().expect("no panic").expect("it was called before the database was closed");
        assert!(String::from_utf8(answer).expect("JSON").contains("Item"));
        closer.join().expect("no panic").expect("a sound disk");
    });
}

#[test]
fn a_call_may_close_the_database_that_it_is_inside() {
    let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
    let outcome = db.0.run(|_| {
        std::thread::scope(|scope| {
            let other = scope.spawn(|| db.0.calls.close());
            assert!(other.join().expect("no panic"), "another thread begins to close it");
        });
        db.close()
    });
    outcome.expect("nobody waits for oneself");
    let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
    db.0.run(|_| db.close()).expect("nobody waits for oneself");
}

#[test]
fn records_that_are_trimmed_between_two_looks_are_told_and_not_skipped() {
    let disk = Arc::new(MemoryStore::default());
    let store = Faulty::over(disk.clone());
    let db = Database::over(store.clone(), OpenOptions::deterministic()).expect("sound options");
    let table = json!({
        "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
    });
    let ask = |operation: &str, input: Value| -> Value {
        serde_json::from_slice(&call(&db, operation, &input).expect(operation)).expect("JSON")
    };
    let arn = ask("CreateTable", table)["TableDescription"]["LatestStreamArn"].clone();
    ask("DescribeTable", json!({"TableName": "Orders"}));
    ask("PutItem", json!({"TableName": "Orders", "Item": {"id": {"S": "a"}}}));
    let shards = ask("DescribeStream", json!({ "StreamArn": arn }))["StreamDescription"]["Shards"].clone();
    let from =
        json!({"StreamArn": arn, "ShardId": shards[0]["ShardId"], "ShardIteratorType": "TRIM_HORIZON"});
    let iterator = ask("GetShardIterator", from)["ShardIterator"].clone();
    let name = disk
        .meta()
        .expect("memory")
        .into_iter()
        .find_map(|(name, _)| name.strip_prefix("shard/").and_then(|id| id.parse().ok()).map(LogId));
    let log = name.expect("a shard");
    let trim = move || {
        let last = disk.bounds(log, 0).expect("memory").value.last.expect("a record");
        let removals = vec![Removal::Records(log, last)];
        disk.commit(Batch { removals, ..Batch::default() }).expect("memory");
    };
    assert!(store.before.records.set(Box::new(trim)).is_ok());
    let read = call(&db, "GetRecords", &json!({ "ShardIterator": iterator }));
    assert_eq!(read.expect_err("it was never read").code(), ErrorCode::TrimmedDataAccess);
}

#[test]
fn a_panic_of_background_work_is_the_end_of_the_database() {
    let store = Faulty::over(Arc::new(MemoryStore::default()));
    let db = Database::over(store.clone(), OpenOptions::deterministic()).expect("sound options");
    assert!(store.before.maintain.set(Box::new(|| panic!("a defect, for the test"))).is_ok());
    // The store has its turn some time after opening.
    db.0.engine.load().clock.set(crate::clock::MANUAL_START + 60_000);
    assert!(catch_unwind(AssertUnwindSafe(|| db.0.maintain())).is_err());
    for _ in 0..2 {
        let error = call(&db, "ListTables", &json!({})).expect_err("the state is not to be trusted");
        assert_eq!(error.code(), ErrorCode::InternalServer);
    }
    db.close().expect("memory");
}
