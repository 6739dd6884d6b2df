//! Writers on many threads while partitions split and shards roll: nothing is lost, doubled, or out of order.

use std::collections::BTreeMap;
use std::thread;

use streamtable::api::*;
use streamtable::value::{AttributeValue, Item};
use streamtable::{Database, OpenOptions};

const THREADS: i64 = 4;
const KEYS: i64 = 16;
const WRITES: i64 = 200;

fn open() -> Database {
    let db = Database::memory(OpenOptions::deterministic()).expect("options are fine");
    let create = r#"{"TableName": "Counters", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}}"#;
    db.call_json("CreateTable", create.as_bytes()).expect("a new table");
    db
}

fn key(id: i64) -> Item {
    Item::new([("id", &AttributeValue::from(id))]).expect("a key")
}

/// Adds one to a counter that every thread adds to.
fn add_one(db: &Database, id: i64) {
    let values = Item::new([(":one", &AttributeValue::from(1))]).expect("values");
    db.call(UpdateItemInput {
        table_name: Some("Counters".into()),
        key: Some(key(id).into()),
        update_expression: Some("ADD n :one".into()),
        expression_attribute_values: Some(values.into()),
        ..Default::default()
    })
    .expect("an update");
}

/// Every record, parents before children.
fn history(db: &Database) -> Vec<Record> {
    let arn =
        db.call(ListStreamsInput::default()).expect("streams").streams.expect("a list")[0].stream_arn.clone();
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let described = db
            .call(DescribeStreamInput {
                stream_arn: arn.clone(),
                exclusive_start_shard_id: after,
                ..Default::default()
            })
            .expect("a stream")
            .stream_description
            .expect("a description");
        for shard in described.shards.expect("shards") {
            records.extend(shard_records(db, arn.clone(), shard.shard_id));
        }
        after = described.last_evaluated_shard_id;
        if after.is_none() {
            return records;
        }
    }
}

fn shard_records(db: &Database, stream_arn: Option<String>, shard_id: Option<String>) -> Vec<Record> {
    let input = GetShardIteratorInput {
        stream_arn,
        shard_id,
        shard_iterator_type: Some(ShardIteratorType::TrimHorizon.into()),
        ..Default::default()
    };
    let mut iterator = db.call(input).expect("an iterator").shard_iterator;
    let mut records = Vec::new();
    while iterator.is_some() {
        let page = db.call(GetRecordsInput { shard_iterator: iterator, limit: None }).expect("records");
        let page_records = page.records.expect("a list");
        iterator = page.next_shard_iterator.filter(|_| !page_records.is_empty());
        records.extend(page_records);
    }
    assert!(records.windows(2).all(|pair| pair[0].sequence_number < pair[1].sequence_number));
    records
}

fn count(image: &Option<Item>) -> Option<i64> {
    image
        .as_ref()
        .map(|i| i.get("n").and_then(|n| n.number()).map_or(0, |n| n.to_string().parse().expect("small")))
}

#[test]
fn every_write_leaves_one_record_in_order() {
    let db = open();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..WRITES).for_each(|n| add_one(&db, n % KEYS)));
        }
        scope.spawn(|| {
            for n in 0..12 {
                let table_name = Some("Counters".to_owned());
                if n % 3 == 0 {
                    db.call(RollShardInput { table_name, shard_id: None }).expect("a stream");
                } else {
                    db.call(SplitShardInput { table_name, shard_id: None }).expect("wide partitions");
                }
            }
        });
    });
    // Records of one key are along one lineage, and shards are listed parents first: replaying them counts every write.
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let records = history(&db);
    for record in &records {
        let before = counts.entry(format!("{:?}", record.keys)).or_default();
        assert_eq!(count(&record.old_image).unwrap_or(0), *before, "the old image is the last new one");
        *before = count(&record.new_image).expect("nothing is deleted");
    }
    assert_eq!(records.len() as i64, THREADS * WRITES);
    assert_eq!(counts.len() as i64, KEYS);
    assert_eq!(counts.values().sum::<i64>(), THREADS * WRITES);
    for id in 0..KEYS {
        let input = GetItemInput {
            table_name: Some("Counters".into()),
            key: Some(key(id).into()),
            ..Default::default()
        };
        let stored = db.call(input).expect("a table").item;
        assert_eq!(count(&stored), counts.get(&format!("{:?}", key(id))).copied());
    }
}

#[test]
fn images_are_shared_and_not_copied() {
    let db = open();
    let put = |n: i64| {
        let item =
            Item::new([("id", &AttributeValue::from(1)), ("n", &AttributeValue::from(n))]).expect("an item");
        let input = PutItemInput {
            table_name: Some("Counters".into()),
            item: Some(item.clone().into()),
            ..Default::default()
        };
        db.call(input).expect("a put");
        item
    };
    let (first, second) = (put(1), put(2));
    let records = history(&db);
    let shares =
        |image: &Option<Item>, item: &Item| image.as_ref().expect("an image").shares_bytes_with(item);
    assert!(shares(&records[0].new_image, &first));
    assert!(shares(&records[1].old_image, &first));
    assert!(shares(&records[1].new_image, &second));
}

#[test]
fn a_closed_database_answers_so_on_every_thread() {
    let db = open();
    let other = db.clone();
    thread::spawn(move || other.close()).join().expect("closing does not panic").expect("memory");
    let error = db.call(ListTablesInput::default()).expect_err("closed");
    assert_eq!(error.code(), ErrorCode::Closed);
}
