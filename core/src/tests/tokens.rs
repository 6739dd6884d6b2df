//! Tokens of requests: as many as are good, in few spaces, and one call for each, whoever sends it at once.

use std::thread;

use serde_json::{Value, json};

use super::{create_table, options};
use crate::api::{ErrorCode, Result};
use crate::database::Database;
use crate::store::TableId;

const MINUTE: u64 = 60_000;
/// As many spaces as there may be.
const SPACES: usize = 4;

fn database() -> Database {
    let db = Database::memory(options(1)).expect("sound options");
    create_table(&db, "Counters");
    db
}

fn count(db: &Database, token: &str) -> Result<()> {
    let update = json!({
        "TableName": "Counters", "Key": {"id": {"S": "a"}}, "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    });
    let input = json!({"TransactItems": [{"Update": update}], "ClientRequestToken": token});
    db.call_json("TransactWriteItems", input.to_string().as_bytes()).map(drop)
}

fn counted(db: &Database) -> u64 {
    let get = json!({"TableName": "Counters", "Key": {"id": {"S": "a"}}});
    let answer = db.call_json("GetItem", get.to_string().as_bytes()).expect("an answer");
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    answer["Item"]["n"]["N"].as_str().expect("counted").parse().expect("a number")
}

fn advance(db: &Database, by: u64) {
    let input = json!({"Milliseconds": by}).to_string();
    db.call_json("AdvanceClock", input.as_bytes()).expect("a manual clock");
}

/// The spaces in the catalog.
fn spaces(db: &Database) -> Vec<TableId> {
    let meta = db.engine().store.meta().expect("readable");
    let ids = meta.iter().filter_map(|(name, _)| name.strip_prefix("tokens/"));
    ids.map(|id| TableId(id.parse().expect("a number"))).collect()
}

fn rows(db: &Database, space: TableId) -> i64 {
    db.engine().store.totals(space).expect("readable").0
}

#[test]
fn without_a_token_there_is_no_space() {
    let db = database();
    let put = json!({"TransactItems": [{"Put": {"TableName": "Counters", "Item": {"id": {"S": "a"}}}}]});
    db.call_json("TransactWriteItems", put.to_string().as_bytes()).expect("a transaction");
    assert_eq!(spaces(&db), []);
}

#[test]
fn old_tokens_go_with_their_space() {
    let db = database();
    let mut before = Vec::new();
    for n in 0..120 {
        count(&db, &format!("{n}")).expect("a transaction");
        advance(&db, MINUTE);
        let now = spaces(&db);
        assert!(now.len() <= SPACES, "{now:?}");
        for gone in before.iter().filter(|space| !now.contains(space)) {
            assert_eq!(rows(&db, *gone), 0);
        }
        let kept: i64 = now.iter().map(|space| rows(&db, *space)).sum();
        // Ten minutes, and what was put into a space with the last that is good.
        assert!((n + 1).min(10) <= kept && kept <= 15, "{kept} tokens after {n} minutes");
        before = now;
    }
    advance(&db, 20 * MINUTE);
    assert_eq!(spaces(&db), []);
    assert_eq!(counted(&db), 120);
    assert_eq!(
        db.engine().schedule.next().filter(|at| *at <= db.engine().now()),
        None,
        "nothing is left to do"
    );
}

#[test]
fn tokens_that_come_fast_are_bounded_and_the_newest_stay() {
    let db = database();
    // Spaces are small in unit tests.
    let many = 1_000;
    for n in 0..many {
        count(&db, &format!("{n}")).expect("a transaction");
    }
    let now = spaces(&db);
    assert_eq!(now.len(), SPACES);
    let kept: i64 = now.iter().map(|space| rows(&db, *space)).sum();
    assert!((150..300).contains(&kept), "{kept}");
    for n in many - 150..many {
        count(&db, &format!("{n}")).expect("the same again");
    }
    assert_eq!(counted(&db), many);
    count(&db, "0").expect("a token that was forgotten early");
    assert_eq!(counted(&db), many + 1);
}

#[test]
fn of_calls_with_one_token_at_once_one_happens() {
    const THREADS: u64 = 8;
    let db = database();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for n in 0..200 {
                    count(&db, &format!("{}", n / 2)).expect("a transaction");
                }
            });
        }
    });
    assert_eq!(counted(&db), 100);
}

#[test]
fn a_fork_knows_the_tokens_and_forgets_for_itself() {
    let db = database();
    count(&db, "t").expect("a transaction");
    let fork = db.snapshot().expect("in memory").fork().expect("in memory");
    count(&fork, "t").expect("the same again");
    assert_eq!(counted(&fork), 1);
    advance(&fork, 10 * MINUTE);
    count(&fork, "t").expect("anew");
    count(&db, "t").expect("the same again");
    assert_eq!((counted(&fork), counted(&db)), (2, 1));
}

#[test]
fn a_token_remembers_the_request_and_not_the_table() {
    let db = database();
    count(&db, "t").expect("a transaction");
    let other = json!({
        "TransactItems": [{"Put": {"TableName": "Counters", "Item": {"id": {"S": "b"}}}}], "ClientRequestToken": "t",
    });
    let error =
        db.call_json("TransactWriteItems", other.to_string().as_bytes()).expect_err("another request");
    assert_eq!(error.code(), ErrorCode::IdempotentParameterMismatch);
    let drop = json!({"TableName": "Counters"}).to_string();
    db.call_json("DeleteTable", drop.as_bytes()).expect("it goes");
    create_table(&db, "Counters");
    // The token remembers what was asked for, by names: the table of this name is another one, and the call changes nothing in it.
    count(&db, "t").expect("the same again");
    let scan = db.call_json("Scan", drop.as_bytes()).expect("a scan");
    assert!(String::from_utf8(scan).expect("JSON").contains("\"Count\":0"));
}
