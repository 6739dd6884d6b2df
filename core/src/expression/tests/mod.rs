//! Texts of expressions against items: what they answer, and what they are refused with.

mod conditions;
mod keys;
mod legacy;
mod projections;
mod properties;
mod steps;
mod updates;

use std::collections::BTreeMap;

use super::key_condition::KeyCondition;
use super::{Condition, ExpressionKind, Expressions, Projection, SortCondition, Texts, Update};
use crate::api::Result;
use crate::value::{AttributeType, Checked, Item, ValueRef};

fn item(json: &str) -> Item {
    Item::from_json(json).expect("an item")
}

/// Placeholders used by most tests, none of which has to be used.
struct Request {
    names: BTreeMap<String, String>,
    values: Checked<Item>,
}

impl Request {
    fn new(values: &str) -> Request {
        let names = [("#a", "a"), ("#b", "b"), ("#c", "c"), ("#i", "[3]"), ("#size", "size")];
        Request {
            names: names.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            values: Checked(Ok(item(values))),
        }
    }

    /// Without placeholders.
    fn none() -> Request {
        Request { names: BTreeMap::new(), values: Checked(Ok(Item::empty())) }
    }

    fn parse<'a>(&'a self, texts: Texts<'a>) -> Result<Expressions<'a>> {
        let has_values = !self.values.0.as_ref().expect("values").attributes().is_empty();
        let names = (!self.names.is_empty()).then_some(&self.names);
        let values = has_values.then_some(&self.values);
        super::Request { texts, names, values }.parse()
    }

    fn condition<'a>(&'a self, text: &'a str) -> Result<Condition<'a>> {
        let condition = Some((ExpressionKind::Condition, text));
        let expressions = self.parse(Texts { condition, ..Texts::default() })?;
        Ok(expressions.condition.expect("there is one"))
    }

    fn update<'a>(&'a self, text: &'a str) -> Result<Update<'a>> {
        let expressions = self.parse(Texts { update: Some(text), ..Texts::default() })?;
        Ok(expressions.update.expect("there is one"))
    }

    fn key_condition<'a>(&'a self, text: &'a str) -> Result<KeyCondition<'a>> {
        let expressions = self.parse(Texts { key_condition: Some(text), ..Texts::default() })?;
        Ok(expressions.key_condition.expect("there is one"))
    }

    fn projection<'a>(&'a self, text: &'a str) -> Result<Projection<'a>> {
        let expressions = self.parse(Texts { projection: Some(text), ..Texts::default() })?;
        Ok(expressions.projection.expect("there is one"))
    }
}

const VALUES: &str = r#"{":s":{"S":"b"},":t":{"S":"c"},":n":{"N":"1"},":m":{"N":"2"},":bin":{"B":"YQ=="},":bool":{"BOOL":true},
    ":null":{"NULL":true},":ss":{"SS":["a","b"]},":ns":{"NS":["1","2"]},":bs":{"BS":["YQ=="]},":l":{"L":[{"N":"1"}]},
    ":map":{"M":{"x":{"N":"1"}}},":type":{"S":"N"},":bad":{"S":"DOG"}}"#;

fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.expect_err("must be refused").message().to_owned()
}

fn holds(text: &str, on: &Item) -> bool {
    let request = Request::new(VALUES);
    request.condition(text).expect(text).holds(on)
}

/// The text after `Invalid ConditionExpression: `.
fn refused(text: &str) -> String {
    let request = Request::new(VALUES);
    let message = message(request.condition(text));
    message.strip_prefix("Invalid ConditionExpression: ").expect("names the parameter").to_owned()
}

fn update(text: &str, values: &str, old: &Item) -> Result<Item> {
    let request = Request::new(values);
    request.update(text)?.apply(old)
}

fn updated(text: &str, values: &str, old: &str, new: &str) {
    assert_eq!(update(text, values, &item(old)).expect(text), item(new), "{text}");
}

fn update_refused(text: &str) -> String {
    let request = Request::new(VALUES);
    let message = message(request.update(text));
    message.strip_prefix("Invalid UpdateExpression: ").expect("names the parameter").to_owned()
}
