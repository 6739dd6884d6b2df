//! What is published, and how queues are told of it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::clock::{Millis, label};
use crate::queue::{MessageAttribute, is_binary};

/// A message that is published.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    message: String,
    subject: Option<String>,
    attributes: BTreeMap<String, MessageAttribute>,
    /// Both as filters see them.
    attributes_event: Value,
    body_event: Option<Value>,
}

/// Who tells of it, and when.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) message_id: String,
    pub(crate) topic_arn: String,
    pub(crate) region: String,
    pub(crate) signature_version: String,
    pub(crate) at: Millis,
}

/// What nobody signs. The service signs with a certificate of its own, which nobody else has.
const SIGNATURE: &str = "unsigned";

impl Published {
    pub(crate) fn new(
        message: String,
        subject: Option<String>,
        attributes: BTreeMap<String, MessageAttribute>,
    ) -> Published {
        let event = attributes.iter().filter_map(|(name, attribute)| Some((name.clone(), seen(attribute)?)));
        let attributes_event = Value::Object(event.collect());
        let body_event = serde_json::from_str(&message).ok().filter(Value::is_object);
        Published { message, subject, attributes, attributes_event, body_event }
    }

    pub(super) fn as_attributes(&self) -> &Value {
        &self.attributes_event
    }

    /// None where the message is no object of JSON.
    pub(super) fn as_body(&self) -> Option<&Value> {
        self.body_event.as_ref()
    }

    /// The message as it is, and its attributes.
    pub(crate) fn raw(&self) -> (String, BTreeMap<String, MessageAttribute>) {
        (self.message.clone(), self.attributes.clone())
    }

    /// The message in its envelope, in the form in which the service writes it (SNS developer guide: HTTP/HTTPS notification JSON format).
    pub(crate) fn enveloped(&self, sender: &Sender, subscription_arn: &str) -> String {
        let Sender { message_id, topic_arn, region, signature_version, at } = sender;
        let host = format!("https://sns.{region}.amazonaws.com");
        let certificate = format!("{host}/SimpleNotificationService-{SIGNATURE}.pem");
        let unsubscribe = format!("{host}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}");
        let at = format!("{}Z", label(*at));
        let mut members = vec![("Type", "Notification"), ("MessageId", message_id), ("TopicArn", topic_arn)];
        members.extend(self.subject.as_deref().map(|subject| ("Subject", subject)));
        members.extend([
            ("Message", self.message.as_str()),
            ("Timestamp", &at),
            ("SignatureVersion", signature_version),
            ("Signature", SIGNATURE),
            ("SigningCertURL", &certificate),
            ("UnsubscribeURL", &unsubscribe),
        ]);
        let mut lines: Vec<String> =
            members.into_iter().map(|(name, text)| format!("  \"{name}\" : {}", quoted(text))).collect();
        if !self.attributes.is_empty() {
            let told = self.attributes.iter().map(|(name, attribute)| {
                let value = ToldAttribute { kind: &attribute.data_type, value: &attribute.value };
                let value = serde_json::to_string(&value).expect("texts are plain data");
                format!("    {} : {value}", quoted(name))
            });
            let told = told.collect::<Vec<_>>().join(",\n");
            lines.push(format!("  \"MessageAttributes\" : {{\n{told}\n  }}"));
        }
        format!("{{\n{}\n}}", lines.join(",\n"))
    }
}

#[derive(Serialize)]
struct ToldAttribute<'a> {
    #[serde(rename = "Type")]
    kind: &'a str,
    #[serde(rename = "Value")]
    value: &'a str,
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// An attribute as filters see it; they see no bytes.
fn seen(attribute: &MessageAttribute) -> Option<Value> {
    if is_binary(&attribute.data_type) {
        return None;
    }
    let text = || Value::String(attribute.value.clone());
    Some(match attribute.data_type.as_str() {
        "String.Array" => {
            serde_json::from_str(&attribute.value).ok().filter(Value::is_array).unwrap_or_else(text)
        }
        kind if kind.split('.').next() == Some("Number") => {
            serde_json::from_str(&attribute.value).ok().filter(Value::is_number).unwrap_or_else(text)
        }
        _ => text(),
    })
}

/// The text for a protocol out of a message that has one for each.
///
/// # Errors
/// Whether the message is no object of JSON, or has no text called `default`.
pub(crate) fn text_for(message: &str, protocol: &str) -> Result<String, Structure> {
    let by_protocol: Map<String, Value> = serde_json::from_str(message).map_err(|_| Structure::NoJson)?;
    let text = |name: &str| by_protocol.get(name).and_then(Value::as_str).map(str::to_owned);
    let usual = text("default").ok_or(Structure::NoDefault)?;
    Ok(text(protocol).unwrap_or(usual))
}

/// What is wrong with a message by protocol.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Structure {
    NoJson,
    NoDefault,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_is_written_as_the_service_writes_it() {
        let attribute = MessageAttribute { data_type: "Number".to_owned(), value: "99.12".to_owned() };
        let attributes = BTreeMap::from([("attr1".to_owned(), attribute)]);
        let published = Published::new("a \"b\"\n".to_owned(), Some("s".to_owned()), attributes);
        let sender = Sender {
            message_id: "m".to_owned(),
            topic_arn: "t".to_owned(),
            region: "eu-west-1".to_owned(),
            signature_version: "1".to_owned(),
            at: 0,
        };
        let expected = r#"{
  "Type" : "Notification",
  "MessageId" : "m",
  "TopicArn" : "t",
  "Subject" : "s",
  "Message" : "a \"b\"\n",
  "Timestamp" : "1970-01-01T00:00:00.000Z",
  "SignatureVersion" : "1",
  "Signature" : "unsigned",
  "SigningCertURL" : "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-unsigned.pem",
  "UnsubscribeURL" : "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=t:u",
  "MessageAttributes" : {
    "attr1" : {"Type":"Number","Value":"99.12"}
  }
}"#;
        assert_eq!(published.enveloped(&sender, "t:u"), expected);
    }

    #[test]
    fn messages_may_differ_by_protocol() {
        assert_eq!(text_for(r#"{"default": "d", "sqs": "q"}"#, "sqs"), Ok("q".to_owned()));
        assert_eq!(text_for(r#"{"default": "d", "sqs": 1}"#, "sqs"), Ok("d".to_owned()));
        assert_eq!(text_for(r#"{"sqs": "q"}"#, "sqs"), Err(Structure::NoDefault));
        assert_eq!(text_for("{", "sqs"), Err(Structure::NoJson));
    }
}
