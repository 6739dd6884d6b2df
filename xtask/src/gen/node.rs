//! The TypeScript types of operations and shapes: `bindings-node/lib/operations.d.ts`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use streamtable::ErrorCode;
use streamtable::unstable::registry::{OperationInfo, operations};
use streamtable::unstable::shape::{EnumInfo, MemberInfo, StructInfo, TypeInfo};

const HEAD: &str = "\
// Printed from the operation registry by `cargo xtask gen`. Do not edit.

/** Numbers are text, so that none of their 38 digits is lost. Binary is bytes; every `Uint8Array`, `Buffer` included, is welcome. */
export type AttributeValue =
  | AttributeValue.SMember
  | AttributeValue.NMember
  | AttributeValue.BMember
  | AttributeValue.SSMember
  | AttributeValue.NSMember
  | AttributeValue.BSMember
  | AttributeValue.MMember
  | AttributeValue.LMember
  | AttributeValue.NULLMember
  | AttributeValue.BOOLMember;

export namespace AttributeValue {
";

/// The types of an attribute value with what each holds.
const KINDS: [(&str, &str, &str); 10] = [
    ("S", "string", "Text."),
    ("N", "string", "A number, as text."),
    ("B", "Uint8Array", "Bytes."),
    ("SS", "string[]", "A set of texts."),
    ("NS", "string[]", "A set of numbers, as texts."),
    ("BS", "Uint8Array[]", "A set of bytes."),
    ("M", "{ [name: string]: AttributeValue }", "A map."),
    ("L", "AttributeValue[]", "A list."),
    ("NULL", "boolean", "Null; always true."),
    ("BOOL", "boolean", "True or false."),
];

/// The whole file.
pub(crate) fn typescript() -> String {
    let mut out = String::from(HEAD);
    attribute_values(&mut out);
    let mut printed = Printed::default();
    for operation in operations() {
        printed.structure(&mut out, operation.input);
        printed.structure(&mut out, operation.output);
    }
    methods(&mut out);
    out.push_str(&by_name());
    errors(&mut out);
    out
}

fn attribute_values(out: &mut String) {
    for (kind, ty, doc) in KINDS {
        line(out, &format!("  /** {doc} */"));
        line(out, &format!("  export interface {kind}Member {{"));
        for (other, ..) in KINDS {
            let member = if other == kind { format!("{kind}: {ty}") } else { format!("{other}?: never") };
            line(out, &format!("    {member};"));
        }
        line(out, "  }");
    }
    line(out, "}");
    line(out, "");
    line(out, "/** Named attribute values: an item, a key, an image. */");
    line(out, "export type Item = { [name: string]: AttributeValue };");
}

/// Names printed so far; shapes are shared between operations.
#[derive(Default)]
struct Printed(BTreeSet<&'static str>);

impl Printed {
    fn structure(&mut self, out: &mut String, info: &'static StructInfo) {
        if !self.0.insert(info.name) {
            return;
        }
        for member in info.members {
            self.inside(out, &member.ty);
        }
        line(out, "");
        doc(out, "", info.doc);
        if info.members.is_empty() {
            line(out, &format!("export type {} = {{ [name: string]: never }};", info.name));
            return;
        }
        line(out, &format!("export interface {} {{", info.name));
        for member in info.members {
            doc(out, "  ", member.doc);
            line(out, &format!("  {};", declaration(member)));
        }
        line(out, "}");
    }

    fn enumeration(&mut self, out: &mut String, info: &'static EnumInfo) {
        if !self.0.insert(info.name) {
            return;
        }
        line(out, "");
        doc(out, "", info.doc);
        let values: Vec<String> = info.values.iter().map(|value| format!("'{value}'")).collect();
        line(out, &format!("export type {} = {};", info.name, values.join(" | ")));
    }

    fn inside(&mut self, out: &mut String, ty: &TypeInfo) {
        match ty {
            TypeInfo::Struct(info) => self.structure(out, info),
            TypeInfo::Enum(info) => self.enumeration(out, info),
            TypeInfo::List(member) | TypeInfo::Map(member) => self.inside(out, member),
            _ => {}
        }
    }
}

/// Members that may be absent may also be undefined, as the AWS SDK has it.
fn declaration(member: &MemberInfo) -> String {
    let ty = type_of(&member.ty);
    if member.required() {
        format!("{}: {ty}", member.wire)
    } else {
        format!("{}?: {ty} | undefined", member.wire)
    }
}

fn type_of(ty: &TypeInfo) -> String {
    match ty {
        TypeInfo::String => "string".into(),
        TypeInfo::Integer | TypeInfo::Long | TypeInfo::Double => "number".into(),
        TypeInfo::Boolean => "boolean".into(),
        TypeInfo::Blob => "Uint8Array".into(),
        TypeInfo::Timestamp => "Date".into(),
        TypeInfo::Enum(info) => info.name.into(),
        TypeInfo::List(member) => match type_of(member) {
            member if member.contains(' ') => format!("Array<{member}>"),
            member => format!("{member}[]"),
        },
        TypeInfo::Map(member) => format!("{{ [name: string]: {} }}", type_of(member)),
        TypeInfo::Struct(info) => info.name.into(),
        TypeInfo::AttributeValue => "AttributeValue".into(),
        TypeInfo::Item => "Item".into(),
    }
}

/// The methods of `Database` that are operations.
fn methods(out: &mut String) {
    line(out, "");
    line(
        out,
        "/** Every operation twice: as a promise, and on the spot under a name that ends in `Sync`. */",
    );
    line(out, "export interface OperationMethods {");
    for operation in operations() {
        let (name, input, output) = (method(operation), input_of(operation), operation.output.name);
        doc(out, "  ", operation.input.doc);
        line(out, &format!("  {name}({input}): Promise<{output}>;"));
        doc(out, "  ", operation.input.doc);
        line(out, &format!("  {name}Sync({input}): {output};"));
    }
    line(out, "}");
}

fn method(operation: &OperationInfo) -> String {
    let (first, rest) = operation.name.split_at(1);
    format!("{}{rest}", first.to_ascii_lowercase())
}

fn input_of(operation: &OperationInfo) -> String {
    let optional = if operation.input.members.iter().any(MemberInfo::required) { "" } else { "?" };
    format!("input{optional}: {}", operation.input.name)
}

/// Input and output of each operation by its name, for `call`.
fn by_name() -> String {
    let mut out = String::new();
    line(&mut out, "");
    line(&mut out, "/** What each operation takes and answers, by its name. */");
    line(&mut out, "export interface Operations {");
    for operation in operations() {
        let (name, input, output) = (operation.name, operation.input.name, operation.output.name);
        line(&mut out, &format!("  {name}: {{ input: {input}; output: {output} }};"));
    }
    line(&mut out, "}");
    out
}

fn errors(out: &mut String) {
    line(out, "");
    line(out, "/** The codes of errors; each is the name of a class in `errors`. */");
    line(out, "export type ErrorCode =");
    let codes: Vec<String> = ErrorCode::ALL.iter().map(|code| format!("  | '{}'", code.name())).collect();
    line(out, &format!("{};", codes.join("\n")));
}

/// A doc comment of Rust as one of TypeScript.
fn doc(out: &mut String, indent: &str, text: &str) {
    let lines: Vec<&str> =
        text.trim_end().lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    match lines.as_slice() {
        [] => {}
        [one] => line(out, &format!("{indent}/** {one} */")),
        many => {
            line(out, &format!("{indent}/**"));
            for text in many {
                line(out, format!("{indent} * {text}").trim_end());
            }
            line(out, &format!("{indent} */"));
        }
    }
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("writing to memory cannot fail");
}
