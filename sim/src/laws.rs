//! The laws: what must be true of every table and stream, whatever was done.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use streamtable::{Database, ReadOptions, Reader};

use crate::calls::{Result, call};
use crate::model::{Change, Key, Model, Table, View};
use crate::world::{GLOBAL_INDEX, LOCAL_INDEX};

/// Life of a record, milliseconds.
pub const RETENTION: u64 = 24 * 3_600_000;

/// The table and its indexes hold what the model holds, and nothing else.
///
/// # Errors
/// A difference.
pub fn check_table(db: &Database, table: &Table) -> Result<()> {
    let items = table.model.items.iter();
    let wanted = items.map(|(key, contents)| (key_text(&key.json()), contents.image(key))).collect();
    compare(&table.name, scanned(db, json!({"TableName": table.name, "ConsistentRead": true}))?, &wanted)?;
    if !table.has_sort_key {
        return Ok(());
    }
    let mut wanted: BTreeMap<String, Value> = wanted;
    wanted.retain(|_, item| !item["count"].is_null());
    let global = scanned(db, json!({"TableName": table.name, "IndexName": GLOBAL_INDEX}))?;
    compare(&format!("{} of {}", GLOBAL_INDEX, table.name), global, &wanted)?;
    for item in wanted.values_mut() {
        *item = json!({"pk": item["pk"], "sk": item["sk"], "count": item["count"]});
    }
    let local = scanned(db, json!({"TableName": table.name, "IndexName": LOCAL_INDEX}))?;
    compare(&format!("{} of {}", LOCAL_INDEX, table.name), local, &wanted)
}

/// All items that scans of this input answer, by key; none of them twice.
fn scanned(db: &Database, mut input: Value) -> Result<BTreeMap<String, Value>> {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    loop {
        let page = call(db, "Scan", &input)?;
        for item in list(&page, "Items")? {
            if let Some(other) = found.insert(key_text(item), item.clone()) {
                return Err(format!("{input}: {item} and {other} have one key"));
            }
        }
        if page["LastEvaluatedKey"].is_null() {
            return Ok(found);
        }
        input["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
    }
}

fn compare(what: &str, found: BTreeMap<String, Value>, wanted: &BTreeMap<String, Value>) -> Result<()> {
    if found == *wanted {
        return Ok(());
    }
    let differing = wanted.keys().chain(found.keys()).find(|key| wanted.get(*key) != found.get(*key));
    let key = differing.map_or("", String::as_str);
    Err(format!("{what} {key}: it holds {:?}, but {:?} was written", found.get(key), wanted.get(key)))
}

/// A shard and what it said.
struct Shard {
    id: String,
    parent: Option<String>,
    starting: u128,
    ending: Option<u128>,
    records: Vec<Value>,
}

/// Reads a stream from its horizon along its lineages and holds every law against what it says.
///
/// # Errors
/// A law that was broken, or an operation that failed.
pub fn check_stream(
    db: &Database,
    arn: &str,
    view: View,
    model: &Model,
    now: u64,
    transcript: &mut String,
) -> Result<()> {
    let shards = read(db, arn)?;
    let context = |what: String| format!("{arn}: {what}");
    check_lineage(&shards).map_err(context)?;
    let mut histories: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    let mut identities = BTreeSet::new();
    let records = follow(db, arn, &shards).map_err(context)?;
    for record in &records {
        transcript.push_str(&record.to_string());
        transcript.push('\n');
        if !identities.insert(record["eventID"].to_string()) {
            return Err(context(format!("two records have the identity {}", record["eventID"])));
        }
        histories.entry(key_text(&record["dynamodb"]["Keys"])).or_default().push(record);
    }
    check_histories(&histories, view, model, now).map_err(context)
}

/// Sequence numbers rise in each shard and lie inside it; children begin above their parents' end.
fn check_lineage(shards: &[Shard]) -> Result<()> {
    let by_id: BTreeMap<&str, &Shard> = shards.iter().map(|shard| (shard.id.as_str(), shard)).collect();
    for shard in shards {
        let id = &shard.id;
        let mut last = None;
        for record in &shard.records {
            let number = sequence(&record["dynamodb"]["SequenceNumber"])?;
            if last.is_some_and(|last| number <= last) {
                return Err(format!("{id}: {number} does not come after {last:?}"));
            }
            if number < shard.starting || shard.ending.is_some_and(|ending| number > ending) {
                return Err(format!("{id}: {number} lies outside {} to {:?}", shard.starting, shard.ending));
            }
            last = Some(number);
        }
        // A parent that is too old to be listed says nothing any more.
        if let Some(parent) = shard.parent.as_deref().and_then(|parent| by_id.get(parent)) {
            match parent.ending {
                None => return Err(format!("{id}: its parent {} is open", parent.id)),
                Some(ending) if shard.starting <= ending => {
                    return Err(format!(
                        "{id}: starts at {}, not above its parent's end {ending}",
                        shard.starting
                    ));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// Exactly one record for each change that is young enough, none for anything else, each with the images its view shows; where it shows
/// both, each old image is the new image before it: replaying the records of a key rebuilds it.
pub(crate) fn check_histories(
    histories: &BTreeMap<String, Vec<&Value>>,
    view: View,
    model: &Model,
    now: u64,
) -> Result<()> {
    let mut expected = 0;
    for (key, changes) in &model.changes {
        let text = key_text(&key.json());
        let records = histories.get(&text).map_or(&[][..], Vec::as_slice);
        let young: Vec<_> = changes.iter().filter(|change| now < change.at + RETENTION).collect();
        expected += young.len();
        if records.len() != young.len() {
            return Err(format!("{text}: {} records for {} changes", records.len(), young.len()));
        }
        let mut replayed = None;
        for (i, (record, change)) in records.iter().zip(&young).enumerate() {
            let images = (image(record, "OldImage"), image(record, "NewImage"));
            let shown = (
                change.before.as_ref().filter(|_| view.has_old()),
                change.after.as_ref().filter(|_| view.has_new()),
            );
            if images != shown {
                return Err(format!("{text}: record {i} is {record}, but the change was {change:?}"));
            }
            if i > 0 && view == View::NewAndOldImages && images.0 != replayed {
                return Err(format!("{text}: record {i} begins with {:?} after {replayed:?}", images.0));
            }
            check_record(record, key, change, view)?;
            replayed = images.1;
        }
    }
    let total: usize = histories.values().map(Vec::len).sum();
    if total == expected { Ok(()) } else { Err(format!("{total} records for {expected} changes")) }
}

fn check_record(record: &Value, key: &Key, change: &Change, view: View) -> Result<()> {
    let shown = &record["dynamodb"];
    let event = match (&change.before, &change.after) {
        (None, Some(_)) => "INSERT",
        (Some(_), Some(_)) => "MODIFY",
        (Some(_), None) => "REMOVE",
        (None, None) => {
            return Err(format!("the model has a change from nothing to nothing: {}", key.json()));
        }
    };
    let seconds = change.at / 1000;
    if record["eventName"] != event
        || shown["Keys"] != key.json()
        || shown["StreamViewType"] != view.name()
        || shown["ApproximateCreationDateTime"].as_f64() != Some(seconds as f64)
    {
        return Err(format!("not an {event} of {} at {seconds}: {record}", key.json()));
    }
    Ok(())
}

fn image<'r>(record: &'r Value, name: &str) -> Option<&'r Value> {
    record["dynamodb"].get(name)
}

/// Every shard with its records, by the operations alone.
fn read(db: &Database, arn: &str) -> Result<Vec<Shard>> {
    let mut shards: Vec<Shard> = Vec::new();
    let mut input = json!({"StreamArn": arn});
    loop {
        let answer = call(db, "DescribeStream", &input)?;
        let description = &answer["StreamDescription"];
        for shard in list(description, "Shards")? {
            shards.push(read_shard(db, arn, shard)?);
        }
        if description["LastEvaluatedShardId"].is_null() {
            return Ok(shards);
        }
        input["ExclusiveStartShardId"] = description["LastEvaluatedShardId"].clone();
    }
}

/// Every record that is left in a stream, by the operations alone.
///
/// # Errors
/// An operation failed.
pub fn records(db: &Database, arn: &str) -> Result<Vec<Value>> {
    Ok(read(db, arn)?.into_iter().flat_map(|shard| shard.records).collect())
}

/// Records that one reader reads before another goes on from its checkpoint.
const RECORDS_OF_A_READER: usize = 50;

/// Every record as readers give it, each of which goes on from the checkpoint of the one before: what the shards hold, each record once, and
/// none of a child before all of its parent.
fn follow(db: &Database, arn: &str, shards: &[Shard]) -> Result<Vec<Value>> {
    let told = |error: streamtable::Error| format!("a reader fails: {error}");
    let mut left: BTreeMap<&str, std::slice::Iter<'_, Value>> =
        shards.iter().map(|shard| (shard.id.as_str(), shard.records.iter())).collect();
    let parents: BTreeMap<&str, Option<&str>> =
        shards.iter().map(|shard| (shard.id.as_str(), shard.parent.as_deref())).collect();
    let mut records = Vec::new();
    let mut options = ReadOptions::default();
    loop {
        let mut reader = Reader::open(db, arn, options).map_err(told)?;
        let Some(page) = reader.next_page(db, RECORDS_OF_A_READER).map_err(told)? else { break };
        let shard = &*page.shard_id;
        let parent = parents.get(shard).copied().flatten();
        if parent.and_then(|parent| left.get(parent)).is_some_and(|left| left.len() > 0) {
            return Err(format!("a reader gives records of {shard} before all of its parent"));
        }
        for record in page.records {
            let record = serde_json::to_value(record).map_err(|e| format!("a record is no JSON: {e}"))?;
            let held = left.get_mut(shard).and_then(Iterator::next);
            if held != Some(&record) {
                return Err(format!("a reader gives {record} where {shard} holds {held:?}"));
            }
            records.push(record);
        }
        options = ReadOptions::resume(reader.checkpoint().to_string().parse().map_err(told)?);
    }
    match left.iter().find(|(_, left)| left.len() > 0) {
        Some((shard, left)) => Err(format!("readers give all but {} records of {shard}", left.len())),
        None => Ok(records),
    }
}

fn read_shard(db: &Database, arn: &str, shard: &Value) -> Result<Shard> {
    let id = shard["ShardId"].as_str().ok_or_else(|| format!("no id in {shard}"))?;
    let range = &shard["SequenceNumberRange"];
    let ending = match &range["EndingSequenceNumber"] {
        Value::Null => None,
        number => Some(sequence(number)?),
    };
    let begin = json!({"StreamArn": arn, "ShardId": id, "ShardIteratorType": "TRIM_HORIZON"});
    let mut iterator = call(db, "GetShardIterator", &begin)?["ShardIterator"].clone();
    let mut records = Vec::new();
    while !iterator.is_null() {
        let page = call(db, "GetRecords", &json!({"ShardIterator": iterator, "Limit": 100}))?;
        let found = list(&page, "Records")?;
        records.extend(found.iter().cloned());
        iterator = page["NextShardIterator"].clone();
        match ending {
            None if iterator.is_null() => return Err(format!("{id}: it is open, but its iterators end")),
            None if found.is_empty() => break,
            _ => {}
        }
    }
    Ok(Shard {
        id: id.to_owned(),
        parent: shard["ParentShardId"].as_str().map(str::to_owned),
        starting: sequence(&range["StartingSequenceNumber"])?,
        ending,
        records,
    })
}

fn list<'v>(object: &'v Value, name: &str) -> Result<&'v Vec<Value>> {
    object[name].as_array().ok_or_else(|| format!("no list {name} in {object}"))
}

fn sequence(number: &Value) -> Result<u128> {
    let parsed = number.as_str().and_then(|text| text.parse().ok());
    parsed.ok_or_else(|| format!("{number} is no sequence number"))
}

/// The key attributes of an item as text.
pub(crate) fn key_text(item: &Value) -> String {
    format!("{}/{}", item["pk"]["S"], item["sk"]["N"])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use streamtable::{Database, OpenOptions};

    use super::{Shard, check_lineage, check_stream, follow, read};
    use crate::calls::call;
    use crate::model::{Contents, Key, Model, View};

    /// A table with one item that was put and changed, its stream, and the model of it.
    fn small_world() -> (Database, String, Model) {
        let db = Database::memory(OpenOptions::deterministic()).expect("the options are good");
        let table = json!({
            "TableName": "table-0",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        });
        let answer = call(&db, "CreateTable", &table).expect("created");
        let arn = answer["TableDescription"]["LatestStreamArn"].as_str().expect("a stream").to_owned();
        let at = crate::calls::now(&db).expect("a time");
        let key = Key { partition: "writer-0-0".to_owned(), sort: None };
        let mut model = Model::default();
        for count in [1, 2] {
            let contents = Contents { count: Some(count), ..Contents::default() };
            call(&db, "PutItem", &json!({"TableName": "table-0", "Item": contents.image(&key)}))
                .expect("put");
            assert!(model.set(&key, Some(contents), at, true));
        }
        (db, arn, model)
    }

    fn broken(db: &Database, arn: &str, model: &Model) -> Option<String> {
        let now = crate::calls::now(db).expect("a time");
        check_stream(db, arn, View::NewAndOldImages, model, now, &mut String::new()).err()
    }

    #[test]
    fn every_difference_between_stream_and_model_is_noticed() {
        let (db, arn, model) = small_world();
        assert_eq!(broken(&db, &arn, &model), None);
        let key = model.changes.keys().next().expect("one key").clone();
        let alter = |alter: &dyn Fn(&mut Model)| {
            let mut other = model.clone();
            alter(&mut other);
            broken(&db, &arn, &other)
        };
        let changes = |model: &mut Model| model.changes.remove(&key).expect("its changes");
        let lost = alter(&|m| drop(m.changes.get_mut(&key).expect("there").pop()));
        assert!(lost.expect("one record too many").contains("2 records for 1 changes"));
        assert!(alter(&|m| drop(changes(m))).expect("records of an unknown key").contains("2 records for 0"));
        let twice = |m: &mut Model| {
            let list = m.changes.get_mut(&key).expect("there");
            list.push(list[1].clone());
        };
        assert!(alter(&twice).is_some(), "a record too few");
        let other_image = |m: &mut Model| m.changes.get_mut(&key).expect("there")[1].after = Some(json!({}));
        assert!(alter(&other_image).is_some(), "another image");
        let other_time = |m: &mut Model| m.changes.get_mut(&key).expect("there")[0].at += 5_000;
        assert!(alter(&other_time).is_some(), "another time");
        let now = crate::calls::now(&db).expect("a time");
        for view in [View::KeysOnly, View::NewImage, View::OldImage] {
            assert!(check_stream(&db, &arn, view, &model, now, &mut String::new()).is_err(), "{view:?}");
        }
    }

    #[test]
    fn a_reader_that_differs_from_the_shards_is_noticed() {
        let (db, arn, _) = small_world();
        let differs = |alter: &dyn Fn(&mut Vec<Value>)| {
            let mut shards = read(&db, &arn).expect("it is read");
            alter(&mut shards[0].records);
            follow(&db, &arn, &shards).err()
        };
        assert_eq!(differs(&|_| {}), None);
        assert!(differs(&|records| drop(records.pop())).expect("one too many").contains("holds None"));
        assert!(differs(&|records| records.swap(0, 1)).is_some(), "another order");
        let last = differs(&|records| records.push(records[1].clone()));
        assert!(last.expect("one too few").contains("all but 1"));
    }

    #[test]
    fn sequence_numbers_and_lineage_are_looked_at() {
        let record = |number: u128| json!({"dynamodb": {"SequenceNumber": number.to_string()}});
        let shard =
            |id: &str, parent: Option<&str>, range: (u128, Option<u128>), records: Vec<Value>| Shard {
                id: id.to_owned(),
                parent: parent.map(str::to_owned),
                starting: range.0,
                ending: range.1,
                records,
            };
        let parent = || shard("p", None, (1, Some(9)), vec![record(2), record(9)]);
        assert!(check_lineage(&[parent(), shard("c", Some("p"), (10, None), vec![record(10)])]).is_ok());
        let not_above = shard("c", Some("p"), (9, None), vec![]);
        assert!(check_lineage(&[parent(), not_above]).is_err());
        let open_parent = shard("p", None, (1, None), vec![]);
        assert!(check_lineage(&[open_parent, shard("c", Some("p"), (10, None), vec![])]).is_err());
        assert!(
            check_lineage(&[shard("s", None, (1, None), vec![record(3), record(3)])]).is_err(),
            "no rise"
        );
        assert!(check_lineage(&[shard("s", None, (1, Some(4)), vec![record(5)])]).is_err(), "beyond the end");
        assert!(check_lineage(&[shard("s", None, (4, None), vec![record(3)])]).is_err(), "before the start");
    }
}
