//! Forks against the strongest model there is: a database that has lived through the same calls from the beginning.

use std::time::Duration;

use serde_json::{Value, json};

use super::world::{Disk, World, options};
use crate::api::ErrorCode;
use crate::database::Database;
use crate::entropy::Entropy;
use crate::options::{ClockMode, OpenOptions};

const HOUR: u64 = 3_600_000;
const TABLES: [&str; 2] = ["One", "Two"];

/// Operation, input, answer.
type Call = (&'static str, Value, Value);

/// A database, every call it or its ancestors were asked, and iterators that were issued.
struct Line {
    world: World,
    calls: Vec<Call>,
    iterators: Vec<Value>,
}

impl Line {
    fn new() -> Line {
        let mut line = Line { world: World::new(), calls: Vec::new(), iterators: Vec::new() };
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
        Line { world: World::over(self.world.db.fork().expect("memory")), calls, iterators }
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
                let item = json!({"id": id, "n": {"N": below(1_000).to_string()}});
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
                _ => lines[at].step(&entropy),
            }
        }
        for (at, line) in lines.into_iter().enumerate() {
            line.check(&format!("seed {seed}, database {at}"));
        }
    }
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
fn a_database_in_a_directory_is_copied_not_forked() {
    let disk = Disk::directory();
    let db = Database::over(disk.store(), options()).expect("a new database");
    let error = db.snapshot().expect_err("it is in a directory");
    assert_eq!(error.code(), ErrorCode::Validation);
    assert!(error.message().contains("backup"), "{error}");
}
