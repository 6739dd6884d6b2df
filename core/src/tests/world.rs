//! A small world that visits every state of tables, streams and shards, played on a database that may be opened anew before every call.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::database::Database;
use crate::options::{ClockMode, OpenOptions};
use crate::store::faulty::Faulty;

use crate::store::{DiskVfs, Durability, DurableStore, MemoryStore, Scratch, Settings, Store};

const HOUR: u64 = 3_600_000;

/// What happens before every call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Between {
    /// Nothing.
    Nothing,
    /// The database is closed and opened again.
    Close,
    /// The process dies, and the database is opened again.
    Kill,
}

pub(super) fn options() -> OpenOptions {
    OpenOptions {
        partitions: 3,
        control_plane_delay: Duration::from_millis(1_500),
        ..OpenOptions::deterministic()
    }
}

/// What outlives a database that is closed or killed.
pub(super) enum Disk {
    Memory(Arc<MemoryStore>),
    Directory(Scratch),
}

impl Disk {
    pub(super) fn memory() -> Disk {
        Disk::Memory(Arc::default())
    }

    pub(super) fn directory() -> Disk {
        Disk::Directory(Scratch::new("world"))
    }

    pub(super) fn store(&self) -> Arc<dyn Store> {
        match self {
            Disk::Memory(store) => store.clone(),
            Disk::Directory(directory) => {
                // Small enough that a world has several checkpoints.
                let settings = Settings {
                    durability: Durability::Buffered,
                    sync_every: Duration::from_millis(50),
                    cache_bytes: 8 * 1024,
                    checkpoint_bytes: 16 * 1024,
                    background: false,
                };
                let vfs = Arc::new(DiskVfs::new(directory.path()));
                Arc::new(DurableStore::open(vfs, None, settings, 7).expect("a sound directory"))
            }
        }
    }
}

/// A database on a disk, and everything it was asked and answered.
pub(super) struct World {
    pub(super) disk: Disk,
    pub(super) store: Arc<Faulty>,
    pub(super) db: Database,
    between: Between,
    pub(super) transcript: Vec<String>,
}

impl World {
    /// A world in memory that stays open.
    pub(super) fn new() -> World {
        World::on(Disk::memory(), Between::Nothing)
    }

    pub(super) fn on(disk: Disk, between: Between) -> World {
        let store = Faulty::over(disk.store());
        let db = Database::over(store.clone(), options()).expect("a new database");
        World { disk, store, db, between, transcript: Vec::new() }
    }

    /// A world around a database in memory that is there, and stays open.
    pub(super) fn over(db: Database) -> World {
        let disk = Disk::memory();
        let store = Faulty::over(disk.store());
        World { disk, store, db, between: Between::Nothing, transcript: Vec::new() }
    }

    /// Opens the database anew, after a proper end or none.
    pub(super) fn reopen(&mut self, between: Between) {
        match between {
            Between::Nothing => return,
            Between::Close => self.db.close().expect("a sound store"),
            Between::Kill => {
                self.store.kill();
                // No last words: a store that goes out of scope closes itself.
                std::mem::forget(self.store.clone());
            }
        }
        self.store = Faulty::over(self.disk.store());
        self.db = Database::over(self.store.clone(), options()).expect("what it has written it can read");
    }

    /// One call; errors are answers, too.
    pub(super) fn call(&mut self, operation: &str, input: Value) -> Value {
        self.reopen(self.between);
        let answer = match self.db.call_json(operation, input.to_string().as_bytes()) {
            Ok(json) => serde_json::from_slice(&json).expect("JSON"),
            Err(error) => serde_json::from_slice(&error.to_json()).expect("JSON"),
        };
        self.transcript.push(format!("{operation} {input} -> {answer}"));
        answer
    }

    /// A call that must succeed.
    pub(super) fn done(&mut self, operation: &str, input: Value) -> Value {
        let answer = self.call(operation, input);
        assert_eq!(answer.get("__type"), None, "{operation}: {answer}");
        answer
    }

    /// A call that must fail.
    pub(super) fn refused(&mut self, operation: &str, input: Value, code: &str) {
        let answer = self.call(operation, input);
        let kind = answer["__type"].as_str().unwrap_or("none");
        assert!(kind.ends_with(code), "{operation}: {answer}");
    }

    pub(super) fn advance(&mut self, milliseconds: u64) {
        self.done("AdvanceClock", json!({ "Milliseconds": milliseconds }));
    }

    pub(super) fn create(&mut self, name: &str, more: Value) {
        let mut input = json!({
            "TableName": name,
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.done("CreateTable", input);
    }

    pub(super) fn put(&mut self, table: &str, numbers: std::ops::Range<u32>, text: &str) {
        for n in numbers {
            let item = json!({"id": {"S": format!("k{n}")}, "at": {"N": n.to_string()}, "text": {"S": text}});
            self.done("PutItem", json!({"TableName": table, "Item": item}));
        }
    }

    pub(super) fn delete(&mut self, table: &str, n: u32) {
        let key = json!({"id": {"S": format!("k{n}")}, "at": {"N": n.to_string()}});
        self.done("DeleteItem", json!({"TableName": table, "Key": key}));
    }

    pub(super) fn stream(&mut self, table: &str, view: Option<&str>) {
        let specification = match view {
            Some(view) => json!({"StreamEnabled": true, "StreamViewType": view}),
            None => json!({"StreamEnabled": false}),
        };
        self.done("UpdateTable", json!({"TableName": table, "StreamSpecification": specification}));
    }

    /// Everything that can be seen: clock, tables, items, streams, shards, records.
    pub(super) fn look(&mut self) -> Vec<Value> {
        let mut seen = vec![self.call("DescribeClock", json!({}))];
        let tables = self.call("ListTables", json!({}));
        for name in tables["TableNames"].as_array().expect("a list") {
            seen.push(self.call("DescribeTable", json!({ "TableName": name })));
            seen.push(self.call("Scan", json!({ "TableName": name })));
        }
        let streams = self.call("ListStreams", json!({}));
        for stream in streams["Streams"].as_array().expect("a list") {
            let arn = &stream["StreamArn"];
            let described = self.call("DescribeStream", json!({ "StreamArn": arn }));
            for shard in described["StreamDescription"]["Shards"].as_array().expect("a list") {
                let id = shard["ShardId"].as_str().expect("an id");
                let first = self.iterator(arn.as_str().expect("text"), id);
                let page = self.call("GetRecords", json!({ "ShardIterator": first }));
                check_counters(shard, &page);
                seen.push(page);
            }
            seen.push(described);
        }
        seen.extend([tables, streams]);
        seen
    }

    fn iterator(&mut self, arn: &str, shard: &str) -> Value {
        let input = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
        self.done("GetShardIterator", input)["ShardIterator"].clone()
    }

    /// Iterators of every shard that can be read.
    pub(super) fn iterators(&mut self) -> Vec<Value> {
        let mut iterators = Vec::new();
        let streams = self.call("ListStreams", json!({}));
        for stream in streams["Streams"].as_array().expect("a list") {
            let arn = stream["StreamArn"].as_str().expect("text");
            let described = self.call("DescribeStream", json!({ "StreamArn": arn }));
            for shard in described["StreamDescription"]["Shards"].as_array().expect("a list") {
                iterators.push(self.iterator(arn, shard["ShardId"].as_str().expect("an id")));
            }
        }
        iterators
    }

    /// Reads one record with each iterator, errors included, and goes on with the next ones.
    pub(super) fn read(&mut self, iterators: &mut [Value]) {
        for iterator in iterators.iter_mut().filter(|iterator| !iterator.is_null()) {
            let page = self.call("GetRecords", json!({"ShardIterator": iterator, "Limit": 1}));
            *iterator = page["NextShardIterator"].clone();
        }
    }
}

/// The lineage's part of a sequence number.
fn counter(sequence: &Value) -> u128 {
    sequence.as_str().expect("digits").parse::<u128>().expect("digits") / 10u128.pow(20)
}

/// No number of a shard is left out, and its end is its last record.
fn check_counters(shard: &Value, page: &Value) {
    let records = page["Records"].as_array().expect("a list");
    let counters: Vec<u128> =
        records.iter().map(|record| counter(&record["dynamodb"]["SequenceNumber"])).collect();
    assert!(counters.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{counters:?}");
    let end = &shard["SequenceNumberRange"]["EndingSequenceNumber"];
    if let (Some(last), false) = (records.last(), end.is_null()) {
        assert_eq!(&last["dynamodb"]["SequenceNumber"], end);
    }
}

/// The first act: three tables with streams of their own kinds, written, rolled and split.
pub(super) fn begin(world: &mut World) {
    let on_demand = json!({"BillingMode": "PAY_PER_REQUEST", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}});
    world.create("Orders", on_demand);
    world.refused(
        "PutItem",
        json!({"TableName": "Orders", "Item": {"id": {"S": "a"}, "at": {"N": "1"}}}),
        "ResourceNotFoundException",
    );
    world.create(
        "Plain",
        json!({"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}, "TableClass": "STANDARD_INFREQUENT_ACCESS", "DeletionProtectionEnabled": true}),
    );
    world.create(
        "Doomed",
        json!({"BillingMode": "PAY_PER_REQUEST", "OnDemandThroughput": {"MaxReadRequestUnits": 7}, "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}}),
    );
    world.look();
    world.advance(2_000);
    for table in ["Orders", "Plain", "Doomed"] {
        world.put(table, 0..8, "first");
        world.put(table, 3..5, "second");
        world.delete(table, 2);
    }
    world.done("RollShard", json!({"TableName": "Orders"}));
    world.put("Orders", 4..12, "third");
    world.done("SplitShard", json!({"TableName": "Orders"}));
    world.done("SplitShard", json!({"TableName": "Plain"}));
    world.put("Orders", 10..14, "fourth");
}

/// All acts.
pub(super) fn play(world: &mut World) {
    begin(world);
    let mut iterators = world.iterators();
    world.read(&mut iterators);
    world.refused(
        "UpdateTable",
        json!({"TableName": "Orders", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}),
        "ValidationException",
    );
    world.stream("Orders", None);
    world.look();
    world.refused(
        "UpdateTable",
        json!({"TableName": "Orders", "BillingMode": "PAY_PER_REQUEST"}),
        "ResourceInUseException",
    );
    world.put("Orders", 0..3, "unrecorded");
    world.advance(1_500);
    world.stream("Orders", Some("OLD_IMAGE"));
    world.read(&mut iterators);
    world.look();
    world.advance(1_500);
    world.put("Orders", 0..6, "recorded");
    world.done(
        "UpdateTable",
        json!({"TableName": "Plain", "ProvisionedThroughput": {"ReadCapacityUnits": 9, "WriteCapacityUnits": 1}}),
    );
    world.advance(1_500);
    world.done("UpdateTable", json!({"TableName": "Plain", "TableClass": "STANDARD"}));
    world.advance(1_500);
    world.done("UpdateTable", json!({"TableName": "Plain", "DeletionProtectionEnabled": false}));
    world.advance(1_500);
    world.done(
        "UpdateTable",
        json!({"TableName": "Plain", "WarmThroughput": {"ReadUnitsPerSecond": 13_000, "WriteUnitsPerSecond": 5_000}}),
    );
    world.look();
    world.advance(1_500);
    world.done("UpdateTable", json!({"TableName": "Plain", "BillingMode": "PAY_PER_REQUEST"}));
    world.done("DeleteTable", json!({"TableName": "Doomed"}));
    world.look();
    world.advance(1_499);
    world.look();
    world.advance(1);
    world.look();
    world.create("Doomed", json!({"BillingMode": "PAY_PER_REQUEST"}));
    world.advance(5 * HOUR);
    world.read(&mut iterators);
    let mut fresh = world.iterators();
    world.put("Orders", 20..30, "later");
    world.look();
    world.advance(60_000);
    world.read(&mut fresh);
    // The day after: records are trimmed, the first stream and the table's are forgotten, their labels are not.
    world.advance(20 * HOUR);
    world.look();
    world.put("Orders", 25..27, "next day");
    world.done("RollShard", json!({"TableName": "Orders"}));
    world.advance(24 * HOUR);
    world.done("Maintain", json!({}));
    world.look();
    world.stream("Orders", None);
    world.advance(30 * HOUR);
    world.look();
    world.stream("Orders", Some("KEYS_ONLY"));
    world.advance(1_500);
    world.put("Orders", 0..9, "the end");
    world.look();
}

fn transcript(disk: Disk, between: Between) -> Vec<String> {
    let mut world = World::on(disk, between);
    play(&mut world);
    world.transcript
}

#[test]
fn it_makes_no_difference_where_the_world_is_kept_and_how_often_it_is_opened() {
    assert_eq!(options().clock, ClockMode::Manual, "the twins need one time");
    let expected = transcript(Disk::memory(), Between::Nothing);
    let others = [
        (Disk::memory as fn() -> Disk, Between::Close),
        (Disk::memory, Between::Kill),
        (Disk::directory, Between::Nothing),
        (Disk::directory, Between::Close),
        (Disk::directory, Between::Kill),
    ];
    for (at, (disk, between)) in others.into_iter().enumerate() {
        let found = transcript(disk(), between);
        for (call, (expected, found)) in expected.iter().zip(&found).enumerate() {
            assert_eq!(expected, found, "world {at}, {between:?}, call {call}");
        }
        assert_eq!(expected.len(), found.len(), "world {at}, {between:?}");
    }
}
