//! One world: a database, its tables, and phases of random work by several threads, checked after each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};
use streamtable::{Database, OpenOptions};

use crate::calls::{Result, call, now};
use crate::follower::{Follower, Followers};
use crate::kinesis::Delivering;
use crate::laws;
use crate::model::{ClosedStream, EXPIRY, Key, Model, Table, View};
use crate::random::Random;
use crate::workload::{Sizes, Write, draw_key, draw_write};

const HOUR: u64 = 3_600_000;
/// The indexes of tables with a sort key.
pub const GLOBAL_INDEX: &str = "by-count";
pub const LOCAL_INDEX: &str = "local-by-count";

/// Plays one world from a seed. `threads` says how many writers there are; with one, everything is repeatable.
///
/// The answer is all that its streams said, for comparison with another play of the same seed.
///
/// # Errors
/// A law that was broken, or an operation that failed.
pub fn play(seed: u64, threads: usize) -> Result<String> {
    let mut random = Random::new(seed);
    let options = json!({
        "clock": "manual",
        "seed": seed,
        "partitions": 1 + random.below(4),
        "shard_rollover": if random.chance(50) { 0 } else { 4 * HOUR },
        "split_bytes": if random.chance(30) { 200 + random.below(2_000) } else { 0 },
        "split_write_units": if random.chance(30) { 1 } else { 0 },
        "split_after": 1 + random.below(HOUR),
    });
    let options = OpenOptions::from_json(options.to_string().as_bytes()).map_err(|e| e.to_string())?;
    let db = Database::memory(options).map_err(|e| e.to_string())?;
    let mut tables = Vec::new();
    for n in 0..1 + random.below(2) {
        let view = View::ALL[random.below(4) as usize];
        tables.push(create(&db, &format!("table-{n}"), random.chance(50), Some(view))?);
    }
    let mut delivering = Delivering::draw(&db, &tables, &mut random)?;
    let mut followers = Followers::default();
    let mut transcript = String::new();
    for _ in 0..2 + random.below(4) {
        for table in &mut tables {
            phase(&db, table, threads, &mut followers, &mut random)?;
            delivering.reshape(&db, &mut random)?;
        }
        for is_later in [false, true] {
            if is_later {
                between(&db, &mut tables, &mut random)?;
            }
            check(&db, &mut tables, &mut transcript)?;
            followers.check(&db, &tables, now(&db)?)?;
            delivering.check(&db, &tables)?;
        }
    }
    Ok(transcript)
}

/// Makes a table whose items may expire, with a stream if there is a view for it.
///
/// # Errors
/// The operation failed, or said nothing of its stream.
pub fn create(db: &Database, name: &str, has_sort_key: bool, view: Option<View>) -> Result<Table> {
    let answer = call(db, "CreateTable", &create_input(name, has_sort_key, view))?;
    let stream = view.map(|_| arn(&answer)).transpose()?;
    call(db, "DescribeTable", &json!({"TableName": name}))?;
    let expiry = json!({"Enabled": true, "AttributeName": EXPIRY});
    call(db, "UpdateTimeToLive", &json!({"TableName": name, "TimeToLiveSpecification": expiry}))?;
    Ok(Table {
        name: name.to_owned(),
        has_sort_key,
        view: view.unwrap_or(View::NewAndOldImages),
        stream,
        model: Model::default(),
        closed: Vec::new(),
    })
}

/// What CreateTable takes for such a table. One with a sort key has two indexes, by an attribute that not every item has: a global one, which
/// shows everything, and a local one, which shows keys.
pub fn create_input(name: &str, has_sort_key: bool, view: Option<View>) -> Value {
    let mut attributes = vec![json!({"AttributeName": "pk", "AttributeType": "S"})];
    let mut keys = vec![json!({"AttributeName": "pk", "KeyType": "HASH"})];
    if has_sort_key {
        attributes.push(json!({"AttributeName": "sk", "AttributeType": "N"}));
        keys.push(json!({"AttributeName": "sk", "KeyType": "RANGE"}));
    }
    if has_sort_key {
        attributes.push(json!({"AttributeName": "count", "AttributeType": "N"}));
    }
    let mut input = json!({
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes,
        "KeySchema": keys,
    });
    if has_sort_key {
        let index = |name: &str, keys: [&str; 2], projection: &str| {
            let [hash, range] = keys;
            json!([{
                "IndexName": name,
                "KeySchema": [{"AttributeName": hash, "KeyType": "HASH"}, {"AttributeName": range, "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": projection},
            }])
        };
        input["GlobalSecondaryIndexes"] = index(GLOBAL_INDEX, ["count", "pk"], "ALL");
        input["LocalSecondaryIndexes"] = index(LOCAL_INDEX, ["pk", "count"], "KEYS_ONLY");
    }
    if let Some(view) = view {
        input["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": view.name()});
    }
    input
}

fn arn(answer: &Value) -> Result<String> {
    let arn = answer["TableDescription"]["LatestStreamArn"].as_str();
    arn.map(str::to_owned).ok_or_else(|| format!("no stream in {answer}"))
}

/// Several threads write to one table, each to keys of its own, so that the order of the changes of a key is known; with more than one
/// writer, another thread splits and rolls shards meanwhile, and one reads. With one writer they take turns.
fn phase(
    db: &Database,
    table: &mut Table,
    threads: usize,
    followers: &mut Followers,
    random: &mut Random,
) -> Result<()> {
    let at = now(db)?;
    let follower = table.stream.as_ref().map(|arn| followers.of(db, arn)).transpose()?.map(Mutex::new);
    let (name, has_stream, has_sort_key) = (table.name.as_str(), table.stream.is_some(), table.has_sort_key);
    let mut shares = split(std::mem::take(&mut table.model), threads);
    let jobs: Vec<(Model, Random)> = shares.drain(..).map(|share| (share, random.fork())).collect();
    let mut reshaping = random.fork();
    let done = AtomicBool::new(false);
    let outcomes = thread::scope(|scope| {
        let (done, follower) = (&done, follower.as_ref());
        let reshaper = (threads > 1 && has_stream).then(|| {
            let reshaping = &mut reshaping;
            scope.spawn(move || {
                // A few changes of shape while the writers write; how many fit is left to the machine.
                for _ in 0..4 {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    reshape(db, name, reshaping)?;
                }
                Ok(())
            })
        });
        let reading = (threads > 1).then(|| {
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    read(db, follower)?;
                }
                Ok(())
            })
        });
        let writers: Vec<_> = jobs
            .into_iter()
            .enumerate()
            .map(|(writer, (mut model, mut random))| {
                scope.spawn(move || {
                    for _ in 0..30 + random.below(60) {
                        let key = draw_key(writer, has_sort_key, &mut random);
                        if random.chance(20) {
                            let others =
                                (0..random.below(3)).map(|_| draw_key(writer, has_sort_key, &mut random));
                            let keys: BTreeSet<Key> = others.chain([key]).collect();
                            transact(db, name, &keys, &mut model, at, has_stream, &mut random)?;
                        } else {
                            write(db, name, &key, &mut model, at, has_stream, &mut random)?;
                        }
                        if threads == 1 && random.chance(10) {
                            read(db, follower)?;
                        }
                    }
                    Ok::<Model, String>(model)
                })
            })
            .collect();
        let outcomes: Vec<Result<Model>> = writers.into_iter().map(|w| joined(w.join())).collect();
        done.store(true, Ordering::Relaxed);
        for thread in [reshaper, reading].into_iter().flatten() {
            joined(thread.join())?;
        }
        Ok::<_, String>(outcomes)
    })?;
    for share in outcomes {
        table.model.absorb(share?);
    }
    if threads == 1 && has_stream && random.chance(60) {
        reshape(db, name, random)?;
    }
    Ok(())
}

/// The reader of a stream, if there is one, reads a page.
fn read(db: &Database, follower: Option<&Mutex<&mut Follower>>) -> Result<()> {
    let Some(follower) = follower else { return Ok(()) };
    follower.lock().map_err(|_| "a reader panicked")?.read(db)?;
    Ok(())
}

/// The parts of a model that belong to each writer.
pub(crate) fn split(model: Model, writers: usize) -> Vec<Model> {
    let mut shares: Vec<Model> = (0..writers).map(|_| Model::default()).collect();
    let owner = |key: &Key| {
        let number = key.partition.split('-').nth(1).and_then(|n| n.parse::<usize>().ok());
        number.expect("keys are named after their writer")
    };
    for (key, contents) in model.items {
        shares[owner(&key)].items.insert(key, contents);
    }
    for (key, changes) in model.changes {
        shares[owner(&key)].changes.insert(key, changes);
    }
    shares
}

/// One random write, and what the model makes of it.
fn write(
    db: &Database,
    table: &str,
    key: &Key,
    model: &mut Model,
    at: u64,
    has_stream: bool,
    random: &mut Random,
) -> Result<()> {
    let mut write = draw_write(table, key, model.items.get(key), Sizes::Tiny, random);
    if write.operation == "PutItem"
        && !write.refused
        && random.chance(20)
        && let Some(contents) = &mut write.after
    {
        contents.expires = Some(at / 1000 + 1 + random.below(30 * HOUR / 1000));
        write.input["Item"] = contents.image(key);
    }
    let outcome = db.call_json(write.operation, write.input.to_string().as_bytes());
    let said = outcome.as_ref().map_or_else(|error| error.code().name(), |_| "ok");
    if said != write.outcome() {
        return Err(format!("{} {}: {outcome:?}, not {}", write.operation, write.input, write.outcome()));
    }
    model.set(key, write.after, at, has_stream);
    Ok(())
}

/// Random writes to several items, all of them or none, and what the model makes of them.
fn transact(
    db: &Database,
    table: &str,
    keys: &BTreeSet<Key>,
    model: &mut Model,
    at: u64,
    has_stream: bool,
    random: &mut Random,
) -> Result<()> {
    let draw = |key: &Key| draw_write(table, key, model.items.get(key), Sizes::Tiny, random);
    let writes: Vec<Write> = keys.iter().map(draw).collect();
    let actions: Vec<Value> = writes.iter().map(Write::action).collect();
    let input = json!({"TransactItems": actions});
    let is_refused = writes.iter().any(|write| write.refused);
    let expected = if is_refused { "TransactionCanceledException" } else { "ok" };
    let outcome = db.call_json("TransactWriteItems", input.to_string().as_bytes());
    let said = outcome.as_ref().map_or_else(|error| error.code().name(), |_| "ok");
    if said != expected {
        return Err(format!("TransactWriteItems {input}: {outcome:?}, not {expected}"));
    }
    for (key, write) in keys.iter().zip(writes).filter(|_| !is_refused) {
        model.set(key, write.after, at, has_stream);
    }
    Ok(())
}

pub(crate) fn joined<T>(outcome: thread::Result<Result<T>>) -> Result<T> {
    outcome.unwrap_or_else(|_| Err("a thread panicked".to_owned()))
}

pub(crate) fn reshape(db: &Database, table: &str, random: &mut Random) -> Result<()> {
    let operation = if random.chance(40) { "SplitShard" } else { "RollShard" };
    call(db, operation, &json!({"TableName": table})).map(|_| ())
}

/// What happens between phases: time passes, streams end and begin.
///
/// # Errors
/// An operation failed.
pub fn between(db: &Database, tables: &mut [Table], random: &mut Random) -> Result<()> {
    let hours = match random.below(4) {
        0 => 0,
        1 => random.below(3),
        2 => 3 + random.below(9),
        _ => 12 + random.below(20),
    };
    let time = hours * HOUR + random.below(HOUR);
    call(db, "AdvanceClock", &json!({"Milliseconds": time}))?;
    let at = now(db)?;
    tables.iter_mut().for_each(|table| table.model.expire(at, table.stream.is_some()));
    for table in tables {
        if !random.chance(25) {
            continue;
        }
        let at = now(db)?;
        let name = &table.name;
        if let Some(arn) = table.stream.take() {
            let off = json!({"TableName": name, "StreamSpecification": {"StreamEnabled": false}});
            call(db, "UpdateTable", &off)?;
            let changes = std::mem::take(&mut table.model.changes);
            let model = Model { items: BTreeMap::new(), changes };
            table.closed.push(ClosedStream { arn, closed_at: at, view: table.view, model });
        } else {
            table.view = View::ALL[random.below(4) as usize];
            let on = json!({"StreamEnabled": true, "StreamViewType": table.view.name()});
            let answer = call(db, "UpdateTable", &json!({"TableName": name, "StreamSpecification": on}))?;
            table.stream = Some(arn_of_new(&answer, &table.closed)?);
        }
        call(db, "DescribeTable", &json!({"TableName": name}))?;
    }
    Ok(())
}

fn arn_of_new(answer: &Value, closed: &[ClosedStream]) -> Result<String> {
    let arn = arn(answer)?;
    if closed.iter().any(|stream| stream.arn == arn) {
        return Err(format!("the stream {arn} was disabled and has come back under the same name"));
    }
    Ok(arn)
}

/// Holds the laws against every table and stream; what the streams said is added to the transcript.
///
/// # Errors
/// A law that was broken.
pub fn check(db: &Database, tables: &mut [Table], transcript: &mut String) -> Result<()> {
    let now = now(db)?;
    for table in tables {
        laws::check_table(db, table)?;
        if let Some(arn) = &table.stream {
            laws::check_stream(db, arn, table.view, &table.model, now, transcript)?;
        }
        // The service gives back a disabled stream after 24 hours; from then on it says nothing of it.
        table.closed.retain(|stream| now < stream.closed_at + laws::RETENTION);
        for stream in &table.closed {
            laws::check_stream(db, &stream.arn, stream.view, &stream.model, now, transcript)?;
        }
    }
    Ok(())
}
