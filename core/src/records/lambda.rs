//! Records in the form in which AWS Lambda hands them to a function (facts A7.2).

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Value, json};

use crate::api::Record;
use crate::api::shape::Enumeration;

/// The event `{"Records": [...]}` that a function of AWS Lambda is given for records of a stream: as GetRecords has them, but binary values are
/// base64 text, the time is a number of seconds, members of `userIdentity` begin with small letters, and each record names its stream.
pub fn lambda_event<'a>(records: impl IntoIterator<Item = &'a Record>, stream_arn: &str) -> Value {
    let records: Vec<_> = records.into_iter().map(|record| LambdaRecord { record, stream_arn }).collect();
    json!({ "Records": records })
}

/// A record as AWS Lambda hands it to a function, its members in the service's order.
#[derive(Clone, Copy, Debug)]
pub struct LambdaRecord<'a> {
    /// The record.
    pub record: &'a Record,
    /// The ARN of its stream.
    pub stream_arn: &'a str,
}

impl Serialize for LambdaRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let LambdaRecord { record, stream_arn } = *self;
        let mut members = serializer.serialize_struct("Record", 7 + usize::from(record.by_service))?;
        members.serialize_field("eventID", &record.event_id())?;
        members.serialize_field("eventName", record.event_name.name())?;
        members.serialize_field("eventVersion", "1.1")?;
        members.serialize_field("eventSource", "aws:dynamodb")?;
        members.serialize_field("awsRegion", &record.origin.region)?;
        members.serialize_field("dynamodb", &record.change())?;
        if record.by_service {
            members.serialize_field("userIdentity", &Service)?;
        }
        members.serialize_field("eventSourceARN", stream_arn)?;
        members.end()
    }
}

/// The service as the maker of a change.
struct Service;

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut identity = serializer.serialize_struct("Identity", 2)?;
        identity.serialize_field("type", "Service")?;
        identity.serialize_field("principalId", "dynamodb.amazonaws.com")?;
        identity.end()
    }
}
