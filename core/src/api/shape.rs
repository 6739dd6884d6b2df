//! Shapes: the structures that cross the door, defined once as Rust structs and, from the same lines, as data.
//!
//! `shape!` declares a struct with serde derives and its [`StructInfo`]: wire names, docs, required members, constraints. From that data
//! come the constraint checks with the service's aggregated wording, and everything the bindings generate.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{Error, Result};
use super::message::shape as text;
use crate::value::{AttributeValue, Checked, Item};

/// A structure as data.
#[derive(Debug)]
pub struct StructInfo {
    /// Name in the service's model, such as `PutItemInput`.
    pub name: &'static str,
    /// The doc comment.
    pub doc: &'static str,
    /// The members, in declaration order.
    pub members: &'static [MemberInfo],
}

/// A member of a structure as data.
#[derive(Debug)]
pub struct MemberInfo {
    /// Name on the wire, such as `TableName`.
    pub wire: &'static str,
    /// Name of the Rust field, such as `table_name`.
    pub field: &'static str,
    /// The doc comment.
    pub doc: &'static str,
    /// The type.
    pub ty: TypeInfo,
    /// What the value must satisfy.
    pub constraints: &'static [Constraint],
}

impl MemberInfo {
    /// Whether a request must name this member.
    pub fn required(&self) -> bool {
        self.constraints.iter().any(|c| matches!(c, Constraint::Required))
    }
}

/// The type of a member as data.
#[derive(Clone, Copy, Debug)]
pub enum TypeInfo {
    /// Text.
    String,
    /// A 32-bit whole number.
    Integer,
    /// A 64-bit whole number.
    Long,
    /// A number with fraction.
    Double,
    /// True or false.
    Boolean,
    /// A moment, epoch seconds on the wire.
    Timestamp,
    /// One of a set of names.
    Enum(&'static EnumInfo),
    /// A list.
    List(&'static TypeInfo),
    /// A map from text.
    Map(&'static TypeInfo),
    /// A structure.
    Struct(&'static StructInfo),
    /// One attribute value, such as `{"S": "text"}`.
    AttributeValue,
    /// Named attribute values.
    Item,
}

/// A set of names as data.
#[derive(Debug)]
pub struct EnumInfo {
    /// Name in the service's model.
    pub name: &'static str,
    /// The doc comment.
    pub doc: &'static str,
    /// The names, in the order the service lists them in its messages.
    pub values: &'static [&'static str],
}

/// What a member's value must satisfy.
#[derive(Clone, Copy, Debug)]
pub enum Constraint {
    /// Must be given.
    Required,
    /// Length of text in characters, or of a collection in members.
    Length {
        /// Least.
        min: usize,
        /// Most.
        max: usize,
    },
    /// Range of a number.
    Range {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
    },
    /// Text of a form.
    Pattern {
        /// The form as the service shows it.
        shown: &'static str,
        /// Whether a text has it.
        matches: fn(&str) -> bool,
    },
}

/// Constraint notation of `shape!`.
pub(crate) mod rule {
    use super::Constraint;

    pub(crate) const REQUIRED: Constraint = Constraint::Required;
    /// Names of tables and indexes (facts B3).
    pub(crate) const NAME_PATTERN: Constraint =
        Constraint::Pattern { shown: "[a-zA-Z0-9_.-]+", matches: super::is_name };
    /// Collections without a greatest length.
    pub(crate) const NO_LIMIT: usize = usize::MAX;

    pub(crate) const fn length(min: usize, max: usize) -> Constraint {
        Constraint::Length { min, max }
    }

    pub(crate) const fn range(min: i64, max: i64) -> Constraint {
        Constraint::Range { min, max }
    }
}

pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// Something that can be a member of a shape.
pub trait Member {
    /// The type as data.
    const TYPE: TypeInfo;

    /// Length, where constraints of length apply.
    fn length(&self) -> Option<usize> {
        None
    }

    /// Value, where constraints of range apply.
    fn number(&self) -> Option<i64> {
        None
    }

    /// Text, where patterns apply.
    fn text(&self) -> Option<&str> {
        None
    }

    /// The value as the service repeats it in a message.
    fn echo(&self) -> String;

    /// Whether there is anything to check inside; leaves spare the path.
    const HAS_INSIDE: bool = false;

    /// Checks what is inside.
    fn descend(&self, _path: &str, _violations: &mut Vec<String>) {}
}

/// A structure of the API.
pub trait Shape {
    /// The structure as data.
    const INFO: &'static StructInfo;

    /// Adds every broken constraint below `path` to `violations`.
    fn check_members(&self, path: &str, violations: &mut Vec<String>);

    /// Checks a whole input.
    ///
    /// # Errors
    /// One `ValidationException` that lists every broken constraint (facts B12).
    fn check(&self) -> Result<()> {
        let mut violations = Vec::new();
        self.check_members("", &mut violations);
        if violations.is_empty() { Ok(()) } else { Err(Error::validation(text::detected(&violations))) }
    }
}

pub(crate) fn check_member<M: Member>(
    value: Option<&M>,
    info: &MemberInfo,
    parent: &str,
    out: &mut Vec<String>,
) {
    let path = || text::member_path(parent, info.wire);
    let Some(value) = value else {
        if info.required() {
            out.push(text::null(&path()));
        }
        return;
    };
    for constraint in info.constraints {
        if let Some(rule) = broken(constraint, value) {
            out.push(text::violation(Some(&value.echo()), &path(), &rule));
        }
    }
    if M::HAS_INSIDE {
        value.descend(&path(), out);
    }
}

fn broken<M: Member>(constraint: &Constraint, value: &M) -> Option<String> {
    match *constraint {
        Constraint::Required => None,
        Constraint::Length { min, max } => match value.length()? {
            n if n < min => Some(text::length_at_least(min)),
            n if n > max => Some(text::length_at_most(max)),
            _ => None,
        },
        Constraint::Range { min, max } => match value.number()? {
            n if n < min => Some(text::value_at_least(min)),
            n if n > max => Some(text::value_at_most(max)),
            _ => None,
        },
        Constraint::Pattern { shown, matches } => (!matches(value.text()?)).then(|| text::pattern(shown)),
    }
}

impl Member for String {
    const TYPE: TypeInfo = TypeInfo::String;

    fn length(&self) -> Option<usize> {
        Some(self.chars().count())
    }

    fn text(&self) -> Option<&str> {
        Some(self)
    }

    fn echo(&self) -> String {
        self.clone()
    }
}

macro_rules! number_member {
    ($($ty:ty => $info:ident)*) => {$(
        impl Member for $ty {
            const TYPE: TypeInfo = TypeInfo::$info;

            fn number(&self) -> Option<i64> {
                Some(i64::from(*self))
            }

            fn echo(&self) -> String {
                self.to_string()
            }
        }
    )*};
}
number_member! { i32 => Integer i64 => Long }

impl Member for bool {
    const TYPE: TypeInfo = TypeInfo::Boolean;

    fn echo(&self) -> String {
        self.to_string()
    }
}

impl Member for f64 {
    const TYPE: TypeInfo = TypeInfo::Double;

    fn echo(&self) -> String {
        self.to_string()
    }
}

impl Member for Checked<Item> {
    const TYPE: TypeInfo = TypeInfo::Item;

    fn echo(&self) -> String {
        format!("{:?}", self.0)
    }
}

impl Member for Item {
    const TYPE: TypeInfo = TypeInfo::Item;

    fn echo(&self) -> String {
        format!("{self:?}")
    }
}

impl Member for Checked<AttributeValue> {
    const TYPE: TypeInfo = TypeInfo::AttributeValue;

    fn echo(&self) -> String {
        format!("{:?}", self.0)
    }
}

impl<M: Member> Member for Vec<M> {
    const TYPE: TypeInfo = TypeInfo::List(&M::TYPE);
    const HAS_INSIDE: bool = M::HAS_INSIDE;

    fn length(&self) -> Option<usize> {
        Some(self.len())
    }

    fn echo(&self) -> String {
        let members: Vec<String> = self.iter().map(Member::echo).collect();
        format!("[{}]", members.join(", "))
    }

    fn descend(&self, path: &str, violations: &mut Vec<String>) {
        for (i, member) in self.iter().enumerate() {
            member.descend(&format!("{path}.{}.member", i + 1), violations);
        }
    }
}

impl<M: Member> Member for BTreeMap<String, M> {
    const TYPE: TypeInfo = TypeInfo::Map(&M::TYPE);
    const HAS_INSIDE: bool = M::HAS_INSIDE;

    fn length(&self) -> Option<usize> {
        Some(self.len())
    }

    fn echo(&self) -> String {
        let members: Vec<String> = self.iter().map(|(k, v)| format!("{k}={}", v.echo())).collect();
        format!("{{{}}}", members.join(", "))
    }

    fn descend(&self, path: &str, violations: &mut Vec<String>) {
        for (name, member) in self {
            member.descend(&format!("{path}.{name}.member"), violations);
        }
    }
}

/// A moment, in seconds since 1970 with milliseconds; hosts turn it into their own date type.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct Timestamp(pub f64);

impl Timestamp {
    /// From epoch milliseconds.
    pub fn from_millis(millis: u64) -> Timestamp {
        Timestamp(millis as f64 / 1000.0)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct("Timestamp", &self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Timestamp)
    }
}

impl Member for Timestamp {
    const TYPE: TypeInfo = TypeInfo::Timestamp;

    fn echo(&self) -> String {
        self.0.to_string()
    }
}

/// A name out of a set, or whatever the caller wrote instead, which the check reports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Open<E> {
    /// A name of the set.
    Known(E),
    /// Another text.
    Unknown(String),
}

impl<E: Enumeration> Open<E> {
    /// The name; unknown texts are reported by the check before any operation asks.
    pub fn known(&self) -> Option<E> {
        match self {
            Open::Known(value) => Some(*value),
            Open::Unknown(_) => None,
        }
    }
}

impl<E> From<E> for Open<E> {
    fn from(value: E) -> Open<E> {
        Open::Known(value)
    }
}

/// A set of names.
pub trait Enumeration: Copy + fmt::Debug + 'static {
    /// The set as data.
    const INFO: &'static EnumInfo;
    /// The name.
    fn name(self) -> &'static str;
    /// The member with this name.
    fn from_name(name: &str) -> Option<Self>;
}

impl<E: Enumeration> Member for Open<E> {
    const TYPE: TypeInfo = TypeInfo::Enum(E::INFO);
    const HAS_INSIDE: bool = true;

    fn echo(&self) -> String {
        match self {
            Open::Known(value) => value.name().to_owned(),
            Open::Unknown(text) => text.clone(),
        }
    }

    fn descend(&self, path: &str, violations: &mut Vec<String>) {
        if let Open::Unknown(given) = self {
            violations.push(text::violation(Some(given), path, &text::enumeration(E::INFO.values)));
        }
    }
}

impl<E: Enumeration> Serialize for Open<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Open::Known(value) => value.name(),
            Open::Unknown(text) => text,
        })
    }
}

impl<'de, E: Enumeration> Deserialize<'de> for Open<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(E::from_name(&text).map_or(Open::Unknown(text), Open::Known))
    }
}

/// A name out of a set and nothing else, as files keep it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Named<E>(pub(crate) E);

impl<E: Enumeration> Serialize for Named<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de, E: Enumeration> Deserialize<'de> for Named<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        E::from_name(&text).map(Named).ok_or_else(|| serde::de::Error::unknown_variant(&text, E::INFO.values))
    }
}

/// Declares structures: `field: Type = "WireName" [constraints],` under doc comments. Every member is optional in Rust, as on the wire.
/// An answer whose parts are only ever written is declared under `answer;`, and derives no `Deserialize`.
macro_rules! shape {
    (answer; $($structs:tt)*) => { $crate::api::shape::shape! { @derive [serde::Serialize] $($structs)* } };
    (@derive $derives:tt $(
        $(#[doc = $doc:literal])*
        pub struct $name:ident { $($body:tt)* }
    )*) => {$(
        $crate::api::shape::shape! { @one $derives $(#[doc = $doc])* pub struct $name { $($body)* } }
    )*};
    (@one [$($derive:path),*]
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $member_doc:literal])*
                $field:ident : $ty:ty = $wire:literal $([$($rule:expr),*])?,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, $($derive),*)]
        #[serde(default)]
        pub struct $name {
            $(
                $(#[doc = $member_doc])*
                #[serde(rename = $wire, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$ty>,
            )*
        }

        impl $crate::api::shape::Shape for $name {
            const INFO: &'static $crate::api::shape::StructInfo = &$crate::api::shape::StructInfo {
                name: stringify!($name),
                doc: concat!($($doc, "\n"),*),
                members: &[$($crate::api::shape::MemberInfo {
                    wire: $wire,
                    field: stringify!($field),
                    doc: concat!($($member_doc, "\n"),*),
                    ty: <$ty as $crate::api::shape::Member>::TYPE,
                    constraints: {
                        #[allow(unused_imports, reason = "not every shape has constraints, or limits in them")]
                        use $crate::{api::shape::rule::*, limits::*};
                        &[$($($rule),*)?]
                    },
                }),*],
            };

            #[allow(unused_variables, unused_mut, reason = "shapes without members have nothing to check")]
            fn check_members(&self, path: &str, violations: &mut Vec<String>) {
                let mut members = Self::INFO.members.iter();
                $(
                    let info = members.next().expect("one per field, from the same lines");
                    $crate::api::shape::check_member(self.$field.as_ref(), info, path, violations);
                )*
            }
        }

        impl $crate::api::shape::Member for $name {
            const TYPE: $crate::api::shape::TypeInfo =
                $crate::api::shape::TypeInfo::Struct(<$name as $crate::api::shape::Shape>::INFO);
            const HAS_INSIDE: bool = true;

            #[allow(unused_mut, reason = "shapes without members have nothing to push")]
            fn echo(&self) -> String {
                let mut members: Vec<String> = Vec::new();
                $(
                    if let Some(value) = &self.$field {
                        let name = $crate::api::message::shape::member_path("", $wire);
                        members.push(format!("{name}={}", $crate::api::shape::Member::echo(value)));
                    }
                )*
                format!("{}({})", stringify!($name), members.join(", "))
            }

            fn descend(&self, path: &str, violations: &mut Vec<String>) {
                $crate::api::shape::Shape::check_members(self, path, violations);
            }
        }
    };
    ($($structs:tt)*) => {
        $crate::api::shape::shape! { @derive [serde::Serialize, serde::Deserialize] $($structs)* }
    };
}
pub(crate) use shape;

/// Declares sets of names, in the order the service lists them in its messages.
macro_rules! enumeration {
    ($(
        $(#[doc = $doc:literal])*
        pub enum $name:ident { $($(#[doc = $value_doc:literal])* $variant:ident = $wire:literal,)* }
    )*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum $name { $($(#[doc = $value_doc])* $variant,)* }

        impl $crate::api::shape::Enumeration for $name {
            const INFO: &'static $crate::api::shape::EnumInfo = &$crate::api::shape::EnumInfo {
                name: stringify!($name),
                doc: concat!($($doc, "\n"),*),
                values: &[$($wire),*],
            };

            fn name(self) -> &'static str {
                match self { $($name::$variant => $wire,)* }
            }

            fn from_name(name: &str) -> Option<$name> {
                match name { $($wire => Some($name::$variant),)* _ => None }
            }
        }
    )*};
}
pub(crate) use enumeration;
