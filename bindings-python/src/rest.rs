//! Requests whose operation their path tells, as HTTP has them, for clients that are served in this process.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use streamtable::door::Door;
use streamtable::unstable::registry::rest::invoke::{self, Begun};
use streamtable::unstable::registry::rest::{self, Head, RestAnswer, Routed};

use crate::database::Handle;
use crate::error::{exception, guard};

const OPERATION: &str = "Invoke";

/// Status, headers and body.
type Told = (u16, Vec<(String, String)>, Py<PyBytes>);

/// Answers a request: status, headers and body; None where there is no such path. Of a request to invoke a function it is the task as text, which
/// `_finish_invocation` takes.
#[pyfunction]
#[pyo3(signature = (handle, method, target, headers, body, request_id, /))]
pub(crate) fn _rest<'py>(
    handle: &Bound<'py, Handle>,
    method: &str,
    target: &str,
    headers: Vec<(String, String)>,
    body: &[u8],
    request_id: String,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = handle.py();
    let connection = handle.get().present(py)?;
    let Some(routed) = rest::route(&Head { method, target, headers: &headers }) else { return Ok(None) };
    let begun = guard(py, OPERATION, || {
        Ok(py.detach(|| match routed {
            Routed::Invoke(invoke) => invoke.begin(&|request| connection.call(request), body, request_id),
            routed => {
                let outcome = routed.request(body).and_then(|request| connection.call(request));
                Begun::Answered(routed.answer(outcome, &request_id))
            }
        }))
    })?;
    Ok(Some(match begun {
        Begun::Answered(answer) => told(py, answer).into_pyobject(py)?.into_any(),
        Begun::Run(task) => task.to_text().into_pyobject(py)?.into_any(),
    }))
}

/// The answer to a request to invoke a function, after it was run: `outcome` is `Answered`, `Failed`, `TimedOut` or `NotReached`.
#[pyfunction]
#[pyo3(signature = (task, outcome, payload, /))]
pub(crate) fn _finish_invocation(
    py: Python<'_>,
    task: &str,
    outcome: &str,
    payload: Vec<u8>,
) -> PyResult<Told> {
    let answer =
        invoke::finish(task, outcome, payload).map_err(|error| exception(py, OPERATION, &error, None))?;
    Ok(told(py, answer))
}

fn told(py: Python<'_>, answer: RestAnswer) -> Told {
    (answer.status, answer.headers, PyBytes::new(py, &answer.body).unbind())
}
