//! Worlds of data streams: several writers, splits, merges and longer lives, readers that go along, forks and snapshots between them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;
use streamtable::{Database, OpenOptions};

use super::lineage;
use super::model::{Act, DataStream};
use super::reader::Reader;
use crate::calls::{Result, call, now};
use crate::random::Random;
use crate::world::joined;

const HOUR: u64 = 3_600_000;
const NAME: &str = "events";

/// Plays one world from a seed with so many writers; with one, everything is repeatable. The answer is all that the stream has at its end.
///
/// # Errors
/// A law that was broken, or an operation that failed.
pub fn play(seed: u64, threads: usize) -> Result<String> {
    let mut random = Random::new(seed);
    let options = json!({"clock": "manual", "seed": seed});
    let options = OpenOptions::from_json(options.to_string().as_bytes()).map_err(|e| e.to_string())?;
    let mut db = Database::memory(options).map_err(|e| e.to_string())?;
    let mut stream = DataStream::create(&db, NAME, &mut random)?;
    let mut reader = Reader::new(&stream, &mut random);
    for _ in 0..3 + random.below(4) {
        phase(&db, &mut stream, &mut reader, threads, &mut random)?;
        stream.check(&db)?;
        reader.check(&db, &stream)?;
        match random.below(6) {
            0 => db = forked(&db, &stream, &mut random)?,
            1 => restored(&db, &stream, &mut random)?,
            _ => pass(&db, &mut random)?,
        }
        stream.check(&db)?;
        reader.check(&db, &stream)?;
    }
    Ok(format!("{:?}", lineage::read(&db, NAME)?))
}

/// Time passes: less than an iterator lives, some hours, or more than records do.
fn pass(db: &Database, random: &mut Random) -> Result<()> {
    let most = [60_000, 3 * HOUR, 40 * HOUR][random.below(3) as usize];
    call(db, "AdvanceClock", &json!({"Milliseconds": random.below(most)})).map(|_| ())
}

/// A fork goes on where the database was, and what is done to that one from then on is not in it.
fn forked(db: &Database, stream: &DataStream, random: &mut Random) -> Result<Database> {
    let fork = db.fork().map_err(|e| format!("no fork: {e}"))?;
    let mut other = stream.clone();
    act(db, &mut other, random)?;
    other.check(db)?;
    Ok(fork)
}

/// A snapshot brings back what was, whatever was done since.
fn restored(db: &Database, stream: &DataStream, random: &mut Random) -> Result<()> {
    let snapshot = db.snapshot().map_err(|e| format!("no snapshot: {e}"))?;
    let mut other = stream.clone();
    for _ in 0..1 + random.below(4) {
        act(db, &mut other, random)?;
    }
    pass(db, random)?;
    other.check(db)?;
    db.restore(&snapshot).map_err(|e| format!("not restored: {e}"))
}

/// One random thing.
fn act(db: &Database, stream: &mut DataStream, random: &mut Random) -> Result<()> {
    let (operation, input, act) =
        if random.chance(80) { stream.draw_put(0, random) } else { stream.draw_change(random) };
    call(db, operation, &input)?;
    stream.apply(&act, now(db)?);
    Ok(())
}

/// Writers put records, each of partition keys of its own, while a reader reads and the shards change. With one writer they take turns.
fn phase(
    db: &Database,
    stream: &mut DataStream,
    reader: &mut Reader,
    threads: usize,
    random: &mut Random,
) -> Result<()> {
    if threads == 1 {
        for _ in 0..10 + random.below(40) {
            act(db, stream, random)?;
            if random.chance(20) {
                reader.read(db)?;
            }
        }
        return Ok(());
    }
    let at = now(db)?;
    let jobs: Vec<Random> = (0..threads).map(|_| random.fork()).collect();
    let mut reshaping = random.fork();
    let done = AtomicBool::new(false);
    let begun = &*stream;
    let acts = thread::scope(|scope| {
        let done = &done;
        let reading = scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                reader.read(db)?;
            }
            Ok(())
        });
        let shaper = scope.spawn(move || {
            let mut shape = begun.clone();
            let mut acts = Vec::new();
            for _ in 0..4 {
                let (operation, input, act) = shape.draw_change(&mut reshaping);
                call(db, operation, &input)?;
                shape.apply(&act, at);
                acts.push(act);
            }
            Ok(acts)
        });
        let writers: Vec<_> = jobs
            .into_iter()
            .enumerate()
            .map(|(lane, random)| scope.spawn(move || put_some(db, begun, lane, random)))
            .chain([shaper])
            .collect();
        let acts: Vec<Result<Vec<Act>>> = writers.into_iter().map(|writer| joined(writer.join())).collect();
        done.store(true, Ordering::Relaxed);
        joined(reading.join())?;
        acts.into_iter().collect::<Result<Vec<Vec<Act>>>>()
    })?;
    acts.iter().flatten().for_each(|act| stream.apply(act, at));
    Ok(())
}

/// What one writer does.
fn put_some(db: &Database, stream: &DataStream, lane: usize, mut random: Random) -> Result<Vec<Act>> {
    let mut acts = Vec::new();
    for _ in 0..10 + random.below(20) {
        let (operation, input, act) = stream.draw_put(lane, &mut random);
        call(db, operation, &input)?;
        acts.push(act);
    }
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use super::play;

    #[test]
    fn worlds_of_data_streams_keep_the_laws() {
        for seed in 1..=12 {
            let threads = 1 + (seed % 3) as usize;
            let first = play(seed, threads).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
            if threads == 1 {
                assert_eq!(play(seed, 1).expect("the laws hold"), first, "seed {seed} gave another history");
            }
        }
    }
}
