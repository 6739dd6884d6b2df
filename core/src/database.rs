//! `Database`: open, call, close.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::Waker;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use self::calls::Calls;
use crate::api::message::table as text;
use crate::api::{
    AdvanceClockInput, CompactInput, CompactOutput, Error, ErrorCode, MaintainInput, MaintainOutput, Result,
};
use crate::clock::Millis;
use crate::engine::{Call, Engine, Schedule, Watch};
use crate::operation;
use crate::options::{ClockMode, OpenOptions, refuse};
use crate::registry::{self, Input, Request, Response};
use crate::store::{Lsn, Store};
use crate::stream::Place;
use crate::workers::{Next, Task, Work};

pub(crate) mod attended;
pub(crate) mod disturbed;
mod looks;
mod regions;
mod settling;

use regions::{Family, Site};
pub(crate) use settling::Notice;
use settling::Settler;

/// An open database, in one of its regions. Clones share it; it closes with [`Database::close`] or when the last clone goes.
#[derive(Clone, Debug)]
pub struct Database(Arc<Shared>, Arc<Family>);

/// How far into the order of commits a call has looked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ticket {
    pub(crate) seen: Lsn,
    /// Before which moment of the clock its answer is not told: after 0 only where a fault delays it.
    until: Duration,
}

#[derive(Debug)]
struct Shared {
    /// Replaced as a whole by [`Database::restore`] and [`Database::reset`].
    engine: ArcSwap<Engine>,
    /// Where it is, for good.
    place: Place,
    /// How it was opened.
    options: OpenOptions,
    calls: Calls,
    /// Set when a defect of ours ended a call half way: what it left is not to be trusted.
    broken: AtomicBool,
    background: Mutex<Option<Task>>,
    settler: Settler,
}

impl Database {
    /// Opens the database in a directory, which is made if it is not there.
    ///
    /// # Errors
    /// `OpenException` for options out of range, a directory that another process has open, that is no database or cannot be used, or a
    /// database of another format; `CorruptionException` for one that has lost something; `StorageException` for a disk that is full.
    pub fn open(path: impl AsRef<Path>, options: OpenOptions) -> Result<Database> {
        options.check()?;
        Database::at(Site::Directory(path.as_ref().to_owned()), options)
    }

    /// Opens the database that lies somewhere, with all its regions. The options are checked.
    fn at(site: Site, options: OpenOptions) -> Result<Database> {
        let engine = opening::engine(site.store(&options)?, &options)?;
        let database = Database::of(engine, options, site)?;
        database.1.open_stored()?;
        Ok(database)
    }

    /// Opens the database in a directory or, without one, a database in memory.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn open_at(path: Option<&Path>, options: OpenOptions) -> Result<Database> {
        match path {
            Some(path) => Database::open(path, options),
            None => Database::memory(options),
        }
    }

    /// Opens the database in a directory to look at it, with a clock that stands at its time. Nothing in the directory is changed, which may lie
    /// where nobody can write; what is written through this handle is forgotten with it. Nobody else may have it open.
    ///
    /// # Errors
    /// As [`Database::open`]; `OpenException` where there is none.
    pub fn open_to_look(path: impl AsRef<Path>) -> Result<Database> {
        let options = OpenOptions { clock: ClockMode::Manual, ..OpenOptions::default() };
        Database::at(Site::LookedAt(path.as_ref().to_owned()), options)
    }

    /// As [`Database::open_to_look`], without the other regions.
    pub(crate) fn open_for_inspection(path: &Path, options: OpenOptions) -> Result<Database> {
        let options = OpenOptions { clock: ClockMode::Manual, ..options };
        Database::over(Site::LookedAt(path.to_owned()).store(&options)?, options)
    }

    /// Whether its background work is done by itself.
    #[cfg(test)]
    pub(crate) fn has_background(&self) -> bool {
        self.0.background.lock().is_some()
    }

    pub(crate) fn engine(&self) -> Arc<Engine> {
        self.0.engine.load_full()
    }

    /// Opens a database in memory.
    ///
    /// # Errors
    /// `OpenException` for options out of range.
    pub fn memory(options: OpenOptions) -> Result<Database> {
        options.check()?;
        Database::at(Site::Memory, options)
    }

    /// Opens the database that a store holds, or makes a new one in it. The options are checked.
    pub(crate) fn over(store: Arc<dyn Store>, options: OpenOptions) -> Result<Database> {
        Database::of(opening::engine(store, &options)?, options, Site::Given)
    }

    /// The database of an engine, as it was opened with these options.
    fn of(engine: Engine, options: OpenOptions, site: Site) -> Result<Database> {
        let (shared, family) = (Shared::over(engine, options)?, Arc::new(Family::new(site)));
        family.begin(shared.clone());
        Ok(Database(shared, family))
    }

    /// Runs an operation.
    ///
    /// # Errors
    /// The operation's; `DatabaseClosedException` after [`Database::close`].
    pub fn call<I: Input>(&self, input: I) -> Result<I::Output> {
        if self.1.has_all_do(I::OPERATION) {
            let answer = self.execute(input.into_request())?;
            return Ok(I::answer_of(answer).expect("an operation answers what it was asked"));
        }
        let (mut until, mut seen) = (Duration::ZERO, None);
        let mut result = self.0.start(&mut seen, |call| {
            if !call.is_attended(I::OPERATION) {
                return registry::run(call, &input);
            }
            let answer = attended::run(call, &input.into_request(), true, &mut until)?;
            Ok(I::answer_of(answer).expect("an operation answers what it was asked"))
        });
        let Some(seen) = seen else { return result };
        self.settle(Ticket { seen, until })?;
        self.word(&mut result, I::OPERATION);
        result
    }

    /// Runs a decoded request. Nothing of the caller's language is touched, so a binding lets go of its locks around this.
    ///
    /// # Errors
    /// As [`Database::call`].
    pub fn execute(&self, request: Request) -> Result<Response> {
        let (result, ticket) = self.start(request)?;
        self.settle(ticket)?;
        result
    }

    /// Starts a decoded request without waiting for a disk: for hosts whose calling thread must not block. What it answers, an error
    /// included, may be told when [`Database::settle`] with the [`Ticket`] has returned.
    ///
    /// # Errors
    /// `DatabaseClosedException` after [`Database::close`], at once.
    pub fn start(&self, request: Request) -> Result<(Result<Response>, Ticket)> {
        self.start_as(request, true)
    }

    /// As [`Database::execute`], for what the library asks by itself: that is not among the calls that are counted and remembered.
    pub(crate) fn execute_unseen(&self, request: Request) -> Result<Response> {
        let (result, ticket) = self.start_as(request, false)?;
        self.settle(ticket)?;
        result
    }

    fn start_as(&self, request: Request, is_of_user: bool) -> Result<(Result<Response>, Ticket)> {
        if self.1.has_all_do(request.operation()) {
            self.0.check_open()?;
            let mut result = self.1.all_do(&request);
            self.word(&mut result, request.operation());
            return Ok((result, Ticket { seen: Lsn::default(), until: Duration::ZERO }));
        }
        let (mut until, mut seen) = (Duration::ZERO, None);
        let mut result = self.0.start(&mut seen, |call| {
            if !call.is_attended(request.operation()) {
                return request.run(call);
            }
            attended::run(call, &request, is_of_user, &mut until)
        });
        let Some(seen) = seen else { return Err(result.expect_err("what was not begun has no answer")) };
        self.word(&mut result, request.operation());
        Ok((result, Ticket { seen, until }))
    }

    /// Puts an error of an operation in the words of this database.
    fn word<T>(&self, result: &mut Result<T>, operation: &'static str) {
        if let Err(error) = result {
            error.word(self.0.options.wording, operation);
        }
    }

    /// Whether [`Database::settle`] has nothing to wait for.
    pub fn is_settled(&self, ticket: Ticket) -> bool {
        let Ticket { seen, until } = ticket;
        self.0.engine.load().store.is_settled(seen) && (until.is_zero() || self.elapsed() >= until)
    }

    /// Waits until everything that a call has written or seen is as safe as the database's durability promises. Many may wait at once, and
    /// in any order: one write to the disk serves them all.
    ///
    /// # Errors
    /// The disk's; then nothing of the call may be believed, and the database answers nothing more until it is opened anew.
    pub fn settle(&self, ticket: Ticket) -> Result<()> {
        self.0.settle(ticket.seen)?;
        if !ticket.until.is_zero() {
            self.0.engine.load().clock.wait_until(ticket.until);
        }
        Ok(())
    }

    /// Has `waker` woken when [`Database::settle`] would not wait any more.
    pub(crate) fn notify(&self, ticket: Ticket, waker: &Waker) -> Arc<Notice> {
        if ticket.until.is_zero() {
            self.0.settler.notify(&self.0.engine.load().store, ticket.seen, waker)
        } else {
            settling::notify_later(self.clone(), ticket, waker)
        }
    }

    /// Time on the database's clock, since a moment of its own choice; it runs backwards only where the database is restored or reset.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.engine.load().clock.elapsed()
    }

    /// The time, epoch milliseconds.
    ///
    /// # Errors
    /// `DatabaseClosedException` after [`Database::close`].
    pub(crate) fn now(&self) -> Result<Millis> {
        self.0.check_open()?;
        Ok(self.0.engine.load().clock.now())
    }

    /// Runs an operation with JSON text in and out.
    ///
    /// # Errors
    /// As [`Database::call`]; `SerializationException` for text that cannot be read.
    pub fn call_json(&self, operation: &str, body: &[u8]) -> Result<Vec<u8>> {
        let (result, ticket) = self.start_json(operation, body)?;
        self.settle(ticket)?;
        result
    }

    /// As [`Database::start`], with JSON text in and out.
    ///
    /// # Errors
    /// `DatabaseClosedException` after [`Database::close`], and `SerializationException` for text that cannot be read, at once.
    pub fn start_json(&self, operation: &str, body: &[u8]) -> Result<(Result<Vec<u8>>, Ticket)> {
        self.0.check_open()?;
        let (result, ticket) = self.start(Request::from_json(operation, body)?)?;
        Ok((result.and_then(|response| response.to_json()), ticket))
    }

    /// Does the background work that is due now: replaces old shards, gives trimmed records and forgotten names back. With the system
    /// clock that happens by itself; with a manual clock [`Database::advance`] does. No answer depends on it.
    ///
    /// # Errors
    /// `DatabaseClosedException` after [`Database::close`]; the store's.
    pub fn maintain(&self) -> Result<MaintainOutput> {
        self.call(MaintainInput::default())
    }

    /// Moves a manual clock forward, running what falls due on the way in order of time. Returns the new time, epoch milliseconds.
    ///
    /// # Errors
    /// `ValidationException` on the system clock; `DatabaseClosedException` after [`Database::close`].
    pub fn advance(&self, by: Duration) -> Result<u64> {
        let milliseconds = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let answer = self.call(AdvanceClockInput { milliseconds: Some(milliseconds) })?;
        Ok(answer.now.and_then(|now| u64::try_from(now).ok()).expect("the clock is after 1970"))
    }

    /// Copies the database into a directory of its own, which is made, as it is at one moment; calls go on meanwhile. What is copied can be
    /// opened like any database. Returns its size in bytes.
    ///
    /// # Errors
    /// `ValidationException` for a database in memory, or a directory that holds something; `DatabaseClosedException` after
    /// [`Database::close`]; the disk's.
    pub fn backup(&self, to: &Path) -> Result<u64> {
        self.0.check_open()?;
        self.1.back_up(to)
    }

    /// Gives the disk back what deleted items and trimmed records have left behind, now and thoroughly. Background work does it by and by.
    ///
    /// # Errors
    /// `ValidationException` for a database in memory; `DatabaseClosedException` after [`Database::close`]; the disk's.
    pub fn compact(&self) -> Result<CompactOutput> {
        self.call(CompactInput::default())
    }

    /// Tells one who waits which tables' streams are written to. As long as nobody waits, a write looks at one number for it.
    pub fn watch(&self) -> Arc<Watch> {
        self.0.engine.load().watches.watch()
    }

    /// The region in names and records.
    pub fn region(&self) -> &str {
        &self.0.place.region
    }

    /// The account in names.
    pub fn account(&self) -> &str {
        &self.0.place.account
    }

    /// Closes the database for all its clones: calls that are running end first, everything the database has acknowledged is made safe,
    /// whatever its durability, and its files are let go. Closing twice is no error. A database whose last clone goes is closed, too, but nobody hears of an error then.
    ///
    /// # Errors
    /// The disk's; the database is closed nevertheless, and what was not safe before may be lost.
    pub fn close(&self) -> Result<()> {
        self.1.close()
    }
}

impl Shared {
    /// What an engine is to callers, whose background work is done by itself where it has the system's clock.
    fn over(engine: Engine, options: OpenOptions) -> Result<Arc<Shared>> {
        let has_background = !engine.clock.is_manual();
        let shared = Arc::new(Shared {
            place: engine.catalog.place.clone(),
            engine: ArcSwap::from_pointee(engine),
            options,
            calls: Calls::default(),
            broken: AtomicBool::new(false),
            background: Mutex::new(None),
            settler: Settler::default(),
        });
        if has_background {
            *shared.background.lock() = Some(Background::start(&shared)?);
        }
        Ok(shared)
    }

    /// Runs a decoded request, and waits until its answer may be told.
    fn ask(&self, request: &Request) -> Result<Response> {
        let mut until = Duration::ZERO;
        let answer = self.run(|call| {
            if call.is_attended(request.operation()) {
                attended::run(call, request, true, &mut until)
            } else {
                request.run(call)
            }
        });
        self.engine.load().clock.wait_until(until);
        answer
    }

    fn check_open(&self) -> Result<()> {
        if self.calls.is_closed() {
            return Err(closed());
        }
        self.check_sound()
    }

    fn check_sound(&self) -> Result<()> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorCode::InternalServer, text::broken()));
        }
        Ok(())
    }

    /// Runs a piece of work on the engine, and waits until what it has seen is safe.
    fn run<T>(&self, work: impl FnOnce(&Call<'_>) -> Result<T>) -> Result<T> {
        let mut seen = None;
        let result = self.start(&mut seen, work);
        if let Some(seen) = seen {
            self.settle(seen)?;
        }
        result
    }

    /// Runs a piece of work; what it answers may be told once the place is settled that it has `seen`, which stays none where it was not begun.
    /// Answers are large, so that place goes by itself. Should the work panic, whoever catches that finds a database that answers nothing more.
    fn start<T>(&self, seen: &mut Option<Lsn>, work: impl FnOnce(&Call<'_>) -> Result<T>) -> Result<T> {
        self.start_as_look(false, seen, work)
    }

    /// As [`Shared::start`]; with a call that leaves nothing behind, where it is a look.
    #[inline]
    fn start_as_look<T>(
        &self,
        is_look: bool,
        seen: &mut Option<Lsn>,
        work: impl FnOnce(&Call<'_>) -> Result<T>,
    ) -> Result<T> {
        let _running = self.calls.begin().ok_or_else(closed)?;
        self.check_sound()?;
        let fuse = Fuse(&self.broken);
        let engine = self.engine.load();
        let call = if is_look { Call::look(&engine) } else { Call::new(&engine) };
        let result = work(&call);
        if result.is_err() {
            // A refusal may rest on what is not there, or not any more.
            call.catalog.saw_all();
        }
        std::mem::forget(fuse);
        *seen = Some(call.seen());
        result
    }

    fn settle(&self, seen: Lsn) -> Result<()> {
        self.engine.load().store.settle(seen)
    }

    /// Does the background work that is due. Should it panic, the database answers nothing more.
    fn maintain(&self) -> Result<()> {
        self.check_sound()?;
        let fuse = Fuse(&self.broken);
        let done = operation::keep_up(&Call::new(&self.engine.load()));
        std::mem::forget(fuse);
        done.map(drop)
    }

    fn close(&self) -> Result<()> {
        let is_first = self.calls.close();
        if !is_first && self.calls.inside() > 0 {
            // Whoever closes waits for this call to end.
            return Ok(());
        }
        // Held to the end: whoever closes at the same time returns when it is done.
        let mut background = self.background.lock();
        if !is_first {
            return Ok(());
        }
        drop(background.take());
        self.engine.load().watches.call_all();
        self.calls.wait();
        if self.broken.load(Ordering::SeqCst) {
            // Nothing more is written by a state that is not to be trusted.
            return self.engine.load().store.close();
        }
        self.engine.load().close()
    }
}

fn closed() -> Error {
    Error::new(ErrorCode::Closed, text::closed())
}

/// Blows when it is dropped, which only unwinding does.
struct Fuse<'a>(&'a AtomicBool);

impl Drop for Fuse<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The background work of a database on the system clock. It holds no claim on the database.
struct Background {
    database: Weak<Shared>,
    schedule: Arc<Schedule>,
}

/// How long background work rests after the store has failed.
const AFTER_TROUBLE: Duration = Duration::from_secs(60);

impl Background {
    fn start(shared: &Arc<Shared>) -> Result<Task> {
        let schedule = shared.engine.load().schedule.clone();
        let work = Background { database: Arc::downgrade(shared), schedule: schedule.clone() };
        let task = Task::start(work)
            .map_err(|e| refuse(format!("A thread for background work cannot start: {e}")))?;
        schedule.tell(task.signal());
        // What came in between is not missed.
        task.signal().wake();
        Ok(task)
    }
}

impl Work for Background {
    fn run(&self) -> Next {
        let Some(shared) = self.database.upgrade() else { return Next::WhenWoken };
        let now = shared.engine.load().now();
        let wait =
            |now: Millis| Next::After(Duration::from_millis(self.schedule.first().saturating_sub(now)));
        if self.schedule.first() > now {
            return wait(now);
        }
        // Answers do not depend on this work; a store that fails here fails the next call, too, where someone hears of it.
        if shared.maintain().is_err() {
            Next::NotBefore(AFTER_TROUBLE)
        } else {
            wait(shared.engine.load().now())
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Nobody is left to be told; whoever wants to know calls [`Database::close`].
        let _ = self.close();
    }
}

mod calls;
mod opening;
mod snapshot;

pub use snapshot::Snapshot;

#[cfg(any(test, feature = "simulation"))]
pub(crate) mod simulated;

#[cfg(test)]
mod closing;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ListTablesInput;
    use crate::clock::MANUAL_START;

    #[test]
    fn a_panic_inside_is_the_end_of_the_database() {
        let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            db.0.run(|_| -> Result<()> { panic!("a defect, for the test") })
        }));
        assert!(unwound.is_err());
        let error = db.call(ListTablesInput::default()).expect_err("the state is not to be trusted");
        assert_eq!(error.code(), ErrorCode::InternalServer);
        db.close().expect("memory");
        assert_eq!(db.call(ListTablesInput::default()).expect_err("closed").code(), ErrorCode::Closed);
    }

    #[test]
    fn only_a_manual_clock_is_advanced() {
        let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
        assert_eq!(db.advance(Duration::from_secs(90)), Ok(MANUAL_START + 90_000));
        assert_eq!(db.maintain().expect("open").shards_rolled, Some(0));
        let too_far = db.advance(Duration::MAX).expect_err("beyond the range of AdvanceClock");
        assert_eq!(too_far.code(), ErrorCode::Validation);
        let db = Database::memory(OpenOptions::default()).expect("sound options");
        assert_eq!(db.advance(Duration::ZERO).expect_err("system clock").code(), ErrorCode::Validation);
    }

    #[test]
    fn memory_has_no_files() {
        let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
        assert_eq!(db.backup(Path::new("copy")).expect_err("no files").code(), ErrorCode::Validation);
        assert_eq!(db.compact().expect_err("no files").code(), ErrorCode::Validation);
        assert_eq!((db.region(), db.account()), ("us-east-1", "000000000000"));
    }

    #[test]
    fn a_system_clock_database_that_is_closed_has_no_background_work() {
        let db = Database::memory(OpenOptions::default()).expect("sound options");
        let other = db.clone();
        drop(db);
        other.close().expect("memory");
        other.close().expect("closed already");
        assert!(other.0.background.lock().is_none());
    }
}
