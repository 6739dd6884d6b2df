//! The same work on dynoxide-rs 3.2.0, embedded, in memory and on disk, and on this store: puts of a 1 KB item of ten attributes into a table
//! with a stream of both images and without one, and gets of it; what else programs do with tables is in `table_api`. Both take typed
//! requests that are built before the clock starts; time is the thread's processor time in memory, and the whole process's on disk, where
//! threads in the background do a part.

mod table_api;

use std::fs;
use std::hint::black_box;
use std::path::PathBuf;

use dynoxide::actions::{
    create_table::CreateTableRequest, get_item::GetItemRequest, put_item::PutItemRequest,
};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use streamtable::api::{GetItemInput, PutItemInput};

const KEYS: usize = 200;
const PUTS: usize = 400;
const ROUNDS: usize = 5;

fn item(key: usize, revision: usize) -> Value {
    json!({
        "id": {"S": format!("customer-{key:08}")},
        "name": {"S": "Mr. Example Person of Somewhere"},
        "email": {"S": "example.person@example.com"},
        "age": {"N": "42"},
        "active": {"BOOL": true},
        "address": {"M": {"street": {"S": "1 Long Street With A Rather Long Name, Second Floor"}, "zip": {"S": "12345"}}},
        "tags": {"SS": ["alpha", "beta", "gamma"]},
        "scores": {"L": [{"N": "1"}, {"N": "2.5"}, {"N": "3"}, {"S": "four"}]},
        "note": {"S": "x".repeat(640)},
        "revision": {"N": revision.to_string()},
    })
}

fn create(stream: bool) -> Value {
    let mut create = json!({
        "TableName": "Bench",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    });
    if stream {
        create["StreamSpecification"] =
            json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    }
    create
}

fn requests<T: serde::de::DeserializeOwned>(make: impl Fn(usize) -> Value, count: usize) -> Vec<T> {
    (0..count).map(|n| serde_json::from_value(make(n)).expect("a sound request")).collect()
}

fn put_request(revision: usize) -> impl Fn(usize) -> Value {
    move |n| json!({"TableName": "Bench", "Item": item(n * 79 % KEYS, revision * PUTS + n)})
}

fn get_request(n: usize) -> Value {
    json!({"TableName": "Bench", "Key": {"id": {"S": format!("customer-{:08}", n * 79 % KEYS)}}})
}

/// Microseconds of processor time.
fn micros(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// Microseconds of this thread's processor time for one of `count` pieces of work.
fn each<T>(work: Vec<T>, act: impl FnMut(T)) -> f64 {
    let count = work.len() as f64;
    let start = micros(ClockId::ThreadCPUTime);
    work.into_iter().for_each(act);
    (micros(ClockId::ThreadCPUTime) - start) / count
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

struct Pair {
    peer: dynoxide::Database,
    ours: streamtable::Database,
}

impl Pair {
    fn open(stream: bool) -> Pair {
        let peer = dynoxide::Database::memory().expect("the peer opens");
        let request: CreateTableRequest = serde_json::from_value(create(stream)).expect("a sound request");
        peer.create_table(request).expect("the peer's table");
        let ours =
            streamtable::Database::memory(streamtable::OpenOptions::deterministic()).expect("ours opens");
        ours.call_json("CreateTable", create(stream).to_string().as_bytes()).expect("our table");
        Pair { peer, ours }
    }

    /// Microseconds of a put: the peer's and ours.
    fn puts(&self, revision: usize) -> (f64, f64) {
        let theirs = each(requests::<PutItemRequest>(put_request(revision), PUTS), |request| {
            black_box(self.peer.put_item(request).expect("a put"));
        });
        let ours = each(requests::<PutItemInput>(put_request(revision), PUTS), |request| {
            black_box(self.ours.call(request).expect("a put"));
        });
        (theirs, ours)
    }

    fn gets(&self) -> (f64, f64) {
        let theirs = each(requests::<GetItemRequest>(get_request, PUTS), |request| {
            black_box(self.peer.get_item(request).expect("a get"));
        });
        let ours = each(requests::<GetItemInput>(get_request, PUTS), |request| {
            black_box(self.ours.call(request).expect("a get"));
        });
        (theirs, ours)
    }
}

/// Puts on disk in one round: the peer's, few, because with a stream each costs it more than the one before; and ours, enough for a
/// checkpoint.
const DISK_PUTS: (usize, usize) = (PUTS, 30_000);
const DISK_ROUNDS: usize = 3;

/// The same on disk, buffered.
struct DiskPair {
    folder: PathBuf,
    peer: dynoxide::Database,
}

impl DiskPair {
    fn open(name: &str, stream: bool) -> DiskPair {
        let program = std::env::current_exe().expect("a program knows where it is");
        let target = program.ancestors().nth(2).expect("cargo has put it into a target folder");
        let folder = target.join("bench-durable").join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder in the target folder");
        let path = folder.join("peer.db").display().to_string();
        let peer = dynoxide::Database::new(&path).expect("the peer opens");
        let request: CreateTableRequest = serde_json::from_value(create(stream)).expect("a sound request");
        peer.create_table(request).expect("the peer's table");
        let pair = DiskPair { folder, peer };
        let ours = pair.ours();
        ours.call_json("CreateTable", create(stream).to_string().as_bytes()).expect("our table");
        pair
    }

    fn ours(&self) -> streamtable::Database {
        let options =
            streamtable::OpenOptions::from_json(br#"{"durability": "buffered"}"#).expect("sound options");
        streamtable::Database::open(self.folder.join("ours"), options).expect("ours opens")
    }

    /// Microseconds of a put: the peer's and ours, which has opened and closed its directory in them.
    fn puts(&self, revision: usize) -> (f64, f64) {
        let work = requests::<PutItemRequest>(put_request(revision), DISK_PUTS.0);
        let start = micros(ClockId::ProcessCPUTime);
        for request in work {
            black_box(self.peer.put_item(request).expect("a put"));
        }
        let theirs = (micros(ClockId::ProcessCPUTime) - start) / DISK_PUTS.0 as f64;
        let work = requests::<PutItemInput>(put_request(revision), DISK_PUTS.1);
        let start = micros(ClockId::ProcessCPUTime);
        let ours = self.ours();
        for request in work {
            black_box(ours.call(request).expect("a put"));
        }
        ours.close().expect("ours closes");
        (theirs, (micros(ClockId::ProcessCPUTime) - start) / DISK_PUTS.1 as f64)
    }

    /// Each round begins with new directories.
    fn claim(name: &str, stream: bool) -> Value {
        let round = |round: usize| DiskPair::open(&format!("{name}-{round}"), stream).puts(1 + round);
        let rounds: Vec<(f64, f64)> = (0..DISK_ROUNDS).map(round).collect();
        cheaper(&format!("peer.{name}"), 10.0, &rounds)
    }
}

impl Drop for DiskPair {
    fn drop(&mut self) {
        if let Err(e) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} stays: {e}", self.folder.display());
        }
    }
}

fn claim(name: &str, ratio: f64, bound: &str, limit: f64, detail: String) -> Value {
    json!({ "name": name, "ratio": ratio, "bound": bound, "limit": limit, "detail": detail })
}

/// How many times cheaper ours is, from pairs of (theirs, ours).
fn cheaper(name: &str, limit: f64, pairs: &[(f64, f64)]) -> Value {
    let ratio = median(pairs.iter().map(|(theirs, ours)| theirs / ours).collect());
    let side = |pick: fn(&(f64, f64)) -> f64| median(pairs.iter().map(pick).collect());
    let detail = format!("peer {:.1} us, ours {:.2} us", side(|p| p.0), side(|p| p.1));
    claim(name, ratio, "at_least", limit, detail)
}

fn main() {
    let plain = Pair::open(false);
    let puts: Vec<(f64, f64)> = (0..ROUNDS).map(|round| plain.puts(round)).collect();
    let gets: Vec<(f64, f64)> = (0..ROUNDS).map(|_| plain.gets()).collect();
    let streaming = Pair::open(true);
    let rounds: Vec<(f64, f64)> = (0..3 * ROUNDS).map(|round| streaming.puts(round)).collect();
    let (first, last) = (&rounds[..ROUNDS], &rounds[2 * ROUNDS..]);
    let growth = |pick: fn(&(f64, f64)) -> f64| {
        median(last.iter().map(pick).collect()) / median(first.iter().map(pick).collect())
    };
    let mut claims = vec![
        cheaper("peer.put_without_stream", 20.0, &puts),
        cheaper("peer.get", 5.0, &gets),
        cheaper("peer.put_with_stream", 20.0, first),
        claim(
            "peer.our_put_after_6000_records_against_first",
            growth(|p| p.1),
            "at_most",
            1.2,
            format!("the peer's grew {:.1} times in the same run", growth(|p| p.0)),
        ),
        DiskPair::claim("disk_put_without_stream", false),
        DiskPair::claim("disk_put_with_stream", true),
    ];
    let (more, work) = table_api::claims();
    claims.extend(more);
    if let Some(path) = std::env::args().nth(1) {
        fs::write(path, work.to_string()).expect("the work is kept for others");
    }
    println!("{}", Value::from(claims));
}
