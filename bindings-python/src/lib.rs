//! The Python binding: converts and delegates. The package `streamtable` (in `python/`) stands on this module.
//!
//! ```text
//! exact    built-in objects ─► serde ─► engine      keep      what is lent from objects: the unsafe code
//! input    any other objects ─► serde ─► engine     names     names made into strings once
//! output   engine ─► serde ─► Python objects        measure   the parts of a call alone, for benchmarks
//! database handle, calls, forks                     record    change records converted when looked at
//! error    exceptions, the wall for panics          registry  operations as data for the package
//! reader   the records of a stream, one by one       tools     plain values, differences, events
//! started  calls whose answers wait for a disk       source    a program's clock in the place of ours
//! misfit   where an input is not what it should be   worker    event source mappings, as JSON in and out
//! rest     requests by their paths, for clients       credentials  of a session, for databases elsewhere
//! ```

mod credentials;
mod database;
mod error;
mod exact;
mod input;
mod keep;
mod measure;
mod misfit;
mod names;
mod output;
mod reader;
mod record;
mod registry;
mod rest;
mod source;
mod started;
mod tools;
mod worker;

/// The native part of the package `streamtable`.
#[pyo3::pymodule(gil_used = true)]
mod _streamtable {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::database::{_forked, Frozen, Handle, Opened, Prepared};
    #[pymodule_export]
    use crate::measure::{_convert_in, _convert_out, _engine, ConvertedItem};
    #[pymodule_export]
    use crate::misfit::_unknown_operation;
    #[pymodule_export]
    use crate::reader::{_read, Records};
    #[pymodule_export]
    use crate::record::{_restored, Record};
    #[pymodule_export]
    use crate::registry::_operations;
    #[pymodule_export]
    use crate::rest::{_finish_invocation, _rest};
    #[pymodule_export]
    use crate::started::Started;
    #[pymodule_export]
    use crate::tools::_tool;
    #[pymodule_export]
    use crate::worker::{_worker, Worker};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("ERROR_CODES", crate::registry::error_codes())
    }
}
