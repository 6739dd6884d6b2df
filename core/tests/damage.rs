//! Directories that were damaged: opening and reading one gives an error or the truth, and never ends in a panic.

mod reading;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};
use streamtable::{Database, ErrorCode, Result};

use reading::{call, contents, fresh, list, open};

/// Rounds for each of the two directories.
const ROUNDS: u64 = 200;

/// Chance that can be repeated.
struct Random(SplitMix64);

impl Random {
    fn new(seed: u64) -> Random {
        Random(SplitMix64::seed_from_u64(seed))
    }

    fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end as u64) as usize
    }
}

/// What a damaged directory came to.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// It did not open.
    Refused,
    /// It opened, and reading some of it gave an error.
    Unreadable,
    /// It said everything, and all of it was true.
    Sound,
}

#[test]
fn a_damaged_directory_that_was_closed_gives_an_error_or_all_that_was_in_it() {
    let path = fresh("damage-closed");
    let db = open(&path).expect("a new database");
    fill(&db, 400);
    let truth = contents(&db).expect("readable");
    db.close().expect("it closes");
    let report = streamtable::verify(&path, &mut |_| {}).expect("it can be looked at");
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let outcomes =
        rounds(&path, 1, |found| assert_eq!(*found, truth, "it was closed, so nothing may be missing"));
    assert!(outcomes.contains(&Outcome::Refused) && outcomes.contains(&Outcome::Unreadable));
    assert!(outcomes.contains(&Outcome::Sound), "not every byte is of importance");
}

#[test]
fn a_damaged_directory_that_was_not_closed_gives_an_error_or_what_was_true_at_a_time() {
    let path = fresh("damage-open");
    let db = open(&path).expect("a new database");
    fill(&db, 150);
    db.close().expect("it closes");
    let db = open(&path).expect("it opens again");
    fill(&db, 250);
    let truth = contents(&db).expect("readable");
    let copy = path.with_file_name("as-killed");
    copy_folder(&path, &copy);
    db.close().expect("it closes");
    let outcomes = rounds(&copy, 2, |found| check_prefix(found, &truth));
    assert!(outcomes.contains(&Outcome::Refused) && outcomes.contains(&Outcome::Sound));
}

/// Writes to one table with a stream of both images, so that what the table must hold can be told from the stream.
fn fill(db: &Database, writes: usize) {
    let run = |operation: &str, input: Value| call(db, operation, input).expect("it works");
    if list(&run("ListTables", json!({}))["TableNames"]).is_empty() {
        run(
            "CreateTable",
            json!({
                "TableName": "Table", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            }),
        );
    }
    let mut random = Random::new(writes as u64);
    for n in 0..writes {
        let id = json!({"S": format!("id-{}", random.below(60))});
        match random.below(10) {
            0 => drop(run("DeleteItem", json!({"TableName": "Table", "Key": {"id": id}}))),
            1 if n % 40 == 1 => drop(run("RollShard", json!({"TableName": "Table"}))),
            _ => {
                let text = format!("{writes}/{n} ").repeat(1 + random.below(200));
                run("PutItem", json!({"TableName": "Table", "Item": {"id": id, "text": {"S": text}}}));
            }
        }
    }
}

/// Damages a copy of a directory many times, in many ways. `check` looks at what one says that can be read from end to end.
fn rounds(path: &Path, seed: u64, check: impl Fn(&Value)) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for round in 0..ROUNDS {
        let mut random = Random::new(seed << 32 | round);
        let copy = path.with_file_name("damaged");
        if copy.exists() {
            fs::remove_dir_all(&copy).expect("the copy of the last round");
        }
        copy_folder(path, &copy);
        let damage = damage(&copy, &mut random);
        let outcome = catch_unwind(AssertUnwindSafe(|| read(&copy, &check)));
        let outcome =
            outcome.unwrap_or_else(|_| panic!("round {round} of seed {seed} panicked after: {damage}"));
        outcomes.push(outcome);
    }
    outcomes
}

fn read(path: &Path, check: impl Fn(&Value)) -> Outcome {
    let refused = |error: &streamtable::Error| {
        let code = error.code();
        assert!(
            matches!(code, ErrorCode::Open | ErrorCode::Corruption | ErrorCode::Storage),
            "an error that says what is wrong: {error}"
        );
        assert!(!error.message().is_empty(), "{error}");
    };
    let db = match open(path) {
        Ok(db) => db,
        Err(error) => {
            refused(&error);
            return Outcome::Refused;
        }
    };
    match contents(&db) {
        Ok(found) => {
            check(&found);
            // What can be read can be gone on with.
            let put = json!({"TableName": "Table", "Item": {"id": {"S": "after"}}});
            if let Err(error) = call(&db, "PutItem", put) {
                assert_ne!(error.code(), ErrorCode::InternalServer, "{error}");
            }
            if let Err(error) = db.close() {
                refused(&error);
            }
            Outcome::Sound
        }
        Err(error) => {
            refused(&error);
            // Others may read; nobody is told anything else by a second look.
            assert!(contents(&db).is_err());
            if let Err(error) = db.close() {
                refused(&error);
            }
            // Whoever looks for damage finds it, too.
            match streamtable::verify(path, &mut |_| {}) {
                Ok(report) => assert!(!report.findings.is_empty(), "{error}, but nothing is found"),
                Err(error) => refused(&error),
            }
            Outcome::Unreadable
        }
    }
}

/// Damages one file; says how.
fn damage(path: &Path, random: &mut Random) -> String {
    let files = files(path);
    let file = &files[random.below(files.len())];
    let name = file.strip_prefix(path).expect("it lies there").display();
    let mut bytes = fs::read(file).expect("a file");
    let how = match random.below(10) {
        0 => {
            fs::remove_file(file).expect("it can be removed");
            return format!("{name} was removed");
        }
        1 | 2 => {
            bytes.truncate(random.below(bytes.len() + 1));
            format!("{name} was cut to {} bytes", bytes.len())
        }
        3 if !bytes.is_empty() => {
            let start = written(&bytes, random) / 512 * 512;
            let end = (start + 512).min(bytes.len());
            bytes[start..end].fill(0);
            format!("the sector at {start} of {name} was lost")
        }
        4 if !bytes.is_empty() => {
            let (from, to) = (written(&bytes, random) / 512 * 512, written(&bytes, random) / 512 * 512);
            let len = 512.min(bytes.len() - from.max(to));
            bytes.copy_within(from..from + len, to);
            format!("the sector at {from} of {name} was also written to {to}")
        }
        _ if bytes.is_empty() => format!("{name} is empty and stayed so"),
        _ => {
            let (at, bit) = (written(&bytes, random), random.below(8));
            bytes[at] ^= 1 << bit;
            format!("bit {bit} at {at} of {name} was turned")
        }
    };
    fs::write(file, bytes).expect("a file");
    how
}

/// A place in a file; mostly one where something was written.
fn written(bytes: &[u8], random: &mut Random) -> usize {
    let mut at = random.below(bytes.len());
    for _ in 0..200 {
        if bytes[at] != 0 {
            break;
        }
        at = random.below(bytes.len());
    }
    at
}

/// What a directory says that was not closed: records from the beginning up to some point in each shard, each as it was, and the items
/// that these records make.
fn check_prefix(found: &Value, truth: &Value) {
    let mut items = std::collections::BTreeMap::new();
    for (arn, stream) in found["streams"].as_object().expect("streams") {
        // In the order of the lineage: a description lists parents first.
        for shard in list(&stream["description"]["Shards"]) {
            let id = shard["ShardId"].as_str().expect("an id");
            let all = list(&truth["streams"][arn]["records"][id]);
            let records = list(&stream["records"][id]);
            assert!(
                records.len() <= all.len() && records == all[..records.len()],
                "records of {id} are not those written"
            );
            for record in records {
                let change = &record["dynamodb"];
                let key = change["Keys"]["id"]["S"].as_str().expect("a key").to_owned();
                let before = items.remove(&key);
                assert_eq!(
                    before,
                    change.get("OldImage").cloned(),
                    "a record does not go on from the one before"
                );
                items.extend(change.get("NewImage").map(|image| (key, image.clone())));
            }
        }
    }
    let Some(table) = found["tables"].get("Table") else {
        assert!(items.is_empty(), "records of a table that is not there");
        return;
    };
    let mut rows = list(&table["items"]);
    rows.sort_by_key(|item| item["id"]["S"].as_str().expect("a key").to_owned());
    assert_eq!(rows, items.into_values().collect::<Vec<_>>(), "the items are not those of the records");
    assert_eq!(table["description"]["ItemCount"], rows.len());
}

fn files(path: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![path.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let entry = entry.expect("an entry").path();
            if entry.is_dir() { folders.push(entry) } else { files.push(entry) }
        }
    }
    files.sort_unstable();
    files
}

fn copy_folder(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("it lies there"));
        fs::create_dir_all(target.parent().expect("it lies in a folder")).expect("a folder");
        fs::copy(&file, target).expect("a copy");
    }
}

#[test]
fn a_database_that_has_lost_a_file_is_not_taken_for_a_new_one() {
    let path = fresh("damage-lost");
    let db = open(&path).expect("a new database");
    fill(&db, 20);
    let truth = contents(&db).expect("readable");
    db.close().expect("it closes");
    let names: Vec<PathBuf> = files(&path)
        .into_iter()
        .map(|file| file.strip_prefix(&path).expect("it lies there").to_path_buf())
        .collect();
    for lost in names.iter().filter(|name| name.to_str() != Some("LOCK")) {
        let copy = path.with_file_name("lost");
        copy_folder(&path, &copy);
        fs::remove_file(copy.join(lost)).expect("it can be removed");
        if lost.starts_with("index") {
            // The log has everything.
            let db = open(&copy).expect("it is made anew");
            assert_eq!(contents(&db).expect("readable"), truth, "{}", lost.display());
            db.close().expect("it closes");
            fs::remove_dir_all(&copy).expect("the copy");
            continue;
        }
        let error = open(&copy).expect_err("a part is missing");
        let name = lost.file_name().and_then(|name| name.to_str()).expect("ASCII");
        assert!(error.message().contains(name), "{name}: {error}");
        assert_eq!(error.code(), ErrorCode::Corruption, "{error}");
        fs::copy(path.join(lost), copy.join(lost)).expect("it is found again");
        let db = open(&copy).expect("nothing else has changed");
        assert_eq!(reading::items(&db, "Table").map(|items| items.is_empty()), Ok(false));
        db.close().expect("it closes");
        fs::remove_dir_all(&copy).expect("the copy");
    }
}

/// Opening sees some damage to the index, and makes it anew; reading sees the rest, and then the next opening does, or repairing. Nothing is
/// lost either way.
#[test]
fn no_damage_to_the_index_costs_data() {
    let path = fresh("damage-index");
    let db = open(&path).expect("a new database");
    fill(&db, 120);
    call(&db, "AdvanceClock", json!({"Milliseconds": 90_000_000})).expect("it works");
    fill(&db, 60);
    drop(call(&db, "Compact", json!({})).expect("it works"));
    fill(&db, 30);
    let truth = contents(&db).expect("readable");
    db.close().expect("it closes");
    let copy = path.with_file_name("index-damaged");
    let mut met = 0;
    for file in files(&path.join("index")) {
        let bytes = fs::read(&file).expect("a file");
        for at in (0..bytes.len()).step_by(bytes.len().div_ceil(12)) {
            if copy.exists() {
                fs::remove_dir_all(&copy).expect("the copy of the last round");
            }
            copy_folder(&path, &copy);
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            fs::write(copy.join(file.strip_prefix(&path).expect("it lies there")), damaged).expect("a file");
            let report = streamtable::verify(&copy, &mut |_| {}).expect("it can be looked at");
            assert!(!report.findings.is_empty(), "{} {at}: the damage is told", file.display());
            let is_made_anew =
                report.findings.iter().any(|found| found.to_string().contains("So does opening"));
            if !is_made_anew {
                // Whoever reads it without repairing it is told, and the next opening makes it anew.
                let read = path.with_file_name("index-read");
                copy_folder(&copy, &read);
                let is_met = open(&read).map_or(true, |db| {
                    let read = contents(&db);
                    drop(db.close());
                    read.is_err()
                });
                let db = open(&read).expect("it opens");
                assert!(!is_met || contents(&db) == Ok(truth.clone()), "{} {at}", file.display());
                met += usize::from(is_met);
                db.close().expect("it closes");
                fs::remove_dir_all(&read).expect("the copy");

                let mut told = 0;
                streamtable::repair(&copy, &mut |_| told += 1).expect("the log is sound");
                assert!(told > 0, "progress is shown");
                let report = streamtable::verify(&copy, &mut |_| {}).expect("it can be looked at");
                assert!(report.findings.is_empty(), "{:?}", report.findings);
            }
            let db = open(&copy).expect("it opens");
            assert_eq!(contents(&db).expect("readable"), truth, "{} {at}", file.display());
            db.close().expect("it closes");
        }
    }
    assert!(met > 0, "some damage is met by reading alone");
}

#[test]
fn the_check_of_a_prefix_notices_what_is_wrong() -> Result<()> {
    let path = fresh("damage-check");
    let db = open(&path)?;
    fill(&db, 60);
    let truth = contents(&db)?;
    check_prefix(&truth, &truth);
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut found = truth.clone();
        change(&mut found);
        catch_unwind(AssertUnwindSafe(|| check_prefix(&found, &truth))).is_err()
    };
    let records = |found: &mut Value, change: &dyn Fn(&mut Vec<Value>)| {
        let stream = found["streams"].as_object_mut().expect("streams").values_mut().next().expect("one");
        let shard = stream["records"].as_object_mut().expect("shards").values_mut().next().expect("one");
        change(shard.as_array_mut().expect("a list"));
    };
    assert!(broken(&|found| drop(found["tables"]["Table"]["items"][0].take())), "a half item");
    assert!(
        broken(&|found| drop(found["tables"]["Table"]["items"].as_array_mut().map(Vec::pop))),
        "an item lost"
    );
    assert!(broken(&|found| records(found, &|list| drop(list.pop()))), "a record lost, its item there");
    assert!(broken(&|found| records(found, &|list| drop(list.remove(0)))), "a record lost in the middle");
    assert!(broken(&|found| records(found, &|list| list[0]["eventID"] = json!("x"))), "another record");
    db.close().expect("it closes");
    Ok(())
}
