//! Spaces: derived rows are those of the items, whatever writes, splits, reopens or fails meanwhile.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use std::thread;

use serde_json::json;

use super::{below, create_table, options};
use crate::api::ScalarAttributeType;
use crate::database::Database;
use crate::database::simulated::SimulatedKeeping;
use crate::engine::Call;
use crate::entropy::Entropy;
use crate::store::{Budget, RowRange, SimDisk, TableId};
use crate::table::{KeyAttribute, Space, SpaceDefinition, SpaceState};
use crate::transaction;
use crate::value::Item;

const TABLE: &str = "Orders";
const KEYS: u64 = 200;
const KEEPING: SimulatedKeeping = SimulatedKeeping { checkpoint_bytes: 32 * 1024, background: false };

/// Orders by customer, then by day.
fn by_customer() -> SpaceDefinition {
    let part = |name: &str, kind| KeyAttribute { name: name.to_owned(), kind };
    SpaceDefinition {
        partition: vec![part("customer", ScalarAttributeType::S)],
        sort: vec![part("day", ScalarAttributeType::N)],
    }
}

/// Puts or deletes an order; some have no customer or no day that a key could have.
fn change(db: &Database, random: &Entropy) {
    let id = format!("o{}", below(random, KEYS));
    let (operation, input) = match below(random, 8) {
        0 | 1 => ("DeleteItem", json!({"TableName": TABLE, "Key": {"id": {"S": id}}})),
        2 => ("PutItem", json!({"TableName": TABLE, "Item": {"id": {"S": id}, "day": {"N": "1"}}})),
        3 => {
            let item = json!({"id": {"S": id}, "customer": {"S": "a"}, "day": {"S": "monday"}});
            ("PutItem", json!({"TableName": TABLE, "Item": item}))
        }
        _ => {
            let customer = ["a", "a\u{0}", "b"][below(random, 3) as usize];
            let day = below(random, 5) as i64 - 2;
            let item = json!({"id": {"S": id}, "customer": {"S": customer}, "day": {"N": day.to_string()}});
            ("PutItem", json!({"TableName": TABLE, "Item": item}))
        }
    };
    db.call_json(operation, input.to_string().as_bytes()).expect("a write");
}

fn attach(db: &Database) -> TableId {
    let engine = db.engine();
    let call = Call::new(&engine);
    let table = call.catalog.for_data(TABLE, call.now()).expect("a table");
    let _state = table.state.write();
    let space = Space::new(call.next_table_id(), table.id, by_customer(), SpaceState::Building(None));
    let space = Arc::new(space);
    transaction::attach_space(&call, &table, &space, Vec::new(), call.now()).expect("a space");
    space.id
}

/// One step of the build of the table's space; whether it is complete.
fn step(db: &Database) -> bool {
    let engine = db.engine();
    let call = Call::new(&engine);
    let table = call.catalog.for_data(TABLE, call.now()).expect("a table");
    let spaces = table.spaces();
    transaction::build_step(&call, &table, &spaces[0]).expect("a step") == SpaceState::Complete
}

/// Keys and items of a table or space, a page at a time.
fn rows(db: &Database, id: TableId) -> Vec<Item> {
    let mut range = RowRange { from: Bound::Unbounded, to: Bound::Unbounded, descending: false };
    let mut items = Vec::new();
    loop {
        let page = db.engine().store.rows(id, &range, Budget::of_rows(7)).expect("readable").value;
        items.extend(page.items);
        match page.last {
            Some(last) => range.from = Bound::Excluded(last),
            None => return items,
        }
    }
}

/// The space shows exactly the items that have a place in it, in the order of their places.
fn check(db: &Database) {
    let engine = db.engine();
    let call = Call::new(&engine);
    let table = call.catalog.for_data(TABLE, call.now()).expect("a table");
    let space = table.spaces()[0].clone();
    let mut expected = BTreeMap::new();
    for item in rows(db, table.id) {
        let row = table.schema.row_key(&item).expect("a key");
        if let Some(place) = by_customer().place(&item, &row) {
            expected.insert(place, item);
        }
    }
    assert!(expected.len() > 20, "there is something to show");
    let shown = rows(db, space.id);
    assert_eq!(shown, expected.values().cloned().collect::<Vec<_>>());
    for (place, item) in &expected {
        let found = db.engine().store.get(space.id, place).expect("readable").value;
        assert_eq!(found.as_ref(), Some(item));
    }
    let bytes: usize = shown.iter().map(Item::size).sum();
    assert_eq!(db.engine().store.totals(space.id), Ok((shown.len() as i64, bytes as i64)));
}

#[test]
fn a_space_of_a_new_table_is_complete_and_kept_up() {
    let db = Database::memory(options(3)).expect("sound options");
    create_table(&db, TABLE);
    attach(&db);
    assert!(step(&db), "there is nothing to build");
    let random = Entropy::seeded(1);
    for _ in 0..1_000 {
        change(&db, &random);
    }
    check(&db);
}

#[test]
fn a_space_is_built_beside_writers_and_splits() {
    for seed in 0..4 {
        let db = Database::memory(options(2)).expect("sound options");
        create_table(&db, TABLE);
        let random = Entropy::seeded(seed);
        for _ in 0..600 {
            change(&db, &random);
        }
        thread::scope(|scope| {
            for thread in 0..2 {
                let db = &db;
                scope.spawn(move || {
                    let random = Entropy::seeded(100 * seed + thread);
                    for n in 0..400 {
                        change(db, &random);
                        if n % 100 == 50 {
                            let input = json!({"TableName": TABLE}).to_string();
                            db.call_json("SplitShard", input.as_bytes()).expect("a split");
                        }
                    }
                });
            }
            attach(&db);
            while !step(&db) {}
        });
        check(&db);
    }
}

#[test]
fn a_build_goes_on_where_a_lost_process_left_it() {
    for seed in 0..6 {
        let mut disk = SimDisk::new(seed);
        let mut db = Database::simulated(&disk, options(2), KEEPING).expect("a new database");
        create_table(&db, TABLE);
        let random = Entropy::seeded(seed);
        for _ in 0..400 {
            change(&db, &random);
        }
        let id = attach(&db);
        let mut steps = 0;
        while !step(&db) {
            steps += 1;
            (0..10).for_each(|_| change(&db, &random));
            let left = disk.crash(&mut || random.next());
            drop(db);
            disk = left;
            db = Database::simulated(&disk, options(2), KEEPING).expect("what is left opens");
        }
        assert!(steps > 2, "it took several steps");
        check(&db);
        db.close().expect("a sound disk");
        let db = Database::simulated(&disk, options(2), KEEPING).expect("it was closed");
        assert!(step(&db), "complete is kept");
        check(&db);
        gone(&db, id);
    }
}

/// A space that is taken away, or whose table is, is nobody's; another one begins anew.
fn gone(db: &Database, id: TableId) {
    let engine = db.engine();
    let call = Call::new(&engine);
    let table = call.catalog.for_data(TABLE, call.now()).expect("a table");
    {
        let _state = table.state.write();
        transaction::detach_space(&call, &table, &table.spaces()[0], Vec::new()).expect("a sound disk");
    }
    assert!(table.spaces().is_empty());
    assert_ne!(attach(db), id);
    while !step(db) {}
    check(db);
    let input = json!({"TableName": TABLE}).to_string();
    db.call_json("DeleteTable", input.as_bytes()).expect("a sound disk");
    let entries = db.engine().store.meta().expect("readable");
    assert!(entries.iter().all(|(name, _)| !name.starts_with("space/")), "{entries:?}");
}
