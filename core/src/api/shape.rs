//! Shapes: the structures that cross the door, defined once as Rust structs and, from the same lines, as data.
//!
//! `shape!` declares a struct with serde derives and its [`StructInfo`]: wire names, docs, required members, constraints. From that data
//! come the constraint checks with the service's aggregated wording, and everything the bindings generate. What a check has passed is a
//! [`Valid`], which has the required members: operations take nothing else.

mod blob;
mod member;
mod violations;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use blob::Blob;
pub use member::{Member, Read};
pub(crate) use member::{check_constraints, check_member, read_optional};
pub use violations::{Echo, Place, Violations};

use super::error::Result;

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
    /// Bytes.
    Blob,
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
    /// What each of them means, in the same order.
    pub docs: &'static [&'static str],
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
    /// Length of a name where it is no ARN.
    NameLength {
        /// Most.
        max: usize,
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
    use crate::limits::{NAME_MAX_CHARS, NAME_PATTERN_SHOWN};

    pub(crate) const REQUIRED: Constraint = Constraint::Required;
    /// Names of tables and indexes (facts B3).
    pub(crate) const NAME_PATTERN: Constraint =
        Constraint::Pattern { shown: NAME_PATTERN_SHOWN, matches: super::is_name };
    /// The token of an export or import.
    pub(crate) const TOKEN_PATTERN: Constraint =
        Constraint::Pattern { shown: r"^[^\$]+$", matches: |text| !text.is_empty() && !text.contains('$') };
    /// The token of a list of imports.
    pub(crate) const LIST_TOKEN_PATTERN: Constraint = Constraint::Pattern {
        shown: "([0-9a-f]{16})+",
        matches: |text| {
            let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
            !text.is_empty() && text.len().is_multiple_of(16) && text.bytes().all(is_digit)
        },
    };
    /// The name of a bucket.
    pub(crate) const BUCKET_PATTERN: Constraint = Constraint::Pattern {
        shown: r"^[a-z0-9A-Z]+[\.\-\w]*[a-z0-9A-Z]+$",
        matches: |text| {
            let is_end = |letter: Option<u8>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
            let ends = text.len() > 1 && is_end(text.bytes().next()) && is_end(text.bytes().next_back());
            ends && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))
        },
    };
    /// An account.
    pub(crate) const ACCOUNT_PATTERN: Constraint = Constraint::Pattern {
        shown: "[0-9]{12}",
        matches: |text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()),
    };
    /// What stands between columns.
    pub(crate) const DELIMITER_PATTERN: Constraint = Constraint::Pattern {
        shown: r"[,;:|\t ]",
        matches: |text| text.len() == 1 && text.contains([',', ';', ':', '|', '\t', ' ']),
    };
    /// A table, by its name or its ARN. What is empty is told of its length alone.
    pub(crate) const TABLE_LENGTH: Constraint = Constraint::NameLength { max: NAME_MAX_CHARS };
    pub(crate) const TABLE_PATTERN: Constraint = Constraint::Pattern {
        shown: NAME_PATTERN_SHOWN,
        matches: |text| text.is_empty() || super::is_arn(text) || super::is_name(text),
    };
    /// Collections without a greatest length.
    pub(crate) const NO_LIMIT: usize = usize::MAX;

    pub(crate) const fn length(min: usize, max: usize) -> Constraint {
        Constraint::Length { min, max }
    }

    pub(crate) const fn range(min: i64, max: i64) -> Constraint {
        Constraint::Range { min, max }
    }
}

pub(crate) fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
}

pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// A structure of the API.
pub trait Shape: Sized {
    /// The structure as data.
    const INFO: &'static StructInfo;

    /// The structure after its check: its required members as fields that are there, the others as they were given.
    type Valid<'a>: Copy
    where
        Self: 'a;

    /// Adds every broken constraint of the structure at `place` to `violations`; none where a required member is missing.
    fn check<'a>(&'a self, place: &Place<'_>, violations: &mut Violations) -> Option<Self::Valid<'a>>;

    /// Checks a whole input, or a part of one.
    ///
    /// # Errors
    /// One `ValidationException` that lists the broken constraints (facts B12).
    fn valid(&self) -> Result<Self::Valid<'_>> {
        let mut violations = Violations::default();
        let valid = self.check(&Place::WHOLE, &mut violations);
        match valid {
            Some(valid) if violations.is_empty() => Ok(valid),
            _ => Err(violations.into_error()),
        }
    }
}

/// A shape that has passed its check.
pub type Valid<'a, S> = <S as Shape>::Valid<'a>;

/// A moment, in seconds since 1970 with milliseconds; hosts turn it into their own date type.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct Timestamp(pub f64);

impl Timestamp {
    /// From epoch milliseconds.
    pub fn from_millis(millis: u64) -> Timestamp {
        Timestamp(millis as f64 / 1000.0)
    }

    /// As epoch milliseconds; a moment before that is the first one.
    pub fn millis(self) -> u64 {
        (self.0 * 1000.0).round() as u64
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

/// Declares structures: `field: Type = "WireName" [constraints],` under doc comments, `REQUIRED` the first of its constraints. Every member
/// is optional in Rust, as on the wire; the structure's `Valid` has those that are required.
macro_rules! shape {
    (@one
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $member_doc:literal])*
                $field:ident : $ty:ty = $wire:literal $([$($rule:tt)*])?,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $(
                $(#[doc = $member_doc])*
                #[serde(
                    rename = $wire,
                    skip_serializing_if = "Option::is_none",
                    deserialize_with = "crate::api::shape::read_optional"
                )]
                pub $field: Option<$ty>,
            )*
        }

        const _: () = {
            const INFO: $crate::api::shape::StructInfo = $crate::api::shape::StructInfo {
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
                        &[$($($rule)*)?]
                    },
                }),*],
            };

            $crate::api::shape::shape! { @valid $name ($({ $field })*) [] $({ $field: $ty [$($($rule)*)?] })* }
        };

        impl $crate::api::shape::Read<'_> for $name {}

        impl $name {
            /// A member that is text, by its name on the wire; none where it is absent, is no text, or does not exist.
            #[allow(unused_variables, dead_code, reason = "not every shape has members, or is a request")]
            pub(crate) fn text_member(&self, wire: &str) -> Option<&str> {
                $(
                    if wire == $wire {
                        return self.$field.as_ref().and_then($crate::api::shape::Member::text);
                    }
                )*
                None
            }
        }

        impl $crate::api::shape::Member for $name {
            const TYPE: $crate::api::shape::TypeInfo =
                $crate::api::shape::TypeInfo::Struct(<$name as $crate::api::shape::Shape>::INFO);
            const HAS_INSIDE: bool = true;
            type Valid<'a> = $crate::api::shape::Valid<'a, $name>;

            #[allow(unused_mut, unused_variables, unused_assignments, reason = "shapes without members have nothing to write")]
            fn echo(&self, out: &mut $crate::api::shape::Echo) -> std::fmt::Result {
                use std::fmt::Write as _;
                out.write_str(concat!(stringify!($name), "("))?;
                let mut separator = "";
                $(
                    if let Some(value) = &self.$field {
                        out.write_str(separator)?;
                        $crate::api::message::shape::write_member(out, $wire)?;
                        out.write_char('=')?;
                        $crate::api::shape::Member::echo(value, out)?;
                        separator = ", ";
                    }
                )*
                out.write_char(')')
            }

            fn weight(&self) -> usize {
                0 $(+ self.$field.as_ref().map_or(0, $crate::api::shape::Member::weight))*
            }

            fn check<'a>(
                &'a self,
                place: &$crate::api::shape::Place<'_>,
                violations: &mut $crate::api::shape::Violations,
            ) -> Option<$crate::api::shape::Valid<'a, $name>> {
                $crate::api::shape::Shape::check(self, place, violations)
            }
        }
    };
    // Sorts the required members out, then writes the structure's `Valid`.
    (@valid $name:ident $fields:tt [$($kept:tt)*] { $field:ident: $ty:ty [REQUIRED $($rest:tt)*] } $($more:tt)*) => {
        $crate::api::shape::shape! { @valid $name $fields [$($kept)* { $field: $ty }] $($more)* }
    };
    (@valid $name:ident $fields:tt $kept:tt { $field:ident: $ty:ty [$($rest:tt)*] } $($more:tt)*) => {
        $crate::api::shape::shape! { @valid $name $fields $kept $($more)* }
    };
    (@valid $name:ident ($({ $field:ident })*) [$({ $required:ident: $ty:ty })*]) => {
        /// The structure after its check. What it does not require is that of the structure.
        #[derive(Clone, Copy, Debug)]
        pub struct Valid<'a> {
            given: &'a $name,
            $(
                /// Required, so it is there.
                pub $required: <$ty as $crate::api::shape::Member>::Valid<'a>,
            )*
        }

        impl std::ops::Deref for Valid<'_> {
            type Target = $name;

            fn deref(&self) -> &$name {
                self.given
            }
        }

        impl $crate::api::shape::Shape for $name {
            const INFO: &'static $crate::api::shape::StructInfo = &INFO;
            type Valid<'a> = Valid<'a>;

            #[allow(unused_variables, unused_mut, reason = "not every shape has members, or required ones")]
            fn check<'a>(
                &'a self,
                place: &$crate::api::shape::Place<'_>,
                violations: &mut $crate::api::shape::Violations,
            ) -> Option<Valid<'a>> {
                let mut members = INFO.members.iter();
                $(
                    let info = members.next().expect("one per field, from the same lines");
                    let $field = $crate::api::shape::check_member(self.$field.as_ref(), info, place, violations);
                )*
                Some(Valid { given: self, $($required: $required?,)* })
            }
        }
    };
    ($(
        $(#[doc = $doc:literal])*
        pub struct $name:ident { $($body:tt)* }
    )*) => {$(
        $crate::api::shape::shape! { @one $(#[doc = $doc])* pub struct $name { $($body)* } }
    )*};
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
        #[non_exhaustive]
        pub enum $name { $($(#[doc = $value_doc])* $variant,)* }

        impl $crate::api::shape::Enumeration for $name {
            const INFO: &'static $crate::api::shape::EnumInfo = &$crate::api::shape::EnumInfo {
                name: stringify!($name),
                doc: concat!($($doc, "\n"),*),
                values: &[$($wire),*],
                docs: &[$(concat!($($value_doc, "\n"),*)),*],
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
