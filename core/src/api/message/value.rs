//! Texts about attribute values, keys and items (facts B1 to B4).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::value::{AttributeType, NumberError, ValueProblem};

const INVALID: &str = "One or more parameter values were invalid: ";
const NOT_VALID: &str = "One or more parameter values are not valid. ";

/// The generations of texts about attribute values (facts B12).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ValueTexts {
    /// Of the layer that checks values in most operations now.
    Current,
    /// Of the layer before it.
    Older,
}

/// The rule of attribute values that the input breaks.
pub(crate) fn value_problem(problem: &ValueProblem, texts: ValueTexts) -> String {
    match problem {
        ValueProblem::NoType => {
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes".into()
        }
        ValueProblem::SeveralTypes => {
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
                .into()
        }
        ValueProblem::Number(NumberError::Empty) if texts == ValueTexts::Current => {
            format!("{}: ", number(&NumberError::Empty))
        }
        ValueProblem::Number(error) => number(error),
        ValueProblem::EmptySet(AttributeType::Bs) => format!("{INVALID}Binary sets should not be empty"),
        ValueProblem::EmptySet(AttributeType::Ns) => format!("{INVALID}An number set  may not be empty"),
        ValueProblem::EmptySet(_) => format!("{INVALID}An string set  may not be empty"),
        ValueProblem::DuplicateInSet(kind, members) => duplicate_in_set(*kind, members, texts),
        ValueProblem::NullIsFalse => format!("{INVALID}Null attribute value types must have the value of true"),
        ValueProblem::TooDeep => "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels \
                                  beyond supported limit"
            .into(),
        ValueProblem::EmptyName => "Empty attribute name".into(),
        ValueProblem::TooLarge => item_too_large(),
        ValueProblem::LongName => format!("{INVALID}Attribute name is too large, must be less than 65536 bytes"),
    }
}

/// The older texts show the members as they were sent; the current ones quote them, in order up to the first that is there twice. Members
/// of number sets are not shown.
fn duplicate_in_set(kind: AttributeType, members: &[String], texts: ValueTexts) -> String {
    match (kind, texts) {
        (AttributeType::Ns, ValueTexts::Older) => "Input collection contains duplicates".into(),
        (AttributeType::Ns, ValueTexts::Current) => format!("{INVALID}Input collection contains duplicates."),
        (AttributeType::Bs, ValueTexts::Older) => {
            format!("{INVALID}Input collection [{}]of type BS contains duplicates.", members.join(", "))
        }
        (AttributeType::Bs, ValueTexts::Current) => {
            let ordered = ordered_to_repeat(members, |text| STANDARD.decode(text).ok());
            format!(
                "{INVALID}Input collection [{}]of type BS contains duplicates.",
                quoted(&ordered).join(",")
            )
        }
        (_, ValueTexts::Older) => {
            format!("{INVALID}Input collection [{}] contains duplicates.", members.join(", "))
        }
        (_, ValueTexts::Current) => {
            let ordered = ordered_to_repeat(members, |text| text);
            format!("{INVALID}Input collection [{}] contains duplicates.", quoted(&ordered).join(", "))
        }
    }
}

fn quoted(members: &[&str]) -> Vec<String> {
    members.iter().map(|member| format!("\"{member}\"")).collect()
}

/// Members as the service holds them when it meets the first repeat: those before it in order, then the others as they came.
fn ordered_to_repeat<'m, Key: Ord>(members: &'m [String], key: impl Fn(&'m str) -> Key) -> Vec<&'m str> {
    let mut met = BTreeSet::new();
    let mut rest = members.iter().map(String::as_str);
    let repeat = rest.find(|member| !met.insert((key(member), *member)));
    met.into_iter().map(|(_, member)| member).chain(repeat).chain(rest).collect()
}

/// Why a text is no number.
pub(crate) fn number(error: &NumberError) -> String {
    match error {
        NumberError::Empty => "The parameter cannot be converted to a numeric value".into(),
        NumberError::Malformed(text) => {
            format!("The parameter cannot be converted to a numeric value: {text}")
        }
        NumberError::TooManyDigits => {
            "Attempting to store more than 38 significant digits in a Number".into()
        }
        NumberError::Overflow => {
            "Number overflow. Attempting to store a number with magnitude larger than supported range".into()
        }
        NumberError::Underflow => {
            "Number underflow. Attempting to store a number with magnitude smaller than supported range"
                .into()
        }
    }
}

pub(crate) fn item_too_large() -> String {
    "Item size has exceeded the maximum allowed size".into()
}

pub(crate) fn item_to_update_too_large() -> String {
    "Item size to update has exceeded the maximum allowed size".into()
}

pub(crate) fn missing_key(name: &str) -> String {
    format!("{INVALID}Missing the key {name} in the item")
}

pub(crate) fn key_type_mismatch(name: &str, expected: AttributeType, actual: AttributeType) -> String {
    format!("{INVALID}Type mismatch for key {name} expected: {} actual: {}", expected.name(), actual.name())
}

pub(crate) fn key_not_matching() -> String {
    "The provided key element does not match the schema".into()
}

pub(crate) fn empty_key_value(name: &str, kind: AttributeType) -> String {
    format!("{NOT_VALID}{EMPTY} {} value. Key: {name}", emptied(kind))
}

pub(crate) fn partition_key_too_long() -> String {
    // The missing space is the service's.
    format!("{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes")
}

pub(crate) fn sort_key_too_long() -> String {
    format!("{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
}

pub(crate) fn key_update(name: &str) -> String {
    format!("{INVALID}Cannot update attribute {name}. This attribute is part of the key")
}

// ---- keys of secondary indexes (facts B3)

const EMPTY: &str = "The AttributeValue for a key attribute cannot contain an empty";

pub(crate) fn index_key_type(
    name: &str,
    expected: AttributeType,
    actual: AttributeType,
    index: &str,
) -> String {
    format!(
        "{INVALID}Type mismatch for Index Key {name} Expected: {} Actual: {} IndexName: {index}",
        expected.name(),
        actual.name()
    )
}

pub(crate) fn empty_index_key(name: &str, kind: AttributeType, index: &str) -> String {
    format!(
        "{NOT_VALID}A value specified for a secondary index key is not supported. {EMPTY} {} value. IndexName: {index}, \
         IndexKey: {name}",
        emptied(kind)
    )
}

pub(crate) fn empty_index_key_update(kind: AttributeType) -> String {
    format!(
        "{NOT_VALID}The update expression attempted to update a secondary index key to a value that is not supported. {EMPTY} {} \
         value.",
        emptied(kind)
    )
}

pub(crate) fn index_key_update_type() -> String {
    "The update expression attempted to update the secondary index key to unsupported type".into()
}

pub(crate) fn index_key_update_size() -> String {
    "The update expression attempted to update the secondary index key beyond allowed size limits".into()
}

fn emptied(kind: AttributeType) -> &'static str {
    if kind == AttributeType::B { "binary" } else { "string" }
}
