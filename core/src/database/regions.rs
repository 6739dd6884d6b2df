//! The regions of a database: each a database of its own, with its tables, streams, queues, mappings and chance. They have the account, the options
//! and the clock in common, and are copied, forked, put back and closed together. No transaction spans two of them, as with the service.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use siphasher::sip::SipHasher13;

use super::{Database, Shared, closed, opening};
use crate::api::message::table as text;
use crate::api::{
    AdvanceClockInput, BackupInput, BackupOutput, CompactOutput, Error, MaintainOutput, Result,
};
use crate::clock::{Millis, wall};
use crate::engine::{ClockOption, Engine};
use crate::entropy::Entropy;
use crate::limits::REGIONS_MAX;
use crate::options::OpenOptions;
use crate::registry::{Request, Response};
use crate::store::{
    DurableStore, FORMAT_FILE, MemoryStore, REGION_FOLDER, Settings, Store, disown, region_below, regions_in,
};

/// Where a database lies.
#[derive(Clone, Debug)]
pub(super) enum Site {
    Memory,
    Directory(PathBuf),
    /// What is changed there is forgotten.
    LookedAt(PathBuf),
    /// On a store that somebody else has made: there is one region.
    Given,
}

impl Site {
    /// That of another region of the same database.
    ///
    /// # Errors
    /// `StorageException` for the disk's.
    fn of_region(&self, region: &str) -> Result<Site> {
        Ok(match self {
            Site::Directory(path) => Site::Directory(region_below(path, region)?),
            Site::LookedAt(path) => match path.join(REGION_FOLDER).join(region) {
                there if there.exists() => Site::LookedAt(there),
                _ => Site::Memory,
            },
            Site::Memory => Site::Memory,
            Site::Given => Site::Given,
        })
    }

    /// The store there, which is made where there is none.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub(super) fn store(&self, options: &OpenOptions) -> Result<Arc<dyn Store>> {
        match self {
            Site::Memory => Ok(Arc::new(MemoryStore::default())),
            Site::Directory(path) => {
                let chance = Entropy::from_system()?;
                let id = u128::from(chance.next()) << 64 | u128::from(chance.next());
                Ok(Arc::new(DurableStore::open_directory(path, options.settings(), id, wall())?))
            }
            Site::LookedAt(path) => {
                let settings = Settings { background: false, ..options.settings() };
                Ok(Arc::new(DurableStore::look_at(path, settings, wall())?))
            }
            Site::Given => Err(Error::validation(text::one_region())),
        }
    }

    /// Whether a database is there.
    fn holds_one(&self) -> bool {
        match self {
            Site::Directory(path) | Site::LookedAt(path) => path.join(FORMAT_FILE).exists(),
            Site::Memory | Site::Given => false,
        }
    }

    /// The regions beside its own that lie there, by name.
    pub(super) fn regions(&self) -> Result<Vec<String>> {
        match self {
            Site::Directory(path) | Site::LookedAt(path) => {
                Ok(regions_in(path)?.into_iter().map(|(region, _)| region).collect())
            }
            Site::Memory | Site::Given => Ok(Vec::new()),
        }
    }
}

/// All regions of a database.
#[derive(Debug)]
pub(super) struct Family {
    site: Site,
    /// That of the region in which the database was made.
    home: OnceLock<Arc<Shared>>,
    others: Mutex<BTreeMap<String, Arc<Shared>>>,
    /// Whether there are others, for calls that must not wait.
    has_others: AtomicBool,
}

impl Family {
    pub(super) fn new(site: Site) -> Family {
        Family { site, home: OnceLock::new(), others: Mutex::default(), has_others: AtomicBool::new(false) }
    }

    pub(super) fn begin(&self, home: Arc<Shared>) {
        self.home.set(home).expect("a database is made once");
    }

    pub(super) fn home(&self) -> &Arc<Shared> {
        self.home.get().expect("a database is made with its home")
    }

    /// The regions beside the home, in the order of their names.
    pub(super) fn others(&self) -> Vec<(String, Arc<Shared>)> {
        if !self.has_others.load(Ordering::Acquire) {
            return Vec::new();
        }
        self.others.lock().iter().map(|(region, shared)| (region.clone(), shared.clone())).collect()
    }

    /// Whether an operation is about all regions, and there are several.
    pub(super) fn has_all_do(&self, operation: &str) -> bool {
        self.has_others.load(Ordering::Acquire)
            && matches!(operation, "AdvanceClock" | "Maintain" | "Backup" | "Compact")
    }

    /// A region, which is made where there is none.
    fn region(&self, region: &str) -> Result<Arc<Shared>> {
        let home = self.home();
        let mut others = self.others.lock();
        if home.calls.is_closed() {
            return Err(closed());
        }
        if let Some(shared) = others.get(region) {
            return Ok(shared.clone());
        }
        if others.len() >= REGIONS_MAX {
            return Err(Error::validation(text::too_many_regions(REGIONS_MAX)));
        }
        let shared = self.make(region)?;
        others.insert(region.to_owned(), shared.clone());
        self.has_others.store(true, Ordering::Release);
        Ok(shared)
    }

    /// Opens a region, or makes it, with the clock of the home.
    fn make(&self, region: &str) -> Result<Arc<Shared>> {
        let options = self.options_of(region);
        options.check()?;
        let (site, clock) = (self.site.of_region(region)?, self.home().clock_option());
        let ClockOption::Manual(Some(now)) = clock else {
            return Shared::over(opening::on_clock(site.store(&options)?, &options, clock)?, options);
        };
        let is_stored = site.holds_one();
        // What fell due since it was closed is done on the way.
        let clock = if is_stored { ClockOption::AsStored { is_manual: true } } else { clock };
        let shared = Shared::over(opening::on_clock(site.store(&options)?, &options, clock)?, options)?;
        shared.advance_to(now)?;
        Ok(shared)
    }

    /// How a region is opened: as the home, with chance of its own.
    fn options_of(&self, region: &str) -> OpenOptions {
        let home = self.home();
        let seed = home.options.seed.map(|seed| {
            let mut hasher = SipHasher13::new_with_keys(seed, 0);
            hasher.write(region.as_bytes());
            hasher.finish()
        });
        let account = Some(home.place.account.clone());
        OpenOptions { region: Some(region.to_owned()), account, seed, ..home.options.clone() }
    }

    /// Opens the regions that lie beside the home.
    pub(super) fn open_stored(&self) -> Result<()> {
        for region in self.site.regions()? {
            self.region(&region)?;
        }
        Ok(())
    }

    /// Goes on with the regions of a moment: those of `moment`, and none of the others.
    pub(super) fn replace(&self, mut moment: BTreeMap<String, Engine>) -> Result<()> {
        let clock = self.home().clock_option();
        for (region, shared) in self.others() {
            let engine = moment.remove(&region);
            let emptied = || opening::on_clock(Site::Memory.store(&shared.options)?, &shared.options, clock);
            shared.replace("reset", || engine.map_or_else(emptied, Ok))?;
        }
        self.adopt(moment)
    }

    /// Takes in regions that are made already.
    pub(super) fn adopt(&self, engines: BTreeMap<String, Engine>) -> Result<()> {
        let mut others = self.others.lock();
        for (region, engine) in engines {
            let shared = Shared::over(engine, self.options_of(&region))?;
            others.insert(region, shared);
            self.has_others.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Runs a request in all regions, and waits until what it has done is safe.
    pub(super) fn all_do(&self, request: &Request) -> Result<Response> {
        let (home, others) = (self.home(), self.others());
        match request {
            Request::AdvanceClock(_) => {
                let answer = home.ask(request)?;
                let to = home.engine.load().now();
                // One that a fault has moved ahead, or an error has left behind, is brought to the same time.
                others.iter().try_for_each(|(_, other)| other.advance_to(to))?;
                Ok(answer)
            }
            Request::Backup(BackupInput { directory: Some(directory) }) => {
                self.back_up(Path::new(directory)).map(|bytes| {
                    Response::Backup(BackupOutput { bytes: Some(i64::try_from(bytes).unwrap_or(i64::MAX)) })
                })
            }
            _ => {
                let mut sum = home.ask(request)?;
                for (_, other) in others {
                    add(&mut sum, other.ask(request)?);
                }
                Ok(sum)
            }
        }
    }

    /// Copies all regions into a directory; how many bytes that are.
    pub(super) fn back_up(&self, to: &Path) -> Result<u64> {
        let mut bytes = self.home().run(|call| call.store.backup(to))?;
        let copied = self.others().into_iter().try_for_each(|(region, other)| {
            bytes += other.run(|call| call.store.backup(&region_below(to, &region)?))?;
            Ok(())
        });
        // What lacks a region is not to pass for a copy of the database.
        copied.map(|()| bytes).or_else(|error: Error| disown(to).and(Err(error)))
    }

    /// Forks all regions into a directory.
    pub(super) fn fork_into(&self, to: &Path) -> Result<()> {
        self.home().run(|call| call.fork_into(to))?;
        let forked = self
            .others()
            .into_iter()
            .try_for_each(|(region, other)| other.run(|call| call.fork_into(&region_below(to, &region)?)));
        forked.or_else(|error| disown(to).and(Err(error)))
    }

    /// Closes all regions; the first error is told.
    pub(super) fn close(&self) -> Result<()> {
        let closed = self.home().close();
        // Held, so that none is opened that would stay open.
        let others = self.others.lock();
        others.values().fold(closed, |closed, other| closed.and(other.close()))
    }
}

/// Adds the counts of one region to those of another.
fn add(sum: &mut Response, one: Response) {
    let plus = |a: Option<i64>, b: Option<i64>| Some(a.unwrap_or(0).saturating_add(b.unwrap_or(0)));
    match (sum, one) {
        (Response::Compact(a), Response::Compact(b)) => {
            *a = CompactOutput {
                bytes_before: plus(a.bytes_before, b.bytes_before),
                bytes_after: plus(a.bytes_after, b.bytes_after),
            };
        }
        (Response::Maintain(a), Response::Maintain(b)) => {
            *a = MaintainOutput {
                shards_rolled: plus(a.shards_rolled, b.shards_rolled),
                partitions_split: plus(a.partitions_split, b.partitions_split),
                records_trimmed: plus(a.records_trimmed, b.records_trimmed),
                shards_removed: plus(a.shards_removed, b.shards_removed),
                streams_removed: plus(a.streams_removed, b.streams_removed),
                tables_removed: plus(a.tables_removed, b.tables_removed),
                items_expired: plus(a.items_expired, b.items_expired),
            };
        }
        _ => unreachable!("no other operation is run in all regions"),
    }
}

impl Shared {
    /// A clock as this one's.
    fn clock_option(&self) -> ClockOption {
        let engine = self.engine.load();
        if engine.clock.is_manual() { ClockOption::Manual(Some(engine.now())) } else { ClockOption::System }
    }

    /// Brings a manual clock to a time, and does what falls due on the way.
    fn advance_to(&self, time: Millis) -> Result<()> {
        let by = time.saturating_sub(self.engine.load().now());
        let milliseconds = Some(i64::try_from(by).unwrap_or(i64::MAX));
        self.ask(&Request::AdvanceClock(AdvanceClockInput { milliseconds })).map(drop)
    }
}

impl Database {
    /// The database as clients of another region see it: with tables, streams, queues and mappings of its own, under that region's ARNs. A region
    /// begins empty when it is first asked for, and is there from then on; a database in a directory keeps it in `regions/NAME` below it. All
    /// regions have one clock, are copied, forked, put back, reset and closed together, and no transaction spans two of them. Faults,
    /// metrics and remembered calls are those of a region.
    ///
    /// With the option `share_regions`, and for the region's own name, it is this database.
    ///
    /// # Errors
    /// `OpenException` for a name that is none, and as [`Database::open`]; `ValidationException` beyond 64 regions;
    /// `DatabaseClosedException` after [`Database::close`].
    pub fn in_region(&self, region: &str) -> Result<Database> {
        let Database(own, family) = self;
        if family.home().options.share_regions || region == own.place.region {
            return Ok(self.clone());
        }
        if region == family.home().place.region {
            return Ok(Database(family.home().clone(), family.clone()));
        }
        Ok(Database(family.region(region)?, family.clone()))
    }

    /// The names of the regions that there are: that in which the database was made, then the others in order.
    pub fn regions(&self) -> Vec<String> {
        let home = self.1.home().place.region.clone();
        std::iter::once(home).chain(self.1.others().into_iter().map(|(region, _)| region)).collect()
    }
}
