//! Exports against what scans said at their moments, and imports of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::backups::{KEEPING, call, change, create, scan, slow};
use super::below;
use crate::clock::Millis;
use crate::database::Database;
use crate::engine::Call;
use crate::entropy::Entropy;
use crate::operation::{backup, export, import};
use crate::options::OpenOptions;
use crate::store::{Scratch, SimDisk};
use crate::table::Job;

const BUCKET: &str = "bucket";
const TABLE: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/Orders";
const MINUTE: u64 = 60_000;

/// A directory with one bucket, and the options that name it.
fn buckets() -> (Scratch, OpenOptions) {
    let scratch = Scratch::new("exports");
    fs::create_dir(scratch.path().join(BUCKET)).expect("a folder");
    let path = scratch.path().to_str().expect("UTF-8").to_owned();
    (scratch, OpenOptions { buckets: Some(path), ..slow(2) })
}

fn recover(db: &Database) {
    let on = json!({"PointInTimeRecoveryEnabled": true});
    call(
        db,
        "UpdateContinuousBackups",
        &json!({"TableName": "Orders", "PointInTimeRecoverySpecification": on}),
    );
}

fn now(db: &Database) -> Millis {
    db.engine().now()
}

fn advance(db: &Database, by: Millis) {
    call(db, "AdvanceClock", &json!({ "Milliseconds": by }));
}

/// Begins an export; returns its ARN.
fn begin(db: &Database, more: Value) -> String {
    let mut input = json!({"TableArn": TABLE, "S3Bucket": BUCKET});
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let begun = call(db, "ExportTableToPointInTime", &input);
    assert_eq!(begun["ExportDescription"]["ExportStatus"], "IN_PROGRESS");
    begun["ExportDescription"]["ExportArn"].as_str().expect("an ARN").to_owned()
}

/// One step of whatever export or import runs, its copy first; true when all are over.
fn go_on(db: &Database) -> bool {
    go_on_safely(db, false)
}

/// As [`go_on`], with what it did on the disk.
fn go_on_safely(db: &Database, is_safe: bool) -> bool {
    let engine = db.engine();
    let call = Call::new(&engine);
    let export = call.catalog.exports.all().into_iter().find(|export| export.ended_at().is_none());
    let import = call.catalog.imports.all().into_iter().find(|import| import.ended_at().is_none());
    let done = match (call.catalog.copies().first(), export, import) {
        (Some(copy), _, _) => backup::step(&call, copy),
        (None, Some(export), _) => export::step(&call, &export),
        (None, None, Some(import)) => import::step(&call, &import),
        (None, None, None) => return true,
    };
    done.expect("a sound store");
    if is_safe {
        engine.store.settle(call.seen()).expect("a sound disk");
    }
    false
}

fn described(db: &Database, arn: &str) -> Value {
    call(db, "DescribeExport", &json!({ "ExportArn": arn }))["ExportDescription"].clone()
}

fn file(buckets: &Scratch, key: &str) -> Vec<u8> {
    fs::read(buckets.path().join(BUCKET).join(key)).expect(key)
}

fn text(buckets: &Scratch, key: &str) -> String {
    String::from_utf8(file(buckets, key)).expect("UTF-8")
}

fn digest(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(md5::compute(bytes).0)
}

/// The lines of an export that is over, with its manifests checked.
fn lines(buckets: &Scratch, told: &Value) -> Vec<String> {
    assert_eq!(told["ExportStatus"], "COMPLETED", "{told}");
    let summary_key = told["ExportManifest"].as_str().expect("a path");
    let summary = text(buckets, summary_key);
    assert_eq!(text(buckets, &summary_key.replace(".json", ".md5")), digest(summary.as_bytes()));
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    for (member, other) in [
        ("exportArn", "ExportArn"),
        ("tableId", "TableId"),
        ("itemCount", "ItemCount"),
        ("billedSizeBytes", "BilledSizeBytes"),
        ("outputFormat", "ExportFormat"),
    ] {
        assert_eq!(summary[member], told[other], "{member}");
    }
    let files_key = summary["manifestFilesS3Key"].as_str().expect("a path");
    let files = text(buckets, files_key);
    assert_eq!(text(buckets, &files_key.replace(".json", ".md5")), digest(files.as_bytes()));
    let mut lines = Vec::new();
    for file_told in files.lines() {
        let told: Value = serde_json::from_str(file_told).expect("JSON");
        let packed = file(buckets, told["dataFileS3Key"].as_str().expect("a path"));
        assert_eq!(told["md5Checksum"], digest(&packed));
        assert_eq!(told["etag"], format!("{:x}-1", md5::compute(&packed)));
        let mut plain = String::new();
        GzDecoder::new(packed.as_slice()).read_to_string(&mut plain).expect("gzip");
        assert_eq!(told["itemCount"], plain.lines().count());
        lines.extend(plain.lines().map(str::to_owned));
    }
    assert_eq!(told["ItemCount"], lines.len());
    lines
}

/// What one line of JSON has as its items, as a scan shows them.
fn items(lines: &[String]) -> Vec<String> {
    let item = |line: &String| serde_json::from_str::<Value>(line).expect("JSON")["Item"].to_string();
    let mut items: Vec<String> = lines.iter().map(item).collect();
    items.sort_unstable();
    items
}

/// Imports the data of an export into a table like its own.
fn import_export(db: &Database, told: &Value, target: &str, gzip: bool) -> Value {
    let folder = told["ExportManifest"].as_str().expect("a path").replace("manifest-summary.json", "data/");
    let begun = call(
        db,
        "ImportTable",
        &json!({
            "S3BucketSource": {"S3Bucket": BUCKET, "S3KeyPrefix": folder},
            "InputFormat": told["ExportFormat"], "InputCompressionType": if gzip { "GZIP" } else { "NONE" },
            "TableCreationParameters": {
                "TableName": target, "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "by", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "GlobalSecondaryIndexes": [{"IndexName": "by-customer", "KeySchema": [{"AttributeName": "by", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"}}],
            },
        }),
    );
    begun["ImportTableDescription"]["ImportArn"].clone()
}

fn import_told(db: &Database, arn: &Value) -> Value {
    call(db, "DescribeImport", &json!({ "ImportArn": arn }))["ImportTableDescription"].clone()
}

#[test]
fn an_export_has_the_items_of_its_moment_and_makes_an_equal_table() {
    for (seed, format) in [(0, "DYNAMODB_JSON"), (1, "ION"), (2, "DYNAMODB_JSON"), (3, "ION")] {
        let (buckets, options) = buckets();
        let db = Database::memory(options).expect("sound options");
        create(&db);
        let random = Entropy::seeded(seed);
        (0..400).for_each(|_| change(&db, &random));
        recover(&db);
        (0..100).for_each(|_| change(&db, &random));
        let expected = scan(&db, "Orders", None);
        let arn = begin(&db, json!({"S3Prefix": "nightly", "ExportFormat": format}));
        while !go_on(&db) {
            (0..20).for_each(|_| change(&db, &random));
        }
        assert_ne!(scan(&db, "Orders", None), expected, "the table went on");
        let told = described(&db, &arn);
        let lines = lines(&buckets, &told);
        if format == "DYNAMODB_JSON" {
            assert_eq!(items(&lines), expected);
        }
        let import = import_export(&db, &told, "Again", true);
        let status =
            call(&db, "DescribeTable", &json!({"TableName": "Again"}))["Table"]["TableStatus"].clone();
        assert_eq!(status, "CREATING");
        while !go_on(&db) {}
        let told = import_told(&db, &import);
        assert_eq!(
            [
                &told["ImportStatus"],
                &told["ProcessedItemCount"],
                &told["ImportedItemCount"],
                &told["ErrorCount"]
            ],
            [&json!("COMPLETED"), &json!(expected.len()), &json!(expected.len()), &json!(0)]
        );
        assert_eq!(scan(&db, "Again", None), expected);
        let indexed: Vec<String> = expected.iter().filter(|item| item.contains("\"by\"")).cloned().collect();
        assert_eq!(scan(&db, "Again", Some("by-customer")), indexed);
        let table = call(&db, "DescribeTable", &json!({"TableName": "Again"}))["Table"].clone();
        assert_eq!([&table["TableStatus"], &table["ItemCount"]], [&json!("ACTIVE"), &json!(expected.len())]);
    }
}

/// A table by the ids of its items.
type Image = BTreeMap<String, Value>;

fn image(db: &Database) -> Image {
    let items = scan(db, "Orders", None);
    let read = |item: &String| {
        let item: Value = serde_json::from_str(item).expect("JSON");
        (item["id"]["S"].as_str().expect("a key").to_owned(), item)
    };
    items.iter().map(read).collect()
}

/// The changes of a time, by the ids of their items.
fn check_changes(lines: &[String], (before, after): (&Image, &Image), view: &str, time: (Millis, Millis)) {
    let mut told = BTreeMap::new();
    for line in lines {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let id = line["Keys"]["id"]["S"].as_str().expect("a key").to_owned();
        assert_eq!(line["Keys"], json!({"id": {"S": id}}));
        let micros: u64 = line["Metadata"]["WriteTimestampMicros"]["N"]
            .as_str()
            .expect("digits")
            .parse()
            .expect("a number");
        assert!((time.0 * 1_000..time.1 * 1_000).contains(&micros), "{micros} is in {time:?}");
        assert_eq!(line.get("NewImage"), after.get(&id), "{id}");
        let old = before.get(&id).filter(|_| view == "NEW_AND_OLD_IMAGES");
        assert_eq!(line.get("OldImage"), old, "{id}");
        assert!(before.contains_key(&id) || after.contains_key(&id), "{id} came and went");
        assert!(told.insert(id, ()).is_none(), "an item has one line");
    }
    let changed = before.keys().chain(after.keys()).filter(|id| before.get(*id) != after.get(*id));
    for id in changed {
        assert!(told.contains_key(id), "{id} changed");
    }
}

#[test]
fn an_incremental_export_is_the_difference_of_two_moments() {
    for seed in 0..4 {
        let (buckets, options) = buckets();
        let db = Database::memory(options).expect("sound options");
        create(&db);
        let random = Entropy::seeded(seed);
        (0..300).for_each(|_| change(&db, &random));
        recover(&db);
        let mut past = vec![(now(&db), image(&db))];
        for round in 0..24 {
            advance(&db, 1 + below(&random, 120 * MINUTE));
            (0..below(&random, 20)).for_each(|_| change(&db, &random));
            past.push((now(&db), image(&db)));
            if round % 6 != 5 {
                continue;
            }
            advance(&db, 16 * MINUTE);
            let (first, last) = (past[0].0 + 1, now(&db));
            let shortest = 15 * MINUTE;
            let from = first.max(last.saturating_sub(24 * 60 * MINUTE));
            let from = from + below(&random, last - shortest - from + 1);
            let to = from + shortest + below(&random, last - shortest - from + 1);
            let view = if round % 4 == 1 { "NEW_IMAGE" } else { "NEW_AND_OLD_IMAGES" };
            let arn = begin(
                &db,
                json!({"ExportType": "INCREMENTAL_EXPORT", "IncrementalExportSpecification": {
                    "ExportFromTime": from as f64 / 1000.0, "ExportToTime": to as f64 / 1000.0, "ExportViewType": view}}),
            );
            while !go_on(&db) {
                (0..below(&random, 10)).for_each(|_| change(&db, &random));
            }
            let told = described(&db, &arn);
            let image_before = |moment: Millis| {
                &past.iter().rev().find(|(noted, _)| *noted < moment).expect("after the beginning").1
            };
            check_changes(&lines(&buckets, &told), (image_before(from), image_before(to)), view, (from, to));
            past.push((now(&db), image(&db)));
        }
        let engine = db.engine();
        assert!(Call::new(&engine).catalog.copies().is_empty());
    }
}

#[test]
fn an_export_and_an_import_go_on_where_a_lost_process_left_them() {
    for seed in 0..4 {
        let (buckets, options) = buckets();
        let mut disk = SimDisk::new(seed);
        let open = |disk: &SimDisk| Database::simulated(disk, options.clone(), KEEPING).expect("it opens");
        let mut db = open(&disk);
        create(&db);
        let random = Entropy::seeded(seed);
        (0..400).for_each(|_| change(&db, &random));
        recover(&db);
        advance(&db, 20 * MINUTE);
        let before = image(&db);
        (0..100).for_each(|_| change(&db, &random));
        advance(&db, 1);
        let expected = scan(&db, "Orders", None);
        let (from, to) = (now(&db) - 15 * MINUTE, now(&db));
        let full = begin(&db, json!({}));
        let changes = begin(
            &db,
            json!({"ExportType": "INCREMENTAL_EXPORT", "IncrementalExportSpecification": {
                "ExportFromTime": from as f64 / 1000.0, "ExportToTime": to as f64 / 1000.0}}),
        );
        let mut lose = |db: &mut Database| {
            let left = disk.crash(&mut || random.next());
            disk = left;
            *db = open(&disk);
        };
        let mut steps = 0;
        // A step that is lost is done again.
        while !go_on_safely(&db, below(&random, 3) > 0) {
            steps += 1;
            lose(&mut db);
        }
        assert!(steps > 8, "it took several steps");
        let told = described(&db, &full);
        assert_eq!(items(&lines(&buckets, &told)), expected);
        let after = image(&db);
        let changes = lines(&buckets, &described(&db, &changes));
        check_changes(&changes, (&before, &after), "NEW_AND_OLD_IMAGES", (from, to));
        let import = import_export(&db, &told, "Again", true);
        while !go_on_safely(&db, below(&random, 3) > 0) {
            lose(&mut db);
        }
        let told = import_told(&db, &import);
        assert_eq!([&told["ImportStatus"], &told["ErrorCount"]], [&json!("COMPLETED"), &json!(0)]);
        assert_eq!(told["ImportedItemCount"], expected.len());
        assert_eq!(scan(&db, "Again", None), expected);
    }
}

/// An import of some files, up to its end.
fn import_files(format: Value, compression: &str, files: &[(&str, &[u8])]) -> (Database, Value) {
    let (buckets, options) = buckets();
    for (key, bytes) in files {
        let path = buckets.path().join(BUCKET).join(key);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    let db = Database::memory(options).expect("sound options");
    let mut input = json!({
        "S3BucketSource": {"S3Bucket": BUCKET, "S3KeyPrefix": "data"}, "InputCompressionType": compression,
        "TableCreationParameters": {
            "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "n", "AttributeType": "N"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}],
        },
    });
    input.as_object_mut().expect("an object").extend(format.as_object().expect("an object").clone());
    let begun = call(&db, "ImportTable", &input);
    while !go_on(&db) {}
    let told = import_told(&db, &begun["ImportTableDescription"]["ImportArn"]);
    (db, told)
}

fn counts(told: &Value) -> [i64; 3] {
    ["ProcessedItemCount", "ImportedItemCount", "ErrorCount"].map(|name| told[name].as_i64().expect(name))
}

#[test]
fn rows_of_text_are_items_of_the_types_of_the_keys() {
    let rows = b"id;n;note\na;1;x\nb;2;\"y;z\"\n";
    let options = json!({"InputFormat": "CSV", "InputFormatOptions": {"Csv": {"Delimiter": ";"}}});
    let (db, told) = import_files(options, "NONE", &[("data.csv", rows)]);
    assert_eq!((&told["ImportStatus"], counts(&told)), (&json!("COMPLETED"), [2, 2, 0]));
    assert_eq!(told["ProcessedSizeBytes"], rows.len());
    assert_eq!(
        scan(&db, "Orders", None),
        [
            r#"{"id":{"S":"a"},"n":{"N":"1"},"note":{"S":"x"}}"#,
            r#"{"id":{"S":"b"},"n":{"N":"2"},"note":{"S":"y;z"}}"#
        ]
    );
}

#[test]
fn what_is_wrong_is_counted_and_left_out() {
    let good = |id: &str| format!("{{\"Item\":{{\"id\":{{\"S\":\"{id}\"}},\"n\":{{\"N\":\"1\"}}}}}}\n");
    let large = "x".repeat(409_600);
    let first = [
        good("a"),
        "{\"Item\":{\"id\":{\"S\":\"no-sort-key\"}}}\n".into(),
        "{\"Item\":{\"id\":{\"S\":\"\"},\"n\":{\"N\":\"1\"}}}\n".into(),
        "{\"Item\":{\"id\":{\"N\":\"1\"},\"n\":{\"N\":\"1\"}}}\n".into(),
        format!(
            "{{\"Item\":{{\"id\":{{\"S\":\"large\"}},\"n\":{{\"N\":\"1\"}},\"x\":{{\"S\":\"{large}\"}}}}}}\n"
        ),
        good("b"),
        "garbage\n".into(),
        good("never-read"),
    ]
    .concat();
    let second = [good("b"), good("c")].concat();
    let (db, told) = import_files(
        json!({"InputFormat": "DYNAMODB_JSON"}),
        "NONE",
        &[("data/1.json", first.as_bytes()), ("data2/x", second.as_bytes()), ("other", b"garbage")],
    );
    assert_eq!(counts(&told), [9, 4, 5]);
    assert_eq!(
        [&told["ImportStatus"], &told["FailureCode"]],
        [&json!("FAILED"), &json!("ItemValidationError")]
    );
    let message = told["FailureMessage"].as_str().expect("a text");
    assert!(
        message.contains("data/1.json, record 2: ") && message.contains("Missing the key n"),
        "{message}"
    );
    assert_eq!(scan(&db, "Orders", None).len(), 3, "a, b and c");
    let table = call(&db, "DescribeTable", &json!({"TableName": "Orders"}))["Table"].clone();
    assert_eq!([&table["TableStatus"], &table["ItemCount"]], [&json!("ACTIVE"), &json!(3)]);
}

#[test]
fn jobs_are_forgotten_after_ninety_days() {
    let (_buckets, options) = buckets();
    let db = Database::memory(options).expect("sound options");
    create(&db);
    recover(&db);
    let arn = begin(&db, json!({}));
    while !go_on(&db) {}
    let told = described(&db, &arn);
    let import = import_export(&db, &told, "Again", true);
    while !go_on(&db) {}
    let day = 24 * 60 * MINUTE;
    advance(&db, 90 * day - 1);
    assert_eq!(described(&db, &arn)["ExportStatus"], "COMPLETED");
    assert_eq!(import_told(&db, &import)["ImportStatus"], "COMPLETED");
    advance(&db, 1);
    let code = |operation: &str, input: Value| {
        let answer = db.call_json(operation, input.to_string().as_bytes());
        answer.expect_err("it is forgotten").code().name().to_owned()
    };
    assert_eq!(code("DescribeExport", json!({ "ExportArn": arn })), "ExportNotFoundException");
    assert_eq!(code("DescribeImport", json!({ "ImportArn": import })), "ImportNotFoundException");
}
