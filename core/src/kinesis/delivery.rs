//! What a table delivers to a data stream: each change of an item as a record, in the commit of the change (facts A12).

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::hash_key;
use super::record::{Head, delivered_record, is_larger};
use crate::clock::Millis;
use crate::limits::KINESIS_DATA_MAX_BYTES;
use crate::store::LogRecord;
use crate::stream::{KeyNames, Mutation};

/// The unit of the times that records tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Precision {
    Millisecond,
    Microsecond,
}

/// The way from a table to a data stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Delivery {
    /// Name of the data stream. Where there is none of this name, nothing is delivered.
    pub(crate) stream: String,
    pub(crate) table: String,
    pub(crate) key_names: KeyNames,
    pub(crate) precision: Precision,
    /// From when on it is active.
    pub(crate) from: Millis,
    /// From when on it is off; none while nobody has turned it off.
    pub(crate) until: Option<Millis>,
}

/// A change on its way.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) record: LogRecord,
    pub(crate) hash_key: u128,
}

impl Delivery {
    /// Whether it takes changes.
    pub(crate) fn is_on(&self, now: Millis) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// The record of a change, without its place; `commit` is a number of the database's count, so that no two changes have one identity. None
    /// where it is larger than a record may be: the service leaves those out.
    pub(crate) fn deliver(&self, commit: u64, now: Millis, mutation: &Mutation) -> Option<Delivered> {
        let hash = |parts: [&[u8]; 2]| {
            let mut hasher = SipHasher13::new();
            parts.into_iter().for_each(|part| hasher.write(part));
            hasher.finish128().as_u128()
        };
        let key = mutation.key.as_bytes();
        let partition_key = format!("{:032X}", hash([self.table.as_bytes(), key]));
        let told = Head {
            partition_key: &partition_key,
            event_id: hash([&commit.to_le_bytes(), key]),
            table: &self.table,
            key_names: &self.key_names,
            precision: self.precision,
            changed_at: now,
        };
        let record = delivered_record(told, mutation);
        let hash_key = hash_key(&partition_key);
        (!is_larger(&record, KINESIS_DATA_MAX_BYTES)).then_some(Delivered { record, hash_key })
    }
}
