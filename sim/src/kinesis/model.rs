//! What a data stream must hold after each call, worked out without the store.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use streamtable::Database;

use super::lineage::{self, Shard};
use crate::calls::{Result, call, now};
use crate::random::Random;

const HOUR: u64 = 3_600_000;
/// Most open shards of a stream of a world.
const SHARDS: usize = 6;

/// Hash keys from one to another, both included.
pub(super) type HashKeys = (u128, u128);

/// A record that was put.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    pub(super) key: String,
    /// The hash key that it was put with.
    pub(super) hash: u128,
    pub(super) data: String,
}

impl Record {
    /// A record whose data no other record has. Records of one partition key have one hash key.
    fn draw(lane: usize, random: &mut Random) -> Record {
        let number = random.below(6);
        let mut of_key = Random::new(number.wrapping_mul(7_919) ^ lane as u64);
        let hash = (u128::from(of_key.draw()) << 64) | u128::from(of_key.draw());
        let size = if random.chance(10) { random.below(2_000) } else { random.below(20) } as usize;
        let data = format!("{:016x}{}", random.draw(), "x".repeat(size));
        Record { key: format!("writer-{lane}-{number}"), hash, data }
    }

    fn json(&self) -> Value {
        let data = STANDARD.encode(&self.data);
        json!({"PartitionKey": self.key, "ExplicitHashKey": self.hash.to_string(), "Data": data})
    }
}

#[derive(Clone, Debug)]
struct Put {
    at: u64,
    record: Record,
    /// Whether it had grown too old when the stream was changed to keep records for another time.
    is_gone: bool,
}

/// What is done to a stream.
#[derive(Clone, Debug)]
pub enum Act {
    /// Records come to its end, all or none.
    Put(Vec<Record>),
    /// Open shards, by index, are closed, and others opened with their hash keys; none for one that is there for its lineage only.
    Reshape { closed: Vec<u32>, opened: Vec<Option<HashKeys>> },
    /// Records can be read for so long, milliseconds.
    Keep(u64),
}

/// A data stream.
#[derive(Clone, Debug)]
pub struct DataStream {
    name: String,
    /// The open shards, by index.
    open: BTreeMap<u32, HashKeys>,
    /// Index of the next shard.
    next: u32,
    /// Milliseconds.
    retention: u64,
    /// What was put, of each partition key in order.
    records: Vec<Put>,
    /// Whether records come that the model does not know of.
    is_delivered_to: bool,
}

impl DataStream {
    /// Makes a stream.
    ///
    /// # Errors
    /// An operation failed.
    pub fn create(db: &Database, name: &str, random: &mut Random) -> Result<DataStream> {
        let count = 1 + random.below(3) as u32;
        call(db, "KinesisCreateStream", &json!({"StreamName": name, "ShardCount": count}))?;
        let open = (0..).zip(parts(count)).collect();
        let (name, records) = (name.to_owned(), Vec::new());
        Ok(DataStream { name, open, next: count, retention: 24 * HOUR, records, is_delivered_to: false })
    }

    /// From here on tables deliver to it, whose records [`super::Delivering`] looks at.
    pub(super) fn delivered_to(mut self) -> DataStream {
        self.is_delivered_to = true;
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Draws records to put, of partition keys that belong to a writer: operation, input, what it means.
    pub fn draw_put(&self, lane: usize, random: &mut Random) -> (&'static str, Value, Act) {
        if random.chance(40) {
            let record = Record::draw(lane, random);
            let mut input = record.json();
            input["StreamName"] = self.name.clone().into();
            return ("KinesisPutRecord", input, Act::Put(vec![record]));
        }
        let records: Vec<Record> = (0..1 + random.below(8)).map(|_| Record::draw(lane, random)).collect();
        let entries: Vec<Value> = records.iter().map(Record::json).collect();
        ("KinesisPutRecords", json!({"StreamName": self.name, "Records": entries}), Act::Put(records))
    }

    /// Draws a change of its shards or of how long it keeps records: operation, input, what it means.
    pub fn draw_change(&self, random: &mut Random) -> (&'static str, Value, Act) {
        let id = |index: u32| format!("shardId-{index:012}");
        match random.below(10) {
            0..4 if self.open.len() < SHARDS => {
                let (&index, &(first, last)) = self.drawn(random);
                let width = last - first;
                if width < 100 {
                    return self.draw_retention(random);
                }
                let at = first + width / 100 * u128::from(1 + random.below(98));
                let input = json!({
                    "StreamName": self.name, "ShardToSplit": id(index), "NewStartingHashKey": at.to_string(),
                });
                let opened = vec![Some((first, at - 1)), Some((at, last))];
                ("KinesisSplitShard", input, Act::Reshape { closed: vec![index], opened })
            }
            0..7 => {
                let (&lower, &(first, end)) = self.drawn(random);
                let upper = self.open.iter().find(|(_, keys)| end.checked_add(1) == Some(keys.0));
                let Some((&upper, &(_, last))) = upper else { return self.draw_count(random) };
                let input = json!({
                    "StreamName": self.name, "ShardToMerge": id(lower), "AdjacentShardToMerge": id(upper),
                });
                let opened = vec![Some((first, last))];
                ("KinesisMergeShards", input, Act::Reshape { closed: vec![lower, upper], opened })
            }
            7 => self.draw_count(random),
            _ => self.draw_retention(random),
        }
    }

    fn drawn(&self, random: &mut Random) -> (&u32, &HashKeys) {
        self.open.iter().nth(random.below(self.open.len() as u64) as usize).expect("one is always open")
    }

    /// UpdateShardCount, to half at least and the double at most.
    fn draw_count(&self, random: &mut Random) -> (&'static str, Value, Act) {
        let open = self.open.len();
        let (least, most) = (open.div_ceil(2), (2 * open).min(SHARDS));
        let count = least + random.below((most - least + 1) as u64) as usize;
        let input = json!({
            "StreamName": self.name, "TargetShardCount": count, "ScalingType": "UNIFORM_SCALING",
        });
        if count == open {
            return (
                "KinesisUpdateShardCount",
                input,
                Act::Reshape { closed: Vec::new(), opened: Vec::new() },
            );
        }
        let mut opened = Vec::new();
        for (first, last) in parts(count as u32) {
            let met = self.open.values().filter(|keys| keys.0 <= last && first <= keys.1).count();
            opened.extend((2..met).map(|_| None));
            opened.push(Some((first, last)));
        }
        let closed = self.open.keys().copied().collect();
        ("KinesisUpdateShardCount", input, Act::Reshape { closed, opened })
    }

    fn draw_retention(&self, random: &mut Random) -> (&'static str, Value, Act) {
        let hours = 24 + if random.chance(50) { 0 } else { random.below(48) };
        let longer = hours * HOUR >= self.retention;
        let operation = match longer {
            true => "KinesisIncreaseStreamRetentionPeriod",
            false => "KinesisDecreaseStreamRetentionPeriod",
        };
        (operation, json!({"StreamName": self.name, "RetentionPeriodHours": hours}), Act::Keep(hours * HOUR))
    }

    /// Does it, at a moment of the database's clock, epoch milliseconds.
    pub fn apply(&mut self, act: &Act, at: u64) {
        match act {
            Act::Put(records) => {
                let put = |record: &Record| Put { at, record: record.clone(), is_gone: false };
                self.records.extend(records.iter().map(put));
            }
            Act::Reshape { closed, opened } => {
                self.open.retain(|index, _| !closed.contains(index));
                for keys in opened {
                    keys.map(|keys| self.open.insert(self.next, keys));
                    self.next += 1;
                }
            }
            Act::Keep(retention) => {
                // What is gone does not come back with a longer time.
                self.forget(at);
                self.retention = *retention;
                self.forget(at);
            }
        }
    }

    fn forget(&mut self, now: u64) {
        let retention = self.retention;
        self.records.iter_mut().for_each(|put| put.is_gone |= now >= put.at + retention);
    }

    /// Whether an act has happened, of which it is not known. Of other acts it may be unknown, too, but of none of the same kind by the same
    /// writer.
    ///
    /// # Errors
    /// It has happened in part.
    pub fn has_happened(&self, db: &Database, act: &Act) -> Result<bool> {
        let mut after = self.clone();
        after.apply(act, now(db)?);
        let (is_before, is_after) = match act {
            Act::Put(records) => {
                let shards = lineage::read(db, &self.name)?;
                let told: BTreeSet<&str> =
                    shards.iter().flat_map(|shard| &shard.records).map(|r| r.data.as_str()).collect();
                let there = records.iter().filter(|record| told.contains(record.data.as_str())).count();
                (there == 0, there == records.len())
            }
            Act::Reshape { .. } => {
                let open = open(&lineage::read(db, &self.name)?);
                (open == self.open, open == after.open)
            }
            Act::Keep(_) => {
                let told = self.summary(db)?["RetentionPeriodHours"].as_u64();
                (told == Some(self.retention / HOUR), told == Some(after.retention / HOUR))
            }
        };
        match (is_before, is_after) {
            (_, true) => Ok(true),
            (true, false) => Ok(false),
            (false, false) => Err(format!("{}: {act:?} has happened in part", self.name)),
        }
    }

    fn summary(&self, db: &Database) -> Result<Value> {
        let answer = call(db, "KinesisDescribeStreamSummary", &json!({"StreamName": self.name}))?;
        Ok(answer["StreamDescriptionSummary"].clone())
    }

    /// Whether nothing that is read shows an act.
    pub fn is_silent(&self, act: &Act) -> bool {
        match act {
            Act::Put(records) => records.is_empty(),
            Act::Reshape { opened, .. } => opened.is_empty(),
            Act::Keep(retention) => *retention == self.retention,
        }
    }

    /// Holds what the database says of the stream against what must be true.
    ///
    /// # Errors
    /// A difference.
    pub fn check(&self, db: &Database) -> Result<()> {
        let context = |why: String| format!("the data stream {}: {why}", self.name);
        let shards = lineage::read(db, &self.name).map_err(context)?;
        lineage::check(&shards).map_err(context)?;
        self.check_shape(db, &shards).map_err(context)?;
        if self.is_delivered_to {
            return Ok(());
        }
        self.check_records(db, &shards).map_err(context)
    }

    fn check_shape(&self, db: &Database, shards: &[Shard]) -> Result<()> {
        let open = open(shards);
        if open != self.open {
            return Err(format!("open are {open:?}, not {:?}", self.open));
        }
        let told = self.summary(db)?;
        let hours = self.retention / HOUR;
        if told["RetentionPeriodHours"] != hours || told["OpenShardCount"] != self.open.len() {
            return Err(format!("{told}, not {hours} hours and {} shards", self.open.len()));
        }
        Ok(())
    }

    /// Of each partition key exactly what was put and is young enough, in order, each in a shard of its hash key.
    fn check_records(&self, db: &Database, shards: &[Shard]) -> Result<()> {
        let hashes: BTreeMap<&str, u128> =
            self.records.iter().map(|put| (put.record.key.as_str(), put.record.hash)).collect();
        let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (shard, record) in shards.iter().flat_map(|shard| shard.records.iter().map(move |r| (shard, r))) {
            let (first, last) = shard.keys;
            let hash = hashes.get(record.key.as_str());
            if !hash.is_some_and(|hash| (first..=last).contains(hash)) {
                return Err(format!("{record:?} lies in {}, of the hash keys {first} to {last}", shard.id));
            }
            found.entry(&record.key).or_default().push(&record.data);
        }
        let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for record in self.young(now(db)?) {
            wanted.entry(&record.key).or_default().push(&record.data);
        }
        match wanted.keys().chain(found.keys()).find(|key| wanted.get(*key) != found.get(*key)) {
            None => Ok(()),
            Some(key) => {
                let none = Vec::new();
                let (found, wanted) = (found.get(key).unwrap_or(&none), wanted.get(key).unwrap_or(&none));
                let at = found.iter().zip(wanted).take_while(|(found, wanted)| found == wanted).count();
                let (counts, pair) = ((found.len(), wanted.len()), (found.get(at), wanted.get(at)));
                Err(format!("of {key} it has {}, and put were {}; at {at} {pair:?}", counts.0, counts.1))
            }
        }
    }

    /// What can be read.
    fn young(&self, now: u64) -> impl Iterator<Item = &Record> {
        let is_young = move |put: &&Put| !put.is_gone && now < put.at + self.retention;
        self.records.iter().filter(is_young).map(|put| &put.record)
    }

    /// What a reader that goes along has seen, of each partition key in order: everything that can be read, each record once, in the order in which they
    /// were put.
    ///
    /// # Errors
    /// A difference.
    pub(super) fn check_seen(&self, seen: &BTreeMap<String, Vec<String>>, now: u64) -> Result<()> {
        let mut put: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for Put { record, .. } in &self.records {
            put.entry(&record.key).or_default().push(&record.data);
        }
        for (key, seen) in seen {
            let mut put = put.get(key.as_str()).into_iter().flatten();
            if let Some(data) = seen.iter().find(|data| !put.any(|other| other == *data)) {
                return Err(format!("a reader sees {data} of {key} out of order, or once more: {seen:?}"));
            }
        }
        let is_missing = |record: &&Record| !seen.get(&record.key).is_some_and(|s| s.contains(&record.data));
        match self.young(now).find(is_missing) {
            None => Ok(()),
            Some(record) => Err(format!("a reader has not seen {record:?}")),
        }
    }
}

/// The open shards, by index.
fn open(shards: &[Shard]) -> BTreeMap<u32, HashKeys> {
    let open = shards.iter().filter(|shard| shard.ending.is_none());
    open.map(|shard| (shard.index, shard.keys)).collect()
}

/// The hash keys in so many parts of one width, the last with what is left.
fn parts(count: u32) -> impl Iterator<Item = HashKeys> {
    let count = u128::from(count);
    let width = if count == 1 { u128::MAX } else { (u128::MAX - (count - 1)) / count + 1 };
    (0..count).map(move |n| {
        let first = n * width;
        (first, if n + 1 == count { u128::MAX } else { first + (width - 1) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use streamtable::OpenOptions;

    /// A stream with two records of one partition key.
    fn small_world() -> (Database, DataStream) {
        let db = Database::memory(OpenOptions::deterministic()).expect("sound options");
        let several = (1..).find(|seed| Random::new(*seed).below(3) > 0).expect("several shards");
        let mut stream = DataStream::create(&db, "events", &mut Random::new(several)).expect("made");
        for data in ["first", "second"] {
            let record = Record { key: "k".to_owned(), hash: 7, data: data.to_owned() };
            let mut input = record.json();
            input["StreamName"] = "events".into();
            call(&db, "KinesisPutRecord", &input).expect("put");
            stream.apply(&Act::Put(vec![record]), now(&db).expect("a time"));
        }
        (db, stream)
    }

    #[test]
    fn every_difference_between_stream_and_model_is_noticed() {
        let (db, stream) = small_world();
        stream.check(&db).expect("as it was put");
        let broken = |alter: &dyn Fn(&mut DataStream)| {
            let mut other = stream.clone();
            alter(&mut other);
            other.check(&db).expect_err("it differs")
        };
        assert!(broken(&|other| drop(other.records.pop())).contains("it has 2, and put were 1"));
        assert!(broken(&|other| other.records.push(other.records[0].clone())).contains("put were 3"));
        assert!(broken(&|other| other.records.swap(0, 1)).contains("at 0"));
        assert!(
            broken(&|other| other.records.iter_mut().for_each(|put| put.record.hash = !0))
                .contains("lies in")
        );
        assert!(broken(&|other| other.retention += HOUR).contains("25 hours"));
        assert!(broken(&|other| other.open.retain(|index, _| *index > 0)).contains("open are"));
        call(&db, "AdvanceClock", &json!({"Milliseconds": 24 * HOUR})).expect("it passes");
        stream.check(&db).expect("both are too old");
        assert!(broken(&|other| other.records[1].at += 1).contains("it has 0, and put were 1"));
    }

    #[test]
    fn what_a_reader_misses_or_sees_twice_is_noticed() {
        let (db, stream) = small_world();
        let at = now(&db).expect("a time");
        let check = |seen: &[&str]| {
            let seen = seen.iter().map(|data| (*data).to_owned()).collect();
            stream.check_seen(&BTreeMap::from([("k".to_owned(), seen)]), at)
        };
        check(&["first", "second"]).expect("all of it");
        assert!(check(&["second"]).expect_err("one is missing").contains("has not seen"));
        assert!(check(&["second", "first"]).expect_err("the other order").contains("out of order"));
        assert!(check(&["first", "first", "second"]).expect_err("one twice").contains("once more"));
        assert!(stream.check_seen(&BTreeMap::new(), at + 24 * HOUR).is_ok(), "they are too old to be seen");
    }
}
