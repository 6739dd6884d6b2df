//! Regions of one database: what they have in common, and what they have not.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::api::{ErrorCode, Result};
use crate::clock::MANUAL_START;
use crate::database::Database;
use crate::inspection::{restore, set_clock, verify};
use crate::limits::REGIONS_MAX;
use crate::options::{ClockMode, OpenOptions};
use crate::store::{REGION_FOLDER, Scratch};

const AWAY: &str = "eu-west-1";

fn ask(db: &Database, operation: &str, input: Value) -> Result<Value> {
    let answer = db.call_json(operation, input.to_string().as_bytes())?;
    Ok(serde_json::from_slice(&answer).expect("JSON"))
}

fn create(db: &Database) -> Value {
    let table = json!({
        "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
    });
    let made = ask(db, "CreateTable", table).expect("a new table")["TableDescription"].clone();
    ask(db, "DescribeTable", json!({"TableName": "Orders"})).expect("a table");
    made
}

fn put(db: &Database, id: &str) {
    ask(db, "PutItem", json!({"TableName": "Orders", "Item": {"id": {"S": id}}})).expect("room");
}

fn ids(db: &Database) -> Vec<String> {
    let found = ask(db, "Scan", json!({"TableName": "Orders"})).expect("a table");
    let mut ids: Vec<String> =
        found["Items"].as_array().expect("a list").iter().map(|item| item["id"]["S"].to_string()).collect();
    ids.sort_unstable();
    ids
}

fn now(db: &Database) -> u64 {
    ask(db, "DescribeClock", json!({})).expect("open")["Now"].as_u64().expect("a time")
}

fn filled(db: &Database) -> Database {
    let away = db.in_region(AWAY).expect("room");
    create(db);
    create(&away);
    put(db, "home");
    put(&away, "away");
    away
}

fn in_directory(path: &Path) -> Database {
    Database::open(path, OpenOptions { clock: ClockMode::Manual, ..OpenOptions::default() }).expect("sound")
}

#[test]
fn a_region_has_tables_and_names_of_its_own() {
    let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
    let away = db.in_region(AWAY).expect("room");
    assert_eq!(create(&db)["TableArn"], "arn:aws:dynamodb:us-east-1:000000000000:table/Orders");
    assert_eq!(ask(&away, "ListTables", json!({})).expect("open")["TableNames"], json!([]));
    let made = create(&away);
    assert_eq!(made["TableArn"], "arn:aws:dynamodb:eu-west-1:000000000000:table/Orders");
    put(&db, "home");
    put(&away, "away");
    assert_eq!((ids(&db), ids(&away)), (vec!["\"home\"".to_owned()], vec!["\"away\"".to_owned()]));
    let stream = json!({ "StreamArn": made["LatestStreamArn"] });
    assert_eq!(
        ask(&db, "DescribeStream", stream.clone()).expect_err("another region's").code(),
        ErrorCode::ResourceNotFound
    );
    assert!(ask(&away, "DescribeStream", stream).is_ok());
    // Every way to a region leads to the same.
    assert_eq!(ids(&away.in_region("us-east-1").expect("home")), ids(&db));
    assert_eq!(ids(&db.in_region(AWAY).expect("there")), ids(&away));
    assert_eq!((db.regions(), away.region()), (vec!["us-east-1".to_owned(), AWAY.to_owned()], AWAY));
}

#[test]
fn clients_of_every_region_may_share_one() {
    let options = OpenOptions { share_regions: true, ..OpenOptions::deterministic() };
    let db = Database::memory(options).expect("sound options");
    create(&db);
    let away = db.in_region(AWAY).expect("the same");
    put(&away, "away");
    assert_eq!((ids(&db).len(), away.region(), db.regions().len()), (1, "us-east-1", 1));
}

#[test]
fn regions_have_one_clock() {
    let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
    db.advance(Duration::from_secs(5)).expect("a manual clock");
    let away = db.in_region(AWAY).expect("room");
    assert_eq!(now(&away), MANUAL_START + 5_000);
    create(&away);
    assert_eq!(away.advance(Duration::from_secs(7)), Ok(MANUAL_START + 12_000));
    assert_eq!((now(&db), now(&away)), (MANUAL_START + 12_000, MANUAL_START + 12_000));
    // What falls due in a region is done there.
    let done = db.advance(Duration::from_secs(5 * 3600)).and_then(|_| ask(&away, "DescribeStream", json!({
        "StreamArn": ask(&away, "DescribeTable", json!({"TableName": "Orders"}))?["Table"]["LatestStreamArn"],
    })));
    let shards = done.expect("a stream")["StreamDescription"]["Shards"].as_array().expect("a list").len();
    assert_eq!(shards, 2, "the shard was replaced");
}

#[test]
fn snapshots_forks_and_resets_are_of_all_regions() {
    let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
    let away = filled(&db);
    let snapshot = away.snapshot().expect("in memory");
    let fork = snapshot.fork().expect("memory");
    assert_eq!((fork.region(), ids(&fork)), (AWAY, ids(&away)));
    put(&fork, "only there");
    assert_eq!(ids(&away).len(), 1);
    put(&away, "later");
    put(&db, "later");
    create(&db.in_region("ap-south-1").expect("room"));
    db.restore(&snapshot).expect("its own");
    assert_eq!((ids(&db).len(), ids(&away).len()), (1, 1));
    let newer = db.in_region("ap-south-1").expect("there");
    assert_eq!(
        ask(&newer, "ListTables", json!({})).expect("open")["TableNames"],
        json!([]),
        "it was not there then"
    );
    // A fork draws in each region what the original would have drawn.
    let twin = snapshot.fork().expect("memory");
    let made = |db: &Database| {
        ask(db, "DeleteTable", json!({"TableName": "Orders"})).expect("a table");
        ask(db, "DescribeTable", json!({"TableName": "Orders"})).expect_err("it is gone");
        create(db)
    };
    assert_eq!(made(&twin), made(&away));
    db.advance(Duration::from_secs(9)).expect("a manual clock");
    away.reset().expect("in memory");
    for region in db.regions() {
        let db = db.in_region(&region).expect("there");
        assert_eq!(ask(&db, "ListTables", json!({})).expect("open")["TableNames"], json!([]));
        assert_eq!(now(&db), MANUAL_START);
    }
}

#[test]
fn a_directory_keeps_its_regions() {
    let scratch = Scratch::new("regions");
    let path = scratch.path().join("data");
    let db = in_directory(&path);
    let away = filled(&db);
    db.advance(Duration::from_secs(60)).expect("a manual clock");
    let (copy, fork) = (scratch.path().join("copy"), scratch.path().join("fork"));
    let alone = db.in_region(AWAY).and_then(|_| db.backup(&copy)).expect("an empty directory");
    assert!(alone > 0);
    put(&away, "later");
    let forked = away.fork_to(&fork).expect("an empty directory");
    assert_eq!((forked.region(), ids(&forked).len()), (AWAY, 2));
    forked.close().expect("a sound disk");
    // Closing any of them closes all.
    away.close().expect("a sound disk");
    assert_eq!(ask(&db, "ListTables", json!({})).expect_err("closed").code(), ErrorCode::Closed);
    assert_eq!(db.in_region("ap-south-1").expect_err("closed").code(), ErrorCode::Closed);

    let report = verify(&path, &mut |_| {}).expect("a check");
    assert_eq!((report.findings.len(), report.tables, report.rows), (0, 2, 3));
    let db = in_directory(&path);
    let away = db.in_region(AWAY).expect("there");
    assert_eq!((db.regions().len(), ids(&away).len(), now(&away)), (2, 2, MANUAL_START + 60_000));
    db.close().expect("a sound disk");

    let restored = scratch.path().join("restored");
    restore(&copy, &restored).expect("an empty directory");
    let db = Database::open_to_look(&restored).expect("sound");
    assert_eq!(ids(&db.in_region(AWAY).expect("there")), ["\"away\""]);
    assert_eq!(
        ask(&db.in_region("ap-south-1").expect("room"), "ListTables", json!({})).expect("open")["TableNames"],
        json!([])
    );
    db.close().expect("nothing is written");
    assert!(!restored.join(REGION_FOLDER).join("ap-south-1").exists(), "looking changes nothing");
}

#[test]
fn the_clocks_of_all_regions_are_set() {
    let scratch = Scratch::new("regions-clock");
    let path = scratch.path().join("data");
    let db = in_directory(&path);
    filled(&db);
    db.close().expect("a sound disk");
    let week = 7 * 86_400_000;
    for to in [MANUAL_START + week, MANUAL_START - week] {
        set_clock(&path, Some(to)).expect("nobody has it open");
        let db = in_directory(&path);
        assert_eq!((now(&db), now(&db.in_region(AWAY).expect("there"))), (to, to));
        db.close().expect("a sound disk");
    }
}

#[test]
fn damage_to_a_region_is_told_with_its_name() {
    let scratch = Scratch::new("regions-damage");
    let path = scratch.path().join("data");
    let db = in_directory(&path);
    filled(&db);
    db.close().expect("a sound disk");
    let log = path.join(REGION_FOLDER).join(AWAY).join("log");
    let segment = std::fs::read_dir(&log).expect("a folder").next().expect("a file").expect("a file").path();
    let mut bytes = std::fs::read(&segment).expect("a file");
    let middle = 200;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).expect("a file");
    let report = verify(&path, &mut |_| {}).expect("a check");
    assert!(
        report.findings.iter().any(|finding| finding.to_string().starts_with("In eu-west-1: ")),
        "{report:?}"
    );
}

#[test]
fn regions_are_bounded_and_their_names_checked() {
    let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
    for name in ["", "../eu-west-1", "eu/west", "a.b"] {
        assert_eq!(db.in_region(name).expect_err(name).code(), ErrorCode::Open);
    }
    for i in 0..REGIONS_MAX {
        db.in_region(&format!("region-{i}")).expect("room");
    }
    let error = db.in_region("one-more").expect_err("no room");
    assert_eq!(error.code(), ErrorCode::Validation);
    assert!(db.in_region("region-0").is_ok(), "those that are there stay");
}
