//! One world: a database, its tables, and phases of random work by several threads, checked after each.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};
use streamtable::{Database, ErrorCode, OpenOptions};

use crate::laws;
use crate::model::{Contents, Key, Model};
use crate::random::Random;

/// What went wrong, in words.
pub(crate) type Result<T> = std::result::Result<T, String>;

const HOUR: u64 = 3_600_000;

/// A table and what must be true of it.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) has_sort_key: bool,
    /// Stream that takes the changes now.
    pub(crate) stream: Option<String>,
    pub(crate) model: Model,
    /// Streams that were disabled: ARN, and the changes each must show until they are too old.
    pub(crate) closed: Vec<ClosedStream>,
}

/// A stream that takes no more changes.
#[derive(Debug)]
pub(crate) struct ClosedStream {
    pub(crate) arn: String,
    pub(crate) closed_at: u64,
    pub(crate) model: Model,
}

/// Plays one world from a seed. `threads` says how many writers there are; with one, everything is repeatable.
///
/// The answer is all that its streams said, for comparison with another play of the same seed.
///
/// # Errors
/// A law that was broken, or an operation that failed.
pub(crate) fn play(seed: u64, threads: usize) -> Result<String> {
    let mut random = Random::new(seed);
    let options = json!({
        "clock": "manual",
        "seed": seed,
        "partitions": 1 + random.below(4),
        "shard_rollover": if random.chance(50) { 0 } else { 4 * HOUR },
    });
    let options = OpenOptions::from_json(options.to_string().as_bytes()).map_err(|e| e.to_string())?;
    let db = Database::memory(options).map_err(|e| e.to_string())?;
    let mut tables = Vec::new();
    for n in 0..1 + random.below(2) {
        tables.push(create(&db, n, random.chance(50))?);
    }
    let mut transcript = String::new();
    for _ in 0..2 + random.below(4) {
        for table in &mut tables {
            phase(&db, table, threads, &mut random)?;
        }
        check(&db, &mut tables, &mut transcript)?;
        between(&db, &mut tables, &mut random)?;
        check(&db, &mut tables, &mut transcript)?;
    }
    Ok(transcript)
}

/// Runs an operation that must succeed.
pub(crate) fn call(db: &Database, operation: &str, input: &Value) -> Result<Value> {
    let answer = db
        .call_json(operation, input.to_string().as_bytes())
        .map_err(|error| format!("{operation} {input}: {error}"))?;
    serde_json::from_slice(&answer).map_err(|e| format!("{operation} {input}: its answer is no JSON: {e}"))
}

/// The database's time, epoch milliseconds.
pub(crate) fn now(db: &Database) -> Result<u64> {
    let answer = call(db, "DescribeClock", &json!({}))?;
    answer["Now"].as_u64().ok_or_else(|| format!("DescribeClock tells no time: {answer}"))
}

fn create(db: &Database, n: u64, has_sort_key: bool) -> Result<Table> {
    let name = format!("table-{n}");
    let mut attributes = vec![json!({"AttributeName": "pk", "AttributeType": "S"})];
    let mut keys = vec![json!({"AttributeName": "pk", "KeyType": "HASH"})];
    if has_sort_key {
        attributes.push(json!({"AttributeName": "sk", "AttributeType": "N"}));
        keys.push(json!({"AttributeName": "sk", "KeyType": "RANGE"}));
    }
    let input = json!({
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes,
        "KeySchema": keys,
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    });
    let answer = call(db, "CreateTable", &input)?;
    let stream = arn(&answer)?;
    call(db, "DescribeTable", &json!({"TableName": name}))?;
    Ok(Table { name, has_sort_key, stream: Some(stream), model: Model::default(), closed: Vec::new() })
}

fn arn(answer: &Value) -> Result<String> {
    let arn = answer["TableDescription"]["LatestStreamArn"].as_str();
    arn.map(str::to_owned).ok_or_else(|| format!("no stream in {answer}"))
}

/// Several threads write to one table, each to keys of its own, so that the order of the changes of a key is known; with more than one
/// writer, another thread splits and rolls shards meanwhile.
fn phase(db: &Database, table: &mut Table, threads: usize, random: &mut Random) -> Result<()> {
    let at = now(db)?;
    let (name, has_stream, has_sort_key) = (table.name.as_str(), table.stream.is_some(), table.has_sort_key);
    let mut shares = split(std::mem::take(&mut table.model), threads);
    let jobs: Vec<(Model, Random)> = shares.drain(..).map(|share| (share, random.fork())).collect();
    let mut reshaping = random.fork();
    let done = AtomicBool::new(false);
    let outcomes = thread::scope(|scope| {
        let reshaper = (threads > 1 && has_stream).then(|| {
            let (done, reshaping) = (&done, &mut reshaping);
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
        let writers: Vec<_> = jobs
            .into_iter()
            .enumerate()
            .map(|(writer, (mut model, mut random))| {
                scope.spawn(move || {
                    for _ in 0..30 + random.below(60) {
                        let partition = format!("writer-{writer}-{}", random.below(5));
                        let sort = has_sort_key.then(|| random.below(3) as i64);
                        write(db, name, &Key { partition, sort }, &mut model, at, has_stream, &mut random)?;
                    }
                    Ok::<Model, String>(model)
                })
            })
            .collect();
        let outcomes: Vec<Result<Model>> = writers.into_iter().map(|w| joined(w.join())).collect();
        done.store(true, Ordering::Relaxed);
        let reshaped = reshaper.map_or(Ok(()), |thread| joined(thread.join()));
        reshaped.map(|()| outcomes)
    })?;
    for share in outcomes {
        table.model.absorb(share?);
    }
    if threads == 1 && has_stream && random.chance(60) {
        reshape(db, name, random)?;
    }
    Ok(())
}

/// The parts of a model that belong to each writer.
fn split(model: Model, writers: usize) -> Vec<Model> {
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

fn joined<T>(outcome: thread::Result<Result<T>>) -> Result<T> {
    outcome.unwrap_or_else(|_| Err("a thread panicked".to_owned()))
}

fn reshape(db: &Database, table: &str, random: &mut Random) -> Result<()> {
    let operation = if random.chance(40) { "SplitShard" } else { "RollShard" };
    call(db, operation, &json!({"TableName": table})).map(|_| ())
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
    let before = model.items.get(key).cloned();
    let put = |item: Value| call(db, "PutItem", &json!({"TableName": table, "Item": item}));
    let update = |expression: &str, values: Value| {
        let mut input = json!({"TableName": table, "Key": key.json(), "UpdateExpression": expression});
        input["ExpressionAttributeNames"] = json!({});
        if values != json!({}) {
            input["ExpressionAttributeValues"] = values;
        }
        for (placeholder, name) in [("#count", "count"), ("#text", "text"), ("#tags", "tags")] {
            if expression.contains(placeholder) {
                input["ExpressionAttributeNames"][placeholder] = json!(name);
            }
        }
        call(db, "UpdateItem", &input)
    };
    let mut after = before.clone();
    match random.below(9) {
        0 | 1 => {
            let contents = contents(random);
            put(contents.image(key))?;
            after = Some(contents);
        }
        // The same item again, written differently: no change.
        2 => {
            if let Some(contents) = &before {
                put(contents.disguised(key))?;
            }
        }
        3 => {
            let count = random.below(4) as i64;
            update("SET #count = :c", json!({":c": {"N": count.to_string()}}))?;
            after.get_or_insert_default().count = Some(count);
        }
        4 => {
            let by = random.below(3) as i64 - 1;
            update("ADD #count :by", json!({":by": {"N": by.to_string()}}))?;
            let contents = after.get_or_insert_default();
            contents.count = Some(contents.count.unwrap_or(0) + by);
        }
        // Removing from an item that is not there does not make one.
        5 => {
            update("REMOVE #text", json!({}))?;
            if let Some(contents) = &mut after {
                contents.text = None;
            }
        }
        6 => {
            let tag = format!("tag-{}", random.below(3));
            if random.chance(60) {
                update("ADD #tags :t", json!({":t": {"SS": [tag]}}))?;
                after.get_or_insert_default().tags.insert(tag);
            } else {
                update("DELETE #tags :t", json!({":t": {"SS": [tag]}}))?;
                if let Some(contents) = &mut after {
                    contents.tags.remove(&tag);
                }
            }
        }
        7 => {
            call(db, "DeleteItem", &json!({"TableName": table, "Key": key.json()}))?;
            after = None;
        }
        // A condition that is false: nothing happens.
        _ => {
            let condition =
                if before.is_some() { "attribute_not_exists(pk)" } else { "attribute_exists(pk)" };
            let item = contents(random).image(key);
            let input = json!({"TableName": table, "Item": item, "ConditionExpression": condition});
            match db.call_json("PutItem", input.to_string().as_bytes()) {
                Err(error) if error.code() == ErrorCode::ConditionalCheckFailed => {}
                Err(error) => return Err(format!("PutItem {input}: {error}")),
                Ok(_) => return Err(format!("PutItem {input}: the condition is false, but it was written")),
            }
        }
    }
    model.set(key, after, at, has_stream);
    Ok(())
}

fn contents(random: &mut Random) -> Contents {
    let some = |random: &mut Random| random.chance(60);
    Contents {
        count: some(random).then(|| random.below(4) as i64),
        text: some(random).then(|| "x".repeat(random.below(3) as usize)),
        tags: (0..random.below(3)).map(|n| format!("tag-{n}")).collect(),
    }
}

/// What happens between phases: time passes, streams end and begin.
fn between(db: &Database, tables: &mut [Table], random: &mut Random) -> Result<()> {
    let hours = match random.below(4) {
        0 => 0,
        1 => random.below(3),
        2 => 3 + random.below(9),
        _ => 12 + random.below(20),
    };
    let time = hours * HOUR + random.below(HOUR);
    call(db, "AdvanceClock", &json!({"Milliseconds": time}))?;
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
            table.closed.push(ClosedStream { arn, closed_at: at, model });
        } else {
            let on = json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
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

fn check(db: &Database, tables: &mut [Table], transcript: &mut String) -> Result<()> {
    let now = now(db)?;
    for table in tables {
        laws::check_table(db, table)?;
        if let Some(arn) = &table.stream {
            laws::check_stream(db, arn, &table.model, now, transcript)?;
        }
        // The service gives back a disabled stream after 24 hours; from then on it says nothing of it.
        table.closed.retain(|stream| now < stream.closed_at + laws::RETENTION);
        for stream in &table.closed {
            laws::check_stream(db, &stream.arn, &stream.model, now, transcript)?;
        }
    }
    Ok(())
}
