//! A worker of event source mappings: what it says and what it is told are JSON, which `_mappings.py` reads and writes.

use std::time::Duration;

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use streamtable_remote::Mappings;

use crate::database::Handle;
use crate::error::{exception, guard};

/// What errors of a worker are told to be of.
const OPERATION: &str = "SettleMapping";

/// A worker of a database.
#[pyclass(module = "streamtable._streamtable", frozen)]
pub(crate) struct Worker {
    handle: Py<Handle>,
    mappings: Mappings,
}

/// Makes a worker.
#[pyfunction]
#[pyo3(signature = (handle, seed, /))]
pub(crate) fn _worker(handle: Bound<'_, Handle>, seed: u64) -> PyResult<Worker> {
    let mappings = Mappings::new(handle.get().connection()?, seed);
    Ok(Worker { handle: handle.unbind(), mappings })
}

#[pymethods]
impl Worker {
    /// What to do next, of one mapping or of all.
    #[pyo3(signature = (only, /))]
    fn next(&self, py: Python<'_>, only: Option<&str>) -> PyResult<String> {
        guard(py, OPERATION, || {
            self.handle.get().present(py)?;
            py.detach(|| self.mappings.next_text(only))
                .map_err(|error| exception(py, OPERATION, &error, None))
        })
    }

    /// Tells it something, and gives its answer.
    fn tell(&self, py: Python<'_>, told: &str) -> PyResult<String> {
        guard(py, OPERATION, || {
            self.handle.get().present(py)?;
            py.detach(|| self.mappings.tell_text(told))
                .map_err(|error| exception(py, OPERATION, &error, None))
        })
    }

    /// How often something was written, or it was called.
    fn count(&self) -> u64 {
        self.mappings.count()
    }

    /// Waits until the count is no more the one that is known, for some milliseconds at most.
    fn wait(&self, py: Python<'_>, known: u64, milliseconds: u64) {
        py.detach(|| self.mappings.wait(known, Duration::from_millis(milliseconds)));
    }

    /// Ends the waiting.
    fn call(&self) {
        self.mappings.call();
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.handle)
    }
}
