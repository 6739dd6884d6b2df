//! Forks against the strongest model there is: a database that has lived through the same calls from the beginning.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::world::{Disk, World, options};
use crate::api::ErrorCode;
use crate::database::simulated::SimulatedKeeping;
use crate::database::{Database, Snapshot};
use crate::entropy::Entropy;
use crate::options::{ClockMode, OpenOptions};
use crate::store::{Durability, Scratch, SimDisk};

const HOUR: u64 = 3_600_000;
const TABLES: [&str; 2] = ["One", "Two"];

/// Operation, input, answer.
type Call = (&'static str, Value, Value);

/// A database, every call it or its ancestors were asked, and iterators that were issued.
struct Line {
    world: World,
    calls: Vec<Call>,
    iterators: Vec<Value>,
    /// Snapshots, with the calls and iterators up to them.
    snapshots: Vec<(Arc<Snapshot>, Vec<Call>, Vec<Value>)>,
    /// Where its forks are made; in memory if nowhere.
    forks: Option<Arc<Forks>>,
}

/// A folder for databases in directories.
struct Forks {
    folder: Scratch,
    made: AtomicUsize,
}

impl Forks {
    fn next(&self) -> PathBuf {
        self.folder.path().join(self.made.fetch_add(1, Ordering::Relaxed).to_string())
    }
}

impl Line {
    fn new() -> Line {
        Line::begin(World::new(), None)
    }

    fn in_directory() -> Line {
        let forks = Forks { folder: Scratch::new("forks"), made: AtomicUsize::default() };
        let db = Database::open(forks.next(), options().durability(Durability::Buffered));
        Line::begin(World::over(db.expect("a new database")), Some(Arc::new(forks)))
    }

    fn begin(world: World, forks: Option<Arc<Forks>>) -> Line {
        let mut line = Line { world, calls: Vec::new(), iterators: Vec::new(), snapshots: Vec::new(), forks };
        TABLES.iter().for_each(|table| line.call("CreateTable", creation(table)));
        line.call("AdvanceClock", json!({"Milliseconds": 2_000}));
        line
    }

    fn call(&mut self, operation: &'static str, input: Value) {
        let answer = self.world.call(operation, input.clone());
        for member in ["ShardIterator", "NextShardIterator"] {
            self.iterators.extend(answer.get(member).filter(|iterator| !iterator.is_null()).cloned());
        }
        self.calls.push((operation, input, answer));
    }

    fn fork(&self) -> Line {
        let (calls, iterators) = (self.calls.clone(), self.iterators.clone());
        let db = match &self.forks {
            None => self.world.db.fork().expect("memory"),
            Some(forks) => self.world.db.fork_to(forks.next()).expect("a sound disk"),
        };
        let (snapshots, forks) = (self.snapshots.clone(), self.forks.clone());
        Line { world: World::over(db), calls, iterators, snapshots, forks }
    }

    fn take_snapshot(&mut self) {
        let snapshot = Arc::new(self.world.db.snapshot().expect("memory"));
        self.snapshots.push((snapshot, self.calls.clone(), self.iterators.clone()));
    }

    /// Goes back to a snapshot, or to the beginning.
    fn go_back(&mut self, entropy: &Entropy) {
        let at = (entropy.next() % (self.snapshots.len() as u64 + 1)) as usize;
        match self.snapshots.get(at) {
            Some((snapshot, calls, iterators)) => {
                self.world.db.restore(snapshot).expect("memory");
                (self.calls, self.iterators) = (calls.clone(), iterators.clone());
            }
            None => {
                self.world.db.reset().expect("memory");
                (self.calls, self.iterators) = (Vec::new(), Vec::new());
                TABLES.iter().for_each(|table| self.call("CreateTable", creation(table)));
            }
        }
    }

    fn step(&mut self, entropy: &Entropy) {
        let below = |bound: u64| entropy.next() % bound;
        let table = TABLES[below(2) as usize];
        let id = json!({"S": format!("k{}", below(30))});
        match below(40) {
            0 => self.call("SplitShard", json!({"TableName": table})),
            1 => self.call("RollShard", json!({"TableName": table})),
            2 => self.call("AdvanceClock", json!({"Milliseconds": HOUR * below(30)})),
            3 => self.call("AdvanceClock", json!({"Milliseconds": below(3_000)})),
            4 => self.call("Maintain", json!({})),
            5 => self.call("DeleteTable", json!({"TableName": table})),
            6 | 7 => self.call("CreateTable", creation(table)),
            8 => {
                let stream = match below(2) {
                    0 => json!({"StreamEnabled": false}),
                    _ => json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}),
                };
                self.call("UpdateTable", json!({"TableName": table, "StreamSpecification": stream}));
            }
            9 => self.iterators = self.world.iterators(),
            10..=13 if !self.iterators.is_empty() => {
                let at = below(self.iterators.len() as u64) as usize;
                let iterator = self.iterators.swap_remove(at);
                self.call("GetRecords", json!({"ShardIterator": iterator, "Limit": 1 + below(5)}));
            }
            14..=20 => self.call("DeleteItem", json!({"TableName": table, "Key": {"id": id}})),
            _ => {
                // Some are large enough that a directory goes on in a new segment at a fork.
                let text = "t".repeat(if below(5) == 0 { 60_000 } else { 10 });
                let item = json!({"id": id, "n": {"N": below(1_000).to_string()}, "text": {"S": text}});
                self.call("PutItem", json!({"TableName": table, "Item": item}));
            }
        }
    }

    /// Whether a database that never was forked, asked the same, has answered the same and shows the same.
    fn check(mut self, what: &str) {
        let mut twin = World::new();
        for (at, (operation, input, answer)) in self.calls.iter().enumerate() {
            assert_eq!(
                twin.call(operation, input.clone()),
                *answer,
                "{what}, call {at}: {operation} {input}"
            );
        }
        assert_eq!(self.world.look(), twin.look(), "{what}");
    }
}

fn creation(table: &str) -> Value {
    json!({
        "TableName": table, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    })
}

#[test]
fn a_fork_answers_as_if_it_had_been_there_from_the_beginning() {
    for seed in 1..=6 {
        let entropy = Entropy::seeded(seed);
        let mut lines = vec![Line::new()];
        for _ in 0..400 {
            let at = (entropy.next() % lines.len() as u64) as usize;
            match entropy.next() % 40 {
                0 if lines.len() < 5 => {
                    let fork = lines[at].fork();
                    lines.push(fork);
                }
                1 if lines.len() > 2 => drop(lines.swap_remove(at)),
                2 => lines[at].take_snapshot(),
                3 => lines[at].go_back(&entropy),
                _ => lines[at].step(&entropy),
            }
        }
        for (at, line) in lines.into_iter().enumerate() {
            line.check(&format!("seed {seed}, database {at}"));
        }
    }
}

#[test]
fn a_fork_in_a_directory_answers_as_if_it_had_been_there_from_the_beginning() {
    for seed in 1..=3 {
        let entropy = Entropy::seeded(seed);
        let mut lines = vec![Line::in_directory()];
        for _ in 0..300 {
            let at = (entropy.next() % lines.len() as u64) as usize;
            match entropy.next() % 30 {
                0 if lines.len() < 5 => {
                    let fork = lines[at].fork();
                    lines.push(fork);
                }
                1 if lines.len() > 2 => {
                    // Its files go, and not those of the others.
                    let gone = lines.swap_remove(at);
                    gone.world.db.close().expect("a sound disk");
                }
                2 => drop(lines[at].world.db.compact().expect("a sound disk")),
                _ => lines[at].step(&entropy),
            }
        }
        for (at, line) in lines.into_iter().enumerate() {
            line.check(&format!("seed {seed}, database {at}"));
        }
    }
}

#[test]
fn where_nothing_can_be_linked_all_is_copied() {
    let keeping = SimulatedKeeping { checkpoint_bytes: 16 * 1024, background: false };
    let disk = SimDisk::new(1);
    let db = Database::simulated(&disk, options(), keeping).expect("a new database");
    let mut world = World::over(db);
    super::world::begin(&mut world);
    let folder = Scratch::new("copied");
    let mut fork = World::over(world.db.fork_to(folder.path().join("fork")).expect("a sound disk"));
    assert_eq!(fork.look(), world.look());
    fork.put("Orders", 0..3, "in the fork");
    world.db.close().expect("a sound disk");
    drop(world);
    let shown = fork.look();
    fork.db.close().expect("a sound disk");
    let again = Database::open(folder.path().join("fork"), options()).expect("a sound directory");
    assert_eq!(World::over(again).look(), shown);
}

#[test]
fn restoring_and_resetting_keep_the_handle_and_its_clones() {
    let mut world = World::new();
    super::world::begin(&mut world);
    let (snapshot, before) = (world.db.snapshot().expect("memory"), world.look());
    let clone = world.db.clone();
    world.put("Orders", 0..30, "after the snapshot");
    world.advance(50 * HOUR);
    clone.restore(&snapshot).expect("memory");
    assert_eq!(world.look(), before);
    clone.reset().expect("memory");
    assert_eq!(world.look(), World::new().look());
    let other = Database::memory(options().region("eu-west-1".to_owned())).expect("sound options");
    let error = other.restore(&snapshot).expect_err("it is elsewhere");
    assert_eq!(error.code(), ErrorCode::Validation);
    world.db.close().expect("memory");
    assert_eq!(clone.restore(&snapshot).expect_err("closed").code(), ErrorCode::Closed);
    assert_eq!(clone.reset().expect_err("closed").code(), ErrorCode::Closed);
}

#[test]
fn a_database_on_the_system_clock_is_restored_with_its_background_work() {
    let db = Database::memory(OpenOptions::default()).expect("sound options");
    let manual = Database::memory(options()).expect("sound options").snapshot().expect("memory");
    let system = db.snapshot().expect("memory");
    for snapshot in [&manual, &system, &system] {
        db.restore(snapshot).expect("memory");
        let is_manual = db.advance(Duration::ZERO).is_ok();
        assert_eq!(is_manual, std::ptr::eq(snapshot, &manual));
        assert_eq!(db.has_background(), !is_manual);
    }
    db.close().expect("memory");
    assert!(!db.has_background());
}

#[test]
fn a_snapshot_stays_as_it_is_and_outlives_its_database() {
    let mut world = World::new();
    super::world::begin(&mut world);
    let snapshot = world.db.snapshot().expect("memory");
    let before = world.look();
    world.put("Orders", 0..30, "after the snapshot");
    world.advance(50 * HOUR);
    world.db.close().expect("memory");
    for _ in 0..2 {
        let mut fork = World::over(snapshot.fork().expect("memory"));
        assert_eq!(fork.look(), before);
        fork.put("Orders", 0..30, "in the fork");
        fork.done("SplitShard", json!({"TableName": "Orders"}));
        fork.db.close().expect("memory");
    }
    let error = world.db.fork().expect_err("it is closed");
    assert_eq!(error.code(), ErrorCode::Closed);
}

#[test]
fn a_fork_of_an_unseeded_database_makes_choices_of_its_own() {
    let options = OpenOptions { seed: None, ..options() };
    let db = Database::memory(options).expect("sound options");
    let forks = [db.fork().expect("memory"), db.fork().expect("memory")];
    let call = |db: &Database, operation: &str, input: Value| -> Value {
        let answer = db.call_json(operation, input.to_string().as_bytes()).expect(operation);
        serde_json::from_slice(&answer).expect("JSON")
    };
    let names = [&forks[0], &forks[1], &db].map(|db| {
        let table = call(db, "CreateTable", creation("One"))["TableDescription"].clone();
        let stream = call(db, "DescribeStream", json!({"StreamArn": table["LatestStreamArn"]}));
        [table["TableId"].clone(), stream["StreamDescription"]["Shards"][0]["ShardId"].clone()]
    });
    for which in 0..2 {
        let [one, two, three] = names.each_ref().map(|names| &names[which]);
        assert!(one != two && two != three && three != one, "{names:?}");
    }
}

#[test]
fn a_fork_has_the_clock_of_its_database() {
    let manual = Database::memory(options()).expect("sound options");
    let now = manual.advance(Duration::from_secs(90)).expect("a manual clock");
    assert_eq!(manual.fork().expect("memory").advance(Duration::ZERO), Ok(now));
    let system = Database::memory(OpenOptions { clock: ClockMode::System, ..OpenOptions::default() });
    let fork = system.expect("sound options").fork().expect("memory");
    assert_eq!(fork.advance(Duration::ZERO).expect_err("the system's").code(), ErrorCode::Validation);
    fork.close().expect("memory");
}

#[test]
fn a_database_in_a_directory_has_no_snapshot() {
    let disk = Disk::directory();
    let db = Database::over(disk.store(), options()).expect("a new database");
    let error = db.snapshot().expect_err("it is in a directory");
    assert_eq!(error.code(), ErrorCode::Validation);
    assert!(error.message().contains("into another directory"), "{error}");
    let snapshot = Database::memory(options()).expect("sound options").snapshot().expect("memory");
    assert_eq!(db.restore(&snapshot).expect_err("it is in a directory").code(), ErrorCode::Validation);
    assert_eq!(db.reset().expect_err("it is in a directory").code(), ErrorCode::Validation);
    let memory = Database::memory(options()).expect("sound options");
    assert_eq!(memory.fork_to("nowhere").expect_err("no files").code(), ErrorCode::Validation);
}
