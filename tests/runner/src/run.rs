//! Plays cases to a driver.

use crate::build::Scope;
use crate::case::{BUCKETS, Body, CallStep, Case, Expect, Step};
use crate::driver::{Answer, Driver, Fault, Launch, Ready};
use crate::matching::{Difference, Member, Pattern};
use crate::report::shorten;
use crate::store::{Directories, Store};
use crate::wording::Wording;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Passed,
    Skipped(String),
    Failed(Failure),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// `4 (GetRecords)`, `3.2 (PutItem) with i=7`; empty if the case could not be begun.
    pub step: String,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// The answer is not the expected one.
    Differs(Vec<Difference>),
    /// There is no answer to compare: the call failed, the driver died, a reference leads nowhere.
    Trouble(String),
}

/// The options every case opens its database with, unless its `open` says otherwise.
pub fn default_options(wording: Wording) -> Map<String, Value> {
    let mut options = Map::from_iter([
        ("clock".to_owned(), json!("manual")),
        ("now".to_owned(), json!(1_767_225_600_000_u64)),
        ("seed".to_owned(), json!(1)),
    ]);
    if wording != Wording::default() {
        options.insert("wording".to_owned(), json!(wording.name()));
    }
    options
}

/// Runs cases one after the other on one driver process; starts a new one when a case has killed it.
#[derive(Debug)]
pub struct Session {
    launch: Launch,
    store: Store,
    wording: Wording,
    ready: Ready,
    driver: Option<Driver>,
    /// Goes after the driver, which may have a directory open.
    directories: Directories,
}

impl Session {
    /// `folder` is where databases that need a directory get theirs; it need not be there.
    pub fn start(launch: Launch, store: Store, wording: Wording, folder: PathBuf) -> Result<Session, Fault> {
        let driver = Driver::start(&launch)?;
        let (ready, driver) = (driver.ready().clone(), Some(driver));
        Ok(Session { launch, store, wording, ready, driver, directories: Directories::below(folder) })
    }

    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    pub fn run(&mut self, case: &Case) -> Outcome {
        if !case.doors.is_empty() && !case.doors.iter().any(|door| self.ready.doors.contains(door)) {
            return Outcome::Skipped(format!("the target has no {} door", case.doors.join(" or ")));
        }
        if let Some(not_on) = case.not_on.as_ref().filter(|not_on| not_on.stores.contains(&self.store)) {
            return Outcome::Skipped(format!("not on the {} store: {}", self.store.name(), not_on.because));
        }
        let driver = match self.driver.take() {
            Some(driver) => driver,
            None => match Driver::start(&self.launch) {
                Ok(driver) => driver,
                Err(fault) => return failed(String::new(), Why::Trouble(fault.to_string())),
            },
        };
        let mut play = Play {
            driver,
            launch: &self.launch,
            store: self.store,
            wording: self.wording,
            directories: &mut self.directories,
            in_directory: self.store != Store::Memory || case.needs_directory(),
            database: None,
            buckets: None,
            is_open: false,
            scope: Scope::default(),
            faulted: false,
            repeats: Vec::new(),
        };
        let result = play.case(case);
        let Play { driver, faulted, .. } = play;
        if !faulted {
            self.driver = Some(driver);
        }
        match result {
            Ok(()) => Outcome::Passed,
            Err(failure) => Outcome::Failed(failure),
        }
    }
}

fn failed(step: String, why: Why) -> Outcome {
    Outcome::Failed(Failure { step, why })
}

struct Play<'a> {
    driver: Driver,
    launch: &'a Launch,
    store: Store,
    /// What databases speak that are not opened otherwise.
    wording: Wording,
    directories: &'a mut Directories,
    /// Databases have a directory.
    in_directory: bool,
    /// What the database was opened with last.
    database: Option<Map<String, Value>>,
    /// The directory of the database's buckets, if the case asks for one.
    buckets: Option<PathBuf>,
    is_open: bool,
    scope: Scope,
    /// The driver is gone; the next case needs a new one.
    faulted: bool,
    /// The names that count the repeats around the step that runs, outermost first.
    repeats: Vec<String>,
}

impl Play<'_> {
    fn case(&mut self, case: &Case) -> Result<(), Failure> {
        let at = |why| Failure { step: "0 (open)".to_owned(), why };
        self.open(&case.open).and_then(must_succeed).map_err(at)?;
        self.steps(&case.steps, "")?;
        self.leave().map_err(|why| Failure { step: "the end (close)".to_owned(), why })
    }

    fn steps(&mut self, steps: &[Step], outer: &str) -> Result<(), Failure> {
        for (i, step) in steps.iter().enumerate() {
            let number = format!("{outer}{}", i + 1);
            if let Step::Repeat { times, index, steps } = step {
                self.repeat(*times, index.as_deref(), steps, &number)?;
                continue;
            }
            // A worker is of one opening.
            let is_of_worker = matches!(step, Step::Call(call) if matches!(call.body, Body::Worker(_)));
            if matches!(step, Step::Call(_) | Step::Advance { .. })
                && !is_of_worker
                && self.store == Store::Reopen
                && self.is_open
            {
                let reopened = self.reopen(&Map::new()).and_then(must_succeed);
                reopened.map_err(|why| Failure { step: self.label(&number, "reopen before it"), why })?;
            }
            let (what, result) = match step {
                Step::Call(call) => (call.operation.as_str(), self.call(call)),
                Step::Advance { milliseconds } => {
                    ("advance", self.ask(format!("advance {milliseconds}")).and_then(must_succeed))
                }
                Step::Object { key, text } => ("object", self.put_object(key, text)),
                Step::Open { options, error } => ("open", {
                    let answer = self.open(options);
                    answer.and_then(|answer| self.expect(error.as_deref(), answer))
                }),
                Step::Close => ("close", self.close()),
                Step::Reopen { options, error } => ("reopen", {
                    let answer = self.reopen(options);
                    answer.and_then(|answer| self.expect(error.as_deref(), answer))
                }),
                Step::Rival { options, error } => ("rival", self.rival(options, error)),
                Step::Repeat { .. } => continue,
            };
            result.map_err(|why| Failure { step: self.label(&number, what), why })?;
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        times: u64,
        index: Option<&str>,
        steps: &[Step],
        number: &str,
    ) -> Result<(), Failure> {
        for i in 0..times {
            if let Some(name) = index {
                self.scope.indexes.insert(name.to_owned(), i);
                self.repeats.push(name.to_owned());
            }
            self.steps(steps, &format!("{number}."))?;
            if let Some(name) = index {
                self.scope.indexes.remove(name);
                self.repeats.pop();
            }
        }
        Ok(())
    }

    fn label(&self, number: &str, what: &str) -> String {
        let mut label = format!("{number} ({what})");
        for name in &self.repeats {
            if let Some(i) = self.scope.indexes.get(name) {
                label.push_str(&format!(" with {name}={i}"));
            }
        }
        label
    }

    fn ask(&mut self, request: String) -> Result<Answer, Why> {
        self.driver.ask(request).map_err(|fault| {
            self.faulted = true;
            Why::Trouble(fault.to_string())
        })
    }

    /// Opens a database of its own, in a fresh directory if it has one.
    fn open(&mut self, options: &Map<String, Value>) -> Result<Answer, Why> {
        self.leave()?;
        let mut all = with(default_options(self.wording), options);
        if let Some(Value::Array(names)) = all.get(BUCKETS).cloned() {
            let directory = self.make_buckets(&names)?;
            all.insert(BUCKETS.to_owned(), json!(directory.display().to_string()));
        }
        if self.in_directory && !all.contains_key("path") {
            let no_folder = |e| Why::Trouble(format!("no directory for the database: {e}"));
            let directory = self.directories.fresh().map_err(no_folder)?;
            all.insert("path".to_owned(), json!(directory.display().to_string()));
        }
        self.open_with(all)
    }

    /// A fresh directory with these buckets.
    fn make_buckets(&mut self, names: &[Value]) -> Result<PathBuf, Why> {
        let failed = |e| Why::Trouble(format!("no directory for buckets: {e}"));
        let directory = self.directories.fresh().map_err(failed)?;
        self.buckets = Some(directory.clone());
        for name in std::iter::once("").chain(names.iter().filter_map(Value::as_str)) {
            fs::create_dir(directory.join(name)).map_err(failed)?;
        }
        Ok(directory)
    }

    fn put_object(&mut self, key: &str, text: &str) -> Result<(), Why> {
        let directory = self.buckets.as_ref();
        let directory = directory.ok_or_else(|| Why::Trouble("the database has no buckets".to_owned()))?;
        let path = directory.join(key);
        let folder = path.parent().expect("a key has a bucket");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|e| Why::Trouble(format!("{}: {e}", path.display())))
    }

    /// Opens the database again: its clock goes on where it was, unless told otherwise.
    fn reopen(&mut self, options: &Map<String, Value>) -> Result<Answer, Why> {
        if self.is_open {
            self.close()?;
        }
        let mut before = self.database.clone().ok_or_else(|| {
            Why::Trouble("there is no database to open again: the opening before it failed".to_owned())
        })?;
        before.remove("now");
        self.open_with(with(before, options))
    }

    fn open_with(&mut self, options: Map<String, Value>) -> Result<Answer, Why> {
        let answer = self.ask(open_line(&options))?;
        self.is_open = matches!(answer, Answer::Ok(_));
        if self.is_open {
            self.database = Some(options);
        }
        Ok(answer)
    }

    fn close(&mut self) -> Result<(), Why> {
        self.is_open = false;
        self.ask("close".to_owned()).and_then(must_succeed)
    }

    /// Lets the database go, and its directory with it.
    fn leave(&mut self) -> Result<(), Why> {
        let path =
            self.database.as_ref().and_then(|options| options.get("path")?.as_str()).map(PathBuf::from);
        let left: Vec<PathBuf> = path.into_iter().chain(self.buckets.take()).collect();
        if left.is_empty() {
            return Ok(());
        }
        if self.is_open {
            self.close()?;
        }
        self.database = None;
        for path in left {
            Directories::remove(&path).map_err(|e| Why::Trouble(format!("{} stays: {e}", path.display())))?;
        }
        Ok(())
    }

    /// Has a second driver open the same directory while the first one has it.
    fn rival(&self, options: &Map<String, Value>, error: &[(String, Member)]) -> Result<(), Why> {
        let options = with(self.database.clone().unwrap_or_else(|| default_options(self.wording)), options);
        let answer = Driver::start(self.launch)
            .and_then(|mut rival| rival.ask(open_line(&options)))
            .map_err(|fault| Why::Trouble(format!("the rival: {fault}")))?;
        self.expect_error(error, &answer)
    }

    fn expect(&self, error: Option<&[(String, Member)]>, answer: Answer) -> Result<(), Why> {
        match error {
            Some(members) => self.expect_error(members, &answer),
            None => must_succeed(answer),
        }
    }

    fn call(&mut self, call: &CallStep) -> Result<(), Why> {
        let (verb, body) = call.body.parts();
        let body = body.build(&self.scope).map_err(Why::Trouble)?;
        if verb == "raw" && !body.is_string() {
            return Err(Why::Trouble(format!("\"raw\" takes a text, not {}", shorten(&body))));
        }
        let answer = self.ask(format!("{verb} {} {body}", call.operation))?;
        match &call.expect {
            Expect::Success => must_succeed(answer.clone())?,
            Expect::Error(members) => self.expect_error(members, &answer)?,
            Expect::Output(pattern) => match &answer {
                Answer::Ok(output) => self.compare(pattern, output, "output")?,
                Answer::Error(error) => return Err(unexpected_error(error)),
            },
        }
        if let Some(name) = &call.answer {
            let value = match answer {
                Answer::Ok(output) => output,
                Answer::Error(error) => Value::Object(error),
            };
            self.scope.answers.insert(name.clone(), value);
        }
        Ok(())
    }

    fn expect_error(&self, members: &[(String, Member)], answer: &Answer) -> Result<(), Why> {
        match answer {
            Answer::Ok(output) => Err(Why::Differs(vec![Difference {
                path: "error".to_owned(),
                expected: "an error".to_owned(),
                actual: format!("success: {}", shorten(output)),
            }])),
            Answer::Error(error) => {
                let wording = self.database.as_ref().map_or(self.wording, Wording::of);
                self.compare(&wording.expected(members), &Value::Object(error.clone()), "error")
            }
        }
    }

    fn compare(&self, pattern: &Pattern, actual: &Value, root: &str) -> Result<(), Why> {
        let mut differences = pattern.compare(actual, &self.scope).map_err(Why::Trouble)?;
        for difference in &mut differences {
            let joint = if difference.path.is_empty() || difference.path.starts_with('[') { "" } else { "." };
            difference.path = format!("{root}{joint}{}", difference.path);
        }
        if differences.is_empty() { Ok(()) } else { Err(Why::Differs(differences)) }
    }
}

/// The request to open a database. The path comes first, so that a driver without a JSON library can cut it off.
fn open_line(options: &Map<String, Value>) -> String {
    let mut rest = options.clone();
    let Some(path) = rest.remove("path") else { return format!("open {}", Value::Object(rest)) };
    let rest = Value::Object(rest).to_string();
    let joint = if rest == "{}" { "" } else { "," };
    format!("open {{\"path\":{path}{joint}{}", &rest[1..])
}

/// Options over others; null takes one away: `now` means nothing to a system clock.
fn with(mut all: Map<String, Value>, options: &Map<String, Value>) -> Map<String, Value> {
    for (name, value) in options {
        match value {
            Value::Null => all.remove(name),
            value => all.insert(name.clone(), value.clone()),
        };
    }
    all
}

fn must_succeed(answer: Answer) -> Result<(), Why> {
    match answer {
        Answer::Ok(_) => Ok(()),
        Answer::Error(error) => Err(unexpected_error(&error)),
    }
}

fn unexpected_error(error: &Map<String, Value>) -> Why {
    Why::Differs(vec![Difference {
        path: "output".to_owned(),
        expected: "success".to_owned(),
        actual: format!("error {}", shorten(&Value::Object(error.clone()))),
    }])
}
