//! `#name` and `:value`: what the request defines and what its expressions use.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::lexer::is_word;
use crate::api::message::Problem;
use crate::api::message::expression::{self as text, NAMES, VALUES};
use crate::api::{Error, Result};
use crate::limits::{PLACEHOLDER_MAX_BYTES, SUBSTITUTIONS_MAX_BYTES};
use crate::value::{Checked, Item, Lookup, ValueRef, name_problem};

/// `ExpressionAttributeNames` and `ExpressionAttributeValues` of one request, and which of them its expressions used.
#[derive(Debug)]
pub(crate) struct Placeholders<'a> {
    names: Option<&'a BTreeMap<String, String>>,
    values: Option<Lookup<'a>>,
    used_names: Used<'a>,
    used_values: Used<'a>,
}

type Used<'a> = SmallVec<[&'a str; 8]>;

impl<'a> Placeholders<'a> {
    /// `any_expression`: whether the request has an expression at all.
    ///
    /// # Errors
    /// Placeholders without any expression, empty maps, malformed keys, values that break a rule of attribute values (facts B5).
    pub(crate) fn new(
        names: Option<&'a BTreeMap<String, String>>,
        values: Option<&'a Checked<Item>>,
        any_expression: bool,
    ) -> Result<Placeholders<'a>> {
        if !any_expression {
            let given = if names.is_some() { Some(NAMES) } else { values.is_some().then_some(VALUES) };
            if let Some(parameter) = given {
                return Err(Error::validation(text::placeholders_without_expression(parameter)));
            }
        }
        if let Some(names) = names {
            check_names(names)?;
        }
        let values = values.map(check_values).transpose()?;
        let names_size: usize = names.map_or(0, |names| names.iter().map(|(k, v)| k.len() + v.len()).sum());
        let size = names_size + values.map_or(0, Item::size);
        if size > SUBSTITUTIONS_MAX_BYTES {
            return Err(Error::validation(text::placeholders_too_large(size, SUBSTITUTIONS_MAX_BYTES)));
        }
        let values = values.map(Lookup::new);
        Ok(Placeholders { names, values, used_names: Used::new(), used_values: Used::new() })
    }

    /// What `#name` stands for.
    pub(super) fn name(&mut self, placeholder: &'a str) -> Option<&'a str> {
        let name = self.names?.get(placeholder)?;
        self.used_names.push(placeholder);
        Some(name)
    }

    /// What `:value` stands for.
    pub(super) fn value(&mut self, placeholder: &'a str) -> Option<ValueRef<'a>> {
        let value = self.values.as_ref()?.attribute(placeholder)?;
        self.used_values.push(placeholder);
        Some(value)
    }

    /// To be called after all expressions of the request are parsed.
    ///
    /// # Errors
    /// Names or values that no expression used.
    pub(crate) fn finish(self) -> Result<()> {
        let names = self.names.map_or(0, BTreeMap::len);
        if distinct(self.used_names.clone()) < names {
            let given = self.names.into_iter().flat_map(|names| names.keys().map(String::as_str));
            return Err(unused(NAMES, given, self.used_names));
        }
        let Some(values) = &self.values else { return Ok(()) };
        let values = values.item().attributes();
        if distinct(self.used_values.clone()) < values.len() {
            return Err(unused(VALUES, values.iter().map(|(name, _)| name), self.used_values));
        }
        Ok(())
    }
}

/// How many different ones there are.
fn distinct(mut used: Used<'_>) -> usize {
    used.sort_unstable();
    used.dedup();
    used.len()
}

fn unused<'k>(parameter: &str, given: impl Iterator<Item = &'k str>, mut used: Used<'_>) -> Error {
    used.sort_unstable();
    let unused: Vec<&str> = given.filter(|key| used.binary_search(key).is_err()).collect();
    Error::validation(text::placeholders_unused(parameter, &unused))
}

fn check_names(names: &BTreeMap<String, String>) -> Result<()> {
    if names.is_empty() {
        return Err(Error::validation(text::placeholders_empty(NAMES)));
    }
    if let Some(key) = names.keys().find(|key| !is_placeholder(key, b'#')) {
        return Err(Error::validation(text::placeholder_key(NAMES, key)));
    }
    match names.iter().find_map(|(key, name)| Some((key, name_problem(name)?))) {
        Some((key, problem)) => {
            Err(Error::validation(Problem::Placeholder { parameter: NAMES, problem, key: key.clone() }))
        }
        None => Ok(()),
    }
}

fn check_values(values: &Checked<Item>) -> Result<&Item> {
    match &values.0 {
        Ok(item) if item.attributes().is_empty() => Err(Error::validation(text::placeholders_empty(VALUES))),
        Ok(item) => match item.attributes().iter().find(|(key, _)| !is_placeholder(key, b':')) {
            Some((key, _)) => Err(Error::validation(text::placeholder_key(VALUES, key))),
            None => Ok(item),
        },
        Err(fault) if !is_placeholder(&fault.name, b':') => {
            Err(Error::validation(text::placeholder_key(VALUES, &fault.name)))
        }
        Err(fault) => {
            let (problem, key) = (fault.problem.clone(), fault.name.clone());
            Err(Error::validation(Problem::Placeholder { parameter: VALUES, problem, key }))
        }
    }
}

fn is_placeholder(key: &str, sign: u8) -> bool {
    match key.as_bytes() {
        [first, rest @ ..] => {
            *first == sign
                && !rest.is_empty()
                && key.len() <= PLACEHOLDER_MAX_BYTES
                && rest.iter().all(|b| is_word(*b))
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Wording;

    fn names(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn values(json: &str) -> Checked<Item> {
        serde_json::from_str(json).expect("readable")
    }

    fn refused(
        names: Option<&BTreeMap<String, String>>,
        values: Option<&Checked<Item>>,
        any: bool,
    ) -> String {
        Placeholders::new(names, values, any).expect_err("must be refused").message().to_owned()
    }

    #[test]
    fn placeholders_need_an_expression() {
        let (none, some) = (names(&[]), values(r#"{":a":{"S":"x"}}"#));
        assert_eq!(
            refused(Some(&none), Some(&some), false),
            "ExpressionAttributeNames can only be specified when using expressions"
        );
        assert_eq!(
            refused(None, Some(&some), false),
            "ExpressionAttributeValues can only be specified when using expressions"
        );
    }

    #[test]
    fn maps_and_keys_are_checked() {
        assert_eq!(refused(Some(&names(&[])), None, true), "ExpressionAttributeNames must not be empty");
        assert_eq!(refused(None, Some(&values("{}")), true), "ExpressionAttributeValues must not be empty");
        for key in ["a", "#", "#a-b", "##", ""] {
            assert_eq!(
                refused(Some(&names(&[(key, "x")])), None, true),
                format!("ExpressionAttributeNames contains invalid key: Syntax error; key: \"{key}\"")
            );
        }
        assert_eq!(
            refused(None, Some(&values(r#"{":b":{"S":"x"},"b":{"S":"a"}}"#)), true),
            "ExpressionAttributeValues contains invalid key: Syntax error; key: \"b\""
        );
        let longest = format!("#{}", "a".repeat(254));
        assert!(Placeholders::new(Some(&names(&[(&longest, "x")])), None, true).is_ok());
        let longer = format!("#{}", "a".repeat(255));
        assert!(Placeholders::new(Some(&names(&[(&longer, "x")])), None, true).is_err());
    }

    #[test]
    fn broken_values_name_their_key_in_the_older_texts() {
        let told = |json: &str| {
            let error = Placeholders::new(None, Some(&values(json)), true).expect_err("must be refused");
            [Wording::Classic, Wording::Current]
                .map(|wording| error.clone().worded(wording, "Query").message().to_owned())
        };
        let [classic, current] = told(r#"{":b":{}}"#);
        assert_eq!(
            current,
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
        );
        assert_eq!(
            classic,
            format!("ExpressionAttributeValues contains invalid value: {current} for key :b")
        );
        let [classic, current] = told(r#"{":b":{"SS":["a","a"]}}"#);
        let invalid = "One or more parameter values were invalid: Input collection";
        assert_eq!(current, format!("{invalid} [\"a\", \"a\"] contains duplicates."));
        assert_eq!(
            classic,
            format!(
                "ExpressionAttributeValues contains invalid value: {invalid} [a, a] contains duplicates. for key :b"
            )
        );
    }

    #[test]
    fn unused_ones_are_listed() {
        let (names, values) =
            (names(&[("#a", "x"), ("#b", "y"), ("#c", "z")]), values(r#"{":v":{"S":"x"},":w":{"S":"y"}}"#));
        let mut placeholders = Placeholders::new(Some(&names), Some(&values), true).expect("fine");
        assert_eq!(placeholders.name("#b"), Some("y"));
        assert_eq!(placeholders.name("#d"), None);
        assert_eq!(
            placeholders.finish().expect_err("unused").message(),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}"
        );
        let mut placeholders = Placeholders::new(None, Some(&values), true).expect("fine");
        assert!(placeholders.value(":v").is_some());
        assert_eq!(
            placeholders.finish().expect_err("unused").message(),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}"
        );
    }

    #[test]
    fn too_much_is_refused() {
        let text = "x".repeat(SUBSTITUTIONS_MAX_BYTES);
        assert!(
            refused(None, Some(&values(&format!(r#"{{":v":{{"S":"{text}"}}}}"#))), true).contains("2097154")
        );
    }
}
