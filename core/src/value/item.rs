//! `Item`: one immutable byte string in canonical form, and the borrowed views that read it.
//!
//! ```text
//! item  = size u32 | map
//! map   = count u32 | count × ( name_len u16 | name | value )        names in byte order
//! value = tag u8 | len u32 | payload
//!           S  UTF-8            SS/BS/NS  count u32 | count × ( len u32 | bytes )   sorted, N by value
//!           N  plain decimal    L         count u32 | count × value
//!           B  bytes            M         map
//!           BOOL  one byte      NULL      nothing
//! ```
//! All integers are little-endian. `size` is the service's item size (facts B1), computed while encoding.
//! Equal bytes mean equal items: that comparison decides whether a write changed anything.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::number::{Number, compare_stored};

/// The ten types of an attribute value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum AttributeType {
    /// String.
    S = 1,
    /// Number.
    N = 2,
    /// Binary.
    B = 3,
    /// Boolean.
    Bool = 4,
    /// Null.
    Null = 5,
    /// String set.
    Ss = 6,
    /// Number set.
    Ns = 7,
    /// Binary set.
    Bs = 8,
    /// List.
    L = 9,
    /// Map.
    M = 10,
}

impl AttributeType {
    /// All types.
    pub const ALL: [AttributeType; 10] = {
        use AttributeType::*;
        [S, N, B, Bool, Null, Ss, Ns, Bs, L, M]
    };

    /// The type's name on the wire, such as `SS`.
    pub fn name(self) -> &'static str {
        match self {
            AttributeType::S => "S",
            AttributeType::N => "N",
            AttributeType::B => "B",
            AttributeType::Bool => "BOOL",
            AttributeType::Null => "NULL",
            AttributeType::Ss => "SS",
            AttributeType::Ns => "NS",
            AttributeType::Bs => "BS",
            AttributeType::L => "L",
            AttributeType::M => "M",
        }
    }

    /// The type named `name` on the wire.
    pub fn from_name(name: &str) -> Option<AttributeType> {
        AttributeType::ALL.into_iter().find(|t| t.name() == name)
    }

    pub(super) fn from_tag(tag: u8) -> Option<AttributeType> {
        AttributeType::ALL.get(usize::from(tag).checked_sub(1)?).copied()
    }
}

/// A whole item, or any other set of named values. Cheap to clone; equal bytes are equal items.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Item(Arc<[u8]>);

pub(super) const HEADER_BYTES: usize = 4;

impl Item {
    /// Takes bytes that [`super::Builder`] made.
    pub(super) fn from_canonical(bytes: &[u8]) -> Item {
        Item(Arc::from(bytes))
    }

    /// Takes bytes that were an item's, as a store has kept them and checked them against their checksum.
    pub(crate) fn from_stored(bytes: &[u8]) -> Item {
        Item(Arc::from(bytes))
    }

    /// An item without attributes.
    pub fn empty() -> Item {
        Item(Arc::from([0_u8; 8].as_slice()))
    }

    /// The canonical bytes, layout above.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The service's item size in bytes (facts B1): names and values, no overhead.
    pub fn size(&self) -> usize {
        read_u32(&self.0, 0)
    }

    /// The attributes.
    pub fn attributes(&self) -> MapRef<'_> {
        MapRef(&self.0[HEADER_BYTES..])
    }

    /// The value of a top-level attribute.
    pub fn get(&self, name: &str) -> Option<ValueRef<'_>> {
        self.attributes().get(name)
    }

    /// As [`Item::get`], not looked into.
    pub(crate) fn raw(&self, name: &str) -> Option<RawValue<'_>> {
        self.attributes().find(name).map(RawValue::encoded)
    }

    /// The size of the value of a top-level attribute (facts B1), without its name.
    pub(crate) fn size_of(&self, name: &str) -> Option<usize> {
        self.attributes().find(name).map(encoded_size)
    }

    /// Whether both are the same allocation, a test for images that were shared and not copied.
    pub fn shares_bytes_with(&self, other: &Item) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.attributes(), f)
    }
}

/// A view of one value inside an item.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ValueRef<'a> {
    /// String.
    S(&'a str),
    /// Number in its plain decimal spelling.
    N(&'a str),
    /// Binary.
    B(&'a [u8]),
    /// Boolean.
    Bool(bool),
    /// Null.
    Null,
    /// String set.
    Ss(SetRef<'a>),
    /// Number set.
    Ns(SetRef<'a>),
    /// Binary set.
    Bs(SetRef<'a>),
    /// List.
    L(ListRef<'a>),
    /// Map.
    M(MapRef<'a>),
}

/// A value as its type and what stands behind its tag and length, not looked into: nobody checks that a text is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RawValue<'a> {
    pub(crate) kind: AttributeType,
    pub(crate) payload: &'a [u8],
}

impl<'a> RawValue<'a> {
    /// The value at the start of some bytes.
    fn encoded(bytes: &'a [u8]) -> RawValue<'a> {
        let kind = AttributeType::from_tag(bytes[0]).expect(CANONICAL);
        RawValue { kind, payload: &bytes[5..5 + read_u32(bytes, 1)] }
    }
}

impl<'a> From<ValueRef<'a>> for RawValue<'a> {
    fn from(value: ValueRef<'a>) -> RawValue<'a> {
        RawValue { kind: value.kind(), payload: value.payload() }
    }
}

/// A view of a set's members, sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SetRef<'a>(pub(super) &'a [u8]);

/// A view of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ListRef<'a>(pub(super) &'a [u8]);

/// A view of a map, names in byte order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MapRef<'a>(pub(super) &'a [u8]);

const CANONICAL: &str = "item bytes are canonical: only the builder makes them";

pub(super) fn read_u32(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect(CANONICAL)) as usize
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect(CANONICAL)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect(CANONICAL)
}

impl<'a> ValueRef<'a> {
    /// Reads one encoded value (tag, length, payload) at the start of `bytes`; returns it and the bytes after it.
    pub(super) fn split(bytes: &'a [u8]) -> (ValueRef<'a>, &'a [u8]) {
        let len = read_u32(bytes, 1);
        let (payload, rest) = bytes[5..].split_at(len);
        let value = match AttributeType::from_tag(bytes[0]).expect(CANONICAL) {
            AttributeType::S => ValueRef::S(text(payload)),
            AttributeType::N => ValueRef::N(text(payload)),
            AttributeType::B => ValueRef::B(payload),
            AttributeType::Bool => ValueRef::Bool(payload[0] != 0),
            AttributeType::Null => ValueRef::Null,
            AttributeType::Ss => ValueRef::Ss(SetRef(payload)),
            AttributeType::Ns => ValueRef::Ns(SetRef(payload)),
            AttributeType::Bs => ValueRef::Bs(SetRef(payload)),
            AttributeType::L => ValueRef::L(ListRef(payload)),
            AttributeType::M => ValueRef::M(MapRef(payload)),
        };
        (value, rest)
    }

    /// One encoded value.
    pub(crate) fn encoded(bytes: &'a [u8]) -> ValueRef<'a> {
        ValueRef::split(bytes).0
    }

    /// What stands behind the value's tag and length.
    pub(super) fn payload(&self) -> &'a [u8] {
        match *self {
            ValueRef::S(text) | ValueRef::N(text) => text.as_bytes(),
            ValueRef::B(bytes) => bytes,
            ValueRef::Bool(value) => {
                if value {
                    &[1]
                } else {
                    &[0]
                }
            }
            ValueRef::Null => &[],
            ValueRef::Ss(set) | ValueRef::Ns(set) | ValueRef::Bs(set) => set.0,
            ValueRef::L(list) => list.0,
            ValueRef::M(map) => map.0,
        }
    }

    /// Levels of lists and maps from here to the deepest value inside.
    pub(super) fn depth(&self) -> usize {
        let deepest = match self {
            ValueRef::L(list) => list.iter().map(|element| 1 + element.depth()).max(),
            ValueRef::M(map) => map.iter().map(|(_, value)| 1 + value.depth()).max(),
            _ => None,
        };
        deepest.unwrap_or(0)
    }

    /// The value's type.
    pub fn kind(&self) -> AttributeType {
        match self {
            ValueRef::S(_) => AttributeType::S,
            ValueRef::N(_) => AttributeType::N,
            ValueRef::B(_) => AttributeType::B,
            ValueRef::Bool(_) => AttributeType::Bool,
            ValueRef::Null => AttributeType::Null,
            ValueRef::Ss(_) => AttributeType::Ss,
            ValueRef::Ns(_) => AttributeType::Ns,
            ValueRef::Bs(_) => AttributeType::Bs,
            ValueRef::L(_) => AttributeType::L,
            ValueRef::M(_) => AttributeType::M,
        }
    }

    /// The number, for values of type N.
    pub fn number(&self) -> Option<Number> {
        match self {
            ValueRef::N(digits) => Some(digits.parse().expect(CANONICAL)),
            _ => None,
        }
    }

    /// The order of two strings, numbers or binaries; none for other types or unlike ones.
    pub fn compare(&self, other: &ValueRef<'_>) -> Option<Ordering> {
        match (self, other) {
            (ValueRef::S(a), ValueRef::S(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            (ValueRef::B(a), ValueRef::B(b)) => Some(a.cmp(b)),
            (ValueRef::N(a), ValueRef::N(b)) => Some(compare_stored(a, b)),
            _ => None,
        }
    }

    /// The value's size in bytes (facts B1), without a name.
    pub fn size(&self) -> usize {
        match self {
            ValueRef::S(s) => s.len(),
            ValueRef::N(digits) => super::number::stored_text_size(digits),
            ValueRef::B(b) => b.len(),
            ValueRef::Bool(_) | ValueRef::Null => 1,
            ValueRef::Ss(set) | ValueRef::Bs(set) => set.members().map(<[u8]>::len).sum(),
            ValueRef::Ns(set) => set.texts().map(super::number::stored_text_size).sum(),
            ValueRef::L(list) => 3 + list.iter().map(|v| 1 + v.size()).sum::<usize>(),
            ValueRef::M(map) => 3 + map.iter().map(|(name, v)| 1 + name.len() + v.size()).sum::<usize>(),
        }
    }
}

/// As [`ValueRef::size`], of an encoded value: text is counted without being read.
pub(super) fn encoded_size(encoded: &[u8]) -> usize {
    match AttributeType::from_tag(encoded[0]) {
        Some(AttributeType::S | AttributeType::B) => read_u32(encoded, 1),
        _ => ValueRef::encoded(encoded).size(),
    }
}

impl<'a> SetRef<'a> {
    /// Number of members.
    pub fn len(&self) -> usize {
        read_u32(self.0, 0)
    }

    /// Whether the set is empty; stored sets never are.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The members' bytes, sorted.
    pub fn members(&self) -> impl ExactSizeIterator<Item = &'a [u8]> + use<'a> {
        let mut rest = &self.0[4..];
        Counted { left: self.len() }.map(move |()| {
            let len = read_u32(rest, 0);
            let (member, after) = rest[4..].split_at(len);
            rest = after;
            member
        })
    }

    /// The members of a string or number set as text.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &'a str> + use<'a> {
        self.members().map(text)
    }
}

impl<'a> ListRef<'a> {
    /// Number of elements.
    pub fn len(&self) -> usize {
        read_u32(self.0, 0)
    }

    /// Whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ValueRef<'a>> + use<'a> {
        let mut rest = &self.0[4..];
        Counted { left: self.len() }.map(move |()| {
            let (value, after) = ValueRef::split(rest);
            rest = after;
            value
        })
    }

    /// The element at `index`, from 0.
    pub fn get(&self, index: usize) -> Option<ValueRef<'a>> {
        let start = self.offsets().nth(index)?;
        Some(self.element_at(start))
    }

    /// Where each element starts.
    pub(super) fn starts(&self) -> Vec<u32> {
        self.offsets().collect()
    }

    pub(super) fn element_at(&self, start: u32) -> ValueRef<'a> {
        ValueRef::encoded(&self.0[start as usize..])
    }

    fn offsets(&self) -> impl Iterator<Item = u32> + use<'a> {
        let (bytes, mut next) = (self.0, 4);
        Counted { left: self.len() }.map(move |()| {
            let start = next;
            next += 5 + read_u32(bytes, next + 1);
            offset(start)
        })
    }
}

impl<'a> MapRef<'a> {
    /// Number of entries.
    pub fn len(&self) -> usize {
        read_u32(self.0, 0)
    }

    /// Whether the map is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries, names in byte order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'a str, ValueRef<'a>)> + use<'a> {
        self.raw_entries().map(|(name, encoded)| (text(name), ValueRef::split(encoded).0))
    }

    /// Names and encoded values, not looked into.
    pub(crate) fn raw_entries(&self) -> impl ExactSizeIterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let mut rest = &self.0[4..];
        Counted { left: self.len() }.map(move |()| {
            let name_len = usize::from(u16::from_le_bytes([rest[0], rest[1]]));
            let (name, value) = rest[2..].split_at(name_len);
            let (encoded, after) = value.split_at(5 + read_u32(value, 1));
            rest = after;
            (name, encoded)
        })
    }

    /// The entries from one place among their bytes to another, as [`MapRef::raw_entries`] passes them: two bytes, a name and its value each.
    pub(crate) fn raw_run(&self, run: std::ops::Range<usize>) -> &'a [u8] {
        &self.0[4 + run.start..4 + run.end]
    }

    /// Where the last entry ends, counted as for [`MapRef::raw_run`].
    pub(crate) fn raw_len(&self) -> usize {
        self.0.len() - 4
    }

    /// Where each entry starts.
    pub(super) fn starts(&self) -> Vec<u32> {
        let mut next = 4;
        let after = |(name, value): (&[u8], &[u8])| {
            let start = next;
            next += 2 + name.len() + value.len();
            offset(start)
        };
        self.raw_entries().map(after).collect()
    }

    /// The entry that starts here: its name and its encoded value, with whatever follows it.
    pub(super) fn entry_at(&self, start: u32) -> (&'a [u8], &'a [u8]) {
        #[cfg(test)]
        super::steps::step();
        let entry = &self.0[start as usize..];
        let name_len = usize::from(u16::from_le_bytes([entry[0], entry[1]]));
        entry[2..].split_at(name_len)
    }

    /// The value named `name`.
    pub fn get(&self, name: &str) -> Option<ValueRef<'a>> {
        self.find(name).map(ValueRef::encoded)
    }

    /// Where the value named `name` starts: its encoding, with whatever follows it.
    fn find(&self, name: &str) -> Option<&'a [u8]> {
        // Most names differ in length already, so this is quicker than comparing them in order and stopping behind it.
        let mut rest = &self.0[4..];
        while let Some((name_len, entry)) = rest.split_first_chunk::<2>() {
            #[cfg(test)]
            super::steps::step();
            let (own, value) = entry.split_at(usize::from(u16::from_le_bytes(*name_len)));
            if own == name.as_bytes() {
                return Some(value);
            }
            let ([_, len @ ..], payload) = value.split_first_chunk::<5>().expect(CANONICAL);
            rest = &payload[u32::from_le_bytes(*len) as usize..];
        }
        None
    }
}

/// Yields `()` a known number of times, so that views know their length.
struct Counted {
    left: usize,
}

impl Iterator for Counted {
    type Item = ();

    fn next(&mut self) -> Option<()> {
        #[cfg(test)]
        super::steps::step();
        self.left = self.left.checked_sub(1)?;
        Some(())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Counted {}

impl fmt::Debug for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueRef::S(s) => fmt::Debug::fmt(s, f),
            ValueRef::N(digits) => f.write_str(digits),
            ValueRef::B(bytes) => fmt::Debug::fmt(bytes, f),
            ValueRef::Bool(b) => fmt::Debug::fmt(b, f),
            ValueRef::Null => f.write_str("null"),
            ValueRef::Ss(set) | ValueRef::Ns(set) => f.debug_set().entries(set.texts()).finish(),
            ValueRef::Bs(set) => f.debug_set().entries(set.members()).finish(),
            ValueRef::L(list) => f.debug_list().entries(list.iter()).finish(),
            ValueRef::M(map) => fmt::Debug::fmt(map, f),
        }
    }
}

impl fmt::Debug for MapRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl fmt::Debug for ListRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl fmt::Debug for SetRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.members()).finish()
    }
}
