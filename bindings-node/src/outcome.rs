//! What a call comes to, as `lib/answer.js` reads it.
//!
//! ```text
//! undefined                                                  {}
//! text                                                       an answer that JSON says completely
//! { text, mends, bytes }                                     an answer with dates or bytes in it (see `answer.rs`)
//! { code, message, status, details: one of the above }          an error
//! ```
//! Errors come back as values: the JavaScript side makes the exception, with a stack that begins where the caller called.

use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::bindgen_prelude::{Object, ToNapiValue, TypeName, Uint8Array};
use napi::{Env, ValueType, sys};
use serde::Serialize;
use streamtable::{Error, ErrorCode};

use crate::answer::Answer;
use crate::text;

/// An answer or an error.
#[derive(Debug)]
pub enum Outcome {
    /// An answer.
    Answer(Answer),
    /// An error of the engine.
    Error(Error),
}

impl Outcome {
    /// Writes a value down.
    pub(crate) fn of(value: &impl Serialize) -> Outcome {
        match Answer::of(value) {
            Ok(answer) => Outcome::Answer(answer),
            Err(error) => Outcome::Error(defect(format!("An answer cannot be written: {error}"))),
        }
    }
}

/// Runs `work` and writes down what it gives; a panic on the way becomes an error like any other.
pub(crate) fn outcome<T: Serialize>(work: impl FnOnce() -> streamtable::Result<T>) -> Outcome {
    guarded(|| work().map(|value| Outcome::of(&value))).unwrap_or_else(Outcome::Error)
}

/// A defect of this library.
pub(crate) fn defect(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::InternalServer, message)
}

/// Runs `work`, which may not unwind into the host: a panic becomes an error like any other.
pub(crate) fn guarded<T>(work: impl FnOnce() -> streamtable::Result<T>) -> streamtable::Result<T> {
    // Nothing half done is seen after a panic in the engine: that database answers nothing more until it is opened anew.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned());
        Err(defect(format!("Internal error: {}", what.as_deref().unwrap_or("a panic without a text"))))
    })
}

/// UTF-8 by construction: JSON text made of `str`s.
fn utf8(text: &[u8]) -> napi::Result<&str> {
    std::str::from_utf8(text).map_err(|e| napi::Error::from_reason(e.to_string()))
}

impl TypeName for Outcome {
    fn type_name() -> &'static str {
        "Outcome"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ToNapiValue for Outcome {
    unsafe fn to_napi_value(env: sys::napi_env, outcome: Outcome) -> napi::Result<sys::napi_value> {
        // SAFETY, here and below: `env` is that of the running call, as the caller of this function promises.
        unsafe {
            match outcome {
                Outcome::Answer(answer) => ToNapiValue::to_napi_value(env, answer),
                Outcome::Error(error) => error_to_napi(env, &error),
            }
        }
    }
}

impl ToNapiValue for Answer {
    unsafe fn to_napi_value(env: sys::napi_env, answer: Answer) -> napi::Result<sys::napi_value> {
        if answer.text() == b"{}" {
            return unsafe { ToNapiValue::to_napi_value(env, ()) };
        }
        let text = text::write(env, utf8(answer.text())?)?;
        if answer.mends().is_empty() {
            return Ok(text);
        }
        let host = Env::from_raw(env);
        let mut parts = Object::new(&host)?;
        parts.set("text", Raw(text))?;
        parts.set("mends", Raw(text::write(env, utf8(answer.mends())?)?))?;
        parts.set("bytes", Uint8Array::with_data_copied(answer.bytes()))?;
        unsafe { ToNapiValue::to_napi_value(env, parts) }
    }
}

fn error_to_napi(env: sys::napi_env, error: &Error) -> napi::Result<sys::napi_value> {
    let host = Env::from_raw(env);
    let mut parts = Object::new(&host)?;
    parts.set("code", error.code().name())?;
    parts.set("message", error.message())?;
    parts.set("status", u32::from(error.code().status()))?;
    let details = error.details();
    if !details.is_empty() {
        parts.set("details", Outcome::of(&details))?;
    }
    // SAFETY: `env` is that of the running call.
    unsafe { ToNapiValue::to_napi_value(env, parts) }
}

/// A value that is one already.
struct Raw(sys::napi_value);

impl ToNapiValue for Raw {
    unsafe fn to_napi_value(_env: sys::napi_env, value: Raw) -> napi::Result<sys::napi_value> {
        Ok(value.0)
    }
}
