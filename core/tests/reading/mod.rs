//! Reading everything that a database says.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use streamtable::{Database, OpenOptions, Result};

/// Runs an operation with JSON in and out.
pub(crate) fn call(db: &Database, operation: &str, input: Value) -> Result<Value> {
    let answer = db.call_json(operation, input.to_string().as_bytes())?;
    Ok(serde_json::from_slice(&answer).expect("answers are JSON"))
}

/// Opens a directory with a manual clock.
pub(crate) fn open(path: &Path) -> Result<Database> {
    let options = OpenOptions::from_json(br#"{"clock": "manual", "seed": 7, "shard_rollover": 0}"#)?;
    Database::open(path, options)
}

/// A new path for a database, whose parent is there and empty.
pub(crate) fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("a folder of an earlier run");
    }
    std::fs::create_dir_all(&folder).expect("a folder for this run");
    folder.join("data")
}

/// Every table with its description and items, every stream with its description and records, and the time.
pub(crate) fn contents(db: &Database) -> Result<Value> {
    let mut tables = json!({});
    for name in texts(&call(db, "ListTables", json!({}))?["TableNames"]) {
        let description = call(db, "DescribeTable", json!({"TableName": name}))?;
        tables[&name] = json!({"description": description["Table"], "items": items(db, &name)?});
    }
    let mut streams = json!({});
    for stream in list(&call(db, "ListStreams", json!({}))?["Streams"]) {
        let arn = stream["StreamArn"].clone();
        let described = call(db, "DescribeStream", json!({"StreamArn": arn}))?["StreamDescription"].take();
        let mut records = json!({});
        for shard in list(&described["Shards"]) {
            let id = shard["ShardId"].as_str().expect("an id");
            records[id] = self::records(db, &arn, id)?.into();
        }
        streams[arn.as_str().expect("a name")] = json!({"description": described, "records": records});
    }
    Ok(json!({"tables": tables, "streams": streams, "clock": call(db, "DescribeClock", json!({}))?}))
}

/// The items of a table in the order of a scan.
pub(crate) fn items(db: &Database, table: &str) -> Result<Vec<Value>> {
    let mut input = json!({"TableName": table, "ConsistentRead": true});
    let mut items = Vec::new();
    loop {
        let page = call(db, "Scan", input.clone())?;
        items.extend(list(&page["Items"]));
        if page["LastEvaluatedKey"].is_null() {
            return Ok(items);
        }
        input["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
    }
}

/// The records of a shard from its horizon.
pub(crate) fn records(db: &Database, arn: &Value, shard: &str) -> Result<Vec<Value>> {
    let from = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let mut iterator = call(db, "GetShardIterator", from)?["ShardIterator"].take();
    let mut records = Vec::new();
    while !iterator.is_null() {
        let mut page = call(db, "GetRecords", json!({"ShardIterator": iterator}))?;
        let found = list(&page["Records"]);
        if found.is_empty() {
            break;
        }
        records.extend(found);
        iterator = page["NextShardIterator"].take();
    }
    Ok(records)
}

/// The elements of a list.
pub(crate) fn list(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list").clone()
}

fn texts(value: &Value) -> Vec<String> {
    list(value).iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}
