use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::records::SEGMENT;
use super::*;
use crate::api::OperationType;
use crate::clock::millis;
use crate::entropy::Entropy;
use crate::limits::RETENTION;
use crate::store::Append;
use crate::value::AttributeValue;

const TABLE: TableId = TableId(1);
const LOG: LogId = LogId(1);

fn item(id: i64) -> Item {
    Item::new([("id", &AttributeValue::from(id))]).expect("an item")
}

fn key(item: &Item) -> RowKey {
    RowKey::new(item.get("id").expect("a key"), None)
}

fn record(counter: u64, at: Millis) -> LogRecord {
    LogRecord {
        sequence: Sequence::new(counter, 0),
        at,
        name: OperationType::Insert,
        keys: Some(item(1)),
        new_image: None,
        old_image: None,
        by_service: false,
    }
}

/// A change of a row to an item, or to none.
fn change(store: &dyn Store, key: &RowKey, after: Option<Item>) -> RowChange {
    let before = store.get(TABLE, key).expect("memory").value;
    RowChange { table: TABLE, key: key.clone(), before, after, of: None }
}

fn put(store: &dyn Store, ids: impl Iterator<Item = i64>) {
    let rows = ids.map(item).map(|item| change(store, &key(&item), Some(item))).collect();
    store.commit(Batch { rows, ..Batch::default() }).expect("memory");
}

fn delete(store: &dyn Store, id: i64) {
    let rows = [change(store, &key(&item(id)), None)].into_iter().collect();
    store.commit(Batch { rows, ..Batch::default() }).expect("memory");
}

fn append(store: &dyn Store, log: LogId, records: impl Iterator<Item = LogRecord>) {
    let records = records.map(|record| Append { log, record, retention: millis(RETENTION) }).collect();
    store.commit(Batch { records, ..Batch::default() }).expect("memory");
}

fn trim(store: &dyn Store, log: LogId, upto: Sequence) {
    let removals = vec![Removal::Records(log, upto)];
    store.commit(Batch { removals, ..Batch::default() }).expect("memory");
}

fn everything() -> RowRange {
    RowRange { from: Bound::Unbounded, to: Bound::Unbounded, descending: false }
}

fn all_items(store: &dyn Store) -> Vec<Item> {
    store.rows(TABLE, &everything(), Budget::of_rows(usize::MAX)).expect("memory").value.items
}

fn all_records(store: &dyn Store, log: LogId) -> Vec<LogRecord> {
    store.records(log, Bound::Unbounded, millis(RETENTION), &mut |_| true).expect("memory").value
}

#[test]
fn pages_walk_every_stripe_in_both_directions() {
    let store = MemoryStore::default();
    put(&store, 0..500);
    let walk = |descending: bool| {
        let mut range = RowRange { descending, ..everything() };
        let mut items = Vec::new();
        loop {
            let page = store.rows(TABLE, &range, Budget::of_rows(7)).expect("memory").value;
            items.extend(page.items);
            match page.last {
                Some(last) if descending => range.to = Bound::Excluded(last),
                Some(last) => range.from = Bound::Excluded(last),
                None => return items,
            }
        }
    };
    let (up, mut down) = (walk(false), walk(true));
    assert_eq!(up.len(), 500);
    down.reverse();
    assert_eq!(up, down);
    assert!(up.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])));
}

#[test]
fn a_range_the_wrong_way_round_is_empty() {
    let store = MemoryStore::default();
    put(&store, 0..10);
    let range = RowRange { from: Bound::Included(vec![9]), to: Bound::Included(vec![3]), descending: false };
    assert!(store.rows(TABLE, &range, Budget::of_rows(10)).expect("memory").value.items.is_empty());
}

#[test]
fn trimming_crosses_segments_and_keeps_the_ends_in_mind() {
    let (store, log) = (MemoryStore::default(), LogId(1));
    let count = 150 * SEGMENT as u64 + 10;
    append(&store, log, (1..=count).map(|n| record(n, n)));
    for cut in [5, SEGMENT as u64 + 5, 100 * SEGMENT as u64, count - 3] {
        let before = store.bounds(log, 0).expect("memory").value.oldest_at;
        let bounds = |oldest_at| LogBounds {
            last: Some(Sequence::new(count, 0)),
            trimmed: Some(Sequence::new(cut, 0)),
            oldest_at,
        };
        let seen = |horizon| store.bounds(log, horizon).expect("memory").value;
        assert_eq!(seen(cut), bounds(before), "before trimming");
        for _ in 0..2 {
            trim(&store, log, Sequence::new(cut, 0));
            assert_eq!(seen(0), bounds(Some(cut + 1)), "after trimming");
        }
        let left = all_records(&store, log);
        assert_eq!(left.first().map(|r| r.sequence), Some(Sequence::new(cut + 1, 0)));
        assert_eq!(left.len() as u64, count - cut);
    }
}

#[test]
fn totals_are_those_of_the_rows() {
    let store = MemoryStore::default();
    put(&store, 0..500);
    put(&store, 0..9);
    delete(&store, 3);
    let bytes: usize = (0..500).filter(|id| *id != 3).map(|id| item(id).size()).sum();
    assert_eq!(store.totals(TABLE), Ok((499, bytes as i64)));
    assert_eq!(store.totals(TableId(2)), Ok((0, 0)));
    let fork = store.fork().expect("memory");
    delete(&*fork, 4);
    assert_eq!(fork.totals(TABLE).expect("memory").0, 498);
    assert_eq!(store.totals(TABLE), Ok((499, bytes as i64)));
}

#[test]
fn the_high_water_stays_when_its_records_go() {
    let (store, log) = (MemoryStore::default(), LogId(1));
    assert_eq!(store.high_water(), HighWater::default());
    let of = |commit: u64, at: Millis| LogRecord { sequence: Sequence::new(at, commit), ..record(at, at) };
    append(&store, log, [of(900, 40), of(901, 50)].into_iter());
    append(&store, LogId(2), [of(800, 60)].into_iter());
    let newest = HighWater { at: 60, commit: 901 };
    assert_eq!(store.high_water(), newest);
    let removals = [Removal::Records(log, Sequence::new(50, 901)), Removal::Log(log), Removal::Log(LogId(2))];
    for removal in removals {
        store.commit(Batch { removals: vec![removal], ..Batch::default() }).expect("memory");
        assert_eq!(store.high_water(), newest, "after {removal:?}");
        assert_eq!(store.fork().expect("memory").high_water(), newest, "after {removal:?}");
    }
}

#[test]
fn the_catalog_keeps_the_newest_text_of_each_name() {
    let store = MemoryStore::default();
    for (name, text) in [("b", Some("1")), ("a", Some("2")), ("b", Some("3")), ("c", Some("4")), ("c", None)]
    {
        let meta = vec![MetaChange { name: name.to_owned(), text: text.map(str::to_owned) }];
        store.commit(Batch { meta, ..Batch::default() }).expect("memory");
    }
    let kept = vec![("a".to_owned(), "2".to_owned()), ("b".to_owned(), "3".to_owned())];
    assert_eq!(store.meta(), Ok(kept));
}

#[test]
fn reading_starts_at_after_or_between() {
    let (store, log) = (MemoryStore::default(), LogId(1));
    append(&store, log, (1..=600).map(|n| record(2 * n, n)));
    let first = |from| {
        store
            .records(log, from, millis(RETENTION), &mut |_| true)
            .expect("memory")
            .value
            .first()
            .map(|r| r.sequence.counter())
    };
    assert_eq!(first(Bound::Included(Sequence::new(512, 0))), Some(512));
    assert_eq!(first(Bound::Excluded(Sequence::new(512, 0))), Some(514));
    assert_eq!(first(Bound::Included(Sequence::new(513, 0))), Some(514));
    assert_eq!(first(Bound::Excluded(Sequence::new(1200, 0))), None);
}

/// Logs that share segments in every way, against lists.
#[test]
fn logs_that_share_segments_behave_as_logs_that_share_nothing() {
    for seed in 1..=8 {
        let entropy = Entropy::seeded(seed);
        let below = |bound: u64| entropy.next() % bound;
        let mut stores: Vec<(Arc<dyn Store>, Vec<u64>, u64)> =
            vec![(Arc::new(MemoryStore::default()), Vec::new(), 0)];
        for step in 0..120 {
            let at = below(stores.len() as u64) as usize;
            let (store, model, next) = &mut stores[at];
            match below(8) {
                0 if model.len() > 1 => {
                    let cut = model[below(model.len() as u64) as usize];
                    trim(&**store, LOG, Sequence::new(cut, 0));
                    model.retain(|counter| *counter > cut);
                }
                1 => {
                    let fork = (store.fork().expect("memory"), model.clone(), *next);
                    if stores.len() < 5 {
                        stores.push(fork);
                    } else {
                        stores[at] = fork;
                    }
                }
                kind => {
                    let count = if kind == 2 { below(20_000) } else { below(300) };
                    append(&**store, LOG, (*next + 1..=*next + count).map(|n| record(n, n)));
                    model.extend(*next + 1..=*next + count);
                    *next += count;
                }
            }
            if step % 20 == 19 {
                for (store, model, _) in &stores {
                    let counters: Vec<u64> =
                        all_records(&**store, LOG).iter().map(|record| record.sequence.counter()).collect();
                    assert!(counters == *model, "seed {seed}, step {step}");
                    let moment = below(model.last().copied().unwrap_or(0) + 2);
                    let bounds = store.bounds(LOG, moment).expect("memory").value.trimmed;
                    let expected = model.iter().rev().find(|counter| **counter <= moment);
                    assert!(
                        expected.is_none_or(|counter| bounds == Some(Sequence::new(*counter, 0))),
                        "seed {seed}, step {step}: {bounds:?} at {moment}, not {expected:?}"
                    );
                }
            }
        }
    }
}

/// Writers change two rows and append a record in one commit, all with the same number; forks are taken meanwhile.
#[test]
fn a_fork_is_of_one_moment() {
    let store = MemoryStore::default();
    let numbered = |id: i64, number: i64| {
        let (id, number) = (AttributeValue::from(id), AttributeValue::from(number));
        Item::new([("id", &id), ("number", &number)]).expect("an item")
    };
    let keys = [key(&item(1)), key(&item(2))];
    let write = |store: &dyn Store, number: i64| {
        let change = |id: i64| change(store, &keys[id as usize - 1], Some(numbered(id, number)));
        let rows = [change(1), change(2)].into_iter().collect();
        let records = [Append { log: LOG, record: record(number as u64, 0), retention: millis(RETENTION) }]
            .into_iter()
            .collect();
        store.commit(Batch { rows, records, ..Batch::default() }).expect("memory");
    };
    write(&store, 1);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            (2..3_000).for_each(|number| write(&store, number));
            is_over.store(true, Ordering::SeqCst);
        });
        while !is_over.load(Ordering::SeqCst) {
            let fork = store.fork().expect("memory");
            let last = fork.bounds(LOG, 0).expect("memory").value.last.expect("a record").counter() as i64;
            let wanted = [(TABLE, &keys[0]), (TABLE, &keys[1])];
            let expected = [Some(numbered(1, last)), Some(numbered(2, last))];
            for store in [&*fork, &*fork.fork().expect("memory")] {
                assert_eq!(store.get_many(&wanted).expect("memory").value, expected);
            }
            write(&*fork, last + 1);
            assert_eq!(all_records(&*fork, LOG).len() as i64, last + 1);
        }
    });
    assert_eq!(all_records(&store, LOG).len(), 2_999);
}

/// What a fork kept alive is freed, and the rows are one map again, when the fork is gone and writes go on.
#[test]
fn nothing_is_left_of_forks_that_are_gone() {
    let store = MemoryStore::default();
    put(&store, 0..2_000);
    let forks: Vec<Arc<dyn Store>> = (0..5)
        .map(|n| {
            let fork = store.fork().expect("memory");
            put(&store, n..2_000);
            fork
        })
        .collect();
    for id in 0..2_000 {
        delete(&*forks[0], id);
    }
    assert_eq!(all_items(&*forks[1]).len(), 2_000);
    assert!(all_items(&*forks[0]).is_empty());
    drop(forks);
    (0..20).for_each(|_| (0..2_000).for_each(|id| put(&store, id..id + 1)));
    let contents = store.0.read();
    let rows = contents.tables.get(TABLE.0).expect("the table");
    assert!(rows.stripes.iter().all(|stripe| stripe.read().rows.is_plain()));
}
