//! Transactions of many writes, from many threads, over several tables: all or nothing, serialisable, records in order, and an end.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use parking_lot::Mutex;
use serde_json::json;

use super::{below, create_table, options};
use crate::api::{Error, ErrorCode};
use crate::database::Database;
use crate::database::simulated::SimulatedKeeping;
use crate::engine::Call;
use crate::entropy::Entropy;
use crate::expression::{ExpressionKind, Request, Texts};
use crate::store::{DiskCall, DiskFault, SimDisk};
use crate::stream::Cause;
use crate::transaction::{self, Action, Intent, Refused};
use crate::value::{AttributeValue, Item, ValueRef};

const TABLES: [&str; 3] = ["Accounts", "Bookings", "Carts"];
const KEYS: u64 = 40;
const THREADS: u64 = 4;
/// What no row may be for a check on it to hold.
const NEVER: &str = "attribute_exists(never)";

/// Table and key.
type Row = (usize, u64);
/// Which transaction wrote a version of a row; 0 for a row that never was.
type Version = u64;

/// A transaction that took place, and what it found in each row.
#[derive(Clone, Debug)]
struct Took {
    id: Version,
    rows: Vec<(Row, Version)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Put,
    Delete,
    Check,
    Refuse,
}

/// Rows, no two the same, and what is done to them.
fn draw(random: &Entropy) -> Vec<(Row, Step)> {
    let many = below(random, 8) == 0;
    let count = 1 + below(random, if many { 100 } else { 6 });
    let mut rows: BTreeMap<Row, Step> = BTreeMap::new();
    for _ in 0..count {
        let row = (below(random, TABLES.len() as u64) as usize, below(random, KEYS));
        let step = match below(random, 40) {
            0..24 => Step::Put,
            24..32 => Step::Delete,
            _ => Step::Check,
        };
        rows.insert(row, step);
    }
    let mut plan: Vec<(Row, Step)> = rows.into_iter().collect();
    if below(random, 6) == 0 {
        let at = below(random, plan.len() as u64) as usize;
        plan[at].1 = Step::Refuse;
    }
    // In any order: what is asked for first says nothing about which lock comes first.
    for at in (1..plan.len()).rev() {
        plan.swap(at, below(random, at as u64 + 1) as usize);
    }
    plan
}

fn item_of(key: u64, id: Version) -> Item {
    let (key, id) = (AttributeValue::S(format!("k{key}")), AttributeValue::from(id as i64));
    Item::new([("id", &key), ("v", &id)]).expect("an item")
}

fn version_of(item: Option<&Item>) -> Version {
    let number = item.map(|item| item.get("v").and_then(|v| v.number()).expect("a version"));
    number.map_or(0, |number| number.to_string().parse().expect("a whole number"))
}

/// Runs a plan and waits until it is safe.
fn run(db: &Database, id: Version, plan: &[(Row, Step)]) -> Result<Took, Refused> {
    let engine = db.engine();
    let call = Call::new(&engine);
    let tables: Vec<_> = TABLES.iter().map(|name| call.catalog.for_data(name, call.now())).collect();
    let items: Vec<Item> = plan.iter().map(|((_, key), _)| item_of(*key, id)).collect();
    let mut intents = Vec::new();
    for (((table, _), step), item) in plan.iter().zip(&items) {
        let table = tables[*table].clone().map_err(Refused::Whole)?;
        let key = table.schema.key_of_item(item).expect("the table's key");
        let condition = (*step == Step::Refuse).then(|| {
            let condition = Some((ExpressionKind::Condition, NEVER));
            let request = Request { texts: Texts { condition, ..Texts::default() }, ..Request::default() };
            let expressions = call.expressions.parse(&request).expect("a condition");
            expressions.condition.expect("there is one")
        });
        let action = match step {
            Step::Put => Action::Put(item),
            Step::Delete => Action::Delete,
            Step::Check | Step::Refuse => Action::Check,
        };
        intents.push(Intent { table, key, condition, answers_item: false, action, cause: Cause::User });
    }
    let written = transaction::run(&call, intents);
    db.engine().store.settle(call.seen()).map_err(Refused::Whole)?;
    let found = written?.into_iter().zip(plan);
    let rows = found.map(|(written, (row, _))| (*row, version_of(written.before.as_ref()))).collect();
    Ok(Took { id, rows })
}

/// What the threads know to have happened, and what they do not know to have happened or not.
#[derive(Debug, Default)]
struct History {
    took: Vec<Took>,
    in_doubt: Vec<Version>,
}

/// Threads run random plans until they have done their number, or the disk fails.
fn play(db: &Database, seed: u64, plans: u64) -> History {
    let history = Mutex::new(History::default());
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let history = &history;
            scope.spawn(move || {
                let random = Entropy::seeded(seed * 1_000 + thread);
                for n in 0..plans {
                    let (id, plan) = (1 + thread + THREADS * n, draw(&random));
                    let refuses = plan.iter().any(|(_, step)| *step == Step::Refuse);
                    match run(db, id, &plan) {
                        Ok(took) => {
                            assert!(!refuses, "a plan with a false condition is refused");
                            history.lock().took.push(took);
                        }
                        Err(Refused::Each(reasons)) => check_reasons(&plan, &reasons),
                        Err(Refused::Whole(error)) => {
                            assert_eq!(error.code(), ErrorCode::Storage, "{error}");
                            history.lock().in_doubt.push(id);
                            return;
                        }
                    }
                    if thread == 0 && n % 16 == 5 {
                        change_shards(db, &random);
                    }
                }
            });
        }
    });
    history.into_inner()
}

fn check_reasons(plan: &[(Row, Step)], reasons: &[Option<Error>]) {
    assert_eq!(plan.len(), reasons.len());
    for ((_, step), reason) in plan.iter().zip(reasons) {
        let code = reason.as_ref().map(Error::code);
        assert_eq!(code, (*step == Step::Refuse).then_some(ErrorCode::ConditionalCheckFailed));
    }
}

fn change_shards(db: &Database, random: &Entropy) {
    let operation = if below(random, 2) == 0 { "SplitShard" } else { "RollShard" };
    let table = TABLES[below(random, TABLES.len() as u64) as usize];
    let input = json!({"TableName": table}).to_string();
    if let Err(error) = db.call_json(operation, input.as_bytes()) {
        assert_eq!(error.code(), ErrorCode::Storage, "{error}");
    }
}

/// The sequence number of a change, and the row before and after it.
type Change = (u128, Option<Version>, Option<Version>);

/// Every version a row ever had, by its records: who wrote it, in order. Also holds the records of each shard against their order.
fn chains(db: &Database) -> BTreeMap<Row, Vec<Option<Version>>> {
    let mut changes: BTreeMap<Row, Vec<Change>> = BTreeMap::new();
    let engine = db.engine();
    for stream in engine.catalog.all_streams() {
        let table = TABLES.iter().position(|name| *name == stream.table).expect("one of ours");
        for shard in stream.all_shards() {
            let from = std::ops::Bound::Excluded(shard.start);
            let records = engine
                .store
                .records(shard.log, from, shard.retention, &mut |_| true)
                .expect("readable")
                .value;
            for pair in records.windows(2) {
                assert_eq!(pair[0].sequence.counter() + 1, pair[1].sequence.counter(), "no gap, no double");
                assert!(pair[0].sequence.commit() < pair[1].sequence.commit(), "commits rise");
            }
            for record in records {
                let image = record.new_image.as_ref().or(record.old_image.as_ref()).expect("an image");
                let Some(ValueRef::S(id)) = image.get("id") else { panic!("a key") };
                let key = id.trim_start_matches('k').parse().expect("a number");
                let version = |item: &Option<Item>| item.as_ref().map(|item| version_of(Some(item)));
                let change = (record.sequence.0, version(&record.old_image), version(&record.new_image));
                changes.entry((table, key)).or_default().push(change);
            }
        }
    }
    changes
        .into_iter()
        .map(|(row, mut changes)| {
            changes.sort_unstable();
            let mut before = None;
            for (_, old, new) in &changes {
                assert_eq!(*old, before, "each record begins where the one before it ended: row {row:?}");
                before = *new;
            }
            (row, changes.into_iter().map(|(_, _, new)| new).collect())
        })
        .collect()
}

/// Each transaction is wholly in the chains or not at all, those that were acknowledged are, and all of them have an order.
fn check(db: &Database, history: &History, plans: &BTreeMap<Version, Vec<Row>>) {
    let chains = chains(db);
    for (row, chain) in &chains {
        let engine = db.engine();
        let call = Call::new(&engine);
        let table = call.catalog.for_data(TABLES[row.0], call.now()).expect("a table");
        let key = table.schema.key_of_item(&item_of(row.1, 0)).expect("a key");
        let now = call.store.get(table.id, &key).expect("readable").map(|item| version_of(Some(&item)));
        assert_eq!(chain.last().copied().flatten(), now, "the newest record is the row: {row:?}");
    }
    let mut seen: BTreeMap<Version, BTreeSet<Row>> = BTreeMap::new();
    for (row, chain) in &chains {
        for version in chain.iter().flatten() {
            assert!(seen.entry(*version).or_default().insert(*row), "{version} wrote {row:?} once");
        }
    }
    for (version, rows) in &seen {
        let written: BTreeSet<Row> = plans[version].iter().copied().collect();
        assert_eq!(rows, &written, "all of transaction {version} or nothing");
    }
    for took in &history.took {
        let puts = &plans[&took.id];
        assert!(puts.is_empty() || seen.contains_key(&took.id), "{} was acknowledged", took.id);
    }
    order(&chains, history);
}

/// Who must come before whom: whoever wrote what another found, and whoever found what another replaced. There is a serial order when no one
/// comes before himself.
fn order(chains: &BTreeMap<Row, Vec<Option<Version>>>, history: &History) {
    let mut before: BTreeMap<Version, BTreeSet<Version>> = BTreeMap::new();
    // Only puts leave a name; a chain is followed from put to put.
    let puts: BTreeMap<Row, Vec<Version>> =
        chains.iter().map(|(row, chain)| (*row, chain.iter().flatten().copied().collect())).collect();
    for took in &history.took {
        for (row, found) in &took.rows {
            if *found == 0 {
                continue;
            }
            before.entry(took.id).or_default().insert(*found);
            let chain = &puts[row];
            let at = chain.iter().position(|version| version == found).expect("what was found was written");
            if let Some(next) = chain.get(at + 1).filter(|next| **next != took.id) {
                before.entry(*next).or_default().insert(took.id);
            }
        }
    }
    for chain in puts.values() {
        for pair in chain.windows(2) {
            before.entry(pair[1]).or_default().insert(pair[0]);
        }
    }
    let mut placed = BTreeSet::new();
    for version in before.keys() {
        let mut path = Vec::new();
        place(*version, &before, &mut placed, &mut path);
    }
}

fn place(
    version: Version,
    before: &BTreeMap<Version, BTreeSet<Version>>,
    placed: &mut BTreeSet<Version>,
    path: &mut Vec<Version>,
) {
    assert!(!path.contains(&version), "no serial order: {path:?} comes back to {version}");
    if !placed.insert(version) {
        return;
    }
    path.push(version);
    for earlier in before.get(&version).into_iter().flatten() {
        place(*earlier, before, placed, path);
    }
    path.pop();
}

/// The rows that each plan of a seed would leave its version in.
fn all_plans(seed: u64, plans: u64) -> BTreeMap<Version, Vec<Row>> {
    let mut all = BTreeMap::new();
    for thread in 0..THREADS {
        let random = Entropy::seeded(seed * 1_000 + thread);
        for n in 0..plans {
            let plan = draw(&random);
            let puts = plan.iter().filter(|(_, step)| *step == Step::Put).map(|(row, _)| *row);
            all.insert(1 + thread + THREADS * n, puts.collect());
            if thread == 0 && n % 16 == 5 {
                // What the thread draws besides plans.
                below(&random, 2);
                below(&random, TABLES.len() as u64);
            }
        }
    }
    all
}

fn begin(db: &Database) {
    TABLES.iter().for_each(|name| create_table(db, name));
}

#[test]
fn transactions_in_memory_are_whole_and_have_an_order() {
    for seed in 0..6 {
        let db = Database::memory(options(3)).expect("sound options");
        begin(&db);
        let history = play(&db, seed, 120);
        assert!(history.in_doubt.is_empty(), "memory does not fail");
        assert!(history.took.iter().any(|took| took.rows.len() > 60), "some are large");
        check(&db, &history, &all_plans(seed, 120));
    }
}

#[test]
fn transactions_on_a_disk_that_loses_power_are_whole_and_have_an_order() {
    let keeping = SimulatedKeeping { checkpoint_bytes: 64 * 1024, background: true };
    let mut cut_short = 0;
    for seed in 10..16 {
        let disk = SimDisk::new(seed);
        let db = Database::simulated(&disk, options(3), keeping).expect("a new database");
        begin(&db);
        let fault = DiskFault {
            call: Some(DiskCall::Sync),
            prefix: "log/".into(),
            nth: 20 + 37 * (seed - 10),
            lasting: true,
            kind: std::io::ErrorKind::Other,
        };
        disk.plan(fault);
        let history = play(&db, seed, 60);
        cut_short += u64::from(!history.in_doubt.is_empty());
        let random = Entropy::seeded(seed);
        let left = disk.crash(&mut || random.next());
        drop(db);
        let db = Database::simulated(&left, options(3), keeping).expect("what is left opens");
        check(&db, &history, &all_plans(seed, 60));
        db.close().expect("a sound disk");
    }
    assert!(cut_short > 0, "some worlds lost power in the middle");
}
