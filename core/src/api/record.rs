//! The change record as readers see it.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde::{Deserialize, Deserializer};

use super::shape::{
    Echo, Enumeration, Member, Open, Place, Read, Shape, StructInfo, Timestamp, TypeInfo, Violations,
    enumeration,
};
use super::table::StreamViewType;
use crate::clock::label;
use crate::value::Item;

enumeration! {
    /// What happened to the item.
    pub enum OperationType {
        /// It came to be.
        Insert = "INSERT",
        /// It changed.
        Modify = "MODIFY",
        /// It went.
        Remove = "REMOVE",
    }
}

/// What the records of one stream have in common.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordOrigin {
    /// Region of the database.
    pub region: String,
    /// What the records hold.
    pub view: StreamViewType,
}

/// One change of one item. The images are shared with the table, not copied.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// What the records of the stream have in common.
    pub origin: Arc<RecordOrigin>,
    /// Identity of the record, the same at every read.
    pub event_id: u128,
    /// What happened.
    pub event_name: OperationType,
    /// When, epoch milliseconds; readers see whole seconds.
    pub created_at: u64,
    /// The item's key.
    pub keys: Item,
    /// The item after the change, if the view has it.
    pub new_image: Option<Item>,
    /// The item before the change, if the view has it.
    pub old_image: Option<Item>,
    /// Place in the shard.
    pub sequence_number: u128,
    /// Whether the service itself made the change (expiry by time to live).
    pub by_service: bool,
}

impl Record {
    /// `eventID`: 32 hexadecimal digits.
    pub fn event_id(&self) -> String {
        format!("{:032x}", self.event_id)
    }

    /// `SequenceNumber`: 21 to 40 digits.
    pub fn sequence_number(&self) -> String {
        self.sequence_number.to_string()
    }

    /// When, to the millisecond and in UTC: `2026-01-01T00:00:00.000Z`.
    pub fn creation_time(&self) -> String {
        format!("{}Z", label(self.created_at))
    }

    /// `SizeBytes`: keys and images by the item size rule (facts A7.3).
    pub fn size_bytes(&self) -> usize {
        let size = |image: &Option<Item>| image.as_ref().map_or(0, Item::size);
        self.keys.size() + size(&self.new_image) + size(&self.old_image)
    }

    /// `ApproximateCreationDateTime`: whole seconds (facts A7.1).
    pub fn approximate_creation_date_time(&self) -> Timestamp {
        Timestamp((self.created_at / 1000) as f64)
    }
}

/// What a record says besides its items, with the members and in the form of the whole: the item's key and images are written by themselves.
#[derive(Clone, Copy, Debug)]
pub struct RecordHead<'a>(&'a Record);

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write(serializer, true)
    }
}

impl Serialize for RecordHead<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer, false)
    }
}

impl Record {
    /// The record without its items.
    pub fn head(&self) -> RecordHead<'_> {
        RecordHead(self)
    }

    /// Its `dynamodb` member.
    pub(crate) fn change(&self) -> impl Serialize {
        ChangeBody { record: self, with_items: true }
    }

    /// The names of the members that it has.
    pub fn members(&self) -> impl Iterator<Item = &'static str> + '_ {
        let names = wire::Record::INFO.members.iter().map(|member| member.wire);
        names.filter(|name| *name != USER_IDENTITY || self.by_service)
    }

    /// The names of the members that its `dynamodb` has.
    pub fn change_members(&self) -> impl Iterator<Item = &'static str> + '_ {
        let names = wire::StreamRecord::INFO.members.iter().map(|member| member.wire);
        names.filter(|name| match *name {
            NEW_IMAGE => self.new_image.is_some(),
            OLD_IMAGE => self.old_image.is_some(),
            _ => true,
        })
    }

    fn write<S: Serializer>(&self, serializer: S, with_items: bool) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Record", 6 + usize::from(self.by_service))?;
        record.serialize_field("eventID", &self.event_id())?;
        record.serialize_field("eventName", self.event_name.name())?;
        record.serialize_field("eventVersion", "1.1")?;
        record.serialize_field("eventSource", "aws:dynamodb")?;
        record.serialize_field("awsRegion", &self.origin.region)?;
        record.serialize_field("dynamodb", &ChangeBody { record: self, with_items })?;
        if self.by_service {
            record.serialize_field(USER_IDENTITY, &Service)?;
        }
        record.end()
    }
}

/// Members that not every record has.
const USER_IDENTITY: &str = "userIdentity";
const NEW_IMAGE: &str = "NewImage";
const OLD_IMAGE: &str = "OldImage";

/// The `dynamodb` member.
struct ChangeBody<'a> {
    record: &'a Record,
    with_items: bool,
}

impl Serialize for ChangeBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ChangeBody { record, with_items } = *self;
        let images = usize::from(record.new_image.is_some()) + usize::from(record.old_image.is_some());
        let items = if with_items { 1 + images } else { 0 };
        let mut change = serializer.serialize_struct("StreamRecord", 4 + items)?;
        change.serialize_field("ApproximateCreationDateTime", &record.approximate_creation_date_time())?;
        if with_items {
            change.serialize_field("Keys", &record.keys)?;
            if let Some(image) = &record.new_image {
                change.serialize_field(NEW_IMAGE, image)?;
            }
            if let Some(image) = &record.old_image {
                change.serialize_field(OLD_IMAGE, image)?;
            }
        }
        change.serialize_field("SequenceNumber", &record.sequence_number())?;
        change.serialize_field("SizeBytes", &record.size_bytes())?;
        change.serialize_field("StreamViewType", record.origin.view.name())?;
        change.end()
    }
}

/// The service as the maker of a change.
struct Service;

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut identity = serializer.serialize_struct("Identity", 2)?;
        identity.serialize_field("PrincipalId", "dynamodb.amazonaws.com")?;
        identity.serialize_field("Type", "Service")?;
        identity.end()
    }
}

/// The members of a record as data, and a record as it is read: the one place that lists them.
mod wire {
    use super::{OperationType, StreamViewType, Timestamp};
    use crate::api::shape::{Open, shape};
    use crate::value::Item;

    shape! {
        /// One change of one item.
        pub struct Record {
            /// Identity of the record.
            event_id: String = "eventID",
            /// What happened.
            event_name: Open<OperationType> = "eventName",
            /// `1.1`.
            event_version: String = "eventVersion",
            /// `aws:dynamodb`.
            event_source: String = "eventSource",
            /// Region of the database.
            aws_region: String = "awsRegion",
            /// The change.
            dynamodb: StreamRecord = "dynamodb",
            /// The service, for expiries.
            user_identity: Identity = "userIdentity",
        }

        /// The change itself.
        pub struct StreamRecord {
            /// When, in whole seconds.
            created_at: Timestamp = "ApproximateCreationDateTime",
            /// The item's key.
            keys: Item = "Keys",
            /// The item after the change.
            new_image: Item = "NewImage",
            /// The item before the change.
            old_image: Item = "OldImage",
            /// Place in the shard.
            sequence_number: String = "SequenceNumber",
            /// Size of keys and images.
            size_bytes: i64 = "SizeBytes",
            /// What the record holds.
            view: Open<StreamViewType> = "StreamViewType",
        }

        /// Who made a change that no user made.
        pub struct Identity {
            /// The service.
            principal_id: String = "PrincipalId",
            /// `Service`.
            identity_type: String = "Type",
        }
    }
}

impl TryFrom<wire::Record> for Record {
    type Error = &'static str;

    /// Readers are told whole seconds, so that is what comes back of the time. What follows from the other members is not looked at.
    fn try_from(read: wire::Record) -> Result<Record, &'static str> {
        let change = read.dynamodb.ok_or("a record without `dynamodb`")?;
        let view = change.view.as_ref().and_then(Open::known).ok_or("a record of no known view")?;
        let hex = read.event_id.ok_or("a record without `eventID`")?;
        let seconds = change.created_at.ok_or("a record without a time")?.0;
        Ok(Record {
            origin: Arc::new(RecordOrigin {
                region: read.aws_region.ok_or("a record without a region")?,
                view,
            }),
            event_id: u128::from_str_radix(&hex, 16).map_err(|_| "`eventID` is no hexadecimal number")?,
            event_name: read.event_name.as_ref().and_then(Open::known).ok_or("a record of no known event")?,
            created_at: (seconds * 1000.0) as u64,
            keys: change.keys.ok_or("a record without keys")?,
            new_image: change.new_image,
            old_image: change.old_image,
            sequence_number: change
                .sequence_number
                .and_then(|digits| digits.parse().ok())
                .ok_or("`SequenceNumber` is no number of at most 128 bits")?,
            by_service: read.user_identity.is_some(),
        })
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Record, D::Error> {
        wire::Record::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

impl Read<'_> for Record {}

impl Shape for Record {
    const INFO: &'static StructInfo = wire::Record::INFO;
    type Valid<'a> = &'a Record;

    fn check<'a>(&'a self, _place: &Place<'_>, _violations: &mut Violations) -> Option<&'a Record> {
        Some(self)
    }
}

impl Member for Record {
    const TYPE: TypeInfo = TypeInfo::Struct(Record::INFO);
    type Valid<'a> = &'a Record;

    fn echo(&self, out: &mut Echo) -> fmt::Result {
        out.write_str(&self.event_id())
    }

    fn check<'a>(&'a self, _place: &Place<'_>, _violations: &mut Violations) -> Option<&'a Record> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn record(new_image: bool, old_image: bool, by_service: bool) -> Record {
        let item = Item::from_json(r#"{"id": {"S": "a"}}"#).expect("an item");
        Record {
            origin: Arc::new(RecordOrigin {
                region: "us-east-1".into(),
                view: StreamViewType::NewAndOldImages,
            }),
            event_id: 1,
            event_name: OperationType::Remove,
            created_at: 2_500,
            keys: item.clone(),
            new_image: new_image.then(|| item.clone()),
            old_image: old_image.then_some(item),
            sequence_number: 7,
            by_service,
        }
    }

    fn names(value: &Value) -> Vec<&str> {
        value.as_object().expect("an object").keys().map(String::as_str).collect()
    }

    fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn the_members_of_a_record_are_those_that_are_written() {
        for (new_image, old_image, by_service) in
            [(true, true, true), (false, true, false), (true, false, false), (false, false, true)]
        {
            let record = record(new_image, old_image, by_service);
            let whole = serde_json::to_value(&record).expect("JSON");
            assert_eq!(sorted(record.members()), names(&whole));
            assert_eq!(sorted(record.change_members()), names(&whole["dynamodb"]));
            let mut left = whole.clone();
            let change = left["dynamodb"].as_object_mut().expect("an object");
            change.retain(|name, _| !["Keys", "NewImage", "OldImage"].contains(&name.as_str()));
            assert_eq!(serde_json::to_value(record.head()).expect("JSON"), left);
        }
        let full = record(true, true, true);
        assert_eq!(full.members().count(), wire::Record::INFO.members.len());
        assert_eq!(full.change_members().count(), wire::StreamRecord::INFO.members.len());
        assert_eq!(
            serde_json::to_value(&full).expect("JSON")["userIdentity"],
            json!({"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"})
        );
    }
}
