//! DynamoDB's HTTP protocol: which request is which operation (facts A1).
//!
//! What a request is refused for, in this order: method or path or content type (404), a body that is not JSON, an unknown target, missing
//! credentials. What is left goes to the core.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::task;

use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use serde::de::IgnoredAny;
use streamtable::{Database, Error, ErrorCode, Ticket, registry};

use crate::answer::{Answer, Then};
use crate::backups::Backups;

const JSON_1_0: &str = "application/x-amz-json-1.0";
const JSON: &str = "application/json";

/// Body of answers to requests that are not of this protocol (facts A1).
const NOT_OF_THIS_PROTOCOL: &[u8] = b"<UnknownOperationException/>\n";

/// The protocol over a database.
#[derive(Debug)]
pub(crate) struct Protocol {
    database: Database,
    /// What requests may have written; none where there is nothing to write.
    backups: Option<Backups>,
    health: String,
}

impl Protocol {
    pub(crate) fn new(database: Database, backups: Option<Backups>) -> Protocol {
        // The trailing space is the service's (facts A1).
        let health = format!("healthy: dynamodb.{}.amazonaws.com ", database.region());
        Protocol { database, backups, health }
    }

    /// Answers a request.
    pub(crate) async fn answer(&self, head: &Parts, body: &[u8]) -> Answer {
        let content_type = match (&head.method, head.uri.path(), content_type(&head.headers)) {
            (&Method::GET, "/", _) => return text(StatusCode::OK, self.health.as_bytes()),
            (&Method::POST, "/", ContentType::Json(name)) => name,
            (&Method::POST, "/", ContentType::Missing) if body.is_empty() => JSON,
            _ => return text(StatusCode::NOT_FOUND, NOT_OF_THIS_PROTOCOL),
        };
        let (status, body) = match self.operation(head, body).await {
            Ok(output) => (StatusCode::OK, output),
            Err(error) => {
                let status = StatusCode::from_u16(error.code().status());
                (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), error.to_json())
            }
        };
        Answer { status, content_type: Some(content_type), body, then: Then::KeepAlive }
    }

    async fn operation(&self, head: &Parts, body: &[u8]) -> Result<Vec<u8>, Error> {
        let operation = operation_of(&head.headers).ok_or(ErrorCode::UnknownOperation).and_then(|name| {
            if has_credentials(head) { Ok(name) } else { Err(ErrorCode::MissingAuthenticationToken) }
        });
        match operation {
            Ok(operation) => self.call(operation, body).await,
            // The service reads the body before it looks at the target. Reading it twice is for refused requests only.
            Err(_) if !body.is_empty() && serde_json::from_slice::<IgnoredAny>(body).is_err() => {
                Err(Error::bare(ErrorCode::Serialization))
            }
            Err(ErrorCode::MissingAuthenticationToken) => Err(Error::new(
                ErrorCode::MissingAuthenticationToken,
                "Request is missing Authentication Token",
            )),
            Err(code) => Err(Error::bare(code)),
        }
    }

    /// Calls on the thread that serves the connection: a call takes microseconds, a full page a few milliseconds, less than the way to a
    /// thread pool and back is worth. Waiting for a disk is left to the pool: the requests that arrive meanwhile then share its next write.
    async fn call(&self, operation: &str, body: &[u8]) -> Result<Vec<u8>, Error> {
        let (result, ticket) = match &self.backups {
            Some(backups) if operation == Backups::OPERATION => {
                let body = backups.admit(body)?;
                task::block_in_place(|| self.start(operation, &body))?
            }
            // What takes as long as the database is large must not hold up what the thread has to do besides.
            _ if operation == "Compact" => task::block_in_place(|| self.start(operation, body))?,
            _ => self.start(operation, body)?,
        };
        if !self.database.is_settled(ticket) {
            let database = self.database.clone();
            let settling = task::spawn_blocking(move || contained(|| database.settle(ticket)));
            // The pool refuses only when the server ends; then nobody may be told that this is safe.
            settling.await.unwrap_or_else(|_| Err(Error::bare(ErrorCode::InternalServer)))?;
        }
        result
    }

    fn start(&self, operation: &str, body: &[u8]) -> Result<(Result<Vec<u8>, Error>, Ticket), Error> {
        contained(|| self.database.start_json(operation, body))
    }
}

/// Keeps a defect to itself: it answers one request with a 500, and leaves the others and the server alone.
fn contained<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::new(ErrorCode::InternalServer, "Internal server error")))
}

/// An answer that is not JSON.
fn text(status: StatusCode, body: &[u8]) -> Answer {
    Answer { status, content_type: None, body: body.to_vec(), then: Then::KeepAlive }
}

/// The operation a target names: `<prefix of the operation>.<operation>`. The registry knows which prefix belongs to which operation.
fn operation_of(headers: &HeaderMap) -> Option<&'static str> {
    let (prefix, name) = headers.get("x-amz-target")?.to_str().ok()?.split_once('.')?;
    registry::operation(name).filter(|known| known.target_prefix == prefix).map(|known| known.name)
}

/// Whether a request says who sent it, in a header or in its query. Anybody may use this database, so what it says is not looked at; that it
/// is there separates clients of the service from stray requests.
fn has_credentials(head: &Parts) -> bool {
    let in_query = |query: &str| query.split('&').any(|parameter| parameter.starts_with("X-Amz-"));
    head.headers.contains_key(AUTHORIZATION) || head.uri.query().is_some_and(in_query)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ContentType {
    Json(&'static str),
    Missing,
    Other,
}

fn content_type(headers: &HeaderMap) -> ContentType {
    let Some(value) = headers.get(CONTENT_TYPE) else { return ContentType::Missing };
    let Ok(text) = value.to_str() else { return ContentType::Other };
    let essence = text.split(';').next().unwrap_or(text).trim();
    match [JSON_1_0, JSON].into_iter().find(|known| essence.eq_ignore_ascii_case(known)) {
        Some(known) => ContentType::Json(known),
        None => ContentType::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content_type_of(text: &'static str) -> ContentType {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, text.parse().expect("a header"));
        content_type(&headers)
    }

    #[test]
    fn content_types() {
        assert_eq!(content_type_of("application/json"), ContentType::Json(JSON));
        assert_eq!(
            content_type_of("Application/X-Amz-Json-1.0 ; charset=utf-8"),
            ContentType::Json(JSON_1_0)
        );
        assert_eq!(content_type_of("application/x-amz-json-1.1"), ContentType::Other);
        assert_eq!(content_type_of(""), ContentType::Other);
        assert_eq!(content_type(&HeaderMap::new()), ContentType::Missing);
    }

    #[test]
    fn a_panic_is_an_error_of_one_request() {
        assert_eq!(contained(|| Ok(b"{}".to_vec())), Ok(b"{}".to_vec()));
        let error = contained::<()>(|| panic!("on purpose")).expect_err("a panic is no answer");
        assert_eq!((error.code().status(), error.code()), (500, ErrorCode::InternalServer));
    }

    #[test]
    fn a_target_needs_the_prefix_of_its_operation() {
        let operation = |target: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-amz-target", target.parse().expect("a header"));
            operation_of(&headers)
        };
        assert_eq!(operation("DynamoDB_20120810.PutItem"), Some("PutItem"));
        assert_eq!(operation("DynamoDBStreams_20120810.GetRecords"), Some("GetRecords"));
        assert_eq!(operation("Streamtable_20261120.AdvanceClock"), Some("AdvanceClock"));
        for wrong in [
            "DynamoDB_20120810.GetRecords",
            "DynamoDBStreams_20120810.PutItem",
            "DynamoDB_20120810.AdvanceClock",
            "DynamoDB_20111205.PutItem",
            "DynamoDB_20120810.putitem",
            "DynamoDB_20120810.PutItem.",
            "DynamoDB_20120810.",
            ".PutItem",
            "PutItem",
            "",
        ] {
            assert_eq!(operation(wrong), None, "{wrong}");
        }
    }
}
