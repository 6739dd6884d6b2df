//! The parts of a call alone, the conversion and the engine's own work: what the benchmarks measure calls against.

use std::hint::black_box;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Deserialize;
use streamtable::Request;
use streamtable::door::Door;
use streamtable::value::{Checked, Item};

use crate::database::Handle;
use crate::exact::Exact;
use crate::names::NamePool;
use crate::output::Sink;

/// A converted item.
#[pyclass(module = "streamtable._streamtable", frozen)]
pub(crate) struct ConvertedItem {
    item: Item,
    names: NamePool,
}

/// Reads a request and lets the engine run it `times` times, which may be none; its answers are not converted.
#[pyfunction]
pub(crate) fn _engine(
    handle: &Bound<'_, Handle>,
    operation: &str,
    members: &Bound<'_, PyAny>,
    times: usize,
) -> PyResult<()> {
    let request = Request::decode_exact(operation, Exact(members.as_borrowed()))
        .ok_or_else(|| PyValueError::new_err("the request cannot be read"))?;
    let connection = handle.get().connection()?;
    black_box(&request);
    for _ in 0..times {
        let answer = black_box(connection.call(request.clone()));
        answer.map_err(|error| PyValueError::new_err(error.to_string()))?;
    }
    Ok(())
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
