//! Reading change streams: the engine's reader, driven page by page by `lib/stream.js`.

use std::cell::RefCell;
use std::sync::Mutex;
use std::sync::PoisonError;

use napi::bindgen_prelude::{Either, Int32ArraySlice, Uint8ArraySlice};
use napi::{Env, JsString};
use napi_derive::napi;
use serde::Deserialize;
use streamtable::door::Door;
use streamtable::{Database, Error, ErrorCode, ReadOptions, Reader, Request, Response, Result, Ticket};

use crate::database::{NativeDatabase, Parts};
use crate::outcome::{Outcome, guarded};
use crate::records::Batch;

/// A reader. It holds no database: each step is told which.
#[napi]
#[derive(Debug)]
pub struct NativeReader(RefCell<Reader>);

/// A database whose calls do not wait for a disk: what is to be settled before their answers are told is noted.
#[derive(Debug)]
struct Starting<'a> {
    database: &'a Database,
    newest: Mutex<Option<Ticket>>,
}

impl Door for Starting<'_> {
    fn call(&self, request: Request) -> Result<Response> {
        let (result, ticket) = self.database.start(request)?;
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = (*newest).max(Some(ticket));
        result
    }

    fn elapsed(&self) -> std::time::Duration {
        Door::elapsed(self.database)
    }
}

#[napi]
impl NativeDatabase {
    /// Opens a stream for reading; the tape holds the options.
    #[napi]
    pub fn open_reader(
        &self,
        env: Env,
        arn: String,
        text: JsString<'_>,
        words: Int32ArraySlice<'_>,
        bytes: Uint8ArraySlice<'_>,
    ) -> napi::Result<Either<NativeReader, Outcome>> {
        let parts = Parts::of(&env, &text, &words, &bytes)?;
        Ok(told(|| {
            let options = parts.read(ErrorCode::Serialization, |tape| {
                ReadOptions::deserialize(tape)
                    .map_err(|e| Error::new(ErrorCode::Serialization, e.to_string()))
            })?;
            Ok(NativeReader(RefCell::new(Reader::open(&self.database, &arn, options)?)))
        }))
    }

    /// The next records of a reader; none when there are no more now.
    #[napi]
    pub fn read_page(&self, reader: &NativeReader, limit: u32) -> Either<Batch, Outcome> {
        told(|| reader.next(&self.database, limit))
    }

    /// As `readPage`, without waiting for a disk.
    #[napi]
    pub fn start_page(&self, reader: &NativeReader, limit: u32) -> Either<Batch, Outcome> {
        self.pending.begin();
        let door = Starting { database: &self.database, newest: Mutex::new(None) };
        let page = told(|| reader.next(&door, limit));
        if let Some(ticket) = door.newest.into_inner().unwrap_or_else(PoisonError::into_inner) {
            self.pending.note(&self.database, ticket);
        }
        page
    }
}

impl NativeReader {
    fn next(&self, door: &dyn Door, limit: u32) -> Result<Batch> {
        let mut reader = self.0.borrow_mut();
        let page = reader.next_page(door, limit as usize)?;
        Ok(Batch::new(page, reader.clone()))
    }
}

#[napi]
impl NativeReader {
    /// Where to go on after all that was read.
    #[napi(getter)]
    pub fn checkpoint(&self) -> String {
        self.0.borrow().checkpoint().to_string()
    }

    /// Whether nothing more can come.
    #[napi(getter)]
    pub fn is_finished(&self) -> bool {
        self.0.borrow().is_finished()
    }
}

fn told<T>(work: impl FnOnce() -> Result<T>) -> Either<T, Outcome> {
    match guarded(work) {
        Ok(value) => Either::A(value),
        Err(error) => Either::B(Outcome::Error(error)),
    }
}
