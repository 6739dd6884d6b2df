//! The common case of reading: what is asked for is what stands there, as an object of just the built-in type.
//!
//! Nothing here runs Python code: no iterator, no conversion, no subclass. So nothing that is reached can go while it is read, and objects
//! are lent without being kept. Whatever is not of the type that was asked for (and be it None) is an error without words; then
//! [`crate::input`] reads the whole again, and finds either a meaning or the words.

use pyo3::Borrowed;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::input::{Key, Unreadable};
use crate::keep;

/// One object to read. It lives for `'de` because the caller holds the outermost object and no Python code runs meanwhile.
#[derive(Clone, Copy)]
pub(crate) struct Exact<'de, 'py>(pub(crate) Borrowed<'de, 'py, PyAny>);

const OTHER: Unreadable = Unreadable::wordless();

impl<'de, 'py> Exact<'de, 'py> {
    fn dict<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let dict = self.0.cast_exact::<PyDict>().map_err(|_| OTHER)?;
        visitor.visit_map(Entries { dict, place: 0, value: None })
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_borrowed_str(exact_text(self.0)?)
    }

    fn whole<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let int = self.0.cast_exact::<PyInt>().map_err(|_| OTHER)?;
        visitor.visit_i64(int.extract().map_err(|_| OTHER)?)
    }

    fn float<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_f64(self.0.cast_exact::<PyFloat>().map_err(|_| OTHER)?.value())
    }

    fn bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if let Ok(bytes) = self.0.cast_exact::<PyBytes>() {
            return visitor.visit_borrowed_bytes(keep::bytes(bytes));
        }
        let array = self.0.cast_exact::<PyByteArray>().map_err(|_| OTHER)?;
        visitor.visit_bytes(&array.to_vec())
    }
}

fn exact_text<'de>(object: Borrowed<'de, '_, PyAny>) -> Result<&'de str, Unreadable> {
    let string = object.cast_exact::<PyString>().map_err(|_| OTHER)?;
    keep::text(string).map_err(|_| OTHER)
}

macro_rules! asked_for {
    ($($method:ident => $reader:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            self.$reader(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Exact<'de, '_> {
    type Error = Unreadable;

    asked_for! {
        deserialize_map => dict
        deserialize_str => text
        deserialize_string => text
        deserialize_i32 => whole
        deserialize_i64 => whole
        deserialize_f64 => float
        deserialize_bytes => bytes
        deserialize_byte_buf => bytes
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.dict(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.cast_exact::<PyBool>().map_err(|_| OTHER)?.is_true())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if let Ok(list) = self.0.cast_exact::<PyList>() {
            return visitor.visit_seq(Elements { list, next: 0, len: list.len() });
        }
        let tuple = self.0.cast_exact::<PyTuple>().map_err(|_| OTHER)?;
        visitor.visit_seq(Elements { list: tuple, next: 0, len: tuple.len() })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_none() {
            return Err(OTHER);
        }
        visitor.visit_some(self)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Unreadable> {
        Err(OTHER)
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 char unit unit_struct newtype_struct tuple tuple_struct enum identifier ignored_any
    }
}

/// The entries of a dict.
struct Entries<'de, 'py> {
    dict: Borrowed<'de, 'py, PyDict>,
    place: isize,
    value: Option<Borrowed<'de, 'py, PyAny>>,
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        let Some((key, value)) = keep::next_entry(self.dict, &mut self.place) else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(Key(exact_text(key)?)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        seed.deserialize(Exact(self.value.take().expect("serde asks for a value after its key")))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.dict.len())
    }
}

/// The elements of a list or a tuple.
struct Elements<'de, 'py, L> {
    list: Borrowed<'de, 'py, L>,
    next: usize,
    len: usize,
}

impl<'de, L: keep::Indexed> SeqAccess<'de> for Elements<'de, '_, L> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        if self.next >= self.len {
            return Ok(None);
        }
        let element = keep::element(self.list, self.next).ok_or(OTHER)?;
        self.next += 1;
        seed.deserialize(Exact(element)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len - self.next)
    }
}
