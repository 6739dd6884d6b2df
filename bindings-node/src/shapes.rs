//! What operations take, as data: for `lib/mistakes.js`, which finds what is wrong with an input in the host's words.

use std::collections::BTreeMap;

use napi_derive::napi;
use serde_json::{Map, Value, json};
use streamtable::unstable::registry;
use streamtable::unstable::shape::{StructInfo, TypeInfo};

/// The shape of an operation's input as JSON: `{"root": name, "structures": {name: {member: type}}}`. A type is a name, or an object that names
/// what it is made of; the empty text for an operation that is not there.
#[napi]
pub fn shapes(operation: String) -> String {
    let Some(info) = registry::operation(&operation) else { return String::new() };
    let mut structures = BTreeMap::new();
    note(info.input, &mut structures);
    json!({ "root": info.input.name, "structures": structures }).to_string()
}

fn note(info: &'static StructInfo, structures: &mut BTreeMap<&'static str, Value>) {
    if structures.contains_key(info.name) {
        return;
    }
    // Before its members, which may be made of it.
    structures.insert(info.name, Value::Null);
    let mut members = Map::new();
    for member in info.members {
        members.insert(member.wire.to_owned(), type_of(&member.ty, structures));
    }
    structures.insert(info.name, Value::Object(members));
}

fn type_of(ty: &TypeInfo, structures: &mut BTreeMap<&'static str, Value>) -> Value {
    match ty {
        TypeInfo::String | TypeInfo::Enum(_) => json!("string"),
        TypeInfo::Integer => json!("integer"),
        TypeInfo::Long => json!("long"),
        TypeInfo::Double => json!("double"),
        TypeInfo::Boolean => json!("boolean"),
        TypeInfo::Blob => json!("blob"),
        TypeInfo::Timestamp => json!("timestamp"),
        TypeInfo::List(member) => json!({ "list": type_of(member, structures) }),
        TypeInfo::Map(member) => json!({ "map": type_of(member, structures) }),
        TypeInfo::Struct(info) => {
            note(info, structures);
            json!({ "structure": info.name })
        }
        TypeInfo::AttributeValue => json!("attribute value"),
        TypeInfo::Item => json!("item"),
    }
}
