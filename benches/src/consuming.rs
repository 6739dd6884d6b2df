//! What a mapping adds to reading its stream.

use std::hint::black_box;

use streamtable::Database;
use streamtable::api::ListStreamsInput;
use streamtable::consumer::worker::Next;
use streamtable::consumer::worker::local::Local;
use streamtable::consumer::{Consumer, Outcome, Response, Settings, Step};
use streamtable::reader::{ReadOptions, Reader};

use crate::claim::{Bound, Claim, interleaved, micros};
use crate::engine::{items, put};
use crate::sample::database;

const ROUNDS: usize = 7;
const BATCH: usize = 100;

/// A database whose one stream has records.
fn source() -> (Database, String, usize) {
    let db = database();
    items(1).into_iter().for_each(|item| put(&db, item));
    let streams = db.call(ListStreamsInput::default()).expect("a list").streams.expect("a list");
    let arn = streams[0].stream_arn.clone().expect("an ARN");
    // An item that was put as it is has no second record.
    let count = read(&db, &arn);
    (db, arn, count)
}

/// Reads the stream in pages of a batch.
fn read(db: &Database, arn: &str) -> usize {
    let mut reader = Reader::open(db, arn, ReadOptions::default()).expect("opened");
    let mut read = 0;
    while let Some(page) = reader.next_page(db, BATCH).expect("read") {
        read += black_box(page).records.len();
    }
    read
}

/// Consumes the stream with a function that does nothing but take the event as it is given: records, or bytes of JSON.
fn consume(db: &Database, arn: &str, takes_bytes: bool) -> usize {
    let mut settings = Settings::new("mapping", arn, "arn:aws:lambda:us-east-1:000000000000:function:none");
    settings.poll_interval = None;
    let mut consumer = Consumer::open(db, settings, None, 1, 0).expect("opened");
    let mut consumed = 0;
    loop {
        match consumer.poll(db, 0) {
            Step::Invoke(invocation) => {
                consumed += invocation.records().len();
                if takes_bytes {
                    black_box(invocation.event_json());
                }
                black_box(invocation.records());
                consumer.complete(invocation.id, Outcome::Success(Response::Nothing), 0);
            }
            Step::Settle(settlement) => {
                let settlement = black_box(settlement);
                consumer.settled(settlement.id, &[]);
            }
            Step::SleepUntil(_) | Step::Idle => return consumed,
        }
    }
}

fn against_reading(name: String, takes_bytes: bool, limit: f64) -> Claim {
    let (db, arn, count) = source();
    let per_record = |consumed: &mut dyn FnMut() -> usize| {
        let mut found = 0;
        let time = micros(|| found = consumed());
        assert_eq!(found, count, "each record once");
        time / count as f64
    };
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || per_record(&mut || consume(&db, &arn, takes_bytes)),
        || per_record(&mut || read(&db, &arn)),
    );
    let detail = format!("{ours:.2} us a record, {:.0} records/s; reading {theirs:.2} us", 1e6 / ours);
    Claim { name, ratio, bound: Bound::AtMost, limit, detail }
}

/// Batches of 100 records to a function that does nothing, against reading the stream in pages of 100.
pub(crate) fn records_against_reading(name: String) -> Claim {
    against_reading(name, false, 1.5)
}

/// The same, with each event as bytes of JSON.
pub(crate) fn events_against_reading(name: String) -> Claim {
    against_reading(name, true, 12.0)
}

/// A look at what there is to do where a thousand mappings wait, against one where one waits: those that wait cost nothing.
pub(crate) fn idle_mappings(name: String) -> Claim {
    let (many, one) = (waiting(1_000), waiting(1));
    let per_look = |(db, local): &(Database, Local)| {
        micros(|| {
            for _ in 0..LOOKS {
                assert!(matches!(local.next(db), Ok(Next::Idle)));
            }
        }) / LOOKS as f64
    };
    let (ratio, ours, theirs) = interleaved(ROUNDS, || per_look(&many), || per_look(&one));
    let detail = format!("a look with 1,000 idle mappings {ours:.2} us, with one {theirs:.2} us");
    Claim { name, ratio, bound: Bound::AtMost, limit: 1.5, detail }
}

const LOOKS: usize = 10_000;

/// A worker whose mappings, all of one stream, have nothing to do.
fn waiting(count: usize) -> (Database, Local) {
    let (db, arn, _) = source();
    for number in 0..count {
        let call = |operation: &str, input: String| {
            db.call_json(operation, input.as_bytes()).expect("made");
        };
        call("RegisterFunction", format!(r#"{{"FunctionName": "f{number}"}}"#));
        let mapping = format!(
            r#"{{"EventSourceArn": "{arn}", "FunctionName": "f{number}", "StartingPosition": "LATEST"}}"#
        );
        call("CreateEventSourceMapping", mapping);
    }
    let local = Local::new(&db, 1);
    while !matches!(local.next(&db), Ok(Next::Idle)) {}
    (db, local)
}
