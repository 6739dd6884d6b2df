//! What is not shown of items: values under certain names, or all but keys.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The types of DynamoDB JSON: an object with one of them alone is a value.
const TYPES: [&str; 10] = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"];

/// Which values are kept from viewers. It works on whatever is told, before it leaves.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    /// Attributes whose values are not shown, at any depth.
    pub names: BTreeSet<String>,
    /// Whether of items only keys are shown.
    pub is_keys_only: bool,
}

impl Mask {
    /// Whether everything is shown.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty() && !self.is_keys_only
    }

    /// Takes out of an answer what is not to be shown. `keys` names the key attributes of the items in it; records name their own.
    pub(crate) fn apply(&self, told: &mut Value, keys: &[String]) {
        if !self.is_empty() {
            self.walk(told, None, keys);
        }
    }

    fn walk(&self, told: &mut Value, name: Option<&str>, keys: &[String]) {
        match told {
            Value::Object(members) => {
                let own: Option<Vec<String>> =
                    members.get("Keys").and_then(Value::as_object).map(|keys| keys.keys().cloned().collect());
                let keys = own.as_deref().unwrap_or(keys);
                let owner = name;
                let is_image = matches!(name, Some("NewImage" | "OldImage" | "Item" | "Attributes"));
                for (name, value) in members.iter_mut() {
                    let is_other = self.is_keys_only && is_image && !keys.contains(name);
                    if (is_other || self.names.contains(name)) && is_value(value) {
                        *value = json!({"masked": true});
                    } else {
                        self.walk(value, Some(within(owner, name)), keys);
                    }
                }
            }
            Value::Array(members) => {
                // The items of Query and Scan.
                let name = if name == Some("Items") { Some("Item") } else { None };
                members.iter_mut().for_each(|member| self.walk(member, name, keys));
            }
            // A failure's document is JSON in a text.
            Value::String(text) if text.starts_with(['{', '[']) => {
                let Ok(inner) = serde_json::from_str::<Value>(text) else { return };
                let mut masked = inner.clone();
                self.walk(&mut masked, None, keys);
                if masked != inner {
                    *text = masked.to_string();
                }
            }
            _ => {}
        }
    }
}

/// As what a member is looked at: BatchGetItem tells items under the names of their tables.
fn within<'n>(owner: Option<&str>, name: &'n str) -> &'n str {
    if owner == Some("Responses") { "Items" } else { name }
}

fn is_value(value: &Value) -> bool {
    let of = |members: &Map<String, Value>| {
        members.len() == 1 && members.keys().all(|name| TYPES.contains(&name.as_str()))
    };
    value.as_object().is_some_and(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_names_are_in_no_byte() {
        let mask = Mask { names: BTreeSet::from(["email".to_owned()]), is_keys_only: false };
        let mut told = json!({"Records": [{"dynamodb": {"Keys": {"id": {"S": "1"}}, "NewImage": {
            "id": {"S": "1"}, "email": {"S": "ada@secret.test"},
            "home": {"M": {"email": {"L": [{"S": "ada@secret.test"}]}, "city": {"S": "Bath"}}}}}}],
            "Document": "{\"NewImage\":{\"email\":{\"S\":\"ada@secret.test\"}}}", "email": "no value"});
        mask.apply(&mut told, &[]);
        let text = told.to_string();
        assert!(!text.contains("secret") && text.contains("Bath") && text.contains("masked"), "{text}");
        assert_eq!(told["email"], "no value");
    }

    #[test]
    fn of_items_only_keys_are_shown() {
        let mask = Mask { names: BTreeSet::new(), is_keys_only: true };
        let image = json!({"id": {"S": "key"}, "total": {"N": "17"}});
        let mut told = json!({"Items": [image.clone()], "Item": image.clone(),
            "Responses": {"Orders": [image.clone()]},
            "Records": [{"dynamodb": {"Keys": {"id": {"S": "key"}}, "OldImage": image}}]});
        mask.apply(&mut told, &["id".to_owned()]);
        assert!(!told.to_string().contains("17"), "{told}");
        assert_eq!(told["Items"][0]["id"]["S"], "key");
        assert_eq!(told["Records"][0]["dynamodb"]["Keys"]["id"]["S"], "key");
    }
}
