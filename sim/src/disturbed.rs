//! Worlds whose calls are disturbed: throttled, late, answered and lost, with iterators that expire, pages that are empty, short or come
//! twice, records that are trimmed ahead of the reader, and children that are listed late. Writers know what they wrote all the same, and readers over the public operations alone see each change once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};
use streamtable::reader::Trimmed;
use streamtable::{Database, ErrorCode, OpenOptions, ReadOptions, Reader};

use crate::calls::{Result, call, now};
use crate::laws;
use crate::model::{Model, Table, View};
use crate::random::Random;
use crate::workload::{Sizes, draw_key, draw_write};
use crate::world::{create, joined, reshape, split};

/// How long children are hidden and records held back, milliseconds.
const LATE: u64 = 5_000;
/// How often a reader tries again in a row before it is taken to be stuck.
const ATTEMPTS: usize = 1_000;
/// Records that a reader takes at once.
const PAGE: usize = 20;

/// Plays one world from a seed with so many writers; with one, everything is repeatable. The answer is all that its stream said, and what was
/// done to which call.
///
/// # Errors
/// A law that was broken, or an operation that failed as no fault made it.
pub fn play(seed: u64, threads: usize) -> Result<String> {
    let mut random = Random::new(seed);
    let options = json!({
        "clock": "manual",
        "seed": seed,
        "partitions": 1 + random.below(3),
        "shard_rollover_jitter": if random.chance(50) { 1_800_000 } else { 0 },
        "split_bytes": if random.chance(50) { 300 + random.below(2_000) } else { 0 },
    });
    let options = OpenOptions::from_json(options.to_string().as_bytes()).map_err(|e| e.to_string())?;
    let db = Database::memory(options).map_err(|e| e.to_string())?;
    let mut table = create(&db, "table-0", random.chance(50), Some(View::NewAndOldImages))?;
    let arn = table.stream.clone().ok_or("a table with a stream")?;
    let is_repeating = random.chance(40);
    let is_trimming = random.chance(25);
    call(&db, "SetFaults", &script(seed, threads, is_repeating, is_trimming, &mut random))?;
    let mut seen = Seen::default();
    let trimmed = if is_trimming { Trimmed::Skip } else { Trimmed::Fail };
    let mut reader = persistently(|| Reader::open(&db, &arn, ReadOptions::default().trimmed(trimmed)))?;
    for _ in 0..2 + random.below(3) {
        phase(&db, &mut table, &mut reader, &mut seen, threads, &mut random)?;
        let time = random.below(3 * 3_600_000);
        call(&db, "AdvanceClock", &json!({"Milliseconds": time}))?;
    }
    call(&db, "SetFaults", &json!({"Faults": []}))?;
    call(&db, "AdvanceClock", &json!({"Milliseconds": LATE + 1}))?;
    // What was hidden shows in a later round of the reader.
    for _ in 0..2 {
        while seen.read(&db, &mut reader)? {}
    }
    if !is_repeating && seen.repeated > 0 {
        return Err(format!("{} records came twice, and no fault repeats any", seen.repeated));
    }
    let now = now(&db)?;
    laws::check_table(&db, &table)?;
    let mut transcript = String::new();
    if is_trimming {
        seen.check_among_trims(&table.model, &laws::records(&db, &arn)?)
            .map_err(|why| format!("a reader among trims: {why}"))?;
        seen.records.iter().for_each(|record| transcript.push_str(&format!("{record}\n")));
    } else {
        laws::check_histories(&seen.histories(), table.view, &table.model, now)
            .map_err(|why| format!("a reader among faults: {why}"))?;
        laws::check_stream(&db, &arn, table.view, &table.model, now, &mut transcript)?;
    }
    let trace = call(&db, "DescribeFaults", &json!({}))?;
    Ok(transcript + &trace["Trace"].to_string())
}

/// Faults that nobody may suffer from in the end.
fn script(seed: u64, threads: usize, is_repeating: bool, is_trimming: bool, random: &mut Random) -> Value {
    let writes = ["PutItem", "UpdateItem", "DeleteItem"];
    let mut faults = vec![
        json!({"Effect": "FAIL", "Operations": writes, "Error": {"Code": "ThrottlingException"}}),
        json!({"Effect": "FAIL", "Operations": writes, "Moment": "AFTER", "Error": {"Code": "InternalServerError"}}),
        json!({"Effect": "FAIL", "Operations": ["GetRecords"], "Moment": "AFTER", "Error": {"Code": "InternalServerError"}}),
        json!({"Effect": "FAIL", "Operations": ["DescribeStream", "GetShardIterator"], "Error": {"Code": "ThrottlingException"}}),
        json!({"Effect": "EXPIRE_ITERATOR"}),
        json!({"Effect": "EMPTY_PAGE"}),
        json!({"Effect": "HOLD_BACK_RECORDS", "Milliseconds": LATE}),
    ];
    if threads == 1 {
        // The clock moves on with the call. What several threads write has the moment at which they began.
        let late = 1 + random.below(2_000);
        faults
            .push(json!({"Effect": "DELAY", "Operations": ["GetRecords", "PutItem"], "Milliseconds": late}));
    }
    faults.retain(|_| random.chance(70));
    if is_trimming {
        faults.push(json!({"Effect": "TRIM_AHEAD", "Records": 1 + random.below(5)}));
    }
    if is_repeating {
        faults.push(json!({"Effect": "REPEAT_RECORDS", "Records": 1 + random.below(5)}));
    }
    for fault in &mut faults {
        fault["Probability"] = (0.05 + random.below(25) as f64 / 100.0).into();
    }
    // A list of shards lags always until they have an age, or shows them now and leaves them out again.
    match random.below(3) {
        0 => {}
        1 => faults.push(json!({"Effect": "HIDE_CHILDREN", "Milliseconds": LATE})),
        _ => faults.push(json!({"Effect": "HIDE_CHILDREN", "Milliseconds": LATE, "Probability": 0.5})),
    }
    json!({"Seed": seed, "Faults": faults})
}

/// What a reader has seen.
#[derive(Default)]
struct Seen {
    records: Vec<Value>,
    identities: BTreeMap<String, usize>,
    /// Records that came once more.
    repeated: usize,
}

impl Seen {
    /// Reads a page; false when there is none now.
    fn read(&mut self, db: &Database, reader: &mut Reader) -> Result<bool> {
        let Some(page) = persistently(|| reader.next_page(db, PAGE))? else { return Ok(false) };
        for record in page.records {
            let record = serde_json::to_value(record).map_err(|e| format!("a record is no JSON: {e}"))?;
            let known = self.identities.entry(record["eventID"].to_string()).or_insert(self.records.len());
            if *known == self.records.len() {
                self.records.push(record);
            } else if self.records[*known] == record {
                self.repeated += 1;
            } else {
                return Err(format!("{record} came once more as another: {}", self.records[*known]));
            }
        }
        Ok(true)
    }

    /// Where records were trimmed ahead of the reader, it has seen changes that were made, each once, per key in order, and all that are left.
    fn check_among_trims(&self, model: &Model, left: &[Value]) -> Result<()> {
        let unseen = left.iter().find(|record| !self.identities.contains_key(&record["eventID"].to_string()));
        if let Some(record) = unseen {
            return Err(format!("{record} is there, and was not seen"));
        }
        let mut histories = self.histories();
        for (key, changes) in &model.changes {
            let mut changes = changes.iter();
            for record in histories.remove(&laws::key_text(&key.json())).into_iter().flatten() {
                let shown = |name: &str| record["dynamodb"].get(name);
                let images = (shown("OldImage"), shown("NewImage"));
                if !changes.any(|change| images == (change.before.as_ref(), change.after.as_ref())) {
                    return Err(format!("{record} is no change that comes after those before it"));
                }
            }
        }
        match histories.into_keys().next() {
            Some(key) => Err(format!("{key} was never written")),
            None => Ok(()),
        }
    }

    fn histories(&self) -> BTreeMap<String, Vec<&Value>> {
        let mut histories: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for record in &self.records {
            histories.entry(laws::key_text(&record["dynamodb"]["Keys"])).or_default().push(record);
        }
        histories
    }
}

/// Tries until it succeeds, or fails as no fault makes it fail.
fn persistently<T>(mut attempt: impl FnMut() -> streamtable::Result<T>) -> Result<T> {
    for _ in 0..ATTEMPTS {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(error) => match error.code() {
                ErrorCode::Throttling | ErrorCode::InternalServer | ErrorCode::ExpiredIterator => {}
                // Trimmed at each of its attempts: where nothing is trimmed on purpose, this never ends.
                ErrorCode::TrimmedDataAccess => {}
                _ => return Err(format!("a reader fails: {error}")),
            },
        }
    }
    Err(format!("a reader has failed {ATTEMPTS} times in a row"))
}

/// Writers write, each to its own keys, while a reader reads and shards are split and rolled. With one writer they take turns.
fn phase(
    db: &Database,
    table: &mut Table,
    reader: &mut Reader,
    seen: &mut Seen,
    threads: usize,
    random: &mut Random,
) -> Result<()> {
    let at = now(db)?;
    let (name, has_sort_key) = (table.name.as_str(), table.has_sort_key);
    if threads == 1 {
        for _ in 0..20 + random.below(30) {
            let at = now(db)?;
            write(db, name, 0, has_sort_key, &mut table.model, at, random)?;
            match random.below(8) {
                0 => reshape(db, name, random)?,
                1 | 2 => drop(seen.read(db, reader)?),
                _ => {}
            }
        }
        return Ok(());
    }
    let shares = split(std::mem::take(&mut table.model), threads);
    let jobs: Vec<(Model, Random)> = shares.into_iter().map(|share| (share, random.fork())).collect();
    let mut reshaping = random.fork();
    let done = AtomicBool::new(false);
    let models = thread::scope(|scope| {
        let done = &done;
        let reading = scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                seen.read(db, reader)?;
            }
            Ok(())
        });
        let reshaper = scope.spawn(move || (0..4).try_for_each(|_| reshape(db, name, &mut reshaping)));
        let writers: Vec<_> = jobs
            .into_iter()
            .enumerate()
            .map(|(writer, (mut model, mut random))| {
                scope.spawn(move || {
                    for _ in 0..30 + random.below(30) {
                        write(db, name, writer, has_sort_key, &mut model, at, &mut random)?;
                    }
                    Ok::<Model, String>(model)
                })
            })
            .collect();
        let models: Vec<Result<Model>> = writers.into_iter().map(|writer| joined(writer.join())).collect();
        done.store(true, Ordering::Relaxed);
        joined(reshaper.join())?;
        joined(reading.join())?;
        models.into_iter().collect::<Result<Vec<Model>>>()
    })?;
    models.into_iter().for_each(|model| table.model.absorb(model));
    Ok(())
}

/// One random write. A throttled one did nothing; one whose answer was lost did what it would have done.
fn write(
    db: &Database,
    table: &str,
    writer: usize,
    has_sort_key: bool,
    model: &mut Model,
    at: u64,
    random: &mut Random,
) -> Result<()> {
    let key = draw_key(writer, has_sort_key, random);
    let write = draw_write(table, &key, model.items.get(&key), Sizes::Tiny, random);
    let outcome = db.call_json(write.operation, write.input.to_string().as_bytes());
    let said = outcome.as_ref().map_or_else(|error| error.code().name(), |_| "ok");
    let lost = BTreeSet::from([write.outcome(), ErrorCode::InternalServer.name()]);
    if lost.contains(said) {
        model.set(&key, write.after, at, true);
        Ok(())
    } else if said == ErrorCode::Throttling.name() {
        Ok(())
    } else {
        Err(format!("{} {}: {outcome:?}, not {}", write.operation, write.input, write.outcome()))
    }
}

#[cfg(test)]
mod tests {
    use super::play;

    #[test]
    fn worlds_among_faults_keep_the_laws() {
        let mut told = String::new();
        for seed in 1..=12 {
            let threads = 1 + (seed % 3) as usize;
            let first = play(seed, threads).expect("the laws hold");
            if threads == 1 {
                assert_eq!(play(seed, 1).expect("the laws hold"), first, "seed {seed} gave another history");
            }
            told += &first;
        }
        for effect in [
            "FAIL",
            "DELAY",
            "EXPIRE_ITERATOR",
            "EMPTY_PAGE",
            "HIDE_CHILDREN",
            "HOLD_BACK_RECORDS",
            "REPEAT_RECORDS",
            "TRIM_AHEAD",
        ] {
            assert!(told.contains(&format!("\"Effect\":\"{effect}\"")), "no {effect} happened in any world");
        }
    }
}
