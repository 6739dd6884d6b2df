//! A record of a data stream as the log keeps it, and what readers are given.
//!
//! ```text
//! put         k = partition key, d = data
//! delivered   k = partition key, i = event id, t = table, n = key attributes, u = microseconds, c = time; the images beside it, shared with the row
//! ```
//! What a table delivers becomes JSON when it is read: a write pays for pointers, as it does for a table's stream.

use serde::Serialize;

use super::Precision;
use crate::api::OperationType;
use crate::clock::Millis;
use crate::store::{LogRecord, Sequence};
use crate::stream::{Cause, KeyNames, Mutation};
use crate::value::{AttributeValue, Item, ValueRef};

const KEY: &str = "k";
const DATA: &str = "d";
const ID: &str = "i";
const TABLE: &str = "t";
const NAMES: &str = "n";
const MICROSECONDS: &str = "u";
const CHANGED_AT: &str = "c";

/// What readers are given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Content {
    pub(crate) partition_key: String,
    pub(crate) data: Vec<u8>,
}

/// A record that somebody puts, without its place.
pub(crate) fn put_record(partition_key: &str, data: &[u8]) -> LogRecord {
    let key = AttributeValue::S(partition_key.to_owned());
    let data = AttributeValue::B(data.to_vec());
    let head = head([(KEY, &key), (DATA, &data)]);
    LogRecord {
        sequence: Sequence(0),
        at: 0,
        name: OperationType::Insert,
        keys: Some(head),
        new_image: None,
        old_image: None,
        by_service: false,
    }
}

fn head<'a>(members: impl IntoIterator<Item = (&'a str, &'a AttributeValue)>) -> Item {
    Item::new(members).expect("names of one letter, and values of every length")
}

/// What a delivered record says besides the change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    pub(super) partition_key: &'a str,
    pub(super) event_id: u128,
    pub(super) table: &'a str,
    pub(super) key_names: &'a KeyNames,
    pub(super) precision: Precision,
    pub(super) changed_at: Millis,
}

/// A record of a change, without its place.
pub(super) fn delivered_record(told: Head<'_>, mutation: &Mutation) -> LogRecord {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let names = AttributeValue::L(told.key_names.iter().map(|name| text(name)).collect());
    let id = AttributeValue::B(told.event_id.to_be_bytes().to_vec());
    let (key, table) = (text(told.partition_key), text(told.table));
    let microseconds = AttributeValue::Bool(told.precision == Precision::Microsecond);
    let changed_at = AttributeValue::from(i64::try_from(told.changed_at).unwrap_or(i64::MAX));
    let members = [
        (KEY, &key),
        (ID, &id),
        (TABLE, &table),
        (NAMES, &names),
        (MICROSECONDS, &microseconds),
        (CHANGED_AT, &changed_at),
    ];
    let name = match (&mutation.before, &mutation.after) {
        (None, _) => OperationType::Insert,
        (Some(_), Some(_)) => OperationType::Modify,
        (Some(_), None) => OperationType::Remove,
    };
    LogRecord {
        sequence: Sequence(0),
        at: 0,
        name,
        keys: Some(head(members)),
        new_image: mutation.after.clone(),
        old_image: mutation.before.clone(),
        by_service: mutation.cause != Cause::User,
    }
}

/// Whether a table has delivered a record; the others were put.
pub(crate) fn is_delivered(record: &LogRecord) -> bool {
    record.keys.as_ref().is_some_and(|head| head.get(DATA).is_none())
}

/// What a reader in a region is given of a record.
pub(crate) fn content(record: &LogRecord, region: &str) -> Content {
    let head = record.keys.as_ref().expect("a record of a data stream has a head");
    let partition_key = text_of(head, KEY).to_owned();
    let data = match head.get(DATA) {
        Some(ValueRef::B(data)) => data.to_vec(),
        _ => change_as_json(record, head, region),
    };
    Content { partition_key, data }
}

/// About as many bytes as a reader is given, and never more than a few times less: what a page is measured by.
pub(crate) fn weight(record: &LogRecord) -> usize {
    [&record.keys, &record.new_image, &record.old_image].into_iter().flatten().map(Item::size).sum()
}

fn text_of<'a>(head: &'a Item, name: &str) -> &'a str {
    match head.get(name) {
        Some(ValueRef::S(text)) => text,
        _ => "",
    }
}

/// A change in the service's form (facts A12).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    aws_region: &'a str,
    #[serde(rename = "eventID")]
    event_id: String,
    event_name: &'a str,
    user_identity: Option<Identity>,
    record_format: &'a str,
    table_name: &'a str,
    dynamodb: Change<'a>,
    event_source: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    r#type: &'static str,
    principal_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Change<'a> {
    approximate_creation_date_time: u64,
    keys: Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_image: Option<&'a Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_image: Option<&'a Item>,
    size_bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    approximate_creation_date_time_precision: Option<&'static str>,
}

pub(super) fn change_as_json(record: &LogRecord, head: &Item, region: &str) -> Vec<u8> {
    use crate::api::Enumeration as _;
    let images = [&record.new_image, &record.old_image];
    let image = images.into_iter().flatten().next().expect("a change has an image");
    let names: Vec<&str> = match head.get(NAMES) {
        Some(ValueRef::L(names)) => names
            .iter()
            .filter_map(|name| if let ValueRef::S(text) = name { Some(text) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    let keys = image.project(&names);
    let is_microseconds = head.get(MICROSECONDS) == Some(ValueRef::Bool(true));
    let changed_at = match head.get(CHANGED_AT) {
        Some(ValueRef::N(digits)) => digits.parse().unwrap_or(record.at),
        _ => record.at,
    };
    let sizes = images.into_iter().flatten().map(Item::size);
    let event = Event {
        aws_region: region,
        event_id: event_id(head),
        event_name: record.name.name(),
        user_identity: record
            .by_service
            .then_some(Identity { r#type: "Service", principal_id: "dynamodb.amazonaws.com" }),
        record_format: "application/json",
        table_name: text_of(head, TABLE),
        dynamodb: Change {
            approximate_creation_date_time: if is_microseconds { changed_at * 1000 } else { changed_at },
            size_bytes: keys.size() + sizes.sum::<usize>(),
            keys,
            new_image: record.new_image.as_ref(),
            old_image: record.old_image.as_ref(),
            approximate_creation_date_time_precision: is_microseconds.then_some("MICROSECOND"),
        },
        event_source: "aws:dynamodb",
    };
    serde_json::to_vec(&event).expect("items and texts are JSON")
}

/// In the form of a UUID.
fn event_id(head: &Item) -> String {
    let bytes = match head.get(ID) {
        Some(ValueRef::B(bytes)) => <[u8; 16]>::try_from(bytes).ok(),
        _ => None,
    };
    let digits = format!("{:032x}", bytes.map_or(0, u128::from_be_bytes));
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}

/// Whether readers are given more than `most` bytes.
pub(super) fn is_larger(record: &LogRecord, most: usize) -> bool {
    /// No value becomes longer than that in JSON: one byte as `{"N":"1"},`, and more for each level.
    const GROWTH: usize = 40;
    let partition_key = 32;
    weight(record) > most / GROWTH && {
        let head = record.keys.as_ref().expect("a record of a data stream has a head");
        partition_key + change_as_json(record, head, "").len() > most
    }
}
