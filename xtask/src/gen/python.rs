//! The Python stubs: types of the keyword methods, and the exception classes.

use std::collections::BTreeSet;
use std::fmt::Write;

use streamtable::ErrorCode;
use streamtable::unstable::registry::{self, OperationInfo};
use streamtable::unstable::shape::{MemberInfo, StructInfo, TypeInfo};

const HEADER: &str = "# Printed by `cargo xtask gen` from the registry of the engine. Do not edit.\n";

const ATTRIBUTE_VALUE: &str = r#"
class AttributeValue(TypedDict, total=False):
    """One attribute value: a dict with one member, named by its type."""

    S: str
    N: str
    B: bytes
    SS: Sequence[str]
    NS: Sequence[str]
    BS: Sequence[bytes]
    L: Sequence[AttributeValue]
    M: Mapping[str, AttributeValue]
    NULL: bool
    BOOL: bool

#: What a request may hold where an attribute value belongs: text, numbers as text, bytes in any form, and any iterable for sets and lists.
AnyAttributeValue: TypeAlias = AttributeValue | Mapping[str, Any]
"#;

/// `python/streamtable/_operations.pyi`: a `TypedDict` for every structure, and the class whose methods are the operations.
pub(crate) fn operations_stub() -> String {
    let mut out = String::from(HEADER);
    out.push_str("from collections.abc import Mapping, Sequence\nfrom datetime import datetime\n");
    out.push_str(
        "from typing import Any, Literal, TypeAlias, TypedDict\n\nfrom typing_extensions import NotRequired, Required\n",
    );
    out.push_str(ATTRIBUTE_VALUE);
    let mut printed = BTreeSet::new();
    for operation in registry::operations() {
        // The members of the input are the keywords of the method; only what they hold needs a name.
        for member in operation.input.members {
            print_structures(&member.ty, Side::Request, &mut printed, &mut out);
        }
        print_structure(operation.output, Side::Answer, &mut printed, &mut out);
    }
    out.push_str("\nclass Operations:\n");
    for operation in registry::operations() {
        print_method(operation, "def", &mut out);
    }
    out
}

/// `python/streamtable/_aio_operations.pyi`: the same class with methods that are awaited.
pub(crate) fn aio_operations_stub() -> String {
    let mut out = String::from(HEADER);
    out.push_str(
        "from collections.abc import Mapping, Sequence\nfrom datetime import datetime\nfrom typing import Literal\n\n\
         from ._operations import *\n\nclass AsyncOperations:\n",
    );
    for operation in registry::operations() {
        print_method(operation, "async def", &mut out);
    }
    out
}

/// `python/streamtable/exceptions.pyi`: the base class and one class for each code.
pub(crate) fn exceptions_stub() -> String {
    let mut out = String::from(HEADER);
    out.push_str(
        "from typing import Any, ClassVar\n\nclass StreamtableError(Exception):\n    http_status: ClassVar[int]\n    response: dict[str, \
         Any]\n    operation_name: str\n    hint: str | None\n    def __init__(self, response: dict[str, Any], operation_name: str, hint: str | None = \
         None) -> None: ...\n    @property\n    def code(self) -> str: ...\n    @property\n    def message(self) -> str: ...\n\ndef from_code(code: str) -> type[StreamtableError]: \
         ...\n\n",
    );
    for code in ErrorCode::ALL {
        writeln!(out, "class {}(StreamtableError): ...", code.name()).expect("text takes text");
    }
    out
}

/// Members of answers that ordinary programs meet answers without.
const SOMETIMES: [&str; 12] = [
    "Attributes",
    "ConsumedCapacity",
    "Item",
    "ItemCollectionMetrics",
    "LastEvaluatedKey",
    "LastEvaluatedShardId",
    "LastEvaluatedStreamArn",
    "LastEvaluatedTableName",
    "NextShardIterator",
    "NextToken",
    "ParentShardId",
    "userIdentity",
];

/// Where a structure stands: requests take more than answers hold.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Request,
    Answer,
}

fn print_structures(ty: &TypeInfo, side: Side, printed: &mut BTreeSet<&'static str>, out: &mut String) {
    match ty {
        TypeInfo::List(member) | TypeInfo::Map(member) => print_structures(member, side, printed, out),
        TypeInfo::Struct(info) => print_structure(info, side, printed, out),
        _ => {}
    }
}

fn print_structure(
    info: &'static StructInfo,
    side: Side,
    printed: &mut BTreeSet<&'static str>,
    out: &mut String,
) {
    if !printed.insert(info.name) {
        return;
    }
    for member in info.members {
        print_structures(&member.ty, side, printed, out);
    }
    // Programs index answers: what is there nearly always is typed as if it always were, as in the types of boto3.
    let total = if side == Side::Request { ", total=False" } else { "" };
    write!(out, "\nclass {}(TypedDict{total}):\n    \"\"\"{}\"\"\"\n", dict_name(info), line(info.doc))
        .expect("text takes text");
    if !info.members.is_empty() {
        out.push('\n');
    }
    for member in info.members {
        let ty = type_text(&member.ty, side);
        let ty = match side {
            Side::Request if member.required() => format!("Required[{ty}]"),
            Side::Answer if SOMETIMES.contains(&member.wire) => format!("NotRequired[{ty}]"),
            _ => ty,
        };
        writeln!(out, "    {}: {ty}", member.wire).expect("text takes text");
    }
}

fn print_method(operation: &OperationInfo, keyword: &str, out: &mut String) {
    let (required, optional): (Vec<&MemberInfo>, Vec<&MemberInfo>) =
        operation.input.members.iter().partition(|member| member.required());
    let mut parameters = String::new();
    for (members, default) in [(required, ""), (optional, " | None = None")] {
        for member in members {
            let ty = type_text(&member.ty, Side::Request);
            writeln!(parameters, "        {}: {ty}{default},", member.wire).expect("text takes text");
        }
    }
    let (name, answer) = (method_name(operation.name), dict_name(operation.output));
    if parameters.is_empty() {
        writeln!(out, "    {keyword} {name}(self) -> {answer}:").expect("text takes text");
    } else {
        write!(out, "    {keyword} {name}(\n        self,\n        *,\n{parameters}    ) -> {answer}:\n")
            .expect("text takes text");
    }
    write!(out, "        \"\"\"{}\"\"\"\n\n", line(operation.input.doc)).expect("text takes text");
}

/// `PutItem` as a method: `put_item`.
fn method_name(operation: &str) -> String {
    let mut name = String::new();
    for letter in operation.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// A structure's name as a type. Members are often named as their structure is, and a class body sees those first.
fn dict_name(info: &StructInfo) -> String {
    format!("{}Dict", info.name)
}

fn type_text(ty: &TypeInfo, side: Side) -> String {
    match ty {
        TypeInfo::String => "str".into(),
        TypeInfo::Integer | TypeInfo::Long => "int".into(),
        TypeInfo::Double => "float".into(),
        TypeInfo::Boolean => "bool".into(),
        TypeInfo::Blob => "bytes".into(),
        TypeInfo::Timestamp => "datetime".into(),
        TypeInfo::Enum(info) => {
            let values: Vec<String> = info.values.iter().map(|value| format!("{value:?}")).collect();
            format!("Literal[{}]", values.join(", "))
        }
        TypeInfo::List(member) => match side {
            Side::Request => format!("Sequence[{}]", type_text(member, side)),
            Side::Answer => format!("list[{}]", type_text(member, side)),
        },
        TypeInfo::Map(member) => map_of(&type_text(member, side), side),
        TypeInfo::Struct(info) => dict_name(info),
        TypeInfo::AttributeValue => value_text(side).into(),
        TypeInfo::Item => map_of(value_text(side), side),
    }
}

fn map_of(member: &str, side: Side) -> String {
    match side {
        Side::Request => format!("Mapping[str, {member}]"),
        Side::Answer => format!("dict[str, {member}]"),
    }
}

fn value_text(side: Side) -> &'static str {
    match side {
        Side::Request => "AnyAttributeValue",
        Side::Answer => "AttributeValue",
    }
}

/// The first paragraph of a doc comment, on one line.
fn line(doc: &str) -> String {
    let paragraph: Vec<&str> =
        doc.trim().lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ").replace('`', "``")
}
