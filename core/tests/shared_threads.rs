//! How many threads a process has for its databases.
#![cfg(target_os = "linux")]

use std::fs;

use streamtable::{Database, Durability, OpenOptions};

/// The names of our threads in this process.
fn threads() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").expect("the system tells");
    // A thread may end while it is looked at.
    let names = tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|name| name.starts_with("streamtable")).collect()
}

#[test]
fn hundreds_of_databases_share_their_threads() {
    let scratch = tempfile::tempdir().expect("a scratch directory");
    let kept = OpenOptions::default().durability(Durability::Buffered);
    let table = br#"{"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}"#;
    let databases: Vec<Database> = (0..200)
        .map(|i| match i % 4 {
            0 => Database::open(scratch.path().join(i.to_string()), kept.clone()).expect("a directory"),
            _ => Database::memory(OpenOptions::default()).expect("sound options"),
        })
        .collect();
    for db in &databases {
        db.call_json("CreateTable", table).expect("a table");
    }
    let threads = threads();
    // One that watches, and some that work; more are added where work has waited, which a machine under load makes it do.
    assert!(!threads.is_empty() && threads.len() < 50, "{threads:?}");
    for db in databases {
        db.close().expect("a sound disk");
    }
    assert_eq!(self::threads(), Vec::<String>::new(), "they end with the last database");
}
