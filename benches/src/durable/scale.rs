//! A million items and more: opening, recovering, and whether a put costs what it cost when there were few.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::{Folder, close, filled, open, process_micros, put, scattered};
use crate::Scope;
use crate::claim::{Bound, Claim, median, micros};
use crate::sample::item;
use crate::scheduling::{foreground, remark};

const FEW: usize = 10_000;
const MANY: usize = 1_000_000;
const VERY_MANY: usize = 3_000_000;
/// Durability, and puts in one measurement of their cost: some checkpoints long.
const LEVELS: [(&str, usize); 2] = [("sync", 40_000), ("buffered", 100_000)];
const ROUNDS: usize = 3;
/// How often the database is opened after a clean close, and after a kill.
const OPENINGS: usize = 5;
/// Puts before a kill. What recovery has to do depends on how long ago the last checkpoint was, so each kill comes at another place.
const BEFORE_KILL: [usize; OPENINGS] = [9_000, 14_000, 19_000, 24_000, 29_000];

pub(super) fn claims(scope: &Scope) -> Result<Vec<Claim>, String> {
    let (few, many) = (Folder::new("few")?, Folder::new("many")?);
    close(&filled(&few.data(), "buffered", true, FEW));
    close(&filled(&many.data(), "buffered", true, MANY));
    let mut claims = vec![open_after_close(&many)?, open_after_kill(&many)?];
    for level in LEVELS {
        claims.push(put_cost(level, (&many, MANY), &few));
    }
    drop(many);
    if scope.large {
        let very_many = Folder::new("very-many")?;
        close(&filled(&very_many.data(), "buffered", true, VERY_MANY));
        for level in LEVELS {
            claims.push(put_cost(level, (&very_many, VERY_MANY), &few));
        }
    }
    Ok(claims)
}

/// Milliseconds of an opening, from the call to the first answer.
fn time_opening(data: &Path) -> f64 {
    std::thread::scope(|scope| {
        let opening = scope.spawn(|| {
            foreground();
            let start = Instant::now();
            let db = open(data, "buffered");
            db.call_json("ListTables", b"{}").expect("an answer");
            let milliseconds = start.elapsed().as_secs_f64() * 1e3;
            close(&db);
            milliseconds
        });
        opening.join().expect("the database opens")
    })
}

fn open_after_close(folder: &Folder) -> Result<Claim, String> {
    let times: Vec<f64> = (0..OPENINGS).map(|_| time_opening(&folder.data())).collect();
    Ok(Claim {
        name: "durable.open_ms_after_close_at_1000000_items".into(),
        ratio: median(times.clone()),
        bound: Bound::AtMost,
        limit: 300.0,
        detail: format!("median of {}{}", shown(&times), remark()),
    })
}

/// Each time a process opens the database, writes, and dies by SIGKILL; then it is opened here.
fn open_after_kill(folder: &Folder) -> Result<Claim, String> {
    let mut times = Vec::new();
    for puts in BEFORE_KILL {
        let program = std::env::current_exe().map_err(|e| format!("where is this program? {e}"))?;
        let status = Command::new(program)
            .arg("--write-and-die")
            .arg(folder.data())
            .arg("--puts")
            .arg(puts.to_string())
            .status()
            .map_err(|e| format!("the writer cannot be started: {e}"))?;
        if std::os::unix::process::ExitStatusExt::signal(&status) != Some(libc::SIGKILL) {
            return Err(format!("the writer was to be killed and ended with {status}"));
        }
        times.push(time_opening(&folder.data()));
    }
    Ok(Claim {
        name: "durable.open_ms_after_kill_at_1000000_items".into(),
        ratio: times.iter().copied().fold(0.0, f64::max),
        bound: Bound::AtMost,
        limit: 1000.0,
        detail: format!("the longest of {}, after {BEFORE_KILL:?} puts{}", shown(&times), remark()),
    })
}

fn shown(times: &[f64]) -> String {
    times.iter().map(|time| format!("{time:.0}")).collect::<Vec<_>>().join(", ")
}

/// What the killed process does: opens, writes, and is gone.
pub(crate) fn write_and_die(data: &Path, puts: usize) -> ! {
    // What is only buffered survives the end of its process.
    let db = open(data, "buffered");
    for n in 0..puts {
        put(&db, item(scattered(n, MANY), puts + n));
    }
    // SAFETY: a signal to this process itself touches no memory of it.
    unsafe { libc::raise(libc::SIGKILL) };
    unreachable!("SIGKILL cannot be caught")
}

/// Processor time of a put with many items against one with few, all threads, openings and checkpoints included.
fn put_cost((level, puts): (&str, usize), (many, keys): (&Folder, usize), few: &Folder) -> Claim {
    let (mut revision, mut callers) = (0, Vec::new());
    let mut cost = |folder: &Folder, keys: usize| {
        revision += 1;
        // Every put changes something, also where a key comes again and again.
        let item = |n: usize| item(scattered(n * 31 + revision, keys), revision * puts + n);
        let items: Vec<_> = (0..puts).map(item).collect();
        let start = process_micros();
        let db = open(&folder.data(), level);
        callers.push(micros(|| items.into_iter().for_each(|item| put(&db, item))) / puts as f64);
        close(&db);
        (process_micros() - start) / puts as f64
    };
    let pairs: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (cost(many, keys), cost(few, FEW))).collect();
    let middle = |pick: fn(&(f64, f64)) -> f64| median(pairs.iter().map(pick).collect());
    // Measured in turns, many items first.
    let caller = |first: usize| median(callers.iter().copied().skip(first).step_by(2).collect());
    Claim {
        name: format!("durable.put_at_{keys}_items_against_10000_{level}"),
        ratio: middle(|p| p.0 / p.1),
        bound: Bound::AtMost,
        limit: 1.5,
        detail: format!(
            "{:.1} us with {keys} items, {:.1} us with {FEW}: {level}, all threads, checkpoints and close included; the caller's own {:.1} us and {:.1} us",
            middle(|p| p.0),
            middle(|p| p.1),
            caller(0),
            caller(1)
        ),
    }
}
