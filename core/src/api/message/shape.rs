//! Texts about broken constraints and wrong JSON types (facts B12).

use std::fmt;

/// The broken constraints of a request in one message: how many, and those that are told.
pub(crate) fn detected(count: usize, told: &[String]) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} validation error{plural} detected: {}", told.join("; "))
}

/// The name of a member in a path or a value: camel case.
pub(crate) fn write_member(out: &mut dyn fmt::Write, wire: &str) -> fmt::Result {
    let mut letters = wire.chars();
    if let Some(first) = letters.next() {
        out.write_char(first.to_ascii_lowercase())?;
    }
    out.write_str(letters.as_str())
}

pub(crate) fn not_null() -> String {
    "Member must not be null".into()
}

/// `value` is none for null, which the service does not quote.
pub(crate) fn violation(value: Option<&str>, path: &str, rule: &str) -> String {
    match value {
        Some(value) => format!("Value '{value}' at '{path}' failed to satisfy constraint: {rule}"),
        None => format!("Value null at '{path}' failed to satisfy constraint: {rule}"),
    }
}

pub(crate) fn length_at_least(min: usize) -> String {
    format!("Member must have length greater than or equal to {min}")
}

pub(crate) fn length_at_most(max: usize) -> String {
    format!("Member must have length less than or equal to {max}")
}

pub(crate) fn value_at_least(min: i64) -> String {
    format!("Member must have value greater than or equal to {min}")
}

pub(crate) fn value_at_most(max: i64) -> String {
    format!("Member must have value less than or equal to {max}")
}

pub(crate) fn pattern(shown: &str) -> String {
    format!("Member must satisfy regular expression pattern: {shown}")
}

pub(crate) fn enumeration(values: &[&str]) -> String {
    format!("Member must satisfy enum value set: [{}]", values.join(", "))
}

/// What the caller wrote where another type belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given {
    Text,
    Whole,
    Decimal,
    True,
    False,
    Bytes,
    List,
    Map,
}

/// What belongs there, by the service's own type names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Any,
    Text,
    Whole,
    Decimal,
    Boolean,
    Bytes,
    List,
    Map,
    Structure(&'static str),
}

/// The service's answer to a value of a wrong JSON type (a `SerializationException`).
pub(crate) fn wrong_type(wanted: Wanted, given: Given) -> String {
    let class = match wanted {
        Wanted::Text | Wanted::Any => "String",
        Wanted::Whole => "Integer",
        Wanted::Decimal => "Double",
        Wanted::Boolean => "Boolean",
        Wanted::Bytes => "ByteBuffer",
        Wanted::List => "List",
        Wanted::Map => "Map",
        Wanted::Structure(name) => name,
    };
    match (wanted, given) {
        (Wanted::List | Wanted::Any, Given::Map) | (_, Given::Map) => {
            "Start of structure or map found where not expected.".into()
        }
        (Wanted::Structure(name), Given::List) => {
            format!("Unrecognized collection type class com.amazonaws.dynamodb.v20120810.{name}")
        }
        (Wanted::Map, Given::List) => "Unrecognized collection type class java.util.Map".into(),
        (Wanted::Bytes, Given::List) => "Unrecognized collection type class java.nio.ByteBuffer".into(),
        (_, Given::List) => format!("Unrecognized collection type class java.lang.{class}"),
        (Wanted::List | Wanted::Map | Wanted::Structure(_), _) => "Unexpected field type".into(),
        (Wanted::Bytes, _) => not_base64(),
        (Wanted::Boolean, Given::Text | Given::Whole | Given::Decimal | Given::Bytes) => {
            "Unexpected token received from parser".into()
        }
        (_, given) => format!("{} cannot be converted to {class}", token(given)),
    }
}

pub(crate) fn not_base64() -> String {
    "only base-64-encoded strings are convertible to bytes".into()
}

fn token(given: Given) -> &'static str {
    match given {
        Given::Text => "STRING_VALUE",
        Given::Whole => "NUMBER_VALUE",
        Given::Decimal => "DECIMAL_VALUE",
        Given::True => "TRUE_VALUE",
        Given::False => "FALSE_VALUE",
        Given::Bytes => "BINARY_VALUE",
        Given::List => "START_ARRAY",
        Given::Map => "START_OBJECT",
    }
}
