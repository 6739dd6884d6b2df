//! Shard iterators: opaque, sealed, good for 15 minutes (facts A5).
//!
//! ```text
//! <stream ARN>|1|base64( zeros 8 | version 2 | shard time u64 | shard suffix u32 | inclusive u8 | sequence u128 | reader u32 | issued at u64 | seal 16 )
//! ```
//! Version 1 was the same without the reader. The seal is a keyed hash over the ARN and everything before it, so that no one can make an iterator up.

use std::hash::{Hash, Hasher};
use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use siphasher::sip128::{Hasher128, SipHasher24};
use subtle::ConstantTimeEq;

use super::ShardId;
use crate::api::message::table as text;
use crate::api::{Error, ErrorCode, Result};
use crate::clock::{Millis, millis};
use crate::entropy::Entropy;
use crate::limits::ITERATOR_LIFETIME;
use crate::store::Sequence;

const VERSION: u8 = 2;
/// Without a reader.
const VERSION_1: u8 = 1;
const ZEROS: usize = 8;
const SEALED_BYTES: usize = ZEROS + 1 + 8 + 4 + 1 + 16 + READER_BYTES + 8;
const READER_BYTES: usize = 4;
const SEAL_BYTES: usize = 16;

/// A place in a shard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Position {
    /// At this record.
    At(Sequence),
    /// After this record.
    After(Sequence),
}

impl Position {
    pub(crate) fn bound(self) -> Bound<Sequence> {
        match self {
            Position::At(sequence) => Bound::Included(sequence),
            Position::After(sequence) => Bound::Excluded(sequence),
        }
    }

    /// Whether a record is still to be read from here.
    pub(crate) fn is_before(self, record: Sequence) -> bool {
        match self {
            Position::At(sequence) => sequence <= record,
            Position::After(sequence) => sequence < record,
        }
    }

    /// Whether every record from here on is younger than the trim point.
    pub(crate) fn is_beyond(self, trimmed: Option<Sequence>) -> bool {
        match (self, trimmed) {
            (_, None) => true,
            (Position::At(sequence), Some(trimmed)) => sequence > trimmed,
            (Position::After(sequence), Some(trimmed)) => sequence >= trimmed,
        }
    }
}

/// What an iterator says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub(crate) shard: ShardId,
    pub(crate) position: Position,
    /// Whose it is, who began with an iterator and goes on with those that its pages led to.
    pub(crate) reader: u32,
    pub(crate) issued_at: Millis,
}

/// The database's key for seals.
#[derive(Debug)]
pub(crate) struct IteratorKey(pub(crate) u64, pub(crate) u64);

impl IteratorKey {
    /// The key of a new database.
    ///
    /// # Errors
    /// `OpenException` when the system gives none.
    pub(crate) fn of_new(entropy: &Entropy) -> Result<IteratorKey> {
        let (first, second) = entropy.key(b"seals of iterators")?;
        Ok(IteratorKey(first, second))
    }

    /// A number for another purpose, which tells nothing of the key.
    pub(crate) fn derive(&self, purpose: &[u8]) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(self.0, self.1);
        hasher.write(purpose);
        hasher.finish128().h1
    }

    /// Writes an iterator.
    pub(crate) fn seal(&self, arn: &str, token: &Token) -> String {
        let mut bytes = Vec::with_capacity(SEALED_BYTES + SEAL_BYTES);
        let (inclusive, sequence) = match token.position {
            Position::At(sequence) => (1, sequence),
            Position::After(sequence) => (0, sequence),
        };
        bytes.extend_from_slice(&[0; ZEROS]);
        bytes.push(VERSION);
        bytes.extend_from_slice(&token.shard.created_at.to_be_bytes());
        bytes.extend_from_slice(&token.shard.suffix.to_be_bytes());
        bytes.push(inclusive);
        bytes.extend_from_slice(&sequence.0.to_be_bytes());
        bytes.extend_from_slice(&token.reader.to_be_bytes());
        bytes.extend_from_slice(&token.issued_at.to_be_bytes());
        bytes.extend_from_slice(&self.hash(arn, &bytes));
        format!("{arn}|1|{}", STANDARD.encode(bytes))
    }

    /// Reads an iterator; returns the stream's ARN and what the iterator says.
    ///
    /// # Errors
    /// `ValidationException` for anything this database did not write; `ExpiredIteratorException` after 15 minutes.
    pub(crate) fn open<'a>(&self, iterator: &'a str, now: Millis) -> Result<(&'a str, Token)> {
        let (arn, token) = self.parts(iterator).ok_or_else(|| Error::validation(text::invalid_iterator()))?;
        if now >= token.issued_at.saturating_add(millis(ITERATOR_LIFETIME)) {
            return Err(Error::new(ErrorCode::ExpiredIterator, text::expired_iterator()));
        }
        Ok((arn, token))
    }

    fn parts<'a>(&self, iterator: &'a str) -> Option<(&'a str, Token)> {
        let (head, body) = iterator.rsplit_once('|')?;
        let arn = head.strip_suffix("|1")?;
        let bytes = STANDARD.decode(body).ok()?;
        let version = *bytes.get(ZEROS)?;
        let sealed = if version == VERSION_1 { SEALED_BYTES - READER_BYTES } else { SEALED_BYTES };
        let (content, seal) = bytes.split_at_checked(sealed)?;
        // In constant time: how much of a seal is right must not be told by how long it took to find out.
        if !bool::from(seal.ct_eq(&self.hash(arn, content))) {
            return None;
        }
        let (content, issued_at) = content.split_last_chunk::<8>()?;
        let (content, reader) = match version {
            VERSION_1 => (content, &[0; READER_BYTES]),
            VERSION => content.split_last_chunk::<READER_BYTES>()?,
            _ => return None,
        };
        let (content, sequence) = content.split_last_chunk::<16>()?;
        let (content, inclusive) = content.split_last_chunk::<1>()?;
        let (content, suffix) = content.split_last_chunk::<4>()?;
        let (_, created_at) = content.split_last_chunk::<8>()?;
        let sequence = Sequence(u128::from_be_bytes(*sequence));
        let position = if inclusive[0] == 1 { Position::At(sequence) } else { Position::After(sequence) };
        let shard =
            ShardId { created_at: u64::from_be_bytes(*created_at), suffix: u32::from_be_bytes(*suffix) };
        let (reader, issued_at) = (u32::from_be_bytes(*reader), u64::from_be_bytes(*issued_at));
        Some((arn, Token { shard, position, reader, issued_at }))
    }

    /// The number of a reader that begins in a shard at a place and a moment.
    pub(crate) fn reader(&self, arn: &str, shard: ShardId, position: Position, now: Millis) -> u32 {
        let mut hasher = SipHasher24::new_with_keys(self.0, self.1);
        (arn, "reader", shard, position, now).hash(&mut hasher);
        hasher.finish128().h1 as u32
    }

    /// A seal over content that is not an iterator's of here; a purpose is no ARN.
    pub(crate) fn seal_of(&self, purpose: &str, content: &[u8]) -> [u8; SEAL_BYTES] {
        self.hash(purpose, content)
    }

    /// Whether that is its seal; in constant time, as above.
    pub(crate) fn is_seal_of(&self, purpose: &str, content: &[u8], seal: &[u8]) -> bool {
        bool::from(seal.ct_eq(&self.hash(purpose, content)))
    }

    fn hash(&self, arn: &str, content: &[u8]) -> [u8; SEAL_BYTES] {
        let mut hasher = SipHasher24::new_with_keys(self.0, self.1);
        hasher.write(arn.as_bytes());
        hasher.write(content);
        hasher.finish128().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iterators_come_back_and_cannot_be_made_up() {
        let key = IteratorKey(1, 2);
        let token = Token {
            shard: ShardId { created_at: 5, suffix: 6 },
            position: Position::After(Sequence(7)),
            reader: 8,
            issued_at: 1000,
        };
        let text = key.seal("arn:x", &token);
        assert!(text.starts_with("arn:x|1|AAAAAAAAAA"));
        assert_eq!(key.open(&text, 1000).expect("valid"), ("arn:x", token));
        assert_eq!(key.open(&text, 1000 + 899_999).expect("valid").1, token);
        assert_eq!(key.open(&text, 1000 + 900_000).expect_err("old").code(), ErrorCode::ExpiredIterator);
        let refused = |text: &str| key.open(text, 0).expect_err(text).code();
        assert_eq!(refused("garbage"), ErrorCode::Validation);
        assert_eq!(refused(&text.replace("arn:x", "arn:y")), ErrorCode::Validation);
        assert_eq!(refused(&IteratorKey(1, 3).seal("arn:x", &token)), ErrorCode::Validation);
        for at in 8..text.len() {
            let mut broken = text.clone().into_bytes();
            broken[at] = if broken[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(refused(&String::from_utf8(broken).expect("ASCII")), ErrorCode::Validation);
        }
    }
}
