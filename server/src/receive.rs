//! Reading a request's body: whole, or not at all.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use streamtable::unstable::limits::REQUEST_MAX_BYTES;
use tokio::time::timeout;

/// Bytes of a refused body that are read and thrown away while it is refused, so that a client that only listens after sending gets to hear
/// the refusal. A client that sends more is cut off.
const DISCARD_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// How long that may take.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(30);

/// Room reserved for a body on the word of its `Content-Length` alone. What arrives makes room for itself.
const RESERVE_MAX_BYTES: u64 = 64 * 1024;

/// How reading ended.
#[derive(Debug)]
pub(crate) enum Received {
    /// The body.
    Whole(Bytes),
    /// More than [`REQUEST_MAX_BYTES`].
    TooLarge,
    /// The connection broke, or its framing did.
    Broken,
}

/// Reads a body of at most [`REQUEST_MAX_BYTES`]. `waiting` clients (`Expect: 100-continue`) have sent nothing yet, so a length that is too
/// large is refused before a byte of it.
// Not by `http_body_util::Limited`: it keeps the body it gives up on, and the rest of a refused one has to be read.
pub(crate) async fn receive(mut body: Incoming, waiting: bool) -> Received {
    let limit = REQUEST_MAX_BYTES as u64;
    let told = body.size_hint().lower();
    if told > limit {
        turn_away(body, waiting);
        return Received::TooLarge;
    }
    let mut gathered: Vec<u8> = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Received::Broken };
        let Ok(data) = frame.into_data() else { continue };
        if gathered.len() as u64 + data.len() as u64 > limit {
            turn_away(body, false);
            return Received::TooLarge;
        }
        if gathered.is_empty() {
            // Most requests arrive in one piece: hand it on as it is.
            if body.is_end_stream() {
                return Received::Whole(data);
            }
            gathered.reserve(told.min(RESERVE_MAX_BYTES) as usize);
        }
        gathered.extend_from_slice(&data);
    }
    Received::Whole(Bytes::from(gathered))
}

/// Has the rest of a refused body read and thrown away; of a client that waits for leave to send it, nothing comes.
pub(crate) fn turn_away(body: Incoming, waiting: bool) {
    if !waiting && !body.is_end_stream() {
        tokio::spawn(timeout(DISCARD_TIMEOUT, discard(body)));
    }
}

async fn discard(mut body: Incoming) {
    let mut discarded = 0;
    while discarded < DISCARD_MAX_BYTES {
        match body.frame().await {
            Some(Ok(frame)) => discarded += frame.data_ref().map_or(0, |data| data.len() as u64),
            Some(Err(_)) | None => return,
        }
    }
}
