//! Setting the clock of a database: the way out for one that has seen a time that was wrong.

use std::path::Path;

use serde_json::Value;

use crate::api::{Error, ErrorCode, Result};
use crate::clock::{Millis, wall};
use crate::database::Database;
use crate::options::{ClockMode, OpenOptions};
use crate::store::{
    Batch, DurableStore, LogId, Logs, Meta, MetaChange, Removal, Settings, Store, TableId, Upkeep, read_meta,
    regions_in,
};

/// Members of the catalog's entries that are moments, beside those whose name ends in `_at`.
const MOMENTS: [&str; 4] = ["time", "at", "until", "on_demand_since"];

/// The time of the database in a directory, which nobody may have open, epoch milliseconds.
///
/// # Errors
/// `OpenException` for a directory that is open or holds no database; `CorruptionException`; `StorageException`.
pub fn read_clock(path: &Path) -> Result<Millis> {
    let db = Database::open_for_inspection(path, OpenOptions::default())?;
    let now = db.engine().now();
    db.close()?;
    Ok(now)
}

/// Sets the clock of the database in a directory, which nobody may have open; without a time, to the system's. Returns where it was and where
/// it is; all are epoch milliseconds.
///
/// Forward, it is as if time had passed. Back, all items stay as they are. A shard that has records of later times loses its records, as if
/// they had been trimmed: a reader that had not come to its end gets `TrimmedDataAccessException`, and begins at `TRIM_HORIZON` or `LATEST`
/// as after any trim. What was created or changed later counts as created or changed at the new time.
///
/// # Errors
/// `OpenException` for a directory that is open or holds no database, a time out of range, or a way back while a backup or a restored table is
/// being made; `CorruptionException`; `StorageException`.
pub fn set_clock(path: &Path, to: Option<Millis>) -> Result<(Millis, Millis)> {
    let to = to.unwrap_or_else(wall);
    let options = OpenOptions { clock: ClockMode::Manual, ..OpenOptions::default() };
    let forward = OpenOptions { now: Some(to), ..options.clone() };
    forward.check()?;
    let before = read_clock(path)?;
    if to >= before {
        // The other regions go with it.
        Database::open(path, forward)?.close()?;
        return Ok((before, to));
    }
    let others = regions_in(path)?.into_iter().map(|(_, path)| path);
    // The home comes last: until then the clocks of all can be set back again.
    for path in others.chain([path.to_owned()]) {
        if to < read_clock(&path)? {
            set_back(&path, Settings { background: false, ..options.settings() }, to)?;
        }
    }
    Ok((before, to))
}

fn set_back(path: &Path, settings: Settings, to: Millis) -> Result<()> {
    let store = DurableStore::open_existing(path, settings, wall())?;
    let settled = turn_back(&store, to).and_then(|batch| store.settle(store.commit(batch)?));
    let closed = store.close();
    settled.and(closed)
}

/// What sets a database back to an earlier time, all at once.
fn turn_back(store: &DurableStore, to: Millis) -> Result<Batch> {
    let mut batch = Batch::default();
    for (name, text) in store.meta()? {
        let mut entry: Value = read_meta(&name, &text)?;
        if name.starts_with("copy/") {
            return Err(Error::new(ErrorCode::Open, RUNNING_COPY));
        }
        let periods = forget_history(&mut entry);
        let has_history = !periods.is_empty();
        batch.removals.extend(periods.into_iter().map(Removal::Rows));
        if limit_moments(&mut entry, to) | has_history {
            batch.meta.push(MetaChange { name: name.clone(), text: Some(entry.to_string()) });
        }
        if let Some(log) = name.strip_prefix("shard/").and_then(|id| id.parse().ok()).map(LogId) {
            let last = store.bounds(log, 0)?.value.last;
            let earlier = store.newest_before(log, to.saturating_add(1))?.value;
            if let Some(last) = last.filter(|last| earlier < Some(*last)) {
                batch.removals.push(Removal::Records(log, last));
            }
        }
    }
    batch.removals.push(Removal::Later(to));
    Ok(batch)
}

/// Why a clock stays where it is.
const RUNNING_COPY: &str =
    "A backup or a restored table is being made. Open the database and let it end, then set its clock";

/// Takes the history from a table's entry: what it tells stands in the order of times that are no more. A table that is restorable to a moment
/// begins a new one when the database opens. Returns where it was.
fn forget_history(entry: &mut Value) -> Vec<TableId> {
    let history = entry.get_mut("features").and_then(|features| features.get_mut("history"));
    let Some(Value::Array(periods)) = history.map(Value::take) else { return Vec::new() };
    if let Some(features) = entry.get_mut("features").and_then(Value::as_object_mut) {
        features.remove("history");
    }
    periods.iter().filter_map(|period| Some(TableId(period.get("rows")?.as_u64()?))).collect()
}

/// Brings moments that are later than `latest` back to it; true when there were any.
fn limit_moments(value: &mut Value, latest: Millis) -> bool {
    match value {
        Value::Object(members) => members.iter_mut().fold(false, |changed, (name, value)| {
            let is_moment = name.ends_with("_at") || MOMENTS.contains(&name.as_str());
            if is_moment && value.as_u64().is_some_and(|moment| moment > latest) {
                *value = latest.into();
                return true;
            }
            limit_moments(value, latest) | changed
        }),
        Value::Array(values) => {
            values.iter_mut().fold(false, |changed, value| limit_moments(value, latest) | changed)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::clock::MANUAL_START;
    use crate::store::Scratch;

    const TEN_YEARS: u64 = 10 * 366 * 86_400_000;

    fn open(path: &Path, clock: ClockMode) -> Result<Database> {
        Database::open(path, OpenOptions { clock, ..OpenOptions::default() })
    }

    fn ask(db: &Database, operation: &str, input: Value) -> Result<Value> {
        let answer = db.call_json(operation, input.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&answer).expect("JSON"))
    }

    fn put(db: &Database, id: &str) {
        ask(db, "PutItem", json!({"TableName": "Orders", "Item": {"id": {"S": id}}})).expect("room");
    }

    fn iterators(db: &Database, arn: &Value, kind: &str) -> Vec<Value> {
        let described = ask(db, "DescribeStream", json!({ "StreamArn": arn })).expect("a stream");
        let shards = described["StreamDescription"]["Shards"].as_array().expect("a list").clone();
        let ask_for = |shard: &Value| {
            let input = json!({"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": kind});
            ask(db, "GetShardIterator", input).expect("a shard")["ShardIterator"].clone()
        };
        shards.iter().map(ask_for).collect()
    }

    #[test]
    fn a_clock_that_once_jumped_ahead_is_set_back() {
        let scratch = Scratch::new("clock");
        let path = scratch.path().join("data");
        let db = open(&path, ClockMode::Manual).expect("a new database");
        let table = json!({
            "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        });
        let arn = ask(&db, "CreateTable", table).expect("a new table")["TableDescription"]["LatestStreamArn"]
            .clone();
        ask(&db, "DescribeTable", json!({"TableName": "Orders"})).expect("a table");
        let future = MANUAL_START + TEN_YEARS;
        db.close().expect("a sound disk");
        assert_eq!(set_clock(&path, Some(future)), Ok((MANUAL_START, future)), "forward");
        let db = open(&path, ClockMode::Manual).expect("sound");
        db.maintain().expect("a sound disk");
        put(&db, "from the future");
        let unread = iterators(&db, &arn, "TRIM_HORIZON").pop().expect("a shard");
        db.close().expect("a sound disk");
        let error = open(&path, ClockMode::System).expect_err("ten years ahead");
        assert_eq!(error.code(), ErrorCode::Open);
        assert!(error.message().contains("streamtable clock DIR --set now"), "{error}");
        let (before, now) = set_clock(&path, None).expect("a sound disk");
        assert_eq!((before, read_clock(&path)), (future, Ok(now)));
        let db = open(&path, ClockMode::System).expect("its clock was set back");
        let found = ask(&db, "Scan", json!({"TableName": "Orders"})).expect("a table");
        assert_eq!(found["Count"], 1, "items stay");
        let error = ask(&db, "GetRecords", json!({ "ShardIterator": unread })).expect_err("they are gone");
        assert_eq!(error.code(), ErrorCode::TrimmedDataAccess);
        put(&db, "from now");
        let records: Vec<Value> = iterators(&db, &arn, "TRIM_HORIZON")
            .into_iter()
            .flat_map(|iterator| {
                let page = ask(&db, "GetRecords", json!({ "ShardIterator": iterator })).expect("a shard");
                page["Records"].as_array().expect("a list").clone()
            })
            .collect();
        assert_eq!(records.len(), 1);
        let at = records[0]["dynamodb"]["ApproximateCreationDateTime"].as_f64().expect("seconds");
        assert!(at * 1000.0 < (now + TEN_YEARS / 2) as f64, "{at}");
        db.close().expect("a sound disk");
        let report = crate::inspection::verify(&path, &mut |_| {}).expect("a check");
        assert_eq!(report.findings, []);
        // What the log says is read again in the order in which it was said.
        let db = open(&path, ClockMode::Manual).expect("sound");
        db.advance(Duration::from_secs(1)).expect("a manual clock");
        put(&db, "and on");
        db.close().expect("a sound disk");
    }
}
