//! TransactWriteItems and TransactGetItems from many threads against a model that does one after the other.
//!
//! Each writing transaction also puts an item of its own into `Ledger`, a table of one partition, so that the stream of that table is the
//! order in which they happened. Played again in this order, the model must come to what is in the database; and what was canceled or only
//! read must be what the model answers at some place of this order that lies between the call and its answer.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use parking_lot::Mutex;
use serde_json::{Value, json};

use super::{below, create_table, options};
use crate::api::ErrorCode;
use crate::database::Database;
use crate::database::simulated::SimulatedKeeping;
use crate::entropy::Entropy;
use crate::store::{DiskCall, DiskFault, SimDisk};

const TABLES: [&str; 3] = ["Accounts", "Bookings", "Carts"];
const KEYS: u64 = 8;
const THREADS: u64 = 4;

/// Table and key.
type Row = (usize, u64);
/// Which transaction; it names its item in the ledger.
type Id = u64;

/// An item: a number that is set, and one that is counted up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Cell {
    v: Option<i64>,
    n: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Condition {
    None,
    Exists,
    Absent,
    Is(i64),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    Put(i64),
    /// `ADD n 1`, which makes the item.
    Count,
    /// `SET v = v + 1`, which needs `v`.
    Raise,
    Delete,
    Check,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Plan {
    id: Id,
    /// Whether it leaves an item in the ledger.
    writes: bool,
    token: Option<String>,
    actions: Vec<(Row, Act, Condition)>,
}

/// The items at one moment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Model(BTreeMap<Row, Cell>);

impl Model {
    fn holds(&self, row: Row, condition: Condition) -> bool {
        let cell = self.0.get(&row);
        match condition {
            Condition::None => true,
            Condition::Exists => cell.is_some(),
            Condition::Absent => cell.is_none(),
            Condition::Is(v) => cell.is_some_and(|cell| cell.v == Some(v)),
        }
    }

    /// The code of each action's reason; all `None` when it happens.
    fn codes(&self, plan: &Plan) -> Vec<&'static str> {
        let code = |(row, act, condition): &(Row, Act, Condition)| match act {
            _ if !self.holds(*row, *condition) => "ConditionalCheckFailed",
            Act::Raise if self.0.get(row).is_none_or(|cell| cell.v.is_none()) => "ValidationError",
            _ => "None",
        };
        plan.actions.iter().map(code).collect()
    }

    fn apply(&mut self, plan: &Plan) {
        for (row, act, _) in &plan.actions {
            match act {
                Act::Put(v) => drop(self.0.insert(*row, Cell { v: Some(*v), n: None })),
                Act::Count => {
                    let cell = self.0.entry(*row).or_default();
                    cell.n = Some(cell.n.map_or(1, |n| n + 1));
                }
                Act::Raise => {
                    let cell = self.0.get_mut(row).expect("the condition of the model");
                    cell.v = cell.v.map(|v| v + 1);
                }
                Act::Delete => drop(self.0.remove(row)),
                Act::Check => {}
            }
        }
    }
}

fn draw(random: &Entropy, id: Id) -> Plan {
    let mut actions: BTreeMap<Row, (Act, Condition)> = BTreeMap::new();
    for _ in 0..1 + below(random, 5) {
        let row = (below(random, TABLES.len() as u64) as usize, below(random, KEYS));
        let condition = match below(random, 8) {
            0 => Condition::Exists,
            1 => Condition::Absent,
            2 => Condition::Is(below(random, 3) as i64),
            _ => Condition::None,
        };
        let act = match below(random, 10) {
            0..4 => Act::Put(below(random, 3) as i64),
            4..6 => Act::Count,
            6 => Act::Raise,
            7 => Act::Delete,
            _ => Act::Check,
        };
        let condition =
            if (act, condition) == (Act::Check, Condition::None) { Condition::Absent } else { condition };
        actions.insert(row, (act, condition));
    }
    let mut actions: Vec<_> =
        actions.into_iter().map(|(row, (act, condition))| (row, act, condition)).collect();
    // Not in the order in which rows are locked.
    if below(random, 2) == 0 {
        actions.reverse();
    }
    let writes = actions.iter().any(|(_, act, _)| *act != Act::Check);
    let token = (below(random, 3) > 0).then(|| format!("token {id}"));
    Plan { id, writes, token, actions }
}

fn action(row: Row, act: Act, condition: Condition) -> Value {
    let mut members = json!({"TableName": TABLES[row.0]});
    let key = json!({"id": {"S": format!("k{}", row.1)}});
    let mut values = json!({});
    let name = match act {
        Act::Put(v) => {
            members["Item"] = json!({"id": key["id"], "v": {"N": v.to_string()}});
            "Put"
        }
        _ => {
            members["Key"] = key;
            match act {
                Act::Count => members["UpdateExpression"] = json!("ADD n :one"),
                Act::Raise => members["UpdateExpression"] = json!("SET v = v + :one"),
                Act::Delete => return named("Delete", members, values, condition),
                _ => return named("ConditionCheck", members, values, condition),
            }
            values[":one"] = json!({"N": "1"});
            "Update"
        }
    };
    named(name, members, values, condition)
}

fn named(name: &str, mut members: Value, mut values: Value, condition: Condition) -> Value {
    let expression = match condition {
        Condition::None => None,
        Condition::Exists => Some("attribute_exists(id)"),
        Condition::Absent => Some("attribute_not_exists(id)"),
        Condition::Is(v) => {
            values[":is"] = json!({"N": v.to_string()});
            Some("v = :is")
        }
    };
    if let Some(expression) = expression {
        members["ConditionExpression"] = json!(expression);
    }
    if values != json!({}) {
        members["ExpressionAttributeValues"] = values;
    }
    json!({ name: members })
}

fn request(plan: &Plan) -> Value {
    let mut items: Vec<Value> =
        plan.actions.iter().map(|(row, act, condition)| action(*row, *act, *condition)).collect();
    if plan.writes {
        let item = json!({"id": {"S": plan.id.to_string()}});
        let at = plan.id as usize % (items.len() + 1);
        items.insert(at, json!({"Put": {"TableName": "Ledger", "Item": item}}));
    }
    match &plan.token {
        Some(token) => json!({"TransactItems": items, "ClientRequestToken": token}),
        None => json!({"TransactItems": items}),
    }
}

/// What a call came to.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Outcome {
    Happened,
    /// For these codes, one for each action but that of the ledger.
    Canceled(Vec<String>),
    Read(BTreeMap<Row, Option<Cell>>),
    /// The disk failed: nobody knows.
    InDoubt,
}

fn write(db: &Database, plan: &Plan) -> Outcome {
    match db.call_json("TransactWriteItems", request(plan).to_string().as_bytes()) {
        Ok(_) => Outcome::Happened,
        Err(error) if error.code() == ErrorCode::TransactionCanceled => {
            let mut codes: Vec<String> =
                error.cancellation_reasons().iter().map(|reason| reason.code.clone()).collect();
            if plan.writes {
                assert_eq!(codes.remove(plan.id as usize % codes.len()), "None", "the ledger's");
            }
            Outcome::Canceled(codes)
        }
        Err(error) => {
            assert_eq!(error.code(), ErrorCode::Storage, "{error}");
            Outcome::InDoubt
        }
    }
}

fn cell(item: &Value) -> Cell {
    let number = |name: &str| item[name]["N"].as_str().map(|text| text.parse().expect("a number"));
    Cell { v: number("v"), n: number("n") }
}

fn read(db: &Database, rows: &BTreeSet<Row>) -> Outcome {
    let get = |(table, key): &Row| {
        let key = json!({"id": {"S": format!("k{key}")}});
        json!({"Get": {"TableName": TABLES[*table], "Key": key}})
    };
    let input = json!({"TransactItems": rows.iter().map(get).collect::<Vec<_>>()});
    match db.call_json("TransactGetItems", input.to_string().as_bytes()) {
        Ok(output) => {
            let output: Value = serde_json::from_slice(&output).expect("JSON");
            let responses = output["Responses"].as_array().expect("a list");
            let found = responses.iter().map(|response| response.get("Item").map(cell));
            Outcome::Read(rows.iter().copied().zip(found).collect())
        }
        Err(error) => {
            assert_eq!(error.code(), ErrorCode::Storage, "{error}");
            Outcome::InDoubt
        }
    }
}

/// A call and its answer, and how many writing transactions had been answered before it and begun before its answer.
#[derive(Debug)]
struct Call {
    plan: Option<Plan>,
    outcome: Outcome,
    answered_before: usize,
    begun_by_then: usize,
}

#[derive(Debug, Default)]
struct History {
    begun: Vec<Id>,
    answered: Vec<Id>,
    calls: Vec<Call>,
}

/// Threads call until they have done their number, or the disk fails.
fn play(db: &Database, seed: u64, calls: u64) -> History {
    let history = Mutex::new(History::default());
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let history = &history;
            scope.spawn(move || {
                let random = Entropy::seeded(seed * 1_000 + thread);
                let mut earlier: Vec<Plan> = Vec::new();
                for n in 0..calls {
                    if thread == 0 && n % 16 == 5 {
                        change_shards(db, &random);
                    }
                    let plan = match below(&random, 6) {
                        0 => None,
                        // The same request under the same token, again.
                        1 if !earlier.is_empty() => {
                            Some(earlier[below(&random, earlier.len() as u64) as usize].clone())
                        }
                        _ => Some(draw(&random, thread + THREADS * n)),
                    };
                    let rows: BTreeSet<Row> = (0..1 + below(&random, 12))
                        .map(|_| (below(&random, TABLES.len() as u64) as usize, below(&random, KEYS)))
                        .collect();
                    let answered_before = {
                        let mut history = history.lock();
                        history.begun.extend(plan.iter().map(|plan| plan.id));
                        history.answered.len()
                    };
                    let outcome = plan.as_ref().map_or_else(|| read(db, &rows), |plan| write(db, plan));
                    let mut history = history.lock();
                    let begun_by_then = history.begun.len();
                    if outcome == Outcome::Happened
                        && let Some(plan) = plan.as_ref().filter(|plan| plan.writes)
                    {
                        history.answered.push(plan.id);
                        earlier.extend(Some(plan.clone()).filter(|plan| plan.token.is_some()));
                    }
                    let is_over = outcome == Outcome::InDoubt;
                    history.calls.push(Call { plan, outcome, answered_before, begun_by_then });
                    if is_over {
                        return;
                    }
                }
            });
        }
    });
    history.into_inner()
}

fn change_shards(db: &Database, random: &Entropy) {
    let operation = if below(random, 2) == 0 { "SplitShard" } else { "RollShard" };
    let table = TABLES[below(random, TABLES.len() as u64) as usize];
    let input = json!({"TableName": table}).to_string();
    if let Err(error) = db.call_json(operation, input.as_bytes()) {
        assert_eq!(error.code(), ErrorCode::Storage, "{error}");
    }
}

/// The transactions that left an item in the ledger, in their order.
fn ledger(db: &Database) -> Vec<Id> {
    let engine = db.engine();
    let streams = engine.catalog.all_streams();
    let stream = streams.iter().find(|stream| stream.table == "Ledger").expect("it has a stream");
    let shards = stream.all_shards();
    let [shard] = &shards[..] else { panic!("one partition, which nobody changes") };
    let records =
        engine.store.records(shard.log, Bound::Excluded(shard.start), shard.retention, &mut |_| true);
    let id = |image: &crate::value::Item| match image.get("id") {
        Some(crate::value::ValueRef::S(id)) => id.parse().expect("a number"),
        other => panic!("a key: {other:?}"),
    };
    let records = records.expect("readable").value;
    records.iter().map(|record| id(record.new_image.as_ref().expect("a put"))).collect()
}

fn items(db: &Database) -> Model {
    let mut model = Model::default();
    for (table, name) in TABLES.iter().enumerate() {
        let page = db.call_json("Scan", json!({"TableName": name}).to_string().as_bytes()).expect("a scan");
        let page: Value = serde_json::from_slice(&page).expect("JSON");
        for item in page["Items"].as_array().expect("a list") {
            let key = item["id"]["S"].as_str().expect("a key").trim_start_matches('k');
            model.0.insert((table, key.parse().expect("a number")), cell(item));
        }
    }
    model
}

/// Holds a history against the model; the database must have every transaction that was answered.
fn check(db: &Database, history: &History) {
    let order = ledger(db);
    let plans: BTreeMap<Id, &Plan> =
        history.calls.iter().filter_map(|call| call.plan.as_ref()).map(|plan| (plan.id, plan)).collect();
    let mut states = vec![Model::default()];
    for id in &order {
        let mut next = states.last().expect("the first").clone();
        let codes = next.codes(plans[id]);
        assert!(codes.iter().all(|code| *code == "None"), "{:?} happened, but {codes:?}", plans[id]);
        next.apply(plans[id]);
        states.push(next);
    }
    assert_eq!(&items(db), states.last().expect("the first"), "the ledger leads to what is there");
    let place: BTreeMap<Id, usize> = order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    assert_eq!(place.len(), order.len(), "each transaction happened once");
    for call in &history.calls {
        let first =
            history.answered[..call.answered_before].iter().map(|id| place[id] + 1).max().unwrap_or(0);
        let begun_later = history.begun[call.begun_by_then..].iter();
        // One that was sent again may have happened before.
        let before: BTreeSet<Id> = history.begun[..call.begun_by_then].iter().copied().collect();
        let later = begun_later.filter(|id| !before.contains(id)).filter_map(|id| place.get(id));
        let last = later.min().copied().unwrap_or(order.len());
        let agrees = |state: &Model| match (&call.outcome, &call.plan) {
            (Outcome::Read(found), _) => found.iter().all(|(row, found)| state.0.get(row) == found.as_ref()),
            (Outcome::Canceled(codes), Some(plan)) => state.codes(plan) == *codes,
            (Outcome::Happened, Some(plan)) if !plan.writes => {
                state.codes(plan).iter().all(|code| *code == "None")
            }
            (Outcome::Happened, Some(plan)) => place.contains_key(&plan.id),
            _ => true,
        };
        assert!(states[first..=last].iter().any(agrees), "at no place from {first} to {last}: {call:?}");
    }
}

/// Sends what has a token once more: what had happened does not happen again, and what had not happens once.
fn repeat(db: &Database, history: &History) {
    let (before, order) = (items(db), ledger(db));
    let mut more = Vec::new();
    let mut seen = BTreeSet::new();
    for plan in history.calls.iter().filter_map(|call| call.plan.as_ref()) {
        if plan.token.is_none() || !plan.writes || !seen.insert(plan.id) {
            continue;
        }
        let outcome = write(db, plan);
        if order.contains(&plan.id) {
            assert_eq!(outcome, Outcome::Happened, "{plan:?}");
        } else if outcome == Outcome::Happened {
            more.push(plan);
            assert_eq!(write(db, plan), Outcome::Happened, "{plan:?}");
        }
        let other = Plan { actions: vec![((0, 0), Act::Put(9), Condition::None)], ..plan.clone() };
        if outcome == Outcome::Happened && other.actions != plan.actions {
            let answer = db.call_json("TransactWriteItems", request(&other).to_string().as_bytes());
            let error = answer.expect_err("another request");
            assert_eq!(error.code(), ErrorCode::IdempotentParameterMismatch);
        }
    }
    let mut expected = before;
    more.iter().for_each(|plan| expected.apply(plan));
    assert_eq!(items(db), expected, "once, and no more");
    assert_eq!(ledger(db).len(), order.len() + more.len());
}

fn begin(db: &Database) {
    TABLES.iter().for_each(|name| create_table(db, name));
    create_table(db, "Ledger");
}

/// The ledger has one partition; the others are split on the way.
fn alone() -> crate::options::OpenOptions {
    options(1)
}

#[test]
fn transactions_in_memory_happen_one_after_the_other() {
    for seed in 0..4 {
        let db = Database::memory(alone()).expect("sound options");
        begin(&db);
        let history = play(&db, seed, 150);
        let happened =
            |wanted: fn(&Outcome) -> bool| history.calls.iter().filter(|call| wanted(&call.outcome)).count();
        assert!(happened(|outcome| *outcome == Outcome::Happened) > 100, "many happen");
        assert!(happened(|outcome| matches!(outcome, Outcome::Canceled(_))) > 50, "many are canceled");
        check(&db, &history);
        repeat(&db, &history);
    }
}

#[test]
fn transactions_on_a_disk_that_loses_power_happen_one_after_the_other_and_once() {
    let keeping = SimulatedKeeping { checkpoint_bytes: 64 * 1024, background: true };
    let mut cut_short = 0;
    for seed in 20..25 {
        let disk = SimDisk::new(seed);
        let db = Database::simulated(&disk, alone(), keeping).expect("a new database");
        begin(&db);
        disk.plan(DiskFault {
            call: Some(DiskCall::Sync),
            prefix: "log/".into(),
            nth: 30 + 41 * (seed - 20),
            lasting: true,
            kind: std::io::ErrorKind::Other,
        });
        let history = play(&db, seed, 80);
        cut_short += u64::from(history.calls.iter().any(|call| call.outcome == Outcome::InDoubt));
        let random = Entropy::seeded(seed);
        let left = disk.crash(&mut || random.next());
        drop(db);
        let db = Database::simulated(&left, alone(), keeping).expect("what is left opens");
        check(&db, &history);
        repeat(&db, &history);
        db.close().expect("a sound disk");
    }
    assert!(cut_short > 0, "some worlds lost power in the middle");
}

/// Threads write one number to all rows at a time, others read all rows: they find one number.
fn read_beside_writers(db: &Database) {
    const WRITERS: u64 = 2;
    const WRITES: u64 = 150;
    let rows: BTreeSet<Row> =
        (0..TABLES.len()).flat_map(|table| (0..KEYS).map(move |key| (table, key))).collect();
    let all = |id: Id| {
        let actions = rows.iter().map(|row| (*row, Act::Put(id as i64), Condition::None)).collect();
        Plan { id, writes: false, token: None, actions }
    };
    assert_eq!(write(db, &all(0)), Outcome::Happened);
    let left = AtomicU64::new(WRITERS);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (all, left) = (&all, &left);
            scope.spawn(move || {
                for n in 0..WRITES {
                    assert_eq!(write(db, &all(1 + writer + WRITERS * n)), Outcome::Happened);
                }
                left.fetch_sub(1, Ordering::SeqCst);
            });
        }
        for _ in 0..2 {
            scope.spawn(|| {
                while left.load(Ordering::SeqCst) > 0 {
                    let Outcome::Read(found) = read(db, &rows) else { panic!("the disk is sound") };
                    let numbers: BTreeSet<_> = found.values().map(|cell| cell.map(|cell| cell.v)).collect();
                    assert_eq!(numbers.len(), 1, "of one moment: {found:?}");
                }
            });
        }
    });
}

#[test]
fn a_read_is_of_one_moment() {
    let db = Database::memory(alone()).expect("sound options");
    begin(&db);
    read_beside_writers(&db);
    let keeping = SimulatedKeeping { checkpoint_bytes: 64 * 1024, background: true };
    let db = Database::simulated(&SimDisk::new(1), alone(), keeping).expect("a new database");
    begin(&db);
    read_beside_writers(&db);
    db.close().expect("a sound disk");
}
