//! The HTTP protocol without HTTP, for SDK clients whose requests are served in this process.

use napi::bindgen_prelude::{Buffer, Uint8ArraySlice};
use napi_derive::napi;
use streamtable::registry;
use streamtable::{Error, ErrorCode};

use crate::database::NativeDatabase;
use crate::outcome::guarded;

/// An answer of the HTTP protocol.
#[napi(object)]
#[allow(missing_debug_implementations, reason = "bytes of the host have none")]
pub struct HttpAnswer {
    /// The status.
    pub status: u32,
    /// The body, JSON text.
    pub body: Buffer,
    /// CRC-32 of the body.
    pub crc32: u32,
}

#[napi]
impl NativeDatabase {
    /// Answers a request: `target` is its `X-Amz-Target` header.
    #[napi]
    pub fn answer_http(&self, target: String, body: Uint8ArraySlice<'_>) -> HttpAnswer {
        let answer = guarded(|| {
            let body = operation_of(&target).and_then(|name| self.database.call_json(name, &body));
            Ok(body.map_or_else(|error| answer_of(&error), |body| (OK, body)))
        });
        let (status, body) = answer.unwrap_or_else(|panic| answer_of(&panic));
        HttpAnswer { status, crc32: crc32fast::hash(&body), body: body.into() }
    }
}

const OK: u32 = 200;

fn answer_of(error: &Error) -> (u32, Vec<u8>) {
    (u32::from(error.code().status()), error.to_json())
}

/// The operation a target names, if its prefix is the one the operation is under.
fn operation_of(target: &str) -> Result<&str, Error> {
    target
        .split_once('.')
        .filter(|(prefix, name)| {
            registry::operation(name).is_some_and(|operation| operation.target_prefix == *prefix)
        })
        .map(|(_, name)| name)
        .ok_or_else(|| Error::bare(ErrorCode::UnknownOperation))
}
