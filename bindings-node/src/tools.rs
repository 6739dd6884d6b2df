//! The tools for items and records, by name.

use napi::bindgen_prelude::{Int32ArraySlice, Uint8ArraySlice};
use napi::{Env, JsString};
use napi_derive::napi;
use streamtable::{ErrorCode, records};

use crate::database::Parts;
use crate::outcome::{Outcome, outcome};

/// Runs a tool of the engine on what the tape holds.
#[napi]
pub fn tool(
    env: Env,
    name: String,
    text: JsString<'_>,
    words: Int32ArraySlice<'_>,
    bytes: Uint8ArraySlice<'_>,
) -> napi::Result<Outcome> {
    let parts = Parts::of(&env, &text, &words, &bytes)?;
    Ok(outcome(|| parts.read(ErrorCode::Serialization, |tape| records::run(&name, tape))))
}
