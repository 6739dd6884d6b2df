//! A connection's bytes: whether they get anywhere, and refusals of what is no request.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::StatusCode;
use hyper::header::HeaderValue;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::answer::{Answer, RequestIds, Then};
use crate::socket::Stream;
use crate::traffic::{Client, PROGRESS_BYTES, Phase};

/// Bytes that are read after a refusal and thrown away, so that a client that only listens after sending gets to hear it.
const DISCARD_MAX_BYTES: usize = 1024 * 1024;

/// A socket that fails when its client takes nothing for too long.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: Stream,
    client: Arc<Client>,
    ids: Arc<RequestIds>,
    /// When waiting for the client to take something ends.
    patience: Option<Pin<Box<Sleep>>>,
    /// Bytes since it last got somewhere.
    moved: usize,
    refusal: Option<Refusal>,
    discarded: usize,
}

/// What is said instead of the library's own refusal, and how much of it was taken.
#[derive(Debug)]
struct Refusal {
    bytes: Vec<u8>,
    sent: usize,
}

impl Wire {
    pub(crate) fn new(stream: Stream, client: Arc<Client>, ids: Arc<RequestIds>) -> Wire {
        Wire { stream, client, ids, patience: None, moved: 0, refusal: None, discarded: 0 }
    }

    fn advance(&mut self, bytes: usize) {
        self.moved += bytes;
        if self.moved >= PROGRESS_BYTES {
            self.moved = 0;
            self.patience = None;
            self.client.advance();
        }
    }

    /// Counts what was taken, and ends the connection of a client that takes nothing.
    fn taken(&mut self, taken: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match taken {
            Poll::Ready(Ok(bytes)) => self.advance(bytes),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                let patience = self.client.limits().answer_timeout();
                let patience = self.patience.get_or_insert_with(|| Box::pin(sleep(patience)));
                ready!(patience.as_mut().poll(cx));
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
        taken
    }

    /// Whatever is written while a request is awaited is the library's own answer to one that it cannot read. The service answers all of them
    /// with 400, and a frame as every answer has.
    fn refuse(&mut self, written: &[IoSlice<'_>], cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let refusal = self.refusal.get_or_insert_with(|| Refusal {
            bytes: refusal(
                &written.iter().flat_map(|part| part.iter().copied()).collect::<Vec<_>>(),
                &self.ids,
            ),
            sent: 0,
        });
        while refusal.sent < refusal.bytes.len() {
            refusal.sent +=
                ready!(Pin::new(&mut self.stream).poll_write(cx, &refusal.bytes[refusal.sent..]))?;
        }
        Poll::Ready(Ok(written.iter().map(|part| part.len()).sum()))
    }
}

/// A refusal with the headers that the library gave it, the date among them, under our own status and with the frame of an answer.
fn refusal(given: &[u8], ids: &RequestIds) -> Vec<u8> {
    let (frame, _) = Answer::empty(StatusCode::BAD_REQUEST, Then::Close).framed(ids, None).into_parts();
    let mut bytes = b"HTTP/1.1 400 Bad Request\r\n".to_vec();
    let line =
        |(name, value): (_, &HeaderValue)| [str::as_bytes(name), b": ", value.as_bytes(), b"\r\n"].concat();
    let is_given = |name: &str| {
        given.split(|byte| *byte == b'\n').any(|line| {
            line.get(..name.len()).is_some_and(|given| given.eq_ignore_ascii_case(name.as_bytes()))
        })
    };
    for (name, value) in frame.headers.iter().filter(|(name, _)| !is_given(name.as_str())) {
        bytes.extend(line((name.as_str(), value)));
    }
    let after_status = given.iter().position(|byte| *byte == b'\n').map_or(given.len(), |at| at + 1);
    bytes.extend_from_slice(&given[after_status..]);
    bytes
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        // Bytes of a request's head get a client nowhere: it could send one a second.
        if self.client.phase() == Phase::Receiving {
            let bytes = buffer.filled().len() - before;
            self.advance(bytes);
        }
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.refusal.is_some() || self.client.phase() == Phase::Awaiting {
            let refused = self.refuse(&[IoSlice::new(bytes)], cx);
            return self.taken(refused, cx);
        }
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.taken(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.refusal.is_some() || self.client.phase() == Phase::Awaiting {
            let refused = self.refuse(parts, cx);
            return self.taken(refused, cx);
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.taken(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        // All that was to be sent is with the system.
        if self.client.phase() == Phase::Answering {
            self.moved = 0;
            self.patience = None;
            self.client.enter(Phase::Awaiting);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        if self.refusal.is_none() {
            return Poll::Ready(Ok(()));
        }
        // Closed with bytes unread, the connection would be reset, and the refusal with it.
        let patience = self.client.limits().answer_timeout();
        let mut bytes = [0; 8 * 1024];
        while self.discarded < DISCARD_MAX_BYTES {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => break,
                Poll::Ready(Ok(())) => self.discarded += buffer.filled().len(),
                Poll::Ready(Err(e)) => return Poll::Ready(Err(e)),
                Poll::Pending => {
                    let patience = self.patience.get_or_insert_with(|| Box::pin(sleep(patience)));
                    ready!(patience.as_mut().poll(cx));
                    break;
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}
