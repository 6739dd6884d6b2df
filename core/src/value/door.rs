//! Values through serde, in both directions, without a tree in between.
//!
//! Binary is base64 text to human-readable formats (JSON) and bytes to hosts that have bytes.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::attribute::AttributeValue;
use super::builder::{Builder, ValueFault, ValueProblem};
use super::item::{AttributeType, Item, ListRef, MapRef, SetRef, ValueRef};
use super::set::SetScope;

/// Values as a request gave them: an item, or the first rule they break. The operation asks when it is time to complain.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked<T>(pub Result<T, ValueFault>);

impl<T> From<T> for Checked<T> {
    fn from(value: T) -> Checked<T> {
        Checked(Ok(value))
    }
}

impl Serialize for Checked<Item> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(item) => item.serialize(serializer),
            Err(fault) => Err(serde::ser::Error::custom(format!("broken value in {}", fault.name))),
        }
    }
}

impl<'de> Deserialize<'de> for Checked<Item> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut builder = Builder::new();
        let (_, size) = deserializer.deserialize_map(MapVisitor { builder: &mut builder })?;
        Ok(Checked(builder.finish(size)))
    }
}

/// The name a value without a name is encoded under.
const LONE: &str = "value";

/// A value alone, in canonical bytes, such as the operand of a legacy condition.
#[derive(Clone, PartialEq, Eq)]
pub struct Value(Item);

impl Value {
    /// The value.
    pub fn get(&self) -> ValueRef<'_> {
        self.0.get(LONE).expect("made with one attribute")
    }

    /// Canonical bytes: equal values have equal ones.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl From<AttributeValue> for Checked<Value> {
    fn from(value: AttributeValue) -> Checked<Value> {
        Checked(Item::new([(LONE, &value)]).map(Value))
    }
}

impl Serialize for Checked<Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(value) => value.get().serialize(serializer),
            Err(fault) => Err(serde::ser::Error::custom(format!("broken value: {:?}", fault.problem))),
        }
    }
}

impl<'de> Deserialize<'de> for Checked<Value> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut builder = Builder::with_capacity(64);
        let scope = builder.open_map();
        let entry = builder.open_entry(LONE);
        let size = ValueSeed { builder: &mut builder }.deserialize(deserializer)?;
        builder.close_entry(entry, size);
        let (_, size) = builder.close_map(scope);
        Ok(Checked(builder.finish(size).map(Value)))
    }
}

/// For stored rows and tests, where a broken rule is an error at once.
impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Checked::<Item>::deserialize(deserializer)?
            .0
            .map_err(|fault| de::Error::custom(format!("{}: {:?}", fault.name, fault.problem)))
    }
}

/// Reads `{name: AttributeValue, …}` into the builder's open position; returns count and size.
struct MapVisitor<'b> {
    builder: &'b mut Builder,
}

impl<'de> Visitor<'de> for MapVisitor<'_> {
    type Value = (usize, usize);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of attribute values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(usize, usize), A::Error> {
        let scope = self.builder.open_map();
        while let Some(name) = map.next_key_seed(TextSeed)? {
            let entry = self.builder.open_entry(&name);
            let size = map.next_value_seed(ValueSeed { builder: &mut *self.builder })?;
            self.builder.close_entry(entry, size);
        }
        Ok(self.builder.close_map(scope))
    }
}

impl<'de> DeserializeSeed<'de> for MapVisitor<'_> {
    type Value = (usize, usize);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(usize, usize), D::Error> {
        deserializer.deserialize_map(self)
    }
}

/// Reads one `{"S": …}` into the builder; returns the value's size.
struct ValueSeed<'b> {
    builder: &'b mut Builder,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        if !self.builder.may_nest() || self.builder.is_full() {
            // Refused already: the rest is only stepped over, which formats do without recursion and without memory.
            deserializer.deserialize_ignored_any(IgnoredAny)?;
            return Ok(self.builder.null(true));
        }
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute value such as {\"S\": \"text\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        let mark = self.builder.mark();
        let mut written: Option<usize> = None;
        while let Some(kind) = map.next_key_seed(TypeSeed)? {
            let Some(kind) = kind else {
                // Unknown members are ignored, as the service does.
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let before = self.builder.mark();
            if let Some(size) = map.next_value_seed(PayloadSeed { builder: &mut *self.builder, kind })? {
                if written.is_some() {
                    self.builder.note(ValueProblem::SeveralTypes);
                    self.builder.rewind(before);
                }
                written = Some(size);
            }
        }
        if let Some(size) = written {
            return Ok(size);
        }
        self.builder.rewind(mark);
        self.builder.note(ValueProblem::NoType);
        Ok(self.builder.null(true))
    }
}

/// The member name of an attribute value.
struct TypeSeed;

impl<'de> DeserializeSeed<'de> for TypeSeed {
    type Value = Option<AttributeType>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for TypeSeed {
    type Value = Option<AttributeType>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute type such as S")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(AttributeType::from_name(name))
    }
}

/// The content of one type member; none when it is null, which is the same as absent.
struct PayloadSeed<'b> {
    builder: &'b mut Builder,
    kind: AttributeType,
}

impl<'de> DeserializeSeed<'de> for PayloadSeed<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for PayloadSeed<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the content of an attribute value")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let builder = self.builder;
        let size = match self.kind {
            AttributeType::S => builder.string(&TextSeed.deserialize(deserializer)?),
            AttributeType::N => builder.number(&TextSeed.deserialize(deserializer)?),
            AttributeType::B => builder.binary(&BinarySeed::of(&deserializer).deserialize(deserializer)?),
            AttributeType::Bool => builder.boolean(bool::deserialize(deserializer)?),
            AttributeType::Null => builder.null(bool::deserialize(deserializer)?),
            kind @ (AttributeType::Ss | AttributeType::Ns | AttributeType::Bs) => {
                let binary = BinarySeed::of(&deserializer);
                let mut set = SetScope::open(builder, kind);
                deserializer.deserialize_seq(SetVisitor { builder: &mut *builder, set: &mut set, binary })?;
                set.close(builder)
            }
            AttributeType::L => {
                let frame = builder.open_value(AttributeType::L);
                let size = deserializer.deserialize_seq(ListVisitor { builder: &mut *builder })?;
                builder.close_value(frame);
                3 + size
            }
            AttributeType::M => {
                let frame = builder.open_value(AttributeType::M);
                let (count, size) = MapVisitor { builder: &mut *builder }.deserialize(deserializer)?;
                builder.close_value(frame);
                3 + count + size
            }
        };
        Ok(Some(size))
    }
}

struct ListVisitor<'b> {
    builder: &'b mut Builder,
}

impl<'de> Visitor<'de> for ListVisitor<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of attribute values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<usize, A::Error> {
        let count_at = self.builder.open_list();
        let (mut count, mut size) = (0, 0);
        while let Some(element) = seq.next_element_seed(ValueSeed { builder: &mut *self.builder })? {
            count += 1;
            size += 1 + element;
        }
        self.builder.close_list(count_at, count);
        Ok(size)
    }
}

/// Text, borrowed from the input where the format can lend it.
struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }
}

/// Bytes: base64 text in human-readable formats, bytes elsewhere.
#[derive(Clone, Copy)]
struct BinarySeed {
    base64: bool,
}

impl BinarySeed {
    fn of<'de, D: Deserializer<'de>>(deserializer: &D) -> BinarySeed {
        BinarySeed { base64: deserializer.is_human_readable() }
    }
}

impl<'de> DeserializeSeed<'de> for BinarySeed {
    type Value = Vec<u8>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for BinarySeed {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.base64 { "base64 text" } else { "bytes" })
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<u8>, E> {
        if !self.base64 {
            return Err(E::invalid_type(de::Unexpected::Str(text), &self));
        }
        self.visit_bytes(text.as_bytes())
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        if !self.base64 {
            return Ok(bytes.to_vec());
        }
        STANDARD.decode(bytes).map_err(|_| E::custom("only base-64-encoded strings are convertible to bytes"))
    }
}

/// Reads the members of a set, one after the other, into the builder.
struct SetVisitor<'b> {
    builder: &'b mut Builder,
    set: &'b mut SetScope,
    binary: BinarySeed,
}

impl<'de> Visitor<'de> for SetVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of the members of a set")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let SetVisitor { builder, set, binary } = self;
        match set.kind() {
            AttributeType::Bs => {
                while let Some(member) = members.next_element_seed(binary)? {
                    set.member(builder, &member);
                }
            }
            AttributeType::Ns => {
                while let Some(member) = members.next_element_seed(TextSeed)? {
                    set.number(builder, &member);
                }
            }
            _ => {
                while let Some(member) = members.next_element_seed(TextSeed)? {
                    set.member(builder, member.as_bytes());
                }
            }
        }
        Ok(())
    }
}

impl Item {
    /// Reads an item from JSON text in the service's typed form, `{"id": {"S": "a"}}`.
    ///
    /// # Errors
    /// Text that is no such JSON, or the first broken rule of its values.
    pub fn from_json(text: &str) -> Result<Item, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.attributes().serialize(serializer)
    }
}

impl Serialize for MapRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

impl Serialize for ListRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for ValueRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        let name = self.kind().name();
        match self {
            ValueRef::S(text) | ValueRef::N(text) => map.serialize_entry(name, text)?,
            ValueRef::B(bytes) => map.serialize_entry(name, &Binary(bytes))?,
            ValueRef::Bool(value) => map.serialize_entry(name, value)?,
            ValueRef::Null => map.serialize_entry(name, &true)?,
            ValueRef::Ss(set) | ValueRef::Ns(set) => map.serialize_entry(name, &Texts(*set))?,
            ValueRef::Bs(set) => map.serialize_entry(name, &Binaries(*set))?,
            ValueRef::L(list) => map.serialize_entry(name, list)?,
            ValueRef::M(entries) => map.serialize_entry(name, entries)?,
        }
        map.end()
    }
}

/// Writes bytes as [`BinarySeed`] reads them.
pub(crate) fn write_binary<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    Binary(bytes).serialize(serializer)
}

/// Reads bytes: base64 text in human-readable formats, bytes elsewhere.
pub(crate) fn read_binary<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    BinarySeed::of(&deserializer).deserialize(deserializer)
}

/// Bytes, or base64 where people read.
pub(crate) struct Binary<'a>(pub(crate) &'a [u8]);

impl Serialize for Binary<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&STANDARD.encode(self.0))
        } else {
            serializer.serialize_bytes(self.0)
        }
    }
}

struct Texts<'a>(SetRef<'a>);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.texts())
    }
}

struct Binaries<'a>(SetRef<'a>);

impl Serialize for Binaries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.members().map(Binary))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(json: &str) -> String {
        serde_json::to_string(&Item::from_json(json).expect("an item")).expect("JSON")
    }

    #[test]
    fn items_come_back_in_canonical_order() {
        assert_eq!(
            round_trip(
                r#"{"b":{"N":"1.0"},"a":{"M":{"z":{"NS":["3","1.0","-2"]},"y":{"L":[{"B":"AAE="},{"NULL":true}]}}}}"#
            ),
            r#"{"a":{"M":{"y":{"L":[{"B":"AAE="},{"NULL":true}]},"z":{"NS":["-2","1","3"]}}},"b":{"N":"1"}}"#
        );
        assert_eq!(round_trip(r#"{"a":{"S":"1"},"a":{"S":"2"}}"#), r#"{"a":{"S":"2"}}"#);
    }

    #[test]
    fn equality_is_by_value() {
        let item = |json| Item::from_json(json).expect("an item");
        assert_eq!(
            item(r#"{"a":{"N":"1.0"},"s":{"SS":["x","y"]}}"#),
            item(r#"{"s":{"SS":["y","x"]},"a":{"N":"1"}}"#)
        );
    }

    #[test]
    fn sizes_follow_the_rules() {
        let size = |json| Item::from_json(json).expect("an item").size();
        assert_eq!(size(r#"{"id":{"S":"Fred"}}"#), 6);
        assert_eq!(size(r#"{"l":{"L":[{"S":"ab"},{"N":"1"}]}}"#), 1 + 3 + 2 + 2 + 2);
        assert_eq!(size(r#"{"m":{"M":{"k":{"BOOL":true}}}}"#), 1 + 3 + 1 + 1 + 1);
    }

    #[test]
    fn copied_entries_keep_the_size() {
        let item = Item::from_json(r#"{"a":{"NS":["1","22"]},"b":{"L":[{"S":"x"}]},"c":{"B":"AAAA"}}"#)
            .expect("an item");
        assert_eq!(item.project(&["a", "b", "c"]), item);
    }

    #[test]
    fn the_first_fault_is_kept() {
        let fault = |json: &str| {
            serde_json::from_str::<Checked<Item>>(json).expect("readable").0.expect_err(json).problem
        };
        assert_eq!(fault(r#"{"a":{}}"#), ValueProblem::NoType);
        assert_eq!(fault(r#"{"a":{"S":"x","N":"1"}}"#), ValueProblem::SeveralTypes);
        assert_eq!(fault(r#"{"a":{"NULL":false}}"#), ValueProblem::NullIsFalse);
        assert_eq!(fault(r#"{"a":{"SS":[]}}"#), ValueProblem::EmptySet(AttributeType::Ss));
        assert_eq!(fault(r#"{"":{"S":"x"}}"#), ValueProblem::EmptyName);
        let deep = |n: usize| format!(r#"{{"a":{}{{"S":"x"}}{}}}"#, r#"{"L":["#.repeat(n), "]}".repeat(n));
        assert!(serde_json::from_str::<Checked<Item>>(&deep(31)).expect("readable").0.is_ok());
        assert_eq!(fault(&deep(32)), ValueProblem::TooDeep);
        assert_eq!(fault(&deep(5000)), ValueProblem::TooDeep);
    }
}
