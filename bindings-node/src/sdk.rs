//! The HTTP protocol without HTTP, for SDK clients whose requests are served in this process.

use napi::bindgen_prelude::{Buffer, Uint8ArraySlice};
use napi_derive::napi;
use streamtable::unstable::registry;
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
    /// What the header `x-amzn-query-error` says, of errors of services that have it.
    pub query_error: Option<String>,
}

#[napi]
impl NativeDatabase {
    /// Answers a request: `target` is its `X-Amz-Target` header.
    #[napi]
    pub fn answer_http(&self, target: String, body: Uint8ArraySlice<'_>) -> HttpAnswer {
        HttpAnswer::of(guarded(|| self.database.call_json(operation_of(&target)?, &body)))
    }

    /// As `answerHttp`, without waiting for a disk.
    #[napi]
    pub fn start_http(&self, target: String, body: Uint8ArraySlice<'_>) -> HttpAnswer {
        self.pending.begin();
        HttpAnswer::of(guarded(|| {
            let (result, ticket) = self.database.start_json(operation_of(&target)?, &body)?;
            self.pending.note(&self.database, ticket);
            result
        }))
    }
}

/// The answer of the HTTP protocol for an error by its code.
#[napi]
pub fn error_http(code: String, message: String) -> HttpAnswer {
    let code = ErrorCode::ALL.iter().find(|known| known.name() == code);
    HttpAnswer::of(Err(Error::new(code.copied().unwrap_or(ErrorCode::InternalServer), message)))
}

impl HttpAnswer {
    fn of(result: Result<Vec<u8>, Error>) -> HttpAnswer {
        let (status, body, query_error) = match result {
            Ok(body) => (200, body, None),
            Err(error) => (u32::from(error.code().status()), error.to_json(), error.code().query_error()),
        };
        HttpAnswer { status, crc32: crc32fast::hash(&body), body: body.into(), query_error }
    }
}

fn operation_of(target: &str) -> Result<&'static str, Error> {
    let unknown = || match target.split_once('.') {
        // A client of the service knows this operation.
        Some((_, name)) if !name.is_empty() => {
            Error::new(ErrorCode::UnknownOperation, unknown_operation(name.to_owned()))
        }
        _ => Error::bare(ErrorCode::UnknownOperation),
    };
    Ok(registry::by_target(target).ok_or_else(unknown)?.name)
}

/// What is said of an operation that is not there.
#[napi]
pub fn unknown_operation(name: String) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let shown: String = name.chars().take(100).collect();
    format!(
        "streamtable {version} has no operation {shown}; what it has: \
         https://github.com/streamtable/streamtable/blob/main/docs/compatibility.md"
    )
}
