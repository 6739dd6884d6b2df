//! Writes whose answer waits for the disk, against the disk itself. Rates on the wall: here the disk is what is measured.

use std::time::Instant;

use super::floor::{Append, Group};
use super::{Folder, bytes_written, close, filled, put, scattered};
use crate::claim::{Bound, Claim, median};
use crate::sample::item;
use crate::scheduling::{foreground, remark};

const KEYS: usize = 10_000;
const ROUNDS: usize = 7;
/// Threads, and what each does in a round.
const CASES: [(usize, usize); 3] = [(1, 1_500), (16, 300), (64, 120)];
/// Goal of each case. What stands above the disk may take three tenths of it.
const SHARE: f64 = 0.7;
/// Space for the floor's file; the same bytes are written over again when it is used up.
const RESERVED: u64 = 64 << 20;

pub(super) fn claims() -> Result<Vec<Claim>, String> {
    let folder = Folder::new("rates")?;
    let db = filled(&folder.data(), "sync", true, 0);
    let mut revision = 0;
    let mut ours = |threads: usize, each: usize| {
        revision += 1;
        let (db, revision) = (&db, revision);
        rate(threads, each, |thread, n| put(db, item(scattered(thread * each + n, KEYS), revision)))
    };
    // Every key once, so that what follows is updates with both images, as in the life of a table.
    ours(16, KEYS / 16);
    let before = bytes_written()?;
    ours(1, CASES[0].1);
    // Nothing but the log is written meanwhile: a checkpoint comes only with more of it.
    let bytes = ((bytes_written()? - before) / CASES[0].1 as f64) as usize;
    let mut claims = Vec::new();
    for (threads, each) in CASES {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let growing = bare(&folder, threads, each, bytes, 0)?;
            let reserved = bare(&folder, threads, each, bytes, RESERVED)?;
            rounds.push((ours(threads, each), growing, reserved));
        }
        let middle = |pick: fn(&(f64, f64, f64)) -> f64| median(rounds.iter().map(pick).collect());
        claims.push(Claim {
            name: format!("durable.sync_{threads}_against_bare_append"),
            ratio: middle(|r| r.0 / r.1),
            bound: Bound::AtLeast,
            limit: SHARE,
            detail: format!(
                "{:.0} puts/s, bare {:.0}/s of {bytes} B each; {:.2} of the bare rate of a preallocated file, {:.0}/s{}",
                middle(|r| r.0),
                middle(|r| r.1),
                middle(|r| r.0 / r.2),
                middle(|r| r.2),
                remark()
            ),
        });
    }
    close(&db);
    Ok(claims)
}

/// The disk's own rate with that many threads.
fn bare(folder: &Folder, threads: usize, each: usize, bytes: usize, reserved: u64) -> Result<f64, String> {
    let path = folder.0.join("bare");
    let file = Append::create(&path, reserved).map_err(|e| format!("{}: {e}", path.display()))?;
    let commit = vec![0x5a; bytes];
    let group = Group::new(file);
    Ok(rate(threads, each, |_, _| group.commit(&commit)))
}

/// Pieces of work in a second, when `threads` threads do `each` of them.
fn rate(threads: usize, each: usize, work: impl Fn(usize, usize) + Sync) -> f64 {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let work = &work;
            scope.spawn(move || {
                foreground();
                (0..each).for_each(|n| work(thread, n));
            });
        }
    });
    (threads * each) as f64 / start.elapsed().as_secs_f64()
}
