//! Histories of two items under threads, with splits, rolls and lost answers between the calls: one order of the calls must explain them, and with
//! them what a reader sees of the stream, each change once and per key in order.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

use serde_json::{Value, json};
use streamtable::{Database, ErrorCode, OpenOptions};

use crate::calls::{Result, call};
use crate::follower::Follower;
use crate::laws::key_text;
use crate::linear::{Event, Object, is_linearizable};
use crate::model::View;
use crate::random::Random;
use crate::world::{create, joined};

const TABLE: &str = "table-0";
/// Histories of one world.
const ROUNDS: u64 = 12;
/// Calls of a thread in one history.
const CALLS: usize = 8;

/// Two items: the number that each has, if it is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Items([Option<i64>; 2]);

/// What is asked of them, each named by its place.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    Get(usize),
    /// Answers what was there.
    Put(usize, i64),
    /// Puts a number where another is, or nothing.
    Swap(usize, Option<i64>, i64),
    /// Answers the sum.
    Add(usize, i64),
    /// Answers what was there.
    Delete(usize),
    GetBoth,
    /// Puts both, where the first has a number, or is not there.
    SwapBoth(Option<i64>, [i64; 2]),
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Done,
    Refused,
    One(Option<i64>),
    Both([Option<i64>; 2]),
}

impl Object for Items {
    type Call = Ask;
    type Answer = Told;

    fn apply(&mut self, ask: &Ask) -> Told {
        let items = &mut self.0;
        match *ask {
            Ask::Get(at) => Told::One(items[at]),
            Ask::Put(at, number) => Told::One(items[at].replace(number)),
            Ask::Swap(at, from, to) if items[at] == from => {
                items[at] = Some(to);
                Told::Done
            }
            Ask::SwapBoth(from, to) if items[0] == from => {
                *items = to.map(Some);
                Told::Done
            }
            Ask::Swap(..) | Ask::SwapBoth(..) => Told::Refused,
            Ask::Add(at, by) => {
                items[at] = Some(items[at].unwrap_or(0) + by);
                Told::One(items[at])
            }
            Ask::Delete(at) => Told::One(items[at].take()),
            Ask::GetBoth => Told::Both(*items),
        }
    }
}

/// The items with what a reader has seen of each: a change is the next that was seen, or there is no such change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Seen {
    items: Items,
    /// What each became, change by change.
    left: [VecDeque<Option<i64>>; 2],
    /// Whether a change differed.
    differs: bool,
}

impl Object for Seen {
    type Call = Option<Ask>;
    type Answer = Told;

    /// No call is the end: it is refused where more was seen than was done.
    fn apply(&mut self, ask: &Option<Ask>) -> Told {
        let before = self.items;
        let answer = match ask {
            Some(ask) => self.items.apply(ask),
            None if self.left.iter().all(VecDeque::is_empty) => Told::Done,
            None => Told::Refused,
        };
        for (at, left) in self.left.iter_mut().enumerate() {
            let (before, after) = (before.0[at], self.items.0[at]);
            self.differs |= before != after && left.pop_front() != Some(after);
        }
        answer
    }

    fn is_possible(&self) -> bool {
        !self.differs
    }
}

/// A call of a history.
pub type Done = Event<Ask, Told>;

/// Whether one order of the calls explains their answers and, where there was a reader, what it has seen.
fn is_explained(history: &[Done], seen: Option<[VecDeque<Option<i64>>; 2]>) -> bool {
    let Some(left) = seen else { return is_linearizable(&Items::default(), history) };
    let last = history.iter().map(|event| event.ended).max().unwrap_or(0);
    let end = Event { call: None, answer: Some(Told::Done), began: last + 1, ended: last + 2 };
    let calls = history.iter().map(|Event { call, answer, began, ended }| Event {
        call: Some(*call),
        answer: *answer,
        began: *began,
        ended: *ended,
    });
    let history: Vec<_> = calls.chain([end]).collect();
    is_linearizable(&Seen { items: Items::default(), left, differs: false }, &history)
}

/// Plays the histories of one world.
///
/// # Errors
/// A history that no order explains, or an operation that failed.
pub fn play(seed: u64, threads: usize) -> Result<()> {
    let mut random = Random::new(seed);
    let options =
        json!({"clock": "manual", "seed": seed, "partitions": 1 + random.below(3), "shard_rollover": 0});
    let options = OpenOptions::from_json(options.to_string().as_bytes()).map_err(|e| e.to_string())?;
    let db = Database::memory(options).map_err(|e| e.to_string())?;
    let table = create(&db, TABLE, false, random.chance(70).then_some(View::NewAndOldImages))?;
    let mut follower = table.stream.map(|arn| Follower::open(&db, &arn)).transpose()?;
    if random.chance(60) {
        call(&db, "SetFaults", &lost_answers(seed))?;
    }
    for round in 0..ROUNDS {
        let keys = [0, 1].map(|at| format!("item-{round}-{at}"));
        let history = record(&db, &keys, threads, follower.as_mut(), &mut random)?;
        let seen = follower.as_mut().map(|follower| seen(&db, follower, &keys)).transpose()?;
        if !is_explained(&history, seen.clone()) {
            let history = shown(&history);
            return Err(format!(
                "no order of these calls explains their answers, and what a reader sees, {seen:?}:\n{history}"
            ));
        }
    }
    Ok(())
}

/// Calls that fail before they do anything, and after: whoever made them does not know which.
fn lost_answers(seed: u64) -> Value {
    let operations = ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "GetItem"];
    let fault = |moment: &str| {
        json!({"Effect": "FAIL", "Moment": moment, "Probability": 0.1, "Operations": operations,
            "Error": {"Code": ErrorCode::InternalServer.name()}})
    };
    json!({"Seed": seed, "Faults": [fault("BEFORE"), fault("AFTER")]})
}

/// What a reader sees of two items, to the end: what each became.
fn seen(db: &Database, follower: &mut Follower, keys: &[String; 2]) -> Result<[VecDeque<Option<i64>>; 2]> {
    follower.catch_up(db)?;
    let mut seen = [VecDeque::new(), VecDeque::new()];
    let mut items = [None, None];
    for record in follower.take() {
        let change = &record["dynamodb"];
        let at =
            keys.iter().position(|key| key_text(&json!({"pk": {"S": key}})) == key_text(&change["Keys"]));
        let at = at.ok_or_else(|| format!("a reader sees {record}, which nobody has written"))?;
        if number(&change["OldImage"]) != items[at] {
            return Err(format!("a reader sees {record} after {:?}", items[at]));
        }
        items[at] = number(&change["NewImage"]);
        seen[at].push_back(items[at]);
    }
    Ok(seen)
}

/// What several threads ask of two items, and what they are told, while another one splits and rolls, and one reads.
fn record(
    db: &Database,
    keys: &[String; 2],
    threads: usize,
    follower: Option<&mut Follower>,
    random: &mut Random,
) -> Result<Vec<Done>> {
    let (clock, start, done) = (AtomicU64::new(0), Barrier::new(threads + 1), AtomicBool::new(false));
    let history = Mutex::new(Vec::new());
    let mut reshaping = random.fork();
    let jobs: Vec<Random> = (0..threads).map(|_| random.fork()).collect();
    thread::scope(|scope| {
        let asking: Vec<_> = jobs
            .into_iter()
            .map(|mut random| {
                let (clock, start, history) = (&clock, &start, &history);
                scope.spawn(move || {
                    start.wait();
                    for _ in 0..CALLS {
                        let ask = draw(&mut random);
                        let began = clock.fetch_add(1, Ordering::SeqCst);
                        let answer = run(db, keys, ask)?;
                        let ended = clock.fetch_add(1, Ordering::SeqCst);
                        let event = Event { call: ask, answer, began, ended };
                        history.lock().map_err(|_| "a thread panicked")?.push(event);
                    }
                    Ok(())
                })
            })
            .collect();
        let done = &done;
        let reading = follower.map(|follower| {
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    follower.read(db)?;
                }
                Ok(())
            })
        });
        start.wait();
        let operation = if reshaping.chance(50) { "SplitShard" } else { "RollShard" };
        // A table without a stream has nothing to roll.
        drop(call(db, operation, &json!({"TableName": TABLE})));
        let asked: Vec<Result<()>> = asking.into_iter().map(|thread| joined(thread.join())).collect();
        done.store(true, Ordering::Relaxed);
        reading.map_or(Ok(()), |thread| joined(thread.join()))?;
        asked.into_iter().collect::<Result<()>>()
    })?;
    history.into_inner().map_err(|_| "a thread panicked".to_owned())
}

fn draw(random: &mut Random) -> Ask {
    let at = random.below(2) as usize;
    let number = random.below(3) as i64;
    let from = if random.chance(30) { None } else { Some(random.below(3) as i64) };
    match random.below(9) {
        0 | 1 => Ask::Get(at),
        2 => Ask::Put(at, number),
        3 | 4 => Ask::Swap(at, from, number),
        5 => Ask::Add(at, 1),
        6 => Ask::Delete(at),
        7 => Ask::GetBoth,
        _ => Ask::SwapBoth(from, [number, random.below(3) as i64]),
    }
}

/// Runs a call; no answer where it was lost.
fn run(db: &Database, keys: &[String; 2], ask: Ask) -> Result<Option<Told>> {
    let key = |at: usize| json!({"pk": {"S": keys[at]}});
    let item = |at: usize, number: i64| json!({"pk": {"S": keys[at]}, "n": {"N": number.to_string()}});
    let mut refusal = ErrorCode::ConditionalCheckFailed;
    let (operation, input) = match ask {
        Ask::Get(at) => ("GetItem", json!({"TableName": TABLE, "Key": key(at), "ConsistentRead": true})),
        Ask::Put(at, number) => {
            ("PutItem", json!({"TableName": TABLE, "Item": item(at, number), "ReturnValues": "ALL_OLD"}))
        }
        Ask::Swap(at, from, to) => ("PutItem", conditional(json!({"Item": item(at, to)}), from)),
        Ask::Add(at, by) => (
            "UpdateItem",
            json!({"TableName": TABLE, "Key": key(at), "UpdateExpression": "ADD n :by", "ReturnValues": "ALL_NEW",
                "ExpressionAttributeValues": {":by": {"N": by.to_string()}}}),
        ),
        Ask::Delete(at) => {
            ("DeleteItem", json!({"TableName": TABLE, "Key": key(at), "ReturnValues": "ALL_OLD"}))
        }
        Ask::GetBoth => {
            let gets = [0, 1].map(|at| json!({"Get": {"TableName": TABLE, "Key": key(at)}}));
            ("TransactGetItems", json!({"TransactItems": gets}))
        }
        Ask::SwapBoth(from, to) => {
            refusal = ErrorCode::TransactionCanceled;
            let first = conditional(json!({"Item": item(0, to[0])}), from);
            let second = json!({"TableName": TABLE, "Item": item(1, to[1])});
            ("TransactWriteItems", json!({"TransactItems": [{"Put": first}, {"Put": second}]}))
        }
    };
    let answer = match db.call_json(operation, input.to_string().as_bytes()) {
        Ok(answer) => answer,
        Err(error) if error.code() == refusal => return Ok(Some(Told::Refused)),
        Err(error) if error.code() == ErrorCode::InternalServer => return Ok(None),
        Err(error) => return Err(format!("{operation} {input}: {error}")),
    };
    let answer: Value = serde_json::from_slice(&answer).map_err(|e| format!("{operation}: {e}"))?;
    Ok(Some(match ask {
        Ask::Swap(..) | Ask::SwapBoth(..) => Told::Done,
        Ask::Get(_) => Told::One(number(&answer["Item"])),
        Ask::GetBoth => Told::Both([0, 1].map(|at| number(&answer["Responses"][at]["Item"]))),
        Ask::Put(..) | Ask::Add(..) | Ask::Delete(_) => Told::One(number(&answer["Attributes"])),
    }))
}

/// A put under the condition that an item has a number, or is not there.
fn conditional(mut put: Value, from: Option<i64>) -> Value {
    put["TableName"] = TABLE.into();
    match from {
        None => put["ConditionExpression"] = "attribute_not_exists(pk)".into(),
        Some(from) => {
            put["ConditionExpression"] = "n = :from".into();
            put["ExpressionAttributeValues"] = json!({":from": {"N": from.to_string()}});
        }
    }
    put
}

fn number(item: &Value) -> Option<i64> {
    item["n"]["N"].as_str()?.parse().ok()
}

fn shown(history: &[Done]) -> String {
    let mut events: Vec<&Done> = history.iter().collect();
    events.sort_unstable_by_key(|event| event.began);
    events.iter().fold(String::new(), |mut text, event| {
        writeln!(text, "  {:>4} to {:>4}  {:?}: {:?}", event.began, event.ended, event.call, event.answer)
            .expect("a text takes all");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histories_of_the_database_are_linearizable() {
        for seed in 1..=8 {
            play(seed, 2 + (seed % 3) as usize).expect("an order explains them");
        }
    }

    /// The calls of a sound history, and what a reader saw of it.
    fn sound() -> (Vec<Done>, [VecDeque<Option<i64>>; 2]) {
        let db = Database::memory(OpenOptions::deterministic()).expect("the options are good");
        let table = create(&db, TABLE, false, Some(View::NewAndOldImages)).expect("created");
        let mut follower = Follower::open(&db, &table.stream.expect("a stream")).expect("it reads");
        let keys = ["item-0", "item-1"].map(str::to_owned);
        let mut random = Random::new(3);
        let history = record(&db, &keys, 3, Some(&mut follower), &mut random).expect("calls that succeed");
        let seen = seen(&db, &mut follower, &keys).expect("changes of the items");
        assert!(is_explained(&history, Some(seen.clone())));
        (history, seen)
    }

    #[test]
    fn a_forged_answer_is_found() {
        let (mut history, seen) = sound();
        let mut forged = 0;
        for at in 0..history.len() {
            let answer = history[at].answer;
            if let Some(Told::One(_)) = answer {
                // No call puts such a number, so nobody can have seen it.
                history[at].answer = Some(Told::One(Some(99)));
                assert!(!is_explained(&history, None), "{}", shown(&history));
                assert!(!is_explained(&history, Some(seen.clone())), "{}", shown(&history));
                history[at].answer = answer;
                forged += 1;
            }
        }
        assert!(forged > 5);
    }

    #[test]
    fn a_change_that_a_reader_misses_or_sees_once_more_is_found() {
        let (history, seen) = sound();
        let mut altered = 0;
        for item in 0..2 {
            for at in 0..seen[item].len() {
                let mut missed = seen.clone();
                missed[item].remove(at);
                let mut doubled = seen.clone();
                doubled[item].insert(at, seen[item][at]);
                for other in [missed, doubled] {
                    assert!(!is_explained(&history, Some(other)), "{}", shown(&history));
                    altered += 1;
                }
            }
        }
        assert!(altered > 4);
    }
}
