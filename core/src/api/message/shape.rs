//! Texts about broken constraints and wrong JSON types (facts B12).

use std::fmt;

use super::{Speech, Violation, Wording};
use crate::limits::{NAME_MAX_CHARS, NAME_MIN_CHARS, NAME_PATTERN_SHOWN};

/// The broken constraints of a request in one message: how many, and those that are told.
///
/// The current wording has words of its own for some of them, and stops at some.
pub(crate) fn detected(count: usize, told: &[Violation], speech: Speech) -> String {
    if let Some(operator) = told.iter().find(|violation| is_operator_of_query(violation, speech)) {
        return worded(operator, speech);
    }
    if let Some(alone) = told.iter().find(|violation| stands_alone(violation, speech)) {
        return frame(1, &worded(alone, speech));
    }
    let texts: Vec<String> = told.iter().map(|violation| worded(violation, speech)).collect();
    frame(count, &texts.join("; "))
}

/// What stands before broken constraints.
pub(super) fn frame(count: usize, text: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} validation error{plural} detected: {text}")
}

fn is_empty_table_name(violation: &Violation, speech: Speech) -> bool {
    speech.is_current_item_write()
        && violation.place == "tableName"
        && matches!(violation.rule, Rule::LengthAtLeast(_))
}

/// Lengths of transactions, which are told without the value.
fn is_length_of_transaction(violation: &Violation, speech: Speech) -> bool {
    speech.wording == Wording::Current
        && matches!(violation.place.as_str(), "transactItems" | "clientRequestToken")
        && matches!(violation.rule, Rule::LengthAtLeast(_) | Rule::LengthAtMost(_))
}

/// Whether the others are not told beside this one.
fn stands_alone(violation: &Violation, speech: Speech) -> bool {
    let is_return_values_of_update = speech.is_current_item_write()
        && speech.operation == "UpdateItem"
        && violation.place == "returnValues"
        && matches!(violation.rule, Rule::Enumeration(_));
    is_empty_table_name(violation, speech)
        || is_return_values_of_update
        || is_length_of_transaction(violation, speech)
}

fn worded(violation: &Violation, speech: Speech) -> String {
    let Violation { place, value, rule } = violation;
    if is_empty_table_name(violation, speech) {
        return unquoted_violation("TableName", rule);
    }
    if let Some(keys) = keys_of_batch(place).filter(|_| speech.operation == "BatchGetItem" && value.is_some())
    {
        return unquoted_violation(&keys, rule);
    }
    if is_length_of_transaction(violation, speech) {
        let named = if place == "transactItems" { "TransactItems" } else { "ClientRequestToken" };
        return unquoted_violation(named, rule);
    }
    match (place.as_str(), rule) {
        // The order and the misspelling are the service's.
        ("returnValues", Rule::Enumeration(_)) if speech.is_current_item_write() => {
            "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
                .into()
        }
        ("returnItemCollectionMetrics", Rule::Enumeration(_)) if speech.is_current_item_write() => {
            "ReturnItemCollectionMetrics can only be SIZE or NONE".into()
        }
        ("limit", Rule::ValueAtLeast(_)) if speech.is_current_search() => unquoted_violation("Limit", rule),
        ("segment", Rule::ValueAtLeast(_)) if speech.is_current_search() => unquoted_violation("Segment", rule),
        // Here the service offers ALL and takes AND.
        ("conditionalOperator", Rule::Enumeration(_))
            if speech.is_current_item_write() || is_operator_of_query(violation, speech) =>
        {
            "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]".into()
        }
        _ => violation_text(place, value.as_deref(), rule),
    }
}

/// The keys of a table in a batch, as the service names them in every wording.
fn keys_of_batch(place: &str) -> Option<String> {
    let table = place.strip_prefix("requestItems.")?.strip_suffix(".keys")?;
    Some(format!("RequestItems.{table}.Keys"))
}

/// A broken constraint as newer texts have it: under the member's own name, without its value.
pub(super) fn unquoted_violation(place: &str, rule: &Rule) -> String {
    format!("Value at '{place}' failed to satisfy constraint: {rule}")
}

/// The operator of a query's legacy filter, of which the current wording tells without frame and alone.
fn is_operator_of_query(violation: &Violation, speech: Speech) -> bool {
    speech.is_current_search() && speech.operation == "Query" && violation.place == "conditionalOperator"
}

/// A broken constraint where no wording has words of its own for it; `value` is none for null.
pub(crate) fn violation_text(place: &str, value: Option<&str>, rule: &Rule) -> String {
    match value {
        Some(value) => format!("Value '{value}' at '{place}' failed to satisfy constraint: {rule}"),
        None => format!("Value null at '{place}' failed to satisfy constraint: {rule}"),
    }
}

/// The name of a member in a path or a value: camel case.
pub(crate) fn write_member(out: &mut dyn fmt::Write, wire: &str) -> fmt::Result {
    let mut letters = wire.chars();
    if let Some(first) = letters.next() {
        out.write_char(first.to_ascii_lowercase())?;
    }
    out.write_str(letters.as_str())
}

/// What a value must satisfy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Rule {
    NotNull,
    LengthAtLeast(usize),
    LengthAtMost(usize),
    ValueAtLeast(i64),
    ValueAtMost(i64),
    Pattern(&'static str),
    Enumeration(&'static [&'static str]),
    /// Of every key of a map from names of tables.
    TableNames,
    /// Of every value of a map.
    ValueLength {
        min: usize,
        max: usize,
    },
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::NotNull => f.write_str("Member must not be null"),
            Rule::LengthAtLeast(min) => {
                write!(f, "Member must have length greater than or equal to {min}")
            }
            Rule::LengthAtMost(max) => write!(f, "Member must have length less than or equal to {max}"),
            Rule::ValueAtLeast(min) => write!(f, "Member must have value greater than or equal to {min}"),
            Rule::ValueAtMost(max) => write!(f, "Member must have value less than or equal to {max}"),
            Rule::Pattern(shown) => {
                write!(f, "Member must satisfy regular expression pattern: {shown}")
            }
            Rule::Enumeration(values) => {
                write!(f, "Member must satisfy enum value set: [{}]", values.join(", "))
            }
            Rule::TableNames => {
                let (most, least) = (Rule::LengthAtMost(NAME_MAX_CHARS), Rule::LengthAtLeast(NAME_MIN_CHARS));
                let pattern = Rule::Pattern(NAME_PATTERN_SHOWN);
                write!(f, "Map keys must satisfy constraint: [{most}, {least}, {pattern}]")
            }
            Rule::ValueLength { min, max } => {
                let (most, least) = (Rule::LengthAtMost(*max), Rule::LengthAtLeast(*min));
                write!(f, "Map value must satisfy constraint: [{most}, {least}]")
            }
        }
    }
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
