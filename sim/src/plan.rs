//! What a writer is to do, drawn before it starts: some lanes of steps, each lane played in order, all at the same time.
//!
//! A lane owns the keys it writes to, so a lane that was cut off has done its answered steps, and the one in flight wholly or not at all.
//! What a directory must hold after a kill is therefore known exactly, up to one step a lane.

use crate::kinesis::{self, DataStream};
use crate::model::{Contents, Key, Table};
use crate::random::Random;
use crate::workload::{Sizes, draw_key, draw_write};
use serde_json::{Value, json};

use crate::scratch::{Act, Scratch};

/// One call, and what comes of it.
#[derive(Clone, Debug)]
pub struct Step {
    pub operation: &'static str,
    pub input: Value,
    /// What the caller hears: `ok`, or the name of an error.
    pub outcome: &'static str,
    pub effect: Effect,
}

/// What a step changes.
#[derive(Clone, Debug)]
pub enum Effect {
    /// An item of one of the tables becomes this.
    Item { table: usize, key: Key, after: Option<Contents> },
    /// One of the tables that come and go.
    Scratch { which: usize, act: Act },
    /// A data stream, by its place in the scene.
    DataStream { which: usize, act: kinesis::Act },
    /// Which partition and shard takes what, but nothing that is read.
    Shape,
}

/// The data stream that writers put records into.
pub const EVENTS: usize = 0;

/// What a plan is drawn for.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    pub tables: &'a [Table],
    pub scratches: &'a [Scratch],
    /// The one that writers put records into, and the one that a table delivers to.
    pub data_streams: [&'a DataStream; 2],
    /// How many lanes write items.
    pub writers: usize,
    /// Whether there are files: some operations are about those only.
    pub has_files: bool,
}

/// The lanes.
#[derive(Clone, Debug)]
pub struct Plan {
    pub lanes: Vec<Vec<Step>>,
}

/// How far a lane has come.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    pub begun: usize,
    /// What the calls that returned answered: `ok`, or the name of an error.
    pub answers: Vec<String>,
}

/// How much there is to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Volume {
    /// Some small writes.
    Few,
    /// Many small writes.
    Mixed,
    /// Fewer, of up to 400 KB: enough to fill segments of the log and start checkpoints.
    Large,
}

impl Plan {
    /// Draws what the writers of a world do next.
    pub fn draw(scene: Scene<'_>, volume: Volume, random: &mut Random) -> Plan {
        let mut lanes: Vec<Vec<Step>> =
            (0..scene.writers).map(|writer| writer_lane(scene, writer, volume, &mut random.fork())).collect();
        lanes.push(shape_lane(scene, &mut random.fork()));
        lanes.push(scratch_lane(scene.scratches, &mut random.fork()));
        lanes.push(data_stream_lane(scene.data_streams, &mut random.fork()));
        Plan { lanes }
    }

    /// How many lines a writer prints that does all of it.
    pub fn lines(&self) -> u64 {
        2 * self.lanes.iter().map(|lane| lane.len() as u64).sum::<u64>()
    }

    /// As the writers of all languages read it.
    pub fn to_json(&self, directory: &str, options: &Value, closes: bool) -> Value {
        let lane = |lane: &Vec<Step>| -> Value {
            lane.iter().map(|step| json!([step.operation, step.input])).collect::<Vec<Value>>().into()
        };
        let lanes: Vec<Value> = self.lanes.iter().map(lane).collect();
        json!({"directory": directory, "options": options, "closes": closes, "lanes": lanes})
    }
}

fn writer_lane(scene: Scene<'_>, writer: usize, volume: Volume, random: &mut Random) -> Vec<Step> {
    let steps = match volume {
        Volume::Few => 5 + random.below(15),
        Volume::Mixed => 40 + random.below(260),
        Volume::Large => 30 + random.below(60),
    };
    // Only what this lane changes; the rest is looked up in the scene.
    let mut changed: std::collections::BTreeMap<(usize, Key), Option<Contents>> = Default::default();
    (0..steps)
        .map(|_| {
            if volume != Volume::Large && random.chance(15) {
                return data_stream_step(EVENTS, scene.data_streams[EVENTS].draw_put(writer, random));
            }
            let table = random.below(scene.tables.len() as u64) as usize;
            let Table { name, has_sort_key, model, .. } = &scene.tables[table];
            let key = draw_key(writer, *has_sort_key, random);
            let place = (table, key.clone());
            let before = changed.get(&place).cloned().unwrap_or_else(|| model.items.get(&key).cloned());
            let sizes = match volume {
                Volume::Large if random.chance(60) => Sizes::Large,
                _ if random.chance(50) => Sizes::Mixed,
                _ => Sizes::Tiny,
            };
            let write = draw_write(name, &key, before.as_ref(), sizes, random);
            changed.insert(place, write.after.clone());
            Step {
                operation: write.operation,
                outcome: write.outcome(),
                effect: Effect::Item { table, key, after: write.after },
                input: write.input,
            }
        })
        .collect()
}

/// Splits, rolls, and moves what is on the disk while the others write.
fn shape_lane(scene: Scene<'_>, random: &mut Random) -> Vec<Step> {
    let step = |operation, input| Step { operation, input, outcome: "ok", effect: Effect::Shape };
    (0..1 + random.below(8))
        .map(|_| {
            if scene.has_files && random.chance(25) {
                return step("Compact", json!({}));
            }
            let table = &scene.tables[random.below(scene.tables.len() as u64) as usize];
            let rolls = table.stream.is_some() && random.chance(60);
            step(if rolls { "RollShard" } else { "SplitShard" }, json!({"TableName": table.name}))
        })
        .collect()
}

fn data_stream_step(which: usize, (operation, input, act): (&'static str, Value, kinesis::Act)) -> Step {
    Step { operation, input, outcome: "ok", effect: Effect::DataStream { which, act } }
}

/// Splits and merges data streams, and has them keep records for other times.
fn data_stream_lane(streams: [&DataStream; 2], random: &mut Random) -> Vec<Step> {
    let mut streams = streams.map(DataStream::clone);
    (0..random.below(8))
        .map(|_| {
            let which = random.below(streams.len() as u64) as usize;
            let step = data_stream_step(which, streams[which].draw_change(random));
            if let Effect::DataStream { act, .. } = &step.effect {
                // What is written in one plan is written at one moment, at which nothing gets too old.
                streams[which].apply(act, 0);
            }
            step
        })
        .collect()
}

/// Creates, deletes, and turns streams on and off.
fn scratch_lane(scratches: &[Scratch], random: &mut Random) -> Vec<Step> {
    let mut scratches = scratches.to_vec();
    (0..10 + random.below(60))
        .map(|_| {
            let which = random.below(scratches.len() as u64) as usize;
            let scratch = &mut scratches[which];
            let (operation, input, outcome, act) = scratch.draw(random);
            scratch.apply(&act, 0);
            Step { operation, input, outcome, effect: Effect::Scratch { which, act } }
        })
        .collect()
}
