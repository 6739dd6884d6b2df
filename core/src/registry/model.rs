//! The registry as JSON, for tools in other languages.

use serde_json::{Map, Value, json};

use super::{OperationInfo, operations};
use crate::api::shape::{Constraint, MemberInfo, StructInfo, TypeInfo};

/// Operations, shapes, members, types and constraints, as JSON text.
pub fn model_json() -> String {
    let operations: Vec<Value> = operations().iter().map(operation).collect();
    json!({ "operations": operations }).to_string()
}

fn operation(info: &OperationInfo) -> Value {
    let errors: Vec<&str> = info.errors.iter().map(|code| code.name()).collect();
    json!({
        "name": info.name,
        "action": info.action(),
        "target": info.target_prefix,
        "writes": info.effect.writes,
        "mayBlock": info.effect.may_block,
        "mayRepeat": info.effect.may_repeat,
        "errors": errors,
        "input": structure(info.input),
        "output": structure(info.output),
    })
}

fn structure(info: &StructInfo) -> Value {
    let members: Map<String, Value> = info.members.iter().map(|m| (m.wire.to_owned(), member(m))).collect();
    json!({ "name": info.name, "doc": info.doc.trim(), "members": members })
}

fn member(info: &MemberInfo) -> Value {
    let mut out = json!({ "doc": info.doc.trim(), "type": ty(&info.ty), "required": info.required() });
    for constraint in info.constraints {
        match constraint {
            Constraint::Required => {}
            Constraint::Length { min, max } => out["length"] = json!([min, max]),
            Constraint::Range { min, max } => out["range"] = json!([min, max]),
            Constraint::NameLength { max } => out["nameLength"] = json!(max),
            Constraint::Pattern { shown, .. } => out["pattern"] = json!(shown),
        }
    }
    out
}

fn ty(info: &TypeInfo) -> Value {
    match info {
        TypeInfo::String => "string".into(),
        TypeInfo::Integer => "integer".into(),
        TypeInfo::Long => "long".into(),
        TypeInfo::Double => "double".into(),
        TypeInfo::Boolean => "boolean".into(),
        TypeInfo::Blob => "blob".into(),
        TypeInfo::Timestamp => "timestamp".into(),
        TypeInfo::AttributeValue => "attributeValue".into(),
        TypeInfo::Item => "item".into(),
        TypeInfo::Enum(info) => json!({ "enum": info.values, "name": info.name }),
        TypeInfo::List(member) => json!({ "list": ty(member) }),
        TypeInfo::Map(member) => json!({ "map": ty(member) }),
        TypeInfo::Struct(info) => json!({ "structure": structure(info) }),
    }
}
