//! A directory, and the rounds that are played in it: write, die, look, go on.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sim::calls::Result;
use sim::history::History;
use sim::plan::{Plan, Volume};
use sim::random::Random;
use streamtable::{Database, OpenOptions};

use crate::hosts::Host;
use crate::writer::{Death, watch};

/// A directory with a database, and what must be in it.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    folder: PathBuf,
    seed: u64,
    options: Value,
    hosts: &'a [Host],
    random: Random,
    history: History,
    kept: bool,
}

/// What happened in a round.
#[derive(Debug)]
pub(crate) struct Report {
    host: Host,
    death: Death,
    pub(crate) answered: u64,
    in_flight: usize,
    in_place: bool,
    items: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let death = match self.death {
            Death::Opening => "killed while it opened".to_owned(),
            Death::Lines(lines) => format!("killed after {lines} lines"),
            Death::Natural => "left to end".to_owned(),
        };
        let place = if self.in_place { "in place" } else { "a copy" };
        write!(
            f,
            "ok: {} writer {death}: {} calls answered, {} in flight; looked at {place}, {} items",
            self.host.name(),
            self.answered,
            self.in_flight,
            self.items
        )
    }
}

impl<'a> Site<'a> {
    /// Makes a directory for a seed, with a database and its tables in it.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn new(folder: &Path, seed: u64, durability: &str, hosts: &'a [Host]) -> Result<Site<'a>> {
        let folder = folder.join(format!("{}-{seed}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let mut random = Random::new(seed);
        let options = json!({
            "clock": "manual",
            "seed": seed,
            "partitions": 1 + random.below(4),
            "shard_rollover": if random.chance(50) { 0 } else { 4 * 3_600_000 },
            "durability": durability,
            "cache_bytes": if random.chance(30) { 0 } else { 1 << 20 },
        });
        let db = open(&folder.join(DATA), &options)?;
        let history = History::create(&db, &mut random)?;
        close(&db)?;
        Ok(Site { folder, seed, options, hosts, random, history, kept: false })
    }

    /// How many rounds the seed wants here.
    pub(crate) fn rounds(&self) -> u64 {
        3 + self.seed % 8
    }

    /// A writer writes and dies, and what it leaves is looked at.
    ///
    /// # Errors
    /// Something is not as it must be, or the writer failed.
    pub(crate) fn round(&mut self, round: u64) -> Result<Report> {
        let host = self.hosts[(self.seed.wrapping_add(round) % self.hosts.len() as u64) as usize];
        let volume = if self.random.chance(12) { Volume::Large } else { Volume::Mixed };
        let plan = Plan::draw(self.history.scene(), volume, &mut self.random.fork());
        let death = match self.random.below(100) {
            0..10 => Death::Opening,
            10..85 => Death::Lines(self.random.below(plan.lines())),
            _ => Death::Natural,
        };
        let closes = self.random.chance(50);
        let file = self.folder.join("plan.json");
        let data = self.folder.join(DATA);
        let text = plan.to_json(&data.display().to_string(), &self.options, closes).to_string();
        fs::write(&file, text).map_err(|e| format!("{}: {e}", file.display()))?;
        let heard = watch(&mut host.writer(&file)?, plan.lanes.len(), death)?;
        let in_flight = heard.lanes.iter().filter(|lane| lane.begun > lane.answers.len()).count();
        // Looking at a copy leaves the directory as the dead writer left it: the next writer is the one that recovers it, and may
        // die of that.
        let in_place = self.random.chance(50);
        let looked_at = if in_place { data } else { self.copy()? };
        self.look(&looked_at, in_place, |history, db| history.settle(db, &plan, &heard.lanes))?;
        Ok(Report {
            host,
            death,
            answered: heard.answered() as u64,
            in_flight,
            in_place,
            items: self.history.tables.iter().map(|table| table.model.items.len()).sum(),
        })
    }

    fn look(
        &mut self,
        data: &Path,
        goes_on: bool,
        settle: impl FnOnce(&mut History, &Database) -> Result<()>,
    ) -> Result<()> {
        let db = open(data, &self.options)?;
        settle(&mut self.history, &db)?;
        self.history.check(&db)?;
        if goes_on && self.random.chance(60) {
            self.history.go_on(&db, &mut self.random)?;
            self.history.check(&db)?;
        }
        if self.random.chance(20) {
            self.check_backup(&db)?;
        }
        close(&db)?;
        verify(data)
    }

    /// A copy that is made while the database is open opens, and holds the same.
    fn check_backup(&mut self, db: &Database) -> Result<()> {
        let backup = self.folder.join("backup");
        remove_folder(&backup)?;
        db.backup(&backup).map_err(|e| format!("no backup can be made: {e}"))?;
        let copy = open(&backup, &self.options)?;
        self.history.clone().check(&copy).map_err(|why| format!("the backup: {why}"))?;
        close(&copy)?;
        verify(&backup)
    }

    fn copy(&self) -> Result<PathBuf> {
        let copy = self.folder.join("copy");
        remove_folder(&copy)?;
        copy_folder(&self.folder.join(DATA), &copy).map_err(|e| format!("{}: {e}", copy.display()))?;
        Ok(copy)
    }

    /// Leaves the directory for a person to look at; tells where it is.
    pub(crate) fn keep(&mut self) -> String {
        self.kept = true;
        self.folder.display().to_string()
    }

    /// Removes the directory, unless it is kept.
    ///
    /// # Errors
    /// It cannot be removed.
    pub(crate) fn end(self) -> Result<()> {
        if self.kept {
            return Ok(());
        }
        fs::remove_dir_all(&self.folder).map_err(|e| format!("{}: {e}", self.folder.display()))
    }
}

/// The folder of the database in the folder of its site.
const DATA: &str = "data";

fn open(data: &Path, options: &Value) -> Result<Database> {
    OpenOptions::from_json(options.to_string().as_bytes())
        .and_then(|options| Database::open(data, options))
        .map_err(|e| format!("{} cannot be opened: {e}", data.display()))
}

fn close(db: &Database) -> Result<()> {
    db.close().map_err(|error| format!("it cannot be closed: {error}"))
}

/// The database's own look at its files finds nothing wrong.
fn verify(data: &Path) -> Result<()> {
    let report = streamtable::verify(data, &mut |_| {}).map_err(|e| format!("it cannot be verified: {e}"))?;
    match report.findings.first() {
        None => Ok(()),
        Some(finding) => Err(format!("verify finds {}: {finding}", report.findings.len())),
    }
}

fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
