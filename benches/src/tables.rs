//! What an index adds to a put, and that what programs do with tables costs the same whether a table is small or large.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Duration;

use serde_json::{Value, json};
use streamtable::api::{
    BatchWriteItemInput, GetItemInput, PutItemInput, QueryInput, TransactWriteItemsInput, UpdateItemInput,
};
use streamtable::value::Item;
use streamtable::{Database, OpenOptions};

use crate::Scope;
use crate::claim::{Bound, Claim, interleaved, median, micros};
use crate::sample::{TABLE, create, item_json};

const ROUNDS: usize = 7;
const PUTS: usize = 10_000;

/// A table as the sample's, with a global index or none.
fn table(index: Option<Value>) -> Database {
    let db = Database::memory(OpenOptions::deterministic().shard_rollover(Duration::ZERO))
        .expect("the options are sound");
    let mut create = create(true);
    if let Some(key) = index {
        let definitions = create["AttributeDefinitions"].as_array_mut().expect("a list");
        for part in key.as_array().expect("a list") {
            let name = &part["AttributeName"];
            let kind = if name == "revision" { "N" } else { "S" };
            definitions.push(json!({"AttributeName": name, "AttributeType": kind}));
        }
        create["GlobalSecondaryIndexes"] =
            json!([{"IndexName": "index", "KeySchema": key, "Projection": {"ProjectionType": "ALL"}}]);
    }
    db.call_json("CreateTable", create.to_string().as_bytes()).expect("a new table");
    db
}

/// The index that a put of another revision leaves as it is.
fn kept() -> Value {
    json!([{"AttributeName": "email", "KeyType": "HASH"}, {"AttributeName": "name", "KeyType": "RANGE"}])
}

/// The index in which a put of another revision moves its entry.
fn moved() -> Value {
    json!([{"AttributeName": "email", "KeyType": "HASH"}, {"AttributeName": "revision", "KeyType": "RANGE"}])
}

/// One put of each of the items, in microseconds. The e-mail address is the customer's own, as those of indexes are.
fn time_puts(db: &Database, revision: usize) -> f64 {
    let input = |n: usize| {
        let mut item = item_json(n * 7919 % PUTS, revision);
        item["email"] = json!({"S": format!("person-{:06}@example.com", n * 7919 % PUTS)});
        typed::<PutItemInput>(json!({"TableName": TABLE, "Item": item}))
    };
    let inputs: Vec<PutItemInput> = (0..PUTS).map(input).collect();
    micros(|| inputs.into_iter().for_each(|input| drop(black_box(db.call(input).expect("a put")))))
        / PUTS as f64
}

fn typed<T: serde::de::DeserializeOwned>(request: Value) -> T {
    serde_json::from_value(request).expect("a sound request")
}

/// What an index adds, in puts: on tables that are there already, or each round on new ones.
fn index_adds(name: String, key: &Value, is_new: bool) -> Claim {
    let mut dbs = [table(Some(key.clone())), table(None)];
    if !is_new {
        for db in &dbs {
            time_puts(db, 0);
        }
    }
    let mut revisions = [0; 2];
    let mut time = |which: usize| {
        revisions[which] += 1;
        if is_new {
            dbs[which] = table((which == 0).then(|| key.clone()));
        }
        time_puts(&dbs[which], revisions[which])
    };
    let pairs: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (time(0), time(1))).collect();
    Claim {
        name,
        ratio: median(pairs.iter().map(|(with, without)| with / without - 1.0).collect()),
        bound: Bound::AtMost,
        limit: 0.8,
        detail: format!(
            "put with {:.2} us, without {:.2} us",
            median(pairs.iter().map(|pair| pair.0).collect()),
            median(pairs.iter().map(|pair| pair.1).collect())
        ),
    }
}

pub(crate) fn index_adds_new(name: String) -> Claim {
    index_adds(name, &kept(), true)
}

pub(crate) fn index_adds_kept(name: String) -> Claim {
    index_adds(name, &kept(), false)
}

pub(crate) fn index_adds_moved(name: String) -> Claim {
    index_adds(name, &moved(), false)
}

const FEW: usize = 1_000;
const MANY: usize = 1_000_000;
/// Items of one partition.
const RUN: usize = 100;
const REQUESTS: usize = 2_000;

/// A small item with a key of two attributes, and its place in an index.
fn small(n: usize) -> Value {
    json!({
        "pk": {"S": format!("partition-{:08}", n / RUN)}, "sk": {"N": (n % RUN).to_string()},
        "kind": {"S": format!("kind-{:06}", n * 7919 % 1_000_003 / 10)}, "count": {"N": n.to_string()},
        "note": {"S": "some forty characters, as a note may have"}})
}

fn key_of(n: usize) -> Value {
    let item = small(n);
    json!({"pk": item["pk"], "sk": item["sk"]})
}

fn filled(items: usize) -> Database {
    let db = Database::memory(OpenOptions::deterministic().partitions(4_u32)).expect("the options are sound");
    let part = |name: &str, kind: &str| json!({"AttributeName": name, "AttributeType": kind});
    let key = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    let create = json!({
        "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [part("pk", "S"), part("sk", "N"), part("kind", "S"), part("count", "N")],
        "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
        "GlobalSecondaryIndexes": [{
            "IndexName": "by-kind", "KeySchema": [key("kind", "HASH"), key("count", "RANGE")],
            "Projection": {"ProjectionType": "ALL"}}]});
    db.call_json("CreateTable", create.to_string().as_bytes()).expect("a new table");
    for n in 0..items {
        // Any order but that of the keys.
        let input = json!({"TableName": TABLE, "Item": small(n * 7919 % items)});
        db.call(typed::<PutItemInput>(input)).expect("a put");
    }
    db
}

/// What one request is, from a number that says which items it is for and the round.
type Make = fn(usize, usize) -> Value;

/// A kind of work, and how it is called.
struct Work {
    name: &'static str,
    make: Make,
    run: fn(&Database, Vec<Value>) -> f64,
}

/// Microseconds of one of the requests, which are made before the clock starts.
macro_rules! run {
    ($input:ty) => {
        |db, requests| {
            let count = requests.len() as f64;
            let inputs: Vec<$input> = requests.into_iter().map(typed).collect();
            micros(|| {
                inputs.into_iter().for_each(|input| drop(black_box(db.call(input).expect("an answer"))))
            }) / count
        }
    };
}

fn put_of(n: usize, round: usize) -> Value {
    let mut item = small(n);
    item["note"] = json!({"S": format!("another note, of round {round}")});
    item
}

const WORK: [Work; 7] = [
    Work { name: "get", make: |n, _| json!({"TableName": TABLE, "Key": key_of(n)}), run: run!(GetItemInput) },
    Work {
        name: "put",
        make: |n, round| json!({"TableName": TABLE, "Item": put_of(n, round)}),
        run: run!(PutItemInput),
    },
    Work {
        name: "query_of_10",
        make: |n, _| {
            json!({
                "TableName": TABLE, "Limit": 10, "KeyConditionExpression": "pk = :p",
                "ExpressionAttributeValues": {":p": small(n)["pk"]}})
        },
        run: run!(QueryInput),
    },
    Work {
        name: "index_query_of_10",
        make: |n, _| {
            json!({
                "TableName": TABLE, "IndexName": "by-kind", "Limit": 10, "KeyConditionExpression": "kind = :k",
                "ExpressionAttributeValues": {":k": small(n)["kind"]}})
        },
        run: run!(QueryInput),
    },
    Work {
        name: "conditional_update",
        make: |n, round| {
            json!({
                "TableName": TABLE, "Key": key_of(n), "UpdateExpression": "SET note = :n",
                "ConditionExpression": "attribute_exists(pk)",
                "ExpressionAttributeValues": {":n": {"S": format!("a note of round {round}")}}})
        },
        run: run!(UpdateItemInput),
    },
    Work {
        name: "batch_write_of_25",
        make: |n, round| {
            let puts: Vec<Value> =
                (0..25).map(|at| json!({"PutRequest": {"Item": put_of(n / 25 * 25 + at, round)}})).collect();
            json!({"RequestItems": {TABLE: puts}})
        },
        run: run!(BatchWriteItemInput),
    },
    Work {
        name: "transact_write_of_4",
        make: |n, round| {
            let put = |at: usize| json!({"Put": {"TableName": TABLE, "Item": put_of(n / 4 * 4 + at, round)}});
            json!({"TransactItems": [put(0), put(1), put(2), put(3)]})
        },
        run: run!(TransactWriteItemsInput),
    },
];

/// What memory alone costs: as many look-ups of the same items by their keys, in a plain hash map.
fn floor() -> String {
    let filled = |items: usize| -> HashMap<String, Item> {
        let item =
            |n: usize| (key_of(n).to_string(), Item::from_json(&small(n).to_string()).expect("an item"));
        (0..items).map(|n| item(n * 7919 % items)).collect()
    };
    let maps = [MANY, FEW].map(filled);
    let time = |map: &HashMap<String, Item>, round: usize| {
        let keys: Vec<String> =
            (0..REQUESTS).map(|n| key_of((n * 7919 + round * 104_729) % map.len()).to_string()).collect();
        micros(|| keys.iter().for_each(|key| drop(black_box(map[key].clone())))) / REQUESTS as f64
    };
    let [many, few] = [0, 1].map(|at| median((0..ROUNDS).map(|round| time(&maps[at], round)).collect()));
    format!("; in a hash map {many:.2} us and {few:.2} us")
}

/// Every kind of work on a table of a million items against one of a thousand.
pub(crate) fn flat(scope: &Scope) -> Vec<Claim> {
    let named = |work: &Work| format!("core.flat_{}", work.name);
    let asked: Vec<&Work> = WORK.iter().filter(|work| scope.has(&named(work))).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let (many, few) = (filled(MANY), filled(FEW));
    let claim = |work: &Work| {
        let time = |db: &Database, items: usize, round: usize| {
            let number = |n: usize| (n * 7919 + round * 104_729) % items;
            (work.run)(db, (0..REQUESTS).map(|n| (work.make)(number(n), round)).collect())
        };
        let (mut round_of_many, mut round_of_few) = (0, 0);
        let (ratio, ours, theirs) = interleaved(
            ROUNDS,
            || {
                round_of_many += 1;
                time(&many, MANY, round_of_many)
            },
            || {
                round_of_few += 1;
                time(&few, FEW, round_of_few)
            },
        );
        let floor = if work.name == "get" { floor() } else { String::new() };
        let detail = format!("{ours:.2} us among {MANY} items, {theirs:.2} us among {FEW}{floor}");
        Claim { name: named(work), ratio, bound: Bound::AtMost, limit: 1.5, detail }
    };
    asked.into_iter().map(claim).collect()
}
