//! Names as Python strings, made once: the names of members, types and attributes come back in every answer.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyString;

/// Longer names are not worth a place.
const LONGEST: usize = 64;
const SLOTS: usize = 512;

/// The latest name of each hash. One thread at a time uses it; who finds it taken starts an empty one.
pub(crate) struct Names {
    slots: Vec<Option<(Box<str>, Py<PyString>)>>,
}

impl Names {
    pub(crate) fn new() -> Names {
        Names { slots: std::iter::repeat_with(|| None).take(SLOTS).collect() }
    }

    /// `name` as a Python string, the same object as last time where possible.
    pub(crate) fn get<'py>(&mut self, py: Python<'py>, name: &str) -> Bound<'py, PyString> {
        if name.len() > LONGEST {
            return PyString::new(py, name);
        }
        let slot = &mut self.slots[slot(name)];
        if let Some((text, string)) = slot
            && **text == *name
        {
            return string.bind(py).clone();
        }
        let string = PyString::intern(py, name);
        *slot = Some((name.into(), string.clone().unbind()));
        string
    }
}

/// FNV-1a, folded: names are short, and a bad spread only costs a new string.
fn slot(name: &str) -> usize {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    ((hash ^ (hash >> 32)) as usize) % SLOTS
}

/// The names of a database and its records, lent to one conversion at a time.
pub(crate) struct NamePool(Mutex<Option<Names>>);

impl NamePool {
    pub(crate) fn new() -> NamePool {
        NamePool(Mutex::new(None))
    }

    /// The names, or new ones when another conversion has them: the lock is never held while Python code can run.
    pub(crate) fn take(&self) -> Names {
        self.slot().take().unwrap_or_else(Names::new)
    }

    pub(crate) fn give_back(&self, names: Names) {
        let before = self.slot().replace(names);
        // Another conversion's names may go here, and with them objects of the interpreter: outside the lock.
        drop(before);
    }

    fn slot(&self) -> MutexGuard<'_, Option<Names>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
