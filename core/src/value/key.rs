//! Row keys: bytes that place an item in its table, hash first, then partition key, then sort key in its order.
//!
//! ```text
//! row key = hash u64 BE | len u16 BE | partition key bytes | sort key bytes
//! ```
//! The hash makes every partition (a range of hashes) one run of keys, so a split moves no row and a parallel scan cuts by hash.
//! Strings and binaries are their own bytes; numbers use [`super::Number::write_key_bytes`].

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::item::ValueRef;

/// Where a row stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct RowKey(Box<[u8]>);

/// Fixed for ever: placement is stored.
const PLACEMENT_KEYS: (u64, u64) = (0x7374_7265_616d_7461, 0x626c_6520_706c_6163);

impl RowKey {
    pub(crate) fn new(partition: ValueRef<'_>, sort: Option<ValueRef<'_>>) -> RowKey {
        // Exactly as long as the key, so that the box below takes the bytes over instead of copying them.
        let mut bytes = Vec::with_capacity(HEAD_BYTES + key_len(partition) + sort.map_or(0, key_len));
        write_prefix(partition, &mut bytes);
        if let Some(sort) = sort {
            write_key_bytes(sort, &mut bytes);
        }
        RowKey(bytes.into_boxed_slice())
    }

    /// Takes the bytes of a row key that a store has kept.
    pub(crate) fn from_bytes(bytes: &[u8]) -> RowKey {
        RowKey(bytes.into())
    }

    /// The part shared by all rows of one partition key.
    pub(crate) fn partition_prefix(partition: ValueRef<'_>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        write_prefix(partition, &mut bytes);
        bytes
    }

    /// The bytes, in row order.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The hash that decides the partition.
    pub(crate) fn hash(&self) -> u64 {
        hash_of(&self.0)
    }
}

/// Bytes before the partition key: its hash and its length.
const HEAD_BYTES: usize = 10;

fn write_prefix(partition: ValueRef<'_>, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&[0; HEAD_BYTES]);
    write_key_bytes(partition, bytes);
    let len = u16::try_from(bytes.len() - HEAD_BYTES).expect("partition keys are at most 2,048 bytes");
    bytes[8..HEAD_BYTES].copy_from_slice(&len.to_be_bytes());
    let mut hasher = SipHasher13::new_with_keys(PLACEMENT_KEYS.0, PLACEMENT_KEYS.1);
    hasher.write(&bytes[HEAD_BYTES..]);
    bytes[..8].copy_from_slice(&hasher.finish().to_be_bytes());
}

/// Length of a key value's bytes; for numbers, the most it can be.
fn key_len(value: ValueRef<'_>) -> usize {
    match value {
        ValueRef::S(text) => text.len(),
        ValueRef::B(bytes) => bytes.len(),
        _ => 23,
    }
}

/// The hash at the front of a row key's bytes.
pub(crate) fn hash_of(bytes: &[u8]) -> u64 {
    u64::from_be_bytes(bytes[..8].try_into().expect("row keys start with eight bytes of hash"))
}

/// The order-preserving bytes of a key value; only strings, numbers and binaries are keys.
pub(crate) fn write_key_bytes(value: ValueRef<'_>, out: &mut Vec<u8>) {
    match value {
        ValueRef::S(text) => out.extend_from_slice(text.as_bytes()),
        ValueRef::B(bytes) => out.extend_from_slice(bytes),
        ValueRef::N(_) => value.number().expect("N holds a number").write_key_bytes(out),
        other => unreachable!("a key of type {}: key types are checked before", other.kind().name()),
    }
}

impl std::borrow::Borrow<[u8]> for RowKey {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}
