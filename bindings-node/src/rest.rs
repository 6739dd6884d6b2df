//! Requests whose operation their path tells, as HTTP has them, for SDK clients that are served in this process.

use napi::bindgen_prelude::{Buffer, Either, Uint8ArraySlice};
use napi_derive::napi;
use streamtable::unstable::registry::rest::invoke::{self, Begun};
use streamtable::unstable::registry::rest::{self, Head, RestAnswer, Routed};

use crate::database::NativeDatabase;
use crate::outcome::{Outcome, guarded};

/// An answer to a request whose operation its path tells.
#[napi(object)]
#[allow(missing_debug_implementations, reason = "bytes of the host have none")]
pub struct PathAnswer {
    /// The status.
    pub status: u32,
    /// Names and values of its headers, by turns.
    pub headers: Vec<String>,
    /// The body.
    pub body: Buffer,
}

#[napi]
impl NativeDatabase {
    /// Answers a request; nothing where there is no such path. `headers` are names and values by turns. Of a request to invoke a function it is
    /// the task as text, which `finishInvocation` takes.
    #[napi]
    pub fn answer_path(
        &self,
        method: String,
        target: String,
        headers: Vec<String>,
        body: Uint8ArraySlice<'_>,
        request_id: String,
    ) -> Option<Either<PathAnswer, String>> {
        let headers: Vec<(String, String)> =
            headers.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        let begun = match rest::route(&Head { method: &method, target: &target, headers: &headers })? {
            Routed::Invoke(invoke) => {
                let begun = guarded(|| {
                    Ok(invoke.begin(&|request| self.database.execute(request), &body, request_id))
                });
                begun.unwrap_or_else(|error| Begun::Answered(rest::refusal(&error)))
            }
            routed => {
                let outcome = guarded(|| self.database.execute(routed.request(&body)?));
                Begun::Answered(routed.answer(outcome, &request_id))
            }
        };
        Some(match begun {
            Begun::Answered(answer) => Either::A(told(answer)),
            Begun::Run(task) => Either::B(task.to_text()),
        })
    }
}

/// The answer to a request to invoke a function, after it was run: `outcome` is `Answered`, `Failed`, `TimedOut` or `NotReached`.
#[napi]
pub fn finish_invocation(
    task: String,
    outcome: String,
    payload: Uint8ArraySlice<'_>,
) -> Either<PathAnswer, Outcome> {
    match invoke::finish(&task, &outcome, payload.to_vec()) {
        Ok(answer) => Either::A(told(answer)),
        Err(error) => Either::B(Outcome::Error(error)),
    }
}

fn told(answer: RestAnswer) -> PathAnswer {
    PathAnswer {
        status: answer.status.into(),
        headers: answer.headers.into_iter().flat_map(|(name, value)| [name, value]).collect(),
        body: answer.body.into(),
    }
}
