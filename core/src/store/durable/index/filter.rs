//! A Bloom filter over the keys of a run: most runs that do not have a key say so without being read.
//!
//! Each key sets six bits within one block of 512, so that a look costs one line of the processor's cache. With ten bits a key about one
//! look in a hundred finds what is not there.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

const BITS_PER_KEY: u64 = 10;
const WORDS_PER_BLOCK: usize = 8;
const BITS_PER_BLOCK_LOG2: u32 = 9;
const PROBES: u32 = 6;

/// The filter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Filter {
    words: Vec<u64>,
}

/// A key as the filter sees it.
pub(super) fn hash(key: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(key);
    hasher.finish()
}

impl Filter {
    /// An empty filter with room for so many keys.
    pub(super) fn new(keys: u64) -> Filter {
        let blocks = (keys * BITS_PER_KEY).div_ceil(1 << BITS_PER_BLOCK_LOG2).max(1);
        Filter { words: vec![0; usize::try_from(blocks).expect("fits memory") * WORDS_PER_BLOCK] }
    }

    pub(super) fn add(&mut self, hash: u64) {
        let block = self.block(hash);
        for bit in bits(hash) {
            self.words[block + bit / 64] |= 1 << (bit % 64);
        }
    }

    /// False when the key was never added.
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let block = self.block(hash);
        bits(hash).all(|bit| self.words[block + bit / 64] & (1 << (bit % 64)) != 0)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// None for bytes that are no filter.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Filter> {
        let words = bytes.chunks_exact(8);
        let is_whole = words.remainder().is_empty() && !bytes.is_empty();
        let words: Vec<u64> = words.map(|word| u64::from_le_bytes(word.try_into().expect("eight"))).collect();
        (is_whole && words.len().is_multiple_of(WORDS_PER_BLOCK)).then_some(Filter { words })
    }

    /// Where the key's block starts: its upper half, scaled to the number of blocks.
    fn block(&self, hash: u64) -> usize {
        let blocks = (self.words.len() / WORDS_PER_BLOCK) as u64;
        let block = ((hash >> 32) * blocks) >> 32;
        block as usize * WORDS_PER_BLOCK
    }
}

/// The bits of a key within its block, from the lower half of its hash.
fn bits(hash: u64) -> impl Iterator<Item = usize> {
    let spread = (hash & 0xffff_ffff).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..PROBES).map(move |probe| {
        let bit = spread >> (64 - BITS_PER_BLOCK_LOG2 * (probe + 1)) & ((1 << BITS_PER_BLOCK_LOG2) - 1);
        bit as usize
    })
}

#[cfg(test)]
mod tests {
    use super::{Filter, hash};

    #[test]
    fn what_was_added_is_found_and_little_else() {
        let mut filter = Filter::new(10_000);
        let key = |n: u32| hash(&n.to_be_bytes());
        (0..10_000).for_each(|n| filter.add(key(n)));
        let filter = Filter::from_bytes(&filter.to_bytes()).expect("its own bytes");
        assert!((0..10_000).all(|n| filter.may_have(key(n))));
        let wrong = (10_000..20_000).filter(|n| filter.may_have(key(*n))).count();
        assert!(wrong < 300, "{wrong} of 10,000 keys that were never added");
        assert_eq!(Filter::from_bytes(&[0; 63]), None);
        assert_eq!(Filter::from_bytes(&[]), None);
    }
}
