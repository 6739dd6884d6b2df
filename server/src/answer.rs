//! Answers: status, body and the headers every answer carries.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, SERVER};
use hyper::{Response, StatusCode};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use streamtable::Error;

use crate::coding::Coding;
use crate::traffic::{Client, Held};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");
const CRC32: HeaderName = HeaderName::from_static("x-amz-crc32");

/// What a request is answered with, before it is framed.
#[derive(Debug)]
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: StatusCode,
    /// `Content-Type`, if the answer has one.
    pub(crate) content_type: Option<&'static str>,
    /// Headers that only this answer has; names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The header `x-amzn-query-error`, of errors of services that spoke otherwise before JSON.
    pub(crate) query_error: Option<String>,
    /// Code of the error that it is, if it is one.
    pub(crate) error: Option<String>,
    /// The body, whole.
    pub(crate) body: Vec<u8>,
    /// What follows on the connection.
    pub(crate) then: Then,
}

/// What follows an answer on its connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Then {
    /// The next request.
    KeepAlive,
    /// The end: the rest of the request was not read.
    Close,
}

impl Answer {
    /// An answer that is nothing but its status.
    pub(crate) fn empty(status: StatusCode, then: Then) -> Answer {
        Answer {
            status,
            content_type: None,
            headers: Vec::new(),
            query_error: None,
            error: None,
            body: Vec::new(),
            then,
        }
    }

    /// An error as JSON.
    pub(crate) fn of_error(error: &Error, content_type: &'static str) -> Answer {
        let status = StatusCode::from_u16(error.code().status());
        Answer {
            status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            content_type: Some(content_type),
            headers: Vec::new(),
            query_error: error.code().query_error(),
            error: Some(error.code().name().to_owned()),
            body: error.to_json(),
            then: Then::KeepAlive,
        }
    }

    /// Packs the body, if that is asked for, and adds the headers every answer carries (facts A1): who answers, a request id and the CRC-32 of
    /// the body as sent.
    pub(crate) fn framed(mut self, ids: &RequestIds, coding: Option<Coding>) -> Response<AnswerBody> {
        if let Some(coding) = coding {
            self.body = coding.pack(&self.body);
        }
        let checksum = crc32fast::hash(&self.body);
        // A request cut off at the size limit is answered in chunks, without a length (facts A1).
        let sized = self.status != StatusCode::PAYLOAD_TOO_LARGE;
        let mut response = Response::new(AnswerBody { bytes: Some(Bytes::from(self.body)), sized });
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(SERVER, HeaderValue::from_static("Server"));
        headers.insert(REQUEST_ID, ids.next());
        headers.insert(CRC32, HeaderValue::from(checksum));
        if let Some(content_type) = self.content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        if let Some(Ok(told)) = self.query_error.map(HeaderValue::try_from) {
            headers.insert(QUERY_ERROR, told);
        }
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        if self.then == Then::Close {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// A body that is already whole, with its length told or not.
#[derive(Debug)]
pub(crate) struct AnswerBody {
    bytes: Option<Bytes>,
    sized: bool,
}

impl AnswerBody {
    pub(crate) fn len(&self) -> usize {
        self.bytes.as_ref().map_or(0, Bytes::len)
    }

    /// Has the bytes counted among those of the client until all of them are sent.
    pub(crate) fn account(&mut self, client: &Arc<Client>) {
        if let Some(held) = client.hold_answer(self.len()) {
            self.bytes = self.bytes.take().map(|bytes| Bytes::from_owner(Counted { bytes, _held: held }));
        }
    }
}

/// Bytes that are counted for as long as somebody has them.
struct Counted {
    bytes: Bytes,
    _held: Held,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.bytes.take().filter(|bytes| !bytes.is_empty()).map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.sized && self.bytes.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        if self.sized {
            SizeHint::with_exact(self.bytes.as_ref().map_or(0, Bytes::len) as u64)
        } else {
            SizeHint::new()
        }
    }
}

/// Source of request ids: 52 characters of `0-9A-Z` (facts A1), different for every answer of a process.
#[derive(Debug)]
pub(crate) struct RequestIds {
    seed: u64,
    drawn: AtomicU64,
}

impl RequestIds {
    const LENGTH: usize = 52;
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// Ids that repeat for the same seed, or ids of their own for this process.
    pub(crate) fn new(seed: Option<u64>) -> RequestIds {
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(std::process::id()));
        RequestIds { seed, drawn: AtomicU64::new(0) }
    }

    /// The id of an answer.
    pub(crate) fn of<B>(response: &Response<B>) -> Option<&str> {
        response.headers().get(REQUEST_ID)?.to_str().ok()
    }

    /// One as text.
    pub(crate) fn next_text(&self) -> String {
        let id = self.next();
        id.to_str().expect("digits and capitals").to_owned()
    }

    fn next(&self) -> HeaderValue {
        // Twelve base-36 digits fit 64 bits.
        const DIGITS_PER_WORD: usize = 12;
        // Generators of different states, which begin with different words.
        let mut words =
            SplitMix64::seed_from_u64(self.seed.wrapping_add(self.drawn.fetch_add(1, Ordering::Relaxed)));
        let mut id = [0; Self::LENGTH];
        for digits in id.chunks_mut(DIGITS_PER_WORD) {
            let mut rest = words.next_u64();
            for digit in digits {
                *digit = Self::DIGITS[(rest % 36) as usize];
                rest /= 36;
            }
        }
        HeaderValue::from_bytes(&id).expect("digits and capitals are visible ASCII")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn request_ids_have_the_form_and_differ() {
        let ids = RequestIds::new(None);
        let drawn: HashSet<_> = (0..1_000).map(|_| ids.next()).collect();
        assert_eq!(drawn.len(), 1_000);
        for id in drawn {
            assert_eq!(id.len(), 52);
            assert!(id.as_bytes().iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()), "{id:?}");
        }
    }

    #[test]
    fn request_ids_repeat_with_the_seed() {
        let draw = |seed| RequestIds::new(Some(seed)).next();
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }
}
