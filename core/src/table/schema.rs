//! The key of a table: taking it out of items, and the rules it must keep (facts B3).

use smallvec::SmallVec;

use crate::api::message::value as text;
use crate::api::{Error, KeyType, Result, ScalarAttributeType};
use crate::limits::{PARTITION_KEY_MAX_BYTES, SORT_KEY_MAX_BYTES};
use crate::value::key::RowKey;
use crate::value::{AttributeType, Item, RawValue, ValueRef};

/// One part of the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KeyAttribute {
    pub(crate) name: String,
    pub(crate) kind: ScalarAttributeType,
}

impl KeyAttribute {
    pub(crate) fn attribute_type(&self) -> AttributeType {
        match self.kind {
            ScalarAttributeType::S => AttributeType::S,
            ScalarAttributeType::N => AttributeType::N,
            ScalarAttributeType::B => AttributeType::B,
        }
    }
}

/// Names of the attributes of a key.
pub(crate) type Names<'a> = SmallVec<[&'a str; 4]>;

/// The key of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Schema {
    pub(crate) hash: KeyAttribute,
    pub(crate) range: Option<KeyAttribute>,
}

impl Schema {
    /// The parts and what they are, partition key first.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&KeyAttribute, KeyType)> {
        std::iter::once((&self.hash, KeyType::Hash))
            .chain(self.range.as_ref().map(|part| (part, KeyType::Range)))
    }

    pub(crate) fn names(&self) -> Names<'_> {
        self.parts().map(|(part, _)| part.name.as_str()).collect()
    }

    pub(crate) fn owned_names(&self) -> Vec<String> {
        self.parts().map(|(part, _)| part.name.clone()).collect()
    }

    /// The key of an item about to be written.
    ///
    /// # Errors
    /// `ValidationException` for a missing, mistyped, empty or overlong key value.
    pub(crate) fn key_of_item(&self, item: &Item) -> Result<RowKey> {
        let value = |part: &KeyAttribute| {
            let value =
                item.raw(&part.name).ok_or_else(|| Error::validation(text::missing_key(&part.name)))?;
            if value.kind == part.attribute_type() {
                return Ok(value);
            }
            let problem = text::key_type_mismatch(&part.name, part.attribute_type(), value.kind);
            Err(Error::validation(problem))
        };
        let hash = value(&self.hash)?;
        let range = self.range.as_ref().map(value).transpose()?;
        self.row_key_of(hash, range)
    }

    /// The row that a `Key` parameter names.
    ///
    /// # Errors
    /// `ValidationException` when the key is not exactly the table's, or a value is empty or overlong.
    pub(crate) fn key_of_parameter(&self, key: &Item) -> Result<RowKey> {
        let Some((hash, range)) = self.exact(key) else {
            return Err(Error::validation(text::key_not_matching()));
        };
        self.row_key_of(hash, range)
    }

    /// Refuses key values that are empty, whatever else is wrong with them.
    ///
    /// # Errors
    /// `ValidationException`.
    pub(crate) fn refuse_empty(&self, item: &Item) -> Result<()> {
        for (part, _) in self.parts() {
            if let Some(RawValue { kind: kind @ (AttributeType::S | AttributeType::B), payload: [] }) =
                item.raw(&part.name)
            {
                return Err(Error::validation(text::empty_key_value(&part.name, kind)));
            }
        }
        Ok(())
    }

    /// The values of an item that has exactly the key's attributes, of the key's types.
    fn exact<'i>(&self, key: &'i Item) -> Option<(RawValue<'i>, Option<RawValue<'i>>)> {
        let typed =
            |part: &KeyAttribute| key.raw(&part.name).filter(|value| value.kind == part.attribute_type());
        let hash = typed(&self.hash)?;
        let range = match &self.range {
            Some(part) => Some(typed(part)?),
            None => None,
        };
        (key.attributes().len() == 1 + usize::from(range.is_some())).then_some((hash, range))
    }

    /// The row of these attributes with these values, if they are the key's, each once, and can be a key.
    pub(crate) fn key_of_values(&self, given: &[(&str, ValueRef<'_>)]) -> Option<RowKey> {
        let value = |part: &KeyAttribute| {
            let (_, value) = given.iter().find(|(name, _)| *name == part.name)?;
            (value.kind() == part.attribute_type()).then(|| RawValue::from(*value))
        };
        let hash = value(&self.hash)?;
        let range = match &self.range {
            Some(part) => Some(value(part)?),
            None => None,
        };
        let is_whole = given.len() == 1 + usize::from(range.is_some());
        if is_whole { self.row_key_of(hash, range).ok() } else { None }
    }

    /// Checks lengths and builds the row key; types are checked before.
    pub(crate) fn row_key(&self, item: &Item) -> Result<RowKey> {
        let value =
            |part: &KeyAttribute| item.raw(&part.name).expect("the caller has checked that keys are there");
        self.row_key_of(value(&self.hash), self.range.as_ref().map(value))
    }

    /// Checks lengths and builds the row key of values of the key's types.
    fn row_key_of(&self, hash: RawValue<'_>, range: Option<RawValue<'_>>) -> Result<RowKey> {
        check_length(&self.hash, hash, PARTITION_KEY_MAX_BYTES, text::partition_key_too_long)?;
        if let Some((part, value)) = self.range.as_ref().zip(range) {
            check_length(part, value, SORT_KEY_MAX_BYTES, text::sort_key_too_long)?;
        }
        Ok(RowKey::new(hash, range))
    }
}

/// The rules for one key value: not empty, not too long.
fn check_length(
    part: &KeyAttribute,
    value: RawValue<'_>,
    most: usize,
    too_long: fn() -> String,
) -> Result<()> {
    if value.kind == AttributeType::N {
        // As a key it has some bytes and never many.
        return Ok(());
    }
    let len = value.payload.len();
    if len == 0 {
        return Err(Error::validation(text::empty_key_value(&part.name, value.kind)));
    }
    if len > most { Err(Error::validation(too_long())) } else { Ok(()) }
}
