//! Calls that were started and whose answers wait for a disk, or for a fault that delays them: for event loops, which must not.

use std::sync::Mutex;

use pyo3::exceptions::PyRuntimeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyAny, PyTzInfo};
use streamtable::{Error, Response, Ticket};

use crate::database::{Handle, status_and_body};
use crate::error::{exception, guard};

/// What a call has come to.
#[allow(clippy::large_enum_variant, reason = "answers live for one call")]
pub(crate) enum Outcome {
    /// Of a typed request.
    Typed(Result<Response, Error>),
    /// Of a request in JSON.
    Json(Result<Vec<u8>, Error>),
}

/// A call that was started. Its answer may be told when `settle` has returned.
#[pyclass(module = "streamtable._streamtable", frozen)]
pub(crate) struct Started {
    handle: Py<Handle>,
    operation: String,
    /// None where there is nothing to wait for: nothing was started.
    ticket: Option<Ticket>,
    outcome: Mutex<Option<Outcome>>,
    /// Said for an error whose own text does not say where.
    hint: Option<String>,
}

impl Started {
    /// What was begun, by what it answers; an error at once waits for nothing.
    pub(crate) fn of<T>(
        handle: &Bound<'_, Handle>,
        operation: &str,
        begun: Result<(Result<T, Error>, Ticket), Error>,
        outcome: impl FnOnce(Result<T, Error>) -> Outcome,
    ) -> Started {
        let (result, ticket) = match begun {
            Ok((result, ticket)) => (result, Some(ticket)),
            Err(error) => (Err(error), None),
        };
        let outcome = Mutex::new(Some(outcome(result)));
        let handle = handle.clone().unbind();
        Started { handle, operation: operation.to_owned(), ticket, outcome, hint: None }
    }

    pub(crate) fn hinting(self, hint: Option<String>) -> Started {
        Started { hint, ..self }
    }

    fn take(&self) -> PyResult<Outcome> {
        let outcome = self.outcome.lock().ok().and_then(|mut outcome| outcome.take());
        outcome.ok_or_else(|| PyRuntimeError::new_err("an answer is told once"))
    }
}

#[pymethods]
impl Started {
    /// Whether `settle` has nothing to wait for.
    #[getter]
    fn settled(&self) -> PyResult<bool> {
        let database = self.handle.get().database()?;
        Ok(self.ticket.is_none_or(|ticket| database.is_settled(ticket)))
    }

    /// Waits until the answer may be told. What goes wrong with the disk is the answer then.
    fn settle(&self, py: Python<'_>) -> PyResult<()> {
        guard(py, &self.operation, || {
            let database = self.handle.get().database()?;
            let Some(ticket) = self.ticket else { return Ok(()) };
            if let Err(error) = py.detach(|| database.settle(ticket))
                && let Ok(mut outcome) = self.outcome.lock()
            {
                *outcome = Some(Outcome::Typed(Err(error)));
            }
            Ok(())
        })
    }

    /// The answer as a dict; an error as an exception.
    fn answer(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        guard(py, &self.operation, || match self.take()? {
            Outcome::Typed(Ok(response)) => self.handle.get().write(py, &response, None),
            Outcome::Typed(Err(error)) => Err(exception(py, &self.operation, &error, self.hint.clone())),
            _ => Err(PyRuntimeError::new_err("the answer is HTTP's")),
        })
    }

    /// The answer as clients of boto3 take it: a dict with moments in this time zone, or status and body.
    #[pyo3(signature = (zone, /))]
    fn answered<'py>(&self, py: Python<'py>, zone: Bound<'py, PyTzInfo>) -> PyResult<Py<PyAny>> {
        guard(py, &self.operation, || match self.take()? {
            Outcome::Typed(Ok(response)) => self.handle.get().write(py, &response, Some(zone)),
            Outcome::Json(Ok(body)) => status_and_body(py, 200, &body),
            Outcome::Typed(Err(error)) | Outcome::Json(Err(error)) => {
                status_and_body(py, error.code().status(), &error.to_json())
            }
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.handle)
    }
}
