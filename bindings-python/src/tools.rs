//! The tools for items and records, by name.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use streamtable::{Error, records};

use crate::error::{exception, guard};
use crate::input::Source;
use crate::names::Names;
use crate::output::Sink;

/// Runs a tool of the engine on a dict.
#[pyfunction]
#[pyo3(signature = (tool, members, /))]
pub(crate) fn _tool(py: Python<'_>, tool: &str, members: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
    guard(py, tool, || {
        let source = Source::new(py);
        let made =
            records::run(tool, source.read(members.as_any())).map_err(|error| match source.take_fault() {
                Some(Err(raised)) => raised,
                Some(Ok(text)) => exception(py, tool, &Error::new(error.code(), text), None),
                None => exception(
                    py,
                    tool,
                    &Error::new(error.code(), source.with_path(error.message().to_owned())),
                    None,
                ),
            })?;
        Sink::new(py, Names::new(), None).write(&made).map(Bound::unbind)
    })
}
