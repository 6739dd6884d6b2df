//! One event source mapping of a world: what it is set to, what has become of the records that it hands over, and the laws of that.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use streamtable::consumer::State;
use streamtable::consumer::worker::Task;
use streamtable::{Database, ReadOptions, Reader};

use super::Written;
use crate::calls::{Result, call};
use crate::random::Random;

/// The queue that is told of what was given up.
pub(super) const QUEUE_ARN: &str = "arn:aws:sqs:us-east-1:000000000000:dead";

/// A record as an event tells it.
#[derive(Clone, Debug)]
pub(super) struct Handed {
    /// Which write it is of.
    pub(super) number: u64,
    pub(super) sequence: String,
}

/// What is known of one mapping.
#[derive(Debug)]
pub(super) struct Mapping {
    pub(super) uuid: String,
    pub(super) function: String,
    pub(super) is_of_table: bool,
    /// Items below this pass its filters.
    passing: u64,
    bisects: bool,
    pub(super) reports: bool,
    /// Whether its function's writes happen exactly once.
    pub(super) is_once: bool,
    retries: u64,
    /// How old a record may be, milliseconds.
    age: Option<u64>,
    pub(super) has_destination: bool,
    /// How often it was settled.
    settlements: u64,
    /// Of the function done with, in this life and before it; and so when that was kept last.
    done: BTreeSet<u64>,
    durable: BTreeSet<u64>,
    /// How often the function has succeeded, and failed, with each.
    successes: BTreeMap<u64, u64>,
    failures: BTreeMap<u64, u64>,
    /// How many records the last batch had that failed with a record.
    failed_with: BTreeMap<u64, usize>,
}

impl Mapping {
    /// Makes one of a stream, with a function of its own.
    pub(super) fn create(
        db: &Database,
        place: usize,
        (arn, is_of_table): (&Value, bool),
        items: u64,
        random: &mut Random,
    ) -> Result<Mapping> {
        let function = format!("function-{place}");
        call(db, "RegisterFunction", &json!({"FunctionName": function}))?;
        let is_once = random.chance(40);
        let mut mapping = Mapping {
            uuid: String::new(),
            function,
            is_of_table,
            passing: if random.chance(40) { 1 + random.below(items) } else { items },
            bisects: random.chance(60),
            reports: !is_once && random.chance(40),
            is_once,
            retries: random.below(3),
            age: random.chance(20).then_some(60_000),
            has_destination: random.chance(60),
            settlements: 0,
            done: BTreeSet::new(),
            durable: BTreeSet::new(),
            successes: BTreeMap::new(),
            failures: BTreeMap::new(),
            failed_with: BTreeMap::new(),
        };
        let mut input = json!({
            "EventSourceArn": arn,
            "FunctionName": mapping.function,
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 1 + random.below(16),
            "ParallelizationFactor": 1 + random.below(3),
            "MaximumBatchingWindowInSeconds": if random.chance(50) { 0 } else { 5 },
            "BisectBatchOnFunctionError": mapping.bisects,
            "MaximumRetryAttempts": mapping.retries,
        });
        if mapping.reports {
            input["FunctionResponseTypes"] = json!(["ReportBatchItemFailures"]);
        }
        if mapping.age.is_some() {
            input["MaximumRecordAgeInSeconds"] = 60.into();
        }
        if mapping.has_destination {
            input["DestinationConfig"] = json!({"OnFailure": {"Destination": QUEUE_ARN}});
        }
        if mapping.passing < items {
            let names: Vec<String> = (0..mapping.passing).map(|item| format!("item-{item}")).collect();
            let pattern = match is_of_table {
                true => json!({"dynamodb": {"Keys": {"id": {"S": names}}}}),
                false => json!({"data": {"item": names}}),
            };
            input["FilterCriteria"] = json!({"Filters": [{"Pattern": pattern.to_string()}]});
        }
        let made = call(db, "CreateEventSourceMapping", &input)?;
        mapping.uuid = made["UUID"].as_str().ok_or_else(|| format!("no UUID in {made}"))?.to_owned();
        Ok(mapping)
    }

    /// Spreads its records over another number of lanes.
    pub(super) fn change_lanes(&mut self, db: &Database, random: &mut Random) -> Result<()> {
        let input = json!({"UUID": self.uuid, "ParallelizationFactor": 1 + random.below(3)});
        call(db, "UpdateEventSourceMapping", &input)?;
        // What was cut in pieces may be cut anew.
        self.failed_with.clear();
        Ok(())
    }

    /// The records that it hands over, of those that were written.
    fn passing<'w>(&self, written: &'w [Written]) -> impl Iterator<Item = (u64, &'w Written)> {
        let (passing, is_of_table) = (self.passing, self.is_of_table);
        (0..).zip(written).filter(move |(_, w)| w.is_of_table == is_of_table && w.item < passing)
    }

    /// A batch is handed over: nothing in it is done with for good, all before it of the same items is done with, and it has at most half of what failed
    /// together before.
    pub(super) fn handed_over(&mut self, batch: &[Handed], written: &[Written]) -> Result<()> {
        let numbers: Vec<u64> = batch.iter().map(|handed| handed.number).collect();
        if let Some(again) = numbers.iter().find(|number| self.durable.contains(number)) {
            return Err(format!("{again} comes again, and that it was done with is kept"));
        }
        let given_up: BTreeSet<u64> =
            self.failures.iter().filter(|(_, times)| **times > self.retries).map(|(n, _)| *n).collect();
        for (at, number) in numbers.iter().enumerate() {
            let write = written.get(*number as usize).filter(|write| write.item < self.passing);
            let item = write.ok_or_else(|| format!("{number} does not pass the filters"))?.item;
            let mut before =
                self.passing(written).take_while(|(n, _)| n < number).filter(|(_, w)| w.item == item);
            let is_settled = |n: u64| {
                self.done.contains(&n)
                    || given_up.contains(&n)
                    || numbers[..at].contains(&n)
                    || self.age.is_some()
            };
            if let Some((early, _)) = before.find(|(n, _)| !is_settled(*n)) {
                return Err(format!(
                    "{number} of {numbers:?} comes before {early}, which is of the same item"
                ));
            }
            let most = self.failed_with.get(number).map_or(usize::MAX, |size| size.div_ceil(2));
            if self.bisects && numbers.len() > most {
                return Err(format!(
                    "{number} failed among {:?}, and comes in {numbers:?}",
                    self.failed_with[number]
                ));
            }
        }
        Ok(())
    }

    /// The function has done with these of a batch; nothing is kept of that yet.
    pub(super) fn done_with(&mut self, numbers: &[u64]) {
        for number in numbers {
            self.done.insert(*number);
            *self.successes.entry(*number).or_insert(0) += 1;
        }
    }

    /// The function has failed with these; with all that it was given, or, by its report, from one of them on.
    pub(super) fn failed_with(&mut self, numbers: &[u64], is_whole: bool) {
        for number in numbers {
            *self.failures.entry(*number).or_insert(0) += 1;
            if is_whole && numbers.len() > 1 {
                self.failed_with.insert(*number, numbers.len());
            }
        }
    }

    /// The worker has died: only what is kept counts.
    pub(super) fn died(&mut self) {
        self.done = self.durable.clone();
        self.failed_with.clear();
    }

    /// Looks at what is kept. Where that is more than before, everything that was done with is; and what is before its place was done with, has failed
    /// too often, or is too old.
    pub(super) fn look(&mut self, db: &Database, told: &Value, written: &[Written], now: u64) -> Result<()> {
        let settlements = told["Settlements"].as_u64().unwrap_or(0);
        if settlements == self.settlements {
            return Ok(());
        }
        if settlements < self.settlements {
            return Err(format!("it was settled {} times, and now {settlements}", self.settlements));
        }
        self.settlements = settlements;
        self.durable = self.done.clone();
        let checkpoint = told["Checkpoint"].as_str().ok_or_else(|| format!("no place in {told}"))?;
        let state: State = checkpoint.parse().map_err(|e| format!("{checkpoint}: {e}"))?;
        let Some(place) = state.checkpoint() else { return Ok(()) };
        let fails = |e: streamtable::Error| format!("a reader of what is left: {e}");
        let resume = ReadOptions::resume(place.clone());
        let mut reader = Reader::open(db, state.source_arn(), resume).map_err(fails)?;
        let mut ahead = BTreeSet::new();
        while let Some(page) = reader.next_page(db, 1_000).map_err(fails)? {
            for record in page.records {
                let record = serde_json::to_value(record).map_err(|e| format!("a record is no JSON: {e}"))?;
                ahead.insert(number(&record["dynamodb"]["NewImage"]["n"]["N"])?);
            }
        }
        let passed = self.passing(written).find(|(n, write)| {
            let has_failed = self.failures.get(n).is_some_and(|times| *times > self.retries);
            // The service counts whole seconds.
            let is_old = self.age.is_some_and(|age| now + 1_000 >= write.at + age);
            !ahead.contains(n) && !self.done.contains(n) && !has_failed && !is_old
        });
        match passed {
            None => Ok(()),
            Some((n, _)) => Err(format!("its place is behind {n}, which is not settled")),
        }
    }

    /// At rest, everything that it hands over was done with or given up, what poisons among it; at least once functions were given nothing more often than the
    /// worker has died, and once more.
    pub(super) fn rests(&self, written: &[Written], poison: &BTreeSet<u64>, deaths: u64) -> Result<()> {
        for (n, write) in self.passing(written) {
            let failures = self.failures.get(&n).copied().unwrap_or(0);
            let is_settled = self.done.contains(&n) || failures > self.retries || self.age.is_some();
            if !is_settled || (poison.contains(&n) && self.done.contains(&n)) {
                return Err(format!("{n}, {write:?}, has failed {failures} times, and that was all"));
            }
            let successes = self.successes.get(&n).copied().unwrap_or(0);
            if successes > 1 + deaths {
                return Err(format!("{n} was done with {successes} times, with {deaths} deaths"));
            }
        }
        Ok(())
    }

    /// What of the records that it hands over was given up in the end.
    pub(super) fn given_up(&self, written: &[Written]) -> usize {
        self.passing(written).filter(|(n, _)| !self.done.contains(n)).count()
    }

    /// What its function has written, by record: once for each that it was done with, and nothing else.
    pub(super) fn check_writes(&self, totals: &BTreeMap<String, String>, written: &[Written]) -> Result<()> {
        let wanted: BTreeMap<String, String> = self
            .passing(written)
            .filter(|(n, _)| self.is_once && self.done.contains(n))
            .map(|(n, _)| (format!("{}#{n}", self.function), "1".to_owned()))
            .collect();
        let prefix = format!("{}#", self.function);
        let found = totals.iter().filter(|(name, _)| name.starts_with(&prefix));
        let found: BTreeMap<String, String> = found.map(|(name, n)| (name.clone(), n.clone())).collect();
        let different = wanted.keys().chain(found.keys()).find(|name| wanted.get(*name) != found.get(*name));
        match different {
            None => Ok(()),
            Some(name) => Err(format!("{name} is {:?}, not {:?}", found.get(name), wanted.get(name))),
        }
    }
}

/// The records of an event.
pub(super) fn handed(task: &Task) -> Result<Vec<Handed>> {
    let event: Value = serde_json::from_slice(&task.invocation.event_json())
        .map_err(|e| format!("an event is no JSON: {e}"))?;
    let records = event["Records"].as_array().ok_or_else(|| format!("no records in {event}"))?;
    records.iter().map(one_handed).collect()
}

fn one_handed(record: &Value) -> Result<Handed> {
    let (number, sequence) = match record.get("kinesis") {
        None => (number(&record["dynamodb"]["NewImage"]["n"]["N"])?, &record["dynamodb"]["SequenceNumber"]),
        Some(kinesis) => {
            let data = STANDARD.decode(kinesis["data"].as_str().unwrap_or("-"));
            let data = data.map_err(|e| format!("{record}: {e}"))?;
            let data: Value = serde_json::from_slice(&data).map_err(|e| format!("{record}: {e}"))?;
            (number(&data["n"])?, &kinesis["sequenceNumber"])
        }
    };
    let sequence = sequence.as_str().ok_or_else(|| format!("no number in {record}"))?.to_owned();
    Ok(Handed { number, sequence })
}

fn number(digits: &Value) -> Result<u64> {
    let number = digits.as_str().and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| format!("{digits} is no number"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use streamtable::OpenOptions;

    const ITEMS: u64 = 2;

    /// A mapping that bisects and tries once more, of a table whose writes to two items in turn are all there is.
    fn small_world() -> (Database, Mapping, Vec<Written>) {
        let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let table = json!({
            "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        });
        let made = call(&db, "CreateTable", &table).expect("made");
        let arn = &made["TableDescription"]["LatestStreamArn"];
        let mut mapping = Mapping::create(&db, 0, (arn, true), ITEMS, &mut Random::new(1)).expect("made");
        (mapping.passing, mapping.bisects, mapping.retries, mapping.age) = (ITEMS, true, 1, None);
        let written = (0..4)
            .map(|n| {
                let item = json!({"id": {"S": format!("item-{}", n % ITEMS)}, "n": {"N": n.to_string()}});
                call(&db, "PutItem", &json!({"TableName": "orders", "Item": item})).expect("written");
                Written { is_of_table: true, item: n % ITEMS, at: 0 }
            })
            .collect();
        (db, mapping, written)
    }

    fn batch(numbers: &[u64]) -> Vec<Handed> {
        numbers.iter().map(|n| Handed { number: *n, sequence: n.to_string() }).collect()
    }

    #[test]
    fn batches_that_may_not_come_are_noticed() {
        let (_, mut mapping, written) = small_world();
        let hand_over =
            |mapping: &mut Mapping, numbers: &[u64]| mapping.handed_over(&batch(numbers), &written);
        hand_over(&mut mapping, &[0, 1, 2, 3]).expect("all in order");
        let early = hand_over(&mut mapping, &[1, 2]).expect_err("0 is of the same item as 2");
        assert!(early.contains("comes before 0"), "{early}");
        mapping.failed_with(&[0, 1, 2, 3], true);
        hand_over(&mut mapping, &[0, 1]).expect("the half of it");
        let whole = hand_over(&mut mapping, &[0, 1, 2]).expect_err("more than the half of it");
        assert!(whole.contains("failed among 4"), "{whole}");
        mapping.done_with(&[0, 1]);
        mapping.durable = mapping.done.clone();
        assert!(hand_over(&mut mapping, &[1]).expect_err("kept").contains("comes again"));
        mapping.passing = 1;
        assert!(hand_over(&mut mapping, &[3]).expect_err("filtered").contains("does not pass"));
    }

    #[test]
    fn a_place_behind_what_is_not_settled_is_noticed() {
        use streamtable::consumer::worker::{Next, local::Local};
        use streamtable::consumer::{Outcome, Response};
        let (db, mut mapping, written) = small_world();
        let local = Local::new(&db, 1);
        // Longer than it gathers records.
        call(&db, "AdvanceClock", &json!({"Milliseconds": 10_000})).expect("it passes");
        let Ok(Next::Invoke(task)) = local.next(&db) else { panic!("a batch") };
        let done: Vec<u64> = handed(&task).expect("an event").iter().map(|handed| handed.number).collect();
        local.complete(&db, task.ticket, Outcome::Success(Response::Nothing)).expect("told");
        while let Ok(Next::Invoke(task)) = local.next(&db) {
            local.complete(&db, task.ticket, Outcome::Success(Response::Nothing)).expect("told");
        }
        let told = call(&db, "DescribeMappings", &json!({})).expect("told")["Mappings"][0].clone();
        let why = mapping.look(&db, &told, &written, 0).expect_err("nothing is known to be done with");
        assert!(why.contains("its place is behind"), "{why}");
        mapping.settlements = 0;
        mapping.done_with(&done);
        mapping.failed_with(&[0, 1, 2, 3], true);
        mapping.failed_with(&[0, 1, 2, 3], true);
        mapping.look(&db, &told, &written, 0).expect("done with, or failed too often");
    }

    #[test]
    fn what_is_left_at_rest_is_noticed() {
        let (_, mut mapping, written) = small_world();
        let none = BTreeSet::new();
        assert!(mapping.rests(&written, &none, 0).is_err(), "nothing is done with");
        mapping.done_with(&[0, 1, 2, 3]);
        mapping.rests(&written, &none, 0).expect("everything is done with");
        assert!(mapping.rests(&written, &BTreeSet::from([2]), 0).is_err(), "poison is done with");
        mapping.done_with(&[2]);
        assert!(mapping.rests(&written, &none, 0).is_err(), "done with twice in one life");
        mapping.rests(&written, &none, 1).expect("done with in two lives");
        mapping.is_once = true;
        let total = |numbers: &[u64], n: &str| -> BTreeMap<String, String> {
            numbers.iter().map(|number| (format!("function-0#{number}"), n.to_owned())).collect()
        };
        mapping.check_writes(&total(&[0, 1, 2, 3], "1"), &written).expect("each once");
        assert!(mapping.check_writes(&total(&[0, 1, 3], "1"), &written).is_err(), "one is lost");
        assert!(mapping.check_writes(&total(&[0, 1, 2, 3], "2"), &written).is_err(), "each twice");
    }
}
