//! Records in the form in which AWS Lambda hands them to a function (facts A7.2).

use serde_json::{Map, Value, json};

use crate::api::Record;

/// The event `{"Records": [...]}` that a function of AWS Lambda is given for records of a stream: as GetRecords has them, but binary values are
/// base64 text, the time is a number of seconds, members of `userIdentity` begin with small letters, and each record names its stream.
pub fn lambda_event<'a>(records: impl IntoIterator<Item = &'a Record>, stream_arn: &str) -> Value {
    let records: Vec<Value> = records.into_iter().map(|record| lambda_record(record, stream_arn)).collect();
    json!({ "Records": records })
}

fn lambda_record(record: &Record, stream_arn: &str) -> Value {
    let mut members = match serde_json::to_value(record) {
        Ok(Value::Object(members)) => members,
        other => unreachable!("a record is an object of plain data: {other:?}"),
    };
    if let Some(Value::Object(identity)) = members.get_mut("userIdentity") {
        *identity = std::mem::take(identity).into_iter().map(uncapitalized).collect::<Map<_, _>>();
    }
    members.insert("eventSourceARN".to_owned(), stream_arn.into());
    Value::Object(members)
}

fn uncapitalized((name, value): (String, Value)) -> (String, Value) {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    (first.into_iter().chain(letters).collect(), value)
}
