//! What it gives that expressions which come again are not parsed again.

use std::hint::black_box;

use serde_json::json;
use streamtable::Database;
use streamtable::api::UpdateItemInput;

use crate::claim::{Bound, Claim, interleaved, micros};
use crate::sample::{TABLE, database, item_json};

const ROUNDS: usize = 7;
const UPDATES: usize = 5_000;

/// Updates under a condition, in microseconds each; each has a text of its own where it is to be new.
fn time(db: &Database, round: usize, is_new: bool) -> f64 {
    let input = |n: usize| -> UpdateItemInput {
        let number = if is_new { round * UPDATES + n } else { 0 };
        let note = format!(":n{number:08}");
        let request = json!({
            "TableName": TABLE, "Key": {"id": item_json(n, 0)["id"]},
            "UpdateExpression": format!("SET note = {note} ADD hits :one"),
            "ConditionExpression": "attribute_not_exists(gone) AND #r <> :none",
            "ExpressionAttributeNames": {"#r": "revision"},
            "ExpressionAttributeValues": {note: {"S": "a note"}, ":one": {"N": "1"}, ":none": {"N": "-1"}}});
        serde_json::from_value(request).expect("a sound request")
    };
    let inputs: Vec<UpdateItemInput> = (0..UPDATES).map(input).collect();
    micros(|| inputs.into_iter().for_each(|input| drop(black_box(db.call(input).expect("an update")))))
        / UPDATES as f64
}

pub(crate) fn known_against_new(name: String) -> Claim {
    let (known, new) = (database(), database());
    let (mut round, mut round_of_new) = (0, 0);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            round += 1;
            time(&known, round, false)
        },
        || {
            round_of_new += 1;
            time(&new, round_of_new, true)
        },
    );
    let detail = format!("known {ours:.2} us, new {theirs:.2} us");
    Claim { name, ratio, bound: Bound::AtMost, limit: 0.7, detail }
}
