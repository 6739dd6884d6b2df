//! Worlds on a disk that loses power, fills up and fails: whatever it does, no acknowledged commit is lost and no half commit is seen.

mod faults;
mod playing;
mod prefix;

use std::fmt;
use std::io::ErrorKind;

use serde_json::{Value, json};
use streamtable::simulation::{DiskFault, SimDisk, SimulatedKeeping};
use streamtable::{Database, Error, ErrorCode, OpenOptions};

use crate::calls::Result;
use crate::history::History;
use crate::plan::{Lane, Plan, Volume};
use crate::random::Random;

pub use self::faults::every_fault;
use self::faults::{Fault, draw_fault};
use self::playing::Played;

/// What a world is like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Manner {
    /// Writers are threads and checkpoints have a thread of their own; without, the same seed gives the same history.
    pub threads: bool,
    /// What an answer promises: to be safe from power cuts, or only from the end of the process.
    pub sync: bool,
}

impl Manner {
    /// The manner that a seed has.
    pub fn of(seed: u64) -> Manner {
        Manner { threads: seed % 4 == 1, sync: seed % 4 != 2 }
    }
}

/// How a piece of work ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    PowerLoss,
    Kill,
    Close,
}

/// A disk with a database on it, and what must be in it.
#[derive(Debug)]
struct Stage {
    disk: SimDisk,
    options: Value,
    keeping: SimulatedKeeping,
    manner: Manner,
    random: Random,
    history: History,
    /// Whether the disk has lost power since all was known to be safe.
    power_lost: bool,
}

/// How much was done, for a person to see that something was.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Done {
    pub answered: usize,
    pub failed: usize,
    pub power_losses: usize,
    pub lost: usize,
    pub refused_openings: usize,
}

impl Done {
    /// Counts another world.
    pub fn add(&mut self, other: Done) {
        self.answered += other.answered;
        self.failed += other.failed;
        self.power_losses += other.power_losses;
        self.lost += other.lost;
        self.refused_openings += other.refused_openings;
    }
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} calls answered, {} failed by the disk, {} power losses, {} openings refused; {} buffered calls lost, the last ones",
            self.answered, self.failed, self.power_losses, self.refused_openings, self.lost
        )
    }
}

/// Plays one world from a seed.
///
/// # Errors
/// A law that was broken.
pub fn play(seed: u64, manner: Manner) -> Result<Done> {
    let (mut stage, mut db) = Stage::new(seed, manner)?;
    let mut done = Done::default();
    for _ in 0..3 + stage.random.below(4) {
        let fault = draw_fault(&mut stage.random);
        db = stage.epoch(db, Volume::Mixed, fault, &mut done)?;
    }
    db.close().map_err(|e| format!("the last closing: {e}"))?;
    Ok(done)
}

/// Plays a short world in which one given call to the disk fails.
///
/// # Errors
/// A law that was broken.
pub fn play_fault(seed: u64, fault: DiskFault) -> Result<Done> {
    let manner = Manner { threads: false, sync: true };
    let (mut stage, mut db) = Stage::new(seed, manner)?;
    let mut done = Done::default();
    db = stage.epoch(db, Volume::Few, Fault::Call(fault), &mut done)?;
    db = stage.epoch(db, Volume::Few, Fault::None, &mut done)?;
    db.close().map_err(|e| format!("the last closing: {e}"))?;
    Ok(done)
}

/// Makes a database on a disk that fails at one of its calls and from then on, as when the power goes, and again on the disk that is left,
/// with or without a power cut, for each number of `cuts`; at last on a sound disk. Says whether the last attempt that was cut off came to
/// its end all the same.
///
/// # Errors
/// What an attempt left is in the way of the next, or the database is of no use.
pub fn make_again(seed: u64, cuts: &[u64], power_loss: bool) -> Result<bool> {
    let mut random = Random::new(seed);
    let mut disk = SimDisk::new(random.draw());
    let keeping = SimulatedKeeping { checkpoint_bytes: 1 << 14, background: false };
    let options = json!({"clock": "manual", "seed": seed});
    let mut made = false;
    for &nth in cuts {
        disk.plan(DiskFault {
            call: None,
            prefix: String::new(),
            nth,
            lasting: true,
            kind: ErrorKind::Other,
        });
        made = match open(&disk, &options, keeping) {
            Ok(_) => true,
            Err(error) => is_of_the_disk(&error).map(|()| false)?,
        };
        disk = if power_loss { disk.crash(&mut || random.draw()) } else { disk.kill() };
    }
    let db = open(&disk, &options, keeping).map_err(|e| format!("after {cuts:?} calls: {e}"))?;
    let mut history = History::create(&db, &mut random)?;
    history.check(&db)?;
    db.close().map_err(|e| format!("closing: {e}"))?;
    let db = open(&disk, &options, keeping).map_err(|e| format!("the second opening: {e}"))?;
    history.check(&db)?;
    Ok(made)
}

impl Stage {
    fn new(seed: u64, manner: Manner) -> Result<(Stage, Database)> {
        let mut random = Random::new(seed);
        let disk = SimDisk::new(random.draw());
        let options = json!({
            "clock": "manual",
            "seed": seed,
            "partitions": 1 + random.below(4),
            "durability": if manner.sync { "sync" } else { "buffered" },
            "cache_bytes": if random.chance(40) { 0 } else { 1 << 20 },
        });
        let keeping =
            SimulatedKeeping { checkpoint_bytes: 1 << (12 + random.below(8)), background: manner.threads };
        let db = open(&disk, &options, keeping).map_err(|e| format!("a new disk: {e}"))?;
        let history = History::create(&db, &mut random)?;
        db.close().map_err(|e| format!("the first closing: {e}"))?;
        let mut stage = Stage { disk, options, keeping, manner, random, history, power_lost: false };
        stage.disk = stage.disk.kill();
        let db = stage.open()?;
        Ok((stage, db))
    }

    fn open(&self) -> Result<Database> {
        open(&self.disk, &self.options, self.keeping).map_err(|e| format!("it does not open: {e}"))
    }

    /// Work with a fault in it, an end, an opening, and a look at everything.
    fn epoch(&mut self, db: Database, volume: Volume, fault: Fault, done: &mut Done) -> Result<Database> {
        self.power_lost = false;
        let plan = Plan::draw(self.history.scene(), volume, &mut self.random.fork());
        fault.plan(&self.disk);
        let played = playing::play(&db, &self.history, &plan, self.manner.threads, &mut self.random)?;
        done.answered += played.lanes.iter().map(|lane| lane.answers.len()).sum::<usize>();
        done.failed += played.failed;
        let end = self.end(db, done)?;
        let db = self.reopen(done)?;
        let explain = |why: String| format!("after {fault:?} and {end:?}: {why}");
        self.settle(&db, &plan, &played, done).map_err(explain)?;
        self.history.check(&db).map_err(explain)?;
        self.go_on(db)
    }

    fn end(&mut self, db: Database, done: &mut Done) -> Result<End> {
        let end = match self.random.below(10) {
            0..6 => End::PowerLoss,
            6..8 => End::Kill,
            _ => End::Close,
        };
        let next = match end {
            End::PowerLoss => {
                done.power_losses += 1;
                self.crashed()
            }
            End::Kill => self.disk.kill(),
            End::Close => {
                // Where a fault is still to come, closing may fail, and has lost nothing.
                if let Err(error) = db.close() {
                    is_of_the_disk(&error)?;
                }
                drop(db);
                self.disk = self.disk.kill();
                return Ok(end);
            }
        };
        // What the old process still does on its way out happens on a disk that nobody looks at any more.
        drop(db);
        self.disk = next;
        Ok(end)
    }

    /// The disk after a power loss now.
    fn crashed(&mut self) -> SimDisk {
        self.power_lost = true;
        let mut numbers = self.random.fork();
        self.disk.crash(&mut || numbers.draw())
    }

    /// Opens what the end has left; sometimes on a disk that fails meanwhile, or loses power once more.
    fn reopen(&mut self, done: &mut Done) -> Result<Database> {
        if self.random.chance(40) {
            draw_fault(&mut self.random).plan_for_opening(&self.disk, &mut self.random);
            match open(&self.disk, &self.options, self.keeping) {
                Ok(db) if self.random.chance(50) => {
                    self.disk.repair();
                    self.disk.set_capacity(None);
                    if db.call_json("ListTables", b"{}").is_ok() {
                        return Ok(db);
                    }
                    drop(db);
                }
                Ok(db) => {
                    let next = self.crashed();
                    drop(db);
                    self.disk = next;
                }
                Err(error) => {
                    is_of_the_disk(&error)?;
                    done.refused_openings += 1;
                    self.disk = self.crashed();
                }
            }
        }
        self.disk.repair();
        self.disk.set_capacity(None);
        self.open()
    }

    fn settle(&mut self, db: &Database, plan: &Plan, played: &Played, done: &mut Done) -> Result<()> {
        if self.manner.sync || !self.power_lost {
            return self.history.settle(db, plan, &played.lanes);
        }
        done.lost += prefix::settle(&mut self.history, db, plan, played)?;
        Ok(())
    }

    /// Time passes; what is only buffered is closed, so that it is safe from here on.
    fn go_on(&mut self, db: Database) -> Result<Database> {
        if self.random.chance(50) {
            self.history.go_on(&db, &mut self.random)?;
            self.history.check(&db)?;
        }
        if self.manner.sync && self.random.chance(60) {
            return Ok(db);
        }
        db.close().map_err(|e| format!("closing on a sound disk: {e}"))?;
        drop(db);
        self.disk = self.disk.kill();
        self.open()
    }
}

fn open(disk: &SimDisk, options: &Value, keeping: SimulatedKeeping) -> Result<Database, Error> {
    let options = OpenOptions::from_json(options.to_string().as_bytes())?;
    Database::simulated(disk, options, keeping)
}

/// An error that a failing disk explains. Corruption is one only where reading failed.
fn is_of_the_disk(error: &Error) -> Result<()> {
    match error.code() {
        ErrorCode::Storage | ErrorCode::Open | ErrorCode::Corruption => Ok(()),
        _ => Err(format!("a failing disk does not explain {error}")),
    }
}

/// Lanes that have not begun.
fn idle(plan: &Plan) -> Vec<Lane> {
    vec![Lane::default(); plan.lanes.len()]
}

#[cfg(test)]
mod tests {
    use super::{Done, Manner, every_fault, make_again, play, play_fault};

    #[test]
    fn disks_that_lose_power_and_fail_lose_nothing() {
        let mut total = Done::default();
        for seed in 1..=12 {
            let done = play(seed, Manner::of(seed)).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
            total.add(done);
        }
        assert!(total.answered > 1_000 && total.failed > 0 && total.power_losses > 5, "{total:?}");
    }

    #[test]
    fn a_database_whose_making_was_cut_off_can_be_made_again() {
        for power_loss in [false, true] {
            // Up to the call at which the attempt comes to its end, and is the database that the next one opens.
            let mut attempts = (1..).map(|nth| make_again(nth, &[nth], power_loss).expect("it can be made"));
            let calls = attempts.position(|made| made).expect("it ends") as u64;
            assert!(calls > 20, "{calls} calls make a database");
            for seed in 1..=calls {
                make_again(seed, &[1 + seed * 7 % calls, seed, 1 + seed * 5 % 20], power_loss)
                    .expect("it can be made");
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_history() {
        let manner = Manner { threads: false, sync: true };
        assert_eq!(play(7, manner).expect("the laws hold"), play(7, manner).expect("the laws hold"));
    }

    #[test]
    fn each_of_the_first_calls_of_each_kind_may_fail() {
        for fault in every_fault(2) {
            play_fault(3, fault.clone()).unwrap_or_else(|why| panic!("{fault:?}: {why}"));
        }
    }
}
