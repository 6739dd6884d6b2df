//! Everyone changes everything at once; what is left is what the store has.

use std::thread;

use serde_json::{Value, json};

use super::world::{Between, Disk, World};
use crate::api::ErrorCode;

const ROUNDS: u32 = 60;

fn create(name: &str) -> Value {
    json!({
        "TableName": name, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    })
}

/// What one thread does in a round; all threads work on the same two tables.
fn calls(thread: u32, round: u32) -> (&'static str, Value) {
    let name = ["One", "Two"][((round / 3 + thread) % 2) as usize];
    let stream = |on: bool| match on {
        true => json!({"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}),
        false => json!({"StreamEnabled": false}),
    };
    match thread {
        0 if round % 5 == 4 => ("DeleteTable", json!({"TableName": name})),
        0 => ("CreateTable", create(name)),
        1 => (
            "UpdateTable",
            json!({"TableName": name, "StreamSpecification": stream(round.is_multiple_of(2))}),
        ),
        2 if round.is_multiple_of(2) => ("SplitShard", json!({"TableName": name})),
        2 => ("RollShard", json!({"TableName": name})),
        3 if round.is_multiple_of(2) => ("AdvanceClock", json!({"Milliseconds": 2 * 3_600_000})),
        3 => ("Maintain", json!({})),
        4 => ("DescribeTable", json!({"TableName": name})),
        _ => {
            let item = json!({"id": {"S": format!("k{}", round % 7)}, "n": {"N": round.to_string()}});
            ("PutItem", json!({"TableName": name, "Item": item}))
        }
    }
}

#[test]
fn a_storm_of_changes_leaves_a_catalog_that_opens() {
    for disk in [Disk::memory, Disk::memory, Disk::memory, Disk::directory] {
        let mut world = World::on(disk(), Between::Nothing);
        thread::scope(|scope| {
            for thread in 0..8 {
                let db = &world.db;
                scope.spawn(move || {
                    for round in 0..ROUNDS {
                        let (operation, input) = calls(thread, round);
                        // Tables come and go: most calls find one that is not there, or that is in the middle of a change.
                        if let Err(error) = db.call_json(operation, input.to_string().as_bytes()) {
                            let admitted = [
                                ErrorCode::ResourceNotFound,
                                ErrorCode::ResourceInUse,
                                ErrorCode::Validation,
                            ];
                            assert!(admitted.contains(&error.code()), "{operation}: {error}");
                        }
                    }
                });
            }
        });
        let before = world.look();
        for between in [Between::Kill, Between::Close] {
            world.reopen(between);
            assert_eq!(world.look(), before, "{between:?}");
        }
    }
}
