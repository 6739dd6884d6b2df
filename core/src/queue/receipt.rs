//! Receipt handles: which message was received, and for which time, under a seal of the database.

use std::hash::Hasher;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use siphasher::sip::SipHasher24;

use crate::stream::IteratorKey;

/// What a handle says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) queue: u64,
    pub(crate) place: u64,
    /// How often the message had been received then, this time included.
    pub(crate) received: u32,
}

const SAID_BYTES: usize = 8 + 8 + 4;
const SEAL_BYTES: usize = 8;

impl Receipt {
    fn said(self) -> [u8; SAID_BYTES] {
        let mut bytes = [0; SAID_BYTES];
        bytes[..8].copy_from_slice(&self.queue.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.place.to_be_bytes());
        bytes[16..].copy_from_slice(&self.received.to_be_bytes());
        bytes
    }

    /// Writes a handle.
    pub(crate) fn seal(self, key: &IteratorKey) -> String {
        let said = self.said();
        let seal = seal_of(key, &said);
        URL_SAFE_NO_PAD.encode([said.as_slice(), &seal].concat())
    }

    /// Reads a handle; none where this database has not written it.
    pub(crate) fn open(handle: &str, key: &IteratorKey) -> Option<Receipt> {
        let bytes =
            URL_SAFE_NO_PAD.decode(handle).ok().filter(|bytes| bytes.len() == SAID_BYTES + SEAL_BYTES)?;
        let (said, seal) = bytes.split_at(SAID_BYTES);
        let is_ours: bool = subtle::ConstantTimeEq::ct_eq(seal, &seal_of(key, said)[..]).into();
        let number = |at: usize| u64::from_be_bytes(said[at..at + 8].try_into().expect("eight bytes"));
        let received = u32::from_be_bytes(said[16..].try_into().expect("four bytes"));
        is_ours.then(|| Receipt { queue: number(0), place: number(8), received })
    }
}

fn seal_of(key: &IteratorKey, said: &[u8]) -> [u8; SEAL_BYTES] {
    let (first, second) = (key.derive(b"receipts, first"), key.derive(b"receipts, second"));
    let mut hasher = SipHasher24::new_with_keys(first, second);
    hasher.write(said);
    hasher.finish().to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sealed_opens() {
        let key = IteratorKey(1, 2);
        let receipt = Receipt { queue: 3, place: 4, received: 5 };
        let handle = receipt.seal(&key);
        assert_eq!(Receipt::open(&handle, &key), Some(receipt));
        assert_eq!(Receipt::open(&handle, &IteratorKey(1, 3)), None);
        for at in 0..handle.len() {
            let mut other = handle.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).expect("ASCII");
            assert_eq!(Receipt::open(&other, &key), None, "{other}");
        }
        assert_eq!(Receipt::open("", &key), None);
    }
}
