//! `#name` and `:value`: what the request defines and what its expressions use.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::compiled::BoundValues;
use super::faults::ValueCheck;
use super::lexer::is_word;
use super::tree::Literal;
use crate::api::message::Problem;
use crate::api::message::expression::{self as text, NAMES, VALUES};
use crate::api::{Error, Result};
use crate::limits::{PLACEHOLDER_MAX_BYTES, SUBSTITUTIONS_MAX_BYTES};
use crate::value::{Checked, Item, name_problem};

/// `ExpressionAttributeNames` and `ExpressionAttributeValues` of one request, and which of them its expressions used.
///
/// Names have a lifetime of their own: they go into trees, and values do not.
#[derive(Debug)]
pub(super) struct Placeholders<'n, 'v> {
    pub(super) names: Names<'n>,
    pub(super) values: Values<'v>,
    pub(super) used: UsedValues,
}

/// What each `#name` stands for, and whether it was used, in the order of the placeholders.
#[derive(Debug, Default)]
pub(super) struct Names<'n>(SmallVec<[(&'n str, &'n str, bool); 4]>);

/// What each `:value` stands for, in the order of the placeholders.
#[derive(Debug)]
pub(super) struct Values<'v> {
    placeholders: Vec<&'v str>,
    pub(super) values: BoundValues<'v>,
}

/// Which values were used, and what of them, beside their types, has decided that nothing is wrong.
#[derive(Debug, Default)]
pub(super) struct UsedValues {
    used: SmallVec<[bool; 8]>,
    pub(super) checks: Vec<ValueCheck>,
}

impl<'n, 'v> Placeholders<'n, 'v> {
    /// `any_expression`: whether the request has an expression at all.
    ///
    /// # Errors
    /// Placeholders without any expression, empty maps, malformed keys, values that break a rule of attribute values (facts B5).
    pub(super) fn new(
        names: Option<&'n BTreeMap<String, String>>,
        values: Option<&'v Checked<Item>>,
        any_expression: bool,
    ) -> Result<Placeholders<'n, 'v>> {
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
        let names = names.into_iter().flatten().map(|(key, name)| (key.as_str(), name.as_str(), false));
        let attributes = values.map(Item::attributes);
        let count = attributes.as_ref().map_or(0, |attributes| attributes.len());
        let (mut placeholders, mut found) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for (placeholder, value) in attributes.iter().flat_map(|attributes| attributes.iter()) {
            placeholders.push(placeholder);
            found.push(value);
        }
        let used = UsedValues { used: SmallVec::from_elem(false, count), checks: Vec::new() };
        Ok(Placeholders {
            names: Names(names.collect()),
            values: Values { placeholders, values: BoundValues::of(&found) },
            used,
        })
    }

    /// To be called after all expressions of the request are parsed.
    ///
    /// # Errors
    /// Names or values that no expression used.
    pub(super) fn finish(self) -> Result<()> {
        let unused: Vec<&str> =
            self.names.0.iter().filter(|(_, _, used)| !used).map(|(key, _, _)| *key).collect();
        if !unused.is_empty() {
            return Err(Error::validation(text::placeholders_unused(NAMES, &unused)));
        }
        let given = self.values.placeholders.iter().zip(&self.used.used);
        let unused: Vec<&str> = given.filter(|(_, used)| !**used).map(|(key, _)| *key).collect();
        if !unused.is_empty() {
            return Err(Error::validation(text::placeholders_unused(VALUES, &unused)));
        }
        Ok(())
    }
}

impl<'n> Names<'n> {
    /// What `#name` stands for.
    pub(super) fn get(&mut self, placeholder: &str) -> Option<&'n str> {
        let at = self.0.binary_search_by(|(key, _, _)| (*key).cmp(placeholder)).ok()?;
        let (_, name, used) = &mut self.0[at];
        *used = true;
        Some(name)
    }
}

impl Values<'_> {
    /// What `:value` stands for.
    pub(super) fn get<'l>(&self, placeholder: &str, used: &mut UsedValues) -> Option<Literal<'l>> {
        let at = self.placeholders.binary_search_by(|key| (*key).cmp(placeholder)).ok()?;
        used.used[at] = true;
        Some(Literal::Placed(at, self.values[at].kind()))
    }
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
            let mut error = Placeholders::new(None, Some(&values(json)), true).expect_err("must be refused");
            [Wording::Classic, Wording::Current].map(|wording| {
                error.word(wording, "Query");
                error.message().to_owned()
            })
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
        assert_eq!(placeholders.names.get("#b"), Some("y"));
        assert_eq!(placeholders.names.get("#d"), None);
        assert_eq!(
            placeholders.finish().expect_err("unused").message(),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}"
        );
        let mut placeholders = Placeholders::new(None, Some(&values), true).expect("fine");
        assert!(placeholders.values.get(":v", &mut placeholders.used).is_some());
        assert!(placeholders.values.get(":x", &mut placeholders.used).is_none());
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
