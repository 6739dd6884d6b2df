//! The engine's registry as Python data, from which the package makes the keyword methods.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use streamtable::ErrorCode;
use streamtable::unstable::registry;
use streamtable::unstable::shape::{StructInfo, TypeInfo};

/// `PutItem` as a Python method: `put_item`.
pub(crate) fn method_name(operation: &str) -> String {
    let mut name = String::with_capacity(operation.len() + 4);
    for letter in operation.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// Every operation: `name`, `method`, `doc`, `target`, and `input` and `output` as lists of members `(name, doc, type, required)`.
#[pyfunction]
pub(crate) fn _operations(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let operations = PyList::empty(py);
    for operation in registry::operations() {
        let info = PyDict::new(py);
        info.set_item("name", operation.name)?;
        info.set_item("method", method_name(operation.name))?;
        info.set_item("doc", plain(operation.input.doc))?;
        info.set_item("target", operation.target_prefix)?;
        info.set_item("input", members(operation.input))?;
        info.set_item("output", members(operation.output))?;
        operations.append(info)?;
    }
    Ok(operations)
}

fn members(info: &StructInfo) -> Vec<(&'static str, String, String, bool)> {
    info.members
        .iter()
        .map(|member| (member.wire, plain(member.doc), type_name(&member.ty), member.required()))
        .collect()
}

/// A doc comment as a docstring: without the space after `///`, and with reStructuredText's literals.
fn plain(doc: &str) -> String {
    doc.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().replace('`', "``")
}

fn type_name(ty: &TypeInfo) -> String {
    match ty {
        TypeInfo::String => "str".into(),
        TypeInfo::Integer | TypeInfo::Long => "int".into(),
        TypeInfo::Double => "float".into(),
        TypeInfo::Boolean => "bool".into(),
        TypeInfo::Blob => "bytes".into(),
        TypeInfo::Timestamp => "datetime".into(),
        TypeInfo::Enum(info) => info.values.iter().map(|v| format!("{v:?}")).collect::<Vec<_>>().join(" | "),
        TypeInfo::List(member) => format!("list[{}]", type_name(member)),
        TypeInfo::Map(member) => format!("dict[str, {}]", type_name(member)),
        TypeInfo::Struct(info) => info.name.into(),
        TypeInfo::AttributeValue => "AttributeValue".into(),
        TypeInfo::Item => "dict[str, AttributeValue]".into(),
    }
}

/// Every error code with its HTTP status.
pub(crate) fn error_codes() -> Vec<(&'static str, u16)> {
    ErrorCode::ALL.iter().map(|code| (code.name(), code.status())).collect()
}
