//! Blocks: some entries in order, and a checksum that knows where the block lies.
//!
//! ```text
//! block = entry … | offset u32 × n | n u32 | crc32 u32
//! entry = key length u16 | value length u32 (all ones: removed) | key | value
//! ```
//! The checksum is that of the run's number, the block's place in the file and its bytes, so that no block passes for another.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

const ENTRY_HEAD_BYTES: usize = 6;
const REMOVED: u32 = u32::MAX;

/// What a key stands for in a run; none where it was removed, which hides it in older runs.
pub(super) type Value<'a> = Option<&'a [u8]>;

/// The first bytes of a key as a number, whose order is that of keys as far as it goes: most keys differ there, and two numbers are quick to
/// compare.
pub(super) fn head(key: &[u8]) -> u128 {
    match key.first_chunk() {
        Some(bytes) => u128::from_be_bytes(*bytes),
        None => {
            let mut bytes = [0; 16];
            bytes[..key.len()].copy_from_slice(key);
            u128::from_be_bytes(bytes)
        }
    }
}

/// Entries that become a block.
#[derive(Debug, Default)]
pub(super) struct BlockWriter {
    bytes: Vec<u8>,
    offsets: Vec<u32>,
}

impl BlockWriter {
    pub(super) fn add(&mut self, key: &[u8], value: Value<'_>) {
        let number = |len: usize| u32::try_from(len).expect("a block is far below 4 GiB");
        self.offsets.push(number(self.bytes.len()));
        let key_len = u16::try_from(key.len()).expect("keys are at most some thousand bytes");
        self.bytes.extend_from_slice(&key_len.to_le_bytes());
        self.bytes.extend_from_slice(&value.map_or(REMOVED, |value| number(value.len())).to_le_bytes());
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value.unwrap_or(&[]));
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() + 4 * self.offsets.len()
    }

    /// The block for a place in a run; none without an entry. The writer is empty afterwards.
    pub(super) fn finish(&mut self, run: u64, at: u64) -> Option<Vec<u8>> {
        if self.offsets.is_empty() {
            return None;
        }
        let mut bytes = std::mem::take(&mut self.bytes);
        let count = self.offsets.len() as u32;
        for offset in self.offsets.drain(..).chain([count]) {
            bytes.extend_from_slice(&offset.to_le_bytes());
        }
        seal(&mut bytes, run, at);
        Some(bytes)
    }
}

fn crc(bytes: &[u8], run: u64, at: u64) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&run.to_le_bytes());
    hasher.update(&at.to_le_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

/// Adds the checksum.
pub(super) fn seal(bytes: &mut Vec<u8>, run: u64, at: u64) {
    let crc = crc(bytes, run, at);
    bytes.extend_from_slice(&crc.to_le_bytes());
}

/// Takes the checksum off; none where it is another.
pub(super) fn unseal(bytes: &[u8], run: u64, at: u64) -> Option<&[u8]> {
    let (bytes, own) = bytes.split_last_chunk::<4>()?;
    (crc(bytes, run, at) == u32::from_le_bytes(*own)).then_some(bytes)
}

/// A block that has passed its checksum.
#[derive(Clone, Debug)]
pub(super) struct Block {
    bytes: Arc<[u8]>,
    /// Where the offsets of the entries stand.
    offsets: u32,
    pub(super) entries: u32,
}

impl Block {
    /// None for bytes that are not the block of this place.
    pub(super) fn read(bytes: Vec<u8>, run: u64, at: u64) -> Option<Block> {
        let rest = unseal(&bytes, run, at)?;
        let (rest, entries) = rest.split_last_chunk::<4>()?;
        let entries = u32::from_le_bytes(*entries);
        let offsets = rest.len().checked_sub(4 * entries as usize)?;
        let block = Block { offsets: u32::try_from(offsets).ok()?, entries, bytes: bytes.into() };
        // A checksum that fits says that these are the bytes that were written; this says that they can be used without a panic.
        (0..entries).all(|entry| block.parts(entry).is_some()).then_some(block)
    }

    pub(super) fn weight(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn parts(&self, entry: u32) -> Option<(Range<usize>, Option<Range<usize>>)> {
        let word = |at: usize| Some(u32::from_le_bytes(*self.bytes.get(at..)?.first_chunk::<4>()?));
        let start = word(self.offsets as usize + 4 * entry as usize)? as usize;
        let key_len = u16::from_le_bytes(*self.bytes.get(start..)?.first_chunk::<2>()?);
        let value_len = word(start + 2)?;
        let key = start + ENTRY_HEAD_BYTES..start + ENTRY_HEAD_BYTES + usize::from(key_len);
        let value_bytes = if value_len == REMOVED { 0 } else { value_len as usize };
        let value = key.end..key.end.checked_add(value_bytes)?;
        (value.end <= self.offsets as usize).then_some((key, (value_len != REMOVED).then_some(value)))
    }

    pub(super) fn key(&self, entry: u32) -> &[u8] {
        // What was looked at when the block was read needs no second look at the value's length.
        let word = self.offsets as usize + 4 * entry as usize;
        let start = u32::from_le_bytes(*self.bytes[word..].first_chunk().expect("looked at")) as usize;
        let len = u16::from_le_bytes(*self.bytes[start..].first_chunk().expect("looked at"));
        &self.bytes[start + ENTRY_HEAD_BYTES..][..usize::from(len)]
    }

    pub(super) fn value(&self, entry: u32) -> Value<'_> {
        let (_, value) = self.parts(entry).expect("looked at when it was read");
        value.map(|value| &self.bytes[value])
    }

    /// The first entry whose key is not less than this one.
    pub(super) fn lower_bound(&self, key: &[u8]) -> u32 {
        let own = head(key);
        self.partition_point(|other| match head(other).cmp(&own) {
            Ordering::Equal => other < key,
            order => order.is_lt(),
        })
    }

    /// The first entry for which `before` no longer holds.
    pub(super) fn partition_point(&self, before: impl Fn(&[u8]) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.entries);
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self.key(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, BlockWriter};

    #[test]
    fn a_block_gives_back_its_entries_and_is_no_other_block() {
        let mut writer = BlockWriter::default();
        writer.add(b"a", Some(b"one"));
        writer.add(b"b", None);
        writer.add(b"c", Some(b""));
        let bytes = writer.finish(7, 4096).expect("entries");
        assert_eq!(writer.finish(7, 4096), None);
        let block = Block::read(bytes.clone(), 7, 4096).expect("sound");
        let entries: Vec<_> = (0..block.entries).map(|at| (block.key(at), block.value(at))).collect();
        assert_eq!(entries, [(&b"a"[..], Some(&b"one"[..])), (b"b", None), (b"c", Some(b""))]);
        for (at, key) in [(0, &b""[..]), (0, b"a"), (1, b"a\0"), (1, b"b"), (2, b"bb"), (3, b"d")] {
            assert_eq!((block.lower_bound(key), block.partition_point(|other| other < key)), (at, at));
        }
        assert!(Block::read(bytes.clone(), 8, 4096).is_none(), "of another run");
        assert!(Block::read(bytes.clone(), 7, 0).is_none(), "of another place");
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(Block::read(damaged, 7, 4096).is_none(), "bit {bit}");
        }
    }
}
