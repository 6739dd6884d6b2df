//! Replaying records into a table, each once.
//!
//! ```text
//! record ──► one transaction:  <table>          the new image is put, or the item deleted
//!                              <table>.applied  key -> sequence number, if there is none or a lower one
//! ```

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use crate::api::shape::{Enumeration, Open};
use crate::api::{DescribeTableInput, Error, ErrorCode, KeyType, Record, Result};
use crate::door::{Door, ask};
use crate::registry::Request;

/// What follows the name of a table in the name of the one that remembers what was applied to it.
const MARKS: &str = ".applied";

/// How many records were applied, and how many were left out because they, or later ones of their items, had been applied before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Applied {
    /// Records that were applied.
    pub applied: u64,
    /// Records that were left out.
    pub skipped: u64,
}

/// `{"Applied": 1, "Skipped": 0}`
impl Serialize for Applied {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut written = serializer.serialize_struct("Applied", 2)?;
        written.serialize_field("Applied", &self.applied)?;
        written.serialize_field("Skipped", &self.skipped)?;
        written.end()
    }
}

/// Applies records of a stream to a table behind a door. A record is applied together with a note of its sequence number, in a table beside it
/// (`Orders.applied` for `Orders`), which is made if it is not there. So records may come again, also after a crash and from another process:
/// each is applied once, and never after a later one of the same item.
#[derive(Debug)]
pub struct Applier<'a> {
    door: &'a dyn Door,
    table: String,
    marks: String,
    keys: Vec<String>,
}

impl<'a> Applier<'a> {
    /// Applies to this table, which is there.
    ///
    /// # Errors
    /// Those of DescribeTable and CreateTable.
    pub fn new(door: &'a dyn Door, table: impl Into<String>) -> Result<Applier<'a>> {
        let table = table.into();
        let described = ask(door, DescribeTableInput { table_name: Some(table.clone()) })?.table;
        let schema = described.and_then(|table| table.key_schema).unwrap_or_else(Vec::new);
        let is_partition =
            |kind: &Option<Open<KeyType>>| kind.as_ref().and_then(Open::known) == Some(KeyType::Hash);
        let mut parts: Vec<_> = schema.into_iter().collect();
        parts.sort_by_key(|part| !is_partition(&part.key_type));
        let keys = parts.into_iter().filter_map(|part| part.attribute_name).collect();
        let marks = format!("{table}{MARKS}");
        match ask(door, DescribeTableInput { table_name: Some(marks.clone()) }) {
            Ok(_) => {}
            Err(error) if error.code() == ErrorCode::ResourceNotFound => make_marks(door, &marks)?,
            Err(error) => return Err(error),
        }
        Ok(Applier { door, table, marks, keys })
    }

    /// Applies a record, unless it or a later one of its item was applied before; whether it did.
    ///
    /// # Errors
    /// `ValidationException` for a record of another key, or one of a change without the image that it led to; those of TransactWriteItems.
    pub fn apply(&self, record: &Record) -> Result<bool> {
        let names: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        if record.keys.project(&names) != record.keys || record.keys.attributes().len() != names.len() {
            return Err(refused(format!("The key of the record is not {}", names.join(", "))));
        }
        let write = match (record.event_name, &record.new_image) {
            (crate::api::OperationType::Remove, _) => {
                json!({"Delete": {"TableName": self.table, "Key": record.keys}})
            }
            (_, Some(image)) => json!({"Put": {"TableName": self.table, "Item": image}}),
            (name, None) => {
                let view = record.origin.view.name();
                return Err(refused(format!(
                    "A record of {} that holds {view} does not say what to write",
                    name.name()
                )));
            }
        };
        let written =
            Request::from_json("TransactWriteItems", self.request(record, &write).to_string().as_bytes())
                .and_then(|request| self.door.call(request));
        match written {
            Ok(_) => Ok(true),
            Err(error) if was_applied(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Applies records in order.
    ///
    /// # Errors
    /// Those of the records, and as [`Applier::apply`]; what came before is applied.
    pub fn apply_all(&self, records: impl IntoIterator<Item = Result<Record>>) -> Result<Applied> {
        let mut told = Applied::default();
        for record in records {
            match self.apply(&record?)? {
                true => told.applied += 1,
                false => told.skipped += 1,
            }
        }
        Ok(told)
    }

    fn request(&self, record: &Record, write: &Value) -> Value {
        // Equal keys are equal texts: names are in order, numbers in one spelling.
        let key = serde_json::to_string(&record.keys).expect("items are JSON");
        // As text of one width, because numbers of items have 38 digits, and sequence numbers up to 40.
        let number = format!("{:040}", record.sequence_number);
        json!({"TransactItems": [write, {"Put": {
            "TableName": self.marks,
            "Item": {"Key": {"S": key}, "SequenceNumber": {"S": number}},
            "ConditionExpression": "attribute_not_exists(SequenceNumber) OR SequenceNumber < :number",
            "ExpressionAttributeValues": {":number": {"S": number}},
        }}]})
    }
}

/// Whether a transaction was refused because of the note, and nothing else.
fn was_applied(error: &Error) -> bool {
    let codes = error.cancellation_reasons().iter().map(|reason| reason.code.as_str());
    error.code() == ErrorCode::TransactionCanceled && codes.eq(["None", "ConditionalCheckFailed"])
}

fn make_marks(door: &dyn Door, marks: &str) -> Result<()> {
    let create = json!({
        "TableName": marks, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "Key", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "Key", "KeyType": "HASH"}],
    });
    door.call(Request::from_json("CreateTable", create.to_string().as_bytes())?)?;
    ask(door, DescribeTableInput { table_name: Some(marks.to_owned()) }).map(drop)
}

fn refused(message: String) -> Error {
    Error::new(ErrorCode::Validation, message)
}

/// Records that are to be applied to a table, as data: `{"TableName", "Records"}`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Replay {
    table_name: String,
    records: Vec<Record>,
}

impl Replay {
    /// Reads it from any format.
    ///
    /// # Errors
    /// `SerializationException` for input of another form.
    pub fn read<'de, D: Deserializer<'de>>(input: D) -> Result<Replay> {
        Replay::deserialize(input).map_err(|e| Error::new(ErrorCode::Serialization, e.to_string()))
    }

    /// Applies the records in order to the table behind a door.
    ///
    /// # Errors
    /// As [`Applier::new`] and [`Applier::apply`]; what came before is applied.
    pub fn run(self, door: &dyn Door) -> Result<Applied> {
        Applier::new(door, self.table_name)?.apply_all(self.records.into_iter().map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;
    use crate::options::OpenOptions;
    use crate::reader::ReadOptions;

    fn call(db: &Database, operation: &str, input: Value) -> Value {
        let answer = db.call_json(operation, input.to_string().as_bytes());
        let answer = answer.unwrap_or_else(|error| panic!("{operation} {input}: {error}"));
        serde_json::from_slice(&answer).expect("JSON")
    }

    fn with_table(view: &str) -> Database {
        let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let create = json!({
            "TableName": "Orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": view},
        });
        call(&db, "CreateTable", create);
        call(&db, "DescribeTable", json!({"TableName": "Orders"}));
        db
    }

    fn put(db: &Database, id: &str, text: &str) {
        let item = json!({"id": {"S": id}, "at": {"N": "1"}, "text": {"S": text}});
        call(db, "PutItem", json!({"TableName": "Orders", "Item": item}));
    }

    fn records(db: &Database) -> Vec<Record> {
        let streams = call(db, "ListStreams", json!({}));
        let stream = db.stream(streams["Streams"][0]["StreamArn"].as_str().expect("an ARN"));
        let records = stream.records(ReadOptions::default()).expect("a stream");
        records.map(|record| record.expect("readable").record).collect()
    }

    fn scan(db: &Database) -> Value {
        call(db, "Scan", json!({"TableName": "Orders"}))["Items"].clone()
    }

    #[test]
    fn records_are_applied_once_and_never_after_later_ones() {
        let source = with_table("NEW_AND_OLD_IMAGES");
        ["a", "b", "c"].iter().for_each(|id| put(&source, id, "first"));
        put(&source, "a", "second");
        call(
            &source,
            "DeleteItem",
            json!({"TableName": "Orders", "Key": {"id": {"S": "b"}, "at": {"N": "1"}}}),
        );
        let records = records(&source);
        let target = with_table("KEYS_ONLY");
        let apply = |records: &[Record]| {
            let applier = Applier::new(&target, "Orders").expect("a table");
            applier.apply_all(records.iter().cloned().map(Ok)).expect("sound records")
        };
        assert_eq!(apply(&records[..2]), Applied { applied: 2, skipped: 0 });
        assert_eq!(apply(&records), Applied { applied: 3, skipped: 2 });
        assert_eq!(scan(&target), scan(&source));
        // Of each item the last one counts, in whatever order they come.
        let mut backwards = records.clone();
        backwards.reverse();
        assert_eq!(apply(&backwards), Applied { applied: 0, skipped: 5 });
        put(&target, "a", "later, by somebody else");
        let after = scan(&target);
        assert_eq!(apply(&records), Applied { applied: 0, skipped: 5 });
        assert_eq!(scan(&target), after);
        let fresh = with_table("KEYS_ONLY");
        let applier = Applier::new(&fresh, "Orders").expect("a table");
        let told = applier.apply_all(backwards.into_iter().map(Ok)).expect("sound records");
        assert_eq!(told, Applied { applied: 3, skipped: 2 });
        assert_eq!(scan(&fresh), scan(&source));
    }

    #[test]
    fn what_cannot_be_applied_is_refused() {
        let code = |outcome: Result<bool>| outcome.expect_err("refused").code();
        let source = with_table("OLD_IMAGE");
        put(&source, "a", "text");
        let record = &records(&source)[0];
        let applier = Applier::new(&source, "Orders").expect("a table");
        assert_eq!(code(applier.apply(record)), ErrorCode::Validation, "it does not hold the new image");
        let other = Record { keys: record.keys.project(&["id"]), ..record.clone() };
        assert_eq!(code(applier.apply(&other)), ErrorCode::Validation, "another key");
        let none = Applier::new(&source, "None").expect_err("no such table");
        assert_eq!(none.code(), ErrorCode::ResourceNotFound);
        let image = record.keys.clone();
        let sound = Record { new_image: Some(image), ..record.clone() };
        assert_eq!(applier.apply(&sound), Ok(true));
        call(&source, "DeleteTable", json!({"TableName": "Orders"}));
        call(&source, "ListTables", json!({}));
        let later = Record { sequence_number: sound.sequence_number + 1, ..sound };
        assert_eq!(code(applier.apply(&later)), ErrorCode::ResourceNotFound);
    }
}
