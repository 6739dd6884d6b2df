//! Backups against the strongest model there is: what a scan said at the moment at which they were made.

use std::ops::Bound;
use std::sync::Arc;
use std::thread;

use serde_json::{Value, json};

use super::{below, options};
use crate::database::Database;
use crate::database::simulated::SimulatedKeeping;
use crate::engine::Call;
use crate::entropy::Entropy;
use crate::operation::backup;
use crate::options::OpenOptions;
use crate::store::{Budget, RowRange, SimDisk, TableId};
use crate::table::RowCopy;

const KEYS: u64 = 300;
pub(super) const KEEPING: SimulatedKeeping =
    SimulatedKeeping { checkpoint_bytes: 32 * 1024, background: false };

pub(super) fn call(db: &Database, operation: &str, input: &Value) -> Value {
    let answer = db.call_json(operation, input.to_string().as_bytes()).expect(operation);
    serde_json::from_slice(&answer).expect("JSON")
}

/// With copies that wait for somebody to take the steps.
pub(super) fn slow(partitions: u32) -> OpenOptions {
    OpenOptions { control_plane_delay: std::time::Duration::from_secs(1), ..options(partitions) }
}

pub(super) fn create(db: &Database) {
    call(
        db,
        "CreateTable",
        &json!({
            "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "by", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "GlobalSecondaryIndexes": [{"IndexName": "by-customer", "KeySchema": [{"AttributeName": "by", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"}}],
        }),
    );
    call(db, "AdvanceClock", &json!({"Milliseconds": 1_000}));
}

/// Writes one row, or several at once.
pub(super) fn change(db: &Database, random: &Entropy) {
    let key = || json!({"id": {"S": format!("o{}", below(random, KEYS))}});
    let item = || {
        let mut item = key();
        item["n"] = json!({"N": below(random, 1_000).to_string()});
        if below(random, 2) == 0 {
            item["by"] = json!({"S": format!("c{}", below(random, 5))});
        }
        item
    };
    match below(random, 10) {
        0..=2 => drop(call(db, "DeleteItem", &json!({"TableName": "Orders", "Key": key()}))),
        3 => {
            let mut puts: Vec<Value> = (0..5).map(|_| item()).collect();
            puts.sort_unstable_by_key(|item| item["id"].to_string());
            puts.dedup_by_key(|item| item["id"].clone());
            let puts: Vec<Value> =
                puts.into_iter().map(|item| json!({"Put": {"TableName": "Orders", "Item": item}})).collect();
            call(db, "TransactWriteItems", &json!({"TransactItems": puts}));
        }
        _ => drop(call(db, "PutItem", &json!({"TableName": "Orders", "Item": item()}))),
    }
}

pub(super) fn scan(db: &Database, table: &str, index: Option<&str>) -> Vec<String> {
    let mut input = json!({ "TableName": table });
    if let Some(index) = index {
        input["IndexName"] = json!(index);
    }
    let found = call(db, "Scan", &input);
    let mut items: Vec<String> =
        found["Items"].as_array().expect("a list").iter().map(ToString::to_string).collect();
    items.sort_unstable();
    items
}

fn rows(db: &Database, id: TableId) -> usize {
    let range = RowRange { from: Bound::Unbounded, to: Bound::Unbounded, descending: false };
    db.engine().store.rows(id, &range, Budget::of_rows(usize::MAX)).expect("readable").value.items.len()
}

/// The only copy that runs.
fn copy(db: &Database) -> Arc<RowCopy> {
    let copies = Call::new(&db.engine()).catalog.copies();
    assert_eq!(copies.len(), 1, "one copy runs");
    copies[0].clone()
}

/// One step of the only copy; true when it is over.
pub(super) fn step(db: &Database) -> bool {
    let copy = copy(db);
    backup::step(&Call::new(&db.engine()), &copy).expect("a sound store")
}

fn back_up(db: &Database) -> String {
    let made = call(db, "CreateBackup", &json!({"TableName": "Orders", "BackupName": "nightly"}));
    made["BackupDetails"]["BackupArn"].as_str().expect("an ARN").to_owned()
}

/// The backup holds these items, in its rows and as a table with its index.
fn check(db: &Database, arn: &str, items: &[String], target: &str) {
    let details = call(db, "DescribeBackup", &json!({ "BackupArn": arn }))["BackupDescription"].clone();
    assert_eq!(details["BackupDetails"]["BackupStatus"], "AVAILABLE");
    assert_eq!(details["SourceTableDetails"]["ItemCount"], items.len());
    call(db, "RestoreTableFromBackup", &json!({"TargetTableName": target, "BackupArn": arn}));
    let summary = call(db, "DescribeTable", &json!({ "TableName": target }))["Table"].clone();
    assert_eq!(
        (&summary["TableStatus"], &summary["RestoreSummary"]["RestoreInProgress"]),
        (&json!("CREATING"), &json!(true))
    );
    while !step(db) {}
    assert_eq!(scan(db, target, None), items);
    let indexed: Vec<String> = items.iter().filter(|item| item.contains("\"by\"")).cloned().collect();
    assert_eq!(scan(db, target, Some("by-customer")), indexed);
    let summary = call(db, "DescribeTable", &json!({ "TableName": target }))["Table"].clone();
    assert_eq!((&summary["TableStatus"], summary.get("RestoreSummary")), (&json!("ACTIVE"), None));
    assert_eq!(summary["ItemCount"], items.len());
}

/// Nothing is recorded, and nothing is left of what was.
pub(super) fn check_no_history(db: &Database) {
    let engine = db.engine();
    let call = Call::new(&engine);
    let table = call.catalog.for_data("Orders", call.now()).expect("a table");
    assert_eq!(table.state.read().features.history, []);
    assert!(table.partitions().iter().all(|partition| partition.state.lock().history.is_none()));
    assert!(call.catalog.copies().is_empty());
}

#[test]
fn a_backup_has_the_items_of_its_moment_whatever_is_written_between_its_steps() {
    for seed in 0..6 {
        let db = Database::memory(slow(3)).expect("sound options");
        create(&db);
        let random = Entropy::seeded(seed);
        (0..500).for_each(|_| change(&db, &random));
        let expected = scan(&db, "Orders", None);
        let arn = back_up(&db);
        let mut steps = 0;
        while !step(&db) {
            steps += 1;
            (0..20).for_each(|_| change(&db, &random));
            if steps == 2 {
                call(&db, "SplitShard", &json!({"TableName": "Orders"}));
            }
        }
        assert!(steps > 4, "it took several steps");
        check_no_history(&db);
        assert_ne!(scan(&db, "Orders", None), expected, "the table went on");
        check(&db, &arn, &expected, "Restored");
    }
}

#[test]
fn writers_in_other_threads_make_no_difference() {
    for seed in 0..4 {
        let db = Database::memory(slow(2)).expect("sound options");
        create(&db);
        let random = Entropy::seeded(seed);
        (0..500).for_each(|_| change(&db, &random));
        let expected = scan(&db, "Orders", None);
        let arn = back_up(&db);
        thread::scope(|scope| {
            for thread in 0..2 {
                let db = &db;
                scope.spawn(move || {
                    let random = Entropy::seeded(100 * seed + thread);
                    (0..400).for_each(|_| change(db, &random));
                });
            }
            while !step(&db) {}
        });
        check(&db, &arn, &expected, "Restored");
    }
}

#[test]
fn a_backup_goes_on_where_a_lost_process_left_it() {
    for seed in 0..5 {
        let mut disk = SimDisk::new(seed);
        let mut db = Database::simulated(&disk, slow(2), KEEPING).expect("a new database");
        create(&db);
        let random = Entropy::seeded(seed);
        (0..400).for_each(|_| change(&db, &random));
        let expected = scan(&db, "Orders", None);
        let arn = back_up(&db);
        let mut steps = 0;
        while !step(&db) {
            steps += 1;
            (0..10).for_each(|_| change(&db, &random));
            let left = disk.crash(&mut || random.next());
            drop(db);
            disk = left;
            db = Database::simulated(&disk, slow(2), KEEPING).expect("what is left opens");
        }
        assert!(steps > 4, "it took several steps");
        check_no_history(&db);
        db.close().expect("a sound disk");
        let db = Database::simulated(&disk, slow(2), KEEPING).expect("it was closed");
        check(&db, &arn, &expected, "Restored");
    }
}

#[test]
fn a_backup_outlives_its_table_also_when_that_goes_while_it_is_made() {
    for when in 0..6 {
        let db = Database::memory(slow(2)).expect("sound options");
        create(&db);
        let random = Entropy::seeded(when);
        (0..400).for_each(|_| change(&db, &random));
        let expected = scan(&db, "Orders", None);
        let arn = back_up(&db);
        let id = copy(&db).source;
        let deleted = (0..=when).any(|_| {
            (0..30).for_each(|_| change(&db, &random));
            step(&db)
        });
        assert!(!deleted, "it is still being made");
        let period =
            Call::new(&db.engine()).catalog.table_of(id).expect("a table").state.read().features.history[0];
        call(&db, "DeleteTable", &json!({"TableName": "Orders"}));
        while !step(&db) {}
        assert_eq!((rows(&db, id), rows(&db, period.rows())), (0, 0), "nobody needs them any more");
        call(&db, "AdvanceClock", &json!({"Milliseconds": 1_000}));
        check(&db, &arn, &expected, "Orders");
    }
}

#[test]
fn forks_have_backups_of_their_own() {
    let db = Database::memory(slow(2)).expect("sound options");
    create(&db);
    let random = Entropy::seeded(9);
    (0..300).for_each(|_| change(&db, &random));
    let expected = scan(&db, "Orders", None);
    let arn = back_up(&db);
    assert!(!step(&db), "it is being made");
    let fork = db.fork().expect("memory");
    (0..100).for_each(|_| change(&fork, &random));
    for db in [&fork, &db] {
        while !step(db) {}
        check(db, &arn, &expected, "Restored");
    }
    call(&fork, "DeleteBackup", &json!({ "BackupArn": arn }));
    assert_eq!(call(&fork, "ListBackups", &json!({}))["BackupSummaries"], json!([]));
    assert_eq!(call(&db, "ListBackups", &json!({}))["BackupSummaries"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_backup_has_whole_transactions() {
    let db = Database::memory(slow(4)).expect("sound options");
    create(&db);
    let write = |n: u64| {
        let put = |key: u64| json!({"id": {"S": format!("o{key}")}, "n": {"N": n.to_string()}});
        let put = |key| json!({"Put": {"TableName": "Orders", "Item": put(key)}});
        json!({"TransactItems": (0..8).map(put).collect::<Vec<_>>()})
    };
    call(&db, "TransactWriteItems", &write(0));
    thread::scope(|scope| {
        let writer = scope.spawn(|| (1..800).for_each(|n| drop(call(&db, "TransactWriteItems", &write(n)))));
        let mut backups = 0;
        while !writer.is_finished() || backups < 3 {
            let arn = back_up(&db);
            while !step(&db) {}
            let target = format!("Restored-{backups}");
            call(&db, "RestoreTableFromBackup", &json!({"TargetTableName": target, "BackupArn": arn}));
            while !step(&db) {}
            let found = call(&db, "Scan", &json!({ "TableName": target }))["Items"].clone();
            let found = found.as_array().expect("a list");
            assert_eq!(found.len(), 8);
            assert!(found.iter().all(|item| item["n"] == found[0]["n"]), "{found:?}");
            backups += 1;
        }
    });
}
