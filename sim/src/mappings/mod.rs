//! Worlds of event source mappings: several of them over a table and a data stream that split and roll, with functions that fail in every way, workers that die
//! and disks that lose power. Whatever happens, each record is settled once its place is passed, in the order of its item.

mod mapping;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use streamtable::api::TransactWriteItem;
use streamtable::consumer::worker::local::Local;
use streamtable::consumer::worker::{Next, Task, Told};
use streamtable::consumer::{Outcome, Response};
use streamtable::simulation::{SimDisk, SimulatedKeeping};
use streamtable::{Database, OpenOptions};

use self::mapping::{Handed, Mapping, handed};
use crate::calls::{Result, call, now};
use crate::kinesis::DataStream;
use crate::random::Random;

const TABLE: &str = "orders";
const TOTALS: &str = "totals";
const STREAM: &str = "events";
const STREAM_ARN: &str = "arn:aws:kinesis:us-east-1:000000000000:stream/events";
/// Items that are written to.
const ITEMS: u64 = 6;
/// Writes of a world.
const WRITES: usize = 80;
/// Steps to rest, more than any world takes that rests.
const STEPS: usize = 20_000;

/// A write, whose number is its place among all.
#[derive(Clone, Copy, Debug)]
struct Written {
    is_of_table: bool,
    item: u64,
    /// Epoch milliseconds.
    at: u64,
}

struct World {
    random: Random,
    options: Value,
    disk: SimDisk,
    db: Database,
    local: Local,
    stream: DataStream,
    mappings: Vec<Mapping>,
    written: Vec<Written>,
    poison: BTreeSet<u64>,
    /// What runs: the mapping, its task and the records.
    running: Vec<(usize, Task, Vec<Handed>)>,
    deaths: u64,
    is_calm: bool,
}

/// Plays one world from a seed. The answer is all that became of its records, for comparison with another play of the same seed.
///
/// # Errors
/// A law that was broken, or an operation that failed.
pub fn play(seed: u64) -> Result<String> {
    let mut world = World::new(seed)?;
    for _ in 0..400 + world.random.below(300) {
        world.act()?;
    }
    world.end()
}

impl World {
    fn new(seed: u64) -> Result<World> {
        let mut random = Random::new(seed);
        let options = json!({
            "clock": "manual", "seed": seed, "partitions": 1 + random.below(3), "shard_rollover": 0, "durability": "sync",
        });
        let disk = SimDisk::new(random.draw());
        let db = open(&disk, &options)?;
        for name in [TABLE, TOTALS] {
            let table = json!({
                "TableName": name,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
            });
            call(&db, "CreateTable", &table)?;
        }
        call(&db, "SqsCreateQueue", &json!({"QueueName": "dead"}))?;
        let stream = DataStream::create(&db, STREAM, &mut random)?;
        let described = call(&db, "DescribeTable", &json!({"TableName": TABLE}))?;
        let table_arn = described["Table"]["LatestStreamArn"].clone();
        let mut mappings = Vec::new();
        for place in 0..2 + random.below(5) as usize {
            let is_of_table = random.chance(60);
            let arn = if is_of_table { table_arn.clone() } else { STREAM_ARN.into() };
            mappings.push(Mapping::create(&db, place, (&arn, is_of_table), ITEMS, &mut random)?);
        }
        let poison = (0..WRITES as u64).filter(|_| random.chance(5)).collect();
        let local = Local::new(&db, random.draw());
        Ok(World {
            random,
            options,
            disk,
            db,
            local,
            stream,
            mappings,
            written: Vec::new(),
            poison,
            running: Vec::new(),
            deaths: 0,
            is_calm: false,
        })
    }

    fn act(&mut self) -> Result<()> {
        match self.random.below(40) {
            0..12 => self.write(),
            12 => call(&self.db, "RollShard", &json!({"TableName": TABLE})).map(|_| ()),
            13 => call(&self.db, "SplitShard", &json!({"TableName": TABLE})).map(|_| ()),
            14 => {
                let (operation, input, act) = self.stream.draw_change(&mut self.random);
                call(&self.db, operation, &input)?;
                self.stream.apply(&act, 0);
                Ok(())
            }
            15 | 16 => self.pass(),
            17 => self.die(),
            18 => {
                let at = self.random.below(self.mappings.len() as u64) as usize;
                self.mappings[at].change_lanes(&self.db, &mut self.random)
            }
            19..27 => self.complete_one(),
            _ => self.next().map(|_| ()),
        }
    }

    fn pass(&mut self) -> Result<()> {
        let most = if self.random.chance(10) { 70_000 } else { 2_000 };
        let by = self.random.below(most);
        self.advance(by)
    }

    fn advance(&self, by: u64) -> Result<()> {
        call(&self.db, "AdvanceClock", &json!({"Milliseconds": by})).map(|_| ())
    }

    fn write(&mut self) -> Result<()> {
        if self.written.len() == WRITES {
            return Ok(());
        }
        let (n, item, is_of_table) = (self.written.len(), self.random.below(ITEMS), self.random.chance(60));
        let name = format!("item-{item}");
        if is_of_table {
            let item = json!({"id": {"S": name}, "n": {"N": n.to_string()}});
            call(&self.db, "PutItem", &json!({"TableName": TABLE, "Item": item}))?;
        } else {
            let data = STANDARD.encode(json!({"item": name, "n": n.to_string()}).to_string());
            let record = json!({"StreamName": STREAM, "PartitionKey": name, "Data": data});
            call(&self.db, "KinesisPutRecord", &record)?;
        }
        self.written.push(Written { is_of_table, item, at: now(&self.db)? });
        Ok(())
    }

    /// The worker dies, with the process and the disk's power or alone.
    fn die(&mut self) -> Result<()> {
        self.running.clear();
        self.deaths += 1;
        self.mappings.iter_mut().for_each(Mapping::died);
        if self.random.chance(60) {
            let mut numbers = self.random.fork();
            self.disk = self.disk.crash(&mut || numbers.draw());
            self.db = open(&self.disk, &self.options)?;
        }
        self.local = Local::new(&self.db, self.random.draw());
        // What was kept is kept, and nothing more.
        self.look()
    }

    /// Takes the next step of the worker; none where it rests.
    fn next(&mut self) -> Result<Option<Next>> {
        let next = self.local.next(&self.db).map_err(|e| format!("the worker fails: {e}"))?;
        self.look()?;
        match next {
            Next::Invoke(task) => {
                let found = self.mappings.iter().position(|mapping| mapping.uuid == task.uuid);
                let place = found.ok_or_else(|| format!("{} is no mapping", task.uuid))?;
                let batch = handed(&task)?;
                let mapping = &mut self.mappings[place];
                let name = mapping.function.clone();
                mapping.handed_over(&batch, &self.written).map_err(|why| format!("{name}: {why}"))?;
                self.running.push((place, *task, batch));
                Ok(None)
            }
            Next::Deliver(delivery) => Err(format!("{} is not the host's", delivery.uuid)),
            next => Ok(Some(next)),
        }
    }

    /// What is kept of each mapping.
    fn look(&mut self) -> Result<()> {
        let told = call(&self.db, "DescribeMappings", &json!({}))?;
        let now = now(&self.db)?;
        for told in told["Mappings"].as_array().into_iter().flatten() {
            let uuid = &told["Configuration"]["UUID"];
            let mapping = self.mappings.iter_mut().find(|mapping| *uuid == mapping.uuid.as_str());
            let mapping = mapping.ok_or_else(|| format!("{uuid} is no mapping"))?;
            let name = mapping.function.clone();
            mapping.look(&self.db, told, &self.written, now).map_err(|why| format!("{name}: {why}"))?;
        }
        Ok(())
    }

    fn complete_one(&mut self) -> Result<()> {
        if self.running.is_empty() {
            return Ok(());
        }
        let at = self.random.below(self.running.len() as u64) as usize;
        let (place, task, batch) = self.running.swap_remove(at);
        let mapping = &mut self.mappings[place];
        let numbers: Vec<u64> = batch.iter().map(|handed| handed.number).collect();
        let fails = |e: streamtable::Error| format!("{}: nothing is told: {e}", task.uuid);
        if !self.is_calm && self.random.chance(10) {
            let outcome = Outcome::NotInvoked { reason: "throttled".into() };
            self.local.complete(&self.db, task.ticket, outcome).map_err(fails)?;
            return self.look();
        }
        let poison = numbers.iter().position(|number| self.poison.contains(number));
        let drawn = !self.is_calm && self.random.chance(20);
        let drawn = drawn.then(|| self.random.below(numbers.len() as u64) as usize);
        let (outcome, done) = match (drawn.into_iter().chain(poison).min(), mapping.reports) {
            (None, _) => (Outcome::Success(Response::Nothing), numbers.len()),
            (Some(at), true) => {
                let failing = json!([{"itemIdentifier": batch[at].sequence}]);
                (Outcome::Success(Response::Value(json!({"batchItemFailures": failing}))), at)
            }
            (Some(_), false) => (Outcome::Error, 0),
        };
        let is_told = match outcome {
            Outcome::Success(response) if mapping.is_once => {
                let writes = additions(&mapping.function, &numbers)?;
                match self.local.complete_with(&self.db, task.ticket, response, writes).map_err(fails)? {
                    Told::Taken => true,
                    Told::Unknown => false,
                    told => return Err(format!("{}: its writes are refused: {told:?}", mapping.function)),
                }
            }
            outcome => self.local.complete(&self.db, task.ticket, outcome).map_err(fails)?,
        };
        if is_told {
            mapping.done_with(&numbers[..done]);
            mapping.failed_with(&numbers[done..], done == 0 && !mapping.reports);
        }
        self.look()
    }

    /// Nothing fails any more but what poisons. Everything comes to rest.
    fn end(mut self) -> Result<String> {
        self.is_calm = true;
        for _ in 0..STEPS {
            self.complete_one()?;
            match self.next()? {
                Some(Next::Idle) if self.running.is_empty() => return self.rest(),
                Some(Next::SleepUntil(at)) if self.running.is_empty() => {
                    self.advance(at.saturating_sub(now(&self.db)?))?;
                }
                _ => {}
            }
        }
        Err("the mappings never rest".to_owned())
    }

    fn rest(&self) -> Result<String> {
        let totals = self.totals()?;
        let told = self.told_to_queue()?;
        let mut transcript = format!("{totals:?}");
        for mapping in &self.mappings {
            let context = |why: String| format!("{} at rest: {why}", mapping.function);
            mapping.rests(&self.written, &self.poison, self.deaths).map_err(context)?;
            mapping.check_writes(&totals, &self.written).map_err(context)?;
            let given_up = mapping.given_up(&self.written) as u64;
            let told = told.get(&mapping.function).copied().unwrap_or(0);
            if told != if mapping.has_destination { given_up } else { 0 } {
                return Err(context(format!(
                    "{given_up} records were given up, and the queue was told of {told}"
                )));
            }
            transcript.push_str(&format!("\n{}: {given_up} given up", mapping.function));
        }
        Ok(transcript)
    }

    /// What the functions have written, by name.
    fn totals(&self) -> Result<BTreeMap<String, String>> {
        let items =
            call(&self.db, "Scan", &json!({"TableName": TOTALS, "ConsistentRead": true}))?["Items"].clone();
        let items = items.as_array().ok_or("a scan without items")?;
        let text = |value: &Value| value.as_str().map_or_else(String::new, str::to_owned);
        Ok(items.iter().map(|item| (text(&item["id"]["S"]), text(&item["n"]["N"]))).collect())
    }

    /// Of how many records the queue was told, by function.
    fn told_to_queue(&self) -> Result<BTreeMap<String, u64>> {
        let url = call(&self.db, "SqsGetQueueUrl", &json!({"QueueName": "dead"}))?["QueueUrl"].clone();
        let mut told: BTreeMap<String, u64> = BTreeMap::new();
        loop {
            let input = json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 3_600});
            let page = call(&self.db, "SqsReceiveMessage", &input)?;
            let messages = page["Messages"].as_array().filter(|messages| !messages.is_empty());
            let Some(messages) = messages else { return Ok(told) };
            for message in messages {
                let body = message["Body"].as_str().unwrap_or("");
                let body: Value = serde_json::from_str(body).map_err(|e| format!("{message}: {e}"))?;
                let arn = body["requestContext"]["functionArn"].as_str().unwrap_or("");
                let function = arn.split(':').nth(6).unwrap_or(arn).to_owned();
                let infos =
                    ["DDBStreamBatchInfo", "KinesisBatchInfo"].map(|name| body[name]["batchSize"].as_u64());
                let size = infos.into_iter().flatten().next().ok_or_else(|| format!("{body} has no size"))?;
                *told.entry(function).or_insert(0) += size;
            }
        }
    }
}

fn open(disk: &SimDisk, options: &Value) -> Result<Database> {
    let keeping = SimulatedKeeping { checkpoint_bytes: 1 << 14, background: false };
    OpenOptions::from_json(options.to_string().as_bytes())
        .and_then(|options| Database::simulated(disk, options, keeping))
        .map_err(|e| format!("it does not open: {e}"))
}

/// Adds one for each record.
fn additions(function: &str, numbers: &[u64]) -> Result<Vec<TransactWriteItem>> {
    let add = |number: &u64| {
        let write = json!({"Update": {
            "TableName": TOTALS, "Key": {"id": {"S": format!("{function}#{number}")}}, "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }});
        serde_json::from_value(write).map_err(|e| format!("no write: {e}"))
    };
    numbers.iter().map(add).collect()
}

#[cfg(test)]
mod tests {
    use super::play;

    #[test]
    fn worlds_of_mappings_keep_the_laws() {
        for seed in 1..=8 {
            let first = play(seed).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
            if seed % 4 == 0 {
                assert_eq!(play(seed).expect("the laws hold"), first, "seed {seed} gave another history");
            }
        }
    }
}
