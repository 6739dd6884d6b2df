//! Plays cases to a driver.

use crate::build::Scope;
use crate::case::{Body, CallStep, Case, Expect, Step};
use crate::driver::{Answer, Driver, Fault, Launch, Ready};
use crate::matching::{Difference, Member, Pattern};
use crate::report::shorten;
use serde_json::{Map, Value, json};

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
pub fn default_options() -> Map<String, Value> {
    Map::from_iter([
        ("clock".to_owned(), json!("manual")),
        ("now".to_owned(), json!(1_767_225_600_000_u64)),
        ("seed".to_owned(), json!(1)),
    ])
}

/// Runs cases one after the other on one driver process; starts a new one when a case has killed it.
#[derive(Debug)]
pub struct Session {
    launch: Launch,
    ready: Ready,
    driver: Option<Driver>,
}

impl Session {
    pub fn start(launch: Launch) -> Result<Session, Fault> {
        let driver = Driver::start(&launch)?;
        Ok(Session { launch, ready: driver.ready().clone(), driver: Some(driver) })
    }

    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    pub fn run(&mut self, case: &Case) -> Outcome {
        if !case.doors.is_empty() && !case.doors.iter().any(|door| self.ready.doors.contains(door)) {
            return Outcome::Skipped(format!("the target has no {} door", case.doors.join(" or ")));
        }
        let driver = match self.driver.take() {
            Some(driver) => driver,
            None => match Driver::start(&self.launch) {
                Ok(driver) => driver,
                Err(fault) => return failed(String::new(), Why::Trouble(fault.to_string())),
            },
        };
        let mut play = Play { driver, scope: Scope::default(), faulted: false, repeats: Vec::new() };
        let result = play.case(case);
        if !play.faulted {
            self.driver = Some(play.driver);
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

struct Play {
    driver: Driver,
    scope: Scope,
    /// The driver is gone; the next case needs a new one.
    faulted: bool,
    /// The names that count the repeats around the step that runs, outermost first.
    repeats: Vec<String>,
}

impl Play {
    fn case(&mut self, case: &Case) -> Result<(), Failure> {
        let at = |why| Failure { step: "0 (open)".to_owned(), why };
        self.open(&case.open).and_then(must_succeed).map_err(at)?;
        self.steps(&case.steps, "")
    }

    fn steps(&mut self, steps: &[Step], outer: &str) -> Result<(), Failure> {
        for (i, step) in steps.iter().enumerate() {
            let number = format!("{outer}{}", i + 1);
            if let Step::Repeat { times, index, steps } = step {
                self.repeat(*times, index.as_deref(), steps, &number)?;
                continue;
            }
            let (what, result) = match step {
                Step::Call(call) => (call.operation.as_str(), self.call(call)),
                Step::Advance { milliseconds } => {
                    ("advance", self.ask(format!("advance {milliseconds}")).and_then(must_succeed))
                }
                Step::Open { options, error } => ("open", self.reopen(options, error.as_deref())),
                Step::Close => ("close", self.ask("close".to_owned()).and_then(must_succeed)),
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

    fn open(&mut self, options: &Map<String, Value>) -> Result<Answer, Why> {
        let mut all = default_options();
        for (name, value) in options {
            // null takes a default away: `now` means nothing to a system clock.
            match value {
                Value::Null => all.remove(name),
                value => all.insert(name.clone(), value.clone()),
            };
        }
        self.ask(format!("open {}", Value::Object(all)))
    }

    fn reopen(
        &mut self,
        options: &Map<String, Value>,
        error: Option<&[(String, Member)]>,
    ) -> Result<(), Why> {
        let answer = self.open(options)?;
        match error {
            Some(members) => self.expect_error(members, &answer),
            None => must_succeed(answer),
        }
    }

    fn call(&mut self, call: &CallStep) -> Result<(), Why> {
        let (verb, body) = match &call.body {
            Body::Input(template) => ("call", template),
            Body::Raw(template) => ("raw", template),
        };
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
                self.compare(&Pattern::Partial(members.to_vec()), &Value::Object(error.clone()), "error")
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
