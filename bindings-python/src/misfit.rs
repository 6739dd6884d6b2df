//! What is not in order about an input, in the words of Python, for exceptions whose own text does not say where.

use pyo3::prelude::*;
use streamtable::unstable::registry::{Expected, Found, Misfit, misfit, unknown_operation};
use streamtable::unstable::shape::{StructInfo, TypeInfo};
use streamtable::{Error, ErrorCode};

use crate::input::Source;

/// What an exception tells besides the service's words.
#[cold]
pub(crate) fn hint(operation: &str, members: &Bound<'_, PyAny>, error: &Error) -> Option<String> {
    match error.code() {
        ErrorCode::UnknownOperation => Some(unknown_operation(operation)),
        ErrorCode::Serialization | ErrorCode::Validation => {
            let source = Source::new(members.py());
            misfit(operation, source.read(members)).as_ref().map(worded)
        }
        _ => None,
    }
}

/// What to tell of an operation that is not here.
#[pyfunction]
#[pyo3(signature = (operation, /))]
pub(crate) fn _unknown_operation(operation: &str) -> String {
    unknown_operation(operation)
}

/// `Item.id.S is 1, an int, where a str belongs`
fn worded(misfit: &Misfit) -> String {
    let place = misfit.place().unwrap_or_else(|| "the request".to_owned());
    match (&misfit.found, misfit.expected) {
        (Found::Member(name), Expected::MemberOf(info)) => {
            format!("{place} has '{name}', which is none of its members: {}", names(info))
        }
        (found, expected) => format!("{place} is {}, where {} belongs", given(found), wanted(expected)),
    }
}

fn given(found: &Found) -> String {
    match found {
        Found::Null => "None".into(),
        Found::Boolean(true) => "True".into(),
        Found::Boolean(false) => "False".into(),
        Found::Whole(value) => format!("{value}, an int"),
        Found::Number(value) => format!("{value}, a float"),
        Found::Text(text) => format!("{text:?}, a str"),
        Found::Bytes => "bytes".into(),
        Found::List => "a list".into(),
        Found::Map(names) if names.is_empty() => "an empty dict".into(),
        Found::Map(names) => format!("a dict with '{}'", names.join("', '")),
        _ => "something else".into(),
    }
}

fn wanted(expected: Expected) -> String {
    let Expected::Type(ty) = expected else { return "a member".into() };
    match ty {
        TypeInfo::String => "a str".into(),
        TypeInfo::Integer => "an int of 32 bits".into(),
        TypeInfo::Long => "an int of 64 bits".into(),
        TypeInfo::Double => "a float".into(),
        TypeInfo::Boolean => "a bool".into(),
        TypeInfo::Blob => "bytes".into(),
        TypeInfo::Timestamp => "a datetime with a time zone".into(),
        TypeInfo::Enum(info) => format!("one of '{}'", info.values.join("', '")),
        TypeInfo::List(_) => "a list".into(),
        TypeInfo::Map(_) => "a dict".into(),
        TypeInfo::Item => r#"a dict of attribute values, such as {"id": {"S": "text"}},"#.into(),
        TypeInfo::AttributeValue => {
            r#"an attribute value, a dict with one of 'S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL',"#.into()
        }
        TypeInfo::Struct(info) => format!("a dict with {}", names(info)),
    }
}

fn names(info: &StructInfo) -> String {
    let names: Vec<&str> = info.members.iter().map(|member| member.wire).collect();
    names.join(", ")
}
