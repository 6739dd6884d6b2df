//! Python objects as a serde `Deserializer`, whatever they are: what [`crate::exact`] does not take is read here.
//!
//! Reading notes what serde has no words for: what was wrong in Python's own terms, where it stood, and which member no shape has.

use std::cell::RefCell;
use std::fmt;

use pyo3::Borrowed;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyMapping, PyMemoryView,
    PyString, PyTuple, PyTzInfoAccess,
};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::keep::{self, Keeper};

/// Deepest nesting that is read. Attribute values end at 32 levels in the engine; this bounds everything else, and cyclic objects.
const DEPTH_LIMIT: u8 = 128;

/// Most elements taken from an iterator, whose end cannot be known; an item of the greatest size holds fewer.
const ITERATOR_LIMIT: usize = 1 << 20;

/// What one read has in common.
pub(crate) struct Source<'py> {
    keeper: Keeper<'py>,
    fault: RefCell<Option<Fault>>,
    path: RefCell<Vec<String>>,
    unknown: RefCell<Option<String>>,
}

/// Why an object could not be read.
enum Fault {
    /// Said by this reader.
    Text(String),
    /// Raised by code of the object.
    Raised(PyErr),
}

impl<'py> Source<'py> {
    pub(crate) fn new(py: Python<'py>) -> Source<'py> {
        Source {
            keeper: Keeper::new(py),
            fault: RefCell::new(None),
            path: RefCell::new(Vec::new()),
            unknown: RefCell::new(None),
        }
    }

    /// The deserializer of `object`.
    pub(crate) fn read<'de>(&'de self, object: &Bound<'py, PyAny>) -> Reader<'de, 'py> {
        Reader { object: self.keeper.keep(object.clone()), source: self, member: None, depth: 0 }
    }

    /// A member of the outermost dict that the shape does not have.
    pub(crate) fn take_unknown_member(&self) -> Option<String> {
        self.unknown.take()
    }

    /// What was wrong in Python's own terms: an exception of the object's own code, or a text with the path of the value.
    pub(crate) fn take_fault(&self) -> Option<Result<String, PyErr>> {
        let fault = self.fault.take()?;
        Some(match fault {
            Fault::Raised(error) => Err(error),
            Fault::Text(text) => Ok(self.with_path(text)),
        })
    }

    /// `text` after the path of the value that could not be read.
    pub(crate) fn with_path(&self, text: String) -> String {
        let mut path = self.path.take();
        path.reverse();
        if path.is_empty() { text } else { format!("{}: {text}", path.join(".")) }
    }

    fn fail<T>(&self, text: impl Into<String>) -> Result<T, Unreadable> {
        *self.fault.borrow_mut() = Some(Fault::Text(text.into()));
        Err(Unreadable(None))
    }

    fn raised(&self, error: PyErr) -> Unreadable {
        *self.fault.borrow_mut() = Some(Fault::Raised(error));
        Unreadable(None)
    }

    fn note_path<T>(
        &self,
        result: Result<T, Unreadable>,
        step: impl FnOnce() -> String,
    ) -> Result<T, Unreadable> {
        if result.is_err() {
            self.path.borrow_mut().push(step());
        }
        result
    }

    fn text<'de>(&'de self, string: Borrowed<'de, 'py, PyString>) -> Result<&'de str, Unreadable> {
        keep::text(string).or_else(|_| self.fail("text with a lone surrogate cannot be written as UTF-8"))
    }
}

/// The read failed; why stands in the [`Source`] or, for a wrong type, in the core's own note; for options, here.
#[derive(Debug)]
pub(crate) struct Unreadable(Option<String>);

impl Unreadable {
    pub(crate) const fn wordless() -> Unreadable {
        Unreadable(None)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_deref().unwrap_or("unreadable input"))
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(text: T) -> Unreadable {
        Unreadable(Some(text.to_string()))
    }
}

/// One object to read.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'de, 'py> {
    object: Borrowed<'de, 'py, PyAny>,
    source: &'de Source<'py>,
    /// Its name, for a member of the outermost dict.
    member: Option<&'de str>,
    depth: u8,
}

impl<'de, 'py> Reader<'de, 'py> {
    fn again(self, object: Bound<'py, PyAny>) -> Reader<'de, 'py> {
        Reader { object: self.source.keeper.keep(object), ..self }
    }

    /// One level down, or the end of the way.
    fn deeper(self) -> Result<u8, Unreadable> {
        if self.depth >= DEPTH_LIMIT {
            return self.source.fail(format!("nested deeper than {DEPTH_LIMIT} levels, or within itself"));
        }
        Ok(self.depth + 1)
    }

    fn visit_dict<V: Visitor<'de>>(
        self,
        dict: Borrowed<'de, 'py, PyDict>,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let depth = self.deeper()?;
        visitor.visit_map(Entries { dict, place: 0, value: None, key: "", source: self.source, depth })
    }

    fn visit_elements<V: Visitor<'de>>(
        self,
        elements: impl Iterator<Item = Bound<'py, PyAny>>,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let depth = self.deeper()?;
        visitor.visit_seq(Elements { elements, count: 0, source: self.source, depth })
    }

    fn visit_int<V: Visitor<'de>>(
        self,
        int: Borrowed<'de, 'py, PyInt>,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if let Ok(value) = int.extract::<i64>() {
            return visitor.visit_i64(value);
        }
        if let Ok(value) = int.extract::<u64>() {
            return visitor.visit_u64(value);
        }
        // Beyond 64 bits only the magnitude matters: no member takes it, and the checks say so.
        match int.extract::<f64>() {
            Ok(value) => visitor.visit_f64(value),
            Err(error) if error.is_instance_of::<PyOverflowError>(int.py()) => {
                self.source.fail("the int is beyond any number of the API")
            }
            Err(error) => Err(self.source.raised(error)),
        }
    }

    /// What is rare, and what is wrong.
    #[cold]
    fn visit_uncommon<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Reader { object, source, .. } = self;
        if let Ok(array) = object.cast::<PyByteArray>() {
            return visitor.visit_bytes(&array.to_vec());
        }
        if let Ok(float) = object.cast::<PyFloat>() {
            return visitor.visit_f64(float.value());
        }
        if let Ok(moment) = object.cast::<PyDateTime>() {
            if moment.get_tzinfo().is_none() {
                return source.fail("a datetime without a time zone is no moment");
            }
            let seconds =
                self.attempt(moment.call_method0("timestamp").and_then(|seconds| seconds.extract()))?;
            return visitor.visit_f64(seconds);
        }
        if object.is_instance_of::<PyMemoryView>() {
            return self.again(self.attempt(object.call_method0("tobytes"))?).deserialize_any(visitor);
        }
        if self.attempt(is_boto3_binary(&object))? {
            let reader = Reader { depth: self.deeper()?, ..self };
            return reader.again(self.attempt(object.getattr("value"))?).deserialize_any(visitor);
        }
        if object.is_instance_of::<PyMapping>() {
            let copy = PyDict::new(object.py());
            self.attempt(copy.update(&object.to_owned().cast_into().expect("tested in the line above")))?;
            let dict = source.keeper.keep(copy.into_any());
            return self.visit_dict(dict.cast().expect("made in the lines above"), visitor);
        }
        if self.attempt(object.hasattr("__iter__"))? && !object.is_instance_of::<pyo3::types::PyType>() {
            let elements = self.collect()?;
            return self.visit_elements(elements.into_iter(), visitor);
        }
        source.fail(no_counterpart(&object))
    }

    /// The elements of an iterable.
    fn collect(self) -> Result<Vec<Bound<'py, PyAny>>, Unreadable> {
        let mut elements = Vec::new();
        for element in self.attempt(self.object.try_iter())? {
            if elements.len() >= ITERATOR_LIMIT {
                return self.source.fail(format!("an iterator of more than {ITERATOR_LIMIT} elements"));
            }
            elements.push(self.attempt(element)?);
        }
        Ok(elements)
    }

    fn attempt<T>(self, result: PyResult<T>) -> Result<T, Unreadable> {
        result.map_err(|error| self.source.raised(error))
    }
}

/// Whether the object is boto3's wrapper around bytes; boto3 is not imported for the question.
fn is_boto3_binary(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let ty = object.get_type();
    if ty.name()? != "Binary" {
        return Ok(false);
    }
    Ok(ty.module()? == "boto3.dynamodb.types")
}

fn no_counterpart(object: &Bound<'_, PyAny>) -> String {
    let ty = object.get_type();
    let name = ty.fully_qualified_name().map_or_else(|_| "object".to_owned(), |name| name.to_string());
    match name.as_str() {
        "decimal.Decimal" => {
            r#"decimal.Decimal cannot stand here: numbers are text, {"N": str(value)}"#.to_owned()
        }
        name => format!("a value of type {name} has no counterpart in the API"),
    }
}

impl<'de, 'py> Deserializer<'de> for Reader<'de, 'py> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Reader { object, source, .. } = self;
        if let Ok(string) = object.cast::<PyString>() {
            return visitor.visit_borrowed_str(source.text(string)?);
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            return self.visit_dict(dict, visitor);
        }
        if let Ok(list) = object.cast::<PyList>() {
            return self.visit_elements(list.to_owned().iter(), visitor);
        }
        if let Ok(value) = object.cast::<PyBool>() {
            return visitor.visit_bool(value.is_true());
        }
        if let Ok(int) = object.cast::<PyInt>() {
            return self.visit_int(int, visitor);
        }
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return visitor.visit_borrowed_bytes(keep::bytes(bytes));
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return self.visit_elements(tuple.to_owned().iter(), visitor);
        }
        if object.is_none() {
            return visitor.visit_unit();
        }
        self.visit_uncommon(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.object.is_none() {
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.object.cast::<PyString>() {
            Ok(name) => visitor.visit_enum(BorrowedStrDeserializer::new(self.source.text(name)?)),
            Err(_) => self.deserialize_any(visitor),
        }
    }

    /// Steps over a value without looking into it; members that no shape has end here.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if let Some(name) = self.member {
            self.source.unknown.borrow_mut().get_or_insert_with(|| name.to_owned());
        }
        visitor.visit_unit()
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier
    }
}

/// The entries of a dict.
struct Entries<'de, 'py> {
    dict: Borrowed<'de, 'py, PyDict>,
    place: isize,
    value: Option<Borrowed<'de, 'py, PyAny>>,
    key: &'de str,
    source: &'de Source<'py>,
    depth: u8,
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        let Some((key, value)) = self.source.keeper.next_entry(self.dict, &mut self.place) else {
            return Ok(None);
        };
        let Ok(key) = key.cast::<PyString>() else {
            let ty = key.get_type();
            let name = ty.name().map_or_else(|_| "object".to_owned(), |name| name.to_string());
            return self.source.fail(format!("a key of type {name} where names are strings"));
        };
        self.key = self.source.text(key)?;
        self.value = Some(value);
        seed.deserialize(Key(self.key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        let object = self.value.take().expect("serde asks for a value after its key");
        let member = (self.depth == 1).then_some(self.key);
        let result = seed.deserialize(Reader { object, source: self.source, member, depth: self.depth });
        self.source.note_path(result, || self.key.to_owned())
    }
}

/// A name in a dict.
pub(crate) struct Key<'de>(pub(crate) &'de str);

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_borrowed_str(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The elements of a list, or of whatever can be walked like one.
struct Elements<'de, 'py, I> {
    elements: I,
    count: usize,
    source: &'de Source<'py>,
    depth: u8,
}

impl<'de, 'py, I: Iterator<Item = Bound<'py, PyAny>>> SeqAccess<'de> for Elements<'de, 'py, I> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        let Some(element) = self.elements.next() else {
            return Ok(None);
        };
        let object = self.source.keeper.keep(element);
        let reader = Reader { object, source: self.source, member: None, depth: self.depth };
        let result = seed.deserialize(reader).map(Some);
        self.count += 1;
        self.source.note_path(result, || (self.count - 1).to_string())
    }

    fn size_hint(&self) -> Option<usize> {
        // A hint is room taken before the elements are seen; what iterators promise is not believed.
        self.elements.size_hint().1.map(|most| most.min(1024))
    }
}
