//! What it costs to decide whether a filter lets a record through.

use std::hint::black_box;

use streamtable::Pattern;
use streamtable::api::Record;
use streamtable::pattern::Event;
use streamtable::records::{Maker, MakerOptions};

use crate::claim::{Bound, Claim, interleaved, micros};
use crate::sample::item;

const DECISIONS: usize = 20_000;
const ROUNDS: usize = 7;
const STREAM: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/Bench/stream/2026-01-01T00:00:00.000";

/// A plain equality of `eventName` against writing the record as JSON.
pub(crate) fn by_event_name(name: String) -> Claim {
    against_writing(name, r#"{"eventName":["INSERT"]}"#)
}

/// A plain equality of one attribute, the last but three of ten, likewise.
pub(crate) fn by_attribute(name: String) -> Claim {
    against_writing(name, r#"{"dynamodb":{"NewImage":{"revision":{"N":["2"]}}}}"#)
}

fn against_writing(name: String, pattern: &str) -> Claim {
    let record = modification();
    let pattern = Pattern::compile(pattern).expect("a pattern");
    let decide = || {
        let work = || {
            for _ in 0..DECISIONS {
                black_box(pattern.matches(Event::record(black_box(&record), STREAM)));
            }
        };
        micros(work) / DECISIONS as f64
    };
    let mut written = Vec::new();
    let write = || {
        let work = || {
            for _ in 0..DECISIONS / 10 {
                written.clear();
                serde_json::to_writer(&mut written, black_box(&record)).expect("JSON");
                black_box(&written);
            }
        };
        micros(work) / (DECISIONS / 10) as f64
    };
    let (ratio, decision, writing) = interleaved(ROUNDS, decide, write);
    let detail = format!(
        "decision {:.0} ns, {:.1} million/s, record as JSON {writing:.2} us",
        decision * 1e3,
        1.0 / decision
    );
    Claim { name, ratio, bound: Bound::AtMost, limit: 0.1, detail }
}

/// The record of an item that was changed, with both images.
fn modification() -> Record {
    let mut maker = Maker::new(MakerOptions::new(["id"]));
    let change = maker.change(Some(&item(1, 1)), Some(&item(1, 2)));
    change.expect("a sound change").expect("one that changes something")
}
