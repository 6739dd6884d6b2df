//! Reading change streams: the engine's cursor as a Python iterator.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, TryLockError};

use pyo3::exceptions::PyValueError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Deserialize;
use streamtable::reader::Cursor;
use streamtable::{Error, ErrorCode, ReadOptions, Reader};

use crate::database::Handle;
use crate::error::{exception, guard};
use crate::input::Source;
use crate::names::NamePool;
use crate::record::{Place, Record};

/// What errors of reading are told to be of.
const OPERATION: &str = "GetRecords";

/// The records of a stream, up to what is there now. `streamtable.Stream.records` makes it.
#[pyclass(module = "streamtable", frozen, weakref)]
pub(crate) struct Records {
    handle: Py<Handle>,
    names: Arc<NamePool>,
    cursor: Mutex<Reading>,
    /// An iterator that has ended stays so, as Python has it.
    ended: AtomicBool,
}

/// The records that are being given.
struct Reading {
    cursor: Cursor,
    /// The reader as it stood after the page at hand: by it a record knows its own place later.
    page: Arc<Reader>,
}

impl Records {
    /// Does something with the cursor, which is one thread's at a time: waiting for it with the interpreter lock held could be for ever.
    fn with_cursor<T>(&self, work: impl FnOnce(&mut Reading) -> PyResult<T>) -> PyResult<T> {
        match self.cursor.try_lock() {
            Ok(mut reading) => work(&mut reading),
            Err(TryLockError::Poisoned(reading)) => work(&mut reading.into_inner()),
            Err(TryLockError::WouldBlock) => {
                Err(PyValueError::new_err("these records are being read by another thread"))
            }
        }
    }

    fn take(&self, reading: &mut Reading) -> Option<Record> {
        let Reading { cursor, page } = reading;
        let record = cursor.take()?;
        let place = Place::Page(page.clone());
        Some(Record::new(record, cursor.shard_id().clone(), place, self.names.clone()))
    }
}

/// Opens a reader. Mistakes, and places that are gone, are told here.
#[pyfunction]
#[pyo3(signature = (handle, arn, options, /))]
pub(crate) fn _read(
    py: Python<'_>,
    handle: Bound<'_, Handle>,
    arn: &str,
    options: &Bound<'_, PyDict>,
) -> PyResult<Records> {
    guard(py, OPERATION, || {
        let options = read_options(options)?;
        let database = handle.get().present(py)?;
        let reader = py
            .detach(|| Reader::open(database, arn, options))
            .map_err(|error| exception(py, OPERATION, &error, None))?;
        Ok(Records {
            names: handle.get().names().clone(),
            handle: handle.unbind(),
            cursor: Mutex::new(Reading { page: Arc::new(reader.clone()), cursor: Cursor::new(reader) }),
            ended: AtomicBool::new(false),
        })
    })
}

fn read_options(options: &Bound<'_, PyDict>) -> PyResult<ReadOptions> {
    let py = options.py();
    let source = Source::new(py);
    ReadOptions::deserialize(source.read(options.as_any())).map_err(|error| {
        let text = match source.take_fault() {
            Some(Err(raised)) => return raised,
            Some(Ok(text)) => text,
            None => source.with_path(error.to_string()),
        };
        exception(py, OPERATION, &Error::new(ErrorCode::Serialization, text), None)
    })
}

#[pymethods]
impl Records {
    fn __iter__(slf: Bound<'_, Records>) -> Bound<'_, Records> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Record>> {
        if let Some(record) = self._taken()? {
            return Ok(Some(record));
        }
        if self._filled(py)? { self._taken() } else { Ok(None) }
    }

    /// Reads more records when those that were read are given; false at the end.
    fn _filled(&self, py: Python<'_>) -> PyResult<bool> {
        self.with_cursor(|reading| {
            if self.ended.load(Ordering::Relaxed) {
                return Ok(false);
            }
            guard(py, OPERATION, || {
                let database = self.handle.get().present(py)?;
                let Reading { cursor, page } = reading;
                let filled = py
                    .detach(|| cursor.fill(database))
                    .map_err(|error| exception(py, OPERATION, &error, None))?;
                self.ended.store(!filled, Ordering::Relaxed);
                *page = Arc::new(cursor.reader().clone());
                Ok(filled)
            })
        })
    }

    /// The next record of those that were read already; None when there is none, which is not the end.
    fn _taken(&self) -> PyResult<Option<Record>> {
        self.with_cursor(|reading| Ok(self.take(reading)))
    }

    /// Where to go on after the record that was given last, in all shards: a text to keep, for ``records(checkpoint=...)``.
    #[getter]
    fn checkpoint(&self) -> PyResult<String> {
        self.with_cursor(|reading| Ok(reading.cursor.checkpoint().to_string()))
    }

    /// How often records were trimmed before they could be read; only ever above 0 with ``trimmed="skip"``.
    #[getter]
    fn gaps(&self) -> PyResult<u64> {
        self.with_cursor(|reading| Ok(reading.cursor.gaps()))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.handle)
    }
}
