//! `AttributeValue`: one value as an owned tree, for Rust callers and for values that an update builds.

use std::collections::BTreeMap;

use super::builder::{Builder, ValueFault};
use super::item::{Item, ValueRef};
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

impl Item {
    /// Encodes named values.
    ///
    /// # Errors
    /// The first rule of the service that a value breaks: empty or repeated set members, depth, names.
    pub fn new<'a>(
        attributes: impl IntoIterator<Item = (&'a str, &'a AttributeValue)>,
    ) -> Result<Item, ValueFault> {
        let mut builder = Builder::new();
        let (_, size) = builder.tree_map(attributes.into_iter());
        builder.finish(size)
    }

    /// This item with some top-level attributes replaced (`Some`) or removed (`None`); the others are copied as they are.
    ///
    /// # Errors
    /// As [`Item::new`].
    pub fn with_changes(
        &self,
        changes: &BTreeMap<String, Option<AttributeValue>>,
    ) -> Result<Item, ValueFault> {
        let mut builder = Builder::new();
        let scope = builder.open_map();
        for (name, encoded) in self.attributes().raw_entries() {
            let name = std::str::from_utf8(name).expect("names are UTF-8 by construction");
            if !changes.contains_key(name) {
                builder.copy_entry(name, encoded);
            }
        }
        for (name, value) in changes {
            if let Some(value) = value {
                let entry = builder.open_entry(name);
                let size = builder.tree(value);
                builder.close_entry(entry, size);
            }
        }
        let (_, size) = builder.close_map(scope);
        builder.finish(size)
    }

    /// An item of just the named attributes, those that exist.
    pub fn project(&self, names: &[&str]) -> Item {
        let mut builder = Builder::new();
        let scope = builder.open_map();
        for (name, encoded) in self.attributes().raw_entries() {
            if let Some(name) = names.iter().find(|n| n.as_bytes() == name) {
                builder.copy_entry(name, encoded);
            }
        }
        let (_, size) = builder.close_map(scope);
        builder.finish(size).expect("copied entries break no rule")
    }
}
