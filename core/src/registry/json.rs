//! Requests and answers as the JSON of the HTTP protocol.

use serde::de::IgnoredAny;

use super::{Request, Response};
use crate::api::{Error, ErrorCode, Result};

impl Request {
    /// Reads the input of an operation from JSON text.
    ///
    /// # Errors
    /// `UnknownOperationException`; `SerializationException` for text that is no JSON, or input of another shape.
    pub fn from_json(operation: &str, body: &[u8]) -> Result<Request> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let request = Request::decode(operation, &mut deserializer).map_err(|error| match error.code() {
            // The service reads the body before it looks for the operation, or at a member (facts A1).
            ErrorCode::UnknownOperation | ErrorCode::Serialization
                if serde_json::from_slice::<IgnoredAny>(body).is_err() =>
            {
                Error::bare(ErrorCode::Serialization)
            }
            _ => error,
        })?;
        deserializer.end().map_err(|_| Error::bare(ErrorCode::Serialization))?;
        Ok(request)
    }
}

impl Response {
    /// The answer as JSON text.
    ///
    /// # Errors
    /// `InternalServerError` for an answer that JSON cannot say, which is a defect.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self)
            .map_err(|e| Error::new(ErrorCode::InternalServer, format!("An answer cannot be written: {e}")))
    }

    /// Reads the answer of an operation from JSON text.
    ///
    /// # Errors
    /// `InternalServerError` for text that is no answer of this operation.
    pub fn from_json(operation: &str, body: &[u8]) -> Result<Response> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let read = Response::decode(operation, &mut deserializer)
            .and_then(|response| deserializer.end().map(|()| response));
        read.map_err(|e| {
            Error::new(ErrorCode::InternalServer, format!("That is no answer of {operation}: {e}"))
        })
    }
}
