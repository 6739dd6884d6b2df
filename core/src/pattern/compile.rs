//! From the text of a pattern to alternatives of conditions.
//!
//! A path holds one list of tests: where a pattern names a path again, the later list takes its place. `$or` multiplies: each of its objects
//! goes on from a copy of what stands before it, so it may take the place of a list outside, too.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::operator;
use super::{Condition, Operators, Pattern, PatternError};
use crate::limits::{LAMBDA_PATTERN_MAX_CHARS, PATTERN_ALTERNATIVES_MAX, PATTERN_DEPTH_MAX};

const OR: &str = "$or";

/// Names that nothing inside `$or` may have: what an operator is called, or may be called one day.
const RESERVED: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

pub(super) type Result<T> = std::result::Result<T, PatternError>;

/// Reads a pattern.
pub(super) fn compile(text: &str, operators: Operators) -> Result<Pattern> {
    let whole = Text(text);
    if text.chars().count() > LAMBDA_PATTERN_MAX_CHARS {
        return Err(PatternError {
            reason: format!("a pattern has at most {LAMBDA_PATTERN_MAX_CHARS} characters"),
            at: LAMBDA_PATTERN_MAX_CHARS,
        });
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let raw = <&RawValue>::deserialize(&mut reader).map_err(|error| whole.syntax(text, &error))?;
    if operators == Operators::Documented {
        reader.end().map_err(|error| whole.syntax(text, &error))?;
    }
    let mut compiler = Compiler { text: whole, operators, conditions: Vec::new(), path: Vec::new() };
    if Kind::of(raw) != Kind::Object {
        return Err(whole.error(raw, "a pattern is an object"));
    }
    let mut alternatives = vec![Alternative::new()];
    compiler.object(raw, &mut alternatives, false)?;
    let alternatives =
        alternatives.into_iter().map(|conditions| conditions.into_values().collect()).collect();
    Ok(Pattern { conditions: compiler.conditions, alternatives })
}

/// Conditions by path.
type Alternative = BTreeMap<String, usize>;

struct Compiler<'t> {
    text: Text<'t>,
    operators: Operators,
    conditions: Vec<Condition>,
    path: Vec<String>,
}

impl<'t> Compiler<'t> {
    fn object(
        &mut self,
        raw: &'t RawValue,
        alternatives: &mut Vec<Alternative>,
        inside_or: bool,
    ) -> Result<()> {
        if self.path.len() == PATTERN_DEPTH_MAX {
            return Err(self
                .text
                .error(raw, format!("a pattern is at most {PATTERN_DEPTH_MAX} levels deep")));
        }
        let members = self.text.members(raw)?;
        if members.is_empty() {
            return Err(self.text.error(raw, "an object of a pattern is not empty"));
        }
        for (name, value) in members {
            if name == OR {
                self.either(value, alternatives)?;
                continue;
            }
            if inside_or && RESERVED.contains(&name.as_str()) {
                return Err(self.text.error(value, format!("{name:?} inside `$or` is a reserved name")));
            }
            self.path.push(name);
            match Kind::of(value) {
                Kind::Object => self.object(value, alternatives, inside_or)?,
                Kind::Array => self.list(value, alternatives)?,
                _ => {
                    let name = self.path.last().expect("just added");
                    return Err(self.text.error(value, format!("{name:?} leads to an object or a list")));
                }
            }
            self.path.pop();
        }
        Ok(())
    }

    fn list(&mut self, raw: &'t RawValue, alternatives: &mut [Alternative]) -> Result<()> {
        let elements = self.text.elements(raw)?;
        if elements.is_empty() {
            return Err(self.text.error(raw, "a list of a pattern is not empty"));
        }
        let (mut tests, mut or_absent) = (Vec::new(), false);
        for element in elements {
            match operator::read(self.text, element, self.operators)? {
                Some(test) => tests.push(test),
                None => or_absent = true,
            }
        }
        let (path, place) = (self.path.join("."), self.conditions.len());
        for alternative in alternatives {
            alternative.insert(path.clone(), place);
        }
        self.conditions.push(Condition { path, tests, or_absent });
        Ok(())
    }

    /// `$or`: alternatives for what stands before it.
    fn either(&mut self, raw: &'t RawValue, alternatives: &mut Vec<Alternative>) -> Result<()> {
        if Kind::of(raw) != Kind::Array {
            return Err(self.text.error(raw, "`$or` leads to a list of objects"));
        }
        let objects = self.text.elements(raw)?;
        if objects.len() < 2 {
            return Err(self.text.error(raw, "`$or` has at least 2 objects"));
        }
        let mut all = Vec::new();
        for object in objects {
            if Kind::of(object) != Kind::Object {
                return Err(self.text.error(object, "`$or` has objects only"));
            }
            let mut from_here = alternatives.clone();
            self.object(object, &mut from_here, true)?;
            all.append(&mut from_here);
            if all.len() > PATTERN_ALTERNATIVES_MAX {
                let reason = format!("`$or` gives a pattern at most {PATTERN_ALTERNATIVES_MAX} alternatives");
                return Err(self.text.error(object, reason));
            }
        }
        *alternatives = all;
        Ok(())
    }
}

/// What a part of the text is, by its first character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    Text,
    Number,
    Bool,
    Null,
}

impl Kind {
    pub(super) fn of(raw: &RawValue) -> Kind {
        match raw.get().as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::Text,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }
}

/// The whole text, so that errors can say where in it they are.
#[derive(Clone, Copy)]
pub(super) struct Text<'t>(&'t str);

impl<'t> Text<'t> {
    /// Something is wrong with this part.
    pub(super) fn error(self, part: &RawValue, reason: impl Into<String>) -> PatternError {
        self.error_at(self.place(part.get()), reason)
    }

    /// Where a part begins, in bytes.
    fn place(self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.0.as_ptr().addr()).min(self.0.len())
    }

    fn error_at(self, byte: usize, reason: impl Into<String>) -> PatternError {
        let at = self.0.char_indices().take_while(|(place, _)| *place < byte).count();
        PatternError { reason: reason.into(), at }
    }

    /// What the reader of JSON says about a part.
    fn syntax(self, part: &str, error: &serde_json::Error) -> PatternError {
        let above: usize =
            part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let byte = self.place(part) + above + error.column().saturating_sub(1);
        let said = error.to_string();
        // The place that it adds counts from the part, and in lines.
        let reason = said.split(" at line ").next().unwrap_or(&said);
        self.error_at(byte, reason)
    }

    fn read<T: Deserialize<'t>>(self, part: &'t RawValue) -> Result<T> {
        serde_json::from_str(part.get()).map_err(|error| self.syntax(part.get(), &error))
    }

    /// The members of an object, in order, also those with a name that came before.
    pub(super) fn members(self, part: &'t RawValue) -> Result<Vec<(String, &'t RawValue)>> {
        self.read::<Members<'t>>(part).map(|members| members.0)
    }

    pub(super) fn elements(self, part: &'t RawValue) -> Result<Vec<&'t RawValue>> {
        self.read(part)
    }

    pub(super) fn text(self, part: &'t RawValue) -> Result<String> {
        self.read(part)
    }
}

struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct InOrder;
        impl<'t> Visitor<'t> for InOrder {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> std::result::Result<Members<'t>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &'t RawValue>()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
