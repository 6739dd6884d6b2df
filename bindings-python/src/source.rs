//! A program's own clock, frozen or moved by its tests, as what drives a manual clock.

use std::sync::Mutex;
use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyTzInfoAccess};
use streamtable::Database;

use crate::error::exception;

const OPERATION: &str = "AdvanceClock";

/// What tells the time; nothing where the database has its clock for itself.
#[derive(Default)]
pub(crate) struct TimeSource(Mutex<Option<Source>>);

struct Source {
    callable: Py<PyAny>,
    /// What the database's clock showed when it was last looked at, epoch milliseconds: it goes forward only.
    shown: u64,
}

impl TimeSource {
    pub(crate) fn set(&self, callable: Py<PyAny>) {
        if let Ok(mut place) = self.0.lock() {
            *place = Some(Source { callable, shown: 0 });
        }
    }

    /// Moves the database's clock to where the program's is. Where that has gone back, ours stands.
    pub(crate) fn follow(&self, py: Python<'_>, database: &Database) -> PyResult<()> {
        let Some((callable, shown)) = self.look(py) else { return Ok(()) };
        let told = millis(callable.bind(py).call0()?)?;
        if told <= shown {
            return Ok(());
        }
        let at = |by: u64| {
            py.detach(|| database.advance(Duration::from_millis(by)))
                .map_err(|error| exception(py, OPERATION, &error, None))
        };
        // The clock may have been moved by hand, too, or by another thread in between: it is asked, by a step of nothing.
        let now = at(0)?;
        let shown = if told > now { at(told - now)? } else { now };
        self.note(shown);
        Ok(())
    }

    /// The database's clock may have gone back: it was reset, or restored.
    pub(crate) fn forget(&self) {
        self.note(0);
    }

    /// The lock is not held while the callable runs, which may use the database.
    fn look(&self, py: Python<'_>) -> Option<(Py<PyAny>, u64)> {
        let place = self.0.lock().ok()?;
        place.as_ref().map(|source| (source.callable.clone_ref(py), source.shown))
    }

    fn note(&self, shown: u64) {
        if let Ok(mut place) = self.0.lock()
            && let Some(source) = &mut *place
        {
            source.shown = shown;
        }
    }
}

/// Epoch milliseconds of an aware datetime, or of seconds since 1970 as `time.time` gives them.
fn millis(told: Bound<'_, PyAny>) -> PyResult<u64> {
    let seconds: f64 = match told.cast::<PyDateTime>() {
        Ok(moment) if moment.get_tzinfo().is_none() => {
            return Err(PyTypeError::new_err(
                "the clock gave a datetime without a time zone; datetime.now(timezone.utc) has one",
            ));
        }
        Ok(moment) => moment.call_method0("timestamp")?.extract()?,
        Err(_) => told.extract().map_err(|_| {
            PyTypeError::new_err("a clock gives an aware datetime, or seconds since 1970 as time.time does")
        })?,
    };
    let millis = (seconds * 1000.0).floor();
    if !(0.0..=i64::MAX as f64).contains(&millis) {
        return Err(PyValueError::new_err("the clock gave no moment after 1970"));
    }
    Ok(millis as u64)
}
