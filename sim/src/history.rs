//! What a directory must hold, and holding it against what it does hold.

use std::collections::BTreeMap;

use crate::calls::{self, Result, call};
use crate::kinesis::{DataStream, Delivering};
use crate::laws::RETENTION;
use crate::model::{Contents, Key, Table, View};
use crate::random::Random;
use crate::world;
use serde_json::{Value, json};
use streamtable::{Database, OpenOptions};

use crate::plan::{EVENTS, Effect, Lane, Plan, Scene, Step};
use crate::scratch::Scratch;

/// Everything that is in one directory, as far as it is known for certain.
#[derive(Clone, Debug)]
pub struct History {
    pub tables: Vec<Table>,
    pub scratches: Vec<Scratch>,
    /// A data stream that writers put records into.
    events: DataStream,
    /// A data stream that one of the tables delivers to.
    delivering: Delivering,
    /// How many lanes write items.
    pub writers: usize,
    /// Whether there are files: some operations are about those only.
    pub has_files: bool,
    /// The database's time, epoch milliseconds.
    now: u64,
    /// Every record that a check has read, by its identity: it must stay as it was until it is too old.
    records: BTreeMap<String, Value>,
}

impl History {
    /// Makes the tables of a new database: one for each view and one without a stream.
    ///
    /// # Errors
    /// An operation failed.
    pub fn create(db: &Database, random: &mut Random) -> Result<History> {
        let views = View::ALL.into_iter().map(Some).chain([None]);
        let tables = views
            .enumerate()
            .map(|(n, view)| world::create(db, &format!("table-{n}"), random.chance(50), view))
            .collect::<Result<Vec<Table>>>()?;
        Ok(History {
            events: DataStream::create(db, "events", random)?,
            delivering: Delivering::draw(db, &tables, random)?,
            tables,
            scratches: (0..3).map(|n| Scratch::new(format!("scratch-{n}"))).collect(),
            writers: 2 + random.below(5) as usize,
            has_files: db.call_json("Compact", b"{}").is_ok(),
            now: calls::now(db)?,
            records: BTreeMap::new(),
        })
    }

    /// What a plan for it is drawn from.
    pub fn scene(&self) -> Scene<'_> {
        let History { tables, scratches, events, delivering, writers, has_files, .. } = self;
        let data_streams = [events, delivering.stream()];
        Scene { tables, scratches, data_streams, writers: *writers, has_files: *has_files }
    }

    /// Takes over what a writer has done: all that it answered, and of each lane the step in flight if the database has it.
    ///
    /// # Errors
    /// An item is neither as before the step in flight nor as after it, or a writer answered what it must not.
    pub fn settle(&mut self, db: &Database, plan: &Plan, lanes: &[Lane]) -> Result<()> {
        let now = calls::now(db)?;
        if now != self.now {
            return Err(format!("the clock stood at {} and stands at {now}", self.now));
        }
        for (steps, lane) in plan.lanes.iter().zip(lanes) {
            for (step, outcome) in steps.iter().zip(&lane.answers) {
                if step.outcome != outcome {
                    return Err(format!("{} {}: {outcome}", step.operation, step.input));
                }
                self.apply(step);
            }
            let in_flight = steps.get(lane.answers.len()).filter(|_| lane.begun > lane.answers.len());
            if let Some(step) = in_flight
                && self.has_happened(db, step)?
            {
                self.apply(step);
            }
        }
        Ok(())
    }

    /// Takes over what a step does.
    pub fn apply(&mut self, step: &Step) {
        match &step.effect {
            Effect::Item { table, key, after } => {
                let Table { model, stream, .. } = &mut self.tables[*table];
                model.set(key, after.clone(), self.now, stream.is_some());
            }
            Effect::Scratch { which, act } => self.scratches[*which].apply(act, self.now),
            Effect::DataStream { which: EVENTS, act } => self.events.apply(act, self.now),
            Effect::DataStream { act, .. } => self.delivering.stream_mut().apply(act, self.now),
            Effect::Shape => {}
        }
    }

    /// Whether a step that changes something is without trace, because it makes of things what they are.
    pub fn changes_nothing(&self, step: &Step) -> bool {
        match &step.effect {
            Effect::Item { table, key, after } => self.tables[*table].model.items.get(key) == after.as_ref(),
            Effect::Scratch { act, .. } => act.is_silent(),
            Effect::DataStream { which, act } => self.data_stream(*which).is_silent(act),
            Effect::Shape => true,
        }
    }

    /// Whether a step has happened, of which it is not known: the database is as after it, not as before.
    ///
    /// # Errors
    /// It is neither.
    pub fn has_happened(&self, db: &Database, step: &Step) -> Result<bool> {
        match &step.effect {
            Effect::Item { table, key, after } => {
                let Table { name, model, .. } = &self.tables[*table];
                let found = get(db, name, key)?;
                let image = |contents: Option<&Contents>| contents.map(|contents| contents.image(key));
                match (found == image(after.as_ref()), found == image(model.items.get(key))) {
                    (true, _) => Ok(true),
                    (false, true) => Ok(false),
                    (false, false) => Err(format!(
                        "{name} {}: {found:?} is neither what it was nor what {} {} makes of it",
                        key.json(),
                        step.operation,
                        step.input
                    )),
                }
            }
            Effect::Scratch { which, act } => {
                let before = &self.scratches[*which];
                let mut after = before.clone();
                after.apply(act, self.now);
                let check = |scratch: &Scratch| scratch.check(db, self.now, &mut String::new());
                let Err(not_after) = check(&after) else { return Ok(true) };
                match check(before) {
                    Ok(()) => Ok(false),
                    Err(not_before) => {
                        Err(format!("neither before {act:?} ({not_before}) nor after it ({not_after})"))
                    }
                }
            }
            Effect::DataStream { which, act } => self.data_stream(*which).has_happened(db, act),
            Effect::Shape => Ok(false),
        }
    }

    fn data_stream(&self, which: usize) -> &DataStream {
        if which == EVENTS { &self.events } else { self.delivering.stream() }
    }

    /// Holds everything that can be read against everything that is known.
    ///
    /// # Errors
    /// The first difference.
    pub fn check(&mut self, db: &Database) -> Result<()> {
        self.events.check(db)?;
        let mut transcript = String::new();
        world::check(db, &mut self.tables, &mut transcript)?;
        for scratch in &self.scratches {
            scratch.check(db, self.now, &mut transcript)?;
        }
        for table in &self.tables {
            check_counts(db, table)?;
            check_gets(db, table)?;
            check_queries(db, table)?;
        }
        self.delivering.check(db, &self.tables)?;
        self.check_records(&transcript)
    }

    /// What was once read as a record stays that, and has gone only when it is too old.
    fn check_records(&mut self, transcript: &str) -> Result<()> {
        let mut found = BTreeMap::new();
        for line in transcript.lines() {
            let record: Value = serde_json::from_str(line).map_err(|e| format!("{line}: {e}"))?;
            found.insert(record["eventID"].to_string(), record);
        }
        for (identity, record) in &self.records {
            let seconds = record["dynamodb"]["ApproximateCreationDateTime"].as_f64().unwrap_or(0.0);
            let is_young = self.now < seconds as u64 * 1000 + RETENTION;
            if is_young && found.get(identity) != Some(record) {
                return Err(format!("{record} was read before, and now {:?}", found.get(identity)));
            }
        }
        self.records = found;
        Ok(())
    }

    /// Time passes, streams end and begin.
    ///
    /// # Errors
    /// An operation failed.
    pub fn go_on(&mut self, db: &Database, random: &mut Random) -> Result<()> {
        world::between(db, &mut self.tables, random)?;
        self.now = calls::now(db)?;
        Ok(())
    }
}

fn get(db: &Database, table: &str, key: &Key) -> Result<Option<Value>> {
    let input = json!({"TableName": table, "Key": key.json(), "ConsistentRead": true});
    let mut answer = call(db, "GetItem", &input)?;
    Ok(answer.get_mut("Item").map(Value::take))
}

/// The table's own counts are those of its items.
fn check_counts(db: &Database, table: &Table) -> Result<()> {
    let counts = |db: &Database| {
        let answer = call(db, "DescribeTable", &json!({"TableName": table.name}))?;
        Ok::<_, String>((answer["Table"]["ItemCount"].clone(), answer["Table"]["TableSizeBytes"].clone()))
    };
    // A database that has never seen anything else says what the counts of these items are.
    let reference = Database::memory(OpenOptions::deterministic()).map_err(|e| e.to_string())?;
    world::create(&reference, &table.name, table.has_sort_key, None)?;
    for (key, contents) in &table.model.items {
        call(&reference, "PutItem", &json!({"TableName": table.name, "Item": contents.image(key)}))?;
    }
    let (found, expected) = (counts(db)?, counts(&reference)?);
    if found == expected {
        return Ok(());
    }
    Err(format!("{}: its count and size are {found:?}, but those of its items {expected:?}", table.name))
}

/// Every key that was ever written reads alone as it does in a scan.
fn check_gets(db: &Database, table: &Table) -> Result<()> {
    for key in table.model.items.keys().chain(table.model.changes.keys()) {
        let expected = table.model.items.get(key).map(|contents| contents.image(key));
        let found = get(db, &table.name, key)?;
        if found != expected {
            return Err(format!("{} {}: GetItem says {found:?}, not {expected:?}", table.name, key.json()));
        }
    }
    Ok(())
}

/// Queries see the items of a partition key in order, from both ends.
fn check_queries(db: &Database, table: &Table) -> Result<()> {
    let mut partitions: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for key in table.model.changes.keys() {
        partitions.entry(&key.partition).or_default();
    }
    for (key, contents) in &table.model.items {
        partitions.entry(&key.partition).or_default().push(contents.image(key));
    }
    for (partition, mut expected) in partitions {
        for forward in [true, false] {
            let found = query(db, &table.name, partition, forward)?;
            if found != expected {
                return Err(format!("{} {partition}: Query says {found:?}, not {expected:?}", table.name));
            }
            expected.reverse();
        }
    }
    Ok(())
}

fn query(db: &Database, table: &str, partition: &str, forward: bool) -> Result<Vec<Value>> {
    let mut input = json!({
        "TableName": table,
        "ConsistentRead": true,
        "ScanIndexForward": forward,
        "KeyConditionExpression": "pk = :partition",
        "ExpressionAttributeValues": {":partition": {"S": partition}},
    });
    let mut items = Vec::new();
    loop {
        let page = call(db, "Query", &input)?;
        items.extend(page["Items"].as_array().ok_or_else(|| format!("no items in {page}"))?.iter().cloned());
        if page["LastEvaluatedKey"].is_null() {
            return Ok(items);
        }
        input["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
    }
}

#[cfg(test)]
mod tests {
    use crate::calls::call;
    use crate::random::Random;
    use serde_json::json;
    use streamtable::{Database, OpenOptions};

    use super::History;
    use crate::plan::{Effect, Lane, Plan, Volume};

    /// A database, its world, a plan for it, and what a writer said that was stopped somewhere in it. Of the steps in flight, some have
    /// happened.
    fn cut(seed: u64) -> (Database, History, Plan, Vec<Lane>) {
        let mut random = Random::new(seed);
        let options = json!({"clock": "manual", "seed": seed, "partitions": 1 + random.below(4)});
        let options = OpenOptions::from_json(options.to_string().as_bytes()).expect("sound options");
        let db = Database::memory(options).expect("it opens");
        let world = History::create(&db, &mut random).expect("its tables");
        let plan = Plan::draw(world.scene(), Volume::Mixed, &mut random);
        let mut lanes = Vec::new();
        for steps in &plan.lanes {
            let answered = random.below(steps.len() as u64 + 1) as usize;
            let begun = (answered + random.below(2) as usize).min(steps.len());
            let done = if random.chance(50) { begun } else { answered };
            let outcomes: Vec<String> = steps[..done]
                .iter()
                .map(|step| match db.call_json(step.operation, step.input.to_string().as_bytes()) {
                    Ok(_) => "ok".to_owned(),
                    Err(error) => error.code().name().to_owned(),
                })
                .collect();
            lanes.push(Lane { begun, answers: outcomes[..answered].to_vec() });
        }
        (db, world, plan, lanes)
    }

    fn verdict(db: &Database, world: &mut History, plan: &Plan, lanes: &[Lane]) -> crate::calls::Result<()> {
        world.settle(db, plan, lanes)?;
        world.check(db)
    }

    #[test]
    fn what_is_complete_up_to_the_steps_in_flight_is_accepted() {
        for seed in 1..=6 {
            let (db, mut world, plan, lanes) = cut(seed);
            verdict(&db, &mut world, &plan, &lanes).expect("nothing is lost");
            let mut random = Random::new(seed);
            for _ in 0..3 {
                world.go_on(&db, &mut random).expect("it goes on");
                world.check(&db).expect("time takes nothing but what is old");
            }
        }
    }

    #[test]
    fn a_write_that_was_answered_and_is_not_there_is_noticed() {
        for lane in [0, 1] {
            let (db, mut world, plan, mut lanes) = cut(8);
            let steps = &plan.lanes[lane];
            // The writer claims to have gone on to its next change of an item.
            let is_change = |step: &crate::plan::Step| step.operation == "PutItem" && step.outcome == "ok";
            let more = steps.iter().skip(lanes[lane].begun).position(is_change).expect("a plan goes on");
            let claimed = lanes[lane].begun + more + 1;
            let outcomes = steps[..claimed].iter().map(|step| step.outcome.to_owned()).collect();
            lanes[lane] = Lane { begun: claimed, answers: outcomes };
            verdict(&db, &mut world, &plan, &lanes).expect_err("a write is missing");
        }
    }

    #[test]
    fn a_write_that_nobody_made_is_noticed() {
        let (db, mut world, plan, lanes) = cut(4);
        let stray = json!({"pk": {"S": "writer-0-0"}, "sk": {"N": "7"}, "text": {"S": "stray"}});
        call(&db, "PutItem", &json!({"TableName": "table-1", "Item": stray})).expect("a put");
        verdict(&db, &mut world, &plan, &lanes).expect_err("an item too many");
    }

    #[test]
    fn a_lost_record_a_lost_stream_and_a_lost_table_are_noticed() {
        // An item that is as it must be, but whose last change went to no stream.
        let (db, mut world, plan, lanes) = cut(5);
        verdict(&db, &mut world, &plan, &lanes).expect("nothing is lost");
        let stream = |on: bool| {
            let specification = if on {
                json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"})
            } else {
                json!({"StreamEnabled": false})
            };
            let input = json!({"TableName": "table-0", "StreamSpecification": specification});
            call(&db, "UpdateTable", &input).expect("a change of the stream");
            call(&db, "DescribeTable", &json!({"TableName": "table-0"})).expect("its description");
        };
        stream(false);
        let (key, contents) = world.tables[0].model.items.iter().next().expect("an item");
        let (key, mut contents) = (key.clone(), contents.clone());
        contents.count = Some(77);
        let put = json!({"TableName": "table-0", "Item": contents.image(&key)});
        call(&db, "PutItem", &put).expect("a put");
        let now = world.now;
        world.tables[0].model.set(&key, Some(contents), now, true);
        let why = world.check(&db).expect_err("its record is missing");
        assert!(why.contains("records for"), "{why}");

        let (db, mut world, plan, lanes) = cut(5);
        verdict(&db, &mut world, &plan, &lanes).expect("nothing is lost");
        call(&db, "CreateTable", &crate::world::create_input("scratch-9", false, None)).expect("a table");
        world.scratches.push(crate::scratch::Scratch::new("scratch-9".to_owned()));
        let why = world.check(&db).expect_err("a table too many");
        assert!(why.contains("scratch-9"), "{why}");
    }

    #[test]
    fn a_clock_that_moved_and_a_wrong_answer_are_noticed() {
        let (db, mut world, plan, lanes) = cut(6);
        call(&db, "AdvanceClock", &json!({"Milliseconds": 1})).expect("it moves");
        assert!(world.settle(&db, &plan, &lanes).expect_err("another time").contains("clock"));
        let (db, mut world, plan, mut lanes) = cut(6);
        let lane = lanes.iter().position(|lane| !lane.answers.is_empty()).expect("some answered");
        lanes[lane].answers[0] = "StorageException".to_owned();
        world.settle(&db, &plan, &lanes).expect_err("an error that nobody expects");
    }

    #[test]
    fn large_plans_write_enough_to_fill_a_segment() {
        let mut random = Random::new(2);
        let db = Database::memory(OpenOptions::deterministic()).expect("it opens");
        let world = History::create(&db, &mut random).expect("its tables");
        let plan = Plan::draw(world.scene(), Volume::Large, &mut random);
        let steps = plan.lanes.iter().flatten();
        let bytes: usize = steps
            .filter_map(|step| match &step.effect {
                Effect::Item { after: Some(contents), .. } => contents.text.as_ref().map(String::len),
                _ => None,
            })
            .sum();
        assert!(bytes > 8 << 20, "{bytes}");
    }
}
