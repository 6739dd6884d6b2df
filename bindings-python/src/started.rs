//! Calls that were started and whose answers wait for a disk, or for a fault that delays them: for event loops, which must not.

use std::sync::Mutex;

use pyo3::exceptions::PyRuntimeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyAny, PyTzInfo};
use streamtable::door::Pending;
use streamtable::{Error, Response, Ticket};
use streamtable_remote::Connection;

use crate::database::{Handle, status_and_body};
use crate::error::{exception, guard};

/// What a call has come to.
#[allow(clippy::large_enum_variant, reason = "answers live for one call")]
pub(crate) enum Outcome {
    /// Of a typed request.
    Typed(Result<Response, Error>),
    /// Of a request in JSON.
    Json(Result<Vec<u8>, Error>),
    /// On its way to a database elsewhere.
    Elsewhere(Pending),
    /// In JSON, to be sent to a database elsewhere by whoever waits for it: the body.
    Unsent(Vec<u8>),
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

    /// A call of a database elsewhere that is on its way.
    pub(crate) fn elsewhere(handle: &Bound<'_, Handle>, operation: &str, pending: Pending) -> Started {
        Started::unsettled(handle, operation, Outcome::Elsewhere(pending))
    }

    /// A call in JSON of a database elsewhere, which is sent by the thread that settles it.
    pub(crate) fn when_settled(handle: &Bound<'_, Handle>, operation: &str, body: &[u8]) -> Started {
        Started::unsettled(handle, operation, Outcome::Unsent(body.to_vec()))
    }

    fn unsettled(handle: &Bound<'_, Handle>, operation: &str, outcome: Outcome) -> Started {
        let (handle, outcome) = (handle.clone().unbind(), Mutex::new(Some(outcome)));
        Started { handle, operation: operation.to_owned(), ticket: None, outcome, hint: None }
    }

    pub(crate) fn hinting(self, hint: Option<String>) -> Started {
        Started { hint, ..self }
    }

    /// Waits for an answer from elsewhere, and puts it in the place of what was started.
    fn settle_elsewhere(&self, py: Python<'_>, connection: &Connection) -> PyResult<()> {
        let settled = match self.take()? {
            Outcome::Elsewhere(pending) => Outcome::Typed(py.detach(|| pending.wait())),
            Outcome::Unsent(body) => {
                Outcome::Json(py.detach(|| connection.call_json(&self.operation, &body)))
            }
            settled => settled,
        };
        if let Ok(mut outcome) = self.outcome.lock() {
            *outcome = Some(settled);
        }
        Ok(())
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
        if let Connection::Local(database) = self.handle.get().connection()? {
            return Ok(self.ticket.is_none_or(|ticket| database.is_settled(ticket)));
        }
        let outcome = self.outcome.lock().map_err(|_| PyRuntimeError::new_err("a thread has panicked"))?;
        Ok(match &*outcome {
            Some(Outcome::Elsewhere(pending)) => pending.is_ready(),
            Some(Outcome::Unsent(_)) => false,
            _ => true,
        })
    }

    /// Waits until the answer may be told. What goes wrong with the disk is the answer then.
    fn settle(&self, py: Python<'_>) -> PyResult<()> {
        guard(py, &self.operation, || {
            let database = match self.handle.get().connection()? {
                Connection::Local(database) => database,
                connection @ Connection::Remote(_) => return self.settle_elsewhere(py, connection),
            };
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
            Outcome::Elsewhere(pending) => match py.detach(|| pending.wait()) {
                Ok(response) => self.handle.get().write(py, &response, None),
                Err(error) => Err(exception(py, &self.operation, &error, None)),
            },
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
            Outcome::Elsewhere(_) | Outcome::Unsent(_) => {
                Err(PyRuntimeError::new_err("the call was not settled"))
            }
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.handle)
    }
}
