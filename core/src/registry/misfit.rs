//! Where an input is not of its operation's shape, for the error of a host: the service says what is wrong, seldom where.
//!
//! It is looked for after a request has failed, and costs those nothing that are in order.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::operations;
use crate::api::shape::{EnumInfo, MemberInfo, StructInfo, TypeInfo};

/// The types of attribute values, in the order in which the service lists them.
const TYPES: [(&str, TypeInfo); 10] = [
    ("S", TypeInfo::String),
    ("N", TypeInfo::String),
    ("B", TypeInfo::Blob),
    ("SS", TypeInfo::List(&TypeInfo::String)),
    ("NS", TypeInfo::List(&TypeInfo::String)),
    ("BS", TypeInfo::List(&TypeInfo::Blob)),
    ("M", TypeInfo::Map(&TypeInfo::AttributeValue)),
    ("L", TypeInfo::List(&TypeInfo::AttributeValue)),
    ("NULL", TypeInfo::Boolean),
    ("BOOL", TypeInfo::Boolean),
];

/// Texts of the caller are shown up to this many characters.
const SHOWN: usize = 40;

/// The first place of an input that is not of its operation's shape.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Misfit {
    /// The names and numbers that lead there, such as `["Item", "tags", "L", "0"]`; none for the input itself.
    pub path: Vec<String>,
    /// What stands there.
    pub found: Found,
    /// What belongs there.
    pub expected: Expected,
}

/// What stands in the place of something else.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Found {
    /// Nothing: null.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Whole(i128),
    /// A number with a fraction, or one beyond all whole numbers.
    Number(f64),
    /// Text, of which the beginning is kept.
    Text(String),
    /// Bytes.
    Bytes,
    /// A list.
    List,
    /// A map of these names, of which the first few are kept.
    Map(Vec<String>),
    /// A member that the structure does not have.
    Member(String),
}

/// What belongs in a place.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Expected {
    /// A value of this type.
    Type(TypeInfo),
    /// One of the members of a structure.
    MemberOf(&'static StructInfo),
}

/// What is not in order about an input of an operation; none for one in order, and for an operation that there is not.
pub fn misfit<'de, D: Deserializer<'de>>(operation: &str, input: D) -> Option<Misfit> {
    let info = operations().iter().find(|info| info.name == operation)?;
    let mut notes = Notes::default();
    // How it ends is in the notes: the walk stops where it has found something.
    let walk = Walk { ty: TypeInfo::Struct(info.input), is_optional: false, notes: &mut notes };
    match walk.deserialize(input) {
        Ok(()) => notes.unknown,
        Err(_) => notes.misfit.map(|mut misfit| {
            misfit.path.reverse();
            misfit
        }),
    }
}

/// What to tell of an operation that there is not.
pub fn unknown_operation(name: &str) -> String {
    let plain = |name: &str| name.replace(['_', '-'], "").to_lowercase();
    let near = operations().iter().find(|info| plain(info.name) == plain(name));
    let meant = near.map_or_else(String::new, |info| format!(" Did you mean {}?", info.name));
    format!(
        "This version of streamtable has no operation {name:?}.{meant} \
         docs/compatibility.md of its repository ({}) says what is here.",
        env!("CARGO_PKG_REPOSITORY")
    )
}

#[derive(Default)]
struct Notes {
    /// The path from the inside out, as the walk comes back along it.
    misfit: Option<Misfit>,
    /// The first member that no structure has, which may be passed over; its path is from the outside in.
    unknown: Option<Misfit>,
    /// Where the walk is.
    place: Vec<String>,
}

/// Looks at one value.
struct Walk<'n> {
    ty: TypeInfo,
    is_optional: bool,
    notes: &'n mut Notes,
}

impl Walk<'_> {
    fn refuse<E: de::Error>(self, found: Found) -> Result<(), E> {
        let expected = Expected::Type(self.ty);
        self.notes.misfit = Some(Misfit { path: Vec::new(), found, expected });
        Err(E::custom("found"))
    }

    /// Looks at what is inside, one step further.
    fn inside<E>(
        &mut self,
        step: String,
        ty: TypeInfo,
        is_optional: bool,
        look: impl FnOnce(Walk<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.notes.place.push(step);
        let looked = look(Walk { ty, is_optional, notes: self.notes });
        let step = self.notes.place.pop().expect("pushed above");
        if looked.is_err()
            && let Some(misfit) = &mut self.notes.misfit
        {
            misfit.path.push(step);
        }
        looked
    }

    fn member_of(ty: TypeInfo, name: &str) -> Option<(TypeInfo, bool)> {
        match ty {
            TypeInfo::Map(member) => Some((*member, false)),
            TypeInfo::Item => Some((TypeInfo::AttributeValue, false)),
            TypeInfo::AttributeValue => {
                TYPES.iter().find(|(known, _)| *known == name).map(|(_, content)| (*content, false))
            }
            TypeInfo::Struct(info) => {
                info.members.iter().find(|m| m.wire == name).map(|m: &MemberInfo| (m.ty, true))
            }
            _ => None,
        }
    }

    fn is_map(&self) -> bool {
        matches!(self.ty, TypeInfo::Map(_) | TypeInfo::Item | TypeInfo::AttributeValue | TypeInfo::Struct(_))
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Expected::Type(self.ty))
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        if self.is_optional { Ok(()) } else { self.refuse(Found::Null) }
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        if matches!(self.ty, TypeInfo::Boolean) { Ok(()) } else { self.refuse(Found::Boolean(value)) }
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.visit_i128(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.visit_i128(value.into())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<(), E> {
        let fits = match self.ty {
            TypeInfo::Integer => i32::try_from(value).is_ok(),
            TypeInfo::Long => i64::try_from(value).is_ok(),
            TypeInfo::Double | TypeInfo::Timestamp => true,
            _ => false,
        };
        if fits { Ok(()) } else { self.refuse(Found::Whole(value)) }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        // A fraction is dropped where whole numbers belong, as the service does.
        let fits = match self.ty {
            TypeInfo::Integer => value.abs() <= f64::from(i32::MAX),
            TypeInfo::Long => value.abs() < i64::MAX as f64,
            TypeInfo::Double | TypeInfo::Timestamp => true,
            _ => false,
        };
        if fits { Ok(()) } else { self.refuse(Found::Number(value)) }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        match self.ty {
            TypeInfo::String | TypeInfo::Enum(_) => Ok(()),
            _ => self.refuse(Found::Text(value.chars().take(SHOWN).collect())),
        }
    }

    fn visit_bytes<E: de::Error>(self, _value: &[u8]) -> Result<(), E> {
        if matches!(self.ty, TypeInfo::Blob) { Ok(()) } else { self.refuse(Found::Bytes) }
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let TypeInfo::List(member) = self.ty else { return self.refuse(Found::List) };
        for at in 0_usize.. {
            let mut is_over = false;
            self.inside(at.to_string(), *member, false, |walk| {
                is_over = list.next_element_seed(walk)?.is_none();
                Ok(())
            })?;
            if is_over {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut names = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if names.len() < TYPES.len() {
                names.push(name.clone());
            }
            if !self.is_map() {
                map.next_value::<IgnoredAny>()?;
            } else if let Some((ty, is_optional)) = Walk::member_of(self.ty, &name) {
                self.inside(name, ty, is_optional, |walk| map.next_value_seed(walk))?;
            } else {
                map.next_value::<IgnoredAny>()?;
                self.note_unknown(name);
            }
        }
        let is_one_type = names.len() == 1 && Walk::member_of(TypeInfo::AttributeValue, &names[0]).is_some();
        match self.ty {
            TypeInfo::AttributeValue if !is_one_type => self.refuse(Found::Map(names)),
            _ if !self.is_map() => self.refuse(Found::Map(names)),
            _ => Ok(()),
        }
    }
}

impl Walk<'_> {
    fn note_unknown(&mut self, name: String) {
        if let TypeInfo::Struct(info) = self.ty
            && self.notes.unknown.is_none()
        {
            let path = self.notes.place.clone();
            let (found, expected) = (Found::Member(name), Expected::MemberOf(info));
            self.notes.unknown = Some(Misfit { path, found, expected });
        }
    }
}

impl Misfit {
    /// The path as text; none for the input itself.
    pub fn place(&self) -> Option<String> {
        (!self.path.is_empty()).then(|| self.path.join("."))
    }
}

/// In the words of JSON: `Item.id.S: found the number 1, expected text`.
impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place() {
            write!(f, "{place}: ")?;
        }
        write!(f, "found {}, expected {}", self.found, self.expected)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Null => f.write_str("null"),
            Found::Boolean(value) => write!(f, "{value}"),
            Found::Whole(value) => write!(f, "the number {value}"),
            Found::Number(value) => write!(f, "the number {value}"),
            Found::Text(text) => write!(f, "the text {text:?}"),
            Found::Bytes => f.write_str("bytes"),
            Found::List => f.write_str("a list"),
            Found::Map(names) if names.is_empty() => f.write_str("an empty object"),
            Found::Map(names) => write!(f, "an object with {}", names.join(", ")),
            Found::Member(name) => write!(f, "a member {name:?}"),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Type(TypeInfo::String) => f.write_str("text"),
            Expected::Type(TypeInfo::Integer) => f.write_str("a whole number of 32 bits"),
            Expected::Type(TypeInfo::Long) => f.write_str("a whole number of 64 bits"),
            Expected::Type(TypeInfo::Double) => f.write_str("a number"),
            Expected::Type(TypeInfo::Boolean) => f.write_str("true or false"),
            Expected::Type(TypeInfo::Blob) => f.write_str("bytes"),
            Expected::Type(TypeInfo::Timestamp) => f.write_str("a moment in seconds"),
            Expected::Type(TypeInfo::Enum(EnumInfo { values, .. })) => {
                write!(f, "one of {}", values.join(", "))
            }
            Expected::Type(TypeInfo::List(_)) => f.write_str("a list"),
            Expected::Type(TypeInfo::Map(_) | TypeInfo::Item) => f.write_str("an object"),
            Expected::Type(TypeInfo::Struct(info)) => {
                let names: Vec<&str> =
                    info.members.iter().map(|member| member.wire).take(TYPES.len()).collect();
                write!(f, "an object with {}", names.join(", "))
            }
            Expected::Type(TypeInfo::AttributeValue) => {
                f.write_str(r#"an attribute value, such as {"S": "text"}"#)
            }
            Expected::MemberOf(info) => {
                let names: Vec<&str> = info.members.iter().map(|member| member.wire).collect();
                write!(f, "one of {}", names.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{misfit, unknown_operation};

    fn told(operation: &str, input: Value) -> Option<String> {
        misfit(operation, input).map(|misfit| misfit.to_string())
    }

    fn put(value: Value) -> Option<String> {
        told("PutItem", json!({"TableName": "T", "Item": {"id": {"S": "1"}, "v": value}}))
    }

    #[test]
    fn the_place_the_value_and_what_belongs_there_are_told() {
        let value = r#"an attribute value, such as {"S": "text"}"#;
        let cases = [
            (json!({"S": 1}), "Item.v.S: found the number 1, expected text".to_owned()),
            (json!(5), format!("Item.v: found the number 5, expected {value}")),
            (json!(null), format!("Item.v: found null, expected {value}")),
            (json!({"n": 5}), format!("Item.v: found an object with n, expected {value}")),
            (json!({}), format!("Item.v: found an empty object, expected {value}")),
            (json!({"S": "a", "N": "1"}), format!("Item.v: found an object with N, S, expected {value}")),
            (json!({"S": null}), "Item.v.S: found null, expected text".to_owned()),
            (json!({"L": [{"S": "a"}, null]}), format!("Item.v.L.1: found null, expected {value}")),
            (
                json!({"M": {"a": {"BOOL": "x"}}}),
                "Item.v.M.a.BOOL: found the text \"x\", expected true or false".to_owned(),
            ),
            (json!({"SS": ["a", 1.5]}), "Item.v.SS.1: found the number 1.5, expected text".to_owned()),
        ];
        for (given, expected) in cases {
            assert_eq!(put(given), Some(expected));
        }
        assert_eq!(put(json!({"L": [{"M": {}}]})), None);
    }

    #[test]
    fn members_are_held_against_their_types_and_names() {
        let limit = |limit: Value| told("Scan", json!({"TableName": "T", "Limit": limit}));
        assert_eq!(limit(json!(1)), None);
        assert_eq!(limit(json!(null)), None);
        let found = limit(json!(1_u64 << 53)).expect("too many");
        assert_eq!(found, "Limit: found the number 9007199254740992, expected a whole number of 32 bits");
        let unknown = told("DeleteTable", json!({"TableNme": "T"})).expect("a name that is none");
        assert_eq!(unknown, "found a member \"TableNme\", expected one of TableName");
        let inner = json!({"KeySchema": [{"AttributeName": "id", "KeyTyp": "HASH"}]});
        let unknown = told("CreateTable", inner).expect("a name that is none");
        assert_eq!(unknown, "KeySchema.0: found a member \"KeyTyp\", expected one of AttributeName, KeyType");
        assert_eq!(
            told("PutItem", json!([])).expect("no object").split(", expected").next(),
            Some("found a list")
        );
    }

    #[test]
    fn an_operation_that_is_not_there_is_told_with_the_one_that_may_be_meant() {
        assert!(unknown_operation("put_item").contains("Did you mean PutItem?"));
        assert!(!unknown_operation("Frobnicate").contains("Did you mean"));
        assert!(unknown_operation("Frobnicate").contains("no operation \"Frobnicate\""));
    }
}
