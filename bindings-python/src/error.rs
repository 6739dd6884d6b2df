//! Errors of the engine as exceptions of `streamtable.exceptions`, and the wall that no panic passes.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use streamtable::{Error, ErrorCode};

use crate::names::Names;
use crate::output::Sink;

static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// The exception of an error; what goes wrong while making it is the exception instead.
///
/// The hint says what the service's words leave out.
pub(crate) fn exception(py: Python<'_>, operation: &str, error: &Error, hint: Option<String>) -> PyErr {
    make(py, operation, error, hint).unwrap_or_else(|failure| failure)
}

fn make(py: Python<'_>, operation: &str, error: &Error, hint: Option<String>) -> PyResult<PyErr> {
    let make = MAKE
        .get_or_try_init(py, || {
            Ok::<_, PyErr>(py.import("streamtable.exceptions")?.getattr("_make")?.unbind())
        })?
        .bind(py);
    let details = error.details();
    let details = match details.is_empty() {
        true => None,
        false => Some(Sink::new(py, Names::new(), None).write(&details)?),
    };
    let code = error.code();
    Ok(PyErr::from_value(make.call1((
        operation,
        code.name(),
        code.status(),
        error.message(),
        details,
        hint,
    ))?))
}

/// Runs `work`; a panic inside becomes an `InternalServerError`.
pub(crate) fn guard<T>(py: Python<'_>, operation: &str, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    // Nothing half done is seen after a panic in the engine: that database answers nothing more until it is opened anew.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = format!("A defect of this library stopped the call: {}", panic_text(&*panic));
        Err(exception(py, operation, &Error::new(ErrorCode::InternalServer, text), None))
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason given")
}
