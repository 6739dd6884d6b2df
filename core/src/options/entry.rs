//! What an option of opening is as data, and how options are declared: `options!` makes one list into the structure with its defaults, its
//! setters and its reader, and into [`OptionInfo`]s, from which come the keywords, types, flags and documents of every host.

use std::fmt;
use std::time::Duration;

use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use crate::api::shape::{EnumInfo, Enumeration};
use crate::api::{Error, ErrorCode, Result};
use crate::clock::millis;

/// An option of opening as data.
#[derive(Debug)]
#[non_exhaustive]
pub struct OptionInfo {
    /// Its name, such as `sync_every`.
    pub name: &'static str,
    /// The doc comment. What stands in backticks is another option, one of the values of a choice, or a literal text; hosts write each in their
    /// own way.
    pub doc: &'static str,
    /// What it takes.
    pub ty: OptionType,
    /// What holds where it is not given and has no default value, in words.
    pub absent: Option<&'static str>,
    /// Its default value; none where `absent` tells.
    pub default: fn() -> Option<OptionValue>,
}

/// What an option takes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum OptionType {
    /// One of a set of names.
    Choice(&'static EnumInfo),
    /// True or false.
    Flag,
    /// A word of ASCII letters, digits and hyphens.
    Word,
    /// The path of a directory.
    Directory,
    /// A whole number.
    Number {
        /// Of what.
        unit: Unit,
        /// Least.
        min: u64,
        /// Most.
        max: u64,
    },
}

/// What a number counts. Hosts take durations and moments in their own types, too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Unit {
    /// Things, or nothing.
    One,
    /// Bytes.
    Byte,
    /// Milliseconds of a duration.
    Millisecond,
    /// A moment in milliseconds since 1970.
    Moment,
}

/// The value of an option.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum OptionValue {
    /// A number, in the unit of its option.
    Number(u64),
    /// A name of a choice, or a word.
    Text(String),
    /// True or false.
    Flag(bool),
}

impl OptionInfo {
    /// Checks a value against what the option takes.
    pub(super) fn check(&self, value: &OptionValue) -> Result<()> {
        let name = self.name;
        match (self.ty, value) {
            (OptionType::Number { unit, min, max }, OptionValue::Number(number))
                if !(min..=max).contains(number) =>
            {
                let unit = match unit {
                    Unit::One => "",
                    Unit::Byte => " bytes",
                    Unit::Millisecond => " ms",
                    Unit::Moment => " ms since 1970",
                };
                Err(refuse(format!("{name} is {number}{unit}; it is {min} to {max}")))
            }
            (OptionType::Word, OptionValue::Text(word)) if !is_word(word) => {
                Err(refuse(format!("{name} is a word of letters, digits and hyphens")))
            }
            _ => Ok(()),
        }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// An `OpenException`.
pub(crate) fn refuse(message: String) -> Error {
    Error::new(ErrorCode::Open, message)
}

/// What the field of an option can be.
pub(super) trait Field: Sized {
    /// Reads it from any format: durations are milliseconds.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error>;

    /// As a value; none where it is not given.
    fn value(&self) -> Option<OptionValue>;
}

/// A whole number. What is none is told in words that every caller knows, not by the name of a type of ours.
struct Whole;

impl Visitor<'_> for Whole {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> std::result::Result<u64, E> {
        Ok(number)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> std::result::Result<u64, E> {
        u64::try_from(number)
            .map_err(|_| E::invalid_value(Unexpected::Signed(number), &"a whole number from 0 on"))
    }
}

impl Field for u64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<u64, D::Error> {
        deserializer.deserialize_u64(Whole)
    }

    fn value(&self) -> Option<OptionValue> {
        Some(OptionValue::Number(*self))
    }
}

impl Field for u32 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<u32, D::Error> {
        let number = u64::read(deserializer)?;
        u32::try_from(number)
            .map_err(|_| de::Error::invalid_value(Unexpected::Unsigned(number), &"a smaller whole number"))
    }

    fn value(&self) -> Option<OptionValue> {
        Some(OptionValue::Number(u64::from(*self)))
    }
}

impl Field for bool {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<bool, D::Error> {
        bool::deserialize(deserializer)
    }

    fn value(&self) -> Option<OptionValue> {
        Some(OptionValue::Flag(*self))
    }
}

impl Field for String {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<String, D::Error> {
        String::deserialize(deserializer)
    }

    fn value(&self) -> Option<OptionValue> {
        Some(OptionValue::Text(self.clone()))
    }
}

impl Field for Duration {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Duration, D::Error> {
        u64::read(deserializer).map(Duration::from_millis)
    }

    fn value(&self) -> Option<OptionValue> {
        Some(OptionValue::Number(millis(*self)))
    }
}

impl<E: Enumeration> Field for E {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<E, D::Error> {
        let name = String::deserialize(deserializer)?;
        E::from_name(&name).ok_or_else(|| serde::de::Error::unknown_variant(&name, E::INFO.values))
    }

    fn value(&self) -> Option<OptionValue> {
        Some(OptionValue::Text(self.name().to_owned()))
    }
}

impl<T: Field> Field for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<T>, D::Error> {
        Option::<Given<T>>::deserialize(deserializer).map(|given| given.map(|Given(value)| value))
    }

    fn value(&self) -> Option<OptionValue> {
        self.as_ref().and_then(T::value)
    }
}

/// A field as serde reads it.
pub(super) struct Given<T>(pub(super) T);

impl<'de, T: Field> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Given<T>, D::Error> {
        T::read(deserializer).map(Given)
    }
}

/// A name as the core has it: `syncEvery` is `sync_every`.
pub(super) fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// Declares the structure of options: `name: Type = default, what it takes;` under doc comments, and for those whose default is no value of
/// theirs `absent "what holds then"` at the end.
macro_rules! options {
    (@absent) => { None };
    (@absent $absent:literal) => { Some($absent) };
    (
        $(#[doc = $about:literal])*
        pub struct $options:ident {
            $(
                $(#[doc = $doc:literal])*
                $name:ident: $ty:ty = $default:expr, $takes:expr $(, absent $absent:literal)?;
            )*
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $options {
            $($(#[doc = $doc])* pub $name: $ty,)*
        }

        impl Default for $options {
            fn default() -> $options {
                $options { $($name: $default,)* }
            }
        }

        impl $options {
            $(
                $(#[doc = $doc])*
                #[must_use]
                pub fn $name(mut self, $name: impl Into<$ty>) -> $options {
                    self.$name = $name.into();
                    self
                }
            )*

            /// Every option with its value; none where it is not given.
            fn values(&self) -> impl Iterator<Item = (&'static OptionInfo, Option<OptionValue>)> {
                OPTIONS.iter().zip([$(self.$name.value()),*])
            }
        }

        /// Every option, in the order in which documents list them.
        pub static OPTIONS: &[OptionInfo] = &[$(
            OptionInfo {
                name: stringify!($name),
                doc: concat!($($doc, "\n"),*),
                ty: $takes,
                absent: $crate::options::entry::options!(@absent $($absent)?),
                default: || $options::default().$name.value(),
            },
        )*];

        /// Reads options from any format that has maps, under their names in snake case or camel case.
        impl<'de> serde::Deserialize<'de> for $options {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<$options, D::Error> {
                const NAMES: &[&str] = &[$(stringify!($name)),*];

                struct Reader;

                impl<'de> serde::de::Visitor<'de> for Reader {
                    type Value = $options;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("options by their names")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> std::result::Result<$options, A::Error> {
                        let mut options = $options::default();
                        let mut seen = [false; NAMES.len()];
                        while let Some(given) = map.next_key::<String>()? {
                            let name = $crate::options::entry::snake_case(&given);
                            let Some(place) = NAMES.iter().position(|known| *known == name) else {
                                return Err(serde::de::Error::unknown_field(&given, NAMES));
                            };
                            if std::mem::replace(&mut seen[place], true) {
                                return Err(serde::de::Error::duplicate_field(NAMES[place]));
                            }
                            match NAMES[place] {
                                $(stringify!($name) => {
                                    let value = map.next_value::<$crate::options::entry::Given<$ty>>();
                                    options.$name = value.map_err(|e| serde::de::Error::custom(format_args!("{given}: {e}")))?.0;
                                })*
                                _ => unreachable!("the name is one of those above"),
                            }
                        }
                        Ok(options)
                    }
                }

                deserializer.deserialize_struct(stringify!($options), NAMES, Reader)
            }
        }
    };
}
pub(super) use options;
