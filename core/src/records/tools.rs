//! The tools for records by name, with data in and out, so that a host needs no more than its own way to read and write data.
//!
//! | name | input | answer |
//! |---|---|---|
//! | `plain` | `Item`, `Numbers`: `text`, `decimal` (when absent), `float`, `native` | the item as plain values |
//! | `differences` | `Old`, `New`: items, either may be absent | `[{"Path", "From", "To"}]`, values with their types |
//! | `patch` | `Old`, `New`, `Numbers`: as above, `native` when absent | a JSON Patch (RFC 6902) for the plain values |
//! | `lambda_event` | `Records`: as GetRecords has them, `StreamArn` | `{"Records": [...]}` as AWS Lambda hands it to a function |
//! | `filter` | `FilterCriteria`: `{"Filters": [{"Pattern"}]}` as event source mappings have it; `Records` and `StreamArn` as above, or `Events`: any; `Documented`: true refuses operators that Lambda does not document | `{"Matches": [[0], []]}`: for each event the places of all filters that match, from 0 |
//! | `make_event` | `Changes`: `[{"Old", "New"}]`, `Keys`: names; `TableName`, `StreamViewType`, `Region`, `Account`, `Now` (epoch milliseconds), `Seed`: each may be absent | the event of these changes, in the form of `lambda_event` |

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::maker::{Maker, MakerOptions, view_of};
use super::plain::{Numbers, Plain};
use super::{differences, lambda_event, patch};
use crate::api::message;
use crate::api::shape::Open;
use crate::api::{Error, ErrorCode, Record, Result, StreamViewType};
use crate::options::OpenOptions;
use crate::pattern::{Event, Operators, Pattern};
use crate::value::Item;

/// What a tool has made.
#[derive(Debug)]
#[non_exhaustive]
pub enum Made {
    /// An item as plain values.
    Plain(Plain),
    /// The images whose differences are asked for.
    Images(Option<Item>, Option<Item>),
    /// Anything that JSON says.
    Json(Value),
}

impl Serialize for Made {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Made::Plain(plain) => plain.serialize(serializer),
            Made::Images(old, new) => differences(old.as_ref(), new.as_ref()).serialize(serializer),
            Made::Json(value) => value.serialize(serializer),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PlainInput {
    item: Item,
    numbers: Option<Numbers>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ImagesInput {
    old: Option<Item>,
    new: Option<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PatchInput {
    old: Option<Item>,
    new: Option<Item>,
    numbers: Option<Numbers>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct EventInput {
    records: Vec<Record>,
    stream_arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct FilterInput {
    filter_criteria: FilterCriteria,
    #[serde(default)]
    documented: bool,
    #[serde(default)]
    records: Vec<Record>,
    stream_arn: Option<String>,
    #[serde(default)]
    events: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct FilterCriteria {
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Filter {
    pattern: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct MakeInput {
    changes: Vec<ImagesInput>,
    keys: Vec<String>,
    table_name: Option<String>,
    stream_view_type: Option<Open<StreamViewType>>,
    region: Option<String>,
    account: Option<String>,
    now: Option<u64>,
    seed: Option<u64>,
}

/// Runs a tool on input of any format.
///
/// # Errors
/// `UnknownOperationException` for a name that is none, `SerializationException` for input of another shape, and the tool's own.
pub fn run<'de, D: Deserializer<'de>>(tool: &str, input: D) -> Result<Made> {
    match tool {
        "plain" => {
            let PlainInput { item, numbers } = read(input)?;
            Ok(Made::Plain(Plain { item, numbers: numbers.unwrap_or(Numbers::Decimal) }))
        }
        "differences" => read(input).map(|ImagesInput { old, new }| Made::Images(old, new)),
        "patch" => {
            let PatchInput { old, new, numbers } = read(input)?;
            let patch = patch(old.as_ref(), new.as_ref(), numbers.unwrap_or(Numbers::Native));
            Ok(Made::Json(serde_json::to_value(patch).expect("a patch is plain data")))
        }
        "lambda_event" => {
            let EventInput { records, stream_arn } = read(input)?;
            Ok(Made::Json(lambda_event(&records, &stream_arn)))
        }
        "filter" => filter(&read(input)?).map(Made::Json),
        "make_event" => make_event(read(input)?).map(Made::Json),
        _ => Err(Error::new(ErrorCode::UnknownOperation, format!("There is no tool {tool:?}"))),
    }
}

/// Runs a tool with JSON text in and out.
///
/// # Errors
/// As [`run`].
pub fn run_json(tool: &str, input: &[u8]) -> Result<Vec<u8>> {
    let made = run(tool, &mut serde_json::Deserializer::from_slice(input))?;
    Ok(serde_json::to_vec(&made).expect("what tools make is plain data"))
}

fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(input: D) -> Result<T> {
    T::deserialize(input).map_err(|e| Error::new(ErrorCode::Serialization, e.to_string()))
}

fn filter(input: &FilterInput) -> Result<Value> {
    let operators = if input.documented { Operators::Documented } else { Operators::All };
    let compile = |(place, filter): (usize, &Filter)| {
        Pattern::compile_with(&filter.pattern, operators)
            .map_err(|error| Error::validation(message::filter::refused(place, &error)))
    };
    let patterns =
        input.filter_criteria.filters.iter().enumerate().map(compile).collect::<Result<Vec<_>>>()?;
    let stream_arn = input.stream_arn.as_deref().unwrap_or("");
    let records = input.records.iter().map(|record| Event::record(record, stream_arn));
    let matches = records.chain(input.events.iter().map(Event::from)).map(|event| {
        let matched = patterns.iter().enumerate().filter(|(_, pattern)| pattern.matches(event));
        matched.map(|(place, _)| place).collect::<Vec<_>>()
    });
    Ok(json!({ "Matches": matches.collect::<Vec<_>>() }))
}

fn make_event(input: MakeInput) -> Result<Value> {
    let MakeInput { changes, keys, table_name, stream_view_type, region, account, now, seed } = input;
    let options = OpenOptions { region, account, now, ..OpenOptions::deterministic() };
    let options = OpenOptions { seed: seed.or(options.seed), ..options };
    let table_name = table_name.map_or(Cow::Borrowed("Table"), Cow::Owned);
    let options = MakerOptions::new(keys)
        .table_name(table_name)
        .view(view_of(stream_view_type.as_ref())?)
        .options(options);
    let mut maker = Maker::new(options);
    let mut records = Vec::with_capacity(changes.len());
    for ImagesInput { old, new } in changes {
        records.extend(maker.change(old.as_ref(), new.as_ref())?);
    }
    Ok(lambda_event(&records, maker.stream_arn()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(tool: &str, input: &Value) -> Value {
        let made =
            run_json(tool, input.to_string().as_bytes()).unwrap_or_else(|e| panic!("{tool} {input}: {e}"));
        serde_json::from_slice(&made).expect("JSON")
    }

    fn refused(tool: &str, input: &Value) -> ErrorCode {
        run_json(tool, input.to_string().as_bytes()).expect_err("refused").code()
    }

    #[test]
    fn tools_take_and_give_data() {
        let (old, new) =
            (json!({"id": {"S": "1"}, "n": {"N": "1"}}), json!({"id": {"S": "1"}, "n": {"N": "2"}}));
        assert_eq!(ran("plain", &json!({"Item": old})), json!({"id": "1", "n": "1"}));
        assert_eq!(ran("plain", &json!({"Item": old, "Numbers": "native"})), json!({"id": "1", "n": 1}));
        let told = json!([{"Path": "/n", "From": {"N": "1"}, "To": {"N": "2"}}]);
        assert_eq!(ran("differences", &json!({"Old": old, "New": new})), told);
        let patch = json!([{"op": "replace", "path": "/n", "value": 2}]);
        assert_eq!(ran("patch", &json!({"Old": old, "New": new})), patch);
        assert_eq!(ran("patch", &json!({"Old": null})), json!([]));
    }

    #[test]
    fn an_event_has_the_form_of_lambda() {
        let old = json!({"id": {"B": "AQ=="}, "n": {"N": "1"}});
        let changes = json!([{"New": old}, {"Old": old}, {"Old": old, "New": old}]);
        let input = json!({"Changes": changes, "Keys": ["id"], "TableName": "Orders", "Region": "eu-west-1", "Now": 1_500});
        let event = ran("make_event", &input);
        let records = event["Records"].as_array().expect("a list");
        assert_eq!(records.len(), 2, "what changes nothing has no record");
        let arn = records[0]["eventSourceARN"].as_str().expect("text");
        assert!(
            arn.starts_with("arn:aws:dynamodb:eu-west-1:000000000000:table/Orders/stream/1970-01-01T"),
            "{arn}"
        );
        let expected = json!({
            "eventID": records[1]["eventID"], "eventName": "REMOVE", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
            "awsRegion": "eu-west-1", "eventSourceARN": arn,
            "dynamodb": {
                "ApproximateCreationDateTime": 1.0, "Keys": {"id": {"B": "AQ=="}}, "OldImage": old,
                "SequenceNumber": records[1]["dynamodb"]["SequenceNumber"], "SizeBytes": 3 + 6, "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        });
        assert_eq!(records[1], expected);
        assert_eq!(ran("make_event", &input), event, "the same every time");
    }

    #[test]
    fn a_deletion_by_the_service_says_so_in_small_letters() {
        let record = json!({
            "eventID": "0a", "eventName": "REMOVE", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
            "dynamodb": {"ApproximateCreationDateTime": 5.0, "Keys": {"id": {"S": "1"}}, "SequenceNumber": "7", "SizeBytes": 3, "StreamViewType": "KEYS_ONLY"},
            "userIdentity": {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"},
        });
        let event = ran("lambda_event", &json!({"Records": [record], "StreamArn": "arn:x"}));
        let identity = json!({"principalId": "dynamodb.amazonaws.com", "type": "Service"});
        assert_eq!(event["Records"][0]["userIdentity"], identity);
        assert_eq!(event["Records"][0]["eventSourceARN"], "arn:x");
    }

    #[test]
    fn what_no_tool_takes_is_refused() {
        assert_eq!(refused("none", &json!({})), ErrorCode::UnknownOperation);
        assert_eq!(refused("plain", &json!({"Item": {}, "Number": "text"})), ErrorCode::Serialization);
        assert_eq!(refused("plain", &json!({"Item": {}, "Numbers": "roman"})), ErrorCode::Serialization);
        assert_eq!(refused("plain", &json!({"Item": {"a": {"N": "x"}}})), ErrorCode::Serialization);
        let views = json!({"Changes": [], "Keys": ["id"], "StreamViewType": "ALL"});
        assert_eq!(refused("make_event", &views), ErrorCode::Validation);
    }
}
