//! The handle of an open database: what the Python class `streamtable.Database` stands on.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple, PyTzInfo};
use serde::{Deserialize, Serialize};
use streamtable::door::Door;
use streamtable::records::Replay;
use streamtable::{Database, Error, ErrorCode, OpenOptions, Request, Response, Snapshot};
use streamtable_remote::Connection;

use crate::credentials;
use crate::error::{exception, guard};
use crate::exact::Exact;
use crate::input::Source;
use crate::misfit::hint;
use crate::names::NamePool;
use crate::output::Sink;
use crate::registry::method_name;
use crate::source::TimeSource;
use crate::started::{Outcome, Started};

/// How often this process was forked off since the module was loaded; a handle is good for the number it was opened at.
static FORKS: AtomicU64 = AtomicU64::new(0);

/// Called in the child after every fork.
#[pyfunction]
pub(crate) fn _forked() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// An open database. `streamtable.open` makes it, as part of a `streamtable.Database`.
#[pyclass(module = "streamtable._streamtable", subclass, frozen, weakref)]
pub(crate) struct Handle {
    connection: ManuallyDrop<Connection>,
    names: Arc<NamePool>,
    path: Option<PathBuf>,
    closed: AtomicBool,
    forks: u64,
    /// What drives the clock, where that is the program.
    time: TimeSource,
}

impl Drop for Handle {
    fn drop(&mut self) {
        // A forked child has a copy of the memory, but not the database's thread: closing would wait for it forever. The memory goes with
        // the child.
        if self.is_ours() {
            // SAFETY: dropped here and nowhere else, and not used after.
            unsafe { ManuallyDrop::drop(&mut self.connection) }
        }
    }
}

/// A request that was read and not yet run, for the boto3 door.
#[pyclass(module = "streamtable._streamtable", frozen)]
pub(crate) struct Prepared(Mutex<Option<Request>>);

impl Prepared {
    fn take(&self) -> PyResult<Request> {
        let request = self.0.lock().ok().and_then(|mut request| request.take());
        request.ok_or_else(|| PyRuntimeError::new_err("a prepared request runs once"))
    }
}

/// A database at one moment, for the Python class `streamtable.Snapshot`.
#[pyclass(name = "Snapshot", module = "streamtable._streamtable", frozen)]
pub(crate) struct Frozen {
    snapshot: ManuallyDrop<Snapshot>,
    forks: u64,
}

impl Drop for Frozen {
    fn drop(&mut self) {
        // As a handle: locks that another thread of the parent held at the fork are held in the child for ever.
        if self.forks == FORKS.load(Ordering::Relaxed) {
            // SAFETY: dropped here and nowhere else, and not used after.
            unsafe { ManuallyDrop::drop(&mut self.snapshot) }
        }
    }
}

impl Frozen {
    fn snapshot(&self) -> PyResult<&Snapshot> {
        if self.forks != FORKS.load(Ordering::Relaxed) {
            return Err(PyRuntimeError::new_err(
                "this snapshot was taken before the process was forked, and lives in the parent only",
            ));
        }
        Ok(&self.snapshot)
    }
}

#[pymethods]
impl Frozen {
    fn _fork(&self, py: Python<'_>) -> PyResult<Opened> {
        let snapshot = self.snapshot()?;
        guard(py, FORK, || {
            let database =
                py.detach(|| snapshot.fork()).map_err(|error| exception(py, FORK, &error, None))?;
            Ok(Opened(Mutex::new(Some((database, None)))))
        })
    }
}

/// A database that is open and waits for its handle, and where it is.
#[pyclass(module = "streamtable._streamtable", frozen)]
pub(crate) struct Opened(Mutex<Option<(Database, Option<PathBuf>)>>);

const APPLY: &str = "apply";
const OPEN: &str = "open";
const FORK: &str = "fork";
const REGION: &str = "in_region";
const RESET: &str = "reset";
const PREPARED: &str = "a prepared operation";
const RESTORE: &str = "restore";
const SNAPSHOT: &str = "snapshot";

impl Handle {
    fn is_ours(&self) -> bool {
        self.forks == FORKS.load(Ordering::Relaxed)
    }

    /// The database, here or elsewhere, if this process opened it.
    pub(crate) fn connection(&self) -> PyResult<&Connection> {
        if !self.is_ours() {
            return Err(PyRuntimeError::new_err(
                "this database was opened before the process was forked, and lives in the parent only: open one in the child",
            ));
        }
        Ok(&self.connection)
    }

    /// The database, for what only one in this process has.
    fn local(&self, py: Python<'_>, what: &'static str) -> PyResult<&Database> {
        self.connection()?.local(what).map_err(|error| exception(py, what, &error, None))
    }

    /// The database, with its clock where the program's is.
    pub(crate) fn present(&self, py: Python<'_>) -> PyResult<&Connection> {
        let connection = self.connection()?;
        if let Connection::Local(database) = connection {
            self.time.follow(py, database)?;
        }
        Ok(connection)
    }

    /// The names that its answers share.
    pub(crate) fn names(&self) -> &Arc<NamePool> {
        &self.names
    }

    fn run(&self, py: Python<'_>, request: Request) -> PyResult<Result<Response, Error>> {
        let connection = self.present(py)?;
        Ok(py.detach(|| connection.call(request)))
    }

    /// Reads a request, runs it, and writes its answer.
    fn answer(
        &self,
        py: Python<'_>,
        operation: &str,
        members: &Bound<'_, PyAny>,
        unknown: Unknown,
    ) -> PyResult<Py<PyAny>> {
        let request = decode(operation, members, unknown)?;
        match self.run(py, request)? {
            Ok(response) => self.write(py, &response, None),
            Err(error) => Err(exception(py, operation, &error, hint(operation, members, &error))),
        }
    }

    pub(crate) fn write<T: Serialize + ?Sized>(
        &self,
        py: Python<'_>,
        value: &T,
        zone: Option<Bound<'_, PyTzInfo>>,
    ) -> PyResult<Py<PyAny>> {
        let names = self.names.take();
        let sink = Sink::new(py, names, zone);
        let written = sink.write(value).map(Bound::unbind);
        self.names.give_back(sink.into_names());
        written
    }
}

/// What to do with a member that the operation does not have.
#[derive(Clone, Copy, PartialEq)]
enum Unknown {
    /// Pass over it, as the service does.
    Ignored,
    /// A `TypeError`, as for any Python function.
    Refused,
}

/// Reads a request, first as what it nearly always is.
fn decode(operation: &str, members: &Bound<'_, PyAny>, unknown: Unknown) -> PyResult<Request> {
    match Request::decode_exact(operation, Exact(members.as_borrowed())) {
        Some(request) => Ok(request),
        None => decode_any(operation, members, unknown),
    }
}

/// Reads a request; what Python has to say about a failure goes before the engine's bare answer.
#[cold]
fn decode_any(operation: &str, members: &Bound<'_, PyAny>, unknown: Unknown) -> PyResult<Request> {
    let py = members.py();
    let source = Source::new(py);
    let request =
        Request::decode(operation, source.read(members)).map_err(|error| match source.take_fault() {
            Some(Err(raised)) => raised,
            Some(Ok(text)) if error.message().is_empty() => {
                exception(py, operation, &Error::new(error.code(), text), None)
            }
            _ => exception(py, operation, &error, hint(operation, members, &error)),
        })?;
    match source.take_unknown_member() {
        Some(name) if unknown == Unknown::Refused => {
            let method = method_name(operation);
            Err(PyTypeError::new_err(format!("{method}() got an unexpected keyword argument '{name}'")))
        }
        _ => Ok(request),
    }
}

fn open_options(options: &Bound<'_, PyDict>) -> PyResult<OpenOptions> {
    let py = options.py();
    let source = Source::new(py);
    let decoded = OpenOptions::deserialize(source.read(options.as_any()));
    decoded.map_err(|error| match source.take_fault() {
        Some(Err(raised)) => raised,
        Some(Ok(text)) => exception(py, OPEN, &Error::new(ErrorCode::Open, text), None),
        None => exception(py, OPEN, &Error::new(ErrorCode::Open, error.to_string()), None),
    })
}

impl Handle {
    fn of(connection: Connection, path: Option<PathBuf>) -> Handle {
        Handle {
            path: path.filter(|_| matches!(connection, Connection::Local(_))),
            connection: ManuallyDrop::new(connection),
            names: Arc::new(NamePool::new()),
            closed: AtomicBool::new(false),
            forks: FORKS.load(Ordering::Relaxed),
            time: TimeSource::default(),
        }
    }
}

#[pymethods]
impl Handle {
    /// The handle of a database in a directory or in memory, with options of opening, or of one that is open.
    #[new]
    #[pyo3(signature = (path, options, credentials=None))]
    fn new(
        py: Python<'_>,
        path: Option<PathBuf>,
        options: &Bound<'_, PyAny>,
        credentials: Option<Py<PyAny>>,
    ) -> PyResult<Handle> {
        guard(py, OPEN, || {
            if let Ok(opened) = options.cast::<Opened>() {
                let waiting = opened.get().0.lock().ok().and_then(|mut waiting| waiting.take());
                let (database, path) =
                    waiting.ok_or_else(|| PyRuntimeError::new_err("an open database gets one handle"))?;
                return Ok(Handle::of(Connection::Local(database), path));
            }
            let given = options.cast::<PyDict>()?;
            let (options, are_given) = (open_options(given)?, !given.is_empty());
            let remote = credentials::options(credentials);
            let connection = py
                .detach(|| Connection::open_at(path.as_deref(), options, are_given, remote))
                .map_err(|error| exception(py, OPEN, &error, None))?;
            Ok(Handle::of(connection, path))
        })
    }

    /// A database that goes on from the present of this one, in a directory or in memory.
    fn _fork(&self, py: Python<'_>, path: Option<PathBuf>) -> PyResult<Opened> {
        let database = self.local(py, FORK)?;
        guard(py, FORK, || {
            let forked = py.detach(|| match &path {
                Some(path) => database.fork_to(path),
                None => database.fork(),
            });
            let forked = forked.map_err(|error| exception(py, FORK, &error, None))?;
            Ok(Opened(Mutex::new(Some((forked, path)))))
        })
    }

    /// The database in another region, or this one.
    fn _in_region(&self, py: Python<'_>, region: &str) -> PyResult<Opened> {
        let database = self.local(py, REGION)?;
        guard(py, REGION, || {
            let there = py.detach(|| database.in_region(region));
            let there = there.map_err(|error| exception(py, REGION, &error, None))?;
            Ok(Opened(Mutex::new(Some((there, self.path.clone())))))
        })
    }

    /// The names of the regions that there are.
    fn _regions(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        Ok(self.local(py, "regions")?.regions())
    }

    fn _snapshot(&self, py: Python<'_>) -> PyResult<Frozen> {
        let database = self.local(py, SNAPSHOT)?;
        guard(py, SNAPSHOT, || {
            let taken =
                py.detach(|| database.snapshot()).map_err(|error| exception(py, SNAPSHOT, &error, None))?;
            Ok(Frozen { snapshot: ManuallyDrop::new(taken), forks: self.forks })
        })
    }

    fn _restore(&self, py: Python<'_>, snapshot: &Frozen) -> PyResult<()> {
        let (database, snapshot) = (self.local(py, RESTORE)?, snapshot.snapshot()?);
        self.time.forget();
        guard(py, RESTORE, || {
            py.detach(|| database.restore(snapshot)).map_err(|error| exception(py, RESTORE, &error, None))
        })
    }

    /// Replays records into a table: what came of them as a dict.
    fn _apply(&self, py: Python<'_>, members: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        let connection = self.present(py)?;
        guard(py, APPLY, || {
            let source = Source::new(py);
            let read =
                Replay::read(source.read(members.as_any())).map_err(|error| match source.take_fault() {
                    Some(Err(raised)) => raised,
                    Some(Ok(text)) => exception(py, APPLY, &Error::new(error.code(), text), None),
                    None => exception(py, APPLY, &error, None),
                })?;
            let done =
                py.detach(|| read.run(connection)).map_err(|error| exception(py, APPLY, &error, None))?;
            self.write(py, &done, None)
        })
    }

    /// Empties the database: tables, items, streams; a manual clock stands where it stood when the database was opened, and a seeded one makes
    /// the same choices again. A fork is emptied to what the database was that it comes from. Handles, clients and readers of the database
    /// go on working; a call that runs meanwhile is answered by the database as it was before.
    ///
    /// :raises streamtable.exceptions.ValidationException: the database is in a directory.
    fn reset(&self, py: Python<'_>) -> PyResult<()> {
        let database = self.local(py, RESET)?;
        self.time.forget();
        guard(py, RESET, || {
            py.detach(|| database.reset()).map_err(|error| exception(py, RESET, &error, None))
        })
    }

    /// Has the clock, a manual one, go by what a callable tells: an aware datetime, or seconds since 1970.
    fn _follow(&self, py: Python<'_>, source: Py<PyAny>) -> PyResult<()> {
        self.local(py, "a clock of the program's own")?;
        self.time.set(source);
        self.present(py).map(|_| ())
    }

    /// Runs an operation by its name, such as ``db.call("PutItem", {"TableName": "People", "Item": {...}})``.
    ///
    /// Members that the operation does not have are passed over, as the service does.
    #[pyo3(signature = (operation, members=None, /))]
    fn call(
        &self,
        py: Python<'_>,
        operation: &str,
        members: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        guard(py, operation, || match members {
            Some(members) => self.answer(py, operation, members, Unknown::Ignored),
            None => self.answer(py, operation, PyDict::new(py).as_any(), Unknown::Ignored),
        })
    }

    /// As `call`, for the keyword methods: a name that is no member is a `TypeError`.
    #[pyo3(signature = (operation, members, /))]
    fn _execute(&self, py: Python<'_>, operation: &str, members: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        guard(py, operation, || self.answer(py, operation, members.as_any(), Unknown::Refused))
    }

    /// As `call` and `_execute`, without waiting for a disk.
    #[pyo3(signature = (operation, members, is_method, /))]
    fn _begin(
        slf: &Bound<'_, Handle>,
        operation: &str,
        members: &Bound<'_, PyAny>,
        is_method: bool,
    ) -> PyResult<Started> {
        let py = slf.py();
        guard(py, operation, || {
            let unknown = if is_method { Unknown::Refused } else { Unknown::Ignored };
            let request = decode(operation, members, unknown)?;
            let database = match slf.get().present(py)? {
                Connection::Local(database) => database,
                Connection::Remote(remote) => {
                    return Ok(Started::elsewhere(slf, operation, py.detach(|| remote.start(request))));
                }
            };
            let begun = py.detach(|| database.start(request));
            let refused = begun.as_ref().ok().and_then(|(result, _)| result.as_ref().err());
            let told = refused.and_then(|error| hint(operation, members, error));
            Ok(Started::of(slf, operation, begun, Outcome::Typed).hinting(told))
        })
    }

    /// Reads a request without running it. None when anything about it is uncommon or wrong: the long way then finds the right words.
    #[pyo3(signature = (operation, members, /))]
    fn _prepare(
        &self,
        py: Python<'_>,
        operation: &str,
        members: &Bound<'_, PyAny>,
    ) -> PyResult<Option<Prepared>> {
        guard(py, operation, || {
            let request = Request::decode_exact(operation, Exact(members.as_borrowed()));
            Ok(request.map(|request| Prepared(Mutex::new(Some(request)))))
        })
    }

    /// As `_run`, without waiting for a disk.
    #[pyo3(signature = (prepared, /))]
    fn _start(slf: &Bound<'_, Handle>, prepared: &Prepared) -> PyResult<Started> {
        let py = slf.py();
        guard(py, PREPARED, || {
            let request = prepared.take()?;
            Ok(match slf.get().present(py)? {
                Connection::Local(database) => {
                    Started::of(slf, PREPARED, py.detach(|| database.start(request)), Outcome::Typed)
                }
                Connection::Remote(remote) => {
                    Started::elsewhere(slf, PREPARED, py.detach(|| remote.start(request)))
                }
            })
        })
    }

    /// Runs a prepared request: the answer as a dict, or an error as HTTP has it, status and body.
    #[pyo3(signature = (prepared, zone, /))]
    fn _run(&self, py: Python<'_>, prepared: &Prepared, zone: Bound<'_, PyTzInfo>) -> PyResult<Py<PyAny>> {
        guard(py, PREPARED, || {
            let request = prepared.take()?;
            match self.run(py, request)? {
                Ok(response) => self.write(py, &response, Some(zone)),
                Err(error) => status_and_body(py, error.code().status(), &error.to_json()),
            }
        })
    }

    /// As `_call_json`, without waiting for a disk.
    #[pyo3(signature = (operation, body, /))]
    fn _start_json(slf: &Bound<'_, Handle>, operation: &str, body: &[u8]) -> PyResult<Started> {
        let py = slf.py();
        guard(py, operation, || {
            let Connection::Local(database) = slf.get().present(py)? else {
                return Ok(Started::when_settled(slf, operation, body));
            };
            let begun = py.detach(|| database.start_json(operation, body));
            Ok(Started::of(slf, operation, begun, Outcome::Json))
        })
    }

    /// Runs an operation with JSON text in and out, as HTTP has it: status and body.
    #[pyo3(signature = (operation, body, /))]
    fn _call_json(&self, py: Python<'_>, operation: &str, body: &[u8]) -> PyResult<Py<PyAny>> {
        let connection = self.present(py)?;
        let answer = guard(py, operation, || Ok(py.detach(|| connection.call_json(operation, body))))?;
        match answer {
            Ok(body) => status_and_body(py, 200, &body),
            Err(error) => status_and_body(py, error.code().status(), &error.to_json()),
        }
    }

    /// What the header `x-amzn-query-error` says of an error of this code; None where no service says anything.
    #[allow(clippy::unused_self, reason = "asked of a database, as everything is that clients need")]
    fn _query_error(&self, code: &str) -> Option<String> {
        ErrorCode::from_name(code).and_then(ErrorCode::query_error)
    }

    /// Closes the database: what it has acknowledged is made safe, its memory and its directory are given back, and every later call raises
    /// ``DatabaseClosedException``. Closing twice is no error.
    ///
    /// :raises streamtable.exceptions.StorageException: the disk failed; the database is closed nevertheless.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let connection = self.connection()?;
        self.closed.store(true, Ordering::Relaxed);
        guard(py, "close", || {
            py.detach(|| connection.close()).map_err(|error| exception(py, "close", &error, None))
        })
    }

    /// The directory of the database, as it was given; None for one in memory, or elsewhere.
    #[getter]
    fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The address of a database elsewhere; None for one in this process.
    #[getter]
    fn address(&self) -> Option<&str> {
        match &*self.connection {
            Connection::Local(_) => None,
            Connection::Remote(remote) => Some(remote.address()),
        }
    }

    /// Region in ARNs and records. A database elsewhere is asked for it, where its address names none.
    #[getter]
    fn region(&self, py: Python<'_>) -> PyResult<&str> {
        let connection = self.connection()?;
        py.detach(|| connection.region()).map_err(|error| exception(py, "region", &error, None))
    }

    /// Account in ARNs, of a database in this process.
    #[getter]
    fn account(&self, py: Python<'_>) -> PyResult<&str> {
        Ok(self.local(py, "account")?.account())
    }

    /// Whether the database was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}

pub(crate) fn status_and_body(py: Python<'_>, status: u16, body: &[u8]) -> PyResult<Py<PyAny>> {
    Ok(PyTuple::new(py, [status.into_pyobject(py)?.into_any(), PyBytes::new(py, body).into_any()])?
        .into_any()
        .unbind())
}
