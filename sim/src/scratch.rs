//! Tables that come and go while the others are written to, their streams with them.

use crate::calls::{Result, call};
use crate::laws::{self, RETENTION};
use crate::model::{Contents, Key, Model, Table, View};
use crate::random::Random;
use crate::workload::{Sizes, draw_key, draw_write};
use crate::world::create_input;
use serde_json::{Value, json};

/// A name, the table that has it at the moment, and the streams that tables of this name have had.
#[derive(Clone, Debug)]
pub struct Scratch {
    name: String,
    table: Option<Living>,
    /// In the order in which they were enabled.
    streams: Vec<Stream>,
}

#[derive(Clone, Debug)]
struct Living {
    items: Model,
    has_stream: bool,
}

#[derive(Clone, Debug)]
struct Stream {
    view: View,
    closed_at: Option<u64>,
    changes: Model,
}

/// What is done to a name.
#[derive(Clone, Debug)]
pub enum Act {
    Create(Option<View>),
    Delete,
    Enable(View),
    Disable,
    Roll,
    Write { key: Key, after: Option<Contents> },
}

impl Act {
    /// Whether nothing that is read may show it.
    pub fn is_silent(&self) -> bool {
        matches!(self, Act::Roll | Act::Write { .. })
    }
}

impl Scratch {
    pub fn new(name: String) -> Scratch {
        Scratch { name, table: None, streams: Vec::new() }
    }

    /// Draws what can be done now: operation, input, what the caller hears, what it means.
    pub fn draw(&self, random: &mut Random) -> (&'static str, Value, &'static str, Act) {
        let name = &self.name;
        let Some(table) = &self.table else {
            let view = random.chance(70).then(|| View::draw(random));
            return ("CreateTable", create_input(name, false, view), "ok", Act::Create(view));
        };
        match random.below(20) {
            0 | 1 => ("DeleteTable", json!({"TableName": name}), "ok", Act::Delete),
            2 if table.has_stream => ("RollShard", json!({"TableName": name}), "ok", Act::Roll),
            3 | 4 if table.has_stream => {
                let off = json!({"TableName": name, "StreamSpecification": {"StreamEnabled": false}});
                ("UpdateTable", off, "ok", Act::Disable)
            }
            3..=6 if !table.has_stream => {
                let view = View::draw(random);
                let on = json!({"StreamEnabled": true, "StreamViewType": view.name()});
                let input = json!({"TableName": name, "StreamSpecification": on});
                ("UpdateTable", input, "ok", Act::Enable(view))
            }
            _ => {
                let key = draw_key(0, false, random);
                let write = draw_write(name, &key, table.items.items.get(&key), Sizes::Tiny, random);
                let outcome = write.outcome();
                (write.operation, write.input, outcome, Act::Write { key, after: write.after })
            }
        }
    }

    /// Does it. `at` is the database's time, epoch milliseconds.
    pub fn apply(&mut self, act: &Act, at: u64) {
        match act {
            Act::Create(view) => {
                self.table = Some(Living { items: Model::default(), has_stream: view.is_some() });
                self.streams.extend(view.map(Stream::open));
            }
            Act::Delete => {
                self.close_stream(at);
                self.table = None;
            }
            Act::Enable(view) => {
                self.living().has_stream = true;
                self.streams.push(Stream::open(*view));
            }
            Act::Disable => {
                self.close_stream(at);
                self.living().has_stream = false;
            }
            Act::Roll => {}
            Act::Write { key, after } => {
                let has_stream = self.living().has_stream;
                let changed = self.living().items.set(key, after.clone(), at, has_stream);
                if has_stream && changed {
                    let changes = self.living().items.changes.remove(key).expect("one was noted");
                    let stream = self.streams.last_mut().expect("it is on");
                    stream.changes.changes.entry(key.clone()).or_default().extend(changes);
                }
            }
        }
    }

    fn living(&mut self) -> &mut Living {
        self.table.as_mut().expect("drawn for a table that is there")
    }

    fn close_stream(&mut self, at: u64) {
        if let Some(stream) = self.streams.last_mut().filter(|stream| stream.closed_at.is_none()) {
            stream.closed_at = Some(at);
        }
    }

    /// Holds what the database says under this name against what must be true. What the streams say is added to the transcript.
    ///
    /// # Errors
    /// A difference.
    pub fn check(&self, db: &streamtable::Database, now: u64, transcript: &mut String) -> Result<()> {
        let listed = call(db, "ListTables", &json!({}))?;
        let is_listed =
            listed["TableNames"].as_array().is_some_and(|names| names.iter().any(|n| *n == self.name));
        if is_listed != self.table.is_some() {
            return Err(format!("{}: listed: {is_listed}, but it must be: {}", self.name, !is_listed));
        }
        let expected: Vec<&Stream> =
            self.streams.iter().filter(|s| s.closed_at.is_none_or(|at| now < at + RETENTION)).collect();
        let arns = self.list_streams(db)?;
        if arns.len() != expected.len() {
            return Err(format!("{}: streams {arns:?}, but {} must be there", self.name, expected.len()));
        }
        for (arn, stream) in arns.iter().zip(&expected) {
            let status = call(db, "DescribeStream", &json!({"StreamArn": arn}))?;
            let status = &status["StreamDescription"]["StreamStatus"];
            if (status == "ENABLED") != stream.closed_at.is_none() {
                return Err(format!("{arn} is {status}, but was closed: {:?}", stream.closed_at));
            }
            laws::check_stream(db, arn, stream.view, &stream.changes, now, transcript)?;
        }
        self.check_table(db, &arns)
    }

    fn check_table(&self, db: &streamtable::Database, arns: &[String]) -> Result<()> {
        let Some(living) = &self.table else { return Ok(()) };
        let described = call(db, "DescribeTable", &json!({"TableName": self.name}))?;
        let has_stream = described["Table"]["StreamSpecification"]["StreamEnabled"] == true;
        if has_stream != living.has_stream {
            return Err(format!("{}: its stream is on: {has_stream}", self.name));
        }
        if has_stream && described["Table"]["LatestStreamArn"].as_str() != arns.last().map(String::as_str) {
            return Err(format!("{}: {described} does not name the last of {arns:?}", self.name));
        }
        let table = Table {
            name: self.name.clone(),
            has_sort_key: false,
            view: View::NewAndOldImages,
            stream: None,
            model: living.items.clone(),
            closed: Vec::new(),
        };
        laws::check_table(db, &table)
    }

    fn list_streams(&self, db: &streamtable::Database) -> Result<Vec<String>> {
        let mut arns = Vec::new();
        let mut input = json!({"TableName": self.name});
        loop {
            let page = call(db, "ListStreams", &input)?;
            let streams = page["Streams"].as_array().ok_or_else(|| format!("no streams in {page}"))?;
            arns.extend(streams.iter().filter_map(|s| s["StreamArn"].as_str().map(str::to_owned)));
            if page["LastEvaluatedStreamArn"].is_null() {
                return Ok(arns);
            }
            input["ExclusiveStartStreamArn"] = page["LastEvaluatedStreamArn"].clone();
        }
    }
}

impl Stream {
    fn open(view: View) -> Stream {
        Stream { view, closed_at: None, changes: Model::default() }
    }
}
