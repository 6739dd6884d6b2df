//! The change record as readers see it.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::shape::{
    Constraint, Echo, EnumInfo, Enumeration, Member, MemberInfo, Place, Shape, StructInfo, Timestamp,
    TypeInfo, Violations, enumeration,
};
use super::table::StreamViewType;
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
pub struct RecordOrigin {
    /// Region of the database.
    pub region: String,
    /// What the records hold.
    pub view: StreamViewType,
}

/// One change of one item. The images are shared with the table, not copied.
#[derive(Clone, Debug, PartialEq)]
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

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Record", 6 + usize::from(self.by_service))?;
        record.serialize_field("eventID", &self.event_id())?;
        record.serialize_field("eventName", self.event_name.name())?;
        record.serialize_field("eventVersion", "1.1")?;
        record.serialize_field("eventSource", "aws:dynamodb")?;
        record.serialize_field("awsRegion", &self.origin.region)?;
        record.serialize_field("dynamodb", &Change(self))?;
        if self.by_service {
            record.serialize_field("userIdentity", &Service)?;
        }
        record.end()
    }
}

/// The `dynamodb` member.
struct Change<'a>(&'a Record);

impl Serialize for Change<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Change(record) = self;
        let images = usize::from(record.new_image.is_some()) + usize::from(record.old_image.is_some());
        let mut change = serializer.serialize_struct("StreamRecord", 5 + images)?;
        change.serialize_field("ApproximateCreationDateTime", &record.approximate_creation_date_time())?;
        change.serialize_field("Keys", &record.keys)?;
        if let Some(image) = &record.new_image {
            change.serialize_field("NewImage", image)?;
        }
        if let Some(image) = &record.old_image {
            change.serialize_field("OldImage", image)?;
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

const fn member(wire: &'static str, field: &'static str, doc: &'static str, ty: TypeInfo) -> MemberInfo {
    const NONE: &[Constraint] = &[];
    MemberInfo { wire, field, doc, ty, constraints: NONE }
}

const OPERATION: &EnumInfo = OperationType::INFO;

const CHANGE: &StructInfo = &StructInfo {
    name: "StreamRecord",
    doc: " The change itself.\n",
    members: &[
        member("ApproximateCreationDateTime", "created_at", " When, in whole seconds.", TypeInfo::Timestamp),
        member("Keys", "keys", " The item's key.", TypeInfo::Item),
        member("NewImage", "new_image", " The item after the change.", TypeInfo::Item),
        member("OldImage", "old_image", " The item before the change.", TypeInfo::Item),
        member("SequenceNumber", "sequence_number", " Place in the shard.", TypeInfo::String),
        member("SizeBytes", "size_bytes", " Size of keys and images.", TypeInfo::Long),
        member("StreamViewType", "view", " What the record holds.", TypeInfo::Enum(StreamViewType::INFO)),
    ],
};

const IDENTITY: &StructInfo = &StructInfo {
    name: "Identity",
    doc: " Who made a change that no user made.\n",
    members: &[
        member("PrincipalId", "principal_id", " The service.", TypeInfo::String),
        member("Type", "identity_type", " `Service`.", TypeInfo::String),
    ],
};

impl Shape for Record {
    const INFO: &'static StructInfo = &StructInfo {
        name: "Record",
        doc: " One change of one item.\n",
        members: &[
            member("eventID", "event_id", " Identity of the record.", TypeInfo::String),
            member("eventName", "event_name", " What happened.", TypeInfo::Enum(OPERATION)),
            member("eventVersion", "event_version", " `1.1`.", TypeInfo::String),
            member("eventSource", "event_source", " `aws:dynamodb`.", TypeInfo::String),
            member("awsRegion", "aws_region", " Region of the database.", TypeInfo::String),
            member("dynamodb", "dynamodb", " The change.", TypeInfo::Struct(CHANGE)),
            member(
                "userIdentity",
                "user_identity",
                " The service, for expiries.",
                TypeInfo::Struct(IDENTITY),
            ),
        ],
    };
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
