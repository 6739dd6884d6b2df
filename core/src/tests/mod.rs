//! Tests of the engine as a whole, from inside: what no request can say, and what no answer shows.

mod awaited;
mod backups;
mod data_streams;
mod due;
mod expiry;
mod exports;
mod failures;
mod filters;
mod forks;
mod indexes;
mod looks;
mod opening;
mod recovery;
mod regions;
mod retention;
mod serial;
mod spaces;
mod statements;
mod storm;
mod tokens;
mod transactions;
mod world;

use serde_json::json;

use crate::database::Database;
use crate::entropy::Entropy;
use crate::options::OpenOptions;
use crate::store::Durability;

/// Options of a database whose table has a few partitions.
fn options(partitions: u32) -> OpenOptions {
    OpenOptions { partitions, durability: Durability::Sync, ..OpenOptions::deterministic() }
}

/// Makes a table with a partition key `id` and a stream with both images.
fn create_table(db: &Database, name: &str) {
    let create = json!({
        "TableName": name, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    });
    db.call_json("CreateTable", create.to_string().as_bytes()).expect("a new table");
}

/// A number below `end`.
fn below(random: &Entropy, end: u64) -> u64 {
    random.next() % end
}
