//! Databases that earlier versions wrote open, and say what they said then.
//!
//! `tests/formats/<format>/` holds one: `database.json`, the files of its directory without their zeros, and `contents.json`, all that it
//! must say. A new format gets a folder of its own, made by
//!
//! ```text
//! cargo test -p streamtable --test formats -- --ignored make
//! ```
//! and what is there is never made again.

mod reading;

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use streamtable::Database;

use reading::{call, contents, fresh, list, open};

/// The format that this version writes.
const FORMAT: u32 = 1;
/// A stretch of zeros at least this long is left out.
const ZEROS: usize = 32;

fn formats() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the repository")
        .join("tests/formats")
}

#[test]
fn every_format_opens_and_says_what_it_said() {
    let mut opened = 0;
    for entry in fs::read_dir(formats()).expect("tests/formats") {
        let folder = entry.expect("an entry").path();
        let path = fresh(&format!("format-{}", folder.file_name().expect("a name").display()));
        unpack(&read(&folder.join("database.json")), &path);
        let expected = read(&folder.join("contents.json"));
        let db = open(&path).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        check(&db, &expected);
        // It is of use, too: what is written now is there later, beside what was there.
        put(&db, "Orders", json!({"customer": {"S": "new"}, "number": {"N": "1"}}));
        let grown = contents(&db).expect("readable");
        db.close().expect("it closes");
        let db = open(&path).expect("it opens again");
        assert_eq!(contents(&db).expect("readable"), grown);
        db.close().expect("it closes");
        opened += 1;
    }
    assert!(opened >= FORMAT, "a folder for each format up to {FORMAT}");
}

fn check(db: &Database, expected: &Value) {
    assert_eq!(contents(db).expect("readable"), expected["contents"]);
    // An iterator that was given out then.
    let page = call(db, "GetRecords", json!({"ShardIterator": expected["iterator"]})).expect("it is valid");
    assert_eq!(page["Records"], expected["after_iterator"]);
}

#[test]
#[ignore = "makes the files of a new format; those of an old one must stay as they are"]
fn make() {
    let folder = formats().join(FORMAT.to_string());
    assert!(!folder.exists(), "{} is there already", folder.display());
    let path = fresh("format-make");
    let db = open(&path).expect("a new database");
    write_older(&db);
    db.close().expect("it closes");
    let db = open(&path).expect("it opens again");
    let iterator = write_newer(&db);
    let after =
        call(&db, "GetRecords", json!({"ShardIterator": iterator})).expect("it is valid")["Records"].take();
    let expected =
        json!({"contents": contents(&db).expect("readable"), "iterator": iterator, "after_iterator": after});
    // Copied while it is open: the older half is in the index, the newer one only in the log.
    fs::create_dir_all(&folder).expect("a folder for the format");
    write(&folder.join("database.json"), &pack(&path));
    write(&folder.join("contents.json"), &expected);
    db.close().expect("it closes");
}

fn create(db: &Database, table: &str, sort: bool, view: Option<&str>) {
    let mut attributes = vec![json!({"AttributeName": "customer", "AttributeType": "S"})];
    let mut keys = vec![json!({"AttributeName": "customer", "KeyType": "HASH"})];
    if sort {
        attributes.push(json!({"AttributeName": "number", "AttributeType": "N"}));
        keys.push(json!({"AttributeName": "number", "KeyType": "RANGE"}));
    }
    let mut input = json!({"TableName": table, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes, "KeySchema": keys});
    if let Some(view) = view {
        input["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": view});
    }
    run(db, "CreateTable", input);
    run(db, "DescribeTable", json!({"TableName": table}));
}

fn run(db: &Database, operation: &str, input: Value) -> Value {
    call(db, operation, input).unwrap_or_else(|e| panic!("{operation}: {e}"))
}

fn put(db: &Database, table: &str, item: Value) {
    run(db, "PutItem", json!({"TableName": table, "Item": item}));
}

/// What a checkpoint brings into the index: every type of value, every view, closed and open shards, a stream that is off, a table that is
/// gone.
fn write_older(db: &Database) {
    create(db, "Orders", true, Some("NEW_AND_OLD_IMAGES"));
    create(db, "Plain", false, None);
    for view in ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"] {
        create(db, view, false, Some(view));
    }
    create(db, "Gone", false, Some("NEW_IMAGE"));
    for n in 0..12 {
        let customer = format!("customer-{}", n % 3);
        put(
            db,
            "Orders",
            json!({"customer": {"S": customer}, "number": {"N": n.to_string()}, "total": {"N": "9.90"}}),
        );
        run(db, "AdvanceClock", json!({"Milliseconds": 1_500}));
    }
    put(
        db,
        "Orders",
        json!({
            "customer": {"S": "every type"}, "number": {"N": "-1.5E-7"}, "text": {"S": "Grüße \u{1f680}\u{0}"},
            "bytes": {"B": "AAH/"}, "yes": {"BOOL": true}, "nothing": {"NULL": true},
            "texts": {"SS": ["b", "a"]}, "numbers": {"NS": ["10", "9"]}, "pieces": {"BS": ["/w==", "AA=="]},
            "list": {"L": [{"N": "1"}, {"L": []}, {"M": {}}]}, "map": {"M": {"deep": {"M": {"er": {"S": ""}}}}},
            "large": {"N": "99999999999999999999999999999999999999"},
        }),
    );
    run(db, "RollShard", json!({"TableName": "Orders"}));
    run(db, "SplitShard", json!({"TableName": "Orders"}));
    for table in ["Plain", "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "Gone"] {
        for n in 0..3 {
            put(db, table, json!({"customer": {"S": format!("c{}", n % 2)}, "n": {"N": n.to_string()}}));
        }
        run(db, "DeleteItem", json!({"TableName": table, "Key": {"customer": {"S": "c1"}}}));
    }
    run(
        db,
        "UpdateTable",
        json!({"TableName": "OLD_IMAGE", "StreamSpecification": {"StreamEnabled": false}}),
    );
    run(db, "DeleteTable", json!({"TableName": "Gone"}));
    run(db, "AdvanceClock", json!({"Milliseconds": 60_000}));
}

/// What is only in the log: changes of older and newer items, another stream. Answers an iterator.
fn write_newer(db: &Database) -> Value {
    for n in 0..6 {
        let key = json!({"customer": {"S": format!("customer-{}", n % 3)}, "number": {"N": n.to_string()}});
        run(
            db,
            "UpdateItem",
            json!({"TableName": "Orders", "Key": key, "UpdateExpression": "SET paid = :yes",
            "ExpressionAttributeValues": {":yes": {"BOOL": true}}}),
        );
    }
    let key = json!({"customer": {"S": "customer-0"}, "number": {"N": "9"}});
    run(db, "DeleteItem", json!({"TableName": "Orders", "Key": key}));
    run(db, "RollShard", json!({"TableName": "Orders"}));
    put(
        db,
        "Orders",
        json!({"customer": {"S": "late"}, "number": {"N": "0"}, "text": {"S": "x".repeat(3_000)}}),
    );
    let on = json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    run(db, "UpdateTable", json!({"TableName": "OLD_IMAGE", "StreamSpecification": on}));
    put(db, "OLD_IMAGE", json!({"customer": {"S": "c9"}}));
    let orders = run(db, "DescribeTable", json!({"TableName": "Orders"}));
    let arn = &orders["Table"]["LatestStreamArn"];
    let stream = run(db, "DescribeStream", json!({"StreamArn": arn}));
    let shard = &list(&stream["StreamDescription"]["Shards"])[0]["ShardId"];
    let from = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let first = run(db, "GetShardIterator", from)["ShardIterator"].take();
    run(db, "GetRecords", json!({"ShardIterator": first, "Limit": 5}))["NextShardIterator"].take()
}

/// The files under a path: names, lengths, and what is in them that is not zero.
fn pack(path: &Path) -> Value {
    let mut files = Map::new();
    let mut folders = vec![path.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let entry = entry.expect("an entry").path();
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let name =
                entry.strip_prefix(path).expect("it lies there").to_str().expect("ASCII").replace('\\', "/");
            let bytes = fs::read(&entry).expect("a file");
            files.insert(name, json!({"length": bytes.len(), "pieces": pieces(&bytes)}));
        }
    }
    // Whoever held it is long gone.
    files.remove("LOCK");
    json!({ "files": files })
}

/// Offsets and base64 of what lies between long stretches of zeros.
fn pieces(bytes: &[u8]) -> Vec<Value> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(|b| *b != 0).map(|n| at + n) {
        let zeros = |from: &usize| bytes[*from..].iter().take(ZEROS).all(|b| *b == 0);
        let end = (start..bytes.len()).find(zeros).unwrap_or(bytes.len());
        pieces.push(json!([start, BASE64_STANDARD.encode(&bytes[start..end])]));
        at = end;
    }
    pieces
}

fn unpack(database: &Value, path: &Path) {
    for (name, file) in database["files"].as_object().expect("files") {
        let target = path.join(name);
        fs::create_dir_all(target.parent().expect("it lies in a folder")).expect("a folder");
        let mut bytes = vec![0; file["length"].as_u64().expect("a length") as usize];
        for piece in list(&file["pieces"]) {
            let start = piece[0].as_u64().expect("an offset") as usize;
            let piece = BASE64_STANDARD.decode(piece[1].as_str().expect("base64")).expect("base64");
            bytes[start..start + piece.len()].copy_from_slice(&piece);
        }
        fs::write(&target, bytes).expect("a file");
    }
}

fn read(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn write(path: &Path, value: &Value) {
    let text = serde_json::to_string_pretty(value).expect("plain data");
    fs::write(path, text + "\n").expect("a file");
}

#[test]
fn packing_keeps_every_byte() {
    let path = fresh("format-pack");
    let mut bytes = vec![0; 5_000];
    for at in [0, 31, 40, 71, 104, 3_000, 4_999] {
        bytes[at] = 0xa5;
    }
    fs::create_dir_all(path.join("deep")).expect("a folder");
    fs::write(path.join("deep/file"), &bytes).expect("a file");
    fs::write(path.join("empty"), b"").expect("a file");
    let packed = pack(&path);
    let other = fresh("format-unpack");
    unpack(&packed, &other);
    assert_eq!(fs::read(other.join("deep/file")).expect("a file"), bytes);
    assert_eq!(fs::read(other.join("empty")).expect("a file"), b"");
    assert!(packed.to_string().len() < 400, "{packed}");
}
