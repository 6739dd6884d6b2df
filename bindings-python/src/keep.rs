//! Lending from Python objects: the unsafe code of the binding, but for one drop.
//!
//! A `Deserializer` lends text and bytes for the whole read (`'de`), while a Python object may run code that drops what it held: a generator
//! can empty the dict it stands in. So every object that is read is kept alive by a [`Keeper`] until the read is over.

use std::cell::RefCell;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use pyo3::{Borrowed, ffi};

/// Keeps objects alive for as long as it lives.
pub(crate) struct Keeper<'py> {
    py: Python<'py>,
    kept: RefCell<Vec<Bound<'py, PyAny>>>,
}

/// Room for the objects of an ordinary request, so that it grows once or never.
const ORDINARY_OBJECTS: usize = 64;

impl<'py> Keeper<'py> {
    pub(crate) fn new(py: Python<'py>) -> Keeper<'py> {
        Keeper { py, kept: RefCell::new(Vec::with_capacity(ORDINARY_OBJECTS)) }
    }

    /// Takes an object in and lends it for the keeper's own life.
    pub(crate) fn keep<'de>(&'de self, object: Bound<'py, PyAny>) -> Borrowed<'de, 'py, PyAny> {
        let pointer = object.as_ptr();
        self.kept.borrow_mut().push(object);
        // SAFETY: the pointer is a live object, and the vector holds a reference to it until the keeper goes: nothing is ever taken out.
        unsafe { Borrowed::from_ptr(self.py, pointer) }
    }

    /// The next entry of a dict, and the place after it. Entries added or removed meanwhile (by code that a generator runs) may be missed or
    /// seen twice, as the interpreter promises for this call; what was seen stays alive.
    pub(crate) fn next_entry<'de>(
        &'de self,
        dict: Borrowed<'de, 'py, PyDict>,
        place: &mut ffi::Py_ssize_t,
    ) -> Option<(Borrowed<'de, 'py, PyAny>, Borrowed<'de, 'py, PyAny>)> {
        let (key, value) = next_entry(dict, place)?;
        Some((self.keep(key.to_owned()), self.keep(value.to_owned())))
    }
}

/// The next entry of a dict, and the place after it. The dict must not change while what is lent here is used.
pub(crate) fn next_entry<'de, 'py>(
    dict: Borrowed<'de, 'py, PyDict>,
    place: &mut ffi::Py_ssize_t,
) -> Option<(Borrowed<'de, 'py, PyAny>, Borrowed<'de, 'py, PyAny>)> {
    let py = dict.py();
    let mut key = std::ptr::null_mut();
    let mut value = std::ptr::null_mut();
    // SAFETY: `dict` is a live dict, the interpreter is attached (`py`), and the three places are ours to write to.
    let found = unsafe { ffi::PyDict_Next(dict.as_ptr(), place, &mut key, &mut value) };
    // SAFETY: the call lends both pointers, not null; the dict holds them as long as it does not change.
    (found != 0).then(|| unsafe { (Borrowed::from_ptr(py, key), Borrowed::from_ptr(py, value)) })
}

/// What has elements by number.
pub(crate) trait Indexed {
    /// # Safety
    /// `object` is a live object of this type, and the interpreter is attached.
    unsafe fn lend(object: *mut ffi::PyObject, index: ffi::Py_ssize_t) -> *mut ffi::PyObject;
}

impl Indexed for PyList {
    unsafe fn lend(object: *mut ffi::PyObject, index: ffi::Py_ssize_t) -> *mut ffi::PyObject {
        // SAFETY: as promised by the caller; the call checks the index.
        unsafe { ffi::PyList_GetItem(object, index) }
    }
}

impl Indexed for PyTuple {
    unsafe fn lend(object: *mut ffi::PyObject, index: ffi::Py_ssize_t) -> *mut ffi::PyObject {
        // SAFETY: as promised by the caller; the call checks the index.
        unsafe { ffi::PyTuple_GetItem(object, index) }
    }
}

/// An element by number; none past the end. The sequence must not change while what is lent here is used.
pub(crate) fn element<'de, 'py, L: Indexed>(
    sequence: Borrowed<'de, 'py, L>,
    index: usize,
) -> Option<Borrowed<'de, 'py, PyAny>> {
    let py = sequence.py();
    // SAFETY: the object is live and of type `L`; what comes back is null with an exception set, or lent by the sequence.
    let found = unsafe { Borrowed::from_ptr_or_opt(py, L::lend(sequence.as_ptr(), index.cast_signed())) };
    if found.is_none() {
        drop(PyErr::take(py));
    }
    found
}

/// The text of a string; fails for lone surrogates, which no UTF-8 can say.
pub(crate) fn text<'de>(string: Borrowed<'de, '_, PyString>) -> PyResult<&'de str> {
    let mut length = 0;
    // SAFETY: the object is a live string; the buffer belongs to it, never changes, and lives as long as the borrow, `'de`.
    unsafe {
        let start = ffi::PyUnicode_AsUTF8AndSize(string.as_ptr(), &mut length);
        if start.is_null() {
            return Err(PyErr::fetch(string.py()));
        }
        let bytes = std::slice::from_raw_parts(start.cast::<u8>(), length.cast_unsigned());
        Ok(std::str::from_utf8_unchecked(bytes))
    }
}

/// The content of a bytes object.
pub(crate) fn bytes<'de>(object: Borrowed<'de, '_, PyBytes>) -> &'de [u8] {
    // SAFETY: the object is a live bytes object; its buffer never changes and lives as long as the borrow, `'de`.
    unsafe {
        let start = ffi::PyBytes_AsString(object.as_ptr());
        let length = ffi::PyBytes_Size(object.as_ptr());
        std::slice::from_raw_parts(start.cast::<u8>(), length.cast_unsigned())
    }
}
