//! Tables restored to random moments, against what scans said at them.

use serde_json::json;

use super::backups::{KEEPING, call, change, check_no_history, create, scan, slow, step};
use super::below;
use crate::api::ErrorCode;
use crate::clock::Millis;
use crate::database::Database;
use crate::engine::Call;
use crate::entropy::Entropy;
use crate::inspection;
use crate::options::OpenOptions;
use crate::store::{Scratch, SimDisk};

const DAY: u64 = 86_400_000;
const LAG: u64 = 300_000;

fn recover(db: &Database, days: Option<u64>) {
    let mut specification = json!({"PointInTimeRecoveryEnabled": days.is_some()});
    if let Some(days) = days {
        specification["RecoveryPeriodInDays"] = json!(days);
    }
    let input = json!({"TableName": "Orders", "PointInTimeRecoverySpecification": specification});
    call(db, "UpdateContinuousBackups", &input);
}

fn now(db: &Database) -> Millis {
    db.engine().now()
}

/// Asks for a table at a moment.
fn ask(db: &Database, target: &str, at: Millis) -> Result<(), String> {
    let input = json!({"SourceTableName": "Orders", "TargetTableName": target, "RestoreDateTime": at as f64 / 1000.0});
    let answer = db.call_json("RestoreTableToPointInTime", input.to_string().as_bytes());
    answer.map(drop).map_err(|error| error.code().name().to_owned())
}

/// What a table was at the ends of some milliseconds, the newest last.
type Past = Vec<(Millis, Vec<String>)>;

/// Writes for some time, and notes now and then what the table is.
fn live(db: &Database, random: &Entropy, past: &mut Past, longest: u64) {
    for _ in 0..below(random, 40) {
        change(db, random);
    }
    past.push((now(db), scan(db, "Orders", None)));
    call(db, "AdvanceClock", &json!({"Milliseconds": 1 + below(random, longest)}));
}

/// What the table was at the end of a millisecond.
fn at(past: &Past, moment: Millis) -> &[String] {
    let (_, items) = past.iter().rev().find(|(noted, _)| *noted <= moment).expect("after the beginning");
    items
}

/// Restores the table to a random moment, with steps between which it goes on, and holds it against what it was.
fn check(db: &Database, random: &Entropy, past: &Past, days: u64, target: &str) {
    let now = now(db);
    let first = past[0].0.max(now - days * DAY);
    let last = now.saturating_sub(LAG).max(past[0].0);
    let moment = match below(random, 4) {
        0 => first,
        1 => last,
        _ => first + below(random, last - first + 1),
    };
    assert_eq!(ask(db, target, moment), Ok(()), "{moment} is between {first} and {last}");
    while !step(db) {
        (0..below(random, 10)).for_each(|_| change(db, random));
    }
    assert_eq!(scan(db, target, None), at(past, moment), "at {moment} of {first} to {last}");
    assert_eq!(ask(db, "Other", first - 1), Err("InvalidRestoreTimeException".to_owned()));
    assert_eq!(ask(db, "Other", last + 1), Err("InvalidRestoreTimeException".to_owned()));
    call(db, "DeleteTable", &json!({ "TableName": target }));
}

#[test]
fn a_table_is_restored_to_any_moment_of_its_days() {
    for seed in 0..4 {
        let db = Database::memory(slow(2)).expect("sound options");
        create(&db);
        let random = Entropy::seeded(seed);
        (0..200).for_each(|_| change(&db, &random));
        let mut past = vec![(now(&db), scan(&db, "Orders", None))];
        recover(&db, Some(3));
        for round in 0..60 {
            live(&db, &random, &mut past, DAY / 5);
            if round % 10 == 9 {
                check(&db, &random, &past, 3, &format!("Restored-{round}"));
                // What was written between the steps.
                past.push((now(&db), scan(&db, "Orders", None)));
                call(&db, "AdvanceClock", &json!({"Milliseconds": 2_000}));
            }
        }
        let history = periods(&db);
        assert!((3..=5).contains(&history), "{history} periods are enough for three days");
        recover(&db, None);
        check_no_history(&db);
    }
}

/// How many periods the table's history has.
fn periods(db: &Database) -> usize {
    let engine = db.engine();
    let call = Call::new(&engine);
    let table = call.catalog.for_data("Orders", call.now()).expect("a table");
    let state = table.state.read();
    state.features.history.len()
}

#[test]
fn a_history_goes_on_after_each_loss_of_power() {
    for seed in 0..4 {
        let mut disk = SimDisk::new(seed);
        let mut db = Database::simulated(&disk, slow(2), KEEPING).expect("a new database");
        create(&db);
        let random = Entropy::seeded(100 + seed);
        (0..100).for_each(|_| change(&db, &random));
        let mut past = vec![(now(&db), scan(&db, "Orders", None))];
        recover(&db, Some(2));
        for round in 0..30 {
            live(&db, &random, &mut past, DAY / 8);
            let left = disk.crash(&mut || random.next());
            drop(db);
            disk = left;
            db = Database::simulated(&disk, slow(2), KEEPING).expect("what is left opens");
            if round % 10 == 9 {
                check(&db, &random, &past, 2, &format!("Restored-{round}"));
                past.push((now(&db), scan(&db, "Orders", None)));
                call(&db, "AdvanceClock", &json!({"Milliseconds": 2_000}));
            }
        }
    }
}

#[test]
fn a_clock_that_is_set_back_begins_the_history_anew() {
    let scratch = Scratch::new("recovery");
    let path = scratch.path().join("data");
    let open = |now| Database::open(&path, OpenOptions { now, ..slow(2) }).expect("sound");
    let db = open(None);
    create(&db);
    recover(&db, Some(3));
    let random = Entropy::seeded(1);
    (0..100).for_each(|_| change(&db, &random));
    call(&db, "AdvanceClock", &json!({"Milliseconds": 2 * DAY}));
    (0..100).for_each(|_| change(&db, &random));
    let items = scan(&db, "Orders", None);
    let back = now(&db) - DAY;
    db.close().expect("a sound disk");
    inspection::set_clock(&path, Some(back)).expect("nothing is being copied");
    let db = open(None);
    assert_eq!(now(&db), back);
    db.maintain().expect("a sound disk");
    call(&db, "AdvanceClock", &json!({"Milliseconds": 2 * LAG}));
    (0..100).for_each(|_| change(&db, &random));
    assert_eq!(ask(&db, "Before", back - 1), Err("InvalidRestoreTimeException".to_owned()));
    assert_eq!(ask(&db, "Restored", back), Ok(()));
    db.close().expect("a sound disk");
    let error = inspection::set_clock(&path, Some(back - DAY)).expect_err("a table is being restored");
    assert_eq!(error.code(), ErrorCode::Open);
    let db = open(None);
    while !step(&db) {}
    assert_eq!(scan(&db, "Restored", None), items);
    db.close().expect("a sound disk");
    let report = inspection::verify(&path, &mut |_| {}).expect("a check");
    assert_eq!(report.findings, []);
}
