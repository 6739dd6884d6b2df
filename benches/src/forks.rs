//! What a fork costs, and what writes cost afterwards.

use std::hint::black_box;

use streamtable::Database;
use streamtable::value::{AttributeValue, Item};

use crate::claim::{Bound, Claim, interleaved, median, micros};
use crate::engine::{put, time_puts};
use crate::sample::database;

const ITEMS: usize = 1_000_000;
const FEW: usize = 1_000;
const PUTS: usize = 20_000;
const ROUNDS: usize = 7;
const FORKS: usize = 20;

/// Some hundred bytes, so that a million of them and their twins fit anywhere.
fn item(key: usize, revision: usize) -> Item {
    let (id, text) = (format!("customer-{key:08}"), "x".repeat(64));
    Item::new([
        ("id", &AttributeValue::from(id.as_str())),
        ("revision", &AttributeValue::from(revision as i64)),
        ("text", &AttributeValue::from(text.as_str())),
    ])
    .expect("a sound item")
}

fn filled(items: usize) -> Database {
    let db = database();
    (0..items).for_each(|n| put(&db, item(n, 0)));
    db
}

/// Items of keys all over the table, so that nearly every put is the first one of its key since the fork.
fn scattered(revision: usize) -> Vec<Item> {
    (0..PUTS).map(|n| item((n + revision * PUTS) * 7919 % ITEMS, revision)).collect()
}

/// Puts of the same few items, until nothing is left of forks that are gone.
fn settle(db: &Database) {
    (0..5 * PUTS).for_each(|n| put(db, item(n % FEW, n)));
}

/// One fork, in microseconds.
fn time_forks(db: &Database) -> f64 {
    let fork = |n| {
        let mut made = None;
        let took = micros(|| made = Some(db.fork().expect("a fork")));
        // Freeing it is not part of making it, and a put in between gives the next one something to freeze.
        drop(black_box(made));
        put(db, item(7, n));
        took
    };
    median((0..FORKS).map(fork).collect())
}

pub(crate) fn fork_time(name: String) -> Claim {
    let db = filled(ITEMS);
    let took = time_forks(&db) / 1e3;
    Claim {
        name,
        ratio: took,
        bound: Bound::AtMost,
        limit: 1.0,
        detail: "milliseconds for a fork of 1,000,000 items and their records".into(),
    }
}

pub(crate) fn fork_against_few(name: String) -> Claim {
    let (many, few) = (filled(ITEMS), filled(FEW));
    let (ratio, ours, theirs) = interleaved(ROUNDS, || time_forks(&many), || time_forks(&few));
    Claim {
        name,
        ratio,
        bound: Bound::AtMost,
        limit: 3.0,
        detail: format!("fork of {ITEMS} items {ours:.1} us, of {FEW} items {theirs:.1} us"),
    }
}

/// Puts on a database that has a fork, or on the fork, against puts on one that never had any.
fn puts_after_fork(name: String, on_fork: bool) -> Claim {
    let (db, plain) = (filled(ITEMS), filled(ITEMS));
    let (mut revision, mut plain_revision) = (0, 0);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            revision += 1;
            let fork = db.fork().expect("a fork");
            let took = time_puts(if on_fork { &fork } else { &db }, scattered(revision));
            drop(fork);
            settle(&db);
            took
        },
        || {
            plain_revision += 1;
            let took = time_puts(&plain, scattered(plain_revision));
            settle(&plain);
            took
        },
    );
    Claim {
        name,
        ratio,
        bound: Bound::AtMost,
        limit: 1.3,
        detail: format!("put {ours:.2} us, without a fork {theirs:.2} us; each of a key not written since"),
    }
}

pub(crate) fn put_beside_fork(name: String) -> Claim {
    puts_after_fork(name, false)
}

pub(crate) fn put_on_fork(name: String) -> Claim {
    puts_after_fork(name, true)
}

/// Puts on a database of which a snapshot is taken every 1,000 puts, and the last one kept.
pub(crate) fn put_among_snapshots(name: String) -> Claim {
    let (db, plain) = (filled(ITEMS), filled(ITEMS));
    let (mut revision, mut plain_revision, mut kept) = (0, 0, None);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            revision += 1;
            let mut items = scattered(revision);
            let portions: Vec<Vec<Item>> =
                (0..PUTS / 1_000).map(|_| items.split_off(items.len() - 1_000)).collect();
            let mut took = 0.0;
            for portion in portions {
                kept = Some(db.snapshot().expect("memory"));
                took += time_puts(&db, portion) / (PUTS / 1_000) as f64;
            }
            took
        },
        || {
            plain_revision += 1;
            time_puts(&plain, scattered(plain_revision))
        },
    );
    drop(kept);
    Claim {
        name,
        ratio,
        bound: Bound::AtMost,
        limit: 3.0,
        detail: format!("put {ours:.2} us, without snapshots {theirs:.2} us; one snapshot each 1,000 puts"),
    }
}

/// Puts while what a fork left behind is tidied away.
pub(crate) fn put_when_fork_is_gone(name: String) -> Claim {
    let (db, plain) = (filled(ITEMS), filled(ITEMS));
    let (mut revision, mut plain_revision) = (0, 0);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            let fork = db.fork().expect("a fork");
            revision += 2;
            scattered(revision).into_iter().for_each(|item| put(&db, item));
            drop(fork);
            let took = time_puts(&db, scattered(revision + 1));
            settle(&db);
            took
        },
        || {
            plain_revision += 2;
            scattered(plain_revision).into_iter().for_each(|item| put(&plain, item));
            let took = time_puts(&plain, scattered(plain_revision + 1));
            settle(&plain);
            took
        },
    );
    Claim {
        name,
        ratio,
        bound: Bound::AtMost,
        limit: 1.3,
        detail: format!("put {ours:.2} us, without a fork before {theirs:.2} us"),
    }
}

/// The longest of many puts with snapshots coming and going, against the longest without any.
pub(crate) fn longest_put(name: String) -> Claim {
    let (db, plain) = (filled(ITEMS), filled(ITEMS));
    let longest = |db: &Database, has_snapshots: bool| {
        let mut snapshots = Vec::new();
        let mut longest: f64 = 0.0;
        for (n, item) in (1..=4).flat_map(scattered).enumerate() {
            if has_snapshots && n % 5_000 == 0 {
                snapshots.push(db.snapshot().expect("memory"));
            }
            if n % PUTS == PUTS - 1 {
                snapshots.clear();
            }
            longest = longest.max(micros(|| put(db, item)));
        }
        longest / 1e3
    };
    let (ours, theirs) = (longest(&db, true), longest(&plain, false));
    Claim {
        name,
        ratio: ours,
        bound: Bound::AtMost,
        limit: 1.0,
        detail: format!("milliseconds of 80,000 puts among 16 snapshots; {theirs:.2} without any"),
    }
}
