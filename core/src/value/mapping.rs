//! Rust values as items and back, through serde.
//!
//! The mapping is that of the crate `serde_dynamo`, which DynamoDB's users in Rust know; it stands at [`to_item`].

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_dynamo::AttributeValue as Mapped;
pub use serde_dynamo::{binary_set, number_set, string_set};

use super::builder::{Builder, ValueFault};
use super::item::{AttributeType, Item, ValueRef};
use super::set::SetScope;

/// Why a Rust value is no item, or an item no such Rust value.
#[derive(Debug)]
pub struct MappingError(Reason);

#[derive(Debug)]
enum Reason {
    Mapping(serde_dynamo::Error),
    Value(ValueFault),
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Mapping(error) => error.fmt(f),
            Reason::Value(fault) => write!(f, "attribute {}: {:?}", fault.name, fault.problem),
        }
    }
}

impl std::error::Error for MappingError {}

impl From<serde_dynamo::Error> for MappingError {
    fn from(error: serde_dynamo::Error) -> MappingError {
        MappingError(Reason::Mapping(error))
    }
}

/// The item that a struct or a map is, by the mapping of this table:
///
/// | Rust | attribute |
/// |---|---|
/// | integers of up to 64 bits, floats | `N`; a float as the shortest decimal that reads back as it |
/// | `String`, `&str`, `char`, unit variants of enums | `S` |
/// | `bool` | `BOOL` |
/// | `None`, `()`, unit structs | `NULL`; no attribute with `#[serde(skip_serializing_if = "Option::is_none")]`. Both read as `None` |
/// | byte buffers that say so to serde (`serde_bytes`) | `B` |
/// | `Vec`, slices, tuples | `L` |
/// | structs, maps with text keys, other variants of enums | `M` |
/// | collections with `#[serde(with = "streamtable::value::string_set")]`, `number_set`, `binary_set` | `SS`, `NS`, `BS` |
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use streamtable::value::{from_item, to_item};
///
/// #[derive(Serialize, Deserialize, PartialEq, Debug)]
/// struct Order {
///     id: String,
///     total: f64,
///     lines: Vec<Line>,
///     note: Option<String>,
///     #[serde(with = "streamtable::value::string_set")]
///     tags: Vec<String>,
/// }
///
/// #[derive(Serialize, Deserialize, PartialEq, Debug)]
/// struct Line {
///     article: u64,
///     count: u32,
/// }
///
/// let order = Order {
///     id: "1".into(),
///     total: 9.9,
///     lines: vec![Line { article: 7, count: 2 }],
///     note: None,
///     tags: vec!["new".into()],
/// };
/// let item = to_item(&order)?;
/// let json = r#"{"id": {"S": "1"}, "total": {"N": "9.9"}, "note": {"NULL": true}, "tags": {"SS": ["new"]},
///     "lines": {"L": [{"M": {"article": {"N": "7"}, "count": {"N": "2"}}}]}}"#;
/// assert_eq!(item, streamtable::value::Item::from_json(json)?);
/// assert_eq!(from_item::<Order>(&item)?, order);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A value that is no struct and no map, that serde refuses, or that breaks a rule of attribute values: numbers out of range, empty sets, more
/// than 32 levels.
pub fn to_item<T: Serialize + ?Sized>(value: &T) -> Result<Item, MappingError> {
    let mapped: serde_dynamo::Item = serde_dynamo::to_item(value)?;
    let mut builder = Builder::with_capacity(512);
    let (_, size) = write_map(&mut builder, &mapped.into());
    builder.finish(size).map_err(|fault| MappingError(Reason::Value(fault)))
}

/// The Rust value that an item is, by the mapping of [`to_item`]. A number is exact in the item; a float that reads it is the nearest.
///
/// # Errors
/// An item that lacks what the type needs, or has it in another form.
pub fn from_item<T: DeserializeOwned>(item: &Item) -> Result<T, MappingError> {
    let mapped: HashMap<String, Mapped> =
        item.attributes().iter().map(|(name, value)| (name.to_owned(), mapped(value))).collect();
    Ok(serde_dynamo::from_item(mapped)?)
}

fn write_map(builder: &mut Builder, entries: &HashMap<String, Mapped>) -> (usize, usize) {
    let scope = builder.open_map();
    for (name, value) in entries {
        let entry = builder.open_entry(name);
        let size = write(builder, value);
        builder.close_entry(entry, size);
    }
    builder.close_map(scope)
}

/// Writes a value; returns its size.
fn write(builder: &mut Builder, value: &Mapped) -> usize {
    if !builder.may_nest() {
        return 0;
    }
    match value {
        Mapped::S(text) => builder.string(text),
        Mapped::N(text) => builder.number(text),
        Mapped::B(bytes) => builder.binary(bytes),
        Mapped::Bool(value) => builder.boolean(*value),
        Mapped::Null(value) => builder.null(*value),
        Mapped::Ss(members) => builder.set(AttributeType::Ss, members.iter().map(String::as_bytes)),
        Mapped::Bs(members) => builder.set(AttributeType::Bs, members.iter().map(Vec::as_slice)),
        Mapped::Ns(members) => {
            let mut set = SetScope::open(builder, AttributeType::Ns);
            members.iter().for_each(|member| set.number(builder, member));
            set.close(builder)
        }
        Mapped::L(values) => {
            let frame = builder.open_value(AttributeType::L);
            let count_at = builder.open_list();
            let size: usize = values.iter().map(|value| 1 + write(builder, value)).sum();
            builder.close_list(count_at, values.len());
            builder.close_value(frame);
            3 + size
        }
        Mapped::M(entries) => {
            let frame = builder.open_value(AttributeType::M);
            let (count, size) = write_map(builder, entries);
            builder.close_value(frame);
            3 + count + size
        }
    }
}

fn mapped(value: ValueRef<'_>) -> Mapped {
    match value {
        ValueRef::S(text) => Mapped::S(text.to_owned()),
        ValueRef::N(digits) => Mapped::N(digits.to_owned()),
        ValueRef::B(bytes) => Mapped::B(bytes.to_vec()),
        ValueRef::Bool(value) => Mapped::Bool(value),
        ValueRef::Null => Mapped::Null(true),
        ValueRef::Ss(set) => Mapped::Ss(set.texts().map(str::to_owned).collect()),
        ValueRef::Ns(set) => Mapped::Ns(set.texts().map(str::to_owned).collect()),
        ValueRef::Bs(set) => Mapped::Bs(set.members().map(<[u8]>::to_vec).collect()),
        ValueRef::L(list) => Mapped::L(list.iter().map(mapped).collect()),
        ValueRef::M(map) => {
            Mapped::M(map.iter().map(|(name, value)| (name.to_owned(), mapped(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_bytes::ByteBuf;

    use super::*;

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Everything {
        small: i8,
        large: u64,
        float: f64,
        letter: char,
        flag: bool,
        nothing: (),
        absent: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left_out: Option<String>,
        pair: (u8, String),
        named: BTreeMap<String, i64>,
        state: State,
        shape: State,
        #[serde(with = "number_set")]
        numbers: Vec<i64>,
    }

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    enum State {
        New,
        Sent { to: String },
    }

    #[test]
    fn values_come_back() {
        let value = Everything {
            small: -1,
            large: u64::MAX,
            float: 0.1,
            letter: 'ä',
            flag: true,
            nothing: (),
            absent: None,
            left_out: None,
            pair: (7, "x".into()),
            named: BTreeMap::from([("k".into(), i64::MIN)]),
            state: State::New,
            shape: State::Sent { to: "y".into() },
            numbers: vec![-2, 10],
        };
        let item = to_item(&value).expect("an item");
        let json = r#"{"small":{"N":"-1"},"large":{"N":"18446744073709551615"},"float":{"N":"0.1"},"letter":{"S":"ä"},
            "flag":{"BOOL":true},"nothing":{"NULL":true},"absent":{"NULL":true},"pair":{"L":[{"N":"7"},{"S":"x"}]},
            "named":{"M":{"k":{"N":"-9223372036854775808"}}},"state":{"S":"New"},
            "shape":{"M":{"Sent":{"M":{"to":{"S":"y"}}}}},"numbers":{"NS":["-2","10"]}}"#;
        assert_eq!(item, Item::from_json(json).expect("an item"));
        assert_eq!(from_item::<Everything>(&item).expect("the value"), value);
    }

    #[test]
    fn items_of_the_service_are_read() {
        #[derive(Deserialize, PartialEq, Debug)]
        struct Read {
            id: String,
            #[serde(with = "binary_set")]
            blobs: Vec<ByteBuf>,
        }
        let item = Item::from_json(r#"{"id":{"S":"a"},"blobs":{"BS":["AQ==","AAE="]},"more":{"N":"1"}}"#);
        let read: Read = from_item(&item.expect("an item")).expect("members that nobody asks for are left");
        assert_eq!(read, Read { id: "a".into(), blobs: [vec![0, 1], vec![1]].map(ByteBuf::from).into() });
        let wrong = Item::from_json(r#"{"id":{"N":"1"}}"#).expect("an item");
        assert!(from_item::<BTreeMap<String, bool>>(&wrong).is_err());
    }

    #[test]
    fn what_breaks_a_rule_is_refused_by_name() {
        let refused = |name: &str, value: f64| {
            to_item(&BTreeMap::from([(name, value)])).expect_err("no number of the service").to_string()
        };
        assert_eq!(refused("x", 1e300), "attribute x: Number(Overflow)");
        assert!(refused("y", f64::NAN).starts_with("attribute y: Number(Malformed"));
        assert!(to_item(&7).is_err(), "a number alone is no item");
    }
}
