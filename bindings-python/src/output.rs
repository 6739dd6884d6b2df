//! Python objects as a serde `Serializer`: answers become dicts, lists and scalars in one pass.

use std::cell::RefCell;
use std::fmt;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDateTime, PyDict, PyFloat, PyInt, PyList, PySet, PyString, PyTzInfo};
use serde::ser::{self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use crate::names::Names;

/// What one answer has in common.
pub(crate) struct Sink<'py> {
    py: Python<'py>,
    names: RefCell<Names>,
    zone: Option<Bound<'py, PyTzInfo>>,
}

impl<'py> Sink<'py> {
    /// Moments come out in the time zone `zone`, or in UTC.
    pub(crate) fn new(py: Python<'py>, names: Names, zone: Option<Bound<'py, PyTzInfo>>) -> Sink<'py> {
        Sink { py, names: RefCell::new(names), zone }
    }

    /// `value` as a Python object.
    ///
    /// # Errors
    /// Only what the interpreter raises, such as `MemoryError`.
    pub(crate) fn write<T: Serialize + ?Sized>(&self, value: &T) -> PyResult<Bound<'py, PyAny>> {
        value.serialize(Writer(self)).map_err(|Unwritable(error)| error)
    }

    /// A moment in seconds since 1970.
    pub(crate) fn moment(&self, seconds: f64) -> PyResult<Bound<'py, PyAny>> {
        let utc = PyTzInfo::utc(self.py)?;
        let zone = self.zone.as_ref().unwrap_or(&utc);
        Ok(PyDateTime::from_timestamp(self.py, seconds, Some(zone))?.into_any())
    }

    /// The names met, for the next answer.
    pub(crate) fn into_names(self) -> Names {
        self.names.into_inner()
    }

    fn name(&self, name: &str) -> Bound<'py, PyString> {
        self.names.borrow_mut().get(self.py, name)
    }
}

/// The type `decimal.Decimal`.
fn decimal(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let decimal =
        DECIMAL.get_or_try_init(py, || Ok::<_, PyErr>(py.import("decimal")?.getattr("Decimal")?.unbind()));
    Ok(decimal?.bind(py))
}

/// What the interpreter raised.
#[derive(Debug)]
pub(crate) struct Unwritable(PyErr);

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(text: T) -> Unwritable {
        Unwritable(PyValueError::new_err(text.to_string()))
    }
}

impl From<PyErr> for Unwritable {
    fn from(error: PyErr) -> Unwritable {
        Unwritable(error)
    }
}

type Written<'py> = Result<Bound<'py, PyAny>, Unwritable>;

#[derive(Clone, Copy)]
struct Writer<'s, 'py>(&'s Sink<'py>);

macro_rules! whole_numbers {
    ($($method:ident: $ty:ty)*) => {$(
        fn $method(self, value: $ty) -> Written<'py> {
            Ok(PyInt::new(self.0.py, value).into_any())
        }
    )*};
}

impl<'s, 'py> Serializer for Writer<'s, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Unwritable;
    type SerializeSeq = List<'s, 'py>;
    type SerializeTuple = Impossible<Bound<'py, PyAny>, Unwritable>;
    type SerializeTupleStruct = Impossible<Bound<'py, PyAny>, Unwritable>;
    type SerializeTupleVariant = Impossible<Bound<'py, PyAny>, Unwritable>;
    type SerializeMap = Dict<'s, 'py>;
    type SerializeStruct = Dict<'s, 'py>;
    type SerializeStructVariant = Impossible<Bound<'py, PyAny>, Unwritable>;

    whole_numbers! {
        serialize_i8: i8 serialize_i16: i16 serialize_i32: i32 serialize_i64: i64
        serialize_u8: u8 serialize_u16: u16 serialize_u32: u32 serialize_u64: u64
    }

    fn serialize_bool(self, value: bool) -> Written<'py> {
        Ok(PyBool::new(self.0.py, value).to_owned().into_any())
    }

    fn serialize_f32(self, value: f32) -> Written<'py> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Written<'py> {
        Ok(PyFloat::new(self.0.py, value).into_any())
    }

    fn serialize_char(self, value: char) -> Written<'py> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Written<'py> {
        Ok(PyString::new(self.0.py, text).into_any())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Written<'py> {
        Ok(PyBytes::new(self.0.py, bytes).into_any())
    }

    fn serialize_none(self) -> Written<'py> {
        Ok(self.0.py.None().into_bound(self.0.py))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written<'py> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written<'py> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Written<'py> {
        Ok(PyDict::new(self.0.py).into_any())
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Written<'py> {
        Ok(self.0.name(variant).into_any())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Written<'py> {
        let written = value.serialize(self)?;
        Ok(match name {
            "Timestamp" => self.0.moment(written.extract()?)?,
            "Decimal" => decimal(self.0.py)?.call1((written,))?,
            "Integer" => self.0.py.get_type::<PyInt>().call1((written,))?,
            "Set" => PySet::new(self.0.py, written.cast::<PyList>().map_err(PyErr::from)?)?.into_any(),
            _ => written,
        })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Written<'py> {
        let mut dict = self.serialize_map(Some(1))?;
        dict.serialize_entry(variant, value)?;
        SerializeMap::end(dict)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<List<'s, 'py>, Unwritable> {
        Ok(List { sink: self.0, list: PyList::empty(self.0.py) })
    }

    fn serialize_tuple(self, _len: usize) -> Result<Self::SerializeTuple, Unwritable> {
        Err(ser::Error::custom("answers have no tuples"))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(ser::Error::custom("answers have no tuples"))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(ser::Error::custom("answers have no tuples"))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Dict<'s, 'py>, Unwritable> {
        Ok(Dict { sink: self.0, dict: PyDict::new(self.0.py), key: None })
    }

    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Dict<'s, 'py>, Unwritable> {
        self.serialize_map(Some(len))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(ser::Error::custom("answers have no enums with members"))
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

struct List<'s, 'py> {
    sink: &'s Sink<'py>,
    list: Bound<'py, PyList>,
}

impl<'py> SerializeSeq for List<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        Ok(self.list.append(value.serialize(Writer(self.sink))?)?)
    }

    fn end(self) -> Written<'py> {
        Ok(self.list.into_any())
    }
}

struct Dict<'s, 'py> {
    sink: &'s Sink<'py>,
    dict: Bound<'py, PyDict>,
    key: Option<Bound<'py, PyString>>,
}

impl<'py> SerializeMap for Dict<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.key = Some(key.serialize(Name(self.sink))?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        let key = self.key.take().expect("serde gives a value after its key");
        Ok(self.dict.set_item(key, value.serialize(Writer(self.sink))?)?)
    }

    fn end(self) -> Written<'py> {
        Ok(self.dict.into_any())
    }
}

impl<'py> SerializeStruct for Dict<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        Ok(self.dict.set_item(self.sink.name(name), value.serialize(Writer(self.sink))?)?)
    }

    fn end(self) -> Written<'py> {
        Ok(self.dict.into_any())
    }
}

/// A key of a map, which is text.
struct Name<'s, 'py>(&'s Sink<'py>);

macro_rules! no_names {
    ($($method:ident($($ty:ty),*))*) => {$(
        fn $method(self, $(_: $ty),*) -> Result<Bound<'py, PyString>, Unwritable> {
            Err(ser::Error::custom("keys are text"))
        }
    )*};
}

macro_rules! no_name_parts {
    ($($method:ident($($ty:ty),*) -> $part:ident)*) => {$(
        fn $method(self, $(_: $ty),*) -> Result<Self::$part, Unwritable> {
            Err(ser::Error::custom("keys are text"))
        }
    )*};
}

impl<'py> Serializer for Name<'_, 'py> {
    type Ok = Bound<'py, PyString>;
    type Error = Unwritable;
    type SerializeSeq = Impossible<Bound<'py, PyString>, Unwritable>;
    type SerializeTuple = Impossible<Bound<'py, PyString>, Unwritable>;
    type SerializeTupleStruct = Impossible<Bound<'py, PyString>, Unwritable>;
    type SerializeTupleVariant = Impossible<Bound<'py, PyString>, Unwritable>;
    type SerializeMap = Impossible<Bound<'py, PyString>, Unwritable>;
    type SerializeStruct = Impossible<Bound<'py, PyString>, Unwritable>;
    type SerializeStructVariant = Impossible<Bound<'py, PyString>, Unwritable>;

    fn serialize_str(self, name: &str) -> Result<Bound<'py, PyString>, Unwritable> {
        Ok(self.0.name(name))
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Bound<'py, PyString>, Unwritable> {
        Ok(self.0.name(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Bound<'py, PyString>, Unwritable> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<Bound<'py, PyString>, Unwritable> {
        Err(ser::Error::custom("keys are text"))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Bound<'py, PyString>, Unwritable> {
        Err(ser::Error::custom("keys are text"))
    }

    no_names! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) serialize_u8(u8) serialize_u16(u16)
        serialize_u32(u32) serialize_u64(u64) serialize_f32(f32) serialize_f64(f64) serialize_char(char) serialize_bytes(&[u8])
        serialize_none() serialize_unit() serialize_unit_struct(&'static str)
    }

    no_name_parts! {
        serialize_seq(Option<usize>) -> SerializeSeq
        serialize_tuple(usize) -> SerializeTuple
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant
        serialize_map(Option<usize>) -> SerializeMap
        serialize_struct(&'static str, usize) -> SerializeStruct
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant
    }
}
