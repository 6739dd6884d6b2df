//! Patterns on records as the database has them, against the same records written as JSON.

use serde_json::{Value, json};

use crate::api::Record;
use crate::pattern::{Event, Pattern};
use crate::records::{Maker, MakerOptions, lambda_event};
use crate::value::Item;

fn image(item: &Value) -> Item {
    Item::from_json(&item.to_string()).expect("an item")
}

/// A record of each kind, with every type of value, and one that the service made.
fn records() -> (Vec<Record>, String) {
    let many: serde_json::Map<String, Value> =
        (0..30).map(|i| (format!("n{i}"), json!({"N": i.to_string()}))).collect();
    let mut old = json!({
        "id": {"S": "user#1"}, "b": {"B": "Zm9vYmFy"}, "bs": {"BS": ["AQ==", "Ag=="]}, "t": {"BOOL": false}, "z": {"NULL": true},
        "ss": {"SS": ["red", "green"]}, "ns": {"NS": ["1", "2"]}, "m": {"M": many}, "e": {"M": {}}, "l.L": {"S": "dots"},
        "l": {"L": [{"S": "a"}, {"M": {"k": {"S": "v1"}, "t": {"S": "x"}}}, {"M": {"k": {"S": "v2"}, "t": {"S": "y"}}}, {"L": [{"N": "5"}]}]},
    });
    let first = image(&old);
    old["t"] = json!({"BOOL": true});
    let second = image(&old);
    let mut maker = Maker::new(MakerOptions::new(["id"]));
    let changes = [(None, Some(&first)), (Some(&first), Some(&second)), (Some(&second), None)];
    let mut records: Vec<Record> = changes
        .iter()
        .map(|(old, new)| maker.change(*old, *new).expect("a record").expect("a change"))
        .collect();
    let mut expiry = records[2].clone();
    expiry.by_service = true;
    records.push(expiry);
    (records, maker.stream_arn().to_owned())
}

/// Every leaf of an event, as a pattern of its own and of one that all but it match.
fn patterns_of(value: &Value, around: &dyn Fn(Value) -> Value, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                patterns_of(value, &|inner| around(json!({ name: inner })), out);
            }
            out.push(around(json!([{"exists": false}])).to_string());
        }
        Value::Array(values) => values.iter().for_each(|value| patterns_of(value, around, out)),
        leaf => {
            out.push(around(json!([leaf])).to_string());
            out.push(around(json!([{"exists": true}])).to_string());
            if !leaf.is_boolean() {
                out.push(around(json!([{"anything-but": leaf}])).to_string());
            }
        }
    }
}

#[test]
fn a_record_matches_what_its_json_matches() {
    let (records, stream_arn) = records();
    let events = lambda_event(&records, &stream_arn);
    let events = events["Records"].as_array().expect("a list");
    let mut patterns = Vec::new();
    for event in events {
        patterns_of(event, &|pattern| pattern, &mut patterns);
    }
    // Paths through one map that are more than are looked up one by one.
    let many: serde_json::Map<String, Value> =
        (0..30).step_by(2).map(|i| (format!("n{i}"), json!({"N": [i.to_string()]}))).collect();
    patterns.push(json!({"dynamodb": {"NewImage": {"m": {"M": many}}}}).to_string());
    for pair in ["x", "y"] {
        let element = json!({"k": {"S": ["v1"]}, "t": {"S": [pair]}});
        patterns.push(json!({"dynamodb": {"NewImage": {"l": {"L": {"M": element}}}}}).to_string());
    }
    let mut matched = 0;
    // The event itself has no path.
    patterns.retain(|text| text.starts_with('{'));
    for text in &patterns {
        let pattern = Pattern::compile(text).expect("a pattern");
        for (record, event) in records.iter().zip(events) {
            let own = pattern.matches(Event::record(record, &stream_arn));
            assert_eq!(own, pattern.matches(event.into()), "{text} on {event}");
            matched += usize::from(own);
        }
    }
    assert!(matched > 300 && matched < patterns.len() * 4, "{matched} of {}", patterns.len() * 4);
}
