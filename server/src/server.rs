//! What happens to a request: who may send it, its body, its turn, its answer.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use hyper::body::{Body, Bytes, Incoming};
use hyper::header::EXPECT;
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use streamtable::unstable::limits::REQUEST_MAX_BYTES;

use crate::access::{Access, Cors};
use crate::answer::{Answer, AnswerBody, RequestIds, Then};
use crate::coding::{self, Unreadable};
use crate::log::{AccessLog, Entry};
use crate::protocol::{JSON_1_0, Protocol, defect};
use crate::receive::{Unreceived, receive, turn_away};
use crate::socket::Peer;
use crate::traffic::{Client, Phase};

/// How much larger than itself a packed body can be: the most that the format can say with a bit.
const UNPACKED_MAX_RATIO: usize = 1_032;

/// All that answers requests.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) access: Access,
    pub(crate) protocol: Protocol,
    pub(crate) ids: Arc<RequestIds>,
    pub(crate) log: Option<Arc<AccessLog>>,
}

impl Server {
    /// Answers a request of a connection.
    pub(crate) async fn serve(
        self: Arc<Self>,
        client: Arc<Client>,
        peer: Peer,
        request: Request<Incoming>,
    ) -> Result<Response<AnswerBody>, Infallible> {
        client.enter(Phase::Receiving);
        let began = Instant::now();
        let (head, body) = request.into_parts();
        let mut received = 0;
        let (cors, answer) = match self.access.admit(&head) {
            Ok(Some(cors)) if Cors::asked(&head) => (Some(cors), allowance(body, &head)),
            Ok(cors) => (cors, self.answer(&head, body, &client, &mut received).await),
            Err(refusal) => {
                turn_away(body, waits(&head));
                (None, refusal)
            }
        };
        let coding = coding::asked_for(&head.headers, answer.body.len());
        let (status, error) = (answer.status, answer.error.clone());
        let mut response = answer.framed(&self.ids, coding);
        if let Some(cors) = cors {
            cors.add_to(&head, response.headers_mut());
        }
        if let Some(log) = &self.log {
            let (id, sent) = (RequestIds::of(&response), response.body().len());
            log.note(&Entry {
                head: &head,
                peer,
                began,
                id,
                status,
                error: error.as_deref(),
                received,
                sent,
            });
        }
        client.enter(Phase::Answering);
        response.body_mut().account(&client);
        Ok(response)
    }

    async fn answer(
        &self,
        head: &Parts,
        body: Incoming,
        client: &Arc<Client>,
        received: &mut usize,
    ) -> Answer {
        let empty = |status| Answer::empty(status, Then::Close);
        let (body, mut held) = match receive(body, waits(head), client).await {
            Ok(received) => received,
            Err(Unreceived::TooLarge) => return empty(StatusCode::PAYLOAD_TOO_LARGE),
            Err(Unreceived::Broken) => return empty(StatusCode::BAD_REQUEST),
            Err(Unreceived::Late) => return empty(StatusCode::REQUEST_TIMEOUT),
            Err(Unreceived::NoRoom) => return empty(StatusCode::SERVICE_UNAVAILABLE),
        };
        *received = body.len();
        if let Err(refusal) = self.access.verify(head, &body, SystemTime::now()) {
            return refusal;
        }
        client.enter(Phase::Queued);
        if coding::is_packed(&head.headers) {
            held.grow_to(body.len().saturating_mul(UNPACKED_MAX_RATIO).min(REQUEST_MAX_BYTES)).await;
        }
        let body: Bytes = match coding::unpacked(&head.headers, body) {
            Ok(body) => body,
            Err(Unreadable::TooLarge) => return empty(StatusCode::PAYLOAD_TOO_LARGE),
            Err(Unreadable::Broken) => return Answer::of_error(&defect(), JSON_1_0),
        };
        held.shrink_to(body.len());
        client.room_for_answer().await;
        self.protocol.answer(head, &body, client).await
    }
}

/// Whether the client sends the body when it is told to.
fn waits(head: &Parts) -> bool {
    head.headers.contains_key(EXPECT)
}

/// The answer to a browser that asks before it sends a page's request.
fn allowance(body: Incoming, head: &Parts) -> Answer {
    if body.is_end_stream() {
        return Answer::empty(StatusCode::OK, Then::KeepAlive);
    }
    turn_away(body, waits(head));
    Answer::empty(StatusCode::OK, Then::Close)
}
