//! One mapping of a worker: its consumer, once it is at work, and what it waits for.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::{Status, function_name};
use crate::api::{
    EventSourceMappingConfiguration, LambdaStartingPosition, MappingDescription, Open, RegisteredFunction,
    Result, TransactWriteItem,
};
use crate::clock::Millis;
use crate::consumer::{
    Consumer, Explanation, InvocationId, Outcome, Response, Settings, Settlement, Start, Step, TrialEnd,
};
use crate::door::Door;
use crate::pattern::{Filters, Operators};
use crate::stream::table_of;

/// What a mapping waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wait {
    /// Nothing.
    Due,
    /// A moment, or to be told.
    Until(Millis),
    /// To be told.
    Told,
}

/// What a function has answered, with what it wants to be written.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) id: InvocationId,
    pub(super) response: Response,
    pub(super) writes: Vec<TransactWriteItem>,
}

#[derive(Debug)]
pub(super) struct Member {
    settings: Settings,
    /// None until its first turn.
    consumer: Option<Consumer>,
    is_enabled: bool,
    /// Kept from the last life, until the consumer has it.
    checkpoint: Option<String>,
    pub(super) settlements: i64,
    /// Whether the host is telling of failures: they are told of once.
    is_held: bool,
    wait: Wait,
    /// Invocations that are running.
    running: usize,
    /// Answers with writes, until those are kept.
    answers: VecDeque<Answer>,
    cascades: u64,
    revision: Option<i64>,
    by_host: bool,
}

impl Member {
    /// None for a description without a mapping.
    pub(super) fn new(
        described: MappingDescription,
        functions: &BTreeMap<String, RegisteredFunction>,
        interval: Option<Millis>,
        by_host: bool,
    ) -> Option<Member> {
        let configuration = described.configuration.as_ref()?;
        Some(Member {
            settings: settings(configuration, functions, interval, by_host),
            consumer: None,
            is_enabled: is_enabled(configuration, false),
            checkpoint: described.checkpoint,
            settlements: described.settlements.unwrap_or(0),
            is_held: false,
            wait: Wait::Due,
            running: 0,
            answers: VecDeque::new(),
            cascades: 0,
            revision: described.revision,
            by_host,
        })
    }

    /// Takes what has changed.
    ///
    /// # Errors
    /// `ValidationException` for settings that contradict each other.
    pub(super) fn renew(
        &mut self,
        described: &MappingDescription,
        functions: &BTreeMap<String, RegisteredFunction>,
        interval: Option<Millis>,
        by_host: bool,
    ) -> Result<()> {
        let Some(configuration) = &described.configuration else { return Ok(()) };
        self.is_enabled = is_enabled(configuration, self.is_enabled);
        let settings = settings(configuration, functions, interval, by_host);
        let is_same = (described.revision, by_host) == (self.revision, self.by_host)
            && settings.executed_version == self.settings.executed_version;
        if !is_same {
            if let Some(consumer) = &mut self.consumer {
                consumer.update(settings.clone())?;
            }
            self.settings = settings;
            (self.revision, self.by_host) = (described.revision, by_host);
        }
        self.wait = Wait::Due;
        Ok(())
    }

    /// What its stream is told by ([`Worker::wake`](super::Worker::wake)): the table, or `stream/` and the name of a data stream.
    pub(super) fn source(&self) -> &str {
        let arn = &self.settings.source_arn;
        let resource = arn.splitn(6, ':').nth(5).unwrap_or(arn);
        if resource.starts_with("stream/") { resource } else { table_of(arn) }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether it is carried out.
    pub(super) fn is_enabled(&self) -> bool {
        self.is_enabled
    }

    pub(super) fn wait(&self) -> Wait {
        if self.is_enabled && !self.is_held { self.wait } else { Wait::Told }
    }

    pub(super) fn is_due(&self, now: Millis) -> bool {
        match self.wait() {
            Wait::Due => true,
            Wait::Until(at) => at <= now,
            Wait::Told => false,
        }
    }

    pub(super) fn wait_until(&mut self, at: Millis) {
        self.wait = Wait::Until(at);
    }

    pub(super) fn wait_to_be_told(&mut self) {
        self.wait = Wait::Told;
    }

    pub(super) fn hold(&mut self) {
        self.is_held = true;
    }

    pub(super) fn release(&mut self) {
        (self.is_held, self.wait) = (false, Wait::Due);
    }

    /// Its stream has new records.
    pub(super) fn wake(&mut self) {
        self.wait = Wait::Due;
        self.cascades += u64::from(self.running > 0);
        if let Some(consumer) = &mut self.consumer {
            consumer.wake();
        }
    }

    /// The consumer's next step.
    ///
    /// # Errors
    /// `ValidationException` for a state that cannot be read.
    pub(super) fn step(&mut self, door: &dyn Door, now: Millis, seed: u64) -> Result<Step> {
        if self.consumer.is_none() {
            let state = self.checkpoint.take().map(|text| text.parse()).transpose()?;
            // Each has chances of its own, whatever the order in which they begin.
            let seed = self
                .settings
                .uuid
                .bytes()
                .fold(seed, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
            self.consumer = Some(Consumer::open(door, self.settings.clone(), state, seed, now)?);
        }
        let consumer = self.consumer.as_mut().expect("it was opened above");
        let step = consumer.poll(door, now);
        self.running += usize::from(matches!(step, Step::Invoke(_)));
        Ok(step)
    }

    pub(super) fn complete(&mut self, id: InvocationId, outcome: Outcome, now: Millis) -> bool {
        self.wait = Wait::Due;
        self.running = self.running.saturating_sub(1);
        self.consumer.as_mut().is_some_and(|consumer| consumer.complete(id, outcome, now))
    }

    /// Takes an answer whose writes are to be kept.
    pub(super) fn push_answer(&mut self, answer: Answer) {
        self.wait = Wait::Due;
        self.running = self.running.saturating_sub(1);
        self.answers.push_back(answer);
    }

    /// The answer whose writes are to be kept next; none while the host is to tell of failures first, which would else be passed over.
    pub(super) fn next_answer(&self) -> Option<&Answer> {
        let settlement = self.consumer.as_ref().and_then(Consumer::settlement);
        let tells = self.by_host && settlement.is_some_and(|settlement| !settlement.failures.is_empty());
        self.answers.front().filter(|_| !self.is_held && !tells)
    }

    /// Takes the next answer on trial: what is to become durable with its writes. None where its function has failed anyway.
    pub(super) fn begin_trial(&mut self, now: Millis) -> Option<Settlement> {
        let (answer, consumer) = (self.answers.front()?, self.consumer.as_mut()?);
        let settlement = consumer.begin_trial(answer.id, answer.response.clone(), now).flatten();
        if settlement.is_none() {
            self.answers.pop_front();
        }
        settlement
    }

    /// Tells what became of the writes of the answer on trial.
    pub(super) fn end_trial(&mut self, end: TrialEnd) {
        if let (Some(answer), Some(consumer)) = (self.answers.front(), self.consumer.as_mut()) {
            consumer.end_trial(answer.id, end);
            if end != TrialEnd::Unknown {
                self.answers.pop_front();
            }
        }
    }

    pub(super) fn settled(&mut self, id: u64, undelivered: &[usize]) {
        if let Some(consumer) = &mut self.consumer {
            consumer.settled(id, undelivered);
        }
    }

    pub(super) fn status(&self, now: Millis) -> Option<Status> {
        let consumer = self.consumer.as_ref()?;
        Some(Status {
            counts: *consumer.counts(),
            lag: consumer.lag(now),
            last_processing_result: consumer.last_result().to_owned(),
            cascades: self.cascades,
        })
    }

    pub(super) fn explain(&self, record: &str) -> Vec<Explanation> {
        self.consumer.as_ref().map_or_else(Vec::new, |consumer| consumer.explain(record))
    }
}

/// Whether a mapping works. While it is changed it does what it did.
fn is_enabled(configuration: &EventSourceMappingConfiguration, was: bool) -> bool {
    match configuration.state.as_deref() {
        Some("Enabled") => true,
        Some("Updating") => was,
        _ => false,
    }
}

/// The settings that a mapping means.
fn settings(
    configuration: &EventSourceMappingConfiguration,
    functions: &BTreeMap<String, RegisteredFunction>,
    interval: Option<Millis>,
    by_host: bool,
) -> Settings {
    let text = |member: &Option<String>| member.iter().cloned().collect::<String>();
    let count = |given: Option<i32>| given.filter(|given| *given >= 0).map(i32::unsigned_abs);
    let span = |given: Option<i32>| count(given).map(|given| Duration::from_secs(given.into()));
    let function = text(&configuration.function_arn);
    let (uuid, source) = (text(&configuration.uuid), text(&configuration.event_source_arn));
    let mut settings = Settings::new(uuid, source, function.clone());
    settings.executed_version = executed_version(&function, functions);
    settings.start = start(configuration);
    settings.batch_size = count(configuration.batch_size).unwrap_or(settings.batch_size);
    settings.batching_window =
        span(configuration.maximum_batching_window_in_seconds).unwrap_or(settings.batching_window);
    settings.parallelization_factor =
        count(configuration.parallelization_factor).unwrap_or(settings.parallelization_factor);
    settings.bisect = configuration.bisect_batch_on_function_error.unwrap_or(false);
    settings.maximum_retries = count(configuration.maximum_retry_attempts);
    settings.maximum_record_age = span(configuration.maximum_record_age_in_seconds);
    settings.reports_item_failures =
        configuration.function_response_types.as_ref().is_some_and(|types| !types.is_empty());
    settings.tumbling_window =
        span(configuration.tumbling_window_in_seconds).filter(|window| !window.is_zero());
    let on_failure = configuration.destination_config.as_ref().and_then(|it| it.on_failure.as_ref());
    settings.on_failure = on_failure.and_then(|place| place.destination.clone());
    if by_host && settings.on_failure.is_none() {
        settings.on_failure = Some("host".to_owned());
    }
    settings.filters = filters(configuration);
    settings.poll_interval = interval.map(Duration::from_millis);
    settings
}

/// The patterns, which were read when the mapping was made. What this version cannot read matches nothing, so that nothing is handed over that
/// was not asked for.
fn filters(configuration: &EventSourceMappingConfiguration) -> Filters {
    let criteria = configuration.filter_criteria.as_ref();
    let given = criteria.and_then(|criteria| criteria.filters.as_ref()).into_iter().flatten();
    let patterns = given.filter_map(|filter| filter.pattern.as_deref());
    Filters::compile(patterns, Operators::All).unwrap_or_else(|_| {
        let nothing = [r#"{"eventName":[{"exists":false}]}"#];
        Filters::compile(nothing, Operators::All).expect("a pattern")
    })
}

fn start(configuration: &EventSourceMappingConfiguration) -> Start {
    match configuration.starting_position.as_ref().and_then(Open::known) {
        Some(LambdaStartingPosition::Latest) => Start::Latest,
        Some(LambdaStartingPosition::AtTimestamp) => {
            let moment = configuration.starting_position_timestamp.map_or(0.0, |moment| moment.0);
            Start::AtTimestamp((moment * 1000.0) as u64)
        }
        _ => Start::TrimHorizon,
    }
}

/// The version that a function's ARN means.
fn executed_version(arn: &str, functions: &BTreeMap<String, RegisteredFunction>) -> String {
    let Some(qualifier) = arn.split(':').nth(7) else { return "$LATEST".to_owned() };
    let function = functions.get(function_name(arn));
    let version = function.and_then(|function| function.aliases.as_ref()?.get(qualifier));
    version.map_or(qualifier, String::as_str).to_owned()
}
