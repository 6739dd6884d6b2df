//! The claims of a database in a directory. The directories lie under cargo's target folder: on a real disk.

mod costs;
mod floor;
mod rates;
mod scale;

use std::fs;
use std::path::{Path, PathBuf};

use rustix::time::{ClockId, clock_gettime};
use serde_json::json;
use streamtable::api::PutItemInput;
use streamtable::value::Item;
use streamtable::{Database, OpenOptions};

pub(crate) use scale::write_and_die;

use crate::Scope;
use crate::claim::Claim;
use crate::sample::{TABLE, create, item};

/// What is measured in one go: how its claims' names go on after `durable.`, and what measures it.
type Part = (&'static [&'static str], fn(&Scope) -> Result<Vec<Claim>, String>);

const PARTS: [Part; 5] = [
    (&["sync_"], |_| rates::claims()),
    (&["cached_get"], |_| Ok(vec![costs::cached_get()?])),
    (&["bytes_written"], |_| Ok(vec![costs::written_for_an_item()?])),
    (&["longest_put"], |_| Ok(vec![costs::longest_put()?])),
    (&["open_ms", "put_at"], scale::claims),
];

/// Measures all, or the parts whose claims are asked for.
///
/// # Errors
/// A directory cannot be made or removed, or a process cannot be started.
pub(crate) fn claims(scope: &Scope) -> Result<Vec<Claim>, String> {
    let asked = scope.only.strip_prefix("durable").unwrap_or("").trim_start_matches('.');
    let mut claims = Vec::new();
    for (names, measure) in PARTS {
        if names.iter().any(|name| name.starts_with(asked) || asked.starts_with(name)) {
            claims.extend(measure(scope)?);
        }
    }
    Ok(claims)
}

/// A folder of its own, removed when it goes.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Folder, String> {
        let program = std::env::current_exe().map_err(|e| format!("where is this program? {e}"))?;
        let target = program.ancestors().nth(2).ok_or("this program lies in no target folder")?;
        let path = target.join("bench-durable").join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Folder(path))
    }

    fn data(&self) -> PathBuf {
        self.0.join("data")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(e) = fs::remove_dir_all(&self.0) {
            eprintln!("{} stays: {e}", self.0.display());
        }
    }
}

/// Opens a database on the system clock, as a service would.
fn open(data: &Path, durability: &str) -> Database {
    let options = json!({"durability": durability, "shard_rollover": 0});
    let options = OpenOptions::from_json(options.to_string().as_bytes()).expect("the options are sound");
    Database::open(data, options).expect("the directory opens")
}

/// A new database with the table, its stream with both images if it is to have one, and `items` items.
fn filled(data: &Path, durability: &str, stream: bool, items: usize) -> Database {
    let db = open(data, durability);
    db.call_json("CreateTable", create(stream).to_string().as_bytes()).expect("a new table");
    (0..items).for_each(|n| put(&db, item(n, 0)));
    db
}

fn put(db: &Database, item: Item) {
    let input =
        PutItemInput { table_name: Some(TABLE.into()), item: Some(item.into()), ..PutItemInput::default() };
    std::hint::black_box(db.call(input).expect("a put"));
}

fn close(db: &Database) {
    db.close().expect("the directory closes");
}

/// Keys in an order that jumps about: every number below `keys` once in `keys` draws.
fn scattered(n: usize, keys: usize) -> usize {
    // A prime that divides none of the sizes used.
    n.wrapping_mul(7_919) % keys
}

/// Processor time of the whole process so far, the threads in the background among them, in microseconds.
fn process_micros() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// Bytes that this process has given to write() so far.
fn bytes_written() -> Result<f64, String> {
    let text = fs::read_to_string("/proc/self/io").map_err(|e| format!("/proc/self/io: {e}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("wchar: "));
    line.and_then(|n| n.parse().ok()).ok_or_else(|| format!("no wchar in {text}"))
}
