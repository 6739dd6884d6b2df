//! Reading a request's body: whole, or not at all.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use streamtable::unstable::limits::REQUEST_MAX_BYTES;
use tokio::time::timeout;

use crate::traffic::{Client, Held};

/// Bytes of a refused body that are read and thrown away while it is refused, so that a client that only listens after sending gets to hear
/// the refusal. A client that sends more is cut off.
const DISCARD_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// How long that may take.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(30);

/// Room reserved for a body on the word of its `Content-Length` alone. What arrives makes room for itself.
const RESERVE_MAX_BYTES: u64 = 64 * 1024;

/// Why a body was not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unreceived {
    /// It has more than [`REQUEST_MAX_BYTES`].
    TooLarge,
    /// The connection broke, or its framing did.
    Broken,
    /// The client took longer than it may.
    Late,
    /// There was no room for it for as long.
    NoRoom,
}

/// Reads a body of at most [`REQUEST_MAX_BYTES`], when there is room for it. `waiting` clients (`Expect: 100-continue`) have sent nothing yet, so a
/// length that is too large is refused before a byte of it.
///
/// # Errors
/// As [`Unreceived`] says.
pub(crate) async fn receive(
    body: Incoming,
    waiting: bool,
    client: &Arc<Client>,
) -> Result<(Bytes, Held), Unreceived> {
    let told = body.size_hint().lower();
    if told > REQUEST_MAX_BYTES as u64 {
        turn_away(body, waiting);
        return Err(Unreceived::TooLarge);
    }
    let patience = client.limits().body_timeout();
    // The whole of it at once: bodies that are read in part would wait for each other.
    let Ok(mut held) = timeout(patience, client.hold_body(told as usize)).await else {
        turn_away(body, waiting);
        return Err(Unreceived::NoRoom);
    };
    let gathered = timeout(patience, gather(body, told, &mut held)).await;
    Ok((gathered.map_err(|_| Unreceived::Late)??, held))
}

// Not by `http_body_util::Limited`: it keeps the body it gives up on, and the rest of a refused one has to be read.
async fn gather(mut body: Incoming, told: u64, held: &mut Held) -> Result<Bytes, Unreceived> {
    let mut gathered: Vec<u8> = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Err(Unreceived::Broken) };
        let Ok(data) = frame.into_data() else { continue };
        let length = gathered.len() + data.len();
        if length > REQUEST_MAX_BYTES {
            turn_away(body, false);
            return Err(Unreceived::TooLarge);
        }
        if gathered.is_empty() {
            // Most requests arrive in one piece: hand it on as it is.
            if body.is_end_stream() {
                return Ok(data);
            }
            gathered.reserve(told.min(RESERVE_MAX_BYTES) as usize);
        }
        held.grow_to(length).await;
        gathered.extend_from_slice(&data);
    }
    Ok(Bytes::from(gathered))
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
