//! Values that are built: references to earlier answers, long texts, lists and nestings that nobody wants to write out.
//! A `Template` is read once, when the case is loaded, so a misspelt builder is an error of the case and not of the run.

use crate::json::type_name;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;

/// Every builder, in the order FORMAT.md describes them.
pub const BUILDERS: [&str; 8] =
    ["$ref", "$concat", "$text", "$index", "$repeat", "$list", "$nest", "$literal"];

/// The place of the inner value in the `open` member of `$nest`.
const HOLE: &str = "$hole";

/// A built text or value stops here: a case asks for megabytes by design, for gigabytes by mistake.
const MAX_BUILT_BYTES: usize = 64 << 20;
const MAX_BUILT_VALUES: u64 = 1 << 20;
/// Values are built, printed and dropped by recursion.
const MAX_NESTING: u64 = 1_000;

/// A value of a case before its references are known.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    Literal(Value),
    Object(Vec<(String, Template)>),
    Array(Vec<Template>),
    Ref(RefPath),
    Concat(Vec<Template>),
    Text(Vec<Piece>),
    Index(String),
    Repeat { text: Box<Template>, times: u64 },
    List { times: u64, index: Option<String>, of: Box<Template> },
    Nest { times: u64, open: Box<Template>, of: Box<Template> },
    Hole,
}

/// `{i}` and what stands around it, in a `$text`.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Plain(String),
    Index { name: String, width: usize },
}

/// `name.Table.LatestStreamArn`, `it.Records[0].eventID`.
#[derive(Clone, Debug, PartialEq)]
pub struct RefPath {
    pub name: String,
    pub steps: Vec<PathStep>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PathStep {
    Member(String),
    Element(usize),
}

/// What is known when a step runs: the answers named by `as` and the loop numbers.
#[derive(Debug, Default)]
pub struct Scope {
    pub answers: BTreeMap<String, Value>,
    pub indexes: BTreeMap<String, u64>,
}

/// The `$name` and argument of an object that is a directive, `None` of an ordinary object.
pub fn directive(value: &Value) -> Result<Option<(&str, &Value)>, String> {
    let Value::Object(members) = value else { return Ok(None) };
    let Some((name, argument)) = members.iter().find(|(name, _)| name.starts_with('$')) else {
        return Ok(None);
    };
    if members.len() > 1 {
        return Err(format!(
            "\"{name}\" stands beside other members; a directive is an object of one member (a real member of that name goes under \"$literal\")"
        ));
    }
    Ok(Some((name, argument)))
}

impl Template {
    /// Reads a value that may hold builders. A matcher is an error here.
    pub fn parse(value: &Value) -> Result<Template, String> {
        parse_template(value, false)
    }

    /// Reads the argument of one builder, `None` if `name` is not a builder.
    pub fn parse_builder(name: &str, argument: &Value) -> Option<Result<Template, String>> {
        BUILDERS.contains(&name).then(|| parse_builder(name, argument, false))
    }

    /// The value, with every builder replaced by what it builds.
    pub fn build(&self, scope: &Scope) -> Result<Value, String> {
        Builder { scope, indexes: scope.indexes.clone(), holes: Vec::new() }.build(self)
    }

    /// Calls `visit` for every reference and loop number, with the loop numbers this value binds itself.
    pub fn visit_names(&self, bound: &mut Vec<String>, visit: &mut dyn FnMut(Name<'_>, &[String])) {
        match self {
            Template::Literal(_) | Template::Hole => {}
            Template::Object(members) => {
                members.iter().for_each(|(_, value)| value.visit_names(bound, visit))
            }
            Template::Array(values) | Template::Concat(values) => {
                values.iter().for_each(|value| value.visit_names(bound, visit));
            }
            Template::Ref(path) => visit(Name::Answer(&path.name), bound),
            Template::Index(name) => visit(Name::Index(name), bound),
            Template::Text(pieces) => {
                for piece in pieces {
                    if let Piece::Index { name, .. } = piece {
                        visit(Name::Index(name), bound);
                    }
                }
            }
            Template::Repeat { text, .. } => text.visit_names(bound, visit),
            Template::List { index, of, .. } => {
                bound.extend(index.clone());
                of.visit_names(bound, visit);
                bound.truncate(bound.len() - usize::from(index.is_some()));
            }
            Template::Nest { open, of, .. } => {
                open.visit_names(bound, visit);
                of.visit_names(bound, visit);
            }
        }
    }
}

/// A name a template needs.
#[derive(Clone, Copy, Debug)]
pub enum Name<'a> {
    Answer(&'a str),
    Index(&'a str),
}

fn parse_template(value: &Value, in_open: bool) -> Result<Template, String> {
    if let Some((name, argument)) = directive(value)? {
        if name == HOLE && in_open {
            return Ok(Template::Hole);
        }
        if BUILDERS.contains(&name) {
            return parse_builder(name, argument, in_open);
        }
        return Err(unknown_directive(name));
    }
    let parse = |value: &Value| parse_template(value, in_open);
    Ok(match value {
        Value::Object(members) => {
            let parse = |(name, value): (&String, &Value)| Ok((name.clone(), parse(value)?));
            Template::Object(members.iter().map(parse).collect::<Result<_, String>>()?)
        }
        Value::Array(values) => Template::Array(values.iter().map(parse).collect::<Result<_, _>>()?),
        scalar => Template::Literal(scalar.clone()),
    })
}

fn unknown_directive(name: &str) -> String {
    if crate::matching::MATCHERS.contains(&name) {
        return format!(
            "the matcher \"{name}\" stands where a value is built; matchers belong in \"output\" and \"error\""
        );
    }
    if name == HOLE {
        return format!("\"{HOLE}\" stands outside of the \"open\" member of a \"$nest\"");
    }
    format!("\"{name}\" is not a builder; builders are {}", BUILDERS.join(", "))
}

fn parse_builder(name: &str, argument: &Value, in_open: bool) -> Result<Template, String> {
    let parse = |value: &Value| parse_template(value, in_open);
    match name {
        "$ref" => RefPath::parse(text_argument(name, argument)?).map(Template::Ref),
        "$concat" => {
            let Value::Array(parts) = argument else {
                return Err(format!("\"$concat\" takes a list of texts, not {}", type_name(argument)));
            };
            parts.iter().map(parse).collect::<Result<_, _>>().map(Template::Concat)
        }
        "$text" => parse_text(text_argument(name, argument)?).map(Template::Text),
        "$index" => Ok(Template::Index(text_argument(name, argument)?.to_owned())),
        "$repeat" => {
            let [text, times] = members(name, argument, &["text", "times"], &[])?;
            Ok(Template::Repeat { text: Box::new(parse(text)?), times: count(name, times)? })
        }
        "$list" => {
            let [times, of] = members(name, argument, &["times", "of"], &["as"])?;
            let index =
                argument.get("as").map(|value| text_argument("as", value).map(str::to_owned)).transpose()?;
            let times = count(name, times)?;
            if times > MAX_BUILT_VALUES {
                return Err(format!("\"$list\" builds at most {MAX_BUILT_VALUES} values, not {times}"));
            }
            Ok(Template::List { times, index, of: Box::new(parse(of)?) })
        }
        "$nest" => {
            let [times, open, of] = members(name, argument, &["times", "open", "of"], &[])?;
            let open = parse_template(open, true)?;
            if !has_hole(&open) {
                return Err(format!(
                    "the \"open\" member of \"$nest\" has no {{\"{HOLE}\": true}} for the inner value"
                ));
            }
            let times = count(name, times)?;
            if times > MAX_NESTING {
                return Err(format!("\"$nest\" goes {MAX_NESTING} levels deep at most, not {times}"));
            }
            Ok(Template::Nest { times, open: Box::new(open), of: Box::new(parse(of)?) })
        }
        "$literal" => Ok(Template::Literal(argument.clone())),
        _ => Err(unknown_directive(name)),
    }
}

fn has_hole(template: &Template) -> bool {
    match template {
        Template::Hole => true,
        Template::Object(members) => members.iter().any(|(_, value)| has_hole(value)),
        Template::Array(values) => values.iter().any(has_hole),
        _ => false,
    }
}

pub(crate) fn text_argument<'a>(name: &str, argument: &'a Value) -> Result<&'a str, String> {
    argument.as_str().ok_or_else(|| format!("\"{name}\" takes a text, not {}", type_name(argument)))
}

pub(crate) fn count(name: &str, argument: &Value) -> Result<u64, String> {
    argument.as_u64().ok_or_else(|| format!("\"{name}\" takes a whole number of 0 or more, not {argument}"))
}

/// The required members of a directive's argument; anything but these and the optional ones is an error.
fn members<'a, const N: usize>(
    name: &str,
    argument: &'a Value,
    required: &[&str; N],
    optional: &[&str],
) -> Result<[&'a Value; N], String> {
    let wanted = || format!("\"{name}\" takes an object with the members {}", required.join(", "));
    let Value::Object(given) = argument else { return Err(wanted()) };
    if let Some(extra) =
        given.keys().find(|k| !required.contains(&k.as_str()) && !optional.contains(&k.as_str()))
    {
        return Err(format!("\"{name}\" has no member \"{extra}\"; {}", wanted()));
    }
    let mut found = [&Value::Null; N];
    for (slot, member) in found.iter_mut().zip(required) {
        *slot = given.get(*member).ok_or_else(wanted)?;
    }
    Ok(found)
}

/// `item-{i}`, `{i:05}` with leading zeros to five digits; `{{` and `}}` are the braces themselves.
fn parse_text(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            plain.push_str(brace);
            rest = after;
            continue;
        }
        let Some((inside, after)) = rest.split_once('}').filter(|_| brace == "{") else {
            return Err(format!(
                "\"$text\" has a lone \"{brace}\" in {text:?}; write \"{{{{\" or \"}}}}\" for a brace itself"
            ));
        };
        let (name, width) = match inside.split_once(":0") {
            Some((name, digits)) => (
                name,
                digits.parse().map_err(|_| {
                    format!("\"$text\" cannot read the width in {{{inside}}}; as in {{i:05}}")
                })?,
            ),
            None => (inside, 0),
        };
        if !plain.is_empty() {
            pieces.push(Piece::Plain(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Index { name: name.to_owned(), width });
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    Ok(pieces)
}

impl RefPath {
    /// Reads `name`, `name.member`, `name.list[0].member`.
    pub fn parse(text: &str) -> Result<RefPath, String> {
        let bad = || {
            format!(
                "\"{text}\" is not a reference; write name.Member.Member or name.List[0], as in page.Records[0]"
            )
        };
        let mut steps = Vec::new();
        for part in text.split('.') {
            let (member, indexes) = part.split_at(part.find('[').unwrap_or(part.len()));
            if member.is_empty() {
                return Err(bad());
            }
            steps.push(PathStep::Member(member.to_owned()));
            let mut rest = indexes;
            while let Some(inside) = rest.strip_prefix('[') {
                let (digits, after) = inside.split_once(']').ok_or_else(bad)?;
                steps.push(PathStep::Element(digits.parse().map_err(|_| bad())?));
                rest = after;
            }
            if !rest.is_empty() {
                return Err(bad());
            }
        }
        match steps.remove(0) {
            PathStep::Member(name) => Ok(RefPath { name, steps }),
            PathStep::Element(_) => Err(bad()),
        }
    }

    /// The value the path leads to from `root`.
    pub fn walk<'a>(&self, root: &'a Value) -> Result<&'a Value, String> {
        let mut value = root;
        let mut here = self.name.clone();
        for step in &self.steps {
            let next = match step {
                PathStep::Member(name) => value.get(name.as_str()),
                PathStep::Element(at) => value.get(*at),
            };
            let Some(next) = next else {
                return Err(format!("{here} has no {step}; it is {}", crate::report::shorten(value)));
            };
            here = match step {
                PathStep::Member(name) => format!("{here}.{name}"),
                PathStep::Element(at) => format!("{here}[{at}]"),
            };
            value = next;
        }
        Ok(value)
    }
}

impl fmt::Display for PathStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathStep::Member(name) => write!(f, "member \"{name}\""),
            PathStep::Element(at) => write!(f, "element {at}"),
        }
    }
}

struct Builder<'a> {
    scope: &'a Scope,
    indexes: BTreeMap<String, u64>,
    holes: Vec<Value>,
}

impl Builder<'_> {
    fn build(&mut self, template: &Template) -> Result<Value, String> {
        Ok(match template {
            Template::Literal(value) => value.clone(),
            Template::Object(members) => {
                let mut object = Map::new();
                for (name, member) in members {
                    object.insert(name.clone(), self.build(member)?);
                }
                Value::Object(object)
            }
            Template::Array(values) => {
                Value::Array(values.iter().map(|value| self.build(value)).collect::<Result<_, _>>()?)
            }
            Template::Ref(path) => {
                let root = self.scope.answers.get(&path.name);
                let root =
                    root.ok_or_else(|| format!("no earlier step is named \"{}\" by \"as\"", path.name))?;
                path.walk(root)?.clone()
            }
            Template::Concat(parts) => {
                let mut text = String::new();
                for part in parts {
                    text.push_str(&self.text("$concat", part)?);
                }
                Value::String(text)
            }
            Template::Text(pieces) => Value::String(self.pieces(pieces)?),
            Template::Index(name) => Value::from(self.index(name)?),
            Template::Repeat { text, times } => {
                let text = self.text("$repeat", text)?;
                let times = usize::try_from(*times).map_err(|_| "\"$repeat\" is too long".to_owned())?;
                match text.len().checked_mul(times) {
                    Some(bytes) if bytes <= MAX_BUILT_BYTES => Value::String(text.repeat(times)),
                    _ => return Err(format!("\"$repeat\" builds at most {MAX_BUILT_BYTES} bytes")),
                }
            }
            Template::List { times, index, of } => self.list(*times, index.as_deref(), of)?,
            Template::Nest { times, open, of } => {
                let mut value = self.build(of)?;
                for _ in 0..*times {
                    self.holes.push(value);
                    value = self.build(open)?;
                    self.holes.pop();
                }
                value
            }
            Template::Hole => self.holes.last().cloned().ok_or("\"$hole\" stands outside of \"$nest\"")?,
        })
    }

    fn list(&mut self, times: u64, index: Option<&str>, of: &Template) -> Result<Value, String> {
        let outer = index.and_then(|name| self.indexes.get(name).copied());
        let mut list = Vec::new();
        for i in 0..times {
            if let Some(name) = index {
                self.indexes.insert(name.to_owned(), i);
            }
            list.push(self.build(of)?);
        }
        if let Some(name) = index {
            match outer {
                Some(i) => self.indexes.insert(name.to_owned(), i),
                None => self.indexes.remove(name),
            };
        }
        Ok(Value::Array(list))
    }

    fn text(&mut self, name: &str, template: &Template) -> Result<String, String> {
        match self.build(template)? {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            other => Err(format!("\"{name}\" takes texts, not {}", crate::report::shorten(&other))),
        }
    }

    fn pieces(&self, pieces: &[Piece]) -> Result<String, String> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Index { name, width } => text.push_str(&format!("{:0width$}", self.index(name)?)),
            }
        }
        Ok(text)
    }

    fn index(&self, name: &str) -> Result<u64, String> {
        self.indexes
            .get(name)
            .copied()
            .ok_or_else(|| format!("no \"repeat\" or \"$list\" here counts \"{name}\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn built(value: Value) -> Value {
        let mut scope = Scope::default();
        scope.answers.insert("page".into(), json!({"Records": [{"eventID": "e0"}, {"eventID": "e1"}]}));
        scope.indexes.insert("i".into(), 7);
        Template::parse(&value).expect("the template is well formed").build(&scope).expect("it can be built")
    }

    #[test]
    fn builders_build() {
        assert_eq!(built(json!({"$ref": "page.Records[1].eventID"})), json!("e1"));
        assert_eq!(
            built(json!({"$concat": ["a-", {"$ref": "page.Records[0].eventID"}, {"$index": "i"}]})),
            json!("a-e07")
        );
        assert_eq!(built(json!({"$text": "k{i}/{i:03}/{{}}"})), json!("k7/007/{}"));
        assert_eq!(built(json!({"$repeat": {"text": "()", "times": 2}})), json!("()()"));
        assert_eq!(
            built(json!({"$list": {"times": 2, "as": "j", "of": {"N": {"$text": "{j}{i}"}}}})),
            json!([{"N": "07"}, {"N": "17"}])
        );
        assert_eq!(
            built(json!({"$nest": {"times": 2, "open": {"L": [{"$hole": true}]}, "of": {"S": "x"}}})),
            json!({"L": [{"L": [{"S": "x"}]}]})
        );
        assert_eq!(built(json!({"$literal": {"$ref": "x"}})), json!({"$ref": "x"}));
    }

    #[test]
    fn a_list_gives_the_outer_number_back() {
        assert_eq!(
            built(json!([{"$list": {"times": 1, "as": "i", "of": {"$index": "i"}}}, {"$index": "i"}])),
            json!([[0], 7])
        );
    }
}
