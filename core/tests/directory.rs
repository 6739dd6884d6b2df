//! A database in a directory: what it keeps, how it is copied, checked and given back.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use streamtable::{Database, ErrorCode, OpenOptions};

/// A directory for one test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("streamtable-directory-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a scratch directory");
        Scratch(path)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn open(path: &Path) -> Database {
    Database::open(path, OpenOptions::deterministic()).expect("a sound directory")
}

fn call(db: &Database, operation: &str, input: &Value) -> Value {
    let answer = db.call_json(operation, input.to_string().as_bytes());
    let answer = answer.unwrap_or_else(|error| panic!("{operation} {input}: {error}"));
    serde_json::from_slice(&answer).expect("JSON")
}

fn create(db: &Database, table: &str) -> String {
    let input = json!({
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    });
    let answer = call(db, "CreateTable", &input);
    call(db, "DescribeTable", &json!({"TableName": table}));
    answer["TableDescription"]["LatestStreamArn"].as_str().expect("an ARN").to_owned()
}

fn put(db: &Database, table: &str, id: usize, text: &str) {
    call(
        db,
        "PutItem",
        &json!({"TableName": table, "Item": {"id": {"S": id.to_string()}, "text": {"S": text}}}),
    );
}

fn count(db: &Database, table: &str) -> u64 {
    let (mut sum, mut start) = (0, Value::Null);
    loop {
        let mut input = json!({"TableName": table, "Select": "COUNT"});
        if !start.is_null() {
            input["ExclusiveStartKey"] = start;
        }
        let page = call(db, "Scan", &input);
        sum += page["Count"].as_u64().expect("a number");
        start = page["LastEvaluatedKey"].clone();
        if start.is_null() {
            return sum;
        }
    }
}

fn verify(path: &Path) -> streamtable::Report {
    streamtable::verify(path, &mut |_| {}).expect("a check")
}

#[test]
fn what_was_written_is_there_again() {
    let scratch = Scratch::new("again");
    let path = scratch.join("data");
    let db = open(&path);
    let arn = create(&db, "Orders");
    put(&db, "Orders", 1, "first");
    put(&db, "Orders", 1, "second");
    let stream = call(&db, "DescribeStream", &json!({"StreamArn": arn}));
    let shard = stream["StreamDescription"]["Shards"][0]["ShardId"].clone();
    let asked = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let iterator = call(&db, "GetShardIterator", &asked);
    let read = |db: &Database| {
        call(db, "GetRecords", &json!({"ShardIterator": iterator["ShardIterator"]}))["Records"].clone()
    };
    let before = read(&db);
    assert_eq!(before.as_array().map(Vec::len), Some(2));
    db.close().expect("a sound disk");
    let db = open(&path);
    assert_eq!(read(&db), before, "an iterator, and the records it reads, outlive a closing");
    put(&db, "Orders", 1, "third");
    let after = read(&db);
    assert_eq!(after[2]["dynamodb"]["OldImage"]["text"]["S"], "second");
    // Left without closing: the next opening reads the log.
    drop(db);
    let db = open(&path);
    assert_eq!(read(&db), after);
    drop(db);
    let report = verify(&path);
    assert_eq!(report.findings, []);
    assert_eq!((report.tables, report.streams, report.rows, report.records), (1, 1, 1, 3));
}

#[test]
fn a_directory_with_tokens_is_sound_and_keeps_them() {
    let scratch = Scratch::new("tokens");
    let path = scratch.join("data");
    let count = |db: &Database, token: &str| {
        let update = serde_json::json!({
            "TableName": "Orders", "Key": {"id": {"S": "counter"}}, "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        });
        let input = serde_json::json!({"TransactItems": [{"Update": update}], "ClientRequestToken": token});
        db.call_json("TransactWriteItems", input.to_string().as_bytes()).expect("a transaction");
        let get = serde_json::json!({"TableName": "Orders", "Key": {"id": {"S": "counter"}}});
        let answer = db.call_json("GetItem", get.to_string().as_bytes()).expect("an answer");
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        answer["Item"]["n"]["N"].as_str().expect("counted").to_owned()
    };
    let db = open(&path);
    create(&db, "Orders");
    assert_eq!((count(&db, "a"), count(&db, "b"), count(&db, "a")), ("1".into(), "2".into(), "2".into()));
    db.close().expect("a sound disk");
    assert_eq!(verify(&path).findings, []);
    let db = open(&path);
    assert_eq!(count(&db, "b"), "2");
    db.advance(std::time::Duration::from_secs(600)).expect("a manual clock");
    assert_eq!(count(&db, "b"), "3");
    // Left without closing: the next opening reads the log.
    drop(db);
    assert_eq!(verify(&path).findings, []);
    assert_eq!(count(&open(&path), "b"), "3");
}

#[test]
fn one_handle_has_a_directory() {
    let scratch = Scratch::new("one");
    let path = scratch.join("data");
    let db = open(&path);
    let error = Database::open(&path, OpenOptions::deterministic()).expect_err("it is open");
    assert_eq!(error.code(), ErrorCode::Open);
    assert!(error.message().contains(&format!("pid {}", std::process::id())), "{error}");
    assert_eq!(streamtable::verify(&path, &mut |_| {}).expect_err("it is open").code(), ErrorCode::Open);
    db.close().expect("a sound disk");
    open(&path).close().expect("a sound disk");
    let nowhere = streamtable::verify(&scratch.join("nowhere"), &mut |_| {}).expect_err("nothing there");
    assert_eq!(nowhere.code(), ErrorCode::Open);
    assert!(!scratch.join("nowhere").exists(), "looking makes nothing");
}

#[test]
fn other_files_are_not_a_database() {
    let scratch = Scratch::new("other");
    fs::write(scratch.join("letter.txt"), "dear reader").expect("a file");
    let error = Database::open(&scratch.0, OpenOptions::default()).expect_err("not ours");
    assert_eq!(error.code(), ErrorCode::Open);
    assert!(error.message().contains("letter.txt"), "{error}");
    let error = Database::open(scratch.join("letter.txt"), OpenOptions::default()).expect_err("a file");
    assert_eq!(error.code(), ErrorCode::Open);
}

#[test]
fn a_later_format_is_refused_with_what_to_do() {
    let scratch = Scratch::new("format");
    let path = scratch.join("data");
    drop(open(&path));
    let lines = "streamtable database, format 2\nid 0000000000000000000000000000000a\n";
    let text = format!("{lines}crc32 {:08x}\n", crc32fast::hash(lines.as_bytes()));
    fs::write(path.join("format"), text).expect("a file");
    let error = Database::open(&path, OpenOptions::default()).expect_err("a later format");
    assert_eq!(error.code(), ErrorCode::Open);
    assert!(error.message().contains("format 2") && error.message().contains("later"), "{error}");
    fs::write(path.join("format"), "streamtable").expect("a file");
    let error = Database::open(&path, OpenOptions::default()).expect_err("damage");
    assert_eq!(error.code(), ErrorCode::Corruption);
}

#[test]
fn a_backup_is_the_database_at_one_moment() {
    let scratch = Scratch::new("backup");
    let db = open(&scratch.join("data"));
    create(&db, "Orders");
    for id in 0..200 {
        put(&db, "Orders", id, "as backed up");
    }
    let writing = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for id in 200..600 {
                put(&db, "Orders", id, "meanwhile");
            }
        });
        let bytes = db.backup(&scratch.join("copy")).expect("room");
        writer.join().map(|()| bytes)
    });
    assert!(writing.expect("no panic") > 0);
    let not_empty = db.backup(&scratch.join("copy")).expect_err("it holds something");
    assert_eq!(not_empty.code(), ErrorCode::Validation);
    assert_eq!(count(&db, "Orders"), 600);
    drop(db);
    let restored = scratch.join("restored");
    streamtable::restore(&scratch.join("copy"), &restored).expect("room");
    assert_eq!(verify(&restored).findings, []);
    let db = open(&restored);
    let there = count(&db, "Orders");
    assert!((200..=600).contains(&there), "{there}");
    put(&db, "Orders", 1000, "goes on");
    let again = streamtable::restore(&scratch.join("copy"), &restored).expect_err("it holds something");
    assert_eq!(again.code(), ErrorCode::Validation);
    let none = streamtable::restore(&scratch.join("none"), &scratch.join("x")).expect_err("nothing there");
    assert_eq!(none.code(), ErrorCode::Open);
}

#[test]
fn the_space_of_what_is_gone_is_given_back() {
    let scratch = Scratch::new("space");
    let path = scratch.join("data");
    let db = open(&path);
    create(&db, "Orders");
    let text = "x".repeat(10_000);
    for round in 0..5 {
        for id in 0..100 {
            put(&db, "Orders", id, &format!("{round}{text}"));
        }
    }
    let kept = db.compact().expect("room");
    let bytes = |size: Option<i64>| size.expect("a size");
    assert!(bytes(kept.bytes_after) > 4_500_000, "records keep their images for a day: {kept:?}");
    db.advance(std::time::Duration::from_secs(25 * 3600)).expect("a manual clock");
    let given = db.compact().expect("room");
    assert!(bytes(given.bytes_after) < 2_500_000, "one image of each item is left: {given:?}");
    assert_eq!(count(&db, "Orders"), 100);
    call(&db, "DeleteTable", &json!({"TableName": "Orders"}));
    db.advance(std::time::Duration::from_secs(50 * 3600)).expect("a manual clock");
    let given = db.compact().expect("room");
    assert!(bytes(given.bytes_after) < 600_000, "{given:?}");
    drop(db);
    assert_eq!(verify(&path).findings, []);
}

#[test]
fn a_flipped_bit_is_an_error_that_names_the_item() {
    let scratch = Scratch::new("flip");
    let path = scratch.join("data");
    let db = open(&path);
    create(&db, "Orders");
    put(&db, "Orders", 7, "a text to be found in the log");
    drop(db);
    let file = path.join("log").join("0000000001.log");
    let mut bytes = fs::read(&file).expect("the log");
    let needle = b"a text to be found";
    let at = bytes.windows(needle.len()).position(|part| part == needle).expect("the item is in the log");
    bytes[at] ^= 1;
    fs::write(&file, bytes).expect("the log");
    let db = open(&path);
    let key = json!({"TableName": "Orders", "Key": {"id": {"S": "7"}}});
    let error = db.call_json("GetItem", key.to_string().as_bytes()).expect_err("damage");
    assert_eq!(error.code(), ErrorCode::Corruption);
    assert!(error.message().contains("\"7\"") && error.message().contains("Orders"), "{error}");
    drop(db);
    let report = verify(&path);
    assert!(report.findings.iter().any(|finding| finding.to_string().contains("Orders")), "{report:?}");
    assert!(
        report.findings.iter().any(|finding| finding.to_string().contains("0000000001.log")),
        "{report:?}"
    );
}

#[test]
fn a_backup_is_not_made_of_a_database_that_is_open() {
    let scratch = Scratch::new("restore-open");
    let db = open(&scratch.join("data"));
    create(&db, "Orders");
    let error = streamtable::restore(&scratch.join("data"), &scratch.join("copy")).expect_err("it is open");
    assert_eq!(error.code(), ErrorCode::Open);
    assert!(error.message().contains(&format!("pid {}", std::process::id())), "{error}");
    assert!(!scratch.join("copy").exists(), "nothing was begun");
    db.close().expect("a sound disk");
    streamtable::restore(&scratch.join("data"), &scratch.join("copy")).expect("room");
}

/// All files below a directory with their contents, but for the lock's, which names its last holder.
fn files(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if !path.ends_with("LOCK") {
            files.push((path.clone(), fs::read(&path).expect("a file")));
        }
    }
    files.sort();
    files
}

#[cfg(unix)]
#[test]
fn what_lies_where_nobody_can_write_is_verified_and_restored() {
    use std::os::unix::fs::PermissionsExt;

    let scratch = Scratch::new("read-only");
    let db = open(&scratch.join("data"));
    create(&db, "Orders");
    (0..50).for_each(|id| put(&db, "Orders", id, "text"));
    let backup = scratch.join("backup");
    db.backup(&backup).expect("room");
    // Not closed, and newer than its index: opening it for good would write to it.
    std::mem::forget(db);
    let killed = scratch.join("killed");
    for (path, bytes) in files(&scratch.join("data")) {
        let name = path.strip_prefix(scratch.join("data")).expect("below it").to_owned();
        let target = killed.join(name);
        fs::create_dir_all(target.parent().expect("below it")).expect("a directory");
        fs::write(target, bytes).expect("a copy");
    }
    let chmod =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
    for (number, path) in [&backup, &killed].into_iter().enumerate() {
        let before = files(path);
        before.iter().for_each(|(file, _)| chmod(file, 0o400));
        let folders = [path.join("log"), path.join("index"), path.clone()];
        folders.iter().for_each(|folder| chmod(folder, 0o500));
        let report = verify(path);
        assert_eq!((report.findings, report.rows, report.records), (vec![], 50, 50));
        let restored = scratch.join(&format!("restored-{number}"));
        streamtable::restore(path, &restored).expect("room");
        folders.iter().rev().for_each(|folder| chmod(folder, 0o700));
        assert_eq!(files(path), before, "looking changes nothing");
        assert_eq!(count(&open(&restored), "Orders"), 50);
    }
}

#[cfg(unix)]
#[test]
fn a_removed_lock_file_lets_nobody_else_in() {
    let scratch = Scratch::new("lock");
    let path = scratch.join("data");
    let db = open(&path);
    fs::remove_file(path.join("LOCK")).expect("a file");
    let error = Database::open(&path, OpenOptions::deterministic()).expect_err("it is open");
    assert_eq!(error.code(), ErrorCode::Open);
    db.close().expect("a sound disk");
    let victim = scratch.join("victim");
    fs::write(&victim, "not to be written over").expect("a file");
    fs::remove_file(path.join("LOCK")).expect("a file");
    std::os::unix::fs::symlink(&victim, path.join("LOCK")).expect("a link");
    let error = Database::open(&path, OpenOptions::deterministic()).expect_err("a link");
    assert_eq!(error.code(), ErrorCode::Open);
    assert_eq!(fs::read(&victim).expect("a file"), b"not to be written over");
}

#[test]
fn looking_at_a_seeded_database_leaves_its_chance_where_it_was() {
    let scratch = Scratch::new("seed");
    let id = |db: &Database, table: &str| {
        create(db, table);
        let described = call(db, "DescribeTable", &json!({"TableName": table}));
        described["Table"]["TableId"].as_str().expect("an id").to_owned()
    };
    let play = |name: &str, look: &dyn Fn(&Path)| {
        let path = scratch.join(name);
        let db = open(&path);
        let first = id(&db, "first");
        db.close().expect("a sound disk");
        look(&path);
        let db = open(&path);
        let second = id(&db, "second");
        db.close().expect("a sound disk");
        assert_ne!(first, second);
        (first, second)
    };
    let expected = play("plain", &|_| ());
    let looked = play("looked-at", &|path| assert_eq!(verify(path).findings, []));
    assert_eq!(looked, expected);
}

/// Numbers of the files of a folder, by their names: a file with two names has one number.
#[cfg(unix)]
fn inodes(folder: &Path, ending: &str) -> Vec<(String, u64)> {
    use std::os::unix::fs::MetadataExt;

    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable"));
    let mut found: Vec<_> = entries
        .map(|entry| {
            (entry.file_name().into_string().expect("ASCII"), entry.metadata().expect("readable").ino())
        })
        .filter(|(name, _)| name.ends_with(ending))
        .collect();
    found.sort();
    found
}

#[test]
#[cfg(unix)]
fn a_fork_shares_what_is_never_written_again_and_nothing_else() {
    let scratch = Scratch::new("fork");
    let (here, there) = (scratch.join("here"), scratch.join("there"));
    let db = open(&here);
    create(&db, "Orders");
    let text = "t".repeat(1_000);
    (0..600).for_each(|id| put(&db, "Orders", id, &text));
    let fork = db.fork_to(&there).expect("a new directory");
    let shared = |folder: &str, ending: &str| -> (usize, usize) {
        let (ours, theirs) = (inodes(&here.join(folder), ending), inodes(&there.join(folder), ending));
        (theirs.iter().filter(|file| ours.contains(file)).count(), theirs.len())
    };
    let (segments, of) = shared("log", ".log");
    assert_eq!((segments, of), (1, 2), "the newest is its own");
    let (runs, of) = shared("index", ".run");
    assert_eq!(runs, of, "none is ever written again");
    assert!(runs >= 2, "rows and records");
    // What has hardly changed is forked again without a new segment.
    let (before, another) = (inodes(&here.join("log"), ".log").len(), scratch.join("another"));
    db.fork_to(&another).expect("a new directory").close().expect("a sound disk");
    assert_eq!(inodes(&here.join("log"), ".log").len(), before);
    // Each goes its own way, and gives back what it needs no more.
    for (db, text) in [(&fork, "fork"), (&db, "original")] {
        (0..600).for_each(|id| put(db, "Orders", id, text));
        call(db, "AdvanceClock", &json!({"Milliseconds": 25 * 3_600_000}));
        db.compact().expect("a sound disk");
    }
    assert_eq!(shared("log", ".log").0, 0, "both have left it behind");
    assert_eq!(text_of(&db, "7"), "original");
    db.close().expect("a sound disk");
    fs::remove_dir_all(&here).expect("a folder");
    assert_eq!(text_of(&fork, "7"), "fork");
    fork.close().expect("a sound disk");
    let old = open(&another);
    assert_eq!(text_of(&old, "7"), text);
    old.close().expect("a sound disk");
    for directory in [&there, &another] {
        let report = streamtable::verify(directory, &mut |_| {}).expect("readable");
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    }
}

#[cfg(unix)]
fn text_of(db: &Database, id: &str) -> String {
    let item = call(db, "GetItem", &json!({"TableName": "Orders", "Key": {"id": {"S": id}}}));
    item["Item"]["text"]["S"].as_str().expect("text").to_owned()
}

#[test]
fn a_fork_needs_a_directory_of_its_own() {
    let scratch = Scratch::new("fork-refused");
    let db = open(&scratch.join("here"));
    for directory in [scratch.join("here"), scratch.join("")] {
        let error = db.fork_to(&directory).expect_err("it holds something");
        assert_eq!(error.code(), ErrorCode::Validation, "{error}");
    }
    db.close().expect("a sound disk");
    assert_eq!(db.fork_to(scratch.join("there")).expect_err("closed").code(), ErrorCode::Closed);
}

#[cfg(unix)]
#[test]
fn what_is_written_into_a_directory_that_was_removed_is_not_acknowledged() {
    let scratch = Scratch::new("removed");
    let path = scratch.join("data");
    let db = open(&path);
    create(&db, "Orders");
    put(&db, "Orders", 1, "safe");
    fs::remove_dir_all(&path).expect("a directory");
    let item = json!({"TableName": "Orders", "Item": {"id": {"S": "2"}}}).to_string();
    let error = db.call_json("PutItem", item.as_bytes()).expect_err("it would be gone with the process");
    assert_eq!(error.code(), ErrorCode::Storage);
    assert!(error.message().contains("removed"), "{error}");
    let error = db.call_json("PutItem", item.as_bytes()).expect_err("nor is what comes after it");
    assert_eq!(error.code(), ErrorCode::Storage);
}
