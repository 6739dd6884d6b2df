//! Answers: their headers, which a browser holds to.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Frame};
use hyper::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};
use serde_json::json;
use streamtable::Error;
use tokio::sync::mpsc;

use crate::access::Refusal;

/// A body of an answer.
pub(crate) type AnswerBody = UnsyncBoxBody<Bytes, Infallible>;
/// An answer.
pub(crate) type Answer = Response<AnswerBody>;

const JSON: &str = "application/json";

/// An answer with a body of this type.
pub(crate) fn whole(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    finished(status, content_type, Full::new(body.into()).boxed_unsync())
}

/// An answer that was packed with gzip.
pub(crate) fn packed(content_type: &'static str, body: Bytes) -> Answer {
    let mut answer = whole(StatusCode::OK, content_type, body);
    answer.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    answer
}

/// An answer of an operation.
pub(crate) fn told(body: Vec<u8>) -> Answer {
    whole(StatusCode::OK, JSON, body)
}

/// An answer without a body.
pub(crate) fn nothing() -> Answer {
    whole(StatusCode::NO_CONTENT, JSON, Bytes::new())
}

/// A refusal, with a code and a text.
pub(crate) fn refused(status: StatusCode, code: &str, message: &str) -> Answer {
    whole(status, JSON, json!({"code": code, "message": message}).to_string())
}

/// The error of an operation.
pub(crate) fn failed(error: &Error) -> Answer {
    let status = StatusCode::from_u16(error.code().status()).expect("codes have statuses");
    refused(status, error.code().name(), error.message())
}

/// Those who may not look.
pub(crate) fn turned_away(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::Foreign => refused(
            StatusCode::FORBIDDEN,
            "Forbidden",
            "The inspector answers its own page, under loopback names and those that it was started with",
        ),
        Refusal::Locked => refused(
            StatusCode::UNAUTHORIZED,
            "Locked",
            "Open the address that was printed when the inspector was started: its last part is the key",
        ),
    }
}

/// The frames of a feed, as they come.
pub(crate) fn feed(frames: mpsc::Receiver<Bytes>) -> Answer {
    finished(StatusCode::OK, "text/event-stream", Frames(frames).boxed_unsync())
}

fn finished(status: StatusCode, content_type: &'static str, body: AnswerBody) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

struct Frames(mpsc::Receiver<Bytes>);

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|frame| frame.map(|bytes| Ok(Frame::data(bytes))))
    }
}
