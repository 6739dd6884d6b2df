//! Expected values: exact unless a matcher loosens a place. A `Pattern` is read when the case is loaded; comparing it
//! with an answer yields every difference with its path, not only the first.

use crate::build::{self, Name, RefPath, Scope, Template, directive};
use crate::json::type_name;
use crate::report::shorten;
use base64::Engine;
use regex_lite::Regex;
use serde_json::{Map, Number, Value};
use std::cmp::Ordering;

/// Every matcher, in the order FORMAT.md describes them.
pub const MATCHERS: [&str; 15] = [
    "$any",
    "$absent",
    "$type",
    "$prefix",
    "$contains",
    "$matches",
    "$length",
    "$bytes",
    "$gt",
    "$increasing",
    "$each",
    "$unordered",
    "$partial",
    "$all",
    "$not",
];

const TYPES: [&str; 6] = ["string", "number", "boolean", "object", "array", "null"];

/// An expected value.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// A scalar, or a value from a builder: equal as JSON values.
    Equal(Template),
    /// These members and no others.
    Object(Vec<(String, Member)>),
    Array(Vec<Pattern>),
    Any,
    Type(&'static str),
    Prefix(Template),
    /// Of a text: this text inside. Of a list: an element that matches.
    Contains(Box<Pattern>),
    Matches(Regex),
    Length(u64),
    Bytes(u64),
    Greater(Template),
    /// A list of decimal texts that rise; with a path, those texts inside of the elements.
    Increasing(Option<RefPath>),
    Each(Box<Pattern>),
    Unordered(Vec<Pattern>),
    /// These members, others allowed.
    Partial(Vec<(String, Member)>),
    All(Vec<Pattern>),
    Not(Box<Pattern>),
}

/// What is expected of a member of an object.
#[derive(Clone, Debug)]
pub enum Member {
    Absent,
    Is(Pattern),
}

/// One place where the answer is not what the case expects.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Difference {
    pub path: String,
    pub expected: String,
    pub actual: String,
}

impl Pattern {
    pub fn parse(value: &Value) -> Result<Pattern, String> {
        if let Some((name, argument)) = directive(value)? {
            if let Some(built) = Template::parse_builder(name, argument) {
                return built.map(Pattern::Equal);
            }
            return parse_matcher(name, argument);
        }
        Ok(match value {
            Value::Object(members) => Pattern::Object(parse_members(members)?),
            Value::Array(values) => {
                Pattern::Array(values.iter().map(Pattern::parse).collect::<Result<_, _>>()?)
            }
            scalar => Pattern::Equal(Template::Literal(scalar.clone())),
        })
    }

    /// All differences between the pattern and `actual`. An error means the pattern itself cannot be built: it names
    /// an answer that has no such member.
    pub fn compare(&self, actual: &Value, scope: &Scope) -> Result<Vec<Difference>, String> {
        let mut comparison = Comparison { scope, found: Vec::new() };
        comparison.pattern(self, actual, "")?;
        Ok(comparison.found)
    }

    pub fn visit_names(&self, visit: &mut dyn FnMut(Name<'_>, &[String])) {
        match self {
            Pattern::Equal(t) | Pattern::Prefix(t) | Pattern::Greater(t) => {
                t.visit_names(&mut Vec::new(), visit)
            }
            Pattern::Object(members) | Pattern::Partial(members) => {
                for (_, member) in members {
                    if let Member::Is(pattern) = member {
                        pattern.visit_names(visit);
                    }
                }
            }
            Pattern::Array(list) | Pattern::Unordered(list) | Pattern::All(list) => {
                list.iter().for_each(|pattern| pattern.visit_names(visit));
            }
            Pattern::Contains(inner) | Pattern::Each(inner) | Pattern::Not(inner) => inner.visit_names(visit),
            Pattern::Any
            | Pattern::Type(_)
            | Pattern::Matches(_)
            | Pattern::Length(_)
            | Pattern::Bytes(_)
            | Pattern::Increasing(_) => {}
        }
    }
}

pub(crate) fn parse_members(members: &Map<String, Value>) -> Result<Vec<(String, Member)>, String> {
    let parse = |(name, value): (&String, &Value)| {
        let member = match directive(value)? {
            Some(("$absent", Value::Bool(true))) => Member::Absent,
            _ => Member::Is(Pattern::parse(value)?),
        };
        Ok((name.clone(), member))
    };
    members.iter().map(parse).collect()
}

fn parse_matcher(name: &str, argument: &Value) -> Result<Pattern, String> {
    let inner = || Pattern::parse(argument).map(Box::new);
    let list = || match argument {
        Value::Array(values) => values.iter().map(Pattern::parse).collect::<Result<Vec<_>, _>>(),
        other => Err(format!("\"{name}\" takes a list, not {}", type_name(other))),
    };
    match name {
        "$any" => is_true(name, argument).map(|()| Pattern::Any),
        "$absent" => is_true(name, argument)
            .and(Err("\"$absent\" stands for a whole member; it means nothing in a list, a matcher or alone".into())),
        "$type" => {
            let wanted = build::text_argument(name, argument)?;
            let known = TYPES.iter().find(|known| **known == wanted);
            known
                .map(|known| Pattern::Type(known))
                .ok_or_else(|| format!("\"$type\" knows {}, not \"{wanted}\"", TYPES.join(", ")))
        }
        "$prefix" => Template::parse(argument).map(Pattern::Prefix),
        "$contains" => inner().map(Pattern::Contains),
        "$matches" => {
            let regex = build::text_argument(name, argument)?;
            Regex::new(regex).map(Pattern::Matches).map_err(|e| format!("\"$matches\" cannot read {regex:?}: {e}"))
        }
        "$length" => build::count(name, argument).map(Pattern::Length),
        "$bytes" => build::count(name, argument).map(Pattern::Bytes),
        "$gt" => Template::parse(argument).map(Pattern::Greater),
        "$increasing" => match argument {
            Value::Bool(true) => Ok(Pattern::Increasing(None)),
            Value::String(path) => {
                RefPath::parse(&format!("element.{path}")).map(|path| Pattern::Increasing(Some(path)))
            }
            _ => Err("\"$increasing\" takes true, or the path of the number in each element, as in \"dynamodb.SequenceNumber\"".into()),
        },
        "$each" => inner().map(Pattern::Each),
        "$unordered" => list().map(Pattern::Unordered),
        "$partial" => match argument {
            Value::Object(members) if directive(argument)?.is_none() => {
                parse_members(members).map(Pattern::Partial)
            }
            _ => Err("\"$partial\" takes an object of the members that matter".into()),
        },
        "$all" => list().map(Pattern::All),
        "$not" => inner().map(Pattern::Not),
        _ => Err(format!(
            "\"{name}\" is neither a matcher ({}) nor a builder ({})",
            MATCHERS.join(", "),
            build::BUILDERS.join(", ")
        )),
    }
}

fn is_true(name: &str, argument: &Value) -> Result<(), String> {
    if argument == &Value::Bool(true) {
        Ok(())
    } else {
        Err(format!("\"{name}\" takes true, not {argument}"))
    }
}

struct Comparison<'a> {
    scope: &'a Scope,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn differ(&mut self, path: &str, expected: impl Into<String>, actual: &Value) {
        self.found.push(Difference {
            path: path.to_owned(),
            expected: expected.into(),
            actual: shorten(actual),
        });
    }

    fn pattern(&mut self, pattern: &Pattern, actual: &Value, path: &str) -> Result<(), String> {
        match pattern {
            Pattern::Equal(template) => self.equal(&template.build(self.scope)?, actual, path),
            Pattern::Object(members) => self.object(members, actual, path, false)?,
            Pattern::Partial(members) => self.object(members, actual, path, true)?,
            Pattern::Array(patterns) => self.array(patterns, actual, path)?,
            Pattern::Unordered(patterns) => self.unordered(patterns, actual, path)?,
            Pattern::Each(inner) => match actual {
                // An empty list would let a case pass that has seen nothing.
                Value::Array(values) if !values.is_empty() => {
                    for (i, value) in values.iter().enumerate() {
                        self.pattern(inner, value, &format!("{path}[{i}]"))?;
                    }
                }
                other => self.differ(path, "a list of at least one element", other),
            },
            Pattern::Contains(inner) => self.contains(inner, actual, path)?,
            Pattern::All(patterns) => {
                for pattern in patterns {
                    self.pattern(pattern, actual, path)?;
                }
            }
            Pattern::Not(inner) => {
                if self.matches(inner, actual)? {
                    self.differ(path, format!("anything but what matches {}", describe(inner)), actual);
                }
            }
            Pattern::Prefix(template) => {
                let prefix = template.build(self.scope)?;
                let prefix = prefix.as_str().ok_or("\"$prefix\" takes a text")?;
                if !actual.as_str().is_some_and(|text| text.starts_with(prefix)) {
                    self.differ(path, format!("a text that begins with {prefix:?}"), actual);
                }
            }
            Pattern::Greater(template) => {
                let bound = template.build(self.scope)?;
                if compare_numbers(actual, &bound) != Some(Ordering::Greater) {
                    self.differ(path, format!("a number greater than {bound}"), actual);
                }
            }
            simple => {
                if let Some(expected) = simple_mismatch(simple, actual) {
                    self.differ(path, expected, actual);
                }
            }
        }
        Ok(())
    }

    /// Whether a pattern matches, with its differences thrown away.
    fn matches(&mut self, pattern: &Pattern, actual: &Value) -> Result<bool, String> {
        let mut inner = Comparison { scope: self.scope, found: Vec::new() };
        inner.pattern(pattern, actual, "")?;
        Ok(inner.found.is_empty())
    }

    fn equal(&mut self, expected: &Value, actual: &Value, path: &str) {
        match (expected, actual) {
            (Value::Object(members), Value::Object(given)) => {
                for (name, member) in members {
                    match given.get(name) {
                        Some(value) => self.equal(member, value, &join(path, name)),
                        None => self.missing(&join(path, name), shorten(member)),
                    }
                }
                self.unexpected(given, path, |name| members.contains_key(name));
            }
            (Value::Array(values), Value::Array(given)) if values.len() == given.len() => {
                for (i, (value, actual)) in values.iter().zip(given).enumerate() {
                    self.equal(value, actual, &format!("{path}[{i}]"));
                }
            }
            (Value::Number(a), Value::Number(b)) if same_number(a, b) => {}
            (expected, actual) if expected == actual => {}
            (expected, actual) => self.differ(path, shorten(expected), actual),
        }
    }

    fn object(
        &mut self,
        members: &[(String, Member)],
        actual: &Value,
        path: &str,
        others: bool,
    ) -> Result<(), String> {
        let Value::Object(given) = actual else {
            self.differ(path, "an object", actual);
            return Ok(());
        };
        for (name, member) in members {
            let here = join(path, name);
            match (member, given.get(name)) {
                (Member::Absent, None) => {}
                (Member::Absent, Some(value)) => self.differ(&here, "no such member", value),
                (Member::Is(pattern), Some(value)) => self.pattern(pattern, value, &here)?,
                (Member::Is(pattern), None) => self.missing(&here, describe(pattern)),
            }
        }
        if !others {
            self.unexpected(given, path, |name| members.iter().any(|(known, _)| known == name));
        }
        Ok(())
    }

    fn missing(&mut self, path: &str, expected: String) {
        self.found.push(Difference { path: path.to_owned(), expected, actual: "no such member".to_owned() });
    }

    fn unexpected(&mut self, given: &Map<String, Value>, path: &str, known: impl Fn(&str) -> bool) {
        for (name, value) in given {
            if !known(name) {
                self.differ(&join(path, name), "no such member", value);
            }
        }
    }

    fn array(&mut self, patterns: &[Pattern], actual: &Value, path: &str) -> Result<(), String> {
        match actual {
            Value::Array(values) => {
                for (i, (pattern, value)) in patterns.iter().zip(values).enumerate() {
                    self.pattern(pattern, value, &format!("{path}[{i}]"))?;
                }
                if values.len() != patterns.len() {
                    let expected = format!("a list of {}", patterns.len());
                    let actual = format!("a list of {}: {}", values.len(), shorten(actual));
                    self.found.push(Difference { path: path.to_owned(), expected, actual });
                }
            }
            other => self.differ(path, format!("a list of {}", patterns.len()), other),
        }
        Ok(())
    }

    fn contains(&mut self, inner: &Pattern, actual: &Value, path: &str) -> Result<(), String> {
        match actual {
            Value::Array(values) => {
                for value in values {
                    if self.matches(inner, value)? {
                        return Ok(());
                    }
                }
                self.differ(path, format!("a list with an element that matches {}", describe(inner)), actual);
            }
            Value::String(text) => {
                let Pattern::Equal(template) = inner else {
                    self.differ(path, "a list", actual);
                    return Ok(());
                };
                let part = template.build(self.scope)?;
                if !part.as_str().is_some_and(|part| text.contains(part)) {
                    self.differ(path, format!("a text that contains {part}"), actual);
                }
            }
            other => self.differ(path, "a text or a list", other),
        }
        Ok(())
    }

    /// Every pattern needs an element of its own. Patterns may overlap, so a greedy choice could fail a list that
    /// matches: this is a bipartite matching by augmenting paths.
    fn unordered(&mut self, patterns: &[Pattern], actual: &Value, path: &str) -> Result<(), String> {
        let Value::Array(values) = actual else {
            self.differ(path, format!("a list of {} in any order", patterns.len()), actual);
            return Ok(());
        };
        let mut fits = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            let row =
                values.iter().map(|value| self.matches(pattern, value)).collect::<Result<Vec<_>, _>>()?;
            fits.push(row);
        }
        let mut owner = vec![None; values.len()];
        for (at, pattern) in patterns.iter().enumerate() {
            if !assign(at, &fits, &mut owner, &mut vec![false; values.len()]) {
                let expected = format!("an element of its own for {}", describe(pattern));
                self.differ(path, expected, actual);
            }
        }
        for (i, value) in values.iter().enumerate().filter(|(i, _)| owner[*i].is_none()) {
            self.differ(&format!("{path}[{i}]"), "no such element", value);
        }
        Ok(())
    }
}

fn assign(pattern: usize, fits: &[Vec<bool>], owner: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    for value in 0..owner.len() {
        if !fits[pattern][value] || std::mem::replace(&mut tried[value], true) {
            continue;
        }
        if owner[value].is_none_or(|other| assign(other, fits, owner, tried)) {
            owner[value] = Some(pattern);
            return true;
        }
    }
    false
}

/// What a matcher without inner patterns expected, if the value is not that.
fn simple_mismatch(pattern: &Pattern, actual: &Value) -> Option<String> {
    let (holds, expected) = match pattern {
        Pattern::Type(wanted) => (type_name(actual) == *wanted, format!("a value of type {wanted}")),
        Pattern::Matches(regex) => (
            actual.as_str().is_some_and(|text| regex.is_match(text)),
            format!("a text that matches the expression {}", regex.as_str()),
        ),
        Pattern::Length(wanted) => {
            let length = match actual {
                Value::String(text) => Some(text.chars().count()),
                Value::Array(values) => Some(values.len()),
                Value::Object(members) => Some(members.len()),
                _ => None,
            };
            let has = length.map_or(String::new(), |length| format!(", this has {length}"));
            (length.and_then(|l| u64::try_from(l).ok()) == Some(*wanted), format!("length {wanted}{has}"))
        }
        Pattern::Bytes(wanted) => {
            let decoded = actual.as_str().and_then(|text| base64::prelude::BASE64_STANDARD.decode(text).ok());
            let holds = decoded.is_some_and(|bytes| u64::try_from(bytes.len()).ok() == Some(*wanted));
            (holds, format!("base64 of {wanted} bytes"))
        }
        Pattern::Increasing(path) => match falls_at(path.as_ref(), actual) {
            None => return None,
            Some(place) => (false, format!("decimal numbers that rise, but {place}")),
        },
        _ => return None,
    };
    (!holds).then_some(expected)
}

/// Where a list stops rising, `None` if it rises all the way.
fn falls_at(path: Option<&RefPath>, actual: &Value) -> Option<String> {
    let Value::Array(values) = actual else { return Some("this is no list".into()) };
    if values.len() < 2 {
        return Some("a list of fewer than two cannot".into());
    }
    let mut last: Option<&Value> = None;
    for (i, value) in values.iter().enumerate() {
        let number = match path.map_or(Ok(value), |path| path.walk(value)) {
            Ok(number) => number,
            Err(why) => return Some(format!("at [{i}] {why}")),
        };
        let decimal = number.as_str().is_some_and(is_decimal);
        if !decimal || last.is_some_and(|last| compare_numbers(number, last) != Some(Ordering::Greater)) {
            return Some(format!("not at [{i}]: {}", shorten(number)));
        }
        last = Some(number);
    }
    None
}

fn is_decimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The order of two texts of decimal digits, of any length, or of two JSON numbers.
fn compare_numbers(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) if is_decimal(a) && is_decimal(b) => {
            let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            Some(a.len().cmp(&b.len()).then_with(|| a.cmp(b)))
        }
        (Value::Number(a), Value::Number(b)) => match (a.as_i128(), b.as_i128()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
        },
        _ => None,
    }
}

/// `1` and `1.0` are the same number: JavaScript has only one of them, and a timestamp is a float in one language and
/// an integer in the next.
fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

fn join(path: &str, name: &str) -> String {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    match (plain, path.is_empty()) {
        (true, true) => name.to_owned(),
        (true, false) => format!("{path}.{name}"),
        (false, _) => format!("{path}[{name:?}]"),
    }
}

/// A pattern in a few words, for a place where there is no value to compare with.
fn describe(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Equal(Template::Literal(value)) => shorten(value),
        Pattern::Equal(_) => "a built value".into(),
        Pattern::Object(members) | Pattern::Partial(members) => {
            let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
            format!("an object with the members {}", names.join(", "))
        }
        Pattern::Array(list) => format!("a list of {}", list.len()),
        Pattern::Unordered(list) => format!("a list of {} in any order", list.len()),
        Pattern::Any => "any value".into(),
        Pattern::Type(name) => format!("a value of type {name}"),
        Pattern::Prefix(_) => "a text with a given beginning".into(),
        Pattern::Contains(_) => "a value that contains a given one".into(),
        Pattern::Matches(regex) => format!("a text that matches the expression {}", regex.as_str()),
        Pattern::Length(n) => format!("a value of length {n}"),
        Pattern::Bytes(n) => format!("base64 of {n} bytes"),
        Pattern::Greater(_) => "a greater number".into(),
        Pattern::Increasing(_) => "a list of numbers that rise".into(),
        Pattern::Each(_) => "a list".into(),
        Pattern::All(_) => "a value that matches all of several".into(),
        Pattern::Not(inner) => format!("anything but what matches {}", describe(inner)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unordered_finds_a_matching_that_greed_would_miss() {
        // "any" could take "a", leaving nothing for the exact one.
        let pattern = Pattern::parse(&json!({"$unordered": [{"$any": true}, "a"]})).expect("well formed");
        assert_eq!(pattern.compare(&json!(["a", "b"]), &Scope::default()).expect("no references"), []);
    }

    #[test]
    fn decimals_compare_as_numbers_of_any_length() {
        let greater = |a: &str, b: &str| compare_numbers(&json!(a), &json!(b)) == Some(Ordering::Greater);
        assert!(greater("100000000000000000000001", "99999999999999999999999"));
        assert!(!greater("0100", "100"));
        assert!(!greater("x", "1"));
    }

    #[test]
    fn integers_beyond_a_double_are_told_apart() {
        assert!(!same_number(
            &Number::from(9_007_199_254_740_993_u64),
            &Number::from(9_007_199_254_740_992_u64)
        ));
        assert!(same_number(&Number::from(1), &Number::from_f64(1.0).expect("finite")));
    }
}
