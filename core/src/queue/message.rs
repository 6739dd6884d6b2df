//! Messages as rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::QueueState;
use crate::clock::Millis;
use crate::store::RowChange;
use crate::value::key::RowKey;
use crate::value::{Item, from_item, to_item};

/// A message of a queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    #[serde(rename = "i")]
    pub(crate) id: String,
    #[serde(rename = "b")]
    pub(crate) body: String,
    #[serde(rename = "a", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) attributes: BTreeMap<String, MessageAttribute>,
    #[serde(rename = "s")]
    pub(crate) sent_at: Millis,
    #[serde(rename = "v")]
    pub(crate) visible_at: Millis,
    #[serde(rename = "c")]
    pub(crate) received: u32,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_received_at: Option<Millis>,
}

/// A value beside the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MessageAttribute {
    #[serde(rename = "t")]
    pub(crate) data_type: String,
    /// Text, or base64 of bytes.
    #[serde(rename = "v")]
    pub(crate) value: String,
}

impl MessageAttribute {
    pub(crate) fn is_binary(&self) -> bool {
        is_binary(&self.data_type)
    }
}

/// Whether a type is of bytes, with a label or without.
pub(crate) fn is_binary(data_type: &str) -> bool {
    data_type.split('.').next() == Some("Binary")
}

/// A row of the order.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OrderEntry {
    #[serde(rename = "p")]
    pub(crate) place: u64,
    #[serde(rename = "c")]
    pub(crate) received: u32,
}

const MADE_HERE: &str = "rows of queues are made by this version";

impl Message {
    pub(crate) fn new(id: String, body: String, sent_at: Millis, visible_at: Millis) -> Message {
        let attributes = BTreeMap::new();
        Message { id, body, attributes, sent_at, visible_at, received: 0, first_received_at: None }
    }

    pub(crate) fn read(row: &Item) -> Message {
        from_item(row).expect(MADE_HERE)
    }

    fn row(&self) -> Item {
        to_item(self).expect("a message is texts and numbers")
    }

    /// The key of the message of a place.
    pub(crate) fn key(place: u64) -> RowKey {
        RowKey::from_bytes(&place.to_be_bytes())
    }

    fn order_row(&self, place: u64) -> Item {
        to_item(&OrderEntry { place, received: self.received }).expect("two numbers")
    }

    /// What takes the message from what it was to what it is; neither where it was not, or is not any more.
    pub(crate) fn changes(
        &self,
        state: &QueueState,
        place: u64,
        before: Option<&Message>,
        after: Option<&Message>,
    ) -> impl Iterator<Item = RowChange> {
        let row = |message: Option<&Message>| message.map(Message::row);
        let order_key = |message: &Message| {
            RowKey::from_bytes(&[message.visible_at.to_be_bytes(), place.to_be_bytes()].concat())
        };
        let order = |key: RowKey, before: Option<Item>, after: Option<Item>| RowChange {
            table: state.order,
            key,
            before,
            after,
            of: None,
        };
        let own = RowChange {
            table: state.messages,
            key: Message::key(place),
            before: row(before),
            after: row(after),
            of: None,
        };
        let moved = match (before, after) {
            (Some(old), Some(new)) if old.visible_at == new.visible_at => {
                vec![order(order_key(new), Some(old.order_row(place)), Some(new.order_row(place)))]
            }
            _ => {
                let old = before.map(|old| order(order_key(old), Some(old.order_row(place)), None));
                let new = after.map(|new| order(order_key(new), None, Some(new.order_row(place))));
                old.into_iter().chain(new).collect()
            }
        };
        [own].into_iter().chain(moved)
    }
}

impl OrderEntry {
    pub(crate) fn read(row: &Item) -> OrderEntry {
        from_item(row).expect(MADE_HERE)
    }
}

/// MD5 of a body, in hexadecimal.
pub(crate) fn body_hash(body: &str) -> String {
    format!("{:x}", md5::compute(body))
}

/// MD5 of attributes as SQS counts it (SQS developer guide: message metadata): name, type, kind of value and value of each, in the order of their
/// names, with the lengths before them; `bytes` are the values. Nothing of no attributes.
pub(crate) fn attributes_hash<'a>(
    attributes: impl Iterator<Item = (&'a str, &'a MessageAttribute, Vec<u8>)>,
) -> Option<String> {
    let mut hashed = Vec::new();
    let mut part = |bytes: &[u8], kind: Option<u8>| {
        hashed.extend(kind);
        // Far below what four bytes count.
        hashed.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        hashed.extend_from_slice(bytes);
    };
    for (name, attribute, bytes) in attributes {
        part(name.as_bytes(), None);
        part(attribute.data_type.as_bytes(), None);
        part(&bytes, Some(if attribute.is_binary() { 2 } else { 1 }));
    }
    (!hashed.is_empty()).then(|| format!("{:x}", md5::compute(hashed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let mut message = Message::new("id".into(), "body".into(), 1, 2);
        message
            .attributes
            .insert("name".into(), MessageAttribute { data_type: "Binary.png".into(), value: "AQ==".into() });
        message.first_received_at = Some(7);
        let read = Message::read(&message.row());
        assert_eq!(format!("{read:?}"), format!("{message:?}"));
        assert!(read.attributes["name"].is_binary());
    }

    #[test]
    fn hashes_are_those_of_the_service() {
        assert_eq!(body_hash("This is a test message"), "fafb00f5732ab283681e124bf8747ed1");
        assert_eq!(attributes_hash(std::iter::empty()), None);
    }
}
