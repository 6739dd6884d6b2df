//! What a subscription can be set to, and which messages it is for.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Published;
use crate::api::message::topic as text;
use crate::pattern::{Event, Pattern};

const RAW: &str = "RawMessageDelivery";
const FILTER: &str = "FilterPolicy";
const SCOPE: &str = "FilterPolicyScope";
const REDRIVE: &str = "RedrivePolicy";

/// Every attribute of a subscription that can be set.
pub(crate) const ATTRIBUTES: [&str; 5] = [RAW, FILTER, SCOPE, REDRIVE, "DeliveryPolicy"];

/// What a subscription is set to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// Whether messages are delivered as they are, their attributes as attributes of the queue's messages.
    pub(crate) is_raw: bool,
    filter: Option<Filter>,
    /// The queue for what cannot be delivered.
    pub(crate) dead_letters: Option<String>,
}

/// Which messages a subscription is for.
#[derive(Clone, Debug)]
struct Filter {
    /// Of what they say, not of what stands beside it.
    is_of_body: bool,
    pattern: Pattern,
}

impl Settings {
    /// Whether there is an attribute of this name.
    pub(crate) fn has(name: &str) -> bool {
        ATTRIBUTES.contains(&name)
    }

    /// Reads attributes of known names.
    ///
    /// # Errors
    /// What is wrong with one, in the service's words.
    pub(crate) fn read(attributes: &BTreeMap<String, String>) -> Result<Settings, String> {
        let get = |name: &str| attributes.get(name).map(String::as_str);
        let is_raw = match get(RAW) {
            None => false,
            Some(value) if value.eq_ignore_ascii_case("true") => true,
            Some(value) if value.eq_ignore_ascii_case("false") => false,
            Some(value) => return Err(text::not_a_boolean(RAW, value)),
        };
        let is_of_body = match get(SCOPE) {
            None | Some("MessageAttributes") => false,
            Some("MessageBody") => true,
            Some(value) => return Err(text::bad_scope(value)),
        };
        let filter = get(FILTER).map(|policy| Filter::read(policy, is_of_body)).transpose()?.flatten();
        let dead_letters = get(REDRIVE).map(dead_letters).transpose()?.flatten();
        Ok(Settings { is_raw, filter, dead_letters })
    }

    /// Whether a message is to be delivered.
    pub(crate) fn wants(&self, published: &Published) -> bool {
        self.filter.as_ref().is_none_or(|filter| {
            let event = if filter.is_of_body { published.as_body() } else { Some(published.as_attributes()) };
            event.is_some_and(|event| filter.pattern.matches(Event::Json(event)))
        })
    }
}

/// Attributes as they are told: what holds by itself is told, too.
pub(crate) fn told(attributes: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut told = attributes.clone();
    let raw = told.entry(RAW.to_owned()).or_insert_with(|| "false".to_owned());
    raw.make_ascii_lowercase();
    if told.contains_key(FILTER) {
        told.entry(SCOPE.to_owned()).or_insert_with(|| "MessageAttributes".to_owned());
    }
    told
}

fn json(name: &str, given: &str) -> Result<Value, String> {
    serde_json::from_str(given).map_err(|why| text::no_json(name, &why.to_string()))
}

impl Filter {
    /// None for a policy that asks for nothing.
    fn read(policy: &str, is_of_body: bool) -> Result<Option<Filter>, String> {
        if policy.is_empty() {
            return Ok(None);
        }
        let read = json(FILTER, policy)?;
        let members = read.as_object();
        if members.is_some_and(serde_json::Map::is_empty) {
            return Ok(None);
        }
        let is_nested = |(name, value): (&String, &Value)| value.is_object() && !name.starts_with('$');
        if !is_of_body && members.into_iter().flatten().any(is_nested) {
            return Err(text::nested_policy());
        }
        let pattern = Pattern::compile(policy).map_err(|why| format!("{FILTER}: {}", why.reason))?;
        Ok(Some(Filter { is_of_body, pattern }))
    }
}

/// The ARN of the queue that a policy names; none of an empty one.
fn dead_letters(policy: &str) -> Result<Option<String>, String> {
    if policy.is_empty() {
        return Ok(None);
    }
    let policy = json(REDRIVE, policy)?;
    let Some(target) = policy.get("deadLetterTargetArn") else { return Ok(None) };
    let arn = target.as_str().filter(|arn| arn.starts_with("arn:aws:sqs:") && arn.split(':').count() == 6);
    arn.map(|arn| Some(arn.to_owned())).ok_or_else(text::bad_dead_letter_target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::MessageAttribute;

    fn wants(policy: &str, scope: &str, published: &Published) -> bool {
        let attributes = BTreeMap::from([(FILTER, policy), (SCOPE, scope)]);
        let owned = attributes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Settings::read(&owned).expect("a policy").wants(published)
    }

    #[test]
    fn policies_ask_for_attributes_or_for_the_body() {
        let attribute = |data_type: &str, value: &str| MessageAttribute {
            data_type: data_type.to_owned(),
            value: value.to_owned(),
        };
        let attributes = BTreeMap::from([
            ("store".to_owned(), attribute("String", "a")),
            ("price".to_owned(), attribute("Number", "9.5")),
            ("tags".to_owned(), attribute("String.Array", r#"["x", 7, true]"#)),
            ("bytes".to_owned(), attribute("Binary", "AQ==")),
        ]);
        let published = Published::new(r#"{"order": {"id": 7}}"#.to_owned(), None, attributes);
        for (policy, expected) in [
            (r#"{"store": ["a", "b"]}"#, true),
            (r#"{"store": ["b"]}"#, false),
            (r#"{"price": [{"numeric": [">", 9, "<=", 10]}]}"#, true),
            (r#"{"tags": ["x"]}"#, true),
            (r#"{"tags": [7]}"#, true),
            (r#"{"tags": ["y"]}"#, false),
            (r#"{"absent": [{"exists": false}], "store": [{"prefix": "a"}]}"#, true),
            (r#"{"bytes": [{"exists": true}]}"#, false),
            ("{}", true),
        ] {
            assert_eq!(wants(policy, "MessageAttributes", &published), expected, "{policy}");
        }
        assert!(wants(r#"{"order": {"id": [7]}}"#, "MessageBody", &published));
        assert!(!wants(r#"{"order": {"id": [8]}}"#, "MessageBody", &published));
        let text = Published::new("no JSON".to_owned(), None, BTreeMap::new());
        assert!(!wants(r#"{"order": [{"exists": false}]}"#, "MessageBody", &text));
    }
}
