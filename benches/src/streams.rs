//! What records, shards and readers cost, in time and in memory.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use streamtable::api::{
    AdvanceClockInput, DescribeStreamInput, Fault, FaultEffect, FaultError, GetRecordsInput,
    GetShardIteratorInput, ListStreamsInput, RollShardInput, SetFaultsInput, ShardIteratorType,
};
use streamtable::value::{AttributeValue, Item};
use streamtable::{Database, OpenOptions};

use crate::Scope;
use crate::claim::{Bound, Claim, interleaved, median, micros};
use crate::counting::bytes_kept;
use crate::engine::{items, put, time_puts};
use crate::sample::{TABLE, create, database};
use crate::scheduling::{foreground, remark};

const ROUNDS: usize = 7;
/// Records that are counted, or read from end to end.
const RECORDS: usize = 200_000;
/// Records that are trimmed at once.
const TRIMMED: usize = 1_000_000;
/// Records behind which puts are to cost what they cost behind none, and the items that they are of.
const BACKLOG: usize = 10_000_000;
const KEYS: usize = 10_000;
const PARTITIONS: u32 = 1_024;
const GENERATIONS: usize = 10;

/// What measures the claim of a name.
type Measure = fn(String) -> Claim;

const CLAIMS: [(&str, Measure); 6] = [
    ("streams.get_records_millions_a_second", records_a_second),
    ("streams.bytes_of_a_record_beyond_its_images", bytes_of_a_record),
    ("streams.put_with_10000000_records_against_none", put_behind_records),
    ("streams.put_with_10240_shards_against_1", put_among_shards),
    ("streams.put_with_idle_faults_against_without", idle_faults),
    ("streams.longest_put_beside_trim_in_ms", longest_beside_trim),
];

pub(crate) fn claims(scope: &Scope) -> Result<Vec<Claim>, String> {
    let asked = CLAIMS.iter().filter(|(name, _)| scope.has(name));
    Ok(asked.map(|(name, measure)| measure((*name).to_owned())).collect())
}

/// Small, so that a million fit and a page has its thousand records.
fn small(key: usize) -> Item {
    small_revision(key, key)
}

fn small_revision(key: usize, revision: usize) -> Item {
    let (id, revision) = (format!("customer-{key:08}"), AttributeValue::from(revision as i64));
    Item::new([("id", &AttributeValue::from(id.as_str())), ("revision", &revision)]).expect("a sound item")
}

fn filled(db: Database, items: usize) -> Database {
    (0..items).for_each(|n| put(&db, small(n)));
    db
}

fn with(options: OpenOptions, stream: bool) -> Database {
    let db = Database::memory(options.shard_rollover(Duration::ZERO)).expect("the options are sound");
    db.call_json("CreateTable", create(stream).to_string().as_bytes()).expect("a new table");
    db
}

fn stream_arn(db: &Database) -> Option<String> {
    let streams = db.call(ListStreamsInput::default()).expect("streams").streams.expect("a list");
    streams[0].stream_arn.clone()
}

/// Puts of few items, over a stream with records of all the revisions before, and over one without.
fn put_behind_records(name: String) -> Claim {
    let revision = |n: usize| (0..KEYS).map(|key| small_revision(key, n)).collect::<Vec<Item>>();
    let full = database();
    let mut next = 0;
    while next < BACKLOG / KEYS {
        revision(next).into_iter().for_each(|item| put(&full, item));
        next += 1;
    }
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            next += 1;
            time_puts(&full, revision(next))
        },
        || {
            let empty = with(OpenOptions::deterministic(), false);
            revision(0).into_iter().for_each(|item| put(&empty, item));
            let on = serde_json::json!({"TableName": TABLE,
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}});
            empty.call_json("UpdateTable", on.to_string().as_bytes()).expect("a stream");
            time_puts(&empty, revision(1))
        },
    );
    Claim {
        name,
        ratio,
        bound: Bound::AtMost,
        limit: 1.2,
        detail: format!("behind 10,000,000 {ours:.2} us, behind none {theirs:.2} us"),
    }
}

/// Pages of records from the oldest on, images shared and not looked at.
fn records_a_second(name: String) -> Claim {
    let db = filled(database(), RECORDS);
    let stream_arn = stream_arn(&db);
    let input = DescribeStreamInput { stream_arn: stream_arn.clone(), ..DescribeStreamInput::default() };
    let shards = db.call(input).expect("a stream").stream_description.and_then(|d| d.shards).expect("shards");
    let rate = || {
        let input = GetShardIteratorInput {
            stream_arn: stream_arn.clone(),
            shard_id: shards[0].shard_id.clone(),
            shard_iterator_type: Some(ShardIteratorType::TrimHorizon.into()),
            ..GetShardIteratorInput::default()
        };
        let mut shard_iterator = db.call(input).expect("an iterator").shard_iterator;
        let mut count = 0;
        let took = micros(|| {
            while count < RECORDS {
                let input = GetRecordsInput { shard_iterator: shard_iterator.take(), limit: None };
                let page = db.call(input).expect("records");
                count += black_box(page.records).expect("a list").len();
                shard_iterator = page.next_shard_iterator;
            }
        });
        count as f64 / took
    };
    let ratio = median((0..ROUNDS).map(|_| rate()).collect());
    let detail = format!("pages of 1,000 to the end of {RECORDS}");
    Claim { name, ratio, bound: Bound::AtLeast, limit: 5.0, detail }
}

/// What a table with a stream keeps more than one without, where all images are those of its rows.
fn bytes_of_a_record(name: String) -> Claim {
    let kept = |stream| {
        let mut db = None;
        let bytes = bytes_kept(|| db = Some(filled(with(OpenOptions::deterministic(), stream), RECORDS)));
        drop(black_box(db));
        bytes as f64
    };
    let ratio = (kept(true) - kept(false)) / RECORDS as f64;
    let detail = format!("bytes of each of {RECORDS} new items' records");
    Claim { name, ratio, bound: Bound::AtMost, limit: 200.0, detail }
}

fn put_among_shards(name: String) -> Claim {
    let partitions = |count| {
        let mut options = OpenOptions::deterministic();
        options.partitions = count;
        options
    };
    let (many, one) = (with(partitions(PARTITIONS), true), with(partitions(1), true));
    for _ in 1..GENERATIONS {
        let roll = RollShardInput { table_name: Some(TABLE.into()), ..RollShardInput::default() };
        many.call(roll).expect("open shards");
    }
    let (mut revision, mut one_revision) = (0, 0);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            revision += 1;
            time_puts(&many, items(revision))
        },
        || {
            one_revision += 1;
            time_puts(&one, items(one_revision))
        },
    );
    let detail = format!("many {ours:.2} us, one {theirs:.2} us; {PARTITIONS} of the shards are open");
    Claim { name, ratio, bound: Bound::AtMost, limit: 1.2, detail }
}

/// Faults that are set and are about no call that comes.
fn idle_faults(name: String) -> Claim {
    let (db, plain) = (database(), database());
    let error = FaultError { code: Some("ThrottlingException".into()), ..FaultError::default() };
    let fault = Fault {
        effect: Some(FaultEffect::Fail.into()),
        operations: Some(vec!["DescribeStream".into()]),
        error: Some(error),
        ..Fault::default()
    };
    db.call(SetFaultsInput { faults: Some(vec![fault]), seed: None }).expect("a sound script");
    let (mut revision, mut plain_revision) = (0, 0);
    let (ratio, ours, theirs) = interleaved(
        ROUNDS,
        || {
            revision += 1;
            time_puts(&db, items(revision))
        },
        || {
            plain_revision += 1;
            time_puts(&plain, items(plain_revision))
        },
    );
    let detail = format!("with {ours:.2} us, without {theirs:.2} us");
    Claim { name, ratio, bound: Bound::AtMost, limit: 1.05, detail }
}

/// The longest of the puts that are made while a day passes and all records are trimmed, by the clock on the wall.
fn longest_beside_trim(name: String) -> Claim {
    let db = filled(database(), TRIMMED);
    let is_over = AtomicBool::new(false);
    let (mut longest, mut count): (f64, usize) = (0.0, 0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let day = AdvanceClockInput { milliseconds: Some(24 * 3_600_000 + 1) };
            db.call(day).expect("a manual clock");
            is_over.store(true, Ordering::Release);
        });
        foreground();
        while !is_over.load(Ordering::Acquire) {
            let item = small(count);
            let start = Instant::now();
            put(&db, item);
            longest = longest.max(start.elapsed().as_secs_f64() * 1e3);
            count += 1;
        }
    });
    let detail = format!("of {count} puts while {TRIMMED} records went{}", remark());
    Claim { name, ratio: longest, bound: Bound::AtMost, limit: 1.0, detail }
}
