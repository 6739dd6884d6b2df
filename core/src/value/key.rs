//! Row keys: bytes that place an item in its table, hash first, then partition key, then sort key in its order.
//!
//! ```text
//! row key = hash u64 BE | len u16 BE | partition key bytes | sort key bytes
//! ```
//! The hash makes every partition (a range of hashes) one run of keys, so a split moves no row and a parallel scan cuts by hash.
//! Strings and binaries are their own bytes; numbers use [`super::Number::write_key_bytes`].
//!
//! ```text
//! derived key = hash u64 BE | part × n | row key of the row it is derived from
//! part        = the value's bytes, each 00 followed by FF, and 00 00 at the end
//! ```
//! A part tells where it ends and sorts as its value does, whatever follows, so any number of attributes of any types make a key. The hash
//! is that of the parts of the partition, so derived rows are cut by hash like others.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

use super::item::{AttributeType, RawValue, ValueRef};
use super::number::{stored_key_bytes, stored_key_len};

/// Where a row stands.
#[derive(Clone, Debug)]
pub(crate) struct RowKey {
    /// The first eight bytes, a number in the order of the keys: what tells most keys apart without a look at the others.
    front: u64,
    bytes: KeyBytes,
}

/// The bytes of a key. Short ones lie in the key itself: keys of one partition differ behind their front, so each step of a search among
/// them would go to another place in memory.
#[derive(Clone, Debug)]
enum KeyBytes {
    Short(u8, [u8; SHORT_BYTES]),
    Long(Box<[u8]>),
}

/// With these a key is 48 bytes.
const SHORT_BYTES: usize = 38;

/// What the bytes of a key are written to.
pub(crate) trait KeySink {
    fn write(&mut self, bytes: &[u8]);

    /// All that was written, whose front is filled in last.
    fn written(&mut self) -> &mut [u8];
}

impl KeySink for Vec<u8> {
    fn write(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn written(&mut self) -> &mut [u8] {
        self
    }
}

/// A key that is put together where it will lie, if it is short.
struct Draft {
    short: [u8; SHORT_BYTES],
    /// How much of that is written.
    length: usize,
    /// The whole of one that is not.
    long: Vec<u8>,
}

impl Draft {
    fn new() -> Draft {
        Draft { short: [0; SHORT_BYTES], length: 0, long: Vec::new() }
    }

    #[cold]
    fn write_long(&mut self, bytes: &[u8]) {
        if self.long.is_empty() {
            self.long.reserve(2 * (self.length + bytes.len()));
            self.long.extend_from_slice(&self.short[..self.length]);
        }
        self.long.extend_from_slice(bytes);
    }

    fn finish(self) -> KeyBytes {
        if !self.long.is_empty() {
            return KeyBytes::Long(self.long.into_boxed_slice());
        }
        let length = u8::try_from(self.length).expect("it is short");
        KeyBytes::Short(length, self.short)
    }
}

impl KeySink for Draft {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        match self.short.get_mut(self.length..end) {
            Some(place) if self.long.is_empty() => {
                place.copy_from_slice(bytes);
                self.length = end;
            }
            _ => self.write_long(bytes),
        }
    }

    fn written(&mut self) -> &mut [u8] {
        if self.long.is_empty() { &mut self.short[..self.length] } else { &mut self.long }
    }
}

impl KeyBytes {
    fn short(bytes: &[u8]) -> Option<KeyBytes> {
        let length = u8::try_from(bytes.len()).ok()?;
        let mut short = [0; SHORT_BYTES];
        short.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(KeyBytes::Short(length, short))
    }

    fn as_slice(&self) -> &[u8] {
        match self {
            KeyBytes::Short(length, bytes) => &bytes[..usize::from(*length)],
            KeyBytes::Long(bytes) => bytes,
        }
    }
}

/// Fixed for ever: placement is stored.
const PLACEMENT_KEYS: (u64, u64) = (0x7374_7265_616d_7461, 0x626c_6520_706c_6163);

impl RowKey {
    pub(crate) fn new<'a, V: Into<RawValue<'a>>>(partition: V, sort: Option<V>) -> RowKey {
        let mut bytes = Draft::new();
        let front = write_prefix(partition.into(), &mut bytes);
        if let Some(sort) = sort {
            with_key_bytes(sort.into(), |sort| bytes.write(sort));
        }
        RowKey { front, bytes: bytes.finish() }
    }

    /// Takes the bytes of a row key that a store has kept.
    pub(crate) fn from_bytes(bytes: &[u8]) -> RowKey {
        RowKey::of(bytes)
    }

    fn of(bytes: impl AsRef<[u8]> + Into<Box<[u8]>>) -> RowKey {
        let start = bytes.as_ref();
        let front = match start.first_chunk() {
            Some(front) => u64::from_be_bytes(*front),
            // A bound may be shorter: zeros behind it leave it in its place.
            None => {
                start.iter().zip((0..HASH_BYTES).rev()).map(|(byte, at)| u64::from(*byte) << (8 * at)).sum()
            }
        };
        RowKey { front, bytes: KeyBytes::short(start).unwrap_or_else(|| KeyBytes::Long(bytes.into())) }
    }

    /// The key of a row derived from the row `base`: in the partition of some values, in the order of others.
    pub(crate) fn derived<'a>(partition: &[ValueRef<'a>], sort: &[ValueRef<'a>], base: &RowKey) -> RowKey {
        // Exactly as long as the key, so that a box takes them over without a copy, unless a part has a zero in it.
        let parts: usize = partition.iter().chain(sort).map(|value| key_bytes_len(*value) + 2).sum();
        let mut bytes = Vec::with_capacity(HASH_BYTES + parts + base.as_bytes().len());
        write_derived_prefix(partition.iter().copied(), &mut bytes);
        for value in sort {
            write_derived_part(*value, &mut bytes);
        }
        bytes.extend_from_slice(base.as_bytes());
        RowKey::of(bytes)
    }

    /// The part shared by all derived rows of one partition.
    pub(crate) fn derived_prefix<'a>(partition: impl IntoIterator<Item = ValueRef<'a>>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(96);
        write_derived_prefix(partition, &mut bytes);
        bytes
    }

    /// The part shared by all rows of one partition key.
    pub(crate) fn partition_prefix(partition: ValueRef<'_>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        write_prefix(partition.into(), &mut bytes);
        bytes
    }

    /// That part as a key of its own.
    pub(crate) fn of_partition(partition: ValueRef<'_>) -> RowKey {
        RowKey::of(RowKey::partition_prefix(partition))
    }

    /// The hash of all rows of one partition key.
    pub(crate) fn partition_hash(partition: ValueRef<'_>) -> u64 {
        hash_of(&RowKey::partition_prefix(partition))
    }

    /// The bytes, in row order.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// The hash that decides the partition.
    pub(crate) fn hash(&self) -> u64 {
        self.front
    }

    /// A number that is the same for equal keys and, but for few, different for others: what sorts keys quickly to find equal ones.
    pub(crate) fn digest(&self) -> u64 {
        let chunks = self.as_bytes().chunks(HASH_BYTES);
        chunks.fold(0, |sum: u64, chunk| {
            let word = match chunk.first_chunk() {
                Some(word) => u64::from_le_bytes(*word),
                None => chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
            };
            (sum.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        })
    }
}

impl PartialEq for RowKey {
    fn eq(&self, other: &RowKey) -> bool {
        self.front == other.front && self.as_bytes() == other.as_bytes()
    }
}

impl Eq for RowKey {}

impl Ord for RowKey {
    fn cmp(&self, other: &RowKey) -> Ordering {
        self.front.cmp(&other.front).then_with(|| self.as_bytes().cmp(other.as_bytes()))
    }
}

impl PartialOrd for RowKey {
    fn partial_cmp(&self, other: &RowKey) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for RowKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

/// Bytes of the hash.
const HASH_BYTES: usize = 8;
/// Bytes before the partition key: its hash and its length.
const HEAD_BYTES: usize = HASH_BYTES + 2;

fn placement_hash(bytes: &[u8]) -> u64 {
    SipHasher13::new_with_keys(PLACEMENT_KEYS.0, PLACEMENT_KEYS.1).hash(bytes)
}

/// Writes what all rows of a partition key begin with. Returns their hash.
fn write_prefix(partition: RawValue<'_>, bytes: &mut impl KeySink) -> u64 {
    bytes.write(&[0; HEAD_BYTES]);
    with_key_bytes(partition, |partition| bytes.write(partition));
    let written = bytes.written();
    let len = u16::try_from(written.len() - HEAD_BYTES).expect("partition keys are at most 2,048 bytes");
    written[HASH_BYTES..HEAD_BYTES].copy_from_slice(&len.to_be_bytes());
    let hash = placement_hash(&written[HEAD_BYTES..]);
    written[..HASH_BYTES].copy_from_slice(&hash.to_be_bytes());
    hash
}

fn write_derived_prefix<'a>(partition: impl IntoIterator<Item = ValueRef<'a>>, bytes: &mut impl KeySink) {
    bytes.write(&[0; HASH_BYTES]);
    for value in partition {
        write_derived_part(value, bytes);
    }
    let written = bytes.written();
    let hash = placement_hash(&written[HASH_BYTES..]);
    written[..HASH_BYTES].copy_from_slice(&hash.to_be_bytes());
}

/// A value as a part of a derived key.
pub(crate) fn write_derived_part(value: ValueRef<'_>, out: &mut impl KeySink) {
    write_derived_front(value, out);
    out.write(&[0, 0]);
}

/// A part without its end: all parts of values that start with this one start with it.
pub(crate) fn write_derived_front(value: ValueRef<'_>, out: &mut impl KeySink) {
    with_key_bytes(value.into(), |bytes| {
        for run in bytes.split_inclusive(|byte| *byte == 0) {
            out.write(run);
            if run.ends_with(&[0]) {
                out.write(&[u8::MAX]);
            }
        }
    });
}

/// Length of a key value's bytes.
pub(crate) fn key_bytes_len<'a>(value: impl Into<RawValue<'a>>) -> usize {
    let RawValue { kind, payload } = value.into();
    match kind {
        AttributeType::S | AttributeType::B => payload.len(),
        AttributeType::N => stored_key_len(payload),
        other => not_of_keys(other),
    }
}

/// The hash at the front of a row key's bytes.
pub(crate) fn hash_of(bytes: &[u8]) -> u64 {
    u64::from_be_bytes(bytes[..HASH_BYTES].try_into().expect("row keys start with eight bytes of hash"))
}

/// The order-preserving bytes of a key value; only strings, numbers and binaries are keys.
pub(crate) fn write_key_bytes(value: ValueRef<'_>, out: &mut impl KeySink) {
    with_key_bytes(value.into(), |bytes| out.write(bytes));
}

fn with_key_bytes(RawValue { kind, payload }: RawValue<'_>, write: impl FnOnce(&[u8])) {
    match kind {
        AttributeType::S | AttributeType::B => write(payload),
        AttributeType::N => write(&stored_key_bytes(payload)),
        other => not_of_keys(other),
    }
}

fn not_of_keys(kind: AttributeType) -> ! {
    unreachable!("a key of type {}: key types are checked before", kind.name())
}

impl Borrow<[u8]> for RowKey {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{AttributeValue, Item};

    /// Values of one attribute in their order.
    fn ordered() -> Vec<Vec<AttributeValue>> {
        let text = |t: &str| AttributeValue::S(t.to_owned());
        let binary = |b: &[u8]| AttributeValue::B(b.to_vec());
        vec![
            ["\0", "\0\0", "\0\u{1}", "\u{1}", "a", "a\0", "a\0b", "aa", "b"].map(text).to_vec(),
            [&[0][..], &[0, 0], &[0, 0xFE], &[0, 0xFF], &[1], &[0xFF], &[0xFF, 0], &[0xFF, 0xFF]]
                .map(binary)
                .to_vec(),
            [-100, -10, -1, 0, 1, 2, 10, 256, 65_536].map(AttributeValue::from).to_vec(),
        ]
    }

    fn derived(sort: &[&AttributeValue]) -> RowKey {
        let names = ["a", "b", "c"];
        let item = Item::new(names.into_iter().zip(sort.iter().copied())).expect("an item");
        let values: Vec<ValueRef<'_>> =
            names[..sort.len()].iter().map(|name| item.get(name).expect("just put there")).collect();
        RowKey::derived(&[ValueRef::S("p")], &values, &RowKey::new(ValueRef::S("row"), None))
    }

    /// Short and long ones, and those of lengths in between, are in one order.
    #[test]
    fn keys_are_in_the_order_of_their_bytes() {
        assert!(size_of::<RowKey>() <= 48);
        let mut all: Vec<Vec<u8>> = vec![Vec::new()];
        for length in [1, 7, 8, 9, SHORT_BYTES - 1, SHORT_BYTES, SHORT_BYTES + 1, 64, 65, 300] {
            for last in [0, 1, u8::MAX] {
                for first in [0, 7] {
                    let mut bytes = vec![0; length];
                    bytes[0] = first;
                    bytes[length - 1] = last;
                    all.push(bytes);
                }
            }
        }
        for one in &all {
            for other in &all {
                let keys = [one, other].map(|bytes| RowKey::from_bytes(bytes));
                assert_eq!(keys[0].cmp(&keys[1]), one.cmp(other), "{one:?} {other:?}");
                assert_eq!(keys[0] == keys[1], one == other, "{one:?} {other:?}");
                assert_eq!(keys[0].as_bytes(), one);
            }
        }
    }

    #[test]
    fn derived_keys_are_in_the_order_of_their_values_and_end_unambiguously() {
        let kinds = ordered();
        for (first, second) in [(0, 1), (1, 2), (2, 0), (0, 0)] {
            let mut keys = Vec::new();
            for a in &kinds[first] {
                for b in &kinds[second] {
                    keys.push(derived(&[a, b]));
                }
            }
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "types {first} and {second}");
        }
    }

    #[test]
    fn byte_order_is_value_order_for_random_keys_of_several_attributes() {
        let mut draw = Draw(7);
        let kinds: Vec<usize> = (0..40).map(|_| draw.below(3)).collect();
        for kinds in kinds.chunks_exact(2).map(|pair| [pair[0], pair[1], pair[0]]) {
            let keys: Vec<[AttributeValue; 3]> =
                (0..60).map(|_| kinds.map(|kind| draw.value(kind))).collect();
            let built: Vec<RowKey> = keys.iter().map(|key| derived(&key.each_ref())).collect();
            for (a, left) in keys.iter().zip(&built) {
                for (b, right) in keys.iter().zip(&built) {
                    let by_value = a.iter().zip(b).map(|(a, b)| order(a, b)).find(|order| order.is_ne());
                    assert_eq!(left.cmp(right), by_value.unwrap_or(Ordering::Equal), "{a:?} {b:?}");
                }
            }
        }
    }

    fn order(a: &AttributeValue, b: &AttributeValue) -> Ordering {
        match (a, b) {
            (AttributeValue::S(a), AttributeValue::S(b)) => a.as_bytes().cmp(b.as_bytes()),
            (AttributeValue::B(a), AttributeValue::B(b)) => a.cmp(b),
            (AttributeValue::N(a), AttributeValue::N(b)) => a.cmp(b),
            other => unreachable!("one attribute has one type: {other:?}"),
        }
    }

    /// Numbers from a seed.
    struct Draw(u64);

    impl Draw {
        fn below(&mut self, below: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % below
        }

        /// A short string, number or binary, so that many are equal, or begin with others.
        fn value(&mut self, kind: usize) -> AttributeValue {
            let len = 1 + self.below(3);
            match kind {
                0 => AttributeValue::S(
                    (0..len).map(|_| ['\0', '\u{1}', 'a', 'ä', '\u{10FFFF}'][self.below(5)]).collect(),
                ),
                1 => AttributeValue::B((0..len).map(|_| [0, 1, 0x7F, 0xFE, 0xFF][self.below(5)]).collect()),
                _ => {
                    let digits = [0, 1, 9, 10, 105, 99_999][self.below(6)];
                    let sign = ["", "-"][self.below(2)];
                    let text = format!("{sign}{digits}e{}", self.below(9) as i32 - 4);
                    AttributeValue::N(text.parse().expect("a number"))
                }
            }
        }
    }

    #[test]
    fn a_front_is_shared_by_the_values_that_start_with_it_alone() {
        for (value, is_within) in
            [("a\0", true), ("a\0b", true), ("a", false), ("a\u{1}", false), ("b", false)]
        {
            let mut front = RowKey::derived_prefix([ValueRef::S("p")]);
            write_derived_front(ValueRef::S("a\0"), &mut front);
            let key = derived(&[&AttributeValue::S(value.to_owned())]);
            assert_eq!(key.as_bytes().starts_with(&front), is_within, "{value:?}");
        }
    }

    #[test]
    fn keys_are_in_the_order_of_their_bytes_whatever_their_length() {
        let mut bytes: Vec<Vec<u8>> = Vec::new();
        for len in 0..12 {
            bytes.extend([0, 1, 0xFE, 0xFF].map(|last| {
                let mut key = vec![1; len];
                key.extend([last; 2]);
                key
            }));
            bytes.push(vec![1; len]);
            bytes.push(vec![0; len]);
        }
        for one in &bytes {
            for other in &bytes {
                let order = RowKey::from_bytes(one).cmp(&RowKey::from_bytes(other));
                assert_eq!(order, one.cmp(other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn all_of_a_partition_share_its_hash() {
        let key = derived(&[&AttributeValue::from(1)]);
        let prefix = RowKey::derived_prefix([ValueRef::S("p")]);
        assert!(key.as_bytes().starts_with(&prefix));
        assert_ne!(hash_of(&prefix), hash_of(&RowKey::derived_prefix([ValueRef::S("q")])));
    }
}
