//! What a record keeps of a change, by view type, and how it is shown (facts A7).

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::{Cause, Mutation, Shard, Stream};
use crate::api::{OperationType, Record, StreamViewType};
use crate::clock::Millis;
use crate::store::{LogRecord, Sequence};
use crate::value::Item;

/// The record of a change, keeping what the view asks for.
pub(crate) fn log_record(stream: &Stream, sequence: Sequence, at: Millis, mutation: &Mutation) -> LogRecord {
    let name = match (&mutation.before, &mutation.after) {
        (None, _) => OperationType::Insert,
        (Some(_), Some(_)) => OperationType::Modify,
        (Some(_), None) => OperationType::Remove,
    };
    let (new, old) = match stream.view() {
        StreamViewType::KeysOnly => (false, false),
        StreamViewType::NewImage => (true, false),
        StreamViewType::OldImage => (false, true),
        StreamViewType::NewAndOldImages => (true, true),
    };
    let new_image = mutation.after.clone().filter(|_| new);
    let old_image = mutation.before.clone().filter(|_| old);
    let keys = match (&new_image, &old_image) {
        (None, None) => {
            let item = mutation.after.as_ref().or(mutation.before.as_ref()).expect("a change has an item");
            Some(item.project(&stream.key_names))
        }
        _ => None,
    };
    LogRecord { sequence, at, name, keys, new_image, old_image, by_service: mutation.cause != Cause::User }
}

/// Shows the records of a shard as readers see them.
#[derive(Debug)]
pub(crate) struct Presenter<'a> {
    stream: &'a Stream,
    /// Of the identities of records, with what those of one shard have in common.
    hasher: SipHasher13,
}

impl<'a> Presenter<'a> {
    pub(crate) fn new(stream: &'a Stream, shard: &Shard) -> Presenter<'a> {
        let mut hasher = SipHasher13::new_with_keys(shard.id.created_at, u64::from(shard.id.suffix));
        hasher.write(stream.table.as_bytes());
        hasher.write(stream.label.as_bytes());
        Presenter { stream, hasher }
    }

    pub(crate) fn present(&self, record: LogRecord) -> Record {
        let event_id = self.event_id(record.sequence);
        present(self.stream, event_id, record)
    }

    /// The record's identity: a hash of its place, so that every read gives the same one.
    fn event_id(&self, sequence: Sequence) -> u128 {
        let mut hasher = self.hasher;
        hasher.write(&sequence.0.to_le_bytes());
        hasher.finish128().as_u128()
    }
}

fn present(stream: &Stream, event_id: u128, record: LogRecord) -> Record {
    let LogRecord { sequence, at, name, keys, new_image, old_image, by_service } = record;
    let keys = keys.unwrap_or_else(|| {
        let image = new_image.as_ref().or(old_image.as_ref()).expect("a record has keys or an image");
        image.project(&stream.key_names)
    });
    Record {
        origin: stream.origin.clone(),
        event_id,
        event_name: name,
        created_at: at,
        keys,
        new_image,
        old_image,
        sequence_number: sequence.0,
        by_service,
    }
}

/// Keys and kept images by the item size rule (facts A7.3), the keys counted where they stand in an image.
pub(super) fn size_bytes(stream: &Stream, record: &LogRecord) -> usize {
    let images = [&record.new_image, &record.old_image].into_iter().flatten();
    let keys = record.keys.as_ref().map(Item::size).unwrap_or_else(|| {
        let image =
            record.new_image.as_ref().or(record.old_image.as_ref()).expect("a record has keys or an image");
        let sizes = stream.key_names.iter().filter_map(|name| Some(name.len() + image.size_of(name)?));
        sizes.sum()
    });
    keys + images.map(Item::size).sum::<usize>()
}
