//! Texts of expressions against items: what they answer, and what they are refused with.

mod conditions;
mod keys;
mod legacy;
mod projections;
mod properties;
mod steps;
mod updates;

use std::collections::BTreeMap;

use super::{Condition, ExpressionKind, KeyCondition, Placeholders, Projection, SortCondition, Update};
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

    fn placeholders(&self) -> Placeholders<'_> {
        let values = self.values.0.as_ref().expect("values").attributes();
        Placeholders::new(Some(&self.names), (!values.is_empty()).then_some(&self.values), true)
            .expect("valid")
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
    Condition::parse(ExpressionKind::Condition, text, &mut request.placeholders()).expect(text).holds(on)
}

/// The text after `Invalid ConditionExpression: `.
fn refused(text: &str) -> String {
    let request = Request::new(VALUES);
    let message = message(Condition::parse(ExpressionKind::Condition, text, &mut request.placeholders()));
    message.strip_prefix("Invalid ConditionExpression: ").expect("names the parameter").to_owned()
}

fn update(text: &str, values: &str, old: &Item) -> Result<Item> {
    let request = Request::new(values);
    Update::parse(text, &mut request.placeholders())?.apply(old)
}

fn updated(text: &str, values: &str, old: &str, new: &str) {
    assert_eq!(update(text, values, &item(old)).expect(text), item(new), "{text}");
}

fn update_refused(text: &str) -> String {
    let request = Request::new(VALUES);
    let message = message(Update::parse(text, &mut request.placeholders()));
    message.strip_prefix("Invalid UpdateExpression: ").expect("names the parameter").to_owned()
}
