//! `NextToken`: where a SELECT goes on, sealed, good for the same statement with the same parameters.
//!
//! ```text
//! base64( version 1 | request 16 | run u16 BE | row key | seal 16 )
//! ```

use std::hash::Hasher;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use siphasher::sip128::{Hasher128, SipHasher24};
use subtle::ConstantTimeEq;

use crate::api::message::statement as text;
use crate::api::{Error, Result};
use crate::store::TableId;
use crate::stream::IteratorKey;
use crate::value::Value;

const VERSION: u8 = 1;
const HASH_BYTES: usize = 16;

/// What a token is good for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) statement: &'a str,
    pub(super) parameters: &'a [&'a Value],
}

/// The row that was read last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Resumed {
    pub(super) run: usize,
    pub(super) row: Vec<u8>,
}

/// Seals and opens the tokens of one request.
#[derive(Debug)]
pub(super) struct Tokens {
    keys: (u64, u64),
    request: [u8; HASH_BYTES],
}

impl Tokens {
    /// Those of a request on a table: one that is made anew under its name has other tokens.
    pub(super) fn of(key: &IteratorKey, table: TableId, request: Request<'_>) -> Tokens {
        let keys = (key.derive(b"seals of next tokens"), key.derive(b"seals of next tokens, second half"));
        let mut hasher = SipHasher24::new_with_keys(keys.0, keys.1);
        hasher.write(&table.0.to_be_bytes());
        hasher.write(&(request.statement.len() as u64).to_be_bytes());
        hasher.write(request.statement.as_bytes());
        for parameter in request.parameters {
            hasher.write(parameter.as_bytes());
        }
        Tokens { keys, request: hasher.finish128().as_bytes() }
    }

    pub(super) fn seal(&self, run: usize, row: &[u8]) -> String {
        let run = u16::try_from(run).expect("a statement makes 50 reads at most");
        let mut bytes = Vec::with_capacity(1 + HASH_BYTES + 2 + row.len() + HASH_BYTES);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.request);
        bytes.extend_from_slice(&run.to_be_bytes());
        bytes.extend_from_slice(row);
        let seal = self.hash(&bytes);
        bytes.extend_from_slice(&seal);
        STANDARD.encode(bytes)
    }

    /// # Errors
    /// `ValidationException` for what this database did not write, and for the token of another request.
    pub(super) fn open(&self, token: &str) -> Result<Resumed> {
        let (request, resumed) =
            self.parts(token).ok_or_else(|| Error::validation(text::invalid_next_token()))?;
        if request == self.request { Ok(resumed) } else { Err(Error::validation(text::other_next_token())) }
    }

    fn parts(&self, token: &str) -> Option<([u8; HASH_BYTES], Resumed)> {
        let bytes = STANDARD.decode(token).ok()?;
        let (content, seal) = bytes.split_last_chunk::<HASH_BYTES>()?;
        // In constant time: how much of a seal is right must not be told by how long it took to find out.
        if !bool::from(seal.ct_eq(&self.hash(content))) {
            return None;
        }
        let content = content.strip_prefix(&[VERSION])?;
        let (request, content) = content.split_first_chunk::<HASH_BYTES>()?;
        let (run, row) = content.split_first_chunk::<2>()?;
        Some((*request, Resumed { run: usize::from(u16::from_be_bytes(*run)), row: row.to_vec() }))
    }

    fn hash(&self, content: &[u8]) -> [u8; HASH_BYTES] {
        let mut hasher = SipHasher24::new_with_keys(self.keys.0, self.keys.1);
        hasher.write(content);
        hasher.finish128().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(table: u64, statement: &str) -> Tokens {
        Tokens::of(&IteratorKey(1, 2), TableId(table), Request { statement, parameters: &[] })
    }

    #[test]
    fn tokens_come_back_to_their_request_alone_and_cannot_be_made_up() {
        let own = tokens(1, "SELECT");
        let token = own.seal(7, b"row");
        assert_eq!(own.open(&token).expect("valid"), Resumed { run: 7, row: b"row".to_vec() });
        let refused =
            |tokens: &Tokens, token: &str| tokens.open(token).expect_err(token).message().to_owned();
        assert_eq!(refused(&tokens(1, "select"), &token), "NextToken does not match request");
        assert_eq!(refused(&tokens(2, "SELECT"), &token), "NextToken does not match request");
        assert_eq!(refused(&own, "garbage"), "Invalid NextToken");
        for at in 0..token.len() {
            let mut broken = token.clone().into_bytes();
            broken[at] = if broken[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(refused(&own, &String::from_utf8(broken).expect("ASCII")), "Invalid NextToken");
        }
    }
}
