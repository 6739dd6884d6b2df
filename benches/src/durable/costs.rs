//! What reads and writes cost where the disk is not waited for, what is written for them, and how long a writer ever waits.

use std::hint::black_box;
use std::time::Instant;

use streamtable::Database;
use streamtable::api::GetItemInput;
use streamtable::value::Item;

use super::{Folder, bytes_written, close, filled, open, put, scattered};
use crate::claim::{Bound, Claim, interleaved, micros};
use crate::sample::{self, TABLE, item};
use crate::scheduling::{foreground, remark};

const KEYS: usize = 10_000;
const ROUNDS: usize = 7;
/// Keys and puts of the count of bytes: some checkpoints long.
const WRITTEN_KEYS: usize = 50_000;
const WRITTEN_PUTS: usize = 200_000;
/// Writers and their puts in the search for the longest wait: some checkpoints long.
const WAITERS: usize = 4;
const WAITER_PUTS: usize = 40_000;

fn keys() -> Vec<Item> {
    (0..KEYS)
        .map(|n| {
            let key = format!("customer-{:08}", scattered(n, KEYS));
            serde_json::from_value(serde_json::json!({ "id": {"S": key} })).expect("a key")
        })
        .collect()
}

fn time_gets(db: &Database) -> f64 {
    let keys = keys();
    micros(|| {
        for key in keys {
            let input = GetItemInput {
                table_name: Some(TABLE.into()),
                key: Some(key.into()),
                ..GetItemInput::default()
            };
            let found = black_box(db.call(input).expect("a get"));
            assert!(found.item.is_some(), "every key is there");
        }
    }) / KEYS as f64
}

/// Gets of items in the cache, against the store in memory.
pub(super) fn cached_get() -> Result<Claim, String> {
    let folder = Folder::new("gets")?;
    close(&filled(&folder.data(), "buffered", true, KEYS));
    let db = open(&folder.data(), "buffered");
    // The first reading fills the cache.
    let cold = time_gets(&db);
    let memory = sample::database();
    (0..KEYS).for_each(|n| put(&memory, item(n, 0)));
    let (ratio, ours, theirs) = interleaved(ROUNDS, || time_gets(&db), || time_gets(&memory));
    close(&db);
    Ok(Claim {
        name: "durable.cached_get_against_memory".into(),
        ratio,
        bound: Bound::AtMost,
        limit: 3.0,
        detail: format!("cached {ours:.2} us, memory {theirs:.2} us; the first time {cold:.2} us"),
    })
}

/// Bytes given to write() for a byte of item, everything included until the database is closed.
pub(super) fn written_for_an_item() -> Result<Claim, String> {
    let folder = Folder::new("written")?;
    close(&filled(&folder.data(), "buffered", true, WRITTEN_KEYS));
    let before = bytes_written()?;
    let db = open(&folder.data(), "buffered");
    let mut items = 0;
    for n in 0..WRITTEN_PUTS {
        let item = item(scattered(n, WRITTEN_KEYS), 1 + n);
        items += item.as_bytes().len();
        put(&db, item);
    }
    close(&db);
    let written = bytes_written()? - before;
    Ok(Claim {
        name: "durable.bytes_written_per_item_byte".into(),
        ratio: written / items as f64,
        bound: Bound::AtMost,
        limit: 6.0,
        detail: format!(
            "{:.0} MB for {WRITTEN_PUTS} updates of {} B, both images recorded, checkpoints and close included",
            written / 1e6,
            items / WRITTEN_PUTS
        ),
    })
}

/// The longest that any put took while checkpoints ran, in milliseconds.
pub(super) fn longest_put() -> Result<Claim, String> {
    let folder = Folder::new("stall")?;
    let db = filled(&folder.data(), "buffered", true, KEYS);
    close(&db);
    let db = open(&folder.data(), "sync");
    let writers = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WAITERS)
            .map(|writer| {
                scope.spawn({
                    let db = &db;
                    move || {
                        foreground();
                        let mut waits = Vec::with_capacity(WAITER_PUTS);
                        for n in 0..WAITER_PUTS {
                            let item = item(scattered(writer + n * WAITERS, KEYS), 1 + n);
                            let start = Instant::now();
                            put(db, item);
                            waits.push(start.elapsed().as_secs_f64() * 1e3);
                        }
                        waits
                    }
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().expect("no writer panics")).collect::<Vec<f64>>()
    });
    close(&db);
    let mut waits = writers;
    waits.sort_by(f64::total_cmp);
    let share = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize];
    Ok(Claim {
        name: "durable.longest_put_ms_while_checkpoints_run".into(),
        ratio: share(1.0),
        bound: Bound::AtMost,
        limit: 50.0,
        detail: format!(
            "sync, {WAITERS} writers, {} puts of 1 KB: p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms{}",
            waits.len(),
            share(0.5),
            share(0.99),
            share(0.999),
            remark()
        ),
    })
}
