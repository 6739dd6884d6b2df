//! `cargo xtask gen`: the files printed from the registry. They are checked in, so that nobody needs this program to read or build
//! the bindings, and a check compares them with what would be printed now.

mod always;
mod c;
mod node;
mod options;
mod prose;
mod python;
mod reference;

use std::path::Path;

use crate::Result;
use crate::environment::{read, write};

/// A file that is printed.
struct Generated {
    /// From the root of the repository.
    path: &'static str,
    /// Its whole text.
    text: fn() -> Result<String>,
}

const FILES: &[Generated] = &[
    Generated { path: "docs/operations.md", text: || Ok(reference::reference()) },
    Generated { path: "tests/model/streamtable.json", text: || Ok(model()) },
    Generated { path: "bindings-node/lib/operations.d.ts", text: || Ok(node::typescript()) },
    Generated {
        path: "bindings-python/python/streamtable/_operations.pyi",
        text: || Ok(python::operations_stub()),
    },
    Generated {
        path: "bindings-python/python/streamtable/_aio_operations.pyi",
        text: || Ok(python::aio_operations_stub()),
    },
    Generated {
        path: "bindings-python/python/streamtable/exceptions.pyi",
        text: || Ok(python::exceptions_stub()),
    },
    Generated { path: "docs/options.md", text: || Ok(options::document()) },
    Generated { path: "bindings-python/python/streamtable/_open.py", text: || Ok(options::python()) },
    Generated { path: "bindings-node/lib/options.d.ts", text: || Ok(options::typescript()) },
    Generated { path: "bindings-node/README.md", text: options::node_readme },
    Generated { path: c::HEADER, text: c::header },
    Generated { path: c::CONVENIENCE, text: || Ok(c::convenience()) },
];

/// The registry as JSON, for the comparison with the service's own model.
fn model() -> String {
    let model: serde_json::Value = serde_json::from_str(&streamtable::unstable::registry::model_json())
        .expect("the registry prints JSON");
    let mut text = serde_json::to_string_pretty(&model).expect("JSON is written as it was read");
    text.push('\n');
    text
}

/// Prints every file whose text has changed.
pub(crate) fn write_all(root: &Path) -> Result<()> {
    for file in FILES {
        let text = (file.text)()?;
        if read(root, file.path).is_ok_and(|found| found == text) {
            println!("  {} is fresh", file.path);
        } else {
            write(&root.join(file.path), &text)?;
            println!("  {} written", file.path);
        }
    }
    Ok(())
}

/// Compares what is checked in with what would be printed.
///
/// # Errors
/// The stale files, and the command that mends them.
pub(crate) fn check(root: &Path) -> Result<()> {
    let mut stale = Vec::new();
    for file in FILES {
        let text = (file.text)()?;
        if !read(root, file.path).is_ok_and(|found| found == text) {
            stale.push(file.path);
        }
    }
    if stale.is_empty() {
        println!("  {} generated files are fresh", FILES.len());
        Ok(())
    } else {
        Err(format!("stale: {}; run `cargo xtask gen` and commit what it writes", stale.join(", ")))
    }
}
