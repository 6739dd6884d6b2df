//! What programs do with tables beside single puts and gets: queries, a scan under a filter, conditions, batches, transactions, statements.
//!
//! What it measures is also handed on as data, so that other languages do the same work.
//!
//! A table has 100 partitions of 100 small items, 10,000 in all and less than one page of a scan. There are two, one with a global index: that
//! is where the index is queried, and batches are written to both.

use std::hint::black_box;

use dynoxide::actions::{
    batch_get_item::BatchGetItemRequest, batch_write_item::BatchWriteItemRequest,
    create_table::CreateTableRequest, execute_statement::ExecuteStatementRequest, query::QueryRequest,
    scan::ScanRequest, transact_write_items::TransactWriteItemsRequest, update_item::UpdateItemRequest,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use streamtable::api::{
    BatchGetItemInput, BatchWriteItemInput, ExecuteStatementInput, QueryInput, ScanInput,
    TransactWriteItemsInput, UpdateItemInput,
};

use crate::{cheaper, each, median};

const PARTITIONS: usize = 100;
const ITEMS_OF_PARTITION: usize = 100;
/// Batches that hold all items.
const BATCHES: usize = PARTITIONS * ITEMS_OF_PARTITION / 25;
const ROUNDS: usize = 5;
/// How many times cheaper than the peer each of them is to be.
const LIMIT: f64 = 20.0;

fn partition(n: usize) -> String {
    format!("partition-{:03}", n * 37 % PARTITIONS)
}

fn key(n: usize) -> Value {
    json!({"pk": {"S": partition(n / ITEMS_OF_PARTITION)}, "sk": {"N": (n % ITEMS_OF_PARTITION).to_string()}})
}

/// An item of about 80 bytes; its revision changes it and its place in the index.
fn item(n: usize, revision: usize) -> Value {
    let mut item = key(n);
    item["kind"] = json!({"S": format!("kind-{:03}", (n * 7 + revision) % PARTITIONS)});
    item["count"] = json!({"N": (n + revision).to_string()});
    item["note"] = json!({"S": "twenty characters---"});
    item
}

/// The table without an index, and the one with it.
const TABLES: [&str; 2] = ["Api", "Indexed"];

fn create(table: &str) -> Value {
    let mut create = json!({
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    });
    if table == TABLES[1] {
        let more = [
            json!({"AttributeName": "kind", "AttributeType": "S"}),
            json!({"AttributeName": "count", "AttributeType": "N"}),
        ];
        create["AttributeDefinitions"].as_array_mut().expect("a list").extend(more);
        create["GlobalSecondaryIndexes"] = json!([{
            "IndexName": "by-kind",
            "KeySchema": [
                {"AttributeName": "kind", "KeyType": "HASH"}, {"AttributeName": "count", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "ALL"}}]);
    }
    create
}

fn query(n: usize, limit: usize) -> Value {
    json!({
        "TableName": "Api", "Limit": limit, "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": partition(n)}}})
}

fn index_query(n: usize) -> Value {
    json!({
        "TableName": "Indexed", "IndexName": "by-kind", "Limit": 10, "KeyConditionExpression": "kind = :k",
        "ExpressionAttributeValues": {":k": {"S": format!("kind-{:03}", n * 37 % PARTITIONS)}}})
}

fn filtered_scan() -> Value {
    json!({
        "TableName": "Api", "FilterExpression": "#c < :few",
        "ExpressionAttributeNames": {"#c": "count"}, "ExpressionAttributeValues": {":few": {"N": "10"}}})
}

fn conditional_update(n: usize) -> Value {
    json!({
        "TableName": "Api", "Key": key(n * 79), "UpdateExpression": "SET note = :n ADD hits :one",
        "ConditionExpression": "attribute_exists(pk) AND #c >= :none",
        "ExpressionAttributeNames": {"#c": "count"},
        "ExpressionAttributeValues": {
            ":n": {"S": "another text of such"}, ":one": {"N": "1"}, ":none": {"N": "0"}}})
}

fn batch_write(table: &str, n: usize, revision: usize) -> Value {
    let puts: Vec<Value> =
        (0..25).map(|at| json!({"PutRequest": {"Item": item(n * 25 + at, revision)}})).collect();
    json!({"RequestItems": {table: puts}})
}

fn batch_get(n: usize) -> Value {
    let keys: Vec<Value> = (0..100).map(|at| key(n * 100 + at * 73 % 100)).collect();
    json!({"RequestItems": {"Api": {"Keys": keys}}})
}

fn transact_write(n: usize, revision: usize) -> Value {
    let item = |at: usize| item(n * 4 + at, revision);
    let update = json!({"Update": {
        "TableName": "Api", "Key": key(n * 4 + 2), "UpdateExpression": "ADD hits :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}}}});
    let check = json!({"ConditionCheck": {
        "TableName": "Api", "Key": key(n * 4 + 3), "ConditionExpression": "attribute_exists(pk)"}});
    json!({"TransactItems": [
        {"Put": {"TableName": "Api", "Item": item(0)}}, {"Put": {"TableName": "Api", "Item": item(1)}},
        update, check]})
}

fn select(n: usize) -> Value {
    let key = key(n * 79);
    json!({
        "Statement": "SELECT * FROM \"Api\" WHERE pk = ? AND sk = ?",
        "Parameters": [key["pk"].clone(), key["sk"].clone()]})
}

struct Pair {
    peer: dynoxide::Database,
    ours: streamtable::Database,
}

impl Pair {
    fn open() -> Pair {
        let peer = dynoxide::Database::memory().expect("the peer opens");
        let ours =
            streamtable::Database::memory(streamtable::OpenOptions::deterministic()).expect("ours opens");
        for table in TABLES {
            let request: CreateTableRequest = serde_json::from_value(create(table)).expect("a sound request");
            peer.create_table(request).expect("the peer's table");
            ours.call_json("CreateTable", create(table).to_string().as_bytes()).expect("our table");
            for n in 0..BATCHES {
                let request = batch_write(table, n, 0);
                peer.batch_write_item(typed(&request)).expect("the peer's items");
                ours.call::<BatchWriteItemInput>(typed(&request)).expect("our items");
            }
        }
        Pair { peer, ours }
    }

    /// Measures one kind of work, `count` pieces a round, made from their number and the round's.
    fn measure<P: DeserializeOwned, O: DeserializeOwned>(
        &self,
        (name, method): (&str, &str),
        (count, at_once): (usize, usize),
        make: impl Fn(usize, usize) -> Value,
        theirs: impl Fn(&dynoxide::Database, P),
        ours: impl Fn(&streamtable::Database, O),
    ) -> Measured {
        let work = |round: usize| (0..count).map(|n| make(n, 1 + round)).collect::<Vec<Value>>();
        let round = |round: usize| {
            let work = work(round);
            (
                in_turns(&work, at_once, |request| theirs(&self.peer, request)),
                in_turns(&work, at_once, |request| ours(&self.ours, request)),
            )
        };
        let rounds: Vec<(f64, f64)> = (0..ROUNDS).map(round).collect();
        let theirs = median(rounds.iter().map(|(theirs, _)| *theirs).collect());
        Measured {
            claim: cheaper(&format!("peer.{name}"), LIMIT, &rounds),
            work: json!({"name": name, "method": method, "requests": work(ROUNDS), "peer_micros": theirs, "limit": LIMIT}),
        }
    }
}

/// Microseconds of one of the requests. Some are made, then sent, and so on: as programs do, nobody sends what was made long ago.
fn in_turns<T: DeserializeOwned>(work: &[Value], at_once: usize, act: impl Fn(T)) -> f64 {
    let turns = work.chunks(at_once);
    let sum: f64 = turns.map(|some| some.len() as f64 * each(some.iter().map(typed).collect(), &act)).sum();
    sum / work.len() as f64
}

/// A claim, and the same work as data: requests, and what one of them costs the peer, for measuring other languages against it.
struct Measured {
    claim: Value,
    work: Value,
}

fn typed<T: DeserializeOwned>(request: &Value) -> T {
    serde_json::from_value(request.clone()).expect("a sound request")
}

/// The call of both sides, the peer's method and our input.
macro_rules! claim {
    ($pair:expr, $name:literal, $count:expr, $make:expr, $theirs:ident($request:ty), $ours:ty) => {
        $pair.measure::<$request, $ours>(
            ($name, stringify!($theirs)),
            $count,
            $make,
            |peer, request| drop(black_box(peer.$theirs(request).expect("the peer's answer"))),
            |ours, input| drop(black_box(ours.call(input).expect("our answer"))),
        )
    };
}

/// The claims; and all of it as data.
pub(crate) fn claims() -> (Vec<Value>, Value) {
    let pair = Pair::open();
    let measured = [
        claim!(pair, "query_of_10", (2000, 20), |n, _| query(n, 10), query(QueryRequest), QueryInput),
        claim!(pair, "query_of_100", (500, 20), |n, _| query(n, 100), query(QueryRequest), QueryInput),
        claim!(pair, "index_query_of_10", (2000, 20), |n, _| index_query(n), query(QueryRequest), QueryInput),
        claim!(pair, "filtered_scan_of_10000", (10, 1), |_, _| filtered_scan(), scan(ScanRequest), ScanInput),
        claim!(
            pair,
            "conditional_update",
            (2000, 20),
            |n, _| conditional_update(n),
            update_item(UpdateItemRequest),
            UpdateItemInput
        ),
        claim!(
            pair,
            "batch_write_of_25",
            (200, 2),
            |n, revision| batch_write(TABLES[0], n, revision),
            batch_write_item(BatchWriteItemRequest),
            BatchWriteItemInput
        ),
        claim!(
            pair,
            "indexed_batch_write_of_25",
            (200, 2),
            |n, revision| batch_write(TABLES[1], n, revision),
            batch_write_item(BatchWriteItemRequest),
            BatchWriteItemInput
        ),
        claim!(
            pair,
            "batch_get_of_100",
            (200, 2),
            |n, _| batch_get(n),
            batch_get_item(BatchGetItemRequest),
            BatchGetItemInput
        ),
        claim!(
            pair,
            "transact_write_of_4",
            (500, 10),
            transact_write,
            transact_write_items(TransactWriteItemsRequest),
            TransactWriteItemsInput
        ),
        claim!(
            pair,
            "select_by_key",
            (2000, 20),
            |n, _| select(n),
            execute_statement(ExecuteStatementRequest),
            ExecuteStatementInput
        ),
    ];
    let (claims, work): (Vec<Value>, Vec<Value>) =
        measured.into_iter().map(|Measured { claim, work }| (claim, work)).unzip();
    let both = || TABLES.into_iter();
    let creates: Vec<Value> = both().map(create).collect();
    let items = both().flat_map(|table| (0..BATCHES).map(move |n| batch_write(table, n, 0)));
    (claims, json!({"create": creates, "items": items.collect::<Vec<_>>(), "work": work}))
}
