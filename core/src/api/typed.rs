//! `Typed`: an adapter around any `Deserializer` that answers a value of a wrong type with the service's own words.
//!
//! Shapes stay plain serde derives. The adapter asks the inner format for whatever stands there, compares it with what the shape wanted, and
//! notes the mismatch in a slot that [`decode`] turns into a `SerializationException`.

use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor};

use super::error::{Error, ErrorCode, Result};
use super::message::shape::{Given, Wanted, wrong_type};

type Slot = Cell<Option<String>>;

/// Reads a shape.
///
/// # Errors
/// `SerializationException`: with the service's text for a value of a wrong type, without a text for input that cannot be read at all.
pub(crate) fn decode<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T> {
    let slot = Slot::default();
    T::deserialize(Typed { inner: deserializer, slot: &slot }).map_err(|_| match slot.take() {
        Some(text) => Error::new(ErrorCode::Serialization, text),
        None => Error::bare(ErrorCode::Serialization),
    })
}

/// Reads a shape from a format that keeps to the asked-for types by itself; none for input that [`decode`] must judge.
pub(crate) fn decode_exact<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Option<T> {
    T::deserialize(deserializer).ok()
}

struct Typed<'s, D> {
    inner: D,
    slot: &'s Slot,
}

struct Expect<'s, V> {
    visitor: V,
    wanted: Wanted,
    slot: &'s Slot,
}

impl<V> Expect<'_, V> {
    fn refuse<E: de::Error, T>(&self, given: Given) -> Result<T, E> {
        let text = wrong_type(self.wanted, given);
        let error = E::custom(&text);
        self.slot.set(Some(text));
        Err(error)
    }
}

macro_rules! expecting {
    ($($method:ident => $wanted:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            let Typed { inner, slot } = self;
            inner.deserialize_any(Expect { visitor, wanted: $wanted, slot })
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Typed<'_, D> {
    type Error = D::Error;

    expecting! {
        deserialize_any => Wanted::Any;
        deserialize_bool => Wanted::Boolean;
        deserialize_i8 => Wanted::Whole;
        deserialize_i16 => Wanted::Whole;
        deserialize_i32 => Wanted::Whole;
        deserialize_i64 => Wanted::Whole;
        deserialize_u8 => Wanted::Whole;
        deserialize_u16 => Wanted::Whole;
        deserialize_u32 => Wanted::Whole;
        deserialize_u64 => Wanted::Whole;
        deserialize_f32 => Wanted::Decimal;
        deserialize_f64 => Wanted::Decimal;
        deserialize_char => Wanted::Text;
        deserialize_str => Wanted::Text;
        deserialize_string => Wanted::Text;
        deserialize_bytes => Wanted::Bytes;
        deserialize_byte_buf => Wanted::Bytes;
        deserialize_unit => Wanted::Any;
        deserialize_seq => Wanted::List;
        deserialize_map => Wanted::Map;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Typed { inner, slot } = self;
        inner.deserialize_option(Expect { visitor, wanted: Wanted::Any, slot })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let Typed { inner, slot } = self;
        inner.deserialize_any(Expect { visitor, wanted: Wanted::Structure(name), slot })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_identifier(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_ignored_any(visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Expect<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<V::Value, E> {
        match self.wanted {
            Wanted::Boolean | Wanted::Any => self.visitor.visit_bool(value),
            _ => self.refuse(if value { Given::True } else { Given::False }),
        }
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<V::Value, E> {
        match self.wanted {
            Wanted::Whole | Wanted::Any => self.visitor.visit_i64(value),
            Wanted::Decimal => self.visitor.visit_f64(value as f64),
            _ => self.refuse(Given::Whole),
        }
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<V::Value, E> {
        match self.wanted {
            Wanted::Whole | Wanted::Any => self.visitor.visit_u64(value),
            Wanted::Decimal => self.visitor.visit_f64(value as f64),
            _ => self.refuse(Given::Whole),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<V::Value, E> {
        match self.wanted {
            // The service reads 5.0 where a whole number belongs, and cuts fractions off.
            Wanted::Whole if value.is_finite() => self.visitor.visit_i64(value as i64),
            Wanted::Decimal | Wanted::Any => self.visitor.visit_f64(value),
            _ => self.refuse(if value.fract() == 0.0 { Given::Whole } else { Given::Decimal }),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<V::Value, E> {
        match self.wanted {
            Wanted::Text | Wanted::Any => self.visitor.visit_str(text),
            Wanted::Bytes => self.base64(|visitor| visitor.visit_str(text)),
            _ => self.refuse(Given::Text),
        }
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<V::Value, E> {
        match self.wanted {
            Wanted::Text | Wanted::Any => self.visitor.visit_borrowed_str(text),
            Wanted::Bytes => self.base64(|visitor| visitor.visit_str(text)),
            _ => self.refuse(Given::Text),
        }
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<V::Value, E> {
        match self.wanted {
            Wanted::Text | Wanted::Any => self.visitor.visit_string(text),
            Wanted::Bytes => self.base64(|visitor| visitor.visit_str(&text)),
            _ => self.refuse(Given::Text),
        }
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<V::Value, E> {
        match self.wanted {
            Wanted::Bytes | Wanted::Any => self.visitor.visit_bytes(bytes),
            _ => self.refuse(Given::Bytes),
        }
    }

    fn visit_borrowed_bytes<E: de::Error>(self, bytes: &'de [u8]) -> Result<V::Value, E> {
        self.visit_bytes(bytes)
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Typed { inner: deserializer, slot: self.slot })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(Typed { inner: deserializer, slot: self.slot })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        match self.wanted {
            Wanted::List | Wanted::Any => self.visitor.visit_seq(TypedAccess { inner: seq, slot: self.slot }),
            _ => self.refuse(Given::List),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        match self.wanted {
            Wanted::Map | Wanted::Structure(_) | Wanted::Any => {
                self.visitor.visit_map(TypedAccess { inner: map, slot: self.slot })
            }
            _ => self.refuse(Given::Map),
        }
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_enum(data)
    }
}

impl<V> Expect<'_, V> {
    /// Text where bytes belong: the visitor decodes it, and what it cannot decode gets the service's words.
    fn base64<T, E: de::Error>(self, decode: impl FnOnce(V) -> Result<T, E>) -> Result<T, E> {
        decode(self.visitor).inspect_err(|_| self.slot.set(Some(wrong_type(Wanted::Bytes, Given::Text))))
    }
}

struct TypedAccess<'s, A> {
    inner: A,
    slot: &'s Slot,
}

struct TypedSeed<'s, S> {
    seed: S,
    slot: &'s Slot,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for TypedSeed<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(Typed { inner: deserializer, slot: self.slot })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for TypedAccess<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_element_seed(TypedSeed { seed, slot: self.slot })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for TypedAccess<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        // Keys are names in every format; what is no name is a defect of the host's map and fails in its own words.
        self.inner.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(TypedSeed { seed, slot: self.slot })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
