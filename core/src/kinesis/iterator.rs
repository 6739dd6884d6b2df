//! Iterators over shards and tokens of lists: opaque, sealed, good for 5 minutes.
//!
//! ```text
//! base64( 0 0 0 0 0 0 0 kind | issued at u64 | what it says | seal 16 )
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::clock::{Millis, millis};
use crate::limits::KINESIS_ITERATOR_LIFETIME;
use crate::store::Sequence;
use crate::stream::{IteratorKey, Position};

const SEAL_BYTES: usize = 16;
/// What seals are for: those of other streams are not good here.
const PURPOSE: &str = "kinesis";
const ITERATOR: u8 = 1;
const LISTING: u8 = 2;

/// Why an iterator or token cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum IteratorFault {
    /// It was not written here.
    Invalid,
    /// It was issued at this moment, too long ago.
    Expired(Millis),
}

/// What an iterator says: a place in a shard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub(crate) stream: String,
    pub(crate) shard: u32,
    /// The log of the shard's stream may be another one by now; then the place is its beginning.
    pub(crate) second: u64,
    pub(crate) position: Position,
}

impl Place {
    /// Writes an iterator.
    pub(crate) fn seal(&self, key: &IteratorKey, now: Millis) -> String {
        let (inclusive, sequence) = match self.position {
            Position::At(sequence) => (1, sequence),
            Position::After(sequence) => (0, sequence),
        };
        let mut body = self.shard.to_be_bytes().to_vec();
        body.extend_from_slice(&self.second.to_be_bytes());
        body.push(inclusive);
        body.extend_from_slice(&sequence.0.to_be_bytes());
        body.extend_from_slice(self.stream.as_bytes());
        seal(key, ITERATOR, &body, now)
    }

    /// Reads an iterator.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(crate) fn open(key: &IteratorKey, text: &str, now: Millis) -> Result<Place, IteratorFault> {
        let body = open(key, ITERATOR, text, now)?;
        let parts = || {
            let (shard, rest) = body.split_first_chunk::<4>()?;
            let (second, rest) = rest.split_first_chunk::<8>()?;
            let (inclusive, rest) = rest.split_first()?;
            let (sequence, name) = rest.split_first_chunk::<16>()?;
            let sequence = Sequence(u128::from_be_bytes(*sequence));
            Some(Place {
                stream: String::from_utf8(name.to_vec()).ok()?,
                shard: u32::from_be_bytes(*shard),
                second: u64::from_be_bytes(*second),
                position: if *inclusive == 1 { Position::At(sequence) } else { Position::After(sequence) },
            })
        };
        parts().ok_or(IteratorFault::Invalid)
    }
}

/// Which shards a list has, as far as later pages must know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ListingFilter {
    All,
    /// Open at a moment.
    At(Millis),
    /// Open at a moment or after it.
    From(Millis),
}

/// What the token of a list says: where the next page begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Listing {
    /// Of the stream whose shards are listed; of the last stream where streams are.
    pub(crate) stream: String,
    /// The last shard; none where streams are listed.
    pub(crate) after: Option<u32>,
    pub(crate) filter: ListingFilter,
}

impl Listing {
    /// Writes a token.
    pub(crate) fn seal(&self, key: &IteratorKey, now: Millis) -> String {
        let (kind, moment) = match self.filter {
            ListingFilter::All => (0, 0),
            ListingFilter::At(moment) => (1, moment),
            ListingFilter::From(moment) => (2, moment),
        };
        let mut body = vec![u8::from(self.after.is_some()), kind];
        body.extend_from_slice(&self.after.unwrap_or(0).to_be_bytes());
        body.extend_from_slice(&moment.to_be_bytes());
        body.extend_from_slice(self.stream.as_bytes());
        seal(key, LISTING, &body, now)
    }

    /// Reads a token.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(crate) fn open(key: &IteratorKey, text: &str, now: Millis) -> Result<Listing, IteratorFault> {
        let body = open(key, LISTING, text, now)?;
        let parts = || {
            let ([has_shard, kind], rest) = body.split_first_chunk::<2>()?;
            let (after, rest) = rest.split_first_chunk::<4>()?;
            let (moment, name) = rest.split_first_chunk::<8>()?;
            let moment = u64::from_be_bytes(*moment);
            Some(Listing {
                stream: String::from_utf8(name.to_vec()).ok()?,
                after: (*has_shard == 1).then(|| u32::from_be_bytes(*after)),
                filter: match kind {
                    0 => ListingFilter::All,
                    1 => ListingFilter::At(moment),
                    _ => ListingFilter::From(moment),
                },
            })
        };
        parts().ok_or(IteratorFault::Invalid)
    }
}

fn seal(key: &IteratorKey, kind: u8, body: &[u8], now: Millis) -> String {
    let mut bytes = vec![0, 0, 0, 0, 0, 0, 0, kind];
    bytes.extend_from_slice(&now.to_be_bytes());
    bytes.extend_from_slice(body);
    bytes.extend_from_slice(&key.seal_of(PURPOSE, &bytes));
    STANDARD.encode(bytes)
}

fn open(key: &IteratorKey, kind: u8, text: &str, now: Millis) -> Result<Vec<u8>, IteratorFault> {
    let bytes = STANDARD.decode(text).map_err(|_| IteratorFault::Invalid)?;
    let sealed = || {
        let (content, seal) = bytes.split_at_checked(bytes.len().checked_sub(SEAL_BYTES)?)?;
        let head = content.strip_prefix(&[0, 0, 0, 0, 0, 0, 0, kind])?;
        let (issued_at, body) = head.split_first_chunk::<8>()?;
        key.is_seal_of(PURPOSE, content, seal).then(|| (u64::from_be_bytes(*issued_at), body.to_vec()))
    };
    let (issued_at, body) = sealed().ok_or(IteratorFault::Invalid)?;
    if now >= issued_at.saturating_add(millis(KINESIS_ITERATOR_LIFETIME)) {
        return Err(IteratorFault::Expired(issued_at));
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iterators_and_tokens_come_back_expire_and_cannot_be_made_up() {
        let key = IteratorKey(1, 2);
        let position = Position::After(Sequence(7));
        let place = Place { stream: "x".repeat(128), shard: 3, second: 4, position };
        let text = place.seal(&key, 1000);
        assert!(text.len() <= 512 && text.starts_with("AAAAAAAAAAE"), "{text}");
        assert_eq!(Place::open(&key, &text, 1000 + 299_999).as_ref(), Ok(&place));
        assert_eq!(Place::open(&key, &text, 1000 + 300_000), Err(IteratorFault::Expired(1000)));
        assert_eq!(Place::open(&IteratorKey(1, 3), &text, 1000), Err(IteratorFault::Invalid));
        assert_eq!(Listing::open(&key, &text, 1000), Err(IteratorFault::Invalid), "of another kind");
        for filter in [ListingFilter::All, ListingFilter::At(5), ListingFilter::From(6)] {
            let listing = Listing { stream: "s".into(), after: Some(9), filter };
            assert_eq!(Listing::open(&key, &listing.seal(&key, 0), 0), Ok(listing));
        }
        for at in 0..text.len() {
            let mut broken = text.clone().into_bytes();
            broken[at] = if broken[at] == b'A' { b'B' } else { b'A' };
            let broken = String::from_utf8(broken).expect("ASCII");
            assert_eq!(Place::open(&key, &broken, 1000), Err(IteratorFault::Invalid), "{at}");
        }
    }
}
