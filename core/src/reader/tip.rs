//! A shard that is being read: where the reader stands in it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ShardInReading;
use super::listing::Listed;
use crate::api::{GetShardIteratorInput, ShardIteratorType, Timestamp};

/// A place in a shard, as data.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Position {
    /// Nothing was handed out: at the oldest record that is left.
    Oldest,
    /// Nothing was handed out: at the first record of a moment, seconds since 1970.
    Since(f64),
    /// Nothing was handed out since `LATEST`, and the place has no other name than this iterator.
    Iterator(String),
    /// At a record, by its sequence number.
    At(String),
    /// After a record, by its sequence number.
    After(String),
}

impl Position {
    /// Whether it names a record, or one that was the newest: it cannot be reached any more once that is trimmed. The others are where the
    /// oldest record is.
    pub(super) fn is_explicit(&self) -> bool {
        !matches!(self, Position::Oldest | Position::Since(_))
    }

    /// Where a child of a shard begins that was left at this position.
    pub(super) fn of_child(&self, child: &Listed) -> Position {
        if self.is_explicit() { child.beginning() } else { self.clone() }
    }
}

/// One of the shards that are being read. Together they are a cut through the stream's lineages: what comes before them was handed out, what
/// comes after them was not.
#[derive(Clone, Debug)]
pub(super) struct Tip {
    pub(super) shard: Arc<str>,
    pub(super) parent: Option<Arc<str>>,
    pub(super) position: Position,
    /// Whether the shard is closed and read to its end. It stays until a shard that continues it is known.
    pub(super) ended: bool,
    /// Whether records before the position were trimmed, which is to be told.
    pub(super) gap: bool,
    /// Whether the shard is known to be closed, so that an empty page is not the end.
    pub(super) closed: bool,
    /// Whether this round has found nothing more.
    pub(super) dry: bool,
    /// Where to go on, while it is good.
    pub(super) iterator: Option<String>,
}

/// A tip that copies of a reader share until one of them changes it.
#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<Tip>);

impl From<Tip> for Shared {
    fn from(tip: Tip) -> Shared {
        Shared(Arc::new(tip))
    }
}

impl Deref for Shared {
    type Target = Tip;

    fn deref(&self) -> &Tip {
        &self.0
    }
}

impl DerefMut for Shared {
    fn deref_mut(&mut self) -> &mut Tip {
        Arc::make_mut(&mut self.0)
    }
}

#[cfg(test)]
impl Shared {
    pub(super) fn is_shared_with(&self, other: &Shared) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Tip {
    pub(super) fn new(shard: impl Into<Arc<str>>, parent: Option<String>, position: Position) -> Tip {
        let iterator = match &position {
            Position::Iterator(iterator) => Some(iterator.clone()),
            _ => None,
        };
        Tip {
            shard: shard.into(),
            parent: parent.map(Arc::from),
            position,
            ended: false,
            gap: false,
            closed: false,
            dry: false,
            iterator,
        }
    }

    pub(super) fn in_reading(&self) -> ShardInReading<'_> {
        ShardInReading {
            shard_id: &self.shard,
            parent: self.parent.as_deref(),
            has_ended: self.ended,
            is_dry: self.dry,
        }
    }

    /// Whether the place can be asked for: not when only an iterator knows it.
    pub(super) fn has_name(&self) -> bool {
        !matches!(self.position, Position::Iterator(_))
    }

    /// What asks for an iterator at the position; none where only an iterator knows it.
    pub(super) fn iterator_input(&self, stream: &str) -> Option<GetShardIteratorInput> {
        let (kind, sequence, moment) = match &self.position {
            Position::Oldest => (ShardIteratorType::TrimHorizon, None, None),
            Position::Since(seconds) => (ShardIteratorType::AtTimestamp, None, Some(Timestamp(*seconds))),
            Position::At(number) => (ShardIteratorType::AtSequenceNumber, Some(number.clone()), None),
            Position::After(number) => (ShardIteratorType::AfterSequenceNumber, Some(number.clone()), None),
            Position::Iterator(_) => return None,
        };
        Some(GetShardIteratorInput {
            stream_arn: Some(stream.to_owned()),
            shard_id: Some(self.shard.to_string()),
            shard_iterator_type: Some(kind.into()),
            sequence_number: sequence,
            timestamp: moment,
        })
    }

    /// Goes on with an iterator that stands where everything handed out so far ends.
    pub(super) fn go_on(&mut self, iterator: String) {
        if let Position::Iterator(place) = &mut self.position {
            place.clone_from(&iterator);
        }
        self.iterator = Some(iterator);
    }
}
