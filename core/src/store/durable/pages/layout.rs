//! Where things lie in a file of pages, as drawn above.

/// Bytes of a block, which is a page of redb's.
pub(super) const BLOCK: usize = 4096;

/// Blocks of a group.
pub(super) const GROUP: usize = 1024;

/// Bytes of a slot.
pub(super) const SLOT: usize = 2 * BLOCK;

/// Bytes before the first group.
pub(super) const FRONT: u64 = 2 * SLOT as u64;

/// Bytes of a group with its checksums.
const STRIDE: u64 = ((1 + GROUP) * BLOCK) as u64;

const MAGIC: &[u8; 8] = b"STINDEX1";

/// Blocks of a logical length.
pub(super) fn blocks(len: u64) -> u64 {
    len.div_ceil(BLOCK as u64)
}

/// Groups of a logical length, the last one perhaps not full.
pub(super) fn groups(len: u64) -> usize {
    let groups = blocks(len).saturating_sub(1).div_ceil(GROUP as u64);
    usize::try_from(groups).expect("a file whose checksums are in memory")
}

/// Bytes of the file that keeps a logical length.
pub(super) fn physical_len(len: u64) -> u64 {
    let blocks = blocks(len).saturating_sub(1);
    let (full, rest) = (blocks / GROUP as u64, blocks % GROUP as u64);
    FRONT + full * STRIDE + if rest == 0 { 0 } else { (1 + rest) * BLOCK as u64 }
}

/// Where a group's checksums lie.
pub(super) fn checksums_at(group: usize) -> u64 {
    FRONT + group as u64 * STRIDE
}

/// Where a block >= 1 lies.
pub(super) fn block_at(block: u64) -> u64 {
    let (group, index) = ((block - 1) / GROUP as u64, (block - 1) % GROUP as u64);
    FRONT + group * STRIDE + (1 + index) * BLOCK as u64
}

/// The checksum of a block and its number, so that a block in the wrong place is noticed. Never 0, which stands for none.
pub(super) fn block_checksum(block: u64, content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&block.to_le_bytes());
    hasher.update(content);
    hasher.finalize().max(1)
}

/// A published header.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) version: u64,
    /// Logical length in bytes.
    pub(super) len: u64,
    /// Logical block 0.
    pub(super) header: Box<[u8]>,
}

impl Slot {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SLOT);
        bytes.extend_from_slice(&self.header);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes.extend_from_slice(&self.len.to_le_bytes());
        bytes.resize(SLOT - 4, 0);
        let checksum = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// None where the checksum does not match, or something else has one that does.
    pub(super) fn decode(bytes: &[u8]) -> Option<Slot> {
        let (content, checksum) = bytes.split_last_chunk()?;
        if bytes.len() != SLOT || crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let (header, rest) = content.split_at(BLOCK);
        let (magic, rest) = rest.split_first_chunk()?;
        let (version, rest) = rest.split_first_chunk()?;
        let (len, _) = rest.split_first_chunk()?;
        (magic == MAGIC).then(|| Slot {
            version: u64::from_le_bytes(*version),
            len: u64::from_le_bytes(*len),
            header: header.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_the_checksums_and_the_blocks_tile_the_file() {
        let mut next = FRONT;
        for block in 1..=3 * GROUP as u64 {
            if (block - 1) % GROUP as u64 == 0 {
                assert_eq!(checksums_at((block as usize - 1) / GROUP), next);
                next += BLOCK as u64;
            }
            assert_eq!(block_at(block), next);
            next += BLOCK as u64;
            assert_eq!(physical_len((1 + block) * BLOCK as u64), next);
            assert_eq!(physical_len((1 + block) * BLOCK as u64 - 1), next);
        }
        assert_eq!((physical_len(0), physical_len(4096)), (FRONT, FRONT));
        assert_eq!([0, 1, 4096, 4097].map(groups), [0, 0, 0, 1]);
        assert_eq!([1025 * 4096, 1025 * 4096 + 1].map(groups), [1, 2]);
    }

    #[test]
    fn a_slot_is_read_as_written_or_not_at_all() {
        let slot = Slot { version: 7, len: 123, header: vec![5; BLOCK].into() };
        let bytes = slot.encode();
        assert_eq!(bytes.len(), SLOT);
        let back = Slot::decode(&bytes).unwrap();
        assert_eq!((back.version, back.len, back.header), (7, 123, slot.header));
        for at in 0..SLOT {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(Slot::decode(&flipped).is_none(), "byte {at}");
        }
        assert!(Slot::decode(&vec![0; SLOT]).is_none());
    }

    #[test]
    fn a_checksum_is_of_the_place_too() {
        assert_ne!(block_checksum(1, &[3; BLOCK]), block_checksum(2, &[3; BLOCK]));
    }
}
