//! Where bytes lie in the log.

use crate::store::{BaseRow, Lsn, TableId};
use crate::value::key::RowKey;

/// A point of the log: a segment and a byte in it. Points are in the order of commits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Point {
    pub(super) segment: u32,
    pub(super) offset: u32,
}

impl Point {
    pub(super) fn lsn(self) -> Lsn {
        Lsn(u64::from(self.segment) << 32 | u64::from(self.offset))
    }

    pub(super) fn of(lsn: Lsn) -> Point {
        Point { segment: (lsn.0 >> 32) as u32, offset: lsn.0 as u32 }
    }
}

/// An image in the log.
///
/// ```text
/// place = segment u32 | offset u32 | length u32 | crc32 u32          little-endian, 16 bytes
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) point: Point,
    pub(super) len: u32,
    /// Of the image's bytes: whoever holds a place can tell whether what it reads is what was written.
    pub(super) crc: u32,
}

pub(super) const PLACE_BYTES: usize = 16;

impl Place {
    pub(super) fn to_bytes(self) -> [u8; PLACE_BYTES] {
        let mut bytes = [0; PLACE_BYTES];
        for (chunk, word) in
            bytes.chunks_exact_mut(4).zip([self.point.segment, self.point.offset, self.len, self.crc])
        {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; PLACE_BYTES]) -> Place {
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        Place { point: Point { segment: word(0), offset: word(4) }, len: word(8), crc: word(12) }
    }

    /// The newest commit that someone has seen who has seen this image.
    pub(super) fn lsn(&self) -> Lsn {
        // One byte into the image: frames become safe as a whole.
        Lsn(self.point.lsn().0 + 1)
    }
}

/// The row whose item a derived row shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Base {
    pub(super) table: TableId,
    pub(super) key: RowKey,
}

impl Base {
    /// What a row with this key is derived from.
    pub(super) fn of(base: BaseRow, derived: &RowKey) -> Base {
        Base { table: base.table, key: RowKey::from_bytes(base.key_of(derived)) }
    }

    /// As it stands in the log and in the index: `table u64 | row key`.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [&self.table.0.to_le_bytes()[..], self.key.as_bytes()].concat()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Base> {
        let (table, key) = bytes.split_first_chunk::<8>()?;
        Some(Base { table: TableId(u64::from_le_bytes(*table)), key: RowKey::from_bytes(key) })
    }
}

/// Where a row that exists lies.
///
/// ```text
/// row = place | reference        the place of its image; for a derived row, that of its reference, and the reference itself
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct RowPlace {
    pub(super) place: Place,
    pub(super) of: Option<Base>,
}

impl RowPlace {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.place.to_bytes().to_vec();
        bytes.extend(self.of.iter().flat_map(Base::to_bytes));
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<RowPlace> {
        let (place, of) = bytes.split_first_chunk::<PLACE_BYTES>()?;
        let of = if of.is_empty() { None } else { Some(Base::from_bytes(of)?) };
        Some(RowPlace { place: Place::from_bytes(place), of })
    }
}
