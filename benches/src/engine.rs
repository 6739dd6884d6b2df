//! The engine's claims.

use std::collections::{BTreeMap, VecDeque};
use std::hint::black_box;

use streamtable::Database;
use streamtable::api::{
    DescribeStreamInput, GetRecordsInput, GetShardIteratorInput, ListStreamsInput, PutItemInput, Record,
    ShardIteratorType,
};
use streamtable::value::{AttributeValue, Item, ValueRef};

use crate::claim::{Bound, Claim, interleaved, median, micros};
use crate::counting::bytes_allocated;
use crate::sample::{TABLE, database, item};
use crate::{Scope, consuming, expressions, filters, forks, tables, transactions};

const KEYS: usize = 10_000;
const PUTS: usize = 20_000;
const ROUNDS: usize = 7;
const BACKLOG: usize = 1_000_000;

/// What measures the claim of a name.
type Measure = fn(String) -> Claim;

const CLAIMS: [(&str, Measure); 22] = [
    ("core.put_against_clone_insert_push", put_against_floor),
    ("core.put_against_shared_clone_insert_push", put_against_shared_floor),
    ("core.put_with_1000000_records_against_none", put_against_backlog),
    ("core.get_records_bytes_allocated_per_image_byte", records_without_copies),
    ("core.conditional_update_of_known_text_against_new_text", expressions::known_against_new),
    ("core.transaction_of_4_puts_against_4_puts", transactions::against_puts),
    ("core.transaction_with_token_against_without", transactions::token_against_none),
    ("core.index_adds_to_put_of_new_item", tables::index_adds_new),
    ("core.index_adds_to_put_that_keeps_its_entry", tables::index_adds_kept),
    ("core.index_adds_to_put_that_moves_its_entry", tables::index_adds_moved),
    ("core.fork_of_1000000_items_in_ms", forks::fork_time),
    ("core.fork_of_1000000_items_against_1000", forks::fork_against_few),
    ("core.put_beside_fork_against_put", forks::put_beside_fork),
    ("core.put_on_fork_against_put", forks::put_on_fork),
    ("core.put_among_snapshots_against_put", forks::put_among_snapshots),
    ("core.put_when_fork_is_gone_against_put", forks::put_when_fork_is_gone),
    ("core.longest_put_among_forks_in_ms", forks::longest_put),
    ("core.mapping_of_100_records_against_reading", consuming::records_against_reading),
    ("core.mapping_with_json_against_reading", consuming::events_against_reading),
    ("core.mapping_among_1000_idle_ones_against_alone", consuming::idle_mappings),
    ("core.filter_by_event_name_against_record_as_json", filters::by_event_name),
    ("core.filter_by_attribute_against_record_as_json", filters::by_attribute),
];

pub(crate) fn claims(scope: &Scope) -> Result<Vec<Claim>, String> {
    let asked = CLAIMS.iter().filter(|(name, _)| scope.has(name));
    let mut claims: Vec<Claim> = asked.map(|(name, measure)| measure((*name).to_owned())).collect();
    claims.extend(tables::flat(scope));
    Ok(claims)
}

pub(crate) fn items(revision: usize) -> Vec<Item> {
    (0..PUTS).map(|n| item(n * 7919 % KEYS, revision)).collect()
}

pub(crate) fn put(db: &Database, item: Item) {
    let input =
        PutItemInput { table_name: Some(TABLE.into()), item: Some(item.into()), ..PutItemInput::default() };
    black_box(db.call(input).expect("a put"));
}

/// One put, in microseconds, over all the items.
pub(crate) fn time_puts(db: &Database, items: Vec<Item>) -> f64 {
    let count = items.len() as f64;
    micros(|| items.into_iter().for_each(|item| put(db, item))) / count
}

/// The floor: clone the item's attributes, insert them into an ordered map by key, push the old and the new ones to a queue.
type Attributes = BTreeMap<String, AttributeValue>;

#[derive(Default)]
struct Floor {
    rows: BTreeMap<String, std::sync::Arc<Attributes>>,
    queue: VecDeque<(std::sync::Arc<Attributes>, Option<std::sync::Arc<Attributes>>)>,
}

impl Floor {
    fn put(&mut self, item: &Attributes) {
        let copy = std::sync::Arc::new(item.clone());
        let AttributeValue::S(key) = &copy["id"] else { unreachable!("the sample's key is a string") };
        let old = self.rows.insert(key.clone(), copy.clone());
        self.queue.push_back((copy, old));
    }
}

fn attributes(item: &Item) -> Attributes {
    item.attributes().iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn put_against_floor(name: String) -> Claim {
    let (db, mut floor) = (database(), Floor::default());
    let (mut revision, mut floor_revision) = (0, 0);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            revision += 1;
            time_puts(&db, items(revision))
        },
        || {
            floor_revision += 1;
            let trees: Vec<Attributes> = items(floor_revision).iter().map(attributes).collect();
            floor.queue.clear();
            micros(|| trees.iter().for_each(|tree| floor.put(tree))) / PUTS as f64
        },
    );
    Claim {
        name,
        ratio,
        bound: Bound::AtMost,
        limit: 3.0,
        detail: format!("put {ours:.2} us, floor {theirs:.2} us"),
    }
}

/// A stricter floor, for an engine that shares items: the clone is a reference, only the key and the places are new.
fn put_against_shared_floor(name: String) -> Claim {
    let db = database();
    let (mut rows, mut queue) = (BTreeMap::new(), VecDeque::new());
    let (mut revision, mut floor_revision) = (0, 0);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            revision += 1;
            time_puts(&db, items(revision))
        },
        || {
            floor_revision += 1;
            let items = items(floor_revision);
            micros(|| {
                for item in &items {
                    let Some(ValueRef::S(key)) = item.get("id") else {
                        unreachable!("the sample's key is a string")
                    };
                    let old: Option<Item> = rows.insert(key.to_owned(), item.clone());
                    queue.push_back((item.clone(), old));
                }
            }) / PUTS as f64
        },
    );
    Claim {
        name,
        ratio,
        bound: Bound::AtMost,
        limit: 3.0,
        detail: format!("put {ours:.2} us, floor {theirs:.2} us"),
    }
}

fn put_against_backlog(name: String) -> Claim {
    let (full, mut revision) = (database(), 0);
    for n in 0..BACKLOG {
        put(&full, item(n % KEYS, n));
    }
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            revision += 1;
            time_puts(&full, items(revision))
        },
        || {
            // A stream with no records, over a table of as many rows.
            let empty = database();
            (0..KEYS).for_each(|n| put(&empty, item(n, 0)));
            turn_stream_off_and_on(&empty);
            time_puts(&empty, items(1))
        },
    );
    Claim {
        name,
        ratio,
        bound: Bound::AtMost,
        limit: 1.2,
        detail: format!("full {ours:.2} us, empty {theirs:.2} us"),
    }
}

fn turn_stream_off_and_on(db: &Database) {
    let update = |specification: serde_json::Value| {
        let body = serde_json::json!({ "TableName": TABLE, "StreamSpecification": specification });
        db.call_json("UpdateTable", body.to_string().as_bytes()).expect("a change of the stream");
    };
    update(serde_json::json!({ "StreamEnabled": false }));
    update(serde_json::json!({ "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" }));
}

fn records_without_copies(name: String) -> Claim {
    let db = database();
    for n in 0..2_000 {
        put(&db, item(n % 1_000, n));
    }
    let iterator = last_page_iterator(&db);
    let mut shares = Vec::new();
    for _ in 0..ROUNDS {
        let mut page: Vec<Record> = Vec::new();
        let allocated = bytes_allocated(|| {
            let input = GetRecordsInput { shard_iterator: Some(iterator.clone()), limit: None };
            page = db.call(input).expect("records").records.expect("a list");
        });
        let image_bytes = |image: &Option<Item>| image.as_ref().map_or(0, |i| i.as_bytes().len());
        let images: usize = page.iter().map(|r| image_bytes(&r.new_image) + image_bytes(&r.old_image)).sum();
        shares.push(allocated as f64 / images as f64);
    }
    Claim {
        name,
        ratio: median(shares),
        bound: Bound::AtMost,
        limit: 0.5,
        detail: "both images of about 1 KB; copying them would be 1.00".into(),
    }
}

/// An iterator at the last records, which have both images.
fn last_page_iterator(db: &Database) -> String {
    let arn =
        db.call(ListStreamsInput::default()).expect("streams").streams.expect("a list")[0].stream_arn.clone();
    let input = DescribeStreamInput { stream_arn: arn.clone(), ..DescribeStreamInput::default() };
    let shards = db.call(input).expect("a stream").stream_description.and_then(|d| d.shards).expect("shards");
    let input = GetShardIteratorInput {
        stream_arn: arn,
        shard_id: shards[0].shard_id.clone(),
        shard_iterator_type: Some(ShardIteratorType::TrimHorizon.into()),
        ..GetShardIteratorInput::default()
    };
    let first = db.call(input).expect("an iterator").shard_iterator;
    let page = db.call(GetRecordsInput { shard_iterator: first, limit: Some(1000) }).expect("records");
    page.next_shard_iterator.expect("the shard is open")
}
