//! The bare conversion between dict and engine item: the floor that the benchmarks measure calls against.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Deserialize;
use streamtable::value::{Checked, Item};

use crate::exact::Exact;
use crate::names::NamePool;
use crate::output::Sink;

/// A converted item.
#[pyclass(module = "streamtable._streamtable", frozen)]
pub(crate) struct ConvertedItem {
    item: Item,
    names: NamePool,
}

/// The dict as the engine's item.
#[pyfunction]
pub(crate) fn _convert_in(item: &Bound<'_, PyAny>) -> PyResult<ConvertedItem> {
    let checked = Checked::<Item>::deserialize(Exact(item.as_borrowed()));
    match checked {
        Ok(Checked(Ok(item))) => Ok(ConvertedItem { item, names: NamePool::new() }),
        Ok(Checked(Err(fault))) => Err(PyValueError::new_err(format!("{}: {:?}", fault.name, fault.problem))),
        Err(error) => Err(PyValueError::new_err(error.to_string())),
    }
}

/// The engine's item as a dict.
#[pyfunction]
pub(crate) fn _convert_out(py: Python<'_>, handle: &ConvertedItem) -> PyResult<Py<PyAny>> {
    let sink = Sink::new(py, handle.names.take(), None);
    let written = sink.write(&handle.item).map(Bound::unbind);
    handle.names.give_back(sink.into_names());
    written
}
