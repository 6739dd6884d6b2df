//! The parts of a call alone, the conversion in and out and the engine's own work: what the benchmarks measure calls against.

use std::hint::black_box;

use napi::bindgen_prelude::{Int32ArraySlice, Uint8ArraySlice};
use napi::{Env, JsString};
use napi_derive::napi;
use serde::Deserialize;
use streamtable::value::{Checked, Item};
use streamtable::{Error, ErrorCode};

use crate::database::{NativeDatabase, Parts};
use crate::outcome::{Outcome, defect, guarded, outcome};

/// A place for one item, used again and again so that making handles is no part of the measurement.
#[napi]
#[derive(Debug)]
pub struct ItemCell {
    item: Option<Item>,
}

#[napi]
impl ItemCell {
    /// An empty place.
    #[napi(constructor)]
    #[allow(clippy::new_without_default, reason = "made by the host alone")]
    pub fn new() -> ItemCell {
        ItemCell { item: None }
    }

    /// Converts an item in; an outcome when that fails.
    #[napi]
    pub fn set(
        &mut self,
        env: Env,
        text: JsString<'_>,
        words: Int32ArraySlice<'_>,
        bytes: Uint8ArraySlice<'_>,
    ) -> napi::Result<Option<Outcome>> {
        let parts = Parts::of(&env, &text, &words, &bytes)?;
        let read = guarded(|| {
            let refuse = |message: String| Error::new(ErrorCode::Serialization, message);
            let Checked(item) = parts.read(ErrorCode::Serialization, |tape| {
                Checked::<Item>::deserialize(tape).map_err(|e| refuse(e.to_string()))
            })?;
            item.map_err(|fault| refuse(format!("{}: {:?}", fault.name, fault.problem)))
        });
        Ok(match read {
            Ok(item) => {
                self.item = Some(item);
                None
            }
            Err(error) => Some(Outcome::Error(error)),
        })
    }

    /// Converts the item out.
    #[napi]
    pub fn get(&self) -> Outcome {
        outcome(|| self.item.as_ref().ok_or_else(|| defect("nothing was converted in before")))
    }
}

#[napi]
impl NativeDatabase {
    /// Reads a request and lets the engine run it `times` times, which may be none; its answers are not converted. An outcome when that fails.
    #[napi]
    pub fn repeat(
        &self,
        env: Env,
        operation: String,
        text: JsString<'_>,
        words: Int32ArraySlice<'_>,
        bytes: Uint8ArraySlice<'_>,
        times: u32,
    ) -> napi::Result<Option<Outcome>> {
        let parts = Parts::of(&env, &text, &words, &bytes)?;
        let run = guarded(|| {
            let request = black_box(parts.request(&operation)?);
            (0..times).try_for_each(|_| {
                self.database.execute(request.clone()).map(|answer| drop(black_box(answer)))
            })
        });
        Ok(run.err().map(Outcome::Error))
    }
}
