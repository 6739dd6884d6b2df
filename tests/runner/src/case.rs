//! The shapes of a case file, and reading them. Everything a file can say has a type here; a member that has none is an
//! error, because a misspelt `"error"` would otherwise make a case pass that should fail.

use crate::build::{self, Template};
use crate::json::{self, type_name};
use crate::matching::{Member, Pattern, parse_members};
use crate::store::Store;
use crate::wording::CLASSIC_MEMBER;
use serde_json::{Map, Value};
use std::fmt;

/// What a case file holds. `suite` is the path of the file below `cases/`, without `.json`.
#[derive(Clone, Debug)]
pub struct CaseFile {
    pub path: String,
    pub suite: String,
    pub cases: Vec<Case>,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub file: String,
    pub suite: String,
    pub name: String,
    pub why: String,
    pub source: String,
    /// The options of `open`, over the defaults.
    pub open: Map<String, Value>,
    /// Only targets with one of these doors run the case; empty means all.
    pub doors: Vec<String>,
    /// The stores that cannot play the case, and why.
    pub not_on: Option<NotOn>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub struct NotOn {
    pub stores: Vec<Store>,
    pub because: String,
}

impl Case {
    /// `streams/iterators/expired iterator`: unique over all files.
    pub fn id(&self) -> String {
        format!("{}/{}", self.suite, self.name)
    }

    /// Whether the case speaks of a directory, so that it has one on every store.
    pub fn needs_directory(&self) -> bool {
        any_step(&self.steps, |step| matches!(step, Step::Reopen { .. } | Step::Rival { .. }))
    }
}

#[derive(Clone, Debug)]
pub enum Step {
    Call(CallStep),
    Advance {
        milliseconds: u64,
    },
    Repeat {
        times: u64,
        index: Option<String>,
        steps: Vec<Step>,
    },
    /// A fresh database with these options in the middle of a case, or the error it must give.
    Open {
        options: Map<String, Value>,
        error: Option<Vec<(String, Member)>>,
    },
    /// A file in a bucket.
    Object {
        key: String,
        text: String,
    },
    Close,
    /// The same database, closed if it is open, with the options of its last opening and these over them, or the error it must give.
    Reopen {
        options: Map<String, Value>,
        error: Option<Vec<(String, Member)>>,
    },
    /// Another process tries to open the directory, and must be refused so.
    Rival {
        options: Map<String, Value>,
        error: Vec<(String, Member)>,
    },
}

#[derive(Clone, Debug)]
pub struct CallStep {
    pub operation: String,
    pub body: Body,
    pub expect: Expect,
    /// The name under which later steps find the answer.
    pub answer: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Body {
    Input(Template),
    /// Text handed to the target's JSON door as it is.
    Raw(Template),
    /// What a tool is given: the target's functions on data, beside any database.
    Tool(Template),
    /// What the target's worker, which carries out event source mappings, is asked or told.
    Worker(Template),
}

impl Body {
    /// The word that begins the request's line, and what follows the name.
    pub fn parts(&self) -> (&'static str, &Template) {
        match self {
            Body::Input(template) => ("call", template),
            Body::Raw(template) => ("raw", template),
            Body::Tool(template) => ("tool", template),
            Body::Worker(template) => ("worker", template),
        }
    }

    /// The door that a target needs for it, beside `call`.
    fn door(&self) -> Option<&'static str> {
        match self {
            Body::Input(_) => None,
            Body::Raw(_) => Some(JSON_DOOR),
            Body::Tool(_) => Some(TOOL_DOOR),
            Body::Worker(_) => Some(WORKER_DOOR),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Expect {
    Success,
    Output(Pattern),
    /// These members of the error; others are not looked at.
    Error(Vec<(String, Member)>),
}

/// Something wrong with a case file: where, what, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    pub case: Option<String>,
    pub step: Option<String>,
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if let Some(case) = &self.case {
            write!(f, "case {case:?}: ")?;
        }
        if let Some(step) = &self.step {
            write!(f, "step {step}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// The door of targets that take the request as JSON text.
pub const JSON_DOOR: &str = "json";

/// The door of targets that have the tools for records.
pub const TOOL_DOOR: &str = "tool";

/// The door of targets that carry out event source mappings.
pub const WORKER_DOOR: &str = "worker";

/// Reads the text of one file. All problems of the file are returned together.
pub fn parse_file(path: &str, text: &str) -> Result<CaseFile, Vec<Problem>> {
    let mut reader = Reader { file: path.to_owned(), case: None, step: None, problems: Vec::new() };
    let file = json::parse(text).map_err(|e| format!("not JSON: {e}")).and_then(|root| reader.file(&root));
    match file {
        Ok(file) if reader.problems.is_empty() => Ok(file),
        Ok(_) => Err(reader.problems),
        Err(what) => {
            reader.problem(what);
            Err(reader.problems)
        }
    }
}

struct Reader {
    file: String,
    case: Option<String>,
    step: Option<String>,
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, what: String) {
        let Reader { file, case, step, .. } = self;
        self.problems.push(Problem { file: file.clone(), case: case.clone(), step: step.clone(), what });
    }

    fn file(&mut self, root: &Value) -> Result<CaseFile, String> {
        let members = object("a case file", root, &["suite", "cases"])?;
        let suite =
            text("suite", required(members, "suite", "the path of the file below cases/, without .json")?)?;
        let list = required(members, "cases", "a list of cases")?;
        let list = list
            .as_array()
            .filter(|list| !list.is_empty())
            .ok_or("\"cases\" must be a list of at least one case")?;
        let mut cases = Vec::new();
        for (i, value) in list.iter().enumerate() {
            let name = value.get("name").and_then(Value::as_str);
            self.case = Some(name.map_or_else(|| format!("number {}", i + 1), str::to_owned));
            match self.case(&suite, value) {
                Ok(case) => cases.push(case),
                Err(what) => self.problem(what),
            }
            self.step = None;
        }
        self.case = None;
        Ok(CaseFile { path: self.file.clone(), suite, cases })
    }

    fn case(&mut self, suite: &str, value: &Value) -> Result<Case, String> {
        let members =
            object("a case", value, &["name", "why", "source", "open", "doors", "not_on", "steps"])?;
        let name = text("name", required(members, "name", "a name, unique in the file")?)?;
        let why = text("why", required(members, "why", "one sentence: what a user loses if this breaks")?)?;
        let source =
            text("source", required(members, "source", "a page, a section of the facts, or \"inferred\"")?)?;
        let open = match members.get("open") {
            Some(options) => options_member(options)?,
            None => Map::new(),
        };
        let mut doors = match members.get("doors") {
            Some(doors) => doors_member(doors)?,
            None => Vec::new(),
        };
        let not_on = members.get("not_on").map(not_on_member).transpose()?;
        let steps = self.steps(required(members, "steps", "a list of steps")?, "")?;
        for door in [JSON_DOOR, TOOL_DOOR, WORKER_DOOR] {
            let needs = |step: &Step| matches!(step, Step::Call(call) if call.body.door() == Some(door));
            if any_step(&steps, needs) && doors.is_empty() {
                doors.push(door.to_owned());
            }
        }
        let (file, suite) = (self.file.clone(), suite.to_owned());
        Ok(Case { file, suite, name, why, source, open, doors, not_on, steps })
    }

    /// The steps of a case or of a repeat; `outer` is the number of the repeat with a dot.
    fn steps(&mut self, value: &Value, outer: &str) -> Result<Vec<Step>, String> {
        let list = value
            .as_array()
            .filter(|list| !list.is_empty())
            .ok_or("\"steps\" must be a list of at least one step")?;
        let mut steps = Vec::new();
        for (i, value) in list.iter().enumerate() {
            let number = format!("{outer}{}", i + 1);
            self.step = Some(number.clone());
            match self.step(value, &number) {
                Ok(step) => steps.push(step),
                Err(what) => {
                    self.step = Some(number);
                    self.problem(what);
                }
            }
        }
        self.step = None;
        Ok(steps)
    }

    fn step(&mut self, value: &Value, number: &str) -> Result<Step, String> {
        let members =
            value.as_object().ok_or_else(|| format!("a step is an object, not {}", type_name(value)))?;
        if ["call", "tool", "worker"].iter().any(|verb| members.contains_key(*verb)) {
            return call_step(value).map(Step::Call);
        }
        if let Some(time) = members.get("advance") {
            object("an advance step", value, &["advance"])?;
            return Ok(Step::Advance { milliseconds: duration(time)? });
        }
        if let Some(body) = members.get("repeat") {
            object("a repeat step", value, &["repeat"])?;
            let body = object("\"repeat\"", body, &["times", "as", "steps"])?;
            let times = build::count("times", required(body, "times", "how often")?)?;
            if times == 0 {
                return Err("a repeat of 0 times tests nothing; \"times\" is 1 or more".to_owned());
            }
            let index = body.get("as").map(|name| text("as", name)).transpose()?;
            let steps = self.steps(required(body, "steps", "the steps to repeat")?, &format!("{number}."))?;
            return Ok(Step::Repeat { times, index, steps });
        }
        if let Some(body) = members.get("object") {
            object("an object step", value, &["object"])?;
            let body = object("\"object\"", body, &["key", "text"])?;
            let key = text("key", required(body, "key", "the bucket and the path of the file in it")?)?;
            if key.split('/').count() < 2 || key.split('/').any(|part| part.trim_matches('.').is_empty()) {
                return Err(format!(
                    "\"key\" takes a bucket and a path in it, as in \"bucket/a.json\", not {key:?}"
                ));
            }
            let content = build::text_argument("text", required(body, "text", "what is in the file")?)?;
            return Ok(Step::Object { key, text: content.to_owned() });
        }
        if let Some(options) = members.get("open") {
            object("an open step", value, &["open", "error"])?;
            let error = members.get("error").map(error_member).transpose()?;
            return Ok(Step::Open { options: options_member(options)?, error });
        }
        if let Some(options) = members.get("reopen") {
            object("a reopen step", value, &["reopen", "error"])?;
            let error = members.get("error").map(error_member).transpose()?;
            return Ok(Step::Reopen { options: options_member(options)?, error });
        }
        if let Some(options) = members.get("rival") {
            object("a rival step", value, &["rival", "error"])?;
            let error = error_member(required(members, "error", "what the rival is refused with")?)?;
            return Ok(Step::Rival { options: options_member(options)?, error });
        }
        if let Some(close) = members.get("close") {
            object("a close step", value, &["close"])?;
            return if close == &Value::Bool(true) {
                Ok(Step::Close)
            } else {
                Err("\"close\" takes true".to_owned())
            };
        }
        Err("a step has one of the members call, tool, worker, advance, repeat, object, open, close, reopen, rival"
            .to_owned())
    }
}

fn call_step(value: &Value) -> Result<CallStep, String> {
    let (verb, members) = if value.get("tool").is_some() {
        ("tool", object("a tool step", value, &["tool", "input", "output", "error", "as"])?)
    } else if value.get("worker").is_some() {
        ("worker", object("a worker step", value, &["worker", "input", "output", "error", "as"])?)
    } else {
        ("call", object("a call step", value, &["call", "input", "raw", "output", "error", "as"])?)
    };
    let operation =
        build::text_argument(verb, required(members, verb, "the name of an operation")?)?.to_owned();
    if !operation.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err(format!(
            "\"{verb}\" takes the name of an operation, as in \"PutItem\", not {operation:?}"
        ));
    }
    let body = match (members.get("input"), members.get("raw")) {
        (Some(input), None) => {
            let input = Template::parse(input).map_err(|e| format!("input: {e}"))?;
            match verb {
                "tool" => Body::Tool(input),
                "worker" => Body::Worker(input),
                _ => Body::Input(input),
            }
        }
        (None, Some(raw)) => Body::Raw(Template::parse(raw).map_err(|e| format!("raw: {e}"))?),
        (Some(_), Some(_)) => return Err("a call has \"input\" or \"raw\", not both".to_owned()),
        (None, None) => {
            return Err("a call needs its \"input\" (or \"raw\" text); {} if it has none".to_owned());
        }
    };
    let expect = match (members.get("output"), members.get("error")) {
        (Some(output), None) => Expect::Output(Pattern::parse(output).map_err(|e| format!("output: {e}"))?),
        (None, Some(error)) => Expect::Error(error_member(error)?),
        (Some(_), Some(_)) => return Err("a call expects \"output\" or \"error\", not both".to_owned()),
        (None, None) => Expect::Success,
    };
    let answer = members.get("as").map(|name| text("as", name)).transpose()?;
    if answer.as_deref().is_some_and(|name| name.contains(['.', '['])) {
        return Err("\"as\" takes a plain name; \".\" and \"[\" begin the path of a \"$ref\"".to_owned());
    }
    Ok(CallStep { operation, body, expect, answer })
}

fn error_member(value: &Value) -> Result<Vec<(String, Member)>, String> {
    let members = value.as_object().ok_or("\"error\" takes an object with the member \"code\"")?;
    if !members.contains_key("code") {
        return Err(
            "\"error\" needs the member \"code\", as in {\"code\": \"ValidationException\"}; any error is no expectation"
                .to_owned(),
        );
    }
    if let Some(classic) = members.get(CLASSIC_MEMBER) {
        match members.get("message") {
            None => return Err("\"classic\" is the text beside \"message\", where the two differ".to_owned()),
            Some(current) if current == classic => {
                return Err("\"classic\" is \"message\"; leave it out where the wordings agree".to_owned());
            }
            Some(_) => {}
        }
    }
    parse_members(members).map_err(|e| format!("error: {e}"))
}

fn options_member(value: &Value) -> Result<Map<String, Value>, String> {
    let options = value.as_object().ok_or("\"open\" takes an object of options")?;
    if let Some(name) = options.keys().find(|name| name.starts_with('$')) {
        return Err(format!("\"open\" takes plain options, not \"{name}\""));
    }
    match options.get(BUCKETS) {
        Some(Value::Array(names)) if names.iter().all(is_bucket) => Ok(options.clone()),
        None | Some(Value::Null) => Ok(options.clone()),
        Some(_) => Err("\"buckets\" takes a list of names; the runner makes the directory".to_owned()),
    }
}

/// The option that names a directory of buckets.
pub const BUCKETS: &str = "buckets";

fn is_bucket(name: &Value) -> bool {
    name.as_str().is_some_and(|name| !name.is_empty() && !name.contains(['/', '\\', '.']))
}

fn doors_member(value: &Value) -> Result<Vec<String>, String> {
    let wrong =
        || format!("\"doors\" takes a list of doors, of \"{JSON_DOOR}\", \"{TOOL_DOOR}\", \"{WORKER_DOOR}\"");
    let doors = value.as_array().filter(|doors| !doors.is_empty()).ok_or_else(wrong)?;
    doors
        .iter()
        .map(|d| {
            d.as_str()
                .filter(|d| [JSON_DOOR, TOOL_DOOR, WORKER_DOOR].contains(d))
                .map(str::to_owned)
                .ok_or_else(wrong)
        })
        .collect()
}

fn not_on_member(value: &Value) -> Result<NotOn, String> {
    let members = object("\"not_on\"", value, &["stores", "because"])?;
    let names = Store::ALL.map(|(name, _)| format!("\"{name}\"")).join(", ");
    let wrong = || format!("\"stores\" takes a list of stores, of {names}, but not all of them");
    let listed = required(members, "stores", "the stores that cannot play the case")?;
    let listed = listed.as_array().ok_or_else(wrong)?;
    let find = |value: &Value| {
        let name = value.as_str()?;
        Store::ALL.iter().find(|(known, _)| *known == name).map(|(_, store)| *store)
    };
    let stores: Vec<Store> = listed.iter().map(|v| find(v).ok_or_else(wrong)).collect::<Result<_, _>>()?;
    if stores.is_empty() || Store::ALL.iter().all(|(_, store)| stores.contains(store)) {
        return Err(wrong());
    }
    let because = text("because", required(members, "because", "why they cannot")?)?;
    Ok(NotOn { stores, because })
}

fn duration(value: &Value) -> Result<u64, String> {
    const UNITS: [(&str, u64); 4] =
        [("milliseconds", 1), ("seconds", 1_000), ("minutes", 60_000), ("hours", 3_600_000)];
    let members = object("\"advance\"", value, &UNITS.map(|(name, _)| name))?;
    let mut total: u64 = 0;
    for (name, unit) in UNITS {
        if let Some(amount) = members.get(name) {
            let amount = build::count(name, amount)?;
            let sum = amount.checked_mul(unit).and_then(|ms| total.checked_add(ms));
            total = sum.ok_or_else(|| format!("{amount} {name} is more than the clock can hold"))?;
        }
    }
    if members.is_empty() {
        return Err("\"advance\" needs milliseconds, seconds, minutes or hours".to_owned());
    }
    Ok(total)
}

/// Whether one of the steps, or of those they repeat, is so.
fn any_step(steps: &[Step], is: impl Fn(&Step) -> bool + Copy) -> bool {
    steps.iter().any(|step| match step {
        Step::Repeat { steps, .. } => any_step(steps, is),
        step => is(step),
    })
}

/// The members of an object in which only these names may stand.
fn object<'a>(what: &str, value: &'a Value, known: &[&str]) -> Result<&'a Map<String, Value>, String> {
    let members =
        value.as_object().ok_or_else(|| format!("{what} is an object, not {}", type_name(value)))?;
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("{what} has no member \"{name}\"; its members are {}", known.join(", "))),
        None => Ok(members),
    }
}

fn required<'a>(members: &'a Map<String, Value>, name: &str, meaning: &str) -> Result<&'a Value, String> {
    members.get(name).ok_or_else(|| format!("the member \"{name}\" is missing; add it: {meaning}"))
}

fn text(name: &str, value: &Value) -> Result<String, String> {
    let text = build::text_argument(name, value)?;
    if text.trim().is_empty() { Err(format!("\"{name}\" is empty")) } else { Ok(text.to_owned()) }
}
