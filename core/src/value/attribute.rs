//! `AttributeValue`: one value as an owned tree, for Rust callers. The engine itself works on canonical bytes.

use std::collections::BTreeMap;

use super::item::ValueRef;
use super::number::Number;

/// An attribute value as an owned tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// String.
    S(String),
    /// Number.
    N(Number),
    /// Binary.
    B(Vec<u8>),
    /// Boolean.
    Bool(bool),
    /// Null.
    Null,
    /// String set; members unique, in any order.
    Ss(Vec<String>),
    /// Number set; members unique, in any order.
    Ns(Vec<Number>),
    /// Binary set; members unique, in any order.
    Bs(Vec<Vec<u8>>),
    /// List.
    L(Vec<AttributeValue>),
    /// Map.
    M(BTreeMap<String, AttributeValue>),
}

impl From<ValueRef<'_>> for AttributeValue {
    fn from(value: ValueRef<'_>) -> AttributeValue {
        match value {
            ValueRef::S(text) => AttributeValue::S(text.to_owned()),
            ValueRef::N(_) => AttributeValue::N(value.number().expect("N holds a number")),
            ValueRef::B(bytes) => AttributeValue::B(bytes.to_vec()),
            ValueRef::Bool(value) => AttributeValue::Bool(value),
            ValueRef::Null => AttributeValue::Null,
            ValueRef::Ss(set) => AttributeValue::Ss(set.texts().map(str::to_owned).collect()),
            ValueRef::Ns(set) => AttributeValue::Ns(
                set.texts().map(|text| text.parse().expect("stored numbers are in canonical form")).collect(),
            ),
            ValueRef::Bs(set) => AttributeValue::Bs(set.members().map(<[u8]>::to_vec).collect()),
            ValueRef::L(list) => AttributeValue::L(list.iter().map(AttributeValue::from).collect()),
            ValueRef::M(map) => {
                AttributeValue::M(map.iter().map(|(name, v)| (name.to_owned(), v.into())).collect())
            }
        }
    }
}

impl From<&str> for AttributeValue {
    fn from(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }
}

impl From<String> for AttributeValue {
    fn from(text: String) -> AttributeValue {
        AttributeValue::S(text)
    }
}

impl From<i64> for AttributeValue {
    fn from(value: i64) -> AttributeValue {
        AttributeValue::N(value.into())
    }
}

impl From<bool> for AttributeValue {
    fn from(value: bool) -> AttributeValue {
        AttributeValue::Bool(value)
    }
}
