//! The state machine over databases in memory, under a manual clock.

mod ages;
mod data_streams;
mod documents;
mod filters;
mod lives;
mod responses;
mod sources;
mod traces;
mod windows;
mod worlds;

use std::time::Duration;

use serde_json::{Value, json};

use super::{Consumer, Failure, Invocation, Outcome, Response, Settings, SourceRecord, State, Step};
use crate::api::Record;
use crate::clock::MANUAL_START;
use crate::database::Database;
use crate::options::OpenOptions;

const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:orders";

/// A table with a stream.
struct Source {
    db: Database,
    arn: String,
}

impl Source {
    fn new(partitions: u32) -> Source {
        let options =
            OpenOptions { partitions, shard_rollover: Duration::ZERO, ..OpenOptions::deterministic() };
        let db = Database::memory(options).expect("sound");
        let mut source = Source { db, arn: String::new() };
        let created = source.call(
            "CreateTable",
            &json!({
                "TableName": "Things", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            }),
        );
        source.arn = created["TableDescription"]["LatestStreamArn"].as_str().expect("a stream").to_owned();
        source
    }

    fn call(&self, operation: &str, input: &Value) -> Value {
        let answer = self.db.call_json(operation, input.to_string().as_bytes()).expect(operation);
        serde_json::from_slice(&answer).expect("JSON")
    }

    fn put(&self, key: &str, n: u32) {
        self.call(
            "PutItem",
            &json!({"TableName": "Things", "Item": {"id": {"S": key}, "n": {"N": n.to_string()}}}),
        );
    }

    /// Writes records with these numbers, each of an item of its own.
    fn put_all(&self, numbers: impl IntoIterator<Item = u32>) {
        numbers.into_iter().for_each(|n| self.put(&format!("item-{n}"), n));
    }

    fn roll(&self) {
        self.call("RollShard", &json!({"TableName": "Things"}));
    }

    fn now(&self) -> u64 {
        MANUAL_START + self.since_start()
    }

    fn since_start(&self) -> u64 {
        u64::try_from(self.db.elapsed().as_millis()).expect("no age of the world") - MANUAL_START
    }

    fn advance(&self, by: Duration) {
        self.db.advance(by).expect("a manual clock");
    }

    fn settings(&self) -> Settings {
        let mut settings = Settings::new("0123-mapping", &self.arn, FUNCTION);
        settings.poll_interval = None;
        settings
    }
}

/// The number that the write of a record had.
fn number(record: &Record) -> u32 {
    let image = record.new_image.as_ref().or(record.old_image.as_ref()).expect("an image");
    let number = image.get("n").and_then(|value| value.number()).expect("a number");
    number.to_string().parse().expect("a whole number")
}

fn numbers(records: &[SourceRecord]) -> Vec<u32> {
    let of = |record: &SourceRecord| match record {
        SourceRecord::Table(record) => number(record),
        SourceRecord::DataStream(record) => {
            String::from_utf8_lossy(&record.data.0).parse().expect("a number")
        }
    };
    assert!(!records.is_empty());
    records.iter().map(of).collect()
}

/// A consumer, and all that it asked for.
struct Play<'s> {
    source: &'s Source,
    consumer: Consumer,
    /// What each invocation was given.
    seen: Vec<Vec<u32>>,
    /// When each invocation was, since the start.
    times: Vec<u64>,
    requests: Vec<String>,
    failures: Vec<Failure>,
    kept: Option<String>,
    lives: u64,
}

fn ok() -> Outcome {
    Outcome::Success(Response::Nothing)
}

fn answer(value: Value) -> Outcome {
    Outcome::Success(Response::Value(value))
}

/// Reports the record with a number as failed, if it is there.
fn report(invocation: &Invocation, failing: u32) -> Outcome {
    let at = numbers(invocation.records()).iter().position(|n| *n == failing);
    let items: Vec<Value> = at
        .map(|at| json!({"itemIdentifier": invocation.records()[at].sequence_number().to_string()}))
        .into_iter()
        .collect();
    answer(json!({"batchItemFailures": items}))
}

/// Throws when the record with a number is there.
fn throw_at(invocation: &Invocation, failing: u32) -> Outcome {
    if numbers(invocation.records()).contains(&failing) { Outcome::Error } else { ok() }
}

impl<'s> Play<'s> {
    fn new(source: &'s Source, settings: Settings) -> Play<'s> {
        let consumer = Consumer::open(&source.db, settings, None, 1, source.now()).expect("opened");
        Play {
            source,
            consumer,
            seen: Vec::new(),
            times: Vec::new(),
            requests: Vec::new(),
            failures: Vec::new(),
            kept: None,
            lives: 1,
        }
    }

    /// Opens the consumer anew from the state that was kept.
    fn reopen(&mut self) {
        let settings = self.consumer.settings().clone();
        self.reopen_with(settings);
    }

    fn reopen_with(&mut self, settings: Settings) {
        self.lives += 1;
        let state: Option<State> = self.kept.as_ref().map(|text| text.parse().expect("a state"));
        let (db, now) = (&self.source.db, self.source.now());
        self.consumer = Consumer::open(db, settings, state, self.lives, now).expect("opened");
    }

    fn poll(&mut self) -> Step {
        self.consumer.wake();
        self.consumer.poll(&self.source.db, self.source.now())
    }

    fn settle(&mut self) -> bool {
        let Some(settlement) = self.consumer.settlement() else { return false };
        self.kept = Some(settlement.state.to_string());
        self.failures.extend(settlement.failures);
        self.consumer.settled(settlement.id, &[]);
        true
    }

    fn note(&mut self, invocation: &Invocation) {
        let records = invocation.records();
        self.seen.push(if records.is_empty() { Vec::new() } else { numbers(records) });
        self.times.push(self.source.since_start());
        self.requests.push(invocation.request_id.to_string());
    }

    /// Goes on without moving the clock. Answers until when it would sleep.
    fn step(&mut self, mut handler: impl FnMut(&Invocation) -> Outcome) -> Option<u64> {
        for _ in 0..100_000 {
            match self.poll() {
                Step::Invoke(invocation) => {
                    self.note(&invocation);
                    let outcome = handler(&invocation);
                    assert!(self.consumer.complete(invocation.id, outcome, self.source.now()));
                }
                Step::Settle(_) => assert!(self.settle()),
                Step::SleepUntil(until) => return Some(until),
                Step::Idle => return None,
            }
        }
        panic!("it never rests");
    }

    /// Goes on, and moves the clock to what is due next, until nothing is or that is later than an hour.
    fn run(&mut self, mut handler: impl FnMut(&Invocation) -> Outcome) {
        let end = self.source.now() + 3_600_000;
        while let Some(until) = self.step(&mut handler).filter(|until| *until <= end) {
            let by = until.checked_sub(self.source.now()).expect("later");
            assert!(by > 0, "it sleeps until now");
            self.source.advance(Duration::from_millis(by));
        }
    }

    fn documents(&self) -> Vec<Value> {
        self.failures.iter().map(|f| serde_json::from_str(&f.document()).expect("JSON")).collect()
    }

    /// Batch size and count of each record of a failure.
    fn given_up(&self) -> Vec<(u64, u64)> {
        let documents = self.documents();
        let of = |document: &Value| {
            let size = document["DDBStreamBatchInfo"]["batchSize"].as_u64().unwrap_or(0);
            (size, document["requestContext"]["approximateInvokeCount"].as_u64().expect("a count"))
        };
        documents.iter().map(of).collect()
    }
}
