//! The database handle and the calls on it.

use std::path::Path;

use napi::bindgen_prelude::{AsyncTask, Either, Int32ArraySlice, Uint8ArraySlice};
use napi::{Env, JsString};
use napi_derive::napi;
use serde::Deserialize;
use streamtable::records::Replay;
use streamtable::unstable::registry;
use streamtable::{Database, Durability, Error, ErrorCode, OpenOptions, Request, Snapshot};

use crate::outcome::{Outcome, defect, guarded, outcome};
use crate::settling::{Pending, Settling};
use crate::tape::Tape;
use crate::text;

/// Words of a tape that come before its first value: words used, UTF-16 units of the text, bytes used.
const HEADER: usize = 3;

/// The parts of a tape as they come from the host.
pub(crate) struct Parts<'a> {
    text: Option<String>,
    words: &'a [i32],
    units: usize,
    bytes: &'a [u8],
}

impl<'a> Parts<'a> {
    /// # Errors
    /// What the host reports, and a header that does not fit the tape.
    pub(crate) fn of(
        env: &Env,
        text: &JsString<'_>,
        words: &'a [i32],
        bytes: &'a [u8],
    ) -> napi::Result<Parts<'a>> {
        let bad = || napi::Error::from_reason("the header of the tape does not fit the tape");
        let header = |at: usize| words.get(at).and_then(|&word| usize::try_from(word).ok());
        let (Some(used), Some(units), Some(used_bytes)) = (header(0), header(1), header(2)) else {
            return Err(bad());
        };
        Ok(Parts {
            text: text::read(env, text, units)?,
            words: words.get(HEADER..used).ok_or_else(bad)?,
            units,
            bytes: bytes.get(..used_bytes).ok_or_else(bad)?,
        })
    }

    /// Reads what is on the tape. Text that is half of a surrogate pair is refused with `refusal` as the code.
    pub(crate) fn read<T>(
        &self,
        refusal: ErrorCode,
        read: impl FnOnce(&mut Tape<'_>) -> streamtable::Result<T>,
    ) -> streamtable::Result<T> {
        let half = || Error::new(refusal, "A text contains half of a surrogate pair and has no UTF-8 form");
        let text = self.text.as_deref().ok_or_else(half)?;
        let mut tape = Tape::new(self.words, text, self.units, self.bytes);
        let value = read(&mut tape);
        if tape.broken_text() { Err(half()) } else { value }
    }

    pub(crate) fn request(&self, operation: &str) -> streamtable::Result<Request> {
        self.read(ErrorCode::Serialization, |tape| Request::decode(operation, tape))
    }
}

/// An open database. The last handle to go closes it.
#[napi]
#[derive(Debug)]
pub struct NativeDatabase {
    pub(crate) database: Database,
    /// Whether calls may have to wait for a disk.
    waits: bool,
    pub(crate) pending: Pending,
}

/// A database in memory at one moment.
#[napi]
#[derive(Debug)]
pub struct NativeSnapshot(Snapshot);

#[napi]
impl NativeSnapshot {
    /// A database that goes on from here.
    #[napi]
    pub fn fork(&self) -> Either<NativeDatabase, Outcome> {
        opened(|| Ok(NativeDatabase::of(self.0.fork()?, false)))
    }
}

/// A database that was opened, or why not.
fn opened(open: impl FnOnce() -> streamtable::Result<NativeDatabase>) -> Either<NativeDatabase, Outcome> {
    match guarded(open) {
        Ok(database) => Either::A(database),
        Err(error) => Either::B(Outcome::Error(error)),
    }
}

impl NativeDatabase {
    fn of(database: Database, waits: bool) -> NativeDatabase {
        NativeDatabase { database, waits, pending: Pending::default() }
    }
}

/// Opens a database; the tape holds the options.
#[napi]
pub fn open(
    env: Env,
    path: Option<String>,
    text: JsString<'_>,
    words: Int32ArraySlice<'_>,
    bytes: Uint8ArraySlice<'_>,
) -> napi::Result<Either<NativeDatabase, Outcome>> {
    let parts = Parts::of(&env, &text, &words, &bytes)?;
    Ok(opened(|| {
        let options = parts.read(ErrorCode::Open, |tape| {
            OpenOptions::deserialize(tape)
                .map_err(|e| Error::new(ErrorCode::Open, format!("Options cannot be read: {e}")))
        })?;
        let waits = path.is_some() && options.durability == Durability::Sync;
        let database = Database::open_at(path.as_deref().map(Path::new), options)?;
        Ok(NativeDatabase::of(database, waits))
    }))
}

#[napi]
impl NativeDatabase {
    /// Runs an operation: the place of its name in [`operations`], or any name.
    #[napi]
    pub fn call(
        &self,
        env: Env,
        operation: Either<u32, String>,
        text: JsString<'_>,
        words: Int32ArraySlice<'_>,
        bytes: Uint8ArraySlice<'_>,
    ) -> napi::Result<Outcome> {
        let parts = Parts::of(&env, &text, &words, &bytes)?;
        Ok(outcome(|| self.database.execute(parts.request(name_of(&operation)?)?)))
    }

    /// Runs an operation without waiting for a disk. What it comes to may be told at once unless [`NativeDatabase::is_pending`] says so.
    #[napi]
    pub fn start(
        &self,
        env: Env,
        operation: Either<u32, String>,
        text: JsString<'_>,
        words: Int32ArraySlice<'_>,
        bytes: Uint8ArraySlice<'_>,
    ) -> napi::Result<Outcome> {
        let parts = Parts::of(&env, &text, &words, &bytes)?;
        self.pending.begin();
        Ok(outcome(|| self.begin(parts.request(name_of(&operation)?)?)))
    }

    /// Runs a request, and notes what has to be settled before its answer is told.
    fn begin(&self, request: Request) -> streamtable::Result<streamtable::Response> {
        let (result, ticket) = self.database.start(request)?;
        self.pending.note(&self.database, ticket);
        result
    }

    /// Whether calls may have to wait for a disk; if not, the methods that start something are of no use.
    #[napi(getter)]
    pub fn waits(&self) -> bool {
        self.waits
    }

    /// Whether what the last started call came to has to be settled before it is told.
    #[napi(getter)]
    pub fn is_pending(&self) -> bool {
        self.pending.is_pending()
    }

    /// Waits on a thread of the pool until everything that was started before is settled. Gives the error if it cannot be.
    #[napi]
    pub fn settle(&self) -> AsyncTask<Settling> {
        AsyncTask::new(self.pending.settling(&self.database))
    }

    /// Replays records into a table; the tape holds both.
    #[napi]
    pub fn apply(
        &self,
        env: Env,
        text: JsString<'_>,
        words: Int32ArraySlice<'_>,
        bytes: Uint8ArraySlice<'_>,
    ) -> napi::Result<Outcome> {
        let parts = Parts::of(&env, &text, &words, &bytes)?;
        Ok(outcome(|| parts.read(ErrorCode::Serialization, |tape| Replay::read(tape))?.run(&self.database)))
    }

    /// A database that goes on from the present of this one, in a directory or in memory.
    #[napi]
    pub fn fork(&self, path: Option<String>) -> Either<NativeDatabase, Outcome> {
        opened(|| {
            let database = match path {
                Some(path) => self.database.fork_to(path)?,
                None => self.database.fork()?,
            };
            Ok(NativeDatabase::of(database, self.waits))
        })
    }

    /// The database in another region.
    #[napi]
    pub fn in_region(&self, region: String) -> Either<NativeDatabase, Outcome> {
        opened(|| Ok(NativeDatabase::of(self.database.in_region(&region)?, self.waits)))
    }

    /// The names of the regions that there are.
    #[napi]
    pub fn regions(&self) -> Vec<String> {
        self.database.regions()
    }

    /// The database at this moment.
    #[napi]
    pub fn snapshot(&self) -> Either<NativeSnapshot, Outcome> {
        match guarded(|| self.database.snapshot()) {
            Ok(snapshot) => Either::A(NativeSnapshot(snapshot)),
            Err(error) => Either::B(Outcome::Error(error)),
        }
    }

    /// Puts the database back to a snapshot. Gives the error if that cannot be.
    #[napi]
    pub fn restore(&self, snapshot: &NativeSnapshot) -> Option<Outcome> {
        guarded(|| self.database.restore(&snapshot.0)).err().map(Outcome::Error)
    }

    /// Empties the database. Gives the error if that cannot be.
    #[napi]
    pub fn reset(&self) -> Option<Outcome> {
        guarded(|| self.database.reset()).err().map(Outcome::Error)
    }

    /// The region in names and records.
    #[napi(getter)]
    pub fn region(&self) -> &str {
        self.database.region()
    }

    /// Closes the database for every handle.
    #[napi]
    pub fn close(&self) -> Option<Outcome> {
        guarded(|| self.database.close()).err().map(Outcome::Error)
    }
}

fn name_of(operation: &Either<u32, String>) -> streamtable::Result<&str> {
    match operation {
        Either::A(place) => registry::operations()
            .get(*place as usize)
            .map(|info| info.name)
            .ok_or_else(|| defect("no operation has this place")),
        Either::B(name) => Ok(name),
    }
}

/// The names of all operations.
#[napi]
pub fn operations() -> Vec<&'static str> {
    registry::operations().iter().map(|info| info.name).collect()
}

/// The names of all error codes.
#[napi]
pub fn error_codes() -> Vec<&'static str> {
    ErrorCode::ALL.iter().map(|code| code.name()).collect()
}
