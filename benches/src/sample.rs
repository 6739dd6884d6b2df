//! The item everything is measured with: ten attributes, about 1 KB, a nested map, a list and a set.

use serde_json::{Value, json};
use streamtable::value::Item;
use streamtable::{Database, OpenOptions};

pub(crate) const TABLE: &str = "Bench";

pub(crate) fn item_json(key: usize, revision: usize) -> Value {
    json!({
        "id": {"S": format!("customer-{key:08}")},
        "name": {"S": "Mr. Example Person of Somewhere"},
        "email": {"S": "example.person@example.com"},
        "age": {"N": "42"},
        "active": {"BOOL": true},
        "address": {"M": {
            "street": {"S": "1 Long Street With A Rather Long Name, Second Floor, Door On The Left Hand Side"},
            "city": {"S": "Anytown"},
            "zip": {"S": "12345"}}},
        "tags": {"SS": ["alpha", "beta", "gamma"]},
        "scores": {"L": [{"N": "1"}, {"N": "2.5"}, {"N": "3"}, {"S": "four"}]},
        "note": {"S": "x".repeat(640)},
        "revision": {"N": revision.to_string()},
    })
}

pub(crate) fn item(key: usize, revision: usize) -> Item {
    serde_json::from_value(item_json(key, revision)).expect("a sound item")
}

/// A fresh database with one table whose stream records both images.
pub(crate) fn database() -> Database {
    let db = Database::memory(OpenOptions::deterministic().shard_rollover(std::time::Duration::ZERO))
        .expect("the options are sound");
    db.call_json("CreateTable", create(true).to_string().as_bytes()).expect("a new table");
    db
}

/// What CreateTable takes for the table, with a stream of both images or without one.
pub(crate) fn create(stream: bool) -> Value {
    let mut create = json!({
        "TableName": TABLE,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    });
    if stream {
        create["StreamSpecification"] =
            json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    }
    create
}
