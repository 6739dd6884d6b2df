//! Worlds made from seeds: writers, splits and rolls, functions that fail in every way, consumers that die at any moment.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Condition, InvocationId};
use super::*;
use crate::entropy::Entropy;
use crate::pattern::{Filters, Operators};
use crate::reader::{ReadOptions, Reader};

const WORLDS: u64 = 24;
const KEYS: u64 = 6;
const RECORDS: u32 = 60;

struct World<'s> {
    play: Play<'s>,
    random: Entropy,
    seed: u64,
    written: u32,
    /// Which item each number was written to.
    keys: BTreeMap<u32, u64>,
    /// Items below this pass the filters.
    passing: u64,
    poison: BTreeSet<u32>,
    running: BTreeMap<InvocationId, Invocation>,
    /// Settled in this life, and so when the state was kept last.
    settled: BTreeSet<u32>,
    durable: BTreeSet<u32>,
    successes: BTreeMap<u32, u64>,
    given_up: BTreeSet<u32>,
    crashes: u64,
    is_calm: bool,
}

fn below(random: &Entropy, end: u64) -> u64 {
    random.next() % end
}

impl<'s> World<'s> {
    fn new(source: &'s Source, seed: u64) -> World<'s> {
        let random = Entropy::seeded(seed);
        let mut settings = source.settings();
        settings.batch_size = 1 + below(&random, 8) as u32;
        settings.parallelization_factor = 1 + below(&random, 3) as u32;
        settings.bisect = random.happens(0.5);
        settings.reports_item_failures = random.happens(0.5);
        settings.maximum_retries = Some(below(&random, 3) as u32);
        let keys = if random.happens(0.3) { KEYS / 2 } else { KEYS };
        if keys < KEYS {
            let names: Vec<String> = (0..keys).map(|key| format!("item-{key}")).collect();
            let pattern = json!({"dynamodb": {"Keys": {"id": {"S": names}}}}).to_string();
            settings.filters = Filters::compile([pattern], Operators::All).expect("a pattern");
        }
        settings.batching_window = Duration::from_secs(below(&random, 2) * 5);
        let poison = (1..=RECORDS).filter(|_| random.happens(0.05)).collect();
        let mut play = Play::new(source, settings);
        play.settle();
        World {
            play,
            random,
            seed,
            written: 0,
            keys: BTreeMap::new(),
            passing: keys,
            poison,
            running: BTreeMap::new(),
            settled: BTreeSet::new(),
            durable: BTreeSet::new(),
            successes: BTreeMap::new(),
            given_up: BTreeSet::new(),
            crashes: 0,
            is_calm: false,
        }
    }

    fn act(&mut self) {
        let source = self.play.source;
        match below(&self.random, 21) {
            0..8 => self.write(),
            8 => source.roll(),
            9 => {
                source.call("SplitShard", &json!({"TableName": "Things"}));
            }
            10 => source.advance(Duration::from_millis(below(&self.random, 2_000))),
            11 => self.crash(),
            12..15 => self.complete_one(),
            15 => self.settle(),
            16 => {
                let mut settings = self.play.consumer.settings().clone();
                settings.parallelization_factor = 1 + below(&self.random, 3) as u32;
                self.play.consumer.update(settings).expect("sound");
            }
            _ => {
                self.poll();
            }
        }
    }

    fn write(&mut self) {
        if self.written < RECORDS {
            self.written += 1;
            let key = below(&self.random, KEYS);
            self.keys.insert(self.written, key);
            self.play.source.put(&format!("item-{key}"), self.written);
        }
    }

    fn crash(&mut self) {
        self.running.clear();
        self.settled = self.durable.clone();
        self.crashes += 1;
        self.play.reopen();
    }

    /// Whether nothing is left to do.
    fn poll(&mut self) -> bool {
        match self.play.poll() {
            Step::Invoke(invocation) => {
                let batch = numbers(invocation.records());
                let again = batch.iter().find(|number| self.durable.contains(number));
                assert_eq!(again, None, "it was settled, and that was kept, in world {}", self.seed);
                self.check_order(&batch);
                self.running.insert(invocation.id, invocation);
            }
            Step::Settle(_) => self.settle(),
            Step::SleepUntil(until) if self.is_calm && self.running.is_empty() => {
                self.play.source.advance(Duration::from_millis(until - self.play.source.now()));
            }
            Step::Idle => return self.running.is_empty(),
            Step::SleepUntil(_) => {}
        }
        false
    }

    /// The numbers that are not filtered out.
    fn passing(&self) -> impl Iterator<Item = u32> {
        let passing = self.keys.iter().filter(|(_, key)| **key < self.passing);
        passing.map(|(number, _)| *number)
    }

    /// What was written to an item before is settled, or comes before it in the batch.
    fn check_order(&self, batch: &[u32]) {
        for (at, number) in batch.iter().enumerate() {
            let key = self.keys[number];
            let mut before = self.keys.range(..number).filter(|(_, other)| **other == key);
            assert!(
                before.all(|(earlier, _)| self.settled.contains(earlier) || batch[..at].contains(earlier)),
                "{number} of {batch:?} came too early in world {}",
                self.seed
            );
        }
    }

    fn complete_one(&mut self) {
        let count = self.running.len() as u64;
        if count == 0 {
            return;
        }
        let id = *self.running.keys().nth(below(&self.random, count) as usize).expect("one of them");
        let invocation = self.running.remove(&id).expect("running");
        let (outcome, done) = self.outcome(&invocation);
        for number in done {
            self.settled.insert(number);
            *self.successes.entry(number).or_insert(0) += 1;
        }
        assert!(self.play.consumer.complete(id, outcome, self.play.source.now()));
        // What was given up with it is settled, too.
        let settlement = self.play.consumer.settlement();
        for failure in settlement.iter().flat_map(|settlement| &settlement.failures) {
            let numbers = numbers(failure.records());
            self.settled.extend(&numbers);
            self.given_up.extend(&numbers);
            assert_eq!(failure.condition, Condition::RetryAttemptsExhausted);
        }
    }

    /// What the function does, and which records it has done with then.
    fn outcome(&self, invocation: &Invocation) -> (Outcome, Vec<u32>) {
        let batch = numbers(invocation.records());
        let poison = batch.iter().position(|number| self.poison.contains(number));
        let reports = self.play.consumer.settings().reports_item_failures;
        let fails = !self.is_calm && self.random.happens(0.2);
        if !self.is_calm && self.random.happens(0.1) {
            return (Outcome::NotInvoked { reason: "throttled".into() }, Vec::new());
        }
        let at = if fails { Some(below(&self.random, batch.len() as u64) as usize) } else { None };
        match (at.into_iter().chain(poison).min(), reports) {
            (None, _) => (ok(), batch),
            (Some(at), true) => (report(invocation, batch[at]), batch[..at].to_vec()),
            (Some(_), false) => (Outcome::Error, Vec::new()),
        }
    }

    /// Keeps the state. What it would read again has everything that is not settled.
    fn settle(&mut self) {
        if !self.play.settle() {
            return;
        }
        self.durable = self.settled.clone();
        let state: State = self.play.kept.as_ref().expect("kept").parse().expect("a state");
        let db = &self.play.source.db;
        let resume = ReadOptions::resume(state.checkpoint().expect("of a table").clone());
        let mut reader = Reader::open(db, state.source_arn(), resume).expect("opened");
        let mut ahead = BTreeSet::new();
        while let Some(page) = reader.next_page(db, 1_000).expect("read") {
            ahead.extend(page.records.iter().map(number));
        }
        let lost = self.passing().find(|n| !ahead.contains(n) && !self.settled.contains(n));
        assert_eq!(lost, None, "the place is after what is not settled in world {}", self.seed);
    }

    fn end(mut self) {
        self.is_calm = true;
        let rests = (0..10_000).any(|_| {
            self.complete_one();
            self.poll()
        });
        assert!(rests, "nothing is left in world {}", self.seed);
        let all: BTreeSet<u32> = self.passing().collect();
        assert_eq!(self.settled, all, "everything is settled in world {}", self.seed);
        for (number, times) in &self.successes {
            assert!(*times <= 1 + self.crashes, "{number} came too often in world {}", self.seed);
        }
        let poison: BTreeSet<u32> = self.poison.intersection(&all).copied().collect();
        assert!(poison.is_subset(&self.given_up), "poison is given up in world {}", self.seed);
        assert!(self.successes.keys().all(|number| !poison.contains(number)));
    }
}

#[test]
fn every_record_settles_in_its_order_and_no_place_passes_one_that_has_not() {
    for seed in 0..WORLDS {
        let source = Source::new(1 + (seed % 3) as u32);
        let mut world = World::new(&source, seed);
        for _ in 0..400 {
            world.act();
        }
        world.end();
    }
}

#[test]
fn a_seed_names_one_history() {
    let history = |seed| {
        let source = Source::new(2);
        let mut world = World::new(&source, seed);
        (0..200).for_each(|_| world.act());
        (world.play.kept.clone(), world.settled)
    };
    assert_eq!(history(7), history(7));
}
