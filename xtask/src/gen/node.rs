//! The TypeScript types of operations and shapes: `bindings-node/lib/operations.d.ts`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use streamtable::ErrorCode;
use streamtable::unstable::registry::{OperationInfo, operations};
use streamtable::unstable::shape::{EnumInfo, MemberInfo, StructInfo, TypeInfo};

use super::always::is_always_there;

const HEAD: &str = "\
// Printed from the operation registry by `cargo xtask gen`. Do not edit.

/** Bytes as they go in: every view, `Buffer` included, and every buffer. */
export type Bytes = ArrayBufferLike | ArrayBufferView;

/** A list as it goes in. */
export type List<T> = readonly T[] | ReadonlySet<T>;

/** An attribute value as it goes in: those that come out, and those of the AWS SDK, such as what its `marshall` gives. */
export type AttributeValueInput =
  | AttributeValue
  | { readonly B: Bytes }
  | { readonly SS: List<string> }
  | { readonly NS: List<string> }
  | { readonly BS: List<Bytes> }
  | { readonly M: ItemInput }
  | { readonly L: List<AttributeValueInput> }
  | { readonly $unknown: [string, any] };

/** Named attribute values as they go in: an item, a key. */
export type ItemInput = { readonly [name: string]: AttributeValueInput };

/** An attribute value as it comes out. Numbers are text, so that none of their 38 digits is lost; binary is bytes. */
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
        printed.note(operation.output);
    }
    for operation in operations() {
        printed.structure(&mut out, operation.input, Way::In);
        printed.structure(&mut out, operation.output, Way::Out);
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

/// Whether a value goes in or comes out. What goes in may be of more kinds, and absent members may be null.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// Names printed so far; shapes are shared between operations.
#[derive(Default)]
struct Printed {
    names: BTreeSet<String>,
    /// The structures that come out. Where one goes in, too, it has another name there.
    coming_out: BTreeSet<&'static str>,
}

impl Printed {
    fn note(&mut self, info: &'static StructInfo) {
        if self.coming_out.insert(info.name) {
            info.members
                .iter()
                .filter_map(|member| structure_in(&member.ty))
                .for_each(|inner| self.note(inner));
        }
    }

    fn name_of(&self, info: &StructInfo, way: Way) -> String {
        let is_both = way == Way::In && self.coming_out.contains(info.name);
        format!("{}{}", info.name, if is_both { "Input" } else { "" })
    }

    fn structure(&mut self, out: &mut String, info: &'static StructInfo, way: Way) {
        let name = self.name_of(info, way);
        if !self.names.insert(name.clone()) {
            return;
        }
        for member in info.members {
            self.inside(out, &member.ty, way);
        }
        line(out, "");
        doc(out, "", info.doc);
        if info.members.is_empty() {
            line(out, &format!("export type {name} = {{ [name: string]: never }};"));
            return;
        }
        line(out, &format!("export interface {name} {{"));
        for member in info.members {
            doc(out, "  ", member.doc);
            line(out, &format!("  {};", self.declaration(info, member, way)));
        }
        line(out, "}");
    }

    fn enumeration(&mut self, out: &mut String, info: &'static EnumInfo) {
        if !self.names.insert(info.name.to_owned()) {
            return;
        }
        line(out, "");
        doc(out, "", info.doc);
        let values: Vec<String> = info.values.iter().map(|value| format!("'{value}'")).collect();
        line(out, &format!("export type {} = {};", info.name, values.join(" | ")));
    }

    fn inside(&mut self, out: &mut String, ty: &TypeInfo, way: Way) {
        match ty {
            TypeInfo::Struct(info) => self.structure(out, info, way),
            TypeInfo::Enum(info) => self.enumeration(out, info),
            TypeInfo::List(member) | TypeInfo::Map(member) => self.inside(out, member, way),
            _ => {}
        }
    }

    /// Members that may be absent may also be undefined, and those that a request must have as well: as the AWS SDK has it, whose inputs are
    /// to compile here.
    fn declaration(&self, info: &StructInfo, member: &MemberInfo, way: Way) -> String {
        let (name, ty) = (member.wire, self.type_of(&member.ty, way));
        match way {
            Way::In if member.required() && !is_open_in_the_sdk(info.name, name) => {
                format!("{name}: {ty} | undefined")
            }
            Way::In => format!("{name}?: {ty} | null | undefined"),
            Way::Out if member.required() || is_always_there(info.name, name) => format!("{name}: {ty}"),
            Way::Out => format!("{name}?: {ty} | undefined"),
        }
    }

    fn type_of(&self, ty: &TypeInfo, way: Way) -> String {
        let going_in = way == Way::In;
        match ty {
            TypeInfo::String => "string".into(),
            TypeInfo::Integer | TypeInfo::Long if going_in => "number | bigint".into(),
            TypeInfo::Integer | TypeInfo::Long | TypeInfo::Double => "number".into(),
            TypeInfo::Boolean => "boolean".into(),
            TypeInfo::Blob => if going_in { "Bytes" } else { "Uint8Array" }.into(),
            TypeInfo::Timestamp => if going_in { "Date | number" } else { "Date" }.into(),
            TypeInfo::Enum(info) => info.name.into(),
            TypeInfo::List(member) => match self.type_of(member, way) {
                member if going_in => format!("List<{member}>"),
                member if member.contains(' ') => format!("Array<{member}>"),
                member => format!("{member}[]"),
            },
            TypeInfo::Map(member) => {
                let readonly = if going_in { "readonly " } else { "" };
                format!("{{ {readonly}[name: string]: {} }}", self.type_of(member, way))
            }
            TypeInfo::Struct(info) => self.name_of(info, way),
            TypeInfo::AttributeValue => {
                if going_in { "AttributeValueInput" } else { "AttributeValue" }.into()
            }
            TypeInfo::Item => if going_in { "ItemInput" } else { "Item" }.into(),
        }
    }
}

/// Whether the AWS SDK lets a program leave out a member that is needed here: a table that replicates another one takes these from it.
fn is_open_in_the_sdk(structure: &str, member: &str) -> bool {
    structure == "CreateTableInput" && ["AttributeDefinitions", "KeySchema"].contains(&member)
}

/// The structure that values of a type are made of.
fn structure_in(ty: &TypeInfo) -> Option<&'static StructInfo> {
    match ty {
        TypeInfo::Struct(info) => Some(info),
        TypeInfo::List(member) | TypeInfo::Map(member) => structure_in(member),
        _ => None,
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
