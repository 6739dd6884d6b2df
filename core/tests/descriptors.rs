//! A process that has no file descriptor left goes on writing: alone in its file, because the limit holds for the whole process.
#![cfg(target_os = "linux")]

use std::fs::{self, File};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use streamtable::{Database, OpenOptions};

fn call(db: &Database, operation: &str, input: &Value) -> Value {
    let answer = db.call_json(operation, input.to_string().as_bytes()).expect(operation);
    serde_json::from_slice(&answer).expect("JSON")
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("Linux").count()
}

#[test]
fn a_process_at_its_limit_goes_on_writing() {
    let scratch = tempfile::tempdir().expect("a scratch directory");
    let options = OpenOptions::deterministic().cache_bytes(0_u64);
    let db = Database::open(scratch.path().join("data"), options).expect("a new database");
    let table = json!({
        "TableName": "Table", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    });
    call(&db, "CreateTable", &table);
    let text = "x".repeat(300_000);
    let put = |id: usize| {
        let item = json!({"id": {"S": id.to_string()}, "text": {"S": text}});
        call(&db, "PutItem", &json!({"TableName": "Table", "Item": item}));
    };
    let get = |id: usize| {
        let key = json!({"TableName": "Table", "Key": {"id": {"S": id.to_string()}}});
        assert_eq!(call(&db, "GetItem", &key)["Item"]["text"]["S"], text);
    };
    (0..20).for_each(put);
    let before = getrlimit(Resource::Nofile);
    let few = Rlimit { current: Some(descriptors() as u64 + 20), maximum: before.maximum };
    setrlimit(Resource::Nofile, few).expect("a lower limit");
    // As so many idle connections.
    let taken: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    // Each of the segments that these need is a new file; three of them fill one.
    (20..80).for_each(put);
    (0..80).for_each(get);
    drop(taken);
    setrlimit(Resource::Nofile, before).expect("the limit there was");
    db.close().expect("a sound disk");
}
