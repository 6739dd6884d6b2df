//! Effects that happen exactly once: a function's writes in the commit that settles its records.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::api::{Error, ErrorCode, TransactWriteItem};
use crate::consumer::worker::Told;
use crate::database::simulated::SimulatedKeeping;
use crate::entropy::Entropy;

use crate::store::{Durability, SimDisk};

/// Adds one to the total of each record's item, and notes the number of records of the batch.
fn additions(task: &Task) -> Vec<TransactWriteItem> {
    let event: Value = serde_json::from_slice(&task.invocation.event_json()).expect("JSON");
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for record in event["Records"].as_array().expect("a list") {
        let id = record["dynamodb"]["Keys"]["id"]["S"].as_str().expect("a key");
        let item = id.split('-').next().expect("a first part");
        *counts.entry(item.to_owned()).or_default() += 1;
    }
    let writes = counts.iter().map(|(item, count)| add("Totals", item, *count));
    writes.map(|write| serde_json::from_value(write).expect("a write")).collect()
}

fn add(table: &str, item: &str, count: u32) -> Value {
    json!({"Update": {
        "TableName": table, "Key": {"id": {"S": item}}, "UpdateExpression": "ADD n :n",
        "ConditionExpression": "attribute_not_exists(closed)",
        "ExpressionAttributeValues": {":n": {"N": count.to_string()}},
    }})
}

/// The totals, by item.
fn totals(world: &World) -> BTreeMap<String, u32> {
    let items = world.call("Scan", &json!({"TableName": "Totals", "ConsistentRead": true}))["Items"].clone();
    let items = items.as_array().expect("a list").iter();
    let totals = items.filter_map(|item| {
        let total = item["n"]["N"].as_str()?.parse().expect("a number");
        Some((item["id"]["S"].as_str().expect("a key").to_owned(), total))
    });
    totals.collect()
}

/// A table of totals beside the orders.
fn with_totals(world: &World) -> Value {
    world.table("Totals");
    world.table("Orders")
}

fn close(world: &World, item: &str) {
    world.call(
        "PutItem",
        &json!({"TableName": "Totals", "Item": {"id": {"S": item}, "closed": {"BOOL": true}}}),
    );
}

/// Adds to the totals; notes the batches and what was refused.
#[derive(Default)]
struct Adder {
    seen: Recorder,
    refused: RefCell<Vec<Error>>,
    answer: Option<Value>,
}

impl Handler for Adder {
    fn handle(&self, _: &Task) -> Outcome {
        unreachable!("it has effects")
    }

    fn handle_once(&self, task: &Task, writes: &mut Vec<TransactWriteItem>) -> Outcome {
        self.seen.handle(task);
        writes.extend(additions(task));
        Outcome::Success(self.answer.clone().map_or(Response::Nothing, Response::Value))
    }

    fn refused(&self, _: &Task, error: &Error) {
        self.refused.borrow_mut().push(error.clone());
    }

    fn failed(&self, delivery: &Delivery) -> Vec<usize> {
        self.seen.failed(delivery)
    }
}

#[test]
fn writes_and_place_are_one_commit() {
    let world = World::new();
    world.mapping(&with_totals(&world), &json!({"BatchSize": 2}));
    for id in ["a-1", "b-1", "a-2"] {
        world.put("Orders", id);
    }
    // The function has run, and its program dies before it tells: nothing is written.
    let Ok(Next::Invoke(task)) = world.local.next(&world.db) else { panic!("a batch") };
    assert_eq!(additions(&task).len(), 2);
    let world = World { local: Local::new(&world.db, 2), db: world.db };
    assert!(totals(&world).is_empty());
    // It tells, and dies at once: that was all.
    let Ok(Next::Invoke(task)) = world.local.next(&world.db) else { panic!("the same batch") };
    let told = world.local.complete_with(&world.db, task.ticket, Response::Nothing, additions(&task));
    assert_eq!(told, Ok(Told::Taken));
    assert_eq!(
        world.local.complete_with(&world.db, task.ticket, Response::Nothing, additions(&task)),
        Ok(Told::Unknown)
    );
    let world = World { local: Local::new(&world.db, 3), db: world.db };
    let adder = Adder::default();
    world.local.run_until_idle(&world.db, &adder, 10).expect("no error");
    assert_eq!(adder.seen.take(), [["a-2"]]);
    assert_eq!(totals(&world), BTreeMap::from([("a".to_owned(), 2), ("b".to_owned(), 1)]));
}

#[test]
fn a_false_condition_is_an_error_of_the_function() {
    let world = World::new();
    let settings = json!({"BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 1});
    let uuid = world.mapping(&with_totals(&world), &settings);
    close(&world, "c");
    for id in ["a-1", "b-1", "c-1", "d-1"] {
        world.put("Orders", id);
    }
    let adder = Adder::default();
    world.local.run_until_idle(&world.db, &adder, 20).expect("no error");
    world.advance(1_000);
    world.local.run_until_idle(&world.db, &adder, 20).expect("no error");
    let expected: [&[&str]; 6] =
        [&["a-1", "b-1", "c-1", "d-1"], &["a-1", "b-1"], &["c-1", "d-1"], &["c-1"], &["c-1"], &["d-1"]];
    assert_eq!(adder.seen.take(), expected);
    let names = ["a", "b", "d"].map(|item| (item.to_owned(), 1));
    assert_eq!(totals(&world), BTreeMap::from(names));
    let refused = adder.refused.take();
    assert_eq!(refused.len(), 4);
    assert!(refused.iter().all(|error| error.code() == ErrorCode::TransactionCanceled));
    let told = world.local.tell_text(&world.db, &json!({"Do": "Status", "UUID": uuid}).to_string());
    let status: Value = serde_json::from_str(&told.expect("told")).expect("JSON");
    assert_eq!(status["Status"]["Counts"]["FailedInvokeEventCount"], 4 + 2 + 1 + 1);
    assert_eq!(status["Status"]["Counts"]["DroppedEventCount"], 1);
}

#[test]
fn writes_that_cannot_be_are_errors_of_the_function_and_say_why() {
    let world = World::new();
    world.mapping(
        &with_totals(&world),
        &json!({"MaximumRetryAttempts": 5, "FunctionResponseTypes": ["ReportBatchItemFailures"]}),
    );
    for id in ["a-1", "b-1"] {
        world.put("Orders", id);
    }
    let told = |response: &str, writes: Value| {
        world.advance(60_000);
        let Ok(Next::Invoke(task)) = world.local.next(&world.db) else { panic!("it comes again") };
        let last = task.invocation.records().last().expect("a record").sequence_number().to_string();
        let response = response.replace("{last}", &last);
        let told = json!({"Do": "Complete", "Ticket": task.ticket, "Outcome": "Success", "Response": response, "TransactItems": writes});
        let told = world.local.tell_text(&world.db, &told.to_string()).expect("told");
        serde_json::from_str::<Value>(&told).expect("JSON")
    };
    let many: Vec<Value> = (0..101).map(|n| add("Totals", &format!("i{n}"), 1)).collect();
    let refused = told("", json!(many))["Refused"].clone();
    assert_eq!(refused["Message"], "An invocation has given 101 writes; those of one commit are 100 at most");
    assert_eq!((&refused["Code"], &refused["Status"]), (&json!("ValidationException"), &json!(400)));
    let refused = told("", json!([{"Put": {"TableName": 7}}]));
    assert_eq!(refused["Refused"]["Code"], "SerializationException");
    let refused = told("", json!([add("Nothing", "a", 1)]));
    assert_eq!(refused["Refused"]["Code"], "ResourceNotFoundException");
    // Which of the writes are of the records that are done is not known.
    let partial = r#"{"batchItemFailures": [{"itemIdentifier": "{last}"}]}"#;
    assert_eq!(told(partial, json!([add("Totals", "a", 1)])), json!({"Known": true}));
    assert!(totals(&world).is_empty());
    let kept = told("", json!([add("Totals", "a", 1), add("Totals", "b", 1)]));
    assert_eq!(kept, json!({"Known": true}));
    assert_eq!(totals(&world).len(), 2);
}

#[test]
fn failures_that_the_host_tells_of_are_told_of_before_the_place_moves_on() {
    let world = World::new();
    let arn = with_totals(&world);
    let settings = json!({"MaximumRetryAttempts": 0, "BatchSize": 1, "ParallelizationFactor": 10});
    let uuid = world.mapping(&arn, &settings);
    let by_host = json!({"Do": "DeliverByHost", "UUID": uuid, "ByHost": true}).to_string();
    world.local.tell_text(&world.db, &by_host).expect("told");
    for n in 0..20 {
        world.put("Orders", &format!("{n}-1"));
    }
    let (Ok(Next::Invoke(one)), Ok(Next::Invoke(two))) =
        (world.local.next(&world.db), world.local.next(&world.db))
    else {
        panic!("two lanes have records")
    };
    let failed = json!({"Do": "Complete", "Ticket": one.ticket, "Outcome": "Error"}).to_string();
    world.local.tell_text(&world.db, &failed).expect("told");
    let told = world.local.complete_with(&world.db, two.ticket, Response::Nothing, additions(&two));
    assert_eq!((told, totals(&world).len()), (Ok(Told::Taken), 0));
    let adder = Adder::default();
    world.local.run_until_idle(&world.db, &adder, 100).expect("no error");
    assert_eq!((totals(&world).len(), adder.seen.failures.take().len()), (19, 1));
}

#[test]
fn a_window_has_its_state_of_before_when_its_writes_are_refused() {
    let world = World::new();
    world.mapping(&with_totals(&world), &json!({"TumblingWindowInSeconds": 60, "MaximumRetryAttempts": 3}));
    close(&world, "a");
    world.put("Orders", "a-1");
    let adder = Adder { answer: Some(json!({"state": {"seen": 1}})), ..Adder::default() };
    world.local.run_until_idle(&world.db, &adder, 10).expect("no error");
    assert_eq!(adder.refused.take().len(), 1);
    world.call("DeleteItem", &json!({"TableName": "Totals", "Key": {"id": {"S": "a"}}}));
    world.advance(1_000);
    let Ok(Next::Invoke(task)) = world.local.next(&world.db) else { panic!("it comes again") };
    let window = task.invocation.window.as_ref().expect("a window");
    assert!(window.state.is_empty(), "{:?}", window.state);
    let state = Response::Value(json!({"state": {"seen": 1}}));
    assert_eq!(world.local.complete_with(&world.db, task.ticket, state, additions(&task)), Ok(Told::Taken));
    // The state is kept with the writes.
    let world = World { local: Local::new(&world.db, 2), db: world.db };
    world.put("Orders", "b-1");
    let Ok(Next::Invoke(task)) = world.local.next(&world.db) else { panic!("the window goes on") };
    let window = task.invocation.window.as_ref().expect("a window");
    assert_eq!((Value::Object((*window.state).clone()), totals(&world)["a"]), (json!({"seen": 1}), 1));
}

#[test]
fn threads_that_share_the_work_of_several_workers_do_it_once() {
    let world = World::new();
    world.mapping(&with_totals(&world), &json!({"BatchSize": 3, "ParallelizationFactor": 4}));
    let db = &world.db;
    let locals = [Local::new(db, 1), Local::new(db, 2)];
    let left = AtomicUsize::new(2);
    let run = |local: &Local| {
        while let Ok(Next::Invoke(task)) = local.next(db) {
            local.complete_with(db, task.ticket, Response::Nothing, additions(&task)).expect("no error");
        }
    };
    std::thread::scope(|scope| {
        for writer in 0..2 {
            let left = &left;
            scope.spawn(move || {
                for n in 0..60 {
                    let item = json!({"TableName": "Orders", "Item": {"id": {"S": format!("{}-{writer}{n}", n % 7)}}});
                    db.call_json("PutItem", item.to_string().as_bytes()).expect("written");
                }
                left.fetch_sub(1, Ordering::SeqCst);
            });
        }
        for local in locals.iter().chain(&locals) {
            scope.spawn(|| {
                while left.load(Ordering::SeqCst) > 0 {
                    run(local);
                }
            });
        }
    });
    locals.iter().for_each(run);
    assert_eq!(totals(&world).values().sum::<u32>(), 120);
}

#[test]
fn power_cuts_at_any_moment_apply_nothing_twice_and_lose_nothing() {
    let keeping = SimulatedKeeping { checkpoint_bytes: 16 * 1024, background: false };
    for seed in 0..8 {
        let random = Entropy::seeded(seed);
        let options =
            || OpenOptions { durability: Durability::Sync, seed: Some(seed), ..OpenOptions::deterministic() };
        let mut disk = SimDisk::new(seed);
        let open = |disk: &SimDisk| {
            let db = Database::simulated(disk, options(), keeping).expect("what is left opens");
            World { local: Local::new(&db, seed), db }
        };
        let mut world = open(&disk);
        let settings = json!({"BatchSize": 1 + seed, "ParallelizationFactor": 1 + seed % 3});
        world.mapping(&with_totals(&world), &settings);
        let mut written = 0;
        let mut running: Vec<Task> = Vec::new();
        for _ in 0..300 {
            match random.next() % 16 {
                0..5 => {
                    written += 1;
                    world.put("Orders", &format!("{}-{written}", random.next() % 5));
                }
                5..10 => running.extend(match world.local.next(&world.db) {
                    Ok(Next::Invoke(task)) => Some(*task),
                    _ => None,
                }),
                10..14 if !running.is_empty() => {
                    let task = running.swap_remove(random.next() as usize % running.len());
                    let (db, ticket) = (&world.db, task.ticket);
                    if random.happens(0.2) {
                        let failed =
                            json!({"Do": "Complete", "Ticket": ticket, "Outcome": "Error"}).to_string();
                        world.local.tell_text(db, &failed).expect("told");
                    } else {
                        let writes = additions(&task);
                        world.local.complete_with(db, ticket, Response::Nothing, writes).expect("kept");
                    }
                }
                14 => world.advance(500),
                15 => {
                    running.clear();
                    let left = disk.crash(&mut || random.next());
                    disk = left;
                    world = open(&disk);
                }
                _ => {}
            }
            let applied: u32 = totals(&world).values().sum();
            assert!(applied <= written, "{applied} of {written} in world {seed}");
        }
        let world = open(&{ disk.crash(&mut || random.next()) });
        for _ in 0..40 {
            world.local.run_until_idle(&world.db, &Adder::default(), 1_000).expect("no error");
            world.advance(60_000);
        }
        assert_eq!(totals(&world).values().sum::<u32>(), written, "in world {seed}");
    }
}
