//! A record of a table's stream as a function is given it, read where it lies.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::node::{Figure, Leaf, Node, View};
use crate::api::Record;
use crate::api::shape::Enumeration;
use crate::value::{ListRef, MapRef, SetRef, ValueRef};

/// A part of a record.
#[derive(Clone, Copy, Debug)]
pub(super) enum RecordNode<'e> {
    Whole {
        record: &'e Record,
        stream_arn: &'e str,
    },
    EventId(&'e Record),
    Change(&'e Record),
    SequenceNumber(&'e Record),
    Identity,
    /// An item, or what is inside a map: values by name.
    Map(MapRef<'e>),
    /// A value with its type: an object of one member.
    Typed(ValueRef<'e>),
    List(ListRef<'e>),
    Texts(SetRef<'e>),
    Binaries(SetRef<'e>),
    Text(&'e str),
    Binary(&'e [u8]),
    Number(f64),
    Bool(bool),
}

/// Names for which a map is read along once instead of once for each.
const FEW_NAMES: usize = 8;

impl Node for RecordNode<'_> {
    fn view(&self) -> View<'_> {
        View::Leaf(match self {
            RecordNode::Whole { .. }
            | RecordNode::Change(_)
            | RecordNode::Identity
            | RecordNode::Map(_)
            | RecordNode::Typed(_) => return View::Object,
            RecordNode::List(_) | RecordNode::Texts(_) | RecordNode::Binaries(_) => return View::Array,
            RecordNode::EventId(record) => Leaf::Text(Cow::Owned(record.event_id())),
            RecordNode::SequenceNumber(record) => Leaf::Text(Cow::Owned(record.sequence_number())),
            RecordNode::Text(text) => Leaf::Text(Cow::Borrowed(text)),
            RecordNode::Binary(bytes) => Leaf::Text(Cow::Owned(STANDARD.encode(bytes))),
            RecordNode::Number(value) => Leaf::Number(Figure::Exact(*value)),
            RecordNode::Bool(value) => Leaf::Bool(*value),
        })
    }

    fn member(self, name: &str) -> Option<Self> {
        match self {
            RecordNode::Whole { record, stream_arn } => whole(record, stream_arn, name),
            RecordNode::Change(record) => change(record, name),
            RecordNode::Identity => match name {
                "type" => Some(RecordNode::Text("Service")),
                "principalId" => Some(RecordNode::Text("dynamodb.amazonaws.com")),
                _ => None,
            },
            RecordNode::Map(map) => map.get(name).map(RecordNode::Typed),
            RecordNode::Typed(value) => (value.kind().name() == name).then(|| content(value)),
            _ => None,
        }
    }

    fn members(self, names: &[&str], mut tell: impl FnMut(usize, Self)) {
        let map = match self {
            RecordNode::Map(map) if names.len() > FEW_NAMES => map,
            _ => {
                for (place, name) in names.iter().enumerate() {
                    if let Some(member) = self.member(name) {
                        tell(place, member);
                    }
                }
                return;
            }
        };
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_unstable_by_key(|place| names[*place]);
        let mut left = order.into_iter().peekable();
        for (name, value) in map.raw_entries() {
            while let Some(place) = left.next_if(|place| names[*place].as_bytes() <= name) {
                if names[place].as_bytes() == name {
                    tell(place, RecordNode::Typed(ValueRef::encoded(value)));
                }
            }
        }
    }

    fn any_element(self, mut is_so: impl FnMut(Self) -> bool) -> bool {
        match self {
            RecordNode::List(list) => list.iter().any(|value| is_so(RecordNode::Typed(value))),
            RecordNode::Texts(set) => set.texts().any(|text| is_so(RecordNode::Text(text))),
            RecordNode::Binaries(set) => set.members().any(|bytes| is_so(RecordNode::Binary(bytes))),
            _ => false,
        }
    }
}

fn whole<'e>(record: &'e Record, stream_arn: &'e str, name: &str) -> Option<RecordNode<'e>> {
    Some(match name {
        "eventID" => RecordNode::EventId(record),
        "eventName" => RecordNode::Text(record.event_name.name()),
        "eventVersion" => RecordNode::Text("1.1"),
        "eventSource" => RecordNode::Text("aws:dynamodb"),
        "awsRegion" => RecordNode::Text(&record.origin.region),
        "dynamodb" => RecordNode::Change(record),
        "userIdentity" if record.by_service => RecordNode::Identity,
        "eventSourceARN" => RecordNode::Text(stream_arn),
        _ => return None,
    })
}

fn change<'e>(record: &'e Record, name: &str) -> Option<RecordNode<'e>> {
    Some(match name {
        "ApproximateCreationDateTime" => RecordNode::Number(record.approximate_creation_date_time().0),
        "Keys" => RecordNode::Map(record.keys.attributes()),
        "NewImage" => RecordNode::Map(record.new_image.as_ref()?.attributes()),
        "OldImage" => RecordNode::Map(record.old_image.as_ref()?.attributes()),
        "SequenceNumber" => RecordNode::SequenceNumber(record),
        // Records are far smaller than what a double tells exactly.
        "SizeBytes" => RecordNode::Number(record.size_bytes() as f64),
        "StreamViewType" => RecordNode::Text(record.origin.view.name()),
        _ => return None,
    })
}

/// What stands under the name of a value's type.
fn content(value: ValueRef<'_>) -> RecordNode<'_> {
    match value {
        ValueRef::S(text) | ValueRef::N(text) => RecordNode::Text(text),
        ValueRef::B(bytes) => RecordNode::Binary(bytes),
        ValueRef::Bool(value) => RecordNode::Bool(value),
        ValueRef::Null => RecordNode::Bool(true),
        ValueRef::Ss(set) | ValueRef::Ns(set) => RecordNode::Texts(set),
        ValueRef::Bs(set) => RecordNode::Binaries(set),
        ValueRef::L(list) => RecordNode::List(list),
        ValueRef::M(map) => RecordNode::Map(map),
    }
}
