//! Every operation's request and answer, with every member that its shapes have, written and read again.

use serde_json::{Map, Value, json};

use super::{ANY_OPERATION, Request, Response, by_target, operation, operations};
use crate::api::shape::{StructInfo, TypeInfo};

/// A value of every member, in the form in which it is written again.
fn structure(info: &StructInfo) -> Value {
    let members: Map<String, Value> =
        info.members.iter().map(|member| (member.wire.to_owned(), value(member.wire, &member.ty))).collect();
    Value::Object(members)
}

fn value(name: &str, ty: &TypeInfo) -> Value {
    match ty {
        // Two texts of records are written from numbers.
        TypeInfo::String if name == "eventID" => json!("000000000000000000000000000000ff"),
        TypeInfo::String if name == "SequenceNumber" => json!("111700000000000000000000001"),
        TypeInfo::String if name == "eventVersion" => json!("1.1"),
        TypeInfo::String if name == "eventSource" => json!("aws:dynamodb"),
        TypeInfo::String if name == "PrincipalId" => json!("dynamodb.amazonaws.com"),
        TypeInfo::String if name == "Type" => json!("Service"),
        TypeInfo::Long if name == "SizeBytes" => json!(3 * item_size()),
        TypeInfo::String => json!(format!("a {name}")),
        TypeInfo::Integer | TypeInfo::Long => json!(7),
        TypeInfo::Double => json!(0.5),
        TypeInfo::Boolean => json!(true),
        TypeInfo::Blob => json!("AAE="),
        TypeInfo::Timestamp => json!(1_767_225_600.0),
        TypeInfo::Enum(info) => json!(info.values[0]),
        TypeInfo::List(member) => json!([value(name, member), value(name, member)]),
        TypeInfo::Map(member) => json!({ "one": value(name, member), "two": value(name, member) }),
        TypeInfo::Struct(info) => structure(info),
        TypeInfo::AttributeValue => json!({ "L": [{ "N": "1.5" }, { "B": "AAE=" }, { "NULL": true }] }),
        TypeInfo::Item => item(),
    }
}

fn item() -> Value {
    json!({ "id": { "S": "a" }, "set": { "SS": ["x", "y"] } })
}

fn item_size() -> usize {
    // Names and values: "id", "a", "set", "x", "y".
    2 + 1 + 3 + 1 + 1
}

#[test]
fn requests_are_written_as_they_are_read() {
    for info in operations() {
        let sample = structure(info.input);
        let request = Request::from_json(info.name, sample.to_string().as_bytes()).expect(info.name);
        assert_eq!(request.operation(), info.name);
        assert_eq!(serde_json::to_value(&request).expect(info.name), sample, "{}", info.name);
    }
}

#[test]
fn answers_are_written_as_they_are_read() {
    for info in operations() {
        let sample = structure(info.output);
        let answer = Response::from_json(info.name, sample.to_string().as_bytes()).expect(info.name);
        assert_eq!(answer.operation(), info.name);
        assert_eq!(serde_json::to_value(&answer).expect(info.name), sample, "{}", info.name);
        let again = Response::from_json(info.name, &answer.to_json().expect(info.name)).expect(info.name);
        assert_eq!(again, answer);
    }
}

#[test]
fn what_is_no_answer_is_refused() {
    for (name, body) in [
        ("PutItem", "[1]"),
        ("PutItem", "{} {}"),
        ("Nothing", "{}"),
        ("GetRecords", r#"{"Records": [{"eventID": "x"}]}"#),
    ] {
        let error = Response::from_json(name, body.as_bytes()).expect_err(body);
        assert!(error.message().contains(name), "{error}");
    }
}

#[test]
fn documentation_names_the_errors_of_the_registry() {
    for info in operations() {
        let Some((_, told)) = info.input.doc.split_once("Errors: ") else { continue };
        for (at, name) in told.split('`').enumerate().filter(|(at, _)| at % 2 == 1) {
            let listed = info.errors.iter().chain(ANY_OPERATION).any(|code| code.name() == name);
            assert!(
                listed,
                "{}: `{name}`, the {at}th quoted word of its documentation, is not listed",
                info.name
            );
        }
    }
}

#[test]
fn targets_name_operations() {
    for info in operations() {
        let target = format!("{}.{}", info.target_prefix, info.action());
        assert_eq!(by_target(&target).map(|known| known.name), Some(info.name));
        assert!(by_target(info.name).is_none());
    }
    for wrong in [
        "DynamoDB_20120810.GetRecords",
        "DynamoDBStreams_20120810.PutItem",
        "DynamoDB_20120810.AdvanceClock",
        "DynamoDB_20111205.PutItem",
        "DynamoDB_20120810.putitem",
        "DynamoDB_20120810.PutItem.",
        "DynamoDB_20120810.",
        ".PutItem",
        "",
    ] {
        assert!(by_target(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn what_names_a_directory_is_a_member() {
    for info in operations() {
        let Some(directory) = info.effect.directory else { continue };
        assert!(info.input.members.iter().any(|member| member.wire == directory), "{}", info.name);
        let body = format!(r#"{{"{directory}": "somewhere"}}"#);
        let mut request = Request::from_json(info.name, body.as_bytes()).expect("a directory");
        let named = request.directory_mut().expect("it can be looked at");
        assert_eq!(std::mem::replace(named, "elsewhere".into()), "somewhere", "{}", info.name);
        assert!(format!("{request:?}").contains("elsewhere"), "{}", info.name);
    }
    assert_eq!(operation("Backup").expect("an operation").effect.directory, Some("Directory"));
}

#[test]
fn requests_tell_their_table() {
    let table = |operation: &str, body: &str| {
        let request = Request::from_json(operation, body.as_bytes()).expect(body);
        request.table_name().map(str::to_owned)
    };
    assert_eq!(table("GetItem", r#"{"TableName": "T"}"#).as_deref(), Some("T"));
    let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/T";
    assert_eq!(table("GetItem", &format!(r#"{{"TableName": "{arn}"}}"#)).as_deref(), Some("T"));
    let stream = format!(r#"{{"StreamArn": "{arn}/stream/2026-01-01T00:00:00.000"}}"#);
    assert_eq!(table("DescribeStream", &stream).as_deref(), Some("T"));
    assert_eq!(table("GetRecords", r#"{"ShardIterator": "x"}"#), None);
    assert_eq!(table("ListTables", "{}"), None);
}
