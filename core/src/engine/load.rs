//! Opening: the engine as the store has kept it.

mod buckets;
mod clock;
mod data_streams;
mod entries;
mod mappings;
mod queues;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use self::clock::resume;
use self::entries::Entries;
use super::expressions::KeptExpressions;
use super::faults::Faults;
use super::reading_limits::ReadingLimits;
use super::state::STATE;
use super::statements::Statements;
use super::tokens::{TokenSpace, Tokens};
use super::{Call, Calls, Choices, Engine, Recent, Schedule};
use crate::api::{Error, ErrorCode, Result};
use crate::bucket::Buckets;
use crate::clock::{Clock, MANUAL_START, Millis, millis, wall};
use crate::entropy::Entropy;
use crate::kinesis::DataStreams;
use crate::limits::HISTORY_PERIOD;
use crate::locks::{Ordered, Rank};
use crate::mapping::Mappings;
use crate::queue::Queues;
use crate::store::{Batch, Budget, HighWater, LogId, NewestCommit, RowRange, Store, TableId, unsound};
use crate::stream::{IteratorKey, OpenShard, Place, PlaceOption, Shard, StoredShard, Stream};
use crate::table::{
    Backup, Catalog, ChangeKind, Cut, Export, Import, IndexChange, IndexState, Job, Period, Restored, Space,
    StoredCopy, Table, Target,
};
use crate::topic::Topics;

/// What the one who opens a database says about its time, chance and place.
#[derive(Debug)]
pub(crate) struct EngineOptions {
    pub(crate) clock: ClockOption,
    pub(crate) seed: Option<u64>,
    pub(crate) place: PlaceOption,
}

/// Which clock a database is to have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ClockOption {
    /// The system's.
    System,
    /// The caller's, from a moment on, or going on where it stopped.
    Manual(Option<Millis>),
    /// As the clock was, at the time that is stored.
    AsStored { is_manual: bool },
}

impl Engine {
    /// The engine over a store: as the store has kept it, or new.
    ///
    /// # Errors
    /// `CorruptionException` for a catalog that cannot be read or contradicts itself; `OpenException` for a clock that would go back, or
    /// another place than the database's; the store's.
    pub(crate) fn load(store: Arc<dyn Store>, options: EngineOptions, choices: Choices) -> Result<Engine> {
        let entries = Entries::read(store.meta()?)?;
        let newest = store.high_water();
        let Some(state) = entries.state else {
            if !entries.is_empty() || newest != HighWater::default() {
                return Err(unsound(STATE, "it is missing"));
            }
            return Engine::create(store, options, choices);
        };
        let place = settle_place(&options.place, Place { region: state.region, account: state.account })?;
        let mut loader = Loader::new(&*store, place);
        loader.streams(entries.streams)?;
        loader.shards(entries.shards)?;
        loader.tables(entries.tables)?;
        loader.spaces(entries.spaces)?;
        loader.backups(entries.backups)?;
        loader.exports(entries.exports)?;
        loader.imports(entries.imports)?;
        loader.copies(entries.copies)?;
        let token_spaces = loader.tokens(entries.tokens)?;
        let (data_streams, newest_id) =
            data_streams::restore(&*store, entries.data_streams, entries.data_shards)?;
        let (mappings, newest_mapping) = entries.mappings.restore()?;
        loader.identity = loader.identity.max(newest_id).max(newest_mapping);
        let (queues, newest_id) = queues::restore(&entries.queues)?;
        loader.identity = loader.identity.max(newest_id);
        let (buckets, newest_id) = buckets::restore(&entries.buckets)?;
        loader.identity = loader.identity.max(newest_id);
        let topics = Topics::restore(entries.topics, entries.subscriptions)?;
        let time = state.time.max(newest.at).max(loader.time);
        let clock = resume(options.clock, time, wall())?;
        let entropy = match options.seed {
            Some(seed) if state.seed == Some(seed) => Entropy::resumed(seed, state.chance),
            Some(seed) => Entropy::seeded(seed),
            None => Entropy::from_system()?,
        };
        let is_changed = entropy.seed() != state.seed || (clock.is_manual() && clock.now() != state.time);
        let identities = state.identities.max(loader.identity + 1);
        let commits = state.commits.max(newest.commit + 1).max(loader.commit + 1);
        let catalog = loader.finish()?;
        data_streams::deliver(&catalog, choices.control_plane_delay);
        let iterators = IteratorKey(state.iterator_key.0, state.iterator_key.1);
        let tokens = Tokens::new(&iterators, token_spaces);
        let (parts, counts) = ((catalog, data_streams, iterators, tokens), (identities, commits));
        let mut engine = Engine::assemble(store, clock, entropy, parts, choices, counts);
        engine.mappings = Ordered::new(Rank::Mappings, mappings);
        engine.queues = queues;
        engine.buckets = buckets;
        engine.topics = Ordered::new(Rank::Topics, topics);
        if is_changed {
            engine.keep_state()?;
        }
        engine.recent = Recent::open(&engine, entries.recent)?;
        Ok(engine)
    }

    /// A new database.
    fn create(store: Arc<dyn Store>, options: EngineOptions, choices: Choices) -> Result<Engine> {
        let clock = match options.clock {
            ClockOption::System => Clock::system(0),
            ClockOption::Manual(now) => Clock::manual(now.unwrap_or(MANUAL_START)),
            ClockOption::AsStored { .. } => unreachable!("what is frozen has its state with it"),
        };
        let entropy = options.seed.map_or_else(Entropy::from_system, |seed| Ok(Entropy::seeded(seed)))?;
        let iterators = IteratorKey::of_new(&entropy)?;
        let catalog = Catalog::new(options.place.of_new());
        let tokens = Tokens::new(&iterators, Vec::new());
        let parts = (catalog, DataStreams::default(), iterators, tokens);
        let mut engine = Engine::assemble(store, clock, entropy, parts, choices, (1, 1));
        engine.keep_state()?;
        engine.recent = Recent::open(&engine, None)?;
        Ok(engine)
    }

    fn assemble(
        store: Arc<dyn Store>,
        clock: Clock,
        entropy: Entropy,
        (catalog, data_streams, iterators, tokens): (Catalog, DataStreams, IteratorKey, Tokens),
        choices: Choices,
        (identities, commits): (u64, u64),
    ) -> Engine {
        let schedule = plan(&catalog, &data_streams, &tokens, &choices, clock.now());
        Engine {
            shard_key: iterators.derive(b"suffixes of shards") as u32,
            schedule: Arc::new(schedule),
            clock,
            entropy,
            store,
            catalog,
            data_streams,
            mappings: Ordered::new(Rank::Mappings, Mappings::default()),
            queues: Queues::default(),
            buckets: Buckets::default(),
            topics: Ordered::new(Rank::Topics, Topics::default()),
            watches: Arc::default(),
            iterators,
            tokens,
            statements: Statements::default(),
            expressions: KeptExpressions::default(),
            calls: Calls::new(choices.metrics, choices.call_trace),
            choices,
            recent: None,
            upkeep: Ordered::new(Rank::Upkeep, ()),
            faults: Faults::default(),
            reading_limits: ReadingLimits::default(),
            identities: AtomicU64::new(identities),
            commits: AtomicU64::new(commits),
            journal: Ordered::new(Rank::Journal, ()),
            cataloged: NewestCommit::default(),
            clocked: NewestCommit::default(),
        }
    }

    /// Commits the engine's state and waits until it is safe.
    fn keep_state(&self) -> Result<()> {
        let call = Call::new(self);
        call.commit_catalog(Batch::default())?;
        self.store.settle(call.seen())
    }
}

/// What falls due, as the catalog tells it.
fn plan(
    catalog: &Catalog,
    data_streams: &DataStreams,
    tokens: &Tokens,
    choices: &Choices,
    now: Millis,
) -> Schedule {
    let schedule = Schedule::new(choices.shard_rollover, choices.rollover_jitter, now);
    for stream in catalog.all_streams() {
        for shard in stream.all_shards() {
            schedule.shard_opened(&stream, &shard);
            schedule.shard_closed(&stream, &shard);
        }
        schedule.stream_off(&stream);
    }
    for table in catalog.tables() {
        let change = table.state.read().change;
        if let Some(change) = change.filter(|change| change.kind == ChangeKind::Delete) {
            schedule.table_deleted(&table, change.until);
        }
        let is_deleted = change.is_some_and(|change| change.kind == ChangeKind::Delete);
        for partition in table.partitions().iter().filter(|_| !is_deleted) {
            if table.loads.opened(choices.split, partition.range, table.size_bytes()) {
                schedule.split(&table, partition.range.first, now);
            }
        }
        let state = table.state.read();
        for space in table.spaces().iter().filter(|space| !space.is_complete()) {
            let from = state.indexes.iter().find(|index| index.space.id == space.id);
            schedule.space_begun(&table, space, from.map_or(0, IndexState::filled_from).max(now));
        }
        for space in table.spaces().iter().filter(|space| space.definition.is_expiry()) {
            // What the first look finds says when the next one is.
            schedule.expiring(&table, space, 0);
        }
    }
    for table in catalog.tables() {
        let features = &table.state.read().features;
        if features.recovery.is_some() {
            let newest = features.history.last();
            schedule
                .period_begun(&table, newest.map_or(0, |newest| newest.begun_at + millis(HISTORY_PERIOD)));
        }
    }
    for copy in catalog.copies() {
        schedule.copy_begun(&copy, copy.begins_at.max(now));
    }
    for export in catalog.exports.all() {
        match export.forgotten_at() {
            Some(at) => schedule.export_due(&export, at),
            // Its copy says when.
            None if catalog.is_being_copied(export.rows) => {}
            None => schedule.export_due(&export, now),
        }
    }
    for import in catalog.imports.all() {
        schedule.import_due(&import, import.forgotten_at().unwrap_or(import.about.begins_at.max(now)));
    }
    for backup in catalog.backups() {
        if let Some(at) = backup.expires_at() {
            schedule.backup_expires(&backup, at);
        }
    }
    for space in tokens.spaces() {
        schedule.tokens_begun(&space);
    }
    data_streams::plan(data_streams, &schedule);
    schedule
}

fn refuse(message: String) -> Error {
    Error::new(ErrorCode::Open, message)
}

/// The place of an existing database, which nobody may have asked to be elsewhere.
fn settle_place(asked: &PlaceOption, stored: Place) -> Result<Place> {
    let same = |asked: &Option<String>, stored: &String| asked.as_ref().is_none_or(|asked| asked == stored);
    if same(&asked.region, &stored.region) && same(&asked.account, &stored.account) {
        return Ok(stored);
    }
    let region = asked.region.as_ref().unwrap_or(&stored.region);
    let account = asked.account.as_ref().unwrap_or(&stored.account);
    Err(refuse(format!(
        "The database is in region {} and account {}; it cannot be opened in region {region} and account {account}. Open without region \
         and account to take its own",
        stored.region, stored.account
    )))
}

/// Table name, label.
type StreamKey = (String, String);

/// Puts the catalog together: streams first, then shards, then the tables that write to them.
struct Loader<'a> {
    store: &'a dyn Store,
    catalog: Catalog,
    streams: BTreeMap<StreamKey, Arc<Stream>>,
    /// Streams that are on and have no table yet.
    live: BTreeMap<StreamKey, Arc<Stream>>,
    /// Open shards that have no partition yet, by stream and hashes.
    open: BTreeMap<(StreamKey, (u64, u64)), Arc<Shard>>,
    /// The newest time and commit, and the largest id so far.
    time: Millis,
    commit: u64,
    identity: u64,
}

impl<'a> Loader<'a> {
    fn new(store: &'a dyn Store, place: Place) -> Loader<'a> {
        let catalog = Catalog::new(place);
        let (streams, live, open) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Loader { store, catalog, streams, live, open, time: 0, commit: 0, identity: 0 }
    }

    fn streams(&mut self, entries: Vec<(String, String)>) -> Result<()> {
        for (name, text) in entries {
            let stream = Arc::new(Stream::restore(&name, &text, &self.catalog.place.region)?);
            let key = (stream.table.clone(), stream.label.clone());
            if !stream.is_off() {
                self.live.insert(key.clone(), stream.clone());
            }
            self.streams.insert(key, stream.clone());
            self.catalog.add_stream(stream);
        }
        Ok(())
    }

    fn shards(&mut self, entries: Vec<(String, String, LogId)>) -> Result<()> {
        for (name, text, log) in entries {
            let stored = StoredShard::read(&name, &text)?;
            let key = (stored.table.clone(), stored.label.clone());
            let stream = self.streams.get(&key).ok_or_else(|| {
                unsound(&name, format_args!("table {} has no stream {}", stored.table, stored.label))
            })?;
            let shard = Arc::new(stored.shard(log, stream.retention));
            if stream.has_shard(shard.id) {
                return Err(unsound(&name, format_args!("its stream has two shards {}", shard.id)));
            }
            self.identity = self.identity.max(log.0);
            self.time = self.time.max(shard.opened_at).max(shard.end().map_or(0, |end| end.at));
            stream.add_shard(shard.clone());
            if shard.end().is_none() && self.open.insert((key, shard.hashes), shard).is_some() {
                return Err(unsound(&name, "another open shard has the same hashes"));
            }
        }
        Ok(())
    }

    fn tables(&mut self, entries: Vec<(String, String, TableId)>) -> Result<()> {
        for (name, text, id) in entries {
            let Restored { table, live, last_totals } = Table::restore(&name, &text, id)?;
            self.identity = self.identity.max(id.0);
            if self.catalog.holder(&table.name).is_some() {
                return Err(unsound(&name, format_args!("there are two tables {}", table.name)));
            }
            let (items, bytes) = match last_totals {
                Some(totals) => totals,
                None => self.store.totals(id)?,
            };
            table.count(items, bytes);
            if let Some(label) = live {
                self.attach(&name, &table, label)?;
            }
            self.history(&table)?;
            self.catalog.add(Arc::new(table));
        }
        Ok(())
    }

    /// Lets a table go on with its history, and the counts with what it has used of them.
    fn history(&mut self, table: &Table) -> Result<()> {
        let newest = table.state.read().features.history.last().map(Period::rows);
        if let Some(newest) = newest {
            self.identity = self.identity.max(newest.0);
            let range = RowRange { from: Bound::Unbounded, to: Bound::Unbounded, descending: true };
            let last = self.store.rows(newest, &range, Budget { rows: 1, bytes: usize::MAX })?.value.last;
            if let Some(stamp) = last.as_deref().and_then(Cut::read) {
                (self.time, self.commit) = (self.time.max(stamp.time), self.commit.max(stamp.commit));
            }
        }
        table.show_history();
        Ok(())
    }

    fn backups(&mut self, entries: Vec<(String, String, TableId)>) -> Result<()> {
        for (name, text, rows) in entries {
            self.identity = self.identity.max(rows.0);
            self.catalog.add_backup(Arc::new(Backup::restore(&name, &text, rows)?));
        }
        Ok(())
    }

    fn exports(&mut self, entries: Vec<(String, String, TableId)>) -> Result<()> {
        for (name, text, rows) in entries {
            let export = Export::restore(&name, &text, rows)?;
            self.identity = export.tables().map(|own| own.0).fold(self.identity, u64::max);
            self.catalog.exports.add(Arc::new(export));
        }
        Ok(())
    }

    fn imports(&mut self, entries: Vec<(String, String, TableId)>) -> Result<()> {
        for (name, text, into) in entries {
            let import = Import::restore(&name, &text, into)?;
            self.identity = self.identity.max(into.0);
            if import.ended_at().is_none() && self.catalog.table_of(into).is_none() {
                return Err(unsound(&name, "it has not ended, and its table is not there"));
            }
            self.catalog.imports.add(Arc::new(import));
        }
        Ok(())
    }

    fn copies(&mut self, entries: Vec<(String, String, TableId)>) -> Result<()> {
        for (name, text, target) in entries {
            let stored = StoredCopy::read(&name, &text)?;
            let backups = self.catalog.backups();
            let into = match backups.into_iter().find(|backup| backup.rows == target) {
                Some(backup) => Some(Target::Backup(backup)),
                None => match self.catalog.exports.all().into_iter().find(|export| export.rows == target) {
                    Some(export) => Some(Target::Export(export)),
                    None => self.catalog.table_of(target).map(Target::Table),
                },
            };
            let has_source = self.catalog.table_of(TableId(stored.source)).is_some();
            self.catalog.add_copy(Arc::new(stored.copy(&name, into, has_source)?));
        }
        let mut tables = self.catalog.tables().into_iter();
        match tables.find(|table| table.is_restoring() && !self.catalog.is_being_copied(table.id)) {
            Some(table) => Err(unsound(&table.meta_name(), "nothing is copied into it")),
            None => Ok(()),
        }
    }

    fn spaces(&mut self, entries: Vec<(String, String, TableId)>) -> Result<()> {
        let mut by_table: BTreeMap<TableId, Vec<(String, Space)>> = BTreeMap::new();
        for (name, text, id) in entries {
            let space = Space::restore(&name, &text, id)?;
            self.identity = self.identity.max(id.0);
            by_table.entry(space.table).or_default().push((name, space));
        }
        for table in self.catalog.tables() {
            let mut spaces: Vec<_> = by_table.remove(&table.id).into_iter().flatten().collect();
            adopt(&table, &mut spaces)?;
            // In the order in which they were attached, which is not that of the names of the entries.
            spaces.sort_unstable_by_key(|(_, space)| space.id);
            let spaces: Arc<[Arc<Space>]> = spaces.into_iter().map(|(_, space)| Arc::new(space)).collect();
            link(&table, &spaces);
            table.show_spaces(&spaces);
        }
        match by_table.values().flatten().next() {
            Some((name, _)) => Err(unsound(name, "it belongs to no table")),
            None => Ok(()),
        }
    }

    fn tokens(&mut self, entries: Vec<(String, String, TableId)>) -> Result<Vec<TokenSpace>> {
        let read = |(name, text, id): (String, String, TableId)| {
            self.identity = self.identity.max(id.0);
            TokenSpace::restore(self.store, &name, &text, id)
        };
        entries.into_iter().map(read).collect()
    }

    /// Gives a table its live stream, and every partition its open shard.
    fn attach(&mut self, name: &str, table: &Table, label: String) -> Result<()> {
        let key = (table.name.clone(), label);
        let stream = self.live.remove(&key).ok_or_else(|| {
            unsound(name, format_args!("table {} has no stream {} that is on", key.0, key.1))
        })?;
        for partition in table.partitions() {
            let hashes = (partition.range.first, partition.range.last);
            let shard = self.open.remove(&(key.clone(), hashes)).ok_or_else(|| {
                unsound(name, format_args!("the hashes {} to {} have no open shard", hashes.0, hashes.1))
            })?;
            let newest = self.store.bounds(shard.log, 0)?.value.last;
            if newest.is_some_and(|newest| newest <= shard.start) {
                return Err(unsound(name, format_args!("a record of {} is before its start", shard.id)));
            }
            partition.state.lock().shard = Some(OpenShard::resume(stream.clone(), shard, newest));
        }
        table.state.write().stream = Some(stream);
        Ok(())
    }

    /// The catalog, when nothing is left over.
    fn finish(self) -> Result<Catalog> {
        if let Some((table, label)) = self.live.keys().next() {
            return Err(unsound(&format!("stream/{table}/{label}"), "it is on, but no table writes to it"));
        }
        if let Some(shard) = self.open.values().next() {
            let name = format!("shard/{}", shard.log.0);
            return Err(unsound(&name, "it is open, but no partition writes to it"));
        }
        Ok(self.catalog)
    }
}

/// Tells the spaces of a table's indexes whose they are.
///
/// # Errors
/// `CorruptionException` for an index whose space is missing or has another key.
fn adopt(table: &Table, spaces: &mut [(String, Space)]) -> Result<()> {
    let state = table.state.read();
    for IndexState { index, space, change, .. } in &state.indexes {
        let own = spaces.iter_mut().find(|(_, own)| own.id == space.id);
        match own {
            Some((name, own)) if own.definition != index.key => {
                return Err(unsound(name, format_args!("it has another key than its index {}", index.name)));
            }
            Some((_, own)) => own.index = Some(index.clone()),
            None if matches!(change, Some(IndexChange::Delete { .. })) => {}
            // The table that is being deleted has given its spaces back.
            None if state.change.is_some_and(|change| change.kind == ChangeKind::Delete) => {}
            None => {
                let why = format_args!("its index {} has no space", index.name);
                return Err(unsound(&table.meta_name(), why));
            }
        }
    }
    Ok(())
}

/// Gives the indexes of a table their spaces.
fn link(table: &Table, spaces: &[Arc<Space>]) {
    let mut state = table.state.write();
    for index in &mut state.indexes {
        if let Some(space) = spaces.iter().find(|space| space.id == index.space.id) {
            index.space = space.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_asked_for_in_whole_or_in_part_or_not_at_all() {
        let stored = Place { region: "eu-west-1".into(), account: "1".into() };
        let settle = |region: Option<&str>, account: Option<&str>| {
            let asked = PlaceOption {
                region: region.map(str::to_owned),
                account: account.map(str::to_owned),
                ..PlaceOption::default()
            };
            settle_place(&asked, stored.clone())
        };
        assert_eq!(settle(None, None), Ok(stored.clone()));
        assert_eq!(settle(Some("eu-west-1"), Some("1")), Ok(stored.clone()));
        let error = settle(None, Some("2")).expect_err("another account");
        assert_eq!(error.code(), ErrorCode::Open);
        assert!(error.message().contains("account 1;") && error.message().contains("account 2."), "{error}");
        assert!(settle(Some("us-east-1"), None).is_err());
    }
}
